use super::*;
use crate::document::Format;
use crate::pack::PackFiles;
use crate::problem::Problem;
use crate::profile::{Profile, Profiles};
use crate::settings::Settings;

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "agreed": { "type": "boolean" }, "licensed": { "type": "boolean" }, "talked": { "type": "boolean" },
  "weeks": { "type": "number", "minimum": 0, "maximum": 60 }, "flights": { "type": "number", "minimum": 0 } } }"#;

const FRONT: &str = "sources: []\nlimits: None.\n";

fn page(front: &str) -> String {
    format!("---\ntitle: A rule\n{front}\n{FRONT}---\n\nWhy.\n\n## How it is judged\n\nSo.\n")
}

fn pack(name: &str, bundled: bool, files: &[(&str, &str)]) -> PackFiles {
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned().into_bytes().into()));
    PackFiles {
        folder: name.to_owned(),
        files: files.collect(),
        bundled,
        reason: (!bundled).then(|| "ours".to_owned()),
        ..PackFiles::default()
    }
}

/// The bundled pack: one rule that may not be waived, one critical one, and some that make up points.
fn core() -> PackFiles {
    let agreed = page(
        "severity: critical\nwaivable: false\nparams:\n  unsure: { default: 0.4, min: 0, max: 1, stricter: lower, basis: default, about: x }",
    );
    let licensed = page("severity: critical");
    let talked = page("severity: major");
    let flights = page(
        "severity: major\nparams:\n  most: { default: 4, min: 0, max: 50, stricter: lower, basis: default, about: x }",
    );
    let stay = page(
        "severity: minor\nparams:\n  least: { default: 8, min: 0, max: 50, stricter: higher, basis: default, about: x }",
    );
    let check = |body: &str| format!("fn check(program, param) {{ {body} }}");
    let yes_no = |fact: &str| {
        check(&format!(
            "if program.{fact} {{ met() }} else {{ unmet(\"No\") }}"
        ))
    };
    pack(
        "core",
        true,
        &[
            (
                "pack.toml",
                "[pack]\nname = \"core\"\n[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n[[dimensions]]\nid = \"climate\"\ntitle = \"Climate\"\n",
            ),
            ("schema.json", SCHEMA),
            ("lib/own.rhai", "fn half() { 0.5 }"),
            ("ethics/agreed.md", &agreed),
            (
                "ethics/agreed.rhai",
                &check("if program.agreed { met() } else { partly(param.unsure - 0.3, \"No\") }"),
            ),
            ("ethics/licensed.md", &licensed),
            ("ethics/licensed.rhai", &yes_no("licensed")),
            ("ethics/talked.md", &talked),
            ("ethics/talked.rhai", &yes_no("talked")),
            ("climate/flights.md", &flights),
            (
                "climate/flights.rhai",
                &check(
                    "ramp(program.flights, #{ full: param.most, zero: 3 * param.most + 1 }, \"Many\", #{})",
                ),
            ),
            ("climate/stay.md", &stay),
            (
                "climate/stay.rhai",
                &check("ramp(program.weeks, #{ full: param.least + 1, zero: 0 }, \"Short\", #{})"),
            ),
        ],
    )
}

fn document(text: &str, format: Format) -> Document {
    Document::parse("x", text.as_bytes(), format).unwrap()
}

fn book(packs: Vec<PackFiles>, settings: Settings) -> Rulebook {
    Rulebook::load(packs, Vec::new(), settings).unwrap()
}

/// The rulebook of a profile and a board's pack, or why it is refused.
fn board(profile: &str, ours: Option<PackFiles>) -> Result<Rulebook, Vec<Problem>> {
    let profile = match profile {
        "" => "[profile]\nname = \"x\"\n",
        text => text,
    };
    let profile = Profile::read(document(profile, Format::Toml))?;
    board_of(&profile, ours, None)
}

/// One profile that another extends, by any name.
struct University(String);

impl Profiles for University {
    fn read(&self, _path: &str) -> crate::profile::Read {
        Ok(("university".to_owned(), document(&self.0, Format::Toml)))
    }
}

