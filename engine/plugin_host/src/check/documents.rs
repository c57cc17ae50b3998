//! Documents: answers that fit the manifest, and documents nobody would send.

use super::suite::told;
use super::{CheckResult, Suite, result, unless};
use crate::values;
use evenhand_contract::abi::{self, OP_ASSESS, OP_DERIVE};
use evenhand_contract::plugin::Manifest;
use evenhand_contract::received;
use serde_json::Value;

/// The operations a plugin has, by name.
pub(super) fn operations(manifest: &Manifest) -> Vec<(u32, &'static str)> {
    let mut operations = Vec::new();
    if manifest.provides.get("properties").is_some() {
        operations.push((OP_DERIVE, "derive"));
    }
    if !manifest.rules.is_empty() {
        operations.push((OP_ASSESS, "assess"));
    }
    operations
}

pub(super) fn check(suite: &Suite<'_>) -> Vec<CheckResult> {
    let manifest = suite.manifest;
    let mut results = Vec::new();
    if operations(manifest).is_empty() {
        return results;
    }
    results.push(result(
        "V01",
        "it survives documents nobody would send",
        malformed(suite),
    ));
    results.push(result(
        "V02",
        "its answers fit its manifest",
        answers(suite),
    ));
    results.push(result(
        "V03",
        "it reads only what its manifest says",
        reads(suite),
    ));
    results.push(result(
        "V04",
        "operations stop when the host refuses their answer",
        refusals(suite),
    ));
    results
}

/// What is no proposal, or a strange one.
fn documents(suite: &Suite<'_>) -> Vec<(String, Vec<u8>)> {
    let mut cases: Vec<(String, Vec<u8>)> = [
        ("nothing", &b""[..]),
        ("null", b"null"),
        ("a list", b"[]"),
        ("a number", b"7"),
        ("half an object", b"{\"flows\":[{"),
        ("something after the end", b"{} {}"),
        ("text that is not UTF-8", b"{\"a\":\"\xff\xfe\"}"),
        ("a NUL", b"{\"a\":\"\0\"}"),
        ("a number beyond all bounds", b"{\"a\":1e999}"),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
    .into();
    let deep = 5000;
    cases.push((
        "5000 lists in one another".to_owned(),
        format!("{{\"a\":{}{}}}", "[".repeat(deep), "]".repeat(deep)).into(),
    ));
    cases.push((
        "a mebibyte of text".to_owned(),
        format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20)).into(),
    ));
    for (number, sample) in suite.samples.iter().enumerate() {
        let bytes = sample.projected.as_bytes();
        let cut = bytes.get(..bytes.len() / 2).unwrap_or_default();
        cases.push((format!("sample {number} cut short"), cut.to_vec()));
    }
    // Everything it reads, as something that is not expected there.
    for value in [
        "null", "[]", "{}", "-1", "1e308", "\"\"", "[null]", "[{}]", "[[[]]]", "true",
    ] {
        let mut document = Value::Object(serde_json::Map::new());
        for pointer in &suite.manifest.reads {
            if let Some(key) = pointer
                .strip_prefix('/')
                .and_then(|rest| rest.split('/').next())
                && let Ok(value) = serde_json::from_str(value)
                && let Some(object) = document.as_object_mut()
            {
                object.insert(key.replace("~1", "/").replace("~0", "~"), value);
            }
        }
        cases.push((
            format!("everything as {value}"),
            document.to_string().into(),
        ));
    }
    cases
}

