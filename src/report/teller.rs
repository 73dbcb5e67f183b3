//! What is told of single objects, whatever comes before and after them: the path as it may be shown, the
//! verdict, the dates. It is worked out on several threads, ahead of the one that counts and writes.

use std::collections::VecDeque;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{Access, Context, Judging, Known, judging, ties};
use crate::inventory::{self, ObjectRow, Reader};
use crate::model::{DateInterval, DateSource};
use crate::policy::{Judgement, Verdict, ZoneMatch};

/// Objects that a thread takes at once.
const BATCH: usize = 256;

/// Batches that wait, for each thread.
const AHEAD: usize = 4;

/// Tells of single objects.
pub(super) struct Teller<'a> {
    context: Context<'a>,
    judging: Option<Judging<'a>>,
}

/// What is told of an object.
pub(super) struct Told {
    /// Its path, as it may be shown.
    pub(super) shown: String,
    /// What the rules say.
    pub(super) judgement: Option<Judgement>,
    /// How that came about in the other language.
    pub(super) translated: Vec<String>,
    /// Its dates, with where each comes from.
    pub(super) dates: Vec<(DateSource, DateInterval)>,
    /// Who is responsible for it and who can read it, of a file only.
    pub(super) owned: Owned,
}

/// Who is responsible for a file, and who can read it.
pub(super) type Owned = (Option<String>, Option<Access>);

/// Objects, and what is told of each.
type Batch = (Vec<ObjectRow>, Vec<Told>);

/// Objects to tell of, and where to put it.
type Task = (Vec<ObjectRow>, Sender<Batch>);

impl<'a> Teller<'a> {
    /// Looks through the inventory's file times first, where rules ask for times.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub(super) fn new(inventory: &Reader, context: Context<'a>) -> Result<Self, inventory::Error> {
        let judging = context
            .law
            .map(|by| Judging::new(inventory, by, context.style.lang));
        Ok(Self {
            context,
            judging: judging.transpose()?,
        })
    }

    /// What is told of an object.
    pub(super) fn told(&self, row: &ObjectRow) -> Told {
        let shown = self.shown(&row.path);
        let judging = self.judging.as_ref();
        let zone = judging.and_then(|judging| judging.site().zone(&row.path));
        let (judgement, translated) = self.judgement(row, zone.as_ref(), &shown);
        Told {
            shown,
            judgement,
            translated,
            dates: judging::dates(row),
            owned: self.owned(row, zone.as_ref()),
        }
    }

    fn owned(&self, row: &ObjectRow, zone: Option<&ZoneMatch<'_>>) -> Owned {
        if row.depth > 0 {
            return Owned::default();
        }
        let named = zone.and_then(|found| found.zone.owner.clone());
        let account = || Some(self.context.names.owner(row.stat.as_ref()?));
        let access = row.stat.and_then(|stat| self.context.names.access(&stat));
        (named.or_else(account), access)
    }

    /// Tells of all objects of an inventory, and hands each over with what is told of it, in their order.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub(super) fn for_each(
        &self,
        inventory: &Reader,
        take: &mut dyn FnMut(&ObjectRow, Told),
    ) -> Result<(), inventory::Error> {
        let jobs = self.context.jobs.max(1);
        std::thread::scope(|scope| {
            let (tasks, taken) = bounded::<Task>(jobs * AHEAD);
            for _ in 0..jobs {
                let taken = taken.clone();
                scope.spawn(move || self.work(&taken));
            }
            let mut ahead: VecDeque<Receiver<Batch>> = VecDeque::new();
            let mut rows = Vec::with_capacity(BATCH);
            let send = |rows: &mut Vec<ObjectRow>, ahead: &mut VecDeque<_>| {
                let (answer, answered) = bounded(1);
                // It fails only where a thread has panicked, which ends this scope.
                let _ = tasks.send((std::mem::take(rows), answer));
                ahead.push_back(answered);
            };
            inventory.for_each_object(&mut |row| {
                rows.push(row);
                if rows.len() >= BATCH {
                    send(&mut rows, &mut ahead);
                }
                if ahead.len() >= jobs * AHEAD {
                    hand_over(ahead.pop_front(), take);
                }
            })?;
            send(&mut rows, &mut ahead);
            while let Some(answered) = ahead.pop_front() {
                hand_over(Some(answered), take);
            }
            Ok(())
        })
    }

    fn work(&self, taken: &Receiver<Task>) {
        for (rows, answer) in taken {
            let told = rows.iter().map(|row| self.told(row)).collect();
            // Nobody waits for it where reading the inventory failed.
            let _ = answer.send((rows, told));
        }
    }

    /// Paths can hold names: what a detector finds in them is masked, unless asked otherwise.
    pub(super) fn shown(&self, path: &str) -> String {
        if self.context.style.show_paths {
            path.to_owned()
        } else {
            self.context.scanner.mask(path)
        }
    }

    /// What the rules say of an object, and that in the other language. What was not read at all is listed
    /// as unread, and judged by nobody.
    fn judgement(
        &self,
        row: &ObjectRow,
        zone: Option<&ZoneMatch<'_>>,
        shown: &str,
    ) -> (Option<Judgement>, Vec<String>) {
        let judging = self.judging.as_ref().filter(|_| row.outcome.is_read());
        let Some(judging) = judging else {
            return (None, Vec::new());
        };
        let Known { facts, attributed } = judging.known_at(row, zone);
        // What lies in a round's place needs no list to belong to it.
        let elsewhere = zone.is_none_or(|zone| zone.process.is_none());
        let tied = |mut lines: Vec<String>, lang| {
            let tie = ties::line(&attributed, lang).filter(|_| elsewhere && !lines.is_empty());
            if let Some(tie) = tie {
                lines.insert(1, tie);
            }
            lines
        };
        let hidden = |lines: Vec<String>| -> Vec<String> {
            if row.path == shown {
                return lines;
            }
            let lines = lines.into_iter();
            lines.map(|line| line.replace(&row.path, shown)).collect()
        };
        let told_of = !row.findings.is_empty() || row.outcome.problem().is_some();
        let mut judgement = if self.context.explains_all || told_of {
            judging.judge(&facts)
        } else {
            judging.judge_briefly(&facts)
        };
        judgement.explanation = tied(hidden(judgement.explanation), self.context.style.lang);
        let acted_on = judgement.verdict != Verdict::Keep || !facts.findings.is_empty();
        let translated = self.context.translator.filter(|_| acted_on);
        let translated =
            translated.map(|other| tied(hidden(other.judge(&facts).explanation), other.lang()));
        (Some(judgement), translated.unwrap_or_default())
    }
}

fn hand_over(answered: Option<Receiver<Batch>>, take: &mut dyn FnMut(&ObjectRow, Told)) {
    let Some(Ok((rows, told))) = answered.map(|answered| answered.recv()) else {
        return;
    };
    for (row, told) in rows.iter().zip(told) {
        take(row, told);
    }
}
