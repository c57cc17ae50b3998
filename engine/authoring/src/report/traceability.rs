//! What the founding documents name, each with what answers it, as a page beside the rulebook.

use crate::traceability::{Answer, AnswerKind, Example, Row, Standing};
use evenhand_report::paper::{
    Address, Block, Inline, Paper, Section, Table, code, lines, slug, text,
};

/// The page; `rulebook` is the rulebook's file as the page links to it, `moves` says of a fact or a value whether a finding
/// changes when it does.
pub fn paper(
    rows: &[Row],
    examples: &[Example],
    rulebook: &str,
    moves: &dyn Fn(&Answer) -> bool,
) -> Paper {
    let standings: Vec<Standing> = rows.iter().map(|row| row.standing(moves)).collect();
    let reach = Standing::ALL.map(|one| {
        let count = standings.iter().filter(|own| **own == one).count();
        vec![text(format!("{}: {count}", one.words()))]
    });
    let counts = AnswerKind::ALL.map(|kind| {
        let answers = rows.iter().flat_map(|row| &row.answers);
        let count = answers.filter(|answer| answer.kind == kind).count();
        (kind, count)
    });
    let rows = rows.iter().zip(&standings).map(|(row, standing)| {
        let answers = row.answers.iter().map(|answer| {
            let mut shown = vec![text(format!("{}: ", word(answer.kind)))];
            shown.push(link(answer, examples, rulebook));
            shown
        });
        vec![
            vec![text(row.id.clone())],
            vec![text(row.item.clone())],
            vec![text(standing.words())],
            evenhand_report::paper::joined(answers, "; "),
        ]
    });
    let table = Table {
        caption: String::new(),
        head: ["", "What is named", "How far it reaches", "Where it is"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    };
    let used = counts.iter().filter(|(_, count)| *count > 0);
    Paper {
        title: "What the founding documents name, and what answers it".to_owned(),
        language: "en".to_owned(),
        opening: vec![
            evenhand_report::paper::paragraph(
                "The pack was made from a few documents about international programs. Each concept, model, method, program, worry and \
                 trend they name has a line here, with the rule, question, fact, value, example, term or source that answers it. Every \
                 link is checked: a test fails when something named here does not exist.",
            ),
            evenhand_report::paper::paragraph(
                "How far each reaches: judged where a rule asks it, a figure is derived from it, or a finding of an example changes when the \
                 fact is changed (that is tried, fact by fact); discussed where a question is put to the board; recorded where the proposal \
                 can say it and nothing changes by it; named only where a term, a work or an example has it.",
            ),
            lines(reach.to_vec()),
            lines(
                used.map(|(kind, count)| vec![text(format!("{}: {count}", plural(*kind)))])
                    .collect(),
            ),
        ],
        sections: vec![Section {
            id: "rows".to_owned(),
            title: vec![text("Line by line")],
            blocks: vec![Block::Table(table)],
            sections: Vec::new(),
        }],
    }
}

fn link(answer: &Answer, examples: &[Example], rulebook: &str) -> Inline {
    let place = |id: String| Address::file(&format!("{rulebook}#{}", slug(&id)));
    let name = answer.name.as_str();
    let path = name.split('=').next().unwrap_or(name);
    let address = match answer.kind {
        AnswerKind::Rule | AnswerKind::Prompt => place(format!("rule-{name}")),
        AnswerKind::Field | AnswerKind::Value | AnswerKind::Data => {
            place(format!("fact-{}", path.trim_end_matches("[]")))
        }
        AnswerKind::Glossary => place(format!("term-{name}")),
        AnswerKind::Source => {
            let key = name.split('#').next().unwrap_or(name);
            place(format!("source-{key}"))
        }
        AnswerKind::Example => {
            let found = examples.iter().find(|example| example.name == name);
            Address::file(found.map_or("", |example| example.path.as_str()))
        }
    };
    let words = match answer.kind {
        AnswerKind::Glossary => text(answer.title.clone()),
        _ => code(name),
    };
    Inline::Link(address, vec![words])
}

fn word(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Rule => "rule",
        AnswerKind::Prompt => "question",
        AnswerKind::Field => "fact",
        AnswerKind::Value => "value",
        AnswerKind::Data => "derived fact",
        AnswerKind::Example => "example",
        AnswerKind::Glossary => "term",
        AnswerKind::Source => "source",
    }
}

fn plural(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Rule => "answers by a rule",
        AnswerKind::Prompt => "by a question for discussion",
        AnswerKind::Field => "by a fact that is asked for",
        AnswerKind::Value => "by a value that can be chosen",
        AnswerKind::Data => "by a fact that a plugin derives",
        AnswerKind::Example => "by an example",
        AnswerKind::Glossary => "by a term of the glossary",
        AnswerKind::Source => "by a work that is cited",
    }
}
