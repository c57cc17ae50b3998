//! Values against the subset of JSON Schema that manifests use for facts and settings.
//!
//! An object is closed unless its schema says what else it may hold: a field that is not declared is shown to nobody and
//! read by no rule, so it is refused.

use crate::received::bounds::POINTER;
use crate::received::short;
use serde_json::Value;

/// Keywords that are allowed; any other would be silently ignored, which is worse than an error.
const KEYWORDS: [&str; 12] = [
    "type",
    "properties",
    "items",
    "additionalProperties",
    "enum",
    "minimum",
    "maximum",
    "title",
    "description",
    "default",
    "examples",
    "$schema",
];

/// What is wrong with `schema` itself; `at` names its place.
pub fn problems(schema: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    match schema {
        Value::Null => {}
        Value::Object(keys) => {
            for key in keys.keys() {
                if !KEYWORDS.contains(&key.as_str()) && !key.starts_with("x-") {
                    let known = KEYWORDS.join(", ");
                    found.push(format!(
                        "`{at}` uses `{key}`, which is none of {known}, x-unit"
                    ));
                }
            }
            if let Some(kind) = keys.get("type")
                && !types(kind).iter().all(|kind| known(kind))
            {
                found.push(format!("`{at}/type` is {kind}, which is not a JSON type"));
            }
            for (name, property) in keys
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                found.extend(problems(property, &format!("{at}/properties/{name}")));
            }
            if let Some(items) = keys.get("items") {
                found.extend(problems(items, &format!("{at}/items")));
            }
            if let Some(more @ Value::Object(_)) = keys.get("additionalProperties") {
                found.extend(problems(more, &format!("{at}/additionalProperties")));
            }
        }
        other => found.push(format!("`{at}` is {other}, where a schema was expected")),
    }
    found
}

/// What is wrong with `value` under `schema`; `at` is its JSON Pointer.
pub fn check(value: &Value, schema: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    compare(value, schema, at, &mut found);
    found
}

/// Most that is listed: more says nothing new, and a short answer can be wrong in very many places.
const LISTED: usize = 50;

fn compare(value: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
    if found.len() >= LISTED {
        return;
    }
    let here = if at.is_empty() {
        "the document".into()
    } else {
        short(at)
    };
    // Every place below repeats it.
    if at.len() > POINTER {
        found.push(format!(
            "`{here}` is a pointer of {} bytes, and at most {POINTER} are taken",
            at.len()
        ));
        return;
    }
    if let Some(kind) = schema.get("type") {
        let kinds = types(kind);
        if !kinds.iter().any(|kind| is(value, kind)) {
            found.push(format!(
                "`{here}` is {}, expected {}",
                describe(value),
                kinds.join(" or ")
            ));
            return;
        }
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        let allowed: Vec<String> = allowed.iter().map(Value::to_string).collect();
        found.push(format!(
            "`{here}` is {}, expected one of {}",
            short(&value.to_string()),
            allowed.join(", ")
        ));
    }
    bounded(value, schema, &here, found);
    if let (Some(elements), Some(items)) = (value.as_array(), schema.get("items")) {
        for (index, element) in elements.iter().enumerate() {
            compare(element, items, &format!("{at}/{index}"), found);
        }
    }
    if let Some(fields) = value.as_object() {
        for (name, field) in fields {
            let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            let property = schema
                .get("properties")
                .and_then(|properties| properties.get(name));
            match property.or_else(|| schema.get("additionalProperties")) {
                Some(Value::Bool(true)) => {}
                Some(inner @ Value::Object(_)) => compare(field, inner, &place, found),
                Some(_) => found.push(unknown(&short(&place), schema)),
                None if is_closed(schema) => found.push(unknown(&short(&place), schema)),
                None => {}
            }
            if found.len() >= LISTED {
                return;
            }
        }
    }
}

/// Whether a number keeps to `minimum` and `maximum`.
fn bounded(value: &Value, schema: &Value, here: &str, found: &mut Vec<String>) {
    let Some(number) = value.as_f64() else {
        return;
    };
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    if let Some(minimum) = limit("minimum").filter(|minimum| number < *minimum) {
        found.push(format!("`{here}` is {value}, expected at least {minimum}"));
    }
    if let Some(maximum) = limit("maximum").filter(|maximum| number > *maximum) {
        found.push(format!("`{here}` is {value}, expected at most {maximum}"));
    }
}

/// Pointers of everything a value of `schema` may hold at its ends, with `*` for elements of a list: `/flows/*/kg`.
pub fn leaves(schema: &Value) -> Vec<String> {
    fn collect(schema: &Value, at: &str, into: &mut Vec<String>) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (name, property) in properties {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(property, &format!("{at}/{name}"), into);
            }
        } else if let Some(items) = schema.get("items") {
            collect(items, &format!("{at}/*"), into);
        } else if let Some(more @ Value::Object(_)) = schema.get("additionalProperties") {
            collect(more, &format!("{at}/*"), into);
        } else if !at.is_empty() {
            into.push(at.to_owned());
        }
    }
    let mut found = Vec::new();
    collect(schema, "", &mut found);
    found.sort();
    found
}

