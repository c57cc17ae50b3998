//! Checking scripts against the schema.
use super::{Page, script::Script};
use crate::problem::Problem;
use crate::schema::Schema;
pub(crate) fn check(_schema: &Schema, _page: &Page, _script: &Script) -> Vec<Problem> { Vec::new() }
