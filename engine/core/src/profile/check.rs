//! Holding a profile against the rulebook it is for.

use super::extends::Extend;
use super::layer::Layer;
use super::{CORE_PACK, Profile};
use crate::board::{Key, keys};
use crate::date::Date;
use crate::pointer::Pointer;
use crate::portfolio::TableKind;
use crate::problem::{Problem, did_you_mean};
use crate::rule::page::Parameter;
use crate::rulebook::Rulebook;
use crate::settings::{Dated, RuleEntry, Settings, in_force, param_key};
use serde_json::Value;

impl Profile {
    /// Everything that does not fit the rulebook: rules, parameters and dimensions that do not exist, patterns that fit no
    /// rule, values out of range, what is loosened without a reason, and what may not be loosened at all.
    ///
    /// In a profile from before a missing reason is a warning.
    pub fn check(&self, book: &Rulebook) -> Vec<Problem> {
        self.named_in(book).check_named(book)
    }

    fn check_named(&self, book: &Rulebook) -> Vec<Problem> {
        let mut problems = self.unknown_dimensions(book);
        problems.extend(self.former_names(book));
        let ids = book.rule_ids();
        for entry in &self.settings.entries {
            problems.extend(if entry.is_pattern() {
                self.pattern_misfits(book, &ids, entry)
            } else {
                self.misfits(book, entry)
            });
        }
        let settings = book.settled(&self.settings);
        problems.extend(self.loosened(book, &settings));
        problems.extend(self.dated_without_reason(book));
        problems.extend(self.replaced(book));
        problems.extend(self.packs_without_reason(book));
        problems.extend(self.wrong_waivers(book));
        problems.extend(self.unknown_budgets(book));
        self.sort(&mut problems);
        problems
    }

    /// Puts problems in the order of the files and of their lines.
    pub(super) fn sort(&self, problems: &mut [Problem]) {
        problems.sort_by(|one, other| {
            let key = |problem: &Problem| (self.rank(problem), problem.place);
            key(one).cmp(&key(other))
        });
    }

    /// The profile itself comes before those it extends.
    fn rank(&self, problem: &Problem) -> usize {
        let file = problem.file.as_deref();
        let of = |layer: &Layer| Some(layer.document.name()) == file;
        let layer = self.layers.iter().position(of);
        layer.map_or(usize::MAX, |layer| self.layers.len() - layer)
    }

