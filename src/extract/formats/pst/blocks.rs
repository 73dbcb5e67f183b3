//! The lower layer of an Outlook data file, [MS-PST] 2.2: two trees of pages, of which one tells where
//! blocks lie and the other which blocks are a node's, and the blocks.
//!
//! Check sums are not looked at: what a damaged file still holds is read.

use std::collections::{HashMap, HashSet};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::rc::Rc;

use super::super::super::Content;
use super::super::super::compound::{u16_at, u32_at, u64_at};
use super::super::super::content::Seekable;
use super::malformed;
use super::veil::Veil;
use crate::model::{Budget, Problem, ProblemKind, Stage};

/// The layouts, which differ in the width of numbers and the size of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Before Outlook 2003: numbers of 32 bits, strings without Unicode.
    Ansi,
    /// Since then.
    Unicode,
    /// Offline stores since Outlook 2013: large pages, packed blocks.
    Large,
}

/// What a file's node tree says of a node: the block of its data, and that of the list of its own nodes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) id: u32,
    pub(super) data: u64,
    pub(super) nodes: u64,
    /// The folder that the node lies in.
    pub(super) parent: u32,
}

impl Node {
    /// What kind of node it is, [MS-PST] 2.2.2.1.
    pub(super) fn kind(&self) -> u32 {
        self.id & 0x1F
    }
}

/// Pages that are kept, at most.
const KEPT_PAGES: usize = 4096;
/// Kinds of pages, [MS-PST] 2.2.2.7.1.
const BLOCK_PAGE: u8 = 0x80;
const NODE_PAGE: u8 = 0x81;

/// An open file.
pub(super) struct Blocks<'b> {
    file: Seekable,
    pub(super) layout: Layout,
    veil: Veil,
    node_root: u64,
    block_root: u64,
    pages: HashMap<u64, Rc<[u8]>>,
    pub(super) budget: &'b Budget,
}

impl<'b> Blocks<'b> {
    /// # Errors
    /// `Malformed` where there is no header, `Encrypted` where Windows holds the key.
    pub(super) fn new(content: &mut Content, budget: &'b Budget) -> Result<Self, Problem> {
        const VERSION: usize = 10;
        let mut file = content.seekable(budget)?;
        let header = read_at(&mut file, 0, 0x202)?;
        let layout = match u16_at(&header, VERSION) {
            Some(14 | 15) => Layout::Ansi,
            Some(36) => Layout::Large,
            Some(21..=23) => Layout::Unicode,
            _ => return Err(malformed()),
        };
        let (nodes, blocks, veil) = match layout {
            Layout::Ansi => (wide(u32_at(&header, 188)), wide(u32_at(&header, 196)), 0x1CD),
            Layout::Unicode | Layout::Large => (u64_at(&header, 224), u64_at(&header, 240), 0x201),
        };
        let veil = header.get(veil).ok_or_else(malformed)?;
        Ok(Self {
            file,
            layout,
            veil: Veil::of(*veil)?,
            node_root: nodes.ok_or_else(malformed)?,
            block_root: blocks.ok_or_else(malformed)?,
            pages: HashMap::new(),
            budget,
        })
    }

    /// A walk over the pages of the tree of nodes.
    pub(super) fn walk(&self) -> Walk {
        Walk {
            waiting: vec![(self.node_root, u8::MAX)],
            seen: HashSet::new(),
        }
    }

    /// The node with this id.
    pub(super) fn node(&mut self, id: u32) -> Option<Node> {
        let entry = self.find(self.node_root, u64::from(id), NODE_PAGE)?;
        self.node_of(&entry)
    }

    fn node_of(&self, entry: &[u8]) -> Option<Node> {
        let width = self.width();
        Some(Node {
            id: u32_at(entry, 0)?,
            data: self.number(entry, width)?,
            nodes: self.number(entry, width * 2)?,
            parent: u32_at(entry, width * 3)?,
        })
    }

    /// The bytes of a tree of blocks, block by block: rows of tables and pages of heaps end with theirs.
    ///
    /// # Errors
    /// `Malformed` where a block is missing, `LimitMemory` for more than may be held.
    pub(super) fn data(&mut self, id: u64) -> Result<Vec<Vec<u8>>, Problem> {
        let mut all = Vec::new();
        let mut held = 0;
        if id != 0 {
            self.gather(id, 2, &mut held, &mut all)?;
        }
        Ok(all)
    }

