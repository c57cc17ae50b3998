//! One rule: why, how, with which settings, on which sources, and what its cases show.

use super::dimension::severity;
use super::{Writer, bibliography};
use crate::cases::{Case, Expectation};
use evenhand_contract::plugin::PluginRule;
use evenhand_core::finding::Outcome;
use evenhand_core::rule::{Citation, Page, PageKind, Severity};
use evenhand_core::rulebook::Rule;
use evenhand_diagnostic::text::number;
use evenhand_report::paper::{
    Block, Inline, Section, Table, code, here, joined, lines, paragraph, prose, strong, text,
};

/// What links to a rule are called.
pub(super) fn id(rule: &str) -> String {
    format!("rule-{rule}")
}

impl Writer<'_> {
    pub(super) fn rule(&self, rule: &Rule) -> Section {
        let page = &rule.page;
        let mut blocks = vec![head(rule)];
        blocks.extend(self.off(&page.id));
        blocks.extend(prose(&page.text().why));
        let mut sections = Vec::new();
        let mut part = |name: &str, blocks: Vec<Block>| {
            if !blocks.is_empty() {
                sections.push(section(page, name, blocks));
            }
        };
        part("How it is judged", prose(&page.text().how));
        let form = self.book.form(rule);
        part(
            "The rule in words",
            form.as_ref().map(super::form::words).unwrap_or_default(),
        );
        part("Settings", self.settings(rule));
        part("What helps", prose(&page.text().helps));
        part("Limits", prose(&page.limits));
        for (heading, body) in &page.text().more {
            part(heading, prose(body));
        }
        let silence = page.text().silence.iter();
        let silence =
            silence.map(|(path, reason)| vec![code(path.clone()), text(format!(": {reason}"))]);
        let silence: Vec<Vec<Inline>> = silence.collect();
        if !silence.is_empty() {
            part("Better left out", vec![lines(silence)]);
        }
        part("Sources", self.sources(&page.sources));
        part("Cases", self.cases(rule));
        // A form is there in words, and its script is what the words stand for.
        let script = rule
            .script_text()
            .filter(|_| form.is_none())
            .map(|script| Block::Folded {
                summary: "Show how it is computed".to_owned(),
                blocks: vec![Block::Code(script.to_owned())],
            });
        part("Script", script.into_iter().collect());
        Section {
            id: id(&page.id),
            title: vec![text(page.title.clone())],
            blocks,
            sections,
        }
    }

    /// A question for discussion: no points, no settings, no cases.
    pub(super) fn prompt(&self, rule: &Rule) -> Section {
        let page = &rule.page;
        let mut blocks = vec![Block::Paragraph(vec![
            code(page.id.clone()),
            text(" · for discussion, without points"),
        ])];
        blocks.extend(self.off(&page.id));
        blocks.extend(prose(&page.text().why));
        for (heading, body) in &page.text().more {
            blocks.push(Block::Paragraph(vec![strong(heading.clone())]));
            blocks.extend(prose(body));
        }
        if !page.sources.is_empty() {
            let sources = page.sources.iter().map(|citation| self.citation(citation));
            let mut line = vec![strong("Sources:"), text(" ")];
            line.extend(joined(sources, "; "));
            blocks.push(Block::Paragraph(line));
        }
        Section {
            id: id(&page.id),
            title: vec![text(page.title.clone())],
            blocks,
            sections: Vec::new(),
        }
    }

    /// What the packs ask to be checked, page by page.
    pub(super) fn checks(&self) -> Option<Section> {
        let checks: Vec<&Rule> = self
            .book
            .rules()
            .iter()
            .filter(|rule| rule.is_check())
            .collect();
        let about = "Answers that are odd, and may be right all the same. Such a proposal is judged as given and once more without what is in doubt, and \
                     the lower result counts, until an entry of `checked` says that the answers are right. Plugins ask as well.";
        (!checks.is_empty()).then(|| Section {
            id: "checks".to_owned(),
            title: vec![text("Please check")],
            blocks: prose(about),
            sections: checks.iter().map(|rule| self.check(rule)).collect(),
        })
    }

    /// A check: what it asks, what it doubts, its parameters and cases.
    fn check(&self, rule: &Rule) -> Section {
        let page = &rule.page;
        let mut blocks = vec![Block::Paragraph(vec![
            code(page.id.clone()),
            text(" · asks whether odd answers are right, without points"),
        ])];
        blocks.extend(prose(&page.text().why));
        blocks.extend(prose(&page.text().how));
        let doubts = page.doubts.iter().map(|path| vec![code(path.clone())]);
        let mut line = vec![
            strong("Counts as not known until it is settled:"),
            text(" "),
        ];
        line.extend(joined(doubts, ", "));
        blocks.push(Block::Paragraph(vec![
            strong("Asks:"),
            text(format!(" {}", page.asks)),
        ]));
        blocks.push(Block::Paragraph(line));
        let mut sections = Vec::new();
        for (name, blocks) in [
            ("Settings", self.settings(rule)),
            ("Cases", self.cases(rule)),
        ] {
            if !blocks.is_empty() {
                sections.push(section(page, name, blocks));
            }
        }
        Section {
            id: id(&page.id),
            title: vec![text(page.title.clone())],
            blocks,
            sections,
        }
    }

    /// A rule that a plugin assesses itself.
    pub(super) fn plugin_rule(&self, plugin: &str, rule: &PluginRule) -> Section {
        let word = Severity::from_word(&rule.severity).unwrap_or(Severity::Info);
        let mut blocks = vec![Block::Paragraph(vec![
            code(rule.id.clone()),
            text(" · "),
            severity(word),
            text(format!(
                " · weight {} · judged by the plugin ",
                number(word.weight())
            )),
            here(&super::plugin::id(plugin), plugin),
        ])];
        blocks.extend(self.off(&rule.id));
        blocks.extend(prose(&rule.about));
        for (name, body) in [("What helps", &rule.helps), ("Limits", &rule.limits)] {
            if !body.is_empty() {
                blocks.push(Block::Paragraph(vec![strong(name)]));
                blocks.extend(prose(body));
            }
        }
        let keys: Vec<Citation> = rule
            .sources
            .iter()
            .map(|key| evenhand_core::rule::page::citation(key))
            .collect();
        if !keys.is_empty() {
            blocks.push(Block::Paragraph(vec![strong("Sources")]));
            blocks.extend(self.sources(&keys));
        }
        Section {
            id: id(&rule.id),
            title: vec![text(rule.title.clone())],
            blocks,
            sections: Vec::new(),
        }
    }

    fn off(&self, rule: &str) -> Option<Block> {
        let reason = self.turned_off(rule)?;
        Some(Block::Paragraph(vec![
            strong("Turned off by the board:"),
            text(format!(" {reason}")),
        ]))
    }

    /// A work that is cited, and which part of it.
    fn citation(&self, citation: &Citation) -> Vec<Inline> {
        let mut line = vec![self.work(&citation.key)];
        let entry = self.book.sources().get(&citation.key);
        let part = citation.section.as_ref().and_then(|section| {
            let title = entry?.sections.get(section)?;
            Some(format!(", on {title}"))
        });
        line.extend(part.map(text));
        line
    }

    fn sources(&self, citations: &[Citation]) -> Vec<Block> {
        let items: Vec<Vec<Inline>> = citations
            .iter()
            .map(|citation| {
                let mut line = self.citation(citation);
                if let Some(entry) = self.book.sources().get(&citation.key) {
                    line.push(text(". "));
                    line.extend(bibliography::address(entry));
                    line.push(text(bibliography::seen(entry)));
                }
                line
            })
            .collect();
        if items.is_empty() {
            return Vec::new();
        }
        vec![lines(items)]
    }

    fn cases(&self, rule: &Rule) -> Vec<Block> {
        match crate::cases::cases(self.book, rule) {
            Ok(cases) if cases.is_empty() => Vec::new(),
            Ok(cases) => shown_cases(&cases),
            Err(problems) => vec![
                paragraph("The cases cannot be read:"),
                lines(
                    problems
                        .iter()
                        .map(|problem| vec![text(problem.to_string())])
                        .collect(),
                ),
            ],
        }
    }
}

