//! The plugin through its table, as a host sees it.

#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "test code: what cannot be read must fail loudly"
)]

use evenhand_plugin::testing::{Harness, assert_lawful};
use evenhand_plugin::{Argument, Derived, Finding, Outcome, Value};
use evenhand_plugin_ethics::plugin_table;
use serde_json::json;

fn derive(proposal: &Value) -> Derived {
    Harness::new(plugin_table(), &json!({}))
        .unwrap()
        .derive(proposal)
        .unwrap()
}

fn assess_with(settings: &Value, proposal: &Value) -> Finding {
    let mut findings = Harness::new(plugin_table(), settings)
        .unwrap()
        .assess(proposal)
        .unwrap();
    assert_eq!(findings.len(), 1);
    let finding = findings.remove(0);
    finding.check().unwrap();
    finding
}

/// By the texts that are there, whichever are not.
fn assess(proposal: &Value) -> Finding {
    assess_with(&json!({ "when_no_text": "not_applicable" }), proposal)
}

const NEUTRAL: &str = "Students of both schools spend four weeks on the wards of the other. The host faculty sets the objectives and its consultants supervise. Places flow both ways and the host is paid for its time.";
const MARKED: &str = "Students of both schools spend four weeks in a third-world hospital. We bring hope to helpless orphans whom nobody treats. Places are few and the adventure is open to all who can pay for it.";

fn clinical() -> Value {
    json!({
        "flows": [
            { "who": "student", "n_per_year": 10, "weeks": 4, "activity": "supervised_care", "hands_on": "within_home_scope", "mode": "in_person" },
            { "who": "faculty", "n_per_year": 2, "weeks": 3, "activity": "supervised_care", "hands_on": "within_home_scope", "mode": "in_person" },
            { "who": "trainee", "n_per_year": 5, "weeks": 2, "activity": "observation", "hands_on": "none", "mode": "in_person" },
            { "who": "premed_student", "n_per_year": 3, "weeks": 2, "activity": "observation", "hands_on": "beyond_home_scope", "mode": "in_person" },
            { "who": "student", "n_per_year": 40, "weeks": 6, "activity": "coursework", "mode": "virtual" }
        ],
        "supervision": { "learners_per_supervisor": 8, "host_professional": true }
    })
}

#[test]
fn the_contract_is_kept() {
    let proposals = [
        json!({ "program": { "title": "Exchange", "summary": NEUTRAL, "publicity": MARKED, "language": "en" } }),
        json!({ "program": { "summary": "Sauver des vies chez les plus démunis, une aventure !", "language": "fr" } }),
        json!({ "program": { "title": 7, "summary": [], "publicity": {}, "language": 3 }, "motivation": { "statement": true } }),
        json!({ "flows": [7, {}, { "n_per_year": -1, "weeks": "x", "who": 3, "hands_on": "all" }], "supervision": { "learners_per_supervisor": -1, "host_professional": "yes" } }),
        json!({ "flows": {}, "supervision": [] }),
        clinical(),
    ];
    assert_lawful(plugin_table(), &json!({}), &proposals);
    assert_lawful(
        plugin_table(),
        &json!({ "ignore": ["third-world"], "when_no_text": "not_applicable" }),
        &proposals,
    );
}

#[test]
fn the_same_length_of_neutral_text_stays_silent() {
    let neutral = assess(&json!({ "program": { "summary": NEUTRAL, "language": "en" } }));
    assert_eq!(neutral.outcome, Outcome::Met, "{neutral:?}");
    let marked = assess(&json!({ "program": { "summary": MARKED, "language": "en" } }));
    assert_eq!(marked.outcome, Outcome::Unmet, "{marked:?}");
    assert_eq!(NEUTRAL.split(' ').count(), MARKED.split(' ').count());
}

#[test]
fn a_finding_quotes_every_place_and_helps_with_the_worst() {
    let publicity = format!("🩺 {MARKED}");
    let finding = assess(&json!({ "program": { "publicity": publicity, "language": "en" } }));
    assert!(finding.evidence.len() >= 4, "{finding:?}");
    for place in &finding.evidence {
        let (start, end) = (place.start.unwrap(), place.end.unwrap());
        let cut: String = publicity.chars().skip(start).take(end - start).collect();
        assert_eq!(Some(&cut), place.quote.as_ref());
    }
    let help = finding.help.unwrap();
    assert!(help.contains("“third-world”"), "{help}");
    assert!(finding.message.contains("{worst}") && finding.args.contains_key("worst"));
}

#[test]
fn a_long_text_cannot_bury_a_strong_wording() {
    let long = format!("{} We serve helpless people.", NEUTRAL.repeat(50));
    let finding = assess(&json!({ "program": { "publicity": long, "language": "en" } }));
    assert_eq!(finding.outcome, Outcome::Partly);
    assert_eq!(finding.degree, Some(0.6));
}

