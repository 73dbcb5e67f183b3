//! A plan and the inventory in the browser, on this machine only.
//!
//! [`Room`] holds what is reviewed and takes decisions; [`serve`] is the server round it, the only part
//! of the program that opens a socket. Decisions go into the plan's own file, the one that is carried
//! out later, and each leaves a line in a trail beside it. What a decision may be is the plan's matter.

mod guard;
mod objects;
mod page;
mod room;
mod serve;
mod told;

pub use guard::Token;
pub use objects::{Gathering, Objects};
pub use room::{Answer, Outside, Room};
pub use serve::serve;
