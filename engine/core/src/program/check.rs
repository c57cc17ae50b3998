//! Walking a script with the types of values in place of values, through every function it calls, so that `flow.week` is found in
//! a helper three calls down as well.

mod calls;
mod compare;
mod expressions;
pub(super) mod labels;
mod messages;
mod native_calls;
pub(super) mod statements;
#[cfg(test)]
mod tests;

use super::types::Type;
use super::{Callable, Functions, Surroundings};
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::rule::Page;
use crate::rule::compiler::{ENTRY_POINTS, Script};
use crate::rule::page::PageKind;
use crate::rule::script::{at, place};
use crate::schema::{FieldId, Schema};
use crate::source::Source;
use rhai::Position;
use std::collections::{BTreeMap, BTreeSet};

/// Calls within calls that are followed; as many as may be made when the script runs.
const DEPTH: usize = 32;

/// At most so many expressions are looked at, those of a helper once for each kind of arguments.
const STEPS: usize = 100_000;

/// Everything in a script that does not fit the language, the schema or the page.
pub(crate) fn check(around: &Surroundings<'_>, page: &Page, script: &Script) -> Vec<Problem> {
    let code = match around.compiler.code(script) {
        Ok(code) => code,
        Err(problems) => return problems.to_vec(),
    };
    let mut own = Functions::default();
    own.add(&code.own, |_| Some(script.source.clone()));
    let functions = Callable {
        own: &own,
        library: around.compiler.library_functions(),
    };
    let mut checker = Checker::new(around, page, &functions);
    checker.entry_points();
    checker.helpers();
    let Checker {
        mut problems, used, ..
    } = checker;
    for param in page
        .params
        .iter()
        .filter(|param| !used.contains(&param.name))
    {
        let place = Pointer::root().key("params").key(&param.name);
        let (what, how) = match page.form {
            Some(_) => ("form", "$"),
            None => ("script", "param."),
        };
        let problem = Problem::error(format!(
            "the {what} never uses the parameter `{}`",
            param.name
        ))
        .suggest(format!(
            "take it out of the page, or use `{how}{}`",
            param.name
        ));
        problems.push(page.problem_at(&place, problem));
    }
    problems
}

struct Checker<'a> {
    around: &'a Surroundings<'a>,
    schema: &'a Schema,
    page: &'a Page,
    functions: &'a Callable<'a>,
    params: BTreeMap<String, Type>,
    problems: Vec<Problem>,
    /// Parameters of the page that the script reads.
    used: BTreeSet<String>,
    /// Calls done, so that a helper is walked once for each kind of arguments.
    seen: BTreeMap<(String, Vec<Type>), Type>,
    /// The same calls in the order in which they were done.
    done: Vec<(String, Vec<Type>)>,
    /// Functions being walked.
    under_way: Vec<String>,
    source: Option<Source>,
    frame: Frame,
    steps: usize,
}

/// What is known while one function is walked.
#[derive(Default)]
struct Frame {
    names: Vec<Name>,
    /// Names that something is assigned to anywhere in the function.
    assigned: BTreeSet<String>,
    /// What the function gives, where it gives something.
    returns: Vec<(Type, Position)>,
    /// Whether a loop is under way.
    in_loop: bool,
}

/// A name in scope.
struct Name {
    word: String,
    of: Type,
    /// Whether it belongs to the function round a closure.
    captured: bool,
    /// Where a name that holds a finding was given it, until something reads it.
    unread: Option<Position>,
}

impl<'a> Checker<'a> {
    fn new(around: &'a Surroundings<'a>, page: &'a Page, functions: &'a Callable<'a>) -> Self {
        let value = |name: &str| around.params.get(name);
        let params = page.params.iter().map(|param| {
            let given = Type::of_value(value(&param.name).unwrap_or(&param.default));
            (param.name.clone(), given)
        });
        Self {
            around,
            schema: around.schema,
            page,
            functions,
            params: params.collect(),
            problems: Vec::new(),
            used: BTreeSet::new(),
            seen: BTreeMap::new(),
            done: Vec::new(),
            under_way: Vec::new(),
            source: None,
            frame: Frame::default(),
            steps: 0,
        }
    }

    fn entry_points(&mut self) {
        for name in ENTRY_POINTS {
            let root = self.schema.root();
            if self.functions.own.0.contains_key(name) {
                self.walk(
                    name,
                    vec![Type::group(root), Type::Params],
                    0,
                    Position::NONE,
                );
            }
        }
    }

    /// Functions that nothing calls may be wrong as well.
    fn helpers(&mut self) {
        let root = self.schema.root();
        for (name, function) in self.functions.own.helpers() {
            if self.done.iter().any(|(done, _)| done == name) {
                continue;
            }
            let args = function.params.iter().map(|param| match param.as_str() {
                "program" => Type::group(root),
                "param" => Type::Params,
                _ => Type::Unknown,
            });
            self.walk(name, args.collect(), 0, Position::NONE);
        }
    }

    /// Forgets the calls that were done after so many.
    fn forget(&mut self, since: usize) {
        for call in self.done.split_off(since.min(self.done.len())) {
            self.seen.remove(&call);
        }
    }