/// Whether the schema declares at `pointer` something that a value may hold.
pub fn declares(schema: &Value, pointer: &str) -> bool {
    let mut here = schema;
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        let property = here
            .get("properties")
            .and_then(|properties| properties.get(&name));
        let number = name.bytes().all(|byte| byte.is_ascii_digit());
        let item = here.get("items").filter(|_| number);
        match property
            .or(item)
            .or_else(|| here.get("additionalProperties"))
        {
            Some(Value::Bool(true)) => return true,
            Some(inner @ Value::Object(_)) => here = inner,
            Some(_) => return false,
            // Without a type, anything may stand here.
            None => return here.is_object() && here.get("type").is_none() && !is_closed(here),
        }
    }
    true
}

/// Whether an object with this schema holds only what is declared. No schema at all declares nothing.
fn is_closed(schema: &Value) -> bool {
    let object = schema
        .get("type")
        .is_some_and(|kind| types(kind) == ["object"]);
    schema.is_null() || object || schema.get("properties").is_some()
}

fn unknown(place: &str, schema: &Value) -> String {
    let names = schema.get("properties").and_then(Value::as_object);
    let names: Vec<&str> = names
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    if names.is_empty() {
        format!("`{place}` is not declared")
    } else {
        format!(
            "`{place}` is not declared; declared are {}",
            names.join(", ")
        )
    }
}

fn types(kind: &Value) -> Vec<&str> {
    match kind {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds
            .iter()
            .map(|kind| kind.as_str().unwrap_or_default())
            .collect(),
        _ => vec![""],
    }
}

fn known(kind: &str) -> bool {
    [
        "object", "array", "string", "number", "integer", "boolean", "null",
    ]
    .contains(&kind)
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => {
            value.is_i64()
                || value.is_u64()
                || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(_) => "text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({ "type": "object", "additionalProperties": false, "properties": {
            "total_kg": { "type": "number", "minimum": 0, "x-unit": "kg" },
            "haul": { "type": "string", "enum": ["short", "long"] },
            "flows": { "type": "array", "items": { "type": "object", "additionalProperties": false,
                "properties": { "kg": { "type": "number" }, "legs": { "type": "integer" } } } } } })
    }

    fn found(value: &Value) -> Vec<String> {
        check(value, &schema(), "")
    }

    #[test]
    fn a_long_key_is_not_repeated_for_everything_below_it() {
        let schema = json!({ "type": "object", "additionalProperties": { "type": "array", "items": { "type": "number" } } });
        let under = |key: usize, value: Value| json!({ "k".repeat(key): vec![value; 1_000] });
        assert_eq!(check(&under(900, json!(1)), &schema, ""), [""; 0]);
        assert_eq!(check(&under(900, json!("")), &schema, "").len(), LISTED);
        let found = check(&under(100_000, json!("")), &schema, "");
        assert_eq!(found.len(), 1);
        assert!(found[0].ends_with("is a pointer of 100001 bytes, and at most 1000 are taken"));
    }

    #[test]
    fn partial_values_fit() {
        assert_eq!(found(&json!({})), [""; 0]);
        assert_eq!(
            found(&json!({ "haul": "long", "flows": [{}, { "kg": 1.5, "legs": 2.0 }] })),
            [""; 0]
        );
    }

    #[test]
    fn every_problem_is_listed_with_its_place() {
        let value = json!({ "total_kg": -1, "haul": "far", "extra": 1, "flows": [{ "kg": "many", "legs": 1.5 }] });
        assert_eq!(
            found(&value),
            [
                "`/extra` is not declared; declared are flows, haul, total_kg",
                "`/flows/0/kg` is text, expected number",
                "`/flows/0/legs` is 1.5, expected integer",
                "`/haul` is \"far\", expected one of \"short\", \"long\"",
                "`/total_kg` is -1, expected at least 0",
            ]
        );
    }

    #[test]
    fn an_object_is_closed_unless_it_says_otherwise() {
        let closed = json!({ "type": "object", "properties": { "a": { "type": "number" } } });
        assert_eq!(
            check(&json!({ "b": 1 }), &closed, ""),
            ["`/b` is not declared; declared are a"]
        );
        assert_eq!(check(&json!({ "b": 1 }), &Value::Null, "").len(), 1);
        let open = json!({ "type": "object", "additionalProperties": true });
        assert_eq!(check(&json!({ "b": [1] }), &open, ""), [""; 0]);
        let numbers = json!({ "type": "object", "additionalProperties": { "type": "number" } });
        assert_eq!(check(&json!({ "b": "x" }), &numbers, "").len(), 1);
    }

    #[test]
    fn declared_places() {
        for (pointer, declared) in [
            ("", true),
            ("/total_kg", true),
            ("/flows/0/kg", true),
            ("/flows/x/kg", false),
            ("/flows/0/other", false),
            ("/total_kg/x", false),
            ("/nothing", false),
        ] {
            assert_eq!(declares(&schema(), pointer), declared, "{pointer}");
        }
    }

    #[test]
    fn leaves_are_the_ends() {
        assert_eq!(
            leaves(&schema()),
            ["/flows/*/kg", "/flows/*/legs", "/haul", "/total_kg"]
        );
    }

    #[test]
    fn a_schema_with_an_unknown_keyword_is_wrong() {
        let found = problems(
            &json!({ "type": "number", "properties": { "a": { "pattern": "x" } } }),
            "provides",
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("`provides/properties/a` uses `pattern`"));
        assert_eq!(problems(&schema(), "provides"), [""; 0]);
        assert_eq!(problems(&json!({ "type": "float" }), "settings").len(), 1);
    }
}
