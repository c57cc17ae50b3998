//! What can be typed about profiles.

use super::{LocaleArgs, PackArgs};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Profile {
    /// Write a profile to begin with: everything a board may set, in comments
    New(New),
    /// Show every setting in force, and where it comes from: which file and line, which pack, or the program
    Show(Show),
    /// Say everything that is wrong with a profile; no proposal is needed
    Check(Check),
    /// Show what differs between two profiles, and whether it is stricter, looser or neutral
    Diff(Diff),
    /// List the waivers of a profile, what ends first at the top, or take waivers in from a table
    Waivers(Waivers),
}

/// How waivers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Text,
    Json,
    Csv,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct New {
    /// The file, which must not be there yet
    #[arg(value_name = "FILE", default_value = "evenhand.toml")]
    pub(crate) file: PathBuf,
    /// What the board is called
    #[arg(long, value_name = "TEXT", default_value = "Our board")]
    pub(crate) name: String,
    /// A profile or a pack that it rests on; may be given again
    #[arg(long, value_name = "PATH")]
    pub(crate) extends: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Show {
    /// The proposal whose profile is looked for; otherwise the one here or in a folder above
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How the settings are written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: super::Form,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    /// The profile; otherwise the one here or in a folder above
    #[arg(value_name = "FILE", conflicts_with_all = ["profile", "no_profile"])]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Diff {
    /// The one profile
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The other
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// Compare as of this day, such as 2027-06-30; today, in UTC, otherwise
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    pub(crate) date: Option<evenhand_core::date::Date>,
    /// How the differences are written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: super::Form,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Waivers {
    /// Proposals at hand: a waiver that is for none of them is said to be
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposals: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// Only what holds today and not for more than this many days longer
    #[arg(long, value_name = "DAYS")]
    pub(crate) expiring_in: Option<u16>,
    /// How the waivers are written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
    /// Write to a file instead of standard output, which is `-`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Add the waivers of this CSV table to the profile, all or none; those it has already stay as they are
    #[arg(long, value_name = "FILE", conflicts_with_all = ["proposals", "expiring_in", "format", "output"])]
    pub(crate) import: Option<PathBuf>,
}
