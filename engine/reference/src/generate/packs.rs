//! Packs with random schemas and rules, and proposals for them.

use super::{Draws, degree, hundredths, weight};
use crate::judge::{Finding, Severity};
use crate::rules::{Cond, Field, Form, Place, Rule, Take, Value};

/// How a page is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Its script cannot be read.
    Script,
    /// Its severity is misspelt.
    Severity,
    /// Its script fails when it is asked.
    Fails,
}

/// A page of a made-up pack.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The number of its dimension.
    pub dimension: usize,
    /// Its severity.
    pub severity: Severity,
    /// Its weight, where the page says one.
    pub weight: Option<f64>,
    /// Its gate, where the page says one.
    pub gate: Option<f64>,
    /// Whether it only asks the board something.
    pub prompt: bool,
    /// What it asks.
    pub rule: Rule,
    /// Whether it is written as a script.
    pub script: bool,
    /// How it is broken, if it is.
    pub fault: Option<Fault>,
}

/// A page that asks about an odd answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// When the answer is odd.
    pub odd: Cond,
    /// The field that it doubts.
    pub doubts: usize,
}

/// A made-up pack.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// The fields of a proposal.
    pub fields: Vec<Field>,
    /// How many dimensions it has.
    pub dimensions: usize,
    /// Its rules and prompts.
    pub pages: Vec<Page>,
    /// What it asks about odd answers.
    pub checks: Vec<Check>,
}

/// A pack: one to three dimensions, up to eight rules.
pub fn pack(draws: &mut Draws) -> Pack {
    let mut fields = vec![Field::YesNo, Field::Choice(3), Field::Number(0, 12)];
    for _ in 0..draws.below(5) {
        fields.push(simple(draws));
    }
    if draws.percent(60) {
        fields.push(Field::Groups(vec![
            Field::YesNo,
            simple(draws),
            Field::Number(0, 5),
        ]));
    }
    let dimensions = 1 + draws.below(3);
    let count = dimensions + draws.below(6);
    let mut pages: Vec<Page> = (0..count)
        .map(|_| page(draws, &fields, dimensions))
        .collect();
    for (index, page) in pages.iter_mut().enumerate().take(dimensions) {
        page.dimension = index;
    }
    let checks = (0..draws.below(2)).map(|_| check(draws, &fields));
    Pack {
        checks: checks.collect(),
        fields,
        dimensions,
        pages,
    }
}

fn simple(draws: &mut Draws) -> Field {
    match draws.below(3) {
        0 => Field::YesNo,
        1 => Field::Choice(2 + draws.below(3)),
        _ => Field::Number(draws.between(-3, 1), draws.between(2, 12)),
    }
}

fn page(draws: &mut Draws, fields: &[Field], dimensions: usize) -> Page {
    let script = draws.percent(40);
    let form = if script {
        plain_form(draws, fields)
    } else {
        form(draws, fields, 2)
    };
    let mut page = Page {
        dimension: draws.below(dimensions),
        severity: draws.one(&Severity::ALL, Severity::Major),
        weight: None,
        gate: None,
        prompt: draws.percent(6),
        rule: Rule {
            applies: None,
            form,
        },
        script,
        fault: None,
    };
    if draws.percent(25) {
        page.weight = Some(weight(draws));
    }
    if draws.percent(15) {
        page.gate = Some(hundredths(draws.between(0, 100)));
    }
    if draws.percent(30) {
        page.rule.applies = Some(cond(draws, fields, 1));
    }
    if draws.percent(8) {
        page.fault = Some(draws.one(
            &[Fault::Script, Fault::Severity, Fault::Fails],
            Fault::Script,
        ));
        page.script = true;
        page.prompt = false;
        page.rule = Rule {
            applies: None,
            form: plain_form(draws, fields),
        };
    }
    page
}

fn check(draws: &mut Draws, fields: &[Field]) -> Check {
    let odd = match draws.below(2) {
        0 => Cond::Is(Place::Top(0), Value::YesNo(true)),
        _ => Cond::AtLeast(Place::Top(2), draws.between(4, 12)),
    };
    let groups = |field: &Field| matches!(field, Field::Groups(_));
    let simple = fields.iter().position(groups).unwrap_or(fields.len());
    Check {
        odd,
        doubts: draws.below(simple),
    }
}

