//! The words of an explanation, in English and Norwegian Bokmål.

use jiff::civil::Date;

use super::DeadlineStatus;
use super::step::{Basis, Conflict, Review, Step};
use crate::model::Lang;
use crate::policy::document_date::{DateNote, DocumentDate};
use crate::policy::rule::Rule;
use crate::policy::verdict::Verdict;

/// Picks the English or the Norwegian text. Bokmål stands in for Nynorsk.
fn pick(lang: Lang, en: String, nb: String) -> String {
    match lang {
        Lang::En => en,
        Lang::Nb | Lang::Nn => nb,
    }
}

/// A line with its label.
fn line(lang: Lang, labels: (&str, &str), text: &str) -> String {
    let label = match lang {
        Lang::En => labels.0,
        Lang::Nb | Lang::Nn => labels.1,
    };
    format!("  {label:<9} {text}")
}

pub(super) fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match (verdict, lang) {
        (_, Lang::En) => verdict.as_str(),
        (Verdict::Keep, Lang::Nb | Lang::Nn) => "beholdes",
        (Verdict::DeleteOn, Lang::Nb | Lang::Nn) => "slettes senere",
        (Verdict::DeleteDue, Lang::Nb | Lang::Nn) => "slettes nå",
        (Verdict::Review, Lang::Nb | Lang::Nn) => "må vurderes",
        (Verdict::Hold, Lang::Nb | Lang::Nn) => "sperret",
        (Verdict::Violation, Lang::Nb | Lang::Nn) => "brudd",
    }
}

pub(super) fn head(shown: Verdict, path: &str, as_of: Date, lang: Lang) -> String {
    let word = verdict(shown, lang).to_uppercase();
    let on = pick(lang, "as of".to_owned(), "per".to_owned());
    format!("{word} {path} ({on} {as_of})")
}

pub(super) fn due(due: Date, over: i64, lang: Lang) -> String {
    let text = match over {
        0 => due.to_string(),
        1.. => pick(
            lang,
            format!("{due}, {over} days over"),
            format!("{due}, {over} dager over"),
        ),
        ..0 => {
            let left = -over;
            pick(
                lang,
                format!("{due}, in {left} days"),
                format!("{due}, om {left} dager"),
            )
        }
    };
    line(lang, ("due", "frist"), &text)
}

pub(super) fn date(date: &DocumentDate, lang: Lang) -> Option<String> {
    let (first, last) = date.days?;
    let source = date.source.map_or("", crate::model::DateSource::as_str);
    let text = match first {
        Some(first) if first == last => pick(
            lang,
            format!("{last} from {source}"),
            format!("{last} fra {source}"),
        ),
        Some(first) => pick(
            lang,
            format!("{first} to {last} from {source}"),
            format!("{first} til {last} fra {source}"),
        ),
        None => pick(
            lang,
            format!("{last} or earlier, from {source}"),
            format!("{last} eller før, fra {source}"),
        ),
    };
    Some(line(lang, ("date", "dato"), &text))
}

pub(super) fn step(step: &Step, lang: Lang) -> String {
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
        Step::Held { .. } | Step::HoldLifted { .. } => hold_text(step, lang),
        Step::KeepUntil { .. } | Step::KeepOpen { .. } => keep_text(step, lang),
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
        Step::Ended { rule, on, others } => {
            let others = others.join("`, `");
            pick(
                lang,
                format!(
                    "{rule} ended its purpose on {on}, but the document also serves `{others}`: \
                     remove it from that use, keep the document"
                ),
                format!(
                    "{rule} avsluttet formålet {on}, men dokumentet brukes også til `{others}`: \
                     ta det ut av den bruken, behold dokumentet"
                ),
            )
        }
        Step::Deadline {
            rule,
            kind,
            on,
            due,
            status,
        } => {
            let status = status_text(*status, lang);
            pick(
                lang,
                format!("{rule}: `{kind}` {on}, last day {due}: {status}"),
                format!("{rule}: `{kind}` {on}, siste dag {due}: {status}"),
            )
        }
    }
}

fn hold_text(step: &Step, lang: Lang) -> String {
    match step {
        Step::Held {
            rule,
            kind,
            on,
            event,
        } => pick(
            lang,
            format!("{rule}: `{kind}` {on} ({event}), not lifted"),
            format!("{rule}: `{kind}` {on} ({event}), ikke opphevet"),
        ),
        Step::HoldLifted { rule, event, on } => pick(
            lang,
            format!("{rule}: hold {event} was lifted {on}"),
            format!("{rule}: sperre {event} ble opphevet {on}"),
        ),
        _ => String::new(),
    }
}

