//! A form in words, for those who decide rules and do not program.

use evenhand_core::rule::form::{
    Aggregate, Branch, Cond, Date, Deg, Each, Form, FormKind, Line, Num, Op, PageForm, ParamRef,
    Path, Remedy, Take, Then, Value,
};
use evenhand_diagnostic::text::number;
use evenhand_report::paper::{Block, Inline, code, lines, text};

/// One line of the words, and how deep it stands below the first.
type Row = (usize, Vec<Inline>);

/// When the rule is asked, how it is judged, and what it proposes.
pub(super) fn words(form: &PageForm) -> Vec<Block> {
    let mut rows: Vec<Row> = Vec::new();
    if let Some(applies) = &form.applies {
        rows.push((0, sentence("Asked where ", cond(applies))));
    }
    if let Some(judge) = &form.judge {
        of_form(judge, 0, "", &mut rows);
    }
    if let Remedy::Set(sets) = &form.remedy {
        let mut line = vec![text("It proposes: ")];
        for (index, set) in sets.iter().enumerate() {
            line.push(text(if index > 0 { ", " } else { "" }));
            line.extend(fact(&set.path));
            let to = set
                .to
                .as_ref()
                .map_or_else(|| "what counts in full".to_owned(), value);
            line.push(text(format!(" = {to}")));
        }
        rows.push((0, line));
    }
    let rows = rows.into_iter().map(|(depth, mut line)| {
        if depth > 0 {
            line.insert(0, text("– ".repeat(depth)));
        }
        line
    });
    vec![lines(rows.collect())]
}

fn of_form(form: &Form, depth: usize, before: &str, rows: &mut Vec<Row>) {
    match &form.kind {
        FormKind::Choice { of, scale } => {
            let mut line = vec![text(before.to_owned())];
            line.extend(fact(of));
            line.push(text(": "));
            let arms: Vec<String> = scale
                .iter()
                .map(|arm| {
                    let first = if arm.label.is_empty() {
                        value(&arm.first)
                    } else {
                        arm.label.clone()
                    };
                    let last = arm
                        .last
                        .map(|last| format!(" to {}", number(last)))
                        .unwrap_or_default();
                    format!("{first}{last} counts {}", deg(&arm.degree))
                })
                .collect();
            line.push(text(arms.join("; ")));
            rows.push((depth, line));
        }
        FormKind::YesNo { of, yes, no } => {
            let mut line = vec![text(before.to_owned())];
            line.extend(fact(of));
            line.push(text(format!(
                ": yes counts {}, no counts {}",
                deg(yes),
                deg(no)
            )));
            rows.push((depth, line));
        }
        FormKind::Number { of, line } => {
            let mut words = vec![text(before.to_owned())];
            words.extend(num(of));
            words.extend(of_line(line));
            rows.push((depth, words));
        }
        FormKind::Dates {
            from,
            to,
            full,
            zero,
        } => {
            let mut line = vec![text(format!("{before}Days from "))];
            line.extend(date(from));
            line.push(text(" to "));
            line.extend(date(to));
            line.extend(ends(full, zero));
            rows.push((depth, line));
        }
        _ => of_parts(form, depth, before, rows),
    }
    for cap in &form.at_most {
        let mut line = vec![text(format!("At most {}, unless ", deg(&cap.degree)))];
        line.extend(cond(&cap.unless));
        rows.push((depth, line));
    }
}

