//! Scripts that try to run away, to grow, or to pass by breaking: each ends as an error of its own rule, and the other rules
//! are judged. The table in `docs/assurance.md` is made here: `UPDATE_DOCS=1` writes it.

use crate::assembly::root;
use evenhand_core::document::Document;
use evenhand_core::finding::Outcome;
use evenhand_core::pack::PackFiles;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use serde_json::{Value, json};
use std::fmt::Write as _;

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "a": { "type": "boolean" }, "b": { "type": "boolean" }, "c": { "type": "boolean" },
  "d": { "type": "boolean" }, "e": { "type": "boolean" }, "f": { "type": "boolean" },
  "n": { "type": "number" },
  "numbers": { "type": "array", "minItems": 1, "items": { "type": "number" } },
  "texts": { "type": "array", "minItems": 1, "items": { "type": "string" } },
  "others": { "type": "array", "minItems": 1, "items": { "type": "object", "properties": { "n": { "type": "number" } } } },
  "groups": { "type": "array", "minItems": 1, "items": { "type": "object", "additionalProperties": false,
    "properties": { "n": { "type": "number" }, "t": { "type": "string" } } } } } }"#;

const PAGE: &str = "---\ntitle: A rule\nseverity: major\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";

const LIBRARY: &str = "fn long_way(list) { list.sum(|x| list.sum(|y| x * y)) }";

const WORK: &str = "units of work";
const LARGE: &str = "grew too large";
const DEEP: &str = "nested more than 32 deep";

