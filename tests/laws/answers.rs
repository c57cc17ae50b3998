//! A good answer to a question of yes or no never lowers a level.

use super::{each, nothing};
use crate::assembly::{book, examples};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::Kind;
use evenhand_core::score::DimensionScore;
use evenhand_core::scorecard::Scorecard;
use evenhand_document::change::set;
use serde_json::Value;
use std::collections::BTreeSet;

/// Questions to which `true` is the good answer.
const YES: &[&str] = &[
    "access.caregiver_option",
    "access.disability_support",
    "climate.alternatives_documented",
    "climate.footprint_measured",
    "climate.reduction_plan",
    "continuity.after_goals_plan",
    "continuity.disruption_plan",
    "continuity.embedded",
    "continuity.followup_care",
    "evaluation.baseline",
    "evaluation.host_co_evaluates",
    "evaluation.plan",
    "governance.grievance_route",
    "governance.incident_reporting",
    "governance.signed_by_host",
    "host.capacity_cap",
    "host.gives_in_return",
    "host.plan_alignment",
    "host.site_visit",
    "learning.credit_agreed_before",
    "learning.host_language_used",
    "learning.local_needs_mapped",
    "learning.objectives_published",
    "learning.translation_support",
    "motivation.disclosed",
    "partners[].co_designed",
    "partners[].contributes",
    "partners[].offers_iah",
    "preparation.host_contributes",
    "preparation.interpreters",
    "preparation.language_of_patients",
    "preparation.mandatory",
    "preparation.support_contact",
    "research.data_shared",
    "research.feedback",
    "research.local_approval",
    "safety.contact_24_7",
    "safety.evacuation",
    "safety.insurance",
    "safety.may_withdraw",
    "safety.outside_contact",
    "safety.risk_assessment",
    "supervision.host_professional",
    "supervision.patient_informed",
    "supervision.scope_policy",
    "virtual.assessed",
    "virtual.co_designed",
    "virtual.facilitated",
    "virtual.low_bandwidth",
    "virtual.mixed_groups",
    "virtual.time_zones_shared",
    "workforce.home_licence_route",
];

/// Questions to which `false` is the good answer.
const NO: &[&str] = &[
    "climate.offsets_only",
    "flows[].with_children",
    "host.local_learners_displaced",
    "host.residential_care",
    "workforce.recruits_from_origin",
];

#[test]
fn every_question_of_yes_or_no_is_sorted_by_its_good_answer() {
    let schema = book().schema();
    let asked: BTreeSet<&str> = schema
        .walk()
        .into_iter()
        .map(|id| schema.field(id))
        .filter(|field| field.kind == Kind::Boolean && !field.path.starts_with("derived."))
        .map(|field| field.path.as_str())
        .collect();
    let sorted: BTreeSet<&str> = YES.iter().chain(NO).copied().collect();
    assert_eq!(asked, sorted);
}

/// Every question of every example: 18 examples and some 50 answers in each, answered both ways.
#[test]
fn a_good_answer_never_lowers_a_level() {
    let examples = examples();
    let wrong = each(&examples, |_, (name, proposal)| {
        let mut wrong = Vec::new();
        let own = book().judge(proposal);
        for (good, path) in YES
            .iter()
            .map(|path| (true, path))
            .chain(NO.iter().map(|path| (false, path)))
        {
            for at in places(path, proposal.value()) {
                let answered = |flag: bool| {
                    let mut value = proposal.value().clone();
                    if value.pointer(at.as_str()) == Some(&Value::Bool(flag)) {
                        return own.clone();
                    }
                    set(&mut value, &at, Value::Bool(flag)).unwrap();
                    book().judge(&Document::from_value(proposal.name(), value))
                };
                let lost = lowered(&answered(!good), &answered(good));
                wrong.extend(
                    lost.into_iter()
                        .map(|what| format!("{name}: {at} = {good} lowers {what}")),
                );
            }
        }
        wrong
    });
    nothing(&wrong);
}

/// Where a question stands in a proposal: once, or once in each element of a list.
fn places(path: &str, proposal: &Value) -> Vec<Pointer> {
    match path.split_once("[].") {
        None => vec![Pointer::from_dotted(path).unwrap()],
        Some((list, key)) => {
            let list = Pointer::from_dotted(list).unwrap();
            let count = proposal
                .pointer(list.as_str())
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            (0..count).map(|index| list.index(index).key(key)).collect()
        }
    }
}

/// The dimensions whose level is lower in the second scorecard, at one end of what can come out or the other.
fn lowered(bad: &Scorecard, good: &Scorecard) -> Vec<String> {
    let mut lost = Vec::new();
    for (old, new) in bad.dimensions.iter().zip(&good.dimensions) {
        let ends = [
            (old.level_low, new.level_low),
            (old.level_high, new.level_high),
        ];
        if ends
            .into_iter()
            .any(|(old, new)| new.zip(old).is_some_and(|(new, old)| new < old))
        {
            let words = |score: &DimensionScore| {
                format!(
                    "{} ({:?} to {:?})",
                    score.level_words(),
                    score.low,
                    score.high
                )
            };
            lost.push(format!("{} from {} to {}", old.id, words(old), words(new)));
        }
    }
    lost
}
