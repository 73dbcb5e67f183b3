//! The words of the reports in the languages that people are addressed in.
//!
//! Nynorsk has its own words where they differ; identifiers and JSON keys are never translated.

use crate::model::{Lang, ProblemKind};

/// Declares a word in Bokmål, Nynorsk and English.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $nb:literal, $nn:literal, $en:literal;)+) => {
        /// A fixed phrase of the reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Word { $($(#[$doc])* $name),+ }

        impl Word {
            /// The phrase in a language.
            pub(super) fn say(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::Nb) => $nb,
                    (Self::$name, Lang::Nn) => $nn,
                    (Self::$name, Lang::En) => $en,)+
                }
            }
        }
    };
}

words! {
    Coverage: "DEKNING", "DEKNING", "COVERAGE";
    Objects: "objekter", "objekt", "objects";
    Scanned: "lest", "lesne", "read";
    Unchanged: "uendret", "uendra", "unchanged";
    Partial: "delvis lest", "delvis lesne", "partly read";
    Skipped: "hoppet over", "hoppa over", "skipped";
    Failed: "mislyktes", "mislukkast", "failed";
    AllRead: "Alt som skulle leses, ble lest", "Alt som skulle lesast, vart lese", "Everything that should be read was read";
    NotRead: "ble ikke lest helt – se nederst", "vart ikkje lese heilt – sjå nedst", "not read to the end – see below";
    Accepted: "kjent og godtatt som ikke lest", "kjent og godteke som ikkje lese", "known and accepted as unread";
    Pictures: "bilder og skannede sider uten lest tekst", "bilete og skanna sider utan lesen tekst", "pictures and scanned pages whose text was not read";
    Interrupted: "Avbrutt før slutten: tallene gjelder det som ble lest", "Avbroten før slutten: tala gjeld det som vart lese", "Stopped before the end: the figures cover what was read";
    Found: "FUNNET", "FUNNE", "FOUND";
    Findings: "funn", "funn", "findings";
    Distinct: "ulike", "ulike", "distinct";
    LowFindings: "usikre funn (nivå lav) er talt for seg", "usikre funn (nivå låg) er talde for seg", "uncertain findings (level low) are counted apart";
    NothingFound: "Ingen personopplysninger funnet (det er ikke et bevis for at det ikke er noen)", "Ingen personopplysningar funne (det er ikkje eit prov på at det ikkje er nokon)", "No personal data found (which is no proof that there is none)";
    Where: "HVOR", "KVAR", "WHERE";
    Verdicts: "VURDERING", "VURDERING", "VERDICTS";
    Due: "SKAL VÆRE SLETTET", "SKAL VERE SLETTA", "OVERDUE FOR DELETION";
    Violations: "BRUDD", "BROT", "VIOLATIONS";
    Review: "MÅ VURDERES", "MÅ VURDERAST", "NEEDS A PERSON";
    Unread: "IKKE LEST", "IKKJE LESE", "NOT READ";
    NoRules: "Ingen regler oppgitt: funnene er ikke vurdert", "Ingen reglar oppgitt: funna er ikkje vurderte", "No rules given: the findings are not judged";
    Since: "siden", "sidan", "since";
    Days: "dager", "dagar", "days";
    More: "til", "til", "more";
    AsOf: "per", "per", "as of";
    Refused: "Avviste rader i hendelsesregisteret", "Avviste rader i hendingsregisteret", "Refused rows of the event register";
    Line: "linje", "linje", "line";
    Assumption: "Frister som bygger på antakelser ingen har godtatt", "Fristar som byggjer på føresetnader ingen har godteke", "Periods that rest on assumptions nobody has accepted";
}

/// What a detector finds, for people.
pub(super) fn detector(id: &str, lang: Lang) -> &str {
    let (nb, nn, en) = match id {
        "fodselsnummer" => ("fødselsnummer", "fødselsnummer", "fødselsnummer"),
        "name" => ("navn", "namn", "name"),
        "email" => ("e-post", "e-post", "e-mail"),
        "phone" => ("telefon", "telefon", "phone"),
        "bank-account" => ("kontonummer", "kontonummer", "bank account"),
        _ => return id,
    };
    match lang {
        Lang::Nb => nb,
        Lang::Nn => nn,
        Lang::En => en,
    }
}

/// Why something was not read, for people.
pub(super) fn cause(kind: ProblemKind, lang: Lang) -> &'static str {
    let (nb, nn, en) = match kind {
        ProblemKind::Permission => ("ingen tilgang", "ingen tilgang", "no permission"),
        ProblemKind::Vanished => ("forsvant underveis", "forsvann undervegs", "vanished"),
        ProblemKind::Io => ("lesefeil", "lesefeil", "read error"),
        ProblemKind::Encrypted => ("kryptert", "kryptert", "encrypted"),
        ProblemKind::Malformed => ("ødelagt", "øydelagt", "damaged"),
        ProblemKind::Unsupported => ("ukjent format", "ukjent format", "unsupported format"),
        ProblemKind::LimitDepth => ("for dypt nøstet", "for djupt nøsta", "nested too deep"),
        ProblemKind::LimitMembers => ("for mange deler", "for mange delar", "too many members"),
        ProblemKind::LimitBytes => ("pakket for tett", "pakka for tett", "inflates too far"),
        ProblemKind::LimitMemory => (
            "for stort for minnet",
            "for stort for minnet",
            "too large to hold",
        ),
        ProblemKind::Timeout => ("tok for lang tid", "tok for lang tid", "took too long"),
        ProblemKind::Panic => ("feil i leseren", "feil i lesaren", "fault in the reader"),
        ProblemKind::Crashed => ("leseren krasjet", "lesaren krasja", "reader crashed"),
        ProblemKind::ImageWithoutText => (
            "bilde uten lest tekst",
            "bilete utan lesen tekst",
            "picture without text",
        ),
        ProblemKind::Offline => ("ligger et annet sted", "ligg ein annan stad", "offline"),
        ProblemKind::Excluded => ("utelatt", "utelaten", "excluded"),
        ProblemKind::Link => ("lenke", "lenkje", "link"),
        ProblemKind::SpecialFile => ("spesialfil", "spesialfil", "special file"),
        ProblemKind::Cancelled => ("avbrutt", "avbroten", "cancelled"),
    };
    match lang {
        Lang::Nb => nb,
        Lang::Nn => nn,
        Lang::En => en,
    }
}

/// A verdict, for people.
pub(super) fn verdict(id: &str, lang: Lang) -> &str {
    let (nb, nn, en) = match id {
        "hold" => ("sperret", "sperra", "on hold"),
        "violation" => ("brudd", "brot", "violation"),
        "delete_due" => ("skal være slettet", "skal vere sletta", "overdue"),
        "review" => ("må vurderes", "må vurderast", "needs a person"),
        "delete_on" => (
            "slettes senere",
            "skal slettast seinare",
            "to be deleted later",
        ),
        "keep" => ("beholdes", "vert verande", "kept"),
        _ => return id,
    };
    match lang {
        Lang::Nb => nb,
        Lang::Nn => nn,
        Lang::En => en,
    }
}
