//! The rule `ethics/publicity-language`: how far the texts are free of the framing that the lexicon marks.

use crate::facts::{self, LISTED};
use crate::lexicon::Severity;
use crate::reading::{LANGUAGE, Reading, TEXTS};
use crate::settings::Settings;
use evenhand_plugin::{Evidence, Finding, Outcome};
use serde_json::json;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The id of the rule.
pub(crate) const RULE: &str = "ethics/publicity-language";

/// The density of a text shorter than this is taken as if it had so many words: one word of five is not 20 %.
const SHORTEST_BASE: usize = 50;

/// So many of the worst places get a better wording in the help.
const HELPED: usize = 5;

/// Judges the texts.
pub(crate) fn judge(reading: &Reading, settings: &Settings) -> Finding {
    let mut finding = if reading.marks.is_empty() {
        unmarked(reading, settings)
    } else {
        marked(reading, settings)
    };
    if finding.evidence.is_empty() {
        let paths = reading
            .paths()
            .into_iter()
            .chain(reading.unread.iter().map(|part| part.path));
        let unique: BTreeSet<_> = paths.collect();
        finding.evidence = unique.into_iter().map(at).collect();
        if reading.declared && !finding.evidence.is_empty() {
            finding.evidence.push(at(LANGUAGE));
        }
    }
    let absent = absent(reading);
    if settings.silence_is_unknown && !absent.is_empty() {
        // A text that is left out may say anything: what was read settles nothing until all is read.
        finding.outcome = Outcome::Unknown;
        finding.degree = None;
        finding.missing = absent.into_iter().map(str::to_owned).collect();
    }
    finding
}

/// The texts, other than the title, of which there is nothing.
fn absent(reading: &Reading) -> Vec<&'static str> {
    let given = |path: &&str| {
        reading.read.iter().any(|part| part.path == *path)
            || reading.unread.iter().any(|part| part.path == *path)
    };
    TEXTS
        .into_iter()
        .skip(1)
        .filter(|path| !given(path))
        .collect()
}

fn at(path: &str) -> Evidence {
    Evidence {
        path: path.to_owned(),
        ..Evidence::default()
    }
}

fn unmarked(reading: &Reading, settings: &Settings) -> Finding {
    let (words, unread) = (reading.words(), reading.unread_words());
    if words + unread < settings.minimum_words {
        return too_little(reading, settings);
    }
    let undetermined = reading.unread.iter().any(|part| part.language.is_none());
    if words == 0 && undetermined {
        let message = "The language of the text cannot be told, so its wording was not read";
        return Finding::unknown(RULE, [LANGUAGE], message);
    }
    if unread > words {
        let message = "Most of the text ({unread} of {all} words) is in a language that this rule does not read ({languages}): a person must read it";
        let mut finding = Finding::not_applicable(RULE, message);
        finding.args.insert("unread".into(), json!(unread));
        finding.args.insert("all".into(), json!(words + unread));
        finding
            .args
            .insert("languages".into(), json!(unread_languages(reading)));
        return finding;
    }
    if words < settings.minimum_words {
        return too_little(reading, settings);
    }
    let message = if unread == 0 {
        "Nothing in {words} words ({languages}) speaks of hosts or patients in the ways the lexicon marks"
    } else {
        "Nothing in {words} words ({languages}) speaks of hosts or patients in the ways the lexicon marks; {unread} words in another language were not read"
    };
    let mut finding = Finding::met(RULE, message);
    finding.args.insert("words".into(), json!(words));
    finding
        .args
        .insert("languages".into(), json!(read_languages(reading)));
    if unread > 0 {
        finding.args.insert("unread".into(), json!(unread));
    }
    finding
}

fn too_little(reading: &Reading, settings: &Settings) -> Finding {
    let words = reading.words() + reading.unread_words();
    let message = if words == 0 {
        "There is no text to read"
    } else {
        "There is too little text to judge its wording: {words} words"
    };
    let mut finding = if settings.silence_is_unknown {
        let absent = absent(reading);
        // With all texts there and still too short, the summary is the one to lengthen.
        let missing = if absent.is_empty() {
            vec![TEXTS[1]]
        } else {
            absent
        };
        Finding::unknown(RULE, missing, message)
    } else {
        Finding::not_applicable(RULE, message)
    };
    if words > 0 {
        finding.args.insert("words".into(), json!(words));
    }
    finding
}

