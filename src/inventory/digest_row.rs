//! The row that holds the digests of one object, those of all detectors: how it is written and read.
//!
//! One column has the digests, each detector's sorted, and one detector's after another's. The other has its
//! heading: of each detector the number and how many digests are its. They lie apart, so that a look at what
//! there is does not read the digests. What the numbers of detectors mean is told by `detectors`.

use std::collections::BTreeSet;

use rusqlite::types::Type;
use rusqlite::{Connection, Params, Row};

use super::error::Damage;

/// The heading of a row: of each detector its number, and how many digests are its.
#[derive(Clone, Copy)]
pub(super) struct Heading<'r>(&'r [u8]);

/// The digests of an object by the numbers of their detectors.
pub(super) struct DigestRow<'r> {
    heading: Heading<'r>,
    digests: &'r [[u8; 8]],
}

/// Digests of one detector in one object, ascending.
#[derive(Clone, Copy)]
pub(super) struct Digests<'r>(&'r [[u8; 8]]);

/// The two columns of a row, heading and digests.
pub(super) fn columns<'d>(
    parts: impl IntoIterator<Item = (u32, &'d [u64])>,
) -> rusqlite::Result<(Vec<u8>, Vec<u8>)> {
    let (mut heading, mut digests) = (Vec::new(), Vec::new());
    for (number, own) in parts {
        heading = with_part(heading, number, own.len() as u64)?;
        digests.extend(own.iter().flat_map(|digest| digest.to_be_bytes()));
    }
    Ok((heading, digests))
}

fn with_part(heading: Vec<u8>, number: u32, held: u64) -> rusqlite::Result<Vec<u8>> {
    postcard::to_extend(&(number, held), heading)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// The numbers of the detectors that have digests in the rows with a condition.
pub(super) fn detectors_of(
    connection: &Connection,
    condition: &str,
    values: impl Params + Copy,
) -> rusqlite::Result<BTreeSet<u32>> {
    let parts = format!("SELECT DISTINCT detector FROM digest_part WHERE {condition}");
    let mut parts = connection.prepare_cached(&parts)?;
    let parts = parts.query_map(values, |row| row.get(0))?;
    let mut numbers = parts.collect::<rusqlite::Result<BTreeSet<u32>>>()?;
    let rows = format!("SELECT detectors FROM digest WHERE {condition}");
    let mut rows = connection.prepare_cached(&rows)?;
    let mut rows = rows.query(values)?;
    while let Some(row) = rows.next()? {
        numbers.extend(Heading::read(row, 0)?.parts().map(|(number, _)| number));
    }
    Ok(numbers)
}

impl<'r> Heading<'r> {
    /// The heading in a column of a row.
    pub(super) fn read(row: &'r Row<'_>, column: usize) -> rusqlite::Result<Self> {
        let bytes = row.get_ref(column)?.as_blob()?;
        Self::checked(bytes).ok_or_else(|| damaged(column))
    }

    fn checked(bytes: &'r [u8]) -> Option<Self> {
        let (mut left, mut sum) = (bytes, 0_u64);
        while !left.is_empty() {
            let ((_, held), rest) = next_part(left)?;
            sum = sum.checked_add(held)?;
            left = rest;
        }
        Some(Self(bytes))
    }

    /// The detectors' numbers, and how many digests are theirs.
    pub(super) fn parts(self) -> impl Iterator<Item = (u32, u64)> + 'r {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let (part, rest) = next_part(left)?;
            left = rest;
            Some(part)
        })
    }

    /// The same heading where detectors have other numbers; `None` where one has none.
    pub(super) fn renumbered(
        self,
        number: impl Fn(u32) -> Option<u32>,
    ) -> rusqlite::Result<Option<Vec<u8>>> {
        let mut heading = Vec::with_capacity(self.0.len());
        for (old, held) in self.parts() {
            let Some(new) = number(old) else {
                return Ok(None);
            };
            heading = with_part(heading, new, held)?;
        }
        Ok(Some(heading))
    }
}

fn next_part(left: &[u8]) -> Option<((u32, u64), &[u8])> {
    postcard::take_from_bytes(left).ok()
}

impl<'r> DigestRow<'r> {
    /// The digests whose heading is in a column, and they themselves in the next.
    pub(super) fn read(row: &'r Row<'_>, column: usize) -> rusqlite::Result<Self> {
        let heading = Heading::read(row, column)?;
        let digests = row.get_ref(column + 1)?.as_blob()?;
        Self::checked(heading, digests).ok_or_else(|| damaged(column + 1))
    }

    fn checked(heading: Heading<'r>, digests: &'r [u8]) -> Option<Self> {
        let (digests, over) = digests.as_chunks::<8>();
        let told: u64 = heading.parts().map(|(_, held)| held).sum();
        (over.is_empty() && told == digests.len() as u64).then_some(Self { heading, digests })
    }

    /// The digests of each detector.
    pub(super) fn parts(&self) -> impl Iterator<Item = (u32, Digests<'r>)> + 'r {
        let mut left = self.digests;
        self.heading.parts().map(move |(number, held)| {
            let held = usize::try_from(held).unwrap_or(usize::MAX);
            let (own, rest) = left.split_at_checked(held).unwrap_or((left, &[]));
            left = rest;
            (number, Digests(own))
        })
    }

    /// The digests of one detector, where it has any.
    pub(super) fn of(&self, number: u32) -> Option<Digests<'r>> {
        let own = self.parts().find(|(known, _)| *known == number);
        own.map(|(_, digests)| digests)
    }
}

