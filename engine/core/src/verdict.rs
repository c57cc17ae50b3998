//! The verdict: a recommendation to people, with the reason a chair can read aloud.

use crate::finding::{End, Finding, Outcome};
use crate::locale::Locale;
use crate::score::DimensionScore;
use std::fmt;

/// What is recommended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// Nothing stands against it.
    Proceed,
    /// A dimension is under the board's threshold.
    Revise,
    /// It cannot be said before more is known.
    Incomplete,
    /// A critical rule fails.
    Stop,
}

impl Word {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proceed => "proceed",
            Self::Revise => "revise",
            Self::Incomplete => "incomplete",
            Self::Stop => "stop",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Proceed, Self::Revise, Self::Incomplete, Self::Stop]
            .into_iter()
            .find(|own| own.word() == word)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The verdict on one proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What is recommended.
    pub word: Word,
    /// One sentence on why.
    pub reason: String,
    /// The rules or dimensions that decided it.
    pub decided_by: Vec<String>,
    /// The rules whose improvement would change it most; at most three.
    pub would_help: Vec<String>,
}

/// Decides, in the order stop, incomplete, revise, proceed; the reason is given in a language.
pub fn decide(findings: &[Finding], dimensions: &[DimensionScore], locale: &Locale) -> Verdict {
    let would_help = would_help(findings, dimensions);
    let stopped: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.fails_gate(End::High))
        .collect();
    if !stopped.is_empty() {
        return Verdict {
            word: Word::Stop,
            reason: stop_reason(&stopped, locale),
            decided_by: stopped.iter().map(|finding| finding.rule.clone()).collect(),
            would_help,
        };
    }
    let failed: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::Error && finding.kind == "rule")
        .collect();
    let (worst, best) = (
        at(End::Low, findings, dimensions),
        at(End::High, findings, dimensions),
    );
    if !failed.is_empty() || worst != best {
        let (reason, decided_by) =
            incomplete_reason(&failed, (worst, best), findings, dimensions, locale);
        return Verdict {
            word: Word::Incomplete,
            reason,
            decided_by,
            would_help,
        };
    }
    let under: Vec<&DimensionScore> = dimensions
        .iter()
        .filter(|score| is_under(score, End::High))
        .collect();
    if !under.is_empty() {
        let list: Vec<String> = under.iter().map(|score| range(score, locale)).collect();
        return Verdict {
            word: Word::Revise,
            reason: locale.say("Revise: {list}.", &[("list", &sentence(&list, locale))]),
            decided_by: under.iter().map(|score| score.id.clone()).collect(),
            would_help,
        };
    }
    Verdict {
        word: Word::Proceed,
        reason: locale
            .word("Proceed: no critical rule fails, and every dimension reaches the board's threshold.")
            .to_owned(),
        decided_by: Vec::new(),
        would_help,
    }
}

/// The verdict if everything that is open came out at one end.
fn at(end: End, findings: &[Finding], dimensions: &[DimensionScore]) -> Word {
    if findings.iter().any(|finding| finding.fails_gate(end)) {
        Word::Stop
    } else if dimensions.iter().any(|score| is_under(score, end)) {
        Word::Revise
    } else {
        Word::Proceed
    }
}

fn is_under(score: &DimensionScore, end: End) -> bool {
    score
        .points(end)
        .is_some_and(|points| f64::from(points) < score.threshold)
}

fn stop_reason(stopped: &[&Finding], locale: &Locale) -> String {
    let Some(first) = stopped.first() else {
        return String::new();
    };
    let said = first.message.text();
    let said = if said.is_empty() {
        String::new()
    } else {
        let said = lower_first(said.trim_end_matches('.'));
        locale.say(": {said}", &[("said", &said)])
    };
    let more = match stopped.len() {
        1 => String::new(),
        2 => {
            let other = stopped.get(1).map_or("", |finding| finding.rule.as_str());
            locale.say("; so is one other: {rule}", &[("rule", other)])
        }
        count => {
            let others = (count - 1).to_string();
            locale.say("; so are {others} others", &[("others", &others)])
        }
    };
    locale.say(
        "Stop: the critical rule “{title}” ({rule}) is not met{said}{more}.",
        &[
            ("title", &first.title),
            ("rule", &first.rule),
            ("said", &said),
            ("more", &more),
        ],
    )
}

