//! One program as several people describe it: on a terminal, as JSON, or as a document.

mod paper;

pub use paper::paper;

use crate::Look;
use crate::answers::shown;
use crate::comparison::{letter, table};
use crate::differences::{range, state_words};
use crate::lines::{Lines, decimal};
use crate::obligations::headline;
use crate::style::{Tone, pad};
use evenhand_analysis::compare::Row;
use evenhand_analysis::perspectives::{Answer, Difference, Effect, Perspectives, Reading};
use evenhand_core::schema::Schema;
use evenhand_diagnostic::text::pretty_json;
use evenhand_diagnostic::words::Words;
use serde_json::{Value, json};

/// Version of the JSON form; it rises with any break.
const SCHEMA_VERSION: u32 = 1;

/// Differences that are shown to begin with.
const FIRST: usize = 12;

/// Rules named for one difference.
const RULES: usize = 4;

/// How perspectives are shown.
#[derive(Debug, Clone, Copy)]
pub struct PerspectivesOptions<'a> {
    /// The fields, with their questions in the language.
    pub schema: &'a Schema,
    /// Whether all differences are shown.
    pub all: bool,
    /// How it looks.
    pub look: Look,
}

/// What is said of differences, kind by kind.
struct Kinds<'a> {
    /// Different answers on which something hangs.
    matter: Vec<&'a Difference>,
    /// What some do not say, on which something hangs.
    silent: Vec<&'a Difference>,
    /// Nothing hangs on it.
    idle: Vec<&'a Difference>,
}

impl<'a> Kinds<'a> {
    fn of(found: &'a Perspectives) -> Self {
        let all = || found.differences.iter();
        // What could not be tried may matter.
        let hangs = |one: &&Difference| !one.effects.is_empty() || !one.is_tried;
        Self {
            matter: all()
                .filter(|one| one.is_contradiction() && hangs(one))
                .collect(),
            silent: all()
                .filter(|one| !one.is_contradiction() && hangs(one))
                .collect(),
            idle: all().filter(|one| !hangs(one)).collect(),
        }
    }
}

/// Renders descriptions of one program side by side.
pub fn render(found: &Perspectives, words: &dyn Words, options: PerspectivesOptions<'_>) -> String {
    let mut page = Lines::new(options.look, words);
    head(&mut page, found);
    page.push("");
    let mut rows: Vec<(String, &evenhand_analysis::what_if::Summary)> = Vec::new();
    for (index, reading) in found.readings.iter().enumerate() {
        rows.push((letter(index), &reading.summary));
    }
    rows.push(("=".to_owned(), &found.joint));
    table(&mut page, &rows, options.look);
    page.push("");
    page.wrap(&found.joint.reason, "= ", "  ");
    page.toned(Tone::Faint, words.word(HULL), "  ", "  ");
    let kinds = Kinds::of(found);
    let parts = [
        ("Where they differ, and what hangs on it", &kinds.matter),
        ("What only some of them say", &kinds.silent),
    ];
    for (heading, part) in parts {
        if part.is_empty() {
            continue;
        }
        page.heading(heading);
        let most = if options.all { usize::MAX } else { FIRST };
        for difference in part.iter().take(most) {
            one(&mut page, difference, found, options.schema);
        }
        more(&mut page, part.len().saturating_sub(most));
    }
    idle(&mut page, &kinds.idle, found, options);
    if found.differences.is_empty() {
        page.push("");
        page.wrap(words.word("They say the same in everything."), "", "");
    }
    rules(&mut page, &found.rules, options.all);
    page.push("");
    let next = if kinds.matter.is_empty() && kinds.silent.is_empty() {
        "Next: evenhand check one of the files; the others come out the same."
    } else {
        "Next: talk about the first of these with everybody who described the program; no file is changed here."
    };
    page.toned(Tone::Faint, words.word(next), "", "");
    page.finish()
}

/// How the last line of the table comes about.
pub(crate) const HULL: &str =
    "Over all readings each rule has the smallest range that holds theirs. Nothing is averaged.";

