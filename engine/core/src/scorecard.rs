//! The scorecard: everything there is to say of one proposal, ready to be shown in any form.

use crate::board::{BoardChanges, BundledPlugins, OtherPlugins, board_changes};
use crate::checks::{self, Check};
use crate::document::Document;
use crate::evaluate::{Evaluation, NAMING};
use crate::executor::Executor;
use crate::finding::{Finding, Message, Outcome};
use crate::plugin::PluginError;
use crate::problem::Problem;
use crate::robustness::{Draws, Model, Robustness};
use crate::rulebook::Rulebook;
use crate::schema::Schema;
use crate::score::{self, DimensionScore};
use crate::verdict::{self, Verdict, Word, lower_first};
use crate::words::{English, Section, Words};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

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
    /// What the board changed, and what comes of it.
    pub board: Option<BoardChanges>,
    /// What is odd, and to be checked or checked already.
    pub checks: Vec<Check>,
    /// The verdict on the proposal as given, where something that is to be checked changed it.
    pub as_given: Option<Word>,
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

/// What took part, so that anybody can judge the same proposal again and get the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The engine's version.
    pub engine: String,
    /// SHA-256 of the proposal's canonical JSON.
    pub proposal: String,
    /// SHA-256 of every page, script, library, source list and schema, and of the settings, by name.
    pub files: BTreeMap<String, String>,
    /// Plugins by id: version, SHA-256, mode.
    pub plugins: BTreeMap<String, PluginReceipt>,
}

/// A plugin that took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginReceipt {
    /// Its version.
    pub version: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// `bundled`, `isolated` or `in-process`.
    pub mode: String,
    /// The key that signed it.
    pub signer: Option<String>,
}

impl Rulebook {
    /// Judges a proposal that fits the schema, and puts everything on a scorecard, in English.
    pub fn judge(&self, proposal: &Document) -> Scorecard {
        self.judge_beside(proposal, &English, &BundledPlugins)
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
    pub fn judge_beside(
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
        translate(&mut evaluation.findings, words, &self.schema);
        Self::translate_checks(&mut evaluation.checks, words);
        let (mut dimensions, mut verdict) = self.decided(&evaluation, words);
        let others = checks::other_readings(proposal, &evaluation.checks);
        let others = others.iter().map(|other| {
            let evaluation = self.evaluate_with(other, |_| true, executor);
            let (dimensions, verdict) = self.decided(&evaluation, words);
            (verdict.word, dimensions)
        });
        let others: Vec<(Word, Vec<DimensionScore>)> = others.collect();
        let mut as_given = None;
        if !others.is_empty() {
            let given = verdict.word;
            let words_of = || others.iter().map(|(word, _)| *word);
            for (_, other) in &others {
                score::lower(&mut dimensions, other);
            }
            let word = verdict::lower(given, words_of());
            let silent = silent(&evaluation);
            verdict = verdict::decide(&evaluation.findings, &dimensions, &silent, words);
            if word != given {
                as_given = Some(given);
                let open = evaluation.checks.iter().filter(|check| check.is_open());
                let mut codes: Vec<String> = open.map(|check| check.code.clone()).collect();
                codes.dedup();
                let worst = words_of().fold(given, Word::max);
                verdict = Verdict {
                    word: given,
                    ..verdict
                };
                verdict = verdict::decide_unchecked(verdict, (word, worst), &codes, words);
            }
        }
        let receipt = self.receipt(proposal.value());
        let text = |path: &str| {
            proposal
                .value()
                .pointer(path)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let title = text("/program/title").or_else(|| text("/program/id"));
        let profile = &self.settings().name;
        Scorecard {
            proposal: ProposalInfo {
                id: text("/program/id").unwrap_or_default(),
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
            board: None,
            checks: evaluation.checks,
            as_given,
            problems: evaluation.problems,
            failures: evaluation.failures,
            derived: evaluation.derived,
            robustness: None,
            receipt,
            language: words.tag().to_owned(),
        }
    }

    /// Dimensions and verdict of what came out of judging a proposal once.
    fn decided(
        &self,
        evaluation: &Evaluation,
        words: &dyn Words,
    ) -> (Vec<DimensionScore>, Verdict) {
        let mut dimensions = score::dimensions(
            &evaluation.findings,
            &self.info().dimensions,
            self.settings(),
            &self.withdrawn(),
        );
        for dimension in &mut dimensions {
            if let Some(title) = words.find(Section::Dimensions, &dimension.id) {
                title.clone_into(&mut dimension.title);
            }
        }
        let silent = silent(evaluation);
        let verdict = verdict::decide(&evaluation.findings, &dimensions, &silent, words);
        (dimensions, verdict)
    }

    /// Adds to a scorecard how much of it depends on weights.
    pub fn add_robustness(&self, card: &mut Scorecard, draws: Draws) {
        let failed = !card.failures.is_empty()
            || card
                .findings
                .iter()
                .any(|found| found.outcome == Outcome::Error && found.kind == "rule");
        let model = Model::of(
            &card.findings,
            &card.dimensions,
            self.settings().levels,
            card.verdict.word,
            failed,
        );
        card.robustness = Some(Robustness::of(&model, draws));
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
            own(&rule.id).is_some_and(|own| own.disabled.is_some() || own.weight == Some(0.0))
        });
        withdrawn
            .map(|version| version.dimension().to_owned())
            .chain(of_plugins.map(|rule| folder(&rule.id)))
            .collect()
    }

    fn receipt(&self, proposal: &Value) -> Receipt {
        let mut files = BTreeMap::new();
        for pack in self.packs() {
            for (path, bytes) in pack.files.iter().filter(|(path, _)| takes_part(path)) {
                let known = pack.digests.get(path).cloned();
                let digest = known.unwrap_or_else(|| digest(&[bytes]));
                files.insert(format!("{}/{path}", pack.folder), digest);
            }
        }
        files.insert(
            "settings".to_owned(),
            digest(&[format!("{:?}", self.settings()).as_bytes()]),
        );
        let plugins = self.plugins.manifests().map(|(manifest, origin)| {
            let receipt = PluginReceipt {
                version: manifest.version.clone(),
                sha256: origin.sha256.clone(),
                mode: origin.mode.to_owned(),
                signer: origin.signer.clone(),
            };
            (manifest.id.clone(), receipt)
        });
        Receipt {
            engine: crate::VERSION.to_owned(),
            proposal: digest(&[&canonical(proposal)]),
            files,
            plugins: plugins.collect(),
        }
    }
}

/// The plugins that gave no answer.
fn silent(evaluation: &Evaluation) -> Vec<&str> {
    let failures = evaluation.failures.iter();
    let mut silent: Vec<&str> = failures.map(|failure| failure.plugin.as_str()).collect();
    silent.dedup();
    silent
}

/// Messages, and what else a finding says that is not from a rule's page, in a language.
fn translate(findings: &mut [Finding], words: &dyn Words, schema: &Schema) {
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
        if let Some(title) = words.find(Section::Titles, &finding.rule) {
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

/// Whether a file of a pack has a part in what comes out.
fn takes_part(path: &str) -> bool {
    !["bases/", "kinds/", "locales/"]
        .iter()
        .any(|folder| path.starts_with(folder))
}

/// The canonical JSON of a value, as RFC 8785 lays it down.
pub fn canonical(value: &Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

/// SHA-256 of some parts, in hexadecimal.
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
