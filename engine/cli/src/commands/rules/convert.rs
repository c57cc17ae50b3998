//! `evenhand rules convert`: the script that a form stands for, in place of the form.

use super::new::write;
use crate::args::RulesConvert;
use crate::exit::Exit;
use crate::ui::Ui;
use crate::{files, output, setup};
use evenhand_authoring::convert::without_form;
use evenhand_core::problem::Problem;

pub(crate) fn run(args: &RulesConvert, ui: &Ui) -> Exit {
    let book = match setup::rulebook(&super::only_pack(&args.pack), None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let rule = match book.rule_named(&args.id) {
        Ok(rule) => rule,
        Err(problem) => {
            ui.problems(&[problem], &[]);
            return Exit::Wrong;
        }
    };
    let id = &rule.page.id;
    let page = args.pack.join(format!("{id}.md"));
    let script = args.pack.join(format!("{id}.rhai"));
    let problem = if script.symlink_metadata().is_ok() || rule.page.form.is_none() {
        Some(Problem::error(format!(
            "`{id}` is judged by a script already"
        )))
    } else if page.symlink_metadata().is_err() {
        let pack = files::shown(&args.pack);
        let problem = Problem::error(format!("`{id}` does not stand in `{pack}`"));
        Some(problem.suggest(format!(
            "`evenhand rules copy {id} --pack {pack}` puts it there"
        )))
    } else {
        None
    };
    if let Some(problem) = problem {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let text = rule.script_text().unwrap_or_default().to_owned();
    let changed = without_form(&rule.page);
    let written = write(&[(script.clone(), text)]).and_then(|()| {
        output::file(&page, changed.as_bytes()).map_err(|problem| {
            // A page with a form and a script is an error; the form stays.
            let _left = std::fs::remove_file(&script);
            vec![problem]
        })
    });
    if let Err(problems) = written {
        ui.problems(&problems, &[]);
        return Exit::Wrong;
    }
    let pack = files::shown(&args.pack);
    ui.out(&format!(
        "Made {}, and took the form out of {}. They judge the same.\n\nNext: change the script, and try it with\n\n  evenhand rules test {id} --pack {pack}\n",
        files::shown(&script),
        files::shown(&page)
    ));
    Exit::Fine
}
