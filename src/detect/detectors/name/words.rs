//! The words of a text around a capitalised word, as far as a name may reach: tokens, what joins
//! them, and which lists they are in.
//!
//! Nothing here decides what is a name.

use unicode_normalization::UnicodeNormalization;

use crate::detect::gazetteer::{Lists, NAMES};

/// Small words inside names.
const PARTICLES: [&str; 22] = [
    "von", "van", "de", "der", "den", "af", "av", "bin", "ibn", "al", "el", "la", "di", "da", "du",
    "do", "dos", "le", "ter", "zu", "y", "abu",
];
/// Endings of nouns, adjectives and verbs in both written forms of Norwegian.
const ENDINGS: [&str; 12] = [
    "en", "et", "a", "ene", "er", "ane", "ar", "n", "r", "t", "e", "te",
];
/// English names of days and months, which are capitalised and in no list of common words, without
/// those that people bear.
const DATES: [&str; 34] = [
    "january", "february", "march", "july", "august", "september", "october", "november", "december",
    "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat",
    "sun",
];
/// Beginnings of surnames that are followed by a capital.
const HUMP_PREFIXES: [&str; 9] = ["Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Fitz"];
/// Bytes of the longest word that is looked at.
const MAX_WORD: usize = 64;

/// A capitalised word or an initial.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// First byte in the text.
    pub(super) start: usize,
    /// Byte after the last letter, or after the full stop of an initial.
    pub(super) end: usize,
    /// The word in lower case, composed.
    pub(super) lower: String,
    /// The lists it is in; for a hyphenated word those of its parts, for a genitive those of its
    /// base too.
    pub(super) lists: Lists,
    /// Its sort.
    pub(super) sort: Sort,
    /// Whether it only is in a name list without its final s.
    pub(super) genitive: bool,
    /// Whether it is written in capitals throughout (two letters or more).
    pub(super) capitals: bool,
}

/// What a word alone suggests. The order is part of the trained weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Initial,
    Acronym,
    /// `Høyre-leder`: what it is made of has a capital, the word itself is common.
    Derived,
    FirstOrLast,
    First,
    FirstOrWord,
    Last,
    LastOrWord,
    LastOrPlace,
    ForeignFirst,
    RareFirst,
    ForeignLast,
    ForeignOrWord,
    Place,
    Word,
    EnglishWord,
    Unknown,
}

impl Token {
    /// The token whose first letter, a capital, is at `start`. `end` bounds the scope.
    pub(super) fn at(text: &str, start: usize, end: usize) -> Option<Self> {
        let rest = text.get(start..end)?;
        let length = word_length(rest);
        let word = rest.get(..length)?;
        let mut letters = word.chars();
        let numbered = rest.get(length..)?.starts_with(|c: char| c.is_numeric());
        if !letters.next()?.is_uppercase() || length > MAX_WORD || numbered {
            return None;
        }
        let alone = letters.next().is_none();
        let stop = usize::from(alone && rest.get(length..)?.starts_with('.'));
        let lower = lowered(word);
        let capitals = !alone && !word.chars().any(char::is_lowercase);
        let (lists, genitive) = looked_up(&lower);
        Some(Self {
            start,
            end: start + length + stop,
            sort: if alone {
                Sort::Initial
            } else {
                sort(word, &lower, lists, capitals)
            },
            lower,
            lists,
            genitive,
            capitals,
        })
    }

    /// The next member of the run after this one: a token, or particles and a token.
    pub(super) fn next(&self, text: &str, end: usize) -> Option<Self> {
        let mut at = self.end + gap(text.get(self.end..end)?)?;
        for _ in 0..3 {
            let rest = text.get(at..end)?;
            if rest.chars().next()?.is_uppercase() {
                return Self::at(text, at, end);
            }
            let word = rest.get(..word_length(rest))?;
            if !PARTICLES.contains(&word) {
                return None;
            }
            at += word.len() + gap(rest.get(word.len()..)?)?;
        }
        None
    }

    /// The member of the run before this one.
    pub(super) fn previous(&self, text: &str, begin: usize) -> Option<Self> {
        let mut at = self.start;
        for _ in 0..3 {
            let before = text.get(begin..at)?;
            let joined = before.trim_end_matches([' ', '\u{a0}', '_']);
            if before.len() == joined.len() || before.len() - joined.len() > 2 {
                return None;
            }
            let start = begin + word_start(joined)?;
            let word = text.get(start..begin + joined.len())?;
            if word.chars().next()?.is_uppercase() {
                let token = Self::at(text, start, begin + joined.len())?;
                return (token.end == begin + joined.len()).then_some(token);
            }
            if !PARTICLES.contains(&word) {
                return None;
            }
            at = start;
        }
        None
    }
}

