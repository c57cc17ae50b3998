//! Judges every example inside WebAssembly.

#![expect(unsafe_code, reason = "names that the page outside can call")]

use evenhand_core::executor::Sequential;
use evenhand_document::document::{Document, Format};
use evenhand_report::json;
use evenhand_session::Session;
use evenhand_standard::distribution;
use std::sync::{Arc, OnceLock};

// Only to be built and linked.
use evenhand_authoring as _;

/// The examples by their file's name.
static EXAMPLES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/examples.rs"));

/// How many examples there are.
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub extern "C" fn example_count() -> usize {
    EXAMPLES.len()
}

/// The name of an example, and its scorecard as JSON on the lines below it: address and length in one number. The text
/// stays for the life of the module.
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub extern "C" fn judge(index: usize) -> u64 {
    let text = match EXAMPLES.get(index) {
        Some((name, bytes)) => format!("{name}\n{}", judged(name, bytes)),
        None => "there is no such example".to_owned(),
    };
    let text: &'static str = text.leak();
    ((text.as_ptr() as usize as u64) << 32) | text.len() as u64
}

fn judged(name: &str, bytes: &[u8]) -> String {
    static SESSION: OnceLock<Result<Session, String>> = OnceLock::new();
    let session = SESSION.get_or_init(|| {
        let opened = Session::open(distribution(), None, Arc::new(Sequential));
        opened.map_err(|problems| format!("{problems:?}"))
    });
    let session = match session {
        Ok(session) => session,
        Err(problems) => return problems.clone(),
    };
    let ending = name.rsplit('.').next().unwrap_or_default();
    let format = Format::from_extension(ending).unwrap_or(Format::Yaml);
    let path = format!("examples/proposals/{name}");
    let judged = Document::parse(&path, bytes, format).and_then(|document| {
        let language = session.language(None)?;
        let card = session.judge(&document, &language, &Sequential)?;
        Ok(json::render(&card, &document))
    });
    judged.unwrap_or_else(|problems| format!("{problems:?}"))
}
