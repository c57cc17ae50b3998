//! Plugins without code: made, checked, pinned, and judged by.

use super::board::{Board, PROPOSAL};
use std::path::Path;

fn example(board: &Board, name: &str, data: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/plugins")
        .join(name);
    std::fs::create_dir_all(board.path(name)).unwrap();
    for file in [data, "plugin.json"] {
        std::fs::copy(folder.join(file), board.path(&format!("{name}/{file}"))).unwrap();
    }
}

#[test]
fn a_new_register_is_checked_and_documented() {
    let board = Board::with("[plugins.climate]\nenabled = false\nreason = \"not judged here\"\n");
    let run = |args: &[&str]| board.run(args);
    run(&["plugin", "new", "air-sites", "--kind", "table"])
        .expect(0)
        .shows(&["a plugin without code"]);
    run(&["plugin", "check", "air-sites/air-sites.csv"])
        .expect(0)
        .shows(&["3 passed, 0 failed"]);
    run(&["plugin", "docs", "air-sites/plugin.json"])
        .expect(0)
        .shows(&[
            "`derived.air_sites.partners[].accredited`",
            "`air_sites_places(key: str) -> i64`",
        ]);
    board.write(
        "air-sites/air-sites.csv",
        "partner,accredited,places\na,perhaps,1.5\na,true,1\n",
    );
    run(&["plugin", "check", "air-sites/air-sites.csv"])
        .expect(1)
        .shows(&[
            "line 2: `accredited` is `perhaps`",
            "line 2: `places` is `1.5`",
        ]);
}

#[test]
fn the_examples_are_pinned_and_take_part() {
    let board = Board::with(
        "[plugins.host-sites]\npath = \"host-sites/host-sites.csv\"\n\
         [plugins.emission-budgets]\npath = \"emission-budgets/budgets.json\"\n",
    );
    example(&board, "host-sites", "host-sites.csv");
    example(&board, "emission-budgets", "budgets.json");
    board.lock();
    assert!(board.read("evenhand.lock").contains("\"any\" = \"sha256:"));
    board.run(&["plugin", "list"]).expect(0).shows(&[
        "host-sites 0.1.0 · table",
        "it has no code",
        "(pinned)",
    ]);
    board
        .run(&[
            "plugin",
            "call",
            "emission-budgets",
            "emission_budgets_budget_t",
            "KE",
        ])
        .expect(0)
        .shows(&["2.1"]);
    let card = board.run(&["check", PROPOSAL, "--format", "json"]).json();
    let plugins = card["receipt"]["plugins"].to_string();
    assert!(plugins.contains("\"table\""), "{plugins}");

    // Another row is another plugin.
    board.write(
        "host-sites/host-sites.csv",
        "partner,accredited,supervisors,until\nblantyre,true,99,\n",
    );
    board
        .run(&["check", PROPOSAL])
        .expect(2)
        .says(&["is not the one in the lock file"]);
}
