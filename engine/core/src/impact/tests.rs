use super::*;
use crate::document::Format;
use crate::executor::Sequential;
use crate::pack::PackFiles;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::verdict::Word;
use crate::words::English;

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "agreed": { "type": "boolean" }, "talked": { "type": "boolean" },
  "weeks": { "type": "number", "minimum": 0, "maximum": 60 }, "flights": { "type": "number", "minimum": 0 } } }"#;

const PACK: &str = "[pack]\nname = \"core\"\n[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n[[dimensions]]\nid = \"climate\"\ntitle = \"Climate\"\n";

/// Rules: id, settings of the page, script.
const RULES: [(&str, &str, &str); 4] = [
    (
        "ethics/agreed",
        "severity: critical\nparams:\n  unsure: { default: 0.4, min: 0, max: 1, basis: default, about: x }",
        "fn check(program, param) { if program.agreed { met() } else { partly(param.unsure, \"No\") } }",
    ),
    (
        "ethics/talked",
        "severity: major",
        "fn check(program, param) { if program.talked { met() } else { unmet(\"No\") } }",
    ),
    (
        "climate/flights",
        "severity: major\nparams:\n  most: { default: 4, min: 0, max: 50, basis: default, about: x }",
        "fn check(program, param) { ramp(program.flights, #{ full: param.most, zero: double(param.most) + 1 }, \"Many\", #{}) }",
    ),
    (
        "climate/stay",
        "severity: minor",
        "fn check(program, param) { ramp(program.weeks, #{ full: 8, zero: 0 }, \"Short\", #{}) }",
    ),
];

/// A pack, with some files otherwise; an empty text takes a file away.
fn pack(other: &[(&str, &str)]) -> PackFiles {
    let mut files = BTreeMap::new();
    let mut add = |path: &str, text: &str| {
        files.insert(path.to_owned(), text.to_owned().into_bytes().into());
    };
    add("pack.toml", PACK);
    add("schema.json", SCHEMA);
    add(
        "lib/own.rhai",
        "fn double(x) { 2 * x }\nfn half(x) { x / 2 }",
    );
    for (id, front, script) in RULES {
        add(&format!("{id}.md"), &page(front));
        add(&format!("{id}.rhai"), script);
    }
    for (path, text) in other {
        if text.is_empty() {
            files.remove(*path);
        } else {
            files.insert((*path).to_owned(), (*text).to_owned().into_bytes().into());
        }
    }
    PackFiles {
        folder: "core".to_owned(),
        files,
        ..PackFiles::default()
    }
}

fn page(front: &str) -> String {
    format!(
        "---\ntitle: A rule\n{front}\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n"
    )
}

fn book(profile: &str, other: &[(&str, &str)]) -> Rulebook {
    try_book(profile, other).unwrap()
}

/// The rulebook of a profile, or everything that is wrong with it.
fn try_book(profile: &str, other: &[(&str, &str)]) -> Result<Rulebook, Vec<Problem>> {
    let profile = format!("[profile]\nname = \"x\"\n{profile}");
    let profile = Document::parse("p", profile.as_bytes(), Format::Toml).unwrap();
    let profile = Profile::read(profile).unwrap();
    let mut settings = profile.settings.clone();
    settings.date = crate::date::Date::read("2026-11-26");
    let book = Rulebook::load(vec![pack(other)], Vec::new(), settings).unwrap();
    let problems = profile.check(&book);
    if problems.iter().any(Problem::is_error) {
        return Err(problems);
    }
    Ok(book)
}

fn judged(book: &Rulebook, proposal: &Document) -> Judged {
    Judged::of(&book.judge_with(proposal, &English, &Sequential))
}

fn proposal(text: &str) -> Document {
    Document::parse("x", text.as_bytes(), Format::Yaml).unwrap()
}

/// Each cause of a proposal's changes: what changes, and the differences that make it.
fn causes(old: &Rulebook, new: &Rulebook, text: &str) -> Vec<(String, Vec<String>, Vec<String>)> {
    let between = Between::new(old, new, &SamePlugins);
    let proposal = proposal(text);
    let ends = (judged(old, &proposal), judged(new, &proposal));
    let named = |places: &[usize]| -> Vec<String> {
        let all = between.differences();
        places
            .iter()
            .map(|place| all[*place].what.clone())
            .collect()
    };
    let causes = between.causes(&proposal, (&ends.0, &ends.1), &Sequential);
    causes
        .iter()
        .map(|cause| {
            let what = match &cause.aspect {
                Aspect::Verdict => "verdict".to_owned(),
                Aspect::Level(id) | Aspect::Finding(id) => id.clone(),
            };
            (what, named(&cause.single), named(&cause.together))
        })
        .collect()
}

