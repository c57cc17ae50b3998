//! A rule without a script: its page, the field that it reads, and what its cases start from.

use crate::args::{RuleKind, RulesNew};
use crate::files;
use evenhand_core::document::edit::Change;
use evenhand_core::document::{Document, Format};
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::schema::{Field, Kind};
use serde_json::{Value, json};
use std::path::PathBuf;

const FIELDS: &str = include_str!("../../../../templates/rule/fields.json");
/// What the cases of a pack's own rules start from.
const BASE: &str = "bases/board.yaml";

impl RuleKind {
    /// Its name, as it is typed.
    fn word(self) -> &'static str {
        match self {
            Self::Rubric => "rubric",
            Self::Choice => "choice",
            Self::YesNo => "yes-no",
            Self::Checklist => "checklist",
            Self::Number => "number",
            Self::Dates => "dates",
            Self::PerItem => "per-item",
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::Rubric => include_str!("../../../../templates/rule/rubric.md"),
            Self::Choice => include_str!("../../../../templates/rule/choice.md"),
            Self::YesNo => include_str!("../../../../templates/rule/yes-no.md"),
            Self::Checklist => include_str!("../../../../templates/rule/checklist.md"),
            Self::Number => include_str!("../../../../templates/rule/number.md"),
            Self::Dates => include_str!("../../../../templates/rule/dates.md"),
            Self::PerItem => include_str!("../../../../templates/rule/per-item.md"),
        }
    }

    /// Whether a field that is there already can be judged so.
    fn judges(self, field: &Field) -> bool {
        match self {
            Self::YesNo => field.kind == Kind::Boolean,
            Self::Number => matches!(field.kind, Kind::Number) && field.maximum.is_none(),
            _ => false,
        }
    }
}

/// The page, but for its title.
pub(super) fn page(args: &RulesNew, kind: RuleKind) -> String {
    kind.template()
        .replace("{{field}}", &field_path(args))
        .replace("{{unit}}", &unit(args))
}

fn unit(args: &RulesNew) -> String {
    args.unit.clone().unwrap_or_else(|| "hours".to_owned())
}

/// The field that the rule reads: the one that was named, or one by the rule's name.
fn field_path(args: &RulesNew) -> String {
    args.field.clone().unwrap_or_else(|| {
        let name = args.id.rsplit('/').next().unwrap_or_default();
        format!("board.{}", name.replace('-', "_"))
    })
}

/// The files beside the page: the schema with the field, and the base with an answer.
pub(super) fn files(
    args: &RulesNew,
    kind: RuleKind,
    book: &Rulebook,
) -> Result<Vec<(PathBuf, String)>, Vec<Problem>> {
    let path = field_path(args);
    let steps = steps(&path)?;
    let template = filled(args, kind, &steps);
    let mut texts = Vec::new();
    match book.schema().find(&path).map(|id| book.schema().field(id)) {
        None => texts.push(schema(args, book, &steps, template.get("field"))?),
        Some(field) if kind.judges(field) => {
            let own = field.unit.as_deref().unwrap_or_default();
            if kind == RuleKind::Number && own != unit(args) {
                let problem = Problem::error(format!("`{path}` is counted in {own}"));
                return Err(vec![problem.suggest(format!("add `--unit \"{own}\"`"))]);
            }
        }
        Some(_) => {
            let problem = Problem::error(format!(
                "`{path}` is a field already, and no rule of kind `{}` is begun with it",
                kind.word()
            ))
            .expected("a field that no pack has, or one of yes and no, or a number")
            .suggest("leave `--field` out, and change the page afterwards");
            return Err(vec![problem]);
        }
    }
    texts.push(base(args, &steps, template.get("base"))?);
    Ok(texts)
}

