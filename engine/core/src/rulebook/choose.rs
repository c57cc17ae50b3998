//! Finding rules by what people type: an id, its end, a dimension, a pattern.

use super::{Rule, Rulebook};
use crate::plugin::{Manifest, PluginRule};
use crate::problem::{Problem, did_you_mean, nearest};

impl Rulebook {
    /// The rule with this id, or the one rule whose id ends so; otherwise a problem with a suggestion.
    pub fn rule_named(&self, typed: &str) -> Result<&Rule, Problem> {
        let ids: Vec<&str> = self
            .rules
            .iter()
            .map(|rule| rule.page.id.as_str())
            .collect();
        match ending(&ids, typed).as_slice() {
            [id] => self.rule(id),
            [] => self.rule(self.renamed(typed).unwrap_or(typed)),
            several => Err(
                Problem::error(format!("`{typed}` is the end of several rules"))
                    .expected(format!("one of {}", quoted(several))),
            ),
        }
    }

    /// Leaves out the rules that `only` does not name, and those that `skip` names; every name that fits no rule comes back.
    ///
    /// What is left out stays on the scorecard, with its reason, like a rule the board has disabled.
    pub fn choose(&mut self, only: &[String], skip: &[String]) -> Result<(), Vec<Problem>> {
        let ids = self.rule_ids();
        let mut problems = Vec::new();
        let mut fitting = |typed: &[String]| {
            let mut all: Vec<String> = Vec::new();
            for name in typed {
                match self.fitting(&ids, name) {
                    Ok(found) => all.extend(found),
                    Err(problem) => problems.push(problem),
                }
            }
            all
        };
        let (wanted, unwanted) = (fitting(only), fitting(skip));
        if !problems.is_empty() {
            return Err(problems);
        }
        for id in ids {
            let reason = if unwanted.contains(&id) {
                "left out by --skip"
            } else if !only.is_empty() && !wanted.contains(&id) {
                "left out by --only"
            } else {
                continue;
            };
            self.leave_out(&id, reason);
        }
        Ok(())
    }

    fn leave_out(&mut self, id: &str, reason: &str) {
        let own = self.settings.rules.entry(id.to_owned()).or_default();
        // A board's own reason says more.
        own.left_out = own.disabled.is_none();
        let reason = own.disabled.get_or_insert_with(|| reason.to_owned());
        for rule in self.rules.iter_mut().filter(|rule| rule.page.id == id) {
            rule.disabled = Some(reason.clone());
        }
        for broken in self.broken.iter_mut().filter(|broken| broken.id == id) {
            broken.disabled = Some(reason.clone());
        }
    }

    /// Whether there is a rule of this id: of a pack, broken or not, or of a plugin.
    pub fn has_rule(&self, id: &str) -> bool {
        self.rule_ids().iter().any(|known| known == id)
    }

