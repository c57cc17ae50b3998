//! A board's settings as people and programs read them: what is in force and where it comes from, and what differs.

use crate::Look;
use crate::style::Tone;
use evenhand_core::profile::{Bearing, Difference, Effective, Origin, Shares};
use evenhand_diagnostic::text::{pretty_json, shorten, visible_line};
use evenhand_diagnostic::words::Words;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// Characters of a value in a line; the JSON has all of it.
const VALUE: usize = 60;

/// Every value in force, under the table of a profile in which it stands, with where it comes from.
pub fn text(name: &str, settings: &[Effective], words: &dyn Words, look: Look) -> String {
    let name = visible_line(name);
    let title = words.say("Settings of {profile}", &[("profile", &name)]);
    let mut lines = vec![look.paint(Tone::Strong, &title)];
    let mut before = String::new();
    for one in settings {
        let (table, key) = place(&one.path);
        if table != before {
            lines.push(String::new());
            lines.push(look.paint(Tone::Strong, &format!("[{table}]")));
            before = table;
        }
        let value = shown(Some(&one.value), words);
        lines.extend(look.wrap(&format!("{key} = {value}"), "  ", "      "));
        let mut from = origin(&one.origin, words);
        if let Some(reason) = &one.reason {
            from = format!("{from} ({reason})");
        }
        let from = look.wrap(&from, "      ", "      ").into_iter();
        lines.extend(from.map(|line| look.paint(Tone::Faint, &line)));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// The same as JSON: a list of objects.
pub fn json(settings: &[Effective]) -> String {
    let list = settings.iter().map(|one| {
        json!({
            "key": one.path.join("."),
            "path": one.path,
            "value": one.value,
            "from": origin_json(&one.origin),
            "reason": one.reason,
        })
    });
    pretty_json(&Value::Array(list.collect()))
}

/// What differs, each with which way it goes, and how often each way.
pub fn differences(found: &[Difference], words: &dyn Words, look: Look) -> String {
    if found.is_empty() {
        return format!("{}\n", words.word("No setting differs."));
    }
    let mut lines = Vec::new();
    for one in found {
        let bearing = match &one.shares {
            Some(shares) => counts(shares, words),
            None => words.word(bearing(one.bearing)).to_owned(),
        };
        let line = format!(
            "{}: {} → {}",
            key(&one.path),
            shown(one.from.as_ref(), words),
            shown(one.to.as_ref(), words)
        );
        lines.extend(look.wrap(&line, " · ", "   "));
        let from = origin(&one.origin, words);
        let line = format!("{bearing}; {from}");
        let faint = look.wrap(&line, "   ", "   ").into_iter();
        lines.extend(faint.map(|line| look.paint(Tone::Faint, &line)));
    }
    let count = |bearing: Bearing| {
        let same = found.iter().filter(|one| one.bearing == bearing);
        same.count().to_string()
    };
    let total = words.say(
        "Stricter: {stricter}. Looser: {looser}. Either way: {either}. Neutral: {neutral}.",
        &[
            ("stricter", &count(Bearing::Stricter)),
            ("looser", &count(Bearing::Looser)),
            ("either", &count(Bearing::Either)),
            ("neutral", &count(Bearing::Neutral)),
        ],
    );
    lines.push(String::new());
    lines.extend(look.wrap(&total, "", ""));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// The same as JSON: a list of objects.
pub fn differences_json(found: &[Difference]) -> String {
    let list = found.iter().map(|one| {
        json!({
            "key": one.path.join("."),
            "path": one.path,
            "from": one.from,
            "to": one.to,
            "bearing": one.bearing.word(),
            "shares": one.shares.as_ref().map(|shares| {
                let share = |share: f64| (share * 1e4).round() / 1e4;
                json!({
                    "dimension": shares.dimension,
                    "before": share(shares.before),
                    "after": share(shares.after),
                })
            }),
            "origin": origin_json(&one.origin),
        })
    });
    pretty_json(&Value::Array(list.collect()))
}

/// Which way a weight goes: what counts more, and what less.
fn counts(shares: &Shares, words: &dyn Words) -> String {
    let share = |share: f64| words.percent((share * 1000.0).round() / 10.0);
    let (before, after) = (share(shares.before), share(shares.after));
    let dimension = shares.dimension.as_deref().unwrap_or_default();
    let way = if (shares.after - shares.before).abs() < 1e-9 {
        Ordering::Equal
    } else {
        shares.before.total_cmp(&shares.after)
    };
    let said = match (way, &shares.dimension) {
        (Ordering::Less, Some(_)) => "counts more: {before} → {after} of {dimension}",
        (Ordering::Greater, Some(_)) => "counts less: {before} → {after} of {dimension}",
        (Ordering::Equal, Some(_)) => "counts as much as before: {after} of {dimension}",
        (Ordering::Less, None) => "counts more in a ranking: {before} → {after}",
        (Ordering::Greater, None) => "counts less in a ranking: {before} → {after}",
        (Ordering::Equal, None) => "counts as much as before in a ranking: {after}",
    };
    let parts = [
        ("before", before.as_str()),
        ("after", after.as_str()),
        ("dimension", dimension),
    ];
    let mut line = words.say(said, &parts);
    let others = match shares.others {
        Ordering::Less => "; what keeps its weight counts less",
        Ordering::Greater => "; what keeps its weight counts more",
        Ordering::Equal => return line,
    };
    line.push_str(words.word(others));
    line
}

fn bearing(bearing: Bearing) -> &'static str {
    match bearing {
        Bearing::Stricter => "stricter",
        Bearing::Looser => "looser",
        Bearing::Neutral => "neutral",
        Bearing::Either => "either way, depending on the program",
    }
}

/// The table of a profile that a key stands in, and its name there.
fn place(path: &[String]) -> (String, String) {
    let quoted = |step: &String| {
        let bare = step
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if bare && !step.is_empty() {
            step.clone()
        } else {
            format!("\"{step}\"")
        }
    };
    let whole = match path.first().map(String::as_str) {
        Some("rules" | "dimensions" | "plugins") => 2,
        _ => 1,
    };
    let (table, key) = path.split_at(whole.min(path.len().saturating_sub(1)));
    let table: Vec<String> = table.iter().map(quoted).collect();
    let (day, key) = match key {
        [most @ .., last] if last.starts_with("from ") => (format!(" {last}"), most),
        all => (String::new(), all),
    };
    (table.join("."), format!("{}{day}", key.join(".")))
}

/// A key as people read it.
fn key(path: &[String]) -> String {
    path.join(".")
}

fn shown(value: Option<&Value>, words: &dyn Words) -> String {
    match value {
        None | Some(Value::Null) => words.word("not set").to_owned(),
        Some(Value::Number(number)) => words.number(number.as_f64().unwrap_or_default()),
        Some(Value::String(text)) => format!("“{}”", shorten(text, VALUE)),
        Some(Value::Bool(flag)) => words.flag(*flag).to_owned(),
        Some(other) => shorten(&other.to_string(), VALUE),
    }
}

fn origin(origin: &Origin, words: &dyn Words) -> String {
    match origin {
        Origin::Program => words.word("the program's default").to_owned(),
        Origin::Pack(pack) => words.say("the pack {pack}", &[("pack", pack)]),
        Origin::Plugin(plugin) => words.say("the plugin {plugin}", &[("plugin", plugin)]),
        Origin::Profile(file, None) => file.clone(),
        Origin::Profile(file, Some(place)) => {
            let line = place.line.to_string();
            words.say("{file}, line {line}", &[("file", file), ("line", &line)])
        }
    }
}

fn origin_json(origin: &Origin) -> Value {
    match origin {
        Origin::Program => json!({ "kind": "program" }),
        Origin::Pack(pack) => json!({ "kind": "pack", "pack": pack }),
        Origin::Plugin(plugin) => json!({ "kind": "plugin", "plugin": plugin }),
        Origin::Profile(file, place) => json!({
            "kind": "profile",
            "file": file,
            "line": place.map(|place| place.line),
            "column": place.map(|place| place.column),
        }),
    }
}
