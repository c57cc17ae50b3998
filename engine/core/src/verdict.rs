//! The verdict: a recommendation to people, with the reason a chair can read aloud.

use crate::finding::{End, Finding, Outcome};
use crate::score::DimensionScore;
use crate::words::Words;
use std::fmt;

/// So many rules are named whose improvement would change a verdict most.
pub const MOST: usize = 3;

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
    /// The rules whose improvement would change it most; at most [`MOST`].
    pub would_help: Vec<String>,
}

/// Decides, in the order stop, incomplete, revise, proceed; the reason is given in a language.
///
/// A plugin in `silent` gave no answer, so nothing can be called settled.
pub fn decide(
    findings: &[Finding],
    dimensions: &[DimensionScore],
    silent: &[&str],
    locale: &dyn Words,
) -> Verdict {
    let (word, reason, decided_by) = decided(findings, dimensions, silent, locale);
    Verdict {
        word,
        reason,
        decided_by,
        would_help: would_help(findings, dimensions),
    }
}

/// What counts where a proposal is judged as given and otherwise as well: the lower verdict, except that one which is not `stop`
/// as given is not settled enough to stop anybody who would go on.
pub(crate) fn lower(given: Word, others: impl Iterator<Item = Word>) -> Word {
    let worst = others.fold(given, Word::max);
    if worst > given && given <= Word::Revise {
        Word::Incomplete
    } else {
        worst
    }
}

/// The verdict on a proposal of which something is to be checked, by the scores that count; `codes` are what is open.
pub(crate) fn decide_unchecked(
    given: Verdict,
    (word, worst): (Word, Word),
    codes: &[String],
    locale: &dyn Words,
) -> Verdict {
    let parts = [
        ("verdict", begins(word, locale)),
        ("codes", codes.join(", ")),
        ("given", locale.word(given.word.word()).to_owned()),
        ("worst", locale.word(worst.word()).to_owned()),
    ];
    let parts = parts.each_ref().map(|(name, text)| (*name, text.as_str()));
    let said = if word == Word::Stop {
        "{verdict}: that is what comes out without the answers that are to be checked ({codes}); as given it is “{given}”."
    } else {
        "{verdict}: answers are to be checked first ({codes}). As given it is “{given}”, without what is in doubt “{worst}”."
    };
    Verdict {
        word,
        reason: locale.say(said, &parts),
        decided_by: codes.to_vec(),
        would_help: given.would_help,
    }
}

/// The verdict on several readings of one program, decided by what holds in all of them; `own` are theirs.
///
/// Where every reading stops, each by a rule of its own perhaps, so does the program. Where they come out differently,
/// nothing is settled.
pub(crate) fn decide_jointly(together: Verdict, own: &[Word], locale: &dyn Words) -> Verdict {
    let first = own.first().copied().unwrap_or(together.word);
    let alike = own.iter().all(|word| *word == first);
    let quoted = |word: Word| locale.word(word.word()).to_owned();
    if alike && first == Word::Stop && together.word != Word::Stop {
        let reason = locale.say(
            "{verdict}: that is what comes out under every reading.",
            &[("verdict", &begins(Word::Stop, locale))],
        );
        return Verdict {
            word: Word::Stop,
            reason,
            ..together
        };
    }
    if alike && first == together.word {
        return together;
    }
    let (worst, best) = own.iter().fold((first, first), |(worst, best), word| {
        (worst.max(*word), best.min(*word))
    });
    let reason = if alike {
        let args = [
            ("verdict", begins(Word::Incomplete, locale)),
            ("word", quoted(first)),
        ];
        let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
        locale.say(
            "{verdict}: every reading comes out as “{word}”, but not for the same reasons; in what they differ decides.",
            &args,
        )
    } else {
        let args = [
            ("verdict", begins(Word::Incomplete, locale)),
            ("worst", quoted(worst)),
            ("best", quoted(best)),
        ];
        let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
        locale.say(
            "{verdict}: the readings do not agree, and come out between “{worst}” and “{best}”.",
            &args,
        )
    };
    Verdict {
        word: Word::Incomplete,
        reason,
        ..together
    }
}

