//! Laws of the arithmetic, of the engine over made-up findings. Each law has a twin: the second opinion with an error made on
//! purpose breaks it, so that a law that holds means something.

use crate::engine;
use evenhand_reference::generate::{Draws, findings, settings};
use evenhand_reference::judge::{
    Defect, Finding, Judgement, Settings, Severity, Verdict, judge_with,
};

/// Who judges.
type Judge<'a> = &'a dyn Fn(&[Finding], &Settings) -> Judgement;

/// What a law is tried on.
struct Case<'a> {
    findings: &'a [Finding],
    settings: &'a Settings,
    judge: Judge<'a>,
}

impl Case<'_> {
    /// The judgement as it is.
    fn judged(&self) -> Judgement {
        self.with(self.findings)
    }

    /// The judgement with other findings.
    fn with(&self, findings: &[Finding]) -> Judgement {
        (self.judge)(findings, self.settings)
    }
}

/// A law: it judges as often as it likes, and says what is wrong.
type Law = fn(&mut Draws, &Case<'_>) -> Result<(), String>;

/// Each law, and an error that breaks it.
const LAWS: [(&str, Law, Defect); 8] = [
    ("silence never helps", silence, Defect::OverTheKnown),
    ("a half is no answer either", silence, Defect::OpenIsHalf),
    ("a cap holds", cap, Defect::NoCap),
    ("a cap holds without weight", cap, Defect::CapNeedsWeight),
    ("the order does not matter", order, Defect::FirstCountsTwice),
    (
        "a change touches its dimension",
        touch,
        Defect::DimensionsMix,
    ),
    (
        "breaking a rule never helps",
        breaking,
        Defect::ErrorIsLeftOut,
    ),
    ("a prompt changes nothing", prompt, Defect::PromptCounts),
];

/// Whether a verdict is better than another in a way that silence or a broken rule must not buy.
fn helped(before: Verdict, after: Verdict) -> bool {
    match before {
        Verdict::Stop | Verdict::Incomplete => after >= Verdict::Revise,
        Verdict::Revise | Verdict::Proceed => after > before,
    }
}

/// Nothing is better at its certain end.
fn no_better(before: &Judgement, after: &Judgement) -> Result<(), String> {
    for (old, new) in before.dimensions.iter().zip(&after.dimensions) {
        let low = |ends: Option<(i64, i64)>| ends.map(|(low, _)| low);
        if old.points.is_some() && low(new.points) > low(old.points) {
            return Err(format!("points from {:?} to {:?}", old.points, new.points));
        }
        let low = |ends: Option<(usize, usize)>| ends.map(|(low, _)| low);
        if old.levels.is_some() && low(new.levels) > low(old.levels) {
            return Err(format!("levels from {:?} to {:?}", old.levels, new.levels));
        }
    }
    if helped(before.verdict, after.verdict) {
        return Err(format!("from {:?} to {:?}", before.verdict, after.verdict));
    }
    Ok(())
}

/// Some of what is known becomes open, or it becomes open whether a rule applies.
fn silence(draws: &mut Draws, case: &Case<'_>) -> Result<(), String> {
    let mut silent = case.findings.to_vec();
    for one in silent.iter_mut().filter(|one| !one.error) {
        match draws.below(4) {
            0 => {
                (one.applies, one.low, one.high) = (true, 0.0, 1.0);
            }
            1 => one.low = one.low.min(0.5),
            2 => one.high = one.high.max(0.5),
            _ => {}
        }
    }
    no_better(&case.judged(), &case.with(&silent))
}

/// A critical rule at or under its gate leaves the lowest level at that end, and stops the program at the high end.
fn cap(_: &mut Draws, case: &Case<'_>) -> Result<(), String> {
    let judged = case.judged();
    let counts = |one: &&Finding| {
        let taken = one.prompt || one.waived || one.disabled || !one.applies;
        one.severity == Severity::Critical && !taken
    };
    for one in case.findings.iter().filter(counts) {
        let levels = judged
            .dimensions
            .get(one.dimension)
            .and_then(|own| own.levels);
        let fails = |degree: f64| degree <= one.gate + 1e-9;
        if fails(one.low) && levels.is_none_or(|(low, _)| low > 0) {
            return Err(format!("low end {levels:?} under {one:?}"));
        }
        if fails(one.high) && levels.is_none_or(|(_, high)| high > 0) {
            return Err(format!("high end {levels:?} under {one:?}"));
        }
        if fails(one.high) && judged.verdict != Verdict::Stop {
            return Err(format!("{:?} under {one:?}", judged.verdict));
        }
    }
    Ok(())
}

/// The same findings in another order.
fn order(draws: &mut Draws, case: &Case<'_>) -> Result<(), String> {
    let mut other = case.findings.to_vec();
    for index in (1..other.len()).rev() {
        other.swap(index, draws.below(index + 1));
    }
    let (one, other) = (case.judged(), case.with(&other));
    // Shares are sums of decimals, and are compared as such.
    let plain = |judged: &Judgement| {
        let dimensions = judged.dimensions.iter();
        let dimensions: Vec<_> = dimensions
            .map(|one| (one.judged, one.points, one.levels))
            .collect();
        (judged.verdict, dimensions)
    };
    if plain(&one) == plain(&other) {
        Ok(())
    } else {
        Err(format!("{one:?} and {other:?}"))
    }
}

/// What changes in one dimension changes no other.
fn touch(draws: &mut Draws, case: &Case<'_>) -> Result<(), String> {
    let mut other = case.findings.to_vec();
    let index = draws.below(other.len());
    let Some(one) = other.get_mut(index) else {
        return Ok(());
    };
    (one.low, one.high, one.weight, one.applies) = (0.3, 0.9, 5.0, true);
    let touched = one.dimension;
    let (before, after) = (case.judged(), case.with(&other));
    let pairs = before.dimensions.iter().zip(&after.dimensions).enumerate();
    for (index, (old, new)) in pairs.filter(|(index, _)| *index != touched) {
        if old != new {
            return Err(format!(
                "{touched} changed, and {index} from {old:?} to {new:?}"
            ));
        }
    }
    Ok(())
}

/// A rule fails that spoke before.
fn breaking(draws: &mut Draws, case: &Case<'_>) -> Result<(), String> {
    let mut broken = case.findings.to_vec();
    let index = draws.below(broken.len());
    if let Some(one) = broken.get_mut(index) {
        (one.error, one.applies, one.low, one.high) = (true, true, 0.0, 1.0);
    }
    no_better(&case.judged(), &case.with(&broken))
}

/// A prompt more.
fn prompt(draws: &mut Draws, case: &Case<'_>) -> Result<(), String> {
    let mut more = case.findings.to_vec();
    let dimension = draws.below(case.settings.thresholds.len());
    let mut prompt = Finding::new(dimension, Severity::Critical, 0.0, 0.0);
    (prompt.prompt, prompt.waived) = (true, draws.percent(30));
    more.push(prompt);
    let (one, other) = (case.judged(), case.with(&more));
    if one == other {
        Ok(())
    } else {
        Err(format!("{one:?} and {other:?}"))
    }
}

/// The first case in which a law does not hold.
fn broken(law: Law, count: usize, judge: Judge<'_>) -> Option<String> {
    let mut draws = Draws(3);
    (0..count).find_map(|case| {
        let dimensions = 1 + draws.below(3);
        let settings = settings(&mut draws, dimensions);
        let findings = findings(&mut draws, dimensions);
        let tried = Case {
            findings: &findings,
            settings: &settings,
            judge,
        };
        let wrong = law(&mut draws, &tried).err()?;
        Some(format!("case {case}: {wrong}\n{findings:#?}\n{settings:?}"))
    })
}

#[test]
fn the_laws_hold() {
    for (name, law, _) in LAWS {
        let engine = |findings: &[Finding], settings: &Settings| {
            engine::judgement(&engine::judge(findings, settings), settings)
        };
        assert_eq!(broken(law, 10_000, &engine), None, "{name}");
    }
}

#[test]
fn each_law_has_a_twin_that_breaks_it() {
    for (name, law, defect) in LAWS {
        let wrong =
            |findings: &[Finding], settings: &Settings| judge_with(findings, settings, defect);
        assert!(broken(law, 10_000, &wrong).is_some(), "{name}: {defect:?}");
        let right = |findings: &[Finding], settings: &Settings| {
            judge_with(findings, settings, Defect::None)
        };
        assert_eq!(broken(law, 10_000, &right), None, "{name}");
    }
}
