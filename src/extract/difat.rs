//! Compound files that list more sectors of their allocation table than they say they have,
//! [MS-CFB] 2.2 and 2.5. `msoffcrypto-tool` writes such files beyond 7 MB; Office opens them.

use super::compound::{u16_at, u32_at};

/// Marks an entry that lists nothing.
const FREE: [u8; 4] = [0xFF; 4];
/// How many entries stand in the header, and where.
const HEADER_ENTRIES: usize = 109;
const HEADER_AT: usize = 76;

/// The file with the list cut to the length that its header gives; `None` where nothing is over.
pub(super) fn shortened(file: &[u8]) -> Option<Vec<u8>> {
    let sector = match u16_at(file, 30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let wanted = usize::try_from(u32_at(file, 44)?).ok()?;
    let over: Vec<usize> = entries(file, sector)?
        .into_iter()
        .skip(wanted)
        .filter(|at| {
            file.get(*at..*at + FREE.len())
                .is_some_and(|own| own != FREE)
        })
        .collect();
    if over.is_empty() {
        return None;
    }
    let mut file = file.to_vec();
    for at in over {
        file.get_mut(at..at + FREE.len())?.copy_from_slice(&FREE);
    }
    Some(file)
}

/// The places of all entries of the list.
fn entries(file: &[u8], sector: usize) -> Option<Vec<usize>> {
    let in_header = (0..HEADER_ENTRIES).map(|at| HEADER_AT + 4 * at);
    let mut places: Vec<usize> = in_header.collect();
    let mut next = usize::try_from(u32_at(file, 68)?).ok()?;
    for _ in 0..file.len() / sector {
        let start = next.checked_add(1)?.checked_mul(sector)?;
        let Some(last) = start
            .checked_add(sector - 4)
            .filter(|own| *own < file.len())
        else {
            break;
        };
        places.extend((start..last).step_by(4));
        next = usize::try_from(u32_at(file, last)?).ok()?;
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::shortened;

    /// A file of more than 7 MB, whose list goes on beyond its header.
    fn large() -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        let mut stream = file.create_stream("/a").unwrap();
        stream.write_all(&vec![7; 8 << 20]).unwrap();
        drop(stream);
        file.create_stream("/b")
            .unwrap()
            .write_all(b"Kari")
            .unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn a_list_in_order_is_left_as_it_is() {
        assert_eq!(shortened(&large()), None);
    }

    #[test]
    fn entries_beyond_the_length_are_cleared() {
        let mut file = large();
        let sector = 1 << file[30];
        let fat = u32::from_le_bytes(file[44..48].try_into().unwrap()) as usize;
        let first = u32::from_le_bytes(file[68..72].try_into().unwrap()) as usize;
        let at = match fat.checked_sub(109) {
            Some(over) => (first + 1) * sector + 4 * over,
            None => 76 + 4 * fat,
        };
        file[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
        assert!(cfb::CompoundFile::open(Cursor::new(file.clone())).is_err());
        let mended = shortened(&file).unwrap();
        let mut open = cfb::CompoundFile::open(Cursor::new(mended)).unwrap();
        let mut text = Vec::new();
        let mut stream = open.open_stream("/b").unwrap();
        std::io::copy(&mut stream, &mut text).unwrap();
        assert_eq!(text, b"Kari");
    }

    #[test]
    fn cut_files_are_no_trouble() {
        let file = large();
        for length in [0, 31, 47, 76, 511, 512, 600, 5000] {
            shortened(&file[..length]);
        }
    }
}
