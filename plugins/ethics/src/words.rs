//! Cuts a text into words whose case and accents are levelled, and remembers where each stood.

use std::ops::Range;

/// A quoted passage longer than this is speech, not the mention of a term.
const LONGEST_MENTION: usize = 8;

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Spaces, hyphens, apostrophes, quotation marks, mark-up.
    Joined,
    /// A comma, colon, semicolon, dash or bracket.
    Clause,
    /// The end of a sentence or of a paragraph, or the beginning of the text.
    Sentence,
}

/// One word of a text.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// Its place in the text, in characters (Unicode scalar values).
    pub(crate) characters: Range<usize>,
    /// Its place in the text, in bytes.
    pub(crate) bytes: Range<usize>,
    /// Its levelled form in the buffer.
    level: Range<usize>,
    /// What stands before it.
    pub(crate) gap: Gap,
    /// Whether it stands in a short quotation.
    pub(crate) quoted: bool,
    /// Number of the paragraph, from 0; blank lines part paragraphs.
    pub(crate) paragraph: usize,
}

/// The words of a text.
#[derive(Debug, Default)]
pub(crate) struct Words {
    buffer: String,
    list: Vec<Word>,
}

impl Words {
    /// Cuts `text` into words in one pass.
    pub(crate) fn cut(text: &str) -> Self {
        let mut cutter = Cutter::default();
        let mut character = 0;
        for (byte, c) in text.char_indices() {
            cutter.take(c, character, byte);
            character += 1;
        }
        cutter.close_word(character, text.len());
        cutter.words
    }

    /// All words in order.
    pub(crate) fn list(&self) -> &[Word] {
        &self.list
    }

    /// The levelled form of a word: small ASCII letters where it is written in the Latin script.
    pub(crate) fn level(&self, word: &Word) -> &str {
        self.buffer.get(word.level.clone()).unwrap_or_default()
    }
}

#[derive(Debug)]
struct Open {
    character: usize,
    byte: usize,
    level: usize,
}

#[derive(Debug, Default)]
struct Cutter {
    words: Words,
    open: Option<Open>,
    gap: Option<Gap>,
    newlines: usize,
    paragraph: usize,
    quotes: Quotes,
}

impl Cutter {
    fn take(&mut self, c: char, character: usize, byte: usize) {
        if is_ignorable(c) {
            return;
        }
        if c.is_alphanumeric() {
            self.open_word(character, byte);
            level(c, &mut self.words.buffer);
            return;
        }
        let after_letter = self.open.is_some();
        self.close_word(character, byte);
        if let Some((from, to)) = self.quotes.take(c, after_letter, self.words.list.len()) {
            for word in self.words.list.iter_mut().take(to).skip(from) {
                word.quoted = true;
            }
        }
        self.separate(c);
    }

    fn open_word(&mut self, character: usize, byte: usize) {
        if self.open.is_none() {
            let level = self.words.buffer.len();
            self.open = Some(Open {
                character,
                byte,
                level,
            });
        }
    }

    fn close_word(&mut self, character: usize, byte: usize) {
        let Some(open) = self.open.take() else { return };
        self.words.list.push(Word {
            characters: open.character..character,
            bytes: open.byte..byte,
            level: open.level..self.words.buffer.len(),
            gap: if self.words.list.is_empty() {
                Gap::Sentence
            } else {
                self.gap.unwrap_or(Gap::Joined)
            },
            quoted: false,
            paragraph: self.paragraph,
        });
        self.gap = None;
        self.newlines = 0;
    }

    fn separate(&mut self, c: char) {
        if c == '\n' {
            self.newlines += 1;
            if self.newlines == 2 && !self.words.list.is_empty() {
                self.paragraph += 1;
            }
        }
        let gap = match c {
            '.' | '!' | '?' | '…' | '¡' | '¿' | '•' | '。' => Gap::Sentence,
            '\n' if self.newlines >= 2 => Gap::Sentence,
            ',' | ';' | ':' | '(' | ')' | '[' | ']' | '–' | '—' => Gap::Clause,
            _ => Gap::Joined,
        };
        self.gap = self.gap.max(Some(gap));
    }
}

/// Finds quotations: at most one is open at a time, and an unclosed one is forgotten.
#[derive(Debug, Default)]
struct Quotes {
    open: Option<(char, usize)>,
}

