//! What became of findings since an earlier run: new, gone and moved, by folder, owner, rule and detector.
//!
//! New are the hits of files that were not there and the hits that a file has more of; gone are those of
//! files that are not there any more and those that a file has fewer of. Moved are the hits of a file that
//! lay elsewhere with the same bytes: they leave one folder and come to another, and are neither new nor
//! gone. Rules are those that have a say about the object as it is, or as it last was; what changed in an
//! archive counts under the rules of those members that hold hits of the kind.

mod written;

use std::collections::{BTreeMap, BTreeSet};

use super::gather::{self, Error, Gathered};
use super::{Context, JudgedObject};
use crate::inventory::{Fate, HitChange, Reader, RunRow};
use crate::model::Confidence;

pub use written::{write_csv, write_json, write_text};

/// Hits by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// They were not there.
    pub new: u64,
    /// They are not there any more.
    pub gone: u64,
    /// They came from elsewhere.
    pub moved_in: u64,
    /// They went elsewhere.
    pub moved_out: u64,
}

impl Moves {
    fn add(&mut self, other: Self) {
        self.new += other.new;
        self.gone += other.gone;
        self.moved_in += other.moved_in;
        self.moved_out += other.moved_out;
    }

    fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// A file that lies elsewhere than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedFile {
    /// Where it was, as it may be shown.
    pub from: String,
    /// Where it is.
    pub to: String,
    /// Its hits.
    pub hits: u64,
}

/// Moved files that are named.
const NAMED: usize = 1000;

/// What became of findings between two runs.
#[derive(Clone, Debug)]
pub struct Trend {
    /// The run that is compared with.
    pub since: RunRow,
    /// The latest run.
    pub until: RunRow,
    /// Whether the two did not look for the same, or not with the same versions: then a difference may be
    /// the program's and not the share's.
    pub looked_otherwise: bool,
    /// The level from which findings count.
    pub level: Confidence,
    /// Whether rules were given.
    pub judged: bool,
    /// All hits.
    pub total: Moves,
    /// Files by what became of them: new, gone, moved, changed.
    pub files: [u64; 4],
    /// By folder: the first two parts of the path.
    pub folders: BTreeMap<String, Moves>,
    /// By who is responsible; empty for nobody.
    pub owners: BTreeMap<String, Moves>,
    /// By rule.
    pub rules: BTreeMap<String, Moves>,
    /// By detector.
    pub detectors: BTreeMap<String, Moves>,
    /// Files that lie elsewhere, the first thousand by path.
    pub moved: Vec<MovedFile>,
}

/// Works out what became of findings since a run.
///
/// # Errors
/// When the inventory cannot be read, or no longer tells what changed since then.
pub fn trend(
    inventory: &Reader,
    context: Context<'_>,
    since: RunRow,
    until: RunRow,
) -> Result<Trend, Error> {
    let mut gathered = Gathered::bare(inventory, context)?;
    let mut trend = Trend {
        looked_otherwise: since.fingerprint != until.fingerprint,
        level: context.style.min_confidence,
        judged: context.law.is_some(),
        since,
        until,
        total: Moves::default(),
        files: [0; 4],
        folders: BTreeMap::new(),
        owners: BTreeMap::new(),
        rules: BTreeMap::new(),
        detectors: BTreeMap::new(),
        moved: Vec::new(),
    };
    let since = trend.since.clone();
    inventory.for_each_change(&since, &mut |fate, rows| {
        let judged = rows
            .iter()
            .map(|row| (row.root.clone(), gathered.judged(row)));
        let objects: Vec<(String, JudgedObject)> = judged.collect();
        trend.take(fate, &objects, &|path| gathered.shown(path));
    })?;
    Ok(trend)
}

