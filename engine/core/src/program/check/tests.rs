//! What is refused, with its place, and how to write it instead; and what is not.

use crate::program::check_text;
use crate::rule::Page;
use crate::schema::Schema;
use crate::source::Source;

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "weeks": { "type": "number" },
  "level": { "type": "integer", "minimum": 1, "maximum": 4 },
  "title": { "type": "string" },
  "agreed": { "type": "boolean" },
  "mode": { "enum": ["virtual", "in_person", "mixed"] },
  "need": { "enum": ["none", "host_led"] },
  "topics": { "type": "array", "items": { "enum": ["culture", "safety"] } },
  "numbers": { "type": "array", "minItems": 1, "items": { "type": "number" } },
  "host": { "type": "object", "additionalProperties": false, "properties": { "seats": { "type": "integer" } } },
  "partners": { "type": "array", "minItems": 1, "items": { "type": "object", "additionalProperties": false,
    "properties": { "id": { "type": "string" }, "seats": { "type": "integer" } } } },
  "flows": { "type": "array", "items": { "type": "object", "additionalProperties": false, "properties": {
    "weeks": { "type": "number" }, "persons": { "type": "number" }, "mode": { "enum": ["virtual", "in_person"] } } } },
  "custom": { "type": "object", "additionalProperties": true } } }"#;

const PAGE: &str = "---\ntitle: A rule\nseverity: major\nsources: []\nlimits: None.\nparams:\n  \
    most: { default: 4, basis: default, about: x }\n  \
    curve: { default: [[0, 0], [4, 1]], basis: default, about: x }\n  \
    scale: { default: { virtual: 1, in_person: 0.5, mixed: 0.2 }, basis: default, about: x }\n  \
    short: { default: { virtual: 1 }, basis: default, about: x }\n  \
    words: { default: [a, b], basis: default, about: x }\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";

fn schema() -> Schema {
    let document = crate::document::Document::parse(
        "schema.json",
        SCHEMA.as_bytes(),
        crate::document::Format::Json,
    );
    crate::schema::parse(&document.unwrap()).unwrap()
}

/// What is said of a script, or of what `check` does. The parameters of the page are used.
fn said(script: &str) -> Vec<String> {
    let check = if script.contains("fn check") {
        script.to_owned()
    } else {
        format!("fn check(program, param) {{ {script} }}")
    };
    let uses = "fn uses(param) { param.most + param.curve.len() + param.scale.mixed + param.short.virtual + param.words.len() }";
    let page = Page::parse("ethics/rule", Source::new("rule.md", PAGE)).unwrap();
    let source = Source::new("r", format!("{check}\n{uses}"));
    let problems = check_text(&schema(), &page, &source);
    problems.iter().map(ToString::to_string).collect()
}

/// One thing is wrong, at the place of the `@`.
#[track_caller]
fn refused(script: &str, words: &str) {
    let column = script.find('@').unwrap_or_default();
    let text = script.replacen('@', "", 1);
    let before = if text.contains("fn check") { 1 } else { 28 };
    let found = said(&text);
    assert_eq!(found.len(), 1, "{text}\n{found:#?}");
    let at = format!("r:1:{}: ", column + before);
    assert!(found[0].starts_with(&at), "{script}\n{at}\n{found:#?}");
    assert!(found[0].contains(words), "{script}\n{words}\n{found:#?}");
}

#[track_caller]
fn fine(script: &str) {
    assert_eq!(said(script), [""; 0], "{script}");
}

