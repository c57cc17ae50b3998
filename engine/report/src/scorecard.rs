//! The scorecard as a document for people, before it is HTML or Markdown: what a committee is handed.

mod finding;
mod memo;
mod model;
mod plan;
mod summary;

use super::formats::Entry;
use super::paper::{Block, Inline, Paper, Section, here, lines, paragraph, strong, text};
use super::text::board::{change_line, compared, effects_line};
use super::{breakdown, checks, contested};
use super::{obligations, waivers};
use evenhand_core::board::Judgement;
use evenhand_core::breakdown::Breakdown;
use evenhand_core::finding::{Finding, Outcome};
use evenhand_core::pack::{Respondent, Sources};
use evenhand_core::rule::Severity;
use evenhand_core::scorecard::Scorecard;
use evenhand_diagnostic::words::{English, Words};
use evenhand_document::document::Document;
use evenhand_document::schema::Schema;

pub use memo::memo;
pub use model::memo_model;
pub use plan::Planned;

/// A judged proposal, with what a report needs to put it into words.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// What came out.
    pub card: &'a Scorecard,
    /// The proposal: where each answer stands in its file.
    pub proposal: &'a Document,
    /// The fields, for questions and labels.
    pub schema: &'a Schema,
    /// The bibliography.
    pub sources: &'a Sources,
    /// The tables that the packs add.
    pub breakdowns: &'a [Breakdown],
    /// The plan for it, as far as one was looked for.
    pub plan: Planned<'a>,
    /// Who can answer what.
    pub respondents: &'a [Respondent],
    /// The language of the report.
    pub words: &'a dyn Words,
}

/// What came of the proposals as one document: a single proposal is the document, several are its parts.
pub fn paper(entries: &[Entry<'_>]) -> Paper {
    if let [Entry::Judged(judged)] = entries {
        let writer = Writer {
            judged: *judged,
            prefix: String::new(),
        };
        return Paper {
            title: judged.card.proposal.title.clone(),
            language: judged.words.tag().to_owned(),
            opening: writer.opening(),
            sections: writer.sections(),
        };
    }
    let locale = speech(entries);
    let count = entries.len().to_string();
    Paper {
        title: locale.say("{count} proposals", &[("count", &count)]),
        language: locale.tag().to_owned(),
        opening: Vec::new(),
        sections: entries
            .iter()
            .enumerate()
            .map(|(index, entry)| part(index + 1, entry, locale))
            .collect(),
    }
}

/// The language of the entries; English where none was judged.
pub(crate) fn speech<'a>(entries: &[Entry<'a>]) -> &'a dyn Words {
    let judged = entries.iter().find_map(|entry| match entry {
        Entry::Judged(judged) => Some(judged.words),
        Entry::Refused { .. } => None,
    });
    judged.unwrap_or(&English)
}

/// One of several proposals.
fn part(number: usize, entry: &Entry<'_>, locale: &dyn Words) -> Section {
    let id = format!("proposal-{number}");
    match entry {
        Entry::Judged(judged) => {
            let writer = Writer {
                judged: *judged,
                prefix: format!("{id}-"),
            };
            Section {
                title: vec![text(judged.card.proposal.title.clone())],
                blocks: writer.opening(),
                sections: writer.sections(),
                id,
            }
        }
        Entry::Refused { name, problems } => Section {
            title: vec![text((*name).to_owned())],
            blocks: vec![
                paragraph(locale.word("This proposal could not be judged:")),
                lines(
                    problems
                        .iter()
                        .map(|problem| vec![text(problem.to_string())])
                        .collect(),
                ),
            ],
            sections: Vec::new(),
            id,
        },
    }
}

/// What every part of one proposal needs to know.
struct Writer<'a> {
    judged: Judged<'a>,
    /// What the names of its places begin with, so that several proposals fit in one document.
    prefix: String,
}