/// The rulebook of a profile on the day after tomorrow, or why it is refused; `bare` is why only the fields of the bundled pack
/// take part, and the decision to do so.
fn board_of(
    profile: &Profile,
    ours: Option<PackFiles>,
    bare: Option<(&str, Option<&str>)>,
) -> Result<Rulebook, Vec<Problem>> {
    let bundled = match bare {
        None => core(),
        Some((reason, decision)) => PackFiles {
            fields_only: true,
            reason: Some(reason.to_owned()),
            overriding: decision.map(str::to_owned),
            ..core()
        },
    };
    let packs = std::iter::once(bundled).chain(ours).collect();
    let mut settings = profile.settings.clone();
    settings.date = crate::date::Date::read("2026-11-26");
    let book = Rulebook::load(packs, Vec::new(), settings)?;
    let (errors, _): (Vec<_>, Vec<_>) = profile
        .check(&book)
        .into_iter()
        .partition(Problem::is_error);
    if errors.is_empty() {
        Ok(book)
    } else {
        Err(errors)
    }
}

fn always_met(path: &str) -> PackFiles {
    pack(
        "ours",
        false,
        &[
            ("pack.toml", "[pack]\nname = \"ours\"\n"),
            (&format!("{path}.md"), &page("severity: major\nweight: 50")),
            (
                &format!("{path}.rhai"),
                "fn check(program, param) { met() }",
            ),
        ],
    )
}

const POOR: &str = "{ agreed: true, licensed: false, talked: false, weeks: 1, flights: 20 }";

fn changes(profile: &str, ours: Option<PackFiles>, proposal: &str) -> (Scorecard, BoardChanges) {
    let book = board(profile, ours).unwrap();
    let card = book.judge(&document(proposal, Format::Yaml));
    let changes = card.board.clone().unwrap();
    (card, changes)
}

#[test]
fn nothing_changed_is_nothing_to_show() {
    let card = board("", None)
        .unwrap()
        .judge(&document(POOR, Format::Yaml));
    assert_eq!(card.board, None);
}

#[test]
fn each_change_is_judged_alone_and_left_out() {
    let profile = "[rules.\"ethics/licensed\"]\nenabled = false\nreason = \"The ministry does\"\n\
                   [thresholds]\nethics = 1\nreason = \"First year\"\n";
    let (card, found) = changes(profile, None, POOR);
    assert!(found.differs);
    let baseline = found.baseline.as_ref().unwrap();
    assert_eq!(baseline.verdict, Word::Stop);
    assert_eq!(card.verdict.word, Word::Revise, "{:?}", card.findings);
    let of = |what: &str| {
        found
            .changes
            .iter()
            .find(|change| change.what == what)
            .unwrap()
    };
    let disabled = of("rules.ethics/licensed.enabled");
    assert_eq!(disabled.reason.as_deref(), Some("The ministry does"));
    assert_eq!(disabled.only.as_ref().unwrap().verdict, Word::Revise);
    assert_eq!(disabled.without.as_ref().unwrap().verdict, Word::Stop);
    let threshold = of("thresholds.ethics");
    assert_eq!(
        (threshold.from.as_str(), threshold.to.as_str()),
        ("45", "1")
    );
    assert_eq!(threshold.reason.as_deref(), Some("First year"));
    assert_eq!(threshold.only.as_ref().unwrap(), baseline);
}

#[test]
fn a_rule_of_a_board_is_a_change_whether_new_or_in_place_of_another() {
    let (card, found) = changes("", Some(always_met("ethics/licensed")), POOR);
    assert_eq!(found.baseline.as_ref().unwrap().verdict, Word::Stop);
    assert_ne!(card.verdict.word, Word::Stop);
    assert_eq!(found.changes[0].what, "ethics/licensed");
    assert_eq!(found.changes[0].from, "the bundled rule");
    assert_eq!(
        found.changes[0].without.as_ref().unwrap().verdict,
        Word::Stop
    );
    let good = "{ agreed: true, licensed: true, talked: false, weeks: 1, flights: 20 }";
    let (_, found) = changes("", Some(always_met("climate/praise")), good);
    assert!(found.differs);
    assert_eq!(found.changes[0].from, "no such rule");
    let level = |judgement: &Judgement| judgement.levels["climate"].unwrap().0;
    assert_eq!(level(found.baseline.as_ref().unwrap()), Level::POOR);
    assert_eq!(level(found.changes[0].only.as_ref().unwrap()), Level::GOOD);
}

