//! What a call costs, each way of running a plugin.
//!
//! Needs a C compiler: the plugin is the one of the tests. `cargo bench -p evenhand-plugin-host`.
#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

use divan::Bencher;
use evenhand_contract::plugin::{Argument, Plugin as _};
use evenhand_plugin_host::{Inspection, Loaded, Mode, inspect};
use serde_json::Value;
use std::sync::LazyLock;

#[path = "../tests/build.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod build;

/// The plugin, and one whose worker stays wherever the system puts it.
static SAMPLE: LazyLock<(build::Built, Inspection)> = LazyLock::new(|| {
    let built = build::sample(&["-O2"]);
    let found = inspect(&built.file, &build::options()).unwrap();
    (built, found)
});

const MODES: [&str; 3] = ["in-process", "isolated", "isolated, any core"];

fn load(mode: &str) -> Loaded {
    let mut options = build::options();
    options.same_core = mode == "isolated";
    let mode = if mode == "in-process" {
        Mode::InProcess
    } else {
        Mode::Isolated
    };
    Loaded::inspected(&SAMPLE.1, mode, &Value::Null, &options).unwrap()
}

/// A proposal of the usual length: about 3.6 kB.
fn document() -> String {
    let flow =
        r#"{"kg":7,"from":"NBO","to":"LHR","people":4,"weeks":6,"mode":"air","cabin":"economy"}"#;
    format!(r#"{{"flows":[{}]}}"#, vec![flow; 40].join(","))
}

#[divan::bench(args = MODES)]
fn typed_call(bencher: Bencher<'_, '_>, mode: &str) {
    let mut plugin = load(mode);
    let args = [Argument::Number(1.5), Argument::Number(2.5)];
    bencher.bench_local(|| plugin.call(0, &args).unwrap());
}

/// A call after the machine had time to fall asleep, as between two steps of a person.
#[divan::bench(args = MODES, sample_count = 200, sample_size = 1)]
fn call_after_a_pause(bencher: Bencher<'_, '_>, mode: &str) {
    let mut plugin = load(mode);
    let args = [Argument::Number(1.5), Argument::Number(2.5)];
    bencher
        .with_inputs(|| std::thread::sleep(std::time::Duration::from_millis(3)))
        .bench_local_values(|()| plugin.call(0, &args).unwrap());
}

/// The same call with text, in and out, through the same table without a file.
#[divan::bench]
fn bundled_text_call(bencher: Bencher<'_, '_>) {
    let table = evenhand_plugin_misbehaving::misbehaving_table();
    let mut plugin = Loaded::bundled(table, &Value::Null).unwrap();
    let args = [Argument::Text("text".to_owned())];
    bencher.bench_local(|| plugin.call(0, &args).unwrap());
}

#[divan::bench(args = MODES)]
fn batch_of_100_calls(bencher: Bencher<'_, '_>, mode: &str) {
    let mut plugin = load(mode);
    let args = [Argument::Number(1.5), Argument::Number(2.5)];
    let calls: Vec<(usize, &[Argument])> = vec![(0, &args[..]); 100];
    bencher.bench_local(|| plugin.call_many(&calls));
}

#[divan::bench(args = MODES)]
fn derive(bencher: Bencher<'_, '_>, mode: &str) {
    let mut plugin = load(mode);
    let document = document();
    bencher.bench_local(|| plugin.derive(&document).unwrap());
}

#[divan::bench(args = MODES)]
fn batch_of_100_documents(bencher: Bencher<'_, '_>, mode: &str) {
    let mut plugin = load(mode);
    let document = document();
    let documents = vec![document.as_str(); 100];
    bencher.bench_local(|| plugin.derive_many(&documents));
}

#[divan::bench]
fn look_at_the_files() -> Inspection {
    inspect(&SAMPLE.0.file, &build::options()).unwrap()
}

#[divan::bench(args = MODES, sample_count = 20)]
fn start(mode: &str) -> Loaded {
    load(mode)
}

fn main() {
    LazyLock::force(&SAMPLE);
    divan::main();
}
