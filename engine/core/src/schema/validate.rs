//! Checking a proposal against the schema: every problem at once, in words a person who fills in forms understands.

use super::{Field, FieldId, Kind, Schema};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean, nearest};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Every way in which the document does not fit the schema, in the order of the document.
///
/// A fact that is absent or `null` is *not known yet* and never a problem here.
pub fn validate(schema: &Schema, document: &Document) -> Vec<Problem> {
    let mut check = Check {
        schema,
        document,
        problems: Vec::new(),
    };
    check.value(schema.root(), document.value(), &Pointer::root());
    check.references();
    check
        .problems
        .sort_by_key(|problem| (problem.place, problem.path.clone()));
    check.problems
}

struct Check<'a> {
    schema: &'a Schema,
    document: &'a Document,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn report(&mut self, at: &Pointer, problem: Problem) {
        self.problems.push(self.document.problem_at(at, problem));
    }

    fn value(&mut self, id: FieldId, value: &Value, at: &Pointer) {
        let field = self.schema.field(id);
        match (field.kind, value) {
            (_, Value::Null) | (Kind::Any, _) | (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::Object, Value::Object(map)) => self.object(id, map, at),
            (Kind::List, Value::Array(items)) => self.list(field, items, at),
            (Kind::Text, Value::String(text)) => self.text(field, text, at),
            (Kind::Number | Kind::Integer, Value::Number(number)) => {
                self.number(field, number.as_f64().unwrap_or(f64::NAN), at);
            }
            _ => self.wrong_type(field, value, at),
        }
    }

    fn wrong_type(&mut self, field: &Field, value: &Value, at: &Pointer) {
        let problem = Problem::error(format!("{} is {}", name(at), describe(value)))
            .expected(expectation(field))
            .suggest_maybe(conversion(field, value));
        self.report(at, problem);
    }

    fn object(&mut self, id: FieldId, map: &Map<String, Value>, at: &Pointer) {
        let schema = self.schema;
        let field = schema.field(id);
        for (key, value) in map {
            if let Some(child) = schema.property(id, key) {
                self.value(child, value, &at.key(key));
            } else if let Some(values) = field.values {
                self.value(values, value, &at.key(key));
            } else if !field.open {
                let problem = self.unknown_key(field, key, at);
                self.problems
                    .push(self.document.problem_at_key(&at.key(key), problem));
            }
        }
        if let Some(sum) = &field.sum {
            let parts: Option<Vec<f64>> = sum
                .of
                .iter()
                .map(|key| map.get(key).and_then(Value::as_f64))
                .collect();
            if let Some(parts) = parts {
                let total: f64 = parts.iter().sum();
                if (total - sum.is).abs() > sum.within + 1e-9 {
                    let problem = Problem::error(format!(
                        "{} add up to {}",
                        list_names(&sum.of),
                        short(total)
                    ))
                    .expected(format!(
                        "a total of {} (within {})",
                        short(sum.is),
                        short(sum.within)
                    ));
                    self.report(at, problem);
                }
            }
        }
    }

    /// What the document is: proposals have an id; the engine's own forms do not.
    fn document_word(&self) -> &'static str {
        if self.schema.find("program.id").is_some() {
            "a proposal"
        } else {
            "this file"
        }
    }

    fn unknown_key(&self, field: &Field, key: &str, at: &Pointer) -> Problem {
        let here = if at.is_root() {
            self.document_word().to_owned()
        } else {
            format!("`{}`", field.path)
        };
        let problem = Problem::error(format!("`{key}` is not a field of {here}"));
        // A name that is right in another section was hardly mistyped in this one.
        let elsewhere = self
            .schema
            .walk()
            .into_iter()
            .map(|id| self.schema.field(id))
            .find(|other| other.name == key && !other.path.starts_with("derived."));
        let near = || did_you_mean(key, field.properties.iter().map(|(name, _)| name.as_str()));
        match elsewhere {
            Some(other) => problem.suggest(format!("did you mean `{}`?", other.path)),
            None => match near() {
                Some(found) => problem.suggest(found),
                None => problem.expected(fields_of(field)),
            },
        }
    }

    fn list(&mut self, field: &Field, items: &[Value], at: &Pointer) {
        if let Some(item) = field.items {
            for (index, value) in items.iter().enumerate() {
                self.value(item, value, &at.index(index));
            }
        }
        let count = count(items.len());
        if out_of_range(field, count) {
            let problem = Problem::error(format!("{} has {} entries", name(at), short(count)))
                .expected(format!("{} entries", range(field)));
            self.report(at, problem);
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (index, value) in items.iter().enumerate() {
            let (place, key) = match &field.unique_key {
                Some(key) => (
                    at.index(index).key(key),
                    value.get(key).filter(|v| !v.is_null()),
                ),
                None if field.unique => (at.index(index), Some(value)),
                None => return,
            };
            let Some(key) = key else { continue };
            if let Some(first) = seen.insert(key.to_string(), index) {
                let what = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                let problem = Problem::error(format!(
                    "`{what}` stands twice in {}, as number {} and number {}",
                    name(at),
                    first + 1,
                    index + 1
                ))
                .expected("each only once");
                self.report(&place, problem);
            }
        }
    }

    fn text(&mut self, field: &Field, text: &str, at: &Pointer) {
        if !field.choices.is_empty() {
            if !field.choices.iter().any(|choice| choice == text) {
                self.report(at, wrong_choice(field, text, at));
            }
            return;
        }
        if out_of_range(field, count(text.chars().count())) {
            let problem = Problem::error(format!(
                "{} has {} characters",
                name(at),
                text.chars().count()
            ))
            .expected(format!("{} characters", range(field)));
            self.report(at, problem);
        }
        if let Some(pattern) = &field.pattern
            && !pattern.0.is_match(text)
        {
            let problem =
                Problem::error(format!("{} is `{text}`", name(at))).expected(expectation(field));
            self.report(at, problem);
        }
        if field.date && !is_date(text) {
            let problem = Problem::error(format!("{} is `{text}`", name(at)))
                .expected("a date written year-month-day, such as 2026-05-01");
            self.report(at, problem);
        }
    }

    fn number(&mut self, field: &Field, number: f64, at: &Pointer) {
        if field.kind == Kind::Integer && number.fract() != 0.0 {
            let problem = Problem::error(format!("{} is {}", name(at), short(number)))
                .expected("a whole number");
            self.report(at, problem);
        } else if out_of_range(field, number) {
            let percent = field
                .maximum
                .is_some_and(|most| (most - 1.0).abs() < f64::EPSILON)
                && (1.0..=100.0).contains(&number);
            let problem = Problem::error(format!("{} is {}", name(at), short(number)))
                .expected(expectation(field))
                .suggest_maybe(percent.then(|| {
                    format!(
                        "if {} % is meant, write {}",
                        short(number),
                        short(number / 100.0)
                    )
                }));
            self.report(at, problem);
        }
    }

    /// Checks values that must name something elsewhere in the proposal.
    fn references(&mut self) {
        for id in self.schema.walk() {
            let field = self.schema.field(id);
            let Some(target) = &field.reference else {
                continue;
            };
            let known = values_at(self.document.value(), target);
            let mut names: Vec<&str> = known
                .iter()
                .filter_map(|(_, value)| value.as_str())
                .collect();
            // One that is there twice is a problem of its own.
            names.dedup();
            for (at, value) in values_at(self.document.value(), &field.path) {
                let Some(text) = value.as_str() else { continue };
                if !names.contains(&text) {
                    let problem = Problem::error(format!(
                        "{} is `{text}`, which is no `{target}`",
                        name(&at)
                    ))
                    .expected(if names.is_empty() {
                        format!("one of `{target}`, of which there are none")
                    } else {
                        format!("one of {}", quoted(&names))
                    })
                    .suggest_maybe(did_you_mean(text, names.iter().copied()));
                    self.report(&at, problem);
                }
            }
        }
    }
}

