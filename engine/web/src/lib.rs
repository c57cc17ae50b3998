//! Evenhand in the browser: a request comes in, a page goes out.
//!
//! Nothing here keeps state, opens a file, reads a clock or starts a thread. The text of the proposal travels in the
//! form, so that the program that answers needs to know nothing of the person who asks.

mod answers;
mod api;
mod app;
mod assets;
mod form;
mod message;
mod page;
mod plan;
mod site;
#[cfg(test)]
mod tests;

pub use app::App;
pub use message::{Request, Response};
