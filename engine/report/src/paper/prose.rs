//! What a pack wrote in Markdown, as blocks. Raw HTML is text, a picture is its description, a link that does not go
//! to the web is its words.

use super::{Address, Block, Inline, Table};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Reads Markdown.
pub fn prose(markdown: &str) -> Vec<Block> {
    let mut reader = Reader {
        open: vec![Open::default()],
    };
    let mut fold = Fold::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        reader.event(event, &mut fold);
    }
    reader.finish()
}

/// Reads Markdown of which only one line is wanted: paragraphs and lists run together.
pub fn prose_line(markdown: &str) -> Vec<Inline> {
    fn line(blocks: Vec<Block>, found: &mut Vec<Vec<Inline>>) {
        for block in blocks {
            match block {
                Block::Paragraph(inline) => found.push(inline),
                Block::List { items, .. } => {
                    for item in items {
                        line(item, found);
                    }
                }
                Block::Code(text) => found.push(vec![Inline::Code(text.trim().to_owned())]),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    line(prose(markdown), &mut found);
    super::joined(found, " ")
}

/// What is open at one depth: blocks done, and the running text of the next.
#[derive(Default)]
struct Open {
    blocks: Vec<Block>,
    inline: Vec<Inline>,
    what: What,
}

#[derive(Default)]
enum What {
    #[default]
    Group,
    Strong,
    Emphasis,
    Link(Option<Address>),
    List(Option<u64>, Vec<Vec<Block>>),
    Table(Table),
    Row(Vec<Vec<Inline>>),
}

/// Where the reader is that does not nest.
#[derive(Default)]
struct Fold {
    code: Option<String>,
    heading: bool,
}

struct Reader {
    open: Vec<Open>,
}

impl Reader {
    fn top(&mut self) -> Option<&mut Open> {
        self.open.last_mut()
    }

    fn push(&mut self, what: What) {
        self.open.push(Open {
            what,
            ..Open::default()
        });
    }

    fn inline(&mut self, piece: Inline) {
        if let Some(top) = self.top() {
            match (top.inline.last_mut(), piece) {
                (Some(Inline::Text(before)), Inline::Text(more)) => before.push_str(&more),
                (_, piece) => top.inline.push(piece),
            }
        }
    }

    /// Running text so far becomes a paragraph.
    fn flush(&mut self) {
        if let Some(top) = self.top() {
            let inline = std::mem::take(&mut top.inline);
            if !inline.is_empty() {
                top.blocks.push(Block::Paragraph(inline));
            }
        }
    }

    fn event(&mut self, event: Event<'_>, fold: &mut Fold) {
        match event {
            Event::Text(words) | Event::Html(words) | Event::InlineHtml(words) => {
                match &mut fold.code {
                    Some(text) => text.push_str(&words),
                    None => self.inline(super::text(words.as_ref())),
                }
            }
            Event::Code(words) => self.inline(super::code(words.as_ref())),
            Event::SoftBreak | Event::HardBreak => self.inline(super::text(" ")),
            Event::Start(tag) => self.start(&tag, fold),
            Event::End(tag) => self.end(tag, fold),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, fold: &mut Fold) {
        match tag {
            Tag::Strong => self.push(What::Strong),
            Tag::Emphasis => self.push(What::Emphasis),
            Tag::Link { dest_url, .. } => self.push(What::Link(Address::web(dest_url))),
            Tag::Heading { .. } => {
                self.flush();
                fold.heading = true;
                self.push(What::Strong);
            }
            Tag::CodeBlock(_) => {
                self.flush();
                fold.code = Some(String::new());
            }
            Tag::List(start) => {
                self.flush();
                self.push(What::List(*start, Vec::new()));
            }
            Tag::Table(_) => {
                self.flush();
                self.push(What::Table(Table::default()));
            }
            Tag::TableHead | Tag::TableRow => self.push(What::Row(Vec::new())),
            Tag::Item | Tag::TableCell => self.push(What::Group),
            Tag::Paragraph | Tag::HtmlBlock | Tag::BlockQuote(_) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, fold: &mut Fold) {
        match tag {
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link => self.close_inline(),
            TagEnd::Heading(_) => {
                self.close_inline();
                fold.heading = false;
                self.flush();
            }
            TagEnd::CodeBlock => {
                if let (Some(text), Some(top)) = (fold.code.take(), self.open.last_mut()) {
                    top.blocks.push(Block::Code(text));
                }
            }
            TagEnd::Item => {
                self.flush();
                let item = self.open.pop().unwrap_or_default().blocks;
                if let Some(What::List(_, items)) = self.top().map(|top| &mut top.what) {
                    items.push(item);
                }
            }
            TagEnd::TableCell => {
                let cell = self.open.pop().unwrap_or_default().inline;
                if let Some(What::Row(cells)) = self.top().map(|top| &mut top.what) {
                    cells.push(cell);
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => self.close_row(tag == TagEnd::TableHead),
            TagEnd::List(_) | TagEnd::Table => self.close_block(),
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::BlockQuote(_) => self.flush(),
            _ => {}
        }
    }

    fn close_inline(&mut self) {
        let Some(done) = self.open.pop() else { return };
        let piece = match done.what {
            What::Emphasis => Inline::Emphasis(done.inline),
            What::Link(Some(address)) => Inline::Link(address, done.inline),
            What::Link(None) => {
                for piece in done.inline {
                    self.inline(piece);
                }
                return;
            }
            _ => Inline::Strong(done.inline),
        };
        self.inline(piece);
    }

    fn close_row(&mut self, head: bool) {
        let row = self.open.pop().unwrap_or_default().what;
        if let (What::Row(cells), Some(What::Table(table))) =
            (row, self.top().map(|top| &mut top.what))
        {
            if head {
                table.head = cells.iter().map(|cell| plain(cell)).collect();
            } else {
                table.rows.push(cells);
            }
        }
    }

    fn close_block(&mut self) {
        let done = self.open.pop().unwrap_or_default();
        let block = match done.what {
            What::List(start, items) => Block::List { start, items },
            What::Table(table) => Block::Table(table),
            _ => return,
        };
        if let Some(top) = self.top() {
            top.blocks.push(block);
        }
    }

    fn finish(mut self) -> Vec<Block> {
        while self.open.len() > 1 {
            self.close_inline();
        }
        self.flush();
        self.open.pop().unwrap_or_default().blocks
    }
}

/// The words of running text.
pub(crate) fn plain(inline: &[Inline]) -> String {
    inline
        .iter()
        .map(|piece| match piece {
            Inline::Text(words) | Inline::Code(words) => words.clone(),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Link(_, inner) => {
                plain(inner)
            }
            Inline::Anchor(_) => String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::{code, text};

    #[test]
    fn raw_html_and_foreign_links_are_text() {
        let found = prose(
            "a <b onclick=x>b</b> [c](javascript:x) ![d](https://example.org/e.png) [f](https://example.org)",
        );
        let Some(Block::Paragraph(inline)) = found.first() else {
            panic!("{found:?}")
        };
        assert_eq!(inline.first(), Some(&text("a <b onclick=x>b</b> c d ")));
        assert!(
            matches!(inline.get(1), Some(Inline::Link(to, _)) if to.as_str() == "https://example.org")
        );
        assert_eq!(inline.len(), 2);
        let block = prose("<script>\nalert(1)\n</script>\n\nafter");
        assert_eq!(
            plain_of(&block),
            ["<script>\nalert(1)\n</script>\n", "after"]
        );
    }

    #[test]
    fn lists_tables_code_and_headings_keep_their_shape() {
        let found = prose(
            "### Head\n\n- a\n- b `c`\n\n| x | y |\n|---|---|\n| 1 | **2** |\n\n```\n  code\n```\n",
        );
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(
            found[0],
            Block::Paragraph(vec![Inline::Strong(vec![text("Head")])])
        );
        let Block::List { items, .. } = &found[1] else {
            panic!()
        };
        assert_eq!(items[1], [Block::Paragraph(vec![text("b "), code("c")])]);
        let Block::Table(table) = &found[2] else {
            panic!()
        };
        assert_eq!((table.head.len(), table.rows.len()), (2, 1));
        assert_eq!(found[3], Block::Code("  code\n".to_owned()));
    }

    fn plain_of(blocks: &[Block]) -> Vec<String> {
        blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph(inline) => plain(inline),
                other => format!("{other:?}"),
            })
            .collect()
    }
}
