//! Conditions: what holds of facts, of numbers, of the elements of a list.

use super::{Node, Reader, listed, shown};
use crate::problem::{Problem, did_you_mean};
use crate::rule::form::raw::RawData;
use crate::rule::form::{Cond, Num, Op, Path, Quantified, RESERVED, Value};
use crate::schema::Kind;

const OPERATORS: [&str; 10] = [
    "is",
    "is_not",
    "one_of",
    "at_least",
    "at_most",
    "above",
    "below",
    "includes",
    "includes_none",
    "includes_all",
];
const COMPARE: [&str; 4] = ["at_least", "at_most", "above", "below"];

impl<'a> Reader<'a> {
    /// A condition; several at once are all asked.
    pub(super) fn cond(&mut self, node: &Node<'a>) -> Option<Cond> {
        self.deeper(node, |reader| reader.conditions(node))
    }

    fn conditions(&mut self, node: &Node<'a>) -> Option<Cond> {
        let entries = node.entries();
        if entries.is_empty() {
            let problem = Problem::error(format!("the condition is {}", shown(node.raw))).expected(
                "fields with what they have to be, such as `{ host.capacity_cap: true }`",
            );
            let hint = node.text().and_then(|text| {
                let path = text.strip_prefix("^.").unwrap_or(text);
                let field = self.schema.find(path)?;
                let flag = self.schema.field(field).kind == Kind::Boolean;
                flag.then(|| format!("did you mean `{{ {text}: true }}`?"))
            });
            self.at_node(node, problem.suggest_maybe(hint));
            return None;
        }
        let quantified = ["any", "all"]
            .iter()
            .filter(|key| node.get(key).is_some())
            .count();
        if quantified > 1 {
            let problem = Problem::error(
                "`any` and `all` stand in one condition, and `where` belongs to one of them",
            )
            .expected("`and: [{ any: … }, { all: … }]`");
            self.at_node(node, problem);
            return None;
        }
        let mut found = Vec::new();
        let mut fine = true;
        for (key, entry) in entries {
            if quantified == 1 && ["where", "if_none"].contains(&key) {
                continue;
            }
            match self.condition(node, key, &entry) {
                Some(cond) => found.push(cond),
                None => fine = false,
            }
        }
        if !fine {
            return None;
        }
        match found.len() {
            1 => found.pop(),
            _ => Some(Cond::And(found)),
        }
    }

    fn condition(&mut self, whole: &Node<'a>, key: &str, node: &Node<'a>) -> Option<Cond> {
        match key {
            "and" | "or" => {
                let items = self.list(node, "conditions");
                let read: Vec<Option<Cond>> = items.iter().map(|item| self.cond(item)).collect();
                let read = read.into_iter().collect::<Option<Vec<Cond>>>()?;
                if read.is_empty() {
                    return None;
                }
                Some(if key == "and" {
                    Cond::And(read)
                } else {
                    Cond::Or(read)
                })
            }
            "not" => Some(Cond::Not(Box::new(self.cond(node)?))),
            "any" | "all" => self.quantified(whole, key, node),
            "attested" => self.path(node).map(Cond::Attested),
            "compare" => self.compare(node),
            _ => self.of_path(key, node),
        }
    }

    fn quantified(&mut self, whole: &Node<'a>, key: &str, list: &Node<'a>) -> Option<Cond> {
        let list_path = self.list_path(list);
        let if_none = if let Some(node) = whole.get("if_none") {
            self.yes_or_no(&node)
        } else {
            let problem = Problem::error(format!(
                "`{key}` does not say what holds where the list is empty"
            ))
            .expected("`if_none: yes` or `if_none: no`");
            self.at_name(list, problem);
            None
        };
        let Some(asked) = whole.get("where") else {
            let problem = Problem::error(format!(
                "`{key}` does not say what is asked of the elements"
            ))
            .expected("`where: { … }`");
            self.at_name(list, problem);
            return None;
        };
        let list = list_path?;
        let is = self.inside(&list, |reader| reader.cond(&asked))?;
        let quantified = Box::new(Quantified {
            list,
            is,
            if_none: if_none?,
        });
        Some(if key == "any" {
            Cond::Some(quantified)
        } else {
            Cond::Every(quantified)
        })
    }

