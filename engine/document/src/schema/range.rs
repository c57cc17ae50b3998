//! Ranges: a number of which only the two ends are known, as in "20–25 people".

use super::validate::typed::{self, Reading};
use super::{Field, FieldId, Kind, Schema};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::text::{ends, json_number};
use serde_json::{Value, json};

/// From one number to another, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The smaller end.
    pub from: f64,
    /// The larger end.
    pub to: f64,
}

/// What stands between the ends where a range is typed as text.
const BETWEEN: [&str; 5] = ["..", "…", "–", "—", "-"];
/// What people write between them as well: read, and written anew by a fix.
const WORDS: [&str; 8] = [
    " to ", " and ", " or ", " a ", " y ", " à ", " et ", " bis ",
];

impl Range {
    /// Reads the canonical form, `{"from": 20, "to": 25}`.
    pub fn of(value: &Value) -> Option<Self> {
        ends(value).map(|(from, to)| Self { from, to })
    }

    /// The canonical form; the number itself where both ends are the same.
    pub fn to_json(self) -> Value {
        let end = |number| json_number(number).unwrap_or(Value::Null);
        if self.from >= self.to {
            return end(self.from);
        }
        json!({ "from": end(self.from), "to": end(self.to) })
    }

    /// As people type it.
    pub fn typed(self) -> String {
        format!("{}..{}", self.from, self.to)
    }

    /// The range that a value in the place of a number stands for, however it is written; its ends may be wrong, also
    /// in their order.
    pub fn written(field: &Field, value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::from_text(field, text),
            Value::Array(ends) => match ends.as_slice() {
                [from, to] => Some(Self {
                    from: from.as_f64()?,
                    to: to.as_f64()?,
                }),
                _ => None,
            },
            Value::Object(_) => Self::of(value),
            _ => None,
        }
    }

    /// Two plain numbers with a mark between them, or with days behind them where the field counts weeks.
    fn from_text(field: &Field, text: &str) -> Option<Self> {
        let text = typed::cleaned(text).to_lowercase();
        let (text, scale) = without_days(field, &text);
        let parts = BETWEEN.iter().filter_map(|mark| text.split_once(mark));
        let ends = parts.filter_map(|(from, to)| Some((plain(from)?, plain(to)?)));
        match (ends.into_iter().next(), plain(text)) {
            (Some((from, to)), _) => Some(Self {
                from: from / scale,
                to: to / scale,
            }),
            // "10 days" cannot be written as a number of weeks without being worked out.
            (None, Some(days)) if scale > 1.0 => Some(Self {
                from: days / scale,
                to: days / scale,
            }),
            _ => None,
        }
    }

    /// What was meant by a text that is a range in other words, or with a unit: `from 20 to 25 people`.
    pub(super) fn meant(field: &Field, text: &str) -> Option<Self> {
        let cleaned = typed::cleaned(text).to_lowercase();
        let mut rest = cleaned.as_str();
        for opening in ["from ", "between ", "de ", "entre ", "von "] {
            rest = rest.strip_prefix(opening).unwrap_or(rest);
        }
        let marks = BETWEEN.iter().chain(&WORDS);
        let parts = marks.filter_map(|mark| rest.split_once(mark));
        let one = |text: &str| match typed::number(field, text) {
            Reading::One(number) => Some(number),
            _ => None,
        };
        let ends = parts.filter_map(|(from, to)| {
            // The unit behind the second number is meant of both.
            let digit = |c: char| c.is_ascii_digit();
            let unit = to
                .rfind(digit)
                .and_then(|at| to.split_at_checked(at + 1))
                .map_or("", |(_, unit)| unit);
            let from = if from.trim().ends_with(digit) {
                format!("{}{unit}", from.trim())
            } else {
                from.to_owned()
            };
            let (from, to) = (one(&from)?, one(to)?);
            (from <= to).then_some(Self { from, to })
        });
        ends.into_iter().next()
    }
}

