//! Why something was taken for personal data, in closed terms that a person can be told.

macro_rules! evidence {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        /// One reason that speaks for or against a candidate.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Evidence { $($(#[$doc])* $variant,)+ }

        impl Evidence {
            /// Every kind of evidence, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands in reports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

evidence! {
    /// All control digits are right.
    Checksum = "checksum",
    /// The second control digit is right under the rule that holds from 2032.
    Rule2032 = "rule-2032",
    /// Part of it is a date of the calendar.
    Date = "date",
    /// Digits are grouped as people write this kind.
    Grouping = "grouping",
    /// A label right before it names the kind.
    Label = "label",
    /// A word of the kind's context stands near.
    ContextWord = "context-word",
    /// A word near it speaks for another kind.
    NegativeWord = "negative-word",
    /// The column header, key or SQL column names the kind.
    Header = "header",
    /// The column header, key or SQL column names another kind.
    OtherHeader = "other-header",
    /// The value fills its cell.
    WholeCell = "whole-cell",
    /// Nearly all values of the column pass.
    ColumnPasses = "column-passes",
    /// Few values of the column pass.
    ColumnFails = "column-fails",
    /// Carries its own prefix, such as `+47` or `mailto:`.
    Prefix = "prefix",
    /// Stands in a register or list of the kind (assigned bank registers, top-level domains).
    Register = "register",
    /// A first name of the lists.
    FirstName = "first-name-list",
    /// A surname of the lists.
    Surname = "surname-list",
    /// Shape and neighbours are those of a name.
    NameShape = "name-shape",
    /// A synthetic number that no person can have.
    Synthetic = "synthetic",
    /// Reserved for documentation and examples.
    Documentation = "documentation",
    /// A role or a company, not a person.
    Role = "role",
    /// The birth date lies in the future.
    FutureBirth = "future-birth",
    /// The individual number belongs to no century of the table.
    NoCentury = "no-century",
    /// Joined from two cells, lines or fields.
    Joined = "joined",
    /// A leading zero was lost and put back.
    LeadingZero = "leading-zero",
    /// Unusual form that is seldom meant.
    OddForm = "odd-form",
    /// Another kind of personal data stands near.
    PersonNear = "person-near",
    /// The same text is a better match of another kind.
    Overlap = "overlap",
    /// Many hits of the kind in this object.
    Density = "density",
    /// It stands in the object's name or path.
    InName = "in-name",
    /// One of the organisation's own contacts.
    OwnContact = "own-contact",
    /// Written as streets are, with a number.
    StreetForm = "street-form",
    /// It matches a pattern of the user's own.
    OwnPattern = "own-pattern",
    /// A person has said that the value is no such thing.
    Dismissed = "dismissed",
}

/// A set of evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvidenceSet(u64);

impl EvidenceSet {
    /// No evidence.
    pub const EMPTY: Self = Self(0);

    /// The set of these words; `None` where one is none of the list.
    pub fn parse<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<Self> {
        let named = |word: &str| {
            let mut all = Evidence::ALL.iter().copied();
            all.find(|evidence| evidence.as_str() == word)
        };
        let mut words = words.into_iter();
        words.try_fold(Self::EMPTY, |set, word| Some(set.with(named(word)?)))
    }

    /// The set with one more reason.
    #[must_use]
    pub const fn with(self, evidence: Evidence) -> Self {
        Self(self.0 | 1 << evidence as u8)
    }

    /// The set with `evidence` added when `holds`.
    #[must_use]
    pub const fn with_if(self, holds: bool, evidence: Evidence) -> Self {
        if holds { self.with(evidence) } else { self }
    }

    /// Whether the reason is among them.
    #[must_use]
    pub const fn has(self, evidence: Evidence) -> bool {
        self.0 & (1 << evidence as u8) != 0
    }

    /// Everything of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both sets have.
    #[must_use]
    pub const fn of(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The reasons, in order of declaration.
    pub fn iter(self) -> impl Iterator<Item = Evidence> {
        Evidence::ALL
            .iter()
            .copied()
            .filter(move |evidence| self.has(*evidence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in() {
        assert!(Evidence::ALL.len() <= 64, "the set is one 64-bit word");
        let set = EvidenceSet::EMPTY
            .with(Evidence::Label)
            .with_if(false, Evidence::Date);
        assert!(set.has(Evidence::Label));
        assert_eq!(set.iter().collect::<Vec<_>>(), [Evidence::Label]);
    }
}
