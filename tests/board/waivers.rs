//! Waivers and aged attestations, from a profile to every format.

use crate::assembly::{evenhand, root};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;

const HAITI: &str = "examples/proposals/c05-haiti-camp.yaml";

/// One that holds, and one each of those that do not.
const PROFILE: &str = r#"[profile]
name = "Board"
attestations_valid_for = 365

[[waivers]]
rule = "ethics/short-stay"
proposal = "c05-haiti-camp"
reason = "one <week> is what the host asked for"
by = "Decision 14"
until = "2027-06-30"

[[waivers]]
rule = "equity/co-design"
proposal = "*"
reason = "first year"
by = "Decision 15"
until = "2026-11-25"

[[waivers]]
rule = "ethics/supervision"
proposal = "*"
reason = "the host knows best"
by = "Decision 16"
until = "2027-06-30"

[[waivers]]
rule = "sustainability/after-funding"
proposal = "c05-haiti-cmap"
reason = "a gift pays for it"
by = "Decision 17"
until = "2027-06-30"

[[waivers]]
rule = "equity/disability-inclusion"
proposal = "*"
reason = "the lift is built"
by = "Decision 18"
until = "30.6.2027"
"#;

fn folder(profile: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("evenhand.toml"), profile).unwrap();
    let name = Path::new(HAITI).file_name().unwrap();
    fs::copy(root().join(HAITI), folder.path().join(name)).unwrap();
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    evenhand().current_dir(folder).args(args).output().unwrap()
}

fn check(folder: &Path, args: &[&str]) -> Output {
    let file = "c05-haiti-camp.yaml";
    run(
        folder,
        &[&["check", file, "--date", "2026-11-26"], args].concat(),
    )
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_format_shows_what_is_waived() {
    let folder = folder(PROFILE);
    for (format, wanted) in [
        (
            "text",
            vec![
                "The board waived ethics/short-stay",
                "Decision 14",
                "2027-06-30",
            ],
        ),
        (
            "markdown",
            vec!["waived (unmet)", "Decision 14", "Waivers", "2026-11-25"],
        ),
        (
            "html",
            vec![
                "waived (unmet)",
                "Decision 14",
                "one &lt;week&gt;",
                "Waivers",
            ],
        ),
        (
            "csv",
            vec!["without_waivers,waived", ",stop,ethics/short-stay,"],
        ),
        (
            "sarif",
            vec!["\"suppressions\"", "Decision 14", "\"accepted\""],
        ),
        (
            "junit",
            vec!["<skipped message=\"Waived until 2027-06-30", "Decision 14"],
        ),
        (
            "json",
            vec![
                "\"without_waivers\": \"stop\"",
                "\"standing\": \"in_force\"",
            ],
        ),
    ] {
        let output = check(folder.path(), &["--format", format]);
        let shown = text(&output.stdout);
        for wanted in wanted {
            assert!(shown.contains(wanted), "{format} lacks {wanted}:\n{shown}");
        }
    }
}

#[test]
fn a_waived_rule_counts_for_nothing_and_each_waiver_is_said_to_stand_as_it_does() {
    let folder = folder(PROFILE);
    let card = json(&check(folder.path(), &["--format", "json"]));
    let standing = |rule: &str| {
        let all = card["waivers"].as_array().unwrap();
        let one = all.iter().find(|one| one["rule"] == rule);
        one.unwrap()["standing"].as_str().unwrap().to_owned()
    };
    assert_eq!(standing("ethics/short-stay"), "in_force");
    assert_eq!(standing("equity/co-design"), "expired");
    assert_eq!(standing("ethics/supervision"), "not_waivable");
    assert_eq!(standing("sustainability/after-funding"), "other_proposal");
    assert_eq!(standing("equity/disability-inclusion"), "unreadable");
    let plain = json(&check(folder.path(), &["--format", "json", "--no-profile"]));
    let low = |card: &Value| {
        let dimensions = card["dimensions"].as_array().unwrap().clone();
        let ethics = dimensions.into_iter().find(|one| one["id"] == "ethics");
        ethics.unwrap()["low"].as_u64().unwrap()
    };
    assert!(low(&card) > low(&plain), "{} {}", low(&card), low(&plain));
    let changes = card["board_changes"]["changes"].as_array().unwrap();
    let change = changes
        .iter()
        .find(|change| change["what"] == "waivers.ethics/short-stay")
        .unwrap();
    assert_eq!(change["to"], "waived until 2027-06-30");
    // Those that do not hold change nothing, so they are no changes.
    let waivers = changes.iter().filter(|change| {
        let what = change["what"].as_str().unwrap();
        what.starts_with("waivers.")
    });
    assert_eq!(waivers.count(), 1);
    // The day after its last one it is over, in every command alike.
    let file = "c05-haiti-camp.yaml";
    let later = ["check", file, "--format", "json", "--date", "2027-07-01"];
    let card = json(&run(folder.path(), &later));
    assert_eq!(card["verdict"]["without_waivers"], Value::Null);
    let listed = [
        "profile",
        "waivers",
        "--format",
        "json",
        "--date",
        "2027-07-01",
    ];
    let listed = json(&run(folder.path(), &listed));
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["standing"] != "in_force")
    );
}

