//! `evenhand serve`: the pages in a browser, on this machine.

use crate::args::Serve;
use crate::clock;
use crate::exit::Exit;
use crate::ui::Ui;
use evenhand_core::problem::Problem;
use evenhand_serve::Server;
use evenhand_threads::Threads;
use evenhand_web::App;
use std::process::{Command, Stdio};
use std::sync::Arc;

pub(crate) fn run(args: &Serve, ui: &Ui) -> Exit {
    let app = match App::standard(clock::today(), Arc::new(Threads)) {
        Ok(app) => app,
        Err(problems) => {
            ui.problems(&problems, &[]);
            return Exit::Wrong;
        }
    };
    let server = match Server::bind(args.port) {
        Ok(server) => server,
        Err(error) => {
            let problem = Problem::error(format!("cannot listen on port {}: {error}", args.port));
            ui.problems(
                &[problem.suggest("name another with --port, or 0 for any that is free")],
                &[],
            );
            return Exit::Wrong;
        }
    };
    let address = format!("http://{}/", server.address());
    ui.note(&format!(
        "Evenhand is at {address} for this machine alone; Ctrl+C ends it."
    ));
    if !args.no_open {
        open(&address);
    }
    server.run(&app);
    Exit::Fine
}

/// Shows the page in the browser of the person; where there is none, the address was said.
fn open(address: &str) {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(before).arg(address);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    drop(command.spawn());
}
