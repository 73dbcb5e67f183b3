//! The rows of one object.

use rusqlite::params;

use crate::model::{Evidence, Fact, Finding, Kind, Outcome, Record};
use crate::sorted::Sorted;

use super::detectors::{self, DetectorIds};
use super::names::shown;
use super::{Writer, digest_parts, digest_row};

/// Where a top-level object stands.
pub(super) struct Spot {
    pub(super) id: i64,
    pub(super) folder: i64,
    pub(super) name: Vec<u8>,
    pub(super) first_run: i64,
    /// Whether nothing was known of it before.
    pub(super) fresh: bool,
    /// Whether that was looked up, and does not only follow from its folder.
    pub(super) sure: bool,
}

macro_rules! put_file {
    ($how:literal) => {
        concat!(
            "INSERT OR ",
            $how,
            " INTO object (id, top_id, folder_id, name, shown, outcome, problem, stage, at, format,
                 bytes, content_digest, class, certainty, mtime_ns, ctime_ns, device, inode, mode, uid,
                 gid, links, first_run, read_run, seen_run)
             VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                 ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?23)"
        )
    };
}

const NEW_FILE: &str = put_file!("IGNORE");
const ANY_FILE: &str = put_file!("REPLACE");

impl Writer {
    /// Removes all that is known of a file: its members, and everything that hangs on the two.
    pub(super) fn clear(&mut self, top: i64) -> rusqlite::Result<()> {
        self.forget_digests(top)?;
        for statement in [
            "DELETE FROM sample WHERE object_id = ?1",
            "DELETE FROM finding WHERE object_id = ?1",
            "DELETE FROM fact WHERE object_id = ?1",
            "DELETE FROM likeness WHERE object_id = ?1",
            "DELETE FROM message WHERE object_id = ?1",
        ] {
            self.connection.prepare_cached(statement)?.execute([top])?;
        }
        let mut members = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM object WHERE top_id = ?1 AND parent_id IS NOT NULL)",
        )?;
        if !members.query_row([top], |row| row.get::<_, bool>(0))? {
            return Ok(());
        }
        for table in ["sample", "finding", "fact", "likeness", "message"] {
            let statement = format!(
                "DELETE FROM {table} WHERE object_id IN
                 (SELECT id FROM object WHERE top_id = ?1 AND parent_id IS NOT NULL)"
            );
            self.connection.prepare_cached(&statement)?.execute([top])?;
        }
        self.connection
            .prepare_cached("DELETE FROM object WHERE top_id = ?1 AND parent_id IS NOT NULL")?
            .execute([top])?;
        Ok(())
    }

    /// Removes the digests of a file and its members.
    fn forget_digests(&mut self, top: i64) -> rusqlite::Result<()> {
        const OWN: &str = "object_id = ?1 OR object_id IN
            (SELECT id FROM object WHERE top_id = ?1 AND parent_id IS NOT NULL)";
        let numbers = digest_row::detectors_of(&self.connection, OWN, [top])?;
        if numbers.is_empty() {
            return Ok(());
        }
        let ids = DetectorIds::read(&self.connection)?;
        for number in numbers {
            self.outdate(ids.of(number)?)?;
        }
        for table in ["digest", "digest_part"] {
            let forget = format!("DELETE FROM {table} WHERE {OWN}");
            let mut forget = self.connection.prepare_cached(&forget)?;
            forget.execute([top])?;
        }
        Ok(())
    }

    /// Takes note that a detector's buckets no longer agree with its digests, with the batch in which
    /// these change.
    fn outdate(&mut self, detector: &str) -> rusqlite::Result<()> {
        if self.stale.contains(detector) {
            return Ok(());
        }
        let mut take_out = self
            .connection
            .prepare_cached("DELETE FROM bucketed WHERE detector = ?1")?;
        take_out.execute([detector])?;
        self.stale.insert(detector.to_owned());
        Ok(())
    }

    /// Writes a file down, with all that hangs on it. `false`, and nothing is written, where it was not looked
    /// up and is known.
    pub(super) fn put_file(&mut self, top: &Spot, record: &Record) -> rusqlite::Result<bool> {
        if self.has_aliases {
            let forget = "DELETE FROM alias WHERE folder_id = ?1 AND name = ?2";
            let mut forget = self.connection.prepare_cached(forget)?;
            forget.execute(params![top.folder, top.name])?;
        }
        let mut put = self
            .connection
            .prepare_cached(if top.sure { ANY_FILE } else { NEW_FILE })?;
        let (problem, stat) = (record.outcome.problem(), record.stat);
        let rows = put.execute(params![
            top.id,
            top.folder,
            top.name,
            shown(&top.name),
            stored_outcome(&record.outcome),
            problem.map(|p| p.kind.as_str()),
            problem.map(|p| p.stage.as_str()),
            problem.and_then(|p| p.at).map(u64::cast_signed),
            record.format,
            record.bytes.cast_signed(),
            record.content_digest,
            record.class.as_ref().map(|class| &class.id),
            record.class.as_ref().map(|class| class.certainty),
            stat.map(|s| s.mtime_ns),
            stat.map(|s| s.ctime_ns),
            stat.map(|s| s.device.cast_signed()),
            stat.map(|s| s.inode.cast_signed()),
            stat.map(|s| s.mode),
            stat.map(|s| s.uid),
            stat.map(|s| s.gid),
            stat.map(|s| s.links.cast_signed()),
            top.first_run,
            self.run,
        ])?;
        drop(put);
        if rows > 0 {
            self.put_details(top.id, record)?;
        }
        Ok(rows > 0)
    }

    pub(super) fn put_member(
        &mut self,
        id: i64,
        above: (i64, i64),
        record: &Record,
    ) -> rusqlite::Result<()> {
        let mut put = self.connection.prepare_cached(
            "INSERT INTO object (id, top_id, parent_id, name, shown, outcome, problem, stage, at,
                 format, bytes, content_digest, class, certainty)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?;
        let problem = record.outcome.problem();
        let name = record.object.own_name();
        put.execute(params![
            id,
            above.0,
            above.1,
            name,
            shown(name),
            stored_outcome(&record.outcome),
            problem.map(|p| p.kind.as_str()),
            problem.map(|p| p.stage.as_str()),
            problem.and_then(|p| p.at).map(u64::cast_signed),
            record.format,
            record.bytes.cast_signed(),
            record.content_digest,
            record.class.as_ref().map(|class| &class.id),
            record.class.as_ref().map(|class| class.certainty),
        ])?;
        drop(put);
        self.put_details(id, record)
    }

    /// Findings, samples, facts, sketch and digests of an object.
    fn put_details(&mut self, id: i64, record: &Record) -> rusqlite::Result<()> {
        self.put_findings(id, &record.findings)?;
        for (ordinal, fact) in (0_i64..).zip(&record.facts) {
            self.put_fact(id, ordinal, fact)?;
        }
        if let Some(likeness) = record.likeness {
            let put = "INSERT INTO likeness VALUES (?1, ?2)";
            let mut put = self.connection.prepare_cached(put)?;
            put.execute(params![id, likeness.to_bytes()])?;
        }
        self.put_digests(id, &record.digests)
    }

    fn put_digests(&mut self, id: i64, digests: &[(&'static str, Sorted)]) -> rusqlite::Result<()> {
        if digests.is_empty() {
            return Ok(());
        }
        let mut together = Vec::with_capacity(digests.len());
        for (detector, own) in digests {
            self.outdate(detector)?;
            let number = self.detector(detector)?;
            match own.held() {
                Some(held) => together.push((number, held)),
                None => digest_parts::put(&self.connection, (id, number), own)?,
            }
        }
        let (heading, digests) = digest_row::columns(together)?;
        let put = "INSERT INTO digest VALUES (?1, ?2, ?3)";
        let mut put = self.connection.prepare_cached(put)?;
        put.execute(params![id, heading, digests])?;
        Ok(())
    }

    /// The number of a detector with digests.
    fn detector(&mut self, id: &'static str) -> rusqlite::Result<u32> {
        if let Some(number) = self.detectors.get(id) {
            return Ok(*number);
        }
        let number = detectors::number_for(&self.connection, id)?;
        self.detectors.insert(id, number);
        Ok(number)
    }

    fn put_fact(&mut self, id: i64, ordinal: i64, fact: &Fact) -> rusqlite::Result<()> {
        match fact {
            Fact::Date { source, interval } => {
                let mut put = self
                    .connection
                    .prepare_cached("INSERT INTO fact VALUES (?1, ?2, ?3, ?4, ?5)")?;
                let (first, last) = (interval.first.to_string(), interval.last.to_string());
                put.execute(params![id, ordinal, source.as_str(), first, last])?;
            }
            Fact::MessageId(message) => {
                let mut put = self
                    .connection
                    .prepare_cached("INSERT OR REPLACE INTO message VALUES (?1, ?2)")?;
                put.execute(params![id, message])?;
            }
        }
        Ok(())
    }

    fn put_findings(&mut self, id: i64, findings: &[Finding]) -> rusqlite::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        let kinds = findings.iter().map(|finding| self.kind(finding.kind));
        let kinds: Vec<i64> = kinds.collect::<rusqlite::Result<_>>()?;
        let mut put = self
            .connection
            .prepare_cached("INSERT INTO finding VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
        let mut put_sample = self
            .connection
            .prepare_cached("INSERT INTO sample VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for (finding, kind) in findings.iter().zip(kinds) {
            let level = finding.confidence as i64;
            let reasons: Vec<&str> = finding.reasons.iter().map(Evidence::as_str).collect();
            put.execute(params![
                id,
                kind,
                level,
                finding.count.cast_signed(),
                finding.distinct.count.cast_signed(),
                finding.distinct.estimated,
                reasons.join(","),
            ])?;
            for (ordinal, sample) in (0_i64..).zip(&finding.samples) {
                let place = serde_json::to_string(&sample.place)
                    .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
                let masked = sample.masked.as_str();
                put_sample.execute(params![id, kind, level, ordinal, place, masked])?;
            }
        }
        Ok(())
    }

    pub(super) fn kind(&mut self, kind: &'static Kind) -> rusqlite::Result<i64> {
        let key = std::ptr::from_ref(kind).addr();
        if let Some(id) = self.kinds.get(&key) {
            return Ok(*id);
        }
        self.connection.execute(
            "INSERT INTO kind (detector, kind, category) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET category = excluded.category",
            params![kind.detector, kind.kind, kind.category.as_str()],
        )?;
        let id = self.connection.query_row(
            "SELECT id FROM kind WHERE detector = ?1 AND kind = ?2",
            params![kind.detector, kind.kind],
            |row| row.get(0),
        )?;
        self.kinds.insert(key, id);
        Ok(id)
    }
}

/// The word that is stored. That an object was carried over is known from its runs, so what was
/// read then stays `scanned`.
fn stored_outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Scanned | Outcome::Unchanged => "scanned",
        Outcome::Partial(_) | Outcome::Skipped(_) | Outcome::Failed(_) => outcome.name(),
    }
}
