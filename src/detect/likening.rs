//! A sketch of the words of a text, by which another copy of it is known though format, layout or a
//! few words are others. It finds nothing: what two sketches mean is for whoever compares them.

use crate::model::{DigestKey, LIKENESS_PARTS, Layout, Likeness, Origin, Piece};

/// What sketches are called in the fingerprint of a reading; raised when others come out.
pub const LIKENING: &str = "1";

/// Text of an object that is looked at, in bytes: applications and CVs are rarely longer, and what is
/// longer is told by its beginning.
const MAX_BYTES: usize = 8 * 1024;

/// Word triples that a text must have: of fewer, a sketch says too little.
const LEAST_TRIPLES: u32 = 24;

/// Parts of documents that another form of the same document does not have.
const OWN_PARTS: [&str; 3] = ["headers", "markup", "recipients"];

/// Bits of a hash that say which part of the range it lies in.
const PART_BITS: u32 = LIKENESS_PARTS.ilog2();

/// The beginning of an object's text while it goes by. Most objects need no sketch, so it is made at
/// the end only.
pub struct Likening {
    seed: u64,
    text: Vec<u8>,
}

impl Likening {
    /// What a key adds to each hash.
    pub(super) fn seed(key: &DigestKey) -> u64 {
        let key = key.derived("sporhund likeness 1");
        u64::from_le_bytes(key.first_chunk().copied().unwrap_or_default())
    }

    /// No text yet. Sketches can be compared where the seed is the same.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            text: Vec::new(),
        }
    }

    /// Takes a piece of the text. Tables are passed over: theirs are values, not words.
    pub fn push(&mut self, piece: &Piece<'_>) {
        let Layout::Flow { origin, continues } = piece.layout else {
            return;
        };
        let own = matches!(origin, Origin::Part(part) if OWN_PARTS.contains(&part));
        if own || self.text.len() >= MAX_BYTES {
            return;
        }
        let bytes = piece.text.as_bytes();
        let bytes = bytes.get(..MAX_BYTES).unwrap_or(bytes);
        self.text.reserve(1 + bytes.len());
        if !continues {
            self.text.push(b' ');
        }
        let room = MAX_BYTES.saturating_sub(self.text.len());
        self.text
            .extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    /// The sketch; none of a text that is too short for one.
    #[must_use]
    pub fn finish(self) -> Option<Likeness> {
        let mut triples = Triples::new(self.seed);
        let mut bytes = self.text.iter();
        let mut word = 0;
        loop {
            let border = loop {
                match bytes.next().map(|byte| MEANINGS[usize::from(*byte)]) {
                    Some(letter @ LETTER..) => word = lengthened(word, letter),
                    border => break border,
                }
            };
            match border {
                Some(LATIN) => match bytes.next() {
                    Some(byte @ 0x80..=0x9E) => word = lengthened(word, letter(byte | 0x20)),
                    Some(byte) => word = lengthened(word, letter(*byte)),
                    None => {}
                },
                border => {
                    triples.take(std::mem::take(&mut word));
                    match border {
                        Some(SIGN_OF_TWO) => bytes.nth(0),
                        Some(SIGN_OF_THREE) => bytes.nth(1),
                        Some(_) => None,
                        None => break,
                    };
                }
            }
        }
        (triples.count >= LEAST_TRIPLES).then(|| Likeness::of(&triples.filled()))
    }
}

/// No letter.
const BORDER: u64 = 0;
/// The first byte of U+0080 to U+00BF, and that of U+2000 to U+2FFF: signs, quotes and spaces.
const SIGN_OF_TWO: u64 = 1;
const SIGN_OF_THREE: u64 = 2;
/// The first byte of U+00C0 to U+00FF, of which those up to U+00DE are the capitals of U+00E0 to U+00FE.
const LATIN: u64 = 3;
/// A letter or digit has this bit; the rest is the byte.
const LETTER: u64 = 0x8000;

/// What each byte is; a capital is the small letter.
static MEANINGS: [u64; 256] = {
    let mut meanings = [BORDER; 256];
    let mut byte = 0_u8;
    loop {
        meanings[byte as usize] = match byte {
            b'A'..=b'Z' => letter(byte | 0x20),
            0xC2 => SIGN_OF_TWO,
            0xE2 => SIGN_OF_THREE,
            0xC3 => LATIN,
            b'a'..=b'z' | b'0'..=b'9' | 0x80.. => letter(byte),
            _ => BORDER,
        };
        if byte == u8::MAX {
            break meanings;
        }
        byte += 1;
    }
};

const fn letter(byte: u8) -> u64 {
    LETTER | byte as u64
}

/// The hash of a word with one more letter; that of none is 0.
fn lengthened(word: u64, letter: u64) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01B3;
    (word ^ letter).wrapping_mul(PRIME)
}

