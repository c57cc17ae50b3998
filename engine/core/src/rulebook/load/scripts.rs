//! The scripts of all packs: library files first, programs that were made ready when a pack was built in, the rest compiled.

use crate::document::Document;
use crate::executor::Executor;
use crate::pack::PackFiles;
use crate::problem::Problem;
use crate::rule::compiler::{Compiler, Script};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A compiler with the library files. Two packs with a file of the same name are an error: the rules of the one would come to
/// call the functions of the other.
pub(super) fn load_libraries(packs: &[PackFiles], problems: &mut Vec<Problem>) -> Compiler {
    let mut owners: BTreeMap<&str, &PackFiles> = BTreeMap::new();
    for pack in packs {
        for id in pack.scripts().filter(|id| id.starts_with("lib/")) {
            let file = format!("{id}.rhai");
            match owners.get(id) {
                Some(other) => problems.push(
                    Problem::error(format!(
                        "`{file}` is a file of the pack `{}` already",
                        other.folder
                    ))
                    .in_file(pack.name_of(&file))
                    .expected("a name that no other pack has in `lib/`"),
                ),
                None => {
                    owners.insert(id, pack);
                }
            }
        }
    }
    let mut compiler = Compiler::new();
    for (path, pack) in owners {
        let path = format!("{path}.rhai");
        match pack.source(&path) {
            Some(Ok(source)) => {
                let known = pack.prepared.stored.library().filter(|_| pack.checked);
                let added = match known {
                    Some(known) => {
                        let own = known.iter().filter(|(_, file)| *file == path);
                        let names = own.map(|(name, _)| *name);
                        compiler.add_known_library(&path, &source, names)
                    }
                    None => compiler.add_library(&path, &source),
                };
                problems.extend(added.err().into_iter().flatten());
            }
            Some(Err(problem)) => problems.push(problem),
            None => {}
        }
    }
    for pack in packs.iter().filter(|pack| pack.checked) {
        compiler.add_stored(pack.prepared.stored.clone());
    }
    compiler
}

/// The scripts whose programs were made ready when their packs were built in.
pub(super) fn stored(
    packs: &[PackFiles],
    owners: &BTreeMap<String, usize>,
) -> BTreeMap<String, Script> {
    let script = |(id, pack): (&String, &usize)| {
        let pack = packs.get(*pack).filter(|pack| pack.checked)?;
        let program = pack.prepared.stored.program(id)?;
        let source = if program.is_form() {
            let page = pack.source(&format!("{id}.md"))?.ok()?;
            program.script(&page)?
        } else {
            pack.source(&format!("{id}.rhai"))?.ok()?
        };
        Some((id.clone(), Script::stored(source, program)))
    };
    owners.iter().filter_map(script).collect()
}

/// Whether the packs that were not checked before add fields at most to those of the packs that were: then what those say of
/// their fields still holds.
pub(super) fn only_adds(packs: &[PackFiles]) -> bool {
    let schema = |pack: &PackFiles| pack.document("schema.json")?.ok();
    let others: Vec<Document> = packs
        .iter()
        .filter(|pack| !pack.checked)
        .filter_map(schema)
        .collect();
    if others.is_empty() {
        return true;
    }
    let known: Vec<Document> = packs
        .iter()
        .filter(|pack| pack.checked)
        .filter_map(schema)
        .collect();
    let adds = |known: &Document| {
        others
            .iter()
            .all(|other| adds(known.value(), other.value()))
    };
    known.iter().all(adds)
}

/// Whether `from` changes nothing that stands in `into`, and what it adds are properties of groups.
fn adds(into: &Value, from: &Value) -> bool {
    let (Value::Object(into), Value::Object(from)) = (into, from) else {
        return into == from;
    };
    from.iter().all(|(key, value)| {
        let Some(before) = into.get(key) else {
            return false;
        };
        if key != "properties" {
            return adds(before, value);
        }
        let (Some(before), Some(after)) = (before.as_object(), value.as_object()) else {
            return false;
        };
        after
            .iter()
            .all(|(name, value)| before.get(name).is_none_or(|before| adds(before, value)))
    })
}

/// Begins to compile the scripts of rules, which takes longer than everything else before the first rule is asked.
pub(super) fn compile_soon(
    packs: &[PackFiles],
    owners: &BTreeMap<String, usize>,
    compiler: &Arc<Compiler>,
    executor: &dyn Executor,
    scripts: &mut BTreeMap<String, Script>,
) {
    let others = owners.iter().filter(|(id, _)| !scripts.contains_key(*id));
    let start = |(id, pack): (&String, &usize)| {
        let source = packs.get(*pack)?.source(&format!("{id}.rhai"))?.ok()?;
        Some((id.clone(), compiler.rule_soon(source, executor)))
    };
    let started: Vec<(String, Script)> = others.filter_map(start).collect();
    scripts.extend(started);
}
