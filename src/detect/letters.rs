//! Small readings around a byte, for kinds that mix letters and digits. All look at a bounded number
//! of bytes.

use std::ops::Range;

/// The ASCII byte at `at`.
pub(super) fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

/// Whether the byte is a hexadecimal digit that is a letter.
pub(super) fn is_hex_letter(byte: u8) -> bool {
    matches!(byte, b'a'..=b'f' | b'A'..=b'F')
}

/// How many bytes right before `end` satisfy `which`, at most `most`.
pub(super) fn count_before(text: &str, end: usize, most: usize, which: fn(&u8) -> bool) -> usize {
    let from = end.saturating_sub(most);
    let bytes = text.as_bytes().get(from..end).unwrap_or_default();
    bytes.iter().rev().take_while(|byte| which(byte)).count()
}

/// How many bytes from `start` on satisfy `which`, at most `most`.
pub(super) fn count_from(text: &str, start: usize, most: usize, which: fn(&u8) -> bool) -> usize {
    let bytes = text.as_bytes().get(start..).unwrap_or_default();
    bytes
        .iter()
        .take(most)
        .take_while(|byte| which(byte))
        .count()
}

/// The character before byte `at`; most are ASCII, which costs less to tell.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    let byte = *text.as_bytes().get(at.checked_sub(1)?)?;
    if byte.is_ascii() {
        return Some(char::from(byte));
    }
    text.get(..at)?.chars().next_back()
}

/// Whether no letter or digit stands right before byte `at`.
pub(super) fn begins_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    !before.is_some_and(char::is_alphanumeric)
}

/// Whether no letter or digit stands at byte `at`.
pub(super) fn ends_word(text: &str, at: usize) -> bool {
    let after = text.get(at..).and_then(|after| after.chars().next());
    !after.is_some_and(char::is_alphanumeric)
}

/// What [`char::is_alphabetic`] says, which takes long for the letters that Norwegian has besides ASCII.
pub(super) fn is_letter(c: char) -> bool {
    match c {
        'A'..='Z' | 'a'..='z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ſ' => true,
        _ => !c.is_ascii() && c.is_alphabetic(),
    }
}

/// Bytes of the letters that `text` begins with.
pub(super) fn run(text: &str) -> usize {
    let ascii = |text: &str| text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let mut length = ascii(text);
    while let Some(rest) = text.get(length..)
        && let Some(c) = rest
            .chars()
            .next()
            .filter(|c| !c.is_ascii() && is_letter(*c))
    {
        length += c.len_utf8();
        length += ascii(text.get(length..).unwrap_or_default());
    }
    length
}

/// Appends `word` in lower case. Most words are ASCII, and most others have letters of Latin-1, for which it is far
/// cheaper than for all.
pub(super) fn push_lower(text: &mut String, word: &str) {
    if word.is_ascii() {
        let from = text.len();
        text.push_str(word);
        if let Some(own) = text.get_mut(from..) {
            own.make_ascii_lowercase();
        }
        return;
    }
    if word.chars().any(|c| c > 'ÿ') {
        text.push_str(&word.to_lowercase());
        return;
    }
    text.extend(word.chars().map(|c| match c {
        'À'..='Ö' | 'Ø'..='Þ' => char::from_u32(u32::from(c) + 0x20).unwrap_or(c),
        c => c.to_ascii_lowercase(),
    }));
}

/// The ASCII digits of a text as numbers.
pub(super) fn digits(text: &str) -> Vec<u8> {
    let digits = text.bytes().filter(u8::is_ascii_digit);
    digits.map(|digit| digit - b'0').collect()
}

/// Digits from 0 to 9 as text; `None` where those are the `matched` bytes already.
pub(super) fn written_digits(digits: &[u8], matched: &Range<usize>) -> Option<String> {
    (digits.len() != matched.len()).then(|| text_of_digits("", digits))
}

/// Digits from 0 to 9 as text behind `prefix`.
pub(super) fn text_of_digits(prefix: &str, digits: &[u8]) -> String {
    let mut text = String::with_capacity(prefix.len() + digits.len());
    text.push_str(prefix);
    text.extend(digits.iter().map(|digit| char::from(b'0' + digit)));
    text
}

/// Whether the last digit is the Luhn check digit of those before it (ISO/IEC 7812-1).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit < 5 { digit * 2 } else { digit * 2 - 9 };
    let sum: u32 = digits
        .rchunks(2)
        .map(|pair| match pair {
            [first, last] => u32::from(doubled(*first)) + u32::from(*last),
            alone => alone.iter().copied().map(u32::from).sum(),
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The weighted sum of the digits modulo 11; digits beyond the weights do not count.
pub(super) fn modulo_11(digits: &[u8], weights: &[u8]) -> u16 {
    let products = digits.iter().zip(weights);
    products
        .map(|(digit, weight)| u16::from(*digit) * u16::from(*weight))
        .sum::<u16>()
        % 11
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_letters_are_in_lower_case() {
        for word in (0..=0x250).filter_map(char::from_u32).map(String::from) {
            for word in [format!("Å{word}"), format!("{word}ΟΔΟΣ"), word] {
                let mut text = "É".to_owned();
                push_lower(&mut text, &word);
                assert_eq!(text, format!("É{}", word.to_lowercase()), "{word:?}");
            }
        }
    }

    #[test]
    fn control_digits_are_told_from_wrong_ones() {
        assert!(luhn(&digits("4242 4242 4242 4242")) && !luhn(&digits("4242424242424241")));
        assert_eq!(
            modulo_11(&[9, 8, 8, 0, 7, 7, 9, 1, 7], &[3, 2, 7, 6, 5, 4, 3, 2, 1]),
            0
        );
    }

    #[test]
    fn letters_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
        }
        for (text, length) in [
            ("Åsmund 1", 7),
            ("ÆØÅ", 6),
            ("Ŋ×", 2),
            ("", 0),
            ("–", 0),
            ("aé1", 3),
        ] {
            assert_eq!(run(text), length, "{text}");
        }
    }

    #[test]
    fn bytes_are_counted_up_to_a_bound() {
        assert_eq!(count_before("ab123", 5, 2, u8::is_ascii_digit), 2);
        assert_eq!(count_from("123ab", 0, 9, u8::is_ascii_digit), 3);
        assert!(!begins_word("å1", 2) && ends_word("1.", 1));
    }
}
