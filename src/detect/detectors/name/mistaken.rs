//! What is written like a name and is none by its form or by the marks right beside it: labels,
//! identifiers in code and logs, streets with a number.

use smallvec::SmallVec;

use super::column::{self, Column};
use super::context::Scope;
use super::words;
use crate::detect::gazetteer::{Lists, NAMES};
use crate::detect::names::document::Thought;
use crate::detect::names::word::{Sort, shape};

/// Words that forms put before a value, and abbreviations of them.
const LABELS: [&str; 12] = [
    "tlf", "mob", "fnr", "adr", "avd", "ref", "kopi", "vedr", "sign", "telefon", "mobil", "merknad",
];

/// Labels of a program in mails and pictures.
const PROGRAMS: [&str; 7] =
    ["x-mailer", "user-agent", "x-mimeole", "x-newsreader", "generator", "software", "creatortool"];

/// Places that are written like a first name with a surname, and that stand in lists of countries.
const TERRITORIES: [&str; 1] = ["Jan Mayen"];

/// English words that ask for something and may be first names or stand before one.
const ASKS: [&str; 6] = ["ask", "call", "ping", "tell", "mark", "contact"];
/// Words before a letter that counts parts of a text: `Tillegg A. Historie`.
const PARTS: [&str; 12] = [
    "tillegg", "vedlegg", "appendix", "bilag", "kapittel", "kap", "chapter", "del", "part", "avsnitt", "section", "alternativ",
];
/// Words before the name of a product.
const COUNTED: [&str; 6] = ["stk", "modell", "merket", "merke", "type", "produktet"];

/// Words that lists of names of the world hold too, or that begin a sentence of a program: products, companies,
/// fonts, what presentation programs write into each template, and the Latin that fills a layout.
const NOBODY: [&str; 48] = [
    "aenean", "agresso", "aliquam", "azure", "braathens", "calibri", "click", "cras", "curae", "debian",
    "delphi", "docker", "donec", "duis", "edit", "ephorte", "etiam", "fusce", "gradle", "grafana", "ipsum",
    "java", "jenkins", "jira", "kafka", "klikk", "light", "linux", "lorem", "maecenas", "master", "mauris",
    "morbi", "nullam", "nunc", "pellentesque", "perl", "phasellus", "praesent", "proin", "quisque", "rema",
    "sbanken", "scala", "storebrand", "suspendisse", "ubuntu", "vivamus",
];

/// Whether a word in lower case asks the person that follows, in an English sentence that goes on
/// with `after`: `Ask Heidi Tangen if unsure`.
pub(super) fn asks(lower: &str, after: &str) -> bool {
    let next = || NAMES.lists(&words::lowered(words::word_after(after).0));
    ASKS.contains(&lower) && next().meets(Lists::WORD_ENGLISH) && !next().meets(Lists::WORD)
}

/// Whether the time of a message stands at the end: `[18:07:00] `, `18:07 `.
pub(super) fn ends_with_time(before: &str) -> bool {
    let bare = before.strip_suffix(' ').unwrap_or_default().trim_end_matches([']', ')', ',']);
    let rest = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    bare.len() == rest.len() + 2 && rest.ends_with(':')
}

/// Whether a word alone is one of English, by a small English word beside it: `Click on the layer`. Whoever is
/// called so has a first name that Norwegians have, or stands with another name.
pub(super) fn is_english(scope: &Scope<'_>, (start, end): (usize, usize), thought: &Thought) -> bool {
    let english = |word: &str| {
        let lists = NAMES.lists(word);
        word.starts_with(|c: char| c.is_ascii_lowercase()) && lists.meets(Lists::WORD_ENGLISH) && !lists.meets(Lists::WORD)
    };
    thought.lists.meets(Lists::WORD_ENGLISH)
        && !thought.lists.meets(Lists::FIRST)
        && (english(words::word_after(scope.after(end)).0) || english(words::word_before(scope.before(start)).0))
}

