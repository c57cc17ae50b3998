//! Ranges in what a plugin is handed and gives: `{"from": 20, "to": 25}` in the place of a number.

use serde_json::{Map, Value, json};

/// The ends of a range; nothing where the value is none.
pub fn ends(value: &Value) -> Option<(f64, f64)> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    Some((map.get("from")?.as_f64()?, map.get("to")?.as_f64()?))
}

/// A range; the number itself where both ends are the same.
pub fn range(from: &Value, to: &Value) -> Value {
    if from == to || from.as_f64() == to.as_f64() {
        return from.clone();
    }
    json!({ "from": from, "to": to })
}

/// Pointers of all ranges in a document, in its order.
pub fn places(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(document, "", &mut found);
    found
}

fn collect(value: &Value, at: &str, into: &mut Vec<String>) {
    if ends(value).is_some() {
        into.push(at.to_owned());
        return;
    }
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                collect(value, &below(at, name), into);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                collect(value, &format!("{at}/{index}"), into);
            }
        }
        _ => {}
    }
}

fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Puts one end, `from` or `to`, in the place of every range.
pub fn take_end(value: &mut Value, end: &str) {
    if ends(value).is_some() {
        let taken = value.get(end).cloned().unwrap_or(Value::Null);
        *value = taken;
        return;
    }
    match value {
        Value::Object(map) => map.values_mut().for_each(|value| take_end(value, end)),
        Value::Array(items) => items.iter_mut().for_each(|value| take_end(value, end)),
        _ => {}
    }
}

/// What is wrong with ranges whose larger end stands first.
pub fn reversed(value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for place in places(value) {
        let range = value.pointer(&place).and_then(ends);
        if range.is_some_and(|(from, to)| from > to) {
            found.push(format!(
                "`{at}{place}` is a range whose larger end stands first"
            ));
        }
    }
    found
}

/// The value that holds everything that some values hold: ranges where numbers differ. Pointers of what cannot be held so, because
/// a text or yes and no differ or because it is not there in all of them, are added to `differ`.
pub fn joined(values: &[&Value], at: &str, differ: &mut Vec<String>) -> Option<Value> {
    let (first, rest) = values.split_first()?;
    if rest.iter().all(|value| value == first) {
        return Some((*first).clone());
    }
    if let Some(range) = hull(values) {
        return Some(range);
    }
    if values
        .iter()
        .all(|value| value.is_object() && ends(value).is_none())
    {
        return Some(Value::Object(joined_groups(values, at, differ)));
    }
    let lists: Option<Vec<&Vec<Value>>> = values.iter().map(|value| value.as_array()).collect();
    if let Some(lists) = lists
        && let Some(groups) = joined_lists(&lists, at, differ)
    {
        return Some(groups);
    }
    differ.push(at.to_owned());
    None
}

fn joined_groups(values: &[&Value], at: &str, differ: &mut Vec<String>) -> Map<String, Value> {
    let mut joined_map = Map::new();
    let mut names: Vec<&String> = Vec::new();
    for name in values
        .iter()
        .filter_map(|value| value.as_object())
        .flat_map(Map::keys)
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let place = below(at, name);
        let parts: Vec<&Value> = values.iter().filter_map(|value| value.get(name)).collect();
        if parts.len() < values.len() {
            differ.push(place);
        } else if let Some(value) = joined(&parts, &place, differ) {
            joined_map.insert(name.clone(), value);
        }
    }
    joined_map
}

/// Lists of groups, element by element; nothing where they are of different lengths or hold anything else.
fn joined_lists(lists: &[&Vec<Value>], at: &str, differ: &mut Vec<String>) -> Option<Value> {
    let count = lists.first()?.len();
    let groups = |list: &&Vec<Value>| list.len() == count && list.iter().all(Value::is_object);
    if !lists.iter().all(groups) {
        return None;
    }
    let elements = (0..count).map(|index| {
        let parts: Vec<&Value> = lists.iter().filter_map(|list| list.get(index)).collect();
        joined(&parts, &format!("{at}/{index}"), differ).unwrap_or_else(|| json!({}))
    });
    Some(Value::Array(elements.collect()))
}

/// The smallest range that holds numbers and ranges.
fn hull(values: &[&Value]) -> Option<Value> {
    let end = |value: &Value, end: &str| match value {
        Value::Number(_) => Some(value.clone()),
        value => ends(value).and_then(|_| value.get(end).cloned()),
    };
    let lows: Option<Vec<Value>> = values.iter().map(|value| end(value, "from")).collect();
    let highs: Option<Vec<Value>> = values.iter().map(|value| end(value, "to")).collect();
    let order = |a: &Value, b: &Value| {
        let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        number(a).total_cmp(&number(b))
    };
    let low = lows?.into_iter().min_by(order)?;
    Some(range(&low, &highs?.into_iter().max_by(order)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_found_and_one_end_taken() {
        let document = json!({
            "flows": [{ "n": { "from": 20, "to": 25 }, "from": "a", "to": "b" }, { "n": 3 }],
            "a/b": { "from": 1, "to": 2 },
        });
        assert_eq!(places(&document), ["/a~1b", "/flows/0/n"]);
        let mut low = document.clone();
        take_end(&mut low, "from");
        assert_eq!(
            low,
            json!({ "flows": [{ "n": 20, "from": "a", "to": "b" }, { "n": 3 }], "a/b": 1 })
        );
        assert_eq!(reversed(&document, ""), Vec::<String>::new());
        let turned = json!({ "n": { "from": 2, "to": 1 } });
        assert_eq!(
            reversed(&turned, ""),
            ["`/n` is a range whose larger end stands first"]
        );
    }

    #[test]
    fn what_differs_is_a_range_or_is_not_known() {
        let values = [
            json!({ "kg": 3, "by": "air", "flows": [{ "kg": 1 }, { "kg": 2 }], "list": ["a"], "only": 1 }),
            json!({ "kg": { "from": 1, "to": 2 }, "by": "rail", "flows": [{ "kg": 1 }, { "kg": 5 }], "list": ["b"] }),
        ];
        let mut differ = Vec::new();
        let found = joined(&values.iter().collect::<Vec<_>>(), "", &mut differ);
        assert_eq!(
            found,
            Some(json!({
                "kg": { "from": 1, "to": 3 },
                "flows": [{ "kg": 1 }, { "kg": { "from": 2, "to": 5 } }],
            }))
        );
        assert_eq!(differ, ["/by", "/list", "/only"]);
    }
}
