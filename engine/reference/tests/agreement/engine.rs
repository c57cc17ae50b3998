//! What the engine says, in the words of the second opinion.

use evenhand_core::board::Judgement as Beside;
use evenhand_core::finding::{self, Degree, Message, Outcome};
use evenhand_core::pack;
use evenhand_core::rule::Severity as CoreSeverity;
use evenhand_core::score::{self, DimensionScore, Level, State};
use evenhand_core::settings::{self, Levels};
use evenhand_core::verdict::{self, Word};
use evenhand_core::waiver::{Until, Waiver};
use evenhand_core::words::English;
use evenhand_reference::board::Shown;
use evenhand_reference::judge::{Dimension, Finding, Judgement, Settings, Severity, Verdict};
use std::collections::BTreeSet;

/// A verdict and the scores that it rests on.
pub(crate) type Judged = (Word, Vec<DimensionScore>);

/// The engine's judgement of findings.
pub(crate) fn judge(findings: &[Finding], settings: &Settings) -> Judged {
    let count = settings.thresholds.len();
    let dimensions: Vec<pack::Dimension> = (0..count)
        .map(|index| pack::Dimension {
            id: id(index),
            title: String::new(),
            weight: 1.0,
            about: String::new(),
        })
        .collect();
    let taken = |one: &&Finding| !one.prompt && (one.disabled || one.weightless);
    let withdrawn = findings.iter().filter(taken);
    let withdrawn: BTreeSet<String> = withdrawn.map(|one| id(one.dimension)).collect();
    let asked = findings.iter().enumerate().filter(|(_, one)| !one.disabled);
    let asked: Vec<finding::Finding> = asked.map(|(index, one)| core(index, one)).collect();
    let scores = score::dimensions(&asked, &dimensions, &core_settings(settings), &withdrawn);
    let verdict = verdict::decide(&asked, &scores, &[], &English);
    (verdict.word, scores)
}

fn id(dimension: usize) -> String {
    format!("d{dimension}")
}

fn core_settings(own: &Settings) -> settings::Settings {
    #[expect(clippy::cast_precision_loss, reason = "points")]
    let points = |points: i64| points as f64;
    let scale: Vec<(String, f64)> = own
        .scale
        .iter()
        .map(|(name, from)| (name.clone(), points(*from)))
        .collect();
    let mut settings = settings::Settings {
        levels: Levels::default().with_scale(&scale),
        ..settings::Settings::default()
    };
    for (index, threshold) in own.thresholds.iter().enumerate() {
        settings.thresholds.insert(id(index), points(*threshold));
    }
    for (index, _) in own.not_judged.iter().enumerate().filter(|(_, on)| **on) {
        settings.not_judged.insert(id(index), "why".to_owned());
    }
    settings
}

fn core(index: usize, own: &Finding) -> finding::Finding {
    let degree = Degree {
        low: own.low,
        high: own.high,
    };
    let outcome = if own.error {
        Outcome::Error
    } else if own.applies {
        degree.outcome().unwrap_or(Outcome::Unknown)
    } else {
        Outcome::NotApplicable
    };
    finding::Finding {
        rule: format!("{}/r{index}", id(own.dimension)),
        plugin: None,
        title: String::new(),
        kind: if own.prompt { "prompt" } else { "rule" },
        dimension: id(own.dimension),
        severity: match own.severity {
            Severity::Critical => CoreSeverity::Critical,
            Severity::Major => CoreSeverity::Major,
            Severity::Minor => CoreSeverity::Minor,
            Severity::Info => CoreSeverity::Info,
        },
        weight: own.weight,
        gate: own.gate,
        outcome,
        degree,
        message: Message::plain("It is so"),
        evidence: Vec::new(),
        missing: Vec::new(),
        imprecise: Vec::new(),
        remedy: Vec::new(),
        help: String::new(),
        sources: Vec::new(),
        limits: String::new(),
        waiver: own.waived.then(|| Waiver {
            rule: String::new(),
            proposal: "*".to_owned(),
            reason: "why".to_owned(),
            by: "who".to_owned(),
            until: Until::Unreadable(String::new()),
        }),
        error: own.error.then(|| "why".to_owned()),
        looked_at: BTreeSet::new(),
    }
}

