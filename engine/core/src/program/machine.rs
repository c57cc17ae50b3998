//! Running a script over the facts: every step is counted, every value is bounded, and what is missing stops it.

mod answers;
mod facts;
mod lists;
mod natives;
mod ranges;
#[cfg(test)]
mod tests;

use super::code::{Arm, Label, Node, Op, Program, Sign, Switch, Than};
use super::value::{Captured, Value, equal, order};
use crate::plugins::Plugins;
use crate::rule::facts::{Gone, Record, Stop};
use rhai::{ImmutableString, Position};
use std::sync::Arc;

/// The limits of one run of one script.
pub(crate) mod limits {
    /// Units of work for one rule over one proposal: all its runs and its remedy.
    pub(crate) const UNITS: u64 = 2_000_000;
    /// Units of work for all rules over one proposal.
    pub(crate) const JUDGEMENT: u64 = 20_000_000;
    /// Calls within calls.
    pub(crate) const CALLS: usize = 32;
    /// Bytes of one text, and of a message when it is filled in.
    pub(crate) const TEXT: usize = 64 * 1024;
    /// Elements of one list.
    pub(crate) const LIST: usize = 20_000;
    /// Entries of one table.
    pub(crate) const TABLE: usize = 2_000;
    /// So many bytes count as one unit.
    pub(crate) const BYTES: usize = 16;
}

/// Why a step gives no value.
#[derive(Debug)]
pub(crate) enum Flow {
    /// The function has given this.
    Return(Value),
    Break,
    Continue,
    /// The script asked for what is not there; the record says for what.
    Stopped,
    /// One number is needed where this interval stands.
    Imprecise(u32),
    Failed(Box<Failure>),
}

/// What went wrong, and where: the place, and the function that it is in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) at: Option<(Position, usize)>,
}

pub(crate) type Outcome<T> = Result<T, Flow>;

/// A failure whose place is that of the step it happens in.
pub(super) fn fail<T>(message: impl Into<String>) -> Outcome<T> {
    Err(Flow::Failed(Box::new(Failure {
        message: message.into(),
        at: None,
    })))
}

impl From<Gone> for Flow {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::Stopped => Self::Stopped,
            Gone::Wrong(message) => Self::Failed(Box::new(Failure { message, at: None })),
        }
    }
}

/// Several sides, or elements of a list, of which one may decide.
struct Sides {
    /// The answer that decides.
    decides: bool,
    /// What was read before the first of them.
    before: usize,
    /// The facts that those asked so far wait for.
    waiting: Option<Stop>,
}

