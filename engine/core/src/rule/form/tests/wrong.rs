//! Everything that can be wrong with a form, with its place and what would be right. `wrong.txt` holds what is said.

use super::{of_page, page};

/// Forms that cannot be read, as a board member might type them.
const FORMS: &[&str] = &[
    // Paths.
    "judge: { yes_no: { of: host.askd } }",
    "judge: { yes_no: { of: asked } }",
    "judge: { yes_no: { of: flows.covered } }",
    "judge: { yes_no: { of: \"host..asked\" } }",
    "judge: { yes_no: { of: [agreed] } }",
    "judge: { yes_no: { of: ^^.agreed } }",
    "judge: { yes_no: { of: . } }",
    "judge: { each: { in: flows, judge: { yes_no: { of: agreed } }, take: worst, if_none: 1 } }\nremedy: none",
    // What a form is.
    "judge: yes_no",
    "judge: {}",
    "judge: { chioce: { of: mode } }",
    "judge: { yes_no: { of: agreed }, choice: { of: mode } }",
    "judge: { yes_no: { off: agreed } }",
    "say: { met: Fine }",
    "judge: { yes_no: { of: agreed } }\napplies: agreed",
    // Facts of another kind.
    "judge: { yes_no: { of: mode } }",
    "judge: { choice: { of: agreed, scale: { yes: 1 } } }",
    "judge: { number: { of: formats, full: 1, zero: 0 } }",
    "judge: { number: { of: agreed, full: 1, zero: 0 } }",
    "judge: { dates: { from: mode, to: ends, full: 1, zero: 0 } }\nremedy: none",
    "judge: { each: { in: mode, judge: { yes_no: { of: agreed } }, take: worst, if_none: 1 } }\nremedy: none",
    // Scales.
    "judge: { choice: { of: mode, scale: { virtual: 1, inperson: 0.5, mixed: 3 } } }",
    "judge: { choice: { of: mode, scale: { virtual: 1 } } }",
    "judge: { choice: { of: level, scale: { \"1\": 1, 1..2: 0, \"5\": 0 } } }",
    "judge: { choice: { of: level, scale: { \"1\": 1, 3..4: 0 } } }",
    "judge: { choice: { of: mode, scale: $worths } }",
    "judge: { choice: { of: mode, scale: $half } }",
    // Degrees, weights, curves.
    "judge: { yes_no: { of: agreed, no: 50 } }",
    "judge: { yes_no: { of: agreed, no: $least } }",
    "judge: { yes_no: { of: agreed, no: 1 } }",
    "judge: { number: { of: weeks, full: 8 } }",
    "judge: { number: { of: weeks, full: 8, zero: 8 } }",
    "judge: { number: { of: weeks, full: 8, curve: [[0, 0]] } }",
    "judge: { number: { of: weeks, curve: [[4, 0], [2, 1], 7] } }",
    "judge: { number: { of: weeks, curve: $half } }",
    "judge: { checklist: { items: [] } }",
    "judge: { checklist: { items: [{ is: { agreed: true }, weight: 0 }], full: 3 } }",
    "judge: { checklist: { items: [{ is: { agreed: true } }], full: 3 } }",
    "judge: { each: { in: flows, judge: { yes_no: { of: covered } }, take: worse, weigh: persons } }\nremedy: none",
    "judge: { each: { in: flows, judge: { yes_no: { of: covered } }, take: worst, weigh: persons, if_none: none } }\nremedy: none",
    "judge: { first: [{ if: { agreed: true }, then: 1, say: A }, { if: { agreed: false }, then: 0, say: B }] }\nremedy: none",
    "judge: { all_of: [] }\nremedy: none",
    // Units.
    "judge: { number: { of: spent, full: $least, zero: 0 } }",
    "judge: { number: { of: { plus: [spent, weeks] }, full: 9, zero: 0 } }\nremedy: none",
    "judge: { number: { of: weeks, full: $half, zero: 0 } }",
    // Numbers.
    "judge: { number: { of: { summ: weeks, in: flows }, full: 9, zero: 0 } }\nremedy: none",
    "judge: { number: { of: { mean: weeks, in: flows }, full: 9, zero: 0 } }\nremedy: none",
    "judge: { number: { of: { share: [spent], if_zero: 0 }, full: 9, zero: 0 } }\nremedy: none",
    "judge: { number: { of: $who, full: 9, zero: true } }\nremedy: none",
    // Conditions.
    "judge: { yes_no: { of: agreed } }\napplies: { mode: inperson }",
    "judge: { yes_no: { of: agreed } }\napplies: { agreed: yes }",
    "judge: { yes_no: { of: agreed } }\napplies: { formats: trip }",
    "judge: { yes_no: { of: agreed } }\napplies: { formats: { includes: tripp } }",
    "judge: { yes_no: { of: agreed } }\napplies: { mode: { includes: mixed } }",
    "judge: { yes_no: { of: agreed } }\napplies: { weeks: { \">=\": 4 } }",
    "judge: { yes_no: { of: agreed } }\napplies: { mode: { at_least: 4 } }",
    "judge: { yes_no: { of: agreed } }\napplies: { weeks: 99 }",
    "judge: { yes_no: { of: agreed } }\napplies: { weeks: {} }",
    "judge: { yes_no: { of: agreed } }\napplies: { Not: { agreed: true } }",
    "judge: { yes_no: { of: agreed } }\napplies: { is_not: { agreed: true } }",
    "judge: { yes_no: { of: agreed } }\napplies: { host: true }",
    "judge: { yes_no: { of: agreed } }\napplies: { any: flows, where: { who: staff } }",
    "judge: { yes_no: { of: agreed } }\napplies: { any: flows, where: { who: staff }, if_none: true }",
    "judge: { yes_no: { of: agreed } }\napplies: { any: flows, all: flows, where: { who: staff }, if_none: no }",
    "judge: { yes_no: { of: agreed } }\napplies: { any: flows, if_none: no }",
    "judge: { yes_no: { of: agreed } }\napplies: { compare: [spent, \">\", budget] }",
    "judge: { yes_no: { of: agreed } }\napplies: { compare: [spent, above] }",
    "judge: { yes_no: { of: agreed } }\napplies: { compare: [{ mean: weeks, in: flows, if_none: not_applicable }, above, 1] }",
    "judge: { yes_no: { of: agreed } }\napplies: { mode: [mixed, mixed] }",
    "judge: { yes_no: { of: agreed } }\napplies: { mode: { one_of: $half } }",
    "judge: { yes_no: { of: agreed } }\napplies: { mode: $half }",
    "judge: { yes_no: { of: agreed } }\napplies: { or: [] }",
    "judge: { yes_no: { of: agreed } }\napplies: null",
    // Words.
    "judge: { yes_no: { of: agreed } }\nsay: [Fine]",
    "judge: { yes_no: { of: agreed } }\nsay: { mett: Fine, unmet: \"\" }",
    "judge: { yes_no: { of: agreed } }\nsay: { met: \"{weeks} and {value:percent}\" }",
    "judge: { number: { of: weeks, full: 4, zero: 0 } }\nsay: { met: \"{value:prozent} {vale}\" }",
    "judge: { first: [{ if: { agreed: true }, then: 1, say: A }, { else: 0, say: B }] }\nremedy: none\nsay: { met: Never }",
    "judge: { first: [{ if: { agreed: true }, then: 1 }, { else: 0, say: B }] }\nremedy: none",
    "judge: { each: { in: flows, judge: { choice: { of: who, scale: { student: { degree: 1, say: Never }, staff: 0 } } }, take: worst, if_none: 1 } }\nremedy: none",
    // Remedies.
    "judge: { number: { of: { count: flows }, full: 4, zero: 0 } }",
    "judge: { all_of: [{ yes_no: { of: agreed } }] }",
    "judge: { choice: { of: mode, scale: { virtual: 0.9, in_person: 0, mixed: 0 } } }\nremedy: auto",
    "judge: { yes_no: { of: agreed } }\nremedy: nothing",
    "judge: { yes_no: { of: agreed } }\nremedy: [{ set: agred, to: true }, { set: mode, to: there }, { set: agreed }]",
    "judge: { yes_no: { of: agreed } }\nremedy: [{ set: weeks, to: full }]",
    // Everything at once.
    "applies: { mod: mixed }\njudge: { choice: { of: mode, scale: { virtual: 2, mixd: 0 } } }\nsay: { met: \"{x}\" }\nremedy: automatic",
];

