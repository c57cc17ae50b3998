//! A file that was written for an older version of the fields.

use super::text;
use crate::{App, Request};
use evenhand_core::executor::Sequential;
use evenhand_core::pack::PackFiles;
use evenhand_session::Distribution;
use std::sync::Arc;

const PACK: &str = "[pack]\nname = \"small\"\nschema_version = 2\n[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n\
    [[migrations]]\nto = 2\nrenamed = { \"stay.weeks\" = \"stay.duration\" }\n";
const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "stay": { "type": "object", "additionalProperties": false, "title": "Stay", "properties": {
    "duration": { "type": "integer", "minimum": 1, "maximum": 52, "title": "Weeks" } } } } }"#;

fn opened(source: &str) -> String {
    let files = [
        ("pack.toml", PACK),
        ("schema.json", SCHEMA),
        (
            "sources.toml",
            "[a-2020]\ntitle = \"A work\"\nseen = true\n",
        ),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().into()));
    let pack = PackFiles {
        folder: "small".to_owned(),
        files: files.into(),
        ..PackFiles::default()
    };
    let distribution = Distribution {
        packs: vec![pack],
        plugins: Vec::new(),
    };
    let app = App::open(distribution, None, None, Arc::new(Sequential)).unwrap();
    let fields = [
        ("v", "1"),
        ("do", "open"),
        ("file-name", "old.yaml"),
        ("file-text", source),
    ];
    text(&app.handle(&Request::post("plan.html", &fields)))
}

#[test]
fn it_is_opened_with_the_names_of_today_and_the_page_says_so() {
    let page = opened("stay:\n  weeks: 9 # at most\n");
    assert!(page.contains("This file is of an older version."), "{page}");
    assert!(page.contains("stay:\n  duration: 9 # at most"), "{page}");
    // One step back is the file as it was.
    assert!(!opened("stay:\n  duration: 9\n").contains("older version"));
}

#[test]
fn a_field_under_both_names_is_shown_where_it_stands() {
    let page = opened("stay:\n  weeks: 9\n  duration: 8\n");
    assert!(page.contains("both are given"), "{page}");
    assert!(page.contains("stay:\n  weeks: 9\n  duration: 8"), "{page}");
}
