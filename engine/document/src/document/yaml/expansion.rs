//! Follows aliases, within a budget: a few lines of YAML can stand for billions of values.

use super::events::{Content, Scalar, Stream, Value};
use crate::document::slips;
use crate::document::text::{Report, shorten};
use crate::document::tree::{DEPTH_LIMIT, Data, Entry, Node, too_deep};
use evenhand_diagnostic::problem::Problem;
use std::ops::Range;

/// What aliases may copy in one document, in bytes of text.
const COPY_LIMIT: usize = 1 << 20;
/// What a copied value counts besides its text.
const VALUE_COST: usize = 16;

/// The tree of the document; nothing if it has no value.
pub(super) fn expand(stream: &Stream, report: &mut Report<'_>) -> Option<Node> {
    let root = stream.root?;
    let mut expansion = Expansion {
        stream,
        report,
        copied: 0,
        following: Vec::new(),
    };
    Some(expansion.node(root, None, 1))
}

struct Expansion<'e, 'r, 'a> {
    stream: &'e Stream,
    report: &'r mut Report<'a>,
    copied: usize,
    /// The anchors of the aliases that are being followed.
    following: Vec<usize>,
}

impl Expansion<'_, '_, '_> {
    /// `alias` is the place of the alias the value is copied for.
    fn node(&mut self, number: usize, alias: Option<&Range<usize>>, depth: usize) -> Node {
        let Some(value) = self.stream.values.get(number) else {
            return Node {
                span: 0..0,
                data: Data::Null,
            };
        };
        let span = alias.unwrap_or(&value.span).clone();
        if alias.is_some() && !self.afford(value, &span) {
            return Node {
                span,
                data: Data::Null,
            };
        }
        let data = match &value.content {
            Content::Scalar(scalar) => copy(&scalar.data),
            Content::Alias(anchor) => return self.follow(*anchor, &span, depth),
            Content::List(_) | Content::Table(_) if depth > DEPTH_LIMIT => {
                // The reader of events has told it already, unless aliases make the depth.
                if alias.is_some() {
                    self.report.add(span.clone(), too_deep());
                }
                Data::Null
            }
            Content::List(items) => Data::List(
                items
                    .iter()
                    .map(|item| self.node(*item, alias, depth + 1))
                    .collect(),
            ),
            Content::Table(pairs) => {
                let mut entries = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    let Some((key, key_span)) = self.key(*key, alias) else {
                        continue;
                    };
                    entries.push(Entry {
                        key,
                        key_span,
                        node: self.node(*value, alias, depth + 1),
                    });
                }
                Data::Table(entries)
            }
        };
        Node { span, data }
    }

    fn follow(&mut self, anchor: usize, span: &Range<usize>, depth: usize) -> Node {
        let absent = Node {
            span: span.clone(),
            data: Data::Null,
        };
        let Some(target) = self.stream.anchors.get(&anchor) else {
            return absent;
        };
        let around = |value: &Value| value.span.start <= span.start && span.end <= value.span.end;
        if self.following.contains(&anchor) || self.stream.values.get(*target).is_some_and(around) {
            let problem = Problem::error("the alias refers to something that it is a part of");
            self.report.add(span.clone(), problem);
            return absent;
        }
        self.following.push(anchor);
        let node = self.node(*target, Some(span), depth);
        self.following.pop();
        node
    }

    /// Counts a copied value; tells once when the budget is spent.
    fn afford(&mut self, value: &Value, span: &Range<usize>) -> bool {
        let before = self.copied;
        let text = match &value.content {
            Content::Scalar(Scalar {
                data: Data::Text(text),
                ..
            }) => text.len(),
            Content::Table(pairs) => pairs.iter().map(|(key, _)| self.key_length(*key)).sum(),
            _ => 0,
        };
        self.copied = before.saturating_add(text).saturating_add(VALUE_COST);
        if before <= COPY_LIMIT && self.copied > COPY_LIMIT {
            self.report.add(
                span.clone(),
                Problem::error("the aliases of this document stand for far too much text")
                    .suggest("write out what you mean, without `&` and `*`"),
            );
        }
        self.copied <= COPY_LIMIT
    }

    fn key_length(&self, number: usize) -> usize {
        let key = self.stream.values.get(number).map(|value| &value.content);
        match key {
            Some(Content::Scalar(Scalar {
                data: Data::Text(text),
                ..
            })) => text.len() + VALUE_COST,
            _ => VALUE_COST,
        }
    }

    /// The key with its place; nothing if the entry cannot be kept.
    fn key(
        &mut self,
        number: usize,
        alias: Option<&Range<usize>>,
    ) -> Option<(String, Range<usize>)> {
        let value = self.stream.values.get(number)?;
        let span = alias.unwrap_or(&value.span).clone();
        let mut content = &value.content;
        if let Content::Alias(anchor) = content {
            let target = self.stream.values.get(*self.stream.anchors.get(anchor)?)?;
            if !self.afford(target, &span) {
                return None;
            }
            content = &target.content;
        }
        // What a copy repeats is wrong at its first place already.
        let problem = match content {
            Content::Scalar(Scalar { merges: true, .. }) => Problem::error(
                "the merge key `<<` is not read: nobody sees at a glance what is merged",
            )
            .suggest("write out the answers that you mean"),
            Content::Scalar(Scalar {
                data: Data::Text(text),
                ..
            }) => {
                return Some((text.clone(), span));
            }
            Content::Scalar(scalar) => {
                if let Some((span, problem)) = slips::decimal_key(self.report, &value.span) {
                    self.report.add(span, problem);
                    return None;
                }
                let typed = shorten(self.report.slice(&value.span));
                let problem = Problem::error(format!(
                    "the name `{typed}` is {}, and a name has to be a text",
                    scalar.data.title()
                ));
                if typed.is_empty() {
                    problem.suggest("write a name before the colon")
                } else {
                    problem.suggest(format!("write `\"{typed}\"`"))
                }
            }
            Content::List(_) => Problem::error("a list cannot be a name").suggest("write a text"),
            Content::Table(_) => Problem::error("a group of answers cannot be a name")
                .suggest("a text in braces needs quotes"),
            Content::Alias(_) => return None,
        };
        if alias.is_none() {
            self.report.add(span, problem);
        }
        None
    }
}

fn copy(data: &Data) -> Data {
    match data {
        Data::Bool(truth) => Data::Bool(*truth),
        Data::Integer(number) => Data::Integer(*number),
        Data::Float(number) => Data::Float(*number),
        Data::Text(text) => Data::Text(text.clone()),
        // A scalar is neither list nor table.
        Data::Null | Data::List(_) | Data::Table(_) => Data::Null,
    }
}
