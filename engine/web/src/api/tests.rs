use crate::{App, Request, Response};
use evenhand_core::executor::Sequential;
use serde_json::Value;
use std::sync::{Arc, LazyLock};

static APP: LazyLock<App> = LazyLock::new(|| App::standard(None, Arc::new(Sequential)).unwrap());

const IDEA: &str = "program: { id: idea, title: An idea }\n";

fn ask(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: headers.iter().map(header).collect(),
        body: body.as_bytes().to_vec(),
    };
    APP.api(&request).unwrap()
}

fn value(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_slice(&response.body).unwrap()
}

fn get(target: &str) -> Value {
    let response = ask("GET", target, &[], "");
    assert_eq!(response.status, 200, "{target}");
    value(&response)
}

fn judge(target: &str, body: &str) -> Response {
    ask(
        "POST",
        target,
        &[("content-type", "application/yaml")],
        body,
    )
}

#[test]
fn a_proposal_is_judged_asked_about_and_planned() {
    let card = judge("api/v1/judge", IDEA);
    assert_eq!(card.status, 200);
    assert_eq!(value(&card)["verdict"]["word"], "incomplete");
    let questions = value(&judge("api/v1/questions?language=fr", IDEA));
    let first = questions["questions"][0]["question"].as_str().unwrap();
    assert!(first.starts_with("Qui va où"), "{first}");
    assert!(value(&judge("api/v1/improve", IDEA))["steps"].is_array());
    // In another format it is the same proposal.
    let json = r#"{ "program": { "id": "idea", "title": "An idea" } }"#;
    let again = ask(
        "POST",
        "api/v1/judge",
        &[("content-type", "application/json; charset=utf-8")],
        json,
    );
    assert_eq!(
        value(&again)["proposal"]["sha256"],
        value(&card)["proposal"]["sha256"]
    );
}

#[test]
fn a_proposal_that_cannot_be_judged_comes_back_with_everything_wrong() {
    for (body, said) in [
        ("program: { id: A B, titel: x }\n", "`program.id` is `A B`"),
        ("program: {\n", "not closed"),
        ("", "the document is empty"),
        ("flows: [{ from: a, to: b }]\n", "no `partners"),
    ] {
        let response = judge("api/v1/judge", body);
        assert_eq!(response.status, 422, "{body}");
        let refused = value(&response);
        assert!(refused["verdict"].is_null());
        assert!(
            refused["diagnostics"].to_string().contains(said),
            "{refused}"
        );
    }
    let refused = value(&judge("api/v1/judge", "program: { id: A B, titel: x }\n"));
    assert_eq!(refused["diagnostics"].as_array().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_asked_is_refused_with_a_reason() {
    let json = [("content-type", "application/json")];
    let foreign = [
        ("content-type", "application/json"),
        ("origin", "http://evil.example"),
        ("host", "localhost:1"),
    ];
    for (method, target, headers, status, said) in [
        (
            "GET",
            "api/v1/judges",
            &json[..],
            404,
            "did you mean `judge`?",
        ),
        ("GET", "api/v1/judge", &json, 405, "does not take GET"),
        ("PATCH", "api/v1/rules", &json, 405, "does not take PATCH"),
        (
            "POST",
            "api/v1/judge?language=xx",
            &json,
            400,
            "there are en",
        ),
        (
            "GET",
            "api/v1/rules?order=id",
            &json,
            400,
            "`order` cannot be asked for",
        ),
        ("POST", "api/v1/judge", &[], 415, "application/yaml"),
        ("POST", "api/v1/judge", &foreign, 403, "somebody else"),
        (
            "GET",
            "api/v1/rules/ethics/host-nede",
            &json,
            404,
            "`ethics/host-need`",
        ),
        (
            "GET",
            "api/v1/schema/proposals",
            &json,
            404,
            "proposal, profile",
        ),
    ] {
        let response = ask(method, target, headers, "{}");
        assert_eq!(response.status, status, "{method} {target}");
        let why = value(&response)["error"].as_str().unwrap().to_owned();
        assert!(why.contains(said), "{target}: {why}");
    }
    let response = ask("PUT", "api/v1/judge", &json, "{}");
    assert_eq!(response.header("allow"), Some("POST"));
    let long = "#".repeat(crate::app::LIMIT + 1);
    assert_eq!(judge("api/v1/judge", &long).status, 413);
}

#[test]
fn rules_schemas_and_formats_are_told() {
    let rules = get("api/v1/rules");
    assert_eq!(
        rules["rules"].as_array().unwrap().len(),
        APP.session().rulebook().rules().len()
    );
    let need = get("api/v1/rules/ethics/host-need");
    for key in ["title", "severity", "limits", "help"] {
        assert!(
            need[key].as_str().is_some_and(|text| !text.is_empty()),
            "{key}"
        );
    }
    assert!(need["sources"][0]["title"].is_string(), "{need}");
    for kind in super::SCHEMAS {
        let schema = get(&format!("api/v1/schema/{kind}"));
        assert!(schema["$schema"].is_string(), "{kind}");
    }
    let formats = get("api/v1/formats");
    assert!(formats["formats"].to_string().contains("sarif"));
}

#[test]
fn the_description_has_every_operation_and_no_broken_reference() {
    let described = get("api/v1/openapi.json");
    for operation in &super::OPERATIONS {
        let at = &described["paths"][format!("/api/v1/{}", operation.path)];
        let own = &at[operation.method.to_ascii_lowercase()];
        assert_eq!(own["operationId"], operation.id);
    }
    let text = described.to_string();
    let mut count = 0;
    for part in text.split("\"$ref\":\"#").skip(1) {
        let (target, _) = part.split_once('"').unwrap();
        assert!(described.pointer(target).is_some(), "{target}");
        count += 1;
    }
    assert!(count > 20, "{count} references");
}

#[test]
fn other_addresses_are_not_of_this_interface() {
    for target in ["", "plan.html", "api", "api/v2/judge", "apiv1/judge"] {
        assert_eq!(APP.api(&Request::get(target)), None, "{target}");
    }
}
