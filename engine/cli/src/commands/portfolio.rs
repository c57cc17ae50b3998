//! `evenhand portfolio`: many programs in the tables that the packs declare.

use super::rules::impact::{fields, say_passed_over, say_remarks};
use crate::args::corpus::{Budget, Portfolio, PortfolioFormat};
use crate::corpus::Corpus;
use crate::exit::Exit;
use crate::output;
use crate::setup::{self, Assembled};
use crate::ui::Ui;
use evenhand_analysis::portfolio::Collector;
use evenhand_core::portfolio::{TableKind, TableSpec};
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_locale::Words as _;
use evenhand_report::portfolio as report;
use evenhand_threads::Threads;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &Portfolio, ui: &Ui) -> Exit {
    match try_run(args, ui) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn try_run(args: &Portfolio, ui: &Ui) -> Result<Exit, Exit> {
    let refuse = |problem: Problem| {
        ui.problems(&[problem], &[]);
        Exit::Wrong
    };
    let near = args.corpus.first().map(|first| beside(first));
    let spoken = setup::rulebook_in(&args.language, &args.packs, near.as_deref(), ui)?;
    let book = &spoken.book;
    let tables = book.portfolio().map_err(|problems| {
        let sources = book.sources_of(&problems);
        ui.problems(&problems, &sources.iter().collect::<Vec<_>>());
        Exit::Wrong
    })?;
    if tables.is_empty() {
        let problem = Problem::error("the packs declare no tables over many programs")
            .expected("a file `portfolio.toml` in a pack");
        return Err(refuse(problem));
    }
    let budgets = budgets(args, &tables, &spoken).map_err(|problems| {
        ui.problems(&problems, &[]);
        Exit::Wrong
    })?;
    let mut corpus = Corpus::new(&args.corpus, fields(&[&spoken]));
    let mut inputs = setup::inputs(&args.packs, spoken.found.as_ref());
    let mut named: Vec<PathBuf> = near.into_iter().collect();
    for path in corpus.files() {
        inputs.file(path);
        named.push(path.to_path_buf());
    }
    setup::note_other_profiles(&named, &args.packs, ui);
    if let Some(problem) = output::refused(args.output.as_deref(), &inputs) {
        return Err(refuse(problem));
    }
    ui.progress(spoken.locale.word("Reading and judging programs …"));
    let mut collector = Collector::new(book, &tables);
    loop {
        let entries = corpus.some(&spoken);
        if entries.is_empty() {
            break;
        }
        collector.add(&entries, &Threads);
    }
    if collector.count() == 0 {
        let problem = Problem::error("there is no proposal in what was named")
            .expected("files, folders or .jsonl files with proposals");
        return Err(refuse(problem));
    }
    let portfolio = collector.finish(spoken.schema(), &budgets);
    let profile = &book.settings().name;
    let collected = report::Collected {
        profile: if profile.is_empty() {
            &book.info().name
        } else {
            profile
        },
        portfolio: &portfolio,
        sources: book.sources(),
        passed_over: corpus.passed_over(),
    };
    let text = written(args, collected, &spoken, ui);
    say_passed_over(corpus.passed_over(), ui);
    say_remarks(&mut corpus, ui);
    if !output::write(args.output.as_deref(), text.as_bytes(), ui) {
        return Err(Exit::Wrong);
    }
    if args.format == PortfolioFormat::Text {
        let next = "Next: --format html --output FILE writes a page to hand in; evenhand check FILE shows one program.";
        ui.next(spoken.locale.word(next));
    }
    let broken = portfolio.rows.iter().any(|row| row.verdict.is_none());
    Ok(if broken { Exit::Wrong } else { Exit::Fine })
}

/// The tables in the form that was asked for.
fn written(
    args: &Portfolio,
    collected: report::Collected<'_>,
    spoken: &Assembled,
    ui: &Ui,
) -> String {
    let words = &spoken.locale;
    match args.format {
        PortfolioFormat::Json => report::json(collected),
        PortfolioFormat::Html => report::html(collected, words),
        PortfolioFormat::Csv => report::csv(collected, words),
        PortfolioFormat::Text => {
            let look = if output::is_standard(args.output.as_deref()) {
                ui.look()
            } else {
                ui.plain()
            };
            report::text(collected, words, look)
        }
    }
}

/// A path in a folder, near which its profile is looked for.
fn beside(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join("-")
    } else {
        path.to_path_buf()
    }
}

/// What totals may be: as the profile says, and as was typed. A budget without a table's name is for the only total there is.
fn budgets(
    args: &Portfolio,
    tables: &[TableSpec],
    spoken: &Assembled,
) -> Result<BTreeMap<String, f64>, Vec<Problem>> {
    let totals = tables.iter();
    let totals = totals.filter(|table| matches!(table.kind, TableKind::Total { .. }));
    let totals: Vec<&str> = totals.map(|table| table.id.as_str()).collect();
    let declared = spoken.found.as_ref();
    let declared = declared.map(|found| found.profile.budgets());
    let mut budgets = declared.unwrap_or_default();
    let mut problems = Vec::new();
    for budget in &args.budgets {
        match named(budget, &totals) {
            Ok(table) => {
                budgets.insert(table, budget.amount);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(budgets)
    } else {
        Err(problems)
    }
}

/// The table that a budget is for.
fn named(budget: &Budget, totals: &[&str]) -> Result<String, Problem> {
    let list = totals.join(", ");
    match (&budget.table, totals) {
        (Some(table), _) if totals.contains(&table.as_str()) => Ok(table.clone()),
        (Some(table), _) => Err(Problem::error(format!("`{table}` is no table with a sum"))
            .expected(format!("one of {list}"))
            .suggest_maybe(did_you_mean(table, totals.iter().copied()))),
        (None, [only]) => Ok((*only).to_owned()),
        (None, _) => Err(
            Problem::error("it is not clear which sum the budget is for")
                .expected(format!("--budget TABLE=AMOUNT with one of {list}")),
        ),
    }
}
