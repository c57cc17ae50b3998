//! What a worker says, once it has come as a message. It may come from hostile code, so nothing here trusts it.

use crate::error::Refusal;
use crate::frame::{self, Frame, FrameError, Reader};
use crate::values::{self, Reply};
use serde_json::Value;

/// What a worker said while it started.
#[derive(Debug)]
pub(super) enum Answered {
    Expected(Vec<u8>),
    Refused(Vec<u8>),
}

/// A message that should be of the kind `expected`, or a refusal.
pub(super) fn answered(frame: Frame<'_>, expected: u8) -> Result<Answered, FrameError> {
    let body = frame.body.to_vec();
    match frame.kind {
        frame::REFUSED => Ok(Answered::Refused(body)),
        kind if kind == expected => Ok(Answered::Expected(body)),
        other => Err(FrameError::Kind(other)),
    }
}

/// A message that should be the reply to the request with the number `expected`, with an answer of at most `limit` bytes.
pub(super) fn reply(frame: Frame<'_>, expected: u64, limit: usize) -> Result<Reply, FrameError> {
    if frame.kind != frame::REPLY {
        return Err(FrameError::Kind(frame.kind));
    }
    let (number, reply) = Reader(frame.body).reply()?;
    if number != expected {
        return Err(FrameError::Unasked);
    }
    let length = reply.bytes.len();
    if length > limit {
        return Err(FrameError::TooLong { length, limit });
    }
    Ok(reply)
}

/// A refusal as a worker tells it. Code that ran while the library was loaded may have written it, so its words are made
/// harmless for a terminal.
pub(super) fn refusal(body: &[u8]) -> Option<Refusal> {
    fn clean(value: &mut Value) {
        match value {
            Value::String(text) => *text = values::printable(text.as_bytes()),
            Value::Array(items) => items.iter_mut().for_each(clean),
            Value::Object(fields) => fields.values_mut().for_each(clean),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut value = serde_json::from_slice(body).ok()?;
    clean(&mut value);
    serde_json::from_value(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_cannot_steer_a_terminal() {
        let link = refusal(br#"{"Link":{"message":"\u001b[2Jgone"}}"#);
        let message = "\u{fffd}[2Jgone".to_owned();
        assert_eq!(link, Some(Refusal::Link { message }));
        assert_eq!(refusal(br#"{"Link":{}}"#), None);
        assert_eq!(refusal(b"\xff"), None);
    }
}
