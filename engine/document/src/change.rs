//! Setting and taking out values of a document that is made from another.

use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use serde_json::{Map, Value};

/// Sets a value in a document, making the groups and lists on the way; lists grow by one element at most.
pub fn set(document: &mut Value, at: &Pointer, value: Value) -> Result<(), Problem> {
    let mut here = document;
    for step in at.steps() {
        if here.is_null() {
            let index = step.bytes().all(|byte| byte.is_ascii_digit());
            *here = if index {
                Value::Array(Vec::new())
            } else {
                Value::Object(Map::new())
            };
        }
        here = match here {
            Value::Object(map) => map.entry(step).or_insert(Value::Null),
            Value::Array(list) => {
                let index: Option<usize> = step.parse().ok();
                let length = list.len();
                match index {
                    Some(index) if index <= length => {
                        if index == length {
                            list.push(Value::Null);
                        }
                        list.get_mut(index)
                            .ok_or_else(|| Problem::error("an element that does not exist"))?
                    }
                    _ => {
                        return Err(Problem::error(format!("there is no `{at}`")).expected(
                            format!("an element between 0 and {}", length.saturating_sub(1)),
                        ));
                    }
                }
            }
            _ => return Err(Problem::error(format!("`{at}` lies below a plain value"))),
        };
    }
    *here = value;
    Ok(())
}

/// Takes a value out of a document; whether there was one.
pub fn unset(document: &mut Value, at: &Pointer) -> bool {
    let (Some(parent), Some(last)) = (at.parent(), at.steps().last()) else {
        return false;
    };
    match document.pointer_mut(parent.as_str()) {
        Some(Value::Object(map)) => map.remove(last.as_ref()).is_some(),
        Some(Value::Array(list)) => match last
            .parse::<usize>()
            .ok()
            .filter(|index| *index < list.len())
        {
            Some(index) => {
                list.remove(index);
                true
            }
            None => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(path: &str) -> Pointer {
        Pointer::from_dotted(path).unwrap()
    }

    #[test]
    fn values_are_set_in_groups_and_lists_that_may_not_be_there() {
        for (before, path, after) in [
            (json!({}), "a.b", json!({ "a": { "b": 1 } })),
            (json!({ "a": null }), "a.b", json!({ "a": { "b": 1 } })),
            (
                json!({ "a": { "c": 2 } }),
                "a.b",
                json!({ "a": { "b": 1, "c": 2 } }),
            ),
            (
                json!({ "a": [{ "b": 0 }] }),
                "a[0].b",
                json!({ "a": [{ "b": 1 }] }),
            ),
            (json!({ "a": [] }), "a[0].b", json!({ "a": [{ "b": 1 }] })),
            (json!({ "a": [5] }), "a[1]", json!({ "a": [5, 1] })),
        ] {
            let mut value = before.clone();
            set(&mut value, &at(path), json!(1)).unwrap();
            assert_eq!(value, after, "{before} {path}");
        }
        for (before, path) in [
            (json!({ "a": [] }), "a[1]"),
            (json!({ "a": [1] }), "a.b"),
            (json!({ "a": 3 }), "a.b"),
        ] {
            assert!(
                set(&mut before.clone(), &at(path), json!(1)).is_err(),
                "{before} {path}"
            );
        }
    }

    #[test]
    fn values_are_taken_out_where_there_are_any() {
        let whole = json!({ "a": { "b": 1 }, "c": [1, 2], "d": null });
        for (path, there) in [
            ("a.b", true),
            ("a", true),
            ("c[1]", true),
            ("d", true),
            ("c[2]", false),
            ("e", false),
            ("a.b.c", false),
            ("a.x", false),
        ] {
            let mut value = whole.clone();
            assert_eq!(unset(&mut value, &at(path)), there, "{path}");
            assert_eq!(value != whole, there, "{path}");
        }
    }
}
