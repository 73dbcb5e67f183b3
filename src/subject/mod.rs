//! The rights of one person: which objects hold their data, and what the rules say of each.
//!
//! Identifiers come in as text and leave as keyed digests; the inventory holds nothing else to compare
//! with. Nothing is stored, so a link between identifiers lasts as long as one answer.

mod asked;
mod bundle;
mod find;
mod index_words;
mod linked;
mod redact;

pub use asked::{Asked, Identifier, asked};
pub use bundle::{Bundle, Given, Item, Why};
pub use find::{Coverage, Found, Line, Wish, find};
pub use linked::Link;
pub use redact::{Document, Own, Row, Value, own};