#[test]
fn everything_wrong_is_said_where_it_stands() {
    let mut all = String::new();
    for form in FORMS {
        all.push_str(&format!("{form}\n"));
        let said = said(form);
        assert!(!said.is_empty(), "nothing is said of\n{form}");
        for line in said {
            all.push_str(&format!("    {line}\n"));
        }
    }
    let known = include_str!("wrong.txt");
    if all != known {
        std::fs::write(std::env::temp_dir().join("wrong.txt"), &all).unwrap();
        let (a, b): (Vec<&str>, Vec<&str>) = (all.lines().collect(), known.lines().collect());
        let differ = a
            .iter()
            .zip(b.iter().chain(std::iter::repeat(&"")))
            .find(|(a, b)| a != b);
        panic!("wrong.txt differs: {differ:?}");
    }
}

/// Everything that is said of a form, with the words underlined.
fn said(form: &str) -> Vec<String> {
    let text = page(form);
    let book = of_page(&text);
    let broken = book.broken().first();
    let problems = broken.map(|rule| rule.problems.clone()).unwrap_or_default();
    let said = problems.iter().map(|problem| {
        assert!(
            problem
                .file
                .as_deref()
                .unwrap()
                .ends_with("ethics/long-stay.md")
        );
        let span = problem.span.clone().unwrap();
        let marked = text.get(span).unwrap().lines().next().unwrap_or_default();
        let line = problem.to_string();
        let told = line
            .split_once(": ")
            .map_or(line.as_str(), |(_, told)| told);
        format!("[{marked}] {told}")
    });
    said.collect()
}

