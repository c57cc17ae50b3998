//! What a worker is to run, and several instances of it asked at the same time.

use super::Isolated;
use crate::frame;
use crate::inspection::Inspection;
use crate::options::Limits;
use crate::values::Reply;
use crate::worker::Question;
use evenhand_contract::plugin::PluginError;

/// What a worker is to run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Charge<'a> {
    pub(crate) plugin: &'a str,
    pub(crate) manifest: &'a str,
    pub(crate) needed: &'a [String],
    /// Bytes of the library; none for a plugin that is part of the worker's program.
    pub(crate) library: Option<&'a [u8]>,
    /// Instances that can be asked at the same time, beside the one that usually answers.
    pub(crate) threads: u32,
}

impl<'a> From<&'a Inspection> for Charge<'a> {
    fn from(found: &'a Inspection) -> Self {
        Self {
            plugin: &found.manifest.id,
            manifest: &found.manifest_text,
            needed: &found.needed,
            library: Some(&found.bytes),
            threads: 0,
        }
    }
}

impl Isolated {
    /// Asks all `questions` of each of `threads` fresh instances at the same time, again and again. For each instance one reply
    /// to each question: the first, or the first that was not the same.
    pub(crate) fn together(
        &mut self,
        threads: usize,
        questions: &[Question<'_>],
        limit: usize,
    ) -> Vec<Result<Reply, PluginError>> {
        if let Err(error) = self.running() {
            return vec![Err(error)];
        }
        self.writer.bytes.clear();
        self.writer.begin(frame::TOGETHER);
        self.writer.u64(self.number);
        self.writer
            .u32(u32::try_from(questions.len()).unwrap_or(u32::MAX));
        for question in questions {
            question.write(limit, &mut self.writer);
        }
        self.writer.end();
        self.exchange(threads * questions.len(), limit, Limits::CALL_ALLOWANCE)
    }
}
