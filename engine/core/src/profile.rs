//! A board's own settings: `evenhand.toml`, read first as written, then resolved against the rulebook it is for.

use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::rulebook::{Rule, Rulebook};
use crate::schema::Schema;
use crate::settings::{Levels, RuleSettings, Settings};
use evenhand_document::schemas::{builtin_schema, validate_builtin};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A profile as written, with everything in its place but nothing yet known of rules and dimensions.
#[derive(Debug, Clone)]
pub struct Profile {
    /// What it sets.
    pub settings: Settings,
    /// Packs by name or path, later ones on top.
    pub extends: Vec<String>,
    /// The language of reports.
    pub locale: Option<String>,
    /// Plugins it names, by id.
    pub plugins: BTreeMap<String, PluginEntry>,
    document: Document,
}

/// A plugin as a profile names it.
#[derive(Debug, Clone, PartialEq)]
pub struct PluginEntry {
    /// The library, relative to the profile; none for a bundled plugin that is only set up.
    pub path: Option<String>,
    /// The manifest, where it does not stand beside the library.
    pub manifest: Option<String>,
    /// Whether it runs in a process of its own.
    pub isolated: bool,
    /// Why it is turned off, if it is.
    pub disabled: Option<String>,
    /// Its settings.
    pub settings: Map<String, Value>,
    /// Keys whose signatures count.
    pub keys: Vec<String>,
}

static PROFILE: LazyLock<Option<Schema>> =
    LazyLock::new(|| builtin_schema(include_str!("schemas/profile.json")));

/// The pack that is built in.
pub const CORE_PACK: &str = "international-programs";

