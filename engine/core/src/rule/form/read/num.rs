//! Numbers: facts, parameters, and what is worked out of them.

use super::{Node, Reader, lift, listed, shown};
use crate::problem::{Problem, did_you_mean};
use crate::rule::form::raw::RawData;
use crate::rule::form::{Aggregate, Count, Num, Over, Path, Share};
use crate::schema::{FieldId, Kind};

const KINDS: [&str; 8] = [
    "sum", "mean", "min", "max", "count", "share", "times", "plus",
];

/// What a number is counted in, and by which fact that is known.
#[derive(Clone)]
pub(super) struct Unit {
    pub(super) name: Option<String>,
    pub(super) field: Option<FieldId>,
}

impl<'a> Reader<'a> {
    /// A number; `open` says whether it may be one that not every program has.
    pub(super) fn num(&mut self, node: &Node<'a>, open: bool) -> Option<Num> {
        match &node.raw.data {
            RawData::Number(number) => Some(Num::Known(*number)),
            RawData::Text(text) if text.starts_with('$') => {
                let (param, value) = self.parameter(node, text)?;
                if !value.is_number() {
                    let problem = Problem::error(format!("`{text}` is no number"));
                    self.at_node(node, problem.expected("a parameter that is a number"));
                    return None;
                }
                Some(Num::Param(param))
            }
            RawData::Text(_) => self.number_path(node).map(Num::Path),
            RawData::Table(_) => {
                let found = self.deeper(node, |reader| reader.worked_out(node, open))?;
                Some(found)
            }
            _ => {
                let problem = Problem::error(format!("this is {}", shown(node.raw)))
                    .expected("a number, the path of a number, `$` with a parameter, or such as `{ count: flows }`");
                self.at_node(node, problem);
                None
            }
        }
    }

    /// The path of a number.
    fn number_path(&mut self, node: &Node<'a>) -> Option<Path> {
        let path = self.path(node)?;
        let Some(id) = path.field else {
            return Some(path);
        };
        let field = self.schema.field(id);
        if matches!(field.kind, Kind::Number | Kind::Integer | Kind::Any) {
            return Some(path);
        }
        let name = self.name(id);
        let (what, suggestion) = match field.kind {
            Kind::List => ("a list", Some(format!("`{{ count: {name} }}` counts it"))),
            Kind::Boolean => ("yes or no", Some("`yes_no` judges it".to_owned())),
            Kind::Text if !field.choices.is_empty() => {
                ("a choice of words", Some("`choice` judges it".to_owned()))
            }
            Kind::Text => ("text", None),
            _ => ("a group of fields", None),
        };
        let problem = Problem::error(format!("`{name}` is {what}"));
        self.at_node(node, problem.expected("a number").suggest_maybe(suggestion));
        None
    }

    fn worked_out(&mut self, node: &Node<'a>, open: bool) -> Option<Num> {
        let found: Vec<&str> = node
            .entries()
            .into_iter()
            .map(|(key, _)| key)
            .filter(|key| KINDS.contains(key))
            .collect();
        match found.as_slice() {
            ["sum"] => self.over(node, "sum", Aggregate::Sum, open),
            ["mean"] => self.over(node, "mean", Aggregate::Mean, open),
            ["min"] => self.over(node, "min", Aggregate::Min, open),
            ["max"] => self.over(node, "max", Aggregate::Max, open),
            ["count"] => self.count(node),
            ["share"] => self.share(node, open),
            ["times"] => {
                self.keys(node, "`times`", &["times"], &["times"])
                    .then_some(())?;
                let (a, b) = self.pair(&node.get("times")?, open)?;
                Some(Num::Times(Box::new((a, b))))
            }
            ["plus"] => {
                self.keys(node, "`plus`", &["plus"], &["plus"])
                    .then_some(())?;
                let (a, b) = self.pair(&node.get("plus")?, open)?;
                let at = node.get("plus")?;
                self.same_unit(&at, &a, &b);
                Some(Num::Plus(Box::new((a, b))))
            }
            [] => {
                let first = node
                    .entries()
                    .first()
                    .map(|(key, _)| *key)
                    .unwrap_or_default();
                let problem = Problem::error("this is no number")
                    .expected(format!("one of {}", listed(&KINDS)))
                    .suggest_maybe(did_you_mean(first, KINDS));
                self.at_node(node, problem);
                None
            }
            several => {
                let problem = Problem::error(format!(
                    "this is several numbers at once: {}",
                    listed(several)
                ));
                self.at_node(node, problem.expected("one of them"));
                None
            }
        }
    }

