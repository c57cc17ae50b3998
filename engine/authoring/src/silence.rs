//! The law of silence: leaving out an answer never helps. Each answer of each case is left out in turn, each list, and each field
//! of an element; for a derived fact, what it rests on.

use crate::cases::{Case, cases, for_case};
use evenhand_core::document::Document;
use evenhand_core::evaluate::Remembered;
use evenhand_core::executor::par_map;
use evenhand_core::finding::{Evidence, Finding, Outcome};
use evenhand_core::plugin::Manifest;
use evenhand_core::rule::PageKind;
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::Place;
use evenhand_document::change::unset;
use serde_json::Value;
use std::collections::BTreeSet;

/// What came of leaving answers out.
#[derive(Debug, Default)]
pub struct SilenceRun {
    /// Answers that were left out, over all cases.
    pub tried: usize,
    /// What was better without an answer, of which no page says why.
    pub rises: Vec<Rise>,
    /// What was better without an answer, for a reason that the page states.
    pub explained: usize,
    /// Rules and the paths that their pages except for nothing.
    pub unused: Vec<(String, String)>,
    /// What is wrong with the cases themselves.
    pub problems: Vec<Problem>,
}

/// Something that is better without an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Rise {
    /// The rule.
    pub rule: String,
    /// The case.
    pub case: String,
    /// Where the case stands: file, line and column.
    pub place: Option<(String, Place)>,
    /// What was left out.
    pub path: Pointer,
    /// The low end with it.
    pub from: f64,
    /// The low end without it.
    pub to: f64,
    /// What comes out without it.
    pub outcome: Outcome,
}

/// Sums of decimals may be off by so much.
const TOLERANCE: f64 = 1e-9;

/// Leaves out every answer of every case of the rules that are wanted.
pub fn silence(book: &Rulebook, wanted: impl Fn(&str) -> bool) -> SilenceRun {
    silence_every(book, wanted, 1)
}

/// The same with one answer in so many, another one in each case.
pub fn silence_every(book: &Rulebook, wanted: impl Fn(&str) -> bool, step: usize) -> SilenceRun {
    let remembered = Remembered::default();
    let judged = |rule: &&Rule| {
        rule.page.kind == PageKind::Rule && rule.script_source().is_some() && wanted(&rule.page.id)
    };
    let rules: Vec<&Rule> = book.rules().iter().filter(judged).collect();
    let mut run = SilenceRun::default();
    let tried = par_map(book.executor(), &rules, |rule| {
        Ok::<_, Vec<Problem>>((
            *rule,
            silenced(book, rule, cases(book, rule)?, step, &remembered),
        ))
    });
    for found in tried {
        match found {
            Err(problems) => run.problems.extend(problems),
            Ok((rule, (tried, rises))) => {
                run.tried += tried;
                run.take(rule, rises);
            }
        }
    }
    run
}

impl SilenceRun {
    /// Sorts what was found by whether the page gives a reason.
    fn take(&mut self, rule: &Rule, rises: Vec<Rise>) {
        let excepted = &rule.page.text().silence;
        let mut used = BTreeSet::new();
        for rise in rises {
            match excepted.keys().find(|path| excepts(path, &rise.path)) {
                Some(path) => {
                    used.insert(path.clone());
                    self.explained += 1;
                }
                None => self.rises.push(rise),
            }
        }
        let unused = excepted.keys().filter(|path| !used.contains(*path));
        self.unused
            .extend(unused.map(|path| (rule.page.id.clone(), path.clone())));
    }

    /// Whether silence helps nobody, but where a page says why.
    pub fn holds(&self) -> bool {
        self.rises.is_empty() && self.unused.is_empty() && self.problems.is_empty()
    }
}