/// Whether the first letter of a name counts parts of a text, by the word before it.
pub(super) fn is_counted(scope: &Scope<'_>, start: usize, first: &Thought) -> bool {
    let before = || words::lowered(words::word_before(scope.before(start)).0);
    first.sort == Sort::Initial && PARTS.contains(&before().as_str())
}

/// What joins one name to the next.
const JOINS: [&str; 6] = [", ", " og ", " eller ", " & ", " and ", " or "];

/// The lists of the capitalised words that something joins to a name between `before` and `after`.
pub(super) fn joined(before: &str, after: &str) -> impl Iterator<Item = Lists> {
    let behind = JOINS.iter().find_map(|join| after.strip_prefix(join)).unwrap_or_default();
    let behind = behind.get(..words::word_length(behind)).unwrap_or_default();
    let ahead = JOINS.iter().find_map(|join| before.strip_suffix(join)).unwrap_or_default();
    let ahead = ahead.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    [behind, ahead]
        .into_iter()
        .filter(|word| word.starts_with(char::is_uppercase))
        .map(|word| NAMES.lists(&words::lowered(word)))
        .collect::<SmallVec<[Lists; 2]>>()
        .into_iter()
}

/// Small words for persons and those near to one, which a name is joined to.
const PERSONS: [&str; 24] = [
    "jeg", "eg", "du", "han", "hun", "ho", "hen", "vi", "me", "de", "dei", "den", "det", "kona", "mannen", "mora",
    "faren", "familien", "barna", "ungene", "broren", "søsteren", "sønnen", "datteren",
];

/// Whether a common word begins a sentence as that: `Stein og sand leveres`, `Unn deg en pause`. A name would be
/// joined to another one.
pub(super) fn begins_as_word(before: &str, after: &str, thought: &Thought) -> bool {
    let (next, mark) = words::word_after(after);
    if mark != ' ' || !begins_sentence(before) {
        return false;
    }
    if ["deg", "dere", "dykk"].contains(&next) {
        return true;
    }
    if !thought.lists.meets(Lists::WORD) {
        return false;
    }
    let joins = ["og", "eller"].contains(&next);
    let (other, _) = words::word_after(after.split_once(next).map_or("", |(_, rest)| rest));
    let small = other.starts_with(char::is_lowercase) && !PERSONS.contains(&other);
    joins && small && NAMES.lists(other).meets(Lists::WORD)
}

/// Names that people in Norway have, of Statistics Norway.
const SSB: Lists = Lists::FIRST.union(Lists::LAST);

/// Whether a common word begins a sentence that nobody in Norway is called by: `Fila ble fjernet`.
pub(super) fn begins_common(scope: &Scope<'_>, start: usize, thought: &Thought) -> bool {
    thought.lists.meets(Lists::WORD) && !thought.lists.meets(SSB) && begins_sentence(scope.before(start))
}

/// Whether a sentence or a line begins behind `before`.
fn begins_sentence(before: &str) -> bool {
    let open = before.trim_end_matches([' ', '«', '"', '–', '-', '•', '\u{a0}']);
    open.is_empty() || open.ends_with(['.', '!', '?', ':', '\n'])
}

/// Labels in forms before what is one word and no name, besides those of columns.
const OTHERS: [&str; 22] = [
    "nasjonalitet", "nationality", "statsborgerskap", "statsborgarskap", "språk", "language", "languages", "yrke",
    "sivilstand", "sivilstatus", "kjønn", "gender", "fødested", "fødestad", "hjemsted", "bosted", "bustad", "bransje",
    "fag", "emne", "måned", "månad",
];

/// Bytes of the longest of such labels with what stands before it in its line.
const LABEL: usize = 40;

/// Whether a label right before says that something else than a person comes: `Nasjonalitet: Italiener`.
fn is_told(before: &str) -> bool {
    let Some(key) = before.trim_end_matches([' ', '\t']).strip_suffix(':') else {
        return false;
    };
    let line = key.rsplit(['\n', ';', ',']).next().unwrap_or_default();
    let other = || OTHERS.contains(&words::lowered(words::word_before(line).0).as_str());
    line.len() <= LABEL && (column::of(line) == Column::Other || other())
}

