//! The waivers of a profile.

use super::Profile;
use crate::date::Date;
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::rulebook::Rulebook;
use crate::waiver::{Standing, Until, Waiver};
use serde_json::Value;

/// What every waiver has, with an example.
const KEYS: [(&str, &str); 5] = [
    ("rule", "the rule's id, such as `ethics/scope-of-practice`"),
    (
        "proposal",
        "the proposal's id, or `\"*\"` for every proposal",
    ),
    (
        "reason",
        "why the board lets the program off, which every report shows",
    ),
    ("by", "who decided it, such as `Board decision 2026-14`"),
    (
        "until",
        "the last day on which it holds, such as `2027-06-30`",
    ),
];

/// Reads the waivers; what a waiver lacks goes to `problems`.
pub(super) fn read(document: &Document, problems: &mut Vec<Problem>) -> Vec<Waiver> {
    let at = Pointer::root().key("waivers");
    let list = at.of(document.value()).and_then(Value::as_array);
    let list = list.map(Vec::as_slice).unwrap_or_default();
    let entries = list.iter().enumerate();
    entries
        .filter_map(|(index, entry)| one(document, &at.index(index), index, entry, problems))
        .collect()
}

fn one(
    document: &Document,
    at: &Pointer,
    index: usize,
    entry: &Value,
    problems: &mut Vec<Problem>,
) -> Option<Waiver> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::trim);
    let entry = entry.as_object()?;
    let before = problems.len();
    for (key, expected) in KEYS {
        let problem = match entry.get(key) {
            None | Some(Value::Null) => {
                let message = format!("number {} of `waivers` has no `{key}`", index + 1);
                document.problem_at(at, Problem::error(message).expected(expected))
            }
            Some(Value::String(text)) if text.trim().is_empty() => {
                let message = format!("`waivers[{index}].{key}` is empty");
                document.problem_at(&at.key(key), Problem::error(message).expected(expected))
            }
            Some(_) => continue,
        };
        problems.push(problem);
    }
    if problems.len() > before {
        let until = entry.get("until").filter(|until| !until.is_null());
        let until = until.map(until_of);
        if let Some(until) =
            until.filter(|until| until.day().is_none() && !until.to_string().trim().is_empty())
        {
            problems.push(document.problem_at(&at.key("until"), unreadable(&until)));
        }
        return None;
    }
    let owned = |key: &str| text(key).unwrap_or_default().to_owned();
    let until = entry.get("until").map(until_of)?;
    Some(Waiver {
        rule: owned("rule"),
        proposal: owned("proposal"),
        reason: owned("reason"),
        by: owned("by"),
        until,
    })
}

fn until_of(typed: &Value) -> Until {
    match typed {
        Value::String(until) => Until::read(until),
        other => Until::Unreadable(other.to_string()),
    }
}

/// That the last day of a waiver cannot be read.
fn unreadable(until: &Until) -> Problem {
    let said = crate::text::shorten(&until.to_string(), 40);
    let meant = Date::meant(&until.to_string());
    Problem::warning(format!(
        "`{said}` is no date, so the waiver counts as expired"
    ))
    .expected("the last day on which it holds, such as `2027-06-30`")
    .suggest_maybe(meant.map(|day| format!("write {day}")))
}

