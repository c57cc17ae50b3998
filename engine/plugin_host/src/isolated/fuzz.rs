//! For fuzzing: the host's reading of everything that a worker may send.

use super::heard::{self, Answered};
use crate::frame::{self, FrameError};
use crate::inbox::Inbox;
use crate::values::{self, Reply};
use evenhand_contract::plugin::{Argument, Function, ValueType};

/// Bytes of an answer here; a small limit is met sooner.
const LIMIT: usize = 1 << 12;

/// Reads `bytes` as the host reads its worker: the greeting, then replies. The first byte says in which pieces they arrive.
pub(crate) fn worker_says(bytes: &[u8]) {
    let Some((piece, mut rest)) = bytes.split_first() else {
        return;
    };
    let piece = 1 + 7 * usize::from(*piece);
    let mut inbox = Inbox::new(LIMIT + frame::REPLY_HEAD);
    let mut expected = [frame::SANDBOX, frame::HELLO].into_iter();
    let mut number = 1;
    loop {
        match inbox.first() {
            Ok(None) if rest.is_empty() => return,
            Ok(None) => {
                let (now, later) = rest.split_at(piece.min(rest.len()));
                let taken = inbox.fill(|room| {
                    let size = now.len().min(room.len());
                    let (from, to) = (now.get(..size), room.get_mut(..size));
                    if let (Some(from), Some(to)) = (from, to) {
                        to.copy_from_slice(from);
                    }
                    Ok(size)
                });
                assert_eq!(taken.ok(), Some(now.len()), "there is room for a piece");
                rest = later;
            }
            Ok(Some(frame)) => {
                let size = frame.size;
                if one(frame, expected.next(), &mut number).is_err() {
                    return;
                }
                inbox.consume(size);
            }
            Err(_) => return,
        }
    }
}

fn one(frame: frame::Frame<'_>, expected: Option<u8>, number: &mut u64) -> Result<(), FrameError> {
    if let Some(expected) = expected {
        return match heard::answered(frame, expected)? {
            Answered::Expected(_) => Ok(()),
            Answered::Refused(words) => {
                let words = heard::refusal(&words).map(|refusal| refusal.to_string());
                assert!(!words.unwrap_or_default().contains('\u{1b}'));
                Err(FrameError::Kind(frame.kind))
            }
        };
    }
    let reply = heard::reply(frame, *number, LIMIT)?;
    *number += 1;
    assert!(reply.bytes.len() <= LIMIT);
    believed(&reply);
    Ok(())
}

/// What is taken from a reply keeps what the engine is promised.
fn believed(reply: &Reply) {
    use ValueType as T;
    for returns in [T::Unit, T::Bool, T::I64, T::F64, T::Str, T::Json] {
        let function = Function {
            name: "f".to_owned(),
            about: String::new(),
            pure: true,
            params: Vec::new(),
            returns,
            unit: None,
        };
        match values::answer("p", &function, reply.clone()) {
            Ok(Argument::Number(number)) => assert!(number.is_finite()),
            Ok(Argument::Text(text)) => assert!(!text.contains('\0')),
            Ok(_) => {}
            Err(error) => assert!(!error.to_string().contains('\u{1b}')),
        }
    }
    match values::document("p", "derive", reply.clone()) {
        Ok(text) => assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok()),
        Err(error) => assert!(!error.to_string().contains('\u{1b}')),
    }
}
