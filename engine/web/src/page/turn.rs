//! One turn: what a button does to a plan, and what comes of it.

use super::panel::judged;
use super::{View, start};
use crate::answers::{self, Wrong};
use crate::form::{Form, lines};
use crate::plan::{At, Plan};
use evenhand_analysis::question::{Question, questions};
use evenhand_core::document::Document;
use evenhand_core::finding::Change as Remedy;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::schema::{Kind, Schema};
use evenhand_core::scorecard::Scorecard;
use evenhand_document::document::edit::Change;
use serde_json::{Map, Value, json};

/// What a turn leaves: the plan, the proposal to show, and what has to be said.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) plan: Plan,
    /// The proposal with what was typed, or everything that keeps its text from being read.
    pub(super) document: Result<Document, Vec<Problem>>,
    /// The proposal before the turn, if it could be read and differs.
    pub(super) before: Option<Document>,
    /// Answers that could not be taken.
    pub(super) wrong: Vec<Wrong>,
    /// Whether what is shown is not in the plan's text.
    pub(super) trial: bool,
    /// What was understood of a file that was written for an older version of the fields.
    pub(super) understood: Vec<Problem>,
}

/// A proposal and what it is judged to be.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) card: Result<Scorecard, Vec<Problem>>,
    pub(super) questions: Vec<Question>,
}

impl Seen {
    pub(super) fn of(view: &View<'_>, document: &Result<Document, Vec<Problem>>) -> Self {
        let card = match document {
            Ok(document) => judged(view, document),
            Err(problems) => Err(problems.clone()),
        };
        let questions = match (&card, document) {
            (Ok(card), Ok(document)) => questions(card, document.value(), view.schema()),
            _ => Vec::new(),
        };
        Self { card, questions }
    }

    /// The question to ask now: the first that was not left open.
    pub(super) fn next(&self, plan: &Plan) -> Option<&Question> {
        let mut open = self.questions.iter();
        open.find(|question| !plan.left.contains(&question.id))
    }

    /// The question a page is about.
    pub(super) fn asked(&self, plan: &Plan) -> Option<&Question> {
        match &plan.at {
            At::Ask(Some(id)) => {
                let known = self.questions.iter().find(|question| question.id == *id);
                known.or_else(|| self.next(plan))
            }
            _ => self.next(plan),
        }
    }
}

/// Does what a button says.
pub(super) fn take(view: &View<'_>, form: &Form, mut plan: Plan, action: &str) -> Turn {
    let read = plan.document();
    if action == "undo" {
        plan.back();
        return Turn::of(plan, read.ok());
    }
    if let Some(number) = action.strip_prefix("fix:") {
        fix(view, &mut plan, &read, number);
        return Turn::of(plan, read.ok());
    }
    if let Some(text) = form.get("text").filter(|_| plan.at == At::Text) {
        plan.write(&lines(text));
        let mut turn = Turn::of(plan, read.ok());
        if turn.document.is_ok() && !matches!(action, "see") {
            turn.plan.at = moved(view.schema(), &turn.plan, action);
        }
        return turn;
    }
    let Ok(before) = read else {
        plan.at = At::Text;
        return Turn::of(plan, None);
    };
    let mut taken = answers::take(view, &before, form);
    let (verb, rule) = action.split_once(':').unwrap_or((action, ""));
    if matches!(verb, "try" | "keep") && !rule.is_empty() {
        taken.document = with_remedy(view, taken.document, rule);
    }
    let trial = verb == "try";
    if !trial {
        plan.write(taken.document.source().text());
    }
    let mut turn = Turn {
        plan,
        document: Ok(taken.document),
        before: None,
        wrong: taken.wrong,
        trial,
        understood: Vec::new(),
    };
    // A wrong answer is corrected where it was typed; whoever wants to leave the page can do so by another button.
    if turn.wrong.is_empty() && !trial {
        turn.act(view, action);
    }
    let differs = |document: &Document| document.value() != before.value();
    turn.before = turn.document.as_ref().is_ok_and(differs).then_some(before);
    turn
}

