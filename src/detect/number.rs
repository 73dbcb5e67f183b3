//! A written number: groups of digits with single separators, read once for all detectors.
//!
//! It does not know what the number means.

use super::detector::Window;
use super::letters::text_of_digits;
use super::spot::Spot;

/// How many groups are read from an anchor on.
const MAX_GROUPS: usize = 8;

/// How many digits are read from an anchor on. A longer group is no number of any kind.
const MAX_DIGITS: usize = 24;

/// What stands between two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// A space of any width that does not end the line.
    Space,
    /// A hyphen, a dash or a minus sign.
    Hyphen,
    /// A full stop.
    Dot,
    /// A slash.
    Slash,
}

/// A group of digits and the groups after it, at most eight groups and 24 digits.
#[derive(Clone, Copy)]
pub struct Number {
    /// First byte of the first group.
    pub start: usize,
    /// Where it stands.
    pub spot: Spot,
    digits: [u8; MAX_DIGITS],
    lengths: [u8; MAX_GROUPS],
    /// Byte after each group, counted from `start`.
    ends: [u8; MAX_GROUPS],
    separators: [Separator; MAX_GROUPS],
    groups: u8,
    total: u8,
}

impl Number {
    /// Reads the number whose first group begins at `start`; `None` where the group is longer than any
    /// number.
    pub(super) fn read(bytes: &[u8], start: usize, spot: Spot) -> Option<Self> {
        let mut number = Self::none(start, spot);
        let mut at = start;
        loop {
            let Some(end) = number.group(bytes, at) else {
                return (number.groups > 0).then_some(number);
            };
            let Some((separator, width)) = separator_at(bytes, end) else {
                return Some(number);
            };
            if !bytes.get(end + width).is_some_and(u8::is_ascii_digit) {
                return Some(number);
            }
            number.separators[usize::from(number.groups) - 1] = separator;
            at = end + width;
        }
    }

    /// The number that `bytes` are, which are digits alone; `None` where they are more than any number has.
    pub(super) fn of_digits(bytes: &[u8], spot: Spot) -> Option<Self> {
        let mut number = Self::none(0, spot);
        let digits = number.digits.get_mut(..bytes.len())?;
        for (digit, byte) in digits.iter_mut().zip(bytes) {
            *digit = byte.wrapping_sub(b'0');
        }
        let length = u8::try_from(bytes.len()).ok()?;
        (number.lengths[0], number.ends[0], number.total) = (length, length, length);
        number.groups = 1;
        Some(number)
    }

    /// A number without digits.
    fn none(start: usize, spot: Spot) -> Self {
        Self {
            start,
            spot,
            digits: [0; MAX_DIGITS],
            lengths: [0; MAX_GROUPS],
            ends: [0; MAX_GROUPS],
            separators: [Separator::Space; MAX_GROUPS],
            groups: 0,
            total: 0,
        }
    }

    /// Takes the group at `at`; `None` where there is no room for it.
    fn group(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let before = self.total;
        let group = usize::from(self.groups);
        if group == MAX_GROUPS {
            return None;
        }
        let mut end = at;
        let mut total = usize::from(before);
        while let Some(byte) = bytes.get(end) {
            if !byte.is_ascii_digit() {
                match unseen_at(bytes, end) {
                    Some(width) if bytes.get(end + width).is_some_and(u8::is_ascii_digit) => {
                        end += width;
                        continue;
                    }
                    _ => break,
                }
            }
            *self.digits.get_mut(total)? = byte - b'0';
            total += 1;
            end += 1;
        }
        self.total = u8::try_from(total).ok()?;
        self.lengths[group] = self.total - before;
        self.ends[group] = u8::try_from(end - self.start).ok()?;
        self.groups += 1;
        Some(end)
    }

    /// How many digits were read.
    #[must_use]
    pub fn total(&self) -> usize {
        usize::from(self.total)
    }

    /// The lengths of the groups.
    #[must_use]
    pub fn lengths(&self) -> &[u8] {
        &self.lengths[..usize::from(self.groups)]
    }

    /// Whether the first groups have these lengths.
    #[must_use]
    pub fn begins(&self, lengths: &[u8]) -> bool {
        self.lengths().starts_with(lengths)
    }

    /// What stands after group `group` (from 0), where another group follows.
    #[must_use]
    pub fn separator(&self, group: usize) -> Option<Separator> {
        (group + 1 < usize::from(self.groups)).then(|| self.separators[group])
    }

