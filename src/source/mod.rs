//! The walk: roots and filters → files to read, and an outcome for all that is not read.
//!
//! Contents are not read here (only [`open`] hands out a file), links are not followed, and nothing
//! is ever written. Access times of files are left alone where the system allows it; those of
//! folders follow the rules of the mount.

mod error;
mod filter;
mod git;
mod identity;
mod listing;
mod open;
mod roots;
mod stat;
mod tour;
mod walk;

pub use error::Error;
pub use git::{Change, Entry, EntryKind, GitError, Object, Objects, Repository, path_of};
pub use open::open;
pub use roots::Root;
pub use walk::{Found, Leaf, Leaves, RootEnd, Task, Visitor, WalkOptions, Walker};
