//! The only place that reads a clock for what is judged: which day it is, where nobody said with `--date`.

use evenhand_core::date::Date;
use std::time::{SystemTime, UNIX_EPOCH};

/// Today, in UTC; none where the machine's clock is set to no day of the calendar.
pub(crate) fn today() -> Option<Date> {
    const SECONDS: u64 = 24 * 60 * 60;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Date::from_days(i32::try_from(since.as_secs() / SECONDS).ok()?)
}
