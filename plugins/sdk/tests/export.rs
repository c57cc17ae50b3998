//! A plugin made by the macro, through its table: calls, wrong calls, panics, limits, log.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use evenhand_plugin::abi;
use evenhand_plugin::testing::{Failure, Harness, function_differences, manifest_differences};
use evenhand_plugin::{
    Argument, Derived, Error, Finding, Level, Plugin, Value, cancelled, export_plugin, log,
};
use serde_json::json;

/// Does a bit of everything.
#[derive(Debug)]
pub struct Sampler {
    greeting: String,
    calls: i64,
}

impl Plugin for Sampler {
    fn create(settings: &Value) -> Result<Self, Error> {
        let greeting = match settings.get("greeting") {
            None => "hello",
            Some(Value::String(text)) if text == "panic" => panic!("in create"),
            Some(Value::String(text)) => text,
            Some(_) => return Err(Error::bad_arguments("`greeting` must be text")),
        };
        Ok(Self {
            greeting: greeting.to_owned(),
            calls: 0,
        })
    }

    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        log(Level::Info, "deriving");
        let mut derived = Derived::new();
        match proposal.pointer("/weeks").and_then(Value::as_i64) {
            Some(weeks) => derived.fact("/days", weeks * 7, ["/weeks"]),
            None => derived.lacks("/days", ["/weeks"]),
        }
        derived.fact("/zebra", json!({"z": 1, "a": 2}), [] as [&str; 0]);
        Ok(derived)
    }

    fn assess(&mut self, proposal: &Value) -> Result<Vec<Finding>, Error> {
        if proposal.pointer("/weeks").is_none() {
            return Ok(vec![Finding::partly(
                "a/b",
                f64::NAN,
                "a degree that is none",
            )]);
        }
        Ok(vec![
            Finding::met("a/b", "{weeks} weeks")
                .arg("weeks", 3)
                .at("/weeks"),
        ])
    }
}

impl Sampler {
    fn greet(&mut self, name: &str, loud: bool) -> Result<String, Error> {
        if name.is_empty() {
            return Err("nobody to greet".into());
        }
        let text = format!("{} {name}", self.greeting);
        Ok(if loud { text.to_uppercase() } else { text })
    }

    fn halve(number: f64) -> f64 {
        number / 2.0
    }

    fn divide(a: f64, b: f64) -> f64 {
        a / b
    }

    fn keys(document: &Value) -> Result<Value, Error> {
        let object = document
            .as_object()
            .ok_or_else(|| Error::failed("not an object"))?;
        Ok(json!({"n": object.len(), "keys": object.keys().collect::<Vec<_>>()}))
    }

    fn count(&mut self) -> i64 {
        self.calls += 1;
        self.calls
    }

    fn fail_badly(why: &str) {
        assert!(why.is_empty(), "{why}");
    }

    fn wait() -> Result<bool, Error> {
        if cancelled() {
            Err(Error::limit("cancelled"))
        } else {
            Ok(true)
        }
    }
}

export_plugin! { Sampler, id = sampler_of_things, manifest = br#"{
    "manifest_version": 1, "id": "sampler-of-things", "abi": "1.0", "reads": ["/weeks"],
    "functions": [
        { "name": "greet", "pure": true, "returns": "str",
          "params": [{ "name": "name", "type": "str" }, { "name": "loud", "type": "bool" }] },
        { "name": "halve", "pure": true, "params": [{ "name": "number", "type": "f64" }], "returns": "f64" },
        { "name": "divide", "params": [{ "name": "a", "type": "f64" }, { "name": "b", "type": "f64" }], "returns": "f64" },
        { "name": "keys", "pure": true, "params": [{ "name": "document", "type": "json" }], "returns": "json" },
        { "name": "count", "params": [], "returns": "i64" },
        { "name": "fail_badly", "params": [{ "name": "why", "type": "str" }], "returns": "unit" },
        { "name": "wait", "params": [], "returns": "bool" }
    ]
}"#;
    /// Greets somebody.
    pure fn greet(&mut self, name: &str, loud: bool) -> Result<String, Error>;
    pure fn halve(number: f64) -> f64;
    fn divide(a: f64, b: f64) -> f64;
    pure fn keys(document: &Value) -> Result<Value, Error>;
    fn count(&mut self) -> i64;
    fn fail_badly(why: &str);
    fn wait() -> Result<bool, Error>;
}

