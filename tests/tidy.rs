//! Rules of the repository that no compiler checks.

use crate::assembly::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Folders whose files are not ours to judge: what is built, what is history, and what an author builds beside a template.
const SKIPPED: [&str; 3] = ["target", ".git", ".jj"];

/// Every text file of the repository, by its path from the top; bytes that are no text are left out.
fn files() -> BTreeMap<String, String> {
    fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            // In a second working tree `.git` is a file.
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                collect(root, &path, files);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(root).unwrap().to_str().unwrap();
                files.insert(path.replace('\\', "/"), text);
            }
        }
    }
    let mut files = BTreeMap::new();
    collect(&root(), &root(), &mut files);
    assert!(files.len() > 200 && files.contains_key("tests/tidy.rs"));
    files
}

fn rust() -> impl Iterator<Item = (String, String)> {
    files()
        .into_iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|end| end == "rs"))
}

/// The code of a line, without what a comment says.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or(line)
}

/// Whether a word stands in a text with nothing of a name on either side.
fn has_word(text: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|after| after.chars().next());
        !before.is_some_and(part_of_name) && !after.is_some_and(part_of_name)
    })
}

#[track_caller]
fn none(found: &[String], what: &str) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn every_folder_that_people_open_says_what_it_holds() {
    let mut folders = BTreeSet::new();
    for path in files().keys() {
        let parts: Vec<&str> = path.split('/').collect();
        if parts.len() > 1 && !parts[0].starts_with('.') {
            folders.insert(parts[0].to_owned());
        }
        if parts.len() > 2 && ["engine", "plugins", "examples", "rules"].contains(&parts[0]) {
            folders.insert(parts[..2].join("/"));
        }
    }
    assert!(folders.contains("engine/core") && folders.contains("plugins/climate"));
    let silent: Vec<String> = folders
        .into_iter()
        .filter(|folder| !root().join(folder).join("README.md").is_file())
        .collect();
    none(&silent, "folders without README.md");
}

