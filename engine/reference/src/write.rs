//! Made-up packs, profiles and proposals as the files that people would write.

mod script;

use crate::generate::{Change, Fault, Pack, Page};
use crate::rules::{Cond, Field, Form, Place, Take, Value};
use std::collections::BTreeMap;

/// Files by their path.
pub type Files = BTreeMap<String, String>;

/// The name of a field.
fn name(index: usize) -> String {
    format!("f{index}")
}

/// The id of a rule.
pub fn rule(pack: &Pack, page: usize) -> String {
    let dimension = pack.pages.get(page).map_or(0, |page| page.dimension);
    format!("d{dimension}/r{page}")
}

/// The files of a pack.
pub fn pack(pack: &Pack) -> Files {
    let mut files = Files::new();
    let dimensions: Vec<String> = (0..pack.dimensions)
        .map(|index| format!("[[dimensions]]\nid = \"d{index}\"\ntitle = \"Dimension {index}\"\n"))
        .collect();
    let head = "[pack]\nname = \"made-up\"\n";
    files.insert(
        "pack.toml".to_owned(),
        format!("{head}{}", dimensions.concat()),
    );
    files.insert(
        "sources.toml".to_owned(),
        "[a]\ntitle = \"A work\"\nseen = true\n".to_owned(),
    );
    files.insert("schema.json".to_owned(), group(&pack.fields));
    for (index, page) in pack.pages.iter().enumerate() {
        let path = rule(pack, index);
        files.insert(format!("{path}.md"), page_text(page, index));
        if page.script {
            files.insert(format!("{path}.rhai"), script::script(page));
        }
    }
    for (index, check) in pack.checks.iter().enumerate() {
        let field = name(check.doubts);
        let text = format!(
            "---\ntitle: Check {index}\nkind: check\nsources: [a]\nlimits: It is made up.\napplies: {}\ndoubts: [{field}]\n\
             asks: Is that so?\n---\n\nMade up.\n\n## How it is judged\n\nAs it says.\n",
            cond(&check.odd)
        );
        files.insert(format!("checks/c{index}.md"), text);
    }
    files
}

/// The files of a board's pack: the rules it adds and replaces; none where there are none.
pub fn board_pack(pack: &Pack, changes: &[Change]) -> Option<Files> {
    let mut files = Files::new();
    for change in changes {
        let path = match change {
            Change::Added(dimension) => format!("d{dimension}/added"),
            Change::Replaced(page) => rule(pack, *page),
            _ => continue,
        };
        let text = "---\ntitle: It is always met\nseverity: major\nsources: [a]\nlimits: It is made up.\n---\n\nMade up.\n\n## How it is judged\n\nAs it says.\n";
        files.insert(format!("{path}.md"), text.to_owned());
        let script = "fn check(program, param) { met(\"It is so\") }\n";
        files.insert(format!("{path}.rhai"), script.to_owned());
    }
    if files.is_empty() {
        return None;
    }
    files.insert(
        "pack.toml".to_owned(),
        "[pack]\nname = \"board\"\n".to_owned(),
    );
    Some(files)
}

/// A board's profile.
pub fn profile(pack: &Pack, changes: &[Change]) -> String {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut waivers = String::new();
    for change in changes {
        let of_rule = |page: &usize| format!("rules.\"{}\"", rule(pack, *page));
        let (table, line) = match change {
            Change::Threshold(dimension, points) => (
                "thresholds".to_owned(),
                format!("d{dimension} = {{ value = {points}, reason = \"why\" }}"),
            ),
            Change::Mixed(points) => ("levels".to_owned(), format!("mixed = {points}")),
            Change::Good(points) => ("levels".to_owned(), format!("good = {points}")),
            Change::Scale(scale) => ("levels".to_owned(), scale_line(scale)),
            Change::Weight(page, weight) => (of_rule(page), format!("weight = {weight:?}")),
            Change::Gate(page, gate) => (of_rule(page), format!("gate = {gate:?}")),
            Change::Severity(page, severity) => {
                (of_rule(page), format!("severity = \"{}\"", severity.word()))
            }
            Change::Disabled(page) => (of_rule(page), "enabled = false".to_owned()),
            Change::NotJudged(dimension) => (
                format!("dimensions.d{dimension}"),
                "not_judged = \"why\"".to_owned(),
            ),
            Change::Waived(page) => {
                waivers.push_str(&format!(
                    "[[waivers]]\nrule = \"{}\"\nproposal = \"*\"\nreason = \"why\"\nby = \"Decision 1\"\nuntil = \"2030-01-01\"\n",
                    rule(pack, *page)
                ));
                continue;
            }
            Change::Added(_) | Change::Replaced(_) => continue,
        };
        tables.entry(table).or_default().push(line);
    }
    let mut text = "[profile]\nversion = 2\nname = \"Board\"\n".to_owned();
    for (table, lines) in tables {
        let reason = if table.starts_with("rules") || table == "levels" {
            "reason = \"why\"\n"
        } else {
            ""
        };
        text.push_str(&format!("[{table}]\n{}\n{reason}", lines.join("\n")));
    }
    text + &waivers
}

