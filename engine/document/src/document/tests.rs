//! What every reader promises, as tables: one `check` per promise.

use super::{Document, Format, text};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::{Place, Source};
use serde_json::{Value, json};
use std::fmt::Write as _;

mod laws;

const ALL: [Format; 3] = [Format::Yaml, Format::Json, Format::Toml];

fn parse(text: &str, format: Format) -> Result<Document, Vec<Problem>> {
    Document::parse("proposal", text.as_bytes(), format)
}

/// The text is read as this value.
#[track_caller]
fn check_value(text: &str, format: Format, value: &Value) {
    match parse(text, format) {
        Ok(document) => assert_eq!(document.value(), value, "{format}: {text:?}"),
        Err(problems) => panic!("{format}: {text:?}: {}", lines(&problems)),
    }
}

/// The text is refused with exactly these problems, each as `line:column: beginning of the message`.
#[track_caller]
fn check_refused(text: &str, format: Format, expected: &[&str]) {
    let problems = parse(text, format).expect_err(text);
    let told: Vec<String> = problems
        .iter()
        .map(|problem| {
            assert_eq!(problem.file.as_deref(), Some("proposal"));
            let place = problem.place.expect("a place");
            assert!(problem.span.is_some(), "{problem}");
            format!("{}:{}: {}", place.line, place.column, problem.message)
        })
        .collect();
    let fits = told.len() == expected.len()
        && told
            .iter()
            .zip(expected)
            .all(|(told, expected)| told.starts_with(expected));
    assert!(
        fits,
        "{format}: {text:?}\n told {told:#?}\n expected {expected:#?}"
    );
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().fold(String::new(), |mut all, problem| {
        writeln!(all, "{problem}").unwrap();
        all
    })
}

const YAML: &str = "# A comment\r\ntítulo: \"Ñandú\" # ñ\r\nweeks: 4\r\nfee: 1.5\r\nopen: true\r\nflows:\r\n  - from: 'Perú' # ü\r\n    people: [1, 2]\r\n  - from: 日本\r\n    people: []\r\n";
const JSON: &str = "// A comment\n{\"título\": \"Ñandú\", /* ñ */ \"weeks\": 4,\n \"fee\": 1.5, \"open\": true, \"flows\": [\n {\"from\": \"Perú\", \"people\": [1, 2]},\n {\"from\": \"日本\", \"people\": [],},\n]}";
const TOML: &str = "# A comment\n\"título\" = \"Ñandú\" # ñ\nweeks = 4\nfee = 1.5\nopen = true\n[[flows]]\nfrom = \"Perú\"\npeople = [1, 2]\n[[flows]]\nfrom = '日本'\npeople = []\n";

#[test]
fn three_formats_give_one_value_and_a_place_for_everything() {
    let expected = json!({"título": "Ñandú", "weeks": 4, "fee": 1.5, "open": true, "flows": [
        {"from": "Perú", "people": [1, 2]}, {"from": "日本", "people": []}]});
    for (text, format) in [
        (YAML, Format::Yaml),
        (JSON, Format::Json),
        (TOML, Format::Toml),
    ] {
        let document = parse(text, format).unwrap();
        assert_eq!(document.value(), &expected, "{format}");
        let mut pointers = vec![(Pointer::root(), &expected)];
        while let Some((pointer, value)) = pointers.pop() {
            let span = document.value_span(&pointer).expect("a span");
            let slice = document.source().slice(span.clone());
            assert_eq!(
                document.place(&pointer),
                Some(document.source().place(span.start))
            );
            match value {
                Value::Object(object) => {
                    for (key, value) in object {
                        let below = pointer.key(key);
                        let key_span = document.key_span(&below).expect("a key span");
                        let typed = document.source().slice(key_span);
                        assert_eq!(typed.trim_matches('"'), key, "{format} {below:?}");
                        pointers.push((below, value));
                    }
                }
                Value::Array(items) => {
                    assert_eq!(document.key_span(&pointer.index(0)), None);
                    for (index, value) in items.iter().enumerate() {
                        pointers.push((pointer.index(index), value));
                    }
                }
                Value::String(text) => assert_eq!(slice.trim_matches(['"', '\'']), text),
                other => assert_eq!(slice, other.to_string()),
            }
        }
        let keys = document.keys_in_order(&Pointer::root());
        assert_eq!(
            keys,
            ["título", "weeks", "fee", "open", "flows"],
            "{format}"
        );
        assert_eq!(
            document.keys_in_order(&Pointer::from_json("/flows/1")),
            ["from", "people"]
        );
        assert!(
            document
                .keys_in_order(&Pointer::from_json("/flows"))
                .is_empty()
        );
        for nowhere in [
            "/flows/2",
            "/flows/01",
            "/flows/+1",
            "/weeks/x",
            "flows",
            "/flows/",
        ] {
            assert_eq!(
                document.value_span(&Pointer::from_json(nowhere)),
                None,
                "{nowhere}"
            );
        }
    }
}

