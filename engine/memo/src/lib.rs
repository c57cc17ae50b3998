//! A memo by a board's own template.
//!
//! A template is hostile input: somebody may have sent it. It is text with places that are filled in, loops over lists and
//! conditions, and nothing that could grow, load or call: every variable is checked against the reference before anything
//! runs, a run has fuel, and template and memo have limits. What the template writes as HTML is held against a list of
//! elements and attributes, and what stands in places is always escaped. The page around it is ours, and its policy keeps
//! a browser from running or loading anything.

mod check;
mod markup;
mod variables;

use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::Source;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};
use std::io;

pub use variables::{Kind, VARIABLES, Variable, misfits, reference};

/// Most bytes of a template.
pub const TEMPLATE: usize = 256 * 1024;
/// Most bytes of a memo.
pub const MEMO: usize = 4 * 1024 * 1024;
/// Most steps of a run. A memo of a proposal with four hundred findings takes some ten thousand.
pub const FUEL: u64 = 2_000_000;

/// What the page around the template says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The title.
    pub title: &'a str,
    /// The language, as a BCP 47 tag.
    pub language: &'a str,
}

/// Fills a template in; `values` are those that the reference lists. Everything wrong with the template comes back at once, with
/// its place where it has one.
pub fn render(
    template: &Source,
    page: Page<'_>,
    values: &serde_json::Value,
) -> Result<String, Vec<Problem>> {
    let text = template.text();
    if text.len() > TEMPLATE {
        let message = format!("the template has {} bytes", text.len());
        let problem = Problem::error(message).in_file(template.name());
        return Err(vec![problem.expected(format!("{TEMPLATE} at most"))]);
    }
    let problems = check::template(template);
    if !problems.is_empty() {
        return Err(problems);
    }
    let body = filled(template, values).map_err(|problem| vec![problem])?;
    let problems = markup::check(&body, template);
    if problems.is_empty() {
        Ok(whole(page, &body))
    } else {
        Err(problems)
    }
}

/// The engine with nothing in it but what a template may use.
fn environment<'a>() -> Environment<'a> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_fuel(Some(FUEL));
    environment.add_filter("upper", |text: String| text.to_uppercase());
    environment.add_filter("lower", |text: String| text.to_lowercase());
    environment.add_filter("length", |list: Value| list.len().unwrap_or_default());
    environment.add_filter("join", |list: Value, between: String| {
        let items = list
            .try_iter()
            .map(|items| items.map(|item| item.to_string()));
        items.map(|items| items.collect::<Vec<String>>().join(&between))
    });
    environment
}

/// The template with its places filled in.
fn filled(template: &Source, values: &serde_json::Value) -> Result<String, Problem> {
    let environment = environment();
    let failed = |error: &minijinja::Error| check::problem(error, template);
    let parsed = environment
        .template_from_named_str("memo.html", template.text())
        .map_err(|error| failed(&error))?;
    let mut written = Limited::default();
    let done = parsed.render_captured_to(value(values), &mut written);
    match done {
        Ok(_) if !written.full => {
            String::from_utf8(written.bytes).map_err(|error| Problem::error(error.to_string()))
        }
        Err(error) if error.kind() == ErrorKind::OutOfFuel => {
            let message = format!("the template takes more than {FUEL} steps");
            let problem = Problem::error(message).expected("fewer loops inside each other");
            Err(check::at_line(problem, error.line(), template))
        }
        Err(error) if !written.full => Err(failed(&error)),
        _ => {
            let message = format!("the memo has more than {MEMO} bytes");
            let problem = Problem::error(message).in_file(template.name());
            Err(problem.expected("fewer loops inside each other"))
        }
    }
}

/// A value as the template engine has it.
fn value(json: &serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::from(()),
        Json::Bool(yes) => Value::from(*yes),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::from(whole),
            None => Value::from(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::from(items.iter().map(value).collect::<Vec<Value>>()),
        Json::Object(map) => {
            Value::from_pairs(map.iter().map(|(key, one)| (key.as_str(), value(one))))
        }
    }
}

/// What is written, up to the limit.
#[derive(Default)]
struct Limited {
    bytes: Vec<u8>,
    full: bool,
}

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MEMO {
            self.full = true;
            return Err(io::Error::other("the memo is too long"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Even if something foreign got in, a browser would not load or run it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

fn whole(page: Page<'_>, body: &str) -> String {
    let language: String = page
        .language
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let title = evenhand_diagnostic::text::escape_html(&evenhand_diagnostic::text::visible_line(
        page.title,
    ));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n</head>\n<body>\n{}\n</body>\n</html>\n",
        body.trim_end()
    )
}

#[cfg(test)]
mod tests;
