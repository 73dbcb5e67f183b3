//! From what somebody typed to the digests that the inventory is asked for: the same detectors read
//! the words as read the documents, so that written forms fall together as they do there.

use serde::Serialize;

use crate::classify::names_its_owner;
use crate::detect::Scanner;
use crate::examine::{Values, hits_with_values};
use crate::model::Candidate;

/// Words that say what a line is, for one that is not recognised without.
const LABELS: [&str; 8] = [
    "Navn",
    "Telefon",
    "E-post",
    "Fødselsnummer",
    "Kontonummer",
    "Fødselsdato",
    "KID",
    "DUF-nummer",
];

/// One identifier of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identifier {
    /// The line it was read from, from 1.
    pub line: usize,
    /// Id of the detector that recognised it.
    pub detector: &'static str,
    /// Masked.
    pub masked: String,
    /// It is another way to write what was given, and matches are listed apart.
    pub near: bool,
    #[serde(skip)]
    pub(super) digest: u64,
}

/// What was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// What is looked for.
    pub identifiers: Vec<Identifier>,
    /// Lines, from 1, in which no identifier was recognised: they are not looked for.
    pub unrecognised: Vec<usize>,
}

/// Reads identifiers, one or more a line. The scanner has the key of the inventory.
#[must_use]
pub fn asked(text: &str, scanner: &Scanner) -> Asked {
    let mut asked = Asked::default();
    for (line, words) in (1..).zip(text.lines()) {
        let words = words.trim();
        if words.is_empty() {
            continue;
        }
        let found = recognised(words, scanner);
        if found.is_empty() {
            asked.unrecognised.push(line);
        }
        for (hit, matched) in found {
            let near: Vec<Candidate> = match hit.kind.detector {
                "name" => name_forms(&matched)
                    .iter()
                    .flat_map(|form| hits(&format!("Navn: {form}"), scanner).0)
                    .filter(|other| other.kind.detector == "name")
                    .collect(),
                _ => Vec::new(),
            };
            asked.add(line, &hit, false);
            for other in near {
                asked.add(line, &other, true);
            }
        }
    }
    asked
}

impl Asked {
    fn add(&mut self, line: usize, hit: &Candidate, near: bool) {
        let (detector, digest) = (hit.kind.detector, hit.digest);
        let same = |known: &Identifier| known.detector == detector && known.digest == digest;
        if self.identifiers.iter().any(same) {
            return;
        }
        let masked = hit.masked().map(ToString::to_string);
        self.identifiers.push(Identifier {
            line,
            detector,
            masked: masked.unwrap_or_default(),
            near,
            digest,
        });
    }
}

/// The identifiers in a line, as it stands or with a word before it that says what it is.
fn recognised(words: &str, scanner: &Scanner) -> Vec<(Candidate, String)> {
    let labelled = LABELS.iter().map(|label| format!("{label}: {words}"));
    let mut forms = std::iter::once(words.to_owned()).chain(labelled);
    let found = forms.find_map(|text| {
        let (found, values) = hits(&text, scanner);
        let with_text = found.into_iter().map(|hit| {
            let matched = values.of(&hit).to_owned();
            (hit, matched)
        });
        let found: Vec<_> = with_text.collect();
        (!found.is_empty()).then_some(found)
    });
    found.unwrap_or_default()
}

/// Everything in a text that digests are kept of, at whatever level: whoever asks knows what it is.
fn hits(text: &str, scanner: &Scanner) -> (Vec<Candidate>, Values) {
    let (mut hits, values) = hits_with_values(scanner, text);
    hits.retain(|hit| hit.kind.digested);
    // Whoever gives an address asks for the address, not for everybody of that name.
    let all = hits.clone();
    hits.retain(|hit| !all.iter().any(|other| names_its_owner(hit, other)));
    (hits, values)
}

/// Other ways to write a name: without middle names, with the letters of other keyboards and back,
/// without a hyphen. What differs more is another name.
fn name_forms(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut forms = Vec::new();
    if let ([first, .., last], true) = (words.as_slice(), words.len() > 2) {
        forms.push(format!("{first} {last}"));
    }
    let plain = [
        ("å", "aa"),
        ("Å", "Aa"),
        ("ø", "oe"),
        ("Ø", "Oe"),
        ("æ", "ae"),
        ("Æ", "Ae"),
    ];
    let accents = [
        ("é", "e"),
        ("è", "e"),
        ("ö", "ø"),
        ("ä", "æ"),
        ("ü", "u"),
        ("ô", "o"),
    ];
    let swapped = |pairs: &[(&str, &str)]| {
        let swap = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
        pairs.iter().fold(name.to_owned(), swap)
    };
    let back: Vec<(&str, &str)> = plain.iter().map(|(from, to)| (*to, *from)).collect();
    forms.extend([
        swapped(&plain),
        swapped(&back),
        swapped(&accents),
        name.replace('-', " "),
    ]);
    forms.retain(|form| form != name);
    forms.sort();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DigestKey;

    fn of(text: &str) -> Asked {
        asked(text, &Scanner::new(DigestKey::new([7; 16]), [].into()))
    }

    #[test]
    fn written_forms_of_one_identifier_fall_together() {
        let forms = of("kari.testesen@firma.example\nKari.Testesen@FIRMA.example\n");
        assert_eq!(forms.identifiers.len(), 1, "{forms:?}");
        let forms = of("+47 21 00 12 34\n21001234\n0047 21001234");
        assert_eq!(forms.identifiers.len(), 1, "{forms:?}");
        let forms = of("Testesen, Kari\nKari Testesen");
        assert_eq!(forms.identifiers.len(), 1, "{forms:?}");
    }

    #[test]
    fn other_ways_to_write_a_name_are_near_and_never_the_same() {
        let forms = of("Kåre Olav Bjørnsen");
        let (near, same): (Vec<_>, Vec<_>) = forms.identifiers.iter().partition(|i| i.near);
        assert_eq!(same.len(), 1);
        assert!(near.len() >= 2, "{forms:?}");
        assert!(name_forms("Kåre Olav Bjørnsen").contains(&"Kaare Olav Bjoernsen".to_owned()));
        assert!(!format!("{forms:?}").contains("Bjørnsen"));
    }

    #[test]
    fn what_is_nothing_is_told_by_its_line() {
        assert_eq!(of("\n???\n").unrecognised, [2]);
    }
}