/// What each script tries, its `check` (or all of it), and what is said.
#[rustfmt::skip]
const SCRIPTS: &[(&str, &str, &str)] = &[
    ("loops in loops", "let s = 0; for x in program.numbers { for y in program.numbers { s += y; } } met()", WORK),
    ("closures in closures", "if program.numbers.filter(|x| program.numbers.some(|y| y > x + 9000)).len() > 0 { met() } else { unmet(\"\") }", WORK),
    ("three closures deep", "if program.numbers.map(|x| program.numbers.map(|y| program.numbers.map(|z| x + y + z))).len() > 0 { met() } else { unmet(\"\") }", WORK),
    ("a sum of sums", "partly(min(1, program.numbers.sum(|x| program.numbers.sum(|y| x * y))), \"\")", WORK),
    ("a count of counts", "partly(min(1, program.numbers.sum(|x| program.numbers.count(|y| y > x))), \"\")", WORK),
    ("all of all", "if program.numbers.all(|x| program.numbers.all(|y| y < x + 9000)) { met() } else { unmet(\"\") }", WORK),
    ("a mean of means", "partly(min(1, program.numbers.mean(|x| program.numbers.mean(|y| x + y, |y| 1), |x| 1)), \"\")", WORK),
    ("order within a closure", "if program.numbers.all(|x| program.numbers.order_by(|a, b| b - a).len() > x) { met() } else { unmet(\"\") }", WORK),
    ("an order that loops", "let l = program.numbers.order_by(|a, b| program.numbers.sum() - a); met(\"{l}\", #{ l: l.len() })", WORK),
    ("sorting again and again", "let l = program.numbers; for x in program.numbers { l.sort(|a, b| a - b); } met()", WORK),
    ("order of plain numbers again and again", "let s = 0; for x in program.numbers { s += program.numbers.order().len(); } met()", WORK),
    ("distinct over a long list", "partly(min(1, program.numbers.distinct().len()), \"\")", WORK),
    ("`in` a long list", "let s = 0; for x in program.numbers { if -1 in program.numbers { s += 1; } } met()", WORK),
    ("parts of long texts", "let s = 0; for x in program.numbers { for t in program.texts { if t.contains(\"b\") { s += 1; } } } met()", WORK),
    ("beginnings of long texts", "let s = 0; for x in program.numbers { for t in program.texts { if t.starts_with(t) { s += 1; } } } met()", WORK),
    ("ends of long texts", "let s = 0; for x in program.numbers { for t in program.texts { if t.ends_with(t) { s += 1; } } } met()", WORK),
    ("capitals of long texts", "let s = 0; for x in program.numbers { for t in program.texts { s += t.to_upper().len(); } } met()", WORK),
    ("small letters of long texts", "let s = 0; for x in program.numbers { for t in program.texts { s += t.to_lower().len(); } } met()", WORK),
    ("splitting long texts", "let s = 0; for t in program.texts { s += t.split(\"a\").map(|x| t.split(\"a\").len()).len(); } met()", WORK),
    ("cutting long texts", "let s = 0; for x in program.numbers { for t in program.texts { s += t.sub_string(1, 1999).len(); } } met()", WORK),
    ("letters of long texts", "let s = 0; for x in program.numbers { for t in program.texts { if t[1999] == \"b\" { s += 1; } } } met()", WORK),
    ("the same long texts", "let s = 0; for x in program.numbers { for t in program.texts { if t == program.texts[0] { s += 1; } } } met()", WORK),
    ("the order of long texts", "let s = 0; for x in program.numbers { for t in program.texts { if t < program.texts[0] { s += 1; } } } met()", WORK),
    ("the same long lists", "let s = 0; for x in program.numbers { if program.numbers == program.numbers { s += 1; } } met()", WORK),
    ("lists put together in a loop", "let s = 0; for x in program.numbers { s += (program.numbers + program.numbers).len(); } met()", WORK),
    ("a list that doubles", "let l = program.numbers; for x in program.numbers { l += l; } met()", LARGE),
    ("a list that grows", "let l = [0]; for x in program.numbers { for y in [1, 2, 3, 4, 5, 6] { l.push(y); } } met()", LARGE),
    ("a text that doubles", "let t = \"ab\"; for x in program.numbers { t += t; } met()", LARGE),
    ("a text with itself in it", "let t = \"ab\"; for x in program.numbers { t = `${t}${t}`; } met()", LARGE),
    ("a text that grows slowly", "let t = \"\"; for x in program.numbers { t += program.texts[0]; } met()", LARGE),
    ("texts with long texts in them", "let s = 0; for x in program.numbers { for t in program.texts { s += `${t}${t}`.len(); } } met()", WORK),
    ("a table that grows", "let t = #{ a: 1 }; for x in program.numbers { t[`k${x}`] = 1; } met(\"{a}\", t)", LARGE),
    ("lists within lists", "let l = []; for x in program.numbers { l = [l]; } met()", DEEP),
    ("lists within lists, pushed", "let l = []; for x in program.numbers { let m = []; m.push(l); l = m; } met()", DEEP),
    ("lists flattened to more", "let l = program.numbers.map(|x| program.numbers).flatten(); met(\"{l}\", #{ l: l.len() })", LARGE),
    ("a function of the library", "partly(min(1, long_way(program.numbers)), \"\")", WORK),
    ("functions that call many", "fn f1(x) { x + 1 } fn f2(x) { f1(x) + f1(x) + f1(x) + f1(x) } fn f3(x) { f2(x) + f2(x) + f2(x) + f2(x) } fn f4(x) { f3(x) + f3(x) + f3(x) + f3(x) } fn f5(x) { f4(x) + f4(x) + f4(x) + f4(x) } fn f6(x) { f5(x) + f5(x) + f5(x) + f5(x) } fn f7(x) { f6(x) + f6(x) + f6(x) + f6(x) } fn f8(x) { f7(x) + f7(x) + f7(x) + f7(x) } fn f9(x) { f8(x) + f8(x) + f8(x) + f8(x) } fn g(x) { f9(x) + f9(x) + f9(x) + f9(x) + f9(x) + f9(x) } fn check(program, param) { partly(min(1, g(1)), \"\") }", WORK),
    ("closures that call closures", "let f = |x| program.numbers.sum() + x; let g = |x| program.numbers.sum(|y| f.call(y)) + x; partly(min(1, program.numbers.sum(|z| g.call(z))), \"\")", WORK),
    ("a switch in loops", "let s = 0; for x in program.numbers { for y in program.numbers { s += switch y { 1 => 1, 2..5 => 2, _ => 0 }; } } met()", WORK),
    ("paths asked for in loops", "let s = 0; for x in program.numbers { for g in program.groups { if g.has(\"n\") { s += 1; } } } met()", WORK),
    ("paths put together in loops", "let s = 0; for x in program.numbers { for g in program.groups { s += program.get_or(`groups[${g.index()}].n`, 0); } } met()", WORK),
    ("the places of groups", "let s = 0; for x in program.numbers { for g in program.groups { s += g.path().len(); } } met()", WORK),
    ("who stands behind facts", "let s = 0; for x in program.numbers { for g in program.groups { s += g.attested_by(\"n\").len(); } } met()", WORK),
    ("other lists beside", "let s = 0; for x in program.numbers { for g in program.groups { s += g.beside(\"others\").n; } } met()", WORK),
    ("a curve of many points", "let c = program.numbers.map(|x| [x, 0.5]); let s = 0; for x in program.numbers { s += curve(x, c); } met()", WORK),
    ("ramps in loops", "let s = 0; for x in program.numbers { for y in program.numbers { s += ramp(x, #{ full: -1, zero: y + 1 }); } } met()", WORK),
    ("the largest of many", "let s = 0; for x in program.numbers { s += program.numbers.max() + program.numbers.min(); } met()", WORK),
    ("writing to the trace", "for x in program.numbers { for y in program.numbers { print(y); } } met()", WORK),
    ("all runs of a rule together", "let s = 0; for x in program.numbers { for y in [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2] { s += y; } } if program.a && program.b && program.c && program.d && program.e && program.f { met() } else { unmet(\"\") }", WORK),
    ("`applies` that runs away", "fn applies(program, param) { program.numbers.some(|x| program.numbers.some(|y| y < 0)) } fn check(program, param) { met() }", WORK),
    ("a remedy that runs away", "fn check(program, param) { unmet(\"\") } fn remedy(program, param) { program.numbers.filter(|x| program.numbers.some(|y| y < 0)).map(|x| set(\"n\", x)) }", WORK),
    ("a remedy of many changes", "fn check(program, param) { unmet(\"\") } fn remedy(program, param) { let all = []; for x in program.numbers { for y in [1, 2, 3, 4, 5, 6] { all.push(set(\"n\", y)); } } all }", LARGE),
    ("a remedy of a long value", "fn check(program, param) { unmet(\"\") } fn remedy(program, param) { [set(\"texts\", program.texts + program.texts)] }", LARGE),
    ("a message of many numbers", "unmet(\"{all}\", #{ all: program.numbers })", LARGE),
    ("a message of long texts", "unmet(\"{all}\", #{ all: program.texts })", LARGE),
    ("a message that says it often", "unmet(\"{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}\", #{ a: program.texts[0] })", LARGE),
    ("many paths of what is missing", "between(0, 1, program.numbers.map(|x| program.groups.map(|g| g.path() + \".n\")).flatten(), \"\", #{})", WORK),
    ("numbers without an end", "let x = 2; for y in program.numbers { x *= x; } partly(min(1, x), \"\")", "too large to be reckoned with"),
    ("division by nothing", "partly(program.n / (program.n - 5), \"\")", "division by zero"),
    ("the rest of division by nothing", "partly(program.n % (program.n - 5), \"\")", "division by zero"),
    ("a share of nothing", "partly(share(1, program.n - 5), \"\")", "not above zero"),
    ("an order that divides by nothing", "partly(program.numbers.order_by(|a, b| a / (program.n - 5)).len() / 9000, \"\")", "division by zero"),
    ("an order by what there is not", "partly(program.groups.order_by(|a, b| a.no_such).len() / 9000, \"\")", "`no_such` is not a field"),
    ("an element past the end", "partly(program.numbers[program.numbers.len()], \"\")", "elements, and no `[4000]`"),
    ("an element before the beginning", "partly(program.numbers[program.n - 6], \"\")", "elements, and no `[-1]`"),
    ("half an element", "partly(program.numbers[program.n / 2], \"\")", "elements, and no `[2.5]`"),
    ("the first of none", "partly(program.numbers.filter(|x| x < 0).first(), \"\")", "need an element"),
    ("the mean of none", "partly(program.numbers.filter(|x| x < 0).mean(), \"\")", "mean() of an empty list"),
    ("more than everything", "partly(program.n, \"\")", "between 0 and 1, not 5"),
    ("a loop without an end", "loop { }", "every rule has to end"),
    ("a function that calls itself", "fn f(x) { f(x) } fn check(program, param) { f(1); met() }", "calls itself"),
    ("closures that hold closures", "let f = |x| x; for y in program.numbers { let g = f; f = |x| g.call(x); } met()", "was a function and becomes a function"),
    ("a finding in a closure", "program.numbers.some(|x| { unmet(\"\"); true }); met()", "thrown away"),
];