#[test]
fn what_does_nothing_singly_is_shown_as_acting_together() {
    // Of three rules that are always met any two lift the level: none is missed when it is left out.
    let mut ours = always_met("climate/praise");
    for more in ["climate/more-praise", "climate/most-praise"] {
        ours.files.extend(always_met(more).files);
    }
    for (path, text) in &mut ours.files {
        if path.contains(".md") {
            let lighter = String::from_utf8(text.to_vec()).unwrap();
            *text = lighter
                .replace("weight: 50", "weight: 2")
                .into_bytes()
                .into();
        }
    }
    let good = "{ agreed: true, licensed: true, talked: true, weeks: 0, flights: 20 }";
    let (_, found) = changes("", Some(ours), good);
    assert_eq!(found.together.len(), 2, "{found:?}");
    // Two critical rules that fail: to disable one of them is nothing; to disable both is everything.
    let profile = "[rules.\"ethics/licensed\"]\nenabled = false\nreason = \"a\"\n\
        [rules.\"ethics/agreed\"]\nenabled = false\nreason = \"b\"\noverride = \"2026-3\"\n";
    let bad = "{ agreed: false, licensed: false, talked: true, weeks: 30, flights: 0 }";
    let (card, found) = changes(profile, None, bad);
    assert_eq!(card.verdict.word, Word::Proceed);
    assert_eq!(found.together.len(), 0);
    assert_eq!(found.overrides[0].decision, "2026-3");
}

#[test]
fn a_rule_that_may_not_be_waived_is_not_loosened_otherwise() {
    let rule = "[rules.\"ethics/agreed\"]\n";
    for loosened in [
        "enabled = false\nreason = \"x\"\n",
        "gate = 0.1\nreason = \"x\"\n",
        "severity = \"minor\"\nreason = \"x\"\n",
        "params = { unsure = 0.9 }\nreason = \"x\"\n",
    ] {
        let refused = board(&format!("{rule}{loosened}"), None).unwrap_err();
        assert!(
            refused[0].message.contains("may not be waived"),
            "{loosened}: {refused:?}"
        );
        let text = format!("{rule}{loosened}override = \"Decision 7\"\n");
        let allowed = board(&text, None).unwrap();
        let card = allowed.judge(&document(POOR, Format::Yaml));
        assert_eq!(card.board.unwrap().overrides[0].decision, "Decision 7");
    }
    let refused = board("", Some(always_met("ethics/agreed"))).unwrap_err();
    assert!(
        refused[0].message.contains("may not be waived"),
        "{refused:?}"
    );
    for stricter in ["gate = 0.3\n", "params = { unsure = 0.1 }\n"] {
        board(&format!("{rule}{stricter}"), None).unwrap();
    }
}

#[test]
fn what_is_stricter_needs_no_reason_and_what_is_not_owes_one() {
    let lacks = |profile: &str| -> Vec<String> {
        let (_, found) = changes(profile, None, POOR);
        let owed = found.changes.into_iter().filter(BoardChange::lacks_reason);
        owed.map(|change| change.what).collect()
    };
    for fine in [
        "[thresholds]\nethics = 60\n",
        "[levels]\ngood = 90\nmixed = 50\n",
        "[rules.\"climate/flights\"]\nparams = { most = 2 }\n",
        "[rules.\"climate/stay\"]\nparams = { least = 12 }\nseverity = \"major\"\n",
        "[thresholds]\nethics = { value = 20, reason = \"First year\" }\n",
        "[rules.\"climate/flights\"]\nparams = { most = { value = 9, reason = \"Far away\" } }\n",
        "[levels]\nmixed = 20\nreason = \"Board\"\n",
    ] {
        assert_eq!(lacks(fine), [""; 0], "{fine}");
    }
    for (owing, what) in [
        ("[thresholds]\nethics = 20\n", "thresholds.ethics"),
        ("[levels]\nmixed = 20\n", "levels.mixed"),
        (
            "[rules.\"climate/flights\"]\nparams = { most = 9 }\n",
            "rules.climate/flights.params.most",
        ),
        (
            "[rules.\"climate/stay\"]\nweight = 9\n",
            "rules.climate/stay.weight",
        ),
        (
            "[rules.\"climate/flights\"]\nseverity = \"info\"\n",
            "rules.climate/flights.severity",
        ),
        (
            "[rules.\"ethics/licensed\"]\ngate = 0\n",
            "rules.ethics/licensed.gate",
        ),
    ] {
        assert_eq!(lacks(owing), [what], "{owing}");
        // A profile of the present form is refused.
        let strict = format!("[profile]\nversion = 2\n{owing}");
        assert!(
            board(&strict, None).unwrap_err()[0]
                .message
                .contains("without a reason")
        );
    }
}