/// A script that runs.
pub(crate) struct Machine<'a> {
    program: &'a Program,
    pub(crate) record: Record<'a>,
    plugins: &'a Plugins,
    /// The values of all names of all functions under way.
    names: Vec<Value>,
    /// Where those of this function begin.
    base: usize,
    function: usize,
    calls: usize,
    /// What is left to spend.
    pub(crate) units: u64,
    /// Whether `&&`, `||`, `some` and `all` try what else may decide where one side or element waits.
    patient: bool,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(
        program: &'a Program,
        record: Record<'a>,
        plugins: &'a Plugins,
        units: u64,
        patient: bool,
    ) -> Self {
        Self {
            program,
            record,
            plugins,
            names: Vec::new(),
            base: 0,
            function: 0,
            calls: 0,
            units,
            patient,
        }
    }

    /// Calls one of the functions that the engine calls.
    pub(crate) fn enter(&mut self, function: usize, args: Vec<Value>) -> Outcome<Value> {
        self.names.clear();
        self.base = 0;
        self.calls = 0;
        let result = self.invoke(function, args);
        match (result, &self.record.stop) {
            // A rule cannot go on as if nothing were missing.
            (Ok(_), Some(_)) => Err(Flow::Stopped),
            (result, _) => result,
        }
    }

    /// Counts work before it is done.
    fn spend(&mut self, units: usize) -> Outcome<()> {
        if let Some(left) = self.units.checked_sub(units as u64) {
            self.units = left;
            return Ok(());
        }
        self.units = 0;
        fail(format!(
            "it ran for more than {} units of work",
            limits::UNITS
        ))
    }

    fn spend_bytes(&mut self, bytes: usize) -> Outcome<()> {
        self.spend(1 + bytes / limits::BYTES)
    }

    fn invoke(&mut self, function: usize, args: impl IntoIterator<Item = Value>) -> Outcome<Value> {
        let Some(code) = self.program.functions.get(function) else {
            return fail("there is no such function");
        };
        if self.calls >= limits::CALLS {
            return fail(format!("its calls nest more than {} deep", limits::CALLS));
        }
        let outer = (self.base, self.function);
        let base = self.names.len();
        self.names.extend(args);
        let given = self.names.len() - base;
        if given != code.params {
            self.names.truncate(base);
            return fail(format!(
                "a function takes {} values and gets {given}",
                code.params
            ));
        }
        self.names
            .resize(base + code.names.max(given), Value::Nothing);
        (self.base, self.function) = (base, function);
        self.calls += 1;
        let result = match self.block(&code.body) {
            Err(Flow::Return(value)) => Ok(value),
            Err(Flow::Break | Flow::Continue) => fail("`break` stands outside a loop"),
            other => other,
        };
        self.calls -= 1;
        (self.base, self.function) = outer;
        self.names.truncate(base);
        result
    }

    fn call_closure(
        &mut self,
        closure: &Captured,
        args: impl IntoIterator<Item = Value>,
    ) -> Outcome<Value> {
        self.spend(1 + closure.values.len())?;
        self.invoke(closure.function, closure.values.iter().cloned().chain(args))
    }

    fn block(&mut self, steps: &'a [Node]) -> Outcome<Value> {
        let mut last = Value::Nothing;
        for step in steps {
            last = self.eval(step)?;
        }
        Ok(last)
    }

    fn eval(&mut self, node: &'a Node) -> Outcome<Value> {
        let value = self.spend(1).and_then(|()| self.op(&node.op));
        value.map_err(|flow| match flow {
            Flow::Imprecise(id) => {
                let stop = self.record.imprecise(&[id]);
                self.record.stopped(stop);
                Flow::Stopped
            }
            Flow::Failed(mut failure) => {
                failure.at.get_or_insert((node.at, self.function));
                Flow::Failed(failure)
            }
            other => other,
        })
    }

    fn op(&mut self, op: &'a Op) -> Outcome<Value> {
        match op {
            Op::Constant(value) => Ok(value.clone()),
            Op::Name(name) => Ok(self.named(*name)),
            Op::Property(of, step) => {
                let of = self.eval(of)?;
                self.property(&of, step)
            }
            Op::Index(parts) => {
                let of = self.eval(&parts.0)?;
                let key = self.eval(&parts.1)?;
                self.index(&of, &key)
            }
            Op::End(of, back) => {
                let of = self.eval(of)?;
                let count = self.count(&of)?;
                match count.checked_sub(*back) {
                    Some(at) if *back > 0 => self.item(&of, at),
                    _ => fail(format!("the list has {count} elements, and no `[-{back}]`")),
                }
            }
            Op::And(parts) => self.each_side(parts, false),
            Op::Or(parts) => self.each_side(parts, true),
            Op::Not(of) => Ok(Value::YesNo(!self.yes_no(of)?)),
            Op::Minus(of) => match self.eval(of)? {
                range @ Value::Range(_) => self.turned(&range),
                other => Ok(Value::Number(-number(&other, "the value")?)),
            },
            Op::Equal(parts, wanted) => {
                let (a, b) = self.both(parts)?;
                if is_range(&a, &b) {
                    return Ok(Value::YesNo(self.interval_equal(&a, &b)? == *wanted));
                }
                self.all_known(&[&a, &b])?;
                self.spend_bytes(small(&a).min(small(&b)))?;
                equal(&a, &b).map_or_else(fail, |same| Ok(Value::YesNo(same == *wanted)))
            }
            Op::Order(parts, than) => {
                let (a, b) = self.both(parts)?;
                if is_range(&a, &b) {
                    return Ok(Value::YesNo(self.interval_order(&a, &b, *than)?));
                }
                self.spend_bytes(small(&a).min(small(&b)))?;
                let found = order(&a, &b).or_else(fail)?;
                Ok(Value::YesNo(match than {
                    Than::Less => found.is_lt(),
                    Than::AtMost => found.is_le(),
                    Than::More => found.is_gt(),
                    Than::AtLeast => found.is_ge(),
                }))
            }
            Op::Sum(parts, sign) => {
                let (a, b) = self.both(parts)?;
                self.sum_of(a, b, *sign)
            }
            Op::In(parts) => {
                let (list, item) = self.both(parts)?;
                self.all_known(&[&list, &item])?;
                self.is_in(&list, &item)
            }
            other => self.control(other),
        }
    }

    /// What decides what is done next, and what makes values.
    fn control(&mut self, op: &'a Op) -> Outcome<Value> {
        match op {
            Op::If(parts) => {
                let (condition, then, other) = &**parts;
                let next = if self.yes_no(condition)? { then } else { other };
                self.eval(next)
            }
            Op::Block(steps) => self.block(steps),
            Op::Let(name, value) => {
                let value = self.eval(value)?;
                self.give(*name, value);
                Ok(Value::Nothing)
            }
            Op::Entry(name, parts) => {
                let (key, value) = self.both(parts)?;
                self.set_entry(*name, &key, value)?;
                Ok(Value::Nothing)
            }
            Op::For(name, parts) => self.for_each(*name, &parts.0, &parts.1),
            Op::Break => Err(Flow::Break),
            Op::Continue => Err(Flow::Continue),
            Op::Return(value) => Err(Flow::Return(match value {
                Some(value) => self.eval(value)?,
                None => Value::Nothing,
            })),
            Op::Switch(switch) => self.switch(switch),
            Op::Call(function, args) => {
                let args = self.all(args)?;
                self.invoke(*function, args)
            }
            Op::Native(native, args) => self.native(*native, args),
            Op::Facts(asked) => self.asked(asked),
            Op::Plugin(plugin, function, args) => {
                let args = self.all(args)?;
                self.plugin(*plugin, *function, &args)
            }
            other => self.made(other),
        }
    }

    /// Values that are put together.
    fn made(&mut self, op: &'a Op) -> Outcome<Value> {
        match op {
            Op::Closure(function, captured) => {
                let values: Vec<Value> = captured.iter().map(|name| self.named(*name)).collect();
                Value::closure(*function, values).map_or_else(too_deep, Ok)
            }
            Op::List(items) => {
                let items = self.all(items)?;
                self.new_list(items)
            }
            Op::Table(entries) => {
                let mut table = std::collections::BTreeMap::new();
                for (key, value) in entries {
                    let value = self.eval(value)?;
                    table.insert(key.clone(), value);
                }
                self.spend(table.len())?;
                Value::table(table).map_or_else(too_deep, Ok)
            }
            Op::Text(parts) => {
                let mut text = String::new();
                for part in parts {
                    let part = self.eval(part)?;
                    let part = shown(&part)?;
                    self.spend_bytes(part.len())?;
                    text.push_str(&part);
                    bounded(text.len(), limits::TEXT, "bytes of text")?;
                }
                Ok(Value::text(text))
            }
            Op::Push(name, value) => {
                let value = self.eval(value)?;
                self.push(*name, value)?;
                Ok(Value::Nothing)
            }
            Op::Sort(name, by) => {
                let by = by.as_ref().map(|by| self.eval(by)).transpose()?;
                let list = self.named(*name);
                let sorted = self.sorted(&list, by.as_ref())?;
                self.give(*name, sorted);
                Ok(Value::Nothing)
            }
            Op::Done(statement) => {
                self.record.facts.note_done(*statement);
                Ok(Value::Nothing)
            }
            _ => fail("this is not part of the language"),
        }
    }

    fn named(&self, name: usize) -> Value {
        self.names
            .get(self.base + name)
            .cloned()
            .unwrap_or(Value::Nothing)
    }

    fn give(&mut self, name: usize, value: Value) {
        if let Some(slot) = self.names.get_mut(self.base + name) {
            *slot = value;
        }
    }

    fn all(&mut self, nodes: &'a [Node]) -> Outcome<Vec<Value>> {
        nodes.iter().map(|node| self.eval(node)).collect()
    }

    fn both(&mut self, parts: &'a (Node, Node)) -> Outcome<(Value, Value)> {
        let first = self.eval(&parts.0)?;
        Ok((first, self.eval(&parts.1)?))
    }

    fn yes_no(&mut self, node: &'a Node) -> Outcome<bool> {
        match self.eval(node)? {
            Value::YesNo(flag) => Ok(flag),
            other => fail(format!("yes or no is needed, not {}", other.word())),
        }
    }

    /// `&&` and `||`: the side that decides.
    fn each_side(&mut self, sides: &'a [Node], decides: bool) -> Outcome<Value> {
        let mut asked = self.sides(decides);
        for side in sides {
            if self.side(&mut asked, |machine| machine.yes_no(side))? {
                return Ok(Value::YesNo(decides));
            }
        }
        self.undecided(asked)
    }

    fn sides(&self, decides: bool) -> Sides {
        Sides {
            decides,
            before: self.record.reads(),
            waiting: None,
        }
    }

    /// Whether one of several sides decides. One that waits for a fact lets the others be tried; what goes wrong in one of those
    /// does not decide, and what was read in those that do not decide is no evidence.
    fn side(
        &mut self,
        asked: &mut Sides,
        ask: impl FnOnce(&mut Self) -> Outcome<bool>,
    ) -> Outcome<bool> {
        let since = self.record.reads();
        match ask(self) {
            Ok(found) if found == asked.decides => {
                if asked.waiting.is_some() {
                    self.record.take_back(asked.before, since);
                    self.record.stop = None;
                }
                Ok(true)
            }
            Ok(_) => Ok(false),
            Err(Flow::Stopped) if self.patient && self.record.is_waiting() => {
                let stop = self.record.stop.take();
                asked.waiting = match (asked.waiting.take(), stop) {
                    (None, stop) => stop,
                    (Some(first), other) => Some(first.and(other)),
                };
                Ok(false)
            }
            // No work is left: that is not a side that cannot decide.
            Err(Flow::Failed(_)) if asked.waiting.is_some() && self.units > 0 => Ok(false),
            Err(flow) => Err(flow),
        }
    }

    /// What comes out where no side decides.
    fn undecided(&mut self, asked: Sides) -> Outcome<Value> {
        match asked.waiting {
            Some(stop) => {
                self.record.stop = Some(stop);
                Err(Flow::Stopped)
            }
            None => Ok(Value::YesNo(!asked.decides)),
        }
    }

    fn for_each(&mut self, name: usize, list: &'a Node, body: &'a Node) -> Outcome<Value> {
        let list = self.eval(list)?;
        for at in 0..self.count(&list)? {
            let item = self.item(&list, at)?;
            self.give(name, item);
            match self.eval(body) {
                Ok(_) | Err(Flow::Continue) => {}
                Err(Flow::Break) => break,
                Err(other) => return Err(other),
            }
        }
        Ok(Value::Nothing)
    }

    fn switch(&mut self, switch: &'a Switch) -> Outcome<Value> {
        let on = self.eval(&switch.on)?;
        self.all_known(&[&on])?;
        let mut other: Option<&'a Arm> = None;
        for arm in &switch.arms {
            if arm.labels.iter().any(|label| matches!(label, Label::Other)) {
                other = other.or(Some(arm));
                continue;
            }
            self.spend(arm.labels.len())?;
            if arm.labels.iter().any(|label| is_meant(label, &on)) && self.holds(arm)? {
                return self.eval(&arm.gives);
            }
        }
        match other {
            Some(arm) => self.eval(&arm.gives),
            None => Ok(Value::Nothing),
        }
    }

    fn holds(&mut self, arm: &'a Arm) -> Outcome<bool> {
        match &arm.condition {
            Some(condition) => self.yes_no(condition),
            None => Ok(true),
        }
    }

    fn sum_of(&mut self, a: Value, b: Value, sign: Sign) -> Outcome<Value> {
        match (a, b, sign) {
            (Value::Number(a), Value::Number(b), sign) => arithmetic(a, b, sign),
            (a, b, sign) if is_range(&a, &b) => self.interval_sum(&a, &b, sign),
            (Value::Text(a), Value::Text(b), Sign::Plus) => {
                let length = a.len() + b.len();
                bounded(length, limits::TEXT, "bytes of text")?;
                self.spend_bytes(length)?;
                Ok(Value::Text(a + b.as_str()))
            }
            (
                a @ (Value::List(_) | Value::Facts(_)),
                b @ (Value::List(_) | Value::Facts(_)),
                Sign::Plus,
            ) => {
                let mut items = self.items(a)?;
                items.extend(self.items(b)?);
                self.new_list(items)
            }
            (a, b, _) => fail(format!(
                "a sign stands between {} and {}",
                a.word(),
                b.word()
            )),
        }
    }
}

