//! One session for every door: many threads, languages and profiles at once, and the same bytes as one after the other.

use crate::assembly::{examples, session};
use evenhand_core::document::{Document, Format};
use evenhand_core::executor::{Executor, Sequential};
use evenhand_core::profile::Profile;
use evenhand_report::{json, text};
use evenhand_session::{Language, Session};
use evenhand_standard::distribution;
use evenhand_threads::Threads;
use std::sync::Arc;
use std::thread;

/// A scorecard in every form that depends on the language.
fn shown(
    session: &Session,
    language: &Language,
    document: &Document,
    executor: &dyn Executor,
) -> String {
    let card = session.judge(document, language, executor).unwrap();
    let options = text::TextOptions::default();
    let schema = language.schema(session);
    let text = text::render(&card, document, schema, &language.locale, options);
    format!("{text}\n{}", json::render(&card, document))
}

fn board() -> Session {
    let text = "[profile]\nname = \"Board\"\nlocale = \"fr\"\n[levels]\ngood = 80\n\
                [thresholds]\nclimate = 70\n";
    let document = Document::parse("evenhand.toml", text.as_bytes(), Format::Toml).unwrap();
    let profile = Profile::read(document).unwrap();
    Session::open(distribution(), Some(&profile), Arc::new(Sequential)).unwrap()
}

#[test]
fn threads_languages_and_profiles_do_not_disturb_each_other() {
    let board = board();
    let sessions = [session(), &board];
    let documents: Vec<Document> = examples().into_iter().map(|(_, one)| one).take(3).collect();
    let tags = [None, Some("es"), Some("fr")];
    let mut work = Vec::new();
    for (which, session) in sessions.iter().enumerate() {
        for tag in tags {
            let language = session.language(tag).unwrap();
            for document in &documents {
                let expected = shown(session, &language, document, &Sequential);
                work.push((which, tag, document, expected));
            }
        }
    }
    // Something to be confused: no two of them say the same.
    let mut texts: Vec<&str> = work.iter().map(|(.., text)| text.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    // The board's own language is French, whether it is asked for or not.
    assert_eq!(texts.len(), work.len() - documents.len());
    thread::scope(|scope| {
        for turn in 0..4 {
            let (work, sessions) = (&work, &sessions);
            let judge = move || {
                let count = work.len();
                for index in 0..count {
                    let (which, tag, document, expected) = &work[(index + turn * 5) % count];
                    let session = sessions[*which];
                    let language = session.language(*tag).unwrap();
                    let executor: &dyn Executor =
                        if turn % 2 == 0 { &Sequential } else { &Threads };
                    assert_eq!(&shown(session, &language, document, executor), expected);
                }
            };
            // As much room as the threads of the program have, of which only what is used is taken.
            let builder = thread::Builder::new().stack_size(evenhand_core::executor::STACK_SIZE);
            builder.spawn_scoped(scope, judge).unwrap();
        }
    });
}

#[test]
fn what_cannot_be_judged_comes_back_with_every_problem() {
    let text = "program: { titel: A }\nflows: [{ weeks: many }]\n";
    let document = Document::parse("wrong.yaml", text.as_bytes(), Format::Yaml).unwrap();
    let language = session().language(None).unwrap();
    let problems = session().judge(&document, &language, &Threads).unwrap_err();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(session().language(Some("tlh")).is_err());
}
