//! The pages as a WebAssembly module: four functions, bytes in and bytes out.

#![expect(unsafe_code, reason = "memory and names that the page outside reaches")]

use evenhand_core::date::Date;
use evenhand_core::executor::Sequential;
use evenhand_web::{App, Request, Response};
use std::alloc::Layout;
use std::sync::{Arc, LazyLock, OnceLock};

/// The day as of which is judged, in days since the beginning of 1970; whoever calls [`warm`] first says it.
static DAY: OnceLock<i32> = OnceLock::new();

/// The rules, loaded once; what is wrong with them, if they cannot be.
static APP: LazyLock<Result<App, String>> = LazyLock::new(|| {
    let date = DAY.get().and_then(|day| Date::from_days(*day));
    App::standard(date, Arc::new(Sequential)).map_err(|problems| {
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        said.join("\n")
    })
});

/// Room for `length` bytes of a request; the page gives it back with [`release`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    let Ok(layout) = Layout::array::<u8>(length.max(1)) else {
        return std::ptr::null_mut();
    };
    // SAFETY: the layout has at least one byte.
    unsafe { std::alloc::alloc_zeroed(layout) }
}

/// Takes room back that [`alloc`] or [`request`] gave.
///
/// # Safety
///
/// `address` and `length` are those that were given, and are given back once.
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(address: *mut u8, length: usize) {
    if let Ok(layout) = Layout::array::<u8>(length.max(1))
        && !address.is_null()
    {
        // SAFETY: it was allocated with this layout, as the caller says.
        unsafe { std::alloc::dealloc(address, layout) }
    }
}

/// Answers a request: address and length of the response in one number.
///
/// # Safety
///
/// `address` and `length` are those of room that [`alloc`] gave.
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn request(address: *const u8, length: usize) -> u64 {
    // SAFETY: the room is initialized, lives until it is released, and nobody writes while this runs.
    let bytes = unsafe { std::slice::from_raw_parts(address, length) };
    let answer = answer(bytes).to_bytes();
    let room = alloc(answer.len());
    if room.is_null() {
        return 0;
    }
    // SAFETY: the room is as long as the answer, and new.
    unsafe { std::ptr::copy_nonoverlapping(answer.as_ptr(), room, answer.len()) };
    ((room as usize as u64) << 32) | answer.len() as u64
}

/// Loads the rules, to judge as of a day, in days since the beginning of 1970; whether they could be.
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub extern "C" fn warm(day: i32) -> bool {
    DAY.get_or_init(|| day);
    APP.is_ok()
}

fn answer(bytes: &[u8]) -> Response {
    let plain = |status: u16, text: &str| Response {
        status,
        headers: vec![(
            "content-type".to_owned(),
            "text/plain; charset=utf-8".to_owned(),
        )],
        body: text.as_bytes().to_vec(),
    };
    match (&*APP, Request::from_bytes(bytes)) {
        (Ok(app), Some(request)) => app.handle(&request),
        (Ok(_), None) => plain(400, "This is no request."),
        (Err(problems), _) => plain(500, problems),
    }
}
