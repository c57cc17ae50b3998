//! Problems as people read them: the line of the file with the place underlined, what was expected, what helps.

use super::Look;
use super::style::{clean, columns};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use evenhand_diagnostic::problem::{Problem, ProblemSeverity};
use evenhand_diagnostic::source::Source;

/// The widest label that still stands beside the underlined place, in columns.
const BESIDE: usize = 40;

/// Columns before the text of a line: its number, and what frames it.
const GUTTER: usize = 8;

/// Renders problems; `sources` are the texts at hand, to show their lines.
pub fn render(problems: &[Problem], sources: &[&Source], look: Look) -> String {
    let mut text = String::new();
    for problem in problems {
        let source = problem
            .file
            .as_ref()
            .and_then(|file| sources.iter().find(|source| source.name() == file));
        text.push_str(&one(problem, source.copied(), look));
        text.push_str("\n\n");
    }
    let count = problems.len();
    if count > 1 {
        text.push_str(&format!("{count} problems\n"));
    }
    text
}

fn one(problem: &Problem, source: Option<&Source>, look: Look) -> String {
    let level = match problem.severity {
        ProblemSeverity::Error => Level::ERROR,
        ProblemSeverity::Warning => Level::WARNING,
    };
    let title = level.primary_title(folded(&problem.message, look, "error: "));
    let mut group = Group::with_title(title);
    let mut expected = problem
        .expected
        .as_ref()
        .map(|expected| format!("expected {expected}"));
    // The text that was made of a workbook is nobody's; the cell is named.
    let shown = source
        .filter(|_| problem.cell.is_none())
        .zip(problem.span.clone())
        .and_then(|(source, span)| excerpt(source, span));
    match (shown, &problem.file) {
        (Some((line, text, within)), Some(file)) => {
            // Long labels are easier to read below than beside.
            let before = columns(text.get(..within.end).unwrap_or(&text)) + GUTTER;
            let beside = expected.take_if(|expected| {
                let label = columns(expected);
                label <= BESIDE && before + label < look.width
            });
            let annotation = AnnotationKind::Primary.span(within).label(beside);
            group = group.element(
                Snippet::source(text)
                    .line_start(line)
                    .path(file.clone())
                    .annotation(annotation),
            );
        }
        (_, Some(file)) => {
            let path = match &problem.cell {
                Some(cell) => format!("{file}, {cell}"),
                None => file.clone(),
            };
            let mut origin = annotate_snippets::Origin::path(path);
            if let Some(place) = problem.place {
                origin = origin.line(place.line).char_column(place.column);
            }
            group = group.element(origin);
        }
        (_, None) => {}
    }
    group = group
        .elements(expected.map(|text| Level::NOTE.message(folded(&text, look, "     = note: "))));
    let suggestion = problem.suggestion.iter();
    group = group
        .elements(suggestion.map(|text| Level::HELP.message(folded(text, look, "     = help: "))));
    renderer(look).render(&[group])
}

/// A message in lines that fit beside what stands before it.
fn folded(text: &str, look: Look, before: &str) -> String {
    let narrow = Look {
        width: look.width.saturating_sub(columns(before)),
        ..look
    };
    narrow.wrap(text, "", "").join("\n")
}

pub(super) fn renderer(look: Look) -> Renderer {
    let renderer = if look.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.term_width(look.width)
}

/// The line of a place: its number, its text, and the span in it, cut to that line.
pub(super) fn excerpt(
    source: &Source,
    span: std::ops::Range<usize>,
) -> Option<(usize, String, std::ops::Range<usize>)> {
    let place = source.place(span.start);
    let start = source.offset(evenhand_diagnostic::source::Place {
        line: place.line,
        column: 1,
    })?;
    let rest = source.text().get(start..)?;
    let line = rest
        .split('\n')
        .next()
        .unwrap_or_default()
        .trim_end_matches('\r');
    let from = span.start.saturating_sub(start).min(line.len());
    let to = span.end.saturating_sub(start).clamp(from, line.len());
    let shown = clean_line(line);
    // Cleaning replaces characters by others of another length only where it must; then the line alone is shown.
    let within = if shown.len() == line.len() {
        from..to
    } else {
        0..0
    };
    Some((place.line, shown, within))
}

fn clean_line(line: &str) -> String {
    line.chars()
        .map(|c| {
            if c == '\t' {
                c
            } else {
                clean(&c.to_string()).chars().next().unwrap_or(' ')
            }
        })
        .collect()
}
