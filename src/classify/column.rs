//! What a column, or the object as a whole, says about a hit.
//!
//! Chance rates (measured by simulation over the published rules): of valid account numbers in
//! assigned registers 0.9 % also pass as a fødselsnummer or D-number, up to 9 % where one register
//! reads as a date; of random eleven-digit numbers 9 % pass as an account and 0.06 % as a person;
//! of order numbers that begin with a date 0.8 % pass as a person. A column of persons passes as
//! such whole. Five values are enough to tell the two apart.
//!
//! Only hits whose sole proof is their control digits are lowered, one step as a rule and to `low`
//! where chance explains them; a header, a label, a prefix or the grouping protects them. The
//! neighbours of a single hit play no part: rules that looked only at those hid true numbers in
//! other scanners.

use super::bucket::Key;
use super::near;
use super::overlap::{ACCOUNT, PERSON};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};

/// Cells with content from which a column says something.
const FEW: u64 = 5;
/// Cells with content from which a column with right control digits is certain.
const MANY: u64 = 20;
/// Cells with content from which a hit in a hundred is put down to chance.
const ABUNDANT: u64 = 100;
/// Account numbers in running text from which the persons among them are put down to chance.
const DENSE: u64 = 50;

/// Columns that are judged one by one; hits in the columns beyond are treated as running text.
const MAX_COLUMNS: usize = 4096;

/// What stands in each column of an object, by the field's id.
#[derive(Debug, Default)]
pub(super) struct Columns(Vec<Ground>);

impl Columns {
    /// Of a field that was asked for before.
    pub(super) fn get(&self, field: u32) -> Option<&Ground> {
        self.0.get(field as usize)
    }

    /// Of any field; `None` beyond the columns that are judged.
    pub(super) fn of(&mut self, field: u32) -> Option<&mut Ground> {
        let field = field as usize;
        if field >= self.0.len() && field < MAX_COLUMNS {
            self.0.resize(field + 1, Ground::default());
        }
        self.0.get_mut(field)
    }
}

/// What stands in one column, or in the object outside whole cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Ground {
    /// Cells with content.
    pub(super) cells: u64,
    /// Hits by detector, each stretch of text once.
    passes: Vec<(&'static str, u64)>,
    /// Stretches of text that pass as an account, identity numbers included.
    accounts: u64,
    /// Identity numbers above `low` that nothing but their control digits speaks for. Those of the
    /// rule of 2032 are so common among accounts that they would hide the picture.
    bare_persons: u64,
    /// Whether the object as a whole speaks of persons; known at its end.
    pub(super) speaks_of_persons: bool,
}

impl Ground {
    /// Counts a claim on a stretch of text: its detector, where that was not counted for the
    /// stretch; whether the stretch passes as an account number; whether it is a bare identity
    /// number.
    pub(super) fn count(
        &mut self,
        detector: Option<&'static str>,
        account: bool,
        bare_person: bool,
    ) {
        if let Some(detector) = detector {
            match self
                .passes
                .iter_mut()
                .find(|(known, _)| is_same(known, detector))
            {
                Some((_, count)) => *count += 1,
                None => self.passes.push((detector, 1)),
            }
        }
        self.accounts += u64::from(account);
        self.bare_persons += u64::from(bare_person);
    }

    fn values(&self) -> u64 {
        let most = self.passes.iter().map(|(_, count)| *count).max();
        self.cells.max(most.unwrap_or(0)).max(self.accounts)
    }

    fn passes(&self, detector: &str) -> u64 {
        let known = self
            .passes
            .iter()
            .find(|(known, _)| is_same(known, detector));
        known.map_or(0, |(_, count)| *count)
    }

    /// Whether at least nine in ten values are such hits.
    fn is_nearly_all(&self, hits: u64) -> bool {
        self.values() >= FEW && hits.saturating_mul(10) >= self.values().saturating_mul(9)
    }

    /// Whether at most half of the values are such hits.
    fn is_few(&self, hits: u64) -> bool {
        self.values() >= FEW && hits.saturating_mul(2) <= self.values()
    }

    /// Whether nearly all values pass as accounts and at most half of them as persons.
    pub(super) fn holds_accounts(&self) -> bool {
        self.is_nearly_all(self.accounts) && self.is_few(self.passes(PERSON))
    }