#[test]
fn a_library_file_of_a_bundled_name_is_refused() {
    let mut ours = always_met("ethics/more");
    ours.files.insert(
        "lib/own.rhai".to_owned(),
        b"fn other() { 1 }".to_vec().into(),
    );
    let refused = board("", Some(ours)).unwrap_err();
    assert!(
        refused[0]
            .message
            .contains("is a file of the pack `core` already"),
        "{refused:?}"
    );
    let mut ours = always_met("ethics/more");
    ours.files.insert(
        "lib/new.rhai".to_owned(),
        b"fn half() { 1 }".to_vec().into(),
    );
    let refused = board("", Some(ours)).unwrap_err();
    assert!(refused[0].message.contains("stands in"), "{refused:?}");
    // Nor may it take the place of what all rules call.
    for shadowing in [
        "fn unmet(text) { met() }",
        "fn has(path) { true }",
        "fn ramp(x, ends, text, more) { met() }",
    ] {
        let mut ours = always_met("ethics/more");
        let text = shadowing.as_bytes().to_vec();
        ours.files.insert("lib/new.rhai".to_owned(), text.into());
        let refused = board("", Some(ours)).unwrap_err();
        assert!(
            refused[0]
                .message
                .contains("is one of every script already"),
            "{refused:?}"
        );
    }
}

/// Numbers from a seed, the same everywhere (splitmix64).
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn of<'a>(&mut self, some: &[&'a str]) -> &'a str {
        some[self.below(some.len())]
    }
}

/// Levels moved, or others in their place, and the names there are then, from the worst on.
fn random_levels(draws: &mut Draws, text: &mut String) -> Vec<&'static str> {
    let scales: [&[&str]; 4] = [
        &["absent", "weak", "sound", "strong"],
        &["no", "yes"],
        &["poor", "fair", "good"],
        &["bad", "poor", "mixed", "good", "best"],
    ];
    let mut names = vec!["poor", "mixed", "good"];
    match draws.below(4) {
        0 => {
            let mixed = draws.below(60);
            let good = mixed + draws.below(40);
            *text += &format!("[levels]\nmixed = {mixed}\ngood = {good}\n");
        }
        1 => {
            names = scales[draws.below(scales.len())].to_vec();
            let mut from = 0;
            let step = |name: &&str| {
                let step = format!("{name} = {from}");
                from += 1 + draws.below(24);
                step
            };
            let steps: Vec<String> = names.iter().map(step).collect();
            let scale = steps.join(", ");
            *text += &format!("[levels]\nscale = {{ {scale} }}\n");
        }
        2 => *text += "[levels]\n",
        _ => return names,
    }
    if draws.below(2) == 0 {
        *text += &format!("required = \"{}\"\n", names[draws.below(names.len())]);
    }
    *text += "reason = \"so we say\"\n";
    names
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn random_profile(draws: &mut Draws) -> String {
    let mut text = String::new();
    let levels = random_levels(draws, &mut text);
    if draws.below(2) == 0 {
        text += &format!(
            "[thresholds]\n{} = {}\n",
            draws.of(&["ethics", "climate"]),
            draws.below(101)
        );
    }
    if draws.below(5) == 0 {
        text +=
            "[dimensions.climate]\nnot_judged = \"others do\"\ntitle = \"Air\"\nnumbers = false\n";
    }
    if draws.below(4) == 0 {
        text += &format!(
            "[weights]\nreason = \"decided\"\nethics = {}\n",
            1 + draws.below(9)
        );
    }
    if draws.below(4) == 0 {
        let best = levels[levels.len() - 1];
        text += &format!("[words]\nstop = \"Not so\"\n{best} = \"Level 3\"\n");
    }
    if draws.below(4) == 0 {
        let (worst, next) = (levels[0], levels[1]);
        text += &format!(
            "[obligations]\nstop = \"A call\"\n{worst} = [\"A visit\"]\nclimate.{next} = \"A letter\"\n"
        );
    }
    if draws.below(3) == 0 {
        let pattern = draws.of(&["climate/*", "*", "ethics/t*", "*/l*"]);
        let setting = draws.of(&[
            "weight = 0.5",
            "gate = 0",
            "severity = \"minor\"",
            "enabled = false",
            "enabled = true",
            "waivable = false",
            "weight = 9",
        ]);
        let overriding = draws.of(&["", "override = \"decided\"\n"]);
        text +=
            &format!("[rules.\"{pattern}\"]\n{setting}\nreason = \"all of them\"\n{overriding}");
    }
    if draws.below(4) == 0 {
        let rule = draws.of(&["ethics/licensed", "climate/flights", "ethics/agreed", "*"]);
        text += &waiver(rule, draws.of(&["2027-01-01", "2026-01-01"]));
    }
    for rule in [
        "ethics/agreed",
        "ethics/licensed",
        "ethics/talked",
        "climate/flights",
        "climate/stay",
    ] {
        if draws.below(2) == 0 {
            continue;
        }
        let setting = match draws.below(9) {
            6 => "title = \"In our words\"".to_owned(),
            7 => format!("waivable = {}", draws.of(&["true", "false"])),
            8 => match rule {
                "climate/flights" => format!(
                    "params = {{ most = [{{ value = {} }}, {{ value = {}, from = \"{}\" }}] }}",
                    draws.below(50),
                    draws.below(50),
                    draws.of(&["2026-01-01", "2027-01-01"])
                ),
                _ => "enabled = true".to_owned(),
            },
            0 => "enabled = false".to_owned(),
            1 => format!("weight = {}", draws.below(20)),
            2 => format!("gate = {}", draws.of(&["0", "0.05", "0.5", "1"])),
            3 => format!(
                "severity = \"{}\"",
                draws.of(&["critical", "major", "minor", "info"])
            ),
            _ => match rule {
                "climate/flights" => format!("params = {{ most = {} }}", draws.below(50)),
                "climate/stay" => format!("params = {{ least = {} }}", draws.below(50)),
                "ethics/agreed" => format!("params = {{ unsure = 0.{} }}", draws.below(10)),
                _ => "enabled = true".to_owned(),
            },
        };
        let overriding = draws.of(&["", "override = \"decided\"\n"]);
        text += &format!("[rules.\"{rule}\"]\n{setting}\nreason = \"so decided\"\n{overriding}");
    }
    text
}

