//! Every value that is in force, and where it comes from.

use super::{Origin, Profile};
use crate::pointer::Pointer;
use crate::rule::page::PageKind;
use crate::rulebook::Rulebook;
use crate::settings::{RuleSettings, Settings, VERDICTS};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A value that is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// Its key, as a profile would set it.
    pub path: Vec<String>,
    /// The value; null where there is none.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
    /// Why a board set it, where it says so.
    pub reason: Option<String>,
}

/// Every value that a profile may set, as it is in force in a rulebook: of the board as a whole, of each dimension, of each
/// rule in the order of the rulebook, of each plugin, and each waiver.
pub fn effective(book: &Rulebook, profile: Option<&Profile>) -> Vec<Effective> {
    let named = profile.map(|profile| profile.named_in(book));
    let mut list = List {
        book,
        profile: named.as_ref(),
        found: Vec::new(),
    };
    list.board();
    list.dimensions();
    list.words();
    for rule in book.rules().iter().filter(|rule| !rule.is_check()) {
        list.rule(rule);
    }
    list.plugin_rules();
    list.plugins();
    list.waivers();
    list.budgets();
    list.found
}

struct List<'a> {
    book: &'a Rulebook,
    profile: Option<&'a Profile>,
    found: Vec<Effective>,
}

impl<'a> List<'a> {
    fn settings(&self) -> &'a Settings {
        self.book.settings()
    }

    /// A value that a profile may have set, and where it comes from otherwise.
    fn push(&mut self, path: &[&str], value: Value, otherwise: Origin) {
        let own = self.profile.and_then(|profile| profile.origin(path));
        let at = path.iter().fold(Pointer::root(), |at, step| at.key(step));
        let reason = match path {
            ["rules", id, "enabled"] => {
                let own = self.settings().rules.get(*id);
                own.and_then(|own| own.disabled.clone())
            }
            ["levels", "scale", _] => self.settings().reasons.get("/levels/scale").cloned(),
            _ => self.settings().reasons.get(at.as_str()).cloned(),
        };
        self.found.push(Effective {
            path: path.iter().map(|step| (*step).to_owned()).collect(),
            value,
            origin: own.unwrap_or(otherwise),
            reason,
        });
    }

    fn board(&mut self) {
        let settings = self.settings();
        let program = || Origin::Program;
        self.push(&["profile", "name"], json!(settings.name), program());
        let locale = self.profile.and_then(|profile| profile.locale.clone());
        let locale = locale.unwrap_or_else(|| "en".to_owned());
        self.push(&["profile", "locale"], json!(locale), program());
        let packs = self.book.packs().iter();
        let packs: Vec<Value> = packs
            .map(|pack| {
                let mut value = json!({ "pack": pack.folder });
                if let Some(table) = value.as_object_mut() {
                    table.extend(
                        pack.reason
                            .clone()
                            .map(|why| ("reason".to_owned(), json!(why))),
                    );
                    let bare = pack
                        .fields_only
                        .then(|| ("fields_only".to_owned(), json!(true)));
                    table.extend(bare);
                }
                value
            })
            .collect();
        self.push(&["profile", "extends"], json!(packs), program());
        let days = json!(settings.attestations_valid_for);
        self.push(&["profile", "attestations_valid_for"], days, program());
        let order: Vec<&str> = self
            .book
            .info()
            .dimensions
            .iter()
            .map(|one| one.id.as_str())
            .collect();
        self.push(&["profile", "dimensions"], json!(order), program());
        self.levels();
        let order = if settings.names.best_first {
            "best_first"
        } else {
            "worst_first"
        };
        self.push(&["levels", "order"], json!(order), program());
    }

    fn levels(&mut self) {
        let levels = &self.settings().levels;
        let program = || Origin::Program;
        if levels.is_own() {
            let own = self.profile;
            let whole = own.and_then(|profile| profile.origin(&["levels", "scale"]));
            for step in levels.steps() {
                let from = whole.clone().unwrap_or_else(program);
                let path = ["levels", "scale", step.level.word()];
                self.push(&path, json!(step.from), from);
            }
        } else {
            for step in levels.steps().iter().skip(1).rev() {
                let path = ["levels", step.level.word()];
                self.push(&path, json!(step.from), program());
            }
        }
        let required = levels.required();
        self.push(&["levels", "required"], json!(required.word()), program());
    }

    fn dimensions(&mut self) {
        let settings = self.settings();
        let owners = dimension_packs(self.book);
        for dimension in &self.book.info().dimensions {
            let id = dimension.id.as_str();
            let pack = owners.get(id).cloned().unwrap_or_default();
            let of_pack = || Origin::Pack(pack.clone());
            let program = || Origin::Program;
            self.push(
                &["dimensions", id, "title"],
                json!(dimension.title),
                of_pack(),
            );
            // Where the board has none for it, the threshold is that of the level that is required.
            let required = self.profile.and_then(|profile| {
                let mixed = || profile.origin(&["levels", "mixed"]);
                profile.origin(&["levels", "required"]).or_else(mixed)
            });
            self.push(
                &["thresholds", id],
                json!(settings.threshold(id)),
                required.unwrap_or_else(program),
            );
            self.push(&["weights", id], json!(dimension.weight), of_pack());
            let shown = !settings.hidden.contains(id);
            self.push(&["dimensions", id, "numbers"], json!(shown), program());
            let not_judged = settings.not_judged.get(id);
            self.push(
                &["dimensions", id, "not_judged"],
                json!(not_judged),
                program(),
            );
        }
    }

    fn words(&mut self) {
        let settings = self.settings();
        let levels = settings.levels.steps().iter().rev();
        for code in VERDICTS
            .into_iter()
            .chain(levels.map(|step| step.level.word()))
        {
            let word = settings.names.words.get(code).map_or(code, String::as_str);
            self.push(&["words", code], json!(word), Origin::Program);
        }
        for obligation in &settings.obligations {
            let path = obligation.cause.path();
            let path: Vec<&str> = std::iter::once("obligations")
                .chain(path.iter().map(String::as_str))
                .collect();
            self.push(&path, json!(obligation.text), Origin::Program);
        }
    }

    fn rule(&mut self, rule: &crate::rulebook::Rule) {
        let id = rule.page.id.as_str();
        let pack = self.book.pack_of(id).unwrap_or_default().to_owned();
        let of_pack = || Origin::Pack(pack.clone());
        let here = |key: &'static str| ["rules", id, key];
        self.push(&here("title"), json!(rule.page.title), of_pack());
        self.push(&here("enabled"), json!(rule.disabled.is_none()), of_pack());
        if rule.page.kind == PageKind::Rule {
            self.push(&here("severity"), json!(rule.severity().word()), of_pack());
            self.push(&here("weight"), json!(rule.weight()), of_pack());
            self.push(&here("gate"), json!(rule.gate()), of_pack());
            let waivable = self.book.may_be_waived(id);
            self.push(&here("waivable"), json!(waivable), of_pack());
        }
        for param in &rule.page.params {
            let value = rule.params.get(&param.name).cloned().unwrap_or_default();
            let path = ["rules", id, "params", &param.name];
            self.push(&path, value, of_pack());
            let today = self.settings().date;
            let own = self.settings().entries.iter().rev();
            let mut own = own.filter(|entry| entry.fits(id));
            let set = own.find_map(|entry| entry.dated.get(&param.name));
            for row in set.unwrap_or(&param.dated) {
                if let Some(from) = row.from.filter(|from| Some(*from) > today) {
                    let from = format!("from {from}");
                    let path = ["rules", id, "params", &param.name, &from];
                    self.push(&path, row.value.clone(), of_pack());
                    let own = self.profile.and_then(|profile| profile.origin(&path[..4]));
                    if let Some(last) = self.found.last_mut() {
                        last.origin = own.unwrap_or_else(of_pack);
                        last.reason.clone_from(&row.reason);
                    }
                }
            }
        }
    }

    /// Rules of plugins, of which only is known what a board sets.
    fn plugin_rules(&mut self) {
        let none = RuleSettings::default();
        let ids = self.book.rule_ids();
        let plugins: Vec<(String, String)> = self
            .book
            .manifests()
            .flat_map(|(manifest, _)| {
                let rules = manifest.rules.iter();
                rules.map(|rule| (manifest.id.clone(), rule.id.clone()))
            })
            .filter(|(_, id)| ids.contains(id))
            .collect();
        for (plugin, id) in plugins {
            let own = self.settings().rules.get(&id).unwrap_or(&none);
            let of_plugin = || Origin::Plugin(plugin.clone());
            let here = |key: &'static str| ["rules", id.as_str(), key];
            self.push(&here("enabled"), json!(own.disabled.is_none()), of_plugin());
            let set = [
                ("title", own.title.as_ref().map(|title| json!(title))),
                ("severity", own.severity.map(|one| json!(one.word()))),
                ("weight", own.weight.map(|weight| json!(weight))),
                ("gate", own.gate.map(|gate| json!(gate))),
                ("waivable", own.waivable.map(|may| json!(may))),
            ];
            for (key, value) in set {
                if let Some(value) = value {
                    self.push(&here(key), value, of_plugin());
                }
            }
        }
    }

    fn plugins(&mut self) {
        let plugins = self.profile.map(|profile| profile.plugins.clone());
        for (id, entry) in plugins.unwrap_or_default() {
            let path = ["plugins", id.as_str(), "enabled"];
            let enabled = json!(entry.disabled.is_none());
            self.push(&path, enabled, Origin::Plugin(id.clone()));
            if let Some(library) = &entry.path {
                let path = ["plugins", id.as_str(), "path"];
                self.push(&path, json!(library), Origin::Plugin(id.clone()));
            }
            for (name, value) in &entry.settings {
                let path = ["plugins", id.as_str(), "settings", name];
                self.push(&path, value.clone(), Origin::Plugin(id.clone()));
            }
        }
    }

    /// What sums over many programs may be, where a profile says so.
    fn budgets(&mut self) {
        let budgets = self.profile.map(Profile::budgets).unwrap_or_default();
        for (table, amount) in budgets {
            let path = ["portfolio", "budgets", table.as_str()];
            self.push(&path, json!(amount), Origin::Program);
        }
    }

    fn waivers(&mut self) {
        for waiver in &self.settings().waivers {
            let path = ["waivers", waiver.rule.as_str(), waiver.proposal.as_str()];
            let until = json!(waiver.until.to_string());
            self.push(&path, until, Origin::Program);
            let origin = self
                .profile
                .and_then(|profile| profile.origin_of_waiver(waiver));
            if let Some(last) = self.found.last_mut() {
                last.reason = Some(format!("{}, {}", waiver.reason, waiver.by));
                last.origin = origin.unwrap_or(Origin::Program);
            }
        }
    }
}

/// The pack that each dimension is of: of several that name it, the last.
fn dimension_packs(book: &Rulebook) -> BTreeMap<String, String> {
    let packs = book.packs().iter();
    let own = packs.filter_map(|pack| Some((pack.folder.clone(), pack.info().ok()?)));
    own.flat_map(|(folder, info)| {
        let dimensions = info.dimensions.into_iter();
        dimensions.map(move |dimension| (dimension.id, folder.clone()))
    })
    .collect()
}
