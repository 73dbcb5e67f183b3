//! What the name of a field says of its values: `fnr`, `Fødselsnummer`, `kunde.telefonNr`,
//! `KONTO_NR`.

use super::phrases;
use super::words::{Concepts, sense};

/// What the field's name speaks of. The last part of a path counts most: the parts before it are
/// asked only when it says nothing.
pub(super) fn of(name: &str) -> Concepts {
    let whole = as_one_word(&split(name));
    if !whole.is_empty() {
        return whole;
    }
    if let Some(by_two) = of_last_two(name) {
        return by_two;
    }
    if let Some(either) = of_either(name) {
        return either;
    }
    let segments = name.rsplit(['.', '/', '[', ':', '@']);
    // Inside of a path a cell is one of a table, and no telephone.
    let segments = segments.enumerate();
    let telling = segments.filter(|(level, own)| *level == 0 || !own.eq_ignore_ascii_case("cell"));
    telling
        .map(|(_, own)| of_segment(own))
        .find(|concepts| !concepts.is_empty())
        .unwrap_or_default()
}

/// What one or the other speaks of, where both are told: `Fødselsnr./org.nr.`.
fn of_either(name: &str) -> Option<Concepts> {
    let (one, other) = name.split_once('/')?;
    let (one, other) = (as_one_word(&split(one)), as_one_word(&split(other)));
    (!one.is_empty() && !other.is_empty()).then_some(one.and(other))
}

/// What the last two parts of a path speak of as one word: `birth.date`.
fn of_last_two(name: &str) -> Option<Concepts> {
    let (before, last) = name.rsplit_once('.')?;
    let parent = before.rsplit('.').next()?;
    let concepts = as_one_word(&[split(parent), split(last)].concat());
    (!concepts.is_empty()).then_some(concepts)
}

/// What one part of a name speaks of: as one word, by pairs of its words, or by its words.
fn of_segment(segment: &str) -> Concepts {
    let words = split(segment);
    let joined = as_one_word(&words);
    if !joined.is_empty() {
        return joined;
    }
    let pairs = words.windows(2).map(|pair| match pair {
        [one, two] => sense(&pair.concat()).and(phrases::together(one, two)),
        _ => Concepts::NONE,
    });
    let by_pairs = pairs.fold(Concepts::NONE, Concepts::and);
    if !by_pairs.is_empty() {
        return by_pairs;
    }
    // A single letter of a column name is no label.
    let singles = words.iter().filter(|word| word.chars().count() > 1);
    singles
        .map(|word| sense(word))
        .fold(Concepts::NONE, Concepts::and)
}

/// What the words speak of when written as one; a single letter is no name.
fn as_one_word(words: &[String]) -> Concepts {
    let joined = words.concat();
    if joined.chars().count() > 1 {
        sense(&joined)
    } else {
        Concepts::NONE
    }
}

/// The words of an identifier or a title in lower case: `kundeFnr`, `KONTO_NR`, `Tlf. privat`.
fn split(segment: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut after_small = false;
    for c in segment.chars() {
        let hump = c.is_uppercase() && after_small;
        if (hump || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        after_small = c.is_lowercase() || c.is_numeric();
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_names_are_understood() {
        for name in [
            "fnr",
            "fødselsnummer",
            "Fødselsnr.",
            "FODSELSNR",
            "foedselsEllerDNummer",
            "person.fnr",
            "kunde_fnr",
            "Personnr.",
            "norEduPersonNIN",
            "birth number",
            "Birth no.",
            "national_id",
            "Fødselsnr./org.nr.",
            "ansatt.fnr.verdi",
            "F.nr",
        ] {
            assert!(of(name).meet(Concepts::FNR), "{name}");
        }
        for name in [
            "kontonr",
            "Konto nr",
            "KONTO_NR",
            "bankAccount",
            "kunde.kontonummer",
            "Lønnskonto",
        ] {
            assert!(of(name).meet(Concepts::ACCOUNT), "{name}");
        }
        for name in [
            "telefon",
            "Tlf. privat",
            "mobilNr",
            "phone_number",
            "kunde.telefon",
            "Mob.",
        ] {
            assert!(of(name).meet(Concepts::PHONE), "{name}");
        }
        for name in ["epost", "E-post", "email", "e-mail address", "kontaktEpost"] {
            assert!(of(name).meet(Concepts::EMAIL), "{name}");
        }
        assert!(of("Fødselsdato").meet(Concepts::BIRTH));
        assert!(of("data.birth.date").meet(Concepts::BIRTH));
        assert!(of("kundenr").meet(Concepts::REFERENCE));
    }

    #[test]
    fn other_names_say_nothing() {
        for name in [
            "",
            "id",
            "kontor",
            "personlig",
            "verdi",
            "m",
            "f",
            "Row.Cell.Data",
        ] {
            assert_eq!(of(name), Concepts::NONE, "{name}");
        }
    }
}
