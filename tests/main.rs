//! What needs the whole program, or two crates at once. One binary; each file is a subject.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail"
)]

mod assembly;
#[cfg(unix)]
mod automation;
mod board;
mod boards;
#[cfg(unix)]
mod command;
mod conformance;
mod designer;
mod docs;
mod haiti;
mod hostile;
mod laws;
mod literature;
mod locales;
mod pack;
mod plugins;
mod reference;
mod reports;
mod robustness;
mod sandbox;
mod schema;
mod session;
mod tidy;
mod transcripts;
mod web;
mod webassembly;

/// A file that is not named here would be compiled by nobody, and its tests would pass by not running.
#[test]
fn every_file_here_is_part_of_the_binary() {
    let main = include_str!("main.rs");
    let here = assembly::root().join("tests");
    let mut forgotten = Vec::new();
    for (folder, list) in [
        (here.clone(), main),
        (here.join("board"), include_str!("board.rs")),
        (here.join("designer"), include_str!("designer.rs")),
        (here.join("laws"), include_str!("laws.rs")),
        (here.join("command"), include_str!("command.rs")),
        (here.join("plugins"), include_str!("plugins.rs")),
        (here.join("docs"), include_str!("docs.rs")),
    ] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main")
                && !list.contains(&format!("mod {module};"))
            {
                forgotten.push(name);
            }
        }
    }
    assert!(forgotten.is_empty(), "no `mod` for {forgotten:?}");
}
