//! A rule's page on a terminal: why it is asked, how it is judged, what helps, with the settings in force.

use super::Look;
use super::style::{Tone, columns as width};
use super::values;
use evenhand_core::plugin::{Manifest, PluginRule};
use evenhand_core::rule::{PageKind, Severity};
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::problem::Code;
use evenhand_diagnostic::text::{visible_line, visible_lines};
use evenhand_diagnostic::words::{Section, Words};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// Renders a rule's page.
pub fn render(book: &Rulebook, rule: &Rule, script: bool, words: &dyn Words, look: Look) -> String {
    let mut page = Page {
        look,
        locale: words,
        lines: Vec::new(),
    };
    page.head(rule);
    page.markdown(&rule.page.text().why);
    page.section("How it is judged", &rule.page.text().how);
    page.section("What helps", &helps(rule, words));
    for (heading, text) in &rule.page.text().more {
        page.section(heading, text);
    }
    page.section("Limits", &rule.page.limits);
    page.params(rule);
    page.sources(book, rule);
    if let Some(text) = rule.script_text().filter(|_| script) {
        page.heading("Script");
        for line in text.lines() {
            page.lines.push(format!("  {line}").trim_end().to_owned());
        }
    }
    let mut text = page.lines.join("\n");
    text.push('\n');
    text
}

/// Renders the page of a rule that a plugin assesses.
pub fn of_plugin(
    book: &Rulebook,
    (manifest, rule): (&Manifest, &PluginRule),
    words: &dyn Words,
    look: Look,
) -> String {
    let mut page = Page {
        look,
        locale: words,
        lines: Vec::new(),
    };
    let own = book.settings().rules.get(&rule.id);
    let title = own.and_then(|own| own.title.as_deref());
    let title = title.or_else(|| words.find(Section::Titles, &rule.id));
    for line in look.wrap(&visible_line(title.unwrap_or(&rule.title)), "", "") {
        page.lines.push(look.paint(Tone::Strong, &line));
    }
    let severity = own.and_then(|own| own.severity).map(Severity::word);
    let severity = severity.unwrap_or(&rule.severity);
    let what = words.say(
        "{rule} · {severity} · assessed by the plugin {plugin} {version}",
        &[
            ("rule", &rule.id),
            ("severity", words.word(severity)),
            ("plugin", &manifest.id),
            ("version", &manifest.version),
        ],
    );
    for line in look.wrap(&what, "", "") {
        page.lines.push(look.paint(Tone::Faint, &line));
    }
    if let Some(reason) = own.and_then(|own| own.disabled.as_ref()) {
        let off = words.say("Turned off: {reason}", &[("reason", reason)]);
        page.paragraph(&off, "", "");
    }
    if !words.tag().starts_with("en") {
        page.paragraph(words.word(UNTRANSLATED), "", "");
    }
    page.lines.push(String::new());
    page.markdown(&visible_lines(&rule.about));
    page.section("What helps", &visible_lines(&rule.helps));
    page.section("Limits", &visible_lines(&rule.limits));
    page.cited(book, rule);
    let mut text = page.lines.join("\n");
    text.push('\n');
    text
}

/// Renders what a code of a problem means.
pub fn code(code: &Code, words: &dyn Words, look: Look) -> String {
    let mut page = Page {
        look,
        locale: words,
        lines: Vec::new(),
    };
    page.heading(code.id);
    page.lines.push(String::new());
    page.markdown(code.about);
    page.section("What it says", &format!("`{}`", code.english));
    let mut text = page.lines.join("\n");
    text.push('\n');
    text
}

/// What helps, in Markdown: the first paragraph in the language, where it is translated.
fn helps(rule: &Rule, words: &dyn Words) -> String {
    let text = &rule.page.text().helps;
    let Some(help) = words.find(Section::Helps, &rule.page.id) else {
        return text.clone();
    };
    match text.split_once("\n\n") {
        Some((_, rest)) => format!("{help}\n\n{rest}"),
        None => help.to_owned(),
    }
}

const UNTRANSLATED: &str =
    "Title and first advice are translated; the rest of the page is in English.";

/// What stands before a line of a table of settings.
const TABLE: &str = "    ";

struct Page<'a> {
    look: Look,
    locale: &'a dyn Words,
    lines: Vec<String>,
}

