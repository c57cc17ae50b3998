//! Reads YAML 1.2: from the parser's events to the common tree.

mod events;
mod expansion;
mod places;
mod scalar;

pub(in crate::document) use scalar::plain;

use super::text::Report;
use super::tree::Node;

/// The tree of the text; nothing if it has no value.
///
/// After a mistake, what comes before it is judged all the same.
pub(super) fn read(report: &mut Report<'_>) -> Option<Node> {
    let stream = events::read(report);
    expansion::expand(&stream, report)
}
