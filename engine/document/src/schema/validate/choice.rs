//! What was meant by a word that is none of the choices: by its letters, by its label, by the words that people use
//! for it, and last of all by its spelling.

use super::typed;
use crate::schema::Field;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The choices that a text can mean, in the order of the schema; several where it is said of several.
pub fn meant<'f>(field: &'f Field, text: &str) -> Vec<&'f str> {
    let text = folded(&typed::cleaned(text));
    if text.is_empty() {
        return Vec::new();
    }
    let words = || {
        field.choices.iter().flat_map(|choice| {
            let label = field.labels.get(choice).into_iter();
            let synonyms = field.synonyms.get(choice).into_iter().flatten();
            label
                .chain(synonyms)
                .map(move |word| (choice.as_str(), folded(word)))
        })
    };
    let exact = field
        .choices
        .iter()
        .map(String::as_str)
        .filter(|choice| folded(choice) == text);
    let found: Vec<&str> = exact.collect();
    if !found.is_empty() {
        return found;
    }
    let found = unique(
        words()
            .filter(|(_, word)| *word == text)
            .map(|(choice, _)| choice),
    );
    if !found.is_empty() {
        return found;
    }
    let all = field
        .choices
        .iter()
        .map(|choice| (choice.as_str(), folded(choice)))
        .chain(words());
    nearest(&text, all)
}

fn unique<'f>(choices: impl Iterator<Item = &'f str>) -> Vec<&'f str> {
    let mut seen = BTreeSet::new();
    choices.filter(|choice| seen.insert(*choice)).collect()
}

/// The one nearest by spelling; nothing where two are equally near or the text is so short that it can be anything.
fn nearest<'f>(text: &str, words: impl Iterator<Item = (&'f str, String)>) -> Vec<&'f str> {
    let allowed = match text.chars().count() {
        0..=3 => return Vec::new(),
        4..=5 => 1,
        6..=9 => 2,
        length => length / 4,
    };
    let near: Vec<(usize, &str)> = words
        .filter(|(_, word)| word.chars().count() > 3)
        .map(|(choice, word)| (strsim::damerau_levenshtein(text, &word), choice))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    let best = near.iter().map(|(distance, _)| *distance).min();
    let found = unique(
        near.iter()
            .filter(|(distance, _)| Some(*distance) == best)
            .map(|(_, choice)| *choice),
    );
    if found.len() == 1 { found } else { Vec::new() }
}

/// Without accents, capital letters, marks, and the s of a plural.
pub(super) fn folded(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    let words = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words
        .map(|word| {
            if word.len() > 3 {
                word.strip_suffix('s').unwrap_or(word)
            } else {
                word
            }
        })
        .collect();
    words.join(" ")
}

/// What a text becomes that has to have the shape of a code: with capital or small letters, with dashes for blanks.
pub(super) fn shaped(field: &Field, text: &str) -> Option<String> {
    let pattern = field.pattern.as_ref()?;
    let clean = typed::cleaned(text);
    let plain: String = clean.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let slug: Vec<&str> = plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let ways = [
        clean.clone(),
        plain.to_uppercase(),
        plain.to_lowercase(),
        slug.join("-").to_lowercase(),
        slug.join("_").to_lowercase(),
    ];
    let length = |way: &String| !super::out_of_range(field, super::count(way.chars().count()));
    let letters = plain.chars().filter(char::is_ascii_alphanumeric).count();
    ways.into_iter()
        .filter(|way| pattern.0.is_match(way) && length(way))
        // A name in another script has no such code.
        .find(|way| {
            way.chars().filter(char::is_ascii_alphanumeric).count() == letters
                && letters * 2 > clean.chars().count()
        })
}
