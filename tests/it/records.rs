//! The record of processing and the sheet of a breach, as the program writes them.

use calamine::{Reader as _, Xlsx, open_workbook};

use crate::program::{Workplace, scanned_fixtures, stderr, stdout};

/// The rows of a table with semicolons, each by the words above its columns.
fn rows(csv: &str) -> Vec<std::collections::HashMap<String, String>> {
    let text = csv.strip_prefix('\u{FEFF}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_record_sets_what_was_declared_beside_what_was_found() {
    let work = scanned_fixtures();
    let site = work.share().join("site.toml");
    let text = std::fs::read_to_string(&site).unwrap();
    let text = text.replacen(
        "purpose = [\"newsletter\"]",
        "purpose = [\"newsletter\"]\nowner = \"Markedssjefen\"\nrecipients = [\"Utsending AS\"]\n\
         processor = true\nagreement = true\nregion = \"third\"\ncountries = [\"USA\"]\n\
         transfer = \"scc-2021-914\"",
        1,
    );
    std::fs::write(&site, text).unwrap();
    let output = work.run(&["report", "ropa"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let rows = rows(&stdout(&output));
    let of = |place: &str, purpose: &str| {
        let mut rows = rows.iter();
        let row = rows.find(|row| row["sted"] == place && row["formål"].ends_with(purpose));
        row.unwrap_or_else(|| panic!("no row {place} {purpose}"))
    };
    let hiring = of("hr/rekruttering/*/kandidater/{subject}/**", "(recruitment)");
    assert_eq!(hiring["rolle"], "behandlingsansvarlig");
    assert!(
        hiring["erklærte opplysninger"].contains("e-post"),
        "{hiring:?}"
    );
    assert!(
        hiring["funne opplysninger (objekter)"].contains("navn ("),
        "{hiring:?}"
    );
    assert!(
        hiring["frister for sletting"].contains("PO-6.1-RECRUITMENT"),
        "{hiring:?}"
    );
    assert!(
        hiring["fideslang"].starts_with("employment.recruitment"),
        "{hiring:?}"
    );
    assert!(
        hiring["fideslang"].contains("user.contact.email"),
        "{hiring:?}"
    );
    // What no purpose declares is told apart.
    let unexpected = &hiring["funnet, men ikke erklært"];
    assert!(!unexpected.contains("e-post"), "{unexpected}");
    let letter = of("marked/nyhetsbrev/**", "(newsletter)");
    assert_eq!(letter["ansvarlig"], "Markedssjefen");
    assert_eq!(
        letter["mottakere"],
        "Utsending AS, databehandler, med avtale"
    );
    assert_eq!(letter["hvor opplysningene er"], "tredjeland, USA");
    assert_eq!(
        letter["overføringsgrunnlag"],
        "standardavtale (EU) 2021/914"
    );
    let books = of("klienter/**", "(customer_accounting)");
    assert_eq!(books["rolle"], "databehandler");
    assert_eq!(books["behandles for"], "tenant-914, tenant-915");
    assert_eq!(
        books["funnet, men ikke erklært"], "",
        "a star declares everything"
    );
    // Nobody has said what the old disk is for, and some purposes have no place.
    let old = of(
        "gammel-disk/** (ikke beskrevet i site.toml)",
        "ikke oppgitt",
    );
    assert_ne!(old["med personopplysninger"], "0");
    let nowhere = rows
        .iter()
        .filter(|row| row["sted"] == "ikke noe sted i site.toml");
    assert!(nowhere.count() > 0);
}

#[test]
fn the_record_is_a_workbook_in_three_languages_without_a_value() {
    let work = scanned_fixtures();
    for (lang, sheets, head) in [
        ("nb", ["Behandlinger", "Om protokollen"], "formål"),
        ("nn", ["Behandlingar", "Om protokollen"], "føremål"),
        ("en", ["Processing", "About the record"], "purpose"),
    ] {
        let output = work.run(&["report", "ropa", "--lang", lang, "--output", "ropa.xlsx"]);
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        let mut book: Xlsx<_> = open_workbook(work.path().join("ropa.xlsx")).unwrap();
        assert_eq!(book.sheet_names(), sheets);
        let range = book.worksheet_range(sheets[0]).unwrap();
        assert_eq!(range.get((0, 0)).unwrap().to_string(), head);
        let cells = range.used_cells().map(|(_, _, cell)| cell.to_string());
        let text = cells.collect::<Vec<_>>().join("\n");
        for value in crate::scanning::planted_values() {
            assert!(value.len() < 6 || !text.contains(value.as_str()), "{value}");
        }
    }
}

#[test]
fn a_breach_counts_persons_once_and_says_who_could_read() {
    let work = Workplace::new();
    let person = |name: &str, address: &str| format!("Navn: {name}\nE-post: {address}\n");
    let kari = person("Kari Prøve", "kari.prove@fjellbris.example");
    let ola = person("Ola Eksempel", "ola.eksempel@fjellbris.example");
    work.put("hr/kari.txt", &kari);
    work.put("hr/begge.txt", format!("{kari}\n{ola}"));
    work.put(
        "hr/ola.txt",
        format!("{ola}\nDiagnose: diabetes type 1, sykmeldt\n"),
    );
    work.put(
        "annet/liv.txt",
        person("Liv Annen", "liv.annen@fjellbris.example"),
    );
    let mode = |name: &str, mode: u32| {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(work.share().join(name), permissions).unwrap();
    };
    mode("hr/kari.txt", 0o600);
    mode("hr/begge.txt", 0o640);
    mode("hr/ola.txt", 0o604);
    let output = work.run(&["scan", "share", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = |arguments: &[&str]| {
        let output = work.run(&[&["report", "breach"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    // The folder as the inventory calls it, and as it lies on disk.
    for folder in ["hr", "share/hr/"] {
        let text = told(&[folder]);
        for line in [
            "registrerte (anslag)  2",
            "ulike e-post  2",
            "filer i alt  3",
            "filer med personopplysninger  3",
            "filer med særlige kategorier eller straffbare forhold  1",
            "alle kontoer på maskinen  1  1",
        ] {
            assert!(text.lines().any(|l| l.trim() == line), "{line} in {text}");
        }
        assert!(text.contains("\n  gruppen "), "{text}");
        assert!(!text.contains("kari.prove"), "{text}");
    }
    assert!(told(&["share"]).contains("registrerte (anslag)  3"));
    assert!(told(&["hr", "--lang", "en"]).contains("data subjects (estimate)  2"));
    assert!(told(&["hr", "--lang", "nn"]).contains("registrerte (overslag)  2"));
    told(&["hr", "--output", "brudd.csv"]);
    let files = rows(&std::fs::read_to_string(work.path().join("brudd.csv")).unwrap());
    let modes: Vec<&str> = files.iter().map(|row| row["modus"].as_str()).collect();
    assert_eq!(modes, ["0640", "0600", "0604"]);
    told(&["hr", "--output", "brudd.xlsx"]);
    let book: Xlsx<_> = open_workbook(work.path().join("brudd.xlsx")).unwrap();
    assert_eq!(
        book.sheet_names(),
        ["Oversikt", "Opplysninger", "Hvem kan lese", "Filer"]
    );
}

/// An access list as the system stores it: the owner and one account may read, nobody else.
#[cfg(target_os = "linux")]
fn list_for(account: u32) -> Vec<u8> {
    let none = u32::MAX;
    let mut bytes = 2_u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in [
        (0x01_u16, 6_u16, none),
        (0x02, 4, account),
        (0x04, 0, none),
        (0x10, 4, none),
        (0x20, 0, none),
    ] {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(permissions.to_le_bytes());
        bytes.extend(id.to_le_bytes());
    }
    bytes
}

#[cfg(target_os = "linux")]
#[test]
fn an_access_list_is_read_from_the_file() {
    let work = Workplace::new();
    work.put(
        "hr/kari.txt",
        "Navn: Kari Prøve\nE-post: kari.prove@fjellbris.example\n",
    );
    let file = work.share().join("hr/kari.txt");
    let name = "system.posix_acl_access";
    let flags = rustix::fs::XattrFlags::empty();
    if let Err(error) = rustix::fs::setxattr(&file, name, &list_for(54_321), flags) {
        assert_eq!(error, rustix::io::Errno::OPNOTSUPP, "{error}");
        eprintln!("skipped: this file system has no access lists");
        return;
    }
    assert_eq!(
        work.run(&["scan", "share", "--quiet"]).status.code(),
        Some(0)
    );
    let output = work.run(&["report", "breach", "hr"]);
    let text = stdout(&output);
    assert!(text.contains("kontoen uid 54321  1  0"), "{text}");
    // The group bits of the mode are only the mask of the list.
    assert!(!text.contains("gruppen"), "{text}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let work = Workplace::new();
    work.put("hr/kari.txt", "Navn: Kari Prøve\n");
    work.run(&["scan", "share", "--quiet"]);
    for (arguments, why) in [
        (&["report", "breach"][..], "needs a folder"),
        (&["report", "breach", "nowhere"], "has nothing in `nowhere`"),
        (&["report", "ropa", "hr"], "takes no folder"),
        (&["report", "summary", "hr"], "only `report breach`"),
        (&["report", "ropa"], "no purpose is known"),
        (
            &["report", "breach", "hr", "--fail-on", "unread"],
            "do not go with",
        ),
    ] {
        let output = work.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    }
}
