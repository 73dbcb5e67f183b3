//! The words of an object's story: evidence, levels, places, sources of dates, labels.

use super::access::Reach;
use super::plain::plain;
use super::words::pick;
use crate::model::{Confidence, DateSource, Lang};

/// Words in Bokmål, Nynorsk and English.
type Words = (&'static str, &'static str, &'static str);

/// Evidence by its id.
const REASONS: [(&str, Words); 33] = [
    (
        "checksum",
        (
            "kontrollsifrene stemmer",
            "kontrollsifra stemmer",
            "control digits are right",
        ),
    ),
    (
        "rule-2032",
        (
            "kontrollsiffer etter regelen fra 2032",
            "kontrollsiffer etter regelen frå 2032",
            "control digit of the rule from 2032",
        ),
    ),
    (
        "date",
        (
            "en del er en dato",
            "ein del er ein dato",
            "part of it is a date",
        ),
    ),
    (
        "grouping",
        (
            "skrevet i vanlige grupper",
            "skrive i vanlege grupper",
            "grouped as usual",
        ),
    ),
    (
        "label",
        (
            "merket like foran",
            "merkt like framfor",
            "a label right before it",
        ),
    ),
    (
        "context-word",
        ("et ord i nærheten", "eit ord i nærleiken", "a word near it"),
    ),
    (
        "negative-word",
        (
            "et ord i nærheten taler imot",
            "eit ord i nærleiken taler imot",
            "a word near it speaks against",
        ),
    ),
    (
        "header",
        (
            "overskriften sier det",
            "overskrifta seier det",
            "the header says so",
        ),
    ),
    (
        "other-header",
        (
            "overskriften sier noe annet",
            "overskrifta seier noko anna",
            "the header says something else",
        ),
    ),
    (
        "whole-cell",
        ("fyller cellen", "fyller cella", "fills its cell"),
    ),
    (
        "column-passes",
        (
            "nesten hele kolonnen består prøven",
            "nesten heile kolonnen består prøva",
            "nearly the whole column passes",
        ),
    ),
    (
        "column-fails",
        (
            "lite av kolonnen består prøven",
            "lite av kolonnen består prøva",
            "little of the column passes",
        ),
    ),
    (
        "prefix",
        (
            "har sitt eget prefiks",
            "har sitt eige prefiks",
            "has its own prefix",
        ),
    ),
    (
        "register",
        (
            "står i et register",
            "står i eit register",
            "stands in a register",
        ),
    ),
    (
        "first-name-list",
        (
            "fornavn i listene",
            "førenamn i listene",
            "a first name of the lists",
        ),
    ),
    (
        "surname-list",
        (
            "etternavn i listene",
            "etternamn i listene",
            "a surname of the lists",
        ),
    ),
    (
        "name-shape",
        (
            "ser ut som et navn",
            "ser ut som eit namn",
            "has the shape of a name",
        ),
    ),
    (
        "synthetic",
        (
            "syntetisk: ingen har det",
            "syntetisk: ingen har det",
            "synthetic: nobody has it",
        ),
    ),
    (
        "documentation",
        (
            "holdt av til eksempler",
            "halde av til døme",
            "kept for examples",
        ),
    ),
    (
        "role",
        (
            "en rolle eller et firma",
            "ei rolle eller eit firma",
            "a role or a company",
        ),
    ),
    (
        "future-birth",
        (
            "fødselsdato i framtiden",
            "fødselsdato i framtida",
            "born in the future",
        ),
    ),
    (
        "no-century",
        (
            "passer ikke i noe århundre",
            "passar ikkje i noko hundreår",
            "fits no century",
        ),
    ),
    (
        "joined",
        (
            "satt sammen av to deler",
            "sett saman av to delar",
            "joined from two parts",
        ),
    ),
    (
        "leading-zero",
        (
            "en null foran er lagt til",
            "ein null framfor er lagd til",
            "a leading zero was put back",
        ),
    ),
    (
        "odd-form",
        ("uvanlig form", "uvanleg form", "an unusual form"),
    ),
    (
        "person-near",
        (
            "andre personopplysninger i nærheten",
            "andre personopplysningar i nærleiken",
            "other personal data near it",
        ),
    ),
    (
        "overlap",
        (
            "passer bedre som noe annet",
            "passar betre som noko anna",
            "fits better as something else",
        ),
    ),
    (
        "density",
        (
            "mange av samme slag",
            "mange av same slag",
            "many of the same kind",
        ),
    ),
    (
        "in-name",
        (
            "står i navn eller sti",
            "står i namn eller sti",
            "stands in the name or path",
        ),
    ),
    (
        "own-contact",
        (
            "egen kontaktadresse",
            "eiga kontaktadresse",
            "the organisation's own contact",
        ),
    ),
    (
        "street-form",
        (
            "skrevet som en gateadresse",
            "skrive som ei gateadresse",
            "written as a street address",
        ),
    ),
    (
        "own-pattern",
        (
            "passer et eget mønster",
            "passar eit eige mønster",
            "matches a pattern of your own",
        ),
    ),
    (
        "dismissed",
        (
            "merket som feil funn",
            "merkt som feil funn",
            "marked as a false finding",
        ),
    ),
];

/// A reason why something was taken for personal data.
pub(super) fn reason(id: &str, lang: Lang) -> &str {
    let known = REASONS.iter().find(|(known, _)| *known == id);
    known.map_or(id, |(_, texts)| pick(lang, *texts))
}

/// How sure a finding is.
#[must_use]
pub fn level(level: Confidence, lang: Lang) -> &'static str {
    let texts = match level {
        Confidence::Low => ("mulig", "mogleg", "possible"),
        Confidence::Medium => ("sannsynlig", "sannsynleg", "probable"),
        Confidence::High => (
            "så godt som sikkert",
            "så godt som sikkert",
            "as good as certain",
        ),
    };
    pick(lang, texts)
}

