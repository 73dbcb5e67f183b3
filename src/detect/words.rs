//! The words that say what a number or a column is, in Bokmål, Nynorsk and English.
//!
//! One lexicon serves headers and running text. Sources: the spelling and labels seen in Norwegian
//! forms, style guides and public interfaces (Skatteetaten, NAV, HL7 Norge, Nets); field names of
//! Feide and Folkeregisteret. It does not weigh the words.

/// A set of the things that words speak of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concepts(u32);

impl Concepts {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// A fødselsnummer or D-number.
    pub const FNR: Self = Self(1 << 0);

    /// The five last digits of one: personnummer.
    pub const SERIAL: Self = Self(1 << 1);

    /// A D-number.
    pub const D_NUMBER: Self = Self(1 << 2);

    /// A number that hospitals give: H- and FH-numbers.
    pub const HELP: Self = Self(1 << 3);

    /// A word of health care.
    pub const HEALTH: Self = Self(1 << 4);

    /// A word of the labour and welfare service.
    pub const NAV: Self = Self(1 << 5);

    /// A word of test data.
    pub const TEST: Self = Self(1 << 6);

    /// A bank account.
    pub const ACCOUNT: Self = Self(1 << 7);

    /// A telephone.
    pub const PHONE: Self = Self(1 << 8);

    /// A single letter that may stand for telephone or mobile.
    pub const LETTER: Self = Self(1 << 9);

    /// An e-mail address.
    pub const EMAIL: Self = Self(1 << 10);

    /// A person's or thing's name.
    pub const NAME: Self = Self(1 << 11);

    /// A birth date.
    pub const BIRTH: Self = Self(1 << 12);

    /// Another date or time.
    pub const DATE: Self = Self(1 << 13);

    /// A number of a thing: invoice, order, case, customer, product.
    pub const REFERENCE: Self = Self(1 << 14);

    /// An organisation.
    pub const ORGANISATION: Self = Self(1 << 15);

    /// An amount.
    pub const MONEY: Self = Self(1 << 16);

    /// Land registry: gnr., bnr., fnr. (festenummer), snr.
    pub const PROPERTY: Self = Self(1 << 17);