fn marked(reading: &Reading, settings: &Settings) -> Finding {
    let strong = reading
        .marks
        .iter()
        .filter(|(_, mark)| mark.entry.severity == Severity::Strong)
        .count();
    let degree = degree(
        facts::points(reading),
        reading.words(),
        strong,
        settings.density_at_zero,
    );
    let mut worst: Vec<_> = reading.marks.iter().collect();
    // A stable sort: among equals the first in the text comes first.
    worst.sort_by_key(|(_, mark)| Reverse(mark.entry.severity));
    let message = if reading.marks.len() == 1 {
        "One place in {words} words speaks of hosts or patients as the language of saviours, deficit or spectacle does: “{worst}”"
    } else {
        "{count} places in {words} words speak of hosts or patients as the language of saviours, deficit or spectacle does, the plainest “{worst}”"
    };
    let mut finding = if degree > 0.0 {
        Finding::partly(RULE, degree, message)
    } else {
        Finding::unmet(RULE, message)
    };
    if reading.marks.len() > 1 {
        finding
            .args
            .insert("count".into(), json!(reading.marks.len()));
    }
    finding.args.insert("words".into(), json!(reading.words()));
    if let Some((_, first)) = worst.first() {
        finding.args.insert("worst".into(), json!(first.quote));
    }
    finding.evidence = reading
        .marks
        .iter()
        .take(LISTED)
        .map(|(path, mark)| Evidence {
            path: (*path).to_owned(),
            quote: Some(mark.quote.clone()),
            start: Some(mark.start),
            end: Some(mark.end),
        })
        .collect();
    let mut helped = BTreeSet::new();
    let mut help: Vec<String> = worst
        .iter()
        .filter(|(_, mark)| helped.insert(&mark.entry.id))
        .take(HELPED)
        .map(|(_, mark)| format!("“{}”: {}", mark.quote, mark.entry.better))
        .collect();
    if reading.unread_words() > 0 {
        help.push(format!(
            "{} words in another language ({}) were not read.",
            reading.unread_words(),
            unread_languages(reading)
        ));
    }
    finding.help = Some(help.join("\n"));
    finding
}

/// The degree from 0 to 1 for a text with at least one marked place.
///
/// The density is in points per 100 words (a text counts as [`SHORTEST_BASE`] words at least). It is mapped piecewise linearly:
/// 0 → 1, a sixth of `zero` → 0.75, half of it → 0.4, `zero` → 0. Strong wordings cap the degree at 0.7 - 0.1 for each, so that a
/// long text cannot bury them. The curve is a default for boards to set, not a measurement.
pub(crate) fn degree(points: u64, words: usize, strong: usize, zero: f64) -> f64 {
    let base = to_float(words.max(SHORTEST_BASE));
    let density = 100.0 * to_float(usize::try_from(points).unwrap_or(usize::MAX)) / base;
    let steps = [
        (0.0, 1.0),
        (zero / 6.0, 0.75),
        (zero / 2.0, 0.4),
        (zero, 0.0),
    ];
    let by_density = steps
        .iter()
        .zip(steps.iter().skip(1))
        .find(|(_, (to, _))| density <= *to)
        .map_or(0.0, |((from, high), (to, low))| {
            high + (low - high) * (density - from) / (to - from)
        });
    let cap = if strong == 0 {
        1.0
    } else {
        (0.7 - 0.1 * to_float(strong)).max(0.0)
    };
    let degree = by_density.min(cap).clamp(0.0, 0.999);
    (degree * 1000.0).round() / 1000.0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of words are far below 2^52"
)]
fn to_float(count: usize) -> f64 {
    count as f64
}

fn read_languages(reading: &Reading) -> String {
    let names: BTreeSet<_> = reading
        .read
        .iter()
        .map(|part| part.language.name())
        .collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn unread_languages(reading: &Reading) -> String {
    let codes: BTreeSet<_> = reading
        .unread
        .iter()
        .map(|part| match part.language.as_deref() {
            None | Some("und") => "not recognised",
            Some(code) => code,
        })
        .collect();
    codes.into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_meets_its_corners() {
        for (points, words, strong, expected) in [
            (1, 100, 0, 0.75),
            (3, 100, 0, 0.4),
            (6, 100, 0, 0.0),
            (60, 100, 0, 0.0),
            (1, 10_000, 0, 0.998),
            (1, 10_000_000, 0, 0.999),
            (4, 10_000_000, 1, 0.6),
            (16, 10_000_000, 4, 0.3),
            (40, 10_000_000, 10, 0.0),
            (2, 5, 0, 0.267),
            (4, 5, 1, 0.0),
        ] {
            let found = degree(points, words, strong, 6.0);
            assert!(
                (found - expected).abs() < 1e-9,
                "{points} {words} {strong}: {found}"
            );
        }
    }

    #[test]
    fn more_marks_never_help_and_more_neutral_words_never_harm() {
        for words in [1, 50, 99, 500, 5000] {
            for points in 1..60 {
                let here = degree(points, words, 0, 6.0);
                assert!(degree(points + 1, words + 1, 0, 6.0) <= here + 1e-9);
                assert!(degree(points, words + 1, 0, 6.0) + 1e-9 >= here);
                assert!(degree(points, words, 1, 6.0) <= here);
            }
        }
    }
}
