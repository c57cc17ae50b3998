//! The plugins that take part: method, what they read and derive, functions, settings.

use super::{Writer, facts};
use evenhand_contract::plugin::{Function, Manifest, ValueType};
use evenhand_report::paper::{
    Block, Inline, Section, Table, code, here, joined, lines, paragraph, prose, strong, text,
};
use serde_json::Value;

/// What links to a plugin are called.
pub(super) fn id(plugin: &str) -> String {
    format!("plugin-{plugin}")
}

impl Writer<'_> {
    pub(super) fn plugin_section(&self) -> Option<Section> {
        let plugins: Vec<Section> = self
            .book
            .manifests()
            .map(|(manifest, origin)| self.plugin(manifest, origin.mode))
            .collect();
        (!plugins.is_empty()).then(|| Section {
            id: "plugins".to_owned(),
            title: vec![text("Plugins")],
            blocks: vec![paragraph(
                "A plugin derives facts that a rule could not compute itself. It is handed only what is listed here, and its facts are \
                 checked against what it declares.",
            )],
            sections: plugins,
        })
    }

    fn plugin(&self, manifest: &Manifest, mode: &str) -> Section {
        let mut blocks = vec![Block::Paragraph(vec![
            code(manifest.id.clone()),
            text(format!(
                " · version {} · {mode} · licence {}",
                manifest.version, manifest.licence
            )),
        ])];
        blocks.extend(prose(&manifest.about));
        let mut sections = Vec::new();
        let mut part = |name: &str, blocks: Vec<Block>| {
            if !blocks.is_empty() {
                sections.push(Section {
                    id: format!("{}-{name}", id(&manifest.id)),
                    title: vec![text(name)],
                    blocks,
                    sections: Vec::new(),
                });
            }
        };
        part("Reads", reads(manifest));
        part("Facts it derives", self.derived(manifest));
        part(
            "Functions that rules may call",
            functions(&manifest.functions),
        );
        let own = manifest
            .rules
            .iter()
            .map(|rule| vec![here(&super::rule::id(&rule.id), rule.title.clone())]);
        part(
            "Rules of its own",
            if manifest.rules.is_empty() {
                Vec::new()
            } else {
                vec![lines(own.collect())]
            },
        );
        part("Settings of the plugin", self.plugin_settings(manifest));
        let keys: Vec<String> = manifest
            .sources
            .iter()
            .map(|source| source.key.clone())
            .collect();
        part(
            "Sources of the plugin",
            if keys.is_empty() {
                Vec::new()
            } else {
                vec![Block::Paragraph(self.cited(&keys))]
            },
        );
        Section {
            id: id(&manifest.id),
            title: vec![text(manifest.title.clone())],
            blocks,
            sections,
        }
    }

    fn derived(&self, manifest: &Manifest) -> Vec<Block> {
        let schema = self.book.schema();
        let Some(top) = schema.find(&format!("derived.{}", manifest.facts_key())) else {
            return Vec::new();
        };
        let fields = facts::below(schema, top);
        vec![facts::terms(schema, &fields)]
    }

    fn plugin_settings(&self, manifest: &Manifest) -> Vec<Block> {
        let own = self
            .plugins
            .get(&manifest.id)
            .map(|own| Value::Object(own.clone()));
        let mut rows = Vec::new();
        settings(&manifest.settings, own.as_ref(), "", &mut rows);
        if rows.is_empty() {
            return Vec::new();
        }
        vec![Block::Table(Table {
            caption: String::new(),
            head: ["Setting", "In force", "What it is"]
                .map(str::to_owned)
                .to_vec(),
            rows,
        })]
    }
}

fn reads(manifest: &Manifest) -> Vec<Block> {
    if manifest.reads.is_empty() {
        return Vec::new();
    }
    let paths = manifest.reads.iter().map(|pointer| {
        let path = evenhand_diagnostic::pointer::Pointer::from_json(pointer.as_str()).dotted();
        vec![code(path)]
    });
    vec![Block::Paragraph(joined(paths, ", "))]
}

fn functions(functions: &[Function]) -> Vec<Block> {
    if functions.is_empty() {
        return Vec::new();
    }
    let rows = functions.iter().map(|function| {
        let params: Vec<String> = function
            .params
            .iter()
            .map(|param| format!("{}: {}", param.name, word(param.kind)))
            .collect();
        let unit = function
            .unit
            .as_ref()
            .map(|unit| format!(" in {unit}"))
            .unwrap_or_default();
        let call = format!(
            "{}({}) → {}{unit}",
            function.name,
            params.join(", "),
            word(function.returns)
        );
        vec![vec![code(call)], vec![text(function.about.clone())]]
    });
    vec![Block::Table(Table {
        caption: String::new(),
        head: vec!["Function".to_owned(), "What it gives".to_owned()],
        rows: rows.collect(),
    })]
}

fn word(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Unit => "nothing",
        ValueType::Bool => "yes or no",
        ValueType::I64 => "whole number",
        ValueType::F64 => "number",
        ValueType::Str => "text",
        ValueType::Json => "JSON",
    }
}

/// Every setting with a value of its own, by its dotted name.
fn settings(schema: &Value, own: Option<&Value>, at: &str, rows: &mut Vec<Vec<Vec<Inline>>>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, field) in properties.into_iter().flatten() {
        let path = if at.is_empty() {
            name.clone()
        } else {
            format!("{at}.{name}")
        };
        let own = own.and_then(|own| own.get(name));
        if field.get("properties").is_some() {
            settings(field, own, &path, rows);
            continue;
        }
        let usual = field
            .get("default")
            .map_or_else(|| "none".to_owned(), shown);
        let force = match own.map(shown) {
            Some(own) if own != usual => vec![
                strong(own),
                text(format!(", set by the board; usually {usual}")),
            ],
            _ => vec![text(usual)],
        };
        let part = |key: &str| field.get(key).and_then(Value::as_str).unwrap_or_default();
        let about = [part("title"), part("description")]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(|text| {
                if text.ends_with(['.', '?', '!']) {
                    text.to_owned()
                } else {
                    format!("{text}.")
                }
            })
            .collect::<Vec<_>>();
        let unit = part("x-unit");
        let unit = if unit.is_empty() {
            String::new()
        } else {
            format!(" In {unit}.")
        };
        rows.push(vec![
            vec![code(path)],
            force,
            vec![text(format!("{}{unit}", about.join(" ")))],
        ]);
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Number(_) => value
            .as_f64()
            .map_or_else(|| value.to_string(), evenhand_diagnostic::text::number),
        value => value.to_string(),
    }
}
