//! The rates of the model: how often what goes wrong, with the end on which a friend and the end on which a sceptic
//! would settle. Every rate is the chance of something bad; what is not sourced is a judgement that a board may change.

use serde_json::{Map, Value, json};

/// One rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rate {
    /// Its name in settings and facts.
    pub(crate) name: Name,
    /// What it is the chance of.
    title: &'static str,
    favourable: f64,
    value: f64,
    unfavourable: f64,
    /// Key of a source of the manifest; a judgement without one.
    source: Option<&'static str>,
}

/// Which reading of the rates is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Favourable,
    Central,
    Unfavourable,
}

macro_rules! rates {
    ($($name:ident $text:literal $favourable:literal $value:literal $unfavourable:literal $source:expr, $title:literal;)*) => {
        /// The names of the rates.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Name {
            $($name,)*
        }

        impl Name {
            /// As written in settings and facts.
            pub(crate) fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }

        /// The rates a board gets if it sets none.
        const DEFAULTS: &[Rate] = &[$(Rate {
            name: Name::$name,
            title: $title,
            favourable: $favourable,
            value: $value,
            unfavourable: $unfavourable,
            source: $source,
        },)*];
    };
}

rates! {
    SourceLeavesEarly "source_leaves_early" 0.01 0.03 0.08 None,
        "the largest source leaves in a year for which its money is secured";
    SourceLeaves "source_leaves" 0.2 0.35 0.5 Some("scheirer-2005"),
        "the largest source leaves in a year for which its money is not secured";
    NoTakeoverWithoutPlan "no_takeover_without_plan" 0.8 0.9 0.97 None,
        "no regular budget takes over when the largest source leaves and nothing is planned";
    NoTakeoverStated "no_takeover_stated" 0.5 0.65 0.8 None,
        "the same, when a take-over is stated as an intention";
    NoTakeoverBudgeted "no_takeover_budgeted" 0.1 0.2 0.35 Some("omaswa-2018"),
        "the same, when an institution has it in its budget";
    OthersLeave "others_leave" 0.06 0.12 0.25 None,
        "in a year, the other sources stop too, once they carry the program";
    BudgetCut "budget_cut" 0.02 0.05 0.1 None,
        "in a year, the regular budget that took over is cut";
    PartnerLeavesUnagreed "partner_leaves_unagreed" 0.08 0.15 0.25 None,
        "a new partner leaves in a year, without any agreement";
    PartnerLeavesInformal "partner_leaves_informal" 0.05 0.1 0.18 None,
        "a new partner leaves in a year, with an informal agreement";
    PartnerLeavesMou "partner_leaves_mou" 0.025 0.05 0.1 None,
        "a new partner leaves in a year, with a memorandum of understanding";
    PartnerLeavesContract "partner_leaves_contract" 0.015 0.03 0.06 None,
        "a new partner leaves in a year, with a contract";
    OldPartnerLeaves "old_partner_leaves" 0.4 0.5 0.7 None,
        "what is left of that chance after ten years together";
    PersonLeaves "person_leaves" 0.068 0.115 0.25 Some("unm-2023"),
        "somebody able to run it leaves in a year";
    PostStaysEmpty "post_stays_empty" 0.45 0.6 0.75 None,
        "nobody takes the place within the year, where the program is not embedded";
    PostStaysEmptyEmbedded "post_stays_empty_embedded" 0.1 0.2 0.35 None,
        "the same, where it is embedded";
    Disruption "disruption" 0.03 0.06 0.12 None,
        "a year brings a pandemic, a conflict or closed borders";
    LostInDisruption "lost_in_disruption" 0.25 0.4 0.6 None,
        "such a year ends a program in which people travel, without a fallback";
    LostInDisruptionPlanned "lost_in_disruption_planned" 0.05 0.1 0.2 None,
        "the same, with a fallback";
    AdHocFades "ad_hoc_fades" 0.2 0.35 0.5 None,
        "in a year without the program, capacity that was built now and then fades";
    StructuredFades "structured_fades" 0.08 0.15 0.25 None,
        "the same, for structured training";
    InstitutionalFades "institutional_fades" 0.02 0.05 0.1 None,
        "the same, for capacity of an institution";
    SupportedFades "supported_fades" 0.25 0.4 0.6 None,
        "what is left of that chance while the program runs";
    HandoverFailsForeign "handover_fails_foreign" 0.6 0.8 0.95 None,
        "what was built does not outlive the program where no post is held locally";
    HandoverFailsLocal "handover_fails_local" 0.05 0.1 0.2 None,
        "the same, where every post is held locally";
}

/// The first may not be above the second, else a better answer would lower a chance.
const ORDER: &[(Name, Name)] = &[
    (Name::SourceLeavesEarly, Name::SourceLeaves),
    (Name::NoTakeoverBudgeted, Name::NoTakeoverStated),
    (Name::NoTakeoverStated, Name::NoTakeoverWithoutPlan),
    (Name::BudgetCut, Name::OthersLeave),
    (Name::PartnerLeavesContract, Name::PartnerLeavesMou),
    (Name::PartnerLeavesMou, Name::PartnerLeavesInformal),
    (Name::PartnerLeavesInformal, Name::PartnerLeavesUnagreed),
    (Name::PostStaysEmptyEmbedded, Name::PostStaysEmpty),
    (Name::LostInDisruptionPlanned, Name::LostInDisruption),
    (Name::InstitutionalFades, Name::StructuredFades),
    (Name::StructuredFades, Name::AdHocFades),
    (Name::HandoverFailsLocal, Name::HandoverFailsForeign),
];

