//! How much clinical work learners would do, and how closely it is watched: from `/flows` and `/supervision`.

use crate::settings::Settings;
use evenhand_plugin::{Derived, Problem, Value};

const RATIO: &str = "/supervision/learners_per_supervisor";
const HOST: &str = "/supervision/host_professional";

/// From here on the number stands for "nobody supervises", as the form says.
const NOBODY: f64 = 99.0;

/// What is known of a quantity: its value, or the places whose absence hides it.
#[derive(Debug, Clone)]
enum Known<T> {
    Yes(T),
    No(Vec<String>),
}

/// One flow, as far as this module needs it.
#[derive(Debug)]
struct Flow {
    clinical: Known<bool>,
    learner: Known<bool>,
    beyond_scope: Known<bool>,
    alone: bool,
    persons: Known<f64>,
    person_weeks: Known<f64>,
}

/// Adds the indicators of clinical exposure and supervision to `derived`.
pub(crate) fn derive(proposal: &Value, settings: &Settings, derived: &mut Derived) {
    let Some(list) = flows(proposal, derived) else {
        for fact in TOTALS {
            derived.lacks(fact, ["/flows"]);
        }
        return;
    };
    let supervision = Supervision::read(proposal, derived);
    let flows: Vec<Flow> = list
        .iter()
        .enumerate()
        .map(|(index, flow)| Flow::read(flow, index, derived))
        .collect();
    state_flows(&flows, derived);
    state_totals(&flows, &supervision, settings, derived);
}

/// What is known of each flow.
fn state_flows(flows: &[Flow], derived: &mut Derived) {
    derived.fact("/flows", Value::Array(Vec::new()), ["/flows"]);
    for (index, flow) in flows.iter().enumerate() {
        let place = format!("/flows/{index}");
        let at = |names: [&str; 2]| names.map(|name| format!("{place}/{name}"));
        let inputs = at(["activity", "hands_on"]);
        state(
            derived,
            &format!("{place}/clinical"),
            flow.clinical.clone(),
            inputs,
        );
        let inputs = at(["n_per_year", "weeks"]);
        state(
            derived,
            &format!("{place}/person_weeks"),
            flow.person_weeks.clone(),
            inputs,
        );
    }
}

/// What is known of all flows together.
fn state_totals(
    flows: &[Flow],
    supervision: &Supervision,
    settings: &Settings,
    derived: &mut Derived,
) {
    let clinical = |flow: &Flow| flow.clinical.clone();
    let by_learner = |flow: &Flow| both(flow.clinical.clone(), || flow.learner.clone());
    let weeks = |flow: &Flow| flow.person_weeks.clone();
    let unwatched = |flow: &Flow| {
        let share = supervision.share_unwatched(flow, settings.learners_per_supervisor);
        share.and(|| flow.person_weeks.clone(), |share, weeks| share * weeks)
    };
    let count = flows.iter().fold(Known::Yes(0), |count: Known<u64>, flow| {
        count.and(
            || clinical(flow),
            |count, clinical| count + u64::from(clinical),
        )
    });
    state(derived, "/clinical_flows", count, ["/flows"]);
    let beyond = total(
        flows,
        |flow| flow.beyond_scope.clone(),
        |flow| flow.persons.clone(),
    );
    for (fact, known) in [
        ("/clinical_person_weeks", total(flows, clinical, weeks)),
        (
            "/learner_clinical_person_weeks",
            total(flows, by_learner, weeks),
        ),
        ("/hands_on_beyond_scope_persons", beyond),
    ] {
        state(derived, fact, known, ["/flows"]);
    }
    let exposure = total(flows, by_learner, unwatched);
    state(
        derived,
        "/unsupervised_exposure",
        exposure,
        ["/flows", RATIO, HOST],
    );
    if flows
        .iter()
        .any(|flow| matches!(by_learner(flow), Known::Yes(true)))
    {
        state(
            derived,
            "/learners_per_supervisor",
            supervision.ratio.clone(),
            [RATIO],
        );
    }
}

const TOTALS: [&str; 5] = [
    "/clinical_flows",
    "/clinical_person_weeks",
    "/learner_clinical_person_weeks",
    "/hands_on_beyond_scope_persons",
    "/unsupervised_exposure",
];