/// The places of fields of a kind, in the proposal.
fn places(fields: &[Field], kind: impl Fn(&Field) -> bool) -> Vec<usize> {
    let found = fields.iter().enumerate().filter(|(_, field)| kind(field));
    found.map(|(index, _)| index).collect()
}

/// A form that scripts have as well.
fn plain_form(draws: &mut Draws, fields: &[Field]) -> Form {
    match draws.below(4) {
        0 => yes_no(draws, fields, &Place::Top),
        1 => choice(draws, fields, &Place::Top),
        2 => number(draws, fields, &Place::Top),
        _ => first(draws, fields),
    }
}

fn yes_no(draws: &mut Draws, fields: &[Field], place: &dyn Fn(usize) -> Place) -> Form {
    let of = draws.one(&places(fields, |field| *field == Field::YesNo), 0);
    let (mut yes, mut no) = (1.0, 0.0);
    if draws.percent(30) {
        (yes, no) = (degree(draws), degree(draws));
    }
    if (yes - no).abs() < 1e-3 {
        // A page whose answers all count the same is refused.
        (yes, no) = (0.0, 1.0);
    }
    Form::YesNo(place(of), yes, no)
}

fn choice(draws: &mut Draws, fields: &[Field], place: &dyn Fn(usize) -> Place) -> Form {
    let choices = places(fields, |field| matches!(field, Field::Choice(_)));
    let Some(of) = choices.get(draws.below(choices.len())) else {
        return yes_no(draws, fields, place);
    };
    let Some(Field::Choice(count)) = fields.get(*of) else {
        return yes_no(draws, fields, place);
    };
    Form::Choice(place(*of), (0..*count).map(|_| degree(draws)).collect())
}

fn number(draws: &mut Draws, fields: &[Field], place: &dyn Fn(usize) -> Place) -> Form {
    let numbers = places(fields, |field| matches!(field, Field::Number(..)));
    let Some(of) = numbers.get(draws.below(numbers.len())) else {
        return yes_no(draws, fields, place);
    };
    let (one, other) = (draws.between(0, 4), draws.between(5, 12));
    let (full, zero) = if draws.percent(50) {
        (other, one)
    } else {
        (one, other)
    };
    Form::Number(place(*of), full, zero)
}

fn first(draws: &mut Draws, fields: &[Field]) -> Form {
    let count = 1 + draws.below(3);
    let branches = (0..count).map(|_| (cond(draws, fields, 1), degree(draws)));
    Form::First(branches.collect(), degree(draws))
}

fn form(draws: &mut Draws, fields: &[Field], depth: usize) -> Form {
    let parts = |draws: &mut Draws| -> Vec<Form> {
        (0..2 + draws.below(2))
            .map(|_| form(draws, fields, depth.saturating_sub(1)))
            .collect()
    };
    match draws.below(if depth == 0 { 5 } else { 9 }) {
        4 => {
            let count = 1 + draws.below(3);
            let items = (0..count).map(|_| {
                (
                    cond(draws, fields, 1),
                    draws.one(&[1.0, 1.0, 2.0, 0.5], 1.0),
                )
            });
            Form::Checklist(items.collect())
        }
        5 => Form::AllOf(parts(draws)),
        6 => Form::AnyOf(parts(draws)),
        7 => {
            let parts = parts(draws);
            let weighed = parts
                .into_iter()
                .map(|part| (part, draws.one(&[1.0, 2.0, 0.5], 1.0)));
            Form::MeanOf(weighed.collect())
        }
        8 => each(draws, fields),
        _ => plain_form(draws, fields),
    }
}

