//! A group of digits as it stands, read once before any detector is asked.
//!
//! Most groups can be nothing that a detector looks for: their length says so, or what stands right
//! beside them, or that no word can have named them. Detectors tell such [`Shape`]s once, and are asked
//! about no other group.

use std::ops::Range;

use super::detector::{Anchors, Detector};
use super::spot::Spot;
use super::words::Concepts;

/// Lengths from here on are not told apart: no number has that many digits.
pub(super) const LONGEST: usize = 31;

/// A set of lengths of groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths(u32);

impl Lengths {
    /// Every length.
    pub const ANY: Self = Self(u32::MAX);

    /// These lengths; none is 0 or above 30.
    #[must_use]
    pub const fn of(lengths: &[u8]) -> Self {
        let mut set = 0;
        let mut rest = lengths;
        while let [length, others @ ..] = rest {
            set |= 1 << *length;
            rest = others;
        }
        Self(set)
    }

    /// The lengths from `first` to `last`, which is at most 30.
    #[must_use]
    pub const fn between(first: u8, last: u8) -> Self {
        Self((2 << last) - (1 << first))
    }

    /// Whether a group of `length` digits is of the set.
    #[must_use]
    pub const fn has(self, length: usize) -> bool {
        let length = if length < LONGEST { length } else { LONGEST };
        self.0 >> length & 1 == 1
    }
}

/// What may stand right beside a group of digits, as a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside(u32);

impl Beside {
    /// Nothing: the text begins or ends there.
    pub const EDGE: Self = Self(1 << 0);
    /// Another cell, or none.
    pub const CELL: Self = Self(1 << 12);
    /// An ASCII letter that is a hexadecimal digit.
    pub const HEX: Self = Self(1 << 1);
    /// The letter r, with which the words for a number of a property end.
    pub const R: Self = Self(1 << 13);
    /// An ASCII letter.
    pub const LETTER: Self = Self::HEX.and(Self::R).and(Self(1 << 14));
    /// A digit; beside a group that goes on beyond its length, or before the letter before it.
    pub const DIGIT: Self = Self(1 << 15);
    /// A space or a tabulator.
    pub const SPACE: Self = Self(1 << 2);
    /// The end of a line.
    pub const LINE: Self = Self(1 << 3);
    /// A full stop.
    pub const DOT: Self = Self(1 << 4);
    /// A hyphen.
    pub const HYPHEN: Self = Self(1 << 5);
    /// A slash.
    pub const SLASH: Self = Self(1 << 6);
    /// A colon.
    pub const COLON: Self = Self(1 << 7);
    /// A comma.
    pub const COMMA: Self = Self(1 << 8);
    /// A plus sign.
    pub const PLUS: Self = Self(1 << 9);
    /// A character outside ASCII.
    pub const WIDE: Self = Self(1 << 10);
    /// Any other character.
    pub const OTHER: Self = Self(1 << 11);

    /// How many there are.
    const COUNT: usize = 16;

    /// All of them.
    pub const ANY: Self = Self((1 << Self::COUNT) - 1);

    /// All but a letter: a word may begin or end there.
    pub const NO_LETTER: Self = Self::ANY.without(Self::LETTER);

    /// What stands between the groups of a number.
    pub const SEPARATOR: Self = Self::SPACE
        .and(Self::DOT)
        .and(Self::HYPHEN)
        .and(Self::SLASH)
        .and(Self::WIDE);

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The set of what a byte is the only one of.
    const fn of(byte: u8) -> Self {
        match byte {
            b'a'..=b'f' | b'A'..=b'F' => Self::HEX,
            b'r' | b'R' => Self::R,
            b'a'..=b'z' | b'A'..=b'Z' => Self::LETTER.without(Self::HEX).without(Self::R),
            b'0'..=b'9' => Self::DIGIT,
            b' ' | b'\t' => Self::SPACE,
            b'\n' | b'\r' => Self::LINE,
            b'.' => Self::DOT,
            b'-' => Self::HYPHEN,
            b'/' => Self::SLASH,
            b':' => Self::COLON,
            b',' => Self::COMMA,
            b'+' => Self::PLUS,
            0x80.. => Self::WIDE,
            _ => Self::OTHER,
        }
    }
}

/// Which sort each byte is, as the place of its bit in [`Beside`].
static SORTS: [u8; 256] = {
    let mut sorts = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let sort = Beside::of(byte as u8);
        #[expect(clippy::cast_possible_truncation, reason = "there are sixteen")]
        let place = sort.0.trailing_zeros() as u8;
        sorts[byte] = place;
        byte += 1;
    }
    sorts
};