/// A line for each case, and one for each table of cases, whose rows are folded away below.
fn shown_cases(cases: &[Case]) -> Vec<Block> {
    let table_of = |case: &Case| case.row.as_ref().map(|row| row.table.clone());
    let mut overview = Vec::new();
    let mut tables = Vec::new();
    for group in cases.chunk_by(|a, b| a.row.is_some() && table_of(a) == table_of(b)) {
        let Some(first) = group.first() else { continue };
        let Some(name) = table_of(first) else {
            overview.push(vec![vec![text(first.name.clone())], expected(first)]);
            continue;
        };
        let says = "what each row of the table below says";
        overview.push(vec![vec![text(name.clone())], vec![text(says)]]);
        tables.push(Block::Folded {
            summary: format!("Show the rows: {name}"),
            blocks: vec![rows(&name, group)],
        });
    }
    let mut blocks = vec![Block::Table(Table {
        caption: "Programs that the rule is tried on whenever it is tested".to_owned(),
        head: vec!["Case".to_owned(), "What has to come out".to_owned()],
        rows: overview,
    })];
    blocks.extend(tables);
    blocks
}

/// The rows of one table of cases: what each sets, and what has to come out.
fn rows(name: &str, cases: &[Case]) -> Block {
    let cells = |case: &Case| case.row.clone().map(|row| row.cells).unwrap_or_default();
    let columns = cases.first().map(cells).unwrap_or_default();
    let mut head: Vec<String> = columns.into_iter().map(|(column, _)| column).collect();
    head.push("What has to come out".to_owned());
    let row = |case: &Case| {
        let values = cells(case).into_iter().map(|(_, value)| vec![text(value)]);
        values.chain([expected(case)]).collect()
    };
    Block::Table(Table {
        caption: name.to_owned(),
        head,
        rows: cases.iter().map(row).collect(),
    })
}

