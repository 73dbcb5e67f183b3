//! Addresses of network cards.

use std::ops::Range;

use crate::detect::labels::told;
use crate::detect::letters::{begins_word, byte, count_before, count_from, ends_word, is_hex_letter};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Group, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: MacAddress = MacAddress;

pub(super) struct MacAddress;

static ADDRESS: Kind = Kind {
    detector: "mac-address",
    kind: "mac-address",
    category: Category::Online,
    digested: true,
    precedence: 56,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "mac-address",
    title: "MAC address",
    version: 3,
    kinds: &[&ADDRESS],
    explanation: "\
Finds six groups of two hexadecimal digits with colons or hyphens, `00:00:5e:00:53:01`, and three of
four with full stops where digits begin a group.

## How it is checked
The form alone; the empty address and the broadcast are left out. Twelve digits without separators need a label
or a header.

## Levels
Low: a device's address is personal where its owner is known. Addresses that devices make up
themselves (bit 2 of the first byte) carry the reason `odd-form`.

## Source
IEEE 802; RFC 7042 for addresses of documentation.",
    examples: &[
        found("MAC-adresse: 00005E0053AF", "00005E0053AF"),
        found("00-00-5E-00-53-01", "00-00-5E-00-53-01"),
        found("MAC: 00:00:5e:00:53:01,", "00:00:5e:00:53:01"),
        found("0000.5e00.5301", "0000.5e00.5301"),
    ],
    counter_examples: &[
        "00005E00530A", "0011.2233.4455.6677", "00:00:5e:00:53", "ff:ff:ff:ff:ff:ff", "12:34:56:78:90", "00:00:5e:00:53:01:02",
    ],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str) -> Example {
    Example { text, found, kind: "mac-address", confidence: Confidence::Low }
}

/// How far before an address its label is looked for.
const LABEL_BYTES: usize = 20;

impl Detector for MacAddress {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP.and(Anchors::JOINT)
    }

    fn shapes(&self) -> &'static [Shape] {
        const SOME: Shape = Shape::of(Lengths::between(1, 11));
        const NO_DIGIT: Beside = Beside::ANY.without(Beside::DIGIT);
        const {
            &[
                SOME.before(Beside::HEX).lead(NO_DIGIT),
                SOME.before(Beside::NO_LETTER).after(Beside::HEX.and(Beside::DOT)),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        match anchor {
            Anchor::Group(group) if may_be_of_one(window.text, group) => {
                hits.extend(of_group(window, group.at, &group.spot));
            }
            Anchor::Joint { at, spot } => {
                let separator = byte(window.text, *at).unwrap_or_default();
                let start = at.saturating_sub(2);
                if count_before(window.text, *at, 3, u8::is_ascii_hexdigit) == 2 {
                    hits.extend(address(window, (start, separator, 2), spot));
                }
            }
            Anchor::Group(_) | Anchor::Digits(_) | Anchor::At { .. } | Anchor::Capital { .. } | Anchor::Cell(_) | Anchor::Term { .. } => {}
        }
    }
}

/// The address that begins at a byte, with this separator after groups of so many digits.
fn address(
    window: &Window<'_>,
    (start, separator, length): (usize, u8, usize),
    spot: &Spot,
) -> Option<Hit> {
    let text = window.text;
    let before = start.checked_sub(1).and_then(|at| byte(text, at));
    if !begins_word(text, start) || before == Some(separator) {
        return None;
    }
    let groups = 12 / length;
    let mut end = start;
    for group in 0..groups {
        let digits = count_from(text, end, length + 1, u8::is_ascii_hexdigit);
        end += digits;
        let apart = group + 1 == groups || byte(text, end) == Some(separator);
        (digits == length && apart).then_some(())?;
        end += usize::from(group + 1 < groups);
    }
    let goes_on = byte(text, end) == Some(separator)
        && (separator != b'.' || byte(text, end + 1).is_some_and(|byte| byte.is_ascii_hexdigit()));
    let free = !goes_on && ends_word(text, end);
    free.then(|| hit(window, start..end, spot)).flatten()
}

