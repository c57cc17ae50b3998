//! The rulebook: every rule with its reasons, settings, sources and cases, and how proposals are judged by them.

mod bibliography;
mod dimension;
mod facts;
mod form;
mod glossary;
mod method;
mod plugin;
mod rule;
mod setting;

use crate::glossary::{Glossary, read_glossary};
use evenhand_core::rulebook::Rulebook;
use evenhand_diagnostic::problem::Problem;
use evenhand_report::paper::{Block, Inline, Paper, here, lines, paragraph, strong, text};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Settings that a board gave to plugins, by the plugin's id.
pub type PluginSettings = BTreeMap<String, Map<String, Value>>;

/// The rulebook as a document, with the settings in force. A glossary that cannot be used is an error.
pub fn paper(book: &Rulebook, plugins: &PluginSettings) -> Result<Paper, Vec<Problem>> {
    let glossary = read_glossary(book)?;
    let writer = Writer {
        book,
        glossary: &glossary,
        plugins,
    };
    let mut sections = vec![writer.method()];
    sections.extend(
        book.info()
            .dimensions
            .iter()
            .map(|dimension| writer.dimension(dimension)),
    );
    sections.extend(writer.checks());
    sections.push(writer.facts());
    sections.extend(writer.plugin_section());
    sections.extend(writer.glossary());
    sections.push(writer.bibliography());
    Ok(Paper {
        title: format!("Rulebook: {}", title(book)),
        language: "en".to_owned(),
        opening: writer.opening(),
        sections,
    })
}

fn title(book: &Rulebook) -> &str {
    let info = book.info();
    if info.title.is_empty() {
        &info.name
    } else {
        &info.title
    }
}

/// What every part needs to know.
struct Writer<'a> {
    book: &'a Rulebook,
    glossary: &'a Glossary,
    plugins: &'a PluginSettings,
}

impl Writer<'_> {
    fn opening(&self) -> Vec<Block> {
        let info = self.book.info();
        let mut blocks = evenhand_report::paper::prose(&info.about);
        let mut facts = vec![vec![
            strong("Pack"),
            text(format!(" {} {}", info.name, info.version)),
        ]];
        if !info.licence.is_empty() {
            facts.push(vec![strong("Licence"), text(format!(" {}", info.licence))]);
        }
        for pack in self.book.packs().iter().skip(1) {
            if let Ok(info) = pack.info() {
                facts.push(vec![
                    strong("With"),
                    text(format!(" {} {}", info.name, info.version)),
                ]);
            }
        }
        facts.push(match self.book.settings().name.as_str() {
            "" => vec![
                strong("Settings"),
                text(" as the pack has them; no board has set any"),
            ],
            name => vec![
                strong("Settings"),
                text(format!(
                    " of {name}; where they are not those of the pack, both are shown"
                )),
            ],
        });
        blocks.push(lines(facts));
        let broken = self.book.broken();
        if !broken.is_empty() {
            blocks.push(paragraph(
                "Some rules cannot be asked, because their page or script is wrong. They pass nobody:",
            ));
            blocks.push(lines(
                broken
                    .iter()
                    .map(|rule| {
                        vec![
                            Inline::Code(rule.id.clone()),
                            text(format!(" {}", rule.title)),
                        ]
                    })
                    .collect(),
            ));
        }
        blocks
    }

    /// Works by their keys, each a link into the bibliography.
    fn cited(&self, keys: &[String]) -> Vec<Inline> {
        evenhand_report::paper::joined(keys.iter().map(|key| vec![self.work(key)]), "; ")
    }

    /// A short name of a work: authors and year.
    fn work(&self, key: &str) -> Inline {
        let Some(entry) = self.book.sources().get(key) else {
            return Inline::Code(key.to_owned());
        };
        let authors = entry.authors.split([',', ';']).next().unwrap_or_default();
        let authors = if authors.trim().is_empty() {
            &entry.title
        } else {
            authors.trim()
        };
        let more = if entry.authors.contains([',', ';']) {
            " and others"
        } else {
            ""
        };
        let year = entry
            .year
            .map(|year| format!(" {year}"))
            .unwrap_or_default();
        here(&bibliography::id(key), format!("{authors}{more}{year}"))
    }
}
