//! What is to be done with each thing that the walk finds: read it, carry it over, or record its end.
//!
//! A folder whose files are all as they were is carried over as a whole, without a look at each of
//! them in the inventory. It reads no file itself.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::inventory::{Known, KnownFiles, KnownFolder, Lookup, Reuse};
use crate::model::{FileStat, ObjectPath, Outcome, Problem, ProblemKind, Record, Stage};
use crate::source::{Found, Leaf, Leaves, Task, Visitor};

use super::Error;
use super::desk::{Desk, Job, unread};
use super::pipeline::Word;
use super::reading::{Change, Reading};

/// Files of a folder that are looked up together; in a larger folder each is looked up by itself.
const TOGETHER: usize = 65_536;

/// Receives what the walk finds.
pub(super) struct Clerk<'a> {
    desk: Desk<'a>,
    lookup: Lookup,
    /// Hands a file over to be read.
    hand_over: &'a mut dyn FnMut(Job),
    reading: Reading,
    listing_key: String,
    changes: HashMap<Arc<str>, Change>,
    table: Table,
    /// Roots in which anything was found.
    pub(super) met: HashSet<String>,
    pub(super) failure: Option<Error>,
    /// Whether the time was spent before all was walked.
    pub(super) paused: bool,
}

/// What is known of the files of one folder.
#[derive(Default)]
struct Table {
    /// Root and folder, where `files` tells all that is known of it.
    of: Option<(Arc<str>, Vec<u8>)>,
    files: KnownFiles,
}

impl<'a> Clerk<'a> {
    pub(super) fn new(desk: Desk<'a>, lookup: Lookup, hand_over: &'a mut dyn FnMut(Job)) -> Self {
        let info = &desk.settings.info;
        Self {
            desk,
            lookup,
            hand_over,
            reading: Reading::parse(&info.fingerprint),
            listing_key: info.listing_key(),
            changes: HashMap::new(),
            table: Table::default(),
            met: HashSet::new(),
            failure: None,
            paused: false,
        }
    }

    fn meet(&mut self, root: &str) {
        if !self.met.contains(root) {
            self.met.insert(root.to_owned());
        }
    }

