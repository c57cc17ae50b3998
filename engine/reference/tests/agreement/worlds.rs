//! Laws of whole judgements over made-up packs, boards and proposals. Each has a twin as well: a rule that breaks it.

use crate::judgements::World;
use evenhand_core::finding::Outcome;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use evenhand_reference::generate::{Draws, Pack, Page, proposal};
use evenhand_reference::judge::Severity;
use evenhand_reference::rules::{Cond, Field, Form, Place, Rule, Value, slot};
use evenhand_reference::write;

/// What is wrong with a proposal in a world by a law.
type Law = fn(&World, &[Value]) -> Result<(), String>;

/// The places of every answer: fields, and fields of groups.
fn answers(values: &[Value]) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if *value != Value::Missing {
            found.push(vec![index]);
        }
        let Value::Groups(groups) = value else {
            continue;
        };
        for (group, own) in groups.iter().enumerate() {
            let given = own
                .iter()
                .enumerate()
                .filter(|(_, value)| **value != Value::Missing);
            found.extend(given.map(|(field, _)| vec![index, group, field]));
        }
    }
    found
}

fn changed(values: &[Value], at: &[usize], to: Value) -> Vec<Value> {
    let mut values = values.to_vec();
    if let Some(slot) = slot(&mut values, at) {
        *slot = to;
    }
    values
}

/// Leaving out any answer lifts nothing. A check that no longer compares is the exception that its decision names.
fn silence(world: &World, values: &[Value]) -> Result<(), String> {
    let before = world.judged(values);
    for at in answers(values) {
        let after = world.judged(&changed(values, &at, Value::Missing));
        let wrong = |what: String| Err(format!("without {at:?}: {what}"));
        for (old, new) in before.findings.iter().zip(&after.findings) {
            let worst = |one: &evenhand_core::finding::Finding| match one.outcome {
                Outcome::NotApplicable => 2.0,
                _ => one.degree.low,
            };
            if old.kind == "rule" && worst(new) > worst(old) + 1e-12 {
                return wrong(format!(
                    "{} from {} to {}",
                    old.rule,
                    worst(old),
                    worst(new)
                ));
            }
        }
        if before.checks.len() > after.checks.len() {
            continue;
        }
        for (old, new) in before.dimensions.iter().zip(&after.dimensions) {
            if old.low.is_some() && (new.low > old.low || new.level_low > old.level_low) {
                return wrong(format!("{} from {:?} to {:?}", old.id, old.low, new.low));
            }
        }
        let (old, new) = (before.verdict.word, after.verdict.word);
        // From the best to the worst.
        let helped = new < old && new <= Word::Revise;
        if helped {
            return wrong(format!("from {old} to {new}"));
        }
    }
    Ok(())
}

/// What a scorecard says, but for messages and what is shown first.
fn plain(card: &Scorecard) -> String {
    let findings: Vec<String> = card
        .findings
        .iter()
        .map(|one| format!("{} {} {:?}", one.rule, one.outcome, one.degree))
        .collect();
    let dimensions: Vec<String> = card
        .dimensions
        .iter()
        .map(|one| {
            format!(
                "{} {:?} {:?} {:?}",
                one.id, one.low, one.high, one.level_low
            )
        })
        .collect();
    format!("{} {dimensions:?} {findings:?}", card.verdict.word)
}

/// The order of the elements of a list, and of keys, does not matter.
fn order(world: &World, values: &[Value]) -> Result<(), String> {
    let before = plain(&world.judged(values));
    let mut turned = values.to_vec();
    for value in &mut turned {
        if let Value::Groups(groups) = value {
            groups.reverse();
        }
    }
    let text = write::proposal_backwards(&turned);
    let after = plain(&world.judged_text(&text));
    if before == after {
        Ok(())
    } else {
        Err(format!("{before}\n{after}"))
    }
}

/// A rule that does not name a field finds the same whatever stands there.
fn touch(world: &World, values: &[Value]) -> Result<(), String> {
    let before = world.judged(values);
    for at in answers(values) {
        let [field] = at.as_slice() else { continue };
        let after = world.judged(&changed(values, &at, Value::Missing));
        for (index, page) in world.pack.pages.iter().enumerate() {
            if page.rule.places().contains(&Place::Top(*field)) {
                continue;
            }
            let id = write::rule(&world.pack, index);
            let own = |card: &Scorecard| {
                let found = card.findings.iter().find(|one| one.rule == id).cloned();
                found.map(|one| (one.outcome, one.message, one.evidence, one.missing))
            };
            if own(&before) != own(&after) {
                return Err(format!("{id} changed with field {field}"));
            }
        }
    }
    Ok(())
}

/// The first proposal in which a law does not hold.
fn broken(law: Law, worlds: usize, made: &dyn Fn(&mut Draws) -> World) -> Option<String> {
    let mut draws = Draws(4);
    (0..worlds).find_map(|_| {
        let world = made(&mut draws);
        (0..3).find_map(|_| {
            let silent = draws.one(&[0, 0, 20], 0);
            let values = proposal(&mut draws, &world.pack.fields, silent);
            let wrong = law(&world, &values).err()?;
            Some(format!(
                "{wrong}\n{}\n{:#?}",
                write::proposal(&values),
                world.pack
            ))
        })
    })
}

/// A world of one rule whose script is this, though its page is taken to ask about the first field alone.
fn of_script(script: &str) -> World {
    let rule = Rule {
        applies: None,
        form: Form::First(
            vec![(Cond::Is(Place::Top(0), Value::YesNo(true)), 1.0)],
            0.0,
        ),
    };
    let page = Page {
        dimension: 0,
        severity: Severity::Major,
        weight: None,
        gate: None,
        prompt: false,
        rule,
        script: true,
        fault: None,
    };
    let groups = Field::Groups(vec![Field::YesNo]);
    let pack = Pack {
        fields: vec![Field::YesNo, groups, Field::YesNo],
        dimensions: 1,
        pages: vec![page],
        checks: Vec::new(),
    };
    let text = format!("fn check(program, param) {{ {script} }}\n");
    let files = [("d0/r0.rhai".to_owned(), text)].into_iter().collect();
    World::of(pack, Vec::new(), &files)
}

/// Each law, and a rule that breaks it.
const LAWS: [(&str, Law, &str); 4] = [
    (
        "silence never helps",
        silence,
        "if program.get_or(\"f0\", true) { return met(\"So\"); } unmet(\"Not so\")",
    ),
    (
        "order does not matter",
        order,
        "if program.f1.len() > 1 && program.f1[0].f0 { return met(\"So\"); } unmet(\"Not so\")",
    ),
    (
        "a change touches what it names",
        touch,
        "if program.f0 && program.f2 { return met(\"So\"); } unmet(\"Not so\")",
    ),
    (
        "what is not there is no pass",
        silence,
        "if !program.has(\"f2\") { return met(\"So\"); } unmet(\"Not so\")",
    ),
];

#[test]
fn the_laws_hold_in_made_up_worlds() {
    evenhand_threads::with_large_stack(|| {
        for (name, law, _) in LAWS {
            if let Some(wrong) = broken(law, 60, &World::made) {
                panic!("{name}: {wrong}");
            }
        }
    });
}

#[test]
fn each_law_is_broken_by_a_rule() {
    evenhand_threads::with_large_stack(|| {
        for (name, law, script) in LAWS {
            let made = |_: &mut Draws| of_script(script);
            assert!(broken(law, 20, &made).is_some(), "{name}");
        }
    });
}
