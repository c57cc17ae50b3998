//! A text for people as a code with typed arguments, until a language makes words of it.

use crate::text;
use std::fmt;
use std::ops::Deref;

/// A text that the program can say: its stable name, its English, and what `evenhand explain` adds.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab-case; stays the same when the wording changes.
    pub id: &'static str,
    /// The English template, with placeholders such as `{typed}`.
    pub english: &'static str,
    /// The English template where the placeholder `{count}` is one.
    pub one: Option<&'static str>,
    /// Why it is said and what to do, in Markdown. Empty for the smaller parts of a message.
    pub about: &'static str,
}

/// What stands in a placeholder.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// Text as it is: what somebody typed, a name, a path.
    Text(String),
    /// A number, written as the language writes numbers.
    Number(f64),
    /// A list of names, each in backticks.
    List(Vec<String>),
    /// A text of the program's own.
    Phrase(Phrase),
}

/// A code with what stands in its placeholders; it reads as its English text.
#[derive(Debug, Clone)]
pub struct Phrase {
    code: Option<&'static Code>,
    args: Vec<(&'static str, Arg)>,
    english: String,
}

/// Puts phrases into a language.
pub trait Speak {
    /// The template for a code; `count` is the value of its placeholder `{count}`.
    fn template(&self, code: &'static Code, count: Option<f64>) -> &str;
    /// A number as the language writes it.
    fn number(&self, value: f64) -> String;
}

/// The names in a list that are shown; more help nobody.
const LIST_SHOWN: usize = 24;

impl Phrase {
    /// A code with its arguments, by the names of its placeholders.
    pub fn new(code: &'static Code, args: Vec<(&'static str, Arg)>) -> Self {
        let mut phrase = Self {
            code: Some(code),
            args,
            english: String::new(),
        };
        phrase.english = phrase.say(&English);
        phrase
    }

    /// The code, where the text has one.
    pub fn code(&self) -> Option<&'static Code> {
        self.code
    }

    /// What stands in the placeholders, by name.
    pub fn args(&self) -> &[(&'static str, Arg)] {
        &self.args
    }

    /// The English text.
    pub fn as_str(&self) -> &str {
        &self.english
    }

    /// The text in a language.
    pub fn say(&self, language: &dyn Speak) -> String {
        let Some(code) = self.code else {
            return self.english.clone();
        };
        let count = self.args.iter().find_map(|(name, arg)| match arg {
            Arg::Number(count) if *name == "count" => Some(*count),
            _ => None,
        });
        let mut parts = language.template(code, count).split('{');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            match self.args.iter().find(|(known, _)| *known == name) {
                Some((_, arg)) => text.push_str(&arg.say(language)),
                // Not a placeholder but a brace that a person has to see.
                None => text.push_str(&format!("{{{name}}}")),
            }
            text.push_str(rest);
        }
        text
    }
}

impl Arg {
    fn say(&self, language: &dyn Speak) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => language.number(*number),
            Self::Phrase(phrase) => phrase.say(language),
            Self::List(names) => {
                let shown = names.iter().take(LIST_SHOWN);
                let mut text: Vec<String> = shown.map(|name| format!("`{name}`")).collect();
                if names.len() > LIST_SHOWN {
                    text.push("…".to_owned());
                }
                text.join(", ")
            }
        }
    }
}

/// English is the language of every code.
struct English;

impl Speak for English {
    fn template(&self, code: &'static Code, count: Option<f64>) -> &str {
        match code.one {
            Some(one) if count.is_some_and(|count| (count - 1.0).abs() <= 0.0) => one,
            _ => code.english,
        }
    }

    fn number(&self, value: f64) -> String {
        text::number(value)
    }
}

/// The placeholders of a template, in order.
pub fn placeholders(template: &str) -> Vec<&str> {
    let parts = template.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        })
        .collect()
}

impl Deref for Phrase {
    type Target = str;

    fn deref(&self) -> &str {
        &self.english
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl PartialEq for Phrase {
    fn eq(&self, other: &Self) -> bool {
        let id = |phrase: &Self| phrase.code.map(|code| code.id);
        id(self) == id(other) && self.english == other.english
    }
}

impl Eq for Phrase {}

impl PartialEq<str> for Phrase {
    fn eq(&self, other: &str) -> bool {
        self.english == other
    }
}

impl PartialEq<&str> for Phrase {
    fn eq(&self, other: &&str) -> bool {
        self.english == *other
    }
}

impl From<String> for Phrase {
    fn from(english: String) -> Self {
        Self {
            code: None,
            args: Vec::new(),
            english,
        }
    }
}

impl From<&str> for Phrase {
    fn from(english: &str) -> Self {
        english.to_owned().into()
    }
}

impl From<&String> for Phrase {
    fn from(english: &String) -> Self {
        english.clone().into()
    }
}

impl From<Phrase> for String {
    fn from(phrase: Phrase) -> Self {
        phrase.english
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Arg {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Arg {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts and offsets of documents are far below 2^53"
    )]
    fn from(number: usize) -> Self {
        Self::Number(number as f64)
    }
}

impl From<Vec<String>> for Arg {
    fn from(names: Vec<String>) -> Self {
        Self::List(names)
    }
}

impl From<Phrase> for Arg {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(phrase)
    }
}

/// Declares codes and their register: `NAME = "id": "English with {placeholders}";`, with `| one "…"` before the
/// semicolon where a count of one reads differently. The documentation comment is what `evenhand explain` shows.
#[macro_export]
macro_rules! codes {
    ($(#[$outer:meta])* $vis:vis static $register:ident; $(
        $(#[doc = $about:literal])*
        $name:ident = $id:literal : $english:literal $(| one $one:literal)?;
    )*) => {
        $(
            $(#[doc = $about])*
            pub(crate) static $name: $crate::problem::Code = $crate::problem::Code {
                id: $id,
                english: $english,
                one: $crate::codes!(@one $($one)?),
                about: concat!($($about, "\n",)*),
            };
        )*
        $(#[$outer])*
        $vis static $register: &[&$crate::problem::Code] = &[$(&$name),*];
    };
    (@one) => { None };
    (@one $one:literal) => { Some($one) };
}

/// A phrase: `phrase!(CODE, name = value, …)`.
#[macro_export]
macro_rules! phrase {
    ($code:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::problem::Phrase::new(&$code, vec![$((stringify!($name), $crate::problem::Arg::from($value))),*])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    codes! {
        static TEST;
        /// Shown by explain.
        FOUND = "found": "{count} entries in {place}" | one "{count} entry in {place}";
        PLACE = "place": "`{path}` {kept}";
    }

    #[test]
    fn a_phrase_reads_as_its_english() {
        let place = || phrase!(PLACE, path = "a.b");
        let many = phrase!(FOUND, count = 2.0, place = place());
        assert_eq!(many, "2 entries in `a.b` {kept}");
        assert_eq!(
            phrase!(FOUND, count = 1.0, place = place()),
            "1 entry in `a.b` {kept}"
        );
        assert_eq!(TEST.len(), 2);
        assert_eq!(FOUND.about, " Shown by explain.\n");
        assert_eq!(placeholders(FOUND.english), ["count", "place"]);
    }
}
