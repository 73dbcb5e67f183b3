//! The words of the steps that led to a verdict.

use jiff::civil::Date;

use super::line;
use crate::model::Lang;
use crate::policy::judge::step::{Basis, Step};
use crate::policy::judge::{Deadline, DeadlineStatus};

pub(in crate::policy::judge) fn step(step: &Step, lang: Lang) -> String {
    line(lang, ["fordi", "fordi", "because"], &step_text(step, lang))
}

fn step_text(step: &Step, lang: Lang) -> String {
    match step {
        Step::NothingPersonal => nothing_personal(lang).to_owned(),
        Step::Anonymised { rule } => lang.pick([
            format!("{rule}: stedet har anonymiserte data"),
            format!("{rule}: staden har anonymiserte data"),
            format!("{rule}: the place holds anonymised data"),
        ]),
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
        Step::ConsentKeeps { rule, until } => lang.pick([
            format!("{rule}: samtykke til å bli oppbevart til {until}"),
            format!("{rule}: samtykke til å bli oppbevart til {until}"),
            format!("{rule}: consent to be kept until {until}"),
        ]),
        Step::Waiting { rule, event } => waiting(rule, event, lang),
        Step::Suppressed { rule, event } => lang.pick([
            format!("{rule}: gjelder ikke, `{event}` er registrert"),
            format!("{rule}: gjeld ikkje, `{event}` er registrert"),
            format!("{rule}: does not apply, `{event}` is registered"),
        ]),
        Step::Ended { rule, on, others } => ended(rule, *on, others, lang),
        Step::Deadline(running) => deadline(running, lang),
    }
}

fn nothing_personal(lang: Lang) -> &'static str {
    lang.pick([
        "detektorene fant ingen personopplysninger; det beviser ikke at det ikke er noen",
        "detektorane fann ingen personopplysningar; det provar ikkje at det ikkje er nokon",
        "the detectors found no personal data, which does not prove that there is none",
    ])
}

fn waiting(rule: &str, event: &str, lang: Lang) -> String {
    lang.pick([
        format!("{rule}: ingen `{event}` i registeret for dette dokumentet, venter på den"),
        format!("{rule}: ingen `{event}` i registeret for dette dokumentet, ventar på det"),
        format!("{rule}: no `{event}` in the register for this document, waiting for it"),
    ])
}

fn held(rule: &str, kind: &str, on: Date, event: &str, lang: Lang) -> String {
    lang.pick([
        format!("{rule}: `{kind}` {on} ({event}), ikke opphevet"),
        format!("{rule}: `{kind}` {on} ({event}), ikkje oppheva"),
        format!("{rule}: `{kind}` {on} ({event}), not lifted"),
    ])
}

fn lifted(rule: &str, event: &str, on: Date, lang: Lang) -> String {
    lang.pick([
        format!("{rule}: sperre {event} ble opphevet {on}"),
        format!("{rule}: sperre {event} vart oppheva {on}"),
        format!("{rule}: hold {event} was lifted {on}"),
    ])
}

fn keep_until(rule: &str, norm: &str, until: Date, basis: &Basis, lang: Lang) -> String {
    let basis = basis_text(basis, lang);
    lang.pick([
        format!("{rule}: må oppbevares til {until} etter {norm}; {basis}"),
        format!("{rule}: må oppbevarast til {until} etter {norm}; {basis}"),
        format!("{rule}: must be kept to {until} under {norm}; {basis}"),
    ])
}

fn keep_open(rule: &str, norm: &str, waiting: Option<&str>, lang: Lang) -> String {
    match waiting {
        Some(event) => lang.pick([
            format!(
                "{rule}: må oppbevares etter {norm}; ingen `{event}` ennå, så slutten er ukjent"
            ),
            format!(
                "{rule}: må oppbevarast etter {norm}; ingen `{event}` enno, så slutten er ukjend"
            ),
            format!("{rule}: must be kept under {norm}; no `{event}` yet, so no end is known"),
        ]),
        None => lang.pick([
            format!("{rule}: må oppbevares etter {norm}; slutten er ukjent"),
            format!("{rule}: må oppbevarast etter {norm}; slutten er ukjend"),
            format!("{rule}: must be kept under {norm}; no end is known"),
        ]),
    }
}

fn ended(rule: &str, on: Date, others: &[String], lang: Lang) -> String {
    let others = others.join("`, `");
    lang.pick([
            format!(
                "{rule} avsluttet formålet {on}, men dokumentet brukes også til `{others}`: ta det ut \
                 av den bruken, behold dokumentet"
            ),
            format!(
                "{rule} avslutta føremålet {on}, men dokumentet blir òg brukt til `{others}`: ta det ut \
                 av den bruken, behald dokumentet"
            ),
            format!(
                "{rule} ended its purpose on {on}, but the document also serves `{others}`: remove it \
                 from that use, keep the document"
            ),
        ],
    )
}

fn basis_text(basis: &Basis, lang: Lang) -> String {
    match basis {
        Basis::Event { kind, on, id } => format!("`{kind}` {on} ({id})"),
        Basis::Document(date) => {
            let word = lang.pick(["dokumentdato", "dokumentdato", "document date"]);
            format!("{word} {date}")
        }
        Basis::FiscalYear { end, document } => lang.pick([
            format!("regnskapsåret slutter {end} (dokumentdato {document})"),
            format!("rekneskapsåret sluttar {end} (dokumentdato {document})"),
            format!("fiscal year ends {end} (document date {document})"),
        ]),
    }
}

fn deadline(running: &Deadline, lang: Lang) -> String {
    let Deadline { rule, due, .. } = running;
    let status = status_text(running.status, lang);
    let last = lang.pick(["siste dag", "siste dag", "last day"]);
    format!("{rule}: {last} {due}: {status}")
}

fn status_text(status: DeadlineStatus, lang: Lang) -> &'static str {
    let words = match status {
        DeadlineStatus::Answered => ["besvart", "svara på", "answered"],
        DeadlineStatus::AnsweredLate => ["besvart for sent", "svara på for seint", "answered late"],
        DeadlineStatus::Open => ["åpen", "open", "open"],
        DeadlineStatus::Overdue => ["over fristen", "over fristen", "overdue"],
    };
    lang.pick(words)
}
