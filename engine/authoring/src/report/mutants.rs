//! What came of changing rules, on a terminal.

use crate::mutation::MutationRun;
use evenhand_diagnostic::text::count;
use evenhand_report::Look;
use evenhand_report::style::Tone;

/// Renders the changes that no case notices, and how many there were.
pub fn render(run: &MutationRun, look: Look) -> String {
    let mut lines = Vec::new();
    let (mut tried, mut survivors, mut explained) = (0, 0, 0);
    for rule in &run.rules {
        tried += rule.tried;
        survivors += rule.survivors.len();
        explained += rule.explained.len();
        if rule.survivors.is_empty() {
            continue;
        }
        let left = count(rule.survivors.len(), "change");
        lines.push(format!(
            "{}: {left} that no case notices",
            look.paint(Tone::Strong, &rule.id)
        ));
        for mutant in &rule.survivors {
            let text = format!("{}:{}: {}", mutant.file, mutant.line, mutant.change);
            lines.extend(look.wrap(&text, "  ", "    "));
        }
        lines.push(String::new());
    }
    lines.push(format!(
        "{}, {}: {} noticed, {explained} explained, {survivors} left",
        count(run.rules.len(), "rule"),
        count(tried, "change"),
        tried - survivors - explained
    ));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
