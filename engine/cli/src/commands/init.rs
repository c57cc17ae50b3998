//! `evenhand init`: a proposal to be filled in, that asks what its kind needs.

use crate::args::Init;
use crate::exit::Exit;
use crate::setup::{self, Assembled};
use crate::ui::Ui;
use crate::{files, output};
use evenhand_analysis::{Judge as _, change, start};
use evenhand_core::document::Document;
use evenhand_core::pack::{KindFile, Start};
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::schema::{Field, Kind, meant};
use evenhand_diagnostic::words::Words as _;
use evenhand_report::start as report;
use serde_json::Value;
use std::path::Path;

pub(crate) fn run(args: &Init, ui: &Ui) -> Exit {
    let spoken = match setup::rulebook_in(&args.language, &args.packs, None, ui) {
        Ok(spoken) => spoken,
        Err(exit) => return exit,
    };
    let bytes = match bytes(args, &spoken) {
        Ok(bytes) => bytes,
        Err(problems) => {
            ui.problems(&problems, &[]);
            return Exit::Wrong;
        }
    };
    if !output::write(args.output.as_deref(), &bytes, ui) {
        return Exit::Wrong;
    }
    if let Some(path) = written(args) {
        let file = files::shown(path);
        ui.note(&spoken.locale.say(
            "Next: fill in {file}, then evenhand check {file}.",
            &[("file", &file)],
        ));
    }
    Exit::Fine
}

/// The file that is written, where it is not standard output.
fn written(args: &Init) -> Option<&Path> {
    let path = args.output.as_deref();
    path.filter(|path| args.kind.is_some() && !output::is_standard(Some(path)))
}

/// Whether a workbook is written.
fn is_workbook(args: &Init) -> bool {
    args.xlsx || args.output.as_deref().is_some_and(files::is_xlsx)
}

/// Why a workbook cannot be written there.
fn unfit(args: &Init) -> Option<Problem> {
    let output = args.output.as_deref();
    if !args.xlsx || output.is_some_and(files::is_xlsx) {
        return None;
    }
    if output::is_standard(output) {
        let problem = Problem::error("a terminal cannot show a workbook");
        return Ui::is_terminal()
            .then(|| problem.suggest("write it to a file: --output plan.xlsx"));
    }
    let name = output.map(files::shown).unwrap_or_default();
    let problem = Problem::error(format!("`{name}` does not end as a workbook does"));
    Some(problem.expected("a file ending in .xlsx"))
}

/// Nothing is written over.
fn not_there(args: &Init) -> Result<(), Vec<Problem>> {
    match written(args) {
        Some(path) if path.symlink_metadata().is_ok() => {
            let name = files::shown(path);
            let problem = Problem::error(format!("`{name}` is here already, and is left as it is"));
            Err(vec![problem.suggest("name another file with --output")])
        }
        _ => Ok(()),
    }
}

/// What is written: the proposal, or the kinds there are.
fn bytes(args: &Init, spoken: &Assembled) -> Result<Vec<u8>, Vec<Problem>> {
    if let Some(problem) = unfit(args) {
        return Err(vec![problem]);
    }
    let info = spoken.book.info();
    let Some(begin) = &info.start else {
        let problem = Problem::error("the packs do not say how to begin a proposal");
        return Err(vec![
            problem.expected("`[init]` and `[[kinds]]` in a `pack.toml`"),
        ]);
    };
    let Some(kind) = &args.kind else {
        return Ok(choices(begin, spoken).into_bytes());
    };
    not_there(args)?;
    let kinds = field(&begin.kind, spoken);
    let chosen = choice(kinds, kind, "a kind of program");
    let disciplines = begin
        .discipline
        .as_ref()
        .map(|path| (path, field(path, spoken)));
    let discipline = match (&args.discipline, disciplines) {
        (Some(typed), Some((path, field))) => {
            choice(field, typed, "a field of study").map(|id| Some((path, field, id)))
        }
        _ => Ok(None),
    };
    let (kind, discipline) = match (chosen, discipline) {
        (Ok(kind), Ok(discipline)) => (kind, discipline),
        (kind, discipline) => {
            return Err(kind.err().into_iter().chain(discipline.err()).collect());
        }
    };
    let begins = kind_file(&kind, spoken)?;
    let mut proposal = skeleton(begins, spoken)?;
    let list = schema_kind(&begin.kind, spoken) == Kind::List;
    let own = Value::from(kind.as_str());
    let own = if list { Value::from(vec![own]) } else { own };
    put(&mut proposal, &begin.kind, own);
    let mut title = named(kinds, &kind);
    if let Some((path, field, id)) = discipline {
        title = format!("{title} · {}", named(field, &id));
        put(&mut proposal, path, Value::from(id));
    }
    let problems = spoken.check(&Document::from_value(&begin.kind, proposal.clone()));
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut wanted = start::wanted(spoken, &proposal);
    let mut assumed = proposal.clone();
    for (path, value) in &begins.assume {
        put(&mut assumed, path, value.clone());
    }
    wanted.extend(start::wanted(spoken, &assumed));
    let default = if is_workbook(args) {
        "plan.xlsx"
    } else {
        "plan.yaml"
    };
    Ok(laid_out(
        is_workbook(args),
        &report::Start {
            schema: spoken.schema(),
            proposal: &proposal,
            wanted: &wanted,
            title: &title,
            file: &written(args).map_or_else(|| default.to_owned(), files::shown),
            respondents: &info.respondents,
            words: &spoken.locale,
        },
    ))
}

