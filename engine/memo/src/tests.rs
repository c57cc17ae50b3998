use super::*;
use serde_json::{Value as Json, json};

/// Values as the reference says, with something of everything.
fn values() -> Json {
    fn of(kind: Kind, name: &str) -> Json {
        match kind {
            Kind::Text => json!(format!("{name} <b>\"&'")),
            Kind::Number => json!(3),
            Kind::YesNo => json!(true),
            Kind::Texts => json!([format!("{name} 1"), format!("{name} 2")]),
            Kind::Group(inner) => group(inner),
            Kind::Groups(inner) => json!([group(inner), group(inner)]),
        }
    }
    fn group(variables: &[Variable]) -> Json {
        let entries = variables
            .iter()
            .map(|one| (one.name.to_owned(), of(one.kind, one.name)));
        Json::Object(entries.collect())
    }
    group(VARIABLES)
}

fn rendered(template: &str) -> Result<String, Vec<String>> {
    let source = Source::new("ours.html".to_owned(), template.to_owned());
    let page = Page {
        title: "Memo: <x>",
        language: "en",
    };
    let body = render(&source, page, &values());
    body.map_err(|found| found.iter().map(ToString::to_string).collect())
}

/// What stands in the body of a memo.
#[track_caller]
fn fills(template: &str, expected: &str) {
    let page = rendered(template).unwrap_or_else(|found| panic!("{template}: {found:#?}"));
    let (_, body) = page.split_once("<body>\n").unwrap();
    let (body, _) = body.split_once("\n</body>").unwrap();
    assert_eq!(body, expected, "{template}");
}

/// What is said of a template, from the beginning of each problem.
#[track_caller]
fn refused(template: &str, expected: &[&str]) {
    let found = rendered(template).expect_err(template);
    assert_eq!(found.len(), expected.len(), "{template}: {found:#?}");
    for (said, wanted) in found.iter().zip(expected) {
        assert!(
            said.contains(wanted),
            "{template}: no {wanted:?} in {said:?}"
        );
    }
}

#[test]
fn places_loops_and_conditions_are_filled_in() {
    fills("<p>{{ decision.votes.against }}</p>", "<p>3</p>");
    fills(
        "{% for one in waivers %}{{ loop.index }}. {{ one }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "1. waivers 1, 2. waivers 2",
    );
    fills(
        "{% for one in decision.conditions if one.number > 2 %}{{ one.number }}{% else %}none{% endfor %}",
        "33",
    );
    fills(
        "{{ waivers|join(\"; \") }} {{ waivers|length }}",
        "waivers 1; waivers 2 2",
    );
    fills(
        "{{ \"x\" if decided and verdict.word != \"stop\" else \"y\" }}",
        "x",
    );
    fills(
        "{% for q in questions %}{{ q.rules|join(\", \")|upper }} {% endfor %}",
        "RULES 1, RULES 2 RULES 1, RULES 2",
    );
    fills("{# nothing #}{% raw %}{{ x }}{% endraw %}", "{{ x }}");
    fills("", "");
}

#[test]
fn what_is_filled_in_is_text_wherever_it_stands() {
    let page = rendered("<p title=\"{{ proposal.title }}\">{{ proposal.title }}</p>").unwrap();
    assert!(!page.contains("title <b>"), "{page}");
    assert_eq!(
        page.matches("title &lt;b&gt;&quot;&amp;&#x27;").count(),
        2,
        "{page}"
    );
    assert!(page.contains("<title>Memo: &lt;x&gt;</title>"), "{page}");
    assert!(page.contains("default-src 'none'"), "{page}");
    // An attribute without quotes lets words become attributes: those are held against the list as well.
    refused(
        "<p class={{ proposal.title }}>x</p>",
        &["may not stand in `<p>`"],
    );
}

