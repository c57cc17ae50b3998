//! The scorecard on a terminal.

pub(crate) mod board;
mod checks;
mod finding;
mod robustness;
mod screen;

use super::style::{Tone, clean, columns, pad};
use super::{Look, levels, obligations};
use evenhand_analysis::plan::Step;
use evenhand_core::finding::{Finding, Outcome};
use evenhand_core::rule::Severity;
use evenhand_core::score::DimensionScore;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use evenhand_diagnostic::words::Words;
use evenhand_document::document::Document;
use evenhand_document::schema::Schema;
use serde_json::Value;

/// What to show besides what everybody sees.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextOptions<'a> {
    /// Every finding that is not met, with its evidence, sources and what helps; otherwise one screen.
    pub findings: bool,
    /// Every finding, also what is met and what does not apply.
    pub verbose: bool,
    /// The first steps of a plan, where they were looked for.
    pub steps: &'a [Step],
    /// How it looks.
    pub look: Look,
}

/// Characters of a title; more is no title.
const TITLE: usize = 200;

/// The columns of a bar.
const BAR: usize = 24;

/// Renders a scorecard; `proposal` gives the lines behind the findings, `schema` the questions still open.
pub fn render(
    card: &Scorecard,
    proposal: &Document,
    schema: &Schema,
    words: &dyn Words,
    options: TextOptions<'_>,
) -> String {
    let mut page = Page {
        card,
        proposal,
        schema,
        words,
        options,
        lines: Vec::new(),
    };
    if options.findings || options.verbose {
        page.everything();
    } else {
        page.screen();
    }
    let mut text = page.lines.join("\n");
    text.push('\n');
    text
}

struct Page<'a> {
    card: &'a Scorecard,
    proposal: &'a Document,
    schema: &'a Schema,
    words: &'a dyn Words,
    options: TextOptions<'a>,
    lines: Vec<String>,
}

impl<'a> Page<'a> {
    /// The scorecard with its findings, however long it gets.
    fn everything(&mut self) {
        self.header();
        self.checks(true);
        self.contested(true);
        self.dimensions();
        self.obligations();
        self.board();
        self.aged();
        self.would_help();
        self.findings();
        self.prompts();
        self.robustness();
        self.footer();
    }

    fn look(&self) -> Look {
        self.options.look
    }

