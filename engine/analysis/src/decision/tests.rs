use super::*;
use crate::since::Snapshot;
use evenhand_core::document::Format;
use evenhand_core::sample;
use serde_json::Value;

const WHOLE: &str = r#"[decision]
proposal = "nairobi-2027"
outcome = "approved_with_conditions"
date = 2026-11-26
review = "2027-11-26"
delete_after = "2032-11-26"
reasons = ["The host asked for it", "Supervision is good"]
present = ["A. Diallo", "B. Roy", "C. Meyer"]
issues = "Whether two weeks are enough"

[[recused]]
name = "C. Meyer"
reason = "teaches in the program"

[votes]
for = 1
against = 0
abstaining = 1

[[conditions]]
number = 1
text = "Stay longer"
rule = "ethics/long-stay"
due = "2027-03-01"

[[conditions]]
number = 2
text = "Report back"
"#;

fn document(text: &str) -> Document {
    Document::parse("decision.toml", text.as_bytes(), Format::Toml).unwrap()
}

fn problems(text: &str) -> Vec<String> {
    let problems = Decision::read(&document(text)).err().unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_decision_is_read_whole() {
    let decision = Decision::read(&document(WHOLE)).unwrap();
    assert_eq!(decision.outcome, Decided::ApprovedWithConditions);
    assert_eq!(decision.date.to_string(), "2026-11-26");
    assert_eq!(decision.issues, ["Whether two weeks are enough"]);
    assert_eq!(decision.recused[0].reason, "teaches in the program");
    assert_eq!(
        (decision.votes.in_favour, decision.votes.abstaining),
        (1, 1)
    );
    assert_eq!(decision.conditions[1].rule, None);
}

/// What is said of the whole decision with some words replaced.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(WHOLE.contains(from), "{from}");
    let found = problems(&WHOLE.replacen(from, to, 1));
    assert_eq!(found, expected, "{from} → {to}");
}

#[test]
fn what_contradicts_itself_is_said_with_its_place() {
    check(
        "for = 1",
        "for = 2",
        &[
            "decision.toml:15:1: there are 3 votes, and 2 were there and took part; expected a vote of each, or an abstention",
        ],
    );
    check(
        "approved_with_conditions",
        "approved",
        &[
            "decision.toml:3:11: it is approved, and there are conditions; write `approved_with_conditions`",
        ],
    );
    check(
        "\"2027-11-26\"",
        "\"2025-11-26\"",
        &["decision.toml:5:10: `review` is 2025-11-26, before the decision of 2026-11-26"],
    );
    check(
        "name = \"C. Meyer\"",
        "name = \"C. Mayer\"",
        &[
            "decision.toml:12:8: `C. Mayer` is not among those who were there; did you mean `C. Meyer`?",
        ],
    );
    check(
        "number = 2",
        "number = 3",
        &["decision.toml:27:10: conditions are numbered from 1, and this is number 2; expected 2"],
    );
    check(
        "\"2027-03-01\"",
        "\"1.3.2027\"",
        &[
            "decision.toml:24:7: `conditions[0].due` is no date; expected year, month and day, such as 2027-06-30",
        ],
    );
    check(
        "\"2032-11-26\"",
        "\"26.11.2032\"",
        &[
            "decision.toml:6:16: `decision.delete_after` is no date; expected year, month and day, such as 2027-06-30; write 2032-11-26",
        ],
    );
}

#[test]
fn a_condition_names_a_rule_or_an_answer_and_what_it_has_to_be() {
    let condition = |keys: &str| {
        let text = WHOLE.replacen(
            "text = \"Report back\"\n",
            &format!("text = \"R\"\n{keys}\n"),
            1,
        );
        Decision::read(&document(&text)).map_err(|_error| problems(&text))
    };
    for keys in [
        "path = \"host.need\"\nvalue = \"x\"",
        "path = \"flows[].weeks\"\nat_least = 2\nat_most = 4.5",
    ] {
        let wanted = condition(keys).unwrap().conditions[1].wanted.clone();
        assert!(wanted.is_some(), "{keys}");
    }
    for (keys, said) in [
        (
            "path = \"a\"",
            "the condition names an answer, and not what it has to be; expected `value`, or",
        ),
        (
            "path = \"a\"\nat_least = \"2\"",
            "`conditions[1].at_least` is not what it should be; expected a number",
        ),
        (
            "path = \"a\"\nat_least = 2\nat_most = 1",
            "`at_least` is more than `at_most`",
        ),
        (
            "path = \"a\"\nat_least = 2\nvalue = 2",
            "the condition names a value and a limit",
        ),
        (
            "path = \"a\"\nvalue = 2\nrule = \"x\"",
            "the condition names a rule and an answer; expected one of the two",
        ),
        ("value = true", "`value` is there without a `path`"),
        ("path = \"a..b\"\nvalue = true", "`a..b` is no path"),
        ("pat = \"a\"", "`pat` is not a field of a decision"),
    ] {
        let found = condition(keys).err().unwrap_or_default();
        assert!(
            found.iter().any(|one| one.contains(said)),
            "{keys}: {found:?}"
        );
    }
}

