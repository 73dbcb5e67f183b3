//! Outlook data files, [MS-PST]: every message of every folder is a member, put into a file of its own
//! as Outlook saves single messages.
//!
//! The library reads by blocks, so a file that is too large to be held is read where it lies, by a child
//! process that has it open.

mod message;
mod store;

use std::collections::HashSet;
use std::io;

use outlook_pst::messaging::folder::Folder;
use outlook_pst::messaging::store::{EntryId, Store};
use outlook_pst::ndb::node_id::{NodeId, NodeIdType};

use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};
use store::Open;

pub(crate) static FORMAT: Pst = Pst;

/// Reads them.
pub(crate) struct Pst;

static INFO: FormatInfo = FormatInfo {
    id: "pst",
    title: "Outlook data file",
    extensions: &["pst"],
    version: 2,
    isolated: true,
    reads: "all messages, contacts, appointments and notes of all folders as members, with recipients and attachments; not messages that are attached, which are told",
};

/// Folders inside each other.
const MAX_DEPTH: usize = 64;

/// The folder that all others lie in, [MS-PST] 2.4.1.
const ROOT_FOLDER: u32 = 0x122;

impl Format for Pst {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.bytes.starts_with(b"!BDN") && head.bytes.get(8..10) == Some(b"SM") {
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
        let open = Open::new(content, budget)?;
        let store = open.store();
        let mut walk = Walk {
            open: &open,
            store: &*store,
            seen: HashSet::new(),
            budget,
            sink,
        };
        // The library's own table of the root waits for a lock that it holds itself.
        walk.folder(ROOT_FOLDER, "", 0)
    }
}

fn malformed() -> Problem {
    Problem::new(ProblemKind::Malformed, Stage::Extract)
}

/// One walk through all folders.
struct Walk<'w> {
    open: &'w Open,
    store: &'w dyn Store,
    /// Folders that were entered: a damaged file can hold one inside of itself.
    seen: HashSet<u32>,
    budget: &'w Budget,
    sink: &'w mut dyn Sink,
}

impl Walk<'_> {
    fn folder(&mut self, node: u32, path: &str, depth: usize) -> Result<(), Problem> {
        // A search folder shows messages that lie in others.
        let id = NodeId::from(node);
        let is_folder = matches!(id.id_type(), Ok(NodeIdType::NormalFolder));
        if !is_folder || !self.seen.insert(node) {
            return Ok(());
        }
        self.budget.check()?;
        if depth > MAX_DEPTH {
            self.sink.incomplete(Problem::new(ProblemKind::LimitDepth, Stage::Extract));
            return Ok(());
        }
        let Ok(folder) = self.entry(id).and_then(|entry| self.store.open_folder(&entry)) else {
            self.sink.incomplete(malformed());
            return Ok(());
        };
        let name = folder.properties().display_name().unwrap_or_default();
        let path = match (path, name.trim_matches('\0')) {
            (path, "") => path.to_owned(),
            ("", name) => name.replace('/', "_"),
            (path, name) => format!("{path}/{}", name.replace('/', "_")),
        };
        self.messages(&*folder, &path)?;
        for row in rows(folder.hierarchy_table()) {
            self.folder(row, &path, depth + 1)?;
        }
        Ok(())
    }

    fn messages(&mut self, folder: &dyn Folder, path: &str) -> Result<(), Problem> {
        // Associated items are rules, views and forms, and what people wrote into them.
        for node in rows(folder.contents_table()).chain(rows(folder.associated_table())) {
            self.budget.check()?;
            let name = format!("{path}/{node:08x}.msg");
            let name = name.trim_start_matches('/').as_bytes();
            let entry = self.entry(NodeId::from(node));
            match entry.and_then(|entry| self.open.message(&entry)) {
                Ok(message) => {
                    let (bytes, whole) = message::saved(&message).map_err(|_| malformed())?;
                    self.sink.member(name, &mut bytes.as_slice())?;
                    if !whole {
                        self.sink.incomplete(malformed());
                    }
                }
                Err(_) => self.sink.unread_member(name, malformed()),
            }
        }
        Ok(())
    }

    fn entry(&self, node: NodeId) -> io::Result<EntryId> {
        self.store.properties().make_entry_id(node)
    }
}

/// The nodes that a table lists.
fn rows(
    table: Option<&std::rc::Rc<dyn outlook_pst::ltp::table_context::TableContext>>,
) -> impl Iterator<Item = u32> {
    let rows: Vec<u32> = table
        .map(|table| table.rows_matrix().map(|row| row.id().into()).collect())
        .unwrap_or_default();
    rows.into_iter()
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read;

    #[test]
    fn what_only_begins_like_one_is_malformed() {
        let mut bytes = b"!BDN\0\0\0\0SM\x17\0".to_vec();
        for length in [12, 600, 5000] {
            bytes.resize(length, 7);
            let seen = read("a.pst", &bytes);
            assert_eq!(seen[0].format, Some("pst"));
            assert_eq!(seen[0].ending(), "failed malformed");
        }
    }
}
