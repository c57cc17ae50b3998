//! XML as spreadsheets write it: elements, attributes and text, nothing that has to be looked up or expanded.

use crate::codes;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::problem::Problem;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// What comes next in a part.
pub(super) enum Piece<'p> {
    /// An element begins.
    Start(&'p str, Attributes<'p>),
    /// An element ends; one without content ends right after it began.
    End(&'p str),
    /// Text, or a part of it.
    Text(&'p str),
}

/// The attributes of an element.
pub(super) struct Attributes<'p>(&'p BytesStart<'p>);

impl Attributes<'_> {
    /// An attribute by its name, without regard to what space of names it is of.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut all = self.0.attributes();
        let all = all.with_checks(false).flatten();
        let found = all.into_iter().find(|one| {
            let key = one.key.as_ref();
            key == name || key.rsplit_once(':').is_some_and(|(_, local)| local == name)
        })?;
        // An entity of its own is nothing that is expanded.
        unescape(&found.value)
            .ok()
            .map(std::borrow::Cow::into_owned)
    }
}

/// Goes through a part. `each` may stop with a problem.
pub(super) fn walk(
    part: &str,
    xml: &str,
    each: &mut dyn FnMut(Piece<'_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let broken = |why: String| {
        let problem = phrase!(codes::BROKEN_PART, part = part, why = why);
        Problem::error(problem).suggest(phrase!(codes::SAVE_AGAIN))
    };
    let entity = || Problem::error(phrase!(codes::XML_ENTITY, part = part));
    let mut reader = Reader::from_str(xml);
    loop {
        let event = reader
            .read_event()
            .map_err(|error| broken(error.to_string()))?;
        match event {
            Event::Start(start) => {
                each(Piece::Start(
                    start.local_name().as_ref(),
                    Attributes(&start),
                ))?;
            }
            Event::Empty(start) => {
                each(Piece::Start(
                    start.local_name().as_ref(),
                    Attributes(&start),
                ))?;
                each(Piece::End(start.local_name().as_ref()))?;
            }
            Event::End(end) => each(Piece::End(end.local_name().as_ref()))?,
            Event::Text(text) => each(Piece::Text(&text.xml10_content()))?,
            Event::CData(text) => each(Piece::Text(&text.xml10_content()))?,
            Event::GeneralRef(name) => {
                let found = match name.resolve_char_ref() {
                    Ok(found) => found,
                    Err(error) => return Err(broken(error.to_string())),
                };
                let c = match (found, name.xml10_content().as_ref()) {
                    (Some(c), _) => c,
                    (None, "lt") => '<',
                    (None, "gt") => '>',
                    (None, "amp") => '&',
                    (None, "quot") => '"',
                    (None, "apos") => '\'',
                    (None, _) => return Err(entity()),
                };
                each(Piece::Text(c.encode_utf8(&mut [0; 4])))?;
            }
            Event::DocType(_) => return Err(entity()),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// Text of a cell as it is meant: spreadsheets write characters that XML cannot hold as `_x000D_`.
pub(super) fn unescaped(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_x") {
        out.push_str(before);
        let digits = after.get(..4).filter(|digits| {
            digits.bytes().all(|digit| digit.is_ascii_hexdigit())
                && after.get(4..).is_some_and(|rest| rest.starts_with('_'))
        });
        let c = digits
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32);
        if let Some(c) = c {
            out.push(c);
            rest = after.get(5..).unwrap_or_default();
        } else {
            out.push_str("_x");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The same the other way: text that reads back as it is.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '\n' | '\t' => out.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.push_str(&format!("_x{:04X}_", u32::from(c)));
            }
            '_' if unescaped(rest.get(..7).unwrap_or_default()).chars().count() == 1 => {
                out.push_str("_x005F_");
            }
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_they_were_written() {
        for (text, written) in [
            ("a", "a"),
            ("a\r\nb\u{7}", "a_x000D_\nb_x0007_"),
            ("_x000D_", "_x005F_x000D_"),
            ("_x00_ _xzzzz_ _x", "_x00_ _xzzzz_ _x"),
            ("é_x0041_é", "é_x005F_x0041_é"),
            ("\u{ffff}\u{202e}", "_xFFFF_\u{202e}"),
        ] {
            assert_eq!(escaped(text), written);
            assert_eq!(unescaped(written), text);
        }
        assert_eq!(escaped("a<&>\""), "a&lt;&amp;&gt;&quot;");
        // A half of a pair is no character.
        assert_eq!(unescaped("_xD83D_"), "_xD83D_");
    }

    #[test]
    fn entities_are_refused_and_characters_are_not() {
        let texts = |xml: &str| {
            let mut text = String::new();
            let walked = walk("x", xml, &mut |piece| {
                if let Piece::Text(piece) = piece {
                    text.push_str(piece);
                }
                Ok(())
            });
            walked.map(|()| text)
        };
        assert_eq!(
            texts("<a>1 &lt; 2 &#65;&#x42; <![CDATA[<b>]]></a>").unwrap(),
            "1 < 2 AB <b>"
        );
        for xml in ["<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a>&b;</a>"] {
            let problem = texts(xml).unwrap_err();
            assert_eq!(problem.code(), Some("xml-entity"), "{problem}");
        }
        for xml in ["<a><b></a>", "<a", "<a>&#xffffffff;</a>"] {
            let problem = texts(xml).unwrap_err();
            assert_eq!(problem.code(), Some("broken-part"), "{problem}");
        }
    }
}
