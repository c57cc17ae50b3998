//! The engine in WebAssembly: every example judged there, and the same bytes as here.
//!
//! It needs the target and node, so it runs where it is asked for: `.ci/run` asks, and says loudly where it cannot.

use crate::assembly::{examples, root, session};
use evenhand_core::executor::Sequential;
use evenhand_report::json;
use std::collections::BTreeMap;
use std::process::Command;

/// Where the module is built, so that nothing waits for the folder of the other packages.
const TARGET: &str = "target/webassembly";

#[test]
#[ignore = "needs the target wasm32-unknown-unknown and node; .ci/run brings them"]
fn every_example_is_judged_the_same_in_webassembly() {
    let target = root().join(TARGET);
    let built = Command::new(
        std::env::var("EVENHAND_WASM_CARGO").unwrap_or_else(|_| env!("CARGO").to_owned()),
    )
    .args(["build", "--locked", "--package", "evenhand-wasm-test"])
    .args(["--target", "wasm32-unknown-unknown", "--target-dir"])
    .arg(&target)
    .args(
        std::env::var("EVENHAND_WASM_FLAGS")
            .unwrap_or_default()
            .split_whitespace(),
    )
    .current_dir(root())
    .status()
    .unwrap();
    assert!(built.success());
    let module = target.join("wasm32-unknown-unknown/debug/evenhand_wasm_test.wasm");
    let output = Command::new("node")
        .arg(root().join("tests/wasm/judge.mjs"))
        .arg(module)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let there: BTreeMap<String, String> = serde_json::from_slice(&output.stdout).unwrap();
    let language = session().language(None).unwrap();
    let mut count = 0;
    for (name, document) in examples() {
        let card = session().judge(&document, &language, &Sequential).unwrap();
        let here = json::render(&card, &document);
        let (_, there) = there
            .iter()
            .find(|(file, _)| file.split('.').next() == Some(name.as_str()))
            .unwrap_or_else(|| panic!("{name} was not judged"));
        assert_eq!(*there, here, "{name}");
        count += 1;
    }
    assert_eq!(there.len(), count);
}
