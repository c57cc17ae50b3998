//! A document as DOCX, for people who comment on it or put it into a dossier: headings, lists, tables with repeated head
//! rows, links. Pictures are left out; the table beside each says the same.

use super::{Address, Block, Inline, Paper, Section, Table, Term, slug};
use evenhand_diagnostic::text::number;
use evenhand_diagnostic::words::Words;
use evenhand_tables::ooxml::{
    DECLARATION, Relation, content_types, core_properties, escaped, package, package_relations,
    relations,
};
use std::collections::{BTreeMap, BTreeSet};

const SPACE: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
/// A4 with margins of 2 cm, in twentieths of a point.
const PAGE: &str = "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" \
                    w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>";
/// The width between the margins.
const WIDTH: usize = 9638;
/// How far each level of a list is indented.
const INDENT: usize = 360;
/// Deepest level of a list that a word processor knows.
const DEEPEST: usize = 8;

/// Writes a document as DOCX; what the footer says is in the language of `speech`.
pub fn docx(paper: &Paper, speech: &dyn Words) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.paragraph("Title", &[super::text(paper.title.clone())], 0);
    for block in &paper.opening {
        writer.block(block, 0);
    }
    for part in &paper.sections {
        writer.section(part, 1);
    }
    let document = format!(
        "{DECLARATION}<w:document {SPACE}><w:body>{}<w:sectPr><w:footerReference w:type=\"default\" r:id=\"footer\"/>{PAGE}</w:sectPr></w:body></w:document>",
        writer.body
    );
    let version = [("version", evenhand_core::VERSION)];
    let made = speech.say("Made by Evenhand {version}.", &version);
    let inner = |id: &str, kind, target: &str| Relation {
        id: id.to_owned(),
        kind,
        target: target.to_owned(),
        external: false,
    };
    let mut links = vec![
        inner("styles", "styles", "styles.xml"),
        inner("numbering", "numbering", "numbering.xml"),
        inner("footer", "footer", "footer.xml"),
    ];
    links.extend(writer.addresses.iter().map(|(target, id)| Relation {
        id: format!("link{id}"),
        kind: "hyperlink",
        target: target.clone(),
        external: true,
    }));
    package(&[
        content_types(&[
            ("word/document.xml", "wordprocessingml.document.main"),
            ("word/styles.xml", "wordprocessingml.styles"),
            ("word/numbering.xml", "wordprocessingml.numbering"),
            ("word/footer.xml", "wordprocessingml.footer"),
        ]),
        package_relations("word/document.xml"),
        core_properties(&paper.title, &paper.language),
        ("word/document.xml".to_owned(), document),
        relations("word/_rels/document.xml.rels", &links),
        ("word/styles.xml".to_owned(), styles(&paper.language)),
        ("word/numbering.xml".to_owned(), writer.numbering()),
        ("word/footer.xml".to_owned(), footer(&made)),
    ])
}

/// The body so far, and what other parts of the package have to say of it.
#[derive(Debug, Default)]
struct Writer {
    body: String,
    /// Addresses on the web, each with a number.
    addresses: BTreeMap<String, usize>,
    /// Places of the document, each with a number; bookmarks may not have long names.
    places: BTreeMap<String, usize>,
    /// Places that are set: no bookmark stands twice.
    set: BTreeSet<String>,
    /// The first number of each numbered list.
    lists: Vec<u64>,
}

