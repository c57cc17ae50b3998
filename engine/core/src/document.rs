//! A document somebody typed: its data, and the place of every key and value in it.
