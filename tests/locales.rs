//! Languages: everything that is said is said in each of them, and nothing is said in one that does not exist.

use crate::assembly::{book, core_pack, evenhand, plugins, root};
use evenhand_core::finding::{Message, places};
use evenhand_core::pack::PackFiles;
use evenhand_core::problem::Problem;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use evenhand_locale::words::WORDS;
use evenhand_locale::{Locale, Section, Words as _};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;

const HAITI: &str = "examples/proposals/c05-haiti-camp.yaml";

fn run(args: &[&str]) -> Output {
    evenhand().args(args).output().unwrap()
}

fn shown(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.stderr, b"", "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn open(book: &Rulebook, tag: &str) -> Result<Locale, Vec<Problem>> {
    evenhand_locale::open(tag, &book.catalogs(), &|| book.originals())
}

fn shipped() -> Vec<String> {
    let all = evenhand_locale::languages(&book().catalogs());
    all.into_iter().filter(|tag| tag != "en").collect()
}

fn message(template: &str, args: &Value) -> Message {
    let args = args.as_object().unwrap().clone();
    Message {
        template: template.to_owned(),
        args: args.into_iter().collect(),
        said: None,
    }
}

/// The core pack with another file of translations beside the real ones.
fn book_with(path: &str, text: &str) -> Rulebook {
    let mut pack = core_pack(true);
    pack.files
        .insert(format!("locales/{path}"), text.as_bytes().to_vec().into());
    Rulebook::load(vec![pack], plugins(), Settings::default()).unwrap()
}

