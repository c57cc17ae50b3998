//! `switch`: its labels are values that can occur, and where it gives a value it leaves none out. The interpreter keeps only
//! fingerprints of labels, so they are read from the text.

use super::Checker;
use crate::problem::{Problem, did_you_mean};
use crate::program::lexer::{Kind, Token, tokens};
use crate::program::types::{Type, Words};
use crate::rule::script::{at, place};
use crate::source::Source;
use rhai::{Expr, Position, SwitchCasesCollection};
use std::collections::BTreeSet;
use std::ops::Range;

/// One label of an arm.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Label {
    Text(String),
    Number(f64),
    /// From, to, and whether `to` itself is one of them.
    Range(f64, f64, bool),
    YesNo(bool),
    /// `_`.
    Other,
}

/// The labels of one arm with their places, and whether it has a condition of its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Arm {
    pub(crate) labels: Vec<(Label, Range<usize>)>,
    pub(crate) condition: bool,
}

/// The arms of the `switch` that begins at a byte of the text.
pub(crate) fn arms(text: &str, from: usize) -> Option<Vec<Arm>> {
    let all = tokens(text);
    let start = all.iter().position(|token| token.range.start >= from)?;
    let mut reader = Reader {
        text,
        all: &all,
        at: start,
    };
    (reader.word() == "switch").then_some(())?;
    reader.enter_arms()?;
    let mut arms = Vec::new();
    while reader.word() != "}" {
        arms.push(reader.arm()?);
    }
    Some(arms)
}

