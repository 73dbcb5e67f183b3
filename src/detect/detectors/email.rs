//! E-mail addresses: at an `@`, outwards to both sides.

mod torn;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::detect::letters::char_before;
use crate::detect::{percent, tlds};
use crate::detect::{Anchor, Anchors, Detector, DetectorInfo, Example, Hit, Window};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};

pub(super) static DETECTOR: Email = Email;

pub(super) struct Email;

const fn kind(kind: &'static str, category: Category) -> Kind {
    Kind {
        detector: "email",
        kind,
        category,
        digested: true,
        precedence: 70,
    }
}

static PERSONAL: Kind = kind("personal", Category::Contact);
static ROLE: Kind = kind("role", Category::NotPersonal);

static INFO: DetectorInfo = DetectorInfo {
    id: "email",
    title: "E-mail address",
    version: 5,
    kinds: &[&PERSONAL, &ROLE],
    explanation: "\
Finds e-mail addresses, those with letters outside ASCII included. Addresses of a role (`post@`,
`faktura@`) are told apart: they are not personal by themselves. In web addresses the sign may be encoded:
`kari%40firma.no`. In cells of tables that are narrower than an address, as PDF has them, lines may break in it.

## How it is checked
The local part has at most 64 bytes and neither begins nor ends with a full stop; the domain has at
least one full stop and ends in a top-level domain of the net, or in one reserved for examples.
Remote repositories (`git@host:path`), versions (`pkg@1.2.3`) and file names (`icon@2x.png`) are none.

## Levels
High; medium for domains that are reserved for documentation (`example.no`, `.example`); low where
the local part has two full stops in a row, and for what stands in a web address or names a message. An address
that is broken over lines is medium, and low where its end is also one of programs' files (`.sh`).

## Source
RFC 5321, RFC 6531, RFC 2606; the HTML standard; IANA's top-level domains.",
    examples: &[
        found("til kari.nordmann+x@firma.no.", "kari.nordmann+x@firma.no", "personal", Confidence::High),
        found("mailto:kari@example.no?subject=x", "kari@example.no", "personal", Confidence::Medium),
        found("pål.åsheim@blåbær.no", "pål.åsheim@blåbær.no", "personal", Confidence::High),
        found("('o'hara@firma.no')", "o'hara@firma.no", "personal", Confidence::High),
        found("GET /inn?epost=kari%2Bx%40firma.no&til=", "kari%2Bx%40firma.no", "personal", Confidence::High),
        found("<post@kommune.no>", "post@kommune.no", "role", Confidence::High),
        found("Epost\nkari.ta@fyl\nkeskom\nmune.no\n", "kari.ta@fyl\nkeskom\nmune.no", "personal", Confidence::Medium),
        found("kari.ta\n@oslo.kommune\n.no\n", "kari.ta\n@oslo.kommune\n.no", "personal", Confidence::Medium),
        found("a..b@firma.no", "a..b@firma.no", "personal", Confidence::Low),
    ],
    counter_examples: &[
        "@example.no",
        "fra%3D%40firma.no",
        "user@2x.png",
        "git@github.com:org/repo.git",
        "pkg@1.2.3",
        "kari@localhost",
        "kari.@firma.no",
        "kari@server\nwww.firma.no\n",
        "kari@server\nsom er hos firma.no\n",
        "Kari Nordmann\n@firma.no",
        "return none\n@router.post",
    ],
    reach: 460,
};

const fn found(
    text: &'static str,
    found: &'static str,
    kind: &'static str,
    confidence: Confidence,
) -> Example {
    Example { text, found, kind, confidence }
}

/// Longest local part in bytes: RFC 5321.
const MAX_LOCAL: usize = 64;

/// The same where each byte is encoded by three.
const MAX_ENCODED: usize = 3 * MAX_LOCAL;

/// Longest domain in bytes: RFC 5321.
const MAX_DOMAIN: usize = 255;

/// How far back a word may begin that says that the address names a message, in bytes.
const MESSAGE_WITHIN: usize = 40;

impl Detector for Email {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::AT
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::At { at, .. } = anchor {
            hits.extend(address(window, *at));
        }
    }
}

