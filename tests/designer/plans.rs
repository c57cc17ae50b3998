//! Plans: what has to change for a program to proceed, each step judged, and a copy of the proposal with it.

use crate::assembly::{book, evenhand, examples, root};
use evenhand_analysis::plan::{Enough, FIRST, MOST, Plan, StepKind, changes, first_steps, plan};
use evenhand_core::document::edit::Change;
use evenhand_core::document::{Document, Format};
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::Effort;
use evenhand_core::verdict::Word;
use std::process::Output;

fn document(path: &str) -> Document {
    let bytes = std::fs::read(root().join(path)).unwrap();
    Document::parse(path, &bytes, Format::Yaml).unwrap()
}

/// The plan of a proposal; written into its text it gives the end that the plan shows.
#[track_caller]
fn planned(document: &Document) -> Plan {
    let card = book().judge(document);
    let plan = plan(book(), document, &card, MOST);
    assert!(plan.judgements <= MOST + plan.steps.len());
    let edits: Vec<Change> = changes(&plan, document.value())
        .into_iter()
        .map(|(path, to)| Change::Set(path, to))
        .collect();
    let written = document.edited(&edits).unwrap();
    assert_eq!(book().check_document(&written), []);
    let after = book().judge(&written);
    assert_eq!(
        after.verdict.word,
        plan.after.verdict,
        "{}",
        document.name()
    );
    assert_eq!(after.dimensions, plan.after.dimensions);
    // Nothing that the plan sets is odd.
    for check in after.checks.iter().filter(|check| check.is_open()) {
        let set = plan.steps.iter().flat_map(|step| &step.changes);
        let doubted = set.filter(|one| check.doubts.contains(&one.path));
        assert_eq!(doubted.count(), 0, "{}: {}", document.name(), check.code);
    }
    if plan.reached {
        enough(&plan, &written);
    }
    // Every comment is still there.
    for line in document.source().text().lines() {
        if let Some((_, comment)) = line.split_once('#') {
            assert!(written.source().text().contains(comment), "{comment}");
        }
    }
    plan
}

/// What a plan says would do as well does: the ends and the middle of it were judged in the whole plan, and choices that it does not
/// name do not. What two facts could be together is not said.
fn enough(plan: &Plan, end: &Document) {
    for step in &plan.steps {
        let first = step.changes.first().map(|one| &one.to);
        let same = step.changes.iter().all(|one| Some(&one.to) == first);
        let together = step.kind == StepKind::Answer && same;
        for one in &step.changes {
            let Some(enough) = &one.enough else { continue };
            let paths: Vec<&Pointer> = step.changes.iter().map(|one| &one.path).collect();
            let paths = if together { paths } else { vec![&one.path] };
            let reaches = |value: &serde_json::Value| {
                let mut changed = end.value().clone();
                for path in &paths {
                    evenhand_analysis::change::set(&mut changed, path, value.clone());
                }
                let changed = Document::from_value("p", changed);
                book().check_document(&changed).is_empty()
                    && book().judge(&changed).verdict.word == Word::Proceed
            };
            let said = format!("{}, {}: {enough:?}", end.name(), one.path.dotted());
            match enough {
                Enough::Any => {}
                Enough::AtLeast(value) | Enough::AtMost(value) => assert!(reaches(value), "{said}"),
                Enough::Between(least, most) => {
                    assert!(reaches(least) && reaches(most), "{said}");
                }
                Enough::OneOf(all) => {
                    let id = book().schema().find(&one.path.dotted()).unwrap();
                    assert!(all.len() > 1 && all.contains(&one.to), "{said}");
                    for choice in &book().schema().field(id).choices {
                        let value = serde_json::json!(choice);
                        assert_eq!(reaches(&value), all.contains(&value), "{choice}, {said}");
                    }
                }
            }
        }
    }
}

#[test]
fn programs_that_stop_or_fall_short_get_a_plan_that_holds() {
    println!(
        "{:<40} {:>10} {:>6} {:>11}",
        "program", "verdict", "steps", "judgements"
    );
    let wanted = ["c03-ripple", "c05-haiti-camp", "c11-ampath", "c13-offshore"];
    let mut programs: Vec<Document> = examples()
        .into_iter()
        .filter(|(name, _)| wanted.contains(&name.as_str()))
        .map(|(_, document)| document)
        .collect();
    assert_eq!(programs.len(), wanted.len());
    let mut others = 0;
    programs.push(document("tests/designer/pages/surgical-team-cebu.yaml"));
    for program in programs {
        let plan = planned(&program);
        println!(
            "{:<40} {:>10} {:>6} {:>11}",
            program.name(),
            plan.before.verdict.to_string(),
            plan.steps.len(),
            plan.judgements
        );
        assert_ne!(plan.before.verdict, Word::Proceed);
        assert!(plan.reached, "{}: {:?}", program.name(), plan.in_the_way);
        assert!(!plan.steps.is_empty() && plan.steps.len() <= 30);
        let set = plan.steps.iter().flat_map(|step| &step.changes);
        others += set.filter(|one| one.enough.is_some()).count();
    }
    assert!(others > 10, "{others} facts could be something else");
}

