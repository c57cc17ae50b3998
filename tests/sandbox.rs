//! Scripts that loop, grow, reach out of their sandbox or go on where something is missing are stopped and named, and
//! every other rule is still asked.
//!
//! The limits are constants of the engine and not of the interpreter, whose own differ between debug and release builds:
//! the numbers here hold in both.

use evenhand_core::document::{Document, Format};
use evenhand_core::finding::{Finding, Outcome};
use evenhand_core::pack::PackFiles;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::settings::Settings;
use evenhand_core::verdict::Word;

const PACK: &str = r#"
[pack]
name = "sandbox"
title = "Sandbox"
version = "0.1.0"

[[dimensions]]
id = "ethics"
title = "Ethics"
"#;

const SCHEMA: &str = r#"{
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "program": { "type": "object", "additionalProperties": false, "properties": { "title": { "type": "string" } } },
    "supervision": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "learners_per_supervisor": { "type": "number" },
        "scope_policy": { "type": "boolean" },
        "level": { "type": "string", "enum": ["low", "high"] }
      }
    },
    "flows": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "weeks": { "type": "number" },
          "duration_weeks": { "type": "number" },
          "mode": { "type": "string", "enum": ["in_person", "virtual"] }
        }
      }
    },
    "topics": { "type": "array", "items": { "type": "string" } }
  }
}"#;

const PAGE: &str = "---\ntitle: A rule\nseverity: major\nsources: []\nlimits: None.\nPARAMS---\n\nWhy.\n\n## How it is judged\n\nSo.\n";

/// The rule that has nothing wrong with it, in every pack.
const GOOD: &str = "fn check(program, param) { met(\"All is well\") }";

fn pack(rules: &[(&str, &str)]) -> PackFiles {
    let mut pack = PackFiles {
        folder: "sandbox".to_owned(),
        ..PackFiles::default()
    };
    let mut file = |path: String, text: &str| {
        pack.files.insert(path, text.as_bytes().to_vec().into());
    };
    file("pack.toml".to_owned(), PACK);
    file("schema.json".to_owned(), SCHEMA);
    for (name, script) in rules.iter().chain(&[("good", GOOD)]) {
        let params = if script.contains("param.most") {
            "params: { most: { default: 4, basis: default, about: The most } }\n"
        } else {
            ""
        };
        file(format!("ethics/{name}.md"), &PAGE.replace("PARAMS", params));
        file(format!("ethics/{name}.rhai"), script);
    }
    pack
}

fn load(pack: PackFiles) -> Rulebook {
    Rulebook::load(vec![pack], Vec::new(), Settings::default()).unwrap()
}

fn judge(book: &Rulebook, proposal: &str) -> Scorecard {
    let document = Document::parse("proposal.yaml", proposal.as_bytes(), Format::Yaml).unwrap();
    assert_eq!(book.check_document(&document), []);
    // As the program does: scripts run where there is room for them.
    evenhand_threads::with_large_stack(|| book.judge(&document))
}

fn finding(card: &Scorecard, name: &str) -> Finding {
    let rule = format!("ethics/{name}");
    let mut all = card.findings.iter();
    all.find(|finding| finding.rule == rule).unwrap().clone()
}

/// A program that has every fact of the schema.
const WHOLE: &str = "
program: { title: A program }
supervision: { learners_per_supervisor: 6, scope_policy: true, level: low }
flows: [{ weeks: 4, duration_weeks: 4, mode: virtual }]
topics: [safety]
";

/// Runs one script beside the good one; it has to fail with these words, and with its place.
#[track_caller]
fn stopped(body: &str, why: &str) {
    let script = if body.contains("fn check") {
        body.to_owned()
    } else {
        format!("fn check(program, param) {{\n    {body}\n}}\n")
    };
    // A script that cannot even be compiled is broken from the start, and reported like any other failure.
    let book = load(pack(&[("bad", &script)]));
    let card = judge(&book, WHOLE);
    let bad = finding(&card, "bad");
    assert_eq!(bad.outcome, Outcome::Error, "{body}");
    assert_eq!((bad.degree.low, bad.degree.high), (0.0, 1.0), "{body}");
    let error = bad.error.unwrap();
    assert!(error.contains(why), "{body}\n  says: {error}");
    assert!(error.starts_with("sandbox/ethics/bad.rhai:"), "{error}");
    assert_eq!(finding(&card, "good").outcome, Outcome::Met, "{body}");
    assert_eq!(card.verdict.word, Word::Incomplete, "{body}");
    assert!(
        card.verdict.reason.contains("ethics/bad"),
        "{}",
        card.verdict.reason
    );
}

