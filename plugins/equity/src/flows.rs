//! What the plugin reads of one flow, and the facts about it.

use crate::answer::{Fact, fact};
use crate::countries::Bloc;
use crate::known::{Known, Places, all, any, product};
use crate::partners::Partner;
use crate::reader::Reader;
use evenhand_plugin::wire::Problem;
use serde_json::Value;
use std::collections::BTreeMap;

const LEARNERS: [&str; 3] = ["premed_student", "student", "trainee"];
const TEACHERS: [&str; 2] = ["faculty", "staff"];
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

/// One entry of `flows`, with its two ends looked up.
#[derive(Debug)]
pub(crate) struct Flow {
    /// Index of the partner people come from.
    pub(crate) from: Known<usize>,
    /// Index of the partner they go to.
    pub(crate) to: Known<usize>,
    pub(crate) origin: End,
    pub(crate) destination: End,
    pub(crate) learner: Known<bool>,
    pub(crate) teacher: Known<bool>,
    pub(crate) in_person: Known<bool>,
    pub(crate) clinical: Known<bool>,
    /// Care, service, observation, research or teaching: what a host has to make room for.
    pub(crate) visit: Known<bool>,
    pub(crate) degree: Known<bool>,
    /// Teaching: those who learn are where it goes, and not where it comes from.
    pub(crate) teaching: Known<bool>,
    pub(crate) persons: Known<f64>,
    pub(crate) weeks: Known<f64>,
    pub(crate) person_weeks: Known<f64>,
    /// As given in US dollars, or else converted at the rate that the proposal states.
    pub(crate) net_cost_usd: Known<f64>,
}

/// One end of a flow: what counts of the partner there.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) bloc: Known<Bloc>,
    pub(crate) country: Known<&'static str>,
    pub(crate) income: Known<f64>,
    pub(crate) who_safeguards: Known<bool>,
}

/// Finds partners by their id.
#[derive(Debug)]
pub(crate) struct Directory<'a> {
    partners: &'a [Partner<'a>],
    by_id: BTreeMap<&'a str, usize>,
    /// Missing when the proposal has no list of partners.
    listed: Known<()>,
    /// Places whose absence may hide a partner of any id.
    unnamed: Places,
}

impl<'a> Directory<'a> {
    /// Indexes the partners; the first of two with one id counts.
    pub(crate) fn new(listed: &Known<&Vec<Value>>, partners: &'a [Partner<'a>]) -> Self {
        let mut directory = Self {
            partners,
            by_id: BTreeMap::new(),
            listed: if_listed(listed),
            unnamed: Places::new(),
        };
        for (index, partner) in partners.iter().enumerate() {
            match &partner.id {
                Known::Value(id, _) => {
                    directory.by_id.entry(id).or_insert(index);
                }
                Known::Void(places) | Known::Missing(places) => {
                    directory.unnamed.extend_from_slice(places);
                }
            }
        }
        // Hundreds of unnamed partners for each of thousands of flows would fill the answer with one message.
        if directory.unnamed.len() > 16 {
            directory.unnamed.clone_from(listed.places());
        }
        directory
    }

    /// The index of the partner a flow names under `key`; a name that no partner has is a problem.
    fn resolve(&self, reader: &mut Reader, flow: &Value, at: &str, key: &str) -> Known<usize> {
        let id = reader.text(flow, at, key);
        let places = id.places().clone();
        id.zip(self.listed.clone()).and_then(|(name, ())| {
            if let Some((index, partner)) = self
                .by_id
                .get(name)
                .and_then(|index| Some((*index, self.partners.get(*index)?)))
            {
                return partner.id.clone().map(|_| index);
            }
            if !self.unnamed.is_empty() {
                return Known::Missing(self.unnamed.clone());
            }
            reader
                .problems
                .push(self.stranger(format!("{at}/{key}"), name));
            Known::Missing(places)
        })
    }

    fn stranger(&self, path: String, name: &str) -> Problem {
        let ids: Vec<&str> = self.by_id.keys().take(12).copied().collect();
        Problem {
            path,
            message: format!("no partner has the id `{name}`"),
            expected: Some(if ids.is_empty() {
                "the id of a partner; the proposal has none".to_owned()
            } else {
                format!("the id of a partner: {}", ids.join(", "))
            }),
            suggestion: ids
                .iter()
                .find(|id| id.eq_ignore_ascii_case(name))
                .map(|id| (*id).to_owned()),
            value: None,
        }
    }

    fn end(&self, index: &Known<usize>) -> End {
        End {
            bloc: self.look(index, |partner| partner.bloc.clone()),
            country: self.look(index, |partner| {
                partner.country.clone().map(|country| country.code)
            }),
            income: self.look(index, |partner| partner.income.clone()),
            who_safeguards: self.look(index, |partner| {
                partner
                    .country
                    .clone()
                    .map(|country| country.who_safeguards)
            }),
        }
    }

    fn look<T>(&self, index: &Known<usize>, read: impl Fn(&Partner<'a>) -> Known<T>) -> Known<T> {
        let missing = || Known::Missing(Places::new());
        index
            .clone()
            .and_then(|index| self.partners.get(index).map_or_else(missing, read))
    }
}

