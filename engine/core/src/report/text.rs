//! The scorecard on a terminal.

use super::Look;
use super::problems::{excerpt, renderer};
use super::style::{Tone, clean, columns, pad};
use crate::document::Document;
use crate::finding::{Evidence, Finding, Outcome};
use crate::locale::Locale;
use crate::rule::Severity;
use crate::schema::Schema;
use crate::score::{DimensionScore, Level};
use crate::scorecard::Scorecard;
use crate::side_by_side::side_by_side;
use crate::verdict::Word;
use annotate_snippets::{AnnotationKind, Snippet};
use serde_json::Value;

/// What to show besides what everybody sees.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextOptions {
    /// Also what is met and what does not apply.
    pub verbose: bool,
    /// How it looks.
    pub look: Look,
}

/// Lines of the file shown for a finding.
const SNIPPETS: usize = 3;
/// The columns of a bar.
const BAR: usize = 24;

/// Renders a scorecard; `proposal` gives the lines behind the findings, `schema` the questions still open.
pub fn render(
    card: &Scorecard,
    proposal: &Document,
    schema: &Schema,
    options: TextOptions,
) -> String {
    let mut page = Page {
        card,
        proposal,
        schema,
        options,
        lines: Vec::new(),
    };
    page.header();
    page.dimensions();
    page.would_help();
    page.findings();
    page.prompts();
    page.footer();
    let mut text = page.lines.join("\n");
    text.push('\n');
    text
}

struct Page<'a> {
    card: &'a Scorecard,
    proposal: &'a Document,
    schema: &'a Schema,
    options: TextOptions,
    lines: Vec<String>,
}

impl<'a> Page<'a> {
    fn look(&self) -> Look {
        self.options.look
    }