#[test]
fn what_a_condition_names_has_to_be_in_the_schema() {
    let said = |keys: &str| -> Vec<String> {
        let text = WHOLE.replacen(
            "text = \"Report back\"\n",
            &format!("text = \"R\"\n{keys}\n"),
            1,
        );
        let text = document(&text);
        let decision = Decision::read(&text).unwrap();
        let proposal = Document::parse("p.yaml", b"weeks: 2\n", Format::Yaml).unwrap();
        let found = decision.check(&text, ("nairobi-2027", &proposal), &sample::book(&[]), &[]);
        found.iter().map(ToString::to_string).collect()
    };
    assert_eq!(said("path = \"weeks\"\nat_least = 2"), [""; 0]);
    assert_eq!(said("path = \"mode\"\nvalue = \"virtual\""), [""; 0]);
    assert_eq!(
        said("path = \"week\"\nat_least = 2"),
        ["decision.toml:29:8: `week` is not a field of the proposal; did you mean `weeks`?"]
    );
    assert_eq!(
        said("path = \"mode\"\nat_least = 2"),
        ["decision.toml:30:12: `mode` is no number; expected `value`"]
    );
    let found = said("path = \"mode\"\nvalue = \"virtul\"");
    assert!(found[0].contains("did you mean `virtual`?"), "{found:?}");
    let found = said("path = \"weeks\"\nvalue = 99");
    assert!(found[0].starts_with("decision.toml:30:9: "), "{found:?}");
}

#[test]
fn everything_that_is_missing_or_unknown_is_said_at_once() {
    let found = problems(
        "[decision]\noutcom = \"approved\"\npresent = [\"A\", \"A\", 3]\n[vote]\nfor = 1\n",
    );
    let wanted = [
        "`vote` is not a field of a decision",
        "`outcom` is not a field of a decision",
        "there is no `decision.proposal`",
        "there is no `decision.outcome`",
        "there is no `decision.date`",
        "there is no `decision.reasons`",
        "`A` is named twice",
        "`decision.present[2]` is not what it should be",
        "there is no `votes.for`",
        "there is no `votes.against`",
        "there is no `votes.abstaining`",
    ];
    for wanted in wanted {
        assert!(
            found.iter().any(|said| said.contains(wanted)),
            "{wanted}: {found:#?}"
        );
    }
    assert_eq!(found.len(), wanted.len(), "{found:#?}");
    for text in [
        "decision = 3\n",
        "votes = []\nconditions = 1\n",
        "recused = [1]\n",
    ] {
        assert!(!problems(text).is_empty(), "{text}");
    }
}

#[test]
fn a_decision_fits_its_proposal_and_its_rules() {
    let document = document(&WHOLE.replace("long-stay", "long-stays"));
    let decision = Decision::read(&document).unwrap();
    let proposal = Document::from_value("p.yaml", Value::Null);
    let found = decision.check(&document, ("lima-2026", &proposal), &sample::book(&[]), &[]);
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "decision.toml:2:12: the decision is on `nairobi-2027`, and this proposal is `lima-2026`",
            "decision.toml:23:8: `ethics/long-stays` is not a rule; did you mean `ethics/long-stay`?",
        ]
    );
}

#[test]
fn a_condition_is_met_when_its_rule_is() {
    let book = sample::book(&[]);
    let decision = Decision::read(&document(WHOLE)).unwrap();
    let standings = |proposal: &str| {
        let proposal = Document::parse("p.yaml", proposal.as_bytes(), Format::Yaml).unwrap();
        let snapshot = Snapshot::of(&book.judge(&proposal));
        let view = View {
            snapshot: &snapshot,
            proposal: proposal.value(),
        };
        let conditions = decision.conditions.iter();
        conditions
            .map(|one| one.standing(view, None))
            .collect::<Vec<_>>()
    };
    for (proposal, standing) in [
        ("weeks: 10\nmode: in_person\n", Standing::Met),
        ("weeks: 2\nmode: in_person\n", Standing::Open),
        ("mode: in_person\n", Standing::Open),
        ("mode: virtual\n", Standing::Met),
    ] {
        assert_eq!(
            standings(proposal),
            [standing, Standing::ForPeople],
            "{proposal}"
        );
    }
}