/// The address of which the group at a byte holds the first decimal digit.
fn of_group(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    address(window, (at, b'.', 4), spot).or_else(|| unseparated(window, at, spot))
}

/// Whether the hexadecimal digits around the group begin a word and are twelve, or four with a full
/// stop behind: told at less cost than an address, since most groups stand inside of other ids.
fn may_be_of_one(text: &str, group: &Group) -> bool {
    let letters = count_before(text, group.at, 12, |byte| is_hex_letter(*byte));
    let start = group.at - letters;
    let inside = start.checked_sub(1).and_then(|at| byte(text, at));
    if inside.is_some_and(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    match count_from(text, start, 13, u8::is_ascii_hexdigit) {
        12 => true,
        4 => letters == 0 && byte(text, start + 4) == Some(b'.'),
        _ => false,
    }
}

/// Twelve digits without separators, the first decimal one of which is at `at`: behind a label or under a header
/// only.
fn unseparated(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let text = window.text;
    let start = at - count_before(text, at, 12, |byte| is_hex_letter(*byte));
    let digits = count_from(text, start, 13, u8::is_ascii_hexdigit);
    let span = start..start + digits;
    let decimal = text.get(span.clone())?.bytes().all(|byte| byte.is_ascii_digit());
    let alone = begins_word(text, start) && ends_word(text, span.end);
    let fits = digits == 12 && !decimal && alone;
    let named = || window.row.and_then(|row| row.field()).is_some_and(|field| is_called_so(&field.name));
    let near = text.ceil_char_boundary(start.saturating_sub(LABEL_BYTES));
    let labelled = || text.get(near..start).is_some_and(is_called_so);
    (fits && (named() || labelled())).then(|| hit(window, span, spot)).flatten()
}

/// Whether a label ends with `MAC`, `MAC-adresse`, `wifiMacAddress` or the like.
fn is_called_so(label: &str) -> bool {
    let label = label.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let ends = ["adresse", "address", "adr", "addr", "nr"];
    let short = ends.iter().find_map(|end| label.strip_suffix(end)).unwrap_or(&label);
    let short = short.trim_end_matches(|c: char| !c.is_alphanumeric());
    short.ends_with("mac") || short.ends_with("hw")
}

/// The hit of an address; none for those that lead to nobody.
fn hit(window: &Window<'_>, span: Range<usize>, spot: &Spot) -> Option<Hit> {
    let text = window.text;
    let digits = text.get(span.clone())?.chars().filter(char::is_ascii_hexdigit);
    let canonical: String = digits.map(|c| c.to_ascii_lowercase()).collect();
    let same = |of: char| canonical.chars().all(|c| c == of);
    if same('0') || same('f') {
        return None;
    }
    let first = canonical.get(..2).and_then(|first| u8::from_str_radix(first, 16).ok())?;
    let told = told(window, spot, &span, Concepts::NETWORK);
    Some(Hit {
        kind: &ADDRESS,
        span,
        confidence: Confidence::Low,
        evidence: told
            .evidence()
            .with_if(first & 2 != 0, Evidence::OddForm)
            .with_if(canonical.starts_with("00005e0053"), Evidence::Documentation),
        canonical: Some(canonical),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::Cut;

    proptest! {
        /// Planted fault that this caught: a single full stop was not looked for behind four digits.
        #[test]
        fn no_address_is_passed_over(
            around in "[g .å:-]{0,2}",
            address in "([0-9a-fA-F]{12}|[0-9a-f]{4}\\.[0-9a-f]{4}\\.[0-9a-f]{4})",
            behind in "[g .å0-9-]{0,2}",
        ) {
            let text = format!("MAC {around}{address}{behind}");
            let cut = Cut::of_text(&text);
            let spot = Spot::in_text(jiff::civil::date(2026, 11, 1));
            for (at, _) in text.match_indices(|c: char| c.is_ascii_digit()) {
                let length = count_from(&text, at, 20, u8::is_ascii_digit);
                let group = Group { at, length, spot };
                if !may_be_of_one(&text, &group) {
                    prop_assert!(of_group(&cut.window, at, &spot).is_none(), "{text:?} at {at}");
                }
            }
        }
    }
}
