//! The scorecard: everything there is to say of one proposal, ready to be shown in any form.

use crate::attestation::{self, Aged};
use crate::board::{BoardChanges, BundledPlugins, Judgement, OtherPlugins, board_changes};
use crate::checks::{self, Check};
use crate::document::Document;
use crate::evaluate::{Evaluation, NAMING};
use crate::executor::Executor;
use crate::finding::{Finding, Message};
use crate::plugin::PluginError;
use crate::problem::Problem;
use crate::receipt::Receipt;
use crate::robustness::{Draws, Model, Robustness};
use crate::rule::Severity;
use crate::rulebook::Rulebook;
use crate::schema::Schema;
use crate::score::{self, DimensionScore};
use crate::settings::{Levels, Names, Obliged, Settings};
use crate::verdict::{self, Verdict, Word, lower_first};
use crate::waiver::{self, Occasion, Standing, Waived};
use crate::words::{English, Section, Words};
use serde_json::Value;
use std::collections::BTreeSet;

/// Version of the JSON form; it rises with any break.
pub const SCHEMA_VERSION: u32 = 2;

/// The result for one proposal.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// Which proposal.
    pub proposal: ProposalInfo,
    /// The profile, or the pack where there is none.
    pub profile: String,
    /// What is recommended, and why.
    pub verdict: Verdict,
    /// The result for each dimension, in the pack's order.
    pub dimensions: Vec<DimensionScore>,
    /// What each rule found.
    pub findings: Vec<Finding>,
    /// Rules the board has turned off, and why.
    pub disabled: Vec<DisabledRule>,
    /// The waivers that concern the proposal, and what became of each.
    pub waivers: Vec<Waived>,
    /// Verdict and levels without the waivers; none where none is in force.
    pub without_waivers: Option<Judgement>,
    /// Attestations that are too old to count, or have no date.
    pub aged: Vec<Aged>,
    /// What the board changed, and what comes of it.
    pub board: Option<BoardChanges>,
    /// What is odd, and to be checked or checked already.
    pub checks: Vec<Check>,
    /// The verdict on the proposal as given, where something that is to be checked changed it.
    pub as_given: Option<Word>,
    /// What follows from it, as the board has laid down.
    pub obligations: Vec<Obliged>,
    /// The board's words for verdicts, levels and dimensions.
    pub names: Names,
    /// The board's levels.
    pub levels: Levels,
    /// What is wrong with the proposal, says a plugin.
    pub problems: Vec<Problem>,
    /// Plugins that failed.
    pub failures: Vec<PluginError>,
    /// Facts that plugins derived.
    pub derived: Value,
    /// How much of it depends on weights, where that was asked for.
    pub robustness: Option<Robustness>,
    /// What to keep to get the same bytes again.
    pub receipt: Receipt,
    /// The language people read it in, by its tag.
    pub language: String,
}

/// A rule the board has turned off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisabledRule {
    /// The rule's id.
    pub id: String,
    /// Why it is turned off.
    pub reason: String,
}

/// Which proposal was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalInfo {
    /// Its id, if it has one.
    pub id: String,
    /// Its title, or the file's name.
    pub title: String,
    /// The file, as it was named.
    pub file: String,
    /// SHA-256 of its canonical JSON (RFC 8785), in hexadecimal.
    pub sha256: String,
}

impl Rulebook {
    /// Judges a proposal that fits the schema, and puts everything on a scorecard, in English.
    pub fn judge(&self, proposal: &Document) -> Scorecard {
        self.judge_untried(proposal, &English, &BundledPlugins)
    }

    /// Judges a proposal that fits the schema, and puts it on a scorecard in a language. What the board changed is not
    /// looked at: this is for asking many times.
    pub fn judge_in(&self, proposal: &Document, words: &dyn Words) -> Scorecard {
        self.judge_with(proposal, words, self.executor())
    }

