//! How many answers it takes, in the order in which questions are put, until the verdict is settled.
//!
//! A program begins as a public page describes it (`pages/`, with the answers its people would give in `answers/`), or
//! as an example with nothing left but who goes where; the example as it stands gives the answers.

use crate::assembly::{book, examples, root};
use evenhand_analysis::dialogue::Dialogue;
use evenhand_analysis::question::Question;
use evenhand_core::document::{Document, Format};
use evenhand_core::pointer::Pointer;
use evenhand_core::verdict::Word;
use serde_json::{Map, Value};

/// A run of the dialogue: what it took.
struct Run {
    name: String,
    verdict: Word,
    answers: usize,
    /// Lists of twelve questions that would have been handed out.
    rounds: usize,
    /// What was answered, one question after the other.
    given: Vec<String>,
}

/// Answers that were given to a question: one if it holds for all, otherwise one for each fact.
fn count(question: &Question, changes: &[(Pointer, Value)]) -> usize {
    let first = changes.first().map(|(_, value)| value);
    let same = changes.iter().all(|(_, value)| Some(value) == first);
    if question.adds_up || (question.alike && same) {
        1
    } else {
        changes.len()
    }
}

fn run(name: &str, start: &Document, truth: impl Fn(&Pointer) -> Option<Value>) -> Run {
    assert_eq!(book().check_document(start), [], "{name}");
    let mut dialogue = Dialogue::new(book(), start);
    let (mut answers, mut asked) = (0, 0_usize);
    let mut given = Vec::new();
    while dialogue.card().verdict.word == Word::Incomplete {
        let Some(question) = dialogue.next() else {
            break;
        };
        asked += 1;
        let changes: Vec<(Pointer, Value)> = question
            .paths
            .iter()
            .filter_map(|path| Some((path.clone(), truth(path)?)))
            .collect();
        if changes.is_empty() {
            dialogue.leave_out(&question);
            continue;
        }
        answers += count(&question, &changes);
        let values: Vec<String> = changes.iter().map(|(_, value)| value.to_string()).collect();
        given.push(format!("{} = {}", question.id, values.join(", ")));
        let some_left = changes.len() < question.paths.len();
        dialogue
            .take(changes)
            .unwrap_or_else(|problems| panic!("{name}, {}: {problems:?}", question.id));
        if some_left {
            dialogue.leave_out(&question);
        }
    }
    Run {
        name: name.to_owned(),
        verdict: dialogue.card().verdict.word,
        answers,
        rounds: asked.div_ceil(12),
        given,
    }
}

/// What a public page would say of an example.
fn as_on_a_page(whole: &Value) -> Value {
    const PROGRAM: [&str; 4] = ["id", "title", "formats", "level"];
    const PARTNER: [&str; 7] = ["id", "name", "country", "place", "kind", "profit", "role"];
    const FLOW: [&str; 9] = [
        "from",
        "to",
        "who",
        "n_per_year",
        "weeks",
        "mode",
        "activity",
        "transport",
        "legs",
    ];
    let keep = |value: &Value, names: &[&str]| {
        let map = value.as_object().cloned().unwrap_or_default();
        let kept = map
            .into_iter()
            .filter(|(name, _)| names.contains(&name.as_str()));
        Value::Object(kept.collect())
    };
    let each = |list: &Value, names: &[&str]| {
        let list = list.as_array().cloned().unwrap_or_default();
        Value::Array(list.iter().map(|one| keep(one, names)).collect())
    };
    let mut page = Map::new();
    page.insert("program".to_owned(), keep(&whole["program"], &PROGRAM));
    page.insert("partners".to_owned(), each(&whole["partners"], &PARTNER));
    page.insert("flows".to_owned(), each(&whole["flows"], &FLOW));
    Value::Object(page)
}

fn pages() -> Vec<Run> {
    let folder = root().join("tests/designer/pages");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 7, "the pages are not where they were");
    let read = |path: &std::path::Path| {
        let bytes = std::fs::read(path).unwrap();
        Document::parse(&path.to_string_lossy(), &bytes, Format::Yaml).unwrap()
    };
    paths
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let answers = read(&path.with_file_name(format!("../answers/{name}.yaml")));
            // A page's answers are by the question's id, so that one holds for every partner or group.
            run(&name, &read(path), |at| {
                let exact = answers.value().get(at.dotted());
                let generic: String = at
                    .steps()
                    .map(|step| {
                        if step.bytes().all(|b| b.is_ascii_digit()) {
                            "-".into()
                        } else {
                            step
                        }
                    })
                    .fold(Pointer::root(), |path, step| path.key(&step))
                    .dotted();
                exact.or_else(|| answers.value().get(&generic)).cloned()
            })
        })
        .collect()
}

fn stripped_examples() -> Vec<Run> {
    examples()
        .into_iter()
        // The course at home has no travel to speak of, and is asked little.
        .filter(|(name, _)| name.starts_with('c'))
        .map(|(name, whole)| {
            let start = Document::from_value(&name, as_on_a_page(whole.value()));
            run(&name, &start, |at| {
                let value = at.of(whole.value())?;
                (!value.is_null()).then(|| value.clone())
            })
        })
        .collect()
}

#[test]
fn a_verdict_takes_few_answers() {
    let runs: Vec<Run> = pages().into_iter().chain(stripped_examples()).collect();
    println!(
        "{:<40} {:>10} {:>8} {:>7}",
        "program", "verdict", "answers", "rounds"
    );
    for run in &runs {
        println!(
            "{:<40} {:>10} {:>8} {:>7}",
            run.name, run.verdict, run.answers, run.rounds
        );
        if std::env::var_os("SHOW_ANSWERS").is_some() {
            println!("    {}", run.given.join("\n    "));
        }
    }
    let decided: Vec<&Run> = runs
        .iter()
        .filter(|run| run.verdict != Word::Incomplete)
        .collect();
    assert!(
        decided.len() >= 17,
        "{} programs are decided",
        decided.len()
    );
    let mut counts: Vec<usize> = decided.iter().map(|run| run.answers).collect();
    counts.sort_unstable();
    let (median, most) = (counts[counts.len() / 2], counts[counts.len() - 1]);
    println!("median {median}, most {most}");
    for run in decided.iter().filter(|run| run.verdict == Word::Stop) {
        assert!(
            run.answers <= 6,
            "{}: a stop after {}",
            run.name,
            run.answers
        );
    }
    assert!(median <= 25 && most <= 40, "median {median}, most {most}");
}
