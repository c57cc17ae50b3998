//! What a respondent is asked: a file in YAML to fill in, with every question above the place for its answer; or a document
//! to print.

mod paper;
mod workbook;

pub use paper::paper;
pub use workbook::{read_book, read_workbook, workbook};

use crate::answers::shown;
use crate::start::{Reader, comment, may};
use evenhand_analysis::ask::{Item, Questionnaire};
use evenhand_core::schema::{Field, Schema};
use evenhand_diagnostic::words::Words;
use evenhand_document::document::Format;
use evenhand_document::document::edit::write_inline;
use serde_json::Value;

/// The file, valid as it is, with nothing answered yet.
pub fn render(asked: &Questionnaire, schema: &Schema, words: &dyn Words) -> String {
    let mut lines = comment(&title(asked, words), 0);
    lines.push("#".to_owned());
    for text in greeting(asked, words) {
        lines.extend(comment(&text, 0));
    }
    lines.push("#".to_owned());
    for text in how(asked, words) {
        lines.extend(comment(&format!("- {text}"), 0));
    }
    lines.push(String::new());
    lines.push("questionnaire:".to_owned());
    let whom = &asked.whom;
    for (name, value) in [
        ("proposal", &asked.proposal),
        ("sha256", &asked.sha256),
        ("respondent", &whom.id),
    ] {
        lines.push(format!(
            "  {name}: {}",
            write_inline(Format::Yaml, &Value::from(value.as_str()))
        ));
    }
    lines.push(format!(
        "  language: {}",
        write_inline(Format::Yaml, &Value::from(words.tag()))
    ));
    if let Some(partner) = &whom.partner {
        let partner = write_inline(Format::Yaml, &Value::from(partner.as_str()));
        lines.push(format!("  partner: {partner}"));
    } else {
        lines.extend(comment(words.word(FOR_WHOM), 2));
        lines.push("  partner:".to_owned());
    }
    lines.extend(comment(words.word(NAME), 2));
    lines.push("  name:".to_owned());
    lines.extend(comment(words.word(DATE), 2));
    lines.push("  date:".to_owned());
    lines.push(String::new());
    if asked.items.is_empty() {
        lines.extend(comment(words.word(NOTHING), 0));
        lines.push("questions: []".to_owned());
    } else {
        lines.push("questions:".to_owned());
    }
    for (index, item) in asked.items.iter().enumerate() {
        lines.push(String::new());
        lines.extend(one(index + 1, item, schema, words));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

const FOR_WHOM: &str =
    "The short key of the organisation for which you answer, as the proposal has it";
const NAME: &str = "Your name, if you want to give it";
const DATE: &str = "The day on which you answer, the year first, such as 2026-05-01";
pub(crate) const NOTHING: &str =
    "There is nothing to ask: no answer of yours would change what is known.";

/// What the questionnaire is called.
pub(crate) fn title(asked: &Questionnaire, words: &dyn Words) -> String {
    let args = [
        ("title", asked.title.as_str()),
        ("name", asked.whom.name.as_str()),
    ];
    words.say("{title}: questions for {name}", &args)
}

/// Why somebody is asked, and what comes of it.
pub(crate) fn greeting(asked: &Questionnaire, words: &dyn Words) -> Vec<String> {
    let mut texts = vec![
        words
            .word("Thank you for your time. The people who plan this program have written down what they know of it. Some of that only you can know, and your word counts for more than theirs.")
            .to_owned(),
        words
            .word("There are no wrong answers, and nobody is judged by them. What you write goes back to the planners, and into the proposal in the name of your organisation.")
            .to_owned(),
    ];
    if asked.left_out > 0 {
        let (count, more) = (asked.items.len().to_string(), asked.left_out.to_string());
        let args = [("count", count.as_str()), ("more", more.as_str())];
        texts.push(words.say(
            "Questions: {count}, those that matter most first. Left out for now: {more}.",
            &args,
        ));
    } else {
        let count = asked.items.len().to_string();
        texts.push(words.say(
            "Questions: {count}, those that matter most first.",
            &[("count", &count)],
        ));
    }
    texts
}

/// How to answer.
fn how(asked: &Questionnaire, words: &dyn Words) -> Vec<String> {
    let [right, not_so, not_known] =
        ["right", "not so", "do not know"].map(|word| words.word(word));
    let mut texts = Vec::new();
    if asked.items.iter().any(|item| item.claim.is_some()) {
        texts.push(words.say(
            "Where the planners say something, write {right} or {not_so} after “answer:”. If it is not so, write what is so after “instead:”.",
            &[("right", right), ("not_so", not_so)],
        ));
    }
    if asked.items.iter().any(|item| item.claim.is_none()) {
        texts.push(
            words
                .word("Where nothing is known yet, write your answer after “answer:”.")
                .to_owned(),
        );
    }
    texts.push(words.say(
        "“{not_known}” is a good answer, and so is leaving a question empty. Neither counts against anybody.",
        &[("not_known", not_known)],
    ));
    texts.push(
        words
            .word("Write whatever you want to add after “comment:”.")
            .to_owned(),
    );
    texts
}

/// A question with the place for its answer.
fn one(number: usize, item: &Item, schema: &Schema, words: &dyn Words) -> Vec<String> {
    let mut lines = comment(&format!("{number}. {}", asks(item, words)), 2);
    let field = schema.find(&item.field).map(|id| schema.field(id));
    if let Some(claim) = &item.claim {
        lines.extend(comment(&claimed(item, claim, schema, words), 2));
    }
    if let Some(field) = field {
        lines.extend(may(field, schema, words, 2, Reader::Respondent));
    }
    if let Some(why) = why(item, words) {
        lines.extend(comment(&why, 2));
    }
    let listed = |texts: &[String]| match texts {
        [one] => write_inline(Format::Yaml, &Value::from(one.as_str())),
        many => write_inline(Format::Yaml, &Value::from(many.to_vec())),
    };
    lines.push(format!("  - fact: {}", listed(&item.at)));
    if !item.about.is_empty() {
        lines.push(format!("    of: {}", listed(&item.about)));
    }
    if let Some(claim) = &item.claim {
        lines.push(format!("    says: {}", write_inline(Format::Yaml, claim)));
    }
    lines.push("    answer:".to_owned());
    if item.claim.is_some() {
        lines.push("    instead:".to_owned());
    }
    lines.push("    comment:".to_owned());
    lines
}

/// The question, with what it is about.
pub(crate) fn asks(item: &Item, words: &dyn Words) -> String {
    let about = item.about.join(", ");
    if about.is_empty() {
        return item.text.clone();
    }
    let names = words.say("For {names}.", &[("names", &about)]);
    if item.alike || item.paths.len() < 2 {
        return format!("{} {names}", item.text);
    }
    let each = words.word("Write one answer for each, in brackets with commas between.");
    format!("{} {names} {each}", item.text)
}

/// What the planners say.
pub(crate) fn claimed(item: &Item, claim: &Value, schema: &Schema, words: &dyn Words) -> String {
    let said = shown(schema, &item.field, claim, words);
    words.say("The planners say: {answer}", &[("answer", &said)])
}

/// Why it is asked.
pub(crate) fn why(item: &Item, words: &dyn Words) -> Option<String> {
    const MOST: usize = 2;
    let quoted = item
        .why
        .iter()
        .take(MOST)
        .map(|title| words.say("“{text}”", &[("text", title)]));
    let list = quoted.collect::<Vec<_>>().join(", ");
    (!list.is_empty()).then(|| words.say("It matters for: {list}", &[("list", &list)]))
}

/// What an answer may be, in a few words.
pub(crate) fn kinds(field: &Field, schema: &Schema, words: &dyn Words) -> String {
    let lines = may(field, schema, words, 0, Reader::Respondent);
    let lines = lines
        .iter()
        .map(|line| line.trim_start_matches(['#', ' ', '→']).trim());
    lines.collect::<Vec<_>>().join("; ")
}
