//! `evenhand profile`: a board's settings.

mod waivers;

use crate::args::profile::Profile;
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn run(command: &Profile, ui: &Ui) -> Exit {
    match command {
        Profile::Waivers(args) => waivers::run(args, ui),
    }
}
