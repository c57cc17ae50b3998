//! The pages beside the command line: the same bytes for the same proposal.

use crate::assembly::{evenhand, example_paths, root};
use evenhand_core::date::Date;
use evenhand_threads::Threads;
use evenhand_web::{App, Request};
use std::sync::Arc;

/// The day as of which is judged, since the beginning of 1970, and as it is typed.
const DAY: i32 = 22_000;
const DATE: &str = "2030-03-27";

#[test]
fn a_scorecard_from_the_page_is_the_one_of_the_command_line() {
    let app = App::standard(Date::from_days(DAY), Arc::new(Threads)).unwrap();
    for path in example_paths() {
        let name = path.rsplit('/').next().unwrap();
        let source = std::fs::read_to_string(root().join(&path)).unwrap();
        let format = name.rsplit('.').next().unwrap();
        for (target, language, written) in [
            ("plan.html", "en", "json"),
            ("plan.es.html", "es", "html"),
            ("plan.fr.html", "fr", "markdown"),
        ] {
            let action = format!("download:{written}");
            let response = app.handle(&Request::post(
                target,
                &[
                    ("v", "1"),
                    ("source", &source),
                    ("name", name),
                    ("format", format),
                    ("do", &action),
                ],
            ));
            assert_eq!(response.status, 200, "{name}");
            let output = evenhand()
                .current_dir(root().join("examples/proposals"))
                .args([
                    "check",
                    "--no-profile",
                    "--date",
                    DATE,
                    "--format",
                    written,
                    "--locale",
                    language,
                    name,
                ])
                .output()
                .unwrap();
            assert!(
                response.body == output.stdout,
                "{name}: the {written} of the page differs from the command line's"
            );
        }
    }
}

#[test]
fn a_scorecard_over_http_is_the_one_of_the_command_line() {
    let app = App::standard(Date::from_days(DAY), Arc::new(Threads)).unwrap();
    for (path, language) in example_paths()
        .iter()
        .zip(["en", "es", "fr"].iter().cycle())
    {
        // What is posted has no name of its own.
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(root().join(path), folder.path().join("proposal.yaml")).unwrap();
        let body = std::fs::read(folder.path().join("proposal.yaml")).unwrap();
        let request = Request {
            method: "POST".to_owned(),
            target: format!("api/v1/judge?language={language}"),
            headers: vec![("content-type".to_owned(), "application/yaml".to_owned())],
            body,
        };
        let response = app.api(&request).unwrap();
        let options = ["--no-profile", "--date", DATE, "--format", "json"];
        let output = evenhand()
            .current_dir(folder.path())
            .arg("check")
            .args(options)
            .args(["--locale", language, "proposal.yaml"])
            .output()
            .unwrap();
        assert!(response.body == output.stdout, "{path} in {language}");
    }
}

/// Requests to every example in every language, with every kind of button.
fn requests() -> Vec<Request> {
    let mut requests = vec![
        Request::get(""),
        Request::get("rulebook.html"),
        Request::get("style.css"),
    ];
    for path in example_paths() {
        let name = path.rsplit('/').next().unwrap();
        let source = std::fs::read_to_string(root().join(&path)).unwrap();
        let format = name.rsplit('.').next().unwrap();
        for (target, action) in [
            ("plan.html", "see"),
            ("plan.es.html", "go:ask"),
            ("plan.fr.html", "go:review"),
            ("plan.html", "add:/partners"),
            ("plan.html", "copy:/flows/0"),
            ("plan.html", "go:at:/flows/0"),
            ("plan.html", "go:text"),
            ("plan.html", "download:json"),
            ("plan.es.html", "download:html"),
            ("plan.fr.html", "download:markdown"),
            ("plan.html", "save"),
        ] {
            requests.push(Request::post(
                target,
                &[
                    ("v", "1"),
                    ("source", &source),
                    ("name", name),
                    ("format", format),
                    ("at", "at:/host"),
                    ("f:/host/need", "host_led"),
                    ("do", action),
                ],
            ));
        }
    }
    requests
}

#[test]
#[ignore = "needs the target wasm32-unknown-unknown and node; .ci/run brings them"]
fn the_module_answers_with_the_same_bytes() {
    let app = App::standard(Date::from_days(DAY), Arc::new(Threads)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (number, request) in requests().iter().enumerate() {
        let line = serde_json::json!({ "method": request.method, "target": request.target, "headers": request.headers });
        let mut bytes = format!("{line}\n").into_bytes();
        bytes.extend(&request.body);
        std::fs::write(folder.path().join(format!("{number}.request")), bytes).unwrap();
        let response = app.handle(request);
        assert_eq!(response.status, 200, "{}", request.target);
        std::fs::write(
            folder.path().join(format!("{number}.response")),
            response.to_bytes(),
        )
        .unwrap();
    }
    let built = root().join("target/web");
    let made = std::process::Command::new(root().join("tests/web/build.sh"))
        .arg(&built)
        .status()
        .unwrap();
    assert!(made.success());
    let output = std::process::Command::new("node")
        .arg(root().join("tests/web/same.mjs"))
        .arg(root().join("engine/web/src/assets/engine.js"))
        .arg(built.join("app.wasm.gz"))
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{}", String::from_utf8_lossy(&output.stdout));
}
