//! The fields of a schema, as rows of a table.

use serde_json::Value;

/// One value that a schema allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// Dotted, with `[]` for the elements of a list and `*` for any key.
    pub(super) path: String,
    /// Its type, with its unit or its choices.
    pub(super) kind: String,
    title: String,
    description: String,
    bounds: Option<String>,
    default: Option<String>,
}

impl Field {
    /// What a fact is.
    pub(super) fn fact(&self) -> String {
        sentences([Some(self.title.clone()), Some(self.description.clone())])
    }

    /// What a setting is, with its bounds and what counts where it is not given.
    pub(super) fn setting(&self) -> String {
        let default = self.default.as_ref();
        sentences([
            Some(self.title.clone()),
            Some(self.description.clone()),
            self.bounds.clone(),
            default.map(|default| format!("Otherwise {default}")),
        ])
    }
}

fn sentences<const N: usize>(parts: [Option<String>; N]) -> String {
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(|part| part.trim().trim_end_matches('.').to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(". ")
}

/// The ends of a schema; `at` is the path above it.
pub(super) fn fields(schema: &Value, at: &str) -> Vec<Field> {
    let mut found = Vec::new();
    // The title of the whole says nothing of a part.
    let mut parts = schema.clone();
    if let Some(parts) = parts.as_object_mut() {
        parts.remove("title");
    }
    collect(&parts, at.to_owned(), "", &mut found);
    found
}

/// `above` is the title of what holds it, where that says what it is about.
fn collect(schema: &Value, at: String, above: &str, found: &mut Vec<Field>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let more = schema
        .get("additionalProperties")
        .filter(|more| more.is_object());
    let own = text(schema, "title");
    if properties.is_none_or(serde_json::Map::is_empty) && more.is_none() {
        if let Some(items) = schema.get("items") {
            collect(&described(items, schema), format!("{at}[]"), "", found);
        } else if schema.get("type").is_some_and(|kind| kind != "object") {
            found.push(field(schema, at, above));
        }
        return;
    }
    let below = |name: &str| {
        if at.is_empty() {
            name.to_owned()
        } else {
            format!("{at}.{name}")
        }
    };
    for (name, property) in properties.into_iter().flatten() {
        collect(property, below(name), &own, found);
    }
    if let Some(more) = more {
        collect(more, below("*"), &own, found);
    }
}

/// The schema of elements; what the list says of itself holds for an element that is one value and says nothing.
fn described(items: &Value, list: &Value) -> Value {
    let mut items = items.clone();
    if items.get("properties").is_none()
        && let Some(keys) = items.as_object_mut()
    {
        for key in ["title", "description"] {
            if let (false, Some(text)) = (keys.contains_key(key), list.get(key)) {
                keys.insert(key.to_owned(), text.clone());
            }
        }
    }
    items
}

fn field(schema: &Value, path: String, above: &str) -> Field {
    let choices = schema.get("enum").and_then(Value::as_array).map(|choices| {
        let choices: Vec<String> = choices.iter().map(plain).collect();
        choices.join(", ")
    });
    let kind = choices.unwrap_or_else(|| text(schema, "type"));
    let unit = text(schema, "x-unit");
    let own = text(schema, "title");
    Field {
        kind: if unit.is_empty() || unit == "1" {
            kind
        } else {
            format!("{kind}, {unit}")
        },
        title: match (above.trim_end_matches('.'), own.as_str()) {
            ("", _) => own,
            (above, "") => above.to_owned(),
            (above, own) => format!("{above}: {own}"),
        },
        description: text(schema, "description"),
        bounds: bounds(schema),
        default: schema.get("default").map(plain),
        path,
    }
}

fn text(schema: &Value, key: &str) -> String {
    let text = schema.get(key).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn bounds(schema: &Value) -> Option<String> {
    match (schema.get("minimum"), schema.get("maximum")) {
        (Some(least), Some(most)) => Some(format!("From {least} to {most}")),
        (Some(least), None) => Some(format!("At least {least}")),
        (None, Some(most)) => Some(format!("At most {most}")),
        (None, None) => None,
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_ends_of_a_schema_are_its_fields() {
        let schema = json!({ "type": "object", "title": "Air", "additionalProperties": false, "properties": {
            "names": { "type": "array", "title": "Names", "description": "Of airlines.", "items": { "type": "string" } },
            "legs": { "type": "array", "title": "Legs", "items": { "type": "object", "properties": {
                "kg": { "type": "number", "minimum": 0, "x-unit": "kg CO2e", "title": "Footprint." } } } },
            "haul": { "type": "string", "enum": ["short", "long"], "default": "short" },
            "shares": { "type": "object", "title": "Shares", "additionalProperties": { "type": "number", "minimum": 0, "maximum": 1 } },
            "none": { "type": "object", "properties": {} } } });
        let found = fields(&schema, "derived.air");
        let rows: Vec<(&str, &str)> = found
            .iter()
            .map(|field| (field.path.as_str(), field.kind.as_str()))
            .collect();
        assert_eq!(
            rows,
            [
                ("derived.air.haul", "short, long"),
                ("derived.air.legs[].kg", "number, kg CO2e"),
                ("derived.air.names[]", "string"),
                ("derived.air.shares.*", "number"),
            ]
        );
        assert_eq!(found[0].setting(), "Otherwise short");
        assert_eq!(found[1].fact(), "Footprint");
        assert_eq!(found[2].fact(), "Names. Of airlines");
        assert_eq!(found[3].setting(), "Shares. From 0 to 1");
        assert_eq!(fields(&Value::Null, ""), []);
    }
}