fn cause(what: &str, single: &[&str], together: &[&str]) -> (String, Vec<String>, Vec<String>) {
    let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
    (what.to_owned(), owned(single), owned(together))
}

const MIDDLING: &str = "{ agreed: true, talked: true, weeks: 2, flights: 6 }";

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn every_kind_of_difference_is_found_and_shown_from_what_to_what() {
    let shown = |profile: (&str, &str), other: &[(&str, &str)]| -> Vec<String> {
        let (old, new) = (book(profile.0, &[]), book(profile.1, other));
        let between = Between::new(&old, &new, &SamePlugins);
        let all = between.differences().iter();
        all.map(|one| format!("{}: {} → {}", one.what, one.from, one.to))
            .collect()
    };
    let stay = page("severity: minor\nweight: 2");
    for (profile, other, expected) in [
        (("", ""), vec![], vec![]),
        (
            ("", "[levels]\ngood = 80\nmixed = 50\n"),
            vec![],
            vec!["levels.good: 70 → 80", "levels.mixed: 45 → 50"],
        ),
        (
            ("[thresholds]\nethics = 60\n", ""),
            vec![],
            vec!["thresholds.ethics: 60 → 45"],
        ),
        (
            (
                "",
                "[rules.\"climate/flights\"]\nparams = { most = 2 }\nweight = 5\nreason = \"so\"\n",
            ),
            vec![],
            vec![
                "rules.climate/flights.weight: 3 → 5",
                "rules.climate/flights.params.most: 4 → 2",
            ],
        ),
        (
            (
                "",
                "[rules.\"climate/stay\"]\nenabled = false\nreason = \"so\"\n",
            ),
            vec![],
            vec!["rules.climate/stay.enabled: enabled → disabled"],
        ),
        // What a page says counts like what a profile says.
        (
            ("", ""),
            vec![("climate/stay.md", stay.as_str())],
            vec!["rules.climate/stay.weight: 1 → 2"],
        ),
        (
            ("", ""),
            vec![("climate/stay.md", ""), ("climate/stay.rhai", "")],
            vec!["climate/stay: core → –"],
        ),
        (
            ("", ""),
            vec![("ethics/talked.rhai", "fn check(program, param) { met() }")],
            vec!["ethics/talked: core → core"],
        ),
        // Only what calls a function that is another now is judged otherwise.
        (
            ("", ""),
            vec![(
                "lib/own.rhai",
                "\nfn half(x) { x / 2 }\nfn double(x) { 3 * x }",
            )],
            vec!["climate/flights: core → core"],
        ),
        (
            ("", ""),
            vec![(
                "lib/own.rhai",
                "\n\nfn half(x) { x / 3 }\nfn double(x) { 2 * x }",
            )],
            vec![],
        ),
    ] {
        assert_eq!(shown(profile, &other), expected, "{profile:?} {other:?}");
    }
}

#[test]
fn a_change_has_the_difference_that_makes_it() {
    let old = book("", &[]);
    let new = book(
        "[levels]\ngood = 90\n[rules.\"climate/flights\"]\nparams = { most = 2 }\n",
        &[],
    );
    let param = "rules.climate/flights.params.most";
    assert_eq!(
        causes(&old, &new, MIDDLING),
        [
            cause("verdict", &[param], &[]),
            cause("climate", &[param], &[]),
            cause("climate/flights", &[param], &[]),
        ]
    );
    // A program that the differences leave as it is has none.
    let calm = "{ agreed: true, talked: true, weeks: 20, flights: 0 }";
    assert_eq!(causes(&old, &new, calm), []);
}

#[test]
fn what_only_acts_together_is_found_together() {
    // Poor at 25 of 45 points. Any two of the three make it mixed, and no one of them does.
    let old = book("", &[]);
    let new = book(
        "[levels]\nmixed = 32\n[rules.\"climate/flights\"]\nweight = 2\nreason = \"so\"\n\
         [rules.\"climate/stay\"]\nweight = 2\nreason = \"so\"\n",
        &[],
    );
    let far = "{ agreed: true, talked: true, weeks: 20, flights: 20 }";
    let two = ["rules.climate/flights.weight", "rules.climate/stay.weight"];
    assert_eq!(
        causes(&old, &new, far),
        [cause("verdict", &[], &two), cause("climate", &[], &two),]
    );
    // What neither can be left out of is told of each.
    let disabled = |id: &str| format!("[rules.\"{id}\"]\nenabled = false\nreason = \"so\"\n");
    let (one, other) = (disabled("climate/flights"), disabled("climate/stay"));
    let new = book(&format!("{one}{other}"), &[]);
    let both = [
        "rules.climate/flights.enabled",
        "rules.climate/stay.enabled",
    ];
    let found = causes(&old, &new, far);
    assert!(found.contains(&cause("climate", &both, &[])), "{found:?}");
    let flights = cause("climate/flights", &["rules.climate/flights.enabled"], &[]);
    assert!(found.contains(&flights), "{found:?}");
}

