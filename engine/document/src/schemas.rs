//! The engine's own schemas: for pages, cases, packs, sources, profiles and languages.

use crate::document::{Document, Format};
use crate::schema::{self, Schema};
use evenhand_diagnostic::problem::Problem;

/// Reads a schema that is built into Evenhand; none if it cannot be read, which tests find out.
pub fn builtin_schema(json: &str) -> Option<Schema> {
    let document = Document::parse("schema", json.as_bytes(), Format::Json).ok()?;
    let mut schema = schema::parse(&document).ok()?;
    // Thresholds and weights are numbers; only what people tell of a program may be a range.
    for field in schema.fields_mut() {
        field.range = false;
    }
    Some(schema)
}

/// Everything in `document` that does not fit one of the engine's own schemas.
pub fn validate_builtin(schema: Option<&Schema>, document: &Document) -> Vec<Problem> {
    schema.map_or_else(
        || {
            vec![Problem::error(
                "a schema inside Evenhand cannot be read; please report this",
            )]
        },
        |schema| schema::validate(schema, document),
    )
}