#[test]
fn containers_extend_from_their_first_to_their_last_character() {
    let text = "a: &x\n  b:\n    - 1\n    - {c: [2, \"3\"] }   \n\n# end\nd: *x\ne: |\n  two\n  lines\n\nf:\n";
    let document = parse(text, Format::Yaml).unwrap();
    for (pointer, slice) in [
        ("/a", "b:\n    - 1\n    - {c: [2, \"3\"] }"),
        ("/a/b", "- 1\n    - {c: [2, \"3\"] }"),
        ("/a/b/1", "{c: [2, \"3\"] }"),
        ("/a/b/1/c", "[2, \"3\"]"),
        ("/d", "*x"),
        ("/d/b/1/c/0", "*x"),
        ("/e", "two\n  lines"),
        ("/f", ""),
    ] {
        let span = document
            .value_span(&Pointer::from_json(pointer))
            .expect(pointer);
        assert_eq!(document.source().slice(span), slice, "{pointer}");
    }
    let nothing = document.place(&Pointer::from_json("/f"));
    assert_eq!(
        nothing,
        Some(Place {
            line: 12,
            column: 3
        })
    );
    assert_eq!(document.value()["a"], document.value()["d"]);
}

#[test]
fn yaml_is_read_by_the_core_schema() {
    for (typed, value) in [
        ("yes", json!("yes")),
        ("No", json!("No")),
        ("on", json!("on")),
        ("off", json!("off")),
        ("true", json!(true)),
        ("FALSE", json!(false)),
        ("\"true\"", json!("true")),
        ("'12'", json!("12")),
        ("", Value::Null),
        ("~", Value::Null),
        ("Null", Value::Null),
        ("nUll", json!("nUll")),
        ("12", json!(12)),
        ("+12", json!(12)),
        ("-12", json!(-12)),
        ("007", json!(7)),
        ("0x1F", json!(31)),
        ("0o17", json!(15)),
        ("-0x1F", json!("-0x1F")),
        ("0xG", json!("0xG")),
        ("0x", json!("0x")),
        ("0b11", json!("0b11")),
        ("1_000", json!("1_000")),
        ("1.5", json!(1.5)),
        ("-.5", json!(-0.5)),
        ("5.", json!(5)),
        ("1e3", json!(1000)),
        ("1.5E-1", json!(0.15)),
        (".", json!(".")),
        ("e3", json!("e3")),
        ("1e", json!("1e")),
        ("1.2.3", json!("1.2.3")),
        ("2024-05-01", json!("2024-05-01")),
        ("12:30", json!("12:30")),
        ("9007199254740992", json!(9_007_199_254_740_992_i64)),
        ("!!str 12", json!("12")),
        ("! 12", json!("12")),
        ("!!int \"12\"", json!(12)),
        ("!!float 12", json!(12)),
        ("!!seq [1]", json!([1])),
        ("!!map {}", json!({})),
        ("|\n  a\n  b", json!("a\nb\n")),
        (">-\n  a\n  b", json!("a b")),
    ] {
        check_value(&format!("a: {typed}\n"), Format::Yaml, &json!({"a": value}));
    }
}