fn random_pack(draws: &mut Draws) -> Option<PackFiles> {
    let paths = [
        "ethics/licensed",
        "ethics/talked",
        "climate/flights",
        "climate/praise",
        "ethics/praise",
        "ethics/agreed",
    ];
    if draws.below(2) == 0 {
        return None;
    }
    let mut ours = always_met(draws.of(&paths));
    if draws.below(2) == 0 {
        ours.files.extend(always_met(draws.of(&paths)).files);
    }
    Some(ours)
}

fn random_proposal(draws: &mut Draws) -> String {
    let mut parts = Vec::new();
    for fact in ["agreed", "licensed", "talked"] {
        let said = draws.of(&["true", "false", "true", "null"]);
        parts.push(format!("{fact}: {said}"));
    }
    for fact in ["weeks", "flights"] {
        if draws.below(6) > 0 {
            parts.push(format!("{fact}: {}", draws.below(25)));
        }
    }
    format!("{{ {} }}", parts.join(", "))
}

/// How good a verdict is; `incomplete` is no better than `revise` to whoever wants to go on.
fn lifted(from: &Judgement, to: &Judgement) -> bool {
    let level = |(id, level): (&String, &Option<(Level, Level)>)| {
        let before = from.levels.get(id).copied().flatten();
        // The level of another scale is the same where it is called the same, and otherwise as high as its place.
        before.zip(*level).is_some_and(|(before, after)| {
            !level::same(Some(before), Some(after)) && (after.0 > before.0 || after.1 > before.1)
        })
    };
    to.verdict < from.verdict || to.levels.iter().any(level)
}

/// That a lift is shown: with the baseline, and with at least one change that does something, alone or with others.
fn is_shown(board: Option<&BoardChanges>, baseline: &Judgement, here: &Judgement) -> bool {
    board.is_some_and(|board| {
        let acts = |change: &BoardChange| {
            change
                .only
                .as_ref()
                .is_some_and(|only| only.differs(baseline))
                || change
                    .without
                    .as_ref()
                    .is_some_and(|without| without.differs(here))
        };
        board.differs
            && board.baseline.as_ref() == Some(baseline)
            && (board.changes.iter().any(acts) || !board.together.is_empty())
    })
}

