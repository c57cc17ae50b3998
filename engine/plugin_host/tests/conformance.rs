//! The conformance suite passes what keeps the contract and finds every fault seeded in the twins.

use crate::build::{Built, options, sample};
use crate::twins::twin;
use evenhand_plugin_host::{CheckResult, PluginFile, check};
use serde_json::{Value, json};

fn failed(file: &PluginFile, samples: &[Value]) -> Vec<CheckResult> {
    let results = check::run(file, &Value::Null, samples, &options());
    results
        .into_iter()
        .filter(|result| !result.passed)
        .collect()
}

fn samples() -> [Value; 2] {
    [
        json!({ "flows": [{ "kg": 7 }, { "kg": 35 }], "budget": { "total": 1 } }),
        json!({ "flows": [], "title": "ü" }),
    ]
}

#[test]
fn a_good_plugin_passes_every_check() {
    let Built { file, .. } = &sample(&["-DENTRY=evenhand_sample_v1"]);
    let results = check::run(file, &Value::Null, &samples(), &options());
    let failed: Vec<_> = results.iter().filter(|result| !result.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let ids: Vec<&str> = results.iter().map(|result| result.id).collect();
    assert_eq!(
        ids,
        [
            "M01", "M02", "E01", "E02", "E03", "E04", "E05", "L01", "C01", "C02", "C03", "C04",
            "C05", "C06", "C07", "V01", "V02", "V03", "V04", "D01", "D02", "D03", "D04", "D05",
            "D06", "R01", "R02"
        ]
    );
}

/// The seeded fault is found by the check that is there for it, and its words say which part is wrong.
#[track_caller]
fn finds(name: &str, id: &str, words: &str) {
    let (_folder, file) = twin(name);
    let failed = failed(&file, &[json!({ "weeks": 3 })]);
    let found = failed.iter().find(|result| result.id == id);
    let found = found.unwrap_or_else(|| panic!("{name}: {id} is not in {failed:#?}"));
    assert!(found.detail.contains(words), "{name}: {found:#?}");
}

#[test]
fn seeded_faults_are_found() {
    finds("visible_helper", "E03", "`helper`");
    finds("evil_rpath", "E05", "/opt/evil");
    finds("needs_library", "E04", "libresolv");
    finds("no_entry", "E02", "evenhand_twin_v1");
    finds("undefined_symbol", "L01", "cannot be linked");
    finds("manifest_differs", "L01", "differs from the one beside it");
    finds("type_lie", "C01", "`twice(3)`");
    finds("nan_answer", "C01", "NaN");
    finds("unchecked_args", "C02", "instead of BAD_ARGS");
    finds("unchecked_args", "C07", "instead of UNKNOWN");
    finds("counter", "D01", "`twice`");
    finds("address", "D03", "`twice`");
    finds("leak", "R01", "of `twice`");
    finds("shared_state", "D06", "`twice`");
    finds(
        "time_zone",
        "D04",
        "`twice`: first 6 (tag 2), then 351 (tag 2)",
    );
    finds("half_refusal", "C06", "`echo` reports success");
}

#[test]
fn one_that_takes_long_is_asked_less_often_and_passes() {
    let (_folder, file) = twin("slow_answer");
    let results = check::run(&file, &Value::Null, &[], &options());
    let failed: Vec<_> = results.iter().filter(|result| !result.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let growth = results.iter().find(|result| result.id == "R01").unwrap();
    let calls: usize = growth.detail.split(' ').next().unwrap().parse().unwrap();
    assert!((8..1000).contains(&calls), "{growth:#?}");
}

#[test]
fn one_that_gives_no_answer_is_not_asked_for_ever() {
    let built = crate::build::misbehaving(&[]);
    let documents: Vec<Value> = vec![json!({ "how": "loop" }); 20];
    let failed = failed(&built.file, &documents);
    let of = |id: &str| failed.iter().find(|result| result.id == id).unwrap();
    let answers = &of("V02").detail;
    assert!(answers.contains("no answer within 500 ms"), "{answers}");
    assert!(answers.contains("was not asked again"), "{answers}");
    // Which check fails is said, and never that it answers differently.
    assert!(
        failed
            .iter()
            .all(|result| !result.id.starts_with("D0") || result.id == "D06"),
        "{failed:#?}"
    );
    assert!(
        of("R01").detail.contains("derive: it gave no answer"),
        "{failed:#?}"
    );
}

#[test]
fn a_report_has_no_backtraces_and_every_crash() {
    let (_folder, library) = crate::twins::rust_library();
    let failed = failed(&library.file, &[]);
    assert!(
        failed.iter().all(|result| !result.detail.contains('\n')),
        "{failed:#?}"
    );
    let of = |id: &str| failed.iter().find(|result| result.id == id).unwrap();
    assert!(
        of("C01")
            .detail
            .contains("`panic(\"NBO\")`: status PANIC (panicked: NBO"),
        "{:#?}",
        of("C01")
    );
    assert!(of("C01").detail.contains("more"), "{:#?}", of("C01"));
    // Dying of the same thing each time is no change.
    for id in ["D01", "D03"] {
        assert!(!of(id).detail.contains("SIGABRT"), "{:#?}", of(id));
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn fast_math_is_found() {
    finds("fast_math", "L01", "floating-point mode");
}

#[test]
fn twins_that_behave_have_no_fault() {
    for name in ["well", "loose_answer"] {
        let (_folder, file) = twin(name);
        assert_eq!(failed(&file, &[json!({ "weeks": 3 })]), [], "{name}");
    }
}

#[test]
fn crashes_fail_checks_and_do_not_stop_the_suite() {
    let built = crate::build::misbehaving(&[]);
    let results = check::run(
        &built.file,
        &Value::Null,
        &[json!({ "how": "segfault" })],
        &options(),
    );
    let of = |id: &str| results.iter().find(|result| result.id == id).unwrap();
    assert!(
        !of("V02").passed && of("V02").detail.contains("SIGSEGV"),
        "{:#?}",
        of("V02")
    );
    assert!(of("D01").detail.contains("SIGSEGV") || of("D01").passed);
    assert_eq!(results.last().unwrap().id, "R02");
    assert!(of("V02").detail.lines().count() == 1, "{:#?}", of("V02"));
}

#[test]
fn what_cannot_be_read_is_one_failed_check() {
    let built = sample(&[]);
    std::fs::write(&built.file.library, "nothing").unwrap();
    let failed = failed(&built.file, &[]);
    assert_eq!(
        failed.iter().map(|result| result.id).collect::<Vec<_>>(),
        ["E01"]
    );
}
