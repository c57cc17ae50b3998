//! What was probably meant, and the edits that write it.

use super::choice;
use super::layout::bullets;
use super::typed::{self, Reading};
use super::words::{expectation, name, short};
use super::{Check, is_date, values_at};
use crate::document::Document;
use crate::document::edit::{Change, quoted, write_inline};
use crate::schema::codes;
use crate::schema::{Field, FieldId, Kind, Range};
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Edit, Fix, Phrase, Problem, nearest};
use serde_json::Value;

/// Problems shown of one document; more help nobody.
pub(super) const LIMIT: usize = 50;
/// Larger documents get advice and no edits: each edit is tried by reading the whole text again.
const FIX_LIMIT: usize = 256 * 1024;

/// What removes a problem.
pub(super) enum Repair {
    None,
    Change(Vec<Change>),
    Edits(Vec<Edit>),
    /// A space after the first colon of the name at the path.
    AfterColon(Pointer),
}

impl Repair {
    pub(super) fn set(at: &Pointer, value: impl Into<Value>) -> Self {
        let value = match value.into() {
            Value::Number(number) => number
                .as_f64()
                .and_then(evenhand_diagnostic::text::json_number)
                .unwrap_or(Value::Null),
            other => other,
        };
        Self::Change(vec![Change::Set(at.clone(), value)])
    }

    fn fix(&self, document: &Document) -> Option<Fix> {
        // The text that is made of a workbook is nowhere to be edited.
        if document.source().text().len() > FIX_LIMIT || document.source().has_cells() {
            return None;
        }
        match self {
            Self::None => None,
            Self::Edits(edits) => Some(Fix::new(edits.clone())),
            Self::Change(changes) => {
                let mut edits = Vec::new();
                for change in changes {
                    edits.extend(document.edit(change).ok()?.edits);
                }
                Some(Fix::new(edits))
            }
            Self::AfterColon(at) => {
                let spans = [document.key_span(at), document.value_span(at)];
                let colon = spans.into_iter().flatten().find_map(|span| {
                    let start = span.start;
                    Some(start + document.source().slice(span).find(':')? + 1)
                })?;
                Some(Fix::replace(colon..colon, " "))
            }
        }
    }
}

/// The problems of a document in its order, of which the first are kept.
#[derive(Default)]
pub(super) struct Found {
    kept: Vec<(Problem, Repair)>,
    left_out: usize,
}

