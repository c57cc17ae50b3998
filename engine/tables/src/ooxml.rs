//! What word processors and spreadsheets have in common (Office Open XML, ECMA-376): parts of XML in a ZIP archive.

use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The line every part begins with.
pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// A part of a package: its name in the archive, and its XML.
pub type Part = (String, String);

/// Packs parts into an archive, in their order. The time of every part is that of the format's beginning, so that the same
/// parts are the same bytes.
pub fn package(parts: &[Part]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, xml) in parts {
        // Writing into memory does not fail, and no two parts have one name.
        let written = archive
            .start_file(name.as_str(), options)
            .is_ok_and(|()| archive.write_all(xml.as_bytes()).is_ok());
        if !written {
            return Vec::new();
        }
    }
    archive.finish().map(Cursor::into_inner).unwrap_or_default()
}

/// Text in which nothing is read as XML, also within an attribute. Characters that XML 1.0 cannot hold, and those that do not
/// show, are replaced as in every report.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\n' | '\t' => shown.push(c),
            '\u{fffe}' | '\u{ffff}' => shown.push('\u{fffd}'),
            c => shown.push(evenhand_diagnostic::text::visible(c)),
        }
    }
    shown
}

/// Title and language of a document, as its properties hold them. No time is written: the same input gives the same bytes.
pub fn core_properties(title: &str, language: &str) -> Part {
    let xml = format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>Evenhand</dc:creator>\
         <dc:language>{}</dc:language></cp:coreProperties>",
        escaped(title),
        escaped(language)
    );
    ("docProps/core.xml".to_owned(), xml)
}

/// Which parts there are and of which kind: the first part of every package.
pub fn content_types(overrides: &[(&str, &str)]) -> Part {
    let mut xml = format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
    );
    for (name, kind) in overrides {
        xml.push_str(&format!(
            "<Override PartName=\"/{name}\" ContentType=\"application/vnd.openxmlformats-officedocument.{kind}+xml\"/>"
        ));
    }
    xml.push_str("</Types>");
    ("[Content_Types].xml".to_owned(), xml)
}

/// A relation from one part to another, or to an address on the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// What the part calls it.
    pub id: String,
    /// The end of the kind's address, such as `styles` or `hyperlink`.
    pub kind: &'static str,
    /// The part or address.
    pub target: String,
    /// Whether the target is outside of the package.
    pub external: bool,
}

/// The relations of a part.
pub fn relations(of: &str, relations: &[Relation]) -> Part {
    let mut xml = format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    );
    for relation in relations {
        let mode = if relation.external {
            " TargetMode=\"External\""
        } else {
            ""
        };
        xml.push_str(&format!(
            "<Relationship Id=\"{}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}\" Target=\"{}\"{mode}/>",
            relation.id,
            relation.kind,
            escaped(&relation.target)
        ));
    }
    xml.push_str("</Relationships>");
    (of.to_owned(), xml)
}

/// The relations of a whole package: its main part and its properties.
pub fn package_relations(main: &str) -> Part {
    let xml = format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"{main}\"/>\
         <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
         </Relationships>"
    );
    ("_rels/.rels".to_owned(), xml)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_as_xml_and_nothing_is_hidden() {
        assert_eq!(
            escaped("<a b=\"c\">&amp;\u{0}\u{202e}\u{ffff}"),
            "&lt;a b=&quot;c&quot;&gt;&amp;amp;\u{fffd}\u{fffd}\u{fffd}"
        );
        assert_eq!(escaped("María\n東京"), "María\n東京");
    }

    #[test]
    fn the_same_parts_are_the_same_bytes_and_can_be_read_back() {
        let parts = [core_properties("A & B", "es"), content_types(&[])];
        let bytes = package(&parts);
        assert_eq!(bytes, package(&parts));
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(archive.len(), 2);
        let read = std::io::read_to_string(archive.by_name("docProps/core.xml").unwrap()).unwrap();
        assert!(read.contains("<dc:title>A &amp; B</dc:title>"), "{read}");
    }
}
