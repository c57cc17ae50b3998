//! The equity plugin.
