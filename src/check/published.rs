//! Values that authorities, standards and manuals publish as examples, and that reach nobody.
//!
//! Identity numbers are not among them: a published example whose form can be issued may be given to
//! somebody tomorrow, so it fails until it is replaced or allowed.

/// Norwegian telephone numbers that libphonenumber publishes as examples; none of them is reserved,
/// since Norway has no series for fiction.
const NORWEGIAN_PHONES: [&str; 9] = [
    "21234567", "40612345", "41234567", "79123456", "80012345", "81021234", "82012345", "88012345",
    "85012345",
];

/// Series for fiction and documentation in other countries: the digits before the part that is
/// free, and how many are free. Sources: NANPA (555-0100 to 555-0199), Ofcom («telephone numbers for
/// drama»), PTS («nummer för användning i böcker och filmer»), Traficom has none.
const FOREIGN_PHONES: [(&str, usize); 13] = [
    ("447700900", 3),
    ("442079460", 3),
    ("441134960", 3),
    ("441144960", 3),
    ("441154960", 3),
    ("441164960", 3),
    ("441174960", 3),
    ("441184960", 3),
    ("441214960", 3),
    ("441314960", 3),
    ("441414960", 3),
    ("448081570", 3),
    ("46701740", 3),
];

/// Whether a telephone number is a published example. `digits` are all its digits, with the country
/// code where it was written.
pub(super) fn is_phone(digits: &str) -> bool {
    let digits = digits.strip_prefix("00").unwrap_or(digits);
    let national = digits
        .strip_prefix("47")
        .filter(|rest| rest.len() == 8)
        .unwrap_or(digits);
    if NORWEGIAN_PHONES.contains(&national) {
        return true;
    }
    let of_series = |(series, free): &(&str, usize)| {
        digits
            .strip_prefix(series)
            .is_some_and(|rest| rest.len() == *free)
    };
    // North America: country code, area, 555 01 and two digits; 555 1212 is every area's own enquiries.
    let american = digits.len() == 11 && digits.starts_with('1');
    let enquiries = digits.ends_with("5551212");
    let fiction = american && (digits.get(4..9) == Some("55501") || enquiries);
    // Digits that only count or repeat are typed, not given: 12345678, +1 234 567 8900, 99999999.
    fiction || FOREIGN_PHONES.iter().any(of_series) || is_typed(national)
}

/// Whether digits are a run along the keyboard or one digit over and over, but for a country code.
fn is_typed(digits: &str) -> bool {
    let tail = digits
        .get(digits.len().saturating_sub(8)..)
        .unwrap_or(digits);
    let runs = ["0123456789012345678", "9876543210987654321"];
    let first = tail.chars().next();
    tail.len() == 8
        && (runs.iter().any(|run| run.contains(tail)) || tail.chars().all(|c| Some(c) == first))
}

/// Account numbers and IBANs that standards publish. Source: the SWIFT registry of IBANs (one example
/// for each country), whose Norwegian one is NO93 8601 1117 947, and ISO 13616.
const IBANS: [&str; 24] = [
    "NO9386011117947",
    "GB29NWBK60161331926819",
    "GB33BUKB20201555555555",
    "GB82WEST12345698765432",
    "DE89370400440532013000",
    "DE75512108001245126199",
    "FR1420041010050500013M02606",
    "FR7630006000011234567890189",
    "SE4550000000058398257466",
    "SE3550000000054910000003",
    "DK5000400440116243",
    "FI2112345600000785",
    "FI1410093000123458",
    "IS140159260076545510730339",
    "NL91ABNA0417164300",
    "BE68539007547034",
    "ES9121000418450200051332",
    "ES7921000813610123456789",
    "IT60X0542811101000000123456",
    "CH9300762011623852957",
    "AT611904300234573201",
    "PL61109010140000071219812874",
    "PT50000201231234567890154",
    "IE29AIBK93115212345678",
];

/// Whether an IBAN is a published example; `iban` without spaces.
pub(super) fn is_iban(iban: &str) -> bool {
    IBANS.contains(&iban)
}