/// Forms that have others inside.
fn of_parts(form: &Form, depth: usize, before: &str, rows: &mut Vec<Row>) {
    let head = |rows: &mut Vec<Row>, words: &str| {
        rows.push((depth, vec![text(format!("{before}{words}"))]));
    };
    match &form.kind {
        FormKind::Checklist { items, full } => {
            let mut line = vec![text(format!("{before}The weight of what holds, out of "))];
            match full {
                Some(full) => line.extend(num(full)),
                None => line.push(text("all of it")),
            }
            rows.push((depth, line));
            for item in items {
                let mut line = vec![text(format!(
                    "{} (weight {}): ",
                    item.label,
                    value(&item.weight)
                ))];
                line.extend(cond(&item.is));
                rows.push((depth + 1, line));
            }
        }
        FormKind::Each(each) => of_each(each, depth, before, rows),
        FormKind::AllOf(parts) => {
            head(rows, "The least of:");
            for part in parts {
                of_form(part, depth + 1, "", rows);
            }
        }
        FormKind::AnyOf(parts) => {
            head(rows, "The most of:");
            for part in parts {
                of_form(part, depth + 1, "", rows);
            }
        }
        FormKind::MeanOf(parts) => {
            head(rows, "The mean of:");
            for (part, weight) in parts {
                of_form(
                    part,
                    depth + 1,
                    &format!("(weight {}) ", value(weight)),
                    rows,
                );
            }
        }
        FormKind::First(branches) => {
            head(rows, "The first of these that holds:");
            of_branches(branches, depth, rows);
        }
        _ => {}
    }
}

fn of_each(each: &Each, depth: usize, before: &str, rows: &mut Vec<Row>) {
    let how = match each.take {
        Take::Worst => "The worst of ",
        Take::Best => "The best of ",
        Take::Mean => "The mean of ",
    };
    let mut line = vec![text(format!("{before}{how}"))];
    line.extend(fact(&each.list));
    if let Some(filter) = &each.filter {
        line.push(text(" where "));
        line.extend(cond(filter));
    }
    if let Some(weigh) = &each.weigh {
        line.push(text(", weighted by "));
        line.extend(num(weigh));
    }
    line.push(text(match &each.if_none {
        None => "; not asked where there is none".to_owned(),
        Some(degree) => format!("; {} where there is none", deg(degree)),
    }));
    rows.push((depth, line));
    of_form(&each.judge, depth + 1, "", rows);
}

fn of_branches(branches: &[Branch], depth: usize, rows: &mut Vec<Row>) {
    for branch in branches {
        let mut line = match &branch.when {
            Some(when) => sentence("if ", cond(when)),
            None => vec![text("else")],
        };
        match &branch.then {
            Then::Deg(degree) => {
                line.push(text(format!(": {}", deg(degree))));
                rows.push((depth + 1, line));
            }
            Then::Form(form) => {
                line.push(text(":"));
                rows.push((depth + 1, line));
                of_form(form, depth + 2, "", rows);
            }
        }
    }
}

fn of_line(line: &Line) -> Vec<Inline> {
    match line {
        Line::Ramp { full, zero } => ends(full, zero),
        Line::Points(points) => {
            let mut words = vec![text(": ")];
            for (index, (x, y)) in points.iter().enumerate() {
                words.push(text(if index > 0 { "; " } else { "" }));
                words.extend(num(x));
                words.push(text(format!(" counts {}", deg(y))));
            }
            words.push(text("; linear between"));
            words
        }
        Line::Param(found, _) => {
            let mut words = vec![text(": along the curve ")];
            words.push(param(found));
            words
        }
    }
}

fn ends(full: &Num, zero: &Num) -> Vec<Inline> {
    let mut words = vec![text(": ")];
    words.extend(num(full));
    words.push(text(" counts in full, "));
    words.extend(num(zero));
    words.push(text(" nothing; linear between"));
    words
}

fn sentence(before: &str, rest: Vec<Inline>) -> Vec<Inline> {
    let mut words = vec![text(before.to_owned())];
    words.extend(rest);
    words
}

/// A fact by its title, and where it stands.
fn fact(path: &Path) -> Vec<Inline> {
    let steps = path.steps.join(".");
    if steps.is_empty() {
        return vec![text("the entry")];
    }
    vec![text(format!("{} (", path.title)), code(steps), text(")")]
}

fn date(date: &Date) -> Vec<Inline> {
    match date {
        Date::Path(path) => fact(path),
        Date::EvaluatedOn => vec![text("the day of the evaluation")],
    }
}

