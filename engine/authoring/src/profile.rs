//! A new profile: everything a board may set, in comments, so that it sets nothing until somebody says so.

use evenhand_core::level::Levels;
use evenhand_core::profile::{CORE_PACK, KEYS};
use evenhand_core::rule::PageKind;
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::text::number;

const TEMPLATE: &str = include_str!("profile/template.toml");

/// The text of a new profile for the rules of a rulebook; `extends` are profiles and packs that it rests on.
pub fn template(book: &Rulebook, name: &str, extends: &[String]) -> String {
    let core = [CORE_PACK.to_owned()];
    let extends = if extends.is_empty() {
        core.as_slice()
    } else {
        extends
    };
    let extends: Vec<String> = extends.iter().map(|name| entry(name)).collect();
    let settings = book.settings();
    let dimensions = || book.info().dimensions.iter();
    let order: Vec<String> = dimensions().map(|one| quoted(&one.id)).collect();
    let lines = |line: &dyn Fn(&str) -> String| -> String {
        let lines: Vec<String> = dimensions().map(|one| line(&one.id)).collect();
        lines.join("\n")
    };
    let first = book.info().dimensions.first();
    let dimension = first.map_or("ethics", |one| one.id.as_str());
    let rule = example(book);
    let id = rule.map_or("ethics/a-rule", |rule| rule.page.id.as_str());
    let folder = id.split('/').next().unwrap_or_default();
    let mut waivable = book
        .rules()
        .iter()
        .map(|rule| &rule.page)
        .filter(|page| page.kind == PageKind::Rule && page.waivable && page.id != id);
    let waived = waivable.next().map_or(id, |page| page.id.as_str());
    let param = rule.and_then(|rule| rule.page.params.iter().find(|one| one.stricter.is_some()));
    let param = param.map(|param| {
        let value = param.default.as_f64().map(number).unwrap_or_default();
        format!("# params = {{ {} = {value} }}", param.name)
    });
    let levels = Levels::default();
    let bound = |word: &str| number(levels.bound(word).unwrap_or_default());
    let places = [
        ("{name}", quoted(name)),
        ("{extends}", extends.join(", ")),
        ("{order}", order.join(", ")),
        ("{good}", bound("good")),
        ("{mixed}", bound("mixed")),
        (
            "{thresholds}",
            lines(&|id| format!("# {id} = {}", number(settings.threshold(id)))),
        ),
        ("{weights}", lines(&|id| format!("# {id} = 1"))),
        ("{dimension}", dimension.to_owned()),
        ("{rule}", id.to_owned()),
        ("{folder}", folder.to_owned()),
        ("{waived}", waived.to_owned()),
        (
            "{param}",
            param.unwrap_or_else(|| "# params = {}".to_owned()),
        ),
    ];
    let mut text = TEMPLATE.to_owned();
    for (place, value) in places {
        text = text.replace(place, &value);
    }
    text
}

/// A rule to show settings with: one that may be waived, of which a parameter has a stricter side.
fn example(book: &Rulebook) -> Option<&Rule> {
    let fits = |rule: &&Rule| {
        let mut params = rule.page.params.iter();
        let plain = params.any(|param| param.stricter.is_some() && param.dated.is_empty());
        rule.page.kind == PageKind::Rule && rule.page.waivable && plain
    };
    book.rules()
        .iter()
        .find(fits)
        .or_else(|| book.rules().first())
}

/// An entry of `extends`: a pack of the board's own has a reason.
fn entry(name: &str) -> String {
    if name == CORE_PACK || name.to_ascii_lowercase().ends_with(".toml") {
        quoted(name)
    } else {
        format!("{{ pack = {}, reason = \"our own rules\" }}", quoted(name))
    }
}

/// A text as TOML; what JSON escapes, TOML escapes alike.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The table of all keys, for the guide.
pub fn table() -> String {
    let mut table = "| key | such as | needs a reason | what |\n|---|---|---|---|\n".to_owned();
    for key in KEYS {
        let reason = key.reason.words();
        table.push_str(&format!(
            "| `{}` | `{}` | {reason} | {} |\n",
            key.key, key.example, key.about
        ));
    }
    table
}
