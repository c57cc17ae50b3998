//! Signs between two values: both must be of one type, and a fact is compared only with what it can be.

use super::Checker;
use crate::problem::{Problem, did_you_mean};
use crate::program::types::{Type, Words};
use crate::schema::FieldId;
use rhai::Position;
use std::collections::BTreeSet;

impl Checker<'_> {
    /// `a == b`, `a != b`, an element of a list.
    pub(super) fn equal(&mut self, a: &Type, b: &Type, position: Position) {
        match (a, b) {
            (open, _) | (_, open) if open.is_open() => {}
            (Type::Number, Type::Number) | (Type::YesNo, Type::YesNo) => {}
            (Type::Text(a), Type::Text(b)) => self.words(a, b, position),
            (Type::List(a, _), Type::List(b, _)) => self.equal(a, b, position),
            (Type::List(a, _), Type::Row(items)) | (Type::Row(items), Type::List(a, _)) => {
                for item in items {
                    self.equal(a, item, position);
                }
            }
            (Type::Row(a), Type::Row(b)) => {
                for (a, b) in a.iter().zip(b) {
                    self.equal(a, b, position);
                }
            }
            _ => self.mismatch(a, b, position),
        }
    }

    /// `a < b` and the like.
    pub(super) fn ordered(&mut self, a: &Type, b: &Type, position: Position) {
        match (a, b) {
            (open, other) | (other, open)
                if open.is_open()
                    && matches!(
                        other,
                        Type::Number | Type::Text(_) | Type::Unknown | Type::Never
                    ) => {}
            (Type::Number, Type::Number) | (Type::Text(_), Type::Text(_)) => {}
            (a, b) if std::mem::discriminant(a) == std::mem::discriminant(b) => {
                let message = format!(
                    "`<` and the like compare numbers or texts, not {}",
                    a.word()
                );
                self.error(position, message, "compare with `==`, or compare numbers");
            }
            _ => self.mismatch(a, b, position),
        }
    }

    fn mismatch(&mut self, a: &Type, b: &Type, position: Position) {
        let message = if std::mem::discriminant(a) == std::mem::discriminant(b) {
            format!("cannot compare {} with another", a.word())
        } else {
            format!("cannot compare {} with {}", a.word(), b.word())
        };
        let instead = match (a, b) {
            (Type::List(..) | Type::Row(_), _) | (_, Type::List(..) | Type::Row(_)) => {
                "ask with `in`, `some` or `len()`"
            }
            (Type::Group(_) | Type::Table(_), _) | (_, Type::Group(_) | Type::Table(_)) => {
                "compare one of its fields"
            }
            _ => "compare values of one type",
        };
        self.error(position, message, instead);
    }

    /// A word is compared with a fact that can never be it.
    fn words(&mut self, a: &Words, b: &Words, position: Position) {
        let (Some(ours), Some(theirs)) = (&a.set, &b.set) else {
            return;
        };
        if a.path || b.path || !ours.is_disjoint(theirs) {
            return;
        }
        match (a.field, b.field) {
            (Some(field), None) => self.never(field, theirs, position),
            (None, Some(field)) => self.never(field, ours, position),
            (Some(a), Some(b)) => {
                let message = format!(
                    "{} and {} have no value in common",
                    self.field_name(&BTreeSet::from([a])),
                    self.field_name(&BTreeSet::from([b]))
                );
                self.error(position, message, "compare facts that can be the same");
            }
            (None, None) => {}
        }
    }

    pub(super) fn never(&mut self, field: FieldId, words: &BTreeSet<String>, position: Position) {
        let field = self.schema.field(field);
        let list: Vec<&str> = words.iter().map(String::as_str).collect();
        let near = list
            .first()
            .and_then(|word| did_you_mean(word, field.choices.iter().map(String::as_str)));
        let problem = Problem::error(format!("`{}` is never `{}`", field.path, list.join("`, `")))
            .expected(crate::schema::expectation(field))
            .suggest_maybe(near);
        self.report(position, problem);
    }

    /// Each word of a list that is asked about has to be one that the fact can be.
    pub(super) fn member(&mut self, element: &Type, item: &Type, position: Position) {
        if let (Type::Text(list), Type::Text(own)) = (element, item)
            && let (Some(words), Some(field), None) = (&list.set, own.field, list.field)
            && let Some(known) = &own.set
            && !list.path
        {
            for word in words.difference(known) {
                self.never(field, &BTreeSet::from([word.clone()]), position);
            }
            return;
        }
        self.equal(element, item, position);
    }

    /// `a + b` and the like; what it gives.
    pub(super) fn arithmetic(
        &mut self,
        sign: &str,
        a: &Type,
        b: &Type,
        position: Position,
    ) -> Type {
        let sign = sign.trim_end_matches('=');
        match (sign, a, b) {
            (_, Type::Number, Type::Number) => Type::Number,
            ("+", Type::Text(a), Type::Text(b)) => Type::Text(a.then(b)),
            ("+", Type::List(a, none), Type::List(b, neither)) => {
                if let Some(element) = a.or(b) {
                    return Type::List(Box::new(element), *none && *neither);
                }
                let message = format!(
                    "a list of {} and one of {} are put together",
                    a.word(),
                    b.word()
                );
                self.error(
                    position,
                    message,
                    "keep values of different types in lists of their own",
                );
                Type::Unknown
            }
            (_, open, other) | (_, other, open) if open.is_open() => match (sign, other) {
                ("+", Type::List(..)) => Type::list(Type::Unknown),
                ("+", _) => other.clone().widened(),
                _ => Type::Number,
            },
            _ => {
                self.operands(sign, a, b, position);
                Type::Unknown
            }
        }
    }

    fn operands(&mut self, sign: &str, a: &Type, b: &Type, position: Position) {
        let message = if std::mem::discriminant(a) == std::mem::discriminant(b) {
            format!("`{sign}` stands between {} and another", a.word())
        } else {
            format!("`{sign}` stands between {} and {}", a.word(), b.word())
        };
        let text = matches!(a, Type::Text(_)) || matches!(b, Type::Text(_));
        let instead = match sign {
            "+" if text => "`+` joins text with text only; write `…${…}…` in backticks",
            "+" => "`+` takes two numbers, two texts or two lists",
            "-" if text => {
                "there is no `-` of texts; compare them, or write the text that is meant"
            }
            _ => "it takes two numbers",
        };
        self.error(position, message, instead);
    }
}
