//! The open questions as JSON.

use super::{SCHEMA_VERSION, decimal, pretty};
use crate::question::Question;
use evenhand_core::pointer::Pointer;
use evenhand_core::scorecard::Scorecard;
use serde_json::{Value, json};

/// All questions of a proposal, in their order.
pub fn render(card: &Scorecard, questions: &[Question]) -> String {
    let listed: Vec<Value> = questions.iter().map(question).collect();
    pretty(&json!({
        "schema_version": SCHEMA_VERSION,
        "proposal": { "id": card.proposal.id, "title": card.proposal.title, "sha256": card.proposal.sha256 },
        "verdict": { "word": card.verdict.word.word(), "reason": card.verdict.reason },
        "questions": listed,
    }))
}

fn question(question: &Question) -> Value {
    let waiting: Vec<Value> = question
        .waiting
        .iter()
        .map(|waiting| {
            json!({
                "rule": waiting.rule,
                "title": waiting.title,
                "dimension": waiting.dimension,
                "severity": waiting.severity.word(),
                "points": decimal(waiting.points),
            })
        })
        .collect();
    let paths: Vec<&str> = question.paths.iter().map(Pointer::as_str).collect();
    json!({
        "id": question.id,
        "question": question.text,
        "paths": paths,
        "about": question.about,
        "one_answer": question.alike,
        "expects": question.expects,
        "respondents": question.respondents,
        "decides": question.decides.word(),
        "points": decimal(question.points()),
        "waiting": waiting,
    })
}
