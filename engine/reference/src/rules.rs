//! Small rules over small proposals, asked over every value that a missing fact can have.

/// What kind of answer a field takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// Yes or no.
    YesNo,
    /// One of so many choices.
    Choice(usize),
    /// A whole number between two bounds.
    Number(i64, i64),
    /// A list of groups with these fields.
    Groups(Vec<Field>),
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Not known yet.
    Missing,
    /// Yes or no.
    YesNo(bool),
    /// A choice by its number.
    Choice(usize),
    /// A number.
    Number(i64),
    /// The groups of a list.
    Groups(Vec<Vec<Value>>),
}

/// Where a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the proposal, by the number of the field.
    Top(usize),
    /// In the group that is looked at.
    Element(usize),
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Cond {
    /// A fact is this value.
    Is(Place, Value),
    /// A choice is one of these.
    OneOf(Place, Vec<usize>),
    /// A number is at least this.
    AtLeast(Place, i64),
    /// A number is under this.
    Below(Place, i64),
    /// It does not hold.
    Not(Box<Cond>),
    /// All hold.
    And(Vec<Cond>),
    /// One holds.
    Or(Vec<Cond>),
    /// It holds for a group of a list.
    Some(usize, Box<Cond>),
    /// It holds for all of them; what comes out where there is none.
    Every(usize, Box<Cond>, bool),
}

/// How the degrees of the groups of a list become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// The least.
    Worst,
    /// The greatest.
    Best,
    /// The mean.
    Mean,
}

/// How a rule judges.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// A yes or no, with the degrees of both.
    YesNo(Place, f64, f64),
    /// A choice, with a degree for each.
    Choice(Place, Vec<f64>),
    /// A number that counts in full at one value, and not at all at another.
    Number(Place, i64, i64),
    /// What holds of a list, by weight.
    Checklist(Vec<(Cond, f64)>),
    /// The least of several.
    AllOf(Vec<Form>),
    /// The greatest of several.
    AnyOf(Vec<Form>),
    /// The mean of several, by weight.
    MeanOf(Vec<(Form, f64)>),
    /// The degree of the first condition that holds, or else another.
    First(Vec<(Cond, f64)>, f64),
    /// Each group of a list; what comes out where there is none.
    Each(usize, Box<Form>, Take, Option<f64>),
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// When its question arises; always where that is not said.
    pub applies: Option<Cond>,
    /// How it judges.
    pub form: Form,
}

/// The facts a rule looks at: those of the proposal and those of a group of a list.
#[derive(Clone, Copy)]
struct Facts<'a> {
    top: &'a [Value],
    element: &'a [Value],
}

