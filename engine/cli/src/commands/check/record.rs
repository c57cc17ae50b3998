//! Writing a record, and judging again from one.

use crate::args::{LocaleArgs, PackArgs};
use crate::bundled;
use crate::plugins::Changes;
use crate::setup::{self, Assembled, Found, Refused, Source};
use crate::ui::Ui;
use evenhand_core::document::Document;
use evenhand_core::pack::PackFiles;
use evenhand_core::problem::Problem;
use evenhand_core::profile::{self, Pack, Profile};
use evenhand_core::robustness::Draws;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::source;
use evenhand_report::json;
use evenhand_report::record::{
    self, Extended, Held, HeldPack, HeldProfiles, Options, Record, VERSION,
};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What judging from a record gave.
#[derive(Debug)]
pub(crate) struct Again {
    /// The scorecard, as JSON.
    pub(crate) scorecard: Value,
    /// The settings in force.
    pub(crate) settings: Value,
}

/// The record of a proposal that can be judged. Its scorecard is what judging from the record gives, so that nothing of the
/// machine, such as the folders that files lie in, is in it.
pub(crate) fn of(
    document: &Document,
    assembled: &Assembled,
    packs: &PackArgs,
    (only, skip): (&[String], &[String]),
    ui: &Ui,
) -> Result<Record, Refused> {
    let date = assembled.book.settings().date;
    let profile = assembled.found.as_ref().map(|found| Held {
        format: "toml".to_owned(),
        ..Held::of(found.profile.document())
    });
    let extended = assembled.found.as_ref();
    let extended = extended.map(|found| Extended::all(&found.profile));
    let mut record = Record {
        record_version: VERSION,
        extended: extended.unwrap_or_default(),
        proposal: Held::of(document),
        profile,
        options: Options {
            date: date.map(|date| date.to_string()),
            locale: evenhand_core::words::Words::tag(&assembled.locale).to_owned(),
            only: only.to_vec(),
            skip: skip.to_vec(),
            set: packs.set.clone(),
        },
        settings: Value::Null,
        packs: HeldPack::all(&assembled.book),
        scorecard: Value::Null,
    };
    let folder = assembled.found.as_ref().map(|found| found.folder.clone());
    let again = again(&record, folder.unwrap_or_default(), &packs.plugins, ui)?;
    record.scorecard = again.scorecard;
    record.settings = again.settings;
    Ok(record)
}

/// Judges from what a record holds. Plugins that are not bundled are no part of it: those that the profile names are looked for
/// from `folder`, and `plugins` are taken in as well.
pub(crate) fn again(
    record: &Record,
    folder: PathBuf,
    plugins: &[PathBuf],
    ui: &Ui,
) -> Result<Again, Refused> {
    let judged = judged(record, folder, plugins, ui)?;
    let mut card = judged.card;
    judged.book.add_robustness(&mut card, Draws::default());
    let text = json::line(&card, &judged.document);
    Ok(Again {
        scorecard: serde_json::from_str(&text).unwrap_or_default(),
        settings: judged.book.settings_in_force(),
    })
}

/// A scorecard from what a record holds.
pub(crate) struct Judged {
    pub(crate) card: Scorecard,
    pub(crate) document: Document,
    pub(crate) book: Rulebook,
}

/// Judges from what a record holds, without trying other weights.
pub(crate) fn judged(
    record: &Record,
    folder: PathBuf,
    plugins: &[PathBuf],
    ui: &Ui,
) -> Result<Judged, Refused> {
    let own = bundled::core_pack();
    let held_profile = record.profile.as_ref();
    let found = held_profile.map(|held| profile(held, record, folder));
    let found = found.transpose()?;
    let packs = PackArgs {
        packs: Vec::new(),
        profile: None,
        no_profile: record.profile.is_none(),
        date: record.options.day(),
        plugins: plugins.to_vec(),
        set: record.options.set.clone(),
        held: Some(
            record
                .packs
                .iter()
                .map(|pack| held(pack, &own, found.as_ref()))
                .collect(),
        ),
    };
    let mut assembled = setup::assemble_by(&packs, found, false, ui)?;
    assembled.speak(&LocaleArgs {
        locale: Some(record.options.locale.clone()),
    })?;
    assembled.choose(&record.options.only, &record.options.skip)?;
    let document = record.proposal.document().map_err(|problems| {
        let text = source::Source::new(record.proposal.name.clone(), record.proposal.text.clone());
        Refused::new(problems, vec![text])
    })?;
    let book = &assembled.book;
    let text = document.source().clone();
    let refused = |problems| Refused::new(problems, vec![text.clone()]);
    let (document, _) = assembled.understood(document).map_err(refused)?;
    let problems = book.check_document(&document);
    if !problems.is_empty() {
        return Err(refused(problems));
    }
    let changes = Changes::of(Source {
        packs: &packs,
        found: assembled.found.as_ref(),
    });
    let card = book.judge_beside(&document, &assembled.locale, &changes);
    if card.problems.iter().any(Problem::is_error) {
        return Err(refused(card.problems));
    }
    Ok(Judged {
        card,
        document,
        book: assembled.book,
    })
}

/// A pack as the record holds it, with the reason that the profile gives for it.
fn held(pack: &HeldPack, own: &PackFiles, found: Option<&Found>) -> PackFiles {
    let profile = found.map(|found| &found.profile);
    let named = profile.and_then(|profile| {
        let is_it = |one: &&Pack| record::last(&one.name) == pack.folder;
        profile.packs.iter().find(is_it)
    });
    let files = pack.files(own);
    match named {
        Some(named) => PackFiles {
            reason: named.reason.clone(),
            fields_only: named.fields_only,
            overriding: named.overriding.clone(),
            ..files
        },
        None => files,
    }
}

fn profile(held: &Held, record: &Record, folder: PathBuf) -> Result<Found, Refused> {
    let texts = || {
        let others = record.extended.iter().map(|other| &other.profile);
        let all = std::iter::once(held).chain(others);
        all.map(|held| source::Source::new(held.name.clone(), held.text.clone()))
            .collect()
    };
    let refused = |problems| Refused::new(problems, texts());
    let document = Profile::document_of(&held.name, held.text.as_bytes()).map_err(refused)?;
    let set = profile::set(&record.options.set).map_err(refused)?;
    let others = HeldProfiles(&record.extended);
    let (profile, problems) = Profile::open_all(document, "", &others, set);
    if !problems.is_empty() {
        return Err(refused(problems));
    }
    Ok(setup::named(
        profile,
        folder,
        Path::new(&held.name).to_path_buf(),
    ))
}
