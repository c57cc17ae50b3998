//! Reads a decision, and holds its parts against each other.

use super::{Condition, Decided, Decision, Recusal, Votes, Wanted};
use evenhand_core::date::Date;
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::{Problem, did_you_mean};
use serde_json::Value;

const TOP: [&str; 4] = ["decision", "votes", "conditions", "recused"];
const CONDITION: [&str; 8] = [
    "number", "text", "rule", "path", "value", "at_least", "at_most", "due",
];
const OWN: [&str; 8] = [
    "proposal",
    "outcome",
    "date",
    "review",
    "delete_after",
    "reasons",
    "present",
    "issues",
];

pub(super) fn decision(document: &Document) -> Result<Decision, Vec<Problem>> {
    let mut reader = Reader {
        document,
        problems: Vec::new(),
    };
    let root = Pointer::root();
    let own = root.key("decision");
    reader.only(&root, &TOP);
    reader.only(&own, &OWN);
    let proposal = reader.text(&own, "proposal", "the proposal's id");
    let outcome = reader.outcome(&own);
    let date = reader.day(&own, "date", true);
    let review = reader.day(&own, "review", false);
    let delete_after = reader.day(&own, "delete_after", false);
    let reasons = reader.texts(&own, "reasons", "one reason or more", true);
    let present = reader.texts(&own, "present", "the names of those who were there", true);
    let issues = reader.texts(&own, "issues", "what the board could not agree on", false);
    let recused = reader.recused(&root, &present);
    let votes = reader.votes(&root);
    let conditions = reader.conditions(&root);
    for (key, day) in [("review", review), ("delete_after", delete_after)] {
        if let Some((day, date)) = day.zip(date).filter(|(day, date)| day < date) {
            let message = format!("`{key}` is {day}, before the decision of {date}");
            reader.at(&own.key(key), Problem::error(message));
        }
    }
    reader.count(&root, votes, &present, &recused);
    reader.fits(&own, outcome, &conditions);
    match (reader.problems.is_empty(), outcome, date, votes) {
        (true, Some(outcome), Some(date), Some(votes)) => Ok(Decision {
            proposal,
            outcome,
            date,
            review,
            delete_after,
            reasons,
            present,
            recused,
            votes,
            conditions,
            issues,
        }),
        _ => Err(reader.problems),
    }
}