/// Runs one script, which has to work.
#[track_caller]
fn works(body: &str) {
    let book = load(pack(&[("fine", body)]));
    let problems: Vec<String> = book
        .broken()
        .iter()
        .flat_map(|rule| rule.problems.iter().map(ToString::to_string))
        .collect();
    assert_eq!(problems, [""; 0]);
    let found = finding(&judge(&book, WHOLE), "fine");
    assert_eq!(found.error, None, "{body}");
    assert_eq!(found.outcome, Outcome::Met, "{body}");
}

/// A list of so many numbers, to go through.
fn many(count: usize) -> String {
    format!("[{}]", vec!["1"; count].join(", "))
}

#[test]
fn a_script_without_an_end_is_refused() {
    let ends = "every rule has to end";
    stopped("loop { }", ends);
    stopped("while true { let x = 1; }", ends);
    stopped("do { } while true", ends);
    stopped(
        "let n = 0; for i in range(0, 9999999) { n += i; } met()",
        "there is no function `range`",
    );
    stopped(
        "fn dig(n) { if n == 0 { 0 } else { dig(n - 1) } }\n\
         fn check(program, param) { dig(1000); met(\"\") }",
        "`dig` calls itself",
    );
    stopped(
        "fn there(n) { back(n) } fn back(n) { there(n) } fn check(program, param) { there(1) }",
        "`there` calls itself",
    );
}

#[test]
fn values_that_grow_are_stopped() {
    let often = |body: &str| format!("for i in {} {{ {body} }} met()", many(40));
    stopped(
        &format!("let x = \"ab\"; {}", often("x += x;")),
        "grew too large",
    );
    stopped(
        &format!("let x = [1]; {}", often("x += x;")),
        "grew too large",
    );
}

#[test]
fn values_within_values_do_not_overflow_the_stack() {
    let lists = |depth: usize| format!("let x = []; for i in {} {{ x = [x]; }}", many(depth));
    let deep = "nested more than 32 deep";
    stopped(
        &format!("{} unmet(\"{{x}}\", #{{ x: x }})", lists(33)),
        deep,
    );
    works(&format!(
        "fn check(program, param) {{ {} met(\"{{x}}\", #{{ x: x }}) }}",
        lists(30)
    ));
}

#[test]
fn there_is_no_way_out() {
    for body in [
        "eval(\"1 + 1\")",
        "import \"other\" as other; met()",
        "export let x = 1;",
        "let f = Fn(\"check\"); f.call(1, 2)",
        "try { loop { } } catch { met() }",
        "throw \"x\"",
        "global::x",
        "program.host ?? 3",
        "program?.supervision",
    ] {
        let script = format!("fn check(program, param) {{ {body} }}");
        let book = load(pack(&[("bad", &script)]));
        assert_eq!(book.broken().len(), 1, "{body} was taken");
        let card = judge(&book, WHOLE);
        assert_eq!(finding(&card, "bad").outcome, Outcome::Error);
        assert_eq!(finding(&card, "good").outcome, Outcome::Met);
        assert_eq!(card.verdict.word, Word::Incomplete);
    }
    for name in [
        "exit(met())",
        "timestamp()",
        "sleep(1)",
        "sleep(0.1)",
        "get_fn_metadata_list()",
        "rand()",
        "open(\"/etc/passwd\")",
        "parse_json(\"{}\")",
        "env(\"HOME\")",
    ] {
        stopped(&format!("{name}; met()"), "there is no function");
    }
}

