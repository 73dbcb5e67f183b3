//! What kind of document an object seems to be, from words in its path and in its text.
//!
//! Each cue is an independent reason with a weight between 0 and 1, and reasons combine as
//! 1 − ∏(1 − weight). The weights are set so that one reason alone, however good, stays below 0.8,
//! the certainty from which rules act by default: a file that is called `cv.docx` and has the
//! headings of a CV is one; a file that only mentions a CV, or is only called so, is not certain.
//!
//! | cue | weight |
//! |---|---|
//! | word of the class in the file's own name | 0.65 |
//! | part of a compound there (`arbeidsattest` for `attest`) | 0.50 |
//! | word in the folder it lies in, or part of a compound there | 0.45, 0.35 |
//! | the same in folders above | 0.30, 0.20 |
//! | phrase or long word (12 letters) in the text, each | 0.50 |
//! | other word in the text, each | 0.30 |
//!
//! In the path only the best cue of each folder or file name counts. An exact word beats a part of
//! a compound, so `politiattest.pdf` is a police certificate before it is a certificate. The text's
//! own words are looked for elsewhere; here they arrive as bits.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::model::{ClassGuess, DocumentClass};

/// Below this certainty nothing is guessed.
const LEAST: f64 = 0.3;
/// Two classes closer than this are a tie.
const TIE: f64 = 0.05;
/// Letters from which a word may be part of a compound.
const COMPOUND_LETTERS: usize = 5;
/// Letters from which a single word in the text weighs as much as a phrase.
const LONG_LETTERS: usize = 12;
/// Folders above the object's own that are looked at.
const FOLDERS: usize = 8;

/// The classes, with their words cut up once for all objects.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    list: Vec<Class>,
    /// Single words and phrases written together, and the classes that they suggest.
    whole: HashMap<String, Vec<usize>>,
    /// Words that may be part of a compound.
    part: HashMap<String, Vec<usize>>,
    /// The lengths in bytes that these have, as bits.
    part_lengths: u64,
    /// Words of a class that are several words of a name, by the first of them.
    phrases: HashMap<String, Vec<(Vec<String>, usize)>>,
}

#[derive(Clone, Debug)]
struct Class {
    id: String,
    /// What each word in the text leaves of doubt, by its bit.
    doubts_by_text: Vec<f64>,
}

impl Classes {
    /// Cuts up the words of `classes`, whose order the cues of the text refer to.
    #[must_use]
    pub fn new(classes: &[DocumentClass]) -> Self {
        let mut own = Self::default();
        for (index, class) in classes.iter().enumerate() {
            own.list.push(Class {
                id: class.id.clone(),
                doubts_by_text: class
                    .words_text
                    .iter()
                    .take(32)
                    .map(|word| doubt_of(word))
                    .collect(),
            });
            for word in &class.words_path {
                own.add(tokens(word), index);
            }
        }
        own
    }

    fn add(&mut self, word: Vec<String>, class: usize) {
        if word.is_empty() {
            return;
        }
        self.whole.entry(word.concat()).or_default().push(class);
        match word.as_slice() {
            [single] if single.chars().count() >= COMPOUND_LETTERS => {
                self.part_lengths |= length_bit(single);
                self.part.entry(single.clone()).or_default().push(class);
            }
            [_] | [] => {}
            [first, ..] => {
                let first = first.clone();
                self.phrases.entry(first).or_default().push((word, class));
            }
        }
    }

    /// The class that path and text suggest most; `None` where nothing does, or two suggest
    /// themselves equally. `cues` holds the words seen in the text by index into the classes.
    pub(super) fn guess(&self, path: &str, cues: &[(u16, u32)]) -> Option<ClassGuess> {
        let matches: Vec<_> = self.matches_of_path(path).collect();
        if matches.is_empty() && cues.is_empty() {
            return None;
        }
        let mut doubts = vec![1.0; self.list.len()];
        for (above, class, matched) in matches {
            if let Some(doubt) = doubts.get_mut(class) {
                *doubt *= 1.0 - weight(above, matched);
            }
        }
        for (class, bits) in cues {
            let class = usize::from(*class);
            if let (Some(doubt), Some(class)) = (doubts.get_mut(class), self.list.get(class)) {
                *doubt *= doubt_by_text(*bits, class);
            }
        }
        let mut best: Option<(f64, &Class)> = None;
        let mut next = 0.0;
        for (doubt, class) in doubts.iter().zip(&self.list) {
            let certainty = 1.0 - doubt;
            match best {
                Some((most, _)) if certainty <= most => next = f64::max(next, certainty),
                _ => {
                    next = best.map_or(next, |(most, _)| most);
                    best = Some((certainty, class));
                }
            }
        }
        let (certainty, class) = best?;
        (certainty >= LEAST && certainty - next >= TIE).then(|| ClassGuess {
            id: class.id.clone(),
            certainty,
        })
    }

