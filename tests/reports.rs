//! Reports in every format, with names and texts that try to break out of them. `reports/check.sh` asks each format's own
//! validator besides.

use crate::assembly::root;
use std::path::Path;
use std::process::Command;

const FORMATS: [&str; 6] = ["json", "markdown", "html", "csv", "sarif", "junit"];
/// Formats that are archives, with the part that holds what people read.
const ARCHIVES: [(&str, &str); 2] = [
    ("docx", "word/document.xml"),
    ("xlsx", "xl/worksheets/sheet1.xml"),
];

/// A title with something for each format: a formula, markup, an end of an attribute, hidden characters.
const HOSTILE: &str = r#"=HYPERLINK("x")<script>alert(1)</script>'"]]>|`*[a](javascript:x) &lt;"#;

fn check(format: &str, proposals: &[&Path]) -> (String, Option<i32>) {
    check_by("--no-profile", format, proposals)
}

/// The same with a profile, or with an option that leaves all of them out.
fn check_by(profile: &str, format: &str, proposals: &[&Path]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .current_dir(root())
        .args(["check", profile, "--format", format])
        .args(proposals)
        .output()
        .unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        output.status.code(),
    )
}

/// A part of a report that is an archive.
fn part(format: &str, part: &str, proposals: &[&Path]) -> (String, Option<i32>) {
    part_by("--no-profile", (format, part), proposals)
}

fn part_by(
    profile: &str,
    (format, part): (&str, &str),
    proposals: &[&Path],
) -> (String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report");
    let status = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .current_dir(root())
        .args(["check", profile, "--format", format, "--output"])
        .arg(&file)
        .args(proposals)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let text = std::io::read_to_string(archive.by_name(part).unwrap()).unwrap();
    (text, status.code())
}

/// A board's own levels, of which there are four, stand in every format by its words, and as codes where programs read.
#[test]
fn levels_of_a_board_stand_in_every_format() {
    const PROFILE: &str = "--profile=examples/boards/four-levels/evenhand.toml";
    let plan = Path::new("examples/boards/four-levels/plans/hill-clinic.yaml");
    let holds = |format: &str, text: &str, wanted: &str| {
        assert!(text.contains(wanted), "{wanted} is not in {format}: {text}");
        for word in ["good", "mixed", "poor"] {
            let level = format!(">{word}<");
            assert!(!text.contains(&level), "{level} is in {format}: {text}");
        }
    };
    for (format, wanted) in [
        ("markdown", "Level 2"),
        ("html", "Level 2"),
        ("csv", "level-2,Level 2"),
        ("junit", "Level 2"),
        ("json", "\"level_low\": \"level-2\""),
    ] {
        holds(format, &check_by(PROFILE, format, &[plan]).0, wanted);
    }
    for (format, inner) in ARCHIVES {
        let (text, _) = part_by(PROFILE, (format, inner), &[plan]);
        holds(format, &text, "Level 2");
    }
    let memo = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .current_dir(root())
        .args(["memo", PROFILE])
        .arg(plan)
        .output()
        .unwrap();
    holds("memo", &String::from_utf8(memo.stdout).unwrap(), "Level 2");
}

fn hostile(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("hostile.json");
    let proposal = serde_json::json!({
        "program": { "title": format!("{HOSTILE} \u{202e}"), "formats": ["outbound_elective"] },
        "partners": [
            { "id": "leiden", "country": "NL", "role": "lead" },
            { "id": "blantyre", "country": "MW", "role": "host_site" },
        ],
    });
    std::fs::write(&path, proposal.to_string()).unwrap();
    path
}

#[test]
fn every_format_holds_every_proposal_and_the_same_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let refused = folder.path().join("refused-plan.yaml");
    std::fs::write(&refused, "program: { formats: [no_such_format] }\n").unwrap();
    let good = root().join("examples/proposals/c05-haiti-camp.yaml");
    for format in FORMATS {
        let (text, exit) = check(format, &[&good, &refused]);
        assert_eq!(exit, Some(2), "{format}");
        for wanted in ["c05-haiti-camp", "refused-plan"] {
            assert!(text.contains(wanted), "{format} lacks {wanted}");
        }
        assert_eq!(text, check(format, &[&good, &refused]).0, "{format}");
        let (_, alone) = check(format, &[&good]);
        assert_eq!(alone, check("text", &[&good]).1, "{format}");
    }
}

