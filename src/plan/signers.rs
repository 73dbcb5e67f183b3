//! Who may sign approvals: the file `allowed_signers` as `ssh-keygen` reads it (ssh-keygen(1), section
//! «ALLOWED SIGNERS»), and whether a signature is one of theirs.
//!
//! Keys are Ed25519 and ECDSA over P-256, P-384 and P-521, the first two with a security key or without, and RSA of
//! 2048 to 4096 bits. Certificates are not read: a line of an authority lets nobody sign.

use jiff::ZonedDateTime;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, Mpint, PublicKey, SshSig};

/// What signatures of approvals are made for: `ssh-keygen -Y sign -n sporhund`.
pub const NAMESPACE: &str = "sporhund";

/// Those who may sign.
#[derive(Clone, Debug, Default)]
pub struct Signers(Vec<Signer>);

#[derive(Clone, Debug)]
struct Signer {
    /// The names on the line, as they stand there.
    principals: String,
    key: PublicKey,
    /// Patterns of what it may sign for; nothing said is anything.
    namespaces: Option<String>,
    after: Option<Moment>,
    before: Option<Moment>,
}

/// Who signed: the name in the file, and the key's fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The principals of the line.
    pub who: String,
    /// SHA-256 of the key, as `ssh-keygen -l` shows it.
    pub key: String,
}

impl Signers {
    /// Reads a file of signers.
    ///
    /// # Errors
    /// A sentence with the number of the first line that is not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut signers = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let signer = signer(line).map_err(|why| format!("line {}: {why}", at + 1))?;
            signers.extend(signer);
        }
        Ok(Self(signers))
    }

    /// Who made a signature over a text, as of a moment.
    ///
    /// # Errors
    /// A sentence: it is no signature, is for something else, by a key that is not among these or may not
    /// sign now, or is over another text.
    pub fn who(&self, signature: &str, text: &str, at: &ZonedDateTime) -> Result<Signed, String> {
        let signature: SshSig = signature
            .trim()
            .parse()
            .map_err(|_| "it is no signature as `ssh-keygen -Y sign` writes it")?;
        if signature.namespace() != NAMESPACE {
            let found = signature.namespace().escape_debug();
            return Err(format!(
                "it was made for `{found}`: sign with `-n {NAMESPACE}`"
            ));
        }
        let key = signature.public_key();
        check_kind(key)?;
        check_touch(&signature)?;
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let mut known = self.0.iter().filter(|one| one.key.key_data() == key);
        let mut why = format!("the key {fingerprint} is not among those who may sign");
        let signer = known.find(|signer| match signer.may_sign(at) {
            Ok(()) => true,
            Err(reason) => {
                why = format!("the key {fingerprint} {reason}");
                false
            }
        });
        let signer = signer.ok_or(why)?;
        let fits = signer.key.verify(NAMESPACE, text.as_bytes(), &signature);
        fits.map_err(|_| {
            "it is not over these approvals: the plan or a decision has changed since, or another \
             file was signed"
        })?;
        Ok(Signed {
            who: signer.principals.clone(),
            key: fingerprint,
        })
    }
}

impl Signer {
    fn may_sign(&self, at: &ZonedDateTime) -> Result<(), &'static str> {
        let named = |patterns: &String| patterns.split(',').any(|p| fits(p, NAMESPACE));
        if !self.namespaces.as_ref().is_none_or(named) {
            return Err("may not sign for `sporhund` (`namespaces`)");
        }
        if self
            .after
            .is_some_and(|after| after.as_seen(at) > at.datetime())
        {
            return Err("may not sign yet (`valid-after`)");
        }
        if self
            .before
            .is_some_and(|before| before.as_seen(at) <= at.datetime())
        {
            return Err("may not sign any more (`valid-before`)");
        }
        Ok(())
    }
}

