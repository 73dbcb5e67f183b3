//! Numbers of detectors, by which the rows of digests name them.

use std::collections::HashMap;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _};

use super::error::Damage;

/// The ids of all detectors that ever had digests.
pub(super) struct DetectorIds(HashMap<u32, String>);

impl DetectorIds {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut all = connection.prepare_cached("SELECT number, id FROM detector")?;
        let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self(rows.collect::<rusqlite::Result<_>>()?))
    }

    /// The id of the detector with a number that a row names.
    pub(super) fn of(&self, number: u32) -> rusqlite::Result<&str> {
        let id = self.0.get(&number).map(String::as_str);
        id.ok_or_else(|| {
            let damage = Damage("digests of a detector without a name");
            rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Box::new(damage))
        })
    }
}

/// The number of a detector, where it ever had digests.
pub(super) fn number(connection: &Connection, id: &str) -> rusqlite::Result<Option<u32>> {
    let mut find = connection.prepare_cached("SELECT number FROM detector WHERE id = ?1")?;
    find.query_row([id], |row| row.get(0)).optional()
}

/// The number of a detector, which gets one where it has none.
pub(super) fn number_for(connection: &Connection, id: &str) -> rusqlite::Result<u32> {
    if let Some(known) = number(connection, id)? {
        return Ok(known);
    }
    let mut add =
        connection.prepare_cached("INSERT INTO detector (id) VALUES (?1) RETURNING number")?;
    add.query_row([id], |row| row.get(0))
}
