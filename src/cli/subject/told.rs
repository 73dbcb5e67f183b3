//! What is remarked on the rights of one person, in Bokmål, Nynorsk and English.

use jiff::civil::Date;

use crate::cli::remarks::Remark;
use crate::model::Lang;
use crate::report::plain;

/// A line of the identifiers that no detector knows.
pub(super) fn no_identifier(line: usize) -> Remark {
    [
        format!("linje {line} er ingen identifikator og blir ikke lett etter"),
        format!("linje {line} er ingen identifikator og blir ikkje leita etter"),
        format!("line {line} is no identifier and is not looked for"),
    ]
}

pub(super) fn identifiers_wanted() -> Remark {
    [
        "identifikatorer, én per linje; en tom linje avslutter",
        "identifikatorar, éin per linje; ei tom linje avsluttar",
        "identifiers, one a line; an empty line ends",
    ]
    .map(str::to_owned)
}

/// The objects of a bundle, and how many a person has to look at first.
pub(super) fn exported(objects: usize, to_do: usize) -> Remark {
    [
        format!("export: {objects} objekter, {to_do} å se på før noe utleveres"),
        format!("export: {objects} objekt, {to_do} å sjå på før noko blir utlevert"),
        format!("export: {objects} objects, {to_do} to look at before anything is handed out"),
    ]
}

pub(super) fn answer_by(due: Date) -> Remark {
    let [nb, nn, en] = Lang::ALL.map(|lang| plain(&due.to_string(), lang));
    [
        format!("svar innen {nb}"),
        format!("svar innan {nn}"),
        format!("answer by {en}"),
    ]
}

/// What a plan about the person holds, and what stays.
pub(super) fn planned(files: usize, tasks: usize, kept: usize) -> Remark {
    [
        format!("plan: {files} filer, {tasks} oppgaver for en person; {kept} objekter beholdes"),
        format!("plan: {files} filer, {tasks} oppgåver for ein person; {kept} objekt blir verande"),
        format!("plan: {files} files, {tasks} tasks for a person; {kept} objects are kept"),
    ]
}

pub(super) fn registered(rows: usize) -> Remark {
    [
        format!("hendelsesregister: {rows} rader skrevet"),
        format!("hendingsregister: {rows} rader skrivne"),
        format!("register: {rows} rows written"),
    ]
}

/// Objects that a restriction does not reach.
pub(super) fn not_held_back(unread: u64) -> Remark {
    [
        format!("{unread} objekter ble ikke lest; det de har om personen, er ikke sperret"),
        format!("{unread} objekt vart ikkje lesne; det dei har om personen, er ikkje sperra"),
        format!("{unread} objects were not read; what they hold of the person is not held back"),
    ]
}
