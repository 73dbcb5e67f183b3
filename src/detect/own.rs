//! Detectors of the user's own: a regex, what it must be checked by, and the words of its context.
//!
//! All regexes of a user are asked in one pass whether they occur in a window (a set, behind the
//! literals that they share); only those that do are then sought one by one. What they are, and the
//! files they are written in, is `cli`'s part.

use std::fmt::Write as _;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::cut::Cut;
use super::detector::Hit;
use super::gazetteer::hash;
use super::letters::{begins_word, ends_word};
use super::row;
use super::validator::Validator;
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind, Layout};

/// Longest match, in bytes; a longer one is passed over.
pub const MAX_MATCH: usize = 128;

/// How far before and behind a match the words of its context are sought, in bytes.
const NEAR: usize = 60;

/// What windows must hold around a match for it to be judged alike wherever the text is cut.
pub(super) const REACH: usize = MAX_MATCH + NEAR;

/// Most memory that one compiled regex may take, in bytes: 1 MiB.
const MAX_REGEX_BYTES: usize = 1 << 20;

/// Most detectors of one's own.
const MAX_DETECTORS: usize = 200;

/// One detector as a user writes it.
#[derive(Clone, Debug)]
pub struct OwnDetector {
    /// Its id: small letters, digits and hyphens.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// A regex in the syntax of the crate `regex`.
    pub regex: String,
    /// What must hold of what the group `value` matched, or else the whole.
    pub validator: Option<Validator>,
    /// Words of which one must stand near; without one the level falls one step. In any case.
    pub context: Vec<String>,
    /// The level of a match.
    pub level: Confidence,
}

/// Why detectors cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("detector `{id}`: {problem}")]
pub struct OwnError {
    /// Which of them, from 0.
    pub index: usize,
    /// Its id.
    pub id: String,
    /// What is wrong with it.
    pub problem: OwnProblem,
}

/// What may be wrong with a detector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnProblem {
    /// The regex is none; the text marks the place.
    #[error("`regex` is not valid\n{0}")]
    Syntax(String),
    /// Compiled, the regex is larger than a mebibyte.
    #[error("`regex` is too large once compiled: write shorter repetitions, or `[0-9]` for `\\d`")]
    TooLarge,
    /// The regex matches nothing at all, which it would find everywhere.
    #[error("`regex` matches the empty text")]
    Empty,
    /// The id is no id.
    #[error("`id` must be small letters, digits and hyphens, at most 40")]
    BadId,
    /// The id is that of another.
    #[error("there is a detector of that id already")]
    Taken,
    /// There are too many.
    #[error("there are more than 200 detectors")]
    TooMany,
}

/// The detectors of a user, compiled.
#[derive(Debug, Default)]
pub struct OwnDetectors {
    any: RegexSet,
    each: Vec<Compiled>,
    fingerprint: String,
}

#[derive(Debug)]
struct Compiled {
    kind: &'static Kind,
    regex: Regex,
    validator: Option<Validator>,
    context: Vec<String>,
    level: Confidence,
}

impl OwnDetectors {
    /// Compiles the detectors. Each leaves a few bytes that live as long as the program: kinds are
    /// known by reference everywhere.
    ///
    /// # Errors
    /// The first that cannot be used, and why.
    pub fn compile(specs: &[OwnDetector]) -> Result<Self, OwnError> {
        let mut each: Vec<Compiled> = Vec::new();
        let mut fingerprint = String::new();
        for (index, spec) in specs.iter().enumerate() {
            let wrong = |problem| OwnError {
                index,
                id: spec.id.clone(),
                problem,
            };
            let taken = super::detectors()
                .iter()
                .any(|known| known.info().id == spec.id)
                || each.iter().any(|known| known.kind.detector == spec.id);
            if !is_id(&spec.id) {
                return Err(wrong(OwnProblem::BadId));
            } else if taken {
                return Err(wrong(OwnProblem::Taken));
            } else if index >= MAX_DETECTORS {
                return Err(wrong(OwnProblem::TooMany));
            }
            let regex = compile(&spec.regex).map_err(wrong)?;
            let context = spec
                .context
                .iter()
                .map(|word| word.to_lowercase())
                .collect();
            each.push(Compiled {
                kind: kind(&spec.id),
                regex,
                validator: spec.validator,
                context,
                level: spec.level,
            });
            let print = hash(format!("{spec:?}").as_bytes());
            // Writing to a string does not fail.
            let _ = write!(fingerprint, "{}={print:016x},", spec.id);
        }
        let any = set(&each).map_err(|problem| OwnError {
            index: 0,
            id: specs
                .first()
                .map(|spec| spec.id.clone())
                .unwrap_or_default(),
            problem,
        })?;
        Ok(Self {
            any,
            each,
            fingerprint,
        })
    }

    /// What changes whenever one of them does: files that were read before are then read again.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What they find.
    pub fn kinds(&self) -> impl Iterator<Item = &'static Kind> {
        self.each.iter().map(|own| own.kind)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Adds what they find in the body of a window.
    pub(super) fn find(&self, cut: &Cut<'_>, hits: &mut Vec<Hit>) {
        if self.each.is_empty() {
            return;
        }
        let text = cut.window.text;
        for index in self.any.matches(text) {
            if let Some(own) = self.each.get(index) {
                let found = own.regex.captures_iter(text);
                hits.extend(found.filter_map(|found| own.judge(&found, cut)));
            }
        }
    }
}

