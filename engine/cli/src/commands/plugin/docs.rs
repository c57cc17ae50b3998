//! `evenhand plugin docs`: a plugin's page from its manifest.

mod schema;

use super::sheet::clean;
use crate::args::plugin::Docs;
use crate::exit::Exit;
use crate::files;
use crate::plugins::{self, look, refused, shown};
use crate::ui::Ui;
use evenhand_core::plugin::{Function, Manifest, PluginRule, Source, ValueType};
use evenhand_core::problem::Problem;
use evenhand_report::paper::{Address, escaped_markdown as plain, markdown_pieces, prose};
use schema::{Field, fields};
use std::path::Path;

pub(super) fn run(args: &Docs, ui: &Ui) -> Exit {
    let manifest = if super::is_file(&args.plugin) {
        of_file(Path::new(&args.plugin)).map_err(|problems| (problems, None))
    } else {
        match super::profile(&args.profile.packs(), ui) {
            Ok(found) => of_id(&args.plugin, found.as_ref()).map_err(|problems| (problems, found)),
            Err(exit) => return exit,
        }
    };
    match manifest {
        Ok(manifest) => {
            ui.out(&page(&manifest));
            Exit::Fine
        }
        Err((problems, found)) => {
            super::show(&problems, found.as_ref(), ui);
            Exit::Wrong
        }
    }
}

/// The manifest beside a library, or one that has no library yet.
fn of_file(path: &Path) -> Result<Manifest, Vec<Problem>> {
    if path.extension().is_none_or(|extension| extension != "json") {
        let inspection = look(path).map_err(|error| refused(&error, None))?;
        return Ok(inspection.manifest);
    }
    let Some(text) = files::text(path)? else {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(vec![files::cannot("read", &shown(path), &missing)]);
    };
    let wrong = |error: serde_json::Error| Problem::error(error.to_string()).in_file(shown(path));
    let mut manifest = serde_json::from_str(&text).map_err(|error| vec![wrong(error)])?;
    let problems = evenhand_plugin_host::expand(&mut manifest);
    if problems.is_empty() {
        return Ok(manifest);
    }
    let wrong = |problem| Problem::error(problem).in_file(shown(path));
    Err(problems.into_iter().map(wrong).collect())
}

/// Problems of other plugins do not keep this one's page back.
fn of_id(id: &str, found: Option<&crate::setup::Found>) -> Result<Manifest, Vec<Problem>> {
    let (candidates, problems) = plugins::candidates(found, &[]);
    match super::find(&candidates, id) {
        Ok(candidate) => super::manifest(candidate, found),
        Err(problem) if problems.is_empty() => Err(vec![problem]),
        Err(_) => Err(problems),
    }
}

