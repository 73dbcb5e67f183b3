//! The words of the reports in the languages that people are addressed in.
//!
//! Nynorsk has its own words where they differ; identifiers and JSON keys are never translated.

use jiff::civil::Date;

use crate::model::{Lang, ProblemKind};

/// Declares phrases in Bokmål, Nynorsk and English.
macro_rules! words {
    ($(#[$of:meta])* $kind:ident: $($name:ident: $nb:literal, $nn:literal, $en:literal;)+) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $kind { $($name),+ }

        impl $kind {
            /// The phrase in a language.
            pub(super) fn say(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::Nb) => $nb,
                    (Self::$name, Lang::Nn) => $nn,
                    (Self::$name, Lang::En) => $en,)+
                }
            }
        }
    };
}

pub(super) use words;

words! {
    /// What stands above a column.
    Head:
    Object: "objekt", "objekt", "object";
    Verdict: "vurdering", "vurdering", "verdict";
    Due: "frist", "frist", "due";
    Rules: "regler", "reglar", "rules";
    Why: "begrunnelse", "grunngjeving", "reasons";
    Found: "funnet", "funne", "found";
    Class: "dokumenttype", "dokumenttype", "kind of document";
    Owner: "ansvarlig", "ansvarleg", "responsible";
    Mode: "modus", "modus", "mode";
    Group: "gruppe", "gruppe", "group";
    Bytes: "byte", "byte", "bytes";
    Cause: "ikke lest fordi", "ikkje lese fordi", "not read because";
    Format: "format", "format", "format";
    Size: "størrelse", "storleik", "size";
    Access: "kan leses av", "kan lesast av", "readable by";
    Dates: "datoer", "datoar", "dates";
}

