//! Paths into a document: JSON Pointers (RFC 6901) for programs, dotted paths for people.

use serde_json::Value;
use std::borrow::{Borrow, Cow};
use std::fmt;

/// A JSON Pointer such as `/flows/0/weeks`; the empty pointer is the whole document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Takes a JSON Pointer as written.
    pub fn from_json(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Reads a dotted path such as `flows[0].weeks` or `custom["my key"].x`; `flows[]` keeps `[]` as the step `-`.
    ///
    /// Nothing if the path is not of that form.
    pub fn from_dotted(text: &str) -> Option<Self> {
        let mut pointer = Self::root();
        let mut rest = text.trim();
        if rest.is_empty() {
            return None;
        }
        let mut first = true;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('[') {
                if let Some(quoted) = after.strip_prefix('"') {
                    let (key, tail) = quoted.split_once("\"]")?;
                    pointer = pointer.key(key);
                    rest = tail;
                } else {
                    let (index, tail) = after.split_once(']')?;
                    pointer = match index {
                        "" => pointer.key("-"),
                        digits => pointer.index(digits.parse().ok()?),
                    };
                    rest = tail;
                }
            } else {
                let name = if first { rest } else { rest.strip_prefix('.')? };
                let end = name.find(['.', '[']).unwrap_or(name.len());
                let (key, tail) = name.split_at_checked(end)?;
                if key.is_empty() {
                    return None;
                }
                pointer = pointer.key(key);
                rest = tail;
            }
            first = false;
        }
        Some(pointer)
    }

    /// One step down, to a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + 1 + key.len());
        text.push_str(&self.0);
        text.push('/');
        if key.contains(['~', '/']) {
            text.push_str(&key.replace('~', "~0").replace('/', "~1"));
        } else {
            text.push_str(key);
        }
        Self(text)
    }

    /// One step down, to an element.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The JSON Pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the whole document.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The steps, unescaped.
    pub fn steps(&self) -> impl Iterator<Item = Cow<'_, str>> + '_ {
        self.0.split('/').skip(1).map(|step| {
            if step.contains('~') {
                Cow::Owned(step.replace("~1", "/").replace("~0", "~"))
            } else {
                Cow::Borrowed(step)
            }
        })
    }

    /// What it points to in a value, if there is something. An index has neither sign nor leading zero.
    pub fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        if !self.is_root() && !self.0.starts_with('/') {
            return None;
        }
        self.steps().try_fold(value, |here, step| match here {
            Value::Object(map) => map.get(step.as_ref()),
            Value::Array(items) => items.get(index(&step)?),
            _ => None,
        })
    }

    /// One step up.
    pub fn parent(&self) -> Option<Self> {
        self.0
            .rsplit_once('/')
            .map(|(parent, _)| Self(parent.to_owned()))
    }

    /// Whether `self` is `other` or lies above it.
    pub fn contains(&self, other: &Self) -> bool {
        other
            .0
            .strip_prefix(&self.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The path for people: `flows[0].weeks`.
    pub fn dotted(&self) -> String {
        let mut dotted = String::new();
        for step in self.steps() {
            if step == "-" {
                dotted.push_str("[]");
            } else if !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit()) {
                dotted.push_str(&format!("[{step}]"));
            } else if step.is_empty() || step.contains(['.', '[', ']', ' ', '"']) {
                dotted.push_str(&format!("[\"{step}\"]"));
            } else {
                if !dotted.is_empty() {
                    dotted.push('.');
                }
                dotted.push_str(&step);
            }
        }
        dotted
    }
}

/// An index as RFC 6901 writes it: no sign, no leading zero.
/// A step as the index of a list, if it is one.
pub fn index(step: &str) -> Option<usize> {
    let plain = step == "0" || step.starts_with(|first: char| ('1'..='9').contains(&first));
    step.parse().ok().filter(|_| plain)
}

/// As text, so that a map of pointers can be asked without making one.
impl Borrow<str> for Pointer {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dotted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dotted_and_back() {
        for (dotted, json) in [
            ("flows[0].weeks", "/flows/0/weeks"),
            ("program.title", "/program/title"),
            ("custom[\"my key\"].a", "/custom/my key/a"),
            ("flows[].weeks", "/flows/-/weeks"),
        ] {
            let pointer = Pointer::from_dotted(dotted).unwrap();
            assert_eq!(pointer.as_str(), json);
            assert_eq!(pointer.dotted(), dotted);
        }
        for bad in ["", ".", "a..b", "a[", "a[x]", "[0", "a.b."] {
            assert_eq!(Pointer::from_dotted(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_pointer_contains_itself_and_what_lies_below_not_its_neighbours() {
        let flows = Pointer::from_json("/flows/1");
        assert!(flows.contains(&flows));
        assert!(flows.contains(&flows.key("weeks")));
        assert!(!flows.contains(&Pointer::from_json("/flows/10")));
        assert!(Pointer::root().contains(&flows));
    }

    #[test]
    fn it_points_where_the_standard_says() {
        let value = serde_json::json!({ "a/b": [10, { "~": 1 }], "": 2, "-": null });
        for (json, expected) in [
            ("", Some(value.clone())),
            ("/a~1b/0", Some(Value::from(10))),
            ("/a~1b/1/~0", Some(Value::from(1))),
            ("/", Some(Value::from(2))),
            ("/-", Some(Value::Null)),
            ("/a~1b/00", None),
            ("/a~1b/+1", None),
            ("/a~1b/2", None),
            ("/a~1b/0/x", None),
            ("a", None),
        ] {
            let found = Pointer::from_json(json).of(&value).cloned();
            assert_eq!(found, expected, "{json}");
            assert_eq!(found, value.pointer(json).cloned(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn any_keys_survive_the_pointer(keys in proptest::collection::vec("[^\"]{0,8}", 1..5)) {
            let pointer = keys.iter().fold(Pointer::root(), |pointer, key| pointer.key(key));
            prop_assert_eq!(pointer.steps().collect::<Vec<_>>(), keys);
        }

        #[test]
        fn no_dotted_text_panics(text in ".{0,30}") {
            if let Some(pointer) = Pointer::from_dotted(&text) {
                prop_assert!(!pointer.is_root());
            }
        }
    }
}
