//! What is proposed helps: every remedy that is shown is tried, all rules judged.

use super::{each, nothing, share, worst};
use crate::assembly::{book, examples};
use evenhand_core::document::Document;
use evenhand_core::finding::End;
use evenhand_core::words::English;
use evenhand_document::change::set;
use std::sync::Mutex;

/// In a debug build, one of so many remedies of each example is tried.
const STEP: usize = 4;

#[test]
fn every_remedy_that_is_shown_helps_and_fails_no_critical_rule() {
    let proposals = examples();
    let counts = Mutex::new([0_usize; 4]);
    let wrong = each(&proposals, |index, (name, proposal)| {
        let mut card = book().judge_in(proposal, &English);
        let tally = book().try_remedies(proposal, &mut card);
        let shown: Vec<_> = card
            .findings
            .iter()
            .filter(|finding| !finding.remedy.is_empty())
            .collect();
        let mut wrong = Vec::new();
        for finding in share(shown, index, STEP) {
            let mut value = proposal.value().clone();
            for change in &finding.remedy {
                set(&mut value, &change.path, change.value.clone()).unwrap();
            }
            let after = Document::from_value(name, value);
            assert_eq!(book().check_document(&after), [], "{name} {}", finding.rule);
            let after = book().judge_in(&after, &English);
            let own = after.findings.iter().find(|new| new.rule == finding.rule);
            if worst(own.unwrap()) <= worst(finding) {
                wrong.push(format!("{name}: {} gains nothing", finding.rule));
            }
            for new in after.findings.iter().filter(|new| new.fails_gate(End::Low)) {
                let old = card.findings.iter().find(|old| old.rule == new.rule);
                if !old.unwrap().fails_gate(End::Low) {
                    wrong.push(format!("{name}: {} fails {}", finding.rule, new.rule));
                }
            }
            counts.lock().unwrap()[3] += 1;
        }
        let mut counts = counts.lock().unwrap();
        counts[0] += tally.shown.len();
        counts[1] += tally.confirmations.len();
        counts[2] += tally.dropped.len();
        wrong
    });
    let [shown, confirmations, dropped, tried] = counts.into_inner().unwrap();
    println!(
        "{shown} remedies are shown and {confirmations} confirmations, {dropped} are dropped; {tried} tried again"
    );
    nothing(&wrong);
    assert!(shown > 150 && tried > 40, "{shown} {tried}");
}