impl<'a> Facts<'a> {
    fn at(self, place: Place) -> &'a Value {
        let found = match place {
            Place::Top(index) => self.top.get(index),
            Place::Element(index) => self.element.get(index),
        };
        found.unwrap_or(&Value::Missing)
    }

    fn groups(self, list: usize) -> impl Iterator<Item = Facts<'a>> {
        let groups = match self.top.get(list) {
            Some(Value::Groups(groups)) => groups.as_slice(),
            _ => &[],
        };
        groups.iter().map(move |group| Facts {
            top: self.top,
            element: group,
        })
    }

    fn number(self, place: Place) -> Option<i64> {
        match self.at(place) {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn choice(self, place: Place) -> Option<usize> {
        match self.at(place) {
            Value::Choice(choice) => Some(*choice),
            _ => None,
        }
    }
}

impl Cond {
    /// Whether it holds for a proposal of which nothing is missing.
    fn holds(&self, facts: Facts<'_>) -> bool {
        match self {
            Self::Is(place, value) => facts.at(*place) == value,
            Self::OneOf(place, some) => facts.choice(*place).is_some_and(|own| some.contains(&own)),
            Self::AtLeast(place, least) => facts.number(*place).is_some_and(|own| own >= *least),
            Self::Below(place, most) => facts.number(*place).is_some_and(|own| own < *most),
            Self::Not(one) => !one.holds(facts),
            Self::And(all) => all.iter().all(|one| one.holds(facts)),
            Self::Or(any) => any.iter().any(|one| one.holds(facts)),
            Self::Some(list, one) => facts.groups(*list).any(|group| one.holds(group)),
            Self::Every(list, one, none) => {
                let mut any = false;
                let all = facts.groups(*list).all(|group| {
                    any = true;
                    one.holds(group)
                });
                if any { all } else { *none }
            }
        }
    }

    /// Whether all facts it compares are given: a check asks about what is there.
    pub fn holds_as_given(&self, top: &[Value]) -> bool {
        let facts = Facts { top, element: &[] };
        let mut places = Vec::new();
        self.places(&mut places);
        places
            .iter()
            .all(|place| *facts.at(*place) != Value::Missing)
            && self.holds(facts)
    }

    /// The facts it may look at.
    pub fn places(&self, found: &mut Vec<Place>) {
        match self {
            Self::Is(place, _)
            | Self::OneOf(place, _)
            | Self::AtLeast(place, _)
            | Self::Below(place, _) => found.push(*place),
            Self::Not(one) => one.places(found),
            Self::And(all) | Self::Or(all) => {
                for one in all {
                    one.places(found);
                }
            }
            Self::Some(list, one) | Self::Every(list, one, _) => {
                found.push(Place::Top(*list));
                one.places(found);
            }
        }
    }
}

impl Form {
    /// The degree for a proposal of which nothing is missing; none where the question does not arise.
    fn degree(&self, facts: Facts<'_>) -> Option<f64> {
        let parts = |forms: &[Self]| -> Vec<f64> {
            forms.iter().filter_map(|form| form.degree(facts)).collect()
        };
        match self {
            Self::YesNo(place, yes, no) => Some(if *facts.at(*place) == Value::YesNo(true) {
                *yes
            } else {
                *no
            }),
            Self::Choice(place, scale) => scale.get(facts.choice(*place)?).copied(),
            Self::Number(place, full, zero) => {
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                let share = (facts.number(*place)? - zero) as f64 / (full - zero) as f64;
                Some(share.clamp(0.0, 1.0))
            }
            Self::Checklist(items) => {
                let all: f64 = items.iter().map(|(_, weight)| weight).sum();
                let held = items.iter().filter(|(cond, _)| cond.holds(facts));
                Some((held.map(|(_, weight)| weight).sum::<f64>() / all).min(1.0))
            }
            Self::AllOf(forms) => parts(forms).into_iter().reduce(f64::min),
            Self::AnyOf(forms) => parts(forms).into_iter().reduce(f64::max),
            Self::MeanOf(forms) => mean(
                forms
                    .iter()
                    .filter_map(|(form, weight)| Some((form.degree(facts)?, *weight))),
            ),
            Self::First(branches, otherwise) => {
                let found = branches.iter().find(|(cond, _)| cond.holds(facts));
                Some(found.map_or(*otherwise, |(_, degree)| *degree))
            }
            Self::Each(list, form, take, if_none) => {
                let degrees = facts.groups(*list).filter_map(|group| form.degree(group));
                let degrees: Vec<f64> = degrees.collect();
                let taken = match take {
                    Take::Worst => degrees.into_iter().reduce(f64::min),
                    Take::Best => degrees.into_iter().reduce(f64::max),
                    Take::Mean => mean(degrees.into_iter().map(|degree| (degree, 1.0))),
                };
                taken.or(*if_none)
            }
        }
    }

    fn places(&self, found: &mut Vec<Place>) {
        match self {
            Self::YesNo(place, ..) | Self::Choice(place, _) | Self::Number(place, ..) => {
                found.push(*place);
            }
            Self::Checklist(items) | Self::First(items, _) => {
                for (cond, _) in items {
                    cond.places(found);
                }
            }
            Self::AllOf(forms) | Self::AnyOf(forms) => {
                for form in forms {
                    form.places(found);
                }
            }
            Self::MeanOf(forms) => {
                for (form, _) in forms {
                    form.places(found);
                }
            }
            Self::Each(list, form, ..) => {
                found.push(Place::Top(*list));
                form.places(found);
            }
        }
    }
}

fn mean(parts: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (sum, weight) = parts.fold((0.0, 0.0), |(sum, all), (degree, weight)| {
        (sum + degree * weight, all + weight)
    });
    (weight > 0.0).then(|| sum / weight)
}

/// What can come out of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// Whether the question arises, or may.
    pub applies: bool,
    /// The least degree.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// How many proposals were tried.
    pub tried: usize,
    /// Whether only yes or no and choices were missing: then there is nothing else that can come out.
    pub exact: bool,
}

/// More combinations than this are not tried.
const MOST: usize = 20_000;

impl Rule {
    /// The facts it may look at.
    pub fn places(&self) -> Vec<Place> {
        let mut found = Vec::new();
        if let Some(cond) = &self.applies {
            cond.places(&mut found);
        }
        self.form.places(&mut found);
        found
    }

