//! What the text around a possible name is: another language, or a program. The lists and the model know what names
//! stand in Norwegian text; elsewhere words of other kinds look like names far more often.

use std::ops::Range;

use super::context::Scope;
use super::words;
use crate::detect::gazetteer::Lists;
use crate::detect::names::document::Thought;
use crate::detect::names::word::shape;

/// Foreign words that around a name tell the language, at least.
const FEW: usize = 2;
/// Signs of a program within [`NEAR`] bytes on either side, at least.
const SIGNS: usize = 8;
/// Bytes on either side of a name that are searched for signs of a program.
const NEAR: usize = 60;
/// Bytes of the longest word that tells a language.
const LONGEST: usize = 5;

/// Small words of English, German, French and Spanish that are none of Norwegian.
#[rustfmt::skip]
const FOREIGN: [&[u8]; 58] = [
    b"the", b"of", b"and", b"is", b"with", b"that", b"are", b"this", b"not", b"or", b"from", b"it", b"an", b"if",
    b"which", b"you", b"your", b"has", b"have", b"will", b"any", b"was", b"were", b"when", b"on", b"its",
    b"these", b"into",
    b"und", b"die", b"das", b"ist", b"nicht", b"mit", b"von", b"zu", b"auf", b"eine", b"sich", b"dem", b"oder",
    b"wird", b"nach", b"durch",
    b"les", b"des", b"une", b"pour", b"dans", b"que", b"sur", b"avec", b"vous",
    b"los", b"las", b"del", b"para", b"por",
];
/// Small words of Norwegian that are none of these languages.
const NORWEGIAN: [&[u8]; 24] = [
    b"og", b"er", b"som", "på".as_bytes(), b"av", b"til", b"det", b"en", b"et", b"ikke", b"ble", b"fra", b"har",
    b"den", b"med", b"de", b"vi", b"jeg", b"eg", b"ei", b"ved", b"om", "å".as_bytes(), b"ein",
];

/// Whether the words are written like a name and are none, most likely, since the text around is another
/// language or a program: one word that few in Norway are called by, or several without a first name.
pub(super) fn are_foreign(scope: &Scope<'_>, span: &Range<usize>, thoughts: &[Thought]) -> bool {
    if is_at_home(thoughts) {
        return false;
    }
    let (before, after) = (scope.before(span.start), scope.after(span.end));
    let (foreign, norwegian) = count(before.split(apart).chain(after.split(apart)));
    foreign >= FEW && foreign > norwegian || norwegian == 0 && is_program(before, after)
}

/// Whether it is a name wherever it stands: a first name with another word, or a word alone that people in
/// Norway are called by and that is none of English.
fn is_at_home(thoughts: &[Thought]) -> bool {
    if let [thought] = thoughts {
        let first = Lists::FIRST_COMMON.union(Lists::FIRST);
        let known = thought.lists.meets(first.union(Lists::LAST_COMMON).union(Lists::LAST));
        return known && !thought.lists.meets(Lists::WORD_ENGLISH);
    }
    let is_first = |thought: &Thought| thought.lists.meets(Lists::ANY_FIRST) && !words::is_only_word(thought.lists);
    let is_word = |thought: &Thought| thought.shape & shape::CAPITALS != 0 && words::is_only_word(thought.lists);
    thoughts.iter().any(is_first) && !thoughts.iter().any(is_word)
}

fn apart(c: char) -> bool {
    !c.is_alphabetic()
}

/// How many words are of another language and how many Norwegian, of those that are one and not the other.
fn count<'w>(words: impl Iterator<Item = &'w str>) -> (usize, usize) {
    let (mut foreign, mut norwegian) = (0, 0);
    for word in words.filter(|word| word.len() <= LONGEST) {
        let mut small = [0; LONGEST];
        for (slot, byte) in small.iter_mut().zip(word.bytes()) {
            *slot = byte.to_ascii_lowercase();
        }
        let small = small.get(..word.len()).unwrap_or_default();
        foreign += usize::from(FOREIGN.contains(&small));
        norwegian += usize::from(NORWEGIAN.contains(&small));
    }
    (foreign, norwegian)
}

/// Whether the signs of a program stand around: brackets, operators, the ends of statements.
fn is_program(before: &str, after: &str) -> bool {
    let is_sign = |byte: &u8| b"(){}[];=<>_&*|".contains(byte);
    let before = before.as_bytes().iter().rev().take(NEAR);
    let near = before.chain(after.as_bytes().iter().take(NEAR));
    near.filter(|byte| is_sign(byte)).count() >= SIGNS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(before: &str, after: &str) -> (usize, usize, bool) {
        let (foreign, norwegian) = count(before.split(apart).chain(after.split(apart)));
        (foreign, norwegian, is_program(before, after))
    }

    #[test]
    fn languages_and_programs_are_told_by_small_words_and_signs() {
        assert_eq!(of("this is the way that ", " does it."), (5, 0, false));
        assert_eq!(of("WITHOUT WARRANTY OF ", ", EVEN IF IT"), (3, 0, false));
        assert_eq!(of("Der Antrag und die ", " ist nicht gestellt."), (4, 0, false));
        assert_eq!(of("det er på tide at ", " tar ansvar og ikke"), (0, 5, false));
        assert_eq!(of("fn push(fields: &mut ", "<Field>, name: &str) {\n    let x = y;"), (0, 0, true));
        assert_eq!(of("Møtt: ", " (leder), Ola Berg (nestleder)"), (0, 0, false));
    }
}
