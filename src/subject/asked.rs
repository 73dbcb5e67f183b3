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
    // What is typed in haste is typed without capitals.
    let capitals = std::iter::once_with(|| format!("Navn: {}", capitalised(words)));
    let mut forms = std::iter::once(words.to_owned())
        .chain(labelled)
        .chain(capitals);
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

/// The words of a name, each with a capital letter.
fn capitalised(name: &str) -> String {
    let mut start = true;
    let letters = name.chars().flat_map(|c| {
        let first = std::mem::replace(&mut start, c.is_whitespace() || c == '-');
        let upper = first.then(|| c.to_uppercase());
        let same = (!first).then_some(c);
        upper.into_iter().flatten().chain(same)
    });
    letters.collect()
}

/// The letters of Norwegian as other keyboards have them.
const LETTERS: [(&str, &str); 6] = [
    ("å", "aa"),
    ("Å", "Aa"),
    ("ø", "oe"),
    ("Ø", "Oe"),
    ("æ", "ae"),
    ("Æ", "Ae"),
];

/// The letters of Norwegian as systems write them that know no others than those of English.
const BARE: [(&str, &str); 6] = [
    ("å", "a"),
    ("Å", "A"),
    ("ø", "o"),
    ("Ø", "O"),
    ("æ", "ae"),
    ("Æ", "Ae"),
];

const ACCENTS: [(&str, &str); 6] = [
    ("é", "e"),
    ("è", "e"),
    ("ö", "ø"),
    ("ä", "æ"),
    ("ü", "u"),
    ("ô", "o"),
];

/// Other ways to write a name: without middle names, with the letters of other keyboards and back, in the whole name
/// or in one word of it, without a hyphen, or with one. What differs more is another name.
fn name_forms(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut forms = vec![name.replace('-', " ")];
    if let ([first, .., last], true) = (words.as_slice(), words.len() > 2) {
        forms.push(format!("{first} {last}"));
        forms.extend((1..words.len()).filter_map(|at| {
            let (before, after) = words.split_at_checked(at)?;
            Some(format!("{}-{}", before.join(" "), after.join(" ")))
        }));
    }
    let back = LETTERS.map(|(letter, written)| (written, letter));
    for pairs in [LETTERS, back, BARE, ACCENTS] {
        forms.push(swapped(name, pairs));
        forms.extend((0..words.len()).map(|at| {
            let one = words.iter().enumerate();
            let one = one.map(|(other, word)| {
                if other == at {
                    swapped(word, pairs)
                } else {
                    (*word).to_owned()
                }
            });
            one.collect::<Vec<_>>().join(" ")
        }));
    }
    forms.retain(|form| form != name);
    forms.sort();
    forms.dedup();
    forms
}

fn swapped(text: &str, pairs: [(&str, &str); 6]) -> String {
    let swap = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
    pairs.iter().fold(text.to_owned(), swap)
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
        for (name, form) in [
            ("Kåre Olav Bjørnsen", "Kaare Olav Bjoernsen"),
            ("Kåre Bjørnsen", "Kåre Bjoernsen"),
            ("Kåre Bjørnsen", "Kare Bjornsen"),
            ("Kaare Bjørnsen", "Kåre Bjørnsen"),
            ("Anne Grete Lie", "Anne-Grete Lie"),
            ("Anne-Grete Lie", "Anne Grete Lie"),
            ("Kari Bakken Lie", "Kari Bakken-Lie"),
        ] {
            assert!(name_forms(name).contains(&form.to_owned()), "{name}");
        }
        assert!(!format!("{forms:?}").contains("Bjørnsen"));
    }

    #[test]
    fn a_name_without_capitals_is_a_name() {
        assert_eq!(capitalised("anne-grete ødegård"), "Anne-Grete Ødegård");
        let forms = of("kari testesen\nKari Testesen\n");
        assert_eq!(forms.identifiers.len(), 1, "{forms:?}");
        assert!(forms.unrecognised.is_empty());
    }

    #[test]
    fn what_is_nothing_is_told_by_its_line() {
        assert_eq!(of("\n???\n").unrecognised, [2]);
    }
}
