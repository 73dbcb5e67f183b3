//! The words of the records, in Bokmål, Nynorsk and English.

use super::super::words::words;
use crate::model::Lang;

words! {
    /// What stands above a column of the record of processing.
    Column:
    Purpose: "formål", "føremål", "purpose";
    Role: "rolle", "rolle", "role";
    Customers: "behandles for", "vert behandla for", "processed for";
    Place: "sted", "stad", "place";
    Owner: "ansvarlig", "ansvarleg", "responsible";
    Basis: "rettslig grunnlag", "rettsleg grunnlag", "legal basis";
    Subjects: "kategorier av registrerte", "kategoriar av registrerte", "categories of data subjects";
    Declared: "erklærte opplysninger", "erklærte opplysningar", "declared data";
    Observed: "funne opplysninger (objekter)", "funne opplysningar (objekt)", "observed data (objects)";
    Undeclared: "funnet, men ikke erklært", "funne, men ikkje erklærte", "observed, but not declared";
    Special: "særlige kategorier og straffbare forhold", "særlege kategoriar og straffbare forhold", "special categories and criminal matters";
    Classes: "dokumenttyper (objekter)", "dokumenttypar (objekt)", "kinds of documents (objects)";
    Recipients: "mottakere", "mottakarar", "recipients";
    Region: "hvor opplysningene er", "kvar opplysningane er", "where the data is";
    Transfer: "overføringsgrunnlag", "overføringsgrunnlag", "safeguard of transfer";
    Limits: "frister for sletting", "fristar for sletting", "time limits for erasure";
    Statement: "punkt i erklæringen", "punkt i erklæringa", "statement";
    Fides: "fideslang", "fideslang", "fideslang";
    Objects: "objekter", "objekt", "objects";
    Personal: "med personopplysninger", "med personopplysningar", "with personal data";
    Unread: "ikke lest", "ikkje lesne", "not read";
}

words! {
    /// What stands above a column of the other tables.
    Heading:
    What: "hva", "kva", "what";
    Told: "opplysning", "opplysning", "figure";
    Objects: "objekter", "objekt", "objects";
    Hits: "forekomster", "førekomstar", "hits";
    Special: "særlige kategorier", "særlege kategoriar", "special categories";
    Reader: "kan leses av", "kan lesast av", "readable by";
    Files: "filer", "filer", "files";
    File: "fil", "fil", "file";
    Owner: "eier", "eigar", "owner";
    Group: "gruppe", "gruppe", "group";
    Mode: "modus", "modus", "mode";
    Acl: "tilgangsliste", "tilgangsliste", "access list";
}

words! {
    /// A fixed phrase of the records.
    Phrase:
    Ropa: "Behandlinger", "Behandlingar", "Processing";
    About: "Om protokollen", "Om protokollen", "About the record";
    Controller: "behandlingsansvarlig", "behandlingsansvarleg", "controller";
    Processor: "databehandler", "databehandlar", "processor";
    Joint: "felles behandlingsansvarlige", "felles behandlingsansvarlege", "joint controllers";
    Unknown: "ikke oppgitt", "ikkje oppgitt", "not stated";
    NotDescribed: "ikke beskrevet i site.toml", "ikkje skildra i site.toml", "not described in site.toml";
    NoPlace: "ikke noe sted i site.toml", "ingen stad i site.toml", "no place in site.toml";
    WithAgreement: "databehandler, med avtale", "databehandlar, med avtale", "a processor, with an agreement";
    NoAgreement: "databehandler, uten avtale", "databehandlar, utan avtale", "a processor, without an agreement";
    Outside: "delt utenfor virksomheten", "delt utanfor verksemda", "shared outside the organisation";
    Eea: "EØS", "EØS", "EEA";
    Adequate: "land med adekvansbeslutning", "land med adekvansavgjerd", "country with an adequacy decision";
    Third: "tredjeland", "tredjeland", "third country";
    Adequacy: "adekvansbeslutning", "adekvansavgjerd", "adequacy decision";
    Scc: "standardavtale (EU) 2021/914", "standardavtale (EU) 2021/914", "standard clauses (EU) 2021/914";
    OldClauses: "gamle standardavtaler, uten virkning siden 27.12.2022", "gamle standardavtalar, utan verknad sidan 27.12.2022", "old standard clauses, without effect since 27 December 2022";
    NoSafeguard: "ingen", "ingen", "none";
    Contact: "kontakt", "kontakt", "contact";
    AsOf: "per", "per", "as of";
    ByHand: "Sikkerhetstiltak (artikkel 30 nr. 1 bokstav g) føres inn for hånd", "Tryggingstiltak (artikkel 30 nr. 1 bokstav g) må førast inn for hand", "Security measures (article 30(1)(g)) are to be added by hand";
    OnlyScanned: "Det som er funnet, gjelder bare det som ble skannet og lest", "Det som er funne, gjeld berre det som vart skanna og lese", "What is observed covers only what was scanned and read";
    Overview: "Oversikt", "Oversikt", "Overview";
    Categories: "Opplysninger", "Opplysningar", "Data";
    Readers: "Hvem kan lese", "Kven kan lese", "Who can read";
    Files: "Filer", "Filer", "Files";
    Folder: "mappe", "mappe", "folder";
    Persons: "registrerte (anslag)", "registrerte (overslag)", "data subjects (estimate)";
    Records: "forekomster av personopplysninger", "førekomstar av personopplysningar", "hits of personal data";
    Different: "ulike", "ulike", "different";
    WithSpecial: "filer med særlige kategorier eller straffbare forhold", "filer med særlege kategoriar eller straffbare forhold", "files with special categories or criminal matters";
    FilesPersonal: "filer med personopplysninger", "filer med personopplysningar", "files with personal data";
    FilesAll: "filer i alt", "filer i alt", "files in all";
    NotRead: "filer som ikke ble lest til ende; det de inneholder, er ikke med", "filer som ikkje vart lesne til ende; det dei inneheld, er ikkje med", "files not read to their end; what they hold is not counted";
    First: "eldste dokument", "eldste dokument", "oldest document";
    Last: "nyeste dokument", "nyaste dokument", "newest document";
    Everyone: "alle kontoer på maskinen", "alle kontoar på maskina", "every account of the machine";
    OfGroup: "gruppen", "gruppa", "the group";
    Account: "kontoen", "kontoen", "the account";
    NoAccess: "tilgangen er ikke kjent", "tilgangen er ikkje kjend", "access is not known";
    Limits: "Rettigheter på delingen (SMB, NFS), på mappene over og i sikkerhetskopier er ikke med", "Rettar på delinga (SMB, NFS), på mappene over og i tryggingskopiar er ikkje med", "Rights of the share (SMB, NFS), of the folders above and of backups are not in it";
    Estimate: "Anslaget er det høyeste av tallene på ulike fødselsnumre, navn, e-postadresser og telefonnumre", "Overslaget er det høgaste av tala på ulike fødselsnummer, namn, e-postadresser og telefonnummer", "The estimate is the highest of the numbers of different identity numbers, names, e-mail addresses and phone numbers";
    Low: "Mindre sikre funn er ikke med", "Mindre sikre funn er ikkje med", "Less certain findings are left out";
}
