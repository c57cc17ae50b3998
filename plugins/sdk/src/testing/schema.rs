//! Checks facts against the `provides` of a manifest: the subset of JSON Schema that the manifest reference names.

use serde_json::Value;

/// Everything in `value` that `schema` does not allow, each with its JSON Pointer below `at`.
pub(super) fn mismatches(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, value, at, &mut found);
    found
}

fn check(schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(wanted) = schema.get("type").and_then(Value::as_str)
        && !is_type(value, wanted)
    {
        found.push(format!(
            "`{at}` is {}, the schema wants {wanted}",
            name_of(value)
        ));
        return;
    }
    if let Some(choices) = schema.get("enum").and_then(Value::as_array)
        && !choices.contains(value)
    {
        found.push(format!(
            "`{at}` is {value}, which is not among {}",
            Value::from(choices.clone())
        ));
    }
    if let Some(number) = value.as_f64() {
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        if bound("minimum").is_some_and(|least| number < least)
            || bound("maximum").is_some_and(|most| number > most)
        {
            found.push(format!("`{at}` is {number}, which is out of bounds"));
        }
    }
    if let Value::Object(object) = value {
        for (key, value) in object {
            let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            match schema
                .get("properties")
                .and_then(|properties| properties.get(key))
            {
                Some(schema) => check(schema, value, &at, found),
                None if schema.get("additionalProperties") == Some(&Value::Bool(false)) => {
                    found.push(format!("`{at}` is not in the schema"));
                }
                None => {}
            }
        }
    }
    if let (Value::Array(items), Some(schema)) = (value, schema.get("items")) {
        for (index, item) in items.iter().enumerate() {
            check(schema, item, &format!("{at}/{index}"), found);
        }
    }
}

fn is_type(value: &Value, wanted: &str) -> bool {
    match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => false,
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_mismatch_is_named() {
        let schema = json!({
            "type": "object", "additionalProperties": false,
            "properties": {
                "kg": { "type": "number", "minimum": 0 },
                "n": { "type": "integer" },
                "kind": { "type": "string", "enum": ["air", "rail"] },
                "legs": { "type": "array", "items": { "type": "object", "properties": { "km": { "type": "number", "maximum": 20000 } } } }
            }
        });
        let good =
            json!({"kg": 0, "n": 3, "kind": "rail", "legs": [{}, {"km": 20000, "more": true}]});
        assert_eq!(mismatches(&schema, &good, ""), [""; 0]);
        let bad =
            json!({"kg": -1, "n": 2.5, "kind": "boat", "legs": [{"km": 3e4}, 7], "x/y": null});
        assert_eq!(
            mismatches(&schema, &bad, ""),
            [
                "`/kg` is -1, which is out of bounds",
                "`/kind` is \"boat\", which is not among [\"air\",\"rail\"]",
                "`/legs/0/km` is 30000, which is out of bounds",
                "`/legs/1` is a number, the schema wants object",
                "`/n` is a number, the schema wants integer",
                "`/x~1y` is not in the schema",
            ]
        );
    }
}
