//! Writing into a document changes what it says, and nothing else.
