//! Functions: ordinary, wrong and extreme arguments.

use super::suite::told;
use super::{CheckResult, Suite, result, unless};
use crate::isolated::Call;
use crate::values::{self, Flat, Reply};
use evenhand_contract::abi;
use evenhand_contract::plugin::{FailureKind, Function, PluginError, ValueType};
use std::borrow::Cow;

pub(super) fn check(suite: &Suite<'_>) -> Vec<CheckResult> {
    let functions = &suite.manifest.functions;
    let with =
        |make: &dyn Fn(&Function) -> Vec<Vec<Flat<'static>>>,
         judge: &dyn Fn(&Tried<'_>) -> Option<String>| { ask(suite, make, judge) };
    let mut results = Vec::new();
    if !functions.is_empty() {
        results.push(result(
            "C01",
            "functions answer ordinary arguments as declared",
            with(&|function| vec![ordinary(function)], &|asked| {
                asked.keeps_its_word()
            }),
        ));
        results.push(result(
            "C02",
            "functions refuse a wrong number of arguments",
            with(&wrong_number, &|asked| {
                asked.must_be(abi::STATUS_BAD_ARGS, "BAD_ARGS")
            }),
        ));
        results.push(result(
            "C03",
            "functions refuse arguments of another type",
            with(&wrong_types, &|asked| {
                asked.must_be(abi::STATUS_BAD_ARGS, "BAD_ARGS")
            }),
        ));
        results.push(result(
            "C04",
            "functions survive empty, odd and very long text",
            with(&|function| odd_texts(suite, function), &|asked| {
                asked.keeps_its_word()
            }),
        ));
        results.push(result(
            "C05",
            "functions survive extreme numbers and answer with finite ones",
            with(&extreme_numbers, &|asked| asked.keeps_its_word()),
        ));
        results.push(result(
            "C06",
            "functions stop when the host refuses their answer",
            refusals(suite),
        ));
    }
    results.push(result(
        "C07",
        "it does not know functions and operations that do not exist",
        unknown(suite),
    ));
    results
}

/// A call and what came of it.
struct Tried<'a> {
    plugin: &'a str,
    function: &'a Function,
    args: String,
    /// Whether a host could send such arguments at all; of others a plugin need only not fall over.
    sendable: bool,
    reply: Result<Reply, PluginError>,
}

impl Tried<'_> {
    /// A declared answer, or a status that says why there is none, with words.
    fn keeps_its_word(&self) -> Option<String> {
        let reply = match &self.reply {
            Ok(reply) => reply,
            Err(error) => return Some(self.say(&error.message)),
        };
        match reply.status {
            abi::STATUS_OK if !self.sendable => None,
            abi::STATUS_OK => values::answer(self.plugin, self.function, reply.clone())
                .err()
                // The suite's own arguments decide how long an answer is.
                .filter(|error| error.kind != FailureKind::Limit)
                .map(|error| self.say(&error.message)),
            abi::STATUS_FAILED | abi::STATUS_BAD_ARGS if !reply.bytes.is_empty() => None,
            abi::STATUS_BAD_ARGS | abi::STATUS_LIMIT => None,
            abi::STATUS_FAILED if !self.sendable => None,
            abi::STATUS_FAILED => Some(self.say("FAILED without a reason")),
            _ => Some(self.say(&told(reply))),
        }
    }

    fn must_be(&self, status: abi::Status, word: &str) -> Option<String> {
        match &self.reply {
            Ok(reply) if reply.status == status => None,
            Ok(reply) => Some(self.say(&format!("{} instead of {word}", told(reply)))),
            Err(error) => Some(self.say(&error.message)),
        }
    }

    fn say(&self, what: &str) -> String {
        format!("`{}({})`: {what}", self.function.name, self.args)
    }
}

