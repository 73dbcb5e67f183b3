//! Full-width digits (`１５１０８６`), as forms with East Asian input and some PDF fonts give them: the
//! text is looked at once more with plain digits, where it has any.

use super::cut::Cut;
use super::detector::{Hit, Window};
use crate::model::{Cell, Layout};

/// The first two bytes of each of the ten digits.
const LEAD: [u8; 2] = *b"\xEF\xBC";

/// A text with plain digits in the place of full-width ones, and where its bytes come from.
struct Folded {
    text: String,
    /// The byte after each digit that was folded, in the folded text and in the text itself.
    after: Vec<(usize, usize)>,
}

/// The hits of `look` in a copy of the window with plain digits that hold a folded one, with their
/// places in the window itself.
pub(super) fn hits(cut: &Cut<'_>, mut look: impl FnMut(&Cut<'_>) -> Vec<Hit>) -> Vec<Hit> {
    let text = cut.window.text;
    let mut firsts = memchr::memchr_iter(LEAD[0], text.as_bytes());
    if !firsts.any(|at| text.as_bytes().get(at + 1) == Some(&LEAD[1])) {
        return Vec::new();
    }
    let folded = Folded::of(text);
    if folded.after.is_empty() {
        return Vec::new();
    }
    let cells: Vec<Cell>;
    let layout = match cut.layout {
        Layout::Cells { cells: own, fields } => {
            cells = own.iter().map(|cell| folded.cell(*cell)).collect();
            Layout::Cells {
                cells: &cells,
                fields,
            }
        }
        flow @ Layout::Flow { .. } => flow,
    };
    let body = folded.forth(cut.window.body.start)..folded.forth(cut.window.body.end);
    let mut hits = look(&Cut {
        window: Window::of(&folded.text, body),
        layout,
        base: cut.base,
        marks: &[],
    });
    hits.retain(|hit| folded.within(hit.span.start, hit.span.end));
    for hit in &mut hits {
        // The value is the one with plain digits.
        let matched = folded.text.get(hit.span.clone()).unwrap_or_default();
        hit.canonical.get_or_insert_with(|| matched.to_owned());
        hit.span = folded.back(hit.span.start)..folded.back(hit.span.end);
    }
    hits
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(text.len()),
            after: Vec::new(),
        };
        for c in text.chars() {
            let digit = u32::from(c)
                .checked_sub(u32::from('０'))
                .filter(|digit| *digit < 10);
            let plain = digit.and_then(|digit| char::from_digit(digit, 10));
            folded.text.push(plain.unwrap_or(c));
            if plain.is_some() {
                let after = folded.text.len();
                folded
                    .after
                    .push((after, after + 2 * (folded.after.len() + 1)));
            }
        }
        folded
    }

    /// Where byte `at` of the folded text stands in the text itself.
    fn back(&self, at: usize) -> usize {
        at + 2 * self.after.partition_point(|(after, _)| *after <= at)
    }

    /// Where byte `at` of the text itself, a character's border, stands in the folded text.
    fn forth(&self, at: usize) -> usize {
        at - 2 * self.after.partition_point(|(_, after)| *after <= at)
    }

    /// Whether a folded digit stands between two bytes of the folded text.
    fn within(&self, start: usize, end: usize) -> bool {
        let next = self.after.partition_point(|(after, _)| *after <= start);
        self.after.get(next).is_some_and(|(after, _)| *after <= end)
    }

    fn cell(&self, cell: Cell) -> Cell {
        let forth = |at: u32| u32::try_from(self.forth(at as usize)).unwrap_or(at);
        Cell {
            start: forth(cell.start),
            end: forth(cell.end),
            ..cell
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{SampleWish, Scanner};
    use crate::model::{Confidence, DigestKey};

    #[test]
    fn digits_fold_and_places_come_back() {
        let text = "ø １5２ 3";
        let folded = Folded::of(text);
        assert_eq!(folded.text, "ø 152 3");
        for (at, _) in folded.text.char_indices() {
            assert_eq!(folded.forth(folded.back(at)), at);
        }
        assert_eq!(text.get(folded.back(6)..folded.back(7)), Some(" "));
    }

    #[test]
    fn numbers_in_full_width_digits_are_found_where_they_stand() {
        let scanner = Scanner::new(DigestKey::new([7; 16]), [].into());
        let found = |text: &str| {
            let seen = scanner
                .sight(&Cut::of_text(text), SampleWish::None)
                .candidates;
            let person = seen
                .iter()
                .find(|one| one.kind.detector == "fodselsnummer")
                .cloned();
            let person = person.map(|one| (one.start, one.end, one.confidence, one.digest));
            person.expect("a person")
        };
        let plain = found("født 15108695088");
        let byte = |at: u64| usize::try_from(at).expect("a place");
        let span = |start, end| byte(start)..byte(end);
        // The mark before it begins with the same byte as they do.
        let text = "\u{FEFF}ＡＢ født １５１０８６９５０８８, mer";
        let (start, end, level, digest) = found(text);
        assert_eq!(text.get(span(start, end)), Some("１５１０８６９５０８８"));
        assert_eq!((level, digest), (Confidence::High, plain.3));
        let text = "fnr １５１０８６　９５０８８";
        let (start, end, ..) = found(text);
        assert_eq!(text.get(span(start, end)), Some("１５１０８６　９５０８８"));
    }
}
