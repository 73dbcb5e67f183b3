//! A closed hiring round `r1` with an applicant list, on a share where any place may hold something of it.

use std::fs;

use crate::program::{Workplace, stderr};

/// Adds the round's list, and says what the places are for; `zones` come between that of the round and that of
/// everything else.
pub(crate) fn add(work: &Workplace, list: &str, zones: &str) {
    let site = format!(
        "schema = 1\nrules = [\"poweroffice-2024\"]\nevents = [\"events.csv\"]\n\
         [[zone]]\npath = \"hr/rekruttering/**\"\nrole = \"controller\"\npurpose = [\"recruitment\"]\n\
         process_from_path = \"hr/rekruttering/{{process}}/**\"\n\
         default_class = \"recruitment.correspondence\"\n{zones}\
         [[zone]]\npath = \"**\"\nrole = \"controller\"\npurpose = []\n"
    );
    let settings = "as_of = 2026-11-30\nsite = \"site.toml\"\nevents = [\"events.csv\"]\n";
    for (name, text) in [
        ("eksport.csv", list),
        ("site.toml", &site),
        ("sporhund.toml", settings),
    ] {
        fs::write(work.path().join(name), text).unwrap();
    }
    let added = work.run(&["round", "add", "eksport.csv"]);
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
}

/// Scans the share, with files that are old enough to be believed.
pub(crate) fn scan(work: &Workplace) {
    work.settle();
    let scanned = work.run(&["scan", "share", "-q"]);
    assert_eq!(scanned.status.code(), Some(0), "{}", stderr(&scanned));
}