fn sampler() -> Harness {
    Harness::new(plugin_table(), &json!({})).unwrap()
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Failure>, status: abi::Status, words: &str) {
    let failure = answer.unwrap_err();
    assert_eq!(failure.status, status, "{failure}");
    assert!(failure.message.contains(words), "{failure}");
}

#[test]
fn every_type_goes_there_and_back() {
    let mut plugin = sampler();
    assert_eq!(
        plugin.call("greet", &["Wanjirũ".into(), true.into()]),
        Ok("HELLO WANJIRŨ".into())
    );
    assert_eq!(plugin.call("halve", &[5.0.into()]), Ok(2.5.into()));
    assert_eq!(
        plugin.call("keys", &[json!({"b": 1, "a": 2}).into()]),
        Ok(json!({"keys": ["a", "b"], "n": 2}).into())
    );
    assert_eq!(plugin.call("count", &[]), Ok(1.into()));
    assert_eq!(plugin.call("count", &[]), Ok(2.into()));
    assert_eq!(plugin.call("fail_badly", &["".into()]), Ok(Argument::Unit));
    assert_eq!(plugin.call("wait", &[]), Ok(true.into()));
}

#[test]
fn errors_name_the_function_and_what_is_wrong() {
    let mut plugin = sampler();
    refused(
        plugin.call("greet", &["".into(), true.into()]),
        abi::STATUS_FAILED,
        "`greet`: nobody to greet",
    );
    refused(
        plugin.call("greet", &["x".into()]),
        abi::STATUS_BAD_ARGS,
        "takes 2 arguments, got 1",
    );
    refused(
        plugin.call("halve", &[2.into()]),
        abi::STATUS_BAD_ARGS,
        "`number` of `halve(number: f64) -> f64` must be f64, got i64",
    );
    refused(
        plugin.call("halve", &[f64::NAN.into()]),
        abi::STATUS_BAD_ARGS,
        "argument 1 is not a finite number",
    );
    refused(
        plugin.call("divide", &[1.0.into(), 0.0.into()]),
        abi::STATUS_FAILED,
        "not a finite number: inf",
    );
    refused(
        plugin.call("keys", &[json!([]).into()]),
        abi::STATUS_FAILED,
        "not an object",
    );
    refused(
        plugin.call_index(7, &[]),
        abi::STATUS_UNKNOWN,
        "no function 7; the plugin has 7",
    );
    refused(
        plugin.call("nothing", &[]),
        abi::STATUS_INTERNAL,
        "no function `nothing`",
    );
}

#[test]
fn settings_are_checked() {
    let mut plugin = Harness::new(plugin_table(), &json!({"greeting": "karibu"})).unwrap();
    assert_eq!(
        plugin.call("greet", &["Ana".into(), false.into()]),
        Ok("karibu Ana".into())
    );
    let wrong = |settings| Harness::new(plugin_table(), &settings);
    refused(
        wrong(json!({"greeting": 1})),
        abi::STATUS_BAD_ARGS,
        "`greeting` must be text",
    );
    refused(
        wrong(json!([])),
        abi::STATUS_BAD_ARGS,
        "the settings must be a JSON object",
    );
    refused(
        wrong(json!({"greeting": "panic"})),
        abi::STATUS_PANIC,
        "panicked: in create",
    );
}

#[test]
fn a_panic_ends_the_instance_and_no_other() {
    let (mut plugin, mut other) = (sampler(), sampler());
    refused(
        plugin.call("fail_badly", &["ouch".into()]),
        abi::STATUS_PANIC,
        "panicked: ouch",
    );
    refused(
        plugin.call("halve", &[1.0.into()]),
        abi::STATUS_PANIC,
        "an earlier call panicked",
    );
    refused(
        plugin.derive(&json!({})),
        abi::STATUS_PANIC,
        "an earlier call panicked",
    );
    assert_eq!(other.call("halve", &[1.0.into()]), Ok(0.5.into()));
}

