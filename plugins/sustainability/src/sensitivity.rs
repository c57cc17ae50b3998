//! One answer at a time at its worst and at its best: how far the chance swings.

use crate::model::{After, Agreement, Built, Capacity, Outcome, Program, Scenario};
use serde_json::{Value, json};

/// One answer: where it stands, what it is called, and the program with it at its worst and at its best.
type Question<T> = (&'static str, &'static str, T, T);

/// Answers about the program, and what they are called.
const ANSWERS: [(&str, &str); 8] = [
    (SECURED, "Money secured"),
    (SOURCE, "Largest source"),
    (AFTER, "After the grant"),
    (AGREEMENT, "Agreement"),
    (TOGETHER, "Years together"),
    (CHAMPIONS, "People who could run it"),
    (EMBEDDED, "Embedded"),
    (PLAN, "Plan for disruption"),
];
const SECURED: &str = "/finance/secured_years";
const SOURCE: &str = "/finance/largest_source_share";
const AFTER: &str = "/finance/after_funding";
const AGREEMENT: &str = "/governance/agreement";
const TOGETHER: &str = "/continuity/relationship_years";
const CHAMPIONS: &str = "/continuity/champions";
const EMBEDDED: &str = "/continuity/embedded";
const PLAN: &str = "/continuity/disruption_plan";

fn of_program(program: &Program, horizon: f64) -> Vec<Question<Program>> {
    ANSWERS
        .iter()
        .filter(|(place, _)| match *place {
            AGREEMENT | TOGETHER => program.partners > 1,
            PLAN => program.travel,
            _ => true,
        })
        .map(|(place, title)| {
            (
                *place,
                *title,
                worst(*program, place),
                best(*program, place, horizon),
            )
        })
        .collect()
}

fn worst(program: Program, place: &str) -> Program {
    match place {
        SECURED => Program {
            secured_years: 0.0,
            ..program
        },
        SOURCE => Program {
            largest_source_share: 1.0,
            ..program
        },
        AFTER => Program {
            after_funding: After::None,
            ..program
        },
        AGREEMENT => Program {
            agreement: Agreement::None,
            ..program
        },
        TOGETHER => Program {
            relationship_years: 0.0,
            ..program
        },
        CHAMPIONS => Program {
            champions: program.champions.min(1),
            ..program
        },
        EMBEDDED => Program {
            embedded: false,
            ..program
        },
        PLAN => Program {
            disruption_plan: false,
            ..program
        },
        _ => program,
    }
}

/// The best that can be asked for: money for all years, no source over a fifth, ten years together, three people.
fn best(program: Program, place: &str, horizon: f64) -> Program {
    match place {
        SECURED => Program {
            secured_years: program.secured_years.max(horizon),
            ..program
        },
        SOURCE => Program {
            largest_source_share: program.largest_source_share.min(0.2),
            ..program
        },
        AFTER => Program {
            after_funding: After::InstitutionalBudget,
            ..program
        },
        AGREEMENT => Program {
            agreement: Agreement::Contract,
            ..program
        },
        TOGETHER => Program {
            relationship_years: program.relationship_years.max(10.0),
            ..program
        },
        CHAMPIONS => Program {
            champions: program.champions.max(3),
            ..program
        },
        EMBEDDED => Program {
            embedded: true,
            ..program
        },
        PLAN => Program {
            disruption_plan: true,
            ..program
        },
        _ => program,
    }
}

fn of_built(built: &Built) -> Vec<Question<Built>> {
    let capacity = |capacity| Built { capacity, ..*built };
    let local = |local_trainer_share| Built {
        local_trainer_share,
        ..*built
    };
    vec![
        (
            "/continuity/capacity_building",
            "Capacity",
            capacity(Capacity::None),
            capacity(Capacity::Institutional),
        ),
        (
            "/continuity/local_trainer_share",
            "Posts held locally",
            local(0.0),
            local(1.0),
        ),
    ]
}

/// The runs of a program at either end of each answer, made once for both lists.
#[derive(Debug)]
pub(crate) struct Swings {
    ends: Vec<(&'static str, &'static str, Outcome, Outcome)>,
}

impl Swings {
    /// Runs the program at both ends of each answer.
    pub(crate) fn run(scenario: &mut Scenario<'_>, program: &Program, given: &Outcome) -> Self {
        let horizon = f64::from(u32::try_from(scenario.horizon).unwrap_or(u32::MAX));
        let mut run = |changed: &Program| {
            if changed == program {
                given.clone()
            } else {
                scenario.run(changed)
            }
        };
        let ends = of_program(program, horizon)
            .iter()
            .map(|(place, title, worst, best)| (*place, *title, run(worst), run(best)))
            .collect();
        Self { ends }
    }

    /// How far the program's chance swings, widest first.
    pub(crate) fn program(&self, draws: u32) -> Value {
        let swing =
            |(place, title, worst, best): &(&'static str, &'static str, Outcome, Outcome)| {
                (*place, *title, worst.program, best.program)
            };
        list(self.ends.iter().map(swing).collect(), draws)
    }

    /// How far the chance of what was built at the host swings, widest first.
    pub(crate) fn built(
        &self,
        scenario: &mut Scenario<'_>,
        built: &Built,
        given: &Outcome,
    ) -> Value {
        let draws = scenario.draws.count();
        let mut swings: Vec<_> = self
            .ends
            .iter()
            .map(|(place, title, worst, best)| {
                (
                    *place,
                    *title,
                    scenario.run_built(built, worst),
                    scenario.run_built(built, best),
                )
            })
            .collect();
        for (place, title, worst, best) in of_built(built) {
            let (worst, best) = (
                scenario.run_built(&worst, given),
                scenario.run_built(&best, given),
            );
            swings.push((place, title, worst, best));
        }
        list(swings, draws)
    }
}

fn list(mut swings: Vec<(&'static str, &'static str, u32, u32)>, draws: u32) -> Value {
    swings.sort_by_key(|(place, _, worst, best)| {
        (std::cmp::Reverse(best.saturating_sub(*worst)), *place)
    });
    let chance = |count: u32| f64::from(count) / f64::from(draws);
    let entry = |(place, title, worst, best): &(&str, &str, u32, u32)| {
        json!({
            "input": place,
            "title": title,
            "at_worst": chance(*worst),
            "at_best": chance(*best),
            "swing": chance(best.saturating_sub(*worst)),
        })
    };
    swings.iter().map(entry).collect()
}
