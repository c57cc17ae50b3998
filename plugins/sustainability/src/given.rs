//! What the proposal says that the model needs, each with the places where it is said or missed.

use crate::model::{After, Agreement, Built, Capacity, Program};
use serde_json::Value;

/// A value with the places it rests on; without it, the places whose absence prevents it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Given<T> {
    pub(crate) value: Option<T>,
    pub(crate) places: Vec<String>,
}

impl<T: Copy> Given<T> {
    /// A value that rests on nothing.
    fn always(value: T) -> Self {
        Self {
            value: Some(value),
            places: Vec::new(),
        }
    }

    /// Another value on the same places.
    pub(crate) fn map<U>(&self, change: impl FnOnce(T) -> U) -> Given<U> {
        Given {
            value: self.value.map(change),
            places: self.places.clone(),
        }
    }

    /// Both values, or everything that either lacks.
    pub(crate) fn with<U: Copy>(&self, other: &Given<U>) -> Given<(T, U)> {
        let lacking = self.value.is_none() || other.value.is_none();
        let mut places = Vec::new();
        if !lacking || self.value.is_none() {
            places.extend_from_slice(&self.places);
        }
        if !lacking || other.value.is_none() {
            places.extend_from_slice(&other.places);
        }
        Given {
            value: self.value.zip(other.value),
            places,
        }
    }

    /// The value together with what was computed from it; both are there or neither.
    pub(crate) fn with_course<'a, C>(&self, course: Option<&'a C>) -> Given<(T, &'a C)> {
        Given {
            value: self.value.zip(course),
            places: self.places.clone(),
        }
    }
}

/// What is read of a proposal.
#[derive(Debug)]
pub(crate) struct Proposal {
    duration_years: Given<f64>,
    pub(crate) secured_years: Given<f64>,
    pub(crate) largest_source_share: Given<f64>,
    pub(crate) after_funding: Given<After>,
    partners: Given<usize>,
    agreement: Given<Agreement>,
    relationship_years: Given<f64>,
    champions: Given<usize>,
    embedded: Given<bool>,
    travel: Given<bool>,
    disruption_plan: Given<bool>,
    pub(crate) capacity: Given<Capacity>,
    local_trainer_share: Given<f64>,
}

impl Proposal {
    /// Reads what there is; a value of the wrong type or out of range counts as not known.
    pub(crate) fn read(proposal: &Value) -> Self {
        let partners = partners(proposal);
        let travel = travel(proposal);
        let alone = partners.value.is_some_and(|count| count < 2);
        let agreement = choice(proposal, "/governance/agreement", agreement);
        let relationship = amount(proposal, "/continuity/relationship_years");
        let plan = truth(proposal, "/continuity/disruption_plan");
        // The model has no use for more than three.
        let people = |value: f64| {
            [1.0, 2.0, 3.0]
                .iter()
                .filter(|count| value >= **count)
                .count()
        };
        Self {
            duration_years: positive(amount(proposal, "/program/duration_years")),
            secured_years: amount(proposal, "/finance/secured_years"),
            largest_source_share: share(proposal, "/finance/largest_source_share"),
            after_funding: choice(proposal, "/finance/after_funding", after),
            partners,
            // One partner alone is bound to nobody, and where nobody travels no border can close.
            agreement: if alone {
                Given::always(Agreement::None)
            } else {
                agreement
            },
            relationship_years: if alone {
                Given::always(0.0)
            } else {
                relationship
            },
            champions: amount(proposal, "/continuity/champions").map(people),
            embedded: truth(proposal, "/continuity/embedded"),
            disruption_plan: if travel.value == Some(false) {
                Given::always(false)
            } else {
                plan
            },
            travel,
            capacity: choice(proposal, "/continuity/capacity_building", capacity),
            local_trainer_share: share(proposal, "/continuity/local_trainer_share"),
        }
    }

    /// Everything the program's chance rests on.
    pub(crate) fn program(&self) -> Given<Program> {
        let money = self
            .secured_years
            .with(&self.largest_source_share)
            .with(&self.after_funding);
        let ties = self
            .agreement
            .with(&self.relationship_years)
            .with(&self.travel);
        let people = self.people();
        money
            .with(&ties)
            .with(&self.disruption_plan)
            .with(&people)
            .map(|all| {
                let (((money, ties), disruption_plan), people) = all;
                let ((secured_years, largest_source_share), after_funding) = money;
                let ((agreement, relationship_years), travel) = ties;
                Program {
                    secured_years,
                    largest_source_share,
                    after_funding,
                    agreement,
                    relationship_years,
                    travel,
                    disruption_plan,
                    ..people
                }
            })
    }

    /// What key-person risk rests on; the rest of the program is of no account for it.
    pub(crate) fn people(&self) -> Given<Program> {
        let places = self.partners.with(&self.champions).with(&self.embedded);
        places.with(&self.duration_years).map(
            |(((partners, champions), embedded), duration_years)| Program {
                duration_years,
                secured_years: 0.0,
                largest_source_share: 1.0,
                after_funding: After::None,
                partners,
                agreement: Agreement::None,
                relationship_years: 0.0,
                champions,
                embedded,
                travel: true,
                disruption_plan: false,
            },
        )
    }

