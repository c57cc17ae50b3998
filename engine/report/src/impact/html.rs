//! What another rulebook would do to many programs, as a page.

use super::{Compared, causes, change_line, counted, difference_line, problem_lines, stale_line};
use crate::paper::{Block, Inline, Paper, Section, Table, code, lines, paragraph, text};
use evenhand_analysis::impact::{Grade, Impact, Row};
use evenhand_diagnostic::words::Words;

/// A page with every program that changes, and what changes it.
pub fn html(compared: Compared<'_>, words: &dyn Words) -> String {
    let impact = compared.impact;
    let mut sections = vec![
        section(
            "counts",
            words.word("How many programs change"),
            counts(impact, words),
        ),
        section(
            "differences",
            words.word("What differs"),
            differences(impact, words),
        ),
    ];
    let mut rows: Vec<&Row> = impact
        .rows
        .iter()
        .filter(|row| !row.changes.is_empty())
        .collect();
    rows.sort_by_key(|row| row.grade());
    if !rows.is_empty() {
        let blocks = vec![programs(&rows, words)];
        sections.push(section(
            "programs",
            words.word("Programs that change"),
            blocks,
        ));
    }
    let refused = |row: &&Row| !row.refused.old.is_empty() || !row.refused.new.is_empty();
    let refused: Vec<&Row> = impact.rows.iter().filter(refused).collect();
    if !refused.is_empty() {
        let rows = refused.into_iter().map(|row| {
            let problems = problem_lines(row, words).join("\n");
            vec![vec![code(row.place.clone())], vec![text(problems)]]
        });
        let table = table(
            words,
            "What keeps programs from being judged",
            &["Program", "Problem"],
            rows,
        );
        sections.push(section(
            "refused",
            words.word("Cannot be judged"),
            vec![table],
        ));
    }
    if !compared.stale.is_empty() {
        let items = compared.stale.iter();
        let items = items.map(|stale| vec![text(stale_line(stale, words))]);
        let title = words.word("Approvals that are for nothing any more");
        sections.push(section("stale", title, vec![lines(items.collect())]));
    }
    let paper = Paper {
        title: words.word("What other rules would change").to_owned(),
        language: words.tag().to_owned(),
        opening: vec![
            paragraph(words.say("Old: {name}", &[("name", compared.old)])),
            paragraph(words.say("New: {name}", &[("name", compared.new)])),
        ],
        sections,
    };
    crate::paper::html(&paper, words)
}

fn section(id: &str, title: &str, blocks: Vec<Block>) -> Section {
    Section {
        id: id.to_owned(),
        title: vec![text(title)],
        blocks,
        sections: Vec::new(),
    }
}

fn table(
    words: &dyn Words,
    caption: &str,
    head: &[&str],
    rows: impl Iterator<Item = Vec<Vec<Inline>>>,
) -> Block {
    Block::Table(Table {
        caption: words.word(caption).to_owned(),
        head: head
            .iter()
            .map(|cell| words.word(cell).to_owned())
            .collect(),
        rows: rows.collect(),
    })
}

fn counts(impact: &Impact, words: &dyn Words) -> Vec<Block> {
    let rows = counted(impact)
        .into_iter()
        .map(|(line, count)| vec![vec![text(words.word(line))], vec![text(count.to_string())]]);
    vec![table(
        words,
        "Each program counts by its gravest change",
        &["Programs", "Count"],
        rows,
    )]
}

fn differences(impact: &Impact, words: &dyn Words) -> Vec<Block> {
    if impact.differences.is_empty() {
        let nothing = words.word("Nothing differs that could change what comes out.");
        return vec![paragraph(nothing)];
    }
    let rows = impact.differences.iter().enumerate().map(|(index, one)| {
        let mut what = vec![text(difference_line(one, words))];
        if let Some(reason) = &one.reason {
            what.push(text(format!(" ({reason})")));
        }
        let mut row = vec![vec![text((index + 1).to_string())], what];
        for grade in [Grade::Verdict, Grade::Level, Grade::Finding] {
            let count = impact.changed_by(index, grade);
            row.push(vec![text(count.to_string())]);
        }
        row
    });
    let head = ["No.", "Difference", "verdict", "level", "finding"];
    vec![table(
        words,
        "What differs, and the programs it changes",
        &head,
        rows,
    )]
}

fn programs(rows: &[&Row], words: &dyn Words) -> Block {
    let rows = rows.iter().flat_map(|row| {
        row.changes.iter().enumerate().map(move |(index, change)| {
            // The name stands in every row, so that no row depends on the one above it.
            let mut name = vec![text(row.title.clone())];
            if index == 0 {
                name.extend([text(" "), code(row.place.clone())]);
            }
            vec![
                name,
                vec![text(words.word(change.grade.word()))],
                vec![text(change_line(change, words))],
                vec![text(causes(change))],
            ]
        })
    });
    let head = ["Program", "What", "What changes", "By"];
    table(
        words,
        "Each change with the numbers of the differences that make it; 1+2 stands for two that only do it together",
        &head,
        rows,
    )
}