impl Trend {
    fn take(
        &mut self,
        fate: &Fate,
        objects: &[(String, JudgedObject)],
        shown: &dyn Fn(&str) -> String,
    ) {
        let counted = match fate {
            Fate::Changed(changes) => self.take_changes(changes, objects),
            Fate::New | Fate::Gone | Fate::Moved(_) => {
                let mut any = false;
                for (root, object) in objects {
                    any |= self.take_whole(fate, root, object);
                }
                any
            }
        };
        if !counted {
            return;
        }
        let place = match fate {
            Fate::New => 0,
            Fate::Gone => 1,
            Fate::Moved(_) => 2,
            Fate::Changed(_) => 3,
        };
        if let Some(files) = self.files.get_mut(place) {
            *files += 1;
        }
        let (Fate::Moved(from), Some((root, file))) = (fate, objects.first()) else {
            return;
        };
        let hits = objects.iter().map(|(_, object)| hits_of(object)).sum();
        let from = shown(from);
        let out = Moves {
            moved_out: hits,
            ..Moves::default()
        };
        let folder = gather::folder(&from, root);
        self.folders.entry(folder).or_default().add(out);
        self.total.add(out);
        if self.moved.len() < NAMED {
            let to = file.shown.clone();
            self.moved.push(MovedFile { from, to, hits });
        }
    }

    /// Takes an object of a file that is new, gone or moved as a whole; whether it has any hits.
    fn take_whole(&mut self, fate: &Fate, root: &str, object: &JudgedObject) -> bool {
        for found in &object.findings {
            let moves = whole(fate, found.count);
            self.detectors
                .entry(found.detector.clone())
                .or_default()
                .add(moves);
        }
        let hits = hits_of(object);
        if hits == 0 {
            return false;
        }
        self.add(root, object, whole(fate, hits));
        true
    }

    /// Takes what a new reading of a file changed; whether that is anything at the level.
    fn take_changes(&mut self, changes: &[HitChange], objects: &[(String, JudgedObject)]) -> bool {
        let mut all = Moves::default();
        let level = self.level;
        for change in changes.iter().filter(|change| change.confidence >= level) {
            let hits = change.hits.unsigned_abs();
            let moves = if change.hits > 0 {
                whole(&Fate::New, hits)
            } else {
                whole(&Fate::Gone, hits)
            };
            self.detectors
                .entry(change.detector.clone())
                .or_default()
                .add(moves);
            self.add_to_rules(holders(&change.detector, objects), moves);
            all.add(moves);
        }
        let Some((root, file)) = objects.first().filter(|_| !all.is_nothing()) else {
            return false;
        };
        self.add_to_place(root, file, all);
        true
    }

    fn add(&mut self, root: &str, object: &JudgedObject, moves: Moves) {
        self.add_to_place(root, object, moves);
        self.add_to_rules([object], moves);
    }

    fn add_to_place(&mut self, root: &str, object: &JudgedObject, moves: Moves) {
        self.total.add(moves);
        let folder = gather::folder(&object.shown, root);
        self.folders.entry(folder).or_default().add(moves);
        let owner = object.owner.clone().unwrap_or_default();
        self.owners.entry(owner).or_default().add(moves);
    }

    /// Counts under each rule that has a say about any of the objects, once.
    fn add_to_rules<'o>(
        &mut self,
        objects: impl IntoIterator<Item = &'o JudgedObject>,
        moves: Moves,
    ) {
        let judgements = objects.into_iter().filter_map(|o| o.judgement.as_ref());
        let rules =
            judgements.flat_map(|judgement| judgement.decisive.iter().chain(&judgement.violations));
        let rules: BTreeSet<&String> = rules.collect();
        for rule in rules {
            self.rules.entry(rule.clone()).or_default().add(moves);
        }
    }
}

/// What of a changed file holds hits of a detector now: it, and members of it. The file itself where nothing
/// does any more. Which of several members changed is not written down.
fn holders<'o>(
    detector: &str,
    objects: &'o [(String, JudgedObject)],
) -> impl Iterator<Item = &'o JudgedObject> {
    let holds =
        move |object: &&JudgedObject| object.findings.iter().any(|f| f.detector == detector);
    let objects = objects.iter().map(|(_, object)| object);
    let holding: Vec<&JudgedObject> = objects.clone().filter(holds).collect();
    let none = holding.is_empty();
    holding.into_iter().chain(objects.take(usize::from(none)))
}

fn hits_of(object: &JudgedObject) -> u64 {
    object.findings.iter().map(|found| found.count).sum()
}

/// All hits of a file that shares one fate.
fn whole(fate: &Fate, hits: u64) -> Moves {
    let none = Moves::default();
    match fate {
        Fate::New | Fate::Changed(_) => Moves { new: hits, ..none },
        Fate::Gone => Moves { gone: hits, ..none },
        Fate::Moved(_) => Moves {
            moved_in: hits,
            ..none
        },
    }
}
