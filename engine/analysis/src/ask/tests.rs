use super::*;
use crate::tests::{PLAN, hosted};
use evenhand_core::document::Format;
use serde_json::json;

fn document(yaml: &str) -> Document {
    Document::parse("plan.yaml", yaml.as_bytes(), Format::Yaml).unwrap()
}

fn asked(yaml: &str, who: &str, most: usize) -> Questionnaire {
    let proposal = document(yaml);
    assert_eq!(hosted().check_document(&proposal), []);
    let card = hosted().judge(&proposal);
    ask(hosted(), &proposal, &card, who, most).unwrap()
}

fn facts(asked: &Questionnaire) -> Vec<String> {
    let items = asked.items.iter();
    items
        .map(|item| {
            format!(
                "{}{}",
                item.at.join(" "),
                if item.claim.is_some() { "!" } else { "?" }
            )
        })
        .collect()
}

#[test]
fn a_host_is_asked_what_is_said_of_it_and_what_it_can_know() {
    let found = asked(PLAN, "away", usize::MAX);
    assert_eq!(found.whom.name, "The hospital");
    assert_eq!(found.whom.partner.as_deref(), Some("away"));
    // What the verdict hangs on first; of its own entry what a rule reads; nothing that no rule reads, and nothing of the other partner.
    assert_eq!(
        facts(&found),
        [
            "host.displaced!",
            "partners[away].seats!",
            "host.consent?",
            "host.need!",
            "host.cost!"
        ]
    );
    let need = &found.items[3];
    assert_eq!(need.why, ["Rule care/need"]);
    assert_eq!(need.claim, Some(json!("led")));
    assert_eq!(found.items[1].about, ["The hospital"]);
}

#[test]
fn a_partner_who_is_no_host_is_asked_about_itself_and_a_kind_about_its_fields() {
    assert_eq!(
        facts(&asked(PLAN, "home", usize::MAX)),
        ["partners[home].seats!"]
    );
    let kind = asked(PLAN, "host", usize::MAX);
    assert_eq!(kind.whom.partner.as_deref(), Some("away"));
    assert!(
        facts(&kind).contains(&"host.consent?".to_owned()),
        "{kind:?}"
    );
    assert_eq!(
        facts(&asked(PLAN, "office", usize::MAX)),
        ["partners[home].seats!", "partners[away].seats!"]
    );
}

#[test]
fn what_was_answered_before_is_not_asked_again_and_the_rest_is_counted() {
    let more = format!(
        "{PLAN}attestations:\n  - {{ by: away, covers: [host.need], contests: {{ host.cost: 0.5 }} }}\n"
    );
    let found = asked(&more, "away", 2);
    assert_eq!(facts(&found), ["host.displaced!", "partners[away].seats!"]);
    // Who its partner is matters once somebody has attested something.
    assert_eq!(found.left_out, 2);
}

#[test]
fn whoever_is_nobody_is_told_who_there_is() {
    let proposal = document(PLAN);
    let card = hosted().judge(&proposal);
    let problem = ask(hosted(), &proposal, &card, "awai", 12)
        .unwrap_err()
        .to_string();
    assert_eq!(
        problem,
        "`awai` is no partner and no kind of respondent; expected one of `home`, `away`, `host`, `office`; did you mean `away`?"
    );
}

#[test]
fn paths_are_written_and_found_again_by_key() {
    let proposal = document(PLAN);
    let schema = hosted().schema();
    for (path, text) in [
        ("host.need", "host.need"),
        ("partners[1].seats", "partners[away].seats"),
        ("partners[0]", "partners[home]"),
    ] {
        let pointer = Pointer::from_dotted(path).unwrap();
        assert_eq!(written(schema, proposal.value(), &pointer), text);
        assert_eq!(resolve(schema, proposal.value(), text), Some(pointer));
    }
    for text in [
        "",
        "partners[nobody].seats",
        "partners[7]",
        "host..need",
        "host[",
        "nothing.there",
        "partners[1].seats",
    ] {
        assert_eq!(resolve(schema, proposal.value(), text), None, "{text}");
    }
}

#[test]
fn a_third_of_the_first_questions_is_about_what_is_said() {
    let item = |index: usize, claim: bool| Item {
        at: vec![index.to_string()],
        paths: Vec::new(),
        field: String::new(),
        text: String::new(),
        about: Vec::new(),
        alike: true,
        claim: claim.then_some(json!(true)),
        why: Vec::new(),
        decides: Decides::Range,
        points: 0.0,
    };
    let kept = |claims: &[usize], most: usize| -> String {
        let items = (0..10).map(|index| item(index, claims.contains(&index)));
        let kept = chosen(items.collect(), most);
        kept.iter().flat_map(|item| item.at.clone()).collect()
    };
    assert_eq!(kept(&[7, 8, 9], 6), "012378");
    assert_eq!(kept(&[9], 6), "012349");
    assert_eq!(kept(&[], 6), "012345");
    assert_eq!(kept(&[0, 1, 2, 3, 4, 5], 3), "012");
    assert_eq!(kept(&[7], 20), "0123456789");
}