words! {
    /// A fixed phrase of the reports.
    Word:
    Coverage: "DEKNING", "DEKNING", "COVERAGE";
    ByFormat: "DEKNING ETTER FORMAT OG UTFALL (objekter, størrelse)", "DEKNING ETTER FORMAT OG UTFALL (objekt, storleik)", "COVERAGE BY FORMAT AND OUTCOME (objects, size)";
    Object: "objekt", "objekt", "object";
    Objects: "objekter", "objekt", "objects";
    Scanned: "lest", "lesne", "read";
    Unchanged: "uendret", "uendra", "unchanged";
    Partial: "delvis lest", "delvis lesne", "partly read";
    Skipped: "hoppet over", "hoppa over", "skipped";
    Failed: "mislyktes", "mislukka", "failed";
    AllRead: "Alt som skulle leses, ble lest", "Alt som skulle lesast, vart lese", "Everything that should be read was read";
    NotRead: "ble ikke lest helt (se nederst)", "vart ikkje lese heilt (sjå nedst)", "not read to the end (see below)";
    Accepted: "Kjent og godtatt som ikke lest", "Kjent og godteke som ikkje lese", "Known and accepted as unread";
    Pictures: "Bilder og skannede sider uten lest tekst", "Bilete og skanna sider utan lesen tekst", "Pictures and scanned pages whose text was not read";
    Without: "Ikke lett etter", "Ikkje leitt etter", "Not looked for";
    Interrupted: "Avbrutt før slutten: tallene gjelder det som ble lest", "Avbrote før slutten: tala gjeld det som vart lese", "Stopped before the end: the figures cover what was read";
    Found: "FUNNET", "FUNNE", "FOUND";
    Findings: "funn", "funn", "findings";
    Distinct: "ulike", "ulike", "distinct";
    LowFindings: "Mindre sikre funn, ikke tatt med over", "Mindre sikre funn, ikkje tekne med over", "Less certain findings, not counted above";
    NothingFound: "Ingen personopplysninger funnet (det beviser ikke at det ikke er noen)", "Ingen personopplysningar funne (det provar ikkje at det ikkje er nokon)", "No personal data found (which is no proof that there is none)";
    Where: "HVOR", "KVAR", "WHERE";
    Verdicts: "VURDERING", "VURDERING", "VERDICTS";
    Due: "SKAL VÆRE SLETTET", "SKAL VERE SLETTA", "OVERDUE FOR DELETION";
    Violations: "BRUDD", "BROT", "VIOLATIONS";
    Review: "MÅ VURDERES", "MÅ VURDERAST", "NEEDS A PERSON";
    Unread: "IKKE LEST", "IKKJE LESE", "NOT READ";
    NotReached: "ikke lest", "ikkje lese", "not read";
    NoRules: "Ingen regler oppgitt: funnene er ikke vurdert", "Ingen reglar oppgitt: funna er ikkje vurderte", "No rules given: the findings are not judged";
    OtherReasons: "andre grunner", "andre grunnar", "other reasons";
    Since: "siden", "sidan", "since";
    TrendSince: "FUNN SIDEN KJØRING", "FUNN SIDAN KØYRING", "FINDINGS SINCE RUN";
    New: "nye", "nye", "new";
    Gone: "borte", "borte", "gone";
    Moved: "flyttet", "flytte", "moved";
    ByFolder: "ETTER MAPPE", "ETTER MAPPE", "BY FOLDER";
    ByOwner: "ETTER ANSVARLIG", "ETTER ANSVARLEG", "BY WHO IS RESPONSIBLE";
    ByRule: "ETTER REGEL", "ETTER REGEL", "BY RULE";
    ByDetector: "ETTER HVA SOM BLE FUNNET", "ETTER KVA SOM VART FUNNE", "BY WHAT WAS FOUND";
    MovedFiles: "FLYTTEDE FILER", "FLYTTE FILER", "MOVED FILES";
    Nobody: "ingen", "ingen", "nobody";
    LookedOtherwise: "Programmet eller det som ble lett etter, er ikke det samme som da: noe av forskjellen kan komme av det", "Programmet eller det som vart leitt etter, er ikkje det same som då: noko av skilnaden kan kome av det", "The program, or what was looked for, is not what it was then: some of the difference may come from that";
    Day: "dag", "dag", "day";
    Days: "dager", "dagar", "days";
    More: "til", "til", "more";
    AsOf: "per", "per", "as of";
    Refused: "AVVISTE RADER I HENDELSESREGISTERET", "AVVISTE RADER I HENDINGSREGISTERET", "REFUSED ROWS OF THE EVENT REGISTER";
    Line: "linje", "linje", "line";
    SheetSummary: "Oppsummering", "Oppsummering", "Summary";
    SheetDue: "Skal være slettet", "Skal vere sletta", "Overdue";
    SheetViolations: "Brudd", "Brot", "Violations";
    SheetReview: "Må vurderes", "Må vurderast", "Needs a person";
    SheetUnread: "Ikke lest", "Ikkje lese", "Not read";
    FoldersFirst: "Mapper å begynne med", "Mapper å byrje med", "Folders to begin with";
    Overdue: "på overtid", "på overtid", "overdue";
    Special: "særlige kategorier", "særlege kategoriar", "special categories";
    LeftOut: "Rader som ikke fikk plass", "Rader som ikkje fekk plass", "Rows that had no room";
    Assumption: "Frister bygger på antakelser som ingen har godtatt", "Fristar byggjer på føresetnader som ingen har godteke", "Periods rest on assumptions that nobody has accepted";
}

/// The first, second or third of three texts: Bokmål, Nynorsk, English.
pub(super) fn pick<'t>(lang: Lang, texts: (&'t str, &'t str, &'t str)) -> &'t str {
    lang.pick(texts.into())
}

/// A day in figures, in the order that is usual in the language.
pub(super) fn day(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Nb | Lang::Nn => day.strftime("%d.%m.%Y").to_string(),
        Lang::En => day.to_string(),
    }
}

/// The unit of a period by its letter in ISO 8601.
pub(super) fn unit(letter: char, count: u32, lang: Lang) -> Option<&'static str> {
    let texts = match (letter, count) {
        ('Y', 1) => ("år", "år", "year"),
        ('Y', _) => ("år", "år", "years"),
        ('M', 1) => ("måned", "månad", "month"),
        ('M', _) => ("måneder", "månader", "months"),
        ('W', 1) => ("uke", "veke", "week"),
        ('W', _) => ("uker", "veker", "weeks"),
        ('D', 1) => ("dag", "dag", "day"),
        ('D', _) => ("dager", "dagar", "days"),
        _ => return None,
    };
    Some(pick(lang, texts))
}

