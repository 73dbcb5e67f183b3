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
        let said = |texts: [&str; 3]| texts.map(str::to_owned);
        let texts = match self {
            Self::UnknownType { meant: None } => said([
                "ukjent hendelsestype",
                "ukjend hendingstype",
                "unknown event type",
            ]),
            Self::UnknownType { meant: Some(word) } => [
                format!("ukjent hendelsestype; mente du `{word}`?"),
                format!("ukjend hendingstype; meinte du `{word}`?"),
                format!("unknown event type; did you mean `{word}`?"),
            ],
            Self::NoId => said(["hendelsen mangler id", "hendinga manglar id", "no event id"]),
            Self::IdUsedTwice => said([
                "id-en er brukt to ganger",
                "id-en er brukt to gonger",
                "the event id is used twice",
            ]),
            Self::NoDate => said(["datoen mangler", "datoen manglar", "no date"]),
            Self::BadDate { column } => [
                format!("`{column}` er ingen dato som `2026-03-01`"),
                format!("`{column}` er ingen dato som `2026-03-01`"),
                format!("`{column}` is not a date such as `2026-03-01`"),
            ],
            Self::NoScope { names } => no_scope(&names.join("`, `")),
            Self::Missing { kind, fields } => Lang::ALL.map(|lang| missing(kind, fields, lang)),
            Self::WrongReason { allowed } => wrong_reason(&allowed.join("`, `")),
            Self::IdentityNumber => said([
                "elleve sifre der kontrollsifrene stemmer: et fødselsnummer står der en intern id \
                 hører hjemme",
                "elleve siffer der kontrollsifra stemmer: eit fødselsnummer står der ein intern id \
                 høyrer heime",
                "eleven digits that pass the control digits: an identity number stands where an \
                 internal id belongs",
            ]),
            Self::WholeRoot => said([
                "stien dekker en hel rot",
                "stien dekkjer ei heil rot",
                "whole-root glob: the path covers everything",
            ]),
            Self::BadGlob => said([
                "stien er ikke et gyldig mønster",
                "stien er ikkje eit gyldig mønster",
                "the path is not a glob",
            ]),
            Self::VoidsUnknown => said([
                "den opphever en rad som ikke står",
                "ho opphevar ei rad som ikkje står",
                "it takes back a row that does not stand",
            ]),
        };
        let [nb, nn, en] = texts;
        lang.pick([nb, nn, en])
    }
}

fn no_scope(names: &str) -> [String; 3] {
    [
        format!("hendelse uten omfang: en av `{names}` trengs"),
        format!("hending utan omfang: ein av `{names}` trengst"),
        format!("event without scope: one of `{names}` is needed"),
    ]
}

fn wrong_reason(allowed: &str) -> [String; 3] {
    [
        format!("grunnen er ikke en av `{allowed}`"),
        format!("grunnen er ikkje ein av `{allowed}`"),
        format!("the reason is not one of `{allowed}`"),
    ]
}

fn missing(kind: &str, fields: &[String], lang: Lang) -> String {
    let kind = match kind {
        "exception_granted" => lang.pick(["unntak", "unntak", "exception"]),
        other => other,
    };
    let fields: Vec<&str> = fields.iter().map(|field| field_word(field, lang)).collect();
    let (without, and) = lang.pick([("uten", " og "), ("utan", " og "), ("without", " and ")]);
    format!("{kind} {without} {}", fields.join(and))
}

fn field_word(field: &str, lang: Lang) -> &str {
    match field {
        "until" => lang.pick(["sluttdato", "sluttdato", "an end date"]),
        "reason" => lang.pick(["grunn", "grunn", "a reason"]),
        "recorded_by" => lang.pick([
            "noen som står inne for det",
            "nokon som står inne for det",
            "anybody who vouches for it",
        ]),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_says_what_is_wrong_in_its_own_words() {
        let missing = Refusal::Missing {
            kind: "exception_granted".to_owned(),
            fields: vec!["until".to_owned(), "recorded_by".to_owned()],
        };
        for (lang, told) in [
            (
                Lang::Nb,
                "unntak uten sluttdato og noen som står inne for det",
            ),
            (
                Lang::Nn,
                "unntak utan sluttdato og nokon som står inne for det",
            ),
            (
                Lang::En,
                "exception without an end date and anybody who vouches for it",
            ),
        ] {
            assert_eq!(missing.text(lang), told);
        }
        let twice = Lang::ALL.map(|lang| Refusal::IdUsedTwice.text(lang));
        assert_eq!(twice[1], "id-en er brukt to gonger");
        assert!(twice[0] != twice[1] && twice[1] != twice[2]);
    }
}
