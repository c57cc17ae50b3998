//! The texts of a rulebook that can be put into a language; what its scripts say is found without running them.

use crate::rulebook::Rulebook;
use evenhand_diagnostic::words::{CatalogFile, Originals, Section};
use rhai::{AST, ASTNode, Dynamic, Expr};
use std::collections::{BTreeMap, BTreeSet};

impl Rulebook {
    /// The packs' files of translations, those of later packs last.
    pub fn catalogs(&self) -> Vec<CatalogFile<'_>> {
        let files = self.packs().iter().flat_map(|pack| {
            pack.files.iter().filter_map(|(path, bytes)| {
                let rest = path.strip_prefix("locales/")?.strip_suffix(".toml")?;
                Some(CatalogFile {
                    language: rest.split('/').next().unwrap_or_default(),
                    pack: &pack.folder,
                    path,
                    bytes,
                    checked: pack.checked,
                })
            })
        });
        files.collect()
    }

    /// Every text of the packs that can be put into a language.
    pub fn originals(&self) -> Originals {
        let mut originals = Originals::default();
        add_rules(&mut originals, self);
        let of_scripts = Texts::of_all(self);
        let said = Texts::of(self).said;
        let tables = || {
            self.portfolio_texts()
                .into_iter()
                .chain(self.breakdown_texts())
        };
        let said = said.into_keys().chain(tables());
        let said = said.map(|text| (text.clone(), text)).collect();
        originals.wanted.insert(Section::Messages, said);
        let known = of_scripts.said.into_keys().chain(tables());
        let known = known.collect();
        originals.known.insert(Section::Messages, known);
        let schema = self.schema();
        let fields = schema.walk().into_iter().map(|id| schema.field(id));
        let mut values = of_scripts.single;
        let mut paths = BTreeSet::new();
        let (mut questions, mut titles) = (Vec::new(), Vec::new());
        for field in fields {
            values.extend(field.choices.iter().cloned());
            values.extend(field.unit.clone());
            paths.insert(field.path.clone());
            originals
                .choices
                .insert(field.path.clone(), field.choices.clone());
            if field.path.is_empty() || field.path.starts_with("derived") {
                continue;
            }
            questions.push((field.path.clone(), field.question.clone()));
            titles.push((field.path.clone(), field.title.clone()));
            let labels = field.labels.clone().into_iter().collect();
            originals.labels.push((field.path.clone(), labels));
        }
        originals.wanted.insert(Section::Questions, questions);
        originals.wanted.insert(Section::Fields, titles);
        originals.known.insert(Section::Values, values);
        originals.known.insert(Section::Questions, paths.clone());
        originals.known.insert(Section::Fields, paths);
        originals
    }

    /// The texts that scripts say, each with the script that says it first.
    pub fn said(&self) -> BTreeMap<String, String> {
        Texts::of(self).said
    }
}

/// Adds what can be translated of dimensions and rules.
fn add_rules(originals: &mut Originals, book: &Rulebook) {
    let dimensions = book.info().dimensions.iter();
    let dimensions: Vec<_> = dimensions
        .map(|dimension| (dimension.id.clone(), dimension.title.clone()))
        .collect();
    let of_plugins = || book.manifests().flat_map(|(manifest, _)| &manifest.rules);
    let pages = || book.rules().iter().map(|rule| &rule.page);
    let titles: Vec<_> = pages()
        .map(|page| (page.id.clone(), page.title.clone()))
        .chain(of_plugins().map(|rule| (rule.id.clone(), rule.title.clone())))
        .collect();
    let helps = pages()
        .map(|page| (page.id.clone(), page.help.clone()))
        .chain(of_plugins().map(|rule| (rule.id.clone(), rule.helps.clone())))
        .collect();
    let broken = book.broken().iter().map(|rule| rule.id.clone());
    let ids: BTreeSet<String> = titles
        .iter()
        .map(|(id, _)| id.clone())
        .chain(broken)
        .collect();
    let known = dimensions.iter().map(|(id, _)| id.clone()).collect();
    originals.known.insert(Section::Dimensions, known);
    originals.wanted.insert(Section::Dimensions, dimensions);
    let respondents = book.info().respondents.iter();
    let respondents: Vec<_> = respondents
        .map(|one| (one.id.clone(), one.title.clone()))
        .collect();
    let known = respondents.iter().map(|(id, _)| id.clone()).collect();
    originals.known.insert(Section::Respondents, known);
    originals.wanted.insert(Section::Respondents, respondents);
    originals.known.insert(Section::Titles, ids.clone());
    originals.known.insert(Section::Helps, ids);
    originals.wanted.insert(Section::Titles, titles);
    originals.wanted.insert(Section::Helps, helps);
}

/// The texts written in scripts.
#[derive(Debug, Clone, Default)]
struct Texts {
    /// Templates and phrases for people, with the script that says them first.
    said: BTreeMap<String, String>,
    /// Single words: names of facts and choices, some of which also stand in messages.
    single: BTreeSet<String>,
}

impl Texts {
    /// What the rules in force and the library say.
    fn of(book: &Rulebook) -> Self {
        let mut texts = Self::default();
        for rule in book.rules() {
            if rule.is_check() {
                texts.text(&rule.page.id, &rule.page.asks);
            }
            if let Some(script) = &rule.script
                && let Ok(code) = book.compiler.code(script)
            {
                texts.add(&rule.page.id, &code.own);
            }
        }
        texts.add("lib", book.compiler.library());
        texts
    }

    /// The same with the scripts that a later pack replaced, whose translations still stand in the earlier pack.
    fn of_all(book: &Rulebook) -> Self {
        let mut texts = Self::of(book);
        for pack in book.packs() {
            for id in pack.scripts() {
                if let Some(Ok(source)) = pack.source(&format!("{id}.rhai"))
                    && let Ok(script) = book.compiler.rule(source)
                    && let Ok(code) = book.compiler.code(&script)
                {
                    texts.add(id, &code.own);
                }
            }
        }
        let forms = book.replaced.iter().flatten();
        for rule in forms.filter(|rule| rule.page.form.is_some()) {
            if let Some(script) = &rule.script
                && let Ok(code) = book.compiler.code(script)
            {
                texts.add(&rule.page.id, &code.own);
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
