//! Descriptions of one program as a document, to be talked about by those who wrote them.

use super::{FILLED, HULL, Kinds, UNTRIED, hangs, other_ids, place, source, states, title};
use crate::answers::shown;
use crate::comparison::letter;
use crate::differences::range;
use crate::obligations::headline;
use crate::paper::{Block, Inline, Paper, Section, Table, code, lines, paragraph, strong, text};
use evenhand_analysis::perspectives::{Difference, Perspectives};
use evenhand_analysis::what_if::Summary;
use evenhand_core::schema::Schema;
use evenhand_diagnostic::words::Words;

/// Descriptions of one program as a document.
pub fn paper(found: &Perspectives, schema: &Schema, words: &dyn Words) -> Paper {
    let titles = found.readings.iter().map(|one| one.title.clone());
    let title = titles.into_iter().next().unwrap_or_default();
    let kinds = Kinds::of(found);
    let mut sections = vec![levels(found, words)];
    let parts = [
        (
            "differ",
            words.word("Where they differ, and what hangs on it"),
            &kinds.matter,
        ),
        (
            "some",
            words.word("What only some of them say"),
            &kinds.silent,
        ),
        (
            "idle",
            words.word("Different, and nothing hangs on it"),
            &kinds.idle,
        ),
    ];
    for (id, heading, part) in parts {
        if !part.is_empty() {
            sections.push(section(id, heading, part, found, schema, words));
        }
    }
    if !found.rules.is_empty() {
        let items = found.rules.iter().map(|row| {
            vec![
                strong(row.title.clone()),
                text(" "),
                code(row.rule.clone()),
                text(format!(": {}", states(row, words))),
            ]
        });
        sections.push(Section {
            id: "rules".to_owned(),
            title: vec![text(words.word("Rules that do not come out the same"))],
            blocks: vec![lines(items.collect())],
            sections: Vec::new(),
        });
    }
    Paper {
        title: words.say("Perspectives: {title}", &[("title", &title)]),
        language: words.tag().to_owned(),
        opening: opening(found, words),
        sections,
    }
}

fn opening(found: &Perspectives, words: &dyn Words) -> Vec<Block> {
    let mut blocks = vec![Block::Paragraph(vec![strong(found.joint.reason.clone())])];
    let readings = found.readings.iter().enumerate();
    let readings = readings.map(|(index, reading)| {
        vec![
            strong(letter(index)),
            text(format!(" {}", source(reading, words))),
        ]
    });
    blocks.push(lines(readings.collect()));
    if !found.is_one_program() {
        blocks.push(paragraph(other_ids(found, words)));
    }
    if found.filled {
        blocks.push(paragraph(words.word(FILLED)));
    }
    if found.differences.is_empty() {
        blocks.push(paragraph(words.word("They say the same in everything.")));
    }
    blocks
}

/// Verdict and ranges under each reading, and over all.
fn levels(found: &Perspectives, words: &dyn Words) -> Section {
    let head = |summary: &Summary| {
        let titles = summary.dimensions.iter().map(|score| score.title.clone());
        let first = [
            words.word("Reading").to_owned(),
            words.word("Verdict").to_owned(),
        ];
        first.into_iter().chain(titles).collect::<Vec<_>>()
    };
    let row = |name: Vec<Inline>, summary: &Summary| {
        let verdict = headline(summary.verdict, &summary.names, words);
        let mut cells = vec![name, vec![text(verdict)]];
        for score in &summary.dimensions {
            let level = score.level_words_in(words);
            cells.push(vec![text(if score.no_numbers {
                level
            } else {
                format!("{level} ({})", range(score, words))
            })]);
        }
        cells
    };
    let readings = found.readings.iter().enumerate();
    let mut rows: Vec<Vec<Vec<Inline>>> = readings
        .map(|(index, reading)| {
            let name = vec![strong(letter(index)), text(format!(" {}", reading.label))];
            row(name, &reading.summary)
        })
        .collect();
    rows.push(row(vec![strong(words.word("All readings"))], &found.joint));
    Section {
        id: "levels".to_owned(),
        title: vec![text(words.word("What comes out under each reading"))],
        blocks: vec![
            Block::Table(Table {
                caption: words
                    .word("Verdict and ranges under each reading, and over all")
                    .to_owned(),
                head: head(&found.joint),
                rows,
            }),
            paragraph(words.word(HULL)),
        ],
        sections: Vec::new(),
    }
}

fn section(
    id: &str,
    heading: &str,
    part: &[&Difference],
    found: &Perspectives,
    schema: &Schema,
    words: &dyn Words,
) -> Section {
    let sections = part.iter().enumerate().map(|(index, difference)| Section {
        id: format!("{id}-{index}"),
        title: vec![text(title(difference))],
        blocks: blocks(difference, found, schema, words),
        sections: Vec::new(),
    });
    Section {
        id: id.to_owned(),
        title: vec![text(heading)],
        blocks: Vec::new(),
        sections: sections.collect(),
    }
}

fn blocks(
    difference: &Difference,
    found: &Perspectives,
    schema: &Schema,
    words: &dyn Words,
) -> Vec<Block> {
    let readings = found.readings.iter().zip(&difference.answers);
    let rows = readings.enumerate().map(|(index, (reading, answer))| {
        let name = vec![strong(letter(index)), text(format!(" {}", reading.label))];
        let said = answer.as_ref().map_or_else(
            || words.word("not said").to_owned(),
            |answer| shown(schema, &difference.field, &answer.value, words),
        );
        let place = answer.as_ref().and_then(|answer| place(reading, answer));
        let place = place.unwrap_or_default();
        vec![name, vec![text(said)], vec![code(place)]]
    });
    let mut blocks = vec![Block::Table(Table {
        caption: title(difference),
        head: ["Reading", "Answer", "Where"]
            .map(|word| words.word(word).to_owned())
            .to_vec(),
        rows: rows.collect(),
    })];
    let mut items: Vec<Vec<Inline>> = difference
        .effects
        .iter()
        .map(|effect| vec![text(hangs(effect, words))])
        .collect();
    if !difference.is_tried {
        items.push(vec![text(words.word(UNTRIED))]);
    }
    if !items.is_empty() {
        blocks.push(lines(items));
    }
    blocks
}