    /// The same, with the work done by another executor than the rulebook was opened with.
    pub fn judge_with(
        &self,
        proposal: &Document,
        words: &dyn Words,
        executor: &dyn Executor,
    ) -> Scorecard {
        let evaluation = self.evaluate_with(proposal, |_| true, executor);
        self.scorecard(proposal, evaluation, words, executor)
    }

    /// Judges a proposal that fits the schema, with what the board changed beside the bundled packs, their plugins among it.
    /// What rules propose is tried, and only what helps is left.
    pub fn judge_beside(
        &self,
        proposal: &Document,
        words: &dyn Words,
        plugins: &dyn OtherPlugins,
    ) -> Scorecard {
        let mut card = self.judge_untried(proposal, words, plugins);
        self.try_remedies(proposal, &mut card);
        card
    }

    fn judge_untried(
        &self,
        proposal: &Document,
        words: &dyn Words,
        plugins: &dyn OtherPlugins,
    ) -> Scorecard {
        let evaluation = self.evaluate(proposal);
        let mut card = self.scorecard(proposal, evaluation, words, self.executor());
        card.board = board_changes(self, &card, proposal, plugins);
        card
    }

    /// Puts what came out of judging a proposal on a scorecard.
    pub fn scorecard(
        &self,
        proposal: &Document,
        evaluation: Evaluation,
        words: &dyn Words,
        executor: &dyn Executor,
    ) -> Scorecard {
        let mut evaluation = evaluation;
        translate(
            &mut evaluation.findings,
            words,
            &self.schema,
            self.settings(),
        );
        Self::translate_checks(&mut evaluation.checks, words);
        let id = proposal_id(proposal.value());
        let mut waivers = self.waive(&id, &mut evaluation.findings);
        let others = self.others(proposal, &evaluation.checks, &mut waivers, executor);
        let (dimensions, verdict, as_given) = self.lowered(&evaluation, &others, words);
        let holds = |waived: &Waived| waived.standing == Standing::InForce;
        let without_waivers = waivers
            .iter()
            .any(holds)
            .then(|| self.without_waivers(&evaluation, &others));
        let obligations = self.settings().obliged(verdict.word, &dimensions);
        let receipt = self.receipt(proposal.value(), words);
        let text = |path: &str| {
            proposal
                .value()
                .pointer(path)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let title = text("/program/title").or_else(|| (!id.is_empty()).then(|| id.clone()));
        let profile = &self.settings().name;
        Scorecard {
            proposal: ProposalInfo {
                id,
                title: title.unwrap_or_else(|| proposal.name().to_owned()),
                file: proposal.name().to_owned(),
                sha256: receipt.proposal.clone(),
            },
            profile: if profile.is_empty() {
                self.info().name.clone()
            } else {
                profile.clone()
            },
            verdict,
            dimensions,
            findings: evaluation.findings,
            disabled: self.disabled(),
            waivers,
            without_waivers,
            aged: attestation::aged(proposal.value(), self.settings().validity()),
            board: None,
            checks: evaluation.checks,
            as_given,
            obligations,
            names: self.settings().names.clone(),
            levels: self.settings().levels.clone(),
            problems: evaluation.problems,
            failures: evaluation.failures,
            derived: evaluation.derived,
            robustness: None,
            receipt,
            language: words.tag().to_owned(),
        }
    }

    /// What comes out by the other ways to read odd answers; waivers that one of them needs are in force.
    fn others(
        &self,
        proposal: &Document,
        checks: &[Check],
        waivers: &mut [Waived],
        executor: &dyn Executor,
    ) -> Vec<Evaluation> {
        let id = proposal_id(proposal.value());
        let others = checks::other_readings(proposal, checks);
        let others = others.iter().map(|other| {
            let mut evaluation = self.evaluate_with(other, |_| true, executor);
            waiver::join(waivers, &self.waive(&id, &mut evaluation.findings));
            evaluation
        });
        others.collect()
    }

    /// Dimensions and verdict, as low as any way to read the proposal makes them; and the verdict on the proposal as given,
    /// where that is another.
    fn lowered(
        &self,
        evaluation: &Evaluation,
        others: &[Evaluation],
        words: &dyn Words,
    ) -> (Vec<DimensionScore>, Verdict, Option<Word>) {
        let (mut dimensions, verdict) = self.decided(evaluation, words);
        let others = others.iter().map(|other| {
            let (dimensions, verdict) = self.decided(other, words);
            (verdict.word, dimensions)
        });
        let others: Vec<(Word, Vec<DimensionScore>)> = others.collect();
        if others.is_empty() {
            return (dimensions, verdict, None);
        }
        let given = verdict.word;
        let words_of = || others.iter().map(|(word, _)| *word);
        for (_, other) in &others {
            score::lower(&mut dimensions, other);
        }
        let word = verdict::lower(given, words_of());
        let silent = evaluation.silent();
        // The reason has the points that count. What another reading adds to a dimension never decides for the better.
        let again = verdict::decide(&evaluation.findings, &dimensions, &silent, words);
        let verdict = if again.word == given { again } else { verdict };
        if word == given {
            return (dimensions, verdict, None);
        }
        let open = evaluation.checks.iter().filter(|check| check.is_open());
        let mut codes: Vec<String> = open.map(|check| check.code.clone()).collect();
        codes.dedup();
        let worst = words_of().fold(given, Word::max);
        let verdict = verdict::decide_unchecked(verdict, (word, worst), &codes, words);
        (dimensions, verdict, Some(given))
    }

    /// Dimensions and verdict of what came out of judging a proposal once.
    fn decided(
        &self,
        evaluation: &Evaluation,
        words: &dyn Words,
    ) -> (Vec<DimensionScore>, Verdict) {
        let dimensions = self.scores_in(&evaluation.findings, words);
        let silent = evaluation.silent();
        let verdict = verdict::decide(&evaluation.findings, &dimensions, &silent, words);
        (dimensions, verdict)
    }

    /// The dimensions, called as they are in a language.
    pub(crate) fn scores_in(&self, findings: &[Finding], words: &dyn Words) -> Vec<DimensionScore> {
        let mut dimensions = self.scores(findings);
        let own = &self.settings().names.dimensions;
        for dimension in &mut dimensions {
            let translated = words.find(Section::Dimensions, &dimension.id);
            // What the board calls it, it is called in every language.
            if let Some(title) = translated.filter(|_| !own.contains_key(&dimension.id)) {
                title.clone_into(&mut dimension.title);
            }
        }
        dimensions
    }

    /// Adds to a scorecard how much of it depends on weights.
    pub fn add_robustness(&self, card: &mut Scorecard, draws: Draws) {
        let failed = !card.failures.is_empty() || card.findings.iter().any(Finding::is_failure);
        let model = Model::of(
            &card.findings,
            &card.dimensions,
            &self.settings().levels,
            card.verdict.word,
            failed,
        );
        card.robustness = Some(Robustness::of(&model, draws));
    }

    /// Puts the board's waivers on the findings, and says what became of them.
    pub(crate) fn waive(&self, proposal: &str, findings: &mut [Finding]) -> Vec<Waived> {
        let occasion = Occasion {
            proposal,
            date: self.settings().date,
            may_be_waived: &|rule| self.may_be_waived(rule),
        };
        waiver::apply(&self.settings().waivers, &occasion, findings)
    }

    fn scores(&self, findings: &[Finding]) -> Vec<DimensionScore> {
        score::dimensions(
            findings,
            &self.info().dimensions,
            self.settings(),
            &self.withdrawn(),
        )
    }

    /// What comes out without the waivers, over every way to read the proposal.
    fn without_waivers(&self, given: &Evaluation, others: &[Evaluation]) -> Judgement {
        let bare = |evaluation: &Evaluation| {
            let mut findings = evaluation.findings.clone();
            for finding in &mut findings {
                finding.waiver = None;
            }
            let dimensions = self.scores(&findings);
            let silent = evaluation.silent();
            let verdict = verdict::decide(&findings, &dimensions, &silent, &English);
            (verdict.word, dimensions)
        };
        let (word, mut dimensions) = bare(given);
        let mut words = Vec::new();
        for (word, other) in others.iter().map(bare) {
            score::lower(&mut dimensions, &other);
            words.push(word);
        }
        Judgement::of(verdict::lower(word, words.into_iter()), &dimensions)
    }

    fn disabled(&self) -> Vec<DisabledRule> {
        let rules = self.settings().rules.iter();
        rules
            .filter_map(|(id, own)| {
                let reason = own.disabled.clone()?;
                Some(DisabledRule {
                    id: id.clone(),
                    reason,
                })
            })
            .collect()
    }

    /// The dimensions of which settings took rules away: disabled, or left without the weight their page gives.
    fn withdrawn(&self) -> BTreeSet<String> {
        let own = |id: &str| self.settings().rules.get(id);
        let versions = self.versions(|_| true);
        let withdrawn = versions
            .iter()
            .filter(|version| version.is_withdrawn(own(version.id())));
        let folder = |id: &str| id.split('/').next().unwrap_or_default().to_owned();
        let of_plugins = self
            .plugins
            .manifests()
            .flat_map(|(manifest, _)| &manifest.rules);
        let of_plugins = of_plugins.filter(|rule| {
            let severity = Severity::from_word(&rule.severity).unwrap_or(Severity::Critical);
            own(&rule.id).is_some_and(|own| own.takes_away(severity.weight()))
        });
        withdrawn
            .map(|version| version.dimension().to_owned())
            .chain(of_plugins.map(|rule| folder(&rule.id)))
            .collect()
    }
}

/// The proposal's id; empty if it has none.
pub(crate) fn proposal_id(proposal: &Value) -> String {
    let id = proposal.pointer("/program/id").and_then(Value::as_str);
    id.unwrap_or_default().to_owned()
}

/// Messages, and what else a finding says that is not from a rule's page, in a language.
fn translate(findings: &mut [Finding], words: &dyn Words, schema: &Schema, settings: &Settings) {
    let english = words.tag() == English.tag();
    for finding in findings {
        let said = words.message(&with_titles(&finding.message, words, schema));
        if english {
            // The English stands already, but for words of the pack and names of fields.
            let plain = finding.message.text();
            finding.message.said = Some(said).filter(|said| *said != plain);
            continue;
        }
        finding.message.said = Some(said);
        let own = settings.rules.get(&finding.rule);
        let named = own.is_some_and(|own| own.title.is_some());
        if let Some(title) = words
            .find(Section::Titles, &finding.rule)
            .filter(|_| !named)
        {
            title.clone_into(&mut finding.title);
        }
        let own = words.find(Section::Helps, &finding.rule);
        let help = own.unwrap_or_else(|| words.word(&finding.help)).to_owned();
        finding.help = help;
    }
}

/// A message that names missing facts names them as a person is asked for them; which element of a list it is stands
/// behind.
fn with_titles(message: &Message, words: &dyn Words, schema: &Schema) -> Message {
    let mut message = message.clone();
    if !NAMING.contains(&message.template.as_str()) {
        return message;
    }
    let named = |value: &Value| {
        let path = value.as_str()?;
        let field = schema.field(schema.find(path)?);
        let title = words
            .find(Section::Fields, &field.path)
            .unwrap_or(&field.title);
        let title = Some(title).filter(|title| !title.is_empty())?;
        let title = lower_first(title);
        Some(Value::from(match path.rsplit_once(']') {
            Some((element, _)) => format!("{title} ({element}])"),
            None => title,
        }))
    };
    for (_, value) in &mut message.args {
        if let Value::Array(paths) = value {
            for path in paths {
                *path = named(path).unwrap_or_else(|| path.take());
            }
        }
    }
    message
}