impl Turn {
    /// Takes a file that was just opened as the packs of today call its fields.
    pub(super) fn understand(&mut self, view: &View<'_>) {
        let Ok(document) = self.document.clone() else {
            return;
        };
        match view.understood(document) {
            Ok((document, understood)) => {
                self.plan.write(document.source().text());
                self.document = Ok(document);
                self.understood = understood;
            }
            Err(problems) => {
                self.document = Err(problems);
                self.plan.at = At::Text;
            }
        }
    }

    /// A turn that only shows a plan; `before` is what stood there before.
    pub(super) fn of(plan: Plan, before: Option<Document>) -> Self {
        let mut plan = plan;
        let document = plan.document();
        if document.is_err() {
            plan.at = At::Text;
        }
        Self {
            before: before.filter(|before| before.source().text() != plan.source),
            plan,
            document,
            wrong: Vec::new(),
            trial: false,
            understood: Vec::new(),
        }
    }

    /// Goes where the button leads, and adds, copies or removes an element.
    fn act(&mut self, view: &View<'_>, action: &str) {
        let schema = view.schema();
        let (verb, path) = action.split_once(':').unwrap_or((action, ""));
        let at = Pointer::from_json(path);
        match (verb, &self.document) {
            ("add", Ok(document)) if is_list(schema, &at) => {
                let new = new_element(schema, document.value(), &at);
                self.append(&at, new);
            }
            ("copy", Ok(document)) => {
                let list = at.parent().filter(|list| is_list(schema, list));
                if let Some((list, element)) = list.zip(at.of(document.value())) {
                    let mut copy = element.clone();
                    let new = new_element(schema, document.value(), &list);
                    let key =
                        answers::field(schema, &list).and_then(|field| field.unique_key.clone());
                    if let Some(key) = key
                        && let Some(own) = new.get(&key)
                        && let Some(map) = copy.as_object_mut()
                    {
                        map.insert(key, own.clone());
                    }
                    self.append(&list, copy);
                }
            }
            ("remove", Ok(document)) => {
                let list = at.parent().filter(|list| is_list(schema, list));
                if let Some(list) = list
                    && let Ok(edited) = document.edited(&[Change::Remove(at)])
                {
                    self.write(edited);
                    self.plan.at = At::Group(list);
                }
            }
            ("leave", _) => {
                if let At::Ask(Some(id)) = &self.plan.at {
                    self.plan.left.push(id.clone());
                }
                self.plan.at = At::Ask(None);
            }
            _ => self.plan.at = moved(schema, &self.plan, action),
        }
    }

    fn append(&mut self, list: &Pointer, element: Value) {
        let Ok(document) = &self.document else { return };
        let length = list.of(document.value()).and_then(Value::as_array);
        let at = list.index(length.map_or(0, Vec::len));
        let change = match length {
            Some(_) => Change::Set(at.clone(), element),
            None => Change::Set(list.clone(), Value::Array(vec![element])),
        };
        if let Ok(edited) = document.edited(&[change]) {
            self.write(edited);
            self.plan.at = At::Group(at);
        }
    }

    fn write(&mut self, document: Document) {
        self.plan.write(document.source().text());
        self.document = Ok(document);
    }
}

/// The page after a button that only leads somewhere.
fn moved(schema: &Schema, plan: &Plan, action: &str) -> At {
    if let Some(place) = action.strip_prefix("go:").and_then(At::read) {
        let known = match &place {
            At::Group(path) => answers::field(schema, path).is_some(),
            _ => true,
        };
        return if known { place } else { plan.at.clone() };
    }
    match (action, &plan.at) {
        ("next", At::Ask(_)) => At::Ask(None),
        ("next", At::Group(path)) => after(schema, path),
        ("next", At::Text) => At::Review,
        ("next", At::Review) => At::HandIn,
        _ => plan.at.clone(),
    }
}

