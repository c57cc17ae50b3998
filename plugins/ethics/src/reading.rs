//! Reads the texts of a proposal: decides the language of every passage and marks its wordings.

use crate::language::{self, Declared, Guess, Language};
use crate::marks::{self, Mark};
use crate::settings::Settings;
use crate::words::Words;
use evenhand_plugin::{Problem, Value};
use std::ops::Range;

/// The texts that are read, in the order in which they are reported.
pub(crate) const TEXTS: [&str; 4] = [
    "/program/title",
    "/program/summary",
    "/program/publicity",
    "/motivation/statement",
];

/// Where the language is declared.
pub(crate) const LANGUAGE: &str = "/program/language";

/// A shorter passage does not overrule the declared language.
const OVERRULING_LENGTH: usize = 8;

/// The texts of a proposal after reading.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// What was read, by text and language.
    pub(crate) read: Vec<Part>,
    /// What could not be read.
    pub(crate) unread: Vec<Unread>,
    /// The marked places with the path of their text, in order.
    pub(crate) marks: Vec<(&'static str, Mark)>,
    /// What is wrong with the texts or with the language tag.
    pub(crate) problems: Vec<Problem>,
    /// Whether a usable language is declared.
    pub(crate) declared: bool,
}

/// Words of one text that were read in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) path: &'static str,
    pub(crate) language: Language,
    /// `declared`, `detected`, or `as the other texts`.
    pub(crate) how: &'static str,
    pub(crate) words: usize,
}

/// Words of one text that were not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) path: &'static str,
    /// Code of the language, `und` for another script or a language that shows no known function word; `None` if it could not
    /// be told and was not declared.
    pub(crate) language: Option<String>,
    pub(crate) words: usize,
}

impl Reading {
    /// Reads all texts of `proposal`. The error is a fault of a lexicon.
    pub(crate) fn of(proposal: &Value, settings: &Settings) -> Result<Self, String> {
        let mut this = Self::default();
        let declared = this.declaration(proposal);
        this.declared = declared.is_some();
        let texts: Vec<Text<'_>> = TEXTS
            .into_iter()
            .filter_map(|path| this.text(proposal, path))
            .collect();
        let main = main_language(&texts);
        for text in &texts {
            for (range, verdict) in text.verdicts(declared.as_ref(), main) {
                this.passage(text, range, verdict, settings)?;
            }
        }
        Ok(this)
    }

    /// Reads one text by itself; `language` is a BCP 47 tag or empty. The error says what is wrong with the tag.
    pub(crate) fn of_text(text: &str, language: &str, settings: &Settings) -> Result<Self, String> {
        let mut program = serde_json::Map::from_iter([("title".to_owned(), Value::from(text))]);
        if !language.is_empty() {
            program.insert("language".to_owned(), Value::from(language));
        }
        let this = Self::of(&serde_json::json!({ "program": program }), settings)?;
        match this.problems.first() {
            Some(problem) => Err(problem.message.clone()),
            None => Ok(this),
        }
    }

    /// All words that were read.
    pub(crate) fn words(&self) -> usize {
        self.read.iter().map(|part| part.words).sum()
    }

    /// All words that were not.
    pub(crate) fn unread_words(&self) -> usize {
        self.unread.iter().map(|part| part.words).sum()
    }

    /// The language in which most words were read.
    pub(crate) fn language(&self) -> Option<Language> {
        let count = |language: Language| -> usize {
            self.read
                .iter()
                .filter(|part| part.language == language)
                .map(|part| part.words)
                .sum()
        };
        most(Language::ALL.map(|language| (language, count(language))))
    }

