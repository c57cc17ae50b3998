//! What a rule that cannot be loaded still counts for.

use crate::document::{Document, Format};
use crate::finding::{Degree, Finding, Message, Outcome};
use crate::problem::{Problem, nearest};
use crate::rule::page::{DEFAULT_GATE, PageKind, split_front};
use crate::rule::{Page, Severity};
use crate::source::Source;
use serde_json::Value;
use std::collections::BTreeSet;

/// The greatest weight a page may give: what a weight counts for that nobody can read.
const UNREADABLE_WEIGHT: f64 = 100.0;

/// A rule that cannot be asked; it is reported and passes nobody.
///
/// It counts with the severity and weight of its page where these can be read, and otherwise as a critical rule that is open:
/// to break a rule must never do a program good.
#[derive(Debug, Clone)]
pub struct BrokenRule {
    /// Its id.
    pub id: String,
    /// Its title, where the page could be read.
    pub title: String,
    /// Whether it is a question without points; a rule unless the page says otherwise.
    pub kind: PageKind,
    /// Its severity, or critical.
    pub severity: Severity,
    /// The weight of its page, or what stands for it.
    pub weight: f64,
    /// Whether the page gives no weight, so that it is that of the severity, whichever a board sets.
    pub weight_of_severity: bool,
    /// At or under this degree it stops the program, if it is critical.
    pub gate: f64,
    /// Whether it may be waived; not where its page cannot be read.
    pub waivable: bool,
    /// Why it is disabled, if it is.
    pub disabled: Option<String>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

impl BrokenRule {
    /// A rule of which nothing can be read.
    pub(super) fn unreadable(id: &str, problems: Vec<Problem>) -> Self {
        Self {
            id: id.to_owned(),
            title: id.to_owned(),
            kind: PageKind::Rule,
            severity: Severity::Critical,
            weight: Severity::Critical.weight(),
            weight_of_severity: false,
            gate: DEFAULT_GATE,
            waivable: false,
            disabled: None,
            problems,
        }
    }

    /// A rule whose page is in order.
    pub(super) fn of_page(page: &Page, problems: Vec<Problem>) -> Self {
        let weight = page.weight.unwrap_or_else(|| page.severity.weight());
        Self {
            title: page.title.clone(),
            kind: counted(page.kind),
            severity: page.severity,
            weight,
            weight_of_severity: page.weight.is_none(),
            gate: page.gate,
            waivable: page.waivable,
            ..Self::unreadable(&page.id, problems)
        }
    }

    /// A rule whose page has something wrong with it: what can be read of it all the same.
    pub(super) fn of_text(id: &str, source: Option<&Source>, problems: Vec<Problem>) -> Self {
        let blank = Self::unreadable(id, problems);
        let Some((source, range)) =
            source.and_then(|source| Some((source, split_front(source.text())?.0)))
        else {
            return blank;
        };
        let read = Document::parse_part(source, range.clone(), Format::Yaml);
        if let Ok(front) = read {
            return blank.with_settings(front.value());
        }
        let weight = weight_line(source.text().get(range).unwrap_or_default());
        Self {
            weight: weight.unwrap_or(blank.weight).max(blank.weight),
            ..blank
        }
    }

    fn with_settings(self, front: &Value) -> Self {
        let text = |key: &str| front.get(key).and_then(Value::as_str);
        let severity = text("severity").and_then(Severity::from_word);
        let kind = match text("kind") {
            Some("prompt") => PageKind::Prompt,
            _ => PageKind::Rule,
        };
        let usual = severity.unwrap_or(Severity::Critical).weight();
        // A misspelt `weight` is one that nobody can read.
        let misspelt =
            front.as_object().into_iter().flatten().any(|(key, _)| {
                key != "weight" && key.len() > 3 && nearest(key, ["weight"]).is_some()
            });
        let weight = match front.get("weight") {
            Some(value) => value
                .as_f64()
                .filter(|weight| (0.0..=UNREADABLE_WEIGHT).contains(weight))
                .unwrap_or(UNREADABLE_WEIGHT),
            None if misspelt => UNREADABLE_WEIGHT,
            None => usual,
        };
        let gate = front.get("gate").and_then(Value::as_f64);
        Self {
            title: text("title").map_or(self.title, str::to_owned),
            kind,
            waivable: front.get("waivable") != Some(&Value::Bool(false)),
            weight_of_severity: severity.is_some() && !misspelt && front.get("weight").is_none(),
            severity: severity.unwrap_or(Severity::Critical),
            weight,
            gate: gate
                .filter(|gate| (0.0..=1.0).contains(gate))
                .unwrap_or(DEFAULT_GATE),
            ..self
        }
    }