fn section(page: &Page, name: &str, blocks: Vec<Block>) -> Section {
    Section {
        id: format!("{}-{name}", id(&page.id)),
        title: vec![text(name)],
        blocks,
        sections: Vec::new(),
    }
}

/// Id, severity, weight, gate, and whether it may be waived.
fn head(rule: &Rule) -> Block {
    let page = &rule.page;
    let mut line = vec![
        code(page.id.clone()),
        text(" · "),
        severity(page.severity),
        text(format!(" · weight {}", number(rule.weight()))),
    ];
    let usual = page.weight.unwrap_or_else(|| page.severity.weight());
    if (rule.weight() - usual).abs() > f64::EPSILON {
        line.push(text(format!(
            ", set by the board; {} otherwise",
            number(usual)
        )));
    }
    if page.severity == Severity::Critical {
        line.push(text(format!(
            " · stops a program at a degree of {} or less",
            number(page.gate)
        )));
    }
    if page.kind == PageKind::Rule && !page.waivable {
        line.push(text(" · may not be waived"));
    }
    if !page.tags.is_empty() {
        line.push(text(format!(" · {}", page.tags.join(", "))));
    }
    Block::Paragraph(line)
}

/// What a case expects, in words.
fn expected(case: &Case) -> Vec<Inline> {
    let expect = &case.expect;
    let mut line = vec![text(outcome(expect))];
    if let Some(missing) = expect
        .missing
        .as_ref()
        .filter(|missing| !missing.is_empty())
    {
        line.push(text(", because this is not known: "));
        line.extend(joined(
            missing.iter().map(|path| vec![code(path.clone())]),
            ", ",
        ));
    }
    if !case.params.is_empty() {
        line.push(text(", with "));
        line.extend(joined(
            case.params.iter().map(|(name, value)| {
                let set = format!("{name} = {value}");
                // A whole table would bury the case.
                match set.chars().count() {
                    0..=60 => vec![code(set)],
                    _ => vec![text("another "), code(name.clone())],
                }
            }),
            ", ",
        ));
    }
    if let Some(message) = &expect.message {
        line.push(text(format!("; it says “{message}”")));
    }
    if let Some(remedy) = expect.remedy.as_ref().filter(|remedy| !remedy.is_empty()) {
        line.push(text("; it proposes "));
        let changes = remedy.iter().map(|(path, value)| {
            let set = format!("{path} = {}", crate::cases::shown(value));
            // A whole group would bury the case.
            match set.chars().count() {
                0..=60 => vec![code(set)],
                _ => vec![text("another "), code(path.clone())],
            }
        });
        line.extend(joined(changes, ", "));
    }
    line
}

fn outcome(expect: &Expectation) -> String {
    match (expect.outcome, expect.degree) {
        (Outcome::Met, _) => "met".to_owned(),
        (Outcome::Unmet, _) => "not met".to_owned(),
        (Outcome::Partly, Some(degree)) => format!("partly, degree {}", number(degree)),
        (Outcome::Partly, None) => "partly".to_owned(),
        (Outcome::NotApplicable, _) => "does not apply".to_owned(),
        (Outcome::Error, _) => "the rule fails, which passes nobody".to_owned(),
        (Outcome::Unknown, _) => match (expect.low, expect.high) {
            (Some(low), Some(high)) => {
                format!("open between {} and {}", number(low), number(high))
            }
            (Some(low), None) => format!("open, at least {}", number(low)),
            (None, Some(high)) => format!("open, at most {}", number(high)),
            (None, None) => "open".to_owned(),
        },
    }
}