#[test]
fn json_has_comments_and_trailing_commas_and_nothing_else_loose() {
    check_value(
        "{\"a\": [1, 2,], /* x */ }",
        Format::Json,
        &json!({"a": [1, 2]}),
    );
    check_value(
        "{\"a\": \"\\u00f1\\ud83d\\ude00\\\"//\"}",
        Format::Json,
        &json!({"a": "ñ😀\"//"}),
    );
    check_value(
        "{\"a\": -0, \"b\": 1e2, \"/*\": 1.0}",
        Format::Json,
        &json!({"a": 0, "b": 100, "/*": 1}),
    );
    for (text, problem) in [
        ("{a: 1}", "1:2: the name `a` has no quotes"),
        ("{\"a\": 1 \"b\": 2}", "1:8: a comma is missing"),
        ("{'a': 1}", "1:2: JSON knows no single quotes"),
        ("{\"a\": 0x1}", "1:7: JSON knows no hexadecimal"),
        ("{\"a\": +1}", "1:7: a number has no plus sign"),
        ("{\"a\": .5}", "1:7: a decimal point needs digits"),
        ("{\"a\": 5.}", "1:7: a decimal point needs digits"),
        ("{\"a\": 01}", "1:8: a comma is missing"),
        ("{\"a\": NaN}", "1:7: `NaN` is neither a number"),
        ("{\"a\": -Infinity}", "1:7: `-Infinity` is not a number"),
        ("{\"a\": \"\\x41\"}", "1:"),
        ("{\"a\": \"\\ud800\"}", "1:"),
        ("{\"a\": yes}", "1:7: `yes` is neither a number"),
        ("{\"a\"}", "1:5: a colon is missing"),
        ("{\"a\":", "1:"),
        ("{\"a\": [1", "1:7: the `[` that opens here is not closed"),
        ("{\"a\": 1", "1:1: the `{` that opens here is not closed"),
        ("{\"a\": 1} x", "1:10: the document goes on"),
        ("{\"a\": 1} {", "1:10: the document goes on"),
        ("{\"a\": ,}", "1:7: a value is missing"),
        ("{\"a\": \"\tx\"}", "1:8: a tab inside quotes"),
        ("{\"a\": 1 /* x", "1:9: the comment that opens here"),
        ("{\"a\": 1 / 2}", "1:9: "),
    ] {
        check_refused(text, Format::Json, &[problem]);
    }
    // Every open quote is told, where it opens.
    check_refused(
        "{\"a\": \"x,\n\"b\": \"y\n}",
        Format::Json,
        &[
            "1:7: the quote that opens here",
            "2:6: the quote that opens here",
        ],
    );
}

#[test]
fn toml_has_its_own_types() {
    check_value(
        "a = 1979-05-27T07:32:00Z\nb = 0xFF\nc = 1_000\nd = [{x.y = 1}, {}]\ne.f = +1.5\n",
        Format::Toml,
        &json!({"a": "1979-05-27T07:32:00Z", "b": 255, "c": 1000, "d": [{"x": {"y": 1}}, {}], "e": {"f": 1.5}}),
    );
    check_refused(
        "a = yes\nb =\nc = 1\nd = [1 2]\n",
        Format::Toml,
        &["1:5: `yes` is neither", "2:", "4:"],
    );
    for (text, problem) in [
        ("a 1", "1:"),
        ("a = [1", "1:"),
        ("[a\nb = 1", "1:"),
        ("a = 01", "1:"),
        ("á = 1", "1:"),
        ("a = 1\n[a.b]", "2:2: `a` is already given as a value"),
        ("a = \"x", "1:"),
        ("a = 2024-13-45", "1:"),
    ] {
        let problems = parse(text, Format::Toml).expect_err(text);
        let first = problems.first().map(|problem| {
            let place = problem.place.unwrap();
            format!("{}:{}: {}", place.line, place.column, problem.message)
        });
        assert!(
            first
                .as_ref()
                .is_some_and(|first| first.starts_with(problem)),
            "{text}: {first:?}"
        );
    }
}