#[test]
fn every_variable_of_the_reference_can_be_shown() {
    fn template(variables: &[Variable], before: &str, depth: usize) -> String {
        variables
            .iter()
            .map(|one| {
                let path = format!("{before}{}", one.name);
                match one.kind {
                    Kind::Text | Kind::Number | Kind::YesNo => format!("{{{{ {path} }}}}\n"),
                    Kind::Texts => format!("{{% for t in {path} %}}{{{{ t }}}}{{% endfor %}}\n"),
                    Kind::Group(inner) => template(inner, &format!("{path}."), depth),
                    Kind::Groups(inner) => {
                        let inner = template(inner, &format!("v{depth}."), depth + 1);
                        format!("{{% for v{depth} in {path} %}}{inner}{{% endfor %}}\n")
                    }
                }
            })
            .collect()
    }
    rendered(&template(VARIABLES, "", 0)).unwrap();
    assert_eq!(misfits(&values()), [""; 0]);
    let mut other = values();
    other["waivers"] = json!(3);
    other["more"] = json!(3);
    other["decision"]["votes"] = json!([]);
    other["dimensions"][0] = json!({});
    assert!(misfits(&other).len() > 6, "{:?}", misfits(&other));
    for row in [
        "| `decision.conditions[].due` | text | Until when |",
        "| `loop.last` | yes or no |",
    ] {
        assert!(reference().contains(row), "{row}");
    }
}

#[test]
fn variables_that_there_are_not_are_named_all_at_once() {
    refused(
        "{{ titel }}\n{% for one in waiver %}{{ one }}{% endfor %}\n{{ decision.vote.against }}\n{{ proposal.title.x }}",
        &[
            "ours.html:1:4: there is no variable `titel` here; expected one of title,",
            "ours.html:2:15: there is no variable `waiver` here",
            "ours.html:3:4: there is no variable `vote` here",
            "ours.html:4:12: there is no `x` in a text or a number",
        ],
    );
    refused("{{ titel }}", &["did you mean `title`?"]);
    refused(
        "{{ one }}{% for one in waivers %}{% endfor %}{{ loop.index }}",
        &["`one`", "`loop`"],
    );
    refused(
        "{% for one in waivers %}{{ oen }}{% endfor %}",
        &["did you mean `one`?"],
    );
    refused(
        "{{ waivers }}",
        &["ours.html:1:4: a list cannot be filled in; expected a loop"],
    );
    refused(
        "{{ decision }}",
        &["a group cannot be filled in; expected one of its variables: word, label"],
    );
    refused("{{ dimensions.title }}", &["`title` is asked of a list"]);
    refused(
        "{% for one in title %}{{ one.x }}{% endfor %}",
        &["this is no list"],
    );
    refused(
        "{{ title|join(\", \") }}",
        &["`join` is for a list of texts"],
    );
    refused("{{ dimensions|length|upper }}", &["`upper` is for a text"]);
    refused(
        "{{ waivers|join(title) }}",
        &["`join` lacks what stands between"],
    );
    refused(
        "{{ \"x\" if decided }}",
        &["this is nothing where the condition does not hold"],
    );
}

