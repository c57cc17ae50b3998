//! The schemas of what boards write, for editors: a profile and the settings of a rule's page.

use evenhand_core::document::{Document, Format};
use evenhand_core::profile::{self, KEYS, Key, Reason};
use evenhand_core::rule::page;
use evenhand_core::rulebook::{Rule, Rulebook};
use serde_json::{Map, Value, json};

/// The schema of the front matter of a page. It says what keys there are and of what kind; `evenhand rules lint` says more.
pub fn page() -> Value {
    headed(page::SCHEMA, "The settings of a rule's page, version 1")
}

/// The schema of a profile: every key with what it does, and the dimensions, rules and parameters of a rulebook by name.
///
/// It refuses no profile that can be read. It lets other names stand, such as a rule of a pack that the profile takes in: those are checked by
/// `evenhand profile check`.
pub fn profile(book: &Rulebook) -> Value {
    let mut schema = headed(profile::SCHEMA, "A board's profile, version 2");
    for key in KEYS {
        if let Some(node) = node(&mut schema, key.key) {
            describe(node, key);
        }
    }
    for table in ["thresholds", "weights", "dimensions"] {
        let dimensions = book.info().dimensions.iter();
        let named = dimensions.map(|own| (own.id.clone(), json!({ "title": own.title })));
        name(&mut schema, table, named.collect());
    }
    let rules = book.rules().iter();
    let rules = rules.map(|rule| (rule.page.id.clone(), rule_schema(rule)));
    name(&mut schema, "rules", rules.collect());
    schema
}

fn headed(text: &str, title: &str) -> Value {
    let schema: Value = serde_json::from_str(text).unwrap_or_default();
    let mut whole = Map::new();
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    whole.insert("$schema".to_owned(), json!(dialect));
    whole.insert("title".to_owned(), json!(title));
    if let Value::Object(schema) = schema {
        whole.extend(schema);
    }
    Value::Object(whole)
}

/// Whether a step of a key stands for any name.
fn is_any(step: &str) -> bool {
    step.chars().all(|character| character.is_ascii_uppercase())
}

/// The part of a schema that is about a key; made where the schema leaves it open.
fn node<'s>(schema: &'s mut Value, key: &str) -> Option<&'s mut Value> {
    key.split('.').try_fold(schema, |at, step| {
        let entries = at.as_object_mut()?;
        // A list of tables is written as its entries are.
        let at = if entries.contains_key("items") {
            entries.get_mut("items")?.as_object_mut()?
        } else {
            entries
        };
        if is_any(step) {
            let any = at.entry("additionalProperties").or_insert(json!({}));
            if !any.is_object() {
                *any = json!({});
            }
            return Some(any);
        }
        at.get_mut("properties")?.get_mut(step)
    })
}

fn describe(node: &mut Value, key: &Key) {
    let Some(node) = node.as_object_mut() else {
        return;
    };
    let reason = match key.reason {
        Reason::Never => "",
        Reason::UnlessStricter => " Needs a reason, unless it is stricter.",
        Reason::Always => " Needs a reason.",
    };
    let mut about = key.about.chars();
    let first = about.next().into_iter().flat_map(char::to_uppercase);
    let about: String = first.chain(about).collect();
    node.insert("description".to_owned(), json!(format!("{about}.{reason}")));
    if let Some(example) = example(key) {
        node.insert("examples".to_owned(), json!([example]));
    }
}

/// The value in the example of a key, without the names above it that the example writes too.
fn example(key: &Key) -> Option<Value> {
    let text = key.example.as_bytes();
    let document = Document::parse(key.key, text, Format::Toml).ok()?;
    let mut value = document.value().as_object()?.values().next()?.clone();
    if ["rules.RULE.params.NAME", "plugins.PLUGIN.settings.NAME"].contains(&key.key)
        || key.key == "obligations.DIMENSION.LEVEL"
    {
        value = value.as_object()?.values().next()?.clone();
    }
    Some(value)
}

/// Puts names into a table beside what any name may have.
fn name(schema: &mut Value, table: &str, named: Map<String, Value>) {
    let at = schema.pointer_mut(&format!("/properties/{table}"));
    let Some(at) = at.and_then(Value::as_object_mut) else {
        return;
    };
    let any = at.get("additionalProperties").cloned();
    let any = any.filter(Value::is_object).unwrap_or(json!({}));
    // What holds for any name stands once.
    at.insert(
        "additionalProperties".to_owned(),
        json!({ "$ref": format!("#/$defs/{table}") }),
    );
    let properties = named.into_iter().map(|(id, mut own)| {
        if let Some(own) = own.as_object_mut() {
            own.insert("$ref".to_owned(), json!(format!("#/$defs/{table}")));
        }
        (id, own)
    });
    at.insert("properties".to_owned(), properties.collect());
    if let Some(schema) = schema.as_object_mut() {
        let shared = schema.entry("$defs").or_insert(json!({}));
        if let Some(shared) = shared.as_object_mut() {
            shared.insert(table.to_owned(), any);
        }
    }
}

/// What a profile may set of one rule.
fn rule_schema(rule: &Rule) -> Value {
    let parameters = rule.page.params.iter().map(|own| {
        let unit = own.unit.as_ref();
        let unit = unit.map_or_else(String::new, |unit| format!(" ({unit})"));
        let mut about = Map::new();
        about.insert(
            "description".to_owned(),
            json!(format!("{}{unit}", own.about)),
        );
        about.insert("default".to_owned(), own.default.clone());
        (own.name.clone(), Value::Object(about))
    });
    let parameters: Map<String, Value> = parameters.collect();
    let title = &rule.page.title;
    if parameters.is_empty() {
        return json!({ "title": title });
    }
    json!({ "title": title, "properties": { "params": { "properties": parameters } } })
}
