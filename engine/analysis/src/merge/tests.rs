use super::*;
use crate::tests::{PLAN, hosted};
use evenhand_core::document::Format;
use evenhand_core::verdict::Word;
use evenhand_core::words::English;
use proptest::prelude::*;

fn document(name: &str, yaml: &str) -> Document {
    Document::parse(name, yaml.as_bytes(), Format::Yaml).unwrap()
}

fn sheet(by: &str, date: &str, questions: &str) -> String {
    format!(
        "questionnaire: {{ proposal: a-program, respondent: {by}, partner: {by}, language: en, sha256: other, name: N, date: {date} }}\nquestions:\n{questions}"
    )
}

fn merged(plan: &str, sheets: &[String], accept: Accept<'_>) -> Result<Merged, Wrong> {
    let proposal = document("plan.yaml", plan);
    assert_eq!(hosted().check_document(&proposal), []);
    let card = hosted().judge(&proposal);
    let documents = sheets.iter().enumerate();
    let documents: Vec<Document> = documents
        .map(|(index, yaml)| document(&format!("{index}.yaml"), yaml))
        .collect();
    let files: Vec<File<'_>> = documents
        .iter()
        .map(|document| File {
            document,
            words: &English,
            schema: hosted().schema(),
        })
        .collect();
    merge(hosted(), &proposal, &card, &files, accept, &English)
}

fn none() -> Accept<'static> {
    Accept::Paths(&[])
}

fn text(merged: &Merged) -> String {
    merged.document.source().text().to_owned()
}

fn outcomes(merged: &Merged) -> Vec<&'static str> {
    merged
        .replies
        .iter()
        .map(|reply| reply.outcome.word())
        .collect()
}

#[track_caller]
fn wrong(plan: &str, sheets: &[String], accept: Accept<'_>) -> Vec<String> {
    let wrong = merged(plan, sheets, accept).unwrap_err();
    let problems = wrong.iter().flat_map(|(_, problems)| problems);
    problems.map(ToString::to_string).collect()
}

#[test]
fn answers_become_what_a_partner_confirms_contests_and_answers() {
    let questions = "  - { fact: host.need, says: led, answer: right, comment: since 2019 }\n\
        \x20 - { fact: host.cost, says: 1, answer: not so, instead: 25 % }\n\
        \x20 - { fact: host.consent, answer: yes }\n\
        \x20 - { fact: host.displaced, says: false, answer: do not know }\n\
        \x20 - { fact: \"partners[away].seats\", says: 0, answer: }\n";
    let found = merged(PLAN, &[sheet("away", "2026-05-01", questions)], none()).unwrap();
    assert_eq!(
        outcomes(&found),
        ["confirmed", "contested", "answered", "not_known"]
    );
    let text = text(&found);
    // Every line that stood there still does, and the planners' cost among them.
    assert!(
        PLAN.lines()
            .all(|line| text.contains(line.trim_end_matches('}').trim_end())),
        "{text}"
    );
    let own = &found.document.value()["attestations"][0];
    assert_eq!(
        *own,
        serde_json::json!({ "by": "away", "on": "2026-05-01", "how": "questionnaire, answered by N",
            "covers": ["host.need", "host.consent"], "contests": { "host.cost": 0.25 }, "comments": { "host.need": "since 2019" } })
    );
    assert_eq!(found.document.value()["host"]["consent"], true);
    assert_eq!(found.document.value()["host"]["cost"], 1);
}

#[test]
fn a_contested_answer_widens_and_never_lifts() {
    let cost = |says: &str, instead: &str| {
        let plan = PLAN.replace("cost: 1", &format!("cost: {says}"));
        let questions = format!(
            "  - {{ fact: host.cost, says: {says}, answer: not so, instead: {instead} }}\n"
        );
        let found = merged(&plan, &[sheet("away", "2026-05-01", &questions)], none()).unwrap();
        let ends =
            |summary: &what_if::Summary| (summary.dimensions[0].low, summary.dimensions[0].high);
        (ends(&found.moved.before), ends(&found.moved.after))
    };
    let (before, after) = cost("1", "0");
    assert!(
        after.0 < before.0 && after.1 >= before.1,
        "{before:?} {after:?}"
    );
    let (before, after) = cost("0", "1");
    assert!(
        after.0 == before.0 && after.1 > before.1,
        "{before:?} {after:?}"
    );
}

