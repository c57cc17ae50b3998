//! Who can answer, by the names people call them.

use evenhand_core::pack::Respondent;
use evenhand_diagnostic::words::{Section, Words};

/// The names of respondents in a language, in the order of their ids; an id that the packs do not explain stands for itself.
pub fn names(ids: &[String], known: &[Respondent], words: &dyn Words) -> String {
    let names = ids.iter().map(|id| {
        let title = known.iter().find(|one| one.id == *id);
        let own = words.find(Section::Respondents, id);
        own.or(title.map(|one| one.title.as_str())).unwrap_or(id)
    });
    names.collect::<Vec<_>>().join(", ")
}
