//! The scorecard on one screen: the verdict, a line a dimension, what decides, the first steps, the next questions.
//!
//! Verdict, overrides, what the board changed and what failed are never cut. What is left of the screen is shared out
//! among the rest, one entry of each section after the other.

use super::{Page, plain};
use crate::differences::moved_ranges;
use crate::lines::typed;
use crate::plan;
use crate::questions::shortened;
use evenhand_analysis::plan::{Step, StepKind};
use evenhand_analysis::question::{Question, questions};
use evenhand_analysis::safeguard;
use evenhand_core::finding::{End, Evidence, Finding, Outcome};
use evenhand_core::score::DimensionScore;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;

/// Lines of a screen in English, and in languages that need more room for the same.
const LINES: (usize, usize) = (60, 75);

/// Lines left to what may be cut, however much stands above it.
const LEAST: usize = 14;

/// Steps and other changes that are shown.
const STEPS: usize = 3;

/// Changes of a step that are shown, and lines of each.
const CHANGES: usize = 2;

/// Lines of one entry; a text nobody expected must not push out all others.
const ENTRY: usize = 5;

/// Points of a range about which little is known.
const WIDE: u8 = 60;

/// A section of which entries may be left out.
struct Part {
    heading: &'static str,
    /// The entries, the one that matters most first; each is some lines.
    entries: Vec<Vec<String>>,
    /// At most so many.
    most: usize,
}

impl Part {
    /// Lines it takes with so many entries.
    fn height(&self, shown: usize) -> usize {
        let lines: usize = self.entries.iter().take(shown).map(Vec::len).sum();
        let rest = usize::from(shown < self.entries.len());
        if shown == 0 { 0 } else { 2 + lines + rest }
    }
}