/// Whether keys of this kind and size are trusted. RSA below 2048 bits is too weak (NIST SP 800-131A rev. 2, section 3),
/// above 4096 the crate does not compute it.
fn check_kind(key: &KeyData) -> Result<(), String> {
    if let KeyData::Rsa(rsa) = key {
        let bits = bits(&rsa.n);
        let why = || format!("RSA keys of {bits} bits are not taken: 2048 to 4096, or Ed25519");
        return (2048..=4096).contains(&bits).then_some(()).ok_or_else(why);
    }
    let curve = key.is_ed25519() || key.is_sk_ed25519();
    if curve || key.is_ecdsa() || key.is_sk_ecdsa_p256() {
        return Ok(());
    }
    let algorithm = key.algorithm();
    Err(format!(
        "keys of type `{algorithm}` are not read: sign with Ed25519, ECDSA or RSA"
    ))
}

/// The length of a positive number in bits.
fn bits(number: &Mpint) -> u64 {
    let bytes = number.as_positive_bytes().unwrap_or_default();
    let zeros = bytes
        .first()
        .map_or(0, |first| u64::from(first.leading_zeros()));
    (8 * bytes.len() as u64).saturating_sub(zeros)
}

/// Whether somebody touched the security key, which it tells in the first bit of its flags (PROTOCOL.u2f of OpenSSH):
/// what a program on the machine signs alone is no person's approval.
fn check_touch(signature: &SshSig) -> Result<(), &'static str> {
    let key = signature.public_key();
    if !key.is_sk_ed25519() && !key.is_sk_ecdsa_p256() {
        return Ok(());
    }
    // The flags, and four bytes of a counter, end the signature.
    let flags = signature.signature_bytes().iter().rev().nth(4);
    match flags {
        Some(flags) if flags & 1 == 1 => Ok(()),
        _ => Err(
            "the security key was not touched for it (a key with `no-touch-required` is not taken)",
        ),
    }
}

/// One line: principals, options where there are any, and the key. None for an authority.
fn signer(line: &str) -> Result<Option<Signer>, &'static str> {
    let (principals, rest) = word(line);
    let (mut kind, mut rest) = word(rest);
    let mut options = "";
    if !is_kind(kind) {
        options = kind;
        (kind, rest) = word(rest);
    }
    let (key, _) = word(rest);
    let key = PublicKey::from_openssh(&format!("{kind} {key}"))
        .map_err(|_| "it is not `PRINCIPALS [OPTIONS] KEYTYPE KEY`")?;
    let mut signer = Signer {
        principals: principals.trim_matches('"').to_owned(),
        key,
        namespaces: None,
        after: None,
        before: None,
    };
    for option in split(options, ',') {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "" => {}
            "cert-authority" => return Ok(None),
            "namespaces" => signer.namespaces = Some(value.to_owned()),
            "valid-after" => signer.after = Some(moment(value)?),
            "valid-before" => signer.before = Some(moment(value)?),
            _ => return Err("it has an option that is not known"),
        }
    }
    Ok(Some(signer))
}

fn is_kind(word: &str) -> bool {
    word.parse::<ssh_key::Algorithm>()
        .is_ok_and(|algorithm| !matches!(algorithm, ssh_key::Algorithm::Other(_)))
}

/// The first word, in which quoted spaces count as others, and the rest.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let mut quoted = false;
    let end = text.find(|c: char| {
        quoted ^= c == '"';
        !quoted && c.is_whitespace()
    });
    text.split_at(end.unwrap_or(text.len()))
}

/// The parts between separators that are not quoted.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        !quoted && c == separator
    })
}

/// Whether a pattern with `*` and `?` fits a word.
fn fits(pattern: &str, word: &str) -> bool {
    match (pattern.chars().next(), word.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            let rest = pattern.get(1..).unwrap_or_default();
            word.char_indices()
                .map(|(at, _)| at)
                .chain([word.len()])
                .any(|at| fits(rest, word.get(at..).unwrap_or_default()))
        }
        (Some(own), Some(other)) if own == '?' || own == other => fits(
            pattern.get(own.len_utf8()..).unwrap_or_default(),
            word.get(other.len_utf8()..).unwrap_or_default(),
        ),
        _ => false,
    }
}

/// A time of a line: local, or in UTC.
#[derive(Clone, Copy, Debug)]
struct Moment {
    time: DateTime,
    utc: bool,
}