/// Whether it is put together of capitals and a word, as types of programs are: `OSError`.
fn is_coined(word: &str) -> bool {
    let mut letters = word.chars();
    let capitals = letters.by_ref().take(2).filter(|c| c.is_uppercase()).count();
    capitals == 2 && letters.next().is_some_and(char::is_alphabetic) && word.contains(char::is_lowercase)
}

/// Months that English names have too, and what stands before a month.
const MONTHS: [&str; 5] = ["May", "April", "June", "August", "January"];
const SINCE: [&str; 10] = ["in", "of", "by", "until", "since", "during", "early", "late", "last", "next"];

/// Whether a month of an English sentence is meant: `joined in May`.
fn is_month(before: &str, word: &str) -> bool {
    MONTHS.contains(&word) && SINCE.contains(&words::word_before(before).0)
}

/// Whether the words are those of a product with a letter: `Model Y`.
pub(super) fn is_lettered(thoughts: &[Thought]) -> bool {
    let names = Lists::FIRST.union(Lists::LAST);
    match thoughts {
        [first, letter] => {
            let bare = letter.sort == Sort::Initial && letter.shape & shape::STOP == 0;
            bare && !first.lists.meets(names)
        }
        _ => false,
    }
}

/// Whether each word of a name is one that nobody is called by.
pub(super) fn is_nobody(name: &str) -> bool {
    name.split([' ', '-']).all(|word| NOBODY.contains(&words::lowered(word).as_str()))
}

/// Whether a name of several words is that of a place.
pub(super) fn is_territory(name: &str) -> bool {
    TERRITORIES.contains(&name.strip_suffix('s').unwrap_or(name))
}

/// Whether the word from `start` to `end`, which stands alone, is none of a name by what stands
/// right beside it, or by its form.
pub(super) fn alone(scope: &Scope<'_>, (start, end): (usize, usize), thought: &Thought) -> bool {
    let word = scope.text.get(start..end).unwrap_or_default();
    let (before, after) = (scope.before(start), scope.after(end));
    is_in_code(before, after)
        || is_constant(thought)
        || is_label(word)
        || is_country(word, thought)
        || COUNTED.contains(&words::word_before(before).0)
        || is_month(before, word)
        || is_told(before)
        || is_coined(word)
        || begins_as_word(before, after, thought)
        || !thought.lists.meets(Lists::FIRST) && is_numbered(after)
}

fn is_label(word: &str) -> bool {
    let lower = words::lowered(word);
    LABELS.contains(&lower.as_str()) || lower.len() > 3 && lower.ends_with("nr")
}