fn num(of: &Num) -> Vec<Inline> {
    let two = |a: &Num, between: &str, b: &Num| {
        let mut words = num(a);
        words.push(text(between.to_owned()));
        words.extend(num(b));
        words
    };
    match of {
        Num::Known(found) => vec![text(number(*found))],
        Num::Path(path) => fact(path),
        Num::Param(found) => vec![param(found)],
        Num::Over(over) => {
            let what = match over.what {
                Aggregate::Sum => "the sum of ",
                Aggregate::Mean => "the mean of ",
                Aggregate::Min => "the smallest ",
                Aggregate::Max => "the largest ",
            };
            let mut words = sentence(what, fact(&over.of));
            words.push(text(" over "));
            words.extend(fact(&over.list));
            words.extend(filter(over.filter.as_ref()));
            words
        }
        Num::Count(count) => {
            let mut words = match &count.distinct {
                None => vec![text("the number of ")],
                Some(distinct) => {
                    let mut words = sentence("the number of different ", fact(distinct));
                    words.push(text(" among "));
                    words
                }
            };
            words.extend(fact(&count.list));
            words.extend(filter(count.filter.as_ref()));
            words
        }
        Num::Share(share) => two(&share.part, " as a share of ", &share.whole),
        Num::Times(pair) => two(&pair.0, " × ", &pair.1),
        Num::Plus(pair) => two(&pair.0, " + ", &pair.1),
    }
}

fn filter(filter: Option<&Cond>) -> Vec<Inline> {
    filter
        .map(|filter| sentence(" where ", cond(filter)))
        .unwrap_or_default()
}

fn cond(of: &Cond) -> Vec<Inline> {
    let about = |path: &Path, words: String| {
        let mut line = fact(path);
        line.push(text(words));
        line
    };
    match of {
        Cond::And(parts) => several(parts, " and "),
        Cond::Or(parts) => several(parts, " or "),
        Cond::Not(inner) => match &**inner {
            Cond::Is(path, found) => about(path, format!(" is not {}", value(found))),
            other => sentence("not: ", cond(other)),
        },
        Cond::Is(path, found) => about(path, format!(" is {}", value(found))),
        Cond::OneOf(path, all) => about(path, format!(" is {}", any(all))),
        Cond::OneOfParam(path, found) => {
            let mut line = about(path, " is one of ".to_owned());
            line.push(param(found));
            line
        }
        Cond::Compare(a, op, b) => {
            let mut line = num(a);
            line.push(text(match op {
                Op::AtLeast => " is at least ",
                Op::AtMost => " is at most ",
                Op::Above => " is above ",
                Op::Below => " is below ",
            }));
            line.extend(num(b));
            line
        }
        Cond::Includes(path, all) => about(path, format!(" includes {}", any(all))),
        Cond::IncludesAll(path, all) => {
            let all: Vec<String> = all.iter().map(value).collect();
            about(path, format!(" includes {}", all.join(" and ")))
        }
        Cond::Some(found) => {
            let mut line = sentence("for some entry of ", fact(&found.list));
            line.push(text(", "));
            line.extend(cond(&found.is));
            line
        }
        Cond::Every(found) => {
            let mut line = sentence("for every entry of ", fact(&found.list));
            line.push(text(", "));
            line.extend(cond(&found.is));
            line
        }
        Cond::Attested(path) => sentence("a partner stands behind ", fact(path)),
    }
}

fn several(parts: &[Cond], between: &str) -> Vec<Inline> {
    let mut line = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        line.push(text(if index > 0 { between } else { "" }.to_owned()));
        let nested = matches!(part, Cond::And(_) | Cond::Or(_));
        line.push(text(if nested { "(" } else { "" }));
        line.extend(cond(part));
        line.push(text(if nested { ")" } else { "" }));
    }
    line
}

fn any(all: &[Value]) -> String {
    let all: Vec<String> = all.iter().map(value).collect();
    all.join(" or ")
}

fn value(found: &Value) -> String {
    match found {
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
        Value::Number(found) => number(*found),
        Value::Text(found) => found.replace('_', " "),
        Value::Param(found) => name(found),
    }
}

fn deg(degree: &Deg) -> String {
    match degree {
        Deg::Known(degree) => number(*degree),
        Deg::Param(found, _) => name(found),
    }
}

fn name(found: &ParamRef) -> String {
    match &found.key {
        Some(key) => format!("{}.{key}", found.name),
        None => found.name.clone(),
    }
}

fn param(found: &ParamRef) -> Inline {
    code(name(found))
}
