//! What a language lacks, each where the English stands.

use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use evenhand_locale::{Locale, Missing, languages, missing, open_to_fill};
use std::collections::BTreeMap;

/// A language to be filled in, with every file of the packs checked.
pub fn to_fill(book: &Rulebook, tag: &str) -> Result<Locale, Vec<Problem>> {
    open_to_fill(tag, &book.catalogs(), &|| book.originals())
}

/// What a language lacks as warnings, each where the English stands; of the rules that are named, or of everything if
/// none is.
///
/// What the files of the language get wrong stands there instead, until it is right.
pub fn untranslated(book: &Rulebook, tag: &str, ids: &[String]) -> Vec<Problem> {
    let locale = match to_fill(book, tag) {
        Ok(locale) => locale,
        Err(problems) => return problems,
    };
    let missing = missing(&book.originals(), &locale);
    let known = languages(&book.catalogs());
    let mut shorter = tag.match_indices('-').map(|(at, _)| tag.get(..at));
    let begun = known.iter().any(|known| known == tag)
        || shorter.any(|part| part.is_some_and(|part| known.iter().any(|known| known == part)));
    if !begun && ids.is_empty() {
        return vec![Problem::warning(format!("`{tag}` has no texts yet"))];
    }
    let texts: BTreeMap<String, String> = book.said();
    let said = |one: &Missing| (one.section == "messages").then(|| texts.get(&one.key))?;
    let wanted = missing.iter().filter_map(|one| {
        let id = said(one).map_or(one.key.as_str(), String::as_str);
        let named = ids.iter().any(|wanted| wanted == id);
        (named || ids.is_empty()).then(|| untold(book, tag, one, id))
    });
    wanted.collect()
}

/// One text that `tag` lacks, with the place of the English.
fn untold(book: &Rulebook, tag: &str, one: &Missing, id: &str) -> Problem {
    let (section, key) = (one.section.as_str(), one.key.as_str());
    let problem = Problem::warning(match section {
        "titles" => format!("`{tag}` has no title for `{key}`"),
        "helps" => format!("`{tag}` does not say what helps for `{key}`"),
        "messages" => format!("`{tag}` has no message for “{key}”"),
        "questions" => format!("`{tag}` has no question for the field `{key}`"),
        "fields" => format!("`{tag}` has no name for the field `{key}`"),
        _ => format!("`{tag}` has nothing for “{}” in `{section}`", one.english),
    });
    let rule = book.rules().iter().find(|rule| rule.page.id == id);
    match (section, rule) {
        ("titles", Some(rule)) => rule.page.problem_at(&Pointer::root().key("title"), problem),
        ("helps", Some(rule)) => problem.in_file(rule.page.source.name()),
        ("messages", Some(rule)) => in_script(rule, key, problem),
        _ => in_pack(book, section, key, problem),
    }
}

/// In the file of a pack that holds a text which belongs to no rule.
fn in_pack(book: &Rulebook, section: &str, key: &str, problem: Problem) -> Problem {
    let file = match section {
        "dimensions" | "respondents" => "pack.toml",
        "messages" => "lib/",
        "words" | "titles" | "helps" => return problem,
        _ => "schema.json",
    };
    let holds = |text: &[u8]| file != "lib/" || String::from_utf8_lossy(text).contains(key);
    let place = book.packs().iter().find_map(|pack| {
        let mut files = pack.files.iter();
        let (path, _) = files.find(|(path, text)| path.starts_with(file) && holds(text))?;
        Some(pack.name_of(path))
    });
    match place {
        Some(name) => problem.in_file(name),
        None => problem,
    }
}

/// At the text in the rule's script; a text with escapes in it is only in the file.
fn in_script(rule: &Rule, key: &str, problem: Problem) -> Problem {
    if rule.page.form.is_some() {
        let page = &rule.page.source;
        return match page.text().find(key) {
            Some(start) => problem.at(page, start..start + key.len()),
            None => problem.in_file(page.name()),
        };
    }
    let Some(script) = rule.script_source() else {
        return problem;
    };
    match script.text().find(key) {
        Some(start) => problem.at(script, start..start + key.len()),
        None => problem.in_file(script.name()),
    }
}
