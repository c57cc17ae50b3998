//! The terminal: the only place that prints.

use crate::args::{Colour, Global};
use crate::files;
use anstream::ColorChoice;
use evenhand_core::problem::Problem;
use evenhand_core::source::Source;
use evenhand_core::text::visible_styled;
use evenhand_report::{Look, problems};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

/// Columns when nobody says otherwise.
const WIDTH: u16 = 80;
/// Longer lines are harder to read, however wide the terminal.
const WIDEST: u16 = 100;

/// Whether something could not be written to standard output that somebody still reads.
static LOST: AtomicBool = AtomicBool::new(false);

/// Whether a part of what was to be shown never reached standard output, and a message said so.
pub(crate) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Whether nobody reads standard output any more.
static GONE: AtomicBool = AtomicBool::new(false);

/// Whether whoever read standard output has gone.
pub(crate) fn gone() -> bool {
    GONE.load(Ordering::Relaxed)
}

/// Where output goes, and how it looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ui {
    choice: ColorChoice,
    width: u16,
}

impl Ui {
    pub(crate) fn new(global: &Global) -> Self {
        let choice = match global.color {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::AlwaysAnsi,
            Colour::Never => ColorChoice::Never,
        };
        let level = match global.trace {
            0 => tracing::Level::WARN,
            1 => tracing::Level::DEBUG,
            _ => tracing::Level::TRACE,
        };
        let colour = match choice {
            ColorChoice::Never => false,
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
            ColorChoice::Auto => anstream::AutoStream::choice(&io::stderr()) != ColorChoice::Never,
        };
        tracing_subscriber::fmt()
            .with_ansi(colour)
            .with_max_level(level)
            .with_writer(io::stderr)
            .without_time()
            .with_target(false)
            .init();
        let terminal =
            || terminal_size::terminal_size().map(|(width, _)| width.0.clamp(40, WIDEST));
        let width = global
            .width
            .or_else(|| io::stdout().is_terminal().then(terminal).flatten());
        Self {
            choice,
            width: width.unwrap_or(WIDTH),
        }
    }

    /// How reports on standard output look.
    pub(crate) fn look(&self) -> Look {
        let colour = self.coloured(anstream::AutoStream::choice(&io::stdout()));
        Look {
            width: usize::from(self.width),
            colour,
        }
    }

    /// Whether standard output is a terminal, where nothing but text belongs.
    pub(crate) fn is_terminal() -> bool {
        io::stdout().is_terminal()
    }

    /// How text looks in a file.
    pub(crate) fn plain(&self) -> Look {
        Look {
            width: usize::from(self.width),
            colour: false,
        }
    }

    fn coloured(&self, auto: ColorChoice) -> bool {
        match self.choice {
            ColorChoice::Never => false,
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
            ColorChoice::Auto => auto != ColorChoice::Never,
        }
    }

    /// Writes to standard output. A reader that went away is no error; anything else is said, and the run has failed.
    pub(crate) fn out(&self, text: &str) {
        let coloured = self.look().colour;
        self.out_bytes(visible_styled(text, coloured).as_bytes());
    }

    /// The same for what need not be text.
    pub(crate) fn out_bytes(&self, bytes: &[u8]) {
        let written = io::stdout()
            .lock()
            .write_all(bytes)
            .and_then(|()| io::stdout().flush());
        let Err(error) = written else { return };
        if error.kind() == io::ErrorKind::BrokenPipe {
            GONE.store(true, Ordering::Relaxed);
        } else if !LOST.swap(true, Ordering::Relaxed) {
            self.problems(&[files::cannot("write", "<standard output>", &error)], &[]);
        }
    }

    /// Writes a line to standard error.
    pub(crate) fn note(&self, text: &str) {
        let coloured = self.coloured(anstream::AutoStream::choice(&io::stderr()));
        let text = visible_styled(text, coloured);
        let written = writeln!(io::stderr().lock(), "{text}");
        self.noted(written);
    }

    /// Tells people who wait at a terminal what takes so long.
    pub(crate) fn progress(&self, text: &str) {
        if io::stderr().is_terminal() {
            self.note(text);
        }
    }

    /// Says what to type next, to people at a terminal; a program that reads the result has no use for it.
    pub(crate) fn next(&self, text: &str) {
        if Self::is_terminal() && io::stderr().is_terminal() {
            self.note(&format!("\n{text}"));
        }
    }

    /// Asks on standard error; none where nobody is at a terminal to answer.
    pub(crate) fn ask(&self, question: &str) -> Option<String> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        let question = visible_styled(question, false);
        let asked = write!(io::stderr().lock(), "{question}").and_then(|()| io::stderr().flush());
        self.noted(asked);
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).ok()?;
        Some(answer)
    }

    /// Reads a line from standard input, with a prompt where somebody sits at it; none at its end.
    pub(crate) fn line(&self, prompt: &str) -> Option<String> {
        if io::stdin().is_terminal() {
            self.out(prompt);
        }
        let mut typed = String::new();
        match io::stdin().lock().read_line(&mut typed) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(typed),
        }
    }

    #[expect(
        clippy::unused_self,
        reason = "whoever writes has the terminal in hand"
    )]
    fn noted(&self, written: io::Result<()>) {
        if let Err(error) = written {
            tracing::debug!("could not write: {error}");
        }
    }

    /// Shows problems on standard error, with the lines of the files at hand.
    pub(crate) fn problems(&self, found: &[Problem], sources: &[&Source]) {
        let colour = self.coloured(anstream::AutoStream::choice(&io::stderr()));
        let look = Look {
            width: usize::from(self.width),
            colour,
        };
        self.note(problems::render(found, sources, look).trim_end());
    }
}
