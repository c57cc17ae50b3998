//! Days as workbooks count them.

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
    let day = day as i64;
    // Days from 1 January 1970.
    let since = match (from_1904, day) {
        (true, day) => day - 24_107,
        (false, 0 | 60) => return None,
        (false, day) if day < 60 => day - 25_568,
        (false, day) => day - 25_569,
    };
    let (year, month, day) = civil(since);
    (year <= 9999).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The serial number of a day, year-month-day, counted from 1900; none before March 1900, where programs differ.
pub(crate) fn serial(date: &str) -> Option<f64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // The inverse of `civil`, by the same author.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let within = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let of_era = within * 365 + within / 4 - within / 100 + of_year;
    let serial = era * 146_097 + of_era - 719_468 + 25_569;
    let known = (61..=2_958_465).contains(&serial);
    #[expect(clippy::cast_precision_loss, reason = "within seven digits")]
    known.then_some(serial as f64)
}

/// Year, month and day of a count of days from 1 January 1970 (Howard Hinnant, `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days - era * 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day)
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