fn incomplete_reason(
    failed: &[&Finding],
    (worst, best): (Word, Word),
    findings: &[Finding],
    dimensions: &[DimensionScore],
    locale: &Locale,
) -> (String, Vec<String>) {
    if worst == best {
        let rules: Vec<String> = failed.iter().map(|finding| finding.rule.clone()).collect();
        let said = if rules.len() == 1 {
            "Incomplete: a rule could not be asked ({rules})."
        } else {
            "Incomplete: some rules could not be asked ({rules})."
        };
        let reason = locale.say(said, &[("rules", &rules.join(", "))]);
        return (reason, rules);
    }
    let mut rules: Vec<String> = findings
        .iter()
        .filter(|finding| finding.fails_gate(End::Low) && !finding.fails_gate(End::High))
        .map(|finding| finding.rule.clone())
        .collect();
    let mut names: Vec<String> = Vec::new();
    match rules.len() {
        0 => {}
        1 => names.push(locale.say(
            "the critical rule {rule} is open",
            &[("rule", &rules.join(", "))],
        )),
        count => names.push(locale.say(
            "{count} critical rules are open",
            &[("count", &count.to_string())],
        )),
    }
    let open = dimensions
        .iter()
        .filter(|score| is_under(score, End::Low) && !is_under(score, End::High));
    for score in open {
        names.push(range(score, locale));
        rules.push(score.id.clone());
    }
    names.extend((!failed.is_empty()).then(|| {
        let count = failed.len().to_string();
        locale.say("{count} rules failed", &[("count", &count)])
    }));
    let reason = locale.say(
        "Incomplete: what is not known yet decides between “{worst}” and “{best}”: {list}.",
        &[
            ("worst", locale.word(worst.word())),
            ("best", locale.word(best.word())),
            ("list", &sentence(&names, locale)),
        ],
    );
    (reason, rules)
}

fn range(score: &DimensionScore, locale: &Locale) -> String {
    let (low, high) = (
        score.low.unwrap_or_default(),
        score.high.unwrap_or_default(),
    );
    let points = if low == high {
        low.to_string()
    } else {
        let ends = [low.to_string(), high.to_string()];
        let [low, high] = &ends;
        locale.say("{low} to {high}", &[("low", low), ("high", high)])
    };
    locale.say(
        "{dimension} is {level} ({points} of 100, the board asks for {threshold})",
        &[
            ("dimension", &score.title.to_lowercase()),
            ("level", &score.level_words_in(locale)),
            ("points", &points),
            ("threshold", &locale.number(score.threshold)),
        ],
    )
}

/// The rules whose improvement would change the verdict most: failing critical ones first, then by what they cost
/// in the dimensions that are under their threshold, then in the others.
fn would_help(findings: &[Finding], dimensions: &[DimensionScore]) -> Vec<String> {
    let mut open: Vec<(u8, f64, &Finding)> = findings
        .iter()
        .filter(|finding| {
            finding.counts() && finding.degree.low < 1.0 && finding.outcome != Outcome::Error
        })
        .map(|finding| {
            let score = dimensions
                .iter()
                .find(|score| score.id == finding.dimension);
            let under = score.is_some_and(|score| is_under(score, End::Low));
            let rank = if finding.fails_gate(End::Low) {
                0
            } else if under {
                1
            } else {
                2
            };
            (rank, finding.weight * (1.0 - finding.degree.low), finding)
        })
        .collect();
    open.sort_by(|a, b| {
        a.0.cmp(&b.0)
            .then(b.1.total_cmp(&a.1))
            .then(a.2.rule.cmp(&b.2.rule))
    });
    open.into_iter()
        .take(3)
        .map(|(_, _, finding)| finding.rule.clone())
        .collect()
}

fn sentence(parts: &[String], locale: &Locale) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => locale.say(
            "{list} and {last}",
            &[("list", &most.join(", ")), ("last", last)],
        ),
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        // An abbreviation or a name of its own keeps its capitals.
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}