    fn gather(
        &mut self,
        id: u64,
        levels: u8,
        held: &mut u64,
        all: &mut Vec<Vec<u8>>,
    ) -> Result<(), Problem> {
        const LIST: u8 = 1;
        let bytes = self.block(id)?;
        if !is_internal(id) {
            *held += bytes.len() as u64;
            if *held > self.budget.limits().max_held_bytes {
                return Err(Problem::new(ProblemKind::LimitMemory, Stage::Extract));
            }
            all.push(bytes);
            return Ok(());
        }
        if bytes.first() != Some(&LIST) || levels == 0 {
            return Err(malformed());
        }
        let ids = bytes.get(8..).unwrap_or_default().chunks_exact(self.width());
        for own in ids.take(count(&bytes)) {
            let own = self.number(own, 0).ok_or_else(malformed)?;
            self.gather(own, levels - 1, held, all)?;
        }
        Ok(())
    }

    /// The nodes inside of a node, by the block that lists them.
    ///
    /// # Errors
    /// As [`data`](Self::data).
    pub(super) fn nodes(&mut self, id: u64) -> Result<Vec<Node>, Problem> {
        let mut all = Vec::new();
        if id != 0 {
            self.gather_nodes(id, 1, &mut all)?;
        }
        Ok(all)
    }

    fn gather_nodes(&mut self, id: u64, levels: u8, all: &mut Vec<Node>) -> Result<(), Problem> {
        const LIST: u8 = 2;
        let bytes = self.block(id)?;
        let width = self.width();
        let header = if self.layout == Layout::Ansi { 4 } else { 8 };
        let (Some(&[kind, level]), Some(entries)) = (bytes.first_chunk(), bytes.get(header..)) else {
            return Err(malformed());
        };
        if kind != LIST || level > levels {
            return Err(malformed());
        }
        let size = width * if level == 0 { 3 } else { 2 };
        for entry in entries.chunks_exact(size).take(count(&bytes)) {
            let number = |at| self.number(entry, at).ok_or_else(malformed);
            let (own, data) = (u32_at(entry, 0).ok_or_else(malformed)?, number(width)?);
            if level > 0 {
                self.gather_nodes(data, level - 1, all)?;
                continue;
            }
            let nodes = number(width * 2)?;
            all.push(Node { id: own, data, nodes, parent: 0 });
        }
        Ok(())
    }

    /// The bytes of one block, unpacked and unveiled.
    fn block(&mut self, id: u64) -> Result<Vec<u8>, Problem> {
        self.budget.check()?;
        // The lowest bit is reserved.
        let found = self.find(self.block_root, id & !1, BLOCK_PAGE).ok_or_else(malformed)?;
        let width = self.width();
        let place = self.number(&found, width).ok_or_else(malformed)?;
        let size = u16_at(&found, width * 2).ok_or_else(malformed)?;
        let mut bytes = read_at(&mut self.file, place, usize::from(size))?;
        if bytes.len() < usize::from(size) {
            return Err(malformed());
        }
        let unpacked = u16_at(&found, width * 2 + 2).filter(|_| self.layout == Layout::Large);
        if let Some(unpacked) = unpacked.filter(|own| *own != size) {
            let packed = flate2::read::ZlibDecoder::new(bytes.as_slice());
            let mut whole = Vec::new();
            std::io::copy(&mut packed.take(u64::from(unpacked)), &mut whole)
                .map_err(|_| malformed())?;
            bytes = whole;
        }
        if !is_internal(id) {
            self.veil.lift(&mut bytes, id);
        }
        Ok(bytes)
    }

    /// The entry with this key of the tree below a page.
    fn find(&mut self, root: u64, key: u64, kind: u8) -> Option<Vec<u8>> {
        let mut place = root;
        let mut above = u8::MAX;
        loop {
            let page = self.page(place)?;
            let page = self.split(&page, kind)?;
            if page.level >= above {
                return None;
            }
            above = page.level;
            let own = page.entries().take_while(|own| self.number(own, 0).is_some_and(|k| k <= key));
            let entry = own.last()?;
            if page.level == 0 {
                return (self.number(entry, 0) == Some(key)).then(|| entry.to_vec());
            }
            place = self.number(entry, self.width() * 2)?;
        }
    }

