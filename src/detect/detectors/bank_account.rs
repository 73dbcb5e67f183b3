//! Norwegian bank accounts of 11 digits. IBANs have their own detector.

use std::ops::Range;

use crate::detect::beginnings::{self, SLOTS};
use crate::detect::context::{self, Before};
use crate::detect::identity::{self, ControlRule, IdentityClass};
use crate::detect::letters::{byte, written_digits};
use crate::detect::registers::is_assigned;
use crate::detect::slots::Filter;
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Number, Separator, Spot, Window};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};

pub(super) static DETECTOR: BankAccount = BankAccount;

pub(super) struct BankAccount;

static ACCOUNT: Kind = Kind {
    detector: "bank-account",
    kind: "bank-account",
    category: Category::Financial,
    digested: true,
    precedence: 80,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "bank-account",
    title: "Bank account",
    version: 6,
    kinds: &[&ACCOUNT],
    explanation: "\
Finds Norwegian account numbers: `1234.56.78901`, `1234 56 78901`, `12345678901`, and behind a label in other
groups too: `1234 5678901`.

## How it is checked
The control digit (weights 5 4 3 2 7 6 5 4 3 2, modulo 11) and the register number of the bank, of
which 2,297 are assigned. The control digit is also the second one of every fødselsnummer, so a bare
number whose date and first control digit are right is left to `fodselsnummer`.

## Levels
High: labelled as an account, or written with full stops with an assigned register. Medium: written
in the groups 4, 2 and 5, or behind what is done with money (*betales til*, *trekkes fra*; where the register is
assigned anywhere on the line before: *honorar*, *overføres*), or with a bank on the same line (*Nordea*, *Sparebank 1*). Low: eleven bare digits, of which one in eleven passes by chance, and
numbers with 00 as group, for which banks differ in the control digit.

## Source
The account form of Norwegian style guides, the control digit of Bits AS, its register list.",
    examples: &[
        found("Kontonr: 86011117947", "86011117947", Confidence::High),
        found("betales til 8601.11.17947 innen", "8601.11.17947", Confidence::High),
        found("1112.28.69794", "1112.28.69794", Confidence::Medium),
        found("Konto 1112 28 69794", "1112 28 69794", Confidence::High),
        found("Bankkonto (NOK) 8601 11 17947", "8601 11 17947", Confidence::High),
        found("Pris kr 9 000, betales til 1112.28.69794", "1112.28.69794", Confidence::High),
        found("trekkes fra kontoen 86011117947", "86011117947", Confidence::High),
        found("overført til 86011117947", "86011117947", Confidence::Medium),
        found("Honorar overføres 86011117947 innen fredag", "86011117947", Confidence::Medium),
        found("Utbetaling skal skje til 86011117947", "86011117947", Confidence::Medium),
        found("Lønn: 86011117947", "86011117947", Confidence::Medium),
        found("Kontonummer for lønn: 86011117947", "86011117947", Confidence::High),
        found("Kontonr. 8601 1117947", "8601 1117947", Confidence::High),
        found("Konto: 8601.11 17947", "8601.11 17947", Confidence::High),
        found("Kari Nordmann, Nordea, 86011117947", "86011117947", Confidence::Medium),
        found("86011117947", "86011117947", Confidence::Low),
        found("12340012345", "12340012345", Confidence::Low),
    ],
    counter_examples: &["00000000000", "8601.11.17948", "186011117947", "fnr 22838111878", "8601 1117947", "8601.11 17947"],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "bank-account", confidence }
}

/// How near a label must stand, in bytes.
const LABEL_WITHIN: usize = 32;

/// Labels of other numbers.
const OTHERS: Concepts = Concepts::THING
    .and(Concepts::FNR)
    .and(Concepts::D_NUMBER)
    .and(Concepts::HELP)
    .and(Concepts::PHONE);

impl Detector for BankAccount {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::DIGITS
    }

    fn shapes(&self) -> &'static [Shape] {
        const {
            &[
                Shape::of(Lengths::of(&[11])).free(),
                Shape::of(Lengths::of(&[4])).before(Beside::NO_LETTER).after(Beside::SEPARATOR),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        let Anchor::Digits(number) = anchor else {
            return;
        };
        let Some((digits, groups)) = written(number) else {
            return;
        };
        let (checked, loose) = (passes(digits), digits[4..6] == [0, 0]);
        if digits[..4] == [0; 4] || !(checked || loose) || !number.stands_free(window, groups) {
            return;
        }
        hits.extend(judge(number, window, digits, groups));
    }
}

