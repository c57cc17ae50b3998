//! Forms: which one it is, and its parts.

use super::{Node, Reader, lift, listed, shown};
use crate::problem::{Problem, did_you_mean};
use crate::rule::form::raw::RawData;
use crate::rule::form::{
    Branch, Cap, Date, Deg, Each, Form, FormKind, Item, Line, Num, Take, Then, Value,
};
use crate::schema::Kind;

const FORMS: [&str; 10] = [
    "choice",
    "yes_no",
    "number",
    "checklist",
    "dates",
    "each",
    "all_of",
    "any_of",
    "mean_of",
    "first",
];

impl<'a> Reader<'a> {
    /// A form, with what it counts at most.
    pub(super) fn form(&mut self, node: &Node<'a>) -> Option<Form> {
        self.deeper(node, |reader| reader.one_form(node))
    }

    fn one_form(&mut self, node: &Node<'a>) -> Option<Form> {
        if !matches!(node.raw.data, RawData::Table(_)) {
            let problem = Problem::error(format!("this is {}", shown(node.raw)))
                .expected(format!("a form: one of {}", listed(&FORMS)));
            self.at_node(node, problem);
            return None;
        }
        let mut found = Vec::new();
        for (key, entry) in node.entries() {
            if FORMS.contains(&key) {
                found.push((key, entry));
            } else if key != "at_most" {
                let problem = Problem::error(format!("`{key}` is no form"))
                    .expected(format!("one of {}", listed(&FORMS)))
                    .suggest_maybe(did_you_mean(key, FORMS));
                self.at_name(&entry, problem);
            }
        }
        let at_most = lift(node.get("at_most").map(|node| self.caps(&node)));
        let kind = match found.as_slice() {
            [(key, entry)] => self.kind(key, entry),
            [] => {
                if node.entries().iter().all(|(key, _)| *key == "at_most") {
                    let problem = Problem::error("there is no form here");
                    self.at_node(node, problem.expected(format!("one of {}", listed(&FORMS))));
                }
                None
            }
            several => {
                let names: Vec<&str> = several.iter().map(|(key, _)| *key).collect();
                let problem =
                    Problem::error(format!("these are several forms: {}", listed(&names)))
                        .expected("one, or several under `all_of`, `any_of` or `mean_of`");
                self.at_node(node, problem);
                None
            }
        };
        Some(Form {
            kind: kind?,
            at_most: at_most?.unwrap_or_default(),
            span: node.span(),
        })
    }

    fn kind(&mut self, key: &str, node: &Node<'a>) -> Option<FormKind> {
        match key {
            "choice" => self.choice(node),
            "yes_no" => self.yes_no(node),
            "number" => self.number(node),
            "checklist" => self.checklist(node),
            "dates" => self.dates(node),
            "each" => self.each(node),
            "first" => self.first(node),
            "mean_of" => {
                let items = self.list(node, "forms with weights");
                let read: Vec<_> = items.iter().map(|item| self.weighed(item)).collect();
                let read = read.into_iter().collect::<Option<Vec<_>>>()?;
                (!read.is_empty()).then_some(FormKind::MeanOf(read))
            }
            _ => {
                let items = self.list(node, "forms");
                let read: Vec<Option<Form>> = items.iter().map(|item| self.form(item)).collect();
                let read = read.into_iter().collect::<Option<Vec<Form>>>()?;
                if read.is_empty() {
                    return None;
                }
                Some(if key == "all_of" {
                    FormKind::AllOf(read)
                } else {
                    FormKind::AnyOf(read)
                })
            }
        }
    }

    fn weighed(&mut self, node: &Node<'a>) -> Option<(Form, Value)> {
        let fine = self.keys(node, "a part of a mean", &["form", "weight"], &["form"]);
        let form = self.form(&node.get("form")?);
        let weight = self.weight(node.get("weight").as_ref());
        fine.then_some((form?, weight?))
    }

    fn caps(&mut self, node: &Node<'a>) -> Option<Vec<Cap>> {
        let mut caps = Vec::new();
        let mut fine = true;
        for item in self.list(node, "limits") {
            let known = self.keys(
                &item,
                "a limit",
                &["degree", "unless"],
                &["degree", "unless"],
            );
            let degree = item.get("degree").and_then(|node| self.degree(&node));
            let unless = item.get("unless").and_then(|node| self.cond(&node));
            match (degree, unless) {
                (Some(degree), Some(unless)) if known => caps.push(Cap {
                    degree,
                    unless,
                    span: item.span(),
                }),
                _ => fine = false,
            }
        }
        (fine && !caps.is_empty()).then_some(caps)
    }

