//! Walking a script with kinds of values in place of values.

mod answers;

use super::{Callable, unknown_path};
use crate::problem::{Problem, did_you_mean};
use crate::rule::Page;
use crate::rule::compiler::ENTRY_POINTS;
use crate::rule::script::{at, place};
use crate::schema::{FieldId, Kind as FieldKind, Schema};
use crate::source::Source;
use rhai::{ASTFlags, BinaryExpr, Dynamic, Expr, FnCallExpr, FnPtr, Position, Stmt};
use std::collections::BTreeSet;

/// Calls within calls that are followed.
const DEPTH: usize = 24;

/// What is known of a value without running anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Unknown,
    /// A fact, group of facts or list of them.
    Fact(FieldId),
    /// A list made by the script.
    List(Box<Kind>),
    /// The rule's parameters.
    Params,
    /// A closure with the kinds of what it captured.
    Closure(String, Vec<Kind>),
    /// Text written in the script.
    Text(String),
    /// A number written in the script.
    Number,
    /// A truth value written in the script.
    Flag,
    /// A table written in the script, by its keys.
    Table(Vec<String>),
}

pub(super) struct Walker<'a> {
    schema: &'a Schema,
    page: &'a Page,
    functions: &'a Callable<'a>,
    problems: Vec<Problem>,
    used: BTreeSet<String>,
    /// Calls under way or done, so that a helper is walked once for each kind of arguments.
    seen: Vec<(String, Vec<Kind>, Kind)>,
    source: Option<Source>,
    depth: usize,
}

type Scope = Vec<(String, Kind)>;

impl<'a> Walker<'a> {
    pub(super) fn new(schema: &'a Schema, page: &'a Page, functions: &'a Callable<'a>) -> Self {
        Self {
            schema,
            page,
            functions,
            problems: Vec::new(),
            used: BTreeSet::new(),
            seen: Vec::new(),
            source: None,
            depth: 0,
        }
    }

    pub(super) fn entry_points(&mut self) {
        for name in ENTRY_POINTS {
            let args = vec![Kind::Fact(self.schema.root()), Kind::Params];
            self.call(name, args, None);
        }
    }

    pub(super) fn finish(self) -> (Vec<Problem>, BTreeSet<String>) {
        (self.problems, self.used)
    }