/// A sort of groups of digits that a detector wants to verify.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    anchors: Anchors,
    lengths: Lengths,
    before: Beside,
    after: Beside,
    /// What stands before a letter that stands right before.
    lead: Beside,
    told: Option<Concepts>,
}

impl Shape {
    /// Groups of these lengths, by themselves and as the first of a number, wherever they stand.
    #[must_use]
    pub const fn of(lengths: Lengths) -> Self {
        Self {
            anchors: Anchors::DIGITS.and(Anchors::GROUP),
            lengths,
            before: Beside::ANY,
            after: Beside::ANY,
            lead: Beside::ANY,
            told: None,
        }
    }

    /// Those of them that are anchors of this sort.
    #[must_use]
    pub const fn only(self, anchors: Anchors) -> Self {
        Self { anchors, ..self }
    }

    /// Those of them with one of these right before.
    #[must_use]
    pub const fn before(self, before: Beside) -> Self {
        Self { before, ..self }
    }

    /// Those of them with one of these right behind.
    #[must_use]
    pub const fn after(self, after: Beside) -> Self {
        Self { after, ..self }
    }

    /// Those of them with a letter right before and one of these before it, or with no letter there.
    #[must_use]
    pub const fn lead(self, lead: Beside) -> Self {
        Self { lead, ..self }
    }

    /// Those of them before which words may stand, or whose header names one of `own`.
    #[must_use]
    pub const fn told(self, own: Concepts) -> Self {
        Self {
            told: Some(own),
            ..self
        }
    }

    /// Those of them that touch no letter: most numbers.
    #[must_use]
    pub const fn free(self) -> Self {
        self.before(Beside::NO_LETTER).after(Beside::NO_LETTER)
    }
}

/// A group of ASCII digits.
#[derive(Clone, Copy)]
pub struct Group {
    /// Its first byte.
    pub at: usize,
    /// How many digits it has; 31 where there are more.
    pub length: usize,
    /// Where it stands.
    pub spot: Spot,
}

impl Group {
    /// The byte after the last digit.
    #[must_use]
    pub fn end(&self) -> usize {
        self.at + self.length
    }
}

/// What stands before and behind a group, as bits of [`Beside`].
#[derive(Clone, Copy)]
pub(super) struct Sides {
    before: usize,
    after: usize,
    /// What stands before a letter right before the group; [`Beside::COUNT`] where none stands there.
    lead: usize,
}

impl Sides {
    /// Those of the digits `span` of a text, which is a cell where `celled`.
    #[inline]
    pub(super) fn of(bytes: &[u8], span: Range<usize>, celled: bool) -> Self {
        let border = if celled { Beside::CELL } else { Beside::EDGE };
        let sort = |byte: Option<&u8>| match byte {
            Some(byte) => usize::from(SORTS[usize::from(*byte)]),
            None => border.0.trailing_zeros() as usize,
        };
        let ahead = |by: usize| {
            let at = span.start.checked_sub(by);
            sort(at.and_then(|at| bytes.get(at)))
        };
        let before = ahead(1);
        let letter = Beside::LETTER.0 >> before & 1 == 1;
        Self {
            before,
            lead: if letter { ahead(2) } else { Beside::COUNT },
            after: sort(bytes.get(span.end)),
        }
    }
}

/// The shapes that detectors want, one bit each.
pub(super) type Wanted = u64;

