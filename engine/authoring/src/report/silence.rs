//! What is better left out, on a terminal.

use crate::silence::SilenceRun;
use evenhand_core::finding::Outcome;
use evenhand_diagnostic::text::{count, number};
use evenhand_report::Look;
use evenhand_report::style::Tone;

/// Renders everything that silence makes better, and how much was tried.
pub fn render(run: &SilenceRun, look: Look) -> String {
    let mut lines = Vec::new();
    for rise in &run.rises {
        let place = rise.place.as_ref();
        let place = place.map_or_else(String::new, |(file, place)| {
            format!(" ({file}:{}:{})", place.line, place.column)
        });
        let becomes = if rise.outcome == Outcome::NotApplicable {
            format!("turns {} into `not_applicable`", number(rise.from))
        } else {
            format!(
                "raises this from {} to {}",
                number(rise.from),
                number(rise.to)
            )
        };
        let text = format!(
            "{} {}: leaving out `{}` {becomes} (case “{}”){place}",
            look.paint(Tone::Bad, "FAILED"),
            rise.rule,
            rise.path.dotted(),
            rise.case
        );
        lines.extend(look.wrap(&text, "", "    "));
    }
    for (rule, path) in &run.unused {
        let text = format!(
            "{} {rule}: the page excepts `{path}`, and leaving it out helps in no case",
            look.paint(Tone::Bad, "FAILED")
        );
        lines.extend(look.wrap(&text, "", "    "));
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!(
        "{} left out: {} helped, {} for a reason",
        count(run.tried, "answer"),
        run.rises.len() + run.explained,
        run.explained
    ));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
