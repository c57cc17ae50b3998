//! Changes to a proposal, as values.

use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use serde_json::Value;

/// Puts a value in its place; groups on the way are made, and an index at the end of a list adds to it.
///
/// A place that does not exist and cannot be made (an index beyond the end of its list) changes nothing.
pub fn set(proposal: &mut Value, path: &Pointer, value: Value) {
    // What cannot be made is checked where the change is read, and stays as it was.
    drop(evenhand_document::change::set(proposal, path, value));
}

/// Takes a value away: it is not known any more.
pub fn unset(proposal: &mut Value, path: &Pointer) {
    let (Some(parent), Some(last)) = (path.parent(), path.steps().last()) else {
        return;
    };
    match proposal.pointer_mut(parent.as_str()) {
        Some(Value::Object(map)) => {
            map.remove(last.as_ref());
        }
        // The elements after it keep their places.
        Some(Value::Array(items)) => {
            let index = last.parse::<usize>().ok();
            if let Some(item) = index.and_then(|index| items.get_mut(index)) {
                *item = Value::Null;
            }
        }
        _ => {}
    }
}

/// Every place in a proposal that a path means; `[]` means each element there is.
///
/// The paths need not exist, but their lists do: an index beyond the list's end is a problem, but for the next one.
pub fn resolve(proposal: &Value, path: &Pointer) -> Result<Vec<Pointer>, Problem> {
    let mut found = vec![Pointer::root()];
    for step in path.steps() {
        let mut below = Vec::new();
        for at in &found {
            let here = at.of(proposal);
            let length = here.and_then(Value::as_array).map(Vec::len);
            match (step.as_ref(), length) {
                ("-", Some(length)) => below.extend((0..length).map(|index| at.index(index))),
                ("-", None) => {}
                (digits, Some(length))
                    if digits.parse().is_ok_and(|index: usize| index > length) =>
                {
                    let message = format!("`{}` is beyond the end of the list", at.key(&step));
                    return Err(
                        Problem::error(message).expected(format!("an index from 0 to {length}"))
                    );
                }
                _ => below.push(at.key(&step)),
            }
        }
        found = below;
    }
    if found.is_empty() {
        let message = format!("`{path}` means nothing here: the list is empty");
        return Err(Problem::error(message));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointer(dotted: &str) -> Pointer {
        Pointer::from_dotted(dotted).unwrap()
    }

    #[test]
    fn groups_and_lists_are_made_on_the_way() {
        let mut value = json!({ "a": null, "list": [{ "x": 1 }] });
        set(&mut value, &pointer("a.b.c"), json!(1));
        set(&mut value, &pointer("list[1].x"), json!(2));
        set(&mut value, &pointer("new[0]"), json!("first"));
        assert_eq!(
            value,
            json!({ "a": { "b": { "c": 1 } }, "list": [{ "x": 1 }, { "x": 2 }], "new": ["first"] })
        );
    }

    #[test]
    fn nothing_is_made_beyond_the_end_of_a_list_or_below_a_text() {
        let before = json!({ "list": [1], "text": "a" });
        let mut value = before.clone();
        set(&mut value, &pointer("list[2]"), json!(3));
        set(&mut value, &pointer("text.below"), json!(3));
        assert_eq!(value, before);
    }

    #[test]
    fn what_is_taken_away_is_not_known_and_others_keep_their_places() {
        let mut value = json!({ "a": { "b": 1, "c": 2 }, "list": [1, 2] });
        unset(&mut value, &pointer("a.b"));
        unset(&mut value, &pointer("list[0]"));
        unset(&mut value, &pointer("no.such"));
        assert_eq!(value, json!({ "a": { "c": 2 }, "list": [null, 2] }));
    }

    #[test]
    fn a_path_with_empty_brackets_means_each_element() {
        let value = json!({ "flows": [{}, {}], "none": [] });
        let paths = |dotted: &str| {
            let found = resolve(&value, &pointer(dotted));
            found.map(|found| found.iter().map(Pointer::dotted).collect::<Vec<_>>())
        };
        assert_eq!(
            paths("flows[].weeks").unwrap(),
            ["flows[0].weeks", "flows[1].weeks"]
        );
        assert_eq!(paths("flows[2].weeks").unwrap(), ["flows[2].weeks"]);
        assert_eq!(paths("host.need").unwrap(), ["host.need"]);
        assert!(paths("flows[3].weeks").is_err());
        assert!(paths("none[].weeks").is_err());
    }
}
