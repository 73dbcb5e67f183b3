//! Whether a word that names a number may stand before it: one look at 64 bytes instead of reading words.
//!
//! It says no only where there is none; what the words are, `telling` reads.

use super::block::{BLOCK, Block};
use super::context::LOOK_BACK;
use super::detector::Window;
use super::spot::Spot;
use super::word_list::WORDS;
use super::words::Concepts;

/// How many beginnings a list of words has room for.
const MOST: usize = 8;

/// The words for one thing, by their first three bytes.
pub(super) struct Sought {
    concepts: Concepts,
    beginnings: [[u8; 3]; MOST],
    count: usize,
}

impl Sought {
    /// The words of the lexicon that speak of one of these.
    ///
    /// # Panics
    ///
    /// Where they have more than eight beginnings, or one is shorter than three bytes: when compiled,
    /// for a constant.
    pub(super) const fn of(concepts: Concepts) -> Self {
        let (mut beginnings, mut count, mut index) = ([[0; 3]; MOST], 0, 0);
        while index < WORDS.len() {
            let (word, _, meaning) = &WORDS[index];
            if meaning.meet(concepts) {
                let bytes = word.as_bytes();
                let beginning = [folded(bytes[0]), folded(bytes[1]), folded(bytes[2])];
                // The words are sorted, so that equal beginnings stand together.
                if count == 0 || !same(beginnings[count - 1], beginning) {
                    beginnings[count] = beginning;
                    count += 1;
                }
            }
            index += 1;
        }
        Self {
            concepts,
            beginnings,
            count,
        }
    }

    /// Whether the header names one of them, or a label before byte `start` may do so.
    pub(super) fn may_name(&self, window: &Window<'_>, spot: &Spot, start: usize) -> bool {
        spot.header.meet(self.concepts)
            || spot.worded && self.may_stand_before(window.text.as_bytes(), start)
    }

    /// Whether one of the words may stand within the look back from byte `at`.
    fn may_stand_before(&self, bytes: &[u8], at: usize) -> bool {
        const { assert!(LOOK_BACK <= BLOCK) };
        let block = Block::at(bytes, at.saturating_sub(BLOCK));
        // The sign for kelvin begins with this byte, and is a k in lower case.
        if block.equal(0xE2) != 0 {
            return true;
        }
        let small = block.folded();
        let stands = |[first, second, third]: &[u8; 3]| {
            let mut at = small.equal(*first);
            for (place, byte) in (1..).zip([second, third]) {
                if at == 0 {
                    break;
                }
                at &= small.equal(*byte) >> place;
            }
            at != 0
        };
        self.beginnings.iter().take(self.count).any(stands)
    }
}

/// A byte with the bit set by which small letters differ from capitals.
const fn folded(byte: u8) -> u8 {
    byte | 0x20
}

const fn same(one: [u8; 3], other: [u8; 3]) -> bool {
    one[0] == other[0] && one[1] == other[1] && one[2] == other[2]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cut::Cut;
    use super::super::labels;
    use super::super::word_list::Entry;
    use super::*;

    static SOUGHT: [Sought; 3] = [
        Sought::of(Concepts::KID),
        Sought::of(Concepts::PASSPORT),
        Sought::of(Concepts::HPR),
    ];

    fn words() -> Vec<&'static Entry> {
        let of_any = |entry: &&Entry| SOUGHT.iter().any(|sought| entry.2.meet(sought.concepts));
        WORDS.iter().filter(of_any).collect()
    }

    proptest! {
        /// Planted fault that this caught: capitals of the text were not folded.
        #[test]
        fn no_label_is_passed_over(
            before in "[a-zA ]{0,70}",
            word in prop::sample::select(words()),
            capitals in 0..3,
            behind in "[ :.a\u{e5}-]{0,40}",
        ) {
            let word = match capitals {
                0 => word.0.to_owned(),
                1 => word.0.to_uppercase(),
                _ => {
                    let mut letters = word.0.chars();
                    let first = letters.next().unwrap().to_uppercase();
                    format!("kunde{first}{}", letters.as_str())
                }
            };
            let text = format!("{before}{word}{behind}12345678");
            let start = text.len() - 8;
            let window = Cut::of_text(&text).window;
            let spot = Spot::in_text(jiff::civil::date(2026, 11, 1));
            for sought in &SOUGHT {
                let told = labels::surely(&window, &spot, &(start..text.len()), sought.concepts);
                prop_assert!(told.is_none() || sought.may_name(&window, &spot, start), "{text:?}");
            }
        }
    }

    #[test]
    fn other_text_is_told_from_the_words() {
        let text = b"2024-08-22T19:56:49 DEBUG retry attempt=2 backoff_ms=49306418755";
        assert!(
            SOUGHT
                .iter()
                .all(|sought| !sought.may_stand_before(text, 53))
        );
        assert!(SOUGHT[0].may_stand_before(b"x KID 12", 6));
    }
}
