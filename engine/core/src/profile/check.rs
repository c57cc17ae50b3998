//! Holding a profile against the rulebook it is for.

use super::{CORE_PACK, Profile};
use crate::board::{Key, keys};
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::rulebook::Rulebook;
use crate::settings::RuleSettings;

impl Profile {
    /// Everything that does not fit the rulebook: rules, parameters and dimensions that do not exist, values out of
    /// range, what is loosened without a reason, and what may not be loosened at all.
    ///
    /// In a profile from before a missing reason is a warning.
    pub fn check(&self, book: &Rulebook) -> Vec<Problem> {
        let mut problems = self.unknown_dimensions(book);
        for (id, own) in &self.settings.rules {
            problems.extend(self.misfits(book, id, own));
        }
        problems.extend(self.loosened(book));
        problems.extend(self.replaced(book));
        problems.extend(self.packs_without_reason(book));
        problems.extend(self.wrong_waivers(book));
        problems.sort_by_key(|problem| problem.place);
        problems
    }

    fn at(&self, path: &[&str], problem: Problem) -> Problem {
        let at = path.iter().fold(Pointer::root(), |at, step| at.key(step));
        let place = super::reasons::value_at(self.document.value(), &at);
        self.document.problem_at(&place, problem)
    }

    fn at_key(&self, path: &[&str], problem: Problem) -> Problem {
        let at = path.iter().fold(Pointer::root(), |at, step| at.key(step));
        self.document.problem_at_key(&at, problem)
    }

    fn unknown_dimensions(&self, book: &Rulebook) -> Vec<Problem> {
        let known = || {
            let dimensions = book.info().dimensions.iter();
            dimensions.map(|dimension| dimension.id.as_str())
        };
        let thresholds = self.settings.thresholds.keys().map(|id| ("thresholds", id));
        let dimensions = self.settings.not_judged.keys().map(|id| ("dimensions", id));
        thresholds
            .chain(dimensions)
            .filter(|(_, id)| !known().any(|known| known == *id))
            .map(|(section, id)| {
                let problem = Problem::error(format!("`{id}` is not a dimension"))
                    .suggest_maybe(did_you_mean(id, known()));
                self.at_key(&[section, id], problem)
            })
            .collect()
    }

    /// What is set for a rule that does not exist, or that it does not have.
    fn misfits(&self, book: &Rulebook, id: &str, own: &RuleSettings) -> Vec<Problem> {
        if book.has_plugin_rule(id) {
            let refuse = |name: &String| {
                let problem =
                    Problem::error(format!("`{id}` is a plugin's rule and has no parameters"))
                        .expected("`weight`, `gate`, `severity`, `enabled` and `reason`; the plugin has settings of its own");
                self.at_key(&["rules", id, "params", name], problem)
            };
            return own.params.keys().map(refuse).collect();
        }
        if book.broken().iter().any(|broken| broken.id == *id) {
            // Its parameters cannot be held against a page that nobody can read.
            return Vec::new();
        }
        let rule = match book.rule(id) {
            Ok(rule) => rule,
            Err(problem) => return vec![self.at_key(&["rules", id], problem)],
        };
        if rule.is_check() {
            let problem = Problem::error(format!(
                "`{id}` asks whether answers are right, and no board changes that"
            ))
            .expected("an entry in the proposal's `checked` that says the answers are right");
            return vec![self.at_key(&["rules", id], problem)];
        }
        let mut problems = Vec::new();
        for (name, value) in &own.params {
            let path = ["rules", id, "params", name];
            let known = || rule.page.params.iter();
            if let Some(param) = known().find(|param| param.name == *name) {
                let refused = param.refuses(value);
                problems.extend(refused.map(|problem| self.at(&path, problem)));
            } else {
                let names = known().map(|param| param.name.as_str());
                let problem = Problem::error(format!("`{name}` is not a parameter of `{id}`"))
                    .suggest_maybe(did_you_mean(name, names));
                problems.push(self.at_key(&path, problem));
            }
        }
        problems
    }

    /// What is neither stricter nor neutral and has no reason, or is a rule's that may not be waived.
    fn loosened(&self, book: &Rulebook) -> Vec<Problem> {
        let mut problems = Vec::new();
        for key in keys(&self.settings) {
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
            let (from, to, stricter) = key.values(&self.settings, page);
            if stricter {
                continue;
            }
            if from.is_empty() && matches!(key, Key::Param(..)) {
                // So has a parameter that the rule does not have.
                continue;
            }
            let path = key.path();
            let own = key.rule().and_then(|id| self.settings.rules.get(id));
            let overridden = own.is_some_and(|own| own.overriding.is_some());
            let locked = page.is_some_and(|page| !page.waivable) && !matches!(key, Key::Weight(_));
            if locked && !overridden {
                problems.push(self.at(&path, not_waived(key.rule().unwrap_or_default())));
            } else if self.settings.reason(&key).is_none() {
                problems.push(self.at(&path, self.unexplained(&key, &from, &to)));
            }
        }
        problems
    }

    fn unexplained(&self, key: &Key, from: &str, to: &str) -> Problem {
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
        let problem = if lowered || self.version >= 2 {
            Problem::error(message)
        } else {
            Problem::warning(message).suggest("every report says so at the top until there is one")
        };
        problem.expected("`reason = \"…\"` in the table, or `{ value = …, reason = \"…\" }`")
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

    fn packs_without_reason(&self, book: &Rulebook) -> Vec<Problem> {
        let bundled = book.packs().iter().any(|pack| pack.bundled);
        let mut problems = Vec::new();
        let packs = self.extends.iter().enumerate();
        for (index, name) in packs.filter(|(_, name)| *name != CORE_PACK) {
            if bundled && !self.pack_reasons.contains_key(name) {
                let at = Pointer::root().key("profile").key("extends").index(index);
                let message = format!("the pack `{name}` is taken in without a reason");
                let problem = if self.version >= 2 {
                    Problem::error(message)
                } else {
                    Problem::warning(message)
                };
                let problem =
                    problem.expected(format!("`{{ pack = \"{name}\", reason = \"…\" }}`"));
                problems.push(self.document.problem_at(&at, problem));
            }
        }
        problems
    }
}

/// A rule that may not be waived is not loosened in another way either.
pub(crate) fn not_waived(id: &str) -> Problem {
    Problem::error(format!("`{id}` may not be waived, and this loosens it")).expected(OVERRIDE)
}

/// How a rule is loosened that may not be waived.
const OVERRIDE: &str =
    "`override = \"<decision>\"` in the rule's table, which stands at the top of every report";