#[test]
fn what_was_confirmed_is_no_longer_while_somebody_contests_it() {
    let plan = format!(
        "{PLAN}attestations: [{{ by: home, covers: [host] }}, {{ by: away, covers: [host.need, note] }}]\n"
    );
    let questions = "  - { fact: host.need, says: led, answer: not so, instead: assumed }\n";
    let found = merged(&plan, &[sheet("away", "2026-05-01", questions)], none()).unwrap();
    let value = found.document.value();
    // The partner's earlier word is taken back; nobody else's is touched.
    assert_eq!(
        value["attestations"][1]["covers"],
        serde_json::json!(["note"])
    );
    assert_eq!(
        value["attestations"][0]["covers"],
        serde_json::json!(["host"])
    );
    let card = hosted().judge(&found.document);
    let need = card
        .findings
        .iter()
        .find(|one| one.rule == "care/need")
        .unwrap();
    assert_eq!((need.degree.low, need.degree.high), (0.0, 0.9));
    let evidence = need
        .evidence
        .iter()
        .find(|one| one.path.dotted() == "host.need")
        .unwrap();
    assert_eq!(evidence.attested_by, [""; 0]);
}

#[test]
fn an_accepted_correction_is_the_value_and_the_earlier_one_stays_visible() {
    let questions = "  - { fact: host.cost, says: 1, answer: not so, instead: 0.5 }\n";
    let sheets = [sheet("away", "2026-05-01", questions)];
    let paths = ["host.cost".to_owned()];
    let at_once = merged(PLAN, &sheets, Accept::Paths(&paths)).unwrap();
    assert_eq!(outcomes(&at_once), ["corrected"]);
    let own = &at_once.document.value()["attestations"][0];
    assert_eq!(own["covers"], serde_json::json!(["host.cost"]));
    assert_eq!(own["replaced"], serde_json::json!({ "host.cost": 1 }));
    assert!(own.get("contests").is_none());
    assert_eq!(at_once.document.value()["host"]["cost"], 0.5);
    // Later, without the answers at hand.
    let contested = merged(PLAN, &sheets, none()).unwrap();
    let later = merged(&text(&contested), &[], Accept::All).unwrap();
    assert_eq!(later.document.value(), at_once.document.value());
    assert_eq!(later.accepted[0].was, serde_json::json!(1));
}

#[test]
fn a_partner_may_change_their_mind() {
    let no = sheet(
        "away",
        "2026-05-01",
        "  - { fact: host.cost, says: 1, answer: not so, instead: 0.5 }\n",
    );
    let yes = sheet(
        "away",
        "2026-06-01",
        "  - { fact: host.cost, says: 1, answer: right }\n",
    );
    let found = merged(PLAN, &[yes.clone(), no.clone()], none()).unwrap();
    let value = found.document.value();
    assert_eq!(
        value["attestations"].as_array().map(Vec::len),
        Some(1),
        "{value}"
    );
    assert_eq!(
        value["attestations"][0]["covers"],
        serde_json::json!(["host.cost"])
    );
    // One after the other comes to the same.
    let first = merged(PLAN, &[no], none()).unwrap();
    let second = merged(&text(&first), &[yes], none()).unwrap();
    assert_eq!(second.document.value(), value);
}

#[test]
fn what_was_asked_about_other_values_is_not_taken() {
    let questions = "  - { fact: host.cost, says: 0.75, answer: right }\n\
        \x20 - { fact: host.need, says: assumed, answer: not so, instead: consulted }\n\
        \x20 - { fact: \"partners[gone].seats\", says: 0, answer: right }\n\
        \x20 - { fact: host.displaced, answer: true }\n";
    let found = merged(PLAN, &[sheet("away", "2026-05-01", questions)], none()).unwrap();
    assert_eq!(outcomes(&found), ["changed_since"; 4]);
    assert_eq!(text(&found), PLAN);
    assert_eq!(found.changed_since, ["0.yaml"]);
}

