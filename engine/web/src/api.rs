//! The interface for other programs: what the command line answers, over HTTP. Only the served form has it.

mod openapi;

use crate::app::{App, LIMIT, is_foreign};
use crate::message::{Request, Response};
use crate::page::{View, card};
use evenhand_analysis::{plan, question};
use evenhand_authoring::published;
use evenhand_core::document::Document;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::rulebook::Rule;
use evenhand_core::text::pretty_json;
use evenhand_document::document::Format;
use evenhand_report::formats::{Entry, FORMATS};
use evenhand_report::{json, plan as steps, questions};
use serde_json::{Value, json};

/// What every address begins with.
const ROOT: &str = "api/v1/";
/// What `api/v1/schema/…` can end with.
const SCHEMAS: [&str; 4] = ["proposal", "profile", "page", "scorecard"];

/// Why there is no answer: a status, and what is wrong in one sentence.
type Refused = (u16, String);

/// Something that can be asked for.
#[derive(Debug, Clone, Copy)]
struct Operation {
    method: &'static str,
    /// The address below `api/v1/`; `{name}` stands for a part of it.
    path: &'static str,
    id: &'static str,
    about: &'static str,
    answer: Answer,
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Judge,
    Questions,
    Improve,
    Rules,
    Explain,
    Schema,
    Formats,
    OpenApi,
}

const fn get(
    path: &'static str,
    id: &'static str,
    about: &'static str,
    answer: Answer,
) -> Operation {
    Operation {
        method: "GET",
        path,
        id,
        about,
        answer,
    }
}

const fn post(path: &'static str, about: &'static str, answer: Answer) -> Operation {
    Operation {
        method: "POST",
        path,
        id: path,
        about,
        answer,
    }
}

const OPERATIONS: [Operation; 8] = [
    post(
        "judge",
        "Judges a proposal; the answer is that of `evenhand check --format json`",
        Answer::Judge,
    ),
    post(
        "questions",
        "What is open in a proposal, and which answers narrow it most",
        Answer::Questions,
    ),
    post(
        "improve",
        "A plan of changes that brings a proposal to what the board asks for",
        Answer::Improve,
    ),
    get("rules", "rules", "Every rule in force", Answer::Rules),
    get(
        "rules/{dimension}/{rule}",
        "explain",
        "A rule with its reasons, limits and parameters",
        Answer::Explain,
    ),
    get(
        "schema/{kind}",
        "schema",
        "The JSON Schema of proposals, profiles, rule pages or scorecards",
        Answer::Schema,
    ),
    get("formats", "formats", "Formats of reports", Answer::Formats),
    get(
        "openapi.json",
        "openapi",
        "This description",
        Answer::OpenApi,
    ),
];

impl App {
    /// Answers another program; none where the address is not of its interface. The same request always gets the same bytes.
    pub fn api(&self, request: &Request) -> Option<Response> {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let path = path.strip_prefix(ROOT)?;
        let answered = self.answer(request, path, query);
        Some(match answered {
            Ok((status, body)) => Response::of(status, "application/json", body.into_bytes()),
            Err((status, why)) => {
                let body = pretty_json(&json!({ "error": why }));
                let mut response = Response::of(status, "application/json", body.into_bytes());
                if status == 405 {
                    let allowed = allowed(path).join(", ");
                    response.headers.push(("allow".to_owned(), allowed));
                }
                response
            }
        })
    }

    fn answer(&self, request: &Request, path: &str, query: &str) -> Result<(u16, String), Refused> {
        if allowed(path).is_empty() {
            let known = OPERATIONS.iter().map(|own| own.path);
            let near =
                did_you_mean(path, known).map_or_else(String::new, |near| format!("; {near}"));
            return Err((404, format!("there is no `{ROOT}{path}`{near}")));
        }
        let method = if request.method == "HEAD" {
            "GET"
        } else {
            &request.method
        };
        let mut operations = OPERATIONS.iter();
        let found = operations.find_map(|own| {
            let parts = parts(own.path, path)?;
            (own.method == method).then_some((own, parts))
        });
        let Some((operation, parts)) = found else {
            return Err((
                405,
                format!("`{ROOT}{path}` does not take {}", request.method),
            ));
        };
        let view = self.spoken(query, request)?;
        let part = |index: usize| parts.get(index).copied().unwrap_or_default();
        match operation.answer {
            Answer::Judge | Answer::Questions | Answer::Improve => {
                self.judged(&view, request, operation.answer)
            }
            Answer::Rules => Ok((200, pretty(&self.rules()))),
            Answer::Explain => self.explain(&format!("{}/{}", part(0), part(1))),
            Answer::Schema => self.schema(part(0)),
            Answer::Formats => Ok((200, pretty(&formats()))),
            Answer::OpenApi => Ok((200, pretty(&openapi::document(self.languages())))),
        }
    }