    fn report(&mut self, position: Position, problem: Problem) {
        let problem = match &self.source {
            Some(source) => at(source, place(position), problem),
            None => problem,
        };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Walks a function of the script or the library; what it returns.
    fn call(&mut self, name: &str, args: Vec<Kind>, this: Option<Kind>) -> Kind {
        let Some(function) = self.functions.get(name) else {
            return Kind::Unknown;
        };
        if function.params.len() != args.len() || self.depth >= DEPTH {
            return Kind::Unknown;
        }
        let key: Vec<Kind> = args.iter().cloned().chain(this.clone()).collect();
        if let Some((_, _, known)) = self
            .seen
            .iter()
            .find(|(own, kinds, _)| own == name && *kinds == key)
        {
            return known.clone();
        }
        self.seen
            .push((name.to_owned(), key.clone(), Kind::Unknown));
        let mut scope: Scope = function.params.iter().cloned().zip(args).collect();
        scope.extend(this.map(|this| ("this".to_owned(), this)));
        // A closure without a source of its own stands where it is called from.
        let before = self.source.clone();
        if let Some(source) = &function.source {
            self.source = Some(source.clone());
        }
        self.depth += 1;
        let returned = self.block(&function.body, &mut scope);
        self.depth -= 1;
        self.source = before;
        if let Some(entry) = self
            .seen
            .iter_mut()
            .find(|(own, kinds, _)| own == name && *kinds == key)
        {
            entry.2 = returned.clone();
        }
        returned
    }

    /// Walks statements; the kind of the last one.
    fn block(&mut self, statements: &[Stmt], scope: &mut Scope) -> Kind {
        let before = scope.len();
        let mut last = Kind::Unknown;
        for statement in statements {
            last = self.statement(statement, scope);
        }
        scope.truncate(before);
        last
    }

    fn statement(&mut self, statement: &Stmt, scope: &mut Scope) -> Kind {
        if let Stmt::Expr(expr) = statement {
            return self.expr(expr, scope);
        }
        match statement {
            Stmt::FnCall(call, position) => self.function(call, *position, scope),
            Stmt::Block(block) => self.block(block.statements(), scope),
            Stmt::If(flow, _) => {
                self.expr(&flow.expr, scope);
                let then = self.block(flow.body.statements(), scope);
                let other = self.block(flow.branch.statements(), scope);
                if then == other { then } else { Kind::Unknown }
            }
            Stmt::While(flow, _) | Stmt::Do(flow, _, _) => {
                self.expr(&flow.expr, scope);
                self.block(flow.body.statements(), scope)
            }
            Stmt::For(parts, _) => {
                let (name, counter, flow) = &**parts;
                let list = self.expr(&flow.expr, scope);
                let before = scope.len();
                scope.push((name.name.to_string(), self.element(&list)));
                scope.extend(
                    counter
                        .as_ref()
                        .map(|counter| (counter.name.to_string(), Kind::Number)),
                );
                self.block(flow.body.statements(), scope);
                scope.truncate(before);
                Kind::Unknown
            }
            Stmt::Var(parts, _, _) => {
                let kind = match self.expr(&parts.1, scope) {
                    // What has a name can be added to.
                    Kind::Table(_) => Kind::Unknown,
                    kind => kind,
                };
                scope.push((parts.0.name.to_string(), kind));
                Kind::Unknown
            }
            Stmt::Assignment(parts) => {
                self.expr(&parts.1.lhs, scope);
                self.expr(&parts.1.rhs, scope);
                Kind::Unknown
            }
            Stmt::Return(Some(expr), _, _) => self.expr(expr, scope),
            Stmt::Switch(parts, _) => {
                self.expr(&parts.0, scope);
                let branches: Vec<Kind> = parts
                    .1
                    .expressions
                    .iter()
                    .map(|branch| {
                        self.expr(&branch.lhs, scope);
                        self.expr(&branch.rhs, scope)
                    })
                    .collect();
                same(branches)
            }
            _ => Kind::Unknown,
        }
    }

    fn expr(&mut self, expr: &Expr, scope: &mut Scope) -> Kind {
        match expr {
            Expr::Variable(..) | Expr::ThisPtr(_) => {
                let name = if let Expr::Variable(parts, _, _) = expr {
                    parts.1.as_str()
                } else {
                    "this"
                };
                let found = scope.iter().rev().find(|(own, _)| own == name);
                found.map_or(Kind::Unknown, |(_, kind)| kind.clone())
            }
            Expr::StringConstant(text, _) => Kind::Text(text.to_string()),
            Expr::IntegerConstant(..) | Expr::FloatConstant(..) => Kind::Number,
            Expr::BoolConstant(..) => Kind::Flag,
            Expr::DynamicConstant(value, _) => constant(value),
            Expr::Array(items, _) => {
                let kinds: Vec<Kind> = items.iter().map(|item| self.expr(item, scope)).collect();
                Kind::List(Box::new(same(kinds)))
            }
            Expr::Map(parts, _) => {
                for (_, value) in &parts.0 {
                    self.expr(value, scope);
                }
                Kind::Table(
                    parts
                        .0
                        .iter()
                        .map(|(key, _)| key.name.to_string())
                        .collect(),
                )
            }
            Expr::InterpolatedString(parts, _) => {
                for part in parts {
                    self.expr(part, scope);
                }
                Kind::Unknown
            }
            Expr::And(parts, _) | Expr::Or(parts, _) | Expr::Coalesce(parts, _) => {
                for part in parts.iter() {
                    self.expr(part, scope);
                }
                Kind::Unknown
            }
            Expr::Stmt(block) => self.block(block.statements(), scope),
            Expr::FnCall(call, position) => self.function(call, *position, scope),
            Expr::Dot(parts, _, _) | Expr::Index(parts, _, _) => {
                let base = self.expr(&parts.lhs, scope);
                self.chain(&base, expr, parts, scope)
            }
            _ => Kind::Unknown,
        }
    }

    /// Follows `.a.b(c)[d]` from a base; chains lean to the right.
    fn chain(&mut self, base: &Kind, whole: &Expr, parts: &BinaryExpr, scope: &mut Scope) -> Kind {
        let (step, flags) = match whole {
            Expr::Index(_, flags, _) => (Step::Index, *flags),
            Expr::Dot(_, flags, _) => (Step::Dot, *flags),
            _ => return Kind::Unknown,
        };
        match &parts.rhs {
            // What follows belongs to this chain, unless the chain is marked as ending here.
            Expr::Dot(inner, _, _) | Expr::Index(inner, _, _)
                if !flags.intersects(ASTFlags::BREAK) =>
            {
                let here = self.step(base, &step, &inner.lhs, scope);
                self.chain(&here, &parts.rhs, inner, scope)
            }
            last => self.step(base, &step, last, scope),
        }
    }

    fn step(&mut self, base: &Kind, step: &Step, expr: &Expr, scope: &mut Scope) -> Kind {
        match (step, expr) {
            (Step::Dot, Expr::Property(parts, position)) => {
                self.property(base, &parts.2, *position)
            }
            (Step::Dot, Expr::MethodCall(call, position)) => {
                self.method(base, call, *position, scope)
            }
            (_, expr) => {
                self.expr(expr, scope);
                match step {
                    Step::Index => self.element(base),
                    Step::Dot => Kind::Unknown,
                }
            }
        }
    }

    fn property(&mut self, base: &Kind, name: &str, position: Position) -> Kind {
        match base {
            Kind::Params => {
                self.used.insert(name.to_owned());
                if !self.page.params.iter().any(|param| param.name == name) {
                    let known = self.page.params.iter().map(|param| param.name.as_str());
                    let problem =
                        Problem::error(format!("`{name}` is not a parameter of this rule"))
                            .expected("a parameter of the page")
                            .suggest_maybe(did_you_mean(name, known));
                    self.report(position, problem);
                }
                Kind::Unknown
            }
            Kind::Fact(field) => {
                let here = self.schema.field(*field);
                if let Some(found) = self.schema.property(*field, name) {
                    return Kind::Fact(found);
                }
                if here.kind == FieldKind::List && name == "len" {
                    return Kind::Number;
                }
                if here.open && here.properties.is_empty() && here.kind != FieldKind::List {
                    return Kind::Unknown;
                }
                let place = if here.path.is_empty() {
                    "a proposal".to_owned()
                } else {
                    format!("`{}`", here.path)
                };
                let known = here.properties.iter().map(|(name, _)| name.as_str());
                let problem = Problem::error(format!("`{name}` is not a field of {place}"))
                    .suggest_maybe(did_you_mean(name, known));
                self.report(position, problem);
                Kind::Unknown
            }
            _ => Kind::Unknown,
        }
    }

    fn method(
        &mut self,
        base: &Kind,
        call: &FnCallExpr,
        position: Position,
        scope: &mut Scope,
    ) -> Kind {
        let args: Vec<Kind> = call.args.iter().map(|arg| self.expr(arg, scope)).collect();
        let name = call.name.as_str();
        if let Kind::Fact(field) = base
            && ["has", "get_or", "attested_by"].contains(&name)
        {
            return self.path(*field, args.first(), position);
        }
        if name == "beside" {
            let list = self.path(self.schema.root(), args.first(), position);
            return self.element(&list);
        }
        if let (Kind::Closure(function, captured), "call") = (base, name) {
            let kinds = captured.iter().cloned().chain(args).collect();
            return self.call(function, kinds, None);
        }
        if self.functions.get(name).is_some() {
            return self.call(name, args, Some(base.clone()));
        }
        self.list_method(base, name, &args)
    }

    /// What the list functions do with closures; also as plain calls, where the list is the first argument.
    fn list_method(&mut self, base: &Kind, name: &str, args: &[Kind]) -> Kind {
        let element = self.element(base);
        let mut returned = Kind::Unknown;
        for arg in args {
            if let Kind::Closure(function, captured) = arg {
                let mut kinds = captured.clone();
                kinds.push(element.clone());
                returned = self.call(function, kinds, None);
            }
        }
        match name {
            "filter" | "sort" | "extract" | "dedup" => base.clone(),
            "map" => Kind::List(Box::new(returned)),
            "find" | "first" | "last" | "pop" | "shift" => element,
            "len" | "sum" | "count" | "mean" | "index" => Kind::Number,
            _ => Kind::Unknown,
        }
    }

    fn path(&mut self, from: FieldId, path: Option<&Kind>, position: Position) -> Kind {
        let Some(Kind::Text(path)) = path else {
            return Kind::Unknown;
        };
        let below = &self.schema.field(from).path;
        let full = if below.is_empty() {
            path.clone()
        } else {
            format!("{below}.{path}")
        };
        match self.schema.find(&full) {
            Some(found) => Kind::Fact(found),
            None if full.starts_with("custom.") => Kind::Unknown,
            None => {
                let problem = unknown_path(self.schema, &full);
                self.report(position, problem);
                Kind::Unknown
            }
        }
    }

    fn function(&mut self, call: &FnCallExpr, position: Position, scope: &mut Scope) -> Kind {
        let name = call.name.as_str();
        if name == "curry" {
            let mut kinds = call
                .args
                .iter()
                .map(|arg| self.expr(arg, scope))
                .collect::<Vec<_>>()
                .into_iter();
            return match kinds.next() {
                Some(Kind::Closure(function, _)) => Kind::Closure(function, kinds.collect()),
                _ => Kind::Unknown,
            };
        }
        let args: Vec<Kind> = call.args.iter().map(|arg| self.expr(arg, scope)).collect();
        match (name, args.as_slice()) {
            ("==" | "!=" | "<" | "<=" | ">" | ">=", [a, b]) => {
                self.compare(a, b, position);
                Kind::Unknown
            }
            ("in" | "contains", _) => {
                self.membership(call, &args, scope, position);
                Kind::Unknown
            }
            ("set", [Kind::Text(_), _]) => {
                let root = self.schema.root();
                let field = self.path(root, args.first(), position);
                if let Some(value) = args.get(1) {
                    self.compare(&field, value, position);
                }
                Kind::Unknown
            }
            ("set", [Kind::Fact(from), key, value]) => {
                let field = self.path(*from, Some(key), position);
                self.compare(&field, value, position);
                Kind::Unknown
            }
            _ if self.functions.get(name).is_some() => self.call(name, args, None),
            (_, [base, rest @ ..]) => {
                self.answer(call, &args, position);
                // Parameters that are handed on to the engine's own functions are used, whichever they are.
                if args.contains(&Kind::Params) {
                    self.used
                        .extend(self.page.params.iter().map(|param| param.name.clone()));
                }
                self.list_method(base, name, rest)
            }
            _ => Kind::Unknown,
        }
    }

    /// `x in ["a", "b"]` reaches the engine as `contains(list, x)`.
    fn membership(
        &mut self,
        call: &FnCallExpr,
        args: &[Kind],
        scope: &mut Scope,
        position: Position,
    ) {
        let (Some(list), Some(item)) = (call.args.first(), args.get(1)) else {
            return;
        };
        match list {
            Expr::Array(items, _) => {
                for value in items {
                    let kind = self.expr(value, scope);
                    self.compare(item, &kind, position);
                }
            }
            Expr::DynamicConstant(value, _) => {
                let texts: Vec<Kind> = value
                    .as_array_ref()
                    .map(|items| items.iter().map(constant).collect())
                    .unwrap_or_default();
                for kind in texts {
                    self.compare(item, &kind, position);
                }
            }
            _ => {
                if let Some(list) = args.first() {
                    let element = self.element(list);
                    self.compare(&element, item, position);
                }
            }
        }
    }

    /// A fact is compared with something it can never be.
    fn compare(&mut self, a: &Kind, b: &Kind, position: Position) {
        let (field, other) = match (a, b) {
            (Kind::Fact(field), other) | (other, Kind::Fact(field)) => {
                (self.schema.field(*field), other)
            }
            _ => return,
        };
        let problem = match (field.kind, other) {
            (FieldKind::Text, Kind::Text(word))
                if !field.choices.is_empty() && !field.choices.contains(word) =>
            {
                Problem::error(format!("`{}` is never `{word}`", field.path))
                    .expected(crate::schema::expectation(field))
                    .suggest_maybe(did_you_mean(word, field.choices.iter().map(String::as_str)))
            }
            (FieldKind::Text, Kind::Number | Kind::Flag)
            | (FieldKind::Number | FieldKind::Integer, Kind::Text(_) | Kind::Flag)
            | (FieldKind::Boolean, Kind::Text(_) | Kind::Number) => Problem::error(format!(
                "`{}` is compared with something of another type",
                field.path
            ))
            .expected(crate::schema::expectation(field)),
            _ => return,
        };
        self.report(position, problem);
    }

    fn element(&self, list: &Kind) -> Kind {
        match list {
            Kind::List(element) => (**element).clone(),
            Kind::Fact(field) => self
                .schema
                .field(*field)
                .items
                .map_or(Kind::Unknown, Kind::Fact),
            _ => Kind::Unknown,
        }
    }
}

enum Step {
    Dot,
    Index,
}

/// The kind all agree on.
fn same(kinds: Vec<Kind>) -> Kind {
    let mut kinds = kinds.into_iter();
    let first = kinds.next().unwrap_or(Kind::Unknown);
    if kinds.all(|kind| kind == first) {
        first
    } else {
        Kind::Unknown
    }
}

fn constant(value: &Dynamic) -> Kind {
    if let Some(closure) = value.clone().try_cast::<FnPtr>() {
        return Kind::Closure(closure.fn_name().to_owned(), Vec::new());
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Kind::Text(text.to_string());
    }
    if value.is_int() || value.is_float() {
        return Kind::Number;
    }
    if value.is_bool() {
        return Kind::Flag;
    }
    if let Ok(table) = value.as_map_ref() {
        return Kind::Table(table.keys().map(ToString::to_string).collect());
    }
    Kind::Unknown
}
