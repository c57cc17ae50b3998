//! What goes to a worker in one message.

use crate::values::Flat;

/// Longest document that is sent to a worker.
pub(super) const DOCUMENT_LIMIT: usize = 64 << 20;
/// A message to a worker is sent on when it holds this much.
const BATCH_BYTES: usize = 1 << 20;
/// Bytes of the answers to one batch that are kept.
const BATCH_ANSWERS: usize = 64 << 20;

/// One call of a function.
pub(crate) struct Call<'a> {
    /// Its index in the manifest.
    pub(crate) function: u32,
    /// Most bytes that may come back.
    pub(crate) limit: usize,
    pub(crate) args: Vec<Flat<'a>>,
}

impl Call<'_> {
    /// A call with arguments of its own.
    pub(crate) fn new(function: u32, limit: usize, args: Vec<Flat<'_>>) -> Call<'_> {
        Call {
            function,
            limit,
            args,
        }
    }
}

/// How many of `documents` go into one message, when `kept` bytes of answers are there already.
pub(super) fn fitting(documents: &[&[u8]], kept: usize) -> usize {
    if kept > BATCH_ANSWERS {
        return 0;
    }
    let mut size = 0;
    let fits = |document: &&&[u8]| {
        let first = size == 0;
        size += document.len().max(1);
        document.len() <= DOCUMENT_LIMIT && (first || size <= BATCH_BYTES)
    };
    documents.iter().take_while(fits).count()
}
