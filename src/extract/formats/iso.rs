//! Images of optical discs (ISO 9660 with Joliet or Rock Ridge names): the files as members.

use std::collections::{HashSet, VecDeque};
use std::io::{Read, Seek, SeekFrom};

use encoding_rs::UTF_16BE;

use super::super::compound::{malformed, u32_at};
use super::super::decode::decode_all;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Iso = Iso;

/// Reads them.
pub(crate) struct Iso;

static INFO: FormatInfo = FormatInfo {
    id: "iso",
    title: "image of an optical disc",
    extensions: &["iso"],
    version: 1,
    isolated: false,
    reads: "all files, with the names of Joliet or Rock Ridge where it has them; not those of a disc of UDF alone",
};

const SECTOR: u64 = 2048;
/// The first sector that describes the volume, and how many there may be.
const FIRST: u64 = 16;
const MAX_DESCRIPTORS: u64 = 64;
const SIGNATURE: &[u8] = b"CD001";
/// Kinds of descriptors: the volume, the volume with other names, and the end of them.
const PRIMARY: u8 = 1;
const SUPPLEMENTARY: u8 = 2;
const END: u8 = 255;
/// Where the root stands in a descriptor, and what says that names are of UCS-2.
const ROOT: usize = 156;
const ESCAPES: usize = 88;
const WIDE: [&[u8]; 3] = [b"%/@", b"%/C", b"%/E"];
/// Flags of a record: a folder, and a file that goes on in the next record.
const FOLDER: u8 = 0x02;
const GOES_ON: u8 = 0x80;
/// Where the name stands in a record, behind its length.
const NAME: usize = 33;
/// No folder is larger.
const MAX_FOLDER_BYTES: u32 = 64 * 1024 * 1024;

impl Format for Iso {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 2^16")]
        const AT: usize = (FIRST * SECTOR) as usize + 1;
        if head.bytes.get(AT..).is_some_and(|own| own.starts_with(SIGNATURE)) {
            Match::Sure
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let (root, wide) = root(content).ok_or(malformed())?;
        let mut disc = Disc { content };
        let mut folders = VecDeque::from([(String::new(), root)]);
        let mut seen = HashSet::new();
        while let Some((path, folder)) = folders.pop_front() {
            // A folder that leads back to one above it is read once.
            if !seen.insert(folder.sector) {
                continue;
            }
            budget.check()?;
            let Some(bytes) = disc.folder(folder) else {
                sink.incomplete(malformed());
                continue;
            };
            for entry in entries(&bytes, wide) {
                let name = format!("{path}{}", entry.name);
                if entry.is_folder {
                    folders.extend(entry.extents.first().map(|own| (format!("{name}/"), *own)));
                } else {
                    disc.file(&name, &entry.extents, sink)?;
                }
            }
        }
        Ok(())
    }
}

/// Where bytes lie.
#[derive(Clone, Copy)]
struct Extent {
    sector: u32,
    bytes: u32,
}

/// A file or folder.
struct Entry {
    name: String,
    is_folder: bool,
    extents: Vec<Extent>,
}

/// The root folder, and whether names are of UCS-2: those of Joliet if there are any.
fn root(content: &mut Content) -> Option<(Extent, bool)> {
    let mut root = None;
    for number in 0..MAX_DESCRIPTORS {
        let mut sector = vec![0; 2048];
        let place = SeekFrom::Start((FIRST + number) * SECTOR);
        let read = content.seek(place).and_then(|_| content.read_exact(&mut sector));
        let own = sector.get(ROOT..).and_then(extent);
        if read.is_err() || sector.get(1..6) != Some(SIGNATURE) {
            break;
        }
        let escapes = sector.get(ESCAPES..).unwrap_or_default();
        match sector.first() {
            Some(&PRIMARY) if root.is_none() => root = own.map(|own| (own, false)),
            Some(&SUPPLEMENTARY) if WIDE.iter().any(|own| escapes.starts_with(own)) => {
                return own.map(|own| (own, true));
            }
            Some(&END) => break,
            _ => {}
        }
    }
    root
}

