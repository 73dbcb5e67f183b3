//! Tables as offices exchange and print them, from the file to what is found under which header.

use std::collections::BTreeSet;
use std::path::Path;

use crate::program::{Workplace, json};

/// What `detect` finds in a file of `fixtures/tables`: detector and place, at medium or more.
fn found(name: &str) -> BTreeSet<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tables");
    found_in(&Workplace::new(), &folder.join(name))
}

/// The same in another file.
fn found_in(workplace: &Workplace, file: &Path) -> BTreeSet<(String, String)> {
    let file = file.display().to_string();
    let answer = json(&workplace.run(&["detect", "--format", "json", &file]));
    let findings = answer["findings"].as_array().unwrap();
    let sure = findings.iter().filter(|own| own["confidence"] != "low");
    sure.map(|own| {
        let place = &own["place"];
        let place = place["column"].as_str().or(place["part"].as_str());
        (
            own["detector"].as_str().unwrap().to_owned(),
            place.unwrap_or_default().to_owned(),
        )
    })
    .collect()
}

fn assert_finds(name: &str, prefix: &str, wanted: &[(&str, &str)]) {
    let found = found(name);
    for (detector, place) in wanted {
        let place = format!("{prefix}{place}");
        let pair = ((*detector).to_owned(), place);
        assert!(found.contains(&pair), "{name}: {pair:?} not in {found:#?}");
    }
}

#[test]
fn persons_of_a_saf_t_file_are_found_under_the_elements_names() {
    assert_finds(
        "saf-t.xml",
        "AuditFile.MasterFiles.Customers.Customer.",
        &[
            ("fodselsnummer", "RegistrationNumber"),
            ("name", "Name"),
            ("name", "Contact.ContactPerson.FirstName"),
            ("name", "Contact.ContactPerson.LastName"),
            ("phone", "Contact.Telephone"),
            ("email", "Contact.Email"),
            ("iban", "BankAccount.IBANNumber"),
            ("bank-account", "BankAccount.BankAccountNumber"),
            ("name", "BankAccount.BankAccountName"),
            ("address", "Address.PostalCode"),
            ("address", "Address.AddressDetail"),
        ],
    );
    assert_finds(
        "saf-t.xml",
        "AuditFile.",
        &[
            ("name", "Header.Company.Contact.ContactPerson.LastName"),
            ("online-id", "Header.UserID"),
            ("name", "MasterFiles.Suppliers.Supplier.Name"),
            (
                "fodselsnummer",
                "MasterFiles.Owners.Owner.RegistrationNumber",
            ),
            (
                "name",
                "GeneralLedgerEntries.Journal.Transaction.Line.Description",
            ),
        ],
    );
}

#[test]
fn companies_and_amounts_of_a_saf_t_file_are_no_persons() {
    for (detector, place) in found("saf-t.xml") {
        let amount = place.ends_with("Amount") || place.ends_with("AccountID");
        assert!(!amount, "{detector} {place}");
        let company = place == "AuditFile.Header.Company.Name"
            || place == "AuditFile.Header.Company.BankAccount.BankAccountName";
        assert!(!company, "{detector} {place}");
    }
}

#[test]
fn columns_of_a_printout_are_found_under_their_headers() {
    assert_finds(
        "ansatte.prn",
        "",
        &[
            ("name", "Navn"),
            ("fodselsnummer", "Fødselsnr"),
            ("address", "Adresse"),
            ("bank-account", "Kontonr"),
        ],
    );
}

#[test]
fn tables_in_documents_are_found_under_their_headings() {
    let workplace = Workplace::new();
    let heading = ["Navn", "Fnr", "Telefon", "Kontonr", "Postnr", "Poststed"];
    let rows = [
        [
            "Kari Testesen",
            "22838111878",
            "40612345",
            "86011117947",
            "0184",
            "Oslo",
        ],
        [
            "Ola Testesen",
            "17912099997",
            "21234567",
            "86011117947",
            "5003",
            "Bergen",
        ],
    ];
    let all: Vec<_> = [heading].into_iter().chain(rows).collect();
    let marked = |row: (&str, &str), cell: (&str, &str)| {
        let cells = |own: &[&str; 6]| own.map(|text| [cell.0, text, cell.1].concat()).concat();
        let lines = all.iter().map(|own| [row.0, &cells(own), row.1].concat());
        lines.collect::<String>()
    };
    let table = format!(
        "<table>{}</table>",
        marked(("<tr>", "</tr>"), ("<td>", "</td>"))
    );
    workplace.put("liste.xls", &table);
    workplace.put(
        "side.html",
        format!("<html><body>Deltakere{table}</body></html>"),
    );
    let head =
        "From: a@firma.example\nSubject: liste\nMIME-Version: 1.0\nContent-Type: text/html\n\n";
    workplace.put("liste.eml", format!("{head}<html>{table}</html>"));
    let cells = marked(("\\trowd ", "\\row "), ("", "\\cell "));
    workplace.put("liste.rtf", format!("{{\\rtf1 Deltakere\\par {cells}}}"));
    for name in ["liste.xls", "side.html", "liste.eml", "liste.rtf"] {
        let found = found_in(&workplace, &workplace.share().join(name));
        for detector in ["name", "fodselsnummer", "phone", "bank-account", "address"] {
            assert!(
                found.iter().any(|(own, _)| own == detector),
                "{name}: {detector} not in {found:?}"
            );
        }
    }
}

#[test]
fn memos_of_dbase_and_foxpro_are_found_by_their_block() {
    for (name, first, second) in [
        ("klienter.dbt", "memo 1", "memo 2"),
        ("saker.fpt", "memo 4", "memo 5"),
    ] {
        let wanted = [
            ("fodselsnummer", first),
            ("address", first),
            ("special-category", second),
        ];
        assert_finds(name, "", &wanted);
    }
    assert_finds("klienter.dbf", "", &[("name", "NAVN")]);
}

#[test]
fn numbers_beside_numbers_are_found_whatever_separates_them() {
    let workplace = Workplace::new();
    let header = ["nr", "fnr", "postnr", "telefon", "konto", "beløp"];
    let rows = [
        ["17", "22838111878", "0150", "40612345", "86011117947", "12"],
        [
            "18",
            "17912099997",
            "5003",
            "21234567",
            "86011117947",
            "1250",
        ],
    ];
    for (name, separator) in [("a.csv", ","), ("b.csv", ";"), ("c.tsv", "\t")] {
        let lines = [header].into_iter().chain(rows);
        let lines: Vec<String> = lines.map(|row| row.join(separator)).collect();
        workplace.put(name, lines.join("\n"));
        let found = found_in(&workplace, &workplace.share().join(name));
        for (detector, column) in [
            ("fodselsnummer", "fnr"),
            ("phone", "telefon"),
            ("bank-account", "konto"),
        ] {
            let pair = (detector.to_owned(), column.to_owned());
            assert!(found.contains(&pair), "{name}: {pair:?} not in {found:?}");
        }
    }
    let values: Vec<String> = rows
        .iter()
        .map(|row| format!("({})", row.join(",")))
        .collect();
    let columns = "nr, fnr, postnr, telefon, konto, belop";
    let dump = format!(
        "INSERT INTO kunde ({columns}) VALUES\n{};\n",
        values.join(",\n")
    );
    workplace.put("d.sql", dump);
    let found = found_in(&workplace, &workplace.share().join("d.sql"));
    for detector in ["fodselsnummer", "phone", "bank-account"] {
        assert!(
            found.iter().any(|(own, _)| own == detector),
            "{detector} not in {found:?}"
        );
    }
}
