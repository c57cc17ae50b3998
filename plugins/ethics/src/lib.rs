//! The ethics plugin.