/// Eleven digits in one group, or in the groups of an account: four, two and five, or four and seven.
fn written(number: &Number) -> Option<([u8; 11], usize)> {
    let groups = match number.lengths() {
        [11, ..] => 1,
        [4, 2, 5, ..] => 3,
        [4, 7, ..] => 2,
        _ => return None,
    };
    let slashed = (0..groups - 1).any(|group| number.separator(group) == Some(Separator::Slash));
    (!slashed).then_some((number.digits::<11>(0)?, groups))
}

/// Whether so many groups are written as few write an account, which only a label makes one.
fn is_loose(number: &Number, groups: usize) -> bool {
    groups == 2 || !number.uniform(groups)
}

fn passes(digits: [u8; 11]) -> bool {
    let weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
    let products = digits.iter().zip(weights);
    products.map(|(digit, weight)| u16::from(*digit) * weight).sum::<u16>() % 11 == 0
}

fn register(digits: [u8; 11]) -> u16 {
    digits[..4].iter().fold(0, |register, digit| register * 10 + u16::from(*digit))
}

fn judge(number: &Number, window: &Window<'_>, digits: [u8; 11], groups: usize) -> Option<Hit> {
    let end = number.end(groups);
    let before = context::before_remark(window, &number.spot, number.start);
    let header = number.spot.header;
    let labelled = is_label(&before) || names_purpose(window, &number.spot, number.start);
    let named = header.meet(Concepts::ACCOUNT);
    let grouped = groups > 1;
    let unsure = if grouped { is_loose(number, groups) } else { is_identity(digits) };
    if unsure && !labelled && !named {
        return None;
    }
    let assigned = is_assigned(register(digits));
    let paid = Paid::before(window.text, number.start, &before);
    // Of other numbers of eleven digits one in fifty passes the control and has the register of a bank.
    let spoken = paid.spoken && assigned && !before.nearest.meet(OTHERS.without(Concepts::MONEY));
    let paid = paid.towards;
    let around = labelled
        || paid
        || spoken
        || names_bank(window.text, number.start..end)
        || before.labels(Concepts::ACCOUNT)
        || context::after(window, end).meet(Concepts::ACCOUNT);
    let against = !paid
        && !spoken
        && before.nearest.meet(OTHERS)
        && !before.nearest.meet(Concepts::ACCOUNT)
        && !context::has_own_number(window.text, number.start, before.gap);
    let other_header = header.meet(OTHERS) && !named;
    let checked = passes(digits);
    let evidence = EvidenceSet::EMPTY
        .with_if(checked, Evidence::Checksum)
        .with_if(!checked, Evidence::OddForm)
        .with_if(grouped, Evidence::Grouping)
        .with_if(assigned, Evidence::Register)
        .with_if(labelled, Evidence::Label)
        .with_if(!labelled && around, Evidence::ContextWord)
        .with_if(named, Evidence::Header)
        .with_if(other_header, Evidence::OtherHeader)
        .with_if(against, Evidence::NegativeWord);
    let dotted = number.separator(0) == Some(Separator::Dot);
    let level = if checked && (labelled || named || grouped && (paid || dotted && assigned)) {
        Confidence::High
    } else if labelled || named || checked && (grouped || around) {
        Confidence::Medium
    } else {
        Confidence::Low
    };
    let level = match (against, other_header) {
        (_, true) => Confidence::Low,
        (true, false) => level.lowered(),
        (false, false) => level,
    };
    let span = number.start..end;
    Some(Hit {
        kind: &ACCOUNT,
        canonical: written_digits(&digits, &span),
        span,
        confidence: level,
        evidence,
    })
}

fn is_label(before: &Before) -> bool {
    before.gap <= LABEL_WITHIN && before.nearest.meet(Concepts::ACCOUNT)
}

/// Longest text that says what an account is for, in bytes.
const PURPOSE: usize = 24;

/// Whether a label for an account and what that is for stand right before: `Kontonummer for lønn:`.
fn names_purpose(window: &Window<'_>, spot: &Spot, start: usize) -> bool {
    let text = window.text;
    let from = text.ceil_char_boundary(start.saturating_sub(PURPOSE));
    let near = text.get(from..start).unwrap_or_default();
    if !near.trim_end().ends_with(':') {
        return false;
    }
    let Some(at) = near.rfind(" for ").or_else(|| near.rfind(" til ")) else {
        return false;
    };
    let purpose = near.get(at..).unwrap_or_default();
    let plain = !purpose.contains(|c: char| c.is_ascii_digit() || c == '\n');
    plain && is_label(&context::before(window, spot, from + at))
}