fn ask(
    suite: &Suite<'_>,
    make: &dyn Fn(&Function) -> Vec<Vec<Flat<'static>>>,
    judge: &dyn Fn(&Tried<'_>) -> Option<String>,
) -> Result<String, String> {
    let mut worker = suite.start(&[])?;
    let (mut problems, mut tried) = (Vec::new(), 0);
    for (index, function) in (0..).zip(&suite.manifest.functions) {
        for args in make(function) {
            let (shown, sendable) = (show(&args), args.iter().all(is_sendable));
            let reply = worker.once(Call::new(index, suite.options.limits.document, args));
            let poisoned = reply.as_ref().is_ok_and(values::poisons);
            let asked = Tried {
                plugin: suite.id(),
                function,
                args: shown,
                sendable,
                reply,
            };
            problems.extend(judge(&asked));
            tried += 1;
            if poisoned {
                worker = suite.start(&[])?;
            }
        }
    }
    unless(problems, format!("{tried} calls"))
}

/// Arguments that nothing is wrong with; names of places, because many functions look something up.
pub(super) fn ordinary(function: &Function) -> Vec<Flat<'static>> {
    let texts = ["NBO", "FRA", "KE", "economy"];
    let mut texts = texts.into_iter().cycle();
    let mut make = |kind| match kind {
        ValueType::Unit => Flat::Unit,
        ValueType::Bool => Flat::Bool(true),
        ValueType::I64 => Flat::I64(3),
        ValueType::F64 => Flat::F64(2.5),
        ValueType::Str => Flat::Str(Cow::Borrowed(texts.next().unwrap_or("NBO").as_bytes())),
        ValueType::Json => Flat::Json(Cow::Borrowed(b"{}")),
    };
    function
        .params
        .iter()
        .map(|param| make(param.kind))
        .collect()
}

fn wrong_number(function: &Function) -> Vec<Vec<Flat<'static>>> {
    let right = ordinary(function);
    let mut more = right.clone();
    more.push(Flat::I64(1));
    let mut cases = vec![more];
    if !right.is_empty() {
        cases.push(Vec::new());
        cases.push(right.iter().skip(1).cloned().collect());
    }
    cases
}

fn wrong_types(function: &Function) -> Vec<Vec<Flat<'static>>> {
    let right = ordinary(function);
    let others = [
        Flat::Unit,
        Flat::Bool(false),
        Flat::I64(-1),
        Flat::F64(0.5),
        Flat::Str(Cow::Borrowed(b"x")),
        Flat::Json(Cow::Borrowed(b"[]")),
    ];
    let mut cases = Vec::new();
    for (place, value) in right.iter().enumerate() {
        for other in &others {
            if other.parts().0 != value.parts().0 {
                cases.push(replaced(&right, place, other.clone()));
            }
        }
    }
    cases
}

fn odd_texts(suite: &Suite<'_>, function: &Function) -> Vec<Vec<Flat<'static>>> {
    let right = ordinary(function);
    let long = "x".repeat(1 << 20).into_bytes();
    let texts: [Vec<u8>; 6] = [
        Vec::new(),
        b"a\0b".to_vec(),
        "✈️ نيروبي Ⅷ e\u{301} \u{202e}".to_owned().into_bytes(),
        b"\xff\xfe not UTF-8".to_vec(),
        suite.id().repeat(1000).into_bytes(),
        long,
    ];
    let json: [Vec<u8>; 4] = [
        Vec::new(),
        b"{".to_vec(),
        "[".repeat(5000).into_bytes(),
        b"{\"a\":1e999}".to_vec(),
    ];
    let mut cases = Vec::new();
    for (place, value) in right.iter().enumerate() {
        match value {
            Flat::Str(_) => cases.extend(
                texts
                    .iter()
                    .map(|text| replaced(&right, place, Flat::Str(text.clone().into()))),
            ),
            Flat::Json(_) => cases.extend(
                json.iter()
                    .map(|text| replaced(&right, place, Flat::Json(text.clone().into()))),
            ),
            _ => {}
        }
    }
    cases
}

fn extreme_numbers(function: &Function) -> Vec<Vec<Flat<'static>>> {
    let right = ordinary(function);
    let whole = [0, -1, i64::MIN, i64::MAX];
    let numbers = [
        0.0,
        -0.0,
        -1.0,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE / 2.0,
        f64::INFINITY,
        f64::NAN,
    ];
    let mut cases = Vec::new();
    for (place, value) in right.iter().enumerate() {
        match value {
            Flat::I64(_) => cases.extend(
                whole
                    .iter()
                    .map(|value| replaced(&right, place, Flat::I64(*value))),
            ),
            Flat::F64(_) => cases.extend(
                numbers
                    .iter()
                    .map(|value| replaced(&right, place, Flat::F64(*value))),
            ),
            _ => {}
        }
    }
    cases
}

