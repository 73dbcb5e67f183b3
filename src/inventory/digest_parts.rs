//! The digests of all objects and of one, wherever they lie: in the one row of an object, and of objects
//! with very many also in parts.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension as _, Statement, params, params_from_iter};

use super::digest_row::{DigestRow, Digests, Heading};
use super::stream::Stream;
use crate::sorted::Sorted;

/// Digests of a part that are aimed at (256 KiB): a look for one digest reads one part.
const IN_A_PART: usize = 32 << 10;

/// Rows of the one table and parts of the other, both by object.
const ROWS: &str = "SELECT object_id, detectors, digests FROM digest ORDER BY object_id";
const PARTS: &str = "SELECT object_id, detector, digests FROM digest_part
    ORDER BY object_id, detector, least";

/// The row of one object.
const OWN_ROW: &str = "SELECT detectors, digests FROM digest WHERE object_id = ?1";

/// Shows an inventory before version 7 as that version is, on this connection only.
pub(super) const NO_PARTS: &str =
    "CREATE TEMP TABLE digest_part (object_id, detector, least, digests)";

/// Writes the digests of a detector in an object down in parts.
pub(super) fn put(
    connection: &Connection,
    (object, detector): (i64, u32),
    digests: &Sorted,
) -> rusqlite::Result<()> {
    let put = "INSERT INTO digest_part VALUES (?1, ?2, ?3, ?4)";
    let mut put = connection.prepare_cached(put)?;
    digests.for_each_part(IN_A_PART, |part| {
        let part = part.map_err(unreadable)?;
        let bytes: Vec<u8> = part.iter().flat_map(|one| one.to_be_bytes()).collect();
        put.execute(params![object, detector, bytes.get(..8), bytes])?;
        Ok(())
    })
}

