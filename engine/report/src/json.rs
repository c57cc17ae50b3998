//! The scorecard as JSON, in the published form; see `evenhand schema scorecard`.

mod robustness;
mod waivers;

use crate::contested;
use crate::formats::Entry;
use evenhand_core::board::{BoardChanges, Judgement};
use evenhand_core::checks::{Check, Settled};
use evenhand_core::finding::{Evidence, Finding, Outcome, Quote};
use evenhand_core::receipt::Receipt;
use evenhand_core::score::{DimensionScore, Level};
use evenhand_core::scorecard::{SCHEMA_VERSION, Scorecard};
use evenhand_core::settings::Obliged;
use evenhand_core::verdict::Word;
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::text::{pretty_json, visible_json};
use evenhand_document::document::Document;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The published form as a JSON Schema: of one scorecard, of what stands in place of one that was refused, and of a list of both.
pub const SCHEMA: &str = include_str!("../schemas/scorecard.json");

/// One scorecard as indented JSON with a line break at the end.
pub fn render(card: &Scorecard, proposal: &Document) -> String {
    pretty_json(&wire(card, proposal))
}

/// One scorecard as one line of JSON, for streams.
pub fn line(card: &Scorecard, proposal: &Document) -> String {
    let text = serde_json::to_string(&wire(card, proposal)).unwrap_or_default();
    let mut text = visible_json(&text);
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Wire<'a> {
    schema_version: u32,
    locale: &'a str,
    engine: Engine,
    proposal: Proposal<'a>,
    profile: &'a str,
    verdict: VerdictWire<'a>,
    /// The levels from the worst on, where they are a scale of the board's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<StepWire<'a>>>,
    dimensions: Vec<Dimension<'a>>,
    findings: Vec<FindingWire<'a>>,
    disabled: Vec<Disabled<'a>>,
    overrides: Vec<OverrideWire<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    obligations: Vec<ObligationWire<'a>>,
    waivers: Vec<waivers::Waived<'a>>,
    attestations_aged: Vec<waivers::Aged<'a>>,
    board_changes: Option<BoardWire<'a>>,
    checks: Vec<CheckWire<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contested: Vec<contested::Fact>,
    problems: Vec<ProblemWire<'a>>,
    derived: &'a Value,
    robustness: Option<robustness::Wire<'a>>,
    receipt: ReceiptWire<'a>,
}

#[derive(Serialize)]
struct Engine {
    name: &'static str,
    version: &'static str,
}

const ENGINE: Engine = Engine {
    name: "evenhand",
    version: evenhand_core::VERSION,
};

#[derive(Serialize)]
struct Proposal<'a> {
    id: &'a str,
    title: &'a str,
    file: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct VerdictWire<'a> {
    word: &'static str,
    /// The board's word, where it has one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    reason: &'a str,
    decided_by: &'a [String],
    would_help: &'a [String],
    without_waivers: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_given: Option<&'static str>,
}

#[derive(Serialize)]
struct StepWire<'a> {
    level: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    from: Value,
}

#[derive(Serialize)]
struct Dimension<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    state: &'static str,
    level: Option<&'a str>,
    level_low: Option<&'a str>,
    level_high: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level_low_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level_high_title: Option<&'a str>,
    low: Option<u8>,
    high: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    numbers: Option<bool>,
    completeness: Value,
    threshold: Option<Value>,
    capped_by: Option<&'a str>,
    not_judged: Option<&'a str>,
}

#[derive(Serialize)]
struct FindingWire<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    plugin: Option<&'a str>,
    title: &'a str,
    kind: &'static str,
    dimension: &'a str,
    severity: &'static str,
    weight: Value,
    outcome: &'static str,
    degree: Option<Value>,
    low: Value,
    high: Value,
    message: String,
    template: &'a str,
    args: BTreeMap<&'a str, &'a Value>,
    evidence: Vec<EvidenceWire<'a>>,
    missing: Vec<&'a str>,
    /// Left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    imprecise: Vec<&'a str>,
    remedy: Vec<ChangeWire<'a>>,
    help: &'a str,
    sources: Vec<String>,
    limits: &'a str,
    waiver: Option<waivers::Wire<'a>>,
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct EvidenceWire<'a> {
    path: &'a str,
    value: &'a Value,
    line: Option<usize>,
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    attested_by: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<EvidenceWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<&'a Quote>,
}

#[derive(Serialize)]
struct ChangeWire<'a> {
    path: &'a str,
    value: &'a Value,
}

#[derive(Serialize)]
struct Disabled<'a> {
    rule: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct OverrideWire<'a> {
    rule: &'a str,
    decision: &'a str,
}

/// What is to be done, and the verdict or the level it follows from.
#[derive(Serialize)]
struct ObligationWire<'a> {
    text: &'a str,
    verdict: Option<&'static str>,
    dimension: Option<&'a str>,
    level: Option<&'a str>,
}