#[test]
fn everything_wrong_is_said_at_once_with_its_place() {
    let sheets = [
        sheet(
            "awai",
            "2026-13-01",
            "  - { fact: host.need, says: led, answer: yes }\n  - { fakt: host.cost }\n",
        ),
        sheet(
            "away",
            "2026-05-01",
            "  - { fact: host.need, says: led, answer: right, instead: consulted }\n\
            \x20 - { fact: host.cost, says: 1, answer: not so }\n  - { fact: host.cost, says: 1, instead: 7 }\n  - { fact: host.consent, answer: maybe }\n",
        ),
        "a: 1\n".to_owned(),
    ];
    let wrong = wrong(PLAN, &sheets, none());
    let expected = [
        "0.yaml:1:66: `awai` is no partner of this program",
        "0.yaml:1:116: `2026-13-01` is not a date",
        "0.yaml:3:43: `yes` is no answer here; expected `right`, `not so`, `do not know`",
        "0.yaml:4:7: `fakt` does not belong here",
        "0.yaml:4:5: it is not said which fact this is about",
        "1.yaml:3:43: the answer and what stands after `instead` do not go together",
        "1.yaml:4:5: it is not said what is so",
        "1.yaml:5:42: `host.cost` is 7",
        "1.yaml:6:35: `host.consent` is the text `maybe`",
        "2.yaml:1:1: `a` does not belong here",
        "2.yaml:1:1: this is not a file of answers",
    ];
    for start in expected {
        assert!(
            wrong.iter().any(|one| one.starts_with(start)),
            "{start}\n{wrong:#?}"
        );
    }
    assert_eq!(wrong.len(), expected.len(), "{wrong:#?}");
}

#[test]
fn two_answers_of_one_partner_on_one_day_are_not_guessed_between() {
    let no = sheet(
        "away",
        "2026-05-01",
        "  - { fact: host.cost, says: 1, answer: not so, instead: 0.5 }\n",
    );
    let yes = sheet(
        "away",
        "2026-05-01",
        "  - { fact: host.cost, says: 1, answer: right }\n",
    );
    let found = wrong(PLAN, &[no.clone(), yes], none());
    assert!(found[0].contains("answers this otherwise"), "{found:?}");
    // The same file twice is one file.
    assert!(merged(PLAN, &[no.clone(), no.clone()], none()).is_ok());
    let typo = ["host.cosst".to_owned()];
    let found = wrong(PLAN, &[no], Accept::Paths(&typo));
    assert_eq!(
        found,
        ["nobody corrects `host.cosst`; expected one of `host.cost`; did you mean `host.cost`?"]
    );
}

#[test]
fn partners_who_correct_differently_are_not_chosen_between() {
    let one = |by: &str, value: &str| {
        sheet(
            by,
            "2026-05-01",
            &format!("  - {{ fact: host.cost, says: 1, answer: not so, instead: {value} }}\n"),
        )
    };
    let found = wrong(
        PLAN,
        &[one("away", "0.5"), one("home", "0.25")],
        Accept::All,
    );
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("`host.cost` is corrected in more than one way"),
        "{found:?}"
    );
}

/// One answer of each kind to the four facts of the host.
fn drawn(by: &str, date: &str, replies: &[u8; 4]) -> String {
    let ways = [
        ["host.need, says: led", "consulted"],
        ["host.cost, says: 1", "0.5"],
        ["host.displaced, says: false", "true"],
        ["host.consent", ""],
    ];
    let mut questions = String::new();
    for ([fact, other], reply) in ways.iter().zip(replies) {
        let answer = match (reply % 4, other.is_empty()) {
            (0, _) => "answer: do not know".to_owned(),
            (1, false) => "answer: right".to_owned(),
            (1, true) => "answer: true".to_owned(),
            (2, false) => format!("answer: not so, instead: {other}"),
            (2, true) => "answer: false".to_owned(),
            (_, _) => "answer:".to_owned(),
        };
        questions.push_str(&format!("  - {{ fact: {fact}, {answer} }}\n"));
    }
    sheet(by, date, &questions)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn answers_give_the_same_bytes_in_any_order_and_contests_lift_nothing(
        one in [0..4_u8, 0..4, 0..4, 0..4],
        other in [0..4_u8, 0..4, 0..4, 0..4],
        third in [0..4_u8, 0..4, 0..4, 0..4],
    ) {
        let sheets = [drawn("away", "2026-05-01", &one), drawn("home", "2026-05-01", &other), drawn("away", "2026-06-01", &third)];
        let [a, b, c] = sheets.clone();
        let found = merged(PLAN, &sheets, none()).unwrap();
        for turned in [[c.clone(), b.clone(), a.clone()], [b, a, c]] {
            prop_assert_eq!(text(&merged(PLAN, &turned, none()).unwrap()), text(&found));
        }
        let contested = evenhand_core::attestation::contested(found.document.value());
        let contested: Vec<String> = contested.iter().map(|one| one.path.dotted()).collect();
        let lifted = found.moved.findings.iter().filter(|moved| {
            let (Some(before), Some(after)) = (moved.before, moved.after) else { return true };
            let own = format!("host.{}", moved.rule.trim_start_matches("care/"));
            contested.contains(&own) && after.low > before.low
        });
        prop_assert_eq!(lifted.count(), 0);
    }

    #[test]
    fn not_to_know_changes_nothing(replies in [0..2_u8, 0..2, 0..2, 0..2]) {
        let silent = replies.map(|reply| if reply == 0 { 0 } else { 3 });
        let found = merged(PLAN, &[drawn("away", "2026-05-01", &silent)], none()).unwrap();
        prop_assert_eq!(text(&found), PLAN);
        prop_assert!(found.moved.is_nothing());
        prop_assert!(found.moved.after.verdict != Word::Proceed || found.moved.before.verdict == Word::Proceed);
    }
}

