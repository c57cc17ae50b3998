//! What every plugin must keep, checked through its table.

use super::{Failure, Harness};
use crate::abi::{self, Status};
use crate::projection::project;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::thread;

mod content;
mod functions;

/// The two operations, by name.
const OPERATIONS: [(u32, &str); 2] = [(abi::OP_DERIVE, "derive"), (abi::OP_ASSESS, "assess")];

/// Fails the test with every breach of the contract that [`breaches`] finds.
///
/// # Panics
///
/// Where there are any: it is an assertion.
#[track_caller]
pub fn assert_lawful(table: &'static abi::Plugin, settings: &Value, proposals: &[Value]) {
    let found = breaches(table, settings, proposals);
    assert!(
        found.is_empty(),
        "the plugin breaks the contract:\n- {}",
        found.join("\n- ")
    );
}

/// Looks for breaches of the contract, with `proposals` as they would come in and with documents nobody would send.
///
/// The same document must give the same answer: again, after others, in another instance, in two threads at once, and without
/// what the manifest does not say is read. Facts must fit `provides`, and what points somewhere must point to something.
/// Documents that are empty, cut short, wrong or very deep, and wrong arguments, must give a status and no panic.
pub fn breaches(table: &'static abi::Plugin, settings: &Value, proposals: &[Value]) -> Vec<String> {
    judge(
        table,
        settings,
        proposals,
        &[
            determinism,
            reading,
            content::check,
            garbage,
            refusal,
            functions::check,
        ],
    )
}

/// As [`breaches`], without calling any function.
pub fn document_breaches(
    table: &'static abi::Plugin,
    settings: &Value,
    proposals: &[Value],
) -> Vec<String> {
    judge(
        table,
        settings,
        proposals,
        &[determinism, reading, content::check, garbage, refusal],
    )
}

type Law = fn(&Subject<'_>, &mut Found) -> Checked;

fn judge(
    table: &'static abi::Plugin,
    settings: &Value,
    proposals: &[Value],
    laws: &[Law],
) -> Vec<String> {
    let mut found = Found::default();
    let mut documents = vec![Value::Object(Map::new())];
    documents.extend_from_slice(proposals);
    for law in laws {
        if let Err(failure) = law(
            &Subject {
                table,
                settings,
                documents: &documents,
            },
            &mut found,
        ) {
            found.add(format!("no instance could be made: {failure}"));
        }
    }
    found.0.into_iter().collect()
}

struct Subject<'a> {
    table: &'static abi::Plugin,
    settings: &'a Value,
    documents: &'a [Value],
}

/// The breaches found so far, each once.
#[derive(Default)]
struct Found(BTreeSet<String>);

impl Found {
    fn add(&mut self, breach: String) {
        self.0.insert(breach);
    }
}

type Checked = Result<(), Failure>;

impl Subject<'_> {
    fn fresh(&self) -> Result<Harness, Failure> {
        Harness::new(self.table, self.settings)
    }

    /// The documents as a host sends them.
    fn projected(&self) -> Result<Vec<Vec<u8>>, Failure> {
        let reads = self.fresh()?.reads.clone();
        Ok(self
            .documents
            .iter()
            .map(|document| bytes(&project(document, &reads)))
            .collect())
    }
}

fn bytes(document: &Value) -> Vec<u8> {
    document.to_string().into_bytes()
}

fn determinism(subject: &Subject<'_>, found: &mut Found) -> Checked {
    let inputs = subject.projected()?;
    for (operation, name) in OPERATIONS {
        let answers = |order: &mut dyn Iterator<Item = &Vec<u8>>| -> Result<Vec<_>, Failure> {
            let mut instance = subject.fresh()?;
            Ok(order.map(|input| instance.run(operation, input)).collect())
        };
        let reference = answers(&mut inputs.iter())?;
        let mut compare = |what: &str, other: &[(Status, Vec<u8>)]| {
            if let Some(index) = reference.iter().zip(other).position(|(a, b)| a != b) {
                let text = |(status, bytes): &(Status, Vec<u8>)| {
                    format!("status {status} {}", String::from_utf8_lossy(bytes))
                };
                let pair = reference
                    .get(index)
                    .map(text)
                    .zip(other.get(index).map(text));
                let (first, second) = pair.unwrap_or_default();
                found.add(format!(
                    "{name}: document {index} gives another answer {what}: {first} / {second}"
                ));
            }
        };
        compare("in another instance", &answers(&mut inputs.iter())?);
        let mut backwards = answers(&mut inputs.iter().rev())?;
        backwards.reverse();
        compare("after other documents", &backwards);
        let mut twice = answers(&mut inputs.iter().flat_map(|input| [input, input]))?;
        let again = twice.iter().skip(1).step_by(2).cloned().collect::<Vec<_>>();
        compare("when asked again", &again);
        twice.clear();
        for other in in_two_threads(subject, operation, &inputs)? {
            compare("in another thread", &other);
        }
    }
    Ok(())
}