/// The detectors that verify groups of digits, by the shapes they ask for: those of groups by themselves
/// first, then those of groups as the first of a number.
pub(super) struct Shapes {
    /// The detector of each shape, and its number: some share an address, having no size.
    detectors: Vec<(usize, &'static dyn Detector)>,
    told: Vec<Option<Concepts>>,
    lengths: [Wanted; LONGEST + 1],
    before: [Wanted; Beside::COUNT],
    after: [Wanted; Beside::COUNT],
    lead: [Wanted; Beside::COUNT + 1],
    /// The shapes of groups by themselves.
    pub(super) alone: Wanted,
}

impl Shapes {
    /// The shapes that those of `used` ask for.
    ///
    /// # Panics
    ///
    /// With more than 64 shapes, which a test would show.
    pub(super) fn new(used: &[&'static dyn Detector]) -> Self {
        let of = |anchors: Anchors| {
            wanting(used, anchors).flat_map(move |(number, detector)| {
                let shapes = detector.shapes().iter();
                let shapes = shapes.filter(move |shape| shape.anchors.meets(anchors));
                shapes.map(move |shape| (number, detector, shape))
            })
        };
        let alone = of(Anchors::GROUP).count();
        let shapes: Vec<_> = of(Anchors::GROUP).chain(of(Anchors::DIGITS)).collect();
        assert!(shapes.len() <= Wanted::BITS as usize, "too many shapes");
        let those = |which: &dyn Fn(&Shape) -> bool| {
            let places = (0_u32..)
                .zip(&shapes)
                .filter(|(_, (_, _, shape))| which(shape));
            places.fold(0, |wanted, (place, _)| wanted | 1 << place)
        };
        Self {
            lengths: std::array::from_fn(|length| those(&|shape| shape.lengths.has(length))),
            before: std::array::from_fn(|sort| those(&|shape| shape.before.0 >> sort & 1 == 1)),
            after: std::array::from_fn(|sort| those(&|shape| shape.after.0 >> sort & 1 == 1)),
            lead: std::array::from_fn(|sort| {
                those(&|shape| sort == Beside::COUNT || shape.lead.0 >> sort & 1 == 1)
            }),
            alone: first(alone),
            told: shapes.iter().map(|(_, _, shape)| shape.told).collect(),
            detectors: shapes
                .iter()
                .map(|(number, detector, _)| (*number, *detector))
                .collect(),
        }
    }

    /// Every detector, whatever shape it asks for.
    #[cfg(test)]
    pub(super) fn of_any(used: &[&'static dyn Detector]) -> Self {
        let alone = wanting(used, Anchors::GROUP);
        let detectors: Vec<_> = alone.chain(wanting(used, Anchors::DIGITS)).collect();
        Self {
            told: vec![None; detectors.len()],
            lengths: [Wanted::MAX; LONGEST + 1],
            before: [Wanted::MAX; Beside::COUNT],
            after: [Wanted::MAX; Beside::COUNT],
            lead: [Wanted::MAX; Beside::COUNT + 1],
            alone: first(wanting(used, Anchors::GROUP).count()),
            detectors,
        }
    }

    /// The shapes that are wanted where no word stands before, below a header of these concepts.
    pub(super) fn untold(&self, header: Concepts) -> Wanted {
        let places = (0_u32..).zip(&self.told);
        let named = places.filter(|(_, told)| told.is_none_or(|own| own.meet(header)));
        named.fold(0, |wanted, (place, _)| wanted | 1 << place)
    }

    /// The shapes of `asked` that a group of `length` digits between `sides` has.
    #[inline]
    pub(super) fn wanting(&self, length: usize, sides: Sides, asked: Wanted) -> Wanted {
        let Sides {
            before,
            after,
            lead,
        } = sides;
        let beside = self.before[before] & self.after[after] & self.lead[lead];
        asked & self.lengths[length.min(LONGEST)] & beside
    }

    /// The shapes of `asked` that a group of `length` digits has that is all of a cell.
    pub(super) fn filling(&self, length: usize, asked: Wanted) -> Wanted {
        const CELL: usize = Beside::CELL.0.trailing_zeros() as usize;
        let sides = Sides {
            before: CELL,
            after: CELL,
            lead: Beside::COUNT,
        };
        self.wanting(length, sides, asked)
    }

    /// The detectors of these shapes, each once.
    pub(super) fn asking(&self, wanted: Wanted) -> impl Iterator<Item = &'static dyn Detector> {
        let mut left = wanted;
        let mut last = usize::MAX;
        std::iter::from_fn(move || {
            while left != 0 {
                let place = left.trailing_zeros() as usize;
                left &= left - 1;
                let (number, detector) = *self.detectors.get(place)?;
                // The shapes of a detector stand beside one another.
                if std::mem::replace(&mut last, number) != number {
                    return Some(detector);
                }
            }
            None
        })
    }
}

/// Those of `used` that want `anchors`, with their numbers.
fn wanting(
    used: &[&'static dyn Detector],
    anchors: Anchors,
) -> impl Iterator<Item = (usize, &'static dyn Detector)> {
    let numbered = used.iter().copied().enumerate();
    numbered.filter(move |(_, detector)| detector.anchors().meets(anchors))
}

/// The first `count` shapes.
fn first(count: usize) -> Wanted {
    !Wanted::MAX.unbounded_shl(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_lengths_hold_what_they_are_made_of() {
        let lengths = |set: Lengths| -> Vec<usize> { (1..40).filter(|l| set.has(*l)).collect() };
        assert_eq!(lengths(Lengths::of(&[4, 6, 30])), [4, 6, 30]);
        assert_eq!(lengths(Lengths::between(5, 9)), [5, 6, 7, 8, 9]);
        assert_eq!(lengths(Lengths::between(28, 30)), [28, 29, 30]);
        assert_eq!(lengths(Lengths::ANY).len(), 39);
    }
}
