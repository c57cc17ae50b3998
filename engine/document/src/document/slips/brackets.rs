//! Brackets of YAML that are opened and not closed.

use super::{CLOSE_BRACKET, Slip, UNCLOSED_BRACKET, lines};
use crate::document::Format;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::problem::{Edit, Problem};

/// The first line on which a bracket stays open although what comes next is as far left and begins an entry.
pub(super) fn unclosed(text: &str, format: Format, failed: usize) -> Vec<Slip> {
    if format != Format::Yaml {
        return Vec::new();
    }
    let all: Vec<(usize, &str)> = lines(text)
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    let mut open: Vec<(usize, char, usize)> = Vec::new();
    for (number, (start, line)) in all.iter().enumerate() {
        let content = scan(*start, line, &mut open);
        if *start > failed && open.is_empty() {
            break;
        }
        let Some((at, bracket, indent)) = open.last().copied() else {
            continue;
        };
        let next = all.get(number + 1).map(|(_, next)| *next);
        let ends =
            next.is_none_or(|next| column(next) <= indent && begins_entry(next.trim_start()));
        if ends {
            let closing = if bracket == '{' { "}" } else { "]" };
            let problem = Problem::error(phrase!(UNCLOSED_BRACKET, bracket = bracket.to_string()))
                .suggest(phrase!(CLOSE_BRACKET, bracket = closing));
            let all: String = open
                .iter()
                .rev()
                .map(|(_, bracket, _)| if *bracket == '{' { " }" } else { " ]" })
                .collect();
            return vec![Slip::new(
                at..at + 1,
                problem,
                vec![Edit::new(content..content, all)],
            )];
        }
    }
    Vec::new()
}

fn column(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether a line begins an entry of a list or a name with its value.
fn begins_entry(line: &str) -> bool {
    if line.starts_with("- ") {
        return true;
    }
    let name = line.split(':').next().unwrap_or_default();
    let bare = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    bare && line
        .get(name.len()..)
        .is_some_and(|rest| rest == ":" || rest.starts_with(": "))
}

/// Follows the brackets of a line, outside of quotes and comments; gives the offset where its content ends.
fn scan(start: usize, line: &str, open: &mut Vec<(usize, char, usize)>) -> usize {
    let mut quote: Option<char> = None;
    let mut before = ' ';
    let mut end = start + line.trim_end().len();
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (None, '"' | '\'') if " [{,:".contains(before) => quote = Some(c),
            (None, '#') if before == ' ' => {
                end = start + line.get(..at).unwrap_or_default().trim_end().len();
                break;
            }
            (None, '{' | '[') if !open.is_empty() || " -".contains(before) => {
                open.push((start + at, c, column(line)));
            }
            (None, '}' | ']') => {
                open.pop();
            }
            _ => {}
        }
        before = c;
    }
    end
}
