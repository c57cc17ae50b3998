//! The HTML that a template wrote: elements and attributes that show something, and none that run, load or send.

use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::Source;

/// Elements that may stand in a memo.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "blockquote",
    "br",
    "caption",
    "circle",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "defs",
    "desc",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "ellipse",
    "em",
    "figcaption",
    "figure",
    "footer",
    "g",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "li",
    "line",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "path",
    "polygon",
    "polyline",
    "pre",
    "q",
    "rect",
    "s",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tspan",
    "u",
    "ul",
    "wbr",
];

/// Attributes that they may have; those that begin with `aria-` and `data-` besides.
const ATTRIBUTES: &[&str] = &[
    "alt",
    "class",
    "cite",
    "colspan",
    "cx",
    "cy",
    "d",
    "datetime",
    "dir",
    "dx",
    "dy",
    "fill",
    "fill-opacity",
    "focusable",
    "font-family",
    "font-size",
    "font-weight",
    "headers",
    "height",
    "hidden",
    "href",
    "id",
    "lang",
    "opacity",
    "open",
    "points",
    "preserveaspectratio",
    "r",
    "reversed",
    "role",
    "rowspan",
    "rx",
    "ry",
    "scope",
    "span",
    "src",
    "start",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-width",
    "style",
    "tabindex",
    "text-anchor",
    "title",
    "transform",
    "type",
    "value",
    "viewbox",
    "width",
    "x",
    "x1",
    "x2",
    "xmlns",
    "y",
    "y1",
    "y2",
];

/// Most problems that are listed.
const LISTED: usize = 50;

/// What of a memo's HTML may not be there. Places are named in the template, where the same words stand in it.
pub(crate) fn check(body: &str, template: &Source) -> Vec<Problem> {
    let mut found: Vec<(String, Problem)> = Vec::new();
    let mut rest = body;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if let Some(comment) = rest.strip_prefix("!--") {
            // Browsers end a comment in several ways; without `<` in it, nothing can begin where they disagree with us.
            let (inside, behind) = comment.split_once("-->").unwrap_or((comment, ""));
            if inside.contains('<') {
                let problem = Problem::error("a comment has `<`");
                found.push((
                    "<!--".to_owned(),
                    problem.expected("a comment without elements"),
                ));
            }
            rest = behind;
            continue;
        }
        let mark = rest.chars().next().filter(|c| "/!?".contains(*c));
        let letters = rest.strip_prefix(['/', '!', '?']).unwrap_or(rest);
        let end = letters.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let (name, tail) = letters
            .split_at_checked(end.unwrap_or(letters.len()))
            .unwrap_or((letters, ""));
        let name = match mark {
            Some('/') | None => name.to_ascii_lowercase(),
            Some(mark) => format!("{mark}{}", name.to_ascii_lowercase()),
        };
        let closing = mark == Some('/');
        let begins_tag =
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?');
        if !begins_tag {
            continue;
        }
        if !ELEMENTS.contains(&name.as_str()) {
            found.push((format!("<{name}"), element(&name)));
        }
        let (attributes, behind) = tag(tail);
        let Some(behind) = behind else {
            let problem = Problem::error(format!("`<{name}` does not end")).expected("a `>`");
            found.push((format!("<{name}"), problem));
            break;
        };
        rest = behind;
        if closing {
            continue;
        }
        for (key, value) in attributes {
            if let Some(problem) = attribute(&name, &key, &value) {
                found.push((key, problem));
            }
        }
        if name == "style" {
            // Without `<` in it, a style ends where the next one stands.
            let (css, behind) = rest
                .split_at_checked(rest.find('<').unwrap_or(rest.len()))
                .unwrap_or((rest, ""));
            let ends = behind
                .get(..7)
                .is_some_and(|end| end.eq_ignore_ascii_case("</style"));
            if !ends {
                let problem =
                    Problem::error("a style has `<`").expected("a style without elements");
                found.push(("<style".to_owned(), problem));
            }
            found.extend(style(css).map(|problem| ("<style".to_owned(), problem)));
            rest = behind;
        }
        if found.len() >= LISTED {
            break;
        }
    }
    placed(found, template)
}

