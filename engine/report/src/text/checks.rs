//! What is to be checked and what is contested, on a terminal.

use super::Page;
use crate::checks;
use crate::contested;
use evenhand_core::checks::Check;

/// Checks and contested answers shown on one screen.
const MOST: usize = 3;

impl Page<'_> {
    /// What is odd and open, with what settles it where there is room for that, and then what somebody has checked.
    pub(super) fn checks(&mut self, whole: bool) {
        let card = self.card;
        if card.checks.is_empty() {
            return;
        }
        self.heading("Please check");
        let open: Vec<&Check> = card.checks.iter().filter(|check| check.is_open()).collect();
        let most = if whole { open.len() } else { MOST };
        for check in open.iter().take(most) {
            let question = checks::question(check, self.proposal);
            self.wrap(&question, " ? ", "   ");
            if whole {
                for line in checks::consequences(check, self.locale()) {
                    self.wrap(&line, "   ", "   ");
                }
                for line in checks::entry(check) {
                    self.push(format!("     {line}"));
                }
            }
        }
        let more = open.len().saturating_sub(most);
        if more > 0 {
            let more = more.to_string();
            let line = self.locale().say("… and {more} more", &[("more", &more)]);
            self.wrap_faint(&line, "   ", "   ");
        }
        if !whole && !open.is_empty() {
            let line = self
                .locale()
                .word("Until then these answers buy nothing; --findings shows what settles it.");
            self.wrap_faint(line, "   ", "   ");
        }
        for check in &card.checks {
            if let Some(line) = checks::settled(check, self.locale()) {
                self.wrap(&line, " · ", "   ");
            }
        }
    }

    /// What partners answer otherwise than the proposal, with both answers.
    pub(super) fn contested(&mut self, whole: bool) {
        let lines = contested::lines(self.proposal, self.schema, self.locale());
        if lines.is_empty() {
            return;
        }
        self.heading(contested::HEADING);
        let most = if whole { lines.len() } else { MOST };
        for line in lines.iter().take(most) {
            self.wrap(line, " · ", "   ");
        }
        let more = lines.len().saturating_sub(most);
        if more > 0 {
            let more = more.to_string();
            let line = self.locale().say("… and {more} more", &[("more", &more)]);
            self.wrap_faint(&line, "   ", "   ");
        }
    }
}
