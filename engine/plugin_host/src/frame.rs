//! The messages between host and worker: a length, a kind, a body. All numbers are little-endian.
//!
//! The host reads what a hostile process may have written, so every length is checked against what is there and against
//! a limit before anything is copied. Nothing here panics on any bytes.

use crate::values::{Flat, Reply};
use std::borrow::Cow;

/// Bytes before a body: its length and its kind.
pub(crate) const HEAD: usize = 5;

/// Host to worker: limits, manifest and settings as JSON, then the library.
pub(crate) const START: u8 = 1;
/// Host to worker: an operation on some documents.
pub(crate) const RUN: u8 = 2;
/// Host to worker: some calls.
pub(crate) const CALL: u8 = 3;
/// Host to worker: end the instance and make a fresh one.
pub(crate) const RENEW: u8 = 4;
/// Host to worker: the same questions to several fresh instances at the same time.
pub(crate) const TOGETHER: u8 = 5;
/// Worker to host, before anything is linked: what the sandbox consists of.
pub(crate) const SANDBOX: u8 = 64;
/// Worker to host: loaded, can be asked. Code that ran meanwhile may have said so instead; nothing follows from it.
pub(crate) const HELLO: u8 = 65;
/// Worker to host: refused, with a [`Refusal`](crate::Refusal) as JSON.
pub(crate) const REFUSED: u8 = 66;
/// Worker to host: one reply to one document or call.
pub(crate) const REPLY: u8 = 67;

/// Why bytes are not a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("a message of {length} bytes, where at most {limit} are allowed")]
    TooLong { length: usize, limit: usize },
    #[error("a message that ends in the middle of a field")]
    Short,
    #[error("a message with {0} bytes after its last field")]
    Rest(usize),
    #[error("a message of kind {0}, which is not expected now")]
    Kind(u8),
    #[error("a value with tag {0}, which does not exist")]
    Tag(u32),
    #[error("an answer that nobody asked for")]
    Unasked,
}

/// A message within a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) kind: u8,
    pub(crate) body: &'a [u8],
    /// Bytes of the whole message.
    pub(crate) size: usize,
}

/// The message at the beginning of `bytes`; nothing if more bytes must come first.
pub(crate) fn first(bytes: &[u8], limit: usize) -> Result<Option<Frame<'_>>, FrameError> {
    let Some(([a, b, c, d, kind], rest)) = bytes.split_first_chunk::<HEAD>() else {
        return Ok(None);
    };
    let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
    if length > limit {
        return Err(FrameError::TooLong { length, limit });
    }
    Ok(rest.get(..length).map(|body| Frame {
        kind: *kind,
        body,
        size: HEAD + length,
    }))
}

/// Writes messages one after another.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
    began: usize,
}