/// Whether both say the same; what differs otherwise.
pub(crate) fn same(
    own: &Judgement,
    (word, scores): &Judged,
    scale: &[(String, i64)],
) -> Result<(), String> {
    if word.word() != own.verdict.word() {
        return Err(format!(
            "{word}, and {:?} by the second opinion",
            own.verdict
        ));
    }
    if own.dimensions.len() != scores.len() {
        return Err(format!("{} dimensions", scores.len()));
    }
    for (one, score) in own.dimensions.iter().zip(scores) {
        same_dimension(one, score, scale).map_err(|what| format!("{} {what}", score.id))?;
    }
    Ok(())
}

fn same_dimension(
    own: &Dimension,
    score: &DimensionScore,
    scale: &[(String, i64)],
) -> Result<(), String> {
    let name = |level: usize| scale.get(level).map(|(name, _)| name.as_str());
    let says = |what: &str, own: String, other: String| {
        if own == other {
            Ok(())
        } else {
            Err(format!("{what}: {other}, and {own} by the second opinion"))
        }
    };
    let points = score.low.zip(score.high);
    let points = points.map(|(low, high)| (i64::from(low), i64::from(high)));
    says("points", format!("{:?}", own.points), format!("{points:?}"))?;
    let levels = own.levels.map(|(low, high)| (name(low), name(high)));
    let low = score.level_low.as_ref().map(|level| Some(level.word()));
    let other = low.zip(score.level_high.as_ref().map(|level| Some(level.word())));
    says("levels", format!("{levels:?}"), format!("{other:?}"))?;
    let judged = score.state == State::Judged;
    says("state", own.judged.to_string(), judged.to_string())?;
    says(
        "capped",
        own.capped.0.to_string(),
        score.capped_by.is_some().to_string(),
    )?;
    if let Some(settled) = own.completeness
        && (settled - score.completeness).abs() > 1e-9
    {
        return says(
            "completeness",
            settled.to_string(),
            score.completeness.to_string(),
        );
    }
    Ok(())
}

/// The same as a judgement of the second opinion; of what it rests on only what a scorecard shows.
pub(crate) fn judgement((word, scores): &Judged, settings: &Settings) -> Judgement {
    let rank = |level: Level| {
        let found = settings
            .scale
            .iter()
            .position(|(name, _)| name == level.word());
        found.unwrap_or_else(|| panic!("{} is no level", level.word()))
    };
    let dimension = |score: &DimensionScore| Dimension {
        judged: score.state == State::Judged,
        points: score
            .low
            .zip(score.high)
            .map(|(low, high)| (low.into(), high.into())),
        levels: score.level_low.map(rank).zip(score.level_high.map(rank)),
        completeness: Some(score.completeness),
        capped: (score.capped_by.is_some(), false),
    };
    Judgement {
        verdict: verdict(*word),
        ends: (verdict(*word), verdict(*word)),
        dimensions: scores.iter().map(dimension).collect(),
    }
}

/// A judgement that a board is shown.
pub(crate) fn shown(judgement: &Beside) -> Shown {
    let name = |level: &Level| level.word().to_owned();
    let levels = judgement
        .levels
        .values()
        .map(|levels| levels.as_ref().map(|(low, high)| (name(low), name(high))));
    (verdict(judgement.verdict), levels.collect())
}

fn verdict(word: Word) -> Verdict {
    match word {
        Word::Stop => Verdict::Stop,
        Word::Incomplete => Verdict::Incomplete,
        Word::Revise => Verdict::Revise,
        Word::Proceed => Verdict::Proceed,
    }
}