fn flows<'a>(proposal: &'a Value, derived: &mut Derived) -> Option<&'a Vec<Value>> {
    let value = proposal
        .pointer("/flows")
        .filter(|value| !value.is_null())?;
    if value.as_array().is_none() {
        derived
            .problems
            .push(Problem::new("/flows", "the flows must be a list"));
    }
    value.as_array()
}

impl Flow {
    fn read(flow: &Value, index: usize, derived: &mut Derived) -> Self {
        let mut field = Fields {
            flow,
            place: format!("/flows/{index}"),
            derived,
        };
        if !flow.is_object() {
            let place = field.place.clone();
            field.problem(&place, "a flow must be an object", None);
        }
        let activity = field.choice("activity", &ACTIVITIES);
        let hands_on = field.choice("hands_on", &HANDS_ON);
        let who = field.choice("who", &PEOPLE);
        let mode = field.choice("mode", &MODES);
        let persons = field.quantity("n_per_year");
        let weeks = field.quantity("weeks");
        let absent = |name: &str| vec![format!("/flows/{index}/{name}")];
        // Online nobody touches a patient; a course, a lesson or a degree is no care unless the flow says so.
        let untouched = mode == Some("virtual")
            || matches!(activity, Some("coursework" | "teaching" | "degree"));
        Self {
            clinical: match (activity, hands_on) {
                (Some("supervised_care" | "independent_care" | "service_camp"), _) => {
                    Known::Yes(true)
                }
                (Some("observation" | "research"), Some(hands)) => Known::Yes(hands != "none"),
                (Some("observation" | "research"), None) if !untouched => {
                    Known::No(absent("hands_on"))
                }
                (Some(_), _) => Known::Yes(false),
                (None, _) => Known::No(absent("activity")),
            },
            learner: who.map_or_else(
                || Known::No(absent("who")),
                |who| Known::Yes(matches!(who, "premed_student" | "student" | "trainee")),
            ),
            beyond_scope: match hands_on {
                Some(hands) => Known::Yes(hands == "beyond_home_scope"),
                None if untouched => Known::Yes(false),
                None => Known::No(absent("hands_on")),
            },
            alone: activity == Some("independent_care") || hands_on == Some("beyond_home_scope"),
            person_weeks: persons
                .clone()
                .and(|| weeks, |persons, weeks| persons * weeks),
            persons,
        }
    }
}

const ACTIVITIES: [&str; 8] = [
    "coursework",
    "observation",
    "supervised_care",
    "independent_care",
    "service_camp",
    "research",
    "teaching",
    "degree",
];
const HANDS_ON: [&str; 3] = ["none", "within_home_scope", "beyond_home_scope"];
const PEOPLE: [&str; 5] = ["premed_student", "student", "trainee", "faculty", "staff"];
const MODES: [&str; 2] = ["in_person", "virtual"];

/// Reads the fields of one flow and notes what cannot be right.
struct Fields<'a> {
    flow: &'a Value,
    place: String,
    derived: &'a mut Derived,
}

