//! Ids, days and periods inside a sentence of the policy, as people write them.
//!
//! Only what the summary shows goes through here: JSON and CSV keep the sentence as it is. Ids of
//! rules and events stay, because they are what one looks up.

use crate::model::Lang;

use super::words;

/// A sentence with its days, periods, findings and sources in plain words.
#[must_use]
pub(super) fn plain(sentence: &str, lang: Lang) -> String {
    let mut told = String::with_capacity(sentence.len());
    for piece in sentence.split_inclusive([' ', '(', ')', ',', ';']) {
        let word = piece.trim_end_matches([' ', '(', ')', ',', ';']);
        let end = piece.strip_prefix(word).unwrap_or_default();
        match in_words(word, lang) {
            Some(words) => told.push_str(&words),
            None => told.push_str(word),
        }
        told.push_str(end);
    }
    told
}

fn in_words(word: &str, lang: Lang) -> Option<String> {
    day(word, lang)
        .or_else(|| period(word, lang))
        .or_else(|| words::finding(word, lang))
        .or_else(|| words::source(word, lang))
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
