//! Ids, days and periods inside a sentence of the policy, as people write them.
//!
//! Only what the summary shows goes through here: JSON and CSV keep the sentence as it is. Ids of
//! rules and events stay, because they are what one looks up.

use crate::model::{DateSource, Lang};

use super::words;

/// A sentence with its days, periods, findings and sources in plain words.
#[must_use]
pub fn plain(sentence: &str, lang: Lang) -> String {
    let mut told = String::with_capacity(sentence.len());
    let mut before = "";
    for piece in sentence.split_inclusive([' ', '(', ')', ',', ';']) {
        let word = piece.trim_end_matches([' ', '(', ')', ',', ';']);
        let end = piece.strip_prefix(word).unwrap_or_default();
        match source_of_date(before, word, lang) {
            Some(words) => told.push_str(words),
            None => told.push_str(in_words(word, lang).as_deref().unwrap_or(word)),
        }
        told.push_str(end);
        before = word;
    }
    told
}

fn in_words(word: &str, lang: Lang) -> Option<String> {
    day(word, lang)
        .or_else(|| period(word, lang))
        .or_else(|| words::finding(word, lang))
        .or_else(|| words::source(word, lang))
}

/// The source of a date behind «from», and the time of a file wherever it is named: other sources are called
/// as words of the language are.
fn source_of_date(before: &str, word: &str, lang: Lang) -> Option<&'static str> {
    let source = DateSource::parse(word)?;
    let from = matches!(before, "fra" | "frå" | "from");
    (from || source == DateSource::Mtime).then(|| taken_from(source, lang))
}

/// What a date was taken from, behind «from».
fn taken_from(source: DateSource, lang: Lang) -> &'static str {
    let texts = match source {
        DateSource::Declared => ("et register", "eit register", "a register"),
        DateSource::Db => ("en database", "ein database", "a database"),
        DateSource::Mail => ("e-posten", "e-posten", "the mail"),
        DateSource::Content => ("teksten", "teksten", "the text"),
        DateSource::EmbeddedCreated => (
            "det som er innebygd (opprettet)",
            "det som er innebygd (oppretta)",
            "what is embedded (created)",
        ),
        DateSource::EmbeddedModified => (
            "det som er innebygd (endret)",
            "det som er innebygd (endra)",
            "what is embedded (modified)",
        ),
        DateSource::Path => ("stien", "stien", "the path"),
        DateSource::Mtime => (
            "filens endringstid",
            "endringstida til fila",
            "the time of the file",
        ),
    };
    words::pick(lang, texts)
}

/// A day such as `2026-08-27`, in the order of the language; a clause may follow it.
fn day(word: &str, lang: Lang) -> Option<String> {
    let (written, rest) = match word.strip_suffix(':') {
        Some(written) => (written, ":"),
        None => (word, ""),
    };
    if written.len() != "2026-08-27".len() {
        return None;
    }
    let day: jiff::civil::Date = written.parse().ok()?;
    Some(format!("{}{rest}", words::day(day, lang)))
}

/// A period such as `P6M` or `P1Y6M`; figure and unit stay on one line.
fn period(word: &str, lang: Lang) -> Option<String> {
    let mut rest = word.strip_prefix('P').filter(|rest| !rest.is_empty())?;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (digits, after) = rest.split_at_checked(end)?;
        let count: u32 = digits.parse().ok()?;
        let unit = after.chars().next()?;
        parts.push(format!("{count}\u{A0}{}", words::unit(unit, count, lang)?));
        rest = after.strip_prefix(unit)?;
    }
    Some(parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_told_without_ids_of_the_trade() {
        let step = "`hiring_round_closed` 2026-02-27 (E0001) + P6M (assumption:A2)";
        assert_eq!(
            plain(step, Lang::Nb),
            "`hiring_round_closed` 27.02.2026 (E0001) + 6\u{A0}måneder (antakelse A2)"
        );
        assert_eq!(
            plain(step, Lang::En),
            "`hiring_round_closed` 2026-02-27 (E0001) + 6\u{A0}months (assumption A2)"
        );
    }

    #[test]
    fn sources_of_dates_are_told_behind_from() {
        for (sentence, told) in [
            (
                "2026-02-12 fra embedded_created",
                "12.02.2026 fra det som er innebygd (opprettet)",
            ),
            (
                "mtime 2026-11-29 ble ikke brukt",
                "filens endringstid 29.11.2026 ble ikke brukt",
            ),
            ("mail og content fra path", "mail og content fra stien"),
        ] {
            assert_eq!(plain(sentence, Lang::Nb), told);
        }
    }

    #[test]
    fn findings_are_named_and_other_words_stay() {
        let found = "Et nummer: trengs det? (fodselsnummer:synthetic, email:personal)";
        assert_eq!(
            plain(found, Lang::Nn),
            "Et nummer: trengs det? (syntetisk fødselsnummer, personleg e-post)"
        );
        for same in ["PO-6.1 P PM P6 2026-13-41 (E0012)", "æ:ø, word;"] {
            assert_eq!(plain(same, Lang::Nb), same);
        }
    }
}
