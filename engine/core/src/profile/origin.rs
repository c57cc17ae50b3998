//! Where a setting comes from: which of the files of a profile says it last, and on which line.

use super::Profile;
use super::reasons::value_at;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::source::Place;
use crate::waiver::Waiver;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The program.
    Program,
    /// A pack, by its folder.
    Pack(String),
    /// A profile: the file, and the place in it.
    Profile(String, Option<Place>),
    /// A plugin, by its id.
    Plugin(String),
}

impl Profile {
    /// The file that says a key last, by its place, and the key as it stands there; the profile itself where none says it.
    pub(super) fn origin_of(&self, at: &Pointer) -> (usize, Pointer) {
        self.said(at).unwrap_or_else(|| (self.own, at.clone()))
    }

    /// The same; none where no file says it.
    fn said(&self, at: &Pointer) -> Option<(usize, Pointer)> {
        let steps: Vec<String> = at.steps().map(std::borrow::Cow::into_owned).collect();
        if let [rules, id, rest @ ..] = steps.as_slice()
            && rules == "rules"
        {
            let named = |name: &str| {
                let at = Pointer::root().key("rules").key(name);
                rest.iter().fold(at, |at, step| at.key(step))
            };
            let entries = self.settings.entries.iter().rev();
            return entries
                .filter(|entry| entry.fits(id))
                .map(|entry| (entry.layer, named(&entry.name)))
                .find(|(layer, at)| self.has(*layer, at));
        }
        let layers = (0..self.layers.len()).rev();
        layers
            .map(|layer| (layer, at.clone()))
            .find(|(layer, at)| self.has(*layer, at))
    }

    fn has(&self, layer: usize, at: &Pointer) -> bool {
        let layer = self.layers.get(layer);
        layer.is_some_and(|layer| at.of(layer.document.value()).is_some())
    }

    /// Where a key comes from, if a profile says it: the file and the place in it.
    pub fn origin(&self, path: &[&str]) -> Option<Origin> {
        let at = path.iter().fold(Pointer::root(), |at, step| at.key(step));
        let (layer, at) = self.said(&at)?;
        let document = &self.layers.get(layer)?.document;
        Some(Origin::Profile(
            document.name().to_owned(),
            document.place(&at),
        ))
    }

    /// Where a waiver comes from.
    pub fn origin_of_waiver(&self, waiver: &Waiver) -> Option<Origin> {
        let at = Pointer::root().key("waivers");
        self.layers.iter().find_map(|layer| {
            let mut own = layer.part.waivers.iter();
            let index = own.position(|own| own == waiver || self.is_former(own, waiver))?;
            let document = &layer.document;
            Some(Origin::Profile(
                document.name().to_owned(),
                document.place(&at.index(index)),
            ))
        })
    }

    /// A problem with the value of a key, in the file that says it last.
    pub(super) fn at(&self, path: &[&str], problem: Problem) -> Problem {
        let at = path.iter().fold(Pointer::root(), |at, step| at.key(step));
        let (layer, at) = self.origin_of(&at);
        self.at_in(layer, &at, problem)
    }

    /// A problem with the value of a key of one file.
    pub(super) fn at_in(&self, layer: usize, at: &Pointer, problem: Problem) -> Problem {
        match self.layers.get(layer).map(|layer| &layer.document) {
            Some(document) => document.problem_at(&value_at(document.value(), at), problem),
            None => problem,
        }
    }

    /// A problem with a key of one file.
    pub(super) fn at_key_in(&self, layer: usize, at: &Pointer, problem: Problem) -> Problem {
        match self.layers.get(layer).map(|layer| &layer.document) {
            Some(document) => document.problem_at_key(at, problem),
            None => problem,
        }
    }
}