impl Profile {
    /// Waivers of rules that do not exist, that may not be waived, or whose day cannot be read.
    pub(super) fn wrong_waivers(&self, book: &Rulebook) -> Vec<Problem> {
        let at = Pointer::root().key("waivers");
        let mut problems = Vec::new();
        if self.settings.waivers.is_empty() {
            return problems;
        }
        let ids = book.rule_ids();
        let layers = self.layers.iter().enumerate();
        let places = layers.flat_map(|(layer, one)| {
            let count = one.part.waivers.len();
            (0..count).map(move |index| (layer, index))
        });
        for (waiver, (layer, index)) in self.settings.waivers.iter().zip(places) {
            let here = |key: &str, problem| self.at_in(layer, &at.index(index).key(key), problem);
            if !ids.contains(&waiver.rule) {
                let problem = Problem::error(format!("`{}` is not a rule", waiver.rule))
                    .expected(
                        "an id such as `ethics/scope-of-practice`; `evenhand rules list` shows all",
                    )
                    .suggest_maybe(did_you_mean(&waiver.rule, ids.iter().map(String::as_str)));
                problems.push(here("rule", problem));
            }
            let waivable = book.may_be_waived(&waiver.rule);
            if waiver.standing(book.settings().date, waivable) == Standing::NotWaivable {
                let message = format!("`{}` may not be waived, so this does nothing", waiver.rule);
                let problem = Problem::warning(message)
                    .suggest("take it out; every report of a program it is for says so until then");
                problems.push(here("rule", problem));
            }
            if waiver.until.day().is_none() {
                problems.push(here("until", unreadable(&waiver.until)));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;

    fn read(text: &str) -> Result<Profile, Vec<String>> {
        let document = Document::parse("evenhand.toml", text.as_bytes(), Format::Toml).unwrap();
        Profile::read(document)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    const WHOLE: &str =
        "[[waivers]]\nrule = \"ethics/long-stay\"\nproposal = \"p\"\nreason = \"r\"\nby = \"b\"\n";

    #[test]
    fn everything_that_a_waiver_lacks_is_said_at_once() {
        let problems = read(
            "[[waivers]]\nrule = \"ethics/long-stay\"\nreason = \" \"\n[[waivers]]\nrul = \"x\"\nproposal = \"*\"\nreason = \"r\"\nby = \"b\"\nuntil = 3\n",
        )
        .unwrap_err();
        assert_eq!(
            problems,
            [
                "evenhand.toml:1:1: number 1 of `waivers` has no `proposal`; expected the proposal's id, or `\"*\"` for every proposal",
                "evenhand.toml:1:1: number 1 of `waivers` has no `by`; expected who decided it, such as `Board decision 2026-14`",
                "evenhand.toml:1:1: number 1 of `waivers` has no `until`; expected the last day on which it holds, such as `2027-06-30`",
                "evenhand.toml:3:10: `waivers[0].reason` is empty; expected why the board lets the program off, which every report shows",
                "evenhand.toml:4:1: number 2 of `waivers` has no `rule`; expected the rule's id, such as `ethics/scope-of-practice`",
                "evenhand.toml:5:1: `rul` is not a field of `waivers[]`; did you mean `rule`?",
                "evenhand.toml:9:9: `3` is no date, so the waiver counts as expired; expected the last day on which it holds, such as `2027-06-30`",
            ]
        );
    }

    #[test]
    fn a_day_is_a_text_or_a_date_and_what_cannot_be_read_is_said() {
        let misfits = |until: &str| {
            let profile = read(&format!("{WHOLE}until = {until}\n")).unwrap();
            let problems = profile.check(&crate::sample::book(&[]));
            assert!(
                problems.iter().all(|problem| !problem.is_error()),
                "{problems:?}"
            );
            problems.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(misfits("\"2027-06-30\""), [""; 0]);
        assert_eq!(misfits("2027-06-30"), [""; 0]);
        for (until, shown, suggestion) in [
            ("\"30.6.2027\"", "30.6.2027", "; write 2027-06-30"),
            ("\"5/6/2027\"", "5/6/2027", ""),
            ("2027-06-30T10:00:00", "2027-06-30T10:00:00", ""),
            ("3", "3", ""),
            ("[]", "[]", ""),
        ] {
            assert_eq!(
                misfits(until),
                [format!(
                    "evenhand.toml:6:9: `{shown}` is no date, so the waiver counts as expired; expected the last day on which it holds, such as `2027-06-30`{suggestion}"
                )]
            );
        }
    }

    #[test]
    fn a_waiver_of_no_rule_and_of_a_rule_that_may_not_be_waived_is_said() {
        let text = format!("{WHOLE}until = \"2027-06-30\"\n").replace("long-stay", "long-stays");
        let problems = read(&text).unwrap().check(&crate::sample::book(&[]));
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "evenhand.toml:2:8: `ethics/long-stays` is not a rule; expected an id such as `ethics/scope-of-practice`; `evenhand rules list` shows all; did you mean `ethics/long-stay`?"
            ]
        );
        let locked = crate::sample::book(&[(
            "ethics/long-stay.md",
            "severity: major",
            "severity: major\nwaivable: false",
        )]);
        let text = format!("{WHOLE}until = \"2027-06-30\"\n");
        let problems = read(&text).unwrap().check(&locked);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "evenhand.toml:2:8: `ethics/long-stay` may not be waived, so this does nothing; take it out; every report of a program it is for says so until then"
            ]
        );
        assert!(!problems[0].is_error());
    }
}
