//! What the designers of a program promise: answers that are true only if somebody keeps them.

use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{FieldId, Schema};
use serde_json::Value;

/// The promises in a proposal, in the order of the schema. No, nothing and zero promise nothing.
pub fn promises(schema: &Schema, proposal: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    below(
        schema,
        schema.root(),
        proposal,
        &Pointer::root(),
        &mut found,
    );
    found
}

fn below(schema: &Schema, id: FieldId, value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    let field = schema.field(id);
    if field.safeguard {
        if !is_nothing(value) {
            found.push(at.clone());
        }
        return;
    }
    match value {
        Value::Object(map) => {
            for (name, id) in &field.properties {
                if let Some(value) = map.get(name) {
                    below(schema, *id, value, &at.key(name), found);
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                if let Some(id) = field.items {
                    below(schema, id, value, &at.index(index), found);
                }
            }
        }
        _ => {}
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() <= 0.0),
        Value::String(text) => ["", "none"].contains(&text.as_str()),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::book;
    use serde_json::json;

    #[test]
    fn promises_are_given_answers_of_fields_that_say_so() {
        let found = |value: Value| -> Vec<String> {
            let found = promises(book().schema(), &value);
            found.iter().map(Pointer::dotted).collect()
        };
        let groups = json!([{ "key": "a", "trained": true }, { "key": "b", "trained": false }, { "key": "c" }]);
        let all = json!({ "safe": true, "plan": true, "groups": groups });
        assert_eq!(found(all), ["plan", "groups[0].trained"]);
        assert_eq!(found(json!({ "plan": false, "groups": null })), [""; 0]);
    }
}
