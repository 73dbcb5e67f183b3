//! What a second reading of the same thing adds to the first: another engine's, or that of a picture
//! of a page whose text is known already.

use std::collections::HashMap;

/// The lines of a second reading that hold a word or number which the first did not have, or not as
/// often, so that what both read is told once.
pub(super) fn added_by(second: &str, first: &str) -> String {
    let mut told: HashMap<&str, usize> = HashMap::new();
    for word in words(first) {
        *told.entry(word).or_default() += 1;
    }
    let mut added = String::new();
    for line in second.lines() {
        let mut new = false;
        for word in words(line) {
            match told.get_mut(word) {
                Some(left) if *left > 0 => *left -= 1,
                Some(_) | None => new = true,
            }
        }
        if new {
            added.push_str(line);
            added.push('\n');
        }
    }
    added
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::added_by;

    #[test]
    fn of_a_second_reading_only_what_is_new_is_told() {
        let first = "Kari 15888610046\nO\u{fffd}a bor her";
        let second = "Kari 15888610046\nOla bor her\nKari";
        assert_eq!(added_by(second, first), "Ola bor her\nKari\n");
        assert_eq!(added_by("her bor\nKari", first), "");
    }
}
