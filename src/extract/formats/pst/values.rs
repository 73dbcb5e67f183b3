//! What a node says: properties by their ids, or rows of a table of them, [MS-PST] 2.3.3 and 2.3.4.

use super::super::super::compound::{u16_at, u32_at, u64_at};
use super::blocks::{Blocks, Node};
use super::heap::Heap;
use super::malformed;
use crate::model::Problem;

/// The value of a property; those that say nothing of people are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A string in the message's code page.
    Text8(Vec<u8>),
    /// A string of 16-bit units.
    Text(Vec<u8>),
    Bytes(Vec<u8>),
    Time(u64),
    Integer(u32),
    /// A node inside of this one.
    Node(u32),
}

/// Properties with their ids.
pub(super) type Values = Vec<(u16, Value)>;

// Types of values, [MS-OXCDATA] 2.11.1.
const INTEGER: u16 = 0x0003;
const OBJECT: u16 = 0x000D;
const STRING8: u16 = 0x001E;
const UNICODE: u16 = 0x001F;
const TIME: u16 = 0x0040;
const BINARY: u16 = 0x0102;
const STRINGS8: u16 = 0x101E;
const UNICODES: u16 = 0x101F;

/// A node that is read: what lies in it and in the nodes inside of it.
pub(super) struct Reading<'r, 'b> {
    blocks: &'r mut Blocks<'b>,
    heap: Heap,
    pub(super) nodes: Vec<Node>,
    /// What could not be read of it first.
    pub(super) problem: Option<Problem>,
}

impl<'r, 'b> Reading<'r, 'b> {
    /// # Errors
    /// `Malformed` where its blocks are not there; limits.
    pub(super) fn new(blocks: &'r mut Blocks<'b>, node: &Node) -> Result<Self, Problem> {
        let data = blocks.data(node.data)?;
        let nodes = blocks.nodes(node.nodes)?;
        Ok(Self {
            heap: Heap::new(data, blocks.layout),
            blocks,
            nodes,
            problem: None,
        })
    }

    /// The properties of a folder, message or attachment.
    ///
    /// # Errors
    /// `Malformed` where it holds none; limits.
    pub(super) fn properties(&mut self) -> Result<Values, Problem> {
        const PROPERTIES: u8 = 0xBC;
        const KEY: u8 = 2;
        let root = self.heap.root().filter(|(kind, _)| *kind == PROPERTIES);
        let records = root.and_then(|(_, root)| self.heap.records(root, KEY));
        let records: Vec<(u16, u16, u32)> = records
            .ok_or_else(malformed)?
            .into_iter()
            .filter_map(|own| Some((u16_at(own, 0)?, u16_at(own, 2)?, u32_at(own, 4)?)))
            .collect();
        let mut values = Vec::new();
        for (id, kind, place) in records {
            self.value(id, kind, place, &mut values)?;
        }
        Ok(values)
    }

    /// The rows of a table.
    ///
    /// # Errors
    /// `Malformed` where it is none; limits.
    pub(super) fn rows(&mut self) -> Result<Vec<Values>, Problem> {
        let table = Table::new(&self.heap).ok_or_else(malformed)?;
        let matrix = match table.rows {
            0 => Vec::new(),
            place if is_item(place) => vec![self.heap.item(place).ok_or_else(malformed)?.to_vec()],
            place => {
                let node = self.inner(place).ok_or_else(malformed)?;
                self.blocks.data(node.data)?
            }
        };
        let mut rows = Vec::new();
        for row in matrix.iter().flat_map(|block| block.chunks_exact(table.size)) {
            let mut values = Vec::new();
            for column in table.columns.iter().filter(|own| table.has(own, row)) {
                if let (TIME, Some(ticks)) = (column.kind, u64_at(row, column.place)) {
                    values.push((column.id, Value::Time(ticks)));
                } else if let Some(place) = u32_at(row, column.place) {
                    self.value(column.id, column.kind, place, &mut values)?;
                }
            }
            rows.push(values);
        }
        Ok(rows)
    }

    /// A node inside of this one.
    pub(super) fn inner(&self, id: u32) -> Option<Node> {
        self.nodes.iter().find(|own| own.id == id).copied()
    }

    /// All bytes of a node inside of this one.
    ///
    /// # Errors
    /// As [`Blocks::data`].
    pub(super) fn bytes(&mut self, node: &Node) -> Result<Vec<u8>, Problem> {
        Ok(self.blocks.data(node.data)?.concat())
    }

