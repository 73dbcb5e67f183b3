//! The language that people are addressed in.

/// A language of output. Identifiers and JSON keys are the same in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Norwegian Bokmål.
    #[default]
    Nb,
    /// Norwegian Nynorsk.
    Nn,
    /// English.
    En,
}

impl Lang {
    /// All of them, in the order in which words stand that are given in each.
    pub const ALL: [Self; 3] = [Self::Nb, Self::Nn, Self::En];

    /// Its place in [`ALL`](Self::ALL).
    #[must_use]
    pub fn place(self) -> usize {
        match self {
            Self::Nb => 0,
            Self::Nn => 1,
            Self::En => 2,
        }
    }

    /// What belongs to it, of what is given in each, in the order of [`ALL`](Self::ALL).
    #[must_use]
    pub fn pick<T>(self, [nb, nn, en]: [T; 3]) -> T {
        match self {
            Self::Nb => nb,
            Self::Nn => nn,
            Self::En => en,
        }
    }

    /// Its tag of BCP 47, as pages name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.pick(["nb", "nn", "en"])
    }
}
