//! What a board changed, on a terminal.

use super::Page;
use crate::style::Tone;
use crate::waivers;
use evenhand_core::board::{BoardChange, BoardChanges, Judgement};
use evenhand_core::level::{Level, same};
use evenhand_core::scorecard::Scorecard;
use evenhand_diagnostic::words::Words;

impl Page<'_> {
    /// Decisions by which a rule was changed that may not be waived, and reasons that are owed: at the top, never cut.
    pub(super) fn overrides(&mut self) {
        for line in waivers::opening(self.card, self.locale()) {
            self.wrap(&line, "", "");
        }
        let Some(board) = &self.card.board else {
            return;
        };
        for overriding in &board.overrides {
            let line = self.locale().say(
                "The board overrode {rule}, which may not be waived: {decision}",
                &[
                    ("rule", &overriding.rule),
                    ("decision", &overriding.decision),
                ],
            );
            self.wrap(&line, "", "");
        }
        let owed = board.changes.iter().filter(|change| change.lacks_reason());
        let owed: Vec<&str> = owed.map(|change| change.what.as_str()).collect();
        if !owed.is_empty() {
            let line = self.locale().say(
                "The board gives no reason for: {list}",
                &[("list", &owed.join(", "))],
            );
            self.wrap(&line, "", "");
        }
    }

    /// Waivers and attestations that grew old.
    pub(super) fn aged(&mut self) {
        let lists = [
            ("Waivers", waivers::lines(self.card, self.locale())),
            (
                "Attestations that count as claims",
                waivers::aged(self.card, self.locale()),
            ),
        ];
        for (title, lines) in lists {
            if !lines.is_empty() {
                self.heading(title);
            }
            for line in lines {
                self.wrap(&line, " · ", "   ");
            }
        }
    }

    /// The verdict under the packs' own settings, and what each change does.
    pub(super) fn board(&mut self) {
        let Some(board) = self.card.board.clone() else {
            return;
        };
        if board.changes.is_empty() {
            return;
        }
        self.heading("What this board changed");
        let line = compared(self.card, &board, self.locale());
        self.wrap(&line, " ", " ");
        let here = Judgement::of(self.card.verdict.word, &self.card.dimensions);
        let mut quiet = 0;
        for (index, change) in board.changes.iter().enumerate() {
            let effect = board.baseline.as_ref().filter(|_| board.differs);
            let acts = effect.is_some_and(|baseline| acts(change, baseline, &here))
                || board.together.contains(&index);
            if !acts && !change.lacks_reason() && !self.options.verbose {
                quiet += 1;
                continue;
            }
            self.change(change);
            if let Some(baseline) = effect {
                self.effects(change, baseline, &here);
            }
        }
        if !board.together.is_empty() {
            let names = board
                .together
                .iter()
                .filter_map(|index| board.changes.get(*index));
            let names: Vec<&str> = names.map(|change| change.what.as_str()).collect();
            let line = self.locale().say(
                "None of these does anything by itself, and together they do: {list}",
                &[("list", &names.join(", "))],
            );
            self.wrap(&line, " ", "   ");
        }
        if quiet > 0 {
            let count = quiet.to_string();
            let line = self.locale().say(
                "{count} changes make no difference here; --verbose shows them.",
                &[("count", &count)],
            );
            self.wrap_faint(&line, " ", " ");
        }
    }

    fn change(&mut self, change: &BoardChange) {
        let line = change_line(change, self.locale());
        self.wrap(&line, " · ", "   ");
    }

    fn effects(&mut self, change: &BoardChange, baseline: &Judgement, here: &Judgement) {
        let line = effects_line(change, baseline, here, self.locale());
        for line in self.look().wrap(&line, "   ", "   ") {
            let painted = self.look().paint(Tone::Faint, &line);
            self.push(painted);
        }
    }
}

/// How the scorecard compares with what the packs' own settings give.
pub(crate) fn compared(card: &Scorecard, board: &BoardChanges, words: &dyn Words) -> String {
    let Some(baseline) = &board.baseline else {
        return words
            .word("No bundled pack takes part, so there is nothing to compare with.")
            .to_owned();
    };
    if !board.differs {
        return words
            .word("Verdict and levels are those of the packs' own settings.")
            .to_owned();
    }
    let here = Judgement::of(card.verdict.word, &card.dimensions);
    let list = differences(baseline, &here, words);
    words.say(
        "Against the packs' own settings: {list}.",
        &[("list", &list)],
    )
}

/// One change, from what to what, with its reason.
pub(crate) fn change_line(change: &BoardChange, words: &dyn Words) -> String {
    let reason = match &change.reason {
        Some(reason) => reason.clone(),
        None if change.needs_reason => words.word("no reason is given").to_owned(),
        None => String::new(),
    };
    let line = format!("{}: {} → {}", change.what, change.from, change.to);
    if reason.is_empty() {
        line
    } else {
        format!("{line} ({reason})")
    }
}

/// What one change does by itself, and what comes out without it.
pub(crate) fn effects_line(
    change: &BoardChange,
    baseline: &Judgement,
    here: &Judgement,
    words: &dyn Words,
) -> String {
    let shown = |from: &Judgement, to: Option<&Judgement>| match to {
        Some(to) if to.differs(from) => differences(from, to, words),
        Some(_) => words.word("no difference").to_owned(),
        None => words.word("cannot be judged").to_owned(),
    };
    let only = shown(baseline, change.only.as_ref());
    let without = shown(here, change.without.as_ref());
    words.say(
        "by itself: {only}; without it: {without}",
        &[("only", &only), ("without", &without)],
    )
}

fn acts(change: &BoardChange, baseline: &Judgement, here: &Judgement) -> bool {
    let differs = |to: Option<&Judgement>, from: &Judgement| to.is_none_or(|to| to.differs(from));
    differs(change.only.as_ref(), baseline) || differs(change.without.as_ref(), here)
}

/// Verdict and levels, from one judgement to another, as far as they differ.
fn differences(from: &Judgement, to: &Judgement, locale: &dyn Words) -> String {
    let mut parts = Vec::new();
    if from.verdict != to.verdict {
        parts.push(format!(
            "{} → {}",
            locale.word(from.verdict.word()),
            locale.word(to.verdict.word())
        ));
    }
    for (id, level) in &to.levels {
        if let Some(before) = from.levels.get(id).filter(|before| !same(**before, *level)) {
            parts.push(format!(
                "{id} {} → {}",
                level_words(*before, locale),
                level_words(*level, locale)
            ));
        }
    }
    parts.join(", ")
}

/// A level at both ends, in words.
pub(crate) fn level_words(level: Option<(Level, Level)>, locale: &dyn Words) -> String {
    match level {
        None => locale.word("not asked").to_owned(),
        Some((low, high)) if low == high => low.text_in(locale).to_owned(),
        Some((low, high)) => locale.say(
            "{low} to {high}",
            &[("low", low.text_in(locale)), ("high", high.text_in(locale))],
        ),
    }
}
