//! What a plugin is handed of a proposal: only what its manifest `reads`.

use serde_json::{Map, Value};

/// Keeps of `document` what the JSON Pointers in `reads` point to, with everything below.
///
/// The empty pointer keeps all. A pointer to something that is not there, or is `null`, keeps nothing. A pointer through an array keeps the
/// element at its index, with `null` for those before it, so that indices stay as they are.
pub fn project(document: &Value, reads: &[impl AsRef<str>]) -> Value {
    let mut kept = Value::Object(Map::new());
    for pointer in reads {
        let pointer = pointer.as_ref();
        if pointer.is_empty() {
            return document.clone();
        }
        let found = document
            .pointer(pointer)
            .is_some_and(|found| !found.is_null());
        if pointer.starts_with('/') && found {
            keep(document, &mut kept, pointer);
        }
    }
    kept
}

/// Copies the value at `pointer`, which exists, from `source` to the same place of `kept`.
fn keep(source: &Value, kept: &mut Value, pointer: &str) {
    let Some(rest) = pointer.strip_prefix('/') else {
        *kept = source.clone();
        return;
    };
    let (token, below) = rest.find('/').map_or((rest, ""), |end| rest.split_at(end));
    let key = token.replace("~1", "/").replace("~0", "~");
    match source {
        Value::Object(object) => {
            let Some(child) = object.get(&key) else {
                return;
            };
            if kept.is_null() {
                *kept = Value::Object(Map::new());
            }
            if let Value::Object(kept) = kept {
                keep(child, kept.entry(key).or_insert(Value::Null), below);
            }
        }
        Value::Array(items) => {
            let Some(index) = key
                .parse::<usize>()
                .ok()
                .filter(|index| *index < items.len())
            else {
                return;
            };
            if kept.is_null() {
                *kept = Value::Array(Vec::new());
            }
            if let (Value::Array(kept), Some(child)) = (kept, items.get(index)) {
                if kept.len() <= index {
                    kept.resize(index + 1, Value::Null);
                }
                if let Some(place) = kept.get_mut(index) {
                    keep(child, place, below);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_named_stays() {
        let document = json!({
            "flows": [{"from": "FRA"}, {"from": "NBO", "to": "ADD"}],
            "partners": {"a/b": {"secret": 1, "name": "x"}, "c": 2},
            "budget": 7,
        });
        let check = |reads: &[&str], expected: Value| {
            assert_eq!(project(&document, reads), expected, "{reads:?}");
        };
        check(&[], json!({}));
        check(&[""], document.clone());
        check(&["/budget", "/nothing"], json!({"budget": 7}));
        check(&["/flows"], json!({"flows": document["flows"]}));
        check(&["/flows/1/to"], json!({"flows": [null, {"to": "ADD"}]}));
        check(
            &["/flows/1/to", "/flows/0"],
            json!({"flows": [{"from": "FRA"}, {"to": "ADD"}]}),
        );
        check(&["/flows/9", "/flows/x"], json!({}));
        check(
            &["/partners/a~1b/name"],
            json!({"partners": {"a/b": {"name": "x"}}}),
        );
        check(
            &["/partners", "/partners/c"],
            json!({"partners": document["partners"]}),
        );
        check(&["budget"], json!({}));
        assert_eq!(
            project(&json!({"a": null, "b": {"c": null}}), &["/a", "/b"]),
            json!({"b": {"c": null}})
        );
    }

    #[test]
    fn the_whole_wins_over_a_part_of_it_in_any_order() {
        let document = json!({"a": {"b": 1, "c": null}});
        assert_eq!(project(&document, &["/a/b", "/a"]), document);
        assert_eq!(project(&document, &["/a", "/a/b"]), document);
    }
}
