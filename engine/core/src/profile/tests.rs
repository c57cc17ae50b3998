use super::*;
use crate::rulebook::Rulebook;

fn problems(text: &str) -> Vec<String> {
    let document = Document::parse("evenhand.toml", text.as_bytes(), Format::Toml).unwrap();
    Profile::read(document)
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// What does not fit a small pack with one rule, `ethics/long-stay`.
fn misfits(text: &str) -> Vec<String> {
    let document = Document::parse("evenhand.toml", text.as_bytes(), Format::Toml).unwrap();
    let profile = Profile::read(document).unwrap();
    let book = crate::sample::book(&[]);
    let problems = profile.check(&book);
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_does_not_fit_the_rulebook_is_named_at_once() {
    assert_eq!(
        misfits(
            "[thresholds]\nethic = 70\n[rules.\"ethics/long-stays\"]\nweight = 1\n\
             [rules.\"ethics/long-stay\"]\nparams = { lest = 3, least = \"many\" }\n"
        ),
        [
            "evenhand.toml:2:1: `ethic` is not a dimension; did you mean `ethics`?",
            "evenhand.toml:3:8: `ethics/long-stays` is not a rule; expected an id such as `ethics/scope-of-practice`; `evenhand rules list` shows all; did you mean `ethics/long-stay`?",
            "evenhand.toml:6:12: `lest` is not a parameter of `ethics/long-stay`; did you mean `least`?",
            "evenhand.toml:6:30: parameter `least` is text; expected a number",
            "evenhand.toml:6:30: `rules.ethics/long-stay.params.least` is many in place of 8 without a reason; expected `reason = \"…\"` in the table, or `{ value = …, reason = \"…\" }`; every report says so at the top until there is one",
        ]
    );
    assert_eq!(
        misfits(
            "[thresholds]\nethics = 70\n[rules.\"ethics/long-stay\"]\nparams = { least = 3 }\nreason = \"x\"\n"
        ),
        [""; 0]
    );
}

#[test]
fn turning_a_rule_down_needs_a_reason_too() {
    let rule = "[rules.\"ethics/long-stay\"]\n";
    assert_eq!(
        misfits(&format!("{rule}weight = 0.5\n")),
        [
            "evenhand.toml:2:10: `rules.ethics/long-stay.weight` is 0.5 in place of 3 without a reason; expected `reason = \"…\"` in the table, or `{ value = …, reason = \"…\" }`"
        ]
    );
    for fine in [
        "weight = 3\n",
        "weight = { value = 4, reason = \"It matters here\" }\n",
        "weight = 0\nreason = \"Not ours to ask\"\n",
    ] {
        assert_eq!(misfits(&format!("{rule}{fine}")), [""; 0], "{fine}");
    }
}

#[test]
fn turning_a_rule_off_needs_a_reason() {
    let text = "[rules.\"ethics/x\"]\nenabled = false\n";
    assert_eq!(
        problems(text),
        [
            "evenhand.toml:1:1: `ethics/x` is disabled without a reason; expected `reason = \"…\"`, which every report shows"
        ]
    );
    assert!(
        problems("[rules.\"ethics/x\"]\nenabled = false\nreason = \"the levy covers it\"\n")
            .is_empty()
    );
}

#[test]
fn every_misspelt_key_is_named_at_once() {
    let found = problems("[profil]\nname = \"x\"\n[levels]\ngod = 70\nmixed = 90\n");
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("did you mean `profile`?"), "{found:?}");
    assert!(found[1].contains("did you mean `good`?"), "{found:?}");
    assert!(found[2].contains("`mixed` lies above `good`"), "{found:?}");
}

/// Profiles by their paths.
struct Files(Vec<(&'static str, &'static str)>);

impl Profiles for Files {
    fn read(&self, path: &str) -> Read {
        let Some((_, text)) = self.0.iter().find(|(known, _)| *known == path) else {
            return Err(vec![Problem::error(format!(
                "cannot read `{path}`: it is not there"
            ))]);
        };
        let document = Document::parse(path, text.as_bytes(), Format::Toml)?;
        Ok((path.to_owned(), document))
    }
}

fn open(files: &[(&'static str, &'static str)]) -> (Profile, Vec<String>) {
    let (_, text) = files[0];
    let document = Document::parse("evenhand.toml", text.as_bytes(), Format::Toml).unwrap();
    let others = Files(files.to_vec());
    let (profile, problems) = Profile::open_all(document, files[0].0, &others, None);
    (profile, problems.iter().map(ToString::to_string).collect())
}

#[test]
fn a_later_profile_wins_and_its_reasons_are_its_own() {
    let (profile, problems) = open(&[
        (
            "evenhand.toml",
            "[profile]\nextends = [\"../u.toml\", { pack = \"ours\", reason = \"r\" }]\n[thresholds]\nethics = 40\n\
             [rules.\"a/x\"]\nweight = 2\n",
        ),
        (
            "../u.toml",
            "[profile]\nname = \"U\"\nlocale = \"es\"\nextends = [\"packs/theirs\"]\n[thresholds]\nethics = 60\nreason = \"u\"\n\
             [rules.\"a/x\"]\nweight = 1\ngate = 0\nreason = \"u\"\n[obligations]\nstop = \"A call\"\n\
             [plugins.air]\npath = \"lib/air.so\"\n",
        ),
    ]);
    assert_eq!(problems, [""; 0]);
    let settings = &profile.settings;
    assert_eq!(
        (settings.name.as_str(), profile.locale.as_deref()),
        ("U", Some("es"))
    );
    let packs: Vec<&str> = profile
        .packs
        .iter()
        .map(|pack| pack.name.as_str())
        .collect();
    assert_eq!(packs, ["../packs/theirs", "ours"]);
    assert_eq!(
        profile.plugins["air"].path.as_deref(),
        Some("../lib/air.so")
    );
    assert!((settings.threshold("ethics") - 40.0).abs() < 1e-9);
    // The university's reason is none for what the faculty says.
    let reasons: Vec<&str> = settings.reasons.keys().map(String::as_str).collect();
    assert_eq!(reasons, ["/rules/a~1x/gate"]);
    assert_eq!(settings.rules["a/x"].weight, Some(2.0));
    assert_eq!(settings.rules["a/x"].gate, Some(0.0));
    assert_eq!(settings.obligations.len(), 1);
    assert_eq!(settings.profiles.len(), 2);
    assert_eq!(
        profile.origin(&["rules", "a/x", "gate"]),
        Some(Origin::Profile(
            "../u.toml".to_owned(),
            Some(crate::source::Place {
                line: 10,
                column: 8
            })
        ))
    );
    assert_eq!(profile.origin(&["levels", "good"]), None);
}

#[test]
fn what_cannot_be_extended_is_said_where_it_is_named() {
    let (_, problems) = open(&[
        (
            "evenhand.toml",
            "[profile]\nextends = [\"a.toml\", \"gone.toml\", 7]\n",
        ),
        (
            "a.toml",
            "[profile]\nextends = [\"b.toml\"]\n[levels]\ngod = 7\n",
        ),
        (
            "b.toml",
            "[profile]\nextends = [\"evenhand.toml\", \"a.toml\"]\n",
        ),
    ]);
    assert_eq!(
        problems,
        [
            "evenhand.toml:2:22: cannot read `gone.toml`: it is not there",
            "evenhand.toml:2:35: number 3 of `extends` names no pack and no profile; expected a name or a path, `{ pack = \"…\", reason = \"…\" }`, or `{ profile = \"….toml\" }`",
            "a.toml:4:1: `god` is not a field of `levels`; did you mean `good`?",
            "b.toml:2:12: `evenhand.toml` extends itself: evenhand.toml → a.toml → b.toml → evenhand.toml; expected a profile that does not rest on this one",
            "b.toml:2:29: `a.toml` extends itself: a.toml → b.toml → a.toml; expected a profile that does not rest on this one",
        ]
    );
}

#[test]
fn a_pattern_fits_rules_and_a_name_comes_before_it() {
    let text = "[rules.\"ethics/long-stay\"]\nweight = 2\nreason = \"r\"\n[rules.\"ethics/*\"]\nweight = 7\n\
                params = { least = 9 }\nreason = \"all\"\n";
    assert_eq!(misfits(text), [""; 0]);
    let document = Document::parse("p.toml", text.as_bytes(), Format::Toml).unwrap();
    let profile = Profile::read(document).unwrap();
    let settled = crate::sample::book(&[]).settled(&profile.settings);
    let own = &settled.rules["ethics/long-stay"];
    assert_eq!(
        (own.weight, own.params["least"].as_f64()),
        (Some(2.0), Some(9.0))
    );
    assert_eq!(settled.reasons["/rules/ethics~1long-stay/weight"], "r");
    assert_eq!(
        settled.reasons["/rules/ethics~1long-stay/params/least"],
        "all"
    );
}

#[test]
fn a_pattern_that_fits_nothing_or_sets_nothing_is_said() {
    assert_eq!(
        misfits(
            "[rules.\"ethic/*\"]\nweight = 3\nreason = \"r\"\n[rules.\"*stay\"]\nparams = { lest = 3 }\nreason = \"r\"\n"
        ),
        [
            "evenhand.toml:1:8: `ethic/*` fits no rule; expected an id, or a pattern such as `climate/*`; `evenhand rules list` shows all; did you mean `ethics/*`?",
            "evenhand.toml:5:12: no rule that fits `*stay` has a parameter `lest`; did you mean `least`?",
        ]
    );
    assert_eq!(
        problems("[rules.\"ethics/*\"]\ntitle = \"One for all\"\n"),
        [
            "evenhand.toml:2:1: `ethics/*` is a pattern, and gives many rules one title; expected `title` in the table of one rule"
        ]
    );
}

#[test]
fn words_that_would_be_mistaken_for_others_are_refused() {
    for (text, said) in [
        (
            "stop = \"Proceed\"",
            "evenhand.toml:2:8: “Proceed” is the word for `proceed`, and cannot be the one for `stop` as well; expected a word of its own for each, not to be mistaken for another",
        ),
        (
            "good = \"Fine\"\npoor = \"fine\"",
            "evenhand.toml:2:8: “Fine” is the word for `poor`, and cannot be the one for `good` as well; expected a word of its own for each, not to be mistaken for another",
        ),
    ] {
        let found = problems(&format!("[words]\n{text}\n"));
        assert_eq!(found.first().map(String::as_str), Some(said), "{found:?}");
    }
    assert_eq!(
        problems("[words]\nstop = \"Not so\"\ngood = \"Level 3\"\n"),
        [""; 0]
    );
    for wrong in [
        "stop = \"\"",
        "stop = 7",
        "stop = \"a\\nb\"",
        "stopp = \"x\"",
    ] {
        assert_eq!(problems(&format!("[words]\n{wrong}\n")).len(), 1, "{wrong}");
    }
}

#[test]
fn values_that_hold_from_a_day_on_are_read_and_what_is_wrong_with_them_is_said() {
    let rule = "[rules.\"ethics/long-stay\"]\n";
    let dated = |rows: &str| problems(&format!("{rule}params = {{ least = [{rows}] }}\n"));
    assert_eq!(
        dated("{ value = 8 }, { value = 9, from = \"2027-01-01\" }"),
        [""; 0]
    );
    assert_eq!(dated("{ value = 9, from = 2027-01-01 }"), [""; 0]);
    assert_eq!(
        dated("{ value = 8, from = \"1.1.2027\" }, { from = \"2027-01-01\" }"),
        [
            "evenhand.toml:2:41: `1.1.2027` is no date; expected the first day on which the value holds, such as `2027-01-01`; write 2027-01-01",
            "evenhand.toml:2:55: a value that holds from a day on is a table; expected `{ value = …, from = \"2027-01-01\" }`, with `reason = \"…\"` where it loosens",
        ]
    );
    assert_eq!(
        dated("{ value = 8, from = \"2027-01-01\" }, { value = 9, from = \"2027-01-01\" }"),
        [
            "evenhand.toml:2:57: two values hold from 2027-01-01; expected another `from` for each value"
        ]
    );
    // Each row is held against the page, and each that loosens needs a reason of its own.
    assert_eq!(
        misfits(&format!(
            "[profile]\nversion = 2\n{rule}params = {{ least = [{{ value = 8 }}, {{ value = \"x\", from = \"2027-01-01\" }}] }}\n"
        ))
        .len(),
        2
    );
}

#[test]
fn obligations_follow_from_what_can_come_out() {
    assert_eq!(
        problems("[obligations]\nstopp = \"x\"\npoor = 7\nethics.bad = \"x\"\n"),
        [
            "evenhand.toml:2:1: nothing comes out as `stopp`; expected a verdict, a level, or a table of levels by a dimension's id; did you mean `stop`?",
            "evenhand.toml:3:8: `obligations.poor` is 7; expected a text",
            "evenhand.toml:4:8: `bad` is not a level; expected `good`, `mixed` or `poor`",
        ]
    );
    assert_eq!(
        misfits("[obligations]\nethic.poor = \"x\"\n"),
        ["evenhand.toml:2:1: `ethic` is not a dimension; did you mean `ethics`?"]
    );
}

#[test]
fn a_page_may_change_its_own_value_on_a_day() {
    let rows = "default: [{ value: 8 }, { value: 12, from: 2027-01-01 }]";
    let book = |date: &str| {
        let pack = crate::sample::book(&[("ethics/long-stay.md", "default: 8", rows)]);
        let pack = pack.packs()[0].clone();
        let settings = Settings {
            date: crate::date::Date::read(date),
            ..Settings::default()
        };
        Rulebook::load(vec![pack], Vec::new(), settings).unwrap()
    };
    for (date, least) in [("2026-12-31", 8.0), ("2027-01-01", 12.0)] {
        let book = book(date);
        assert_eq!(book.broken().len(), 0, "{:?}", book.broken());
        assert_eq!(
            book.rules()[0].params["least"].as_f64(),
            Some(least),
            "{date}"
        );
    }
    let late = "default: [{ value: 8, from: 2027-01-01 }]";
    let book = crate::sample::book(&[("ethics/long-stay.md", "default: 8", late)]);
    let said: Vec<String> = book.broken()[0]
        .problems
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        said[0].contains("has no value from the beginning"),
        "{said:?}"
    );
}

