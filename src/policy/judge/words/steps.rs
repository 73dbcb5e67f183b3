//! The words of the steps that led to a verdict.

use jiff::civil::Date;

use super::{line, pick};
use crate::model::Lang;
use crate::policy::judge::step::{Basis, Step};
use crate::policy::judge::{Deadline, DeadlineStatus};

pub(in crate::policy::judge) fn step(step: &Step, lang: Lang) -> String {
    line(lang, ("because", "fordi"), &step_text(step, lang))
}

fn step_text(step: &Step, lang: Lang) -> String {
    match step {
        Step::NothingPersonal => pick(
            lang,
            "the detectors found no personal data, which does not prove that there is none".into(),
            "detektorene fant ingen personopplysninger; det beviser ikke at det ikke er noen"
                .into(),
        ),
        Step::Anonymised { rule } => pick(
            lang,
            format!("{rule}: the place holds anonymised data"),
            format!("{rule}: stedet har anonymiserte data"),
        ),
        Step::Held {
            rule,
            kind,
            on,
            event,
        } => held(rule, kind, *on, event, lang),
        Step::HoldLifted { rule, event, on } => lifted(rule, event, *on, lang),
        Step::KeepUntil {
            rule,
            until,
            norm,
            basis,
        } => keep_until(rule, norm, *until, basis, lang),
        Step::KeepOpen {
            rule,
            norm,
            waiting,
        } => keep_open(rule, norm, waiting.as_deref(), lang),
        Step::Due {
            rule,
            basis,
            period,
            source,
            on,
        } => {
            let basis = basis_text(basis, lang);
            format!("{rule}: {basis} + {period} ({source}) = {on}")
        }
        Step::ConsentKeeps { rule, until } => pick(
            lang,
            format!("{rule}: consent to be kept until {until}"),
            format!("{rule}: samtykke til å bli oppbevart til {until}"),
        ),
        Step::Waiting { rule, event } => pick(
            lang,
            format!("{rule}: no `{event}` in the register for this document, waiting for it"),
            format!("{rule}: ingen `{event}` i registeret for dette dokumentet, venter på den"),
        ),
        Step::Suppressed { rule, event } => pick(
            lang,
            format!("{rule}: does not apply, `{event}` is registered"),
            format!("{rule}: gjelder ikke, `{event}` er registrert"),
        ),
        Step::Ended { rule, on, others } => ended(rule, *on, others, lang),
        Step::Deadline(running) => deadline(running, lang),
    }
}

fn held(rule: &str, kind: &str, on: Date, event: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("{rule}: `{kind}` {on} ({event}), not lifted"),
        format!("{rule}: `{kind}` {on} ({event}), ikke opphevet"),
    )
}

fn lifted(rule: &str, event: &str, on: Date, lang: Lang) -> String {
    pick(
        lang,
        format!("{rule}: hold {event} was lifted {on}"),
        format!("{rule}: sperre {event} ble opphevet {on}"),
    )
}

fn keep_until(rule: &str, norm: &str, until: Date, basis: &Basis, lang: Lang) -> String {
    let basis = basis_text(basis, lang);
    pick(
        lang,
        format!("{rule}: must be kept to {until} under {norm}; {basis}"),
        format!("{rule}: må oppbevares til {until} etter {norm}; {basis}"),
    )
}

fn keep_open(rule: &str, norm: &str, waiting: Option<&str>, lang: Lang) -> String {
    match waiting {
        Some(event) => pick(
            lang,
            format!("{rule}: must be kept under {norm}; no `{event}` yet, so no end is known"),
            format!(
                "{rule}: må oppbevares etter {norm}; ingen `{event}` ennå, så slutten er ukjent"
            ),
        ),
        None => pick(
            lang,
            format!("{rule}: must be kept under {norm}; no end is known"),
            format!("{rule}: må oppbevares etter {norm}; slutten er ukjent"),
        ),
    }
}

fn ended(rule: &str, on: Date, others: &[String], lang: Lang) -> String {
    let others = others.join("`, `");
    pick(
        lang,
        format!(
            "{rule} ended its purpose on {on}, but the document also serves `{others}`: remove it \
             from that use, keep the document"
        ),
        format!(
            "{rule} avsluttet formålet {on}, men dokumentet brukes også til `{others}`: ta det ut \
             av den bruken, behold dokumentet"
        ),
    )
}

fn basis_text(basis: &Basis, lang: Lang) -> String {
    match basis {
        Basis::Event { kind, on, id } => format!("`{kind}` {on} ({id})"),
        Basis::Document(date) => pick(
            lang,
            format!("document date {date}"),
            format!("dokumentdato {date}"),
        ),
        Basis::FiscalYear { end, document } => pick(
            lang,
            format!("fiscal year ends {end} (document date {document})"),
            format!("regnskapsåret slutter {end} (dokumentdato {document})"),
        ),
    }
}

fn deadline(running: &Deadline, lang: Lang) -> String {
    let Deadline { rule, due, .. } = running;
    let status = status_text(running.status, lang);
    pick(
        lang,
        format!("{rule}: last day {due}: {status}"),
        format!("{rule}: siste dag {due}: {status}"),
    )
}

fn status_text(status: DeadlineStatus, lang: Lang) -> &'static str {
    match (status, lang) {
        (DeadlineStatus::Answered, Lang::En) => "answered",
        (DeadlineStatus::AnsweredLate, Lang::En) => "answered late",
        (DeadlineStatus::Open, Lang::En) => "open",
        (DeadlineStatus::Overdue, Lang::En) => "overdue",
        (DeadlineStatus::Answered, Lang::Nb | Lang::Nn) => "besvart",
        (DeadlineStatus::AnsweredLate, Lang::Nb | Lang::Nn) => "besvart for sent",
        (DeadlineStatus::Open, Lang::Nb | Lang::Nn) => "åpen",
        (DeadlineStatus::Overdue, Lang::Nb | Lang::Nn) => "over fristen",
    }
}
