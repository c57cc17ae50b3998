//! What a board's own template for its memo can show: the memo's parts as values, in the language of the report.

use super::summary::points;
use super::{Judged, Writer, change_line, compared};
use crate::{obligations, since, waivers};
use evenhand_analysis::decision::{Condition, Decision, View};
use evenhand_analysis::since::Snapshot;
use evenhand_core::date::Date;
use evenhand_core::finding::{Finding, Outcome};
use serde_json::{Value, json};

/// The values of a judged proposal, with the decision or without one; `evenhand-memo` has the reference of them.
pub fn memo_model(judged: Judged<'_>, decision: Option<&Decision>) -> Value {
    let writer = Writer {
        judged,
        prefix: String::new(),
    };
    let card = judged.card;
    let verdict = &card.verdict;
    let title = &card.proposal.title;
    let without = card.without_waivers.as_ref();
    let without = without
        .map(|without| obligations::verdict(card, without.verdict, writer.locale()).to_owned());
    json!({
        "title": writer.locale().say("Memo: {title}", &[("title", title)]),
        "profile": card.profile,
        "date": card.receipt.date.clone().unwrap_or_default(),
        "engine": card.receipt.engine,
        "proposal": {
            "id": card.proposal.id,
            "title": title,
            "file": card.proposal.file,
            "sha256": card.proposal.sha256,
        },
        "verdict": {
            "word": verdict.word.word(),
            "label": obligations::verdict(card, verdict.word, writer.locale()),
            "reason": verdict.reason,
            "without_waivers": without.unwrap_or_default(),
        },
        "dimensions": writer.dimension_values(),
        "decides": writer.deciding().into_iter().map(|one| writer.finding_value(one)).collect::<Vec<_>>(),
        "would_help": writer.help_values(),
        "failures": card.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "overrides": writer.override_values(),
        "reasons_owed": writer.owed(),
        "board": writer.board_value(),
        "waivers": waivers::lines(card, writer.locale()),
        "aged": waivers::aged(card, writer.locale()),
        "disabled": card
            .disabled
            .iter()
            .map(|rule| json!({ "rule": rule.id, "reason": rule.reason }))
            .collect::<Vec<_>>(),
        "obligations": obligations::lines(card, writer.locale()),
        "questions": writer
            .open_questions()
            .into_iter()
            .map(|(path, question, rules)| json!({ "path": path, "question": question, "rules": rules }))
            .collect::<Vec<_>>(),
        "discussion": writer
            .prompted()
            .map(|finding| json!({ "rule": finding.rule, "title": finding.title }))
            .collect::<Vec<_>>(),
        "decided": decision.is_some(),
        "decision": writer.decision_value(decision),
        "receipt": writer
            .stub_rows()
            .into_iter()
            .map(|(part, digest)| json!({ "part": part, "digest": digest }))
            .collect::<Vec<_>>(),
    })
}

impl<'a> Writer<'a> {
    /// Questions that no rule answers.
    pub(super) fn prompted(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let findings = self.judged.card.findings.iter();
        findings
            .filter(|finding| finding.kind == "prompt" && finding.outcome != Outcome::NotApplicable)
    }

    fn dimension_values(&self) -> Vec<Value> {
        let scores = self.judged.card.dimensions.iter();
        let values = scores.map(|score| {
            let known = score.low.map(|_| {
                let share = (score.completeness * 100.0 + 1e-9).floor();
                self.locale().percent(share)
            });
            let threshold = if score.no_numbers {
                "–".to_owned()
            } else {
                self.locale().number(score.threshold)
            };
            json!({
                "id": score.id,
                "title": score.title,
                "level": score.level_words_in(self.locale()),
                "points": points(score),
                "threshold": threshold,
                "known": known.unwrap_or_else(|| "–".to_owned()),
            })
        });
        values.collect()
    }

    fn finding_value(&self, finding: &Finding) -> Value {
        json!({
            "rule": finding.rule,
            "title": finding.title,
            "outcome": self.outcome(finding),
            "message": finding.message.text(),
        })
    }

    fn help_values(&self) -> Vec<Value> {
        let ids = self.judged.card.verdict.would_help.iter();
        let found = ids.filter_map(|id| self.rules().find(|finding| finding.rule == *id));
        let values = found.map(|finding| {
            let help = crate::paper::prose_line(&finding.help);
            json!({
                "rule": finding.rule,
                "title": finding.title,
                "help": crate::paper::plain(&help),
            })
        });
        values.collect()
    }

    fn override_values(&self) -> Vec<Value> {
        let board = self.judged.card.board.iter();
        let overrides = board.flat_map(|board| &board.overrides);
        overrides
            .map(|one| json!({ "rule": one.rule, "decision": one.decision }))
            .collect()
    }

    /// What loosens something without a reason.
    fn owed(&self) -> Vec<String> {
        let board = self.judged.card.board.iter();
        let changes = board.flat_map(|board| &board.changes);
        let owed = changes.filter(|change| change.lacks_reason());
        owed.map(|change| change.what.clone()).collect()
    }

    fn board_value(&self) -> Value {
        let card = self.judged.card;
        let board = card.board.as_ref();
        match board.filter(|board| !board.changes.is_empty()) {
            Some(board) => {
                let changes = board.changes.iter();
                let changes = changes.map(|change| change_line(change, self.locale()));
                json!({
                    "summary": compared(card, board, self.locale()),
                    "changes": changes.collect::<Vec<_>>(),
                })
            }
            None => json!({ "summary": "", "changes": [] }),
        }
    }

    fn decision_value(&self, decision: Option<&Decision>) -> Value {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let votes = decision.map(|one| one.votes).unwrap_or_default();
        let texts =
            |of: fn(&Decision) -> &Vec<String>| decision.map(of).cloned().unwrap_or_default();
        let snapshot = Snapshot::of(self.judged.card);
        let conditions = decision.iter().flat_map(|one| &one.conditions);
        let recused = decision.iter().flat_map(|one| &one.recused);
        let label = decision.map(|one| self.word(since::decided(one.outcome)));
        json!({
            "word": decision.map_or("", |one| one.outcome.word()),
            "label": label.unwrap_or_default(),
            "date": day(decision.map(|one| one.date)),
            "review": day(decision.and_then(|one| one.review)),
            "delete_after": day(decision.and_then(|one| one.delete_after)),
            "votes": {
                "in_favour": votes.in_favour,
                "against": votes.against,
                "abstaining": votes.abstaining,
            },
            "present": texts(|one| &one.present),
            "recused": recused
                .map(|one| json!({ "name": one.name, "reason": one.reason }))
                .collect::<Vec<_>>(),
            "reasons": texts(|one| &one.reasons),
            "issues": texts(|one| &one.issues),
            "conditions": conditions
                .map(|condition| self.condition_value(condition, &snapshot))
                .collect::<Vec<_>>(),
        })
    }

    fn condition_value(&self, condition: &Condition, snapshot: &Snapshot) -> Value {
        let view = View {
            snapshot,
            proposal: self.judged.proposal.value(),
        };
        let standing = condition.standing(view, None);
        json!({
            "number": condition.number,
            "text": condition.text,
            "shown_by": since::shown_by(condition).unwrap_or_default(),
            "due": condition.due.map(|due| due.to_string()).unwrap_or_default(),
            "standing": standing.word(),
            "label": self.word(since::standing(standing)),
        })
    }
}