/// The page after a group: the list of an element, then the next group, and all answers at the end.
fn after(schema: &Schema, path: &Pointer) -> At {
    if let Some(list) = path.parent().filter(|parent| !parent.is_root()) {
        return At::Group(list);
    }
    let groups = groups(schema);
    let here = groups.iter().position(|group| group == path);
    let next = here.and_then(|here| groups.get(here + 1));
    next.map_or(At::Review, |group| At::Group(group.clone()))
}

/// The groups of a proposal, in the order of the schema.
pub(super) fn groups(schema: &Schema) -> Vec<Pointer> {
    let root = schema.field(schema.root());
    let groups = root.properties.iter().filter(|(name, id)| {
        let field = schema.field(*id);
        let has_fields = !field.properties.is_empty() || field.items.is_some();
        name != "derived" && has_fields
    });
    groups.map(|(name, _)| Pointer::root().key(name)).collect()
}

fn is_list(schema: &Schema, path: &Pointer) -> bool {
    let items = answers::field(schema, path).and_then(|field| field.items);
    items.is_some_and(|items| schema.field(items).kind == Kind::Object)
}

/// An element that says nothing yet but the key by which others name it.
fn new_element(schema: &Schema, proposal: &Value, list: &Pointer) -> Value {
    let field = answers::field(schema, list);
    let Some(key) = field.and_then(|field| field.unique_key.clone()) else {
        let items = field.and_then(|field| field.items);
        let first = items.and_then(|items| schema.field(items).properties.first());
        let first = first.map(|(name, _)| (name.clone(), Value::Null));
        return Value::Object(Map::from_iter(first));
    };
    let elements = list.of(proposal).and_then(Value::as_array);
    let elements = elements.map(Vec::as_slice).unwrap_or_default();
    let initial = list
        .as_str()
        .rsplit('/')
        .next()
        .and_then(|name| name.chars().next());
    let free = (1..=elements.len() + 1).map(|number| format!("{}{number}", initial.unwrap_or('x')));
    let taken = |id: &String| {
        elements
            .iter()
            .any(|element| element.get(&key).and_then(Value::as_str) == Some(id))
    };
    let own = free.into_iter().find(|id| !taken(id)).unwrap_or_default();
    json!({ key: own })
}

/// The proposal with what a finding says would help.
fn with_remedy(view: &View<'_>, document: Document, rule: &str) -> Document {
    let Ok(card) = judged(view, &document) else {
        return document;
    };
    let finding = card.findings.iter().find(|finding| finding.rule == rule);
    let remedy = finding.map(|finding| finding.remedy.as_slice());
    let change = |change: &Remedy| Change::Set(change.path.clone(), change.value.clone());
    let changes: Vec<Change> = remedy.unwrap_or_default().iter().map(change).collect();
    document.edited(&changes).unwrap_or(document)
}

/// Corrects one problem of the text in the way it says.
fn fix(view: &View<'_>, plan: &mut Plan, read: &Result<Document, Vec<Problem>>, number: &str) {
    let problems = match read {
        Ok(document) => judged(view, document).err().unwrap_or_default(),
        Err(problems) => problems.clone(),
    };
    let problem = number
        .parse()
        .ok()
        .and_then(|number: usize| problems.get(number));
    let fixed = problem.and_then(|problem| problem.fix.as_ref()?.apply(&plan.source));
    if let Some(fixed) = fixed {
        plan.write(&fixed);
    }
}

/// A plan that begins as a form of the first page says; none where it says nothing of the kind.
pub(super) fn begun(view: &View<'_>, form: &Form, action: &str) -> Option<Turn> {
    if action == "new" {
        let empty = start::empty(view);
        let turn = take(view, form, empty, "see");
        let mut plan = turn.plan;
        plan.undo.clear();
        return Some(Turn::of(plan, None));
    }
    if let Some(name) = action.strip_prefix("example:") {
        let bases = start::bases(view);
        let (_, text) = bases.into_iter().find(|(known, _)| known == name)?;
        let name = format!("{name}.yaml");
        let plan = Plan::new(
            &name,
            evenhand_document::document::Format::Yaml,
            lines(&text),
            At::Review,
        );
        return Some(Turn::of(plan, None));
    }
    None
}
