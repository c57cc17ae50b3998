//! The list of rules on a terminal.

use super::Look;
use super::style::{Tone, pad};
use evenhand_core::rule::{PageKind, Severity};
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::text::visible_line;
use evenhand_diagnostic::words::{Section, Words};

/// Renders the rules by dimension, the gravest first, and those that plugins assess after those of packs.
pub fn render(book: &Rulebook, words: &dyn Words, look: Look) -> String {
    let mut list = List {
        book,
        words,
        look,
        lines: Vec::new(),
    };
    for dimension in &book.info().dimensions {
        let title = words.find(Section::Dimensions, &dimension.id);
        list.dimension(&dimension.id, title.unwrap_or(&dimension.title));
    }
    list.checks();
    for broken in book.broken() {
        let word = look.paint(Tone::Bad, "broken  ");
        list.lines.push(format!("  {word} {}", broken.id));
    }
    let explain = words.word("evenhand explain RULE shows a rule's page.");
    list.lines.push(explain.to_owned());
    let mut text = list.lines.join("\n");
    text.push('\n');
    text
}

struct List<'a> {
    book: &'a Rulebook,
    words: &'a dyn Words,
    look: Look,
    lines: Vec<String>,
}

impl List<'_> {
    fn dimension(&mut self, id: &str, title: &str) {
        let book = self.book;
        let own = book.rules().iter();
        let own: Vec<&Rule> = own.filter(|rule| rule.page.dimension == id).collect();
        let assessed = book.plugin_rules().into_iter();
        let assessed: Vec<_> = assessed.filter(|(_, rule)| rule.dimension == id).collect();
        if own.is_empty() && assessed.is_empty() {
            return;
        }
        self.lines.push(self.look.paint(Tone::Strong, title));
        for rule in own {
            let severity = match rule.page.kind {
                PageKind::Prompt => "prompt",
                _ => rule.page.severity.word(),
            };
            let off = self.off(rule.disabled.is_some());
            self.row(severity, &rule.page.id, &off, &rule.page.title);
        }
        for (manifest, rule) in assessed {
            let own = book.settings().rules.get(&rule.id);
            let off = self.off(own.is_some_and(|own| own.disabled.is_some()));
            let severity = own.and_then(|own| own.severity).map(Severity::word);
            let of = self
                .words
                .say(" (the plugin {plugin})", &[("plugin", &manifest.id)]);
            let severity = severity.unwrap_or(&rule.severity);
            self.row(severity, &rule.id, &format!("{of}{off}"), &rule.title);
        }
        self.lines.push(String::new());
    }

    fn checks(&mut self) {
        let rules = self.book.rules().iter();
        let checks: Vec<&Rule> = rules.filter(|rule| rule.is_check()).collect();
        if checks.is_empty() {
            return;
        }
        let heading = self.words.word("Please check");
        self.lines.push(self.look.paint(Tone::Strong, heading));
        for rule in checks {
            self.row("check", &rule.page.id, "", &rule.page.title);
        }
        self.lines.push(String::new());
    }

    fn off(&self, off: bool) -> String {
        let word = if off {
            self.words.word(" (turned off)")
        } else {
            ""
        };
        word.to_owned()
    }

    /// What kind of rule it is, its id with what is said of it, and its title below.
    fn row(&mut self, kind: &str, id: &str, said: &str, title: &str) {
        let kind = pad(self.words.word(kind), 8);
        self.lines
            .push(visible_line(&format!("  {kind} {id}{said}")));
        let title = self.words.find(Section::Titles, id).unwrap_or(title);
        let indent = "             ";
        let title = self.look.wrap(&visible_line(title), indent, indent);
        let title = title.iter().map(|line| self.look.paint(Tone::Faint, line));
        self.lines.extend(title);
    }
}
