//! Many numbers, brought into order and each kept once, in bounded memory: what is too much for it lies in a
//! temporary file without a name until it is asked for.
//!
//! It is made for digests: numbers that are spread evenly over their 64 bits. Others come out in order too, but
//! a part of them ([`Sorted::parts`]) may hold more than was aimed at.

mod lists;
mod order;
mod parts;
mod spool;

pub(crate) use lists::Lists;
pub(crate) use order::sort_spread;
#[cfg(test)]
pub(crate) use order::spread;
pub use parts::{Parts, Sorted};
