//! Locked documents and archives, and a list of passwords.

use std::io::{Cursor, Write as _};
use std::path::Path;
use std::process::{Command, Output};

use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, StringFormat};
use sevenz_rust2::encoder_options::AesEncoderOptions;
use sevenz_rust2::{ArchiveEntry, ArchiveWriter, EncoderMethod, Password};

use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;
use zip::{AesMode, ZipWriter};

use crate::collected::corpora;
use crate::pdf_pages;

const SECRET: &str = "Sommer-2026";
const LIST: &str = "feil\nSommer-2026\nogså feil\n";

fn zip_of(options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["a.txt", "mappe/b.txt"] {
        writer.start_file(name, options).unwrap();
        writer
            .write_all(b"Kari Nordmann, telefon 22 22 55 55")
            .unwrap();
    }
    writer
        .start_file("lapp.txt", SimpleFileOptions::default())
        .unwrap();
    writer.write_all(b"uten passord").unwrap();
    writer.finish().unwrap().into_inner()
}

fn sevenz(header: bool) -> Vec<u8> {
    let mut writer = ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
    let aes = AesEncoderOptions::new(Password::from(SECRET));
    writer.set_content_methods(vec![aes.into(), EncoderMethod::LZMA2.into()]);
    writer.set_encrypt_header(header);
    let text = b"Kari Nordmann, telefon 22 22 55 55".as_slice();
    writer
        .push_archive_entry(ArchiveEntry::new_file("a.txt"), Some(text))
        .unwrap();
    writer.finish().unwrap().into_inner()
}

fn pdf() -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let text = pdf_pages::lines(["Kari Nordmann, telefon 22 22 55 55"]);
    let pages = vec![(pdf_pages::font(&mut document), text)];
    let mut document = pdf_pages::with_pages(document, pages);
    let id = || Object::String(vec![7; 16], StringFormat::Hexadecimal);
    document.trailer.set("ID", Object::Array(vec![id(), id()]));
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "eier",
        user_password: SECRET,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    pdf_pages::bytes(document)
}

fn extract(file: &Path, list: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sporhund"));
    command
        .args(["extract", "--jsonl", "--yes-show-text"])
        .arg(file);
    if let Some(list) = list {
        command.arg("--passwords").arg(list);
    }
    command.output().unwrap()
}

#[test]
fn a_list_of_passwords_opens_what_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let (right, wrong) = (
        folder.path().join("liste.txt"),
        folder.path().join("gal.txt"),
    );
    std::fs::write(&right, LIST).unwrap();
    std::fs::write(&wrong, "feil\nennå feil\n").unwrap();
    let plain = SimpleFileOptions::default();
    let cases = [
        (
            "aes.zip",
            zip_of(plain.with_aes_encryption(AesMode::Aes256, SECRET)),
            2,
        ),
        (
            "gammel.zip",
            zip_of(FileOptionsExt::with_deprecated_encryption(plain, SECRET.as_bytes()).unwrap()),
            2,
        ),
        ("a.7z", sevenz(false), 1),
        ("b.7z", sevenz(true), 1),
        ("c.pdf", pdf(), 1),
    ];
    for (name, bytes, copies) in cases {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let open = extract(&file, Some(&right));
        let text = String::from_utf8(open.stdout).unwrap();
        assert_eq!(
            text.matches("22 22 55 55").count(),
            copies,
            "{name}: {text}"
        );
        assert!(!text.contains("encrypted"), "{name}: {text}");
        for list in [None, Some(wrong.as_path())] {
            let locked = extract(&file, list);
            assert_eq!(locked.status.code(), Some(3), "{name}");
            let text = String::from_utf8(locked.stdout).unwrap();
            assert!(
                !text.contains("22 22 55 55") && text.contains("\"problem\":\"encrypted\""),
                "{name}: {text}"
            );
            let said = String::from_utf8(locked.stderr).unwrap();
            assert!(said.contains("tips:"), "{name}: {said}");
            assert_eq!(said.contains("--passwords FIL"), list.is_none(), "{said}");
            assert!(
                !said.contains("ennå feil"),
                "a password is never shown: {said}"
            );
        }
    }
}

