//! Hard cases for the detectors that the labelled corpus has few spans of: forms that occur and are easily lost, and
//! numbers of other kinds that are easily taken for theirs. Through `sporhund detect --jsonl`, at every level.

use serde_json::{Value, json};

use crate::program::{Workplace, stderr, stdout};

/// A text, what is to be found in it, and at which level at least.
type Hit = (&'static str, &'static str, &'static str);

/// A text, and the level from which on nothing may be found in it.
type Miss = (&'static str, &'static str);

/// What `detect` answers to each text.
fn answers<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<Value> {
    let input: String = texts
        .map(|text| json!({ "text": text }).to_string() + "\n")
        .collect();
    let output = Workplace::new().feed(&["detect", "--jsonl", "--min-confidence", "low"], &input);
    assert!(output.status.success(), "{}", stderr(&output));
    let lines = stdout(&output);
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn rank(level: &str) -> usize {
    ["low", "medium", "high"]
        .iter()
        .position(|own| *own == level)
        .unwrap()
}

/// What the detector finds of the answer: the text and the level.
fn found<'t>(answer: &Value, detector: &str, text: &'t str) -> Vec<(&'t str, usize)> {
    let findings = answer["findings"].as_array().unwrap();
    let own = findings.iter().filter(|own| own["detector"] == detector);
    own.map(|own| {
        let at = |end: &str| usize::try_from(own[end].as_u64().unwrap()).unwrap();
        let span = text.get(at("start")..at("end")).unwrap();
        (span, rank(own["confidence"].as_str().unwrap()))
    })
    .collect()
}

fn assert_right(detector: &str, hits: &[Hit], misses: &[Miss]) {
    let mut wrong = Vec::new();
    let all = answers(hits.iter().map(|hit| hit.0));
    assert_eq!(all.len(), hits.len());
    for (answer, (text, wanted, level)) in all.iter().zip(hits) {
        let found = found(answer, detector, text);
        if !found
            .iter()
            .any(|(own, at)| own == wanted && *at >= rank(level))
        {
            wrong.push(format!("lost: {text:?} {found:?}"));
        }
    }
    let all = answers(misses.iter().map(|miss| miss.0));
    assert_eq!(all.len(), misses.len());
    for (answer, (text, level)) in all.iter().zip(misses) {
        let found = found(answer, detector, text);
        if found.iter().any(|(_, at)| *at >= rank(level)) {
            wrong.push(format!("false: {text:?} {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{detector}: {wrong:#?}");
}

#[test]
#[should_panic(expected = "lost: ")]
fn a_lost_number_fails() {
    assert_right(
        "iban",
        &[("NO93 8601 1117 948", "NO93 8601 1117 948", "low")],
        &[],
    );
}

#[test]
#[should_panic(expected = "false: ")]
fn a_false_number_fails() {
    assert_right("iban", &[], &[("NO93 8601 1117 947", "low")]);
}

#[test]
fn bank_account() {
    assert_right(
        "bank-account",
        &[
            (
                "Kontonummer\u{a0}8601\u{a0}11\u{a0}17947",
                "8601\u{a0}11\u{a0}17947",
                "high",
            ),
            ("kontonr. 8601-11-17947", "8601-11-17947", "high"),
            ("Til konto: 8601.11.17947.", "8601.11.17947", "high"),
            (
                "Lønn utbetales til kontonr 8601 11 17947, Kari",
                "8601 11 17947",
                "high",
            ),
            ("Account no. 86011117947", "86011117947", "high"),
            ("kto 86011117947", "86011117947", "high"),
            ("kto.nr.: 86011117947", "86011117947", "high"),
            (
                "Kontonummeret mitt er 8601.11.17947",
                "8601.11.17947",
                "high",
            ),
            ("\"kontonummer\": \"86011117947\"", "86011117947", "high"),
            ("Lønskonto 86011117947", "86011117947", "high"),
            ("Utbetales til:\n8601 11 17947", "8601 11 17947", "medium"),
            ("Kontonr.\n86011117947", "86011117947", "medium"),
            (
                "kontonummer for utbetaling: 86011117947",
                "86011117947",
                "high",
            ),
        ],
        &[
            ("KID 86011117947", "medium"),
            ("Ordrenr 86011117947", "medium"),
            ("EAN 7086011117947", "low"),
            ("86011117947.5", "medium"),
            ("0000.11.17947", "low"),
            ("sum 8601.11.17948 kr", "low"),
            ("telefon 8601 11 17 947", "medium"),
            ("versjon 8601.11.17947.2", "medium"),
            ("id=a86011117947b", "low"),
            ("8601111794786011117947", "low"),
            ("https://firma.example/86011117947", "medium"),
            ("Strekkode 86011117947", "medium"),
            ("kontor 86011117947", "medium"),
            ("Kontoplan 86011117947", "medium"),
            ("kundekonto nr 12; ordre 86011117947", "medium"),
            ("86011117947€", "high"),
            ("serienr 86011117947", "medium"),
        ],
    );
}

#[test]
fn iban() {
    assert_right(
        "iban",
        &[
            ("IBAN NO93 8601 1117 947", "NO93 8601 1117 947", "high"),
            ("iban: no9386011117947", "no9386011117947", "high"),
            ("NO9386011117947", "NO9386011117947", "high"),
            (
                "NO93\u{a0}8601\u{a0}1117\u{a0}947",
                "NO93\u{a0}8601\u{a0}1117\u{a0}947",
                "high",
            ),
            ("IBAN:NO93-8601-1117-947", "NO93-8601-1117-947", "high"),
            (
                "BIC DNBANOKK IBAN GB82 WEST 1234 5698 7654 32",
                "GB82 WEST 1234 5698 7654 32",
                "medium",
            ),
            ("DE89370400440532013000", "DE89370400440532013000", "medium"),
            (
                "SE45 5000 0000 0583 9825 7466",
                "SE45 5000 0000 0583 9825 7466",
                "medium",
            ),
            ("(NO93 8601 1117 947)", "NO93 8601 1117 947", "high"),
            (
                "Betales til IBAN NO93 8601 1117 947, SWIFT DNBANOKK",
                "NO93 8601 1117 947",
                "high",
            ),
            ("DK50 0040 0440 1162 43", "DK50 0040 0440 1162 43", "high"),
            ("FI21 1234 5600 0007 85", "FI21 1234 5600 0007 85", "high"),
        ],
        &[
            ("NO93 8601 1117 948", "medium"),
            ("NO938601111794", "low"),
            ("NO93860111179471", "low"),
            ("XNO9386011117947", "medium"),
            ("AB12 3456 7890 1234", "medium"),
            ("NO00 0000 0000 000", "low"),
            ("token no9386011117947x", "low"),
            ("fil no9386011117947.txt", "low"),
            ("SEK 5000 0000 0583 9825 7466", "low"),
        ],
    );
}

#[test]
fn payment_card() {
    assert_right(
        "payment-card",
        &[
            ("4111 1111 1111 1111", "4111 1111 1111 1111", "medium"),
            ("Kortnummer: 4111111111111111", "4111111111111111", "high"),
            ("5555-5555-5555-4444", "5555-5555-5555-4444", "medium"),
            ("Amex 3782 822463 10005", "3782 822463 10005", "medium"),
            (
                "kort 2223 0031 2200 3222 utløper 12/27",
                "2223 0031 2200 3222",
                "medium",
            ),
            (
                "VISA 4111\u{a0}1111\u{a0}1111\u{a0}1111",
                "4111\u{a0}1111\u{a0}1111\u{a0}1111",
                "medium",
            ),
            (
                "card_number=4111111111111111&cvc=123",
                "4111111111111111",
                "medium",
            ),
            (
                "Kort: **** 1111; fullt nr 4111-1111-1111-1111",
                "4111-1111-1111-1111",
                "medium",
            ),
            ("Diners 3056 930902 5904", "3056 930902 5904", "medium"),
            (
                "korttype=VISA;kortnr=4012888888881881",
                "4012888888881881",
                "medium",
            ),
        ],
        &[
            ("4111 1111 1111 1112", "low"),
            ("0000 0000 0000 0000", "low"),
            ("IMEI 490154203237518", "medium"),
            ("ordre 4111111111111111", "medium"),
            ("sha 4111111111111111abcdef", "low"),
            ("1.4111111111111111", "low"),
            ("tidspunkt 1700000000000000004", "low"),
            ("KID 4111111111111111", "medium"),
            ("41111111111111114111111111111111", "low"),
            ("4111 1111 1111 1111 1111", "medium"),
            ("tlf 4111 1111, 1111 1111", "low"),
            ("saldo 4111,1111,1111,1111", "medium"),
            ("ICCID 8947080012345678901", "medium"),
            ("org 4111-1111-11111111", "medium"),
            ("SSCC 370000000000000002", "medium"),
        ],
    );
}

#[test]
fn bank_account_beside_a_remark_or_a_bank() {
    assert_right(
        "bank-account",
        &[
            ("Bankkonto (NOK) 8601 11 17947", "8601 11 17947", "high"),
            ("Kontonr. (i kr): 86011117947", "86011117947", "high"),
            ("Konto (beløp under) 86011117947", "86011117947", "high"),
            ("Kari Nordmann · DNB · 86011117947", "86011117947", "medium"),
            ("86011117947 (Sparebank 1)", "86011117947", "medium"),
        ],
        &[
            ("Ordrenr (konto) 86011117947", "medium"),
            ("KID (NOK) 86011117947", "medium"),
            ("Ordrenr 86011117947, DNB", "medium"),
            ("fødselsnr 22838111878, Nordea", "low"),
            ("DNB\n86011117947", "medium"),
        ],
    );
}

#[test]
fn passport() {
    assert_right(
        "passport",
        &[
            ("Passnr.: XYZ000123", "XYZ000123", "medium"),
            ("Passport number 29999999", "29999999", "medium"),
            ("Pass nr XYZ000124", "XYZ000124", "medium"),
            ("passnummer: xyz000124", "xyz000124", "medium"),
            ("Passnummer (norsk): XYZ000123", "XYZ000123", "low"),
            (
                "Passnr. XYZ000123 utløper 12.03.2029",
                "XYZ000123",
                "medium",
            ),
            ("pass no XYZ000123", "XYZ000123", "medium"),
            ("pass XYZ000123", "XYZ000123", "medium"),
            ("Pass: 12345678", "12345678", "medium"),
            ("Pass nr. 12345678", "12345678", "medium"),
        ],
        &[
            ("XYZ000123", "low"),
            ("Passord: ABC123456", "low"),
            ("pasningsnr 12345678", "low"),
            ("password 12345678", "low"),
            ("kompass 12345678", "low"),
            ("pass 12345678", "low"),
            ("Pass  12345678", "low"),
            ("Passasjer nr 12345678", "low"),
            ("passord er hemmelig 12345678", "low"),
        ],
    );
}

#[test]
fn licence_plate() {
    assert_right(
        "licence-plate",
        &[
            ("Bilen har reg.nr. EL 12345", "EL 12345", "medium"),
            ("Kjennemerke: DN12345", "DN12345", "medium"),
            ("regnr AB 1234 (motorsykkel)", "AB 1234", "medium"),
            ("registreringsnummer ek 12345", "ek 12345", "medium"),
            ("parkerte EL12345 ulovlig", "EL12345", "low"),
            ("Firmabil (EL 54321) parkert", "EL 54321", "low"),
            ("Kjennemerke\nDN 12345", "DN 12345", "low"),
        ],
        &[
            ("NS 3420", "low"),
            ("ISO 27001", "low"),
            ("EN 12464", "low"),
            ("faktura AB 12345", "medium"),
            ("GI 12345", "low"),
            ("RFC 12345", "low"),
            ("rom EL 12345", "medium"),
            ("sak nr ST 12345", "medium"),
            ("kr 12345", "low"),
            ("KR 12345", "low"),
            ("PB 1234 Sentrum", "medium"),
            ("PC 10000", "medium"),
            ("DS 12345-6", "medium"),
            ("CV 2024", "low"),
            ("TV 2000", "medium"),
            ("UTC 12345", "low"),
            ("paragraf AB 1234 ledd", "medium"),
            ("el 12345 kwh", "low"),
            ("ca 12345", "low"),
            ("på 12345", "low"),
            ("nr 12345", "low"),
            ("reg.nr. på 12345", "low"),
            ("Reg.nr. er 12345", "medium"),
            ("BT 12345-678", "low"),
        ],
    );
}

#[test]
fn duf_number() {
    assert_right(
        "duf-number",
        &[
            ("DUF-nummer: 200205705502", "200205705502", "medium"),
            ("DUF 2009 005955 09", "2009 005955 09", "medium"),
            ("dufnr 200900595509", "200900595509", "medium"),
            (
                "UDI-sak, DUFnr.: 2002 057055 02",
                "2002 057055 02",
                "medium",
            ),
            (
                "asylsøker med dufnummer 200205705502 er",
                "200205705502",
                "medium",
            ),
            ("DUF-nr:\n200205705502", "200205705502", "medium"),
        ],
        &[
            ("tidspunkt 200205705502", "medium"),
            ("DUF-nummer: 200205705503", "medium"),
            ("200205705502", "medium"),
            ("DUF 2002057055021", "low"),
            ("DUF: 20240101120000", "low"),
            ("DUF-nummer mangler, ring 22225555", "low"),
        ],
    );
}

#[test]
fn health_personnel_number() {
    assert_right(
        "health-personnel-number",
        &[
            ("HPR-nr: 9876543", "9876543", "medium"),
            ("HPR-nummer 9876541", "9876541", "medium"),
            ("hprnr. 1234567", "1234567", "medium"),
            ("Lege Kari Nordmann, HPR: 123456789", "123456789", "medium"),
            ("helsepersonellnummer: 9876543", "9876543", "medium"),
            (
                "urn:oid:2.16.578.1.12.4.1.4.4 value 9876543",
                "9876543",
                "low",
            ),
            ("HPR-nr.\n9876543", "9876543", "medium"),
            ("Helsepersonellnr 9876543", "9876543", "medium"),
            ("HPR-nr.: 98765432", "98765432", "medium"),
        ],
        &[
            ("HPR ble opprettet i 2001", "low"),
            ("SHPR 9876543", "low"),
            ("HPR-registeret 2019-2023", "low"),
            ("HPR-nr mangler (2024-01-31)", "low"),
            ("HPR mangler, ring 22225555", "low"),
            ("Spørsmål om HPR: ring 22225555", "low"),
        ],
    );
}

#[test]
fn mac_address() {
    assert_right(
        "mac-address",
        &[
            ("MAC 00:00:5E:00:53:AF", "00:00:5E:00:53:AF", "low"),
            ("00-00-5e-00-53-af", "00-00-5e-00-53-af", "low"),
            ("0000.5e00.53af", "0000.5e00.53af", "low"),
            ("enhet 00:00:5E:00:53:AF.", "00:00:5E:00:53:AF", "low"),
            (
                "wlan0: HWaddr 00:00:5e:00:53:af txqueuelen",
                "00:00:5e:00:53:af",
                "low",
            ),
            ("(00:00:5E:00:53:AF)", "00:00:5E:00:53:AF", "low"),
            ("\"mac\":\"00005E0053AF\"", "00005E0053AF", "low"),
        ],
        &[
            ("00:00:00:00:00:00", "low"),
            ("FF:FF:FF:FF:FF:FF", "low"),
            ("00:1A:2B:3C:4D", "low"),
            ("00:00:5E:00:53:AF:6F:70", "low"),
            ("00:1A-2B:3C-4D:5E", "low"),
            ("12:30:45:10:20:30 12.01.2024", "medium"),
            (
                "SHA256 fingerprint AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99",
                "low",
            ),
            ("2001:db8:00:00:5E:00:53:AF", "low"),
            ("G0:1A:2B:3C:4D:5E", "low"),
            ("klokka 10:11:12:13:14:15", "medium"),
            ("commit ab-cd-ef-01-23-45-67", "low"),
            ("0011.2233.4455.6677", "low"),
        ],
    );
}

#[test]
fn ip_address() {
    assert_right(
        "ip-address",
        &[
            ("Innlogging fra 203.0.113.7 kl. 12", "203.0.113.7", "low"),
            (
                "bruker kari.nordmann logget inn fra 203.0.113.7",
                "203.0.113.7",
                "low",
            ),
            ("[203.0.113.7]:443", "203.0.113.7", "low"),
            ("http://203.0.113.7/index", "203.0.113.7", "low"),
            ("203.0.113.7:8080", "203.0.113.7", "low"),
            ("client 2001:db8:0:1::5 requested", "2001:db8:0:1::5", "low"),
            ("::ffff:203.0.113.7", "::ffff:203.0.113.7", "low"),
            ("IP=203.0.113.7,", "203.0.113.7", "low"),
            ("fra 203.0.113.7.", "203.0.113.7", "low"),
            ("fe80::5eff:fe00:53af%eth0", "fe80::5eff:fe00:53af", "low"),
            ("203.0.113.7/24", "203.0.113.7", "low"),
            ("\"ip\":\"203.0.113.7\"", "203.0.113.7", "low"),
            (
                "203.0.113.7 - - [10/Oct/2026:13:55:36 +0200]",
                "203.0.113.7",
                "low",
            ),
            ("Vedlegg: logg fra 203.0.113.7", "203.0.113.7", "low"),
            ("se krav. 203.0.113.7 logget inn", "203.0.113.7", "low"),
        ],
        &[
            ("v1.2.3.4", "low"),
            ("versjon 10.0.19041.1", "low"),
            ("2.16.578.1.12.4.1.4.4", "low"),
            ("punkt 1.2.3.4 i planen", "low"),
            ("256.1.1.1", "low"),
            ("1.2.3.4.5", "low"),
            ("kl. 12:30:45", "low"),
            ("std::vec::Vec", "low"),
            ("a::b", "low"),
            ("Foo::Bar::baz", "low"),
            ("::", "low"),
            ("01.02.20.24", "low"),
            ("kapittel 3.1.4.2", "low"),
            ("8601.11.17.947", "low"),
            ("10.0.0.1/8 er privat", "medium"),
            ("OID 1.3.6.1", "medium"),
            ("firmware 4.8.15.16", "low"),
            ("Chrome/120.0.0.0", "low"),
            ("0.0.0.0", "low"),
            ("kl 10:15:30:45", "low"),
            ("abc::def", "low"),
            ("dead:beef", "low"),
        ],
    );
}

#[test]
fn geo() {
    assert_right(
        "geo",
        &[
            ("posisjon 59.91273, 10.74609", "59.91273, 10.74609", "low"),
            ("geo:59.91273,10.74609", "59.91273,10.74609", "low"),
            ("59°54'45\"N 10°44'46\"E", "59°54'45\"N 10°44'46\"E", "low"),
            (
                "lat: 59.91273, lon: 10.74609",
                "59.91273, lon: 10.74609",
                "low",
            ),
            (
                "{\"lat\": 59.91273, \"lng\": 10.74609}",
                "59.91273, \"lng\": 10.74609",
                "low",
            ),
            (
                "https://maps.example/@59.91273,10.74609,15z",
                "59.91273,10.74609",
                "low",
            ),
            ("lat=59.91273&lon=10.74609", "59.91273&lon=10.74609", "low"),
            ("59.91273 N, 10.74609 E", "59.91273 N, 10.74609 E", "low"),
            ("59.91273°N 10.74609°E", "59.91273°N 10.74609°E", "low"),
            ("[10.74609, 59.91273]", "10.74609, 59.91273", "low"),
            ("POINT(10.74609 59.91273)", "10.74609 59.91273", "low"),
            ("59,91273; 10,74609", "59,91273; 10,74609", "low"),
            ("Koordinater 59,91; 10,74", "59,91; 10,74", "low"),
            ("GPS: 59,91273 10,74609", "59,91273 10,74609", "low"),
            (
                "Hytta ligger på 32V 598123 6643010.",
                "32V 598123 6643010",
                "low",
            ),
            ("UTM 33 262345, 6649876", "262345, 6649876", "low"),
            ("UTM sone 33: N 6649876 Ø 262345", "6649876 Ø 262345", "low"),
        ],
        &[
            ("59,91; 10,74", "low"),
            ("kurs 59,1234 10,7522", "low"),
            ("ordre 598123 6643010", "low"),
            ("UTM 598123 og 1643010", "low"),
            ("32 stk 598123 6643010", "low"),
            ("59.91, 10.74", "low"),
            ("51.50735, -0.12776", "low"),
            ("målt 59.9127 og 110.7460", "low"),
            ("pris 59.9127 10.7460 kr", "medium"),
            ("59.9127310.74609", "low"),
            ("kurs 59.1234, 10.7522 og", "medium"),
            ("v59.9139, 10.7522", "low"),
        ],
    );
}

#[test]
fn customer_id() {
    assert_right(
        "customer-id",
        &[
            ("KID: 1234567890128", "1234567890128", "low"),
            ("KID-nr. 001234567897", "001234567897", "low"),
            ("KID-nummer:\n1234567890128", "1234567890128", "medium"),
            ("Kid nr 1234567890128", "1234567890128", "medium"),
        ],
        &[
            ("kunde 2024", "medium"),
            ("Våre kunder: 10234 i tallet", "low"),
            ("kidnapping 1234567897", "low"),
            ("Kidd 1234567890128", "low"),
            ("kundeservice 22225555", "medium"),
            ("KID 1234567890123", "low"),
            ("KID er 12 siffer", "low"),
        ],
    );
}

#[test]
fn online_id() {
    assert_right(
        "online-id",
        &[
            (
                "_ga=GA1.2.1234567890.1700000000",
                "GA1.2.1234567890.1700000000",
                "low",
            ),
            (
                "_fbp=fb.1.1700000000000.1234567890",
                "fb.1.1700000000000.1234567890",
                "low",
            ),
            (
                "IDFA: 6D92078A-8246-4BA4-AE5B-76104861E7DC",
                "6D92078A-8246-4BA4-AE5B-76104861E7DC",
                "low",
            ),
            (
                "Advertising ID: cdda802e-fb9c-47ad-9866-0794d394c912",
                "cdda802e-fb9c-47ad-9866-0794d394c912",
                "low",
            ),
            (
                "gaid=cdda802e-fb9c-47ad-9866-0794d394c912",
                "cdda802e-fb9c-47ad-9866-0794d394c912",
                "low",
            ),
            (
                "cookie: _ga=GA1.1.111111111.1700000000; path=/",
                "GA1.1.111111111.1700000000",
                "low",
            ),
        ],
        &[
            ("6D92078A-8246-4BA4-AE5B-76104861E7DC", "low"),
            ("request-id: 6D92078A-8246-4BA4-AE5B-76104861E7DC", "low"),
            ("GA1 er en vei", "low"),
            ("brukernavn og passord", "low"),
            ("IDFA er avskaffet", "low"),
            ("trace-id cdda802e-fb9c-47ad-9866-0794d394c912", "low"),
        ],
    );
}