fn extent(record: &[u8]) -> Option<Extent> {
    Some(Extent { sector: u32_at(record, 2)?, bytes: u32_at(record, 10)? })
}

/// The entries of a folder but itself and the one above it.
fn entries(folder: &[u8], wide: bool) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut goes_on = false;
    for sector in folder.chunks(2048) {
        let mut rest = sector;
        while let Some(length) = rest.first().map(|own| usize::from(*own)).filter(|own| *own > NAME) {
            let Some(record) = rest.get(..length) else {
                break;
            };
            rest = rest.get(length..).unwrap_or_default();
            let flags = record.get(25).copied().unwrap_or_default();
            let (Some(extent), Some(name)) = (extent(record), name_of(record, wide)) else {
                continue;
            };
            match entries.last_mut().filter(|_| goes_on) {
                Some(last) => last.extents.push(extent),
                None => entries.push(Entry {
                    name,
                    is_folder: flags & FOLDER != 0,
                    extents: vec![extent],
                }),
            }
            goes_on = flags & GOES_ON != 0;
        }
    }
    entries
}

/// The name of a record; `None` for the folder itself and the one above it.
fn name_of(record: &[u8], wide: bool) -> Option<String> {
    let length = usize::from(*record.get(NAME - 1)?);
    let name = record.get(NAME..NAME + length)?;
    if matches!(name, [0 | 1]) {
        return None;
    }
    let text = if wide {
        UTF_16BE.decode_without_bom_handling(name).0.into_owned()
    } else {
        // The rest of the record, which begins at an even place, may hold the name as it was.
        let rest = record.get(NAME + length + (length + 1) % 2..).unwrap_or_default();
        rock_ridge(rest).unwrap_or_else(|| decode_all(name))
    };
    let text = text.split_once(';').map_or(text.as_str(), |(name, _)| name);
    Some(text.trim_end_matches('.').replace('/', "_"))
}

/// The name that Rock Ridge keeps, in parts marked `NM`.
fn rock_ridge(mut rest: &[u8]) -> Option<String> {
    const PART: usize = 5;
    let mut name = Vec::new();
    while let [first, second, length, ..] = *rest {
        let part = rest.get(..usize::from(length)).filter(|own| own.len() >= PART - 1)?;
        if [first, second] == *b"NM" {
            name.extend_from_slice(part.get(PART..)?);
        }
        rest = rest.get(part.len()..)?;
        if rest.first().is_none_or(|own| !own.is_ascii_uppercase()) {
            break;
        }
    }
    (!name.is_empty()).then(|| decode_all(&name))
}

struct Disc<'c> {
    content: &'c mut Content,
}

impl Disc<'_> {
    fn folder(&mut self, own: Extent) -> Option<Vec<u8>> {
        let fits = own.bytes <= MAX_FOLDER_BYTES && u64::from(own.bytes) <= self.content.len();
        self.content.seek(SeekFrom::Start(u64::from(own.sector) * SECTOR)).ok().filter(|_| fits)?;
        let mut bytes = Vec::new();
        let mut source = (&mut *self.content).take(own.bytes.into());
        std::io::copy(&mut source, &mut bytes).ok()?;
        (bytes.len() == usize::try_from(own.bytes).ok()?).then_some(bytes)
    }

    /// Hands out a file, whose parts may lie apart.
    fn file(&mut self, name: &str, extents: &[Extent], sink: &mut dyn Sink) -> Result<(), Problem> {
        let ends = extents.iter().map(|own| u64::from(own.sector) * SECTOR + u64::from(own.bytes));
        if ends.max().unwrap_or_default() > self.content.len() {
            sink.unread_member(name.as_bytes(), malformed());
            return Ok(());
        }
        let mut parts = Parts { content: self.content, extents: extents.iter(), left: 0 };
        sink.member(name.as_bytes(), &mut parts)
    }
}

/// The bytes of extents behind each other.
struct Parts<'c, 'e> {
    content: &'c mut Content,
    extents: std::slice::Iter<'e, Extent>,
    left: u64,
}