impl Writer {
    fn section(&mut self, part: &Section, depth: usize) {
        let style = format!("Heading{}", depth.min(6));
        let mark = if part.id.is_empty() {
            String::new()
        } else {
            self.bookmark(&slug(&part.id))
        };
        let words = self.inline(&part.title, "");
        self.body.push_str(&format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{mark}{words}</w:p>"
        ));
        for block in &part.blocks {
            self.block(block, 0);
        }
        for inner in &part.sections {
            self.section(inner, depth + 1);
        }
    }

    /// A paragraph, indented by so many levels.
    fn paragraph(&mut self, style: &str, inline: &[Inline], level: usize) {
        let words = self.inline(inline, "");
        self.raw(style, &words, level);
    }

    fn raw(&mut self, style: &str, words: &str, level: usize) {
        let style = if style.is_empty() {
            String::new()
        } else {
            format!("<w:pStyle w:val=\"{style}\"/>")
        };
        let indent = match level.min(DEEPEST) {
            0 => String::new(),
            level => format!("<w:ind w:left=\"{}\"/>", level * INDENT),
        };
        self.body
            .push_str(&format!("<w:p><w:pPr>{style}{indent}</w:pPr>{words}</w:p>"));
    }

    fn block(&mut self, block: &Block, level: usize) {
        match block {
            Block::Paragraph(inline) => self.paragraph("", inline, level),
            Block::List { start, items } => self.list(*start, items, level),
            Block::Table(table) => self.table(table),
            Block::Code(text) => {
                let lines: Vec<String> =
                    super::visible(text).trim_end().lines().map(words).collect();
                let text = format!("<w:r>{}</w:r>", lines.join("<w:br/>"));
                self.raw("Code", &text, level);
            }
            Block::Terms(terms) => {
                for term in terms {
                    self.term(term, level);
                }
            }
            Block::Chart(chart) => {
                let rows = chart.points.iter().map(|(x, y)| {
                    vec![vec![super::text(number(*x))], vec![super::text(number(*y))]]
                });
                self.table(&Table {
                    caption: chart.title.clone(),
                    head: vec![chart.across.clone(), chart.up.clone()],
                    rows: rows.collect(),
                });
            }
            // The table beside it says the same.
            Block::Ranges(_) | Block::Bars(_) | Block::Moves(_) => {}
            Block::Room => {
                for _ in 0..3 {
                    self.paragraph("", &[], level);
                }
            }
            // Paper does not unfold: what is folded elsewhere stands open here.
            Block::Folded { summary, blocks } => {
                self.paragraph("", &[super::strong(summary.clone())], level);
                for block in blocks {
                    self.block(block, level);
                }
            }
        }
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], level: usize) {
        let number = match start {
            None => 1,
            Some(start) => {
                self.lists.push(start);
                self.lists.len() + 1
            }
        };
        for item in items {
            let mut rest = item.as_slice();
            if let Some((Block::Paragraph(inline), after)) = rest.split_first() {
                let words = self.inline(inline, "");
                let depth = level.min(DEEPEST);
                self.body.push_str(&format!(
                    "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{depth}\"/><w:numId w:val=\"{number}\"/></w:numPr>\
                     <w:contextualSpacing/></w:pPr>{words}</w:p>"
                ));
                rest = after;
            }
            for block in rest {
                self.block(block, level + 1);
            }
        }
    }

    fn term(&mut self, term: &Term, level: usize) {
        let mark = term.id.as_deref().map(slug).map(|id| self.bookmark(&id));
        let mut words = mark.unwrap_or_default();
        words.push_str(&self.inline(&term.name, "<w:b/>"));
        let mut rest = term.blocks.as_slice();
        // What is said in running text follows on the same line; the rest below.
        if let Some((Block::Paragraph(inline), after)) = rest.split_first() {
            words.push_str(&run(": ", ""));
            words.push_str(&self.inline(inline, ""));
            rest = after;
        }
        self.raw("", &words, level);
        for block in rest {
            self.block(block, level + 1);
        }
    }

    fn table(&mut self, table: &Table) {
        if table.head.is_empty() {
            return;
        }
        if !table.caption.is_empty() {
            self.paragraph("Caption", &[super::text(table.caption.clone())], 0);
        }
        let widths = widths(table);
        let mut xml = String::from(
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/>\
             <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0020\" w:firstRow=\"1\"/></w:tblPr><w:tblGrid>",
        );
        for width in &widths {
            xml.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
        }
        xml.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (head, width) in table.head.iter().zip(&widths) {
            xml.push_str(&cell(*width, &run(head, "<w:b/>")));
        }
        xml.push_str("</w:tr>");
        for cells in &table.rows {
            xml.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for (index, width) in widths.iter().enumerate() {
                let inline = cells.get(index).map(Vec::as_slice).unwrap_or_default();
                let words = self.inline(inline, "");
                xml.push_str(&cell(*width, &words));
            }
            xml.push_str("</w:tr>");
        }
        self.body.push_str(&xml);
        self.body.push_str("</w:tbl>");
        // Two tables that follow each other would become one.
        self.raw("AfterTable", "", 0);
    }

    /// Running text; `marks` are properties of every run.
    fn inline(&mut self, inline: &[Inline], marks: &str) -> String {
        let mut xml = String::new();
        for piece in inline {
            match piece {
                Inline::Text(text) => xml.push_str(&run(text, marks)),
                Inline::Code(text) => {
                    xml.push_str(&run(
                        text,
                        &format!("<w:rStyle w:val=\"CodeSpan\"/>{marks}"),
                    ));
                }
                Inline::Strong(inner) => xml.push_str(&self.inline(inner, &added(marks, "<w:b/>"))),
                Inline::Emphasis(inner) => {
                    xml.push_str(&self.inline(inner, &added(marks, "<w:i/>")));
                }
                Inline::Link(to, inner) => xml.push_str(&self.link(to, inner, marks)),
                Inline::Anchor(id) => xml.push_str(&self.bookmark(&slug(id))),
            }
        }
        xml
    }

    fn link(&mut self, to: &Address, inner: &[Inline], marks: &str) -> String {
        let style = "<w:rStyle w:val=\"Link\"/>";
        if let Some(place) = to.as_str().strip_prefix('#') {
            let number = self.place(place);
            let words = self.inline(inner, &format!("{style}{marks}"));
            return format!(
                "<w:hyperlink w:anchor=\"place{number}\" w:history=\"1\">{words}</w:hyperlink>"
            );
        }
        if !to.is_web() {
            // A file beside the document is not beside it any more once it was sent.
            return self.inline(inner, marks);
        }
        let next = self.addresses.len() + 1;
        let id = *self.addresses.entry(to.as_str().to_owned()).or_insert(next);
        let words = self.inline(inner, &format!("{style}{marks}"));
        format!("<w:hyperlink r:id=\"link{id}\" w:history=\"1\">{words}</w:hyperlink>")
    }

    fn place(&mut self, slug: &str) -> usize {
        let next = self.places.len() + 1;
        *self.places.entry(slug.to_owned()).or_insert(next)
    }

    fn bookmark(&mut self, slug: &str) -> String {
        if !self.set.insert(slug.to_owned()) {
            return String::new();
        }
        let number = self.place(slug);
        format!(
            "<w:bookmarkStart w:id=\"{number}\" w:name=\"place{number}\"/><w:bookmarkEnd w:id=\"{number}\"/>"
        )
    }

    /// The definitions of the lists: dots, and a numbering of its own for each numbered list.
    fn numbering(&self) -> String {
        let mut xml = format!(
            "{DECLARATION}<w:numbering {SPACE}>\
             <w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"hybridMultilevel\"/>{}</w:abstractNum>\
             <w:abstractNum w:abstractNumId=\"1\"><w:multiLevelType w:val=\"hybridMultilevel\"/>{}</w:abstractNum>\
             <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>",
            levels("bullet"),
            levels("decimal"),
        );
        for (number, start) in (2..).zip(&self.lists) {
            xml.push_str(&format!(
                "<w:num w:numId=\"{number}\"><w:abstractNumId w:val=\"1\"/>"
            ));
            for level in 0..=DEEPEST {
                xml.push_str(&format!(
                    "<w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"{start}\"/></w:lvlOverride>"
                ));
            }
            xml.push_str("</w:num>");
        }
        xml.push_str("</w:numbering>");
        xml
    }
}

