//! Sporhund finds personal data on file shares and in exports, and judges what it finds by the
//! organisation's own stated retention rules.
//!
//! # The house
//!
//! ```text
//! rank 5   cli       arguments → configuration, progress, exit code
//! rank 4   review    a plan and the inventory in the browser, on the loopback
//! rank 3   plan      inventory + verdicts → lines that people approve; it judges as `report` does
//! rank 3   subject   a person's identifiers + inventory → their objects, judged as `report` does
//! rank 2   scan      threads, channels, tally      report   inventory + verdicts → a document
//! rank 2   check     what may not lie in a repository
//! rank 1   source  extract  detect  classify  inventory  policy  deed  round    siblings: none names another
//! rank 0   model     plain data; names no other module
//! ```
//!
//! At run time everything flows one way:
//!
//! ```text
//! source ──Task──▶ workers (extract → detect → classify) ──Record──▶ one writer (inventory)
//!                                                                      └─▶ policy → report
//! ```
//!
//! The only ways back are a request to stop ([`model::Cancel`]) and a closed channel.
//!
//! Formats that can crash or hang run in child processes of the program itself: content goes in and
//! pieces of text come out through pipes ([`extract::Isolation`]). A child opens no file, and on Linux
//! it cannot ([`extract::Confinement`]).
//!
//! The inventory holds facts, never verdicts. A report reads it once, object by object, and judges
//! each by the rules, the events and the day it is made for ([`report::write`]).
//!
//! # What never happens
//!
//! * Matched text does not reach the inventory, a report or a log: the ways out are a mask and a
//!   keyed digest ([`model::Sensitive`]).
//! * No object is lost: discovered = scanned + unchanged + partial + skipped + failed.
//! * Nothing of a scanned tree is written, moved or deleted but by [`deed`], which carries out
//!   approved lines of a plan, and no socket is opened but by [`review`], on the loopback.
//! * A problem of one object ([`model::Problem`]) never ends the run, and an error of the run is
//!   never recorded as a problem.
//! * Only `cli` reads the clock, the environment and the command line, and prints.
//!
//! `tests/it/layers.rs` holds the table of who may name whom.

#[cfg(not(panic = "unwind"))]
compile_error!("one broken object must not end a scan: build with panic = \"unwind\"");

pub mod check;
pub mod classify;
pub mod cli;
#[cfg(unix)]
pub mod deed;
pub mod detect;
pub mod extract;
pub mod inventory;
pub mod model;
pub mod plan;
pub mod policy;
pub mod report;
pub mod review;
pub mod round;
pub mod scan;
pub mod source;
pub mod subject;