    fn locale(&self) -> &'a dyn Words {
        self.words
    }

    fn push(&mut self, line: impl Into<String>) {
        let line: String = line.into();
        self.lines.push(line.trim_end().to_owned());
    }

    fn wrap(&mut self, text: &str, first: &str, rest: &str) {
        for line in self.look().wrap(text, first, rest) {
            self.push(line);
        }
    }

    fn wrap_faint(&mut self, text: &str, first: &str, rest: &str) {
        for line in self.look().wrap(text, first, rest) {
            let painted = self.look().paint(Tone::Faint, &line);
            self.push(painted);
        }
    }

    fn heading(&mut self, text: &str) {
        let text = self.locale().word(text);
        self.push("");
        let painted = self.look().paint(Tone::Strong, text);
        self.push(painted);
    }

    fn header(&mut self) {
        let proposal = &self.card.proposal;
        let shown = evenhand_diagnostic::text::shorten(&proposal.title, TITLE);
        let title = self.look().wrap(&shown, "", "");
        for line in title {
            let line = self.look().paint(Tone::Strong, &line);
            self.push(line);
        }
        let file = self.locale().say(
            "{file} · judged by {profile}",
            &[("file", &proposal.file), ("profile", &self.card.profile)],
        );
        self.wrap_faint(&file, "", "");
        self.push("");
        let word = self.card.verdict.word;
        let tone = match word {
            Word::Stop => Tone::Bad,
            Word::Revise | Word::Incomplete => Tone::Fair,
            Word::Proceed => Tone::Good,
        };
        let word = obligations::headline(word, &self.card.names, self.locale());
        let label = self.locale().say("Verdict: {word}", &[("word", &word)]);
        let label = self.look().paint(tone, &label);
        self.push(label);
        self.wrap(&self.card.verdict.reason.clone(), "", "");
        for score in &self.card.dimensions {
            if let Some(reason) = &score.not_judged {
                let line = self.locale().say(
                    "The board leaves {dimension} unjudged: {reason}",
                    &[
                        ("dimension", &score.title.to_lowercase()),
                        ("reason", reason),
                    ],
                );
                self.wrap(&line, "", "");
            }
        }
        self.overrides();
    }

    /// What follows from the verdict and the levels, as the board has laid down.
    fn obligations(&mut self) {
        let lines = obligations::lines(self.card, self.locale());
        if lines.is_empty() {
            return;
        }
        self.heading("What follows");
        for line in lines {
            self.wrap(&line, " · ", "   ");
        }
    }

    fn dimensions(&mut self) {
        self.push("");
        let scores = self.card.dimensions.iter();
        let levels = scores.map(|score| columns(&score.level_words_in(self.locale())));
        let column = levels.max().unwrap_or_default().clamp(14, 20);
        for score in &self.card.dimensions {
            let line = self.dimension(score, column);
            self.push(line);
        }
        let faint = self
            .locale()
            .word("Bars: █ certain, ▒ open until more is known, │ what the board asks for.");
        self.wrap_faint(faint, "", "");
        if let Some(line) = levels::scale(self.card, self.locale()) {
            self.wrap_faint(&line, "", "");
        }
    }

    /// The line of a dimension; its level takes so many columns.
    fn dimension(&self, score: &DimensionScore, column: usize) -> String {
        let look = self.look();
        let tone = match score.level_low {
            Some(level) if level.is_highest() => Tone::Good,
            Some(level) if !level.is_lowest() => Tone::Fair,
            _ => Tone::Bad,
        };
        let points = match score.shown() {
            Some((low, high)) if low == high => low.to_string(),
            Some((low, high)) => format!("{low}–{high}"),
            None => "–".to_owned(),
        };
        let known = if score.low.is_some() {
            let share = (score.completeness * 100.0 + 1e-9).floor();
            let share = self.locale().percent(share);
            self.locale().say("{share} known", &[("share", &share)])
        } else {
            String::new()
        };
        let picture = if score.no_numbers {
            " ".repeat(BAR)
        } else {
            bar(score)
        };
        format!(
            "{} {} {} {} {}",
            pad(&score.title, 15),
            look.paint(tone, &picture),
            look.paint(tone, &pad(&score.level_words_in(self.locale()), column)),
            pad(&points, 7),
            look.paint(Tone::Faint, &known),
        )
    }

    fn would_help(&mut self) {
        let card = self.card;
        let rules = &card.verdict.would_help;
        if rules.is_empty() || card.verdict.word == Word::Proceed {
            return;
        }
        self.heading("What would change it most");
        let mut said: Vec<String> = Vec::new();
        for rule in rules {
            let Some(finding) = card.findings.iter().find(|finding| finding.rule == *rule) else {
                continue;
            };
            let text = if finding.outcome == Outcome::Unknown {
                let questions = self.questions(finding).join(" ");
                self.locale()
                    .say("Find out: {questions}", &[("questions", &questions)])
            } else {
                finding.help.clone()
            };
            if said.contains(&text) {
                continue;
            }
            said.push(text.clone());
            self.wrap(
                &format!("{} ({rule})", plain(&text)),
                &format!(" {}. ", said.len()),
                "    ",
            );
        }
    }

    fn findings(&mut self) {
        let card = self.card;
        let verbose = self.options.verbose;
        let wanted = |finding: &&Finding| {
            finding.kind == "rule"
                && (verbose
                    || matches!(
                        finding.outcome,
                        Outcome::Partly | Outcome::Unmet | Outcome::Unknown | Outcome::Error
                    ))
        };
        let mut shown: Vec<(&str, &Finding)> = Vec::new();
        for severity in Severity::ALL {
            let mut group: Vec<&Finding> = card
                .findings
                .iter()
                .filter(wanted)
                .filter(|finding| finding.severity == severity)
                .collect();
            // Worst first; the order within equals is the pack's.
            group.sort_by(|a, b| {
                a.degree
                    .low
                    .total_cmp(&b.degree.low)
                    .then(a.degree.high.total_cmp(&b.degree.high))
            });
            shown.extend(group.into_iter().map(|finding| (severity.word(), finding)));
        }
        let parts: Vec<Vec<String>> = shown
            .iter()
            .map(|(_, finding)| {
                let mut part = Page {
                    lines: Vec::new(),
                    ..*self
                };
                part.finding(finding);
                part.lines
            })
            .collect();
        let mut before = "";
        for ((severity, _), part) in shown.into_iter().zip(parts) {
            if severity != before {
                let title = upper_first(self.locale().word(severity));
                self.heading(&title);
                before = severity;
            }
            self.lines.extend(part);
        }
    }

    fn prompts(&mut self) {
        let card = self.card;
        let prompts: Vec<&Finding> = card
            .findings
            .iter()
            .filter(|finding| finding.kind == "prompt" && finding.outcome != Outcome::NotApplicable)
            .collect();
        if prompts.is_empty() {
            return;
        }
        self.heading("To talk about (no points)");
        if self.options.verbose {
            for finding in prompts {
                self.wrap(
                    &format!("{} ({})", finding.title, finding.rule),
                    " · ",
                    "   ",
                );
            }
        } else {
            let count = prompts.len().to_string();
            let line = self.locale().say(
                "{count} questions for the board's discussion; --verbose shows them.",
                &[("count", &count)],
            );
            self.wrap_faint(&line, " ", " ");
        }
    }

    /// Plugins that failed.
    fn failures(&mut self) {
        for failure in &self.card.failures {
            self.push("");
            let failure = failure.to_string();
            let line = self.locale().say(
                "{failure}; what depends on it is not known.",
                &[("failure", &failure)],
            );
            self.wrap(&line, "! ", "  ");
        }
    }

    fn footer(&mut self) {
        let card = self.card;
        self.failures();
        if !card.disabled.is_empty() {
            self.heading("Turned off by the board");
            for rule in &card.disabled {
                self.wrap(&format!("{}: {}", rule.id, rule.reason), " · ", "   ");
            }
        }
        self.push("");
        let line = self.totals();
        self.wrap_faint(&line, "", "");
        let explain = self
            .locale()
            .word("evenhand explain RULE shows why a rule asks, how it judges, and its sources.");
        self.wrap_faint(explain, "", "");
    }

    /// How many rules came out how.
    fn totals(&self) -> String {
        let count = |outcome: Outcome| {
            let found = self.card.findings.iter();
            found
                .filter(|finding| {
                    finding.kind == "rule" && finding.outcome == outcome && finding.waiver.is_none()
                })
                .count()
                .to_string()
        };
        let failed = count(Outcome::Error);
        let failed = match failed.as_str() {
            "0" => String::new(),
            _ => self
                .locale()
                .say(", {failed} failed", &[("failed", &failed)]),
        };
        let waived = self.card.findings.iter();
        let waived = waived.filter(|finding| finding.waiver.is_some()).count();
        let waived = match waived {
            0 => String::new(),
            _ => self
                .locale()
                .say(", {waived} waived", &[("waived", &waived.to_string())]),
        };
        self.locale().say(
            "{met} met, {partly} partly, {unmet} unmet, {unknown} unknown, {others} do not apply{waived}{failed}. \
             This recommends; people decide.",
            &[
                ("met", &count(Outcome::Met)),
                ("partly", &count(Outcome::Partly)),
                ("unmet", &count(Outcome::Unmet)),
                ("unknown", &count(Outcome::Unknown)),
                ("others", &count(Outcome::NotApplicable)),
                ("waived", &waived),
                ("failed", &failed),
            ],
        )
    }
}

