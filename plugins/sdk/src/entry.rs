//! The four functions behind every table that the macro makes. No panic leaves them, and nothing is freed across the border.

#![expect(unsafe_code, reason = "the C side of the border")]

use crate::abi::{self, Instance, Sink, Slice, Status};
use crate::export::{self, Exported};
use crate::host::HostView;
use crate::plugin::Error;
use crate::value::{Argument, Lent};
use crate::wire::{Assessed, Finding};
use evenhand_contract::bundled::{LinkedInstance, LinkedPlugin, Refused};
use serde::Serialize;
use serde_json::Value;
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::slice;
use std::str;

/// What an [`Instance`] pointer points to.
struct State<P> {
    plugin: P,
    poisoned: bool,
    host: Option<HostView>,
}

/// What goes back on success: a value, and the text that belongs to it.
type Reply = (abi::Value, Option<Vec<u8>>);

/// [`abi::Create`] of `P`.
pub(crate) unsafe extern "C" fn create<P: Exported>(
    host: *const abi::Host,
    settings: Slice,
    out: *mut *mut Instance,
    err: *const Sink,
) -> Status {
    // SAFETY: the host lends a sink for this call.
    let err = unsafe { Out::of(err) };
    if out.is_null() || !host.is_aligned() {
        return err.fail(&Error::internal("`create` was called with a bad pointer"));
    }
    // SAFETY: not null; the host owns the place.
    unsafe { out.write(ptr::null_mut()) };
    // SAFETY: the host's struct outlives every instance made with it.
    let host = (!host.is_null()).then(|| unsafe { HostView::read(host) });
    // SAFETY: settings are lent for this call.
    let settings = unsafe { settings.bytes() };
    let made = guarded(host, || {
        check_host(host)?;
        let plugin = P::create(&object(settings, "the settings")?)?;
        Ok(Box::new(State {
            plugin,
            poisoned: false,
            host,
        }))
    });
    match made {
        Ok(state) => {
            // SAFETY: as above.
            unsafe { out.write(Box::into_raw(state).cast()) };
            abi::STATUS_OK
        }
        Err(error) => err.fail(&error),
    }
}

/// [`abi::Destroy`] of `P`.
pub(crate) unsafe extern "C" fn destroy<P: Exported>(instance: *mut Instance) {
    if instance.is_null() {
        return;
    }
    // SAFETY: it was made by `create::<P>`, and the host gives it up.
    let state = unsafe { Box::from_raw(instance.cast::<State<P>>()) };
    let host = state.host;
    let ended = guarded(host, move || {
        drop(state);
        Ok(())
    });
    drop(ended); // nobody can be told of an error here
}

/// [`abi::Call`] of `P`.
pub(crate) unsafe extern "C" fn call<P: Exported>(
    instance: *mut Instance,
    function: u32,
    args: *const abi::Value,
    count: usize,
    answer: *mut abi::Value,
    out: *const Sink,
) -> Status {
    // SAFETY: the host lends a sink for this call.
    let out = unsafe { Out::of(out) };
    // SAFETY: null or made by `create::<P>`; the host never enters an instance twice at once.
    let state = unsafe { instance.cast::<State<P>>().as_mut() };
    if answer.is_null() || (args.is_null() && count > 0) {
        return out.fail(&Error::internal("`call` was called with a null pointer"));
    }
    let args = match count {
        0 => &[],
        // SAFETY: the host lends `count` values for this call.
        _ => unsafe { slice::from_raw_parts(args, count) },
    };
    let reply = enter(state, |plugin| {
        let lent = |(index, value)| {
            // SAFETY: each value is lent for this call.
            let lent = unsafe { Lent::read(value) };
            lent.map_err(|why| Error::bad_arguments(format!("argument {} {why}", index + 1)))
        };
        let args = args
            .iter()
            .enumerate()
            .map(lent)
            .collect::<Result<Vec<_>, _>>()?;
        reply(export::call(plugin, function, &args)?)
    });
    match reply {
        Ok((value, text)) => {
            // SAFETY: not null; the host owns the place.
            unsafe { answer.write(value) };
            text.map_or(abi::STATUS_OK, |text| out.send(&text))
        }
        Err(error) => out.fail(&error),
    }
}

