//! Made-up rules as scripts.

use super::{name, path, scalar};
use crate::generate::{Fault, Page};
use crate::rules::{Cond, Form, Place, Value};

pub(super) fn script(page: &Page) -> String {
    match page.fault {
        Some(Fault::Script) => return "fn check(program, param) { met(\"It is so\" }\n".to_owned(),
        Some(Fault::Fails) => {
            return "fn check(program, param) { if share(1, 0) > 1 { return met(\"It is so\"); } unmet(\"It is not\") }\n"
                .to_owned();
        }
        _ => {}
    }
    let applies = page
        .rule
        .applies
        .as_ref()
        .map_or_else(String::new, |applies| {
            format!(
                "fn applies(program, param) {{ {} }}\n",
                said(applies, "program")
            )
        });
    let body = match &page.rule.form {
        Form::YesNo(of, yes, no) => {
            format!(
                "if {} {{ return {}; }} {}",
                fact(*of, "program"),
                found(*yes),
                found(*no)
            )
        }
        Form::Choice(of, scale) => {
            let arms = scale.iter().enumerate();
            let arms: Vec<String> = arms
                .map(|(value, degree)| format!("\"v{value}\" => {}", found(*degree)))
                .collect();
            format!("switch {} {{ {} }}", fact(*of, "program"), arms.join(", "))
        }
        Form::Number(of, full, zero) => {
            let of = fact(*of, "program");
            format!("ramp({of}, #{{ full: {full}, zero: {zero} }}, \"So many\", #{{}})")
        }
        Form::First(branches, otherwise) => {
            let branches = branches.iter().map(|(is, degree)| {
                format!(
                    "if {} {{ return {}; }} ",
                    said(is, "program"),
                    found(*degree)
                )
            });
            format!("{}{}", branches.collect::<String>(), found(*otherwise))
        }
        _ => String::new(),
    };
    format!("{applies}fn check(program, param) {{ {body} }}\n")
}

/// A finding of a degree.
fn found(degree: f64) -> String {
    if degree >= 1.0 {
        "met(\"It is so\")".to_owned()
    } else if degree <= 0.0 {
        "unmet(\"It is not so\")".to_owned()
    } else {
        format!("partly({degree:?}, \"It is so in part\")")
    }
}

fn fact(place: Place, of: &str) -> String {
    format!("{of}.{}", path(place))
}

/// A condition as scripts say it.
fn said(one: &Cond, of: &str) -> String {
    let list = |all: &[Cond], by: &str| {
        let all: Vec<String> = all
            .iter()
            .map(|one| format!("({})", said(one, of)))
            .collect();
        all.join(by)
    };
    match one {
        Cond::Is(place, Value::Choice(choice)) => format!("{} == \"v{choice}\"", fact(*place, of)),
        Cond::Is(place, value) => format!("{} == {}", fact(*place, of), scalar(value)),
        Cond::OneOf(place, some) => {
            let some: Vec<String> = some.iter().map(|value| format!("\"v{value}\"")).collect();
            format!("{} in [{}]", fact(*place, of), some.join(", "))
        }
        Cond::AtLeast(place, least) => format!("{} >= {least}", fact(*place, of)),
        Cond::Below(place, most) => format!("{} < {most}", fact(*place, of)),
        Cond::Not(one) => format!("!({})", said(one, of)),
        Cond::And(all) => list(all, " && "),
        Cond::Or(all) => list(all, " || "),
        Cond::Some(list, one) => format!("program.{}.some(|x| {})", name(*list), said(one, "x")),
        Cond::Every(list, one, none) => {
            format!(
                "program.{}.all(|x| {}, {none})",
                name(*list),
                said(one, "x")
            )
        }
    }
}
