//! In which language a passage is written: the declared one, checked by counting function words.

use crate::words::{Word, Words};

/// A language that has a lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English, `en`.
    English,
    /// French, `fr`.
    French,
    /// Spanish, `es`.
    Spanish,
}

impl Language {
    /// All of them, in the order of preference when counts tie.
    pub const ALL: [Self; 3] = [Self::English, Self::French, Self::Spanish];

    /// Its primary subtag in BCP 47.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
        }
    }

    /// Its English name.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "French",
            Self::Spanish => "Spanish",
        }
    }
}

/// What `/program/language` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declared {
    /// A language that has a lexicon.
    Covered(Language),
    /// Another one; its primary subtag.
    Other(String),
}

/// Languages so close to one with a lexicon that function words may mislead: the declaration is believed.
const CLOSE_RELATIVES: &str = "an ast ca frp gl ht jam lad oc pap pcd sco wa";

/// Whether a passage declared as `tag` may be read in another language if its function words say so.
pub(crate) fn may_overrule(tag: &str) -> bool {
    !CLOSE_RELATIVES.split(' ').any(|close| close == tag)
}

/// The tag with two letters that BCP 47 wants where a language has one: `fra` gives `fr`.
pub(crate) fn shorter_tag(primary: &str) -> Option<&'static str> {
    match primary {
        "eng" | "english" => Some("en"),
        "fra" | "fre" | "french" => Some("fr"),
        "spa" | "spanish" => Some("es"),
        _ => None,
    }
}

/// Reads a BCP 47 tag by its primary subtag: `fr-CA` is French. `None` if it is no such tag.
pub fn parse_tag(tag: &str) -> Option<Declared> {
    let mut parts = tag.trim().split('-');
    let primary = parts.next()?.to_ascii_lowercase();
    let well_formed = (2..=8).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    if !well_formed {
        return None;
    }
    Some(
        Language::ALL
            .into_iter()
            .find(|language| language.code() == primary)
            .map_or(Declared::Other(primary), Declared::Covered),
    )
}

/// What the function words of a passage say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    /// A language that has a lexicon.
    Covered(Language),
    /// Another language (its code), or `und` for another script.
    Other(&'static str),
    /// Too few function words, or no clear winner.
    Unclear {
        /// Whether the passage is long enough that the words of a known language should have shown.
        strange: bool,
    },
}

/// Function words, levelled. Languages without a lexicon are here so that they are not taken for a neighbour.
const FUNCTION_WORDS: [(&str, &str); 9] = [
    (
        "en",
        "the of and to in is are was were be been for with that this these those on by from as at it its their they we our you your he she his her will would which who not or an have has had but what when there than into can do does",
    ),
    (
        "fr",
        "le la les des du de et un une est sont au aux ce cette ces dans pour par sur avec que qui ne pas plus nous vous ils elles leur leurs notre nos votre vos se sa son ses ou mais comme ont etre fait sans entre chaque lui elle il on je tu y en d l qu n s c",
    ),
    (
        "es",
        "el la los las del de y un una es son al en por para con que no se su sus como mas pero lo le les este esta estos estas ha han hay ser fue muy ya cada nos nuestro nuestra nuestros nuestras tu tus te o entre sin sobre cuando quien quienes donde desde hasta",
    ),
    (
        "pt",
        "o os as do da dos das de e um uma em no na nos nas por para com que nao se seu sua seus suas ao aos mais mas como foi sao ser tem ou pelo pela pelos pelas entre sem sobre quando muito ja isso este esta voce nosso nossa",
    ),
    (
        "it",
        "il lo la i gli le del della dei delle degli di e un una uno in nel nella nei per con che non si sono al alla ai alle da dal dalla come piu ma anche suo sua suoi questo questa questi ha hanno essere ogni tra fra su sul sulla nostro nostra o ed",
    ),
    (
        "de",
        "der die das den dem des und ein eine einer eines einem einen ist sind war fur mit von zu im in auf nicht auch als an bei nach aus wie sich es sie wir ihr ich werden wird wurde hat haben oder aber durch uber unter zum zur dass",
    ),
    (
        "nl",
        "de het een en van in op te dat die is zijn voor met niet aan er om ook als bij door naar uit nog wordt worden werd heeft hebben of maar dan ze zij wij hun deze dit over tot",
    ),
    (
        "ca",
        "el la els les del dels de i un una es son al als en per amb que no se seu seva seus seves com mes pero aquest aquesta aquests aquestes ha han hi ser va molt ja o entre sense sobre quan qui on des fins nostre nostra",
    ),
    (
        "sw",
        "ya wa na kwa ni za la katika hii huu hiyo yake wake kama au lakini pia kila sana kuwa watu hao yao cha vya mwa si ndio bila hadi",
    ),
];

