//! The documents that a data-protection officer has to show: the record of processing (GDPR
//! article 30) and the sheet of a breach (article 33), made of what was declared and what was found.
//!
//! What is observed here is what a scan saw. What lies elsewhere, and what was not read, is not in
//! them, and each says so.

mod acl;
mod breach;
mod breach_told;
mod fides;
mod persons;
mod ropa;
mod ropa_told;
mod table;
mod terms;
mod words;

pub use acl::{AclTag, parse_acl};
pub use breach::{Breach, BreachWish, Held, Holding, Readers, breach};
pub use ropa::{Processing, Ropa, RopaWish, ropa};
pub use table::{Cell, Table, workbook, write_csv};
