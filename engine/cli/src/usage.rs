//! What is said where the command line cannot be understood, or where its help was asked for.

use crate::args::Args;
use crate::exit::Exit;
use crate::files;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _};
use evenhand_core::problem::nearest;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// What people of other tools call a command here.
const ALSO_CALLED: &[(&str, &str)] = &[
    ("assess", "check"),
    ("evaluate", "check"),
    ("judge", "check"),
    ("run", "check"),
    ("score", "check"),
    ("validate", "check"),
    ("describe", "explain"),
    ("show", "explain"),
    ("rulebook", "rules docs"),
];

/// Says what was typed wrongly, or the help that was asked for.
pub(crate) fn show(error: &clap::Error) -> ExitCode {
    let shown = error.print().and_then(|()| io::stdout().flush());
    if error.use_stderr() {
        if let Some(tip) = tip(error) {
            let said = writeln!(io::stderr().lock(), "\n  tip: {tip}");
            // There is nowhere left to say that it could not be said.
            said.err();
        }
        return Exit::Wrong.code();
    }
    match shown {
        Err(failed) if failed.kind() != io::ErrorKind::BrokenPipe => {
            let problem = files::cannot("write", "<standard output>", &failed);
            let said = writeln!(io::stderr().lock(), "error: {problem}");
            said.err();
            Exit::Wrong.code()
        }
        _ => Exit::Fine.code(),
    }
}

/// The commands that a wrong one may have meant, where they stand elsewhere or have another name.
fn tip(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let ContextValue::String(typed) = error.get(ContextKind::InvalidSubcommand)? else {
        return None;
    };
    // What is near in the place where it was typed is said already.
    if error.get(ContextKind::SuggestedSubcommand).is_some() {
        return None;
    }
    let mut paths = Vec::new();
    collect(&Args::command(), "", &mut paths);
    let meant = meant(typed, &paths);
    (!meant.is_empty()).then(|| {
        let all: Vec<String> = meant
            .iter()
            .map(|path| format!("`evenhand {path}`"))
            .collect();
        format!("did you mean {}?", all.join(" or "))
    })
}

fn collect(command: &Command, before: &str, paths: &mut Vec<String>) {
    for inner in command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set())
    {
        let path = format!("{before}{}", inner.get_name());
        collect(inner, &format!("{path} "), paths);
        paths.push(path);
    }
}

fn meant(typed: &str, paths: &[String]) -> Vec<String> {
    let named = |name: &str| -> Vec<String> {
        let last = |path: &&String| path.rsplit(' ').next() == Some(name);
        paths.iter().filter(last).cloned().collect()
    };
    let whole = named(typed);
    if !whole.is_empty() {
        return whole;
    }
    if let Some((_, path)) = ALSO_CALLED.iter().find(|(name, _)| *name == typed) {
        return vec![(*path).to_owned()];
    }
    let names = paths.iter().filter_map(|path| path.rsplit(' ').next());
    let near = nearest(typed, names).map(str::to_owned);
    near.map(|near| named(&near)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_found_where_it_stands_and_by_what_others_call_it() {
        let mut paths = Vec::new();
        collect(&Args::command(), "", &mut paths);
        for (typed, expected) in [
            ("lint", vec!["rules lint"]),
            ("list", vec!["rules list", "plugin list"]),
            ("lnit", vec!["init"]),
            ("lintt", vec!["rules lint"]),
            ("judge", vec!["check"]),
            ("chekc", vec!["check", "plugin check", "profile check"]),
            ("frobnicate", vec![]),
        ] {
            assert_eq!(meant(typed, &paths), expected, "{typed}");
        }
        for (_, path) in ALSO_CALLED {
            assert!(
                paths.iter().any(|known| known == path),
                "{path} is no command"
            );
        }
    }
}
