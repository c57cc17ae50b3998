//! A document for people before it is HTML or Markdown: sections of text, tables and pictures.
//!
//! What a pack or a plugin wrote gets in as text only: links go to the web or to a place of the same document, and
//! both writers escape everything that is theirs to read.

use evenhand_diagnostic::words::Words;

mod bars;
pub mod chart;
mod docx;
mod html;
mod markdown;
mod moves;
mod picture;
mod prose;
mod ranges;

pub use bars::{Bar, Bars};
pub use chart::Chart;
pub use docx::docx;
pub use html::{html, html_body};
pub use markdown::{escaped as escaped_markdown, markdown, pieces as markdown_pieces};
pub use moves::{Move, Moves};
pub(crate) use prose::plain;
pub use prose::{prose, prose_line};
pub use ranges::{Range, Ranges};

/// A format of documents.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// What it is called where a format is asked for.
    pub name: &'static str,
    /// What it is for, in a line.
    pub about: &'static str,
    /// The ending of a file in it, without the dot.
    pub extension: &'static str,
    /// Whether a terminal can show it.
    pub is_text: bool,
    /// Writes a document; what is not the document's (contents, footer) is in the language of the words.
    pub write: fn(&Paper, &dyn Words) -> Vec<u8>,
}

/// HTML, in which documents are written where nothing else was asked for.
pub const HTML: Format = Format {
    name: "html",
    about: "one file to read, print and hand in",
    extension: "html",
    is_text: true,
    write: |paper, words| html(paper, words).into_bytes(),
};

/// All formats of documents.
pub const FORMATS: &[Format] = &[
    HTML,
    Format {
        name: "markdown",
        about: "for minutes and pull requests",
        extension: "md",
        is_text: true,
        write: |paper, _| markdown(paper).into_bytes(),
    },
    Format {
        name: "docx",
        about: "for word processors, to comment on and to hand in",
        extension: "docx",
        is_text: false,
        write: docx,
    },
];

/// A whole document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paper {
    /// Its title.
    pub title: String,
    /// The language it is in, as a BCP 47 tag.
    pub language: String,
    /// What comes before the first section.
    pub opening: Vec<Block>,
    /// Its parts.
    pub sections: Vec<Section>,
}

/// A part of a document, with a heading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// What links to it are called; letters, digits and hyphens.
    pub id: String,
    /// The heading.
    pub title: Vec<Inline>,
    /// What stands under it.
    pub blocks: Vec<Block>,
    /// Parts of the part.
    pub sections: Vec<Section>,
}

/// A piece that stands for itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A list; numbered from `start` if there is one.
    List {
        /// The first number.
        start: Option<u64>,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// A table with a heading for each column.
    Table(Table),
    /// Text in which every space counts.
    Code(String),
    /// Terms, each with what is said of it.
    Terms(Vec<Term>),
    /// A picture of a curve.
    Chart(Chart),
    /// A picture of ranges; the same stands in a table beside it.
    Ranges(Ranges),
    /// A picture of amounts with their ranges; the same stands in a table beside it.
    Bars(Bars),
    /// A picture of ranges before and after; the same stands in a table beside it.
    Moves(Moves),
    /// Room to write in by hand.
    Room,
    /// Something for those who want to know more.
    Folded {
        /// What is in it.
        summary: String,
        /// The inside.
        blocks: Vec<Block>,
    },
}

/// A table; every row has as many cells as there are headings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// What the table shows, in a line.
    pub caption: String,
    /// The headings of the columns.
    pub head: Vec<String>,
    /// The rows; the first cell names the row.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// A term and what is said of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Term {
    /// What links to it are called, if anything links to it.
    pub id: Option<String>,
    /// The term.
    pub name: Vec<Inline>,
    /// What is said of it.
    pub blocks: Vec<Block>,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Text.
    Text(String),
    /// A name, path or value as it is typed.
    Code(String),
    /// Text that matters more.
    Strong(Vec<Inline>),
    /// Text that is stressed.
    Emphasis(Vec<Inline>),
    /// A link.
    Link(Address, Vec<Inline>),
    /// A place that links can go to.
    Anchor(String),
}

