//! How numbers are shown, as far as it says what they are: dates, percentages.

use super::xml::{Piece, walk};
use evenhand_diagnostic::problem::Problem;
use std::collections::BTreeMap;

/// What a number is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    /// A number.
    #[default]
    Plain,
    /// A number times a hundred, with the percent sign.
    Percent,
    /// A day, counted from the beginning of the calendar.
    Date,
}

/// What each style of a workbook shows numbers as, by its index.
pub(super) fn read(part: &str, xml: &str) -> Result<Vec<Shown>, Problem> {
    let mut formats: BTreeMap<u32, Shown> = BTreeMap::new();
    let mut styles = Vec::new();
    let mut within = false;
    walk(part, xml, &mut |piece| {
        match piece {
            Piece::Start("numFmt", attributes) => {
                let id = attributes.get("numFmtId").and_then(|id| id.parse().ok());
                if let (Some(id), Some(code)) = (id, attributes.get("formatCode")) {
                    formats.insert(id, of_code(&code));
                }
            }
            Piece::Start("cellXfs", _) => within = true,
            Piece::End("cellXfs") => within = false,
            Piece::Start("xf", attributes) if within => {
                let id = attributes.get("numFmtId").and_then(|id| id.parse().ok());
                let id: u32 = id.unwrap_or_default();
                let shown = formats.get(&id).copied();
                styles.push(shown.unwrap_or_else(|| built_in(id)));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(styles)
}

/// The formats that have a number and no code (ECMA-376, 18.8.30), those of East Asia included.
fn built_in(id: u32) -> Shown {
    match id {
        9 | 10 => Shown::Percent,
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Shown::Date,
        _ => Shown::Plain,
    }
}

/// What a code shows: letters of days and hours outside of quotes and brackets, or a percent sign.
fn of_code(code: &str) -> Shown {
    let mut chars = code.chars();
    let mut shown = Shown::Plain;
    if code.eq_ignore_ascii_case("general") {
        return shown;
    }
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '[' => drop(chars.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return Shown::Date,
            '%' => shown = Shown::Percent,
            _ => {}
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_a_number_is() {
        for (code, shown) in [
            ("General", Shown::Plain),
            ("0.00", Shown::Plain),
            ("#,##0.00 \"USD\"", Shown::Plain),
            ("[Red]0;[Blue]-0", Shown::Plain),
            ("_(* #,##0_)", Shown::Plain),
            ("0.0%", Shown::Percent),
            ("yyyy\\-mm\\-dd", Shown::Date),
            ("[$-40C]d mmmm yyyy", Shown::Date),
            ("h:mm", Shown::Date),
            ("0 \"days\"", Shown::Plain),
            ("0\\d", Shown::Plain),
        ] {
            assert_eq!(of_code(code), shown, "{code}");
        }
    }
}