impl Found {
    pub(super) fn add(&mut self, problem: Problem, repair: Repair) {
        self.kept.push((problem, repair));
        if self.kept.len() > 4 * LIMIT {
            self.cut();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    fn cut(&mut self) {
        self.kept.sort_by_key(|(problem, _)| {
            let start = problem.span.as_ref().map(|span| span.start);
            (start, problem.path.clone())
        });
        self.left_out += self.kept.len().saturating_sub(LIMIT);
        self.kept.truncate(LIMIT);
    }

    pub(super) fn finish(mut self, document: &Document) -> Vec<Problem> {
        self.cut();
        let mut problems: Vec<Problem> = self
            .kept
            .into_iter()
            .map(|(mut problem, repair)| {
                problem.fix = repair.fix(document);
                problem
            })
            .collect();
        if self.left_out > 0 {
            problems.push(
                Problem::error(phrase!(codes::MORE_PROBLEMS, count = self.left_out))
                    .in_file(document.name()),
            );
        }
        problems
    }
}

type Advice = (Option<Phrase>, Repair);

impl Check<'_> {
    /// What was meant by a value of another kind.
    pub(super) fn conversion(&self, id: FieldId, value: &Value, at: &Pointer) -> Advice {
        let field = self.schema.field(id);
        let none = (None, Repair::None);
        if let Value::String(text) = value
            && typed::is_not_known(text)
        {
            return self.not_known(at);
        }
        match (field.kind, value) {
            (Kind::Boolean, Value::String(text)) => match typed::flag(text) {
                Some(flag) => (
                    Some(phrase!(codes::WRITE_FLAG, value = flag.to_string())),
                    Repair::set(at, flag),
                ),
                None => (Some(phrase!(codes::LEAVE_OUT_UNKNOWN)), Repair::None),
            },
            (Kind::Boolean, Value::Number(number)) => match number.as_f64() {
                Some(n) if (n - 1.0).abs() < f64::EPSILON => (
                    Some(phrase!(codes::WRITE_TEXT, value = "true")),
                    Repair::set(at, true),
                ),
                Some(n) if n.abs() < f64::EPSILON => (
                    Some(phrase!(codes::WRITE_TEXT, value = "false")),
                    Repair::set(at, false),
                ),
                _ => none,
            },
            (Kind::Number | Kind::Integer, value) => number_advice(field, value, at),
            (Kind::Text, Value::Bool(flag)) if !field.choices.is_empty() => {
                let word = if *flag { "yes" } else { "no" };
                if field.choices.iter().any(|choice| choice == word) {
                    (
                        Some(phrase!(codes::WRITE_QUOTED, value = quoted(word))),
                        Repair::set(at, word),
                    )
                } else {
                    none
                }
            }
            (Kind::Text, Value::Number(number)) => {
                // As it was typed: the noughts of `007` belong to a code.
                let span = self.document.value_span(at);
                let typed = span
                    .map(|span| self.document.source().slice(span))
                    .filter(|typed| !typed.is_empty());
                let typed = typed.map_or_else(|| number.to_string(), str::to_owned);
                let value = Value::String(typed.clone());
                let repair = if self.fits(id, &value) {
                    Repair::Change(vec![Change::Set(at.clone(), value)])
                } else {
                    Repair::None
                };
                (
                    Some(phrase!(codes::WRITE_QUOTED, value = quoted(&typed))),
                    repair,
                )
            }
            (Kind::List, value) => self.list_advice(id, value, at),
            (Kind::Object, Value::String(text)) => match text.split_once(':') {
                Some((name, rest))
                    if !rest.starts_with(' ')
                        && self.schema.property(id, name.trim()).is_some() =>
                {
                    (
                        Some(phrase!(codes::SPACE_AFTER_COLON, name = name, value = rest)),
                        Repair::AfterColon(at.clone()),
                    )
                }
                _ => none,
            },
            _ => none,
        }
    }

    /// What is not known yet is left out; where a list would close up, it is nothing instead.
    fn not_known(&self, at: &Pointer) -> Advice {
        let change = match self.document.format() {
            Some(crate::document::Format::Toml) => Change::Remove(at.clone()),
            _ => Change::Set(at.clone(), Value::Null),
        };
        (
            Some(phrase!(codes::NOT_KNOWN_YET)),
            Repair::Change(vec![change]),
        )
    }

    fn list_advice(&self, id: FieldId, value: &Value, at: &Pointer) -> Advice {
        let field = self.schema.field(id);
        // In TOML a list is not written so.
        let dashes = self.document.format() != Some(crate::document::Format::Toml);
        let in_words = || dashes.then(|| phrase!(codes::WRITE_LIST));
        let Some(item) = field.items else {
            return (in_words(), Repair::None);
        };
        let one = self.schema.field(item);
        let span = self.document.value_span(at).unwrap_or(0..0);
        if let Some(edits) = bullets(self.document.source().text(), &span) {
            return (Some(phrase!(codes::WRITE_DASHES)), Repair::Edits(edits));
        }
        let items: Vec<Value> = match value {
            Value::String(text) => {
                let whole = [text.as_str()];
                let parts: Vec<&str> = text
                    .split([',', ';', '\n'])
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .collect();
                let read = |parts: &[&str]| -> Option<Vec<Value>> {
                    parts
                        .iter()
                        .map(|part| self.item(item, one, part))
                        .collect()
                };
                read(&whole).or_else(|| read(&parts)).unwrap_or_default()
            }
            other if self.fits(item, other) => vec![other.clone()],
            _ => Vec::new(),
        };
        let list = Value::Array(items);
        let is_flat = value.is_string();
        if list.as_array().is_some_and(Vec::is_empty) || !self.fits(id, &list) {
            return (in_words(), Repair::None);
        }
        let advice = if is_flat && !one.choices.is_empty() {
            Some(phrase!(
                codes::WRITE_LIST_SUCH,
                value = format!("`{}`", write_inline(crate::document::Format::Yaml, &list))
            ))
        } else {
            in_words()
        };
        (advice, Repair::Change(vec![Change::Set(at.clone(), list)]))
    }

    /// One entry of a list that was typed as text.
    fn item(&self, id: FieldId, field: &Field, text: &str) -> Option<Value> {
        if !field.choices.is_empty() {
            return match choice::meant(field, text).as_slice() {
                [one] => Some(Value::from(*one)),
                _ => None,
            };
        }
        let value = Value::from(text);
        (field.kind == Kind::Text && self.fits(id, &value)).then_some(value)
    }

    pub(super) fn wrong_choice(&mut self, field: &Field, text: &str, at: &Pointer) {
        let problem = Problem::error(phrase!(codes::WRONG_CHOICE, field = name(at), typed = text))
            .expected(expectation(field));
        let found = choice::meant(field, text);
        let (advice, repair) = match found.as_slice() {
            [] if typed::is_not_known(text) => self.not_known(at),
            [] => match self.swallowed(at) {
                Some((advice, edit)) => (Some(advice), Repair::Edits(vec![edit])),
                None => (None, Repair::None),
            },
            [one] => {
                let advice = match field.labels.get(*one) {
                    Some(label) => phrase!(
                        codes::DID_YOU_MEAN_LABEL,
                        name = *one,
                        label = label.as_str()
                    ),
                    None => phrase!(codes::DID_YOU_MEAN_NAME, name = *one),
                };
                (Some(advice), Repair::set(at, *one))
            }
            several => {
                let names: Vec<String> = several.iter().map(|name| (*name).to_owned()).collect();
                (
                    Some(phrase!(codes::DID_YOU_MEAN_ONE_OF, names = names)),
                    Repair::None,
                )
            }
        };
        self.report(at, problem.suggest_maybe(advice), repair);
    }

    pub(super) fn wrong_shape(&mut self, field: &Field, text: &str, at: &Pointer) {
        let problem = Problem::error(phrase!(codes::WRONG_SHAPE, field = name(at), typed = text))
            .expected(expectation(field));
        let (advice, repair) = match choice::shaped(field, text) {
            Some(_) | None if typed::is_not_known(text) => self.not_known(at),
            Some(code) => {
                let hidden = text.chars().find(|c| typed::is_invisible(*c));
                let advice = match hidden {
                    Some(hidden) => phrase!(
                        codes::INVISIBLE_IN_VALUE,
                        character = code_point(hidden),
                        value = code.as_str()
                    ),
                    None => phrase!(codes::WRITE_TEXT, value = code.as_str()),
                };
                (Some(advice), self.renamed(field, text, &code, at))
            }
            None => match self.swallowed(at) {
                Some((advice, edit)) => (Some(advice), Repair::Edits(vec![edit])),
                None => (None, Repair::None),
            },
        };
        self.report(at, problem.suggest_maybe(advice), repair);
    }

    /// A new name, and the same in everything that refers to it.
    fn renamed(&self, field: &Field, from: &str, to: &str, at: &Pointer) -> Repair {
        let mut changes = vec![Change::Set(at.clone(), Value::from(to))];
        for id in self.schema.walk() {
            let other = self.schema.field(id);
            if other.reference.as_deref() != Some(field.path.as_str()) {
                continue;
            }
            let refers = values_at(self.document.value(), &other.path).into_iter();
            let refers = refers.filter(|(_, value)| value.as_str() == Some(from));
            changes.extend(refers.map(|(at, _)| Change::Set(at, Value::from(to))));
        }
        Repair::Change(changes)
    }

    pub(super) fn wrong_date(&mut self, text: &str, at: &Pointer) {
        let problem = Problem::error(phrase!(codes::WRONG_DATE, field = name(at), typed = text))
            .expected(phrase!(codes::EXPECT_DATE_ORDER));
        let found = typed::dates(text);
        let (advice, repair) = match found.as_slice() {
            _ if typed::is_not_known(text) => self.not_known(at),
            [one] => (
                Some(phrase!(codes::WRITE, value = one.as_str())),
                Repair::set(at, one.as_str()),
            ),
            [one, other] => (
                Some(phrase!(
                    codes::WRITE_EITHER,
                    one = one.as_str(),
                    other = other.as_str()
                )),
                Repair::None,
            ),
            _ => (None, Repair::None),
        };
        debug_assert!(found.iter().all(|date| is_date(date)), "{found:?}");
        self.report(at, problem.suggest_maybe(advice), repair);
    }

    /// Whether a text is the path of a field, with a name or a number in the brackets of a list.
    pub(super) fn is_path(&self, text: &str) -> bool {
        let Some(start) = text.split(['.', '[']).next() else {
            return false;
        };
        if start == "derived" {
            return true;
        }
        let top = self.schema.property(self.schema.root(), start);
        if top.is_some_and(|id| {
            self.schema.field(id).open && self.schema.field(id).kind == Kind::Object
        }) {
            return true;
        }
        self.schema.find(&without_indices(text)).is_some()
    }

    pub(super) fn unknown_path(&mut self, text: &str, at: &Pointer) {
        let ids = self.schema.walk();
        let paths: Vec<&str> = ids
            .iter()
            .map(|id| self.schema.field(*id).path.as_str())
            .filter(|path| !path.is_empty() && !path.starts_with("derived"))
            .collect();
        let plain = without_indices(text);
        let last = |path: &str| path.rsplit('.').next().map(str::to_owned);
        let mut same_end = paths
            .iter()
            .filter(|path| last(path).as_deref() == Some(plain.as_str()));
        let found = match (same_end.next(), same_end.next()) {
            (Some(one), None) => Some(*one),
            _ => nearest(&plain, paths.iter().copied())
                .filter(|found| strsim::levenshtein(found, &plain) <= 3),
        };
        let problem = Problem::error(phrase!(codes::UNKNOWN_PATH, field = name(at), typed = text))
            .expected(phrase!(
                codes::EXPECT_PATH,
                example = paths.last().copied().unwrap_or_default()
            ))
            .suggest_maybe(found.map(|found| phrase!(codes::DID_YOU_MEAN_NAME, name = found)));
        // An index that was typed is not in the path of the schema.
        let repair = found
            .filter(|found| !found.contains('['))
            .map_or(Repair::None, |found| Repair::set(at, found));
        self.report(at, problem, repair);
    }
}

fn number_advice(field: &Field, value: &Value, at: &Pointer) -> Advice {
    let text = match value {
        Value::String(text) => text,
        Value::Array(_) | Value::Object(_) if field.range => {
            return (Some(phrase!(codes::WRITE_RANGE)), Repair::None);
        }
        _ => return (None, Repair::None),
    };
    match typed::number(field, text) {
        Reading::One(number) => {
            let plain = text
                .trim()
                .starts_with(|c: char| c.is_ascii_digit() || c == '-')
                && text.trim().ends_with(|c: char| c.is_ascii_digit());
            let advice = if plain {
                phrase!(codes::WRITE_PLAIN, value = short(number))
            } else {
                phrase!(codes::WRITE, value = short(number))
            };
            (Some(advice), Repair::set(at, number))
        }
        Reading::Either(one, other) => (
            Some(phrase!(
                codes::WRITE_EITHER,
                one = short(one),
                other = decimal(other)
            )),
            Repair::None,
        ),
        Reading::Range if field.range => match Range::meant(field, text) {
            Some(range) => (
                Some(phrase!(codes::WRITE_TEXT, value = range.typed())),
                Repair::set(at, range.typed()),
            ),
            None => (Some(phrase!(codes::WRITE_RANGE)), Repair::None),
        },
        Reading::Range => (Some(phrase!(codes::WRITE_ONE_NUMBER)), Repair::None),
        Reading::OtherUnit => {
            let unit = field.unit.as_deref();
            (
                unit.map(|unit| phrase!(codes::IN_UNIT, unit = unit)),
                Repair::None,
            )
        }
        Reading::Unknown => (None, Repair::None),
    }
}

/// A number of which is seen that it has decimals.
fn decimal(number: f64) -> String {
    let text = short(number);
    if text.contains('.') {
        text
    } else {
        format!("{text}.0")
    }
}

/// `partners[a].name` as `partners[].name`.
fn without_indices(path: &str) -> String {
    let mut parts = path.split('[');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("[]");
        out.push_str(part.split_once(']').map_or("", |(_, after)| after));
    }
    out
}

/// A character by its number, with a name where people know one.
pub(crate) fn code_point(c: char) -> String {
    let name = match c {
        '\u{a0}' => "no-break space, ",
        '\u{202f}' => "narrow no-break space, ",
        '\u{200b}' => "zero-width space, ",
        '\u{ad}' => "soft hyphen, ",
        '\u{feff}' => "byte order mark, ",
        '\u{3000}' => "wide space, ",
        '\u{2028}' | '\u{2029}' => "line separator, ",
        _ => "",
    };
    format!("{name}U+{:04X}", u32::from(c))
}
