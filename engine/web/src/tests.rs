//! The pages as a browser gets them: every example, every action, every language.

mod older;

use crate::{App, Request, Response};
use evenhand_core::executor::Sequential;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

static APP: LazyLock<App> = LazyLock::new(|| App::standard(None, Arc::new(Sequential)).unwrap());

const LANGUAGES: [&str; 3] = ["en", "es", "fr"];

fn text(response: &Response) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

/// What a form carries on to the next page: the hidden fields of a page.
fn carried(page: &str) -> BTreeMap<String, String> {
    let plan = page.split("<form id=\"plan\"").nth(1).unwrap_or_default();
    let hidden = plan.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |part: &str| {
        let (name, rest) = part.split_once("\" value=\"")?;
        let (value, _) = rest.split_once("\">")?;
        let value = value.replace("&lt;", "<").replace("&gt;", ">");
        let value = value.replace("&quot;", "\"").replace("&amp;", "&");
        Some((name.to_owned(), value))
    };
    hidden.filter_map(field).collect()
}

fn post(target: &str, fields: &[(&str, &str)]) -> Response {
    APP.handle(&Request::post(target, fields))
}

/// The next page: the fields of a page with answers and a button.
fn press(page: &str, answers: &[(&str, &str)], action: &str) -> Response {
    let carried = carried(page);
    assert!(carried.contains_key("source"), "no plan: {page}");
    let mut fields: Vec<(&str, &str)> = carried
        .iter()
        .filter(|(name, _)| !name.starts_with("same:") && !name.starts_with("l:"))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.extend(answers);
    fields.push(("do", action));
    post("plan.html", &fields)
}

fn open(name: &str, source: &str) -> Response {
    post(
        "plan.html",
        &[
            ("v", "1"),
            ("do", "open"),
            ("file-name", name),
            ("file-text", source),
        ],
    )
}

fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/proposals");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            !["expected.toml", "orderings.toml", "README.md"]
                .iter()
                .any(|other| path.ends_with(other))
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    assert!(found.len() >= 14);
    found
}

/// The ids of a page, of which each stands once, and what refers to them.
fn check_page(page: &str, what: &str) {
    let mut ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|part| part.split('"').next())
        .collect();
    ids.sort_unstable();
    for pair in ids.windows(2) {
        assert_ne!(pair[0], pair[1], "{what}: an id stands twice");
    }
    for reference in [
        " for=\"",
        "aria-labelledby=\"",
        "aria-describedby=\"",
        " list=\"",
        "href=\"#",
    ] {
        for part in page.split(reference).skip(1) {
            for id in part.split('"').next().unwrap_or_default().split(' ') {
                assert!(
                    ids.binary_search(&id).is_ok(),
                    "{what}: {reference}{id} leads nowhere"
                );
            }
        }
    }
    for bad in [
        " style=\"",
        "<style",
        "onclick",
        "javascript:",
        "<script>",
        "name=\"action\"",
        "name=\"submit\"",
        "name=\"method\"",
    ] {
        assert!(!page.contains(bad), "{what}: {bad}");
    }
    assert!(
        page.contains("<html lang=\"") && page.contains("<title>"),
        "{what}"
    );
    assert_eq!(page.matches("<h1>").count(), 1, "{what}");
    assert_eq!(page.matches("<main ").count(), 1, "{what}");
    // A text that no language has shows its own places.
    let places: &[&str] = if what == "rulebook" {
        // It shows scripts, which have such places.
        &[]
    } else {
        &["{count}", "{name}", "{names}", "{list}", "{word}"]
    };
    for place in places {
        assert!(!page.contains(*place), "{what}: {place}");
    }
}

#[test]
fn every_page_stands_in_every_language_and_is_written_as_a_file() {
    let files = APP.files();
    for tag in LANGUAGES {
        for name in ["index", "plan"] {
            let address = crate::app::address(name, tag);
            let response = APP.handle(&Request::get(&address));
            assert_eq!(response.status, 200);
            let page = text(&response);
            check_page(&page, &address);
            assert!(page.contains(&format!("<html lang=\"{tag}\"")));
            let (_, file) = files.iter().find(|(known, _)| *known == address).unwrap();
            let file = String::from_utf8(file.clone()).unwrap();
            assert!(
                file.contains("fieldset class=\"waits\" disabled"),
                "{address}"
            );
            assert!(!page.contains("class=\"waits\""));
        }
    }
    for name in ["style.css", "app.js", "rulebook.html"] {
        assert!(files.iter().any(|(known, _)| known == name), "{name}");
        assert_eq!(APP.handle(&Request::get(name)).status, 200);
    }
    check_page(
        &text(&APP.handle(&Request::get("rulebook.html"))),
        "rulebook",
    );
}

