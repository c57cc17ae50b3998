//! Plugins that say nothing, too much or something else than they declared: the engine believes none of it, and nobody
//! passes because of it.

use crate::document::{Document, Format};
use crate::finding::Finding;
use crate::finding::Outcome::{self, Met, Unknown, Unmet};
use crate::pack::PackFiles;
use crate::plugin::{Argument, FailureKind, Manifest, Origin, Plugin, PluginError};
use crate::rulebook::Rulebook;
use crate::scorecard::Scorecard;
use crate::settings::Settings;
use crate::verdict::Word;
use serde_json::{Value, json};

/// A plugin that answers what a test lays down.
#[derive(Debug)]
struct Puppet {
    manifest: Manifest,
    origin: Origin,
    derive: Result<String, FailureKind>,
    assess: Result<String, FailureKind>,
    call: Result<Argument, FailureKind>,
    /// Every document it was handed.
    seen: std::sync::mpsc::Sender<String>,
}

impl Puppet {
    fn failure(&self, kind: FailureKind) -> PluginError {
        PluginError {
            plugin: self.manifest.id.clone(),
            kind,
            message: "the puppet was told to".to_owned(),
        }
    }
}

impl Plugin for Puppet {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn derive(&mut self, document: &str) -> Result<String, PluginError> {
        self.seen.send(document.to_owned()).unwrap();
        self.derive.clone().map_err(|kind| self.failure(kind))
    }

    fn assess(&mut self, document: &str) -> Result<String, PluginError> {
        self.seen.send(document.to_owned()).unwrap();
        self.assess.clone().map_err(|kind| self.failure(kind))
    }

    fn call(&mut self, _index: usize, _args: &[Argument]) -> Result<Argument, PluginError> {
        self.call.clone().map_err(|kind| self.failure(kind))
    }
}

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "weeks": { "type": "number" }, "secret": { "type": "string" } } }"#;

const PAGE: &str = "---\ntitle: A rule\nseverity: critical\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";

/// Rules that go on without the derived fact only where nobody has said it.
const SCRIPTS: &[(&str, &str)] = &[
    (
        "read",
        "if program.derived.puppet.tonnes > 3 { unmet(\"Much\") } else { met(\"Little\") }",
    ),
    (
        "has",
        "if program.has(\"derived.puppet.tonnes\") { unmet(\"Said\") } else { met(\"Not said\") }",
    ),
    (
        "get_or",
        "if program.get_or(\"derived.puppet.tonnes\", 0) > 3 { unmet(\"Much\") } else { met(\"Little\") }",
    ),
    (
        "call",
        "if twice(program.weeks) > 3 { unmet(\"Long\") } else { met(\"Short\") }",
    ),
    (
        "other",
        "if program.weeks > 99 { unmet(\"Long\") } else { met(\"Short\") }",
    ),
];

fn manifest() -> Manifest {
    serde_json::from_value(json!({
        "manifest_version": 1, "id": "puppet", "title": "Puppet", "version": "0.1.0", "abi": "1.0",
        "engine": ">=0.1, <0.2", "licence": "MIT", "reads": ["/weeks"],
        "provides": { "type": "object", "additionalProperties": false, "properties": { "tonnes": { "type": "number", "minimum": 0 } } },
        "functions": [{ "name": "twice", "params": [{ "name": "x", "type": "f64" }], "returns": "f64" }],
        "rules": [{ "id": "ethics/own", "title": "Its own", "dimension": "ethics", "severity": "major" }]
    }))
    .unwrap()
}

/// What a well-behaved puppet says.
fn good() -> (String, String) {
    (
        json!({ "facts": { "tonnes": 1 }, "inputs": { "/tonnes": ["/weeks"] } }).to_string(),
        json!({ "findings": [{ "rule": "ethics/own", "outcome": "met", "message": "",
            "evidence": [{ "path": "/weeks" }] }] })
        .to_string(),
    )
}

struct Judged {
    card: Scorecard,
    seen: Vec<String>,
}

impl Judged {
    fn finding(&self, name: &str) -> &Finding {
        let rule = format!("ethics/{name}");
        self.card
            .findings
            .iter()
            .find(|finding| finding.rule == rule)
            .unwrap()
    }

    fn outcomes(&self) -> Vec<(&str, Outcome)> {
        let names = ["read", "has", "get_or", "call", "other", "own"];
        names
            .into_iter()
            .map(|name| (name, self.finding(name).outcome))
            .collect()
    }
}