    fn ask(&self, top: &[Value]) -> Option<f64> {
        let facts = Facts { top, element: &[] };
        if self.applies.as_ref().is_some_and(|cond| !cond.holds(facts)) {
            return None;
        }
        self.form.degree(facts)
    }

    /// Asks the rule over every value that its missing facts can have; none where there are too many.
    pub fn range(&self, fields: &[Field], given: &[Value]) -> Option<Range> {
        let places = self.places();
        let mut open = Vec::new();
        let mut exact = true;
        for (index, (field, value)) in fields.iter().zip(given).enumerate() {
            if places.contains(&Place::Top(index)) {
                holes(field, value, &[index], &places, &mut open, &mut exact);
            }
        }
        let tried = open
            .iter()
            .try_fold(1_usize, |all, (_, values)| all.checked_mul(values.len()))?;
        if tried > MOST {
            return None;
        }
        let mut range: Option<(f64, f64)> = None;
        let mut without = false;
        for number in 0..tried {
            match self.ask(&filled(given, &open, number)) {
                None => without = true,
                Some(degree) => {
                    let (low, high) = range.unwrap_or((degree, degree));
                    range = Some((low.min(degree), high.max(degree)));
                }
            }
        }
        let (low, high) = match range {
            Some(range) if !without => range,
            // Whether the question arises is open.
            _ => (0.0, 1.0),
        };
        let applies = range.is_some();
        Some(Range {
            applies,
            low,
            high,
            tried,
            exact,
        })
    }
}

/// A missing fact by its place, with all it can be.
type Hole = (Vec<usize>, Vec<Value>);

fn holes(
    field: &Field,
    value: &Value,
    at: &[usize],
    places: &[Place],
    open: &mut Vec<Hole>,
    exact: &mut bool,
) {
    match (field, value) {
        (Field::YesNo, Value::Missing) => {
            open.push((at.to_vec(), [false, true].map(Value::YesNo).to_vec()));
        }
        (Field::Choice(count), Value::Missing) => {
            open.push((at.to_vec(), (0..*count).map(Value::Choice).collect()));
        }
        (Field::Number(min, max), Value::Missing) => {
            *exact = false;
            open.push((at.to_vec(), (*min..=*max).map(Value::Number).collect()));
        }
        (Field::Groups(fields), Value::Missing) => {
            *exact = false;
            open.push((at.to_vec(), some_lists(fields)));
        }
        (Field::Groups(fields), Value::Groups(groups)) => {
            for (number, group) in groups.iter().enumerate() {
                for (index, (field, value)) in fields.iter().zip(group).enumerate() {
                    if places.contains(&Place::Element(index)) {
                        let at = [at, &[number, index]].concat();
                        holes(field, value, &at, places, open, exact);
                    }
                }
            }
        }
        _ => {}
    }
}

/// None, and one group with each end of every field: not all lists there can be, but lists that there can be.
fn some_lists(fields: &[Field]) -> Vec<Value> {
    let group = |last: bool| {
        let value = |field: &Field| match field {
            Field::YesNo => Value::YesNo(last),
            Field::Choice(count) => Value::Choice(if last { count.saturating_sub(1) } else { 0 }),
            Field::Number(min, max) => Value::Number(if last { *max } else { *min }),
            Field::Groups(_) => Value::Groups(Vec::new()),
        };
        Value::Groups(vec![fields.iter().map(value).collect()])
    };
    vec![Value::Groups(Vec::new()), group(false), group(true)]
}

/// A proposal with its holes filled in, by the number of the combination.
fn filled(given: &[Value], open: &[Hole], number: usize) -> Vec<Value> {
    let mut filled = given.to_vec();
    let mut rest = number;
    for (at, values) in open {
        let value = values.get(rest % values.len()).cloned();
        rest /= values.len();
        if let Some((slot, value)) = slot(&mut filled, at).zip(value) {
            *slot = value;
        }
    }
    filled
}

/// A value by its place: a field, or a field of a group of a list.
pub fn slot<'a>(values: &'a mut [Value], at: &[usize]) -> Option<&'a mut Value> {
    match at {
        [top] => values.get_mut(*top),
        [top, group, field] => match values.get_mut(*top)? {
            Value::Groups(groups) => groups.get_mut(*group)?.get_mut(*field),
            _ => None,
        },
        _ => None,
    }
}
