//! What can be typed.

pub(crate) mod corpus;
pub(crate) mod examples;
pub(crate) mod plugin;
pub(crate) mod profile;
mod rules;

pub(crate) use rules::{
    DocsFormat, RuleKind, Rules, RulesConvert, RulesCopy, RulesDocs, RulesFunctions, RulesLint,
    RulesList, RulesLocale, RulesNew, RulesTest,
};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use evenhand_core::date::Date;
use evenhand_core::document::Format;
use evenhand_core::pack::PackFiles;
use evenhand_core::verdict::Word;
use evenhand_report::formats::{self, FORMATS};
use evenhand_report::paper;
use std::path::PathBuf;

/// Judges proposed international programs on equity, ethics, climate and sustainability.
#[derive(Debug, Parser)]
#[command(
    name = "evenhand",
    version,
    after_help = "Exit codes: 0 nothing at or above --fail-on; 1 something is, or a test failed; \
                  2 the input or the configuration is wrong; 3 could not decide \
                  (incomplete, or a rule or plugin failed)."
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options every command has.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Global {
    /// When to colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN"
    )]
    pub(crate) color: Colour,
    /// Columns to write in; the terminal's, or 80
    #[arg(long, global = true, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=400))]
    pub(crate) width: Option<u16>,
    /// Show what happens inside, on standard error; twice for more
    #[arg(long, global = true, action = clap::ArgAction::Count)]
    pub(crate) trace: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge proposals: verdict, levels, findings with evidence and sources
    Check(Check),
    /// Begin a proposal: a file that asks what its kind of program needs, to be filled in
    Init(Init),
    /// Ask what is open: the questions whose answers narrow the verdict and the ranges most
    Questions(Questions),
    /// Look for the shortest plan to the board's thresholds, each step of it tried out
    Improve(Improve),
    /// Show what a change would do to verdict, ranges and findings, without writing it
    WhatIf(WhatIf),
    /// Put several programs side by side, by dimension and rule
    Compare(Compare),
    /// Put several descriptions of one program side by side: where they differ, and what hangs on it
    Perspectives(Perspectives),
    /// Write a respondent's short questionnaire, in their language: what they can confirm, correct or answer
    Ask(Ask),
    /// Bring answers back into a proposal: what partners confirm, correct and contest
    Merge(Merge),
    /// Show a rule's page: why it is asked, how it is judged, its settings and sources
    Explain(Explain),
    /// List, begin, test, check and document the rules
    #[command(subcommand)]
    Rules(Rules),
    /// List, pin, verify, call, check and begin plugins
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    /// Begin, show, check and compare a board's settings, and list its waivers
    #[command(subcommand)]
    Profile(profile::Profile),
    /// Write the memo a board decides by: recommendation, what decides, questions with room, the decision and its conditions
    Memo(Memo),
    /// Put many programs into the tables that the packs declare: levels, what fails, what is not known, sums and shares
    Portfolio(corpus::Portfolio),
    /// Judge again from a record, and say what differs: the same scorecard, or which input is another
    Verify(Verify),
    /// Print a JSON Schema, for editors and other programs: of proposals, profiles, rule pages or scorecards
    Schema(Schema),
    /// Plan a program in the browser: pages on this machine, which send nothing anywhere
    Serve(Serve),
    /// Write the pages as files: a site that works offline, or one file to open
    Page(Page),
    /// Write the completions of a shell to standard output
    Completions(Completions),
    /// Write the manual: a page of it to standard output, or all pages into a folder
    Man(Man),
}

/// Where the rules come from.
#[derive(Debug, Clone, Default, ClapArgs)]
pub(crate) struct PackArgs {
    /// A pack's folder, on top of the built-in one; its rules replace those of the same id
    #[arg(long = "pack", value_name = "FOLDER")]
    pub(crate) packs: Vec<PathBuf>,
    /// A board's profile; otherwise `evenhand.toml` beside the proposal or in a folder above it
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Judge by the built-in settings, whatever profile is found
    #[arg(long, conflicts_with = "profile")]
    pub(crate) no_profile: bool,
    /// Judge as of this day, such as 2027-06-30: by it waivers and attestations are old; today, in UTC, otherwise
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) date: Option<Date>,
    /// Another plugin's library or archive to load, isolated and not pinned; may be given again
    #[arg(long = "plugin", value_name = "FILE")]
    pub(crate) plugins: Vec<PathBuf>,
    /// Judge with this setting on top of the profile, such as thresholds.ethics=70; may be given again
    #[arg(id = "settings", long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Packs at hand, in place of those that files are read for: those of a record.
    #[arg(skip)]
    pub(crate) held: Option<Vec<PackFiles>>,
}

