//! Receipts: digests and versions of everything that took part, all of it as canonical JSON of typed values.

use crate::rulebook::Rulebook;
use crate::settings::{Levels, Obligation, RuleSettings, Settings};
use crate::waiver::Waiver;
use crate::words::Words;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What took part, so that anybody can judge the same proposal again and get the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The engine's version.
    pub engine: String,
    /// SHA-256 of the proposal's canonical JSON.
    pub proposal: String,
    /// The day of the evaluation, where somebody said which it was.
    pub date: Option<String>,
    /// SHA-256 of every page, script, library, source list and schema, of the translations into the language of the
    /// scorecard, and of the settings, by name.
    pub files: BTreeMap<String, String>,
    /// Plugins by id: version, SHA-256, mode.
    pub plugins: BTreeMap<String, PluginReceipt>,
}

/// A plugin that took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginReceipt {
    /// Its version.
    pub version: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// `bundled`, `isolated` or `in-process`.
    pub mode: String,
    /// The key that signed it.
    pub signer: Option<String>,
}

/// The name under which the settings stand among the files of a receipt.
pub const SETTINGS: &str = "settings";

/// What the names of profiles begin with among the files of a receipt, where several took part.
pub const PROFILES: &str = "profile ";

impl Rulebook {
    /// What took part in judging a proposal.
    pub(crate) fn receipt(&self, proposal: &Value, words: &dyn Words) -> Receipt {
        let mut files = BTreeMap::new();
        for pack in self.packs() {
            for (path, bytes) in &pack.files {
                if !takes_part(path, words.tag()) {
                    continue;
                }
                let known = pack.digests.get(path).cloned();
                let digest = known.unwrap_or_else(|| digest(&[bytes]));
                files.insert(format!("{}/{path}", pack.folder), digest);
            }
        }
        let settings = canonical(&self.settings_in_force());
        files.insert(SETTINGS.to_owned(), digest(&[&settings]));
        for (name, digest) in &self.settings().profiles {
            files.insert(format!("{PROFILES}{name}"), digest.clone());
        }
        let plugins = self.manifests().map(|(manifest, origin)| {
            let receipt = PluginReceipt {
                version: manifest.version.clone(),
                sha256: origin.sha256.clone(),
                mode: origin.mode.to_owned(),
                signer: origin.signer.clone(),
            };
            (manifest.id.clone(), receipt)
        });
        Receipt {
            engine: crate::VERSION.to_owned(),
            proposal: digest(&[&canonical(&self.schema().with_ranges(proposal))]),
            date: self.settings().date.map(|date| date.to_string()),
            files,
            plugins: plugins.collect(),
        }
    }

    /// The settings as typed JSON, in the form of a profile: what differs from the program's own, and why packs are taken in. The
    /// day of the evaluation is no setting of a board, and stands beside them.
    pub fn settings_in_force(&self) -> Value {
        let mut value = self.settings().typed();
        let reasons = self.packs().iter().filter_map(|pack| {
            let reason = pack.reason.clone()?;
            Some((pack.folder.clone(), Value::from(reason)))
        });
        let reasons: Map<String, Value> = reasons.collect();
        put(&mut value, "packs", Value::Object(reasons));
        let bare = self.packs().iter().filter(|pack| pack.fields_only);
        let bare: Map<String, Value> = bare
            .map(|pack| {
                (
                    pack.folder.clone(),
                    json!(pack.overriding.as_deref().unwrap_or("")),
                )
            })
            .collect();
        put(&mut value, "fields_only", Value::Object(bare));
        Value::Object(value)
    }
}

