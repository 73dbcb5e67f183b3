//! Sketches of texts, and names of mails.

use rusqlite::{Connection, OptionalExtension as _};

use super::{Error, Reader};
use crate::model::Likeness;

impl Reader {
    /// The sketches of the present objects' texts, each with the object's number. An inventory of an
    /// older version has none until the next scan.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn for_each_likeness(&self, visit: &mut dyn FnMut(i64, Likeness)) -> Result<(), Error> {
        let mut read = || {
            if !self.keeps_likeness() {
                return Ok(());
            }
            let mut sketches = self.connection.prepare(
                "SELECT l.object_id, l.sketch FROM likeness l JOIN object o ON o.id = l.object_id
                     JOIN object t ON t.id = o.top_id WHERE t.gone_run IS NULL
                 ORDER BY l.object_id",
            )?;
            let mut rows = sketches.query([])?;
            while let Some(row) = rows.next()? {
                visit(row.get(0)?, Likeness::from_bytes(row.get(1)?));
            }
            Ok(())
        };
        read().map_err(Error::sql("read", &self.path))
    }

    /// The sketch of the text of the object with this number, where one is kept.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn likeness_of(&self, object: i64) -> Result<Option<Likeness>, Error> {
        let read = || {
            if !self.keeps_likeness() {
                return Ok(None);
            }
            likeness(&self.connection, object)
        };
        read().map_err(Error::sql("read", &self.path))
    }

    /// The `Message-ID` of the mail with this number, where one is kept.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn message_id(&self, object: i64) -> Result<Option<String>, Error> {
        let read = || {
            if !self.keeps_likeness() {
                return Ok(None);
            }
            message(&self.connection, object)
        };
        read().map_err(Error::sql("read", &self.path))
    }
}

/// The sketch of an object's text.
pub(super) fn likeness(connection: &Connection, object: i64) -> rusqlite::Result<Option<Likeness>> {
    let sketch = "SELECT sketch FROM likeness WHERE object_id = ?1";
    let mut find = connection.prepare_cached(sketch)?;
    let bytes = find.query_row([object], |row| row.get(0)).optional()?;
    Ok(bytes.map(Likeness::from_bytes))
}

/// The `Message-ID` of a mail.
pub(super) fn message(connection: &Connection, object: i64) -> rusqlite::Result<Option<String>> {
    let mut find = connection.prepare_cached("SELECT id FROM message WHERE object_id = ?1")?;
    find.query_row([object], |row| row.get(0)).optional()
}