    /// Everything that the chance of what is built at the host rests on.
    pub(crate) fn built(&self) -> Given<(Built, Program)> {
        self.capacity
            .with(&self.local_trainer_share)
            .with(&self.program())
            .map(|((capacity, local_trainer_share), program)| {
                (
                    Built {
                        capacity,
                        local_trainer_share,
                    },
                    program,
                )
            })
    }

    /// Whether it is known that nothing is built: then nothing else matters for whether it stands.
    pub(crate) fn nothing_built(&self) -> bool {
        self.capacity.value == Some(Capacity::None)
    }

    /// Secured years over the planned life, at most five years of it; 1 at most.
    pub(crate) fn runway_share(&self) -> Given<f64> {
        self.secured_years
            .with(&self.duration_years)
            .map(|(secured, duration)| (secured / duration.min(5.0)).min(1.0))
    }
}

/// How many partners take part; funders are not counted, since money has its own part in the model.
fn partners(proposal: &Value) -> Given<usize> {
    let Some(list) = proposal.pointer("/partners").and_then(Value::as_array) else {
        return Given {
            value: None,
            places: vec!["/partners".to_owned()],
        };
    };
    let role = |entry: &Value| entry.get("role").and_then(Value::as_str).map(str::to_owned);
    let (mut known, mut missing, mut count) = (Vec::new(), Vec::new(), 0);
    for (index, entry) in list.iter().enumerate() {
        let place = format!("/partners/{index}/role");
        match role(entry) {
            Some(role) => {
                known.push(place);
                count += usize::from(role != "funder");
            }
            None => missing.push(place),
        }
    }
    match (list.is_empty(), missing.is_empty()) {
        (true, _) => Given {
            value: Some(0),
            places: vec!["/partners".to_owned()],
        },
        (false, true) => Given {
            value: Some(count),
            places: known,
        },
        (false, false) => Given {
            value: None,
            places: missing,
        },
    }
}

/// Whether somebody travels: true as soon as one flow says so.
fn travel(proposal: &Value) -> Given<bool> {
    let Some(list) = proposal.pointer("/flows").and_then(Value::as_array) else {
        return Given {
            value: None,
            places: vec!["/flows".to_owned()],
        };
    };
    let (mut known, mut missing) = (Vec::new(), Vec::new());
    for (index, entry) in list.iter().enumerate() {
        let place = format!("/flows/{index}/mode");
        match entry.get("mode").and_then(Value::as_str) {
            Some("in_person") => {
                return Given {
                    value: Some(true),
                    places: vec![place],
                };
            }
            Some("virtual") => known.push(place),
            _ => missing.push(place),
        }
    }
    if !missing.is_empty() {
        return Given {
            value: None,
            places: missing,
        };
    }
    if known.is_empty() {
        known.push("/flows".to_owned());
    }
    Given {
        value: Some(false),
        places: known,
    }
}

fn field<T>(proposal: &Value, pointer: &str, read: impl FnOnce(&Value) -> Option<T>) -> Given<T> {
    Given {
        value: proposal.pointer(pointer).and_then(read),
        places: vec![pointer.to_owned()],
    }
}

fn amount(proposal: &Value, pointer: &str) -> Given<f64> {
    field(proposal, pointer, |value| {
        value.as_f64().filter(|amount| (0.0..=1e6).contains(amount))
    })
}

fn positive(given: Given<f64>) -> Given<f64> {
    Given {
        value: given.value.filter(|amount| *amount > 0.0),
        places: given.places,
    }
}

fn share(proposal: &Value, pointer: &str) -> Given<f64> {
    field(proposal, pointer, |value| {
        value.as_f64().filter(|share| (0.0..=1.0).contains(share))
    })
}

fn truth(proposal: &Value, pointer: &str) -> Given<bool> {
    field(proposal, pointer, Value::as_bool)
}

fn choice<T>(proposal: &Value, pointer: &str, read: impl FnOnce(&str) -> Option<T>) -> Given<T> {
    field(proposal, pointer, |value| value.as_str().and_then(read))
}

fn after(text: &str) -> Option<After> {
    match text {
        "none" => Some(After::None),
        "stated" => Some(After::Stated),
        "institutional_budget" => Some(After::InstitutionalBudget),
        _ => None,
    }
}

fn agreement(text: &str) -> Option<Agreement> {
    match text {
        "none" => Some(Agreement::None),
        "informal" => Some(Agreement::Informal),
        "mou" => Some(Agreement::Mou),
        "contract" => Some(Agreement::Contract),
        _ => None,
    }
}

fn capacity(text: &str) -> Option<Capacity> {
    match text {
        "none" => Some(Capacity::None),
        "ad_hoc" => Some(Capacity::AdHoc),
        "structured" => Some(Capacity::Structured),
        "institutional" => Some(Capacity::Institutional),
        _ => None,
    }
}