#[test]
fn a_waiver_that_only_one_side_has_is_a_difference() {
    let waiver = "[[waivers]]\nrule = \"ethics/talked\"\nproposal = \"*\"\nreason = \"asked\"\nby = \"B 14\"\nuntil = \"2027-06-30\"\n";
    let (old, new) = (book(waiver, &[]), book("", &[]));
    let silent = "{ agreed: true, talked: false, weeks: 20, flights: 0 }";
    let found = causes(&old, &new, silent);
    for what in ["ethics", "ethics/talked"] {
        let expected = cause(what, &["waivers.ethics/talked"], &[]);
        assert!(found.contains(&expected), "{found:?}");
    }
    assert_eq!(
        judged(&new, &proposal(silent)).judgement.verdict,
        Word::Proceed
    );
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

    fn profile(&mut self) -> String {
        let mut text = String::new();
        if self.below(2) == 0 {
            let mixed = self.below(60);
            text += &format!(
                "[levels]\nmixed = {mixed}\ngood = {}\n",
                mixed + self.below(40)
            );
        }
        if self.below(2) == 0 {
            text += &format!("[thresholds]\nethics = {}\n", self.below(101));
        }
        if self.below(4) == 0 {
            text += "[dimensions.climate]\nnot_judged = \"others do\"\n";
        }
        for (id, param) in [
            ("ethics/agreed", "unsure = 0.1"),
            ("ethics/talked", ""),
            ("climate/flights", "most = 9"),
            ("climate/stay", ""),
        ] {
            let setting = match self.below(6) {
                0 => "enabled = false".to_owned(),
                1 => format!("weight = {}", self.below(9)),
                2 => format!(
                    "severity = \"{}\"",
                    ["critical", "minor", "info"][self.below(3)]
                ),
                3 => format!("params = {{ {param} }}"),
                _ => continue,
            };
            text += &format!("[rules.\"{id}\"]\n{setting}\nreason = \"so\"\n");
        }
        text
    }

    fn pack(&mut self) -> Vec<(&'static str, String)> {
        match self.below(5) {
            0 => vec![("climate/stay.md", page("severity: major\nweight: 0"))],
            1 => vec![
                ("climate/stay.md", String::new()),
                ("climate/stay.rhai", String::new()),
            ],
            2 => vec![("lib/own.rhai", "fn double(x) { 5 * x }".to_owned())],
            3 => vec![(
                "schema.json",
                SCHEMA.replace("\"maximum\": 60", "\"maximum\": 4"),
            )],
            _ => Vec::new(),
        }
    }

    fn proposal(&mut self) -> String {
        let mut parts = Vec::new();
        for fact in ["agreed", "talked"] {
            parts.push(format!(
                "{fact}: {}",
                ["true", "false", "null"][self.below(3)]
            ));
        }
        for fact in ["weeks", "flights"] {
            if self.below(4) > 0 {
                parts.push(format!("{fact}: {}", self.below(5) * 2));
            }
        }
        format!("{{ {} }}", parts.join(", "))
    }
}

/// With none of the differences the old rulebook judges, with all of them the new one, and every change has a cause.
#[test]
fn mixtures_end_at_both_rulebooks_and_no_change_is_without_a_cause() {
    let mut changed = 0;
    for seed in 0..120 {
        let mut draws = Draws(seed);
        let (one, other) = (draws.profile(), draws.profile());
        let files = draws.pack();
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (*path, text.as_str()))
            .collect();
        let (Ok(old), Ok(new)) = (try_book(&one, &[]), try_book(&other, &files)) else {
            // A profile may name a rule that the pack does not have any more.
            continue;
        };
        let between = Between::new(&old, &new, &SamePlugins);
        let count = between.differences().len();
        for _ in 0..3 {
            let text = draws.proposal();
            let proposal = proposal(&text);
            if !new.check_document(&proposal).is_empty() {
                continue;
            }
            let (before, after) = (judged(&old, &proposal), judged(&new, &proposal));
            let mut bench = Bench::new(&between, &proposal, &Sequential);
            for (mask, end) in [(false, &before), (true, &after)] {
                let mixed = bench.judge(&vec![mask; count]).unwrap();
                assert_eq!(
                    *mixed, *end,
                    "seed {seed} {mask}: {one}\n---\n{other}\n{files:?}\n{text}"
                );
            }
            for cause in between.causes(&proposal, (&before, &after), &Sequential) {
                changed += 1;
                assert!(
                    !cause.single.is_empty() || !cause.together.is_empty(),
                    "seed {seed}: {cause:?}"
                );
            }
        }
    }
    assert!(changed > 250, "{changed} changes");
}