#[test]
fn names_given_twice_are_told_with_both_places() {
    for (text, format, problems) in [
        (
            "a: 1\nb: {c: 1, \"c\": 2}\na: 2\na: 3\n",
            Format::Yaml,
            vec![
                "2:11: `c` is given twice: on line 2, column 5 and on line 2, column 11",
                "3:1: `a` is given twice: on line 1, column 1 and on line 3, column 1",
                "4:1: `a` is given twice: on line 1, column 1 and on line 4, column 1",
            ],
        ),
        (
            "{\"a\": 1, \"b\": [{\"c\": 1, \"\\u0063\": 2}],\n\"a\": 2}",
            Format::Json,
            vec![
                "1:25: `c` is given twice: on line 1, column 17 and on line 1, column 25",
                "2:1: `a` is given twice: on line 1, column 2 and on line 2, column 1",
            ],
        ),
        (
            "x = 1\na.x = 2\ny = {x = 3, \"x\" = 4}\n\"x\" = 5\n[b]\nx = 6\n[a]\n[b]\nx = 7\n[[f]]\n\"ñ\" = 1\n[[f]]\n\"ñ\" = 1\n\"\\u00f1\" = 2",
            Format::Toml,
            vec![
                "3:13: `x` is given twice: on line 3, column 6 and on line 3, column 13",
                "4:1: `x` is given twice: on line 1, column 1 and on line 4, column 1",
                "7:2: `a` is given twice: on line 2, column 1 and on line 7, column 2",
                "8:2: `b` is given twice: on line 5, column 2 and on line 8, column 2",
                "9:1: `x` is given twice",
                "14:1: `ñ` is given twice: on line 13, column 1 and on line 14, column 1",
            ],
        ),
    ] {
        check_refused(text, format, &problems);
    }
}

#[test]
fn yaml_that_hides_what_it_means_is_refused() {
    for (text, problems) in [
        (
            "a: &x {b: 1}\nc:\n  <<: *x\n",
            vec!["3:3: the merge key `<<`"],
        ),
        (
            "a: !foo 1\nb: !!binary x\nc: !foo\n  k: 1\n",
            vec![
                "1:4: the tag `!foo`",
                "2:4: the tag `!!binary`",
                "3:4: the tag `!foo`",
            ],
        ),
        (
            "a: !!int x\n",
            vec!["1:4: `x` is not what its tag `!!int` says"],
        ),
        ("a: 1\n---\nb: 2\n", vec!["2:1: a second document"]),
        (
            "1: a\ntrue: b\n~: c\n2.5: d\n? [x]\n: e\n? {y: z}\n: f\n",
            vec![
                "1:1: the name `1` is a number",
                "2:1: the name `true` is true or false",
                "3:1: the name `~` is nothing",
                "4:1: the name `2.5` is a number",
                "5:3: a list cannot be a name",
                "7:3: a group of answers cannot be a name",
            ],
        ),
        (
            "a: &x [*x]\n",
            vec!["1:8: the alias refers to something that it is a part of"],
        ),
        ("a: *x\n", vec!["1:4: this `*` refers to"]),
    ] {
        check_refused(text, Format::Yaml, &problems);
    }
    check_value(
        "'1': a\n\"<<\": b\n'!x': '*y'\n",
        Format::Yaml,
        &json!({"1": "a", "<<": "b", "!x": "*y"}),
    );
    check_value(
        "a: &x k\n*x : v\n...\n",
        Format::Yaml,
        &json!({"a": "k", "k": "v"}),
    );
    check_value(
        "%YAML 1.2\n---\na: [\t1]\n",
        Format::Yaml,
        &json!({"a": [1]}),
    );
}

#[test]
fn mistakes_in_yaml_are_told_in_plain_words() {
    for (text, problems) in [
        (
            "a:\n\tb: 1\n",
            vec!["2:1: this line is indented with a tab"],
        ),
        (
            "a:\n  b: 1\n\tc: 2\n",
            vec!["3:1: this line is indented with a tab"],
        ),
        (
            "a:\n  - b\n\t- c\n",
            vec!["3:1: this line is indented with a tab"],
        ),
        ("\ta: 1\n", vec!["1:1: this line is indented with a tab"]),
        (
            "a: 1\na: 2\nb: [1,\nc: 3\n",
            vec!["2:1: `a` is given twice", "3:4: the `[` that opens here"],
        ),
        ("a: b: c\n", vec!["1:4: the text `b: c` needs quotes"]),
        (
            "a: [b: 1,\n\tc: 2]\n\td: x",
            vec!["3:1: this line is indented with a tab"],
        ),
        (
            "a: 'don't'\n",
            vec!["1:9: something follows the closing quote"],
        ),
        ("a: @x\n", vec!["1:4: the text `@x` needs quotes"]),
        ("a: \"x\nb: 1\n", vec!["1:4: the quote that opens here"]),
        ("a: 1\nb", vec!["2:2: a name without a colon"]),
    ] {
        check_refused(text, Format::Yaml, &problems);
    }
}

