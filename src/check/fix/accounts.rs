//! Invented accounts, in registers that no bank has, and published test cards.

use super::{below, digits_into, numbers, one};
use crate::detect::{identity, is_assigned_register};

/// The weights of an account's control digit.
const WEIGHTS: [u32; 10] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/// An account number in an unassigned register that cannot be read as an identity number.
pub(super) fn account(draw: &mut impl FnMut() -> u64) -> Option<String> {
    let register = u16::try_from(1 + below(draw, 9999)).ok()?;
    if is_assigned_register(register) {
        return None;
    }
    let (group, customer) = (1 + below(draw, 99), below(draw, 10_000));
    let ten = format!("{register:04}{group:02}{customer:04}");
    let number = format!("{ten}{}", numbers::control(&ten, &WEIGHTS)?);
    identity::parse(numbers::array(&number)?)
        .is_none()
        .then_some(number)
}

/// The account in the form of a Norwegian IBAN as it is written.
pub(super) fn iban_written(text: &str, account: &str) -> Option<String> {
    // ISO 13616: the letters N and O are 23 and 24, and the check digits come last as 00.
    let all = format!("{account}232400");
    let rest = all.bytes().fold(0_u32, |rest, byte| {
        (rest * 10 + u32::from(byte - b'0')) % 97
    });
    digits_into(text, &format!("{:02}{account}", 98 - rest))
}

/// A published test card of the same length.
pub(super) fn card(old: &str, draw: &mut impl FnMut() -> u64) -> Option<String> {
    let list: &[&str] = match old.len() {
        16 => &[
            "4111111111111111",
            "4242424242424242",
            "5555555555554444",
            "5105105105105100",
        ],
        15 => &["378282246310005", "371449635398431"],
        14 => &["30569309025904", "38520000023237"],
        13 => &["4222222222222"],
        _ => return None,
    };
    Some(one(draw, list).to_owned())
}