/// The levels of a kind of list: dots, or numbers with a full stop.
fn levels(format: &str) -> String {
    let mut xml = String::new();
    for level in 0..=DEEPEST {
        let left = (level + 1) * INDENT;
        let text = match format {
            "bullet" => "•".to_owned(),
            _ => format!("%{}.", level + 1),
        };
        xml.push_str(&format!(
            "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/>\
             <w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"{left}\" w:hanging=\"{INDENT}\"/></w:pPr></w:lvl>"
        ));
    }
    xml
}

/// Marks, one more of them; the same mark does not stand twice.
fn added(marks: &str, mark: &str) -> String {
    if marks.contains(mark) {
        marks.to_owned()
    } else {
        format!("{marks}{mark}")
    }
}

/// A piece of text that looks alike.
fn run(text: &str, marks: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let properties = if marks.is_empty() {
        String::new()
    } else {
        format!("<w:rPr>{marks}</w:rPr>")
    };
    format!("<w:r>{properties}{}</w:r>", words(text))
}

fn words(text: &str) -> String {
    let text = super::visible(text).replace(['\n', '\t'], " ");
    format!("<w:t xml:space=\"preserve\">{}</w:t>", escaped(&text))
}

fn cell(width: usize, words: &str) -> String {
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr>{words}</w:p></w:tc>"
    )
}