/// How many objects the summary of a scan counts under an outcome.
fn coverage(scan: &Output, outcome: &str) -> u64 {
    let summary: serde_json::Value = serde_json::from_slice(&scan.stdout).unwrap();
    summary["coverage"][outcome].as_u64().unwrap()
}

#[test]
fn passwords_reach_no_inventory_and_a_later_list_opens_what_was_locked() {
    let folder = tempfile::tempdir().unwrap();
    let share = folder.path().join("felles");
    std::fs::create_dir(&share).unwrap();
    let options = SimpleFileOptions::default().with_aes_encryption(AesMode::Aes256, SECRET);
    std::fs::write(share.join("a.zip"), zip_of(options)).unwrap();
    std::fs::write(folder.path().join("liste.txt"), LIST).unwrap();
    let scan = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sporhund"));
        command
            .current_dir(folder.path())
            .env("XDG_STATE_HOME", folder.path());
        command
            .args(["scan", "felles", "--format", "json"])
            .args(more)
            .output()
            .unwrap()
    };
    let locked = scan(&[]);
    assert_eq!(locked.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&locked.stderr).contains("--passwords FIL"));
    let again = scan(&[]);
    assert_eq!(
        coverage(&again, "unchanged"),
        2,
        "the archive and lapp.txt: nothing is tried again"
    );
    std::fs::write(folder.path().join("gal.txt"), "feil\n").unwrap();
    assert_eq!(coverage(&scan(&["--passwords", "gal.txt"]), "unchanged"), 0);
    assert_eq!(coverage(&scan(&["--passwords", "gal.txt"]), "unchanged"), 2);
    assert_eq!(coverage(&scan(&[]), "unchanged"), 2);
    let open = scan(&["--passwords", "liste.txt"]);
    let summary: serde_json::Value = serde_json::from_slice(&open.stdout).unwrap();
    assert_eq!(open.status.code(), Some(0), "{summary}");
    assert_eq!(summary["detectors"]["phone"]["objects"], 2, "{summary}");
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap().path();
        if file.is_file() && !file.ends_with("liste.txt") {
            let bytes = std::fs::read(&file).unwrap();
            assert!(
                memchr::memmem::find(&bytes, SECRET.as_bytes()).is_none(),
                "{}",
                file.display()
            );
        }
    }
}

/// Both were written by `msoffcrypto-tool`, which puts two streams in one place where the package has
/// less than 4 KiB: nothing opens the second any more.
#[test]
fn a_document_that_was_damaged_when_it_was_locked_is_told_as_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("liste.txt");
    std::fs::write(&list, LIST).unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/locked");
    let open = extract(&fixtures.join("kunder.xlsx"), Some(&list));
    let text = String::from_utf8(open.stdout).unwrap();
    assert!(text.contains("Kari Nordmann\\t22225555"), "{text}");
    let damaged = extract(&fixtures.join("skadet.docx"), Some(&list));
    let text = String::from_utf8(damaged.stdout).unwrap();
    assert!(text.contains("\"problem\":\"malformed\""), "{text}");
    assert_eq!(damaged.status.code(), Some(3));
}

#[test]
fn locked_files_of_other_programs_are_opened() {
    let Some(corpora) = corpora() else { return };
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("liste.txt");
    std::fs::write(&list, "pass\nsolrcell\ntika\nfoo\n").unwrap();
    for name in [
        "docx/926677c4-bug53475-password-is-pass.docx",
        "docx/c3bedcfe-bug53475-password-is-solrcell.docx",
        "docx/30265ee6-testWORD_protected_passtika.docx",
        "7z/a716b761-bla.encrypted.7z",
    ] {
        let file = corpora.join(name);
        if !file.is_file() {
            continue;
        }
        let text = String::from_utf8(extract(&file, Some(&list)).stdout).unwrap();
        assert!(text.contains("\"outcome\":\"scanned\""), "{name}: {text}");
        assert!(!text.contains("encrypted\""), "{name}: {text}");
    }
}