struct Reader<'a> {
    document: &'a Document,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn value(&self, at: &Pointer) -> Option<&Value> {
        at.of(self.document.value())
            .filter(|value| !value.is_null())
    }

    fn at(&mut self, at: &Pointer, problem: Problem) {
        self.problems.push(self.document.problem_at(at, problem));
    }

    /// Names that nobody knows in a table.
    fn only(&mut self, at: &Pointer, known: &[&str]) {
        let names: Vec<String> = match self.value(at) {
            Some(Value::Object(table)) => table.keys().cloned().collect(),
            Some(_) => {
                let message = format!("`{}` is no table", at.dotted());
                self.at(at, Problem::error(message));
                return;
            }
            None => return,
        };
        for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
            let problem = Problem::error(format!("`{name}` is not a field of a decision"))
                .expected(format!("one of {}", known.join(", ")))
                .suggest_maybe(did_you_mean(name, known.iter().copied()));
            let problem = self.document.problem_at_key(&at.key(name), problem);
            self.problems.push(problem);
        }
    }

    fn lacks(&mut self, at: &Pointer, key: &str, expected: &str) {
        let place = if self.value(at).is_some() {
            at.clone()
        } else {
            Pointer::root()
        };
        let path = at.key(key).dotted();
        self.at(
            &place,
            Problem::error(format!("there is no `{path}`")).expected(expected),
        );
    }

    fn wrong(&mut self, at: &Pointer, expected: &str) {
        let message = format!("`{}` is not what it should be", at.dotted());
        self.at(at, Problem::error(message).expected(expected));
    }

    fn text(&mut self, at: &Pointer, key: &str, expected: &str) -> String {
        let here = at.key(key);
        match self.value(&here) {
            Some(Value::String(text)) if !text.trim().is_empty() => return text.trim().to_owned(),
            Some(_) => self.wrong(&here, expected),
            None => self.lacks(at, key, expected),
        }
        String::new()
    }

    fn texts(&mut self, at: &Pointer, key: &str, expected: &str, needed: bool) -> Vec<String> {
        let here = at.key(key);
        let list = match self.value(&here) {
            Some(Value::Array(list)) => list.clone(),
            Some(Value::String(text)) => vec![Value::from(text.as_str())],
            Some(_) => {
                self.wrong(&here, expected);
                return Vec::new();
            }
            None => Vec::new(),
        };
        if list.is_empty() && needed {
            self.lacks(at, key, expected);
        }
        let mut texts: Vec<String> = Vec::new();
        for (index, item) in list.iter().enumerate() {
            match item.as_str().map(str::trim).filter(|text| !text.is_empty()) {
                Some(text) if texts.iter().any(|known| known == text) => {
                    let problem = Problem::error(format!("`{text}` is named twice"));
                    self.at(&here.index(index), problem);
                }
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(&here.index(index), expected),
            }
        }
        texts
    }

    fn day(&mut self, at: &Pointer, key: &str, needed: bool) -> Option<Date> {
        const EXPECTED: &str = "year, month and day, such as 2027-06-30";
        let here = at.key(key);
        let Some(value) = self.value(&here).cloned() else {
            if needed {
                self.lacks(at, key, EXPECTED);
            }
            return None;
        };
        let text = value.as_str().unwrap_or_default();
        let day = Date::read(text);
        if day.is_none() {
            let problem = Problem::error(format!("`{}` is no date", here.dotted()))
                .expected(EXPECTED)
                .suggest_maybe(Date::meant(text).map(|meant| format!("write {meant}")));
            self.at(&here, problem);
        }
        day
    }

    fn outcome(&mut self, at: &Pointer) -> Option<Decided> {
        let typed = self.text(
            at,
            "outcome",
            "approved, approved_with_conditions, deferred or declined",
        );
        let found = Decided::ALL.into_iter().find(|known| known.word() == typed);
        if found.is_none() && !typed.is_empty() {
            let words = Decided::ALL.map(Decided::word);
            let problem = Problem::error(format!("`{typed}` is nothing a board decides"))
                .expected(format!("one of {}", words.join(", ")))
                .suggest_maybe(did_you_mean(&typed, words));
            self.at(&at.key("outcome"), problem);
        }
        found
    }

    fn votes(&mut self, root: &Pointer) -> Option<Votes> {
        let at = root.key("votes");
        self.only(&at, &["for", "against", "abstaining"]);
        let mut number = |key: &str| {
            let here = at.key(key);
            match self.value(&here) {
                Some(value) if value.is_u64() => return value.as_u64(),
                Some(_) => self.wrong(&here, "a number of votes"),
                None => self.lacks(&at, key, "a number of votes; 0 for none"),
            }
            None
        };
        let (in_favour, against, abstaining) =
            (number("for"), number("against"), number("abstaining"));
        Some(Votes {
            in_favour: in_favour?,
            against: against?,
            abstaining: abstaining?,
        })
    }

    fn tables(&mut self, at: &Pointer) -> usize {
        match self.value(at) {
            Some(Value::Array(list)) => list.len(),
            Some(_) => {
                let name = at.dotted();
                self.wrong(at, &format!("tables that begin with `[[{name}]]`"));
                0
            }
            None => 0,
        }
    }

    fn recused(&mut self, root: &Pointer, present: &[String]) -> Vec<Recusal> {
        let at = root.key("recused");
        let mut recused: Vec<Recusal> = Vec::new();
        for index in 0..self.tables(&at) {
            let here = at.index(index);
            self.only(&here, &["name", "reason"]);
            let name = self.text(&here, "name", "who took no part");
            let reason = self.text(&here, "reason", "why");
            if recused.iter().any(|other| other.name == name) {
                self.at(
                    &here.key("name"),
                    Problem::error(format!("`{name}` is named twice")),
                );
            } else if !name.is_empty() && !present.contains(&name) {
                let problem = Problem::error(format!("`{name}` is not among those who were there"))
                    .suggest_maybe(did_you_mean(&name, present.iter().map(String::as_str)));
                self.at(&here.key("name"), problem);
            }
            recused.push(Recusal { name, reason });
        }
        recused
    }

    fn conditions(&mut self, root: &Pointer) -> Vec<Condition> {
        let at = root.key("conditions");
        let mut conditions = Vec::new();
        for (index, expected) in (0..self.tables(&at)).zip(1_u64..) {
            let here = at.index(index);
            self.only(&here, &CONDITION);
            let number = self.value(&here.key("number")).map(Value::as_u64);
            if number.is_none() {
                self.lacks(&here, "number", &expected.to_string());
            }
            if number.is_some_and(|number| number != Some(expected)) {
                let message =
                    format!("conditions are numbered from 1, and this is number {expected}");
                self.at(
                    &here.key("number"),
                    Problem::error(message).expected(expected.to_string()),
                );
            }
            let rule = self.value(&here.key("rule")).is_some();
            let wanted = self.wanted(&here);
            if rule && wanted.is_some() {
                let message = "the condition names a rule and an answer";
                let problem = Problem::error(message).expected("one of the two");
                self.at(&here.key("path"), problem);
            }
            conditions.push(Condition {
                wanted,
                number: expected,
                text: self.text(&here, "text", "what the program has to do"),
                rule: rule.then(|| self.text(&here, "rule", "the id of a rule")),
                due: self.day(&here, "due", false),
            });
        }
        conditions
    }

    /// The answer that shows whether a condition is met, where it names one.
    fn wanted(&mut self, here: &Pointer) -> Option<Wanted> {
        let keys = ["value", "at_least", "at_most"];
        let given = keys.map(|key| self.value(&here.key(key)).cloned());
        if self.value(&here.key("path")).is_none() {
            let stray = keys.iter().zip(&given).find(|(_, value)| value.is_some());
            if let Some((key, _)) = stray {
                let problem = Problem::error(format!("`{key}` is there without a `path`"));
                self.at(&here.key(key), problem.expected("the path of an answer"));
            }
            return None;
        }
        let typed = self.text(here, "path", "the path of an answer, such as host.need");
        let path = Pointer::from_dotted(&typed);
        if path.is_none() && !typed.is_empty() {
            let problem = Problem::error(format!("`{typed}` is no path"));
            let problem = problem.expected("names with dots between, such as flows[0].weeks");
            self.at(&here.key("path"), problem);
        }
        let [value, at_least, at_most] = given;
        let mut limit = |key: &str, value: Option<Value>| {
            let number = value.as_ref().and_then(Value::as_f64);
            if value.is_some() && number.is_none() {
                self.wrong(&here.key(key), "a number");
            }
            number
        };
        let any_limit = at_least.is_some() || at_most.is_some();
        let (least, most) = (limit("at_least", at_least), limit("at_most", at_most));
        if value.is_some() == any_limit {
            let message = if any_limit {
                "the condition names a value and a limit"
            } else {
                "the condition names an answer, and not what it has to be"
            };
            let problem = Problem::error(message);
            let problem = problem.expected("`value`, or `at_least`, `at_most` or both");
            self.at(&here.key("path"), problem);
        }
        if least.zip(most).is_some_and(|(least, most)| least > most) {
            let problem = Problem::error("`at_least` is more than `at_most`");
            self.at(&here.key("at_least"), problem);
        }
        Some(Wanted {
            path: path?,
            value,
            at_least: least,
            at_most: most,
        })
    }

    /// Everybody who was there and took part votes, or abstains.
    fn count(
        &mut self,
        root: &Pointer,
        votes: Option<Votes>,
        present: &[String],
        recused: &[Recusal],
    ) {
        let Some(votes) = votes.filter(|_| !present.is_empty()) else {
            return;
        };
        let all = votes
            .in_favour
            .saturating_add(votes.against)
            .saturating_add(votes.abstaining);
        let voters = present.len().saturating_sub(recused.len());
        if usize::try_from(all) != Ok(voters) {
            let message = format!("there are {all} votes, and {voters} were there and took part");
            let problem = Problem::error(message).expected("a vote of each, or an abstention");
            self.at(&root.key("votes"), problem);
        }
    }

    fn fits(&mut self, at: &Pointer, outcome: Option<Decided>, conditions: &[Condition]) {
        let (message, suggestion) = match outcome {
            Some(Decided::Approved) if !conditions.is_empty() => (
                "it is approved, and there are conditions",
                "write `approved_with_conditions`",
            ),
            Some(Decided::ApprovedWithConditions) if conditions.is_empty() => (
                "it is approved with conditions, and there are none",
                "write `approved`, or add `[[conditions]]`",
            ),
            _ => return,
        };
        self.at(
            &at.key("outcome"),
            Problem::error(message).suggest(suggestion),
        );
    }
}
