//! `evenhand verify`: judge again from a record, and say what differs.

mod signature;

use super::check::record;
use crate::args::Verify;
use crate::exit::Exit;
use crate::files;
use crate::ui::Ui;
use evenhand_core::problem::Problem;
use evenhand_core::text::pretty_json;
use evenhand_report::record::{Record, differences, verdict};
use serde_json::json;
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &Verify, ui: &Ui) -> Exit {
    if args.signature.is_some() && args.records.len() > 1 {
        let problem = Problem::error("a signature is of one record, and several are named");
        let problem = problem.suggest("leave out `--signature`: each has its own beside it");
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let mut exit = Exit::Fine;
    for path in &args.records {
        exit = exit.and(one(path, args, ui));
    }
    exit
}

fn one(path: &Path, args: &Verify, ui: &Ui) -> Exit {
    let signed = args
        .public_key
        .as_deref()
        .map(|key| signature::check(path, args.signature.as_deref(), key));
    let mut problems = Vec::new();
    let signed = signed.transpose().unwrap_or_else(|wrong| {
        problems.extend(wrong);
        None
    });
    let record = match read(path) {
        Ok(record) if problems.is_empty() => record,
        other => {
            problems.extend(other.err().into_iter().flatten());
            ui.problems(&problems, &[]);
            return Exit::Wrong;
        }
    };
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let again = match record::again(&record, folder, &args.plugins, ui) {
        Ok(again) => again,
        Err(refused) => {
            refused.show(ui);
            ui.note(&format!("`{}` cannot be judged again.", files::shown(path)));
            return Exit::Wrong;
        }
    };
    let found = differences(&record, &again.scorecard, &again.settings);
    let text = if args.format == crate::args::Form::Json {
        let value = json!({
            "record": files::shown(path),
            "same": found.is_empty(),
            "differences": found,
            "signature": signed.as_ref().map(signature::Signed::json),
        });
        pretty_json(&value)
    } else {
        let signed = signed.as_ref().map(signature::Signed::words);
        format!("{}{}", signed.unwrap_or_default(), verdict(&record, &found))
    };
    ui.out(&text);
    if args.format == crate::args::Form::Text {
        let file = files::shown(path);
        ui.next(&format!(
            "Next: evenhand check PROPOSAL --since {file} says what has changed since it."
        ));
    }
    let fits = signed.is_none_or(|signed| signed.fits());
    if found.is_empty() && fits {
        Exit::Fine
    } else {
        Exit::Found
    }
}

/// Reads a record.
pub(crate) fn read(path: &Path) -> Result<Record, Vec<Problem>> {
    let name = files::shown(path);
    let bytes = files::record(path).map_err(|error| vec![files::cannot("read", &name, &error)])?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let error = error.utf8_error();
        vec![Problem::error(format!("the file is not UTF-8 text: {error}")).in_file(&name)]
    })?;
    Record::read(&name, &text)
}
