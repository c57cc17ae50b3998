//! A board's folder with a proposal, and libraries to put there, each built once.

use crate::assembly::root;
use evenhand_plugin_misbehaving::fixtures;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The proposal in every folder: one that nothing stands against.
pub(crate) const PROPOSAL: &str = "proposal.yaml";

/// A folder as a board has it.
pub(crate) struct Board {
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Board {
    /// With this text as profile.
    pub(crate) fn with(profile: &str) -> Self {
        let board = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let example = root().join("examples/proposals/c02-anatomy-online.yaml");
        fs::copy(example, board.path(PROPOSAL)).unwrap();
        board.write("evenhand.toml", profile);
        board
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the program in this folder, with nobody to be asked.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_in(".", args)
    }

    /// The same in a folder below.
    pub(crate) fn run_in(&self, below: &str, args: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
        command.args(args).current_dir(self.path(below));
        ran(command)
    }

    /// Accepts whatever the profile names.
    pub(crate) fn lock(&self) {
        self.run(&["plugin", "lock", "--yes"]).expect(0);
    }

    /// Runs another program in a folder below; it must succeed.
    pub(crate) fn build_in(&self, below: &str, program: &str, args: &[&str]) -> Ran {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.path(below));
        command.env("CARGO_TARGET_DIR", cargo_target());
        ran(command).expect(0)
    }
}

impl Ran {
    /// Insists on an exit code, and that no one panicked.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked at"), "{}", self.err);
        self
    }

    /// Insists that standard error says all of this.
    #[track_caller]
    pub(crate) fn says(self, parts: &[&str]) -> Self {
        let words = words(&self.err);
        for part in parts {
            assert!(words.contains(part), "`{part}` is not in:\n{}", self.err);
        }
        self
    }

    /// Insists that standard output shows all of this.
    #[track_caller]
    pub(crate) fn shows(self, parts: &[&str]) -> Self {
        let words = words(&self.out);
        for part in parts {
            assert!(words.contains(part), "`{part}` is not in:\n{}", self.out);
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}:\n{}\n{}", self.out, self.err))
    }
}

/// Text without its line breaks, so that a test does not depend on where lines were wrapped.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn ran(mut command: Command) -> Ran {
    command
        .env_remove("CLICOLOR_FORCE")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    let output: Output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Where projects that these tests build keep what they build, from one run to the next.
pub(crate) fn cargo_target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugins")
}

/// Puts a library and its manifest into a folder of the board, and gives the library's path from there.
pub(crate) fn install(board: &Board, library: &Path, manifest: &Path) -> String {
    let name = library.file_name().unwrap().to_str().unwrap();
    fs::copy(library, board.path(name)).unwrap();
    fs::copy(manifest, board.path("plugin.json")).unwrap();
    name.to_owned()
}

/// The smallest example, built by the command of its page with some more flags.
pub(crate) fn tiny(board: &Board, flags: &str) -> String {
    let example = root().join("examples/plugins/tiny-c");
    for name in ["tiny.c", "plugin.json"] {
        fs::copy(example.join(name), board.path(name)).unwrap();
    }
    let page = fs::read_to_string(example.join("README.md")).unwrap();
    let line = page
        .lines()
        .skip_while(|line| !line.starts_with("```sh"))
        .nth(1);
    let include = root().join("plugins/sdk/include");
    let command = line
        .unwrap()
        .replace("../../../plugins/sdk/include", include.to_str().unwrap());
    let command = format!("{command} {flags}");
    board.build_in(".", "sh", &["-c", &command]);
    "libtiny.so".to_owned()
}

/// The example in Rust, built as an author builds it.
pub(crate) fn word_count(board: &Board) -> String {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let example = root().join("examples/plugins/word-count-rust");
    let library = BUILT.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--offline", "--locked"])
            .current_dir(&example);
        cargo.env("CARGO_TARGET_DIR", cargo_target());
        ran(cargo).expect(0);
        cargo_target().join("debug/libevenhand_plugin_word_count.so")
    });
    install(board, library, &example.join("plugin.json"))
}

/// The plugin that misbehaves as its settings say.
pub(crate) fn misbehaving(board: &Board) -> String {
    let library = fixtures::install(&board.path(".")).unwrap();
    library.file_name().unwrap().to_str().unwrap().to_owned()
}

/// A twin of it in C.
pub(crate) fn twin(board: &Board, name: &str) -> String {
    let target = board.path("made-by-plugin");
    fixtures::build(name, &board.path("."), target.to_str().unwrap()).unwrap();
    format!("{name}/libtwin.so")
}
