//! Numbers, dates and truths as people type them.
//!
//! A reading is right or absent: what could be meant in two ways is read in both, and what cannot be read is not.

use crate::schema::validate::out_of_range;
use crate::schema::{Field, Kind};

/// What a text in the place of a number stands for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::schema) enum Reading {
    One(f64),
    Either(f64, f64),
    /// From one number to another.
    Range,
    /// A number in another unit than the field's.
    OtherUnit,
    Unknown,
}

/// What people write where they do not know yet.
const NOT_KNOWN: &[&str] = &[
    "tbd",
    "tba",
    "tbc",
    "tbs",
    "todo",
    "n/a",
    "na",
    "n.a",
    "n/k",
    "nk",
    "unknown",
    "not known",
    "not known yet",
    "not yet known",
    "to be decided",
    "to be determined",
    "to be confirmed",
    "to be announced",
    "to be defined",
    "pending",
    "undecided",
    "open",
    "?",
    "??",
    "???",
    "-",
    "--",
    "–",
    "—",
    "...",
    "…",
    "xx",
    "xxx",
    "none yet",
    "not applicable",
    "not available",
    "not sure",
    "don't know",
    "no idea",
    "nil",
    "undefined",
    "nan",
    "#n/a",
    "por definir",
    "por confirmar",
    "por determinar",
    "pendiente",
    "no se sabe",
    "desconocido",
    "s/d",
    "n/d",
    "nd",
    "à définir",
    "a definir",
    "à déterminer",
    "à confirmer",
    "à préciser",
    "inconnu",
    "en attente",
    "s.o",
    "k.a",
    "unbekannt",
    "offen",
];

/// Whether a text says that something is not known yet.
pub(super) fn is_not_known(text: &str) -> bool {
    let text = cleaned(text).to_lowercase();
    let text = text.trim_matches(['<', '>', '[', ']', '(', ')', ' ']);
    let bare = text.trim_end_matches(['.', '!']);
    NOT_KNOWN.contains(&text) || NOT_KNOWN.contains(&bare)
}

/// Characters that no reader of a page sees, or takes for a space.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
        | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{feff}' | '\u{85}')
}

/// Whether an invisible character has the width of a space.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// The text without invisible characters, the quotes of a word processor around it, and blanks at its ends.
pub(in crate::schema) fn cleaned(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2212}' | '\u{2010}' | '\u{2011}' => out.push('-'),
            c if is_invisible(c) && is_blank(c) => out.push(' '),
            c if is_invisible(c) => {}
            c => out.push(c),
        }
    }
    let quotes = ['"', '\'', '“', '”', '„', '‟', '«', '»', '‘', '’', '‚'];
    out.trim().trim_matches(quotes).trim().to_owned()
}

pub(super) fn flag(text: &str) -> Option<bool> {
    match cleaned(text).to_lowercase().as_str() {
        "yes" | "y" | "true" | "on" | "ja" | "oui" | "sí" | "si" | "s" | "1" | "x" | "✓" | "✔"
        | "sim" | "vrai" | "verdadero" | "t" => Some(true),
        "no" | "n" | "false" | "off" | "nein" | "non" | "0" | "✗" | "✘" | "não" | "faux"
        | "falso" | "f" => Some(false),
        _ => None,
    }
}

/// The number that a text stands for on the scale of the field.
pub(in crate::schema) fn number(field: &Field, text: &str) -> Reading {
    let mut rest = cleaned(text).to_lowercase();
    if is_range(&rest) {
        return Reading::Range;
    }
    for about in [
        "approximately ",
        "approx. ",
        "approx ",
        "about ",
        "around ",
        "circa ",
        "ca. ",
        "ca ",
        "c. ",
        "~",
        "≈",
    ] {
        if let Some(after) = rest.strip_prefix(about) {
            rest = after.trim().to_owned();
        }
    }
    let unit = field.unit.as_deref().unwrap_or_default().to_lowercase();
    let Ok(rest) = without_currency(&rest, &unit) else {
        return Reading::OtherUnit;
    };
    let end = rest
        .rfind(|c: char| c.is_ascii_digit())
        .map_or(0, |at| at + 1);
    let (digits, word) = rest.split_at_checked(end).unwrap_or((&rest, ""));
    let word = word.trim().trim_end_matches('.');
    let Some(scale) = scale(field, word, &unit) else {
        return if digits.is_empty() {
            Reading::Unknown
        } else {
            Reading::OtherUnit
        };
    };
    let fits = |number: &f64| {
        let whole = field.kind != Kind::Integer || number.fract() == 0.0;
        number.is_finite() && whole && !out_of_range(field, *number)
    };
    let found: Vec<f64> = readings(digits)
        .into_iter()
        .map(|number| tidy(number * scale))
        .filter(fits)
        .collect();
    match found.as_slice() {
        [one] => Reading::One(*one),
        [one, other] => Reading::Either(*one, *other),
        _ => Reading::Unknown,
    }
}