    fn over(&mut self, node: &Node<'a>, key: &str, what: Aggregate, open: bool) -> Option<Num> {
        let none = what != Aggregate::Sum;
        let what_it_is = format!("`{key}`");
        let fine = if none {
            self.keys(
                node,
                &what_it_is,
                &[key, "in", "where", "if_none"],
                &[key, "in", "if_none"],
            )
        } else {
            self.keys(node, &what_it_is, &[key, "in", "where"], &[key, "in"])
        };
        let list = self.list_path(&node.get("in")?)?;
        let (of, filter) = self.inside(&list, |reader| {
            let of = node.get(key).map(|of| reader.number_path(&of));
            (of, reader.filter(node))
        });
        let if_none = lift(
            node.get("if_none")
                .filter(|_| none)
                .map(|node| self.or_nothing(&node, open)),
        );
        if !fine {
            return None;
        }
        Some(Num::Over(Box::new(Over {
            what,
            of: of??,
            list,
            filter: filter?,
            if_none: if_none?.flatten(),
        })))
    }

    fn count(&mut self, node: &Node<'a>) -> Option<Num> {
        let fine = self.keys(node, "`count`", &["count", "where", "distinct"], &["count"]);
        let list = self.list_path(&node.get("count")?)?;
        let (filter, distinct) = self.inside(&list, |reader| {
            let filter = reader.filter(node);
            let distinct = lift(node.get("distinct").map(|node| reader.path(&node)));
            (filter, distinct)
        });
        let (filter, distinct) = (filter?, distinct?);
        fine.then(|| {
            Num::Count(Box::new(Count {
                list,
                filter,
                distinct,
            }))
        })
    }

    fn share(&mut self, node: &Node<'a>, open: bool) -> Option<Num> {
        let fine = self.keys(
            node,
            "`share`",
            &["share", "if_zero"],
            &["share", "if_zero"],
        );
        let at = node.get("share")?;
        let pair = self.pair(&at, open);
        let if_zero = node.get("if_zero").map(|node| self.or_nothing(&node, open));
        let (part, whole) = pair?;
        self.same_unit(&at, &part, &whole);
        let if_zero = if_zero??;
        fine.then(|| {
            Num::Share(Box::new(Share {
                part,
                whole,
                if_zero,
            }))
        })
    }

    /// A number, or `not_applicable` where that may be.
    #[expect(
        clippy::option_option,
        reason = "unreadable, not applicable and a number are three things"
    )]
    fn or_nothing(&mut self, node: &Node<'a>, open: bool) -> Option<Option<Num>> {
        if node.text() != Some("not_applicable") {
            return self.num(node, open).map(Some);
        }
        if open {
            return Some(None);
        }
        let problem =
            Problem::error("`not_applicable` cannot stand here: a condition has to be true or not")
                .expected("a number");
        self.at_node(node, problem);
        None
    }

    fn pair(&mut self, node: &Node<'a>, open: bool) -> Option<(Num, Num)> {
        if let Some([first, second]) = node.items().as_deref() {
            let (first, second) = (self.num(first, open), self.num(second, open));
            return Some((first?, second?));
        }
        let problem = Problem::error(format!("this is {}", shown(node.raw)));
        self.at_node(
            node,
            problem.expected("a list of two numbers, such as `[host.spent, host.budget]`"),
        );
        None
    }

    /// Says where two numbers are counted in different units.
    pub(super) fn same_unit(&mut self, node: &Node<'a>, a: &Num, b: &Num) {
        let (first, second) = (self.unit_of(a), self.unit_of(b));
        if let (Some(first), Some(second)) = (&first.name, &second.name)
            && first != second
        {
            let problem =
                Problem::error(format!("one number is in {first}, the other in {second}"));
            self.at_node(node, problem.expected("two numbers of one unit"));
            return;
        }
        for (num, other) in [(a, second.field), (b, first.field)] {
            if let Num::Param(param) = num
                && param.key.is_none()
            {
                let param = self.param(&param.name);
                self.unit(node, param, other);
            }
        }
    }

    /// What a number is counted in, where that is known.
    pub(super) fn unit_of(&self, num: &Num) -> Unit {
        let of_field = |path: &Path| Unit {
            name: path
                .field
                .and_then(|field| self.schema.field(field).unit.clone()),
            field: path.field,
        };
        match num {
            Num::Path(path) => of_field(path),
            Num::Over(over) => of_field(&over.of),
            Num::Param(param) => Unit {
                name: self.param(&param.name).and_then(|param| param.unit.clone()),
                field: None,
            },
            Num::Plus(pair) => {
                let first = self.unit_of(&pair.0);
                if first.name.is_some() {
                    first
                } else {
                    self.unit_of(&pair.1)
                }
            }
            Num::Known(_) | Num::Count(_) | Num::Share(_) | Num::Times(_) => Unit {
                name: None,
                field: None,
            },
        }
    }
}
