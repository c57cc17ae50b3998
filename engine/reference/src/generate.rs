//! Made-up packs, profiles and proposals, plausible and nasty, from a seed.

use crate::judge::{Finding, Settings, Severity};
use crate::rules::{Cond, Field, Form, Place, Rule, Take, Value};

/// Draws from a seed: the same on every machine (SplitMix64).
#[derive(Debug, Clone)]
pub struct Draws(pub u64);

impl Draws {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.bits() % end).unwrap_or_default()
    }

    /// Yes in so many of a hundred draws.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// A whole number from `least` to `most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = usize::try_from(most - least + 1).unwrap_or(1);
        least + i64::try_from(self.below(width)).unwrap_or_default()
    }

    /// One of several; the first of them must be there.
    pub fn one<T: Clone>(&mut self, of: &[T], or: T) -> T {
        of.get(self.below(of.len())).cloned().unwrap_or(or)
    }
}

/// Degrees that people write, those beside a gate, and what a computer makes of 0.8 − 0.6.
pub fn degree(draws: &mut Draws) -> f64 {
    let nasty = [
        0.2,
        0.8 - 0.6,
        0.2 + 2e-9,
        0.3 - 0.1,
        0.199_999,
        1e-6,
        0.7,
        0.45,
        0.1 + 0.2,
    ];
    match draws.below(10) {
        0..3 => 0.0,
        3..6 => 1.0,
        6..8 => draws.one(&nasty, 0.2),
        _ => hundredths(draws.between(0, 100)),
    }
}

fn hundredths(number: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let number = number as f64;
    number / 100.0
}

/// Weights that boards write, 0 and the greatest among them.
pub fn weight(draws: &mut Draws) -> f64 {
    let some = [0.0, 0.0, 0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 7.25, 100.0];
    draws.one(&some, 1.0)
}

/// Findings of no particular rules, for arithmetic alone.
pub fn findings(draws: &mut Draws, dimensions: usize) -> Vec<Finding> {
    let count = draws.below(12);
    (0..count).map(|_| finding(draws, dimensions)).collect()
}

fn finding(draws: &mut Draws, dimensions: usize) -> Finding {
    let (one, other) = (degree(draws), degree(draws));
    let open = draws.percent(35);
    let (low, high) = if open {
        (one.min(other), one.max(other))
    } else {
        (one, one)
    };
    let severity = draws.one(&Severity::ALL, Severity::Major);
    let mut found = Finding::new(draws.below(dimensions), severity, low, high);
    if draws.percent(30) {
        found.weight = weight(draws);
    }
    if draws.percent(20) {
        found.gate = degree(draws);
    }
    found.prompt = draws.percent(5);
    found.applies = !draws.percent(12);
    found.error = draws.percent(4);
    found.waived = draws.percent(8);
    found.disabled = draws.percent(8);
    found.weightless = found.weight <= 0.0 && draws.percent(50);
    if found.error {
        (found.low, found.high, found.applies) = (0.0, 1.0, true);
    }
    found
}

/// A scale of levels, from the worst on.
pub fn scale(draws: &mut Draws) -> Vec<(String, i64)> {
    let mut bounds: Vec<i64> = (0..draws.between(1, 5))
        .map(|_| draws.between(1, 100))
        .collect();
    bounds.push(0);
    bounds.sort_unstable();
    bounds.dedup();
    let named = |(index, from)| (format!("level-{index}"), from);
    bounds.into_iter().enumerate().map(named).collect()
}

/// Settings of a board.
pub fn settings(draws: &mut Draws, dimensions: usize) -> Settings {
    let mut settings = Settings::new(dimensions);
    if draws.percent(40) {
        settings.scale = scale(draws);
    }
    for threshold in &mut settings.thresholds {
        if draws.percent(40) {
            *threshold = draws.one(&[0, 1, 44, 45, 46, 69, 70, 99, 100], 45);
        }
    }
    for excused in &mut settings.not_judged {
        *excused = draws.percent(15);
    }
    settings
}

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