impl<'r> Digests<'r> {
    /// The digests in a column of a row, all of one detector.
    pub(super) fn read(row: &'r Row<'_>, column: usize) -> rusqlite::Result<Self> {
        let (digests, over) = row.get_ref(column)?.as_blob()?.as_chunks::<8>();
        let whole = over.is_empty().then_some(Self(digests));
        whole.ok_or_else(|| damaged(column))
    }

    /// How many there are.
    pub(super) fn len(self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = u64> + 'r {
        self.0.iter().map(|bytes| u64::from_be_bytes(*bytes))
    }

    /// Whether this is one of them.
    pub(super) fn holds(self, digest: u64) -> bool {
        self.0.binary_search(&digest.to_be_bytes()).is_ok()
    }
}

fn damaged(column: usize) -> rusqlite::Error {
    let damage = Damage("the digests of an object do not fit their heading");
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(damage))
}

/// Puts the digests of an object down, for tests.
#[cfg(test)]
pub(super) fn put_digests(connection: &Connection, object: i64, own: &[(&str, &[u64])]) {
    let number = |id| super::detectors::number_for(connection, id).unwrap();
    let parts = own.iter().map(|(id, digests)| (number(id), *digests));
    let (heading, digests) = columns(parts).unwrap();
    let put = "INSERT INTO digest VALUES (?1, ?2, ?3)";
    let put = connection.execute(put, rusqlite::params![object, heading, digests]);
    assert_eq!(put.unwrap(), 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'r>(heading: &'r [u8], digests: &'r [u8]) -> Option<DigestRow<'r>> {
        DigestRow::checked(Heading::checked(heading)?, digests)
    }

    #[test]
    fn digests_come_back_as_they_were() {
        let long: Vec<u64> = (0..20_000).map(|n| n * 1_000_003).collect();
        let parts: [(u32, &[u64]); 4] = [
            (3, &[0, 1, u64::MAX]),
            (1, &long),
            (300, &[]),
            (u32::MAX, &[7]),
        ];
        let (heading, digests) = columns(parts).unwrap();
        assert_eq!(digests.len(), 8 * 20_004);
        let row = read(&heading, &digests).unwrap();
        let own: Vec<(u32, Vec<u64>)> = row
            .parts()
            .map(|(n, own)| (n, own.iter().collect()))
            .collect();
        assert_eq!(own, parts.map(|(number, own)| (number, own.to_vec())));
        assert!(row.of(3).unwrap().holds(u64::MAX));
        assert!(!row.of(3).unwrap().holds(7));
        assert!(row.of(2).is_none());
        let (heading, digests) = columns([]).unwrap();
        assert_eq!(read(&heading, &digests).unwrap().parts().count(), 0);
    }

    /// Two detectors with five digests each cost four bytes beside these.
    #[test]
    fn a_heading_has_two_bytes_for_each_detector() {
        let own: [u64; 5] = [1, 2, 3, 4, 5];
        let (heading, _) = columns([(1_u32, &own[..]), (9, &own)]).unwrap();
        assert_eq!(heading, [1, 5, 9, 5]);
    }

    #[test]
    fn detectors_get_other_numbers() {
        let (heading, digests) = columns([(1, &[1, 2][..]), (2, &[3])]).unwrap();
        let heading = Heading::checked(&heading).unwrap();
        let renumbered = heading.renumbered(|number| Some(number + 200)).unwrap();
        let renumbered = renumbered.unwrap();
        let row = read(&renumbered, &digests).unwrap();
        assert_eq!(row.of(202).unwrap().iter().collect::<Vec<_>>(), [3]);
        let known = |number| (number == 1).then_some(9);
        assert!(heading.renumbered(known).unwrap().is_none());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let (heading, digests) = columns([(1, &[1, 2][..]), (2, &[3])]).unwrap();
        assert!(read(&heading, &digests).is_some());
        for cut in 1..heading.len() {
            assert!(
                read(&heading[..cut], &digests).is_none(),
                "heading of {cut} bytes"
            );
        }
        for cut in 0..digests.len() {
            assert!(
                read(&heading, &digests[..cut]).is_none(),
                "{cut} bytes of digests"
            );
        }
        // A number without an end, one that is too long, and more digests than there can be.
        let most = [&[1][..], &[0xff; 9], &[1]].concat();
        for heading in [&[0x81][..], &[0xff; 12], &[most.clone(), most].concat()] {
            assert!(Heading::checked(heading).is_none(), "{heading:?}");
        }
    }

    #[test]
    fn a_damaged_row_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let writer = crate::inventory::Inventory::create_or_open(&path, 1).unwrap();
        let writer = writer.writer().unwrap();
        put_digests(&writer.connection, 1, &[("email", &[1, 2])]);
        let reader = crate::inventory::Inventory::open_read_only(&path).unwrap();
        let held = [("email".to_owned(), vec![1, 2])];
        assert_eq!(reader.digests_of(1, 9).unwrap(), held);
        for (damage, told) in [
            ("digests = zeroblob(24)", "digests of an object do not fit"),
            (
                "digests = zeroblob(16), detectors = x'0902'",
                "digests of a detector without a name",
            ),
        ] {
            let damage = format!("UPDATE digest SET {damage}");
            writer.connection.execute(&damage, []).unwrap();
            let error = reader.digests_of(1, 9).unwrap_err().to_string();
            assert!(
                error.contains("is damaged") && error.contains(told),
                "{error}"
            );
        }
    }
}
