//! Why a row of the register does not hold, in words for its owner.

use crate::model::Lang;

/// Why a row was refused. It quotes nothing that could be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The type is not in the vocabulary.
    UnknownType {
        /// A type with a like name.
        meant: Option<String>,
    },
    /// The row has no id.
    NoId,
    /// Another row has the id.
    IdUsedTwice,
    /// The row has no date.
    NoDate,
    /// A date is not one.
    BadDate {
        /// The column.
        column: &'static str,
    },
    /// Nothing says whom or what it concerns.
    NoScope {
        /// The columns of which one must be given.
        names: Vec<&'static str>,
    },
    /// Needed columns are empty.
    Missing {
        /// Type of the event.
        kind: String,
        /// The columns.
        fields: Vec<String>,
    },
    /// The reason is not one of those that count.
    WrongReason {
        /// Those that count.
        allowed: Vec<String>,
    },
    /// An id is an identity number.
    IdentityNumber,
    /// The path covers a whole root.
    WholeRoot,
    /// The path is not a glob.
    BadGlob,
    /// It takes back a row that is not there, or one that in the end takes back it.
    VoidsUnknown,
}

impl Refusal {
    /// The reason in words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Nb | Lang::Nn => self.norwegian(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::UnknownType { meant: None } => "unknown event type".to_owned(),
            Self::UnknownType { meant: Some(word) } => {
                format!("unknown event type; did you mean `{word}`?")
            }
            Self::NoId => "no event id".to_owned(),
            Self::IdUsedTwice => "the event id is used twice".to_owned(),
            Self::NoDate => "no date".to_owned(),
            Self::BadDate { column } => format!("`{column}` is not a date such as `2026-03-01`"),
            Self::NoScope { names } => {
                format!(
                    "event without scope: one of `{}` is needed",
                    names.join("`, `")
                )
            }
            Self::Missing { kind, fields } => {
                let fields: Vec<&str> = fields.iter().map(|f| field_english(f)).collect();
                format!("{} without {}", kind_english(kind), fields.join(" and "))
            }
            Self::WrongReason { allowed } => {
                format!("the reason is not one of `{}`", allowed.join("`, `"))
            }
            Self::IdentityNumber => {
                "eleven digits that pass the control digits: an identity number stands where an \
                 internal id belongs"
                    .to_owned()
            }
            Self::WholeRoot => "whole-root glob: the path covers everything".to_owned(),
            Self::BadGlob => "the path is not a glob".to_owned(),
            Self::VoidsUnknown => "it takes back a row that does not stand".to_owned(),
        }
    }

    fn norwegian(&self) -> String {
        match self {
            Self::UnknownType { meant: None } => "ukjent hendelsestype".to_owned(),
            Self::UnknownType { meant: Some(word) } => {
                format!("ukjent hendelsestype; mente du `{word}`?")
            }
            Self::NoId => "hendelsen mangler id".to_owned(),
            Self::IdUsedTwice => "id-en er brukt to ganger".to_owned(),
            Self::NoDate => "datoen mangler".to_owned(),
            Self::BadDate { column } => format!("`{column}` er ingen dato som `2026-03-01`"),
            Self::NoScope { names } => {
                format!(
                    "hendelse uten omfang: en av `{}` trengs",
                    names.join("`, `")
                )
            }
            Self::Missing { kind, fields } => {
                let fields: Vec<&str> = fields.iter().map(|f| field_norwegian(f)).collect();
                format!("{} uten {}", kind_norwegian(kind), fields.join(" og "))
            }
            Self::WrongReason { allowed } => {
                format!("grunnen er ikke en av `{}`", allowed.join("`, `"))
            }
            Self::IdentityNumber => {
                "et fødselsnummer står der en intern id hører hjemme".to_owned()
            }
            Self::WholeRoot => "stien dekker en hel rot".to_owned(),
            Self::BadGlob => "stien er ikke et gyldig mønster".to_owned(),
            Self::VoidsUnknown => "den opphever en rad som ikke står foran den".to_owned(),
        }
    }
}

fn kind_english(kind: &str) -> &str {
    match kind {
        "exception_granted" => "exception",
        other => other,
    }
}

fn kind_norwegian(kind: &str) -> &str {
    match kind {
        "exception_granted" => "unntak",
        other => other,
    }
}

fn field_english(field: &str) -> &str {
    match field {
        "until" => "an end date",
        "reason" => "a reason",
        "recorded_by" => "anybody who vouches for it",
        other => other,
    }
}

fn field_norwegian(field: &str) -> &str {
    match field {
        "until" => "sluttdato",
        "reason" => "grunn",
        "recorded_by" => "noen som står inne for det",
        other => other,
    }
}