/// What is wrong with a file of translations that was not checked before.
fn problems(text: &str) -> Vec<String> {
    let book = book_with("es/more.toml", text);
    let problems = evenhand_authoring::translation::to_fill(&book, "es")
        .err()
        .unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_is_missing_in_a_shipped_language() {
    assert_eq!(shipped(), ["es", "fr"]);
    for tag in shipped() {
        // This also checks every key and every place of every template.
        let locale = evenhand_authoring::translation::to_fill(book(), &tag).unwrap();
        assert_eq!(
            evenhand_locale::missing(&book().originals(), &locale),
            [],
            "{tag}"
        );
    }
    let begun = evenhand_authoring::translation::to_fill(book(), "pt").unwrap();
    let missing = evenhand_locale::missing(&book().originals(), &begun);
    assert!(missing.len() > 700, "{}", missing.len());
    let said = missing.iter().filter(|one| one.section == "messages");
    assert!(said.count() > 150);
}

#[test]
fn every_template_that_a_case_makes_a_rule_say_is_translated_with_its_arguments() {
    let locales: Vec<Locale> = shipped()
        .iter()
        .map(|tag| open(book(), tag).unwrap())
        .collect();
    let mut said = BTreeSet::new();
    for (name, proposal) in crate::assembly::examples() {
        let card = book().judge(&proposal);
        let of_rules = card
            .findings
            .into_iter()
            .filter(|finding| book().rule(&finding.rule).is_ok());
        for finding in of_rules {
            let message = finding.message;
            said.insert(message.template.clone());
            for locale in &locales {
                let text = locale.message(&message);
                let place = format!("{name}, {}, {}: {text}", finding.rule, locale.tag());
                assert!(!text.contains(['{', '}']), "{place}");
                if !message.template.is_empty() {
                    assert_ne!(text, message.text(), "{place}");
                }
            }
        }
    }
    assert!(said.len() > 80, "{}", said.len());
}

/// The code of a folder and the folders in it, in the order of their names.
fn rust_of(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut code = String::new();
    for path in paths {
        if path.is_dir() {
            code.push_str(&rust_of(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            code.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
    code
}

#[test]
fn every_word_of_the_reports_is_in_the_list_and_used() {
    let folder = root().join("engine");
    // Every file of the reports, so that a new one is part of this by being there.
    let mut code = rust_of(&folder.join("report/src"));
    code.push_str(&rust_of(&folder.join("web/src")));
    for path in [
        "cli/src/commands/init.rs",
        "cli/src/commands/questions/answer.rs",
        "cli/src/commands/improve.rs",
        "cli/src/commands/perspectives.rs",
        "cli/src/commands/ask.rs",
        "cli/src/commands/compare.rs",
        "cli/src/commands/memo.rs",
        "cli/src/commands/plugin/test.rs",
        "cli/src/commands/profile/diff.rs",
        "cli/src/commands/profile/show.rs",
        "cli/src/commands/portfolio.rs",
        "cli/src/commands/rules/impact.rs",
        "cli/src/commands/what_if.rs",
        "analysis/src/merge.rs",
        "analysis/src/merge/read.rs",
        "core/src/attestation/contested.rs",
        "core/src/joint.rs",
        "core/src/verdict.rs",
        "core/src/score.rs",
        "core/src/finding.rs",
        "core/src/evaluate.rs",
        "core/src/rulebook/broken.rs",
        "core/src/evaluate/narrow.rs",
        "core/src/rule.rs",
        "core/src/rule/page.rs",
        "core/src/rule/page/parameter.rs",
        "diagnostic/src/words.rs",
    ] {
        code.push_str(&std::fs::read_to_string(folder.join(path)).unwrap());
    }
    // A text that goes over two lines is one text.
    let mut joined = code.clone();
    while let Some((before, after)) = joined.split_once("\\\n") {
        joined = format!("{before}{}", after.trim_start());
    }
    for word in WORDS {
        assert!(joined.contains(&format!("\"{word}\"")), "unused: {word}");
    }
    let known: BTreeSet<&str> = WORDS.iter().copied().collect();
    for call in [".say(", ".word(", "self.heading("] {
        for part in joined.split(call).skip(1) {
            let literal = part.trim_start().strip_prefix('"');
            if let Some((text, _)) = literal.and_then(|rest| rest.split_once('"')) {
                assert!(known.contains(text), "not in the list: {text}");
            }
        }
    }
}

#[test]
fn the_engines_own_words_have_the_places_of_the_english() {
    for tag in shipped() {
        let locale = open(book(), &tag).unwrap();
        for word in WORDS {
            let mut wanted = places(word);
            let args: Vec<(&str, &str)> = wanted.iter().map(|place| (*place, "‹7›")).collect();
            let text = locale.say(word, &args);
            wanted.sort_unstable();
            assert_eq!(text.matches("‹7›").count(), wanted.len(), "{tag}: {text}");
        }
    }
}

#[test]
fn numbers_and_percent_signs_follow_the_language() {
    let said = |tag: &str, template: &str, args: &Value| {
        let locale = open(book(), tag).unwrap();
        locale.message(&message(template, args))
    };
    let template = "Learners for each supervisor: {ratio}, and that is no supervision";
    let args = json!({ "ratio": 1.5 });
    assert!(said("en", template, &args).contains(": 1.5,"));
    assert!(said("es", template, &args).contains(": 1,5,"));
    assert!(said("fr", template, &args).contains("\u{a0}: 1,5,"));
    let template = "The formats serve the motives to {degree:percent}";
    let args = json!({ "degree": 0.625 });
    assert!(said("en", template, &args).ends_with("62.5 %"));
    assert!(said("es", template, &args).ends_with("62,5\u{a0}%"));
    assert!(said("fr", template, &args).ends_with("62,5\u{202f}%"));
}

#[test]
fn plurals_follow_the_language() {
    let template = "Money is secured for {secured} years";
    let said = |tag: &str, secured: f64| {
        let locale = open(book(), tag).unwrap();
        locale.message(&message(template, &json!({ "secured": secured })))
    };
    for (tag, years, end) in [
        ("es", 0.0, "0 años"),
        ("es", 1.0, "1 año"),
        ("es", 1.5, "1,5 años"),
        ("es", 2.0, "2 años"),
        ("fr", 0.0, "0 an"),
        ("fr", 1.0, "1 an"),
        ("fr", 1.5, "1,5 an"),
        ("fr", 2.0, "2 ans"),
    ] {
        assert!(
            said(tag, years).ends_with(end),
            "{tag}: {}",
            said(tag, years)
        );
    }
    let english = Locale::english();
    assert_eq!(
        english.say("{count} rules failed", &[("count", "1")]),
        "1 rule failed"
    );
    assert_eq!(
        english.say("{count} rules failed", &[("count", "2")]),
        "2 rules failed"
    );
}

#[test]
fn a_region_falls_back_to_its_language_and_a_missing_text_to_english() {
    let own = "[titles]\n\"ethics/debrief\" = \"Hay una plática al volver\"\n";
    let book = book_with("es-MX.toml", own);
    let mexico = open(&book, "es-MX").unwrap();
    assert_eq!(mexico.tag(), "es-MX");
    let title = |id: &str| mexico.find(Section::Titles, id);
    assert_eq!(title("ethics/debrief"), Some("Hay una plática al volver"));
    assert_eq!(
        title("equity/co-design"),
        Some("Quienes reciben ayudaron a diseñarlo")
    );
    let spain = open(&book, "es").unwrap();
    assert_ne!(
        title("ethics/debrief"),
        spain.find(Section::Titles, "ethics/debrief")
    );
    assert_eq!(mexico.word("a word of nobody"), "a word of nobody");
    let nobody = message("Nobody says {what}", &json!({ "what": "this" }));
    assert_eq!(mexico.message(&nobody), "Nobody says this");

    let half = book_with("pt.toml", "[dimensions]\nequity = \"Equidade\"\n");
    let locale = open(&half, "pt-BR").unwrap();
    let titles: Vec<&str> = half
        .info()
        .dimensions
        .iter()
        .map(|dimension| {
            let title = locale.find(Section::Dimensions, &dimension.id);
            title.unwrap_or(&dimension.title)
        })
        .collect();
    assert_eq!(titles, ["Equidade", "Ethics", "Climate", "Sustainability"]);
}

#[test]
fn a_later_pack_translates_and_replaces() {
    let own = PackFiles {
        folder: "own".to_owned(),
        files: [
            ("pack.toml", "[pack]\nname = \"own\"\n"),
            ("locales/fr.toml", "[dimensions]\nequity = \"Justice\"\n"),
        ]
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec().into()))
        .collect(),
        ..PackFiles::default()
    };
    let packs = vec![core_pack(true), own];
    let book = Rulebook::load(packs, plugins(), Settings::default()).unwrap();
    let french = open(&book, "fr").unwrap();
    assert_eq!(french.find(Section::Dimensions, "equity"), Some("Justice"));
    assert_eq!(french.find(Section::Dimensions, "climate"), Some("Climat"));
}

#[test]
fn what_does_not_exist_is_named_with_what_was_meant() {
    for (text, expected) in [
        (
            "[titles]\n\"ethics/debrif\" = \"x\"\n",
            "`ethics/debrif` is not a rule; did you mean `ethics/debrief`?",
        ),
        (
            "[questions]\n\"host.ned\" = \"x\"\n",
            "`host.ned` is not a field of the proposal; did you mean `host.need`?",
        ),
        (
            "[messages]\n\"There is no agrement\" = \"x\"\n",
            "did you mean `There is no agreement`?",
        ),
        (
            "[values]\nbeyond_home_scop = \"x\"\n",
            "did you mean `beyond_home_scope`?",
        ),
        (
            "[labels.\"flows[].who\"]\nstudnt = \"x\"\n",
            "`studnt` is not a choice of `flows[].who`; did you mean `student`?",
        ),
        (
            "[dimensions]\nequty = \"x\"\n",
            "`equty` is not a dimension; did you mean `equity`?",
        ),
        ("[words]\n\"Help:\" = \"x\"\n", "did you mean `Helps:`?"),
        (
            "[title]\n\"ethics/debrief\" = \"x\"\n",
            "did you mean `titles`?",
        ),
        (
            "[messages]\n\"Hours of debriefing after return: {hours}\" = \"Horas: {horas}\"\n",
            "the translation has other places than the English; expected {hours}",
        ),
        (
            "[messages]\n\"The formats serve the motives to {degree:percent}\" = \"Al {degree}\"\n",
            "expected {degree:percent}",
        ),
        (
            "[plurals.\"Money is secured for {secured} years\"]\ncount = \"years\"\none = \"{secured} año\"\nother = \"{secured} años\"\n",
            "the message has no place {years}",
        ),
        (
            "[plurals.\"Money is secured for {secured} years\"]\ncount = \"secured\"\nother = \"{secured} años\"\n",
            "the plural has no `one`",
        ),
    ] {
        let found = problems(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains(expected), "{text}: {found:?}");
        assert!(
            found[0].starts_with("international-programs/locales/es/more.toml:"),
            "{found:?}"
        );
    }
    assert_eq!(problems("[titles]\n\"ethics/debrief\" = \"x\"\n"), [""; 0]);
}

#[test]
fn scorecards_at_80_columns() {
    for tag in shipped() {
        let text = shown(&["check", HAITI, "--width", "80", "--locale", &tag]);
        insta::assert_snapshot!(format!("haiti_{tag}"), text);
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            assert_eq!(line, line.trim_end());
        }
    }
}

/// Plugins say what they say in English; the core pack translates those that are built in.
#[test]
fn what_the_bundled_plugins_say_is_translated() {
    let clean = "Students of both schools work on the wards of the other for four weeks, under consultants of the host. ";
    let bad = "Save the poorest of the poor, the helpless children of a primitive village, and come home a hero. ";
    let foreign = "Studentinnen und Studenten beider Schulen arbeiten vier Wochen auf den Stationen der jeweils anderen. ";
    let undetermined = "1 2 3 ".repeat(40);
    let texts = [
        String::new(),
        "Four weeks.".to_owned(),
        clean.repeat(4),
        bad.repeat(4),
        foreign.repeat(4),
        format!("{}{foreign}", clean.repeat(5)),
        undetermined,
    ];
    for tag in shipped() {
        let speaking =
            Rulebook::load(vec![core_pack(true)], plugins(), Settings::default()).unwrap();
        let locale = open(&speaking, &tag).unwrap();
        for text in &texts {
            let document = evenhand_core::document::Document::from_value(
                "texts",
                json!({ "program": { "summary": text } }),
            );
            let card = speaking.judge_in(&document, &locale);
            let all = card.findings.iter();
            let mut own = all.filter(|finding| finding.rule == "ethics/publicity-language");
            let said = &own.next().unwrap().message;
            let english = message(
                &said.template,
                &json!(said.args.iter().cloned().collect::<serde_json::Map<_, _>>()),
            );
            assert_ne!(
                locale.message(said),
                Locale::english().message(&english),
                "{tag}"
            );
        }
    }
}

/// One proposal for each question that a bundled plugin asks.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn what_the_bundled_plugins_ask_is_translated() {
    let with = |place: Value, flow: Value| {
        let mut whole = json!({ "from": "lyon", "to": "dakar", "mode": "in_person", "weeks": 5 });
        whole
            .as_object_mut()
            .unwrap()
            .extend(flow.as_object().unwrap().clone());
        json!({
            "partners": [
                { "id": "lyon", "country": "FR", "place": { "airport": "LYS" } },
                { "id": "dakar", "country": "SN", "place": place }
            ],
            "flows": [whole]
        })
    };
    let airport = || json!({ "airport": "DSS" });
    let legs = json!({ "legs": [
        { "mode": "plane", "from": "LYS", "to": "DSS" }, { "mode": "plane", "from": "DSS", "to": "LYS" }
    ] });
    let cases = [
        ("there-and-back", with(airport(), legs)),
        ("kilometres", with(airport(), json!({ "km_one_way": 3700 }))),
        (
            "no-through-train",
            with(airport(), json!({ "transport": "train" })),
        ),
        (
            "long-way-by-road",
            with(airport(), json!({ "transport": "coach" })),
        ),
        (
            "long-way-by-ferry",
            with(airport(), json!({ "transport": "ferry" })),
        ),
        ("nights-and-weeks", with(airport(), json!({ "nights": 3 }))),
        (
            "airport-elsewhere",
            with(json!({ "airport": "NBO" }), json!({})),
        ),
        (
            "place-elsewhere",
            with(json!({ "lat": -1.3, "lon": 36.8 }), json!({})),
        ),
    ];
    for tag in shipped() {
        let locale = open(book(), &tag).unwrap();
        for (code, proposal) in &cases {
            let document = evenhand_core::document::Document::from_value("odd", proposal.clone());
            let card = book().judge_in(&document, &locale);
            let code = format!("climate/{code}");
            let found = card.checks.iter().find(|check| check.code == code);
            let asked = found.unwrap_or_else(|| panic!("{code} is not asked of {proposal}"));
            let english = message(
                &asked.question.template,
                &json!(
                    asked
                        .question
                        .args
                        .iter()
                        .cloned()
                        .collect::<serde_json::Map<_, _>>()
                ),
            );
            assert_ne!(
                asked.question.text(),
                Locale::english().message(&english),
                "{tag} {code}"
            );
            if let Some(reading) = &asked.reading {
                assert!(locale.value(&reading.says).is_some(), "{tag} {code}");
            }
        }
    }
}

#[test]
fn a_judgement_is_the_same_in_every_language() {
    let json = |tag: &str| -> Value {
        let args = ["check", HAITI, "--format", "json", "--locale", tag];
        serde_json::from_str(&shown(&args)).unwrap()
    };
    let english = json("en");
    assert_eq!(english["locale"], "en");
    for tag in ["es", "es-MX", "fr"] {
        let other = json(tag);
        assert_eq!(other["locale"], tag);
        assert_ne!(other["verdict"]["reason"], english["verdict"]["reason"]);
        for key in ["dimensions", "derived"] {
            assert_eq!(other[key], english[key], "{key}");
        }
        // The same took part, and the translations besides.
        let mut receipt = other["receipt"].clone();
        let files = receipt["files"].as_object_mut().unwrap();
        let count = files.len();
        let own = format!("/locales/{}.", tag.split('-').next().unwrap());
        files.retain(|name, _| !name.contains(&own));
        assert!(files.len() < count, "{tag}");
        files.retain(|name, _| !name.contains("/locales/"));
        let mut ours = english["receipt"].clone();
        let files = ours["files"].as_object_mut().unwrap();
        files.retain(|name, _| !name.contains("/locales/"));
        assert_eq!(receipt, ours);
        let findings = |card: &Value| card["findings"].as_array().unwrap().clone();
        for (ours, theirs) in findings(&other).iter().zip(findings(&english)) {
            for key in [
                "rule", "template", "args", "outcome", "degree", "low", "high", "remedy",
            ] {
                assert_eq!(ours[key], theirs[key], "{key} of {}", theirs["rule"]);
            }
            assert_ne!(ours["title"], theirs["title"]);
        }
    }
}

#[test]
fn an_unknown_language_is_refused_with_those_there_are() {
    let output = run(&["check", HAITI, "--locale", "fx"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    for part in [
        "`fx` is not a language there are texts in",
        "en, es, fr",
        "did you mean `fr`?",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn the_profile_sets_the_language_and_the_command_line_wins() {
    let folder = tempfile::tempdir().unwrap();
    let proposal = folder.path().join("proposal.yaml");
    std::fs::copy(root().join(HAITI), &proposal).unwrap();
    let profile = "[profile]\nname = \"Comité\"\nlocale = \"es\"\n";
    std::fs::write(folder.path().join("evenhand.toml"), profile).unwrap();
    let proposal = proposal.to_str().unwrap();
    assert!(shown(&["check", proposal]).contains("Dictamen: DETENER"));
    let french = shown(&["check", proposal, "--locale", "fr"]);
    assert!(french.contains("Avis\u{a0}: ARRÊTER"));
}

#[test]
fn pages_lists_and_what_is_missing() {
    let page = shown(&["explain", "ethics/debrief", "--locale", "fr"]);
    assert!(
        page.starts_with(
            "Il y a un bilan après le retour, et quelqu’un à qui s’adresser ensuite\n"
        ),
        "{page}"
    );
    assert!(page.contains("\nCe qui aide\nTenez un bilan"), "{page}");
    let list = shown(&["rules", "list", "--locale", "es"]);
    assert!(list.starts_with("Equidad\n"), "{list}");
    assert!(list.contains("Hay una puesta en común tras el regreso"));
    assert_eq!(
        shown(&["rules", "locale", "es"]),
        "Nothing is missing in `es`.\n"
    );
    let output = run(&["rules", "locale", "pt"]);
    assert_eq!(output.status.code(), Some(1));
    // What is printed is a file of translations of the right form and with the right keys.
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("\n[labels.\"flows[].who\"]\n"));
    let book = book_with("pt.toml", &text);
    let filled = evenhand_authoring::translation::to_fill(&book, "pt").unwrap();
    assert_eq!(evenhand_locale::missing(&book.originals(), &filled), []);
}
