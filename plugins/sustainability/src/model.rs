//! The model: one year after the other, does the money hold, do the partners stay, is somebody left to run it, does it
//! outlive a crisis; and does what was built at the host keep.
//!
//! A lane is one draw. Every step combines lanes with "and" and "or" of good luck only, never "not": whatever makes one
//! chance better can only keep more lanes alive. That, and the same luck for every scenario, makes the model monotone.

use crate::draws::{Draws, WHOLE};
use crate::rates::{Name, Rates, Reading};

/// More partners than this make no difference: two of four nearly always stay.
const PARTNERS: usize = 4;
/// More people at a partner than this make no difference: one of three is nearly always there.
const PEOPLE: usize = 3;
const PER_PARTNER: usize = 1 + PEOPLE;
/// Events of a year before those of the partners: source, rest, crisis, capacity.
const COMMON: usize = 4;
const PER_YEAR: usize = COMMON + PARTNERS * PER_PARTNER;
/// Events of the whole program: others carry it, a budget takes it over, it is handed over.
const ONCE: usize = 3;

/// What the model has to know of a program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Program {
    pub(crate) duration_years: f64,
    pub(crate) secured_years: f64,
    pub(crate) largest_source_share: f64,
    pub(crate) after_funding: After,
    /// Partners that take part, funders not counted.
    pub(crate) partners: usize,
    pub(crate) agreement: Agreement,
    pub(crate) relationship_years: f64,
    /// At each partner, people able to run it.
    pub(crate) champions: usize,
    pub(crate) embedded: bool,
    /// Whether somebody travels, so that a crisis can stop it.
    pub(crate) travel: bool,
    pub(crate) disruption_plan: bool,
}

/// What the model has to know of what is built at the host.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Built {
    pub(crate) capacity: Capacity,
    pub(crate) local_trainer_share: f64,
}

/// What happens when the funding ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    None,
    Stated,
    InstitutionalBudget,
}

/// What binds the partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    None,
    Informal,
    Mou,
    Contract,
}

/// What is built at the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Capacity {
    None,
    AdHoc,
    Structured,
    Institutional,
}

/// How a scenario came out: in how many draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The program stands after its years.
    pub(crate) program: u32,
    /// Every partner always had somebody to run it.
    pub(crate) people: u32,
    /// For each year, the draws in which the program is still alive.
    alive: Vec<Vec<u64>>,
}

/// How many random events a run over so many years needs.
pub(crate) fn events(horizon: usize) -> usize {
    ONCE + horizon * PER_YEAR
}

/// For how many years a program of that planned length is followed: to its planned end or the horizon.
pub(crate) fn followed(duration_years: f64, horizon: usize) -> usize {
    (1..horizon)
        .find(|years| from_count(*years) >= duration_years)
        .unwrap_or(horizon)
}

/// One scenario: the rates in one reading, and the luck.
#[derive(Debug)]
pub(crate) struct Scenario<'a> {
    pub(crate) draws: &'a mut Draws,
    pub(crate) rates: &'a Rates,
    pub(crate) reading: Reading,
    pub(crate) horizon: usize,
}

