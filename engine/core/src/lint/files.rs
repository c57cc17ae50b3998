//! Files of a pack beside its rules: sources nobody cites, bases no case starts from, translations of what is not there.

use crate::founding;
use crate::pack::PackFiles;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::rule::cases::bases;
use crate::rule::page::citation;
use crate::rulebook::Rulebook;
use std::collections::BTreeSet;

impl Rulebook {
    /// What the packs hold and nothing uses, and what their translations get wrong.
    pub(super) fn file_problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        match self.cited() {
            Ok(cited) => {
                let uncited = self.packs().iter().flat_map(|pack| uncited(pack, &cited));
                problems.extend(uncited);
            }
            Err(found) => problems.extend(found),
        }
        for tag in self.languages() {
            problems.extend(self.locale_to_fill(&tag).err().into_iter().flatten());
        }
        let started = self.started_from();
        for pack in self.packs() {
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
    fn cited(&self) -> Result<BTreeSet<String>, Vec<Problem>> {
        let mut keys: BTreeSet<String> = BTreeSet::new();
        for rule in self.rules() {
            keys.extend(rule.page.sources.iter().map(|source| source.key.clone()));
            let params = rule.page.params.iter();
            keys.extend(
                params
                    .filter_map(|param| param.source.as_deref())
                    .map(|text| citation(text).key),
            );
        }
        for (manifest, _) in self.plugins.manifests() {
            let texts = manifest.rules.iter().flat_map(|rule| &rule.sources);
            keys.extend(texts.map(|text| citation(text).key));
        }
        for term in self.glossary()?.terms {
            keys.extend(term.sources.iter().map(|text| citation(text).key));
        }
        for pack in self.packs() {
            keys.extend(founding::cited(pack));
        }
        Ok(keys)
    }

    /// The bases that cases start from; cases that cannot be read are reported where they are run.
    fn started_from(&self) -> BTreeSet<String> {
        let cases = self.rules().iter().filter_map(|rule| self.cases(rule).ok());
        cases.flatten().filter_map(|case| case.base).collect()
    }
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