type Answers = Vec<(Status, Vec<u8>)>;

fn in_two_threads(
    subject: &Subject<'_>,
    operation: u32,
    inputs: &[Vec<u8>],
) -> Result<Vec<Answers>, Failure> {
    thread::scope(|scope| {
        let work = || -> Result<Answers, Failure> {
            let mut instance = subject.fresh()?;
            Ok(inputs
                .iter()
                .map(|input| instance.run(operation, input))
                .collect())
        };
        let running = [scope.spawn(work), scope.spawn(work)];
        running
            .map(|thread| thread.join().unwrap_or_else(|_| Ok(Vec::new())))
            .into_iter()
            .collect()
    })
}

fn reading(subject: &Subject<'_>, found: &mut Found) -> Checked {
    for (document, projected) in subject.documents.iter().zip(subject.projected()?) {
        for (operation, name) in OPERATIONS {
            let whole = subject.fresh()?.run(operation, &bytes(document));
            if whole != subject.fresh()?.run(operation, &projected) {
                found.add(format!(
                    "{name}: the answer changes with something that the manifest's `reads` does not name"
                ));
            }
        }
    }
    Ok(())
}

fn garbage(subject: &Subject<'_>, found: &mut Found) -> Checked {
    let reads = subject.fresh()?.reads.clone();
    let mut inputs: Vec<(String, Vec<u8>)> = [
        ("no bytes", Vec::new()),
        ("null", b"null".to_vec()),
        ("an array", b"[]".to_vec()),
        ("a string", b"\"\"".to_vec()),
        (
            "a document cut short",
            b"{\"flows\": [{\"from\": \"FR".to_vec(),
        ),
        (
            "bytes that are not UTF-8",
            b"{\"a\": \"\xff\xfe\"}".to_vec(),
        ),
        (
            "a document 5000 deep",
            [b"[".repeat(5000), b"]".repeat(5000)].concat(),
        ),
        ("a number beyond f64", b"{\"a\": 1e999}".to_vec()),
    ]
    .map(|(what, bytes)| (what.to_owned(), bytes))
    .into();
    for read in reads.iter().filter(|read| !read.is_empty()) {
        for wrong in wrong_values() {
            let what = format!("{} at `{read}`", text_start(&wrong));
            let mut document = wrong;
            for token in read.rsplit('/').filter(|token| !token.is_empty()) {
                document = Value::Object(Map::from_iter([(token.to_owned(), document)]));
            }
            inputs.push((what, bytes(&document)));
        }
    }
    for (operation, name) in OPERATIONS {
        for (what, input) in &inputs {
            let (status, message) = subject.fresh()?.run(operation, input);
            let message = String::from_utf8_lossy(&message);
            match status {
                abi::STATUS_OK
                | abi::STATUS_FAILED
                | abi::STATUS_BAD_ARGS
                | abi::STATUS_UNKNOWN => {}
                status => found.add(format!("{name}: {what}: status {status} {message}")),
            }
        }
    }
    let unknown = subject.fresh()?.run(u32::MAX, b"{}").0;
    if unknown != abi::STATUS_UNKNOWN {
        found.add(format!(
            "an operation that does not exist: status {unknown}"
        ));
    }
    Ok(())
}

/// What a proposal could hold where something else is expected.
fn wrong_values() -> Vec<Value> {
    let inner = [
        Value::Null,
        Value::Bool(true),
        Value::from(-1),
        Value::from(1e308),
        Value::from(""),
        Value::from("\u{0} \u{1F600} e\u{301}"),
        Value::from("x".repeat(1 << 16)),
        Value::Array(Vec::new()),
        Value::Object(Map::new()),
    ];
    let nested = inner
        .iter()
        .map(|value| Value::Array(vec![value.clone()]))
        .collect::<Vec<_>>();
    inner.into_iter().chain(nested).collect()
}

fn text_start(value: &Value) -> String {
    value.to_string().chars().take(20).collect()
}

fn refusal(subject: &Subject<'_>, found: &mut Found) -> Checked {
    for input in subject.projected()? {
        for (operation, name) in OPERATIONS {
            if subject.fresh()?.run(operation, &input).0 != abi::STATUS_OK {
                continue;
            }
            let mut cramped = subject.fresh()?.limit(1);
            let status = cramped.run(operation, &input).0;
            if status != abi::STATUS_LIMIT {
                found.add(format!(
                    "{name}: status {status} after the sink refused the answer"
                ));
            }
        }
    }
    Ok(())
}
