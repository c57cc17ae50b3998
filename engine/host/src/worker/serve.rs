//! Reads messages and answers them with the one plugin of this process.

use super::{Fence, Start, fence, limits};
use crate::error::Refusal;
use crate::frame::{self, Frame, FrameError, Reader, Writer};
use crate::image::Image;
use crate::instance::{Instance, Log};
use crate::values::Reply;
use crate::{float, linked, manifest, system};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Answers are sent on when this much time has passed since the last, so that the host sees progress; sooner than that,
/// many short calls share one message through the pipe.
const FLUSH_AFTER: Duration = Duration::from_millis(1);
/// Answers are sent on when they are this long.
const FLUSH_BYTES: usize = 32 << 10;

/// Serves `host` until it closes the connection.
pub(super) fn serve(host: u32) -> ExitCode {
    let line = match limits::die_with(host).and_then(|()| Line::take()) {
        Ok(line) => line,
        Err(error) => {
            let _ = writeln!(io::stderr(), "cannot take over the connection: {error}");
            return ExitCode::FAILURE;
        }
    };
    match converse(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "the connection to the host broke: {error}");
            ExitCode::FAILURE
        }
    }
}

fn converse(mut line: Line) -> io::Result<()> {
    let Some(frame) = line.receive()? else {
        return Ok(());
    };
    match prepare(frame) {
        Ok((instance, fence, text)) => {
            line.forget_message();
            line.out.begin(frame::HELLO);
            line.out.u8(fence.bits());
            line.out.end();
            line.flush()?;
            answer(&mut line, instance, text)
        }
        Err(refusal) => {
            line.forget_message();
            line.out.begin(frame::REFUSED);
            line.out.bytes.extend_from_slice(&serde_json::to_vec(&refusal)?);
            line.out.end();
            line.flush()
        }
    }
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
    let manifest = manifest::parse(&start.plugin, start.manifest.as_bytes()).map_err(|error| cannot(&error))?;
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
        return Err(Refusal::FloatMode { when, before, after });
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

fn answer(line: &mut Line, mut instance: Instance, text: usize) -> io::Result<()> {
    loop {
        let Some(frame) = line.receive()? else {
            return Ok(());
        };
        let (kind, body) = (frame.kind, frame.body.to_vec());
        line.forget_message();
        let done = match kind {
            frame::RUN => run(line, &mut instance, Reader(&body)),
            frame::CALL => call(line, &mut instance, Reader(&body)),
            frame::RENEW => {
                let reply = instance.renew(text);
                line.out.reply(&reply);
                line.flush()
            }
            other => Err(broken(FrameError::Kind(other))),
        };
        done?;
    }
}

/// Each answer is sent at once, so that the host knows which document a worker died of.
fn run(line: &mut Line, instance: &mut Instance, mut body: Reader<'_>) -> io::Result<()> {
    let operation = body.u32().map_err(broken)?;
    let limit = body.u32().map_err(broken)? as usize;
    let count = body.u32().map_err(broken)?;
    for _ in 0..count {
        let document = body.block().map_err(broken)?;
        let reply = instance.run(operation, document, limit);
        line.out.reply(&reply);
        line.flush()?;
    }
    body.end().map_err(broken)
}

fn call(line: &mut Line, instance: &mut Instance, mut body: Reader<'_>) -> io::Result<()> {
    let count = body.u32().map_err(broken)?;
    let mut args = Vec::new();
    for _ in 0..count {
        let function = body.u32().map_err(broken)?;
        let limit = body.u32().map_err(broken)? as usize;
        let given = body.u32().map_err(broken)?;
        args.clear();
        for _ in 0..given {
            args.push(body.flat().map_err(broken)?);
        }
        let reply: Reply = instance.call(function, &args, limit);
        line.out.reply(&reply);
        line.flush_if_due()?;
    }
    line.flush()?;
    body.end().map_err(broken)
}

fn broken(error: FrameError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// The connection to the host.
struct Line {
    from: File,
    to: File,
    inbox: Vec<u8>,
    taken: usize,
    out: Writer,
    flushed: Instant,
}

impl Line {
    /// Takes the connection from standard input and output, which become empty: what a plugin prints goes nowhere.
    fn take() -> io::Result<Self> {
        let (stdin, stdout) = (io::stdin(), io::stdout());
        let from = File::from(stdin.as_fd().try_clone_to_owned()?);
        let to = File::from(stdout.as_fd().try_clone_to_owned()?);
        let nothing = File::options().read(true).write(true).open("/dev/null")?;
        let nothing: BorrowedFd<'_> = nothing.as_fd();
        system::replace(nothing, 0)?;
        system::replace(nothing, 1)?;
        Ok(Self {
            from,
            to,
            inbox: Vec::new(),
            taken: 0,
            out: Writer::default(),
            flushed: Instant::now(),
        })
    }

    /// The next message; nothing when the host has closed the connection.
    fn receive(&mut self) -> io::Result<Option<Frame<'_>>> {
        loop {
            // Asked twice, because the borrow of the one that is returned would outlive the loop.
            if frame::first(&self.inbox, frame::SEND_LIMIT).map_err(broken)?.is_some() {
                break;
            }
            self.inbox.reserve(missing(&self.inbox));
            let room = self.inbox.capacity() - self.inbox.len();
            let got = (&self.from).take(room as u64).read_to_end_once(&mut self.inbox)?;
            if got == 0 {
                return Ok(None);
            }
        }
        let frame = frame::first(&self.inbox, frame::SEND_LIMIT).map_err(broken)?;
        self.taken = frame.map_or(0, |frame| frame.size);
        Ok(frame)
    }
}
