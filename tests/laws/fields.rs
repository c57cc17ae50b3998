//! Programs of other fields: nobody who builds or advises is asked about wards.

use crate::assembly::{book, examples};
use evenhand_core::document::Document;
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

/// What is asked of a program beside its rules: checks and questions for the board that arise.
fn raised(name: &str) -> Vec<String> {
    let card = card(name);
    let checks = card.checks.iter().map(|check| check.code.clone());
    let prompts = card
        .findings
        .iter()
        .filter(|finding| finding.kind == "prompt" && finding.outcome == Outcome::Unknown)
        .map(|finding| finding.rule.clone());
    checks.chain(prompts).collect()
}

#[test]
fn what_a_page_says_is_held_against_the_rest_of_it() {
    let sold = raised("nursing-weeks-arusha");
    let mutual = raised("exchange-pecs-moshi");
    for code in [
        "equity/prompt-one-country-for-many",
        "equity/prompt-payment-without-journey",
        "ethics/prompt-one-group-many-sites",
        "ethics/prompt-who-answers-for-children",
    ] {
        assert!(sold.iter().any(|one| one == code), "{code}: {sold:?}");
        assert!(!mutual.iter().any(|one| one == code), "{code}: {mutual:?}");
    }
    // Each side lodges the other's people, so that nothing is given that is said to be repaid.
    assert!(!mutual.iter().any(|one| one == "checks/given-and-repaid"));
}

#[test]
fn a_price_in_pounds_is_a_barrier_as_one_in_dollars() {
    let found = examples()
        .into_iter()
        .find(|(name, _)| name == "nursing-weeks-arusha");
    let (_, pounds) = found.unwrap();
    let mut value = pounds.value().clone();
    let flow = value.pointer_mut("/flows/0").unwrap();
    let flow = flow.as_object_mut().unwrap();
    // 0.78 pounds are a dollar.
    let price = flow.remove("net_cost").unwrap();
    assert_eq!(price["amount"], "1450..1900");
    flow.insert("net_cost_usd".to_owned(), "1858.97..2435.9".into());
    let dollars = Document::from_value(pounds.name(), value);
    let degree = |document: &Document| {
        let card = book().judge(document);
        let mut findings = card.findings.iter();
        findings
            .find(|one| one.rule == "equity/cost-barrier")
            .unwrap()
            .degree
    };
    let (pounds, dollars) = (degree(&pounds), degree(&dollars));
    assert!(pounds.high < 0.5, "{pounds:?}");
    assert!(
        (pounds.low - dollars.low).abs() < 1e-4,
        "{pounds:?} {dollars:?}"
    );
    assert!(
        (pounds.high - dollars.high).abs() < 1e-4,
        "{pounds:?} {dollars:?}"
    );
}
