//! Calls: of the script's own functions, of a library's, of plugins', and of closures.

use super::Checker;
use crate::plugin::ValueType;
use crate::problem::Problem;
use crate::program::natives::{instead, native, natives};
use crate::program::types::Type;
use rhai::{Expr, FnCallExpr, Position};

/// An argument: its type, and what was written if anything was.
pub(super) struct Argument<'e> {
    pub(super) of: Type,
    pub(super) expr: Option<&'e Expr>,
}

impl Argument<'_> {
    pub(super) fn position(&self, otherwise: Position) -> Position {
        self.expr.map_or(otherwise, Expr::start_position)
    }
}

impl Checker<'_> {
    /// `f(…)`, and the signs between values.
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position) -> Type {
        let name = call.name.as_str();
        let args: Vec<Argument<'_>> = call
            .args
            .iter()
            .map(|arg| Argument {
                of: self.expr(arg),
                expr: Some(arg),
            })
            .collect();
        match (name, args.as_slice()) {
            ("curry", [first, rest @ ..]) => {
                let captured = rest.iter().map(|arg| arg.of.clone()).collect();
                match &first.of {
                    Type::Closure(name, _) => Type::Closure(name.clone(), captured),
                    _ => Type::Unknown,
                }
            }
            ("==" | "!=", [a, b]) => {
                self.equal(&a.of, &b.of, position);
                Type::YesNo
            }
            ("<" | "<=" | ">" | ">=", [a, b]) => {
                self.ordered(&a.of, &b.of, position);
                Type::YesNo
            }
            ("+" | "-" | "*" | "/" | "%", [a, b]) => self.arithmetic(name, &a.of, &b.of, position),
            ("-" | "+", [a]) => {
                self.number(&a.of, a.position(position));
                Type::Number
            }
            ("!", [a]) => {
                let of = a.of.clone();
                self.yes_no(&of, a.position(position), "what stands after `!`");
                Type::YesNo
            }
            ("contains", [list, item]) => {
                self.is_in(list, item, self.stands("in", position), position)
            }
            _ => self.named(name, args, position),
        }
    }

    fn named(&mut self, name: &str, args: Vec<Argument<'_>>, position: Position) -> Type {
        if let Some(function) = self.functions.get(name) {
            if function.params.len() == args.len() {
                return self.walk(
                    name,
                    args.into_iter().map(|arg| arg.of).collect(),
                    0,
                    position,
                );
            }
            if native(name).is_none() {
                let message = format!("`{name}` is called with {}", arguments(args.len()));
                let wanted = format!("`{name}({})`", function.params.join(", "));
                self.report(position, Problem::error(message).expected(wanted));
                return Type::Unknown;
            }
        }
        if native(name).is_some() {
            return self.native(name, &args, position);
        }
        if let Some(of) = self.plugin(name, &args, position) {
            return of;
        }
        self.no_function(name, position);
        Type::Unknown
    }

    fn no_function(&mut self, name: &str, position: Position) {
        let problem = Problem::error(format!("there is no function `{name}`"));
        if let Some(instead) = instead(name) {
            self.report(position, problem.suggest(instead));
            return;
        }
        let plugins = self.around.plugins.iter();
        let plugins = plugins.flat_map(|manifest| {
            manifest
                .functions
                .iter()
                .map(|function| function.name.as_str())
        });
        let known = natives()
            .iter()
            .map(|native| native.name)
            .chain(self.functions.names())
            .chain(plugins);
        let near = Self::near(name, known.collect::<Vec<_>>());
        self.report(position, problem.suggest_maybe(near));
    }

    /// A function of a plugin.
    fn plugin(&mut self, name: &str, args: &[Argument<'_>], position: Position) -> Option<Type> {
        let all = self
            .around
            .plugins
            .iter()
            .flat_map(|manifest| manifest.functions.iter());
        let function = all.into_iter().find(|function| function.name == name)?;
        let names: Vec<&str> = function
            .params
            .iter()
            .map(|param| param.name.as_str())
            .collect();
        let wanted = format!("`{name}({})`", names.join(", "));
        if args.len() != function.params.len() {
            let message = format!("`{name}` is called with {}", arguments(args.len()));
            self.report(position, Problem::error(message).expected(wanted.clone()));
        }
        for (param, arg) in function.params.iter().zip(args) {
            let (fits, word) = match param.kind {
                ValueType::Bool => (arg.of == Type::YesNo, "yes or no"),
                ValueType::I64 | ValueType::F64 => (arg.of == Type::Number, "a number"),
                ValueType::Str => (matches!(arg.of, Type::Text(_)), "text"),
                ValueType::Unit => (arg.of == Type::Nothing, "nothing"),
                ValueType::Json => (
                    !matches!(arg.of, Type::Finding | Type::Change | Type::Closure(..)),
                    "a value",
                ),
            };
            if !fits && !arg.of.is_open() {
                let message = format!(
                    "`{}` of `{name}` is {word}, not {}",
                    param.name,
                    arg.of.word()
                );
                self.report(
                    arg.position(position),
                    Problem::error(message).expected(wanted.clone()),
                );
            }
        }
        Some(match function.returns {
            ValueType::Unit => Type::Nothing,
            ValueType::Bool => Type::YesNo,
            ValueType::I64 | ValueType::F64 => Type::Number,
            ValueType::Str => Type::text(),
            ValueType::Json => Type::Unknown,
        })
    }

    /// `base.f(…)`.
    pub(super) fn method(
        &mut self,
        base: Type,
        from: &Expr,
        call: &FnCallExpr,
        position: Position,
    ) -> Type {
        let name = call.name.as_str();
        let mut args = vec![Argument {
            of: base,
            expr: Some(from),
        }];
        args.extend(call.args.iter().map(|arg| Argument {
            of: self.expr(arg),
            expr: Some(arg),
        }));
        if name == "call" {
            let rest = args.iter().skip(1).map(|arg| arg.of.clone()).collect();
            let of = args.first().map_or(Type::Unknown, |first| first.of.clone());
            return self.closure(&of, rest, position);
        }
        let own = self.functions.get(name);
        if own.is_some_and(|own| own.params.len() + 1 == args.len())
            || (own.is_some() && native(name).is_none())
        {
            let message = format!("`{name}` is called on a value, which would be its `this`");
            self.error(
                position,
                message,
                format!("write `{name}(…)` with the value as an argument"),
            );
            return Type::Unknown;
        }
        if name == "contains"
            && let [list, item] = args.as_slice()
        {
            return self.is_in(list, item, false, position);
        }
        if native(name).is_some() {
            return self.native(name, &args, position);
        }
        if let Some(of) = self.plugin(name, &args, position) {
            return of;
        }
        self.no_function(name, position);
        Type::Unknown
    }

    /// Calls a closure with these arguments.
    pub(super) fn closure(&mut self, of: &Type, args: Vec<Type>, position: Position) -> Type {
        let Type::Closure(name, captured) = of else {
            if !of.is_open() {
                let message = format!("{} is called as a function", of.word());
                self.error(
                    position,
                    message,
                    "write a closure, such as `|x| x.weeks > 8`",
                );
            }
            return Type::Unknown;
        };
        let wanted = self
            .functions
            .get(name)
            .map_or(0, |function| function.params.len());
        let count = captured.len();
        let own = wanted.saturating_sub(count);
        if own != args.len() {
            let message = format!(
                "the closure takes {}, and gets {}",
                arguments(own),
                args.len()
            );
            self.error(
                position,
                message,
                "write as many names between the bars as there are values",
            );
            return Type::Unknown;
        }
        let all = captured.iter().cloned().chain(args).collect();
        self.walk(name, all, count, position)
    }

    /// `item in list` reaches us as `contains(list, item)`.
    fn is_in(
        &mut self,
        list: &Argument<'_>,
        item: &Argument<'_>,
        sign: bool,
        position: Position,
    ) -> Type {
        match &list.of {
            Type::List(element, _) => self.member(element, &item.of, position),
            Type::Row(items) => {
                for element in items {
                    self.equal(element, &item.of, position);
                }
            }
            Type::Text(_) if sign => self.error(
                position,
                "`in` is asked of a text, and would find parts of words",
                "write `==`, a list of texts, or `text.contains(part)` if a part is meant",
            ),
            Type::Text(_) => {
                if !matches!(item.of, Type::Text(_)) && !item.of.is_open() {
                    self.equal(&list.of, &item.of, position);
                }
            }
            Type::Table(_) => {
                if !matches!(item.of, Type::Text(_)) && !item.of.is_open() {
                    self.error(
                        position,
                        "the entries of a table have texts as names",
                        "ask for a text",
                    );
                }
            }
            open if open.is_open() => {}
            other => {
                let message = format!("`in` is asked of {}", other.word());
                self.error(position, message, "ask it of a list");
            }
        }
        Type::YesNo
    }

    pub(super) fn number(&mut self, of: &Type, position: Position) {
        if *of != Type::Number && !of.is_open() {
            let message = format!("{} stands where a number is needed", of.word());
            self.report(position, Problem::error(message).expected("a number"));
        }
    }
}

pub(super) fn arguments(count: usize) -> String {
    match count {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}
