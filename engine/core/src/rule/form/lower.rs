//! A form as the script it stands for: the script that judges, and that `rules convert` writes.
//!
//! Every function that is needed stands in the script once; every line knows where on the page it comes from.

mod cond;
mod degree;
mod message;
mod num;
mod parts;
mod remedy;

use super::{Cond, Deg, FormKind, Line, PageForm, ParamRef, Path, Then, Value};
use crate::rule::Page;
use crate::rule::page::PageKind;
use crate::schema::Schema;
use crate::source::Source;
use std::fmt::Write as _;
use std::ops::Range;

pub(super) use remedy::settings;

/// Lines with where they come from.
type Block = Vec<Row>;

struct Row {
    indent: usize,
    text: String,
    span: Range<usize>,
}

struct Writer<'a> {
    schema: &'a Schema,
    page: &'a Page,
    form: &'a PageForm,
    /// Functions that others call, finished.
    helpers: Vec<Block>,
    /// How many functions have a name already.
    names: usize,
    /// What the elements that are being asked are called, the innermost last.
    scopes: Vec<String>,
    span: Range<usize>,
}

/// The script that a form stands for.
pub(super) fn script(schema: &Schema, page: &Page, form: &PageForm) -> Source {
    let mut writer = Writer {
        schema,
        page,
        form,
        helpers: Vec::new(),
        names: 0,
        scopes: Vec::new(),
        span: 0..0,
    };
    let mut blocks = Vec::new();
    blocks.extend(writer.applies());
    if page.kind != PageKind::Check {
        blocks.push(writer.check());
    }
    blocks.extend(writer.remedy());
    blocks.append(&mut writer.helpers);
    let (mut text, mut spans) = (String::new(), Vec::new());
    for (index, block) in blocks.into_iter().enumerate() {
        if index > 0 {
            text.push('\n');
            spans.push(0..0);
        }
        for row in block {
            // Writing to text cannot fail.
            let _written = writeln!(text, "{}{}", "    ".repeat(row.indent), row.text);
            spans.push(row.span);
        }
    }
    Source::generated(text, &page.source, spans)
}

