//! What was found: detector and kind, with what every later stage must know of them.

/// A kind of finding, declared once as a `static` in its detector's file and referred to by
/// reference everywhere.
#[derive(Debug)]
pub struct Kind {
    /// Id of the detector, such as `fodselsnummer`.
    pub detector: &'static str,
    /// Kind within the detector, such as `d-number`; the detector's id where there is only one.
    pub kind: &'static str,
    /// What sort of data it is.
    pub category: Category,
    /// Whether keyed digests of its values are kept, to count distinct persons and answer access
    /// requests.
    pub digested: bool,
    /// Which of two kinds wins when both claim the same text at the same level: the higher.
    pub precedence: u8,
}

impl PartialEq for Kind {
    /// Kinds are equal when detector and kind are.
    fn eq(&self, other: &Self) -> bool {
        self.detector == other.detector && self.kind == other.kind
    }
}

impl Eq for Kind {}

impl Kind {
    /// `detector` or `detector:kind`, as rules write it.
    #[must_use]
    pub fn id(&self) -> String {
        if self.kind == self.detector {
            self.detector.to_owned()
        } else {
            format!("{}:{}", self.detector, self.kind)
        }
    }
}

/// What sort of data a kind is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Names one person on its own: an identity number.
    Identifier,
    /// Reaches or names a person: name, e-mail, phone, address.
    Contact,
    /// Money: accounts and cards.
    Financial,
    /// Devices and traces on the net.
    Online,
    /// Special categories (GDPR art. 9) and criminal records (art. 10).
    Special,
    /// Recognised so that it is not taken for something else; not personal by itself.
    NotPersonal,
}

impl Category {
    /// The word that stands in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Contact => "contact",
            Self::Financial => "financial",
            Self::Online => "online",
            Self::Special => "special",
            Self::NotPersonal => "not-personal",
        }
    }
}
