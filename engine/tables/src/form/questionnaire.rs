//! The questionnaire of one respondent as a workbook: one sheet with a row for each question, and cells for the answer, for
//! what is so instead, and for a comment.
//!
//! What the rows are about stands on the hidden sheet, by the name in the last column of the row. Rows and columns may be moved.

mod read;

use super::grids::{self, Lists, TEXT};
use super::{Ask, LISTS, Tongue, VERSION, Written, marks};
use crate::workbook;
use crate::workbook::grid::{Allowed, Content, Grid, Note, Range, Style};
use crate::workbook::tabs;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::text::visible_json;
use evenhand_document::schema::Kind;
use serde_json::Value;

pub use read::{is_questionnaire, read};

/// What the questions are kept under, in the document and in the names of rows.
const HEAD: &str = "questionnaire";
/// Columns of the hidden sheet: what the form says of itself, then a row for each question.
const FACT: usize = 3;
const FIELD: usize = 4;
const OF: usize = 5;
const SAYS: usize = 6;
/// The first column with a list to choose from.
const LISTED: usize = 8;
/// Widths: question, what is said, answer, what is so instead, comment, what to write, the name.
const WIDTHS: [usize; 7] = [56, 30, 26, 30, 34, 40, 20];
/// The columns of answers.
const ANSWER: usize = 2;
const INSTEAD: usize = 3;
const COMMENT: usize = 4;

/// A questionnaire.
#[derive(Debug, Clone)]
pub struct Questionnaire<'a> {
    /// Its title, as the properties of the file have it.
    pub title: &'a str,
    /// The language.
    pub tongue: Tongue<'a>,
    /// The name of the first sheet, and how to fill in the other, line by line.
    pub guide: (&'a str, Vec<String>),
    /// What the tab of the questions says.
    pub sheet: &'a str,
    /// What stands over the columns.
    pub headings: Headings<'a>,
    /// What can be answered to what others say: right, not so; and to everything: do not know.
    pub replies: [&'a str; 3],
    /// What is kept of the questionnaire for the program that reads it, by name, such as `sha256`.
    pub head: Vec<(&'static str, String)>,
    /// What respondents say of themselves.
    pub person: Vec<Person<'a>>,
    /// The questions.
    pub questions: Vec<Question<'a>>,
}

/// What stands over the columns of a questionnaire, but for that of the answers.
#[derive(Debug, Clone, Copy)]
pub struct Headings<'a> {
    /// The question.
    pub question: &'a str,
    /// What others say.
    pub says: &'a str,
    /// What is so, where that is not so.
    pub instead: &'a str,
    /// A comment.
    pub comment: &'a str,
    /// What an answer may be.
    pub what: &'a str,
    /// The name of the field.
    pub field: &'a str,
}

/// Something that a respondent says of themselves.
#[derive(Debug, Clone)]
pub struct Person<'a> {
    /// Its name in the document, such as `date`.
    pub name: &'static str,
    /// What is asked.
    pub text: &'a str,
    /// Whether it is a day.
    pub is_date: bool,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The question, with what it is about.
    pub text: String,
    /// The facts it is about, as the document of answers names them.
    pub fact: Vec<String>,
    /// What the elements are called that the facts belong to.
    pub of: Vec<String>,
    /// The field, with `[]` for elements of lists.
    pub field: String,
    /// How the field is asked, where the schema has it.
    pub ask: Option<Ask<'a>>,
    /// What others say of it: the value, and as people read it.
    pub says: Option<(&'a Value, String)>,
    /// Why it is asked.
    pub why: String,
}

impl Question<'_> {
    /// What the row goes by.
    fn name(&self) -> String {
        match self.fact.as_slice() {
            [one] if !one.starts_with('[') => one.clone(),
            several => visible_json(&Value::from(several.to_vec()).to_string()),
        }
    }

    /// What it is about, as JSON.
    fn about(&self) -> String {
        visible_json(&Value::from(self.of.clone()).to_string())
    }

    /// What the planners say, as JSON; empty where they say nothing.
    fn claim(&self) -> String {
        let says = self.says.as_ref();
        says.map_or_else(String::new, |(value, _)| visible_json(&value.to_string()))
    }

    /// Whether every text about it has room in a cell.
    fn fits(&self) -> bool {
        let mut all = [self.name(), self.about(), self.claim()].into_iter();
        all.all(|text| text.encode_utf16().count() <= TEXT)
    }
}

