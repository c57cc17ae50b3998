//! What a proposal is asked to begin with: what its kind needs, and no more.

use crate::Judge;
use crate::question::questions;
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{FieldId, Need, Schema};
use serde_json::Value;
use std::collections::BTreeSet;

/// The facts that a proposal with so little in it is asked for: those that a finding waits for, and the essential ones of
/// the groups it has.
///
/// So a kind of program says what it has (partners, who goes where), and what follows from that is asked.
pub fn wanted(judge: &dyn Judge, proposal: &Value) -> BTreeSet<Pointer> {
    let document = Document::from_value("", proposal.clone());
    let card = judge.judge(&document);
    let schema = judge.schema();
    let open = questions(&card, proposal, schema);
    let mut wanted: BTreeSet<Pointer> = open.into_iter().flat_map(|one| one.paths).collect();
    essential(
        schema,
        schema.root(),
        proposal,
        &Pointer::root(),
        &mut wanted,
    );
    wanted
}

/// Adds the essential fields of every group and element that is there.
fn essential(
    schema: &Schema,
    id: FieldId,
    value: &Value,
    at: &Pointer,
    wanted: &mut BTreeSet<Pointer>,
) {
    let field = schema.field(id);
    match value {
        Value::Object(map) => {
            for (name, below) in &field.properties {
                let here = at.key(name);
                if let Some(value) = map.get(name).filter(|value| !value.is_null()) {
                    essential(schema, *below, value, &here, wanted);
                    continue;
                }
                let below = schema.field(*below);
                let leaf = below.properties.is_empty() && !at.is_root();
                if leaf && below.need == Need::Essential {
                    wanted.insert(here);
                }
            }
        }
        Value::Array(items) => {
            let Some(below) = field.items else { return };
            for (index, item) in items.iter().enumerate() {
                essential(schema, below, item, &at.index(index), wanted);
            }
        }
        _ => {}
    }
}
