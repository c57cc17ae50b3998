//! The ethics plugin: the language a program is described in, and how closely clinical work is supervised.
//!
//! Texts are read with a sourced lexicon (`lexicon/*.toml`) in English, French and Spanish; the README states method, figures and
//! limits. Nothing is compiled before there is a text to read.

use evenhand_plugin::ranges::{Ends, without};
use evenhand_plugin::{Derived, Error, Finding, Plugin, Value, export_plugin};
use reading::Reading;
use settings::Settings;

pub mod language;
pub mod lexicon;
pub mod marks;

mod assessment;
mod exposure;
mod facts;
mod pattern;
mod reading;
mod settings;
mod words;

/// The plugin with a board's settings.
#[derive(Debug)]
pub struct Ethics {
    settings: Settings,
}

/// Person-weeks are products, and what nobody watches is a share that rises with the learners that each supervisor has.
const RANGES: Ends<'static> = Ends {
    even: &[
        "/flows/*/n_per_year",
        "/flows/*/weeks",
        "/supervision/learners_per_supervisor",
    ],
    uneven: &[],
};

impl Plugin for Ethics {
    fn create(settings: &Value) -> Result<Self, Error> {
        Ok(Self {
            settings: Settings::read(settings)?,
        })
    }

    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        // Texts are read once: no number changes what they say.
        let mut derived = RANGES.derive(proposal, |point| {
            let mut derived = Derived::new();
            exposure::derive(point, &self.settings, &mut derived);
            derived
        });
        facts::derive(
            &Reading::of(&without(proposal), &self.settings)?,
            &mut derived,
        );
        Ok(derived)
    }

    fn assess(&mut self, proposal: &Value) -> Result<Vec<Finding>, Error> {
        let reading = Reading::of(&without(proposal), &self.settings)?;
        Ok(vec![assessment::judge(&reading, &self.settings)])
    }
}

impl Ethics {
    /// The marked places of `text`, as in the fact `marked`. `language` is a BCP 47 tag, or empty to have it counted.
    fn marked_terms(&self, text: &str, language: &str) -> Result<Value, Error> {
        let reading = Reading::of_text(text, language, &self.settings)?;
        if reading.read.is_empty() && !reading.unread.is_empty() {
            return Err(Error::failed(if language.is_empty() {
                "the language of the text cannot be told; name it".to_owned()
            } else {
                format!(
                    "the text is not in a language that is read (en, es, fr); declared is `{language}`"
                )
            }));
        }
        let marks = reading.marks.iter().take(facts::LISTED);
        Ok(marks.map(|(_, mark)| facts::describe(mark, None)).collect())
    }
}

export_plugin! { Ethics, id = ethics, manifest = include_bytes!("../plugin.json");
    /// The marked places of a text.
    pure fn marked_terms(&self, text: &str, language: &str) -> Result<Value, Error>;
}
