//! What a problem says: what stands there, what was expected, and what was probably meant.

use crate::schema::codes;
use crate::schema::{Field, Kind, Schema};
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Phrase, Problem, nearest};
use evenhand_diagnostic::text;
use serde_json::Value;

/// What a field may hold, for a person.
pub fn expectation(field: &Field) -> Phrase {
    let what = plain_expectation(field);
    match (&field.unit, field.kind) {
        (Some(unit), Kind::Integer | Kind::Number) => {
            phrase!(codes::EXPECT_IN_UNIT, what = what, unit = unit.as_str())
        }
        _ => what,
    }
}

fn plain_expectation(field: &Field) -> Phrase {
    let example = field.examples.first().map(example);
    let bounded = field.minimum.is_some() || field.maximum.is_some();
    match field.kind {
        Kind::Any => phrase!(codes::EXPECT_ANY),
        // Where any name may stand there is none to list.
        Kind::Object if field.properties.is_empty() => {
            phrase!(codes::EXPECT_GROUP, fields = phrase!(codes::EXPECT_ANY))
        }
        Kind::Object => phrase!(codes::EXPECT_GROUP, fields = fields_of(field)),
        Kind::List => phrase!(codes::EXPECT_LIST),
        Kind::Boolean => phrase!(codes::EXPECT_FLAG),
        Kind::Integer if bounded => phrase!(codes::EXPECT_WHOLE_IN, range = range(field)),
        Kind::Integer => phrase!(codes::EXPECT_WHOLE),
        Kind::Number if bounded => phrase!(codes::EXPECT_NUMBER_IN, range = range(field)),
        Kind::Number => phrase!(codes::EXPECT_NUMBER),
        Kind::Text if field.choices.len() > 24 => match example {
            Some(example) => phrase!(
                codes::EXPECT_ONE_OF_MANY_SUCH,
                number = field.choices.len(),
                example = example
            ),
            None => phrase!(codes::EXPECT_ONE_OF_MANY, number = field.choices.len()),
        },
        Kind::Text if !field.choices.is_empty() => {
            phrase!(codes::EXPECT_ONE_OF, names = field.choices.clone())
        }
        Kind::Text if field.date => phrase!(codes::EXPECT_DATE),
        Kind::Text => match (example, &field.shape) {
            (Some(example), Some(shape)) => {
                phrase!(
                    codes::EXPECT_SHAPE,
                    shape = shape.as_str(),
                    example = example
                )
            }
            (Some(example), None) => phrase!(codes::EXPECT_TEXT_SUCH, example = example),
            _ => phrase!(codes::EXPECT_TEXT),
        },
    }
}

fn example(example: &Value) -> String {
    example
        .as_str()
        .map_or_else(|| example.to_string(), str::to_owned)
}

pub(super) fn describe(value: &Value) -> Phrase {
    match value {
        Value::Null => phrase!(codes::FOUND_NOTHING),
        Value::Bool(flag) => phrase!(codes::FOUND_FLAG, value = flag.to_string()),
        Value::Number(number) => phrase!(codes::FOUND_NUMBER, value = number.to_string()),
        Value::String(typed) => phrase!(codes::FOUND_TEXT, text = text::shorten(typed, 40)),
        Value::Array(_) => phrase!(codes::FOUND_LIST),
        Value::Object(_) => phrase!(codes::FOUND_GROUP),
    }
}

pub(super) fn name(at: &Pointer) -> Phrase {
    if at.is_root() {
        phrase!(codes::THE_PROPOSAL)
    } else {
        phrase!(codes::FIELD, path = at.dotted())
    }
}

pub(super) fn fields_of(field: &Field) -> Phrase {
    let names = field.properties.iter().map(|(name, _)| name.clone());
    let names: Vec<String> = names.filter(|name| name != "derived").collect();
    phrase!(codes::EXPECT_ONE_OF, names = names)
}

pub(super) fn range(field: &Field) -> Phrase {
    match (field.minimum, field.maximum) {
        (Some(least), Some(most)) => phrase!(codes::BETWEEN, least = least, most = most),
        (Some(least), None) if field.exclusive_minimum => phrase!(codes::ABOVE, least = least),
        (Some(least), None) => phrase!(codes::AT_LEAST, least = least),
        (None, Some(most)) => phrase!(codes::AT_MOST, most = most),
        (None, None) => phrase!(codes::ANY_SIZE),
    }
}

/// A number as it is typed, whatever the language.
pub(super) fn short(number: f64) -> String {
    text::number(number)
}

/// What to say of a path that is no field.
pub fn unknown_path(schema: &Schema, path: &str) -> Problem {
    let paths: Vec<String> = schema
        .walk()
        .into_iter()
        .map(|id| schema.field(id).path.clone())
        .collect();
    let plain: String = path.chars().filter(|c| !c.is_ascii_digit()).collect();
    let found = nearest(&plain, paths.iter().map(String::as_str));
    Problem::error(phrase!(
        codes::UNKNOWN_FIELD,
        name = path,
        place = phrase!(codes::A_PROPOSAL)
    ))
    .expected(phrase!(codes::EXPECT_PATH, example = "flows[0].weeks"))
    .suggest_maybe(found.map(|found| phrase!(codes::DID_YOU_MEAN_NAME, name = found)))
}
