//! Why a plugin was not loaded, as problems with a place and a remedy.

use super::{entry, shown};
use crate::files;
use crate::setup::Found;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_plugin_host::LoadError;

/// The problems behind an error; `of` is the profile that names the plugin, and the id under which it does.
pub(crate) fn problems(error: &LoadError, of: Option<(&Found, &str)>) -> Vec<Problem> {
    let profile = of.map(|(found, _)| found);
    let id = of.map_or("", |(_, id)| id);
    let at = |problem: Problem| placed(problem, profile, id);
    match error {
        LoadError::Read { path, source } => {
            vec![at(files::cannot("read", &shown(path), source))]
        }
        LoadError::Manifest { place, problems } => problems
            .iter()
            .map(|problem| Problem::error(problem).in_file(place.replace('\\', "/")))
            .collect(),
        LoadError::Archive { path, problems } => problems
            .iter()
            .map(|problem| Problem::error(problem).in_file(shown(path)))
            .collect(),
        LoadError::Platform {
            path,
            systems,
            here,
        } => {
            let systems = systems.join(", ");
            let message = format!(
                "`{}` holds libraries for {systems}; none for this system",
                shown(path)
            );
            let problem = Problem::error(message).expected(format!("a library for {here}"));
            vec![at(
                problem.suggest("ask its author for one, or build it here")
            )]
        }
        LoadError::Settings { plugin, problems } => {
            let message = |problem| format!("settings of plugin `{plugin}`: {problem}");
            let problems = problems.iter();
            problems
                .map(|problem| in_settings(problem, Problem::error(message(problem)), profile, id))
                .collect()
        }
        LoadError::Digest {
            plugin,
            what,
            expected,
            found,
        } => {
            let message = format!(
                "the {what} of plugin `{plugin}` is not the one in the lock file: found sha256:{found}"
            );
            let remedy = format!(
                "if you changed or updated it, see and accept the difference with \
                 `evenhand plugin lock --update {plugin}`; if not, do not run it"
            );
            // Alone on its line it is not cut, and can be copied.
            let problem = Problem::error(message).expected(format!("SHA-256 {expected}"));
            vec![at(problem.suggest(remedy))]
        }
        LoadError::Pin { plugin, problem } => {
            // What to do comes last in these messages.
            let (what, remedy) = problem.rsplit_once("; ").unwrap_or((problem, ""));
            let message = format!("plugin `{plugin}` is not pinned as it is: {what}");
            let remedy = (!remedy.is_empty()).then(|| remedy.to_owned());
            vec![at(Problem::error(message).suggest_maybe(remedy))]
        }
        other => vec![at(Problem::error(other.to_string()))],
    }
}

/// A problem at the plugin's entry in the profile.
pub(crate) fn placed(problem: Problem, found: Option<&Found>, id: &str) -> Problem {
    match found {
        Some(found) => found.profile.problem_at_key(&entry(id), problem),
        None => problem,
    }
}

/// A problem of settings begins with the pointer of the wrong one, where it is one value that is wrong.
fn in_settings(text: &str, problem: Problem, found: Option<&Found>, id: &str) -> Problem {
    let Some(found) = found else { return problem };
    let pointer = text
        .strip_prefix('`')
        .and_then(|rest| rest.split('`').next());
    let below = pointer
        .filter(|pointer| pointer.starts_with('/'))
        .unwrap_or_default();
    let at = format!("{}{below}", entry(id).key("settings").as_str());
    found.profile.problem_at(&Pointer::from_json(at), problem)
}