impl Fields<'_> {
    fn choice(&mut self, name: &str, choices: &[&'static str]) -> Option<&'static str> {
        let value = self.flow.get(name).filter(|value| !value.is_null())?;
        let found = value
            .as_str()
            .and_then(|text| choices.iter().find(|choice| **choice == text));
        if found.is_none() {
            let path = format!("{}/{name}", self.place);
            self.problem(
                &path,
                &format!("{value} is not one of the choices"),
                Some(choices.join(", ")),
            );
        }
        found.copied()
    }

    fn quantity(&mut self, name: &str) -> Known<f64> {
        let path = format!("{}/{name}", self.place);
        let Some(value) = self.flow.get(name).filter(|value| !value.is_null()) else {
            return Known::No(vec![path]);
        };
        if let Some(number) = value.as_f64().filter(|number| (0.0..=1e9).contains(number)) {
            return Known::Yes(number);
        }
        self.problem(
            &path,
            &format!("{value} is not a possible number"),
            Some("a number from 0".to_owned()),
        );
        Known::No(vec![path])
    }

    fn problem(&mut self, path: &str, message: &str, expected: Option<String>) {
        let mut problem = Problem::new(path, message);
        problem.expected = expected;
        self.derived.problems.push(problem);
    }
}

/// What the proposal says of supervision.
#[derive(Debug)]
struct Supervision {
    ratio: Known<f64>,
    host: Known<bool>,
}

impl Supervision {
    fn read(proposal: &Value, derived: &mut Derived) -> Self {
        let given = |path: &str| proposal.pointer(path).filter(|value| !value.is_null());
        let mut wrong = |path: &str, value: &Value, expected: &str| {
            let problem = Problem::new(path, format!("{value} cannot be right"));
            derived.problems.push(problem.expecting(expected));
            vec![path.to_owned()]
        };
        let ratio = match given(RATIO) {
            None => Known::No(vec![RATIO.to_owned()]),
            Some(value) => match value.as_f64().filter(|ratio| (0.0..=1e9).contains(ratio)) {
                Some(ratio) => Known::Yes(ratio),
                None => Known::No(wrong(RATIO, value, "a number from 0, or 99 for nobody")),
            },
        };
        let host = match given(HOST) {
            None => Known::No(vec![HOST.to_owned()]),
            Some(value) => match value.as_bool() {
                Some(host) => Known::Yes(host),
                None => Known::No(wrong(HOST, value, "true or false")),
            },
        };
        Self { ratio, host }
    }

    /// The share of a flow's clinical time that nobody who answers for it can watch, from 0 to 1.
    ///
    /// 1 for work alone or beyond the scope at home, without a responsible host professional, or without a supervisor; else the share
    /// of learners beyond those one supervisor can watch, `1 - capacity / ratio`.
    fn share_unwatched(&self, flow: &Flow, capacity: f64) -> Known<f64> {
        if flow.alone || matches!(self.host, Known::Yes(false)) {
            return Known::Yes(1.0);
        }
        if matches!(self.ratio, Known::Yes(ratio) if ratio >= NOBODY) {
            return Known::Yes(1.0);
        }
        self.ratio.clone().and(
            || self.host.clone(),
            |ratio, _| {
                if ratio > capacity {
                    1.0 - capacity / ratio
                } else {
                    0.0
                }
            },
        )
    }
}

impl<T> Known<T> {
    /// Joins two quantities; what either lacks is lacking.
    fn and<U, V>(self, other: impl FnOnce() -> Known<U>, join: impl FnOnce(T, U) -> V) -> Known<V> {
        match (self, other()) {
            (Self::Yes(one), Known::Yes(two)) => Known::Yes(join(one, two)),
            (Self::No(mut absent), Known::No(more)) => {
                absent.extend(more);
                Known::No(absent)
            }
            (Self::No(absent), _) | (_, Known::No(absent)) => Known::No(absent),
        }
    }
}

/// Both hold; one that does not hold settles it, whatever is known of the other.
fn both(one: Known<bool>, other: impl FnOnce() -> Known<bool>) -> Known<bool> {
    match (one, other()) {
        (Known::Yes(false), _) | (_, Known::Yes(false)) => Known::Yes(false),
        (one, other) => one.and(|| other, |one, other| one && other),
    }
}

/// The sum of `amount` over the flows that belong; everything that is missing for it is named.
fn total(
    flows: &[Flow],
    belongs: impl Fn(&Flow) -> Known<bool>,
    amount: impl Fn(&Flow) -> Known<f64>,
) -> Known<f64> {
    flows.iter().fold(Known::Yes(0.0), |sum, flow| {
        let part = match (belongs(flow), amount(flow)) {
            (Known::Yes(false), _) => Known::Yes(0.0),
            // Nobody, or no time: nothing to add, whoever they are.
            (_, Known::Yes(amount)) if amount <= 0.0 => Known::Yes(0.0),
            (belongs, amount) => belongs.and(|| amount, |_, amount| amount),
        };
        sum.and(|| part, |sum, part| sum + part)
    })
}

fn state<T: Into<Value>, S: Into<String>>(
    derived: &mut Derived,
    fact: &str,
    known: Known<T>,
    inputs: impl IntoIterator<Item = S>,
) {
    match known {
        Known::Yes(value) => derived.fact(fact, value, inputs),
        Known::No(absent) => derived.lacks(fact, absent),
    }
}
