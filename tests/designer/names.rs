//! What people write where a country or an airport is asked for: the suggestion is right or absent, and so is its edit.

use crate::assembly::session;
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_threads::Threads;

/// The one problem of a proposal with this partner, with what the edit makes of the text.
fn problem(partner: &str) -> (Problem, Option<String>) {
    let yaml = format!(
        "program: {{ id: a-program, title: A program }}\npartners:\n  - {{ id: here, {partner} }}\n"
    );
    let session = session();
    let language = session.language(Some("en")).unwrap();
    let read = |text: &str| Document::parse("p.yaml", text.as_bytes(), Format::Yaml).unwrap();
    let found = session.judge(&read(&yaml), &language, &Threads);
    let mut found = found
        .err()
        .unwrap_or_else(|| panic!("{partner}: nothing is wrong"));
    assert_eq!(found.len(), 1, "{partner}: {found:?}");
    let problem = found.remove(0);
    let fixed = problem.fix.as_ref().map(|fix| {
        let fixed = fix.apply(&yaml).unwrap();
        let again = session.judge(&read(&fixed), &language, &Threads);
        assert!(again.is_ok(), "{partner}: {fixed}");
        fixed.lines().nth(2).unwrap_or_default().to_owned()
    });
    (problem, fixed)
}

/// What is suggested for a partner, and what the edit writes.
#[track_caller]
fn check(partner: &str, says: Option<&str>, writes: Option<&str>) {
    let (problem, fixed) = problem(partner);
    let said = problem.suggestion.map(|said| said.to_string());
    match says {
        Some(part) => {
            let said = said.unwrap_or_else(|| panic!("{partner}: no suggestion"));
            assert!(said.contains(part), "{partner}: {said}");
        }
        None => assert_eq!(said, None, "{partner}"),
    }
    match writes {
        Some(part) => {
            let fixed = fixed.map(|line| line.replace('"', ""));
            assert!(
                fixed.as_ref().is_some_and(|line| line.contains(part)),
                "{partner}: {fixed:?}"
            );
        }
        None => assert_eq!(fixed, None, "{partner}"),
    }
}

#[test]
fn countries_are_known_by_their_codes_and_names() {
    for (typed, code) in [
        // Three letters, and the codes of the European Union.
        ("KEN", "KE"),
        ("mwi", "MW"),
        ("CHE", "CH"),
        ("UK", "GB"),
        ("EL", "GR"),
        // Names in the languages of the program.
        ("Kenya", "KE"),
        ("United Kingdom", "GB"),
        ("Reino Unido", "GB"),
        ("Royaume-Uni", "GB"),
        ("Allemagne", "DE"),
        ("Países Bajos", "NL"),
        ("etats-unis", "US"),
        ("Côte d’Ivoire", "CI"),
        ("ivory coast", "CI"),
        // Names that went out of use, and those of everyday.
        ("Swaziland", "SZ"),
        ("Burma", "MM"),
        ("Zaire", "CD"),
        ("Haute-Volta", "BF"),
        ("Holanda", "NL"),
        ("Scotland", "GB"),
        ("DRC", "CD"),
        // A slip of the pen.
        ("Keniya", "KE"),
        ("Tanzaniaa", "TZ"),
    ] {
        check(
            &format!("country: \"{typed}\""),
            Some(&format!("did you mean `{code}` (")),
            Some(&format!("country: {code}")),
        );
    }
}

#[test]
fn a_country_that_may_be_several_is_none() {
    check("country: Congo", Some("CD"), None);
    check("country: Korea", Some("KP"), None);
    for typed in ["KEX", "XYZ", "QQ", "Atlantis", "the South", "GBX"] {
        check(&format!("country: {typed}"), None, None);
    }
}

#[test]
fn airports_are_known_by_codes_of_all_kinds_and_by_their_towns() {
    for (country, typed, code) in [
        ("NL", "EHAM", "AMS"),
        ("KE", "hkjk", "NBO"),
        ("US", "KSEA", "SEA"),
        ("CA", "CYHZ", "YHZ"),
        ("DE", "SXF", "BER"),
        ("SN", "DKR", "DSS"),
        ("CH", "EAP", "BSL"),
        ("MW", "Lilongwe", "LLW"),
        ("SE", "Umea", "UME"),
        ("GB", "heathrow", "LHR"),
        ("RW", "kgl", "KGL"),
    ] {
        let partner = format!("country: {country}, place: {{ airport: \"{typed}\" }}");
        check(&partner, Some(code), Some(&format!("airport: {code}")));
    }
}

#[test]
fn an_airport_that_may_be_several_or_is_elsewhere_is_none() {
    check(
        "country: GB, place: { airport: London }",
        Some("LHR (London Heathrow Airport)"),
        None,
    );
    for (country, typed) in [
        ("KE", "NBJ"),
        ("MW", "BLX"),
        ("MW", "TXL"),
        ("KE", "EHAM"),
        ("KE", "Berlin"),
        ("NL", "ZZZZ"),
        ("NL", "Airport"),
    ] {
        let partner = format!("country: {country}, place: {{ airport: {typed} }}");
        check(&partner, None, None);
    }
}

#[test]
fn the_town_of_the_partner_says_which_airport_is_meant() {
    check(
        "country: KE, place: { city: Kisumu, airport: KSM }",
        Some("KIS"),
        Some("airport: KIS"),
    );
}
