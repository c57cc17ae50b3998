//! Who runs a script: the compiled program, or for comparison the interpreter of its syntax.

use crate::pointer::Pointer;
use crate::program::code::Program;
use crate::program::machine::{Failure, Flow, Machine, limits};
use crate::program::value::Value;
use crate::rule::compiler::Script;
use crate::rule::facts::{Facts, Record, Run, Stop};
use crate::rule::helpers::{Answer, Proposed};
use crate::rule::script::{Halt, Interpreter, Odd, place, typed};
use crate::rulebook::Rulebook;
use rhai::Map;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How one run ended.
pub(super) struct Ran {
    /// The answer; none where the question does not arise.
    pub(super) result: Result<Option<Answer>, Halt>,
    /// Whether it ended while asking if the question arises.
    pub(super) asking: bool,
    /// What was read: what decided first, what only decided that the question arises last.
    pub(super) evidence: Vec<Pointer>,
    pub(super) looked_at: BTreeSet<Pointer>,
}

/// What one run takes as given.
#[derive(Clone, Copy, Default)]
pub(super) struct Given<'a> {
    /// Values to stand for missing facts.
    pub(super) assumed: &'a [(Pointer, Json)],
    /// How comparisons that are not certain come out, in the order in which they are met.
    pub(super) decisions: &'a [bool],
}

/// What runs the script of one rule over the facts of one proposal.
pub(super) trait Runs {
    /// Asks with some values assumed; `applies` says that the question is known to arise.
    fn run(&mut self, given: Given<'_>, applies: bool) -> Ran;

    /// What would help, with what was looked at to find it.
    fn remedy(&mut self) -> (Result<Vec<Proposed>, Halt>, BTreeSet<Pointer>);
}

/// What decided is the last that was read.
fn evidence(all: &[Pointer], before: usize) -> Vec<Pointer> {
    let (asked, answered) = all.split_at(before.min(all.len()));
    answered.iter().rev().chain(asked).cloned().collect()
}

/// A program over facts.
pub(super) struct Compiled<'a> {
    pub(super) program: Result<&'a Program, String>,
    pub(super) book: &'a Rulebook,
    pub(super) facts: &'a Facts,
    pub(super) param: &'a Value,
    /// What is left to spend.
    pub(super) units: u64,
    /// Whether `&&` and `||` try their other side where one waits for a fact.
    pub(super) patient: bool,
}

impl<'a> Compiled<'a> {
    pub(super) fn new(
        book: &'a Rulebook,
        script: &'a Script,
        param: &'a Value,
        facts: &'a Facts,
    ) -> Self {
        Self {
            program: book.program(script),
            book,
            facts,
            param,
            units: limits::UNITS,
            patient: true,
        }
    }

    fn args(&self) -> Vec<Value> {
        vec![Value::Fact(0), self.param.clone()]
    }

    /// The program, and what runs it over the facts.
    fn machine<'m>(&self, given: Given<'m>) -> Result<(&'a Program, Machine<'m>), Halt>
    where
        'a: 'm,
    {
        let program = self
            .program
            .as_ref()
            .map_err(|reason| Halt::Failed(reason.clone()))?;
        let record = Record::new(self.facts, given.assumed, given.decisions);
        let machine = Machine::new(
            program,
            record,
            &self.book.plugins,
            self.units,
            self.patient,
        );
        Ok((program, machine))
    }
}

