//! Reads messages and answers them with the one plugin of this process.

use super::{Fence, Start, fence, limits};
use crate::error::Refusal;
use crate::frame::{self, Frame, FrameError, Reader, Writer};
use crate::image::Image;
use crate::inbox::Inbox;
use crate::instance::{Instance, Log};
use crate::values::Reply;
use crate::{float, linked, manifest, system};
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
pub(super) fn serve(host: u32) -> ExitCode {
    let served = limits::die_with(host).and_then(|()| take_over());
    match served.and_then(|(from, to)| converse(&from, &mut Out::to(to))) {
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

fn converse(from: &File, out: &mut Out) -> io::Result<()> {
    let mut inbox = Inbox::new(frame::SEND_LIMIT);
    if !receive(from, &mut inbox)? {
        return Ok(());
    }
    let Some(frame) = inbox.first().map_err(broken)? else {
        return Ok(());
    };
    match prepare(frame) {
        Ok((instance, fence, text)) => {
            let size = frame.size;
            inbox.consume(size);
            out.writer.begin(frame::HELLO);
            out.writer.u8(fence.bits());
            out.writer.end();
            out.flush()?;
            answer(from, &mut inbox, out, instance, text)
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

/// Everything up to a running plugin, in an order in which nothing of it runs unfenced.
fn prepare(frame: Frame<'_>) -> Result<(Instance, Fence, usize), Refusal> {
    let cannot = |error: &dyn std::fmt::Display| Refusal::Prepare {
        message: error.to_string(),
    };
    if frame.kind != frame::START {
        return Err(cannot(&FrameError::Kind(frame.kind)));
    }
    let mut reader = Reader(frame.body);
    let start = reader.block().map_err(|error| cannot(&error))?;
    let start: Start = serde_json::from_slice(start).map_err(|error| cannot(&error))?;
    let library = reader.block().map_err(|error| cannot(&error))?;
    let manifest = manifest::parse(&start.plugin, start.manifest.as_bytes())
        .map_err(|error| cannot(&error))?;
    let image = Image::of(library).map_err(|error| cannot(&error))?;
    preload(&start.needed);
    limits::set(start.memory, start.life).map_err(|error| cannot(&error))?;
    let fence = fence::loading().map_err(|message| Refusal::Fence { message })?;

    let before = float::mode();
    let table = linked::link(image, &start.plugin)?;
    linked::check(&table, &manifest, &start.manifest)?;
    fence::running().map_err(|message| Refusal::Fence { message })?;
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
    Ok((instance, fence, start.text))
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
    mut instance: Instance,
    text: usize,
) -> io::Result<()> {
    while receive(from, inbox)? {
        let Some(frame) = inbox.first().map_err(broken)? else {
            break;
        };
        match frame.kind {
            frame::RUN => run(out, &mut instance, Reader(frame.body))?,
            frame::CALL => call(out, &mut instance, Reader(frame.body))?,
            frame::RENEW => {
                let number = Reader(frame.body).u64().map_err(broken)?;
                let reply = instance.renew(text);
                out.writer.reply(number, &reply);
                out.flush()?;
            }
            other => return Err(broken(FrameError::Kind(other))),
        }
        let size = frame.size;
        inbox.consume(size);
    }
    Ok(())
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

fn broken(error: FrameError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// What goes to the host.
struct Out {
    to: File,
    writer: Writer,
    flushed: Instant,
}

impl Out {
    fn to(to: File) -> Self {
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
