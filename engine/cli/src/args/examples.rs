//! What is typed most often, first in the help of every command; and the commands as a whole, with their help laid out.

use super::Args;
use clap::CommandFactory as _;

/// Commands by their names, with examples of what can be typed. The program itself is the empty name.
pub(crate) const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "evenhand init --kind elective --output plan.yaml",
            "evenhand check plan.yaml",
            "evenhand questions --answer plan.yaml",
            "evenhand improve plan.yaml",
        ],
    ),
    (
        "init",
        &[
            "evenhand init",
            "evenhand init --kind elective --discipline health --output plan.yaml",
            "evenhand init --kind virtual_exchange --locale es",
            "evenhand init --kind elective --xlsx --output plan.xlsx",
        ],
    ),
    (
        "check",
        &[
            "evenhand check plan.yaml",
            "evenhand check plan.yaml --findings",
            "evenhand check one.yaml two.yaml --format html --output board.html",
            "evenhand check plan.yaml --format html --plan --output report.html",
            "evenhand check plan.yaml --fail-on stop",
            "evenhand check plan.yaml --record plan.record.json",
            "evenhand check plan-v2.yaml --since plan.record.json",
            "evenhand check plan.yaml --set thresholds.ethics=70",
        ],
    ),
    (
        "questions",
        &[
            "evenhand questions plan.yaml",
            "evenhand questions --answer plan.yaml",
        ],
    ),
    (
        "improve",
        &[
            "evenhand improve plan.yaml",
            "evenhand improve plan.yaml --apply better.yaml",
        ],
    ),
    (
        "what-if",
        &[
            "evenhand what-if plan.yaml --set host.need=host_led",
            "evenhand what-if plan.yaml --set flows[].weeks=6 --unset safety.insurance",
            "evenhand what-if plan.yaml --without-safeguards",
        ],
    ),
    (
        "compare",
        &[
            "evenhand compare plan-a.yaml plan-b.yaml",
            "evenhand compare plan-a.yaml plan-b.yaml --format json",
        ],
    ),
    (
        "perspectives",
        &[
            "evenhand perspectives ours.yaml theirs.yaml",
            "evenhand perspectives ours.yaml theirs.yaml --label Zurich --label Nairobi",
            "evenhand perspectives ours.yaml theirs.yaml --fill --format html --output talk.html",
        ],
    ),
    (
        "ask",
        &[
            "evenhand ask plan.yaml --as nairobi --locale fr --output questions.yaml",
            "evenhand ask plan.yaml --as nairobi --locale fr --output questions.xlsx",
            "evenhand ask plan.yaml --as finance --all",
            "evenhand ask plan.yaml --as nairobi --format html --output questions.html",
        ],
    ),
    (
        "merge",
        &[
            "evenhand merge plan.yaml answers.yaml",
            "evenhand merge plan.yaml nairobi.xlsx lyon.xlsx",
            "evenhand merge plan.yaml answers.yaml --output plan-2.yaml",
            "evenhand merge plan.yaml answers.yaml --accept host.need --in-place",
        ],
    ),
    (
        "explain",
        &[
            "evenhand explain ethics/scope-of-practice",
            "evenhand explain host-need --script",
            "evenhand explain unknown-field",
        ],
    ),
    ("rules", &["evenhand rules list", "evenhand rules test"]),
    ("rules list", &["evenhand rules list --locale es"]),
    (
        "rules functions",
        &["evenhand rules functions", "evenhand rules functions curve"],
    ),
    ("rules locale", &["evenhand rules locale pt"]),
    (
        "rules test",
        &[
            "evenhand rules test",
            "evenhand rules test ethics/host-need --mutate",
            "evenhand rules test --pack ours --watch",
        ],
    ),
    (
        "rules new",
        &[
            "evenhand rules new ethics/night-shifts --pack ours --kind yes-no",
            "evenhand rules new ethics/night-shifts --pack ours",
        ],
    ),
    (
        "rules copy",
        &["evenhand rules copy ethics/host-need --pack ours"],
    ),
    (
        "rules convert",
        &["evenhand rules convert ethics/night-shifts --pack ours"],
    ),
    ("rules lint", &["evenhand rules lint --pack ours --strict"]),
    (
        "rules impact",
        &[
            "evenhand rules impact --old international-programs --new evenhand.toml plans",
            "evenhand rules impact --old 2026.toml --new 2027.toml plans cases.jsonl --format html --output impact.html",
            "evenhand rules impact --old 2026.toml --new 2027.toml plans --approved approved.toml --fail-on-change",
        ],
    ),
    (
        "rules docs",
        &["evenhand rules docs --pack ours --output rulebook.html"],
    ),
    ("plugin", &["evenhand plugin list", "evenhand plugin lock"]),
    ("plugin list", &["evenhand plugin list --verbose"]),
    (
        "plugin lock",
        &["evenhand plugin lock", "evenhand plugin lock --update"],
    ),
    ("plugin verify", &["evenhand plugin verify"]),
    ("plugin docs", &["evenhand plugin docs climate"]),
    (
        "plugin call",
        &[
            "evenhand plugin call climate great_circle_km FRA NBO",
            "evenhand plugin call --plugin libair.so --log air-quality usual 3",
        ],
    ),
    ("plugin check", &["evenhand plugin check libair.so"]),
    (
        "plugin test",
        &["evenhand plugin test libair.so --corpus examples/proposals"],
    ),
    (
        "plugin pack",
        &[
            "evenhand plugin pack libair.so air.dylib --manifest plugin.json",
            "evenhand plugin pack libair.so --signature SHA256SUMS.minisig --key RWQ…",
        ],
    ),
    ("plugin new", &["evenhand plugin new air-quality"]),
    (
        "profile",
        &[
            "evenhand profile new",
            "evenhand profile check",
            "evenhand profile waivers --expiring-in 30",
        ],
    ),
    (
        "profile new",
        &[
            "evenhand profile new",
            "evenhand profile new faculty/evenhand.toml --extends ../university.toml",
        ],
    ),
    (
        "profile show",
        &[
            "evenhand profile show",
            "evenhand profile show plan.yaml --format json",
        ],
    ),
    (
        "profile check",
        &[
            "evenhand profile check",
            "evenhand profile check university.toml",
        ],
    ),
    (
        "profile diff",
        &["evenhand profile diff evenhand-2026.toml evenhand.toml"],
    ),
    (
        "profile waivers",
        &[
            "evenhand profile waivers --expiring-in 30",
            "evenhand profile waivers --format csv --output waivers.csv",
            "evenhand profile waivers --import waivers.csv",
        ],
    ),
    (
        "memo",
        &[
            "evenhand memo plan.yaml --output memo.html",
            "evenhand memo plan.yaml --decision decision.toml --output memo.docx",
            "evenhand memo plan.yaml --template ours.html --output memo.html",
        ],
    ),
    (
        "verify",
        &[
            "evenhand verify plan.record.json",
            "evenhand verify plan.record.json --public-key board.pub",
        ],
    ),
    (
        "portfolio",
        &[
            "evenhand portfolio programs",
            "evenhand portfolio programs --budget 120 --format html --output year.html",
            "evenhand portfolio programs cases.jsonl --format csv --output year.csv",
        ],
    ),
    ("schema", &["evenhand schema", "evenhand schema profile"]),
    (
        "serve",
        &["evenhand serve", "evenhand serve --port 0 --no-open"],
    ),
    (
        "page",
        &[
            "evenhand page --site pages",
            "evenhand page --single plan.html --locale fr",
        ],
    ),
    ("completions", &["evenhand completions bash"]),
    ("man", &["evenhand man check", "evenhand man --folder man1"]),
];

