//! Words that describe the same program better than it is buy no level and no verdict.

#![expect(clippy::indexing_slicing, reason = "a test may fail")]

use super::nothing;
use crate::assembly::{bases, book, examples};
use evenhand_core::document::Document;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use serde_json::{Value, json};

/// What is said instead, and of which programs.
struct Trick {
    name: &'static str,
    of: &'static [&'static str],
    set: Value,
}

/// Programs that are bad enough for somebody to want them better: sold, short, beyond scope, or all flights.
const BAD: &[&str] = &["surgical-camp", "c05-haiti-camp", "c08-paid-elective"];
const ALL: &[&str] = &[
    "surgical-camp",
    "c05-haiti-camp",
    "c05b-haiti-elective",
    "c08-paid-elective",
    "c11-ampath",
    "c13-offshore",
    "c14-mcgill-quisqueya",
];

#[expect(clippy::too_many_lines, reason = "a table")]
fn tricks() -> Vec<Trick> {
    let online = |people: f64| json!({ "from": "@1", "to": "@0", "who": "student", "n_per_year": people, "weeks": 4, "mode": "virtual", "activity": "coursework" });
    let dummy = json!({
        "id": "dummy", "country": "KE", "kind": "university", "profit": "public", "role": "member",
        "decision_seats": 50, "co_designed": true
    });
    let trick = |name, of, set| Trick { name, of, set };
    vec![
        trick(
            "none for each supervisor",
            ALL,
            json!({ "supervision.learners_per_supervisor": 0 }),
        ),
        trick(
            "beginners called preclinical",
            BAD,
            json!({ "flows.*.who": "student", "program.level": "preclinical" }),
        ),
        trick(
            "the agent as funder",
            BAD,
            json!({ "partners.0.role": "funder" }),
        ),
        trick(
            "the firm as not for profit",
            &["surgical-camp"],
            json!({ "partners.0.profit": "nonprofit" }),
        ),
        trick(
            "one objective and eight hours",
            &["surgical-camp", "c05-haiti-camp"],
            json!({ "learning.objectives_count": 1, "preparation.hours": 8 }),
        ),
        trick(
            "half a year of program",
            ALL,
            json!({ "program.duration_years": 0.5 }),
        ),
        trick("hardly anybody", BAD, json!({ "flows.*.n_per_year": 1e-9 })),
        trick(
            "a hundred thousand online",
            ALL,
            json!({ "flows.+": online(100_000.0) }),
        ),
        trick("one online", ALL, json!({ "flows.+": online(1.0) })),
        trick(
            "a strand online without anybody",
            ALL,
            json!({ "flows.+": online(0.0) }),
        ),
        trick(
            "a dummy partner with fifty seats",
            BAD,
            json!({ "partners.+": dummy }),
        ),
        trick(
            "a course at home in name",
            ALL,
            json!({ "program.formats.+": "iah_course" }),
        ),
        trick(
            "a capacity building in name",
            BAD,
            json!({ "program.formats.+": "capacity_building" }),
        ),
        trick(
            "everybody reached",
            ALL,
            json!({ "access.reached": 1_000_000, "access.eligible": 1_000_000 }),
        ),
        trick(
            "everybody reached at home, without a format",
            BAD,
            json!({ "access.reached": 20_000, "access.eligible": 20_000, "access.reached_at_home": 20_000 }),
        ),
        trick(
            "few who could take part",
            BAD,
            json!({ "access.eligible": 1_000_000 }),
        ),
        trick(
            "alternatives said to be weighed",
            ALL,
            json!({ "climate.alternatives_documented": true }),
        ),
        trick(
            "alternatives weighed in a paper with a name",
            ALL,
            json!({ "climate.alternatives_documented": true, "climate.alternatives_document": "paper" }),
        ),
        trick(
            "measured and planned",
            ALL,
            json!({ "climate.footprint_measured": true, "climate.reduction_plan": true, "climate.offsets_only": false }),
        ),
        trick(
            "a budget as large as the travel",
            ALL,
            json!({ "climate.budget_t": 1_000_000 }),
        ),
        trick(
            "no permission needed",
            BAD,
            json!({ "supervision.legal_permission": "not_needed" }),
        ),
        trick(
            "no authors",
            ALL,
            json!({ "governance.authorship": "not_applicable" }),
        ),
        trick(
            "patients called structures",
            BAD,
            json!({ "flows.*.works_on": "structures" }),
        ),
        trick(
            "patients called people",
            BAD,
            json!({ "flows.*.works_on": "people" }),
        ),
        trick(
            "a camp of engineers",
            BAD,
            json!({ "program.discipline": "engineering" }),
        ),
        trick(
            "a fee that stays with nobody",
            BAD,
            json!({ "access.fee_receiver": "@1" }),
        ),
        trick(
            "all motives are enrichment",
            BAD,
            json!({ "motivation.market": 0, "motivation.liberal": 0, "motivation.social_transformation": 0, "motivation.enrichment": 1 }),
        ),
        trick(
            "a signature without an agreement",
            BAD,
            json!({ "governance.agreement": "none", "governance.signed_by_host": true }),
        ),
        trick(
            "a review every month",
            ALL,
            json!({ "governance.review_months": 1 }),
        ),
        trick(
            "the sender confirms for the host",
            ALL,
            json!({ "attestations.+": { "by": "@0", "covers": ["host.need", "host.voice", "host.cost_covered", "host.local_learners_displaced", "host.capacity_cap", "supervision.patient_informed", "continuity.capacity_building"], "on": "2026-05-01", "how": "letter" } }),
        ),
        trick(
            "a hundred objectives",
            BAD,
            json!({ "learning.objectives_count": 100 }),
        ),
        trick(
            "a flow of nobody back",
            BAD,
            json!({ "flows.+": { "from": "@1", "to": "@0", "who": "student", "n_per_year": 0, "weeks": 52, "mode": "in_person", "activity": "supervised_care" } }),
        ),
        trick(
            "distance left out",
            ALL,
            json!({ "flows.*.km_one_way": null }),
        ),
        trick("cabin left out", ALL, json!({ "flows.*.cabin": null })),
        trick(
            "costs left out",
            ALL,
            json!({ "flows.*.net_cost_usd": null }),
        ),
        trick("field left out", ALL, json!({ "program.discipline": null })),
    ]
}

