//! Files and documents that lie inside of a compound file: the pool of objects of an old Word document
//! or workbook, and the single object that newer documents keep in such a file, [MS-OLEDS].

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use cfb::CompoundFile;

use super::Sink;
use super::compound::{Compound, stream, u16_at, u32_at};
use super::controls;
use super::macros::modules;
use crate::model::{Budget, Problem, ProblemKind};

/// The stream of an embedded file with its name, [MS-OLEDS] 2.3.6.
const NATIVE: &str = "\u{1}Ole10Native";
/// Streams that are a whole file: a zip package, what a program other than Office put there.
const WHOLE: &[&str] = &["Package", "CONTENTS"];
/// Streams of which one makes the storage around it a document.
const DOCUMENT: &[&str] = &["WordDocument", "Workbook", "Book", "PowerPoint Document"];
/// So many entries of a compound file are looked at.
const MAX_ENTRIES: usize = 100_000;

/// Tells what is embedded as members; true where there was something.
///
/// # Errors
/// Limits, and what the sink says.
pub(super) fn embedded(
    file: &mut Compound,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<bool, Problem> {
    let entries: Vec<(PathBuf, bool)> = file
        .walk()
        .take(MAX_ENTRIES)
        .map(|entry| (entry.path().to_path_buf(), entry.is_stream()))
        .collect();
    let mut found = modules(file, &entries, budget, sink)?;
    found |= controls::texts(file, &entries, budget, sink)?;
    for (path, is_stream) in &entries {
        let name = path.file_name().and_then(|name| name.to_str());
        let (Some(name), Some(storage)) = (name, path.parent()) else {
            continue;
        };
        if !is_stream {
            continue;
        }
        budget.check()?;
        let label = label(storage);
        if name == NATIVE {
            let bytes = part(file, path, budget, sink)?;
            let (name, content) = native(&bytes).unwrap_or((label.as_bytes(), &bytes));
            sink.member(name, &mut &*content)?;
            found = true;
        } else if WHOLE.contains(&name) {
            let bytes = part(file, path, budget, sink)?;
            sink.member(label.as_bytes(), &mut bytes.as_slice())?;
            found = true;
        } else if DOCUMENT.contains(&name) && storage != Path::new("/") {
            let bytes = copied(file, storage, &entries, budget)?;
            sink.member(label.as_bytes(), &mut bytes.as_slice())?;
            found = true;
        }
    }
    Ok(found)
}

/// What an object is called that has no name: after its storage.
fn label(storage: &Path) -> String {
    let name = storage.file_name().map(|name| name.to_string_lossy());
    name.map_or_else(
        || "object".to_owned(),
        |name| format!("object-{}", name.trim_matches('_')),
    )
}

fn part(
    file: &mut Compound,
    path: &Path,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<Vec<u8>, Problem> {
    let (bytes, problem) = match stream(file, path, budget) {
        Ok(read) => read,
        Err(problem) if problem.kind == ProblemKind::Malformed => (Vec::new(), Some(problem)),
        Err(limit) => return Err(limit),
    };
    if let Some(problem) = problem {
        sink.incomplete(problem);
    }
    Ok(bytes)
}

/// Name and content of an embedded file: length, kind, label, path, an inner kind with a longer path,
/// length of the content. `None` where it has another form.
pub(super) fn native(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    const FILE: u16 = 2;
    if u16_at(bytes, 4)? != FILE {
        return None;
    }
    let text = |at: usize| {
        let rest = bytes.get(at..)?;
        let end = memchr::memchr(0, rest)?;
        Some((rest.get(..end)?, at + end + 1))
    };
    let (name, after) = text(6)?;
    let (_, after) = text(after)?;
    let inner = usize::try_from(u32_at(bytes, after + 4)?).ok()?;
    let start = after.checked_add(8)?.checked_add(inner)?;
    let length = usize::try_from(u32_at(bytes, start)?).ok()?;
    let content = bytes.get(start + 4..)?;
    Some((name, content.get(..length).unwrap_or(content)))
}

/// A storage as a compound file of its own, so that its format reads it.
fn copied(
    file: &mut Compound,
    storage: &Path,
    entries: &[(PathBuf, bool)],
    budget: &Budget,
) -> Result<Vec<u8>, Problem> {
    let unmade = |_| super::compound::malformed();
    let mut copy = CompoundFile::create(Cursor::new(Vec::new())).map_err(unmade)?;
    for (path, is_stream) in entries {
        let Ok(inner) = path.strip_prefix(storage) else {
            continue;
        };
        if inner.as_os_str().is_empty() {
            continue;
        }
        let own = Path::new("/").join(inner);
        if *is_stream {
            let (bytes, _) = stream(file, path, budget)?;
            let mut written = copy.create_stream(&own).map_err(unmade)?;
            written.write_all(&bytes).map_err(unmade)?;
        } else {
            copy.create_storage(&own).map_err(unmade)?;
        }
    }
    copy.flush().map_err(unmade)?;
    Ok(copy.into_inner().into_inner())
}

#[cfg(test)]
mod tests {
    use super::super::compound::tests::compound_of;
    use super::super::formats::zip_of;
    use super::super::recorder::read;
    use super::*;

    /// An embedded file called `name`, as Office writes it.
    fn native_of(name: &str, content: &[u8]) -> Vec<u8> {
        let path = format!("C:\\Temp\\{name}");
        let mut body = vec![2, 0];
        body.extend(
            name.bytes()
                .chain([0])
                .chain(path.bytes())
                .chain([0, 0, 0, 3, 0]),
        );
        body.extend(u32::try_from(path.len() + 1).unwrap().to_le_bytes());
        body.extend(path.bytes().chain([0]));
        body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        body.extend(content);
        let mut bytes = u32::try_from(body.len()).unwrap().to_le_bytes().to_vec();
        bytes.extend(body);
        bytes
    }

    #[test]
    fn a_file_in_a_document_is_a_member_with_its_name() {
        let object = compound_of(&[(NATIVE, &native_of("liste.txt", "Åse Ødegård".as_bytes()))]);
        let bytes = zip_of(&[
            ("[Content_Types].xml", b"<Types/>"),
            (
                "word/document.xml",
                b"<w:document><w:t>se vedlegg</w:t></w:document>",
            ),
            ("word/embeddings/oleObject1.bin", &object),
        ]);
        let seen = read("a.docx", &bytes);
        let of = |ending: &str| seen.iter().find(|own| own.path.ends_with(ending)).unwrap();
        assert_eq!(of("oleObject1.bin").format, Some("ole"));
        assert_eq!(of("oleObject1.bin!/liste.txt").text, "Åse Ødegård");
        assert!(seen.iter().all(|own| own.ending() == "scanned"));
    }

    #[test]
    fn a_package_is_a_member_and_an_unknown_object_is_told() {
        let package = zip_of(&[("a.txt", b"Kari")]);
        let seen = read("a.bin", &compound_of(&[("Package", &package)]));
        assert_eq!(seen.last().unwrap().text, "Kari");
        let seen = read("a.bin", &compound_of(&[("Other", b"abc")]));
        assert_eq!(seen[0].ending(), "skipped unsupported");
    }

    #[test]
    fn cut_objects_end_in_an_outcome() {
        let whole = native_of("a.txt", b"Kari");
        for length in 0..whole.len() {
            let seen = read("a.bin", &compound_of(&[(NATIVE, &whole[..length])]));
            assert!(!seen[0].ending().contains("panic"), "{length}");
        }
    }
}
