//! Whether data fits a JSON Schema, as far as the published schemas use one.

use serde_json::Value;

/// Everything that does not fit, by its place in the data.
pub(super) fn misfits(data: &Value, schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    fit(data, (schema, schema), "", &mut found);
    found
}

fn fit(data: &Value, (schema, whole): (&Value, &Value), at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = whole.pointer(name.strip_prefix('#').unwrap());
        fit(data, (target.unwrap(), whole), at, found);
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    if !types.is_empty() && !types.iter().any(|name| is(data, name.as_str().unwrap())) {
        found.push(format!("{at} is {data}, not {}", schema["type"]));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(data)
    {
        found.push(format!("{at} is {data}, none of {words:?}"));
    }
    if schema.get("const").is_some_and(|only| only != data) {
        found.push(format!("{at} is {data}, not {}", schema["const"]));
    }
    let number = data.as_f64().unwrap_or_default();
    let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
    if data.is_number()
        && (least.is_some_and(|end| number < end) || most.is_some_and(|end| number > end))
    {
        found.push(format!("{at} is {data}, out of bounds"));
    }
    if let Some(ways) = schema["anyOf"].as_array() {
        let tried = ways.iter().map(|way| {
            let mut wrong = Vec::new();
            fit(data, (way, whole), at, &mut wrong);
            wrong
        });
        // The way that comes nearest says what is wrong.
        found.extend(tried.min_by_key(Vec::len).unwrap());
    }
    for (index, entry) in data.as_array().into_iter().flatten().enumerate() {
        fit(
            entry,
            (&schema["items"], whole),
            &format!("{at}/{index}"),
            found,
        );
    }
    if let Some(entries) = data.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            if !entries.contains_key(name.as_str().unwrap()) {
                found.push(format!("{at} lacks {name}"));
            }
        }
        for (name, entry) in entries {
            let below = format!("{at}/{name}");
            match (
                schema["properties"].get(name),
                &schema["additionalProperties"],
            ) {
                (Some(own), _) => fit(entry, (own, whole), &below, found),
                (None, Value::Bool(false)) => found.push(format!("{below} is not in the schema")),
                (None, any) => fit(entry, (any, whole), &below, found),
            }
        }
    }
}

fn is(data: &Value, name: &str) -> bool {
    match name {
        "null" => data.is_null(),
        "boolean" => data.is_boolean(),
        "string" => data.is_string(),
        "number" => data.is_number(),
        "integer" => data.as_f64().is_some_and(|number| number.fract() == 0.0),
        "array" => data.is_array(),
        "object" => data.is_object(),
        other => panic!("{other}"),
    }
}
