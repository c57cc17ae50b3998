//! A document as Markdown, for minutes, repositories and the book of documentation.

use super::{Block, Inline, Paper, Section, Table, Term, slug, visible};
use evenhand_diagnostic::text::number;

/// Writes a document as Markdown. The only HTML in it is the places that links go to, and folded parts.
pub fn markdown(paper: &Paper) -> String {
    let mut parts = vec![format!("# {}", escaped(&paper.title))];
    parts.extend(paper.opening.iter().map(block));
    for part in &paper.sections {
        section(part, 2, &mut parts);
    }
    parts.retain(|part| !part.is_empty());
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

/// Pieces of a document as Markdown, with an empty line between each two.
pub fn pieces(blocks: &[Block]) -> String {
    let mut parts: Vec<String> = blocks.iter().map(block).collect();
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn section(part: &Section, depth: usize, parts: &mut Vec<String>) {
    if !part.id.is_empty() {
        parts.push(anchor(&part.id));
    }
    let marks = "#".repeat(depth.min(6));
    parts.push(format!("{marks} {}", line(&part.title)));
    parts.extend(part.blocks.iter().map(block));
    for inner in &part.sections {
        section(inner, depth + 1, parts);
    }
}

fn anchor(id: &str) -> String {
    format!("<a id=\"{}\"></a>", slug(id))
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(inline) => start_escaped(&line(inline)),
        Block::List { start, items } => list(*start, items),
        Block::Table(table) => self::table(table),
        Block::Code(text) => fenced(text),
        Block::Terms(terms) => terms.iter().map(term).collect::<Vec<_>>().join("\n"),
        Block::Chart(chart) => {
            let rows = chart.points.iter().map(|(x, y)| {
                let usual = chart.usual_at(*x).filter(|_| chart.usual.is_some());
                let mut row = vec![vec![super::text(number(*x))], vec![super::text(number(*y))]];
                row.extend(usual.map(|y| vec![super::text(number(y))]));
                row
            });
            let mut head = vec![chart.across.clone(), chart.up.clone()];
            head.extend(
                chart
                    .usual
                    .as_ref()
                    .map(|_| format!("{} usually", chart.up)),
            );
            table(&Table {
                caption: String::new(),
                head,
                rows: rows.collect(),
            })
        }
        // The table beside it says the same.
        Block::Ranges(_) | Block::Bars(_) | Block::Moves(_) => String::new(),
        Block::Room => "…".to_owned(),
        Block::Folded { summary, blocks } => format!(
            "<details><summary>{}</summary>\n\n{}\n\n</details>",
            evenhand_diagnostic::text::escape_html(&visible(summary)),
            self::blocks(blocks)
        ),
    }
}

fn blocks(blocks: &[Block]) -> String {
    let parts = blocks.iter().map(block);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

fn list(start: Option<u64>, items: &[Vec<Block>]) -> String {
    let items = items.iter().zip(start.unwrap_or(1)..).map(|(item, count)| {
        let mark = start.map_or_else(|| "- ".to_owned(), |_| format!("{count}. "));
        indented(&mark, &blocks(item))
    });
    items.collect::<Vec<_>>().join("\n")
}

fn term(term: &Term) -> String {
    let mut text = term.id.as_deref().map(anchor).unwrap_or_default();
    text.push_str(&format!("**{}**", line(&term.name)));
    // What is said in running text follows on the same line; the rest below.
    let mut rest = term.blocks.as_slice();
    if let Some((Block::Paragraph(inline), after)) = rest.split_first() {
        text.push_str(&format!(": {}", line(inline)));
        rest = after;
    }
    if !rest.is_empty() {
        text.push_str("\n\n");
        text.push_str(&blocks(rest));
    }
    indented("- ", &text)
}

/// A block behind a mark, its further lines as far in.
fn indented(mark: &str, text: &str) -> String {
    let space = " ".repeat(mark.len());
    let mut shown = String::from(mark);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            shown.push('\n');
            if !line.is_empty() {
                shown.push_str(&space);
            }
        }
        shown.push_str(line);
    }
    shown
}

fn table(table: &Table) -> String {
    let row = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let mut rows = Vec::new();
    if !table.caption.is_empty() {
        rows.push(format!("*{}*", escaped(&table.caption)));
        rows.push(String::new());
    }
    let head: Vec<String> = table.head.iter().map(|cell| escaped(cell)).collect();
    rows.push(row(&head));
    rows.push(row(&vec!["---".to_owned(); head.len()]));
    for cells in &table.rows {
        let cells: Vec<String> = cells.iter().map(|inline| cell(inline)).collect();
        rows.push(row(&cells));
    }
    rows.join("\n")
}

