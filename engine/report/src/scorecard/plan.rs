//! The plan to the board's thresholds, and what is not known yet, as questions to people.

use super::Writer;
use crate::differences::moved_ranges;
use crate::paper::{Block, Inline, Section, Table, lines, paragraph, text};
use crate::plan::{NOTE, cut_short, in_lines, in_the_way, result};
use crate::questions::shortened;
use crate::respondents;
use evenhand_analysis::plan::{Plan, Step};
use evenhand_analysis::question::{Question, questions};

/// What is known of a plan for a proposal.
#[derive(Debug, Clone, Copy, Default)]
pub enum Planned<'a> {
    /// None was looked for.
    #[default]
    Nothing,
    /// Where one begins.
    First(&'a [Step]),
    /// All of one.
    Whole(&'a Plan),
}

impl Writer<'_> {
    /// The plan as far as it was looked for, each step with what it moves.
    pub(super) fn plan(&self) -> Option<Section> {
        let locale = self.locale();
        match self.judged.plan {
            Planned::Nothing | Planned::First([]) => None,
            Planned::First(steps) => {
                let blocks = vec![self.steps(steps), paragraph(self.word(NOTE))];
                Some(self.section("plan", "The plan's first steps", blocks))
            }
            Planned::Whole(plan) => {
                let mut blocks = vec![paragraph(result(plan, locale))];
                blocks.extend(in_the_way(plan, locale).map(paragraph));
                blocks.extend(cut_short(plan, locale).map(paragraph));
                if !plan.steps.is_empty() {
                    blocks.push(self.steps(&plan.steps));
                    blocks.push(paragraph(self.word("After every step:")));
                    let moved = moved_ranges(&plan.before, &plan.after, locale);
                    let moved = moved.iter().map(|line| vec![text(one_line(line))]);
                    blocks.push(lines(moved.collect()));
                    blocks.push(paragraph(self.word(NOTE)));
                }
                Some(self.section("plan", "The plan", blocks))
            }
        }
    }

    fn steps(&self, steps: &[Step]) -> Block {
        let judged = &self.judged;
        let items = steps.iter().map(|step| {
            let said = in_lines(step, judged.schema, judged.respondents, judged.words);
            let mut blocks: Vec<Block> = said.done.into_iter().map(paragraph).collect();
            if !said.moved.is_empty() {
                let moved: Vec<String> = said.moved.iter().map(|line| one_line(line)).collect();
                blocks.push(paragraph(format!("→ {}", moved.join("; "))));
            }
            let takes = vec![Inline::Emphasis(vec![text(said.takes)])];
            blocks.push(Block::Paragraph(takes));
            blocks.extend(said.worse.map(paragraph));
            blocks
        });
        Block::List {
            start: Some(1),
            items: items.collect(),
        }
    }

    /// What is not known yet, as it is asked: each question once, with the partners and groups it is about.
    pub(super) fn questions(&self) -> Option<Section> {
        let judged = &self.judged;
        let open = questions(judged.card, judged.proposal.value(), judged.schema);
        let rows = open.iter().map(|question| self.asked(question));
        let rows: Vec<Vec<Vec<Inline>>> = rows.collect();
        (!rows.is_empty()).then(|| {
            let table = Table {
                caption: self.word("What is not known yet, and which findings wait for it"),
                head: ["Question", "Who can answer", "Fact", "Findings"]
                    .map(|word| self.word(word))
                    .to_vec(),
                rows,
            };
            self.section("questions", "Open questions", vec![Block::Table(table)])
        })
    }

    fn asked(&self, question: &Question) -> Vec<Vec<Inline>> {
        let locale = self.locale();
        let mut asked = crate::questions::asked(question, locale);
        if !question.about.is_empty() {
            let names = shortened(&question.about, locale);
            asked.push(' ');
            asked.push_str(&locale.say("For {names}.", &[("names", &names)]));
        }
        let who = respondents::names(&question.respondents, self.judged.respondents, locale);
        let rules = question.waiting.iter();
        let rules: Vec<&str> = rules.map(|waiting| waiting.rule.as_str()).collect();
        vec![
            vec![text(asked)],
            vec![text(if who.is_empty() {
                "–".to_owned()
            } else {
                who
            })],
            vec![Inline::Code(question.id.clone())],
            vec![text(rules.join(", "))],
        ]
    }
}

/// A line of a terminal, without what aligns it there.
fn one_line(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
