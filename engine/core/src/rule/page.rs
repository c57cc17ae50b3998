//! The page of a rule: settings in the front matter, reasons in the prose, cases at the end.

mod citation;
mod parameter;
mod sections;

use super::Severity;
use super::form::Raw;
use crate::date::Date;
use crate::document::{Document, Format};
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::schema::Schema;
use crate::settings::in_force;
use crate::source::Source;
use evenhand_document::schemas::{builtin_schema, validate_builtin};
use parameter::parameters;
use sections::Sections;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

pub(crate) use citation::check_citations;
pub use citation::{Citation, citation};
pub use parameter::{Basis, Parameter, Stricter};
pub(crate) use sections::split_front;

/// A rule's page: its settings, which judging needs, and its text, which people read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// `dimension/name`.
    pub id: String,
    /// The dimension it counts in.
    pub dimension: String,
    /// The requirement in one line.
    pub title: String,
    /// Whether it is judged or only asked.
    pub kind: PageKind,
    /// How much it matters.
    pub severity: Severity,
    /// What it rests on.
    pub sources: Vec<Citation>,
    /// The numbers and tables a board may set.
    pub params: Vec<Parameter>,
    /// A critical rule at or under this degree stops the program.
    pub gate: f64,
    /// The weight, where it is not the severity's.
    pub weight: Option<f64>,
    /// How it may over- or under-report.
    pub limits: String,
    /// Whether a board may waive it.
    pub waivable: bool,
    /// For a check: the paths that count as not known until it is settled, `[]` standing for the element in question.
    #[serde(default)]
    pub doubts: Vec<String>,
    /// For a check: the question, in which a place names a path.
    #[serde(default)]
    pub asks: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The ids it had in earlier versions of its pack, by which profiles and decisions may still name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// The first paragraph of what helps, as one line.
    pub help: String,
    /// How it judges without a script, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Raw>,
    /// The title that the pack gives it, where a board gives it another.
    #[serde(skip)]
    pub(crate) pack_title: Option<String>,
    /// The page as written.
    #[serde(skip)]
    pub source: Source,
    /// Read from the page when first asked for, where its settings were read before.
    #[serde(skip)]
    text: OnceLock<PageText>,
}

/// What people read of a page.
#[derive(Debug, Clone, Default)]
pub struct PageText {
    /// Changes to the rule that no case can notice, with the reason why.
    pub mutants: BTreeMap<String, String>,
    /// Facts that it may be better to leave out, by their paths, with the reason why.
    pub silence: BTreeMap<String, String>,
    /// Why it is asked, in Markdown.
    pub why: String,
    /// How it is judged, in Markdown.
    pub how: String,
    /// What helps, in Markdown.
    pub helps: String,
    /// Any other sections: heading and Markdown.
    pub more: Vec<(String, String)>,
    /// The settings as written; nothing on a page that cannot be read.
    pub front: Option<Document>,
    /// Where the cases stand in the file.
    pub cases: Option<Range<usize>>,
}

/// Whether a page is judged by a script, or is a question for the board's discussion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageKind {
    /// Judged, with points.
    Rule,
    /// Asked, without points.
    Prompt,
    /// Asks whether odd answers are right, without points.
    Check,
}

impl PageKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Prompt => "prompt",
            Self::Check => "check",
        }
    }
}

/// The gate of critical rules that name no other.
pub const DEFAULT_GATE: f64 = 0.2;

/// The settings of a rule's page as a JSON Schema.
pub const SCHEMA: &str = include_str!("../schemas/page.json");

static FRONT: LazyLock<Option<Schema>> = LazyLock::new(|| builtin_schema(SCHEMA));

