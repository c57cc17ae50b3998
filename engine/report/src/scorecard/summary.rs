//! The parts of a scorecard that say how the proposal stands as a whole: dimensions, what would change it, what is open.

use super::Writer;
use crate::levels;
use crate::paper::{Block, Inline, Range, Ranges, Section, Table, lines, prose_line, text};
use crate::questions::{between, more_exactly};
use evenhand_core::finding::{Finding, Outcome};
use evenhand_core::score::DimensionScore;
use evenhand_core::verdict::Word;
use std::collections::BTreeMap;

impl Writer<'_> {
    /// Levels and ranges: a picture, and the same as a table.
    pub(super) fn dimensions(&self) -> Section {
        let scores = &self.judged.card.dimensions;
        let rows: Vec<Vec<Vec<Inline>>> =
            scores.iter().map(|score| self.dimension(score)).collect();
        let table = Table {
            caption: self.word("Levels, with whole points of 100 behind them"),
            head: [
                "Dimension",
                "Level",
                "Points",
                "The board asks for",
                "Known",
            ]
            .map(|word| self.word(word))
            .to_vec(),
            rows,
        };
        let picture = Ranges {
            title: self.word("Range of each dimension"),
            legend: self.word(
                "Full: certain. Light: open until more is known. Line: what the board asks for.",
            ),
            rows: scores
                .iter()
                .filter_map(|score| {
                    let (low, high) = score.shown()?;
                    Some(Range {
                        words: self.range_words(score),
                        name: score.title.clone(),
                        low,
                        high,
                        mark: Some(score.threshold),
                    })
                })
                .collect(),
        };
        let mut blocks = Vec::new();
        if !picture.rows.is_empty() {
            blocks.push(Block::Ranges(picture));
        }
        blocks.push(Block::Table(table));
        let scale = levels::scale(self.judged.card, self.locale());
        blocks.extend(scale.map(|line| Block::Paragraph(vec![text(line)])));
        self.section("dimensions", "Dimensions", blocks)
    }

    fn dimension(&self, score: &DimensionScore) -> Vec<Vec<Inline>> {
        let known = match score.low {
            Some(_) => self
                .locale()
                .percent((score.completeness * 100.0 + 1e-9).floor()),
            None => "–".to_owned(),
        };
        let mut level = vec![text(score.level_words_in(self.locale()))];
        if let Some(rule) = &score.capped_by {
            // The cap is that of the low end; where the ends differ, it need not come to that.
            let certain = score.level_low == score.level_high;
            let capped = if certain {
                "capped by"
            } else {
                "at worst capped by"
            };
            level.push(text(format!(" · {} ", self.word(capped))));
            level.extend(self.rule_link(rule));
        }
        let asked = if score.no_numbers {
            "–".to_owned()
        } else {
            self.locale().number(score.threshold)
        };
        vec![
            vec![text(score.title.clone())],
            level,
            vec![text(points(score))],
            vec![text(asked)],
            vec![text(known)],
        ]
    }

    /// What the picture shows of a dimension, for those who do not see it.
    fn range_words(&self, score: &DimensionScore) -> String {
        let threshold = self.locale().number(score.threshold);
        self.locale().say(
            "{dimension}: {points} of 100, the board asks for {threshold}",
            &[
                ("dimension", &score.title),
                ("points", &points(score)),
                ("threshold", &threshold),
            ],
        )
    }

    /// The rules whose improvement would change the verdict most.
    pub(super) fn changes(&self) -> Option<Section> {
        let verdict = &self.judged.card.verdict;
        if verdict.word == Word::Proceed || verdict.would_help.is_empty() {
            return None;
        }
        let findings: Vec<&Finding> = verdict
            .would_help
            .iter()
            .filter_map(|id| self.rules().find(|finding| finding.rule == *id))
            .collect();
        let items = findings.into_iter().map(|finding| {
            let mut item = self.rule_link(&finding.rule);
            if finding.outcome != Outcome::Unknown && !finding.help.is_empty() {
                item.push(text(": "));
                item.extend(prose_line(&finding.help));
            }
            item
        });
        let items: Vec<Vec<Inline>> = items.collect();
        Some(self.section("changes", "What would change it most", vec![lines(items)]))
    }

    /// Each fact that is not known, with its question and the rules that wait for it; what most wait for comes first.
    pub(super) fn open_questions(&self) -> Vec<(String, String, Vec<String>)> {
        let mut waiting: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut order: Vec<String> = Vec::new();
        for finding in self
            .rules()
            .filter(|found| found.outcome == Outcome::Unknown)
        {
            for path in finding.asked_for() {
                let dotted = path.dotted();
                let rules = waiting.entry(dotted.clone()).or_default();
                if rules.is_empty() {
                    order.push(dotted);
                }
                if !rules.contains(&finding.rule.as_str()) {
                    rules.push(&finding.rule);
                }
            }
        }
        // What most findings wait for comes first; equals stay in the order of the rulebook.
        order.sort_by_key(|path| std::cmp::Reverse(waiting.get(path).map_or(0, Vec::len)));
        let questions = order.into_iter().map(|path| {
            let rules = waiting.get(&path).into_iter().flatten();
            let rules = rules.map(|rule| (*rule).to_owned()).collect();
            (path.clone(), self.question(&path), rules)
        });
        questions.collect()
    }

    fn question(&self, path: &str) -> String {
        let schema = self.judged.schema;
        let asked = schema
            .find(path)
            .map(|id| schema.field(id).question.clone())
            .filter(|question| !question.is_empty());
        let told = evenhand_diagnostic::pointer::Pointer::from_dotted(path)
            .and_then(|path| schema.range_in(self.judged.proposal.value(), &path));
        let asked = match (asked, told) {
            (Some(asked), Some(told)) => {
                let told = between(told, self.locale());
                Some(more_exactly(&asked, &told, self.locale()))
            }
            (asked, _) => asked,
        };
        asked.unwrap_or_else(|| {
            self.locale()
                .say("{path} is not known yet.", &[("path", path)])
        })
    }

    /// What every receipt begins with: engine, proposal, and the day.
    pub(super) fn receipt_head(&self) -> Vec<(String, String)> {
        let receipt = &self.judged.card.receipt;
        let mut rows = vec![
            (self.word("Engine"), receipt.engine.clone()),
            (self.word("Proposal"), receipt.proposal.clone()),
        ];
        let date = receipt.date.iter();
        rows.extend(date.map(|date| (self.word("Evaluated on"), date.clone())));
        rows
    }

    /// What to keep to get the same scorecard again.
    pub(super) fn receipt(&self) -> Section {
        let receipt = &self.judged.card.receipt;
        let mut rows = self.receipt_head();
        rows.extend(receipt.plugins.iter().map(|(id, plugin)| {
            let shown = format!("{} · {} · {}", plugin.version, plugin.mode, plugin.sha256);
            (id.clone(), shown)
        }));
        rows.extend(
            receipt
                .files
                .iter()
                .map(|(file, digest)| (file.clone(), digest.clone())),
        );
        let rows = rows
            .into_iter()
            .map(|(name, value)| vec![vec![text(name)], vec![Inline::Code(value)]]);
        let table = Table {
            caption: self.word("SHA-256 of everything that took part"),
            head: ["Part", "Digest"].map(|word| self.word(word)).to_vec(),
            rows: rows.collect(),
        };
        let folded = Block::Folded {
            summary: self.word("What took part, with digests"),
            blocks: vec![Block::Table(table)],
        };
        self.section("receipt", "Receipt", vec![folded])
    }
}

/// The points of a dimension: one number, or both ends.
pub(super) fn points(score: &DimensionScore) -> String {
    match score.shown() {
        Some((low, high)) if low == high => low.to_string(),
        Some((low, high)) => format!("{low}–{high}"),
        None => "–".to_owned(),
    }
}
