//! The heap that a node's data is, and the trees in it, [MS-PST] 2.3.1 and 2.3.2.

use super::super::super::compound::{u16_at, u32_at};
use super::blocks::Layout;

/// The data of a node, cut into small items.
pub(super) struct Heap {
    blocks: Vec<Vec<u8>>,
    layout: Layout,
}

/// Levels of a tree in a heap; each has hundreds of branches.
const MAX_LEVELS: u8 = 8;
/// Records of a tree, more than blocks have room for.
const MAX_RECORDS: usize = 1 << 20;

impl Heap {
    pub(super) fn new(blocks: Vec<Vec<u8>>, layout: Layout) -> Self {
        Self { blocks, layout }
    }

    /// What the heap holds: a table, properties or another thing, and the item that it begins with.
    pub(super) fn root(&self) -> Option<(u8, u32)> {
        const SIGNATURE: u8 = 0xEC;
        let first = self.blocks.first()?;
        let kind = *first.get(3)?;
        (first.get(2) == Some(&SIGNATURE)).then_some((kind, u32_at(first, 4)?))
    }

    /// The bytes of an item.
    pub(super) fn item(&self, id: u32) -> Option<&[u8]> {
        let (index, block) = match self.layout {
            Layout::Large => ((id >> 5) & 0x3FFF, id >> 19),
            Layout::Ansi | Layout::Unicode => ((id >> 5) & 0x7FF, id >> 16),
        };
        let block = self.blocks.get(usize::try_from(block).ok()?)?;
        let index = usize::try_from(index).ok()?.checked_sub(1)?;
        let map = usize::from(u16_at(block, 0)?);
        if index >= usize::from(u16_at(block, map)?) {
            return None;
        }
        let place = |at: usize| u16_at(block, map + 4 + at * 2).map(usize::from);
        block.get(place(index)?..place(index + 1)?)
    }

    /// The records of the tree whose header is this item: keys of `key` bytes, each with its data.
    pub(super) fn records(&self, header: u32, key: u8) -> Option<Vec<&[u8]>> {
        const SIGNATURE: u8 = 0xB5;
        let header = self.item(header)?;
        let &[signature, own_key, data, levels] = header.first_chunk()?;
        if signature != SIGNATURE || own_key != key || levels > MAX_LEVELS {
            return None;
        }
        let mut all = Vec::new();
        let root = u32_at(header, 4)?;
        let sizes = (usize::from(key), usize::from(data));
        // An empty tree has no root.
        if root == 0 || self.gather(root, levels, sizes, &mut all).is_some() {
            Some(all)
        } else {
            None
        }
    }

    fn gather<'h>(
        &'h self,
        item: u32,
        level: u8,
        (key, data): (usize, usize),
        all: &mut Vec<&'h [u8]>,
    ) -> Option<()> {
        const PLACE: usize = 4;
        let bytes = self.item(item)?;
        if level == 0 {
            all.extend(bytes.chunks_exact(key + data));
            return (all.len() <= MAX_RECORDS).then_some(());
        }
        for own in bytes.chunks_exact(key + PLACE) {
            self.gather(u32_at(own, key)?, level - 1, (key, data), all)?;
        }
        Some(())
    }
}
