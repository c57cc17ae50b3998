//! A small pack for tests, of this crate and of those above it.

use crate::pack::PackFiles;
use crate::rulebook::Rulebook;
use crate::settings::Settings;

const PACK: &str =
    "[pack]\nname = \"small\"\n[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n";
const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "weeks": { "type": "integer", "minimum": 1, "maximum": 52, "title": "Weeks" },
  "mode": { "enum": ["virtual", "in_person"], "title": "Mode" } } }"#;
const SOURCES: &str = "[a-2020]\ntitle = \"A work\"\nseen = true\n";
/// The proposal that cases start from.
pub const BASE: &str = "weeks: 10\nmode: in_person\n";
/// The page of its only rule.
pub const PAGE: &str = r#"---
title: Stays are long
severity: major
sources: [a-2020]
params:
  least: { default: 8, basis: default, about: "Weeks that count in full" }
limits: Counts weeks, not what happens in them.
---

Short stays teach little.

## How it is judged

By weeks.

## What helps

Stay longer.

## Cases

```yaml
- name: long
  given: { base: usual }
  expect: { outcome: met }
- name: short
  given: { base: usual, set: { weeks: 2 } }
  expect: { outcome: unmet }
- name: not known
  given: { base: usual, unset: [weeks] }
  expect: { outcome: unknown }
- name: online
  given: { base: usual, set: { mode: virtual } }
  expect: { outcome: not_applicable }
```
"#;
const SCRIPT: &str = r#"fn applies(program, param) { program.mode == "in_person" }
fn check(program, param) {
    if program.weeks >= param.least { return met("{weeks} weeks", #{ weeks: program.weeks }); }
    unmet("Only {weeks} weeks", #{ weeks: program.weeks })
}
fn remedy(program, param) { [set("weeks", param.least)] }
"#;

/// The small pack with some words of its files replaced: file, from, to. Without words to replace, the whole file; without
/// either, no file.
#[expect(clippy::unwrap_used, reason = "made for tests")]
#[must_use]
pub fn book(changes: &[(&str, &str, &str)]) -> Rulebook {
    let mut pack = PackFiles {
        folder: "small".to_owned(),
        ..PackFiles::default()
    };
    for (path, text) in [
        ("pack.toml", PACK),
        ("schema.json", SCHEMA),
        ("sources.toml", SOURCES),
        ("bases/usual.yaml", BASE),
        ("ethics/long-stay.md", PAGE),
        ("ethics/long-stay.rhai", SCRIPT),
    ] {
        let mut text = text.to_owned();
        for (_, from, to) in changes.iter().filter(|(file, ..)| *file == path) {
            assert!(text.contains(from), "{path} has no {from}");
            text = text.replace(from, to);
        }
        pack.files.insert(path.to_owned(), text.into_bytes().into());
    }
    for (path, from, to) in changes {
        if from.is_empty() && to.is_empty() {
            pack.files.remove(*path);
        } else if from.is_empty() {
            pack.files
                .insert((*path).to_owned(), to.as_bytes().to_vec().into());
        }
    }
    Rulebook::load_to_lint(vec![pack], Vec::new(), Settings::default()).unwrap()
}

/// A pack of one rule, a script over a schema: what is in `check`, or the whole script. The rule may be broken.
#[must_use]
pub fn scripted(schema: &str, script: &str) -> Rulebook {
    let script = if script.contains("fn check") {
        script.to_owned()
    } else {
        format!("fn check(program, param) {{ {script} }}")
    };
    let page = "---\ntitle: A rule\nseverity: major\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";
    book(&[
        ("schema.json", "", schema),
        ("ethics/long-stay.md", "", page),
        ("ethics/long-stay.rhai", "", &script),
    ])
}