fn upper_first(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// Certain part, open part, rest, with the threshold's mark.
fn bar(score: &DimensionScore) -> String {
    let cell = |points: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "points lie in 0..=100"
        )]
        let cell = (points * 24.0 / 100.0).round() as usize;
        cell.min(BAR)
    };
    let low = cell(f64::from(score.low.unwrap_or_default()));
    let high = cell(f64::from(score.high.unwrap_or_default()));
    let mark = cell(score.threshold.clamp(0.0, 100.0)).min(BAR - 1);
    (0..BAR)
        .map(|at| match at {
            _ if at == mark => '│',
            _ if at < low => '█',
            _ if at < high => '▒',
            _ => '·',
        })
        .collect()
}

/// A value as a reader sees it.
pub(crate) fn value_words(value: &Value) -> String {
    evenhand_diagnostic::text::shorten(&clean(&in_words(value)), 120)
}

pub(crate) fn in_words(value: &Value) -> String {
    match value {
        Value::Number(number) => {
            evenhand_diagnostic::text::number(number.as_f64().unwrap_or_default())
        }
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            if let Some((from, to)) = evenhand_diagnostic::text::ends(value) {
                let number = evenhand_diagnostic::text::number;
                return format!("{}–{}", number(from), number(to));
            }
            let entries = map
                .iter()
                .map(|(key, value)| format!("{key}: {}", in_words(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Markdown without its marks.
pub(crate) fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for event in pulldown_cmark::Parser::new(markdown) {
        match event {
            pulldown_cmark::Event::Text(part) | pulldown_cmark::Event::Code(part) => {
                text.push_str(&part);
            }
            pulldown_cmark::Event::SoftBreak | pulldown_cmark::Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}