/// Something a board sets.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The points under which a dimension asks for revision.
    Threshold(usize, i64),
    /// From how many points a dimension is mixed.
    Mixed(i64),
    /// From how many points a dimension is good.
    Good(i64),
    /// A scale of its own.
    Scale(Vec<(String, i64)>),
    /// The weight of a rule.
    Weight(usize, f64),
    /// The gate of a rule.
    Gate(usize, f64),
    /// The severity of a rule.
    Severity(usize, Severity),
    /// A rule disabled.
    Disabled(usize),
    /// A rule waived for everybody.
    Waived(usize),
    /// A dimension that may go unjudged.
    NotJudged(usize),
    /// A rule of its own that is always met.
    Added(usize),
    /// A rule replaced by one that is always met.
    Replaced(usize),
}

impl Change {
    /// What a scorecard calls it; `rule` gives the id of a page.
    pub fn name(&self, rule: impl Fn(usize) -> String) -> String {
        match self {
            Self::Threshold(dimension, _) => format!("thresholds.d{dimension}"),
            Self::Mixed(_) => "levels.mixed".to_owned(),
            Self::Good(_) => "levels.good".to_owned(),
            Self::Scale(_) => "levels.scale".to_owned(),
            Self::Weight(page, _) => format!("rules.{}.weight", rule(*page)),
            Self::Gate(page, _) => format!("rules.{}.gate", rule(*page)),
            Self::Severity(page, _) => format!("rules.{}.severity", rule(*page)),
            Self::Disabled(page) => format!("rules.{}.enabled", rule(*page)),
            Self::Waived(page) => format!("waivers.{}", rule(*page)),
            Self::NotJudged(dimension) => format!("dimensions.d{dimension}.not_judged"),
            Self::Added(dimension) => format!("d{dimension}/added"),
            Self::Replaced(page) => rule(*page),
        }
    }
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

/// What a board sets: up to five changes, each at most once, all of different keys.
pub fn changes(draws: &mut Draws, pack: &Pack) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    for _ in 0..draws.below(6) {
        let new = change(draws, pack);
        if !found.iter().any(|old| clash(old, &new)) {
            found.push(new);
        }
    }
    found
}

fn change(draws: &mut Draws, pack: &Pack) -> Change {
    let page = draws.below(pack.pages.len());
    let dimension = draws.below(pack.dimensions);
    match draws.below(13) {
        0 => Change::Threshold(dimension, draws.one(&[10, 44, 45, 46, 60, 70, 90], 45)),
        1 => Change::Mixed(draws.one(&[20, 44, 46, 60, 69], 50)),
        2 => Change::Good(draws.between(71, 95)),
        3 => Change::Scale(scale(draws)),
        4 => Change::Weight(page, weight(draws)),
        5 => Change::Gate(page, hundredths(draws.between(0, 100))),
        6 => Change::Severity(page, draws.one(&Severity::ALL, Severity::Minor)),
        7 | 8 => Change::Disabled(page),
        9 => Change::Waived(page),
        10 => Change::NotJudged(dimension),
        11 => Change::Added(dimension),
        _ => Change::Replaced(page),
    }
}

/// Whether two changes cannot stand in one profile, or concern the same key.
fn clash(old: &Change, new: &Change) -> bool {
    use Change::{Disabled, Gate, Good, Mixed, Replaced, Scale, Severity, Waived, Weight};
    let page = |change: &Change| match change {
        Weight(page, _) | Gate(page, _) | Severity(page, _) => Some((*page, false)),
        Disabled(page) | Waived(page) | Replaced(page) => Some((*page, true)),
        _ => None,
    };
    if let (Some((one, _)), Some((other, _))) = (page(old), page(new)) {
        // Several keys of one rule may stand beside each other, but not beside a rule that is no longer asked.
        let whole =
            page(old).is_some_and(|(_, whole)| whole) || page(new).is_some_and(|(_, whole)| whole);
        return one == other
            && (whole || std::mem::discriminant(old) == std::mem::discriminant(new));
    }
    match (old, new) {
        (Scale(_), Mixed(_) | Good(_)) | (Mixed(_) | Good(_), Scale(_)) => true,
        (Change::Threshold(one, _), Change::Threshold(other, _))
        | (Change::NotJudged(one), Change::NotJudged(other))
        | (Change::Added(one), Change::Added(other)) => one == other,
        _ => std::mem::discriminant(old) == std::mem::discriminant(new),
    }
}

