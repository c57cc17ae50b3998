//! `--output` and standard output.

use crate::assembly::{evenhand, root};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn course(folder: &Path) -> PathBuf {
    let file = folder.join("course.toml");
    fs::copy(root().join("examples/proposals/home-course.toml"), &file).unwrap();
    file
}

fn check(folder: &Path) -> Command {
    let mut command = evenhand();
    command.current_dir(folder).args(["check", "course.toml"]);
    command
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_input_is_never_overwritten_by_whatever_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = course(folder.path());
    let before = fs::read(&file).unwrap();
    fs::write(folder.path().join("evenhand.toml"), "# nothing set\n").unwrap();
    symlink("course.toml", folder.path().join("link.toml")).unwrap();
    fs::hard_link(&file, folder.path().join("twin.toml")).unwrap();
    fs::create_dir(folder.path().join("below")).unwrap();
    for target in [
        "course.toml",
        "./course.toml",
        "below/../course.toml",
        "link.toml",
        "twin.toml",
        "evenhand.toml",
    ] {
        let output = check(folder.path()).args(["-o", target]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{target}");
        assert!(
            error(&output).contains("is not overwritten"),
            "{}",
            error(&output)
        );
        assert_eq!(fs::read(&file).unwrap(), before, "{target}");
    }
    let profile = fs::read_to_string(folder.path().join("evenhand.toml")).unwrap();
    assert_eq!(profile, "# nothing set\n");
}

#[test]
fn a_file_of_a_pack_is_an_input_too() {
    let folder = tempfile::tempdir().unwrap();
    course(folder.path());
    let pack = folder.path().join("ours");
    let source = root().join("tests/cli/pack.in/mine");
    for path in ["pack.toml", "ethics/own-form.md", "ethics/own-form.rhai"] {
        let target = pack.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(source.join(path), target).unwrap();
    }
    let before = fs::read(pack.join("pack.toml")).unwrap();
    let output = check(folder.path())
        .args(["--pack", "ours", "-o", "ours/pack.toml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read(pack.join("pack.toml")).unwrap(), before);
    let output = evenhand()
        .current_dir(folder.path())
        .args([
            "rules",
            "docs",
            "--pack",
            "ours",
            "-o",
            "ours/ethics/own-form.md",
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", error(&output));
}

#[test]
fn links_are_followed_and_modes_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    course(folder.path());
    let at = |name: &str| folder.path().join(name);
    fs::write(at("secret.json"), "old").unwrap();
    fs::set_permissions(at("secret.json"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("secret.json", at("latest")).unwrap();
    symlink("not-yet.json", at("next")).unwrap();
    for target in ["latest", "next"] {
        let args = ["--format", "json", "-o", target];
        let output = check(folder.path()).args(args).output().unwrap();
        assert!(output.stdout.is_empty());
        assert!(
            at(target).symlink_metadata().unwrap().is_symlink(),
            "{target}"
        );
        let text = fs::read_to_string(at(target)).unwrap();
        assert!(text.starts_with('{') && text.ends_with("}\n"), "{text}");
    }
    let mode = |name: &str| at(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("secret.json"), 0o600);
    // A new file is like any other that this user makes.
    fs::write(at("any"), "").unwrap();
    assert_eq!(mode("not-yet.json"), mode("any"));
    // Nothing else is left behind.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 6);
}

#[test]
fn a_pipe_and_a_device_are_written_to_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    course(folder.path());
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read_to_string(pipe).unwrap())
    };
    let output = check(folder.path())
        .args(["--format", "json", "-o", "pipe"])
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", error(&output));
    assert!(reader.join().unwrap().ends_with("}\n"));
    assert!(!pipe.metadata().unwrap().is_file());
    let output = check(folder.path())
        .args(["-o", "/dev/null"])
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", error(&output));
    assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
    for target in ["-", "/dev/stdout"] {
        let output = check(folder.path()).args(["-o", target]).output().unwrap();
        assert!(!output.stdout.is_empty(), "{target}");
    }
    assert!(!folder.path().join("-").exists());
    let output = check(folder.path()).args(["-o", "."]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error(&output).contains("it is a folder"),
        "{}",
        error(&output)
    );
}

#[test]
fn a_full_disk_is_said_and_a_closed_pipe_is_not() {
    let folder = tempfile::tempdir().unwrap();
    course(folder.path());
    let full = || {
        fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for args in [
        vec!["check", "course.toml"],
        vec!["rules", "list"],
        vec!["schema"],
        vec!["--help"],
        vec!["--version"],
    ] {
        let output = evenhand()
            .current_dir(folder.path())
            .args(&args)
            .stdout(full())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(
            error(&output).contains("no room is left"),
            "{}",
            error(&output)
        );
        let closed = evenhand()
            .current_dir(folder.path())
            .args(&args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map(|mut child| {
                drop(child.stdout.take());
                child.wait_with_output().unwrap()
            })
            .unwrap();
        assert!(error(&closed).is_empty(), "{args:?}: {}", error(&closed));
    }
    let output = check(folder.path())
        .args(["-o", "/dev/full"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}