/// Problems at the words of the template that they are about.
fn placed(found: Vec<(String, Problem)>, template: &Source) -> Vec<Problem> {
    let text = template.text().to_ascii_lowercase();
    let placed = found.into_iter().map(|(words, problem)| {
        // Letters outside ASCII keep their bytes, so a place in the one is a place in the other.
        match text.find(&words) {
            Some(start) => problem.at(template, start..start + words.len()),
            None => problem.in_file(template.name()),
        }
    });
    placed.collect()
}

fn element(name: &str) -> Problem {
    let problem = Problem::error(format!("`<{name}>` may not stand in a memo"));
    if ["!doctype", "html", "head", "body", "meta"].contains(&name) {
        return problem.expected("what stands in the page; Evenhand writes the page around it");
    }
    problem.expected("elements that show something, and none that run, load or send")
}

fn attribute(element: &str, name: &str, value: &str) -> Option<Problem> {
    let known =
        ATTRIBUTES.contains(&name) || name.starts_with("aria-") || name.starts_with("data-");
    if !known {
        let problem = Problem::error(format!("`{name}` may not stand in `<{element}>`"));
        return Some(
            problem.expected("attributes that show something, and none that run, load or send"),
        );
    }
    let lower = value.trim().to_ascii_lowercase();
    let (fits, expected) = match name {
        "href" => (
            ["https://", "http://", "mailto:", "#"]
                .iter()
                .any(|start| lower.starts_with(start)),
            "an address on the web, a mail address, or a place of the page (#…)",
        ),
        "src" => (
            lower.starts_with("data:image/"),
            "a picture in the page itself (data:image/…)",
        ),
        "style" => (style(value).is_none(), "a style that loads nothing"),
        _ => return None,
    };
    (!fits).then(|| Problem::error(format!("`{name}` goes elsewhere")).expected(expected))
}

/// A style that would load something.
fn style(css: &str) -> Option<Problem> {
    let lower = css.to_ascii_lowercase();
    let loads = ["@import", "url(", "image-set(", "expression(", "\\"];
    let found = loads.iter().find(|word| lower.contains(**word))?;
    let problem = Problem::error(format!("the style has `{found}`"));
    Some(problem.expected("a style that loads nothing, without escapes"))
}

type Attributes = Vec<(String, String)>;

/// The attributes of a tag, and what stands behind it; nothing where the tag does not end.
fn tag(text: &str) -> (Attributes, Option<&str>) {
    let mut attributes = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (attributes, None);
        }
        if let Some(behind) = rest.strip_prefix('>') {
            return (attributes, Some(behind));
        }
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_ascii_whitespace() || "=/>".contains(*c));
        let end = end.map_or(rest.len(), |(at, _)| at);
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let after = after.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let mut value = "";
        rest = after;
        if let Some(typed) = after.strip_prefix('=') {
            let typed = typed.trim_start_matches(|c: char| c.is_ascii_whitespace());
            let quote = typed.chars().next().filter(|c| ['"', '\''].contains(c));
            let inside = quote.and_then(|quote| typed.strip_prefix(quote)?.split_once(quote));
            (value, rest) = match (quote, inside) {
                (Some(_), Some(parts)) => parts,
                (Some(_), None) => (typed, ""),
                (None, _) => {
                    let end = typed.find(|c: char| c.is_ascii_whitespace() || c == '>');
                    typed
                        .split_at_checked(end.unwrap_or(typed.len()))
                        .unwrap_or((typed, ""))
                }
            };
        }
        attributes.push((name.to_ascii_lowercase(), unescaped(value)));
    }
}

/// The text of an attribute, as far as an address could be hidden in it.
fn unescaped(value: &str) -> String {
    value.replace("&#x2f;", "/").replace("&amp;", "&")
}
