//! Forms that have others inside, or are asked of every entry of a list.

use super::super::{Branch, Each, Form, Path, Take, Then};
use super::degree::{Args, Wanted, title_of};
use super::{Block, Writer, deg, quoted};
use crate::schema::Kind;

/// How parts of a form are taken together.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Together {
    Least,
    Most,
    Mean,
}

impl Writer<'_> {
    /// Elements that are judged: those of the list that are asked for, weigh something, and to which the form applies.
    pub(super) fn judged(&mut self, each: &Each, applying: bool) -> String {
        let list = self.path(&each.list);
        let (name, conditions) = self.inside(&each.list, |writer, name| {
            let mut all = Vec::new();
            if let Some(filter) = &each.filter {
                let text = writer.cond(filter);
                all.push(if matches!(filter, super::Cond::Or(_)) {
                    format!("({text})")
                } else {
                    text
                });
            }
            all.extend(
                each.weigh
                    .as_ref()
                    .map(|weigh| format!("{} > 0", writer.num(weigh))),
            );
            if applying {
                all.extend(
                    writer
                        .part_applies(&each.judge)
                        .map(|applies| format!("({applies})")),
                );
            }
            (name.to_owned(), all)
        });
        if conditions.is_empty() {
            return list;
        }
        format!("{list}.filter(|{name}| {})", conditions.join(" && "))
    }

    /// Whether there is an element to judge, or the form says what it counts without one.
    pub(super) fn each_applies(&mut self, each: &Each) -> String {
        let judged = format!("{}.len() > 0", self.judged(each, true));
        if each.if_none.is_none() {
            return judged;
        }
        let listed = self.judged(each, false);
        format!("({listed}.len() == 0 || {judged})")
    }

    pub(super) fn each(
        &mut self,
        block: &mut Block,
        indent: usize,
        each: &Each,
        wanted: &Wanted,
    ) -> (String, Args) {
        let judged = self.judged(each, true);
        self.row(block, indent, &format!("let judged = {judged};"));
        let name = self.element(&each.list);
        let own = self.element_name(&each.list, &name);
        let none = each.if_none.as_ref();
        let degree = none.map(deg);
        let start = if each.take == Take::Worst { "1" } else { "0" };
        let total = if each.take == Take::Mean {
            "total"
        } else {
            "degree"
        };
        self.row(block, indent, &format!("let {total} = {start};"));
        if each.weigh.is_some() {
            self.row(block, indent, "let weight = 0;");
        }
        for (name, start) in [("worst", "\"\""), ("lacking", "[]"), ("open", "0")] {
            if wanted.contains(name) {
                self.row(block, indent, &format!("let {name} = {start};"));
            }
        }
        if wanted.contains("worst") {
            self.row(block, indent, "let least = 2;");
        }
        self.row(block, indent, &format!("for {name} in judged {{"));
        let (one, weigh) = self.inside(&each.list, |writer, _| {
            let weigh = each.weigh.as_ref().map(|weigh| writer.num(weigh));
            (writer.degree(&each.judge), weigh)
        });
        self.row(block, indent + 1, &format!("let one = {one};"));
        let add = match (each.take, &weigh) {
            (Take::Worst, _) => "degree = min(degree, one);".to_owned(),
            (Take::Best, _) => "degree = max(degree, one);".to_owned(),
            (Take::Mean, None) => "total += one;".to_owned(),
            (Take::Mean, Some(weigh)) => format!("total += {weigh} * one; weight += {weigh};"),
        };
        self.row(block, indent + 1, &add);
        self.note(block, indent + 1, "one", &own, wanted);
        self.row(block, indent, "}");
        let mean = match (each.take, &weigh) {
            (Take::Mean, None) => "total / judged.len()",
            (Take::Mean, Some(_)) => "total / weight",
            _ => "degree",
        };
        let degree = match degree {
            Some(none) => format!("if judged.len() == 0 {{ {none} }} else {{ {mean} }}"),
            None => mean.to_owned(),
        };
        let name = |name: &'static str| (name, name.to_owned());
        let args = vec![
            name("worst"),
            name("lacking"),
            name("open"),
            ("count", "judged.len()".to_owned()),
        ];
        (degree, args)
    }

    /// Notes of a part what messages ask for.
    fn note(&self, block: &mut Block, indent: usize, one: &str, name: &str, wanted: &Wanted) {
        if wanted.contains("worst") {
            self.row(
                block,
                indent,
                &format!("if {one} < least {{ least = {one}; worst = {name}; }}"),
            );
        }
        if wanted.contains("lacking") {
            self.row(
                block,
                indent,
                &format!("if {one} < 1 {{ lacking.push({name}); }}"),
            );
        }
        if wanted.contains("open") {
            self.row(block, indent, &format!("if {one} < 1 {{ open += 1; }}"));
        }
    }

    /// How an element is called in a message: by its title or name, else by its number.
    fn element_name(&self, list: &Path, name: &str) -> String {
        let item = list.field.and_then(|field| self.schema.field(field).items);
        let Some(item) = item else {
            return format!("{name}.index() + 1");
        };
        let field = self.schema.field(item);
        if !matches!(field.kind, Kind::Object | Kind::List | Kind::Any) {
            return name.to_owned();
        }
        let is_text = |name: &&str| {
            let found = self.schema.property(item, name);
            found.is_some_and(|found| self.schema.field(found).kind == Kind::Text)
        };
        match ["title", "name", "id"].iter().find(|name| is_text(name)) {
            // Text either way: the number stands in for a name.
            Some(property) => format!(
                "{name}.get_or({}, `${{{name}.index() + 1}}`)",
                quoted(property)
            ),
            None => format!("{name}.index() + 1"),
        }
    }

    pub(super) fn together(
        &mut self,
        block: &mut Block,
        indent: usize,
        parts: &[(&Form, String)],
        how: Together,
        wanted: &Wanted,
    ) -> (String, Args) {
        let start = match how {
            Together::Least => "let degree = 1;",
            Together::Most => "let degree = 0;",
            Together::Mean => "let total = 0;",
        };
        self.row(block, indent, start);
        if how == Together::Mean {
            self.row(block, indent, "let weight = 0;");
        }
        for (name, start) in [
            ("worst", "\"\""),
            ("least", "2"),
            ("open", "0"),
            ("count", "0"),
            ("decides", "0"),
        ] {
            let asked = if name == "least" { "worst" } else { name };
            if wanted.contains(asked) {
                self.row(block, indent, &format!("let {name} = {start};"));
            }
        }
        for (index, (part, weight)) in parts.iter().enumerate() {
            self.at(&part.span, |writer| {
                let applies = writer.part_applies(part);
                if let Some(applies) = &applies {
                    writer.row(block, indent, &format!("if {applies} {{"));
                }
                let inner = indent + usize::from(applies.is_some());
                writer.part(block, inner, (index + 1, part, weight), how, wanted);
                if applies.is_some() {
                    writer.row(block, indent, "}");
                }
            });
        }
        let degree = if how == Together::Mean {
            "total / weight"
        } else {
            "degree"
        };
        let name = |name: &'static str| (name, name.to_owned());
        (
            degree.to_owned(),
            vec![name("worst"), name("count"), name("open")],
        )
    }

    fn part(
        &mut self,
        block: &mut Block,
        indent: usize,
        part: (usize, &Form, &String),
        how: Together,
        wanted: &Wanted,
    ) {
        let (number, form, weight) = part;
        let one = format!("one_{number}");
        let degree = self.degree(form);
        self.row(block, indent, &format!("let {one} = {degree};"));
        if wanted.contains("decides") {
            let sign = if how == Together::Most { ">" } else { "<" };
            self.row(
                block,
                indent,
                &format!("if {one} {sign} degree {{ decides = {number}; }}"),
            );
        }
        let add = match how {
            Together::Least => format!("degree = min(degree, {one});"),
            Together::Most => format!("degree = max(degree, {one});"),
            Together::Mean => format!("total += {weight} * {one}; weight += {weight};"),
        };
        self.row(block, indent, &add);
        if wanted.contains("count") {
            self.row(block, indent, "count += 1;");
        }
        let name = quoted(&title_of(form));
        self.note(block, indent, &one, &name, wanted);
    }

    pub(super) fn branches(
        &mut self,
        block: &mut Block,
        indent: usize,
        branches: &[Branch],
    ) -> String {
        let single = branches.len() == 1;
        for (index, branch) in branches.iter().enumerate() {
            let head = self.branch_head(index, branch);
            self.at(&branch.span, |writer| {
                let head = if index == 0 {
                    format!("let degree = {head}")
                } else {
                    head
                };
                writer.row(block, indent, &head);
                let degree = match &branch.then {
                    Then::Deg(degree) => deg(degree),
                    Then::Form(form) => writer.degree(form),
                };
                writer.row(block, indent + 1, &degree);
            });
        }
        self.row(block, indent, if single { "} else { 0 };" } else { "};" });
        "degree".to_owned()
    }
}
