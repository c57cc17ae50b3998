//! Whole judgements of made-up packs, boards and proposals: every rule over everything that missing facts can be, then the
//! scorecard, then what the board changed.

use crate::engine;
use evenhand_core::board::BoardChanges;
use evenhand_core::date::Date;
use evenhand_core::document::{Document, Format};
use evenhand_core::executor::Sequential;
use evenhand_core::finding::{Finding as Found, Outcome};
use evenhand_core::pack::PackFiles;
use evenhand_core::profile::Profile;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::scorecard::Scorecard;
use evenhand_reference::board::{Comparison, shown};
use evenhand_reference::generate::{Change, Draws, Pack, changes, pack, proposal};
use evenhand_reference::judge::{Judgement, judge, lowered};
use evenhand_reference::rules::{Range, Value};
use evenhand_reference::write;
use evenhand_session::{Distribution, Session};
use std::sync::Arc;

/// Rules of which more than so many combinations are missing are not narrowed by the engine.
const NARROWED: usize = 64;

/// A made-up pack and board, with the session that judges by them.
pub(crate) struct World {
    pub(crate) pack: Pack,
    changes: Vec<Change>,
    session: Session,
}

impl World {
    pub(crate) fn made(draws: &mut Draws) -> Self {
        let pack = pack(draws);
        let changes = changes(draws, &pack);
        Self::of(pack, changes, &write::Files::new())
    }

    /// A pack with some of its files replaced.
    pub(crate) fn of(pack: Pack, changes: Vec<Change>, files: &write::Files) -> Self {
        let session = session(&pack, &changes, files).unwrap_or_else(|what| {
            panic!(
                "{what}\n{}\n{:?}",
                write::profile(&pack, &changes),
                write::pack(&pack)
            )
        });
        Self {
            pack,
            changes,
            session,
        }
    }

    fn book(&self) -> &Rulebook {
        self.session.rulebook()
    }

    pub(crate) fn judged(&self, proposal: &[Value]) -> Scorecard {
        self.judged_text(&write::proposal(proposal))
    }

    /// The same of a proposal as somebody wrote it.
    pub(crate) fn judged_text(&self, text: &str) -> Scorecard {
        let document = Document::parse("made-up.json", text.as_bytes(), Format::Json);
        let document = document.unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
        assert_eq!(self.book().check_document(&document), [], "{text}");
        self.book().judge(&document)
    }
}

fn files(folder: &str, files: write::Files, bundled: bool) -> PackFiles {
    let files = files
        .into_iter()
        .map(|(path, text)| (path, text.into_bytes().into()));
    PackFiles {
        folder: folder.to_owned(),
        files: files.collect(),
        bundled,
        reason: (!bundled).then(|| "why".to_owned()),
        ..PackFiles::default()
    }
}

fn session(pack: &Pack, changes: &[Change], replaced: &write::Files) -> Result<Session, String> {
    let mut own = write::pack(pack);
    own.extend(replaced.clone());
    let mut packs = vec![files("made-up", own, true)];
    packs.extend(write::board_pack(pack, changes).map(|own| files("board", own, false)));
    let said = |problems: Vec<_>| format!("{problems:#?}");
    let text = write::profile(pack, changes);
    let document = Profile::document_of("evenhand.toml", text.as_bytes()).map_err(said)?;
    let profile = Profile::read(document).map_err(said)?;
    let distribution = Distribution {
        packs,
        plugins: Vec::new(),
    };
    let date = Date::read("2026-11-26");
    Session::open_on(distribution, Some(&profile), date, Arc::new(Sequential)).map_err(said)
}

/// The id under which a finding of the engine has a page of the pack.
fn found<'a>(card: &'a Scorecard, pack: &Pack, page: usize) -> Option<&'a Found> {
    let id = write::rule(pack, page);
    card.findings.iter().find(|finding| finding.rule == id)
}

/// What came out of each page of the pack.
struct Ranges {
    /// The degrees; none where the question does not arise.
    of: Vec<Option<(f64, f64)>>,
    /// Whether they hold for pages as well that the board took out of sight.
    sure: bool,
}