/// Writes a questionnaire. The same questionnaire is the same bytes. A question about what no cell can hold is left out, and
/// named.
pub fn write(asked: &Questionnaire<'_>) -> Written {
    let (kept, left_out): (Vec<&Question<'_>>, Vec<_>) =
        asked.questions.iter().partition(|question| question.fits());
    let tabs = tabs([asked.guide.0, asked.sheet, LISTS]);
    let name = |index: usize| tabs.get(index).cloned().unwrap_or_default();
    let mut lists = Lists::after(LISTED);
    let questions = sheet(asked, &kept, name(1), &mut lists);
    let hidden = hidden(asked, &kept, &name(0), &lists);
    let guide = grids::guide(name(0), &asked.guide.1);
    let left_out = left_out.into_iter().filter_map(|question| {
        let fact = question.fact.first()?;
        Pointer::from_dotted(fact)
    });
    Written {
        bytes: workbook::package_of(asked.title, asked.tongue.tag, &[guide, questions, hidden]),
        left_out: left_out.collect(),
    }
}

fn sheet(
    asked: &Questionnaire<'_>,
    questions: &[&Question<'_>],
    name: String,
    lists: &mut Lists,
) -> Grid {
    let headings = &asked.headings;
    let head = [
        headings.question,
        headings.says,
        asked.tongue.answer,
        headings.instead,
        headings.comment,
        headings.what,
        headings.field,
    ];
    let head = head.map(|text| (Style::Heading, Content::Text(text.to_owned())));
    let mut rows = vec![head.to_vec()];
    let mut notes = Vec::new();
    for person in &asked.person {
        let style = if person.is_date {
            Style::AnswerDate
        } else {
            Style::AnswerText
        };
        let mut row = vec![(Style::Wrapped, Content::Empty); WIDTHS.len()];
        put(&mut row, 0, Style::Wrapped, person.text);
        put(&mut row, ANSWER, style, "");
        put(
            &mut row,
            6,
            Style::Small,
            &format!("{HEAD}.{}", person.name),
        );
        let allowed = if person.is_date {
            Allowed::Date
        } else {
            Allowed::Anything
        };
        notes.push(note(rows.len(), ANSWER, person.text, "", allowed));
        rows.push(row);
    }
    for question in questions {
        let line = rows.len();
        rows.push(row(question));
        notes.extend(notes_of(asked, question, line, lists));
    }
    Grid {
        name,
        hidden: false,
        widths: WIDTHS.to_vec(),
        frozen: (1, 0),
        rows,
        filter: false,
        notes,
    }
}

fn put(row: &mut [(Style, Content)], column: usize, style: Style, text: &str) {
    if let Some(cell) = row.get_mut(column) {
        let content = if text.is_empty() {
            Content::Empty
        } else {
            Content::Text(text.to_owned())
        };
        *cell = (style, content);
    }
}

fn row(question: &Question<'_>) -> Vec<(Style, Content)> {
    let own = question
        .ask
        .as_ref()
        .map_or(Style::Answer, |ask| grids::style(ask.one));
    let what = question.ask.as_ref().map_or("", |ask| ask.what.as_str());
    let mut row = vec![(Style::Wrapped, Content::Empty); WIDTHS.len()];
    put(&mut row, 0, Style::Wrapped, &question.text);
    match &question.says {
        Some((_, shown)) => {
            put(&mut row, 1, Style::Wrapped, shown);
            put(&mut row, ANSWER, Style::Answer, "");
            put(&mut row, INSTEAD, own, "");
        }
        None => put(&mut row, ANSWER, own, ""),
    }
    put(&mut row, COMMENT, Style::Answer, "");
    let what = [what, question.why.as_str()];
    let what: Vec<&str> = what.into_iter().filter(|text| !text.is_empty()).collect();
    put(&mut row, 5, Style::Wrapped, &what.join("\n"));
    if let Some(cell) = row.get_mut(6) {
        *cell = (Style::Small, Content::Exact(question.name()));
    }
    row
}

/// The notes at the cells of a question, with what there is to choose from.
fn notes_of(
    asked: &Questionnaire<'_>,
    question: &Question<'_>,
    line: usize,
    lists: &mut Lists,
) -> Vec<Note> {
    let [right, not_so, not_known] = asked.replies.map(str::to_owned);
    let title = question
        .ask
        .as_ref()
        .map_or("", |ask| ask.field.title.as_str());
    let what = question.ask.as_ref().map_or("", |ask| ask.what.as_str());
    let text = [question.text.as_str(), what, question.why.as_str()];
    let text: Vec<&str> = text.into_iter().filter(|text| !text.is_empty()).collect();
    let text = text.join("\n");
    if question.says.is_some() {
        let replies = lists.list(vec![right, not_so, not_known]);
        let instead = match &question.ask {
            Some(ask) if ask.field.kind == Kind::List => {
                offered(lists, choices(ask, &asked.tongue))
            }
            Some(ask) => lists.allowed(ask.one, &asked.tongue),
            None => Allowed::Anything,
        };
        return vec![
            note(line, ANSWER, title, &text, replies),
            note(line, INSTEAD, title, what, instead),
        ];
    }
    let mut choices = question
        .ask
        .as_ref()
        .map(|ask| choices(ask, &asked.tongue))
        .unwrap_or_default();
    let one = question
        .ask
        .as_ref()
        .is_some_and(|ask| ask.field.kind != Kind::List);
    let all = one && !choices.is_empty();
    choices.push(not_known);
    let allowed = if all {
        lists.list(choices)
    } else {
        offered(lists, choices)
    };
    vec![note(line, ANSWER, title, &text, allowed)]
}

/// What can be chosen, as people call it.
fn choices(ask: &Ask<'_>, tongue: &Tongue<'_>) -> Vec<String> {
    grids::choices(ask.one, tongue).unwrap_or_default()
}

/// A list to choose from, beside which anything may be written.
fn offered(lists: &mut Lists, choices: Vec<String>) -> Allowed {
    if choices.is_empty() {
        return Allowed::Anything;
    }
    match lists.list(choices) {
        Allowed::List { sheet, range } => Allowed::Offer { sheet, range },
        other => other,
    }
}

fn note(row: usize, column: usize, title: &str, text: &str, allowed: Allowed) -> Note {
    Note {
        cells: Range {
            column,
            first: row,
            last: row,
        },
        title: title.to_owned(),
        text: text.to_owned(),
        allowed,
    }
}

/// The hidden sheet: what the questionnaire says of itself, what each row is about, and the lists.
fn hidden(
    asked: &Questionnaire<'_>,
    questions: &[&Question<'_>],
    guide: &str,
    lists: &Lists,
) -> Grid {
    let tongue = &asked.tongue;
    let mut said = vec![
        (marks::MARKS[0].to_owned(), Content::Number(VERSION)),
        (
            marks::MARKS[1].to_owned(),
            Content::Text(tongue.tag.to_owned()),
        ),
        (marks::MARKS[2].to_owned(), Content::Exact(guide.to_owned())),
    ];
    let columns = [
        (read::ANSWER, tongue.answer),
        (read::INSTEAD, asked.headings.instead),
        (read::COMMENT, asked.headings.comment),
        (read::FIELD_NAME, asked.headings.field),
    ];
    let exact = |text: &str| Content::Exact(text.to_owned());
    said.extend(columns.map(|(name, heading)| (name.to_owned(), exact(heading))));
    let head = asked.head.iter();
    said.extend(head.map(|(name, value)| (format!("{HEAD}.{name}"), exact(value))));
    let listed = lists.columns().iter().map(Vec::len).max().unwrap_or(0);
    let longest = said.len().max(questions.len()).max(listed);
    let rows = (0..longest).map(|index| {
        let mut cells = vec![Content::Empty; LISTED];
        let mut put = |column: usize, content: Content| {
            if let Some(cell) = cells.get_mut(column) {
                *cell = content;
            }
        };
        if let Some((name, value)) = said.get(index) {
            put(0, Content::Text(name.clone()));
            put(1, value.clone());
        }
        if let Some(question) = questions.get(index) {
            put(FACT, Content::Exact(question.name()));
            put(FIELD, Content::Exact(question.field.clone()));
            if !question.of.is_empty() {
                put(OF, Content::Exact(question.about()));
            }
            if question.says.is_some() {
                put(SAYS, Content::Exact(question.claim()));
            }
        }
        cells.extend(
            lists
                .columns()
                .iter()
                .map(|labels| match labels.get(index) {
                    Some(label) => Content::Exact(label.clone()),
                    None => Content::Empty,
                }),
        );
        let cells = cells.into_iter();
        cells.map(|content| (Style::Plain, content)).collect()
    });
    Grid {
        name: LISTS.to_owned(),
        hidden: true,
        widths: Vec::new(),
        frozen: (0, 0),
        rows: rows.collect(),
        filter: false,
        notes: Vec::new(),
    }
}
