//! From findings to points, levels and a verdict.
//!
//! Degrees and weights are counted in whole millionths of millionths, as a person with a pencil would, so that sums are exact and no order of
//! adding matters.

/// How much a rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It has no points unless it is given a weight.
    Info,
    /// A small matter.
    Minor,
    /// A large one.
    Major,
    /// One that stops a program.
    Critical,
}

impl Severity {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Info, Self::Minor, Self::Major, Self::Critical];

    /// The weight of a rule that says nothing else.
    pub fn weight(self) -> f64 {
        match self {
            Self::Critical => 4.0,
            Self::Major => 3.0,
            Self::Minor => 1.0,
            Self::Info => 0.0,
        }
    }

    /// Its word in a page and a profile.
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Info => "info",
        }
    }
}

/// What one rule found, as far as it counts.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a state by itself, as the description has them"
)]
pub struct Finding {
    /// The number of its dimension.
    pub dimension: usize,
    /// Whether it only asks the board something.
    pub prompt: bool,
    /// How much it matters.
    pub severity: Severity,
    /// Its weight.
    pub weight: f64,
    /// The degree at or under which a critical rule fails.
    pub gate: f64,
    /// Whether its question arises.
    pub applies: bool,
    /// The least degree that can come out.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// Whether the rule itself failed.
    pub error: bool,
    /// Whether the board lets the program off it.
    pub waived: bool,
    /// Whether the board disabled it: then nothing else of it counts.
    pub disabled: bool,
    /// Whether the board took its weight from it.
    pub weightless: bool,
}

impl Finding {
    /// A rule with the weight of its severity and the gate of 0.2, between two degrees.
    pub fn new(dimension: usize, severity: Severity, low: f64, high: f64) -> Self {
        Self {
            dimension,
            prompt: false,
            severity,
            weight: severity.weight(),
            gate: 0.2,
            applies: true,
            low,
            high,
            error: false,
            waived: false,
            disabled: false,
            weightless: false,
        }
    }

    /// Whether it takes part in its dimension at all.
    fn evaluated(&self) -> bool {
        !self.prompt && !self.disabled && !self.waived && self.applies
    }

    fn degree(&self, end: End) -> f64 {
        // A rule that failed could have said anything.
        match (end, self.error) {
            (End::Low, true) => 0.0,
            (End::High, true) => 1.0,
            (End::Low, false) => self.low,
            (End::High, false) => self.high,
        }
    }

    /// Whether it is a critical rule at or under its gate at this end.
    fn fails(&self, end: End) -> bool {
        self.severity == Severity::Critical
            && fixed(self.degree(end), DEGREE) <= fixed(self.gate, DEGREE) + DEGREE / BILLION
    }
}

/// What a board has set, as far as findings do not carry it.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The levels from the worst on, each with the whole points from which a dimension has it; the first has 0.
    pub scale: Vec<(String, i64)>,
    /// The points of each dimension under which it asks for revision.
    pub thresholds: Vec<i64>,
    /// Whether each dimension may go unjudged.
    pub not_judged: Vec<bool>,
}

impl Settings {
    /// The program's own, for a number of dimensions.
    pub fn new(dimensions: usize) -> Self {
        Self {
            scale: [("poor", 0), ("mixed", 45), ("good", 70)]
                .map(|(name, from)| (name.to_owned(), from))
                .to_vec(),
            thresholds: vec![45; dimensions],
            not_judged: vec![false; dimensions],
        }
    }
}

/// A recommendation, from the worst to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A critical rule fails whatever else is answered.
    Stop,
    /// What is open decides.
    Incomplete,
    /// A dimension has too few points.
    Revise,
    /// Nothing stands in the way.
    Proceed,
}

impl Verdict {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Incomplete => "incomplete",
            Self::Revise => "revise",
            Self::Proceed => "proceed",
        }
    }
}

/// The result for one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Whether a rule of it was evaluated.
    pub judged: bool,
    /// The points that are certain, and the most there can be; none where nothing has a weight.
    pub points: Option<(i64, i64)>,
    /// The numbers of the levels of both ends.
    pub levels: Option<(usize, usize)>,
    /// The share of the weight that is settled; none where nothing has a weight.
    pub completeness: Option<f64>,
    /// Whether a critical rule fails, at the low and at the high end.
    pub capped: (bool, bool),
}

/// The result for one proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The recommendation.
    pub verdict: Verdict,
    /// What it would be with everything that is open at its worst and at its best, if no rule had failed.
    pub ends: (Verdict, Verdict),
    /// The dimensions in their order.
    pub dimensions: Vec<Dimension>,
}

