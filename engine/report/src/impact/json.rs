//! What another rulebook would do to many programs, as JSON.

use super::Compared;
use crate::json::problem_wire;
use evenhand_analysis::impact::approved::Why;
use evenhand_analysis::impact::{Change, Grade, Row};
use evenhand_core::problem::Problem;
use evenhand_diagnostic::text::pretty_json;
use serde_json::{Value, json};

/// Version of the JSON form; it rises with any break.
const SCHEMA_VERSION: u32 = 1;

/// Everything that came out, for programs.
pub fn json(compared: Compared<'_>) -> String {
    let impact = compared.impact;
    let differences = impact.differences.iter().enumerate();
    let differences: Vec<Value> = differences
        .map(|(index, difference)| {
            let of = |grade| impact.changed_by(index, grade);
            json!({
                "what": difference.what,
                "rule": difference.rule,
                "from": difference.from,
                "to": difference.to,
                "reason": difference.reason,
                "changes": {
                    "judged": of(Grade::Judged),
                    "verdict": of(Grade::Verdict),
                    "level": of(Grade::Level),
                    "finding": of(Grade::Finding),
                },
            })
        })
        .collect();
    let of = |grade| impact.of_grade(grade);
    let broken = impact.rows.iter().filter(|row| row.is_broken()).count();
    let stale = compared.stale.iter().map(|stale| {
        let (why, from, to) = match &stale.why {
            Why::NoProgram => ("no_such_program", None, None),
            Why::Unchanged => ("unchanged", None, None),
            Why::Otherwise(from, to) => ("otherwise", Some(from), Some(to)),
        };
        json!({
            "proposal": stale.approval.proposal,
            "what": stale.approval.what,
            "from": stale.approval.from,
            "to": stale.approval.to,
            "why": why,
            "now_from": from,
            "now_to": to,
        })
    });
    let value = json!({
        "schema_version": SCHEMA_VERSION,
        "old": compared.old,
        "new": compared.new,
        "programs": impact.rows.len(),
        "counts": {
            "judged": of(Some(Grade::Judged)),
            "verdict": of(Some(Grade::Verdict)),
            "level": of(Some(Grade::Level)),
            "finding": of(Some(Grade::Finding)),
            "same": of(None),
            "broken": broken,
        },
        "differences": differences,
        "rows": impact.rows.iter().map(row).collect::<Vec<_>>(),
        "stale": stale.collect::<Vec<_>>(),
        "passed_over": compared.passed_over,
    });
    pretty_json(&value)
}

fn row(row: &Row) -> Value {
    let problems = |problems: &[Problem]| -> Vec<Value> {
        let wires = problems.iter().map(problem_wire);
        wires
            .map(|wire| serde_json::to_value(wire).unwrap_or_default())
            .collect()
    };
    json!({
        "place": row.place,
        "id": row.id,
        "title": row.title,
        "changes": row.changes.iter().map(change).collect::<Vec<_>>(),
        "problems": {
            "old": problems(&row.refused.old),
            "new": problems(&row.refused.new),
        },
    })
}

fn change(change: &Change) -> Value {
    json!({
        "what": change.what(),
        "from": change.from.code(),
        "to": change.to.code(),
        "by": change.single,
        "together": change.together,
        "approved": change.approved,
    })
}
