//! Answers put into groups and lists, in the order of the schema.

use evenhand_diagnostic::pointer::{Pointer, index};
use evenhand_diagnostic::source::Cell;
use evenhand_document::document::Filled;
use evenhand_document::schema::{FieldId, Schema};

/// Puts an answer where its path says, and makes the groups and lists above it.
pub(super) fn put(root: &mut Vec<(String, Filled)>, at: &Pointer, value: Filled) {
    let steps: Vec<String> = at.steps().map(std::borrow::Cow::into_owned).collect();
    into_group(root, &steps, value);
}

/// How many entries the list there has.
pub(super) fn length(root: &[(String, Filled)], at: &Pointer) -> usize {
    let mut group = root;
    let mut found: Option<&Filled> = None;
    for step in at.steps() {
        let next = match found {
            Some(Filled::List(items, _)) => index(&step).and_then(|index| items.get(index)),
            _ => group
                .iter()
                .find(|(name, _)| *name == step)
                .map(|(_, value)| value),
        };
        if let Some(Filled::Group(below, _)) = next {
            group = below;
        }
        found = next;
        if found.is_none() {
            return 0;
        }
    }
    match found {
        Some(Filled::List(items, _)) => items.len(),
        _ => 0,
    }
}

fn into_group(group: &mut Vec<(String, Filled)>, steps: &[String], value: Filled) {
    let Some((name, rest)) = steps.split_first() else {
        return;
    };
    let known = group.iter().position(|(known, _)| known == name);
    let here = known.unwrap_or_else(|| {
        group.push((name.clone(), begun(rest, value.cell())));
        group.len() - 1
    });
    if let Some((_, slot)) = group.get_mut(here) {
        into(slot, rest, value);
    }
}

fn into(slot: &mut Filled, rest: &[String], value: Filled) {
    let Some((step, below)) = rest.split_first() else {
        *slot = value;
        return;
    };
    match slot {
        Filled::Group(group, _) => into_group(group, rest, value),
        Filled::List(items, _) => {
            let Some(index) = index(step) else { return };
            while items.len() <= index.min(LONGEST) {
                items.push(Filled::Group(Vec::new(), value.cell().clone()));
            }
            if let Some(item) = items.get_mut(index) {
                into(item, below, value);
            }
        }
        // Two answers of which one lies in the other: the schema has no such fields.
        Filled::Value(..) => {}
    }
}

/// The highest index that a name such as `flows[3].weeks` can make a list grow to.
const LONGEST: usize = 200_000;

/// What a path goes on into: a list where the next step is a number, else a group.
fn begun(rest: &[String], cell: &Cell) -> Filled {
    match rest.first() {
        Some(step) if index(step).is_some() => Filled::List(Vec::new(), cell.clone()),
        _ => Filled::Group(Vec::new(), cell.clone()),
    }
}

/// Puts groups into the order of the schema, whatever the order of sheets, rows and columns.
pub(super) fn order(schema: &Schema, id: FieldId, group: &mut [(String, Filled)]) {
    let place = |name: &str| {
        let properties = &schema.field(id).properties;
        let place = properties.iter().position(|(known, _)| known == name);
        place.unwrap_or(properties.len())
    };
    group.sort_by_key(|(name, _)| place(name));
    for (name, value) in group {
        let Some(below) = schema.property(id, name) else {
            continue;
        };
        match value {
            Filled::Group(group, _) => order(schema, below, group),
            Filled::List(items, _) => {
                let Some(element) = schema.field(below).items else {
                    continue;
                };
                for item in items {
                    if let Filled::Group(group, _) = item {
                        order(schema, element, group);
                    }
                }
            }
            Filled::Value(..) => {}
        }
    }
}