/// An error to be made on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// None: what the description says.
    None,
    /// What is open is left out of the sums, so that there is a score over what is known.
    OverTheKnown,
    /// What is open counts half.
    OpenIsHalf,
    /// A critical rule without weight caps nothing.
    CapNeedsWeight,
    /// A failed critical rule costs its points and nothing else.
    NoCap,
    /// A degree exactly at the gate passes.
    GateIsPassable,
    /// The cap lowers the level, and leaves the points.
    CapKeepsPoints,
    /// The first finding of a dimension counts twice.
    FirstCountsTwice,
    /// A prompt has points.
    PromptCounts,
    /// A rule that failed is left out.
    ErrorIsLeftOut,
    /// All rules are summed up in one dimension's points.
    DimensionsMix,
    /// The verdict looks at the low end alone.
    LowDecides,
    /// A waived rule stays in the sums.
    WaivedCounts,
    /// A dimension from which the board took all rules is a pass.
    NothingIsAPass,
}

impl Defect {
    /// All that break something.
    pub const ALL: [Self; 13] = [
        Self::OverTheKnown,
        Self::OpenIsHalf,
        Self::CapNeedsWeight,
        Self::NoCap,
        Self::GateIsPassable,
        Self::CapKeepsPoints,
        Self::FirstCountsTwice,
        Self::PromptCounts,
        Self::ErrorIsLeftOut,
        Self::DimensionsMix,
        Self::LowDecides,
        Self::WaivedCounts,
        Self::NothingIsAPass,
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Low,
    High,
}

const BILLION: i128 = 1_000_000_000;
/// One, of a degree.
const DEGREE: i128 = BILLION * 1000;
/// One, of a weight.
const WEIGHT: i128 = BILLION;

/// A decimal in whole parts.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "degrees and weights are small"
)]
fn fixed(value: f64, one: i128) -> i128 {
    (value * one as f64).round() as i128
}

/// Judges the findings of a proposal.
pub fn judge(findings: &[Finding], settings: &Settings) -> Judgement {
    judge_with(findings, settings, Defect::None)
}

/// The same, with an error made on purpose.
pub fn judge_with(findings: &[Finding], settings: &Settings, defect: Defect) -> Judgement {
    let findings = &with_defect(findings, defect);
    let dimensions: Vec<Dimension> = (0..settings.thresholds.len())
        .map(|index| dimension(findings, index, settings, defect))
        .collect();
    let low = at(End::Low, findings, &dimensions, settings, defect);
    let high = at(End::High, findings, &dimensions, settings, defect);
    let failed = findings.iter().any(|one| one.evaluated() && one.error);
    // A dimension in which nothing is settled is no better than one of which nothing was asked.
    let unsettled = |one: &Dimension| {
        let settled = one.completeness.is_none_or(|settled| settled > 0.0);
        one.points.is_none() || !settled
    };
    let nothing = dimensions.iter().all(unsettled);
    let left = dimensions.iter().enumerate().any(|(index, one)| {
        let dropped = |found: &Finding| {
            let taken = found.disabled || found.waived || found.weightless;
            !found.prompt && found.dimension == index && taken
        };
        let excused = settings.not_judged.get(index).copied().unwrap_or_default();
        let passes = excused || defect == Defect::NothingIsAPass;
        unsettled(one) && !passes && findings.iter().any(dropped)
    });
    let verdict = if defect == Defect::LowDecides {
        low
    } else if high == Verdict::Stop {
        Verdict::Stop
    } else if low != high || failed || nothing || left {
        Verdict::Incomplete
    } else {
        high
    };
    Judgement {
        verdict,
        ends: (low, high),
        dimensions,
    }
}

/// The verdict if everything that is open were at this end.
fn at(
    end: End,
    findings: &[Finding],
    dimensions: &[Dimension],
    settings: &Settings,
    defect: Defect,
) -> Verdict {
    let fails = |one: &Finding| one.evaluated() && fails(one, end, defect);
    if findings.iter().any(fails) {
        return Verdict::Stop;
    }
    let under = |(one, threshold): (&Dimension, &i64)| {
        let points = one.points.map(|(low, high)| match end {
            End::Low => low,
            End::High => high,
        });
        points.is_some_and(|points| points < *threshold)
    };
    if dimensions.iter().zip(&settings.thresholds).any(under) {
        Verdict::Revise
    } else {
        Verdict::Proceed
    }
}

fn fails(one: &Finding, end: End, defect: Defect) -> bool {
    match defect {
        Defect::NoCap => false,
        Defect::CapNeedsWeight if one.weight <= 0.0 => false,
        Defect::GateIsPassable => one.fails(end) && one.degree(end) < one.gate,
        _ => one.fails(end),
    }
}

