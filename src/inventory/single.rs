//! Objects that are asked for one by one: by the path that is displayed, or by their numbers.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension as _, params};

use super::names::cut;
use super::read::{Top, top_from};
use super::rows::ObjectRow;
use super::{Error, Reader};

impl Reader {
    /// The present object that is displayed as `path`.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn object(&self, path: &str) -> Result<Option<ObjectRow>, Error> {
        self.find(path).map_err(Error::sql("read", &self.path))
    }

    /// The present object with a number.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn object_by_number(&self, id: i64) -> Result<Option<ObjectRow>, Error> {
        let mut found = None;
        self.for_each_numbered(&BTreeSet::from([id]), &mut |object| found = Some(object))?;
        Ok(found)
    }

    /// The present objects with these numbers. Each file is read once, however many of its members are
    /// asked for.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn for_each_numbered(
        &self,
        ids: &BTreeSet<i64>,
        visit: &mut dyn FnMut(ObjectRow),
    ) -> Result<(), Error> {
        self.numbered(ids, visit)
            .map_err(Error::sql("read", &self.path))
    }

    /// A file with its members, by the number of any of them.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn for_each_in_file_of(
        &self,
        id: i64,
        visit: &mut dyn FnMut(ObjectRow),
    ) -> Result<(), Error> {
        let mut read = || match self.top_of(id)? {
            Some(top) => self.each_of_file(&top, true, visit),
            None => Ok(()),
        };
        read().map_err(Error::sql("read", &self.path))
    }

    fn numbered(
        &self,
        ids: &BTreeSet<i64>,
        visit: &mut dyn FnMut(ObjectRow),
    ) -> rusqlite::Result<()> {
        let mut files = BTreeMap::new();
        for id in ids {
            if let Some(top) = self.top_of(*id)? {
                files.insert(top.id, top);
            }
        }
        for top in files.values() {
            self.each_of_file(top, true, &mut |object| {
                if ids.contains(&object.id) {
                    visit(object);
                }
            })?;
        }
        Ok(())
    }

    fn top_of(&self, id: i64) -> rusqlite::Result<Option<Top>> {
        let mut find = self.connection.prepare_cached(&format!(
            "SELECT t.id, r.label, f.path, t.name, t.read_run < {seen} FROM object o
                 JOIN object t ON t.id = o.top_id JOIN folder f ON f.id = t.folder_id
                 JOIN root r ON r.id = f.root_id
             WHERE o.id = ?1 AND t.gone_run IS NULL",
            seen = self.seen
        ))?;
        find.query_row([id], top_from).optional()
    }

    fn find(&self, path: &str) -> rusqlite::Result<Option<ObjectRow>> {
        let mut roots = self
            .connection
            .prepare("SELECT id, label FROM root ORDER BY label, id")?;
        let roots = roots.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        for root in roots {
            let (root, label): (i64, String) = root?;
            let own = match label.as_str() {
                "" => Some(path),
                label => path
                    .strip_prefix(label)
                    .and_then(|rest| rest.strip_prefix(':')),
            };
            let Some(own) = own else { continue };
            // A folder's name may end in `!` too, so each place where a member may begin is tried.
            let ends = own.match_indices("!/").map(|(at, _)| at).chain([own.len()]);
            for top in ends.filter_map(|end| own.get(..end)) {
                let Some(top) = self.find_top(root, &label, top)? else {
                    continue;
                };
                let mut found = None;
                self.each_of_file(&top, true, &mut |object| {
                    if found.is_none() && object.path == path {
                        found = Some(object);
                    }
                })?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }

    fn find_top(&self, root: i64, label: &str, shown: &str) -> rusqlite::Result<Option<Top>> {
        let (folder, name) = cut(shown.as_bytes());
        let mut find = self.connection.prepare_cached(&format!(
            "SELECT t.id, ?2, f.path, t.name, t.read_run < {} FROM folder f
                 JOIN object t ON t.folder_id = f.id
             WHERE f.root_id = ?1 AND (f.path = ?3 OR f.shown = CAST(?3 AS TEXT))
                 AND (t.name = ?4 OR t.shown = CAST(?4 AS TEXT)) AND t.gone_run IS NULL",
            self.seen
        ))?;
        find.query_row(params![root, label, folder, name], top_from)
            .optional()
    }
}
