//! From a proposal to its sustainability facts.

use crate::draws::Draws;
use crate::given::{Given, Proposal};
use crate::model::{After, Built, Outcome, Program, Scenario, events, followed};
use crate::rates::{Name, Reading};
use crate::sensitivity::Swings;
use crate::settings::Settings;
use evenhand_plugin::{Derived, Value};
use serde_json::json;
use std::sync::Arc;

const READINGS: [Reading; 3] = [Reading::Unfavourable, Reading::Central, Reading::Favourable];

/// How many programs are remembered: what is tried on one proposal, such as remedies, mostly asks for the same.
const REMEMBERED: usize = 16;

/// What the model keeps between proposals: luck, and what came out for the last programs.
#[derive(Debug)]
pub(crate) struct Memory {
    draws: Draws,
    courses: Vec<(Program, Arc<Course>)>,
}

/// How one program came out: in the three readings, and with each answer at its worst and best.
#[derive(Debug)]
struct Course {
    runs: [Outcome; 3],
    swings: Swings,
}

impl Memory {
    /// The luck that the settings ask for, and nothing remembered yet.
    pub(crate) fn new(settings: &Settings) -> Self {
        let events = events(settings.horizon_years);
        Self {
            draws: Draws::new(settings.seed, settings.draws, events),
            courses: Vec::new(),
        }
    }
}

/// Computes every fact that the proposal allows, and names what the others lack.
pub(crate) fn derive(settings: &Settings, memory: &mut Memory, proposal: &Value) -> Derived {
    let given = Proposal::read(proposal);
    let mut answer = Answer::default();
    answer.always("assumptions", settings.rates.facts());
    answer.always("draws", json!(settings.draws));
    answer.always("seed", json!(settings.seed));
    answer.put("/runway_years", &given.secured_years, |years| json!(years));
    answer.put("/runway_share", &given.runway_share(), |share| json!(share));
    answer.put(
        "/funder_dependence",
        &dependence(settings, &given),
        |dependence| json!(dependence),
    );

    let mut model = Model { settings, memory };
    let program = given.program();
    let course = program.value.map(|program| model.course(&program));
    answer.put("/key_person_risk", &given.people(), |people| {
        model.key_person_risk(&people)
    });
    answer.always("survival", json!({}));
    answer.put(
        "/survival/program",
        &program.with_course(course.as_ref()),
        |(program, course)| model.program(&program, course),
    );
    let built = given
        .built()
        .map(|(built, _)| built)
        .with_course(course.as_ref());
    if given.nothing_built() {
        let years = settings.horizon_years;
        answer.put("/survival/host_capacity", &given.capacity, |_| {
            model.survival(years, [0; 3])
        });
    } else {
        answer.put("/survival/host_capacity", &built, |(built, course)| {
            model.built(&built, course)
        });
    }
    answer.put(
        "/sensitivity",
        &program.with_course(course.as_ref()),
        |(_, course)| course.swings.program(settings.draws),
    );
    answer.put("/host_sensitivity", &built, |(built, course)| {
        model.host_swings(&built, course)
    });
    answer.0
}

/// The chance that the program ends when its largest source leaves: nobody takes over, and the others cannot carry it.
fn dependence(settings: &Settings, given: &Proposal) -> Given<f64> {
    if given
        .largest_source_share
        .value
        .is_some_and(|share| share <= 0.0)
    {
        return given.largest_source_share.clone();
    }
    given
        .largest_source_share
        .with(&given.after_funding)
        .map(|(share, after)| {
            let name = match after {
                After::None => Name::NoTakeoverWithoutPlan,
                After::Stated => Name::NoTakeoverStated,
                After::InstitutionalBudget => Name::NoTakeoverBudgeted,
            };
            share * settings.rates.get(name, Reading::Central)
        })
}

/// The model with the board's settings.
struct Model<'a> {
    settings: &'a Settings,
    memory: &'a mut Memory,
}

impl Model<'_> {
    fn scenario(&mut self, reading: Reading) -> Scenario<'_> {
        let Settings {
            rates,
            horizon_years,
            ..
        } = self.settings;
        Scenario {
            draws: &mut self.memory.draws,
            rates,
            reading,
            horizon: *horizon_years,
        }
    }

    fn chance(&self, count: u32) -> f64 {
        f64::from(count) / f64::from(self.settings.draws)
    }

    /// How the program comes out, remembered or run.
    fn course(&mut self, program: &Program) -> Arc<Course> {
        if let Some((_, course)) = self
            .memory
            .courses
            .iter()
            .find(|(known, _)| known == program)
        {
            return Arc::clone(course);
        }
        let runs = READINGS.map(|reading| self.scenario(reading).run(program));
        let [_, given, _] = &runs;
        let swings = Swings::run(&mut self.scenario(Reading::Central), program, given);
        let course = Arc::new(Course { runs, swings });
        if self.memory.courses.len() >= REMEMBERED {
            self.memory.courses.remove(0);
        }
        self.memory.courses.push((*program, Arc::clone(&course)));
        course
    }

    fn key_person_risk(&mut self, people: &Program) -> Value {
        let outcome = self.scenario(Reading::Central).run(people);
        json!(self.chance(self.settings.draws - outcome.people))
    }

    fn program(&self, program: &Program, course: &Course) -> Value {
        let years = followed(program.duration_years, self.settings.horizon_years);
        self.survival(years, course.runs.each_ref().map(|run| run.program))
    }

    fn built(&mut self, built: &Built, course: &Course) -> Value {
        let [low, chance, high] = &course.runs;
        let counts = [
            self.scenario(Reading::Unfavourable).run_built(built, low),
            self.scenario(Reading::Central).run_built(built, chance),
            self.scenario(Reading::Favourable).run_built(built, high),
        ];
        self.survival(self.settings.horizon_years, counts)
    }

    fn host_swings(&mut self, built: &Built, course: &Course) -> Value {
        let [_, given, _] = &course.runs;
        course
            .swings
            .built(&mut self.scenario(Reading::Central), built, given)
    }

    fn survival(&self, years: usize, [low, chance, high]: [u32; 3]) -> Value {
        json!({
            "years": years,
            "chance": self.chance(chance),
            "low": self.chance(low),
            "high": self.chance(high),
        })
    }
}

/// The answer being written.
#[derive(Default)]
struct Answer(Derived);

impl Answer {
    /// A fact that rests on no answer.
    fn always(&mut self, name: &str, value: Value) {
        self.0.facts.insert(name.to_owned(), value);
    }

    /// A fact at `/name` or `/group/name`, or what it lacks.
    fn put<T: Copy>(&mut self, pointer: &str, given: &Given<T>, write: impl FnOnce(T) -> Value) {
        let places = given.places.clone();
        let Some(value) = given.value else {
            self.0.missing.insert(pointer.to_owned(), places);
            return;
        };
        let value = write(value);
        self.0.inputs.insert(pointer.to_owned(), places);
        let mut parts = pointer.trim_start_matches('/').split('/');
        match (parts.next(), parts.next()) {
            (Some(name), None) => {
                self.0.facts.insert(name.to_owned(), value);
            }
            (Some(group), Some(name)) => {
                let group = self.0.facts.entry(group).or_insert_with(|| json!({}));
                if let Some(group) = group.as_object_mut() {
                    group.insert(name.to_owned(), value);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
