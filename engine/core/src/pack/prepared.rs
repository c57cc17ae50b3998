//! What judging needs of a pack, read once when the pack is built into a program.
//!
//! Reading pages and schema with the place of everything in them takes longer than judging by them. A program that has a
//! pack built in reads them when it is built, and keeps the settings of the pages and the fields of the schema; the prose
//! of a page is read from its file when somebody asks for it.

use super::{PackFiles, Sources};
use crate::program::stored::{Stored, Writer};
use crate::rule::Page;
use crate::rule::compiler::Compiler;
use crate::rule::form;
use crate::schema::{self, Schema};
use crate::source::Source;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The settings of a pack's pages and the fields of its schema.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Prepared {
    pages: BTreeMap<String, Page>,
    schema: Option<Schema>,
    sources: Option<Sources>,
    #[serde(skip)]
    pub(crate) stored: Stored,
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
            sources: pack.sources().ok(),
            stored: Stored::default(),
        }
    }

    /// The programs of the pack's rules as bytes, for [`Self::with_programs`] of the same engine. What cannot be made ready
    /// is left out, and complained of where the pack is used.
    pub fn programs(&self, pack: &PackFiles) -> Vec<u8> {
        let mut writer = Writer::default();
        if let Some(schema) = &self.schema {
            store(pack, &self.pages, schema, &mut writer);
        }
        writer.into_bytes()
    }

    /// The pack's bibliography.
    pub(super) fn sources(&self) -> Option<&Sources> {
        self.sources.as_ref()
    }

    /// The same with the programs of the pack's rules.
    #[must_use]
    pub fn with_programs(mut self, programs: &'static [u8]) -> Self {
        self.stored = Stored::from_bytes(programs);
        self
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

/// Puts every program of a pack into `writer`.
fn store(pack: &PackFiles, pages: &BTreeMap<String, Page>, schema: &Schema, writer: &mut Writer) {
    // Files stand in the bytes by their paths in the pack, wherever it lies.
    let pack = &PackFiles {
        folder: String::new(),
        ..pack.clone()
    };
    let mut compiler = Compiler::new();
    for id in pack.scripts().filter(|id| id.starts_with("lib/")) {
        let path = format!("{id}.rhai");
        let Some(Ok(source)) = pack.source(&path) else {
            return;
        };
        if compiler.add_library(&path, &source).is_err() {
            return;
        }
    }
    for (function, source) in compiler.library_files() {
        writer.library(function, source.name());
    }
    // Which plugins take part is known later: until then every name that nothing else has may be a function of theirs.
    let named = RefCell::new(Vec::new());
    let plugins = |name: &str| {
        let mut named = named.borrow_mut();
        named.push(name.to_owned());
        Some((0, named.len() - 1))
    };
    for (id, page) in pages {
        let script = pack.source(&format!("{id}.rhai")).and_then(Result::ok);
        let (source, form) = match script {
            Some(source) => (source, None),
            None => match of_form(schema, page) {
                Some(source) => {
                    let written = (source.text().to_owned(), source.origins());
                    (source, Some(written))
                }
                None => continue,
            },
        };
        let Ok(script) = compiler.rule(source) else {
            continue;
        };
        if let Ok(program) = compiler.program(&script, schema, &plugins) {
            writer.add(id, form, &script.source, program, &named.borrow());
        }
    }
    let host_side = pack.info().map(|info| info.host_side).unwrap_or_default();
    if let Some(program) = compiler.library_program(&host_side, schema, &plugins)
        && let Some((_, source)) = compiler
            .library_files()
            .find(|(name, _)| *name == host_side)
    {
        let id = format!("lib/{host_side}");
        writer.add(&id, None, source, &program, &named.borrow());
    }
}

/// The script that the form of a page stands for.
fn of_form(schema: &Schema, page: &Page) -> Option<Source> {
    let form = form::read(schema, page, page.form.as_ref()?).ok()?;
    Some(form::script(schema, page, &form))
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
