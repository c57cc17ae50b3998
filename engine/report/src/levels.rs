//! A board's scale of levels, in words.

use crate::obligations;
use evenhand_core::level::Step;
use evenhand_core::scorecard::Scorecard;
use evenhand_diagnostic::words::Words;

/// The levels of a board that has a scale of its own, from the worst on, and from how many points a dimension has each; without
/// the points where the board shows none. Nothing where the levels are the program's three.
pub fn scale(card: &Scorecard, words: &dyn Words) -> Option<String> {
    if !card.levels.is_own() {
        return None;
    }
    let shows_points = card.dimensions.iter().any(|score| !score.no_numbers);
    let step = |step: &Step| {
        let level = obligations::level(card, &step.level, words);
        if !shows_points {
            return level.to_owned();
        }
        let points = words.number(step.from);
        let parts = [("level", level), ("points", points.as_str())];
        words.say("{level} from {points}", &parts)
    };
    let mut steps: Vec<String> = card.levels.steps().iter().map(step).collect();
    if card.names.best_first {
        steps.reverse();
    }
    Some(words.say(
        "The board's levels: {levels}.",
        &[("levels", &steps.join(", "))],
    ))
}