impl Compiled<'_> {
    /// What a check finds odd: `applies` gives yes or no, or the elements that are odd; and what was read to find it.
    ///
    /// Of a range it is odd if any number in it is.
    pub(super) fn odd(&self) -> (Result<Odd, Halt>, Vec<Pointer>) {
        /// At most so many ways in which comparisons of ranges come out.
        const WAYS: usize = 64;
        let mut first = None;
        let mut open = vec![Vec::new()];
        let mut tried = 0;
        while let Some(decisions) = open.pop() {
            tried += 1;
            let (odd, read) = self.odd_where(&decisions);
            match odd {
                Err(Halt::Stopped(Stop::Undecided { .. })) if tried < WAYS => {
                    for holds in [false, true] {
                        let mut way = decisions.clone();
                        way.push(holds);
                        open.push(way);
                    }
                }
                Ok(Odd::Whole | Odd::At(_)) => return (odd, read),
                other => {
                    first.get_or_insert((other, read));
                }
            }
        }
        first.unwrap_or((Ok(Odd::No), Vec::new()))
    }

    fn odd_where(&self, decisions: &[bool]) -> (Result<Odd, Halt>, Vec<Pointer>) {
        let given = Given {
            assumed: &[],
            decisions,
        };
        let (program, mut machine) = match self.machine(given) {
            Ok(ready) => ready,
            Err(halt) => return (Err(halt), Vec::new()),
        };
        let [Some(asks), ..] = program.entries else {
            let halt = Halt::Failed("the script has no function `applies`".to_owned());
            return (Err(halt), Vec::new());
        };
        let answer = called(program, &mut machine, asks, self.args());
        let odd = answer.and_then(|answer| odd_of(&answer, &machine));
        (odd, machine.record.evidence())
    }
}

fn odd_of(answer: &Value, machine: &Machine<'_>) -> Result<Odd, Halt> {
    if let Value::YesNo(odd) = answer {
        return Ok(if *odd { Odd::Whole } else { Odd::No });
    }
    let wrong = || {
        Halt::Failed("`applies` of a check must return yes or no, or a list of elements".to_owned())
    };
    let elements = machine.elements(answer).ok_or_else(wrong)?;
    let places = elements
        .iter()
        .map(|element| machine.record.pointer_of(element));
    let places = places
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_gone| wrong())?;
    if places.is_empty() {
        return Ok(Odd::No);
    }
    Ok(Odd::At(places))
}

/// The texts that the only function of a program gives for a proposal; nothing where it cannot be told.
pub(super) fn names(book: &Rulebook, program: &Program, facts: &Facts) -> Option<Vec<String>> {
    let record = Record::new(facts, &[], &[]);
    let mut machine = Machine::new(program, record, &book.plugins, limits::UNITS, true);
    let [Some(function), ..] = program.entries else {
        return None;
    };
    let answer = called(program, &mut machine, function, vec![Value::Fact(0)]).ok()?;
    let names = machine.elements(&answer)?.into_iter();
    names
        .map(|name| match name {
            Value::Text(name) => Some(name.to_string()),
            _ => None,
        })
        .collect()
}

impl Runs for Compiled<'_> {
    fn run(&mut self, given: Given<'_>, applies: bool) -> Ran {
        let (program, mut machine) = match self.machine(given) {
            Ok(ready) => ready,
            Err(halt) => {
                return Ran {
                    result: Err(halt),
                    asking: true,
                    evidence: Vec::new(),
                    looked_at: BTreeSet::new(),
                };
            }
        };
        let [asks, checks, _] = program.entries;
        let arises = match asks.filter(|_| !applies) {
            None => Ok(true),
            Some(asks) => match called(program, &mut machine, asks, self.args()) {
                Ok(Value::YesNo(flag)) => Ok(flag),
                Ok(_) => Err(Halt::Failed("`applies` must return yes or no".to_owned())),
                Err(halt) => Err(halt),
            },
        };
        let asking = arises.is_err();
        let before = machine.record.reads();
        let result = match (arises, checks) {
            (Err(halt), _) => Err(halt),
            (Ok(false), _) => Ok(None),
            (Ok(true), None) => Err(Halt::Failed("the script has no function `check`".to_owned())),
            (Ok(true), Some(checks)) => match called(program, &mut machine, checks, self.args()) {
                Ok(Value::Answer(answer)) => Ok(Some(Arc::unwrap_or_clone(answer))),
                Ok(_) => Err(Halt::Failed(
                    "`check` must return met(…), unmet(…), partly(…), ramp(…), curve(…) or between(…) with a message"
                        .to_owned(),
                )),
                Err(halt) => Err(halt),
            },
        };
        self.units = machine.units;
        Ran {
            result,
            asking,
            evidence: evidence(&machine.record.evidence(), before),
            looked_at: machine.record.looked_at(),
        }
    }

    fn remedy(&mut self) -> (Result<Vec<Proposed>, Halt>, BTreeSet<Pointer>) {
        let (program, mut machine) = match self.machine(Given::default()) {
            Ok(ready) => ready,
            Err(halt) => return (Err(halt), BTreeSet::new()),
        };
        let [_, _, Some(helps)] = program.entries else {
            return (Ok(Vec::new()), BTreeSet::new());
        };
        let result = called(program, &mut machine, helps, self.args()).and_then(|answer| {
            let wrong =
                || Halt::Failed("`remedy` must return a list of set(path, value)".to_owned());
            let Value::List(list) = answer else {
                return Err(wrong());
            };
            let changes = list.items.iter().map(|change| match change {
                Value::Change(change) => Ok(Proposed::clone(change)),
                _ => Err(wrong()),
            });
            changes.collect()
        });
        self.units = machine.units;
        (result, machine.record.looked_at())
    }
}

