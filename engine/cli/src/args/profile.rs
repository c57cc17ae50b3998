//! What can be typed about profiles.

use super::{LocaleArgs, PackArgs};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Profile {
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
