//! Reads a manifest and says everything that is wrong with it.

use crate::error::LoadError;
use evenhand_contract::abi;
use evenhand_contract::plugin::{Function, Manifest, PluginRule, Source};
use evenhand_contract::{schema, strict_json};
use semver::{Version, VersionReq};
use std::collections::BTreeSet;

/// Reads the manifest `bytes`; `place` names it in errors.
pub(crate) fn parse(place: &str, bytes: &[u8]) -> Result<Manifest, LoadError> {
    let wrong = |problems| LoadError::Manifest {
        place: place.to_owned(),
        problems,
    };
    let said = |error: serde_json::Error| wrong(vec![error.to_string()]);
    // First the form, whose errors have a line; then that every key is there once, which types do not see everywhere.
    let mut manifest: Manifest = serde_json::from_slice(bytes).map_err(said)?;
    let text = String::from_utf8_lossy(bytes);
    strict_json::read(&text, strict_json::VALUES).map_err(said)?;
    let mut problems = evenhand_tables::expand(&mut manifest);
    problems.extend(self::problems(&manifest));
    if problems.is_empty() {
        Ok(manifest)
    } else {
        Err(wrong(problems))
    }
}

/// Whether the plugin works with `engine`.
pub(crate) fn fits(manifest: &Manifest, engine: &Version) -> Result<(), LoadError> {
    let Ok(wanted) = VersionReq::parse(&manifest.engine) else {
        return Ok(()); // `parse` has refused it
    };
    if wanted.matches(engine) {
        return Ok(());
    }
    // If no part of the range forbids a later engine, a later engine is what is wanted.
    let newer = wanted.comparators.iter().all(|part| {
        use semver::Op;
        let from = Version::new(part.major, part.minor.unwrap_or(0), part.patch.unwrap_or(0));
        matches!(part.op, Op::Less | Op::LessEq)
            || from > *engine
            || matches!(part.op, Op::Greater | Op::GreaterEq) && from >= *engine
    }) && wanted
        .comparators
        .iter()
        .any(|part| !matches!(part.op, semver::Op::Less | semver::Op::LessEq));
    Err(LoadError::Engine {
        plugin: manifest.id.clone(),
        version: manifest.version.clone(),
        wanted: manifest.engine.clone(),
        engine: engine.to_string(),
        newer,
    })
}

/// Major and minor version of the contract that the manifest names.
pub(crate) fn abi(manifest: &Manifest) -> Option<(u16, u16)> {
    let (major, minor) = manifest.abi.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn problems(manifest: &Manifest) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |wrong: bool, sentence: String| {
        if wrong {
            found.push(sentence);
        }
    };
    let Manifest {
        id,
        version,
        engine,
        ..
    } = manifest;
    say(
        manifest.manifest_version != 1,
        format!(
            "`manifest_version` is {}, this engine reads 1",
            manifest.manifest_version
        ),
    );
    say(
        !kebab(id),
        format!(
            "`id` is `{id}`, expected small letters, digits and single hyphens, such as `air-quality`"
        ),
    );
    say(
        manifest.title.trim().is_empty(),
        "`title` is empty".to_owned(),
    );
    say(
        manifest.licence.trim().is_empty(),
        "`licence` is empty, expected an SPDX expression such as `MIT`".to_owned(),
    );
    if let Err(error) = Version::parse(version) {
        say(
            true,
            format!("`version` is `{version}`, expected a version such as 0.1.0 ({error})"),
        );
    }
    if let Err(error) = VersionReq::parse(engine) {
        say(
            true,
            format!("`engine` is `{engine}`, expected a range such as `>=0.1, <0.2` ({error})"),
        );
    }
    say(
        abi(manifest).is_none(),
        format!(
            "`abi` is `{}`, expected `{}.{}`",
            manifest.abi,
            abi::ABI_MAJOR,
            abi::ABI_MINOR
        ),
    );
    reads(&manifest.reads, &mut found);
    found.extend(schema::problems(&manifest.provides, "provides"));
    found.extend(schema::problems(&manifest.settings, "settings"));
    functions(&manifest.functions, &mut found);
    sources(&manifest.sources, &mut found);
    rules(&manifest.rules, &manifest.sources, &mut found);
    found
}

fn reads(reads: &[String], found: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for pointer in reads {
        if !is_pointer(pointer) {
            found.push(format!(
                "`reads` has `{pointer}`, expected a JSON Pointer such as `/flows`"
            ));
        }
        if !seen.insert(pointer) {
            found.push(format!("`reads` has `{pointer}` twice"));
        }
    }
}