fn fenced(text: &str) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}", visible(text).trim_end())
}

/// Running text on one line.
fn line(inline: &[Inline]) -> String {
    inline.iter().map(|part| piece(part, false)).collect()
}

/// The same in a cell of a table, where a bar ends the cell even inside code.
fn cell(inline: &[Inline]) -> String {
    inline.iter().map(|part| piece(part, true)).collect()
}

fn piece(part: &Inline, in_cell: bool) -> String {
    let all = if in_cell { cell } else { line };
    match part {
        Inline::Text(words) => escaped(words),
        Inline::Code(words) if in_cell => span(words).replace('|', "\\|"),
        Inline::Code(words) => span(words),
        Inline::Strong(inner) => around("**", &all(inner)),
        Inline::Emphasis(inner) => around("*", &all(inner)),
        Inline::Link(to, inner) => format!("[{}]({})", all(inner), to.as_str()),
        Inline::Anchor(id) => anchor(id),
    }
}

/// Marks stand at the words, not at the spaces around them.
fn around(mark: &str, words: &str) -> String {
    let inner = words.trim();
    if inner.is_empty() {
        return words.to_owned();
    }
    let lead = &words
        .chars()
        .take_while(|c| c.is_whitespace())
        .collect::<String>();
    let tail = words.chars().rev().take_while(|c| c.is_whitespace());
    format!("{lead}{mark}{inner}{mark}{}", tail.collect::<String>())
}

/// A code span, whatever is in it.
fn span(words: &str) -> String {
    let words = visible(words).replace(['\n', '\t'], " ");
    let longest = words
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let mark = "`".repeat(longest + 1);
    let space = if words.starts_with('`') || words.ends_with('`') {
        " "
    } else {
        ""
    };
    if words.trim().is_empty() {
        return escaped(&words);
    }
    format!("{mark}{space}{words}{space}{mark}")
}

/// Text in which nothing is read as Markdown or HTML.
pub fn escaped(words: &str) -> String {
    let mut text = String::new();
    for c in visible(words).chars() {
        match c {
            '\n' | '\t' => text.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' => {
                text.push('\\');
                text.push(c);
            }
            c => text.push(c),
        }
    }
    text
}

/// A paragraph that begins like a heading, a list or a quotation is still a paragraph.
fn start_escaped(text: &str) -> String {
    let text = text.trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    if text.starts_with(['#', '+', '-', '=']) {
        return format!("\\{text}");
    }
    let after: String = text.chars().skip(digits).collect();
    if digits > 0 && after.starts_with(['.', ')']) {
        let number: String = text.chars().take(digits).collect();
        return format!("{number}\\{after}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::{code, paragraph, prose, text};
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    fn read_back(written: &str) -> (String, bool) {
        let mut words = String::new();
        let mut foreign = false;
        for event in Parser::new_ext(written, Options::ENABLE_TABLES) {
            match event {
                Event::Text(part) | Event::Code(part) => words.push_str(&part),
                Event::SoftBreak => words.push(' '),
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                _ => foreign = true,
            }
        }
        (words, foreign)
    }

    proptest! {
        #[test]
        fn a_paragraph_comes_back_as_the_same_words_and_nothing_else(words in "[ -~éж東]{0,40}") {
            let written = block(&paragraph(words.clone()));
            let (back, foreign) = read_back(&written);
            prop_assert!(!foreign, "{written}");
            prop_assert_eq!(back.trim(), words.trim());
        }

        #[test]
        fn code_comes_back_as_written(words in "[!-~][ -~]{0,20}[!-~]") {
            let written = block(&Block::Paragraph(vec![code(words.clone())]));
            let (back, foreign) = read_back(&written);
            prop_assert!(!foreign, "{written}");
            prop_assert_eq!(back, words);
        }
    }

    #[test]
    fn cells_stay_in_their_table() {
        let table = Table {
            caption: String::new(),
            head: vec!["a|b".to_owned(), "c".to_owned()],
            rows: vec![vec![vec![code("x|y")], vec![text("1 | 2\n3")]]],
        };
        let found = prose(&self::table(&table));
        let Some(Block::Table(back)) = found.first() else {
            panic!("{found:?}")
        };
        assert_eq!(back.head, ["a|b", "c"]);
        assert_eq!(back.rows, [[vec![code("x|y")], vec![text("1 | 2 3")]]]);
    }
}