/// Whether one of two values is a number of which only the ends are known.
fn is_range(a: &Value, b: &Value) -> bool {
    matches!(a, Value::Range(_)) || matches!(b, Value::Range(_))
}

fn is_meant(label: &Label, on: &Value) -> bool {
    match (label, on) {
        (Label::Value(label), on) => equal(label, on).unwrap_or(false),
        (Label::Range(from, to, inclusive), Value::Number(on)) => {
            *on >= *from && (*on < *to || (*inclusive && *on <= *to))
        }
        _ => false,
    }
}

fn arithmetic(a: f64, b: f64, sign: Sign) -> Outcome<Value> {
    let found = match sign {
        Sign::Plus => a + b,
        Sign::Minus => a - b,
        Sign::Times => a * b,
        Sign::Over | Sign::Rest if b == 0.0 => return fail("division by zero"),
        Sign::Over => a / b,
        Sign::Rest => a % b,
    };
    if found.is_finite() {
        Ok(Value::Number(found))
    } else {
        fail("the number is too large to be reckoned with")
    }
}

/// A finite number.
fn number(value: &Value, what: &str) -> Outcome<f64> {
    match value {
        Value::Number(number) if number.is_finite() => Ok(*number),
        Value::Range(id) => Err(Flow::Imprecise(*id)),
        other => fail(format!("{what} must be a number, not {}", other.word())),
    }
}