fn functions(functions: &[Function], found: &mut Vec<String>) {
    let mut names = BTreeSet::new();
    for function in functions {
        let name = &function.name;
        if !snake(name) {
            found.push(format!("function `{name}`: expected small letters, digits and underscores, beginning with a letter"));
        }
        if !names.insert(name) {
            found.push(format!("function `{name}` is declared twice"));
        }
        let mut params = BTreeSet::new();
        for param in &function.params {
            if !snake(&param.name) || !params.insert(&param.name) {
                found.push(format!(
                    "function `{name}`: parameter `{}` needs a name of its own in small letters",
                    param.name
                ));
            }
        }
    }
}

fn sources(sources: &[Source], found: &mut Vec<String>) {
    let mut keys = BTreeSet::new();
    for source in sources {
        if !kebab(&source.key) {
            found.push(format!(
                "source `{}`: expected a kebab-case key such as `who-2024`",
                source.key
            ));
        }
        if !keys.insert(&source.key) {
            found.push(format!("source `{}` is listed twice", source.key));
        }
    }
}

fn rules(rules: &[PluginRule], sources: &[Source], found: &mut Vec<String>) {
    let mut ids = BTreeSet::new();
    for rule in rules {
        let id = &rule.id;
        let well_formed = id
            .split_once('/')
            .is_some_and(|(dimension, name)| dimension == rule.dimension && kebab(name));
        if !well_formed {
            found.push(format!(
                "rule `{id}`: expected `{}/` and a kebab-case name",
                rule.dimension
            ));
        }
        if !ids.insert(id) {
            found.push(format!("rule `{id}` is declared twice"));
        }
        if !["critical", "major", "minor", "info"].contains(&rule.severity.as_str()) {
            found.push(format!(
                "rule `{id}`: severity is `{}`, expected critical, major, minor or info",
                rule.severity
            ));
        }
        for key in &rule.sources {
            if !sources.iter().any(|source| source.key == *key) {
                found.push(format!(
                    "rule `{id}` cites `{key}`, which is not in `sources`"
                ));
            }
        }
    }
}

fn kebab(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('-').all(part)
}

fn snake(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A JSON Pointer to something in the proposal; the empty one would read everything and is allowed only as such.
fn is_pointer(text: &str) -> bool {
    let escapes = text
        .split('~')
        .skip(1)
        .all(|rest| rest.starts_with(['0', '1']));
    (text.is_empty() || text.starts_with('/')) && escapes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn manifest() -> Value {
        json!({ "manifest_version": 1, "id": "air-quality", "title": "Air", "version": "0.1.0", "abi": "1.0",
            "engine": ">=0.1, <0.2", "licence": "MIT", "reads": ["/flows"],
            "sources": [{ "key": "who-2024", "title": "Air" }],
            "functions": [{ "name": "pm25", "params": [{ "name": "city", "type": "str" }], "returns": "f64" }],
            "rules": [{ "id": "climate/air", "title": "Air", "dimension": "climate", "severity": "minor", "sources": ["who-2024"] }] })
    }

    fn found(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut value = manifest();
        change(&mut value);
        match parse("plugin.json", value.to_string().as_bytes()) {
            Ok(_) => Vec::new(),
            Err(LoadError::Manifest { problems, .. }) => problems,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_good_one_has_no_problems() {
        assert_eq!(found(|_| {}), [""; 0]);
    }

    #[test]
    fn every_problem_is_said() {
        let found = found(|value| {
            value["id"] = json!("Air_Quality");
            value["version"] = json!("1");
            value["engine"] = json!("later");
            value["abi"] = json!("one");
            value["reads"] = json!(["flows", "/a~2", "/b", "/b"]);
            value["functions"][0]["name"] = json!("PM25");
            value["rules"][0]["severity"] = json!("bad");
            value["rules"][0]["sources"] = json!(["nobody"]);
            value["rules"][0]["id"] = json!("ethics/air");
        });
        assert_eq!(found.len(), 11, "{found:#?}");
    }

    #[test]
    fn unknown_fields_are_refused() {
        assert_eq!(found(|value| value["privileges"] = json!("all")).len(), 1);
    }

    #[test]
    fn an_engine_outside_the_range_is_told_which_side_to_update() {
        let check = |range: &str, expected: Option<&str>| {
            let manifest = Manifest {
                engine: range.to_owned(),
                ..parse("m", manifest().to_string().as_bytes()).unwrap()
            };
            let message = fits(&manifest, &Version::new(0, 3, 1))
                .err()
                .map(|error| error.to_string());
            match (message, expected) {
                (None, None) => {}
                (Some(message), Some(end)) => assert!(message.ends_with(end), "{range}: {message}"),
                (message, _) => panic!("{range}: {message:?}"),
            }
        };
        check(">=0.1, <0.4", None);
        check("0.3", None);
        check(">=0.1, <0.2", Some("update the plugin"));
        check("^0.2", Some("update the plugin"));
        check(">=0.4, <0.5", Some("update Evenhand"));
        check("1", Some("update Evenhand"));
    }
}
