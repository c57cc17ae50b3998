//! What depends on weights, on a terminal.

use super::Page;
use evenhand_core::robustness::{Robustness, Spread, percent};

impl Page<'_> {
    /// How much of the verdict and the levels weights can change; only where everything is shown.
    pub(super) fn robustness(&mut self) {
        let card = self.card;
        let Some(found) = card.robustness.as_ref().filter(|_| self.options.verbose) else {
            return;
        };
        self.heading("How much depends on the weights");
        let verdict = self.same_verdict(found);
        self.wrap(&verdict, " · ", "   ");
        for (own, score) in found.dimensions.iter().zip(&card.dimensions) {
            let Some(bounds) = own.bounds else {
                continue;
            };
            let share = self.share(own.same_level, found);
            if score.no_numbers {
                let line = self.words.say(
                    "{dimension}: the same level in {share} of the draws",
                    &[("dimension", &score.title), ("share", &share)],
                );
                self.wrap(&line, " · ", "   ");
                continue;
            }
            let line = self.words.say(
                "{dimension}: the same level in {share} of the draws; {low} to {high} points, whatever the weights within the spread",
                &[
                    ("dimension", &score.title),
                    ("share", &share),
                    ("low", &bounds.low.0.to_string()),
                    ("high", &bounds.high.1.to_string()),
                ],
            );
            self.wrap(&line, " · ", "   ");
        }
        let flip = match &found.flip {
            Some(flip) => self.words.say(
                "The smallest change of one weight that gives another verdict: {rule} from {from} to {to} gives “{word}”.",
                &[
                    ("rule", &flip.rule),
                    ("from", &self.words.number(flip.from)),
                    ("to", &self.words.number(flip.to)),
                    ("word", self.words.word(flip.verdict.word())),
                ],
            ),
            None => self
                .locale()
                .word("No change of one weight gives another verdict.")
                .to_owned(),
        };
        self.wrap(&flip, " · ", "   ");
    }

    fn same_verdict(&self, found: &Robustness) -> String {
        let locale = self.words;
        let own = self.card.verdict.word;
        let others = found.verdicts.iter().filter(|(word, _)| *word != own);
        let list: Vec<String> = others
            .map(|(word, count)| {
                let share = self.share(*count, found);
                locale.say(
                    "{word} in {share}",
                    &[("word", locale.word(word.word())), ("share", &share)],
                )
            })
            .collect();
        let others = if list.is_empty() {
            String::new()
        } else {
            locale.say("; otherwise {list}", &[("list", &list.join(", "))])
        };
        let share = self.share(found.same_verdict, found);
        let count = found.draws.count.to_string();
        let args = [
            ("share", share.as_str()),
            ("count", &count),
            ("others", &others),
        ];
        match found.draws.spread {
            Spread::Around(spread) => {
                let spread = locale.percent(spread * 100.0);
                let said = "The verdict is the same in {share} of {count} draws of weights within {spread} of those in force{others}.";
                locale.say(
                    said,
                    &[args.as_slice(), &[("spread", spread.as_str())]].concat(),
                )
            }
            Spread::Simplex => locale.say(
                "The verdict is the same in {share} of {count} draws of any weights{others}.",
                &args,
            ),
        }
    }

    /// A share of the draws; what is rounded down to nothing is said to be under 1 %.
    fn share(&self, count: u32, found: &Robustness) -> String {
        let locale = self.words;
        match percent(count, found.draws.count) {
            0 if count > 0 => locale.say("under {share}", &[("share", &locale.percent(1.0))]),
            share => locale.percent(f64::from(share)),
        }
    }
}
