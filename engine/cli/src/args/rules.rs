//! What can be typed about rules.

use super::corpus;
use super::{LocaleArgs, PackArgs};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List the rules by dimension
    List(RulesList),
    /// Print what a language still lacks, as a file of translations to fill in
    Locale(RulesLocale),
    /// Run the cases of the rules' pages
    Test(RulesTest),
    /// Begin a rule: a page that works, to be changed, with its field, its cases and what they start from
    New(RulesNew),
    /// Copy a rule into a pack of your own, to be changed there
    Copy(RulesCopy),
    /// Write the script that a rule without one stands for, and take the form out of its page
    Convert(RulesConvert),
    /// Find what is wrong with rules and packs before anybody is judged by them
    Lint(RulesLint),
    /// List the functions that scripts can call, or show one of them
    Functions(RulesFunctions),
    /// Show what other rules or settings would change for many proposals, and by which difference
    Impact(corpus::RulesImpact),
    /// Write the rulebook: reasons, settings, sources and cases of every rule, and how proposals are judged
    Docs(RulesDocs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesList {
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesFunctions {
    /// A function, such as curve; all if none is named
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesLocale {
    /// The language, such as es or fr
    #[arg(value_name = "LANG")]
    pub(crate) language: String,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesTest {
    /// Rules to test; all if none is named
    #[arg(value_name = "ID")]
    pub(crate) rules: Vec<String>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    /// Exit with 1 if a smaller share of the possible outcomes is reached by cases, in percent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) min_coverage: Option<u8>,
    /// Exit with 1 if a smaller share of the scripts' lines is reached by cases, in percent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) min_line_coverage: Option<u8>,
    /// Change the rules one thing at a time instead, and list the changes that no case notices
    #[arg(long, conflicts_with_all = ["min_coverage", "min_line_coverage"])]
    pub(crate) mutate: bool,
    /// Also list the cases that pass
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Test again whenever the profile or a pack changes, until interrupted
    #[arg(long)]
    pub(crate) watch: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesNew {
    /// The rule's id: a dimension and a name, such as ethics/scope-of-practice
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The pack's folder; made if it is not there
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pack: PathBuf,
    /// The requirement in one line
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// How it judges, without a script; a page and a script where this is not given
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) kind: Option<RuleKind>,
    /// The field it reads, such as board.visits; made if no pack has it
    #[arg(long, value_name = "PATH", requires = "kind")]
    pub(crate) field: Option<String>,
    /// The question by which people are asked for it
    #[arg(long, value_name = "TEXT", requires = "kind")]
    pub(crate) question: Option<String>,
    /// What a number is counted in
    #[arg(long, value_name = "UNIT", requires = "kind")]
    pub(crate) unit: Option<String>,
}

/// The kinds of rules without a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RuleKind {
    /// Four levels, each with its words
    Rubric,
    /// A degree for each of several answers
    Choice,
    /// One question of yes or no
    YesNo,
    /// Several points, each with its weight
    Checklist,
    /// A number between what counts nothing and what counts in full
    Number,
    /// Days between two dates
    Dates,
    /// Every entry of a list
    PerItem,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesCopy {
    /// The rule's id, or its end where only one rule ends so
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The folder of the pack it is copied into; made if it is not there
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pack: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesConvert {
    /// The rule's id, or its end where only one rule ends so
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The folder of the pack it stands in
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pack: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesLint {
    /// Rules to look at; all, and the packs as a whole, if none is named
    #[arg(value_name = "ID")]
    pub(crate) rules: Vec<String>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    /// Also list what this language has no translation for; may be given again
    #[arg(long = "locale", value_name = "LANG")]
    pub(crate) locales: Vec<String>,
    /// Exit with 1 if there are only warnings
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesDocs {
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    /// How the rulebook is written; by the ending of --output otherwise, Markdown without one
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<DocsFormat>,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocsFormat {
    Markdown,
    Html,
}
