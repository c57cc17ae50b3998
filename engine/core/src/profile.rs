//! A board's own settings: `evenhand.toml`, read first as written, then resolved against the rulebook it is for.

mod check;
mod entry;
mod points;
mod reasons;
mod waivers;

use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::schema::Schema;
use crate::settings::{Levels, RuleSettings, Settings};
use evenhand_document::schemas::{builtin_schema, validate_builtin};
use reasons::Plain;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A profile as written, with everything in its place but nothing yet known of rules and dimensions.
#[derive(Debug, Clone)]
pub struct Profile {
    /// What it sets.
    pub settings: Settings,
    /// The version of its form; 1 from before reasons were asked for, when a missing one is a warning.
    pub version: u64,
    /// Packs by name or path, later ones on top.
    pub extends: Vec<String>,
    /// Why it takes in a pack, by the name in `extends`.
    pub pack_reasons: BTreeMap<String, String>,
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
    /// Why it is set as it is: the entry's reason, by an empty key, and those of single settings.
    pub reasons: BTreeMap<String, String>,
    /// The decision by which it changes what a rule rests on that may not be waived.
    pub overriding: Option<String>,
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
        let plain = Plain::of(document.value());
        let section = |name: &str| plain.section(name);
        let profile = section("profile");
        let (levels, thresholds) = all_points(&document, &plain, &mut problems);
        let not_judged = not_judged(&document, &plain, &mut problems);
        problems.extend(disabled_without_reason(&document, &plain));
        let rules: BTreeMap<String, RuleSettings> = section("rules")
            .iter()
            .filter_map(|(id, entry)| {
                let entry = entry.as_object()?;
                Some((id.clone(), entry::read(&document, id, entry, &mut problems)))
            })
            .collect();
        let extends = extends(&document, &mut problems);
        let waivers = waivers::read(&document, &mut problems);
        let valid_for = valid_for(&document, &profile, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let text = |key: &str| profile.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut reasons = plain.reasons.clone();
        reasons.retain(|at, _| !at.starts_with("/plugins/"));
        Ok(Self {
            settings: Settings {
                name: text("name").unwrap_or_default(),
                levels,
                thresholds,
                not_judged,
                rules,
                reasons,
                waivers,
                plugins: plugin_settings(&plain),
                attestations_valid_for: valid_for,
                date: None,
            },
            version: profile.get("version").and_then(Value::as_u64).unwrap_or(1),
            pack_reasons: extends
                .iter()
                .filter_map(|(name, reason)| Some((name.clone(), reason.clone()?)))
                .collect(),
            extends: extends.into_iter().map(|(name, _)| name).collect(),
            locale: text("locale"),
            plugins: section("plugins")
                .into_iter()
                .map(|(id, entry)| {
                    let reasons = plugin_reasons(&plain.reasons, &id);
                    (id, plugin(&entry, reasons))
                })
                .collect(),
            document,
        })
    }

    /// The text of the profile, for showing its lines.
    pub fn document(&self) -> &Document {
        &self.document
    }
}

