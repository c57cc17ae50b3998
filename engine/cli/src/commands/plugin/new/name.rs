//! Ids of new plugins.

use crate::bundled;
use evenhand_core::problem::Problem;

/// Longer ids make file names that some systems refuse.
const LONGEST: usize = 60;

/// Why an id cannot be taken.
pub(super) fn problem(id: &str) -> Option<Problem> {
    if bundled::PLUGINS.contains(&id) {
        let problem = Problem::error(format!(
            "`{id}` is the id of a plugin that comes with evenhand"
        ));
        return Some(problem.suggest(format!("choose another, such as `{id}-of-our-school`")));
    }
    if is_kebab(id) && id.len() <= LONGEST {
        return None;
    }
    let expected = format!(
        "small letters, digits and single hyphens, such as `air-quality`, at most {LONGEST} of them"
    );
    let problem = Problem::error(format!("`{id}` cannot be the id of a plugin")).expected(expected);
    let near = kebab(id).filter(|near| near != id && problem_free(near));
    Some(problem.suggest_maybe(near.map(|near| format!("did you mean `{near}`?"))))
}

fn problem_free(id: &str) -> bool {
    is_kebab(id) && id.len() <= LONGEST && !bundled::PLUGINS.contains(&id)
}

fn is_kebab(id: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    id.starts_with(|first: char| first.is_ascii_lowercase())
        && id
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(small))
}

/// What was probably meant; none where letters would be lost.
fn kebab(id: &str) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut after_small = false;
    for c in id.chars() {
        let separates = [' ', '_', '-', '.', '/'].contains(&c);
        if !separates && !c.is_ascii_alphanumeric() {
            return None;
        }
        if separates || (c.is_ascii_uppercase() && after_small) {
            words.push(std::mem::take(&mut word));
        }
        if !separates {
            word.push(c.to_ascii_lowercase());
        }
        after_small = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    Some(words.join("-"))
}

/// The id as people write it: `air-quality` is "Air quality".
pub(super) fn title(id: &str) -> String {
    let mut letters = id.chars();
    let first: String = letters
        .next()
        .into_iter()
        .map(|c| c.to_ascii_uppercase())
        .collect();
    format!("{first}{}", letters.as_str().replace('-', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case() {
        for good in ["air", "air-quality", "pm25", "a-1"] {
            assert_eq!(problem(good), None, "{good}");
        }
        for (wrong, meant) in [
            ("Air_Quality", Some("air-quality")),
            ("airQuality", Some("air-quality")),
            ("air quality.", Some("air-quality")),
            ("--air", Some("air")),
            ("2nd", None),
            ("Luftqualität", None),
            ("", None),
            ("Climate", None),
        ] {
            let problem = problem(wrong).unwrap();
            let expected = meant.map(|meant| format!("did you mean `{meant}`?"));
            assert_eq!(problem.suggestion.map(String::from), expected, "{wrong}");
        }
        assert!(problem(&"a".repeat(61)).is_some());
        assert!(
            problem("climate")
                .unwrap()
                .message
                .contains("comes with evenhand")
        );
    }
}