impl Settings {
    fn typed(&self) -> Map<String, Value> {
        let own = Self::default();
        let mut value = Map::new();
        let name = (!self.name.is_empty()).then(|| json!(self.name));
        put(&mut value, "name", name.unwrap_or_default());
        if self.levels != own.levels {
            put(&mut value, "levels", levels(&self.levels));
        }
        put(&mut value, "thresholds", json!(self.thresholds));
        put(&mut value, "not_judged", json!(self.not_judged));
        put(&mut value, "weights", json!(self.weights));
        put(&mut value, "dimensions", json!(self.order));
        put(&mut value, "titles", json!(self.names.dimensions));
        put(&mut value, "no_numbers", json!(self.hidden));
        put(&mut value, "words", json!(self.names.words));
        let order = self.names.best_first.then_some("best_first");
        put(&mut value, "order", json!(order));
        let obligations = self.obligations.iter().map(obligation);
        put(
            &mut value,
            "obligations",
            Value::Array(obligations.collect()),
        );
        put(&mut value, "reasons", json!(self.reasons));
        let rules = self.rules.iter();
        let rules = rules.map(|(id, own)| (id.clone(), Value::Object(rule(own))));
        put(&mut value, "rules", Value::Object(rules.collect()));
        put(&mut value, "plugins", json!(self.plugins));
        put(
            &mut value,
            "attestations_valid_for",
            json!(self.attestations_valid_for),
        );
        let waivers = self.waivers.iter().map(waiver);
        put(&mut value, "waivers", Value::Array(waivers.collect()));
        value
    }
}

fn rule(own: &RuleSettings) -> Map<String, Value> {
    let mut value = Map::new();
    put(&mut value, "disabled", json!(own.disabled));
    put(&mut value, "left_out", json!(own.left_out.then_some(true)));
    put(&mut value, "weight", json!(own.weight));
    put(&mut value, "gate", json!(own.gate));
    put(
        &mut value,
        "severity",
        json!(own.severity.map(crate::rule::Severity::word)),
    );
    put(&mut value, "title", json!(own.title));
    put(&mut value, "waivable", json!(own.waivable));
    put(&mut value, "override", json!(own.overriding));
    put(&mut value, "params", json!(own.params));
    value
}

/// The program's levels as their bounds, a scale from the worst level on, and what is required with its points.
fn levels(levels: &Levels) -> Value {
    let mut value = Map::new();
    if levels.is_own() {
        let steps = levels.steps().iter();
        let steps = steps.map(|step| json!({ "level": step.level.word(), "from": step.from }));
        put(&mut value, "scale", Value::Array(steps.collect()));
    } else {
        for step in levels.steps().iter().skip(1) {
            put(&mut value, step.level.word(), json!(step.from));
        }
    }
    if let Some(step) = levels.stated() {
        let required = json!({ "level": step.level.word(), "from": step.from });
        put(&mut value, "required", required);
    }
    Value::Object(value)
}

fn obligation(obligation: &Obligation) -> Value {
    let cause = obligation.cause.path().join(".");
    json!({ "from": cause, "text": obligation.text })
}

fn waiver(waiver: &Waiver) -> Value {
    json!({
        "rule": waiver.rule,
        "proposal": waiver.proposal,
        "reason": waiver.reason,
        "by": waiver.by,
        "until": waiver.until.to_string(),
    })
}

/// Puts a value under a name, unless there is nothing in it.
fn put(map: &mut Map<String, Value>, name: &str, value: Value) {
    let empty = match &value {
        Value::Null => true,
        Value::Object(inner) => inner.is_empty(),
        Value::Array(inner) => inner.is_empty(),
        _ => false,
    };
    if !empty {
        map.insert(name.to_owned(), value);
    }
}

/// Whether a file of a pack has a part in what comes out in a language.
pub fn takes_part(path: &str, language: &str) -> bool {
    if let Some(rest) = path.strip_prefix("locales/") {
        let own = rest.split(['/', '.']).next().unwrap_or_default();
        // What a regional form of a language does not say, the language itself says, and else the pack's English.
        return own == "en" || language == own || language.split('-').next() == Some(own);
    }
    !is_aside(path)
}

/// Whether a file of a pack is for those who write rules or begin proposals, and for nobody who judges.
pub fn is_aside(path: &str) -> bool {
    path.starts_with("bases/") || path.starts_with("kinds/")
}

