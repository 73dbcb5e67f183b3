//! Whether an id in the register is a Norwegian identity number, which does not belong there.
//!
//! Control digits only: no dates, no kinds.

/// Weights of the first control digit (Norwegian Tax Administration, national registry).
const FIRST: [u32; 9] = [3, 7, 6, 1, 8, 9, 4, 5, 2];
/// Weights of the second.
const SECOND: [u32; 10] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/// Whether the text holds eleven digits that pass both control digits; blanks, dots and hyphens
/// between digits do not hide them.
pub(super) fn looks_like_identity_number(text: &str) -> bool {
    let mut digits: Vec<u32> = Vec::new();
    let mut found = false;
    let end = std::iter::once('\0');
    for c in text.chars().chain(end) {
        match c.to_digit(10) {
            Some(digit) => digits.push(digit),
            None if matches!(c, ' ' | '.' | '-' | '\u{a0}') => {}
            None => {
                found |= digits.len() == 11 && passes(&digits);
                digits.clear();
            }
        }
    }
    found
}

fn passes(digits: &[u32]) -> bool {
    let rest = |weights: &[u32]| {
        let sum: u32 = weights.iter().zip(digits).map(|(w, d)| w * d).sum();
        (11 - sum % 11) % 11
    };
    digits.get(9) == Some(&rest(&FIRST)) && digits.get(10) == Some(&rest(&SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eleven_digits_with_right_control_digits_are_refused() {
        // Synthetic: born 15 October 1986 with 80 added to the month, control digits computed here.
        let stem = [1, 5, 9, 0, 8, 6, 9, 5, 0];
        let sum = |weights: &[u32], digits: &[u32]| -> u32 {
            let sum: u32 = weights.iter().zip(digits).map(|(w, d)| w * d).sum();
            (11 - sum % 11) % 11
        };
        let mut digits = stem.to_vec();
        digits.push(sum(&FIRST, &digits));
        digits.push(sum(&SECOND, &digits));
        assert!(digits.iter().all(|d| *d < 10), "choose another stem");
        let text: String = digits.iter().map(u32::to_string).collect();
        assert!(looks_like_identity_number(&text));
        assert!(looks_like_identity_number(&format!(
            "cand:{} {}",
            text.get(..6).unwrap(),
            text.get(6..).unwrap()
        )));
        assert!(!looks_like_identity_number(&format!("{text}1")));
        let other = text.replacen('1', "2", 1);
        assert!(!looks_like_identity_number(&other));
        assert!(!looks_like_identity_number("cand:117"));
    }
}
