//! What the classes of documents are called, in Bokmål, Nynorsk and English.
//!
//! The classes themselves, and the words by which they are known, stand in `rules/classes.toml`. Machines
//! are told ids: JSON, JSON lines and CSV do not come here.

use crate::model::Lang;

/// A class by its id, and what it is called in Bokmål, Nynorsk and English.
type Named = (&'static str, [&'static str; 3]);

/// The classes, in the order of `rules/classes.toml`; the last one is that of documents that nothing suggests
/// a class for.
const CLASSES: [Named; 49] = [
    (
        "recruitment.application",
        ["søknad", "søknad", "application"],
    ),
    ("recruitment.cv", ["CV", "CV", "CV"]),
    (
        "recruitment.certificate",
        [
            "attest eller vitnemål",
            "attest eller vitnemål",
            "certificate or diploma",
        ],
    ),
    (
        "recruitment.reference",
        ["referanse", "referanse", "reference"],
    ),
    (
        "recruitment.assessment",
        [
            "vurdering av søker",
            "vurdering av søkjar",
            "assessment of an applicant",
        ],
    ),
    (
        "recruitment.applicant_list",
        ["søkerliste", "søkjarliste", "list of applicants"],
    ),
    (
        "recruitment.police_certificate",
        ["politiattest", "politiattest", "police certificate"],
    ),
    (
        "recruitment.background_check",
        ["bakgrunnssjekk", "bakgrunnssjekk", "background check"],
    ),
    (
        "recruitment.correspondence",
        [
            "korrespondanse med søker",
            "korrespondanse med søkjar",
            "correspondence with an applicant",
        ],
    ),
    (
        "recruitment.offer",
        ["jobbtilbud", "jobbtilbod", "job offer"],
    ),
    (
        "hr.contract",
        ["arbeidsavtale", "arbeidsavtale", "employment contract"],
    ),
    (
        "hr.personnel_file",
        ["personalmappe", "personalmappe", "personnel file"],
    ),
    ("hr.payslip", ["lønnsslipp", "lønsslipp", "pay slip"]),
    ("hr.timesheet", ["timeliste", "timeliste", "time sheet"]),
    ("hr.sick_note", ["sykmelding", "sjukmelding", "sick note"]),
    (
        "hr.warning",
        ["advarsel", "åtvaring", "warning to an employee"],
    ),
    (
        "hr.mailbox",
        [
            "ansattes e-postkasse",
            "e-postkassa til ein tilsett",
            "employee's mailbox",
        ],
    ),
    (
        "hr.home_folder",
        [
            "ansattes hjemmeområde",
            "heimeområdet til ein tilsett",
            "employee's home folder",
        ],
    ),
    (
        "hr.staff_list",
        ["ansattliste", "tilsettliste", "list of employees"],
    ),
    (
        "hr.appraisal",
        ["medarbeidersamtale", "medarbeidarsamtale", "appraisal"],
    ),
    (
        "marketing.newsletter_list",
        [
            "adresseliste for nyhetsbrev",
            "adresseliste for nyheitsbrev",
            "newsletter list",
        ],
    ),
    (
        "marketing.suppression_list",
        ["reservasjonsliste", "reservasjonsliste", "do-not-mail list"],
    ),
    (
        "marketing.testimonial",
        ["kundeomtale", "kundeomtale", "testimonial"],
    ),
    (
        "course.registration_list",
        ["deltakerliste", "deltakarliste", "list of participants"],
    ),
    (
        "account.profile",
        ["brukerprofil", "brukarprofil", "user profile"],
    ),
    (
        "account.bankid_check",
        ["BankID-kontroll", "BankID-kontroll", "BankID check"],
    ),
    (
        "account.kyc",
        ["kundekontroll", "kundekontroll", "customer due diligence"],
    ),
    ("support.ticket", ["henvendelse", "førespurnad", "enquiry"]),
    (
        "support.mailbox",
        ["felles e-postkasse", "felles e-postkasse", "shared mailbox"],
    ),
    ("accounting.voucher", ["bilag", "bilag", "voucher"]),
    (
        "accounting.ledger",
        [
            "bokføringsspesifikasjon",
            "bokføringsspesifikasjon",
            "ledger",
        ],
    ),
    (
        "accounting.annual_report",
        ["årsregnskap", "årsrekneskap", "annual report"],
    ),
    ("accounting.contract", ["avtale", "avtale", "contract"]),
    (
        "accounting.correspondence",
        [
            "forretningskorrespondanse",
            "forretningskorrespondanse",
            "business correspondence",
        ],
    ),
    (
        "accounting.delivery_note",
        ["pakkseddel", "pakksetel", "delivery note"],
    ),
    (
        "accounting.customer_upload",
        [
            "opplasting fra kunde",
            "opplasting frå kunde",
            "customer's upload",
        ],
    ),
    (
        "accounting.price_list",
        ["prisliste", "prisliste", "price list"],
    ),
    (
        "accounting.construction_project",
        ["byggeprosjekt", "byggjeprosjekt", "construction project"],
    ),
    (
        "accounting.real_estate",
        ["fast eiendom", "fast eigedom", "real estate"],
    ),
    ("log.access", ["tilgangslogg", "tilgangslogg", "access log"]),
    ("log.usage", ["brukslogg", "brukslogg", "usage log"]),
    (
        "analytics.aggregate",
        ["statistikk", "statistikk", "statistics"],
    ),
    (
        "security.camera",
        ["kameraopptak", "kameraopptak", "camera footage"],
    ),
    (
        "dsar.request",
        ["innsynskrav", "innsynskrav", "data subject's request"],
    ),
    (
        "breach.record",
        ["avviksmelding", "avviksmelding", "record of a breach"],
    ),
    ("legal.case", ["rettssak", "rettssak", "legal case"]),
    ("test.fixture", ["testdata", "testdata", "test data"]),
    (
        "backup.archive",
        ["sikkerhetskopi", "tryggingskopi", "backup"],
    ),
    (
        "unknown",
        [
            "ukjent dokumenttype",
            "ukjend dokumenttype",
            "unknown kind of document",
        ],
    ),
];

/// What a class is called; an id without words is told as it is.
#[must_use]
pub fn class(id: &str, lang: Lang) -> &str {
    let known = CLASSES.iter().find(|(known, _)| *known == id);
    known.map_or(id, |(_, words)| lang.pick(*words))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_class_of_the_rules_is_called_by_words_and_no_two_by_the_same() {
        let classes = crate::policy::classes().expect("the shipped classes");
        assert_eq!(classes.len() + 1, CLASSES.len());
        for lang in Lang::ALL {
            let ids = classes.iter().map(|known| known.id.as_str());
            let named: BTreeSet<&str> = ids.map(|id| class(id, lang)).collect();
            assert_eq!(named.len(), classes.len(), "{lang:?}");
            assert!(named.iter().all(|words| !words.contains('.')), "{named:?}");
        }
    }

    #[test]
    fn a_class_without_words_is_told_by_its_id() {
        assert_eq!(class("our.own", Lang::Nn), "our.own");
        assert_eq!(class("hr.sick_note", Lang::Nn), "sjukmelding");
    }
}
