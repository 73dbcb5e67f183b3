//! What the names of an object tell: that of the file, or of the member of a container, and those of
//! the folders that it lies in.

use crate::detect::{Cut, SampleWish, Scanner};
use crate::model::{Candidate, Category, Confidence, Evidence, Masked, ObjectPath, Place, written};

use super::hits;

/// Ids of the detectors of persons' names and of addresses, which go by capitals.
const NAME: &str = "name";
const ADDRESS: &str = "address";

/// From so many hyphens between letters on they stand for spaces: `CV-Kari-Nordmann.pdf`.
const SPACING_HYPHENS: usize = 2;

/// What is found in the names of an object, with that reason. A folder named after a person says of each file
/// in it that it may be about them: an identity number tells as much there as elsewhere, anything else is
/// `low`, or each file in somebody's home would be taken for personal data.
pub(super) fn in_names(scanner: &Scanner, object: &ObjectPath) -> Vec<Candidate> {
    let names = Names::of(object);
    let text = &*names.text;
    if scanner
        .look(&Cut::of_text(text), SampleWish::None)
        .is_empty()
    {
        return Vec::new();
    }
    let mut hits = hits(scanner, text);
    hits.retain(|hit| names.holds(hit));
    hits.into_iter().map(|hit| names.placed(hit)).collect()
}

/// The names of an object as a text.
struct Names {
    /// A name is a line of its own: nothing reaches from one into the next. The last is that of the object
    /// itself, written as people write names; each byte stands for one of the name.
    text: String,
    /// Where that begins.
    own: usize,
    /// Whether it has small letters only.
    small: bool,
}

impl Names {
    fn of(object: &ObjectPath) -> Self {
        let mut text = written(object.own_name()).replace(['/', '\\'], "\n");
        let own = text.rfind('\n').map_or(0, |at| at + 1);
        let name = text.split_off(own);
        let small = !name.contains(|c: char| c.is_uppercase() || c == '@');
        text.push_str(&spelled_out(name, small));
        Self { text, own, small }
    }

    fn is_of_folder(&self, hit: &Candidate) -> bool {
        hit.start < self.own as u64
    }

    /// The words of a hit.
    fn words(&self, hit: &Candidate) -> usize {
        let byte = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let matched = self.text.get(byte(hit.start)..byte(hit.end));
        let words = matched.unwrap_or_default().split([' ', '_', '.', ',']);
        words.filter(|word| !word.is_empty()).count()
    }

    /// Whether a hit stands. Where the capitals are not the file's own, a name is one that has a first name and
    /// a surname of the lists.
    fn holds(&self, hit: &Candidate) -> bool {
        let listed = [Evidence::FirstName, Evidence::Surname];
        let listed = listed.into_iter().all(|list| hit.evidence.has(list));
        let guessed = self.small && !self.is_of_folder(hit);
        match hit.kind.detector {
            NAME if guessed => listed && self.words(hit) > 1,
            ADDRESS if guessed => false,
            _ => true,
        }
    }

    /// The level that a hit has here: a single word is a name of anything.
    fn level(&self, hit: &Candidate) -> Confidence {
        let uncertain = if self.is_of_folder(hit) {
            hit.kind.category != Category::Identifier
        } else {
            hit.kind.detector == NAME && (self.small || self.words(hit) < 2)
        };
        if uncertain {
            Confidence::Low
        } else {
            hit.confidence
        }
    }

    fn placed(&self, hit: Candidate) -> Candidate {
        let part = if self.is_of_folder(&hit) {
            Place::FOLDER_NAME
        } else {
            Place::FILE_NAME
        };
        let place = |masked: Masked| Box::new((Place::Part { part: part.into() }, masked));
        Candidate {
            confidence: self.level(&hit),
            evidence: hit.evidence.with(Evidence::InName),
            sample: hit.sample.map(|sample| place(sample.1)),
            ..hit
        }
    }
}

/// The name of a file with spaces in the place of hyphens that stand for them, and, where all its letters are
/// small, with a capital at the beginning of each word before its extension. Each character keeps its width.
fn spelled_out(name: String, small: bool) -> String {
    let hyphens = name.bytes().filter(|byte| *byte == b'-').count();
    if hyphens < SPACING_HYPHENS && !small {
        return name;
    }
    if hyphens < SPACING_HYPHENS && name.is_ascii() {
        return with_capitals(&name);
    }
    by_characters(&name, small)
}

