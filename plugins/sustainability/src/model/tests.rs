//! The model against closed formulas, published outcomes, and its own law.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

const DRAWS: u32 = 10_000;

fn program() -> Program {
    Program {
        duration_years: 5.0,
        secured_years: 2.0,
        largest_source_share: 0.6,
        after_funding: After::Stated,
        partners: 2,
        agreement: Agreement::Mou,
        relationship_years: 5.0,
        champions: 2,
        embedded: false,
        travel: true,
        disruption_plan: false,
    }
}

fn rates(own: &Value) -> Rates {
    let mut problems = Vec::new();
    let rates = Rates::with(own.as_object().unwrap(), &mut problems);
    assert_eq!(problems, Vec::<String>::new());
    rates
}

/// Every rate 0 except those given.
fn only(own: Value) -> Rates {
    let mut all = serde_json::Map::new();
    for rate in Rates::default().facts().as_array().unwrap() {
        all.insert(rate["name"].as_str().unwrap().to_owned(), json!(0));
    }
    let Value::Object(own) = own else {
        panic!("an object")
    };
    all.extend(own);
    rates(&Value::Object(all))
}

fn chance(rates: &Rates, reading: Reading, program: &Program) -> f64 {
    let mut draws = Draws::new(1, DRAWS, events(5));
    let outcome = Scenario {
        draws: &mut draws,
        rates,
        reading,
        horizon: 5,
    }
    .run(program);
    f64::from(outcome.program) / f64::from(DRAWS)
}

fn close(found: f64, exact: f64) {
    // Four standard errors of 10,000 draws.
    let error = 4.0 * (exact * (1.0 - exact) / f64::from(DRAWS)).sqrt() + 1e-4;
    assert!((found - exact).abs() < error, "{found}, exactly {exact}");
}

#[test]
fn partners_and_people_as_the_formulas_say() {
    let people = only(json!({"person_leaves": 0.1, "post_stays_empty": 1}));
    let one = Program {
        champions: 1,
        ..program()
    };
    close(chance(&people, Reading::Central, &one), 0.9_f64.powi(10));
    close(
        chance(&people, Reading::Central, &program()),
        (1.0 - (1.0 - 0.9_f64.powi(5)).powi(2)).powi(2),
    );

    let leaving = only(
        json!({"partner_leaves_mou": 0.1, "partner_leaves_informal": 0.1,
        "partner_leaves_unagreed": 0.1, "old_partner_leaves": 0.5}),
    );
    close(
        chance(&leaving, Reading::Central, &program()),
        0.925_f64.powi(10),
    );
    let (stay, three) = (
        0.925_f64.powi(5),
        Program {
            partners: 3,
            ..program()
        },
    );
    close(
        chance(&leaving, Reading::Central, &three),
        3.0 * stay * stay * (1.0 - stay) + stay.powi(3),
    );
    let alone = Program {
        partners: 1,
        ..program()
    };
    close(chance(&leaving, Reading::Central, &alone), 1.0);
    close(
        chance(
            &leaving,
            Reading::Central,
            &Program {
                partners: 0,
                ..program()
            },
        ),
        0.0,
    );
}

#[test]
fn a_place_is_filled_again_as_a_chain_of_two_states_says() {
    let rates = only(json!({"person_leaves": 0.3, "post_stays_empty": 0.5}));
    // One partner alone, one person: the program ends in the first year in which the place stays empty.
    let alone = Program {
        partners: 1,
        champions: 1,
        ..program()
    };
    close(chance(&rates, Reading::Central, &alone), 0.85_f64.powi(5));
    // Nobody at the start: the place has to be filled first.
    let nobody = Program {
        champions: 0,
        ..alone
    };
    close(
        chance(&rates, Reading::Central, &nobody),
        0.5 * 0.85_f64.powi(4),
    );
}