    /// What the words of a path suggest. Where it is the same for two paths, they make no difference for
    /// the class of an object, nor for that of a member.
    #[must_use]
    pub fn words_of(&self, path: &str) -> PathWords {
        let mut words: Vec<_> = self.matches_of_path(path).collect();
        words.sort_unstable();
        PathWords(words)
    }

    /// How far above the object's own name a class is suggested, which one, and how well.
    fn matches_of_path(&self, path: &str) -> impl Iterator<Item = (usize, usize, Match)> {
        let segments = segments(path).into_iter().enumerate();
        segments.flat_map(|(above, segment)| {
            let matches = self.matches(&segment).into_iter();
            matches.map(move |(class, matched)| (above, class, matched))
        })
    }

    /// The classes that words of a name suggest, each with its best match.
    fn matches(&self, segment: &[String]) -> Vec<(usize, Match)> {
        let mut found: Vec<(usize, Match)> = Vec::new();
        let mut note = |classes: &[usize], matched: Match| {
            for class in classes {
                match found.iter_mut().find(|(known, _)| known == class) {
                    Some((_, best)) => *best = matched.max(*best),
                    None => found.push((*class, matched)),
                }
            }
        };
        for token in segment {
            if let Some(classes) = self.whole.get(token.as_str()) {
                note(classes, Match::Word);
            }
            let ends = token.char_indices().map(|(at, _)| at);
            for (one, two) in ends.filter_map(|at| token.split_at_checked(at)) {
                for part in [one, two] {
                    if self.part_lengths & length_bit(part) != 0
                        && let Some(classes) = self.part.get(part)
                    {
                        note(classes, Match::Compound);
                    }
                }
            }
        }
        for (at, first) in segment.iter().enumerate() {
            let rest = segment.get(at..).unwrap_or_default();
            for (phrase, class) in self.phrases.get(first).into_iter().flatten() {
                if rest.starts_with(phrase) {
                    note(&[*class], Match::Word);
                }
            }
        }
        found
    }
}

/// The bit of a word's length in bytes; long words share one.
fn length_bit(word: &str) -> u64 {
    1 << word.len().min(63)
}

/// What a word in the text leaves of doubt.
fn doubt_of(word: &str) -> f64 {
    let telling = word.contains(' ') || word.chars().count() >= LONG_LETTERS;
    if telling { 0.5 } else { 0.7 }
}

fn doubt_by_text(bits: u32, class: &Class) -> f64 {
    let seen = class.doubts_by_text.iter().enumerate();
    let seen = seen.filter(|(bit, _)| bits >> bit & 1 == 1);
    seen.map(|(_, doubt)| doubt).product()
}

/// The classes that a path suggests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PathWords(Vec<(usize, usize, Match)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Match {
    Compound,
    Word,
}

/// `above` counts from the object's own name (0) upwards.
fn weight(above: usize, matched: Match) -> f64 {
    match (matched, above) {
        (Match::Word, 0) => 0.65,
        (Match::Compound, 0) => 0.5,
        (Match::Word, 1) => 0.45,
        (Match::Compound, 1) => 0.35,
        (Match::Word, _) => 0.3,
        (Match::Compound, _) => 0.2,
    }
}

/// The words of each part of the path, from the object's own name upwards.
fn segments(path: &str) -> Vec<Vec<String>> {
    path.rsplit(['/', '\\'])
        .map(tokens)
        .filter(|segment| !segment.is_empty())
        .take(FOLDERS)
        .collect()
}

