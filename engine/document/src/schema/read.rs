//! Reading a schema from its JSON.

use super::range;
use super::{Effort, Field, FieldId, Kind, Need, Pattern, Schema, Sum, Symbols, Written};
use crate::document::Document;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The keywords a schema may use. A new one is added here and in [`super::validate()`] together.
const KEYWORDS: &[&str] = &[
    "$schema",
    "$id",
    "$defs",
    "$ref",
    "$comment",
    "title",
    "description",
    "type",
    "properties",
    "additionalProperties",
    "items",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "minLength",
    "maxLength",
    "pattern",
    "uniqueItems",
    "maxItems",
    "minItems",
    "format",
    "default",
    "examples",
    "x-question",
    "x-unit",
    "x-need",
    "x-when",
    "x-ref",
    "x-sum",
    "x-labels",
    "x-synonyms",
    "x-shape",
    "x-path",
    "x-unique",
    "x-effort",
    "x-empty",
    "x-range",
    "x-asks",
    "x-alike",
    "x-safeguard",
];

/// How deep `$ref` may nest, so that a schema that refers to itself is an error, not an endless loop.
const MAX_DEPTH: usize = 32;

/// Reads a schema; every problem in it is reported.
pub fn parse(document: &Document) -> Result<Schema, Vec<Problem>> {
    let mut schema = Schema {
        fields: Vec::new(),
        symbols: Symbols::default(),
        written: Written::Value(document.value().clone()),
    };
    let mut reader = Reader {
        document,
        problems: Vec::new(),
    };
    reader.field(&mut schema, document.value(), &Pointer::root(), "", "", 0);
    if reader.problems.is_empty() {
        Ok(schema)
    } else {
        Err(reader.problems)
    }
}

/// Reads a plugin's schema into an existing one, with its paths under `path`.
pub(super) fn subtree(
    schema: &mut Schema,
    document: &Document,
    path: &str,
) -> Result<FieldId, Vec<Problem>> {
    let mut reader = Reader {
        document,
        problems: Vec::new(),
    };
    let name = path.rsplit('.').next().unwrap_or_default();
    let id = reader.field(schema, document.value(), &Pointer::root(), path, name, 0);
    if reader.problems.is_empty() {
        Ok(id)
    } else {
        Err(reader.problems)
    }
}

/// The same schema with `null` allowed wherever a value is, and a range wherever one may stand for a number.
pub(super) fn with_null(json: &Value) -> Value {
    match json {
        Value::Object(map) => {
            let mut open: Map<String, Value> =
                map.iter().map(|(key, value)| null_at(key, value)).collect();
            let kind = map.get("type").and_then(Value::as_str);
            let number = matches!(kind, Some("number" | "integer"));
            if let Some(kind) = kind.filter(|_| number && !map.contains_key("x-range")) {
                open.extend(range::published(kind));
            }
            Value::Object(open)
        }
        Value::Array(items) => Value::Array(items.iter().map(with_null).collect()),
        other => other.clone(),
    }
}

fn null_at(key: &str, value: &Value) -> (String, Value) {
    let value = match (key, value) {
        ("type", Value::String(one)) => Value::from(vec![one.as_str(), "null"]),
        ("enum", Value::Array(choices)) => {
            Value::Array(choices.iter().cloned().chain([Value::Null]).collect())
        }
        // The keys in these are names of fields, which may be called `default` or `examples` too.
        ("properties" | "$defs", Value::Object(fields)) => Value::Object(
            fields
                .iter()
                .map(|(name, field)| (name.clone(), with_null(field)))
                .collect(),
        ),
        ("examples" | "x-labels" | "x-synonyms" | "x-sum" | "x-asks" | "default", value) => {
            value.clone()
        }
        (_, value) => with_null(value),
    };
    (key.to_owned(), value)
}