fn laid_out(as_workbook: bool, start: &report::Start<'_>) -> Vec<u8> {
    if as_workbook {
        report::workbook(start).bytes
    } else {
        report::render(start).into_bytes()
    }
}

/// The field of choices at a path, or of the elements of the list there.
fn field<'a>(path: &str, spoken: &'a Assembled) -> &'a Field {
    let schema = spoken.schema();
    let field = schema.find(path).map(|id| schema.field(id));
    let items = field.and_then(|field| field.items);
    match (field, items) {
        (_, Some(items)) => schema.field(items),
        (Some(field), None) => field,
        (None, None) => schema.field(schema.root()),
    }
}

fn schema_kind(path: &str, spoken: &Assembled) -> Kind {
    let schema = spoken.schema();
    schema
        .find(path)
        .map_or(Kind::Any, |id| schema.field(id).kind)
}

fn put(proposal: &mut Value, path: &str, value: Value) {
    if let Some(pointer) = Pointer::from_dotted(path) {
        change::set(proposal, &pointer, value);
    }
}

fn named(field: &Field, choice: &str) -> String {
    field
        .labels
        .get(choice)
        .map_or(choice, String::as_str)
        .to_owned()
}

/// The choice that was typed, by its name or by the words people use.
fn choice(field: &Field, typed: &str, what: &str) -> Result<String, Problem> {
    match meant(field, typed).as_slice() {
        [one] => Ok((*one).to_owned()),
        several => {
            let several = several.iter().map(|one| format!("`{one}`"));
            let several: Vec<String> = several.collect();
            let advice =
                (!several.is_empty()).then(|| format!("did you mean {}?", several.join(" or ")));
            Err(Problem::error(format!("`{typed}` is not {what}"))
                .expected(format!("one of {}", field.choices.join(", ")))
                .suggest_maybe(advice))
        }
    }
}

/// What the packs say of a kind.
fn kind_file<'a>(kind: &str, spoken: &'a Assembled) -> Result<&'a KindFile, Vec<Problem>> {
    let kinds = &spoken.book.info().kinds;
    let own = kinds.iter().find(|one| one.of.iter().any(|id| id == kind));
    own.ok_or_else(|| {
        let message = format!("no pack says what a proposal of the kind `{kind}` begins with");
        let known: Vec<&str> = kinds
            .iter()
            .flat_map(|one| &one.of)
            .map(String::as_str)
            .collect();
        vec![Problem::error(message).expected(format!("one of {}", known.join(", ")))]
    })
}

/// Its file, as data.
fn skeleton(own: &KindFile, spoken: &Assembled) -> Result<Value, Vec<Problem>> {
    let mut packs = spoken.book.packs().iter().rev();
    match packs.find_map(|pack| pack.document(&own.file)) {
        Some(document) => Ok(document?.value().clone()),
        None => Err(vec![Problem::error(format!(
            "the pack has no file `{}`, which `[[kinds]]` names",
            own.file
        ))]),
    }
}

/// The kinds and fields of study there are.
fn choices(begin: &Start, spoken: &Assembled) -> String {
    let mut lines = Vec::new();
    let words = &spoken.locale;
    let paths = [Some((&begin.kind, "Kinds of program, for --kind"))]
        .into_iter()
        .chain([begin
            .discipline
            .as_ref()
            .map(|path| (path, "Fields of study, for --discipline"))]);
    for (path, heading) in paths.flatten() {
        lines.push(words.word(heading).to_owned());
        let field = field(path, spoken);
        let longest = field.choices.iter().map(String::len).max();
        let longest = longest.unwrap_or_default();
        for choice in &field.choices {
            lines.push(format!("  {choice:longest$}  {}", named(field, choice)));
        }
        lines.push(String::new());
    }
    let next = "Next: evenhand init --kind KIND --discipline FIELD -o plan.yaml";
    lines.push(words.word(next).to_owned());
    lines.join("\n") + "\n"
}
