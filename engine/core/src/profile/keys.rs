//! Every key of a profile, for those who write one.

/// A key of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The key; a word in capitals stands for an id.
    pub key: &'static str,
    /// What can be written in a profile.
    pub example: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Whether it needs a reason.
    pub reason: Reason,
}

/// Whether a key needs a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Never: nothing is loosened by it.
    Never,
    /// Unless it makes something stricter, or leaves it as it is.
    UnlessStricter,
    /// Always.
    Always,
}

impl Reason {
    /// In a table for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Never => "no",
            Self::UnlessStricter => "unless stricter",
            Self::Always => "yes",
        }
    }
}

const fn key(key: &'static str, example: &'static str, reason: Reason, about: &'static str) -> Key {
    Key {
        key,
        example,
        about,
        reason,
    }
}

use Reason::{Always, Never, UnlessStricter};

/// Every key, in the order of a profile.
pub const KEYS: &[Key] = &[
    key(
        "profile.name",
        "name = \"Ethics Board\"",
        Never,
        "stands on every scorecard",
    ),
    key(
        "profile.version",
        "version = 2",
        Never,
        "the form of the profile; from 2 on a missing reason is an error",
    ),
    key(
        "profile.extends",
        "extends = [\"../university.toml\", \"international-programs\"]",
        Always,
        "profiles (names ending in `.toml`) and packs it rests on, later ones on top; paths start from the file. A pack of the board's own needs a reason, and so does `fields_only = true`",
    ),
    key(
        "profile.locale",
        "locale = \"es\"",
        Never,
        "the language of reports",
    ),
    key(
        "profile.dimensions",
        "dimensions = [\"ethics\", \"equity\"]",
        Never,
        "the order of dimensions; those not named come after",
    ),
    key(
        "profile.attestations_valid_for",
        "attestations_valid_for = 730",
        Never,
        "days for which a partner's word counts",
    ),
    key(
        "levels.good",
        "good = 75",
        UnlessStricter,
        "from how many whole points a dimension is good; without a scale",
    ),
    key(
        "levels.mixed",
        "mixed = 50",
        UnlessStricter,
        "from how many it is mixed; without a scale",
    ),
    key(
        "levels.scale",
        "scale = { absent = 0, weak = 25, sound = 50, strong = 75 }",
        Always,
        "levels of the board's own in place of `poor`, `mixed` and `good`: 2 to 9, from the worst on, each with the whole points from which a dimension has it. It stands as a whole; a later file replaces it as a whole",
    ),
    key(
        "levels.required",
        "required = \"sound\"",
        UnlessStricter,
        "the level that every dimension has to reach; otherwise `mixed`, or, with a scale, the level that holds 45 points",
    ),
    key(
        "levels.order",
        "order = \"best_first\"",
        Never,
        "how a range is written: `worst_first` as in “poor to mixed”, or `best_first`",
    ),
    key(
        "levels.reason",
        "reason = \"Decision 7\"",
        Never,
        "why, for every key of the table",
    ),
    key(
        "thresholds.DIMENSION",
        "ethics = 70",
        UnlessStricter,
        "under this many points a dimension asks for revision; otherwise under the level that is required",
    ),
    key(
        "weights.DIMENSION",
        "ethics = 0.4",
        Always,
        "weight of the dimension, where proposals are ranked",
    ),
    key(
        "words.WORD",
        "stop = \"Not in this form\"",
        Never,
        "the board's word for `proceed`, `revise`, `incomplete`, `stop`, or for a level (`good`, `mixed`, `poor`, or those of the scale); JSON keeps the code beside it",
    ),
    key(
        "obligations.WORD",
        "stop = \"The dean is told\"",
        Never,
        "what follows from a verdict, or from a level of any dimension: one text or several",
    ),
    key(
        "obligations.DIMENSION.LEVEL",
        "ethics.poor = [\"A visit to the host\"]",
        Never,
        "what follows from a level of one dimension",
    ),
    key(
        "dimensions.DIMENSION.title",
        "title = \"Fairness\"",
        Never,
        "what the board calls it",
    ),
    key(
        "dimensions.DIMENSION.numbers",
        "numbers = false",
        Never,
        "shows its level and no points",
    ),
    key(
        "dimensions.DIMENSION.not_judged",
        "not_judged = \"another committee does\"",
        Always,
        "why it may go unjudged; the text is the reason",
    ),
    key(
        "rules.RULE.enabled",
        "enabled = false",
        Always,
        "whether the rule takes part",
    ),
    key(
        "rules.RULE.severity",
        "severity = \"critical\"",
        UnlessStricter,
        "`critical`, `major`, `minor` or `info`",
    ),
    key(
        "rules.RULE.weight",
        "weight = 2",
        Always,
        "its weight in the dimension",
    ),
    key(
        "rules.RULE.gate",
        "gate = 0.3",
        UnlessStricter,
        "a critical rule at or under this degree stops the program",
    ),
    key(
        "rules.RULE.title",
        "title = \"Nobody works without a licence\"",
        Never,
        "the requirement in the board's words; of one rule only",
    ),
    key(
        "rules.RULE.waivable",
        "waivable = false",
        UnlessStricter,
        "whether it may be waived",
    ),
    key(
        "rules.RULE.params.NAME",
        "params = { aim = 8 }",
        UnlessStricter,
        "a parameter of the rule; its page says which way is stricter. `[{ value = 6 }, { value = 8, from = \"2027-01-01\" }]` holds from a day on",
    ),
    key(
        "rules.RULE.override",
        "override = \"Decision 8\"",
        Never,
        "the decision by which a rule is loosened that may not be waived",
    ),
    key(
        "rules.RULE.reason",
        "reason = \"Decision 7\"",
        Never,
        "why, for every key of the table",
    ),
    key(
        "waivers.rule",
        "rule = \"equity/language-balance\"",
        Never,
        "the rule that is waived; each waiver is a table `[[waivers]]`",
    ),
    key(
        "waivers.proposal",
        "proposal = \"nairobi-2027\"",
        Never,
        "the proposal's id, or `*`",
    ),
    key(
        "waivers.reason",
        "reason = \"the host asked for it\"",
        Always,
        "why",
    ),
    key(
        "waivers.by",
        "by = \"Decision 14\"",
        Always,
        "who decided it",
    ),
    key(
        "waivers.until",
        "until = \"2027-06-30\"",
        Always,
        "the last day on which it holds",
    ),
    key(
        "portfolio.budgets.TABLE",
        "tonnes = 120",
        Never,
        "what the sum of a table over many programs may be, by the id of the table that a pack declares",
    ),
    key(
        "plugins.PLUGIN.path",
        "path = \"plugins/libair.so\"",
        Always,
        "the library; none for a plugin that comes with the program",
    ),
    key(
        "plugins.PLUGIN.manifest",
        "manifest = \"plugins/air.json\"",
        Never,
        "the manifest, where it is not beside the library",
    ),
    key(
        "plugins.PLUGIN.isolation",
        "isolation = \"process\"",
        Never,
        "`process`, or `none`",
    ),
    key(
        "plugins.PLUGIN.enabled",
        "enabled = false",
        Always,
        "whether the plugin takes part",
    ),
    key(
        "plugins.PLUGIN.settings.NAME",
        "settings = { factor_set = \"DESNZ-2026\" }",
        Always,
        "a setting of the plugin",
    ),
    key(
        "plugins.PLUGIN.keys",
        "keys = [\"RWQ…\"]",
        Never,
        "keys whose signatures count",
    ),
    key(
        "plugins.PLUGIN.override",
        "override = \"Decision 8\"",
        Never,
        "the decision by which what a rule rests on is changed that may not be waived",
    ),
    key(
        "plugins.PLUGIN.reason",
        "reason = \"Decision 7\"",
        Never,
        "why, for every key of the table",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// The keys of the schema, with a word in capitals where any name may stand.
    fn keys(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
        let named = |name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        let below = schema.get("items").unwrap_or(schema);
        let properties = below.get("properties").and_then(Value::as_object);
        for (name, inner) in properties.into_iter().flatten() {
            keys(inner, &named(name), found);
        }
        match below.get("additionalProperties") {
            Some(Value::Object(inner)) => keys(&Value::Object(inner.clone()), &named("*"), found),
            _ if properties.is_none() => {
                found.insert(path.to_owned());
            }
            _ => {}
        }
    }

    #[test]
    fn every_key_of_the_schema_is_listed_and_no_other() {
        let schema: Value = serde_json::from_str(crate::profile::SCHEMA).unwrap();
        let mut known = BTreeSet::new();
        keys(&schema, "", &mut known);
        let star = |key: &str| -> String {
            let steps = key.split('.').map(|step| {
                let any = step.chars().all(|c| c.is_ascii_uppercase());
                if any { "*" } else { step }
            });
            steps.collect::<Vec<_>>().join(".")
        };
        let listed: BTreeSet<String> = KEYS.iter().map(|key| star(key.key)).collect();
        // Parameters, settings and what follows are read by the profile itself.
        let plain = |key: &String| {
            let key = key.as_str();
            match key {
                "rules.*.params" => "rules.*.params.*".to_owned(),
                "plugins.*.settings" => "plugins.*.settings.*".to_owned(),
                _ => key.to_owned(),
            }
        };
        let mut known: BTreeSet<String> = known.iter().map(plain).collect();
        known.insert("obligations.*.*".to_owned());
        assert_eq!(listed, known);
    }
}