/// From the countries alone nothing forbids a train or a coach, and no plan is made of one to Malawi.
#[test]
fn a_plan_asks_for_nothing_odd() {
    let idea = "program: { id: blantyre, formats: [outbound_elective] }\npartners:\n  - { id: leiden, country: NL, role: lead }\n  \
                - { id: blantyre, country: MW, role: host_site }\nflows:\n  - { from: leiden, to: blantyre, who: student, n_per_year: 8, \
                mode: in_person, weeks: 6, activity: supervised_care }\n";
    let idea = Document::parse("idea.yaml", idea.as_bytes(), Format::Yaml).unwrap();
    let plan = planned(&idea);
    let travel: Vec<_> = plan
        .steps
        .iter()
        .flat_map(|step| &step.changes)
        .filter(|one| one.path.dotted().contains("transport"))
        .map(|one| one.to.clone())
        .collect();
    assert!(
        travel.iter().all(|by| by == "plane"),
        "by {travel:?} to Malawi"
    );
}

/// What only the sending side says costs points; that the host confirms it is a step, once it is so.
#[test]
fn an_attestation_is_a_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::copy(
        root().join("examples/proposals/c10-elam.yaml"),
        path("plan.yaml"),
    )
    .unwrap();
    std::fs::write(
        path("evenhand.toml"),
        "[profile]\nname = \"Strict\"\n[thresholds]\nethics = 84\n",
    )
    .unwrap();
    let output = run(&[
        "improve",
        &path("plan.yaml"),
        "--apply",
        &path("better.yaml"),
        "--format",
        "json",
    ]);
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["reached"], true, "{shown}");
    let steps = shown["steps"].as_array().unwrap();
    let last = steps.last().unwrap();
    assert_eq!(last["kind"], "attest", "{shown}");
    assert_eq!(last["partner"], "elam");
    assert!(
        last["covers"]
            .as_array()
            .unwrap()
            .contains(&"/host/cost_covered".into())
    );
    assert!(
        last["rules"]
            .as_array()
            .unwrap()
            .contains(&"ethics/host-cost".into()),
        "{last}"
    );
    let before = steps.iter().rev().skip(1);
    assert!(before.into_iter().all(|step| step["kind"] != "attest"));
    let judged = run(&["check", &path("better.yaml")]);
    assert!(String::from_utf8_lossy(&judged.stdout).contains("Verdict: PROCEED"));
}

fn run(args: &[&str]) -> Output {
    evenhand().args(args).output().unwrap()
}

#[test]
fn a_copy_is_written_and_the_proposal_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let text = std::fs::read_to_string(root().join("examples/proposals/c11-ampath.yaml")).unwrap();
    let (plan, better) = (path("plan.yaml"), path("better.yaml"));
    std::fs::write(&plan, &text).unwrap();
    let output = run(&["improve", &plan, "--apply", &better, "--format", "json"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(std::fs::read_to_string(&plan).unwrap(), text);
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["reached"], true);
    let judged = run(&["check", &better, "--format", "json"]);
    let card: serde_json::Value = serde_json::from_slice(&judged.stdout).unwrap();
    assert_eq!(card["verdict"]["word"], shown["after"]["verdict"]);
    // Never over the proposal itself, and not where the plan goes.
    for (copy, said) in [
        (plan.as_str(), "is not overwritten"),
        ("-", "the name of a file"),
    ] {
        let refused = run(&["improve", &plan, "--apply", copy]);
        assert_eq!(refused.status.code(), Some(2));
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(told.contains(said) && refused.stdout.is_empty(), "{told}");
    }
    assert_eq!(std::fs::read_to_string(&plan).unwrap(), text);
}

/// What is to be checked keeps a program from proceeding, so that somebody says it is right is a step.
#[test]
fn to_settle_what_is_to_be_checked_is_a_step() {
    // Nights away of people who take part online.
    let nights = Pointer::from_dotted("flows[0].nights").unwrap();
    let proposal = document("examples/proposals/c02-anatomy-online.yaml");
    let proposal = proposal.edited(&[Change::Set(nights, 3.into())]).unwrap();
    let card = book().judge(&proposal);
    let open = card.checks.iter().filter(|check| check.is_open()).count();
    assert!(
        open > 0 && card.verdict.word != Word::Proceed,
        "{}",
        card.verdict.reason
    );
    let plan = planned(&proposal);
    assert!(plan.reached, "{plan:?}");
    let step = plan.steps.iter().find(|step| step.kind.word() == "check");
    let step = step.unwrap_or_else(|| panic!("{:?}", plan.steps));
    let StepKind::Check {
        code,
        corrected: false,
        ..
    } = &step.kind
    else {
        panic!("{step:?}");
    };
    let entry = &step.changes[0];
    assert_eq!(entry.path.dotted(), "checked[0]");
    assert_eq!(entry.to["code"], serde_json::json!(code));
    assert!(
        entry.to["values"]
            .as_object()
            .is_some_and(|values| !values.is_empty())
    );
    assert_eq!(step.effort, Effort::Answer);
    // Where nothing else stands in the way, it is where a plan begins.
    let first = first_steps(book(), &proposal, &card, FIRST);
    assert!(
        first.iter().any(|step| step.kind.word() == "check"),
        "{first:?}"
    );
}
