//! Outlook data files made for tests, and what is read of them.

use std::io::Write as _;

use super::super::super::recorder::{Seen, read};
use super::blocks::Layout;
use super::veil::tests::{permuted, turned};

/// A property that lies in the heap, in a node, or in its place.
enum Held<'h> {
    Item(&'h [u8]),
    Place(u32),
}

/// A file to be.
struct Made {
    layout: Layout,
    veil: u8,
    bytes: Vec<u8>,
    /// Entries of the two trees.
    blocks: Vec<Vec<u8>>,
    nodes: Vec<(u32, Vec<u8>)>,
}

const HEADER: usize = 0x400;

impl Made {
    fn new(layout: Layout, veil: u8) -> Self {
        let bytes = vec![0; HEADER];
        Self { layout, veil, bytes, blocks: Vec::new(), nodes: Vec::new() }
    }

    fn number(&self, number: u64) -> Vec<u8> {
        let width = if self.layout == Layout::Ansi { 4 } else { 8 };
        number.to_le_bytes()[..width].to_vec()
    }

    /// Adds a block, veiled as the file's are, and gives its id.
    fn block(&mut self, bytes: &[u8], internal: bool) -> u64 {
        let id = (self.blocks.len() as u64 + 1) * 4 + if internal { 2 } else { 0 };
        let mut own = match self.veil {
            _ if internal => bytes.to_vec(),
            1 => permuted(bytes),
            2 => turned(bytes, id),
            _ => bytes.to_vec(),
        };
        let unpacked = own.len();
        if self.layout == Layout::Large {
            let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
            packed.write_all(&own).unwrap();
            let packed = packed.finish().unwrap();
            own = if packed.len() < own.len() { packed } else { own };
        }
        let mut entry = [self.number(id), self.number(self.bytes.len() as u64)].concat();
        entry.extend(u16::try_from(own.len()).unwrap().to_le_bytes());
        entry.extend(u16::try_from(unpacked).unwrap().to_le_bytes());
        entry.resize(if self.layout == Layout::Ansi { 12 } else { 24 }, 0);
        self.blocks.push(entry);
        self.bytes.extend(own);
        id
    }

    /// Adds blocks that belong together.
    fn listed(&mut self, parts: &[&[u8]]) -> u64 {
        let ids: Vec<u64> = parts.iter().map(|part| self.block(part, false)).collect();
        let mut list = vec![1, 1];
        list.extend(u16::try_from(ids.len()).unwrap().to_le_bytes());
        list.extend([0; 4]);
        list.extend(ids.iter().flat_map(|id| self.number(*id)));
        self.block(&list, true)
    }

    /// Adds a list of nodes inside of another.
    fn inner(&mut self, nodes: &[(u32, u64, u64)]) -> u64 {
        let mut list = vec![2, 0];
        list.extend(u16::try_from(nodes.len()).unwrap().to_le_bytes());
        list.resize(if self.layout == Layout::Ansi { 4 } else { 8 }, 0);
        for (id, data, nodes) in nodes {
            list.extend([self.number((*id).into()), self.number(*data), self.number(*nodes)].concat());
        }
        self.block(&list, true)
    }

    fn node(&mut self, id: u32, data: u64, nodes: u64, parent: u32) {
        let own = [self.number(id.into()), self.number(data), self.number(nodes)];
        let mut entry = own.concat();
        entry.extend(parent.to_le_bytes());
        entry.resize(if self.layout == Layout::Ansi { 16 } else { 32 }, 0);
        self.nodes.push((id, entry));
    }

    fn page(&mut self, entries: &[Vec<u8>], level: u8, kind: u8) -> u64 {
        let (size, count, rest) = match self.layout {
            Layout::Ansi => (512, 496, 500),
            Layout::Unicode => (512, 488, 496),
            Layout::Large => (4096, 0xFD8, 0xFE8),
        };
        let mut page = entries.concat();
        page.resize(size, 0);
        page[count] = u8::try_from(entries.len()).unwrap();
        let at = if self.layout == Layout::Large { count + 4 } else { count + 2 };
        page[at] = u8::try_from(entries[0].len()).unwrap();
        page[at + 1] = level;
        page[rest..rest + 2].fill(kind);
        let place = self.bytes.len() as u64;
        self.bytes.extend(page);
        place
    }