fn obligation(one: &Obliged) -> ObligationWire<'_> {
    let level = one.level.as_ref();
    ObligationWire {
        text: &one.text,
        verdict: one.verdict.map(Word::word),
        dimension: level.map(|(id, _)| id.as_str()),
        level: level.map(|(_, level)| level.word()),
    }
}

#[derive(Serialize)]
struct BoardWire<'a> {
    baseline: Option<JudgementWire<'a>>,
    differs: bool,
    changes: Vec<BoardChangeWire<'a>>,
    together: Vec<&'a str>,
}

#[derive(Serialize)]
struct BoardChangeWire<'a> {
    what: &'a str,
    from: &'a str,
    to: &'a str,
    reason: Option<&'a str>,
    needs_reason: bool,
    only: Option<JudgementWire<'a>>,
    without: Option<JudgementWire<'a>>,
}

#[derive(Serialize)]
struct JudgementWire<'a> {
    verdict: &'static str,
    dimensions: Vec<LevelWire<'a>>,
}

#[derive(Serialize)]
struct LevelWire<'a> {
    id: &'a str,
    level_low: Option<&'a str>,
    level_high: Option<&'a str>,
}

fn overrides(card: &Scorecard) -> Vec<OverrideWire<'_>> {
    let overrides = card.board.iter().flat_map(|board| &board.overrides);
    overrides
        .map(|overriding| OverrideWire {
            rule: &overriding.rule,
            decision: &overriding.decision,
        })
        .collect()
}

fn board(board: &BoardChanges) -> BoardWire<'_> {
    let name = |index: &usize| Some(board.changes.get(*index)?.what.as_str());
    BoardWire {
        baseline: board.baseline.as_ref().map(judgement),
        differs: board.differs,
        changes: board
            .changes
            .iter()
            .map(|change| BoardChangeWire {
                what: &change.what,
                from: &change.from,
                to: &change.to,
                reason: change.reason.as_deref(),
                needs_reason: change.needs_reason,
                only: change.only.as_ref().map(judgement),
                without: change.without.as_ref().map(judgement),
            })
            .collect(),
        together: board.together.iter().filter_map(name).collect(),
    }
}

fn judgement(judgement: &Judgement) -> JudgementWire<'_> {
    JudgementWire {
        verdict: judgement.verdict.word(),
        dimensions: judgement
            .levels
            .iter()
            .map(|(id, level)| LevelWire {
                id,
                level_low: level.as_ref().map(|(low, _)| low.word()),
                level_high: level.as_ref().map(|(_, high)| high.word()),
            })
            .collect(),
    }
}

#[derive(Serialize)]
struct CheckWire<'a> {
    code: &'a str,
    plugin: Option<&'a str>,
    question: String,
    template: &'a str,
    args: BTreeMap<&'a str, &'a Value>,
    compares: Vec<EvidenceWire<'a>>,
    values: BTreeMap<String, &'a Value>,
    doubts: Vec<&'a str>,
    reading: Option<ReadingWire<'a>>,
    settled: Option<SettledWire<'a>>,
    outdated: bool,
}

#[derive(Serialize)]
struct ReadingWire<'a> {
    says: &'a str,
    changes: Vec<ChangeWire<'a>>,
}

#[derive(Serialize)]
struct SettledWire<'a> {
    by: &'a str,
    on: &'a str,
    self_declared: bool,
}

fn check<'a>(check: &'a Check, proposal: &Document) -> CheckWire<'a> {
    let args = check.question.args.iter();
    let compares = check.compares.iter();
    let settled = |settled: &'a Settled| SettledWire {
        by: &settled.by,
        on: &settled.on,
        self_declared: settled.self_declared,
    };
    CheckWire {
        code: &check.code,
        plugin: check.plugin.as_deref(),
        question: check.question.text(),
        template: &check.question.template,
        args: args.map(|(name, value)| (name.as_str(), value)).collect(),
        compares: compares.map(|fact| evidence(fact, proposal)).collect(),
        values: check.values(),
        doubts: check
            .doubts
            .iter()
            .map(evenhand_diagnostic::pointer::Pointer::as_str)
            .collect(),
        reading: check.reading.as_ref().map(|reading| ReadingWire {
            says: &reading.says,
            changes: reading
                .changes
                .iter()
                .map(|change| ChangeWire {
                    path: change.path.as_str(),
                    value: &change.value,
                })
                .collect(),
        }),
        settled: check.settled.as_ref().map(settled),
        outdated: check.outdated,
    }
}

#[derive(Serialize)]
pub(crate) struct ProblemWire<'a> {
    severity: &'static str,
    /// The same in every language; `evenhand explain CODE` says what it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    path: Option<&'a str>,
    expected: Option<&'a str>,
    suggestion: Option<&'a str>,
}

