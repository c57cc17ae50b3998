//! What of a verdict depends on weights, as people and programs get it.

use crate::assembly::{evenhand, root};
use serde_json::Value;

const HAITI: &str = "examples/proposals/c05-haiti-camp.yaml";

fn shown(args: &[&str]) -> String {
    let output = evenhand().args(args).output().unwrap();
    assert_eq!(output.stderr, b"", "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_stop_is_a_stop_whatever_the_weights() {
    let text = shown(&["check", HAITI, "--verbose", "--width", "200"]);
    assert!(
        text.contains("The verdict is the same in 100 % of 10000 draws of weights within 30 % of those in force."),
        "{text}"
    );
    assert!(
        text.contains("No change of one weight gives another verdict."),
        "{text}"
    );
    assert!(!shown(&["check", HAITI]).contains("draws of weights"));
    for (language, said) in [
        ("es", "Ningún cambio de un solo peso"),
        ("fr", "Aucun changement d’un seul poids"),
    ] {
        let text = shown(&[
            "check",
            HAITI,
            "--verbose",
            "--width",
            "200",
            "--locale",
            language,
        ]);
        assert!(text.contains(said), "{text}");
    }
}

/// Every example: shares lie in 0..=100, every draw has one verdict, and points as judged lie within the bounds.
#[test]
fn shares_and_bounds_fit_what_was_judged() {
    let examples = std::fs::read_dir(root().join("examples/proposals")).unwrap();
    let mut seen = 0;
    for entry in examples {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let text = shown(&["check", path.to_str().unwrap(), "--format", "json"]);
        let card: Value = serde_json::from_str(&text).unwrap();
        let found = &card["robustness"];
        let verdicts = found["verdicts"].as_object().unwrap();
        let draws: u64 = verdicts.values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(draws, 10_000, "{path:?}");
        let word = card["verdict"]["word"].as_str().unwrap();
        let same = verdicts
            .get(word)
            .and_then(Value::as_u64)
            .unwrap_or_default();
        assert_eq!(found["same_verdict"], same / 100, "{path:?}");
        assert_eq!(card["receipt"]["seed"], found["seed"]);
        for own in found["dimensions"].as_array().unwrap() {
            let all = card["dimensions"].as_array().unwrap();
            let score = all.iter().find(|score| score["id"] == own["id"]).unwrap();
            for end in ["low", "high"] {
                let (Some(least), Some(most)) = (own[end][0].as_u64(), own[end][1].as_u64()) else {
                    continue;
                };
                let points = score[end].as_u64().unwrap();
                assert!((least..=most).contains(&points), "{path:?} {own} {score}");
                seen += 1;
            }
        }
        if let Some(flip) = found["flip"].as_object() {
            assert_ne!(flip["verdict"], word, "{path:?}");
        }
    }
    assert!(seen > 20, "{seen}");
}
