//! Programs as bytes: a program that has packs built in makes theirs ready when it is built, and a start parses none of them.
//!
//! Names of fields and of plugins' functions are kept as names and found again where a program is read, so that it fits
//! whatever fields and plugins are added. What cannot be read is made ready from its script instead.

mod read;
#[cfg(test)]
mod tests;
mod write;

use super::code::Program;
use crate::schema::Schema;
use crate::source::Source;
use std::ops::Range;
use std::sync::Arc;

pub(crate) use write::Writer;

/// The programs of a pack, as they stand in the bytes that were written when it was built in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stored(Option<Arc<Shelf>>);

#[derive(Debug)]
struct Shelf {
    bytes: &'static [u8],
    /// Names and texts, each once.
    texts: Vec<&'static str>,
    /// Sorted by id.
    programs: Vec<Entry>,
    /// The functions of the library, each with its file.
    library: Vec<(&'static str, &'static str)>,
}

#[derive(Debug)]
struct Entry {
    id: &'static str,
    /// The script that the form of the page stands for, with the part of the page that each line comes from.
    script: Option<(&'static str, Vec<Range<usize>>)>,
    at: Range<usize>,
}

/// The program of one rule, to be read when the rule is first asked.
#[derive(Debug, Clone)]
pub(crate) struct StoredProgram {
    shelf: Arc<Shelf>,
    index: usize,
}

/// What a program needs that is not in its bytes.
pub(crate) struct Around<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) plugins: super::Find<'a>,
    /// The file of this name in the pack.
    pub(crate) file: &'a dyn Fn(&str) -> Option<Source>,
}

impl Stored {
    /// Programs that were written before; none where the bytes are of another kind.
    pub(crate) fn from_bytes(bytes: &'static [u8]) -> Self {
        Self(read::shelf(bytes).map(Arc::new))
    }

    /// The program of a rule.
    pub(crate) fn program(&self, id: &str) -> Option<StoredProgram> {
        let shelf = self.0.as_ref()?;
        let index = shelf.programs.binary_search_by_key(&id, |entry| entry.id);
        Some(StoredProgram {
            shelf: Arc::clone(shelf),
            index: index.ok()?,
        })
    }

    /// The functions of the pack's library, each with its file; none where nothing was stored.
    pub(crate) fn library(&self) -> Option<&[(&'static str, &'static str)]> {
        self.0.as_ref().map(|shelf| shelf.library.as_slice())
    }
}

impl StoredProgram {
    /// The script of a rule whose page judges by a form, which stands in the page.
    pub(crate) fn script(&self, page: &Source) -> Option<Source> {
        let (text, spans) = self.entry()?.script.as_ref()?;
        Some(Source::generated((*text).to_owned(), page, spans.clone()))
    }

    /// Whether the page judges by a form.
    pub(crate) fn is_form(&self) -> bool {
        self.entry().is_some_and(|entry| entry.script.is_some())
    }

    /// What runs; nothing where it has to be made ready anew. `script` is that of the rule.
    pub(crate) fn read(&self, around: &Around<'_>, script: &Source) -> Option<Program> {
        read::program(&self.shelf, self.entry()?.at.clone(), around, script)
    }

    fn entry(&self) -> Option<&Entry> {
        self.shelf.programs.get(self.index)
    }
}
