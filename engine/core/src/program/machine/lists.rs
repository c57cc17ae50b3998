//! Lists: their elements, and putting them in order.

use super::{Machine, Outcome, bounded, fail, limits, number, shared, small, too_deep};
use crate::program::value::{Captured, Value, equal, order};
use std::cmp::Ordering;
use std::sync::Arc;

impl Machine<'_> {
    /// The elements of a list that a script has given; nothing where it is none.
    pub(crate) fn elements(&self, list: &Value) -> Option<Vec<Value>> {
        let count = self.count(list).ok()?;
        (0..count).map(|at| self.item(list, at).ok()).collect()
    }

    /// How many elements a list has.
    pub(super) fn count(&self, list: &Value) -> Outcome<usize> {
        match list {
            Value::List(list) => Ok(list.items.len()),
            Value::Facts(id) => Ok(self.record.count(*id)),
            other => fail(format!("a list is needed, not {}", other.word())),
        }
    }

    pub(super) fn item(&self, list: &Value, at: usize) -> Outcome<Value> {
        let item = match list {
            Value::List(list) => list.items.get(at).cloned(),
            Value::Facts(id) => self.record.group(*id, at),
            _ => None,
        };
        item.map_or_else(|| fail("the list has no such element"), Ok)
    }

    /// The elements of a list, of its own where nobody else has it.
    pub(super) fn items(&mut self, list: Value) -> Outcome<Vec<Value>> {
        let count = self.count(&list)?;
        self.spend(1 + count)?;
        match list {
            Value::List(list) => {
                Ok(Arc::try_unwrap(list).map_or_else(|list| list.items.clone(), |list| list.items))
            }
            other => (0..count).map(|at| self.item(&other, at)).collect(),
        }
    }

    pub(super) fn new_list(&mut self, items: Vec<Value>) -> Outcome<Value> {
        bounded(items.len(), limits::LIST, "elements of a list")?;
        self.spend(items.len())?;
        Value::list(items).map_or_else(too_deep, Ok)
    }

    pub(super) fn length(&self, of: &Value) -> Outcome<Value> {
        let length = match of {
            Value::Text(text) => text.chars().count(),
            list => self.count(list)?,
        };
        #[expect(clippy::cast_precision_loss, reason = "lengths are bounded")]
        Ok(Value::Number(length as f64))
    }

    pub(super) fn push(&mut self, name: usize, value: Value) -> Outcome<()> {
        let slot = self.base + name;
        if let Some(Value::Facts(_)) = self.names.get(slot) {
            let items = self.items(self.named(name))?;
            let list = self.new_list(items)?;
            self.give(name, list);
        }
        let Some(Value::List(list)) = self.names.get_mut(slot) else {
            return fail("only a list can be added to");
        };
        let depth = value.depth() + 1;
        if depth > crate::program::value::NESTING {
            return too_deep();
        }
        let copied = if Arc::strong_count(list) == 1 {
            0
        } else {
            list.items.len()
        };
        let list = shared(list);
        list.depth = list.depth.max(depth);
        list.items.push(value);
        bounded(list.items.len(), limits::LIST, "elements of a list")?;
        self.spend(1 + copied)
    }

    pub(super) fn is_in(&mut self, list: &Value, item: &Value) -> Outcome<Value> {
        match (list, item) {
            (Value::Text(text), Value::Text(part)) => {
                self.spend_bytes(text.len())?;
                Ok(Value::YesNo(text.contains(part.as_str())))
            }
            (Value::Table(table), Value::Text(name)) => {
                Ok(Value::YesNo(table.entries.contains_key(name)))
            }
            _ => {
                let bytes = small(item);
                for at in 0..self.count(list)? {
                    self.spend_bytes(bytes)?;
                    let here = self.item(list, at)?;
                    if equal(&here, item).or_else(fail)? {
                        return Ok(Value::YesNo(true));
                    }
                }
                Ok(Value::YesNo(false))
            }
        }
    }

    /// Calls a function with each element, until it says that it is enough.
    pub(super) fn each(
        &mut self,
        list: &Value,
        by: &Value,
        mut visit: impl FnMut(&mut Self, Value, Value) -> Outcome<bool>,
    ) -> Outcome<()> {
        let Value::Closure(by) = by else {
            return fail(format!("a function is needed, not {}", by.word()));
        };
        for at in 0..self.count(list)? {
            let item = self.item(list, at)?;
            let gives = self.call_closure(by, [item.clone()])?;
            if !visit(self, item, gives)? {
                break;
            }
        }
        Ok(())
    }

    /// The elements in order; what is equal keeps its place.
    pub(super) fn sorted(&mut self, list: &Value, by: Option<&Value>) -> Outcome<Value> {
        let items = self.items(list.clone())?;
        let by = match by {
            None => None,
            Some(Value::Closure(by)) => Some(Arc::clone(by)),
            Some(other) => return fail(format!("a function is needed, not {}", other.word())),
        };
        let sorted = self.merged(items, by.as_deref())?;
        self.new_list(sorted)
    }

    fn merged(&mut self, mut items: Vec<Value>, by: Option<&Captured>) -> Outcome<Vec<Value>> {
        if items.len() < 2 {
            return Ok(items);
        }
        let right = items.split_off(items.len() / 2);
        let left = self.merged(items, by)?;
        let right = self.merged(right, by)?;
        let mut all = Vec::with_capacity(left.len() + right.len());
        let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            let other_first = self.compared(b, a, by)? == Ordering::Less;
            all.extend(if other_first {
                right.next()
            } else {
                left.next()
            });
        }
        all.extend(left);
        all.extend(right);
        Ok(all)
    }

    /// Which of two elements comes first.
    fn compared(&mut self, a: &Value, b: &Value, by: Option<&Captured>) -> Outcome<Ordering> {
        self.spend_bytes(small(a).min(small(b)))?;
        let Some(by) = by else {
            self.all_known(&[a, b])?;
            return order(a, b).or_else(fail);
        };
        match self.call_closure(by, [a.clone(), b.clone()])? {
            Value::YesNo(true) => Ok(Ordering::Less),
            Value::YesNo(false) => Ok(Ordering::Equal),
            other => {
                let difference = number(&other, "what puts elements in order")?;
                Ok(difference.total_cmp(&0.0))
            }
        }
    }
}