fn scale_line(scale: &[(String, i64)]) -> String {
    let steps: Vec<String> = scale
        .iter()
        .map(|(name, from)| format!("{name} = {from}"))
        .collect();
    format!("scale = {{ {} }}", steps.join(", "))
}

/// A proposal as JSON.
pub fn proposal(values: &[Value]) -> String {
    format!("{{ {} }}", said_values(values).join(", "))
}

/// The same with its keys from the last to the first.
pub fn proposal_backwards(values: &[Value]) -> String {
    let mut said = said_values(values);
    said.reverse();
    format!("{{ {} }}", said.join(", "))
}

fn said_values(values: &[Value]) -> Vec<String> {
    let said = values.iter().enumerate().filter_map(|(index, value)| {
        let value = match value {
            Value::Missing => return None,
            Value::YesNo(yes) => yes.to_string(),
            Value::Choice(choice) => format!("\"v{choice}\""),
            Value::Number(number) => number.to_string(),
            Value::Groups(groups) => {
                let groups: Vec<String> = groups.iter().map(|group| proposal(group)).collect();
                format!("[{}]", groups.join(", "))
            }
        };
        Some(format!("\"{}\": {value}", name(index)))
    });
    said.collect()
}

fn group(fields: &[Field]) -> String {
    let fields = fields.iter().enumerate().map(|(index, field)| {
        let kind = match field {
            Field::YesNo => "\"type\": \"boolean\"".to_owned(),
            Field::Choice(count) => {
                let values: Vec<String> =
                    (0..*count).map(|value| format!("\"v{value}\"")).collect();
                format!("\"enum\": [{}]", values.join(", "))
            }
            Field::Number(min, max) => {
                format!("\"type\": \"integer\", \"minimum\": {min}, \"maximum\": {max}")
            }
            Field::Groups(fields) => format!("\"type\": \"array\", \"items\": {}", group(fields)),
        };
        format!("\"{0}\": {{ \"title\": \"{0}\", {kind} }}", name(index))
    });
    let fields: Vec<String> = fields.collect();
    format!(
        "{{ \"type\": \"object\", \"additionalProperties\": false, \"properties\": {{ {} }} }}",
        fields.join(",\n")
    )
}

fn page_text(page: &Page, index: usize) -> String {
    let mut text = format!("---\ntitle: Rule {index}\nsources: [a]\nlimits: It is made up.\n");
    if page.prompt {
        text.push_str("kind: prompt\n");
    }
    let severity = page.severity.word();
    let misspelt = if page.fault == Some(Fault::Severity) {
        "x"
    } else {
        ""
    };
    text.push_str(&format!("severity: {severity}{misspelt}\n"));
    for (key, value) in [("weight", page.weight), ("gate", page.gate)] {
        if let Some(value) = value {
            text.push_str(&format!("{key}: {value:?}\n"));
        }
    }
    if !page.script {
        if let Some(applies) = &page.rule.applies {
            text.push_str(&format!("applies: {}\n", cond(applies)));
        }
        text.push_str(&format!("judge: {}\nremedy: none\nsay: {{ met: It is so, partly: It is so in part, unmet: It is not so }}\n", form(&page.rule.form)));
    }
    text + "---\n\nMade up.\n\n## How it is judged\n\nAs it says.\n"
}