#[test]
fn a_scale_of_its_own_is_read_from_the_worst_level_on() {
    let text = "[levels]\nscale = { absent = 0, weak = 25, sound = 50, strong = 75 }\nrequired = \"sound\"\n\
                [words]\nabsent = \"Level 1\"\n[obligations]\nabsent = \"A visit\"\nethics.weak = [\"A call\", \"A letter\"]\n";
    let (profile, problems) = open(&[("evenhand.toml", text)]);
    assert_eq!(problems, [""; 0]);
    let levels = &profile.settings.levels;
    assert_eq!(
        levels.shown(),
        "absent from 0, weak from 25, sound from 50, strong from 75"
    );
    assert_eq!(
        (levels.required().word(), levels.threshold()),
        ("sound", 50.0)
    );
    let owed = profile.settings.obligations.iter();
    let owed: Vec<String> = owed.map(|one| one.cause.path().join(".")).collect();
    assert_eq!(owed, ["absent", "ethics.weak", "ethics.weak"]);
    // The same as a table of its own, with the reason beside it, and in one file of several.
    let other = "[levels.scale]\nvalue = { absent = 0, weak = 25, sound = 50, strong = 75 }\nreason = \"so\"\n";
    let (profile, problems) = open(&[
        (
            "evenhand.toml",
            "[profile]\nextends = [\"b.toml\"]\n[levels]\nrequired = \"weak\"\n",
        ),
        ("b.toml", other),
    ]);
    assert_eq!(problems, [""; 0]);
    let settings = &profile.settings;
    assert_eq!(
        (settings.levels.steps().len(), settings.levels.threshold()),
        (4, 25.0)
    );
    assert_eq!(settings.reasons["/levels/scale"], "so");
}