impl Profile {
    /// Reads a profile; everything wrong with its form comes back at once.
    pub fn read(document: Document) -> Result<Self, Vec<Problem>> {
        let mut problems = validate_builtin(PROFILE.as_ref(), &document);
        let value = document.value();
        let section = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default()
        };
        let profile = section("profile");
        let number = |key: &str| {
            value
                .get("levels")
                .and_then(|levels| levels.get(key))
                .and_then(Value::as_f64)
        };
        let usual = Settings::default();
        let levels = Levels {
            good: number("good").unwrap_or(usual.levels.good),
            mixed: number("mixed").unwrap_or(usual.levels.mixed),
        };
        if levels.mixed > levels.good {
            let problem =
                Problem::error("`mixed` lies above `good`").expected("mixed at or under good");
            problems
                .push(document.problem_at(&Pointer::root().key("levels").key("mixed"), problem));
        }
        for (kind, entries) in [("rules", section("rules")), ("plugins", section("plugins"))] {
            for (id, entry) in &entries {
                let off = entry.get("enabled") == Some(&Value::Bool(false));
                let reason = entry
                    .get("reason")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                if off && reason.trim().is_empty() {
                    let problem = Problem::error(format!("`{id}` is turned off without a reason"))
                        .expected("`reason = \"…\"`, which every report shows");
                    problems.push(document.problem_at(&Pointer::root().key(kind).key(id), problem));
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let text = |key: &str| profile.get(key).and_then(Value::as_str).map(str::to_owned);
        let extends = profile.get("extends").and_then(Value::as_array);
        let extends = extends.map_or_else(|| vec![CORE_PACK.to_owned()], |list| texts(list));
        Ok(Self {
            settings: Settings {
                name: text("name").unwrap_or_default(),
                levels,
                thresholds: section("thresholds")
                    .into_iter()
                    .filter_map(|(id, points)| Some((id, points.as_f64()?)))
                    .collect(),
                rules: section("rules")
                    .into_iter()
                    .map(|(id, entry)| (id, rule(&entry)))
                    .collect(),
            },
            extends,
            locale: text("locale"),
            plugins: section("plugins")
                .into_iter()
                .map(|(id, entry)| (id, plugin(&entry)))
                .collect(),
            document,
        })
    }

    /// Everything that does not fit the rulebook: rules, parameters and dimensions that do not exist, values out of
    /// range.
    pub fn check(&self, book: &Rulebook) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut report = |at: &Pointer, problem: Problem, key: bool| {
            problems.push(if key {
                self.document.problem_at_key(at, problem)
            } else {
                self.document.problem_at(at, problem)
            });
        };
        let dimensions = || {
            book.info()
                .dimensions
                .iter()
                .map(|dimension| dimension.id.as_str())
        };
        for id in self
            .settings
            .thresholds
            .keys()
            .filter(|id| !dimensions().any(|known| known == **id))
        {
            let problem = Problem::error(format!("`{id}` is not a dimension"))
                .suggest_maybe(did_you_mean(id, dimensions()));
            report(&Pointer::root().key("thresholds").key(id), problem, true);
        }
        for (id, own) in &self.settings.rules {
            let at = Pointer::root().key("rules").key(id);
            if book.has_plugin_rule(id) {
                continue;
            }
            let rule = match book.rule(id) {
                Ok(rule) => rule,
                Err(problem) => {
                    report(&at, problem, true);
                    continue;
                }
            };
            if let Some(problem) = self.turned_down(id, own, rule) {
                report(&at.key("weight"), problem, false);
            }
            for (name, value) in &own.params {
                let at = at.key("params").key(name);
                let known = || rule.page.params.iter();
                if let Some(param) = known().find(|param| param.name == *name) {
                    if let Some(problem) = param.refuses(value) {
                        report(&at, problem, false);
                    }
                } else {
                    let names = known().map(|param| param.name.as_str());
                    let problem = Problem::error(format!("`{name}` is not a parameter of `{id}`"))
                        .suggest_maybe(did_you_mean(name, names));
                    report(&at, problem, true);
                }
            }
        }
        problems
    }

    /// Turning a rule down hides as much as turning it off, and needs a reason as well.
    fn turned_down(&self, id: &str, own: &RuleSettings, rule: &Rule) -> Option<Problem> {
        let page = &rule.page;
        let usual = page.weight.unwrap_or_else(|| page.severity.weight());
        let less = own.weight.filter(|weight| *weight < usual)?;
        let reason = Pointer::root().key("rules").key(id).key("reason");
        let reason = self.document.value().pointer(reason.as_str());
        let given = reason
            .and_then(Value::as_str)
            .is_some_and(|reason| !reason.trim().is_empty());
        let number = crate::text::number;
        (!given).then(|| {
            Problem::error(format!(
                "`{id}` counts {} in place of {} without a reason",
                number(less),
                number(usual)
            ))
            .expected("`reason = \"…\"`")
        })
    }

    /// The text of the profile, for showing its lines.
    pub fn document(&self) -> &Document {
        &self.document
    }
}

fn texts(list: &[Value]) -> Vec<String> {
    list.iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn off(entry: &Value) -> Option<String> {
    let reason = entry
        .get("reason")
        .and_then(Value::as_str)
        .unwrap_or_default();
    (entry.get("enabled") == Some(&Value::Bool(false))).then(|| reason.to_owned())
}

fn rule(entry: &Value) -> RuleSettings {
    let params = entry
        .get("params")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    RuleSettings {
        disabled: off(entry),
        weight: entry.get("weight").and_then(Value::as_f64),
        params: params.into_iter().collect(),
    }
}

fn plugin(entry: &Value) -> PluginEntry {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    PluginEntry {
        path: text("path"),
        manifest: text("manifest"),
        isolated: text("isolation").as_deref() != Some("none"),
        disabled: off(entry),
        settings: entry
            .get("settings")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        keys: entry
            .get("keys")
            .and_then(Value::as_array)
            .map(|list| texts(list))
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;

    fn problems(text: &str) -> Vec<String> {
        let document = Document::parse("evenhand.toml", text.as_bytes(), Format::Toml).unwrap();
        Profile::read(document)
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// What does not fit a small pack with one rule, `ethics/long-stay`.
    fn misfits(text: &str) -> Vec<String> {
        let document = Document::parse("evenhand.toml", text.as_bytes(), Format::Toml).unwrap();
        let profile = Profile::read(document).unwrap();
        let book = crate::sample::book(&[]);
        let problems = profile.check(&book);
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_does_not_fit_the_rulebook_is_named_at_once() {
        assert_eq!(
            misfits(
                "[thresholds]\nethic = 70\n[rules.\"ethics/long-stays\"]\nweight = 1\n\
                 [rules.\"ethics/long-stay\"]\nparams = { lest = 3, least = \"many\" }\n"
            ),
            [
                "evenhand.toml:2:1: `ethic` is not a dimension; did you mean `ethics`?",
                "evenhand.toml:6:30: parameter `least` is text; expected a number",
                "evenhand.toml:6:12: `lest` is not a parameter of `ethics/long-stay`; did you mean `least`?",
                "evenhand.toml:3:8: `ethics/long-stays` is not a rule; expected an id such as `ethics/scope-of-practice`; `evenhand rules list` shows all; did you mean `ethics/long-stay`?",
            ]
        );
        assert_eq!(
            misfits(
                "[thresholds]\nethics = 70\n[rules.\"ethics/long-stay\"]\nparams = { least = 3 }\n"
            ),
            [""; 0]
        );
    }

    #[test]
    fn turning_a_rule_down_needs_a_reason_too() {
        let rule = "[rules.\"ethics/long-stay\"]\n";
        assert_eq!(
            misfits(&format!("{rule}weight = 0.5\n")),
            [
                "evenhand.toml:2:10: `ethics/long-stay` counts 0.5 in place of 3 without a reason; expected `reason = \"…\"`"
            ]
        );
        for fine in [
            "weight = 3\n",
            "weight = 4\n",
            "weight = 0\nreason = \"Not ours to ask\"\n",
        ] {
            assert_eq!(misfits(&format!("{rule}{fine}")), [""; 0], "{fine}");
        }
    }

    #[test]
    fn turning_a_rule_off_needs_a_reason() {
        let text = "[rules.\"ethics/x\"]\nenabled = false\n";
        assert_eq!(
            problems(text),
            [
                "evenhand.toml:1:1: `ethics/x` is turned off without a reason; expected `reason = \"…\"`, which every report shows"
            ]
        );
        assert!(
            problems("[rules.\"ethics/x\"]\nenabled = false\nreason = \"the levy covers it\"\n")
                .is_empty()
        );
    }

    #[test]
    fn every_misspelt_key_is_named_at_once() {
        let found = problems("[profil]\nname = \"x\"\n[levels]\ngod = 70\nmixed = 90\n");
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains("did you mean `profile`?"), "{found:?}");
        assert!(found[1].contains("did you mean `good`?"), "{found:?}");
        assert!(found[2].contains("`mixed` lies above `good`"), "{found:?}");
    }
}