/// Where a link goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// A page of the web; none for any scheme but `http` and `https`.
    pub fn web(url: &str) -> Option<Self> {
        let lower = url.to_ascii_lowercase();
        let known = lower.starts_with("https://") || lower.starts_with("http://");
        let clean = !url
            .chars()
            .any(|c| c.is_whitespace() || evenhand_diagnostic::text::is_hidden(c));
        (known && clean).then(|| Self(quoted(url)))
    }

    /// A work by its digital object identifier.
    pub fn doi(doi: &str) -> Option<Self> {
        let encoded: String = doi.chars().map(encoded).collect();
        Self::web(&format!("https://doi.org/{encoded}"))
    }

    /// A place of the same document.
    pub fn here(id: &str) -> Self {
        Self(format!("#{}", slug(id)))
    }

    /// A file beside the document, as the generator of a page knows it; never what a pack wrote.
    pub fn file(path: &str) -> Self {
        Self(path.to_owned())
    }

    /// As it is written in a link.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it leaves the document and its folder.
    pub(crate) fn is_web(&self) -> bool {
        self.0.starts_with("http")
    }
}

/// What may not stand as it is in an address, neither in HTML nor in Markdown.
fn quoted(url: &str) -> String {
    url.chars()
        .map(|c| match c {
            '<' | '>' | '(' | ')' | '"' | '\'' | '\\' | '`' | '[' | ']' | '|' => encoded(c),
            c => c.to_string(),
        })
        .collect()
}

fn encoded(c: char) -> String {
    if c.is_ascii_alphanumeric() || "-._~/:;".contains(c) {
        return c.to_string();
    }
    let mut shown = String::new();
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        shown.push_str(&format!("%{byte:02X}"));
    }
    shown
}

/// A name as part of an address: small letters and digits, everything else one hyphen.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Text.
pub fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

/// A name, path or value as it is typed.
pub fn code(text: impl Into<String>) -> Inline {
    Inline::Code(text.into())
}

/// Text that matters more.
pub fn strong(words: impl Into<String>) -> Inline {
    Inline::Strong(vec![text(words)])
}

/// A link to a place of the same document.
pub fn here(id: &str, words: impl Into<String>) -> Inline {
    Inline::Link(Address::here(id), vec![text(words)])
}

/// A paragraph of plain text.
pub fn paragraph(words: impl Into<String>) -> Block {
    Block::Paragraph(vec![text(words)])
}

/// A list of lines.
pub fn lines(items: Vec<Vec<Inline>>) -> Block {
    Block::List {
        start: None,
        items: items
            .into_iter()
            .map(|item| vec![Block::Paragraph(item)])
            .collect(),
    }
}

/// Pieces with something between each two.
pub fn joined(pieces: impl IntoIterator<Item = Vec<Inline>>, between: &str) -> Vec<Inline> {
    let mut joined = Vec::new();
    for piece in pieces {
        if !joined.is_empty() {
            joined.push(text(between));
        }
        joined.extend(piece);
    }
    joined
}

/// Characters that do not show do nothing in a report; line breaks and tabs stay.
fn visible(text: &str) -> String {
    evenhand_diagnostic::text::visible_lines(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_go_to_the_web_and_nowhere_else() {
        for url in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//example.org/x",
            "vbscript:x",
            "https://example.org/\njavascript:x",
            " https://example.org",
        ] {
            assert_eq!(Address::web(url), None, "{url}");
        }
        let address = Address::web("https://example.org/a?b=c&d=\"><script>").unwrap();
        assert_eq!(
            address.as_str(),
            "https://example.org/a?b=c&d=%22%3E%3Cscript%3E"
        );
        let doi = Address::doi("10.1016/S0140-6736(10)61854-5").unwrap();
        assert_eq!(
            doi.as_str(),
            "https://doi.org/10.1016/S0140-6736%2810%2961854-5"
        );
    }

    #[test]
    fn slugs_hold_nothing_that_could_be_read_otherwise() {
        assert_eq!(slug("ethics/scope-of-practice"), "ethics-scope-of-practice");
        assert_eq!(slug("\"><script>Ünder"), "script-nder");
        assert_eq!(slug("flows[].weeks"), "flows-weeks");
    }
}
