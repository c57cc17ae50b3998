//! A document as one HTML file that asks nothing of any network: style and pictures stand in it, scripts there are none.

use super::{Block, Inline, Paper, Section, Table, Term, slug, visible};
use evenhand_diagnostic::text::escape_html as escaped;
use evenhand_diagnostic::words::Words;

/// The style; light and dark, screen and paper.
const STYLE: &str = include_str!("paper.css");

/// Even if something foreign got in, a browser would not load or run it.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes a document as HTML; what the page itself says (contents, skip link, footer) is in the language of `speech`.
pub fn html(paper: &Paper, speech: &dyn Words) -> String {
    let mut page = Page {
        contents: escaped(speech.word("Contents")),
        text: String::new(),
        captions: 0,
    };
    let title = escaped(&visible(&paper.title));
    let language = slug(&paper.language);
    page.line(&format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"Evenhand {}\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">{}</a>\n<header>\n<h1>{title}</h1>",
        evenhand_core::VERSION,
        escaped(speech.word("Skip to the content"))
    ));
    page.blocks(&paper.opening);
    page.line("</header>");
    page.list_of_sections(&paper.sections);
    page.line("<main id=\"content\" tabindex=\"-1\">");
    for part in &paper.sections {
        page.section(part, 2);
    }
    let version = [("version", evenhand_core::VERSION)];
    let made = escaped(&speech.say("Made by Evenhand {version}.", &version));
    page.line(&format!(
        "</main>\n<footer><p>{made}</p></footer>\n</body>\n</html>"
    ));
    page.text
}

/// The inside of a document, for a page that has a head and a style of its own.
pub fn html_body(paper: &Paper) -> String {
    let mut page = Page {
        contents: escaped("Contents"),
        text: String::new(),
        captions: 0,
    };
    page.blocks(&paper.opening);
    page.list_of_sections(&paper.sections);
    for part in &paper.sections {
        page.section(part, 2);
    }
    page.text
}

struct Page {
    text: String,
    /// What the list of sections is called.
    contents: String,
    /// Tables and charts so far, to tell apart what describes them.
    captions: usize,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn list_of_sections(&mut self, sections: &[Section]) {
        if sections.is_empty() {
            return;
        }
        self.line(&format!(
            "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">{}</h2>\n<ol>",
            self.contents
        ));
        for part in sections {
            self.line(&format!(
                "<li><a href=\"#{}\">{}</a></li>",
                slug(&part.id),
                words(&part.title)
            ));
        }
        self.line("</ol>\n</nav>");
    }