#[test]
fn a_text_that_is_left_out_may_say_anything() {
    let all = [
        "/program/summary",
        "/program/publicity",
        "/motivation/statement",
    ];
    let by_default = |proposal: &Value| assess_with(&json!({}), proposal);
    let silent = json!({ "program": { "title": "Exchange Nairobi-Lyon" } });
    let asked = by_default(&silent);
    assert_eq!(
        (asked.outcome, asked.missing.len()),
        (Outcome::Unknown, all.len())
    );
    assert_eq!(asked.missing, all);
    // Marked places are quoted, but the one text settles nothing while the others are not given.
    let one = json!({ "program": { "publicity": MARKED, "language": "en" } });
    let found = by_default(&one);
    assert_eq!(found.outcome, Outcome::Unknown);
    assert_eq!(found.missing, [all[0], all[2]]);
    assert!(found.evidence.iter().any(|place| place.quote.is_some()));
    let complete = json!({
        "program": { "publicity": MARKED, "summary": NEUTRAL, "language": "en" },
        "motivation": { "statement": NEUTRAL },
    });
    assert_eq!(by_default(&complete).outcome, assess(&complete).outcome);
    assert_ne!(by_default(&complete).outcome, Outcome::Unknown);
}

#[test]
fn without_text_the_rule_does_not_apply_where_the_board_says_so() {
    let silent = json!({ "program": { "title": "Exchange Nairobi-Lyon" } });
    assert_eq!(assess(&json!({})).outcome, Outcome::NotApplicable);
    assert_eq!(assess(&silent).outcome, Outcome::NotApplicable);
    // A short title with a marked wording is judged all the same.
    let title = json!({ "program": { "title": "Saving Africa's orphans" } });
    assert_eq!(
        assess(&json!({ "program": { "title": "Saving Africa's orphans", "language": "en" } }))
            .outcome,
        Outcome::Unmet
    );
    assert_eq!(
        assess(&title).outcome,
        Outcome::NotApplicable,
        "three words, no language"
    );
}

#[test]
fn languages_are_told_apart_and_what_is_not_read_is_said() {
    let portuguese = "Os estudantes aprendem com as enfermeiras da sala e não fazem procedimentos que não poderiam fazer em casa, e o hospital é pago pelo tempo dos seus tutores.";
    for language in [json!("pt"), json!("en"), json!(null)] {
        let proposal = json!({ "program": { "publicity": portuguese, "language": language } });
        let finding = assess(&proposal);
        assert_eq!(
            finding.outcome,
            Outcome::NotApplicable,
            "{language}: {finding:?}"
        );
        assert_eq!(finding.args["languages"], "pt");
        let derived = derive(&proposal);
        assert_eq!(derived.facts["texts_unread"][0]["language"], "pt");
        assert!(
            !derived.facts.contains_key("marked_count"),
            "never 0 of nothing read"
        );
        assert!(derived.missing.contains_key("/marked_count"));
    }
    // English that is declared as something else is read all the same.
    let hidden = assess(&json!({ "program": { "publicity": MARKED, "language": "pt" } }));
    assert_eq!(hidden.outcome, Outcome::Unmet);
    // Paragraphs in different languages are read each in its own.
    let mixed = format!(
        "{NEUTRAL}\n\nNos étudiants se mettent au service des plus démunis dans un hôpital de brousse.\n\n{portuguese}"
    );
    let derived = derive(&json!({ "program": { "summary": mixed, "language": "en" } }));
    let languages: Vec<_> = derived.facts["texts_read"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["language"].clone())
        .collect();
    assert_eq!(languages, ["en", "fr"]);
    assert_eq!(derived.facts["marked"][0]["language"], "fr");
    assert_eq!(derived.facts["texts_unread"][0]["language"], "pt");
}

#[test]
fn a_text_whose_language_cannot_be_told_is_unknown() {
    let names =
        "Nairobi Kigali Lyon Umeå Quito Cusco Lima Dakar Bamako Lomé Accra Kumasi Hanoi Hue";
    let finding = assess(&json!({ "program": { "publicity": names } }));
    assert_eq!(finding.outcome, Outcome::Unknown);
    assert_eq!(finding.missing, ["/program/language"]);
    assert_eq!(
        assess(&json!({ "program": { "publicity": names, "language": "en" } })).outcome,
        Outcome::Met
    );
}

#[test]
fn wrong_tags_and_types_are_problems_and_not_failures() {
    let derived =
        derive(&json!({ "program": { "title": 7, "summary": NEUTRAL, "language": "eng" } }));
    let problems: Vec<_> = derived
        .problems
        .iter()
        .map(|problem| (problem.path.as_str(), problem.suggestion.as_deref()))
        .collect();
    assert_eq!(
        problems,
        [("/program/language", Some("en")), ("/program/title", None)]
    );
    assert_eq!(derived.facts["language"], "en");
}