fn keep_text(step: &Step, lang: Lang) -> String {
    match step {
        Step::KeepUntil {
            rule,
            until,
            norm,
            basis,
        } => {
            let basis = basis_text(basis, lang);
            pick(
                lang,
                format!("{rule}: must be kept to {until} under {norm}; {basis}"),
                format!("{rule}: må oppbevares til {until} etter {norm}; {basis}"),
            )
        }
        Step::KeepOpen {
            rule,
            norm,
            waiting: Some(event),
        } => pick(
            lang,
            format!("{rule}: must be kept under {norm}; no `{event}` yet, so no end is known"),
            format!(
                "{rule}: må oppbevares etter {norm}; ingen `{event}` ennå, så slutten er ukjent"
            ),
        ),
        Step::KeepOpen {
            rule,
            norm,
            waiting: None,
        } => pick(
            lang,
            format!("{rule}: must be kept under {norm}; no end is known"),
            format!("{rule}: må oppbevares etter {norm}; slutten er ukjent"),
        ),
        _ => String::new(),
    }
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

pub(super) fn conflict(conflict: &Conflict, lang: Lang) -> String {
    let Conflict {
        rule, due, against, ..
    } = conflict;
    let until = match conflict.until {
        Some(until) => pick(lang, format!("to {until}"), format!("til {until}")),
        None => pick(
            lang,
            "without a known end".into(),
            "uten kjent slutt".into(),
        ),
    };
    let text = if conflict.exception {
        pick(
            lang,
            format!("{rule} from {due} against {against} {until}: a documented exception"),
            format!("{rule} fra {due} mot {against} {until}: dokumentert unntak"),
        )
    } else {
        pick(
            lang,
            format!(
                "{rule} from {due} against {against} {until}: the law wins (GDPR art. 17(3)(b))"
            ),
            format!("{rule} fra {due} mot {against} {until}: loven går foran (art. 17 nr. 3 b)"),
        )
    };
    line(lang, ("conflict", "konflikt"), &text)
}

pub(super) fn review_line(reason: &Review, lang: Lang) -> String {
    line(lang, ("review", "vurder"), &review(reason, lang))
}

pub(super) fn review(review: &Review, lang: Lang) -> String {
    match lang {
        Lang::En => review_english(review),
        Lang::Nb | Lang::Nn => review_norwegian(review),
    }
}

fn review_english(review: &Review) -> String {
    match review {
        Review::RoleUnknown => {
            "role unknown: nobody has said whether this is our data or a customer's".into()
        }
        Review::NoPurpose => "no stated purpose covers this document".into(),
        Review::NoRule { purpose } => format!("no rule says when the purpose `{purpose}` ends"),
        Review::NoRuleLeft { event } => {
            format!("`{event}` is registered, and no rule says what follows")
        }
        Review::NeverRegistered { rule, period } => format!(
            "{rule}: the document is older than {period} and the trigger was never registered"
        ),
        Review::NoKeepDate { rule } => {
            format!("{rule}: document date unknown for a legal keep period")
        }
        Review::NoDate { rule } => {
            format!("{rule}: document date unknown, and the rule counts from it")
        }
        Review::OpenConsent { rule } => format!("{rule}: consent to be kept without an end date"),
        Review::ShorterPromise { rule, period } => format!(
            "{rule}: the data was collected under a promise of {period}, and no notice of the \
             longer period is registered"
        ),
        Review::KeepOver { rule, on } => {
            format!("{rule}: the keep period ended {on}, and no rule says what follows")
        }
        Review::Asked { rule, kind, on } => format!("{rule}: `{kind}` {on}, a person decides"),
        Review::Mixed { counts } => {
            format!(
                "mixed subjects in one document: {}",
                counted(counts, Lang::En)
            )
        }
        Review::DateUncertain {
            early,
            late,
            first,
            last,
        } => {
            let first = first.map_or("long before".to_owned(), |day| format!("from {day}"));
            format!("date uncertain: {early} if the document is {first}, {late} if from {last}")
        }
        Review::ClassUncertain { certainty, needed } => {
            format!("class uncertain: {certainty:.2}, below {needed:.2}")
        }
        Review::Truncated => "the document was not read to its end".into(),
        Review::Content { rule, findings } => format!("{rule}: {}", findings.join(", ")),
        Review::HoldToBeLookedAt { rule, until } => {
            format!("{rule}: the hold was to be looked at by {until}")
        }
        Review::Overdue { due } => format!("request overdue, due {due}"),
        Review::NoRequest { rule, event } => {
            format!("{rule}: no `{event}` in the register, so no time runs")
        }
    }
}

fn review_norwegian(review: &Review) -> String {
    match review {
        Review::RoleUnknown => {
            "ukjent rolle: ingen har sagt om dataene er våre eller en kundes".into()
        }
        Review::NoPurpose => "ingen oppgitt hensikt dekker dokumentet".into(),
        Review::NoRule { purpose } => format!("ingen regel sier når formålet `{purpose}` slutter"),
        Review::NoRuleLeft { event } => {
            format!("`{event}` er registrert, og ingen regel sier hva som følger")
        }
        Review::NeverRegistered { rule, period } => {
            format!("{rule}: dokumentet er eldre enn {period}, og hendelsen ble aldri registrert")
        }
        Review::NoKeepDate { rule } => {
            format!(
                "{rule}: dokumentets dato er ukjent, og en lovpålagt oppbevaring teller fra den"
            )
        }
        Review::NoDate { rule } => {
            format!("{rule}: dokumentets dato er ukjent, og regelen teller fra den")
        }
        Review::OpenConsent { rule } => {
            format!("{rule}: samtykke til oppbevaring uten sluttdato")
        }
        Review::ShorterPromise { rule, period } => format!(
            "{rule}: opplysningene ble samlet inn under et løfte om {period}, og det er ikke \
             registrert varsel om den lengre fristen"
        ),
        Review::KeepOver { rule, on } => {
            format!("{rule}: oppbevaringstiden gikk ut {on}, og ingen regel sier hva som følger")
        }
        Review::Asked { rule, kind, on } => format!("{rule}: `{kind}` {on}, et menneske avgjør"),
        Review::Mixed { counts } => {
            format!(
                "ulike svar for personene i dokumentet: {}",
                counted(counts, Lang::Nb)
            )
        }
        Review::DateUncertain {
            early,
            late,
            first,
            last,
        } => {
            let (early, late) = (verdict(*early, Lang::Nb), verdict(*late, Lang::Nb));
            let first = first.map_or("fra lenge før".to_owned(), |day| format!("fra {day}"));
            format!("usikker dato: {early} om dokumentet er {first}, {late} om det er fra {last}")
        }
        Review::ClassUncertain { certainty, needed } => {
            format!("usikker klasse: {certainty:.2}, under {needed:.2}")
        }
        Review::Truncated => "dokumentet ble ikke lest til slutten".into(),
        Review::Content { rule, findings } => format!("{rule}: {}", findings.join(", ")),
        Review::HoldToBeLookedAt { rule, until } => {
            format!("{rule}: sperren skulle vurderes innen {until}")
        }
        Review::Overdue { due } => format!("henvendelsen er ikke besvart, fristen var {due}"),
        Review::NoRequest { rule, event } => {
            format!("{rule}: ingen `{event}` i registeret, så ingen frist løper")
        }
    }
}

fn counted(counts: &[(Verdict, usize)], lang: Lang) -> String {
    let each = counts
        .iter()
        .map(|(shown, n)| format!("{n} {}", verdict(*shown, lang)));
    each.collect::<Vec<_>>().join(", ")
}

pub(super) fn breach(rule: &str, what: &[String], lang: Lang) -> String {
    line(
        lang,
        ("breach", "brudd"),
        &format!("{rule}: {}", what.join(", ")),
    )
}

pub(super) fn date_note(note: &DateNote, lang: Lang) -> String {
    let text = match note {
        DateNote::DefaultValue(source, day) => {
            let source = source.as_str();
            pick(
                lang,
                format!("{source} {day} is a default value and was not used"),
                format!("{source} {day} er en standardverdi og ble ikke brukt"),
            )
        }
        DateNote::Future(source, day) => {
            let source = source.as_str();
            pick(
                lang,
                format!("{source} {day} lies in the future and was not used"),
                format!("{source} {day} ligger i framtiden og ble ikke brukt"),
            )
        }
        DateNote::Suspect(day, why) => pick(
            lang,
            format!("mtime {day} was not used: {why}"),
            format!("mtime {day} ble ikke brukt: {why}"),
        ),
        DateNote::Disagree(source, days) => {
            let source = source.as_str();
            let (first, last) = (days.first, days.last);
            pick(
                lang,
                format!("{source} says {first} to {last}; both are kept as bounds"),
                format!("{source} sier {first} til {last}; begge brukes som grenser"),
            )
        }
        DateNote::UpperBoundOnly => pick(
            lang,
            "a file time is an upper bound only: the document is this old or older".into(),
            "en filtid er bare en øvre grense: dokumentet er så gammelt eller eldre".into(),
        ),
    };
    line(lang, ("note", "merk"), &text)
}

pub(super) fn register(text: &str, lang: Lang) -> String {
    line(lang, ("register", "register"), text)
}

pub(super) fn nothing_against(lang: Lang) -> String {
    let text = pick(
        lang,
        "no rule asks for anything".into(),
        "ingen regel krever noe".into(),
    );
    line(lang, ("because", "fordi"), &text)
}

pub(super) fn rule(rule: &Rule, lang: Lang) -> String {
    let mut text = format!("{}: {}", rule.id, rule.title_in(lang));
    let mut cited = Vec::new();
    if let (Some(statement), Some(digest)) = (&rule.statement, &rule.digest) {
        cited.push(format!("{} {statement}, {digest}", rule.policy));
    }
    cited.extend(rule.norm.clone());
    if !cited.is_empty() {
        text.push_str(&format!(" ({})", cited.join("; ")));
    }
    line(lang, ("rule", "regel"), &text)
}
