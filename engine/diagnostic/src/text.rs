//! Small pieces of text: numbers as people write them, and messages with named places.

/// A number as people write it: no exponent, no trailing zeros, at most four decimals.
pub fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs();
    let decimals = if magnitude >= 100.0 {
        1
    } else if magnitude >= 1.0 {
        2
    } else {
        4
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        let text = text.trim_end_matches('0').trim_end_matches('.');
        if text == "-0" {
            "0".to_owned()
        } else {
            text.to_owned()
        }
    } else {
        text
    }
}

/// A finite number as JSON; whole numbers are written without a point, as a person would.
pub fn json_number(value: f64) -> Option<serde_json::Value> {
    /// Every whole number up to this one has a float of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a whole number within 2^53"
        )]
        return Some(serde_json::Value::from(value as i64));
    }
    serde_json::Number::from_f64(value).map(serde_json::Value::Number)
}

/// The ends of a range in its canonical form, `{"from": 20, "to": 25}`.
pub fn ends(value: &serde_json::Value) -> Option<(f64, f64)> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    Some((map.get("from")?.as_f64()?, map.get("to")?.as_f64()?))
}

/// A count with its noun: `1 rule`, `2 rules`.
pub fn count(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// Whether a character does not show but does something to what stands around it: control characters, marks that turn the
/// direction of text, separators of lines that are no line feed, characters without a width, tags. Joiners stay, which
/// some scripts need.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A character to be shown to people: a hidden one is replaced.
pub fn visible(c: char) -> char {
    if is_hidden(c) { '\u{fffd}' } else { c }
}

/// Text to be shown in one line: breaks become spaces, hidden characters are replaced.
pub fn visible_line(text: &str) -> String {
    let shown = |c| match c {
        '\n' | '\t' | '\r' => ' ',
        c => visible(c),
    };
    text.chars().map(shown).collect()
}

/// Text to be shown in several lines; line feeds and tabs stay.
pub fn visible_lines(text: &str) -> String {
    let shown = |c| match c {
        '\n' | '\t' => c,
        c => visible(c),
    };
    text.chars().map(shown).collect()
}

/// JSON in which no hidden character stands as it is. They can only be in strings, where an escape means the same.
pub fn visible_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut rest = json;
    // Most of it is plain: it is copied in one go as far as it is.
    let suspect = |byte: u8| byte >= 0x7f || (byte < b' ' && byte != b'\n');
    while let Some(plain) = rest.bytes().position(suspect) {
        let (before, after) = rest.split_at_checked(plain).unwrap_or((rest, ""));
        text.push_str(before);
        let mut characters = after.chars();
        if let Some(c) = characters.next() {
            if is_hidden(c) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                text.push(c);
            }
        }
        rest = characters.as_str();
    }
    text.push_str(rest);
    text
}

/// Anything as indented JSON with a line break at the end, and no hidden character as it is.
pub fn pretty_json(value: &impl serde::Serialize) -> String {
    let mut text = visible_json(&serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// Text for a terminal, the colours of this program kept where there are any: every other hidden character is replaced. The last
/// net under what is shown; whoever makes a line still cleans what others wrote in it.
pub fn visible_styled(text: &str, coloured: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let styled = if coloured { style_length(rest) } else { 0 };
        let taken = if styled > 0 { styled } else { c.len_utf8() };
        let (own, after) = rest.split_at(taken);
        if styled > 0 || matches!(c, '\n' | '\t') {
            shown.push_str(own);
        } else {
            shown.push(visible(c));
        }
        rest = after;
    }
    shown
}

/// Bytes of the escape sequence that sets a colour or weight, if the text begins with one.
fn style_length(text: &str) -> usize {
    let Some(codes) = text.strip_prefix("\u{1b}[") else {
        return 0;
    };
    let length = codes
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b';')
        .count();
    if codes.as_bytes().get(length) == Some(&b'm') {
        length + 3
    } else {
        0
    }
}

/// Text in which nothing is read as HTML, also inside of an attribute.
pub fn escape_html(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            c => shown.push(c),
        }
    }
    shown
}

/// At most `most` characters of a text, with an ellipsis where it was cut; line breaks become spaces.
pub fn shorten(text: &str, most: usize) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { visible(c) })
        .collect();
    if line.chars().count() <= most {
        return line;
    }
    let mut cut: String = line.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_passes_to_a_terminal_with_colours_and_nothing_else() {
        let check = |text, coloured, shown| assert_eq!(visible_styled(text, coloured), shown);
        check(
            "\u{1b}[1;31mé\u{1b}[0m\n\tb",
            true,
            "\u{1b}[1;31mé\u{1b}[0m\n\tb",
        );
        check("\u{1b}[1mb", false, "\u{fffd}[1mb");
        check(
            "\u{1b}[2Jb\u{1b}]0;t\u{7}",
            true,
            "\u{fffd}[2Jb\u{fffd}]0;t\u{fffd}",
        );
        check("a\u{1b}", true, "a\u{fffd}");
        check("a\u{1b}[", true, "a\u{fffd}[");
        check("\r\u{202e}", true, "\u{fffd}\u{fffd}");
    }

    #[test]
    fn nothing_hidden_is_shown() {
        let hidden = [
            '\u{0}',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{61c}',
            '\u{200b}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202e}',
            '\u{2066}',
            '\u{feff}',
            '\u{e0041}',
        ];
        for c in hidden {
            let text = format!("a{c}b");
            assert_eq!(visible_line(&text), "a\u{fffd}b", "{c:?}");
            assert_eq!(visible_lines(&text), "a\u{fffd}b", "{c:?}");
            let json = visible_json(&serde_json::json!({ "k": text }).to_string());
            assert!(json.is_ascii() && !json.contains(c), "{json:?}");
            let read: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(
                read["k"],
                serde_json::json!(text),
                "the same text is read back"
            );
        }
        assert_eq!(visible_lines("a\n\tb"), "a\n\tb");
        assert_eq!(
            visible_line("Ñandú 東京 می\u{200c}خواهم"),
            "Ñandú 東京 می\u{200c}خواهم"
        );
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (value, expected) in [
            (0.0, "0"),
            (1.0, "1"),
            (1.5, "1.5"),
            (1.0 / 3.0, "0.3333"),
            (1234.56, "1234.6"),
            (-0.00001, "0"),
            (2.999, "3"),
            (1e15, "1000000000000000"),
        ] {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn shortened_texts_stay_whole_characters() {
        assert_eq!(shorten("Ñandú", 3), "Ña…");
        assert_eq!(shorten("a\nb", 5), "a b");
    }
}