/// Plugins that try to get out aim at a folder that everybody may write to.
const AIMS_AT_PLACES: &str = "engine/plugin_host/tests/c/misbehaving.c";

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    // Written in parts, or this file would be the first to be found.
    let places: Vec<String> = ["work", "tmp", "root", "home", "Users"]
        .into_iter()
        .map(|place| format!("/{place}/"))
        .collect();
    let mut found = Vec::new();
    for (path, text) in files() {
        if path == AIMS_AT_PLACES {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let named = places.iter().any(|place| {
                line.match_indices(place.as_str()).any(|(at, _)| {
                    // Inside an address or a longer path it is none; a place begins the path.
                    let before = line.get(..at).and_then(|before| before.chars().next_back());
                    !before.is_some_and(|c| c.is_alphanumeric() || "-_.:/}>".contains(c))
                })
            });
            if named {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none(&found, "places on a machine");
}

/// The arrows between our crates, as `ARCHITECTURE.md` draws them. A crate may name whatever its arrows reach, to be
/// built and run; tests may use more.
const ARROWS: &[(&str, &[&str])] = &[
    ("engine/diagnostic", &[]),
    ("plugins/contract", &["engine/diagnostic"]),
    ("plugins/sdk", &["plugins/contract"]),
    ("plugins/climate", &["plugins/sdk"]),
    ("plugins/equity", &["plugins/sdk"]),
    ("plugins/ethics", &["plugins/sdk"]),
    ("plugins/misbehaving", &["plugins/sdk"]),
    ("plugins/sustainability", &["plugins/sdk"]),
    (
        "engine/document",
        &["engine/diagnostic", "plugins/contract"],
    ),
    ("engine/core", &["engine/document", "plugins/contract"]),
    ("engine/locale", &["engine/diagnostic", "engine/document"]),
    ("engine/analysis", &["engine/core"]),
    (
        "engine/report",
        &["engine/analysis", "engine/locale", "engine/tables"],
    ),
    (
        "engine/authoring",
        &["engine/core", "engine/locale", "engine/report"],
    ),
    ("engine/session", &["engine/core", "engine/locale"]),
    (
        "engine/standard",
        &[
            "engine/session",
            "plugins/climate",
            "plugins/equity",
            "plugins/ethics",
            "plugins/sustainability",
        ],
    ),
    ("engine/threads", &["engine/core"]),
    // The second opinion knows nothing of what it is compared with.
    ("engine/reference", &[]),
    (
        "engine/web",
        &["engine/authoring", "engine/session", "engine/standard"],
    ),
    ("engine/serve", &["engine/threads", "engine/web"]),
    ("engine/web_module", &["engine/web"]),
    (
        "tests/wasm",
        &["engine/authoring", "engine/session", "engine/standard"],
    ),
    ("engine/tables", &["engine/document", "plugins/contract"]),
    ("engine/plugin_host", &["plugins/contract", "engine/tables"]),
    ("engine/memo", &["engine/diagnostic"]),
    (
        "engine/cli",
        &[
            "engine/authoring",
            "engine/memo",
            "engine/plugin_host",
            "engine/serve",
            "engine/session",
            "engine/standard",
            "engine/threads",
        ],
    ),
];

/// The crates that the arrows of `folder` reach.
fn reach(folder: &str) -> BTreeSet<&'static str> {
    let arrows = |from: &str| {
        let found = ARROWS.iter().find(|(name, _)| *name == from);
        found.map_or_else(
            || panic!("{from} is not in the list of arrows"),
            |(_, to)| *to,
        )
    };
    let mut reached = BTreeSet::new();
    let mut open: Vec<&'static str> = arrows(folder).to_vec();
    while let Some(to) = open.pop() {
        if reached.insert(to) {
            open.extend(arrows(to));
        }
    }
    reached
}

/// What only one crate may use.
const ALONE: &[(&str, &str)] = &[
    ("rhai", "engine/core"),
    ("rayon", "engine/threads"),
    ("clap", "engine/cli"),
    ("clap_complete", "engine/cli"),
    ("maud", "engine/web"),
    ("tiny_http", "engine/serve"),
    ("libloading", "engine/plugin_host"),
    ("libc", "engine/plugin_host"),
    ("landlock", "engine/plugin_host"),
    ("seccompiler", "engine/plugin_host"),
    ("terminal_size", "engine/cli"),
    ("quick-xml", "engine/tables"),
    ("minijinja", "engine/memo"),
    ("minisign-verify", "engine/plugin_host"),
];

#[test]
fn dependencies_point_one_way() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let root = metadata["workspace_root"].as_str().unwrap();
    let folder = |package: &Value| {
        let manifest = package["manifest_path"].as_str().unwrap();
        let inside = manifest.strip_prefix(root).unwrap().replace('\\', "/");
        inside
            .trim_start_matches('/')
            .trim_end_matches("/Cargo.toml")
            .to_owned()
    };
    let folders: BTreeMap<&str, String> = packages
        .iter()
        .map(|package| (package["name"].as_str().unwrap(), folder(package)))
        .collect();
    let mut found = Vec::new();
    for package in packages {
        let from = folder(package);
        let reached = reach(&from);
        for dependency in package["dependencies"].as_array().unwrap() {
            if dependency["kind"] == "dev" {
                continue;
            }
            let name = dependency["name"].as_str().unwrap();
            if let Some(to) = folders.get(name)
                && !reached.contains(to.as_str())
            {
                found.push(format!("{from} depends on {to}"));
            }
            let alone = ALONE.iter().find(|(own, _)| *own == name);
            if alone.is_some_and(|(_, owner)| *owner != from) {
                found.push(format!(
                    "{from} depends on {name}, which only one crate may use"
                ));
            }
        }
        // But one, with which the fuzz targets reach what nobody else may call.
        let features = package["features"].as_object().into_iter().flatten();
        if features
            .map(|(feature, _)| feature)
            .any(|feature| (from.as_str(), feature.as_str()) != ("engine/plugin_host", "fuzz"))
        {
            found.push(format!("{from} has features"));
        }
    }
    assert_eq!(
        folders.len(),
        ARROWS.len(),
        "crates in the list that are not there"
    );
    none(&found, "dependencies");
}

/// Where Rhai is known: its syntax is read and made into programs, and its interpreter is kept to compare them with.
const SCRIPTS: &[&str] = &[
    "engine/core/src/evaluate/runs.rs",
    "engine/core/src/plugins/functions.rs",
    "engine/core/src/program",
    "engine/core/src/rule/",
    "engine/core/src/rulebook/texts.rs",
];

#[test]
fn the_interpreter_is_known_in_few_places() {
    let name = concat!("rhai", "::");
    let found: Vec<String> = rust()
        .filter(|(path, text)| {
            !SCRIPTS.iter().any(|place| path.starts_with(place))
                && text.lines().any(|line| code(line).contains(name))
        })
        .map(|(path, _)| path)
        .collect();
    none(&found, "the interpreter is used in");
    for place in SCRIPTS {
        let used = rust().any(|(path, text)| path.starts_with(place) && text.contains(name));
        assert!(used, "{place} is in the list for nothing");
    }
}

/// Where foreign code is called or offered. The compiler forbids it elsewhere; this shows that nobody expected it away.
const FOREIGN: &[&str] = &[
    "engine/plugin_host/",
    "plugins/contract/src/abi.rs",
    "plugins/contract/src/table.rs",
    "plugins/contract/src/value.rs",
    "plugins/sdk/",
    "plugins/misbehaving/",
    "engine/web_module/",
    "tests/wasm/",
];

