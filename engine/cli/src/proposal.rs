//! A proposal with changes, as the ending of the file says that it is written.

use crate::files::{self, cannot, shown};
use crate::setup::Assembled;
use evenhand_analysis::start;
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_core::text::pretty_json;
use evenhand_report::start as report;
use std::path::Path;

/// The bytes of a proposal with changes. `changed` is what was read from `original`, with the changes in its text; `to` is where
/// it goes; `title` is what the proposal is called.
///
/// A text keeps its layout where it stays in its format. A workbook is a form again, or is refused with everything that it would
/// lose.
pub(crate) fn bytes(
    original: &Path,
    to: &Path,
    changed: &Document,
    title: &str,
    spoken: &Assembled,
) -> Result<Vec<u8>, Vec<Problem>> {
    let text = || changed.source().text().as_bytes().to_vec();
    if files::is_spreadsheet(to) {
        return workbook(original, to, changed, title, spoken);
    }
    let (from, into) = (format(original), format(to));
    match into {
        Some(Format::Json) if from != into => Ok(json(changed)),
        // JSON is YAML as well; what a workbook is read into is YAML.
        Some(Format::Yaml) if from == Some(Format::Toml) => Ok(json(changed)),
        Some(Format::Toml) if from != into => {
            let message = format!("`{}` cannot be written in TOML", shown(original));
            let problem = Problem::error(message);
            Err(vec![
                problem.expected("a file ending in .yaml, .json or .xlsx"),
            ])
        }
        _ => Ok(text()),
    }
}

fn format(path: &Path) -> Option<Format> {
    let extension = path.extension()?.to_string_lossy();
    Format::from_extension(&extension)
}

fn json(changed: &Document) -> Vec<u8> {
    pretty_json(changed.value()).into_bytes()
}

fn workbook(
    original: &Path,
    to: &Path,
    changed: &Document,
    title: &str,
    spoken: &Assembled,
) -> Result<Vec<u8>, Vec<Problem>> {
    let name = shown(to);
    if !files::is_xlsx(to) {
        let problem = Problem::error(format!("`{name}` cannot be written"));
        return Err(vec![
            problem.expected("a workbook ending in .xlsx, or a file ending in .yaml"),
        ]);
    }
    let value = changed.value();
    let language = (spoken.schema(), &spoken.locale);
    if files::is_spreadsheet(original) {
        let own = shown(original);
        let bytes = files::bytes(original);
        let bytes = bytes.map_err(|error| vec![cannot("read", &own, &error)])?;
        return report::rewrite_workbook(&own, &bytes, &spoken.book, language, value);
    }
    let start = report::Start {
        schema: spoken.schema(),
        proposal: value,
        wanted: &start::wanted(spoken, value),
        title,
        file: &name,
        respondents: &spoken.book.info().respondents,
        words: &spoken.locale,
    };
    report::checked_workbook(&start, &spoken.book, language)
}

/// The problems, with what can be done instead.
pub(crate) fn instead(problems: Vec<Problem>, advice: &str) -> Vec<Problem> {
    let mut problems = problems;
    if let Some(last) = problems.last_mut()
        && last.suggestion.is_none()
    {
        *last = last.clone().suggest(advice);
    }
    problems
}
