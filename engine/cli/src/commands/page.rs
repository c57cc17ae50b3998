//! `evenhand page`: the pages as files, with the engine beside or in them.

use crate::args::Page;
use crate::clock;
use crate::exit::Exit;
use crate::files;
use crate::ui::Ui;
use evenhand_core::problem::Problem;
use evenhand_threads::Threads;
use evenhand_web::App;
use std::path::Path;
use std::sync::Arc;

/// The engine as a module, packed, where the program was built with it.
static ENGINE: Option<&[u8]> = include!(concat!(env!("OUT_DIR"), "/app_wasm.rs"));

pub(crate) fn run(args: &Page, ui: &Ui) -> Exit {
    match write(args) {
        Ok(said) => {
            ui.note(&said);
            Exit::Fine
        }
        Err(problems) => {
            ui.problems(&problems, &[]);
            Exit::Wrong
        }
    }
}

fn write(args: &Page) -> Result<String, Vec<Problem>> {
    let engine = engine(args.engine.as_deref())?;
    let app = App::standard(clock::today(), Arc::new(Threads))?;
    if let Some(folder) = &args.site {
        let site = app.site(&engine);
        std::fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
        for (name, bytes) in &site {
            let path = folder.join(name);
            std::fs::write(&path, bytes).map_err(|error| cannot(&path, &error))?;
        }
        return Ok(format!(
            "{} files are in {}",
            site.len(),
            files::shown(folder)
        ));
    }
    let Some(file) = &args.single else {
        return Err(vec![
            Problem::error("nothing to write").expected("--site or --single"),
        ]);
    };
    let Some(page) = app.single(&engine, &args.locale) else {
        let problem = format!("`{}` is not a language there are texts in", args.locale);
        return Err(vec![Problem::error(problem)]);
    };
    std::fs::write(file, page).map_err(|error| cannot(file, &error))?;
    Ok(format!("the page is {}", files::shown(file)))
}

fn engine(file: Option<&Path>) -> Result<Vec<u8>, Vec<Problem>> {
    if let Some(path) = file {
        let name = files::shown(path);
        return std::fs::read(path).map_err(|error| vec![files::cannot("read", &name, &error)]);
    }
    let built = ENGINE.map(<[u8]>::to_vec);
    built.ok_or_else(|| {
        let problem = Problem::error("this program was built without the engine of the pages");
        vec![problem.suggest("build it with tests/web/build.sh, and name the file with --engine")]
    })
}

fn cannot(path: &Path, error: &std::io::Error) -> Vec<Problem> {
    vec![files::cannot("write", &files::shown(path), error)]
}
