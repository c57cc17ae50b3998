//! `evenhand plugin verify`: whether what would be loaded is what was pinned. Runs nothing.

use super::sheet::Sheet;
use crate::args::plugin::Verify;
use crate::exit::Exit;
use crate::plugins::{LOCK, Origin, Pins, refused};
use crate::ui::Ui;
use evenhand_core::problem::Problem;
use evenhand_plugin_host::Signer;

pub(super) fn run(args: &Verify, ui: &Ui) -> Exit {
    let found = match super::needed_profile(&args.profile.packs(), ui) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let (candidates, mut exit) = super::candidates(Some(&found), &[], ui);
    let pins = match Pins::beside(Some(&found)) {
        Ok(pins) => pins,
        Err(problems) => {
            super::show(&problems, Some(&found), ui);
            return Exit::Wrong;
        }
    };
    let mut sheet = Sheet::new(ui.look());
    let mut problems: Vec<Problem> = Vec::new();
    let mut count = 0;
    for candidate in &candidates {
        let Origin::Profile(named) = &candidate.origin else {
            continue;
        };
        count += 1;
        let inspection = match candidate.inspect(named, Some(&found)) {
            Ok(inspection) => inspection,
            Err(found) => {
                problems.extend(found);
                continue;
            }
        };
        let differing = pins.verify(&inspection, candidate.mode());
        if differing.is_empty() {
            let signed = match &inspection.signer {
                Signer::Nobody => "unsigned".to_owned(),
                Signer::Key(key) => format!("signed by {key}"),
                Signer::Stranger => "signed with a key that the profile does not list".to_owned(),
            };
            sheet.heading(&format!(
                "{} {} · {} · as pinned, {signed}",
                candidate.id,
                inspection.manifest.version,
                candidate.mode()
            ));
            sheet.text(2, &format!("sha256:{}", inspection.sha256));
            if let Some(archived) = &inspection.archived {
                sheet.text(2, &format!("in an archive with sha256:{}", archived.sha256));
            }
        } else {
            let of = Some((&found, candidate.id.as_str()));
            problems.extend(differing.iter().flat_map(|error| refused(error, of)));
        }
    }
    let stale = pins.stale(&candidates);
    if !stale.is_empty() {
        let names = super::names(stale.iter().map(String::as_str));
        sheet.text(
            0,
            &format!("{LOCK} also names {names}, which the profile does not take from a file."),
        );
    }
    if count == 0 {
        sheet.text(
            0,
            "The profile names no plugin from a file; the bundled ones are part of evenhand.",
        );
    }
    ui.out(&sheet.finish());
    if !problems.is_empty() {
        super::show(&problems, Some(&found), ui);
        exit = Exit::Wrong;
    }
    exit
}
