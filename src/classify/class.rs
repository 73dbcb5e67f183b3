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

/// The class that path and text suggest most; `None` where nothing does, or two suggest themselves
/// equally. `cues` holds the words seen in the text by index into `classes`.
pub(super) fn guess(
    path: &str,
    cues: &[(u16, u32)],
    classes: &[DocumentClass],
) -> Option<ClassGuess> {
    let segments = segments(path);
    let mut scores: Vec<(f64, &DocumentClass)> = classes
        .iter()
        .enumerate()
        .map(|(index, class)| {
            let seen = cues.iter().find(|(of, _)| usize::from(*of) == index);
            let doubt = doubt_by_path(&segments, class) * doubt_by_text(seen, class);
            (1.0 - doubt, class)
        })
        .collect();
    scores.sort_by(|one, two| two.0.total_cmp(&one.0));
    let (certainty, class) = *scores.first()?;
    let next = scores.get(1).map_or(0.0, |(certainty, _)| *certainty);
    (certainty >= LEAST && certainty - next >= TIE).then(|| ClassGuess {
        id: class.id.clone(),
        certainty,
    })
}

/// What the path leaves of doubt: 1 where it says nothing.
fn doubt_by_path(segments: &[Vec<String>], class: &DocumentClass) -> f64 {
    let words: Vec<Vec<String>> = class.words_path.iter().map(|word| tokens(word)).collect();
    let doubts = segments.iter().enumerate().map(|(above, segment)| {
        let matches = words.iter().map(|word| matched(segment, word)).max();
        1.0 - weight(above, matches.unwrap_or(Match::None))
    });
    doubts.product()
}

fn doubt_by_text(seen: Option<&(u16, u32)>, class: &DocumentClass) -> f64 {
    let bits = seen.map_or(0, |(_, bits)| *bits);
    let doubts = class
        .words_text
        .iter()
        .take(32)
        .enumerate()
        .map(|(n, word)| {
            let telling = word.contains(' ') || word.chars().count() >= LONG_LETTERS;
            match (bits >> n & 1 == 1, telling) {
                (true, true) => 0.5,
                (true, false) => 0.7,
                (false, _) => 1.0,
            }
        });
    doubts.product()
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    None,
    Compound,
    Word,
}

/// `above` counts from the object's own name (0) upwards.
fn weight(above: usize, matched: Match) -> f64 {
    match (matched, above) {
        (Match::None, _) => 0.0,
        (Match::Word, 0) => 0.65,
        (Match::Compound, 0) => 0.5,
        (Match::Word, 1) => 0.45,
        (Match::Compound, 1) => 0.35,
        (Match::Word, _) => 0.3,
        (Match::Compound, _) => 0.2,
    }
}

fn matched(segment: &[String], word: &[String]) -> Match {
    if word.is_empty() {
        return Match::None;
    }
    if segment.windows(word.len()).any(|part| part == word) || segment.contains(&word.concat()) {
        return Match::Word;
    }
    let [word] = word else {
        return Match::None;
    };
    let compounds = |token: &String| token.starts_with(word) || token.ends_with(word);
    if word.chars().count() >= COMPOUND_LETTERS && segment.iter().any(compounds) {
        Match::Compound
    } else {
        Match::None
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
    for c in name.nfc() {
        let border = !c.is_alphabetic() || (c.is_uppercase() && before.is_lowercase());
        if border && !token.is_empty() {
            tokens.push(std::mem::take(&mut token));
        }
        if c.is_alphabetic() {
            token.extend(c.to_lowercase());
        }
        before = c;
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
        let guess = guess(path, &cues, &classes)?;
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
