//! Which capitalised words of a text are names of persons: a sequence model in two stages.
//!
//! [`run`] reads runs of capitalised words with what stands around them, [`features`] tells what
//! speaks for or against each word, [`chain`] weighs whole runs, and [`document`] weighs them once
//! more by what the same words are elsewhere in the object. The weights lie in `model.bin`, which
//! `examples/train_names.rs` makes; `docs/name-model.md` is its card. They hold no text.
//!
//! What is reported of it, rules for forms that no model is needed for, and columns are left to the
//! detector `name`.

mod again;
mod alone;
pub mod chain;
pub mod document;
pub mod features;
mod letters;
pub mod model;
pub mod run;
mod seen;
mod sums;
pub mod word;

/// What a word is, as the model tells it. The order is that of the weights.
pub mod label {
    /// No name.
    pub const OUT: usize = 0;
    /// The first word of a person's name.
    pub const BEGIN: usize = 1;
    /// A later word of it.
    pub const INSIDE: usize = 2;
    /// Of an organisation's name.
    pub const ORGANISATION: usize = 3;
    /// Of a place's name.
    pub const PLACE: usize = 4;
    /// Of another name: a work, an event, a product, something named after one.
    pub const OTHER: usize = 5;
    /// How many there are.
    pub const COUNT: usize = 6;
}

/// One number for each label.
pub type Scores = [f32; label::COUNT];
