//! `evenhand profile`: a board's settings.

mod check;
mod diff;
mod new;
mod show;
mod waivers;

use crate::args::profile::Profile;
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn run(command: &Profile, ui: &Ui) -> Exit {
    match command {
        Profile::New(args) => new::run(args, ui),
        Profile::Show(args) => show::run(args, ui),
        Profile::Check(args) => check::run(args, ui),
        Profile::Diff(args) => diff::run(args, ui),
        Profile::Waivers(args) => waivers::run(args, ui),
    }
}