/// What JSON Schema says of a number that may be a range: each of these keywords is about one type of value only.
pub(super) fn published(kind: &str) -> serde_json::Map<String, Value> {
    let ends = json!({ "from": { "type": kind }, "to": { "type": kind } });
    let written = json!({
        "type": [kind, "null", "string", "array", "object"],
        "pattern": "^\\s*-?[0-9.]+\\s*((\\.\\.|…|–|—|-)\\s*-?[0-9.]+)?(\\s*\\p{L}+)?\\s*$",
        "items": { "type": kind },
        "minItems": 2,
        "maxItems": 2,
        "properties": ends,
        "required": ["from", "to"],
        "additionalProperties": false,
    });
    match written {
        Value::Object(map) => map,
        _ => serde_json::Map::new(),
    }
}

/// The text without the days at its end, and what they are divided by, where the field counts weeks.
fn without_days<'t>(field: &Field, text: &'t str) -> (&'t str, f64) {
    let weeks = field.unit.as_deref() == Some("weeks");
    let days = [
        "days", "day", "días", "día", "dias", "dia", "jours", "jour", "d",
    ];
    let bare = days.iter().find_map(|word| text.strip_suffix(word));
    match bare.map(str::trim_end).filter(|_| weeks) {
        Some(bare) => (bare, 7.0),
        None => (text, 1.0),
    }
}