impl Page<'_> {
    /// Everything on one screen.
    pub(super) fn screen(&mut self) {
        self.header();
        self.checks(false);
        self.contested(false);
        self.dimensions();
        self.narrowing();
        self.obligations();
        self.board();
        self.aged();
        self.failed();
        let tail = self.aside(Self::tail);
        let (english, other) = LINES;
        let lines = if self.locale().tag() == "en" {
            english
        } else {
            other
        };
        let room = lines.saturating_sub(self.lines.len() + tail.len());
        let parts = [
            self.deciding(),
            self.planning(),
            self.helping(),
            self.asking(),
        ];
        self.allot(&parts, room.max(LEAST));
        self.lines.extend(tail);
    }

    /// Which answer narrows a range most, for each dimension of which little is known.
    fn narrowing(&mut self) {
        let open = questions(self.card, self.proposal.value(), self.schema);
        let scores = self.card.dimensions.iter();
        let wide = scores.filter(|score| {
            let ends = score.low.zip(score.high);
            !score.no_numbers && ends.is_some_and(|(low, high)| high - low >= WIDE)
        });
        let each = wide.filter_map(|score| {
            let mut best: Option<&Question> = None;
            for question in &open {
                let points = |one: &Question| one.points_in(&score.id);
                if points(question) > best.map_or(0.0, points) {
                    best = Some(question);
                }
            }
            let id = &best?.id;
            let field = self.schema.find(id).map(|field| self.schema.field(field));
            let title = field.map(|field| field.title.as_str());
            let answer = match title.filter(|title| !title.is_empty()) {
                Some(title) => format!("{title} ({id})"),
                None => id.clone(),
            };
            let parts = [("dimension", score.title.as_str()), ("answer", &answer)];
            Some(self.locale().say("{dimension}: {answer}", &parts))
        });
        let each: Vec<String> = each.collect();
        if each.is_empty() {
            return;
        }
        let list = each.join("; ");
        let line = self.locale().say(
            "Answers that narrow a range most. {list}.",
            &[("list", &list)],
        );
        // No line of it begins with the name of a dimension, as those of the bars do.
        self.wrap_faint(&line, "", "  ");
    }

    /// The lines that something writes, apart from those that are there.
    fn aside(&self, write: impl FnOnce(&mut Self)) -> Vec<String> {
        let mut page = Page {
            lines: Vec::new(),
            ..*self
        };
        write(&mut page);
        page.lines
    }

    /// The lines of one entry, which is never longer than it may be.
    fn entry(&self, write: impl FnOnce(&mut Self)) -> Vec<String> {
        let mut lines = self.aside(write);
        if lines.len() > ENTRY {
            lines.truncate(ENTRY - 1);
            lines.push("    …".to_owned());
        }
        lines
    }

    /// Shows as many entries of each part as there is room for, in turns.
    fn allot(&mut self, parts: &[Part], room: usize) {
        let mut shown = vec![0; parts.len()];
        loop {
            let before = shown.clone();
            for (index, part) in parts.iter().enumerate() {
                let height = |shown: &[usize]| -> usize {
                    let each = parts.iter().zip(shown);
                    each.map(|(part, shown)| part.height(*shown)).sum()
                };
                let mut more = shown.clone();
                if let Some(count) = more.get_mut(index)
                    && *count < part.most.min(part.entries.len())
                {
                    *count += 1;
                    if height(&more) <= room {
                        shown = more;
                    }
                }
            }
            if shown == before {
                break;
            }
        }
        for (part, shown) in parts.iter().zip(shown) {
            self.part(part, shown);
        }
    }

    fn part(&mut self, part: &Part, shown: usize) {
        if shown == 0 {
            return;
        }
        self.heading(part.heading);
        let entries = part.entries.iter().take(shown);
        self.lines.extend(entries.flatten().cloned());
        let more = part.entries.len() - shown;
        if more > 0 {
            let more = more.to_string();
            let line = self.locale().say("… and {more} more", &[("more", &more)]);
            self.wrap_faint(&line, "   ", "   ");
        }
    }

    /// What could not be asked: plugins and rules that failed.
    fn failed(&mut self) {
        let card = self.card;
        self.failures();
        let errors = card.findings.iter();
        let errors = errors.filter(|finding| finding.outcome == Outcome::Error);
        let said = |finding: &'_ Finding| finding.error.clone().unwrap_or_default();
        for (error, rules) in together(errors.map(|one| (said(one), one.rule.clone()))) {
            self.wrap(&format!("{}: {error}", rules.join(", ")), "! ", "  ");
        }
    }

    /// The rules that decide the verdict; where nothing stands against the program, those that cost it most.
    fn deciding(&self) -> Part {
        let card = self.card;
        let heading = match card.verdict.word {
            Word::Proceed => "Where most points are missing",
            _ => "What decides",
        };
        let entries = match card.verdict.word {
            Word::Stop | Word::Incomplete => self.gates(),
            Word::Revise | Word::Proceed => self.costs(),
        };
        Part {
            heading,
            entries,
            most: 5,
        }
    }

    /// The critical rules that stop the program, or that may.
    fn gates(&self) -> Vec<Vec<String>> {
        let stop = self.card.verdict.word == Word::Stop;
        let end = if stop { End::High } else { End::Low };
        let found = self.card.findings.iter();
        found
            .filter(|finding| finding.fails_gate(end) && finding.outcome != Outcome::Error)
            .map(|finding| self.entry(|page| page.deciding_rule(finding, None)))
            .collect()
    }

    /// The rules that cost most points, in the dimensions that are under their threshold where there are such.
    fn costs(&self) -> Vec<Vec<String>> {
        let card = self.card;
        let is_under = |score: &DimensionScore| {
            let high = score.points(End::High);
            high.is_some_and(|points| f64::from(points) < score.threshold)
        };
        let under = |id: &str| {
            card.dimensions
                .iter()
                .any(|one| one.id == id && is_under(one))
        };
        let any = card.dimensions.iter().any(is_under);
        let mut found: Vec<(f64, &Finding)> = card
            .findings
            .iter()
            .filter(|finding| finding.counts() && (!any || under(&finding.dimension)))
            .map(|finding| (cost(card, finding), finding))
            .filter(|(points, _)| *points >= 0.5)
            .collect();
        found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let entries = found.into_iter();
        entries
            .map(|(points, finding)| self.entry(|page| page.deciding_rule(finding, Some(points))))
            .collect()
    }

    fn deciding_rule(&mut self, finding: &Finding, points: Option<f64>) {
        let mut scores = self.card.dimensions.iter();
        let hidden = scores.any(|score| score.id == finding.dimension && score.no_numbers);
        let points = points.filter(|_| !hidden);
        let mut line = format!("{} ({})", finding.title, finding.rule);
        if let Some(points) = points {
            let count = self.locale().number(points.round());
            let costs = self
                .locale()
                .say("About {count} points.", &[("count", &count)]);
            line.push_str(&format!(". {costs}"));
        }
        let mark = if finding.outcome == Outcome::Unknown {
            " ? "
        } else if finding.outcome == Outcome::Partly {
            " ◐ "
        } else {
            " ✗ "
        };
        self.wrap(&line, mark, "   ");
        let message = finding.message.text();
        if finding.outcome == Outcome::Unknown || message.is_empty() {
            return;
        }
        let message = match self.place(finding) {
            Some(place) => format!("{message} ({place})"),
            None => message,
        };
        self.wrap_faint(&message, "   → ", "     ");
    }

    /// The line of the file to look at: that of a fact which helps if it is changed, or of the last that was read.
    fn place(&self, finding: &Finding) -> Option<String> {
        let file = self.proposal.name().rsplit('/').next().unwrap_or_default();
        let line = |evidence: &Evidence| {
            let place = self.proposal.place(&evidence.path);
            let cell = || self.proposal.cell(&evidence.path).map(ToString::to_string);
            place
                .map(|place| format!("{file}:{}", place.line))
                .or_else(cell)
        };
        let helps = |evidence: &&Evidence| {
            let mut remedies = finding.remedy.iter();
            remedies.any(|change| change.path == evidence.path)
        };
        let evidence = finding.evidence.iter();
        let found = evidence.clone().filter(helps).find_map(line);
        found.or_else(|| evidence.rev().find_map(line))
    }

    /// Where a plan would begin, each step with what it moves.
    fn planning(&self) -> Part {
        let steps = (1..).zip(self.options.steps);
        let entries = steps.map(|(number, step)| self.aside(|page| page.step(number, step)));
        Part {
            heading: "The plan's first steps",
            entries: entries.collect(),
            most: STEPS,
        }
    }

    /// A step: the first of what it changes, and what it moves.
    fn step(&mut self, number: usize, step: &Step) {
        let mut said = plan::said(step, self.schema, self.locale());
        if matches!(step.kind, StepKind::Check { .. }) {
            // What settles it stands with the answers that are to be checked.
            said.truncate(1);
        }
        for (index, line) in said.iter().take(CHANGES).enumerate() {
            let first = match index {
                0 => format!(" {number}. "),
                _ => "    ".to_owned(),
            };
            let mut lines = self.aside(|page| page.wrap(line, &first, "    "));
            if lines.len() > CHANGES {
                lines.truncate(CHANGES - 1);
                lines.push("    …".to_owned());
            }
            self.lines.extend(lines);
        }
        let more = said.len().saturating_sub(CHANGES);
        if more > 0 {
            let more = more.to_string();
            let line = self.locale().say("… and {more} more", &[("more", &more)]);
            self.wrap_faint(&line, "    ", "    ");
        }
        let moved = moved_ranges(&step.before, &step.after, self.locale());
        let moved = moved.iter().map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.join(" ")
        });
        let moved: Vec<String> = moved.collect();
        self.wrap_faint(&moved.join("; "), "   → ", "     ");
    }

    /// What would change the verdict most, of what is known and is no step.
    fn helping(&self) -> Part {
        let card = self.card;
        let steps = self.options.steps;
        let is_step = |rule: &&String| steps.iter().any(|step| step.rules.contains(rule));
        let known = |rule: &String| {
            let mut findings = card.findings.iter();
            findings.find(|finding| finding.rule == *rule && finding.outcome != Outcome::Unknown)
        };
        let wanted = card.verdict.word != Word::Proceed;
        let rules = card.verdict.would_help.iter().filter(|_| wanted);
        let rules = rules.filter(|rule| !is_step(rule));
        let entries = rules.filter_map(known).map(|finding| {
            let text = format!("{} ({})", plain(&finding.help), finding.rule);
            self.entry(|page| page.wrap(&text, " · ", "   "))
        });
        Part {
            heading: "What would change it most",
            entries: entries.collect(),
            most: STEPS.saturating_sub(steps.len()),
        }
    }

    /// The questions whose answers narrow the verdict and the ranges most.
    fn asking(&self) -> Part {
        let open = questions(self.card, self.proposal.value(), self.schema);
        let entries = open
            .iter()
            .enumerate()
            .map(|(index, question)| self.entry(|page| page.question_line(index + 1, question)));
        Part {
            heading: "The next questions",
            entries: entries.collect(),
            most: 5,
        }
    }

    fn question_line(&mut self, number: usize, question: &Question) {
        let words = self.locale();
        let line = format!(
            "{} ({})",
            crate::questions::asked(question, self.locale()),
            question.id
        );
        self.wrap(&line, &format!(" {number}. "), "    ");
        if question.about.is_empty() {
            return;
        }
        let names = shortened(&question.about, words);
        let line = if question.alike && question.about.len() > 1 {
            words.say("For {names}: usually one answer.", &[("names", &names)])
        } else {
            words.say("For {names}.", &[("names", &names)])
        };
        self.wrap_faint(&line, "    ", "    ");
    }

    /// What was left out by the board, what it comes to, and how to go on.
    fn tail(&mut self) {
        self.left_out();
        self.push("");
        let line = self.totals();
        self.wrap_faint(&line, "", "");
        let promises = safeguard::promises(self.schema, self.proposal.value());
        if !promises.is_empty() {
            let count = promises.len().to_string();
            let line = self.locale().say(
                "Answers that are promises: {count}; evenhand what-if --without-safeguards shows the program without them.",
                &[("count", &count)],
            );
            self.wrap_faint(&line, "", "");
        }
        self.push("");
        let next = self.next_step();
        self.wrap(&next, "", "  ");
        let words = self.locale();
        let rest = words.word(
            "--findings shows every finding with its evidence and sources, --verbose also what is met; evenhand explain RULE shows why a rule asks.",
        );
        self.wrap_faint(rest, "", "");
    }

    /// The rules that were turned off, together where the reason is the same.
    fn left_out(&mut self) {
        let card = self.card;
        if card.disabled.is_empty() {
            return;
        }
        self.heading("Turned off by the board");
        let disabled = card.disabled.iter();
        let disabled = disabled.map(|rule| (rule.reason.clone(), rule.id.clone()));
        for (reason, rules) in together(disabled) {
            self.wrap(&format!("{reason}: {}", rules.join(", ")), " · ", "   ");
        }
    }

    /// The command that helps most after this verdict.
    fn next_step(&self) -> String {
        let file = typed(&self.card.proposal.file);
        let open = |finding: &Finding| finding.outcome == Outcome::Unknown;
        let command = match self.card.verdict.word {
            Word::Proceed => format!("evenhand check --format html --output scorecard.html {file}"),
            Word::Incomplete if self.card.findings.iter().any(open) => {
                format!("evenhand questions --answer {file}")
            }
            _ => format!("evenhand improve {file}"),
        };
        self.locale()
            .say("Next: {command}", &[("command", &command)])
    }
}

/// What is said of several rules in the same words, said once, with the rules; in the order in which it comes up.
fn together(said: impl Iterator<Item = (String, String)>) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for (text, rule) in said {
        match found.iter_mut().find(|(known, _)| *known == text) {
            Some((_, rules)) => rules.push(rule),
            None => found.push((text, vec![rule])),
        }
    }
    found
}

/// Points of 100 that a rule certainly costs its dimension.
fn cost(card: &Scorecard, finding: &Finding) -> f64 {
    let counted = card.findings.iter();
    let total: f64 = counted
        .filter(|other| other.dimension == finding.dimension && other.counts())
        .map(|other| other.weight)
        .sum();
    if total > 0.0 {
        100.0 * finding.weight * (1.0 - finding.degree.high) / total
    } else {
        0.0
    }
}
