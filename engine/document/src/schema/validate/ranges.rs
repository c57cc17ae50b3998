//! A range in the place of a number: both of its ends fit the field, and the smaller one stands first.

use super::repair::Repair;
use super::words::{expectation, name};
use super::{Check, out_of_range};
use crate::schema::{Field, FieldId, Kind, Range, codes};
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use serde_json::Value;

impl Check<'_> {
    /// Whether a value is a range that may stand in the field, with everything that is wrong with it reported.
    pub(super) fn range(&mut self, id: FieldId, value: &Value, at: &Pointer) -> bool {
        let Some(range) = self.schema.range_at(id, value) else {
            return false;
        };
        let field = self.schema.field(id);
        // A text is one place; of a list and a group, the end itself is.
        let places = match value {
            Value::Array(_) => [at.index(0), at.index(1)],
            Value::Object(_) => [at.key("from"), at.key("to")],
            _ => [at.clone(), at.clone()],
        };
        let mut fine = true;
        for (end, place) in [range.from, range.to].into_iter().zip(&places) {
            fine &= self.end(field, end, place);
        }
        if fine && range.from > range.to {
            let turned = Range {
                from: range.to,
                to: range.from,
            };
            let problem = Problem::error(phrase!(
                codes::REVERSED_RANGE,
                field = name(at),
                from = range.from,
                to = range.to
            ))
            .expected(phrase!(codes::EXPECT_SMALLER_FIRST))
            .suggest(phrase!(codes::WRITE_TEXT, value = turned.typed()));
            self.report(at, problem, Repair::set(at, turned.typed()));
        }
        true
    }

    fn end(&mut self, field: &Field, end: f64, place: &Pointer) -> bool {
        if field.kind == Kind::Integer && end.fract() != 0.0 {
            self.not_whole(end, place);
            return false;
        }
        if out_of_range(field, end) {
            let problem = Problem::error(phrase!(
                codes::OUT_OF_RANGE,
                field = name(place),
                value = end
            ));
            self.report(place, problem.expected(expectation(field)), Repair::None);
            return false;
        }
        true
    }
}
