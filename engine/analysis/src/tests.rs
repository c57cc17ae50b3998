//! A small rulebook that tests of this crate judge by.

use evenhand_core::pack::PackFiles;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "safe": { "type": "boolean", "x-question": "Is it safe?", "x-effort": "answer" },
  "plan": { "type": "boolean", "x-question": "Is there a plan?", "x-effort": "write", "x-safeguard": true },
  "money": { "type": "number", "minimum": 0, "maximum": 100, "x-question": "How much money is there?", "x-effort": "pay" },
  "note": { "type": "string", "x-question": "Is there anything else?" },
  "shares": { "type": "object", "additionalProperties": false, "x-question": "How is it shared?",
    "x-sum": { "of": ["ours", "theirs"], "is": 1, "within": 0.01 },
    "properties": {
      "ours": { "title": "Ours", "type": "number", "minimum": 0, "maximum": 1, "x-unit": "share", "x-question": "Ours?" },
      "theirs": { "title": "Theirs", "type": "number", "minimum": 0, "maximum": 1, "x-unit": "share", "x-question": "Theirs?" } } },
  "groups": { "type": "array", "x-unique": "key", "x-asks": "host", "items": { "type": "object", "additionalProperties": false,
    "properties": {
      "key": { "type": "string" }, "name": { "type": "string" },
      "people": { "type": "integer", "minimum": 0 },
      "trained": { "type": "boolean", "x-question": "Are they trained?", "x-alike": true, "x-safeguard": true } } } } } }"#;

const PACK: &str = "[pack]\nname = \"small\"\ntitle = \"Small\"\nversion = \"0.1.0\"\nlicence = \"MIT\"\nengine = \">=0.1, <0.2\"\n\
[[dimensions]]\nid = \"care\"\ntitle = \"Care\"\n[[dimensions]]\nid = \"order\"\ntitle = \"Order\"\n\
[[respondents]]\nid = \"host\"\ntitle = \"Host\"\n";

/// Rules: id, severity, script.
const RULES: [(&str, &str, &str); 6] = [
    (
        "care/safe",
        "critical",
        r#"fn check(program, param) { if program.safe { met("Safe") } else { unmet("Not safe") } }
fn remedy(program, param) { [set("safe", true)] }"#,
    ),
    (
        "care/trained",
        "major",
        r#"fn check(program, param) {
    for group in program.groups { if !group.trained { return unmet("Not everybody is trained"); } }
    met("All are trained")
}
fn remedy(program, param) { program.groups.map(|group| set(group, "trained", true)) }"#,
    ),
    (
        "care/money",
        "minor",
        r#"fn applies(program, param) { program.has("money") }
fn check(program, param) { if program.money >= 50 { met("Enough") } else { partly(program.money / 50, "Too little") } }
fn remedy(program, param) { [set("money", 50)] }"#,
    ),
    (
        "order/shares",
        "major",
        r#"fn check(program, param) { partly(min(1, 2 * min(program.shares.ours, program.shares.theirs)), "Shared") }"#,
    ),
    (
        "order/plan",
        "minor",
        r#"fn check(program, param) { if program.plan { met("A plan") } else { unmet("No plan") } }
fn remedy(program, param) { [set("plan", true)] }"#,
    ),
    (
        "order/note",
        "info",
        r#"fn check(program, param) { if program.note == "" { unmet("Empty") } else { met("A note") } }"#,
    ),
];

/// The rulebook.
pub(crate) fn book() -> &'static Rulebook {
    static BOOK: LazyLock<Rulebook> = LazyLock::new(|| {
        let mut files = BTreeMap::new();
        let mut add = |path: String, text: String| {
            files.insert(path, text.into_bytes().into());
        };
        add("pack.toml".to_owned(), PACK.to_owned());
        add("schema.json".to_owned(), SCHEMA.to_owned());
        for (id, severity, script) in RULES {
            let page = format!(
                "---\ntitle: Rule {id}\nseverity: {severity}\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n\n\
                 ## What helps\n\nDo it.\n"
            );
            add(format!("{id}.md"), page);
            add(format!("{id}.rhai"), script.to_owned());
        }
        let pack = PackFiles {
            folder: "small".to_owned(),
            files,
            ..PackFiles::default()
        };
        let book = Rulebook::load(vec![pack], Vec::new(), Settings::default()).unwrap();
        assert!(book.broken().is_empty(), "{:?}", book.broken());
        book
    });
    &BOOK
}