#[test]
fn what_could_grow_load_or_call_is_no_part_of_a_template() {
    for (template, said) in [
        ("{% set a = title %}", "a template has no `set`"),
        ("{% set a %}x{% endset %}", "a template has no `set`"),
        (
            "{% with a = title %}{% endwith %}",
            "a template has no `with`",
        ),
        (
            "{% filter upper %}x{% endfilter %}",
            "a template has no `filter` block",
        ),
        (
            "{% autoescape false %}{{ title }}{% endautoescape %}",
            "a template has no `autoescape`",
        ),
        (
            "{% for one in dimensions recursive %}{% endfor %}",
            "a template has no `recursive` loop",
        ),
        (
            "{% for a, b in dimensions %}{% endfor %}",
            "a loop has one variable",
        ),
        ("{{ range(1000000000) }}", "a template has no functions"),
        (
            "{% for i in range(10) %}{% endfor %}",
            "a template has no functions",
        ),
        ("{{ title.upper() }}", "a template has no functions"),
        ("{{ \"x\" * 1000000000 }}", "a template has no calculations"),
        ("{{ title ~ title }}", "a template has no calculations"),
        ("{{ 2 ** 1000 }}", "a template has no calculations"),
        ("{{ title + title }}", "a template has no calculations"),
        ("{{ -3 }}", "a template has no"),
        ("{{ [1, 2] }}", "a template has no lists of its own"),
        ("{{ {\"a\": 1} }}", "a template has no lists of its own"),
        ("{{ waivers[0] }}", "a template has no `[…]`"),
        ("{{ title[1:] }}", "a template has no `[…]`"),
        ("{{ title is defined }}", "there is no test `defined`"),
        (
            "{{ title|safe }}",
            "there is no filter `safe`; what is filled in is always escaped",
        ),
        ("{{ title|e }}", "there is no filter `e`"),
        ("{{ title|uper }}", "did you mean `upper`?"),
        (
            "{{ title|indent(1000000000) }}",
            "there is no filter `indent`",
        ),
        (
            "{% include \"/etc/passwd\" %}",
            "the template cannot be read",
        ),
        ("{% import \"x\" as x %}", "the template cannot be read"),
        ("{% extends \"x\" %}", "the template cannot be read"),
        (
            "{% macro a() %}{{ a() }}{% endmacro %}",
            "the template cannot be read",
        ),
        ("{% block a %}{% endblock %}", "the template cannot be read"),
        ("{{ title", "the template cannot be read"),
        ("{% for one in waivers %}", "the template cannot be read"),
        ("{{ self }}", "there is no variable `self` here"),
        ("{{ title.__class__ }}", "there is no `__class__`"),
        ("{{ debug }}", "there is no variable `debug` here"),
    ] {
        refused(template, &[said]);
    }
}

#[test]
fn a_template_that_never_ends_or_writes_too_much_is_stopped() {
    let deep = |depth: usize, inner: &str| {
        let open = "{% for a in waivers %}".repeat(depth);
        format!("{open}{inner}{}", "{% endfor %}".repeat(depth))
    };
    // Two to the power of thirty times.
    refused(
        &deep(30, "x"),
        &["the template takes more than 2000000 steps"],
    );
    let long = "y".repeat(20_000);
    refused(&deep(9, &long), &["the memo has more than 4194304 bytes"]);
}

#[test]
fn deep_and_long_templates_are_refused_or_read() {
    fills(&"(".repeat(10), &"(".repeat(10));
    let nested = format!(
        "{{{{ {}title{} }}}}",
        "(".repeat(50_000),
        ")".repeat(50_000)
    );
    refused(&nested, &["there are more than 120 words between braces"]);
    let nested = format!("{{{{ {}title{} }}}}", "(".repeat(50), ")".repeat(50));
    fills(&nested, "title &lt;b&gt;&quot;&amp;&#x27;");
    let path = format!("{{{{ title{} }}}}", ".a".repeat(50_000));
    refused(&path, &["there are more than 120 words between braces"]);
    let nots = format!("{{{{ {}title }}}}", "not ".repeat(30_000));
    assert!(rendered(&nots).is_err());
    let ifs = format!(
        "{}{}",
        "{% if decided %}".repeat(5_000),
        "{% endif %}".repeat(5_000)
    );
    assert!(rendered(&ifs).is_err());
    refused(
        &"x".repeat(TEMPLATE + 1),
        &["the template has 262145 bytes; expected 262144 at most"],
    );
    let lines = "\n".repeat(70_000);
    refused(
        &format!("{lines}{{{{ titel }}}}"),
        &["ours.html:70001:4: there is no variable"],
    );
    let many = "{{ x }}".repeat(400);
    assert_eq!(rendered(&many).unwrap_err().len(), 50);
}

