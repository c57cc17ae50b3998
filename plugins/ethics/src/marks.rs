//! Finds marked wordings in a passage and leaves out those that their surroundings excuse.

use crate::language::Language;
use crate::lexicon::{Entry, Lexicon, Role};
use crate::pattern::Found;
use crate::words::{Gap, Word, Words};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

/// A marked place of a text.
#[derive(Debug, Clone)]
pub struct Mark {
    /// First character, counted in Unicode scalar values.
    pub start: usize,
    /// First character after it.
    pub end: usize,
    /// The words as they stand in the text.
    pub quote: String,
    /// The entry of the lexicon that found it.
    pub entry: &'static Entry,
    /// The language in which it was read.
    pub language: Language,
}

/// All marked places of a text that is wholly in `language`, in order; entries named in `ignored` are passed over.
pub fn find(
    text: &str,
    language: Language,
    ignored: &BTreeSet<String>,
) -> Result<Vec<Mark>, String> {
    let words = Words::cut(text);
    find_in(text, &words, 0..words.list().len(), language, ignored)
}

/// The marked places among the words of `range`.
pub(crate) fn find_in(
    text: &str,
    words: &Words,
    range: Range<usize>,
    language: Language,
    ignored: &BTreeSet<String>,
) -> Result<Vec<Mark>, String> {
    let lexicon = Lexicon::of(language)?;
    let finds = lexicon.automaton.find(words, range.clone());
    let list = words.list().get(..range.end).unwrap_or_default();
    let surroundings = Surroundings::read(lexicon, &finds, list, &range);
    let mut candidates: Vec<(Found, usize)> = finds
        .into_iter()
        .filter_map(|found| match lexicon.roles.get(found.tag) {
            Some(Role::Entry(entry)) => Some((found, *entry)),
            _ => None,
        })
        .filter(|(found, entry)| {
            lexicon.entries.get(*entry).is_some_and(|known| {
                !ignored.contains(&known.id) && !surroundings.excuse(found, *entry, known.negatable)
            })
        })
        .collect();
    // Of wordings that overlap, the plainest, the longest, the first is kept.
    candidates.sort_by_key(|(found, entry)| {
        let severity = lexicon.entries.get(*entry).map(|entry| entry.severity);
        (
            Reverse(severity),
            Reverse(found.to - found.from),
            found.from,
            *entry,
        )
    });
    let mut taken = vec![false; range.len()];
    candidates.retain(|(found, _)| {
        let first = found.from.saturating_sub(range.start);
        let mut here = taken.iter_mut().skip(first).take(found.to - found.from);
        let keep = here.all(|word| !*word);
        if keep {
            set(&mut taken, &range, found.from..found.to);
        }
        keep
    });
    candidates.sort_by_key(|(found, _)| found.from);
    Ok(candidates
        .into_iter()
        .filter_map(|(found, entry)| {
            let entry = lexicon.entries.get(entry)?;
            let first = list.get(found.from)?;
            let last = list.get(found.to.checked_sub(1)?)?;
            Some(Mark {
                start: first.characters.start,
                end: last.characters.end,
                quote: text.get(first.bytes.start..last.bytes.end)?.to_owned(),
                entry,
                language,
            })
        })
        .collect())
}

/// For every word of the passage: what its surroundings say about a wording that begins or stands there.
#[derive(Debug)]
struct Surroundings {
    first: usize,
    negated: Vec<bool>,
    distanced: Vec<bool>,
    mentioned: Vec<bool>,
    excepted: BTreeSet<(usize, usize)>,
    after: BTreeSet<usize>,
}

impl Surroundings {
    fn read(lexicon: &Lexicon, finds: &[Found], list: &[Word], range: &Range<usize>) -> Self {
        let blank = vec![false; range.len()];
        let mut this = Self {
            first: range.start,
            negated: blank.clone(),
            distanced: blank.clone(),
            mentioned: blank,
            excepted: BTreeSet::new(),
            after: BTreeSet::new(),
        };
        let role = |found: &Found| lexicon.roles.get(found.tag).copied();
        let affirmed: BTreeSet<usize> = finds
            .iter()
            .filter(|found| role(found) == Some(Role::Affirmation))
            .flat_map(|found| found.from..found.to)
            .collect();
        for found in finds {
            match role(found) {
                Some(Role::Negation)
                    if !(found.from..found.to).any(|word| affirmed.contains(&word)) =>
                {
                    set(
                        &mut this.negated,
                        range,
                        reach(list, found.to, lexicon.negation_reach),
                    );
                }
                Some(Role::Distance) => {
                    set(
                        &mut this.distanced,
                        range,
                        reach(list, found.to, lexicon.distance_reach),
                    );
                }
                Some(Role::DistanceAfter) => {
                    let back = reach_back(list, found.from, lexicon.distance_after_reach);
                    this.after.extend(back);
                }
                Some(Role::Mention) => {
                    set(
                        &mut this.mentioned,
                        range,
                        sentence(list, found.from, range),
                    );
                }
                Some(Role::Except(entry)) => {
                    this.excepted
                        .extend((found.from..found.to).map(|word| (entry, word)));
                }
                _ => {}
            }
        }
        for (word, mentioned) in list.iter().skip(range.start).zip(&mut this.mentioned) {
            *mentioned &= word.quoted;
        }
        this
    }