fn judge(
    derive: Result<String, FailureKind>,
    assess: Result<String, FailureKind>,
    call: Result<Argument, FailureKind>,
) -> Judged {
    let mut pack = PackFiles {
        folder: "small".to_owned(),
        ..PackFiles::default()
    };
    let mut file = |path: &str, text: &str| {
        pack.files
            .insert(path.to_owned(), text.as_bytes().to_vec().into())
    };
    file(
        "pack.toml",
        "[pack]\nname = \"small\"\n[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n",
    );
    file("schema.json", SCHEMA);
    for (name, body) in SCRIPTS {
        file(&format!("ethics/{name}.md"), PAGE);
        file(
            &format!("ethics/{name}.rhai"),
            &format!("fn check(program, param) {{ {body} }}"),
        );
    }
    let (seen, documents) = std::sync::mpsc::channel();
    let origin = Origin {
        sha256: "00".to_owned(),
        mode: "bundled",
        signer: None,
    };
    let puppet = Puppet {
        manifest: manifest(),
        origin,
        derive,
        assess,
        call,
        seen,
    };
    let book = Rulebook::load(vec![pack], vec![Box::new(puppet)], Settings::default()).unwrap();
    assert!(book.broken().is_empty(), "{:?}", book.broken());
    let proposal =
        Document::parse("p.yaml", b"weeks: 1\nsecret: of the board\n", Format::Yaml).unwrap();
    let card = book.judge(&proposal);
    Judged {
        card,
        seen: documents.try_iter().collect(),
    }
}

#[test]
fn what_a_plugin_says_is_used_and_it_sees_only_what_it_reads() {
    let (derive, assess) = good();
    let judged = judge(Ok(derive), Ok(assess), Ok(Argument::Number(2.0)));
    assert_eq!(
        judged.outcomes(),
        [
            ("read", Met),
            ("has", Unmet),
            ("get_or", Met),
            ("call", Met),
            ("other", Met),
            ("own", Met)
        ]
    );
    assert_eq!(judged.finding("own").plugin.as_deref(), Some("puppet"));
    assert_eq!(judged.finding("read").plugin, None);
    let evidence = &judged.finding("read").evidence[0];
    assert_eq!(evidence.value, json!(1));
    assert_eq!(evidence.inputs[0].path.as_str(), "/weeks");
    assert_eq!(judged.finding("own").evidence[0].value, json!(1));
    assert_eq!(judged.seen, ["{\"weeks\":1}", "{\"weeks\":1}"]);
    assert!(judged.card.failures.is_empty());
}

#[test]
fn a_plugin_that_fails_leaves_open_what_rests_on_it_and_nothing_else() {
    for kind in [
        FailureKind::Failed,
        FailureKind::Died,
        FailureKind::Limit,
        FailureKind::Panicked,
    ] {
        let judged = judge(Err(kind), Err(kind), Err(kind));
        assert_eq!(
            judged.outcomes(),
            [
                ("read", Unknown),
                ("has", Unknown),
                ("get_or", Unknown),
                ("call", Unknown),
                ("other", Met),
                ("own", Unknown)
            ],
            "{kind}"
        );
        for name in ["read", "has", "get_or", "call", "own"] {
            let finding = judged.finding(name);
            assert_eq!(
                (finding.degree.low, finding.degree.high),
                (0.0, 1.0),
                "{name}"
            );
            assert!(finding.error.as_ref().unwrap().contains("puppet"), "{name}");
        }
        assert_eq!(judged.card.verdict.word, Word::Incomplete);
        assert_eq!(judged.card.failures.len(), 2);
    }
}

#[test]
fn what_was_not_derived_is_not_known_and_names_its_inputs() {
    let (_, assess) = good();
    let silent = json!({ "facts": {}, "missing": { "/tonnes": ["/weeks"] } }).to_string();
    let judged = judge(Ok(silent), Ok(assess), Ok(Argument::Number(2.0)));
    let read = judged.finding("read");
    assert_eq!((read.outcome, read.error.as_ref()), (Unknown, None));
    assert_eq!(read.missing[0].as_str(), "/weeks");
    assert_eq!(judged.finding("has").outcome, Met);
}