impl<'a> Writer<'a> {
    fn locale(&self) -> &'a dyn Words {
        self.judged.words
    }

    /// A text of the engine in the language of the scorecard.
    fn word(&self, english: &str) -> String {
        self.locale().word(english).to_owned()
    }

    fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = self.checks().into_iter().collect();
        sections.extend(self.contested());
        sections.push(self.dimensions());
        sections.extend(self.obligations());
        sections.extend(self.board());
        sections.extend(self.waivers());
        sections.extend(self.changes());
        sections.extend(self.plan());
        sections.extend(self.questions());
        sections.extend(breakdown::sections(self.judged, &self.prefix));
        sections.extend(self.findings());
        sections.extend(self.prompts());
        sections.extend(self.settled());
        sections.extend(self.disabled());
        sections.push(self.receipt());
        sections
    }

    /// What links to a finding are called.
    fn anchor(&self, finding: &Finding) -> String {
        format!("{}rule-{}", self.prefix, finding.rule)
    }

    fn section(&self, id: &str, title: &str, blocks: Vec<Block>) -> Section {
        Section {
            id: format!("{}{id}", self.prefix),
            title: vec![text(self.word(title))],
            blocks,
            sections: Vec::new(),
        }
    }

    fn rules(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let findings = self.judged.card.findings.iter();
        findings.filter(|finding| finding.kind != "prompt")
    }

    /// What decides or could still change the verdict: worst first within a severity.
    fn findings(&self) -> Vec<Section> {
        let mut sections = Vec::new();
        for severity in Severity::ALL {
            let mut group: Vec<&Finding> = self
                .rules()
                .filter(|finding| finding.severity == severity && is_open(finding))
                .collect();
            group.sort_by(|a, b| {
                let ends = |finding: &Finding| (finding.degree.low, finding.degree.high);
                let (a, b) = (ends(a), ends(b));
                a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
            });
            if group.is_empty() {
                continue;
            }
            let title = format!("{}: {}", self.word("Findings"), self.word(severity.word()));
            sections.push(Section {
                id: format!("{}findings-{}", self.prefix, severity.word()),
                title: vec![text(title)],
                blocks: Vec::new(),
                sections: group.into_iter().map(|found| self.finding(found)).collect(),
            });
        }
        sections
    }

    /// Questions that carry no points.
    fn prompts(&self) -> Option<Section> {
        let asked = self.judged.card.findings.iter().filter(|finding| {
            finding.kind == "prompt" && finding.outcome != Outcome::NotApplicable
        });
        let items: Vec<Vec<Inline>> = asked
            .map(|finding| vec![text(format!("{} ", finding.title)), rule_code(finding)])
            .collect();
        (!items.is_empty())
            .then(|| self.section("prompts", "To talk about (no points)", vec![lines(items)]))
    }

    /// What is to be checked, and what somebody has checked.
    fn checks(&self) -> Option<Section> {
        let judged = &self.judged;
        let open = judged.card.checks.iter().filter(|check| check.is_open());
        let mut blocks = Vec::new();
        for check in open {
            blocks.push(Block::Paragraph(vec![strong(checks::question(
                check,
                judged.proposal,
            ))]));
            let consequences = checks::consequences(check, self.locale()).into_iter();
            blocks.extend(consequences.map(paragraph));
            blocks.push(Block::Code(checks::entry(check).join("\n")));
        }
        let settled = judged.card.checks.iter();
        let settled = settled.filter_map(|check| checks::settled(check, self.locale()));
        let settled: Vec<Vec<Inline>> = settled.map(|line| vec![text(line)]).collect();
        if !settled.is_empty() {
            blocks.push(lines(settled));
        }
        (!blocks.is_empty()).then(|| self.section("checks", "Please check", blocks))
    }

    /// What partners answer otherwise than the proposal.
    fn contested(&self) -> Option<Section> {
        let judged = &self.judged;
        let found = contested::lines(judged.proposal, judged.schema, self.locale());
        let items: Vec<Vec<Inline>> = found.into_iter().map(|line| vec![text(line)]).collect();
        (!items.is_empty())
            .then(|| self.section("contested", contested::HEADING, vec![lines(items)]))
    }

    /// What is met and what does not apply, folded away.
    fn settled(&self) -> Option<Section> {
        let mut blocks = Vec::new();
        for (title, outcome) in [
            ("Met", Outcome::Met),
            ("Does not apply", Outcome::NotApplicable),
        ] {
            let found: Vec<Vec<Inline>> = self
                .rules()
                .filter(|finding| finding.outcome == outcome)
                .map(|finding| vec![text(format!("{} ", finding.title)), rule_code(finding)])
                .collect();
            if !found.is_empty() {
                let summary = format!("{} ({})", self.word(title), found.len());
                let blocks_of = vec![lines(found)];
                blocks.push(Block::Folded {
                    summary,
                    blocks: blocks_of,
                });
            }
        }
        (!blocks.is_empty()).then(|| self.section("settled", "Nothing to do", blocks))
    }

    /// What the board changed, and what each change does.
    fn board(&self) -> Option<Section> {
        let card = self.judged.card;
        let board = card
            .board
            .as_ref()
            .filter(|board| !board.changes.is_empty())?;
        let here = Judgement::of(card.verdict.word, &card.dimensions);
        let items = board.changes.iter().map(|change| {
            let mut item = change_line(change, self.locale());
            if let Some(baseline) = board.baseline.as_ref().filter(|_| board.differs) {
                let effects = effects_line(change, baseline, &here, self.locale());
                item.push_str(&format!("; {effects}"));
            }
            vec![text(item)]
        });
        let mut blocks = vec![
            paragraph(compared(card, board, self.locale())),
            lines(items.collect()),
        ];
        if !board.together.is_empty() {
            let names = board.together.iter();
            let names = names.filter_map(|index| board.changes.get(*index));
            let names: Vec<&str> = names.map(|change| change.what.as_str()).collect();
            blocks.push(paragraph(self.locale().say(
                "None of these does anything by itself, and together they do: {list}",
                &[("list", &names.join(", "))],
            )));
        }
        Some(self.section("board", "What this board changed", blocks))
    }

    /// What follows from the verdict and the levels, as the board has laid down.
    fn obligations(&self) -> Option<Section> {
        let items = obligations::lines(self.judged.card, self.locale());
        let items: Vec<Vec<Inline>> = items.into_iter().map(|item| vec![text(item)]).collect();
        (!items.is_empty()).then(|| self.section("obligations", "What follows", vec![lines(items)]))
    }

    /// Waivers, and attestations that grew old.
    fn waivers(&self) -> Vec<Section> {
        let card = self.judged.card;
        let lists = [
            ("waivers", "Waivers", waivers::lines(card, self.locale())),
            (
                "aged",
                "Attestations that count as claims",
                waivers::aged(card, self.locale()),
            ),
        ];
        let filled = lists.into_iter().filter(|(_, _, items)| !items.is_empty());
        filled
            .map(|(id, title, items)| {
                let items = items.into_iter().map(|item| vec![text(item)]);
                self.section(id, title, vec![lines(items.collect())])
            })
            .collect()
    }

    /// What may never be cut: decisions against rules that may not be waived, and reasons that are owed.
    fn overrides(&self) -> Vec<Block> {
        let opening = waivers::opening(self.judged.card, self.locale());
        let mut blocks: Vec<Block> = opening.into_iter().map(paragraph).collect();
        let Some(board) = &self.judged.card.board else {
            return blocks;
        };
        blocks.extend(board.overrides.iter().map(|overriding| {
            paragraph(self.locale().say(
                "The board overrode {rule}, which may not be waived: {decision}",
                &[
                    ("rule", &overriding.rule),
                    ("decision", &overriding.decision),
                ],
            ))
        }));
        let owed = board.changes.iter().filter(|change| change.lacks_reason());
        let owed: Vec<&str> = owed.map(|change| change.what.as_str()).collect();
        if !owed.is_empty() {
            blocks.push(paragraph(self.locale().say(
                "The board gives no reason for: {list}",
                &[("list", &owed.join(", "))],
            )));
        }
        blocks
    }

    /// What the board has disabled, and why.
    fn disabled(&self) -> Option<Section> {
        let rules = &self.judged.card.disabled;
        let items = rules.iter().map(|rule| {
            vec![
                Inline::Code(rule.id.clone()),
                text(format!(": {}", rule.reason)),
            ]
        });
        (!rules.is_empty()).then(|| {
            self.section(
                "disabled",
                "Turned off by the board",
                vec![lines(items.collect())],
            )
        })
    }

    /// The name of a rule, as a link to its finding where that is shown in full.
    fn rule_link(&self, id: &str) -> Vec<Inline> {
        let found = self
            .rules()
            .find(|finding| finding.rule == id && is_open(finding));
        match found {
            Some(finding) => vec![
                here(&self.anchor(finding), finding.title.clone()),
                text(" "),
                rule_code(finding),
            ],
            None => vec![Inline::Code(id.to_owned())],
        }
    }

    fn opening(&self) -> Vec<Block> {
        let card = self.judged.card;
        let word = obligations::headline(card.verdict.word, &card.names, self.locale());
        let verdict = self.locale().say("Verdict: {word}", &[("word", &word)]);
        let judged_by = self.locale().say(
            "{file} · judged by {profile}",
            &[("file", &card.proposal.file), ("profile", &card.profile)],
        );
        let mut blocks = vec![
            Block::Paragraph(vec![strong(verdict)]),
            paragraph(card.verdict.reason.clone()),
            paragraph(judged_by),
        ];
        blocks.extend(self.overrides());
        for failure in &card.failures {
            let failure = failure.to_string();
            blocks.push(paragraph(self.locale().say(
                "{failure}; what depends on it is not known.",
                &[("failure", &failure)],
            )));
        }
        blocks.push(paragraph(self.word("Evenhand recommends; people decide.")));
        blocks
    }
}

/// Whether a finding is shown in full: what is met or does not apply is only listed.
fn is_open(finding: &Finding) -> bool {
    !matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable)
}

fn rule_code(finding: &Finding) -> Inline {
    Inline::Code(finding.rule.clone())
}
