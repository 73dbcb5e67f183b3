//! Whose is it: somebody's, or nobody's?

use jiff::civil::Date;

use super::Policy;
use super::published;
use super::shape::{self, Around};
use crate::detect::identity::{self, Birth, IdentityClass};
use crate::model::{Candidate, Category, Evidence};

/// What a finding is, as far as it belongs to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A number that somebody has or can be given.
    Issuable,
    /// Data of a person that is no number of that sort.
    Personal,
    /// A synthetic number that nobody can be given.
    Synthetic,
    /// Month plus 40: a test number of NAV, or a hospital's own number.
    NavOrHospital,
    /// A number whose birth date lies in the future.
    FutureBirth,
    /// Reserved for documentation.
    Documentation,
    /// A published example.
    Published,
    /// An address in a domain of the organisation's own.
    OwnDomain,
    /// A role or a company.
    Role,
    /// An account in a register that no bank has.
    Unassigned,
    /// A name that stands for anybody.
    Invented,
    /// Nothing of a person.
    NotPersonal,
}

impl Class {
    /// Every class.
    pub const ALL: &'static [Self] = &[
        Self::Issuable,
        Self::Personal,
        Self::Synthetic,
        Self::NavOrHospital,
        Self::FutureBirth,
        Self::Documentation,
        Self::Published,
        Self::OwnDomain,
        Self::Role,
        Self::Unassigned,
        Self::Invented,
        Self::NotPersonal,
    ];

    /// The word that stands in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issuable => "issuable",
            Self::Personal => "personal",
            Self::Synthetic => "synthetic",
            Self::NavOrHospital => "nav-test-or-h-number",
            Self::FutureBirth => "future-birth",
            Self::Documentation => "documentation",
            Self::Published => "published-example",
            Self::OwnDomain => "own-domain",
            Self::Role => "role",
            Self::Unassigned => "unassigned-register",
            Self::Invented => "placeholder",
            Self::NotPersonal => "not-personal",
        }
    }

    /// Whether it can belong to somebody.
    #[must_use]
    pub fn is_somebodys(self) -> bool {
        matches!(self, Self::Issuable | Self::Personal)
    }
}

/// The class of an identity number by its digits, 0 to 9 each; `None` where they are none.
///
/// A number with an individual number outside the table of centuries counts as issuable, and so does
/// one that only the rule from 2032 allows: both may be given to somebody then.
#[must_use]
pub fn number(digits: [u8; 11], today: Date) -> Option<Class> {
    let number = identity::parse(digits)?;
    Some(match number.class {
        IdentityClass::Synthetic => Class::Synthetic,
        IdentityClass::HNumber => Class::NavOrHospital,
        // Its individual number follows no table of centuries.
        IdentityClass::Npid => Class::Issuable,
        _ if matches!(number.birth, Birth::Day(day) if day > today) => Class::FutureBirth,
        IdentityClass::Fodselsnummer | IdentityClass::DNumber | IdentityClass::FhNumber => {
            Class::Issuable
        }
    })
}

/// The class of a hit with this text, by what stands around it.
pub(super) fn of(hit: &Candidate, text: &str, around: Around<'_>, policy: &Policy) -> Class {
    let digits = || {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let has = |evidence| hit.evidence.has(evidence);
    match hit.kind.detector {
        "fodselsnummer" if hit.kind.kind == "synthetic" => Class::Synthetic,
        "fodselsnummer" if hit.kind.kind == "h-number" => Class::NavOrHospital,
        "fodselsnummer" if hit.kind.kind == "npid" => Class::Issuable,
        _ if has(Evidence::FutureBirth) => Class::FutureBirth,
        _ if has(Evidence::Synthetic) => Class::Synthetic,
        "se-personnummer" if is_tolvan(&digits()) => Class::Published,
        "fodselsnummer" | "se-personnummer" | "dk-cpr" | "fi-hetu" | "is-kennitala"
        | "duf-number" => Class::Issuable,
        "email" => address(hit, text, around, policy),
        "phone" if hit.kind.category == Category::NotPersonal => Class::NotPersonal,
        "phone" if shape::counts_days(text) || shape::is_far_day(text) => Class::NotPersonal,
        "phone" if around.is_in_a_dump() => Class::NotPersonal,
        "phone" if published::is_phone(&digits()) => Class::Published,
        "bank-account" => account(&digits(), has(Evidence::Register)),
        "iban" => iban(text),
        "payment-card" if published::is_card(&digits()) => Class::Published,
        "name" if published::is_placeholder(&text.to_lowercase()) => Class::Invented,
        "name" | "address" if around.is_in_a_link() => Class::NotPersonal,
        "passport" if around.is_in_a_chain() => Class::NotPersonal,
        _ if hit.kind.category == Category::NotPersonal => Class::NotPersonal,
        _ if has(Evidence::Documentation) => Class::Documentation,
        _ => Class::Personal,
    }
}

/// Tolvan Tolvansson, 121212-1212: the person of the Swedish Tax Agency's own examples.
fn is_tolvan(digits: &str) -> bool {
    digits.ends_with("1212121212")
}

fn account(digits: &str, assigned: bool) -> Class {
    if published::is_account(digits) {
        Class::Published
    } else if assigned {
        Class::Personal
    } else {
        Class::Unassigned
    }
}

fn iban(text: &str) -> Class {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let register = plain.strip_prefix("NO").and_then(|rest| rest.get(2..6));
    let register: Option<u16> = register.and_then(|digits| digits.parse().ok());
    if published::is_iban(&plain) {
        return Class::Published;
    }
    match register {
        Some(register) if !crate::detect::is_assigned_register(register) => Class::Unassigned,
        Some(_) | None => Class::Personal,
    }
}

/// Domains whose addresses forward to nobody by name.
const NO_REPLY: [&str; 3] = [
    "users.noreply.github.com",
    "noreply.github.com",
    "noreply.gitlab.com",
];

fn address(hit: &Candidate, text: &str, around: Around<'_>, policy: &Policy) -> Class {
    let text = crate::detect::plain_address(text);
    let domain = text.rsplit('@').next().unwrap_or_default().to_lowercase();
    if hit.evidence.has(Evidence::Documentation) {
        Class::Documentation
    } else if hit.kind.category == Category::NotPersonal || NO_REPLY.contains(&domain.as_str()) {
        Class::Role
    } else if policy.is_own(&domain) {
        Class::OwnDomain
    } else if around.is_behind_a_user() {
        Class::NotPersonal
    } else if shape::is_machine(&text, around) {
        Class::Role
    } else if shape::is_any_address(&text) {
        Class::Invented
    } else {
        Class::Personal
    }
}