impl Read for Parts<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.left == 0 {
            let Some(next) = self.extents.next() else {
                return Ok(0);
            };
            self.content.seek(SeekFrom::Start(u64::from(next.sector) * SECTOR))?;
            self.left = next.bytes.into();
        }
        let read = (&mut *self.content).take(self.left).read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read;

    /// A record of a folder.
    fn record(sector: u32, bytes: usize, flags: u8, name: &[u8], more: &[u8]) -> Vec<u8> {
        let mut own = vec![0; 33];
        own[2..6].copy_from_slice(&sector.to_le_bytes());
        own[10..14].copy_from_slice(&u32::try_from(bytes).unwrap().to_le_bytes());
        own[25] = flags;
        own[32] = u8::try_from(name.len()).unwrap();
        own.extend(name);
        own.resize(own.len().next_multiple_of(2), 0);
        own.extend(more);
        own[0] = u8::try_from(own.len()).unwrap();
        own
    }

    /// A disc with a file in two parts, and one in a folder that leads back to the root. Sectors: 16 to 18
    /// descriptors, 19 the root, 20 the folder, 21 and 22 what files hold, 23 the root with wide names.
    fn disc(joliet: bool) -> Vec<u8> {
        let mut out = vec![0; 24 * 2048];
        let mut put = |sector: usize, at: usize, bytes: &[u8]| {
            out[sector * 2048 + at..][..bytes.len()].copy_from_slice(bytes);
        };
        put(16, 0, b"\x01CD001");
        put(16, 156, &record(19, 2048, 2, &[0], b""));
        let kind: &[u8] = if joliet { b"\x02CD001" } else { b"\xFFCD001" };
        put(17, 0, kind);
        put(17, 88, b"%/E");
        put(17, 156, &record(23, 2048, 2, &[0], b""));
        put(18, 0, b"\xFFCD001");
        let own = [
            record(19, 2048, 2, &[0], b""),
            record(21, 5, 0x80, b"SOKNAD.TXT;1", b"NM\x10\x01\0s\xC3\xB8knad.txt"),
            record(22, 4, 0, b"SOKNAD.TXT;1", b""),
            record(20, 2048, 2, b"MAPPE", b""),
        ];
        put(19, 0, &own.concat());
        let inner = [record(21, 4, 0, b"A.;1", b""), record(19, 2048, 2, b"RUNDT", b""), record(99, 4, 0, b"BORTE.TXT;1", b"")];
        put(20, 0, &inner.concat());
        put(21, 0, b"fnr 1");
        put(22, 0, b"5888");
        let wide: Vec<u8> = "s\u{f8}k.txt;1".encode_utf16().flat_map(u16::to_be_bytes).collect();
        put(23, 0, &record(22, 4, 0, &wide, b""));
        out
    }

    #[test]
    fn files_have_the_names_and_bytes_that_they_had() {
        let seen = read("a.iso", &disc(false));
        let told: Vec<_> = seen.iter().map(|own| (own.path.as_str(), own.text.as_str(), own.ending())).collect();
        let scanned = || "scanned".to_owned();
        assert_eq!(told[0], ("a.iso", "", scanned()));
        assert_eq!(told[1], ("a.iso!/s\u{f8}knad.txt", "fnr 15888", scanned()));
        assert_eq!(told[2], ("a.iso!/MAPPE/A", "fnr ", scanned()));
        assert_eq!(told[3], ("a.iso!/MAPPE/BORTE.TXT", "", "failed malformed".to_owned()));
        assert_eq!(told.len(), 4);
        let wide = read("a.iso", &disc(true));
        assert_eq!((wide[1].path.as_str(), wide[1].text.as_str(), wide.len()), ("a.iso!/s\u{f8}k.txt", "5888", 2));
    }

    #[test]
    fn cut_discs_are_told() {
        let whole = disc(false);
        for length in (33_000..whole.len() - 6000).step_by(701) {
            let seen = read("a.iso", &whole[..length]);
            assert!(seen.iter().any(|own| own.ending() != "scanned"), "{length}");
            assert!(seen.iter().all(|own| !own.ending().contains("panic")), "{length}");
        }
    }
}
