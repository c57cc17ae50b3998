//! Programs of other fields: nobody who builds or advises is asked about wards.

use crate::assembly::{book, examples};
use evenhand_core::finding::Outcome;
use evenhand_core::scorecard::Scorecard;

fn card(name: &str) -> Scorecard {
    let found = examples().into_iter().find(|(own, _)| own == name);
    book().judge(&found.unwrap_or_else(|| panic!("no example {name}")).1)
}

/// Rules that arise with clinical work, and with it alone.
const CLINICAL: [&str; 5] = [
    "ethics/patient-consent",
    "ethics/language-competence",
    "ethics/pre-health-hands-on",
    "ethics/scope-of-practice",
    "sustainability/continuity-of-care",
];

#[test]
fn engineers_and_lawyers_are_not_asked_about_wards() {
    for name in ["water-maseru", "law-clinic-tallinn"] {
        let card = card(name);
        for rule in CLINICAL {
            let finding = card.findings.iter().find(|finding| finding.rule == rule);
            let finding = finding.unwrap_or_else(|| panic!("{rule}"));
            assert_eq!(finding.outcome, Outcome::NotApplicable, "{name}, {rule}");
        }
        let open: Vec<&str> = card
            .findings
            .iter()
            .filter(|finding| finding.kind == "rule" && finding.plugin.is_none())
            .filter(|finding| finding.outcome == Outcome::Unknown)
            .map(|finding| finding.rule.as_str())
            .collect();
        assert_eq!(
            open, [""; 0],
            "{name}: what every such program is asked is answered"
        );
    }
}

#[test]
fn what_is_asked_of_a_camp_is_asked_of_one_that_builds() {
    let card = card("water-maseru");
    for rule in [
        "ethics/host-need",
        "ethics/donations",
        "ethics/pictures",
        "ethics/duty-of-care",
    ] {
        let finding = card.findings.iter().find(|finding| finding.rule == rule);
        let outcome = finding.map(|finding| finding.outcome);
        assert_eq!(outcome, Some(Outcome::Met), "{rule}");
    }
}