impl Writer<'_> {
    fn applies(&mut self) -> Option<Block> {
        let own = self.form.applies.as_ref().map(|cond| self.cond(cond));
        let part = self
            .form
            .judge
            .as_ref()
            .and_then(|form| self.part_applies(form));
        let both = match (own, part) {
            (None, None) => return None,
            (Some(one), None) | (None, Some(one)) => one,
            (Some(own), Some(part)) => format!("({own}) && ({part})"),
        };
        let mut block = Vec::new();
        self.row(&mut block, 0, "fn applies(program, param) {");
        self.row(&mut block, 1, &both);
        self.row(&mut block, 0, "}");
        Some(block)
    }

    fn check(&mut self) -> Block {
        let mut block = Vec::new();
        self.row(&mut block, 0, "fn check(program, param) {");
        match &self.form.judge {
            Some(form) => self.answer(&mut block, 1, form, None),
            None => self.row(&mut block, 1, "met()"),
        }
        self.row(&mut block, 0, "}");
        block
    }

    fn row(&self, block: &mut Block, indent: usize, text: &str) {
        block.push(Row {
            indent,
            text: text.to_owned(),
            span: self.span.clone(),
        });
    }

    /// Everything that is written meanwhile comes from this place of the page.
    fn at<T>(&mut self, span: &Range<usize>, write: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.span, span.clone());
        let written = write(self);
        self.span = before;
        written
    }

    /// A function of its own; the call of it.
    fn function(&mut self, name: &str, write: impl FnOnce(&mut Self, &mut Block)) -> String {
        self.names += 1;
        let call = format!("{name}_{}({})", self.names, self.arguments());
        let mut block = Vec::new();
        self.row(&mut block, 0, &format!("fn {call} {{"));
        write(self, &mut block);
        self.row(&mut block, 0, "}");
        self.helpers.push(block);
        call
    }

    fn arguments(&self) -> String {
        let mut names = vec!["program".to_owned(), "param".to_owned()];
        names.extend(self.scopes.iter().cloned());
        names.join(", ")
    }

    /// Writes something of an element of a list; with what the element is called.
    fn inside<T>(&mut self, list: &Path, write: impl FnOnce(&mut Self, &str) -> T) -> T {
        let name = self.element(list);
        self.scopes.push(name.clone());
        let written = write(self, &name);
        self.scopes.pop();
        written
    }

    /// What an element of a list is called: a flow of `flows`.
    fn element(&self, list: &Path) -> String {
        let plural = list.steps.last().map_or("item", String::as_str);
        let single = match (plural.strip_suffix("ies"), plural.strip_suffix('s')) {
            (Some(stem), _) => format!("{stem}y"),
            (None, Some(stem)) if !stem.ends_with('s') => stem.to_owned(),
            _ => format!("one_of_{plural}"),
        };
        let name = if is_name(&single) {
            single
        } else {
            "item".to_owned()
        };
        if self.scopes.contains(&name) || OWN.contains(&name.as_str()) {
            format!("{name}_{}", self.scopes.len() + 1)
        } else {
            name
        }
    }

    /// A fact.
    fn path(&self, path: &Path) -> String {
        let mut text = self.base(path);
        for step in &path.steps {
            if is_name(step) {
                text.push('.');
                text.push_str(step);
            } else {
                text.push_str(&format!("[{}]", quoted(step)));
            }
        }
        text
    }

    /// Whose fact a path is.
    fn base(&self, path: &Path) -> String {
        let element = path.scope.checked_sub(1).and_then(|at| self.scopes.get(at));
        element.cloned().unwrap_or_else(|| "program".to_owned())
    }

    /// Whether a part of a form applies, unless it always does.
    fn part_applies(&mut self, form: &super::Form) -> Option<String> {
        if super::outcomes::always(form) {
            return None;
        }
        self.at(&form.span, |writer| match &form.kind {
            FormKind::Number { of, .. } => writer.is_known(of),
            FormKind::Each(each) => Some(writer.each_applies(each)),
            FormKind::AllOf(parts) | FormKind::AnyOf(parts) => {
                let parts: Vec<&super::Form> = parts.iter().collect();
                writer.any_applies(&parts)
            }
            FormKind::MeanOf(parts) => {
                let parts: Vec<&super::Form> = parts.iter().map(|(part, _)| part).collect();
                writer.any_applies(&parts)
            }
            FormKind::First(branches) => Some(writer.branch_applies(branches)),
            _ => None,
        })
    }

    fn any_applies(&mut self, parts: &[&super::Form]) -> Option<String> {
        let parts: Vec<String> = parts
            .iter()
            .filter_map(|part| self.part_applies(part))
            .map(|part| format!("({part})"))
            .collect();
        (!parts.is_empty()).then(|| parts.join(" || "))
    }

    fn branch_applies(&mut self, branches: &[super::Branch]) -> String {
        self.function("applies", |writer, block| {
            for (index, branch) in branches.iter().enumerate() {
                let head = writer.branch_head(index, branch);
                writer.at(&branch.span, |writer| {
                    writer.row(block, 1, &head);
                    let applies = match &branch.then {
                        Then::Deg(_) => None,
                        Then::Form(form) => writer.part_applies(form),
                    };
                    writer.row(block, 2, applies.as_deref().unwrap_or("true"));
                });
            }
            writer.row(block, 1, "}");
        })
    }

    /// `if …`, `} else if …` or `} else`, with the brace.
    fn branch_head(&mut self, index: usize, branch: &super::Branch) -> String {
        match &branch.when {
            Some(cond) => {
                let cond = self.cond(cond);
                let before = if index == 0 { "" } else { "} else " };
                format!("{before}if {cond} {{")
            }
            None if index == 0 => "if true {".to_owned(),
            None => "} else {".to_owned(),
        }
    }
}