/// The rates in force.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rates(Vec<Rate>);

impl Default for Rates {
    fn default() -> Self {
        Self(DEFAULTS.to_vec())
    }
}

impl Rates {
    /// The defaults with a board's own values. Both ends of a rate move in proportion with its value.
    pub(crate) fn with(own: &Map<String, Value>, problems: &mut Vec<String>) -> Self {
        let mut rates = Self::default();
        for (name, value) in own {
            let rate = rates.0.iter_mut().find(|rate| rate.name.text() == name);
            match (
                rate,
                value.as_f64().filter(|value| (0.0..=1.0).contains(value)),
            ) {
                (Some(rate), Some(value)) => {
                    let factor = value / rate.value;
                    rate.favourable = (rate.favourable * factor).min(value);
                    rate.unfavourable = (rate.unfavourable * factor).clamp(value, value.max(0.98));
                    rate.value = value;
                    rate.source = None;
                }
                (Some(_), None) => {
                    problems.push(format!(
                        "`rates.{name}` is {value}; expected a chance from 0 to 1"
                    ));
                }
                (None, _) => problems.push(format!(
                    "`rates.{name}` is no rate; the rates are {}",
                    DEFAULTS
                        .iter()
                        .map(|rate| rate.name.text())
                        .collect::<Vec<_>>()
                        .join(", ")
                )),
            }
        }
        for (less, more) in ORDER {
            let (low, high) = (
                rates.get(*less, Reading::Central),
                rates.get(*more, Reading::Central),
            );
            if low > high {
                let (less, more) = (less.text(), more.text());
                problems.push(format!(
                    "`rates.{less}` is {low}, but may not be above `rates.{more}`, which is {high}"
                ));
            }
        }
        rates.order_ends();
        rates
    }

    /// Keeps the order at both ends too, where an own value has moved one of them: `ORDER` runs from the least rate up.
    fn order_ends(&mut self) {
        for (less, more) in ORDER {
            let least = self.get(*less, Reading::Unfavourable);
            if let Some(rate) = self.0.iter_mut().find(|rate| rate.name == *more) {
                rate.unfavourable = rate.unfavourable.max(least);
            }
        }
        for (less, more) in ORDER.iter().rev() {
            let most = self.get(*more, Reading::Favourable);
            if let Some(rate) = self.0.iter_mut().find(|rate| rate.name == *less) {
                rate.favourable = rate.favourable.min(most);
            }
        }
    }

    /// A rate in one reading.
    pub(crate) fn get(&self, name: Name, reading: Reading) -> f64 {
        self.0
            .iter()
            .find(|rate| rate.name == name)
            .map_or(1.0, |rate| match reading {
                Reading::Favourable => rate.favourable,
                Reading::Central => rate.value,
                Reading::Unfavourable => rate.unfavourable,
            })
    }

    /// The list of assumptions for the facts.
    pub(crate) fn facts(&self) -> Value {
        let entry = |rate: &Rate| {
            json!({
                "name": rate.name.text(),
                "title": rate.title,
                "favourable": rate.favourable,
                "value": rate.value,
                "unfavourable": rate.unfavourable,
                "basis": if rate.source.is_some() { "sourced" } else { "default" },
                "source": rate.source.unwrap_or(""),
            })
        };
        self.0.iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_ordered_within_and_between() {
        for rate in DEFAULTS {
            assert!(
                rate.favourable <= rate.value && rate.value <= rate.unfavourable,
                "{:?}",
                rate.name
            );
        }
        let mut problems = Vec::new();
        assert_eq!(Rates::with(&Map::new(), &mut problems), Rates::default());
        assert_eq!(problems, Vec::<String>::new());
    }

    #[test]
    fn own_rates_move_both_ends_and_mistakes_are_all_named() {
        let own = json!({"disruption": 0.12, "source_leaves": 0.02, "luck": 1, "budget_cut": 7});
        let mut problems = Vec::new();
        let rates = Rates::with(own.as_object().unwrap(), &mut problems);
        assert!((rates.get(Name::Disruption, Reading::Favourable) - 0.06).abs() < 1e-12);
        assert!((rates.get(Name::Disruption, Reading::Unfavourable) - 0.24).abs() < 1e-12);
        assert_eq!(problems.len(), 3, "{problems:?}");
        for part in [
            "`rates.budget_cut` is 7",
            "`rates.luck` is no rate",
            "`rates.source_leaves_early` is 0.03, but may not be",
        ] {
            assert!(
                problems.iter().any(|problem| problem.contains(part)),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn two_rates_may_be_made_equal_and_the_ends_stay_ordered() {
        let mut problems = Vec::new();
        let own = json!({"partner_leaves_mou": 0.1, "ad_hoc_fades": 0.15});
        let rates = Rates::with(own.as_object().unwrap(), &mut problems);
        assert_eq!(problems, Vec::<String>::new());
        for (less, more) in ORDER {
            for reading in [Reading::Favourable, Reading::Central, Reading::Unfavourable] {
                assert!(
                    rates.get(*less, reading) <= rates.get(*more, reading),
                    "{less:?} {reading:?}"
                );
            }
        }
    }

    #[test]
    fn an_own_rate_of_nothing_stays_nothing() {
        let mut problems = Vec::new();
        let rates = Rates::with(json!({"disruption": 0}).as_object().unwrap(), &mut problems);
        assert!(
            rates.get(Name::Disruption, Reading::Unfavourable).abs() < 1e-12 && problems.is_empty()
        );
    }
}
