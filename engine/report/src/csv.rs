//! Scorecards as a table for spreadsheets: a row for each proposal.

use super::formats::{Entry, Judged};
use super::obligations;
use evenhand_core::score::Level;
use evenhand_diagnostic::text::visible;
use evenhand_tables::workbook::{Cell, is_formula};

/// The columns of a dimension: the code of its level, and the word for it; points, threshold, and the share that is known.
const COLUMNS: [&str; 6] = ["level", "level_word", "low", "high", "threshold", "known"];

/// All entries as one table.
pub fn render(entries: &[Entry<'_>]) -> String {
    let (head, rows) = table(entries);
    let head = head.into_iter().map(Cell::Text).collect();
    let rows = std::iter::once(head).chain(rows).map(|row: Vec<Cell>| {
        let cells = row.into_iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => text,
            Cell::Number(value) => evenhand_diagnostic::text::number(value),
        });
        cells.collect()
    });
    write(&rows.collect::<Vec<_>>())
}

/// The headings, and a row for each entry. Dimensions are columns in the order in which the proposals bring them.
pub(crate) fn table(entries: &[Entry<'_>]) -> (Vec<String>, Vec<Vec<Cell>>) {
    let mut dimensions: Vec<&str> = Vec::new();
    for entry in entries {
        if let Entry::Judged(judged) = entry {
            for score in &judged.card.dimensions {
                if !dimensions.contains(&score.id.as_str()) {
                    dimensions.push(&score.id);
                }
            }
        }
    }
    let mut head: Vec<String> = [
        "file",
        "id",
        "title",
        "profile",
        "verdict",
        "verdict_word",
        "reason",
        "decided_by",
        "to_check",
        "without_waivers",
        "waived",
        "obligations",
    ]
    .map(str::to_owned)
    .to_vec();
    for dimension in &dimensions {
        for part in COLUMNS {
            head.push(format!("{dimension}_{part}"));
        }
    }
    let rows = entries.iter().map(|entry| match entry {
        Entry::Judged(judged) => row(judged, &dimensions),
        Entry::Refused { name, problems } => {
            let reason = problems.first().map(ToString::to_string);
            let mut row = vec![
                Cell::Text((*name).to_owned()),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Text("refused".to_owned()),
                Cell::Empty,
                Cell::Text(reason.unwrap_or_default()),
                Cell::Empty,
                Cell::Empty,
            ];
            row.extend([Cell::Empty, Cell::Empty, Cell::Empty]);
            row.extend(
                dimensions
                    .iter()
                    .flat_map(|_| vec![Cell::Empty; COLUMNS.len()]),
            );
            row
        }
    });
    let rows = rows.collect();
    (head, rows)
}

fn row(judged: &Judged<'_>, dimensions: &[&str]) -> Vec<Cell> {
    let card = judged.card;
    let open = card.checks.iter().filter(|check| check.is_open());
    let open: Vec<&str> = open.map(|check| check.code.as_str()).collect();
    let without = card.without_waivers.as_ref();
    let without = without.map(|without| without.verdict.word());
    let waived = card.findings.iter().filter(|found| found.waiver.is_some());
    let waived = waived.map(|found| found.rule.as_str());
    let mut row: Vec<Cell> = [
        card.proposal.file.clone(),
        card.proposal.id.clone(),
        card.proposal.title.clone(),
        card.profile.clone(),
        card.verdict.word.word().to_owned(),
        obligations::verdict(card, card.verdict.word, judged.words).to_owned(),
        card.verdict.reason.clone(),
        card.verdict.decided_by.join(" "),
        open.join(" "),
        without.unwrap_or_default().to_owned(),
        waived.collect::<Vec<_>>().join(" "),
        obligations::lines(card, judged.words).join("; "),
    ]
    .map(Cell::Text)
    .to_vec();
    for dimension in dimensions {
        let Some(score) = card.dimensions.iter().find(|score| score.id == *dimension) else {
            row.extend(vec![Cell::Empty; COLUMNS.len()]);
            continue;
        };
        let level = match (score.level_low, score.level_high) {
            (Some(low), Some(high)) if low != high => format!("{}–{}", low.word(), high.word()),
            (low, _) => low.as_ref().map_or_else(String::new, Level::to_string),
        };
        let points = |points: Option<u8>| {
            points.map_or(Cell::Empty, |points| Cell::Number(f64::from(points)))
        };
        let shown = score.shown();
        let threshold = if score.no_numbers {
            Cell::Empty
        } else {
            Cell::Number(score.threshold)
        };
        row.extend([
            Cell::Text(level),
            Cell::Text(score.level_words_in(judged.words)),
            points(shown.map(|(low, _)| low)),
            points(shown.map(|(_, high)| high)),
            threshold,
            Cell::Number((score.completeness * 100.0 + 1e-9).floor() / 100.0),
        ]);
    }
    row
}

/// Rows as CSV, with nothing in them that a spreadsheet would run.
pub(crate) fn write(rows: &[Vec<String>]) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Writing into memory does not fail, and every row has as many cells as the head.
        let cells = row.iter().map(|cell| neutral(cell));
        if writer.write_record(cells).is_err() {
            return String::new();
        }
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// A cell that a spreadsheet reads as text: what begins like a formula gets an apostrophe before it (OWASP, CSV
/// injection).
fn neutral(cell: &str) -> String {
    let begins = is_formula(cell) && cell.parse::<f64>().is_err();
    let cell: String = cell
        .chars()
        .map(|c| if c == '\n' { c } else { visible(c) })
        .collect();
    if begins { format!("'{cell}") } else { cell }
}

/// A cell as it was before it was written: without the apostrophe that keeps it from being a formula.
pub(crate) fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if neutral(rest) == cell || plain(rest) != rest => rest,
        _ => cell,
    }
}

/// A cell that [`plain`] gives back as it is, once it is written.
pub(crate) fn guarded(cell: &str) -> String {
    let shown = |c: char| if c == '\n' { c } else { visible(c) };
    let cell: String = cell.chars().map(shown).collect();
    if plain(&cell) == cell {
        cell
    } else {
        format!("'{cell}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_as_a_formula() {
        for cell in [
            "=1+1", "+1;x", "-2+3", "@SUM(A1)", "\t=1", " =1", "\u{a0}=1", "\r@x",
        ] {
            let shown = neutral(cell);
            assert!(shown.starts_with('\''), "{cell:?} → {shown:?}");
        }
        assert_eq!(neutral("-2.5"), "-2.5");
        assert_eq!(neutral("Nairobi, \"2027\""), "Nairobi, \"2027\"");
    }

    #[test]
    fn quotes_commas_and_line_breaks_stay_in_their_cell() {
        let rows = vec![vec!["a,b".to_owned(), "c\"d\ne".to_owned()]];
        let text = write(&rows);
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let back: Vec<String> = reader
            .records()
            .next()
            .unwrap()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        assert_eq!(back, rows[0]);
    }
}
