//! The run of the rules' cases on a terminal.

use crate::cases::CaseResult;
use crate::ruletest::TestRun;
use evenhand_core::finding::Outcome;
use evenhand_report::Look;
use evenhand_report::style::Tone;
use std::collections::BTreeSet;

/// What to show.
#[derive(Debug, Clone, Copy, Default)]
pub struct TestOptions {
    /// Also the cases that pass.
    pub verbose: bool,
    /// How it looks.
    pub look: Look,
}

/// Renders the run.
pub fn render(run: &TestRun, options: TestOptions) -> String {
    let look = options.look;
    let mut lines = Vec::new();
    for rule in &run.rules {
        let failed: Vec<&CaseResult> = rule
            .results
            .iter()
            .filter(|result| !result.differences.is_empty())
            .collect();
        if options.verbose {
            lines.push(format!(
                "{}: {}, line coverage {} %",
                look.paint(Tone::Strong, &rule.id),
                evenhand_diagnostic::text::count(rule.results.len(), "case"),
                rule.line_coverage()
            ));
            let passed = rule
                .results
                .iter()
                .filter(|result| result.differences.is_empty());
            lines.extend(passed.flat_map(|result| look.wrap(&result.case.name, "  ✓ ", "    ")));
        }
        for result in failed {
            failure(&rule.id, result, look, &mut lines);
        }
    }
    for id in &run.broken {
        lines.push(format!(
            "{} {id}: the rule could not be loaded, so its cases did not run",
            look.paint(Tone::Bad, "FAILED")
        ));
    }
    coverage(run, look, &mut lines);
    line_coverage(run, look, &mut lines);
    let cases = run.passed() + run.failed();
    lines.push(format!(
        "{}, {}, outcome coverage {} %, line coverage {} %",
        evenhand_diagnostic::text::count(run.rules.len(), "rule"),
        evenhand_diagnostic::text::count(cases, "case"),
        run.coverage(),
        run.line_coverage()
    ));
    lines.push(format!(
        "{} passed, {} failed",
        run.passed(),
        run.failed() + run.broken.len()
    ));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn failure(id: &str, result: &CaseResult, look: Look, lines: &mut Vec<String>) {
    let place = result
        .case
        .place
        .as_ref()
        .map(|(file, place)| format!(" ({file}:{}:{})", place.line, place.column))
        .unwrap_or_default();
    lines.push(format!(
        "{} {id}: {}{place}",
        look.paint(Tone::Bad, "FAILED"),
        result.case.name
    ));
    for difference in &result.differences {
        lines.push(format!("    {}", difference.what));
        lines.extend(
            look.wrap(&difference.expected, "      - ", "        ")
                .iter()
                .map(|line| look.paint(Tone::Bad, line)),
        );
        lines.extend(
            look.wrap(&difference.found, "      + ", "        ")
                .iter()
                .map(|line| look.paint(Tone::Good, line)),
        );
    }
    lines.push(String::new());
}

fn coverage(run: &TestRun, look: Look, lines: &mut Vec<String>) {
    let open: Vec<_> = run
        .rules
        .iter()
        .filter(|rule| !rule.unreached.is_empty())
        .collect();
    if open.is_empty() {
        return;
    }
    lines.push("Outcomes that no case reaches:".to_owned());
    for rule in open {
        let words: Vec<&str> = rule.unreached.iter().copied().map(Outcome::word).collect();
        lines.extend(look.wrap(&format!("{}: {}", rule.id, words.join(", ")), "  ", "    "));
    }
    lines.push(String::new());
}

fn line_coverage(run: &TestRun, look: Look, lines: &mut Vec<String>) {
    let mut open = run
        .rules
        .iter()
        .filter(|rule| !rule.unreached_lines.is_empty())
        .peekable();
    if open.peek().is_none() {
        return;
    }
    lines.push("Lines of scripts that no case reaches:".to_owned());
    for rule in open {
        let text = format!(
            "{}: {} ({} % reached)",
            rule.id,
            spans(&rule.unreached_lines),
            rule.line_coverage()
        );
        lines.extend(look.wrap(&text, "  ", "    "));
    }
    lines.push(String::new());
}

/// Numbers as people write them: `3, 5-7`.
fn spans(numbers: &BTreeSet<usize>) -> String {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => spans.push((*number, *number)),
        }
    }
    let words: Vec<String> = spans
        .into_iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        })
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod spanned {
    use super::*;

    #[test]
    fn neighbours_are_one_span() {
        assert_eq!(spans(&[3, 5, 6, 7, 9].into()), "3, 5-7, 9");
        assert_eq!(spans(&BTreeSet::new()), "");
    }
}
