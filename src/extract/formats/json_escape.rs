//! What stands behind a backslash in a string of JSON, character by character, and strings whose characters were
//! escaped wrongly.

/// How far an escape is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// More of it follows.
    On,
    /// That was its end.
    Ended,
    /// It ended before this character.
    Broken,
}

/// The escape at hand.
#[derive(Debug, Default)]
pub(super) struct Escape {
    /// Of `\uXXXX`: how many digits there were, and their value.
    unicode: Option<(u32, u32)>,
    /// First half of a character that is written as two escapes.
    high_surrogate: Option<u32>,
}

impl Escape {
    /// Takes the next character behind the backslash; what it stands for is put to `value`.
    pub(super) fn take(&mut self, character: char, value: &mut String) -> Step {
        let Some((digits, code)) = self.unicode.take() else {
            match character {
                'n' | 'r' => value.push('\n'),
                't' => value.push('\t'),
                'b' | 'f' => value.push(' '),
                'u' => self.unicode = Some((0, 0)),
                other => value.push(other),
            }
            return if self.unicode.is_some() {
                Step::On
            } else {
                Step::Ended
            };
        };
        let Some(digit) = character.to_digit(16) else {
            return Step::Broken;
        };
        let code = code * 16 + digit;
        if digits < 3 {
            self.unicode = Some((digits + 1, code));
            return Step::On;
        }
        self.character(code, value);
        Step::Ended
    }

    fn character(&mut self, code: u32, value: &mut String) {
        let high = self.high_surrogate.take();
        let whole = match (high, code) {
            (Some(high), 0xDC00..=0xDFFF) => 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00),
            (_, 0xD800..=0xDBFF) => {
                self.high_surrogate = Some(code);
                return;
            }
            _ => code,
        };
        value.push(char::from_u32(whole).unwrap_or('\u{FFFD}'));
    }
}

/// The text whose bytes in UTF-8 were taken for characters one by one, as Facebook and Instagram write all
/// that is not of ASCII; `None` for any other.
pub(super) fn mended(value: &str) -> Option<String> {
    if value.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = value.chars().map(|sign| u8::try_from(sign).ok()).collect();
    String::from_utf8(bytes?).ok()
}