#[test]
fn a_script_holds_only_functions() {
    let book = load(pack(&[("bad", &format!("let x = 1;\n{GOOD}"))]));
    let said = book.broken()[0].problems[0].to_string();
    assert!(said.contains("holds only functions"), "{said}");
    let book = load(pack(&[("bad", "fn chek(program, param) { met() }")]));
    let said = book.broken()[0].problems[0].to_string();
    assert!(said.contains("has no function `check`"), "{said}");
}

#[test]
fn values_of_different_types_are_never_silently_unequal() {
    let words = "cannot compare";
    for body in [
        "let x = \"3\"; if x > 2 { met() } else { unmet(\"no\") }",
        "let x = \"3\"; if !(x > 2) { met() } else { unmet(\"no\") }",
        "let x = [1]; if x == 1 { met() } else { unmet(\"no\") }",
        "let x = true; if x != 1 { met() } else { unmet(\"no\") }",
        "if program.supervision == 1 { met() } else { unmet(\"no\") }",
        "if program.flows == \"none\" { met() } else { unmet(\"no\") }",
        "let x = [1, \"b\"]; if x == [1, 2] { met() } else { unmet(\"no\") }",
        "let x = 3; if x in [\"a\", \"b\"] { met() } else { unmet(\"no\") }",
        "let x = (); if x == 1 { met() } else { unmet(\"no\") }",
    ] {
        stopped(body, words);
    }
}

#[test]
fn a_missing_fact_stops_the_script_wherever_it_is_read() {
    let bodies = [
        "if program.supervision.learners_per_supervisor > 3 { unmet(\"no\") } else { met() }",
        "if !(program.supervision.learners_per_supervisor > 3) { met() } else { unmet(\"no\") }",
        "let n = program.supervision.learners_per_supervisor; met()",
        "let n = 0; n += program.supervision.learners_per_supervisor; met()",
        "let s = program.supervision; let n = s.learners_per_supervisor; met()",
        "let n = [program.supervision.learners_per_supervisor]; met()",
        "let f = |s| s.learners_per_supervisor; let n = f.call(program.supervision); met()",
    ];
    for body in bodies {
        let script = format!("fn check(program, param) {{ {body} }}");
        let book = load(pack(&[("asks", &script)]));
        assert!(book.broken().is_empty(), "{body}: {:?}", book.broken());
        for proposal in [
            "{}",
            "supervision: {}",
            "supervision: { learners_per_supervisor: null }",
            "supervision: null",
        ] {
            let found = finding(&judge(&book, proposal), "asks");
            assert_eq!(found.outcome, Outcome::Unknown, "{body} of {proposal}");
            assert_eq!((found.degree.low, found.degree.high), (0.0, 1.0), "{body}");
            let missing: Vec<String> = found.missing.iter().map(ToString::to_string).collect();
            assert_eq!(missing, ["supervision.learners_per_supervisor"], "{body}");
        }
    }
}

#[test]
fn a_list_with_something_unknown_in_it_is_unknown() {
    let script = "fn check(program, param) { if \"war\" in program.topics { unmet(\"no\") } else { met() } }";
    let book = load(pack(&[("list", script)]));
    let found = |proposal: &str| finding(&judge(&book, proposal), "list");
    assert_eq!(found("topics: [safety]").outcome, Outcome::Met);
    assert_eq!(found("topics: [safety, war]").outcome, Outcome::Unmet);
    let open = found("topics: [safety, null]");
    assert_eq!((open.outcome, open.error), (Outcome::Unknown, None));
    assert_eq!(open.missing[0].dotted(), "topics[1]");
    // To ask whether there is a list is not to ask what is in it.
    let has = "fn check(program, param) { if program.has(\"topics\") { met() } else { unmet(\"none\") } }";
    let book = load(pack(&[("list", has)]));
    let card = judge(&book, "topics: [null]");
    assert_eq!(finding(&card, "list").outcome, Outcome::Met);
}

/// What is wrong with a script, found when it is loaded.
fn load_problems(script: &str) -> Vec<String> {
    let book = load(pack(&[("bad", script)]));
    let all = book.broken().iter().flat_map(|rule| &rule.problems);
    all.map(ToString::to_string).collect()
}

