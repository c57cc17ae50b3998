//! Several instances in one process, asked at the same time, each by a thread of its own. For the conformance suite.
//!
//! The threads exist before the fence is up, because it lets no thread begin; they wait for their first question inside it.

use crate::frame::{FrameError, Reader, Writer};
use crate::instance::{Instance, Log};
use crate::values::{Flat, Reply};
use evenhand_contract::table::Table;
use std::borrow::Cow;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

/// How long each instance is asked everything again and again, so that they meet in the middle of something, on one core too.
const TIME: Duration = Duration::from_millis(200);

/// One thing to ask.
#[derive(Debug, Clone)]
pub(crate) enum Question<'a> {
    /// A function's index and arguments.
    Call(u32, Vec<Flat<'a>>),
    /// An operation and a document.
    Run(u32, Cow<'a, [u8]>),
}

impl Question<'_> {
    pub(crate) fn write(&self, limit: usize, writer: &mut Writer) {
        let (kind, what) = match self {
            Self::Call(function, _) => (0, *function),
            Self::Run(operation, _) => (1, *operation),
        };
        writer.u8(kind);
        writer.u32(what);
        writer.u32(u32::try_from(limit).unwrap_or(u32::MAX));
        match self {
            Self::Call(_, args) => {
                writer.u32(u32::try_from(args.len()).unwrap_or(u32::MAX));
                for arg in args {
                    writer.flat(arg);
                }
            }
            Self::Run(_, document) => writer.block(document),
        }
    }

    /// The question, and how long its answer may be.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<(Question<'static>, usize), FrameError> {
        let (kind, what) = (reader.u8()?, reader.u32()?);
        let limit = reader.u32()? as usize;
        let question = match kind {
            0 => {
                let count = reader.u32()?;
                let args: Result<_, _> = (0..count).map(|_| reader.flat().map(owned)).collect();
                Question::Call(what, args?)
            }
            1 => Question::Run(what, Cow::Owned(reader.block()?.to_vec())),
            other => return Err(FrameError::Kind(other)),
        };
        Ok((question, limit))
    }
}

fn owned(value: Flat<'_>) -> Flat<'static> {
    match value {
        Flat::Unit => Flat::Unit,
        Flat::Bool(value) => Flat::Bool(value),
        Flat::I64(value) => Flat::I64(value),
        Flat::F64(value) => Flat::F64(value),
        Flat::Str(text) => Flat::Str(Cow::Owned(text.into_owned())),
        Flat::Json(text) => Flat::Json(Cow::Owned(text.into_owned())),
    }
}

/// Threads that wait for work, and what each needs for an instance.
#[derive(Debug)]
pub(super) struct Pool {
    threads: Vec<Sender<Arc<Work>>>,
    done: Receiver<(usize, Vec<Reply>)>,
    plugin: Option<(Table, String, usize)>,
}

#[derive(Debug)]
struct Work {
    plugin: (Table, String, usize),
    questions: Vec<(Question<'static>, usize)>,
    all: Barrier,
}

impl Pool {
    pub(super) fn start(threads: u32) -> io::Result<Self> {
        let (tell, done) = channel();
        let (ready, begun) = channel();
        let mut senders = Vec::new();
        for number in 0..threads as usize {
            let (sender, taken) = channel::<Arc<Work>>();
            let (tell, ready) = (tell.clone(), ready.clone());
            let work = move || {
                ready.send(()).ok();
                for work in taken {
                    tell.send((number, work.answers())).ok();
                }
            };
            thread::Builder::new().spawn(work)?;
            senders.push(sender);
        }
        // What a thread does to begin is no longer allowed afterwards.
        begun.iter().take(senders.len()).for_each(drop);
        Ok(Self {
            threads: senders,
            done,
            plugin: None,
        })
    }

    /// With what every thread needs to make an instance.
    pub(super) fn of(self, table: Table, settings: &str, text: usize) -> Self {
        let plugin = Some((table, settings.to_owned(), text));
        Self { plugin, ..self }
    }

    /// The answers of each instance to every question, in the order of threads and questions.
    pub(super) fn ask(&mut self, questions: Vec<(Question<'static>, usize)>) -> Vec<Reply> {
        let Some(plugin) = self.plugin.clone() else {
            return Vec::new();
        };
        let all = Barrier::new(self.threads.len());
        let work = Arc::new(Work {
            plugin,
            questions,
            all,
        });
        for thread in &self.threads {
            thread.send(Arc::clone(&work)).ok();
        }
        let mut answers: Vec<_> = self.done.iter().take(self.threads.len()).collect();
        answers.sort_by_key(|(number, _)| *number);
        answers
            .into_iter()
            .flat_map(|(_, answers)| answers)
            .collect()
    }
}

impl Work {
    /// One instance's answers: the first, or the first that differs from it.
    fn answers(&self) -> Vec<Reply> {
        let (table, settings, text) = &self.plugin;
        self.all.wait();
        let made = Instance::create(*table, settings.clone(), Log::Stderr, *text);
        let mut instance = match made {
            Ok(instance) => instance,
            Err(reply) => return vec![reply; self.questions.len()],
        };
        let mut ask = |(question, limit): &(Question<'static>, usize)| match question {
            Question::Call(function, args) => instance.call(*function, args, *limit),
            Question::Run(operation, document) => instance.run(*operation, document, *limit),
        };
        let first: Vec<Reply> = self.questions.iter().map(&mut ask).collect();
        let mut answers = first.clone();
        let began = Instant::now();
        while began.elapsed() < TIME {
            for ((question, first), answer) in self.questions.iter().zip(&first).zip(&mut answers) {
                let reply = ask(question);
                if answer == first && reply != *first {
                    *answer = reply;
                }
            }
        }
        answers
    }
}