/// What the readings are, and whether they are of one program.
fn head(page: &mut Lines<'_>, found: &Perspectives) {
    let words = page.words;
    let titles = found.readings.iter().map(|one| one.title.as_str());
    let title = titles.clone().next().unwrap_or_default();
    page.toned(Tone::Strong, title, "", "");
    for (index, reading) in found.readings.iter().enumerate() {
        let line = source(reading, words);
        page.wrap(&line, &pad(&letter(index), 3), "   ");
    }
    if !found.is_one_program() {
        page.toned(Tone::Fair, &other_ids(found, words), "", "");
    }
    if found.filled {
        page.toned(Tone::Faint, words.word(FILLED), "", "");
    }
}

pub(crate) const FILLED: &str =
    "What a file does not say was taken from the first of the others that says it.";

/// A reading in a line: what it is called, its file, what it leaves out.
fn source(reading: &Reading, words: &dyn Words) -> String {
    let mut line = format!("{} ({})", reading.label, reading.file);
    if reading.silent > 0 {
        let count = reading.silent.to_string();
        line.push_str(" · ");
        line.push_str(&words.say("not said here: {count}", &[("count", &count)]));
    }
    line
}

fn other_ids(found: &Perspectives, words: &dyn Words) -> String {
    let ids = found.readings.iter().map(|one| match one.id.as_str() {
        "" => "–",
        id => id,
    });
    let ids = ids.collect::<Vec<_>>().join(", ");
    words.say(
        "The files have different ids ({ids}): make sure that they describe the same program.",
        &[("ids", &ids)],
    )
}

/// One difference: what each says and where, and what hangs on it.
fn one(page: &mut Lines<'_>, difference: &Difference, found: &Perspectives, schema: &Schema) {
    let words = page.words;
    page.push("");
    page.wrap(&title(difference), "", "  ");
    let readings = found.readings.iter().zip(&difference.answers);
    for (index, (reading, answer)) in readings.enumerate() {
        let said = answer.as_ref().map(|answer| {
            let said = shown(schema, &difference.field, &answer.value, words);
            match place(reading, answer) {
                Some(place) => format!("{said} · {place}"),
                None => said,
            }
        });
        let said = said.unwrap_or_else(|| words.word("not said").to_owned());
        page.wrap(&said, &format!("  {} ", letter(index)), "    ");
    }
    for effect in &difference.effects {
        page.toned(Tone::Faint, &hangs(effect, words), "  → ", "    ");
    }
    if !difference.is_tried {
        page.toned(Tone::Faint, words.word(UNTRIED), "  → ", "    ");
    }
}

pub(crate) const UNTRIED: &str = "not tried in every file: the answer does not fit there by itself";

/// The question with its place.
pub(crate) fn title(difference: &Difference) -> String {
    let question = &difference.question;
    let mut line = if question.is_empty() {
        difference.at.clone()
    } else {
        format!("{question} ({})", difference.at)
    };
    if !difference.about.is_empty() && !difference.at.contains(&difference.about) {
        line.push_str(" · ");
        line.push_str(&difference.about);
    }
    line
}

/// File and line of an answer.
pub(crate) fn place(reading: &Reading, answer: &Answer) -> Option<String> {
    let place = answer.place?;
    Some(format!("{}:{}", reading.file, place.line))
}

/// What comes of one answer in the place of another.
pub(crate) fn hangs(effect: &Effect, words: &dyn Words) -> String {
    let (before, after) = (&effect.moved.before, &effect.moved.after);
    let mut parts = Vec::new();
    if before.verdict != after.verdict {
        let word = |word| headline(word, &after.names, words);
        parts.push(format!(
            "{} → {}",
            word(before.verdict),
            word(after.verdict)
        ));
    }
    for (was, is) in before.dimensions.iter().zip(&after.dimensions) {
        if (was.low, was.high) != (is.low, is.high) {
            let (was, now) = (range(was, words), range(is, words));
            if was != now {
                parts.push(format!("{} {was} → {now}", is.title));
            }
        }
    }
    let rules: Vec<&str> = effect
        .moved
        .findings
        .iter()
        .map(|one| one.rule.as_str())
        .collect();
    let named = rules
        .iter()
        .take(RULES)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let rest = rules.len().saturating_sub(RULES);
    if rest > 0 {
        let rest = rest.to_string();
        let args = [("list", named.as_str()), ("count", rest.as_str())];
        parts.push(words.say("{list} and {count} more", &args));
    } else if !named.is_empty() {
        parts.push(named);
    }
    let (reading, other) = (letter(effect.reading), letter(effect.answer_of));
    let args = [
        ("reading", reading.as_str()),
        ("other", other.as_str()),
        ("list", &parts.join("; ")),
    ];
    words.say("{reading} with what {other} says: {list}", &args)
}