/// Reads the day of an evaluation.
fn day(text: &str) -> Result<Date, String> {
    Date::read(text).ok_or_else(|| match Date::meant(text) {
        Some(meant) => format!("expected year, month and day; did you mean {meant}?"),
        None => "expected year, month and day, such as 2027-06-30".to_owned(),
    })
}

/// Which language is spoken.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct LocaleArgs {
    /// The language of what is shown, such as es or fr; the profile's otherwise, or English
    #[arg(long, value_name = "LANG")]
    pub(crate) locale: Option<String>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that is given or not"
)]
#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    /// Proposals in YAML, JSON or TOML, or workbooks (.xlsx); `-` for standard input
    #[arg(required = true, value_name = "PROPOSAL")]
    pub(crate) proposals: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How the scorecard is written
    #[arg(long, value_parser = Output::parser(), default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Output,
    /// How the proposals are written; by extension otherwise, YAML on standard input
    #[arg(long, value_name = "FORMAT")]
    pub(crate) input_format: Option<Format>,
    /// Write to a file instead of standard output, which is `-`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Also write a record: one file with everything that took part, from which anybody can judge again (evenhand verify)
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Say what has changed since a record: conditions, answers, findings, levels; a renewal in one line if nothing has
    #[arg(long, value_name = "RECORD", conflicts_with_all = ["findings", "verbose"])]
    pub(crate) since: Option<PathBuf>,
    /// What the board decided; `decision.toml` beside the record otherwise, where it is on this proposal
    #[arg(long, value_name = "FILE", requires = "since")]
    pub(crate) decision: Option<PathBuf>,
    /// Exit with 1 if a verdict is this or graver
    #[arg(long, value_enum, value_name = "VERDICT")]
    pub(crate) fail_on: Option<FailOn>,
    /// Judge by these rules only: an id, its end, a dimension, or a pattern such as climate/*; may be given again
    #[arg(long, value_name = "RULE")]
    pub(crate) only: Vec<String>,
    /// Leave these rules out, and say so on the scorecard; may be given again
    #[arg(long, value_name = "RULE")]
    pub(crate) skip: Vec<String>,
    /// Put the whole plan of `improve` into an HTML, Markdown or DOCX report, not only its first steps
    #[arg(long, conflicts_with = "since")]
    pub(crate) plan: bool,
    /// Judge and no more: what rules propose is not tried, nothing is compared with the rules as bundled, no plan is sought and
    /// no weights are drawn
    #[arg(long, conflicts_with_all = ["plan", "since"])]
    pub(crate) judge_only: bool,
    /// Show every finding with its evidence, its sources and what helps, not only one screen
    #[arg(long)]
    pub(crate) findings: bool,
    /// Show the findings, and also what is met and what does not apply
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Judge again whenever a proposal, the profile or a pack changes, until interrupted
    #[arg(long)]
    pub(crate) watch: bool,
}

/// How a scorecard is written: as text for the terminal, or in one of the formats of the reports.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Output {
    Text,
    Written(&'static formats::Format),
}

impl Output {
    fn parser() -> impl TypedValueParser<Value = Self> {
        let text = PossibleValue::new("text").help("for the terminal");
        let written = FORMATS
            .iter()
            .map(|format| PossibleValue::new(format.name).help(format.about));
        PossibleValuesParser::new(std::iter::once(text).chain(written)).map(|name| {
            let written = FORMATS.iter().find(|format| format.name == name);
            written.map_or(Self::Text, Self::Written)
        })
    }
}

