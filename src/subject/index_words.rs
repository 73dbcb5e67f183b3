//! The words of a bundle's index, in three languages.

use super::bundle::Why;
use crate::model::Lang;

/// The words.
pub(super) struct IndexWords {
    pub(super) lang: Lang,
    pub(super) title: &'static str,
    pub(super) made_on: &'static str,
    pub(super) looked_for: &'static str,
    pub(super) columns: [&'static str; 6],
    pub(super) masked: &'static str,
    pub(super) left_out: &'static str,
    pub(super) withheld: &'static str,
    pub(super) no_day: &'static str,
    pub(super) coverage: &'static str,
    pub(super) coverage_says: &'static str,
    pub(super) unread: &'static str,
    pub(super) partial: &'static str,
    pub(super) outside: &'static str,
    pub(super) read_first: &'static str,
}

pub(super) fn words(lang: Lang) -> &'static IndexWords {
    match lang {
        Lang::Nb => &BOKMAL,
        Lang::Nn => &NYNORSK,
        Lang::En => &ENGLISH,
    }
}

const BOKMAL: IndexWords = IndexWords {
    lang: Lang::Nb,
    title: "Opplysninger om deg",
    made_on: "Laget",
    looked_for: "Vi har lett etter disse opplysningene (her vist maskert):",
    columns: [
        "Nr.",
        "Dokumenttype",
        "Formål",
        "Slettes",
        "Regel",
        "Utlevert",
    ],
    masked: "skjulte opplysninger om andre",
    left_out: "utelatte rader om andre",
    withheld: "holdes tilbake til en person har gått gjennom det",
    no_day: "ingen dag er kjent",
    coverage: "Hva som ikke er lest",
    coverage_says: "Dette kunne ikke leses, og kan også inneholde opplysninger om deg:",
    unread: "filer som ikke ble lest",
    partial: "filer som ble lest bare delvis",
    outside: "Sikkerhetskopier, og systemer som ikke er gjennomsøkt, er ikke med.",
    read_first: "les gjennom teksten før utlevering: bare det som ble gjenkjent, er skjult",
};

const NYNORSK: IndexWords = IndexWords {
    lang: Lang::Nn,
    title: "Opplysningar om deg",
    made_on: "Laga",
    looked_for: "Vi har leita etter desse opplysningane (her viste maskerte):",
    columns: [
        "Nr.",
        "Dokumenttype",
        "Føremål",
        "Blir sletta",
        "Regel",
        "Utlevert",
    ],
    masked: "skjulte opplysningar om andre",
    left_out: "utelatne rader om andre",
    withheld: "blir halde tilbake til ein person har gått gjennom det",
    no_day: "ingen dag er kjend",
    coverage: "Kva som ikkje er lese",
    coverage_says: "Dette kunne ikkje lesast, og kan òg innehalde opplysningar om deg:",
    unread: "filer som ikkje vart lesne",
    partial: "filer som vart lesne berre delvis",
    outside: "Tryggingskopiar, og system som ikkje er gjennomsøkte, er ikkje med.",
    read_first: "les gjennom teksten før utlevering: berre det som vart kjent att, er skjult",
};

const ENGLISH: IndexWords = IndexWords {
    lang: Lang::En,
    title: "Information about you",
    made_on: "Made on",
    looked_for: "We have looked for these identifiers (shown masked here):",
    columns: [
        "No.",
        "Kind of document",
        "Purpose",
        "Deleted on",
        "Rule",
        "Given",
    ],
    masked: "values of others, masked",
    left_out: "rows of others, left out",
    withheld: "withheld until a person has gone through it",
    no_day: "no day is known",
    coverage: "What was not read",
    coverage_says: "The following could not be read and may hold information about you too:",
    unread: "files that were not read",
    partial: "files that were read only in part",
    outside: "Backups, and systems that were not searched, are not included.",
    read_first: "read the text before it is handed out: only what was recognised is masked",
};

impl IndexWords {
    /// Why an object is withheld, for whoever sees to it.
    pub(super) fn why(&self, why: Why) -> &'static str {
        match (self.lang, why) {
            (Lang::Nb, Why::Processor) => {
                "vi er databehandler her: den behandlingsansvarlige svarer"
            }
            (Lang::Nb, Why::NotRead) => "ikke lest til ende: må sladdes for hånd",
            (Lang::Nb, Why::Gone) => "finnes ikke lenger, eller kan ikke åpnes",
            (Lang::Nb, Why::Changed) => "endret siden skanningen: skann på nytt",
            (Lang::Nb, Why::NotFound) => "personen ble ikke gjenfunnet i den: se på den",
            (Lang::Nn, Why::Processor) => {
                "vi er databehandlar her: den behandlingsansvarlege svarer"
            }
            (Lang::Nn, Why::NotRead) => "ikkje lese til endes: må sladdast for hand",
            (Lang::Nn, Why::Gone) => "finst ikkje lenger, eller kan ikkje opnast",
            (Lang::Nn, Why::Changed) => "endra sidan skanninga: skann på nytt",
            (Lang::Nn, Why::NotFound) => "personen vart ikkje funnen att i henne: sjå på henne",
            (Lang::En, Why::Processor) => "kept for another controller, who answers",
            (Lang::En, Why::NotRead) => "not read to its end: to be redacted by hand",
            (Lang::En, Why::Gone) => "not there any more, or cannot be opened",
            (Lang::En, Why::Changed) => "changed since the scan: scan again",
            (Lang::En, Why::NotFound) => "the person was not found in it again: look at it",
        }
    }
}