#[test]
fn code_that_the_compiler_cannot_check_is_in_few_places() {
    let word = concat!("un", "safe");
    let lint = concat!("un", "safe_code");
    let found: Vec<String> = rust()
        .filter(|(path, _)| !FOREIGN.iter().any(|place| path.starts_with(place)))
        .filter(|(_, text)| {
            text.lines().any(|line| {
                let code = code(line);
                code.contains(lint)
                    || ["{", "fn", "impl", "extern"]
                        .iter()
                        .any(|next| code.contains(&format!("{word} {next}")))
            })
        })
        .map(|(path, _)| path)
        .collect();
    none(&found, "not checked by the compiler");
}

#[test]
fn nothing_is_left_to_do_in_code() {
    let marks = [
        concat!("to", "do!"),
        concat!("d", "bg!"),
        concat!("unim", "plemented!"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ];
    let mut found = Vec::new();
    for (path, text) in rust() {
        for (number, line) in text.lines().enumerate() {
            if marks
                .iter()
                .any(|mark| has_word(line, mark.trim_end_matches('!')) && line.contains(mark))
            {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none(&found, "left to do");
}

#[test]
fn every_crate_begins_with_what_it_is() {
    let roots = rust().filter(|(path, _)| {
        let parts: Vec<&str> = path.split('/').collect();
        matches!(
            parts.as_slice(),
            ["engine" | "plugins", _, "src", "lib.rs" | "main.rs"]
        )
    });
    let mut seen = 0;
    let mut found = Vec::new();
    for (path, text) in roots {
        seen += 1;
        if !text.starts_with("//! ") {
            found.push(path);
        }
    }
    assert!(seen >= 9, "{seen} crates");
    none(&found, "crates without a first line");
}

#[test]
fn every_module_of_a_library_begins_with_what_it_is() {
    let modules = rust().filter(|(path, _)| {
        path.contains("/src/")
            && !path.contains("/templates/")
            && !path.ends_with("/tests.rs")
            && !path.contains("/tests/")
    });
    let found: Vec<String> = modules
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path)
        .collect();
    none(&found, "modules without a first line");
}

#[test]
fn names_of_files_work_on_every_system() {
    let mut lower: BTreeMap<String, String> = BTreeMap::new();
    let mut found = Vec::new();
    for path in files().into_keys() {
        if path.contains(['<', '>', ':', '"', '|', '?', '*', ' ']) || path.ends_with('.') {
            found.push(path.clone());
        }
        if let Some(other) = lower.insert(path.to_lowercase(), path.clone()) {
            found.push(format!("{path} and {other}"));
        }
    }
    none(&found, "names that some system refuses");
}

#[test]
fn every_rule_is_a_page_with_cases_and_an_id_in_kebab_case() {
    let pack = "rules/international-programs/";
    let dimensions = ["climate", "equity", "ethics", "sustainability"];
    let mut seen = 0;
    let mut found = Vec::new();
    let files = files();
    for (path, text) in &files {
        let Some(rule) = path.strip_prefix(pack) else {
            continue;
        };
        let Some((dimension, file)) = rule.split_once('/') else {
            continue;
        };
        if !dimensions.contains(&dimension) || file == "README.md" {
            continue;
        }
        let (name, ending) = file.rsplit_once('.').unwrap();
        let kebab = name
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()));
        if !kebab {
            found.push(format!("{path}: the name is not words joined by hyphens"));
        }
        match ending {
            "md" => {
                seen += 1;
                let prompt = text.contains("\nkind: prompt\n");
                let script = files.contains_key(&path.replace(".md", ".rhai"));
                let form = text.contains("\njudge:") || text.contains("\napplies:");
                if (script || form) && !text.contains("\n## Cases\n") {
                    found.push(format!("{path}: no cases"));
                }
                if !script && !form && !prompt {
                    found.push(format!("{path}: no script and no form"));
                }
            }
            "rhai" => {
                if !files.contains_key(&path.replace(".rhai", ".md")) {
                    found.push(format!("{path}: no page"));
                }
            }
            _ => found.push(format!("{path}: neither a page nor a script")),
        }
    }
    assert!(seen > 60, "{seen} pages");
    none(&found, "rules");
}

/// What is worked out when the program is built is handed in by the crate that is built so, and by no other.
#[test]
fn digests_are_worked_out_and_not_handed_in() {
    let call = concat!("Digest::", "generated(");
    let found: Vec<String> = rust()
        .filter(|(path, text)| !path.starts_with("engine/standard/") && text.contains(call))
        .map(|(path, _)| path)
        .collect();
    none(&found, "digests of unknown origin");
}

#[test]
fn words_are_found_whole() {
    assert!(has_word("let x = abc();", "abc"));
    assert!(!has_word("let x = abcd();", "abc") && !has_word("x_abc", "abc"));
    assert_eq!(code("let a = 1; // b"), "let a = 1; ");
}