impl Quotes {
    /// Takes one separator; gives the range of words of a short quotation that it closes.
    fn take(&mut self, c: char, after_letter: bool, words: usize) -> Option<(usize, usize)> {
        let closes = match self.open {
            Some(('"', _)) => c == '"',
            Some(('“' | '„', _)) => matches!(c, '”' | '“'),
            Some(('«', _)) => c == '»',
            Some(('»', _)) => c == '«',
            Some(('‘', _)) => c == '’',
            Some(('\'', _)) => c == '\'' && after_letter,
            _ => false,
        };
        if closes {
            let (_, from) = self.open.take()?;
            return (words - from <= LONGEST_MENTION).then_some((from, words));
        }
        // An apostrophe inside a word follows a letter; an opening mark does not.
        let opens = matches!(c, '"' | '“' | '„' | '«' | '»' | '‘') || (c == '\'' && !after_letter);
        let stale = self
            .open
            .is_none_or(|(mark, from)| mark != '"' || words - from > 40 * LONGEST_MENTION);
        if opens && stale {
            self.open = Some((c, words));
        }
        None
    }
}

/// Marks that belong to the word around them and carry no meaning for us: combining accents, soft hyphens, joiners.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Adds `c` without case and accents: `É` gives `e`, `œ` gives `oe`.
fn level(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for lower in c.to_lowercase().filter(|lower| !is_ignorable(*lower)) {
        match lower {
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ª' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => out.push('e'),
            'ì'..='ï' | 'ī' | 'ı' => out.push('i'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'º' => out.push('o'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ß' => out.push_str("ss"),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            'š' | 'ś' => out.push('s'),
            'ž' | 'ź' | 'ż' => out.push('z'),
            full @ '\u{ff41}'..='\u{ff5a}' => {
                out.extend(char::from_u32(u32::from(full) - 0xff41 + u32::from('a')));
            }
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(text: &str) -> Vec<String> {
        let words = Words::cut(text);
        words
            .list()
            .iter()
            .map(|word| words.level(word).to_owned())
            .collect()
    }

    #[test]
    fn case_and_accents_are_levelled() {
        assert_eq!(
            levels("L'ÉTÉ à Cœur-Vaillant"),
            ["l", "ete", "a", "coeur", "vaillant"]
        );
        assert_eq!(levels("de\u{301}munis nin\u{303}os"), ["demunis", "ninos"]);
        assert_eq!(levels("ｓａｖｅ help\u{ad}less"), ["save", "helpless"]);
        assert_eq!(levels(""), Vec::<String>::new());
        assert_eq!(levels("… — !"), Vec::<String>::new());
    }

    #[test]
    fn places_count_characters_not_bytes() {
        let text = "👩🏽‍⚕️ De\u{301}munis !";
        let words = Words::cut(text);
        let word = &words.list()[0];
        let quote: String = text
            .chars()
            .skip(word.characters.start)
            .take(word.characters.len())
            .collect();
        assert_eq!(quote, "De\u{301}munis");
        assert_eq!(text.get(word.bytes.clone()), Some(quote.as_str()));
    }

    #[test]
    fn gaps_tell_clauses_sentences_and_paragraphs_apart() {
        let words = Words::cut("One two, three. Four\nfive\n\nsix");
        let gaps: Vec<_> = words.list().iter().map(|word| word.gap).collect();
        assert_eq!(
            gaps,
            [
                Gap::Sentence,
                Gap::Joined,
                Gap::Clause,
                Gap::Sentence,
                Gap::Joined,
                Gap::Sentence
            ]
        );
        assert_eq!(words.list()[4].paragraph, 0);
        assert_eq!(words.list()[5].paragraph, 1);
    }

    #[test]
    fn short_quotations_are_seen_and_apostrophes_are_not_quotations() {
        let quoted = |text: &str| {
            let words = Words::cut(text);
            words
                .list()
                .iter()
                .filter(|word| word.quoted)
                .map(|word| words.level(word).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(quoted("the word \"third world\" here"), ["third", "world"]);
        assert_eq!(quoted("le terme « tiers-monde » ici"), ["tiers", "monde"]);
        assert_eq!(
            quoted("the term ‘helpless’ and 'needy' too"),
            ["helpless", "needy"]
        );
        assert!(quoted("the students' poor families and the host's ward").is_empty());
        assert!(quoted("an \"unclosed one").is_empty());
        assert!(quoted("“one two three four five six seven eight nine”").is_empty());
    }
}