#[test]
fn names_do_not_break_out_of_any_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = hostile(folder.path());
    for (format, never) in [
        ("html", vec!["<script", "javascript:x\"", "\u{202e}"]),
        ("markdown", vec!["<script", "[a](javascript", "\u{202e}"]),
        ("csv", vec![",=HYPER", ",\"=HYPER"]),
        ("junit", vec!["<script", "\u{202e}"]),
    ] {
        let (text, _) = check(format, &[&path]);
        assert!(!text.is_empty(), "{format}");
        // In Markdown what stands behind a backslash is text.
        let text = match format {
            "markdown" => text.replace("\\<", "").replace("\\[", ""),
            _ => text,
        };
        for never in never {
            assert!(!text.contains(never), "{format} has {never:?}:\n{text}");
        }
    }
    let (text, _) = check("sarif", &[&path]);
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let results = log["runs"][0]["results"].as_array().unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    assert!(!results.is_empty());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["kind"] == "fail", result["level"] != "none");
    }
}

#[test]
fn office_documents_hold_every_proposal_and_no_name_breaks_out_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let refused = folder.path().join("refused-plan.yaml");
    std::fs::write(&refused, "program: { formats: [no_such_format] }\n").unwrap();
    let hostile = hostile(folder.path());
    for (format, name) in ARCHIVES {
        let (text, exit) = part(format, name, &[&hostile, &refused]);
        assert_eq!(exit, Some(2), "{format}");
        for wanted in ["&lt;script&gt;alert(1)&lt;/script&gt;", "refused-plan"] {
            assert!(text.contains(wanted), "{format} lacks {wanted}");
        }
        for never in ["<script", "\u{202e}", "<f>"] {
            assert!(!text.contains(never), "{format} has {never:?}");
        }
        assert_eq!(
            text,
            part(format, name, &[&hostile, &refused]).0,
            "{format}"
        );
        let (_, alone) = part(format, name, &[&hostile]);
        assert_eq!(alone, check("json", &[&hostile]).1, "{format}");
    }
    // What a spreadsheet could take for a formula is text, and stays text when the sheet is saved as CSV.
    let (sheet, _) = part("xlsx", "xl/worksheets/sheet1.xml", &[&hostile]);
    assert!(
        sheet.contains("s=\"3\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=HYPERLINK"),
        "{sheet}"
    );
}

#[test]
fn a_report_points_at_the_lines_of_the_file() {
    let good = root().join("examples/proposals/c05-haiti-camp.yaml");
    let (text, _) = check("sarif", &[&good]);
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let scope = results
        .iter()
        .find(|result| result["ruleId"] == "ethics/scope-of-practice")
        .unwrap();
    let place = &scope["locations"][0]["physicalLocation"];
    assert!(
        place["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .ends_with("c05-haiti-camp.yaml")
    );
    let lines: Vec<String> = std::fs::read_to_string(&good)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
    let related = scope["relatedLocations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let all = std::iter::once(line).chain(related.iter().map(|one| {
        let line = one["physicalLocation"]["region"]["startLine"].as_u64();
        usize::try_from(line.unwrap()).unwrap()
    }));
    assert!(
        all.into_iter()
            .any(|line| lines[line - 1].contains("hands_on: beyond_home_scope")),
        "{scope:#}"
    );
}

