//! How long judging takes: `cargo bench -p evenhand --bench judge`. Items are rules, so that the time of one rule is the
//! inverse of the rate shown.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

#[expect(dead_code, reason = "what tests need as well")]
#[path = "../../../tests/assembly.rs"]
mod assembly;

use assembly::{book, core_pack, evenhand, examples, plugins};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use evenhand_analysis::plan::{bound, plan};
use evenhand_core::document::{Document, Format};
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use evenhand_locale::Locale;
use evenhand_report::{json, text};

fn main() {
    divan::main();
}

/// The shortest and the longest of the examples that travel.
const PROPOSALS: [&str; 2] = ["c05-haiti-camp", "c01-anatomy-12"];

fn proposal(name: &str) -> Document {
    let (_, proposal) = examples().into_iter().find(|(own, _)| own == name).unwrap();
    proposal
}

/// One proposal by all rules, with everything on the scorecard.
#[divan::bench(args = PROPOSALS)]
fn judge(bencher: Bencher<'_, '_>, name: &str) {
    let proposal = proposal(name);
    let rules = ItemsCount::new(book().rules().len());
    bencher
        .counter(rules)
        .bench(|| book().judge(black_box(&proposal)));
}

/// The rules without the receipt.
#[divan::bench(args = PROPOSALS)]
fn ask(bencher: Bencher<'_, '_>, name: &str) {
    let proposal = proposal(name);
    let rules = ItemsCount::new(book().rules().len());
    bencher
        .counter(rules)
        .bench(|| book().evaluate(black_box(&proposal)));
}

/// What plugins derive, and no rule.
#[divan::bench(args = PROPOSALS)]
fn derive(bencher: Bencher<'_, '_>, name: &str) {
    let proposal = proposal(name);
    bencher.bench(|| book().evaluate_where(black_box(&proposal), |_| false));
}

/// Reading a proposal, and checking it against the schema.
#[divan::bench(args = PROPOSALS)]
fn read(bencher: Bencher<'_, '_>, name: &str) {
    let text = proposal(name).source().text().to_owned();
    bencher.bench(|| {
        let proposal = Document::parse(name, text.as_bytes(), Format::Yaml).unwrap();
        book().check_document(&proposal)
    });
}

/// The scorecard as text and as JSON.
#[divan::bench(args = ["text", "json"])]
fn show(bencher: Bencher<'_, '_>, form: &str) {
    let proposal = proposal(PROPOSALS[0]);
    let card = book().judge(&proposal);
    bencher.bench(|| match form {
        "text" => text::render(
            &card,
            &proposal,
            book().schema(),
            Locale::english(),
            text::TextOptions {
                steps: &[],
                findings: true,
                ..text::TextOptions::default()
            },
        ),
        _ => json::render(&card, &proposal),
    });
}

/// A whole plan: with what else is enough for each step; it should take less than a second for the longest example.
#[divan::bench(args = PROPOSALS, sample_count = 5, sample_size = 1)]
fn improve(bencher: Bencher<'_, '_>, name: &str) {
    let proposal = proposal(name);
    let card = book().judge(&proposal);
    let most = bound(proposal.value());
    bencher.bench(|| plan(book(), black_box(&proposal), &card, most));
}

/// A whole process, from its start to its end: with nothing to do, and judging a proposal with all bundled plugins.
#[divan::bench(args = ["--version", "check"], sample_count = 100, sample_size = 1)]
fn whole(bencher: Bencher<'_, '_>, what: &str) {
    let proposal = format!("examples/proposals/{}.yaml", PROPOSALS[0]);
    bencher.bench(|| {
        let mut command = evenhand();
        command.arg(what);
        if what == "check" {
            command.args([&proposal, "--no-profile"]);
        }
        command.output().unwrap()
    });
}

/// Putting the rulebook together: as at every start, and with every script checked against the schema.
#[divan::bench(args = [true, false])]
fn load(bencher: Bencher<'_, '_>, checked: bool) {
    let pack = core_pack(checked);
    let rules = ItemsCount::new(book().rules().len());
    bencher
        .counter(rules)
        .with_inputs(|| (pack.clone(), plugins()))
        .bench_values(|(pack, plugins)| {
            Rulebook::load(vec![pack], plugins, Settings::default()).unwrap()
        });
}