fn path(place: Place) -> String {
    match place {
        Place::Top(index) | Place::Element(index) => name(index),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::YesNo(yes) => yes.to_string(),
        Value::Choice(choice) => format!("v{choice}"),
        Value::Number(number) => number.to_string(),
        Value::Missing | Value::Groups(_) => String::new(),
    }
}

fn cond(one: &Cond) -> String {
    let list = |all: &[Cond]| all.iter().map(cond).collect::<Vec<_>>().join(", ");
    match one {
        Cond::Is(place, value) => format!("{{ {}: {} }}", path(*place), scalar(value)),
        Cond::OneOf(place, some) => {
            let some: Vec<String> = some.iter().map(|value| format!("v{value}")).collect();
            format!("{{ {}: [{}] }}", path(*place), some.join(", "))
        }
        Cond::AtLeast(place, least) => format!("{{ {}: {{ at_least: {least} }} }}", path(*place)),
        Cond::Below(place, most) => format!("{{ {}: {{ below: {most} }} }}", path(*place)),
        Cond::Not(one) => format!("{{ not: {} }}", cond(one)),
        Cond::And(all) => format!("{{ and: [{}] }}", list(all)),
        Cond::Or(all) => format!("{{ or: [{}] }}", list(all)),
        Cond::Some(of, one) => {
            format!(
                "{{ any: {}, where: {}, if_none: no }}",
                name(*of),
                cond(one)
            )
        }
        Cond::Every(of, one, none) => {
            let none = if *none { "yes" } else { "no" };
            format!(
                "{{ all: {}, where: {}, if_none: {none} }}",
                name(*of),
                cond(one)
            )
        }
    }
}

fn form(one: &Form) -> String {
    let list = |all: &[Form]| all.iter().map(form).collect::<Vec<_>>().join(", ");
    match one {
        Form::YesNo(of, yes, no) => {
            format!(
                "{{ yes_no: {{ of: {}, yes: {yes:?}, no: {no:?} }} }}",
                path(*of)
            )
        }
        Form::Choice(of, scale) => {
            let scale = scale
                .iter()
                .enumerate()
                .map(|(value, degree)| format!("v{value}: {degree:?}"));
            let scale: Vec<String> = scale.collect();
            format!(
                "{{ choice: {{ of: {}, scale: {{ {} }} }} }}",
                path(*of),
                scale.join(", ")
            )
        }
        Form::Number(of, full, zero) => {
            format!(
                "{{ number: {{ of: {}, full: {full}, zero: {zero} }} }}",
                path(*of)
            )
        }
        Form::Checklist(items) => checklist(items),
        Form::AllOf(forms) => format!("{{ all_of: [{}] }}", list(forms)),
        Form::AnyOf(forms) => format!("{{ any_of: [{}] }}", list(forms)),
        Form::MeanOf(forms) => {
            let forms = forms
                .iter()
                .map(|(one, weight)| format!("{{ form: {}, weight: {weight:?} }}", form(one)));
            format!("{{ mean_of: [{}] }}", forms.collect::<Vec<_>>().join(", "))
        }
        Form::First(branches, otherwise) => first(branches, *otherwise),
        Form::Each(of, judge, take, if_none) => {
            let take = match take {
                Take::Worst => "worst",
                Take::Best => "best",
                Take::Mean => "mean",
            };
            let none = if_none.map_or_else(
                || "not_applicable".to_owned(),
                |degree| format!("{degree:?}"),
            );
            let judge = form(judge);
            format!(
                "{{ each: {{ in: {}, judge: {judge}, take: {take}, if_none: {none} }} }}",
                name(*of)
            )
        }
    }
}

fn checklist(items: &[(Cond, f64)]) -> String {
    let items = items.iter().enumerate().map(|(index, (is, weight))| {
        format!(
            "{{ is: {}, weight: {weight:?}, label: item {index} }}",
            cond(is)
        )
    });
    let items: Vec<String> = items.collect();
    format!("{{ checklist: {{ items: [{}] }} }}", items.join(", "))
}

fn first(branches: &[(Cond, f64)], otherwise: f64) -> String {
    let branches = branches
        .iter()
        .map(|(is, degree)| format!("{{ if: {}, then: {degree:?} }}", cond(is)));
    let branches: Vec<String> = branches.collect();
    format!(
        "{{ first: [{}, {{ else: {otherwise:?} }}] }}",
        branches.join(", ")
    )
}
