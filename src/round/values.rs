//! What applicants are known by: the digests of what the list says of them, as a scan would make them.

use super::{Applicant, Outcome};
use crate::detect::{Cut, SampleWish, Scanner};
use crate::model::{DigestKey, Evidence};

/// Digests of one applicant, by detector.
pub(super) struct Value {
    pub(super) at: usize,
    pub(super) detector: &'static str,
    pub(super) digest: u64,
}

/// The digests of what the list says of each applicant, as a scan would make them. The organisation's own addresses
/// and numbers, which fill a cell for want of another, tie nothing to anybody.
pub(super) fn known(
    applicants: &[Applicant],
    key: &DigestKey,
    own_contacts: &[String],
) -> Vec<Value> {
    let scanner = Scanner::new(key.clone(), [].into()).with_own_contacts(own_contacts);
    let mut known = Vec::new();
    for (at, applicant) in applicants.iter().enumerate() {
        let born = applicant
            .birth_date
            .map(|day| format!("Fødselsdato: {day}"));
        let texts = [
            ("email", format!("E-post: {}", applicant.email)),
            ("phone", format!("Telefon: {}", applicant.phone)),
            (
                "fodselsnummer",
                format!("Fødselsnummer: {}", applicant.number),
            ),
            ("birth-date", born.unwrap_or_default()),
            ("name", format!("Navn: {}", applicant.name)),
        ];
        for (detector, text) in texts {
            let sightings = scanner.sight(&Cut::of_text(&text), SampleWish::None);
            let found = sightings.candidates.iter();
            let found = found.filter(|found| {
                let own = found.evidence.iter().any(|one| one == Evidence::OwnContact);
                found.kind.detector == detector && found.digest != 0 && !own
            });
            known.extend(found.map(|found| Value {
                at,
                detector,
                digest: found.digest,
            }));
        }
    }
    known
}

/// What those are known by who were not hired, as far as that is known. A day of birth is many people's.
pub(super) fn leaving(
    applicants: &[Applicant],
    known: &[Value],
) -> Vec<(&'static str, u64, String)> {
    let known = known.iter().filter(|value| value.detector != "birth-date");
    let known = known.filter_map(|value| {
        let applicant = applicants.get(value.at)?;
        let stays = matches!(applicant.outcome, Outcome::Hired | Outcome::Unknown);
        (!stays).then(|| (value.detector, value.digest, applicant.subject.clone()))
    });
    known.collect()
}
