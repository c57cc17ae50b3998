//! The files beside the pages: style, scripts, and the worker of a site of files.

pub(crate) const STYLE: &str = include_str!("assets/style.css");
pub(crate) const SCRIPT: &str = include_str!("assets/app.js");
pub(crate) const ENGINE: &str = include_str!("assets/engine.js");
pub(crate) const WORKER: &str = include_str!("assets/sw.js");

/// What a page asks for: the file's name, its kind, and what it holds.
pub(crate) const ASSETS: &[(&str, &str, &str)] = &[
    ("style.css", "text/css; charset=utf-8", STYLE),
    ("app.js", "text/javascript; charset=utf-8", SCRIPT),
    ("engine.js", "text/javascript; charset=utf-8", ENGINE),
];