impl Writer {
    /// Begins a message; its length is filled in by [`end`](Self::end).
    pub(crate) fn begin(&mut self, kind: u8) {
        self.began = self.bytes.len();
        self.bytes.extend_from_slice(&[0, 0, 0, 0, kind]);
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A length and as many bytes.
    pub(crate) fn block(&mut self, bytes: &[u8]) {
        self.u32(length(bytes.len()));
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn flat(&mut self, value: &Flat<'_>) {
        let (tag, word, text) = value.parts();
        self.u32(tag);
        match value {
            Flat::Str(_) | Flat::Json(_) => self.block(text),
            _ => self.u64(word),
        }
    }

    /// The reply to the request with this number.
    pub(crate) fn reply(&mut self, number: u64, reply: &Reply) {
        self.begin(REPLY);
        self.u64(number);
        self.u32(reply.status.cast_unsigned());
        self.u8(u8::from(reply.refused)
            | u8::from(reply.float_mode) << 1
            | u8::from(reply.nowhere) << 2);
        self.u32(reply.tag);
        self.u64(reply.word);
        self.block(&reply.bytes);
        self.end();
    }

    /// Ends the message that was begun.
    pub(crate) fn end(&mut self) {
        let size = self.bytes.len().saturating_sub(self.began + HEAD);
        if let Some(head) = self
            .bytes
            .get_mut(self.began..)
            .and_then(<[u8]>::first_chunk_mut::<4>)
        {
            *head = length(size).to_le_bytes();
        }
    }
}

/// Callers keep what they send under [`SEND_LIMIT`]; a longer one is refused by the other side.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Most bytes of a message to a worker.
pub(crate) const SEND_LIMIT: usize = 300 << 20;

/// Bytes of a reply besides its answer.
pub(crate) const REPLY_HEAD: usize = 29;

/// Reads the fields of a body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], FrameError> {
        let (chunk, rest) = self.0.split_first_chunk::<N>().ok_or(FrameError::Short)?;
        self.0 = rest;
        Ok(*chunk)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, FrameError> {
        self.chunk::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, FrameError> {
        self.chunk().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, FrameError> {
        self.chunk().map(u64::from_le_bytes)
    }

    pub(crate) fn block(&mut self) -> Result<&'a [u8], FrameError> {
        let length = self.u32()? as usize;
        let (block, rest) = self.0.split_at_checked(length).ok_or(FrameError::Short)?;
        self.0 = rest;
        Ok(block)
    }

    pub(crate) fn flat(&mut self) -> Result<Flat<'a>, FrameError> {
        use evenhand_contract::abi;
        Ok(match self.u32()? {
            abi::TAG_STR => Flat::Str(Cow::Borrowed(self.block()?)),
            abi::TAG_JSON => Flat::Json(Cow::Borrowed(self.block()?)),
            tag => {
                let word = self.u64()?;
                match tag {
                    abi::TAG_UNIT => Flat::Unit,
                    abi::TAG_BOOL => Flat::Bool(word != 0),
                    abi::TAG_I64 => Flat::I64(word.cast_signed()),
                    abi::TAG_F64 => Flat::F64(f64::from_bits(word)),
                    other => return Err(FrameError::Tag(other)),
                }
            }
        })
    }

    /// The number of a request and the reply to it, which must be all there is.
    pub(crate) fn reply(mut self) -> Result<(u64, Reply), FrameError> {
        let number = self.u64()?;
        let status = self.u32()?.cast_signed();
        let flags = self.u8()?;
        let (tag, word) = (self.u32()?, self.u64()?);
        let bytes = self.block()?.to_vec();
        self.end()?;
        let reply = Reply {
            status,
            refused: flags & 1 != 0,
            float_mode: flags & 2 != 0,
            nowhere: flags & 4 != 0,
            tag,
            word,
            bytes,
        };
        Ok((number, reply))
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), FrameError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(FrameError::Rest(self.0.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_reply() -> impl Strategy<Value = Reply> {
        let parts = (
            any::<i32>(),
            any::<[bool; 3]>(),
            any::<u32>(),
            any::<u64>(),
            any::<Vec<u8>>(),
        );
        parts.prop_map(
            |(status, [refused, float_mode, nowhere], tag, word, bytes)| Reply {
                status,
                refused,
                nowhere,
                float_mode,
                tag,
                word,
                bytes,
            },
        )
    }

    fn any_flat() -> impl Strategy<Value = Flat<'static>> {
        prop_oneof![
            Just(Flat::Unit),
            any::<bool>().prop_map(Flat::Bool),
            any::<i64>().prop_map(Flat::I64),
            (-1e300..1e300).prop_map(Flat::F64),
            any::<Vec<u8>>().prop_map(|bytes| Flat::Str(bytes.into())),
            any::<Vec<u8>>().prop_map(|bytes| Flat::Json(bytes.into())),
        ]
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>, limit in 0_usize..200) {
            if let Ok(Some(frame)) = first(&bytes, limit) {
                prop_assert!(frame.body.len() <= limit && frame.size <= bytes.len());
            }
            drop(Reader(&bytes).reply());
            let mut reader = Reader(&bytes);
            while reader.flat().is_ok() {}
        }

        #[test]
        fn a_lying_length_within_a_reply_is_an_error(reply in any_reply(), lie: u32) {
            let mut writer = Writer::default();
            writer.reply(7, &reply);
            let honest = length(reply.bytes.len());
            let at = HEAD + 25;
            writer.bytes[at..at + 4].copy_from_slice(&lie.to_le_bytes());
            let frame = first(&writer.bytes, usize::MAX).unwrap().unwrap();
            prop_assert_eq!(Reader(frame.body).reply().is_ok(), lie == honest);
        }

        #[test]
        fn what_is_written_is_read(replies in proptest::collection::vec(any_reply(), 0..4), cut: prop::sample::Index) {
            let mut writer = Writer::default();
            for (number, reply) in (5..).zip(&replies) {
                writer.reply(number, reply);
            }
            let mut rest = &writer.bytes[..];
            for (number, reply) in (5..).zip(&replies) {
                let frame = first(rest, usize::MAX).unwrap().unwrap();
                prop_assert_eq!(frame.body.len(), REPLY_HEAD + reply.bytes.len());
                prop_assert_eq!(Reader(frame.body).reply().unwrap(), (number, reply.clone()));
                // Cut short anywhere, a message is not there yet.
                prop_assert_eq!(first(&rest[..cut.index(frame.size)], usize::MAX).unwrap(), None);
                rest = &rest[frame.size..];
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn arguments_survive(values in proptest::collection::vec(any_flat(), 0..6)) {
            let mut writer = Writer::default();
            for value in &values {
                writer.flat(value);
            }
            let mut reader = Reader(&writer.bytes);
            for value in &values {
                prop_assert_eq!(&reader.flat().unwrap(), value);
            }
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }
}
