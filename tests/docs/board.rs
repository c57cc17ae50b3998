//! A board sees in the rulebook what it has set, beside what is usual.

use super::rulebook;

const PROFILE: &str = r#"
[profile]
name = "Board of Examples"

[levels]
good = 75

[thresholds]
ethics = 70

[rules."ethics/short-stay"]
weight = 2
reason = "our stays are short by law"
params = { aim = 6, curve = [[1, 0], [4, 1]] }

[rules."climate/premium-cabin"]
enabled = false
reason = "the travel office books economy only"

[plugins.climate]
settings = { factor_set = "DESNZ-2025" }
"#;

#[test]
fn what_a_board_has_set_is_shown_beside_what_is_usual() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evenhand.toml");
    std::fs::write(&file, PROFILE).unwrap();
    let profile = file.to_str().unwrap();
    let text = rulebook(&["--profile", profile]);
    for words in [
        "of Board of Examples; where they are not those of the pack, both are shown",
        "75 points or more, set by the board; 70 otherwise",
        "70, set by the board; 45 otherwise",
        "weight 2, set by the board; 3 otherwise",
        "**Set by the board.** Usually 8 weeks.",
        "| 4 | 1 | 0.7 |",
        "**Turned off by the board:** the travel office books economy only",
        "**DESNZ-2025**, set by the board; usually DESNZ-2026",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let html = rulebook(&["--profile", profile, "--format", "html"]);
    assert!(html.contains("Dashed: the usual curve."));
}
