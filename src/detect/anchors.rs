//! The one pass over the bytes: where could anything be?
//!
//! Text is taken in blocks, each turned into bit masks of its digits, `@`, `%`, joints (`:` and `-`), capitals
//! and beginnings of words; only set bits are looked at further. The pass does not know what the detectors look
//! for.

use super::beginnings;
use super::block::{BLOCK, Block};
use super::detector::Anchors;
use super::group::LONGEST;
use super::letters;
use super::percent;

/// Longest capitalised word that is an anchor, in bytes. It bounds the look ahead of the pass.
const MAX_WORD: usize = 64;

/// Within so many bytes four digits must stand for a group to be looked at; five digits with four
/// separators of up to three bytes fit.
const DIGIT_REACH: u32 = 17;

/// How many digits must stand near: a postal code and the shortest address of the net have four.
pub(super) const DIGITS_NEAR: u32 = 4;

/// A place in the text that detectors may want to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// First byte and length of a group of digits with at least four digits near; the length is at most
    /// [`LONGEST`].
    Digits(usize, usize),
    /// An `@`, or the `%` of its encoded form `%40`.
    At(usize),
    /// A `:` or `-` between hexadecimal groups.
    Joint(usize),
    /// A capitalised word.
    Capital(usize, usize),
    /// The first byte of a word that begins with a letter of ASCII, and its slot. Those of a block are told after
    /// its other marks.
    Word(usize, usize),
}

impl Mark {
    /// Its first byte.
    #[cfg(test)]
    fn at(self) -> usize {
        let (Self::Digits(at, _)
        | Self::At(at)
        | Self::Joint(at)
        | Self::Capital(at, _)
        | Self::Word(at, _)) = self;
        at
    }
}

/// What is sought behind a mark.
pub(super) enum Next {
    /// All that follows.
    All,
    /// What begins at this byte or behind it.
    From(usize),
}

/// Tells `found` every mark from byte `from` of `text` on, in order, but for those it says to pass
/// over, which words are not. `from` is a character's border; the text before it is looked at only to see whether
/// something begins there. Of the words only those are told whose slot `sought` wants.
pub(super) fn find(
    text: &str,
    from: usize,
    wanted: Anchors,
    sought: impl Fn(usize) -> bool,
    mut found: impl FnMut(Mark) -> Next,
) {
    let bytes = text.as_bytes();
    let mut pass = Pass::begin(bytes, from, wanted);
    let mut block = from;
    let mut passed = from;
    let mut current = masks(bytes, block);
    while block < bytes.len() {
        let next = masks(bytes, block + BLOCK);
        let Starts { marks, words } = pass.starts(&current);
        let mut bits = marks & behind(passed, block);
        let digits = u128::from(current.digits) | u128::from(next.digits) << 64;
        while bits != 0 {
            let bit = bits.trailing_zeros();
            bits &= bits - 1;
            let at = block + bit as usize;
            let mark = match bytes[at] {
                b'@' => Some(Mark::At(at)),
                b'%' => {
                    let encoded = bytes[at..].starts_with(percent::AT.as_bytes());
                    encoded.then_some(Mark::At(at))
                }
                b':' | b'-' => joins(bytes, at).then_some(Mark::Joint(at)),
                b'0'..=b'9' => {
                    let here = digits >> bit;
                    let length = (here.trailing_ones() as usize).min(LONGEST);
                    are_many(here).then_some(Mark::Digits(at, length))
                }
                _ => capitalised(text, at).map(|end| Mark::Capital(at, end)),
            };
            if let Some(mark) = mark
                && let Next::From(next) = found(mark)
            {
                passed = next;
                bits &= behind(passed, block);
            }
        }
        beginnings::slots(bytes, block, words, |at, slot| {
            if sought(slot) {
                found(Mark::Word(at, slot));
            }
        });
        current = next;
        block += BLOCK;
    }
}

/// Whether enough digits stand within reach of the first one; `digits` has a bit for each.
fn are_many(digits: u128) -> bool {
    #[expect(clippy::cast_possible_truncation, reason = "the reach is shorter")]
    let mut near = digits as u32 & ((1 << DIGIT_REACH) - 1);
    for _ in 1..DIGITS_NEAR {
        near &= near.wrapping_sub(1);
    }
    near != 0
}