    fn section(&mut self, part: &Section, depth: usize) {
        let id = slug(&part.id);
        let level = depth.min(6);
        // The parts are landmarks; what is in them may be called the same in several parts.
        let opening = if depth == 2 {
            format!("<section class=\"part\" aria-labelledby=\"{id}\">")
        } else {
            "<section class=\"entry\">".to_owned()
        };
        let title = words(&part.title);
        self.line(&format!(
            "{opening}\n<h{level} id=\"{id}\">{title}</h{level}>"
        ));
        self.blocks(&part.blocks);
        for inner in &part.sections {
            self.section(inner, depth + 1);
        }
        self.line("</section>");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(inline) => self.line(&format!("<p>{}</p>", words(inline))),
            Block::List { start, items } => self.list(*start, items),
            Block::Table(table) => self.table(table),
            Block::Code(text) => {
                let text = escaped(&visible(text));
                self.line(&format!(
                    "<pre tabindex=\"0\"><code>{}</code></pre>",
                    text.trim_end()
                ));
            }
            Block::Terms(terms) => {
                self.line("<dl>");
                for term in terms {
                    self.term(term);
                }
                self.line("</dl>");
            }
            Block::Chart(chart) => {
                self.captions += 1;
                let picture = chart.svg(&format!("chart-{}", self.captions));
                self.line(&picture);
            }
            Block::Ranges(ranges) => {
                self.captions += 1;
                let picture = ranges.svg(&format!("chart-{}", self.captions));
                self.line(&picture);
            }
            Block::Bars(bars) => {
                self.captions += 1;
                let picture = bars.svg(&format!("chart-{}", self.captions));
                self.line(&picture);
            }
            Block::Moves(moves) => {
                self.captions += 1;
                let picture = moves.svg(&format!("chart-{}", self.captions));
                self.line(&picture);
            }
            Block::Room => self.line("<p class=\"room\"></p>"),
            Block::Folded { summary, blocks } => {
                let summary = escaped(&visible(summary));
                self.line(&format!("<details>\n<summary>{summary}</summary>"));
                self.blocks(blocks);
                self.line("</details>");
            }
        }
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>]) {
        match start {
            None => self.line("<ul>"),
            Some(1) => self.line("<ol>"),
            Some(start) => self.line(&format!("<ol start=\"{start}\">")),
        }
        for item in items {
            match item.as_slice() {
                [Block::Paragraph(inline)] => self.line(&format!("<li>{}</li>", words(inline))),
                blocks => {
                    self.line("<li>");
                    self.blocks(blocks);
                    self.line("</li>");
                }
            }
        }
        self.line(if start.is_some() { "</ol>" } else { "</ul>" });
    }

    fn term(&mut self, term: &Term) {
        let id = term
            .id
            .as_deref()
            .map(|id| format!(" id=\"{}\"", slug(id)))
            .unwrap_or_default();
        self.line(&format!("<div><dt{id}>{}</dt>\n<dd>", words(&term.name)));
        self.blocks(&term.blocks);
        self.line("</dd></div>");
    }

    fn table(&mut self, table: &Table) {
        // A table that is wider than the page is moved sideways by itself; the page stays.
        // Without a pointer it is moved by the keyboard: it takes the focus, and has a name where it has a caption.
        if table.caption.is_empty() {
            self.line("<div class=\"wide\" tabindex=\"0\"><table>");
        } else {
            self.captions += 1;
            let id = format!("table-{}", self.captions);
            let caption = escaped(&visible(&table.caption));
            self.line(&format!(
                "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-labelledby=\"{id}\"><table>\n\
                 <caption id=\"{id}\">{caption}</caption>"
            ));
        }
        let mut head = String::new();
        for cell in &table.head {
            head.push_str(&format!(
                "<th scope=\"col\">{}</th>",
                escaped(&visible(cell))
            ));
        }
        self.line(&format!("<thead><tr>{head}</tr></thead>\n<tbody>"));
        for cells in &table.rows {
            let mut row = String::from("<tr>");
            for (index, cell) in cells.iter().enumerate() {
                row.push_str(&match index {
                    0 => format!("<th scope=\"row\">{}</th>", words(cell)),
                    _ => format!("<td>{}</td>", words(cell)),
                });
            }
            row.push_str("</tr>");
            self.line(&row);
        }
        self.line("</tbody>\n</table></div>");
    }
}

/// Running text.
fn words(inline: &[Inline]) -> String {
    inline
        .iter()
        .map(|piece| match piece {
            Inline::Text(text) => escaped(&visible(text)),
            Inline::Code(text) => {
                // A long name may break where it is put together, and is copied without what breaks it.
                let name = escaped(&visible(text));
                let name = name.replace('_', "_<wbr>").replace('.', ".<wbr>");
                format!("<code>{}</code>", name.replace('/', "/<wbr>"))
            }
            Inline::Strong(inner) => format!("<strong>{}</strong>", words(inner)),
            Inline::Emphasis(inner) => format!("<em>{}</em>", words(inner)),
            Inline::Link(to, inner) if to.is_web() => {
                let (to, inner) = (escaped(to.as_str()), words(inner));
                // On paper the address is shown, unless it is the text already.
                let class = if to == inner { " class=\"bare\"" } else { "" };
                format!("<a{class} href=\"{to}\" rel=\"noopener noreferrer\">{inner}</a>")
            }
            Inline::Link(to, inner) => {
                format!("<a href=\"{}\">{}</a>", escaped(to.as_str()), words(inner))
            }
            Inline::Anchor(id) => format!("<span id=\"{}\"></span>", slug(id)),
        })
        .collect()
}