#[test]
fn money_as_the_formulas_say() {
    let rates =
        only(json!({"source_leaves": 0.5, "no_takeover_without_plan": 1, "no_takeover_stated": 1}));
    let one_source = Program {
        largest_source_share: 1.0,
        ..program()
    };
    close(chance(&rates, Reading::Central, &one_source), 0.125);
    let half_a_year = Program {
        secured_years: 2.5,
        ..one_source
    };
    close(chance(&rates, Reading::Central, &half_a_year), 0.75 * 0.25);
    close(
        chance(&rates, Reading::Central, &program()),
        0.4 + 0.6 * 0.125,
    );

    let budget = only(
        json!({"source_leaves": 1, "no_takeover_stated": 0.4, "no_takeover_without_plan": 1,
        "budget_cut": 0.1, "others_leave": 1}),
    );
    close(
        chance(&budget, Reading::Central, &program()),
        0.6 * 0.9_f64.powi(3),
    );
}

#[test]
fn a_crisis_needs_travel_to_stop_a_program() {
    let rates = only(json!({"disruption": 0.2, "lost_in_disruption": 0.5}));
    close(
        chance(&rates, Reading::Central, &program()),
        0.9_f64.powi(5),
    );
    close(
        chance(
            &rates,
            Reading::Central,
            &Program {
                travel: false,
                ..program()
            },
        ),
        1.0,
    );
    close(
        chance(
            &rates,
            Reading::Central,
            &Program {
                disruption_plan: true,
                ..program()
            },
        ),
        1.0,
    );
}

#[test]
fn what_was_built_outlives_the_program_as_the_formulas_say() {
    let rates = only(
        json!({"source_leaves": 1, "no_takeover_stated": 1, "no_takeover_without_plan": 1,
        "others_leave": 1, "structured_fades": 0.2, "ad_hoc_fades": 0.2, "supported_fades": 0.5,
        "handover_fails_foreign": 0.8}),
    );
    let mut draws = Draws::new(1, DRAWS, events(5));
    let mut scenario = Scenario {
        draws: &mut draws,
        rates: &rates,
        reading: Reading::Central,
        horizon: 5,
    };
    let outcome = scenario.run(&program());
    assert_eq!(outcome.program, 0);
    let built = Built {
        capacity: Capacity::Structured,
        local_trainer_share: 0.5,
    };
    let stands = f64::from(scenario.run_built(&built, &outcome)) / f64::from(DRAWS);
    // Two years with the program, the hand-over, three years without.
    close(stands, 0.9_f64.powi(2) * 0.6 * 0.8_f64.powi(3));
    assert_eq!(
        scenario.run_built(
            &Built {
                capacity: Capacity::None,
                ..built
            },
            &outcome
        ),
        0
    );
}

#[test]
fn most_programs_with_a_usual_grant_keep_something_after_it() {
    // Scheirer 2005: in 14 of 17 studies at least 60 % of sites kept some component after the grant. Money alone:
    let money = only(
        json!({"source_leaves": 0.35, "source_leaves_early": 0.03, "no_takeover_stated": 0.65,
        "no_takeover_without_plan": 0.9, "no_takeover_budgeted": 0.2, "others_leave": 0.12, "budget_cut": 0.05}),
    );
    let kept = chance(&money, Reading::Central, &program());
    assert!((0.55..0.8).contains(&kept), "{kept}");
}

#[test]
fn programs_come_out_in_the_order_their_authors_reported() {
    // MEPI moved into regular budgets; HRH Rwanda lost the donor of 60 %; IVIMEDS was never carried by its members.
    let rates = Rates::default();
    let mepi = Program {
        secured_years: 5.0,
        after_funding: After::InstitutionalBudget,
        partners: 4,
        champions: 3,
        embedded: true,
        ..program()
    };
    let rwanda = Program {
        secured_years: 5.0,
        agreement: Agreement::Contract,
        champions: 3,
        ..program()
    };
    let ivimeds = Program {
        after_funding: After::None,
        agreement: Agreement::Informal,
        champions: 1,
        ..program()
    };
    let chances = [mepi, rwanda, ivimeds].map(|program| chance(&rates, Reading::Central, &program));
    assert!(
        chances[0] > chances[1] && chances[1] > chances[2],
        "{chances:?}"
    );
}

