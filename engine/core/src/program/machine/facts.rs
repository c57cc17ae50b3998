//! What a script asks of the facts, of tables and of plugins.

use super::{Flow, Machine, Outcome, bounded, fail, limits, number, shared, text};
use crate::plugin::Argument;
use crate::plugins::NoAnswer;
use crate::program::code::{Asked, Path, What};
use crate::program::value::Value;
use crate::rule::facts::{Step, Stop, step, steps};

impl<'a> Machine<'a> {
    pub(super) fn property(&mut self, of: &Value, step: &Step) -> Outcome<Value> {
        match of {
            Value::Fact(_) | Value::Absent(_) => Ok(self.record.read(of, step)?),
            Value::Table(table) => match table.entries.get(&*step.name) {
                Some(value) => Ok(value.clone()),
                None => fail(format!("there is no field or parameter `{}`", step.name)),
            },
            Value::List(_) | Value::Facts(_) if &*step.name == "len" => self.length(of),
            other => fail(format!("{} has no field `{}`", other.word(), step.name)),
        }
    }

    pub(super) fn index(&mut self, of: &Value, key: &Value) -> Outcome<Value> {
        match (of, key) {
            (Value::List(_) | Value::Facts(_), Value::Number(at)) => {
                let count = self.count(of)?;
                match whole(*at).filter(|at| *at < count) {
                    Some(at) => self.item(of, at),
                    None => fail(format!(
                        "the list has {count} elements, and no `[{}]`",
                        crate::text::number(*at)
                    )),
                }
            }
            (Value::Text(text), Value::Number(at)) => {
                let at = whole(*at);
                self.spend_bytes(at.unwrap_or(0).min(text.len()))?;
                match at.and_then(|at| text.chars().nth(at)) {
                    Some(letter) => Ok(Value::text(letter.to_string())),
                    None => fail("the text has no letter at that place"),
                }
            }
            (Value::Table(_), Value::Text(name)) => {
                let step = Step::plain(name);
                self.property(of, &step)
            }
            (Value::Fact(_) | Value::Absent(_), Value::Text(name)) => {
                let step = step(self.record.facts.schema(), name);
                self.property(of, &step)
            }
            (_, Value::Range(id)) => Err(Flow::Imprecise(*id)),
            (of, key) => fail(format!(
                "{} stands in the brackets after {}",
                key.word(),
                of.word()
            )),
        }
    }

    /// `table[key] = value`.
    pub(super) fn set_entry(&mut self, name: usize, key: &Value, value: Value) -> Outcome<()> {
        let key = text(key, "the name of an entry")?.clone();
        self.spend_bytes(key.len())?;
        let slot = self.base + name;
        let Some(Value::Table(table)) = self.names.get_mut(slot) else {
            return fail("only an entry of a table can be set so");
        };
        let depth = value.depth() + 1;
        if depth > crate::program::value::NESTING {
            return super::too_deep();
        }
        let size = table.entries.len();
        let alone = std::sync::Arc::strong_count(table) == 1;
        let table = shared(table);
        table.depth = table.depth.max(depth);
        table.entries.insert(key, value);
        bounded(table.entries.len(), limits::TABLE, "entries of a table")?;
        if alone { Ok(()) } else { self.spend(size) }
    }

    pub(super) fn asked(&mut self, asked: &'a Asked) -> Outcome<Value> {
        let of = self.eval(&asked.of)?;
        let computed;
        let path = match &asked.path {
            Path::Known(path) => path,
            Path::Computed(node) => {
                let path = self.eval(node)?;
                let path = text(&path, "a path")?;
                self.spend_bytes(path.len())?;
                match steps(self.record.facts.schema(), path) {
                    Some(steps) => {
                        computed = steps;
                        &computed
                    }
                    None => return fail(format!("`{path}` is not a field of the proposal")),
                }
            }
        };
        self.spend(path.len())?;
        match asked.what {
            What::Has => Ok(Value::YesNo(self.record.has(&of, path)?)),
            What::GetOr => {
                let otherwise = match &asked.otherwise {
                    Some(otherwise) => self.eval(otherwise)?,
                    None => Value::Nothing,
                };
                Ok(self.record.get(&of, path)?.unwrap_or(otherwise))
            }
            What::AttestedBy => {
                let by = self.record.attested_by(&of, path)?;
                self.new_list(by.into_iter().map(Value::text).collect())
            }
            What::Beside => Ok(self.record.beside(&of, path)?),
        }
    }

    pub(super) fn path_of(&mut self, of: &Value) -> Outcome<Value> {
        let path = self.record.pointer_of(of)?.dotted();
        self.spend_bytes(path.len())?;
        Ok(Value::text(path))
    }

    /// A function of a plugin. One that gives no answer makes the rule unknown, not wrong.
    pub(super) fn plugin(
        &mut self,
        plugin: usize,
        function: usize,
        args: &[Value],
    ) -> Outcome<Value> {
        for arg in args {
            self.all_known(&[arg])?;
        }
        let bytes = args.iter().map(Value::size).sum();
        self.spend_bytes(bytes)?;
        let plugins = self.plugins;
        let args = args.iter().map(argument).collect::<Outcome<Vec<_>>>()?;
        match plugins.call(plugin, function, args, self.record.facts) {
            Ok(answer) => {
                let value = value(answer)?;
                self.spend_bytes(value.size())?;
                Ok(value)
            }
            Err(NoAnswer::Wrong(message)) => fail(message),
            Err(NoAnswer::Unavailable(reason)) => {
                self.record.stopped(Stop::Unavailable(reason));
                Err(Flow::Stopped)
            }
        }
    }
}

/// A whole number from 0.
pub(super) fn whole(number: f64) -> Option<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to 2^53"
    )]
    (number >= 0.0 && number.fract() == 0.0 && number < 9.0e15).then_some(number as usize)
}

fn argument(value: &Value) -> Outcome<Argument> {
    Ok(match value {
        Value::Nothing => Argument::Unit,
        Value::YesNo(flag) => Argument::Bool(*flag),
        Value::Number(_) => Argument::Number(number(value, "an argument")?),
        Value::Text(text) => Argument::Text(text.to_string()),
        other => match other.json() {
            Ok(json) => Argument::Json(json),
            Err(word) => return fail(format!("{word} cannot be given to a plugin")),
        },
    })
}

fn value(answer: Argument) -> Outcome<Value> {
    Ok(match answer {
        Argument::Unit => Value::Nothing,
        Argument::Bool(flag) => Value::YesNo(flag),
        #[expect(
            clippy::cast_precision_loss,
            reason = "numbers reach scripts as floats, by design"
        )]
        Argument::Integer(number) => Value::Number(number as f64),
        Argument::Number(number) => Value::Number(number),
        Argument::Text(text) => Value::text(text),
        Argument::Json(json) => return Value::of_json(&json).map_or_else(super::too_deep, Ok),
    })
}
