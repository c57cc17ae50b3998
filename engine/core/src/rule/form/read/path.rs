//! Paths of facts: of the proposal, or relative to the element that is being asked.

use super::{Node, Reader, shown};
use crate::problem::{Problem, did_you_mean, nearest};
use crate::rule::form::Path;
use crate::schema::{FieldId, Kind, Schema};

/// Steps of one path.
const STEPS: usize = 16;

impl<'a> Reader<'a> {
    /// The fact that is written at a node.
    pub(super) fn path(&mut self, node: &Node<'a>) -> Option<Path> {
        let Some(text) = node.text() else {
            let problem = Problem::error(format!("this is {}", shown(node.raw)))
                .expected("the path of a field, such as `host.capacity_cap`");
            self.at_node(node, problem);
            return None;
        };
        self.path_of(node, text, false)
    }

    /// The list that is written at a node.
    pub(super) fn list_path(&mut self, node: &Node<'a>) -> Option<Path> {
        let path = self.path(node)?;
        if let Some(field) = path.field
            && self.schema.field(field).kind != Kind::List
        {
            let lists = self.lists();
            let problem = Problem::error(format!("`{}` is no list", self.name(field)))
                .expected("the path of a list, such as `flows`")
                .suggest_maybe(did_you_mean(
                    node.text().unwrap_or_default(),
                    lists.iter().map(String::as_str),
                ));
            self.at_node(node, problem);
            return None;
        }
        Some(path)
    }

    /// The fact that `text` names; `name` says that it is the name of a setting, not its value.
    pub(super) fn path_of(&mut self, node: &Node<'a>, text: &str, name: bool) -> Option<Path> {
        let (scope, rest) = match self.scope_of(text) {
            Ok(found) => found,
            Err(problem) => {
                self.place(node, name, *problem);
                return None;
            }
        };
        let steps: Vec<String> = if rest.is_empty() {
            Vec::new()
        } else {
            rest.split('.').map(str::to_owned).collect()
        };
        let wellformed =
            |step: &String| !step.is_empty() && !step.contains(['[', ']', ' ', '"', '\\']);
        if steps.len() > STEPS || !steps.iter().all(wellformed) {
            let short: String = text.chars().take(40).collect();
            let problem = Problem::error(format!("`{short}` is no path"))
                .expected("names with points between, such as `host.capacity_cap`");
            self.place(node, name, problem);
            return None;
        }
        let start = match scope {
            0 => Some(self.schema.root()),
            _ => self.scopes.get(scope - 1).copied().flatten(),
        };
        match self.walk(start, &steps) {
            Ok(field) => Some(Path {
                scope,
                title: self.title(field, &steps),
                steps,
                field,
            }),
            Err(problem) => {
                let problem = self.elsewhere(scope, rest, *problem);
                self.place(node, name, problem);
                None
            }
        }
    }

    /// Whose a path is, and the rest of it.
    fn scope_of<'t>(&self, text: &'t str) -> Result<(usize, &'t str), Box<Problem>> {
        let depth = self.scopes.len();
        if let Some(rest) = text.strip_prefix("^^.") {
            let outer = depth.checked_sub(1).filter(|outer| *outer > 0);
            return outer.map(|outer| (outer, rest)).ok_or_else(|| {
                Box::new(
                    Problem::error(format!("`{text}`: there is no element around this one"))
                        .expected("`^.` for the proposal"),
                )
            });
        }
        if let Some(rest) = text.strip_prefix("^.") {
            return Ok((0, rest));
        }
        if text == "." {
            if depth == 0 {
                let problem =
                    Problem::error("`.` is the element of a list, and no list is asked here");
                return Err(Box::new(problem.expected("the path of a field")));
            }
            return Ok((depth, ""));
        }
        Ok((depth, text))
    }

    /// The field at the end of some steps; nothing where the schema lays none down.
    fn walk(
        &self,
        start: Option<FieldId>,
        steps: &[String],
    ) -> Result<Option<FieldId>, Box<Problem>> {
        let mut at = start;
        for step in steps {
            let Some(field) = at else { return Ok(None) };
            let here = self.schema.field(field);
            if here.kind == Kind::List {
                let list = self.name(field);
                let problem = Problem::error(format!(
                    "`{list}` is a list, and its elements are asked one by one"
                ))
                .expected("`any`, `all`, `each`, or `{ sum: …, in: … }`");
                return Err(Box::new(problem.suggest(format!(
                    "for example `{{ any: {list}, where: {{ {step}: … }}, if_none: no }}`"
                ))));
            }
            at = match self.schema.property(field, step) {
                Some(found) => Some(found),
                None if here.open => None,
                None => {
                    let known = here.properties.iter().map(|(name, _)| name.as_str());
                    let place = match here.path.as_str() {
                        "" => "a proposal".to_owned(),
                        path => format!("`{path}`"),
                    };
                    let problem = Problem::error(format!("`{step}` is not a field of {place}"));
                    return Err(Box::new(problem.suggest_maybe(did_you_mean(step, known))));
                }
            };
        }
        Ok(at)
    }

    /// The path may be one of the proposal's, or stand deeper in it.
    fn elsewhere(&self, scope: usize, rest: &str, problem: Problem) -> Problem {
        if scope > 0 && self.schema.find(rest).is_some() {
            return problem.suggest(format!("did you mean `^.{rest}`, the proposal's?"));
        }
        if problem.suggestion.is_some() {
            return problem;
        }
        let last = rest.rsplit('.').next().unwrap_or(rest);
        let paths = paths(self.schema);
        let same = paths
            .iter()
            .find(|path| path.rsplit('.').next() == Some(last));
        match same {
            Some(path) if scope == 0 => problem.suggest(format!("did you mean `{path}`?")),
            _ => problem.suggest_maybe(
                nearest(rest, paths.iter().map(String::as_str))
                    .map(|path| format!("did you mean `{path}`?")),
            ),
        }
    }

    fn place(&mut self, node: &Node<'a>, name: bool, problem: Problem) {
        if name {
            self.at_name(node, problem);
        } else {
            self.at_node(node, problem);
        }
    }

    fn lists(&self) -> Vec<String> {
        let fields = self.schema.walk().into_iter();
        fields
            .map(|id| self.schema.field(id))
            .filter(|field| field.kind == Kind::List)
            .map(|field| field.path.clone())
            .collect()
    }

    /// The path of a field, as people read it.
    pub(super) fn name(&self, field: FieldId) -> String {
        match self.schema.field(field).path.as_str() {
            "" => "the proposal".to_owned(),
            path => path.to_owned(),
        }
    }

    /// What people call a fact.
    fn title(&self, field: Option<FieldId>, steps: &[String]) -> String {
        let title = field.map(|field| self.schema.field(field).title.clone());
        title.filter(|title| !title.is_empty()).unwrap_or_else(|| {
            steps
                .last()
                .map_or_else(|| "value".to_owned(), |step| step.replace('_', " "))
        })
    }
}

/// The paths of the proposal's fields, outside lists.
fn paths(schema: &Schema) -> Vec<String> {
    let fields = schema.walk().into_iter();
    fields
        .map(|id| schema.field(id).path.clone())
        .filter(|path| !path.is_empty() && !path.contains("[]"))
        .collect()
}
