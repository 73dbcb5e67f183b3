//! The names that columns of applicant lists have, in `rounds.csv` and in exports.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Process,
    Title,
    ClosedOn,
    Subject,
    Name,
    FirstName,
    LastName,
    Email,
    Phone,
    BirthDate,
    Number,
    Outcome,
    ConsentUntil,
}

/// The columns of `rounds.csv`, in their order.
pub(super) const COLUMNS: &[&str] = &[
    "process",
    "title",
    "closed_on",
    "subject",
    "name",
    "email",
    "phone",
    "born",
    "number",
    "outcome",
    "consent_until",
];

/// Each column with the names that mean it: lower case, letters and digits only, without what stands in brackets behind.
const NAMES: &[(Column, &[&str])] = &[
    (
        Column::Process,
        &[
            "process",
            "prosess",
            "runde",
            "stillingsid",
            "utlysning",
            "round",
            "referanse",
            "ref",
        ],
    ),
    (
        Column::Title,
        &["title", "tittel", "stilling", "stillingstittel", "position"],
    ),
    (
        Column::ClosedOn,
        &[
            "closedon",
            "avsluttet",
            "lukket",
            "avslutta",
            "closed",
            "avsluttetdato",
        ],
    ),
    (
        Column::Subject,
        &[
            "subject",
            "kandidatid",
            "søkerid",
            "søkernr",
            "kandidatnr",
            "kandidatnummer",
            "søkernummer",
            "søkarid",
            "søkarnr",
            "candidateid",
            "applicantid",
            "id",
        ],
    ),
    (
        Column::Name,
        &[
            "name",
            "navn",
            "namn",
            "fulltnavn",
            "søker",
            "kandidat",
            "fullname",
            "applicant",
            "søkar",
            "søkernavn",
            "søkarnamn",
            "kandidatnavn",
            "kandidatnamn",
        ],
    ),
    (
        Column::FirstName,
        &["firstname", "fornavn", "fornamn", "givenname"],
    ),
    (
        Column::LastName,
        &[
            "lastname",
            "etternavn",
            "etternamn",
            "surname",
            "familyname",
        ],
    ),
    (
        Column::Email,
        &[
            "email",
            "epost",
            "epostadresse",
            "mail",
            "emailaddress",
            "mailadresse",
            "privatepost",
        ],
    ),
    (
        Column::Phone,
        &[
            "phone",
            "telefon",
            "tlf",
            "mobil",
            "mobiltelefon",
            "telefonnummer",
            "mobilnummer",
            "mobilnr",
            "mobiltlf",
            "telefonnr",
            "tlfnr",
            "telefonmobil",
            "mobilprivat",
            "mobile",
            "phonenumber",
        ],
    ),
    (
        Column::BirthDate,
        &[
            "born",
            "født",
            "fødselsdato",
            "fødd",
            "birthdate",
            "dateofbirth",
            "fødselsdag",
        ],
    ),
    (
        Column::Number,
        &[
            "number",
            "fødselsnummer",
            "fnr",
            "personnummer",
            "nationalid",
        ],
    ),
    (
        Column::Outcome,
        &[
            "outcome",
            "utfall",
            "status",
            "resultat",
            "result",
            "søknadsstatus",
            "søkerstatus",
            "søkarstatus",
            "kandidatstatus",
            "sluttstatus",
        ],
    ),
    (
        Column::ConsentUntil,
        &[
            "consentuntil",
            "samtykketil",
            "samtykke",
            "consent",
            "samtykkeutløper",
        ],
    ),
];

impl Column {
    /// The column that a header names.
    pub(super) fn of(header: &str) -> Option<Self> {
        let plain = |c: &char| c.is_alphanumeric();
        let header = header.split(" (").next().unwrap_or_default();
        let name: String = header.to_lowercase().chars().filter(plain).collect();
        let found = NAMES
            .iter()
            .find(|(_, names)| names.contains(&name.as_str()));
        found.map(|(column, _)| *column)
    }
}
