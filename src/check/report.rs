//! All that a check says, in an order that does not depend on threads or file systems.

use std::collections::BTreeMap;

use super::read::Checked;
use super::{Class, Decision, Found, Unread, Why};

/// What was found in all files.
#[derive(Default)]
pub struct Report {
    /// What was found: sorted by object, place and kind.
    pub found: Vec<Found>,
    /// What was not read: sorted.
    pub unread: Vec<Unread>,
    /// How many files were looked at.
    pub files: u64,
    /// How many objects, with what lies in containers.
    pub objects: u64,
    /// Links, which are not followed and count as read.
    pub links: u64,
}

/// Counts for the last line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// What fails.
    pub failed: usize,
    /// What is said.
    pub warned: usize,
    /// What passes because it is nobody's, by class.
    pub passed: BTreeMap<Class, usize>,
    /// What passes for another reason.
    pub allowed: BTreeMap<Why, usize>,
}

impl Report {
    /// Adds what a file yielded.
    pub fn add(&mut self, checked: Checked) {
        self.files += 1;
        self.objects += checked.objects;
        self.found.extend(checked.found);
        self.unread.extend(checked.unread);
    }

    /// Brings everything into its order. To be called once, after the last file.
    pub fn sort(&mut self) {
        self.found
            .sort_by(|one, other| order(one).cmp(&order(other)));
        self.unread.sort();
        self.unread.dedup();
    }

    /// The counts.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for found in &self.found {
            match found.decision {
                Decision::Fail => totals.failed += 1,
                Decision::Warn => totals.warned += 1,
                Decision::Pass(Why::Nobodys) => *totals.passed.entry(found.class).or_default() += 1,
                Decision::Pass(why) => *totals.allowed.entry(why).or_default() += 1,
            }
        }
        totals
    }
}

type Order<'a> = (
    &'a [u8],
    &'a str,
    Option<super::Spot>,
    u64,
    &'static str,
    &'static str,
);

fn order(found: &Found) -> Order<'_> {
    let kind = found.kind;
    (
        &found.file,
        &found.object,
        found.spot,
        found.start,
        kind.detector,
        kind.kind,
    )
}