fn each(draws: &mut Draws, fields: &[Field]) -> Form {
    let lists = places(fields, |field| matches!(field, Field::Groups(_)));
    let list = lists
        .first()
        .and_then(|list| Some((*list, fields.get(*list)?)));
    let Some((list, Field::Groups(own))) = list else {
        return plain_form(draws, fields);
    };
    let judge = match draws.below(3) {
        0 => yes_no(draws, own, &Place::Element),
        1 => choice(draws, own, &Place::Element),
        _ => number(draws, own, &Place::Element),
    };
    let take = draws.one(&[Take::Worst, Take::Best, Take::Mean], Take::Worst);
    let if_none = draws.percent(50).then(|| degree(draws));
    Form::Each(list, Box::new(judge), take, if_none)
}

fn cond(draws: &mut Draws, fields: &[Field], depth: usize) -> Cond {
    let two = |draws: &mut Draws| vec![cond(draws, fields, 0), cond(draws, fields, 0)];
    match draws.below(if depth == 0 { 4 } else { 8 }) {
        4 => Cond::And(two(draws)),
        5 => Cond::Or(two(draws)),
        6 => Cond::Not(Box::new(cond(draws, fields, 0))),
        7 => {
            let lists = places(fields, |field| matches!(field, Field::Groups(_)));
            let list = lists
                .first()
                .and_then(|list| Some((*list, fields.get(*list)?)));
            match list {
                Some((list, Field::Groups(own))) => {
                    let one = Box::new(leaf(draws, own, &Place::Element));
                    match draws.below(2) {
                        0 => Cond::Some(list, one),
                        _ => Cond::Every(list, one, draws.percent(50)),
                    }
                }
                _ => leaf(draws, fields, &Place::Top),
            }
        }
        _ => leaf(draws, fields, &Place::Top),
    }
}

fn leaf(draws: &mut Draws, fields: &[Field], place: &dyn Fn(usize) -> Place) -> Cond {
    let simple = places(fields, |field| !matches!(field, Field::Groups(_)));
    let of = draws.one(&simple, 0);
    match fields.get(of) {
        Some(Field::Choice(count)) if *count > 2 && draws.percent(50) => {
            let first = draws.below(count - 1);
            Cond::OneOf(place(of), vec![first, first + 1])
        }
        Some(Field::Choice(count)) => Cond::Is(place(of), Value::Choice(draws.below(*count))),
        Some(Field::Number(min, max)) if draws.percent(50) => {
            Cond::AtLeast(place(of), draws.between(*min, *max))
        }
        Some(Field::Number(min, max)) => Cond::Below(place(of), draws.between(*min, *max)),
        _ => Cond::Is(place(of), Value::YesNo(draws.percent(50))),
    }
}

/// A proposal, of which so many of a hundred answers are left out.
pub fn proposal(draws: &mut Draws, fields: &[Field], silent: usize) -> Vec<Value> {
    fields
        .iter()
        .map(|field| value(draws, field, silent))
        .collect()
}

fn value(draws: &mut Draws, field: &Field, silent: usize) -> Value {
    if draws.percent(silent) {
        return Value::Missing;
    }
    match field {
        Field::YesNo => Value::YesNo(draws.percent(50)),
        Field::Choice(count) => Value::Choice(draws.below(*count)),
        Field::Number(min, max) => Value::Number(draws.between(*min, *max)),
        Field::Groups(fields) => {
            let count = draws.below(4);
            Value::Groups(
                (0..count)
                    .map(|_| proposal(draws, fields, silent))
                    .collect(),
            )
        }
    }
}

impl Page {
    /// What it counts for with a range of degrees.
    pub fn finding(&self, range: Option<(f64, f64)>) -> Finding {
        let (low, high) = range.unwrap_or((0.0, 1.0));
        let mut found = Finding::new(self.dimension, self.severity, low, high);
        found.applies = range.is_some();
        found.prompt = self.prompt;
        found.gate = self.gate.unwrap_or(found.gate);
        if self.fault.is_some() {
            (found.low, found.high, found.applies, found.error) = (0.0, 1.0, true, true);
        }
        if self.fault == Some(Fault::Severity) {
            // Of what cannot be read the worst is assumed.
            found.severity = Severity::Critical;
            found.weight = Severity::Critical.weight();
        }
        found.weight = self.weight.unwrap_or(found.weight);
        found
    }
}