struct Reader<'a> {
    document: &'a Document,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn report(&mut self, at: &Pointer, problem: Problem) {
        self.problems.push(self.document.problem_at(at, problem));
    }

    /// Reads the field at `at` of the document, following a local `$ref`, and adds it to the schema.
    fn field(
        &mut self,
        schema: &mut Schema,
        json: &Value,
        at: &Pointer,
        path: &str,
        name: &str,
        depth: usize,
    ) -> FieldId {
        let Value::Object(map) = json else {
            self.report(at, Problem::error("a schema must be an object"));
            return schema.add(Field::default());
        };
        if depth > MAX_DEPTH {
            self.report(
                at,
                Problem::error("the schema refers to itself, or is nested too deeply"),
            );
            return schema.add(Field::default());
        }
        for key in map.keys().filter(|key| !KEYWORDS.contains(&key.as_str())) {
            let problem = Problem::error(format!("`{key}` is not a schema keyword Evenhand knows"))
                .suggest_maybe(did_you_mean(key, KEYWORDS.iter().copied()));
            self.problems
                .push(self.document.problem_at_key(&at.key(key), problem));
        }
        let own = self.own_keywords(map, at);
        let (mut field, merged) = match self.target(map, at) {
            None => (own, None),
            Some((mut target, place)) => {
                // What stands beside a `$ref` says more than what it refers to.
                let mut field = self.own_keywords(&target, &place);
                field.overlay(own, map);
                target.extend(map.clone());
                (field, Some((target, place)))
            }
        };
        name.clone_into(&mut field.name);
        path.clone_into(&mut field.path);
        let id = schema.add(field);
        match &merged {
            None => self.children(schema, id, map, at, path, depth),
            Some((map, at)) => self.children(schema, id, map, at, path, depth),
        }
        id
    }

    /// Where a `$ref` points to.
    fn target(
        &mut self,
        map: &Map<String, Value>,
        at: &Pointer,
    ) -> Option<(Map<String, Value>, Pointer)> {
        let reference = map.get("$ref")?.as_str().unwrap_or_default();
        let place = Pointer::from_json(reference.strip_prefix('#').unwrap_or_default());
        match self.document.value().pointer(place.as_str()) {
            Some(Value::Object(target)) if !place.is_root() => Some((target.clone(), place)),
            _ => {
                let problem =
                    Problem::error(format!("`{reference}` does not exist in this schema"))
                        .expected("a local reference such as `#/$defs/country`");
                if !self
                    .problems
                    .iter()
                    .any(|known| known.message == problem.message)
                {
                    self.report(&at.key("$ref"), problem);
                }
                None
            }
        }
    }

    fn own_keywords(&mut self, map: &Map<String, Value>, at: &Pointer) -> Field {
        let text = |key: &str| {
            map.get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let number = |keys: [&str; 3]| keys.iter().find_map(|key| map.get(*key)?.as_f64());
        Field {
            kind: self.kind(map, at),
            title: text("title"),
            description: text("description"),
            question: text("x-question"),
            unit: map.get("x-unit").and_then(Value::as_str).map(str::to_owned),
            need: self.need(map, at),
            when: map.get("x-when").and_then(Value::as_str).map(str::to_owned),
            examples: map
                .get("examples")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
            choices: self.choices(map, at),
            labels: labels(map),
            synonyms: self.synonyms(map, at),
            minimum: number(["minimum", "minLength", "minItems"])
                .or_else(|| map.get("exclusiveMinimum")?.as_f64()),
            maximum: number(["maximum", "maxLength", "maxItems"]),
            exclusive_minimum: map.contains_key("exclusiveMinimum"),
            pattern: self.pattern(map, at),
            shape: map
                .get("x-shape")
                .and_then(Value::as_str)
                .map(str::to_owned),
            is_path: map.get("x-path") == Some(&Value::Bool(true)),
            date: map.get("format").and_then(Value::as_str) == Some("date"),
            unique: map.get("uniqueItems") == Some(&Value::Bool(true)),
            unique_key: map
                .get("x-unique")
                .and_then(Value::as_str)
                .map(str::to_owned),
            reference: map.get("x-ref").and_then(Value::as_str).map(str::to_owned),
            sum: map.get("x-sum").and_then(sum),
            empty_unknown: self.empty_unknown(map, at),
            effort: self.effort(map, at),
            asks: self.asks(map, at),
            range: self.range(map, at),
            alike: map.get("x-alike") == Some(&Value::Bool(true)),
            safeguard: self.safeguard(map, at),
            open: map.get("additionalProperties") != Some(&Value::Bool(false)),
            ..Field::default()
        }
    }

    fn kind(&mut self, map: &Map<String, Value>, at: &Pointer) -> Kind {
        match map.get("type").and_then(Value::as_str) {
            Some("object") => Kind::Object,
            Some("array") => Kind::List,
            Some("string") => Kind::Text,
            Some("number") => Kind::Number,
            Some("integer") => Kind::Integer,
            Some("boolean") => Kind::Boolean,
            None if map.contains_key("properties") => Kind::Object,
            None if map.contains_key("enum") => Kind::Text,
            None if !map.contains_key("type") => Kind::Any,
            _ => {
                let problem = Problem::error("this is not a type of JSON Schema")
                    .expected("object, array, string, number, integer or boolean");
                self.report(&at.key("type"), problem);
                Kind::Any
            }
        }
    }

    fn need(&mut self, map: &Map<String, Value>, at: &Pointer) -> Need {
        match map.get("x-need").and_then(Value::as_str) {
            Some("essential") => Need::Essential,
            Some("conditional") => Need::Conditional,
            Some("optional") => Need::Optional,
            None if !map.contains_key("x-need") => Need::Optional,
            _ => {
                let problem = Problem::error("this is not a need")
                    .expected("essential, conditional or optional");
                self.report(&at.key("x-need"), problem);
                Need::Optional
            }
        }
    }

    /// Whether an empty list stands for one that is not known.
    fn empty_unknown(&mut self, map: &Map<String, Value>, at: &Pointer) -> bool {
        let Some(word) = map.get("x-empty") else {
            return false;
        };
        let known = word.as_str() == Some("not_known");
        let list = map.get("type").and_then(Value::as_str) == Some("array");
        if !known || !list {
            let problem = Problem::error("this says nothing of an empty list")
                .expected("`not_known`, beside `\"type\": \"array\"`");
            self.report(&at.key("x-empty"), problem);
        }
        known && list
    }

    /// Whether a number may be given as a range: every one may, but those that say `no`.
    fn range(&mut self, map: &Map<String, Value>, at: &Pointer) -> bool {
        let kind = map.get("type").and_then(Value::as_str);
        let number = matches!(kind, Some("number" | "integer"));
        let Some(word) = map.get("x-range") else {
            return number;
        };
        if word.as_str() != Some("no") || !number {
            let problem = Problem::error("this does not say that a number is no range")
                .expected("`no`, beside `\"type\": \"number\"` or `\"integer\"`");
            self.report(&at.key("x-range"), problem);
        }
        false
    }

    fn effort(&mut self, map: &Map<String, Value>, at: &Pointer) -> Option<Effort> {
        let word = map.get("x-effort")?;
        let effort = word.as_str().and_then(Effort::from_word);
        if effort.is_none() {
            let problem =
                Problem::error("this is not an effort").expected("answer, write, agree or pay");
            self.report(&at.key("x-effort"), problem);
        }
        effort
    }

    fn safeguard(&mut self, map: &Map<String, Value>, at: &Pointer) -> bool {
        match map.get("x-safeguard") {
            None => false,
            Some(Value::Bool(promised)) => *promised,
            Some(_) => {
                let problem = Problem::error("this does not say whether an answer is a promise");
                self.report(&at.key("x-safeguard"), problem.expected("true or false"));
                false
            }
        }
    }

    /// Who can answer: one respondent or a list of them.
    fn asks(&mut self, map: &Map<String, Value>, at: &Pointer) -> Vec<String> {
        let texts: Option<Vec<String>> = match map.get("x-asks") {
            None => return Vec::new(),
            Some(Value::String(one)) => Some(vec![one.clone()]),
            Some(Value::Array(list)) => list
                .iter()
                .map(|one| one.as_str().map(str::to_owned))
                .collect(),
            Some(_) => None,
        };
        texts.unwrap_or_else(|| {
            let problem = Problem::error("this does not say who can answer")
                .expected("the name of a respondent, or a list of names");
            self.report(&at.key("x-asks"), problem);
            Vec::new()
        })
    }

    fn choices(&mut self, map: &Map<String, Value>, at: &Pointer) -> Vec<String> {
        let Some(choices) = map.get("enum") else {
            return Vec::new();
        };
        let texts: Option<Vec<String>> = choices.as_array().and_then(|list| {
            list.iter()
                .map(|choice| choice.as_str().map(str::to_owned))
                .collect()
        });
        texts.unwrap_or_else(|| {
            self.report(
                &at.key("enum"),
                Problem::error("the values of an enumeration must be text"),
            );
            Vec::new()
        })
    }

    /// The words that people use for the choices; each is said of a choice that there is.
    fn synonyms(
        &mut self,
        map: &Map<String, Value>,
        at: &Pointer,
    ) -> BTreeMap<String, Vec<String>> {
        let at = at.key("x-synonyms");
        let written = map.get("x-synonyms").and_then(Value::as_object);
        let choices = map.get("enum").and_then(Value::as_array);
        let mut found = BTreeMap::new();
        for (choice, words) in written.into_iter().flatten() {
            let known = choices.is_some_and(|all| all.iter().any(|one| one == choice.as_str()));
            if !known {
                let problem = Problem::error(format!("`{choice}` is not one of the values"));
                self.problems
                    .push(self.document.problem_at_key(&at.key(choice), problem));
            }
            let list = words
                .as_array()
                .map(|words| words.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
            match list.flatten() {
                Some(words) => {
                    found.insert(
                        choice.clone(),
                        words.into_iter().map(str::to_owned).collect(),
                    );
                }
                None => self.report(
                    &at.key(choice),
                    Problem::error("synonyms are a list of texts"),
                ),
            }
        }
        found
    }

    fn pattern(&mut self, map: &Map<String, Value>, at: &Pointer) -> Option<Pattern> {
        let text = map.get("pattern")?.as_str()?.to_owned();
        match regex_lite::Regex::new(&text) {
            Ok(regex) => Some(Pattern(regex)),
            Err(error) => {
                let problem =
                    Problem::error(format!("the pattern `{text}` cannot be read: {error}"));
                self.report(&at.key("pattern"), problem);
                None
            }
        }
    }

    fn children(
        &mut self,
        schema: &mut Schema,
        id: FieldId,
        map: &Map<String, Value>,
        at: &Pointer,
        path: &str,
        depth: usize,
    ) {
        if let Some(Value::Object(properties)) = map.get("properties") {
            let place = at.key("properties");
            let typed = self.document.keys_in_order(&place);
            let names: Vec<&String> = if typed.is_empty() {
                properties.keys().collect()
            } else {
                typed
                    .iter()
                    .filter(|name| properties.contains_key(*name))
                    .collect()
            };
            for name in names {
                let Some(json) = properties.get(name) else {
                    continue;
                };
                let below = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                schema.symbols.number(name);
                let child = self.field(schema, json, &place.key(name), &below, name, depth + 1);
                if let Some(field) = schema.fields.get_mut(id.0 as usize) {
                    field.properties.push((name.clone(), child));
                }
            }
        }
        if let Some(values @ Value::Object(_)) = map.get("additionalProperties") {
            let place = at.key("additionalProperties");
            let child = self.field(schema, values, &place, &format!("{path}.*"), "", depth + 1);
            if let Some(field) = schema.fields.get_mut(id.0 as usize) {
                field.values = Some(child);
            }
        }
        if let Some(items) = map.get("items") {
            let child = self.field(
                schema,
                items,
                &at.key("items"),
                &format!("{path}[]"),
                "",
                depth + 1,
            );
            if let Some(field) = schema.fields.get_mut(id.0 as usize) {
                field.items = Some(child);
            }
        }
    }
}

impl Field {
    /// Puts what stands beside a `$ref` over what it refers to.
    fn overlay(&mut self, own: Field, map: &Map<String, Value>) {
        for (key, set) in [
            ("title", &own.title),
            ("description", &own.description),
            ("x-question", &own.question),
        ] {
            if map.contains_key(key) {
                match key {
                    "title" => self.title.clone_from(set),
                    "description" => self.description.clone_from(set),
                    _ => self.question.clone_from(set),
                }
            }
        }
        if map.contains_key("x-need") {
            self.need = own.need;
        }
        if !own.examples.is_empty() {
            self.examples = own.examples;
        }
        self.unit = own.unit.or_else(|| self.unit.take());
        self.when = own.when.or_else(|| self.when.take());
        self.reference = own.reference.or_else(|| self.reference.take());
        self.empty_unknown |= own.empty_unknown;
        self.effort = own.effort.or(self.effort);
        if !own.asks.is_empty() {
            self.asks = own.asks;
        }
        self.alike |= own.alike;
        self.safeguard |= own.safeguard;
    }
}

fn labels(map: &Map<String, Value>) -> BTreeMap<String, String> {
    map.get("x-labels")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(key, label)| Some((key.clone(), label.as_str()?.to_owned())))
        .collect()
}

