//! A questionnaire as a workbook: with lists to choose from, and read back as the answers that its file in YAML would hold.

use super::{DATE, FOR_WHOM, NAME, NOTHING, asks, greeting, kinds, title, why};
use crate::answers::shown;
use crate::start::tongue;
use evenhand_analysis::ask::{Item, Questionnaire};
use evenhand_core::problem::Problem;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::schema::Schema;
use evenhand_diagnostic::words::Words;
use evenhand_locale::Locale;
use evenhand_tables::book::Book;
use evenhand_tables::form::questionnaire::{self as form, Headings, Person, Question};
use evenhand_tables::form::{Ask, Filled, Written, language};

/// The questionnaire as a workbook.
pub fn workbook(asked: &Questionnaire, schema: &Schema, words: &dyn Words) -> Written {
    let title = title(asked, words);
    let headings = headings(words);
    let whom = &asked.whom;
    let mut head = vec![
        ("proposal", asked.proposal.clone()),
        ("sha256", asked.sha256.clone()),
        ("respondent", whom.id.clone()),
    ];
    let mut person = Vec::new();
    let mut asks = |name: &'static str, text: &'static str| {
        person.push(Person {
            name,
            text: words.word(text),
            is_date: name == "date",
        });
    };
    match &whom.partner {
        Some(partner) => head.push(("partner", partner.clone())),
        None => asks("partner", FOR_WHOM),
    }
    asks("name", NAME);
    asks("date", DATE);
    form::write(&form::Questionnaire {
        title: &title,
        tongue: tongue(schema, words),
        guide: (
            words.word("Read me"),
            guide(asked, &title, &headings, words),
        ),
        sheet: words.word("Questions"),
        headings,
        replies: ["right", "not so", "do not know"].map(|word| words.word(word)),
        head,
        person,
        questions: questions(asked, schema, words),
    })
}

/// Reads a workbook of answers as the document that its text form would be; every problem comes with its cell.
pub fn read_workbook(name: &str, bytes: &[u8], rules: &Rulebook) -> Result<Filled, Vec<Problem>> {
    read_book(&Book::read(name, bytes)?, rules)
}

/// The same of a workbook that is read.
pub fn read_book(book: &Book, rules: &Rulebook) -> Result<Filled, Vec<Problem>> {
    let own = language(book).filter(|tag| *tag != "en");
    // A language that no pack has is said when the answers are taken.
    let own = own.and_then(|tag| {
        let opened = evenhand_locale::open(tag, &rules.catalogs(), &|| rules.originals()).ok()?;
        let schema = evenhand_locale::localized_schema(rules.schema(), &opened);
        Some((schema, opened))
    });
    let mut tongues = Vec::new();
    if let Some((schema, locale)) = &own {
        tongues.push(tongue(schema, locale));
    }
    tongues.push(tongue(rules.schema(), Locale::english()));
    form::read(book, &tongues)
}

fn headings(words: &dyn Words) -> Headings<'_> {
    Headings {
        question: words.word("Question"),
        says: words.word("What the planners say"),
        instead: words.word("If it is not so: what is so"),
        comment: words.word("What you want to add"),
        what: words.word("What to write"),
        field: words.word("Name of the field"),
    }
}

/// Why somebody is asked, and how to answer.
fn guide(
    asked: &Questionnaire,
    title: &str,
    headings: &Headings<'_>,
    words: &dyn Words,
) -> Vec<String> {
    let mut lines = vec![title.to_owned()];
    lines.extend(greeting(asked, words));
    let [right, not_so, not_known] =
        ["right", "not so", "do not know"].map(|word| words.word(word));
    if asked.items.iter().any(|item| item.claim.is_some()) {
        lines.push(words.say(
            "Where the planners say something, choose “{right}” or “{not_so}” as the answer. If it is not so, write what is so under “{instead}”.",
            &[("right", right), ("not_so", not_so), ("instead", headings.instead)],
        ));
    }
    if asked.items.iter().any(|item| item.claim.is_none()) {
        let text =
            "Where nothing is known yet, write your answer, or choose one where there is a list.";
        lines.push(words.word(text).to_owned());
    }
    lines.push(words.say(
        "“{not_known}” is a good answer, and so is leaving a question empty. Neither counts against anybody.",
        &[("not_known", not_known)],
    ));
    if asked.items.is_empty() {
        lines.push(words.word(NOTHING).to_owned());
    }
    let small = "The small grey names tell the program which answer is which: leave them where they are. Sheets of your own are not read.";
    lines.push(words.word(small).to_owned());
    lines
}

/// A row for each answer: for each of several facts one, unless one answer usually holds for all.
fn questions<'a>(
    asked: &'a Questionnaire,
    schema: &'a Schema,
    words: &dyn Words,
) -> Vec<Question<'a>> {
    let mut rows = Vec::new();
    for (number, item) in (1..).zip(&asked.items) {
        if item.alike || item.at.len() < 2 {
            rows.push(question(number, item, item.claim.as_ref(), schema, words));
            continue;
        }
        for (index, at) in item.at.iter().enumerate() {
            let one = Item {
                at: vec![at.clone()],
                paths: item.paths.get(index).cloned().into_iter().collect(),
                about: item.about.get(index).cloned().into_iter().collect(),
                alike: true,
                claim: None,
                ..item.clone()
            };
            rows.push(question(number, &one, item.claim.as_ref(), schema, words));
        }
    }
    rows
}

fn question<'a>(
    number: usize,
    item: &Item,
    says: Option<&'a serde_json::Value>,
    schema: &'a Schema,
    words: &dyn Words,
) -> Question<'a> {
    let ask = schema.find(&item.field).map(|id| {
        let what = kinds(schema.field(id), schema, words);
        Ask::new(schema, id, what, String::new())
    });
    let says = says.map(|says| (says, shown(schema, &item.field, says, words)));
    Question {
        text: format!("{number}. {}", asks(item, words)),
        fact: item.at.clone(),
        of: item.about.clone(),
        field: item.field.clone(),
        ask,
        says,
        why: why(item, words).unwrap_or_default(),
    }
}