fn address(window: &Window<'_>, at: usize) -> Option<Hit> {
    let encoded = window.text.get(at..)?.starts_with(percent::AT);
    let domain = at + if encoded { percent::AT.len() } else { 1 };
    let whole = domain_end(window.text, domain);
    let start = if encoded {
        encoded_local_start(window.text, at)
    } else {
        local_start(window.text, at).or_else(|| torn::local_start(window.text, at))
    }?;
    let end = whole.or_else(|| torn::domain_end(window.text, domain))?;
    let written = window.text.get(start..end)?;
    let torn = written.contains('\n');
    let canonical = if torn {
        canonical(written.split(['\r', '\n']).collect())
    } else {
        canonical(percent::plain_address(written))
    };
    let sign = memchr::memrchr(b'@', canonical.as_bytes())?;
    let (local, domain) = (canonical.get(..sign)?, canonical.get(sign + 1..)?);
    let before = window.text.get(..start)?;
    let behind = window.text.get(end..)?;
    if is_remote(local, behind) || before.ends_with('@') {
        return None;
    }
    let documentation = is_documentation(domain);
    let dotted = local.as_bytes().windows(2).any(|two| two == b"..");
    if torn && !torn::is_usual(domain) && torn::at_line_start(window.text, at) {
        return None;
    }
    let odd = dotted || in_web_address(before) || names_message(before);
    let role = is_role(local);
    let level = match (odd || torn && !torn::is_usual(domain), documentation || torn) {
        (true, _) => Confidence::Low,
        (false, true) => Confidence::Medium,
        (false, false) => Confidence::High,
    };
    Some(Hit {
        kind: if role { &ROLE } else { &PERSONAL },
        span: start..end,
        confidence: level,
        evidence: EvidenceSet::EMPTY
            .with(Evidence::Register)
            .with_if(before.ends_with("mailto:"), Evidence::Prefix)
            .with_if(window.is_filled_by(&(start..end)), Evidence::WholeCell)
            .with_if(documentation, Evidence::Documentation)
            .with_if(role, Evidence::Role)
            .with_if(odd || torn, Evidence::OddForm),
        canonical: match canonical {
            Cow::Borrowed(_) => None,
            Cow::Owned(canonical) => Some(canonical),
        },
    })
}

/// The address in lower case and in Unicode's composed form, so that equal addresses meet.
/// Most are written so.
fn canonical(address: Cow<'_, str>) -> Cow<'_, str> {
    if !address.is_ascii() {
        return address.to_lowercase().nfc().collect::<String>().into();
    }
    if address.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return address.to_ascii_lowercase().into();
    }
    address
}

/// Where the local part before byte `at` begins; `None` where there is none.
fn local_start(text: &str, at: usize) -> Option<usize> {
    let mut start = at;
    while let Some(c) = char_before(text, start).filter(|c| is_local(*c)) {
        start -= c.len_utf8();
        if at - start > MAX_LOCAL {
            return None;
        }
    }
    without_marks(text.get(start..at)?).map(|local| at - local.len())
}

/// The same before a `%40`: other signs of the local part are encoded too, and what ends it may be.
fn encoded_local_start(text: &str, at: usize) -> Option<usize> {
    let mut start = at;
    while let Some(c) = char_before(text, start) {
        let before = start - c.len_utf8();
        let code = text.get(before..).and_then(percent::first);
        match code {
            Some(byte) if !byte.is_ascii() || is_local(char::from(byte)) => start = before,
            Some(_) => {
                start = (before + 3).min(at);
                break;
            }
            None if is_local(c) => start = before,
            None => break,
        }
        if at - start > MAX_ENCODED {
            return None;
        }
    }
    without_marks(text.get(start..at)?).map(|local| at - local.len())
}

/// A local part without the marks that stand before it in a text; `None` where nothing is left that could
/// be one.
fn without_marks(local: &str) -> Option<&str> {
    let trimmed = local.trim_start_matches(['.', '-', '\'', '+']);
    // A quotation mark before the address is none of its characters: `('kari@x.no')`.
    let unquoted = memchr::memrchr(b'\'', trimmed.as_bytes()).filter(|mark| !is_apostrophe(trimmed, *mark));
    let trimmed = unquoted.map_or(trimmed, |mark| trimmed.split_at(mark + 1).1);
    let sound = trimmed.chars().any(char::is_alphanumeric) && !trimmed.ends_with(['.', '\'']);
    sound.then_some(trimmed)
}

/// Characters of local parts that people have. Others that the standards allow are far more often
/// what stands around an address.
fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '\'')
}

/// Whether the mark at byte `at` stands between letters.
fn is_apostrophe(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at + 1..).and_then(|text| text.chars().next());
    before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic)
}

/// Where the domain that begins at byte `start` ends; `None` where there is none.
fn domain_end(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let of_domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let length = rest.find(|c| !of_domain(c)).unwrap_or(rest.len());
    if length > MAX_DOMAIN {
        return None;
    }
    let domain = rest.get(..length)?.trim_end_matches(['.', '-']);
    if is_domain(domain) {
        return Some(start + domain.len());
    }
    // A sentence or the extension of a file name may begin right behind the full stop:
    // `kari@firma.no.Hilsen`, `kari@firma.no.pdf`.
    let (shorter, _) = domain.rsplit_once('.')?;
    is_domain(shorter).then_some(start + shorter.len())
}

