use super::*;
use crate::finding::Degree;
use crate::finding::tests::sample;

fn waiver(rule: &str, proposal: &str, until: &str) -> Waiver {
    Waiver {
        rule: rule.to_owned(),
        proposal: proposal.to_owned(),
        reason: "Asked for".to_owned(),
        by: "Board".to_owned(),
        until: Until::read(until),
    }
}

fn unmet(rule: &str) -> Finding {
    sample(rule, Degree::known(0.0))
}

/// What became of waivers for the proposal `nairobi-2027` on 2026-11-26; `ethics/locked` may not be waived.
fn became(waivers: &[Waiver], findings: &mut [Finding]) -> Vec<(usize, Standing)> {
    let occasion = Occasion {
        proposal: "nairobi-2027",
        date: Date::read("2026-11-26"),
        may_be_waived: &|rule| rule != "ethics/locked",
    };
    apply(waivers, &occasion, findings)
        .into_iter()
        .map(|waived| (waived.index, waived.standing))
        .collect()
}

#[test]
fn a_waiver_holds_until_its_last_day_is_over() {
    for (until, standing) in [
        ("2026-11-26", Standing::InForce),
        ("2026-11-25", Standing::Expired),
        ("2027-06-30", Standing::InForce),
        ("2027-6-30", Standing::Unreadable),
        ("", Standing::Unreadable),
        ("next summer", Standing::Unreadable),
    ] {
        let mut findings = [unmet("ethics/x")];
        let waivers = [waiver("ethics/x", "nairobi-2027", until)];
        assert_eq!(became(&waivers, &mut findings), [(0, standing)], "{until}");
        assert_eq!(findings[0].waiver.is_some(), standing == Standing::InForce);
    }
}

#[test]
fn without_a_day_nothing_is_waived() {
    let mut findings = [unmet("ethics/x")];
    let occasion = Occasion {
        proposal: "p",
        date: None,
        may_be_waived: &|_| true,
    };
    let waivers = [waiver("ethics/x", "*", "9999-12-31")];
    let found = apply(&waivers, &occasion, &mut findings);
    assert_eq!(found[0].standing, Standing::Undated);
    assert_eq!(findings[0].waiver, None);
}

#[test]
fn a_waiver_is_for_one_proposal_or_for_all() {
    let check = |proposal: &str, expected: &[Standing]| {
        let mut findings = [unmet("ethics/x")];
        let found = became(&[waiver("ethics/x", proposal, "2027-01-01")], &mut findings);
        let found: Vec<Standing> = found.into_iter().map(|(_, standing)| standing).collect();
        assert_eq!(found, expected, "{proposal}");
    };
    check("nairobi-2027", &[Standing::InForce]);
    check("*", &[Standing::InForce]);
    // Somebody else's is not mentioned; one that is probably misspelt is.
    check("lima-2026", &[]);
    check("nairobi-2072", &[Standing::OtherProposal]);
    check("Nairobi-2027", &[Standing::OtherProposal]);
    let mut findings = [unmet("ethics/x")];
    let occasion = Occasion {
        proposal: "",
        date: Date::read("2026-11-26"),
        may_be_waived: &|_| true,
    };
    let nobodys = [waiver("ethics/x", "", "2027-01-01")];
    assert_eq!(apply(&nobodys, &occasion, &mut findings), []);
}

#[test]
fn what_may_not_be_waived_or_need_not_be_is_said() {
    let mut prompt = unmet("ethics/prompt");
    prompt.kind = "prompt";
    let mut absent = unmet("ethics/absent");
    absent.outcome = Outcome::NotApplicable;
    let mut findings = [
        unmet("ethics/locked"),
        sample("ethics/met", Degree::known(1.0)),
        absent,
        prompt,
        unmet("ethics/twice"),
    ];
    let of = |rule: &str| waiver(rule, "*", "2027-01-01");
    let waivers = [
        of("ethics/locked"),
        of("ethics/met"),
        of("ethics/absent"),
        of("ethics/prompt"),
        of("ethics/off"),
        of("ethics/twice"),
        of("ethics/twice"),
    ];
    let found = became(&waivers, &mut findings);
    let standings: Vec<Standing> = found.into_iter().map(|(_, standing)| standing).collect();
    assert_eq!(
        standings,
        [
            Standing::NotWaivable,
            Standing::NotNeeded,
            Standing::NotNeeded,
            Standing::NotNeeded,
            Standing::NotNeeded,
            Standing::InForce,
            Standing::NotNeeded,
        ]
    );
    let waived = findings.iter().filter(|finding| finding.waiver.is_some());
    assert_eq!(waived.count(), 1);
}

#[test]
fn what_was_renewed_is_not_called_expired() {
    let old = waiver("ethics/x", "*", "2025-01-01");
    let new = waiver("ethics/x", "nairobi-2027", "2027-01-01");
    let mut findings = [unmet("ethics/x")];
    let found = became(&[old.clone(), new], &mut findings);
    assert_eq!(found, [(1, Standing::InForce)]);
    let mut findings = [unmet("ethics/x")];
    assert_eq!(became(&[old], &mut findings), [(0, Standing::Expired)]);
}

#[test]
fn a_waived_rule_has_no_points_and_no_gate() {
    let mut finding = unmet("ethics/x");
    finding.severity = crate::rule::Severity::Critical;
    assert!(finding.counts() && finding.fails_gate(crate::finding::End::High));
    finding.waiver = Some(waiver("ethics/x", "*", "2027-01-01"));
    assert!(!finding.is_evaluated() && !finding.counts());
    assert!(!finding.fails_gate(crate::finding::End::Low));
}