    /// Whether the first `groups` groups are separated by one and the same separator.
    #[must_use]
    pub fn uniform(&self, groups: usize) -> bool {
        let separators = &self.separators[..groups.saturating_sub(1).min(MAX_GROUPS)];
        separators.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// The byte after the first `groups` groups, in the window's text.
    #[must_use]
    pub fn end(&self, groups: usize) -> usize {
        let last = groups.clamp(1, MAX_GROUPS) - 1;
        self.start + usize::from(self.ends[last])
    }

    /// `N` digits from digit `from` on; `None` where fewer were read.
    #[must_use]
    pub fn digits<const N: usize>(&self, from: usize) -> Option<[u8; N]> {
        self.digits[..self.total()]
            .get(from..from + N)?
            .try_into()
            .ok()
    }

    /// The most groups from the first on that have at most `most` digits together, and how many
    /// digits those are.
    #[must_use]
    pub fn up_to(&self, most: usize) -> Option<(usize, usize)> {
        let mut taken = (0, 0);
        for length in self.lengths() {
            let digits = taken.1 + usize::from(*length);
            if digits > most {
                break;
            }
            taken = (taken.0 + 1, digits);
        }
        (taken.0 > 0).then_some(taken)
    }

    /// `count` digits from digit `from` on, as text; fewer where fewer were read.
    #[must_use]
    pub fn text(&self, from: usize, count: usize) -> String {
        self.text_after("", from, count)
    }

    /// The same behind `prefix`.
    #[must_use]
    pub fn text_after(&self, prefix: &str, from: usize, count: usize) -> String {
        let last = (from + count).min(self.total());
        text_of_digits(prefix, self.digits.get(from..last).unwrap_or_default())
    }

    /// Whether the first `groups` groups stand free: no letter or digit touches them, they are no
    /// part of a decimal number or of a longer chain with hyphens, and no minus sign stands before
    /// them. Source of the rules: the boundaries of the written forms of a fødselsnummer.
    #[must_use]
    pub fn stands_free(&self, window: &Window<'_>, groups: usize) -> bool {
        free_before(window.text, self.start) && free_after(window.text, self.end(groups))
    }
}

/// The separator at `at` and its width in bytes.
pub(super) fn separator_at(bytes: &[u8], at: usize) -> Option<(Separator, usize)> {
    match bytes.get(at..)? {
        [b' ', ..] => Some((Separator::Space, 1)),
        [b'-', ..] => Some((Separator::Hyphen, 1)),
        [b'.', ..] => Some((Separator::Dot, 1)),
        [b'/', ..] => Some((Separator::Slash, 1)),
        [0xC2, 0xA0, ..] => Some((Separator::Space, 2)),
        [0xE2, 0x80, 0xAF | 0x80..=0x8A, ..] | [0xE3, 0x80, 0x80, ..] => {
            Some((Separator::Space, 3))
        }
        [0xE2, 0x80, 0x90..=0x94, ..] | [0xE2, 0x88, 0x92, ..] => Some((Separator::Hyphen, 3)),
        _ => None,
    }
}

/// Whether a separator, or a character that is not seen, may stand at `at`: told at less cost than
/// which one.
pub(super) fn may_go_on(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at);
    next.is_some_and(|next| !next.is_ascii() || matches!(next, b' ' | b'-' | b'.' | b'/'))
}

/// The width of a character at `at` that is not seen and only marks where a line may break: the soft
/// hyphen, spaces and joiners without width, the byte order mark.
fn unseen_at(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [0xC2, 0xAD, ..] => Some(2),
        [0xE2, 0x80, 0x8B..=0x8D, ..] | [0xE2, 0x81, 0xA0, ..] | [0xEF, 0xBB, 0xBF, ..] => Some(3),
        _ => None,
    }
}

/// A comma between two groups of so many digits separates numbers of a list and is no decimal comma.
const LISTED_DIGITS: usize = 8;

/// Whether a number may begin at `start`.
pub(super) fn free_before(text: &str, start: usize) -> bool {
    let Some(before) = text.get(..start) else {
        return false;
    };
    let mut chars = before.chars().rev();
    match chars.next() {
        None => true,
        Some('.') => !chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(',') => no_decimals(chars),
        Some('-') => chars.next().is_some_and(|c| c != '-' && !c.is_whitespace()),
        Some(c) => !c.is_alphanumeric(),
    }
}

/// Whether a number may end at `end`.
pub(super) fn free_after(text: &str, end: usize) -> bool {
    let Some(after) = text.get(end..) else {
        return false;
    };
    let mut chars = after.chars();
    match chars.next() {
        None => true,
        Some('.' | '-') => !chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(',') => no_decimals(chars),
        Some(c) => !c.is_alphanumeric(),
    }
}

/// Whether no digits follow, or as many as only another number of a list has.
fn no_decimals(chars: impl Iterator<Item = char>) -> bool {
    let digits = chars
        .take(LISTED_DIGITS)
        .take_while(char::is_ascii_digit)
        .count();
    digits == 0 || digits == LISTED_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_and_signs_are_no_borders_and_lists_are() {
        let free = |text: &str| {
            let start = text.find("15108695088").unwrap();
            free_before(text, start) && free_after(text, start + 11)
        };
        for text in [
            "15108695088",
            "(15108695088)",
            "/15108695088/",
            "_15108695088_",
            "15108695088. ",
        ] {
            assert!(free(text), "{text}");
        }
        for text in ["15108695088,22838111878", "22838111878,15108695088"] {
            assert!(free(text), "{text}");
        }
        for text in [
            "15108695088,50",
            "15108695088.5",
            "0,15108695088",
            "x15108695088",
            "-15108695088",
        ] {
            assert!(!free(text), "{text}");
        }
    }

    #[test]
    fn a_number_is_read_in_groups() {
        let spot = Spot::in_text(jiff::civil::date(2026, 1, 1));
        let read = |text: &str| Number::read(text.as_bytes(), 0, spot);
        let number = read("15.10.1986\u{202f}95088 x").unwrap();
        assert_eq!(number.lengths(), [2, 2, 4, 5]);
        assert_eq!(number.separator(2), Some(Separator::Space));
        assert_eq!(number.end(3), 10);
        assert_eq!(number.text(8, 5), "95088");
        assert!(read(&"1".repeat(25)).is_none());
        assert_eq!(read(&"1 ".repeat(25)).map(|number| number.total()), Some(8));
    }
}
