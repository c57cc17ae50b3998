//! What can be typed for commands over many proposals.

use super::{LocaleArgs, PackArgs, day};
use clap::{Args as ClapArgs, ValueEnum};
use evenhand_analysis::impact::Grade;
use evenhand_core::date::Date;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesImpact {
    /// What judges now: a profile, a pack's folder, a folder with both, or international-programs for the built-in settings
    #[arg(long, value_name = "PROFILE|PACK")]
    pub(crate) old: PathBuf,
    /// What would judge instead
    #[arg(long, value_name = "PROFILE|PACK")]
    pub(crate) new: PathBuf,
    /// Proposals: files, workbooks (.xlsx) among them, folders with everything in them, and .jsonl files with one proposal a line
    #[arg(required = true, value_name = "CORPUS")]
    pub(crate) corpus: Vec<PathBuf>,
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
    /// A list of changes that are approved
    #[arg(long, value_name = "FILE")]
    pub(crate) approved: Option<PathBuf>,
    /// Write all changes into the list of those that are approved
    #[arg(long, requires = "approved")]
    pub(crate) approve: bool,
    /// Exit with 1 if a change is not approved; of these changes and graver ones only, if one is named
    #[arg(
        long,
        value_enum,
        value_name = "CHANGE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "finding"
    )]
    pub(crate) fail_on_change: Option<FailOnChange>,
    /// Show every finding that changes, and the differences that change nothing
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// How something about many proposals is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sheet {
    /// For the terminal
    Text,
    /// For programs
    Json,
    /// One page that prints well
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnChange {
    /// A program's verdict
    Verdict,
    /// A level, or the verdict
    Level,
    /// Anything, a finding included
    Finding,
}

impl FailOnChange {
    pub(crate) fn grade(self) -> Grade {
        match self {
            Self::Verdict => Grade::Verdict,
            Self::Level => Grade::Level,
            Self::Finding => Grade::Finding,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Portfolio {
    /// Programs: folders with everything in them, files, workbooks (.xlsx) among them, and .jsonl files with one program a line
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) corpus: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How the tables are written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: PortfolioFormat,
    /// What a sum may be in a year, such as 120, or tonnes=120 where there are several; may be given again
    #[arg(long = "budget", value_name = "AMOUNT", value_parser = budget)]
    pub(crate) budgets: Vec<Budget>,
    /// Write to a file instead of standard output, which is `-`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How tables over many programs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PortfolioFormat {
    /// For the terminal
    Text,
    /// For programs
    Json,
    /// One page that prints well
    Html,
    /// For a spreadsheet: a row for each cell
    Csv,
}

/// What a sum may be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Budget {
    /// The table; none where there is only one.
    pub(crate) table: Option<String>,
    pub(crate) amount: f64,
}

/// Reads `AMOUNT` or `TABLE=AMOUNT`.
fn budget(text: &str) -> Result<Budget, String> {
    let (table, amount) = match text.split_once('=') {
        Some((table, amount)) => (Some(table.trim().to_owned()), amount),
        None => (None, text),
    };
    match amount.trim().parse::<f64>() {
        Ok(amount) if amount.is_finite() && amount >= 0.0 => Ok(Budget { table, amount }),
        _ => Err("expected an amount such as 120, or tonnes=120".to_owned()),
    }
}
