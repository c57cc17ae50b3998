//! Points as a board types them: whole, from 0 to 100.

use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::text::number;
use serde_json::Value;

/// The points at a path, or what is wrong with them; nothing where nothing stands.
pub(super) fn read(document: &Document, at: &Pointer) -> Option<Result<f64, Problem>> {
    let value = at.of(document.value()).filter(|value| !value.is_null())?;
    Some(whole(value).ok_or_else(|| {
        let what = match value {
            Value::Number(typed) => format!("{typed}"),
            Value::String(text) => format!("the text `{}`", crate::text::shorten(text, 40)),
            Value::Bool(flag) => format!("`{flag}`"),
            Value::Array(_) => "a list".to_owned(),
            _ => "a table".to_owned(),
        };
        let problem = Problem::error(format!("`{}` is {what}", at.dotted()))
            .expected("whole points from 0 to 100")
            .suggest_maybe(meant(value).map(|points| format!("write {}", number(points))));
        document.problem_at(at, problem)
    }))
}

/// The value, if it is points. A bare `1.0` is none: it may stand for one point, or for all of them.
fn whole(value: &Value) -> Option<f64> {
    let points = value.as_f64()?;
    let full_scale = value.is_f64() && (points - 1.0).abs() < f64::EPSILON;
    (points.fract() == 0.0 && (0.0..=100.0).contains(&points) && !full_scale).then_some(points)
}

/// The points that were probably meant: a percentage without its sign, a share in hundredths, text without its quotes.
/// Nothing where that would be a guess.
fn meant(value: &Value) -> Option<f64> {
    let (text, percent) = match value {
        Value::Number(typed) => (typed.to_string(), false),
        Value::String(text) => {
            let bare = text.trim().trim_end_matches('%');
            (
                bare.trim().replace(',', "."),
                bare.len() < text.trim().len(),
            )
        }
        _ => return None,
    };
    let typed: f64 = text.parse().ok()?;
    let points = match typed {
        _ if percent || typed >= 1.5 => typed,
        // Up to 1 in hundredths; 1 itself could be either.
        _ if typed > 0.0 && typed < 1.0 => (typed * 100.0 * 1e6).round() / 1e6,
        _ if typed == 0.0 => 0.0,
        _ => return None,
    };
    // A threshold of 69.5 is first reached by 70 points.
    (0.0..=100.0).contains(&points).then(|| points.ceil())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;

    fn said(value: &str) -> Result<f64, String> {
        let text = format!("[thresholds]\nx = {value}\n");
        let document = Document::parse("p.toml", text.as_bytes(), Format::Toml).unwrap();
        let at = Pointer::root().key("thresholds").key("x");
        read(&document, &at).unwrap().map_err(|problem| {
            assert_eq!(
                problem.expected.as_deref(),
                Some("whole points from 0 to 100")
            );
            problem
                .suggestion
                .map(|said| said.to_string())
                .unwrap_or_default()
        })
    }

    #[test]
    fn points_are_whole_and_a_suggestion_is_right_or_absent() {
        for (value, points) in [
            ("0", 0.0),
            ("70", 70.0),
            ("70.0", 70.0),
            ("100", 100.0),
            ("1", 1.0),
            ("1.0", 1.0),
        ] {
            assert_eq!(said(value), Ok(points), "{value}");
        }
        for (value, suggestion) in [
            ("0.7", "write 70"),
            ("0.07", "write 7"),
            ("0.655", "write 66"),
            ("\"70%\"", "write 70"),
            ("\" 55 % \"", "write 55"),
            ("\"0.5%\"", "write 1"),
            ("\"60\"", "write 60"),
            ("\"0,6\"", "write 60"),
            ("\"62,5\"", "write 63"),
            ("69.5", "write 70"),
            ("\"1\"", ""),
            ("1.2", ""),
            ("170", ""),
            ("-5", ""),
            ("\"150%\"", ""),
            ("\"good\"", ""),
            ("true", ""),
            ("[70]", ""),
        ] {
            assert_eq!(said(value), Err(suggestion.to_owned()), "{value}");
        }
    }
}
