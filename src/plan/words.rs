//! The words of a plan's page and workbook, in Norwegian and English.

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
};

pub(super) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Nb | Lang::Nn => &NB,
        Lang::En => &EN,
    }
}

/// The states that can be chosen, in the language.
pub(super) fn states(lang: Lang) -> [&'static str; 4] {
    match lang {
        Lang::Nb | Lang::Nn => ["åpen", "godkjent", "unntatt", "utsatt"],
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

/// The state that a word stands for, in either language.
pub(super) fn state_of(word: &str) -> Option<State> {
    Some(match word.trim().to_lowercase().as_str() {
        "" | "åpen" | "open" => State::Open,
        "godkjent" | "approved" | "ja" | "yes" => State::Approved,
        "unntatt" | "unntak" | "exempted" => State::Exempted,
        "utsatt" | "left" => State::Left,
        _ => return None,
    })
}

pub(super) fn kind(kind: Kind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (Kind::File, Lang::En) => "file",
        (Kind::File, _) => "fil",
        (Kind::Manual, Lang::En) => "task for a person",
        (Kind::Manual, _) => "gjøres for hånd",
        (Kind::Possible, Lang::En) => "possible",
        (Kind::Possible, _) => "mulig",
    }
}
