//! The laws find what they are there to find: one plugin that keeps them, and one for each way of breaking them.

use evenhand_plugin::testing::{assert_lawful, breaches};
use evenhand_plugin::{Derived, Error, Evidence, Finding, Plugin, Problem, Value, plugin_table};
use serde_json::json;
use std::sync::atomic::{AtomicI64, Ordering};

const GOOD: &[u8] = br#"{
    "id": "good", "reads": ["/weeks", "/text"],
    "provides": { "type": "object", "additionalProperties": false, "properties": { "days": { "type": "integer" } } },
    "rules": [{ "id": "ethics/polite" }],
    "functions": [{ "name": "f", "pure": true, "params": [{ "name": "a", "type": "str" }, { "name": "b", "type": "i64" }], "returns": "i64" }]
}"#;

/// Makes a plugin of one name whose every part can be another.
macro_rules! plugin {
    ($name:ident, $manifest:expr, |$document:ident| $derive:expr, $assess:expr, |$a:ident, $b:ident| $function:expr) => {
        mod $name {
            use super::*;

            #[derive(Debug)]
            struct Tested {
                count: i64,
            }

            impl Plugin for Tested {
                fn create(_: &Value) -> Result<Self, Error> {
                    Ok(Self { count: 0 })
                }

                fn derive(&mut self, $document: &Value) -> Result<Derived, Error> {
                    self.count += 1;
                    let run: fn(&mut i64, &Value) -> Result<Derived, Error> = |count, $document| {
                        let _ = count;
                        $derive
                    };
                    run(&mut self.count, $document)
                }

                fn assess(&mut self, $document: &Value) -> Result<Vec<Finding>, Error> {
                    let _ = $document;
                    $assess
                }
            }

            impl Tested {
                #[allow(clippy::unnecessary_wraps, clippy::allow_attributes, reason = "only some of them fail")]
                fn f($a: &str, $b: i64) -> Result<i64, Error> {
                    let _ = ($a, $b);
                    $function
                }
            }

            plugin_table! { Tested, manifest = $manifest; pure fn f(a: &str, b: i64) -> Result<i64, Error>; }
        }
    };
}

fn days(document: &Value) -> Derived {
    let mut derived = Derived::new();
    match document.pointer("/weeks").and_then(Value::as_i64) {
        Some(weeks) => derived.fact("/days", weeks.saturating_mul(7), ["/weeks"]),
        None => derived.lacks("/days", ["/weeks"]),
    }
    derived
}

fn polite(document: &Value) -> Vec<Finding> {
    match document.pointer("/text").and_then(Value::as_str) {
        None => vec![Finding::unknown("ethics/polite", ["/text"], "no text")],
        Some(text) => match text
            .find("please")
            .and_then(|at| Evidence::quoting("/text", text, at..at + 6))
        {
            Some(evidence) => vec![
                Finding::met("ethics/polite", "{word}")
                    .arg("word", "please")
                    .evidence(evidence),
            ],
            None => vec![Finding::unmet("ethics/polite", "no {{please}}").at("/text")],
        },
    }
}

plugin!(
    good,
    GOOD,
    |document| Ok(days(document)),
    Ok(polite(document)),
    |a, b| {
        i64::try_from(a.len())
            .map(|length| length.saturating_add(b))
            .map_err(|error| Error::failed(error.to_string()))
    }
);

fn proposals() -> Vec<Value> {
    vec![
        json!({"weeks": 3, "text": "Ünd please", "secret": 7}),
        json!({"weeks": 4, "text": "", "secret": 8}),
    ]
}

#[test]
fn a_good_plugin_breaks_nothing() {
    assert_lawful(good::plugin_table(), &json!({}), &proposals());
}

#[track_caller]
fn finds(table: &'static evenhand_plugin::abi::Plugin, expected: &[&str]) {
    let found = breaches(table, &json!({}), &proposals());
    for words in expected {
        assert!(
            found.iter().any(|breach| breach.contains(words)),
            "{words}: {found:#?}"
        );
    }
}

static CALLS: AtomicI64 = AtomicI64::new(0);

