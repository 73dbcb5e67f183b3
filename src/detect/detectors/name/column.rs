//! Columns and keys that are known to hold names, or known not to, and what a plausible name in a
//! cell looks like.

use super::words;
use crate::detect::gazetteer::Lists;
use crate::model::Field;

/// What a header says about the cells below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// Names of persons: every plausible cell is one.
    Names,
    /// Names of something (`navn`): a cell that looks like a person's name is one.
    Perhaps,
    /// Something else that names are taken for: places, companies, products.
    Other,
    /// Nothing.
    #[default]
    Unknown,
}

const NAMES_EXACT: [&str; 62] = [
    "fornavn", "førenamn", "fornamn", "etternavn", "etternamn", "mellomnavn", "mellomnamn",
    "firstname", "lastname", "middlename", "surname", "givenname", "familyname", "forename",
    "fullname", "fulltnavn", "fulltnamn", "personnavn", "personnamn", "kontaktperson", "contactname",
    "contactperson", "kontaktnavn", "ansattnavn", "ansatt", "tilsett", "employeename", "employee",
    "søker", "søkjar", "søkar", "søkernavn", "søkerensnavn", "applicant", "applicantname", "kandidat",
    "kandidatnavn", "candidate", "candidatename", "deltaker", "deltakar", "deltakernavn",
    "participant", "pasient", "pasientnavn", "patientname", "elev", "elevnavn", "studentnavn",
    "foresatt", "pårørende", "saksbehandler", "saksbehandlar", "medlemsnavn", "innehaver",
    "navnansatt", "mannskap", "fname", "lname", "displayname", "personname", "kontaktpersonnavn",
];
const PERHAPS_EXACT: [&str; 16] = [
    "navn", "namn", "name", "names", "navnet", "kundenavn", "customername", "kunde", "customer",
    "kontakt", "contact", "eier", "owner", "leder", "avsender", "mottaker",
];
const OTHER_PARTS: [&str; 30] = [
    "poststed", "poststad", "sted", "stad", "city", "town", "country", "land", "kommune", "fylke",
    "municipality", "county", "adresse", "address", "gate", "street", "firma", "bedrift", "company",
    "selskap", "produkt", "product", "vare", "modell", "merke", "avdeling", "department", "skole",
    "stilling", "tittel",
];
/// Words before `name` that make it the name of a thing.
const THINGS: [&str; 22] = [
    "fil", "file", "produkt", "product", "produkter", "products", "vare", "firma", "bedrift",
    "company", "selskap", "host", "domain", "tabell", "table", "kolonne", "column", "prosjekt",
    "project", "event", "class", "package",
];

/// What a header, key path or `table.column` says.
pub(in crate::detect) fn of(header: &str) -> Column {
    if header.is_empty() {
        return Column::Unknown;
    }
    let mut levels = header.rsplit(['.', '/']);
    let last = levels.next().unwrap_or_default();
    let parts = parts(last);
    let whole = parts.concat();
    let any = |list: &[&str]| parts.iter().any(|part| list.contains(&part.as_str()));
    if NAMES_EXACT.contains(&whole.as_str()) {
        return Column::Names;
    }
    if any(&OTHER_PARTS) || any(&THINGS) {
        return Column::Other;
    }
    let above = levels.next().map(self::parts).unwrap_or_default();
    let of_thing = above.iter().any(|part| THINGS.contains(&part.as_str()));
    if PERHAPS_EXACT.contains(&whole.as_str()) {
        return if of_thing { Column::Other } else { Column::Perhaps };
    }
    let named = any(&["navn", "namn", "name"]);
    let person = any(&NAMES_EXACT) || any(&["first", "last", "full", "person", "user", "ansvarlig"]);
    match (named, person) {
        (true, true) => Column::Names,
        (false, true) if any(&NAMES_EXACT) && parts.len() <= 2 => Column::Perhaps,
        (true, false) => Column::Perhaps,
        (false, _) => Column::Unknown,
    }
}

/// Headers of what only goods have.
const GOODS: [&str; 18] = [
    "ean", "gtin", "upc", "sku", "isbn", "varenr", "varenummer", "artikkelnr", "artikkelnummer", "artnr", "produktnr",
    "produktnummer", "productid", "productno", "strekkode", "barcode", "lager", "lagerbeholdning",
];

