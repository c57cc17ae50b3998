//! What a form counts, as statements of a script, with what a message asks for noted on the way.

use super::super::{Arm, Cap, Date, Deg, Form, FormKind, Item, Line, Num, Path, Value};
use super::parts::Together;
use super::{Block, Writer, deg, is_full, number, param, quoted, value};
use std::collections::BTreeSet;

/// The places of messages that are asked for.
pub(super) type Wanted = BTreeSet<String>;
/// What stands in the places of a message.
pub(super) type Args = Vec<(&'static str, String)>;

impl Writer<'_> {
    /// What a form counts, as an expression.
    pub(super) fn degree(&mut self, form: &Form) -> String {
        let simple = matches!(form.kind, FormKind::Number { .. } | FormKind::Dates { .. });
        self.at(&form.span, |writer| {
            if simple && form.at_most.is_empty() {
                return writer.steps(&mut Block::new(), 1, form, &Wanted::new()).0;
            }
            writer.function("degree", |writer, block| {
                let (degree, _) = writer.steps(block, 1, form, &Wanted::new());
                if form.at_most.is_empty() {
                    writer.row(block, 1, &degree);
                } else {
                    writer.row(block, 1, &format!("let degree = {degree};"));
                    writer.caps(block, 1, &form.at_most);
                    writer.row(block, 1, "degree");
                }
            })
        })
    }

    /// What a form counts at most.
    pub(super) fn caps(&mut self, block: &mut Block, indent: usize, caps: &[Cap]) {
        for cap in caps {
            self.at(&cap.span, |writer| {
                let (most, unless) = (deg(&cap.degree), writer.negated(&cap.unless));
                writer.row(
                    block,
                    indent,
                    &format!("if degree > {most} && {unless} {{ degree = {most}; }}"),
                );
            });
        }
    }

    /// Writes what has to be done before a form's degree can be told; the degree, and what stands in places.
    pub(super) fn steps(
        &mut self,
        block: &mut Block,
        indent: usize,
        form: &Form,
        wanted: &Wanted,
    ) -> (String, Args) {
        match &form.kind {
            FormKind::YesNo { of, yes, no } => {
                let path = self.path(of);
                let degree = format!("if {path} {{ {} }} else {{ {} }}", deg(yes), deg(no));
                (degree, vec![("value", path)])
            }
            FormKind::Choice { of, scale } => (self.scale(block, indent, of, scale), Vec::new()),
            FormKind::Number { of, line } => self.number_steps(block, indent, of, line, wanted),
            FormKind::Dates {
                from,
                to,
                full,
                zero,
            } => {
                let (from, to) = (self.date(from), self.date(to));
                let days = format!("days_between({from}, {to})");
                let value = self.named(block, indent, days, wanted);
                let (full, zero) = (self.num(full), self.num(zero));
                let degree = format!("ramp({value}, #{{ full: {full}, zero: {zero} }})");
                (
                    degree,
                    vec![("value", value), ("full", full), ("zero", zero)],
                )
            }
            FormKind::Checklist { items, full } => {
                self.checklist(block, indent, items, full.as_ref(), wanted)
            }
            FormKind::Each(each) => self.each(block, indent, each, wanted),
            FormKind::AllOf(parts) => {
                self.together(block, indent, &plain(parts), Together::Least, wanted)
            }
            FormKind::AnyOf(parts) => {
                self.together(block, indent, &plain(parts), Together::Most, wanted)
            }
            FormKind::MeanOf(parts) => {
                let parts: Vec<(&Form, String)> = parts
                    .iter()
                    .map(|(form, weight)| (form, value(weight)))
                    .collect();
                self.together(block, indent, &parts, Together::Mean, wanted)
            }
            FormKind::First(branches) => (self.branches(block, indent, branches), Vec::new()),
        }
    }

    /// A value with a name where a message quotes it.
    fn named(&self, block: &mut Block, indent: usize, text: String, wanted: &Wanted) -> String {
        if !wanted.contains("value") {
            return text;
        }
        self.row(block, indent, &format!("let value = {text};"));
        "value".to_owned()
    }

    fn number_steps(
        &mut self,
        block: &mut Block,
        indent: usize,
        of: &Num,
        line: &Line,
        wanted: &Wanted,
    ) -> (String, Args) {
        let of = self.num(of);
        let of = self.named(block, indent, of, wanted);
        let degree = match line {
            Line::Ramp { full, zero } => {
                let (full, zero) = (self.num(full), self.num(zero));
                format!("ramp({of}, #{{ full: {full}, zero: {zero} }})")
            }
            Line::Points(points) => {
                let points: Vec<String> = points
                    .iter()
                    .map(|(x, y)| format!("[{}, {}]", self.num(x), deg(y)))
                    .collect();
                format!("curve({of}, [{}])", points.join(", "))
            }
            Line::Param(found, _) => format!("curve({of}, {})", param(found)),
        };
        let mut args = vec![("value", of)];
        args.extend(self.full(line).map(|full| ("full", full)));
        args.extend(self.zero(line).map(|zero| ("zero", zero)));
        (degree, args)
    }

    /// The number that counts in full.
    pub(super) fn full(&mut self, line: &Line) -> Option<String> {
        match line {
            Line::Ramp { full, .. } => Some(self.num(full)),
            Line::Param(found, rises) => Some(end(found, *rises)),
            Line::Points(points) => {
                let rises = !points.first().is_some_and(|(_, degree)| is_full(degree));
                let mut full = points.iter().filter(|(_, degree)| is_full(degree));
                let point = if rises { full.next() } else { full.next_back() };
                point.map(|(number, _)| self.num(number))
            }
        }
    }

    /// The number that counts nothing.
    fn zero(&mut self, line: &Line) -> Option<String> {
        match line {
            Line::Ramp { zero, .. } => Some(self.num(zero)),
            Line::Param(found, rises) => Some(end(found, !rises)),
            Line::Points(points) => {
                let nothing = |degree: &Deg| matches!(degree, Deg::Known(degree) if *degree <= 0.0);
                let rises = points.first().is_some_and(|(_, degree)| nothing(degree));
                let mut zero = points.iter().filter(|(_, degree)| nothing(degree));
                let point = if rises { zero.next_back() } else { zero.next() };
                point.map(|(number, _)| self.num(number))
            }
        }
    }

    fn date(&self, date: &Date) -> String {
        match date {
            Date::Path(path) => self.path(path),
            Date::EvaluatedOn => "program.evaluated_on".to_owned(),
        }
    }

    /// The condition under which a fact has an arm's value.
    pub(super) fn arm_head(arm: &Arm) -> String {
        match (&arm.first, arm.last) {
            (first, None) => format!("value == {}", value(first)),
            (first, Some(last)) => {
                format!("value >= {} && value <= {}", value(first), number(last))
            }
        }
    }

    fn scale(&mut self, block: &mut Block, indent: usize, of: &Path, scale: &[Arm]) -> String {
        let path = self.path(of);
        self.row(block, indent, &format!("let value = {path};"));
        let last = scale.len().saturating_sub(1);
        for (index, arm) in scale.iter().enumerate() {
            self.at(&arm.span, |writer| {
                let head = match index {
                    _ if index == last && index > 0 => "} else {".to_owned(),
                    0 => format!("let degree = if {} {{", Self::arm_head(arm)),
                    _ => format!("}} else if {} {{", Self::arm_head(arm)),
                };
                let head = if last == 0 {
                    "let degree = if true {".to_owned()
                } else {
                    head
                };
                writer.row(block, indent, &head);
                writer.row(block, indent + 1, &deg(&arm.degree));
            });
        }
        let close = if last == 0 { "} else { 0 };" } else { "};" };
        self.row(block, indent, close);
        "degree".to_owned()
    }

    fn checklist(
        &mut self,
        block: &mut Block,
        indent: usize,
        items: &[Item],
        full: Option<&Num>,
        wanted: &Wanted,
    ) -> (String, Args) {
        self.row(block, indent, "let points = 0;");
        for (name, start) in [("held", "[]"), ("lacking", "[]"), ("open", "0")] {
            if wanted.contains(name) {
                self.row(block, indent, &format!("let {name} = {start};"));
            }
        }
        for item in items {
            self.at(&item.span, |writer| {
                let is = writer.cond(&item.is);
                let label = quoted(&item.label);
                writer.row(block, indent, &format!("if {is} {{"));
                writer.row(
                    block,
                    indent + 1,
                    &format!("points += {};", value(&item.weight)),
                );
                if wanted.contains("held") {
                    writer.row(block, indent + 1, &format!("held.push({label});"));
                }
                let mut missed = Vec::new();
                missed.extend(
                    wanted
                        .contains("lacking")
                        .then(|| format!("lacking.push({label});")),
                );
                missed.extend(wanted.contains("open").then(|| "open += 1;".to_owned()));
                if missed.is_empty() {
                    writer.row(block, indent, "}");
                } else {
                    writer.row(
                        block,
                        indent,
                        &format!("}} else {{ {} }}", missed.join(" ")),
                    );
                }
            });
        }
        let full = match full {
            Some(full) => self.num(full),
            None => total(items),
        };
        let degree = format!("ramp(points, #{{ full: {full}, zero: 0 }})");
        let own = |name: &'static str| (name, name.to_owned());
        let args = vec![
            own("held"),
            own("lacking"),
            own("open"),
            ("count", "points".to_owned()),
            ("full", full),
        ];
        (degree, args)
    }
}

