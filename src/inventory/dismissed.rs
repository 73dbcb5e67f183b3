//! What people have marked as false: a file beside the inventory, a line for each value.
//!
//! It is not part of the database, because a scan that holds the database must not keep a person from
//! marking something, and because it outlives an inventory that is made anew with the same key.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::store::{beside, open_plain};
use super::{Error, Inventory};
use crate::model::Dismissed;
use crate::own_files::open_private;

/// What the file's name ends in.
pub(super) const ENDING: &str = ".dismissed";

/// One value.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    detector: String,
    /// 16 hexadecimal digits.
    digest: String,
    /// Seconds since 1970.
    at: i64,
    account: String,
}

/// The values that were marked for an inventory; none where there is no file.
///
/// # Errors
/// The file cannot be read, or a line of it is none.
pub fn dismissed(inventory: &Path) -> io::Result<Dismissed> {
    let text = match fs::read_to_string(beside(inventory, ENDING)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Dismissed::default()),
        Err(error) => return Err(error),
    };
    let mut values = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line: Option<Line> = serde_json::from_str(line).ok();
        let value = line.and_then(|line| {
            let digest = u64::from_str_radix(&line.digest, 16).ok()?;
            Some((line.detector, digest))
        });
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, format!("line {}", at + 1));
        values.push(value.ok_or_else(wrong)?);
    }
    Ok(Dismissed::new(values))
}

/// Marks values of a detector, and writes who did it and when (seconds since 1970).
///
/// # Errors
/// The file cannot be written.
pub fn dismiss(
    inventory: &Path,
    detector: &str,
    digests: &[u64],
    (at, account): (i64, &str),
) -> io::Result<()> {
    let mut lines = Vec::new();
    for digest in digests {
        let line = Line {
            detector: detector.to_owned(),
            digest: format!("{digest:016x}"),
            at,
            account: account.to_owned(),
        };
        serde_json::to_writer(&mut lines, &line)?;
        lines.push(b'\n');
    }
    let mut options = OpenOptions::new();
    let mut file = open_private(
        &beside(inventory, ENDING),
        options.append(true).create(true),
    )?;
    file.write_all(&lines)?;
    file.sync_all()
}

impl Inventory {
    /// Has the next scan read the files again that these objects are or lie in, changed or not.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn read_again(&self, objects: &[i64]) -> Result<(), Error> {
        let mut connection = open_plain(&self.path)?;
        let mut mark = || {
            let change = connection.transaction()?;
            {
                // No run has this number, so no reading is as it would be today; and their folders
                // are looked at file by file.
                let mut doubted = change.prepare(
                    "UPDATE object SET read_run = 0 WHERE id =
                         (SELECT top_id FROM object WHERE id = ?1)",
                )?;
                let mut opened = change.prepare(
                    "UPDATE folder SET listing = NULL WHERE id = (SELECT t.folder_id FROM object o
                         JOIN object t ON t.id = o.top_id WHERE o.id = ?1)",
                )?;
                for object in objects {
                    doubted.execute(params![object])?;
                    opened.execute(params![object])?;
                }
            }
            change.commit()
        };
        mark().map_err(Error::sql("change", &self.path))
    }
}