/// What is done with money, by the beginnings of the words.
const DEEDS: &[&str] = &[
    "betal", "utbetal", "innbetal", "overfør", "trekk", "trukke", "innskudd", "innskot", "refunder",
    "tilbakebetal", "avdrag", "paid", "pay", "transfer", "debit", "credit", "refund",
];

/// Such deeds, and what is paid, of which nothing else is said.
const SPOKEN: &[&str] = &[
    "betal", "utbetal", "innbetal", "overfør", "innskudd", "innskot", "refunder", "tilbakebetal", "depositum",
    "honorar", "kontingent", "pengene", "pengane",
];

/// Words between such a deed and its account.
const TOWARDS: &[&str] = &["til", "fra", "frå", "på", "to", "from", "into", "via"];

/// How far back such words may begin, in bytes.
const DEED_WITHIN: usize = 48;

/// What is said of money before a number.
struct Paid {
    /// Whether it is paid to or from the number: `betales til 1234.56.78901`. Most that looks so stands in contracts,
    /// where no word for account is near.
    towards: bool,
    /// Whether something is done with money on the line, or what is paid is named right before: `Honorar utbetales
    /// innen fredag:`.
    spoken: bool,
}

impl Paid {
    /// What is said before byte `start`.
    fn before(text: &str, start: usize, words: &Before) -> Self {
        let last = start.checked_sub(1).and_then(|at| byte(text, at));
        let none = Self { towards: false, spoken: false };
        if !matches!(last, Some(b' ' | b':' | b'\n')) {
            return none;
        }
        let from = text.ceil_char_boundary(start.saturating_sub(DEED_WITHIN));
        let before = text.get(from..start).unwrap_or_default().to_lowercase();
        let any = |list: &[&str], word: &str| list.iter().any(|known| word.starts_with(known));
        let line = before.trim_end_matches([' ', ':', '\n']);
        let mut back = line.rsplit([' ', '\n']);
        let towards = back.next().is_some_and(|word| TOWARDS.contains(&word));
        let deed = back.next().is_some_and(|word| any(DEEDS, word));
        let line = line.rsplit('\n').next().unwrap_or_default();
        let money = words.nearest.meet(Concepts::MONEY) && words.gap <= LABEL_WITHIN;
        Self { towards: towards && deed, spoken: money || line.split(' ').any(|word| any(SPOKEN, word)) }
    }
}

/// Banks, as they are called beside an account.
const BANKS: &[&str] = &[
    "bank", "banken", "dnb", "nordea", "handelsbanken", "sbanken", "skandiabanken", "sparebank1", "eika", "bulder",
    "swedbank", "bic", "swift", "citibank", "instabank", "landkreditt",
];

/// How far from the account such a name may stand, in bytes.
const BANK_WITHIN: usize = 40;

/// Whether a bank is named on the same line.
fn names_bank(text: &str, span: Range<usize>) -> bool {
    let from = text.ceil_char_boundary(span.start.saturating_sub(BANK_WITHIN));
    let to = text.floor_char_boundary(span.end + BANK_WITHIN);
    let before = text.get(from..span.start).and_then(|before| before.rsplit('\n').next());
    let behind = text.get(span.end..to).and_then(|behind| behind.split('\n').next());
    [before, behind].into_iter().flatten().any(|part| {
        may_name_bank(part) && context::words(part).any(|(word, _)| is_bank(word))
    })
}

/// The slots that the name of a bank takes.
static BANK_SLOTS: Filter<{ SLOTS / 64 }> = {
    let mut filter = Filter::EMPTY;
    let mut index = 0;
    while index < BANKS.len() {
        filter = beginnings::with_word(filter, BANKS[index].as_bytes());
        index += 1;
    }
    filter
};

/// Whether a word of the text begins as the name of a bank does: told at a tenth of the cost of reading its words.
fn may_name_bank(text: &str) -> bool {
    let mut may = !text.is_ascii();
    if !may {
        let bytes = text.as_bytes();
        beginnings::each(bytes, 0..bytes.len(), |_, slot| may |= BANK_SLOTS.has(slot));
    }
    may
}

fn is_bank(word: &str) -> bool {
    let folded;
    let word = if word.is_ascii() {
        word
    } else {
        folded = word.to_lowercase();
        &folded
    };
    let begins = |first: &str| {
        let own = word.as_bytes().get(..first.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(first.as_bytes()))
    };
    BANKS.iter().any(|bank| word.eq_ignore_ascii_case(bank)) || begins("sparebank")
}

/// Whether the digits are an identity number that needs no label: its control digit is the same.
fn is_identity(digits: [u8; 11]) -> bool {
    identity::parse(digits).is_some_and(|identity| {
        identity.rule == ControlRule::Of1964 && identity.class != IdentityClass::FhNumber
    })
}
