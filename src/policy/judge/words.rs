//! The words of an explanation, in English and Norwegian Bokmål. Bokmål stands in for Nynorsk.

mod reviews;
mod steps;

use jiff::civil::Date;

use super::step::{Conflict, Review};
use crate::model::Lang;
use crate::policy::document_date::{DateNote, DocumentDate};
use crate::policy::rule::Rule;
use crate::policy::verdict::Verdict;

pub(super) use reviews::review;
pub(super) use steps::step;

/// Picks the English or the Norwegian text.
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
        text = format!("{text} ({})", cited.join("; "));
    }
    line(lang, ("rule", "regel"), &text)
}