/// The width of each column: by its longest text, within bounds, and all together the width of the page.
fn widths(table: &Table) -> Vec<usize> {
    let longest = |column: usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(column));
        let texts = cells.map(|inline| length(inline));
        let head = table
            .head
            .get(column)
            .map_or(0, |head| head.chars().count());
        texts.chain([head]).max().unwrap_or(0).clamp(12, 48)
    };
    let weights: Vec<usize> = (0..table.head.len()).map(longest).collect();
    let all: usize = weights.iter().sum::<usize>().max(1);
    weights.iter().map(|weight| WIDTH * weight / all).collect()
}

fn length(inline: &[Inline]) -> usize {
    let lengths = inline.iter().map(|piece| match piece {
        Inline::Text(text) | Inline::Code(text) => text.chars().count(),
        Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Link(_, inner) => length(inner),
        Inline::Anchor(_) => 0,
    });
    lengths.sum()
}

fn footer(made: &str) -> String {
    format!(
        "{DECLARATION}<w:ftr {SPACE}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>{}\
         <w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>",
        run(&format!("{made} · "), "")
    )
}

/// Styles by name, so that its reader can change how all headings look.
fn styles(language: &str) -> String {
    let mut xml = format!(
        "{DECLARATION}<w:styles {SPACE}><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:eastAsia=\"Calibri\" w:cs=\"Calibri\"/><w:sz w:val=\"22\"/>\
         <w:lang w:val=\"{}\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"120\" w:line=\"264\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>",
        escaped(language)
    );
    let mut paragraph = |id: &str, name: &str, inner: &str| {
        xml.push_str(&format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/>{inner}</w:style>"
        ));
    };
    paragraph(
        "Title",
        "Title",
        "<w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:spacing w:after=\"200\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"40\"/></w:rPr>",
    );
    for (level, size) in (1..=6).zip([32, 26, 24, 22, 22, 22]) {
        paragraph(
            &format!("Heading{level}"),
            &format!("heading {level}"),
            &format!(
                "<w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before=\"240\" w:after=\"80\"/>\
                 <w:outlineLvl w:val=\"{}\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"{size}\"/></w:rPr>",
                level - 1
            ),
        );
    }
    paragraph(
        "Caption",
        "caption",
        "<w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before=\"120\" w:after=\"60\"/></w:pPr><w:rPr><w:i/></w:rPr>",
    );
    paragraph(
        "Cell",
        "Cell",
        "<w:pPr><w:spacing w:before=\"40\" w:after=\"40\"/></w:pPr><w:rPr><w:sz w:val=\"20\"/></w:rPr>",
    );
    paragraph(
        "AfterTable",
        "After table",
        "<w:pPr><w:spacing w:after=\"60\"/></w:pPr><w:rPr><w:sz w:val=\"12\"/></w:rPr>",
    );
    paragraph(
        "Code",
        "Code",
        "<w:pPr><w:spacing w:line=\"240\" w:lineRule=\"auto\"/></w:pPr><w:rPr><w:rFonts w:ascii=\"Consolas\" w:hAnsi=\"Consolas\" w:cs=\"Consolas\"/><w:sz w:val=\"18\"/></w:rPr>",
    );
    paragraph("Footer", "footer", "<w:rPr><w:sz w:val=\"18\"/></w:rPr>");
    xml.push_str(
        "<w:style w:type=\"character\" w:styleId=\"CodeSpan\"><w:name w:val=\"Code span\"/><w:rPr>\
         <w:rFonts w:ascii=\"Consolas\" w:hAnsi=\"Consolas\" w:cs=\"Consolas\"/><w:sz w:val=\"20\"/></w:rPr></w:style>\
         <w:style w:type=\"character\" w:styleId=\"Link\"><w:name w:val=\"Hyperlink\"/><w:rPr><w:color w:val=\"0B4F8A\"/><w:u w:val=\"single\"/></w:rPr></w:style>\
         <w:style w:type=\"table\" w:styleId=\"Grid\"><w:name w:val=\"Table Grid\"/><w:tblPr><w:tblBorders>\
         <w:top w:val=\"single\" w:sz=\"4\" w:color=\"767676\"/><w:left w:val=\"single\" w:sz=\"4\" w:color=\"767676\"/>\
         <w:bottom w:val=\"single\" w:sz=\"4\" w:color=\"767676\"/><w:right w:val=\"single\" w:sz=\"4\" w:color=\"767676\"/>\
         <w:insideH w:val=\"single\" w:sz=\"4\" w:color=\"767676\"/><w:insideV w:val=\"single\" w:sz=\"4\" w:color=\"767676\"/>\
         </w:tblBorders><w:tblCellMar><w:left w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style></w:styles>",
    );
    xml
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::{code, here, lines, paragraph, strong, text};
    use evenhand_diagnostic::words::English;
    use std::io::Cursor;

    fn body(paper: &Paper) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(docx(paper, &English))).unwrap();
        std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap()
    }

    fn paper(blocks: Vec<Block>) -> Paper {
        Paper {
            title: "A <b> title".to_owned(),
            language: "fr".to_owned(),
            opening: Vec::new(),
            sections: vec![Section {
                id: "first".to_owned(),
                title: vec![text("First & last")],
                blocks,
                sections: Vec::new(),
            }],
        }
    }

    #[test]
    fn nothing_that_was_written_becomes_markup() {
        let hostile = "</w:t><w:br/>&\u{0}\u{202e}";
        let written = body(&paper(vec![
            paragraph(hostile),
            Block::Paragraph(vec![code(hostile)]),
        ]));
        assert!(!written.contains("<w:br/>"), "{written}");
        assert!(
            written.contains("&lt;/w:t&gt;&lt;w:br/&gt;&amp;"),
            "{written}"
        );
        assert!(!written.contains(['\u{0}', '\u{202e}']));
        assert!(written.contains("A &lt;b&gt; title"));
    }

    #[test]
    fn headings_lists_tables_and_links_are_what_they_are() {
        let table = Table {
            caption: "Levels".to_owned(),
            head: vec!["Name".to_owned(), "Level".to_owned()],
            rows: vec![vec![vec![text("Equity")], vec![strong("poor")]]],
        };
        let link = Inline::Link(
            Address::web("https://example.org/?a=1&b=2").unwrap(),
            vec![text("source")],
        );
        let numbered = Block::List {
            start: Some(3),
            items: vec![
                vec![paragraph("three")],
                vec![paragraph("four"), lines(vec![vec![text("inner")]])],
            ],
        };
        let paper = paper(vec![
            Block::Table(table),
            numbered,
            Block::Paragraph(vec![here("first", "up"), text(" "), link]),
        ]);
        let written = body(&paper);
        for wanted in [
            "<w:pStyle w:val=\"Heading1\"/>",
            "<w:tblHeader/>",
            "<w:numId w:val=\"2\"/>",
            "<w:ilvl w:val=\"1\"/><w:numId w:val=\"1\"/>",
            "<w:hyperlink w:anchor=\"place1\"",
            "w:name=\"place1\"",
            "<w:hyperlink r:id=\"link1\"",
        ] {
            assert!(written.contains(wanted), "{wanted} is not in {written}");
        }
        let mut archive = zip::ZipArchive::new(Cursor::new(docx(&paper, &English))).unwrap();
        let part = |archive: &mut zip::ZipArchive<Cursor<Vec<u8>>>, name: &str| {
            std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
        };
        let links = part(&mut archive, "word/_rels/document.xml.rels");
        assert!(
            links.contains("Target=\"https://example.org/?a=1&amp;b=2\" TargetMode=\"External\""),
            "{links}"
        );
        let numbering = part(&mut archive, "word/numbering.xml");
        assert!(
            numbering.contains("<w:startOverride w:val=\"3\"/>"),
            "{numbering}"
        );
        let styles = part(&mut archive, "word/styles.xml");
        assert!(styles.contains("<w:lang w:val=\"fr\"/>"), "{styles}");
    }

    #[test]
    fn columns_fill_the_page_and_none_is_too_narrow() {
        let table = Table {
            caption: String::new(),
            head: vec!["a".to_owned(), "b".to_owned()],
            rows: vec![vec![vec![text("x")], vec![text("y".repeat(500))]]],
        };
        let widths = widths(&table);
        assert!(widths.iter().sum::<usize>() <= WIDTH);
        assert!(widths.iter().all(|width| *width > 1000), "{widths:?}");
    }
}