/// A profile without what it says of rules.
fn without_rules(text: &str) -> String {
    text.split("[rules.").next().unwrap_or_default().to_owned()
}

/// A board of which everything is drawn: its profile, the one that it extends, its pack, and whether it leaves out the rules
/// of the bundled one.
fn random_board(draws: &mut Draws) -> (String, Result<Rulebook, Vec<Problem>>) {
    let (mut text, ours) = (random_profile(draws), random_pack(draws));
    let mut above = (draws.below(2) == 0).then(|| random_profile(draws));
    let bare = (draws.below(6) == 0 && ours.is_some())
        .then(|| ("our own", Some("decided").filter(|_| draws.below(2) == 0)));
    if bare.is_some() && draws.below(4) != 0 {
        // What is said of rules that take no part is refused; a few such boards are enough.
        text = without_rules(&text);
        above = above.as_deref().map(without_rules);
    }
    let mut head = "[profile]\nname = \"x\"\n".to_owned();
    if draws.below(4) == 0 {
        head += "dimensions = [\"climate\"]\n";
    }
    if above.is_some() {
        head += "extends = [\"university.toml\"]\n";
    }
    text = format!("{head}{text}");
    let above = above.unwrap_or_default();
    let profile = Profile::open(
        document(&text, Format::Toml),
        "faculty",
        &University(format!("[profile]\nname = \"u\"\n{above}")),
    );
    let book = profile.and_then(|profile| {
        let book = board_of(&profile, ours, bare)?;
        // What the profile says of the pack is not in its text here.
        let owed = matches!(bare, Some((_, None)));
        if owed && !book.left_out_and_locked().is_empty() {
            return Err(vec![Problem::error("may not be waived")]);
        }
        Ok(book)
    });
    (format!("{text}\n# extends\n{above}\n# {bare:?}"), book)
}

/// Hundreds of boards: nothing lifts a verdict or a level without being shown.
#[test]
fn no_board_lifts_anything_in_silence() {
    let (mut lifts, mut refused, mut together, mut bare) = (0, 0, 0, 0);
    let plain = book(vec![core()], Settings::default());
    for seed in 0..1_100 {
        let mut draws = Draws(seed);
        let (profile, board) = random_board(&mut draws);
        let board = match board {
            Ok(board) => board,
            Err(problems) => {
                assert!(
                    problems.iter().all(|problem| {
                        let said = &problem.message;
                        said.contains("may not be waived")
                            || said.contains("is not a parameter")
                            || said.contains("is not a rule")
                            || said.contains("fits no rule")
                            || said.contains("lies above `good`")
                            // A faculty may set what its university's scale does not have.
                            || said.contains("stands beside a scale")
                            || said.contains("is not a level")
                            || said.contains("cannot be the one for")
                            || said.contains("nothing comes out as")
                    }),
                    "{profile}\n{problems:?}"
                );
                refused += 1;
                continue;
            }
        };
        bare += usize::from(board.packs().iter().any(|pack| pack.fields_only));
        for _ in 0..3 {
            let proposal = document(&random_proposal(&mut draws), Format::Yaml);
            let (card, own) = (board.judge(&proposal), plain.judge(&proposal));
            let here = Judgement::of(card.verdict.word, &card.dimensions);
            let baseline = Judgement::of(own.verdict.word, &own.dimensions);
            if let Some(changes) = &card.board {
                assert_eq!(
                    changes.baseline.as_ref(),
                    Some(&baseline),
                    "{profile}\n{proposal:?}"
                );
                together += usize::from(!changes.together.is_empty());
            }
            if lifted(&baseline, &here) {
                lifts += 1;
                assert!(
                    is_shown(card.board.as_ref(), &baseline, &here),
                    "{profile}\n{:?}",
                    card.board
                );
                // The law can be broken: a scorecard that leaves it out is found.
                assert!(!is_shown(None, &baseline, &here));
            }
        }
    }
    assert!(
        lifts > 200 && refused > 20 && bare > 10,
        "{lifts} lifts, {refused} refused, {together} together, {bare} without the bundled rules"
    );
}