#[test]
fn a_finding_is_returned_or_is_the_value_of_the_function() {
    let away = "this finding is thrown away; write `return` before it";
    refused(
        r#"if program.weeks < 30 { @unmet("too short") } met("fine")"#,
        away,
    );
    refused(
        r#"for flow in program.flows { if flow.weeks < 30 { @unmet("too short") } } met("fine")"#,
        away,
    );
    refused(r#"@unmet("no"); met("fine")"#, away);
    refused(
        r#"switch program.mode { "virtual" => @unmet("no"), _ => {} } met("fine")"#,
        away,
    );
    refused(
        r#"switch program.mode { "virtual" => { @unmet("no") } _ => { } } met("fine")"#,
        away,
    );
    refused(r#"{ @unmet("no") } met("fine")"#, away);
    refused(
        r#"fn bad() { unmet("no") } fn check(program, param) { @bad(); met("fine") }"#,
        away,
    );
    refused(
        r#"@let found = unmet("no"); met("fine")"#,
        "the finding `found` is thrown away",
    );
    refused(
        r#"let found = met("a"); if program.agreed { @found = unmet("no"); return met("b"); } met("c")"#,
        "`found` is thrown away",
    );
    refused(
        r#"if program.flows.some(|flow| { @unmet("no"); true }) { met("a") } else { met("b") }"#,
        away,
    );
    refused(
        r#"let all = [@unmet("no")]; met("fine")"#,
        "cannot be kept in a list",
    );
    refused(
        r#"let all = program.flows.map(@|flow| unmet("no")); met("fine")"#,
        "cannot be kept in a list",
    );
    refused(
        r#"fn check(program, param) { met("a") } fn remedy(program, param) { @set("weeks", 3); [] }"#,
        "this proposal is thrown away",
    );
    fine(r#"if program.weeks < 30 { return unmet("too short"); } met("fine")"#);
    fine(r#"let found = unmet("no"); if program.agreed { found = met("yes"); } found"#);
    fine(
        r#"for flow in program.flows { if flow.weeks < 30 { return unmet("too short"); } } met("fine")"#,
    );
    fine(
        r#"fn ends(program) { if program.agreed { met("a") } else { unmet("b") } } fn check(program, param) { ends(program) }"#,
    );
    fine(
        r#"switch program.mode { "virtual" => unmet("no"), "in_person" | "mixed" => met("yes") }"#,
    );
}

#[test]
fn every_path_ends_with_a_finding() {
    refused(
        r#"if program.agreed { met("a") }"#,
        "this `if` has no `else`, so a path ends without a finding",
    );
    refused(
        r#"@if program.agreed { return met("a"); }"#,
        "a path of `check` ends without a finding",
    );
    refused(
        r#"@for flow in program.flows { return met("a"); }"#,
        "a path of `check` ends without a finding",
    );
    refused(
        r#"if program.agreed { return met("a"); } @return;"#,
        "a path of `check` ends without a finding",
    );
    refused(
        r#"if program.agreed { @return 5; } met("a")"#,
        "`check` gives a number here; expected met(…)",
    );
    refused("program.weeks", "`check` gives a number here");
    refused(
        r#"fn applies(program, param) { @program.weeks } fn check(program, param) { met("") }"#,
        "`applies` gives a number here; expected yes or no",
    );
    refused(
        r#"fn check(program, param) { met("") } fn remedy(program, param) { @set("weeks", 1) }"#,
        "`remedy` gives a proposal to set a fact here",
    );
}

#[test]
fn nothing_stands_where_it_is_never_reached() {
    let never = "this is never reached";
    refused(r#"return met("a"); @met("b")"#, never);
    refused(
        r#"if program.agreed { return met("a"); } else { return met("b"); } @met("c")"#,
        never,
    );
    refused(
        r#"for flow in program.flows { break; @let a = 1; } met("c")"#,
        never,
    );
    refused(
        r#"switch program.mode { "virtual" => { return met("a"); } _ => { return met("b"); } } @met("c")"#,
        never,
    );
}

#[test]
fn a_branch_that_is_a_value_has_all_its_sides() {
    refused(
        r#"let x = @if program.agreed { 1 }; partly(x, "")"#,
        "an `if` without `else` is used as a value",
    );
    refused(
        r#"let x = @if program.agreed { 1 } else { "a" }; met("")"#,
        "one branch gives a number, another text",
    );
    refused(
        r#"let x = @switch program.mode { "virtual" => 1, "mixed" => 0 }; partly(x, "")"#,
        "says nothing of `in_person`",
    );
    refused(
        r#"let x = @switch program.level { 1 => 1, 2..4 => 0 }; partly(x, "")"#,
        "says nothing of every other value",
    );
    refused(
        r#"let x = @switch program.agreed { true => 1 }; partly(x, "")"#,
        "says nothing of yes or no",
    );
    fine(r#"let x = switch program.agreed { true => 1, false => 0 }; partly(x, "")"#);
    fine(
        r#"if program.mode == "mixed" { return met(""); } let mode = program.mode; if mode == "mixed" { return met(""); } partly(switch mode { "virtual" => 1, "in_person" => 0 }, "")"#,
    );
}

#[test]
fn labels_and_words_are_values_that_occur() {
    refused(
        r#"switch program.mode { @"vitual" => met(""), _ => unmet("") }"#,
        "`mode` is never `vitual`",
    );
    refused(
        r#"switch program.level { @"4" => met(""), _ => unmet("") }"#,
        "a `switch` on a number has a text as a label",
    );
    refused(
        r#"switch program.mode { @4 => met(""), _ => unmet("") }"#,
        "a `switch` on text has a number as a label",
    );
    refused(
        r#"if program.mode @== "hybrid" { met("") } else { unmet("") }"#,
        "`mode` is never `hybrid`; expected one of",
    );
    refused(
        r#"if program.mode @in ["virtual", "hybrid"] { met("") } else { unmet("") }"#,
        "`mode` is never `hybrid`",
    );
    refused(
        r#"if program.flows.some(|flow| flow.mode @== "mixed") { met("") } else { unmet("") }"#,
        "`flows[].mode` is never `mixed`",
    );
    refused(
        r#"if "war" @in program.topics { met("") } else { unmet("") }"#,
        "never `war`",
    );
    refused(
        r#"if program.mode @== program.need { met("") } else { unmet("") }"#,
        "have no value in common",
    );
    refused(
        r#"fn check(program, param) { met("") } fn remedy(program, param) { [@set("mode", "hybrid")] }"#,
        "`mode` is never `hybrid`",
    );
    fine(r#"switch program.level { 4 => unmet("a"), 3 => partly(0.3, "b"), _ => met("c") }"#);
    fine(
        r#"if program.get_or("mode", "not stated") == "not stated" { met("") } else { unmet("") }"#,
    );
}

#[test]
fn fields_parameters_and_functions_exist() {
    refused(
        r#"if program.flows.all(|flow| flow.@week > 2, false) { met("") } else { unmet("") }"#,
        "did you mean `weeks`?",
    );
    refused(
        r#"if program.flows.order_by(|a, b| a.weeks - b.@wekes).len() > 2 { met("") } else { unmet("") }"#,
        "did you mean `weeks`?",
    );
    refused(
        r#"let keep = |flow| flow.@week > 2; if program.flows.some(keep) { met("") } else { unmet("") }"#,
        "did you mean `weeks`?",
    );
    refused(
        r#"fn check(program, param) { met("") } fn spare(flow) { @no_such(flow) }"#,
        "there is no function `no_such`",
    );
    refused(
        r#"if program.agreed { met("") } else { @unmett("") }"#,
        "did you mean `unmet`?",
    );
    refused(
        "partly(param.@mots, \"\")",
        "`mots` is not a parameter of this rule",
    );
    refused(
        r#"if program.@has("host.seat") { met("") } else { unmet("") }"#,
        "`host.seat`",
    );
    refused(
        r#"@between(0, 1, program.flows.map(|flow| flow.path() + ".week"), "", #{})"#,
        "`flows[].week`",
    );
    refused(
        r#"let name = "host" + ".seat"; if program.@has(name) { met("") } else { unmet("") }"#,
        "`host.seat`",
    );
    refused(
        r#"partly([1, 2].@reduce(|a, b| a + b), "")"#,
        "there is no function `reduce`; use `sum`",
    );
    refused(
        "partly(param.scale.@hybrid, \"\")",
        "the table has no `hybrid`",
    );
    refused(
        "partly(param.short[@program.mode], \"\")",
        "no entry for `in_person`, `mixed` of `mode`",
    );
    refused(
        "partly(@nothing, \"\")",
        "there is nothing called `nothing` here",
    );
    fine(
        r#"if program.custom["mine"] == 3 && program.has("custom.mine") { met("") } else { unmet("") }"#,
    );
    fine("partly(param.scale[program.mode], \"\")");
}

#[test]
fn arguments_fit() {
    refused(
        r#"partly(@"half", "")"#,
        "`partly` gets text where a number is needed",
    );
    refused(
        "@partly(0.5)",
        "`partly` is called with 1 argument; expected `partly(degree, message, #{ … })`",
    );
    refused(
        r#"fn two(a, b) { a + b } fn check(program, param) { partly(@two(1), "") }"#,
        "`two` is called with 1 argument; expected `two(a, b)`",
    );
    refused(
        r#"partly(ramp(3, @#{ full: 3 }), "")"#,
        "`ramp` has no `zero`",
    );
    refused(
        r#"partly(curve(3, @[1, 2]), "")"#,
        "the points of a curve are a number",
    );
    refused(
        r#"partly(program.@topics.sum(), "")"#,
        "`sum` gets a list where a list of numbers is needed",
    );
    refused(
        r#"partly(program.flows.sum(@|flow| flow.mode), "")"#,
        "text stands where a number is needed",
    );
    refused(
        r#"if program.flows.some(@|flow| flow.weeks) { met("") } else { unmet("") }"#,
        "what the function in `some` gives is yes or no, not a number",
    );
    refused(
        r#"if program.flows.some(@3) { met("") } else { unmet("") }"#,
        "`some` gets a number where a function",
    );
    refused(
        r#"if program.flows.some(@|a, b| true) { met("") } else { unmet("") }"#,
        "the closure takes 2 arguments, and gets 1",
    );
    refused(
        r#"if program.flows.order_by(@|a, b| a.mode).len() > 0 { met("") } else { unmet("") }"#,
        "what puts elements in order gives text",
    );
    refused(
        r#"if program.get_or("weeks", @"none") == 3 { met("") } else { unmet("") }"#,
        "the fact is a number, and for want of it stands text",
    );
    refused(
        r#"fn check(program, param) { met("") } fn remedy(program, param) { [@set("weeks", "3")] }"#,
        "a number is set to text",
    );
    refused(
        r#"@[1].push(2); met("")"#,
        "`push` changes a list that has no name",
    );
}

#[test]
fn types_stay_what_they_are() {
    refused(
        r#"if @program.weeks { met("") } else { unmet("") }"#,
        "a condition is yes or no, not a number; compare it, such as with `> 0`",
    );
    refused(
        r#"if program.agreed && @program.weeks { met("") } else { unmet("") }"#,
        "each side of `&&` and `||`",
    );
    refused(
        r#"if !@program.weeks { met("") } else { unmet("") }"#,
        "what stands after `!`",
    );
    refused(
        r#"if program.weeks @== "3" { met("") } else { unmet("") }"#,
        "cannot compare a number with text",
    );
    refused(
        r#"if program.agreed @== 1 { met("") } else { unmet("") }"#,
        "cannot compare yes or no with a number",
    );
    refused(
        r#"if program.host @== 1 { met("") } else { unmet("") }"#,
        "cannot compare a group of facts with a number",
    );
    refused(
        r#"if program.agreed @> false { met("") } else { unmet("") }"#,
        "compare numbers or texts",
    );
    refused(
        r#"let a = 1; @a = "x"; met("")"#,
        "`a` was a number and becomes text",
    );
    refused(
        r#"let a = 1; let @a = "x"; met("")"#,
        "`a` was a number and becomes text",
    );
    refused(
        r#"let a = 1; a @+= "x"; met("")"#,
        "`+` stands between a number and text",
    );
    refused(
        r#"let a = "abc" @- "b"; met("")"#,
        "`-` stands between text and another; there is no `-` of texts",
    );
    refused(
        r#"let a = "n" @+ 3; met("")"#,
        "write `…${…}…` in backticks",
    );
    refused(
        r#"if "virtual" @in "virtual_exchange" { met("") } else { unmet("") }"#,
        "`in` is asked of a text",
    );
    refused(
        r#"let a = [1]; a.push(@"x"); met("")"#,
        "text is added to a list of a number",
    );
    refused(r#"let a = [1] @+ ["x"]; met("")"#, "put together");
    fine(r#"let a = [1, "x"]; partly(a[0] / 2, "{b}", #{ b: a[1] })"#);
    refused(
        r#"let a = [1, "x"]; partly(@a[1], "")"#,
        "`partly` gets text where a number is needed",
    );
    refused(
        r#"let a = [1, "x"]; partly(a[@2], "")"#,
        "the list has 2 elements, and no `[2]`",
    );
    fine(r#"if "abc".contains("b") { met("") } else { unmet("") }"#);
}

#[test]
fn messages_say_what_is_given() {
    refused(
        r#"unmet("{a:money}", #{ a: 12 })"#,
        "`money` is no way of showing what stands in {a:money}; expected {a}, {a:percent}, {a:whole}, {a:words}",
    );
    refused(
        r#"@unmet("{a:percnt}", #{ a: 12 })"#,
        "did you mean `percent`?",
    );
    refused(
        r#"@unmet("{a:percent}", #{ a: "x" })"#,
        "{a:percent} shows text; expected a number",
    );
    refused(
        r#"@unmet("{b}", #{ a: 12, b: 1 })"#,
        "`a` is given to a message that has no place for it",
    );
    refused(
        r#"@unmet("{b} {a}", #{ b: 1 })"#,
        "the message has a place {a} that nothing is given for",
    );
    refused(
        r#"@unmet("{a}", #{ a: program.host })"#,
        "`a` is a group of facts, which a message cannot show",
    );
    refused(
        r#"unmet("Weeks: " @+ program.title)"#,
        "put together by the script",
    );
    refused(
        "unmet(@`Weeks: ${program.weeks}`)",
        "put together by the script",
    );
    fine(
        r#"let said = #{ a: 1, b: 2 }; if program.agreed { met("{a}", said) } else { unmet("{a} {b}", said) }"#,
    );
}

#[test]
fn every_script_ends() {
    let ends = "are not part of the language: every rule has to end";
    refused(r#"while program.agreed { } met("")"#, ends);
    refused(r#"@loop { break; } met("")"#, ends);
    refused(r#"@do { } while program.agreed; met("")"#, ends);
    refused(
        r#"fn dig(n) { if n == 0 { 0 } else { @dig(n - 1) } } fn check(program, param) { partly(dig(3), "") }"#,
        "`dig` calls itself",
    );
    refused(
        r#"fn there(n) { back(n) } fn back(n) { @there(n) } fn check(program, param) { partly(there(3), "") }"#,
        "`there` calls itself",
    );
    refused(
        r#"fn own() { @this.weeks } fn check(program, param) { partly(own(), "") }"#,
        "`this` is not part of the language",
    );
    refused(
        r#"fn own(x) { x } fn check(program, param) { partly(3.@own(), "") }"#,
        "which would be its `this`",
    );
    refused(
        r#"let s = 0; for i in 0@..program.weeks { s += 1; } partly(s, "")"#,
        "write `for … in` a list",
    );
    refused(
        r#"let s = 0; program.flows.map(|flow| { @s += 1; s }); partly(s, "")"#,
        "a closure changes `s`",
    );
    refused(r#"for i in @3 { } met("")"#, "Expecting an iterable value");
}

#[test]
fn what_holds_for_all_of_nobody_is_said() {
    let empty = "`all` is true of an empty list";
    refused(
        r#"if program.flows.@all(|flow| flow.weeks > 2) { met("") } else { unmet("") }"#,
        empty,
    );
    refused(
        r#"if program.partners.filter(|p| p.seats > 1).@all(|p| p.seats > 2) { met("") } else { unmet("") }"#,
        empty,
    );
    fine(r#"if program.flows.all(|flow| flow.weeks > 2, false) { met("") } else { unmet("") }"#);
    fine(r#"if program.partners.all(|p| p.seats > 2) { met("") } else { unmet("") }"#);
    fine(r#"if [1, 2].map(|x| x + 1).all(|x| x > 2) { met("") } else { unmet("") }"#);
}

#[test]
fn everything_is_said_at_once() {
    let found = said(
        "let a = program.fllows; if program.weeks { unmet(\"x\") } let b = no_such(1); switch program.mode { \"x\" => met(\"{y:z}\", #{ y: 1 }), _ => unmet(\"\") }",
    );
    assert_eq!(found.len(), 6, "{found:#?}");
}

#[test]
fn what_a_loop_gathers_has_its_type() {
    fine(
        r#"let seen = []; for flow in program.flows { if !(flow.mode in seen) { seen.push(flow.mode); } } partly(min(1, seen.len() / 2), "{seen}", #{ seen: seen })"#,
    );
    fine(
        r#"let best = ""; for flow in program.flows { if best == "" || flow.mode > best { best = flow.mode; } } if best == "virtual" { met("") } else { unmet("") }"#,
    );
    fine(
        r#"let back = #{ mode: "virtual" }; for name in ["weeks", "persons"] { if program.flows[0].has(name) { back[name] = program.flows[0][name]; } } partly(back.weeks / 10, "")"#,
    );
    refused(
        r#"for name in ["weeks", "person"] { if program.flows[0].@has(name) { return met(""); } } unmet("")"#,
        "`flows[].person`",
    );
}

#[test]
fn a_script_that_branches_without_end_is_left_alone() {
    let mut script = String::from("fn f0(x) { 1 }\n");
    for level in 1..30 {
        script.push_str(&format!(
            "fn f{level}(x) {{ f{}([x, 1]) + f{}([x, \"a\"]) }}\n",
            level - 1,
            level - 1
        ));
    }
    script.push_str("fn check(program, param) { partly(f29(1), \"\") }");
    let found = said(&script);
    assert!(
        found.iter().any(|found| found.contains("in too many ways")),
        "{found:#?}"
    );
}
