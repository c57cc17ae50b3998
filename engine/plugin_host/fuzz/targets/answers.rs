//! What a plugin answers to `derive` and, after the first NUL, to `assess`, as far as the scorecard.

#![no_main]

use evenhand_contract::plugin::{Argument, Manifest, Origin, Plugin, PluginError, PluginSource};
use evenhand_core::document::{Document, Format};
use evenhand_core::executor::Sequential;
use evenhand_core::pack::PackFiles;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use std::sync::{Arc, Mutex, OnceLock};

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "weeks": { "type": "number" }, "about": { "type": "string" }, "secret": { "type": "string" },
  "partners": { "type": "array", "items": { "type": "object", "additionalProperties": false,
    "properties": { "name": { "type": "string" } } } } } }"#;

const PAGE: &str = "---\ntitle: A rule\nseverity: critical\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";

const SCRIPT: &str = r#"fn check(program, param) {
  if program.has("derived.puppet.tonnes") && program.derived.puppet.tonnes > 3 { unmet("Much") } else { met("Little") }
}"#;

const MANIFEST: &str = r#"{ "manifest_version": 1, "id": "puppet", "title": "Puppet", "version": "0.1.0", "abi": "1.0",
  "engine": ">=0.1, <0.2", "licence": "MIT", "reads": ["/weeks", "/about", "/partners"],
  "provides": { "type": "object", "additionalProperties": false, "properties": {
    "tonnes": { "type": "number", "minimum": 0 },
    "words": { "type": "array", "items": { "type": "string" } },
    "of": { "type": "object", "additionalProperties": false, "properties": { "a": { "type": "integer" } } } } },
  "rules": [{ "id": "ethics/own", "title": "Its own", "dimension": "ethics", "severity": "major" }] }"#;

const PROPOSAL: &str = "weeks: 1\nabout: They are empowered, é and 語.\nsecret: never shown\npartners:\n  - name: Kisumu\n";

/// What the plugin says next.
static SAID: Mutex<(String, String)> = Mutex::new((String::new(), String::new()));

#[derive(Debug)]
struct Puppet {
    manifest: Manifest,
    origin: Origin,
}

impl Puppet {
    fn new() -> Self {
        Self {
            manifest: serde_json::from_str(MANIFEST).unwrap(),
            origin: Origin {
                sha256: "00".to_owned(),
                mode: "isolated",
                signer: None,
            },
        }
    }
}

impl PluginSource for Puppet {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn create(&self) -> Result<Box<dyn Plugin>, PluginError> {
        Ok(Box::new(Self::new()))
    }

    fn limit(&self) -> usize {
        1
    }
}

impl Plugin for Puppet {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn derive(&mut self, _: &str) -> Result<String, PluginError> {
        Ok(SAID.lock().unwrap().0.clone())
    }

    fn assess(&mut self, _: &str) -> Result<String, PluginError> {
        Ok(SAID.lock().unwrap().1.clone())
    }

    fn call(&mut self, _: usize, _: &[Argument]) -> Result<Argument, PluginError> {
        Ok(Argument::Unit)
    }
}

fn judge() -> &'static (Rulebook, Document) {
    static JUDGE: OnceLock<(Rulebook, Document)> = OnceLock::new();
    JUDGE.get_or_init(|| {
        let mut pack = PackFiles {
            folder: "small".to_owned(),
            ..PackFiles::default()
        };
        for (path, text) in [
            (
                "pack.toml",
                "[pack]\nname = \"small\"\n[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n",
            ),
            ("schema.json", SCHEMA),
            ("ethics/read.md", PAGE),
            ("ethics/read.rhai", SCRIPT),
        ] {
            pack.files
                .insert(path.to_owned(), text.as_bytes().to_vec().into());
        }
        let book = Rulebook::open(
            vec![pack],
            vec![Arc::new(Puppet::new()) as Arc<dyn PluginSource>],
            Settings::default(),
            Arc::new(Sequential),
        )
        .unwrap();
        assert!(book.broken().is_empty());
        let proposal = Document::parse("p.yaml", PROPOSAL.as_bytes(), Format::Yaml).unwrap();
        (book, proposal)
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == 0);
    let (derived, assessed) = bytes.split_at(end.unwrap_or(bytes.len()));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    *SAID.lock().unwrap() = (text(derived), text(assessed.get(1..).unwrap_or_default()));
    let (book, proposal) = judge();
    let card = book.judge(proposal);
    for finding in &card.findings {
        let degree = finding.degree;
        assert!((0.0..=1.0).contains(&degree.low) && degree.low <= degree.high && degree.high <= 1.0);
        for evidence in &finding.evidence {
            assert!(!evidence.value.to_string().contains("never shown"));
        }
    }
    // Whatever it says, the same is said of it again.
    assert_eq!(
        format!("{:?}", card.findings),
        format!("{:?}", book.judge(proposal).findings)
    );
});
