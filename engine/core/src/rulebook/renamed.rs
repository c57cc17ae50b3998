//! Rules that had another id before: what names them as they were called then is for them.

use super::load::read_page;
use super::{Page, Rulebook};
use crate::pack::PackFiles;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::settings::Settings;
use std::collections::{BTreeMap, BTreeSet};

/// The ids that rules have now, by the former ones that settings name. Before rules are loaded pages have to be read for it,
/// so this is done only where settings name what is not there.
pub(super) fn renamed(
    packs: &[PackFiles],
    owners: &BTreeMap<String, usize>,
    ids: &[String],
    settings: &Settings,
) -> BTreeMap<String, String> {
    let unknown = unknown(settings, ids);
    if unknown.is_empty() {
        return BTreeMap::new();
    }
    let pages = owners.iter().filter_map(|(id, pack)| {
        let pack = packs.get(*pack)?;
        read_page(pack, id).ok()
    });
    let pages: Vec<Page> = pages.collect();
    of_pages(pages.iter(), &unknown)
}

/// What settings name that is no rule.
fn unknown<'a>(settings: &'a Settings, ids: &[String]) -> BTreeSet<&'a str> {
    let named = settings.named();
    named
        .filter(|name| !ids.iter().any(|id| id == name))
        .collect()
}

/// The rule of each name that exactly one page gives as a former one.
fn of_pages<'a>(
    pages: impl Iterator<Item = &'a Page>,
    names: &BTreeSet<&str>,
) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for page in pages {
        let former = page.formerly.iter();
        for name in former.filter(|name| names.contains(name.as_str())) {
            found.entry(name.clone()).or_default().push(&page.id);
        }
    }
    let single = found.into_iter().filter_map(|(name, ids)| match *ids {
        [id] => Some((name, id.to_owned())),
        _ => None,
    });
    single.collect()
}

impl Rulebook {
    /// The id that a rule has now which had this one before; none where there is a rule of this id, or where several rules
    /// had it.
    pub fn renamed(&self, id: &str) -> Option<&str> {
        if self.has_rule(id) {
            return None;
        }
        let rules = self.rules.iter();
        let mut found = rules.filter(|rule| rule.page.formerly.iter().any(|former| former == id));
        let one = found.next()?;
        found.next().is_none().then_some(one.page.id.as_str())
    }

    /// The ids of now, by the former ones that settings name.
    pub(crate) fn renamed_in(&self, settings: &Settings) -> BTreeMap<String, String> {
        let ids = self.rule_ids();
        let pages = self.rules.iter().map(|rule| &rule.page);
        of_pages(pages, &unknown(settings, &ids))
    }