    /// The language that is asked for; nothing else can be.
    fn spoken<'a>(&'a self, query: &str, request: &Request) -> Result<View<'a>, Refused> {
        let mut tag = "en";
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, asked) = part.split_once('=').unwrap_or((part, ""));
            if name != "language" {
                return Err((400, format!("`{name}` cannot be asked for; `language` can")));
            }
            tag = asked;
        }
        let known = self.languages().iter().any(|known| known == tag);
        let view = known.then(|| self.view("plan", tag, request)).flatten();
        view.ok_or_else(|| {
            let known = self.languages().join(", ");
            (
                400,
                format!("there is no language `{tag}`; there are {known}"),
            )
        })
    }

    /// What is posted, judged: its scorecard, its questions, or a plan.
    fn judged(
        &self,
        view: &View<'_>,
        request: &Request,
        answer: Answer,
    ) -> Result<(u16, String), Refused> {
        if is_foreign(request) {
            return Err((403, "a page of somebody else cannot ask".to_owned()));
        }
        if request.body.len() > LIMIT {
            return Err((413, format!("a proposal has at most {LIMIT} bytes")));
        }
        let (name, format) = format_of(request)?;
        let refused = |problems: Vec<Problem>| {
            let entry = Entry::Refused {
                name,
                problems: &problems,
            };
            Ok((422, json::render_entries(&[entry])))
        };
        let read = Document::parse(name, &request.body, format);
        let read = read.and_then(|document| Ok(view.understood(document)?.0));
        let document = match read {
            Ok(document) => document,
            Err(problems) => return refused(problems),
        };
        let book = self.session().rulebook();
        let problems = book.check_document(&document);
        if !problems.is_empty() {
            return refused(problems);
        }
        let card = card(view, &document);
        if card.problems.iter().any(Problem::is_error) {
            return refused(card.problems);
        }
        let body = match answer {
            Answer::Questions => {
                let open = question::questions(&card, document.value(), view.schema());
                questions::render_json(&card, &open, &document)
            }
            Answer::Improve => {
                let found = plan::plan(view, &document, &card, plan::bound(document.value()));
                steps::render_json(&card, &found)
            }
            _ => json::render(&card, &document),
        };
        Ok((200, body))
    }

    fn rules(&self) -> Value {
        let rules = self.session().rulebook().rules().iter();
        let rules: Vec<Value> = rules.map(summary).collect();
        json!({ "rules": rules })
    }

    fn explain(&self, id: &str) -> Result<(u16, String), Refused> {
        let book = self.session().rulebook();
        let rule = book.rule(id);
        let rule = rule.map_err(|problem| {
            let near = problem
                .suggestion
                .map_or_else(String::new, |near| format!("; {near}"));
            (404, format!("there is no rule `{id}`{near}"))
        })?;
        let mut whole = summary(rule);
        let sources = rule.page.sources.iter().map(|source| {
            let entry = book.sources().get(&source.key);
            json!({ "key": source.key, "section": source.section, "title": entry.map(|entry| &entry.title) })
        });
        let parameters = rule.page.params.iter().map(|own| {
            json!({ "name": own.name, "value": rule.params.get(&own.name), "unit": own.unit, "about": own.about })
        });
        if let Some(whole) = whole.as_object_mut() {
            whole.insert("limits".to_owned(), json!(rule.page.limits));
            whole.insert("help".to_owned(), json!(rule.page.help));
            whole.insert("sources".to_owned(), sources.collect());
            whole.insert("parameters".to_owned(), parameters.collect());
        }
        Ok((200, pretty(&whole)))
    }

    fn schema(&self, kind: &str) -> Result<(u16, String), Refused> {
        let book = self.session().rulebook();
        Ok((
            200,
            match kind {
                "proposal" => pretty(&book.schema().to_json()),
                "profile" => pretty(&published::profile(book)),
                "page" => pretty(&published::page()),
                "scorecard" => json::SCHEMA.to_owned(),
                _ => {
                    let known = SCHEMAS.join(", ");
                    return Err((
                        404,
                        format!("there is no schema of `{kind}`; there are {known}"),
                    ));
                }
            },
        ))
    }
}

/// The methods that an address takes; none where there is no such address.
fn allowed(path: &str) -> Vec<&'static str> {
    let operations = OPERATIONS.iter();
    let own = operations.filter(|own| parts(own.path, path).is_some());
    own.map(|own| own.method).collect()
}

/// What stands in an address for the names of a pattern; none where it is another address.
fn parts<'p>(pattern: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let (names, own) = (pattern.split('/'), path.split('/'));
    if names.clone().count() != own.clone().count() {
        return None;
    }
    let mut found = Vec::new();
    for (name, own) in names.zip(own) {
        if name.starts_with('{') {
            found.push(own);
        } else if name != own {
            return None;
        }
    }
    Some(found)
}

/// The format of what is posted, and the name that problems call it by.
fn format_of(request: &Request) -> Result<(&'static str, Format), Refused> {
    let kind = request.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    match kind.to_ascii_lowercase().as_str() {
        "application/json" => Ok(("proposal.json", Format::Json)),
        "application/yaml" | "application/x-yaml" | "text/yaml" => {
            Ok(("proposal.yaml", Format::Yaml))
        }
        "application/toml" => Ok(("proposal.toml", Format::Toml)),
        _ => Err((
            415,
            "the content type is one of application/json, application/yaml, application/toml"
                .to_owned(),
        )),
    }
}

fn summary(rule: &Rule) -> Value {
    json!({
        "id": rule.page.id,
        "title": rule.page.title,
        "dimension": rule.page.dimension,
        "kind": rule.page.kind.word(),
        "severity": rule.severity().word(),
        "weight": rule.weight(),
        "waivable": rule.page.waivable,
        "enabled": rule.disabled.is_none(),
    })
}

fn formats() -> Value {
    let formats = FORMATS.iter().map(|own| {
        json!({ "name": own.name, "about": own.about, "extension": own.extension, "media_type": own.media_type })
    });
    let formats: Vec<Value> = formats.collect();
    json!({ "formats": formats })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests;
