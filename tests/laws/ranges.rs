//! A range holds what every value in it gives, through rules, checks and plugins.

use super::{each, nothing, short};
use crate::assembly::{book, examples};
use evenhand_core::document::Document;
use evenhand_core::finding::{Finding, Outcome};
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{Kind, Schema};
use evenhand_core::scorecard::Scorecard;
use evenhand_document::change::set;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many sets of ranges are tried on each example, and how many values in each.
const SETS: u64 = if cfg!(debug_assertions) { 3 } else { 40 };
const VALUES: u64 = if cfg!(debug_assertions) { 4 } else { 12 };

/// Numbers that look drawn and are the same every time.
struct Drawn(u64);

impl Drawn {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below.max(1)
    }

    /// From 0 to 1, the ends more often than others.
    fn share(&mut self) -> f64 {
        match self.next(8) {
            0 => 0.0,
            1 => 1.0,
            _ => f64::from(u32::try_from(self.next(1000)).unwrap()) / 1000.0,
        }
    }
}

/// A number of a proposal that is made a range.
struct Ranged {
    at: Pointer,
    from: f64,
    to: f64,
    whole: bool,
}

/// All numbers of a proposal that may be ranges.
fn numbers(schema: &Schema, value: &Value, at: &Pointer, into: &mut Vec<(Pointer, f64)>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                numbers(schema, value, &at.key(name), into);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                numbers(schema, value, &at.index(index), into);
            }
        }
        Value::Number(number) => {
            let field = schema.find(&at.dotted()).map(|id| schema.field(id));
            if field.is_some_and(|field| field.range) {
                into.push((at.clone(), number.as_f64().unwrap()));
            }
        }
        _ => {}
    }
}

fn ranged(schema: &Schema, (at, number): &(Pointer, f64), drawn: &mut Drawn) -> Ranged {
    let field = schema.field(schema.find(&at.dotted()).unwrap());
    let whole = field.kind == Kind::Integer;
    let wide = (number.abs() * drawn.share()).max(if whole { 1.0 } else { 0.0 });
    let most = field.maximum.unwrap_or(f64::INFINITY);
    let to = (number + if whole { wide.round() } else { wide }).min(most);
    Ranged {
        at: at.clone(),
        from: *number,
        to,
        whole,
    }
}

fn with(proposal: &Value, ranges: &[Ranged], value: impl Fn(&Ranged) -> Value) -> Value {
    let mut value_of = proposal.clone();
    for range in ranges {
        set(&mut value_of, &range.at, value(range)).unwrap();
    }
    value_of
}

fn judged(name: &str, value: Value) -> Option<Scorecard> {
    let document = Document::from_value(name, value);
    // Values that do not go with each other are refused, whoever tells them.
    let fine = book().check_document(&document).is_empty();
    let card = fine.then(|| book().judge(&document))?;
    let refused = card
        .problems
        .iter()
        .any(evenhand_core::problem::Problem::is_error);
    (!refused).then_some(card)
}

fn contains(of: &Finding, one: &Finding) -> bool {
    let open = of.degree.low <= 0.0 && of.degree.high >= 1.0;
    match (of.outcome, one.outcome) {
        (Outcome::NotApplicable, other) => other == Outcome::NotApplicable,
        (_, Outcome::NotApplicable) => open,
        _ => {
            let beside = evenhand_core::finding::TOLERANCE;
            of.degree.low <= one.degree.low + beside && of.degree.high + beside >= one.degree.high
        }
    }
}

#[test]
fn a_range_holds_what_every_value_in_it_gives() {
    let all = examples();
    let schema = book().schema();
    nothing(&each(&all, |index, (name, proposal)| {
        let mut drawn = Drawn(index as u64 + 1);
        let mut found = Vec::new();
        numbers(schema, proposal.value(), &Pointer::root(), &mut found);
        if found.is_empty() {
            return Vec::new();
        }
        let mut wrong = Vec::new();
        for _ in 0..SETS {
            let mut chosen: BTreeMap<Pointer, Ranged> = BTreeMap::new();
            for _ in 0..=drawn.next(4) {
                let one = &found[usize::try_from(drawn.next(found.len() as u64)).unwrap()];
                chosen.insert(one.0.clone(), ranged(schema, one, &mut drawn));
            }
            let ranges: Vec<Ranged> = chosen.into_values().collect();
            let told = with(proposal.value(), &ranges, |one| json!([one.from, one.to]));
            let Some(card) = judged(name, told) else {
                continue;
            };
            for _ in 0..VALUES {
                let shares: BTreeMap<&Pointer, f64> =
                    ranges.iter().map(|one| (&one.at, drawn.share())).collect();
                let point = with(proposal.value(), &ranges, |one| {
                    let value = one.from + (one.to - one.from) * shares[&one.at];
                    json!(if one.whole { value.round() } else { value })
                });
                let Some(single) = judged(name, point) else {
                    continue;
                };
                for of in &card.findings {
                    let one = super::finding(&single, &of.rule);
                    if !contains(of, one) {
                        let told: Vec<String> = ranges
                            .iter()
                            .map(|range| {
                                format!(
                                    "{} {}..{} at {}",
                                    range.at, range.from, range.to, shares[&range.at]
                                )
                            })
                            .collect();
                        wrong.push(format!(
                            "{name}: {} of {}: {:?}, and of one value {:?} {:?}: {}",
                            of.rule,
                            told.join(", "),
                            of.degree,
                            one.outcome,
                            one.degree,
                            short(&json!(one.message.text()))
                        ));
                    }
                }
            }
        }
        wrong
    }));
}
