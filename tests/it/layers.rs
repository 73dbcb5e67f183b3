//! Who may name whom: imports point down only, and siblings do not know each other.
//!
//! It reads the paths of each file below `src/` as written (`crate::a`, `crate::{a, b}` and
//! `super::` chains that leave a module). It does not expand macros.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const BOTTOM: &[&str] = &[];
const MODEL: &[&str] = &["model"];
const MODEL_AND_OWN_FILES: &[&str] = &["model", "own_files"];
const MODEL_AND_SORTED: &[&str] = &["model", "sorted"];
const BELOW_SCAN: &[&str] = &[
    "model",
    "source",
    "extract",
    "detect",
    "classify",
    "examine",
    "inventory",
    "policy",
];
const EVERYTHING: &[&str] = &[
    "model",
    "sorted",
    "own_files",
    "source",
    "extract",
    "detect",
    "classify",
    "examine",
    "inventory",
    "policy",
    "scan",
    "report",
    "plan",
    "deed",
    "check",
    "subject",
    "round",
    "review",
];

/// Each module of the crate, and the modules that it may name beside itself.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("model", &["sorted"]),
    ("sorted", BOTTOM),
    ("own_files", BOTTOM),
    ("source", MODEL),
    ("extract", MODEL),
    ("detect", MODEL),
    ("classify", MODEL_AND_SORTED),
    ("inventory", &["model", "own_files", "sorted"]),
    ("policy", MODEL),
    ("deed", MODEL_AND_OWN_FILES),
    ("examine", &["model", "extract", "detect", "classify"]),
    ("round", &["model", "inventory", "policy", "detect"]),
    ("scan", BELOW_SCAN),
    (
        "check",
        &[
            "model", "source", "extract", "detect", "classify", "examine",
        ],
    ),
    (
        "report",
        &["model", "sorted", "inventory", "policy", "detect", "round"],
    ),
    ("plan", &["model", "inventory", "policy", "report", "round"]),
    (
        "subject",
        &[
            "model",
            "inventory",
            "policy",
            "detect",
            "classify",
            "examine",
            "report",
        ],
    ),
    (
        "review",
        &["model", "own_files", "policy", "report", "plan"],
    ),
    ("cli", EVERYTHING),
];