impl Page {
    /// Reads a page; `id` is its path in the pack without the ending.
    ///
    /// The second value lists everything wrong with it; a page with errors is not used.
    pub fn parse(id: &str, source: Source) -> Result<Self, Vec<Problem>> {
        let Some((front_range, body)) = split_front(source.text()) else {
            let problem =
                Problem::error("a rule page begins with settings between two lines `---`");
            return Err(vec![problem.at(&source, 0..0)]);
        };
        let front = Document::parse_part(&source, front_range, Format::Yaml)?;
        let mut problems = validate_builtin(FRONT.as_ref(), &front);
        let kind = match front.value().get("kind").and_then(Value::as_str) {
            Some("prompt") => PageKind::Prompt,
            Some("check") => PageKind::Check,
            _ => PageKind::Rule,
        };
        problems.extend(absent(&front, kind));
        let sections = Sections::read(&source, body);
        for (heading, text) in [
            ("why, before the first heading", &sections.why),
            ("`## How it is judged`", &sections.how),
        ] {
            if text.is_empty() && kind == PageKind::Rule {
                problems.push(
                    Problem::error(format!("the page does not say {heading}")).at(&source, 0..0),
                );
            }
        }
        let params = parameters(&front, &mut problems);
        if problems.iter().any(Problem::is_error) {
            return Err(problems);
        }
        let value = front.value();
        let text = |key: &str| {
            let text = value.get(key).and_then(Value::as_str);
            text.unwrap_or_default().trim().to_owned()
        };
        Ok(Self {
            id: id.to_owned(),
            dimension: id.split('/').next().unwrap_or_default().to_owned(),
            title: text("title"),
            kind,
            severity: Severity::from_word(&text("severity")).unwrap_or(Severity::Info),
            sources: texts(value, "sources")
                .iter()
                .map(|text| citation(text))
                .collect(),
            params,
            gate: value
                .get("gate")
                .and_then(Value::as_f64)
                .unwrap_or(DEFAULT_GATE),
            weight: value.get("weight").and_then(Value::as_f64),
            limits: text("limits"),
            waivable: value.get("waivable") != Some(&Value::Bool(false)),
            doubts: texts(value, "doubts"),
            asks: text("asks"),
            tags: texts(value, "tags"),
            formerly: texts(value, "formerly"),
            help: first_paragraph(&sections.helps),
            form: Raw::of_page(&front),
            pack_title: None,
            source,
            text: OnceLock::from(PageText {
                mutants: mutants(value),
                silence: silence(value),
                why: sections.why,
                how: sections.how,
                helps: sections.helps,
                more: sections.more,
                cases: sections.cases,
                front: Some(front),
            }),
        })
    }

    /// The page with the values of its parameters that hold on a day.
    pub(crate) fn on(mut self, date: Option<Date>) -> Self {
        for param in &mut self.params {
            if let Some(row) = in_force(&param.dated, date) {
                param.default = row.value.clone();
            }
        }
        self
    }

    /// The page whose settings were read before, with the file it was read from.
    pub(crate) fn written_in(mut self, source: Source) -> Self {
        self.source = source;
        self.text = OnceLock::new();
        self
    }

    /// What people read of it.
    pub fn text(&self) -> &PageText {
        self.text.get_or_init(|| {
            let read = Self::parse(&self.id, self.source.clone());
            let text = read.ok().and_then(|page| page.text.into_inner());
            text.unwrap_or_default()
        })
    }

    /// A problem at a key of the front matter.
    pub fn problem_at(&self, key: &Pointer, problem: Problem) -> Problem {
        match &self.text().front {
            Some(front) => front.problem_at(key, problem),
            None => problem.in_file(self.source.name()),
        }
    }
}

