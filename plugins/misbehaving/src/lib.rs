//! Misbehaves on request.
