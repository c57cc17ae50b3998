//! `evenhand plugin new`: a project that builds, with a manifest and a test.

mod name;
mod sdk;

use crate::args::plugin::{Kind, Language, New};
use crate::exit::Exit;
use crate::files;
use crate::ui::Ui;
use evenhand_core::problem::Problem;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::Path;

/// Path in the project, and text.
type Template = (&'static str, &'static str);

const MANIFEST: Template = (
    "plugin.json",
    include_str!("../../../templates/plugin.json"),
);
const RUST: [Template; 6] = [
    MANIFEST,
    (
        "Cargo.toml",
        include_str!("../../../templates/rust/Cargo.toml"),
    ),
    ("build.rs", include_str!("../../../templates/rust/build.rs")),
    (
        "src/lib.rs",
        include_str!("../../../templates/rust/src/lib.rs"),
    ),
    (
        "README.md",
        include_str!("../../../templates/rust/README.md"),
    ),
    (
        ".gitignore",
        include_str!("../../../templates/rust/gitignore"),
    ),
];
const C: [Template; 8] = [
    MANIFEST,
    ("plugin.c", include_str!("../../../templates/c/plugin.c")),
    (
        "manifest.c",
        include_str!("../../../templates/c/manifest.c"),
    ),
    ("test.c", include_str!("../../../templates/c/test.c")),
    ("Makefile", include_str!("../../../templates/c/Makefile")),
    ("README.md", include_str!("../../../templates/c/README.md")),
    (".gitignore", include_str!("../../../templates/c/gitignore")),
    (
        "evenhand_plugin.h",
        include_str!("../../../../../plugins/sdk/include/evenhand_plugin.h"),
    ),
];

const TABLE: [Template; 3] = [
    (
        "plugin.json",
        include_str!("../../../templates/table/plugin.json"),
    ),
    (
        "{{id}}.csv",
        include_str!("../../../templates/table/register.csv"),
    ),
    (
        "README.md",
        include_str!("../../../templates/table/README.md"),
    ),
];

pub(super) fn run(args: &New, ui: &Ui) -> Exit {
    let project = match Project::of(args) {
        Ok(project) => project,
        Err(problems) => {
            ui.problems(&problems, &[]);
            return Exit::Wrong;
        }
    };
    if let Err(error) = project.write() {
        ui.problems(
            &[files::cannot("make the folder", &project.id, &error)],
            &[],
        );
        return Exit::Wrong;
    }
    ui.out(&project.next_steps());
    Exit::Fine
}

/// The version of the SDK that belongs to this engine.
const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION_MAJOR"),
    ".",
    env!("CARGO_PKG_VERSION_MINOR")
);

/// What is filled into the templates.
#[derive(Debug)]
struct Project {
    id: String,
    /// The id as part of a name in C and Rust.
    symbol: String,
    language: Language,
}

impl Project {
    /// Everything that is wrong with what was typed comes back.
    fn of(args: &New) -> Result<Self, Vec<Problem>> {
        let id = args.name.clone();
        let mut problems: Vec<Problem> = name::problem(&id).into_iter().collect();
        if problems.is_empty() && Path::new(&id).symlink_metadata().is_ok() {
            let problem = Problem::error(format!("`{id}` is here already, and is left as it is"));
            problems.push(problem.suggest("choose another name, or move it away"));
        }
        let language = match args.kind {
            Kind::Code => args.lang,
            Kind::Table => Language::Table,
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            symbol: id.replace('-', "_"),
            id,
            language,
        })
    }

    fn templates(&self) -> &'static [Template] {
        match self.language {
            Language::Rust => &RUST,
            Language::C => &C,
            Language::Table => &TABLE,
        }
    }

    /// The name of the library it builds.
    fn library(&self) -> String {
        let crate_name = match self.language {
            Language::Rust => "evenhand_plugin_",
            Language::C => "",
            Language::Table => return format!("{}.csv", self.id),
        };
        format!("{DLL_PREFIX}{crate_name}{}{DLL_SUFFIX}", self.symbol)
    }

    fn fill(&self, template: &str) -> String {
        sdk::fill(template)
            .replace("{{id}}", &self.id)
            .replace("{{symbol}}", &self.symbol)
            .replace("{{title}}", &name::title(&self.id))
            .replace("{{engine}}", &engine())
            .replace("{{version}}", VERSION)
            .replace("{{library}}", &self.library())
    }

    /// What is taken along as it is.
    fn vendored(&self) -> &'static [Template] {
        match self.language {
            Language::Rust => sdk::files(),
            Language::C | Language::Table => &[],
        }
    }

    /// Writes the project beside its place and moves it there, so that nobody sees half of it.
    fn write(&self) -> std::io::Result<()> {
        let made = tempfile::Builder::new()
            .prefix(".evenhand-new-")
            .tempdir_in(".")?;
        let filled = self.templates().iter();
        let filled = filled.map(|(path, text)| (self.fill(path), self.fill(text)));
        let vendored = self.vendored().iter();
        let vendored = vendored.map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        for (path, text) in filled.chain(vendored) {
            let path = made.path().join(path);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(path, text)?;
        }
        open_to_all(made.path())?;
        std::fs::rename(made.path(), &self.id)?;
        drop(made.keep());
        Ok(())
    }

    fn next_steps(&self) -> String {
        let (id, library) = (&self.id, self.library());
        match self.language {
            Language::Rust => format!(
                "Made `{id}`, a plugin in Rust, with the SDK in `{id}/vendor`. Next:\n\n  cd {id}\n  cargo test\n  cargo build --release\n  \
                 evenhand plugin check target/release/{library}\n"
            ),
            Language::C => format!(
                "Made `{id}`, a plugin in C. Next:\n\n  cd {id}\n  make test\n  make\n  evenhand plugin check build/{library}\n"
            ),
            Language::Table => format!(
                "Made `{id}`, a plugin without code. Next:\n\n  cd {id}\n  evenhand plugin check {library}\n  evenhand plugin docs plugin.json\n"
            ),
        }
    }
}

/// The engines that a plugin made now works with.
pub(in crate::commands) fn engine() -> String {
    let (major, minor) = (
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
    );
    match minor.parse::<u32>() {
        Ok(number) => format!(">={major}.{minor}, <{major}.{}", number + 1),
        Err(_) => format!(">={major}.{minor}"),
    }
}

/// Temporary folders are for their owner only; a project is like any other folder.
#[cfg(unix)]
fn open_to_all(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_all(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(language: Language) -> Project {
        Project {
            id: "air-quality".to_owned(),
            symbol: "air_quality".to_owned(),
            language,
        }
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for language in [Language::Rust, Language::C, Language::Table] {
            let project = project(language);
            for (path, text) in project.templates() {
                let filled = project.fill(text);
                assert!(!filled.contains("{{"), "{path}:\n{filled}");
            }
        }
    }

    #[test]
    fn the_manifest_is_what_the_engine_reads() {
        let text = project(Language::Rust).fill(MANIFEST.1);
        let manifest: evenhand_core::plugin::Manifest = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (manifest.id.as_str(), manifest.title.as_str()),
            ("air-quality", "Air quality")
        );
        assert_eq!(manifest.functions[0].name, "air_quality_months");
        assert_eq!(manifest.engine, ">=0.1, <0.2");
    }
}