/// Nothing, or what is missing: the list as a whole is no evidence for what one of its entries says.
pub(crate) fn if_listed(list: &Known<&Vec<Value>>) -> Known<()> {
    match list {
        Known::Value(..) => Known::Value((), Places::new()),
        Known::Void(places) | Known::Missing(places) => Known::Missing(places.clone()),
    }
}

impl Flow {
    /// Reads the entry at `index`.
    pub(crate) fn read(
        reader: &mut Reader,
        directory: &Directory<'_>,
        index: usize,
        entry: &Value,
    ) -> Self {
        let at = format!("/flows/{index}");
        let from = directory.resolve(reader, entry, &at, "from");
        let to = directory.resolve(reader, entry, &at, "to");
        let who = reader.choice(entry, &at, "who", &[&LEARNERS[..], &TEACHERS[..]].concat());
        let mode = reader.choice(entry, &at, "mode", &["in_person", "virtual"]);
        let activity = reader.choice(entry, &at, "activity", &ACTIVITIES);
        let hands_on = reader.choice(
            entry,
            &at,
            "hands_on",
            &["none", "within_home_scope", "beyond_home_scope"],
        );
        let persons = reader.amount(entry, &at, "n_per_year");
        let weeks = reader.amount(entry, &at, "weeks");
        let in_person = mode.map(|mode| mode == "in_person");
        let is = |names: &'static [&'static str]| {
            activity
                .clone()
                .map(move |activity| names.contains(&activity))
        };
        let touching = all([
            is(&["observation", "research"]),
            in_person.clone(),
            hands_on.map(|hands_on| hands_on != "none"),
        ]);
        Self {
            origin: directory.end(&from),
            destination: directory.end(&to),
            from,
            to,
            learner: who.clone().map(|who| LEARNERS.contains(&who)),
            teacher: who.map(|who| TEACHERS.contains(&who)),
            clinical: any([
                is(&["supervised_care", "independent_care", "service_camp"]),
                touching,
            ]),
            in_person,
            visit: activity
                .clone()
                .map(|activity| !matches!(activity, "coursework" | "degree")),
            degree: is(&["degree"]),
            teaching: is(&["teaching"]),
            person_weeks: product(&persons, &weeks),
            persons,
            weeks,
            net_cost_usd: reader.net_cost(entry, &at),
        }
    }

    /// Whether it starts in one bloc and ends in the other.
    pub(crate) fn goes(&self, origin: Bloc, destination: Bloc) -> Known<bool> {
        all([
            self.origin.bloc.clone().map(|bloc| bloc == origin),
            self.destination
                .bloc
                .clone()
                .map(|bloc| bloc == destination),
        ])
    }

    /// Its facts.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let (origin, destination) = (&self.origin.bloc, &self.destination.bloc);
        let direction = origin
            .clone()
            .zip(destination.clone())
            .map(|ends| match ends {
                (Bloc::North, Bloc::North) => "NN",
                (Bloc::North, Bloc::South) => "NS",
                (Bloc::South, Bloc::North) => "SN",
                (Bloc::South, Bloc::South) => "SS",
            });
        let border = self
            .origin
            .country
            .clone()
            .zip(self.destination.country.clone())
            .map(|(from, to)| from != to);
        vec![
            fact("clinical", self.clinical.clone()),
            fact("crosses_border", border),
            fact(
                "destination_bloc",
                destination.clone().map(|bloc| bloc.to_string()),
            ),
            fact("direction", direction),
            fact("in_person", self.in_person.clone()),
            fact("learner", self.learner.clone()),
            fact("origin_bloc", origin.clone().map(|bloc| bloc.to_string())),
            fact("origin_who_safeguards", self.origin.who_safeguards.clone()),
            fact("person_weeks", self.person_weeks.clone()),
        ]
    }
}
