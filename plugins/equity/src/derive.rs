//! From a proposal to its equity facts.

use crate::answer::{fact, write, write_list, write_missing};
use crate::countries::INCOME_YEAR;
use crate::flows::{Directory, Flow, if_listed};
use crate::known::{Known, Places, ratio};
use crate::partners::Partner;
use crate::reader::Reader;
use crate::settings::Settings;
use crate::{movement, partnership};
use evenhand_plugin::wire::{Derived, Problem};
use serde_json::Value;

/// Computes every fact that the proposal allows, and names what the others lack.
pub(crate) fn derive(settings: &Settings, proposal: &Value) -> Derived {
    let reader = &mut Reader::default();
    let derived = &mut Derived::default();
    let partner_list = reader.list(proposal, "partners");
    let flow_list = reader.list(proposal, "flows");
    let partners: Vec<Partner<'_>> = entries(&partner_list)
        .iter()
        .enumerate()
        .map(|(index, entry)| Partner::read(reader, settings, index, entry))
        .collect();
    partnership::check_budget(reader, &partners);
    let directory = Directory::new(&partner_list, &partners);
    let flows: Known<Vec<Flow>> = flow_list.map(|list| {
        list.iter()
            .enumerate()
            .map(|(index, entry)| Flow::read(reader, &directory, index, entry))
            .collect()
    });
    let access = Access::read(reader, proposal);
    if let Some(flows) = flows.get() {
        check_reached(reader, flows, proposal);
    }

    derived
        .facts
        .insert("income_year".to_owned(), INCOME_YEAR.into());
    if partner_list.get().is_some() {
        write_list(
            derived,
            reader,
            "partners",
            partners.iter().map(Partner::facts).collect(),
        );
        write(derived, reader, "/partners", partnership::facts(&partners));
        write(
            derived,
            reader,
            "/partners",
            partnership::design(&partners, &flows),
        );
    } else {
        write_missing(derived, &partnership::NAMES, "/partners");
        write_missing(derived, &partnership::DESIGN, "/partners");
        write_missing(derived, &["partners"], "/partners");
    }
    if let Some(flows) = flows.get() {
        write_list(
            derived,
            reader,
            "flows",
            flows.iter().map(Flow::facts).collect(),
        );
        write(
            derived,
            reader,
            "/flows",
            movement::facts(flows, &partners, &if_listed(&partner_list)),
        );
    } else {
        write_missing(derived, &movement::NAMES, "/flows");
        write_missing(derived, &["flows"], "/flows");
    }
    write(derived, reader, "/access", access.facts(&flows));
    derived.problems.append(&mut reader.problems);
    std::mem::take(derived)
}

fn entries<'a>(list: &Known<&'a Vec<Value>>) -> &'a [Value] {
    list.get().map_or(&[], |list| list.as_slice())
}

/// More learners in one flow than are reached in all cannot be.
fn check_reached(reader: &mut Reader, flows: &[Flow], proposal: &Value) {
    let Some(reached) = proposal.pointer("/access/reached").and_then(Value::as_f64) else {
        return;
    };
    for (index, flow) in flows.iter().enumerate() {
        let learners = flow.learner.get().copied().unwrap_or_default();
        let persons = flow.persons.get().copied();
        if let Some(persons) = persons.filter(|persons| learners && *persons > reached) {
            reader.problems.push(Problem {
                path: format!("/flows/{index}/n_per_year"),
                message: format!("{persons} learners a year take part in this, but only {reached} are reached in all"),
                expected: Some(format!("{reached} at most, or more in `access.reached`")),
                suggestion: None,
                value: None,
            });
        }
    }
}

/// What is read of `access`.
struct Access {
    reach: Known<f64>,
    tuition: Known<f64>,
    relief: Known<f64>,
}

impl Access {
    fn read(reader: &mut Reader, proposal: &Value) -> Self {
        let access = proposal.get("access").unwrap_or(&Value::Null);
        let reached = reader.amount(access, "/access", "reached");
        let eligible = reader.amount(access, "/access", "eligible");
        let places = reached.places().clone();
        let pair = reached.get().copied().zip(eligible.get().copied());
        let mut reach = ratio(reached, eligible);
        if let Some((reached, eligible)) = pair.filter(|(reached, eligible)| reached > eligible) {
            reader.problems.push(Problem {
                path: "/access/reached".to_owned(),
                message: format!(
                    "{reached} people are reached, but only {eligible} could take part"
                ),
                expected: Some(format!("{eligible} at most")),
                suggestion: None,
                value: None,
            });
            if reach.get().is_some() {
                reach = Known::Missing(places);
            }
        }
        Self {
            reach,
            tuition: reader.amount(access, "/access", "tuition_usd_year"),
            relief: reader.share(access, "/access", "tuition_relief_share"),
        }
    }

    fn facts(&self, flows: &Known<Vec<Flow>>) -> Vec<crate::answer::Fact> {
        let tuition = match flows {
            Known::Value(flows, _) => movement::tuition(flows, &self.tuition, &self.relief),
            Known::Void(list) | Known::Missing(list) => {
                let rest = self.tuition.clone().zip(self.relief.clone());
                rest.zip(Known::<()>::Missing(Places::clone(list)))
                    .map(|_| 0.0)
            }
        };
        vec![
            fact("reach_share", self.reach.clone()),
            fact("tuition_to_income", tuition),
        ]
    }
}

#[cfg(test)]
mod tests;
