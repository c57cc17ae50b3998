//! `evenhand rules new`: a page that works, with a script or without, to be changed into a rule of one's own.

mod kind;

use crate::args::{PackArgs, RulesNew};
use crate::exit::Exit;
use crate::ui::Ui;
use crate::{files, output, setup};
use evenhand_core::problem::{Problem, did_you_mean, nearest};
use evenhand_core::rulebook::Rulebook;
use std::path::{Path, PathBuf};

const PAGE: &str = include_str!("../../../templates/rule/page.md");
const SCRIPT: &str = include_str!("../../../templates/rule/script.rhai");
pub(super) const PACK: &str = include_str!("../../../templates/rule/pack.toml");

pub(crate) fn run(args: &RulesNew, ui: &Ui) -> Exit {
    let fresh = is_empty(&args.pack);
    let packs = PackArgs {
        packs: if fresh {
            Vec::new()
        } else {
            vec![args.pack.clone()]
        },
        profile: None,
        no_profile: true,
        date: None,
        held: None,
        set: Vec::new(),
        plugins: Vec::new(),
    };
    let book = match setup::rulebook(&packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let mut problems = id_problems(&book, &args.id);
    let mut texts = texts(args, fresh);
    let here = |(path, _): &&(PathBuf, String)| path.symlink_metadata().is_ok();
    if !texts.iter().any(|text| here(&text)) {
        problems.extend(taken(&book, &args.id));
    }
    for (path, _) in texts.iter().filter(here) {
        let name = files::shown(path);
        let problem = Problem::error(format!("`{name}` is here already, and is left as it is"));
        problems.push(problem.suggest("choose another id, or move it away"));
    }
    if let Some(kind) = args.kind.filter(|_| problems.is_empty()) {
        match kind::files(args, kind, &book) {
            Ok(more) => texts.extend(more),
            Err(found) => problems.extend(found),
        }
    }
    let written = if problems.is_empty() {
        write(&texts)
    } else {
        Err(problems)
    };
    if let Err(problems) = written {
        ui.problems(&problems, &[]);
        return Exit::Wrong;
    }
    let made: Vec<String> = texts
        .iter()
        .map(|(path, _)| format!("  {}\n", files::shown(path)))
        .collect();
    let (id, pack) = (&args.id, files::shown(&args.pack));
    ui.out(&format!(
        "Made:\n\n{}\nNext: change them into your rule, and try it with\n\n  \
         evenhand rules test {id} --pack {pack}\n  evenhand rules lint {id} --pack {pack}\n",
        made.concat()
    ));
    Exit::Fine
}

/// Whether there is no such folder, or nothing in it.
pub(super) fn is_empty(folder: &Path) -> bool {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Everything wrong with the id of a new rule.
pub(super) fn id_problems(book: &Rulebook, id: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let expected =
        "a dimension and a name in small letters with hyphens, such as `ethics/scope-of-practice`";
    let (dimension, name) = id.split_once('/').unwrap_or(("", id));
    if !is_kebab(dimension) || !is_kebab(name) {
        let better = suggested(book, id);
        let problem = Problem::error(format!("`{id}` is no id for a rule")).expected(expected);
        return vec![problem.suggest_maybe(better.map(|id| format!("did you mean `{id}`?")))];
    }
    let known = || {
        let dimensions = book.info().dimensions.iter();
        dimensions.map(|dimension| dimension.id.as_str())
    };
    if known().all(|own| own != dimension) {
        let all: Vec<String> = known().map(|id| format!("`{id}`")).collect();
        problems.push(
            Problem::error(format!("`{dimension}` is not a dimension"))
                .expected(format!("one of {}", all.join(", ")))
                .suggest_maybe(did_you_mean(dimension, known())),
        );
    }
    problems
}

/// The id of a rule that exists is not for a new one.
fn taken(book: &Rulebook, id: &str) -> Option<Problem> {
    let known = book.rules().iter().any(|rule| rule.page.id == id)
        || book.broken().iter().any(|rule| rule.id == id);
    known.then(|| {
        Problem::error(format!("`{id}` is a rule already"))
            .suggest("choose another name; to replace that rule, copy its page and script")
    })
}

/// The id as it should have been written, if what was typed says enough.
fn suggested(book: &Rulebook, id: &str) -> Option<String> {
    let (dimension, name) = id.split_once('/')?;
    let (dimension, name) = (kebab(dimension), kebab(name));
    let dimensions = book.info().dimensions.iter();
    let known = nearest(&dimension, dimensions.map(|own| own.id.as_str()))?;
    is_kebab(&name).then(|| format!("{known}/{name}"))
}

fn is_kebab(name: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(small))
}

/// Small letters and digits, with hyphens for everything else.
fn kebab(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// The files to write, with what they hold.
fn texts(args: &RulesNew, fresh: bool) -> Vec<(PathBuf, String)> {
    let title = args.title.clone().unwrap_or_else(|| {
        let name = args.id.rsplit('/').next().unwrap_or_default();
        let words = name.replace('-', " ");
        let mut letters = words.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    });
    // A title is text, whatever stands in it.
    let title = serde_json::Value::String(title).to_string();
    let mut texts = Vec::new();
    if fresh {
        texts.push(fresh_pack(&args.pack));
    }
    let id = &args.id;
    if let Some(kind) = args.kind {
        texts.push((
            args.pack.join(format!("{id}.md")),
            kind::page(args, kind).replace("{{title}}", &title),
        ));
        return texts;
    }
    texts.push((
        args.pack.join(format!("{id}.md")),
        PAGE.replace("{{title}}", &title),
    ));
    texts.push((args.pack.join(format!("{id}.rhai")), SCRIPT.to_owned()));
    texts
}

/// What a pack that is new says of itself.
pub(super) fn fresh_pack(pack: &Path) -> (PathBuf, String) {
    let folder = std::path::absolute(pack).unwrap_or_else(|_| pack.to_path_buf());
    let name = folder
        .file_name()
        .map(|name| kebab(&name.to_string_lossy()))
        .filter(|name| is_kebab(name))
        .unwrap_or_else(|| "own-rules".to_owned());
    let text = PACK
        .replace("{{name}}", &name)
        .replace("{{engine}}", &crate::commands::plugin::new::engine());
    (pack.join("pack.toml"), text)
}

pub(super) fn write(texts: &[(PathBuf, String)]) -> Result<(), Vec<Problem>> {
    for (path, text) in texts {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                vec![files::cannot(
                    "make the folder",
                    &files::shown(folder),
                    &error,
                )]
            })?;
        }
        output::file(path, text.as_bytes()).map_err(|problem| vec![problem])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_core::pack::PackFiles;
    use evenhand_core::settings::Settings;

    fn args(id: &str, title: Option<&str>) -> RulesNew {
        RulesNew {
            id: id.to_owned(),
            pack: PathBuf::from("My rules"),
            title: title.map(str::to_owned),
            kind: None,
            field: None,
            question: None,
            unit: None,
        }
    }

    fn core() -> Rulebook {
        Rulebook::load(
            vec![crate::bundled::core_pack()],
            Vec::new(),
            Settings::default(),
        )
        .unwrap()
    }

    #[test]
    fn a_new_rule_passes_its_own_cases() {
        let args = args("ethics/new-thing", Some("A title: with \"all\" sorts"));
        let mut pack = PackFiles::default();
        for (path, text) in texts(&args, true) {
            let path = path.strip_prefix("My rules").unwrap().to_str().unwrap();
            assert!(!text.contains("{{"), "{path}:\n{text}");
            pack.files
                .insert(path.replace('\\', "/"), text.into_bytes().into());
        }
        assert_eq!(pack.info().unwrap().name, "my-rules");
        let plugins = crate::bundled::PLUGINS
            .iter()
            .map(|id| {
                let source = crate::bundled::plugin(id, &serde_json::json!({}));
                let instance = source.unwrap().unwrap().instance().unwrap();
                Box::new(instance) as Box<dyn evenhand_core::plugin::Plugin>
            })
            .collect();
        let packs = vec![crate::bundled::core_pack(), pack];
        let book = Rulebook::load(packs, plugins, Settings::default()).unwrap();
        assert_eq!(
            book.rule("ethics/new-thing").unwrap().page.title,
            "A title: with \"all\" sorts"
        );
        let run = evenhand_authoring::ruletest::test(&book, |id| id == "ethics/new-thing");
        assert_eq!((run.passed(), run.failed(), run.coverage()), (4, 0, 100));
        let ids = ["ethics/new-thing".to_owned()];
        let problems = evenhand_authoring::lint::lint(&book, &ids);
        assert!(
            problems.iter().all(|problem| !problem.is_error()),
            "{problems:?}"
        );
    }

    #[test]
    fn ids_are_checked_and_better_ones_named() {
        let book = core();
        let one = |id: &str| {
            let problems = id_problems(&book, id);
            problems
                .first()
                .map(ToString::to_string)
                .unwrap_or_default()
        };
        assert_eq!(one("ethics/new-thing"), "");
        assert!(one("Ethics/New Thing").contains("did you mean `ethics/new-thing`?"));
        assert!(one("new-thing").contains("is no id for a rule"));
        assert!(one("etics/new-thing").contains("did you mean `ethics`?"));
        assert!(one("etics/New Thing").contains("did you mean `ethics/new-thing`?"));
        assert!(taken(&book, "ethics/scope-of-practice").is_some());
        assert!(taken(&book, "ethics/new-thing").is_none());
        assert!(one("ethics/../x").contains("is no id for a rule"));
        assert!(one("ethics/a--b").contains("is no id for a rule"));
    }

    #[test]
    fn a_folder_that_holds_something_keeps_its_pack() {
        let made = texts(&args("ethics/new-thing", None), false);
        assert_eq!(made.len(), 2);
        assert!(made[0].1.contains("title: \"New thing\""));
    }
}