/// Every value in the document at a dotted path with `[]` for list elements.
fn values_at<'a>(document: &'a Value, path: &str) -> Vec<(Pointer, &'a Value)> {
    let mut found = vec![(Pointer::root(), document)];
    let Some(pointer) = Pointer::from_dotted(path) else {
        return Vec::new();
    };
    for step in pointer.steps() {
        found = found
            .into_iter()
            .flat_map(|(at, value)| match (step.as_ref(), value) {
                ("-", Value::Array(items)) => items
                    .iter()
                    .enumerate()
                    .map(|(i, item)| (at.index(i), item))
                    .collect(),
                (key, Value::Object(map)) => map
                    .get(key)
                    .map(|value| (at.key(key), value))
                    .into_iter()
                    .collect::<Vec<_>>(),
                _ => Vec::new(),
            })
            .collect();
    }
    found
}

fn wrong_choice(field: &Field, text: &str, at: &Pointer) -> Problem {
    let problem = Problem::error(format!("{} is `{text}`", name(at)));
    let choices = || field.choices.iter().map(String::as_str);
    // A label, or the name of a country, is as good a hint as a mistyped value.
    let by_label = field
        .labels
        .iter()
        .find(|(_, label)| label.to_lowercase() == text.to_lowercase())
        .map(|(choice, _)| choice.as_str())
        .or_else(|| {
            let label = nearest(text, field.labels.values().map(String::as_str))?;
            field
                .labels
                .iter()
                .find(|(_, known)| *known == label)
                .map(|(choice, _)| choice.as_str())
        });
    let found = choices()
        .find(|choice| choice.to_lowercase() == text.to_lowercase())
        .or_else(|| {
            if text.chars().count() > 2 {
                by_label
            } else {
                None
            }
        })
        .or_else(|| nearest(text, choices()))
        .or(by_label);
    let suggestion = found.map(|choice| match field.labels.get(choice) {
        Some(label) => format!("did you mean `{choice}` ({label})?"),
        None => format!("did you mean `{choice}`?"),
    });
    problem
        .expected(expectation(field))
        .suggest_maybe(suggestion)
}

