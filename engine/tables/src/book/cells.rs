//! The cells of a sheet, and the texts that sheets share.

use super::styles::Shown;
use super::xml::{Attributes, Piece, unescaped, walk};
use super::{Held, days};
use crate::codes;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::problem::Problem;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Filled cells of a workbook.
const CELLS: usize = 200_000;
/// Rows and columns of a sheet, as the format allows.
const SIZE: (usize, usize) = (1_048_576, 16_384);

/// The texts that sheets share, by their index. Of a text in several fonts the pieces are joined; how it is pronounced is left out.
pub(super) fn texts(part: &str, xml: &str) -> Result<Vec<Arc<str>>, Problem> {
    let mut texts = Vec::new();
    let mut text = TextOf::default();
    walk(part, xml, &mut |piece| {
        if let Piece::End("si") = piece {
            texts.push(unescaped(&text.take()).into());
        } else {
            text.see(&piece);
        }
        Ok(())
    })?;
    Ok(texts)
}

/// Collects the text of `t` elements.
#[derive(Default)]
struct TextOf {
    text: String,
    within: bool,
    spoken: bool,
}

impl TextOf {
    fn see(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Start("rPh", _) => self.spoken = true,
            Piece::End("rPh") => self.spoken = false,
            Piece::Start("t", _) => self.within = true,
            Piece::End("t") => self.within = false,
            Piece::Text(piece) if self.within && !self.spoken => self.text.push_str(piece),
            _ => {}
        }
    }

    fn take(&mut self) -> String {
        std::mem::take(self).text
    }
}

/// Reads sheets one after the other; what they hold together is bounded.
pub(super) struct Reader<'a> {
    styles: &'a [Shown],
    texts: &'a [Arc<str>],
    from_1904: bool,
    left: usize,
    /// The first cell of the sheet whose value a formula computes.
    pub(super) formula: Option<(usize, usize)>,
}

/// A cell while it is read.
#[derive(Default)]
struct Open {
    at: (usize, usize),
    kind: String,
    shown: Shown,
    /// The stored value.
    value: Option<String>,
    formula: Option<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(styles: &'a [Shown], texts: &'a [Arc<str>], from_1904: bool) -> Self {
        Self {
            styles,
            texts,
            from_1904,
            left: CELLS,
            formula: None,
        }
    }