    fn unknown_dimensions(&self, book: &Rulebook) -> Vec<Problem> {
        let known: Vec<&str> = book
            .all_dimensions()
            .map(|dimension| dimension.id.as_str())
            .collect();
        let unknown = |id: &str| {
            let suggestion = did_you_mean(id, known.iter().copied());
            (!known.contains(&id)).then(|| {
                Problem::error(format!("`{id}` is not a dimension")).suggest_maybe(suggestion)
            })
        };
        let mut problems = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let part = &layer.part;
            let mut named: Vec<(&str, &String)> = Vec::new();
            named.extend(part.thresholds.keys().map(|id| ("thresholds", id)));
            named.extend(part.weights.keys().map(|id| ("weights", id)));
            let section = layer.document.value().get("dimensions");
            let section = section.and_then(Value::as_object);
            named.extend(
                section
                    .into_iter()
                    .flatten()
                    .map(|(id, _)| ("dimensions", id)),
            );
            for (section, id) in named {
                let at = Pointer::root().key(section).key(id);
                problems.extend(unknown(id).map(|problem| self.at_key_in(index, &at, problem)));
            }
            let at = Pointer::root().key("profile").key("dimensions");
            let typed = at.of(layer.document.value()).and_then(Value::as_array);
            for (place, id) in typed.into_iter().flatten().enumerate() {
                // One named twice is said once.
                let id = id
                    .as_str()
                    .filter(|id| part.order.iter().any(|own| own == id));
                let first = typed.is_some_and(|typed| {
                    typed.iter().position(|other| other.as_str() == id) == Some(place)
                });
                let problem = id.filter(|_| first).and_then(unknown);
                let at = at.index(place);
                problems.extend(problem.map(|problem| self.at_in(index, &at, problem)));
            }
            for obligation in &part.obligations {
                let Some(id) = &obligation.dimension else {
                    continue;
                };
                let at = Pointer::root().key("obligations").key(id);
                let problem = unknown(id).map(|problem| self.at_key_in(index, &at, problem));
                problems.extend(problem.filter(|problem| !problems.contains(problem)));
            }
        }
        problems
    }

    /// Budgets for tables that no pack declares, or that have no sum.
    fn unknown_budgets(&self, book: &Rulebook) -> Vec<Problem> {
        if self.budgets().is_empty() {
            return Vec::new();
        }
        // What is wrong with a declaration is said where it is read.
        let tables = book.portfolio().unwrap_or_default();
        let sums = tables.iter();
        let sums = sums.filter(|table| matches!(table.kind, TableKind::Total { .. }));
        let sums: Vec<&str> = sums.map(|table| table.id.as_str()).collect();
        let mut problems = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let unknown = layer
                .budgets()
                .filter(|(id, _)| !sums.contains(&id.as_str()));
            for (id, _) in unknown {
                let at = Pointer::root().key("portfolio").key("budgets").key(id);
                let problem = Problem::error(format!("`{id}` is no table with a sum"))
                    .suggest_maybe(did_you_mean(id, sums.iter().copied()));
                problems.push(self.at_key_in(index, &at, problem));
            }
        }
        problems
    }

    /// What is set for a rule that does not exist, or that it does not have.
    fn misfits(&self, book: &Rulebook, entry: &RuleEntry) -> Vec<Problem> {
        let id = entry.id();
        let at = Pointer::root().key("rules").key(&entry.name);
        let params = at.key("params");
        if book.has_plugin_rule(id) {
            let refuse = |name: &str| {
                let problem =
                    Problem::error(format!("`{id}` is a plugin's rule and has no parameters"))
                        .expected("`weight`, `gate`, `severity`, `enabled` and `reason`; the plugin has settings of its own");
                self.at_key_in(entry.layer, &params.key(name), problem)
            };
            return names_of(entry).into_iter().map(refuse).collect();
        }
        if book.broken().iter().any(|broken| broken.id == *id) {
            // Its parameters cannot be held against a page that nobody can read.
            return Vec::new();
        }
        let rule = match book.rule(id) {
            Ok(rule) => rule,
            Err(problem) => return vec![self.at_key_in(entry.layer, &at, problem)],
        };
        if rule.is_check() {
            let problem = Problem::error(format!(
                "`{id}` asks whether answers are right, and no board changes that"
            ))
            .expected("an entry in the proposal's `checked` that says the answers are right");
            return vec![self.at_key_in(entry.layer, &at, problem)];
        }
        let mut problems = Vec::new();
        for name in names_of(entry) {
            let known = || rule.page.params.iter();
            if let Some(param) = known().find(|param| param.name == name) {
                problems.extend(self.refused(entry, param));
            } else {
                let names = known().map(|param| param.name.as_str());
                let problem = Problem::error(format!("`{name}` is not a parameter of `{id}`"))
                    .suggest_maybe(did_you_mean(name, names));
                problems.push(self.at_key_in(entry.layer, &params.key(name), problem));
            }
        }
        problems
    }

    /// What a pattern sets that no rule has which fits it, or that cannot be for one of them.
    fn pattern_misfits(&self, book: &Rulebook, ids: &[String], entry: &RuleEntry) -> Vec<Problem> {
        let pattern = &entry.name;
        let at = Pointer::root().key("rules").key(pattern);
        if !ids.iter().any(|id| entry.fits(id)) {
            let dimensions = book.info().dimensions.iter();
            let patterns = dimensions.map(|dimension| format!("{}/*", dimension.id));
            let known: Vec<String> = patterns.chain(ids.iter().cloned()).collect();
            let problem = Problem::error(format!("`{pattern}` fits no rule"))
                .expected(
                    "an id, or a pattern such as `climate/*`; `evenhand rules list` shows all",
                )
                .suggest_maybe(did_you_mean(pattern, known.iter().map(String::as_str)));
            return vec![self.at_key_in(entry.layer, &at, problem)];
        }
        let rules = book.rules().iter();
        let pages = rules
            .map(|rule| &rule.page)
            .filter(|page| entry.fits(&page.id));
        let params: Vec<&Parameter> = pages.flat_map(|page| &page.params).collect();
        let mut problems: Vec<Problem> = Vec::new();
        for name in names_of(entry) {
            let same: Vec<&&Parameter> = params.iter().filter(|one| one.name == name).collect();
            if same.is_empty() {
                let names = params.iter().map(|param| param.name.as_str());
                let message = format!("no rule that fits `{pattern}` has a parameter `{name}`");
                let problem = Problem::error(message).suggest_maybe(did_you_mean(name, names));
                let at = at.key("params").key(name);
                problems.push(self.at_key_in(entry.layer, &at, problem));
            }
            for param in same {
                for problem in self.refused(entry, param) {
                    if !problems.contains(&problem) {
                        problems.push(problem);
                    }
                }
            }
        }
        problems
    }

    /// Why a value of a parameter cannot be: the one set, and each that holds from a day on.
    fn refused(&self, entry: &RuleEntry, param: &Parameter) -> Vec<Problem> {
        let at = Pointer::root().key("rules").key(&entry.name);
        let at = at.key("params").key(&param.name);
        let plain = entry.own.params.get(&param.name);
        let plain = plain.and_then(|value| param.refuses(value));
        let plain = plain.map(|problem| self.at_in(entry.layer, &at, problem));
        let dated = entry.dated.get(&param.name).into_iter().flatten();
        let dated = dated.filter_map(|row| {
            let problem = param.refuses(&row.value)?;
            Some(self.at_in(entry.layer, &self.row_at(entry.layer, &at, row), problem))
        });
        plain.into_iter().chain(dated).collect()
    }

    /// Where a value that holds from a day on stands in the list at a key; the key itself where it is not in a list.
    fn row_at(&self, layer: usize, at: &Pointer, row: &Dated) -> Pointer {
        let typed = self.layers.get(layer);
        let typed = typed.and_then(|layer| at.of(layer.document.value()));
        let rows = typed.and_then(Value::as_array).into_iter().flatten();
        let same = |typed: &Value| {
            let from = typed.get("from").filter(|from| !from.is_null());
            let from = from.map(|from| {
                let text = from
                    .as_str()
                    .map_or_else(|| from.to_string(), str::to_owned);
                Date::read(text.trim())
            });
            typed.get("value") == Some(&row.value) && from.unwrap_or_default() == row.from
        };
        let index = rows.into_iter().position(same);
        index.map_or_else(|| at.clone(), |index| at.index(index).key("value"))
    }

    /// What is neither stricter nor neutral and has no reason, or is a rule's that may not be waived.
    fn loosened(&self, book: &Rulebook, settings: &Settings) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        for key in keys(settings) {
            let page = key.rule().and_then(|id| book.baseline_page(id));
            let missing = key.rule().is_some() && page.is_none();
            let broken = key
                .rule()
                .and_then(|id| book.broken().iter().find(|broken| broken.id == id));
            if missing && broken.is_none() && !key.rule().is_some_and(|id| book.has_plugin_rule(id))
            {
                // That there is no such rule has been said.
                continue;
            }
            let (from, to, stricter) = key.values(settings, page);
            if stricter {
                continue;
            }
            if from.is_empty() && matches!(key, Key::Param(..)) {
                // So has a parameter that the rule does not have.
                continue;
            }
            let path = key.path();
            let locked = page.is_some_and(|page| !page.waivable) && !matches!(key, Key::Weight(_));
            let problem = if locked && !self.overrides(&path) {
                not_waived(key.rule().unwrap_or_default())
            } else if settings.reason(&key).is_none() {
                let at = path.iter().fold(Pointer::root(), |at, step| at.key(step));
                let version = self.version(self.origin_of(&at).0);
                unexplained(&key, &from, &to, version)
            } else {
                continue;
            };
            let problem = self.at(&path, problem);
            // One line of a pattern is one problem, whichever rules it loosens.
            let said = |other: &Problem| other.file == problem.file && other.place == problem.place;
            if problem.place.is_none() || !problems.iter().any(said) {
                problems.push(problem);
            }
        }
        problems
    }

    /// Whether the file that says a key overrides the rule it is for. The decision of another board is none of this one's.
    fn overrides(&self, path: &[&str]) -> bool {
        let [_, id, ..] = path else {
            return false;
        };
        let at = path.iter().fold(Pointer::root(), |at, step| at.key(step));
        let (layer, _) = self.origin_of(&at);
        let entries = self.settings.entries.iter();
        entries
            .filter(|entry| entry.layer == layer && entry.fits(id))
            .any(|entry| entry.own.overriding.is_some())
    }

    /// Values that will hold, or held, from a day on, and loosen a rule without a reason; the one that holds today is looked at
    /// with everything else.
    fn dated_without_reason(&self, book: &Rulebook) -> Vec<Problem> {
        let date = book.settings().date;
        let mut problems: Vec<Problem> = Vec::new();
        for entry in &self.settings.entries {
            for (name, rows) in &entry.dated {
                let at = Pointer::root()
                    .key("rules")
                    .key(&entry.name)
                    .key("params")
                    .key(name);
                let now = in_force(rows, date);
                for row in rows.iter().filter(|row| Some(*row) != now) {
                    let pages = book.rules().iter().filter(|rule| entry.fits(&rule.page.id));
                    let pages = pages.filter_map(|rule| book.baseline_page(&rule.page.id));
                    let looser = pages.filter(|page| {
                        let param = page.params.iter().find(|param| param.name == *name);
                        param.is_some_and(|param| !param.is_stricter(&row.value))
                    });
                    let from = row
                        .from
                        .map_or_else(|| "the beginning".to_owned(), |from| from.to_string());
                    for page in looser {
                        let overridden = entry.own.overriding.is_some();
                        let reason =
                            row.reason.is_some() || entry.reasons.contains_key(&param_key(name));
                        let problem = if !page.waivable && !overridden {
                            not_waived(&page.id)
                        } else if reason {
                            continue;
                        } else {
                            let message =
                                format!("the value of `{name}` from {from} on has no reason");
                            let problem = if self.version(entry.layer) >= 2 {
                                Problem::error(message)
                            } else {
                                Problem::warning(message)
                            };
                            problem.expected("`reason = \"…\"` beside the value")
                        };
                        let at = self.row_at(entry.layer, &at, row);
                        let problem = self.at_in(entry.layer, &at, problem);
                        if !problems.contains(&problem) {
                            problems.push(problem);
                        }
                    }
                }
            }
        }
        problems
    }

    /// Rules that may not be waived, and that another pack replaces.
    fn replaced(&self, book: &Rulebook) -> Vec<Problem> {
        let replaced = book.foreign_rules().filter(|id| book.is_replaced(id));
        let locked =
            replaced.filter(|id| book.baseline_page(id).is_some_and(|page| !page.waivable));
        locked
            .filter(|id| {
                let own = self.settings.rules.get(*id);
                own.is_none_or(|own| own.overriding.is_none())
            })
            .map(|id| {
                let pack = book.pack_of(id).unwrap_or_default();
                Problem::error(format!(
                    "`{id}` may not be waived, and the pack `{pack}` replaces it"
                ))
                .in_file(format!("{pack}/{id}.md"))
                .expected(OVERRIDE)
            })
            .collect()
    }

    /// Packs that take part without a reason, and those of which rules are left out that may not be waived.
    fn packs_without_reason(&self, book: &Rulebook) -> Vec<Problem> {
        let bundled = book.packs().iter().any(|pack| pack.bundled);
        let mut problems = Vec::new();
        for pack in &self.packs {
            let own = pack.name == CORE_PACK;
            let (layer, index) = self.named(&pack.name);
            let at = Pointer::root().key("profile").key("extends").index(index);
            let here = |problem| self.at_in(layer, &at, problem);
            if bundled && pack.reason.is_none() && (!own || pack.fields_only) {
                let message = if own {
                    format!(
                        "the rules of the pack `{}` are left out without a reason",
                        pack.name
                    )
                } else {
                    format!("the pack `{}` is taken in without a reason", pack.name)
                };
                let problem = if self.version(layer) >= 2 || own {
                    Problem::error(message)
                } else {
                    Problem::warning(message)
                };
                let more = if own { "fields_only = true, " } else { "" };
                let table = format!("`{{ pack = \"{}\", {more}reason = \"…\" }}`", pack.name);
                problems.push(here(problem.expected(table)));
            }
            if own && pack.fields_only && pack.overriding.is_none() {
                let locked = book.left_out_and_locked();
                if !locked.is_empty() {
                    let message = format!(
                        "rules that may not be waived are left out: {}",
                        crate::text::shorten(&locked.join(", "), 200)
                    );
                    let expected = "`override = \"<decision>\"` in the pack's table, which stands at the top of every report";
                    problems.push(here(Problem::error(message).expected(expected)));
                }
            }
        }
        problems
    }

    /// A problem of a pack as a whole, where the profile names the pack; one that has a place of its own keeps it.
    #[must_use]
    pub fn problem_of_pack(&self, name: &str, problem: Problem) -> Problem {
        if problem.place.is_some() || problem.file.is_some() {
            return problem;
        }
        let (layer, index) = self.named(name);
        let at = Pointer::root().key("profile").key("extends").index(index);
        self.at_in(layer, &at, problem)
    }

    /// The file that names a pack last, and its number there.
    fn named(&self, name: &str) -> (usize, usize) {
        let layers = self.layers.iter().enumerate().rev();
        let mut found = layers.filter_map(|(index, layer)| {
            let extends = layer.part.extends.as_ref()?;
            let at = extends.iter().position(|entry| match entry {
                Extend::Pack(pack) if pack.name == CORE_PACK => name == CORE_PACK,
                Extend::Pack(pack) => layer.seen_from_first(&pack.name) == name,
                Extend::Profile(_) => false,
            })?;
            Some((index, at))
        });
        found.next().unwrap_or((self.own, 0))
    }
}

