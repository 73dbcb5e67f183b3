//! Outlook data files, [MS-PST]: every message is a member, put into a file of its own as Outlook saves
//! single messages.
//!
//! The tree of nodes is walked and not the tables of the folders, so that a message is read that no
//! folder lists any more. A file that is too large to be held is read where it lies, by a child process
//! that has it open.

mod blocks;
mod heap;
#[cfg(test)]
mod made;
mod message;
mod values;
mod veil;

use std::collections::HashMap;

use super::super::compound::{decode, malformed, utf16};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind};
use blocks::{Blocks, Node};
use values::{Reading, Value};

pub(crate) static FORMAT: Pst = Pst;

/// Reads them.
pub(crate) struct Pst;

static INFO: FormatInfo = FormatInfo {
    id: "pst",
    title: "Outlook data file",
    extensions: &["pst", "ost"],
    version: 3,
    isolated: true,
    reads: "all messages, contacts, appointments and notes of all folders as members, with recipients and attachments",
};

/// Folders inside each other.
const MAX_DEPTH: usize = 64;

// Kinds of nodes, [MS-PST] 2.2.2.1. Associated items are rules, views and forms, and what people wrote
// into them.
const MESSAGE: u32 = 0x04;
const ASSOCIATED: u32 = 0x08;

impl Format for Pst {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        /// The programs that it is for: of data files and of offline stores.
        const CLIENTS: [&[u8]; 2] = [b"SM", b"SO"];
        let client = head.bytes.get(8..10).unwrap_or_default();
        if head.bytes.starts_with(b"!BDN") && CLIENTS.contains(&client) {
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
        let mut blocks = Blocks::new(content, budget)?;
        let mut folders = Folders::default();
        let mut walk = blocks.walk();
        let mut read = false;
        while let Some(nodes) = walk.next(&mut blocks) {
            budget.check()?;
            match nodes {
                Ok(nodes) => {
                    read = true;
                    let wanted = nodes.iter().filter(|own| matches!(own.kind(), MESSAGE | ASSOCIATED));
                    for node in wanted {
                        told(&mut blocks, node, &mut folders, sink)?;
                    }
                }
                Err(problem) if read => sink.incomplete(problem),
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }
}

/// Hands out a message as a member.
fn told(
    blocks: &mut Blocks<'_>,
    node: &Node,
    folders: &mut Folders,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let name = format!("{}/{:08x}.msg", folders.path(blocks, node.parent), node.id);
    let name = name.trim_start_matches('/').as_bytes();
    match message::saved(blocks, node) {
        Ok((bytes, problem)) => {
            sink.member(name, &mut bytes.as_slice())?;
            if let Some(problem) = problem {
                sink.incomplete(problem);
            }
            Ok(())
        }
        Err(problem) if matches!(problem.kind, ProblemKind::Malformed | ProblemKind::LimitMemory) => {
            sink.unread_member(name, problem);
            Ok(())
        }
        Err(problem) => Err(problem),
    }
}

/// Names of folders and the folders that they lie in, as they were met.
#[derive(Default)]
struct Folders {
    known: HashMap<u32, (String, u32)>,
}

impl Folders {
    /// The names from the outermost to this one.
    fn path(&mut self, blocks: &mut Blocks<'_>, folder: u32) -> String {
        let mut names = Vec::new();
        let mut own = folder;
        while own != 0 && names.len() < MAX_DEPTH {
            let (name, above) = self.known.entry(own).or_insert_with(|| named(blocks, own));
            names.push(name.clone());
            // The outermost lies in itself.
            own = if *above == own { 0 } else { *above };
        }
        names.retain(|name| !name.is_empty());
        names.reverse();
        names.join("/")
    }
}

fn named(blocks: &mut Blocks<'_>, folder: u32) -> (String, u32) {
    const NAME: u16 = 0x3001;
    let Some(node) = blocks.node(folder) else {
        return (String::new(), 0);
    };
    let values = Reading::new(blocks, &node).and_then(|mut own| own.properties());
    let values = values.unwrap_or_default();
    let name = values.iter().find(|(id, _)| *id == NAME).map(|(_, value)| value);
    let name = match name {
        Some(Value::Text(text)) => utf16(text),
        Some(Value::Text8(text)) => decode(text, 1252),
        Some(Value::Bytes(_) | Value::Time(_) | Value::Integer(_) | Value::Node(_)) | None => String::new(),
    };
    let name = name.trim_matches('\0').replace('/', "_");
    (name, node.parent)
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