#[test]
fn every_button_of_every_example_answers_and_keeps_the_text() {
    for (number, (name, source)) in examples().into_iter().enumerate() {
        let page = open(&name, &source);
        assert_eq!(page.status, 200, "{name}");
        let page = text(&page);
        assert_eq!(carried(&page)["source"], source, "{name}");
        check_page(&page, &name);
        let mut pages = vec![page];
        let actions = [
            "go:ask",
            "go:text",
            "go:hand-in",
            "go:at:/partners",
            "go:at:/partners/0",
            "go:at:/flows/0",
            "go:at:/host",
        ];
        for action in actions.into_iter().cycle().skip(number).take(3) {
            let response = press(&pages[0], &[], action);
            assert_eq!(response.status, 200, "{name} {action}");
            let page = text(&response);
            check_page(&page, &format!("{name} {action}"));
            // Looking at a plan writes nothing.
            assert_eq!(carried(&page)["source"], source, "{name} {action}");
            pages.push(page);
        }
    }
}

#[test]
fn fields_that_nobody_touched_come_back_as_they_were() {
    // What a browser sends of a page, read from the page itself.
    fn sent(page: &str) -> Vec<(String, String)> {
        let unescape = |text: &str| {
            let text = text.replace("&lt;", "<").replace("&gt;", ">");
            text.replace("&quot;", "\"").replace("&amp;", "&")
        };
        let attribute = |tag: &str, name: &str| {
            let value = tag
                .split(&format!(" {name}=\""))
                .nth(1)?
                .split('"')
                .next()?;
            Some(unescape(value))
        };
        let mut fields = Vec::new();
        for part in page.split('<') {
            let tag = part.split('>').next().unwrap_or_default();
            let Some(name) = attribute(tag, "name").filter(|_| !tag.starts_with("button")) else {
                continue;
            };
            if tag.starts_with("input") {
                let boxed = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
                if !boxed || tag.ends_with(" checked") {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            } else if tag.starts_with("textarea") {
                let inner = page.split(&format!("<{tag}>")).nth(1).unwrap_or_default();
                let inner = inner.split("</textarea>").next().unwrap_or_default();
                let inner = inner.strip_prefix('\n').unwrap_or(inner);
                fields.push((name, unescape(inner)));
            } else if tag.starts_with("select") {
                let inner = page.split(&format!("<{tag}>")).nth(1).unwrap_or_default();
                let inner = inner.split("</select>").next().unwrap_or_default();
                let chosen = inner
                    .split("<option")
                    .find(|option| option.contains(" selected>"));
                let chosen = chosen.and_then(|option| attribute(option, "value"));
                fields.push((name, chosen.unwrap_or_default()));
            }
        }
        fields
    }
    for (number, (name, source)) in examples().into_iter().enumerate() {
        let first = text(&open(&name, &source));
        let groups = [
            "/program",
            "/motivation",
            "/partners/0",
            "/flows/0",
            "/learning",
            "/host",
            "/access",
        ];
        for at in groups.into_iter().cycle().skip(number).take(3) {
            let page = text(&press(&first, &[], &format!("go:at:{at}")));
            let fields = sent(&page);
            let mut fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            assert!(
                fields.iter().any(|(name, _)| name.starts_with("f:")),
                "{name} {at}"
            );
            fields.push(("do", "see"));
            let back = post("plan.html", &fields);
            assert_eq!(back.status, 200, "{name} {at}");
            assert_eq!(carried(&text(&back))["source"], source, "{name} {at}");
        }
    }
}

#[test]
fn an_answer_is_written_where_it_belongs_and_comments_stay() {
    let source = "# mine\nprogram:\n  title: A   # keep\n  level: clinical\n";
    let page = text(&open("a.yaml", source));
    let page = text(&press(
        &page,
        &[
            ("f:/program/duration_years", "2,5"),
            ("f:/program/title", "B <b>"),
        ],
        "see",
    ));
    assert_eq!(
        carried(&page)["source"],
        "# mine\nprogram:\n  title: \"B <b>\"   # keep\n  level: clinical\n  duration_years: 2.5\n"
    );
    assert!(!page.contains("<b>"));
    let page = text(&press(&page, &[("f:/program/level", "")], "see"));
    assert!(!carried(&page)["source"].contains("level"));
    let page = text(&press(&page, &[], "undo"));
    let page = text(&press(&page, &[], "undo"));
    assert_eq!(carried(&page)["source"], source);
}

#[test]
fn what_does_not_fit_is_said_beside_the_field_and_given_back() {
    let page = text(&open("a.yaml", "program:\n  title: A\n"));
    let page = text(&press(&page, &[], "go:at:/program"));
    let wrong = press(
        &page,
        &[
            ("f:/program/duration_years", "soon"),
            ("f:/program/title", "B"),
        ],
        "next",
    );
    assert_eq!(wrong.status, 422);
    let page = text(&wrong);
    check_page(&page, "wrong");
    assert!(
        page.contains("role=\"alert\"") && page.contains("href=\"#f.program.duration_years\""),
        "{page}"
    );
    assert!(page.contains("value=\"soon\"") && page.contains("aria-invalid=\"true\""));
    // The other answer is taken.
    assert_eq!(carried(&page)["source"], "program:\n  title: B\n");
    assert!(page.contains("<title>Error: "));
}

#[test]
fn a_text_that_cannot_be_read_is_given_back_with_its_problems() {
    for (name, source) in [
        ("a.yaml", "program:\n  title: [\n"),
        ("a.json", "{\"program\": \n"),
        ("a.toml", "program = {\n"),
        ("a.yaml", ""),
        ("a.yaml", "\u{0}"),
        ("a.yaml", "a: &x [*x]\n"),
    ] {
        let response = open(name, source);
        assert_eq!(response.status, 422, "{source}");
        let page = text(&response);
        check_page(&page, source);
        assert_eq!(carried(&page)["source"], source);
        let mended = press(&page, &[("text", "program:\n  title: A\n")], "next");
        let expected = if name == "a.yaml" { 200 } else { 422 };
        assert_eq!(mended.status, expected, "{name}");
    }
}

#[test]
fn bytes_that_are_no_text_are_said_to_be_none() {
    let mut request = Request::post("plan.html", &[]);
    request.headers = vec![(
        "content-type".to_owned(),
        "multipart/form-data; boundary=b".to_owned(),
    )];
    request.body = b"--b\r\ncontent-disposition: form-data; name=\"v\"\r\n\r\n1\r\n\
        --b\r\ncontent-disposition: form-data; name=\"do\"\r\n\r\nopen\r\n\
        --b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.yaml\"\r\n\r\nprogram: \xff\xfe\r\n--b--\r\n"
        .to_vec();
    let response = APP.handle(&request);
    assert_eq!(response.status, 422);
    assert!(text(&response).contains("role=\"alert\""));
}

/// The first page of a plan, as the start page begins one.
fn elective() -> Response {
    post(
        "plan.html",
        &[
            ("v", "1"),
            ("do", "new"),
            ("l:/program/formats", ""),
            ("f:/program/formats", "outbound_elective"),
            ("f:/program/discipline", "health"),
            ("f:/program/level", ""),
        ],
    )
}

#[test]
fn a_vague_idea_becomes_a_report_in_few_steps() {
    let mut response = elective();
    let mut page = text(&response);
    assert!(
        carried(&page)["source"].starts_with("program:\n  formats:"),
        "{page}"
    );
    let partner = |id: &'static str, country: &'static str| {
        [
            ("f:/partners/0/name", id),
            ("f:/partners/0/country", country),
        ]
    };
    let steps = std::cell::Cell::new(1);
    let mut step = |page: &str, answers: &[(&str, &str)], action: &str| {
        steps.set(steps.get() + 1);
        response = press(page, answers, action);
        assert_eq!(response.status, 200, "{action}");
        text(&response)
    };
    page = step(
        &page,
        &[("f:/program/title", "Elective in Nairobi")],
        "add:/partners",
    );
    page = step(&page, &partner("Umeå", "Sweden"), "add:/partners");
    page = step(
        &page,
        &[
            ("f:/partners/1/name", "Nairobi"),
            ("f:/partners/1/country", "KE"),
        ],
        "add:/flows",
    );
    page = step(
        &page,
        &[
            ("f:/flows/0/from", "p1"),
            ("f:/flows/0/to", "p2"),
            ("f:/flows/0/who", "student"),
            ("f:/flows/0/n_per_year", "4"),
            ("f:/flows/0/weeks", "6"),
            ("f:/flows/0/mode", "in_person"),
        ],
        "go:ask",
    );
    let source = carried(&page)["source"].clone();
    assert!(
        source.contains("country: SE")
            && source.contains("name: Umeå")
            && source.contains("weeks: 6"),
        "{source}"
    );
    // Whatever is asked next can be left open, and another question comes.
    let mut asked = vec![];
    while steps.get() < 14 {
        let at = carried(&page)["at"].clone();
        assert!(at.starts_with("ask:"), "{at}");
        assert!(!asked.contains(&at), "{at} comes twice");
        asked.push(at);
        page = step(&page, &[], "leave");
    }
    page = step(&page, &[], "go:hand-in");
    assert_eq!(steps.get(), 15);
    let report = press(&page, &[], "download:html");
    assert_eq!(
        report.header("content-disposition"),
        Some("attachment; filename=\"plan.html\"")
    );
    assert!(text(&report).contains("Elective in Nairobi"));
    let saved = press(&page, &[], "save");
    assert_eq!(text(&saved), source);
}

#[test]
fn elements_are_added_copied_and_removed() {
    let page = text(&open(
        "a.yaml",
        "partners:\n  - id: a # ours\n    name: A\n",
    ));
    let page = text(&press(&page, &[], "copy:/partners/0"));
    let source = carried(&page)["source"].clone();
    assert!(
        source.starts_with("partners:\n  - id: a # ours\n    name: A\n  - "),
        "{source}"
    );
    assert!(
        source.contains("id: p1") && source.matches("name: A").count() == 2,
        "{source}"
    );
    let page = text(&press(&page, &[], "add:/partners"));
    assert!(carried(&page)["source"].contains("id: p2"));
    assert_eq!(carried(&page)["at"], "at:/partners/2");
    let page = text(&press(&page, &[], "remove:/partners/2"));
    let page = text(&press(&page, &[], "remove:/partners/1"));
    assert_eq!(
        carried(&page)["source"],
        "partners:\n  - id: a # ours\n    name: A\n"
    );
    // What is no list of the schema, or not there, changes nothing.
    for action in [
        "add:/program",
        "copy:/partners/9",
        "remove:/partners",
        "add:/derived",
        "go:at:/nowhere",
        "try:no/rule",
        "fix:99",
        "download:exe",
    ] {
        let same = text(&press(&page, &[], action));
        assert_eq!(
            carried(&same)["source"],
            carried(&page)["source"],
            "{action}"
        );
    }
}

#[test]
fn a_trial_shows_what_would_be_and_writes_nothing() {
    let (name, source) = examples()
        .into_iter()
        .find(|(name, _)| name.starts_with("c05-"))
        .unwrap();
    let page = text(&press(&text(&open(&name, &source)), &[], "go:at:/host"));
    let tried = text(&press(
        &page,
        &[
            ("f:/host/need", "host_led"),
            ("f:/host/voice", "co_decision"),
        ],
        "try",
    ));
    assert!(
        tried.contains("class=\"trial\"") && tried.contains("class=\"moved\""),
        "{tried}"
    );
    assert_eq!(carried(&tried)["source"], source);
    check_page(&tried, "trial");
    // What a finding says would help can be tried and taken over.
    let rule = tried
        .split("value=\"try:")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let helped = text(&press(&page, &[], &format!("try:{rule}")));
    assert!(helped.contains("class=\"moved\""), "{rule}");
    assert_eq!(carried(&helped)["source"], source);
    let kept = text(&press(&page, &[], &format!("keep:{rule}")));
    assert_ne!(carried(&kept)["source"], source, "{rule}");
}

#[test]
fn names_cannot_break_out_of_the_page() {
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;\u{202e}\u{200b}</textarea></bdi>";
    let source = format!(
        "program:\n  title: {evil:?}\npartners:\n  - id: a\n    name: {evil:?}\nflows:\n  - {{from: a, to: a}}\n"
    );
    let source = source
        .replace("\\u{202e}", "\\u202e")
        .replace("\\u{200b}", "\\u200b")
        .replace("\\'", "'");
    let first = open(evil, &source);
    let mut pages = vec![text(&first)];
    for action in [
        "go:at:/program",
        "go:at:/partners",
        "go:at:/partners/0",
        "go:at:/flows/0",
        "go:ask",
        "go:text",
        "go:hand-in",
        evil,
        "ask",
    ] {
        pages.push(text(&press(
            &pages[0],
            &[("f:/program/level", evil)],
            action,
        )));
    }
    for (name, value) in [
        ("at", evil),
        ("undo", evil),
        ("left", evil),
        ("format", evil),
        ("name", evil),
        ("v", evil),
    ] {
        let mut fields = vec![("v", "1"), ("source", source.as_str()), ("do", "see")];
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        pages.push(text(&post("plan.html", &fields)));
    }
    for page in pages {
        for bad in ["<script>alert", "<img", "\u{202e}", "</textarea></bdi>"] {
            // The hidden field carries the text as it is, where it does nothing.
            let shown = page.replace(&format!("{}", '\u{202e}'), "");
            let searched = if bad == "\u{202e}" { continue } else { &shown };
            assert!(!searched.contains(bad), "{bad}");
        }
    }
}

#[test]
fn posts_of_others_and_what_is_too_large_are_refused() {
    let with = |name: &str, value: &str| {
        let mut request = Request::post("plan.html", &[("v", "1"), ("do", "new")]);
        request
            .headers
            .push(("host".to_owned(), "localhost:1".to_owned()));
        request.headers.push((name.to_owned(), value.to_owned()));
        APP.handle(&request).status
    };
    for (name, value, status) in [
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "none", 403),
        ("origin", "http://localhost:1", 200),
        ("origin", "http://localhost:2", 403),
        ("origin", "null", 403),
        ("x", "y", 200),
    ] {
        assert_eq!(with(name, value), status, "{name}: {value}");
    }
    let large = "x".repeat(crate::app::LIMIT);
    let response = post("plan.html", &[("v", "1"), ("source", &large)]);
    assert_eq!(response.status, 413);
    let other = post("plan.html", &[("v", "0"), ("source", "kept: 1\n")]);
    assert_eq!(other.status, 409);
    assert!(text(&other).contains("kept: 1\n"));
    for (method, target, status) in [
        ("DELETE", "plan.html", 405),
        ("POST", "index.html", 405),
        ("GET", "nowhere.html", 404),
        ("GET", "plan.xx.html", 404),
        ("GET", "../plan", 404),
    ] {
        let request = Request {
            method: method.to_owned(),
            ..Request::get(target)
        };
        assert_eq!(APP.handle(&request).status, status, "{method} {target}");
    }
}

