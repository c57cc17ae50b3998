//! What a plugin does wrong, and that its host is still there afterwards and says so.

use crate::build::{Built, misbehaving, options};
use evenhand_contract::plugin::{Argument, FailureKind, Plugin as _, PluginError};
use evenhand_plugin_host::{HostOptions, Loaded, Mode};
use serde_json::Value;
use std::time::{Duration, Instant};

fn open_with(built: &Built, options: &HostOptions) -> Loaded {
    Loaded::open(&built.file, Mode::Isolated, None, &Value::Null, options).unwrap()
}

fn open(built: &Built) -> Loaded {
    open_with(built, &options())
}

fn told(plugin: &mut Loaded, how: &str) -> Result<Argument, PluginError> {
    plugin.call(0, &[Argument::Text(how.to_owned())])
}

/// The failure of a call and of a document, whose message names the plugin and the cause.
fn check(how: &str, kind: FailureKind, deaths: u32, expected: &[&str]) {
    let built = misbehaving(&[]);
    let mut plugin = open(&built);
    let error = told(&mut plugin, how).unwrap_err();
    let message = error.to_string();
    assert_eq!(error.kind, kind, "{how}: {message}");
    assert!(message.contains("`misbehaving`"), "{how}: {message}");
    for part in expected {
        assert!(
            message.contains(part),
            "{how}: `{part}` is not in:\n{message}"
        );
    }
    assert_eq!(plugin.status().deaths, deaths, "{how}");
    // Once more is allowed, and the plugin answers again.
    assert_eq!(
        plugin.derive(r#"{"how":"well"}"#).unwrap(),
        r#"{"facts":{}}"#,
        "{how}"
    );
}

#[test]
fn crashes_are_survived() {
    check("segfault", FailureKind::Died, 1, &["SIGSEGV"]);
    check("abort", FailureKind::Died, 1, &["SIGABRT"]);
    check("stack", FailureKind::Died, 1, &["ended by signal"]);
    check("heap", FailureKind::Died, 1, &["ended by signal"]);
    check("dangling", FailureKind::Died, 1, &["SIGSEGV"]);
    check("exit", FailureKind::Died, 1, &["exit status 0"]);
}

#[test]
fn an_endless_loop_is_stopped() {
    let began = Instant::now();
    check(
        "loop",
        FailureKind::Limit,
        1,
        &["no answer within 500 ms", "was stopped"],
    );
    assert!(began.elapsed() >= Duration::from_millis(400));
}

#[test]
fn waiting_for_ever_is_stopped() {
    let built = misbehaving(&[]);
    let mut options = options();
    options.limits.call = Duration::from_millis(40);
    let mut plugin = open_with(&built, &options);
    let error = told(&mut plugin, "sleep").unwrap_err();
    // Whether `pause` is refused or waits, it does not wait for ever.
    assert_eq!(error.kind, FailureKind::Limit, "{error}");
}

#[test]
fn memory_ends_where_the_limit_is() {
    let built = misbehaving(&[]);
    let mut options = options();
    options.limits.memory = 128 << 20;
    let mut plugin = open_with(&built, &options);
    let Argument::Number(mebibytes) = told(&mut plugin, "hog").unwrap() else {
        panic!()
    };
    assert!((16.0..128.0).contains(&mebibytes), "{mebibytes}");
}

#[test]
fn answers_end_where_the_limit_is() {
    check("huge", FailureKind::Limit, 0, &["longer than allowed"]);
    check("stubborn", FailureKind::Limit, 0, &["longer than allowed"]);
    let nowhere = "an address where nothing can be";
    check("null", FailureKind::BadAnswer, 0, &[nowhere]);
}

#[test]
fn wrong_answers_are_refused() {
    check("tag", FailureKind::BadAnswer, 0, &["`misbehave`", "tag 99"]);
    check("status", FailureKind::BadAnswer, 0, &["status 42"]);
    check(
        "nan",
        FailureKind::BadAnswer,
        0,
        &["NaN", "not a finite number"],
    );
    #[cfg(target_arch = "x86_64")]
    check("float", FailureKind::BadAnswer, 0, &["floating-point mode"]);
    let built = misbehaving(&[]);
    let mut plugin = open(&built);
    let derive = |plugin: &mut Loaded, how: &str| {
        plugin
            .derive(&format!(r#"{{"how":"{how}"}}"#))
            .unwrap_err()
            .to_string()
    };
    assert!(derive(&mut plugin, "utf8").contains("not UTF-8 from byte 10"));
    assert!(derive(&mut plugin, "text").contains("JSON object"));
    assert_eq!(plugin.status().deaths, 0);
}

#[test]
fn words_for_a_terminal_are_made_harmless() {
    let built = misbehaving(&[]);
    let error = told(&mut open(&built), "escape").unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (FailureKind::Failed, "\u{fffd}[2Jgone")
    );
}

#[test]
fn a_reported_panic_is_the_end_of_the_instance() {
    let built = misbehaving(&[]);
    for mode in [Mode::Isolated, Mode::InProcess] {
        let mut plugin = Loaded::open(&built.file, mode, None, &Value::Null, &options()).unwrap();
        let error = told(&mut plugin, "panic").unwrap_err();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (FailureKind::Panicked, "as the SDK reports it")
        );
        assert_eq!(plugin.derive("{}").unwrap_err().kind, FailureKind::Panicked);
        assert_eq!(
            told(&mut plugin, "nan").unwrap_err().kind,
            FailureKind::Panicked
        );
    }
}

#[test]
fn what_it_prints_goes_nowhere() {
    let built = misbehaving(&[]);
    let mut plugin = open(&built);
    assert_eq!(told(&mut plugin, "print"), Ok(Argument::Number(1.0)));
    let error = told(&mut plugin, "abort").unwrap_err();
    assert!(error.message.contains("  | last words"), "{error}");
    assert!(!error.message.contains("to standard output"), "{error}");
}

#[test]
fn the_end_of_its_last_words_is_kept() {
    let built = misbehaving(&[]);
    let error = told(&mut open(&built), "last-words").unwrap_err();
    assert!(error.message.contains("  | line 999 of many"), "{error}");
    assert!(!error.message.contains("line 1 of many"), "{error}");
    assert!(error.message.len() < 16_000);
}

#[test]
fn forged_and_broken_messages_are_found_out() {
    check("forge", FailureKind::BadAnswer, 1, &["nobody asked for"]);
    check(
        "long-frame",
        FailureKind::BadAnswer,
        1,
        &["4294967295 bytes"],
    );
    check(
        "lying-frame",
        FailureKind::BadAnswer,
        1,
        &["ends in the middle"],
    );
    check("odd-frame", FailureKind::BadAnswer, 1, &["kind 65"]);
    check("short-frame", FailureKind::Died, 1, &["exit status 0"]);
    check("close", FailureKind::Died, 1, &["its worker"]);
}

#[test]
fn an_answer_is_never_taken_for_that_of_the_next_call() {
    let built = misbehaving(&[]);
    let mut plugin = open(&built);
    // A plugin may well answer for itself; what its worker sends after that is found out, at once or at the next call.
    let first = told(&mut plugin, "forge-well");
    let error = first
        .and_then(|_| told(&mut plugin, "environment"))
        .unwrap_err();
    assert!(error.message.contains("nobody asked for"), "{error}");
    assert_eq!(told(&mut plugin, "environment"), Ok(Argument::Number(-2.0)));
}

#[test]
fn it_is_started_once_more_and_then_out() {
    let built = misbehaving(&[]);
    let mut plugin = open(&built);
    assert!(
        told(&mut plugin, "abort")
            .unwrap_err()
            .message
            .contains("SIGABRT")
    );
    assert!(
        told(&mut plugin, "segfault")
            .unwrap_err()
            .message
            .contains("SIGSEGV")
    );
    for _ in 0..3 {
        let error = plugin.derive(r#"{"how":"well"}"#).unwrap_err();
        assert_eq!(error.kind, FailureKind::Died);
        assert!(
            error.message.contains("out for this run after 2 failures"),
            "{error}"
        );
        assert!(error.message.contains("SIGSEGV"), "the last cause: {error}");
    }
    assert_eq!((plugin.status().deaths, plugin.status().worker), (2, None));
}

#[test]
fn one_poisonous_document_of_a_batch_fails_alone() {
    let built = misbehaving(&[]);
    let mut plugin = open(&built);
    let (well, bad) = (r#"{"how":"well"}"#, r#"{"how":"segfault"}"#);
    let answers = plugin.derive_many(&[well, well, bad, well, well]);
    let worked: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(worked, [true, true, false, true, true]);
    let answers = plugin.derive_many(&[well, bad, well]);
    assert!(answers[0].is_ok());
    assert!(answers[1].as_ref().unwrap_err().message.contains("SIGSEGV"));
    assert!(
        answers[2]
            .as_ref()
            .unwrap_err()
            .message
            .contains("out for this run")
    );
}

#[test]
fn a_batch_of_calls_never_counts_an_answer_twice() {
    let built = misbehaving(&[]);
    let mut plugin = open(&built);
    let args = ["environment", "abort", "environment"].map(|how| [Argument::Text(how.to_owned())]);
    let calls: Vec<(usize, &[Argument])> = args.iter().map(|args| (0, &args[..])).collect();
    let answers = plugin.call_many(&calls);
    assert_eq!(answers.len(), 3);
    assert!(answers[1].is_err() && answers[2].is_err());
}

#[test]
#[cfg(target_os = "linux")]
fn the_system_refuses_what_a_plugin_has_no_business_with() {
    let refused = [
        "read-file",
        "write-file",
        "unlink",
        "socket",
        "fork",
        "exec",
        "kill-host",
        "ptrace",
        "outlive",
        "more-memory",
        "thread",
        "new-code",
    ];
    let built = misbehaving(&[]);
    let mut plugin = open(&built);
    for how in refused {
        let not_permitted = Argument::Number(f64::from(-libc_eperm()));
        let denied = Argument::Number(-13.0);
        let answer = told(&mut plugin, how).unwrap();
        assert!(
            answer == not_permitted || answer == denied,
            "{how}: {answer:?}"
        );
    }
    assert_eq!(told(&mut plugin, "environment"), Ok(Argument::Number(-2.0)));
    assert_eq!(plugin.status().deaths, 0);
}

fn libc_eperm() -> i32 {
    1
}

#[test]
#[cfg(target_os = "linux")]
fn code_that_runs_at_load_is_inside_the_sandbox() {
    let built = misbehaving(&["-DAT_LOAD=try_everything()"]);
    let mut plugin = open(&built);
    let sandbox = plugin.status().sandbox.unwrap();
    let message = told(&mut plugin, "abort").unwrap_err().message;
    assert!(message.contains("constructor was here"), "{message}");
    for what in ["read-file", "write-file", "socket", "fork", "environment"] {
        assert!(
            !message.contains(&format!("allowed at load: {what}")),
            "{message}"
        );
    }
    assert_eq!((sandbox.calls, sandbox.gaps()), (true, None));
}

#[test]
fn a_library_that_fails_while_it_is_loaded_is_an_error() {
    let load = |flag: &str| {
        let built = misbehaving(&[flag]);
        let mut options = options();
        options.limits.start = Duration::from_millis(300);
        let failed = Loaded::open(&built.file, Mode::Isolated, None, &Value::Null, &options);
        failed.unwrap_err().to_string()
    };
    let message = load("-DAT_LOAD=try_everything(), abort()");
    assert!(
        message.contains("`misbehaving`") && message.contains("SIGABRT"),
        "{message}"
    );
    assert!(message.contains("  | constructor was here"), "{message}");
    let message = load("-DAT_LOAD=for(;;)");
    assert!(message.contains("not ready after 0.3 s"), "{message}");
    let message = load("-DLOOP_IN_CREATE");
    assert!(message.contains("not ready after 0.3 s"), "{message}");
    let message = load("-DAT_LOAD=exit(0)");
    assert!(message.contains("exit status 0"), "{message}");
}

#[test]
fn a_worker_does_not_outlive_its_plugin() {
    let built = misbehaving(&[]);
    let plugin = open(&built);
    let worker = format!("/proc/{}", plugin.status().worker.unwrap());
    assert!(std::path::Path::new(&worker).exists());
    drop(plugin);
    assert!(!std::path::Path::new(&worker).exists());
}

#[test]
fn a_worker_of_another_host_does_not_start() {
    let program = options().worker;
    let run = |args: &[&str]| {
        std::process::Command::new(&program)
            .args(args)
            .output()
            .unwrap()
    };
    assert_eq!(run(&[]).status.code(), Some(2));
    assert_eq!(run(&["__plugin-worker"]).status.code(), Some(2));
    let output = run(&["__plugin-worker", "1"]);
    assert!(
        !output.status.success()
            && String::from_utf8_lossy(&output.stderr).contains("the host is gone")
    );
}

#[test]
fn many_hosts_at_once_do_not_disturb_each_other() {
    let built = misbehaving(&[]);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let built = &built;
            scope.spawn(move || {
                let mut plugin = open(built);
                for round in 0..50 {
                    if thread == 0 && round == 25 {
                        assert!(told(&mut plugin, "abort").is_err());
                    }
                    assert_eq!(told(&mut plugin, "environment"), Ok(Argument::Number(-2.0)));
                }
            });
        }
    });
}
