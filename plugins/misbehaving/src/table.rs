//! The table, made by hand: deeds go past the SDK, everything else goes through it.

#![expect(
    unsafe_code,
    reason = "a test fixture that breaks the contract on purpose"
)]

use crate::deeds::{self, Deed, Scene};
use crate::tame;
use evenhand_plugin::abi::{self, Host, Instance, Plugin, Sink, Slice, Status, Value};
use evenhand_plugin::export::Exported as _;
use std::ptr;
use std::str;

/// Calls a function of the SDK's table, which always has it.
macro_rules! tame {
    ($function:ident($($argument:expr),*)) => {
        match tame::plugin_table().$function {
            // SAFETY: the host's own arguments are handed on.
            Some(function) => unsafe { function($($argument),*) },
            None => Default::default(),
        }
    };
}

struct State {
    tame: *mut Instance,
    orders: Option<Orders>,
}

/// A deed for a moment other than a function call.
struct Orders {
    at: String,
    deed: &'static Deed,
    with: String,
}

impl Orders {
    fn read(settings: &[u8]) -> Option<Self> {
        let settings: serde_json::Value = serde_json::from_slice(settings).ok()?;
        let text = |key: &str| settings.get(key)?.as_str();
        Some(Self {
            at: text("at")?.to_owned(),
            deed: deeds::named(text("do")?)?,
            with: text("with").unwrap_or_default().to_owned(),
        })
    }
}

/// Does what is ordered for `moment`, if anything.
fn obey(orders: Option<&Orders>, moment: &str, sink: *const Sink) -> Option<Status> {
    let orders = orders.filter(|orders| orders.at == moment)?;
    Some((orders.deed.act)(&mut Scene {
        with: &orders.with,
        answer: ptr::null_mut(),
        sink,
    }))
}

unsafe extern "C" fn create(
    host: *const Host,
    settings: Slice,
    out: *mut *mut Instance,
    err: *const Sink,
) -> Status {
    // SAFETY: the host lends the settings for this call.
    let orders = Orders::read(unsafe { settings.bytes() }.unwrap_or_default());
    if let Some(status) = obey(orders.as_ref(), "create", err)
        && (status != abi::STATUS_OK
            || orders
                .as_ref()
                .is_some_and(|orders| orders.deed.name == "null_instance"))
    {
        return status;
    }
    let mut tame = ptr::null_mut();
    let status: Status = tame!(create(host, settings, &raw mut tame, err));
    if status == abi::STATUS_OK {
        let state = Box::into_raw(Box::new(State { tame, orders }));
        // SAFETY: the host owns the place.
        unsafe { out.write(state.cast()) };
    }
    status
}

unsafe extern "C" fn destroy(instance: *mut Instance) {
    if instance.is_null() {
        return;
    }
    // SAFETY: made by `create`, and given up by the host.
    let state = unsafe { Box::from_raw(instance.cast::<State>()) };
    obey(state.orders.as_ref(), "destroy", ptr::null());
    tame!(destroy(state.tame));
}

unsafe extern "C" fn call(
    instance: *mut Instance,
    function: u32,
    args: *const Value,
    count: usize,
    answer: *mut Value,
    out: *const Sink,
) -> Status {
    // SAFETY: made by `create`; the host never enters it twice at once.
    let state = unsafe { &*instance.cast::<State>() };
    let before = tame::Tame::FUNCTIONS.len();
    let deed = usize::try_from(function)
        .ok()
        .and_then(|index| index.checked_sub(before))
        .and_then(|index| deeds::all().nth(index));
    let Some(deed) = deed else {
        return tame!(call(state.tame, function, args, count, answer, out));
    };
    if count != usize::from(deed.takes_text) {
        return abi::STATUS_BAD_ARGS;
    }
    let mut with = "";
    if deed.takes_text {
        // SAFETY: there is one argument.
        let arg = unsafe { &*args };
        if arg.tag != abi::TAG_STR {
            return abi::STATUS_BAD_ARGS;
        }
        // SAFETY: the tag says that it is text.
        let text = unsafe { arg.payload.s };
        // SAFETY: the host lends it for this call.
        with = unsafe { text.bytes() }
            .and_then(|text| str::from_utf8(text).ok())
            .unwrap_or_default();
    }
    (deed.act)(&mut Scene {
        with,
        answer,
        sink: out,
    })
}

unsafe extern "C" fn run(
    instance: *mut Instance,
    operation: u32,
    input: Slice,
    out: *const Sink,
) -> Status {
    // SAFETY: made by `create`; the host never enters it twice at once.
    let state = unsafe { &*instance.cast::<State>() };
    let moment = match operation {
        abi::OP_DERIVE => "derive",
        abi::OP_ASSESS => "assess",
        _ => "",
    };
    obey(state.orders.as_ref(), moment, out)
        .unwrap_or_else(|| tame!(run(state.tame, operation, input, out)))
}

/// The plugin's table, for tests that link it; hosts find it behind `evenhand_misbehaving_v1`.
pub fn misbehaving_table() -> &'static Plugin {
    static TABLE: Plugin = Plugin {
        magic: abi::MAGIC,
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        struct_size: size_of::<Plugin>() as u64,
        manifest: Slice::lend(crate::MANIFEST.as_bytes()),
        create: Some(create),
        destroy: Some(destroy),
        call: Some(call),
        run: Some(run),
    };
    &TABLE
}

#[unsafe(export_name = "evenhand_misbehaving_v1")]
extern "C" fn entry() -> *const Plugin {
    misbehaving_table()
}