/// Whether an account number is the one of the published Norwegian IBAN, or all zeros and ones.
pub(super) fn is_account(digits: &str) -> bool {
    digits == "86011117947"
}

/// Card numbers that networks and payment services publish for tests. Sources: the test cards of
/// Stripe, Adyen, Braintree and Nets as they stand in their public manuals.
const CARDS: [&str; 43] = [
    "4111111111111111",
    "4012888888881881",
    "4222222222222",
    "4242424242424242",
    "4000056655665556",
    "4000002500003155",
    "4000002760003184",
    "4000000000000002",
    "4000000000000077",
    "4000000000000069",
    "4000000000000119",
    "4000000000000127",
    "4000000000000341",
    "4000000000009995",
    "4000000000003220",
    "4000000000003063",
    "4000000000000101",
    "4000000000000259",
    "4000000000000010",
    "4000000000000028",
    "4000000000009987",
    "4000000000009979",
    "4000000000000036",
    "4000000000000044",
    "4000000000003055",
    "5555555555554444",
    "5105105105105100",
    "5200828282828210",
    "5454545454545454",
    "5431111111111111",
    "2223003122003222",
    "2223000048400011",
    "2222400070000005",
    "378282246310005",
    "371449635398431",
    "378734493671000",
    "6011111111111117",
    "6011000990139424",
    "30569309025904",
    "38520000023237",
    "36227206271667",
    "3530111333300000",
    "3566002020360505",
];

/// Whether a card number is a published test number.
pub(super) fn is_card(digits: &str) -> bool {
    CARDS.contains(&digits)
}

/// First names that nobody has; `--fix` writes them.
pub(super) const FIRST_NAMES: &[&str] = &[
    "Provine",
    "Provulf",
    "Testine",
    "Testolf",
    "Eksempline",
    "Eksempelius",
    "Fiktiva",
    "Fiktus",
    "Attrappa",
    "Modellus",
    "Skissine",
    "Utkastus",
];

/// Surnames that nobody has.
pub(super) const SURNAMES: &[&str] = &[
    "Testesen",
    "Provestad",
    "Eksempelrud",
    "Fiktdal",
    "Attrappsen",
    "Modellund",
    "Skissebakk",
    "Utkastvik",
    "Liksomstad",
    "Syntetland",
    "Kunstigsen",
    "Oppdiktrud",
];

/// Names that stand for anybody: those of forms and of Norwegian law books, and of tests.
const PLACEHOLDERS: [&str; 12] = [
    "kari nordmann",
    "ola nordmann",
    "john doe",
    "jane doe",
    "peder ås",
    "marte kirkerud",
    "lars holm",
    "hans tastad",
    "test testesen",
    "navn navnesen",
    "joe bloggs",
    "john smith",
];

/// Whether a name stands for anybody; `name` in lower case with single spaces.
pub(super) fn is_placeholder(name: &str) -> bool {
    let invented = |word: &str| {
        let mut all = FIRST_NAMES.iter().chain(SURNAMES);
        all.any(|known| known.eq_ignore_ascii_case(word.trim_matches(',')))
    };
    PLACEHOLDERS.contains(&name) || name.split_whitespace().all(invented)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_pass_and_neighbours_do_not() {
        assert!(is_phone("40612345") && is_phone("004740612345") && is_phone("15555550123"));
        assert!(is_phone("18165551212") && !is_phone("18165551213"));
        assert!(is_phone("12345678") && is_phone("4799999999") && is_phone("447700900461"));
        assert!(!is_phone("40612346") && !is_phone("447700910461") && !is_phone("99999998"));
        assert!(is_card("4111111111111111") && !is_card("4111111111111112"));
        assert!(is_iban("NO9386011117947") && is_placeholder("kari nordmann"));
    }

    #[test]
    fn every_published_card_has_a_right_control_digit() {
        for card in CARDS {
            let sum: u32 = card
                .bytes()
                .rev()
                .enumerate()
                .map(|(at, byte)| {
                    let digit = u32::from(byte - b'0') * (1 + u32::from(at % 2 == 1));
                    digit / 10 + digit % 10
                })
                .sum();
            assert_eq!(sum % 10, 0, "{card}");
        }
    }
}
