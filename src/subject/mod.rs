//! The rights of one person: which objects hold their data, and what the rules say of each.
//!
//! Identifiers come in as text and leave as keyed digests; the inventory holds nothing else to compare
//! with. Nothing is stored, so a link between identifiers lasts as long as one answer.

mod asked;
mod find;
mod linked;

pub use asked::{Asked, Identifier, asked};
pub use find::{Coverage, Found, Line, Wish, find};
pub use linked::Link;
