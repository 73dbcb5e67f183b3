//! Marks what a run met again without reading it: files, whole folders, and other names of files.

use rusqlite::params;

use super::Writer;
use crate::inventory::Error;
use crate::model::{FileStat, ObjectPath};

impl Writer {
    /// Marks a file and its members as met in this run, with all that is known of them;
    /// `known` is [`Known::id`](crate::inventory::Known::id).
    ///
    /// # Errors
    /// The disk or SQLite refuses. The batch is lost then.
    pub fn carry_over(&mut self, known: i64) -> Result<(), Error> {
        let marked = self
            .mark_seen(known)
            .map_err(Error::sql("write", &self.path));
        self.settle(marked)
    }

    /// Marks a folder's objects as met in this run, all that are known of it; `known` is
    /// [`KnownFolder::id`](crate::inventory::KnownFolder::id), and `listing` the sum of its files.
    ///
    /// # Errors
    /// The disk or SQLite refuses. The batch is lost then.
    pub fn folder_seen(&mut self, known: i64, listing: &[u8; 16]) -> Result<(), Error> {
        let marked = self
            .mark_folder(known, listing)
            .map_err(Error::sql("write", &self.path));
        self.settle(marked)
    }

    /// Marks a file and its members as met in this run: its content is what it was, and of the file
    /// itself the system says `stat` now.
    ///
    /// # Errors
    /// `Stray` where the file is not known; the disk or SQLite refuses. The batch is lost then.
    pub fn same_content(&mut self, object: &ObjectPath, stat: &FileStat) -> Result<(), Error> {
        let marked = self.mark_same(object, stat);
        self.settle(marked)
    }

    /// Records another name of a file. The file itself may still be in work: the name waits for the
    /// end of the run then, and is dropped where the file never came.
    ///
    /// # Errors
    /// `Stray` where a root is not known; the disk or SQLite refuses. The batch is lost then.
    pub fn hard_link(&mut self, object: &ObjectPath, first: &ObjectPath) -> Result<(), Error> {
        let stored = self.store_alias(object, first).map(|known| {
            if !known {
                self.waiting.push((object.clone(), first.clone()));
            }
        });
        self.settle(stored)
    }

    /// Records the names that waited for their files.
    pub(in crate::inventory) fn store_waiting(&mut self) -> Result<(), Error> {
        for (object, first) in std::mem::take(&mut self.waiting) {
            let stored = self.store_alias(&object, &first).map(drop);
            self.settle(stored)?;
        }
        Ok(())
    }

    fn mark_seen(&mut self, known: i64) -> rusqlite::Result<()> {
        self.begin_batch()?;
        self.put_return(known)?;
        let mut mark = self.connection.prepare_cached(
            "UPDATE object SET seen_run = ?2, gone_run = NULL WHERE id = ?1 AND parent_id IS NULL",
        )?;
        mark.execute([known, self.run]).map(drop)
    }

    fn mark_folder(&mut self, known: i64, listing: &[u8; 16]) -> rusqlite::Result<()> {
        self.begin_batch()?;
        let mut mark = self
            .connection
            .prepare_cached("UPDATE folder SET seen_run = ?2, listing = ?3 WHERE id = ?1")?;
        mark.execute(params![known, self.run, listing]).map(drop)
    }

    fn mark_same(&mut self, object: &ObjectPath, stat: &FileStat) -> Result<(), Error> {
        let sql = Error::sql("write", &self.path);
        self.begin_batch().map_err(&sql)?;
        let spot = self.place(object)?;
        self.put_return(spot.id).map_err(&sql)?;
        let mut mark = self
            .connection
            .prepare_cached(
                "UPDATE object SET mtime_ns = ?2, ctime_ns = ?3, device = ?4, inode = ?5, mode = ?6,
                     uid = ?7, gid = ?8, links = ?9, seen_run = ?10, gone_run = NULL
                 WHERE id = ?1",
            )
            .map_err(&sql)?;
        let marked = mark.execute(params![
            spot.id,
            stat.mtime_ns,
            stat.ctime_ns,
            stat.device.cast_signed(),
            stat.inode.cast_signed(),
            stat.mode,
            stat.uid,
            stat.gid,
            stat.links.cast_signed(),
            self.run,
        ]);
        if marked.map_err(&sql)? == 0 {
            return Err(Error::Stray);
        }
        Ok(())
    }

    fn store_alias(&mut self, object: &ObjectPath, first: &ObjectPath) -> Result<bool, Error> {
        let sql = Error::sql("write", &self.path);
        self.begin_batch().map_err(&sql)?;
        let (first, other) = (self.place(first)?, self.place(object)?);
        let mut put = self
            .connection
            .prepare_cached(
                "INSERT OR REPLACE INTO alias (folder_id, name, object_id, seen_run)
                 SELECT ?1, ?2, id, ?4 FROM object WHERE id = ?3",
            )
            .map_err(&sql)?;
        let row = params![other.folder, other.name, first.id, self.run];
        self.has_aliases = true;
        Ok(put.execute(row).map_err(&sql)? > 0)
    }
}
