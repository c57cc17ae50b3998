//! The conformance suite passes what keeps the contract and finds every fault seeded in the twins.

use crate::build::{Built, options, sample};
use crate::twins::twin;
use evenhand_host::{CheckResult, PluginFile, check};
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
            "R01", "R02"
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
}

#[test]
#[cfg(target_arch = "x86_64")]
fn fast_math_is_found() {
    finds("fast_math", "L01", "floating-point mode");
}

#[test]
fn a_twin_that_behaves_has_no_fault_but_what_it_ignores() {
    let (_folder, file) = twin("well");
    // It derives from whatever comes, without reading it.
    let ids: Vec<&str> = failed(&file, &[json!({ "weeks": 3 })])
        .iter()
        .map(|result| result.id)
        .collect();
    assert_eq!(ids, [""; 0]);
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
