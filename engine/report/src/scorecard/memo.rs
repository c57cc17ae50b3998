//! The memo a board decides by and files: what is recommended and why, what there is to talk about, and what was decided.

use super::{Judged, Writer, change_line, compared};
use crate::paper::{Block, Inline, Paper, Section, Table, lines, paragraph, strong, text};
use crate::since;
use evenhand_analysis::decision::{Condition, Decision, View};
use evenhand_analysis::since::Snapshot;
use evenhand_core::finding::{End, Finding};

/// The memo of a judged proposal; with the decision, or with room for one.
pub fn memo(judged: Judged<'_>, decision: Option<&Decision>) -> Paper {
    let writer = Writer {
        judged,
        prefix: String::new(),
    };
    let title = &judged.card.proposal.title;
    let mut sections = vec![writer.dimensions(), writer.what_decides()];
    sections.extend(writer.obligations());
    sections.extend(writer.changed());
    sections.extend(writer.waivers());
    sections.extend(writer.disabled());
    sections.extend(writer.questions());
    sections.push(writer.to_discuss());
    match decision {
        Some(decision) => sections.extend(writer.decided(decision)),
        None => sections.push(writer.undecided()),
    }
    sections.push(writer.stub());
    Paper {
        title: writer.locale().say("Memo: {title}", &[("title", title)]),
        language: writer.locale().tag().to_owned(),
        opening: writer.opening(),
        sections,
    }
}

