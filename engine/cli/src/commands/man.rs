//! `evenhand man`: the manual, a page a command, made from the same definitions as the help.

use crate::args::{self, Man};
use crate::exit::Exit;
use crate::files::{cannot, shown};
use crate::output;
use crate::ui::Ui;
use clap::Command;
use evenhand_core::problem::{Problem, did_you_mean};
use std::io;
use std::path::Path;

pub(crate) fn run(args: &Man, ui: &Ui) -> Exit {
    let mut whole = args::examples::command().disable_help_subcommand(true);
    whole.build();
    let done = match &args.folder {
        Some(folder) => all(&whole, folder),
        None => one(&whole, &args.command).map(|page| ui.out(&page)),
    };
    match done {
        Ok(()) => Exit::Fine,
        Err(problem) => {
            ui.problems(&[problem], &[]);
            Exit::Wrong
        }
    }
}

/// The page of one command.
fn one(whole: &Command, names: &[String]) -> Result<String, Problem> {
    let mut found = whole;
    for name in names {
        found = found.find_subcommand(name).ok_or_else(|| {
            let known = found.get_subcommands().map(Command::get_name);
            let problem = Problem::error(format!("`{name}` is not a command"));
            problem.suggest_maybe(did_you_mean(name, known))
        })?;
    }
    page(found, &names.join(" ")).map_err(|error| cannot("write", "<standard output>", &error))
}

/// Every page, into a folder: `evenhand.1`, `evenhand-check.1` and so on.
fn all(whole: &Command, folder: &Path) -> Result<(), Problem> {
    let failed = |error| cannot("make the folder", &shown(folder), &error);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut open: Vec<(String, &Command)> = vec![(String::new(), whole)];
    while let Some((path, command)) = open.pop() {
        let name = format!("evenhand {path}");
        let file = folder.join(format!("{}.1", name.trim_end().replace(' ', "-")));
        let text = page(command, &path).map_err(|error| cannot("write", &shown(&file), &error))?;
        output::file(&file, text.as_bytes())?;
        open.extend(command.get_subcommands().map(|below| {
            let path = format!("{path} {}", below.get_name());
            (path.trim_start().to_owned(), below)
        }));
    }
    Ok(())
}

fn page(command: &Command, path: &str) -> io::Result<String> {
    let name = format!("evenhand {path}");
    let name = name.trim_end().replace(' ', "-");
    // Examples have a section of their own; the version is that of the whole.
    let examples = command.get_before_help().map(ToString::to_string);
    let command = command.clone().before_help(None::<&str>);
    let command = command.version(env!("CARGO_PKG_VERSION"));
    let man = clap_mangen::Man::new(command.display_name(name))
        .manual("Evenhand")
        .source(concat!("evenhand ", env!("CARGO_PKG_VERSION")));
    let mut bytes = Vec::new();
    man.render_title(&mut bytes)?;
    man.render_name_section(&mut bytes)?;
    man.render_synopsis_section(&mut bytes)?;
    man.render_description_section(&mut bytes)?;
    if let Some(examples) = examples {
        bytes.extend_from_slice(b".SH EXAMPLES\n.nf\n");
        for example in examples.lines().skip(1) {
            let example = example.trim().replace('-', "\\-");
            bytes.extend_from_slice(format!("{example}\n").as_bytes());
        }
        bytes.extend_from_slice(b".fi\n");
    }
    man.render_options_section(&mut bytes)?;
    man.render_subcommands_section(&mut bytes)?;
    man.render_extra_section(&mut bytes)?;
    man.render_version_section(&mut bytes)?;
    // Each section comes with the same beginning, of which one is enough.
    let text = String::from_utf8_lossy(&bytes);
    let beginning: String = text.split_inclusive('\n').take(2).collect();
    Ok(format!("{beginning}{}", text.replace(&beginning, "")))
}
