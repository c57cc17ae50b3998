//! What has changed since a record, as a document.

use super::{Report, causes, standing};
use crate::obligations;
use crate::paper::{
    Block, Inline, Move, Moves, Paper, Section, Table, code, lines, paragraph, strong, text,
};
use evenhand_analysis::since::FindingMoved;

/// The document.
pub(super) fn paper(report: &Report<'_>) -> Paper {
    let since = report.since;
    let mut opening = Vec::new();
    let mut sections = Vec::new();
    if since.is_renewal() {
        opening.push(Block::Paragraph(vec![strong(report.renewal())]));
        sections.extend(report.conditions());
    } else {
        opening.push(Block::Paragraph(vec![strong(report.verdict())]));
        opening.push(paragraph(report.card.verdict.reason.clone()));
        opening.push(paragraph(report.decision()));
        sections.extend(report.conditions());
        sections.push(report.moves());
        sections.extend(report.answers());
        sections.extend(report.findings());
        sections.extend(report.inputs());
    }
    let judged_by = report.words.say(
        "{file} · judged by {profile}",
        &[
            ("file", &report.card.proposal.file),
            ("profile", &report.card.profile),
        ],
    );
    opening.push(paragraph(judged_by));
    opening.extend(report.notes.iter().map(|note| paragraph(note.clone())));
    opening.push(paragraph(
        report.words.word("Evenhand recommends; people decide."),
    ));
    Paper {
        title: report.title(),
        language: report.words.tag().to_owned(),
        opening,
        sections,
    }
}

type Rows = Vec<Vec<Vec<Inline>>>;

impl Report<'_> {
    fn word(&self, english: &str) -> String {
        self.words.word(english).to_owned()
    }

    fn table(&self, caption: &str, head: &[&str], rows: Rows) -> Block {
        Block::Table(Table {
            caption: self.word(caption),
            head: head.iter().map(|word| self.word(word)).collect(),
            rows,
        })
    }

    fn section(&self, id: &str, title: &str, blocks: Vec<Block>) -> Section {
        Section {
            id: id.to_owned(),
            title: vec![text(self.word(title))],
            blocks,
            sections: Vec::new(),
        }
    }

    fn conditions(&self) -> Option<Section> {
        let rows = self.since.conditions.iter().map(|followed| {
            vec![
                vec![text(followed.condition.number.to_string())],
                vec![text(followed.condition.text.clone())],
                vec![text(self.due(followed).unwrap_or_default())],
                vec![strong(self.word(standing(followed.standing)))],
                vec![text(self.basis(followed).unwrap_or_default())],
            ]
        });
        let rows: Rows = rows.collect();
        let head = ["Number", "Condition", "Until", "Now", "What shows it"];
        (!rows.is_empty()).then(|| {
            let table = self.table("What the program has to do", &head, rows);
            self.section("conditions", "Conditions", vec![table])
        })
    }

    /// The picture of what moved, and the same as a table.
    fn moves(&self) -> Section {
        let since = self.since;
        let rows = since.dimensions.iter().map(|one| {
            let (before, after) = (one.before.as_ref(), one.after.as_ref());
            vec![
                vec![text(one.title().to_owned())],
                vec![text(self.points(before))],
                vec![text(self.points(after))],
                vec![text(causes(&one.causes, self.words))],
            ]
        });
        let verdict = |word: evenhand_core::verdict::Word| {
            vec![text(
                obligations::verdict(self.card, word, self.words).to_owned(),
            )]
        };
        let mut all: Rows = vec![vec![
            vec![text(self.word("Verdict"))],
            verdict(since.verdict.0),
            verdict(since.verdict.1),
            vec![text(causes(&since.verdict_causes, self.words))],
        ]];
        all.extend(rows);
        let table = self.table(
            "Verdict and levels, with whole points of 100 behind them",
            &["Dimension", "Then", "Now", "Cause"],
            all,
        );
        let picture = Moves {
            title: self.word("What moved in each dimension"),
            legend: self.word(
                "Above: in the record. Below: now. Full: certain. Light: open until more is known.",
            ),
            rows: since
                .dimensions
                .iter()
                .filter(|one| !self.hides_numbers(one.id()))
                .map(|one| {
                    let (before, after) = (one.before.as_ref(), one.after.as_ref());
                    Move {
                        name: one.title().to_owned(),
                        words: format!(
                            "{}: {} → {}",
                            one.title(),
                            self.points(before),
                            self.points(after)
                        ),
                        before: before.and_then(|state| state.low.zip(state.high)),
                        after: after.and_then(|state| state.low.zip(state.high)),
                    }
                })
                .collect(),
        };
        let mut blocks = Vec::new();
        if !picture.rows.is_empty() {
            blocks.push(Block::Moves(picture));
        }
        blocks.push(table);
        self.section("moved", "What moved", blocks)
    }

    fn answers(&self) -> Option<Section> {
        let rows = self.since.answers.iter().map(|answer| {
            vec![
                vec![code(answer.path.dotted())],
                vec![text(self.value(answer.was.as_ref()))],
                vec![text(self.value(answer.is.as_ref()))],
                vec![text(self.place(answer))],
            ]
        });
        let rows: Rows = rows.collect();
        (!rows.is_empty()).then(|| {
            let head = ["Fact", "Then", "Now", "Where"];
            let table = self.table("Answers of the proposal, then and now", &head, rows);
            self.section("answers", "Answers that changed", vec![table])
        })
    }

    fn findings(&self) -> Vec<Section> {
        let sides = self.sides().into_iter();
        sides
            .map(|(heading, found)| {
                let rows = found.into_iter().map(|one| self.finding(one));
                let head = ["Finding", "Then", "Now", "Cause"];
                let table = self.table("What the rules found, then and now", &head, rows.collect());
                self.section(&heading.to_lowercase(), heading, vec![table])
            })
            .collect()
    }

    fn finding(&self, one: &FindingMoved) -> Vec<Vec<Inline>> {
        let (before, after) = self.states(one);
        let mut now = vec![text(after)];
        if one.better() == Some(false) && !one.message.is_empty() {
            now.push(text(format!(": {}", one.message)));
        }
        vec![
            vec![
                text(format!("{} ", one.moved.title)),
                code(one.moved.rule.clone()),
            ],
            vec![text(before)],
            now,
            vec![text(causes(&one.causes, self.words))],
        ]
    }

    fn inputs(&self) -> Option<Section> {
        let inputs = self.since.inputs.iter();
        let items = inputs.map(|input| vec![text(input.words.clone())]);
        let items: Vec<Vec<Inline>> = items.collect();
        (!items.is_empty())
            .then(|| self.section("inputs", "What else is not as it was", vec![lines(items)]))
    }
}
