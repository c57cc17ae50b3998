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

/// A schema with partners who can attest.
const HOSTED: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "program": { "type": "object", "additionalProperties": false, "x-asks": "office", "properties": { "id": { "type": "string" } } },
  "partners": { "type": "array", "x-unique": "id", "x-asks": "office", "items": { "type": "object", "additionalProperties": false,
    "properties": {
      "id": { "type": "string" }, "name": { "type": "string" }, "role": { "type": "string", "enum": ["lead", "host"] },
      "seats": { "type": "integer", "minimum": 0, "x-question": "How many seats?" } } } },
  "host": { "type": "object", "additionalProperties": false, "x-asks": "host", "properties": {
    "need": { "type": "string", "enum": ["assumed", "consulted", "led"], "x-question": "Who said so?" },
    "cost": { "type": "number", "minimum": 0, "maximum": 1, "x-unit": "share", "x-question": "Which share is repaid?" },
    "displaced": { "type": "boolean", "x-question": "Is anybody displaced?" },
    "consent": { "type": "boolean", "x-question": "Do they consent?" } } },
  "note": { "type": "string", "x-asks": "host" },
  "attestations": { "type": "array", "x-asks": "host", "items": { "type": "object", "additionalProperties": false, "properties": {
    "by": { "type": "string", "x-ref": "partners[].id" },
    "covers": { "type": "array", "items": { "type": "string", "x-path": true } },
    "contests": { "type": "object", "additionalProperties": true },
    "replaced": { "type": "object", "additionalProperties": true },
    "comments": { "type": "object", "additionalProperties": true },
    "on": { "type": "string", "format": "date" }, "how": { "type": "string" } } } } } }"#;

/// Who is a host, for the rules of this rulebook and for the engine.
const HOSTED_LIBRARY: &str = r#"fn hosts(program) { program.partners.filter(|partner| partner.role == "host").map(|partner| partner.id) }
fn trusted(program, path, degree) {
    let by = program.attested_by(path);
    if hosts(program).some(|host| host in by) { degree } else { min(degree, 0.9) }
}
"#;

const HOSTED_RULES: [(&str, &str, &str); 5] = [
    (
        "care/displaced",
        "critical",
        r#"fn check(program, param) { if program.host.displaced { unmet("Displaced") } else { met("Nobody") } }"#,
    ),
    (
        "care/consent",
        "major",
        r#"fn check(program, param) { if program.host.consent { met("Consent") } else { unmet("None") } }"#,
    ),
    (
        "care/need",
        "major",
        r#"fn check(program, param) {
    let degree = switch program.host.need { "led" => 1, "consulted" => 0.5, "assumed" => 0 };
    partly(trusted(program, "host.need", degree), "Need")
}"#,
    ),
    (
        "care/cost",
        "minor",
        r#"fn check(program, param) { partly(trusted(program, "host.cost", program.host.cost), "Cost") }"#,
    ),
    (
        "order/seats",
        "minor",
        r#"fn check(program, param) { partly(min(1, program.partners.map(|partner| partner.seats).sum() / 10), "Seats") }"#,
    ),
];

/// A proposal for the rulebook in which a host's word counts.
pub(crate) const PLAN: &str = "program: { id: a-program }\n\
    partners:\n  - { id: home, name: The school, role: lead, seats: 3 }\n  - { id: away, name: The hospital, role: host, seats: 0 }\n\
    host: { need: led, cost: 1, displaced: false }\nnote: nothing\n";

/// A rulebook in which a host's word counts.
pub(crate) fn hosted() -> &'static Rulebook {
    static BOOK: LazyLock<Rulebook> = LazyLock::new(|| {
        let pack = PACK.replace("engine =", "host_side = \"hosts\"\nengine =");
        let office = "[[respondents]]\nid = \"office\"\ntitle = \"Office\"\n";
        let library = [("lib/hosts.rhai", HOSTED_LIBRARY)];
        load(&format!("{pack}{office}"), HOSTED, &HOSTED_RULES, &library)
    });
    &BOOK
}

/// The rulebook.
pub(crate) fn book() -> &'static Rulebook {
    static BOOK: LazyLock<Rulebook> = LazyLock::new(|| load(PACK, SCHEMA, &RULES, &[]));
    &BOOK
}

fn load(
    pack: &str,
    schema: &str,
    rules: &[(&str, &str, &str)],
    library: &[(&str, &str)],
) -> Rulebook {
    let mut files = BTreeMap::new();
    let mut add = |path: String, text: String| {
        files.insert(path, text.into_bytes().into());
    };
    add("pack.toml".to_owned(), pack.to_owned());
    add("schema.json".to_owned(), schema.to_owned());
    for (path, text) in library {
        add((*path).to_owned(), (*text).to_owned());
    }
    for (id, severity, script) in rules {
        let page = format!(
            "---\ntitle: Rule {id}\nseverity: {severity}\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n\n\
             ## What helps\n\nDo it.\n"
        );
        add(format!("{id}.md"), page);
        add(format!("{id}.rhai"), (*script).to_owned());
    }
    let pack = PackFiles {
        folder: "small".to_owned(),
        files,
        ..PackFiles::default()
    };
    let book = Rulebook::load(vec![pack], Vec::new(), Settings::default()).unwrap();
    assert!(book.broken().is_empty(), "{:?}", book.broken());
    book
}