    fn yes_no(&mut self, node: &Node<'a>) -> Option<FormKind> {
        let fine = self.keys(node, "`yes_no`", &["of", "yes", "no"], &["of"]);
        let target = node.get("of")?;
        let of = self.path(&target)?;
        if let Some(id) = of.field
            && !matches!(self.schema.field(id).kind, Kind::Boolean | Kind::Any)
        {
            let field = self.schema.field(id);
            let suggestion = match field.kind {
                Kind::Text if !field.choices.is_empty() => Some("`choice` judges it"),
                Kind::Number | Kind::Integer => Some("`number` judges it"),
                _ => None,
            };
            let problem =
                Problem::error(format!("`{}` is no question of yes or no", self.name(id)));
            self.at_node(&target, problem.suggest_maybe(suggestion));
            return None;
        }
        let yes = lift(node.get("yes").map(|node| self.degree(&node)));
        let no = lift(node.get("no").map(|node| self.degree(&node)));
        let (yes, no) = (
            yes?.unwrap_or(Deg::Known(1.0)),
            no?.unwrap_or(Deg::Known(0.0)),
        );
        if yes == no {
            let problem = Problem::error("yes and no count the same, so nothing is judged");
            self.at_node(node, problem.expected("two degrees"));
            return None;
        }
        fine.then_some(FormKind::YesNo { of, yes, no })
    }

    fn number(&mut self, node: &Node<'a>) -> Option<FormKind> {
        let fine = self.keys(node, "`number`", &["of", "full", "zero", "curve"], &["of"]);
        let of = node.get("of").and_then(|node| self.num(&node, true));
        if let Some(curve) = node.get("curve") {
            for key in ["full", "zero"] {
                if let Some(other) = node.get(key) {
                    let problem =
                        Problem::error(format!("`{key}` and `curve` say the same thing twice"));
                    self.at_name(&other, problem.expected("`full` and `zero`, or `curve`"));
                    return None;
                }
            }
            let line = self.curve(&curve, of.as_ref());
            return fine.then_some(FormKind::Number {
                of: of?,
                line: line?,
            });
        }
        let (full, zero) = self.ends(node, "`number`", "`curve: [[…, 0], […, 1]]`")?;
        let of = of?;
        for (key, end) in [("full", &full), ("zero", &zero)] {
            if let Some(at) = node.get(key) {
                self.same_unit(&at, &of, end);
            }
        }
        fine.then_some(FormKind::Number {
            of,
            line: Line::Ramp { full, zero },
        })
    }

    /// What counts in full and what counts nothing.
    fn ends(&mut self, node: &Node<'a>, what: &str, or: &str) -> Option<(Num, Num)> {
        let end = |reader: &mut Self, key: &str| {
            let Some(at) = node.get(key) else {
                let problem = Problem::error(format!(
                    "{what} does not say what counts {}",
                    if key == "full" { "in full" } else { "nothing" }
                ));
                let expected = if or.is_empty() {
                    format!("`{key}: …`")
                } else {
                    format!("`{key}: …`, or {or}")
                };
                reader.at_node(node, problem.expected(expected));
                return None;
            };
            reader.num(&at, false)
        };
        let (full, zero) = (end(self, "full"), end(self, "zero"));
        let (full, zero) = (full?, zero?);
        if full == zero {
            let problem = Problem::error("`full` and `zero` are the same");
            self.at_node(
                node,
                problem.expected("two numbers, with what lies between them counted in part"),
            );
            return None;
        }
        Some((full, zero))
    }