fn text<'v>(value: &'v Value, what: &str) -> Outcome<&'v ImmutableString> {
    match value {
        Value::Text(text) => Ok(text),
        other => fail(format!("{what} must be text, not {}", other.word())),
    }
}

/// A value within a text.
fn shown(value: &Value) -> Outcome<std::borrow::Cow<'_, str>> {
    Ok(match value {
        Value::Text(text) => text.as_str().into(),
        Value::Number(number) => crate::text::number(*number).into(),
        Value::YesNo(flag) => flag.to_string().into(),
        Value::Range(id) => return Err(Flow::Imprecise(*id)),
        other => return fail(format!("{} cannot stand within a text", other.word())),
    })
}

fn too_deep<T>() -> Outcome<T> {
    fail(format!(
        "a value is nested more than {} deep",
        super::value::NESTING
    ))
}

fn bounded(count: usize, most: usize, of: &str) -> Outcome<()> {
    if count > most {
        return fail(format!("a value grew too large: more than {most} {of}"));
    }
    Ok(())
}

/// Bytes that are compared at most, of texts; lists are counted by their elements.
fn small(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::List(list) => list.items.len() * 16,
        _ => 0,
    }
}

/// Shares a value that several hold.
fn shared<T: Clone>(value: &mut Arc<T>) -> &mut T {
    Arc::make_mut(value)
}
