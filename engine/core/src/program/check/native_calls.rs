//! Calls of the functions that every script has.

use super::Checker;
use super::calls::{Argument, arguments};
use crate::problem::Problem;
use crate::program::natives::{Form, Gives, Native, Want, native};
use crate::program::types::{Type, Words};
use crate::schema::{FieldId, Kind, unknown_path};
use rhai::{Expr, Position};
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn native(&mut self, name: &str, args: &[Argument<'_>], position: Position) -> Type {
        let Some(native) = native(name) else {
            return Type::Unknown;
        };
        let Some(form) = self.form(native, args, position) else {
            return Type::Unknown;
        };
        let mut made = Type::Unknown;
        for (index, (want, arg)) in form.0.iter().zip(args).enumerate() {
            let of = self.argument(native, *want, args, index, position);
            if let Want::Makes = want {
                made = of;
            }
            // Parameters that are handed on as a whole are used, whichever they are.
            if arg.of == Type::Params {
                self.used
                    .extend(self.page.params.iter().map(|param| param.name.clone()));
            }
        }
        match name {
            "met" | "unmet" | "partly" | "ramp" | "curve" | "between" => {
                self.message(form, args, position);
            }
            "set" => self.change(args, position),
            "all" => self.all(args, position),
            "push" => self.pushed(args),
            _ => {}
        }
        self.gives(form.1, args, made)
    }

    /// The way of calling that fits the arguments, or the one that comes nearest; none where their number fits none.
    fn form(
        &mut self,
        native: &'static Native,
        args: &[Argument<'_>],
        position: Position,
    ) -> Option<&'static Form> {
        let of_number = || {
            native
                .forms
                .iter()
                .filter(|form| form.0.len() == args.len())
        };
        let fits = |form: &&Form| {
            form.0
                .iter()
                .zip(args)
                .all(|(want, arg)| may_be(*want, &arg.of))
        };
        let found = of_number().find(fits).or_else(|| of_number().next());
        if found.is_none() {
            let message = format!("`{}` is called with {}", native.name, arguments(args.len()));
            let problem = Problem::error(message).expected(format!("`{}`", native.signature));
            self.report(position, problem);
        }
        found
    }

    /// Looks at one argument; what a function among them gives.
    fn argument(
        &mut self,
        native: &Native,
        want: Want,
        args: &[Argument<'_>],
        index: usize,
        position: Position,
    ) -> Type {
        let Some(arg) = args.get(index) else {
            return Type::Unknown;
        };
        let at = arg.position(position);
        if !may_be(want, &arg.of) {
            let message = format!(
                "`{}` gets {} where {} is needed",
                native.name,
                arg.of.word(),
                word(want)
            );
            let problem = Problem::error(message).expected(format!("`{}`", native.signature));
            self.report(at, problem);
            return Type::Unknown;
        }
        let element = || args.first().map_or(Type::Unknown, |list| element(&list.of));
        match want {
            Want::Asks => {
                let gives = self.closure(&arg.of, vec![element()], at);
                self.yes_no(
                    &gives,
                    at,
                    &format!("what the function in `{}` gives", native.name),
                );
            }
            Want::Measures => {
                let gives = self.closure(&arg.of, vec![element()], at);
                self.number(&gives, at);
            }
            Want::Makes => {
                let gives = self.closure(&arg.of, vec![element()], at);
                if gives == Type::Finding {
                    self.error(
                        at,
                        "a finding cannot be kept in a list or a table",
                        "write `for … in` the list, and `return`",
                    );
                }
                return gives;
            }
            Want::Orders => {
                let gives = self.closure(&arg.of, vec![element(), element()], at);
                if !matches!(gives, Type::Number | Type::YesNo) && !gives.is_open() {
                    let message = format!("what puts elements in order gives {}", gives.word());
                    let problem = Problem::error(message).expected("a number, or yes or no");
                    self.report(at, problem);
                }
            }
            Want::Path => {
                let group = args.first().map(|group| group.of.clone());
                self.path(group.as_ref(), &arg.of, position);
            }
            Want::TopPath => {
                self.path(None, &arg.of, position);
            }
            Want::Paths => {
                if let Type::List(paths, _) = &arg.of {
                    self.path(None, paths, position);
                }
            }
            Want::Name => self.a_name(native, arg, at),
            Want::Ends => self.ends(arg, at),
            Want::Curve => self.points(arg, at),
            _ => {}
        }
        Type::Unknown
    }

    fn a_name(&mut self, native: &Native, arg: &Argument<'_>, at: Position) {
        let name = match arg.expr {
            Some(Expr::Variable(parts, _, _)) => Some(parts.1.as_str()),
            _ => None,
        };
        let own = name.and_then(|name| self.frame.names.iter().rev().find(|own| own.word == name));
        match own {
            Some(own) if own.captured => {
                let message = format!(
                    "a closure changes `{}`, which belongs to what stands round it",
                    own.word
                );
                self.error(
                    at,
                    message,
                    "write `for … in` a list, or use `filter` or `map`",
                );
            }
            Some(_) => {}
            None => {
                let message = format!("`{}` changes a list that has no name", native.name);
                self.error(at, message, "give the list a name with `let` before");
            }
        }
    }

    fn ends(&mut self, arg: &Argument<'_>, at: Position) {
        if let Type::Table(entries) = &arg.of {
            for key in ["full", "zero"] {
                match entries.get(key) {
                    Some(of) => self.number(of, at),
                    None => self.report(
                        at,
                        Problem::error(format!("`ramp` has no `{key}`"))
                            .expected("`#{ full: …, zero: … }`"),
                    ),
                }
            }
        }
    }

    fn points(&mut self, arg: &Argument<'_>, at: Position) {
        if let Type::List(point, _) = &arg.of
            && !matches!(&**point, Type::List(number, _) if **number == Type::Number || number.is_open())
            && !point.is_open()
        {
            let message = format!("the points of a curve are {}", point.word());
            self.report(
                at,
                Problem::error(message).expected("`[[value, degree], …]`"),
            );
        }
    }

    /// The types of the facts at the paths that a text can be, below a group or from the top.
    pub(super) fn path(&mut self, group: Option<&Type>, path: &Type, position: Position) -> Type {
        let roots: BTreeSet<FieldId> = match group {
            Some(Type::Group(fields)) => fields.clone(),
            Some(_) => return Type::Unknown,
            None => BTreeSet::from([self.schema.root()]),
        };
        let Type::Text(Words {
            set: Some(paths), ..
        }) = path
        else {
            return Type::Unknown;
        };
        let mut common = Type::Never;
        for root in roots {
            let below = self.schema.field(root).path.clone();
            for path in paths {
                let full = match below.as_str() {
                    "" => path.clone(),
                    below => format!("{below}.{path}"),
                };
                let of = match self.schema.find(&full) {
                    Some(found) => Type::of_field(self.schema, found),
                    None if self.is_own(&full) => Type::Unknown,
                    None => {
                        let problem = unknown_path(self.schema, &full);
                        self.report(position, problem);
                        Type::Unknown
                    }
                };
                common = common.or(&of).unwrap_or(Type::Unknown);
            }
        }
        common
    }

    /// Whether a path lies where a board may have fields that no schema names.
    fn is_own(&self, path: &str) -> bool {
        let above = path.match_indices(['.', '[']).map(|(at, _)| at).rev();
        let mut above = above.filter_map(|at| self.schema.find(path.get(..at)?));
        above.next().is_some_and(|id| {
            let field = self.schema.field(id);
            field.kind == Kind::Any || field.open
        })
    }

    /// A remedy sets a fact to what it can be.
    fn change(&mut self, args: &[Argument<'_>], position: Position) {
        let (to, value) = match args {
            [path, value] => (self.path(None, &path.of, position), value),
            [group, path, value] => (self.path(Some(&group.of), &path.of, position), value),
            _ => return,
        };
        self.settable(&to, &value.of, position);
    }

    fn settable(&mut self, to: &Type, value: &Type, position: Position) {
        match (to, value) {
            (Type::Group(fields), Type::Table(entries)) => {
                for (key, of) in entries {
                    let fields = Type::Group(fields.clone());
                    let field = self.property(&fields, key, position);
                    self.settable(&field, of, position);
                }
            }
            (Type::List(to, _), Type::List(value, _)) => self.settable(to, value, position),
            (Type::Text(to), Type::Text(value)) => {
                if let (Some(field), Some(known), Some(words)) = (to.field, &to.set, &value.set) {
                    for word in words.difference(known) {
                        self.never(field, &BTreeSet::from([word.clone()]), position);
                    }
                }
            }
            (open, _) | (_, open) if open.is_open() => {}
            (to, value) if std::mem::discriminant(to) == std::mem::discriminant(value) => {}
            (to, value) => {
                let message = format!("{} is set to {}", to.word(), value.word());
                self.error(position, message, "give it what the schema allows there");
            }
        }
    }

    /// What holds for all of nobody has to be said.
    fn all(&mut self, args: &[Argument<'_>], position: Position) {
        if let [list, _] = args
            && matches!(&list.of, Type::List(_, true) | Type::Unknown)
        {
            self.error(
                position,
                "`all` is true of an empty list, and this list may be empty",
                "say what that means: `all(|x| …, false)` or `all(|x| …, true)`",
            );
        }
    }

    fn pushed(&mut self, args: &[Argument<'_>]) {
        let [list, value] = args else { return };
        let at = value.position(Position::NONE);
        if value.of == Type::Finding {
            self.error(
                at,
                "a finding cannot be kept in a list or a table",
                "write `return` before it",
            );
        }
        let (Type::List(element, none), Some(Expr::Variable(parts, _, _))) = (&list.of, list.expr)
        else {
            return;
        };
        let Some(joined) = element.or(&value.of) else {
            let message = format!(
                "{} is added to a list of {}",
                value.of.word(),
                element.word()
            );
            let instead = "keep values of different types in lists of their own";
            self.error(at, message, instead);
            return;
        };
        let mut names = self.frame.names.iter_mut().rev();
        if let Some(own) = names.find(|own| own.word == parts.1.as_str()) {
            own.of = Type::List(Box::new(joined), *none);
        }
    }

    fn gives(&mut self, gives: Gives, args: &[Argument<'_>], made: Type) -> Type {
        let first = args.first().map_or(Type::Unknown, |arg| arg.of.clone());
        match gives {
            Gives::Nothing => Type::Nothing,
            Gives::Number => Type::Number,
            Gives::YesNo => Type::YesNo,
            Gives::Text => Type::text(),
            Gives::Texts => Type::list(Type::text()),
            Gives::Finding => Type::Finding,
            Gives::Change => Type::Change,
            Gives::Element => element(&first),
            Gives::Same => first,
            Gives::Part => Type::list(element(&first)),
            Gives::Mapped => Type::List(
                Box::new(made),
                !matches!(&first, Type::List(_, false) | Type::Row(_)),
            ),
            Gives::Flat => Type::list(element(&element(&first))),
            Gives::Fact => self.or_else(&first, args),
            Gives::Beside => {
                let path = args.get(1).map_or(Type::Unknown, |path| path.of.clone());
                // What is wrong with the path was said when the argument was looked at.
                let problems = self.problems.len();
                let list = self.path(None, &path, Position::NONE);
                self.problems.truncate(problems);
                element(&list)
            }
            Gives::Where => match &first {
                Type::Group(fields) => Type::Text(Words {
                    field: None,
                    set: Some(
                        fields
                            .iter()
                            .map(|id| self.schema.field(*id).path.clone())
                            .collect(),
                    ),
                    path: true,
                }),
                _ => Type::text(),
            },
        }
    }

    /// The fact at a path, or the value given for want of it.
    fn or_else(&mut self, group: &Type, args: &[Argument<'_>]) -> Type {
        let (Some(path), Some(value)) = (args.get(1), args.get(2)) else {
            return Type::Unknown;
        };
        let problems = self.problems.len();
        let fact = self.path(Some(group), &path.of, Position::NONE);
        self.problems.truncate(problems);
        let joined = match (&fact, &value.of) {
            // What the fact can be is known; the value given for want of it is one more.
            (Type::Text(fact), Type::Text(other))
                if fact.field.is_some() && other.field.is_none() =>
            {
                let set = fact.set.as_ref().zip(other.set.as_ref());
                Some(Type::Text(Words {
                    field: fact.field,
                    set: set.map(|(a, b)| a.union(b).cloned().collect()),
                    path: false,
                }))
            }
            (fact, other) => fact.or(other),
        };
        joined.unwrap_or_else(|| {
            let message = format!(
                "the fact is {}, and for want of it stands {}",
                fact.word(),
                value.of.word()
            );
            self.error(
                value.position(Position::NONE),
                message,
                "give a value of the fact's type",
            );
            fact
        })
    }
}

/// The element of a list.
pub(super) fn element(list: &Type) -> Type {
    match list {
        Type::List(element, _) => (**element).clone(),
        Type::Row(items) => {
            let all = items.iter().try_fold(Type::Never, |all, item| all.or(item));
            all.unwrap_or(Type::Unknown)
        }
        _ => Type::Unknown,
    }
}

/// Whether a value of this type may be given where this is wanted.
fn may_be(want: Want, of: &Type) -> bool {
    if of.is_open() {
        return true;
    }
    match want {
        Want::Any => !matches!(of, Type::Nothing),
        Want::Number => matches!(of, Type::Number),
        Want::YesNo => matches!(of, Type::YesNo),
        Want::Text | Want::Path | Want::TopPath | Want::Template => matches!(of, Type::Text(_)),
        Want::List | Want::Name => matches!(of, Type::List(..) | Type::Row(_)),
        Want::Numbers => {
            matches!(of, Type::List(element, _) if **element == Type::Number || element.is_open())
        }
        Want::Paths => {
            matches!(of, Type::List(element, _) if matches!(**element, Type::Text(_)) || element.is_open())
        }
        Want::Curve => matches!(of, Type::List(..)),
        Want::Group => matches!(of, Type::Group(_)),
        Want::Asks | Want::Measures | Want::Makes | Want::Orders => matches!(of, Type::Closure(..)),
        Want::Arguments | Want::Ends => matches!(of, Type::Table(_)),
    }
}

fn word(want: Want) -> &'static str {
    match want {
        Want::Any => "a value",
        Want::Number => "a number",
        Want::YesNo => "yes or no",
        Want::Text => "text",
        Want::Path | Want::TopPath => "the path of a fact",
        Want::Template => "a message",
        Want::List | Want::Name => "a list",
        Want::Numbers => "a list of numbers",
        Want::Paths => "a list of paths",
        Want::Curve => "a list of points",
        Want::Group => "a group of facts",
        Want::Asks | Want::Measures | Want::Makes | Want::Orders => {
            "a function, such as `|x| x.weeks > 8`,"
        }
        Want::Arguments => "a table of what stands in the message",
        Want::Ends => "`#{ full: …, zero: … }`",
    }
}
