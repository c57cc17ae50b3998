//! Several instances in one process, asked at the same time: what they share by accident shows.

use super::calls::ordinary;
use super::documents::operations;
use super::same::{Answer, compare};
use super::{CheckResult, Suite, result, unless};
use crate::worker::Question;
use evenhand_contract::plugin::PluginError;
use std::borrow::Cow;

/// Instances that answer at once.
const INSTANCES: u32 = 8;

pub(super) fn check(suite: &Suite<'_>) -> CheckResult {
    result(
        "D06",
        "instances in several threads of one process answer the same",
        side_by_side(suite),
    )
}

fn side_by_side(suite: &Suite<'_>) -> Result<String, String> {
    let mut questions = Vec::new();
    for (index, function) in (0..).zip(&suite.manifest.functions) {
        if function.pure {
            let question = Question::Call(index, ordinary(function));
            questions.push((format!("`{}`", function.name), question));
        }
    }
    for (operation, name) in operations(suite.manifest) {
        for (number, sample) in suite.samples.iter().enumerate() {
            let document = Cow::Borrowed(sample.projected.as_bytes());
            let question = Question::Run(operation, document);
            questions.push((format!("{name} of sample {number}"), question));
        }
    }
    if questions.is_empty() {
        return Ok("nothing to ask".to_owned());
    }
    if suite.gave_up() {
        return Err("not tried, because it gives no answer in time".to_owned());
    }
    let (names, questions): (Vec<_>, Vec<_>) = questions.into_iter().unzip();
    let limit = suite.options.limits.document;
    let named = |replies: &[Result<_, PluginError>]| -> Vec<Answer> {
        names.iter().cloned().zip(replies.iter().cloned()).collect()
    };
    // One alone says what is right.
    let alone = suite.start_several(1)?.together(1, &questions, limit);
    let first = named(&alone);
    let count = INSTANCES as usize;
    let mut several = suite.start_several(INSTANCES)?;
    let replies = several.together(count, &questions, limit);
    let mut problems = Vec::new();
    if replies.len() < count * names.len()
        && let Some(Err(error)) = replies.last()
    {
        problems.push(error.message.clone());
    }
    for answers in replies.chunks(names.len()) {
        let whole = answers.iter().filter(|answer| answer.is_ok()).count();
        let named: Vec<Answer> = named(answers).into_iter().take(whole).collect();
        problems.extend(compare(first.get(..whole).unwrap_or_default(), &named).err());
    }
    problems.dedup();
    unless(problems, format!("{INSTANCES} instances"))
}