impl Compiled {
    fn judge(&self, found: &regex::Captures<'_>, cut: &Cut<'_>) -> Option<Hit> {
        let value = found.name("value").or_else(|| found.get(0))?;
        let span = value.range();
        let text = cut.window.text;
        // Letters and digits that touch a match make it a part of something else.
        let alone = begins_word(text, span.start) && ends_word(text, span.end);
        if span.is_empty() || span.len() > MAX_MATCH || !alone {
            return None;
        }
        let mut whole = false;
        let mut bounds = 0..text.len();
        let mut header = String::new();
        if let Layout::Cells { cells, fields } = cut.layout {
            let cell = row::at(cells, span.start)?;
            bounds = cell.start as usize..cell.end as usize;
            if span.end > bounds.end {
                return None;
            }
            whole = bounds == span;
            let field = fields.get(cell.field as usize);
            header = field
                .map(|field| field.name.to_lowercase())
                .unwrap_or_default();
        }
        if self
            .validator
            .is_some_and(|validator| !validator.passes(value.as_str()))
        {
            return None;
        }
        let near = |range: std::ops::Range<usize>| {
            let from = text.ceil_char_boundary(range.start.max(bounds.start));
            let to = text.floor_char_boundary(range.end.min(bounds.end));
            text.get(from..to).unwrap_or_default().to_lowercase()
        };
        let before = near(span.start.saturating_sub(NEAR)..span.start);
        let behind = near(span.end..span.end + NEAR);
        let names = |text: &str| self.context.iter().any(|word| text.contains(word.as_str()));
        let (by_header, around) = (names(&header), names(&before) || names(&behind));
        let wanting = !self.context.is_empty() && !by_header && !around;
        let mut evidence = EvidenceSet::EMPTY
            .with(Evidence::OwnPattern)
            .with_if(by_header, Evidence::Header)
            .with_if(around, Evidence::ContextWord)
            .with_if(whole, Evidence::WholeCell);
        if let Some(validator) = self.validator {
            evidence = evidence.with(validator.evidence());
        }
        Some(Hit {
            kind: self.kind,
            span,
            confidence: if wanting {
                self.level.lowered()
            } else {
                self.level
            },
            evidence,
            canonical: None,
        })
    }
}

/// The kind of a detector; one for each id, however often it is compiled.
fn kind(id: &str) -> &'static Kind {
    static KINDS: std::sync::Mutex<Vec<&'static Kind>> = std::sync::Mutex::new(Vec::new());
    let mut kinds = KINDS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = kinds.iter().find(|kind| kind.detector == id) {
        return known;
    }
    let id: &'static str = Box::leak(id.to_owned().into_boxed_str());
    let kind: &'static Kind = Box::leak(Box::new(Kind {
        detector: id,
        kind: id,
        category: Category::Identifier,
        digested: true,
        precedence: 70,
    }));
    kinds.push(kind);
    kind
}

fn is_id(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&id.len())
        && id.bytes().all(fits)
        && id.starts_with(|c: char| c.is_ascii_lowercase())
}

fn compile(pattern: &str) -> Result<Regex, OwnProblem> {
    // The pattern as it was written first, so that an error marks its own place.
    build(pattern)?;
    let regex = build(&plain_borders(pattern))?;
    if regex.is_match("") {
        return Err(OwnProblem::Empty);
    }
    Ok(regex)
}

fn build(pattern: &str) -> Result<Regex, OwnProblem> {
    let mut builder = RegexBuilder::new(pattern);
    builder
        .multi_line(true)
        .size_limit(MAX_REGEX_BYTES)
        .nest_limit(64);
    builder.build().map_err(problem)
}

fn problem(error: regex::Error) -> OwnProblem {
    match error {
        regex::Error::Syntax(text) => OwnProblem::Syntax(text),
        regex::Error::CompiledTooBig(_) | _ => OwnProblem::TooLarge,
    }
}

/// One pass for all: a set of the same regexes.
fn set(each: &[Compiled]) -> Result<RegexSet, OwnProblem> {
    let patterns = each.iter().map(|own| own.regex.as_str());
    let mut builder = RegexSetBuilder::new(patterns);
    builder
        .multi_line(true)
        .size_limit(MAX_REGEX_BYTES * each.len().max(1));
    builder.build().map_err(problem)
}

