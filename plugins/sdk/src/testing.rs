//! Runs a plugin in a test, without loading a library, through the very table that a host would use.
//!
//! ```
//! use evenhand_plugin::testing::{Failure, Harness, assert_lawful};
//! # use evenhand_plugin::{Error, Plugin, Value, plugin_table};
//! # struct Doubler;
//! # impl Plugin for Doubler {
//! #     fn create(_: &Value) -> Result<Self, Error> { Ok(Self) }
//! # }
//! # impl Doubler {
//! #     fn double(number: f64) -> f64 { 2.0 * number }
//! # }
//! # plugin_table! { Doubler, manifest = br#"{ "functions": [
//! #     { "name": "double", "pure": true, "params": [{ "name": "number", "type": "f64" }], "returns": "f64" }
//! # ] }"#; pure fn double(number: f64) -> f64; }
//! # use serde_json::json;
//! # fn main() -> Result<(), Failure> {
//! let mut plugin = Harness::new(plugin_table(), &json!({}))?;
//! assert_eq!(plugin.call("double", &[1.5.into()])?, 3.0.into());
//! assert_lawful(plugin_table(), &json!({}), &[json!({"weeks": 2})]);
//! # Ok(())
//! # }
//! ```

#![expect(unsafe_code, reason = "plays the host's part of the border")]

use crate::abi::{self, Instance, Sink, Slice, Status};
use crate::projection::project;
use crate::table::{Table, TableError};
use crate::value::{Argument, Lent, ValueType};
use crate::wire::{Assessed, Derived, Finding};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::fmt;
use std::ptr;
use std::rc::Rc;

pub use laws::{assert_lawful, breaches, document_breaches};
pub use manifest::{function_differences, manifest_differences};

mod laws;
mod manifest;

/// A plugin under test: one instance, with a host that keeps its log.
#[derive(Debug)]
pub struct Harness {
    table: Table,
    manifest: Value,
    reads: Vec<String>,
    limit: usize,
    instance: *mut Instance,
    /// Kept for the plugin, which has its address.
    _host: Rc<abi::Host>,
    kept: Rc<Kept>,
}

/// Why the plugin gave no answer, or one that breaks the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What the plugin returned; [`abi::STATUS_INTERNAL`] where its answer or its table breaks the contract.
    pub status: Status,
    /// Why.
    pub message: String,
}

impl Harness {
    /// How many bytes an answer may have unless [`limit`](Self::limit) says otherwise, as in the engine: 4 MiB.
    pub const ANSWER_LIMIT: usize = 4 << 20;

    /// Checks the table and makes an instance.
    ///
    /// The table is the one of `export_plugin!`, or of a library that keeps the contract of [`Table::read`]; a table made by hand
    /// with wrong addresses breaks the test that uses it as it would break a host.
    pub fn new(table: &'static abi::Plugin, settings: &Value) -> Result<Self, Failure> {
        // SAFETY: a whole table that lives for ever.
        let table = unsafe { Table::read(table) }.map_err(|error| broken(&error))?;
        Self::with_host(table, settings, abi_host())
    }

    /// Makes an instance from a checked table, with a host struct of the caller's: for tests of other versions of the contract.
    pub fn with_host(table: Table, settings: &Value, offered: abi::Host) -> Result<Self, Failure> {
        let manifest: Value = serde_json::from_str(table.manifest)
            .map_err(|error| broken(&format!("the manifest is not JSON: {error}")))?;
        let reads = manifest
            .get("reads")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let reads = reads.filter_map(Value::as_str).map(str::to_owned).collect();
        let kept = Rc::new(Kept::default());
        let host = Rc::new(abi::Host {
            ctx: Rc::as_ptr(&kept).cast_mut().cast(),
            ..offered
        });
        let (settings, limit) = (settings.to_string(), Self::ANSWER_LIMIT);
        let mut instance = ptr::null_mut();
        let (status, message) = collect(limit, |sink| {
            let settings = Slice::lend(settings.as_bytes());
            // SAFETY: the host struct is kept as long as the instance; the rest lives for the call.
            unsafe { (table.create)(Rc::as_ptr(&host), settings, &raw mut instance, sink) }
        });
        if status != abi::STATUS_OK {
            return Err(failure(status, &message));
        }
        if instance.is_null() {
            return Err(broken(&"`create` succeeded but gave no instance"));
        }
        Ok(Self {
            table,
            manifest,
            reads,
            limit,
            instance,
            _host: host,
            kept,
        })
    }

    /// Sets how many bytes an answer may have.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// The manifest inside the plugin.
    pub fn manifest(&self) -> &Value {
        &self.manifest
    }