#[test]
fn exposure_counts_clinical_work_and_what_supervision_covers() {
    let derived = derive(&clinical());
    let facts = &derived.facts;
    assert_eq!(facts["clinical_flows"], 3);
    assert_eq!(facts["clinical_person_weeks"], 52.0);
    assert_eq!(facts["learner_clinical_person_weeks"], 46.0);
    assert_eq!(facts["hands_on_beyond_scope_persons"], 3.0);
    assert_eq!(facts["learners_per_supervisor"], 8.0);
    // Half of 40 person-weeks, since one supervisor for eight watches four; all of the 6 beyond the scope.
    assert_eq!(facts["unsupervised_exposure"], 26.0);
    let clinical: Vec<_> = facts["flows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|flow| flow["clinical"].clone())
        .collect();
    assert_eq!(clinical, [true, true, false, true, false]);
}

#[test]
fn nobody_who_answers_for_learners_means_all_of_it_is_unsupervised() {
    for supervision in [
        json!({ "learners_per_supervisor": 99, "host_professional": true }),
        json!({ "host_professional": false }),
    ] {
        let mut proposal = clinical();
        proposal["supervision"] = supervision;
        assert_eq!(derive(&proposal).facts["unsupervised_exposure"], 46.0);
    }
    let mut proposal = clinical();
    proposal["supervision"] = json!({ "learners_per_supervisor": 2, "host_professional": true });
    assert_eq!(derive(&proposal).facts["unsupervised_exposure"], 6.0);
}

#[test]
fn what_is_missing_for_a_total_is_named_and_what_can_be_counted_is() {
    let derived = derive(&json!({ "flows": [
        { "who": "student", "n_per_year": 4, "weeks": 2, "activity": "observation" },
        { "who": "student", "weeks": 2, "activity": "supervised_care", "hands_on": "none" },
        { "activity": "coursework" }
    ] }));
    assert_eq!(derived.facts["flows"][0]["person_weeks"], 8.0);
    assert_eq!(derived.missing["/clinical_flows"], ["/flows/0/hands_on"]);
    assert_eq!(
        derived.missing["/clinical_person_weeks"],
        ["/flows/0/hands_on", "/flows/1/n_per_year"]
    );
    assert_eq!(
        derived.missing["/hands_on_beyond_scope_persons"],
        ["/flows/0/hands_on"]
    );
    assert_eq!(
        derived.missing["/unsupervised_exposure"],
        [
            "/flows/0/hands_on",
            "/supervision/learners_per_supervisor",
            "/supervision/host_professional",
            "/flows/1/n_per_year"
        ]
    );
    assert_eq!(derive(&json!({})).missing["/clinical_flows"], ["/flows"]);
    assert_eq!(derive(&json!({ "flows": [] })).facts["clinical_flows"], 0);
}

#[test]
fn marked_terms_reads_one_text() {
    let mut plugin = Harness::new(plugin_table(), &json!({})).unwrap();
    let mut call =
        |text: &str, language: &str| plugin.call("marked_terms", &[text.into(), language.into()]);
    let Argument::Json(marks) = call("Be a hero in the third world.", "en").unwrap() else {
        unreachable!()
    };
    let quotes: Vec<_> = marks
        .as_array()
        .unwrap()
        .iter()
        .map(|mark| mark["quote"].clone())
        .collect();
    assert_eq!(quotes, ["hero", "third world"]);
    let Argument::Json(counted) =
        call("Nos étudiants se mettent au service des plus démunis.", "").unwrap()
    else {
        unreachable!()
    };
    assert_eq!(counted[0]["category"], "deficit");
    assert_eq!(call("", "en").unwrap(), Argument::Json(json!([])));
    assert!(call("Nairobi 2027", "").is_err(), "no language");
    assert!(call("text", "not a tag").is_err());
    assert!(call("Os estudantes aprendem com as enfermeiras.", "pt").is_err());
}

#[test]
fn a_megabyte_is_read_to_its_end() {
    let words = "the students learn from nurses and save lives in a third world poor help never not bring hope \"term\" to ";
    let huge = words.repeat(1_000_000 / words.len());
    let mut plugin = Harness::new(plugin_table(), &json!({})).unwrap();
    let derived = plugin
        .derive(&json!({ "program": { "publicity": huge, "language": "en" } }))
        .unwrap();
    // A quadratic search would need hours.
    assert!(derived.facts["marked_count"].as_u64().unwrap() > 1000);
    assert_eq!(derived.facts["marked"].as_array().unwrap().len(), 200);
}