/// Calls a function that the engine calls; why there is no answer, for people.
fn called(
    program: &Program,
    machine: &mut Machine<'_>,
    function: usize,
    args: Vec<Value>,
) -> Result<Value, Halt> {
    machine.enter(function, args).map_err(|flow| match flow {
        Flow::Stopped => match machine.record.stop.clone() {
            Some(stop) => Halt::Stopped(stop),
            None => Halt::Failed("it stopped without a reason".to_owned()),
        },
        Flow::Failed(failure) => Halt::Failed(explained(program, &failure)),
        Flow::Return(_) | Flow::Imprecise(_) | Flow::Break | Flow::Continue => {
            Halt::Failed("it ended without an answer".to_owned())
        }
    })
}

/// What went wrong and where.
fn explained(program: &Program, failure: &Failure) -> String {
    let Some((position, function)) = failure.at else {
        return failure.message.clone();
    };
    let source = program
        .functions
        .get(function)
        .and_then(|function| function.source.as_ref());
    let file = source.map_or("", |source| source.name());
    let typed = |place| source.map_or(place, |source| typed(source, place));
    match place(position).map(typed) {
        Some(place) => format!(
            "{file}:{}:{}: {}",
            place.line, place.column, failure.message
        ),
        None => format!("{file}: {}", failure.message),
    }
}

/// The interpreter over facts.
pub(super) struct Interpreted<'a> {
    pub(super) interpreter: &'a Interpreter,
    pub(super) script: &'a Script,
    pub(super) param: Map,
    pub(super) facts: &'a Arc<Facts>,
}

impl Runs for Interpreted<'_> {
    fn run(&mut self, given: Given<'_>, applies: bool) -> Ran {
        let run = Arc::new(Run::new(Arc::clone(self.facts), given.assumed.to_vec()));
        let arises = if applies {
            Ok(true)
        } else {
            self.interpreter.applies(self.script, &run, &self.param)
        };
        let asking = arises.is_err();
        let before = run.reads();
        let result = match arises {
            Ok(false) => Ok(None),
            Ok(true) => self
                .interpreter
                .check(self.script, &run, &self.param)
                .map(Some),
            Err(halt) => Err(halt),
        };
        Ran {
            result,
            asking,
            evidence: evidence(&run.evidence(), before),
            looked_at: run.looked_at(),
        }
    }

    fn remedy(&mut self) -> (Result<Vec<Proposed>, Halt>, BTreeSet<Pointer>) {
        let run = Arc::new(Run::new(Arc::clone(self.facts), Vec::new()));
        let proposed = self.interpreter.remedy(self.script, &run, &self.param);
        (proposed, run.looked_at())
    }
}
