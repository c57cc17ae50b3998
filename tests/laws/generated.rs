//! Silence over programs that nobody wrote for it: those that public pages describe, and made-up ones in the proportions in
//! which the literature has them, plausible and nasty.

use super::silence::{Silence, helped, silences};
use super::{each, nothing};
use crate::assembly::{bases, book, root};
use crate::reference::{Draws, change};
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_core::scorecard::Scorecard;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Articles of 2000 to 2020 by the form of the program they are about (Wu and others 2022, 350 articles), and the base that is such a
/// program. Clinical exchanges one way, partnerships, exchanges, and what is done at home or online.
const FORMS: [(usize, &str); 6] = [
    (94, "short-clinical-elective"),
    (132, "partnership"),
    (55, "north-exchange"),
    (58, "home-course"),
    (46, "virtual-exchange"),
    (20, "surgical-camp"),
];

/// Partnerships of the same articles by where both sides are: rich and poor, poor and poor, rich and rich.
const PAIRS: [(usize, bool, bool); 3] = [(91, true, false), (22, false, false), (19, true, true)];

const RICH: [&str; 6] = ["US", "GB", "DE", "CA", "JP", "AU"];
const POOR: [&str; 6] = ["MW", "KE", "NP", "HT", "PE", "RW"];

/// One of several by their shares.
fn by_share<T: Copy>(draws: &mut Draws, of: &[T], share: impl Fn(&T) -> usize) -> T {
    let all = of.iter().map(&share).sum();
    let mut left = draws.below(all);
    for one in of {
        let own = share(one);
        if left < own {
            return *one;
        }
        left -= own;
    }
    panic!("the shares add up to {all}")
}

/// A made-up proposal; a nasty one has many answers changed without any sense.
fn made_up(draws: &mut Draws, bases: &BTreeMap<String, Document>, nasty: bool) -> Value {
    let (_, base) = by_share(draws, &FORMS, |(share, _)| *share);
    let mut proposal = bases.get(base).unwrap().value().clone();
    let (_, first, second) = by_share(draws, &PAIRS, |(share, ..)| *share);
    let partners = proposal.get_mut("partners");
    let partners = partners.and_then(Value::as_array_mut);
    for (partner, rich) in partners.into_iter().flatten().zip([first, second]) {
        let from = if rich { RICH } else { POOR };
        let partner = partner.as_object_mut().unwrap();
        partner.insert("country".to_owned(), json!(draws.pick(&from)));
        // Where it was is in another country.
        partner.remove("place");
    }
    let schema = book().schema();
    let count = if nasty {
        8 + draws.below(30)
    } else {
        draws.below(8)
    };
    for _ in 0..count {
        change(schema, schema.root(), &mut proposal, draws);
    }
    proposal
}

/// What is judged; none where a document is refused.
fn judged(document: &Document) -> Option<Scorecard> {
    if !book().check_document(document).is_empty() {
        return None;
    }
    let card = book().judge(document);
    (!card.problems.iter().any(Problem::is_error)).then_some(card)
}

/// What is better without an answer. An answer that a check compares may be in doubt: without it, what else was compared counts as
/// given again (`docs/decisions/please-check.md`), so that only findings are held against each other there. Also whether it is better
/// with the answer.
fn better(
    document: &Document,
    before: &Scorecard,
    silence: &Silence,
) -> Option<(Vec<String>, bool)> {
    let mut value = document.value().clone();
    silence.apply(&mut value);
    let after = judged(&Document::from_value(document.name(), value))?;
    let other_way = !helped(&after, before).is_empty();
    let open = |card: &Scorecard| {
        card.checks
            .iter()
            .filter(|check| check.settled.is_none())
            .count()
    };
    if open(&after) >= open(before) {
        return Some((helped(before, &after), other_way));
    }
    let mut alone = before.clone();
    alone.dimensions.clear();
    alone.verdict.word = after.verdict.word;
    Some((helped(&alone, &after), other_way))
}

/// Leaves out `most` answers of each document, or all of them.
fn tried(documents: &[Document], most: usize) -> (usize, Vec<String>) {
    let count = AtomicUsize::new(0);
    let fell = AtomicUsize::new(0);
    let wrong = each(documents, |index, document| {
        let Some(before) = judged(document) else {
            return Vec::new();
        };
        let mut draws = Draws(u64::try_from(index).unwrap());
        let mut silences = silences(document.value());
        let mut wrong = Vec::new();
        for _ in 0..most.min(silences.len()) {
            let silence = silences.swap_remove(draws.below(silences.len()));
            let Some((found, other_way)) = better(document, &before, &silence) else {
                continue;
            };
            count.fetch_add(1, Ordering::Relaxed);
            fell.fetch_add(usize::from(other_way), Ordering::Relaxed);
            let name = document.name();
            wrong.extend(found.into_iter().map(|what| {
                format!(
                    "{name} without {}: {what}\n{}",
                    silence.at,
                    document.value()
                )
            }));
        }
        wrong
    });
    // The other way round the law does not hold, and that is seen: an answer helps.
    let (count, fell) = (count.into_inner(), fell.into_inner());
    assert!(fell * 20 > count, "{fell} of {count} answers helped");
    (count, wrong)
}

#[test]
fn silence_never_helps_a_program_of_a_public_page() {
    let folder = root().join("tests/designer/pages");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        Document::parse(name, &std::fs::read(path).unwrap(), Format::Yaml).unwrap()
    };
    let pages: Vec<Document> = paths.iter().map(read).collect();
    let most = if cfg!(debug_assertions) {
        20
    } else {
        usize::MAX
    };
    let (count, wrong) = tried(&pages, most);
    nothing(&wrong);
    assert!(
        pages.len() >= 7 && count > 100,
        "{count} of {} pages",
        pages.len()
    );
}

fn generated(count: usize, seed: u64) -> Vec<Document> {
    let bases: BTreeMap<String, Document> = bases().into_iter().collect();
    let mut draws = Draws(seed);
    (0..count)
        .map(|index| {
            let proposal = made_up(&mut draws, &bases, index % 3 == 0);
            Document::from_value(&format!("made-up-{seed}-{index}"), proposal)
        })
        .collect()
}

#[test]
fn silence_never_helps_a_made_up_program() {
    let (count, wrong) = tried(&generated(40, 1), 4);
    nothing(&wrong);
    assert!(count > 80, "only {count}");
}

/// As many programs as `PROGRAMS` says, from the seed in `SEED`.
#[test]
#[ignore = "takes as long as one likes"]
fn silence_never_helps_many_made_up_programs() {
    let number = |name: &str, or: u64| {
        let given = std::env::var(name).ok();
        given.map_or(or, |text| text.parse().unwrap())
    };
    let programs = usize::try_from(number("PROGRAMS", 2_000)).unwrap();
    let seed = number("SEED", 2);
    let (count, wrong) = tried(&generated(programs, seed), 12);
    nothing(&wrong);
    println!("{count} answers left out of {programs} made-up programs from seed {seed}");
}
