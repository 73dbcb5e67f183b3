//! What people read of a finding: what it is, and how to mend it.

use super::{Class, Why};
use crate::model::Kind;

/// What a finding is, in a sentence without a full stop.
pub(super) fn says(kind: &Kind, class: Class) -> &'static str {
    match class {
        Class::Synthetic => "a synthetic number that nobody can be given",
        Class::NavOrHospital => {
            "month + 40: a test number of NAV, or an H-number that a hospital gave somebody"
        }
        Class::FutureBirth => "a number whose birth lies in the future",
        Class::Documentation => "reserved for documentation",
        Class::Published => "a published example",
        Class::OwnDomain => "an address in a domain of your own",
        Class::Role => "an address of a role",
        Class::Unassigned => "an account in a register that no bank has",
        Class::Invented => "a name that stands for anybody",
        Class::NotPersonal => "nothing of a person",
        Class::Issuable | Class::Personal => of_somebody(kind),
    }
}

fn of_somebody(kind: &Kind) -> &'static str {
    match kind.detector {
        "fodselsnummer" => match kind.kind {
            "d-number" => "a D-number that can be issued to a person",
            "npid" => "a number that NAV gives to persons",
            "fh-number" => "a help number that a hospital can give to a person",
            "rule-2032" => "a fødselsnummer that can be issued from 2032",
            _ => "a fødselsnummer that can be issued to a person",
        },
        "se-personnummer" => "a Swedish personal number that can be issued",
        "dk-cpr" => "a Danish CPR number that can be issued",
        "fi-hetu" => "a Finnish personal identity code that can be issued",
        "is-kennitala" => "an Icelandic kennitala that can be issued",
        "duf-number" => "a DUF number that can be issued",
        "email" => "an e-mail address outside reserved and own domains",
        "phone" => "a telephone number that is no published example",
        "bank-account" => "an account number in a register that a bank has",
        "iban" => "an IBAN that is no published example",
        "payment-card" => "a card number that is no published test number",
        "passport" => "the number of a travel document",
        "name" => "a name beside somebody's data",
        "special-category" => "a special category of data, near a person",
        "criminal-record" => "a criminal matter, near a person",
        "birth-date" => "a date of birth beside somebody's data",
        _ => "personal data",
    }
}

/// How to mend findings of a detector.
pub(super) fn hint(detector: &str) -> &'static str {
    match detector {
        "fodselsnummer" => {
            "use a synthetic number (month + 80, as Tenor gives them): `sporhund check --fix` writes a patch"
        }
        "email" => {
            "use an address in example.com: `sporhund check --fix` writes a patch; or name the domain in `own_domains` of `[check]` in sporhund.toml"
        }
        "phone" => {
            "use a published example such as 406 12 345: `sporhund check --fix` writes a patch"
        }
        "bank-account" | "iban" | "payment-card" | "name" | "se-personnummer" | "fi-hetu" => {
            "use an invented one: `sporhund check --fix` writes a patch"
        }
        "special-category" | "criminal-record" => "remove the person beside it, or the words",
        _ => "remove it or use an invented one",
    }
}

/// What else may be done with findings.
pub(super) const ELSE: &str = "what may stay: `sporhund:allow(DETECTOR) why` in a comment on the line, \
    `[[check.allow]]` in sporhund.toml, or `sporhund check --write-baseline`";

/// What mending a file does not do.
pub(super) const HISTORY: &str = "what was committed stays in the git history: look with `sporhund check --history`, \
    and rewrite it (git filter-repo) where the data is real";

/// A note on the numbers that may be either.
pub(super) const NAV_OR_HOSPITAL: &str = "month + 40 is NAV's test series, and also what hospitals give as H-numbers: \
    make sure that these are test numbers";

/// Why something was let pass, in words.
pub(super) fn why(why: Why) -> &'static str {
    match why {
        Why::Nobodys => "nobody's",
        Why::Authorship => "authorship",
        Why::Inline => "allowed by a comment",
        Why::Configured => "allowed by the configuration",
        Why::Baseline => "in the baseline",
        Why::Before => "there before the change",
    }
}