impl Page<'_> {
    fn head(&mut self, rule: &Rule) {
        let page = &rule.page;
        let title = self.locale.find(Section::Titles, &page.id);
        for line in self.look.wrap(title.unwrap_or(&page.title), "", "") {
            self.lines.push(self.look.paint(Tone::Strong, &line));
        }
        let what = match page.kind {
            PageKind::Prompt => self.locale.say(
                "{rule} · a question for discussion, without points",
                &[("rule", &page.id)],
            ),
            PageKind::Check => self.locale.say(
                "{rule} · asks whether odd answers are right, without points",
                &[("rule", &page.id)],
            ),
            PageKind::Rule => {
                let waivable = if page.waivable {
                    ""
                } else {
                    self.locale.word(" · may not be waived")
                };
                self.locale.say(
                    "{rule} · {severity} · weight {weight}{waivable}",
                    &[
                        ("rule", &page.id),
                        ("severity", self.locale.word(page.severity.word())),
                        ("weight", &self.locale.number(rule.weight())),
                        ("waivable", waivable),
                    ],
                )
            }
        };
        for line in self.look.wrap(&what, "", "") {
            self.lines.push(self.look.paint(Tone::Faint, &line));
        }
        if let Some(reason) = &rule.disabled {
            let off = self
                .locale
                .say("Turned off: {reason}", &[("reason", reason)]);
            self.paragraph(&off, "", "");
        }
        if !self.locale.tag().starts_with("en") {
            self.paragraph(self.locale.word(UNTRANSLATED), "", "");
        }
        self.lines.push(String::new());
    }

    /// The sources of a plugin's rule, which its manifest names.
    fn cited(&mut self, book: &Rulebook, rule: &PluginRule) {
        if rule.sources.is_empty() {
            return;
        }
        self.heading("Sources");
        for key in &rule.sources {
            let Some(entry) = book.sources().get(key) else {
                continue;
            };
            let seen = if entry.seen {
                ""
            } else {
                self.locale.word(" (from memory, to be verified)")
            };
            let line = format!("{key}: {}{seen}", entry.cite());
            self.paragraph(&visible_line(&line), "  · ", "    ");
        }
    }

    fn heading(&mut self, text: &str) {
        let text = self.locale.word(text);
        self.lines.push(self.look.paint(Tone::Strong, text));
    }

    fn section(&mut self, heading: &str, text: &str) {
        if !text.is_empty() {
            self.heading(heading);
            self.markdown(text);
        }
    }

    fn paragraph(&mut self, text: &str, first: &str, rest: &str) {
        self.lines.extend(self.look.wrap(text, first, rest));
    }

    /// Paragraphs and lists; tables and code as they are written.
    fn markdown(&mut self, text: &str) {
        let mut part = String::new();
        let mut bullet = None;
        for (event, range) in Parser::new(text).into_offset_iter() {
            match event {
                Event::Text(words) => part.push_str(&words),
                Event::Code(words) => part.push_str(&format!("`{words}`")),
                Event::SoftBreak | Event::HardBreak => {
                    let table = text
                        .get(range.start..)
                        .is_some_and(|rest| rest.trim_start().starts_with('|'));
                    if table || part.starts_with('|') {
                        self.lines.push(format!("  {part}"));
                        part.clear();
                    } else {
                        part.push(' ');
                    }
                }
                Event::Start(Tag::Item) => {
                    self.flush(&mut part, bullet);
                    bullet = Some("  · ");
                }
                Event::End(TagEnd::Heading(_)) => {
                    let line = self.look.paint(Tone::Strong, &part);
                    part.clear();
                    self.lines.push(line);
                }
                Event::End(TagEnd::Paragraph) => {
                    self.flush(&mut part, bullet);
                    if bullet.is_none() {
                        self.lines.push(String::new());
                    }
                }
                Event::Start(Tag::Heading { .. }) | Event::End(TagEnd::Item) => {
                    self.flush(&mut part, bullet);
                }
                Event::End(TagEnd::List(_)) => {
                    bullet = None;
                    self.lines.push(String::new());
                }
                Event::End(TagEnd::CodeBlock) => {
                    self.lines
                        .extend(part.lines().map(|line| format!("    {line}")));
                    self.lines.push(String::new());
                    part.clear();
                }
                _ => {}
            }
        }
        self.flush(&mut part, None);
    }

    fn flush(&mut self, part: &mut String, bullet: Option<&str>) {
        if !part.is_empty() {
            let text = std::mem::take(part);
            match bullet {
                Some(bullet) => self.paragraph(&text, bullet, "    "),
                None => self.paragraph(&text, "", ""),
            }
        }
    }

    fn params(&mut self, rule: &Rule) {
        if rule.page.params.is_empty() {
            return;
        }
        self.heading("Settings in force");
        for param in &rule.page.params {
            let value = rule.params.get(&param.name).unwrap_or(&param.default);
            let shown = values::short(value, param.unit.as_deref(), self.locale)
                .map(|shown| format!(" = {shown}"))
                .unwrap_or_default();
            let word = self.locale.word(param.basis.word());
            let basis = match &param.source {
                Some(source) => format!("{word}: {source}"),
                None => word.to_owned(),
            };
            let changed = if *value == param.default {
                ""
            } else {
                self.locale.word(", set by the board")
            };
            self.paragraph(
                &format!("{}{shown} ({basis}{changed})", param.name),
                "  · ",
                "    ",
            );
            self.paragraph(&param.about, "    ", "    ");
            let columns = self.look.width.saturating_sub(TABLE.len());
            for line in values::table(value, self.locale, columns) {
                if width(&line) <= columns {
                    self.lines
                        .push(format!("{TABLE}{line}").trim_end().to_owned());
                } else {
                    self.paragraph(&line, TABLE, "        ");
                }
            }
        }
        self.lines.push(String::new());
    }

    fn sources(&mut self, book: &Rulebook, rule: &Rule) {
        if rule.page.sources.is_empty() {
            return;
        }
        self.heading("Sources");
        for citation in &rule.page.sources {
            let Some(entry) = book.sources().get(&citation.key) else {
                continue;
            };
            let section = citation
                .section
                .as_ref()
                .and_then(|section| entry.sections.get(section))
                .map(|title| format!(" [{title}]"))
                .unwrap_or_default();
            let seen = if entry.seen {
                ""
            } else {
                self.locale.word(" (from memory, to be verified)")
            };
            self.paragraph(
                &format!("{citation}: {}{section}{seen}", entry.cite()),
                "  · ",
                "    ",
            );
        }
    }
}