/// The pattern with `\b` between ASCII words: the border of Unicode words makes the search leave its
/// fast path at each letter beyond ASCII. What touches a match is looked at anyway.
fn plain_borders(pattern: &str) -> String {
    let mut plain = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let escaped = if c == '\\' { chars.next() } else { None };
        match escaped {
            Some('b') => {
                let rest = chars.as_str();
                let name = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
                match name {
                    Some((name, behind)) => {
                        let _ = write!(plain, r"(?-u:\b{{{name}}})");
                        chars = behind.chars();
                    }
                    None => plain.push_str(r"(?-u:\b)"),
                }
            }
            Some(other) => plain.extend([c, other]),
            None => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{SampleWish, Scanner};
    use crate::model::{Cell, DigestKey, Field, Piece};

    fn spec(id: &str, regex: &str) -> OwnDetector {
        OwnDetector {
            id: id.to_owned(),
            title: String::new(),
            regex: regex.to_owned(),
            validator: None,
            context: vec![],
            level: Confidence::Medium,
        }
    }

    fn find(specs: &[OwnDetector], text: &str) -> Vec<(&'static str, String, Confidence)> {
        let own = OwnDetectors::compile(specs).unwrap();
        let scanner = Scanner::new(DigestKey::new([1; 16]), [].into()).with_own(own.into());
        let seen = scanner
            .sight(&Cut::of_text(text), SampleWish::All)
            .candidates;
        let own = seen
            .into_iter()
            .filter(|c| specs.iter().any(|s| s.id == c.kind.detector));
        own.map(|c| {
            let (start, end) = (c.start.try_into().unwrap(), c.end.try_into().unwrap());
            (
                c.kind.detector,
                text.get::<std::ops::Range<usize>>(start..end)
                    .unwrap()
                    .to_owned(),
                c.confidence,
            )
        })
        .collect()
    }

    #[test]
    fn several_are_found_in_one_text_and_overlap_freely() {
        let specs = [
            spec("member", r"\bM-\d{4}\b"),
            spec("case", r"S\d{2}/(?P<value>\d{3})"),
        ];
        let found = find(&specs, "åM-1234 M-1234, æ S24/123 M-12345 xM-1234");
        let of = |id: &'static str, text: &str| (id, text.to_owned(), Confidence::Medium);
        assert_eq!(found, [of("member", "M-1234"), of("case", "123")]);
    }

    #[test]
    fn validators_and_context_decide() {
        let mut own = spec("journal", r"[0-9]{6}");
        own.validator = Some(Validator::Luhn);
        own.context = vec!["Journal".to_owned()];
        let found = find(&[own.clone()], "journalnr 123455\n\n 123456 ");
        assert_eq!(
            found,
            [("journal", "123455".to_owned(), Confidence::Medium)]
        );
        let far = format!("123455{}journal", " ".repeat(100));
        assert_eq!(
            find(&[own], &far),
            [("journal", "123455".to_owned(), Confidence::Low)]
        );
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_reason() {
        let problem = |specs: &[OwnDetector]| OwnDetectors::compile(specs).unwrap_err().problem;
        let OwnProblem::Syntax(text) = problem(&[spec("a", "ab(c")]) else {
            panic!()
        };
        assert!(text.contains("ab(c\n      ^"), "{text}");
        assert_eq!(problem(&[spec("a", r"\w{9999}")]), OwnProblem::TooLarge);
        assert_eq!(problem(&[spec("a", "x*")]), OwnProblem::Empty);
        assert_eq!(problem(&[spec("A b", "x")]), OwnProblem::BadId);
        assert_eq!(problem(&[spec("email", "x")]), OwnProblem::Taken);
        assert_eq!(
            problem(&[spec("a", "x"), spec("a", "y")]),
            OwnProblem::Taken
        );
    }

    #[test]
    fn a_change_of_any_part_changes_the_fingerprint() {
        let print = |spec: OwnDetector| {
            OwnDetectors::compile(&[spec])
                .unwrap()
                .fingerprint()
                .to_owned()
        };
        let one = print(spec("a", "x1"));
        assert_eq!(one, print(spec("a", "x1")));
        assert_ne!(one, print(spec("a", "x2")));
        assert_ne!(
            one,
            print(OwnDetector {
                level: Confidence::High,
                ..spec("a", "x1")
            })
        );
    }

    #[test]
    fn a_match_stays_in_its_cell_and_a_header_is_context() {
        let mut own = spec("member", r"[0-9]{4}.[0-9]{2}");
        own.context = vec!["medlem".to_owned()];
        let own = OwnDetectors::compile(&[own]).unwrap();
        let field = |id, name: &str| Field {
            id,
            name: name.into(),
            sheet: None,
            numeric: false,
        };
        let fields = [field(0, "Medlemsnr"), field(1, "x")];
        let cell = |start, end, field| Cell {
            start,
            end,
            field,
            row: 1,
        };
        let cells = [cell(0, 7, 0), cell(8, 12, 1), cell(13, 15, 1)];
        let piece = Piece {
            text: "1234-56,1234,56",
            layout: Layout::Cells {
                cells: &cells,
                fields: &fields,
            },
        };
        let mut hits = Vec::new();
        own.find(&Cut::of_cells(&piece, 0), &mut hits);
        assert_eq!(hits.len(), 1);
        assert!(
            hits[0].evidence.has(Evidence::Header) && hits[0].evidence.has(Evidence::WholeCell)
        );
    }

    #[test]
    fn borders_are_rewritten_only_where_they_are_borders() {
        assert_eq!(
            plain_borders(r"\bM\\b\b{start}"),
            r"(?-u:\b)M\\b(?-u:\b{start})"
        );
    }
}