    /// The paths of the texts that were read, each once.
    pub(crate) fn paths(&self) -> Vec<&'static str> {
        let mut paths: Vec<_> = self.read.iter().map(|part| part.path).collect();
        paths.dedup();
        paths
    }

    fn declaration(&mut self, proposal: &Value) -> Option<Declared> {
        let value = proposal
            .pointer(LANGUAGE)
            .filter(|value| !value.is_null())?;
        let expected = "a BCP 47 tag such as en, fr-CA or es";
        let Some(tag) = value.as_str() else {
            let problem = Problem::new(LANGUAGE, "the language must be text");
            self.problems.push(problem.expecting(expected));
            return None;
        };
        let Some(declared) = language::parse_tag(tag) else {
            let problem = Problem::new(LANGUAGE, format!("`{tag}` is not a language tag"));
            self.problems.push(problem.expecting(expected));
            return None;
        };
        let Declared::Other(primary) = &declared else {
            return Some(declared);
        };
        if let Some(short) = language::shorter_tag(primary) {
            let problem =
                Problem::new(LANGUAGE, format!("`{tag}` is not the tag of that language"));
            self.problems
                .push(problem.expecting(expected).suggesting(short));
            return language::parse_tag(short);
        }
        // "Undetermined", "several" and "none" say nothing about any one text.
        (!matches!(primary.as_str(), "und" | "mul" | "mis" | "zxx")).then_some(declared)
    }

    fn text<'a>(&mut self, proposal: &'a Value, path: &'static str) -> Option<Text<'a>> {
        let value = proposal.pointer(path).filter(|value| !value.is_null())?;
        let Some(source) = value.as_str() else {
            self.problems.push(Problem::new(path, "this must be text"));
            return None;
        };
        let text = Text::cut(path, source);
        (!text.passages.is_empty()).then_some(text)
    }

    fn passage(
        &mut self,
        text: &Text<'_>,
        range: Range<usize>,
        verdict: Verdict,
        settings: &Settings,
    ) -> Result<(), String> {
        let path = text.path;
        match verdict {
            Verdict::Read(language, how) => {
                let words = range.len();
                let found =
                    marks::find_in(text.source, &text.words, range, language, &settings.ignore)?;
                self.marks
                    .extend(found.into_iter().map(|mark| (path, mark)));
                match self.read.last_mut() {
                    Some(last) if (last.path, last.language, last.how) == (path, language, how) => {
                        last.words += words;
                    }
                    _ => self.read.push(Part {
                        path,
                        language,
                        how,
                        words,
                    }),
                }
            }
            Verdict::Unread(language) => {
                let words = range.len();
                match self.unread.last_mut() {
                    Some(last) if last.path == path && last.language == language => {
                        last.words += words;
                    }
                    _ => self.unread.push(Unread {
                        path,
                        language,
                        words,
                    }),
                }
            }
        }
        Ok(())
    }
}

/// What is done with a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Read(Language, &'static str),
    Unread(Option<String>),
}

/// One text, cut into words and paragraphs.
#[derive(Debug)]
struct Text<'a> {
    path: &'static str,
    source: &'a str,
    words: Words,
    passages: Vec<(Range<usize>, Guess)>,
}

impl<'a> Text<'a> {
    fn cut(path: &'static str, source: &'a str) -> Self {
        let words = Words::cut(source);
        let mut passages = Vec::new();
        let mut from = 0;
        for paragraph in words.list().chunk_by(|a, b| a.paragraph == b.paragraph) {
            passages.push((
                from..from + paragraph.len(),
                language::guess(&words, paragraph),
            ));
            from += paragraph.len();
        }
        Self {
            path,
            source,
            words,
            passages,
        }
    }

    /// What is done with each passage; neighbours that are treated alike are joined.
    fn verdicts(
        &self,
        declared: Option<&Declared>,
        main: Option<Language>,
    ) -> Vec<(Range<usize>, Verdict)> {
        let mut verdicts: Vec<(Range<usize>, Verdict)> = Vec::new();
        for (range, guess) in &self.passages {
            let verdict = judge(*guess, range.len(), declared, main);
            match verdicts.last_mut() {
                Some((last, same)) if *same == verdict => last.end = range.end,
                _ => verdicts.push((range.clone(), verdict)),
            }
        }
        verdicts
    }
}

fn judge(
    guess: Guess,
    length: usize,
    declared: Option<&Declared>,
    main: Option<Language>,
) -> Verdict {
    let long = length >= OVERRULING_LENGTH;
    match (declared, guess) {
        (Some(Declared::Covered(language)), Guess::Covered(seen)) if !long || seen == *language => {
            Verdict::Read(*language, "declared")
        }
        (Some(Declared::Covered(language)), Guess::Other(_)) if !long => {
            Verdict::Read(*language, "declared")
        }
        (Some(Declared::Covered(language)), Guess::Unclear { strange: false }) => {
            Verdict::Read(*language, "declared")
        }
        (Some(Declared::Other(tag)), Guess::Covered(seen))
            if long && language::may_overrule(tag) =>
        {
            Verdict::Read(seen, "detected")
        }
        (Some(Declared::Other(tag)), _) => Verdict::Unread(Some(tag.clone())),
        (_, Guess::Covered(seen)) => Verdict::Read(seen, "detected"),
        (_, Guess::Other(code)) => Verdict::Unread(Some(code.to_owned())),
        (_, Guess::Unclear { strange: true }) => Verdict::Unread(Some("und".to_owned())),
        (None, Guess::Unclear { strange: false }) => main.map_or(Verdict::Unread(None), |main| {
            Verdict::Read(main, "as the other texts")
        }),
    }
}

/// The language of most words among the passages that show one.
fn main_language(texts: &[Text<'_>]) -> Option<Language> {
    let count = |language: Language| -> usize {
        texts
            .iter()
            .flat_map(|text| &text.passages)
            .filter(|(_, guess)| *guess == Guess::Covered(language))
            .map(|(range, _)| range.len())
            .sum()
    };
    most(Language::ALL.map(|language| (language, count(language))))
}

/// The first of those with the highest count, unless all are 0.
fn most(counts: [(Language, usize); 3]) -> Option<Language> {
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .rev()
        .max_by_key(|(_, count)| *count)
        .map(|(language, _)| language)
}
