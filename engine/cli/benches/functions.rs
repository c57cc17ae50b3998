//! What a function costs inside a script: `cargo bench -p evenhand --bench functions`. Items are calls.
//!
//! A remembered call of a plugin's pure function should cost what a built-in costs: compare the lines after taking `nothing`,
//! the loop alone, from each.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

#[expect(dead_code, reason = "what tests need as well")]
#[path = "../../../tests/assembly.rs"]
mod assembly;

use assembly::root;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use evenhand_core::document::{Document, Format};
use evenhand_core::pack::PackFiles;
use evenhand_core::plugin::Plugin;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use evenhand_plugin_host::{HostOptions, Loaded, Mode, PluginFile};
use serde_json::{Value, json};

fn main() {
    divan::main();
}

/// Calls in one evaluation; the first is the one that is remembered.
const CALLS: usize = 1000;

/// What is called in the loop.
const CALLED: [&str; 6] = [
    "nothing",
    "built-in of two numbers",
    "remembered, of two texts",
    "built-in of text",
    "remembered, of one text, to a table",
    "a table",
];

fn expression(called: &str) -> &'static str {
    match called {
        "built-in of two numbers" => "share(2.5, 5.0)",
        "remembered, of two texts" => r#"great_circle_km("FRA", "NBO")"#,
        "remembered, of one text, to a table" => r#"airport("NBO")"#,
        "a table" => {
            r#"#{ city: "Nairobi", country: "KE", iata: "NBO", lat: -1.3, lon: 36.9, name: "Kenyatta" }"#
        }
        "built-in of text" => r#""NBO".replace("N", "M")"#,
        _ => "5.0",
    }
}

/// A rule that calls it again and again.
fn pack(called: &str) -> PackFiles {
    let expression = expression(called);
    let page = "---\ntitle: A loop\nseverity: minor\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";
    let script = format!(
        "fn check(program, param) {{\n  let got = 0.0;\n  let at = 0;\n  while at < {CALLS} {{ got = {expression}; at += 1; }}\n  met()\n}}\n"
    );
    let about = "[pack]\nname = \"loop\"\n[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n";
    let mut pack = PackFiles {
        folder: "loop".to_owned(),
        checked: true,
        ..PackFiles::default()
    };
    let schema = json!({ "type": "object", "properties": { "flows": { "type": "array", "items": { "type": "object" } } } });
    for (path, text) in [
        ("pack.toml", about.to_owned()),
        ("schema.json", schema.to_string()),
        ("ethics/loop.md", page.to_owned()),
        ("ethics/loop.rhai", script),
    ] {
        pack.files.insert(path.to_owned(), text.into_bytes().into());
    }
    pack
}

fn climate(isolated: bool) -> Box<dyn Plugin> {
    if !isolated {
        let table = evenhand_standard::table("climate").unwrap();
        return Box::new(Loaded::bundled(table, &Value::Null).unwrap());
    }
    let file = PluginFile {
        library: std::env::current_exe()
            .unwrap()
            .with_file_name("libevenhand_plugin_climate.so"),
        manifest: root().join("plugins/climate/plugin.json"),
    };
    let options = HostOptions::new(env!("CARGO_BIN_EXE_evenhand"));
    Box::new(Loaded::open(&file, Mode::Isolated, None, &Value::Null, &options).unwrap())
}

fn evaluate(bencher: Bencher<'_, '_>, called: &str, isolated: bool) {
    let plugins = vec![climate(isolated)];
    let book = Rulebook::load(vec![pack(called)], plugins, Settings::default()).unwrap();
    let proposal = Document::parse("p.yaml", b"flows: []\n", Format::Yaml).unwrap();
    let evaluation = book.judge(&proposal);
    let finding = evaluation.findings.first().unwrap();
    assert_eq!(finding.error, None, "{called}");
    bencher
        .counter(ItemsCount::new(CALLS))
        .bench(|| book.evaluate(black_box(&proposal)));
}

#[divan::bench(args = CALLED)]
fn bundled(bencher: Bencher<'_, '_>, called: &str) {
    evaluate(bencher, called, false);
}

#[divan::bench(args = CALLED)]
fn isolated(bencher: Bencher<'_, '_>, called: &str) {
    evaluate(bencher, called, true);
}
