//! The equity plugin: which way people, decisions, money and costs lie between North and South.
//!
//! Countries have an income group and a bloc; from these follow the direction of every flow, the reciprocity of
//! places, and the South's share of people, seats, budget and design. Facts are partial: what can be computed is,
//! and what is missing is named. Method, sources and limits are in `README.md` and `plugin.json`.

use countries::{Country, country, meant};
use evenhand_plugin::ranges::Ends;
use evenhand_plugin::{Derived, Error, Plugin, Value, export_plugin};
use settings::Settings;

mod answer;
mod countries;
mod derive;
mod flows;
mod known;
mod movement;
mod partners;
mod partnership;
mod reader;
mod settings;

/// An instance: the board's settings.
#[derive(Debug)]
pub struct Equity {
    settings: Settings,
}

/// Sums, means and ratios of sums rise or fall throughout in each of these; how even the two directions are does not: it is best where
/// they are the same.
const RANGES: Ends<'static> = Ends {
    even: &[
        "/flows/*/n_per_year",
        "/flows/*/weeks",
        "/flows/*/net_cost_usd",
        "/flows/*/net_cost/amount",
        "/flows/*/net_cost/per_usd",
        "/partners/*/decision_seats",
        "/access/eligible",
        "/access/reached",
        "/access/tuition_usd_year",
        "/access/tuition_relief_share",
    ],
    uneven: &["/faculty_balance"],
};

impl Plugin for Equity {
    fn create(settings: &Value) -> Result<Self, Error> {
        Settings::parse(settings)
            .map(|settings| Self { settings })
            .map_err(Error::bad_arguments)
    }

    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        Ok(RANGES.derive(proposal, |point| derive::derive(&self.settings, point)))
    }
}

#[expect(
    clippy::unused_self,
    clippy::needless_pass_by_ref_mut,
    reason = "the export macro calls functions as methods"
)]
impl Equity {
    fn income_group(&mut self, code: &str) -> Result<String, Error> {
        Ok(find(code)?.group.name().to_owned())
    }

    fn bloc(&mut self, code: &str) -> Result<String, Error> {
        Ok(self.settings.bloc(find(code)?).to_string())
    }

    fn on_who_safeguards_list(&mut self, code: &str) -> Result<bool, Error> {
        Ok(find(code)?.who_safeguards)
    }

    fn country_name(&mut self, code: &str) -> Result<String, Error> {
        Ok(find(code)?.name.to_owned())
    }
}

fn find(code: &str) -> Result<&'static Country, Error> {
    country(code).ok_or_else(|| {
        let hint = meant(code).map_or(String::new(), |meant| {
            format!("; did you mean {} ({})?", meant.code, meant.name)
        });
        Error::failed(format!("`{code}` is not an ISO 3166-1 country code{hint}"))
    })
}

export_plugin! { Equity, id = equity, manifest = include_bytes!("../plugin.json");
    /// World Bank income group of a country.
    pure fn income_group(&mut self, code: &str) -> Result<String, Error>;
    /// The side a country counts on: `north` or `south`, as the board has set it.
    pure fn bloc(&mut self, code: &str) -> Result<String, Error>;
    /// Whether a country is on the WHO health workforce support and safeguards list of 2023.
    pure fn on_who_safeguards_list(&mut self, code: &str) -> Result<bool, Error>;
    /// English name of a country.
    pure fn country_name(&mut self, code: &str) -> Result<String, Error>;
}
