//! The rulebook as HTML: one file that asks nothing of a network, and that people can find their way in who do not
//! see it.

use super::HTML;
use std::collections::{BTreeMap, BTreeSet};

/// A tag as it stands in the text: its name and its attributes.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) closes: bool,
    pub(super) attributes: BTreeMap<String, String>,
}

/// The tags of a page. Text is escaped, so that `<` begins a tag wherever it stands.
pub(super) fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let style = html.find("<style>").unwrap()..html.find("</style>").unwrap();
    let without_style = format!("{}{}", &html[..style.start + 7], &html[style.end..]);
    for part in without_style.split('<').skip(1) {
        let inside = &part[..part.find('>').expect("a tag ends")];
        let closes = inside.starts_with('/');
        let inside = inside.trim_start_matches('/').trim_end_matches('/');
        let (name, rest) = inside
            .split_once(char::is_whitespace)
            .unwrap_or((inside, ""));
        let mut attributes = BTreeMap::new();
        let mut rest = rest;
        while let Some((key, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"').expect("an attribute ends");
            attributes.insert(key.trim().to_owned(), value.to_owned());
            rest = after;
        }
        assert!(["", "html"].contains(&rest.trim()), "<{inside}>");
        tags.push(Tag {
            name: name.to_owned(),
            closes,
            attributes,
        });
    }
    tags
}

/// Everything a rulebook is made of; nothing here loads or runs anything.
const NAMES: &[&str] = &[
    "!doctype",
    "a",
    "body",
    "caption",
    "circle",
    "code",
    "dd",
    "desc",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "header",
    "html",
    "li",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "path",
    "pre",
    "section",
    "span",
    "strong",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "wbr",
];

/// Fails unless the page is closed to the outside: only links lead there, and only to the web.
pub(super) fn assert_closed(html: &str) {
    for tag in tags(html) {
        assert!(NAMES.contains(&tag.name.as_str()), "<{}>", tag.name);
        for (key, value) in &tag.attributes {
            assert!(
                !key.starts_with("on") && key != "src" && key != "style",
                "{key}"
            );
            let link = tag.name == "a" && key == "href";
            if link {
                let known = ["#", "https://", "http://"]
                    .iter()
                    .any(|start| value.starts_with(start));
                assert!(known, "{value}");
            } else {
                assert!(!value.contains("://"), "<{} {key}=\"{value}\">", tag.name);
            }
        }
    }
    let style = html
        .split("<style>")
        .nth(1)
        .unwrap()
        .split("</style>")
        .next()
        .unwrap();
    assert!(
        !style.contains("url(") && !style.contains("@import"),
        "the style loads something"
    );
}

#[test]
fn the_html_asks_nothing_of_any_network() {
    assert_closed(&HTML);
}

#[test]
fn headings_landmarks_and_tables_say_what_they_are() {
    let html = &HTML;
    assert!(html.contains("<html lang=\"en\">"));
    assert!(html.contains("<a class=\"skip\" href=\"#content\">"));
    let tags = tags(html);
    let count = |name: &str| {
        tags.iter()
            .filter(|tag| tag.name == name && !tag.closes)
            .count()
    };
    for landmark in ["header", "nav", "main", "footer", "h1"] {
        assert_eq!(count(landmark), 1, "{landmark}");
    }
    let mut level = 0;
    for tag in tags.iter().filter(|tag| !tag.closes) {
        if let Some(depth) = tag
            .name
            .strip_prefix('h')
            .and_then(|digit| digit.parse::<u32>().ok())
        {
            assert!(depth <= level + 1, "h{depth} follows h{level}");
            level = depth;
        }
        if tag.name == "th" {
            assert!(tag.attributes.contains_key("scope"));
        }
        if tag.name == "svg" {
            assert_eq!(tag.attributes.get("role").map(String::as_str), Some("img"));
        }
    }
    assert_eq!(count("table"), count("thead"));
    assert!(count("svg") > 20, "the curves are drawn");
    assert_eq!(count("svg"), count("desc"), "each picture is also words");
}

#[test]
fn every_id_is_there_once_and_every_link_within_finds_one() {
    let tags = tags(&HTML);
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.attributes.get("id")) {
        assert!(ids.insert(id), "`{id}` twice");
    }
    let ids: BTreeSet<&str> = ids.into_iter().map(String::as_str).collect();
    for tag in &tags {
        let within = tag
            .attributes
            .get("href")
            .and_then(|href| href.strip_prefix('#'));
        let named = ["aria-labelledby", "aria-describedby"]
            .iter()
            .filter_map(|key| tag.attributes.get(*key))
            .flat_map(|ids| ids.split(' '));
        for id in within.into_iter().chain(named) {
            assert!(ids.contains(id), "there is no `{id}`");
        }
    }
}

#[test]
fn a_wide_table_is_moved_by_itself() {
    let tags = tags(&HTML);
    let tables = tags
        .iter()
        .enumerate()
        .filter(|(_, tag)| tag.name == "table" && !tag.closes);
    let mut seen = 0;
    for (at, _) in tables {
        let around = at
            .checked_sub(1)
            .and_then(|before| tags.get(before))
            .unwrap();
        let class = around.attributes.get("class").map(String::as_str);
        assert_eq!((around.name.as_str(), class), ("div", Some("wide")));
        seen += 1;
    }
    assert!(seen > 80, "{seen} tables");
    assert!(HTML.contains(".wide { overflow-x: auto; }"));
}
