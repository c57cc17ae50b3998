//! Days of the calendar. There is no clock here: the caller says which day it is.

use std::fmt;

/// A day of the Gregorian calendar, from 0001-01-01 to 9999-12-31.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if there is one.
    pub fn of(year: u16, month: u8, day: u8) -> Option<Self> {
        let there = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_of(year, month)).contains(&day);
        there.then_some(Self { year, month, day })
    }

    /// Reads `2027-06-30` (RFC 3339, full-date), and nothing else.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut part = |digits: usize| {
            let part = parts.next()?;
            let fits = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| part.parse::<u16>().ok()).flatten()
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        if parts.next().is_some() {
            return None;
        }
        Self::of(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// The day that somebody meant who writes days otherwise: `30.6.2027`, `30/06/2027`, `2027/6/30`. Nothing where it may
    /// be another one: 5/6/2027 is in May for some and in June for others.
    pub fn meant(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.trim().split(['.', '/', '-', ' ']).collect();
        let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if parts.len() != 3 || !parts.iter().all(digits) {
            return None;
        }
        let number = |index: usize| parts.get(index)?.parse::<u16>().ok();
        let small = |index: usize| number(index).and_then(|number| u8::try_from(number).ok());
        if parts.first().is_some_and(|part| part.len() == 4) {
            return Self::of(number(0)?, small(1)?, small(2)?);
        }
        if parts.get(2).is_none_or(|part| part.len() != 4) {
            return None;
        }
        let (first, second, year) = (small(0)?, small(1)?, number(2)?);
        match (Self::of(year, second, first), Self::of(year, first, second)) {
            (Some(one), Some(other)) => (one == other).then_some(one),
            (one, other) => one.or(other),
        }
    }

    /// The days from 1970-01-01 to this one; fewer than none before it.
    ///
    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013), `days_from_civil`.
    pub fn days(self) -> i32 {
        let (month, day) = (i32::from(self.month), i32::from(self.day));
        let year = i32::from(self.year) - i32::from(month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day so many days after 1970-01-01, if it has a year of four digits; `civil_from_days` of the same work.
    pub fn from_days(days: i32) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        Self::of(
            u16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_of(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_days_that_there_are_are_read() {
        for text in [
            "2027-06-30",
            "2024-02-29",
            "2000-02-29",
            "0001-01-01",
            "9999-12-31",
        ] {
            assert_eq!(Date::read(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "2027",
            "2027-6-30",
            "2027-06-31",
            "2027-02-29",
            "1900-02-29",
            "0000-01-01",
            "2027-00-10",
            "2027-13-01",
            "2027-06-00",
            "+027-06-30",
            "2027-06-30T00:00:00",
            "2027-06-30-01",
            " 2027-06-30",
            "２０２７-06-30",
            "12027-06-30",
        ] {
            assert_eq!(Date::read(text), None, "{text}");
        }
    }

    #[test]
    fn another_way_to_write_a_day_is_understood_where_it_means_one() {
        for (text, meant) in [
            ("30.6.2027", "2027-06-30"),
            ("30/06/2027", "2027-06-30"),
            ("06/30/2027", "2027-06-30"),
            ("2027/6/30", "2027-06-30"),
            (" 2027-6-3 ", "2027-06-03"),
            ("5/5/2027", "2027-05-05"),
            ("30 6 2027", "2027-06-30"),
        ] {
            let found = Date::meant(text).map(|date| date.to_string());
            assert_eq!(found.as_deref(), Some(meant), "{text}");
        }
        for text in [
            "5/6/2027",
            "next summer",
            "31.2.2027",
            "30.6.27",
            "2027",
            "1.2.3.4",
            "99999/1/1",
        ] {
            assert_eq!(Date::meant(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_as_everybody_counts_them() {
        // Unix time of some days, in days; 2000-03-01 follows a leap day of a year that ends in 00.
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-03-01", 11_017),
            ("2026-11-26", 20_783),
            ("0001-01-01", -719_162),
            ("9999-12-31", 2_932_896),
        ] {
            let date = Date::read(text).unwrap();
            assert_eq!(date.days(), days, "{text}");
            assert_eq!(Date::from_days(days), Some(date), "{text}");
        }
        for days in [-719_163, 2_932_897, i32::MAX, i32::MIN] {
            assert_eq!(Date::from_days(days), None, "{days}");
        }
    }

    proptest! {
        #[test]
        fn a_day_after_a_day_is_the_next_one(days in -719_162_i32..2_932_896) {
            let (one, next) = (Date::from_days(days).unwrap(), Date::from_days(days + 1).unwrap());
            prop_assert!(one < next);
            prop_assert_eq!(one.days(), days);
            prop_assert_eq!(Date::read(&one.to_string()), Some(one));
        }
    }
}
