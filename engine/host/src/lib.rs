//! Loads plugins.