#[test]
fn what_failed_gives_back_what_was_typed() {
    let request = Request::post(
        "plan.html",
        &[("v", "1"), ("source", "a: 1\n"), ("text", "b: <2>\n")],
    );
    let response = APP.failure(&request);
    assert_eq!(response.status, 500);
    assert!(text(&response).contains("b: &lt;2&gt;\n"));
}

#[test]
fn a_site_names_its_version_and_one_file_holds_everything() {
    let worker = |engine: &[u8]| {
        let site = APP.site(engine);
        let (_, bytes) = site.iter().find(|(name, _)| name == "sw.js").unwrap();
        let kept = site.iter().find(|(name, _)| name == "app.wasm.gz").unwrap();
        assert_eq!(kept.1, engine);
        // Addresses are relative: the folder may lie anywhere.
        for (name, bytes) in site
            .iter()
            .filter(|(name, _)| name.strip_suffix(".html").is_some())
        {
            let page = String::from_utf8(bytes.clone()).unwrap();
            assert!(
                !page.contains("href=\"/")
                    && !page.contains("src=\"/")
                    && !page.contains("action=\"/"),
                "{name}"
            );
        }
        String::from_utf8(bytes.clone()).unwrap()
    };
    assert!(!worker(b"one").contains("@VERSION@"));
    assert_ne!(worker(b"one"), worker(b"two"));
    assert_eq!(worker(b"one"), worker(b"one"));
    for tag in LANGUAGES {
        let page = APP.single(b"engine", tag).unwrap();
        assert!(
            page.contains(">ZW5naW5l</script>") && page.contains(&format!("<html lang=\"{tag}\""))
        );
        assert!(
            !page.contains(" src=\"") && !page.contains("<link") && !page.contains("'self'"),
            "{tag}"
        );
        assert_eq!(page.matches("'sha256-").count(), 3);
        assert_eq!(
            page.matches("<script").count(),
            page.matches("</script>").count()
        );
    }
    assert_eq!(APP.single(b"engine", "xx"), None);
}