fn malformed(suite: &Suite<'_>) -> Result<String, String> {
    let mut worker = suite.start(&[])?;
    let (mut problems, mut tried) = (Vec::new(), 0);
    for (operation, name) in operations(suite.manifest) {
        for (what, document) in documents(suite) {
            let reply = worker
                .run(operation, &[&document], suite.options.limits.document)
                .pop();
            tried += 1;
            let problem = match reply {
                Some(Ok(reply)) if reply.status == abi::STATUS_OK => {
                    values::document(suite.id(), name, reply)
                        .err()
                        .map(|error| error.message)
                }
                Some(Ok(reply)) => {
                    let expected = [abi::STATUS_FAILED, abi::STATUS_BAD_ARGS, abi::STATUS_LIMIT];
                    if values::poisons(&reply) {
                        worker = suite.start(&[])?;
                    }
                    (!expected.contains(&reply.status)).then(|| told(&reply))
                }
                Some(Err(error)) => Some(error.message),
                None => None,
            };
            problems.extend(problem.map(|problem| format!("{name} of {what}: {problem}")));
        }
    }
    unless(problems, format!("{tried} documents"))
}

fn answers(suite: &Suite<'_>) -> Result<String, String> {
    let manifest = suite.manifest;
    let mut worker = suite.start(&[])?;
    let (mut problems, mut tried) = (Vec::new(), 0);
    for (operation, name) in operations(manifest) {
        for (number, sample) in suite.samples.iter().enumerate() {
            let reply = worker
                .run(
                    operation,
                    &[sample.projected.as_bytes()],
                    suite.options.limits.document,
                )
                .pop();
            let text = match reply {
                Some(reply) => reply.and_then(|reply| values::document(suite.id(), name, reply)),
                None => continue,
            };
            let found = match text {
                Ok(text) => breaches(manifest, operation, &sample.projected, &text),
                Err(error) => vec![error.to_string()],
            };
            tried += 1;
            problems.extend(
                found
                    .into_iter()
                    .map(|problem| format!("{name} of sample {number}: {problem}")),
            );
        }
    }
    unless(problems, format!("{tried} answers"))
}

/// What the engine would refuse the answer for.
fn breaches(manifest: &Manifest, operation: u32, document: &str, text: &str) -> Vec<String> {
    let document = serde_json::from_str(document).unwrap_or_default();
    if operation == OP_DERIVE {
        received::derived(manifest, &document, text).err()
    } else {
        received::assessed(manifest, &document, text).err()
    }
    .unwrap_or_default()
}

/// Nothing may change when what it does not read is there as well.
fn reads(suite: &Suite<'_>) -> Result<String, String> {
    let mut worker = suite.start(&[])?;
    let limit = suite.options.limits.document;
    let mut problems = Vec::new();
    for (operation, name) in operations(suite.manifest) {
        for (number, sample) in suite.samples.iter().enumerate() {
            let both = [sample.whole.as_bytes(), sample.projected.as_bytes()];
            let answers = worker.run(operation, &both, limit);
            if let [whole, projected] = answers.as_slice()
                && whole != projected
            {
                problems.push(format!(
                    "{name} of sample {number} changes with what `reads` does not name"
                ));
            }
        }
    }
    unless(
        problems,
        format!("{} samples, with and without the rest", suite.samples.len()),
    )
}

fn refusals(suite: &Suite<'_>) -> Result<String, String> {
    let mut worker = suite.start(&[])?;
    let (mut problems, mut tried) = (Vec::new(), 0);
    for (operation, name) in operations(suite.manifest) {
        let whole = match worker
            .run(operation, &[b"{}"], suite.options.limits.document)
            .pop()
        {
            Some(Ok(reply)) if !reply.refused => reply.bytes.len(),
            _ => 0,
        };
        let mut limits = vec![0, whole / 2];
        limits.dedup();
        for limit in limits {
            match worker.run(operation, &[b"{}"], limit).pop() {
                Some(Ok(reply)) if reply.refused && reply.status == abi::STATUS_OK => {
                    problems.push(format!(
                        "{name} reports success although its answer was refused"
                    ));
                }
                Some(Err(error)) => problems.push(format!("{name}: {}", error.message)),
                _ => tried += 1,
            }
        }
    }
    problems.dedup();
    unless(problems, format!("{tried} refused answers"))
}
