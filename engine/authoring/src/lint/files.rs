//! Files of a pack beside its rules: sources nobody cites, bases no case starts from, translations of what is not there.

use crate::cases::bases;
use crate::cases::cases;
use crate::glossary::read_glossary;
use crate::traceability::cited as cited_by_rows;
use crate::translation::to_fill;
use evenhand_core::pack::PackFiles;
use evenhand_core::rule::page::citation;
use evenhand_core::rulebook::Rulebook;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use evenhand_locale::languages;
use std::collections::BTreeSet;

/// What the packs hold and nothing uses, and what their translations get wrong.
pub(super) fn file_problems(book: &Rulebook) -> Vec<Problem> {
    let mut problems = Vec::new();
    match cited(book) {
        Ok(cited) => {
            let uncited = book.packs().iter().flat_map(|pack| uncited(pack, &cited));
            problems.extend(uncited);
        }
        Err(found) => problems.extend(found),
    }
    for tag in languages(&book.catalogs()) {
        problems.extend(to_fill(book, &tag).err().into_iter().flatten());
    }
    let started = started_from(book);
    for pack in book.packs() {
        for base in bases(pack).iter().filter(|base| !started.contains(*base)) {
            let problem = Problem::warning(format!("no case starts from the base `{base}`"))
                .in_file(pack.name_of(&format!("bases/{base}.yaml")))
                .suggest("use it in a case, or take it out");
            problems.push(problem);
        }
    }
    problems
}

/// The keys of all sources that pages, plugins, the glossary or the founding documents name.
fn cited(book: &Rulebook) -> Result<BTreeSet<String>, Vec<Problem>> {
    let mut keys: BTreeSet<String> = BTreeSet::new();
    for rule in book.rules() {
        keys.extend(rule.page.sources.iter().map(|source| source.key.clone()));
        let params = rule.page.params.iter();
        keys.extend(
            params
                .filter_map(|param| param.source.as_deref())
                .map(|text| citation(text).key),
        );
    }
    for (manifest, _) in book.manifests() {
        let texts = manifest.rules.iter().flat_map(|rule| &rule.sources);
        keys.extend(texts.map(|text| citation(text).key));
    }
    for term in read_glossary(book)?.terms {
        keys.extend(term.sources.iter().map(|text| citation(text).key));
    }
    for pack in book.packs() {
        keys.extend(cited_by_rows(pack));
    }
    Ok(keys)
}

/// The bases that cases start from; cases that cannot be read are reported where they are run.
fn started_from(book: &Rulebook) -> BTreeSet<String> {
    let cases = book
        .rules()
        .iter()
        .filter_map(|rule| cases(book, rule).ok());
    cases.flatten().filter_map(|case| case.base).collect()
}

fn uncited(pack: &PackFiles, cited: &BTreeSet<String>) -> Vec<Problem> {
    let Some(Ok(document)) = pack.document("sources.toml") else {
        return Vec::new();
    };
    let keys = document.keys_in_order(&Pointer::root());
    keys.iter()
        .filter(|key| !cited.contains(*key))
        .map(|key| {
            let problem = Problem::warning(format!("nothing cites the source `{key}`"))
                .suggest("cite it where it counts, or take it out");
            document.problem_at(&Pointer::root().key(key), problem)
        })
        .collect()
}
