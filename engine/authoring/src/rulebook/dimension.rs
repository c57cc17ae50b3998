//! One dimension: its threshold, an overview of its rules, then each rule, then the questions for discussion.

use super::Writer;
use super::rule::id;
use evenhand_contract::plugin::PluginRule;
use evenhand_core::pack::Dimension;
use evenhand_core::rule::{PageKind, Severity};
use evenhand_core::rulebook::Rule;
use evenhand_diagnostic::text::number;
use evenhand_report::paper::{Block, Inline, Section, Table, here, paragraph, prose, text};

/// A rule as the overview shows it.
struct Line {
    id: String,
    title: String,
    severity: Severity,
    weight: f64,
    off: bool,
}

impl Writer<'_> {
    pub(super) fn dimension(&self, dimension: &Dimension) -> Section {
        let own: Vec<&Rule> = self
            .book
            .rules()
            .iter()
            .filter(|rule| rule.page.dimension == dimension.id)
            .collect();
        let (prompts, rules): (Vec<&Rule>, Vec<&Rule>) = own
            .into_iter()
            .partition(|rule| rule.page.kind == PageKind::Prompt);
        let plugins: Vec<(&str, &PluginRule)> = self
            .book
            .manifests()
            .flat_map(|(manifest, _)| {
                manifest
                    .rules
                    .iter()
                    .map(move |rule| (manifest.id.as_str(), rule))
            })
            .filter(|(_, rule)| rule.dimension == dimension.id)
            .collect();
        let mut blocks = prose(&dimension.about);
        blocks.push(paragraph(self.threshold(dimension)));
        blocks.push(self.overview(&rules, &plugins));
        let mut sections: Vec<Section> = rules.iter().map(|rule| self.rule(rule)).collect();
        sections.extend(
            plugins
                .iter()
                .map(|(plugin, rule)| self.plugin_rule(plugin, rule)),
        );
        sections.extend(prompts.iter().map(|prompt| self.prompt(prompt)));
        if !prompts.is_empty() {
            let links = prompts
                .iter()
                .map(|prompt| vec![here(&id(&prompt.page.id), prompt.page.title.clone())]);
            blocks.push(paragraph(
                "For the board to talk about, without points and without effect on the verdict:",
            ));
            blocks.push(evenhand_report::paper::lines(links.collect()));
        }
        Section {
            id: format!("dimension-{}", dimension.id),
            title: vec![text(dimension.title.clone())],
            blocks,
            sections,
        }
    }

    fn threshold(&self, dimension: &Dimension) -> String {
        let settings = self.book.settings();
        let threshold = number(settings.threshold(&dimension.id));
        let usual = number(evenhand_core::settings::Settings::default().threshold(&dimension.id));
        let word = |code: &str| settings.names.words.get(code);
        let required = settings.levels.required();
        let set = if settings.thresholds.contains_key(&dimension.id) {
            format!(", set by the board; {usual} otherwise")
        } else if settings.levels.bound(required.word()) == Some(settings.levels.threshold()) {
            let called = word(required.word()).map_or(required.word(), String::as_str);
            format!(", the least that is called {called}")
        } else {
            String::new()
        };
        let asks = word("revise").map_or_else(
            || "the verdict asks for revision".to_owned(),
            |word| format!("the verdict is at best “{word}”"),
        );
        format!(
            "Under {threshold} of 100 points {asks}{set}. Where proposals are ranked, this dimension has weight {}.",
            number(dimension.weight)
        )
    }

    /// The rules with their weights, and the share of the dimension that each has where all of them apply.
    fn overview(&self, rules: &[&Rule], plugins: &[(&str, &PluginRule)]) -> Block {
        let mut all: Vec<Line> = rules
            .iter()
            .map(|rule| Line {
                id: rule.page.id.clone(),
                title: rule.page.title.clone(),
                severity: rule.page.severity,
                weight: rule.weight(),
                off: rule.disabled.is_some(),
            })
            .collect();
        all.extend(plugins.iter().map(|(_, rule)| {
            let severity = Severity::from_word(&rule.severity).unwrap_or(Severity::Info);
            Line {
                id: rule.id.clone(),
                title: rule.title.clone(),
                severity,
                weight: severity.weight(),
                off: self.turned_off(&rule.id).is_some(),
            }
        }));
        let sum: f64 = all
            .iter()
            .filter(|line| !line.off)
            .map(|line| line.weight)
            .sum();
        let rows = all.iter().map(|line| {
            let share = if line.off {
                "turned off".to_owned()
            } else if line.weight > 0.0 {
                format!("{:.0} %", 100.0 * line.weight / sum)
            } else {
                "none".to_owned()
            };
            vec![
                vec![here(&id(&line.id), line.title.clone())],
                vec![severity(line.severity)],
                vec![text(number(line.weight))],
                vec![text(share)],
            ]
        });
        Block::Table(Table {
            caption: "The rules; the share is that of the dimension where every rule applies"
                .to_owned(),
            head: ["Rule", "Severity", "Weight", "Share"]
                .map(str::to_owned)
                .to_vec(),
            rows: rows.collect(),
        })
    }

    /// Why a board has turned a rule off, if it has.
    pub(super) fn turned_off(&self, rule: &str) -> Option<&str> {
        self.book.settings().rules.get(rule)?.disabled.as_deref()
    }
}

/// The severity; what can stop a program stands out.
pub(super) fn severity(severity: Severity) -> Inline {
    match severity {
        Severity::Critical => Inline::Strong(vec![text(severity.word())]),
        _ => text(severity.word()),
    }
}