/// A number of digits and at most one point, which can be read in one way only.
fn plain(text: &str) -> Option<f64> {
    let text = text.trim();
    let bare = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = bare.split_once('.').unwrap_or((bare, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let nought = whole.len() > 1 && whole.starts_with('0');
    if !digits(whole) || !digits(decimals) || nought {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

impl Schema {
    /// The proposal with every range in its canonical form, which digests, plugins and rules are given.
    pub fn with_ranges<'v>(&self, value: &'v Value) -> std::borrow::Cow<'v, Value> {
        if !self.holds_range(value, self.root()) {
            return std::borrow::Cow::Borrowed(value);
        }
        let mut own = value.clone();
        self.write_ranges(&mut own, self.root());
        std::borrow::Cow::Owned(own)
    }

    /// A proposal in which ranges are canonical, without them: what is told as a range counts as missing.
    pub fn without_ranges<'v>(&self, value: &'v Value) -> std::borrow::Cow<'v, Value> {
        if !self.holds_range(value, self.root()) {
            return std::borrow::Cow::Borrowed(value);
        }
        let mut own = value.clone();
        self.leave_ranges_out(&mut own, self.root());
        std::borrow::Cow::Owned(own)
    }

    fn leave_ranges_out(&self, value: &mut Value, field: FieldId) {
        if self.range_at(field, value).is_some() {
            *value = Value::Null;
            return;
        }
        match value {
            Value::Object(map) => map.retain(|name, value| {
                if let Some(child) = self.below(field, name) {
                    let range = self.range_at(child, value).is_some();
                    self.leave_ranges_out(value, child);
                    return !range;
                }
                true
            }),
            Value::Array(items) => {
                if let Some(item) = self.field(field).items {
                    for value in items {
                        self.leave_ranges_out(value, item);
                    }
                }
            }
            _ => {}
        }
    }

    /// The range that a value of this field stands for.
    pub fn range_at(&self, field: FieldId, value: &Value) -> Option<Range> {
        let field = self.field(field);
        let written = matches!(field.kind, Kind::Number | Kind::Integer)
            && matches!(value, Value::String(_) | Value::Array(_) | Value::Object(_))
            && field.range;
        if written {
            Range::written(field, value)
        } else {
            None
        }
    }

    /// The range that a proposal tells at a path.
    pub fn range_in(&self, proposal: &Value, path: &Pointer) -> Option<Range> {
        self.range_at(self.find(&path.dotted())?, path.of(proposal)?)
    }

    /// The field below another that a value has by this name, or as an element.
    fn below(&self, field: FieldId, name: &str) -> Option<FieldId> {
        self.property(field, name).or(self.field(field).values)
    }

    fn holds_range(&self, value: &Value, field: FieldId) -> bool {
        if self.range_at(field, value).is_some() {
            return true;
        }
        match value {
            Value::Object(map) => map.iter().any(|(name, value)| {
                self.below(field, name)
                    .is_some_and(|child| self.holds_range(value, child))
            }),
            Value::Array(items) => self
                .field(field)
                .items
                .is_some_and(|item| items.iter().any(|value| self.holds_range(value, item))),
            _ => false,
        }
    }

    pub(super) fn write_ranges(&self, value: &mut Value, field: FieldId) {
        if let Some(range) = self.range_at(field, value) {
            *value = range.to_json();
            return;
        }
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    if let Some(child) = self.below(field, name) {
                        self.write_ranges(value, child);
                    }
                }
            }
            Value::Array(items) => {
                if let Some(item) = self.field(field).items {
                    for value in items {
                        self.write_ranges(value, item);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::document::{Document, Format};

    fn schema() -> Schema {
        let schema = r#"{ "type": "object", "properties": {
          "people": { "type": "integer", "minimum": 1, "maximum": 500, "x-unit": "persons" },
          "stay": { "type": "number", "maximum": 52, "x-unit": "weeks" },
          "share": { "type": "number", "minimum": 0, "maximum": 1, "x-unit": "share" },
          "year": { "type": "integer", "x-range": "no" },
          "title": { "type": "string" },
          "legs": { "type": "array", "items": { "type": "number" } } } }"#;
        parse(&Document::parse("s.json", schema.as_bytes(), Format::Json).unwrap()).unwrap()
    }

    #[test]
    fn every_way_to_write_a_range_has_one_canonical_form() {
        let canonical = json!({ "from": 20, "to": 25 });
        for written in [
            json!("20..25"),
            json!("20–25"),
            json!("20-25"),
            json!(" 20 — 25 "),
            json!("20…25"),
            json!([20, 25]),
            json!([20.0, 25.0]),
            json!({ "to": 25, "from": 20 }),
        ] {
            let value = json!({ "people": written });
            assert_eq!(
                schema().with_ranges(&value)["people"],
                canonical,
                "{written}"
            );
        }
    }

    #[test]
    fn one_number_is_no_range_and_texts_and_lists_stay_as_they_are() {
        for (written, canonical) in [
            (json!({ "people": "20..20" }), json!({ "people": 20 })),
            (json!({ "people": 20 }), json!({ "people": 20 })),
            (json!({ "title": "20-25" }), json!({ "title": "20-25" })),
            (json!({ "legs": [20, 25] }), json!({ "legs": [20, 25] })),
            (
                json!({ "legs": ["20-25", 3] }),
                json!({ "legs": [{ "from": 20, "to": 25 }, 3] }),
            ),
            (json!({ "year": "20-25" }), json!({ "year": "20-25" })),
            (json!({ "people": "020-25" }), json!({ "people": "020-25" })),
            (
                json!({ "people": [20, 25, 30] }),
                json!({ "people": [20, 25, 30] }),
            ),
        ] {
            assert_eq!(*schema().with_ranges(&written), canonical);
        }
    }

    #[test]
    fn days_are_weeks_where_a_field_counts_weeks() {
        for (written, canonical) in [
            (json!("7–14 days"), json!({ "from": 1, "to": 2 })),
            (json!("7-10 días"), json!({ "from": 1, "to": 10.0 / 7.0 })),
            (json!("14 jours"), json!(2)),
            (json!("14 hours"), json!("14 hours")),
        ] {
            let value = json!({ "stay": written });
            assert_eq!(schema().with_ranges(&value)["stay"], canonical, "{written}");
        }
        let people = json!({ "people": "7-14 days" });
        assert_eq!(*schema().with_ranges(&people), people);
    }

    #[test]
    fn what_is_no_range_is_read_by_what_was_meant() {
        let schema = schema();
        let check = |name: &str, text: &str, expected: Option<(f64, f64)>| {
            let field = schema.field(schema.find(name).unwrap());
            assert_eq!(Range::written(field, &json!(text)), None, "{text}");
            let meant = Range::meant(field, text).map(|range| (range.from, range.to));
            assert_eq!(meant, expected, "{text}");
        };
        check("people", "20 to 25", Some((20.0, 25.0)));
        check("people", "between 20 and 25 people", Some((20.0, 25.0)));
        check("people", "de 20 a 25 personas", Some((20.0, 25.0)));
        check("share", "20–25 %", Some((0.2, 0.25)));
        check("people", "25 to 20", None);
        check("people", "20 to 25.5", None);
        check("people", "10 to 20 weeks", None);
        check("people", "many", None);
    }
}