/// The canonical JSON of a value, as RFC 8785 lays it down.
pub fn canonical(value: &Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

/// SHA-256 of some parts, in hexadecimal.
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Format};
    use crate::profile::Profile;

    fn settings(text: &str) -> Settings {
        let document = Document::parse("p.toml", text.as_bytes(), Format::Toml).unwrap();
        Profile::read(document).unwrap().settings
    }

    #[test]
    fn the_programs_own_settings_are_nothing_and_each_other_is_something_else() {
        assert_eq!(Value::Object(Settings::default().typed()), json!({}));
        let rule = "[rules.\"ethics/x\"]\n";
        let texts = [
            "[profile]\nname = \"x\"\n".to_owned(),
            "[profile]\nattestations_valid_for = 3\n".to_owned(),
            "[levels]\ngood = 75\n".to_owned(),
            "[levels]\nmixed = 50\n".to_owned(),
            "[levels]\nrequired = \"mixed\"\n".to_owned(),
            "[levels]\nrequired = \"good\"\n".to_owned(),
            "[levels.scale]\nno = 0\nyes = 50\n".to_owned(),
            "[levels.scale]\nno = 0\nyes = 51\n".to_owned(),
            "[levels.scale]\nno = 0\nyea = 51\n".to_owned(),
            "[levels]\nscale = { no = 0, yes = 51 }\nrequired = \"yes\"\n".to_owned(),
            "[thresholds]\nethics = 50\n".to_owned(),
            "[thresholds]\nethics = { value = 50, reason = \"r\" }\n".to_owned(),
            "[dimensions.ethics]\nnot_judged = \"r\"\n".to_owned(),
            "[dimensions.ethics]\ntitle = \"r\"\n".to_owned(),
            "[dimensions.ethics]\nnumbers = false\n".to_owned(),
            "[profile]\ndimensions = [\"ethics\"]\n".to_owned(),
            "[weights]\nethics = 2\n".to_owned(),
            "[words]\nstop = \"r\"\n".to_owned(),
            "[words]\npoor = \"r\"\n".to_owned(),
            "[levels]\norder = \"best_first\"\n".to_owned(),
            "[obligations]\nstop = \"r\"\n".to_owned(),
            "[obligations]\npoor = \"r\"\n".to_owned(),
            "[obligations.ethics]\npoor = \"r\"\n".to_owned(),
            format!("{rule}weight = 1\n"),
            format!("{rule}gate = 1\n"),
            format!("{rule}severity = \"major\"\n"),
            format!("{rule}title = \"t\"\n"),
            format!("{rule}waivable = false\n"),
            format!("{rule}waivable = true\n"),
            format!("{rule}override = \"d\"\n"),
            format!("{rule}params = {{ a = 0.6 }}\n"),
            format!("{rule}params = {{ a = 0.3 }}\n"),
            format!("{rule}params = {{ a = \"0.3\" }}\n"),
            format!("{rule}enabled = false\nreason = \"r\"\n"),
            "[plugins.climate]\nsettings = { factor_set = \"a\" }\n".to_owned(),
            "[plugins.climate]\nsettings = { factor_set = \"b\" }\n".to_owned(),
            "[[waivers]]\nrule = \"a\"\nproposal = \"b\"\nreason = \"c\"\nby = \"d\"\nuntil = \"e\"\n"
                .to_owned(),
        ];
        let mut seen: Vec<Vec<u8>> = texts
            .iter()
            .map(|text| canonical(&Value::Object(settings(text).typed())))
            .collect();
        seen.push(b"{}".to_vec());
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "{seen:?}");
    }

    #[test]
    fn the_form_of_a_profile_does_not_matter() {
        let one = settings("[levels]\ngood = 75\n[thresholds]\nethics = 60.0\n");
        let other = settings("# ours\n[thresholds]\nethics = 60\n\n[levels]\ngood = 75.0\n");
        assert_eq!(
            canonical(&Value::Object(one.typed())),
            canonical(&Value::Object(other.typed()))
        );
    }

    #[test]
    fn translations_take_part_where_they_are_shown() {
        for (path, language, expected) in [
            ("locales/es.toml", "es", true),
            ("locales/es/rules.toml", "es-AR", true),
            ("locales/es-AR/rules.toml", "es-AR", true),
            ("locales/es/rules.toml", "en", false),
            ("locales/en.toml", "es", true),
            ("locales/fr/rules.toml", "es", false),
            ("bases/usual.yaml", "en", false),
            ("kinds/elective.yaml", "en", false),
            ("ethics/x.md", "en", true),
        ] {
            assert_eq!(takes_part(path, language), expected, "{path} {language}");
        }
    }
}
