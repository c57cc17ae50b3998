//! Questions over a small rulebook of its own: what is merged, and what comes first.

use super::{Decides, questions};
use crate::dialogue::Dialogue;
use crate::tests::book;
use evenhand_core::document::{Document, Format};
use evenhand_core::verdict::Word;

fn document(yaml: &str) -> Document {
    let document = Document::parse("idea.yaml", yaml.as_bytes(), Format::Yaml).unwrap();
    assert_eq!(book().check_document(&document), []);
    document
}

fn ids(yaml: &str) -> Vec<String> {
    let document = document(yaml);
    let card = book().judge(&document);
    let found = questions(&card, document.value(), book().schema());
    found.into_iter().map(|question| question.id).collect()
}

#[test]
fn what_a_critical_rule_waits_for_comes_first_and_the_rest_by_points() {
    let yaml = "groups:\n- { key: a, people: 3 }\n- { key: b, people: 5 }\n";
    assert_eq!(
        ids(yaml),
        ["safe", "groups[].trained", "shares", "plan", "note"]
    );
    // Once the critical rule is met, care reaches its threshold whatever the training, and only order can fall short.
    let answered = format!("{yaml}safe: true\n");
    assert_eq!(
        ids(&answered),
        ["shares", "plan", "groups[].trained", "note"]
    );
}

#[test]
fn one_question_for_all_groups_names_each() {
    let yaml =
        "groups:\n- { key: a, name: Ward nurses }\n- { key: b, trained: true }\n- { key: c }\n";
    let document = document(yaml);
    let card = book().judge(&document);
    let found = questions(&card, document.value(), book().schema());
    let trained = found
        .iter()
        .find(|one| one.id == "groups[].trained")
        .unwrap();
    let paths: Vec<String> = trained.paths.iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["groups[0].trained", "groups[2].trained"]);
    assert_eq!(trained.about, ["Ward nurses", "c"]);
    assert!(trained.alike && trained.effort() == 1);
    assert_eq!(trained.respondents, ["host"]);
    assert_eq!(trained.waiting[0].rule, "care/trained");
}

#[test]
fn numbers_that_add_up_are_one_question() {
    let document = document("groups: []\nsafe: true\nplan: true\n");
    let mut dialogue = Dialogue::new(book(), &document);
    let shares = dialogue
        .open()
        .into_iter()
        .find(|one| one.id == "shares")
        .unwrap();
    assert_eq!(shares.about, ["Ours", "Theirs"]);
    // Too few, and numbers that do not add up, change nothing.
    assert!(dialogue.answer(&shares, "0.4").is_err());
    assert!(dialogue.answer(&shares, "0.4; 0.4").is_err());
    assert_eq!(dialogue.proposal(), document.value());
    let answered = dialogue.answer(&shares, "40 %; 60%").unwrap();
    assert_eq!(answered.changes.len(), 2);
    assert_eq!(dialogue.proposal()["shares"]["theirs"], 0.6);
    assert!(dialogue.open().iter().all(|one| one.id != "shares"));
}

#[test]
fn a_verdict_that_stands_leaves_nothing_to_decide() {
    let document = document("groups: []\nsafe: false\n");
    let card = book().judge(&document);
    assert_eq!(card.verdict.word, Word::Stop);
    let found = questions(&card, document.value(), book().schema());
    assert!(!found.is_empty());
    assert!(found.iter().all(|one| one.decides == Decides::Range));
}

#[test]
fn a_dialogue_goes_on_until_nothing_is_open() {
    let document = document("groups:\n- { key: a }\n- { key: b }\n");
    let mut dialogue = Dialogue::new(book(), &document);
    let first = dialogue.next().unwrap();
    assert_eq!((first.id.as_str(), first.decides), ("safe", Decides::Gate));
    let problems = dialogue.answer(&first, "perhaps").unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    let answered = dialogue.answer(&first, "yes").unwrap();
    assert_eq!(answered.before.verdict, Word::Incomplete);
    assert_eq!(dialogue.next().unwrap().id, "shares");
    let open = dialogue.open().into_iter();
    let trained = open.into_iter().find(|one| one.id == "groups[].trained");
    let trained = trained.unwrap();
    // One answer for both, or one for each.
    let before = dialogue.proposal().clone();
    dialogue.answer(&trained, "yes").unwrap();
    assert_eq!(dialogue.proposal()["groups"][1]["trained"], true);
    let mut again = Dialogue::new(book(), &Document::from_value("idea", before));
    again.answer(&trained, "yes; no").unwrap();
    assert_eq!(again.proposal()["groups"][1]["trained"], false);
    // What is left out does not come again.
    while let Some(question) = dialogue.next() {
        dialogue.leave_out(&question);
    }
    assert!(
        !dialogue
            .card()
            .findings
            .iter()
            .all(|one| one.missing.is_empty())
    );
}
