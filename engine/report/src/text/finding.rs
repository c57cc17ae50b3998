//! One finding on a terminal.

use super::{Page, in_words, plain, value_words};
use crate::Look;
use crate::problems::{excerpt, renderer};
use crate::questions::{between, more_exactly};
use crate::style::{Tone, clean, columns};
use crate::waivers;
use annotate_snippets::{AnnotationKind, Snippet};
use evenhand_core::finding::{Evidence, Finding, Outcome};
use evenhand_diagnostic::words::Words;

/// Lines of the file shown for a finding.
const SNIPPETS: usize = 3;

impl Page<'_> {
    /// Everything there is to say of one finding.
    pub(super) fn finding(&mut self, finding: &Finding) {
        let look = self.look();
        let (mark, tone) = match finding.outcome {
            _ if finding.waiver.is_some() => ("○", Tone::Faint),
            Outcome::Met => ("✓", Tone::Good),
            Outcome::Partly => ("◐", Tone::Fair),
            Outcome::Unmet => ("✗", Tone::Bad),
            Outcome::Unknown => ("?", Tone::Fair),
            Outcome::NotApplicable => ("–", Tone::Faint),
            Outcome::Error => ("!", Tone::Bad),
        };
        let words = self.outcome(finding);
        let words = waivers::outcome(finding, words, self.locale());
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
        if let Some(waiver) = &finding.waiver {
            let line = waivers::of_finding(waiver, self.locale());
            self.wrap(&line, "  ", "    ");
        }
        if let Some(plugin) = &finding.plugin {
            let whose = self
                .locale()
                .say("A rule of the plugin `{plugin}`", &[("plugin", plugin)]);
            self.wrap_faint(&whose, "  ", "  ");
        }
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

    /// What came out, in words.
    fn outcome(&self, finding: &Finding) -> String {
        match finding.outcome {
            Outcome::Partly => {
                let share = self
                    .locale()
                    .percent((finding.degree.low * 100.0 + 1e-9).floor());
                self.locale().say("partly ({share})", &[("share", &share)])
            }
            Outcome::NotApplicable => self.locale().word("does not apply").to_owned(),
            Outcome::Unknown => open_words(finding, self.locale()),
            other => self.locale().word(other.word()).to_owned(),
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
            let span = self.proposal.value_span(&evidence.path);
            span.map_or((1, 0), |span| (0, span.start))
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
        } else if let Some(cell) = self.proposal.cell(&evidence.path) {
            line.push_str(&format!("  ({cell})"));
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
            let named = evidence.inputs.iter().map(|input| {
                let cell = self.proposal.cell(&input.path);
                cell.map_or_else(|| input.path.dotted(), ToString::to_string)
            });
            named.collect()
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
        if source.has_cells() {
            return false;
        }
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

    /// What to answer so that the finding is settled, each with its path.
    pub(super) fn questions(&self, finding: &Finding) -> Vec<String> {
        const SHOWN: usize = 4;
        let mut questions: Vec<String> = finding
            .asked_for()
            .take(SHOWN)
            .map(|path| {
                let dotted = path.dotted();
                let question = self
                    .schema
                    .find(&dotted)
                    .map(|id| self.schema.field(id).question.clone());
                match question.filter(|question| !question.is_empty()) {
                    Some(question) => match self.schema.range_in(self.proposal.value(), path) {
                        Some(told) => {
                            let told = between(told, self.locale());
                            let question = more_exactly(&question, &told, self.locale());
                            format!("{question} ({dotted})")
                        }
                        None => format!("{question} ({dotted})"),
                    },
                    None => self
                        .locale()
                        .say("{path} is not known yet.", &[("path", &dotted)]),
                }
            })
            .collect();
        let count = finding.asked_for().count();
        if count > SHOWN {
            let more = (count - SHOWN).to_string();
            questions.push(self.locale().say("… and {more} more.", &[("more", &more)]));
        }
        questions
    }
}

fn open_words(finding: &Finding, locale: &dyn Words) -> String {
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