    /// Another node of the same file.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(super) fn other(&mut self, node: &Node) -> Result<Reading<'_, 'b>, Problem> {
        Reading::new(self.blocks, node)
    }

    fn value(&mut self, id: u16, kind: u16, place: u32, all: &mut Values) -> Result<(), Problem> {
        if kind == INTEGER {
            all.push((id, Value::Integer(place)));
            return Ok(());
        }
        let wanted = [OBJECT, STRING8, UNICODE, TIME, BINARY, STRINGS8, UNICODES];
        if !wanted.contains(&kind) {
            return Ok(());
        }
        let bytes = match self.held(place) {
            Ok(bytes) => bytes,
            Err(problem) if problem == malformed() => {
                self.problem.get_or_insert(problem);
                return Ok(());
            }
            Err(limit) => return Err(limit),
        };
        let value = match kind {
            STRING8 => Value::Text8(bytes),
            UNICODE => Value::Text(bytes),
            BINARY => Value::Bytes(bytes),
            STRINGS8 => Value::Text8(lines(&bytes, b"\n")),
            UNICODES => Value::Text(lines(&bytes, b"\n\0")),
            TIME => match u64_at(&bytes, 0) {
                Some(ticks) => Value::Time(ticks),
                None => return Ok(()),
            },
            _ => match u32_at(&bytes, 0) {
                Some(node) => Value::Node(node),
                None => return Ok(()),
            },
        };
        all.push((id, value));
        Ok(())
    }

    /// The bytes that lie in the heap or in a node.
    fn held(&mut self, place: u32) -> Result<Vec<u8>, Problem> {
        if place == 0 {
            return Ok(Vec::new());
        }
        if is_item(place) {
            return self.heap.item(place).map(<[u8]>::to_vec).ok_or_else(malformed);
        }
        let node = self.inner(place).ok_or_else(malformed)?;
        self.bytes(&node)
    }
}

/// Whether a place is in the heap, and not in a node.
fn is_item(place: u32) -> bool {
    place.trailing_zeros() >= 5
}

/// The strings of a value of several, each ended.
fn lines(bytes: &[u8], end: &[u8]) -> Vec<u8> {
    let count = u32_at(bytes, 0).unwrap_or_default();
    let place = |at: usize| usize::try_from(u32_at(bytes, 4 + at * 4)?).ok();
    let mut all = Vec::new();
    for at in 0..usize::try_from(count).unwrap_or_default().min(bytes.len() / 4) {
        let next = place(at + 1).filter(|_| at + 1 < count as usize);
        let own = place(at).and_then(|start| bytes.get(start..next.unwrap_or(bytes.len())));
        all.extend_from_slice(own.unwrap_or_default());
        all.extend_from_slice(end);
    }
    all
}

/// A column of a table.
struct Column {
    id: u16,
    kind: u16,
    place: usize,
    bit: u8,
}

/// What the head of a table says.
struct Table {
    columns: Vec<Column>,
    rows: u32,
    /// Bytes of a row.
    size: usize,
    /// Where in a row the bits stand that tell which cells it has.
    bits: usize,
}

impl Table {
    fn new(heap: &Heap) -> Option<Self> {
        const TABLE: u8 = 0x7C;
        let (_, root) = heap.root().filter(|(kind, _)| *kind == TABLE)?;
        let own = heap.item(root)?;
        let columns = own.get(22..)?.chunks_exact(8).take(usize::from(*own.get(1)?));
        let columns = columns.filter_map(|column| {
            Some(Column {
                kind: u16_at(column, 0)?,
                id: u16_at(column, 2)?,
                place: usize::from(u16_at(column, 4)?),
                bit: *column.get(7)?,
            })
        });
        let size = usize::from(u16_at(own, 8)?);
        (size > 0).then_some(())?;
        Some(Self {
            columns: columns.collect(),
            rows: u32_at(own, 14)?,
            size,
            bits: usize::from(u16_at(own, 6)?),
        })
    }

    fn has(&self, column: &Column, row: &[u8]) -> bool {
        let byte = row.get(self.bits + usize::from(column.bit / 8));
        byte.is_some_and(|byte| byte & (0x80 >> (column.bit % 8)) != 0)
    }
}
