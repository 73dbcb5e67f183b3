//! The words that say what a number or a column is, in Bokmål, Nynorsk and English.
//!
//! One lexicon serves headers and running text. Sources: the spelling and labels seen in Norwegian
//! forms, style guides and public interfaces (Skatteetaten, NAV, HL7 Norge, Nets); field names of
//! Feide and Folkeregisteret. It does not weigh the words.

/// A set of the things that words speak of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concepts(u64);

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

    /// A payment card.
    pub const CARD: Self = Self(1 << 18);

    /// A customer identification (KID) of a payment.
    pub const KID: Self = Self(1 << 19);

    /// A DUF number of the immigration service.
    pub const DUF: Self = Self(1 << 20);

    /// Sweden or its personnummer.
    pub const SWEDEN: Self = Self(1 << 21);

    /// Denmark or its CPR number.
    pub const DENMARK: Self = Self(1 << 22);

    /// Finland or its henkilötunnus.
    pub const FINLAND: Self = Self(1 << 23);

    /// Iceland or its kennitala.
    pub const ICELAND: Self = Self(1 << 24);

    /// An address of the net.
    pub const NETWORK: Self = Self(1 << 25);

    /// A passport or another travel document.
    pub const PASSPORT: Self = Self(1 << 26);

    /// A vehicle's registration.
    pub const PLATE: Self = Self(1 << 27);

    /// The register of health personnel.
    pub const HPR: Self = Self(1 << 28);

    /// A position on the earth.
    pub const POSITION: Self = Self(1 << 29);

    /// A cookie.
    pub const COOKIE: Self = Self(1 << 30);

    /// A device or its advertising id.
    pub const DEVICE: Self = Self(1 << 31);

    /// A user name.
    pub const LOGIN: Self = Self(1 << 32);

    /// A postal address.
    pub const ADDRESS: Self = Self(1 << 33);

    /// A sole proprietorship: one owner.
    pub const SOLE: Self = Self(1 << 34);

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
    let slot = slot(word.as_bytes());
    if FILTER[slot / 64] & (1 << (slot % 64)) == 0 {
        return Concepts::NONE;
    }
    let key = first_two(word);
    let from = WORDS.partition_point(|entry| first_two(entry.0) < key);
    let alike = WORDS.get(from..).unwrap_or_default().iter();
    let mut concepts = Concepts::NONE;
    for (entry, whole, meaning) in alike.take_while(|entry| first_two(entry.0) == key) {
        if word == *entry || !whole && word.starts_with(entry) {
            concepts = concepts.and(*meaning);
        }
    }
    concepts
}

/// The first two bytes of a word, by which the list is sorted: only a whole word has one byte.
fn first_two(word: &str) -> [u8; 2] {
    match word.as_bytes() {
        [] => [0, 0],
        [first] => [*first, 0],
        [first, second, ..] => [*first, *second],
    }
}

/// One bit for each slot of the filter that some entry takes. Most words of a text take none, and
/// are known for strangers at once.
const FILTER: [u64; 64] = filter();

const fn filter() -> [u64; 64] {
    let mut filter = [0; 64];
    let mut index = 0;
    while index < WORDS.len() {
        let slot = slot(WORDS[index].0.as_bytes());
        filter[slot / 64] |= 1 << (slot % 64);
        index += 1;
    }
    filter
}

/// The slot of a word by its first three bytes. Entries that are beginnings have as many.
const fn slot(word: &[u8]) -> usize {
    let mut slot = 0;
    let mut index = 0;
    while index < 3 {
        let byte = if index < word.len() { word[index] } else { 0 };
        slot = slot * 31 + byte as usize;
        index += 1;
    }
    slot % (64 * 64)
}

