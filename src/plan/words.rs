//! The words of a plan's page and workbook, in Bokmål, Nynorsk and English.

use super::{Kind, State};
use crate::model::Lang;

/// Words of one language.
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) as_of: &'static str,
    pub(super) due_until: &'static str,
    pub(super) process: &'static str,
    pub(super) seal: &'static str,
    pub(super) columns: [&'static str; 17],
    pub(super) owner: &'static str,
    pub(super) nobody: &'static str,
    pub(super) person: &'static str,
    pub(super) assumptions: &'static str,
    pub(super) unread: &'static str,
    pub(super) why: &'static str,
}

const NB: Words = Words {
    title: "Plan for sletting",
    as_of: "Per",
    due_until: "frist til og med",
    process: "prosess",
    seal: "segl",
    columns: [
        "id",
        "beslutning",
        "grunn",
        "til",
        "av",
        "andre godkjenner",
        "person",
        "eier",
        "fil",
        "slags",
        "frist",
        "regel",
        "hendelse",
        "dokumentets dato",
        "funnet",
        "følger med",
        "merknad",
    ],
    owner: "Eier",
    nobody: "ingen nevnt",
    person: "Person",
    assumptions: "Fristene hviler på antakelser som ingen har godtatt",
    unread: "objekter ble ikke lest til ende; det de inneholder, er ikke med",
    why: "hvorfor",
};

const NN: Words = Words {
    title: "Plan for sletting",
    as_of: "Per",
    due_until: "frist til og med",
    process: "prosess",
    seal: "segl",
    columns: [
        "id",
        "avgjerd",
        "grunn",
        "til",
        "av",
        "andre godkjennar",
        "person",
        "eigar",
        "fil",
        "slag",
        "frist",
        "regel",
        "hending",
        "datoen til dokumentet",
        "funne",
        "følgjer med",
        "merknad",
    ],
    owner: "Eigar",
    nobody: "ingen nemnd",
    person: "Person",
    assumptions: "Fristane kviler på føresetnader som ingen har godteke",
    unread: "objekt vart ikkje lesne til ende; det dei inneheld, er ikkje med",
    why: "kvifor",
};

const EN: Words = Words {
    title: "Plan for deletion",
    as_of: "As of",
    due_until: "due until",
    process: "process",
    seal: "seal",
    columns: [
        "id",
        "decision",
        "reason",
        "until",
        "by",
        "second approver",
        "person",
        "owner",
        "file",
        "kind",
        "due",
        "rule",
        "event",
        "document's date",
        "found",
        "goes with it",
        "remark",
    ],
    owner: "Owner",
    nobody: "nobody named",
    person: "Person",
    assumptions: "The periods rest on assumptions that nobody has accepted",
    unread: "objects were not read to their end; what they hold is not in the plan",
    why: "why",
};

pub(super) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Nb => &NB,
        Lang::Nn => &NN,
        Lang::En => &EN,
    }
}

/// The states that can be chosen, in the language.
pub(super) fn states(lang: Lang) -> [&'static str; 4] {
    match lang {
        Lang::Nb => ["åpen", "godkjent", "unntatt", "utsatt"],
        Lang::Nn => ["open", "godkjend", "unnateke", "utsett"],
        Lang::En => ["open", "approved", "exempted", "left"],
    }
}

pub(super) fn state(state: State, lang: Lang) -> &'static str {
    let [open, approved, exempted, left] = states(lang);
    match state {
        State::Open => open,
        State::Approved => approved,
        State::Exempted => exempted,
        State::Left => left,
    }
}

/// The state that a word stands for, in any of the languages.
pub(super) fn state_of(word: &str) -> Option<State> {
    Some(match word.trim().to_lowercase().as_str() {
        "" | "åpen" | "open" => State::Open,
        "godkjent" | "godkjend" | "approved" | "ja" | "yes" => State::Approved,
        "unntatt" | "unnateke" | "unntak" | "exempted" => State::Exempted,
        "utsatt" | "utsett" | "left" => State::Left,
        _ => return None,
    })
}

pub(super) fn kind(kind: Kind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (Kind::File, Lang::Nb | Lang::Nn) => "fil",
        (Kind::File, Lang::En) => "file",
        (Kind::Manual, Lang::Nb) => "gjøres for hånd",
        (Kind::Manual, Lang::Nn) => "blir gjort for hand",
        (Kind::Manual, Lang::En) => "task for a person",
        (Kind::Possible, Lang::Nb) => "mulig",
        (Kind::Possible, Lang::Nn) => "mogleg",
        (Kind::Possible, Lang::En) => "possible",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_read_in_every_language_that_offers_it() {
        for lang in Lang::ALL {
            for offered in states(lang) {
                let read = state_of(offered).expect("a word that is offered");
                assert_eq!(state(read, lang), offered);
            }
        }
    }
}