/// Without what a multiplication by a hundredth leaves behind.
fn tidy(number: f64) -> f64 {
    let rounded = (number * 1e9).round() / 1e9;
    if (rounded - number).abs() < 1e-9 {
        rounded
    } else {
        number
    }
}

/// Two numbers with a dash or a word between them.
pub(super) fn is_range(text: &str) -> bool {
    let number = |part: &str| {
        let part = part.trim().trim_end_matches('%').trim();
        part.starts_with(|c: char| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
    };
    let text = text
        .trim_start_matches("from ")
        .trim_start_matches("between ");
    let text = text.trim_end_matches(|c: char| c.is_alphabetic() || c == ' ');
    [
        "-", "–", "—", "..", "…", " to ", " and ", " or ", " a ", " o ", " à ", " ou ", " bis ",
    ]
    .iter()
    .filter_map(|mark| text.split_once(mark))
    .any(|(from, to)| number(from) && number(to))
}

/// Currencies by their signs and names; the dollar sign alone is that of the field.
const CURRENCIES: &[(&str, &str)] = &[
    ("us$", "usd"),
    ("u$s", "usd"),
    ("usd", "usd"),
    ("us dollars", "usd"),
    ("us dollar", "usd"),
    ("dollars", "$"),
    ("dollar", "$"),
    ("$", "$"),
    ("€", "eur"),
    ("eur", "eur"),
    ("euros", "eur"),
    ("euro", "eur"),
    ("£", "gbp"),
    ("gbp", "gbp"),
    ("pounds", "gbp"),
    ("¥", "jpy"),
    ("jpy", "jpy"),
    ("cad", "cad"),
    ("aud", "aud"),
    ("chf", "chf"),
    ("sek", "sek"),
    ("kes", "kes"),
    ("inr", "inr"),
    ("zar", "zar"),
    ("ngn", "ngn"),
    ("₹", "inr"),
    ("r$", "brl"),
    ("brl", "brl"),
    ("mxn", "mxn"),
];

/// The text without the currency that the field is counted in; an error where it is another one.
fn without_currency(text: &str, unit: &str) -> Result<String, ()> {
    for (sign, code) in CURRENCIES {
        let rest = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign));
        let Some(rest) = rest else { continue };
        let first = unit.split([' ', '/']).next().unwrap_or_default();
        let same = first == *code || (*code == "$" && first.ends_with('d') && first.len() == 3);
        return if same {
            Ok(rest
                .trim()
                .trim_end_matches(".-")
                .trim_end_matches(",-")
                .to_owned())
        } else {
            Err(())
        };
    }
    Ok(text.to_owned())
}

/// What a number is multiplied by for the word behind it; nothing where the word is another unit.
fn scale(field: &Field, word: &str, unit: &str) -> Option<f64> {
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    let first = unit.split([' ', '/']).next().unwrap_or_default();
    match word {
        "" | "-" | ",-" | ".-" => Some(1.0),
        "%" | "percent" | "per cent" | "pct" | "por ciento" | "pour cent" => {
            let most = field.maximum.unwrap_or(f64::INFINITY);
            if most <= 1.0 {
                Some(0.01)
            } else {
                ((most - 100.0).abs() < f64::EPSILON).then_some(1.0)
            }
        }
        "k" | "thousand" => Some(1e3),
        "million" | "mio" => Some(1e6),
        "wk" | "wks" | "semana" | "semanas" | "semaine" | "semaines" if first == "weeks" => {
            Some(1.0)
        }
        "h" | "hr" | "hrs" | "horas" | "heures" if first == "hours" => Some(1.0),
        "yr" | "yrs" | "años" | "ans" if first == "years" => Some(1.0),
        "mo" | "meses" | "mois" if first == "months" => Some(1.0),
        "kilometers" | "kilometres" | "kms" if first == "km" => Some(1.0),
        "days" | "day" if first == "weeks" => Some(1.0 / 7.0),
        "days" | "day" | "hours" | "hour" | "months" | "month" | "weeks" | "week" | "years"
        | "year" | "miles" | "mile" | "mi"
            if stem(word) != stem(first) =>
        {
            None
        }
        // People are counted under many names.
        _ if first == "persons" && word.chars().all(|c| c.is_alphabetic() || c == ' ') => Some(1.0),
        word if !first.is_empty() && stem(word) == stem(first) => Some(1.0),
        word if !unit.is_empty() && word == unit => Some(1.0),
        _ => None,
    }
}

