//! The guides as a book: every page stands in the contents, every link leads somewhere, and the reference pages are made from the
//! program. `UPDATE_DOCS=1` writes those anew.

use super::compare;
use crate::assembly::{book, evenhand, root};
use evenhand_core::document::SLIP_CODES;
use evenhand_core::problem::Code;
use evenhand_core::rulebook::MIGRATION_CODES;
use evenhand_core::schema::{Field, FieldId, Kind, SCHEMA_CODES, Schema};
use evenhand_report::formats::FORMATS;
use evenhand_tables::codes::WORKBOOK_CODES;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

/// What a test writes and nobody edits.
const GENERATED: &str =
    "<!-- Written by a test from the program itself; UPDATE_DOCS=1 writes it anew. -->\n\n";

/// What a command says of itself.
fn help(path: &[String]) -> String {
    let output = evenhand().args(path).arg("--help").output().unwrap();
    assert!(output.status.success(), "{path:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands below one, by the lines under `Commands:` in its help.
fn below(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    lines
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

fn command(path: &[String], page: &mut String, count: &mut usize) {
    let text = help(path);
    let name = ["evenhand"]
        .into_iter()
        .chain(path.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(" ");
    write!(page, "## {name}\n\n```text\n{}\n```\n\n", text.trim_end()).unwrap();
    *count += 1;
    for name in below(&text) {
        let path: Vec<String> = path.iter().cloned().chain([name]).collect();
        command(&path, page, count);
    }
}

#[test]
fn the_page_of_commands_is_current() {
    let mut page = format!(
        "{GENERATED}# Commands\n\nWhat each command says of itself with `--help`. `evenhand man COMMAND` shows the same as a manual page.\n\n"
    );
    let mut count = 0;
    command(&[], &mut page, &mut count);
    assert!(count > 30, "{count} commands");
    compare("docs/reference/commands.md", &page);
}

/// A text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('<', "&lt;")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The answers that are listed; countries and the like have too many.
const CHOICES_SHOWN: usize = 30;

/// What may stand in a field.
fn kind(schema: &Schema, field: &Field) -> String {
    let unit = field.unit.as_deref().map(|unit| format!(", {unit}"));
    let ends = match (field.minimum, field.maximum) {
        (Some(low), Some(high)) => format!(", {low} to {high}"),
        (Some(low), None) => format!(", {low} or more"),
        (None, Some(high)) => format!(", {high} or less"),
        (None, None) => String::new(),
    };
    let word = match field.kind {
        Kind::Boolean => "yes or no".to_owned(),
        Kind::Integer => "whole number".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Text if field.date => "date".to_owned(),
        Kind::Text if !field.choices.is_empty() => {
            let choices = field.choices.iter().map(|choice| format!("`{choice}`"));
            let shown: Vec<String> = choices.take(CHOICES_SHOWN).collect();
            let more = field.choices.len() - shown.len();
            let more = (more > 0).then(|| format!(" and {more} more"));
            format!("{}{}", shown.join(", "), more.unwrap_or_default())
        }
        Kind::Text => "text".to_owned(),
        Kind::List => {
            let item = field.items.map(|item| kind(schema, schema.field(item)));
            format!("list of: {}", item.unwrap_or_default())
        }
        Kind::Object => "group".to_owned(),
        Kind::Any => "any".to_owned(),
    };
    let one = matches!(field.kind, Kind::Integer | Kind::Number) && !field.range;
    let ends = if one {
        format!(", no range{ends}")
    } else {
        ends
    };
    format!("{word}{ends}{}", unit.unwrap_or_default())
}

/// The rows of everything below a field.
fn rows(schema: &Schema, id: FieldId, page: &mut String, count: &mut usize) {
    let field = schema.field(id);
    for (_, below) in &field.properties {
        let known = schema.field(*below);
        *count += 1;
        writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            known.path,
            cell(&known.question),
            cell(&kind(schema, known)),
            cell(&schema.respondents(&known.path.replace("[]", "")).join(", "))
        )
        .unwrap();
        rows(schema, *below, page, count);
    }
    if let Some(item) = field.items {
        rows(schema, item, page, count);
    }
}

#[test]
fn the_page_of_fields_is_current() {
    let schema = book().schema();
    let mut page = format!(
        "{GENERATED}# Fields of a proposal\n\nEverything that a proposal can say, by group. None of it has to be there: what is left out is not known yet. \
         `evenhand schema` gives the same to editors.\n\nA number may be told as a range, as public pages do: `20..25`, `20–25`, `[20, 25]` or `{{ from: 20, to: 25 }}`; a \
         number of weeks also as `10 days` or `7–10 days`. Where it has to be one number, the answer says so.\n\n"
    );
    let mut count = 0;
    for (name, id) in &schema.field(schema.root()).properties {
        if name == "derived" {
            continue;
        }
        let field = schema.field(*id);
        let about = [field.title.as_str(), field.description.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(". ");
        write!(
            page,
            "## {name}\n\n{about}\n\n| field | question | answer | who can answer |\n|---|---|---|---|\n"
        )
        .unwrap();
        rows(schema, *id, &mut page, &mut count);
        page.push('\n');
    }
    assert!(count > 150, "{count} fields");
    compare("docs/reference/fields.md", &page);
}

#[test]
fn the_page_of_formats_is_current() {
    let mut page = format!(
        "{GENERATED}# Formats of a report\n\n`--format NAME` chooses one; the ending of the file after `--output` does as well. Without either, a report is text \
         for a terminal. The format never changes the exit code.\n\n| name | ending | media type | for |\n|---|---|---|---|\n"
    );
    for format in FORMATS {
        writeln!(
            page,
            "| `{}` | `.{}` | `{}` | {} |",
            format.name,
            format.extension,
            format.media_type,
            cell(format.about)
        )
        .unwrap();
    }
    compare("docs/reference/formats.md", &page);
}

#[test]
fn the_page_of_codes_is_current() {
    let mut page = format!(
        "{GENERATED}# Codes of problems\n\nWhat can be wrong with a document, by code. `evenhand explain CODE` shows one. Codes stay the same in every language; the \
         texts are translated.\n\n| code | says | means |\n|---|---|---|\n"
    );
    let known: BTreeMap<&str, &Code> = SCHEMA_CODES
        .iter()
        .chain(SLIP_CODES.iter())
        .chain(WORKBOOK_CODES.iter())
        .chain(MIGRATION_CODES.iter())
        .filter(|code| !code.about.is_empty())
        .map(|code| (code.id, *code))
        .collect();
    assert!(known.len() > 15, "{} codes", known.len());
    for (id, code) in known {
        writeln!(
            page,
            "| `{id}` | {} | {} |",
            cell(code.english),
            cell(code.about)
        )
        .unwrap();
    }
    compare("docs/reference/codes.md", &page);
}

/// The table of one dimension computed from the findings alone, beside what the scorecard says.
#[test]
fn the_sum_by_hand_is_what_the_scorecard_says() {
    const FILE: &str = "examples/proposals/c05-haiti-camp.yaml";
    let output = evenhand()
        .args(["check", FILE, "--no-profile", "--format", "json"])
        .output()
        .unwrap();
    let card: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut table = "| rule | weight *w* | *s* | *w·s* |\n|---|---|---|---|\n".to_owned();
    let (mut sum, mut total) = (0.0, 0.0);
    for finding in card["findings"].as_array().unwrap() {
        let number = |key: &str| finding[key].as_f64();
        let weight = number("weight").unwrap_or(0.0);
        let skipped = finding["outcome"] == "not_applicable" || weight <= 0.0;
        if finding["dimension"] != "equity" || skipped {
            continue;
        }
        let (low, high) = (number("low").unwrap(), number("high").unwrap());
        assert!(
            (low - high).abs() < 1e-9,
            "equity of {FILE} has to be settled: {finding}"
        );
        sum += weight * low;
        total += weight;
        let rule = finding["rule"].as_str().unwrap();
        writeln!(
            table,
            "| `{rule}` | {weight} | {low:.2} | {:.2} |",
            weight * low
        )
        .unwrap();
    }
    let points = 100.0 * sum / total;
    writeln!(table, "| Σ | {total} | | {sum:.2} |").unwrap();
    let equity = card["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|dimension| dimension["id"] == "equity")
        .unwrap();
    let shown = equity["low"].as_f64().unwrap();
    assert!(equity["capped_by"].is_null(), "{equity}");
    assert!(
        ((points + 1e-9).floor() - shown).abs() < 1e-9,
        "{points} {shown}"
    );
    write!(
        table,
        "\n100 · {sum:.2} / {total} = {points:.2}, rounded down: **{shown}** points, which is `{}`.\n",
        equity["level"].as_str().unwrap()
    )
    .unwrap();
    let path = "docs/guides/verdict.md";
    let page = std::fs::read_to_string(root().join(path)).unwrap();
    let (before, rest) = page.split_once("<!-- by hand -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end of by hand -->").unwrap();
    compare(
        path,
        &format!("{before}<!-- by hand -->\n\n{table}\n<!-- end of by hand -->{after}"),
    );
}

/// The pages of the book, below `docs`.
fn pages() -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![root().join("docs")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.insert(path);
            }
        }
    }
    found
}

/// The targets of a page's links, without what stands in code.
fn links(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let prose = text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    });
    prose
        .flat_map(|line| line.split('`').step_by(2))
        .flat_map(|part| part.split("](").skip(1))
        .filter_map(|rest| rest.split(')').next())
        .collect()
}