    /// Any number that belongs to no person: a thing, an organisation, an amount, a date.
    pub const THING: Self = Self::REFERENCE
        .and(Self::ORGANISATION)
        .and(Self::MONEY)
        .and(Self::PROPERTY);

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the sets share a concept.
    #[must_use]
    pub const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a word in lower case speaks of.
pub(super) fn sense(word: &str) -> Concepts {
    let Some(first) = word.as_bytes().first() else {
        return Concepts::NONE;
    };
    let from = WORDS.partition_point(|entry| entry.0.as_bytes().first() < Some(first));
    let same = WORDS.get(from..).unwrap_or_default();
    let mut concepts = Concepts::NONE;
    for (entry, whole, meaning) in same {
        if entry.as_bytes().first() != Some(first) {
            break;
        }
        if word == *entry || !whole && word.starts_with(entry) {
            concepts = concepts.and(*meaning);
        }
    }
    concepts
}

/// A word or its beginning, whether it must stand whole, and what it speaks of; sorted.
type Entry = (&'static str, bool, Concepts);

const fn whole(word: &'static str, meaning: Concepts) -> Entry {
    (word, true, meaning)
}

const fn begins(word: &'static str, meaning: Concepts) -> Entry {
    (word, false, meaning)
}

#[rustfmt::skip]
const WORDS: &[Entry] = &[
    whole("2.16.578.1.12.4.1.4.1", Concepts::FNR),
    whole("2.16.578.1.12.4.1.4.2", Concepts::D_NUMBER),
    whole("2.16.578.1.12.4.1.4.3", Concepts::HELP),
    whole("account", Concepts::ACCOUNT),
    whole("accountno", Concepts::ACCOUNT),
    whole("accountnr", Concepts::ACCOUNT),
    begins("accountnu", Concepts::ACCOUNT),
    whole("acct", Concepts::ACCOUNT),
    whole("amount", Concepts::MONEY),
    whole("ansattnr", Concepts::REFERENCE),
    whole("ansattnummer", Concepts::REFERENCE),
    whole("antall", Concepts::REFERENCE),
    whole("arbeidstelefon", Concepts::PHONE),
    whole("arkivnr", Concepts::REFERENCE),
    whole("art.nr", Concepts::REFERENCE),
    whole("artikkelnr", Concepts::REFERENCE),
    whole("avtalenr", Concepts::REFERENCE),
    whole("avtalenummer", Concepts::REFERENCE),
    whole("balance", Concepts::MONEY),
    begins("bankaccount", Concepts::ACCOUNT),
    whole("bankgiro", Concepts::ACCOUNT),
    begins("bankkonto", Concepts::ACCOUNT),
    whole("bankkto", Concepts::ACCOUNT),
    whole("barcode", Concepts::REFERENCE),
    whole("bban", Concepts::ACCOUNT),
    whole("bedriftsnr", Concepts::ORGANISATION),
    begins("belop", Concepts::MONEY),
    begins("beløp", Concepts::MONEY),
    whole("bestilling", Concepts::REFERENCE),
    whole("bestillingsnr", Concepts::REFERENCE),
    whole("betal", Concepts::ACCOUNT),
    whole("betalingsreferanse", Concepts::REFERENCE),
    begins("bilag", Concepts::REFERENCE),
    whole("birth", Concepts::BIRTH),
    whole("birthdate", Concepts::BIRTH),
    whole("birthday", Concepts::BIRTH),
    begins("birthnu", Concepts::FNR),
    whole("birthnumber", Concepts::FNR),
    whole("bnr", Concepts::PROPERTY),
    whole("born", Concepts::BIRTH),
    whole("bost", Concepts::NAV),
    whole("bostnr", Concepts::NAV),
    whole("bostnummer", Concepts::NAV),
    whole("brukskonto", Concepts::ACCOUNT),
    whole("bruksnr", Concepts::PROPERTY),
    whole("bruksnummer", Concepts::PROPERTY),
    whole("budsjett", Concepts::MONEY),
    whole("bytes", Concepts::REFERENCE),
    whole("call", Concepts::PHONE),
    whole("cell", Concepts::PHONE),
    whole("cellphone", Concepts::PHONE),
    whole("checksum", Concepts::REFERENCE),
    whole("count", Concepts::REFERENCE),
    whole("created", Concepts::DATE),
    whole("customerid", Concepts::REFERENCE),
    whole("customerno", Concepts::REFERENCE),
    whole("customernumber", Concepts::REFERENCE),
    whole("d-nr", Concepts::D_NUMBER),
    whole("d-number", Concepts::D_NUMBER),
    begins("d-nummer", Concepts::D_NUMBER),
    whole("date", Concepts::DATE),
    whole("dateofbirth", Concepts::BIRTH),
    whole("dato", Concepts::DATE),
    whole("direkte", Concepts::PHONE),
    whole("direktenummer", Concepts::PHONE),
    whole("dkk", Concepts::MONEY),
    whole("dnr", Concepts::D_NUMBER),
    whole("dnumber", Concepts::D_NUMBER),
    begins("dnummer", Concepts::D_NUMBER),
    whole("dob", Concepts::BIRTH),
    whole("docs", Concepts::REFERENCE),
    whole("dolly", Concepts::TEST),
    whole("driftskonto", Concepts::ACCOUNT),
    whole("duf", Concepts::REFERENCE),
    whole("duf-nummer", Concepts::REFERENCE),
    whole("dufnummer", Concepts::REFERENCE),
    begins("e-mail", Concepts::EMAIL),
    begins("e-post", Concepts::EMAIL),
    begins("ean", Concepts::REFERENCE),
    whole("einingsregisteret", Concepts::ORGANISATION),
    begins("email", Concepts::EMAIL),
    whole("employeeid", Concepts::REFERENCE),
    whole("employeeno", Concepts::REFERENCE),
    whole("endret", Concepts::DATE),
    whole("enhetsregisteret", Concepts::ORGANISATION),
    begins("epost", Concepts::EMAIL),
    begins("epostadr", Concepts::EMAIL),
    whole("eposten", Concepts::EMAIL),
    whole("etternamn", Concepts::NAME),
    begins("etternavn", Concepts::NAME),
    whole("eur", Concepts::MONEY),
    whole("f", Concepts::LETTER),
    whole("f.dato", Concepts::BIRTH),
    whole("f.nr", Concepts::FNR),
    whole("fakontonr", Concepts::ACCOUNT),
    whole("faks", Concepts::PHONE),
    begins("faktura", Concepts::REFERENCE),
    whole("fakturanr", Concepts::REFERENCE),
    whole("familyname", Concepts::NAME),
    whole("fax", Concepts::PHONE),
    whole("fdato", Concepts::BIRTH),
    whole("fdt", Concepts::BIRTH),
    whole("festenr", Concepts::PROPERTY),
    whole("festenummer", Concepts::PROPERTY),
    whole("fh-nr", Concepts::HELP),
    begins("fh-nummer", Concepts::HELP),
    whole("fhnr", Concepts::HELP),
    whole("fhnummer", Concepts::HELP),
    whole("firstname", Concepts::NAME),
    whole("fnr", Concepts::FNR),
    begins("fodselsdato", Concepts::BIRTH),
    whole("fodselsellerdnummer", Concepts::FNR),
    whole("fodselsnr", Concepts::FNR),
    begins("fodselsnu", Concepts::FNR),
    whole("fodt", Concepts::BIRTH),
    begins("foedselsdato", Concepts::BIRTH),
    whole("foedselsellerdnummer", Concepts::FNR),
    whole("foedselsnr", Concepts::FNR),
    begins("foedselsnu", Concepts::FNR),
    whole("foedt", Concepts::BIRTH),
    begins("folkeregisterid", Concepts::FNR),
    begins("folkeregisternu", Concepts::FNR),
    whole("foretaksnr", Concepts::ORGANISATION),
    whole("foretaksregisteret", Concepts::ORGANISATION),
    whole("forfall", Concepts::DATE),
    whole("forfallsdato", Concepts::DATE),
    whole("fornamn", Concepts::NAME),
    begins("fornavn", Concepts::NAME),
    whole("frist", Concepts::DATE),
    whole("fullname", Concepts::NAME),
    whole("fulltnavn", Concepts::NAME),
    whole("fødd", Concepts::BIRTH),
    begins("fødselsdato", Concepts::BIRTH),
    whole("fødselsnr", Concepts::FNR),
    begins("fødselsnu", Concepts::FNR),
    begins("fødselsogpersonnu", Concepts::FNR),
    whole("fødselsår", Concepts::BIRTH),
    whole("født", Concepts::BIRTH),
    whole("førenamn", Concepts::NAME),
    whole("føretaksnr", Concepts::ORGANISATION),
    whole("giro", Concepts::ACCOUNT),
    whole("givenname", Concepts::NAME),
    whole("gnr", Concepts::PROPERTY),
    whole("gsm", Concepts::PHONE),
    begins("gtin", Concepts::REFERENCE),
    whole("gårdsnr", Concepts::PROPERTY),
    whole("gårdsnummer", Concepts::PROPERTY),
    begins("h-nummer", Concepts::HELP),
    whole("hash", Concepts::REFERENCE),
    whole("heap", Concepts::REFERENCE),
    begins("helseforetak", Concepts::HEALTH),
    whole("helsenett", Concepts::HEALTH),
    whole("hjelpenr", Concepts::HELP),
    begins("hjelpenummer", Concepts::HELP),
    whole("hjemmetelefon", Concepts::PHONE),
    whole("hnummer", Concepts::HELP),
    whole("hpr", Concepts::REFERENCE),
    whole("hpr-nr", Concepts::REFERENCE),
    whole("hpr-nummer", Concepts::REFERENCE),
    whole("hprnr", Concepts::REFERENCE),
    whole("iban", Concepts::ACCOUNT),
    whole("ident", Concepts::FNR),
    whole("identitetsnr", Concepts::FNR),
    begins("identitetsnu", Concepts::FNR),
    whole("idnr", Concepts::FNR),
    whole("idnummer", Concepts::FNR),
    whole("imei", Concepts::REFERENCE),
    whole("innbetales", Concepts::ACCOUNT),
    begins("invoice", Concepts::REFERENCE),
    whole("isbn", Concepts::REFERENCE),
    whole("jobbtelefon", Concepts::PHONE),
    whole("journal", Concepts::HEALTH),
    whole("journalnr", Concepts::HEALTH),
    begins("journalpost", Concepts::REFERENCE),
    whole("kandidatnr", Concepts::REFERENCE),
    whole("key", Concepts::REFERENCE),
    whole("kid", Concepts::REFERENCE),
    whole("kid-nummer", Concepts::REFERENCE),
    whole("kidnr", Concepts::REFERENCE),
    whole("kidnummer", Concepts::REFERENCE),
    whole("kolli", Concepts::REFERENCE),
    whole("kollinr", Concepts::REFERENCE),
    whole("kontaktnummer", Concepts::PHONE),
    whole("kontakttelefon", Concepts::PHONE),
    whole("konto", Concepts::ACCOUNT),
    whole("kontonr", Concepts::ACCOUNT),
    begins("kontonummer", Concepts::ACCOUNT),
    whole("kontonummeret", Concepts::ACCOUNT),
    whole("kr", Concepts::MONEY),
    whole("kto", Concepts::ACCOUNT),
    whole("kto.nr", Concepts::ACCOUNT),
    whole("ktonr", Concepts::ACCOUNT),
    whole("kundeid", Concepts::REFERENCE),
    whole("kundeidentifikasjon", Concepts::REFERENCE),
    whole("kundenr", Concepts::REFERENCE),
    whole("kundenummer", Concepts::REFERENCE),
    whole("lastname", Concepts::NAME),
    begins("legevakt", Concepts::HEALTH),
    whole("lonn", Concepts::MONEY),
    begins("lonnskonto", Concepts::ACCOUNT),
    whole("lønn", Concepts::MONEY),
    begins("lønnskonto", Concepts::ACCOUNT),
    begins("lønskonto", Concepts::ACCOUNT),
    whole("m", Concepts::LETTER),
    whole("mail", Concepts::EMAIL),
    whole("mailadr", Concepts::EMAIL),
    whole("mailadresse", Concepts::EMAIL),
    begins("matrikkel", Concepts::PROPERTY),
    whole("medlemsnr", Concepts::REFERENCE),
    whole("medlemsnummer", Concepts::REFERENCE),
    whole("mellomnavn", Concepts::NAME),
    whole("mob", Concepts::PHONE),
    whole("mobil", Concepts::PHONE),
    begins("mobile", Concepts::PHONE),
    whole("mobilen", Concepts::PHONE),
    whole("mobilephone", Concepts::PHONE),
    whole("mobilnr", Concepts::PHONE),
    begins("mobilnu", Concepts::PHONE),
    begins("mobiltelefon", Concepts::PHONE),
    whole("mobiltlf", Concepts::PHONE),
    whole("modified", Concepts::DATE),
    whole("mottakerkonto", Concepts::ACCOUNT),
    whole("ms", Concepts::REFERENCE),
    whole("msisdn", Concepts::PHONE),
    whole("mva", Concepts::ORGANISATION),
    whole("mva-nr", Concepts::ORGANISATION),
    begins("målepunkt", Concepts::REFERENCE),
    whole("målepunktid", Concepts::REFERENCE),
    whole("måler", Concepts::REFERENCE),
    whole("målernr", Concepts::REFERENCE),
    whole("name", Concepts::NAME),
    whole("namn", Concepts::NAME),
    whole("nationalid", Concepts::FNR),
    begins("nationalidentity", Concepts::FNR),
    whole("nav", Concepts::NAV),
    whole("navn", Concepts::NAME),
    whole("navnet", Concepts::NAME),
    whole("nin", Concepts::FNR),
    begins("nodnummer", Concepts::HELP),
    whole("nok", Concepts::MONEY),
    whole("noredupersonnin", Concepts::FNR),
    whole("norwegianid", Concepts::FNR),
    whole("npid", Concepts::NAV),
    whole("nummerserie", Concepts::REFERENCE),
    begins("nødnummer", Concepts::HELP),
    whole("nødtelefon", Concepts::PHONE),
    whole("offset", Concepts::REFERENCE),
    whole("omsetning", Concepts::MONEY),
    whole("opprettet", Concepts::DATE),
    whole("order", Concepts::REFERENCE),
    whole("orderid", Concepts::REFERENCE),
    whole("orderno", Concepts::REFERENCE),
    whole("ordernumber", Concepts::REFERENCE),
    whole("orders", Concepts::REFERENCE),
    whole("ordre", Concepts::REFERENCE),
    whole("ordrenr", Concepts::REFERENCE),
    whole("ordrenummer", Concepts::REFERENCE),
    whole("org", Concepts::ORGANISATION),
    whole("org.nr", Concepts::ORGANISATION),
    whole("organisasjonsnr", Concepts::ORGANISATION),
    begins("organisasjonsnu", Concepts::ORGANISATION),
    whole("organisationnumber", Concepts::ORGANISATION),
    whole("organizationnumber", Concepts::ORGANISATION),
    whole("orgno", Concepts::ORGANISATION),
    whole("orgnr", Concepts::ORGANISATION),
    whole("orgnummer", Concepts::ORGANISATION),
    whole("p", Concepts::LETTER),
    whole("p.nr", Concepts::FNR.and(Concepts::SERIAL)),
    begins("pasient", Concepts::HEALTH),
    begins("patient", Concepts::HEALTH),
    whole("pers.nr", Concepts::FNR.and(Concepts::SERIAL)),
    whole("persnr", Concepts::FNR.and(Concepts::SERIAL)),
    begins("personalidentity", Concepts::FNR),
    begins("personident", Concepts::FNR),
    whole("personnr", Concepts::FNR.and(Concepts::SERIAL)),
    begins("personnu", Concepts::FNR.and(Concepts::SERIAL)),
    begins("phone", Concepts::PHONE),
    whole("phonenumber", Concepts::PHONE),
    whole("pnr", Concepts::FNR.and(Concepts::SERIAL)),
    whole("polise", Concepts::REFERENCE),
    whole("polisenr", Concepts::REFERENCE),
    whole("price", Concepts::MONEY),
    whole("pris", Concepts::MONEY),
    whole("privattelefon", Concepts::PHONE),
    begins("produkt", Concepts::REFERENCE),
    whole("produktnr", Concepts::REFERENCE),
    whole("ref", Concepts::REFERENCE),
    begins("referanse", Concepts::REFERENCE),
    whole("refnr", Concepts::REFERENCE),
    whole("refusjonskonto", Concepts::ACCOUNT),
    begins("rekvisisjon", Concepts::REFERENCE),
    whole("requestid", Concepts::REFERENCE),
    whole("ring", Concepts::PHONE),
    whole("ringe", Concepts::PHONE),
    whole("saksnr", Concepts::REFERENCE),
    whole("saksnummer", Concepts::REFERENCE),
    whole("saldo", Concepts::MONEY),
    whole("sek", Concepts::MONEY),
    whole("seksjonsnr", Concepts::PROPERTY),
    begins("sentralbord", Concepts::PHONE),
    whole("seq", Concepts::REFERENCE),
    whole("serial", Concepts::REFERENCE),
    whole("serialno", Concepts::REFERENCE),
    whole("serienr", Concepts::REFERENCE),
    whole("serienummer", Concepts::REFERENCE),
    whole("sessionid", Concepts::REFERENCE),
    whole("siffer", Concepts::FNR),
    whole("sifre", Concepts::FNR),
    whole("size", Concepts::REFERENCE),
    begins("sjukehus", Concepts::HEALTH),
    whole("skattetrekkskonto", Concepts::ACCOUNT),
    whole("sku", Concepts::REFERENCE),
    whole("sms", Concepts::PHONE),
    whole("sn", Concepts::REFERENCE),
    whole("snr", Concepts::PROPERTY),
    begins("socialsecurity", Concepts::FNR),
    whole("sparekonto", Concepts::ACCOUNT),
    whole("sporing", Concepts::REFERENCE),
    whole("sporingsnr", Concepts::REFERENCE),
    whole("ssn", Concepts::FNR),
    whole("strekkode", Concepts::REFERENCE),
    whole("studentnr", Concepts::REFERENCE),
    whole("studentnummer", Concepts::REFERENCE),
    whole("sum", Concepts::MONEY),
    whole("surname", Concepts::NAME),
    begins("sykehus", Concepts::HEALTH),
    begins("syntetisk", Concepts::TEST),
    whole("synthetic", Concepts::TEST),
    whole("t", Concepts::LETTER),
    whole("tel", Concepts::PHONE),
    whole("telefaks", Concepts::PHONE),
    whole("telefax", Concepts::PHONE),
    whole("telefon", Concepts::PHONE),
    whole("telefonen", Concepts::PHONE),
    whole("telefoner", Concepts::PHONE),
    whole("telefonkontakt", Concepts::PHONE),
    whole("telefonnr", Concepts::PHONE),
    begins("telefonnu", Concepts::PHONE),
    begins("telephone", Concepts::PHONE),
    whole("telno", Concepts::PHONE),
    whole("telnr", Concepts::PHONE),
    whole("tenor", Concepts::TEST),
    begins("testbruker", Concepts::TEST),
    whole("testdata", Concepts::TEST),
    whole("testfnr", Concepts::TEST),
    whole("testnorge", Concepts::TEST),
    begins("testperson", Concepts::TEST),
    whole("tid", Concepts::DATE),
    whole("tidspunkt", Concepts::DATE),
    whole("tidsstempel", Concepts::DATE),
    whole("time", Concepts::DATE),
    whole("timestamp", Concepts::DATE),
    whole("tlf", Concepts::PHONE),
    whole("tlf.nr", Concepts::PHONE),
    whole("tlfjobb", Concepts::PHONE),
    whole("tlfmob", Concepts::PHONE),
    whole("tlfnr", Concepts::PHONE),
    whole("tlfprivat", Concepts::PHONE),
    begins("total", Concepts::MONEY),
    whole("trace", Concepts::REFERENCE),
    whole("traceid", Concepts::REFERENCE),
    whole("tracking", Concepts::REFERENCE),
    whole("transactionid", Concepts::REFERENCE),
    begins("transaksjon", Concepts::REFERENCE),
    whole("ts", Concepts::REFERENCE),
    whole("updated", Concepts::DATE),
    whole("usd", Concepts::MONEY),
    whole("used", Concepts::REFERENCE),
    whole("utbetales", Concepts::ACCOUNT),
    whole("utbetalingskonto", Concepts::ACCOUNT),
    whole("utløper", Concepts::DATE),
    whole("vakttelefon", Concepts::PHONE),
    whole("varenr", Concepts::REFERENCE),
    whole("varenummer", Concepts::REFERENCE),
    whole("vat", Concepts::ORGANISATION),
    whole("vipps", Concepts::PHONE),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_in_lower_case() {
        assert!(WORDS.is_sorted_by_key(|entry| entry.0.as_bytes()));
        assert!(WORDS.iter().all(|entry| entry.0 == entry.0.to_lowercase()));
    }

    #[test]
    fn words_and_their_inflections_are_known_and_lookalikes_are_not() {
        assert!(sense("fødselsnummeret").meet(Concepts::FNR));
        assert!(sense("personnr").meet(Concepts::SERIAL));
        assert!(sense("mobilnummer").meet(Concepts::PHONE));
        for lookalike in [
            "kontor",
            "kidnapping",
            "ringer",
            "personlig",
            "person",
            "summer",
        ] {
            assert_eq!(sense(lookalike), Concepts::NONE, "{lookalike}");
        }
    }
}