#[test]
fn a_short_program_is_followed_to_its_planned_end() {
    for (duration, horizon, years) in [
        (0.5, 5, 1),
        (1.0, 5, 1),
        (2.2, 5, 3),
        (5.0, 5, 5),
        (30.0, 5, 5),
        (3.0, 1, 1),
    ] {
        assert_eq!(followed(duration, horizon), years, "{duration} years");
    }
}

prop_compose! {
    fn a_program()(
        duration_years in 0.5..8.0, secured_years in 0.0..8.0, largest_source_share in 0.0..=1.0,
        after in 0..3_usize, partners in 0..7_usize, agreement in 0..4_usize, relationship_years in 0.0..20.0,
        champions in 0..5_usize, embedded: bool, travel: bool, disruption_plan: bool,
    ) -> Program {
        Program {
            duration_years, secured_years, largest_source_share, partners, relationship_years, champions, embedded,
            travel, disruption_plan,
            after_funding: [After::None, After::Stated, After::InstitutionalBudget][after],
            agreement: [Agreement::None, Agreement::Informal, Agreement::Mou, Agreement::Contract][agreement],
        }
    }
}

/// One thing better, as the other program has it, and everything else the same.
fn better(program: Program, other: &Program, what: usize) -> Program {
    match what {
        0 => Program {
            secured_years: program.secured_years.max(other.secured_years),
            ..program
        },
        1 => Program {
            largest_source_share: program.largest_source_share.min(other.largest_source_share),
            ..program
        },
        2 => Program {
            after_funding: After::InstitutionalBudget,
            ..program
        },
        3 => Program {
            agreement: Agreement::Contract,
            ..program
        },
        4 => Program {
            relationship_years: program.relationship_years.max(other.relationship_years),
            ..program
        },
        5 => Program {
            champions: program.champions.max(other.champions),
            ..program
        },
        6 => Program {
            embedded: true,
            ..program
        },
        7 => Program {
            disruption_plan: true,
            ..program
        },
        _ => Program {
            travel: false,
            ..program
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_better_answer_never_lowers_a_chance(
        worse in a_program(), other in a_program(), what in 0..9_usize, seed: u64,
        capacity in 0..4_usize, local in 0.0..=1.0, more in 0.0..=1.0,
    ) {
        let levels = [Capacity::None, Capacity::AdHoc, Capacity::Structured, Capacity::Institutional];
        let rates = Rates::default();
        let mut draws = Draws::new(seed, 500, events(5));
        let mut scenario =
            Scenario { draws: &mut draws, rates: &rates, reading: Reading::Central, horizon: 5 };
        let built = Built { capacity: levels[capacity], local_trainer_share: local };
        let better_built = [
            Built { local_trainer_share: f64::max(local, more), ..built },
            Built { capacity: levels[(capacity + 1).min(3)], ..built },
        ];
        let before = scenario.run(&worse);
        let after = scenario.run(&better(worse, &other, what));
        prop_assert!(after.program >= before.program);
        prop_assert!(after.people >= before.people);
        let stands = scenario.run_built(&built, &before);
        prop_assert!(scenario.run_built(&built, &after) >= stands);
        for better in better_built {
            prop_assert!(scenario.run_built(&better, &before) >= stands);
        }
        for (reading, more) in [(Reading::Favourable, true), (Reading::Unfavourable, false)] {
            scenario.reading = reading;
            let other = scenario.run(&worse);
            let built = scenario.run_built(&built, &other);
            prop_assert!((other.program >= before.program) == more || other.program == before.program);
            prop_assert!((built >= stands) == more || built == stands);
        }
    }
}