    fn excuse(&self, found: &Found, entry: usize, negatable: bool) -> bool {
        let here = |flags: &[bool], word: usize| {
            word.checked_sub(self.first)
                .and_then(|word| flags.get(word))
                .copied()
                .unwrap_or(false)
        };
        (negatable && here(&self.negated, found.from))
            || here(&self.distanced, found.from)
            || self.after.contains(&(found.to - 1))
            || (found.from..found.to)
                .any(|word| here(&self.mentioned, word) || self.excepted.contains(&(entry, word)))
    }
}

fn set(flags: &mut [bool], range: &Range<usize>, words: Range<usize>) {
    let from = words.start.saturating_sub(range.start);
    for flag in flags
        .iter_mut()
        .take(words.end.saturating_sub(range.start))
        .skip(from)
    {
        *flag = true;
    }
}

/// The words from `from` on that belong to the same clause, `most` at most.
fn reach(list: &[Word], from: usize, most: usize) -> Range<usize> {
    let inside = list
        .iter()
        .skip(from)
        .take(most)
        .take_while(|word| word.gap == Gap::Joined)
        .count();
    from..from + inside
}

/// The words just before `to` that belong to the same clause, `most` at most.
fn reach_back(list: &[Word], to: usize, most: usize) -> Range<usize> {
    let mut from = to;
    while from > to.saturating_sub(most)
        && list.get(from).is_some_and(|word| word.gap == Gap::Joined)
    {
        from -= 1;
    }
    from..to
}

/// The longest sentence that is looked through for the mention of a term, to either side.
const LONGEST_SENTENCE: usize = 40;

/// The words of the sentence round `word`.
fn sentence(list: &[Word], word: usize, range: &Range<usize>) -> Range<usize> {
    let lowest = range.start.max(word.saturating_sub(LONGEST_SENTENCE));
    let mut from = word;
    while from > lowest && list.get(from).is_some_and(|word| word.gap != Gap::Sentence) {
        from -= 1;
    }
    let after = list
        .iter()
        .skip(word + 1)
        .take(LONGEST_SENTENCE)
        .take_while(|word| word.gap != Gap::Sentence)
        .count();
    from..word + 1 + after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotes(text: &str, language: Language) -> Vec<String> {
        find(text, language, &BTreeSet::new())
            .unwrap()
            .into_iter()
            .map(|mark| {
                let cut: String = text
                    .chars()
                    .skip(mark.start)
                    .take(mark.end - mark.start)
                    .collect();
                assert_eq!(cut, mark.quote, "place and quote differ");
                mark.quote
            })
            .collect()
    }

    fn english(text: &str) -> Vec<String> {
        quotes(text, Language::English)
    }

    #[test]
    fn places_are_right_after_emoji_and_combining_marks() {
        assert_eq!(
            english("🏥🩺 cafe\u{301} HELPLESS\u{301} patients"),
            ["HELPLESS\u{301}"]
        );
        assert_eq!(
            quotes("👩🏽‍⚕️ Les plus de\u{301}munis", Language::French),
            ["de\u{301}munis"]
        );
        assert_eq!(
            quotes("¡Vive la aventura! 🌍", Language::Spanish),
            ["aventura"]
        );
    }

    #[test]
    fn negation_distance_and_mention_excuse() {
        assert_eq!(english("We are heroes."), ["heroes"]);
        assert!(english("We are not heroes.").is_empty());
        assert_eq!(
            english("We are not only doctors, we are heroes."),
            ["heroes"]
        );
        assert_eq!(english("Nobody will pay, and heroes come."), ["heroes"]);
        assert!(english("Rather than heroes the booklet shows nurses.").is_empty());
        assert!(english("The hero narrative is discussed in week two.").is_empty());
        assert!(english("The term \"third world\" is not used.").is_empty());
        assert_eq!(english("Our slogan: \"Be a hero!\""), ["hero"]);
    }

    #[test]
    fn other_senses_are_excused() {
        for text in [
            "poor prognosis",
            "poor circulation",
            "primitive neuroectodermal tumour",
            "dark-field microscopy",
            "the mission statement",
            "save the date",
            "the first world war and no third world war",
            "heroic measures",
            "the saviour sibling debate",
            "digital natives",
            "eye-opening response of the Glasgow scale",
            "Save the Children runs the clinic",
            "the guinea pig model",
            "backward classes of the state list",
        ] {
            assert!(english(text).is_empty(), "{text}: {:?}", english(text));
        }
        assert!(
            quotes(
                "El Salvador, San Salvador y la doctora Salvador",
                Language::Spanish
            )
            .is_empty()
        );
        assert!(quotes("un cancer primitif du foie", Language::French).is_empty());
    }

    #[test]
    fn of_overlapping_wordings_one_is_kept() {
        assert_eq!(english("for desperately poor people"), ["desperately poor"]);
    }

    #[test]
    fn ignored_entries_are_passed_over() {
        let ignored = BTreeSet::from(["developing-world".to_owned()]);
        assert!(
            find("developing countries", Language::English, &ignored)
                .unwrap()
                .is_empty()
        );
        assert_eq!(english("developing countries").len(), 1);
    }

    #[test]
    fn strange_texts_are_harmless() {
        for text in [
            "",
            " ",
            "\0",
            "((((",
            "\"\"\"\"",
            "’’’ ‘‘‘",
            "a\u{301}",
            "💥".repeat(1000).as_str(),
        ] {
            assert!(english(text).is_empty());
        }
    }
}