impl Scenario<'_> {
    /// Runs the program year by year.
    pub(crate) fn run(&mut self, program: &Program) -> Outcome {
        let years = followed(program.duration_years, self.horizon);
        let (mut with_source, mut money, mut alive, mut people) = (
            self.draws.everywhere(),
            self.draws.everywhere(),
            self.draws.everywhere(),
            self.draws.everywhere(),
        );
        let mut partners = self.partners(program);
        let mut by_year = Vec::with_capacity(years);
        for year in 0..years {
            self.money(program, year, &mut with_source, &mut money);
            let together = self.together(program, year, &mut partners, &mut people);
            and(&mut alive, &money);
            and(&mut alive, &together);
            let crisis = self.crisis(program);
            and(&mut alive, self.luck(year, 2, crisis));
            by_year.push(alive.clone());
        }
        Outcome {
            program: self.draws.set(&alive),
            people: self.draws.set(&people),
            alive: by_year,
        }
    }

    /// Runs what was built at the host through all years of the horizon, beside a program that came out so.
    pub(crate) fn run_built(&mut self, built: &Built, program: &Outcome) -> u32 {
        let fades = match built.capacity {
            Capacity::None => return 0,
            Capacity::AdHoc => Name::AdHocFades,
            Capacity::Structured => Name::StructuredFades,
            Capacity::Institutional => Name::InstitutionalFades,
        };
        let alone = self.rate(fades);
        let supported = alone * self.rate(Name::SupportedFades);
        let (foreign, local) = (
            self.rate(Name::HandoverFailsForeign),
            self.rate(Name::HandoverFailsLocal),
        );
        let lost = foreign - (foreign - local) * built.local_trainer_share;
        let handed_over = self.lanes(2, 1.0 - lost);
        let mut stands = self.draws.everywhere();
        let nowhere = self.draws.nowhere();
        for year in 0..self.horizon {
            let running = program.alive.get(year).unwrap_or(&nowhere);
            let mut kept = running.clone();
            or(&mut kept, &handed_over);
            and(&mut stands, &kept);
            let mut kept = running.clone();
            and(&mut kept, self.luck(year, 3, 1.0 - supported));
            or(&mut kept, self.luck(year, 3, 1.0 - alone));
            and(&mut stands, &kept);
        }
        self.draws.set(&stands)
    }

    /// The source holds or leaves; once it has left, a budget or the others must carry the program every year.
    fn money(
        &mut self,
        program: &Program,
        year: usize,
        with_source: &mut [u64],
        money: &mut [u64],
    ) {
        let secured = (program.secured_years - from_count(year)).clamp(0.0, 1.0);
        let (early, later) = (
            self.rate(Name::SourceLeavesEarly),
            self.rate(Name::SourceLeaves),
        );
        and(
            with_source,
            self.luck(year, 0, 1.0 - later + (later - early) * secured),
        );
        let no_takeover = self.rate(match program.after_funding {
            After::None => Name::NoTakeoverWithoutPlan,
            After::Stated => Name::NoTakeoverStated,
            After::InstitutionalBudget => Name::NoTakeoverBudgeted,
        });
        let (cut, stop) = (self.rate(Name::BudgetCut), self.rate(Name::OthersLeave));
        let mut taken_over = self.lanes(1, 1.0 - no_takeover);
        and(&mut taken_over, self.luck(year, 1, 1.0 - cut));
        let mut carried = self.lanes(0, 1.0 - program.largest_source_share);
        and(&mut carried, self.luck(year, 1, 1.0 - stop));
        or(&mut carried, &taken_over);
        or(&mut carried, with_source);
        and(money, &carried);
    }

    /// The partners at the start, each with its people.
    fn partners(&self, program: &Program) -> Vec<Partner> {
        let full = |filled: bool| {
            if filled {
                self.draws.everywhere()
            } else {
                self.draws.nowhere()
            }
        };
        // Where nobody can run it there is still one place to fill.
        let places = program.champions.clamp(1, PEOPLE);
        let partner = || Partner {
            stays: self.draws.everywhere(),
            people: vec![full(program.champions > 0); places],
        };
        (0..program.partners.min(PARTNERS))
            .map(|_| partner())
            .collect()
    }

    /// Whether enough partners are there: two, or the only one.
    fn together(
        &mut self,
        program: &Program,
        year: usize,
        partners: &mut [Partner],
        people: &mut [u64],
    ) -> Vec<u64> {
        let new = self.rate(match program.agreement {
            Agreement::None => Name::PartnerLeavesUnagreed,
            Agreement::Informal => Name::PartnerLeavesInformal,
            Agreement::Mou => Name::PartnerLeavesMou,
            Agreement::Contract => Name::PartnerLeavesContract,
        });
        let old = self.rate(Name::OldPartnerLeaves);
        let grown = (program.relationship_years / 10.0).clamp(0.0, 1.0);
        let leaves = if program.partners > 1 {
            new * (1.0 - (1.0 - old) * grown)
        } else {
            0.0
        };
        let person_leaves = self.rate(Name::PersonLeaves);
        let empty = self.rate(if program.embedded {
            Name::PostStaysEmptyEmbedded
        } else {
            Name::PostStaysEmpty
        });
        let (mut one, mut two) = (self.draws.nowhere(), self.draws.nowhere());
        for (index, partner) in partners.iter_mut().enumerate() {
            let first = COMMON + index * PER_PARTNER;
            and(&mut partner.stays, self.luck(year, first, 1.0 - leaves));
            let mut somebody = self.draws.nowhere();
            for (place, person) in partner.people.iter_mut().enumerate() {
                let event = first + 1 + place;
                and(person, self.luck(year, event, 1.0 - person_leaves * empty));
                or(person, self.luck(year, event, 1.0 - empty));
                or(&mut somebody, person);
            }
            and(people, &somebody);
            and(&mut partner.stays, &somebody);
            let mut both = one.clone();
            and(&mut both, &partner.stays);
            or(&mut two, &both);
            or(&mut one, &partner.stays);
        }
        if program.partners > 1 { two } else { one }
    }

    fn crisis(&self, program: &Program) -> f64 {
        let lost = match (program.travel, program.disruption_plan) {
            (false, _) => 0.0,
            (true, true) => self.rate(Name::LostInDisruptionPlanned),
            (true, false) => self.rate(Name::LostInDisruption),
        };
        1.0 - self.rate(Name::Disruption) * lost
    }

    fn rate(&self, name: Name) -> f64 {
        self.rates.get(name, self.reading)
    }

    /// The draws that are lucky in one event of a year.
    fn luck(&mut self, year: usize, event: usize, chance: f64) -> &[u64] {
        let event = ONCE + year * PER_YEAR + event;
        let threshold = threshold(chance);
        self.draws.prepare(event, threshold);
        self.draws.below(event, threshold)
    }

    /// The draws that are lucky in one event of the whole program.
    fn lanes(&mut self, event: usize, chance: f64) -> Vec<u64> {
        let threshold = threshold(chance);
        self.draws.prepare(event, threshold);
        self.draws.below(event, threshold).to_vec()
    }
}

#[derive(Debug)]
struct Partner {
    stays: Vec<u64>,
    people: Vec<Vec<u64>>,
}

fn and(lanes: &mut [u64], other: &[u64]) {
    lanes
        .iter_mut()
        .zip(other)
        .for_each(|(lane, other)| *lane &= other);
}

fn or(lanes: &mut [u64], other: &[u64]) {
    lanes
        .iter_mut()
        .zip(other)
        .for_each(|(lane, other)| *lane |= other);
}

/// A chance in 65,536ths; the product of whole numbers and halves, so the same everywhere.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=65536"
)]
fn threshold(chance: f64) -> u32 {
    (chance.clamp(0.0, 1.0) * f64::from(WHOLE) + 0.5) as u32
}

/// A small count as a number.
#[expect(clippy::cast_precision_loss, reason = "years, at most dozens")]
fn from_count(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