    /// Former ids of a page that are ids of now, and so cannot stand for it.
    pub(super) fn wrongly_renamed(&self, page: &Page) -> Vec<Problem> {
        let former = page.formerly.iter().enumerate();
        let taken = former.filter(|(_, name)| self.owners.contains_key(*name));
        taken
            .map(|(index, name)| {
                let at = Pointer::root().key("formerly").index(index);
                let problem = if *name == page.id {
                    Problem::error(format!("`{name}` is what the rule is called now"))
                } else {
                    Problem::error(format!("`{name}` is another rule"))
                };
                page.problem_at(&at, problem.expected("an id that the rule had before"))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Format};
    use crate::profile::Profile;
    use crate::sample;

    /// The small pack, in which the rule was called `ethics/length` and `ethics/weeks` before.
    fn book(more: &[(&str, &str, &str)]) -> Rulebook {
        let named = "severity: major\nformerly: [ethics/length, ethics/weeks]";
        let mut changes = vec![("ethics/long-stay.md", "severity: major", named)];
        changes.extend_from_slice(more);
        sample::book(&changes)
    }

    fn profile(text: &str) -> Profile {
        let document = Document::parse("evenhand.toml", text.as_bytes(), Format::Toml).unwrap();
        Profile::read(document).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let problems = profile(text).check(&book(&[]));
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(said, expected, "{text}");
    }

    #[test]
    fn a_rule_is_found_by_what_it_was_called() {
        let book = book(&[]);
        assert_eq!(book.renamed("ethics/length"), Some("ethics/long-stay"));
        assert_eq!(book.renamed("ethics/long-stay"), None);
        assert_eq!(book.renamed("ethics/lengths"), None);
        let found = book.rule_named("ethics/weeks").unwrap();
        assert_eq!(found.page.id, "ethics/long-stay");
        let mut chosen = book;
        chosen.choose(&[], &["ethics/length".to_owned()]).unwrap();
        assert!(chosen.rules()[0].disabled.is_some());
    }

    #[test]
    fn a_profile_that_uses_a_former_id_is_honoured_and_is_told() {
        check(
            "[rules.\"ethics/length\"]\nparams = { least = 4 }\nreason = \"r\"\n",
            &[
                "evenhand.toml:1:8: `ethics/length` is called `ethics/long-stay` now, and is taken for it; write `ethics/long-stay`",
            ],
        );
        let settings =
            "[rules.\"ethics/length\"]\nweight = 2\nparams = { least = 4 }\nreason = \"r\"\n";
        let settled = book(&[]).settled(&profile(settings).settings);
        assert_eq!(settled.rules.len(), 1, "{:?}", settled.rules);
        let own = &settled.rules["ethics/long-stay"];
        assert_eq!(
            (own.weight, own.params["least"].as_i64()),
            (Some(2.0), Some(4))
        );
        let reasons: Vec<&String> = settled.reasons.keys().collect();
        assert_eq!(
            reasons,
            [
                "/rules/ethics~1long-stay/params/least",
                "/rules/ethics~1long-stay/weight"
            ]
        );
    }

    #[test]
    fn what_is_wrong_with_settings_under_a_former_id_is_said_where_they_stand() {
        check(
            "[rules.\"ethics/weeks\"]\nparams = { lest = 3, least = 2 }\n\n[rules.\"ethics/long-stay\"]\nweight = 9\n",
            &[
                "evenhand.toml:1:8: `ethics/weeks` is called `ethics/long-stay` now, and is taken for it; write `ethics/long-stay`",
                "evenhand.toml:2:12: `lest` is not a parameter of `ethics/long-stay`; did you mean `least`?",
                "evenhand.toml:2:30: `rules.ethics/long-stay.params.least` is 2 in place of 8 without a reason; expected `reason = \"…\"` in the table, or `{ value = …, reason = \"…\" }`; every report says so at the top until there is one",
                "evenhand.toml:4:8: `ethics/weeks` and `ethics/long-stay` are the same rule; expected one table for each rule",
                "evenhand.toml:5:10: `rules.ethics/long-stay.weight` is 9 in place of 3 without a reason; expected `reason = \"…\"` in the table, or `{ value = …, reason = \"…\" }`; every report says so at the top until there is one",
            ],
        );
    }

    #[test]
    fn a_waiver_by_a_former_id_is_of_the_rule_of_now() {
        let text = "[[waivers]]\nrule = \"ethics/length\"\nproposal = \"p\"\nreason = \"r\"\nby = \"b\"\nuntil = \"2027-06-30\"\n";
        check(
            text,
            &[
                "evenhand.toml:2:8: `ethics/length` is called `ethics/long-stay` now, and is taken for it; write `ethics/long-stay`",
            ],
        );
        let settled = book(&[]).settled(&profile(text).settings);
        assert_eq!(settled.waivers[0].rule, "ethics/long-stay");
    }

    #[test]
    fn a_former_id_that_is_one_of_now_is_refused() {
        for (name, said) in [
            (
                "ethics/long-stay",
                "`ethics/long-stay` is what the rule is called now",
            ),
            ("ethics/other", "`ethics/other` is another rule"),
        ] {
            let named = format!("severity: major\nformerly: [ethics/length, {name}]");
            let page = "---\ntitle: Other\nkind: prompt\nsources: []\n---\n\nThink.\n";
            let book = sample::book(&[
                ("ethics/long-stay.md", "severity: major", &named),
                ("ethics/other.md", "", page),
            ]);
            let problems: Vec<String> = book.broken()[0]
                .problems
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains(said), "{problems:?}");
            assert!(problems[0].contains(".md:4:"), "{problems:?}");
        }
    }

    #[test]
    fn an_id_that_two_rules_had_stands_for_neither() {
        let page = "---\ntitle: Other\nkind: prompt\nformerly: [ethics/length]\nsources: []\n---\n\nThink.\n";
        let book = book(&[("ethics/other.md", "", page)]);
        assert_eq!(book.renamed("ethics/length"), None);
        assert_eq!(book.renamed("ethics/weeks"), Some("ethics/long-stay"));
        let problems = profile("[rules.\"ethics/length\"]\nweight = 2\n").check(&book);
        assert!(
            problems[0]
                .to_string()
                .contains("`ethics/length` is not a rule")
        );
    }
}