/// The scorecard under a profile on 2026-11-26.
fn judged(profile: &str, proposal: &str) -> Scorecard {
    let profile = Profile::read(document(profile, Format::Toml)).unwrap();
    let mut settings = profile.settings.clone();
    settings.date = crate::date::Date::read("2026-11-26");
    let book = Rulebook::load(vec![core()], Vec::new(), settings).unwrap();
    let problems = profile.check(&book);
    assert!(!problems.iter().any(Problem::is_error), "{problems:?}");
    book.judge(&document(proposal, Format::Yaml))
}

fn waiver(rule: &str, until: &str) -> String {
    format!(
        "[[waivers]]\nrule = \"{rule}\"\nproposal = \"*\"\nreason = \"asked\"\nby = \"B 14\"\nuntil = \"{until}\"\n"
    )
}

/// Stopped by one critical rule; all else is well.
const UNLICENSED: &str = "{ agreed: true, licensed: false, talked: true, weeks: 60, flights: 0 }";

#[test]
fn a_waiver_is_a_change_and_the_verdict_stands_with_and_without_it() {
    let card = judged(&waiver("ethics/licensed", "2027-06-30"), UNLICENSED);
    assert_eq!(card.verdict.word, Word::Proceed, "{}", card.verdict.reason);
    assert_eq!(card.without_waivers.unwrap().verdict, Word::Stop);
    let waived: Vec<&str> = card
        .findings
        .iter()
        .filter(|finding| finding.waiver.is_some())
        .map(|finding| finding.rule.as_str())
        .collect();
    assert_eq!(waived, ["ethics/licensed"]);
    let board = card.board.unwrap();
    assert!(board.differs);
    let [change] = board.changes.as_slice() else {
        panic!("{:?}", board.changes);
    };
    assert_eq!(
        (
            &*change.what,
            &*change.from,
            &*change.to,
            change.reason.as_deref()
        ),
        (
            "waivers.ethics/licensed",
            "asked",
            "waived until 2027-06-30",
            Some("asked, B 14")
        )
    );
    assert_eq!(change.only.as_ref().unwrap().verdict, Word::Proceed);
    assert_eq!(change.without.as_ref().unwrap().verdict, Word::Stop);
}

#[test]
fn a_waiver_that_does_not_hold_changes_nothing() {
    for (profile, word) in [
        (waiver("ethics/licensed", "2026-11-25"), Word::Stop),
        (waiver("ethics/licensed", "some day"), Word::Stop),
        (waiver("ethics/talked", "2027-01-01"), Word::Stop),
    ] {
        let card = judged(&profile, UNLICENSED);
        assert_eq!(card.verdict.word, word, "{profile}");
        assert_eq!(card.without_waivers, None, "{profile}");
        assert_eq!(card.waivers.len(), 1, "{profile}");
        assert_eq!(
            card.board.map(|board| board.changes.len()),
            None,
            "{profile}"
        );
    }
    // What may not be waived stays, unless the board overrides it.
    let disagreed = "{ agreed: false, licensed: true, talked: true, weeks: 60, flights: 0 }";
    let profile = waiver("ethics/agreed", "2027-01-01");
    assert_eq!(judged(&profile, disagreed).verdict.word, Word::Stop);
    let overridden = format!("{profile}[rules.\"ethics/agreed\"]\noverride = \"B 15\"\n");
    let card = judged(&overridden, disagreed);
    assert_eq!(card.verdict.word, Word::Proceed);
    assert_eq!(card.board.unwrap().overrides.len(), 1);
}

#[test]
fn a_dimension_of_which_all_is_waived_is_no_pass() {
    let far = "{ agreed: true, licensed: true, talked: true, weeks: 1, flights: 20 }";
    let both = format!(
        "{}{}",
        waiver("climate/flights", "2027-01-01"),
        waiver("climate/stay", "2027-01-01")
    );
    let card = judged(&both, far);
    assert_eq!(
        card.verdict.word,
        Word::Incomplete,
        "{}",
        card.verdict.reason
    );
    assert!(
        card.verdict.reason.contains("climate"),
        "{}",
        card.verdict.reason
    );
    let reasoned = format!("{both}[dimensions.climate]\nnot_judged = \"levy\"\n");
    assert_eq!(judged(&reasoned, far).verdict.word, Word::Proceed);
}

