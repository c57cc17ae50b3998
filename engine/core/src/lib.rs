//! Evenhand's engine: bytes in, values out. It opens no file, reads no clock and no environment, and prints nothing.

pub mod document;
pub mod plugin;
pub mod pointer;
pub mod problem;
pub mod source;
