//! What a page cites.

use super::{Basis, Page};
use crate::pack::Sources;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A source by its key, and the section meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// Key in `sources.toml`.
    pub key: String,
    /// Section of the work.
    pub section: Option<String>,
}

impl std::fmt::Display for Citation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key)?;
        self.section
            .as_ref()
            .map_or(Ok(()), |section| write!(f, "#{section}"))
    }
}

/// Reads `key#section`.
pub fn citation(text: &str) -> Citation {
    match text.split_once('#') {
        Some((key, section)) => Citation {
            key: key.to_owned(),
            section: Some(section.to_owned()),
        },
        None => Citation {
            key: text.to_owned(),
            section: None,
        },
    }
}

/// Checks that every citation of a page names a source and a section that exist.
pub(crate) fn check_citations(page: &Page, known: &Sources) -> Vec<Problem> {
    let mut problems = Vec::new();
    let list = Pointer::root().key("sources");
    let cited = page
        .sources
        .iter()
        .enumerate()
        .map(|(index, citation)| (list.index(index), citation.clone()));
    let of_params = page.params.iter().filter_map(|param| {
        let source = param.source.as_ref()?;
        Some((
            Pointer::root().key("params").key(&param.name).key("source"),
            citation(source),
        ))
    });
    for (at, citation) in cited.chain(of_params) {
        match known.get(&citation.key) {
            None => problems.push(
                page.problem_at(
                    &at,
                    Problem::error(format!("`{}` is not a source of this pack", citation.key))
                        .expected("a key of sources.toml")
                        .suggest_maybe(did_you_mean(&citation.key, known.keys())),
                ),
            ),
            Some(source) => {
                if let Some(section) = &citation.section
                    && !source.sections.contains_key(section)
                {
                    let names: BTreeSet<&str> =
                        source.sections.keys().map(String::as_str).collect();
                    problems.push(
                        page.problem_at(
                            &at,
                            Problem::error(format!(
                                "`{}` lists no section `{section}`",
                                citation.key
                            ))
                            .expected("a section named in sources.toml")
                            .suggest_maybe(did_you_mean(section, names)),
                        ),
                    );
                }
            }
        }
    }
    for param in page.params.iter().filter(|param| {
        param.basis == Basis::Sourced && param.source.is_none() && page.sources.is_empty()
    }) {
        problems.push(page.problem_at(
            &Pointer::root().key("params").key(&param.name),
            Problem::error(format!(
                "parameter `{}` is sourced, but no source is named",
                param.name
            )),
        ));
    }
    problems
}
