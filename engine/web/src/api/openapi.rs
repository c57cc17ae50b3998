//! The description of the interface, made from the operations there are.

use super::{OPERATIONS, Operation, ROOT, SCHEMAS};
use evenhand_core::VERSION;
use evenhand_report::json;
use serde_json::{Map, Value, json};

/// The description by `OpenAPI` 3.1.
pub(super) fn document(languages: &[String]) -> Value {
    let mut paths = Map::new();
    for operation in &OPERATIONS {
        let path = format!("/{ROOT}{}", operation.path);
        let at = paths.entry(path).or_insert(json!({}));
        if let Some(at) = at.as_object_mut() {
            let method = operation.method.to_ascii_lowercase();
            at.insert(method, described(operation, languages));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Evenhand",
            "version": VERSION,
            "summary": "Judges proposed international programs. It recommends; people decide.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas() },
    })
}

/// The published form of a scorecard, with its parts where `OpenAPI` has them.
fn schemas() -> Map<String, Value> {
    let published: Value = serde_json::from_str(json::SCHEMA).unwrap_or_default();
    let parts = published.get("$defs").and_then(Value::as_object);
    let mut schemas: Map<String, Value> = parts
        .into_iter()
        .flatten()
        .map(|(name, part)| (name.clone(), moved(part)))
        .collect();
    let error = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["error"],
        "properties": { "error": { "type": "string", "description": "What is wrong, in one sentence." } },
    });
    schemas.insert("error".to_owned(), error);
    schemas
}

fn moved(part: &Value) -> Value {
    match part {
        Value::Object(part) => part
            .iter()
            .map(|(key, value)| {
                let to = value.as_str().filter(|_| key == "$ref");
                let to = to.and_then(|to| to.strip_prefix("#/$defs/"));
                let value = to.map_or_else(|| moved(value), |name| reference(name).into());
                (key.clone(), value)
            })
            .collect(),
        Value::Array(list) => list.iter().map(moved).collect(),
        other => other.clone(),
    }
}

fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

fn described(operation: &Operation, languages: &[String]) -> Value {
    let posts = operation.method == "POST";
    let answer = |about: &str, schema: Value| json!({ "description": about, "content": { "application/json": { "schema": schema } } });
    let error = |about: &str| answer(about, json!({ "$ref": reference("error") }));
    let own = match operation.id {
        "judge" => json!({ "$ref": reference("scorecard") }),
        _ => json!({ "type": "object" }),
    };
    let mut responses = Map::new();
    let mut say = |status: &str, what: Value| responses.insert(status.to_owned(), what);
    say("200", answer("The answer", own));
    say("400", error("Something is asked for that there is not"));
    if operation.path.contains('{') {
        say("404", error("There is nothing of this name"));
    }
    say("405", error("The address does not take this method"));
    if posts {
        say("403", error("A page of somebody else asks"));
        say("413", error("The proposal is too long"));
        say("415", error("The content type is no format of proposals"));
        say(
            "422",
            answer(
                "The proposal cannot be judged, and everything that is wrong with it",
                json!({ "$ref": reference("refused") }),
            ),
        );
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.about,
        "parameters": parameters(operation, languages),
        "responses": responses,
    });
    if let Some(described) = described.as_object_mut().filter(|_| posts) {
        // A proposal in YAML or TOML is described as data, by `schema/proposal`.
        let text = json!({});
        let body = json!({
            "required": true,
            "description": "A proposal; `schema/proposal` describes it.",
            "content": {
                "application/json": { "schema": { "type": "object" } },
                "application/yaml": text,
                "application/toml": text,
            },
        });
        described.insert("requestBody".to_owned(), body);
    }
    described
}

fn parameters(operation: &Operation, languages: &[String]) -> Vec<Value> {
    let names = operation.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        let schema = if name == "kind" {
            json!({ "enum": SCHEMAS })
        } else {
            json!({ "type": "string", "pattern": "^[a-z0-9-]+$" })
        };
        let example = match name {
            "dimension" => "ethics",
            "rule" => "host-need",
            _ => "proposal",
        };
        Some(json!({ "name": name, "in": "path", "required": true, "schema": schema, "example": example }))
    });
    let language = json!({
        "name": "language",
        "in": "query",
        "description": "The language of the texts",
        "schema": { "enum": languages, "default": "en" },
    });
    names.chain([language]).collect()
}
