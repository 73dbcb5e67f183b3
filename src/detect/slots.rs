//! Entries by the slots of a filter: whatever passes the filter meets only those of its own slot.

/// One bit for each slot, 64 of them in a word.
#[derive(Clone, Debug)]
pub(super) struct Filter<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Filter<WORDS> {
    /// No slot.
    pub(super) const EMPTY: Self = Self([0; WORDS]);

    /// The same with this slot.
    pub(super) const fn with(mut self, slot: usize) -> Self {
        self.0[slot / 64] |= 1 << (slot % 64);
        self
    }

    /// Whether it has the slot.
    pub(super) const fn has(&self, slot: usize) -> bool {
        self.0[slot / 64] & (1 << (slot % 64)) != 0
    }
}

/// Entries in the order of their slots.
pub(super) struct Slots<T> {
    /// Where the entries of each slot begin; one more at the end. In half the width the table stays in nearer
    /// caches.
    starts: Vec<u32>,
    entries: Vec<T>,
}

impl<T> Slots<T> {
    /// A table of `slots` slots; entries of one slot keep their order.
    pub(super) fn new(slots: usize, entries: impl Iterator<Item = (usize, T)>) -> Self {
        let mut all: Vec<(usize, T)> = entries.collect();
        all.sort_by_key(|(slot, _)| *slot);
        let mut starts = vec![0_u32; slots + 1];
        for (slot, _) in &all {
            if let Some(after) = starts.get_mut(slot + 1) {
                *after += 1;
            }
        }
        let mut before = 0;
        for start in &mut starts {
            before += *start;
            *start = before;
        }
        Self {
            starts,
            entries: all.into_iter().map(|(_, entry)| entry).collect(),
        }
    }

    /// The entries of a slot.
    pub(super) fn of(&self, slot: usize) -> &[T] {
        let range = self.starts.get(slot).zip(self.starts.get(slot + 1));
        let entries = range.and_then(|(from, to)| self.entries.get(*from as usize..*to as usize));
        entries.unwrap_or_default()
    }
}
