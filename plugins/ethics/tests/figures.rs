//! Measures the lexicons on labelled sentences and compares the figures with the page.

#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "test code: a broken label must fail loudly"
)]

use evenhand_plugin_ethics::{language::Language, marks};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sentence: Vec<Sentence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    set: String,
    marked: bool,
    #[serde(default)]
    place: Option<String>,
    text: String,
}

/// What came of the sentences of one language and set.
#[derive(Default)]
struct Counts {
    sentences: usize,
    found: usize,
    missed: usize,
    false_alarms: usize,
    silent: usize,
}

fn sentences(language: Language) -> Vec<Sentence> {
    let source = match language {
        Language::English => include_str!("../labelled/en.toml"),
        Language::French => include_str!("../labelled/fr.toml"),
        Language::Spanish => include_str!("../labelled/es.toml"),
    };
    toml::from_str::<File>(source).unwrap().sentence
}

/// Counts a sentence as found only if a mark overlaps the place that a reader would underline.
fn measure(language: Language, set: &str, wrong: &mut String) -> Counts {
    let mut counts = Counts::default();
    for sentence in sentences(language)
        .iter()
        .filter(|sentence| sentence.set == set)
    {
        let marks = marks::find(&sentence.text, language, &BTreeSet::new()).unwrap();
        counts.sentences += 1;
        if sentence.marked {
            let place = sentence.place.as_deref().unwrap();
            let (before, _) = sentence.text.split_once(place).unwrap();
            let start = before.chars().count();
            let end = start + place.chars().count();
            if marks
                .iter()
                .any(|mark| mark.start < end && start < mark.end)
            {
                counts.found += 1;
            } else {
                counts.missed += 1;
                writeln!(wrong, "missed: {}", sentence.text).unwrap();
            }
        } else if marks.is_empty() {
            counts.silent += 1;
        } else {
            counts.false_alarms += 1;
            let quotes: Vec<_> = marks.iter().map(|mark| &mark.quote).collect();
            writeln!(wrong, "false alarm {quotes:?}: {}", sentence.text).unwrap();
        }
    }
    counts
}

/// A share as whole per cent; `-` of nothing.
fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    format!("{} %", (part * 200 + whole) / (2 * whole))
}

fn table(wrong: &mut String) -> String {
    let mut table = String::from(
        "| language | set | sentences | found | missed | false alarms | precision | recall |\n|---|---|---|---|---|---|---|---|\n",
    );
    for language in Language::ALL {
        for set in ["building", "held-out"] {
            let counts = measure(language, set, wrong);
            let Counts {
                sentences,
                found,
                missed,
                false_alarms,
                ..
            } = counts;
            assert!(sentences >= 20, "{language:?} {set}");
            assert_eq!(
                found + missed,
                false_alarms + counts.silent,
                "{language:?} {set}: half marked, half neutral"
            );
            let precision = percent(found, found + false_alarms);
            let recall = percent(found, found + missed);
            writeln!(table, "| {} | {set} | {sentences} | {found} | {missed} | {false_alarms} | {precision} | {recall} |", language.name()).unwrap();
        }
    }
    table
}

#[test]
fn the_page_states_the_measured_figures() {
    let mut wrong = String::new();
    let table = table(&mut wrong);
    let page = include_str!("../README.md");
    assert!(
        page.contains(&table),
        "README.md should hold this table:\n\n{table}\n{wrong}"
    );
}

#[test]
fn sentences_are_labelled_well() {
    for language in Language::ALL {
        let mut texts = BTreeSet::new();
        for sentence in sentences(language) {
            assert!(matches!(sentence.set.as_str(), "building" | "held-out"));
            assert_eq!(
                sentence.marked,
                sentence.place.is_some(),
                "{}",
                sentence.text
            );
            assert!(
                texts.insert(sentence.text.clone()),
                "twice: {}",
                sentence.text
            );
        }
    }
}
