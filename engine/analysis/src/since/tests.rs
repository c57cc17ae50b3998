use super::*;
use crate::decision::Wanted;
use evenhand_core::document::Format;
use evenhand_core::finding::Outcome;
use evenhand_core::pointer::Pointer;
use evenhand_core::sample;
use serde_json::json;

fn document(text: &str) -> Document {
    Document::parse("p.yaml", text.as_bytes(), Format::Yaml).unwrap()
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "–".to_owned(), Value::to_string)
}

/// Which answers changed between two proposals: path, before, after, line.
#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    let found = answers::changed(&document(old), &document(new));
    let found: Vec<String> = found
        .iter()
        .map(|one| {
            format!(
                "{} {} → {} at {}",
                one.path,
                shown(one.was.as_ref()),
                shown(one.is.as_ref()),
                one.place.map_or(0, |place| place.line)
            )
        })
        .collect();
    assert_eq!(found, expected, "{old} → {new}");
}

#[test]
fn answers_that_changed_are_named_with_their_line() {
    check("a: 2\n", "# said again\na: 2.0\n", &[]);
    check("a: 2\nb: null\n", "a: 2\nc: {}\n", &[]);
    check(
        "a: 2\n",
        "b: x\na: 3\n",
        &["b – → \"x\" at 1", "a 2 → 3 at 2"],
    );
    check("a: 2\nb: 1\n", "b: 2\n", &["b 1 → 2 at 1", "a 2 → – at 1"]);
    check(
        "a: { b: { c: 1 } }\n",
        "a: { b: 4 }\n",
        &["a.b {\"c\":1} → 4 at 1"],
    );
    check(
        "a: [x, y]\n",
        "a: [y]\n",
        &["a [\"x\",\"y\"] → [\"y\"] at 1"],
    );
    check("a: []\n", "a: null\n", &["a [] → – at 1"]);
}

#[test]
fn elements_of_lists_are_told_apart() {
    // By their ids, wherever they stand.
    check(
        "p:\n- { id: a, n: 1 }\n- { id: b, n: 2 }\n",
        "p:\n- { id: c }\n- { id: b, n: 3 }\n- { id: a, n: 1 }\n",
        &["p[0].id – → \"c\" at 2", "p[1].n 2 → 3 at 3"],
    );
    check(
        "p:\n- { id: a, n: 1 }\n- { id: b, n: 2 }\n",
        "p:\n- { id: b, n: 2 }\n",
        &["p[0].id \"a\" → – at 2", "p[0].n 1 → – at 2"],
    );
    // Two of one id are told apart by their order.
    check(
        "p:\n- { id: a, n: 1 }\n- { id: a, n: 2 }\n",
        "p:\n- { id: a, n: 1 }\n- { id: a, n: 3 }\n",
        &["p[1].n 2 → 3 at 3"],
    );
    // Without ids, what is the same at both ends is left out.
    check(
        "f:\n- { n: 1 }\n- { n: 2 }\n",
        "f:\n- { n: 1 }\n- { n: 9 }\n- { n: 2 }\n",
        &["f[1].n – → 9 at 3"],
    );
    check(
        "f:\n- { n: 1 }\n- { n: 2 }\n- { n: 3 }\n",
        "f:\n- { n: 1 }\n- { n: 4 }\n",
        &["f[1].n 2 → 4 at 3", "f[2].n 3 → – at 4"],
    );
    check("f:\n- { n: 1 }\n", "f: []\n", &["f[0].n 1 → – at 2"]);
}

#[test]
fn a_list_of_four_hundred_entries_is_compared_at_once() {
    let list = |skip: usize| {
        let entries = (0..400).filter(|index| *index != skip);
        let lines: Vec<String> = entries
            .map(|index| format!("- {{ n: {index} }}\n"))
            .collect();
        format!("f:\n{}", lines.concat())
    };
    check(&list(400), &list(7), &["f[7].n 7 → – at 9"]);
}

const DECISION: &str = r#"[decision]
proposal = ""
outcome = "approved_with_conditions"
date = "2026-11-26"
reasons = "r"
present = "A"
[votes]
for = 1
against = 0
abstaining = 0
"#;

fn decision(conditions: &[Condition]) -> Decision {
    let text = DECISION
        .replace("approved_with_conditions", "approved")
        .replace("\"\"", "\"x\"");
    let document = Document::parse("decision.toml", text.as_bytes(), Format::Toml).unwrap();
    let mut decision = Decision::read(&document).unwrap();
    decision.conditions = conditions.to_vec();
    decision
}

