//! Days as workbooks count them.

use evenhand_document::date::Date;

/// The number of 1 January 1970, counted from 1900 and from 1904.
const EPOCH: (i32, i32) = (25_569, 24_107);

/// The day of a serial number, as year-month-day; the time of the day is left out.
///
/// Day 1 is 1 January 1900, and 29 February 1900, which never was, has a number too; workbooks that count from 1904 begin
/// with day 0 on 1 January 1904 (ECMA-376, 18.17.4.1).
pub(crate) fn date(serial: f64, from_1904: bool) -> Option<String> {
    /// 31 December 9999.
    const LAST: f64 = 2_958_465.0;
    let day = serial.floor();
    if !(0.0..=LAST).contains(&day) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number of days, within bounds"
    )]
    let day = day as i32;
    let since = match (from_1904, day) {
        (true, day) => day - EPOCH.1,
        (false, 0 | 60) => return None,
        (false, day) if day < 60 => day - EPOCH.0 + 1,
        (false, day) => day - EPOCH.0,
    };
    Date::from_days(since).map(|date| date.to_string())
}

/// The serial number of a day, year-month-day, counted from 1900; none before March 1900, where programs differ.
pub(crate) fn serial(date: &str) -> Option<f64> {
    let serial = Date::read(date)?.days() + EPOCH.0;
    (serial > 60).then(|| f64::from(serial))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_that_spreadsheets_show() {
        for (serial, from_1904, date) in [
            (1.0, false, Some("1900-01-01")),
            (59.0, false, Some("1900-02-28")),
            (60.0, false, None),
            (61.0, false, Some("1900-03-01")),
            (46143.0, false, Some("2026-05-01")),
            (46143.75, false, Some("2026-05-01")),
            (44681.0, true, Some("2026-05-01")),
            (0.0, true, Some("1904-01-01")),
            (0.0, false, None),
            (-1.0, false, None),
            (2_958_465.0, false, Some("9999-12-31")),
            (2_958_465.0, true, None),
            (1e300, false, None),
            (f64::NAN, false, None),
        ] {
            assert_eq!(super::date(serial, from_1904).as_deref(), date, "{serial}");
        }
    }

    #[test]
    fn a_day_has_one_number() {
        for day in [
            61.0,
            366.0,
            36_525.0,
            36_585.0,
            46_143.0,
            73_050.0,
            2_958_465.0,
        ] {
            let text = date(day, false).unwrap();
            assert_eq!(serial(&text), Some(day), "{text}");
        }
        for none in ["1900-02-28", "x", "2026-05", "0000-00-00"] {
            assert_eq!(serial(none), None, "{none}");
        }
    }
}
