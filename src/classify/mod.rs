//! All candidates of one object → its findings, with confidence and reasons.
//!
//! A detector sees one place; this module sees the object. It settles overlaps between detectors
//! (an eleven-digit number is one thing: a person or an account), weighs columns and density (in a
//! column where every value passes as an account, the one in a hundred that also passes as a
//! fødselsnummer is chance), looks whether a person is near a word of a special category or an address
//! of the net, counts, keeps the first samples, and guesses what kind of document the object is.
//!
//! It never sees the text, does no I/O, and never drops a number whose control digits are right
//! unless the same digits are reported as something else: context lowers such a number to `low`,
//! where it is counted and shown apart.
//!
//! Memory is bounded whatever the size of the object, see [`Folder`].

mod bottom;
mod bucket;
mod class;
mod column;
mod folder;
mod near;
mod overlap;
mod sums;
#[cfg(test)]
mod tests;

pub use class::{Classes, PathWords};
pub use folder::{Classified, Folder, Options};
pub use overlap::names_its_owner;
