//! Facts about the partners together: who they are, who decides, who pays, who designed it.

use crate::answer::{Fact, fact};
use crate::countries::Bloc;
use crate::flows::Flow;
use crate::known::{Known, Member, Places, all, amount_if, any, product, ratio, share, sum};
use crate::partners::Partner;
use crate::reader::Reader;
use evenhand_plugin::wire::Problem;
use std::collections::BTreeMap;

/// The facts that need only the list of partners.
pub(crate) const NAMES: [&str; 15] = [
    "academic_partners",
    "contribution_share",
    "countries",
    "decision_seats",
    "geography",
    "has_north",
    "has_south",
    "home_strand_share",
    "largest_budget_share",
    "largest_decision_share",
    "multilateral",
    "several_countries",
    "south_budget_share",
    "south_decision_share",
    "south_lead",
];

/// The facts of who was asked when it was designed.
pub(crate) const DESIGN: [&str; 2] = ["design_partners", "south_co_design_share"];

/// Computes what is named in [`NAMES`].
pub(crate) fn facts(partners: &[Partner<'_>]) -> Vec<Fact> {
    let any_in = |bloc| any(partners.iter().map(|partner| partner.is(bloc)));
    let academic = partners
        .iter()
        .map(|partner| partner.academic.clone().map(f64::from));
    let leads = partners
        .iter()
        .map(|partner| all([partner.is(Bloc::South), partner.leads.clone()]));
    let mut facts = vec![
        fact("academic_partners", sum(academic).map(whole)),
        fact("contribution_share", contribution(partners)),
        fact("geography", geography(partners)),
        fact("has_north", any_in(Bloc::North)),
        fact("has_south", any_in(Bloc::South)),
        fact("home_strand_share", home_strand(partners)),
        fact("south_lead", any(leads)),
    ];
    facts.extend(country_facts(partners));
    facts.extend(power(partners));
    facts
}

/// Computes what is named in [`DESIGN`]: partners of the South where they work with the North, else those that receive
/// people, without intermediaries. Among Southern partners alone nobody is asked more than among Northern ones.
pub(crate) fn design(partners: &[Partner<'_>], flows: &Known<Vec<Flow>>) -> Vec<Fact> {
    let host = |partner: &Partner<'_>, asked: Known<bool>| {
        all([partner.intermediary.clone().not(), asked])
    };
    let south: Vec<Known<bool>> = partners
        .iter()
        .map(|partner| host(partner, partner.is(Bloc::South)))
        .collect();
    let north = any(partners.iter().map(|partner| partner.is(Bloc::North)));
    let some_south = all([any(south.iter().cloned()), north]);
    let asked: Vec<Known<bool>> = if some_south.is_false() {
        let receives = |index| match flows {
            // That nobody goes anywhere is an answer of the list itself.
            Known::Value(flows, list) if flows.is_empty() => Known::Value(false, list.clone()),
            Known::Value(flows, _) => receives(flows, index),
            Known::Void(list) | Known::Missing(list) => Known::Missing(list.clone()),
        };
        partners
            .iter()
            .enumerate()
            .map(|(index, partner)| {
                // That there is no partner in the South is part of the answer.
                let asked = host(partner, receives(index));
                some_south.clone().zip(asked).map(|(_, asked)| asked)
            })
            .collect()
    } else if some_south.is_true() {
        south
    } else {
        south
            .iter()
            .map(|_| Known::Missing(some_south.places().clone()))
            .collect()
    };
    let members: Vec<Member> = asked
        .iter()
        .zip(partners)
        .map(|(asked, partner)| Member {
            weight: asked.clone().map(f64::from),
            least: if asked.is_true() { 1.0 } else { 0.0 },
            counts: partner.co_designed.clone(),
        })
        .collect();
    let count = sum(asked.into_iter().map(|asked| asked.map(f64::from))).map(whole);
    vec![
        fact("design_partners", count),
        fact("south_co_design_share", share(&members)),
    ]
}

/// Whether a flow from another partner ends there.
fn receives(flows: &[Flow], index: usize) -> Known<bool> {
    any(flows.iter().map(|flow| {
        let elsewhere = flow.from.clone().map(|from| from != index);
        all([flow.to.clone().map(|to| to == index), elsewhere])
    }))
}

fn country_facts(partners: &[Partner<'_>]) -> Vec<Fact> {
    let mut seen: BTreeMap<&str, Places> = BTreeMap::new();
    let (mut places, mut missing) = (Places::new(), Places::new());
    for partner in partners {
        match &partner.country {
            Known::Value(country, at) => {
                places.extend_from_slice(at);
                seen.entry(country.code).or_insert_with(|| at.clone());
            }
            Known::Void(at) | Known::Missing(at) => missing.extend_from_slice(at),
        }
    }
    let at_least = |count: usize| {
        if seen.len() >= count {
            Known::Value(true, seen.values().take(count).flatten().copied().collect())
        } else if missing.is_empty() {
            Known::Value(false, places.clone())
        } else {
            Known::Missing(missing.clone())
        }
    };
    let countries = if missing.is_empty() {
        Known::Value(seen.len(), places.clone())
    } else {
        Known::Missing(missing.clone())
    };
    vec![
        fact("countries", countries),
        fact("multilateral", at_least(3)),
        fact("several_countries", at_least(2)),
    ]
}

fn geography(partners: &[Partner<'_>]) -> Known<&'static str> {
    let side = |bloc| any(partners.iter().map(|partner| partner.is(bloc)));
    let both = all([side(Bloc::North), side(Bloc::South)]);
    if both.is_true() {
        return both.map(|_| "north_south");
    }
    let countries = partners.iter().fold(
        Known::Value(Vec::new(), Places::new()),
        |so_far, partner| {
            so_far
                .zip(partner.country.clone())
                .map(|(mut list, country)| {
                    list.push(country.code);
                    list
                })
        },
    );
    countries
        .zip(side(Bloc::South))
        .map(|(mut countries, south)| {
            countries.sort_unstable();
            countries.dedup();
            match (countries.len(), south) {
                (0, _) => "none",
                (1, _) => "one_country",
                (_, true) => "south_south",
                (_, false) => "north_north",
            }
        })
}

fn contribution(partners: &[Partner<'_>]) -> Known<f64> {
    let member = |partner: &Partner<'_>| Member {
        weight: Known::Value(1.0, Places::new()),
        least: 1.0,
        counts: partner.contributes.clone(),
    };
    share(&partners.iter().map(member).collect::<Vec<_>>())
}

/// Academic partners whose own students learn at home; one of the South weighs twice.
fn home_strand(partners: &[Partner<'_>]) -> Known<f64> {
    let member = |partner: &Partner<'_>| {
        let weight = partner
            .is(Bloc::South)
            .map(|south| if south { 2.0 } else { 1.0 });
        Member {
            weight: amount_if(&partner.academic, &weight),
            least: if partner.academic.is_true() { 1.0 } else { 0.0 },
            counts: partner.offers_iah.clone(),
        }
    };
    share(&partners.iter().map(member).collect::<Vec<_>>())
}

/// Seats and money: the South's part, and the part of the biggest single partner.
fn power(partners: &[Partner<'_>]) -> Vec<Fact> {
    let seats = || {
        partners
            .iter()
            .map(|partner| partner.decision_seats.clone())
    };
    let members: Vec<Member> = partners
        .iter()
        .map(|partner| Member {
            weight: partner.decision_seats.clone(),
            least: partner.decision_seats.get().copied().unwrap_or(0.0),
            counts: partner.is(Bloc::South),
        })
        .collect();
    let south = partners.iter().map(|partner| {
        let condition = partner.is(Bloc::South);
        product(&condition.map(f64::from), &partner.budget_share)
    });
    let budgets = partners.iter().map(|partner| partner.budget_share.clone());
    let biggest = if partners.is_empty() {
        Known::Void(Places::new())
    } else {
        most(budgets)
    };
    vec![
        fact("decision_seats", sum(seats())),
        fact("largest_budget_share", biggest),
        fact("largest_decision_share", ratio(most(seats()), sum(seats()))),
        fact("south_budget_share", sum(south).map(|share| share.min(1.0))),
        fact("south_decision_share", share(&members)),
    ]
}

/// Shares of one budget that add up to more than all of it.
pub(crate) fn check_budget(reader: &mut Reader, partners: &[Partner<'_>]) {
    let shares = || {
        partners
            .iter()
            .filter_map(|partner| partner.budget_share.get())
    };
    let total: f64 = shares().sum();
    if total > 1.005 {
        reader.problems.push(Problem {
            path: "/partners".to_owned(),
            message: format!(
                "the budget shares of the partners add up to {total:.2}, more than the whole budget"
            ),
            expected: Some("shares that add up to 1 at most".to_owned()),
            suggestion: None,
            value: None,
        });
    }
}

fn most(amounts: impl Iterator<Item = Known<f64>>) -> Known<f64> {
    amounts.fold(Known::Value(0.0, Places::new()), |most, amount| {
        most.zip(amount).map(|(a, b)| a.max(b))
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of partners"
)]
fn whole(count: f64) -> u64 {
    count as u64
}