fn page(manifest: &Manifest) -> String {
    let mut page = String::new();
    let Manifest {
        id,
        title,
        version,
        abi,
        engine,
        licence,
        ..
    } = manifest;
    page.push_str(&format!("# {}\n\n", plain(title)));
    page.push_str(&format!(
        "Plugin {}, version {}, for engine {} and ABI {}. Licence: {}.\n\n",
        code(id),
        plain(version),
        code(engine),
        plain(abi),
        plain(licence)
    ));
    paragraph(&mut page, &manifest.about);
    reads(&mut page, &manifest.reads);
    let facts = fields(
        &manifest.provides,
        &format!("derived.{}", manifest.facts_key()),
    );
    table(&mut page, "Facts", "Fact", &facts, Field::fact);
    functions(&mut page, &manifest.functions);
    rules(&mut page, &manifest.rules);
    table(
        &mut page,
        "Settings",
        "Setting",
        &fields(&manifest.settings, ""),
        Field::setting,
    );
    sources(&mut page, &manifest.sources);
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn paragraph(page: &mut String, text: &str) {
    // Read as the Markdown that manifests hold and written again: nothing of it is HTML, links lead to the web.
    let text = markdown_pieces(&prose(text));
    if !text.is_empty() {
        page.push_str(&format!("{text}\n\n"));
    }
}

fn reads(page: &mut String, reads: &[String]) {
    page.push_str("## What it reads\n\n");
    if reads.is_empty() {
        page.push_str("Nothing of the proposal.\n\n");
        return;
    }
    for pointer in reads {
        let words = super::in_words(pointer);
        let pointer = if words == *pointer {
            code(pointer)
        } else {
            plain(&words)
        };
        page.push_str(&format!("- {pointer}\n"));
    }
    page.push_str("\nIt is handed these parts of a proposal and nothing else.\n\n");
}

fn table(
    page: &mut String,
    heading: &str,
    first: &str,
    fields: &[Field],
    detail: fn(&Field) -> String,
) {
    if fields.is_empty() {
        return;
    }
    page.push_str(&format!(
        "## {heading}\n\n| {first} | Type | What |\n|---|---|---|\n"
    ));
    for field in fields {
        let cells = [code(&field.path), cell(&field.kind), cell(&detail(field))];
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    page.push('\n');
}

fn functions(page: &mut String, functions: &[Function]) {
    if functions.is_empty() {
        return;
    }
    page.push_str("## Functions\n\n");
    for function in functions {
        page.push_str(&format!("### {}\n\n", code(&signature(function))));
        paragraph(page, &function.about);
        let mut notes = Vec::new();
        // A number of things has the unit 1, which says nothing to people.
        if let Some(unit) = function.unit.as_ref().filter(|unit| *unit != "1") {
            notes.push(format!("The answer is in {}.", plain(unit)));
        }
        if !function.pure {
            notes.push("The same arguments may give another answer: it is not pure.".to_owned());
        }
        if !notes.is_empty() {
            page.push_str(&format!("{}\n\n", notes.join(" ")));
        }
    }
}

/// As in `great_circle_km(from: str, to: str) -> f64`.
pub(super) fn signature(function: &Function) -> String {
    let params: Vec<String> = function
        .params
        .iter()
        .map(|param| format!("{}: {}", param.name, word(param.kind)))
        .collect();
    format!(
        "{}({}) -> {}",
        function.name,
        params.join(", "),
        word(function.returns)
    )
}

/// The word of a type, as in manifests.
pub(super) fn word(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Unit => "unit",
        ValueType::Bool => "bool",
        ValueType::I64 => "i64",
        ValueType::F64 => "f64",
        ValueType::Str => "str",
        ValueType::Json => "json",
    }
}

fn rules(page: &mut String, rules: &[PluginRule]) {
    if rules.is_empty() {
        return;
    }
    page.push_str("## Rules of its own\n\n");
    for rule in rules {
        page.push_str(&format!("### {}\n\n", plain(&rule.title)));
        page.push_str(&format!(
            "{} · {}\n\n",
            code(&rule.id),
            plain(&rule.severity)
        ));
        paragraph(page, &rule.about);
        for (name, text) in [("What helps", &rule.helps), ("Limits", &rule.limits)] {
            if !text.trim().is_empty() {
                paragraph(page, &format!("{name}: {}", text.trim()));
            }
        }
        if !rule.sources.is_empty() {
            let keys: Vec<String> = rule.sources.iter().map(|key| code(key)).collect();
            page.push_str(&format!("Sources: {}\n\n", keys.join(", ")));
        }
    }
}

fn sources(page: &mut String, sources: &[Source]) {
    if sources.is_empty() {
        return;
    }
    page.push_str("## Sources\n\n");
    for source in sources {
        let mut parts = Vec::new();
        if !source.authors.is_empty() {
            parts.push(plain(&source.authors));
        }
        if let Some(year) = source.year {
            parts.push(year.to_string());
        }
        parts.push(plain(&source.title));
        if let Some(doi) = &source.doi {
            parts.push(link(Address::doi(doi), doi));
        }
        if let Some(url) = &source.url {
            parts.push(link(Address::web(url), url));
        }
        let seen = if source.seen {
            ""
        } else {
            " (at second hand, to be verified)"
        };
        page.push_str(&format!(
            "- {}: {}{seen}\n",
            code(&source.key),
            parts.join(". ")
        ));
    }
    page.push('\n');
}

fn code(text: &str) -> String {
    format!("`{}`", clean(text).replace('`', "'").replace('|', "\\|"))
}

/// Text that stays within its cell of a table.
fn cell(text: &str) -> String {
    plain(text)
}

/// An address that leads to the web; what does not is only shown.
fn link(address: Option<Address>, written: &str) -> String {
    address.map_or_else(
        || code(written),
        |address| format!("<{}>", address.as_str()),
    )
}