/// The word that ends `before` but for spaces and quotation marks, and what stands between.
pub(super) fn word_before(before: &str) -> (&str, char) {
    let spaced = before.trim_end_matches([' ', '\u{a0}', '_']);
    let mark = spaced.chars().next_back().unwrap_or('\n');
    if mark.is_alphanumeric() {
        let start = word_start(spaced).unwrap_or(spaced.len());
        (spaced.get(start..).unwrap_or_default(), ' ')
    } else {
        let quoted = spaced.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '\n');
        let start = word_start(quoted).unwrap_or(quoted.len());
        (quoted.get(start..).unwrap_or_default(), mark)
    }
}

/// The word that begins `after`, and what stands before it.
pub(super) fn word_after(after: &str) -> (&str, char) {
    let spaced = after.trim_start_matches([' ', '\u{a0}', '_']);
    let mark = spaced.chars().next().unwrap_or('\n');
    let word = if mark.is_alphanumeric() {
        spaced
    } else {
        spaced.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '\n')
    };
    let length = word.find(|c: char| !c.is_alphanumeric());
    let found = word.get(..length.unwrap_or(word.len()).min(MAX_WORD));
    (
        found.unwrap_or_default(),
        if mark.is_alphanumeric() { ' ' } else { mark },
    )
}

/// The word in lower case and composed.
pub(super) fn lowered(word: &str) -> String {
    if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        let small = word.chars().flat_map(char::to_lowercase);
        if word.contains(is_accent) {
            small.nfc().collect()
        } else {
            small.collect()
        }
    }
}

/// Bytes of the word that `text` begins with: letters, and single hyphens and apostrophes between
/// letters.
pub(super) fn word_length(text: &str) -> usize {
    let mut end = 0;
    let mut joint = false;
    for (at, c) in text.char_indices() {
        if c.is_alphabetic() || is_accent(c) {
            end = at + c.len_utf8();
            joint = false;
        } else if is_joint(c) && !joint && at > 0 {
            joint = true;
        } else {
            break;
        }
    }
    end
}

/// Whether a letter, or a joint after a letter, stands at the end of `before`, so that what follows
/// is not the beginning of a word.
pub(super) fn is_inside_word(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some(c) if c.is_alphanumeric() || is_accent(c) => true,
        Some(c) if is_joint(c) => back.next().is_some_and(char::is_alphabetic),
        _ => false,
    }
}

/// Where the word begins that `before` ends with (its full stop may follow an initial).
fn word_start(before: &str) -> Option<usize> {
    let word = before.strip_suffix('.').unwrap_or(before);
    let mut start = None;
    for (at, c) in word.char_indices().rev().take(MAX_WORD) {
        if c.is_alphabetic() || is_accent(c) {
            start = Some(at);
        } else if !is_joint(c) {
            break;
        }
    }
    start
}

/// Bytes of what may stand between two words of a name.
fn gap(text: &str) -> Option<usize> {
    let rest = text.trim_start_matches([' ', '\u{a0}', '_']);
    let length = text.len() - rest.len();
    (1..=2).contains(&length).then_some(length)
}