#[test]
fn what_contests_nothing_that_could_be_is_wrong_at_its_place() {
    let plan = format!(
        "{PLAN}attestations:\n  - by: away\n    contests:\n      host.nothing: 1\n      attestations: []\n  - by: away\n    comments: {{ \"partners[].seats\": all }}\n"
    );
    let said = |plan: &str| -> Vec<String> {
        let found = hosted().check_document(&document("p.yaml", plan));
        found.iter().map(ToString::to_string).collect()
    };
    let expected =
        "is not a fact of the proposal; expected the path of one fact, such as `flows[0].weeks`";
    assert_eq!(
        said(&plan),
        [
            format!("p.yaml:11:7: `attestations` {expected}"),
            format!("p.yaml:10:7: `host.nothing` {expected}"),
            format!("p.yaml:13:17: `partners[].seats` {expected}"),
        ]
    );
    let plan = format!(
        "{PLAN}attestations:\n  - by: away\n    contests:\n      host.cost: 7\n      host.need: nobody\n      partners[5].seats: 1\n"
    );
    let places: Vec<String> = said(&plan)
        .iter()
        .map(|one| one.split_inclusive(' ').take(2).collect())
        .collect();
    assert_eq!(
        places,
        [
            "p.yaml:10:18: `host.cost` ",
            "p.yaml:11:18: `host.need` ",
            "p.yaml:12:26: nothing "
        ]
    );
}

#[test]
fn more_contests_than_can_be_combined_are_wider_still() {
    let others = [
        ("host.cost", "0.5"),
        ("host.need", "consulted"),
        ("host.displaced", "true"),
        ("partners[0].seats", "8"),
        ("partners[1].seats", "9"),
        ("host.consent", "true"),
    ];
    let judged = |contests: &[(&str, &str)], set: &[(&str, &str)]| {
        let mut value = document("p.yaml", PLAN).value().clone();
        let read = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
        for (path, to) in set {
            crate::change::set(&mut value, &Pointer::from_dotted(path).unwrap(), read(to));
        }
        let own: serde_json::Map<String, Value> = contests
            .iter()
            .map(|(path, to)| ((*path).to_owned(), read(to)))
            .collect();
        value["attestations"] = serde_json::json!([{ "by": "away", "contests": own }]);
        let proposal = Document::from_value("p.yaml", value);
        assert_eq!(hosted().check_document(&proposal), []);
        hosted().judge(&proposal)
    };
    let all = judged(&others, &[]);
    for count in 0..=others.len() {
        let one = judged(&[], others.get(..count).unwrap());
        for (whole, part) in all.dimensions.iter().zip(&one.dimensions) {
            assert!(
                whole.low <= part.low && part.high <= whole.high,
                "{count}: {whole:?} {part:?}"
            );
        }
    }
    assert_eq!(all.verdict.word, Word::Incomplete);
    // Whoever has no say in it is left alone.
    let note = judged(&[("note", "something")], &[]);
    let bare = judged(&[], &[]);
    assert_eq!(note.dimensions, bare.dimensions);
}
