//! Every twin and every deed of the misbehaving plugin, and what the host makes of it.

use crate::build::options;
use evenhand_contract::plugin::{Argument, FailureKind, Plugin as _, PluginError, ValueType};
use evenhand_plugin_host::{Inspection, Loaded, Mode, PluginFile, inspect};
use evenhand_plugin_misbehaving::fixtures::{self, TWINS};
use evenhand_plugin_misbehaving::misbehaving_table;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Compiles a twin in a folder of its own.
pub(crate) fn twin(name: &str) -> (TempDir, PluginFile) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("made-at-load");
    let library = fixtures::build(name, folder.path(), target.to_str().unwrap()).unwrap();
    (folder, PluginFile::beside(library))
}

fn load(file: &PluginFile, mode: Mode, settings: &Value) -> Result<Loaded, String> {
    let mut options = options();
    options.limits.start = std::time::Duration::from_millis(400);
    Loaded::open(file, mode, None, settings, &options).map_err(|error| error.to_string())
}

/// What must come of a twin.
enum Fate {
    /// It loads and `twice(3)` is 6.
    Works,
    /// It is refused with these words.
    Refused(&'static str),
    /// It loads, and what its start-up code tried was refused.
    Fenced,
    /// It loads, and its worker ends itself in a call.
    Ends,
    /// It loads, and a call is answered with this kind of failure.
    Fails(&'static str, Argument),
}

fn fate(name: &str) -> Fate {
    use Fate::{Ends, Fails, Fenced, Refused, Works};
    match name {
        "well" | "plain_entry" | "later_minor" | "visible_helper" | "leak" | "unchecked_args"
        | "counter" | "address" | "shared_state" | "time_zone" | "half_refusal" | "slow_answer"
        | "loose_answer" | "exit_handler" => Works,
        "load_signals" | "load_socket" | "load_file" | "load_fork" | "load_environment"
        | "load_inherits" | "load_opens" => Fenced,
        "load_greets" => Refused("a message of kind"),
        "load_waits" => Refused("waited for"),
        "type_lie" | "x87_mode" | "mxcsr_mode" => Fails("twice", Argument::Integer(3)),
        "closes" => Ends,
        "nan_answer" => Fails("half", Argument::Number(3.0)),
        "no_entry" => Refused("exports neither `evenhand_twin_v1` nor `evenhand_plugin_v1`"),
        "load_crash" => Refused("SIGSEGV"),
        "load_loop" => Refused("was not ready after"),
        "load_exit" => Refused("exit status 0"),
        "undefined_symbol" => Refused("cannot be linked"),
        "evil_rpath" => Refused("/opt/evil"),
        "needs_library" => Refused("libresolv"),
        "fast_math" => Refused("floating-point mode"),
        "wrong_magic" => Refused("is not an Evenhand plugin"),
        "wrong_abi" => Refused("update Evenhand"),
        "old_abi" => Refused("rebuild the plugin"),
        "short_table" => Refused("16 bytes"),
        "null_table" => Refused("returned no table"),
        "null_create" => Refused("no `create` function"),
        "null_call" => Refused("no `call` function"),
        "null_run" => Refused("no `run` function"),
        "manifest_null" => Refused("no manifest"),
        "manifest_not_utf8" => Refused("not UTF-8"),
        "manifest_not_json" | "manifest_differs" => Refused("differs from the one beside it"),
        other => panic!("say what must come of the twin `{other}`"),
    }
}

#[test]
fn every_twin_has_the_fate_it_deserves() {
    for twin in TWINS {
        if ["fast_math", "mxcsr_mode", "x87_mode"].contains(&twin.name)
            && !cfg!(target_arch = "x86_64")
        {
            continue;
        }
        check(twin.name);
    }
}

fn check(name: &str) {
    let (folder, file) = twin(name);
    let loaded = load(&file, Mode::Isolated, &Value::Null);
    let call = |plugin: &mut Loaded, function: &str, args: &[Argument]| {
        let index = plugin
            .manifest()
            .functions
            .iter()
            .position(|known| known.name == function)
            .unwrap();
        plugin.call(index, args)
    };
    match fate(name) {
        Fate::Refused(words) => {
            let message = loaded.unwrap_err();
            assert!(
                message.contains(words),
                "{name}: `{words}` is not in:\n{message}"
            );
            assert!(
                message.contains("`twin`") || message.contains("libtwin.so"),
                "{name}: {message}"
            );
        }
        Fate::Works => {
            let mut plugin = loaded.unwrap();
            let answer = call(&mut plugin, "twice", &[Argument::Integer(3)]);
            let expected = name == "address" || answer == Ok(Argument::Integer(6));
            assert!(expected && answer.is_ok(), "{name}: {answer:?}");
            assert!(plugin.derive("{}").unwrap().contains("seen"));
            assert_eq!(plugin.status().deaths, 0, "{name}");
        }
        Fate::Fenced => {
            let mut plugin = loaded.unwrap();
            let Argument::Integer(got) = call(&mut plugin, "at_load", &[]).unwrap() else {
                panic!()
            };
            let none =
                ["load_environment", "load_inherits", "load_opens"].contains(&name) && got == 0;
            assert!(none || got < 0, "{name}: {got}");
            assert!(!folder.path().join("made-at-load").exists());
        }
        Fate::Ends => {
            let mut plugin = loaded.unwrap();
            let error = call(&mut plugin, "twice", &[Argument::Integer(3)]).unwrap_err();
            assert_eq!(error.kind, FailureKind::Died, "{name}: {error}");
            assert!(error.message.contains("ended itself"), "{error}");
        }
        Fate::Fails(function, argument) => {
            let error = call(&mut loaded.unwrap(), function, &[argument]).unwrap_err();
            assert_eq!(error.kind, FailureKind::BadAnswer, "{name}: {error}");
        }
    }
}

/// The library of misbehaving Rust code, in a folder of its own; looked at once, because it is long.
pub(crate) fn rust_library() -> (TempDir, Inspection) {
    let folder = tempfile::tempdir().unwrap();
    let library = fixtures::install(folder.path()).unwrap();
    let found = inspect(&PluginFile::beside(library), &options()).unwrap();
    (folder, found)
}

fn start(found: &Inspection, settings: &Value) -> Result<Loaded, String> {
    let mut options = options();
    options.limits.start = std::time::Duration::from_secs(1);
    Loaded::inspected(found, Mode::Isolated, settings, &options).map_err(|error| error.to_string())
}

/// Does a deed in a fresh worker; the answer, and how often the worker died.
fn done(found: &Inspection, name: &str, with: &str) -> (Result<Argument, PluginError>, u32) {
    let mut plugin = start(found, &Value::Null).unwrap();
    let functions = &plugin.manifest().functions;
    let index = functions
        .iter()
        .position(|function| function.name == name)
        .unwrap();
    let args: Vec<Argument> = functions[index]
        .params
        .iter()
        .map(|param| match param.kind {
            ValueType::Str => Argument::Text(with.to_owned()),
            ValueType::I64 => Argument::Integer(with.parse().unwrap_or(20)),
            ValueType::F64 => Argument::Number(1.0),
            ValueType::Bool => Argument::Bool(true),
            ValueType::Json => Argument::Json(json!({})),
            ValueType::Unit => Argument::Unit,
        })
        .collect();
    let answer = plugin.call(index, &args);
    (answer, plugin.status().deaths)
}

#[test]
fn misbehaving_rust_code_is_survived() {
    let (_folder, found) = rust_library();
    let deadly = [
        "panic_bare",
        "abort",
        "segfault",
        "stack_overflow",
        "double_free",
        "exit_zero",
        "failed_allocation",
        "dangling_answer",
    ];
    for name in deadly {
        let (answer, deaths) = done(&found, name, "");
        let error = answer.unwrap_err();
        assert_eq!(
            (error.kind, deaths),
            (FailureKind::Died, 1),
            "{name}: {error}"
        );
        assert!(
            error.to_string().contains("`misbehaving`"),
            "{name}: {error}"
        );
    }
    let (answer, deaths) = done(&found, "endless_loop", "");
    assert_eq!((answer.unwrap_err().kind, deaths), (FailureKind::Limit, 1));
    let (answer, deaths) = done(&found, "panic", "on purpose");
    assert_eq!(
        (answer.unwrap_err().kind, deaths),
        (FailureKind::Panicked, 0)
    );
    let (answer, deaths) = done(&found, "fail", "on purpose");
    let error = answer.unwrap_err();
    assert_eq!((error.kind, deaths), (FailureKind::Failed, 0));
    assert!(error.message.contains("on purpose"), "{error}");
    let (answer, _) = done(&found, "ok", "text");
    assert_eq!(answer, Ok(Argument::Text("text".to_owned())));
}

#[test]
fn wrong_answers_of_rust_code_are_refused() {
    let (_folder, found) = rust_library();
    let refused = [
        "bad_utf8",
        "bad_json",
        "deep_json",
        "huge_number",
        "null_answer",
        "long_claim",
        "impossible_length",
        "long_answer",
        "stubborn_answer",
        "bogus_tag",
        "bogus_status",
        "negative_status",
        "no_answer",
        "wrong_type",
        "not_finite",
        "infinite",
        "bad_bool",
    ];
    for name in refused {
        let (answer, deaths) = done(&found, name, "");
        let error = answer.expect_err(name);
        let expected = [FailureKind::BadAnswer, FailureKind::Limit];
        assert!(
            expected.contains(&error.kind) && deaths == 0,
            "{name}: {error}"
        );
    }
    // The address in the value is never read; the sink is what counts.
    assert_eq!(
        done(&found, "text_in_value", ""),
        (Ok(Argument::Text(String::new())), 0)
    );
}

#[test]
#[cfg(target_os = "linux")]
fn rust_code_in_the_fence_reaches_nothing() {
    let (folder, found) = rust_library();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    let secret = secret.to_str().unwrap();
    let made = folder.path().join("made");
    for (name, with) in [
        ("write_file", made.to_str().unwrap()),
        ("read_file", secret),
        ("delete_file", secret),
        ("connect", "127.0.0.1:9"),
        ("open_socket", ""),
        ("spawn_process", "/bin/true"),
        ("fork", ""),
        ("read_environment", "PATH"),
    ] {
        let (answer, deaths) = done(&found, name, with);
        let error = answer.expect_err(name);
        assert_eq!(
            (error.kind, deaths),
            (FailureKind::Failed, 0),
            "{name}: {error}"
        );
    }
    assert!(!made.exists());
    assert_eq!(std::fs::read_to_string(secret).unwrap(), "secret");
}

#[test]
fn deeds_at_other_moments_are_survived() {
    let (_folder, found) = rust_library();
    for deed in [
        "segfault",
        "abort",
        "exit_zero",
        "endless_loop",
        "null_instance",
    ] {
        let message = start(&found, &json!({ "at": "create", "do": deed })).unwrap_err();
        assert!(message.contains("`misbehaving`"), "{deed}: {message}");
    }
    for deed in [
        "segfault",
        "panic",
        "array_document",
        "bad_utf8",
        "bad_json",
        "deep_json",
        "huge_number",
        "long_answer",
    ] {
        let mut plugin = start(&found, &json!({ "at": "derive", "do": deed })).unwrap();
        let error = plugin.derive(r#"{"weeks":2}"#).expect_err(deed);
        assert_ne!(error.kind, FailureKind::Failed, "{deed}: {error}");
    }
    // Ending an instance happens when nobody listens any more.
    let plugin = start(&found, &json!({ "at": "destroy", "do": "segfault" })).unwrap();
    drop(plugin);
}

#[test]
fn a_bundled_plugin_comes_through_the_same_table() {
    let mut plugin = Loaded::bundled(misbehaving_table(), &Value::Null).unwrap();
    assert_eq!(
        (plugin.manifest().id.as_str(), plugin.origin().mode),
        ("misbehaving", "bundled")
    );
    assert_eq!(plugin.origin().sha256.len(), 64);
    assert_eq!(
        (plugin.status().sandbox, plugin.status().worker),
        (None, None)
    );
    let index = |plugin: &Loaded, name: &str| {
        plugin
            .manifest()
            .functions
            .iter()
            .position(|function| function.name == name)
            .unwrap()
    };
    let text = [Argument::Text("text".to_owned())];
    let ok = index(&plugin, "ok");
    assert_eq!(plugin.call(ok, &text), Ok(text[0].clone()));
    assert_eq!(
        plugin.call(ok, &[]).unwrap_err().kind,
        FailureKind::BadArguments
    );
    assert!(plugin.derive(r#"{"weeks":2}"#).unwrap().contains("14"));
    for deed in ["bad_utf8", "bogus_tag", "long_answer", "not_finite"] {
        let error = plugin.call(index(&plugin, deed), &[]).expect_err(deed);
        assert!(
            [FailureKind::BadAnswer, FailureKind::Limit].contains(&error.kind),
            "{deed}: {error}"
        );
    }
    // The SDK contains a panic; the instance is not asked again.
    assert_eq!(
        plugin
            .call(index(&plugin, "panic"), &text)
            .unwrap_err()
            .kind,
        FailureKind::Panicked
    );
    assert_eq!(
        plugin.call(ok, &text).unwrap_err().kind,
        FailureKind::Panicked
    );
    let message = Loaded::bundled(misbehaving_table(), &json!({ "colour": "red" }))
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("`misbehaving`") && message.contains("`/colour`"),
        "{message}"
    );
    let boxed = evenhand_plugin_host::bundled(misbehaving_table(), &json!({})).unwrap();
    assert_eq!(boxed.manifest().version, "0.1.0");
}
