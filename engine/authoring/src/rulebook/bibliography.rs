//! The works that rules, prompts, plugins and terms rest on.

use super::Writer;
use super::rule::id as rule_id;
use evenhand_core::pack::SourceEntry;
use evenhand_report::paper::{
    Address, Block, Inline, Section, Term, code, here, joined, prose, text,
};
use std::collections::{BTreeMap, BTreeSet};

/// What links to a work are called.
pub(super) fn id(key: &str) -> String {
    format!("source-{key}")
}

impl Writer<'_> {
    pub(super) fn bibliography(&self) -> Section {
        let cited = self.citing();
        let terms = self.book.sources().iter().map(|(key, entry)| {
            let mut blocks = Vec::new();
            if !entry.note.is_empty() {
                blocks.extend(prose(&entry.note));
            }
            let by = cited
                .get(key)
                .into_iter()
                .flatten()
                .map(|place| vec![here(&place.0, place.1.clone())]);
            let by = joined(by, ", ");
            if !by.is_empty() {
                let mut line = vec![text("Cited by ")];
                line.extend(by);
                line.push(text("."));
                blocks.push(Block::Paragraph(line));
            }
            Term {
                id: Some(id(key)),
                name: work(key, entry),
                blocks,
            }
        });
        Section {
            id: "bibliography".to_owned(),
            title: vec![text("Bibliography")],
            blocks: [
                prose("Each work with its key. What a note says was seen is what was read; a work marked as *from memory* is known only from others who cite it, and is to be verified before anybody leans on it."),
                vec![Block::Terms(terms.collect())],
            ]
            .concat(),
            sections: Vec::new(),
        }
    }

    /// For each work the places that cite it: where they are, and what they are called.
    fn citing(&self) -> BTreeMap<&str, BTreeSet<(String, String)>> {
        let mut cited: BTreeMap<&str, BTreeSet<(String, String)>> = BTreeMap::new();
        for rule in self.book.rules() {
            let place = (rule_id(&rule.page.id), rule.page.id.clone());
            let own = rule
                .page
                .sources
                .iter()
                .map(|citation| citation.key.as_str());
            let params = rule
                .page
                .params
                .iter()
                .filter_map(|param| param.source.as_deref());
            let params = params.map(|source| source.split('#').next().unwrap_or(source));
            for key in own.chain(params) {
                cited.entry(key).or_default().insert(place.clone());
            }
        }
        for (manifest, _) in self.book.manifests() {
            let place = (
                super::plugin::id(&manifest.id),
                format!("plugin {}", manifest.id),
            );
            for source in &manifest.sources {
                cited.entry(&source.key).or_default().insert(place.clone());
            }
        }
        for term in &self.glossary.terms {
            let place = (super::glossary::id(&term.id), format!("“{}”", term.term));
            for key in &term.sources {
                cited.entry(key).or_default().insert(place.clone());
            }
        }
        cited
    }
}

/// One line of a bibliography, with its address as a link.
fn work(key: &str, entry: &SourceEntry) -> Vec<Inline> {
    let plain = SourceEntry {
        doi: None,
        url: None,
        ..entry.clone()
    };
    let mut line = vec![text(format!("{} ", plain.cite()))];
    line.extend(address(entry));
    line.push(text(format!("{} ", seen(entry))));
    line.push(code(key));
    line
}

/// The link to a work, if it has one.
pub(super) fn address(entry: &SourceEntry) -> Vec<Inline> {
    let address = match (&entry.doi, &entry.url) {
        (Some(doi), _) => Address::doi(doi),
        (None, Some(url)) => Address::web(url),
        (None, None) => None,
    };
    match address {
        Some(address) => {
            let shown = text(address.as_str());
            vec![Inline::Link(address, vec![shown])]
        }
        // What cannot be a link is still shown.
        None => entry.url.iter().map(|url| text(url.clone())).collect(),
    }
}

/// Whether the text was read.
pub(super) fn seen(entry: &SourceEntry) -> &'static str {
    if entry.seen {
        " (seen)"
    } else {
        " (from memory, to be verified)"
    }
}
