//! Statements: what they give, what they leave behind, and whether they are reached.

use super::{Checker, Name};
use crate::problem::Problem;
use crate::program::types::Type;
use rhai::{ASTFlags, Expr, FlowControl, Position, Stmt};
use std::collections::BTreeSet;

impl Checker<'_> {
    /// Walks statements; `value` says whether what the last one gives is used.
    pub(super) fn block(&mut self, statements: &[Stmt], value: bool) -> Type {
        let before = self.frame.names.len();
        let mut gives = Type::Nothing;
        let mut left = false;
        for (index, statement) in statements.iter().enumerate() {
            if matches!(statement, Stmt::Noop(_) | Stmt::Share(_)) {
                continue;
            }
            if left {
                self.error(
                    start(statement),
                    "this is never reached: the function has returned before",
                    "take it out, or put it before the `return`",
                );
                break;
            }
            let last = index + 1 == statements.len();
            gives = self.statement(statement, value && last);
            // Past a branch that returns, what it asked about is not so.
            if let Stmt::If(flow, _) = statement
                && gives == Type::Nothing
                && matches!(flow.body.statements().last(), Some(Stmt::Return(..)))
                && flow.branch.statements().is_empty()
            {
                let narrowed = self.narrowed(&flow.expr);
                self.frame.names.extend(narrowed);
            }
            if !(value && last) {
                self.thrown_away(&gives, start(statement));
            }
            left = gives == Type::Never;
        }
        self.leave(before);
        if left || value { gives } else { Type::Nothing }
    }

    /// Takes names out of scope; a finding that nothing read is lost with its name.
    pub(super) fn leave(&mut self, before: usize) {
        let gone = self.frame.names.split_off(before);
        for name in gone {
            if let Some(position) = name.unread {
                let message = format!("the finding `{}` is thrown away", name.word);
                self.error(
                    position,
                    message,
                    "write `return` before it, or take it out",
                );
            }
        }
    }

    /// A finding must be returned, or be the value of the function.
    pub(super) fn thrown_away(&mut self, of: &Type, position: Position) {
        match of.answer() {
            Some(Type::Finding) => self.error(
                position,
                "this finding is thrown away",
                "write `return` before it",
            ),
            Some(_) => self.error(
                position,
                "this proposal is thrown away",
                "return it in a list, or write `changes.push(…)`",
            ),
            None => {}
        }
    }

    fn statement(&mut self, statement: &Stmt, value: bool) -> Type {
        match statement {
            Stmt::Expr(expr) => self.expr_used(expr, value),
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::Block(block) => self.block(block.statements(), value),
            Stmt::If(flow, position) => self.branches(flow, *position, value),
            Stmt::Switch(parts, position) => self.switch(&parts.0, &parts.1, *position, value),
            Stmt::While(flow, position) | Stmt::Do(flow, _, position) => {
                self.error(
                    *position,
                    "`while`, `loop` and `do` are not part of the language: every rule has to end",
                    "write `for … in` a list",
                );
                self.frame.in_loop = true;
                self.block(flow.body.statements(), false);
                Type::Nothing
            }
            Stmt::For(parts, position) => {
                self.for_each(&parts.0.name, parts.1.is_some(), &parts.2, *position)
            }
            Stmt::Var(parts, _, position) => {
                self.declare(&parts.0.name, parts.0.pos, &parts.1, *position);
                Type::Nothing
            }
            Stmt::Assignment(parts) => {
                self.assign(&parts.0, &parts.1.lhs, &parts.1.rhs);
                Type::Nothing
            }
            Stmt::Return(value, flags, position) => {
                let of = value
                    .as_ref()
                    .map_or(Type::Nothing, |value| self.expr_used(value, true));
                if flags.intersects(ASTFlags::BREAK) {
                    self.unknown_statement(*position);
                }
                self.frame.returns.push((of, *position));
                Type::Never
            }
            Stmt::BreakLoop(value, _, position) => {
                if value.is_some() {
                    self.error(
                        *position,
                        "`break` gives no value",
                        "assign the value to a name before",
                    );
                }
                Type::Never
            }
            other => {
                self.unknown_statement(other.position());
                Type::Unknown
            }
        }
    }

    fn unknown_statement(&mut self, position: Position) {
        self.error(
            position,
            "this statement is not part of the language",
            "a script has `let`, assignments, `if`, `switch`, `for … in` and `return`",
        );
    }

    pub(super) fn condition(&mut self, expr: &Expr) {
        let of = self.expr(expr);
        self.yes_no(&of, expr.start_position(), "a condition");
    }

    /// What has to be yes or no.
    pub(super) fn yes_no(&mut self, of: &Type, position: Position, what: &str) {
        if matches!(of, Type::YesNo) || of.is_open() {
            return;
        }
        let compare = match of {
            Type::Number => "compare it, such as with `> 0`",
            Type::Text(_) => "compare it, such as with `== \"…\"`",
            Type::List(..) | Type::Row(_) => "ask for `list.len() > 0`",
            _ => "compare it with something",
        };
        let problem = Problem::error(format!("{what} is yes or no, not {}", of.word()));
        self.report(position, problem.suggest(compare));
    }

    fn branches(&mut self, flow: &FlowControl, position: Position, value: bool) -> Type {
        self.condition(&flow.expr);
        let then = self.block(flow.body.statements(), value);
        let before = self.frame.names.len();
        let narrowed = self.narrowed(&flow.expr);
        self.frame.names.extend(narrowed);
        let other = self.block(flow.branch.statements(), value);
        self.leave(before);
        let neither = flow.branch.statements().is_empty();
        if value && neither && !matches!(then, Type::Never | Type::Nothing | Type::Unknown) {
            let problem = if then == Type::Finding {
                Problem::error("this `if` has no `else`, so a path ends without a finding")
                    .suggest("write `return` before the finding, or add `else { … }`")
            } else {
                Problem::error("an `if` without `else` is used as a value")
                    .suggest("add `else { … }`")
            };
            self.report(position, problem);
            return then;
        }
        self.either(&then, &other, position)
    }

    /// A name that a condition compares with words, as it is where the condition does not hold.
    fn narrowed(&self, condition: &Expr) -> Option<Name> {
        let Expr::FnCall(call, _) = condition else {
            return None;
        };
        let (name, words) = match (call.name.as_str(), call.args.as_slice()) {
            (
                "==",
                [Expr::Variable(name, ..), Expr::StringConstant(word, _)]
                | [Expr::StringConstant(word, _), Expr::Variable(name, ..)],
            ) => (&name.1, vec![word.to_string()]),
            ("contains", [list, Expr::Variable(name, ..)]) => {
                let list = list.get_literal_value(None)?.into_array().ok()?;
                let words = list.into_iter().map(rhai::Dynamic::into_string);
                (&name.1, words.collect::<Result<_, _>>().ok()?)
            }
            _ => return None,
        };
        let own = self
            .frame
            .names
            .iter()
            .rev()
            .find(|own| own.word == name.as_str())?;
        let Type::Text(known) = &own.of else {
            return None;
        };
        if self.frame.assigned.contains(&own.word) {
            return None;
        }
        let set = known
            .set
            .clone()?
            .into_iter()
            .filter(|word| !words.contains(word));
        Some(Name {
            word: own.word.clone(),
            of: Type::Text(crate::program::types::Words {
                set: Some(set.collect()),
                ..known.clone()
            }),
            captured: own.captured,
            unread: None,
        })
    }

    /// What one of two branches gives.
    pub(super) fn either(&mut self, one: &Type, other: &Type, position: Position) -> Type {
        one.or(other).unwrap_or_else(|| {
            let message = format!("one branch gives {}, another {}", one.word(), other.word());
            self.error(position, message, "let every branch give the same type");
            Type::Unknown
        })
    }

    fn for_each(
        &mut self,
        name: &str,
        counted: bool,
        flow: &FlowControl,
        position: Position,
    ) -> Type {
        let list = self.expr(&flow.expr);
        let element = match &list {
            Type::List(element, _) => (**element).clone(),
            Type::Row(items) => items
                .iter()
                .try_fold(Type::Never, |all, item| all.or(item))
                .unwrap_or(Type::Unknown),
            open if open.is_open() => Type::Unknown,
            other => {
                let message = format!("`for … in` goes through a list, not {}", other.word());
                self.error(flow.expr.start_position(), message, "give it a list");
                Type::Unknown
            }
        };
        if counted {
            self.error(
                position,
                "`for (x, i)` is not part of the language",
                "write `for x in` a list",
            );
        }
        // A name may only get its type in the loop: what was found wrong before it had it does not count.
        let (problems, seen) = (self.problems.len(), self.done.len());
        for again in [false, true] {
            if again {
                self.problems.truncate(problems);
                self.forget(seen);
            }
            let before = self.frame.names.len();
            self.frame.names.push(Name {
                word: name.to_owned(),
                of: element.clone(),
                captured: false,
                unread: None,
            });
            let outer = std::mem::replace(&mut self.frame.in_loop, true);
            self.block(flow.body.statements(), false);
            self.frame.in_loop = outer;
            self.leave(before);
        }
        Type::Nothing
    }

    fn declare(&mut self, name: &str, at: Position, value: &Expr, position: Position) {
        let mut of = self.expr_used(value, true);
        if self.frame.assigned.contains(name) {
            of = of.widened();
        }
        let before = self.frame.names.iter().rev();
        let mut before = before.filter(|known| known.word == name);
        if let Some(before) = before.next()
            && before.of.or(&of).is_none()
            && !before.captured
        {
            let message = format!(
                "`{name}` was {} and becomes {}",
                before.of.word(),
                of.word()
            );
            self.error(at, message, "give what is something else a name of its own");
        }
        let unread = (of == Type::Finding).then_some(position);
        self.frame.names.push(Name {
            word: name.to_owned(),
            of,
            captured: false,
            unread,
        });
    }
}

/// Where a statement begins, as people see it.
pub(in crate::program) fn start(statement: &Stmt) -> Position {
    match statement {
        Stmt::Expr(expr) => expr.start_position(),
        Stmt::Assignment(parts) => parts.1.lhs.start_position(),
        other => other.position(),
    }
}

/// The names that statements assign to.
pub(super) fn assigned(statements: &[Stmt]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut path = Vec::new();
    for statement in statements {
        statement.walk(&mut path, &mut |nodes| {
            if let Some(rhai::ASTNode::Stmt(Stmt::Assignment(parts))) = nodes.last()
                && let Expr::Variable(name, _, _) = &parts.1.lhs
            {
                found.insert(name.1.to_string());
            }
            true
        });
    }
    found
}