fn replaced(values: &[Flat<'static>], place: usize, value: Flat<'static>) -> Vec<Flat<'static>> {
    let mut values = values.to_vec();
    if let Some(old) = values.get_mut(place) {
        *old = value;
    }
    values
}

/// A sink that takes nothing, and one that takes half: whoever wants to write must stop and say so.
fn refusals(suite: &Suite<'_>) -> Result<String, String> {
    let mut worker = suite.start(&[])?;
    let (mut problems, mut tried) = (Vec::new(), 0);
    for (index, function) in (0..).zip(&suite.manifest.functions) {
        let mut ask = |limit| worker.once(Call::new(index, limit, ordinary(function)));
        let whole = match ask(suite.options.limits.document) {
            Ok(reply) if !reply.refused => reply.bytes.len(),
            Ok(_) => 0,
            Err(error) => {
                problems.push(format!("`{}`: {}", function.name, error.message));
                continue;
            }
        };
        let mut limits = vec![0, whole / 2];
        limits.dedup();
        for limit in limits {
            let problem = match ask(limit) {
                Ok(reply) => {
                    tried += usize::from(reply.refused);
                    let lies = reply.refused && reply.status == abi::STATUS_OK;
                    lies.then(|| "reports success although its answer was refused".to_owned())
                }
                Err(error) => Some(error.message),
            };
            problems.extend(problem.map(|problem| format!("`{}` {problem}", function.name)));
        }
    }
    unless(problems, format!("{tried} refused answers"))
}

fn unknown(suite: &Suite<'_>) -> Result<String, String> {
    let mut worker = suite.start(&[])?;
    let mut problems = Vec::new();
    let count = u32::try_from(suite.manifest.functions.len()).unwrap_or(u32::MAX);
    for index in [count, count.saturating_add(1), 1000, u32::MAX] {
        match worker.once(Call::new(index, 1024, Vec::new())) {
            Ok(reply) if reply.status == abi::STATUS_UNKNOWN => {}
            Ok(reply) => problems.push(format!(
                "function {index}: {} instead of UNKNOWN",
                told(&reply)
            )),
            Err(error) => problems.push(format!("function {index}: {}", error.message)),
        }
    }
    for operation in [0, 3, u32::MAX] {
        match worker.run(operation, &[b"{}"], 1024).pop() {
            Some(Ok(reply)) if reply.status == abi::STATUS_UNKNOWN => {}
            Some(Ok(reply)) => problems.push(format!(
                "operation {operation}: {} instead of UNKNOWN",
                told(&reply)
            )),
            Some(Err(error)) => problems.push(format!("operation {operation}: {}", error.message)),
            None => {}
        }
    }
    unless(problems, "4 functions, 3 operations".to_owned())
}

fn is_sendable(arg: &Flat<'_>) -> bool {
    match arg {
        Flat::F64(value) => value.is_finite(),
        Flat::Str(text) => std::str::from_utf8(text).is_ok_and(|text| !text.contains('\0')),
        Flat::Json(text) => serde_json::from_slice::<serde_json::Value>(text).is_ok(),
        Flat::Unit | Flat::Bool(_) | Flat::I64(_) => true,
    }
}

/// Arguments for a person, shortened.
fn show(args: &[Flat<'_>]) -> String {
    let shown = args.iter().map(|arg| match arg {
        Flat::Unit => "()".to_owned(),
        Flat::Bool(value) => value.to_string(),
        Flat::I64(value) => value.to_string(),
        Flat::F64(value) => value.to_string(),
        Flat::Str(text) | Flat::Json(text) if text.len() > 40 => format!("{} bytes", text.len()),
        Flat::Str(text) => format!("{:?}", String::from_utf8_lossy(text)),
        Flat::Json(text) => String::from_utf8_lossy(text).into_owned(),
    });
    shown.collect::<Vec<_>>().join(", ")
}
