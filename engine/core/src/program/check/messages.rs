//! The words of answers: every place of a message has its argument, and every argument its place.

use super::Checker;
use super::calls::Argument;
use crate::finding::places;
use crate::problem::{Problem, did_you_mean};
use crate::program::natives::{FORMATS, Form, Want};
use crate::program::types::Type;
use rhai::{Expr, Position};
use std::collections::{BTreeMap, BTreeSet};

impl Checker<'_> {
    /// Compares the places of a template with the arguments given to it.
    pub(super) fn message(&mut self, form: &Form, args: &[Argument<'_>], position: Position) {
        let of = |want: Want| {
            let index = form.0.iter().position(|own| *own == want)?;
            args.get(index)
        };
        let Some(template) = of(Want::Template) else {
            return;
        };
        let Type::Text(words) = &template.of else {
            return;
        };
        let written = words
            .set
            .as_ref()
            .filter(|set| set.len() == 1 && !words.path);
        let Some(text) = written.and_then(|set| set.first()) else {
            let at = template.position(position);
            self.error(
                at,
                "a message is put together by the script, so that nobody can translate it",
                "write it as one text with places, such as {name}, and give what stands in them in a table",
            );
            return;
        };
        let nothing = BTreeMap::new();
        let given = match of(Want::Arguments).map(|arg| &arg.of) {
            None => &nothing,
            Some(Type::Table(given)) => given,
            Some(_) => return,
        };
        let places: BTreeSet<&str> = places(text).into_iter().collect();
        self.places(&places, given, position);
        let asked: BTreeSet<&str> = places.iter().map(|place| split(place).0).collect();
        if !matches!(
            of(Want::Arguments).and_then(|arg| arg.expr),
            Some(Expr::Map(..))
        ) {
            // One table for several messages.
            return;
        }
        for name in given.keys().filter(|name| !asked.contains(name.as_str())) {
            let problem = Problem::warning(format!(
                "`{name}` is given to a message that has no place for it"
            ))
            .suggest(format!("write {{{name}}} in the message, or leave it out"));
            self.report(position, problem);
        }
    }

    fn places(
        &mut self,
        places: &BTreeSet<&str>,
        given: &BTreeMap<String, Type>,
        position: Position,
    ) {
        let mut said = BTreeSet::new();
        for place in places {
            let (name, format) = split(place);
            let Some(of) = given.get(name) else {
                if said.insert(name) {
                    let problem = Problem::error(format!(
                        "the message has a place {{{name}}} that nothing is given for"
                    ))
                    .expected(format!("`#{{ {name}: … }}` after the message"))
                    .suggest_maybe(did_you_mean(name, given.keys().map(String::as_str)));
                    self.report(position, problem);
                }
                continue;
            };
            let Some(format) = format else { continue };
            let known = || FORMATS.iter().map(|(name, _)| *name);
            if known().all(|own| own != format) {
                let names: Vec<String> = known().map(|own| format!("{{{name}:{own}}}")).collect();
                let problem = Problem::error(format!(
                    "`{format}` is no way of showing what stands in {{{place}}}"
                ))
                .expected(format!("{{{name}}}, {}", names.join(", ")))
                .suggest_maybe(did_you_mean(format, known()));
                self.report(position, problem);
                continue;
            }
            let numbers = format != "words";
            let inner = match of {
                Type::List(element, _) => element,
                other => other,
            };
            let fits = inner.is_open() || matches!(inner, Type::Number) == numbers;
            if !fits || matches!(of, Type::Group(_) | Type::Finding | Type::Change) {
                let wanted = if numbers { "a number" } else { "a word" };
                let problem =
                    Problem::error(format!("{{{place}}} shows {}", of.word())).expected(wanted);
                self.report(position, problem);
            }
        }
        for (name, of) in given {
            if matches!(
                of,
                Type::Group(_) | Type::Closure(..) | Type::Finding | Type::Change | Type::Nothing
            ) {
                let message = format!("`{name}` is {}, which a message cannot show", of.word());
                self.error(
                    position,
                    message,
                    "give a number, a text, yes or no, or a list of them",
                );
            }
        }
    }
}

/// The name of a place and the format in it.
fn split(place: &str) -> (&str, Option<&str>) {
    match place.split_once(':') {
        Some((name, format)) => (name, Some(format)),
        None => (place, None),
    }
}
