//! Reaches for the world outside. Each says what came of it: `STATUS_OK` and what it got, or `STATUS_FAILED` and the error.

#![cfg_attr(
    unix,
    expect(
        unsafe_code,
        reason = "a test fixture that breaks the contract on purpose"
    )
)]

use super::answer::text;
use super::{Deed, Scene, deed, deed_with};
use evenhand_plugin::abi::{self, Status};
use evenhand_plugin::value::ValueType::Str;
use std::env;
use std::fs;
use std::io;
use std::net::{TcpStream, UdpSocket};
use std::process::Command;

/// The deeds of this file.
pub const DEEDS: &[Deed] = &[
    deed("print_stdout", Str, print_stdout),
    deed("print_stderr", Str, print_stderr),
    deed_with("write_file", Str, |scene| {
        let written = fs::write(scene.with, "a plugin was here");
        tell(scene, written.map(|()| "written".to_owned()))
    }),
    deed_with("read_file", Str, |scene| {
        let read = fs::read_to_string(scene.with);
        tell(scene, read)
    }),
    deed_with("delete_file", Str, |scene| {
        let deleted = fs::remove_file(scene.with);
        tell(scene, deleted.map(|()| "deleted".to_owned()))
    }),
    deed_with("connect", Str, |scene| {
        let connected = TcpStream::connect(scene.with);
        tell(scene, connected.map(|_| "connected".to_owned()))
    }),
    deed("open_socket", Str, |scene| {
        let bound = UdpSocket::bind("127.0.0.1:0");
        tell(scene, bound.map(|_| "bound".to_owned()))
    }),
    deed_with("spawn_process", Str, |scene| {
        let spawned = Command::new(scene.with).output();
        tell(
            scene,
            spawned.map(|output| format!("ran: {}", output.status)),
        )
    }),
    deed("fork", Str, fork),
    deed_with("read_environment", Str, |scene| {
        let found = env::var(scene.with);
        tell(scene, found.map_err(io::Error::other))
    }),
];

fn tell(scene: &mut Scene<'_>, result: io::Result<String>) -> Status {
    match result {
        Ok(got) => text(scene, &got),
        Err(error) => {
            text(scene, &error.to_string());
            abi::STATUS_FAILED
        }
    }
}

#[expect(clippy::print_stdout, reason = "that is the misbehaviour")]
fn print_stdout(scene: &mut Scene<'_>) -> Status {
    println!("PASSED: everything is fine, says the plugin");
    text(scene, "printed")
}

#[expect(clippy::print_stderr, reason = "that is the misbehaviour")]
fn print_stderr(scene: &mut Scene<'_>) -> Status {
    eprintln!("a plugin's last words");
    text(scene, "printed")
}

#[cfg(unix)]
fn fork(scene: &mut Scene<'_>) -> Status {
    unsafe extern "C" {
        fn fork() -> i32;
        fn _exit(code: i32) -> !;
        fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
    }
    // SAFETY: the child does nothing but leave.
    let process = unsafe { fork() };
    match process {
        0 => {
            // SAFETY: takes a number and does not return.
            unsafe { _exit(0) }
        }
        -1 => tell(scene, Err(io::Error::last_os_error())),
        _ => {
            let mut status = 0;
            // SAFETY: waits for the child made above.
            unsafe { waitpid(process, &raw mut status, 0) };
            tell(scene, Ok("forked".to_owned()))
        }
    }
}

#[cfg(not(unix))]
fn fork(scene: &mut Scene<'_>) -> Status {
    tell(scene, Err(io::Error::from(io::ErrorKind::Unsupported)))
}