    /// The filled cells of a sheet.
    pub(super) fn read(
        &mut self,
        part: &str,
        xml: &str,
    ) -> Result<BTreeMap<(usize, usize), Held>, Problem> {
        let mut found = BTreeMap::new();
        let mut next = (0, 0);
        let mut open: Option<Open> = None;
        let mut text = TextOf::default();
        let mut within = "";
        walk(part, xml, &mut |piece| {
            match &piece {
                Piece::Start("row", attributes) => next = (row(attributes).unwrap_or(next.0), 0),
                Piece::End("row") => next = (next.0 + 1, 0),
                Piece::Start("c", attributes) => open = Some(self.begin(attributes, next)),
                Piece::Start("v", _) => within = "v",
                Piece::Start("f", _) => {
                    within = "f";
                    if let Some(open) = &mut open {
                        open.formula.get_or_insert_default();
                    }
                }
                Piece::End("v" | "f") => within = "",
                Piece::Text(piece) if !within.is_empty() => {
                    if let Some(open) = &mut open {
                        let to = match within {
                            "v" => &mut open.value,
                            _ => &mut open.formula,
                        };
                        to.get_or_insert_default().push_str(piece);
                    }
                }
                Piece::End("c") => {
                    let Some(cell) = open.take() else {
                        return Ok(());
                    };
                    next = (cell.at.0, cell.at.1 + 1);
                    let at = cell.at;
                    if cell.formula.is_some() {
                        self.formula.get_or_insert(at);
                    }
                    let inline = text.take();
                    if let Some(held) = self.held(cell, &inline) {
                        self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
                        if at.0 < SIZE.0 && at.1 < SIZE.1 {
                            found.insert(at, held);
                        }
                    }
                }
                other if open.is_some() => text.see(other),
                _ => {}
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn begin(&self, attributes: &Attributes<'_>, next: (usize, usize)) -> Open {
        let style = attributes.get("s").and_then(|style| style.parse().ok());
        let style = style.and_then(|style: usize| self.styles.get(style).copied());
        let at = attributes.get("r").and_then(|name| place(&name));
        Open {
            at: at.unwrap_or(next),
            kind: attributes.get("t").unwrap_or_default(),
            shown: style.unwrap_or_default(),
            ..Open::default()
        }
    }

    /// What a cell holds; nothing where it is empty.
    fn held(&self, cell: Open, inline: &str) -> Option<Held> {
        if let Some(formula) = &cell.formula {
            if is_elsewhere(formula) {
                return Some(Held::Elsewhere);
            }
            if cell.value.is_none() && inline.is_empty() {
                return Some(Held::NotComputed);
            }
        }
        let value = cell.value.as_deref().map(str::trim);
        let text = |text: &str| (!text.is_empty()).then(|| Held::Text(unescaped(text).into()));
        match (cell.kind.as_str(), value) {
            ("s", Some(value)) => {
                let index: Option<usize> = value.parse().ok();
                let text = index.and_then(|index| self.texts.get(index));
                let text = text.filter(|text| !text.is_empty());
                text.map(|text| Held::Text(Arc::clone(text)))
            }
            ("inlineStr", _) => text(inline),
            ("str", _) => text(&cell.value.unwrap_or_default()),
            ("d", Some(value)) => text(value),
            ("b", Some(value)) => Some(Held::Flag(value == "1" || value == "true")),
            ("e", Some(value)) => Some(Held::Fault(value.to_owned())),
            (_, Some("") | None) => None,
            (_, Some(value)) => Some(self.number(value, cell.shown)),
        }
    }

    fn number(&self, value: &str, shown: Shown) -> Held {
        let Some(number) = value.parse().ok().filter(|number: &f64| number.is_finite()) else {
            return Held::Fault(value.to_owned());
        };
        match shown {
            Shown::Plain => Held::Number(number),
            Shown::Percent => Held::Percent(number),
            Shown::Date => {
                days::date(number, self.from_1904).map_or(Held::NoDate(number), Held::Date)
            }
        }
    }
}

/// Whether a formula reads another file: `[1]Sheet1!A1`, by the number of the file or by its name. Brackets with the name of
/// a column are those of a table in the same file.
fn is_elsewhere(formula: &str) -> bool {
    formula.split('[').skip(1).any(|after| {
        let name = after.split(']').next().unwrap_or_default();
        let numbered = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let file = name.to_ascii_lowercase();
        numbered
            || [".xls", ".ods", ".csv"]
                .iter()
                .any(|end| file.contains(end))
    })
}

fn too_many() -> Problem {
    let problem = phrase!(codes::TOO_MANY_CELLS, most = CELLS);
    Problem::error(problem).suggest(phrase!(codes::LEAVE_OUT))
}

fn row(attributes: &Attributes<'_>) -> Option<usize> {
    let number: usize = attributes.get("r")?.parse().ok()?;
    number.checked_sub(1)
}

/// Row and column of a cell's name, from 0.
fn place(name: &str) -> Option<(usize, usize)> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at_checked(digits)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0;
    for letter in letters.bytes() {
        let letter = letter.to_ascii_uppercase();
        let digit = letter.checked_sub(b'A').filter(|digit| *digit < 26)?;
        column = column * 26 + usize::from(digit) + 1;
    }
    let row: usize = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_are_places() {
        for (name, at) in [
            ("A1", Some((0, 0))),
            ("C4", Some((3, 2))),
            ("aa10", Some((9, 26))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("A0", None),
            ("1", None),
            ("ABCD1", None),
            ("A-1", None),
            ("Ä1", None),
        ] {
            assert_eq!(place(name), at, "{name}");
        }
    }
}