/// Whether a degree is all there is.
pub(super) fn is_full(degree: &Deg) -> bool {
    matches!(degree, Deg::Known(degree) | Deg::Param(_, degree) if *degree >= 1.0)
}

/// Whether some number counts in full.
pub(super) fn has_full(line: &Line) -> bool {
    match line {
        Line::Ramp { .. } | Line::Param(..) => true,
        Line::Points(points) => points.iter().any(|(_, degree)| is_full(degree)),
    }
}

/// Whether some number counts nothing.
pub(super) fn has_zero(line: &Line) -> bool {
    match line {
        Line::Ramp { .. } | Line::Param(..) => true,
        Line::Points(points) => points
            .iter()
            .any(|(_, degree)| matches!(degree, Deg::Known(degree) if *degree <= 0.0)),
    }
}

/// Names that a script's own variables have.
const OWN: [&str; 16] = [
    "program", "param", "degree", "value", "one", "held", "lacking", "worst", "least", "open",
    "count", "points", "judged", "weight", "changes", "total",
];

/// Words of the language, and words it keeps for itself.
const WORDS: [&str; 52] = [
    "let",
    "const",
    "if",
    "else",
    "while",
    "for",
    "in",
    "fn",
    "return",
    "true",
    "false",
    "switch",
    "case",
    "default",
    "private",
    "import",
    "this",
    "global",
    "is",
    "var",
    "static",
    "shared",
    "goto",
    "exit",
    "match",
    "new",
    "use",
    "with",
    "module",
    "package",
    "super",
    "thread",
    "sync",
    "async",
    "await",
    "yield",
    "void",
    "null",
    "nil",
    "spawn",
    "go",
    "public",
    "protected",
    "loop",
    "do",
    "until",
    "break",
    "continue",
    "throw",
    "try",
    "catch",
    "export",
];

/// Whether something can be written as a name in a script.
fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    let first = letters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let rest = letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    let special = [
        "as",
        "eval",
        "type_of",
        "print",
        "debug",
        "call",
        "curry",
        "is_shared",
        "is_def_fn",
        "is_def_var",
        "Fn",
        "_",
    ];
    first && rest && !WORDS.contains(&text) && !special.contains(&text)
}

/// Text as a script writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // An arrow belongs to a `switch`, not to words.
            '>' => quoted.push_str("\\x3e"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A number as a script writes it.
fn number(number: f64) -> String {
    if number.abs() >= 1e15 && number.fract() == 0.0 {
        return format!("{number}.0");
    }
    format!("{number}")
}

fn param(param: &ParamRef) -> String {
    let step = |name: &str| {
        if is_name(name) {
            format!(".{name}")
        } else {
            format!("[{}]", quoted(name))
        }
    };
    let key = param.key.as_deref().map(step).unwrap_or_default();
    format!("param{}{key}", step(&param.name))
}

fn value(value: &Value) -> String {
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Number(found) => number(*found),
        Value::Text(text) => quoted(text),
        Value::Param(found) => param(found),
    }
}

fn deg(degree: &Deg) -> String {
    match degree {
        Deg::Known(degree) => number(*degree),
        Deg::Param(found, _) => param(found),
    }
}

/// Values as a list in a script.
fn values(all: &[Value]) -> String {
    let all: Vec<String> = all.iter().map(value).collect();
    format!("[{}]", all.join(", "))
}

/// Whether a condition has to stand in brackets among others.
fn is_compound(cond: &Cond) -> bool {
    matches!(cond, Cond::And(_) | Cond::Or(_) | Cond::Compare(..))
        || matches!(cond, Cond::Is(_, found) if !matches!(found, Value::Flag(_)))
        || matches!(
            cond,
            Cond::OneOf(..)
                | Cond::OneOfParam(..)
                | Cond::Includes(..)
                | Cond::IncludesAll(..)
                | Cond::Attested(_)
        )
}