/// What a field may hold, for a person.
pub(crate) fn expectation(field: &Field) -> String {
    let unit = field
        .unit
        .as_deref()
        .map(|unit| format!(" ({unit})"))
        .unwrap_or_default();
    match field.kind {
        Kind::Any => "a value".to_owned(),
        Kind::Object => format!("named answers: {}", fields_of(field)),
        Kind::List => "a list".to_owned(),
        Kind::Boolean => "`true` or `false`".to_owned(),
        Kind::Integer | Kind::Number => {
            let what = if field.kind == Kind::Integer {
                "a whole number"
            } else {
                "a number"
            };
            match (field.minimum, field.maximum) {
                (None, None) => format!("{what}{unit}"),
                _ => format!("{what} {}{unit}", range(field)),
            }
        }
        Kind::Text if field.choices.len() > 24 => {
            format!("one of {} values{}", field.choices.len(), example(field))
        }
        Kind::Text if !field.choices.is_empty() => {
            format!(
                "one of {}",
                quoted(&field.choices.iter().map(String::as_str).collect::<Vec<_>>())
            )
        }
        Kind::Text if field.date => "a date such as 2026-05-01".to_owned(),
        Kind::Text => format!("text{}", example(field)),
    }
}

fn example(field: &Field) -> String {
    match field.examples.first() {
        Some(Value::String(text)) => format!(", such as `{text}`"),
        Some(other) => format!(", such as `{other}`"),
        None => String::new(),
    }
}

fn conversion(field: &Field, value: &Value) -> Option<String> {
    match (field.kind, value) {
        (Kind::Boolean, Value::String(text)) => match text.to_lowercase().as_str() {
            "yes" | "y" | "true" | "on" | "ja" | "oui" | "sí" | "si" => {
                Some("write `true`, without quotes".to_owned())
            }
            "no" | "n" | "false" | "off" | "nein" | "non" => {
                Some("write `false`, without quotes".to_owned())
            }
            _ => Some("leave it out if it is not known yet".to_owned()),
        },
        (Kind::Number | Kind::Integer, Value::String(text)) => {
            let digits = text.trim().trim_end_matches('%').trim().replace(',', ".");
            let number: f64 = digits.parse().ok().filter(|n: &f64| n.is_finite())?;
            Some(if text.trim().ends_with('%') {
                format!("write {}", short(number / 100.0))
            } else {
                format!("write {} without quotes", short(number))
            })
        }
        (Kind::Text, Value::Bool(flag)) if !field.choices.is_empty() => {
            let word = if *flag { "yes" } else { "no" };
            field
                .choices
                .iter()
                .any(|choice| choice == word)
                .then(|| format!("write \"{word}\" in quotes"))
        }
        (Kind::Text, Value::Number(number)) => Some(format!("write \"{number}\" in quotes")),
        (Kind::List, _) => Some("write it as a list, one entry a line after `- `".to_owned()),
        _ => None,
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Bool(flag) => format!("`{flag}` (yes or no)"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the text `{}`", crate::text::shorten(text, 40)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a group of named answers".to_owned(),
    }
}

fn name(at: &Pointer) -> String {
    if at.is_root() {
        "the proposal".to_owned()
    } else {
        format!("`{}`", at.dotted())
    }
}

fn fields_of(field: &Field) -> String {
    let names: Vec<&str> = field
        .properties
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| *name != "derived")
        .collect();
    format!("one of {}", quoted(&names))
}

fn quoted(names: &[&str]) -> String {
    const SHOWN: usize = 24;
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(", …");
    }
    text
}

