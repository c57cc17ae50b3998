//! What judging needs of a pack, read once when the pack is built into a program.
//!
//! Reading pages and schema with the place of everything in them takes longer than judging by them. A program that has a
//! pack built in reads them when it is built, and keeps the settings of the pages and the fields of the schema; the prose
//! of a page is read from its file when somebody asks for it.

use super::PackFiles;
use crate::rule::Page;
use crate::schema::{self, Schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The settings of a pack's pages and the fields of its schema.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Prepared {
    pages: BTreeMap<String, Page>,
    schema: Option<Schema>,
}

impl Prepared {
    /// Reads what can be read. Pages and schemas with mistakes are left out, so that they are read, and complained of,
    /// where the pack is used.
    pub fn of(pack: &PackFiles) -> Self {
        let pages = pack.rule_ids().into_iter().filter_map(|id| {
            let source = pack.source(&format!("{id}.md"))?.ok()?;
            let page = Page::parse(&id, source).ok()?;
            Some((id, page))
        });
        let schema = || schema::parse(&pack.document("schema.json")?.ok()?).ok();
        Self {
            pages: pages.collect(),
            schema: schema(),
        }
    }

    /// As text, for [`Self::from_text`] of the same engine.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What [`Self::to_text`] wrote; from any other text nothing is taken, and everything is read from the files.
    pub fn from_text(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl PackFiles {
    /// A pack that is built into a program, whose build read these files: path, SHA-256 and bytes of each.
    pub fn built_in(
        folder: &str,
        files: &[(&'static str, &'static str, &'static [u8])],
        prepared: Prepared,
    ) -> Self {
        let mut pack = Self {
            folder: folder.to_owned(),
            checked: true,
            bundled: true,
            prepared,
            ..Self::default()
        };
        for (path, digest, bytes) in files {
            pack.files.insert((*path).to_owned(), (*bytes).into());
            pack.digests
                .insert((*path).to_owned(), (*digest).to_owned());
        }
        pack
    }

    /// A rule's page that was read before; it is taken, for it is needed once.
    pub(crate) fn take_page(&mut self, id: &str) -> Option<Page> {
        let page = self.prepared.pages.remove(id)?;
        let source = self.source(&format!("{id}.md"))?.ok()?;
        Some(page.written_in(source))
    }

    /// The schema that was read before.
    pub(crate) fn take_schema(&mut self) -> Option<Schema> {
        let schema = self.prepared.schema.take()?;
        Some(schema.written_in(self.source("schema.json")?.ok()?))
    }
}
