//! What decides what a reading of a file yields, and which files a change of it concerns.
//!
//! It is kept as text with each run. A new version of a format concerns the files that were read as
//! that format; one of a detector every file, for names of files are text too; other limits those that struck
//! one; another list of passwords those that no password opened.
//! Everything else stays as it is: a share is not read again for a change that cannot matter to it.

use std::collections::BTreeMap;
use std::fmt;

use crate::inventory::Part;
use crate::model::ProblemKind;

/// Raised when something else than a format, a detector or a class yields other findings than before:
/// windows, names of files, classification, masks.
const PROGRAM: u32 = 2;

/// Formats whose text may lie in pictures.
const WITH_PICTURES: &[&str] = &["image", "pdf"];

/// The part that a list of passwords makes.
const PASSWORDS: &str = "passwords";

/// What decides what a reading yields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    parts: BTreeMap<String, String>,
}

impl Reading {
    /// What this program is made of and was asked for, each with its name: `formats` and `detectors`
    /// are lists of `id=version`; `likeness` (sketches of texts), `own` (the user's own detectors),
    /// `contacts` (the organisation's own), `classes`, `ocr`, `limits`, `samples`, `without` (detectors that
    /// are left out) and `passwords` (only where there are any) anything that changes with them.
    #[must_use]
    pub fn of<const N: usize>(parts: [(&str, &str); N]) -> Self {
        let program = ("program", &*PROGRAM.to_string());
        let parts = parts.into_iter().chain([program]);
        let parts = parts.map(|(name, text)| (name.to_owned(), text.to_owned()));
        Self {
            parts: parts.collect(),
        }
    }

    /// Reads what [`Display`](fmt::Display) wrote. Of what it did not write little comes out, so that it
    /// counts as wholly different.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let parts = text.split("; ").filter_map(|part| part.split_once(' '));
        let parts = parts.map(|(name, text)| (name.to_owned(), text.to_owned()));
        Self {
            parts: parts.collect(),
        }
    }

    fn part(&self, name: &str) -> Option<&str> {
        self.parts.get(name).map(String::as_str)
    }

    fn formats(&self) -> BTreeMap<&str, &str> {
        let formats = self.part("formats").unwrap_or_default();
        let formats = formats.split(' ').filter_map(|one| one.split_once('='));
        formats.collect()
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (name, text)) in self.parts.iter().enumerate() {
            let between = if number == 0 { "" } else { "; " };
            write!(f, "{between}{name} {text}")?;
        }
        Ok(())
    }
}

/// What became different between two readings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// Names of the parts that are not what they were.
    parts: Vec<String>,
    /// Formats with another version.
    formats: Vec<String>,
    /// Whether a format is new.
    more_formats: bool,
}

impl Change {
    pub(super) fn between(then: &Reading, now: &Reading) -> Self {
        let names = then.parts.keys().chain(now.parts.keys());
        // Without a list of passwords what is locked stays locked.
        let without_list = now.part(PASSWORDS).is_none();
        let other = names.filter(|name| {
            then.part(name) != now.part(name) && !(without_list && *name == PASSWORDS)
        });
        let (old, new) = (then.formats(), now.formats());
        let raised =
            |(id, version): &(&&str, &&str)| old.get(*id).is_some_and(|own| own != *version);
        Self {
            parts: other.cloned().collect(),
            formats: new
                .iter()
                .filter(raised)
                .map(|(id, _)| (*id).to_owned())
                .collect(),
            more_formats: new.keys().any(|id| !old.contains_key(id)),
        }
    }

    /// Whether it concerns a file, of which and of whose members `parts` tells.
    pub(super) fn concerns(&self, parts: &[Part]) -> bool {
        // How content is told apart stands among the formats.
        let sorted_otherwise = self.formats.iter().any(|format| format == "sniff");
        self.finds_otherwise()
            || sorted_otherwise
            || parts.iter().any(|part| self.concerns_part(part))
    }

    /// Whether something else may be found in one and the same text.
    fn finds_otherwise(&self) -> bool {
        let of_text = [
            "program",
            "detectors",
            "likeness",
            "own",
            "contacts",
            "classes",
            "samples",
            "without",
        ];
        of_text.into_iter().any(|name| self.has(name))
    }