/// The word for a verdict as a sentence begins with it.
fn begins(word: Word, locale: &dyn Words) -> String {
    let word = locale.word(word.word());
    let mut characters = word.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// The word, the sentence, and the rules or dimensions that decided it.
fn decided(
    findings: &[Finding],
    dimensions: &[DimensionScore],
    silent: &[&str],
    locale: &dyn Words,
) -> (Word, String, Vec<String>) {
    let stopped: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.fails_gate(End::High))
        .collect();
    if !stopped.is_empty() {
        let rules = stopped.iter().map(|finding| finding.rule.clone()).collect();
        return (Word::Stop, stop_reason(&stopped, locale), rules);
    }
    let failed: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.is_failure())
        .collect();
    let ends = (
        at(End::Low, findings, dimensions),
        at(End::High, findings, dimensions),
    );
    if !failed.is_empty() || ends.0 != ends.1 {
        let (reason, rules) = incomplete_reason(&failed, ends, findings, dimensions, locale);
        return (Word::Incomplete, reason, rules);
    }
    if !silent.is_empty() {
        let plugins = silent.join(", ");
        let said = "{verdict}: a plugin gave no answer ({plugins}).";
        let reason = locale.say(
            said,
            &[
                ("verdict", &begins(Word::Incomplete, locale)),
                ("plugins", &plugins),
            ],
        );
        return (Word::Incomplete, reason, Vec::new());
    }
    if let Some((reason, ids)) = unjudged(dimensions, locale) {
        return (Word::Incomplete, reason, ids);
    }
    let aside = aside(dimensions, locale);
    let under: Vec<&DimensionScore> = dimensions
        .iter()
        .filter(|score| is_under(score, End::High))
        .collect();
    if under.is_empty() {
        let reason = locale.say(
            "{verdict}: no critical rule fails, and every dimension reaches the board's threshold{aside}.",
            &[("verdict", &begins(Word::Proceed, locale)), ("aside", &aside)],
        );
        return (Word::Proceed, reason, Vec::new());
    }
    let list: Vec<String> = under.iter().map(|score| range(score, locale)).collect();
    let list = sentence(&list, locale);
    let reason = locale.say(
        "{verdict}: {list}{aside}.",
        &[
            ("verdict", &begins(Word::Revise, locale)),
            ("list", &list),
            ("aside", &aside),
        ],
    );
    let ids = under.iter().map(|score| score.id.clone()).collect();
    (Word::Revise, reason, ids)
}

/// Why nothing can be said where too little was judged, and the dimensions that are to blame; nothing if enough was.
///
/// A dimension of which settings took rules away is no pass, unless the board says why it may go unjudged. Where no rule at
/// all has spoken, no reason helps. A dimension in which nothing is settled is no better than one of which nothing was asked, or
/// leaving an answer out would make more of it.
fn unjudged(dimensions: &[DimensionScore], locale: &dyn Words) -> Option<(String, Vec<String>)> {
    if dimensions.iter().all(DimensionScore::is_unsettled) {
        let reason = locale.say(
            "{verdict}: no rule was evaluated, so there is nothing to go by.",
            &[("verdict", &begins(Word::Incomplete, locale))],
        );
        let ids = dimensions.iter().map(|score| score.id.clone()).collect();
        return Some((reason, ids));
    }
    let open: Vec<&DimensionScore> = dimensions
        .iter()
        .filter(|score| score.is_unsettled() && score.withdrawn && score.not_judged.is_none())
        .collect();
    if open.is_empty() {
        return None;
    }
    let names: Vec<String> = open
        .iter()
        .map(|score| score.title.to_lowercase())
        .collect();
    let reason = locale.say(
        "{verdict}: rules were disabled or waived and nothing was judged of {list}; the profile gives no reason why it may go unjudged.",
        &[
            ("verdict", &begins(Word::Incomplete, locale)),
            ("list", &sentence(&names, locale)),
        ],
    );
    Some((reason, open.iter().map(|score| score.id.clone()).collect()))
}

