//! What a plugin could take over from the one that starts the host, or say in another's name.
#![cfg(target_os = "linux")]

use crate::build::options;
use crate::twins::twin;
use evenhand_contract::plugin::{Argument, FailureKind, Plugin as _};
use evenhand_plugin_host::{Limits, Loaded, Mode, PluginFile, RunBudget};
use serde_json::Value;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd, FromRawFd as _, OwnedFd};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn open(file: &PluginFile) -> Result<Loaded, String> {
    Loaded::open(file, Mode::Isolated, None, &Value::Null, &options())
        .map_err(|error| error.to_string())
}

fn at_load(plugin: &mut Loaded) -> i64 {
    match plugin.call(3, &[]) {
        Ok(Argument::Integer(got)) => got,
        other => panic!("{other:?}"),
    }
}

/// Runs a test of this file as a process of its own: signals and descriptors are a whole process's.
fn in_a_process(name: &str, started: impl FnOnce(&mut Command)) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", name, "--nocapture"])
        .stdin(Stdio::null());
    started(&mut command);
    let output = command.output().unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{text}");
    text
}

/// A counter of events, a file in memory that holds something, and a terminal.
#[expect(unsafe_code, reason = "there is no safe way to make these")]
fn others() -> [OwnedFd; 3] {
    // SAFETY: takes numbers only.
    let event = unsafe { libc::eventfd(7, 0) };
    // SAFETY: the name is a static C string.
    let memory = unsafe { libc::memfd_create(c"secret".as_ptr(), 0) };
    // SAFETY: takes numbers only.
    let terminal = unsafe { libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY) };
    [event, memory, terminal].map(|number| {
        assert!(number >= 0, "{}", std::io::Error::last_os_error());
        // SAFETY: a new descriptor that nothing else owns.
        unsafe { OwnedFd::from_raw_fd(number) }
    })
}

/// A shell leaves descriptors of every kind open, ignores signals, and starts the host.
#[test]
fn nothing_is_inherited() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("open");
    let read = folder.path().join("read");
    fs::write(&read, "secret").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut server, _) = listener.accept().unwrap();
    let directory = fs::File::open(folder.path()).unwrap().into();
    let [event, memory, terminal] = others();
    let script = format!(
        "trap '' HUP INT TERM USR1; exec 7>>{} 8<{} 9<>{}; exec \"$0\" \"$@\"",
        file.display(),
        read.display(),
        file.display(),
    );
    let text = in_a_process("hostile::child_looks_for_what_it_inherited", |command| {
        let program = command.get_program().to_owned();
        let args: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(&script).arg(program).args(args);
        #[expect(unsafe_code, reason = "leaves descriptors open for the child")]
        {
            use std::os::unix::process::CommandExt as _;
            let number = client.as_raw_fd();
            let kinds = [&event, &memory, &directory, &terminal].map(AsRawFd::as_raw_fd);
            let keep = move || {
                for (kept, kind) in (11..).zip(kinds) {
                    // SAFETY: takes numbers, and may be called between fork and exec.
                    if unsafe { libc::dup2(kind, kept) } < 0 {
                        return Err(std::io::Error::last_os_error());
                    }
                }
                // SAFETY: takes numbers, and may be called between fork and exec.
                let connection = unsafe { libc::dup2(number, 10) };
                // SAFETY: as above.
                let output = unsafe { libc::dup2(1, 200) };
                if connection < 0 || output < 0 {
                    return Err(std::io::Error::last_os_error());
                }
                Ok(())
            };
            // SAFETY: nothing but system calls is done.
            unsafe { shell.pre_exec(keep) };
        }
        *command = shell;
    });
    assert!(text.contains("found 0"), "{text}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "");
    server.set_nonblocking(true).unwrap();
    let mut got = Vec::new();
    server.read_to_end(&mut got).ok();
    assert!(got.is_empty(), "{got:?}");
}

#[test]
#[ignore = "run by another test as a process of its own"]
fn child_looks_for_what_it_inherited() {
    // The premise: this process, the host, did inherit them.
    for number in [7, 8, 9, 10, 11, 12, 13, 14, 200] {
        assert!(
            fs::metadata(format!("/proc/self/fd/{number}")).is_ok(),
            "{number}"
        );
    }
    let (_folder, file) = twin("load_inherits");
    println!("found {}", at_load(&mut open(&file).unwrap()));
}

#[test]
fn descriptors_beyond_a_limit_that_was_lowered_are_closed_too() {
    let text = in_a_process("hostile::child_lowers_its_limit", |_| {});
    assert!(text.contains("found 0"), "{text}");
}

#[test]
#[ignore = "run by another test as a process of its own"]
fn child_lowers_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let kept = fs::File::create(folder.path().join("kept")).unwrap();
    // SAFETY: duplicates a descriptor under a number that is free, to be inherited.
    #[expect(unsafe_code, reason = "leaves a file open for the worker")]
    let number = unsafe { libc::fcntl(kept.as_raw_fd(), libc::F_DUPFD, 300) };
    assert!(number >= 300);
    // SAFETY: lowers a limit of this process.
    #[expect(unsafe_code, reason = "lowers a limit")]
    let done = unsafe {
        let limit = libc::rlimit {
            rlim_cur: 64,
            rlim_max: 64,
        };
        libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit)
    };
    assert_eq!(done, 0);
    let (_folder, file) = twin("load_inherits");
    println!("found {}", at_load(&mut open(&file).unwrap()));
    drop(kept);
}

