//! The words of answers: every place of a message has its argument, and every argument its place.

use super::{Kind, Walker};
use crate::finding::places;
use crate::problem::{Problem, did_you_mean};
use rhai::{FnCallExpr, Position};

impl Walker<'_> {
    /// Compares the places of a template with the arguments given to it, where both are written in the script.
    pub(super) fn answer(&mut self, call: &FnCallExpr, args: &[Kind], position: Position) {
        let template = match call.name.as_str() {
            "met" | "unmet" => 0,
            "partly" => 1,
            "ramp" | "curve" => 2,
            "between" => 3,
            _ => return,
        };
        let Some(Kind::Text(text)) = args.get(template) else {
            return;
        };
        let given: &[String] = match args.get(template + 1) {
            None => &[],
            Some(Kind::Table(names)) => names,
            Some(_) => return,
        };
        let mut asked: Vec<&str> = places(text)
            .into_iter()
            .map(|place| place.split_once(':').map_or(place, |(name, _)| name))
            .collect();
        asked.sort_unstable();
        asked.dedup();
        let known = || given.iter().map(String::as_str);
        for name in asked.iter().filter(|name| known().all(|own| own != **name)) {
            let problem = Problem::error(format!(
                "the message has a place {{{name}}} that nothing is given for"
            ))
            .expected(format!("`#{{ {name}: … }}` after the message"))
            .suggest_maybe(did_you_mean(name, known()));
            self.report(position, problem);
        }
        for name in known().filter(|name| !asked.contains(name)) {
            let problem = Problem::warning(format!(
                "`{name}` is given to a message that has no place for it"
            ))
            .suggest(format!("write {{{name}}} in the message, or leave it out"));
            self.report(position, problem);
        }
    }
}