impl Moment {
    /// The time on the clock that `at` is read from.
    fn as_seen(self, at: &ZonedDateTime) -> DateTime {
        if !self.utc {
            return self.time;
        }
        let zoned = self.time.to_zoned_datetime(TimeZone::UTC);
        zoned.map_or(self.time, |time| {
            time.with_time_zone(at.time_zone().clone()).datetime()
        })
    }
}

/// `YYYYMMDD[HHMM[SS]]`, with `Z` for UTC.
fn moment(text: &str) -> Result<Moment, &'static str> {
    let (digits, utc) = match text.strip_suffix('Z') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse().ok());
    let part = |from: usize| match digits.len() {
        length if length >= from + 2 => number(from, from + 2),
        _ => Some(0),
    };
    let parts = || {
        let year = number(0, 4)?;
        let (month, day) = (
            i8::try_from(number(4, 6)?).ok()?,
            i8::try_from(number(6, 8)?).ok()?,
        );
        let (hour, minute) = (i8::try_from(part(8)?).ok()?, i8::try_from(part(10)?).ok()?);
        let second = i8::try_from(part(12)?).ok()?;
        DateTime::new(year, month, day, hour, minute, second, 0).ok()
    };
    let known = matches!(digits.len(), 8 | 12 | 14);
    let time = parts().filter(|_| known);
    let time = time.ok_or("it has a time that is not `YYYYMMDD[HHMM[SS]]`")?;
    Ok(Moment { time, utc })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

    fn at(time: &str) -> ZonedDateTime {
        let time: DateTime = time.parse().unwrap();
        time.to_zoned_datetime(TimeZone::UTC).unwrap()
    }

    fn only(line: &str) -> Signer {
        let mut signers = Signers::parse(line).unwrap().0;
        assert_eq!(signers.len(), 1);
        signers.remove(0)
    }

    #[test]
    fn lines_are_read_as_ssh_reads_them() {
        let text = format!(
            "# who may sign\n\nhr@example.org,dpo@example.org {KEY} office\n\
             \"a b\" namespaces=\"git,spor*\",valid-before=\"20270101\" {KEY}\n\
             *@example.org cert-authority {KEY}\n"
        );
        let signers = Signers::parse(&text).unwrap().0;
        let names: Vec<&str> = signers.iter().map(|one| one.principals.as_str()).collect();
        assert_eq!(names, ["hr@example.org,dpo@example.org", "a b"]);
        assert!(signers[1].may_sign(&at("2026-11-28T12:00:00")).is_ok());
        for (line, why) in [
            ("hr@example.org", "line 1: it is not"),
            ("hr@example.org ssh-ed25519 AAAA", "line 1: it is not"),
            (&format!("hr ecdsa=1 {KEY}"), "line 1: it has an option"),
            (
                &format!("hr valid-after=2026 {KEY}"),
                "line 1: it has a time",
            ),
            (
                &format!("hr valid-after=20261301 {KEY}"),
                "line 1: it has a time",
            ),
        ] {
            let error = Signers::parse(line).unwrap_err();
            assert!(error.starts_with(why), "{line}: {error}");
        }
    }

    #[test]
    fn namespaces_and_times_are_kept_to() {
        let now = at("2026-11-28T12:00:00");
        for (options, allowed) in [
            ("namespaces=\"git\"", false),
            ("namespaces=\"git,sporhun?\"", true),
            ("namespaces=\"sporhund2\"", false),
            ("valid-after=20261128", true),
            ("valid-after=\"202611281201\"", false),
            ("valid-after=20261128115959Z", true),
            ("valid-before=20261128120000Z", false),
            ("valid-before=20261129", true),
        ] {
            let signer = only(&format!("hr {options} {KEY}"));
            assert_eq!(signer.may_sign(&now).is_ok(), allowed, "{options}");
        }
        let oslo = TimeZone::fixed(jiff::tz::offset(1));
        let signer = only(&format!("hr valid-after=202611281200Z {KEY}"));
        let then: DateTime = "2026-11-28T12:30:00".parse().unwrap();
        assert!(
            signer
                .may_sign(&then.to_zoned_datetime(oslo).unwrap())
                .is_err()
        );
    }
}