    fn has(&self, name: &str) -> bool {
        self.parts.iter().any(|part| part == name)
    }

    fn concerns_part(&self, part: &Part) -> bool {
        let format = part.format.as_deref();
        let cause = part.outcome.problem().map(|problem| problem.kind);
        let limited = matches!(
            cause,
            Some(
                ProblemKind::LimitDepth
                    | ProblemKind::LimitMembers
                    | ProblemKind::LimitBytes
                    | ProblemKind::LimitMemory
            )
        );
        let other_format = format.is_some_and(|own| self.formats.iter().any(|id| id == own));
        let in_pictures = format.is_some_and(|format| WITH_PICTURES.contains(&format));
        other_format
            || (limited && self.has("limits"))
            || (in_pictures && self.has("ocr"))
            || (cause == Some(ProblemKind::Encrypted) && self.has(PASSWORDS))
            || (self.more_formats && cause == Some(ProblemKind::Unsupported))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Outcome, Problem, Stage};

    fn reading(formats: &str, detectors: &str, limits: &str, ocr: &str) -> Reading {
        Reading::of([
            ("formats", formats),
            ("detectors", detectors),
            ("limits", limits),
            ("ocr", ocr),
        ])
    }

    fn part(format: &str, outcome: Outcome) -> Part {
        Part {
            format: Some(format.to_owned()),
            outcome,
        }
    }

    #[test]
    fn a_change_concerns_what_it_can_matter_to() {
        let skipped = |kind| Outcome::Skipped(Problem::new(kind, Stage::Sniff));
        let text = [part("text", Outcome::Scanned)];
        let zip = [part("zip", Outcome::Scanned), part("pdf", Outcome::Scanned)];
        let rar = [part("rar", skipped(ProblemKind::Unsupported))];
        let deep = [part("zip", skipped(ProblemKind::LimitDepth))];
        let image = [part("image", skipped(ProblemKind::ImageWithoutText))];
        let formats = "pdf=1 text=2 zip=1 sniff=4";
        let before = reading(formats, "email=1", "a: 1", "off");
        let none = [false; 5];
        let cases = [
            (before.clone(), none),
            (
                reading("pdf=2 text=2 zip=1 sniff=4", "email=1", "a: 1", "off"),
                [false, true, false, false, false],
            ),
            (reading(formats, "email=2", "a: 1", "off"), [true; 5]),
            (
                reading("pdf=1 rar=1 text=2 zip=1 sniff=4", "email=1", "a: 1", "off"),
                [false, false, true, false, false],
            ),
            (
                reading("pdf=1 text=2 zip=1 sniff=5", "email=1", "a: 1", "off"),
                [true; 5],
            ),
            (
                reading(formats, "email=1", "a: 2", "off"),
                [false, false, false, true, false],
            ),
            (
                reading(formats, "email=1", "a: 1", "tesseract 5"),
                [false, true, false, false, true],
            ),
        ];
        for (now, expected) in cases {
            assert_eq!(Reading::parse(&now.to_string()), now);
            let change = Change::between(&before, &now);
            let files: [&[Part]; 5] = [&text, &zip, &rar, &deep, &image];
            assert_eq!(files.map(|parts| change.concerns(parts)), expected, "{now}");
        }
        let older = Reading::parse("sporhund 0.1.0; email=1; pdf=1 sniff=4");
        assert!(Change::between(&older, &before).concerns(&text));
    }

    #[test]
    fn another_list_of_passwords_concerns_what_is_locked() {
        let before = reading("zip=1", "email=1", "a: 1", "off");
        let text = [part("text", Outcome::Scanned)];
        let locked = [part(
            "zip",
            Outcome::Failed(Problem::new(ProblemKind::Encrypted, Stage::Extract)),
        )];
        let list = |digest: &str| Reading::parse(&format!("{before}; passwords {digest}"));
        for (then, now, concerned) in [
            (&before, list("1"), true),
            (&list("1"), list("1"), false),
            (&list("1"), list("2"), true),
            (&list("1"), before.clone(), false),
        ] {
            let change = Change::between(then, &now);
            assert_eq!(
                (change.concerns(&locked), change.concerns(&text)),
                (concerned, false),
                "{now}"
            );
        }
    }
}