/// The words of a name in lower case, cut at whatever is not a letter, at digits, and where a
/// capital follows a small letter.
fn tokens(name: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let mut before = ' ';
    let mut take = |c: char| {
        let border = !c.is_alphabetic() || (c.is_uppercase() && before.is_lowercase());
        if border && !token.is_empty() {
            tokens.push(std::mem::take(&mut token));
        }
        if c.is_alphabetic() {
            token.extend(c.to_lowercase());
        }
        before = c;
    };
    if name.is_ascii() {
        name.chars().for_each(&mut take);
    } else {
        name.nfc().for_each(&mut take);
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(id: &str, path: &[&str], text: &[&str]) -> DocumentClass {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        DocumentClass {
            id: format!("recruitment.{id}"),
            words_path: words(path),
            words_text: words(text),
        }
    }

    /// Like the shipped classes, with the words of both written forms of Norwegian and of English.
    fn classes() -> Vec<DocumentClass> {
        vec![
            class(
                "application",
                &["søknad", "application", "cover letter"],
                &[
                    "søker på stillingen",
                    "søkjer på stillinga",
                    "i am applying",
                ],
            ),
            class(
                "cv",
                &["cv", "curriculum", "resume"],
                &[
                    "curriculum vitae",
                    "arbeidserfaring",
                    "utdanning",
                    "work experience",
                ],
            ),
            class(
                "certificate",
                &["attest", "vitnemål", "diploma"],
                &["arbeidsattest", "vitnemål", "karakterutskrift"],
            ),
            class(
                "reference",
                &["referanse", "reference"],
                &["referansesjekk", "referanseintervju"],
            ),
            class(
                "assessment",
                &["intervju", "vurdering", "scoring"],
                &["intervjunotat", "helhetsvurdering", "egnethet"],
            ),
            class(
                "applicant_list",
                &["søkerliste", "søkjarliste", "applicants"],
                &["utvidet søkerliste"],
            ),
            class(
                "police_certificate",
                &["politiattest", "vandel"],
                &["politiattest", "vandelskontroll"],
            ),
            class(
                "correspondence",
                &["rekruttering", "tilsetjing"],
                &[
                    "takk for din søknad",
                    "takk for søknaden din",
                    "innkalling til intervju",
                ],
            ),
            class(
                "offer",
                &["tilbud", "jobbtilbod"],
                &["tilbud om stilling", "vi har gleden av å tilby deg"],
            ),
        ]
    }

    /// The guess for a path and a text, whose words are looked for as the text pass does.
    fn guess_of(path: &str, text: &str) -> Option<(String, f64)> {
        let classes = classes();
        let bits = |class: &DocumentClass| {
            let words = class.words_text.iter().enumerate();
            words.fold(0, |bits, (n, word)| {
                bits | u32::from(text.contains(word.as_str())) << n
            })
        };
        let cues: Vec<(u16, u32)> = (0..).zip(classes.iter().map(bits)).collect();
        let guess = Classes::new(&classes).guess(path, &cues)?;
        Some((guess.id.replace("recruitment.", ""), guess.certainty))
    }

    #[test]
    fn path_and_text_together_are_certain() {
        let cases = [
            (
                "2026/søknader/CV_kandidat117.pdf",
                "arbeidserfaring, utdanning",
                "cv",
            ),
            ("Resume-JaneDoe.pdf", "work experience", "cv"),
            (
                "inn/Søknad rådgiver.docx",
                "jeg søker på stillingen som",
                "application",
            ),
            ("Søknad.odt", "eg søkjer på stillinga som", "application"),
            ("cover_letter.docx", "i am applying for", "application"),
            (
                "Arbeidsattest 2019.pdf",
                "arbeidsattest vitnemål",
                "certificate",
            ),
            ("hr/Referanse_a.docx", "referansesjekk utført", "reference"),
            ("intervju/Vurdering.docx", "egnethet: god", "assessment"),
            (
                "Søkerliste_utvidet.xlsx",
                "utvidet søkerliste",
                "applicant_list",
            ),
            ("politiattest.pdf", "politiattest", "police_certificate"),
            (
                "tilsetjing/svar.eml",
                "takk for søknaden din; innkalling til intervju",
                "correspondence",
            ),
            ("post.zip!/tilbud.docx", "tilbud om stilling", "offer"),
        ];
        for (path, text, expected) in cases {
            let (id, certainty) = guess_of(path, text).unwrap_or_default();
            assert_eq!(id, expected, "{path}");
            assert!(certainty >= 0.8, "{path}: {certainty}");
        }
    }

    #[test]
    fn one_cue_alone_is_not_certain() {
        for (path, text) in [
            ("cv.docx", ""),
            ("CV_kandidat117.pdf", ""),
            ("x.docx", "curriculum vitae"),
            ("politiattest.pdf", ""),
            ("rekruttering/notat.docx", ""),
        ] {
            let (_, certainty) = guess_of(path, text).unwrap_or_default();
            assert!(certainty > 0.0 && certainty < 0.8, "{path}: {certainty}");
        }
    }

    #[test]
    fn words_have_borders_and_ties_stay_open() {
        assert_eq!(guess_of("service/cvs-export.txt", ""), None);
        assert_eq!(guess_of("faktura.pdf", "utbetaling"), None);
        assert_eq!(guess_of("søknad og cv.pdf", ""), None);
        let (id, _) = guess_of("søknad og cv.pdf", "arbeidserfaring").unwrap_or_default();
        assert_eq!(id, "cv");
        let (id, _) = guess_of("So\u{338}knad.pdf", "").unwrap_or_default();
        assert_eq!(id, "", "a stroke is no accent and does not compose");
        let (id, _) = guess_of("vitnema\u{30a}l.pdf", "").unwrap_or_default();
        assert_eq!(id, "certificate", "decomposed names are composed first");
    }

    #[test]
    fn names_are_cut_into_words() {
        assert_eq!(tokens("CV_kandidat117.pdf"), ["cv", "kandidat", "pdf"]);
        assert_eq!(tokens("janeDoeResume"), ["jane", "doe", "resume"]);
    }
}