    /// Whether so few of the numbers in running text pass as persons (at most 12 %) that the bare
    /// ones are chance.
    fn is_dense_with_accounts(&self) -> bool {
        self.accounts.saturating_sub(self.bare_persons) >= DENSE
            && self.bare_persons.saturating_mul(100) <= self.accounts.saturating_mul(12)
    }
}

/// The level at which hits of `key` end, and what is added to their reasons; `None` where they are
/// another reading of what is reported already.
pub(super) fn judge(
    key: &Key,
    kind: &'static Kind,
    ground: &Ground,
) -> Option<(Confidence, EvidenceSet)> {
    let none = [Evidence::Dismissed, Evidence::OwnContact];
    let judged = if none.into_iter().any(|one| key.evidence.has(one)) {
        (Confidence::Low, EvidenceSet::EMPTY)
    } else if key.column.is_some() {
        in_column(key, kind, ground)
    } else {
        in_text(key, kind, ground)
    };
    let shadow_of_person = key.shadow && !(key.column.is_some() && ground.holds_accounts());
    (!shadow_of_person).then_some(judged)
}

fn in_column(key: &Key, kind: &Kind, ground: &Ground) -> (Confidence, EvidenceSet) {
    let fails = EvidenceSet::EMPTY.with(Evidence::ColumnFails);
    if kind.detector == PERSON && ground.holds_accounts() && !is_protected(key.evidence) {
        return (Confidence::Low, fails);
    }
    let passes = if kind.detector == ACCOUNT && ground.holds_accounts() {
        ground.accounts
    } else {
        ground.passes(kind.detector)
    };
    if ground.is_nearly_all(passes) && may_rise(key, kind, ground) {
        let passes = EvidenceSet::EMPTY.with(Evidence::ColumnPasses);
        return (raised(key, ground), passes);
    }
    if ground.is_few(passes) && is_chance_prone(key, kind) && !is_protected(key.evidence) {
        let rare = ground.values() >= ABUNDANT && passes.saturating_mul(100) <= ground.values();
        if rare && !key.evidence.has(Evidence::ContextWord) {
            return (Confidence::Low, fails);
        }
        return (key.level.lowered(), fails);
    }
    (key.level, EvidenceSet::EMPTY)
}

/// Whether two ids are the same: nearly always where they are one text, and seldom elsewhere.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    std::ptr::eq(one, other) || one == other
}

fn in_text(key: &Key, kind: &Kind, ground: &Ground) -> (Confidence, EvidenceSet) {
    if near::needs_person(kind.category) && !ground.speaks_of_persons {
        return (Confidence::Low, EvidenceSet::EMPTY);
    }
    if kind.detector == PERSON && is_bare(key.evidence) && ground.is_dense_with_accounts() {
        let dense = EvidenceSet::EMPTY.with(Evidence::Density);
        return (Confidence::Low, dense);
    }
    (key.level, EvidenceSet::EMPTY)
}

/// Whether nothing but the digits themselves says what the hit is.
pub(super) fn is_bare(evidence: EvidenceSet) -> bool {
    !is_protected(evidence) && !evidence.has(Evidence::ContextWord)
}

/// Whether something besides the digits and the words near them says what the hit is.
fn is_protected(evidence: EvidenceSet) -> bool {
    [
        Evidence::Header,
        Evidence::Label,
        Evidence::Prefix,
        Evidence::Grouping,
    ]
    .into_iter()
    .any(|one| evidence.has(one))
}

/// Whether other numbers pass as this kind by chance.
fn is_chance_prone(key: &Key, kind: &Kind) -> bool {
    match kind.category {
        Category::Identifier | Category::Financial => key.evidence.has(Evidence::Checksum),
        Category::Contact | Category::Online | Category::Special | Category::NotPersonal => false,
    }
}

/// A number without control digits does not rise against a header that names another kind, and
/// accounts do not where every value is a person.
fn may_rise(key: &Key, kind: &Kind, ground: &Ground) -> bool {
    let contradicted =
        key.evidence.has(Evidence::OtherHeader) && !key.evidence.has(Evidence::Checksum);
    let persons = kind.detector == ACCOUNT && !ground.holds_accounts() && ground.passes(PERSON) > 0;
    kind.category != Category::NotPersonal && !contradicted && !persons
}

fn raised(key: &Key, ground: &Ground) -> Confidence {
    if key.evidence.has(Evidence::Checksum) && ground.values() >= MANY {
        Confidence::High
    } else {
        key.level.raised()
    }
}