/// A path without `..` in it.
fn plain(path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                found.pop();
            }
            part => found.push(part),
        }
    }
    found
}

#[test]
fn every_page_is_in_the_contents_and_every_link_leads_to_one() {
    let docs = root().join("docs");
    let pages = pages();
    let contents = std::fs::read_to_string(docs.join("SUMMARY.md")).unwrap();
    let listed: BTreeSet<PathBuf> = links(&contents)
        .into_iter()
        .map(|link| docs.join(link))
        .collect();
    let mut wrong = Vec::new();
    for page in &pages {
        let name = page.strip_prefix(&docs).unwrap().display();
        if !listed.contains(page) && !page.ends_with("SUMMARY.md") {
            wrong.push(format!("{name} is not in SUMMARY.md"));
        }
        let text = std::fs::read_to_string(page).unwrap();
        for link in links(&text) {
            let link = link.split_whitespace().next().unwrap_or_default();
            let (file, _) = link.split_once('#').unwrap_or((link, ""));
            if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
                continue;
            }
            let target = plain(&page.parent().unwrap().join(file));
            // The script that writes the book puts the examples beside it.
            let within = target.starts_with(&docs) || target.starts_with(root().join("examples"));
            if !within {
                wrong.push(format!("{name}: {link} leads out of the book"));
            } else if !target.exists() {
                wrong.push(format!("{name}: there is no {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(pages.len() > 40, "{} pages", pages.len());
}
