//! `evenhand rules copy`: a rule of another pack in a pack of one's own, to be changed there.

use super::new::{fresh_pack, is_empty, write};
use crate::args::{PackArgs, RulesCopy};
use crate::exit::Exit;
use crate::ui::Ui;
use crate::{files, setup};
use evenhand_core::problem::Problem;

pub(crate) fn run(args: &RulesCopy, ui: &Ui) -> Exit {
    // The rule as it is without the pack it goes to.
    let packs = PackArgs {
        packs: Vec::new(),
        ..super::only_pack(&args.pack)
    };
    let book = match setup::rulebook(&packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let page = match book.rule_named(&args.id) {
        Ok(rule) => &rule.page,
        Err(problem) => {
            ui.problems(&[problem], &[]);
            return Exit::Wrong;
        }
    };
    let mut texts = Vec::new();
    if is_empty(&args.pack) {
        texts.push(fresh_pack(&args.pack));
    }
    for ending in ["md", "rhai"] {
        let path = format!("{}.{ending}", page.id);
        let source = book.packs().iter().find_map(|pack| pack.source(&path));
        if let Some(Ok(source)) = source {
            texts.push((args.pack.join(&path), source.text().to_owned()));
        }
    }
    let here = texts
        .iter()
        .filter(|(path, _)| path.symlink_metadata().is_ok());
    let problems: Vec<Problem> = here
        .map(|(path, _)| {
            let name = files::shown(path);
            Problem::error(format!("`{name}` is here already, and is left as it is"))
                .suggest("change it there, or move it away")
        })
        .collect();
    let written = if problems.is_empty() {
        write(&texts)
    } else {
        Err(problems)
    };
    if let Err(problems) = written {
        ui.problems(&problems, &[]);
        return Exit::Wrong;
    }
    let (id, pack) = (&page.id, files::shown(&args.pack));
    let made: Vec<String> = texts
        .iter()
        .map(|(path, _)| format!("  {}\n", files::shown(path)))
        .collect();
    let reason = if page.waivable {
        format!("A profile that takes part in this says why: extends = [\"international-programs\", {{ pack = \"{pack}\", reason = \"…\" }}]\n")
            .replace("international-programs", evenhand_core::profile::CORE_PACK)
    } else {
        "No board may wave this rule through: a profile names the decision that changes it, with `override`.\n".to_owned()
    };
    ui.out(&format!(
        "Made:\n\n{}\nFrom now on this pack's `{id}` takes the place of the other. Next: change it, and try it with\n\n  \
         evenhand rules test {id} --pack {pack}\n\n{reason}",
        made.concat()
    ));
    Exit::Fine
}
