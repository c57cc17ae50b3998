//! Bytes that have arrived and are not yet read as messages.

use crate::frame::{self, Frame, FrameError};
use std::io;

/// Bytes asked for at once.
const CHUNK: usize = 64 << 10;

/// A buffer that is filled at its end and read from its beginning.
#[derive(Debug)]
pub(crate) struct Inbox {
    /// Always initialised; what counts is between `start` and `end`.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    limit: usize,
}

impl Inbox {
    /// For messages with at most `limit` bytes in their bodies.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            limit,
        }
    }

    /// The first message, if it is there whole.
    pub(crate) fn first(&self) -> Result<Option<Frame<'_>>, FrameError> {
        frame::first(
            self.buffer.get(self.start..self.end).unwrap_or_default(),
            self.limit,
        )
    }

    /// Forgets the first `size` bytes.
    pub(crate) fn consume(&mut self, size: usize) {
        self.start = (self.start + size).min(self.end);
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            if self.buffer.len() > 16 * CHUNK {
                self.buffer = vec![0; CHUNK]; // a rare long message
            }
        }
    }

    /// Whether nothing has arrived that was not consumed.
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Lets `read` put bytes at the end; gives what it gave. Memory grows with what arrives, not with what a length claims.
    pub(crate) fn fill(
        &mut self,
        read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == self.buffer.len() {
            let more = self.buffer.len().clamp(CHUNK, 64 * CHUNK);
            self.buffer.resize(self.buffer.len() + more, 0);
        }
        let got = read(self.buffer.get_mut(self.end..).unwrap_or_default())?;
        self.end = (self.end + got).min(self.buffer.len());
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Writer;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn messages_arrive_whatever_the_pieces(
            bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..100_000), 1..3),
            piece in 500_usize..70_000,
        ) {
            let mut writer = Writer::default();
            for body in &bodies {
                writer.begin(9);
                writer.bytes.extend_from_slice(body);
                writer.end();
            }
            let mut rest = &writer.bytes[..];
            let mut inbox = Inbox::new(1 << 20);
            for body in &bodies {
                while inbox.first().unwrap().is_none() {
                    let got = inbox.fill(|room| {
                        let size = piece.min(room.len()).min(rest.len());
                        room[..size].copy_from_slice(&rest[..size]);
                        rest = &rest[size..];
                        Ok(size)
                    });
                    prop_assert!(got.unwrap() > 0);
                }
                let frame = inbox.first().unwrap().unwrap();
                prop_assert_eq!(frame.body, &body[..]);
                let size = frame.size;
                inbox.consume(size);
            }
            prop_assert!(rest.is_empty() && inbox.is_empty());
        }
    }
}