/// Every number that digits with points, commas and blanks can be.
fn readings(typed: &str) -> Vec<f64> {
    let typed = typed.trim();
    let groups = |text: &str, mark: char| {
        let mut parts = text.trim_start_matches(['-', '+']).split(mark);
        let first = parts.next().unwrap_or_default();
        let head = (1..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_digit());
        let rest: Vec<&str> = parts.collect();
        head && !rest.is_empty()
            && rest
                .iter()
                .all(|part| part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let parse = |text: &str| text.parse::<f64>().ok().into_iter().collect::<Vec<_>>();
    for mark in [' ', '\'', '’', '_'] {
        if typed.contains(mark) {
            let (whole, decimals) = typed.split_once(['.', ',']).unwrap_or((typed, ""));
            return if groups(whole, mark) {
                let whole = whole.replace(mark, "");
                parse(&if decimals.is_empty() {
                    whole
                } else {
                    format!("{whole}.{decimals}")
                })
            } else {
                Vec::new()
            };
        }
    }
    let (commas, points) = (typed.matches(',').count(), typed.matches('.').count());
    match (commas, points) {
        (0, 0 | 1) => parse(typed),
        (1, 0) => {
            let decimal = parse(&typed.replace(',', "."));
            if groups(typed, ',') && !typed.trim_start_matches(['-', '+']).starts_with('0') {
                parse(&typed.replace(',', ""))
                    .into_iter()
                    .chain(decimal)
                    .collect()
            } else {
                decimal
            }
        }
        (_, 0) if groups(typed, ',') => parse(&typed.replace(',', "")),
        (0, _) if groups(typed, '.') => parse(&typed.replace('.', "")),
        // The last mark is that of decimals.
        (_, 1) if typed.rfind('.') > typed.rfind(',') => match typed.split_once('.') {
            Some((whole, _)) if groups(whole, ',') => parse(&typed.replace(',', "")),
            _ => Vec::new(),
        },
        (1, _) if typed.rfind(',') > typed.rfind('.') => match typed.split_once(',') {
            Some((whole, _)) if groups(whole, '.') => {
                parse(&typed.replace('.', "").replace(',', "."))
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "enero", "ene", "janvier", "janv"],
    &["february", "feb", "febrero", "février", "fevrier", "févr"],
    &["march", "mar", "marzo", "mars"],
    &["april", "apr", "abril", "abr", "avril", "avr"],
    &["may", "mayo", "mai"],
    &["june", "jun", "junio", "juin"],
    &["july", "jul", "julio", "juillet", "juil"],
    &["august", "aug", "agosto", "ago", "août", "aout"],
    &["september", "sep", "sept", "septiembre", "septembre"],
    &["october", "oct", "octubre", "octobre"],
    &["november", "nov", "noviembre", "novembre"],
    &["december", "dec", "diciembre", "dic", "décembre", "déc"],
];

/// Every date that a text can be, as year-month-day; two where day and month cannot be told apart.
pub(super) fn dates(text: &str) -> Vec<String> {
    let text = cleaned(text).to_lowercase();
    let text = text
        .split_once('t')
        .filter(|(day, _)| super::is_date(day))
        .map_or(text.as_str(), |(day, _)| day);
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty() && !matches!(*part, "de" | "del" | "of" | "the"))
        .map(|part| {
            part.trim_end_matches("st")
                .trim_end_matches("nd")
                .trim_end_matches("rd")
                .trim_end_matches("th")
        })
        .collect();
    let [a, b, c] = parts.as_slice() else {
        let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        let whole = digits.then(|| {
            format!(
                "{}-{}-{}",
                text.get(..4).unwrap_or_default(),
                text.get(4..6).unwrap_or_default(),
                text.get(6..).unwrap_or_default()
            )
        });
        return whole
            .filter(|date| super::is_date(date))
            .into_iter()
            .collect();
    };
    let month = |word: &str| {
        MONTHS
            .iter()
            .zip(1_u32..)
            .find(|(names, _)| names.contains(&word))
            .map(|(_, month)| month)
    };
    let number = |word: &str| word.parse::<u32>().ok().filter(|_| word.len() <= 2);
    let year = |word: &str| word.parse::<u32>().ok().filter(|_| word.len() == 4);
    let candidates = match (year(a), year(c)) {
        (Some(year), _) => vec![(Some(year), month(b).or(number(b)), number(c))],
        (_, Some(year)) => match (month(a), month(b)) {
            (Some(month), _) => vec![(Some(year), Some(month), number(b))],
            (_, Some(month)) => vec![(Some(year), Some(month), number(a))],
            _ => vec![
                (Some(year), number(b), number(a)),
                (Some(year), number(a), number(b)),
            ],
        },
        _ => Vec::new(),
    };
    let mut found: Vec<String> = candidates
        .into_iter()
        .filter_map(|(year, month, day)| Some(format!("{:04}-{:02}-{:02}", year?, month?, day?)))
        .filter(|date| super::is_date(date))
        .collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests;