/// The parameters that an entry names.
fn names_of(entry: &RuleEntry) -> Vec<&str> {
    let plain = entry.own.params.keys();
    plain
        .chain(entry.dated.keys())
        .map(String::as_str)
        .collect()
}

fn unexplained(key: &Key, from: &str, to: &str, version: u64) -> Problem {
    let what = key.path().join(".");
    let message = if from.is_empty() {
        format!("`{what}` is set without a reason")
    } else {
        format!("`{what}` is {to} in place of {from} without a reason")
    };
    // A weight lowered, and a rule disabled, have always needed one.
    let lowered = match key {
        Key::Weight(_) => match (from.parse::<f64>(), to.parse::<f64>()) {
            (Ok(from), Ok(to)) => to < from,
            _ => true,
        },
        _ => false,
    };
    let problem = if lowered || version >= 2 {
        Problem::error(message)
    } else {
        Problem::warning(message).suggest("every report says so at the top until there is one")
    };
    problem.expected("`reason = \"…\"` in the table, or `{ value = …, reason = \"…\" }`")
}

/// A rule that may not be waived is not loosened in another way either.
pub(crate) fn not_waived(id: &str) -> Problem {
    Problem::error(format!("`{id}` may not be waived, and this loosens it")).expected(OVERRIDE)
}

/// How a rule is loosened that may not be waived.
const OVERRIDE: &str =
    "`override = \"<decision>\"` in the rule's table, which stands at the top of every report";
