//! The table of `plugins/README.md` on what a misbehaving plugin can do: every line is tried, isolated and in-process.

use super::board::{Board, PROPOSAL, Ran, misbehaving, twin};
use crate::assembly::root;
use evenhand_plugin_misbehaving::deeds;
use evenhand_plugin_misbehaving::fixtures::TWINS;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// Deed, what the table says of it isolated and in-process.
fn table() -> Vec<(String, String, String)> {
    let page = fs::read_to_string(root().join("plugins/README.md")).unwrap();
    let (_, section) = page
        .split_once("## What one that misbehaves can do")
        .unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let mut lines = Vec::new();
    for line in section
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
    {
        let mut cells = line.split('|').map(str::trim).skip(2);
        let mut cell = || cells.next().unwrap();
        let (deeds, isolated, in_process) = (cell(), cell(), cell());
        for deed in deeds.split(", ") {
            lines.push((
                deed.trim_matches('`').to_owned(),
                isolated.to_owned(),
                in_process.to_owned(),
            ));
        }
    }
    lines
}

/// A call of a deed, or of a function of a twin, and the folder where it happens.
struct Attempt {
    board: Board,
    library: String,
    is_twin: bool,
    call: Vec<String>,
}

impl Attempt {
    fn new(deed: &str) -> Self {
        let board = Board::with("");
        let is_twin = TWINS.iter().any(|twin| twin.name == deed);
        let library = if is_twin {
            twin(&board, deed)
        } else {
            misbehaving(&board)
        };
        let function = if !is_twin {
            deed
        } else if deed.starts_with("load_") {
            "at_load"
        } else {
            "twice"
        };
        let mut call = vec![if is_twin { "twin" } else { "misbehaving" }.to_owned()];
        call.push(function.to_owned());
        match deed {
            "panic" => call.push("on purpose".to_owned()),
            "write_file" => call.push(board.path("written").to_string_lossy().into_owned()),
            "read_file" | "delete_file" => {
                call.push(board.path(PROPOSAL).to_string_lossy().into_owned());
            }
            "spawn_process" => call.push("/bin/true".to_owned()),
            "read_environment" => call.push("PATH".to_owned()),
            _ if function == "twice" => call.push("3".to_owned()),
            _ => {}
        }
        Self {
            board,
            library,
            is_twin,
            call,
        }
    }

    fn isolated(&self) -> Ran {
        let mut args = vec!["plugin", "call", "--no-profile", "--plugin", &self.library];
        args.extend(self.call.iter().map(String::as_str));
        self.board.run(&args)
    }

    /// Pins it as one that runs in-process; what is wrong with its files is said then.
    fn pin(&self) -> Option<Ran> {
        let id = self.call.first().unwrap();
        let profile = format!(
            "[plugins.{id}]\npath = \"{}\"\nisolation = \"none\"\n",
            self.library
        );
        self.board.write("evenhand.toml", &profile);
        let locked = self.board.run(&["plugin", "lock", "--yes"]);
        if locked.code != Some(0) {
            return Some(locked);
        }
        let lock = self.board.read("evenhand.lock");
        let inside = lock.replace("mode = \"isolated\"", "mode = \"in-process\"");
        self.board.write("evenhand.lock", &inside);
        None
    }

    fn in_process(&self) -> Ran {
        let mut args = vec!["plugin", "call"];
        args.extend(self.call.iter().map(String::as_str));
        self.pin().unwrap_or_else(|| self.board.run(&args))
    }

    fn in_process_without_end(&self) -> Child {
        assert!(self.pin().is_none());
        let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
        command
            .args(["plugin", "call"])
            .args(&self.call)
            .current_dir(self.board.path("."));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().unwrap()
    }
}

/// Names the plugin or its file, and the cause.
#[track_caller]
fn reported(deed: &str, ran: &Ran, words: &str, is_twin: bool) {
    let code = ran.code.unwrap_or_else(|| panic!("{deed}: {}", ran.err));
    assert!(code == 2 || code == 3, "{deed}: {code} {}", ran.err);
    let said = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = if is_twin {
        said.contains("`twin`") || said.contains("libtwin.so")
    } else {
        said.contains("plugin `misbehaving`")
    };
    assert!(named, "{deed}: {said}");
    let cause = words.split(", ").any(|word| said.contains(word));
    assert!(cause, "{deed}: `{words}` is not in {said}");
}