/// The first paragraph of a text, as one line.
fn first_paragraph(text: &str) -> String {
    let first = text.lines().take_while(|line| !line.trim().is_empty());
    first
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

fn absent(front: &Document, kind: PageKind) -> Vec<Problem> {
    let needed: &[&str] = match kind {
        PageKind::Rule => &["title", "severity", "sources", "limits"],
        PageKind::Prompt => &["title", "sources"],
        PageKind::Check => &["title", "doubts", "asks"],
    };
    needed
        .iter()
        .filter(|key| front.value().get(**key).is_none_or(Value::is_null))
        .map(|key| {
            front.problem_at(
                &Pointer::root(),
                Problem::error(format!("the page has no `{key}`")),
            )
        })
        .collect()
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// Facts with reasons; one without a reason excepts nothing.
fn silence(value: &Value) -> BTreeMap<String, String> {
    let map = value.get("silence").and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .filter_map(|(path, reason)| {
            let reason = reason.as_str().map(str::trim)?;
            (!reason.is_empty()).then(|| (path.clone(), reason.to_owned()))
        })
        .collect()
}

/// Changes with reasons; one without a reason explains nothing.
fn mutants(value: &Value) -> BTreeMap<String, String> {
    let list = value.get("mutants").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|entry| {
            let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::trim);
            let reason = text("reason").filter(|reason| !reason.is_empty())?;
            Some((text("change")?.to_owned(), reason.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "---\ntitle: A rule\nseverity: critical\nsources: [a-2020#part, b-2021]\nparams:\n  most: { default: 4, min: 1, max: 9, basis: default, about: The most }\ngate: 0.3\nlimits: >-\n  Two\n  lines.\n---\n\nWhy it is asked.\n\n## How it is judged\n\nSo.\n\n```text\n## no heading\n```\n\n## What helps\n\nDo\nthis.\n\nThen that.\n\n## History\n\nOld.\n\n## Cases\n\n```yaml\n- name: a\n```\n";

    fn parse(text: &str) -> Result<Page, Vec<String>> {
        Page::parse("ethics/a-rule", Source::new("a.md", text.to_owned()))
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_page_is_settings_reasons_and_cases() {
        for text in [
            PAGE.to_owned(),
            format!("\u{feff}{PAGE}"),
            PAGE.replace('\n', "\r\n"),
        ] {
            let page = parse(&text).unwrap();
            assert_eq!(
                (page.dimension.as_str(), page.title.as_str()),
                ("ethics", "A rule")
            );
            assert_eq!(
                (page.severity, page.gate, page.kind),
                (Severity::Critical, 0.3, PageKind::Rule)
            );
            assert_eq!(page.sources[0].to_string(), "a-2020#part");
            assert_eq!(page.sources[1].section, None);
            assert_eq!(page.limits, "Two lines.");
            assert_eq!(page.text().why, "Why it is asked.");
            assert!(page.text().how.contains("## no heading"));
            assert_eq!(page.help, "Do this.");
            assert_eq!(page.text().more.len(), 1);
            let cases = page.source.slice(page.text().cases.clone().unwrap());
            assert_eq!(cases.trim_end(), "- name: a");
            assert!(page.waivable);
        }
    }

    #[test]
    fn everything_wrong_with_a_page_is_named_at_once() {
        let wrong = parse(
            "---\ntitel: A rule\nseverity: grave\nsources: a\nparams:\n  most: { default: 40, max: 9, basis: guessed }\n---\n",
        )
        .unwrap_err();
        for part in [
            "did you mean `title`?",
            "`severity` is `grave`",
            "`sources` is the text `a`",
            "`params.most.basis` is `guessed`",
            "the page has no `title`",
            "the page has no `limits`",
            "why, before the first heading",
            "`## How it is judged`",
            "parameter `most` has no `about`",
            "parameter `most` is 40; expected between … and 9",
        ] {
            assert!(
                wrong.iter().any(|said| said.contains(part)),
                "{part}: {wrong:#?}"
            );
        }
        assert_eq!(wrong.len(), 10, "{wrong:#?}");
    }

    #[test]
    fn a_page_without_settings_is_none() {
        for text in [
            "",
            "no settings",
            "---\ntitle: never closed\n",
            "--\ntitle: a\n--\n",
        ] {
            let wrong = parse(text).unwrap_err();
            assert!(
                wrong[0].contains("begins with settings"),
                "{text}: {wrong:?}"
            );
        }
    }

    #[test]
    fn a_prompt_needs_no_severity_and_no_way_of_judging() {
        let page =
            parse("---\ntitle: Who gains?\nkind: prompt\nsources: []\n---\n\nThink.\n").unwrap();
        assert_eq!(
            (page.kind, page.severity),
            (PageKind::Prompt, Severity::Info)
        );
        assert_eq!(page.text().cases, None);
    }

    #[test]
    fn a_parameter_keeps_its_kind_and_its_bounds() {
        let page = parse(PAGE).unwrap();
        let refuses = |value: Value| {
            page.params[0]
                .refuses(&value)
                .map(|problem| problem.to_string())
        };
        for fine in [1.0, 4.5, 9.0] {
            assert_eq!(refuses(Value::from(fine)), None);
        }
        for (value, said) in [
            (
                Value::from(0.5),
                "parameter `most` is 0.5; expected between 1 and 9",
            ),
            (
                Value::from(10),
                "parameter `most` is 10; expected between 1 and 9",
            ),
            (
                Value::from("4"),
                "parameter `most` is text; expected a number",
            ),
            (
                Value::Null,
                "parameter `most` is nothing; expected a number",
            ),
        ] {
            assert_eq!(refuses(value).as_deref(), Some(said));
        }
    }
}