    /// A tree of two levels.
    fn tree(&mut self, entries: &[Vec<u8>], kind: u8) -> Vec<u8> {
        let width = self.number(0).len();
        let mut above = Vec::new();
        for part in entries.chunks(5) {
            let place = self.page(part, 0, kind);
            above.push([part[0][..width].to_vec(), self.number(0), self.number(place)].concat());
        }
        let place = self.page(&above, 1, kind);
        self.number(place)
    }

    fn finish(mut self) -> Vec<u8> {
        self.nodes.sort_by_key(|own| own.0);
        let nodes: Vec<Vec<u8>> = self.nodes.iter().map(|own| own.1.clone()).collect();
        let nodes = self.tree(&nodes, 0x81);
        let blocks = self.tree(&self.blocks.clone(), 0x80);
        let (client, version, at, veil) = match self.layout {
            Layout::Ansi => (b"SM", 15, [188, 196], 0x1CD),
            Layout::Unicode => (b"SM", 23, [224, 240], 0x201),
            Layout::Large => (b"SO", 36, [224, 240], 0x201),
        };
        self.bytes[..4].copy_from_slice(b"!BDN");
        self.bytes[8..10].copy_from_slice(client);
        self.bytes[10] = version;
        self.bytes[veil] = self.veil;
        for (at, place) in at.into_iter().zip([nodes, blocks]) {
            self.bytes[at..at + place.len()].copy_from_slice(&place);
        }
        self.bytes
    }
}

/// A heap of these items, of which the first is its root.
fn heap(kind: u8, items: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 0xEC, kind, 0x20, 0, 0, 0, 0, 0, 0, 0];
    let mut map = Vec::new();
    for item in items {
        map.extend(u16::try_from(bytes.len()).unwrap().to_le_bytes());
        bytes.extend(item);
    }
    map.extend(u16::try_from(bytes.len()).unwrap().to_le_bytes());
    let place = u16::try_from(bytes.len()).unwrap();
    bytes[..2].copy_from_slice(&place.to_le_bytes());
    bytes.extend(u16::try_from(items.len()).unwrap().to_le_bytes());
    // An item that was let go.
    bytes.extend([1, 0]);
    bytes.extend(map);
    bytes
}