/// Reads the name of a format of documents.
fn paper_format() -> impl TypedValueParser<Value = &'static paper::Format> {
    let formats = paper::FORMATS.iter();
    let values = formats.map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(values).try_map(|name| {
        let found = paper::FORMATS.iter().find(|format| format.name == name);
        found.ok_or("no format of documents")
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Stop,
    Incomplete,
    Revise,
}

impl FailOn {
    pub(crate) fn word(self) -> Word {
        match self {
            Self::Stop => Word::Stop,
            Self::Incomplete => Word::Incomplete,
            Self::Revise => Word::Revise,
        }
    }
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Text,
    Json,
}

/// How something is written that people also hand round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Leaf {
    /// For the terminal
    Text,
    /// Everything, for programs
    Json,
    /// For minutes and pull requests
    Markdown,
    /// One file to read and print
    Html,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Init {
    /// What kind of program it is, such as elective or exchange; without it, the kinds are listed
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// The field of study, such as health or engineering; asked in the file otherwise
    #[arg(long, value_name = "FIELD", requires = "kind")]
    pub(crate) discipline: Option<String>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// Write a workbook for spreadsheet programs, with lists to choose from, instead of YAML
    #[arg(long, requires = "kind")]
    pub(crate) xlsx: bool,
    /// Write to a file, which must not be there yet, instead of standard output
    #[arg(long, short, value_name = "FILE", requires = "kind")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Questions {
    /// A proposal in YAML, JSON or TOML, or a workbook (.xlsx); `-` for standard input
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: PathBuf,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How the questions are written; JSON always has all of them
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
    /// Show all questions, not only the first twelve
    #[arg(long)]
    pub(crate) all: bool,
    /// Ask the questions one by one, and write each answer into the file at once
    #[arg(long, conflicts_with_all = ["all", "format"])]
    pub(crate) answer: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Improve {
    /// A proposal in YAML, JSON or TOML, or a workbook (.xlsx); `-` for standard input
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: PathBuf,
    /// Write a copy of the proposal with every step done; comments, order and layout of a text stay, and a workbook is filled in anew
    #[arg(long, value_name = "FILE")]
    pub(crate) apply: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How the plan is written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct WhatIf {
    /// A proposal in YAML, JSON or TOML, or a workbook (.xlsx); `-` for standard input
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: PathBuf,
    /// A fact to set, such as `host.need=host_led`; `flows[].weeks=6` sets it for every element; may be given again
    #[arg(long, value_name = "PATH=VALUE", required_unless_present_any = ["unset", "without_safeguards"])]
    pub(crate) set: Vec<String>,
    /// A fact that is not known any more; may be given again
    #[arg(long, value_name = "PATH")]
    pub(crate) unset: Vec<String>,
    /// Take away what the designers promise, as if nobody knew whether it will be kept
    #[arg(long)]
    pub(crate) without_safeguards: bool,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How the difference is written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Compare {
    /// Two or more proposals in YAML, JSON or TOML, or workbooks (.xlsx); all are judged by the profile of the first
    #[arg(required = true, num_args = 2.., value_name = "PROPOSAL")]
    pub(crate) proposals: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How the comparison is written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Perspectives {
    /// Two or more descriptions of one program in YAML, JSON or TOML, or workbooks (.xlsx); all are judged by the profile of the first
    #[arg(required = true, num_args = 2.., value_name = "PROPOSAL")]
    pub(crate) proposals: Vec<PathBuf>,
    /// What a description is called, in the order of the files; otherwise by who attests in it, or by its file
    #[arg(long = "label", value_name = "NAME")]
    pub(crate) labels: Vec<String>,
    /// Take what a file does not say from the first of the others that says it
    #[arg(long)]
    pub(crate) fill: bool,
    /// Show all differences, also those on which nothing hangs
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How it is written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Leaf,
    /// Write to a file instead of standard output, which is `-`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How a questionnaire is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sheet {
    /// A file to fill in and to merge
    Yaml,
    /// To read and to print
    Markdown,
    /// One file to read and to print
    Html,
    /// A workbook to fill in and to merge, with lists to choose from
    Xlsx,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Ask {
    /// A proposal in YAML, JSON or TOML, or a workbook (.xlsx); `-` for standard input
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: PathBuf,
    /// Who is asked: the key of a partner, or a kind of respondent such as host or finance
    #[arg(long = "as", value_name = "RESPONDENT")]
    pub(crate) respondent: String,
    /// Ask everything, not only the twelve questions that matter most
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How it is written; by the ending of --output otherwise, YAML without one
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Sheet>,
    /// Write to a file instead of standard output, which is `-`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Merge {
    /// A proposal in YAML, JSON or TOML, or a workbook (.xlsx); `-` for standard input
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: PathBuf,
    /// Questionnaires that were filled in, YAML or workbooks, as `evenhand ask` writes them; their order makes no difference
    #[arg(value_name = "ANSWERS")]
    pub(crate) answers: Vec<PathBuf>,
    /// Accept a correction, such as that of host.need: it becomes the value, and the earlier one stays visible; may be given again
    #[arg(long, value_name = "PATH")]
    pub(crate) accept: Vec<String>,
    /// Accept every correction
    #[arg(long, conflicts_with = "accept")]
    pub(crate) accept_all: bool,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// How it is said what became of the answers
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
    /// Write the proposal with the answers to a file, by its ending text or a workbook; `-` for standard output
    #[arg(long, short, value_name = "FILE", conflicts_with = "in_place")]
    pub(crate) output: Option<PathBuf>,
    /// Write the answers into the proposal
    #[arg(long)]
    pub(crate) in_place: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Memo {
    /// A proposal in YAML, JSON or TOML, or a workbook (.xlsx); `-` for standard input
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: PathBuf,
    /// What the board decided, such as decision.toml; without it there is room to write
    #[arg(long, value_name = "FILE")]
    pub(crate) decision: Option<PathBuf>,
    /// The board's own template: HTML with places; see docs/guides/memo-templates.md
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
    /// How the memo is written; by the ending of --output otherwise, HTML without one
    #[arg(long, value_parser = paper_format(), value_name = "FORMAT")]
    pub(crate) format: Option<&'static paper::Format>,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// Write to a file instead of standard output, which is `-`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Verify {
    /// Records that `evenhand check --record FILE` wrote
    #[arg(required = true, value_name = "RECORD")]
    pub(crate) records: Vec<PathBuf>,
    /// The signature of the record, as minisign writes it; the record's name with `.minisig` otherwise
    #[arg(long, value_name = "FILE", requires = "public_key")]
    pub(crate) signature: Option<PathBuf>,
    /// The public key that the record has to be signed with, as minisign writes it
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key: Option<PathBuf>,
    /// A plugin's library that took part and is not part of the program; may be given again
    #[arg(long = "plugin", value_name = "FILE")]
    pub(crate) plugins: Vec<PathBuf>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Form,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Explain {
    /// The rule's id, such as ethics/scope-of-practice, or its end where only one rule ends so; or the code of a problem, such as
    /// unknown-field
    #[arg(value_name = "RULE|CODE")]
    pub(crate) rule: String,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    #[command(flatten)]
    pub(crate) language: LocaleArgs,
    /// Also show the script
    #[arg(long)]
    pub(crate) script: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Schema {
    /// Of what
    #[arg(value_enum, default_value = "proposal", value_name = "KIND")]
    pub(crate) of: SchemaOf,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
}

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SchemaOf {
    /// What is judged
    Proposal,
    /// A board's own settings
    Profile,
    /// The settings of a rule's page
    Page,
    /// What `check --format json` writes
    Scorecard,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Serve {
    /// The port to listen on; 0 for any that is free
    #[arg(long, default_value_t = 8790, value_name = "PORT")]
    pub(crate) port: u16,
    /// Only say the address; do not open a browser
    #[arg(long)]
    pub(crate) no_open: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Page {
    /// A folder for a site that any web server can publish, under any path
    #[arg(
        long,
        value_name = "FOLDER",
        required_unless_present = "single",
        conflicts_with = "single"
    )]
    pub(crate) site: Option<PathBuf>,
    /// One file with everything in it
    #[arg(long, value_name = "FILE")]
    pub(crate) single: Option<PathBuf>,
    /// The language the one file begins in
    #[arg(
        long,
        value_name = "LANG",
        default_value = "en",
        conflicts_with = "site"
    )]
    pub(crate) locale: String,
    /// The engine as `tests/web/build.sh` writes it; a release has it built in
    #[arg(long, value_name = "FILE")]
    pub(crate) engine: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Man {
    /// The command, such as `check` or `rules test`; evenhand itself if none is named
    #[arg(value_name = "COMMAND", conflicts_with = "folder")]
    pub(crate) command: Vec<String>,
    /// Write every page into this folder, which is made if it is not there
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
}