/// The names of a path.
fn steps(path: &str) -> Result<Vec<String>, Vec<Problem>> {
    let fine = |step: &str| {
        step.starts_with(|c: char| c.is_ascii_lowercase())
            && step
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let steps: Vec<String> = path.split('.').map(str::to_owned).collect();
    if steps.len() < 2 || steps.len() > 6 || !steps.iter().all(|step| fine(step)) {
        let problem = Problem::error(format!("`{path}` is no path of a field"));
        return Err(vec![problem.expected(
            "a group and a name in small letters, such as `board.site_visits`",
        )]);
    }
    Ok(steps)
}

/// What the template says of the field, with its words filled in.
fn filled(args: &RulesNew, kind: RuleKind, steps: &[String]) -> Value {
    let name = steps.last().map_or("", String::as_str);
    let label = sentence(name);
    let question = args
        .question
        .clone()
        .unwrap_or_else(|| format!("{label}: how is it?"));
    let templates: Value = serde_json::from_str(FIELDS).unwrap_or_default();
    let mut found = templates.get(kind.word()).cloned().unwrap_or_default();
    let words = [
        ("{{label}}", label),
        ("{{question}}", question),
        ("{{unit}}", unit(args)),
    ];
    fill(&mut found, &words);
    found
}

fn fill(value: &mut Value, words: &[(&str, String)]) {
    match value {
        Value::String(text) => {
            for (place, word) in words {
                *text = text.replace(place, word);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, words)),
        Value::Object(entries) => entries.values_mut().for_each(|item| fill(item, words)),
        _ => {}
    }
}

/// A name as people read it.
fn sentence(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The pack's schema with the field in it, and the groups around it that no pack has.
fn schema(
    args: &RulesNew,
    book: &Rulebook,
    steps: &[String],
    field: Option<&Value>,
) -> Result<(PathBuf, String), Vec<Problem>> {
    let file = args.pack.join("schema.json");
    let document = existing(&file, "{}\n", Format::Json)?;
    let mut changes = Vec::new();
    if document.value().get("type").is_none() {
        changes.push(Change::Set(Pointer::root().key("type"), json!("object")));
    }
    let mut at = Pointer::root();
    let mut dotted = String::new();
    for (index, step) in steps.iter().enumerate() {
        at = at.key("properties").key(step);
        dotted = if dotted.is_empty() {
            step.clone()
        } else {
            format!("{dotted}.{step}")
        };
        if index + 1 == steps.len() {
            changes.push(Change::Set(at.clone(), field.cloned().unwrap_or_default()));
        } else if let Some(known) = book.schema().find(&dotted) {
            if book.schema().field(known).kind != Kind::Object {
                let problem = Problem::error(format!("`{dotted}` is no group of fields"));
                return Err(vec![
                    problem.expected("a path whose last name alone is new"),
                ]);
            }
        } else if document.value().pointer(at.as_str()).is_none() {
            let group = json!({ "title": sentence(step), "type": "object", "additionalProperties": false,
                "x-question": format!("{}?", sentence(step)), "x-need": "optional" });
            changes.push(Change::Set(at.clone(), group));
        }
    }
    let text = edited(&document, &changes)?;
    // What was made whole here reads better spread over lines.
    let text = if document.value() == &json!({}) {
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        serde_json::to_string_pretty(&value).map_or(text, |pretty| format!("{pretty}\n"))
    } else {
        text
    };
    Ok((file, text))
}

/// The base of the pack's own cases with an answer for the field.
fn base(
    args: &RulesNew,
    steps: &[String],
    answer: Option<&Value>,
) -> Result<(PathBuf, String), Vec<Problem>> {
    let file = args.pack.join(BASE);
    let group = steps.first().map_or("board", String::as_str);
    let start = format!("# What the cases of our own rules start from.\n{group}: {{}}\n");
    let document = existing(&file, &start, Format::Yaml)?;
    let at = steps.iter().fold(Pointer::root(), |at, step| at.key(step));
    let change = Change::Set(at, answer.cloned().unwrap_or_default());
    Ok((file, edited(&document, &[change])?))
}

/// A file of the pack, or what it begins with.
fn existing(file: &std::path::Path, start: &str, format: Format) -> Result<Document, Vec<Problem>> {
    let text = files::text(file)?.unwrap_or_else(|| start.to_owned());
    Document::parse(&files::shown(file), text.as_bytes(), format)
}

fn edited(document: &Document, changes: &[Change]) -> Result<String, Vec<Problem>> {
    let edited = document
        .edited(changes)
        .map_err(|error| vec![Problem::error(error.to_string()).in_file(document.name())])?;
    Ok(edited.source().text().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;
    use evenhand_core::pack::PackFiles;
    use evenhand_core::settings::Settings;

    fn args(kind: RuleKind, pack: PathBuf, field: Option<&str>) -> RulesNew {
        RulesNew {
            id: format!("ethics/new-{}", kind.word()),
            pack,
            title: None,
            kind: Some(kind),
            field: field.map(str::to_owned),
            question: Some("Is \"it\" so?".to_owned()),
            unit: None,
        }
    }

    fn files_pack(folder: &std::path::Path) -> PackFiles {
        files::pack(folder).unwrap()
    }

    fn core() -> Rulebook {
        Rulebook::load(
            vec![crate::bundled::core_pack()],
            Vec::new(),
            Settings::default(),
        )
        .unwrap()
    }

    /// A pack in which a rule of each kind was begun, one after the other.
    fn begun(kinds: &[RuleKind], pack: &std::path::Path) -> PackFiles {
        for kind in kinds {
            let args = args(*kind, pack.to_path_buf(), None);
            let mut texts = super::super::texts(&args, super::super::is_empty(pack));
            texts.extend(files(&args, *kind, &core()).unwrap());
            for (path, text) in &texts {
                assert!(!text.contains("{{"), "{}:\n{text}", path.display());
            }
            super::super::write(&texts).unwrap();
        }
        files_pack(pack)
    }

    /// Every kind in one pack, one after the other; the core pack's own rules need plugins and stay away.
    #[test]
    fn every_kind_passes_its_cases_which_leave_no_mutant() {
        let folder = tempfile::tempdir().unwrap();
        let pack = folder.path().join("own");
        let kinds = RuleKind::value_variants();
        let own = begun(kinds, &pack);
        let book = Rulebook::load_to_lint(
            vec![crate::bundled::core_pack(), own],
            Vec::new(),
            Settings::default(),
        )
        .unwrap();
        let new = |id: &str| id.starts_with("ethics/new-");
        let broken: Vec<String> = book
            .broken()
            .iter()
            .filter(|rule| new(&rule.id))
            .flat_map(|rule| rule.problems.iter().map(ToString::to_string))
            .collect();
        assert!(broken.is_empty(), "{broken:#?}");
        let run = evenhand_authoring::ruletest::test(&book, new);
        let differences: Vec<_> = run
            .rules
            .iter()
            .flat_map(|rule| {
                rule.results
                    .iter()
                    .map(|case| (&rule.id, &case.case.name, &case.differences))
            })
            .filter(|(.., differences)| !differences.is_empty())
            .collect();
        assert!(
            differences.is_empty() && run.problems.is_empty(),
            "{differences:#?} {:?}",
            run.problems
        );
        assert_eq!(
            (run.rules.len(), run.coverage(), run.line_coverage()),
            (kinds.len(), 100, 100)
        );
        let mutants = evenhand_authoring::mutation::mutate(&book, new);
        let left: Vec<_> = mutants
            .rules
            .iter()
            .flat_map(|rule| {
                rule.survivors
                    .iter()
                    .map(|mutant| (&rule.id, &mutant.change))
            })
            .collect();
        assert!(
            left.is_empty() && mutants.problems.is_empty(),
            "{left:#?} {:?}",
            mutants.problems
        );
        let tried: usize = mutants.rules.iter().map(|rule| rule.tried).sum();
        assert!(tried > 25, "{tried}");
        let ids: Vec<String> = book
            .rules()
            .iter()
            .map(|rule| rule.page.id.clone())
            .filter(|id| new(id))
            .collect();
        let lint: Vec<String> = evenhand_authoring::lint::lint(&book, &ids)
            .iter()
            .filter(|problem| problem.is_error())
            .map(ToString::to_string)
            .collect();
        assert!(lint.is_empty(), "{lint:#?}");
    }

    #[test]
    fn a_field_is_new_or_of_the_kind() {
        let folder = tempfile::tempdir().unwrap();
        let book = core();
        let said = |kind, field| {
            let found = files(
                &args(kind, folder.path().join("own"), Some(field)),
                kind,
                &book,
            );
            found.map_or_else(
                |problems| problems[0].to_string(),
                |texts| format!("{} files", texts.len()),
            )
        };
        assert_eq!(said(RuleKind::YesNo, "board.visits"), "2 files");
        assert_eq!(said(RuleKind::YesNo, "host.capacity_cap"), "1 files");
        assert_eq!(said(RuleKind::Choice, "host.asked_in_writing"), "2 files");
        assert!(said(RuleKind::Choice, "host.capacity_cap").contains("is a field already"));
        assert!(said(RuleKind::Number, "board").contains("is no path of a field"));
        assert!(said(RuleKind::Number, "Board.x").contains("is no path of a field"));
        assert!(said(RuleKind::Number, "flows.x").contains("is no group of fields"));
    }
}