/// The bits of a block for byte `from` of the text and those behind it.
fn behind(from: usize, block: usize) -> u64 {
    let by = u32::try_from(from.saturating_sub(block)).unwrap_or(u32::MAX);
    u64::MAX.checked_shl(by).unwrap_or(0)
}

/// Which bytes of a block are of which sort, one bit each.
#[derive(Clone, Copy, Default)]
struct Masks {
    digits: u64,
    /// `@` and `%`.
    at: u64,
    joints: u64,
    letters: u64,
    capitals: u64,
}

struct Pass {
    capitals_wanted: bool,
    joints_wanted: bool,
    words_wanted: bool,
    /// Whether the byte before the block is a digit, or a letter: bit 0.
    digit_before: u64,
    letter_before: u64,
}

impl Pass {
    fn begin(bytes: &[u8], from: usize, wanted: Anchors) -> Self {
        let before = from.checked_sub(1).and_then(|at| bytes.get(at));
        Self {
            capitals_wanted: wanted.meets(Anchors::CAPITAL),
            joints_wanted: wanted.meets(Anchors::JOINT),
            words_wanted: wanted.meets(Anchors::TERM),
            digit_before: u64::from(before.is_some_and(u8::is_ascii_digit)),
            letter_before: u64::from(before.is_some_and(u8::is_ascii_alphabetic)),
        }
    }

    /// The bits at which something begins, and the carry into the next block.
    fn starts(&mut self, masks: &Masks) -> Starts {
        let after_digit = masks.digits << 1 | self.digit_before;
        let after_letter = masks.letters << 1 | self.letter_before;
        self.digit_before = masks.digits >> 63;
        self.letter_before = masks.letters >> 63;
        let mut begun = masks.digits & !after_digit | masks.at;
        if self.joints_wanted {
            begun |= masks.joints;
        }
        let words = !after_letter & !after_digit;
        if self.capitals_wanted {
            begun |= masks.capitals & words;
        }
        Starts {
            marks: begun,
            words: if self.words_wanted {
                masks.letters & words
            } else {
                0
            },
        }
    }
}

/// Where in a block something begins, one bit each.
struct Starts {
    /// All marks but words.
    marks: u64,
    words: u64,
}

/// The masks of the block at byte `at`; zero beyond the text.
#[inline]
fn masks(bytes: &[u8], at: usize) -> Masks {
    if at >= bytes.len() {
        return Masks::default();
    }
    let block = Block::at(bytes, at);
    // Capitals outside ASCII that Norwegian names are written with begin with C3, C4 or C5; whether
    // it is one is looked up later.
    Masks {
        digits: block.between(b'0', b'9'),
        at: block.either(b'@', b'%'),
        joints: block.either(b':', b'-'),
        letters: block.letters(),
        capitals: block.between_either((b'A', b'Z'), (0xC3, 0xC5)),
    }
}

/// Whether the `:` at byte `at` stands between hexadecimal digits or beside another `:`, or the `-`
/// between two groups of two, or four, such digits: addresses of the net and UUIDs.
fn joins(bytes: &[u8], at: usize) -> bool {
    let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    let before = at.checked_sub(1).is_some_and(hex);
    if is(at, b':') {
        let double = is(at + 1, b':') || at.checked_sub(1).is_some_and(|at| is(at, b':'));
        return double || before && hex(at + 1);
    }
    before && hex(at + 1) && hex(at + 2) && (is(at + 3, b'-') || hex(at + 3) && is(at + 5, b'-'))
}