fn is_joint(c: char) -> bool {
    matches!(c, '-' | '\'' | '’' | '‑')
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn looked_up(lower: &str) -> (Lists, bool) {
    let own = whole_or_parts(lower);
    let names = Lists::ANY_FIRST.union(Lists::ANY_LAST);
    let base = lower.strip_suffix("'s").or(lower.strip_suffix('s'));
    let base = base.map(|base| base.trim_end_matches('\''));
    match base.filter(|base| base.len() > 2 && !own.meets(Lists::FIRST.union(Lists::LAST))) {
        Some(base) => {
            let letters = base.chars().count();
            let base = whole_or_parts(base);
            let norwegian = Lists::FIRST.union(Lists::LAST);
            if own.meets(Lists::ANY_WORD) && !(letters > 3 && base.meets(norwegian)) {
                return (own, false);
            }
            (own.union(base), base.meets(names) && !own.meets(names))
        }
        None => (own, false),
    }
}

fn whole_or_parts(lower: &str) -> Lists {
    let whole = NAMES.lists(lower);
    if whole != Lists::default() {
        return whole;
    }
    if !lower.contains('-') {
        return inflected(lower);
    }
    let parts = lower.split('-').map(|part| NAMES.lists(part));
    parts.fold(Lists::default(), Lists::union)
}

/// `WORD` for a form of a common word; the lists mostly hold the base forms.
fn inflected(lower: &str) -> Lists {
    let bases = ENDINGS.iter().filter_map(|ending| lower.strip_suffix(ending));
    let common = |base: &str| base.len() > 3 && NAMES.lists(base).meets(Lists::WORD);
    if bases.into_iter().any(common) {
        Lists::WORD
    } else {
        Lists::default()
    }
}

fn sort(word: &str, lower: &str, lists: Lists, capitals: bool) -> Sort {
    let is = |list| lists.meets(list);
    if DATES.contains(&lower) {
        return Sort::EnglishWord;
    }
    let parts = word.split(is_joint).skip(1);
    let derived = |part: &str| part.chars().nth(1).is_some() && part.starts_with(char::is_lowercase);
    if parts.into_iter().any(derived) {
        return Sort::Derived;
    }
    let named = is(Lists::FIRST) || is(Lists::LAST);
    if (capitals && !named && word.chars().count() <= 5) || is_camel_case(word) {
        return Sort::Acronym;
    }
    let common = is(Lists::WORD);
    match (is(Lists::FIRST), is(Lists::LAST)) {
        (true, _) if common => Sort::FirstOrWord,
        (true, true) => Sort::FirstOrLast,
        (true, false) => Sort::First,
        (false, true) if common => Sort::LastOrWord,
        (false, true) if is(Lists::ANY_PLACE) => Sort::LastOrPlace,
        (false, true) => Sort::Last,
        (false, false) => foreign_sort(lists),
    }
}

/// Whether a capital follows a small letter inside a word, other than in `McCartney` and its like.
fn is_camel_case(word: &str) -> bool {
    let bytes = word.char_indices().zip(word.chars().skip(1));
    let mut humps = bytes.filter(|((_, one), two)| one.is_lowercase() && two.is_uppercase());
    let first = humps.next().and_then(|((at, one), _)| word.get(..at + one.len_utf8()));
    let prefixed = first.is_some_and(|prefix| HUMP_PREFIXES.contains(&prefix));
    (first.is_some() && !prefixed) || humps.next().is_some()
}

fn foreign_sort(lists: Lists) -> Sort {
    let is = |list| lists.meets(list);
    let named = is(Lists::ANY_FIRST) || is(Lists::ANY_LAST);
    if is(Lists::ANY_WORD) && named {
        Sort::ForeignOrWord
    } else if is(Lists::ANY_PLACE) {
        Sort::Place
    } else if is(Lists::FIRST_SWEDEN.union(Lists::FIRST_WORLD)) {
        Sort::ForeignFirst
    } else if is(Lists::ANY_LAST) {
        Sort::ForeignLast
    } else if named {
        Sort::RareFirst
    } else if is(Lists::WORD) {
        Sort::Word
    } else if is(Lists::WORD_ENGLISH) {
        Sort::EnglishWord
    } else {
        Sort::Unknown
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests may panic")]
mod tests {
    use super::*;

    fn run(text: &str, start: usize) -> Vec<&str> {
        let mut words = Vec::new();
        let mut token = Token::at(text, start, text.len());
        while let Some(here) = token {
            words.push(&text[here.start..here.end]);
            token = here.next(text, text.len());
        }
        words
    }

    #[test]
    fn runs_reach_over_particles_initials_and_hyphens() {
        let cases: [(&str, &[&str]); 5] = [
            ("Per-Arne von der Lippe kom", &["Per-Arne", "Lippe"]),
            ("H. K. Bratteberg og", &["H.", "K.", "Bratteberg"]),
            ("Marius_Haugstulen_2023", &["Marius", "Haugstulen"]),
            ("Siri. Ola", &["Siri"]),
            ("O’Brien\nOla", &["O’Brien"]),
        ];
        for (text, words) in cases {
            assert_eq!(run(text, 0), words);
        }
    }

    #[test]
    fn what_stands_before_is_the_run_backwards() {
        let text = "møtte H. K. af Bratteberg";
        let last = Token::at(text, 16, text.len()).unwrap();
        let second = last.previous(text, 0).unwrap();
        assert_eq!(second.lower, "k");
        let first = second.previous(text, 0).unwrap();
        assert_eq!((first.start, first.sort), (7, Sort::Initial));
        assert!(first.previous(text, 0).is_none());
        assert_eq!(word_before("sa «"), ("sa", '«'));
        assert_eq!(word_before("sa "), ("sa", ' '));
        assert_eq!(word_after(" sa ja"), ("sa", ' '));
        assert_eq!(word_after(", (45)"), ("45", ','));
    }

    #[test]
    fn lists_see_through_genitive_and_hyphen() {
        let token = |word: &str| Token::at(word, 0, word.len()).unwrap();
        assert!(token("Solbergs").genitive);
        assert!(!token("Hans").genitive);
        assert!(token("Anne-Marie").lists.meets(Lists::FIRST));
        assert_eq!(token("Høyre-leder").sort, Sort::Derived);
        assert_eq!(token("NRK").sort, Sort::Acronym);
        assert_eq!(token("Regjeringen").sort, Sort::Word);
    }
}