/// What each header of a table says: beside those of goods a name is that of goods.
pub(in crate::detect) fn of_all(fields: &[Field]) -> Vec<Column> {
    let mut columns: Vec<Column> = fields.iter().map(|field| of(&field.name)).collect();
    let is_of_goods = |field: &Field| {
        let last = field.name.rsplit(['.', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        let whole = parts(last).concat();
        GOODS.contains(&whole.as_str())
    };
    if columns.contains(&Column::Perhaps) && fields.iter().any(is_of_goods) {
        for column in columns.iter_mut().filter(|column| **column == Column::Perhaps) {
            *column = Column::Other;
        }
    }
    columns
}

fn parts(header: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut small = false;
    for c in header.chars().take(80) {
        let border = !c.is_alphabetic() || (c.is_uppercase() && small);
        if border && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| c.is_alphabetic()) {
            part.extend(c.to_lowercase());
        }
        small = c.is_lowercase();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// How far a cell looks like a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent properties of one text")]
pub(super) struct Look {
    /// One to six words of letters, hyphens, apostrophes and full stops, perhaps one comma; not the
    /// form of a company.
    pub(super) formed: bool,
    /// A word is in a list of first names.
    pub(super) first: bool,
    /// A word is in a list of surnames.
    pub(super) last: bool,
    /// No word is only a common word, and one at least begins with a capital.
    pub(super) proper: bool,
}

/// Looks at the text of a cell.
pub(super) fn look(cell: &str) -> Look {
    let mut look = Look {
        formed: cell.matches(',').count() <= 1,
        proper: cell.contains(char::is_uppercase),
        ..Look::default()
    };
    let mut count = 0;
    let mut lower = String::with_capacity(cell.len());
    for word in cell.split([' ', '\u{a0}', ',']).filter(|word| !word.is_empty()) {
        count += 1;
        let bare = word.strip_suffix('.').unwrap_or(word);
        look.formed &= words::word_length(bare) == bare.len();
        look.formed &= !matches!(bare, "AS" | "ASA" | "ANS" | "DA" | "SA" | "Ltd" | "Inc" | "AB");
        lower.clear();
        words::push_lowered(&mut lower, bare);
        let lists = words::lists(&lower);
        look.first |= lists.meets(Lists::ANY_FIRST);
        look.last |= lists.meets(Lists::ANY_LAST);
        let named = lists.meets(Lists::ANY_FIRST.union(Lists::ANY_LAST));
        look.proper &= named || !lists.meets(Lists::ANY_WORD.union(Lists::COUNTRY));
    }
    look.formed &= (1..=6).contains(&count);
    look
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_what_stands_below() {
        for header in [
            "Fornavn", "etternavn", "first_name", "lastName", "Fullt navn", "person.etternavn",
            "ansatte.fornavn", "Søkjar", "Kontaktperson", "ANSATT NAVN", "Førenamn",
        ] {
            assert_eq!(of(header), Column::Names, "{header}");
        }
        for header in ["Navn", "namn", "name", "kunder.navn", "Kundenavn"] {
            assert_eq!(of(header), Column::Perhaps, "{header}");
        }
        for header in ["Poststed", "filnavn.fil", "produkt.navn", "Company name", "file_name", "By.city"] {
            assert_eq!(of(header), Column::Other, "{header}");
        }
        for header in ["", "Beløp", "dato"] {
            assert_eq!(of(header), Column::Unknown, "{header}");
        }
    }

    /// Planted fault that this caught: customers of a table with goods taken for goods.
    #[test]
    fn beside_the_numbers_of_goods_a_name_is_that_of_goods() {
        let columns = |names: &[&str]| {
            let field = |name: &&str| Field { id: 0, name: (*name).into(), sheet: None, numeric: false };
            of_all(&names.iter().map(field).collect::<Vec<_>>())
        };
        assert_eq!(columns(&["Artikkelnr.", "Navn", "Pris"])[1], Column::Other);
        assert_eq!(columns(&["EAN", "name", "Kontaktperson"])[1..], [Column::Other, Column::Names]);
        assert_eq!(columns(&["Ordrenr", "Navn", "Pris"])[1], Column::Perhaps);
    }

    #[test]
    fn cells_look_like_names_or_not() {
        let good = look("Tuva Bergersen-Dahl");
        assert!(good.formed && good.proper && good.first);
        assert!(look("Bergersen, Tuva K.").formed);
        assert!(!look("12 stk").formed);
        assert!(!look("Ikke oppgitt").proper);
        assert!(!look("Olsen Bygg AS").formed);
    }
}