#[derive(Serialize)]
struct ReceiptWire<'a> {
    engine: &'a str,
    proposal: &'a str,
    date: Option<&'a str>,
    files: &'a BTreeMap<String, String>,
    plugins: BTreeMap<&'a str, PluginWire<'a>>,
    seed: Option<u64>,
}

#[derive(Serialize)]
struct PluginWire<'a> {
    version: &'a str,
    sha256: &'a str,
    mode: &'a str,
    signer: Option<&'a str>,
}

fn wire<'a>(card: &'a Scorecard, proposal: &Document) -> Wire<'a> {
    Wire {
        schema_version: SCHEMA_VERSION,
        locale: &card.language,
        engine: ENGINE,
        proposal: Proposal {
            id: &card.proposal.id,
            title: &card.proposal.title,
            file: &card.proposal.file,
            sha256: &card.proposal.sha256,
        },
        profile: &card.profile,
        verdict: VerdictWire {
            word: card.verdict.word.word(),
            title: card.names.verdict(card.verdict.word),
            reason: &card.verdict.reason,
            decided_by: &card.verdict.decided_by,
            would_help: &card.verdict.would_help,
            without_waivers: card
                .without_waivers
                .as_ref()
                .map(|without| without.verdict.word()),
            as_given: card.as_given.map(Word::word),
        },
        levels: card.levels.is_own().then(|| scale(card)),
        dimensions: card
            .dimensions
            .iter()
            .map(|score| dimension(score, card))
            .collect(),
        findings: card
            .findings
            .iter()
            .map(|found| finding(found, proposal))
            .collect(),
        disabled: card
            .disabled
            .iter()
            .map(|rule| Disabled {
                rule: &rule.id,
                reason: &rule.reason,
            })
            .collect(),
        overrides: overrides(card),
        obligations: card.obligations.iter().map(obligation).collect(),
        waivers: card.waivers.iter().map(waivers::standing).collect(),
        attestations_aged: card.aged.iter().map(waivers::aged).collect(),
        board_changes: card.board.as_ref().map(board),
        checks: card
            .checks
            .iter()
            .map(|found| check(found, proposal))
            .collect(),
        contested: contested::facts(proposal),
        problems: problems(card),
        derived: &card.derived,
        robustness: card
            .robustness
            .as_ref()
            .map(|found| robustness::wire(found, card)),
        receipt: receipt(card),
    }
}

fn scale(card: &Scorecard) -> Vec<StepWire<'_>> {
    let steps = card.levels.steps().iter();
    let steps = steps.map(|step| StepWire {
        level: step.level.word(),
        title: card.names.level(step.level),
        from: decimal(step.from),
    });
    steps.collect()
}

fn dimension<'a>(score: &'a DimensionScore, card: &'a Scorecard) -> Dimension<'a> {
    let (low, high) = (score.level_low.as_ref(), score.level_high.as_ref());
    let title = |level: Option<&Level>| level.and_then(|level| card.names.level(*level));
    let shown = score.shown();
    Dimension {
        id: &score.id,
        title: card.names.dimensions.get(&score.id).map(String::as_str),
        state: score.state.as_str(),
        level: low.filter(|low| Some(*low) == high).map(Level::word),
        level_low: low.map(Level::word),
        level_high: high.map(Level::word),
        level_low_title: title(low),
        level_high_title: title(high),
        low: shown.map(|(low, _)| low),
        high: shown.map(|(_, high)| high),
        numbers: score.no_numbers.then_some(false),
        completeness: decimal((score.completeness * 100.0).round() / 100.0),
        threshold: (!score.no_numbers).then(|| decimal(score.threshold)),
        capped_by: score.capped_by.as_deref(),
        not_judged: score.not_judged.as_deref(),
    }
}

fn finding<'a>(found: &'a Finding, proposal: &Document) -> FindingWire<'a> {
    let decided = !matches!(
        found.outcome,
        Outcome::Unknown | Outcome::NotApplicable | Outcome::Error
    );
    FindingWire {
        rule: &found.rule,
        plugin: found.plugin.as_deref(),
        title: &found.title,
        kind: found.kind,
        dimension: &found.dimension,
        severity: found.severity.word(),
        weight: decimal(found.weight),
        outcome: found.outcome.word(),
        degree: decided.then(|| decimal(found.degree.low)),
        low: decimal(found.degree.low),
        high: decimal(found.degree.high),
        message: found.message.text(),
        template: &found.message.template,
        args: found
            .message
            .args
            .iter()
            .map(|(name, value)| (name.as_str(), value))
            .collect(),
        evidence: found
            .evidence
            .iter()
            .map(|fact| evidence(fact, proposal))
            .collect(),
        missing: found
            .missing
            .iter()
            .map(evenhand_diagnostic::pointer::Pointer::as_str)
            .collect(),
        imprecise: found
            .imprecise
            .iter()
            .map(evenhand_diagnostic::pointer::Pointer::as_str)
            .collect(),
        remedy: found
            .remedy
            .iter()
            .map(|change| ChangeWire {
                path: change.path.as_str(),
                value: &change.value,
            })
            .collect(),
        help: &found.help,
        sources: found.sources.iter().map(ToString::to_string).collect(),
        limits: &found.limits,
        waiver: found.waiver.as_ref().map(waivers::waiver),
        error: found.error.as_deref(),
    }
}

