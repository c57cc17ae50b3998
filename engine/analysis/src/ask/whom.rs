//! Who is asked: a partner of the program, or a kind of respondent that the pack names.

use crate::Judge;
use crate::question::{field, label};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::schema::Schema;
use serde_json::Value;

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whom {
    /// As they were named: a partner's key, or the id of a kind of respondent.
    pub id: String,
    /// What people call them.
    pub name: String,
    /// The partner in whose name they answer, where that is known.
    pub partner: Option<String>,
    /// The kinds of respondents they are.
    pub kinds: Vec<String>,
    /// The partner's entry in the proposal.
    element: Option<Pointer>,
}

impl Whom {
    /// The partner or the kind of respondent that goes by a name.
    ///
    /// A partner on the host's side answers for those who are asked to attest; any other partner for what is said of it.
    pub(super) fn find(
        judge: &dyn Judge,
        proposal: &Document,
        name: &str,
    ) -> Result<Self, Problem> {
        let schema = judge.schema();
        let value = proposal.value();
        let partners = attesters(schema, value);
        let attesting = schema.respondents("attestations").to_vec();
        if let Some((key, title, element)) = partners.iter().find(|(key, ..)| key == name) {
            let hosts = judge.hosts(proposal);
            let is_host = hosts.is_empty() || hosts.contains(key);
            return Ok(Self {
                id: key.clone(),
                name: title.clone(),
                partner: Some(key.clone()),
                kinds: if is_host { attesting } else { Vec::new() },
                element: Some(element.clone()),
            });
        }
        let kinds = judge.respondents();
        if let Some((id, title)) = kinds.iter().find(|(id, _)| id == name) {
            let hosts = judge.hosts(proposal);
            let one = hosts
                .first()
                .filter(|_| hosts.len() == 1 && attesting.contains(id));
            return Ok(Self {
                id: id.clone(),
                name: title.clone(),
                partner: one.cloned(),
                kinds: vec![id.clone()],
                element: None,
            });
        }
        let keys = partners.iter().map(|(key, ..)| key.as_str());
        let all: Vec<&str> = keys
            .chain(kinds.iter().map(|(id, _)| id.as_str()))
            .collect();
        let listed: Vec<String> = all.iter().map(|one| format!("`{one}`")).collect();
        let message = format!("`{name}` is no partner and no kind of respondent");
        Err(Problem::error(message)
            .expected(format!("one of {}", listed.join(", ")))
            .suggest_maybe(did_you_mean(name, all)))
    }

    /// Whether one of these kinds of respondents is meant.
    pub(super) fn answers(&self, respondents: &[String]) -> bool {
        self.kinds.iter().any(|kind| respondents.contains(kind))
    }

    /// Whether a fact stands in this partner's own entry.
    pub(super) fn is_about(&self, path: &Pointer) -> bool {
        let own = self.element.as_ref();
        own.is_some_and(|element| element.contains(path))
    }
}

/// The keys, names and entries of those who can attest.
pub(crate) fn attesters(schema: &Schema, proposal: &Value) -> Vec<(String, String, Pointer)> {
    let Some((list, key)) = target(schema) else {
        return Vec::new();
    };
    let elements = list.of(proposal).and_then(Value::as_array);
    let each = elements.into_iter().flatten().enumerate();
    each.filter_map(|(index, element)| {
        let id = element.get(&key)?.as_str()?.to_owned();
        let at = list.index(index);
        Some((id, label(schema, proposal, &at), at))
    })
    .collect()
}

/// The list of those who can attest, and the field that is their key.
fn target(schema: &Schema) -> Option<(Pointer, String)> {
    let by = Pointer::root().key("attestations").index(0).key("by");
    let target = field(schema, &by)?.reference.clone()?;
    let (list, key) = target.split_once("[].")?;
    Some((Pointer::from_dotted(list)?, key.to_owned()))
}
