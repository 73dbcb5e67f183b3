//! The syntax of RTF: groups, control words and bytes of text. It knows the meaning of none.

use std::io::{self, BufRead, BufReader, Read};

/// Bytes that are read at a time.
const BLOCK_BYTES: usize = 64 * 1024;
/// A control word is no longer (RTF 1.9.1, "Control Words": 32 letters).
const MAX_WORD: usize = 32;

/// A control word's name. What is longer than any name is cut.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Name {
    letters: [u8; MAX_WORD],
    len: usize,
}

impl Name {
    pub(super) fn as_str(&self) -> &str {
        let letters = self.letters.get(..self.len).unwrap_or_default();
        str::from_utf8(letters).unwrap_or_default()
    }

    fn push(&mut self, letter: u8) {
        if let Some(place) = self.letters.get_mut(self.len) {
            *place = letter;
            self.len += 1;
        }
    }
}

/// One token.
#[derive(Debug)]
pub(super) enum Token {
    Open,
    Close,
    Word(Name, Option<i32>),
    /// A backslash with one character that is no letter.
    Symbol(u8),
    /// A byte of text that was written as `\'hh`.
    Escaped(u8),
    /// A byte of text as it stands.
    Byte(u8),
}

/// Cuts a stream into tokens.
pub(super) struct Tokens<R> {
    source: BufReader<R>,
}

impl<R: Read> Tokens<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source: BufReader::with_capacity(BLOCK_BYTES, source),
        }
    }

    /// The next token; `None` at the end.
    ///
    /// # Errors
    /// What the source says.
    pub(super) fn next(&mut self) -> io::Result<Option<Token>> {
        loop {
            let Some(byte) = self.byte()? else {
                return Ok(None);
            };
            return Ok(Some(match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => return self.control(),
                b'\r' | b'\n' | 0 => continue,
                byte => Token::Byte(byte),
            }));
        }
    }

    /// Passes over binary data.
    ///
    /// # Errors
    /// What the source says.
    pub(super) fn skip(&mut self, bytes: u64) -> io::Result<()> {
        io::copy(&mut (&mut self.source).take(bytes), &mut io::sink()).map(drop)
    }

    /// Binary data, or what is there of it.
    ///
    /// # Errors
    /// What the source says.
    pub(super) fn bytes(&mut self, bytes: u64) -> io::Result<Vec<u8>> {
        let mut own = Vec::new();
        io::copy(&mut (&mut self.source).take(bytes), &mut own)?;
        Ok(own)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.source.fill_buf()?.first().copied())
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.source.consume(1);
        }
        Ok(byte)
    }

    fn control(&mut self) -> io::Result<Option<Token>> {
        let Some(first) = self.byte()? else {
            return Ok(None);
        };
        if first == b'\'' {
            return self.escaped();
        }
        if !first.is_ascii_alphabetic() {
            return Ok(Some(Token::Symbol(first)));
        }
        let mut name = Name::default();
        name.push(first);
        while let Some(letter) = self.peek()?.filter(u8::is_ascii_alphabetic) {
            name.push(letter);
            self.source.consume(1);
        }
        let negative = self.peek()? == Some(b'-');
        if negative {
            self.source.consume(1);
        }
        let mut number = None;
        while let Some(digit) = self.peek()?.filter(u8::is_ascii_digit) {
            let value = number.unwrap_or(0_i32).saturating_mul(10);
            number = Some(value.saturating_add(i32::from(digit - b'0')));
            self.source.consume(1);
        }
        if self.peek()? == Some(b' ') {
            self.source.consume(1);
        }
        let number = number.map(|value| if negative { -value } else { value });
        Ok(Some(Token::Word(name, number)))
    }

    /// Two hexadecimal digits; what is none is left to be read as text.
    fn escaped(&mut self) -> io::Result<Option<Token>> {
        let mut value = 0;
        for _ in 0..2 {
            let digit = self.peek()?.and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit.and_then(|digit| u8::try_from(digit).ok()) else {
                break;
            };
            self.source.consume(1);
            value = value << 4 | digit;
        }
        Ok(Some(Token::Escaped(value)))
    }
}