#[test]
fn elements_and_attributes_that_run_load_or_send_are_refused() {
    for (template, said) in [
        (
            "<script>alert(1)</script>",
            "`<script>` may not stand in a memo",
        ),
        ("<SCRIPT src=x>", "`<script>` may not stand"),
        ("<{{ \"script\" }}>", "`<script>` may not stand"),
        ("<p onclick=\"x()\">", "`onclick` may not stand in `<p>`"),
        ("<p/onclick=x>", "`onclick` may not stand in `<p>`"),
        ("<a href=\"javascript:x\">", "`href` goes elsewhere"),
        ("<a href=\"java&#115;cript:x\">", "`href` goes elsewhere"),
        ("<a href=' //example.org'>", "`href` goes elsewhere"),
        ("<a href=\"{{ proposal.title }}\">", "`href` goes elsewhere"),
        (
            "<img src=\"https://example.org/x.png\">",
            "`src` goes elsewhere",
        ),
        ("<img srcset=\"x\">", "`srcset` may not stand"),
        ("<iframe>", "`<iframe>` may not stand"),
        (
            "<meta http-equiv=\"refresh\" content=\"0;url=https://example.org\">",
            "Evenhand writes the page around it",
        ),
        (
            "<link rel=\"stylesheet\" href=\"https://example.org\">",
            "`<link>` may not stand",
        ),
        (
            "<form action=\"https://example.org\">",
            "`<form>` may not stand",
        ),
        ("<svg><foreignObject>", "`<foreignobject>` may not stand"),
        ("<svg><animate>", "`<animate>` may not stand"),
        ("<svg xlink:href=\"x\">", "`xlink:href` may not stand"),
        ("<p style=\"background: url(x)\">", "`style` goes elsewhere"),
        ("<style>@import \"x\";</style>", "the style has `@import`"),
        (
            "<style>p { background: URL(x) }</style>",
            "the style has `url(`",
        ),
        (
            "<style>p { background: u\\72l(x) }</style>",
            "the style has `\\`",
        ),
        ("<!doctype html>", "Evenhand writes the page around it"),
        ("<html>", "Evenhand writes the page around it"),
        ("<?xml version=\"1.0\"?>", "may not stand in a memo"),
        ("<custom-element>", "may not stand in a memo"),
        ("<scr\0ipt>", "may not stand in a memo"),
    ] {
        let found = rendered(template).expect_err(template);
        assert!(
            found.iter().any(|one| one.contains(said)),
            "{template}: {found:#?}"
        );
    }
    // Where browsers and we could disagree on where something ends.
    for template in [
        "<style><a title=\"</style><script>x</script>\">",
        "<!-- <a title=\"--><script>x</script>\">",
        "<!--><script>x</script>-->",
        "<title><style></title><script>x</script></style>",
        "<a title='>\"'><script>x</script>",
        "<a title=\"x><script>x</script>",
        "<svg><style><a title=\"</style><script>x</script>\">",
    ] {
        assert!(rendered(template).is_err(), "{template}");
    }
}

#[test]
fn a_page_as_boards_write_it_is_a_memo() {
    fills(
        "<!-- ours --><style>table { width: 100%; }</style><h1 class=\"a b\" style=\"color: #333\">x</h1><br/><a href=\"https://example.org/a?b=c&amp;d\">1 < 2</a><img alt=\"logo\" src=\"data:image/png;base64,AAAA\"><svg viewBox=\"0 0 1 1\" aria-label=\"x\"><path d=\"M0 0\"/></svg>",
        "<!-- ours --><style>table { width: 100%; }</style><h1 class=\"a b\" style=\"color: #333\">x</h1><br/><a href=\"https://example.org/a?b=c&amp;d\">1 < 2</a><img alt=\"logo\" src=\"data:image/png;base64,AAAA\"><svg viewBox=\"0 0 1 1\" aria-label=\"x\"><path d=\"M0 0\"/></svg>",
    );
}
