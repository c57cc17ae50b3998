//! Calls, by who answers them.

use super::Lower;
use crate::program::code::{Asked, Native, Node, Op, Path, Sign, Than, What};
use crate::program::value::Value;
use crate::rule::TRACE_FN;
use crate::rule::facts::steps;
use rhai::{Expr, FnCallExpr, FnPtr, Position};

impl Lower<'_> {
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position) -> Op {
        let name = call.name.as_str();
        if name == "curry"
            && let Some((first, captured)) = call.args.split_first()
        {
            return match first {
                Expr::DynamicConstant(value, _) => match value.clone().try_cast::<FnPtr>() {
                    Some(closure) => self.closure(closure.fn_name(), captured, position),
                    None => self.no(position, "a closure is written between bars"),
                },
                _ => self.no(position, "a closure is written between bars"),
            };
        }
        let mut args: Vec<Node> = call.args.iter().map(|arg| self.expr(arg)).collect();
        if let Some(op) = sign(name, &mut args) {
            return op;
        }
        if name == TRACE_FN {
            return match call.args.first() {
                Some(Expr::IntegerConstant(number, _)) => {
                    Op::Done(usize::try_from(*number).unwrap_or_default())
                }
                _ => self.no(position, "there is no such function"),
            };
        }
        let own = self.functions.get(name);
        if own.is_some_and(|own| own.params.len() == args.len())
            && let Some(number) = self.function(name)
        {
            return Op::Call(number, args);
        }
        let first = call.args.first().cloned().unwrap_or_default();
        self.native(name, &first, args, position)
    }

    pub(super) fn method(
        &mut self,
        base: Node,
        from: &Expr,
        call: &FnCallExpr,
        position: Position,
    ) -> Op {
        let name = call.name.as_str();
        let mut args = vec![base];
        args.extend(call.args.iter().map(|arg| self.expr(arg)));
        let own = self.functions.get(name);
        if own.is_some_and(|own| own.params.len() + 1 == args.len()) {
            return self.no(
                position,
                format!("`{name}` is called on a value, which would be its `this`"),
            );
        }
        if name == "contains" && args.len() == 2 {
            return pair(&mut args).map_or(Op::Block(Vec::new()), Op::In);
        }
        self.native(name, from, args, position)
    }

    fn native(&mut self, name: &str, first: &Expr, mut args: Vec<Node>, position: Position) -> Op {
        let what = match name {
            "has" => Some(What::Has),
            "get_or" => Some(What::GetOr),
            "attested_by" => Some(What::AttestedBy),
            "beside" => Some(What::Beside),
            _ => None,
        };
        if let Some(what) = what {
            return self.asked(what, args, position);
        }
        if name == "push" || name == "sort" {
            let own = match first {
                Expr::Variable(parts, ..) => self.known(&parts.1),
                _ => None,
            };
            let Some(own) = own else {
                return self.no(
                    position,
                    format!("`{name}` changes a list that has no name"),
                );
            };
            args.remove(0);
            let given = args.pop().map(Box::new);
            return match (name, given) {
                ("push", Some(value)) => Op::Push(own, value),
                (_, given) => Op::Sort(own, given),
            };
        }
        if let Some(native) = Native::of(name).filter(|_| name == "call" || fits(name, args.len()))
        {
            return Op::Native(native, args);
        }
        if let Some((plugin, function)) = (self.plugins)(name) {
            return Op::Plugin(plugin, function, args);
        }
        self.no(position, format!("there is no function `{name}`"))
    }

    fn asked(&mut self, what: What, mut args: Vec<Node>, position: Position) -> Op {
        let wanted = if what == What::GetOr { 3 } else { 2 };
        if args.len() != wanted {
            return self.no(
                position,
                format!("{what:?} is called with {} arguments", args.len()),
            );
        }
        let otherwise = if wanted == 3 { args.pop() } else { None };
        let (Some(path), Some(of)) = (args.pop(), args.pop()) else {
            return self.no(position, "a path is missing");
        };
        let known = match &path.op {
            Op::Constant(Value::Text(text)) => steps(self.schema, text),
            _ => None,
        };
        Op::Facts(Box::new(Asked {
            what,
            of,
            path: known.map_or(Path::Computed(path), Path::Known),
            otherwise,
        }))
    }
}

/// Whether a function can be called with so many arguments.
fn fits(name: &str, count: usize) -> bool {
    crate::program::native(name)
        .is_some_and(|native| native.forms.iter().any(|form| form.0.len() == count))
}

fn pair(args: &mut Vec<Node>) -> Option<Box<(Node, Node)>> {
    let second = args.pop()?;
    Some(Box::new((args.pop()?, second)))
}

/// A sign before or between values.
fn sign(name: &str, args: &mut Vec<Node>) -> Option<Op> {
    let than = |args: &mut Vec<Node>, than| Some(Op::Order(pair(args)?, than));
    match (name, args.len()) {
        ("!", 1) => Some(Op::Not(Box::new(args.pop()?))),
        ("-", 1) => Some(Op::Minus(Box::new(args.pop()?))),
        ("+", 1) => args.pop().map(|node| node.op),
        ("==", 2) => Some(Op::Equal(pair(args)?, true)),
        ("!=", 2) => Some(Op::Equal(pair(args)?, false)),
        ("<", 2) => than(args, Than::Less),
        ("<=", 2) => than(args, Than::AtMost),
        (">", 2) => than(args, Than::More),
        (">=", 2) => than(args, Than::AtLeast),
        ("contains", 2) => Some(Op::In(pair(args)?)),
        (sign, 2) => {
            let sign = Sign::of(sign).filter(|_| sign.len() == 1)?;
            Some(Op::Sum(pair(args)?, sign))
        }
        _ => None,
    }
}