/// Only the first words of a passage are counted; more change nothing.
const COUNTED: usize = 400;

/// A passage this long that shows next to no function word of a language is not in it.
const TELLING_LENGTH: usize = 25;

/// A word counts in parts of this, shared among the languages that have it.
const WHOLE: u32 = 2520;

pub(crate) fn guess(words: &Words, passage: &[Word]) -> Guess {
    if is_foreign_script(words, passage) {
        return Guess::Other("und");
    }
    let mut counts = [0_u32; FUNCTION_WORDS.len()];
    let mut known = 0;
    for word in passage.iter().take(COUNTED) {
        let level = words.level(word);
        let has = FUNCTION_WORDS.map(|(_, list)| list.split(' ').any(|known| known == level));
        let sharers = has.iter().filter(|has| **has).count();
        known += usize::from(sharers > 0);
        let Ok(sharers @ 1..) = u32::try_from(sharers) else {
            continue;
        };
        for (count, has) in counts.iter_mut().zip(has) {
            *count += if has { WHOLE / sharers } else { 0 };
        }
    }
    // The first of equals wins, so ties go to the languages that are read.
    let best = counts
        .iter()
        .enumerate()
        .fold((0, 0), |best, (index, count)| {
            if *count > best.1 {
                (index, *count)
            } else {
                best
            }
        });
    let second = counts
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != best.0)
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(0);
    let strange = passage.len() >= TELLING_LENGTH && known * 12 < passage.len().min(COUNTED);
    if best.1 < 2 * WHOLE || best.1 * 10 < second * 14 || strange {
        return Guess::Unclear { strange };
    }
    let code = FUNCTION_WORDS.get(best.0).map_or("und", |(code, _)| *code);
    Language::ALL
        .into_iter()
        .find(|language| language.code() == code)
        .map_or(Guess::Other(code), Guess::Covered)
}

/// Whether most letters have no levelled form, so that the passage is not in the Latin script.
fn is_foreign_script(words: &Words, passage: &[Word]) -> bool {
    let (mut letters, mut foreign) = (0, 0);
    for word in passage.iter().take(COUNTED) {
        for c in words.level(word).chars() {
            letters += 1;
            foreign += usize::from(!c.is_ascii());
        }
    }
    foreign * 2 > letters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Guess) {
        let words = Words::cut(text);
        assert_eq!(guess(&words, words.list()), expected, "{text}");
    }

    #[test]
    fn each_language_is_told_from_its_neighbours() {
        check(
            "The students learn from the nurses of the ward.",
            Guess::Covered(Language::English),
        );
        check(
            "Les étudiants apprennent avec les infirmières du service.",
            Guess::Covered(Language::French),
        );
        check(
            "Los estudiantes aprenden con las enfermeras de la sala.",
            Guess::Covered(Language::Spanish),
        );
        check(
            "Os estudantes aprendem com as enfermeiras da sala e não fazem procedimentos.",
            Guess::Other("pt"),
        );
        check(
            "Gli studenti imparano con le infermiere della sala e non fanno procedure.",
            Guess::Other("it"),
        );
        check(
            "Els estudiants aprenen amb les infermeres de la sala i no fan cap procediment amb els pacients.",
            Guess::Other("ca"),
        );
        check(
            "Wanafunzi watajifunza na wauguzi wa wodi katika hospitali ya wilaya kwa wiki nne.",
            Guess::Other("sw"),
        );
        check(
            "学生在病房向护士学习四周然后返回自己的大学参加评估和讨论",
            Guess::Other("und"),
        );
        check("Nairobi 2027", Guess::Unclear { strange: false });
    }

    #[test]
    fn tags_are_read_by_their_primary_subtag() {
        assert_eq!(
            parse_tag("EN-gb"),
            Some(Declared::Covered(Language::English))
        );
        assert_eq!(parse_tag("fr"), Some(Declared::Covered(Language::French)));
        assert_eq!(
            parse_tag("es-419"),
            Some(Declared::Covered(Language::Spanish))
        );
        assert_eq!(parse_tag("pt-BR"), Some(Declared::Other("pt".into())));
        for bad in ["", "e", "english!", "fr_FR", "en-", "9x"] {
            assert_eq!(parse_tag(bad), None, "{bad}");
        }
        // A name, not a tag, but well formed; the caller says that it is not covered.
        assert_eq!(
            parse_tag("english"),
            Some(Declared::Other("english".into()))
        );
    }
}