fn sum(value: &Value) -> Option<Sum> {
    Some(Sum {
        of: value
            .get("of")?
            .as_array()?
            .iter()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect(),
        is: value.get("is")?.as_f64()?,
        within: value
            .get("within")
            .and_then(Value::as_f64)
            .unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;
    use serde_json::json;

    fn read(json: &Value) -> Result<Schema, Vec<String>> {
        let text = json.to_string();
        let document = Document::parse("schema.json", text.as_bytes(), Format::Json).unwrap();
        parse(&document).map_err(|problems| {
            problems
                .into_iter()
                .map(|problem| problem.message.to_string())
                .collect()
        })
    }

    #[test]
    fn every_mistake_of_a_schema_is_named_at_once() {
        let wrong = read(&json!({
            "type": "object",
            "properties": {
                "a": { "type": "sting" },
                "b": { "enum": [1, 2] },
                "c": { "$ref": "#/$defs/none" },
                "d": { "type": "string", "pattern": "(" },
                "e": { "type": "string", "x-need": "sometimes" },
                "f": { "type": "string", "minLenght": 3 },
                "g": 3,
            }
        }))
        .unwrap_err();
        for (number, part) in [
            "not a type of JSON Schema",
            "values of an enumeration must be text",
            "`#/$defs/none` does not exist",
            "the pattern `(` cannot be read",
            "not a need",
            "`minLenght` is not a schema keyword",
            "a schema must be an object",
        ]
        .into_iter()
        .enumerate()
        {
            assert!(wrong[number].contains(part), "{part}: {wrong:?}");
        }
        assert_eq!(wrong.len(), 7, "{wrong:?}");
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        let wrong = read(&json!({
            "properties": { "a": { "$ref": "#/$defs/a" } },
            "$defs": { "a": { "properties": { "a": { "$ref": "#/$defs/a" } } } }
        }))
        .unwrap_err();
        assert!(wrong[0].contains("refers to itself"), "{wrong:?}");
    }

    #[test]
    fn what_stands_beside_a_reference_says_more() {
        let schema = read(&json!({
            "properties": { "from": { "$ref": "#/$defs/country", "title": "From", "x-need": "essential" } },
            "$defs": { "country": { "type": "string", "enum": ["KE", "SE"], "title": "Country", "x-question": "Which?" } }
        }))
        .unwrap();
        let field = schema.field(schema.find("from").unwrap());
        assert_eq!(
            (field.title.as_str(), field.question.as_str()),
            ("From", "Which?")
        );
        assert_eq!((field.need, field.choices.len()), (Need::Essential, 2));
    }

    #[test]
    fn paths_are_found_with_and_without_brackets() {
        let schema = read(&json!({
            "properties": { "flows": { "items": { "properties": { "weeks": { "type": "number" } } }, "type": "array" } }
        }))
        .unwrap();
        for path in [
            "flows[].weeks",
            "flows[0].weeks",
            "flows[17].weeks",
            "flows.weeks",
        ] {
            let found = schema.find(path).map(|id| schema.field(id).path.clone());
            assert_eq!(found.as_deref(), Some("flows[].weeks"), "{path}");
        }
        for path in [
            "",
            "flow",
            "flows[].week",
            "flows[x].weeks",
            "flows[].weeks.x",
        ] {
            assert_eq!(schema.find(path), None, "{path}");
        }
    }

    #[test]
    fn the_published_schema_takes_null_everywhere_whatever_a_field_is_called() {
        let published = with_null(&json!({
            "type": "object",
            "properties": {
                "type": { "type": "string" },
                "default": { "type": "string", "default": "a", "examples": ["b"] },
                "examples": { "type": "array", "items": { "enum": ["a"] } },
                "x-sum": { "type": "number" },
            }
        }));
        // A number may be a range, as text, as a list of two, or with its ends named.
        let number = Value::Object(range::published("number"));
        assert_eq!(
            number["type"],
            json!(["number", "null", "string", "array", "object"])
        );
        assert_eq!(
            published,
            json!({
                "type": ["object", "null"],
                "properties": {
                    "type": { "type": ["string", "null"] },
                    "default": { "type": ["string", "null"], "default": "a", "examples": ["b"] },
                    "examples": { "type": ["array", "null"], "items": { "enum": ["a", null] } },
                    "x-sum": number,
                }
            })
        );
    }
}