/// [`abi::Run`] of `P`.
pub(crate) unsafe extern "C" fn run<P: Exported>(
    instance: *mut Instance,
    operation: u32,
    input: Slice,
    out: *const Sink,
) -> Status {
    // SAFETY: the host lends a sink for this call.
    let out = unsafe { Out::of(out) };
    // SAFETY: null or made by `create::<P>`; the host never enters an instance twice at once.
    let state = unsafe { instance.cast::<State<P>>().as_mut() };
    // SAFETY: the document is lent for this call.
    let input = unsafe { input.bytes() };
    let document = enter(state, |plugin| operate(plugin, operation, input));
    match document {
        Ok(document) => out.send(&document),
        Err(error) => out.fail(&error),
    }
}

/// Runs an operation on a document.
fn operate<P: Exported>(
    plugin: &mut P,
    operation: u32,
    input: Option<&[u8]>,
) -> Result<Vec<u8>, Error> {
    match operation {
        abi::OP_DERIVE => sorted(&plugin.derive(&object(input, "the proposal")?)?),
        abi::OP_ASSESS => {
            let findings = plugin.assess(&object(input, "the proposal")?)?;
            findings
                .iter()
                .try_for_each(Finding::check)
                .map_err(Error::internal)?;
            sorted(&Assessed { findings })
        }
        other => Err(Error::unknown(format!("there is no operation {other}"))),
    }
}

/// The safe way into `P`, for a program that it is linked into.
pub(crate) struct Linked<P>(pub(crate) PhantomData<fn() -> P>);

impl<P> fmt::Debug for Linked<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Linked")
    }
}

/// An instance that is reached without the binary interface.
struct Direct<P> {
    plugin: P,
    poisoned: bool,
}

impl<P: Exported> LinkedPlugin for Linked<P> {
    fn manifest(&self) -> &'static str {
        str::from_utf8(P::MANIFEST).unwrap_or_default()
    }

    fn create(&self, settings: &Value) -> Result<Box<dyn LinkedInstance>, Refused> {
        let plugin = guarded(None, || P::create(settings)).map_err(|error| refused(&error))?;
        Ok(Box::new(Direct {
            plugin,
            poisoned: false,
        }))
    }
}

impl<P: Exported> LinkedInstance for Direct<P> {
    fn run(&mut self, operation: u32, document: &str) -> Result<String, Refused> {
        let input = Some(document.as_bytes());
        let answer = healthy(&mut self.plugin, &mut self.poisoned, None, |plugin| {
            operate(plugin, operation, input)
        });
        let text = answer.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        text.map_err(|error| refused(&error))
    }

    fn call(&mut self, index: u32, args: &[Argument]) -> Result<Argument, Refused> {
        let texts: Vec<Option<String>> = args
            .iter()
            .map(|arg| match arg {
                Argument::Json(value) => Some(value.to_string()),
                _ => None,
            })
            .collect();
        let lent = args.iter().zip(&texts).map(|(arg, text)| match arg {
            Argument::Unit => Lent::Unit,
            Argument::Bool(flag) => Lent::Bool(*flag),
            Argument::Integer(number) => Lent::Integer(*number),
            Argument::Number(number) => Lent::Number(*number),
            Argument::Text(text) => Lent::Text(text),
            Argument::Json(_) => Lent::Json(text.as_deref().unwrap_or_default()),
        });
        let lent: Vec<Lent<'_>> = lent.collect();
        let answer = healthy(&mut self.plugin, &mut self.poisoned, None, |plugin| {
            export::call(plugin, index, &lent)
        });
        answer.map_err(|error| refused(&error))
    }
}

fn refused(error: &Error) -> Refused {
    Refused {
        status: error.status(),
        message: error.message().to_owned(),
    }
}

/// Runs `body` on a healthy instance; a panic poisons it for good.
fn enter<P, T>(
    state: Option<&mut State<P>>,
    body: impl FnOnce(&mut P) -> Result<T, Error>,
) -> Result<T, Error> {
    let state = state.ok_or_else(|| Error::internal("the instance is null"))?;
    healthy(&mut state.plugin, &mut state.poisoned, state.host, body)
}