/// Where the number of a period comes from.
pub(super) fn source(id: &str, lang: Lang) -> Option<String> {
    if let Some(assumption) = id.strip_prefix("assumption:") {
        let word = pick(lang, ("antakelse", "føresetnad", "assumption"));
        return Some(format!("{word} {assumption}"));
    }
    let texts = match id {
        "statute" => ("lov", "lov", "statute"),
        "regulation" => ("forskrift", "forskrift", "regulation"),
        "policy" => ("egen erklæring", "eiga erklæring", "own policy"),
        "dpa_guidance" => (
            "Datatilsynets veiledning",
            "rettleiing frå Datatilsynet",
            "the authority's guidance",
        ),
        "dpa_practice" => (
            "Datatilsynets praksis",
            "praksis i Datatilsynet",
            "the authority's practice",
        ),
        "sector_guidance" => (
            "bransjens veiledning",
            "rettleiing i bransjen",
            "guidance of the sector",
        ),
        _ => return None,
    };
    Some(pick(lang, texts).to_owned())
}

/// What was found, from its detector and kind; ids without words are told as they are.
#[must_use]
pub fn kind(detector: &str, kind: &str, lang: Lang) -> String {
    let id = if detector == kind {
        detector.to_owned()
    } else {
        format!("{detector}:{kind}")
    };
    finding(&id, lang).unwrap_or(id)
}

/// What was found, from its `detector:kind`, or its detector where that has one kind only.
pub(super) fn finding(id: &str, lang: Lang) -> Option<String> {
    let Some((name, kind)) = id.split_once(':') else {
        return detector_words(id).map(|texts| pick(lang, texts).to_owned());
    };
    let named = pick(lang, detector_words(name)?);
    let texts = match (name, kind) {
        ("fodselsnummer", "fodselsnummer") => return Some(named.to_owned()),
        ("fodselsnummer", "synthetic") => (
            "syntetisk fødselsnummer",
            "syntetisk fødselsnummer",
            "synthetic fødselsnummer",
        ),
        ("fodselsnummer", "d-number") => ("D-nummer", "D-nummer", "D-number"),
        ("fodselsnummer", "h-number") => ("H-nummer", "H-nummer", "H-number"),
        ("fodselsnummer", "fh-number") => ("FH-nummer", "FH-nummer", "FH-number"),
        ("email", "personal") => ("personlig e-post", "personleg e-post", "personal e-mail"),
        ("email", "role") => ("felles e-post", "felles e-post", "shared e-mail"),
        ("phone", "mobile") => ("mobilnummer", "mobilnummer", "mobile number"),
        ("phone", "fixed") => ("fasttelefon", "fasttelefon", "fixed-line number"),
        ("special-category", "health") => ("helse", "helse", "health"),
        ("special-category", "trade-union") => ("fagforening", "fagforeining", "trade union"),
        ("special-category", "religion") => ("religion", "religion", "religion"),
        ("special-category", "ethnicity") => ("etnisitet", "etnisitet", "ethnicity"),
        ("special-category", "political") => ("politisk syn", "politisk syn", "political view"),
        ("special-category", "sexual") => ("seksuelle forhold", "seksuelle forhold", "sexual life"),
        ("special-category", "genetic-biometric") => (
            "genetikk og biometri",
            "genetikk og biometri",
            "genetics and biometrics",
        ),
        _ => return Some(format!("{named} ({kind})")),
    };
    Some(pick(lang, texts).to_owned())
}

/// What a detector finds, for people.
#[must_use]
pub fn detector(id: &str, lang: Lang) -> &str {
    detector_words(id).map_or(id, |texts| pick(lang, texts))
}

fn detector_words(id: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match id {
        "fodselsnummer" => ("fødselsnummer", "fødselsnummer", "fødselsnummer"),
        "name" => ("navn", "namn", "name"),
        "email" => ("e-post", "e-post", "e-mail"),
        "phone" => ("telefon", "telefon", "phone"),
        "bank-account" => ("kontonummer", "kontonummer", "bank account"),
        "duf-number" => ("DUF-nummer", "DUF-nummer", "DUF number"),
        "birth-date" => ("fødselsdato", "fødselsdato", "birth date"),
        "address" => ("adresse", "adresse", "address"),
        "iban" => ("IBAN", "IBAN", "IBAN"),
        "payment-card" => ("betalingskort", "betalingskort", "payment card"),
        "passport" => ("pass", "pass", "passport"),
        "licence-plate" => ("bilskilt", "bilskilt", "licence plate"),
        "ip-address" => ("IP-adresse", "IP-adresse", "IP address"),
        "mac-address" => ("MAC-adresse", "MAC-adresse", "MAC address"),
        "online-id" => ("nettidentitet", "nettidentitet", "online identity"),
        "geo" => ("posisjon", "posisjon", "position"),
        "organisation-number" => (
            "organisasjonsnummer",
            "organisasjonsnummer",
            "organisation no.",
        ),
        "customer-id" => ("kundenummer", "kundenummer", "customer number"),
        "health-personnel-number" => ("HPR-nummer", "HPR-nummer", "HPR number"),
        "se-personnummer" => (
            "svensk personnummer",
            "svensk personnummer",
            "Swedish identity no.",
        ),
        "dk-cpr" => ("dansk CPR-nummer", "dansk CPR-nummer", "Danish CPR number"),
        "fi-hetu" => ("finsk HETU", "finsk HETU", "Finnish HETU"),
        "is-kennitala" => (
            "islandsk kennitala",
            "islandsk kennitala",
            "Icelandic kennitala",
        ),
        "special-category" => ("særlig kategori", "særleg kategori", "special category"),
        "criminal-record" => ("straffedom", "straffedom", "criminal record"),
        _ => return None,
    })
}

