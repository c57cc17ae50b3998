//! Scorecards as a workbook: a sheet of proposals, one of findings, one of open questions.

use super::formats::{Entry, Judged};
use super::{breakdown, csv, scorecard, waivers};
use evenhand_core::finding::{Finding, Outcome};
use evenhand_diagnostic::words::Words;
use evenhand_tables::workbook::{self, Cell, Sheet};

/// Writes all entries as one workbook. Headings are in the language of the report, but for the sheet of proposals, whose columns
/// are those of the CSV.
pub fn render(entries: &[Entry<'_>]) -> Vec<u8> {
    let words = scorecard::speech(entries);
    let (head, rows) = csv::table(entries);
    let proposals = Sheet {
        name: words.word("Proposals").to_owned(),
        head,
        rows,
    };
    let mut sheets = vec![
        proposals,
        findings(entries, words),
        questions(entries, words),
    ];
    sheets.extend(breakdown::sheets(judged(entries), words));
    let title = match entries {
        [Entry::Judged(judged)] => judged.card.proposal.title.clone(),
        _ => words.say(
            "{count} proposals",
            &[("count", &entries.len().to_string())],
        ),
    };
    workbook::write(&title, words.tag(), &sheets)
}

fn judged<'a>(entries: &'a [Entry<'a>]) -> impl Iterator<Item = &'a Judged<'a>> {
    entries.iter().filter_map(|entry| match entry {
        Entry::Judged(judged) => Some(judged),
        Entry::Refused { .. } => None,
    })
}

fn head(words: &dyn Words, english: &[&str]) -> Vec<String> {
    english
        .iter()
        .map(|word| words.word(word).to_owned())
        .collect()
}

/// A row for each finding, those that are met or do not apply included: a filter hides what is not wanted.
fn findings(entries: &[Entry<'_>], words: &dyn Words) -> Sheet {
    let rows = judged(entries).flat_map(|judged| {
        let file = &judged.card.proposal.file;
        judged.card.findings.iter().map(move |finding| {
            let language = judged.words;
            let share = |degree: f64| Cell::Number((degree * 100.0 + 1e-9).floor() / 100.0);
            let applies = finding.outcome != Outcome::NotApplicable;
            let degree = |degree: f64| if applies { share(degree) } else { Cell::Empty };
            vec![
                Cell::Text(file.clone()),
                Cell::Text(finding.rule.clone()),
                Cell::Text(finding.title.clone()),
                Cell::Text(finding.dimension.clone()),
                Cell::Text(language.word(finding.severity.word()).to_owned()),
                Cell::Text(waivers::outcome(
                    finding,
                    language.word(outcome(finding)).to_owned(),
                    language,
                )),
                degree(finding.degree.low),
                degree(finding.degree.high),
                Cell::Text(finding.message.text()),
                Cell::Text(finding.help.clone()),
            ]
        })
    });
    let rows = rows.collect();
    Sheet {
        name: words.word("Findings").to_owned(),
        head: head(
            words,
            &[
                "File",
                "Rule",
                "Title",
                "Dimension",
                "Severity",
                "Outcome",
                "Lowest degree",
                "Highest degree",
                "Message",
                "What helps",
            ],
        ),
        rows,
    }
}

/// The outcome without its share, which stands in columns of its own.
fn outcome(finding: &Finding) -> &'static str {
    match finding.outcome {
        Outcome::Partly => "partly",
        other => other.word(),
    }
}

/// A row for each fact that a finding waits for.
fn questions(entries: &[Entry<'_>], words: &dyn Words) -> Sheet {
    let mut rows = Vec::new();
    for judged in judged(entries) {
        let open = judged.card.findings.iter();
        let open = open.filter(|finding| finding.outcome == Outcome::Unknown);
        for finding in open {
            for path in finding.asked_for() {
                let dotted = path.dotted();
                let asked = judged.schema.find(&dotted);
                let asked = asked.map(|id| judged.schema.field(id).question.clone());
                rows.push(vec![
                    Cell::Text(judged.card.proposal.file.clone()),
                    Cell::Text(dotted),
                    Cell::Text(asked.unwrap_or_default()),
                    Cell::Text(finding.rule.clone()),
                ]);
            }
        }
    }
    Sheet {
        name: words.word("Open questions").to_owned(),
        head: head(words, &["File", "Fact", "Question", "Rule"]),
        rows,
    }
}
