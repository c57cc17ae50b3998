//! What the SDK would prevent, one function each.

use evenhand_plugin::abi::{self, Status};
use evenhand_plugin::value::ValueType;
use std::fmt;

pub mod answer;
pub mod crash;
pub mod document;
pub mod drift;
pub mod outside;

/// One way to misbehave.
#[derive(Clone, Copy)]
pub struct Deed {
    /// Its name as a function and in the settings.
    pub name: &'static str,
    /// Whether it takes one argument, of type `str`.
    pub takes_text: bool,
    /// What it is declared to return.
    pub returns: ValueType,
    /// Does it.
    pub act: fn(&mut Scene<'_>) -> Status,
}

/// What a deed has at hand.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The argument, or the `with` of the settings; may be empty.
    pub with: &'a str,
    /// Where a returned value goes; null except in a function call.
    pub answer: *mut abi::Value,
    /// Where text goes.
    pub sink: *const abi::Sink,
}

/// All deeds, in the order of the manifest, after the functions of [`tame`](crate::tame).
pub fn all() -> impl Iterator<Item = &'static Deed> {
    [
        crash::DEEDS,
        answer::DEEDS,
        document::DEEDS,
        outside::DEEDS,
        drift::DEEDS,
    ]
    .into_iter()
    .flatten()
}

/// The deed of that name.
pub fn named(name: &str) -> Option<&'static Deed> {
    all().find(|deed| deed.name == name)
}

const fn deed(name: &'static str, returns: ValueType, act: fn(&mut Scene<'_>) -> Status) -> Deed {
    Deed {
        name,
        takes_text: false,
        returns,
        act,
    }
}

const fn deed_with(
    name: &'static str,
    returns: ValueType,
    act: fn(&mut Scene<'_>) -> Status,
) -> Deed {
    Deed {
        name,
        takes_text: true,
        returns,
        act,
    }
}

impl fmt::Debug for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
