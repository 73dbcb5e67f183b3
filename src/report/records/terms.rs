//! Words for what rule files name by ids beside detectors: categories of data and of people, and legal
//! grounds. An id without words is shown as it is.

use crate::model::Lang;
use crate::report::words::{finding, pick};

/// A category of data: what a detector finds, or a declared word such as `cv`.
pub(super) fn data(id: &str, lang: Lang) -> String {
    let texts = match id {
        "*" => ("alle", "alle", "all"),
        "cv" => ("CV", "CV", "CV"),
        "application" => ("søknad", "søknad", "application"),
        "certificate" => ("attest", "attest", "certificate"),
        "reference" => ("referanse", "referanse", "reference"),
        "face" => ("ansikt", "ansikt", "face"),
        "bankid" => ("BankID", "BankID", "BankID"),
        "usage" => ("bruk av tjenesten", "bruk av tenesta", "use of the service"),
        _ => return finding(id, lang).unwrap_or_else(|| id.to_owned()),
    };
    pick(lang, texts).to_owned()
}

/// A category of people.
pub(super) fn people(id: &str, lang: Lang) -> String {
    let texts = match id {
        "customer" => ("kunder", "kundar", "customers"),
        "prospect" => ("mulige kunder", "moglege kundar", "prospective customers"),
        "visitor" => ("besøkende", "besøkjande", "visitors"),
        "employee" => ("ansatte", "tilsette", "employees"),
        "job_applicant" => ("søkere", "søkjarar", "job applicants"),
        "referee" => ("referansepersoner", "referansepersonar", "referees"),
        "trainee" => ("kursdeltakere", "kursdeltakarar", "trainees"),
        "supplier_vendor" => ("leverandører", "leverandørar", "suppliers"),
        _ => return id.to_owned(),
    };
    pick(lang, texts).to_owned()
}

/// A legal ground.
pub(super) fn ground(id: &str, lang: Lang) -> String {
    let texts = match id {
        "consent" => ("samtykke", "samtykke", "consent"),
        "contract" => ("avtale", "avtale", "contract"),
        "legal_obligation" => (
            "rettslig forpliktelse",
            "rettsleg plikt",
            "legal obligation",
        ),
        "legitimate_interest" => (
            "berettiget interesse",
            "berettiga interesse",
            "legitimate interest",
        ),
        "vital_interest" => ("vitale interesser", "vitale interesser", "vital interests"),
        "public_task" => (
            "oppgave i allmennhetens interesse",
            "oppgåve i interessa til ålmenta",
            "task in the public interest",
        ),
        "instruction" => (
            "instruks fra den behandlingsansvarlige",
            "instruks frå den behandlingsansvarlege",
            "instruction of the controller",
        ),
        _ => return id.to_owned(),
    };
    pick(lang, texts).to_owned()
}