/// Whether a path of a page covers what was left out: the same, above or below it; `[]` stands for any element.
fn excepts(path: &str, left_out: &Pointer) -> bool {
    let Some(path) = Pointer::from_dotted(path) else {
        return false;
    };
    path.steps().zip(left_out.steps()).all(|(own, other)| {
        own == other || (own == "-" && other.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// How many answers were left out of a rule's cases, and what was better without.
fn silenced(
    book: &Rulebook,
    rule: &Rule,
    cases: Vec<Case>,
    step: usize,
    remembered: &Remembered,
) -> (usize, Vec<Rise>) {
    let (mut tried, mut rises) = (0, Vec::new());
    let ask = |rule: &Rule, proposal: &Document| {
        let facts = book.facts_remembering(proposal, Some(remembered));
        book.ask_here(rule, &facts)
    };
    for (number, case) in cases.into_iter().enumerate() {
        let rule = for_case(rule, &case);
        let before = ask(
            &rule,
            &Document::from_value(&case.name, case.proposal.clone()),
        );
        // Nothing is worth more than all; a rule that is met and then does not arise takes points away.
        if worst(&before) >= 1.0 {
            continue;
        }
        let concerned = answers(&case.proposal).into_iter();
        let concerned = concerned.filter(|path| concerns(book, &before, path));
        for path in concerned.skip(number % step).step_by(step) {
            let mut proposal = case.proposal.clone();
            leave_out(&mut proposal, &path);
            let without = Document::from_value(&case.name, proposal);
            tried += 1;
            let after = ask(&rule, &without);
            // What does not fit the schema without it is refused, which is no help either.
            if worst(&after) > worst(&before) + TOLERANCE
                && book.check_document(&without).is_empty()
            {
                rises.push(Rise {
                    rule: rule.page.id.clone(),
                    case: case.name.clone(),
                    place: case.place.clone(),
                    path,
                    from: worst(&before),
                    to: worst(&after),
                    outcome: after.outcome,
                });
            }
        }
    }
    (tried, rises)
}

/// The least that a finding is worth; what does not apply costs nothing.
fn worst(finding: &Finding) -> f64 {
    match finding.outcome {
        Outcome::NotApplicable => 1.0,
        Outcome::Error => 0.0,
        _ => finding.degree.low,
    }
}

/// Every answer of a proposal, every group and every list. Of a list of plain values each element may be the one that is not known.
pub fn answers(proposal: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    collect(proposal, &Pointer::root(), &mut found);
    found
}

fn collect(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter().filter(|(_, value)| !value.is_null()) {
                let at = at.key(key);
                found.push(at.clone());
                collect(value, &at, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let at = at.index(index);
                if !value.is_object() {
                    found.push(at.clone());
                }
                collect(value, &at, found);
            }
        }
        _ => {}
    }
}

/// Makes an answer one that nobody has given. An element of a list is not taken out, which would say something else.
fn leave_out(proposal: &mut Value, path: &Pointer) {
    let parent = path.parent();
    let list = parent.is_some_and(|parent| matches!(parent.of(proposal), Some(Value::Array(_))));
    if list {
        if let Some(element) = proposal.pointer_mut(path.as_str()) {
            *element = Value::Null;
        }
    } else {
        unset(proposal, path);
    }
}

/// Whether a finding depends on an answer, itself or through what a plugin derived from it.
fn concerns(book: &Rulebook, finding: &Finding, path: &Pointer) -> bool {
    let derived = Pointer::root().key("derived");
    finding.looked_at.iter().any(|seen| {
        if !derived.contains(seen) {
            return touches(seen, path);
        }
        let known = finding.evidence.iter().find(|fact| fact.path == *seen);
        match known.filter(|fact| !fact.inputs.is_empty()) {
            Some(Evidence { inputs, .. }) => inputs.iter().any(|input| touches(&input.path, path)),
            None => read_for(book, seen, path),
        }
    })
}

/// Whether the plugin of a derived fact reads an answer.
fn read_for(book: &Rulebook, derived: &Pointer, path: &Pointer) -> bool {
    let key = derived.steps().nth(1).unwrap_or_default().into_owned();
    let reads = |manifest: &Manifest| {
        let reads = manifest.reads.iter();
        let mut reads = reads.map(|read| Pointer::from_json(read.as_str()));
        manifest.facts_key() == key && reads.any(|read| touches(&read, path))
    };
    book.manifests().any(|(manifest, _)| reads(manifest))
}

fn touches(one: &Pointer, other: &Pointer) -> bool {
    one.contains(other) || other.contains(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_core::sample;

    fn run(script: &str, front: &str) -> SilenceRun {
        let page = sample::PAGE.replace("limits: ", &format!("{front}limits: "));
        let book = sample::book(&[
            ("ethics/long-stay.md", "", &page),
            ("ethics/long-stay.rhai", "", script),
        ]);
        assert_eq!(book.broken().len(), 0, "{:?}", book.broken());
        silence(&book, |_| true)
    }

    /// Each thing by which a rule makes silence help: the script, and what is better left out in which case.
    #[test]
    fn every_way_in_which_silence_helps_is_found() {
        for (script, rises) in [
            (
                "fn applies(program, param) { program.mode == \"in_person\" }\nfn check(program, param) { if program.weeks >= param.least { met(\"x\") } else { unmet(\"y\") } }",
                vec![],
            ),
            (
                "fn check(program, param) { if program.get_or(\"weeks\", 9) >= param.least { met(\"x\") } else { unmet(\"y\") } }",
                vec!["short: weeks 0 1 met"],
            ),
            (
                "fn applies(program, param) { program.has(\"weeks\") }\nfn check(program, param) { if program.weeks >= param.least { met(\"x\") } else { unmet(\"y\") } }",
                vec!["short: weeks 0 1 not_applicable"],
            ),
            (
                "fn check(program, param) { if !program.has(\"weeks\") { return between(0.5, 1, [\"weeks\"], \"open\", #{}); } if program.weeks >= param.least { met(\"x\") } else { unmet(\"y\") } }",
                vec!["short: weeks 0 0.5 unknown"],
            ),
        ] {
            let run = run(script, "");
            let found: Vec<String> = run
                .rises
                .iter()
                .map(|rise| {
                    let (case, path) = (&rise.case, rise.path.dotted());
                    format!("{case}: {path} {} {} {}", rise.from, rise.to, rise.outcome)
                })
                .collect();
            assert_eq!(found, rises, "{script}");
            assert_eq!(run.holds(), rises.is_empty());
            assert!(run.tried >= 1, "{}", run.tried);
        }
    }

    #[test]
    fn a_page_excepts_a_fact_with_a_reason_and_no_more_than_it_needs() {
        let script = "fn check(program, param) { if program.get_or(\"weeks\", 9) >= param.least { met(\"x\") } else { unmet(\"y\") } }";
        let reasoned = run(script, "silence: { weeks: Nobody has to say it }\n");
        assert!(reasoned.holds(), "{reasoned:?}");
        assert_eq!(reasoned.explained, 1);
        let more = run(
            script,
            "silence: { weeks: Nobody has to say it, mode: Nor that }\n",
        );
        assert_eq!(
            more.unused,
            [("ethics/long-stay".to_owned(), "mode".to_owned())]
        );
        assert!(!more.holds());
        let empty = run(script, "silence: { weeks: \"  \" }\n");
        assert_eq!(empty.rises.len(), 1, "a reason is words");
    }

    #[test]
    fn exceptions_cover_what_lies_above_and_below_them() {
        for (path, left_out, covered) in [
            ("flows[].weeks", "flows[3].weeks", true),
            ("flows[].weeks", "flows", true),
            ("flows", "flows[3].weeks", true),
            ("flows[].weeks", "flows[3].nights", false),
            ("a.b", "a.bc", false),
        ] {
            let left_out = Pointer::from_dotted(left_out).unwrap();
            assert_eq!(excepts(path, &left_out), covered, "{path} {left_out}");
        }
    }
}