#[test]
fn a_misspelt_field_is_found_before_any_proposal_is_seen() {
    let meant = "did you mean `weeks`?";
    for (script, place, meant) in [
        // At the top level, in a list, through a closure, through a helper, and through a helper of a helper.
        (
            "fn check(program, param) {\n    let x = program.supervison; met()\n}",
            "2:21",
            "did you mean `supervision`?",
        ),
        (
            "fn check(program, param) {\n    let x = program.flows[0].week; met()\n}",
            "2:30",
            meant,
        ),
        (
            "fn check(program, param) {\n    for flow in program.flows { let x = flow.week; }\n    met()\n}",
            "2:46",
            meant,
        ),
        (
            "fn check(program, param) {\n    if program.flows.some(|flow| flow.week > 2) { met() } else { unmet(\"no\") }\n}",
            "2:39",
            meant,
        ),
        (
            "fn long(flow) {\n    flow.week > 3\n}\nfn check(program, param) {\n    if program.flows.some(|f| long(f)) { met() } else { unmet(\"no\") }\n}",
            "2:10",
            meant,
        ),
        (
            "fn outer(list) { list.filter(|flow| inner(flow)) }\nfn inner(flow) { flow.week > 3 }\nfn check(program, param) {\n    if outer(program.flows).len() > 0 { met() } else { unmet(\"no\") }\n}",
            "2:23",
            meant,
        ),
        (
            "fn check(program, param) {\n    let first = |list| list[0].week;\n    first.call(program.flows);\n    met()\n}",
            "2:32",
            meant,
        ),
        // Paths in texts, words of an enumeration, parameters.
        (
            "fn check(program, param) {\n    if program.has(\"supervision.scope_polcy\") { met() } else { unmet(\"no\") }\n}",
            "2:16",
            "did you mean `supervision.scope_policy`?",
        ),
        (
            "fn check(program, param) {\n    if program.supervision.level == \"lwo\" { met() } else { unmet(\"no\") }\n}",
            "2:34",
            "did you mean `low`?",
        ),
        (
            "fn check(program, param) {\n    switch program.supervision.level { \"hihg\" => met(), _ => unmet(\"no\") }\n}",
            "2:40",
            "did you mean `high`?",
        ),
        (
            "fn check(program, param) {\n    if 1 > param.most + param.mots { met() } else { unmet(\"no\") }\n}",
            "2:31",
            "did you mean `most`?",
        ),
        (
            "fn check(program, param) { unmet(\"no\") }\nfn remedy(program, param) {\n    [set(\"supervision.scope_polic\", true)]\n}",
            "3:6",
            "did you mean `supervision.scope_policy`?",
        ),
    ] {
        let problems = load_problems(script);
        assert_eq!(problems.len(), 1, "{script}\n{problems:?}");
        let file = format!("sandbox/ethics/bad.rhai:{place}:");
        assert!(problems[0].starts_with(&file), "{script}\n{problems:?}");
        assert!(problems[0].contains(meant), "{script}\n{problems:?}");
    }
}

#[test]
fn every_mistake_of_a_script_is_named_at_once() {
    let script = "fn check(program, param) {\n    let a = program.fllows;\n    let b = program.supervision.levl;\n    \
                  if program.supervision.scope_policy == 1 { met() } else { unmet(\"no\") }\n}";
    let problems = load_problems(script);
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(
        problems[2].contains("cannot compare yes or no with a number"),
        "{problems:?}"
    );
}

#[test]
fn a_broken_rule_is_seen_and_passes_nobody() {
    let book = load(pack(&[("bad", "fn check(program, param) { met(")]));
    let card = judge(&book, WHOLE);
    let bad = finding(&card, "bad");
    assert_eq!((bad.outcome, bad.degree.low), (Outcome::Error, 0.0));
    assert!(bad.error.unwrap().starts_with("sandbox/ethics/bad.rhai:1:"));
    assert_eq!(card.verdict.word, Word::Incomplete);
    let ethics = &card.dimensions[0];
    assert_eq!((ethics.low, ethics.high), (Some(50), Some(100)));
}
