//! Scorecards as a table for spreadsheets: a row for each proposal.

use super::formats::{Entry, Judged};
use evenhand_core::score::Level;
use evenhand_diagnostic::text::visible;

/// All entries as one table. Dimensions are columns in the order in which the proposals bring them.
pub fn render(entries: &[Entry<'_>]) -> String {
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
        "reason",
        "decided_by",
    ]
    .map(str::to_owned)
    .to_vec();
    for dimension in &dimensions {
        for part in ["level", "low", "high", "threshold", "known"] {
            head.push(format!("{dimension}_{part}"));
        }
    }
    let mut rows = vec![head];
    rows.extend(entries.iter().map(|entry| match entry {
        Entry::Judged(judged) => row(judged, &dimensions),
        Entry::Refused { name, problems } => {
            let reason = problems.first().map(ToString::to_string);
            let mut row = vec![
                (*name).to_owned(),
                String::new(),
                String::new(),
                String::new(),
            ];
            row.extend([
                "refused".to_owned(),
                reason.unwrap_or_default(),
                String::new(),
            ]);
            row.extend(dimensions.iter().flat_map(|_| vec![String::new(); 5]));
            row
        }
    }));
    write(&rows)
}

fn row(judged: &Judged<'_>, dimensions: &[&str]) -> Vec<String> {
    let card = judged.card;
    let mut row = vec![
        card.proposal.file.clone(),
        card.proposal.id.clone(),
        card.proposal.title.clone(),
        card.profile.clone(),
        card.verdict.word.word().to_owned(),
        card.verdict.reason.clone(),
        card.verdict.decided_by.join(" "),
    ];
    for dimension in dimensions {
        let Some(score) = card.dimensions.iter().find(|score| score.id == *dimension) else {
            row.extend(vec![String::new(); 5]);
            continue;
        };
        let level = match (score.level_low, score.level_high) {
            (Some(low), Some(high)) if low != high => format!("{}–{}", low.word(), high.word()),
            (low, _) => low.map_or_else(String::new, |low: Level| low.word().to_owned()),
        };
        let points =
            |points: Option<u8>| points.map_or_else(String::new, |points| points.to_string());
        row.extend([
            level,
            points(score.low),
            points(score.high),
            evenhand_diagnostic::text::number(score.threshold),
            evenhand_diagnostic::text::number((score.completeness * 100.0 + 1e-9).floor() / 100.0),
        ]);
    }
    row
}

fn write(rows: &[Vec<String>]) -> String {
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
    let start = cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    let numeric = cell.parse::<f64>().is_ok();
    let begins = start.starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r', '\n']);
    let cell: String = cell
        .chars()
        .map(|c| if c == '\n' { c } else { visible(c) })
        .collect();
    if begins && !numeric {
        format!("'{cell}")
    } else {
        cell
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