fn is_domain(domain: &str) -> bool {
    let last = memchr::memrchr(b'.', domain.as_bytes()).and_then(|dot| domain.get(dot + 1..));
    let Some(last) = last else {
        return false;
    };
    let last_is_known = if !last.is_ascii() {
        last.chars().all(char::is_alphabetic)
    } else if last.bytes().any(|byte| byte.is_ascii_uppercase()) {
        tlds::is_top_level(&last.to_ascii_lowercase())
    } else {
        tlds::is_top_level(last)
    };
    let sound = |label: &[u8]| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with(b"-") && !label.ends_with(b"-")
    };
    last_is_known && domain.as_bytes().split(|byte| *byte == b'.').all(sound)
}

/// `git@host:path`: a repository, not a person.
fn is_remote(local: &str, behind: &str) -> bool {
    matches!(local, "git" | "hg" | "svn" | "gitlab") && behind.starts_with([':', '/'])
}

/// Whether the address stands in a web address, as the user before a host.
fn in_web_address(before: &str) -> bool {
    before.ends_with("//") || before.ends_with('/')
}

/// Whether a mail header before it says that it names a message.
fn names_message(before: &str) -> bool {
    let before = before.as_bytes();
    let from = before.len().saturating_sub(MESSAGE_WITHIN);
    let near = before.get(from..).unwrap_or_default();
    let Some(colon) = memchr::memrchr(b':', near) else {
        return false;
    };
    let name = near.get(..colon).unwrap_or_default();
    ["message-id", "in-reply-to", "references", "content-id"]
        .iter()
        .any(|header| {
            let start = name.len().checked_sub(header.len());
            let end = start.and_then(|start| name.get(start..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(header.as_bytes()))
        })
}

/// Domains that are reserved, or used in documentation only.
fn is_documentation(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or_default();
    let listed = ["example.no", "example.com", "example.org", "example.net", "test.no", "example.kommune.no"];
    tlds::is_reserved(last)
        || listed.iter().any(|known| {
            let rest = domain.strip_suffix(known);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
}

/// Whether the local part, in lower case, names a role: `post`, `no-reply+42`.
fn is_role(local: &str) -> bool {
    let name = local.split('+').next().unwrap_or_default();
    let known = |part: &str| may_be_role(part) && ROLES.binary_search(&part).is_ok();
    known(name) || name.split(['.', '-', '_']).all(known)
}

/// Whether a role begins with the same byte and is as long: most parts of addresses are asked no further.
fn may_be_role(part: &str) -> bool {
    let lengths = part.bytes().next().map_or(0, |first| ROLE_LENGTHS[usize::from(first)]);
    part.len() < 32 && lengths >> part.len() & 1 == 1
}

/// The lengths of the [`ROLES`] that begin with a byte, one bit each.
static ROLE_LENGTHS: [u32; 256] = {
    let mut lengths = [0; 256];
    let mut place = 0;
    while place < ROLES.len() {
        let role = ROLES[place].as_bytes();
        lengths[role[0] as usize] |= 1 << role.len();
        place += 1;
    }
    lengths
};

/// Local parts of roles in Norwegian and English, sorted.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "abuse", "admin", "administrator", "all", "alle", "arkiv", "barnehage", "bestilling",
    "biblioteket", "booking", "contact", "cv", "demo", "dokumentsenter", "donotreply", "dpo",
    "drift", "example", "faktura", "firmapost", "gdpr", "github-actions", "gruppe", "hei", "hello", "hjelp",
    "hostmaster", "hr", "ikke-svar", "ikkesvar", "info", "invoice", "it", "jobb", "kontakt",
    "kontor", "kundesenter", "kundeservice", "kundestotte", "ledelse", "leder", "legevakt",
    "lonn", "lønn", "media", "newsletter", "no-reply", "noreply", "nyheter", "nyhetsbrev",
    "office", "order", "ordre", "personal", "personvern", "personvernombud", "post", "postkasse",
    "postmaster", "postmottak", "press", "presse", "privacy", "reception", "redaksjon",
    "regnskap", "rekruttering", "report", "resepsjon", "sales", "salg", "security", "sentralbord",
    "servicetorg", "sikkerhet", "skole", "stilling", "styre", "styret", "support", "team", "test",
    "varsling", "webmaster",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_roles_is_sorted() {
        assert!(ROLES.is_sorted() && ROLES.iter().all(|role| is_role(role)));
        assert!(is_role("no-reply+42") && is_role("it-support") && !is_role("post.hansen"));
    }
}
