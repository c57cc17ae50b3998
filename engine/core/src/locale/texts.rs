//! The texts that the scripts of a rulebook say, found without running them.

use crate::rulebook::Rulebook;
use rhai::{AST, ASTNode, Dynamic, Expr};
use std::collections::{BTreeMap, BTreeSet};

/// The texts written in scripts.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    /// Templates and phrases for people, with the script that says them first.
    pub(super) said: BTreeMap<String, String>,
    /// Single words: names of facts and choices, some of which also stand in messages.
    pub(super) single: BTreeSet<String>,
}

impl Texts {
    /// What the rules in force and the library say.
    pub(super) fn of(book: &Rulebook) -> Self {
        let mut texts = Self::default();
        for rule in book.rules() {
            if let Some(script) = &rule.script
                && let Ok(code) = book.interpreter.compiler.code(script)
            {
                texts.add(&rule.page.id, &code.own);
            }
        }
        texts.add("lib", book.interpreter.compiler.library());
        texts
    }

    /// The same with the scripts that a later pack replaced, whose translations still stand in the earlier pack.
    pub(super) fn of_all(book: &Rulebook) -> Self {
        let mut texts = Self::of(book);
        for pack in book.packs() {
            for id in pack.scripts() {
                if let Some(Ok(source)) = pack.source(&format!("{id}.rhai"))
                    && let Ok(script) = book.interpreter.compiler.rule(source)
                    && let Ok(code) = book.interpreter.compiler.code(&script)
                {
                    texts.add(id, &code.own);
                }
            }
        }
        texts
    }

    fn add(&mut self, id: &str, ast: &AST) {
        ast.walk(&mut |nodes| {
            // Text with values inside is a path of a fact, never a message: messages have named places.
            let inside = nodes
                .iter()
                .any(|node| matches!(node, ASTNode::Expr(Expr::InterpolatedString(..))));
            match nodes.last() {
                Some(ASTNode::Expr(Expr::StringConstant(text, _))) if !inside => {
                    self.text(id, text);
                }
                Some(ASTNode::Expr(Expr::DynamicConstant(value, _))) if !inside => {
                    self.constant(id, value);
                }
                _ => {}
            }
            true
        });
    }

    /// A list or map that the compiler has put together already.
    fn constant(&mut self, id: &str, value: &Dynamic) {
        if let Ok(text) = value.as_immutable_string_ref() {
            self.text(id, &text);
        } else if let Ok(items) = value.as_array_ref() {
            items.iter().for_each(|item| self.constant(id, item));
        } else if let Ok(entries) = value.as_map_ref() {
            entries.values().for_each(|item| self.constant(id, item));
        }
    }

    /// Several words are for people; a single one is a name, unless it has a place.
    fn text(&mut self, id: &str, text: &str) {
        if text.contains([' ', '{']) {
            self.said
                .entry(text.to_owned())
                .or_insert_with(|| id.to_owned());
        } else {
            self.single.insert(text.to_owned());
        }
    }
}