/// The same of any name.
fn by_characters(name: &str, small: bool) -> String {
    let chars: Vec<char> = name.chars().collect();
    let letter = |at: Option<usize>| {
        let known = at.and_then(|at| chars.get(at));
        known.is_some_and(|c| c.is_alphabetic())
    };
    let joins = |at: usize| {
        let between = letter(at.checked_sub(1)) && letter(Some(at + 1));
        chars.get(at) == Some(&'-') && between
    };
    let hyphens = (0..chars.len()).filter(|at| joins(*at)).count();
    let spaced = hyphens >= SPACING_HYPHENS && !name.contains([' ', '@']);
    let extension = chars.iter().rposition(|c| *c == '.');
    let stem = extension.unwrap_or(chars.len());
    let spell = |(at, c): (usize, &char)| {
        let capital = c.to_uppercase().next().unwrap_or(*c);
        let begins = at < stem && !letter(at.checked_sub(1));
        if spaced && joins(at) {
            ' '
        } else if small && begins && capital.len_utf8() == c.len_utf8() {
            capital
        } else {
            *c
        }
    };
    chars.iter().enumerate().map(spell).collect()
}

/// A name in ASCII with a capital at the beginning of each word before its extension.
fn with_capitals(name: &str) -> String {
    let stem = name.rfind('.').unwrap_or(name.len());
    let mut in_word = false;
    let spell = |(at, byte): (usize, u8)| {
        let begins = at < stem && !in_word;
        in_word = byte.is_ascii_alphabetic();
        char::from(if begins {
            byte.to_ascii_uppercase()
        } else {
            byte
        })
    };
    name.bytes().enumerate().map(spell).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::DigestKey;

    proptest! {
        /// Planted fault that this caught: a capital behind a digit left out.
        #[test]
        fn names_in_ascii_are_spelled_as_others_are(name in "[a-zA-Z0-9._ @-]{0,12}") {
            for small in [true, false] {
                prop_assert_eq!(spelled_out(name.clone(), small), by_characters(&name, small));
            }
        }
    }

    /// What is found in the names of `path`: detector, level, and the words it was found in.
    fn found(path: &str) -> Vec<(&'static str, Confidence, String)> {
        let scanner = Scanner::new(DigestKey::new([0; 16]), [].into());
        let object = ObjectPath::file("".into(), path.as_bytes());
        let hits = in_names(&scanner, &object).into_iter();
        let told = hits.map(|hit| {
            assert!(hit.evidence.has(Evidence::InName));
            let byte = |at: u64| usize::try_from(at).unwrap();
            let matched = path.get(byte(hit.start)..byte(hit.end)).unwrap().to_owned();
            (hit.kind.detector, hit.confidence, matched)
        });
        told.collect()
    }

    #[test]
    fn names_of_files_are_read() {
        use Confidence::{High, Low};
        for (path, detector, level, matched) in [
            ("Attest Per Olsen.pdf", "name", High, "Per Olsen"),
            ("Kari_Nordmann_CV_2024.docx", "name", High, "Kari_Nordmann"),
            ("CV-Kari-Nordmann.pdf", "name", High, "Kari-Nordmann"),
            ("søknad_ingrid_lunde.pdf", "name", Low, "ingrid_lunde"),
            ("Bilde Kari.jpg", "name", Low, "Kari"),
            (
                "sak/fnr_15908640052_x.pdf",
                "fodselsnummer",
                High,
                "15908640052",
            ),
            (
                "15908640052/notat.txt",
                "fodselsnummer",
                High,
                "15908640052",
            ),
            ("Ansatte/Ola Hansen/notat.txt", "name", Low, "Ola Hansen"),
            (
                "anne.berg@firma.no.msg",
                "email",
                High,
                "anne.berg@firma.no",
            ),
        ] {
            let found = found(path);
            let expected = (detector, level, matched.to_owned());
            assert!(found.contains(&expected), "{path}: {found:?}");
        }
    }

    #[test]
    fn what_names_of_files_are_made_of_is_no_person() {
        for path in [
            "IMG_20240517_123456.jpg",
            "Skannet 20240312_101112.pdf",
            "Faktura_10045678901.pdf",
            "Rapport_v1.2.3.4.docx",
            "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3.bin",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301.json",
            "bilde_fra_bergen_2022.jpg",
            "icon@2x.png",
            "Budsjett 2025 v2 endelig.xlsx",
        ] {
            assert_eq!(found(path), [], "{path}");
        }
    }
}
