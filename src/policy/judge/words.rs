//! The words of an explanation, in Bokmål, Nynorsk and English. What rules are called is said in the Norwegian that
//! they are written in.

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

/// A line with its label.
fn line(lang: Lang, labels: [&str; 3], text: &str) -> String {
    format!("  {:<9} {text}", lang.pick(labels))
}

pub(super) fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    let [nb, nn] = match verdict {
        Verdict::Keep => ["beholdes", "skal behaldast"],
        Verdict::DeleteOn => ["slettes senere", "skal slettast seinare"],
        Verdict::DeleteDue => ["slettes nå", "skal slettast no"],
        Verdict::Review => ["må vurderes", "må vurderast"],
        Verdict::Hold => ["sperret", "sperra"],
        Verdict::Violation => ["brudd", "brot"],
    };
    lang.pick([nb, nn, verdict.as_str()])
}

pub(super) fn head(shown: Verdict, path: &str, as_of: Date, lang: Lang) -> String {
    let word = verdict(shown, lang).to_uppercase();
    let on = lang.pick(["per", "per", "as of"]);
    format!("{word} {path} ({on} {as_of})")
}

pub(super) fn due(due: Date, over: i64, lang: Lang) -> String {
    let text = match over {
        0 => due.to_string(),
        1.. => lang.pick([
            format!("{due}, {over} dager over"),
            format!("{due}, {over} dagar over"),
            format!("{due}, {over} days over"),
        ]),
        ..0 => {
            let left = -over;
            lang.pick([
                format!("{due}, om {left} dager"),
                format!("{due}, om {left} dagar"),
                format!("{due}, in {left} days"),
            ])
        }
    };
    line(lang, ["frist", "frist", "due"], &text)
}

pub(super) fn date(date: &DocumentDate, lang: Lang) -> Option<String> {
    let (first, last) = date.days?;
    let source = date.source.map_or("", crate::model::DateSource::as_str);
    let text = match first {
        Some(first) if first == last => lang.pick([
            format!("{last} fra {source}"),
            format!("{last} frå {source}"),
            format!("{last} from {source}"),
        ]),
        Some(first) => lang.pick([
            format!("{first} til {last} fra {source}"),
            format!("{first} til {last} frå {source}"),
            format!("{first} to {last} from {source}"),
        ]),
        None => lang.pick([
            format!("{last} eller før, fra {source}"),
            format!("{last} eller før, frå {source}"),
            format!("{last} or earlier, from {source}"),
        ]),
    };
    Some(line(lang, ["dato", "dato", "date"], &text))
}

pub(super) fn conflict(conflict: &Conflict, lang: Lang) -> String {
    let Conflict {
        rule, due, against, ..
    } = conflict;
    let until = match conflict.until {
        Some(until) => format!("{} {until}", lang.pick(["til", "til", "to"])),
        None => lang
            .pick([
                "uten kjent slutt",
                "utan kjend slutt",
                "without a known end",
            ])
            .to_owned(),
    };
    let text = if conflict.exception {
        lang.pick([
            format!("{rule} fra {due} mot {against} {until}: dokumentert unntak"),
            format!("{rule} frå {due} mot {against} {until}: dokumentert unntak"),
            format!("{rule} from {due} against {against} {until}: a documented exception"),
        ])
    } else {
        lang.pick([
            format!("{rule} fra {due} mot {against} {until}: loven går foran (art. 17 nr. 3 b)"),
            format!("{rule} frå {due} mot {against} {until}: lova går føre (art. 17 nr. 3 b)"),
            format!(
                "{rule} from {due} against {against} {until}: the law wins (GDPR art. 17(3)(b))"
            ),
        ])
    };
    line(lang, ["konflikt", "konflikt", "conflict"], &text)
}

pub(super) fn review_line(reason: &Review, lang: Lang) -> String {
    line(lang, ["vurder", "vurder", "review"], &review(reason, lang))
}

pub(super) fn breach(rule: &str, what: &[String], lang: Lang) -> String {
    line(
        lang,
        ["brudd", "brot", "breach"],
        &format!("{rule}: {}", what.join(", ")),
    )
}

pub(super) fn date_note(note: &DateNote, lang: Lang) -> String {
    let text = match note {
        DateNote::DefaultValue(source, day) => {
            let source = source.as_str();
            lang.pick([
                format!("{source} {day} er en standardverdi og ble ikke brukt"),
                format!("{source} {day} er ein standardverdi og vart ikkje brukt"),
                format!("{source} {day} is a default value and was not used"),
            ])
        }
        DateNote::Future(source, day) => {
            let source = source.as_str();
            lang.pick([
                format!("{source} {day} ligger i framtiden og ble ikke brukt"),
                format!("{source} {day} ligg i framtida og vart ikkje brukt"),
                format!("{source} {day} lies in the future and was not used"),
            ])
        }
        DateNote::Suspect(day, why) => lang.pick([
            format!("mtime {day} ble ikke brukt: {why}"),
            format!("mtime {day} vart ikkje brukt: {why}"),
            format!("mtime {day} was not used: {why}"),
        ]),
        DateNote::Disagree(source, days) => {
            let source = source.as_str();
            let (first, last) = (days.first, days.last);
            lang.pick([
                format!("{source} sier {first} til {last}; begge brukes som grenser"),
                format!("{source} seier {first} til {last}; begge blir brukte som grenser"),
                format!("{source} says {first} to {last}; both are kept as bounds"),
            ])
        }
        DateNote::UpperBoundOnly => lang
            .pick([
                "en filtid er bare en øvre grense: dokumentet er så gammelt eller eldre",
                "ei filtid er berre ei øvre grense: dokumentet er så gammalt eller eldre",
                "a file time is an upper bound only: the document is this old or older",
            ])
            .to_owned(),
    };
    line(lang, ["merk", "merk", "note"], &text)
}

pub(super) fn register(text: &str, lang: Lang) -> String {
    line(lang, ["register"; 3], text)
}

pub(super) fn nothing_against(lang: Lang) -> String {
    let text = lang.pick([
        "ingen regel krever noe",
        "ingen regel krev noko",
        "no rule asks for anything",
    ]);
    line(lang, ["fordi", "fordi", "because"], text)
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
    line(lang, ["regel", "regel", "rule"], &text)
}
