//! Which outcomes a form can have, so that cases can be asked for each.

use super::{Cap, Deg, Form, FormKind, Line, Num, PageForm, Then};
use crate::finding::{Degree, Outcome};
use std::collections::BTreeSet;

/// The outcomes a form can have.
pub fn outcomes(form: &PageForm) -> BTreeSet<Outcome> {
    let mut found = BTreeSet::from([Outcome::Unknown]);
    let judged = form.judge.as_ref();
    if form.applies.is_some() || judged.is_some_and(|form| !always(form)) {
        found.insert(Outcome::NotApplicable);
    }
    if let Some(judged) = judged {
        found.extend(of(judged));
    }
    found
}

fn of(form: &Form) -> BTreeSet<Outcome> {
    let mut found: BTreeSet<Outcome> = match &form.kind {
        FormKind::Choice { scale, .. } => scale.iter().map(|arm| grade(&arm.degree)).collect(),
        FormKind::YesNo { yes, no, .. } => [grade(yes), grade(no)].into(),
        FormKind::Number {
            line: Line::Points(points),
            ..
        } => of_points(points),
        FormKind::Number { .. } | FormKind::Dates { .. } => {
            [Outcome::Met, Outcome::Partly, Outcome::Unmet].into()
        }
        FormKind::Checklist { items, .. } if items.len() > 1 => {
            [Outcome::Met, Outcome::Partly, Outcome::Unmet].into()
        }
        FormKind::Checklist { .. } => [Outcome::Met, Outcome::Unmet].into(),
        FormKind::Each(each) => {
            let mut found = of(&each.judge);
            if each.take == super::Take::Mean && found.len() > 1 {
                found.insert(Outcome::Partly);
            }
            found.extend(each.if_none.as_ref().map(grade));
            found
        }
        FormKind::AllOf(parts) | FormKind::AnyOf(parts) => parts.iter().flat_map(of).collect(),
        FormKind::MeanOf(parts) => {
            let mut found: BTreeSet<Outcome> =
                parts.iter().flat_map(|(part, _)| of(part)).collect();
            if found.len() > 1 {
                found.insert(Outcome::Partly);
            }
            found
        }
        FormKind::First(branches) => branches
            .iter()
            .flat_map(|branch| match &branch.then {
                Then::Deg(degree) => [grade(degree)].into(),
                Then::Form(form) => of(form),
            })
            .collect(),
    };
    found.extend(form.at_most.iter().map(|Cap { degree, .. }| grade(degree)));
    found
}

/// Whether a form can be met in part, whatever a board sets.
pub(super) fn in_part(form: &Form) -> bool {
    has_params(form) || of(form).contains(&Outcome::Partly)
}

/// Whether a degree in the form is one that a board can set.
fn has_params(form: &Form) -> bool {
    let set = |degree: &Deg| matches!(degree, Deg::Param(..));
    let own = match &form.kind {
        FormKind::Choice { scale, .. } => scale.iter().any(|arm| set(&arm.degree)),
        FormKind::YesNo { yes, no, .. } => set(yes) || set(no),
        FormKind::Each(each) => has_params(&each.judge) || each.if_none.as_ref().is_some_and(set),
        FormKind::AllOf(parts) | FormKind::AnyOf(parts) => parts.iter().any(has_params),
        FormKind::First(branches) => branches.iter().any(|branch| match &branch.then {
            Then::Deg(degree) => set(degree),
            Then::Form(form) => has_params(form),
        }),
        // What lies between two ends is met in part.
        _ => true,
    };
    own || form.at_most.iter().any(|cap| set(&cap.degree))
}

fn of_points(points: &[(Num, Deg)]) -> BTreeSet<Outcome> {
    let mut found: BTreeSet<Outcome> = points.iter().map(|(_, degree)| grade(degree)).collect();
    if points
        .windows(2)
        .any(|pair| matches!(pair, [(_, a), (_, b)] if a != b))
    {
        found.insert(Outcome::Partly);
    }
    found
}

fn grade(degree: &Deg) -> Outcome {
    let (Deg::Known(degree) | Deg::Param(_, degree)) = degree;
    Degree::known(*degree).outcome().unwrap_or(Outcome::Partly)
}

/// Whether the form applies to every program.
pub(super) fn always(form: &Form) -> bool {
    match &form.kind {
        FormKind::Number { of, .. } => known(of),
        FormKind::Each(each) => each.if_none.is_some() && always(&each.judge),
        FormKind::AllOf(parts) | FormKind::AnyOf(parts) => parts.iter().any(always),
        FormKind::MeanOf(parts) => parts.iter().any(|(part, _)| always(part)),
        FormKind::First(branches) => branches.iter().all(|branch| match &branch.then {
            Then::Deg(_) => true,
            Then::Form(form) => always(form),
        }),
        _ => true,
    }
}

/// Whether the number can be told of every program.
pub(super) fn known(num: &Num) -> bool {
    match num {
        Num::Over(over) => {
            over.what == super::Aggregate::Sum || over.if_none.as_ref().is_some_and(known)
        }
        Num::Share(share) => {
            known(&share.part) && known(&share.whole) && share.if_zero.as_ref().is_some_and(known)
        }
        Num::Times(pair) | Num::Plus(pair) => known(&pair.0) && known(&pair.1),
        Num::Known(_) | Num::Path(_) | Num::Param(_) | Num::Count(_) => true,
    }
}