    /// Derives facts from the part of `proposal` that the manifest `reads`.
    pub fn derive(&mut self, proposal: &Value) -> Result<Derived, Failure> {
        self.document(abi::OP_DERIVE, proposal)
    }

    /// Judges the part of `proposal` that the manifest `reads`.
    pub fn assess(&mut self, proposal: &Value) -> Result<Vec<Finding>, Failure> {
        let assessed: Assessed = self.document(abi::OP_ASSESS, proposal)?;
        Ok(assessed.findings)
    }

    /// Calls a function of the manifest by name. The answer must have the type that the manifest declares.
    pub fn call(&mut self, name: &str, args: &[Argument]) -> Result<Argument, Failure> {
        let functions = self.manifest.get("functions").and_then(Value::as_array);
        let found = functions
            .into_iter()
            .flatten()
            .zip(0_u32..)
            .find(|(function, _)| function.get("name").and_then(Value::as_str) == Some(name));
        let Some((function, index)) = found else {
            return Err(broken(&format!("the manifest has no function `{name}`")));
        };
        let returns = function
            .get("returns")
            .and_then(Value::as_str)
            .and_then(ValueType::named);
        let answer = self.call_index(index, args)?;
        if returns != Some(answer.value_type()) {
            let declared = returns.map_or("nothing known", ValueType::name);
            let message = format!(
                "`{name}` gave {}, the manifest declares {declared}",
                answer.value_type()
            );
            return Err(broken(&message));
        }
        Ok(answer)
    }

    /// Calls whatever function has that index, without looking at the manifest.
    pub fn call_index(&mut self, index: u32, args: &[Argument]) -> Result<Argument, Failure> {
        let call = self
            .table
            .call
            .ok_or_else(|| broken(&"the table has no `call`"))?;
        let texts: Vec<String> = args.iter().map(text_of).collect();
        let args: Vec<abi::Value> = args
            .iter()
            .zip(&texts)
            .map(|(arg, text)| lend(arg, text))
            .collect();
        let mut answer = abi::Value::UNIT;
        let (status, bytes) = collect(self.limit, |sink| {
            // SAFETY: instance and table belong together; arguments and answer live for the call.
            unsafe {
                call(
                    self.instance,
                    index,
                    args.as_ptr(),
                    args.len(),
                    &raw mut answer,
                    sink,
                )
            }
        });
        if status != abi::STATUS_OK {
            return Err(failure(status, &bytes));
        }
        take(answer, bytes).map_err(|why| broken(&format!("function {index}: the answer {why}")))
    }

    /// Runs an operation on bytes that need not be JSON; the status, and what came through the sink.
    pub fn run(&mut self, operation: u32, input: &[u8]) -> (Status, Vec<u8>) {
        let Some(run) = self.table.run else {
            return (abi::STATUS_UNKNOWN, b"the table has no `run`".to_vec());
        };
        collect(self.limit, |sink| {
            // SAFETY: instance and table belong together; the input lives for the call.
            unsafe { run(self.instance, operation, Slice::lend(input), sink) }
        })
    }

    /// What the plugin logged so far: level and message.
    pub fn logged(&self) -> Vec<(u32, String)> {
        self.kept.log.borrow().clone()
    }

    /// Says from now on that answers are no longer wanted.
    pub fn cancel(&mut self) {
        self.kept.cancelled.set(true);
    }

    fn document<T: serde::de::DeserializeOwned>(
        &mut self,
        operation: u32,
        proposal: &Value,
    ) -> Result<T, Failure> {
        let input = project(proposal, &self.reads).to_string();
        let (status, bytes) = self.run(operation, input.as_bytes());
        if status != abi::STATUS_OK {
            return Err(failure(status, &bytes));
        }
        serde_json::from_slice(&bytes)
            .map_err(|error| broken(&format!("the answer breaks the contract: {error}")))
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        if !self.instance.is_null() {
            // SAFETY: made by the same table, and not used again.
            unsafe { (self.table.destroy)(self.instance) }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}: {}", self.status, self.message)
    }
}

impl std::error::Error for Failure {}

/// The host that a plugin under test sees, in the current version of the contract.
pub fn abi_host() -> abi::Host {
    abi::Host {
        struct_size: size_of::<abi::Host>() as u64,
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        reserved: 0,
        ctx: ptr::null_mut(),
        log: Some(keep_log),
        cancelled: Some(is_cancelled),
    }
}

/// What the plugin's calls of the host leave behind.
#[derive(Debug, Default)]
struct Kept {
    log: RefCell<Vec<(u32, String)>>,
    cancelled: Cell<bool>,
}