#[test]
fn what_a_page_says_of_itself_is_in_the_language_of_the_report() {
    let good = root().join("examples/proposals/c11-ampath.yaml");
    for (language, contents, skip) in [
        ("en", "Contents", "Skip to the content"),
        ("es", "Contenido", "Saltar al contenido"),
        ("fr", "Sommaire", "Aller au contenu"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
            .args([
                "check",
                "--no-profile",
                "--format",
                "html",
                "--locale",
                language,
            ])
            .arg(&good)
            .output()
            .unwrap();
        let page = String::from_utf8(output.stdout).unwrap();
        for wanted in [contents, skip] {
            assert!(
                page.contains(&format!(">{wanted}<")),
                "{language}: {wanted}"
            );
        }
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
    }
}

/// What the core pack declares, in every format that has room for it, with the same numbers, units and languages.
#[test]
fn emissions_stand_by_flow_and_by_leg_with_their_ranges() {
    let good = root().join("examples/proposals/c09-erasmus.yaml");
    let (json, _) = check("json", &[&good]);
    let card: serde_json::Value = serde_json::from_str(&json).unwrap();
    let flow = &card["derived"]["climate"]["flows"][0];
    let rounded = |value: &serde_json::Value| format!("{:.0}", value.as_f64().unwrap());
    let kg = &flow["kg_per_person"];
    let range = [&kg["central"], &kg["low"], &kg["high"]].map(rounded);
    let range = format!("{} ({}–{})", range[0], range[1], range[2]);
    let (html, _) = check("html", &[&good]);
    for wanted in [
        "<h2 id=\"table-emissions-by-flow\">Emissions by flow</h2>",
        "<th scope=\"col\">Per person (kg CO2e)</th>",
        "<h2 id=\"table-emissions-by-leg\">Emissions by leg</h2>",
        "Dashed: Online instead.</figcaption>",
        &format!("<td>{range}</td>"),
        &format!("Flow 1: mi → ma: {range}, Online instead: "),
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
    let (markdown, _) = check("markdown", &[&good]);
    assert!(markdown.contains(&format!("| Flow 1: mi → ma | plane | 20 | {range} |")));
    let (document, _) = part("docx", "word/document.xml", &[&good]);
    assert!(document.contains(&range));
    // The workbook has numbers, with a digit more.
    let (sheet, _) = part("xlsx", "xl/worksheets/sheet4.xml", &[&good]);
    let central = kg["central"].as_f64().unwrap();
    assert!(sheet.contains(&format!("<v>{central:.1}</v>")), "{sheet}");
    let french = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .current_dir(root())
        .args([
            "check",
            "--no-profile",
            "--format",
            "markdown",
            "--locale",
            "fr",
        ])
        .arg(&good)
        .output()
        .unwrap();
    let french = String::from_utf8(french.stdout).unwrap();
    for wanted in ["| Flux 1 : mi → ma | avion |", "Par personne (kg de CO2e)"] {
        assert!(french.contains(wanted), "{wanted}");
    }
    // Nobody travels, and there is no table of legs.
    let home = root().join("examples/proposals/home-course.toml");
    assert!(!check("markdown", &[&home]).0.contains("Emissions by leg"));
}

/// Where a plan begins stands in the reports that people read, and all of it where it is asked for.
#[test]
fn reports_hold_the_plan_and_the_questions() {
    let elective = root().join("examples/proposals/c05b-haiti-elective.yaml");
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
            .current_dir(root())
            .args(args)
            .arg("--no-profile")
            .arg(&elective)
            .output()
            .unwrap();
        let texts = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (texts, output.status.code())
    };
    let ([plan, _], _) = run(&["improve", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    let steps = plan["steps"].as_array().unwrap().len();
    assert!(steps > 3, "{plan}");
    let numbered = |page: &str, title: &str| {
        let (_, part) = page
            .split_once(title)
            .unwrap_or_else(|| panic!("{title} in {page}"));
        let part = part.split("\n## ").next();
        let lines = part.unwrap_or_default().lines();
        let first = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
        lines.filter(first).count()
    };
    let ([page, _], exit) = run(&["check", "--format", "markdown"]);
    let first = numbered(&page, "## The plan's first steps\n");
    assert!((1..steps).contains(&first), "{first} of {steps}");
    assert!(page.contains("| Question | Who can answer | Fact | Findings |"));
    let ([page, _], with_plan) = run(&["check", "--format", "markdown", "--plan"]);
    assert_eq!(with_plan, exit);
    assert_eq!(numbered(&page, "## The plan\n"), steps);
    for wanted in ["After every step:", "For: ", "Each step was tried out"] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    let ([page, _], _) = run(&["check", "--format", "html", "--plan"]);
    assert!(page.contains("<h2 id=\"plan\">The plan</h2>"));
    for format in ["csv", "text"] {
        let ([page, said], exit) = run(&["check", "--format", format, "--plan"]);
        assert_eq!((page.as_str(), exit), ("", Some(2)));
        assert!(said.contains("one of markdown, html, docx"), "{said}");
    }
    // A program that can proceed needs none.
    let (page, _) = check(
        "markdown",
        &[&root().join("examples/proposals/c09-erasmus.yaml")],
    );
    assert!(!page.contains("## The plan"));
}

/// A proposal with ranges, however it is written, shows them in what people read and has the same digest.
#[test]
fn a_range_reads_the_same_in_every_format() {
    let source = root().join("examples/proposals/c05-haiti-camp.yaml");
    let text = std::fs::read_to_string(source).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let written = |range: &str| {
        let file = folder.path().join("program.yaml");
        let lines = text
            .lines()
            .map(|line| match line.split_once("n_per_year:") {
                Some((before, _)) => format!("{before}n_per_year: {range}\n"),
                None => format!("{line}\n"),
            });
        std::fs::write(&file, lines.collect::<String>()).unwrap();
        file
    };
    let mut digests = std::collections::BTreeSet::new();
    for range in ["4..6", "4–6", "[4, 6]", "{ from: 4, to: 6 }"] {
        let file = written(range);
        let (json, _) = check("json", &[&file]);
        let card: serde_json::Value = serde_json::from_str(&json).unwrap();
        digests.insert(card["receipt"]["proposal"].to_string());
        let findings = card["findings"].as_array().unwrap();
        let open = findings
            .iter()
            .filter(|found| found["imprecise"].is_array());
        assert!(open.count() > 0, "{range}");
        assert!(json.contains("\"from\": 4"), "{range}");
        for format in ["markdown", "html"] {
            assert!(
                check(format, &[&file]).0.contains("4–6"),
                "{range} {format}"
            );
        }
        let (docx, _) = part("docx", "word/document.xml", &[&file]);
        assert!(docx.contains("4–6"), "{range}");
    }
    assert_eq!(digests.len(), 1);
}
