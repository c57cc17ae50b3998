//! The words of the field.

use super::Writer;
use evenhand_report::paper::{Block, Section, Term, here, joined, prose, text};

/// What links to a term are called.
pub(super) fn id(term: &str) -> String {
    format!("term-{term}")
}

impl Writer<'_> {
    pub(super) fn glossary(&self) -> Option<Section> {
        if self.glossary.terms.is_empty() {
            return None;
        }
        let terms = self.glossary.terms.iter().map(|term| {
            let mut blocks = prose(&term.meaning);
            let see: Vec<_> = term
                .see
                .iter()
                .filter_map(|id| self.glossary.get(id))
                .map(|other| vec![here(&id(&other.id), other.term.clone())])
                .collect();
            let mut line = Vec::new();
            if !see.is_empty() {
                line.push(text("See "));
                line.extend(joined(see, "; "));
                line.push(text(". "));
            }
            if !term.sources.is_empty() {
                line.push(text("In "));
                line.extend(self.cited(&term.sources));
                line.push(text("."));
            }
            if !line.is_empty() {
                blocks.push(Block::Paragraph(line));
            }
            Term {
                id: Some(id(&term.id)),
                name: vec![text(term.term.clone())],
                blocks,
            }
        });
        Some(Section {
            id: "glossary".to_owned(),
            title: vec![text("Glossary")],
            blocks: vec![Block::Terms(terms.collect())],
            sections: Vec::new(),
        })
    }
}
