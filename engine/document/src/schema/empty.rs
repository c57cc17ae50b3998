//! Empty lists that are no answer.

use super::{FieldId, Schema};
use serde_json::Value;
use std::borrow::Cow;

impl Schema {
    /// A proposal as it is judged: without the empty lists of which the schema says that they stand for lists that are not known.
    pub fn answered<'v>(&self, value: &'v Value) -> Cow<'v, Value> {
        let fields = self.walk().into_iter();
        if fields.into_iter().all(|id| !self.field(id).empty_unknown) {
            return self.with_ranges(value);
        }
        let mut own = value.clone();
        self.write_ranges(&mut own, self.root());
        self.leave_out(&mut own, self.root());
        Cow::Owned(own)
    }

    fn leave_out(&self, value: &mut Value, field: FieldId) {
        match value {
            Value::Object(map) => {
                map.retain(|name, value| {
                    let child = self.property(field, name);
                    let unknown = child.is_some_and(|child| self.field(child).empty_unknown);
                    !(unknown && value.as_array().is_some_and(Vec::is_empty))
                });
                for (name, value) in map {
                    if let Some(child) = self.property(field, name) {
                        self.leave_out(value, child);
                    }
                }
            }
            Value::Array(items) => {
                if let Some(item) = self.field(field).items {
                    for value in items {
                        self.leave_out(value, item);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::document::{Document, Format};
    use serde_json::{Value, json};

    fn answered(schema: &str, value: &Value) -> Value {
        let schema = Document::parse("s.json", schema.as_bytes(), Format::Json).unwrap();
        parse(&schema).unwrap().answered(value).into_owned()
    }

    #[test]
    fn an_empty_list_is_an_answer_unless_the_schema_says_otherwise() {
        let schema = r#"{ "type": "object", "properties": {
          "nobody": { "type": "array", "items": { "type": "string" } },
          "partners": { "type": "array", "x-empty": "not_known", "items": { "type": "object", "properties": {
            "roles": { "type": "array", "x-empty": "not_known", "items": { "type": "string" } } } } } } }"#;
        assert_eq!(
            answered(schema, &json!({ "nobody": [], "partners": [] })),
            json!({ "nobody": [] })
        );
        assert_eq!(
            answered(
                schema,
                &json!({ "partners": [{ "roles": [] }, { "roles": ["a"] }] })
            ),
            json!({ "partners": [{}, { "roles": ["a"] }] })
        );
    }

    #[test]
    fn what_says_nothing_of_an_empty_list_is_refused() {
        for (own, kind) in [
            ("\"unknown\"", "array"),
            ("true", "array"),
            ("\"not_known\"", "string"),
        ] {
            let schema = format!(
                r#"{{ "type": "object", "properties": {{ "a": {{ "type": "{kind}", "x-empty": {own} }} }} }}"#
            );
            let schema = Document::parse("s.json", schema.as_bytes(), Format::Json).unwrap();
            let problems = parse(&schema).unwrap_err();
            assert!(
                problems.iter().any(|problem| problem
                    .to_string()
                    .contains("says nothing of an empty list")),
                "{own} {kind}: {problems:?}"
            );
        }
    }
}
