//! The engine's arithmetic beside the second opinion, from findings alone.

use crate::engine;
use evenhand_reference::generate::{Draws, findings, settings};
use evenhand_reference::judge::{Defect, judge_with};

/// How often both judged, and the first case in which they differ.
fn compare(count: usize, seed: u64, defect: Defect) -> Result<usize, String> {
    let mut draws = Draws(seed);
    for case in 0..count {
        let dimensions = 1 + draws.below(3);
        let settings = settings(&mut draws, dimensions);
        let findings = findings(&mut draws, dimensions);
        let own = judge_with(&findings, &settings, defect);
        let other = engine::judge(&findings, &settings);
        engine::same(&own, &other, &settings.scale).map_err(|what| {
            format!("seed {seed}, case {case}: {what}\n{findings:#?}\n{settings:?}")
        })?;
    }
    Ok(count)
}

#[test]
fn the_engine_and_the_second_opinion_agree() {
    assert_eq!(compare(60_000, 1, Defect::None), Ok(60_000));
}

/// Every error that is made on purpose is found, so that agreement means something.
#[test]
fn an_error_made_on_purpose_is_found() {
    for defect in Defect::ALL {
        let found = compare(5_000, 2, defect);
        assert!(found.is_err(), "{defect:?}");
    }
}

/// As many as `JUDGEMENTS` says, a million otherwise, from the seed in `SEED`:
/// `cargo test --release --workspace --test agreement -- --ignored --nocapture`
#[test]
#[ignore = "takes as long as one likes"]
fn they_agree_on_as_many_findings_as_one_likes() {
    let (count, seed) = crate::asked();
    match compare(count, seed, Defect::None) {
        Ok(judged) => {
            println!("{judged} judgements of findings from seed {seed} without a difference");
        }
        Err(what) => panic!("{what}"),
    }
}
