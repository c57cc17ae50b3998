//! A questionnaire as a document: to be printed, and filled in by hand.

use super::{NOTHING, asks, claimed, greeting, kinds, title, why};
use crate::paper::{Block, Inline, Paper, Section, code, lines, paragraph, strong, text};
use evenhand_analysis::ask::{Item, Questionnaire};
use evenhand_core::schema::{Field, Kind, Schema};
use evenhand_diagnostic::words::Words;

/// The questionnaire as a document.
pub fn paper(asked: &Questionnaire, schema: &Schema, words: &dyn Words) -> Paper {
    let mut opening: Vec<Block> = greeting(asked, words).into_iter().map(paragraph).collect();
    opening.push(lines(how(asked, words)));
    for label in ["Your name, if you want to give it", "Date"] {
        opening.push(Block::Paragraph(vec![strong(words.word(label))]));
        opening.push(Block::Room);
    }
    let sections = asked.items.iter().enumerate().map(|(index, item)| Section {
        id: format!("question-{}", index + 1),
        title: vec![text(format!("{}. {}", index + 1, asks(item, words)))],
        blocks: blocks(item, schema, words),
        sections: Vec::new(),
    });
    if asked.items.is_empty() {
        opening.push(paragraph(words.word(NOTHING)));
    }
    Paper {
        title: title(asked, words),
        language: words.tag().to_owned(),
        opening,
        sections: sections.collect(),
    }
}

/// How to answer on paper.
fn how(asked: &Questionnaire, words: &dyn Words) -> Vec<Vec<Inline>> {
    let mut texts = Vec::new();
    if asked.items.iter().any(|item| item.claim.is_some()) {
        texts.push(words.word("Where the planners say something, tick what holds. If it is not so, write what is so on the line.").to_owned());
    }
    if asked.items.iter().any(|item| item.claim.is_none()) {
        texts.push(
            words
                .word("Where nothing is known yet, tick or write your answer.")
                .to_owned(),
        );
    }
    let not_known = words.word("do not know");
    texts.push(words.say(
        "“{not_known}” is a good answer, and so is leaving a question empty. Neither counts against anybody.",
        &[("not_known", not_known)],
    ));
    texts.into_iter().map(|one| vec![text(one)]).collect()
}

fn blocks(item: &Item, schema: &Schema, words: &dyn Words) -> Vec<Block> {
    let mut blocks = Vec::new();
    let field = schema.find(&item.field).map(|id| schema.field(id));
    let choices = field
        .map(|field| choices(field, schema, words))
        .unwrap_or_default();
    let tick = |choices: Vec<String>| {
        let boxes = choices
            .into_iter()
            .map(|one| vec![text(format!("☐ {one}"))]);
        lines(boxes.collect())
    };
    let said = |english: &str| words.word(english).to_owned();
    if let Some(claim) = &item.claim {
        let claimed = claimed(item, claim, schema, words);
        blocks.push(Block::Paragraph(vec![strong(claimed)]));
        blocks.push(tick(["right", "not so", "do not know"].map(said).to_vec()));
        if !choices.is_empty() {
            let list = choices.join("; ");
            blocks.push(paragraph(format!("{} {list}", words.word("one of these:"))));
        }
    } else {
        let mut boxes = choices.clone();
        boxes.push(said("do not know"));
        blocks.push(tick(boxes));
    }
    let may = field
        .filter(|_| choices.is_empty())
        .map(|field| kinds(field, schema, words));
    if let Some(may) = may.filter(|may| !may.is_empty()) {
        blocks.push(paragraph(may));
    }
    blocks.push(Block::Room);
    if let Some(why) = why(item, words) {
        blocks.push(paragraph(why));
    }
    blocks.push(Block::Paragraph(vec![code(item.at.join(", "))]));
    blocks
}

/// What can be ticked, as people call it.
fn choices(field: &Field, schema: &Schema, words: &dyn Words) -> Vec<String> {
    const MOST: usize = 24;
    let one = field.items.map_or(field, |items| schema.field(items));
    if one.kind == Kind::Boolean {
        return [true, false]
            .map(|flag| words.flag(flag).to_owned())
            .to_vec();
    }
    if one.choices.len() > MOST {
        return Vec::new();
    }
    let label = |choice: &String| one.labels.get(choice).unwrap_or(choice).clone();
    one.choices.iter().map(label).collect()
}
