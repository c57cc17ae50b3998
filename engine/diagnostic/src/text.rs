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

/// A count with its noun: `1 rule`, `2 rules`.
pub fn count(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// At most `most` characters of a text, with an ellipsis where it was cut; line breaks become spaces.
pub fn shorten(text: &str, most: usize) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
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