fn healthy<P, T>(
    plugin: &mut P,
    poisoned: &mut bool,
    host: Option<HostView>,
    body: impl FnOnce(&mut P) -> Result<T, Error>,
) -> Result<T, Error> {
    if *poisoned {
        let message = "an earlier call panicked; this instance answers nothing any more";
        return Err(Error::with(abi::STATUS_PANIC, message));
    }
    *poisoned = true;
    guarded(host, || {
        let answer = body(plugin);
        *poisoned = false;
        answer
    })
}

/// Runs `body` with `host` as the one of this thread, and turns a panic into an error.
fn guarded<T>(host: Option<HostView>, body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // What the body leaves half-changed is not looked at again: a panic poisons the instance.
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let _entered = host.map(HostView::enter);
        body()
    }));
    caught.unwrap_or_else(|payload| {
        let error = Error::with(abi::STATUS_PANIC, panic_text(&*payload));
        mem::forget(payload); // dropping it could panic again
        Err(error)
    })
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("no message"))
}

fn check_host(host: Option<HostView>) -> Result<(), Error> {
    match host {
        Some(HostView {
            abi: (major, minor),
            ..
        }) if major != abi::ABI_MAJOR => Err(Error::failed(format!(
            "the host speaks ABI {major}.{minor}, this plugin was built for {}.{}",
            abi::ABI_MAJOR,
            abi::ABI_MINOR
        ))),
        _ => Ok(()),
    }
}

/// Parses a document that must be an object; no bytes at all count as an empty one.
fn object(bytes: Option<&[u8]>, what: &str) -> Result<Value, Error> {
    let bytes = bytes.ok_or_else(|| Error::internal(format!("{what}: a bad pointer")))?;
    if bytes.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    match serde_json::from_slice(bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(Error::bad_arguments(format!(
            "{what} must be a JSON object"
        ))),
        Err(error) => Err(Error::bad_arguments(format!(
            "{what}: not valid JSON: {error}"
        ))),
    }
}

/// JSON with sorted keys, whatever features `serde_json` was built with in the author's workspace.
fn sorted(document: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut value = serde_json::to_value(document)?;
    value.sort_all_objects();
    Ok(serde_json::to_vec(&value)?)
}

fn reply(answer: Argument) -> Result<Reply, Error> {
    Ok(match answer {
        Argument::Unit => (abi::Value::UNIT, None),
        Argument::Bool(value) => (abi::Value::bool(value), None),
        Argument::Integer(value) => (abi::Value::i64(value), None),
        Argument::Number(value) => (abi::Value::f64(value), None),
        Argument::Text(text) => (abi::Value::of(abi::TAG_STR), Some(text.into_bytes())),
        Argument::Json(value) => (abi::Value::of(abi::TAG_JSON), Some(sorted(&value)?)),
    })
}

/// The host's sink, where it gave one.
#[derive(Clone, Copy)]
struct Out(Option<Sink>);

impl Out {
    /// # Safety
    ///
    /// `sink` is null, or may be used until the call in which it was lent returns; so may the answer be used.
    unsafe fn of(sink: *const Sink) -> Self {
        // SAFETY: null or readable, says the caller.
        Self(unsafe { sink.as_ref() }.copied())
    }

    /// Sends an answer.
    fn send(self, bytes: &[u8]) -> Status {
        let Some(Sink {
            ctx,
            write: Some(write),
        }) = self.0
        else {
            return abi::STATUS_INTERNAL;
        };
        // SAFETY: the sink is the host's own; the bytes live until `write` returns.
        match unsafe { write(ctx, bytes.as_ptr(), bytes.len()) } {
            0 => abi::STATUS_OK,
            _ => abi::STATUS_LIMIT,
        }
    }

    /// Sends the message of an error; the status stands even where the message is refused.
    fn fail(self, error: &Error) -> Status {
        self.send(error.message().as_bytes());
        error.status()
    }
}