/// The byte after the letters of the capitalised word that begins at `start`, if one does.
fn capitalised(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    // Whether a letter or digit of ASCII stands before, the masks say.
    if start.checked_sub(1).is_some_and(|at| !bytes[at].is_ascii()) {
        let before = text.get(..start)?.chars().next_back();
        if before.is_some_and(char::is_alphanumeric) {
            return None;
        }
    }
    if !bytes.get(start)?.is_ascii_uppercase() && !text.get(start..)?.chars().next()?.is_uppercase()
    {
        return None;
    }
    let length = letters::run(text.get(start..)?);
    (length <= MAX_WORD).then_some(start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, from: usize) -> Vec<Mark> {
        let mut marks = Vec::new();
        let wanted = [
            Anchors::CAPITAL,
            Anchors::DIGITS,
            Anchors::AT,
            Anchors::JOINT,
            Anchors::TERM,
        ];
        let wanted = wanted.into_iter().fold(Anchors::default(), Anchors::and);
        let sought = |slot: usize| slot.is_multiple_of(2);
        find(text, from, wanted, sought, |mark| {
            marks.push(mark);
            Next::All
        });
        // Words come behind the other marks of their block, and behind a capital that begins them.
        marks.sort_by_key(|mark| (mark.at(), matches!(mark, Mark::Word(..))));
        marks
    }

    /// The same, byte by byte and without masks.
    fn plainly(text: &str) -> Vec<Mark> {
        let bytes = text.as_bytes();
        let mut marks = Vec::new();
        for (at, c) in text.char_indices() {
            let before = text.split_at(at).0.chars().next_back();
            let digits = bytes[at..].iter().take(DIGIT_REACH as usize);
            let many = digits.filter(|b| b.is_ascii_digit()).count() >= DIGITS_NEAR as usize;
            if c == '@' || bytes[at..].starts_with(b"%40") {
                marks.push(Mark::At(at));
            } else if matches!(c, ':' | '-') {
                if joins(bytes, at) {
                    marks.push(Mark::Joint(at));
                }
            } else if c.is_ascii_digit() && !before.is_some_and(|c| c.is_ascii_digit()) && many {
                let rest = bytes[at..].iter().take(LONGEST);
                let length = rest.take_while(|b| b.is_ascii_digit()).count();
                marks.push(Mark::Digits(at, length));
            } else if c.is_uppercase() && !before.is_some_and(char::is_alphanumeric) {
                let letters = text
                    .split_at(at)
                    .1
                    .chars()
                    .take_while(|c| c.is_alphabetic());
                let end = at + letters.map(char::len_utf8).sum::<usize>();
                marks.push(Mark::Capital(at, end));
            }
            let begins = !before.is_some_and(|c| c.is_ascii_alphanumeric());
            let slot = beginnings::slot_at(bytes, at);
            if c.is_ascii_alphabetic() && begins && slot.is_multiple_of(2) {
                marks.push(Mark::Word(at, slot));
            }
        }
        marks
    }

    #[test]
    fn masks_find_what_a_plain_reading_finds() {
        let word = "Åse Ærlig og øl, Kari-Anne\u{a0}Öst, 15\u{202f}108 695-088 x9@Ås.no a%40Ås.no 5 % 2024 ÅÅ 1A 2001:db8::1 00-1A-2b ";
        for shift in 0..70 {
            let text = format!("{}{}", "-".repeat(shift), word.repeat(3));
            assert_eq!(all(&text, 0), plainly(&text), "shifted by {shift}");
        }
    }

    #[test]
    fn what_is_passed_over_is_not_told() {
        let text = "Kari 12345678 ola@x.no Åse ".repeat(9);
        let mut whole = all(&text, 0);
        whole.retain(|mark| !matches!(mark, Mark::Word(..)));
        for by in [1, 7, 30, 64, 65, 200] {
            let (mut told, mut from) = (Vec::new(), 0);
            let wanted = Anchors::CAPITAL.and(Anchors::DIGITS).and(Anchors::AT);
            find(
                &text,
                0,
                wanted,
                |_| false,
                |mark| {
                    assert!(mark.at() >= from, "by {by}");
                    told.push(mark);
                    from = mark.at() + by;
                    Next::From(from)
                },
            );
            let mut next = 0;
            let expected: Vec<Mark> = whole
                .iter()
                .copied()
                .filter(|mark| {
                    let is_told = mark.at() >= next;
                    next = if is_told { mark.at() + by } else { next };
                    is_told
                })
                .collect();
            assert_eq!(told, expected, "by {by}");
        }
    }

    #[test]
    fn a_pass_may_begin_anywhere() {
        let text = "Kari 12345678 ola@x.no Åse ".repeat(5);
        let whole = all(&text, 0);
        for (from, _) in text.char_indices() {
            let rest: Vec<Mark> = whole
                .iter()
                .copied()
                .filter(|mark| mark.at() >= from)
                .collect();
            assert_eq!(all(&text, from), rest, "from {from}");
        }
    }
}
