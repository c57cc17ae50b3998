//! Documents that do not keep what the manifest says. As functions they are plain JSON; ordered for `derive` or `assess` they are
//! the misbehaviour.

use super::answer::send_as;
use super::{Deed, Scene, deed};
use evenhand_plugin::abi::{self, Status};
use evenhand_plugin::value::ValueType::Json;

/// The deeds of this file.
pub const DEEDS: &[Deed] = &[
    deed("wrong_shape", Json, |scene| {
        send(scene, r#"{"fact": {"days": 7}}"#)
    }),
    deed("array_document", Json, |scene| send(scene, "[]")),
    deed("undeclared_facts", Json, |scene| {
        send(scene, r#"{"facts": {"undeclared": 1}}"#)
    }),
    deed("wrong_facts", Json, |scene| {
        send(scene, r#"{"facts": {"days": "seven"}}"#)
    }),
    deed("foreign_input", Json, |scene| {
        send(
            scene,
            r#"{"facts": {"days": 7}, "inputs": {"/days": ["/budget"]}}"#,
        )
    }),
    deed("fact_and_missing", Json, |scene| {
        send(
            scene,
            r#"{"facts": {"days": 7}, "missing": {"/days": ["/weeks"]}}"#,
        )
    }),
    deed("foreign_rule", Json, |scene| {
        send(
            scene,
            r#"{"findings": [{"rule": "ethics/of-somebody-else", "outcome": "met", "message": "x"}]}"#,
        )
    }),
    deed("bad_degree", Json, |scene| {
        send(
            scene,
            r#"{"findings": [{"rule": "ethics/misbehaving", "outcome": "partly", "degree": 7, "message": "x"}]}"#,
        )
    }),
    deed("bad_outcome", Json, |scene| {
        send(
            scene,
            r#"{"findings": [{"rule": "ethics/misbehaving", "outcome": "splendid", "message": "x"}]}"#,
        )
    }),
    deed("false_quote", Json, |scene| {
        send(
            scene,
            r#"{"findings": [{"rule": "ethics/misbehaving", "outcome": "unmet", "message": "x",
                "evidence": [{"path": "/weeks", "quote": "words never written", "start": 5, "end": 2}]}]}"#,
        )
    }),
    deed("hostile_text", Json, |scene| {
        send(
            scene,
            r#"{"findings": [{"rule": "ethics/misbehaving", "outcome": "unmet",
                "message": "\u001b[2J\u202e<script>alert(1)</script>{nobody}\u0007\r\nPASSED"}]}"#,
        )
    }),
];

fn send(scene: &mut Scene<'_>, document: &str) -> Status {
    send_as(scene, abi::TAG_JSON, document.as_bytes())
}