#[test]
fn every_file_names_only_what_its_module_may_name() {
    let complaints: Vec<String> = sources()
        .iter()
        .flat_map(|(module, file)| {
            complaints(module, &fs::read_to_string(file).expect("a source file"))
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_module_has_a_row_and_every_row_stands_in_the_picture() {
    let rows: BTreeSet<&str> = MAY_NAME.iter().map(|row| row.0).collect();
    assert_eq!(rows.len(), MAY_NAME.len(), "a module has two rows");
    for (module, file) in sources() {
        let top = &module[0];
        assert!(
            rows.contains(top.as_str()),
            "`{}` belongs to `{top}`, which has no row in MAY_NAME",
            file.display()
        );
    }
    let page = fs::read_to_string(source_root().join("lib.rs")).expect("the architecture page");
    let picture: BTreeSet<String> = page
        .lines()
        .filter(|line| line.starts_with("//! rank"))
        .flat_map(words)
        .collect();
    for row in rows {
        assert!(
            picture.contains(row),
            "`{row}` has a row in MAY_NAME and no place in the picture of src/lib.rs"
        );
    }
}

#[test]
fn a_planted_violation_is_caught() {
    let planted = |module: &[&str], source: &str| {
        let module: Vec<String> = module.iter().map(ToString::to_string).collect();
        complaints(&module, source).len()
    };
    let iban = ["detect", "detectors", "iban"];
    for fine in [
        "use crate::model::Kind;",
        "use crate::{model::{Kind, Place}, detect::Detector};",
        "use super::super::Detector;",
        "/// See [`crate::extract`].\n// crate::scan",
        "pub(crate) fn f() {}",
        "let s = \"crate::scan\";",
    ] {
        assert_eq!(planted(&iban, fine), 0, "{fine}");
    }
    for wrong in [
        "use crate::extract::Format;",
        "use crate::{model::Kind, extract};",
        "use crate::{\n    model::{self, Kind},\n    scan::{Run},\n};",
        "fn f() { crate::policy::judge() }",
        "use super::super::super::inventory::Writer;",
        "use crate::unheard_of;",
        "use crate::*;",
    ] {
        assert_eq!(planted(&iban, wrong), 1, "{wrong}");
    }
    assert_eq!(planted(&["model"], "use super::source::Task;"), 1);
    assert_eq!(planted(&["cli"], "use crate::report;"), 0);
}

/// One sentence for each path in `source`, a file of `module`, that leads where it may not.
fn complaints(module: &[String], source: &str) -> Vec<String> {
    let own = module[0].as_str();
    let allowed = MAY_NAME.iter().find(|row| row.0 == own);
    named(module.len(), &words(&code_of(source)))
        .into_iter()
        .filter(|name| name != own && !allowed.is_some_and(|row| row.1.contains(&name.as_str())))
        .map(|name| format!("`{}` names `{name}`, which it may not", module.join("::")))
        .collect()
}

/// The names directly below the crate's root that `words` lead to, from a file `depth` modules deep.
fn named(depth: usize, words: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let mut supers = usize::from(word == "super");
        while supers > 0 && words.get(at).is_some_and(|w| w == "::") {
            match words.get(at + 1) {
                Some(next) if next == "super" => (supers, at) = (supers + 1, at + 2),
                _ => break,
            }
        }
        if (word == "crate" || supers >= depth.max(1)) && words.get(at).is_some_and(|w| w == "::") {
            let found = first_of_each(&words[at + 1..]);
            names.extend(found.into_iter().filter(|name| {
                word == "crate" || MAY_NAME.iter().any(|(module, _)| module == name)
            }));
        }
    }
    names
}

/// The first word of a path, or of each path in a group.
fn first_of_each(words: &[String]) -> Vec<String> {
    if words.first().is_none_or(|word| word != "{") {
        return words.first().cloned().into_iter().collect();
    }
    let (mut level, mut wanted, mut found) = (0, true, Vec::new());
    for word in words {
        match word.as_str() {
            "{" => level += 1,
            "}" if level == 1 => break,
            "}" => level -= 1,
            "," => wanted |= level == 1,
            name if wanted && level == 1 => {
                found.push(name.to_owned());
                wanted = false;
            }
            _ => {}
        }
    }
    found
}

/// The source without comments and without what stands between double quotes on one line.
fn code_of(source: &str) -> String {
    let code = source.lines().map(|line| {
        let outside: String = line.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        outside.split("//").next().unwrap_or_default().to_owned()
    });
    code.collect::<Vec<_>>().join("\n")
}

/// Identifiers, `::`, and every other character but white space, in order.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in text.chars() {
        let joins = |part: char| part.is_alphanumeric() || part == '_';
        match words.last_mut() {
            Some(last) if joins(c) && joins(before) => last.push(c),
            Some(last) if c == ':' && last == ":" && before == ':' => last.push(c),
            _ if !c.is_whitespace() => words.push(c.to_string()),
            _ => {}
        }
        before = c;
    }
    words
}

/// Every file below `src/` but `lib.rs` and `main.rs`, with the module it is.
fn sources() -> Vec<(Vec<String>, PathBuf)> {
    let mut found = Vec::new();
    let mut folders = vec![source_root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a source folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push((module_of(&path), path));
            }
        }
    }
    found.retain(|(module, _)| !matches!(module[0].as_str(), "lib" | "main"));
    assert!(!found.is_empty(), "no source files found");
    found
}

fn module_of(file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(source_root()).expect("a file below src/");
    let mut module: Vec<String> = inside
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if module.len() > 1 && module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}