/// Why something was not read, for people.
#[must_use]
pub fn cause(kind: ProblemKind, lang: Lang) -> &'static str {
    let (nb, nn, en) = match kind {
        ProblemKind::Permission => ("ingen tilgang", "ingen tilgang", "no permission"),
        ProblemKind::Vanished => ("forsvant underveis", "forsvann undervegs", "vanished"),
        ProblemKind::Io => ("lesefeil", "lesefeil", "read error"),
        ProblemKind::Encrypted => ("kryptert", "kryptert", "encrypted"),
        ProblemKind::Malformed => ("ødelagt", "øydelagt", "damaged"),
        ProblemKind::Unsupported => (
            "format som ikke leses",
            "format som ikkje blir lese",
            "format that is not read",
        ),
        ProblemKind::LimitDepth => ("for mange lag", "for mange lag", "nested too deep"),
        ProblemKind::LimitMembers => ("for mange deler", "for mange delar", "too many members"),
        ProblemKind::LimitBytes => ("pakket for tett", "pakka for tett", "inflates too far"),
        ProblemKind::LimitMemory => (
            "for stort for minnet",
            "for stort for minnet",
            "too large to hold",
        ),
        ProblemKind::Timeout => ("tok for lang tid", "tok for lang tid", "took too long"),
        ProblemKind::Panic => ("feil i leseren", "feil i lesaren", "fault in the reader"),
        ProblemKind::Crashed => ("leseren krasjet", "lesaren krasja", "reader crashed"),
        ProblemKind::ImageWithoutText => (
            "bilde uten lest tekst",
            "bilete utan lesen tekst",
            "picture without text",
        ),
        ProblemKind::ImageUncertain => (
            "bilde, lest med tvil",
            "bilete, lese med tvil",
            "picture, read with doubt",
        ),
        ProblemKind::Offline => ("ligger et annet sted", "ligg ein annan stad", "offline"),
        ProblemKind::Excluded => ("utelatt", "utelaten", "excluded"),
        ProblemKind::Link => ("lenke", "lenkje", "link"),
        ProblemKind::SpecialFile => ("spesialfil", "spesialfil", "special file"),
        ProblemKind::Cancelled => ("avbrutt", "avbrote", "cancelled"),
    };
    pick(lang, (nb, nn, en))
}

/// A verdict, for people.
#[must_use]
pub fn verdict(id: &str, lang: Lang) -> &str {
    let (nb, nn, en) = match id {
        "hold" => ("sperret", "sperra", "on hold"),
        "violation" => ("brudd", "brot", "violation"),
        "delete_due" => ("skal være slettet", "skal vere sletta", "overdue"),
        "review" => ("må vurderes", "må vurderast", "needs a person"),
        "delete_on" => (
            "slettes senere",
            "skal slettast seinare",
            "to be deleted later",
        ),
        "keep" => ("beholdes", "skal behaldast", "kept"),
        _ => return id,
    };
    pick(lang, (nb, nn, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_and_detector_has_words_in_every_language() {
        for lang in Lang::ALL {
            for kind in ProblemKind::ALL {
                assert!(!cause(*kind, lang).contains('-'), "{kind}");
            }
            for detector_info in crate::detect::detectors()
                .iter()
                .map(|detector| detector.info())
            {
                let id = detector_info.id;
                let named = finding(&format!("{id}:other"), lang);
                assert!(named.is_some(), "no words for `{id}` ({lang:?})");
            }
        }
    }
}
