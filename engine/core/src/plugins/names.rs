//! Names that a plugin must not take: of functions, since a script that calls one would get the plugin's answer instead,
//! and of rules.

use crate::plugin::Manifest;
use crate::problem::Problem;
use crate::program::native;

/// Whether scripts have a function of this name without anybody's doing.
pub(crate) fn is_built_in(name: &str) -> bool {
    native(name).is_some() || LANGUAGE.contains(&name)
}

/// What the language brings along.
const LANGUAGE: &[&str] = &[
    "all",
    "append",
    "bits",
    "bytes",
    "call",
    "chars",
    "chop",
    "clear",
    "contains",
    "crop",
    "curry",
    "debug",
    "dedup",
    "drain",
    "ends_with",
    "eval",
    "extract",
    "fill_with",
    "filter",
    "find",
    "find_map",
    "for_each",
    "get",
    "index_of",
    "insert",
    "is_empty",
    "is_even",
    "is_odd",
    "is_zero",
    "keys",
    "len",
    "make_lower",
    "make_upper",
    "map",
    "mixin",
    "order",
    "order_by",
    "order_desc",
    "pad",
    "pop",
    "print",
    "push",
    "range",
    "reduce",
    "reduce_rev",
    "remove",
    "replace",
    "retain",
    "reverse",
    "shift",
    "sign",
    "some",
    "sort",
    "sort_by",
    "sort_desc",
    "splice",
    "split",
    "split_rev",
    "starts_with",
    "sub_string",
    "to_debug",
    "to_json",
    "to_lower",
    "to_string",
    "to_upper",
    "trim",
    "truncate",
    "type_of",
    "values",
    "zip",
];

/// What is wrong with the names of a plugin's functions beside the engine's and those of `others`.
pub(super) fn problems(manifest: &Manifest, others: &[&Manifest], file: &str) -> Vec<Problem> {
    let taken = |name: &str| {
        if is_built_in(name) {
            return Some("every script has already".to_owned());
        }
        let has = |other: &&&Manifest| {
            let mut functions = other.functions.iter();
            functions.any(|function| function.name == name)
        };
        let other = others.iter().find(has)?;
        Some(format!("plugin `{}` has already", other.id))
    };
    let of = |name: &str| {
        let whose = taken(name)?;
        let problem = Problem::error(format!("it declares a function `{name}`, which {whose}"));
        let suggested = format!("{}_{name}", manifest.facts_key());
        Some(
            problem
                .in_file(file)
                .expected("a name of its own")
                .suggest(format!("call it `{suggested}`")),
        )
    };
    let functions = manifest.functions.iter();
    functions
        .filter_map(|function| of(&function.name))
        .collect()
}

/// What is wrong with the ids of a plugin's rules beside those of the packs and of `others`: two findings of one id could
/// not be told apart, and settings for the one would hold for the other.
pub(super) fn of_rules(
    manifest: &Manifest,
    others: &[&Manifest],
    packs: &[String],
    file: &str,
) -> Vec<Problem> {
    let has = |manifest: &Manifest, id: &str| manifest.rules.iter().any(|rule| rule.id == id);
    let whose = |id: &str| {
        if packs.iter().any(|known| known == id) {
            return Some("a pack has already".to_owned());
        }
        let other = others.iter().find(|other| has(other, id))?;
        Some(format!("plugin `{}` has already", other.id))
    };
    let of = |id: &str| {
        let problem = Problem::error(format!("it declares a rule `{id}`, which {}", whose(id)?));
        Some(problem.in_file(file).expected("an id of its own"))
    };
    let rules = manifest.rules.iter();
    rules.filter_map(|rule| of(&rule.id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn manifest(id: &str, function: &str) -> Manifest {
        serde_json::from_value(json!({
            "manifest_version": 1, "id": id, "title": id, "version": "0.1.0", "abi": "1.0",
            "engine": ">=0.1, <0.2", "licence": "MIT", "reads": [],
            "functions": [{ "name": function, "params": [{ "name": "x", "type": "f64" }], "returns": "f64" }]
        }))
        .unwrap()
    }

    fn said(function: &str) -> Vec<String> {
        let other = manifest("other", "great_circle_km");
        let mine = manifest("air-quality", function);
        let problems = problems(&mine, &[&other], "manifest");
        problems
            .into_iter()
            .map(|problem| format!("{}; {}", problem.message, problem.suggestion.unwrap()))
            .collect()
    }

    #[test]
    fn names_of_others_are_refused() {
        assert_eq!(
            said("share"),
            [
                "it declares a function `share`, which every script has already; call it `air_quality_share`"
            ]
        );
        assert_eq!(
            said("great_circle_km"),
            [
                "it declares a function `great_circle_km`, which plugin `other` has already; call it `air_quality_great_circle_km`"
            ]
        );
        assert_eq!(said("share_of_rain"), [""; 0]);
    }

    #[test]
    fn ids_of_rules_that_others_have_are_refused() {
        let with = |id: &str, rule: &str| {
            let mut manifest = manifest(id, "own");
            let rule = json!({ "id": rule, "title": "T", "dimension": "climate", "severity": "minor", "sources": [] });
            manifest.rules = vec![serde_json::from_value(rule).unwrap()];
            manifest
        };
        let other = with("other", "climate/soot");
        let packs = ["climate/land-travel".to_owned()];
        let said = |rule: &str| {
            let problems = of_rules(&with("air-quality", rule), &[&other], &packs, "manifest");
            problems
                .into_iter()
                .map(|problem| problem.message)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            said("climate/land-travel"),
            ["it declares a rule `climate/land-travel`, which a pack has already"]
        );
        assert_eq!(
            said("climate/soot"),
            ["it declares a rule `climate/soot`, which plugin `other` has already"]
        );
        assert_eq!(said("climate/air"), [""; 0]);
    }

    /// The names that the engine gives to scripts are those written in its own sources.
    #[test]
    fn the_list_is_what_scripts_have() {
        let sources = [
            include_str!("../rule/helpers.rs"),
            include_str!("../rule/bindings.rs"),
            include_str!("../rule/compare.rs"),
        ];
        let mut named = Vec::new();
        for source in sources {
            let (source, _) = source.split_once("#[cfg(test)]").unwrap_or((source, ""));
            for call in ["register_fn(", "register_raw_fn("] {
                for rest in source.split(call).skip(1) {
                    let quoted = rest.trim_start().strip_prefix('"');
                    named.extend(quoted.and_then(|rest| rest.split('"').next()));
                }
            }
        }
        assert!(named.len() > 10, "{named:?}");
        for name in named {
            let operator = name.chars().any(|c| !c.is_ascii_lowercase() && c != '_');
            assert!(operator || is_built_in(name), "`{name}` is not on the list");
        }
    }
}