/// What a sentence adds where a dimension was not judged, and need not be.
fn aside(dimensions: &[DimensionScore], locale: &dyn Words) -> String {
    let unjudged = dimensions.iter().filter(|score| score.low.is_none());
    unjudged
        .map(|score| {
            let dimension = score.title.to_lowercase();
            let said = match &score.not_judged {
                Some(_) => "; {dimension} is not judged, as the board decided",
                None => "; {dimension} is not judged, since none of its rules applies",
            };
            locale.say(said, &[("dimension", &dimension)])
        })
        .collect()
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

pub(crate) fn is_under(score: &DimensionScore, end: End) -> bool {
    score
        .points(end)
        .is_some_and(|points| f64::from(points) < score.threshold)
}

fn stop_reason(stopped: &[&Finding], locale: &dyn Words) -> String {
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
        "{verdict}: the critical rule “{title}” ({rule}) is not met{said}{more}.",
        &[
            ("verdict", &begins(Word::Stop, locale)),
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
    locale: &dyn Words,
) -> (String, Vec<String>) {
    if worst == best {
        let rules: Vec<String> = failed.iter().map(|finding| finding.rule.clone()).collect();
        let said = if rules.len() == 1 {
            "{verdict}: a rule could not be asked ({rules})."
        } else {
            "{verdict}: some rules could not be asked ({rules})."
        };
        let reason = locale.say(
            said,
            &[
                ("verdict", &begins(Word::Incomplete, locale)),
                ("rules", &rules.join(", ")),
            ],
        );
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
        "{verdict}: what is not known yet decides between “{worst}” and “{best}”: {list}.",
        &[
            ("verdict", &begins(Word::Incomplete, locale)),
            ("worst", locale.word(worst.word())),
            ("best", locale.word(best.word())),
            ("list", &sentence(&names, locale)),
        ],
    );
    (reason, rules)
}

fn range(score: &DimensionScore, locale: &dyn Words) -> String {
    if score.no_numbers {
        return locale.say(
            "{dimension} is {level}, and the board asks for more",
            &[
                ("dimension", &score.title.to_lowercase()),
                ("level", &score.level_words_in(locale)),
            ],
        );
    }
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

/// The rules whose improvement would change the verdict most, before anything is tried.
fn would_help(findings: &[Finding], dimensions: &[DimensionScore]) -> Vec<String> {
    let order = by_weight(findings, dimensions).into_iter();
    let rules = order.map(|(_, finding)| finding.rule.clone());
    rules.take(MOST).collect()
}

/// Why a finding stands where it does in the order of what would change a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// A critical rule fails.
    FailsGate,
    /// A critical rule is open.
    OpenGate,
    /// Its dimension is under the threshold, or may be.
    Under,
    /// The rest.
    Other,
}

/// The findings that cost points or fail a gate: failing critical ones first, then by what they cost in the dimensions that are
/// under their threshold, then in the others.
pub(crate) fn by_weight<'f>(
    findings: &'f [Finding],
    dimensions: &[DimensionScore],
) -> Vec<(Rank, &'f Finding)> {
    let mut open: Vec<(Rank, f64, &Finding)> = findings
        .iter()
        .filter(|finding| {
            // What stops a program decides whatever its weight.
            (finding.counts() || finding.fails_gate(End::Low))
                && finding.degree.low < 1.0
                && finding.outcome != Outcome::Error
        })
        .map(|finding| {
            let score = dimensions
                .iter()
                .find(|score| score.id == finding.dimension);
            let under = score.is_some_and(|score| is_under(score, End::Low));
            let rank = if finding.fails_gate(End::High) {
                Rank::FailsGate
            } else if finding.fails_gate(End::Low) {
                Rank::OpenGate
            } else if under {
                Rank::Under
            } else {
                Rank::Other
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
        .map(|(rank, _, finding)| (rank, finding))
        .collect()
}

fn sentence(parts: &[String], locale: &dyn Words) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => locale.say(
            "{list} and {last}",
            &[("list", &most.join(", ")), ("last", last)],
        ),
    }
}

pub(crate) fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        // An abbreviation or a name of its own keeps its capitals.
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