unsafe extern "C" fn keep_log(ctx: *mut c_void, level: u32, message: Slice) {
    // SAFETY: `ctx` is what `Harness::with_host` put there; the harness lives longer than the instance.
    let kept = unsafe { &*ctx.cast::<Kept>() };
    // SAFETY: the plugin lends the message for this call.
    let message = unsafe { message.bytes() }.unwrap_or_default();
    kept.log
        .borrow_mut()
        .push((level, String::from_utf8_lossy(message).into_owned()));
}

unsafe extern "C" fn is_cancelled(ctx: *mut c_void) -> i32 {
    // SAFETY: as in `keep_log`.
    let kept = unsafe { &*ctx.cast::<Kept>() };
    i32::from(kept.cancelled.get())
}

/// What a sink takes: at most `limit` bytes.
struct Taken {
    bytes: Vec<u8>,
    limit: usize,
    refused: bool,
}

unsafe extern "C" fn write(ctx: *mut c_void, ptr: *const u8, len: usize) -> i32 {
    // SAFETY: `ctx` is what `collect` put there, and lives as long as the sink.
    let taken = unsafe { &mut *ctx.cast::<Taken>() };
    // The length comes first: bytes beyond the limit are not touched.
    if taken.refused || len > taken.limit.saturating_sub(taken.bytes.len()) {
        taken.refused = true;
        return 1;
    }
    // SAFETY: the plugin lends the bytes for this call.
    match unsafe { (Slice { ptr, len }).bytes() } {
        Some(bytes) => taken.bytes.extend_from_slice(bytes),
        None => taken.refused = true,
    }
    i32::from(taken.refused)
}

/// Gives `body` a sink, and returns what came through it. After a refusal a call did not
/// succeed, whatever the plugin says.
fn collect(limit: usize, body: impl FnOnce(*const Sink) -> Status) -> (Status, Vec<u8>) {
    let mut taken = Taken {
        bytes: Vec::new(),
        limit,
        refused: false,
    };
    let sink = Sink {
        ctx: (&raw mut taken).cast(),
        write: Some(write),
    };
    let status = body(&raw const sink);
    match status {
        abi::STATUS_OK if taken.refused => (abi::STATUS_LIMIT, taken.bytes),
        status => (status, taken.bytes),
    }
}

fn text_of(arg: &Argument) -> String {
    match arg {
        Argument::Text(text) => text.clone(),
        Argument::Json(value) => value.to_string(),
        _ => String::new(),
    }
}

fn lend(arg: &Argument, text: &str) -> abi::Value {
    match arg {
        Argument::Unit => abi::Value::UNIT,
        Argument::Bool(value) => abi::Value::bool(*value),
        Argument::Integer(value) => abi::Value::i64(*value),
        Argument::Number(value) => abi::Value::f64(*value),
        Argument::Text(_) => abi::Value::str(text),
        Argument::Json(_) => abi::Value::json(text),
    }
}

/// Reads an answer; text comes from the sink, never from the slice in the value.
fn take(answer: abi::Value, bytes: Vec<u8>) -> Result<Argument, String> {
    if answer.tag == abi::TAG_STR || answer.tag == abi::TAG_JSON {
        let text = String::from_utf8(bytes).map_err(|error| format!("is not UTF-8: {error}"))?;
        return match answer.tag {
            abi::TAG_STR => Ok(Argument::Text(text)),
            _ => serde_json::from_str(&text)
                .map(Argument::Json)
                .map_err(|error| format!("is not JSON: {error}")),
        };
    }
    if !bytes.is_empty() {
        return Err("has text in the sink, but is not of a type with text".to_owned());
    }
    // SAFETY: scalars only, from here on; every bit pattern of them is a value.
    match unsafe { Lent::read(&answer) }? {
        Lent::Bool(value) => Ok(Argument::Bool(value)),
        Lent::Integer(value) => Ok(Argument::Integer(value)),
        Lent::Number(value) => Ok(Argument::Number(value)),
        Lent::Unit | Lent::Text(_) | Lent::Json(_) => Ok(Argument::Unit),
    }
}

fn failure(status: Status, message: &[u8]) -> Failure {
    Failure {
        status,
        message: String::from_utf8_lossy(message).into_owned(),
    }
}

fn broken(why: &dyn fmt::Display) -> Failure {
    Failure {
        status: abi::STATUS_INTERNAL,
        message: why.to_string(),
    }
}

impl From<TableError> for Failure {
    fn from(error: TableError) -> Self {
        broken(&error)
    }
}