fn plain(parts: &[Form]) -> Vec<(&Form, String)> {
    parts.iter().map(|part| (part, "1".to_owned())).collect()
}

/// What all items weigh, added in the order in which they are asked.
fn total(items: &[Item]) -> String {
    let known = items.iter().try_fold(0.0, |sum, item| match item.weight {
        Value::Number(weight) => Some(sum + weight),
        _ => None,
    });
    if let Some(known) = known {
        return number(known);
    }
    let weights: Vec<String> = items.iter().map(|item| value(&item.weight)).collect();
    format!("({})", weights.join(" + "))
}

/// The number at one end of a curve that a parameter holds.
fn end(found: &super::super::ParamRef, last: bool) -> String {
    let points = param(found);
    if last {
        format!("{points}[{points}.len() - 1][0]")
    } else {
        format!("{points}[0][0]")
    }
}

/// What people call what a form judges.
pub(super) fn title_of(form: &Form) -> String {
    let of_num = |num: &Num| super::super::read::title_of_num(num);
    match &form.kind {
        FormKind::Choice { of, .. } | FormKind::YesNo { of, .. } => of.title.clone(),
        FormKind::Number { of, .. } => of_num(of),
        FormKind::Checklist { items, .. } => items
            .first()
            .map(|item| item.label.clone())
            .unwrap_or_default(),
        FormKind::Dates { from, to, .. } => match (to, from) {
            (Date::Path(path), _) | (_, Date::Path(path)) => path.title.clone(),
            _ => String::new(),
        },
        FormKind::Each(each) => each.list.title.clone(),
        FormKind::AllOf(parts) | FormKind::AnyOf(parts) => {
            parts.first().map(title_of).unwrap_or_default()
        }
        FormKind::MeanOf(parts) => parts
            .first()
            .map(|(part, _)| title_of(part))
            .unwrap_or_default(),
        FormKind::First(branches) => branches
            .iter()
            .find_map(|branch| branch.when.as_ref().map(super::super::read::title_of))
            .unwrap_or_default(),
    }
}