fn dimension(findings: &[Finding], index: usize, settings: &Settings, defect: Defect) -> Dimension {
    let own = |one: &&Finding| {
        one.evaluated() && (one.dimension == index || defect == Defect::DimensionsMix)
    };
    let own: Vec<&Finding> = findings.iter().filter(own).collect();
    let capped = |end| own.iter().any(|one| fails(one, end, defect));
    let capped = (capped(End::Low), capped(End::High));
    // Where nothing has a weight there is no mean. A critical rule that fails leaves nothing all the same, and one that may hold, all.
    let bare = capped.0.then_some((0, if capped.1 { 0 } else { 100 }));
    let points = points(&own, End::Low).zip(points(&own, End::High)).or(bare);
    let most = settings.scale.get(1).map_or(100, |(_, from)| from - 1);
    let keep = defect == Defect::CapKeepsPoints;
    let limit = |points: i64, capped: bool| {
        if capped && !keep {
            points.min(most)
        } else {
            points
        }
    };
    let points = points.map(|(low, high)| (limit(low, capped.0), limit(high, capped.1)));
    let level = |points: i64, capped: bool| {
        let reached = settings.scale.iter().rposition(|(_, from)| *from <= points);
        if capped {
            0
        } else {
            reached.unwrap_or_default()
        }
    };
    let levels = points.map(|(low, high)| (level(low, capped.0), level(high, capped.1)));
    Dimension {
        judged: !own.is_empty(),
        points,
        levels,
        completeness: completeness(&own),
        capped,
    }
}

/// 100 · Σ w·s / Σ w in whole points, cut down, with a billionth added first.
fn points(findings: &[&Finding], end: End) -> Option<i64> {
    let mut whole = 0;
    let mut reached = 0;
    for one in findings {
        let weight = fixed(one.weight, WEIGHT);
        whole += weight * DEGREE;
        reached += weight * fixed(one.degree(end), DEGREE);
    }
    let points = (100 * reached + whole / BILLION).checked_div(whole)?;
    i64::try_from(points).ok()
}

/// Σ w·(1 − (high − low)) / Σ w.
#[expect(clippy::cast_precision_loss, reason = "a share needs no more")]
fn completeness(findings: &[&Finding]) -> Option<f64> {
    let mut whole = 0;
    let mut open = 0;
    for one in findings {
        let weight = fixed(one.weight, WEIGHT);
        whole += weight * DEGREE;
        open +=
            weight * (fixed(one.degree(End::High), DEGREE) - fixed(one.degree(End::Low), DEGREE));
    }
    (whole > 0).then(|| 1.0 - open as f64 / whole as f64)
}

/// The findings as an error would take them.
fn with_defect(findings: &[Finding], defect: Defect) -> Vec<Finding> {
    let mut findings = findings.to_vec();
    match defect {
        Defect::OverTheKnown => findings.retain(|one| !one.error && one.low >= one.high),
        Defect::OpenIsHalf => {
            for one in &mut findings {
                let half = f64::midpoint(one.degree(End::Low), one.degree(End::High));
                (one.low, one.high) = (half, half);
            }
        }
        Defect::ErrorIsLeftOut => findings.retain(|one| !one.error),
        Defect::PromptCounts => findings.iter_mut().for_each(|one| one.prompt = false),
        Defect::WaivedCounts => findings.iter_mut().for_each(|one| one.waived = false),
        Defect::FirstCountsTwice => findings.extend(findings.first().cloned()),
        _ => {}
    }
    findings
}

/// The judgement where something odd is to be checked: as given, and by the other readings of the proposal. What is lower counts, and a
/// `proceed` or `revise` that would change becomes `incomplete`.
#[must_use]
pub fn lowered(given: &Judgement, others: &[Judgement]) -> Judgement {
    let mut result = given.clone();
    let mut verdict = given.verdict;
    let lower = |own: (i64, i64), other: i64| (own.0.min(other), own.1);
    for other in others {
        verdict = verdict.min(other.verdict);
        for (own, other) in result.dimensions.iter_mut().zip(&other.dimensions) {
            own.judged |= other.points.is_some();
            // A cap of another reading is named where that reading is the lower one.
            let low = |one: &Dimension| one.points.map_or(i64::MAX, |(low, _)| low);
            own.capped.0 |= other.capped.0 && low(other) < low(own);
            // What is in doubt is not settled.
            own.completeness = match (own.completeness, other.completeness) {
                (Some(own), Some(other)) => Some(own.min(other)),
                (own, other) => own.or(other),
            };
            own.points = match (own.points, other.points) {
                (Some(own), Some((low, _))) => Some(lower(own, low)),
                (own, other) => own.or(other),
            };
            own.levels = match (own.levels, other.levels) {
                (Some((low, high)), Some((other, _))) => Some((low.min(other), high)),
                (own, other) => own.or(other),
            };
        }
    }
    let settled = matches!(given.verdict, Verdict::Proceed | Verdict::Revise);
    result.verdict = if settled && verdict < given.verdict {
        Verdict::Incomplete
    } else {
        verdict
    };
    result
}