    fn locale(&self) -> &'a Locale {
        &self.card.locale
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
        let title = self.look().wrap(&proposal.title, "", "");
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
        let word = self.locale().word(word.word()).to_uppercase();
        let label = self.locale().say("Verdict: {word}", &[("word", &word)]);
        let label = self.look().paint(tone, &label);
        self.push(label);
        self.wrap(&self.card.verdict.reason.clone(), "", "");
    }

    fn dimensions(&mut self) {
        self.push("");
        for score in &self.card.dimensions {
            let line = self.dimension(score);
            self.push(line);
        }
        let faint = self
            .locale()
            .word("Bars: █ certain, ▒ open until more is known, │ what the board asks for.");
        self.wrap_faint(faint, "", "");
    }

    fn dimension(&self, score: &DimensionScore) -> String {
        let look = self.look();
        let tone = match score.level_low {
            Some(Level::Good) => Tone::Good,
            Some(Level::Mixed) => Tone::Fair,
            _ => Tone::Bad,
        };
        let points = match (score.low, score.high) {
            (Some(low), Some(high)) if low == high => low.to_string(),
            (Some(low), Some(high)) => format!("{low}–{high}"),
            _ => "–".to_owned(),
        };
        let known = if score.low.is_some() {
            let share = (score.completeness * 100.0 + 1e-9).floor();
            let share = self.locale().percent(share);
            self.locale().say("{share} known", &[("share", &share)])
        } else {
            String::new()
        };
        format!(
            "{} {} {} {} {}",
            pad(&score.title, 15),
            look.paint(tone, &bar(score)),
            look.paint(tone, &pad(&score.level_words_in(self.locale()), 14)),
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
        let parts = side_by_side(&shown, |(_, finding)| {
            let mut part = Page {
                lines: Vec::new(),
                ..*self
            };
            part.finding(finding);
            part.lines
        });
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

    fn finding(&mut self, finding: &Finding) {
        let look = self.look();
        let (mark, tone) = match finding.outcome {
            Outcome::Met => ("✓", Tone::Good),
            Outcome::Partly => ("◐", Tone::Fair),
            Outcome::Unmet => ("✗", Tone::Bad),
            Outcome::Unknown => ("?", Tone::Fair),
            Outcome::NotApplicable => ("–", Tone::Faint),
            Outcome::Error => ("!", Tone::Bad),
        };
        let words = match finding.outcome {
            Outcome::Partly => {
                let share = self
                    .locale()
                    .percent((finding.degree.low * 100.0 + 1e-9).floor());
                self.locale().say("partly ({share})", &[("share", &share)])
            }
            Outcome::NotApplicable => self.locale().word("does not apply").to_owned(),
            Outcome::Unknown => open_words(finding, self.locale()),
            other => self.locale().word(other.word()).to_owned(),
        };
        self.push("");
        let gap = self
            .look()
            .width
            .saturating_sub(columns(&finding.rule) + columns(&words) + 3)
            .max(1);
        self.push(format!(
            "{} {}{}{}",
            look.paint(tone, mark),
            look.paint(Tone::Strong, &finding.rule),
            " ".repeat(gap),
            look.paint(tone, &words)
        ));
        self.wrap(&finding.title, "  ", "  ");
        let message = finding.message.text();
        if finding.outcome == Outcome::Unknown {
            for question in self.questions(finding) {
                self.wrap(&question, "  ? ", "    ");
            }
            if !finding.message.template.starts_with("Not known yet") && !message.is_empty() {
                self.wrap(&message, "  → ", "    ");
            }
        } else if !message.is_empty() {
            self.wrap(&message, "  → ", "    ");
        }
        if let Some(error) = &finding.error {
            self.wrap(error, "  ! ", "    ");
        }
        self.evidence(finding);
        if !matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable) {
            if !finding.help.is_empty() {
                let helps = format!("  {} ", self.locale().word("Helps:"));
                self.wrap(&plain(&finding.help), &helps, "    ");
            }
            self.remedy(finding);
        }
        if !finding.sources.is_empty() {
            let keys: Vec<String> = finding.sources.iter().map(ToString::to_string).collect();
            let sources = format!("  {} ", self.locale().word("Sources:"));
            self.wrap_faint(&keys.join(", "), &sources, "    ");
        }
    }

    /// What to set, in full: what is cut off cannot be set.
    fn remedy(&mut self, finding: &Finding) {
        const SHOWN: usize = 4;
        for change in finding.remedy.iter().take(SHOWN) {
            let value = clean(&in_words(&change.value));
            let path = change.path.dotted();
            let line = self.locale().say(
                "set {path} to {value}",
                &[("path", &path), ("value", &value)],
            );
            self.wrap(&line, "    · ", "      ");
        }
        let more = finding.remedy.len().saturating_sub(SHOWN);
        if more > 0 {
            let more = self
                .locale()
                .say("… and {more} more", &[("more", &more.to_string())]);
            self.wrap(&more, "    ", "    ");
        }
    }

    /// The facts a finding rests on: with the lines of the file for what decided the verdict, else one line each.
    fn evidence(&mut self, finding: &Finding) {
        const SHOWN: usize = 6;
        if finding.outcome == Outcome::NotApplicable && !self.options.verbose {
            return;
        }
        let decided = self.card.verdict.decided_by.contains(&finding.rule);
        if decided && finding.outcome != Outcome::Unknown && self.snippet(finding) {
            return;
        }
        // The facts that decided, in the order of the file; computed ones after the given ones.
        let mut shown: Vec<&Evidence> = finding.evidence.iter().take(SHOWN).collect();
        shown.sort_by_key(|evidence| {
            self.proposal
                .place(&evidence.path)
                .map_or((1, 0, 0), |place| (0, place.line, place.column))
        });
        for evidence in shown {
            let line = self.evidence_line(evidence);
            self.wrap_faint(&line, "    ", "      ");
        }
        if finding.evidence.len() > SHOWN {
            let more = self.locale().say(
                "… and {more} more (--format json has all)",
                &[("more", &(finding.evidence.len() - SHOWN).to_string())],
            );
            self.wrap_faint(&more, "    ", "      ");
        }
    }

    fn evidence_line(&self, evidence: &Evidence) -> String {
        let mut line = format!(
            "{} = {}",
            evidence.path.dotted(),
            value_words(&evidence.value)
        );
        if let Some(quote) = &evidence.quote {
            line = format!("{}: “{}”", evidence.path.dotted(), clean(&quote.text));
        }
        if let Some(place) = self.proposal.place(&evidence.path) {
            let file = self.proposal.name().rsplit('/').next().unwrap_or_default();
            line.push_str(&format!("  ({file}:{}:{})", place.line, place.column));
        } else if !evidence.inputs.is_empty() {
            let inputs = self.input_words(evidence);
            let computed = self
                .locale()
                .say("(computed from {inputs})", &[("inputs", &inputs)]);
            line.push_str(&format!("  {computed}"));
        }
        if !evidence.attested_by.is_empty() {
            let names = evidence.attested_by.join(", ");
            line.push_str(
                &self
                    .locale()
                    .say(", attested by {names}", &[("names", &names)]),
            );
        }
        line
    }

    /// The facts behind a derived one: by their lines in the file, or by their paths.
    fn input_words(&self, evidence: &Evidence) -> String {
        const SHOWN: usize = 6;
        let mut lines: Vec<usize> = evidence
            .inputs
            .iter()
            .filter_map(|input| Some(self.proposal.place(&input.path)?.line))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let names: Vec<String> = if lines.is_empty() {
            evidence
                .inputs
                .iter()
                .map(|input| input.path.dotted())
                .collect()
        } else {
            lines.iter().map(ToString::to_string).collect()
        };
        let what = match (lines.len(), names.len()) {
            (0, _) => "{list}",
            (1, 1) => "line {list}",
            _ => "lines {list}",
        };
        let more = if names.len() > SHOWN { ", …" } else { "" };
        let list = names
            .iter()
            .take(SHOWN)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        self.locale()
            .say(what, &[("list", &format!("{list}{more}"))])
    }

    /// The lines of the file with the values underlined; whether there were any.
    fn snippet(&mut self, finding: &Finding) -> bool {
        let source = self.proposal.source();
        let mut spans: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        let given = finding
            .evidence
            .iter()
            .flat_map(|evidence| std::iter::once(evidence).chain(&evidence.inputs));
        for evidence in given {
            if let Some(span) = self.proposal.value_span(&evidence.path)
                && !spans.iter().any(|(known, _)| *known == span)
            {
                spans.push((span, evidence.path.dotted()));
            }
        }
        if spans.is_empty() {
            return false;
        }
        let left_out = spans.len().saturating_sub(SNIPPETS);
        spans.truncate(SNIPPETS);
        spans.sort_by_key(|(span, _)| span.start);
        for (index, (span, path)) in spans.into_iter().enumerate() {
            let Some((line, text, within)) = excerpt(source, span) else {
                continue;
            };
            let annotation = AnnotationKind::Primary.span(within).label(path);
            let mut snippet = Snippet::source(text)
                .line_start(line)
                .annotation(annotation);
            if index == 0 {
                snippet = snippet.path(source.name().to_owned());
            }
            let look = Look {
                width: self.look().width.saturating_sub(2),
                ..self.look()
            };
            let group = annotate_snippets::Group::with_level(annotate_snippets::Level::NOTE)
                .element(snippet);
            let rendered = renderer(look).render(&[group]);
            for line in rendered.lines() {
                self.push(format!("  {line}"));
            }
        }
        if left_out > 0 {
            let more = left_out.to_string();
            let more = self.locale().say("… and {more} more", &[("more", &more)]);
            self.wrap_faint(&more, "    ", "    ");
        }
        true
    }

    fn questions(&self, finding: &Finding) -> Vec<String> {
        const SHOWN: usize = 4;
        let mut questions: Vec<String> = finding
            .missing
            .iter()
            .take(SHOWN)
            .map(|path| {
                let dotted = path.dotted();
                let question = self
                    .schema
                    .find(&dotted)
                    .map(|id| self.schema.field(id).question.clone());
                match question.filter(|question| !question.is_empty()) {
                    Some(question) => format!("{question} ({dotted})"),
                    None => self
                        .locale()
                        .say("{path} is not known yet.", &[("path", &dotted)]),
                }
            })
            .collect();
        if finding.missing.len() > SHOWN {
            let more = (finding.missing.len() - SHOWN).to_string();
            questions.push(self.locale().say("… and {more} more.", &[("more", &more)]));
        }
        questions
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

    fn footer(&mut self) {
        let card = self.card;
        for failure in &card.failures {
            self.push("");
            let failure = failure.to_string();
            let line = self.locale().say(
                "{failure}; what depends on it is not known.",
                &[("failure", &failure)],
            );
            self.wrap(&line, "! ", "  ");
        }
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
                .filter(|finding| finding.kind == "rule" && finding.outcome == outcome)
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
        self.locale().say(
            "{met} met, {partly} partly, {unmet} unmet, {unknown} unknown, {others} do not apply{failed}. \
             This recommends; people decide.",
            &[
                ("met", &count(Outcome::Met)),
                ("partly", &count(Outcome::Partly)),
                ("unmet", &count(Outcome::Unmet)),
                ("unknown", &count(Outcome::Unknown)),
                ("others", &count(Outcome::NotApplicable)),
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

fn open_words(finding: &Finding, locale: &Locale) -> String {
    let degree = finding.degree;
    if degree.low <= 0.0 && degree.high >= 1.0 {
        locale.word("unknown").to_owned()
    } else {
        let low = (degree.low * 100.0 + 1e-9).floor();
        let high = (degree.high * 100.0 + 1e-9).floor();
        let share = format!("{low}–{}", locale.percent(high));
        locale.say("unknown ({share})", &[("share", &share)])
    }
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
    crate::text::shorten(&clean(&in_words(value)), 120)
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Number(number) => crate::text::number(number.as_f64().unwrap_or_default()),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
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
