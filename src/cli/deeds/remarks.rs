//! What is remarked on deeds, in Bokmål, Nynorsk and English.

use crate::cli::remarks::Remark;
use crate::model::Lang;
use crate::report::plain;

pub(super) fn applied(is_done: bool, (did, not): (usize, usize), open: usize) -> Remark {
    let [nb, nn, en] = if is_done {
        ["i karantene", "i karantene", "quarantined"]
    } else {
        [
            "ville gått i karantene",
            "ville gått i karantene",
            "would be quarantined",
        ]
    };
    [
        format!("apply: {did} {nb}, {not} ikke; {open} linjer er ikke godkjent"),
        format!("apply: {did} {nn}, {not} ikkje; {open} linjer er ikkje godkjende"),
        format!("apply: {did} {en}, {not} not; {open} lines are not approved"),
    ]
}

pub(super) fn restored(did: usize, not: usize) -> Remark {
    [
        format!("restore: {did} lagt tilbake, {not} ikke"),
        format!("restore: {did} lagde tilbake, {not} ikkje"),
        format!("restore: {did} back, {not} not"),
    ]
}

pub(super) fn nothing_in_quarantine() -> Remark {
    [
        "restore: ingenting av det ligger i karantene lenger".to_owned(),
        "restore: ikkje noko av det ligg i karantene lenger".to_owned(),
        "restore: nothing of it lies in quarantine any more".to_owned(),
    ]
}

pub(super) fn purged(is_done: bool, (did, not): (usize, usize)) -> Remark {
    let [nb, nn, en] = if is_done {
        ["slettet", "sletta", "deleted"]
    } else {
        [
            "ville blitt slettet",
            "ville blitt sletta",
            "would be deleted",
        ]
    };
    [
        format!("purge: {did} {nb}, {not} ikke"),
        format!("purge: {did} {nn}, {not} ikkje"),
        format!("purge: {did} {en}, {not} not"),
    ]
}

/// Nothing was done yet by a command that does it with `--yes`.
pub(super) fn only_told(command: &str) -> Remark {
    [
        format!("{command}: ingenting er endret; `--yes` gjør det"),
        format!("{command}: ingenting er endra; `--yes` gjer det"),
        format!("{command}: nothing was changed; `--yes` does it"),
    ]
}

/// Files that have not waited for a period (`P30D`) in quarantine.
pub(super) fn still_waiting(count: usize, period: &str) -> Remark {
    let [nb, nn, en] = Lang::ALL.map(|lang| plain(period, lang));
    [
        format!("purge: {count} har ikke ventet {nb} ennå"),
        format!("purge: {count} har ikkje venta {nn} enno"),
        format!("purge: {count} have not waited for {en} yet"),
    ]
}

pub(super) fn copy_is_there(shown: &str) -> Remark {
    [
        format!("verify: det finnes en kopi: {shown}"),
        format!("verify: det finst ein kopi: {shown}"),
        format!("verify: a copy is there: {shown}"),
    ]
}

pub(super) fn not_scanned_since() -> Remark {
    [
        "verify: ingen skanning siden da; skann på nytt for å se om kopier har kommet tilbake",
        "verify: inga skanning sidan då; skann på nytt for å sjå om kopiar har kome tilbake",
        "verify: no scan was made since; scan again to see whether copies have come back",
    ]
    .map(str::to_owned)
}