/// A greeting that the plugin wrote itself opens nothing: the sandbox is the same before and after.
#[test]
fn a_forged_greeting_gains_nothing() {
    let (_folder, file) = twin("load_greets");
    match open(&file) {
        // Taken for ready, it answers for itself: whatever it answers, it could open no file.
        Ok(mut plugin) => {
            assert_eq!(
                plugin
                    .status()
                    .sandbox
                    .map(evenhand_plugin_host::Sandbox::gaps),
                Some(None)
            );
            let answer = plugin.call(0, &[Argument::Integer(1)]);
            assert!(answer != Ok(Argument::Integer(41)), "{answer:?}");
        }
        Err(message) => assert!(message.contains("kind"), "{message}"),
    }
}

#[test]
fn a_file_cannot_be_opened_in_any_way() {
    let (_folder, file) = twin("load_opens");
    assert_eq!(at_load(&mut open(&file).unwrap()), 0);
}

#[test]
fn a_library_that_waits_while_it_is_loaded_is_stopped_within_five_seconds() {
    let (_folder, file) = twin("load_waits");
    let began = Instant::now();
    let message = open(&file).unwrap_err();
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
    assert!(
        message.contains("`twin`") && message.contains("waited for 1 s without computing"),
        "{message}"
    );
}

#[test]
fn exit_handlers_of_an_isolated_plugin_do_not_run_in_the_host() {
    let (_folder, file) = twin("exit_handler");
    let began = Instant::now();
    drop(open(&file).unwrap());
    assert!(began.elapsed() < Duration::from_secs(5));
}

/// Whatever it is asked, a plugin that waits is stopped soon, and the message says that it waited.
#[test]
fn waiting_in_any_phase_is_stopped() {
    let (_folder, found) = crate::twins::rust_library();
    let mut options = options();
    options.limits.wait = Duration::from_millis(300);
    for phase in ["create", "derive", "assess", "destroy"] {
        let settings = serde_json::json!({ "at": phase, "do": "slow", "with": "60000" });
        let began = Instant::now();
        let opened = Loaded::inspected(&found, Mode::Isolated, &settings, &options);
        let asked = opened
            .map_err(|error| error.to_string())
            .and_then(|mut plugin| {
                let derived = plugin.derive("{}").map_err(|error| error.to_string());
                derived.and(plugin.assess("{}").map_err(|error| error.to_string()))
            });
        let took = began.elapsed();
        assert!(took < Duration::from_secs(5), "{phase}: {took:?}");
        match (phase, asked) {
            // Nobody waits for it to end: its process is ended.
            ("destroy", asked) => drop(asked.unwrap()),
            (_, asked) => {
                let message = asked.unwrap_err();
                assert!(
                    message.contains("300 ms without computing"),
                    "{phase}: {message}"
                );
            }
        }
    }
}

/// A plugin that waits a little at every question is out when its budget is used up, whatever it answers.
#[test]
fn waiting_a_little_at_every_call_ends_with_the_budget() {
    let (_folder, found) = crate::twins::rust_library();
    let mut options = options();
    options.limits.waits = Duration::from_millis(300);
    let mut plugin = Loaded::inspected(&found, Mode::Isolated, &Value::Null, &options).unwrap();
    let slow = plugin
        .manifest()
        .functions
        .iter()
        .position(|function| function.name == "slow")
        .unwrap();
    let mut answered = 0;
    let error = loop {
        match plugin.call(slow, &[Argument::Text("60".to_owned())]) {
            Ok(_) => answered += 1,
            Err(error) => break error,
        }
        assert!(answered < 30);
    };
    assert_eq!(error.kind, FailureKind::Limit, "{error}");
    let message = error.to_string();
    assert!(
        message.contains("the 300 ms that a plugin may wait in one run"),
        "{message}"
    );
    // And stays out.
    let error = plugin
        .call(slow, &[Argument::Text("0".to_owned())])
        .unwrap_err();
    assert!(error.message.contains("out for this run"), "{error}");
}

#[test]
fn all_plugins_of_a_run_share_a_budget() {
    let (_folder, found) = crate::twins::rust_library();
    let mut options = options();
    options.limits.run = Duration::from_millis(400);
    options.budget = RunBudget::default();
    let slow = |options: &evenhand_plugin_host::HostOptions| {
        let mut plugin = Loaded::inspected(&found, Mode::Isolated, &Value::Null, options)
            .map_err(|error| error.to_string())?;
        let index = plugin
            .manifest()
            .functions
            .iter()
            .position(|function| function.name == "slow")
            .unwrap();
        plugin
            .call(index, &[Argument::Text("150".to_owned())])
            .map_err(|error| error.to_string())
    };
    let results: Vec<_> = (0..5).map(|_| slow(&options)).collect();
    assert!(results[0].is_ok(), "{results:?}");
    let last = results[4].as_ref().unwrap_err();
    assert!(
        last.contains("the 400 ms that all plugins may take in one run"),
        "{last}"
    );
}

#[test]
fn the_usual_limits_keep_a_waiting_run_under_twenty_seconds() {
    let limits = Limits::default();
    assert!(limits.start_wall < Duration::from_secs(5));
    assert!(limits.run + limits.start_wall < Duration::from_secs(20));
}

/// What a plugin in this process leaves behind for the end of it does not run either.
#[test]
fn exit_handlers_of_a_plugin_in_this_process_do_not_run() {
    let text = in_a_process("hostile::child_with_exit_handlers", |_| {});
    assert!(
        text.contains("leaving") && !text.contains("HANDLER RAN") && !text.contains("DESTRUCTOR"),
        "{text}"
    );
}

#[test]
#[ignore = "run by another test as a process of its own"]
fn child_with_exit_handlers() {
    let (_folder, file) = twin("exit_handler");
    let plugin = Loaded::open(&file, Mode::InProcess, None, &Value::Null, &options()).unwrap();
    println!("leaving");
    std::io::stdout().flush().unwrap();
    drop(plugin);
    evenhand_plugin_host::leave(0);
}