/// The engine's findings, where they lie within what can come out; what is wrong otherwise.
fn ranges(world: &World, proposal: &[Value], card: &Scorecard) -> Result<Ranges, String> {
    let mut ranges = Ranges {
        of: Vec::new(),
        sure: true,
    };
    for (index, page) in world.pack.pages.iter().enumerate() {
        let own = page.rule.range(&world.pack.fields, proposal);
        let exact = own
            .as_ref()
            .is_some_and(|own| own.exact && own.tried <= NARROWED);
        let replaced = world.changes.contains(&Change::Replaced(index));
        let seen = found(card, &world.pack, index)
            .filter(|_| !replaced && page.fault.is_none() && !page.prompt);
        let range = match (seen, &own) {
            (Some(finding), own) => one_range(finding, own.as_ref(), exact)?,
            (None, Some(own)) => own.applies.then_some((own.low, own.high)),
            (None, None) => Some((0.0, 1.0)),
        };
        ranges.sure &= seen.is_some() || exact || page.fault.is_some() || page.prompt;
        ranges.of.push(range);
    }
    Ok(ranges)
}

/// The range of a finding, held against everything that can come out.
fn one_range(
    finding: &Found,
    own: Option<&Range>,
    exact: bool,
) -> Result<Option<(f64, f64)>, String> {
    let degree = finding.degree;
    let wrong = |what: &str| {
        let (rule, outcome) = (&finding.rule, finding.outcome);
        Err(format!(
            "{rule} is {outcome} {degree:?}, and {own:?} by the second opinion: {what}"
        ))
    };
    if finding.outcome == Outcome::Error {
        return wrong(finding.error.as_deref().unwrap_or_default());
    }
    let applies = finding.outcome != Outcome::NotApplicable;
    if applies && finding.outcome != degree.outcome().unwrap_or(Outcome::Unknown) {
        return wrong("a degree, and another outcome");
    }
    if let Some(own) = own {
        let above = degree.low > own.low + 1e-12;
        let narrower = own.applies && (!applies || above || degree.high < own.high - 1e-12);
        let wider = applies && (degree.low < own.low - 1e-12 || degree.high > own.high + 1e-12);
        if narrower {
            return wrong("narrower than what can come out");
        }
        if exact && (wider || applies != own.applies) {
            return wrong("wider than what can come out");
        }
    }
    // Where numbers or lists are missing the engine may say less than could be known.
    Ok(applies.then_some((degree.low, degree.high)))
}

/// The proposal without what is doubted by checks that ask about it; none where no check does.
fn undoubted(pack: &Pack, proposal: &[Value]) -> Option<Vec<Value>> {
    let odd = pack
        .checks
        .iter()
        .filter(|check| check.odd.holds_as_given(proposal));
    let mut without = proposal.to_vec();
    let mut any = false;
    for check in odd {
        any = true;
        if let Some(value) = without.get_mut(check.doubts) {
            *value = Value::Missing;
        }
    }
    any.then_some(without)
}

type Scale = Vec<(String, i64)>;

fn second_opinion(pack: &Pack, changes: &[&Change], readings: &[Ranges]) -> (Judgement, Scale) {
    let mut scale = Vec::new();
    let mut judged = Vec::new();
    for ranges in readings {
        let (findings, settings) = pack.findings(changes, &ranges.of);
        judged.push(judge(&findings, &settings));
        scale = settings.scale;
    }
    let (given, others) = judged.split_first().unwrap();
    (lowered(given, others), scale)
}

/// Judges a proposal both ways; what differs.
fn compare(world: &World, proposal: &[Value]) -> Result<(), String> {
    let card = world.judged(proposal);
    let mut readings = vec![ranges(world, proposal, &card)?];
    if let Some(without) = undoubted(&world.pack, proposal) {
        if card.checks.is_empty() {
            return Err("the engine asks nothing about an odd answer".to_owned());
        }
        // What rules find without what is doubted is seen by judging such a proposal.
        let other = world.judged(&without);
        readings.push(ranges(world, &without, &other)?);
    }
    let all: Vec<&Change> = world.changes.iter().collect();
    let (own, scale) = second_opinion(&world.pack, &all, &readings);
    engine::same(&own, &(card.verdict.word, card.dimensions.clone()), &scale)?;
    if readings.iter().all(|ranges| ranges.sure) {
        beside(world, &readings, card.board.as_ref())?;
    }
    Ok(())
}