/// What a temporary file that fails is to SQLite's user.
pub(super) fn unreadable(error: std::io::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

/// Whether an object holds a digest of a detector.
pub(super) fn holds(
    connection: &Connection,
    (object, detector): (i64, u32),
    digest: u64,
) -> rusqlite::Result<bool> {
    let mut own = connection.prepare_cached(OWN_ROW)?;
    let mut rows = own.query([object])?;
    if let Some(row) = rows.next()?
        && let Some(own) = DigestRow::read(row, 0)?.of(detector)
    {
        return Ok(own.holds(digest));
    }
    let part = "SELECT digests FROM digest_part
        WHERE object_id = ?1 AND detector = ?2 AND least <= ?3 ORDER BY least DESC LIMIT 1";
    let mut part = connection.prepare_cached(part)?;
    let found = part.query_row(params![object, detector, digest.to_be_bytes()], |row| {
        Ok(Digests::read(row, 0)?.holds(digest))
    });
    Ok(found.optional()?.unwrap_or_default())
}

/// Shows the digests of one object and one detector, ascending over all that are shown.
pub(super) fn of_detector(
    connection: &Connection,
    (object, detector): (i64, u32),
    mut show: impl FnMut(Digests<'_>),
) -> rusqlite::Result<()> {
    let mut own = connection.prepare_cached(OWN_ROW)?;
    let mut rows = own.query([object])?;
    if let Some(row) = rows.next()?
        && let Some(own) = DigestRow::read(row, 0)?.of(detector)
    {
        show(own);
    }
    let parts = "SELECT digests FROM digest_part WHERE object_id = ?1 AND detector = ?2
        ORDER BY least";
    let mut parts = connection.prepare_cached(parts)?;
    let mut rows = parts.query([object, detector.into()])?;
    while let Some(row) = rows.next()? {
        show(Digests::read(row, 0)?);
    }
    Ok(())
}

/// Shows the digests of one object: the number of the detector, and some of its digests, ascending over all
/// that are shown of it.
pub(super) fn of_object(
    connection: &Connection,
    object: i64,
    mut show: impl FnMut(u32, Digests<'_>) -> rusqlite::Result<ControlFlow<()>>,
) -> rusqlite::Result<()> {
    let mut own = connection.prepare_cached(OWN_ROW)?;
    let mut rows = own.query([object])?;
    let Some(row) = rows.next()? else {
        return Ok(());
    };
    for (number, digests) in DigestRow::read(row, 0)?.parts() {
        if show(number, digests)?.is_break() {
            return Ok(());
        }
    }
    let parts = "SELECT detector, digests FROM digest_part WHERE object_id = ?1
        ORDER BY detector, least";
    let mut parts = connection.prepare_cached(parts)?;
    let mut rows = parts.query([object])?;
    while let Some(row) = rows.next()? {
        if show(row.get(0)?, Digests::read(row, 1)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// How many digests each detector has in one object, or in all.
pub(super) fn counts(
    connection: &Connection,
    object: Option<i64>,
    mut count: impl FnMut(u32, u64),
) -> rusqlite::Result<()> {
    // A condition that may hold for all would keep SQLite from looking one up.
    let (of, values) = match &object {
        Some(object) => ("WHERE object_id = ?1", std::slice::from_ref(object)),
        None => ("", [].as_slice()),
    };
    let headings = format!("SELECT detectors FROM digest {of}");
    let mut headings = connection.prepare_cached(&headings)?;
    let mut headings = headings.query(params_from_iter(values))?;
    while let Some(row) = headings.next()? {
        for (number, held) in Heading::read(row, 0)?.parts() {
            count(number, held);
        }
    }
    let parts = format!(
        "SELECT detector, sum(length(digests)) / 8 FROM digest_part {of} GROUP BY detector"
    );
    let mut parts = connection.prepare_cached(&parts)?;
    let mut parts = parts.query(params_from_iter(values))?;
    while let Some(row) = parts.next()? {
        count(row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned());
    }
    Ok(())
}

/// The statements that [`AllDigests`] reads.
pub(super) struct Tables<'c>(Statement<'c>, Statement<'c>);

impl<'c> Tables<'c> {
    pub(super) fn of(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self(connection.prepare(ROWS)?, connection.prepare(PARTS)?))
    }

    /// Shows all digests: the object, the number of the detector, and some of its digests there. Objects come in
    /// order.
    pub(super) fn for_each(
        &mut self,
        mut show: impl FnMut(i64, u32, Digests<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let mut rows = self.0.query([])?;
        let mut parts = Stream::new(&mut self.1)?;
        while let Some(row) = rows.next()? {
            let object = row.get(0)?;
            for (number, digests) in DigestRow::read(row, 1)?.parts() {
                show(object, number, digests)?;
            }
            while let Some(part) = parts.of(object)? {
                show(object, part.get(1)?, Digests::read(part, 2)?)?;
            }
        }
        Ok(())
    }

    /// The digests of objects that are asked for in order.
    pub(super) fn in_order(&mut self) -> rusqlite::Result<AllDigests<'_>> {
        Ok(AllDigests {
            rows: Stream::new(&mut self.0)?,
            parts: Stream::new(&mut self.1)?,
        })
    }
}

/// The digests of all objects, in the order of these.
pub(super) struct AllDigests<'s> {
    rows: Stream<'s>,
    parts: Stream<'s>,
}

impl AllDigests<'_> {
    /// Shows the digests of an object, which comes behind those that were asked for before: the number of the
    /// detector, and some of its digests.
    pub(super) fn of(
        &mut self,
        object: i64,
        mut show: impl FnMut(u32, Digests<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let Some(row) = self.rows.of(object)? else {
            return Ok(());
        };
        for (number, digests) in DigestRow::read(row, 1)?.parts() {
            show(number, digests)?;
        }
        while let Some(part) = self.parts.of(object)? {
            show(part.get(1)?, Digests::read(part, 2)?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::inventory::store::open_plain;
    use crate::inventory::{Inventory, Reader, RunEnd, RunInfo};
    use crate::model::{Category, Confidence, Distinct, EvidenceSet, Finding, Kind};
    use crate::model::{ObjectPath, Outcome, Record};
    use crate::sorted::{Lists, spread};

    static EMAIL: Kind = Kind {
        detector: "email",
        kind: "email",
        category: Category::Contact,
        digested: true,
        precedence: 1,
    };

    /// A file that holds these numbers' values, of which `held` are kept in memory.
    fn record(name: &str, values: std::ops::Range<u64>, held: usize) -> Record {
        let object = ObjectPath::file("".into(), name.as_bytes());
        let mut record = Record::unread(object, Outcome::Scanned, 1);
        let count = values.end - values.start;
        record.findings.push(Finding {
            kind: &EMAIL,
            confidence: Confidence::High,
            count,
            distinct: Distinct {
                count,
                estimated: false,
            },
            samples: Vec::new(),
            reasons: EvidenceSet::EMPTY,
        });
        let mut lists = Lists::holding(held);
        let place = lists.place(|()| true, || ());
        values.for_each(|n| lists.push(place, spread(n)));
        let (lists, _) = lists.finish();
        let own = lists.into_iter().map(|((), own)| ("email", own));
        record.digests = own.chain([("phone", vec![7].into())]).collect();
        record
    }

    /// A scan that finds these files.
    fn scan(path: &Path, started: i64, records: &[Record]) {
        let inventory = Inventory::create_or_open(path, 1).unwrap();
        let mut writer = inventory.writer().unwrap();
        let name = path.file_name().unwrap().as_encoded_bytes();
        let info = RunInfo {
            started,
            roots: vec![(String::new(), name.to_vec())],
            fingerprint: String::new(),
            places: String::new(),
            settings: String::new(),
            rules_hash: None,
        };
        writer.begin_run(&info).unwrap();
        for record in records {
            writer.file(std::slice::from_ref(record)).unwrap();
        }
        writer
            .finish_run(RunEnd::Finished, started + 1, &[""])
            .unwrap();
    }

    fn read(path: &Path) -> Reader {
        Inventory::open_read_only(path).unwrap()
    }

    fn parts(path: &Path) -> i64 {
        let count = "SELECT count(*) FROM digest_part";
        let connection = open_plain(path).unwrap();
        connection.query_row(count, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn very_many_digests_of_an_object_are_found_counted_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let many = record("many", 0..100_000, 3000);
        scan(&path, 1, &[record("few", 90_000..110_000, 1 << 20), many]);
        assert!(parts(&path) > 2);
        let reader = read(&path);
        let with = |n: u64| reader.objects_with("email", spread(n)).unwrap();
        for n in (0..120_000).step_by(997).chain([99_999]) {
            let expected: &[i64] = match n {
                0..90_000 => &[2],
                90_000..100_000 => &[1, 2],
                100_000..110_000 => &[1],
                _ => &[],
            };
            assert_eq!(with(n), expected, "{n}");
        }
        let wanted: Vec<u64> = (0..1000).map(spread).collect();
        let any = reader.with_any("email", &wanted).unwrap();
        assert_eq!(any.get(&2).map(Vec::len), Some(1000));
        let total = &reader.totals(Confidence::High).unwrap()[0];
        assert_eq!(
            (total.distinct.count, total.distinct.estimated),
            (110_000, false)
        );
        let sizes = |most| {
            let own = reader.digests_of(2, most).unwrap().into_iter();
            own.map(|(id, own)| (id, own.len())).collect::<Vec<_>>()
        };
        assert_eq!(sizes(99_999), [("phone".to_owned(), 1)]);
        assert_eq!(sizes(100_000)[0], ("email".to_owned(), 100_000));
        drop(reader);
        scan(&path, 3, &[record("many", 0..10, 100)]);
        assert_eq!(parts(&path), 0);
        assert!(
            read(&path)
                .objects_with("email", spread(11))
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn they_are_taken_over_from_another_inventory() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("a.db"), folder.path().join("b.db"));
        scan(&one, 1, &[record("few", 0..3, 100)]);
        scan(&other, 1, &[record("many", 0..50_000, 100)]);
        let inventory = Inventory::create_or_open(&one, 1).unwrap();
        inventory.merge(&[other]).unwrap();
        let reader = read(&one);
        let with = |n: u64| reader.objects_with("email", spread(n)).unwrap();
        assert_eq!(
            (with(2), with(49_000), with(50_000)),
            (vec![1, 2], vec![2], vec![])
        );
    }
}