/// Whether it is part of a path of identifiers (`db.pool.Hikari`), called (`String.format(`), or
/// the name of something with a number (`Pool-1`).
pub(super) fn is_in_code(before: &str, after: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let path = before.strip_suffix('.').or_else(|| before.strip_suffix("::"));
    let parts = path.map(|path| path.trim_end_matches(small)).filter(|rest| Some(*rest) != path);
    let in_path = parts.is_some_and(|rest| rest.ends_with(['.', ':', '[', '(', '"', '\'', '/'])) || before.ends_with("::");
    let method = after.strip_prefix('.').map(|rest| rest.trim_start_matches(|c: char| c.is_alphanumeric()));
    // `Back.YELLOW`
    let constant = after.strip_prefix('.').is_some_and(|rest| {
        rest.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').count() >= 3
    });
    let called = constant || after.starts_with(['(', '{']) || after.starts_with("::");
    let method = method.is_some_and(|rest| rest.starts_with('(') && !after.starts_with(".("));
    let counted = after.strip_prefix(['-', '_']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    in_path || called || method || counted
}

/// Whether the line says before them that it names a program: `X-Mailer: Mozilla Thunderbird`.
pub(super) fn names_program(scope: &Scope<'_>, start: usize) -> bool {
    let line = scope.before(start).rsplit('\n').next().unwrap_or_default();
    line.split_once(':').is_some_and(|(label, _)| PROGRAMS.contains(&words::lowered(label.trim()).as_str()))
}

/// Whether the words are those of an identifier in capitals or without a first name: `INPUT_MOVE`, `Num_Lock`. A first
/// name and a surname joined so are a name in that of a file.
pub(super) fn is_identifier(scope: &Scope<'_>, (start, end): (usize, usize), thoughts: &[Thought]) -> bool {
    let joined = scope.text.get(start..end).unwrap_or_default().contains('_')
        || scope.before(start).ends_with('_')
        || scope.after(end).starts_with('_');
    let listed = |lists: Lists| thoughts.iter().any(|thought| thought.lists.meets(lists));
    let capitals = |thought: &Thought| thought.shape & shape::CAPITALS != 0 || thought.sort == Sort::Initial;
    let named = listed(Lists::FIRST) && listed(Lists::LAST);
    joined && (thoughts.iter().all(capitals) && !named || thoughts.len() > 1 && !listed(Lists::FIRST.union(Lists::FIRST_WORLD)))
}

/// Whether it is in capitals throughout and in no list of names.
fn is_constant(thought: &Thought) -> bool {
    let names = Lists::FIRST.union(Lists::LAST);
    thought.shape & shape::CAPITALS != 0 && !thought.lists.meets(names)
}

/// Whether it is the name of a country, or that with a genitive s, that nobody in Norway has as a
/// first name: of 2,777 such words in NorNE one is a person.
fn is_country(word: &str, thought: &Thought) -> bool {
    let lower = words::lowered(word);
    let base = lower.strip_suffix('s').map(|base| NAMES.lists(base)).unwrap_or_default();
    thought.lists.union(base).meets(Lists::COUNTRY) && !thought.lists.meets(Lists::FIRST)
}

/// Whether the number of a house follows and ends the item: `Solbakken 4C, 7010 Trondheim`.
fn is_numbered(after: &str) -> bool {
    let Some(rest) = after.strip_prefix(' ') else {
        return false;
    };
    let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.len() - number.len();
    let letter = number.strip_prefix(|c: char| c.is_ascii_alphabetic());
    let end = letter.unwrap_or(number);
    (1..=3).contains(&digits) && (end.is_empty() || end.trim_start_matches(' ').starts_with(['\n', '\r', ',', ';', '"', '<', '\t', '·', '|', '•']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_told_by_the_marks_beside_them() {
        for (before, after) in [
            ("INFO [db.pool.", "] trace"), ("return ", ".format(x)"), ("new ", "("), ("std::", "::new"),
            ("[", "-1] done"), ("u32::", " as u64"), ("(", ".YELLOW, 1)"),
        ] {
            assert!(is_in_code(before, after), "{before}|{after}");
        }
        for (before, after) in [
            ("", ".pdf"), ("sa ", " (45)"), ("Takk for sist.", " kom"), ("(", ")"), ("", "-gruppen"),
        ] {
            assert!(!is_in_code(before, after), "{before}|{after}");
        }
    }

    #[test]
    fn a_house_is_told_by_its_number() {
        assert!(is_numbered(" 4C, 7010 Trondheim") && is_numbered(" 93\n") && is_numbered(" 15 · 3015 Drammen"));
        assert!(!is_numbered(" 45 år") && !is_numbered(", 4") && !is_numbered(" 2024\n"));
    }

    #[test]
    fn who_speaks_and_who_is_asked_is_told_by_the_words_around() {
        assert!(ends_with_time("x\n[18:07:00] ") && ends_with_time("18:07 ") && !ends_with_time("kl. 7 "));
        assert!(asks("ask", " if unsure") && !asks("ask", " og eik") && !asks("kari", " if"));
    }

    #[test]
    fn labels_are_no_names() {
        assert!(is_label("Skjemanr") && is_label("Tlf") && !is_label("Linda"));
    }
}