#[test]
fn documents_have_sorted_keys() {
    let mut plugin = sampler();
    let (status, bytes) = plugin.run(abi::OP_DERIVE, br#"{"weeks": 3}"#);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(status, abi::STATUS_OK, "{text}");
    assert_eq!(
        text,
        r#"{"facts":{"days":21,"zebra":{"a":2,"z":1}},"inputs":{"/days":["/weeks"]}}"#
    );
    assert_eq!(
        plugin.derive(&json!({"days": 1})).unwrap().missing["/days"],
        ["/weeks"]
    );
}

#[test]
fn findings_that_contradict_themselves_do_not_leave() {
    let mut plugin = sampler();
    assert_eq!(plugin.assess(&json!({"weeks": 3})).unwrap().len(), 1);
    refused(
        plugin.assess(&json!({})),
        abi::STATUS_INTERNAL,
        "the degree Some(NaN) does not fit",
    );
}

#[test]
fn documents_that_are_none_are_refused() {
    let mut plugin = sampler();
    for input in [&b"nul"[..], b"[]", b"\xff", &b"[".repeat(5000)] {
        assert_eq!(plugin.run(abi::OP_DERIVE, input).0, abi::STATUS_BAD_ARGS);
    }
    assert_eq!(
        plugin.run(abi::OP_DERIVE, b"").0,
        abi::STATUS_OK,
        "no bytes are an empty proposal"
    );
    assert_eq!(plugin.run(9, b"{}").0, abi::STATUS_UNKNOWN);
}

#[test]
fn a_sink_may_refuse() {
    let mut plugin = sampler().limit(10);
    refused(
        plugin.call("greet", &["somebody with a name".into(), false.into()]),
        abi::STATUS_LIMIT,
        "",
    );
    refused(plugin.derive(&json!({})), abi::STATUS_LIMIT, "");
    assert_eq!(
        plugin.call("greet", &["Ana".into(), false.into()]),
        Ok("hello Ana".into())
    );
}

#[test]
fn the_host_hears_the_log_and_can_cancel() {
    let mut plugin = sampler();
    plugin.derive(&json!({})).unwrap();
    assert_eq!(plugin.logged(), [(abi::LOG_INFO, "deriving".to_owned())]);
    plugin.cancel();
    refused(plugin.call("wait", &[]), abi::STATUS_LIMIT, "cancelled");
    log(Level::Error, "outside a call"); // goes nowhere
    assert!(!cancelled());
}

#[test]
fn the_default_answers_nothing() {
    mod bare {
        use evenhand_plugin::{Error, Plugin, Value, plugin_table};
        #[derive(Debug)]
        struct Bare;
        impl Plugin for Bare {
            fn create(_: &Value) -> Result<Self, Error> {
                Ok(Self)
            }
        }
        plugin_table! { Bare, manifest = b"{}"; }
    }
    let mut plugin = Harness::new(bare::plugin_table(), &json!({})).unwrap();
    refused(
        plugin.derive(&json!({})),
        abi::STATUS_UNKNOWN,
        "derives nothing",
    );
    refused(plugin.assess(&json!({})), abi::STATUS_UNKNOWN, "no rules");
    refused(
        plugin.call_index(0, &[]),
        abi::STATUS_UNKNOWN,
        "no function 0",
    );
}

#[test]
fn a_manifest_that_says_otherwise_is_found() {
    mod liar {
        use evenhand_plugin::{Error, Plugin, Value, plugin_table};
        #[derive(Debug)]
        pub(super) struct Liar;
        impl Plugin for Liar {
            fn create(_: &Value) -> Result<Self, Error> {
                Ok(Self)
            }
        }
        impl Liar {
            fn one(a: i64) -> i64 {
                a
            }
            fn two() {}
        }
        plugin_table! { Liar, manifest = br#"{
            "manifest_version": 2, "id": "other", "abi": "1.7",
            "functions": [{ "name": "one", "params": [{ "name": "a", "type": "f64" }], "returns": "i64" }]
        }"#;
            pure fn one(a: i64) -> i64;
            fn two();
        }
    }
    assert_eq!(
        manifest_differences(liar::plugin_table(), "liar"),
        [
            "`manifest_version` must be 1",
            "the id is `other`, the macro was given `liar`",
            "the ABI is `1.7`, the SDK speaks 1.0 to 1.0",
        ]
    );
    assert_eq!(
        function_differences::<liar::Liar>(),
        [
            "function 0: the manifest has `one(a: f64) -> i64`, the code has `pure one(a: i64) -> i64`",
            "function 1: the manifest has nothing, the code has `two() -> unit`",
        ]
    );
}