/// Where a date comes from.
pub(super) fn source(source: DateSource, lang: Lang) -> &'static str {
    let texts = match source {
        DateSource::Declared => (
            "oppgitt i et register",
            "oppgitt i eit register",
            "stated in a register",
        ),
        DateSource::Db => (
            "felt i en database",
            "felt i ein database",
            "column of a database",
        ),
        DateSource::Mail => (
            "datofeltet i e-posten",
            "datofeltet i e-posten",
            "date of the mail",
        ),
        DateSource::Content => ("dato i teksten", "dato i teksten", "date in the text"),
        DateSource::EmbeddedCreated => (
            "innebygd: opprettet",
            "innebygd: oppretta",
            "embedded: created",
        ),
        DateSource::EmbeddedModified => {
            ("innebygd: endret", "innebygd: endra", "embedded: modified")
        }
        DateSource::Path => ("dato i stien", "dato i stien", "date in the path"),
        DateSource::Mtime => (
            "filens endringstid",
            "endringstida til fila",
            "time of the file",
        ),
    };
    pick(lang, texts)
}

/// Where a date comes from, by the source's id; one without words is told as it is.
#[must_use]
pub fn date_source_word(id: &str, lang: Lang) -> &str {
    DateSource::parse(id).map_or(id, |known| source(known, lang))
}

/// Behind the date that the verdict rests on.
pub(super) fn used(lang: Lang) -> &'static str {
    pick(lang, (" ← brukt", " ← brukt", " ← used"))
}

/// Beside a statement of which the words are others than the rule cites.
pub(super) fn changed(lang: Lang) -> &'static str {
    let nb = "Teksten er en annen enn den regelen viser til";
    let nn = "Teksten er ein annan enn den regelen viser til";
    pick(
        lang,
        (nb, nn, "These are not the words that the rule cites"),
    )
}

/// Who can read a file.
pub(super) fn reach(reach: Reach, group: &str, lang: Lang) -> String {
    match reach {
        Reach::Owner => pick(lang, ("bare eieren", "berre eigaren", "the owner only")).to_owned(),
        Reach::Group => {
            let word = pick(lang, ("gruppen", "gruppa", "the group"));
            format!("{word} {group}")
        }
        Reach::Everyone => {
            let (nb, nn) = ("alle på maskinen", "alle på maskina");
            pick(lang, (nb, nn, "everyone on the machine")).to_owned()
        }
    }
}

/// A line of an explanation in plain words: its label, and what it says.
pub(super) fn explained(line: &str, lang: Lang) -> (&str, String) {
    let line = line.trim();
    let (word, text) = line.split_once(' ').unwrap_or((line, ""));
    (label(word, lang), plain(text.trim_start(), lang))
}

/// A line of an explanation in plain words, as one text.
#[must_use]
pub fn explanation(line: &str, lang: Lang) -> String {
    let (label, text) = explained(line, lang);
    format!("{label} {text}")
}

/// A label of an explanation; in a page that was made in Bokmål it comes so for Nynorsk.
fn label(label: &str, lang: Lang) -> &str {
    match (lang, label) {
        (Lang::Nn, "brudd") => "brot",
        (Lang::Nn, "vurder") => "vurder",
        (Lang::Nn, "hendelse") => "hending",
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Evidence;

    #[test]
    fn every_reason_has_words_in_every_language() {
        for evidence in Evidence::ALL {
            let id = evidence.as_str();
            for lang in Lang::ALL {
                let told = reason(id, lang);
                assert!(told.contains(' ') || told != id, "{id} ({lang:?})");
            }
        }
    }
}
