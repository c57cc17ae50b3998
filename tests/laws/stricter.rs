//! `stricter:` on a parameter says what a board may do without giving a reason, so it has to be true.

use crate::assembly::{bases, book, core_pack, examples, plugins};
use evenhand_core::rule::page::Stricter;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::{RuleSettings, Settings};
use serde_json::Value;
use std::collections::BTreeMap;

/// Every parameter moved from its default, by a share of the way to its bound, in the direction that its page calls stricter
/// (or in the other one).
fn moved(share: f64, as_said: bool) -> Settings {
    let mut settings = Settings::default();
    for rule in book().rules() {
        let mut params = BTreeMap::new();
        for param in &rule.page.params {
            let Some(stricter) = param.stricter else {
                continue;
            };
            let from = param.default.as_f64().unwrap();
            let lower = (stricter == Stricter::Lower) == as_said;
            let bound = if lower { param.min } else { param.max };
            let bound = bound.expect("a parameter with a direction has bounds");
            params.insert(
                param.name.clone(),
                Value::from(from + share * (bound - from)),
            );
        }
        if !params.is_empty() {
            let own = RuleSettings {
                params,
                ..RuleSettings::default()
            };
            settings.rules.insert(rule.page.id.clone(), own);
        }
    }
    settings
}

/// How many findings fall, and those that rise.
fn compared(settings: Settings) -> (usize, Vec<String>) {
    let other = Rulebook::load(vec![core_pack(true)], plugins(), settings).unwrap();
    let (mut fallen, mut risen) = (0, Vec::new());
    for (name, proposal) in examples().into_iter().chain(bases()) {
        let (own, new) = (book().evaluate(&proposal), other.evaluate(&proposal));
        for (own, new) in own.findings.iter().zip(&new.findings) {
            assert_eq!(own.rule, new.rule);
            fallen += usize::from(new.degree.low < own.degree.low - 1e-9);
            if new.degree.low > own.degree.low + 1e-9 {
                risen.push(format!("{name}: {}", own.rule));
            }
        }
    }
    (fallen, risen)
}

#[test]
fn what_a_page_calls_stricter_never_lifts_a_finding() {
    for share in [0.3, 1.0] {
        let (fallen, risen) = compared(moved(share, true));
        assert!(fallen > 20, "only {fallen} findings fall");
        assert_eq!(risen, [""; 0], "{share}");
    }
    // The other direction does lift some, so that the test can tell them apart.
    assert!(!compared(moved(0.5, false)).1.is_empty());
}