mod counting {
    use super::{Derived, Error, Plugin, Value, plugin_table};

    #[derive(Debug)]
    struct Counting(i64);

    impl Plugin for Counting {
        fn create(_: &Value) -> Result<Self, Error> {
            Ok(Self(0))
        }

        fn derive(&mut self, _: &Value) -> Result<Derived, Error> {
            self.0 += 1;
            let mut derived = Derived::new();
            derived.fact("/days", self.0, [] as [&str; 0]);
            Ok(derived)
        }
    }

    plugin_table! { Counting, manifest = br#"{"id": "counting", "provides": {"type": "object"}}"#; }
}

#[test]
fn state_shows() {
    finds(
        counting::plugin_table(),
        &[
            "another answer after other documents",
            "another answer when asked again",
        ],
    );
}

plugin!(
    global,
    GOOD,
    |document| {
        let _ = document;
        let mut derived = Derived::new();
        derived.fact(
            "/days",
            CALLS.fetch_add(1, Ordering::Relaxed),
            [] as [&str; 0],
        );
        Ok(derived)
    },
    Ok(polite(document)),
    |a, b| Ok(CALLS.fetch_add(b, Ordering::Relaxed))
);

#[test]
fn global_state_shows() {
    finds(
        global::plugin_table(),
        &[
            "another answer in another instance",
            "another answer in another thread",
            "`f` is declared pure, but its answer changes",
        ],
    );
}

plugin!(
    nosy,
    GOOD,
    |document| {
        let mut derived = days(document);
        if document.get("secret").is_some() {
            derived.facts.remove("days");
            derived.inputs.clear();
        }
        Ok(derived)
    },
    Ok(polite(document)),
    |a, b| Ok(b)
);

#[test]
fn reading_what_was_not_asked_for_shows() {
    finds(
        nosy::plugin_table(),
        &["derive: the answer changes with something that the manifest's `reads` does not name"],
    );
}

plugin!(
    careless,
    GOOD,
    |document| {
        let mut derived = days(document);
        derived.fact("/Days", 1, ["/budget"]);
        derived.fact("/days", 1.5, ["/weeks"]);
        derived
            .inputs
            .insert("/nothing".into(), vec!["/weeks".into()]);
        derived.missing.insert("/days".into(), Vec::new());
        derived.problems.push(Problem::new("/elsewhere", "wrong"));
        Ok(derived)
    },
    Ok(vec![
        Finding::met("ethics/other", "{nobody}").at("/text/0"),
        Finding::met("ethics/polite", "").evidence(Evidence {
            path: "/text".into(),
            quote: Some("something".into()),
            start: Some(0),
            end: Some(9),
        }),
    ]),
    |a, b| Ok(b)
);

#[test]
fn careless_answers_show() {
    finds(
        careless::plugin_table(),
        &[
            "facts: `/Days` is not declared",
            "facts: `/days` is 1.5, expected integer",
            "inputs: `/budget` is outside",
            "inputs: there is no fact `/nothing`",
            "missing: the fact `/days` is there",
            "missing: `/days` names nothing",
            "problems: `/elsewhere` is outside",
            "findings: the manifest has no rule `ethics/other`",
            "the message has `{nobody}`, but no such argument",
            "there is no evidence at `/text/0`",
            "`/text` has `Ünd pleas` from 0 to 9, not `something`",
        ],
    );
}

plugin!(
    fragile,
    GOOD,
    |document| {
        let weeks = &document["weeks"];
        assert!(weeks.is_i64() || weeks.is_null(), "weeks");
        Ok(days(document))
    },
    document
        .get("text")
        .map(|_| Vec::new())
        .ok_or_else(|| Error::failed("no text")),
    |a, b| {
        assert!(a.len() < 1000, "long");
        Ok(b)
    }
);

#[test]
fn panics_and_refusals_show() {
    finds(
        fragile::plugin_table(),
        &[
            "derive: \"\" at `/weeks`: status 5",
            "assess: status 1 for the empty proposal",
            "function `f`: status 5: panicked: long",
        ],
    );
}
