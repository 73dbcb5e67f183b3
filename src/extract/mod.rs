//! Bytes of an object → pieces of text and members.
//!
//! [`Reader::read`] is the only recursion: enter → depth → spool → sniff → [`Format::read`] →
//! leave, with exactly one outcome for each object. This module knows no detector, and never writes
//! a file under a member's name.

mod content;
mod format;
mod formats;
mod sink;

pub use content::Content;
pub use format::{Format, FormatInfo, Head, Match};
pub use sink::Sink;