    fn page(&mut self, place: u64) -> Option<Rc<[u8]>> {
        if let Some(page) = self.pages.get(&place) {
            return Some(Rc::clone(page));
        }
        let size = if self.layout == Layout::Large { 4096 } else { 512 };
        let bytes = read_at(&mut self.file, place, size).ok()?;
        let page: Rc<[u8]> = (bytes.len() == size).then_some(bytes)?.into();
        if self.pages.len() >= KEPT_PAGES {
            self.pages.clear();
        }
        self.pages.insert(place, Rc::clone(&page));
        Some(page)
    }

    /// Takes a page of a tree apart, [MS-PST] 2.2.2.7.7.1.
    fn split<'p>(&self, page: &'p [u8], wanted: u8) -> Option<Page<'p>> {
        let (count, size, level, kind) = match self.layout {
            Layout::Ansi => (u16::from(*page.get(496)?), 498, 499, 500),
            Layout::Unicode => (u16::from(*page.get(488)?), 490, 491, 496),
            Layout::Large => (u16_at(page, 0xFD8)?, 0xFDC, 0xFDD, 0xFE8),
        };
        let byte = |at: usize| page.get(at).copied();
        let size = usize::from(byte(size)?);
        if byte(kind)? != wanted || size == 0 {
            return None;
        }
        Some(Page {
            level: byte(level)?,
            entries: page.get(..usize::from(count) * size)?,
            size,
        })
    }

    /// Bytes of a number of 32 or 64 bits.
    fn width(&self) -> usize {
        if self.layout == Layout::Ansi { 4 } else { 8 }
    }

    fn number(&self, bytes: &[u8], at: usize) -> Option<u64> {
        match self.layout {
            Layout::Ansi => wide(u32_at(bytes, at)),
            Layout::Unicode | Layout::Large => u64_at(bytes, at),
        }
    }
}

/// A page of a tree: keys in order, each with a page below or, at level 0, with what it leads to.
struct Page<'p> {
    level: u8,
    entries: &'p [u8],
    size: usize,
}

impl<'p> Page<'p> {
    fn entries(&self) -> std::slice::ChunksExact<'p, u8> {
        self.entries.chunks_exact(self.size)
    }
}

/// All nodes, page by page, so that those of a large mailbox are not held together.
pub(super) struct Walk {
    waiting: Vec<(u64, u8)>,
    /// Pages of a damaged tree can lead to each other.
    seen: HashSet<u64>,
}

impl Walk {
    /// The nodes of the next page; an error where one cannot be read, after which others follow.
    pub(super) fn next(&mut self, blocks: &mut Blocks<'_>) -> Option<Result<Vec<Node>, Problem>> {
        let (place, above) = self.waiting.pop()?;
        if !self.seen.insert(place) {
            return Some(Ok(Vec::new()));
        }
        let page = blocks.page(place);
        let page = page.as_deref().and_then(|page| blocks.split(page, NODE_PAGE));
        let Some(page) = page.filter(|page| page.level < above) else {
            return Some(Err(malformed()));
        };
        if page.level == 0 {
            let nodes = page.entries().filter_map(|entry| blocks.node_of(entry));
            return Some(Ok(nodes.collect()));
        }
        let at = blocks.width() * 2;
        let below = page.entries().rev().filter_map(|entry| blocks.number(entry, at));
        self.waiting.extend(below.map(|place| (place, page.level)));
        Some(Ok(Vec::new()))
    }
}

fn count(block: &[u8]) -> usize {
    usize::from(u16_at(block, 2).unwrap_or_default())
}

fn is_internal(id: u64) -> bool {
    id & 2 != 0
}

fn wide(number: Option<u32>) -> Option<u64> {
    number.map(u64::from)
}

/// Up to `size` bytes from this place.
fn read_at(file: &mut Seekable, place: u64, size: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::with_capacity(size);
    let read = file
        .seek(SeekFrom::Start(place))
        .and_then(|_| std::io::copy(&mut file.take(size as u64), &mut bytes));
    read.map(|_| bytes).map_err(|_| malformed())
}
