//! The sustainability plugin.
