//! What the plugin reads of one partner, and the facts about it.

use crate::answer::{Fact, fact};
use crate::countries::{Bloc, Country, country, meant};
use crate::known::Known;
use crate::reader::Reader;
use crate::settings::Settings;
use evenhand_plugin::wire::Problem;
use serde_json::Value;

/// One entry of `partners`.
#[derive(Debug)]
pub(crate) struct Partner<'a> {
    pub(crate) id: Known<&'a str>,
    pub(crate) country: Known<&'static Country>,
    pub(crate) bloc: Known<Bloc>,
    /// Gross national income a head that stands for its country, USD a year.
    pub(crate) income: Known<f64>,
    /// A medical school or a university.
    pub(crate) academic: Known<bool>,
    /// Arranges for others: an agency between sender and host.
    pub(crate) intermediary: Known<bool>,
    /// Leads alone or together with others.
    pub(crate) leads: Known<bool>,
    pub(crate) co_designed: Known<bool>,
    pub(crate) decision_seats: Known<f64>,
    pub(crate) budget_share: Known<f64>,
    pub(crate) contributes: Known<bool>,
    pub(crate) offers_iah: Known<bool>,
}

impl<'a> Partner<'a> {
    /// Reads the entry at `index`.
    pub(crate) fn read(
        reader: &mut Reader,
        settings: &Settings,
        index: usize,
        entry: &'a Value,
    ) -> Self {
        let at = format!("/partners/{index}");
        let code = reader.text(entry, &at, "country");
        if let Some(code) = code.get().filter(|code| country(code).is_none()) {
            reader.problems.push(unknown_country(&at, code));
        }
        let place = code.places().clone();
        let country = code.and_then(|code| match country(code) {
            Some(country) => Known::Value(country, Vec::new()),
            None => Known::Missing(place),
        });
        let role = reader.text(entry, &at, "role");
        Self {
            id: reader.text(entry, &at, "id"),
            bloc: country.clone().map(|country| settings.bloc(country)),
            income: country.clone().map(|country| settings.income(country)),
            country,
            academic: reader
                .text(entry, &at, "kind")
                .map(|kind| matches!(kind, "medical_school" | "university")),
            intermediary: role.clone().map(|role| role == "intermediary"),
            leads: role.map(|role| matches!(role, "lead" | "co_lead")),
            co_designed: reader.truth(entry, &at, "co_designed"),
            decision_seats: reader.amount(entry, &at, "decision_seats"),
            budget_share: reader.share(entry, &at, "budget_share"),
            contributes: reader.truth(entry, &at, "contributes"),
            offers_iah: reader.truth(entry, &at, "offers_iah"),
        }
    }

    /// Whether it is in that bloc.
    pub(crate) fn is(&self, bloc: Bloc) -> Known<bool> {
        self.bloc.clone().map(|own| own == bloc)
    }

    /// Its facts.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let country = || self.country.clone();
        vec![
            fact("academic", self.academic.clone()),
            fact("bloc", self.bloc.clone().map(|bloc| bloc.to_string())),
            fact("country_name", country().map(|country| country.name)),
            fact("gni_per_head_usd", self.income.clone()),
            fact(
                "income_group",
                country().map(|country| country.group.name()),
            ),
            fact(
                "who_safeguards",
                country().map(|country| country.who_safeguards),
            ),
        ]
    }
}

fn unknown_country(at: &str, code: &str) -> Problem {
    Problem {
        path: format!("{at}/country"),
        message: format!("`{code}` is not a country code we know"),
        expected: Some("an ISO 3166-1 code of two capital letters, such as KE".to_owned()),
        suggestion: meant(code).map(|country| format!("{} ({})", country.code, country.name)),
        value: meant(code).map(|country| Value::from(country.code)),
    }
}