#[test]
fn a_later_scale_replaces_an_earlier_one_and_keeps_the_points_that_are_required() {
    let university = "[levels]\nscale = { low = 0, middle = 40, high = 80 }\nrequired = \"high\"\n[words]\nlow = \"Level 1\"\n";
    let faculty = "[profile]\nextends = [\"b.toml\"]\n[levels]\nscale = { no = 0, yes = 60 }\n";
    let (profile, problems) = open(&[("evenhand.toml", faculty), ("b.toml", university)]);
    assert_eq!(problems, [""; 0]);
    let levels = &profile.settings.levels;
    assert_eq!(levels.shown(), "no from 0, yes from 60");
    assert_eq!(
        (levels.required().word(), levels.threshold()),
        ("yes", 80.0)
    );
    // What follows from a level that is gone is not lost in silence.
    let owing = format!("{university}[obligations]\nlow = \"A visit\"\n");
    let owing: &'static str = Box::leak(owing.into_boxed_str());
    let (_, problems) = open(&[("evenhand.toml", faculty), ("b.toml", owing)]);
    assert_eq!(
        problems,
        [
            "b.toml:7:1: nothing comes out as `low`; expected a verdict, a level, or a table of levels by a dimension's id"
        ]
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn everything_wrong_with_levels_is_said_at_once() {
    for (text, said) in [
        (
            "scale = { a = 0 }",
            vec![
                "2:9: `levels.scale` has 1 level; expected from 2 to 9 levels, with their lower bounds",
            ],
        ),
        (
            "scale = {}",
            vec![
                "2:9: `levels.scale` has 0 levels; expected from 2 to 9 levels, with their lower bounds",
            ],
        ),
        (
            "scale = { a = 0, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7, i = 8, j = 9 }",
            vec![
                "2:9: `levels.scale` has 10 levels; expected from 2 to 9 levels, with their lower bounds",
            ],
        ),
        (
            "scale = [0, 50]",
            vec![
                "2:9: `levels.scale` is [0,50]; expected levels with their lower bounds, from the worst on, such as `{ weak = 0, sound = 50, strong = 75 }`",
            ],
        ),
        (
            "scale = { strong = 75, sound = 50, weak = 0 }",
            vec![
                "2:20: the worst level, `strong`, begins at 75; expected 0, so that every dimension has a level; write them in the order weak, sound, strong",
                "2:32: `sound` begins at 50, and `strong` before it at 75; expected levels from the worst to the best, each from more points on; write them in the order weak, sound, strong",
                "2:43: `weak` begins at 0, and `sound` before it at 50; expected levels from the worst to the best, each from more points on; write them in the order weak, sound, strong",
            ],
        ),
        (
            "scale = { weak = 10, sound = 10, strong = 120 }",
            vec![
                "2:18: the worst level, `weak`, begins at 10; expected 0, so that every dimension has a level",
                "2:30: `sound` begins at 10, and `weak` before it at 10; expected levels from the worst to the best, each from more points on",
                "2:43: `levels.scale.strong` is 120; expected whole points from 0 to 100",
            ],
        ),
        (
            "scale = { weak = 0, sound = 0.5, strong = \"75%\", best = -1 }",
            vec![
                "2:29: `levels.scale.sound` is 0.5; expected whole points from 0 to 100; write 50",
                "2:43: `levels.scale.strong` is the text `75%`; expected whole points from 0 to 100; write 75",
                "2:57: `levels.scale.best` is -1; expected whole points from 0 to 100",
            ],
        ),
        (
            "scale = { \"Very weak\" = 0, stop = 20, \"débil\" = 40, this_is_a_name_that_is_too_long = 60 }",
            vec![
                "2:11: `Very weak` cannot be the name of a level; expected at most 24 small letters, digits, `_` and `-`; what people read stands in `words`; write `very_weak`",
                "2:28: `stop` means something else already; expected another name for the level; what people read stands in `words`",
                "2:39: `débil` cannot be the name of a level; expected at most 24 small letters, digits, `_` and `-`; what people read stands in `words`",
                "2:53: `this_is_a_name_that_is_too_long` cannot be the name of a level; expected at most 24 small letters, digits, `_` and `-`; what people read stands in `words`",
            ],
        ),
        (
            "scale = { weak = 0, strong = 60 }\nrequired = \"stronk\"\ngood = 70",
            vec![
                "3:12: `stronk` is not a level; expected `strong` or `weak`; did you mean `strong`?",
                "4:8: `good` stands beside a scale; expected its lower bound in `levels.scale`, or no `levels.scale`",
            ],
        ),
        (
            "required = 45",
            vec!["2:12: `levels.required` is 45; expected the name of a level"],
        ),
        (
            "scale = { weak = 0, strong = 60 }\n[words]\ngood = \"Level 3\"\nstrang = \"x\"\n[obligations]\npoor = [\"a\", \"b\"]\nethics.wek = \"c\"",
            vec![
                "4:1: nothing comes out as `good`; expected a verdict or a level",
                "5:1: nothing comes out as `strang`; expected a verdict or a level; did you mean `strong`?",
                "7:1: nothing comes out as `poor`; expected a verdict, a level, or a table of levels by a dimension's id",
                "8:8: `wek` is not a level; expected `strong` or `weak`; did you mean `weak`?",
            ],
        ),
        (
            "scale = { weak = 0, strong = 60 }\n[words]\nweak = \"Strong\"",
            vec![
                "4:8: “Strong” is the word for `strong`, and cannot be the one for `weak` as well; expected a word of its own for each, not to be mistaken for another",
            ],
        ),
    ] {
        let said: Vec<String> = said
            .iter()
            .map(|one| format!("evenhand.toml:{one}"))
            .collect();
        assert_eq!(problems(&format!("[levels]\n{text}\n")), said, "{text}");
    }
    // The same name twice is no TOML.
    let twice = Document::parse(
        "p.toml",
        b"[levels.scale]\na = 0\nb = 5\na = 7\n",
        Format::Toml,
    );
    let twice = twice.unwrap_err();
    assert_eq!(twice[0].place.map(|place| place.line), Some(4), "{twice:?}");
}

#[test]
fn what_is_wrong_with_one_of_several_stands_at_its_place() {
    // The unknown one of a list in which another stands twice.
    let order = "[profile]\ndimensions = [\"ethics\", \"ethics\", \"ethic\", 7]\n";
    let found = Profile::open_all(
        Document::parse("evenhand.toml", order.as_bytes(), Format::Toml).unwrap(),
        "",
        &NoProfiles,
        None,
    );
    let said = found.0.check(&crate::sample::book(&[]));
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["evenhand.toml:2:35: `ethic` is not a dimension; did you mean `ethics`?"]
    );
    // The value that holds from a day on, and not the list it stands in.
    let rows = "[profile]\nversion = 2\n[rules.\"ethics/long-stay\"]\n\
                params = { least = [{ value = 8 }, { value = \"x\", from = \"2027-01-01\" }] }\n";
    let found = misfits(rows);
    assert!(
        found
            .iter()
            .all(|one| one.starts_with("evenhand.toml:4:46: ")),
        "{found:?}"
    );
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_profile_without_a_pack_is_one_problem_at_its_place() {
    assert_eq!(
        problems("[profile]\nextends = []\n"),
        [
            "evenhand.toml:2:11: `extends` names no pack, so there is no rule; expected `international-programs`, or the folder of a pack"
        ]
    );
    // One that rests on itself alone is held against the bundled pack, and nothing else is said of it.
    let (profile, problems) = open(&[(
        "evenhand.toml",
        "[profile]\nextends = [\"evenhand.toml\"]\n",
    )]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let packs: Vec<&str> = profile
        .packs
        .iter()
        .map(|pack| pack.name.as_str())
        .collect();
    assert_eq!(packs, [CORE_PACK]);
}

#[test]
fn tables_and_lists_are_asked_for_without_what_toml_does_not_have() {
    assert_eq!(
        problems("thresholds = 5\nwaivers = { rule = \"x\" }\n"),
        [
            "evenhand.toml:1:14: `thresholds` is the number 5; expected named answers: a value",
            "evenhand.toml:2:11: `waivers` is a group of named answers; expected a list",
        ]
    );
}