fn check(deed: &str, isolated: &str, in_process: &str) {
    let attempt = Attempt::new(deed);
    let ran = attempt.isolated();
    if let Some(words) = isolated.strip_prefix("reported: ") {
        reported(deed, &ran, words, attempt.is_twin);
    } else {
        assert!(ran.code.is_some(), "{deed}: {ran:?}");
        match isolated {
            "is not run" => assert!(!ran.expect(0).err.contains("RAN"), "{deed}"),
            "is not shown" => assert_eq!(ran.expect(0).out, "printed\n"),
            "is refused it" if attempt.is_twin => {
                let got: i64 = ran.expect(0).out.trim().parse().unwrap();
                assert!(got <= 0, "{deed}: {got}");
            }
            "is refused it" => reported(deed, &ran, "failed: ", false),
            "harms its worker alone" | "gets what the limit allows" => {}
            other => panic!("{deed}: what does `{other}` mean?"),
        }
    }
    assert!(
        !attempt.board.path("written").exists() && !attempt.board.path("made-by-plugin").exists()
    );
    assert!(attempt.board.path(PROPOSAL).exists());

    if let Some(words) = in_process.strip_prefix("reported: ") {
        return reported(deed, &attempt.in_process(), words, attempt.is_twin);
    }
    match in_process {
        "anything" => {}
        "ends the host" => assert_eq!(attempt.in_process().code, None, "{deed}"),
        "ends the host, as if all were well" => {
            assert_eq!(attempt.in_process().expect(0).out, "", "{deed}");
        }
        "hangs the host" => {
            let mut child = attempt.in_process_without_end();
            thread::sleep(Duration::from_millis(1500));
            assert!(child.try_wait().unwrap().is_none(), "{deed}");
            child.kill().unwrap();
            child.wait().unwrap();
        }
        "mixes into what the host prints" => {
            let out = attempt.in_process().expect(0).out;
            assert!(out.contains("everything is fine, says the plugin"), "{out}");
        }
        // Its code for the end of the process would hang it.
        "is not run" => assert!(
            !attempt.in_process().expect(0).err.contains("RAN"),
            "{deed}"
        ),
        "is not hindered" => {
            let out = attempt.in_process().expect(0).out;
            let got: i64 = out.trim().parse().unwrap_or(1);
            assert!(got > 0, "{deed}: {out}");
        }
        other => panic!("{deed}: what does `{other}` mean?"),
    }
}

#[test]
fn every_line_of_the_table_is_true() {
    let lines = table();
    assert!(lines.len() > 40);
    thread::scope(|scope| {
        for part in 0..4 {
            let lines = &lines;
            scope.spawn(move || {
                for (deed, isolated, in_process) in lines.iter().skip(part).step_by(4) {
                    check(deed, isolated, in_process);
                }
            });
        }
    });
}

/// Nothing that can crash, hang or reach out is left out of the table.
#[test]
fn the_table_leaves_nothing_out() {
    let lines = table();
    let tried = |name: &str| lines.iter().any(|(deed, _, _)| deed == name);
    let crashes = deeds::crash::DEEDS.iter().chain(deeds::outside::DEEDS);
    // These need a moment or an argument of their own; `engine/plugin_host` has tests of them.
    let elsewhere = [
        "slow",
        "late_crash",
        "null_instance",
        "connect",
        "print_stderr",
    ];
    for deed in crashes.filter(|deed| !elsewhere.contains(&deed.name)) {
        assert!(tried(deed.name), "{deed:?}");
    }
    // The suite looks for these; they harm nobody.
    let harmless = [
        "well",
        "plain_entry",
        "later_minor",
        "visible_helper",
        "nan_answer",
        "type_lie",
        "counter",
        "address",
        "leak",
        "unchecked_args",
        "shared_state",
        "time_zone",
        "half_refusal",
        "slow_answer",
        "loose_answer",
    ];
    for twin in TWINS.iter().filter(|twin| !harmless.contains(&twin.name)) {
        assert!(tried(twin.name), "{}", twin.name);
    }
}