    fn yes_or_no(&mut self, node: &Node<'a>) -> Option<bool> {
        match (node.text(), &node.raw.data) {
            (Some("yes"), _) => Some(true),
            (Some("no"), _) => Some(false),
            (_, data) => {
                let suggestion = match data {
                    RawData::Flag(true) => Some("did you mean `yes`?"),
                    RawData::Flag(false) => Some("did you mean `no`?"),
                    _ => None,
                };
                let problem = Problem::error(format!("this is {}", shown(node.raw)))
                    .expected("`yes` or `no`");
                self.at_node(node, problem.suggest_maybe(suggestion));
                None
            }
        }
    }

    fn compare(&mut self, node: &Node<'a>) -> Option<Cond> {
        let expected = "a number, one of at_least, at_most, above and below, and a number";
        let Some([first, operator, second]) = node
            .items()
            .and_then(|items| <[Node<'a>; 3]>::try_from(items).ok())
        else {
            let problem = Problem::error(format!("this is {}", shown(node.raw)));
            self.at_node(
                node,
                problem.expected(format!("a list of three: {expected}")),
            );
            return None;
        };
        let (a, b) = (self.num(&first, false), self.num(&second, false));
        let word = operator.text().unwrap_or_default();
        let Some(op) = op(word) else {
            let problem = Problem::error(format!("this is {}", shown(operator.raw)))
                .expected(format!("one of {}", listed(&COMPARE)))
                .suggest_maybe(sign(word).or_else(|| did_you_mean(word, COMPARE)));
            self.at_node(&operator, problem);
            return None;
        };
        let (a, b) = (a?, b?);
        self.same_unit(node, &a, &b);
        Some(Cond::Compare(a, op, b))
    }

    /// `PATH: …`
    fn of_path(&mut self, key: &str, node: &Node<'a>) -> Option<Cond> {
        if OPERATORS.contains(&key) {
            let problem = Problem::error(format!("`{key}` stands where a field is expected"))
                .expected(format!("`PATH: {{ {key}: … }}`"));
            self.at_name(node, problem);
            return None;
        }
        if let Some(word) = RESERVED.iter().find(|word| word.eq_ignore_ascii_case(key)) {
            let problem = Problem::error(format!("`{key}` is no field"))
                .suggest(format!("did you mean `{word}`?"));
            self.at_name(node, problem);
            return None;
        }
        let path = self.path_of(node, key, true)?;
        match &node.raw.data {
            RawData::Table(_) => self.operators(&path, node),
            RawData::List(_) => {
                self.single(&path, key, node)?;
                Some(Cond::OneOf(path.clone(), self.values(node, &path)?))
            }
            _ => {
                self.single(&path, key, node)?;
                let value = self.value(node, &path)?;
                Some(Cond::Is(path, value))
            }
        }
    }

    /// The fact is one value.
    fn single(&mut self, path: &Path, key: &str, node: &Node<'a>) -> Option<()> {
        let Some(id) = path.field else {
            return Some(());
        };
        let (problem, suggestion) = match self.schema.field(id).kind {
            Kind::List => {
                let written = node.text().unwrap_or("…");
                (
                    format!("`{key}` is a list, and is never one value"),
                    format!("write `{key}: {{ includes: {written} }}`"),
                )
            }
            Kind::Object => (
                format!("`{key}` is a group of fields"),
                "ask one of its fields".to_owned(),
            ),
            _ => return Some(()),
        };
        self.at_node(node, Problem::error(problem).suggest(suggestion));
        None
    }

    fn values(&mut self, node: &Node<'a>, path: &Path) -> Option<Vec<Value>> {
        let items = self.list(node, "values");
        let read: Vec<Option<Value>> = items.iter().map(|item| self.value(item, path)).collect();
        let read = read.into_iter().collect::<Option<Vec<Value>>>()?;
        let twice = read
            .iter()
            .enumerate()
            .find(|(at, value)| read.iter().take(*at).any(|other| other == *value));
        if let Some((at, _)) = twice
            && let Some(item) = items.get(at)
        {
            self.at_node(
                item,
                Problem::error("this value stands here twice").suggest("keep one of the two"),
            );
            return None;
        }
        (!read.is_empty()).then_some(read)
    }

    fn operators(&mut self, path: &Path, node: &Node<'a>) -> Option<Cond> {
        if node.entries().is_empty() {
            let problem = Problem::error("nothing is asked of the field");
            self.at_node(
                node,
                problem.expected(format!("one of {}", listed(&OPERATORS))),
            );
            return None;
        }
        let entries = node.entries();
        let read: Vec<Option<Cond>> = entries
            .iter()
            .map(|(key, entry)| self.operator(path, key, entry))
            .collect();
        let mut read = read.into_iter().collect::<Option<Vec<Cond>>>()?;
        match read.len() {
            1 => read.pop(),
            _ => Some(Cond::And(read)),
        }
    }

    fn operator(&mut self, path: &Path, key: &str, node: &Node<'a>) -> Option<Cond> {
        let kind = path.field.map(|field| self.schema.field(field).kind);
        match key {
            "is" | "is_not" => {
                self.single(path, &path.steps.join("."), node)?;
                let is = Cond::Is(path.clone(), self.value(node, path)?);
                Some(if key == "is" {
                    is
                } else {
                    Cond::Not(Box::new(is))
                })
            }
            "one_of" => {
                self.single(path, &path.steps.join("."), node)?;
                if let Some(text) = node.text().filter(|text| text.starts_with('$')) {
                    let (param, found) = self.parameter(node, text)?;
                    if !found.is_array() {
                        let problem = Problem::error(format!("`{text}` is no list"));
                        self.at_node(node, problem.expected("a parameter that is a list"));
                        return None;
                    }
                    self.value(node, path)?;
                    return Some(Cond::OneOfParam(path.clone(), param));
                }
                Some(Cond::OneOf(path.clone(), self.values(node, path)?))
            }
            "includes" | "includes_none" | "includes_all" => self.includes(path, key, kind, node),
            _ => {
                let Some(op) = op(key) else {
                    let problem =
                        Problem::error(format!("`{key}` is nothing that can be asked of a field"))
                            .expected(format!("one of {}", listed(&OPERATORS)))
                            .suggest_maybe(sign(key).or_else(|| did_you_mean(key, OPERATORS)));
                    self.at_name(node, problem);
                    return None;
                };
                if !matches!(kind, None | Some(Kind::Number | Kind::Integer | Kind::Any)) {
                    let problem = Problem::error(format!(
                        "`{}` is no number, and `{key}` compares numbers",
                        path.steps.join(".")
                    ));
                    self.at_name(node, problem.expected("`is`, `one_of` or `includes`"));
                    return None;
                }
                let number = self.num(node, false)?;
                let fact = Num::Path(path.clone());
                self.same_unit(node, &fact, &number);
                Some(Cond::Compare(fact, op, number))
            }
        }
    }

    fn includes(
        &mut self,
        path: &Path,
        key: &str,
        kind: Option<Kind>,
        node: &Node<'a>,
    ) -> Option<Cond> {
        if !matches!(kind, None | Some(Kind::List | Kind::Any)) {
            let problem = Problem::error(format!("`{}` is no list", path.steps.join(".")));
            self.at_name(node, problem.expected("`is` or `one_of`"));
            return None;
        }
        let element = Path {
            field: path.field.and_then(|field| self.schema.field(field).items),
            ..path.clone()
        };
        let values = if node.items().is_some() {
            self.values(node, &element)?
        } else {
            vec![self.value(node, &element)?]
        };
        Some(match key {
            "includes" => Cond::Includes(path.clone(), values),
            "includes_all" => Cond::IncludesAll(path.clone(), values),
            _ => Cond::Not(Box::new(Cond::Includes(path.clone(), values))),
        })
    }
}

fn op(word: &str) -> Option<Op> {
    Some(match word {
        "at_least" => Op::AtLeast,
        "at_most" => Op::AtMost,
        "above" => Op::Above,
        "below" => Op::Below,
        _ => return None,
    })
}

/// The word for a sign that people know from elsewhere.
fn sign(sign: &str) -> Option<String> {
    let word = match sign {
        ">=" | "≥" | "min" | "minimum" => "at_least",
        "<=" | "≤" | "max" | "maximum" => "at_most",
        ">" | "more_than" | "greater_than" => "above",
        "<" | "less_than" => "below",
        "=" | "==" | "equals" => "is",
        "!=" | "≠" => "is_not",
        "in" => "one_of",
        "contains" | "has" => "includes",
        _ => return None,
    };
    Some(format!("did you mean `{word}`?"))
}