/// What the command is for, how it is used by example, and then everything that can be typed.
const TEMPLATE: &str = "\
{about-with-newline}
{before-help}{usage-heading} {usage}

{all-args}{after-help}";

/// All commands, each with its examples before what can be typed.
pub(crate) fn command() -> clap::Command {
    // There --set is for facts of the proposal.
    let other = |command: clap::Command| command.mut_arg("settings", |arg| arg.long("setting"));
    dressed(Args::command().mut_subcommand("what-if", other), "")
}

fn dressed(command: clap::Command, path: &str) -> clap::Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|below| below.get_name().to_owned())
        .collect();
    let mut command = command.help_template(TEMPLATE);
    let lifted = command.get_after_help().map(ToString::to_string);
    let lifted = lifted.filter(|help| help.starts_with("Examples:"));
    if let Some(examples) = of(path) {
        command = command.before_help(format!("Examples:\n  {}", examples.join("\n  ")));
    } else if let Some(examples) = lifted {
        // Examples that a command gives itself stand first as well.
        command = command.before_help(examples).after_help(None::<&str>);
    }
    for name in names {
        let below = format!("{path} {name}");
        command = command.mut_subcommand(name, |own| dressed(own, below.trim_start()));
    }
    command
}

/// The examples of a command.
fn of(path: &str) -> Option<&'static [&'static str]> {
    let found = EXAMPLES.iter().find(|(own, _)| *own == path);
    found.map(|(_, examples)| *examples)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        found.push(path.to_owned());
        for below in command.get_subcommands() {
            let path = format!("{path} {}", below.get_name());
            paths(below, path.trim_start(), found);
        }
    }

    #[test]
    fn every_command_has_examples_and_every_example_can_be_typed() {
        let mut all = Vec::new();
        paths(&Args::command(), "", &mut all);
        let whole = command();
        for path in &all {
            let mut found = &whole;
            for name in path.split_whitespace() {
                found = found.find_subcommand(name).unwrap();
            }
            let shown = found.get_before_help().map(ToString::to_string);
            let shown = shown.unwrap_or_default();
            assert!(shown.contains("\n  evenhand"), "no example of `{path}`");
        }
        for (path, examples) in EXAMPLES {
            assert!(all.contains(&(*path).to_owned()), "{path}");
            for example in *examples {
                assert!(
                    example.starts_with(&format!("evenhand {path}")),
                    "{example}"
                );
                let parsed = command().try_get_matches_from(example.split(' '));
                assert!(parsed.is_ok(), "{example}: {:?}", parsed.err());
            }
        }
    }

    #[test]
    fn every_command_stands_in_the_completions_of_every_shell() {
        use clap_complete::Shell;
        let mut all = Vec::new();
        paths(&Args::command(), "", &mut all);
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut bytes = Vec::new();
            clap_complete::generate(shell, &mut command(), "evenhand", &mut bytes);
            let text = String::from_utf8(bytes).unwrap();
            for path in all.iter().filter(|path| !path.is_empty()) {
                let (above, name) = path.rsplit_once(' ').unwrap_or(("", path));
                // How each shell writes a command that can be chosen.
                let written = match shell {
                    Shell::Bash => {
                        let above = above.split(' ').filter(|one| !one.is_empty());
                        let above: Vec<String> =
                            above.map(|one| format!("__subcmd__{one}")).collect();
                        format!("evenhand{},{name})", above.concat())
                    }
                    Shell::Zsh => format!("({name})"),
                    _ => format!("-a \"{name}\""),
                };
                let found = text.contains(&written);
                assert!(found, "{shell}: `{path}` ({written})");
            }
        }
    }

    #[test]
    fn examples_stand_before_the_usage() {
        for (path, examples) in EXAMPLES {
            let mut found = command();
            for name in path.split_whitespace() {
                found = found.find_subcommand(name).unwrap().clone();
            }
            for help in [found.render_help(), found.render_long_help()] {
                let help = help.to_string();
                let usage = help.find("Usage:").unwrap();
                let shown = help.find(examples[0]).unwrap();
                assert!(shown < usage, "{help}");
            }
        }
    }
}