    fn curve(&mut self, node: &Node<'a>, of: Option<&Num>) -> Option<Line> {
        if let Some(text) = node.text().filter(|text| text.starts_with('$')) {
            let (param, value) = self.parameter(node, text)?;
            let point = |point: &serde_json::Value| {
                Some((point.get(0)?.as_f64()?, point.get(1)?.as_f64()?))
            };
            let points = value
                .as_array()
                .map(|points| points.iter().map(point).collect::<Option<Vec<_>>>());
            let Some(points) = points.flatten().filter(|points| !points.is_empty()) else {
                let problem = Problem::error(format!("`{text}` is no curve"));
                self.at_node(
                    node,
                    problem.expected(
                        "a parameter such as `[[0, 0], [6, 1]]`: numbers with their degrees",
                    ),
                );
                return None;
            };
            let rises = points.first().map(|point| point.1) <= points.last().map(|point| point.1);
            if let Some(of) = of {
                let field = self.unit_of(of).field;
                let own = self.param(&param.name);
                self.unit(node, own, field);
            }
            return Some(Line::Param(param, rises));
        }
        let mut points: Vec<(Num, Deg)> = Vec::new();
        let mut fine = true;
        for item in self.list(node, "points, such as `[[0, 0], [6, 1]]`") {
            let Some([x, y]) = item
                .items()
                .and_then(|pair| <[Node<'a>; 2]>::try_from(pair).ok())
            else {
                let problem = Problem::error(format!("this is {}", shown(item.raw)));
                self.at_node(
                    &item,
                    problem.expected("a number and its degree, such as `[6, 1]`"),
                );
                fine = false;
                continue;
            };
            let (number, degree) = (self.num(&x, false), self.degree(&y));
            let (Some(number), Some(degree)) = (number, degree) else {
                fine = false;
                continue;
            };
            if let (Some((Num::Known(before), _)), Num::Known(here)) = (points.last(), &number)
                && before >= here
            {
                let problem = Problem::error("the numbers of a curve rise from point to point");
                self.at_node(
                    &x,
                    problem.expected(format!("more than {}", crate::text::number(*before))),
                );
                fine = false;
            }
            if let Some(of) = of {
                self.same_unit(&x, of, &number);
            }
            points.push((number, degree));
        }
        if fine && points.len() == 1 {
            let problem = Problem::error("a curve has two points or more");
            self.at_node(node, problem);
            return None;
        }
        (fine && !points.is_empty()).then_some(Line::Points(points))
    }

    fn checklist(&mut self, node: &Node<'a>) -> Option<FormKind> {
        let fine = self.keys(node, "`checklist`", &["items", "full"], &["items"]);
        let mut items = Vec::new();
        let mut read = true;
        for item in self.list(
            &node.get("items")?,
            "items such as `{ is: { host.capacity_cap: true } }`",
        ) {
            match self.item(&item) {
                Some(item) => items.push(item),
                None => read = false,
            }
        }
        let full = lift(node.get("full").map(|node| self.num(&node, false)))?;
        let total: Option<f64> = items
            .iter()
            .map(|item| match item.weight {
                Value::Number(weight) => Some(weight),
                _ => None,
            })
            .sum();
        if let (Some(Num::Known(full)), Some(total), Some(at)) = (&full, total, node.get("full"))
            && read
            && (*full <= 0.0 || *full > total + 1e-9)
        {
            let total = crate::text::number(total);
            let problem = Problem::error(format!("`full` is {}", crate::text::number(*full)));
            self.at_node(
                &at,
                problem.expected(format!(
                    "more than 0, and {total} at most, which is what all items weigh"
                )),
            );
            return None;
        }
        (fine && read && !items.is_empty()).then_some(FormKind::Checklist { items, full })
    }

    fn item(&mut self, node: &Node<'a>) -> Option<Item> {
        let fine = self.keys(node, "an item", &["is", "weight", "label"], &["is"]);
        let is = node.get("is").and_then(|node| self.cond(&node));
        let weight = self.weight(node.get("weight").as_ref());
        let label = lift(node.get("label").map(|node| self.words(&node)));
        let is = is?;
        let label = label?.unwrap_or_else(|| super::says::title_of(&is));
        fine.then_some(Item {
            is,
            weight: weight?,
            label,
            span: node.span(),
        })
    }

    fn dates(&mut self, node: &Node<'a>) -> Option<FormKind> {
        let keys = ["from", "to", "full", "zero"];
        let fine = self.keys(node, "`dates`", &keys, &keys);
        let from = node.get("from").and_then(|node| self.date(&node));
        let to = node.get("to").and_then(|node| self.date(&node));
        let ends = if fine {
            self.ends(node, "`dates`", "")
        } else {
            None
        };
        let (from, to, (full, zero)) = (from?, to?, ends?);
        if from == to {
            let problem = Problem::error("`from` and `to` are the same date");
            self.at_node(node, problem.expected("two dates"));
            return None;
        }
        Some(FormKind::Dates {
            from,
            to,
            full,
            zero,
        })
    }

    fn date(&mut self, node: &Node<'a>) -> Option<Date> {
        if node.text() == Some("evaluated_on") {
            if self.schema.find("evaluated_on").is_none() {
                let problem = Problem::error("the day of the evaluation is not known to rules yet");
                self.at_node(node, problem.expected("a field with `format: date`"));
                return None;
            }
            return Some(Date::EvaluatedOn);
        }
        let path = self.path(node)?;
        if let Some(id) = path.field
            && !self.schema.field(id).date
        {
            let problem = Problem::error(format!("`{}` is no date", self.name(id)));
            self.at_node(
                node,
                problem.expected("a field with `format: date`, or `evaluated_on`"),
            );
            return None;
        }
        Some(Date::Path(path))
    }

    fn each(&mut self, node: &Node<'a>) -> Option<FormKind> {
        let known = ["in", "where", "judge", "take", "weigh", "if_none"];
        let fine = self.keys(node, "`each`", &known, &["in", "judge", "take", "if_none"]);
        let take = node.get("take").and_then(|node| self.take(&node));
        let if_none = match node.get("if_none") {
            Some(node) if node.text() == Some("not_applicable") => Some(None),
            Some(node) => self.degree(&node).map(Some),
            None => None,
        };
        if let (Some(weigh), Some(Take::Worst | Take::Best)) = (node.get("weigh"), take) {
            let problem =
                Problem::error("`weigh` is for a mean, and the worst or best has no use for it");
            self.at_name(&weigh, problem.expected("`take: mean`, or no `weigh`"));
            return None;
        }
        let list = self.list_path(&node.get("in")?)?;
        let (filter, judge, weigh) = self.inside(&list, |reader| {
            let filter = reader.filter(node);
            let judge = node.get("judge").map(|node| reader.form(&node));
            let weigh = lift(node.get("weigh").map(|node| reader.num(&node, false)));
            (filter, judge, weigh)
        });
        let (filter, judge, weigh) = (filter?, judge??, weigh?);
        fine.then_some(FormKind::Each(Box::new(Each {
            list,
            filter,
            judge,
            take: take?,
            weigh,
            if_none: if_none?,
        })))
    }

    fn take(&mut self, node: &Node<'a>) -> Option<Take> {
        let words = ["worst", "best", "mean"];
        match node.text() {
            Some("worst") => Some(Take::Worst),
            Some("best") => Some(Take::Best),
            Some("mean") => Some(Take::Mean),
            other => {
                let problem = Problem::error(format!("this is {}", shown(node.raw)))
                    .expected(format!("one of {}", listed(&words)))
                    .suggest_maybe(other.and_then(|text| did_you_mean(text, words)));
                self.at_node(node, problem);
                None
            }
        }
    }

    fn first(&mut self, node: &Node<'a>) -> Option<FormKind> {
        let items = self.list(node, "branches");
        let last = items.len().saturating_sub(1);
        let mut branches = Vec::new();
        let mut fine = !items.is_empty();
        for (index, item) in items.iter().enumerate() {
            match self.branch(item, index == last) {
                Some(branch) => branches.push(branch),
                None => fine = false,
            }
        }
        fine.then_some(FormKind::First(branches))
    }

    fn branch(&mut self, node: &Node<'a>, last: bool) -> Option<Branch> {
        let (known, needed): (&[&str], &[&str]) = if last {
            (&["else", "say"], &["else"])
        } else {
            (&["if", "then", "say"], &["if", "then"])
        };
        let what = if last { "the last branch" } else { "a branch" };
        let fine = self.keys(node, what, known, needed);
        let when = lift(
            node.get("if")
                .filter(|_| !last)
                .map(|node| self.cond(&node)),
        );
        let then = node.get(if last { "else" } else { "then" });
        let then = then.and_then(|node| self.then(&node));
        let say = lift(node.get("say").map(|node| self.template(&node)));
        fine.then_some(Branch {
            when: when?,
            then: then?,
            say: say?,
            span: node.span(),
        })
    }

    fn then(&mut self, node: &Node<'a>) -> Option<Then> {
        match node.raw.data {
            RawData::Table(_) => Some(Then::Form(Box::new(self.form(node)?))),
            _ => Some(Then::Deg(self.degree(node)?)),
        }
    }
}