/// Compares what the board changed.
fn beside(world: &World, readings: &[Ranges], board: Option<&BoardChanges>) -> Result<(), String> {
    let own = Comparison::of(world.changes.len(), |on| {
        let chosen = world.changes.iter().zip(on).filter(|(_, on)| **on);
        let chosen: Vec<&Change> = chosen.map(|(change, _)| change).collect();
        let (judged, scale) = second_opinion(&world.pack, &chosen, readings);
        shown(&judged, &scale)
    });
    let differ = |what: String| Err(format!("{what}; by the second opinion {own:?}"));
    let Some(board) = board else {
        return if own.differs() {
            differ("nothing changed".to_owned())
        } else {
            Ok(())
        };
    };
    let baseline = board.baseline.as_ref().map(engine::shown);
    if own.differs() != board.differs || baseline.as_ref() != Some(&own.baseline) {
        return differ(format!("differs: {}, from {baseline:?}", board.differs));
    }
    if !own.differs() {
        return Ok(());
    }
    let mut acts = false;
    for (index, (change, (only, without))) in world.changes.iter().zip(&own.changes).enumerate() {
        acts |= own.acts(index);
        let name = change.name(|page| write::rule(&world.pack, page));
        let Some(other) = board.changes.iter().find(|other| other.what == name) else {
            if own.acts(index) {
                return differ(format!("no change {name}"));
            }
            continue;
        };
        let alone = other.only.as_ref().map(engine::shown);
        let left = other.without.as_ref().map(engine::shown);
        if alone.as_ref() != Some(only) || left.as_ref() != Some(without) {
            return differ(format!("{name}: {alone:?} alone, {left:?} without it"));
        }
    }
    if !acts && board.together.is_empty() {
        return differ("no change acts by itself, and none together".to_owned());
    }
    Ok(())
}

/// How many proposals were judged both ways, and the first that differs.
fn run(count: usize, seed: u64) -> Result<usize, String> {
    let mut draws = Draws(seed);
    let mut judged = 0;
    while judged < count {
        let world = World::made(&mut draws);
        for _ in 0..PROPOSALS {
            let silent = draws.one(&[0, 0, 10, 30, 60], 10);
            let proposal = proposal(&mut draws, &world.pack.fields, silent);
            compare(&world, &proposal).map_err(|what| {
                let profile = write::profile(&world.pack, &world.changes);
                let files = write::pack(&world.pack);
                let files = files.into_iter();
                let files: Vec<String> = files
                    .map(|(path, text)| format!("--- {path}\n{text}\n"))
                    .collect();
                let files = files.concat();
                format!(
                    "seed {seed}, after {judged}: {what}\n{:?}\n{profile}\n{}\n{files}",
                    world.changes,
                    write::proposal(&proposal)
                )
            })?;
            judged += 1;
        }
    }
    Ok(judged)
}

/// Proposals for each pack and board.
const PROPOSALS: usize = 20;

#[test]
fn whole_judgements_agree() {
    let judged = evenhand_threads::with_large_stack(|| run(2_000, 1));
    match judged {
        Ok(judged) => assert!(judged >= 2_000),
        Err(what) => panic!("{what}"),
    }
}

/// As many as `JUDGEMENTS` says, from the seed in `SEED`.
#[test]
#[ignore = "takes as long as one likes"]
fn they_agree_on_as_many_whole_judgements_as_one_likes() {
    let (count, seed) = crate::asked();
    match evenhand_threads::with_large_stack(move || run(count, seed)) {
        Ok(judged) => println!("{judged} whole judgements from seed {seed} without a difference"),
        Err(what) => panic!("{what}"),
    }
}