fn condition(rule: Option<&str>, wanted: Option<Wanted>) -> Condition {
    Condition {
        number: 1,
        text: "Stay".to_owned(),
        rule: rule.map(str::to_owned),
        wanted,
        due: Date::read("2027-03-01"),
    }
}

fn compared(old: &str, new: &str, conditions: &[Condition]) -> Since {
    let book = sample::book(&[]);
    let (old, new) = (document(old), document(new));
    let snapshot = |document: &Document| Snapshot::of(&book.judge(document));
    let decision = decision(conditions);
    Since::of(Compared {
        recorded: snapshot(&old),
        stages: vec![Stage {
            causes: vec![Cause::Answers],
            after: snapshot(&new),
        }],
        old: &old,
        new: &new,
        decision: Some(&decision),
        recorded_on: None,
        today: Date::read("2027-03-02"),
        inputs: Vec::new(),
    })
}

/// How one condition stands, and whether it is overdue.
#[track_caller]
fn standing(condition: Condition, old: &str, new: &str, expected: (Standing, bool)) {
    let since = compared(old, new, &[condition]);
    let found = &since.conditions[0];
    assert_eq!((found.standing, found.overdue), expected, "{old} → {new}");
}

#[test]
fn a_condition_that_names_a_rule_follows_its_finding() {
    let rule = || condition(Some("ethics/long-stay"), None);
    let (short, long) = ("weeks: 2\nmode: in_person\n", "weeks: 9\nmode: in_person\n");
    standing(rule(), short, long, (Standing::Met, false));
    standing(rule(), short, short, (Standing::Open, true));
    standing(rule(), long, short, (Standing::Worse, true));
    standing(rule(), long, "mode: in_person\n", (Standing::Worse, true));
    standing(rule(), short, "mode: in_person\n", (Standing::Open, true));
    standing(rule(), "mode: virtual\n", short, (Standing::Worse, true));
    standing(rule(), short, "mode: virtual\n", (Standing::Met, false));
    standing(
        condition(Some("ethics/gone"), None),
        short,
        long,
        (Standing::ForPeople, true),
    );
    standing(
        condition(None, None),
        short,
        long,
        (Standing::ForPeople, true),
    );
}

/// The rule of the record and of the condition has another id by now: both are followed.
#[test]
fn a_rule_that_was_renamed_is_followed() {
    let named = "severity: major\nformerly: [ethics/length]";
    let now = sample::book(&[("ethics/long-stay.md", "severity: major", named)]);
    let (old, new) = ("weeks: 2\nmode: in_person\n", "weeks: 9\nmode: in_person\n");
    let (old, new) = (document(old), document(new));
    let mut recorded = Snapshot::of(&now.judge(&old));
    recorded.findings[0].rule = "ethics/length".to_owned();
    let decision = decision(&[condition(Some("ethics/length"), None)]).named_in(&now);
    let since = Since::of(Compared {
        recorded: recorded.named_in(&now),
        stages: vec![Stage {
            causes: vec![Cause::Answers],
            after: Snapshot::of(&now.judge(&new)),
        }],
        old: &old,
        new: &new,
        decision: Some(&decision),
        recorded_on: None,
        today: None,
        inputs: Vec::new(),
    });
    assert_eq!(since.findings.len(), 1, "{:?}", since.findings);
    let moved = &since.findings[0].moved;
    assert_eq!(moved.rule, "ethics/long-stay");
    assert!(moved.before.is_some() && moved.after.is_some());
    assert_eq!(since.conditions[0].standing, Standing::Met);
}

#[test]
fn a_condition_that_names_an_answer_follows_it() {
    let wanted = |path: &str, value: Option<Value>, least: Option<f64>, most: Option<f64>| {
        let path = Pointer::from_dotted(path).unwrap();
        condition(
            None,
            Some(Wanted {
                path,
                value,
                at_least: least,
                at_most: most,
            }),
        )
    };
    let mode = || wanted("mode", Some(json!("virtual")), None, None);
    let (virtual_one, other) = ("mode: virtual\n", "mode: in_person\n");
    standing(mode(), other, virtual_one, (Standing::Met, false));
    standing(mode(), other, other, (Standing::Open, true));
    standing(mode(), virtual_one, other, (Standing::Worse, true));
    standing(mode(), virtual_one, "weeks: 3\n", (Standing::Worse, true));
    standing(mode(), "weeks: 3\n", "weeks: 3\n", (Standing::Open, true));
    let weeks = || wanted("weeks", None, Some(4.0), Some(8.0));
    let of = |weeks: usize| format!("weeks: {weeks}\n");
    standing(weeks(), &of(2), &of(4), (Standing::Met, false));
    standing(weeks(), &of(2), &of(8), (Standing::Met, false));
    standing(weeks(), &of(2), &of(3), (Standing::Open, true));
    standing(weeks(), &of(3), &of(2), (Standing::Worse, true));
    standing(weeks(), &of(8), &of(9), (Standing::Worse, true));
    standing(weeks(), &of(12), &of(9), (Standing::Open, true));
}