fn book(script: &str) -> Rulebook {
    let mut pack = PackFiles {
        folder: "hostile".to_owned(),
        ..PackFiles::default()
    };
    let about = "[pack]\nname = \"hostile\"\n[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n";
    for (path, text) in [
        ("pack.toml", about),
        ("schema.json", SCHEMA),
        ("lib/long.rhai", LIBRARY),
        ("ethics/bad.md", PAGE),
        ("ethics/bad.rhai", script),
        ("ethics/good.md", PAGE),
        (
            "ethics/good.rhai",
            "fn check(program, param) { met(\"All is well\") }",
        ),
    ] {
        pack.files
            .insert(path.to_owned(), text.as_bytes().to_vec().into());
    }
    Rulebook::load(vec![pack], Vec::new(), Settings::default()).unwrap()
}

fn proposal() -> Value {
    let numbers: Vec<u32> = (0..4000).collect();
    let groups: Vec<Value> = (0..2000).map(|n| json!({ "n": n, "t": "t" })).collect();
    json!({ "n": 5, "numbers": numbers, "texts": vec!["a".repeat(2000); 40], "groups": groups, "others": groups })
}

/// Runs one script; the units it took.
fn stopped(
    what: &str,
    script: &str,
    words: &str,
    document: &Document,
) -> Result<Option<u64>, String> {
    let script = if script.contains("fn check") {
        script.to_owned()
    } else {
        format!("fn check(program, param) {{ {script} }}")
    };
    let book = book(&script);
    let facts = book.facts(document);
    let good = book.rule("ethics/good").unwrap();
    assert_eq!(book.ask_here(good, &facts).outcome, Outcome::Met, "{what}");
    let Ok(bad) = book.rule("ethics/bad") else {
        let problems = book.broken().iter().flat_map(|rule| &rule.problems);
        let said: Vec<String> = problems.map(ToString::to_string).collect();
        if said.iter().any(|said| said.contains(words)) {
            return Ok(None);
        }
        return Err(format!("{what}: {said:?}"));
    };
    let (finding, units) = book.ask_counted(bad, &facts);
    let error = finding.error.unwrap_or_default();
    let remedy = error.starts_with("remedy: ");
    let right = error.contains(words)
        && error.contains("hostile/")
        && (finding.outcome == Outcome::Error) != remedy
        && finding.remedy.is_empty();
    if right {
        Ok(Some(units))
    } else {
        Err(format!("{what}: {:?} {error}", finding.outcome))
    }
}

