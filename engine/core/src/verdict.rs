//! The verdict: a recommendation to people, with the reason a chair can read aloud.

use crate::finding::{End, Finding, Outcome};
use crate::score::DimensionScore;
use crate::words::Words;
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
/// all has spoken, no reason helps.
fn unjudged(dimensions: &[DimensionScore], locale: &dyn Words) -> Option<(String, Vec<String>)> {
    if dimensions.iter().all(|score| score.low.is_none()) {
        let reason = locale.say(
            "{verdict}: no rule was evaluated, so there is nothing to go by.",
            &[("verdict", &begins(Word::Incomplete, locale))],
        );
        let ids = dimensions.iter().map(|score| score.id.clone()).collect();
        return Some((reason, ids));
    }
    let open: Vec<&DimensionScore> = dimensions
        .iter()
        .filter(|score| score.low.is_none() && score.withdrawn && score.not_judged.is_none())
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

fn is_under(score: &DimensionScore, end: End) -> bool {
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

/// The rules whose improvement would change the verdict most: failing critical ones first, then by what they cost
/// in the dimensions that are under their threshold, then in the others.
fn would_help(findings: &[Finding], dimensions: &[DimensionScore]) -> Vec<String> {
    let mut open: Vec<(u8, f64, &Finding)> = findings
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
                0
            } else if finding.fails_gate(End::Low) {
                1
            } else if under {
                2
            } else {
                3
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
mod tests {
    use super::*;
    use crate::finding::Degree;
    use crate::finding::tests::sample;
    use crate::pack::Dimension;
    use crate::rule::Severity;
    use crate::score;
    use crate::settings::Settings;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn verdict(findings: &[Finding]) -> Verdict {
        verdict_without(findings, &[])
    }

    fn verdict_without(findings: &[Finding], silent: &[&str]) -> Verdict {
        let dimensions = [Dimension {
            id: "ethics".to_owned(),
            title: "Ethics".to_owned(),
            weight: 1.0,
            about: String::new(),
        }];
        let scores = score::dimensions(
            findings,
            &dimensions,
            &Settings::default(),
            &BTreeSet::new(),
        );
        decide(findings, &scores, silent, &crate::words::English)
    }

    fn major(rule: &str, low: f64, high: f64) -> Finding {
        sample(rule, Degree { low, high })
    }

    fn critical(rule: &str, low: f64, high: f64) -> Finding {
        let mut finding = major(rule, low, high);
        finding.severity = Severity::Critical;
        finding.weight = 4.0;
        finding
    }

    #[track_caller]
    fn check(findings: &[Finding], word: Word, decided_by: &[&str]) {
        let verdict = verdict(findings);
        assert_eq!(verdict.word, word, "{}", verdict.reason);
        assert_eq!(verdict.decided_by, decided_by, "{}", verdict.reason);
        // A sentence to be read aloud, which names what decided.
        assert!(verdict.reason.ends_with('.'), "{}", verdict.reason);
        let beginning = verdict.reason.to_lowercase();
        assert!(beginning.starts_with(word.word()), "{}", verdict.reason);
    }

    #[test]
    fn a_plugin_without_an_answer_settles_nothing_but_a_stop() {
        let good = [major("ethics/good", 1.0, 1.0)];
        assert_eq!(verdict(&good).word, Word::Proceed);
        let open = verdict_without(&good, &["air-quality"]);
        assert_eq!(open.word, Word::Incomplete);
        assert_eq!(
            open.reason,
            "Incomplete: a plugin gave no answer (air-quality)."
        );
        let bad = [critical("ethics/bad", 0.1, 0.1)];
        assert_eq!(verdict_without(&bad, &["air-quality"]).word, Word::Stop);
    }

    #[test]
    fn stop_comes_before_everything() {
        let mut failed = major("ethics/failed", 0.0, 1.0);
        failed.outcome = Outcome::Error;
        let bad = || critical("ethics/bad", 0.1, 0.1);
        check(&[bad()], Word::Stop, &["ethics/bad"]);
        check(
            &[bad(), failed, major("ethics/open", 0.0, 1.0)],
            Word::Stop,
            &["ethics/bad"],
        );
        check(
            &[bad(), critical("ethics/worse", 0.0, 0.0)],
            Word::Stop,
            &["ethics/bad", "ethics/worse"],
        );
    }

    #[test]
    fn incomplete_where_the_ends_differ_or_a_rule_failed() {
        check(
            &[critical("ethics/open", 0.0, 1.0)],
            Word::Incomplete,
            &["ethics/open", "ethics"],
        );
        check(
            &[major("ethics/a", 0.4, 0.5)],
            Word::Incomplete,
            &["ethics"],
        );
        let mut failed = major("ethics/failed", 0.0, 1.0);
        failed.outcome = Outcome::Error;
        // Even where everything else is so good that it makes no difference.
        let mut findings: Vec<Finding> = (0..9).map(|_| major("ethics/a", 1.0, 1.0)).collect();
        findings.push(failed);
        check(&findings, Word::Incomplete, &["ethics/failed"]);
    }

    #[test]
    fn what_is_open_and_decides_nothing_does_not_hold_up() {
        check(
            &[major("ethics/a", 1.0, 1.0), major("ethics/open", 0.0, 1.0)],
            Word::Proceed,
            &[],
        );
        check(
            &[major("ethics/a", 0.0, 0.0), major("ethics/open", 0.0, 0.5)],
            Word::Revise,
            &["ethics"],
        );
    }

    #[test]
    fn readings_that_differ_settle_nothing_and_readings_that_stop_do() {
        use Word::{Incomplete, Proceed, Revise, Stop};
        let joint = |together: Word, own: &[Word]| {
            let together = Verdict {
                word: together,
                reason: String::new(),
                decided_by: Vec::new(),
                would_help: Vec::new(),
            };
            decide_jointly(together, own, &crate::words::English)
        };
        for (together, own, word) in [
            (Proceed, &[Proceed, Proceed][..], Proceed),
            (Incomplete, &[Stop, Stop], Stop),
            (Incomplete, &[Revise, Proceed], Incomplete),
            (Incomplete, &[Revise, Revise], Incomplete),
            // One reading is open for another reason, such as an answer to be checked.
            (Proceed, &[Proceed, Incomplete], Incomplete),
            (Incomplete, &[Incomplete, Incomplete], Incomplete),
            (Revise, &[Incomplete, Incomplete], Incomplete),
            (Stop, &[Stop], Stop),
        ] {
            assert_eq!(joint(together, own).word, word, "{together} {own:?}");
        }
        let said = joint(Incomplete, &[Revise, Stop, Proceed]).reason;
        assert!(said.ends_with("between “stop” and “proceed”."), "{said}");
    }

    #[test]
    fn a_prompt_never_changes_a_verdict() {
        let mut prompt = critical("ethics/prompt", 0.0, 1.0);
        prompt.kind = "prompt";
        check(&[major("ethics/a", 1.0, 1.0), prompt], Word::Proceed, &[]);
    }

    #[test]
    fn nothing_evaluated_is_no_pass() {
        check(&[], Word::Incomplete, &["ethics"]);
        let mut absent = major("ethics/a", 0.0, 1.0);
        absent.outcome = Outcome::NotApplicable;
        check(&[absent.clone()], Word::Incomplete, &["ethics"]);
        let mut prompt = critical("ethics/prompt", 0.0, 1.0);
        prompt.kind = "prompt";
        check(&[absent, prompt], Word::Incomplete, &["ethics"]);
    }

    /// A judged dimension beside one, climate, of which no rule was evaluated.
    fn beside(withdrawn: bool, not_judged: Option<&str>, degree: f64) -> Verdict {
        let dimensions = ["ethics", "climate"].map(|id| Dimension {
            id: id.to_owned(),
            title: id.to_uppercase(),
            weight: 1.0,
            about: String::new(),
        });
        let withdrawn = withdrawn
            .then(|| "climate".to_owned())
            .into_iter()
            .collect();
        let reason = not_judged.map(|reason| ("climate".to_owned(), reason.to_owned()));
        let settings = Settings {
            not_judged: reason.into_iter().collect(),
            ..Settings::default()
        };
        let findings = [major("ethics/a", degree, degree)];
        let scores = score::dimensions(&findings, &dimensions, &settings, &withdrawn);
        decide(&findings, &scores, &[], &crate::words::English)
    }

    #[test]
    fn a_dimension_that_was_disabled_holds_up_unless_the_board_says_why() {
        let open = beside(true, None, 1.0);
        assert_eq!(open.word, Word::Incomplete);
        assert_eq!(open.decided_by, ["climate"]);
        assert!(
            open.reason.contains("nothing was judged of climate"),
            "{}",
            open.reason
        );
        // At best incomplete: a revision stays open as well.
        assert_eq!(beside(true, None, 0.0).word, Word::Incomplete);
        for (verdict, said) in [
            (
                beside(true, Some("levy"), 1.0),
                "climate is not judged, as the board decided.",
            ),
            (
                beside(false, None, 1.0),
                "climate is not judged, since none of its rules applies.",
            ),
        ] {
            assert_eq!(verdict.word, Word::Proceed, "{}", verdict.reason);
            assert!(verdict.reason.ends_with(said), "{}", verdict.reason);
        }
        assert_eq!(beside(false, None, 0.0).word, Word::Revise);
    }

    #[test]
    fn what_would_help_most_comes_first_and_is_three_at_most() {
        let helps = verdict(&[
            major("ethics/d", 0.9, 0.9),
            major("ethics/c", 0.5, 0.5),
            major("ethics/b", 0.5, 0.5),
            critical("ethics/z", 0.2, 0.2),
            major("ethics/met", 1.0, 1.0),
        ])
        .would_help;
        assert_eq!(helps, ["ethics/z", "ethics/b", "ethics/c"]);
    }

    #[test]
    fn the_rule_that_stops_is_never_left_out_of_what_would_help() {
        // Beside critical rules that are merely open, and without any weight.
        let mut stops = critical("ethics/z-stops", 0.1, 0.1);
        stops.weight = 0.0;
        let open = ["ethics/a", "ethics/b", "ethics/c"].map(|rule| critical(rule, 0.0, 1.0));
        let helps = verdict(&[&open[..], &[stops]].concat()).would_help;
        assert_eq!(helps, ["ethics/z-stops", "ethics/a", "ethics/b"]);
    }

    proptest! {
        /// To know less of one rule makes the verdict no better.
        #[test]
        fn silence_never_helps(
            degrees in proptest::collection::vec((0.0..=1.0_f64, any::<bool>()), 1..8),
            which in 0..8_usize,
        ) {
            let findings: Vec<Finding> = degrees
                .iter()
                .map(|(degree, grave)| {
                    let make = if *grave { critical } else { major };
                    make("ethics/x", *degree, *degree)
                })
                .collect();
            let mut silent = findings.clone();
            let which = which % silent.len();
            silent[which].degree = Degree::OPEN;
            silent[which].outcome = Outcome::Unknown;
            let (before, after) = (verdict(&findings).word, verdict(&silent).word);
            let no_better = match before {
                Word::Stop => matches!(after, Word::Stop | Word::Incomplete),
                Word::Revise => after != Word::Proceed,
                Word::Incomplete => false,
                Word::Proceed => true,
            };
            prop_assert!(no_better, "from {} to {}", before, after);
        }
    }
}