fn idle(
    page: &mut Lines<'_>,
    idle: &[&Difference],
    found: &Perspectives,
    options: PerspectivesOptions<'_>,
) {
    if idle.is_empty() {
        return;
    }
    page.heading("Different, and nothing hangs on it");
    if options.all {
        for difference in idle {
            one(page, difference, found, options.schema);
        }
        return;
    }
    let names = idle.iter().take(FIRST).map(|one| one.at.as_str());
    let names = names.collect::<Vec<_>>().join(", ");
    page.wrap(&names, "  ", "  ");
    more(page, idle.len().saturating_sub(FIRST));
}

fn more(page: &mut Lines<'_>, count: usize) {
    if count > 0 {
        let count = count.to_string();
        let line = page
            .words
            .say("and {count} more (--all)", &[("count", &count)]);
        page.toned(Tone::Faint, &line, "  ", "  ");
    }
}

fn rules(page: &mut Lines<'_>, rows: &[Row], all: bool) {
    if rows.is_empty() {
        return;
    }
    page.heading("Rules that do not come out the same");
    let words = page.words;
    let most = if all { usize::MAX } else { FIRST };
    for row in rows.iter().take(most) {
        page.wrap(&format!("{} ({})", row.title, row.rule), "  ", "  ");
        page.toned(Tone::Faint, &states(row, words), "    ", "    ");
    }
    more(page, rows.len().saturating_sub(most));
}

/// How a rule comes out under each reading.
pub(crate) fn states(row: &Row, words: &dyn Words) -> String {
    let each = row.states.iter().enumerate();
    let each =
        each.map(|(index, state)| format!("{} {}", letter(index), state_words(*state, words)));
    each.collect::<Vec<_>>().join(" · ")
}

/// The same as JSON.
pub fn render_json(found: &Perspectives) -> String {
    use crate::differences::{state, summary};
    let readings = found.readings.iter().map(|one| {
        json!({
            "label": one.label,
            "file": one.file,
            "id": one.id,
            "title": one.title,
            "not_said": one.silent,
            "summary": summary(&one.summary),
        })
    });
    let rules = found.rules.iter().map(|row| {
        let states = row.states.iter().map(|one| one.map(state));
        let states: Vec<Option<Value>> = states.collect();
        json!({ "rule": row.rule, "title": row.title, "dimension": row.dimension, "states": states })
    });
    pretty_json(&json!({
        "schema_version": SCHEMA_VERSION,
        "one_program": found.is_one_program(),
        "filled": found.filled,
        "readings": readings.collect::<Vec<_>>(),
        "joint": summary(&found.joint),
        "differences": found.differences.iter().map(difference).collect::<Vec<_>>(),
        "rules": rules.collect::<Vec<_>>(),
    }))
}

fn difference(one: &Difference) -> Value {
    use crate::differences::{state, summary};
    let answers = one.answers.iter().zip(&one.paths).map(|(answer, path)| {
        let answer = answer.as_ref()?;
        Some(json!({
            "path": path.as_ref().map(|path| path.as_str().to_owned()),
            "value": answer.value,
            "line": answer.place.map(|place| place.line),
            "column": answer.place.map(|place| place.column),
        }))
    });
    let effects = one.effects.iter().map(|effect| {
        let findings = effect.moved.findings.iter().map(|moved| {
            json!({ "rule": moved.rule, "before": moved.before.map(state), "after": moved.after.map(state) })
        });
        json!({
            "reading": effect.reading,
            "answer_of": effect.answer_of,
            "before": summary(&effect.moved.before),
            "after": summary(&effect.moved.after),
            "findings": findings.collect::<Vec<_>>(),
        })
    });
    json!({
        "at": one.at,
        "field": one.field,
        "question": one.question,
        "about": one.about,
        "contradiction": one.is_contradiction(),
        "decides": one.decides(),
        "points": one.shown_points().map(|points| decimal(f64::from(points))),
        "tried": one.is_tried,
        "answers": answers.collect::<Vec<_>>(),
        "effects": effects.collect::<Vec<_>>(),
    })
}
