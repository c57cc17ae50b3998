//! Expressions: names, facts, lists, tables, and the signs between them.

use super::{Checker, Name};
use crate::problem::Problem;
use crate::program::types::{Type, Words};
use crate::schema::{FieldId, Kind};
use rhai::{ASTFlags, BinaryExpr, Dynamic, Expr, FnPtr, OpAssignment, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};

impl Checker<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Type {
        self.expr_used(expr, true)
    }

    pub(super) fn expr_used(&mut self, expr: &Expr, value: bool) -> Type {
        if self.is_tired(expr.start_position()) {
            return Type::Unknown;
        }
        match expr {
            Expr::Variable(parts, _, position) => self.name(&parts.1, *position),
            Expr::StringConstant(text, _) => Type::Text(Words::one(text.as_str())),
            Expr::CharConstant(letter, _) => Type::Text(Words::one(letter.to_string())),
            Expr::IntegerConstant(..) | Expr::FloatConstant(..) => Type::Number,
            Expr::BoolConstant(..) => Type::YesNo,
            Expr::Unit(_) => Type::Nothing,
            Expr::DynamicConstant(value, _) => constant(value),
            Expr::Array(items, _) => {
                let items: Vec<Type> = items.iter().map(|item| self.kept(item)).collect();
                Type::of_items(items)
            }
            Expr::Map(parts, _) => {
                let entries = parts
                    .0
                    .iter()
                    .map(|(key, value)| (key.name.to_string(), self.kept(value)));
                Type::Table(entries.collect())
            }
            Expr::InterpolatedString(parts, _) => self.interpolated(parts),
            Expr::And(parts, _) | Expr::Or(parts, _) => {
                for part in parts.iter() {
                    let of = self.expr(part);
                    self.yes_no(&of, part.start_position(), "each side of `&&` and `||`");
                }
                Type::YesNo
            }
            Expr::Stmt(block) => match block.statements() {
                // Braces that the parser put round one statement, such as an arm of a `switch`.
                [Stmt::Share(_), last] => self.block(std::slice::from_ref(last), value),
                statements => self.block(statements, value),
            },
            Expr::FnCall(call, position) => self.call(call, *position),
            Expr::Dot(parts, _, _) | Expr::Index(parts, _, _) => {
                let base = self.expr(&parts.lhs);
                self.chain(base, &parts.lhs, expr, parts)
            }
            Expr::ThisPtr(position) => {
                self.error(
                    *position,
                    "`this` is not part of the language",
                    "give the function an argument",
                );
                Type::Unknown
            }
            other => {
                self.error(
                    other.position(),
                    "this expression is not part of the language",
                    "`evenhand rules functions` lists what there is",
                );
                Type::Unknown
            }
        }
    }

    /// What is put into a list or a table; a finding would be lost there.
    fn kept(&mut self, expr: &Expr) -> Type {
        let of = self.expr(expr);
        if of == Type::Finding {
            self.error(
                expr.start_position(),
                "a finding cannot be kept in a list or a table",
                "write `return` before it",
            );
        }
        of
    }

    fn name(&mut self, name: &str, position: Position) -> Type {
        if let Some(found) = self
            .frame
            .names
            .iter_mut()
            .rev()
            .find(|own| own.word == name)
        {
            found.unread = None;
            return found.of.clone();
        }
        let known: Vec<String> = self
            .frame
            .names
            .iter()
            .map(|own| own.word.clone())
            .collect();
        let problem = Problem::error(format!("there is nothing called `{name}` here"))
            .suggest_maybe(Self::near(name, known.iter().map(String::as_str)));
        self.report(position, problem);
        Type::Unknown
    }

    fn interpolated(&mut self, parts: &[Expr]) -> Type {
        let mut words = Words::one("");
        for part in parts {
            let next = match self.expr(part) {
                Type::Text(words) => words,
                Type::Number => Words {
                    path: true,
                    ..Words::one("0")
                },
                _ => Words::default(),
            };
            words = words.then(&next);
        }
        Type::Text(words)
    }

    /// Follows `.a.b(c)[d]` from a base; chains lean to the right.
    fn chain(&mut self, base: Type, first: &Expr, whole: &Expr, parts: &BinaryExpr) -> Type {
        let (index, flags) = match whole {
            Expr::Index(_, flags, _) => (true, *flags),
            Expr::Dot(_, flags, _) => (false, *flags),
            _ => return Type::Unknown,
        };
        match &parts.rhs {
            // What follows belongs to this chain, unless the chain is marked as ending here.
            Expr::Dot(inner, _, _) | Expr::Index(inner, _, _)
                if !flags.intersects(ASTFlags::BREAK) =>
            {
                let here = self.step(base, first, index, &inner.lhs);
                self.chain(here, &inner.lhs, &parts.rhs, inner)
            }
            last => self.step(base, first, index, last),
        }
    }

    fn step(&mut self, base: Type, from: &Expr, index: bool, expr: &Expr) -> Type {
        match expr {
            Expr::Property(parts, position) if !index => self.property(&base, &parts.2, *position),
            Expr::MethodCall(call, position) if !index => self.method(base, from, call, *position),
            key => {
                let of = self.expr(key);
                self.indexed(&base, key, &of)
            }
        }
    }

    pub(super) fn property(&mut self, base: &Type, name: &str, position: Position) -> Type {
        match base {
            Type::Params => self.param(name, position),
            Type::Group(fields) => {
                let mut common = Type::Never;
                for field in fields {
                    let here = self.field(*field, name, position);
                    common = common.or(&here).unwrap_or(Type::Unknown);
                }
                common
            }
            Type::Table(entries) => {
                if let Some(of) = entries.get(name) {
                    return of.clone();
                }
                let known: Vec<&str> = entries.keys().map(String::as_str).collect();
                let problem = Problem::error(format!("the table has no `{name}`"))
                    .suggest_maybe(Self::near(name, known));
                self.report(position, problem);
                Type::Unknown
            }
            open if open.is_open() => Type::Unknown,
            Type::List(..) | Type::Row(_) if name == "len" => Type::Number,
            other => {
                let message = format!(
                    "`{name}` is read from {}, which has no fields",
                    other.word()
                );
                let instead = match other {
                    Type::List(..) => {
                        "take one element, such as `list[0]`, or write `list.map(|x| …)`"
                    }
                    _ => "only a group of facts and a table have fields",
                };
                self.error(position, message, instead);
                Type::Unknown
            }
        }
    }

    pub(super) fn param(&mut self, name: &str, position: Position) -> Type {
        self.used.insert(name.to_owned());
        if let Some(of) = self.params.get(name) {
            return of.clone();
        }
        let known = self.page.params.iter().map(|param| param.name.as_str());
        let problem = Problem::error(format!("`{name}` is not a parameter of this rule"))
            .expected("a parameter of the page")
            .suggest_maybe(Self::near(name, known));
        self.report(position, problem);
        Type::Unknown
    }

    fn field(&mut self, field: FieldId, name: &str, position: Position) -> Type {
        let here = self.schema.field(field);
        if let Some(found) = self.schema.property(field, name) {
            return Type::of_field(self.schema, found);
        }
        if let Some(values) = here.values {
            return Type::of_field(self.schema, values);
        }
        if here.open && here.properties.is_empty() && here.kind != Kind::List {
            return Type::Unknown;
        }
        let place = self.field_name(&BTreeSet::from([field]));
        let known = here.properties.iter().map(|(name, _)| name.as_str());
        let problem = Problem::error(format!("`{name}` is not a field of {place}"))
            .suggest_maybe(Self::near(name, known));
        self.report(position, problem);
        Type::Unknown
    }

    /// `base[key]`.
    fn indexed(&mut self, base: &Type, key: &Expr, of: &Type) -> Type {
        let position = key.start_position();
        match (base, of) {
            (open, _) if open.is_open() => Type::Unknown,
            (Type::List(element, _), Type::Number) => (**element).clone(),
            (Type::List(element, _), open) if open.is_open() => (**element).clone(),
            (Type::Text(_), Type::Number) => Type::text(),
            (Type::Row(items), Type::Number) => self.cell(items, key),
            (Type::Table(entries), Type::Text(words)) => self.entry(entries, words, position),
            (Type::Group(_) | Type::Params, Type::Text(words)) => {
                self.computed(base, words, position)
            }
            (_, open) if open.is_open() => Type::Unknown,
            (base, of) => {
                let wanted = match base {
                    Type::List(..) | Type::Row(_) | Type::Text(_) => "a number from 0",
                    Type::Table(_) | Type::Params | Type::Group(_) => "a text",
                    _ => "a list, a table or a group of facts before the bracket",
                };
                let message = format!("{} stands in the brackets after {}", of.word(), base.word());
                self.report(position, Problem::error(message).expected(wanted));
                Type::Unknown
            }
        }
    }

    /// An element of a list of mixed types.
    fn cell(&mut self, items: &[Type], key: &Expr) -> Type {
        let Expr::IntegerConstant(number, position) = key else {
            self.error(
                key.start_position(),
                "which element of a list of mixed types is meant has to be written as a number",
                "write `[0]`, or use a table",
            );
            return Type::Unknown;
        };
        let at = usize::try_from(*number).ok().or_else(|| {
            let back = usize::try_from(number.unsigned_abs()).ok()?;
            items.len().checked_sub(back)
        });
        if let Some(of) = at.and_then(|at| items.get(at)) {
            return of.clone();
        }
        let message = format!("the list has {} elements, and no `[{number}]`", items.len());
        let wanted = format!("a number from 0 to {}", items.len().saturating_sub(1));
        self.report(*position, Problem::error(message).expected(wanted));
        Type::Unknown
    }

    /// A table by a text: each value that the text can have needs an entry.
    fn entry(
        &mut self,
        entries: &BTreeMap<String, Type>,
        words: &Words,
        position: Position,
    ) -> Type {
        let Some(set) = words.set.as_ref().filter(|_| !words.path) else {
            let all = entries.values().try_fold(Type::Never, |all, of| all.or(of));
            return all.unwrap_or(Type::Unknown);
        };
        let mut common = Type::Never;
        let lacks: Vec<&str> = set
            .iter()
            .filter(|word| !entries.contains_key(*word))
            .map(String::as_str)
            .collect();
        // Of what a plugin derives, `applies` may have ruled some out.
        let derived = words
            .field
            .is_some_and(|id| self.schema.field(id).path.starts_with("derived."));
        if let Some(first) = lacks.first().filter(|_| !derived) {
            let of = words
                .field
                .map(|id| format!(" of {}", self.field_name(&BTreeSet::from([id]))));
            let problem = Problem::error(format!(
                "the table has no entry for `{}`{}",
                lacks.join("`, `"),
                of.unwrap_or_default()
            ))
            .expected("an entry for each value")
            .suggest_maybe(Self::near(first, entries.keys().map(String::as_str)));
            self.report(position, problem);
        }
        for word in set {
            if let Some(of) = entries.get(word) {
                common = common.or(of).unwrap_or(Type::Unknown);
            }
        }
        common
    }

    /// A fact or parameter whose name is put together.
    fn computed(&mut self, base: &Type, words: &Words, position: Position) -> Type {
        let Some(set) = &words.set else {
            if *base == Type::Params {
                self.used.extend(self.params.keys().cloned());
            }
            return Type::Unknown;
        };
        let mut common = Type::Never;
        for name in set {
            let of = self.property(base, name, position);
            common = common.or(&of).unwrap_or(Type::Unknown);
        }
        common
    }

    /// `name = value`, `name += value`, `table.key = value`.
    pub(super) fn assign(&mut self, sign: &OpAssignment, to: &Expr, value: &Expr) {
        let mut of = self.expr(value);
        let position = to.start_position();
        if let Some((.., operator)) = sign.get_op_assignment_info() {
            let before = self.expr(to);
            of = self.arithmetic(operator, &before, &of, sign.position());
        }
        match to {
            Expr::Variable(parts, _, _) => self.rename(&parts.1, &of, position),
            Expr::Dot(parts, _, _) | Expr::Index(parts, _, _) => {
                self.assign_entry(parts, &of, position);
            }
            _ => self.error(
                position,
                "nothing can be assigned to this",
                "assign to a name",
            ),
        }
    }

    /// Gives a name another value, which must be of its type.
    pub(super) fn rename(&mut self, name: &str, of: &Type, position: Position) {
        let Some(index) = self.frame.names.iter().rposition(|own| own.word == name) else {
            self.name(name, position);
            return;
        };
        let Some(own) = self.frame.names.get(index) else {
            return;
        };
        if own.captured {
            let message =
                format!("a closure changes `{name}`, which belongs to what stands round it");
            self.error(
                position,
                message,
                "write `for … in` a list, or use `sum`, `filter` or `map`",
            );
            return;
        }
        if let Some(joined) = own.of.or(&of.clone().widened()) {
            let unread = (*of == Type::Finding).then_some(position);
            if let Some(own) = self.frame.names.get_mut(index) {
                own.of = joined;
                own.unread = unread;
            }
            return;
        }
        let message = format!("`{name}` was {} and becomes {}", own.of.word(), of.word());
        self.error(
            position,
            message,
            "give what is something else a name of its own",
        );
    }

    fn assign_entry(&mut self, parts: &BinaryExpr, of: &Type, position: Position) {
        let keys = match &parts.rhs {
            Expr::Property(property, _) => Some(BTreeSet::from([property.2.to_string()])),
            Expr::Dot(..) | Expr::Index(..) | Expr::MethodCall(..) => None,
            key => match self.expr(key) {
                Type::Text(words) => Some(words.set.unwrap_or_default()),
                other if other.is_open() => Some(BTreeSet::new()),
                _ => None,
            },
        };
        let (Expr::Variable(name, _, _), Some(keys)) = (&parts.lhs, keys) else {
            self.error(
                position,
                "nothing can be assigned to this",
                "assign to a name, or to an entry of a table that has a name",
            );
            return;
        };
        let known = self
            .frame
            .names
            .iter_mut()
            .rev()
            .find(|own| own.word == name.1.as_str());
        match known {
            Some(Name {
                of: Type::Table(entries),
                captured: false,
                ..
            }) => {
                for key in keys {
                    let before = entries.get(&key).and_then(|before| before.or(of));
                    entries.insert(key, before.unwrap_or_else(|| of.clone()));
                }
            }
            Some(own) if own.of.is_open() && !own.captured => {}
            _ => self.error(
                position,
                "nothing can be assigned to this",
                "assign to an entry of a table that the script made, outside of closures",
            ),
        }
    }
}

/// A value written in the script.
pub(super) fn constant(value: &Dynamic) -> Type {
    if let Some(closure) = value.clone().try_cast::<FnPtr>() {
        let captured = closure.curry().iter().map(constant).collect();
        return Type::Closure(closure.fn_name().to_owned(), captured);
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Type::Text(Words::one(text.as_str()));
    }
    if let Ok(items) = value.as_array_ref() {
        return Type::of_items(items.iter().map(constant).collect());
    }
    if let Ok(entries) = value.as_map_ref() {
        let entries = entries
            .iter()
            .map(|(key, value)| (key.to_string(), constant(value)));
        return Type::Table(entries.collect());
    }
    if value.is_int() || value.is_float() {
        return Type::Number;
    }
    if value.is_bool() {
        return Type::YesNo;
    }
    Type::Unknown
}
