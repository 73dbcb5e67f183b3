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
}
