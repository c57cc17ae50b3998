//! What settings make of packs before a rule is loaded: which rules take part, what dimensions are called, and what two packs may
//! not both have.

use super::load::CHECKS;
use crate::pack::{Dimension, PackFiles, PackInfo};
use crate::plugins::Plugins;
use crate::problem::Problem;
use crate::settings::Settings;
use std::collections::{BTreeMap, BTreeSet};

/// Whether an id is that of a page which asks whether answers are right.
pub(super) fn is_check(id: &str) -> bool {
    id.split_once('/')
        .is_some_and(|(folder, _)| folder == CHECKS)
}

/// Every rule that settings may name: those of packs that take part, and of plugins.
pub(super) fn ids_of(
    owners: &BTreeMap<String, usize>,
    plugins: &Plugins,
    bare: &BTreeSet<String>,
) -> Vec<String> {
    let own = owners.keys().filter(|id| !is_check(id)).cloned();
    let manifests = plugins.manifests();
    let manifests = manifests.filter(|(manifest, _)| !bare.contains(&manifest.id));
    let of_plugins = manifests.flat_map(|(manifest, _)| manifest.rules.iter());
    own.chain(of_plugins.map(|rule| rule.id.clone())).collect()
}

/// The plugins of which the rules are left out: those that no pack declares but ones of which only the fields take part.
pub(super) fn bare_plugins(packs: &[PackFiles]) -> BTreeSet<String> {
    let of = |fields_only: bool| {
        let some = packs
            .iter()
            .filter(move |pack| pack.fields_only == fields_only);
        some.flat_map(|pack| pack.info().unwrap_or_default().plugins)
    };
    if !packs.iter().any(|pack| pack.fields_only) {
        return BTreeSet::new();
    }
    let full: BTreeSet<String> = of(false).collect();
    of(true).filter(|id| !full.contains(id)).collect()
}

/// Gives the dimensions the titles, weights and order of the settings. Those of packs of which only the fields take part, and
/// in which no other rule stands, come back: a board that leaves the rules out is compared by them.
pub(super) fn set_up(
    info: &mut PackInfo,
    packs: &[PackFiles],
    ids: &[String],
    settings: &Settings,
) -> Vec<Dimension> {
    let own = |pack: &PackFiles| {
        let info = pack.info().unwrap_or_default();
        info.dimensions.into_iter().map(|dimension| dimension.id)
    };
    let of = |fields_only: bool| {
        let some = packs
            .iter()
            .filter(move |pack| pack.fields_only == fields_only);
        some.flat_map(own).collect::<Vec<String>>()
    };
    let mut aside = Vec::new();
    if packs.iter().any(|pack| pack.fields_only) {
        let (bare, full) = (of(true), of(false));
        let has_rule = |id: &str| {
            let start = format!("{id}/");
            ids.iter().any(|rule| rule.starts_with(&start))
        };
        let (kept, left) = std::mem::take(&mut info.dimensions)
            .into_iter()
            .partition(|one| {
                !bare.contains(&one.id) || full.contains(&one.id) || has_rule(&one.id)
            });
        info.dimensions = kept;
        aside = left;
    }
    for dimension in &mut info.dimensions {
        if let Some(title) = settings.names.dimensions.get(&dimension.id) {
            dimension.title.clone_from(title);
        }
        let weight = settings.weights.get(&dimension.id);
        dimension.weight = weight.copied().unwrap_or(dimension.weight);
    }
    let rank = |id: &String| {
        let place = settings.order.iter().position(|own| own == id);
        place.unwrap_or(usize::MAX)
    };
    info.dimensions.sort_by_key(|dimension| rank(&dimension.id));
    aside
}

/// Rules that two packs of a board have: which of them is meant nobody can tell. A bundled rule may be replaced.
pub(super) fn two_of_one_id(packs: &[PackFiles]) -> Vec<Problem> {
    let mut owners: BTreeMap<String, &PackFiles> = BTreeMap::new();
    let mut problems = Vec::new();
    for pack in packs
        .iter()
        .filter(|pack| !pack.bundled && !pack.fields_only)
    {
        for id in pack.rule_ids() {
            if let Some(other) = owners.get(&id) {
                let message = format!(
                    "the rule `{id}` is one of the pack `{}` already",
                    other.folder
                );
                let problem = Problem::error(message)
                    .expected("an id that no other pack of the board has")
                    .suggest(format!(
                        "delete one of the two, or give this one another name than `{id}`"
                    ));
                let page = format!("{id}.md");
                problems.push(match pack.source(&page) {
                    Some(Ok(source)) => problem.at(&source, 0..0),
                    _ => problem.in_file(pack.name_of(&page)),
                });
            } else {
                owners.insert(id, pack);
            }
        }
    }
    problems
}
