//! Reads messages and answers them with the one plugin of this process.

use super::together::{Pool, Question};
use super::{Linked, Start, inherited, limits, sandbox};
use crate::error::Refusal;
use crate::frame::{self, Frame, FrameError, Reader, Writer};
use crate::image::Image;
use crate::inbox::Inbox;
use crate::instance::{Instance, Log};
use crate::values::Reply;
use crate::{float, linked, manifest, system};
use evenhand_contract::manifest::Manifest;
use evenhand_contract::table::Table;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Answers are sent on when this much time has passed since the last, so that the host sees progress; sooner than that,
/// many short calls share one message through the pipe.
const FLUSH_AFTER: Duration = Duration::from_millis(1);
/// Answers are sent on when they are this long.
const FLUSH_BYTES: usize = 32 << 10;

/// Serves `host` until it closes the connection.
pub(super) fn serve(host: u32, known: Linked) -> ExitCode {
    let served = limits::die_with(host)
        .and_then(|()| inherited::leave_behind())
        .and_then(|()| take_over());
    match served.and_then(|(from, to)| converse(&from, &mut Out::to(to), known)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(io::stderr(), "the connection to the host broke: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

/// Takes the connection from standard input and output, which become empty: what a plugin prints goes nowhere.
fn take_over() -> io::Result<(File, File)> {
    let from = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let to = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let nothing = File::options().read(true).write(true).open("/dev/null")?;
    system::replace(nothing.as_fd(), 0)?;
    system::replace(nothing.as_fd(), 1)?;
    Ok((from, to))
}

fn converse(from: &File, out: &mut Out, known: Linked) -> io::Result<()> {
    let mut inbox = Inbox::new(frame::SEND_LIMIT);
    if !receive(from, &mut inbox)? {
        return Ok(());
    }
    let Some(frame) = inbox.first().map_err(broken)? else {
        return Ok(());
    };
    match prepare(frame, known, out) {
        Ok(mut prepared) => {
            let size = frame.size;
            inbox.consume(size);
            out.writer.begin(frame::HELLO);
            out.writer.end();
            out.flush()?;
            answer(from, &mut inbox, out, &mut prepared)
        }
        Err(refusal) => {
            out.writer.begin(frame::REFUSED);
            out.writer
                .bytes
                .extend_from_slice(&serde_json::to_vec(&refusal)?);
            out.writer.end();
            out.flush()
        }
    }
}

/// Waits for a whole message; whether one came before the host closed the connection.
fn receive(mut from: &File, inbox: &mut Inbox) -> io::Result<bool> {
    while inbox.first().map_err(broken)?.is_none() {
        match inbox.fill(|room| from.read(room)) {
            Ok(0) => return Ok(false),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// A plugin that can be asked.
pub(super) struct Prepared {
    pub(super) instance: Instance,
    /// For other instances beside it.
    pub(super) pool: Pool,
    pub(super) text: usize,
}

/// Everything up to a running plugin, in an order in which nothing of it runs outside the sandbox.
fn prepare(frame: Frame<'_>, known: Linked, out: &mut Out) -> Result<Prepared, Refusal> {
    let (start, library, manifest) = opening(frame)?;
    let image = if start.linked {
        None
    } else {
        Some(Image::of(library).map_err(|error| cannot(&error))?)
    };
    preload(&start.needed);
    limits::set(start.memory, start.life).map_err(|error| cannot(&error))?;
    // Threads must be there before the sandbox, and are inside it like the first one.
    let files = sandbox::deny_files();
    let pool = Pool::start(start.threads).map_err(|error| cannot(&error))?;
    let sandbox =
        sandbox::enter(image.as_ref(), files).map_err(|message| Refusal::Sandbox { message })?;
    out.writer.begin(frame::SANDBOX);
    out.writer.u8(sandbox.bits());
    out.writer.end();
    out.flush().map_err(|error| cannot(&error))?;

    let before = float::mode();
    let table = match image {
        Some(image) => linked::link(image, &start.plugin)?,
        None => own(known, &start.plugin)?,
    };
    linked::check(&table, &manifest, &start.manifest)?;
    let pool = pool.of(table, &start.settings, start.text);
    let instance = linked::start(table, start.settings, Log::Stderr, start.text)?;
    let after = float::mode();
    if after != before {
        let when = "starting it".to_owned();
        return Err(Refusal::FloatMode {
            when,
            before,
            after,
        });
    }
    Ok(Prepared {
        instance,
        pool,
        text: start.text,
    })
}

fn cannot(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::Prepare {
        message: error.to_string(),
    }
}

/// What the first message says, the library in it, and the manifest.
pub(super) fn opening(frame: Frame<'_>) -> Result<(Start, &[u8], Manifest), Refusal> {
    if frame.kind != frame::START {
        return Err(cannot(&FrameError::Kind(frame.kind)));
    }
    let mut reader = Reader(frame.body);
    let start = reader.block().map_err(|error| cannot(&error))?;
    let start: Start = serde_json::from_slice(start).map_err(|error| cannot(&error))?;
    let library = reader.block().map_err(|error| cannot(&error))?;
    reader.end().map_err(|error| cannot(&error))?;
    let manifest = manifest::parse(&start.plugin, start.manifest.as_bytes())
        .map_err(|error| cannot(&error))?;
    Ok((start, library, manifest))
}

/// The table of a plugin that is part of this program.
fn own(known: Linked, plugin: &str) -> Result<Table, Refusal> {
    let table = known(plugin).ok_or_else(|| Refusal::Prepare {
        message: format!("`{plugin}` is no part of this program"),
    })?;
    // SAFETY: a static table, whose manifest and functions are static too.
    unsafe { Table::read(table) }.map_err(|error| Refusal::Table {
        message: error.to_string(),
    })
}

/// Links the allowed libraries that the plugin needs while files can still be opened. One that is not there is the
/// loader's to complain of.
fn preload(needed: &[String]) {
    for name in needed {
        // SAFETY: only the system's own libraries are on the list of what may be needed.
        if let Ok(library) = unsafe { libloading::Library::new(name) } {
            std::mem::forget(library);
        }
    }
}

fn answer(
    from: &File,
    inbox: &mut Inbox,
    out: &mut Out,
    prepared: &mut Prepared,
) -> io::Result<()> {
    while receive(from, inbox)? {
        let Some(frame) = inbox.first().map_err(broken)? else {
            break;
        };
        one(frame, out, prepared)?;
        let size = frame.size;
        inbox.consume(size);
    }
    Ok(())
}

/// Answers one message.
pub(super) fn one(frame: Frame<'_>, out: &mut Out, prepared: &mut Prepared) -> io::Result<()> {
    let Prepared {
        instance,
        pool,
        text,
    } = prepared;
    match frame.kind {
        frame::RUN => run(out, instance, Reader(frame.body)),
        frame::CALL => call(out, instance, Reader(frame.body)),
        frame::RENEW => {
            let number = Reader(frame.body).u64().map_err(broken)?;
            let reply = instance.renew(*text);
            out.writer.reply(number, &reply);
            out.flush()
        }
        frame::TOGETHER => together(out, pool, Reader(frame.body)),
        other => Err(broken(FrameError::Kind(other))),
    }
}

/// Each answer is sent at once, so that the host knows which document a worker died of.
fn run(out: &mut Out, instance: &mut Instance, mut body: Reader<'_>) -> io::Result<()> {
    let first = body.u64().map_err(broken)?;
    let operation = body.u32().map_err(broken)?;
    let limit = body.u32().map_err(broken)? as usize;
    let count = body.u32().map_err(broken)?;
    for index in 0..count {
        let document = body.block().map_err(broken)?;
        let reply = instance.run(operation, document, limit);
        out.writer.reply(first.wrapping_add(index.into()), &reply);
        out.flush()?;
    }
    body.end().map_err(broken)
}

fn call(out: &mut Out, instance: &mut Instance, mut body: Reader<'_>) -> io::Result<()> {
    let first = body.u64().map_err(broken)?;
    let count = body.u32().map_err(broken)?;
    let mut args = Vec::new();
    for index in 0..count {
        let function = body.u32().map_err(broken)?;
        let limit = body.u32().map_err(broken)? as usize;
        let given = body.u32().map_err(broken)?;
        args.clear();
        for _ in 0..given {
            args.push(body.flat().map_err(broken)?);
        }
        let reply: Reply = instance.call(function, &args, limit);
        out.writer.reply(first.wrapping_add(index.into()), &reply);
        out.flush_if_due()?;
    }
    out.flush()?;
    body.end().map_err(broken)
}

/// All questions to every instance of the pool; the answers of the first instance come first.
fn together(out: &mut Out, pool: &mut Pool, mut body: Reader<'_>) -> io::Result<()> {
    let first = body.u64().map_err(broken)?;
    let count = body.u32().map_err(broken)?;
    let questions: Result<Vec<_>, _> = (0..count).map(|_| Question::read(&mut body)).collect();
    let questions = questions.map_err(broken)?;
    body.end().map_err(broken)?;
    for (number, reply) in (first..).zip(pool.ask(questions)) {
        out.writer.reply(number, &reply);
        out.flush_if_due()?;
    }
    out.flush()
}

fn broken(error: FrameError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// What goes to the host.
pub(super) struct Out {
    to: File,
    writer: Writer,
    flushed: Instant,
}

impl Out {
    pub(super) fn to(to: File) -> Self {
        Self {
            to,
            writer: Writer::default(),
            flushed: Instant::now(),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.write_all(&self.writer.bytes)?;
        self.writer.bytes.clear();
        self.flushed = Instant::now();
        Ok(())
    }

    fn flush_if_due(&mut self) -> io::Result<()> {
        if self.writer.bytes.len() >= FLUSH_BYTES || self.flushed.elapsed() >= FLUSH_AFTER {
            self.flush()?;
        }
        Ok(())
    }
}