#[test]
fn scripts_that_run_away_are_stopped_and_the_others_judged() {
    let (table, wrongs) = evenhand_threads::with_large_stack(|| {
        let document = Document::from_value("hostile", proposal());
        let mut wrongs: Vec<String> = Vec::new();
        let mut table =
            "| what the script tries | ends with | units of work |\n|---|---|---|\n".to_owned();
        for (what, script, words) in SCRIPTS {
            match stopped(what, script, words, &document) {
                Ok(units) => {
                    let units = units.map_or_else(
                        || "refused when loaded".to_owned(),
                        |units| units.to_string(),
                    );
                    writeln!(table, "| {what} | {words} | {units} |").unwrap();
                }
                Err(wrong) => wrongs.push(wrong),
            }
        }
        (table, wrongs)
    });
    assert_eq!(wrongs, [""; 0]);
    assert!(SCRIPTS.len() >= 60);
    let path = root().join("docs/assurance.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- hostile scripts -->\n").unwrap();
    let (old, after) = rest.split_once("<!-- end of hostile scripts -->").unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let new = format!(
            "{before}<!-- hostile scripts -->\n{table}<!-- end of hostile scripts -->{after}"
        );
        std::fs::write(&path, new).unwrap();
    } else {
        assert_eq!(old, table, "UPDATE_DOCS=1 writes the table anew");
    }
}
