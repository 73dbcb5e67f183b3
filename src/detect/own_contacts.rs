//! The organisation's own addresses and numbers: they are found like others, and known as its own.
//!
//! It keeps keyed digests, as the detectors make them of an address or a number in its canonical form,
//! so that `75500670` and `+47 755 00 670` are one.

use super::cut::Cut;
use super::fields::SampleWish;
use super::scanner::Scanner;
use crate::model::Candidate;

/// What may stand before a contact that has no sure form of its own.
const LABELS: &[&str] = &["", "Tlf. ", "Adresse: ", "Org.nr. ", "Konto: ", "IBAN: "];

/// Values that are the organisation's own, by detector and keyed digest.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnContacts(Vec<(&'static str, u64)>);

impl OwnContacts {
    /// The contacts as `scanner` would find them, each by itself or behind a label. What no detector
    /// knows is no finding anyway.
    pub(super) fn of(scanner: &Scanner, contacts: &[String]) -> Self {
        let mut values = Vec::new();
        for contact in contacts.iter().map(|contact| contact.trim()) {
            for label in LABELS {
                let text = format!("{label}{contact}");
                let seen = scanner.sight(&Cut::of_text(&text), SampleWish::None);
                let whole = |one: &Candidate| {
                    (one.start, one.end) == (label.len() as u64, text.len() as u64)
                };
                let found = seen.candidates.into_iter().filter(whole);
                values.extend(found.map(|one| (one.kind.detector, one.digest)));
            }
        }
        values.sort_unstable();
        values.dedup();
        Self(values)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a value is among them.
    pub(super) fn has(&self, detector: &'static str, digest: u64) -> bool {
        self.0.binary_search(&(detector, digest)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Confidence, DigestKey, Evidence};

    #[test]
    fn an_own_contact_is_found_however_it_is_written_and_stays_low() {
        let contacts = [
            "firmapost@fjellbris.no",
            "21234567",
            "Storgata 1, 0184 Oslo",
        ];
        let contacts = contacts.map(str::to_owned);
        let scanner = Scanner::new(DigestKey::new([7; 16]), [].into()).with_own_contacts(&contacts);
        let fate = |text: &str| {
            let seen = scanner.sight(&Cut::of_text(text), SampleWish::None);
            let own = |one: &Candidate| one.evidence.has(Evidence::OwnContact);
            seen.candidates
                .iter()
                .find(|one| one.kind.detector != "name")
                .map(|one| (one.confidence, own(one)))
        };
        for text in [
            "skriv til Firmapost@Fjellbris.no",
            "ring +47 21 23 45 67",
            "Tlf. 21234567",
            "(47) 212 34 567",
            "Storgata 1,\n0184  OSLO",
        ] {
            assert_eq!(fate(text), Some((Confidence::Low, true)), "{text}");
        }
        for text in ["ring +47 406 12 345", "kari@fjellbris.no"] {
            assert_eq!(fate(text), Some((Confidence::High, false)), "{text}");
        }
    }
}