    /// What it puts on a scorecard: loud, open, and never a pass. Settings are not in it yet.
    pub(crate) fn finding(&self) -> Finding {
        let reason = self.problems.first().map(ToString::to_string);
        Finding {
            rule: self.id.clone(),
            plugin: None,
            title: self.title.clone(),
            kind: self.kind.word(),
            dimension: self.id.split('/').next().unwrap_or_default().to_owned(),
            severity: self.severity,
            weight: self.weight,
            gate: self.gate,
            outcome: Outcome::Error,
            degree: Degree::OPEN,
            message: Message::plain("This rule could not be loaded, so nobody passes it"),
            evidence: Vec::new(),
            missing: Vec::new(),
            imprecise: Vec::new(),
            remedy: Vec::new(),
            help: "Mend the rule, or ask whoever keeps the pack.".to_owned(),
            sources: Vec::new(),
            limits: String::new(),
            waiver: None,
            error: Some(reason.unwrap_or_default()),
            looked_at: BTreeSet::new(),
        }
    }
}

/// A check that is broken counts like a rule that is: nobody passes.
fn counted(kind: PageKind) -> PageKind {
    match kind {
        PageKind::Prompt => kind,
        PageKind::Rule | PageKind::Check => PageKind::Rule,
    }
}

/// The weight on a line of its own, in settings that are no YAML.
fn weight_line(front: &str) -> Option<f64> {
    let line = front.lines().find_map(|line| line.strip_prefix("weight"))?;
    let number = line.trim_start().trim_start_matches(':').trim();
    let number = number.parse().ok();
    Some(
        number
            .filter(|weight| (0.0..=UNREADABLE_WEIGHT).contains(weight))
            .unwrap_or(UNREADABLE_WEIGHT),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(front: &str) -> (Severity, f64, f64, PageKind) {
        let source = Source::new("a.md", format!("---\n{front}\n---\n\nWhy.\n"));
        let broken = BrokenRule::of_text("ethics/a", Some(&source), Vec::new());
        (broken.severity, broken.weight, broken.gate, broken.kind)
    }

    #[test]
    fn what_can_be_read_of_a_broken_page_counts_and_the_rest_is_grave() {
        let (rule, prompt) = (PageKind::Rule, PageKind::Prompt);
        for (front, expected) in [
            ("severity: minor", (Severity::Minor, 1.0, 0.2, rule)),
            (
                "severity: minor\nweight: 7",
                (Severity::Minor, 7.0, 0.2, rule),
            ),
            ("severity: grave", (Severity::Critical, 4.0, 0.2, rule)),
            ("serverity: minor", (Severity::Critical, 4.0, 0.2, rule)),
            (
                "severity: grave\nweight: 2",
                (Severity::Critical, 2.0, 0.2, rule),
            ),
            ("severity: [major]", (Severity::Critical, 4.0, 0.2, rule)),
            (
                "severity: major\nweight: heavy",
                (Severity::Major, 100.0, 0.2, rule),
            ),
            (
                "severity: major\nwieght: 50",
                (Severity::Major, 100.0, 0.2, rule),
            ),
            (
                "severity: major\nweight: 500",
                (Severity::Major, 100.0, 0.2, rule),
            ),
            (
                "severity: critical\ngate: 0.5",
                (Severity::Critical, 4.0, 0.5, rule),
            ),
            (
                "severity: critical\ngate: 5",
                (Severity::Critical, 4.0, 0.2, rule),
            ),
            (
                "kind: prompt\nseverity: minor",
                (Severity::Minor, 1.0, 0.2, prompt),
            ),
            // Settings that are no YAML.
            (
                "severity: minor\n  x: [",
                (Severity::Critical, 4.0, 0.2, rule),
            ),
            (
                "severity: minor\n  x: [\nweight: 60",
                (Severity::Critical, 60.0, 0.2, rule),
            ),
            (
                "severity: minor\n  x: [\nweight: 1",
                (Severity::Critical, 4.0, 0.2, rule),
            ),
            (
                "severity: minor\n  x: [\nweight: six",
                (Severity::Critical, 100.0, 0.2, rule),
            ),
        ] {
            assert_eq!(read(front), expected, "{front}");
        }
        let source = Source::new("a.md", "no settings at all".to_owned());
        for source in [None, Some(&source)] {
            let broken = BrokenRule::of_text("ethics/a", source, Vec::new());
            assert_eq!((broken.severity, broken.weight), (Severity::Critical, 4.0));
        }
    }
}