/// The program with what the trick says; `@0` and `@1` are the first two ends of the first flow.
fn played(proposal: &Value, trick: &Trick) -> Value {
    let mut value = proposal.clone();
    let ends = [&proposal["flows"][0]["from"], &proposal["flows"][0]["to"]].map(Clone::clone);
    for (path, set) in trick.set.as_object().unwrap() {
        let text = set.to_string();
        let text = text.replace("\"@0\"", &ends[0].to_string());
        let set: Value =
            serde_json::from_str(&text.replace("\"@1\"", &ends[1].to_string())).unwrap();
        let parts: Vec<&str> = path.split('.').collect();
        write(&mut value, &parts, &set);
    }
    value
}

fn write(value: &mut Value, path: &[&str], set: &Value) {
    let [first, rest @ ..] = path else {
        *value = set.clone();
        return;
    };
    if value.is_null() {
        *value = if *first == "+" { json!([]) } else { json!({}) };
    }
    match value {
        Value::Array(list) if *first == "*" => {
            for item in list {
                write(item, rest, set);
            }
        }
        Value::Array(list) if *first == "+" => list.push(set.clone()),
        Value::Array(list) => write(&mut list[first.parse::<usize>().unwrap()], rest, set),
        _ => write(&mut value[*first], rest, set),
    }
}

fn judged(value: Value) -> Option<Scorecard> {
    let document = Document::from_value("played", value);
    // Refused is no better either.
    book()
        .check_document(&document)
        .is_empty()
        .then(|| book().judge(&document))
}

/// Higher is better.
fn rank(word: Word) -> u8 {
    match word {
        Word::Stop => 0,
        Word::Incomplete => 1,
        Word::Revise => 2,
        Word::Proceed => 3,
    }
}

#[test]
fn no_level_and_no_verdict_can_be_bought() {
    let all = [examples(), bases()].concat();
    let mut wrong = Vec::new();
    let mut played_tricks = 0;
    for trick in tricks() {
        for name in trick.of {
            let (_, proposal) = all.iter().find(|(id, _)| id == name).unwrap();
            let before = book().judge(proposal);
            let Some(after) = judged(played(proposal.value(), &trick)) else {
                continue;
            };
            played_tricks += 1;
            if rank(after.verdict.word) > rank(before.verdict.word) {
                wrong.push(format!(
                    "{}: {name} is {:?} and no longer {:?}",
                    trick.name, after.verdict.word, before.verdict.word
                ));
            }
            for (one, other) in before.dimensions.iter().zip(&after.dimensions) {
                if other.level_low > one.level_low {
                    wrong.push(format!(
                        "{}: {name} {} rises from {:?}–{:?} to {:?}–{:?}",
                        trick.name, one.id, one.low, one.high, other.low, other.high
                    ));
                }
            }
        }
    }
    assert!(played_tricks > 100, "{played_tricks}");
    nothing(&wrong);
}