/// The limits of levels, and the thresholds of dimensions.
fn all_points(
    document: &Document,
    plain: &Plain,
    problems: &mut Vec<Problem>,
) -> (Levels, BTreeMap<String, f64>) {
    let mut number = |section: &str, key: &str| {
        let at = Pointer::root().key(section).key(key);
        let at = reasons::value_at(document.value(), &at);
        match points::read(document, &at)? {
            Ok(points) => Some(points),
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    };
    let program = Settings::default().levels;
    let levels = Levels {
        good: number("levels", "good").unwrap_or(program.good),
        mixed: number("levels", "mixed").unwrap_or(program.mixed),
    };
    let mut thresholds = BTreeMap::new();
    for id in plain.section("thresholds").keys() {
        if let Some(points) = number("thresholds", id) {
            thresholds.insert(id.clone(), points);
        }
    }
    if levels.mixed > levels.good {
        let problem =
            Problem::error("`mixed` lies above `good`").expected("mixed at or under good");
        problems.push(document.problem_at(&Pointer::root().key("levels").key("mixed"), problem));
    }
    (levels, thresholds)
}

/// The settings of plugins that have any.
fn plugin_settings(plain: &Plain) -> BTreeMap<String, Map<String, Value>> {
    let plugins = plain.section("plugins").into_iter();
    plugins
        .filter_map(|(id, entry)| {
            let settings = entry.get("settings")?.as_object()?.clone();
            (!settings.is_empty()).then_some((id, settings))
        })
        .collect()
}

/// For how many days attestations count.
fn valid_for(
    document: &Document,
    profile: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<u32> {
    const KEY: &str = "attestations_valid_for";
    let value = profile.get(KEY).filter(|value| !value.is_null())?;
    let days = value.as_u64().and_then(|days| u32::try_from(days).ok());
    if days.is_none_or(|days| days == 0) {
        let at = Pointer::root().key("profile").key(KEY);
        let shown = crate::text::shorten(&value.to_string(), 40);
        let problem = Problem::error(format!("`profile.{KEY}` is {shown}"))
            .expected("a whole number of days from 1, such as 730");
        problems.push(document.problem_at(&at, problem));
    }
    days
}

/// The dimensions that may go unjudged, each with the reason.
fn not_judged(
    document: &Document,
    plain: &Plain,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let mut reasons = BTreeMap::new();
    for (id, entry) in plain.section("dimensions") {
        let Some(reason) = entry.get("not_judged").and_then(Value::as_str) else {
            continue;
        };
        if reason.trim().is_empty() {
            let at = Pointer::root().key("dimensions").key(&id).key("not_judged");
            let problem = Problem::error(format!("`{id}` is left unjudged without a reason"))
                .expected("a reason, which stands at the top of every report");
            problems.push(document.problem_at(&at, problem));
        }
        reasons.insert(id, reason.trim().to_owned());
    }
    reasons
}

fn disabled_without_reason(document: &Document, plain: &Plain) -> Vec<Problem> {
    let mut problems = Vec::new();
    for kind in ["rules", "plugins"] {
        for (id, entry) in &plain.section(kind) {
            if off(entry).is_some_and(|reason| reason.trim().is_empty()) {
                let problem = Problem::error(format!("`{id}` is disabled without a reason"))
                    .expected("`reason = \"…\"`, which every report shows");
                problems.push(document.problem_at(&Pointer::root().key(kind).key(id), problem));
            }
        }
    }
    problems
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

/// The packs a profile names, each with its reason where it gives one.
fn extends(document: &Document, problems: &mut Vec<Problem>) -> Vec<(String, Option<String>)> {
    let at = Pointer::root().key("profile").key("extends");
    let Some(list) = at.of(document.value()).and_then(Value::as_array) else {
        return vec![(CORE_PACK.to_owned(), None)];
    };
    let mut packs = Vec::new();
    for (index, item) in list.iter().enumerate() {
        let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::trim);
        let table = item.as_object();
        let fits = table.is_none_or(|table| {
            table.keys().all(|key| key == "pack" || key == "reason") && text("pack").is_some()
        });
        match item.as_str().or_else(|| text("pack")) {
            Some(name) if fits => {
                let reason = text("reason").filter(|reason| !reason.is_empty());
                packs.push((name.to_owned(), reason.map(str::to_owned)));
            }
            _ => {
                let problem =
                    Problem::error(format!("number {} of `extends` names no pack", index + 1))
                        .expected("a name or a path, or `{ pack = \"…\", reason = \"…\" }`");
                problems.push(document.problem_at(&at.index(index), problem));
            }
        }
    }
    packs
}

/// The reasons of a plugin's entry, by the name of a setting; the entry's own by an empty name.
fn plugin_reasons(reasons: &BTreeMap<String, String>, id: &str) -> BTreeMap<String, String> {
    let at = Pointer::root().key("plugins").key(id);
    let settings = at.key("settings");
    let own = |path: &String| {
        if path == at.as_str() || path == settings.as_str() {
            return Some(String::new());
        }
        let key = path.strip_prefix(settings.as_str())?.strip_prefix('/')?;
        Some(key.to_owned())
    };
    let found = reasons.iter();
    found
        .filter_map(|(path, reason)| Some((own(path)?, reason.clone())))
        .collect()
}

fn plugin(entry: &Value, reasons: BTreeMap<String, String>) -> PluginEntry {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    PluginEntry {
        path: text("path"),
        manifest: text("manifest"),
        isolated: text("isolation").as_deref() != Some("none"),
        disabled: off(entry),
        overriding: text("override").filter(|text| !text.trim().is_empty()),
        reasons,
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
                "evenhand.toml:3:8: `ethics/long-stays` is not a rule; expected an id such as `ethics/scope-of-practice`; `evenhand rules list` shows all; did you mean `ethics/long-stay`?",
                "evenhand.toml:6:12: `lest` is not a parameter of `ethics/long-stay`; did you mean `least`?",
                "evenhand.toml:6:30: parameter `least` is text; expected a number",
                "evenhand.toml:6:30: `rules.ethics/long-stay.params.least` is many in place of 8 without a reason; expected `reason = \"…\"` in the table, or `{ value = …, reason = \"…\" }`; every report says so at the top until there is one",
            ]
        );
        assert_eq!(
            misfits(
                "[thresholds]\nethics = 70\n[rules.\"ethics/long-stay\"]\nparams = { least = 3 }\nreason = \"x\"\n"
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
                "evenhand.toml:2:10: `rules.ethics/long-stay.weight` is 0.5 in place of 3 without a reason; expected `reason = \"…\"` in the table, or `{ value = …, reason = \"…\" }`"
            ]
        );
        for fine in [
            "weight = 3\n",
            "weight = { value = 4, reason = \"It matters here\" }\n",
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
                "evenhand.toml:1:1: `ethics/x` is disabled without a reason; expected `reason = \"…\"`, which every report shows"
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