#[test]
fn a_page_has_a_form_or_a_script() {
    let text = page("judge: { yes_no: { of: agreed } }");
    let book = crate::sample::book(&[
        ("schema.json", "", super::SCHEMA),
        ("ethics/long-stay.md", "", &text),
    ]);
    let said = book.broken()[0].problems[0].to_string();
    assert!(said.contains("there is a script as well"), "{said}");
    assert!(
        said.contains("delete `small/ethics/long-stay.rhai`"),
        "{said}"
    );
}

#[test]
fn words_of_conditions_are_no_fields_of_a_proposal() {
    let pack = |schema: &str| {
        let mut pack = crate::pack::PackFiles {
            folder: "own".to_owned(),
            ..crate::pack::PackFiles::default()
        };
        for (path, text) in [
            ("pack.toml", "[pack]\nname = \"own\"\n"),
            ("schema.json", schema),
        ] {
            pack.files
                .insert(path.to_owned(), text.as_bytes().to_vec().into());
        }
        pack
    };
    let load = |schema: &str| {
        let settings = crate::settings::Settings::default();
        let book = crate::rulebook::Rulebook::load(vec![pack(schema)], Vec::new(), settings);
        book.err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let schema = |name: &str| {
        format!(r#"{{ "type": "object", "properties": {{ "{name}": {{ "type": "boolean" }} }} }}"#)
    };
    for name in crate::rule::form::RESERVED {
        let said = load(&schema(name));
        assert_eq!(
            said,
            [format!(
                "own/schema.json:1:37: a proposal cannot have a field `{name}`: conditions use the word; expected another name, or the field inside a group"
            )]
        );
    }
    assert_eq!(load(&schema("anything")), [""; 0]);
}

#[test]
fn hostile_pages_end_in_a_problem() {
    let deep = |open: &str, inside: &str, close: &str, times: usize| {
        format!("{}{inside}{}", open.repeat(times), close.repeat(times))
    };
    for form in [
        format!(
            "judge: {{ yes_no: {{ of: agreed }} }}\napplies: {}",
            deep("{ not: ", "{ agreed: true }", " }", 40)
        ),
        format!(
            "judge: {}\nremedy: none",
            deep("{ all_of: [", "{ yes_no: { of: agreed } }", "] }", 25)
        ),
        format!(
            "judge: {{ number: {{ of: {}, full: 1, zero: 0 }} }}\nremedy: none",
            deep("{ plus: [1, ", "2", "] }", 40)
        ),
        format!("judge: {{ yes_no: {{ of: {} }} }}", "a.".repeat(5000)),
        format!(
            "judge: {{ any_of: [{}] }}\nremedy: none",
            "{ yes_no: { of: agreed } }, ".repeat(300)
        ),
        format!(
            "judge: {{ yes_no: {{ of: agreed }} }}\nsay: {{ met: \"{}\" }}",
            "word ".repeat(1000)
        ),
    ] {
        let said = said(&form);
        let start = || form.chars().take(100).collect::<String>();
        assert!(!said.is_empty(), "{}", start());
        let short = |line: &String| {
            line.rsplit("] ")
                .next()
                .is_some_and(|told| told.len() < 400)
        };
        assert!(said.iter().all(short), "{}", start());
    }
    // Words that would be something else in a script are only words.
    let words = r#"judge: { yes_no: { of: agreed } }
say: { met: "\" => 1, \"x\" => 2 // \\ `$program` /* */ \u0007", unmet: "a\nb" }"#;
    let book = super::rulebook(words);
    let found = super::ask(&book, "agreed: true");
    assert_eq!(
        found.message.text(),
        "\" => 1, \"x\" => 2 // \\ `$program` /* */ \u{7}"
    );
    assert_eq!(super::ask(&book, "agreed: false").message.text(), "a b");
}