#[test]
fn facts_that_do_not_fit_the_manifest_are_not_believed() {
    let (_, assess) = good();
    for (derive, why) in [
        ("", "malformed: EOF"),
        ("[]", "malformed"),
        ("{}", "missing field `facts`"),
        (r#"{ "facts": 3 }"#, "malformed: invalid type"),
        (
            r#"{ "facts": { "tonnes": "many" } }"#,
            "`/tonnes` is text, expected number",
        ),
        (r#"{ "facts": { "tonnes": -1 } }"#, "expected at least 0"),
        (
            r#"{ "facts": { "tonnes": 1, "more": 1 } }"#,
            "`/more` is not declared",
        ),
        (
            r#"{ "facts": { "tonnes": 1 }, "inputs": { "/tonnes": "/weeks" } }"#,
            "malformed: invalid type",
        ),
        (
            r#"{ "facts": { "tonnes": 1 }, "missing": { "tonnes": [] } }"#,
            "names nothing that prevented it",
        ),
    ] {
        let judged = judge(
            Ok(derive.to_owned()),
            Ok(assess.clone()),
            Ok(Argument::Number(2.0)),
        );
        let failure = &judged.card.failures[0];
        assert_eq!(failure.kind, FailureKind::BadAnswer, "{derive}");
        assert!(failure.message.contains(why), "{derive}: {failure}");
        assert_eq!(judged.finding("read").outcome, Unknown, "{derive}");
        assert_eq!(judged.card.verdict.word, Word::Incomplete, "{derive}");
    }
    let huge = format!(
        r#"{{ "facts": {{ "tonnes": 1 }}, "x": "{}" }}"#,
        "a".repeat(5 * 1024 * 1024)
    );
    let judged = judge(Ok(huge), Ok(assess), Ok(Argument::Number(2.0)));
    assert_eq!(judged.card.failures[0].kind, FailureKind::Limit);
}

#[test]
fn findings_that_contradict_themselves_are_not_believed() {
    let (derive, _) = good();
    let own = |finding: Value| {
        let mut finding = finding;
        finding["rule"] = json!("ethics/own");
        if finding.get("message").is_none() {
            finding["message"] = json!("x");
        }
        json!({ "findings": [finding] })
    };
    for (assess, why) in [
        (json!({}), "missing field `findings`"),
        (json!({ "findings": [] }), "gave no finding for its rule"),
        (
            json!({ "findings": [{ "rule": "ethics/read", "outcome": "met", "message": "" }] }),
            "the manifest has no rule `ethics/read`",
        ),
        (
            json!({ "findings": [{ "rule": "ethics/own", "outcome": "met", "message": "" },
                { "rule": "ethics/own", "outcome": "unmet", "message": "" }] }),
            "gave two findings",
        ),
        (own(json!({})), "missing field `outcome`"),
        (
            own(json!({ "outcome": "passed" })),
            "unknown variant `passed`",
        ),
        (
            own(json!({ "outcome": "partly" })),
            "the degree None does not fit",
        ),
        (
            own(json!({ "outcome": "partly", "degree": 1.5 })),
            "the degree Some(1.5) does not fit",
        ),
        (
            own(json!({ "outcome": "met", "degree": 0.5 })),
            "the degree Some(0.5) does not fit",
        ),
        (
            own(json!({ "outcome": "error" })),
            "unknown variant `error`",
        ),
        (
            own(json!({ "outcome": "unmet", "message": "{who} did it" })),
            "but no such argument",
        ),
    ] {
        let judged = judge(
            Ok(derive.clone()),
            Ok(assess.to_string()),
            Ok(Argument::Number(2.0)),
        );
        let failure = &judged.card.failures[0];
        assert!(failure.message.contains(why), "{assess}: {failure}");
        let found = judged.finding("own");
        assert_eq!(
            (found.outcome, found.degree.low),
            (Unknown, 0.0),
            "{assess}"
        );
        assert_eq!(judged.finding("read").outcome, Met, "{assess}");
    }
}

#[test]
fn a_function_that_is_called_wrongly_is_the_scripts_fault() {
    let (derive, assess) = good();
    let judged = judge(Ok(derive), Ok(assess), Err(FailureKind::BadArguments));
    let call = judged.finding("call");
    assert_eq!((call.outcome, call.degree.low), (Outcome::Error, 0.0));
    assert_eq!(judged.finding("other").outcome, Met);
}

#[test]
fn a_plugin_cannot_take_the_place_of_what_scripts_call() {
    let mut stolen = manifest();
    stolen.functions[0].name = "share".to_owned();
    stolen.rules[0].id = "ethics/taken".to_owned();
    let (seen, _documents) = std::sync::mpsc::channel();
    let puppet = Puppet {
        manifest: stolen,
        origin: Origin {
            sha256: "00".to_owned(),
            mode: "bundled",
            signer: None,
        },
        derive: Ok("{}".to_owned()),
        assess: Ok("{}".to_owned()),
        call: Ok(Argument::Number(1.0)),
        seen,
    };
    let mut pack = PackFiles {
        folder: "small".to_owned(),
        ..PackFiles::default()
    };
    let about = "[pack]\nname = \"small\"\n[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n";
    pack.files
        .insert("pack.toml".to_owned(), about.as_bytes().to_vec().into());
    pack.files
        .insert("schema.json".to_owned(), SCHEMA.as_bytes().into());
    pack.files
        .insert("ethics/taken.md".to_owned(), Vec::new().into());
    let loaded = Rulebook::load(vec![pack], vec![Box::new(puppet)], Settings::default());
    let problems = loaded.unwrap_err();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].message.contains("`share`"), "{problems:?}");
    assert!(
        problems[1].message.contains("`ethics/taken`"),
        "{problems:?}"
    );
}