#[test]
fn an_alias_bomb_is_refused_and_ordinary_aliases_are_not() {
    let mut bomb = String::from("a0: &a0 [x, x]\n");
    for level in 1..40 {
        let below = level - 1;
        writeln!(
            bomb,
            "a{level}: &a{level} [*a{below}, *a{below}, *a{below}]"
        )
        .unwrap();
    }
    let problems = parse(&bomb, Format::Yaml).unwrap_err();
    assert_eq!(problems.len(), 1, "{}", lines(&problems));
    assert!(problems[0].message.contains("aliases"), "{}", problems[0]);

    let long = format!(
        "a: &a \"{}\"\nb: [{}]\n",
        "x".repeat(100_000),
        "*a, ".repeat(1000)
    );
    assert_eq!(parse(&long, Format::Yaml).unwrap_err().len(), 1);
    let keys = format!(
        "a: &a {{{}: 1}}\nb: [{}]\n",
        "x".repeat(1000),
        "*a, ".repeat(2000)
    );
    assert_eq!(parse(&keys, Format::Yaml).unwrap_err().len(), 1);
    assert!(parse("a: &a {b: [1, 2]}\nc: [*a, *a]\n", Format::Yaml).is_ok());

    let mut deep = String::from("a0: &a0 []\n");
    for level in 1..70 {
        writeln!(deep, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    let problems = parse(&deep, Format::Yaml).unwrap_err();
    assert!(
        problems[0].message.contains("inside each other"),
        "{}",
        problems[0]
    );
}

#[test]
fn numbers_that_cannot_be_computed_with_are_refused() {
    let infinity = "is infinity";
    for (number, format, reason) in [
        (".nan", Format::Yaml, "is not a number"),
        (".inf", Format::Yaml, infinity),
        ("-.INF", Format::Yaml, infinity),
        ("nan", Format::Toml, "is not a number"),
        ("-inf", Format::Toml, infinity),
    ] {
        let sign = if format == Format::Yaml { ':' } else { '=' };
        let expected = format!("1:5: the number `{number}` {reason}");
        check_refused(&format!("a {sign} {number}\n"), format, &[&expected]);
    }
    for number in [
        "9007199254740993",
        "-9007199254740993",
        "99999999999999999999999999999999999999999999",
    ] {
        for (text, format) in three(number) {
            let problems = parse(&text, format).unwrap_err();
            assert!(
                lines(&problems).contains("too large"),
                "{format}: {}",
                lines(&problems)
            );
            assert_eq!(problems[0].path, Some(Pointer::from_json("/a")));
        }
    }
    for (text, format) in three("1e999") {
        let problems = parse(&text, format).unwrap_err();
        assert!(
            lines(&problems).contains("too large to compute with"),
            "{}",
            lines(&problems)
        );
    }
    for (text, format) in three("-9007199254740992") {
        check_value(&text, format, &json!({"a": -9_007_199_254_740_992_i64}));
    }
}

/// `a` with this value in all formats.
fn three(value: &str) -> [(String, Format); 3] {
    [
        (format!("a: {value}\n"), Format::Yaml),
        (format!("{{\"a\": {value}}}"), Format::Json),
        (format!("a = {value}\n"), Format::Toml),
    ]
}

#[test]
fn depth_is_limited_and_hostile_depth_overflows_no_stack() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (text, format) in three(&nested(63)) {
        assert!(parse(&text, format).is_ok(), "{format}");
    }
    let many = 1_000_000;
    let mut hostile: Vec<(String, Format)> = Vec::new();
    for value in [
        nested(64),
        nested(70),
        nested(200),
        nested(many),
        "[".repeat(many),
    ] {
        hostile.extend(three(&value));
    }
    hostile.push(("{\"a\":".repeat(many), Format::Json));
    hostile.push(("{a: ".repeat(many), Format::Yaml));
    hostile.push(("- ".repeat(many), Format::Yaml));
    hostile.push(("? ".repeat(many), Format::Yaml));
    hostile.push((format!("x{} = 1", ".a".repeat(70)), Format::Toml));
    hostile.push((format!("x{} = 1", ".a".repeat(many)), Format::Toml));
    hostile.push((format!("[x{}]", ".a".repeat(many)), Format::Toml));
    hostile.push((
        format!("[x{0}]\nx{0} = [[[[{{x{0}=1}}]]]]", ".a".repeat(78)),
        Format::Toml,
    ));
    hostile.push((format!("a = {}", "{b = ".repeat(many)), Format::Toml));
    // Comments hide brackets, and nothing that looks like a comment hides them from the check only.
    assert!(parse(&format!("{{}} /* {} */", "[".repeat(many)), Format::Json).is_ok());
    hostile.push((format!("{{\"a\": /*/ {} /**/", nested(500)), Format::Json));
    for (text, format) in hostile {
        let problems = parse(&text, format).unwrap_err();
        let start: String = text.chars().take(20).collect();
        let told = problems
            .iter()
            .any(|problem| problem.message.contains("inside each other"));
        assert!(told, "{format} {start}: {}", lines(&problems));
        assert!(problems.len() <= 51, "{format} {start}");
    }
}

#[test]
fn documents_without_answers_are_refused() {
    for (format, texts) in [
        (
            Format::Yaml,
            &["", " \n\n", "# x", "---\n", "---\n# x\n...\n"][..],
        ),
        (Format::Json, &["", "\n", "// x", "/* x */"][..]),
        (Format::Toml, &["", "\n", "# x"][..]),
    ] {
        for text in texts {
            check_refused(text, format, &["1:1: the document is empty"]);
        }
    }
    for text in ["[1]", "3", "\"x\"", "null", "true"] {
        for format in [Format::Yaml, Format::Json] {
            check_refused(
                text,
                format,
                &["1:1: a proposal is a list of named answers"],
            );
        }
    }
    for format in [Format::Yaml, Format::Json] {
        check_value("{}", format, &json!({}));
    }
}

#[test]
fn files_that_are_no_text_are_refused() {
    for format in ALL {
        for (bytes, message) in [
            (&b"\xFF\xFEa\0"[..], "the file is UTF-16"),
            (b"\xFE\xFF\0a", "the file is UTF-16"),
            (b"a\0:\0", "the file is UTF-16"),
            (b"\0{\0}", "the file is UTF-16"),
            (b"\xFF\xFE\0\0a\0\0\0", "the file is UTF-32"),
            (
                b"a = 1\nb\xE9 = 2",
                "the file is not UTF-8: the byte at offset 7 (line 2)",
            ),
            (
                b"\xEF\xBB\xBF\xFF",
                "the file is not UTF-8: the byte at offset 3 (line 1)",
            ),
            (b"a\x00: 1", "the control character U+0000"),
            (b"a: \x1b[0m", "the control character U+001B"),
        ] {
            let problems = Document::parse("p", bytes, format).unwrap_err();
            assert!(
                problems[0].message.starts_with(message),
                "{format}: {}",
                problems[0]
            );
            assert_eq!(problems[0].file.as_deref(), Some("p"));
        }
        let large = vec![b' '; 8 * 1024 * 1024 + 1];
        let problems = Document::parse("p", &large, format).unwrap_err();
        assert!(
            problems[0].message.contains("more than 8388608 bytes"),
            "{}",
            problems[0]
        );
        let source = Source::new("p", String::from_utf8(large).unwrap());
        let problems = Document::parse_part(&source, 0..8_388_609, format).unwrap_err();
        assert!(
            problems[0].message.contains("more than 8388608 bytes"),
            "{}",
            problems[0]
        );
    }
    for (text, format) in three("1") {
        let marked = format!("\u{feff}{text}");
        let document = parse(&marked, format).unwrap();
        assert_eq!(
            document.place(&Pointer::from_json("/a")),
            parse(&text, format)
                .unwrap()
                .place(&Pointer::from_json("/a"))
        );
    }
    let problems = parse(&"[a]\n".repeat(1001), Format::Toml).unwrap_err();
    assert_eq!(problems.len(), 51);
    assert!(
        problems[49]
            .message
            .ends_with("on line 1, column 2 and on line 51, column 2"),
        "{}",
        problems[49]
    );
    let problems = parse(&"\u{1}".repeat(1000), Format::Yaml).unwrap_err();
    assert_eq!(problems.len(), 51);
    assert!(problems[50].message.contains("950 more problems"));
}

#[test]
fn a_document_of_too_many_values_is_refused() {
    for (text, format) in three(&format!("[{}]", vec!["1"; 1_000_001].join(","))) {
        let problems = parse(&text, format).unwrap_err();
        assert!(
            problems[0].message.contains("more than 1000000 values"),
            "{}",
            problems[0]
        );
    }
}

#[test]
fn a_part_of_a_file_is_placed_in_the_whole_file() {
    for (part, format) in three("[1, 2]") {
        let page = format!("# Página ñ\n---\n{part}\n---\ntext {{\n");
        let start = page.find("---").unwrap() + 4;
        let source = Source::new("page.md", page.clone());
        let document = Document::parse_part(&source, start..start + part.len(), format).unwrap();
        let second = Pointer::from_json("/a/1");
        assert_eq!(
            source.slice(document.value_span(&second).unwrap()),
            "2",
            "{format}"
        );
        assert_eq!(
            source
                .slice(document.key_span(&Pointer::from_json("/a")).unwrap())
                .trim_matches('"'),
            "a"
        );
        assert_eq!(document.place(&second).unwrap().line, 3);
        assert_eq!(document.source().text(), page);
    }
    for (part, format) in [
        ("a: 1\na: b: c", Format::Yaml),
        ("{\"a\" 1}", Format::Json),
        ("b = 1\nb = 2", Format::Toml),
    ] {
        let page = format!("ñ\n---\n{part}\n---\n");
        let start = page.find("---").unwrap() + 4;
        let source = Source::new("page.md", page.clone());
        let problems =
            Document::parse_part(&source, start..start + part.len(), format).unwrap_err();
        assert!(
            problems
                .iter()
                .all(|problem| (3..=4).contains(&problem.place.unwrap().line))
        );
    }
    let source = Source::new("page.md", "ñ");
    for range in [1..2, 0..9, 5..9] {
        assert_eq!(
            Document::parse_part(&source, range, Format::Yaml)
                .unwrap_err()
                .len(),
            1
        );
    }
}

#[test]
fn problems_are_placed_at_the_value_or_what_is_nearest_above() {
    let document = parse("a:\n  b: 1\n", Format::Yaml).unwrap();
    for (pointer, line, column, at_key) in [
        ("/a/b", 2, 6, (2, 3)),
        ("/a/c", 2, 3, (2, 3)),
        ("/a/b/c/d", 2, 6, (2, 6)),
        ("/x", 1, 1, (1, 1)),
        ("", 1, 1, (1, 1)),
        ("/a", 2, 3, (1, 1)),
    ] {
        let pointer = Pointer::from_json(pointer);
        let problem = document.problem_at(&pointer, Problem::error("x"));
        assert_eq!(problem.place, Some(Place { line, column }), "{pointer:?}");
        assert_eq!(problem.path.as_ref(), Some(&pointer));
        assert_eq!(problem.file.as_deref(), Some("proposal"));
        let problem = document.problem_at_key(&pointer, Problem::error("x"));
        let (line, column) = at_key;
        assert_eq!(problem.place, Some(Place { line, column }), "{pointer:?}");
    }
    let made = Document::from_value("<made>", json!({"b": 1, "a": {}}));
    assert_eq!(made.keys_in_order(&Pointer::root()), ["a", "b"]);
    let problem = made.problem_at_key(&Pointer::from_json("/b"), Problem::error("x"));
    assert_eq!(
        (problem.place, problem.file.as_deref()),
        (None, Some("<made>"))
    );
    assert_eq!(problem.path, Some(Pointer::from_json("/b")));
}

#[test]
fn formats_have_names() {
    for format in ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert_eq!(Format::from_extension("YML"), Some(Format::Yaml));
    assert_eq!(Format::from_extension("jsonc"), Some(Format::Json));
    assert_eq!(Format::from_extension("txt"), None);
    assert!(
        "xml"
            .parse::<Format>()
            .unwrap_err()
            .to_string()
            .contains("`xml`")
    );
}

#[test]
fn long_quotes_are_shortened() {
    assert_eq!(text::shorten("a"), "a");
    assert_eq!(text::shorten("a\nb"), "a…");
    assert_eq!(
        text::shorten(&"ñ".repeat(50)),
        format!("{}…", "ñ".repeat(40))
    );
}
