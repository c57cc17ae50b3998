//! What loads, what it answers, and what is refused before it is asked anything.

use crate::build::{self, Built, options, sample, sample_manifest};
use evenhand_contract::plugin::{Argument, FailureKind, Plugin as _};
use evenhand_plugin_host::{Loaded, Mode, Refusal, inspect};
use serde_json::{Value, json};

fn open(built: &Built, mode: Mode) -> Result<Loaded, String> {
    Loaded::open(&built.file, mode, None, &Value::Null, &options())
        .map_err(|error| error.to_string())
}

/// Refused both isolated and in this process, with the same words in the message.
fn refused(built: &Built, expected: &[&str]) {
    for mode in [Mode::Isolated, Mode::InProcess] {
        let message = open(built, mode).unwrap_err();
        for part in expected {
            assert!(
                message.contains(part),
                "{mode}: `{part}` is not in:\n{message}"
            );
        }
    }
}

fn answers(plugin: &mut Loaded) {
    use Argument::{Bool, Integer, Json, Number, Text, Unit};
    let mut call = |index, arg| plugin.call(index, &[arg]).unwrap();
    assert_eq!(
        call(1, Text("Nairobi ✈".to_owned())),
        Text("hello Nairobi ✈".to_owned())
    );
    assert_eq!(call(1, Text(String::new())), Text("hello ".to_owned()));
    assert_eq!(
        call(2, Json(json!({ "b": [1.5, null], "a": "ü" }))),
        Json(json!({ "a": "ü", "b": [1.5, null] }))
    );
    assert_eq!(call(3, Integer(i64::MAX)), Integer(-i64::MAX));
    assert_eq!(call(4, Bool(true)), Bool(false));
    assert_eq!(plugin.call(5, &[]).unwrap(), Unit);
    assert_eq!(
        plugin.call(0, &[Number(0.1), Number(0.2)]).unwrap(),
        Number(0.1 + 0.2)
    );
    let derived = plugin.derive(r#"{"flows":[{"kg":7},{"kg":35}]}"#).unwrap();
    assert_eq!(
        derived,
        r#"{"facts":{"total_kg":42},"inputs":{"/total_kg":["/flows"]}}"#
    );
    assert!(plugin.assess("{}").unwrap().contains("ethics/sample"));
}

#[test]
fn isolated_answers() {
    let built = sample(&[]);
    let mut plugin = open(&built, Mode::Isolated).unwrap();
    answers(&mut plugin);
    assert_eq!(plugin.origin().mode, "isolated");
    assert_eq!(plugin.status().deaths, 0);
    assert!(plugin.status().sandbox.unwrap().calls);
}

#[test]
fn in_process_answers_the_same() {
    let built = sample(&[]);
    let mut plugin = open(&built, Mode::InProcess).unwrap();
    answers(&mut plugin);
    assert_eq!(plugin.origin().mode, "in-process");
    assert_eq!(
        plugin.origin().sha256,
        inspect(&built.file, &options()).unwrap().sha256
    );
}

#[test]
fn two_libraries_in_one_process_are_not_confused() {
    let one = sample(&[]);
    let mut other_manifest = sample_manifest();
    other_manifest["version"] = json!("0.1.1");
    let other = build::build("sample", &other_manifest, &[]);
    let first = open(&one, Mode::InProcess).unwrap();
    drop(first); // its image stays, and with it the number of its descriptor
    let second = open(&other, Mode::InProcess).unwrap();
    assert_eq!(second.manifest().version, "0.1.1");
}

#[test]
fn an_instance_outlives_the_thread_that_loaded_it() {
    let built = sample(&[]);
    let loaded = std::thread::spawn(move || (open(&built, Mode::Isolated).unwrap(), built));
    let (mut plugin, _built) = loaded.join().unwrap();
    answers(&mut plugin);
    assert_eq!(plugin.status().deaths, 0);
}

#[test]
fn batches_give_one_answer_each_in_order() {
    let built = sample(&[]);
    for mode in [Mode::Isolated, Mode::InProcess] {
        let mut plugin = open(&built, mode).unwrap();
        let documents: Vec<String> = (0..500)
            .map(|kg| format!(r#"{{"flows":[{{"kg":{kg}}}]}}"#))
            .collect();
        let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
        for (kg, answer) in plugin.derive_many(&documents).into_iter().enumerate() {
            assert!(answer.unwrap().contains(&format!("\"total_kg\":{kg}}}")));
        }
        let args: Vec<[Argument; 1]> = (0..3000)
            .map(|number| [Argument::Integer(number)])
            .collect();
        let calls: Vec<(usize, &[Argument])> = args.iter().map(|args| (3, &args[..])).collect();
        let answers = plugin.call_many(&calls);
        assert_eq!(answers.len(), 3000);
        for (number, answer) in (0..).zip(answers) {
            assert_eq!(answer.unwrap(), Argument::Integer(-number));
        }
        // A wrong one in the middle fails alone.
        let wrong = [Argument::Unit];
        let mixed = plugin.call_many(&[calls[1], (3, &wrong), (99, &wrong), calls[2]]);
        assert_eq!(mixed[0], Ok(Argument::Integer(-1)));
        assert_eq!(
            mixed[1].as_ref().unwrap_err().kind,
            FailureKind::BadArguments
        );
        assert_eq!(mixed[2].as_ref().unwrap_err().kind, FailureKind::Unknown);
        assert_eq!(mixed[3], Ok(Argument::Integer(-2)));
    }
}

#[test]
fn a_document_longer_than_any_pipe_crosses() {
    let built = sample(&[]);
    let mut plugin = open(&built, Mode::Isolated).unwrap();
    let long = format!(
        r#"{{"flows":[{{"kg":3}}],"text":"{}"}}"#,
        "ü".repeat(3 << 20)
    );
    assert!(plugin.derive(&long).unwrap().contains(":3}"));
    let text = Argument::Text("x".repeat(60_000));
    assert!(plugin.call(1, &[text]).is_ok());
    let error = plugin
        .call(1, &[Argument::Text("x".repeat(70_000))])
        .unwrap_err();
    assert_eq!(
        (error.kind, plugin.status().deaths),
        (FailureKind::Limit, 0)
    );
}

#[test]
fn a_failure_is_told_in_the_plugins_words() {
    let built = sample(&[]);
    let mut plugin = open(&built, Mode::Isolated).unwrap();
    let error = plugin.derive("[]").unwrap_err();
    assert_eq!(error.kind, FailureKind::BadArguments);
    assert!(error.message.contains("not a JSON object"), "{error}");
}

#[test]
fn settings_are_checked_and_handed_over() {
    let built = sample(&[]);
    let load = |settings: Value| {
        Loaded::open(&built.file, Mode::Isolated, None, &settings, &options())
            .map(|_| ())
            .map_err(|e| e.to_string())
    };
    assert_eq!(load(json!({ "refuse": false })), Ok(()));
    let message = load(json!({ "refuse": true })).unwrap_err();
    assert!(
        message.contains("`sample`") && message.contains("asked not to start"),
        "{message}"
    );
    let message = load(json!({ "refuse": 1, "colour": "red" })).unwrap_err();
    assert!(
        message.contains("`/colour` is not declared") && message.contains("`/refuse` is 1"),
        "{message}"
    );
}

#[test]
fn wrong_tables_are_refused() {
    refused(
        &sample(&["-DMAGIC=0x1234"]),
        &["`sample`", "0x00001234", "0x31485645"],
    );
    refused(
        &sample(&["-DMAJOR=2"]),
        &["ABI 2.0", "1.0", "update Evenhand"],
    );
    refused(
        &sample(&["-DMAJOR=0", "-DMINOR=9"]),
        &["ABI 0.9", "1.0", "rebuild the plugin"],
    );
    refused(&sample(&["-DSIZE=48"]), &["48 bytes", "64"]);
    refused(&sample(&["-DNO_TABLE"]), &["returned no table"]);
    refused(&sample(&["-DNO_CREATE"]), &["no `create` function"]);
    refused(
        &sample(&["-DNO_CALL"]),
        &["declares functions", "no `call` function"],
    );
    refused(
        &sample(&["-DNO_RUN"]),
        &["declares facts", "no `run` function"],
    );
}

#[test]
fn another_manifest_than_the_one_inside_is_refused() {
    let built = sample(&[]);
    let mut other = sample_manifest();
    other["reads"] = json!(["/flows", "/budget"]);
    built.set_manifest(&other);
    refused(&built, &["`sample`", "differs from the one beside it"]);
}

#[test]
fn an_undefined_symbol_is_an_error_at_load() {
    let built = sample(&[
        "-DENTRY=evenhand_sample_v1",
        "-Wl,--defsym=unused=0",
        "-Dcalloc=no_such_function_anywhere",
    ]);
    refused(
        &built,
        &["`sample`", "cannot be linked", "no_such_function_anywhere"],
    );
}

#[test]
fn either_name_of_the_entry_will_do_and_no_other() {
    let plain = sample(&["-DENTRY=evenhand_plugin_v1"]);
    assert_eq!(
        inspect(&plain.file, &options()).unwrap().entry,
        "evenhand_plugin_v1"
    );
    answers(&mut open(&plain, Mode::Isolated).unwrap());
    refused(
        &sample(&["-DENTRY=evenhand_other_v1"]),
        &["`evenhand_sample_v1`", "`evenhand_plugin_v1`"],
    );
}

#[test]
#[cfg(target_arch = "x86_64")]
fn code_that_changes_the_floating_point_mode_at_load_is_refused() {
    let tiny = std::hint::black_box(f64::MIN_POSITIVE);
    let flag = "-DAT_LOAD=__builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040)";
    refused(
        &build::misbehaving(&[flag]),
        &["`misbehaving`", "floating-point mode", "-ffast-math"],
    );
    assert!(
        tiny * std::hint::black_box(0.5) > 0.0,
        "this process still has small numbers"
    );
}

#[test]
fn other_libraries_search_paths_and_stacks_are_refused() {
    refused(
        &sample(&["-Wl,-rpath,/opt/evil"]),
        &["`sample`", "/opt/evil", "without `-rpath`"],
    );
    refused(
        &sample(&["-Wl,-rpath,/opt/evil", "-Wl,--disable-new-dtags"]),
        &["/opt/evil"],
    );
    refused(&sample(&["-Wl,-z,execstack"]), &["executable stack"]);
    refused(&sample(&["-Wl,-f,libother.so"]), &["libother.so"]);
    let other = sample(&["-Wl,-soname,libevil.so.3"]);
    let evil = other.folder.path().join("libevil.so");
    std::fs::rename(&other.file.library, &evil).unwrap();
    let needing = sample(&["-Wl,--no-as-needed", evil.to_str().unwrap()]);
    refused(
        &needing,
        &[
            "`sample`",
            "`libevil.so.3`",
            "link it statically",
            "libc.so.",
        ],
    );
}

#[test]
fn what_sections_say_does_not_hide_what_the_loader_reads() {
    // Without section headers most tools see no dynamic table at all.
    let built = sample(&["-Wl,-rpath,/opt/evil"]);
    let mut bytes = std::fs::read(&built.file.library).unwrap();
    bytes[0x28..0x30].fill(0); // offset of the section headers
    bytes[0x3c..0x40].fill(0); // their number, and the index of their names
    std::fs::write(&built.file.library, bytes).unwrap();
    refused(&built, &["/opt/evil"]);
}

#[test]
fn files_that_are_no_libraries_are_refused() {
    let built = sample(&[]);
    std::fs::write(&built.file.library, "#!/bin/sh\n").unwrap();
    refused(&built, &["libsample.so", "not a library"]);
    std::fs::copy(
        env!("CARGO_BIN_EXE_evenhand-plugin-worker"),
        &built.file.library,
    )
    .unwrap();
    let message = open(&built, Mode::Isolated).unwrap_err();
    assert!(
        message.contains("libsample.so") || message.contains("exports neither"),
        "{message}"
    );
}

#[test]
fn damaged_libraries_are_errors_never_panics() {
    let built = sample(&[]);
    let whole = std::fs::read(&built.file.library).unwrap();
    let mut seed = 7_u64;
    for round in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..=round % 5 {
            // A small generator of its own keeps the test the same everywhere.
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let at = (seed >> 33) as usize % (if round % 2 == 0 { 1024 } else { bytes.len() });
            bytes[at] = seed.to_le_bytes()[3];
        }
        bytes.truncate(if round % 3 == 0 {
            (seed >> 40) as usize % whole.len()
        } else {
            whole.len()
        });
        std::fs::write(&built.file.library, bytes).unwrap();
        let _looked_at = inspect(&built.file, &options()).is_ok();
    }
}

#[test]
fn an_engine_that_does_not_fit_is_refused() {
    let mut manifest = sample_manifest();
    manifest["engine"] = json!(">=0.7, <0.8");
    refused(
        &build::build("sample", &manifest, &[]),
        &["`sample` 0.1.0", ">=0.7, <0.8", "0.1.0", "update Evenhand"],
    );
}

#[test]
fn a_manifest_is_refused_with_all_its_problems() {
    let built = sample(&[]);
    let mut manifest = sample_manifest();
    manifest["id"] = json!("Sample!");
    manifest["version"] = json!("one");
    built.set_manifest(&manifest);
    refused(
        &built,
        &["plugin.json", "`id` is `Sample!`", "`version` is `one`"],
    );
    std::fs::remove_file(&built.file.manifest).unwrap();
    refused(&built, &["plugin.json", "cannot read"]);
}

#[test]
fn a_worker_that_is_none_is_an_error() {
    let built = sample(&[]);
    let load = |worker: &str| {
        let options = evenhand_plugin_host::HostOptions {
            worker: worker.into(),
            ..options()
        };
        Loaded::open(&built.file, Mode::Isolated, None, &Value::Null, &options)
            .unwrap_err()
            .to_string()
    };
    assert!(load("/no/such/program").contains("/no/such/program"));
    assert!(
        load("/bin/true").contains("exit status 0"),
        "{}",
        load("/bin/true")
    );
    assert!(load("/bin/echo").contains("`sample`"));
}

#[test]
fn refusals_keep_their_kind_across_the_worker() {
    let built = sample(&["-DNO_CALL"]);
    match Loaded::open(&built.file, Mode::Isolated, None, &Value::Null, &options()) {
        Err(evenhand_plugin_host::LoadError::Refused { plugin, refusal }) => {
            assert_eq!(plugin, "sample");
            let (what, function) = ("functions".to_owned(), "call".to_owned());
            assert_eq!(refusal, Refusal::NoFunction { what, function });
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_later_minor_version_loads_and_a_manifest_may_not_promise_more_than_the_table() {
    answers(&mut open(&sample(&["-DMINOR=7"]), Mode::Isolated).unwrap());
    let mut manifest = sample_manifest();
    manifest["abi"] = json!("1.3");
    refused(
        &build::build("sample", &manifest, &[]),
        &["`sample`", "manifest says ABI 1.3", "table 1.0"],
    );
}