struct Reader<'a> {
    text: &'a str,
    all: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn word(&self) -> &str {
        let token = self.all.get(self.at);
        token
            .and_then(|token| self.text.get(token.range.clone()))
            .unwrap_or("}")
    }

    fn token(&self) -> Option<&Token> {
        self.all.get(self.at)
    }

    /// Past the value that is asked about, into the braces.
    fn enter_arms(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            self.at += 1;
            self.token()?;
            match self.word() {
                "{" if depth == 0 => {
                    self.at += 1;
                    return Some(());
                }
                "(" | "[" | "{" | "#{" => depth += 1,
                ")" | "]" | "}" => depth = depth.checked_sub(1)?,
                _ => {}
            }
        }
    }

    fn arm(&mut self) -> Option<Arm> {
        let mut arm = Arm::default();
        loop {
            let label = self.label()?;
            arm.labels.push(label);
            match self.word() {
                "|" => self.at += 1,
                "if" => {
                    arm.condition = true;
                    while self.word() != "=>" {
                        self.token()?;
                        self.at += 1;
                    }
                    break;
                }
                _ => break,
            }
        }
        (self.word() == "=>").then_some(())?;
        self.at += 1;
        self.answer()?;
        Some(arm)
    }

    fn label(&mut self) -> Option<(Label, Range<usize>)> {
        let token = self.token()?.clone();
        let word = self.word().to_owned();
        if token.kind == Kind::Text {
            self.at += 1;
            return Some((Label::Text(unquoted(&word)), token.range));
        }
        if let Some(flag) = ["false", "true"].iter().position(|flag| *flag == word) {
            self.at += 1;
            return Some((Label::YesNo(flag == 1), token.range));
        }
        if word == "_" {
            self.at += 1;
            return Some((Label::Other, token.range));
        }
        let from = self.number()?;
        let inclusive = self.word() == "..=";
        if !inclusive && self.word() != ".." {
            return Some((Label::Number(from), token.range));
        }
        self.at += 1;
        let to = self.number()?;
        Some((Label::Range(from, to, inclusive), token.range))
    }

    fn number(&mut self) -> Option<f64> {
        let minus = self.word() == "-";
        if minus {
            self.at += 1;
        }
        (self.token()?.kind == Kind::Number).then_some(())?;
        let number: f64 = self.word().replace('_', "").parse().ok()?;
        self.at += 1;
        Some(if minus { -number } else { number })
    }

    /// Past what an arm gives: up to its comma, or to the brace that closes a block.
    fn answer(&mut self) -> Option<()> {
        let block = ["{", "if", "switch", "for", "while", "loop"].contains(&self.word());
        let mut depth = 0_usize;
        loop {
            self.token()?;
            match self.word() {
                "," if depth == 0 => {
                    self.at += 1;
                    return Some(());
                }
                "}" if depth == 0 => return Some(()),
                "(" | "[" | "{" | "#{" => depth += 1,
                ")" | "]" | "}" => {
                    depth = depth.checked_sub(1)?;
                    let next = self.all.get(self.at + 1);
                    let next = next.and_then(|next| self.text.get(next.range.clone()));
                    if depth == 0 && block && self.word() == "}" && next != Some("else") {
                        self.at += 1;
                        if self.word() == "," {
                            self.at += 1;
                        }
                        return Some(());
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

/// A text without its quotes and escapes.
fn unquoted(word: &str) -> String {
    let inner = word
        .get(1..word.len().saturating_sub(1))
        .unwrap_or_default();
    let mut text = String::new();
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            }),
            other => text.push(other),
        }
    }
    text
}

impl Checker<'_> {
    pub(super) fn switch(
        &mut self,
        on: &Expr,
        cases: &SwitchCasesCollection,
        position: Position,
        value: bool,
    ) -> Type {
        let of = self.expr(on);
        let arms = self.source.clone().and_then(|source| {
            let offset = source.offset(place(position)?)?;
            let arms = arms(source.text(), offset)?;
            (arms.len() == cases.expressions.len()).then_some((source, arms))
        });
        match &arms {
            Some((source, arms)) => self.arms(source, arms, &of, position, value),
            None => self.error(
                position,
                "the labels of this `switch` cannot be read",
                "give the value a name first, and write `switch name { \"label\" => …, _ => … }`",
            ),
        }
        let mut common = Type::Never;
        for arm in &cases.expressions {
            if !matches!(arm.lhs, Expr::BoolConstant(true, _)) {
                self.condition(&arm.lhs);
            }
            let here = self.expr_used(&arm.rhs, value);
            if value {
                common = self.either(&common, &here, arm.rhs.start_position());
            } else {
                self.thrown_away(&here, arm.rhs.start_position());
                common = if common == Type::Never || here == Type::Never {
                    here
                } else {
                    Type::Nothing
                };
            }
        }
        let all_return = common == Type::Never && cases.def_case.is_some();
        match (value, all_return) {
            (true, _) | (false, true) => common,
            (false, false) => Type::Nothing,
        }
    }

    fn arms(&mut self, source: &Source, arms: &[Arm], of: &Type, position: Position, value: bool) {
        let mut covered = BTreeSet::new();
        let mut flags = BTreeSet::new();
        let mut other = false;
        for arm in arms {
            for (label, range) in &arm.labels {
                match label {
                    Label::Text(text) if !arm.condition => {
                        covered.insert(text.clone());
                    }
                    Label::YesNo(flag) if !arm.condition => {
                        flags.insert(*flag);
                    }
                    Label::Other => other |= !arm.condition,
                    _ => {}
                }
                if let Some(problem) = self.label(label, of) {
                    let problem = at(source, Some(source.place(range.start)), problem);
                    if !self.problems.contains(&problem) {
                        self.problems.push(problem);
                    }
                }
            }
        }
        if !value || other {
            return;
        }
        let lacks = match of {
            Type::Text(Words {
                set: Some(set),
                field: Some(_),
                ..
            }) => {
                let lacks: Vec<&str> = set.difference(&covered).map(String::as_str).collect();
                (!lacks.is_empty()).then(|| format!("`{}`", lacks.join("`, `")))
            }
            Type::YesNo => (flags.len() < 2).then(|| "yes or no".to_owned()),
            open if open.is_open() => Some("what is not listed".to_owned()),
            _ => Some("every other value".to_owned()),
        };
        if let Some(lacks) = lacks {
            let problem = Problem::error(format!("this `switch` says nothing of {lacks}"))
                .suggest("add the label, or `_ => …` for all others");
            self.report(position, problem);
        }
    }

    /// What is wrong with a label.
    fn label(&self, label: &Label, of: &Type) -> Option<Problem> {
        let wrong = |word: &str| {
            let message = format!("a `switch` on {} has {word} as a label", of.word());
            Some(Problem::error(message).suggest("compare values of one type"))
        };
        match (of, label) {
            (Type::Text(words), Label::Text(text)) => {
                let set = words.set.as_ref().filter(|_| words.field.is_some())?;
                if set.contains(text) {
                    return None;
                }
                let field = self.schema.field(words.field?);
                let problem = Problem::error(format!("`{}` is never `{text}`", field.path))
                    .expected(crate::schema::expectation(field))
                    .suggest_maybe(did_you_mean(text, set.iter().map(String::as_str)));
                Some(problem)
            }
            (_, Label::Other)
            | (Type::Number, Label::Number(_) | Label::Range(..))
            | (Type::YesNo, Label::YesNo(_)) => None,
            (open, _) if open.is_open() => None,
            (_, Label::Text(_)) => wrong("a text"),
            (_, Label::Number(_) | Label::Range(..)) => wrong("a number"),
            (_, Label::YesNo(_)) => wrong("yes or no"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Option<Vec<Vec<Label>>> {
        let from = text.find("switch")?;
        let arms = arms(text, from)?;
        let labels = |arm: Arm| arm.labels.into_iter().map(|(label, _)| label).collect();
        Some(arms.into_iter().map(labels).collect())
    }

    #[test]
    fn labels_are_read_whatever_stands_between_them() {
        let text = |text: &str| Label::Text(text.to_owned());
        let check = |script: &str, expected: &[&[Label]]| {
            let found = labels(script).unwrap_or_default();
            assert_eq!(found, expected, "{script}");
        };
        check(
            r#"x; switch a { "b" => 1, "c\"d" | "e" => { 2 } _ => 3 }"#,
            &[&[text("b")], &[text("c\"d"), text("e")], &[Label::Other]],
        );
        check(
            r#"switch f(|x| { x }, #{ a: 1 }) { "b" => if c { met("a, b") } else { d([1, 2]) } "e" => #{ f: 1 }, _ => g }"#,
            &[&[text("b")], &[text("e")], &[Label::Other]],
        );
        check(
            "switch a { 4 => x, -1.5 => y, 1..3 => z, 4..=6 if b > 2 => { if c { 1 } else { 2 } }, _ => 0, }",
            &[
                &[Label::Number(4.0)],
                &[Label::Number(-1.5)],
                &[Label::Range(1.0, 3.0, false)],
                &[Label::Range(4.0, 6.0, true)],
                &[Label::Other],
            ],
        );
        check(
            "switch a { true => switch b { 1 => 2, _ => 3 } false => 4 }",
            &[&[Label::YesNo(true)], &[Label::YesNo(false)]],
        );
        assert_eq!(labels("switch a { b => 1 }"), None);
    }
}