impl<'a> Writer<'a> {
    /// The rules that stop the program or may, and else those under their dimension's threshold that are not met.
    pub(super) fn deciding(&self) -> Vec<&'a Finding> {
        let decided = &self.judged.card.verdict.decided_by;
        let is_one = |finding: &&Finding| {
            finding.fails_gate(End::Low)
                || decided.contains(&finding.rule)
                || (decided.contains(&finding.dimension)
                    && finding.counts()
                    && finding.degree.low < 1.0)
        };
        self.rules().filter(is_one).collect()
    }

    fn what_decides(&self) -> Section {
        let items = self.deciding().into_iter().map(|finding| {
            let mut item = vec![
                strong(finding.title.clone()),
                text(" "),
                Inline::Code(finding.rule.clone()),
                text(format!(": {}", self.outcome(finding))),
            ];
            let message = finding.message.text();
            if !message.is_empty() {
                item.push(text(format!(". {message}")));
            }
            item
        });
        let items: Vec<Vec<Inline>> = items.collect();
        let blocks = if items.is_empty() {
            vec![paragraph(self.word("No single rule decides."))]
        } else {
            vec![lines(items)]
        };
        self.section("decides", "What decides", blocks)
    }

    /// What the board changed, without what each change does: that stands in the report.
    fn changed(&self) -> Option<Section> {
        let card = self.judged.card;
        let board = card
            .board
            .as_ref()
            .filter(|board| !board.changes.is_empty())?;
        let items = board.changes.iter();
        let items = items.map(|change| vec![text(change_line(change, self.locale()))]);
        let blocks = vec![
            paragraph(compared(card, board, self.locale())),
            lines(items.collect()),
        ];
        Some(self.section("board", "What this board changed", blocks))
    }

    /// Questions that no rule answers, each with room to write.
    fn to_discuss(&self) -> Section {
        let mut blocks = Vec::new();
        for finding in self.prompted() {
            blocks.push(Block::Paragraph(vec![
                strong(finding.title.clone()),
                text(" "),
                Inline::Code(finding.rule.clone()),
            ]));
            blocks.push(Block::Room);
        }
        if blocks.is_empty() {
            blocks.push(paragraph(self.word("The rulebook asks nothing besides.")));
            blocks.push(Block::Room);
        }
        self.section("discussion", "To talk about (no points)", blocks)
    }

    fn decided(&self, decision: &Decision) -> Vec<Section> {
        let day = |day: Option<evenhand_core::date::Date>| {
            day.map_or_else(|| "–".to_owned(), |day| day.to_string())
        };
        let outcome = since::decided(decision.outcome);
        let votes = decision.votes;
        let number = |votes: u64| votes.to_string();
        let rows = [
            ("Decision", self.word(outcome)),
            ("Date", decision.date.to_string()),
            ("To be looked at again on", day(decision.review)),
            ("May be deleted after", day(decision.delete_after)),
            ("Votes for", number(votes.in_favour)),
            ("Votes against", number(votes.against)),
            ("Abstentions", number(votes.abstaining)),
            ("Present", decision.present.join(", ")),
        ];
        let rows = rows
            .into_iter()
            .map(|(name, value)| vec![vec![text(self.word(name))], vec![text(value)]]);
        let table = Table {
            caption: self.word("What the board decided"),
            head: ["What", "Value"].map(|word| self.word(word)).to_vec(),
            rows: rows.collect(),
        };
        let mut sections = vec![self.section("decision", "Decision", vec![Block::Table(table)])];
        let recused = decision.recused.iter();
        let recused = recused
            .map(|one| format!("{}: {}", one.name, one.reason))
            .collect();
        for (id, title, items) in [
            ("recused", "Took no part", recused),
            ("reasons", "Reasons", decision.reasons.clone()),
            (
                "issues",
                "What the board could not agree on",
                decision.issues.clone(),
            ),
        ] {
            let items: Vec<Vec<Inline>> = items.into_iter().map(|item| vec![text(item)]).collect();
            if !items.is_empty() {
                sections.push(self.section(id, title, vec![lines(items)]));
            }
        }
        if !decision.conditions.is_empty() {
            let rows = decision
                .conditions
                .iter()
                .map(|condition| self.condition(condition));
            let table = Table {
                caption: self.word("What the program has to do"),
                head: ["Number", "Condition", "Until", "Now"]
                    .map(|word| self.word(word))
                    .to_vec(),
                rows: rows.collect(),
            };
            sections.push(self.section("conditions", "Conditions", vec![Block::Table(table)]));
        }
        sections
    }

    fn condition(&self, condition: &Condition) -> Vec<Vec<Inline>> {
        let snapshot = Snapshot::of(self.judged.card);
        let view = View {
            snapshot: &snapshot,
            proposal: self.judged.proposal.value(),
        };
        let standing = since::standing(condition.standing(view, None));
        let mut what = vec![text(condition.text.clone())];
        if let Some(shown_by) = since::shown_by(condition) {
            what.extend([text(" "), Inline::Code(shown_by)]);
        }
        vec![
            vec![text(condition.number.to_string())],
            what,
            vec![text(
                condition.due.map(|due| due.to_string()).unwrap_or_default(),
            )],
            vec![text(self.word(standing))],
        ]
    }

    /// Room for a decision that is still to come.
    fn undecided(&self) -> Section {
        let mut blocks = Vec::new();
        for title in [
            "Decision",
            "Conditions",
            "Reasons",
            "What the board could not agree on",
            "Votes for, against, abstentions; who was present, who took no part",
            "To be looked at again on",
        ] {
            blocks.push(Block::Paragraph(vec![strong(self.word(title))]));
            blocks.push(Block::Room);
        }
        self.section("decision", "Decision", blocks)
    }

    /// The receipt without the digest of each file: those stand in the record.
    pub(super) fn stub_rows(&self) -> Vec<(String, String)> {
        let receipt = &self.judged.card.receipt;
        let mut rows = self.receipt_head();
        let settings = receipt.files.get(evenhand_core::receipt::SETTINGS);
        rows.extend(settings.map(|digest| (self.word("Settings"), digest.clone())));
        rows.extend(receipt.plugins.iter().map(|(id, plugin)| {
            let shown = format!("{} · {}", plugin.version, plugin.sha256);
            (id.clone(), shown)
        }));
        rows
    }

    fn stub(&self) -> Section {
        let rows = self.stub_rows().into_iter();
        let rows = rows.map(|(name, value)| vec![vec![text(name)], vec![Inline::Code(value)]]);
        let table = Table {
            caption: self.word("SHA-256 of what took part; the record has every file"),
            head: ["Part", "Digest"].map(|word| self.word(word)).to_vec(),
            rows: rows.collect(),
        };
        self.section("receipt", "Receipt", vec![Block::Table(table)])
    }
}