#[test]
fn an_attestation_grows_old_and_one_from_the_future_is_wrong() {
    let folder = folder("[profile]\nname = \"Board\"\nattestations_valid_for = 365\n");
    let haiti = folder.path().join("c05-haiti-camp.yaml");
    let whole = fs::read_to_string(&haiti).unwrap();
    let attested = |on: &str| {
        let attestation =
            format!("\nattestations:\n  - {{ by: medishare, covers: [host.need]{on} }}\n");
        assert!(!whole.contains("\nattestations:"));
        fs::write(&haiti, format!("{whole}{attestation}")).unwrap();
        check(folder.path(), &["--format", "json"])
    };
    let by = |output: &Output| {
        let card = json(output);
        let mut found = Vec::new();
        for finding in card["findings"].as_array().unwrap() {
            for fact in finding["evidence"].as_array().unwrap() {
                if fact["path"] == "/host/need" {
                    found.extend(fact["attested_by"].as_array().unwrap().clone());
                }
            }
        }
        (
            found.len(),
            card["attestations_aged"].as_array().unwrap().len(),
        )
    };
    let (confirmed, aged) = by(&attested(", on: 2026-01-01"));
    assert!(confirmed > 0);
    assert_eq!(aged, 0);
    assert_eq!(by(&attested(", on: 2025-11-25")), (0, 1));
    assert_eq!(by(&attested("")), (0, 1));
    let shown = text(&check(folder.path(), &["--format", "markdown"]).stdout);
    assert!(shown.contains("On which day was it confirmed?"), "{shown}");
    let wrong = attested(", on: 2026-11-27");
    assert_eq!(wrong.status.code(), Some(2));
    let said = text(&wrong.stderr);
    assert!(
        said.contains("2026-11-27, after the evaluation of 2026-11-26"),
        "{said}"
    );
}

#[test]
fn waivers_go_out_to_a_table_and_come_back_all_or_none() {
    let folder = folder(PROFILE);
    let csv = |args: &[&str]| {
        let all = [
            &[
                "profile",
                "waivers",
                "--date",
                "2026-11-26",
                "--format",
                "csv",
            ],
            args,
        ];
        text(&run(folder.path(), &all.concat()).stdout)
    };
    let table = csv(&[]);
    assert_eq!(table.lines().count(), 6, "{table}");
    assert_eq!(csv(&["--expiring-in", "30"]).lines().count(), 1);
    // 2027-06-30 is 216 days after 2026-11-26; the waiver of what may not be waived is not in force.
    assert_eq!(csv(&["--expiring-in", "215"]).lines().count(), 1);
    assert_eq!(csv(&["--expiring-in", "216"]).lines().count(), 3);
    let file = folder.path().join("waivers.csv");
    let profile = folder.path().join("evenhand.toml");
    let import = || {
        run(
            folder.path(),
            &["profile", "waivers", "--import", "waivers.csv"],
        )
    };
    // What it has already is not added again; one row that is wrong keeps all out.
    let row = "ethics/short-stay,lima-2027,\"asked, twice\",Decision 20,2027-08-01,,\n";
    let wrong = "ethics/short-stays,lima-2027,,Decision 20,2027-08-01,,\n";
    let table = table.replace("30.6.2027", "2027-06-30");
    fs::write(&file, format!("{table}{row}{wrong}")).unwrap();
    let refused = import();
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    for wanted in [
        "did you mean `ethics/short-stay`?",
        "`reason` is empty",
        "Nothing was written.",
    ] {
        assert!(said.contains(wanted), "{said}");
    }
    assert_eq!(fs::read_to_string(&profile).unwrap(), PROFILE);
    fs::write(&file, format!("{table}{row}")).unwrap();
    let taken = import();
    assert_eq!(taken.status.code(), Some(0), "{}", text(&taken.stderr));
    assert_eq!(
        text(&taken.stdout),
        "2 waivers added to evenhand.toml; 4 there already.\n"
    );
    let after = fs::read_to_string(&profile).unwrap();
    assert!(after.starts_with(PROFILE));
    assert!(after.ends_with("until    = \"2027-08-01\"\n"), "{after}");
    assert_eq!(
        text(&import().stdout),
        "0 waivers added to evenhand.toml; 6 there already.\n"
    );
    assert_eq!(fs::read_to_string(&profile).unwrap(), after);
}

#[test]
fn a_waiver_for_no_proposal_at_hand_is_said_to_be() {
    let folder = folder(PROFILE);
    let args = [
        "profile",
        "waivers",
        "c05-haiti-camp.yaml",
        "--date",
        "2026-11-26",
    ];
    let shown = text(&run(folder.path(), &args).stdout);
    let apart = "None of these proposals has this id.";
    assert_eq!(shown.matches(apart).count(), 1, "{shown}");
    let (before, _) = shown.split_once(apart).unwrap();
    assert!(
        before.ends_with("a gift pays for it (Decision 17)\n  "),
        "{shown}"
    );
    let nowhere = tempfile::tempdir().unwrap();
    let refused = run(nowhere.path(), &["profile", "waivers"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("there is no profile here"));
}
