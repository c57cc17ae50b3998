//! The list of rules on a terminal.

use super::Look;
use super::style::{Tone, pad};
use evenhand_core::rule::PageKind;
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::words::{Section, Words};

/// Renders the rules by dimension, the gravest first.
pub fn render(book: &Rulebook, words: &dyn Words, look: Look) -> String {
    let mut lines = Vec::new();
    for dimension in &book.info().dimensions {
        let own: Vec<&Rule> = book
            .rules()
            .iter()
            .filter(|rule| rule.page.dimension == dimension.id)
            .collect();
        if own.is_empty() {
            continue;
        }
        let title = words.find(Section::Dimensions, &dimension.id);
        let title = title.unwrap_or(&dimension.title);
        lines.push(look.paint(Tone::Strong, title));
        for rule in own {
            let severity = if rule.page.kind == PageKind::Prompt {
                "prompt"
            } else {
                rule.page.severity.word()
            };
            let off = if rule.disabled.is_some() {
                words.word(" (turned off)")
            } else {
                ""
            };
            lines.push(format!(
                "  {} {}{off}",
                pad(words.word(severity), 8),
                rule.page.id
            ));
            let title = words.find(Section::Titles, &rule.page.id);
            let title = title.unwrap_or(&rule.page.title);
            lines.extend(
                look.wrap(title, "             ", "             ")
                    .iter()
                    .map(|line| look.paint(Tone::Faint, line)),
            );
        }
        lines.push(String::new());
    }
    let checks: Vec<&Rule> = book.rules().iter().filter(|rule| rule.is_check()).collect();
    if !checks.is_empty() {
        lines.push(look.paint(Tone::Strong, words.word("Please check")));
        for rule in checks {
            lines.push(format!(
                "  {} {}",
                pad(words.word("check"), 8),
                rule.page.id
            ));
            let title = words.find(Section::Titles, &rule.page.id);
            let title = title.unwrap_or(&rule.page.title);
            let title = look.wrap(title, "             ", "             ");
            lines.extend(title.iter().map(|line| look.paint(Tone::Faint, line)));
        }
        lines.push(String::new());
    }
    for broken in book.broken() {
        lines.push(format!(
            "  {} {}",
            look.paint(Tone::Bad, "broken  "),
            broken.id
        ));
    }
    let explain = words.word("evenhand explain RULE shows a rule's page.");
    lines.push(explain.to_owned());
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
