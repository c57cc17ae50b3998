//! What can be typed after `evenhand plugin`.

use super::corpus::Sheet;
use super::{LocaleArgs, PackArgs, day};
use clap::{Args, Subcommand, ValueEnum};
use evenhand_core::date::Date;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Plugin {
    /// List the plugins that take part: where each comes from, what it reads and adds
    List(List),
    /// Pin the plugins of a profile by their digests, in `evenhand.lock` beside it
    ///
    /// Shows what each plugin reads and adds, and asks before it writes. What is pinned already stays as it is, unless
    /// `--update` is given: then the difference is shown.
    Lock(Lock),
    /// Compare the plugins of a profile with `evenhand.lock`: digests, signatures, permissions; runs nothing
    Verify(Verify),
    /// Print a plugin's page, made from its manifest, as Markdown; runs nothing of a file
    Docs(Docs),
    /// Call a function of a plugin and print its answer
    #[command(
        after_help = "An argument that begins with a hyphen and is no number comes after `--`."
    )]
    Call(Call),
    /// Check that a plugin keeps the contract, and write a report for its maintainers
    ///
    /// Calls it with right and wrong arguments, partial, huge and broken documents, twice and from several instances, and
    /// compares the answers. It runs isolated, a bundled plugin too.
    Check(Check),
    /// See what a plugin changes for many proposals: verdicts, levels and findings without it and with it
    ///
    /// It runs isolated and need not be pinned. A plugin of the same id that the profile names judges on
    /// the other side.
    Test(Test),
    /// Pack a plugin for several systems into one file, with its manifest, digests and signature
    ///
    /// `--plugin`, profiles and `plugin lock` take the archive as they take a library. The same files give the same bytes.
    /// To sign it, write its digests with `--sums`, sign that file with minisign, and pack again with `--signature`.
    Pack(Pack),
    /// Begin a plugin of your own: a project that builds, with a manifest and a test
    New(New),
}

/// Which profile counts.
#[derive(Debug, Clone, Args)]
pub(crate) struct ProfileArgs {
    /// A board's profile; otherwise `evenhand.toml` here or in a folder above
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
}

/// Which profile counts, and what takes part besides it.
#[derive(Debug, Clone, Args)]
pub(crate) struct TakingPart {
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,
    /// Leave out every profile
    #[arg(long, conflicts_with = "profile")]
    pub(crate) no_profile: bool,
    /// A plugin's library or archive, run isolated and not pinned; may be given again
    #[arg(long = "plugin", value_name = "FILE")]
    pub(crate) plugins: Vec<PathBuf>,
}

impl TakingPart {
    /// The same, where packs are named too.
    pub(crate) fn packs(&self) -> PackArgs {
        PackArgs {
            packs: Vec::new(),
            profile: self.profile.profile.clone(),
            no_profile: self.no_profile,
            date: None,
            held: None,
            set: Vec::new(),
            plugins: self.plugins.clone(),
        }
    }
}

impl ProfileArgs {
    /// The same, where packs are named too.
    pub(crate) fn packs(&self) -> PackArgs {
        PackArgs {
            packs: Vec::new(),
            profile: self.profile.clone(),
            no_profile: false,
            date: None,
            held: None,
            set: Vec::new(),
            plugins: Vec::new(),
        }
    }
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) taking_part: TakingPart,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
    /// Name every fact, however many there are
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// Plugins to pin; all that the profile takes from files if none is named
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Also replace pins that no longer fit
    #[arg(long)]
    pub(crate) update: bool,
    /// Accept what is shown without being asked
    #[arg(long, short)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Docs {
    /// A plugin's id, its library with the manifest beside it, its archive, or its manifest
    #[arg(value_name = "ID|FILE")]
    pub(crate) plugin: String,
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Call {
    #[command(flatten)]
    pub(crate) taking_part: TakingPart,
    /// The plugin's id
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The function's name
    #[arg(value_name = "FUNCTION")]
    pub(crate) function: String,
    /// Its arguments, in the order of the manifest; `true` or `false`, numbers, text, JSON
    #[arg(value_name = "ARG", allow_negative_numbers = true)]
    pub(crate) arguments: Vec<String>,
    /// Also show what the plugin logs and prints; where it runs isolated, the end of it
    #[arg(long)]
    pub(crate) log: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A library with its manifest beside it, an archive, or a plugin's id
    #[arg(value_name = "FILE|ID")]
    pub(crate) plugin: String,
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,
    /// A proposal to try it with, also a workbook (.xlsx), besides those that come with evenhand; may be given again
    #[arg(long = "proposal", value_name = "FILE")]
    pub(crate) proposals: Vec<PathBuf>,
    /// How the report is written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
    /// Also list the checks that pass
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The plugin's library, with its manifest beside it, or its archive
    #[arg(value_name = "FILE")]
    pub(crate) plugin: PathBuf,
    /// Proposals: files, folders with everything in them, and .jsonl files with one proposal a line; may be given again
    #[arg(long, required = true, value_name = "DIR")]
    pub(crate) corpus: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) profile: ProfileArgs,
    /// Leave out every profile
    #[arg(long, conflicts_with = "profile")]
    pub(crate) no_profile: bool,
    /// Judge as of this day, such as 2027-06-30; today, in UTC, otherwise
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) date: Option<Date>,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How the result is written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Sheet,
    /// Write to a file instead of standard output, which is `-`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Show every finding that changes
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Pack {
    /// Its library for each system, or the rows of a register; the system may be named before it, such as
    /// aarch64-unknown-linux-musl=FILE
    #[arg(required = true, value_name = "[SYSTEM=]FILE", value_parser = for_system)]
    pub(crate) libraries: Vec<ForSystem>,
    /// Its manifest; the one beside the first library otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// Write the archive here; otherwise here as ID-VERSION.zip
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Also write the digests, which is what is signed
    #[arg(long, value_name = "FILE")]
    pub(crate) sums: Option<PathBuf>,
    /// The signature of the digests, as minisign writes it
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) signature: Option<PathBuf>,
    /// The public key that the signature is checked with, as in a profile
    #[arg(long, value_name = "KEY", requires = "signature")]
    pub(crate) key: Option<String>,
}

/// A library and the system it is for, if that was named.
#[derive(Debug, Clone)]
pub(crate) struct ForSystem {
    pub(crate) system: Option<String>,
    pub(crate) file: PathBuf,
}

/// A file whose name has `=` in it is written with its folder: `./a=b.so`.
#[expect(clippy::unnecessary_wraps, reason = "what a parser of arguments gives")]
fn for_system(text: &str) -> Result<ForSystem, String> {
    let named = text
        .split_once('=')
        .filter(|(system, _)| !system.contains(['/', '\\', '.']));
    Ok(match named {
        Some((system, file)) => ForSystem {
            system: Some(system.to_owned()),
            file: file.into(),
        },
        None => ForSystem {
            system: None,
            file: text.into(),
        },
    })
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The plugin's id, such as air-quality; a folder of that name is made here
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Code, or a table: a register in CSV that needs none
    #[arg(long, value_enum, default_value = "code", value_name = "KIND")]
    pub(crate) kind: Kind,
    /// The language it is written in
    #[arg(long, value_enum, default_value = "rust", value_name = "LANGUAGE")]
    pub(crate) lang: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Code,
    Table,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Rust,
    C,
    /// None: a table.
    #[value(skip)]
    Table,
}
