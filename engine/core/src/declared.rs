//! What packs declare in files of their own: how such a file is read, and which of several packs counts.

use crate::document::Document;
use crate::pack::PackFiles;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::schema::Schema;
use evenhand_document::schemas::validate_builtin;
use serde_json::Value;

/// What packs declare, one entry for an id: that of a later pack takes the place of an earlier one's. Or everything that is wrong
/// with a declaration.
pub(crate) fn declared<T>(
    packs: &[PackFiles],
    read: impl Fn(&PackFiles) -> Result<Vec<T>, Vec<Problem>>,
    id: impl Fn(&T) -> &String,
) -> Result<Vec<T>, Vec<Problem>> {
    let mut all: Vec<T> = Vec::new();
    let mut problems = Vec::new();
    for pack in packs {
        match read(pack) {
            Ok(found) => {
                for one in found {
                    match all.iter_mut().find(|other| id(other) == id(&one)) {
                        Some(other) => *other = one,
                        None => all.push(one),
                    }
                }
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(all)
    } else {
        Err(problems)
    }
}

/// The file in which a pack declares something, where it has one and keeps its form.
pub(crate) fn declaration(
    pack: &PackFiles,
    file: &str,
    form: Option<&Schema>,
) -> Result<Option<Document>, Vec<Problem>> {
    let Some(document) = pack.document(file) else {
        return Ok(None);
    };
    let document = document?;
    let problems = validate_builtin(form, &document);
    if problems.is_empty() {
        Ok(Some(document))
    } else {
        Err(problems)
    }
}

/// The tables of a declaration, each with its place.
pub(crate) fn tables(document: &Document) -> impl Iterator<Item = (Pointer, &Value)> {
    let list = document.value().get("tables").and_then(Value::as_array);
    let list = list.into_iter().flatten().enumerate();
    list.map(|(index, entry)| (Pointer::root().key("tables").index(index), entry))
}

/// The text of a key, if there is any.
pub(crate) fn text(entry: &Value, key: &str) -> Option<String> {
    let text = entry.get(key).and_then(Value::as_str)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
