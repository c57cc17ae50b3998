//! A questionnaire as a document: to be printed, and filled in by hand.

use super::{NOTHING, asks, claimed, greeting, how, kinds, title, why};
use crate::paper::{Block, Paper, Section, code, lines, paragraph, strong, text};
use evenhand_analysis::ask::{Item, Questionnaire};
use evenhand_core::schema::Schema;
use evenhand_diagnostic::words::Words;

/// The questionnaire as a document.
pub fn paper(asked: &Questionnaire, schema: &Schema, words: &dyn Words) -> Paper {
    let mut opening: Vec<Block> = greeting(asked, words).into_iter().map(paragraph).collect();
    let how = how(asked, words);
    opening.push(lines(how.into_iter().map(|one| vec![text(one)]).collect()));
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

fn blocks(item: &Item, schema: &Schema, words: &dyn Words) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(claim) = &item.claim {
        blocks.push(Block::Paragraph(vec![strong(claimed(
            item, claim, schema, words,
        ))]));
        let choices = ["right", "not so", "do not know"];
        let choices = choices.map(|word| vec![text(format!("☐ {}", words.word(word)))]);
        blocks.push(lines(choices.to_vec()));
    }
    let field = schema.find(&item.field).map(|id| schema.field(id));
    let may = field.map(|field| kinds(field, schema, words));
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
