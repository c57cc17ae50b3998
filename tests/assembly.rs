//! The rulebook as the program puts it together, and the examples.

use evenhand_core::document::{Document, Format};
use evenhand_core::pack::{PackFiles, Prepared};
use evenhand_core::plugin::Plugin;
use evenhand_core::rulebook::Rulebook;
use evenhand_report::start;
use evenhand_session::Session;
use evenhand_threads::Threads;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The program, to be run at the top of the repository without colours and without a profile from above.
pub(crate) fn evenhand() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
    command.current_dir(root()).env_remove("CLICOLOR_FORCE");
    command
}

/// The core pack as it is built in; with `checked` false, as if its files were read from a folder.
pub(crate) fn core_pack(checked: bool) -> PackFiles {
    let mut pack = evenhand_standard::core_pack();
    pack.checked = checked;
    if !checked {
        pack.prepared = Prepared::default();
    }
    pack
}

/// The plugins that are built in.
pub(crate) fn plugins() -> Vec<Box<dyn Plugin>> {
    let plugins = evenhand_standard::distribution().plugins.into_iter();
    plugins.map(|plugin| plugin.create().unwrap()).collect()
}

/// The session of a program without a profile.
pub(crate) fn session() -> &'static Session {
    static SESSION: LazyLock<Session> = LazyLock::new(|| {
        Session::open(evenhand_standard::distribution(), None, Arc::new(Threads)).unwrap()
    });
    &SESSION
}

/// Its rulebook.
pub(crate) fn book() -> &'static Rulebook {
    session().rulebook()
}

/// What stands beside the examples and is no proposal.
const EXPECTATIONS: [&str; 2] = ["expected.toml", "orderings.toml"];

/// The paths of the examples below the top of the repository, sorted.
pub(crate) fn example_paths() -> Vec<String> {
    let folder = "examples/proposals";
    let mut paths: Vec<String> = std::fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.strip_suffix(".md").is_none() && !EXPECTATIONS.contains(&name.as_str()))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 14, "the examples are not where they were");
    paths
}

/// The examples by their file's name without the ending.
pub(crate) fn examples() -> Vec<(String, Document)> {
    let read = |path: String| {
        let file = Path::new(&path);
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let format = Format::from_extension(file.extension().unwrap().to_str().unwrap()).unwrap();
        let bytes = std::fs::read(root().join(&path)).unwrap();
        let document = Document::parse(&path, &bytes, format).unwrap();
        assert_eq!(book().check_document(&document), [], "{path}");
        (name, document)
    };
    example_paths().into_iter().map(read).collect()
}

/// The proposals from which the cases of the rules start; they answer much that the examples leave open.
pub(crate) fn bases() -> Vec<(String, Document)> {
    let pack = core_pack(true);
    let bases = pack.files.iter().filter_map(|(path, bytes)| {
        let name = path.strip_prefix("bases/")?.strip_suffix(".yaml")?;
        let document = Document::parse(path, bytes, Format::Yaml).unwrap();
        Some((name.to_owned(), document))
    });
    let bases: Vec<_> = bases.collect();
    assert!(bases.len() >= 5, "the bases are not where they were");
    bases
}

/// A proposal as a workbook in a language.
pub(crate) fn workbook_of(proposal: &Value, tag: &str) -> Vec<u8> {
    let language = session().language(Some(tag)).unwrap();
    let written = start::workbook(&start::Start {
        schema: language.schema(session()),
        proposal,
        wanted: &BTreeSet::new(),
        title: "A plan",
        file: "plan.xlsx",
        respondents: &book().info().respondents,
        words: &language.locale,
    });
    assert_eq!(written.left_out, []);
    written.bytes
}