fn evidence<'a>(fact: &'a Evidence, proposal: &Document) -> EvidenceWire<'a> {
    let place = proposal.place(&fact.path);
    EvidenceWire {
        path: fact.path.as_str(),
        value: &fact.value,
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        cell: proposal.cell(&fact.path).map(ToString::to_string),
        attested_by: &fact.attested_by,
        inputs: fact
            .inputs
            .iter()
            .map(|input| evidence(input, proposal))
            .collect(),
        quote: fact.quote.as_ref(),
    }
}

fn problems(card: &Scorecard) -> Vec<ProblemWire<'_>> {
    let own = card.problems.iter().map(problem_wire);
    let failed = card.failures.iter().map(|failure| ProblemWire {
        severity: "error",
        code: None,
        message: &failure.message,
        file: Some(&failure.plugin),
        line: None,
        column: None,
        cell: None,
        path: None,
        expected: None,
        suggestion: None,
    });
    own.chain(failed).collect()
}

pub(crate) fn problem_wire(problem: &Problem) -> ProblemWire<'_> {
    ProblemWire {
        severity: if problem.is_error() {
            "error"
        } else {
            "warning"
        },
        code: problem.code(),
        message: &problem.message,
        file: problem.file.as_deref(),
        line: problem.place.map(|place| place.line),
        column: problem.place.map(|place| place.column),
        cell: problem.cell.as_ref().map(ToString::to_string),
        path: problem
            .path
            .as_ref()
            .map(evenhand_diagnostic::pointer::Pointer::as_str),
        expected: problem.expected.as_deref(),
        suggestion: problem.suggestion.as_deref(),
    }
}

fn receipt(card: &Scorecard) -> ReceiptWire<'_> {
    let receipt: &Receipt = &card.receipt;
    ReceiptWire {
        engine: &receipt.engine,
        proposal: &receipt.proposal,
        date: receipt.date.as_deref(),
        files: &receipt.files,
        plugins: receipt
            .plugins
            .iter()
            .map(|(id, plugin)| {
                let wire = PluginWire {
                    version: &plugin.version,
                    sha256: &plugin.sha256,
                    mode: &plugin.mode,
                    signer: plugin.signer.as_deref(),
                };
                (id.as_str(), wire)
            })
            .collect(),
        seed: card.robustness.as_ref().map(|found| found.draws.seed),
    }
}

/// Whole numbers without a point; others as they are.
fn decimal(value: f64) -> Value {
    evenhand_diagnostic::text::json_number(value).unwrap_or(Value::Null)
}

/// What stands in place of a scorecard where there is none: no verdict, and why.
#[derive(Serialize)]
struct RefusedWire<'a> {
    schema_version: u32,
    engine: Engine,
    proposal: RefusedProposal<'a>,
    verdict: Option<&'static str>,
    diagnostics: Vec<ProblemWire<'a>>,
}

#[derive(Serialize)]
struct RefusedProposal<'a> {
    file: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum EntryWire<'a> {
    Card(Box<Wire<'a>>),
    Refused(RefusedWire<'a>),
}

impl<'a> EntryWire<'a> {
    fn of(entry: &Entry<'a>) -> Self {
        match entry {
            Entry::Judged(judged) => Self::Card(Box::new(wire(judged.card, judged.proposal))),
            Entry::Refused {
                name: file,
                problems,
            } => Self::Refused(RefusedWire {
                schema_version: SCHEMA_VERSION,
                engine: ENGINE,
                proposal: RefusedProposal { file },
                verdict: None,
                diagnostics: problems.iter().map(problem_wire).collect(),
            }),
        }
    }
}

/// What was asked for as indented JSON: one entry as an object, several as a list in the order in which they were
/// asked for. The shape depends on what was asked for, never on what could be read.
pub fn render_entries(entries: &[Entry<'_>]) -> String {
    match entries {
        [one] => pretty_json(&EntryWire::of(one)),
        many => {
            let list: Vec<EntryWire<'_>> = many.iter().map(EntryWire::of).collect();
            pretty_json(&list)
        }
    }
}