#[test]
fn every_element_of_a_list_has_to_be_what_a_condition_says() {
    let path = Pointer::from_dotted("f[].n").unwrap();
    let wanted = Wanted {
        path,
        value: None,
        at_least: Some(2.0),
        at_most: None,
    };
    let stands = |text: &str| {
        let snapshot = compared("weeks: 2\n", "weeks: 2\n", &[]);
        assert!(snapshot.is_renewal());
        let proposal = document(text);
        let one = condition(None, Some(wanted.clone()));
        let empty = Snapshot {
            verdict: Word::Proceed,
            dimensions: Vec::new(),
            findings: Vec::new(),
        };
        let view = View {
            snapshot: &empty,
            proposal: proposal.value(),
        };
        one.standing(view, None)
    };
    assert_eq!(stands("f: [{ n: 2 }, { n: 3 }]\n"), Standing::Met);
    assert_eq!(stands("f: [{ n: 2 }, { n: 1 }]\n"), Standing::Open);
    assert_eq!(stands("f: [{ n: 2 }, {}]\n"), Standing::Open);
    assert_eq!(stands("f: []\n"), Standing::Open);
    assert_eq!(stands("a: 1\n"), Standing::Open);
}

/// A snapshot in which one rule has this degree.
fn degree(low: f64, waived: bool) -> Snapshot {
    let outcome = if low < 1.0 {
        Outcome::Partly
    } else {
        Outcome::Met
    };
    Snapshot {
        verdict: if low < 0.5 {
            Word::Revise
        } else {
            Word::Proceed
        },
        dimensions: Vec::new(),
        findings: vec![RuleState {
            rule: "ethics/x".to_owned(),
            title: "X".to_owned(),
            message: String::new(),
            state: State {
                outcome,
                low,
                high: low,
            },
            waived,
        }],
    }
}

/// What the causes of a finding and of the verdict are after some steps, and whether the finding got better.
#[track_caller]
fn causes(steps: &[(&[Cause], Snapshot)], expected: Option<(&[Cause], &[Cause], Option<bool>)>) {
    let proposal = document("a: 1\n");
    let stages = steps.iter().map(|(causes, after)| Stage {
        causes: causes.to_vec(),
        after: after.clone(),
    });
    let since = Since::of(Compared {
        recorded: degree(0.4, false),
        stages: stages.collect(),
        old: &proposal,
        new: &proposal,
        decision: None,
        recorded_on: None,
        today: None,
        inputs: Vec::new(),
    });
    let found = since.findings.first();
    let found = found.map(|one| (&*one.causes, &*since.verdict_causes, one.better()));
    assert_eq!(found, expected);
    assert_eq!(since.is_renewal(), expected.is_none());
}

#[test]
fn what_moves_at_a_step_has_its_cause() {
    use Cause::{Answers, Day, Program, Rules, Settings};
    causes(
        &[
            (&[Program], degree(0.4, false)),
            (&[Answers], degree(0.4, false)),
        ],
        None,
    );
    causes(
        &[
            (&[Program], degree(0.4, false)),
            (&[Answers], degree(0.6, false)),
        ],
        Some((&[Answers], &[Answers], Some(true))),
    );
    causes(
        &[
            (&[Rules], degree(0.3, false)),
            (&[Settings, Day], degree(0.3, false)),
            (&[Answers], degree(0.2, false)),
        ],
        Some((&[Rules, Answers], &[], Some(false))),
    );
    // What moved and moved back is no change.
    causes(
        &[
            (&[Rules], degree(0.1, false)),
            (&[Answers], degree(0.4, false)),
        ],
        None,
    );
    // A waiver makes nothing better.
    causes(
        &[(&[Settings], degree(0.4, true))],
        Some((&[Settings], &[], None)),
    );
}