/// The smallest hashes of word triples.
struct Triples {
    seed: u64,
    before: [u64; 2],
    count: u32,
    least: [u64; LIKENESS_PARTS],
}

impl Triples {
    fn new(seed: u64) -> Self {
        Self {
            seed,
            before: [0; 2],
            count: 0,
            least: [u64::MAX; LIKENESS_PARTS],
        }
    }

    /// Takes the hash of the next word, if there is one.
    fn take(&mut self, word: u64) {
        if word == 0 {
            return;
        }
        let [first, second] = self.before;
        let third = word;
        self.before = [second, third];
        if first == 0 {
            return;
        }
        self.count = self.count.saturating_add(1);
        let hash = mixed(first.rotate_left(42) ^ second.rotate_left(21) ^ third ^ self.seed);
        let part = usize::try_from(hash >> (u64::BITS - PART_BITS)).unwrap_or_default();
        if let Some(least) = self.least.get_mut(part) {
            *least = (*least).min(hash & (u64::MAX >> PART_BITS));
        }
    }

    /// A part without a triple borrows from the next one that has some, and how far that is counts too
    /// (Shrivastava and Li 2014).
    fn filled(&self) -> [u64; LIKENESS_PARTS] {
        let mut filled = [0; LIKENESS_PARTS];
        // From the last to the first, twice: the parts behind the last are the first ones.
        let mut next: Option<u64> = None;
        for round in [&mut [0; LIKENESS_PARTS], &mut filled] {
            for (hash, place) in self.least.iter().zip(round).rev() {
                let own = (*hash != u64::MAX).then_some(*hash);
                next = own.or(next.map(|hash| hash.wrapping_add(1)));
                *place = next.unwrap_or_default();
            }
        }
        filled
    }
}

/// Every bit of the result depends on every bit of the number (the finaliser of splitmix64, Steele,
/// Lea and Flood 2014).
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str, seed: u64) -> Option<Likeness> {
        let mut likening = Likening::new(seed);
        likening.push(&flow(text, Origin::Page(1)));
        likening.finish()
    }

    fn flow<'t>(text: &'t str, origin: Origin<'t>) -> Piece<'t> {
        Piece {
            text,
            layout: Layout::Flow {
                origin,
                continues: false,
            },
        }
    }

    /// Words that do not repeat themselves.
    fn words(from: usize, count: usize) -> String {
        let words = (from..from + count).map(|n| format!("ord{n}"));
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn layout_and_capitals_do_not_matter_and_words_do() {
        let text = format!("Søknad på stilling, Ærlig talt: {}", words(0, 200));
        let other = text.to_uppercase().replace(' ', "\n\u{a0}– ");
        let one = sketch(&text, 7).unwrap();
        assert_eq!(one.share(sketch(&other, 7).unwrap()), 100);
        assert!(one.share(sketch(&words(500, 200), 7).unwrap()) < 20);
        // Another key makes another sketch of the same text.
        assert!(one.share(sketch(&text, 8).unwrap()) < 30);
        assert_eq!(sketch(&words(0, 20), 7), None);
    }

    #[test]
    fn the_estimate_is_near_the_true_share() {
        let (mut off, mut worst) = (0, 0);
        for round in 0..100_usize {
            // 300 words each, of which 240 are common: 238 triples of 358.
            let (one, two) = (words(round * 1000, 300), words(round * 1000 + 60, 300));
            let seed = mixed(round as u64);
            let told = sketch(&one, seed)
                .unwrap()
                .share(sketch(&two, seed).unwrap());
            let error = told.abs_diff(66);
            (off, worst) = (off + error, worst.max(error));
        }
        assert!(
            off / 100 <= 6 && worst <= 25,
            "{} on the average, {worst} at most",
            off / 100
        );
    }

    /// Sketches lie in inventories: they stay as they are.
    #[test]
    fn sketches_are_what_they_were() {
        let text = format!(
            "Ærlig talt: «søknad» – ÅRET 2026, naïve Ø… {}",
            words(0, 30)
        );
        let (long, short) = (sketch(&text, 7).unwrap(), sketch(&words(0, 26), 7).unwrap());
        assert_eq!(
            [long.to_bytes(), short.to_bytes()].map(u128::from_be_bytes),
            [
                209_455_083_414_235_676_802_073_562_900_150_698_983,
                204_138_171_429_858_073_375_224_120_174_898_463_719
            ]
        );
    }

    #[test]
    fn headers_of_a_mail_are_no_part_of_its_text() {
        let body = words(0, 60);
        let mut mail = Likening::new(1);
        mail.push(&flow(&words(900, 60), Origin::Part("headers")));
        mail.push(&flow(&body, Origin::Part("body")));
        assert_eq!(mail.finish(), sketch(&body, 1));
    }
}