    fn report(&mut self, position: Position, problem: Problem) {
        let problem = match &self.source {
            Some(source) => at(source, place(position), problem),
            None => problem,
        };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn error(
        &mut self,
        position: Position,
        message: impl Into<String>,
        instead: impl Into<String>,
    ) {
        let problem = Problem::error(message.into()).suggest(instead.into());
        self.report(position, problem);
    }

    /// Whether so much was looked at that the rest is left alone.
    fn is_tired(&mut self, position: Position) -> bool {
        self.steps += 1;
        if self.steps == STEPS {
            self.error(
                position,
                "the script calls its functions in too many ways to be checked",
                "let functions call fewer functions",
            );
        }
        self.steps >= STEPS
    }

    /// Walks a function of the script or the library; what it gives.
    ///
    /// Of a closure's arguments the first `captured` belong to the function round it.
    fn walk(&mut self, name: &str, args: Vec<Type>, captured: usize, position: Position) -> Type {
        let Some(function) = self.functions.get(name) else {
            return Type::Unknown;
        };
        let call = (name.to_owned(), args);
        if let Some(known) = self.seen.get(&call) {
            return known.clone();
        }
        if self.under_way.iter().any(|open| open == name) {
            self.error(
                position,
                format!("{} calls itself, directly or through others", spoken(name)),
                "write `for … in` a list; without recursion every rule ends",
            );
            return Type::Unknown;
        }
        if self.under_way.len() >= DEPTH {
            self.error(
                position,
                format!("calls nest more than {DEPTH} deep"),
                "let functions call fewer functions within one another",
            );
            return Type::Unknown;
        }
        let before = self.source.clone();
        if let Some(source) = &function.source {
            self.source = Some(source.clone());
        }
        let names = function.params.iter().zip(&call.1).enumerate();
        let names = names.map(|(index, (name, of))| Name {
            word: name.clone(),
            of: of.clone(),
            captured: index < captured,
            unread: (*of == Type::Finding).then_some(Position::NONE),
        });
        let frame = Frame {
            names: names.collect(),
            assigned: statements::assigned(&function.body),
            ..Frame::default()
        };
        let outer = std::mem::replace(&mut self.frame, frame);
        self.under_way.push(name.to_owned());
        let tail = self.block(&function.body, true);
        let end = function
            .body
            .last()
            .map_or(Position::NONE, statements::start);
        let gives = self.given(name, tail, end);
        self.under_way.pop();
        self.frame = outer;
        self.source = before;
        self.done.push(call.clone());
        self.seen.insert(call, gives.clone());
        gives
    }

    /// What a function gives, from what its last statement and its `return`s give.
    fn given(&mut self, name: &str, tail: Type, end: Position) -> Type {
        let mut ways = std::mem::take(&mut self.frame.returns);
        ways.push((tail, end));
        if ENTRY_POINTS.contains(&name) {
            for (of, position) in &ways {
                self.entry_gives(name, of, *position);
            }
        }
        let entry = ENTRY_POINTS.contains(&name);
        let mut common = Type::Never;
        for (of, position) in ways {
            match common.or(&of) {
                Some(joined) => common = joined,
                None if entry => return Type::Unknown,
                None => {
                    let message = format!(
                        "{} gives {} here and {} elsewhere",
                        spoken(name),
                        of.word(),
                        common.word()
                    );
                    self.error(position, message, "let every path give the same type");
                    return Type::Unknown;
                }
            }
        }
        common
    }

    /// What the engine needs of the functions that it calls.
    fn entry_gives(&mut self, name: &str, of: &Type, position: Position) {
        let (fits, wanted) = match name {
            "check" => (
                matches!(of, Type::Finding),
                "met(…), unmet(…), partly(…), ramp(…), curve(…) or between(…) with a message",
            ),
            "applies" if self.page.kind == PageKind::Check => (
                matches!(of, Type::YesNo)
                    || matches!(of, Type::List(element, _) if element.is_open() || matches!(**element, Type::Group(_))),
                "yes or no, or the list of elements that are odd",
            ),
            "applies" => (matches!(of, Type::YesNo), "yes or no"),
            _ => (
                matches!(of, Type::List(element, _) if element.is_open() || **element == Type::Change),
                "a list of `set(path, value)`",
            ),
        };
        if fits || of.is_open() {
            return;
        }
        let message = match (name, of) {
            ("check", Type::Nothing) => "a path of `check` ends without a finding".to_owned(),
            (_, Type::Nothing) => format!("a path of `{name}` ends without an answer"),
            _ => format!("`{name}` gives {} here", of.word()),
        };
        let problem = Problem::error(message).expected(wanted);
        self.report(position, problem);
    }

    /// Whether a word stands at a place of the text.
    fn stands(&self, word: &str, position: Position) -> bool {
        let source = self.source.as_ref();
        source.is_some_and(|source| {
            let offset = place(position).and_then(|place| source.offset(place));
            let rest = offset.and_then(|offset| source.text().get(offset..));
            rest.is_some_and(|rest| rest.trim_start_matches('!').starts_with(word))
        })
    }

    fn field_name(&self, fields: &BTreeSet<FieldId>) -> String {
        let names = fields
            .iter()
            .map(|id| match self.schema.field(*id).path.as_str() {
                "" => "a proposal".to_owned(),
                path => format!("`{path}`"),
            });
        names.collect::<Vec<_>>().join(" or ")
    }

    /// The nearest name to one that there is not.
    fn near<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
        did_you_mean(name, known)
    }
}

/// A function's name as people know it.
fn spoken(name: &str) -> String {
    if name.contains('$') {
        "a closure".to_owned()
    } else {
        format!("`{name}`")
    }
}