fn properties(values: &[(u16, u16, Held<'_>)]) -> Vec<u8> {
    let mut items = vec![vec![0xB5, 2, 6, 0, 0x40, 0, 0, 0], Vec::new()];
    for (id, kind, held) in values {
        let place = match held {
            Held::Place(place) => *place,
            Held::Item(bytes) => {
                items.push(bytes.to_vec());
                u32::try_from(items.len()).unwrap() << 5
            }
        };
        items[1].extend([id.to_le_bytes(), kind.to_le_bytes()].concat());
        items[1].extend(place.to_le_bytes());
    }
    heap(0xBC, &items)
}

/// A table of two columns of strings; an empty one is a cell that a row does not have.
fn table(ids: [u16; 2], rows: &[[&str; 2]]) -> Vec<u8> {
    let mut head = vec![0x7C, 2, 8, 0, 8, 0, 8, 0, 9, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0];
    for (at, id) in (0_u8..).zip(ids) {
        head.extend(0x001F_u16.to_le_bytes());
        head.extend(id.to_le_bytes());
        head.extend([at * 4, 0, 4, at]);
    }
    let mut items = vec![head, Vec::new()];
    for row in rows {
        let mut bits = 0;
        for (at, cell) in row.iter().enumerate() {
            items.push(wide(cell));
            let place = u32::try_from(items.len()).unwrap() << 5;
            items[1].extend(place.to_le_bytes());
            bits |= if cell.is_empty() { 0 } else { 0x80 >> at };
        }
        items[1].push(bits);
    }
    heap(0x7C, &items)
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A mailbox with a folder in a folder, and in it a message with recipients, a long body, a file, and a
/// message in which another lies.
fn mailbox(layout: Layout, veil: u8) -> Vec<u8> {
    let mut made = Made::new(layout, veil);
    for (id, parent, name) in [(0x122, 0x122, ""), (0x8022, 0x122, "Innboks"), (0x8042, 0x8022, "Hr/2026")] {
        let own = properties(&[(0x3001, 0x1F, Held::Item(&wide(name)))]);
        let own = made.block(&own, false);
        made.node(id, own, 0, parent);
    }
    let inner = properties(&[(0x0037, 0x1F, Held::Item(&wide("Vedlagt melding fra Ola")))]);
    let inner = made.block(&inner, false);
    let within = made.inner(&[(0x2004, inner, 0)]);
    let object = [0x2004_u32.to_le_bytes(), [0; 4]].concat();
    let carrier = properties(&[(0x3701, 0x0D, Held::Item(&object)), (0x3705, 3, Held::Place(5))]);
    let carrier = made.block(&carrier, false);
    let file = properties(&[
        (0x3701, 0x102, Held::Item(b"navn;nr\nPer;12\n")),
        (0x3707, 0x1E, Held::Item(b"liste.csv")),
    ]);
    let file = made.block(&file, false);
    let recipients = table([0x3001, 0x39FE], &[["Kari Moe", "kari@example.no"], ["Ås", ""]]);
    let recipients = made.block(&recipients, false);
    let halves = [wide("Hei, \u{e5}r"), wide("et rundt")];
    let body = made.listed(&[&halves[0], &halves[1]]);
    let nodes = made.inner(&[
        (0x692, recipients, 0),
        (0x8025, file, 0),
        (0x8045, carrier, within),
        (0x81FF, body, 0),
    ]);
    let message = properties(&[
        (0x0037, 0x1F, Held::Item(&wide("Lønn til Åse"))),
        (0x1000, 0x1F, Held::Place(0x81FF)),
        (0x0E06, 0x40, Held::Item(&super::super::super::compound::tests::DAY.to_le_bytes())),
    ]);
    let message = made.block(&message, false);
    made.node(0x20_0024, message, nodes, 0x8042);
    made.finish()
}

fn all(seen: &[Seen]) -> String {
    let told = |own: &Seen| format!("{} {}\n{}", own.path, own.ending(), own.text);
    seen.iter().map(told).collect::<Vec<_>>().join("\n")
}

#[test]
fn messages_of_all_layouts_are_read_with_what_is_attached() {
    for layout in [Layout::Ansi, Layout::Unicode, Layout::Large] {
        for veil in 0..3 {
            let seen = read("a.pst", &mailbox(layout, veil));
            let text = all(&seen);
            for part in [
                "a.pst!/Innboks/Hr_2026/00200024.msg",
                "Subject: Lønn til Åse",
                "Hei, året rundt",
                "Kari Moe kari@example.no",
                "Subject: Vedlagt melding fra Ola",
            ] {
                assert!(text.contains(part), "{layout:?} {veil} {part}: {text}");
            }
            let list = seen.iter().find(|own| own.path.ends_with("liste.csv")).unwrap();
            assert!(list.text.contains("Per"), "{}", list.text);
            assert!(seen.iter().all(|own| own.ending() == "scanned"), "{text}");
            assert_eq!(seen[0].facts.len() + seen[1].facts.len(), 1, "the day it came");
        }
    }
}

#[test]
fn a_key_that_windows_holds_is_told() {
    let seen = read("a.pst", &mailbox(Layout::Unicode, 0x10));
    assert_eq!(seen[0].ending(), "failed encrypted");
}

#[test]
fn what_is_left_of_a_damaged_mailbox_is_read_and_the_rest_told() {
    let whole = mailbox(Layout::Unicode, 1);
    // The recipients' table is gone.
    let kept = permuted(&heap(0x7C, &[])[2..4]);
    let at = memchr::memmem::find(&whole, &kept).unwrap();
    let mut bytes = whole.clone();
    bytes[at] ^= 0xFF;
    let seen = read("a.pst", &bytes);
    let text = all(&seen);
    assert!(text.contains("Hei, året rundt") && !text.contains("Kari Moe"), "{text}");
    assert_eq!(seen[0].ending(), "partial malformed");
    for at in (0..whole.len()).step_by(13) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x5A;
        let text = all(&read("a.pst", &bytes));
        assert!(!text.contains("panic"), "{at}: {text}");
        let text = all(&read("a.pst", &whole[..at]));
        assert!(!text.contains("panic"), "{at}: {text}");
    }
}

#[test]
fn pages_that_lead_to_each_other_end() {
    let mut bytes = mailbox(Layout::Unicode, 0);
    let root = u64::from_le_bytes(bytes[224..232].try_into().unwrap());
    let root = usize::try_from(root).unwrap();
    bytes.copy_within(224..232, root + 16);
    let seen = read("a.pst", &bytes);
    assert!(!seen[0].ending().contains("panic"), "{}", seen[0].ending());
}
