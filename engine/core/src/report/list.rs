//! The list of rules on a terminal.

use super::Look;
use super::style::{Tone, pad};
use crate::rule::PageKind;
use crate::rulebook::{Rule, Rulebook};

/// Renders the rules by dimension, the gravest first.
pub fn render(book: &Rulebook, look: Look) -> String {
    let mut lines = Vec::new();
    let locale = book.language();
    for dimension in &book.info().dimensions {
        let own: Vec<&Rule> = book
            .rules()
            .iter()
            .filter(|rule| rule.page.dimension == dimension.id)
            .collect();
        if own.is_empty() {
            continue;
        }
        lines.push(look.paint(Tone::Strong, &dimension.title));
        for rule in own {
            let severity = if rule.page.kind == PageKind::Prompt {
                "prompt"
            } else {
                rule.page.severity.word()
            };
            let off = if rule.disabled.is_some() {
                locale.word(" (turned off)")
            } else {
                ""
            };
            lines.push(format!(
                "  {} {}{off}",
                pad(locale.word(severity), 8),
                rule.page.id
            ));
            lines.extend(
                look.wrap(&rule.page.title, "             ", "             ")
                    .iter()
                    .map(|line| look.paint(Tone::Faint, line)),
            );
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
    let explain = locale.word("evenhand explain RULE shows a rule's page.");
    lines.push(explain.to_owned());
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
