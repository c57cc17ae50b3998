//! `evenhand profile diff`: what differs between two profiles, and which way it goes.

use crate::args::profile::Diff;
use crate::args::{Form, PackArgs};
use crate::exit::Exit;
use crate::files;
use crate::setup::{self, Assembled};
use crate::ui::Ui;
use evenhand_core::profile::differences;
use evenhand_locale::Words as _;
use evenhand_report::profile as report;
use std::path::Path;

pub(crate) fn run(args: &Diff, ui: &Ui) -> Exit {
    // Both are looked at, so that what is wrong with either is said.
    let (old, new) = (open(&args.old, args, ui), open(&args.new, args, ui));
    let (Ok(old), Ok(new)) = (old, new) else {
        return Exit::Wrong;
    };
    let side = |one: &'_ Assembled| one.found.as_ref().map(|found| found.profile.clone());
    let (before, after) = (side(&old), side(&new));
    let found = differences((&old.book, before.as_ref()), (&new.book, after.as_ref()));
    ui.out(&match args.format {
        Form::Json => report::differences_json(&found),
        Form::Text => report::differences(&found, &new.locale, ui.look()),
    });
    if args.format == Form::Text {
        let files = [&args.old, &args.new].map(|path| files::shown(path));
        let next = "Next: evenhand rules impact --old {old} --new {new} FOLDER says what that changes for proposals there are.";
        let [old, new_name] = &files;
        ui.next(&new.locale.say(next, &[("old", old), ("new", new_name)]));
    }
    Exit::Fine
}

fn open(path: &Path, args: &Diff, ui: &Ui) -> Result<Assembled, Exit> {
    let packs = PackArgs {
        profile: Some(path.to_path_buf()),
        date: args.date,
        ..PackArgs::default()
    };
    setup::rulebook_in(&args.language, &packs, None, ui)
}