/// What a board with other levels shows: the baseline in the program's, and its scale as one change with its reason.
#[test]
fn a_scale_is_one_change_that_needs_a_reason() {
    let scale = "scale = { absent = 0, weak = 25, sound = 50, strong = 75 }\n";
    let reason = "reason = \"Our rubric\"\n";
    let (card, found) = changes(&format!("[levels]\n{scale}{reason}"), None, POOR);
    assert!(found.differs);
    let judged = |judgement: &Judgement| judgement.levels["climate"].unwrap().0.to_string();
    assert_eq!(judged(found.baseline.as_ref().unwrap()), "poor");
    let [change] = found.changes.as_slice() else {
        panic!("{:?}", found.changes)
    };
    assert_eq!(
        (
            change.what.as_str(),
            change.from.as_str(),
            change.to.as_str()
        ),
        (
            "levels.scale",
            "poor from 0, mixed from 45, good from 70",
            "absent from 0, weak from 25, sound from 50, strong from 75"
        )
    );
    assert_eq!(change.reason.as_deref(), Some("Our rubric"));
    assert_eq!(judged(change.only.as_ref().unwrap()), "absent");
    assert_eq!(judged(change.without.as_ref().unwrap()), "poor");
    // A scale by itself moves no threshold.
    assert!(
        card.dimensions
            .iter()
            .all(|score| (score.threshold - 45.0).abs() < 1e-9)
    );

    let refused = |profile: &str| -> Vec<String> {
        let strict = format!("[profile]\nversion = 2\n{profile}");
        let problems = board(&strict, None).err().unwrap_or_default();
        problems
            .into_iter()
            .map(|problem| problem.message.to_string())
            .collect()
    };
    assert_eq!(
        refused(&format!("[levels]\n{scale}")),
        [
            "`levels.scale` is absent from 0, weak from 25, sound from 50, strong from 75 in place of poor from 0, mixed from 45, \
             good from 70 without a reason"
        ]
    );
    // To require more needs none, to require less does.
    let with = |word: &str| {
        format!(
            "[levels]\nscale = {{ value = {{ absent = 0, weak = 25, sound = 50, strong = 75 }}, reason = \"Ours\" }}\n\
             required = \"{word}\"\n"
        )
    };
    assert_eq!(refused(&with("sound")), [""; 0]);
    assert_eq!(
        refused(&with("weak")),
        ["`levels.required` is weak (25) in place of mixed (45) without a reason"]
    );
    assert_eq!(refused("[levels]\nrequired = \"good\"\n"), [""; 0]);
    assert_eq!(refused("[levels]\nrequired = \"poor\"\n").len(), 1);
}

/// A weight goes both ways: the rule counts more or less, and what keeps its weight the other way.
#[test]
fn a_weight_says_what_counts_more_and_what_less() {
    use crate::profile::differences;
    use std::cmp::Ordering;
    let shares = |profile: &str, path: &[&str]| {
        let (old, new) = (board("", None).unwrap(), board(profile, None).unwrap());
        let found = differences((&old, None), (&new, None));
        let own = found.into_iter().find(|one| one.path == path);
        let shares = own.unwrap().shares.unwrap();
        (shares.before, shares.after, shares.others)
    };
    let weight = |rule: &str, weight: f64| {
        format!("[rules.\"climate/{rule}\"]\nweight = {weight}\nreason = \"so\"\n")
    };
    let stay = ["rules", "climate/stay", "weight"];
    // Flights 3, stay 1.
    assert_eq!(
        shares(&weight("stay", 3.0), &stay),
        (0.25, 0.5, Ordering::Less)
    );
    assert_eq!(
        shares(&weight("stay", 0.0), &stay),
        (0.25, 0.0, Ordering::Greater)
    );
    let both = weight("stay", 2.0) + weight("flights", 6.0).as_str();
    assert_eq!(shares(&both, &stay), (0.25, 0.25, Ordering::Equal));
    // More than before, and a smaller share.
    let both = weight("stay", 2.0) + weight("flights", 8.0).as_str();
    assert_eq!(shares(&both, &stay), (0.25, 0.2, Ordering::Equal));
    let alone =
        weight("stay", 2.0) + "[rules.\"climate/flights\"]\nenabled = false\nreason = \"so\"\n";
    assert_eq!(shares(&alone, &stay), (0.25, 1.0, Ordering::Equal));
    let ranked = "[weights]\nethics = 3\nreason = \"so\"\n";
    assert_eq!(
        shares(ranked, &["weights", "ethics"]),
        (0.5, 0.75, Ordering::Less)
    );
}
