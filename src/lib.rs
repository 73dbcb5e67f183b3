//! Sporhund finds personal data on file shares and in exports, and judges what it finds by the
//! organisation's own stated retention rules.
//!
//! # The house
//!
//! ```text
//! rank 6   cli       arguments → configuration, progress, exit code
//! rank 5   review    a plan and the inventory in the browser, on the loopback
//! rank 4   plan      inventory + verdicts → lines that people approve; it judges as `report` does
//! rank 4   subject   a person's identifiers + inventory → their objects, judged as `report` does
//! rank 3   scan      threads, channels, tally      report   inventory + verdicts → a document
//! rank 3   check     what may not lie in a repository
//! rank 2   examine   one object, from its bytes or its text to what it holds
//! rank 2   round     applicant lists + inventory → whom each object is about
//! rank 1   source  extract  detect  classify  inventory  policy  deed    siblings: none names another
//! rank 0   model     plain data     own_files  what we write: for whom, and whole
//! rank 0   sorted    many numbers in order, in bounded memory; `model` holds them
//! ```
//!
//! At run time everything flows one way:
//!
//! ```text
//! source ──Task──▶ workers (examine: extract → detect → classify) ──Record──▶ one writer (inventory)
//!                                                                               └─▶ policy → report
//! ```
//!
//! The only ways back are a request to stop ([`model::Cancel`]) and a closed channel.
//!
//! Formats that can crash or hang run in child processes of the program itself: content goes in and
//! pieces of text come out through pipes ([`extract::Isolation`]). A child opens no file, and on Linux
//! it cannot ([`extract::Confinement`]).
//!
//! The inventory holds facts, never verdicts. A report reads it once, object by object, and judges
//! each by the rules, the events and the day it is made for ([`report::write`]), with whom it is about
//! by the applicant list. One place brings that together ([`report::Judging`]), so a plan and the
//! answer to a person judge as every report does.
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
//!
//! # As a library
//!
//! The program is a thin use of this crate; three doors are meant for others. What they need is plain:
//! no clock, no environment, no file but those that are handed in.
//!
//! * [`examine::hits`]: what is found in a text.
//! * [`examine::Examiner::read`]: what a file of any format and everything in it hold, from a reader.
//! * [`policy::Judge`]: what retention rules say of a document's facts, and why:
//!
//! ```
//! use jiff::civil::date;
//! use sporhund::model::{ClassGuess, DateInterval, DateSource, Fact, Lang};
//! use sporhund::policy::{Facts, Judge, Register, Rulebook, Site, Verdict};
//!
//! let book = Rulebook::shipped(&["poweroffice-2024"])?;
//! let site = Site::parse(
//!     "site.toml",
//!     "schema = 1\n[[zone]]\npath = \"kurs/**\"\nrole = \"controller\"\npurpose = [\"course\"]\n",
//! )?;
//! let events = Register::default();
//! let judge = Judge::new(&book, &site.facts, &events, date(2026, 11, 28), Lang::En);
//!
//! let path = "kurs/2019/deltakere.csv";
//! let class = ClassGuess { id: "course.registration_list".to_owned(), certainty: 0.9 };
//! let held = Fact::Date {
//!     source: DateSource::Content,
//!     interval: DateInterval::day(date(2019, 5, 2)),
//! };
//! let facts = Facts::at(path, site.zone(path).as_ref())
//!     .with_class(Some(&class))
//!     .with_findings([("name".to_owned(), false)])
//!     .with_dates(&[held]);
//! let judgement = judge.judge(&facts);
//! println!("{}: {}", judgement.verdict, judgement.explanation.join("\n"));
//! assert_eq!(judgement.verdict, Verdict::Review);
//! # Ok::<(), sporhund::policy::Error>(())
//! ```
//!
//! Other public items serve the program and its tests, and may change with any version.

#[cfg(not(panic = "unwind"))]
compile_error!("one broken object must not end a scan: build with panic = \"unwind\"");

pub mod check;
pub mod classify;
pub mod cli;
#[cfg(unix)]
pub mod deed;
pub mod detect;
pub mod examine;
pub mod extract;
pub mod inventory;
pub mod model;
mod own_files;
pub mod plan;
pub mod policy;
pub mod report;
pub mod review;
pub mod round;
pub mod scan;
pub mod sorted;
pub mod source;
pub mod subject;