use Concepts as C;

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
    whole("2.16.578.1.12.4.1.4.1", C::FNR), whole("2.16.578.1.12.4.1.4.2", C::D_NUMBER),
    whole("2.16.578.1.12.4.1.4.3", C::HELP),
    whole("2.16.578.1.12.4.1.4.4", C::HPR.and(C::REFERENCE)), whole("aaid", C::DEVICE),
    whole("account", C::ACCOUNT), whole("accountno", C::ACCOUNT), whole("accountnr", C::ACCOUNT),
    begins("accountnu", C::ACCOUNT), whole("acct", C::ACCOUNT), whole("address", C::ADDRESS),
    whole("adid", C::DEVICE), whole("adr", C::ADDRESS), whole("adresse", C::ADDRESS),
    whole("adressen", C::ADDRESS), whole("advertisingid", C::DEVICE), whole("amex", C::CARD),
    whole("amount", C::MONEY), whole("annonse-id", C::DEVICE), whole("annonseid", C::DEVICE),
    whole("ansattnr", C::REFERENCE), whole("ansattnummer", C::REFERENCE),
    whole("antall", C::REFERENCE), whole("arbeidstelefon", C::PHONE),
    whole("arkivnr", C::REFERENCE), whole("art.nr", C::REFERENCE),
    whole("artikkelnr", C::REFERENCE), whole("autorisasjonsnummer", C::REFERENCE.and(C::HPR)),
    whole("avtalenr", C::REFERENCE), whole("avtalenummer", C::REFERENCE),
    whole("balance", C::MONEY), begins("bankaccount", C::ACCOUNT), whole("bankgiro", C::ACCOUNT),
    begins("bankkonto", C::ACCOUNT), whole("bankkort", C::CARD), whole("bankkto", C::ACCOUNT),
    whole("barcode", C::REFERENCE), whole("bban", C::ACCOUNT), whole("bedriftsnr", C::ORGANISATION),
    begins("belop", C::MONEY), begins("beløp", C::MONEY), whole("bestilling", C::REFERENCE),
    whole("bestillingsnr", C::REFERENCE), whole("besøkendeid", C::COOKIE),
    whole("besøksadr", C::ADDRESS), whole("besøksadresse", C::ADDRESS), whole("betal", C::ACCOUNT),
    whole("betalings-id", C::KID.and(C::REFERENCE)), whole("betalingskort", C::CARD),
    whole("betalingsreferanse", C::REFERENCE.and(C::KID)), whole("bil", C::PLATE),
    begins("bilag", C::REFERENCE), whole("bilen", C::PLATE), whole("bilnr", C::PLATE),
    whole("bilskilt", C::PLATE), whole("birth", C::BIRTH), whole("birthdate", C::BIRTH),
    whole("birthday", C::BIRTH), begins("birthnu", C::FNR), whole("birthnumber", C::FNR),
    whole("bnr", C::PROPERTY), whole("born", C::BIRTH), whole("bost", C::NAV),
    whole("bosted", C::ADDRESS), whole("bostedsadresse", C::ADDRESS), whole("bostnr", C::NAV),
    whole("bostnummer", C::NAV), whole("breddegrad", C::POSITION), whole("brukarnamn", C::LOGIN),
    whole("bruker-id", C::LOGIN), whole("brukerid", C::LOGIN), whole("brukernavn", C::LOGIN),
    whole("brukskonto", C::ACCOUNT), whole("bruksnr", C::PROPERTY),
    whole("bruksnummer", C::PROPERTY), whole("bssid", C::NETWORK), whole("budsjett", C::MONEY),
    whole("bustad", C::ADDRESS), whole("bustadadresse", C::ADDRESS), whole("bytes", C::REFERENCE),
    whole("call", C::PHONE), whole("card", C::CARD), whole("cardno", C::CARD),
    whole("cardnumber", C::CARD), whole("cell", C::PHONE), whole("cellphone", C::PHONE),
    whole("checksum", C::REFERENCE), whole("clientid", C::COOKIE), whole("clientip", C::NETWORK),
    whole("cookie", C::COOKIE), whole("cookieid", C::COOKIE), whole("coordinates", C::POSITION),
    whole("count", C::REFERENCE), whole("cpr", C::DENMARK), whole("cpr-nr", C::DENMARK),
    whole("cpr-nummer", C::DENMARK), whole("cprno", C::DENMARK), whole("cprnr", C::DENMARK),
    whole("cprnummer", C::DENMARK), whole("created", C::DATE), whole("creditcard", C::CARD),
    whole("customerid", C::REFERENCE), whole("customerno", C::REFERENCE),
    whole("customernumber", C::REFERENCE), whole("d-nr", C::D_NUMBER),
    whole("d-number", C::D_NUMBER), begins("d-nummer", C::D_NUMBER), whole("danish", C::DENMARK),
    whole("danmark", C::DENMARK), whole("dansk", C::DENMARK), whole("danske", C::DENMARK),
    whole("date", C::DATE), whole("dateofbirth", C::BIRTH), whole("dato", C::DATE),
    whole("debetkort", C::CARD), whole("denmark", C::DENMARK), whole("device", C::DEVICE),
    whole("device-id", C::DEVICE), whole("deviceid", C::DEVICE), whole("direkte", C::PHONE),
    whole("direktenummer", C::PHONE), whole("dkk", C::MONEY), whole("dnr", C::D_NUMBER),
    whole("dnumber", C::D_NUMBER), begins("dnummer", C::D_NUMBER), whole("dob", C::BIRTH),
    whole("docs", C::REFERENCE), whole("dolly", C::TEST), whole("driftskonto", C::ACCOUNT),
    whole("duf", C::REFERENCE.and(C::DUF)), whole("duf-nr", C::REFERENCE.and(C::DUF)),
    whole("duf-nummer", C::REFERENCE.and(C::DUF)), whole("dufnr", C::REFERENCE.and(C::DUF)),
    whole("dufnummer", C::REFERENCE.and(C::DUF)), begins("e-mail", C::EMAIL),
    begins("e-post", C::EMAIL), begins("ean", C::REFERENCE),
    whole("einingsregisteret", C::ORGANISATION), begins("email", C::EMAIL),
    whole("employeeid", C::REFERENCE), whole("employeeno", C::REFERENCE), whole("endret", C::DATE),
    whole("enhets-id", C::DEVICE), whole("enhetsid", C::DEVICE),
    whole("enhetsregisteret", C::ORGANISATION), whole("enk", C::SOLE),
    whole("enkeltmannsforetak", C::SOLE), whole("enkeltpersonforetak", C::SOLE),
    whole("enkeltpersonføretak", C::SOLE), begins("epost", C::EMAIL), begins("epostadr", C::EMAIL),
    whole("eposten", C::EMAIL), whole("etternamn", C::NAME), begins("etternavn", C::NAME),
    whole("eur", C::MONEY), whole("f", C::LETTER), whole("f.dato", C::BIRTH), whole("f.nr", C::FNR),
    whole("fakontonr", C::ACCOUNT), whole("faks", C::PHONE), begins("faktura", C::REFERENCE),
    whole("fakturaadresse", C::ADDRESS), whole("fakturanr", C::REFERENCE),
    whole("familyname", C::NAME), whole("fax", C::PHONE), whole("fdato", C::BIRTH),
    whole("fdt", C::BIRTH), whole("festenr", C::PROPERTY), whole("festenummer", C::PROPERTY),
    whole("fh-nr", C::HELP), begins("fh-nummer", C::HELP), whole("fhnr", C::HELP),
    whole("fhnummer", C::HELP), whole("finland", C::FINLAND), whole("finnish", C::FINLAND),
    whole("finsk", C::FINLAND), whole("finske", C::FINLAND), whole("firstname", C::NAME),
    whole("fnr", C::FNR), begins("fodselsdato", C::BIRTH), whole("fodselsellerdnummer", C::FNR),
    whole("fodselsnr", C::FNR), begins("fodselsnu", C::FNR), whole("fodt", C::BIRTH),
    begins("foedselsdato", C::BIRTH), whole("foedselsellerdnummer", C::FNR),
    whole("foedselsnr", C::FNR), begins("foedselsnu", C::FNR), whole("foedt", C::BIRTH),
    begins("folkeregisterid", C::FNR), begins("folkeregisternu", C::FNR),
    whole("foretaksnr", C::ORGANISATION), whole("foretaksregisteret", C::ORGANISATION),
    whole("forfall", C::DATE), whole("forfallsdato", C::DATE), whole("fornamn", C::NAME),
    begins("fornavn", C::NAME), whole("frist", C::DATE), whole("fullname", C::NAME),
    whole("fulltnavn", C::NAME), whole("fødd", C::BIRTH), begins("fødselsdato", C::BIRTH),
    whole("fødselsnr", C::FNR), begins("fødselsnu", C::FNR), begins("fødselsogpersonnu", C::FNR),
    whole("fødselsår", C::BIRTH), whole("født", C::BIRTH), whole("førenamn", C::NAME),
    whole("føretaksnr", C::ORGANISATION), whole("gaid", C::DEVICE), whole("gate", C::ADDRESS),
    whole("gateadr", C::ADDRESS), whole("gateadresse", C::ADDRESS), whole("geo", C::POSITION),
    whole("giro", C::ACCOUNT), whole("givenname", C::NAME), whole("gnr", C::PROPERTY),
    whole("gps", C::POSITION), whole("gsm", C::PHONE), begins("gtin", C::REFERENCE),
    whole("gårdsnr", C::PROPERTY), whole("gårdsnummer", C::PROPERTY), begins("h-nummer", C::HELP),
    whole("hash", C::REFERENCE), whole("heap", C::REFERENCE), whole("heimeadresse", C::ADDRESS),
    begins("helseforetak", C::HEALTH), whole("helsenett", C::HEALTH),
    whole("helsepersonellnummer", C::REFERENCE.and(C::HPR)), whole("henkilotunnus", C::FINLAND),
    whole("henkilötunnus", C::FINLAND), whole("hetu", C::FINLAND), whole("hjelpenr", C::HELP),
    begins("hjelpenummer", C::HELP), whole("hjemmeadresse", C::ADDRESS),
    whole("hjemmetelefon", C::PHONE), whole("hnummer", C::HELP),
    whole("hpr", C::REFERENCE.and(C::HPR)), whole("hpr-nr", C::REFERENCE.and(C::HPR)),
    whole("hpr-nummer", C::REFERENCE.and(C::HPR)), whole("hprid", C::REFERENCE.and(C::HPR)),
    whole("hprnr", C::REFERENCE.and(C::HPR)), whole("hprnummer", C::HPR.and(C::REFERENCE)),
    whole("iban", C::ACCOUNT), whole("iceland", C::ICELAND), whole("icelandic", C::ICELAND),
    whole("id-kort", C::PASSPORT), whole("id-kortnummer", C::PASSPORT), whole("ident", C::FNR),
    whole("identitetsnr", C::FNR), begins("identitetsnu", C::FNR), whole("idfa", C::DEVICE),
    whole("idfv", C::DEVICE), whole("idkort", C::PASSPORT), whole("idkortnummer", C::PASSPORT),
    whole("idnr", C::FNR), whole("idnummer", C::FNR), whole("imei", C::REFERENCE),
    whole("informasjonskapsel", C::COOKIE), whole("innbetales", C::ACCOUNT),
    whole("innehavar", C::SOLE), whole("innehaver", C::SOLE), whole("innlogging", C::LOGIN),
    whole("installationid", C::DEVICE), begins("invoice", C::REFERENCE), whole("ip", C::NETWORK),
    whole("ip-address", C::NETWORK), whole("ip-adresse", C::NETWORK),
    whole("ipaddress", C::NETWORK), whole("ipadresse", C::NETWORK), whole("ipv4", C::NETWORK),
    whole("ipv6", C::NETWORK), whole("isbn", C::REFERENCE), whole("island", C::ICELAND),
    whole("islandsk", C::ICELAND), whole("islandske", C::ICELAND), whole("jobbtelefon", C::PHONE),
    whole("journal", C::HEALTH), whole("journalnr", C::HEALTH), begins("journalpost", C::REFERENCE),
    whole("kandidatnr", C::REFERENCE), whole("kennitala", C::ICELAND),
    whole("kennitölu", C::ICELAND), whole("key", C::REFERENCE),
    whole("kid", C::REFERENCE.and(C::KID)), whole("kid-nr", C::KID.and(C::REFERENCE)),
    whole("kid-nummer", C::REFERENCE.and(C::KID)), whole("kidnr", C::REFERENCE.and(C::KID)),
    whole("kidnummer", C::REFERENCE.and(C::KID)), whole("kjennemerke", C::PLATE),
    whole("kjennemerket", C::PLATE), whole("kjøretøy", C::PLATE), whole("klientip", C::NETWORK),
    whole("kolli", C::REFERENCE), whole("kollinr", C::REFERENCE), whole("kontaktnummer", C::PHONE),
    whole("kontakttelefon", C::PHONE), whole("konto", C::ACCOUNT), whole("kontonr", C::ACCOUNT),
    begins("kontonummer", C::ACCOUNT), whole("kontonummeret", C::ACCOUNT),
    whole("koordinat", C::POSITION), whole("koordinater", C::POSITION), whole("kort", C::CARD),
    whole("kortnr", C::CARD), whole("kortnummer", C::CARD), whole("kortnummeret", C::CARD),
    whole("kr", C::MONEY), whole("kredittkort", C::CARD), whole("kredittkortnummer", C::CARD),
    whole("kt", C::ICELAND), whole("kto", C::ACCOUNT), whole("kto.nr", C::ACCOUNT),
    whole("ktonr", C::ACCOUNT), whole("kundeid", C::REFERENCE),
    whole("kundeidentifikasjon", C::REFERENCE.and(C::KID)), whole("kundenr", C::REFERENCE),
    whole("kundenummer", C::REFERENCE), whole("køyretøy", C::PLATE), whole("lastname", C::NAME),
    whole("latitude", C::POSITION), whole("latlng", C::POSITION), whole("latlon", C::POSITION),
    begins("legevakt", C::HEALTH), whole("lengdegrad", C::POSITION),
    whole("leveringsadresse", C::ADDRESS), whole("licenceplate", C::PLATE),
    whole("licenseplate", C::PLATE), whole("login", C::LOGIN), whole("loginname", C::LOGIN),
    whole("longitude", C::POSITION), whole("lonn", C::MONEY), begins("lonnskonto", C::ACCOUNT),
    whole("lønn", C::MONEY), begins("lønnskonto", C::ACCOUNT), begins("lønskonto", C::ACCOUNT),
    whole("m", C::LETTER), whole("mac", C::NETWORK), whole("mac-address", C::NETWORK),
    whole("mac-adresse", C::NETWORK), whole("macaddress", C::NETWORK),
    whole("macadresse", C::NETWORK), whole("mail", C::EMAIL), whole("mailadr", C::EMAIL),
    whole("mailadresse", C::EMAIL), whole("mastercard", C::CARD), begins("matrikkel", C::PROPERTY),
    whole("medlemsnr", C::REFERENCE), whole("medlemsnummer", C::REFERENCE),
    whole("mellomnavn", C::NAME), whole("mob", C::PHONE), whole("mobil", C::PHONE),
    begins("mobile", C::PHONE), whole("mobilen", C::PHONE), whole("mobilephone", C::PHONE),
    whole("mobilnr", C::PHONE), begins("mobilnu", C::PHONE), begins("mobiltelefon", C::PHONE),
    whole("mobiltlf", C::PHONE), whole("modified", C::DATE), whole("mottakerkonto", C::ACCOUNT),
    whole("ms", C::REFERENCE), whole("msisdn", C::PHONE), whole("mva", C::ORGANISATION),
    whole("mva-nr", C::ORGANISATION), begins("målepunkt", C::REFERENCE),
    whole("målepunktid", C::REFERENCE), whole("måler", C::REFERENCE),
    whole("målernr", C::REFERENCE), whole("name", C::NAME), whole("namn", C::NAME),
    whole("nationalid", C::FNR), begins("nationalidentity", C::FNR), whole("nav", C::NAV),
    whole("navn", C::NAME), whole("navnet", C::NAME), whole("nin", C::FNR),
    begins("nodnummer", C::HELP), whole("nok", C::MONEY), whole("noredupersonnin", C::FNR),
    whole("norwegianid", C::FNR), whole("npid", C::NAV), whole("nummerserie", C::REFERENCE),
    begins("nødnummer", C::HELP), whole("nødtelefon", C::PHONE), whole("offset", C::REFERENCE),
    whole("omsetning", C::MONEY), whole("opprettet", C::DATE), whole("order", C::REFERENCE),
    whole("orderid", C::REFERENCE), whole("orderno", C::REFERENCE),
    whole("ordernumber", C::REFERENCE), whole("orders", C::REFERENCE), whole("ordre", C::REFERENCE),
    whole("ordrenr", C::REFERENCE), whole("ordrenummer", C::REFERENCE),
    whole("org", C::ORGANISATION), whole("org-nr", C::ORGANISATION),
    whole("org.nr", C::ORGANISATION), whole("organisasjonsnr", C::ORGANISATION),
    begins("organisasjonsnu", C::ORGANISATION), whole("organisationnumber", C::ORGANISATION),
    whole("organizationnumber", C::ORGANISATION), whole("orgno", C::ORGANISATION),
    whole("orgnr", C::ORGANISATION), whole("orgnummer", C::ORGANISATION), whole("p", C::LETTER),
    whole("p.nr", C::FNR.and(C::SERIAL)), whole("pan", C::CARD), begins("pasient", C::HEALTH),
    whole("pass", C::PASSPORT), whole("pass-nr", C::PASSPORT), whole("passnr", C::PASSPORT),
    whole("passnummer", C::PASSPORT), whole("passnummeret", C::PASSPORT),
    whole("passport", C::PASSPORT), whole("passportno", C::PASSPORT),
    whole("passportnumber", C::PASSPORT), begins("patient", C::HEALTH),
    whole("paymentreference", C::KID.and(C::REFERENCE)), whole("pers.nr", C::FNR.and(C::SERIAL)),
    whole("persnr", C::FNR.and(C::SERIAL)), begins("personalidentity", C::FNR),
    whole("personbeteckning", C::FINLAND), begins("personident", C::FNR),
    whole("personnr", C::FNR.and(C::SERIAL)), begins("personnu", C::FNR.and(C::SERIAL)),
    whole("personnummerse", C::SWEDEN), begins("phone", C::PHONE), whole("phonenumber", C::PHONE),
    whole("plate", C::PLATE), whole("pnr", C::FNR.and(C::SERIAL)), whole("polise", C::REFERENCE),
    whole("polisenr", C::REFERENCE), whole("posisjon", C::POSITION), whole("position", C::POSITION),
    whole("postadresse", C::ADDRESS), whole("postalcode", C::ADDRESS), whole("postnr", C::ADDRESS),
    whole("postnummer", C::ADDRESS), whole("poststed", C::ADDRESS), whole("price", C::MONEY),
    whole("pris", C::MONEY), whole("privatadresse", C::ADDRESS), whole("privattelefon", C::PHONE),
    begins("produkt", C::REFERENCE), whole("produktnr", C::REFERENCE), whole("pålogging", C::LOGIN),
    whole("ref", C::REFERENCE), begins("referanse", C::REFERENCE), whole("refnr", C::REFERENCE),
    whole("refusjonskonto", C::ACCOUNT), whole("reg-nr", C::PLATE), whole("reg.nr", C::PLATE),
    whole("registrationnumber", C::PLATE), whole("registreringsnr", C::PLATE),
    whole("registreringsnummer", C::PLATE), whole("regno", C::PLATE), whole("regnr", C::PLATE),
    whole("regnummer", C::PLATE), whole("reisedokument", C::PASSPORT),
    begins("rekvisisjon", C::REFERENCE), whole("remoteaddr", C::NETWORK),
    whole("remoteip", C::NETWORK), whole("requestid", C::REFERENCE), whole("ring", C::PHONE),
    whole("ringe", C::PHONE), whole("saksnr", C::REFERENCE), whole("saksnummer", C::REFERENCE),
    whole("saldo", C::MONEY), whole("samaccountname", C::LOGIN),
    whole("samordningsnummer", C::SWEDEN), whole("sek", C::MONEY), whole("seksjonsnr", C::PROPERTY),
    begins("sentralbord", C::PHONE), whole("sepersonnummer", C::SWEDEN), whole("seq", C::REFERENCE),
    whole("serial", C::REFERENCE), whole("serialno", C::REFERENCE), whole("serienr", C::REFERENCE),
    whole("serienummer", C::REFERENCE), whole("sessionid", C::REFERENCE), whole("siffer", C::FNR),
    whole("sifre", C::FNR), whole("size", C::REFERENCE), begins("sjukehus", C::HEALTH),
    whole("skattetrekkskonto", C::ACCOUNT), whole("skilt", C::PLATE), whole("skiltnr", C::PLATE),
    whole("sku", C::REFERENCE), whole("sms", C::PHONE), whole("sn", C::REFERENCE),
    whole("snr", C::PROPERTY), begins("socialsecurity", C::FNR),
    whole("soleproprietorship", C::SOLE), whole("soletrader", C::SOLE),
    whole("sourceip", C::NETWORK), whole("sparekonto", C::ACCOUNT), whole("sporing", C::REFERENCE),
    whole("sporingsnr", C::REFERENCE), whole("ssn", C::FNR), whole("street", C::ADDRESS),
    whole("streetaddress", C::ADDRESS), whole("strekkode", C::REFERENCE),
    whole("studentnr", C::REFERENCE), whole("studentnummer", C::REFERENCE), whole("sum", C::MONEY),
    whole("surname", C::NAME), whole("svensk", C::SWEDEN), whole("svenske", C::SWEDEN),
    whole("svenskt", C::SWEDEN), whole("sverige", C::SWEDEN), whole("sweden", C::SWEDEN),
    whole("swedish", C::SWEDEN), begins("sykehus", C::HEALTH), begins("syntetisk", C::TEST),
    whole("synthetic", C::TEST), whole("t", C::LETTER), whole("tel", C::PHONE),
    whole("telefaks", C::PHONE), whole("telefax", C::PHONE), whole("telefon", C::PHONE),
    whole("telefonen", C::PHONE), whole("telefoner", C::PHONE), whole("telefonkontakt", C::PHONE),
    whole("telefonnr", C::PHONE), begins("telefonnu", C::PHONE), begins("telephone", C::PHONE),
    whole("telno", C::PHONE), whole("telnr", C::PHONE), whole("tenor", C::TEST),
    begins("testbruker", C::TEST), whole("testdata", C::TEST), whole("testfnr", C::TEST),
    whole("testnorge", C::TEST), begins("testperson", C::TEST), whole("tid", C::DATE),
    whole("tidspunkt", C::DATE), whole("tidsstempel", C::DATE), whole("time", C::DATE),
    whole("timestamp", C::DATE), whole("tlf", C::PHONE), whole("tlf.nr", C::PHONE),
    whole("tlfjobb", C::PHONE), whole("tlfmob", C::PHONE), whole("tlfnr", C::PHONE),
    whole("tlfprivat", C::PHONE), begins("total", C::MONEY), whole("trace", C::REFERENCE),
    whole("traceid", C::REFERENCE), whole("tracking", C::REFERENCE),
    whole("transactionid", C::REFERENCE), begins("transaksjon", C::REFERENCE),
    whole("traveldocument", C::PASSPORT), whole("ts", C::REFERENCE), whole("udi", C::DUF),
    whole("udi-nummer", C::REFERENCE.and(C::DUF)), whole("uid", C::LOGIN),
    whole("updated", C::DATE), whole("usd", C::MONEY), whole("used", C::REFERENCE),
    whole("user-id", C::LOGIN), whole("userid", C::LOGIN), whole("username", C::LOGIN),
    whole("userprincipalname", C::LOGIN), whole("utbetales", C::ACCOUNT),
    whole("utbetalingskonto", C::ACCOUNT), whole("utlendingsnummer", C::REFERENCE.and(C::DUF)),
    whole("utløper", C::DATE), whole("vakttelefon", C::PHONE), whole("varenr", C::REFERENCE),
    whole("varenummer", C::REFERENCE), whole("vat", C::ORGANISATION),
    whole("vatno", C::ORGANISATION), whole("vipps", C::PHONE), whole("visa", C::CARD),
    whole("visitorid", C::COOKIE), whole("zip", C::ADDRESS), whole("zipcode", C::ADDRESS),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_in_lower_case() {
        assert!(WORDS.iter().all(|entry| entry.1 || entry.0.len() >= 3));
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