    /// Ends the walk where its time is spent.
    fn look_at_the_clock(&mut self) -> ControlFlow<()> {
        self.paused |= self.desk.pacer.is_over();
        if self.paused {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Ends the walk with an error.
    fn fail<T>(&mut self, error: impl Into<Error>) -> ControlFlow<(), T> {
        self.failure = Some(error.into());
        ControlFlow::Break(())
    }

    /// Whether all files of a folder, and nothing else that is known of it, may be carried over.
    fn knows_all(&mut self, leaves: &Leaves<'_>, files: &KnownFiles) -> Result<bool, Error> {
        if leaves.leaves.len() != files.len() {
            return Ok(false);
        }
        for leaf in leaves.leaves {
            let Some(known) = files.get(&leaf.name) else {
                return Ok(false);
            };
            if !self.carries_over(leaf, known)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn carries_over(&mut self, leaf: &Leaf, known: &Known) -> Result<bool, Error> {
        if let Some(kind) = leaf.left {
            let outcome = Outcome::Skipped(Problem::new(kind, Stage::Walk));
            return Ok(known.is_settled_as(Some(&leaf.stat), &outcome));
        }
        Ok(match self.reuse(known, &leaf.stat)? {
            Reuse::CarryOver | Reuse::Done => true,
            Reuse::Compare | Reuse::Read => false,
        })
    }

    fn reuse(&mut self, known: &Known, stat: &FileStat) -> Result<Reuse, Error> {
        let concerned = self.is_concerned(known)?;
        Ok(known.reuse(stat, concerned))
    }

    /// Whether a change of the program since a file was read may concern it.
    fn is_concerned(&mut self, known: &Known) -> Result<bool, Error> {
        if *known.fingerprint == self.desk.settings.info.fingerprint {
            return Ok(false);
        }
        let then = Arc::clone(&known.fingerprint);
        let between = || Change::between(&Reading::parse(&known.fingerprint), &self.reading);
        let change = self.changes.entry(then).or_insert_with(between);
        Ok(change.concerns(&self.lookup.parts(known)?))
    }

    fn known(&mut self, object: &ObjectPath) -> Result<Option<Known>, Error> {
        let own = object.own_name();
        let at = own.iter().rposition(|byte| *byte == b'/');
        let folder = at.and_then(|at| own.get(..at)).unwrap_or_default();
        if let Some((root, of)) = &self.table.of
            && **root == *object.root()
            && of == folder
        {
            let name = own.get(at.map_or(0, |at| at + 1)..).unwrap_or_default();
            return Ok(self.table.files.get(name).cloned());
        }
        Ok(self.lookup.known(object)?)
    }

    /// Looks up what is known of a folder; `true` where all of it may be carried over, and is.
    fn look_up(&mut self, leaves: &Leaves<'_>) -> Result<ControlFlow<(), bool>, Error> {
        self.table = Table::default();
        let of = Some((Arc::clone(leaves.root), leaves.folder.to_vec()));
        let full = self.desk.settings.full;
        let Some(KnownFolder { id, listing }) = self.lookup.folder(leaves.root, leaves.folder)?
        else {
            self.table.of = of;
            return Ok(ControlFlow::Continue(false));
        };
        let sum = leaves.sum.under(&self.listing_key);
        if !full && listing == Some(sum) {
            return Ok(self.carry_folder(id, sum, leaves));
        }
        if leaves.leaves.is_empty() {
            return Ok(ControlFlow::Continue(false));
        }
        let Some(files) = self.lookup.files(id, TOGETHER)? else {
            return Ok(ControlFlow::Continue(false));
        };
        if !full && self.knows_all(leaves, &files)? {
            return Ok(self.carry_folder(id, sum, leaves));
        }
        self.table = Table { of, files };
        Ok(ControlFlow::Continue(false))
    }

    fn carry_folder(
        &mut self,
        id: i64,
        listing: [u8; 16],
        leaves: &Leaves<'_>,
    ) -> ControlFlow<(), bool> {
        let tally = self.desk.tally;
        tally.found(leaves.files, leaves.bytes);
        tally.done(leaves.files, leaves.bytes);
        self.desk.tell(Word::Folder { id, listing })?;
        ControlFlow::Continue(true)
    }

    /// Deals with what needs no reading, and hands over what does.
    fn receive(&mut self, found: Found) -> Result<ControlFlow<()>, Error> {
        let task = match found {
            Found::File(task) => task,
            Found::Settled {
                object,
                stat,
                outcome,
            } => return self.settle(object, stat, outcome),
            Found::HardLink { object, first } => {
                return Ok(self.desk.tell(Word::HardLink { object, first }));
            }
        };
        self.desk.tally.found(1, task.stat.bytes);
        let bytes = task.stat.bytes;
        let told = match self.without_reading(task)? {
            Need::Read(job) => {
                // Only what is read takes time that could be spent.
                if self.look_at_the_clock().is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                (self.hand_over)(job);
                return Ok(ControlFlow::Continue(()));
            }
            Need::Tell(word) => self.desk.tell(word),
            Need::Nothing => ControlFlow::Continue(()),
        };
        self.desk.tally.done(1, bytes);
        Ok(told)
    }

    /// Records the end of something that is not read, where that is news.
    fn settle(
        &mut self,
        object: ObjectPath,
        stat: Option<FileStat>,
        outcome: Outcome,
    ) -> Result<ControlFlow<()>, Error> {
        if let Some(known) = self.known(&object)?
            && known.is_settled_as(stat.as_ref(), &outcome)
        {
            return Ok(self.desk.tell(Word::CarriedOver(known.id)));
        }
        let bytes = stat.map_or(0, |stat| stat.bytes);
        let record = Record {
            stat,
            ..Record::unread(object, outcome, bytes)
        };
        Ok(self.desk.tell(Word::Examined(vec![record])))
    }

    /// What is to be done with a file.
    fn without_reading(&mut self, task: Task) -> Result<Need, Error> {
        let settings = self.desk.settings;
        if (settings.metadata_only)(&task.object) {
            let excluded = Outcome::Skipped(Problem::new(ProblemKind::Excluded, Stage::Open));
            let known = self.known(&task.object)?;
            let known = known.filter(|known| known.is_settled_as(Some(&task.stat), &excluded));
            return Ok(Need::Tell(match known {
                Some(known) => Word::CarriedOver(known.id),
                None => Word::Examined(vec![unread(task, excluded)]),
            }));
        }
        let Some(known) = self.known(&task.object)? else {
            return Ok(Need::Read(Job::new(task)));
        };
        let full = settings.full && !known.recorded_in_this_run;
        Ok(match self.reuse(&known, &task.stat)? {
            Reuse::Done => Need::Nothing,
            Reuse::CarryOver if !full => Need::Tell(Word::CarriedOver(known.id)),
            Reuse::Compare if !full => Need::Read(Job {
                task,
                same_as: known.content_digest,
            }),
            Reuse::CarryOver | Reuse::Compare | Reuse::Read => Need::Read(Job::new(task)),
        })
    }
}

/// What is to be done with a file that the walk met.
enum Need {
    /// It is to be read.
    Read(Job),
    /// It need not or must not be read, and this is to be recorded.
    Tell(Word),
    /// This run dealt with it before it was cut off.
    Nothing,
}

impl Visitor for Clerk<'_> {
    fn knows_large_folder(&mut self, root: &Arc<str>, folder: &[u8]) -> bool {
        // An error comes again when the folder is looked up.
        let known = self.lookup.folder(root, folder).ok().flatten();
        !self.desk.settings.full && known.is_some_and(|known| known.listing.is_some())
    }

    fn folder(&mut self, leaves: &Leaves<'_>) -> ControlFlow<(), bool> {
        self.look_at_the_clock()?;
        self.meet(leaves.root);
        match self.look_up(leaves) {
            Ok(flow) => flow,
            Err(error) => self.fail(error),
        }
    }

    fn found(&mut self, found: Found) -> ControlFlow<()> {
        self.meet(found.object().root());
        match self.receive(found) {
            Ok(flow) => flow,
            Err(error) => self.fail(error),
        }
    }
}
