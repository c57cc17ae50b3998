//! A form and the script that it is converted to find the same in every proposal.

use super::{ask, of_page, page};
use crate::document::Document;
use crate::rulebook::Rulebook;
use crate::sample::book;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A form of every kind.
const FORMS: &[&str] = &[
    "judge: { choice: { of: mode, scale: { virtual: 1, in_person: 0.4, mixed: 0 } } }",
    "judge: { choice: { of: level, scale: { \"1\": 1, 2..4: 0.2 } }, at_most: [{ degree: 0.5, unless: { agreed: true } }] }",
    "applies: { mode: { is_not: virtual } }\njudge: { yes_no: { of: agreed, no: 0.1 } }",
    "judge: { number: { of: weeks, full: $least, zero: 2 } }",
    "judge: { number: { of: { share: [spent, budget], if_zero: not_applicable }, curve: [[0, 1], [0.5, $half], [1, 0]] } }\nremedy: none",
    "judge: { number: { of: { max: weeks, in: flows, where: { who: { one_of: $who } }, if_none: 3 }, curve: $line } }\nremedy: none",
    "judge: { checklist: { items: [{ is: { agreed: true }, weight: 2 }, { is: { weeks: { above: 4 } } }, { is: { formats: { includes_all: [trip, course] } } }], full: 3 } }",
    "judge: { dates: { from: begins, to: ends, full: 30, zero: 0 } }\nremedy: none",
    "judge: { each: { in: flows, where: { covered: true }, judge: { number: { of: weeks, full: 4, zero: 0 } }, take: mean, weigh: persons, if_none: not_applicable } }\nremedy: [{ set: weeks, to: full }]",
    "judge: { all_of: [{ yes_no: { of: signed, no: 0.5 } }, { each: { in: flows, judge: { yes_no: { of: covered } }, take: best, if_none: not_applicable } }] }\nremedy: none",
    "judge: { mean_of: [{ form: { yes_no: { of: agreed } }, weight: 2 }, { form: { number: { of: { count: flows, distinct: who }, full: 2, zero: 0 } } }] }\nremedy: none",
    "judge: { first: [{ if: { any: flows, where: { who: staff }, if_none: no }, then: 0, say: Staff }, { if: { compare: [spent, above, budget] }, then: { yes_no: { of: signed } } }, { else: $half, say: Else }] }\nremedy: none",
];

/// The same rule, judged by the script that its form stands for.
fn converted(form: &Rulebook) -> Rulebook {
    let script = form.rules()[0].script_text().unwrap().to_owned();
    let book = book(&[
        ("schema.json", "", super::SCHEMA),
        ("ethics/long-stay.md", "", &page("tags: []")),
        ("ethics/long-stay.rhai", "", &script),
    ]);
    assert!(book.broken().is_empty(), "{script}\n{:?}", book.broken());
    book
}

fn flow() -> impl Strategy<Value = Value> {
    let known = (
        prop::option::of(prop::sample::select(vec!["student", "staff"])),
        prop::option::of(0_u8..9),
        prop::option::of(0_u8..4),
        prop::option::of(any::<bool>()),
    );
    known.prop_map(|(who, weeks, persons, covered)| {
        json!({ "who": who, "weeks": weeks, "persons": persons, "covered": covered, "stops": [] })
    })
}

fn proposal() -> impl Strategy<Value = Value> {
    let facts = (
        prop::option::of(any::<bool>()),
        prop::option::of(any::<bool>()),
        prop::option::of(1_u8..12),
        prop::option::of(0_u8..5),
        prop::option::of(0_u8..5),
        prop::option::of(1_u8..5),
        prop::option::of(prop::sample::select(vec!["virtual", "in_person", "mixed"])),
        prop::option::of(prop::sample::subsequence(
            vec!["trip", "course", "exchange"],
            0..=3,
        )),
        prop::option::of(prop::sample::select(vec![
            "2027-02-20",
            "2027-03-01",
            "2028-03-01",
        ])),
        prop::option::of(prop::collection::vec(flow(), 0..4)),
    );
    facts.prop_map(|(agreed, signed, weeks, spent, budget, level, mode, formats, ends, flows)| {
        let begins = ends.map(|_| "2027-02-25");
        json!({ "agreed": agreed, "signed": signed, "weeks": weeks, "spent": spent, "budget": budget, "level": level,
            "mode": mode, "formats": formats, "begins": begins, "ends": ends, "flows": flows })
    })
}

#[test]
fn a_form_and_its_script_find_the_same() {
    let pairs: Vec<(Rulebook, Rulebook)> = FORMS
        .iter()
        .map(|form| {
            let form = of_page(&page(form));
            assert!(form.broken().is_empty(), "{:?}", form.broken());
            let script = converted(&form);
            (form, script)
        })
        .collect();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let outcomes = std::cell::RefCell::new(std::collections::BTreeSet::new());
    runner
        .run(&proposal(), |proposal| {
            let document = Document::from_value("p", proposal);
            for (form, script) in &pairs {
                let found = |book: &Rulebook| book.evaluate(&document).findings.remove(0);
                let (one, other) = (found(form), found(script));
                outcomes.borrow_mut().insert(one.outcome);
                prop_assert_eq!(one.error.is_some(), other.error.is_some());
                prop_assert_eq!(one, other);
            }
            Ok(())
        })
        .unwrap();
    // Every outcome was met, so that the comparison says something; none is an error.
    assert_eq!(outcomes.into_inner().len(), 5);
    let usual = ask(&pairs[3].0, "weeks: 5");
    assert!((usual.degree.low - 0.5).abs() < 1e-12);
}