fn list_names(names: &[String]) -> String {
    quoted(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn out_of_range(field: &Field, number: f64) -> bool {
    let low = field
        .minimum
        .is_some_and(|least| number < least || (field.exclusive_minimum && number <= least));
    low || field.maximum.is_some_and(|most| number > most) || number.is_nan()
}

fn range(field: &Field) -> String {
    let least = field.minimum.map(short);
    match (least, field.maximum.map(short)) {
        (Some(least), Some(most)) => format!("between {least} and {most}"),
        (Some(least), None) if field.exclusive_minimum => format!("above {least}"),
        (Some(least), None) => format!("of {least} or more"),
        (None, Some(most)) => format!("of {most} or less"),
        (None, None) => "of any size".to_owned(),
    }
}

fn short(number: f64) -> String {
    crate::text::number(number)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts in a document of 8 MiB are far below 2^53"
)]
fn count(count: usize) -> f64 {
    count as f64
}

/// Whether the text is a date of the Gregorian calendar, `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (
        year.parse::<u32>(),
        month.parse::<u32>(),
        day.parse::<u32>(),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;

    const SCHEMA: &str = r#"{
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "title": { "type": "string", "minLength": 2, "maxLength": 8 },
        "id": { "type": "string", "pattern": "^[a-z-]+$", "examples": ["nairobi-2027"] },
        "on": { "type": "string", "format": "date" },
        "weeks": { "type": "number", "minimum": 0, "maximum": 52, "x-unit": "weeks" },
        "ratio": { "type": "number", "exclusiveMinimum": 0 },
        "people": { "type": "integer", "minimum": 1 },
        "share": { "type": "number", "minimum": 0, "maximum": 1 },
        "agreed": { "type": "boolean" },
        "level": { "type": "string", "enum": ["clinical", "preclinical"], "x-labels": { "clinical": "On the wards" } },
        "credit": { "type": "string", "enum": ["yes", "no", "partly"] },
        "topics": { "type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 3, "items": { "type": "string" } },
        "partners": {
          "type": "array",
          "x-unique": "id",
          "items": { "type": "object", "additionalProperties": false, "properties": { "id": { "type": "string" } } }
        },
        "flows": {
          "type": "array",
          "items": { "type": "object", "additionalProperties": false, "properties": {
            "from": { "type": "string", "x-ref": "partners[].id" },
            "duration": { "type": "number" }
          } }
        },
        "motives": {
          "type": "object",
          "x-sum": { "of": ["a", "b"], "is": 1, "within": 0.05 },
          "properties": { "a": { "type": "number" }, "b": { "type": "number" } }
        },
        "counts": { "type": "object", "additionalProperties": { "type": "number" } }
      }
    }"#;

    /// The problems of a proposal, each as `line:column: message; expected …; suggestion`.
    fn problems(yaml: &str) -> Vec<String> {
        let schema = Document::parse("schema", SCHEMA.as_bytes(), Format::Json).unwrap();
        let schema = crate::schema::parse(&schema).unwrap();
        let document = Document::parse("p", yaml.as_bytes(), Format::Yaml).unwrap();
        validate(&schema, &document)
            .iter()
            .map(|problem| problem.to_string().trim_start_matches("p:").to_owned())
            .collect()
    }

    #[track_caller]
    fn check(yaml: &str, expected: &str) {
        assert_eq!(problems(yaml), [expected], "{yaml}");
    }

    #[test]
    fn what_fits_has_no_problem() {
        for yaml in [
            "{}",
            "{ title: null, weeks: null, level: null, topics: null, flows: [null], motives: { a: null, b: 7 } }",
            "{ title: Ñandú!, id: a-b, on: 2028-02-29, weeks: 52, ratio: 0.001, people: 1, share: 1, agreed: false }",
            "{ weeks: 0, people: 3.0, level: clinical, credit: 'no', topics: [a, b, c], counts: { anything: 3 } }",
            "{ partners: [{ id: a }, { id: b }, {}, {}], flows: [{ from: b }, {}] }",
            "{ motives: { a: 0.52, b: 0.5 } }",
        ] {
            assert_eq!(problems(yaml), [""; 0], "{yaml}");
        }
    }

    #[test]
    fn bounds_are_named_with_their_unit() {
        check(
            "weeks: 53",
            "1:8: `weeks` is 53; expected a number between 0 and 52 (weeks)",
        );
        check(
            "weeks: -0.5",
            "1:8: `weeks` is -0.5; expected a number between 0 and 52 (weeks)",
        );
        check("ratio: 0", "1:8: `ratio` is 0; expected a number above 0");
        check(
            "people: 0",
            "1:9: `people` is 0; expected a whole number of 1 or more",
        );
        check(
            "people: 1.5",
            "1:9: `people` is 1.5; expected a whole number",
        );
        check(
            "title: A",
            "1:8: `title` has 1 characters; expected between 2 and 8 characters",
        );
        check(
            "topics: []",
            "1:9: `topics` has 0 entries; expected between 1 and 3 entries",
        );
    }

    #[test]
    fn what_was_probably_meant_is_said() {
        check(
            "share: 40",
            "1:8: `share` is 40; expected a number between 0 and 1; if 40 % is meant, write 0.4",
        );
        check(
            "share: \"40 %\"",
            "1:8: `share` is the text `40 %`; expected a number between 0 and 1; write 0.4",
        );
        check(
            "weeks: \"4,5\"",
            "1:8: `weeks` is the text `4,5`; expected a number between 0 and 52 (weeks); write 4.5 without quotes",
        );
        check(
            "agreed: \"yes\"",
            "1:9: `agreed` is the text `yes`; expected `true` or `false`; write `true`, without quotes",
        );
        check(
            "agreed: perhaps",
            "1:9: `agreed` is the text `perhaps`; expected `true` or `false`; leave it out if it is not known yet",
        );
        check(
            "credit: true",
            "1:9: `credit` is `true` (yes or no); expected one of `yes`, `no`, `partly`; write \"yes\" in quotes",
        );
        check(
            "level: Clinical",
            "1:8: `level` is `Clinical`; expected one of `clinical`, `preclinical`; did you mean `clinical` (On the wards)?",
        );
        check(
            "level: on the wards",
            "1:8: `level` is `on the wards`; expected one of `clinical`, `preclinical`; did you mean `clinical` (On the wards)?",
        );
        check(
            "titel: x",
            "1:1: `titel` is not a field of this file; did you mean `title`?",
        );
        // The right field in the wrong place.
        check(
            "duration: 3",
            "1:1: `duration` is not a field of this file; did you mean `flows[].duration`?",
        );
        check(
            "topics: safety",
            "1:9: `topics` is the text `safety`; expected a list; write it as a list, one entry a line after `- `",
        );
        check(
            "title: 20",
            "1:8: `title` is the number 20; expected text; write \"20\" in quotes",
        );
        check(
            "id: Nairobi",
            "1:5: `id` is `Nairobi`; expected text, such as `nairobi-2027`",
        );
    }

    #[test]
    fn sums_keys_and_references_hold_together() {
        check(
            "motives: { a: 0.5, b: 0.6 }",
            "1:12: `a`, `b` add up to 1.1; expected a total of 1 (within 0.05)",
        );
        check(
            "topics: [a, b, a]",
            "1:16: `a` stands twice in `topics`, as number 1 and number 3; expected each only once",
        );
        check(
            "{ partners: [{ id: a }, { id: a }] }",
            "1:31: `a` stands twice in `partners`, as number 1 and number 2; expected each only once",
        );
        check(
            "{ partners: [{ id: ume }], flows: [{ from: umea }] }",
            "1:44: `flows[0].from` is `umea`, which is no `partners[].id`; expected one of `ume`; did you mean `ume`?",
        );
        check(
            "flows: [{ from: a }]",
            "1:17: `flows[0].from` is `a`, which is no `partners[].id`; expected one of `partners[].id`, of which there are none",
        );
        check(
            "counts: { a: b }",
            "1:14: `counts.a` is the text `b`; expected a number",
        );
    }

    #[test]
    fn every_problem_comes_at_once_in_the_order_of_the_document() {
        let found = problems("weeks: 99\ntitel: x\nagreed: 1\nflows:\n  - durations: 3\n");
        let lines: Vec<&str> = found
            .iter()
            .map(|text| text.split(':').next().unwrap())
            .collect();
        assert_eq!(lines, ["1", "2", "3", "5"]);
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (text, real) in [
            ("2026-05-01", true),
            ("2024-02-29", true),
            ("2000-02-29", true),
            ("1900-02-29", false),
            ("2026-02-29", false),
            ("2026-04-31", false),
            ("2026-13-01", false),
            ("2026-00-10", false),
            ("2026-01-00", false),
            ("2026-1-1", false),
            ("26-01-01", false),
            ("2026/01/01", false),
            ("2026-01-01T00:00", false),
            ("", false),
            ("２０２６-01-01", false),
        ] {
            assert_eq!(is_date(text), real, "{text}");
        }
    }
}
