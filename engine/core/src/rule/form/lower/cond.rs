//! Conditions as expressions of a script.

use super::super::{Cond, Op, Path, Quantified, Value};
use super::{Writer, is_compound, param, quoted, value, values};

impl Writer<'_> {
    pub(super) fn cond(&mut self, cond: &Cond) -> String {
        match cond {
            Cond::And(parts) => self.joined(parts, " && "),
            Cond::Or(parts) => self.joined(parts, " || "),
            Cond::Not(inner) => self.negated(inner),
            Cond::Is(path, Value::Flag(true)) => self.path(path),
            Cond::Is(path, Value::Flag(false)) => format!("!{}", self.path(path)),
            Cond::Is(path, found) => format!("{} == {}", self.path(path), value(found)),
            Cond::OneOf(path, all) => self.one_of(path, all),
            Cond::OneOfParam(path, found) => format!("{} in {}", self.path(path), param(found)),
            Cond::Compare(a, op, b) => {
                let (a, b) = (self.num(a), self.num(b));
                format!("{a} {} {b}", sign(*op))
            }
            Cond::Includes(path, all) => self.includes(path, all, " || "),
            Cond::IncludesAll(path, all) => self.includes(path, all, " && "),
            Cond::Some(found) => self.some(found),
            Cond::Every(found) => self.every(found),
            Cond::Attested(path) => {
                let (base, dotted) = (self.base(path), quoted(&path.steps.join(".")));
                format!("{base}.attested_by({dotted}).len() > 0")
            }
        }
    }

    fn joined(&mut self, parts: &[Cond], sign: &str) -> String {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| {
                let text = self.cond(part);
                if matches!(part, Cond::And(_) | Cond::Or(_)) {
                    format!("({text})")
                } else {
                    text
                }
            })
            .collect();
        parts.join(sign)
    }

    pub(super) fn negated(&mut self, cond: &Cond) -> String {
        match cond {
            Cond::Not(inner) => self.cond(inner),
            Cond::Is(path, Value::Flag(flag)) => {
                self.cond(&Cond::Is(path.clone(), Value::Flag(!flag)))
            }
            Cond::Is(path, found) => format!("{} != {}", self.path(path), value(found)),
            _ => {
                let text = self.cond(cond);
                if is_compound(cond) {
                    format!("!({text})")
                } else {
                    format!("!{text}")
                }
            }
        }
    }

    fn one_of(&mut self, path: &Path, all: &[Value]) -> String {
        if all.iter().all(|found| matches!(found, Value::Text(_))) {
            return format!("{} in {}", self.path(path), values(all));
        }
        let path = self.path(path);
        let all: Vec<String> = all
            .iter()
            .map(|found| format!("{path} == {}", value(found)))
            .collect();
        format!("({})", all.join(" || "))
    }

    fn includes(&mut self, path: &Path, all: &[Value], sign: &str) -> String {
        let path = self.path(path);
        let each: Vec<String> = all
            .iter()
            .map(|found| format!("{} in {path}", value(found)))
            .collect();
        match each.as_slice() {
            [one] => one.clone(),
            _ => format!("({})", each.join(sign)),
        }
    }

    fn some(&mut self, found: &Quantified) -> String {
        let list = self.path(&found.list);
        let (name, is) = self.inside(&found.list, |writer, name| {
            (name.to_owned(), writer.cond(&found.is))
        });
        let some = format!("{list}.some(|{name}| {is})");
        if found.if_none {
            format!("({list}.len() == 0 || {some})")
        } else {
            some
        }
    }

    /// Every one is so if none is not.
    fn every(&mut self, found: &Quantified) -> String {
        let list = self.path(&found.list);
        let (name, is_not) = self.inside(&found.list, |writer, name| {
            (name.to_owned(), writer.negated(&found.is))
        });
        let every = format!("!{list}.some(|{name}| {is_not})");
        if found.if_none {
            every
        } else {
            format!("({list}.len() > 0 && {every})")
        }
    }

    /// A list, or those of its elements that a condition lets through.
    pub(super) fn filtered(&mut self, list: &Path, filter: Option<&Cond>) -> String {
        let text = self.path(list);
        match filter {
            None => text,
            Some(filter) => {
                let (name, is) =
                    self.inside(list, |writer, name| (name.to_owned(), writer.cond(filter)));
                format!("{text}.filter(|{name}| {is})")
            }
        }
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::AtLeast => ">=",
        Op::AtMost => "<=",
        Op::Above => ">",
        Op::Below => "<",
    }
}
