//! The climate plugin.