    /// Every rule there is: of packs, broken ones, and of plugins.
    pub fn rule_ids(&self) -> Vec<String> {
        // What is asked to be checked is no rule, and nothing leaves it out.
        let rules = self.rules.iter().filter(|rule| !rule.is_check());
        let rules = rules.map(|rule| rule.page.id.clone());
        let broken = self.broken.iter().map(|broken| broken.id.clone());
        let plugins = self.plugins.manifests();
        let plugins = plugins.filter(|(manifest, _)| !self.bare_plugins.contains(&manifest.id));
        let of_plugins = plugins.flat_map(|(manifest, _)| manifest.rules.iter());
        let of_plugins = of_plugins.map(|rule| rule.id.clone());
        let mut ids: Vec<String> = rules.chain(broken).chain(of_plugins).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// The rules that plugins assess and that take part, in the order of their ids, each with its plugin's manifest.
    pub fn plugin_rules(&self) -> Vec<(&Manifest, &PluginRule)> {
        let manifests = self.plugins.manifests().map(|(manifest, _)| manifest);
        let manifests = manifests.filter(|manifest| !self.bare_plugins.contains(&manifest.id));
        let rules = manifests.flat_map(|manifest| {
            let rules = manifest.rules.iter();
            rules.map(move |rule| (manifest, rule))
        });
        let mut rules: Vec<(&Manifest, &PluginRule)> = rules.collect();
        rules.sort_by(|one, other| one.1.id.cmp(&other.1.id));
        rules
    }

    /// The rule of a plugin with this id, or the one whose id ends so.
    pub fn plugin_rule_named(&self, typed: &str) -> Option<(&Manifest, &PluginRule)> {
        let rules = self.plugin_rules();
        let ids: Vec<&str> = rules.iter().map(|(_, rule)| rule.id.as_str()).collect();
        let found = ending(&ids, typed);
        let [id] = found.as_slice() else {
            return None;
        };
        rules.iter().find(|(_, rule)| rule.id == *id).copied()
    }

    fn fitting(&self, ids: &[String], typed: &str) -> Result<Vec<String>, Problem> {
        let pattern = match self.dimension(typed) {
            Some(_) => format!("{typed}/*"),
            None => typed.to_owned(),
        };
        let fit: Vec<String> = if pattern.contains('*') {
            let fits = |id: &&String| fits_pattern(&pattern, id);
            ids.iter().filter(fits).cloned().collect()
        } else {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let found = ending(&ids, typed);
            if found.len() > 1 {
                return Err(
                    Problem::error(format!("`{typed}` is the end of several rules"))
                        .expected(format!("one of {}, or `*{typed}` for all", quoted(&found))),
                );
            }
            let found = found.into_iter().next().or_else(|| self.renamed(typed));
            found.into_iter().map(str::to_owned).collect()
        };
        if !fit.is_empty() {
            return Ok(fit);
        }
        let dimensions = self.info.dimensions.iter();
        let dimension = nearest(typed, dimensions.map(|dimension| dimension.id.as_str()));
        let suggestion = match dimension.filter(|_| !typed.contains(['/', '*'])) {
            Some(dimension) => Some(format!("did you mean `{dimension}`?")),
            None => self
                .suggest_rule(typed)
                .or_else(|| did_you_mean(typed, ids.iter().map(String::as_str))),
        };
        Err(Problem::error(format!("`{typed}` fits no rule"))
            .expected("an id, its end, a dimension, or a pattern such as `climate/*`; `evenhand rules list` shows all")
            .suggest_maybe(suggestion))
    }
}

/// The ids that are `typed`, or else end in it after a `/`, or else after a `-`.
fn ending<'a>(ids: &[&'a str], typed: &str) -> Vec<&'a str> {
    if let Some(id) = ids.iter().find(|id| **id == typed) {
        return vec![id];
    }
    if typed.is_empty() {
        return Vec::new();
    }
    let after = |mark: char| -> Vec<&'a str> {
        let end = |id: &&&str| {
            id.strip_suffix(typed)
                .is_some_and(|before| before.ends_with(mark))
        };
        ids.iter().filter(end).copied().collect()
    };
    let whole = after('/');
    if whole.is_empty() { after('-') } else { whole }
}

/// Whether an id fits a pattern, in which `*` stands for anything.
pub(crate) fn fits_pattern(pattern: &str, id: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = id.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.is_empty()
}

fn quoted(ids: &[&str]) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::book;

    #[test]
    fn an_end_names_the_one_rule_that_ends_so() {
        let ids = ["ethics/a-b", "ethics/b", "climate/b", "equity/x-only"];
        assert_eq!(ending(&ids, "ethics/b"), ["ethics/b"]);
        // A whole name before a part of one.
        assert_eq!(ending(&ids, "b"), ["ethics/b", "climate/b"]);
        assert_eq!(ending(&ids, "a-b"), ["ethics/a-b"]);
        assert_eq!(ending(&ids, "only"), ["equity/x-only"]);
        assert_eq!(ending(&ids, "nly"), [""; 0]);
        assert_eq!(ending(&ids, ""), [""; 0]);
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, fits) in [
            ("climate/*", true),
            ("*", true),
            ("*flight*", true),
            ("cl*/*cost", true),
            ("climate/flight-cost*", true),
            ("ethics/*", false),
            ("*flight", false),
            ("climate/flight-cost-x*", false),
        ] {
            assert_eq!(
                fits_pattern(pattern, "climate/flight-cost"),
                fits,
                "{pattern}"
            );
        }
    }

    #[test]
    fn what_is_left_out_is_said_and_what_fits_nothing_is_refused() {
        let mut book = book(&[]);
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let wrong = book
            .choose(&names(&["ethic"]), &names(&["long-stays"]))
            .unwrap_err();
        let said: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        assert!(said[0].ends_with("did you mean `ethics`?"), "{said:?}");
        assert!(
            said[1].ends_with("did you mean `ethics/long-stay`?"),
            "{said:?}"
        );
        book.choose(&[], &names(&["long-stay"])).unwrap();
        assert_eq!(
            book.rules()[0].disabled.as_deref(),
            Some("left out by --skip")
        );
    }
}