impl Pack {
    /// The pages and settings with some changes in force: each finding of the pack, then those of added rules. `ranges` are what came out
    /// of the pack's pages; none where the question does not arise.
    pub fn findings(
        &self,
        changes: &[&Change],
        ranges: &[Option<(f64, f64)>],
    ) -> (Vec<Finding>, Settings) {
        let mut settings = Settings::new(self.dimensions);
        let pages = self.pages.iter().zip(ranges);
        let mut found: Vec<Finding> = pages.map(|(page, range)| page.finding(*range)).collect();
        let mut own_weight: Vec<bool> = self
            .pages
            .iter()
            .map(|page| page.weight.is_some())
            .collect();
        for change in changes {
            self.apply(change, &mut found, &mut own_weight, &mut settings);
        }
        for ((one, page), own) in found.iter_mut().zip(&self.pages).zip(own_weight) {
            if !own && page.fault != Some(Fault::Severity) {
                one.weight = one.severity.weight();
            }
        }
        for (one, page) in found.iter_mut().zip(&self.pages) {
            let before = page.finding(None).weight;
            one.weightless = one.weight <= 0.0 && before > 0.0;
            // What is met or does not apply needs no waiver, and a prompt has nothing to waive.
            one.waived &= one.applies && one.low < 1.0 && !one.prompt;
        }
        for change in changes {
            if let Change::Threshold(dimension, points) = change
                && let Some(own) = settings.thresholds.get_mut(*dimension)
            {
                *own = *points;
            }
        }
        (found, settings)
    }

    fn apply(
        &self,
        change: &Change,
        found: &mut Vec<Finding>,
        own_weight: &mut [bool],
        settings: &mut Settings,
    ) {
        match change {
            Change::Weight(page, weight) => {
                let slots = found.get_mut(*page).zip(own_weight.get_mut(*page));
                if let Some((one, own)) = slots {
                    (one.weight, *own) = (*weight, true);
                }
            }
            Change::Gate(page, gate) => edit(found, *page, |one| one.gate = *gate),
            Change::Severity(page, severity) => {
                edit(found, *page, |one| one.severity = *severity);
            }
            Change::Disabled(page) => edit(found, *page, |one| one.disabled = true),
            Change::Waived(page) => edit(found, *page, |one| one.waived = true),
            Change::Replaced(page) => {
                let slots = found.get_mut(*page).zip(own_weight.get_mut(*page));
                if let Some((one, own)) = slots {
                    (*one, *own) = (Finding::new(one.dimension, Severity::Major, 1.0, 1.0), true);
                }
            }
            Change::Added(dimension) => {
                found.push(Finding::new(*dimension, Severity::Major, 1.0, 1.0));
            }
            Change::NotJudged(dimension) => {
                if let Some(own) = settings.not_judged.get_mut(*dimension) {
                    *own = true;
                }
            }
            Change::Scale(scale) => settings.scale.clone_from(scale),
            Change::Mixed(points) => {
                bound(settings, 1, *points);
                settings.thresholds = vec![*points; self.dimensions];
            }
            Change::Good(points) => bound(settings, 2, *points),
            Change::Threshold(..) => {}
        }
    }
}

fn edit(found: &mut [Finding], page: usize, with: impl Fn(&mut Finding)) {
    if let Some(one) = found.get_mut(page) {
        with(one);
    }
}

fn bound(settings: &mut Settings, level: usize, points: i64) {
    if let Some((_, from)) = settings.scale.get_mut(level) {
        *from = points;
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
