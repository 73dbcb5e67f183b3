//! The frames between the scanner and a child process that reads for it: a length (32 bits, little
//! endian) and one message in postcard form.
//!
//! Both sides run the same build, so the form carries no version. Text in a frame is a document's
//! own: nothing here is printed or kept.

use std::io::{self, Read, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::{Content, Passwords, Pictures};
use super::Confinement;
use super::child::Terms;
use crate::model::{
    Budget, Cell, Fact, Field, Layout, Limits, Origin, Piece, Problem, ProblemKind, Stage, work,
};

/// No frame is longer; pieces are cut to fit.
pub(super) const MAX_FRAME_BYTES: usize = 16 * 1024 * 1024;
/// Running text and bytes of members go in parts of at most this many bytes.
pub(super) const PART_BYTES: usize = 256 * 1024;

/// Of the time for reading pictures, one part in so many is allowed for drawing them.
const DRAWING_SHARE: u64 = 5;

/// A problem on its way.
pub(super) type Fault = (ProblemKind, Stage, Option<u64>);

pub(super) fn fault(problem: Problem) -> Fault {
    (problem.kind, problem.stage, problem.at)
}

pub(super) fn problem((kind, stage, at): Fault) -> Problem {
    Problem { kind, stage, at }
}

/// What the child is to read. The content's bytes follow the frame.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    /// Id of the format.
    pub(super) format: String,
    /// The object's own file name.
    pub(super) name: String,
    /// Length of the content in bytes.
    pub(super) len: u64,
    /// Address space the child may use, in bytes.
    pub(super) memory_bytes: u64,
    /// Seconds of processor time the object may take.
    pub(super) cpu_seconds: u64,
    /// How many bytes may still come out of containers.
    pub(super) bytes_left: u64,
    /// How many members there may still be.
    pub(super) members_left: u64,
    pub(super) max_held_bytes: u64,
    /// Which pictures the parent reads.
    pub(super) pictures: Pictures,
    /// What the content is tried with where it is locked.
    pub(super) passwords: Passwords,
    /// Milliseconds until the deadline.
    pub(super) time_ms: u64,
    /// Milliseconds of processor time for what is packed too densely.
    pub(super) dense_ms: u64,
}

impl Job {
    /// The job of reading `content` as `format`.
    pub(super) fn new(format: &str, content: &Content, budget: &Budget, terms: Terms) -> Self {
        let limits = budget.limits();
        // Pages are drawn while others are read, and the parent keeps the time of that.
        let (time, cpu_seconds) = match terms.pictures {
            Pictures::None => (budget.time_left(), terms.limits.cpu_seconds),
            Pictures::Textless | Pictures::All => {
                let pictures = limits.pictures_time;
                let drawing = pictures.as_secs() / DRAWING_SHARE;
                (
                    budget.time_left() + pictures,
                    terms.limits.cpu_seconds + drawing,
                )
            }
        };
        Self {
            format: format.to_owned(),
            name: content.name().to_owned(),
            len: content.len(),
            memory_bytes: terms.limits.memory_bytes,
            cpu_seconds,
            bytes_left: budget.bytes_left(),
            members_left: budget.members_left(),
            max_held_bytes: limits.max_held_bytes,
            pictures: terms.pictures,
            passwords: content.passwords().clone(),
            time_ms: millis(time),
            dense_ms: millis(limits.dense_time),
        }
    }

    /// The job as an argument, without what nobody may see in a list of processes. A large file may
    /// take as much processor time as its own time allows.
    pub(super) fn as_argument(&self) -> io::Result<String> {
        let job = Self {
            name: String::new(),
            passwords: Passwords::default(),
            format: self.format.clone(),
            cpu_seconds: self.cpu_seconds.max(self.time_ms / 1000),
            ..*self
        };
        let bytes = postcard::to_stdvec(&job).map_err(|_| io::Error::other("unwritable job"))?;
        let digit = |half: u8| char::from_digit(half.into(), 16);
        let digits = bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        Ok(digits.flatten().collect())
    }

    /// The job that [`as_argument`](Self::as_argument) wrote.
    pub(super) fn of_argument(text: &str) -> Option<Self> {
        let bytes: Option<Vec<u8>> = text
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        postcard::from_bytes(&bytes?).ok()
    }

    /// The limits the child reads under.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            max_members: self.members_left,
            max_ratio: 0,
            free_inflated_bytes: self.bytes_left,
            max_held_bytes: self.max_held_bytes,
            base_time: Duration::from_millis(self.time_ms),
            dense_time: Duration::from_millis(self.dense_ms),
            ..Limits::default()
        }
    }
}

/// What an object cost inside the child, since it began.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Used {
    /// Bytes that came out of containers.
    pub(super) inflated: u64,
    /// What pages showed.
    pub(super) drawn: u64,
    /// Milliseconds of processor time since the first page was drawn.
    pub(super) drawing_ms: u64,
}

impl Used {
    pub(super) fn of(budget: &Budget) -> Self {
        Self {
            inflated: budget.inflated(),
            drawn: budget.drawn(),
            drawing_ms: millis(budget.drawing_time()),
        }
    }

    /// What was used beyond `before`.
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            inflated: self.inflated.saturating_sub(before.inflated),
            drawn: self.drawn.saturating_sub(before.drawn),
            drawing_ms: self.drawing_ms.saturating_sub(before.drawing_ms),
        }
    }

    /// Charges it to the file's budget.
    pub(super) fn charge(self, budget: &Budget) -> Result<(), Problem> {
        if self.drawn > 0 {
            budget.count_drawn(self.drawn);
        }
        work::add(Duration::from_millis(self.drawing_ms));
        budget.charge(self.inflated)
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// What the child tells.
#[derive(Serialize, Deserialize)]
pub(super) enum Told<'a> {
    Flow(&'a str, WireOrigin<'a>, bool),
    Cells(&'a str, Vec<(u32, u32, u32, u64)>, Vec<WireField<'a>>),
    /// A member begins; `Bytes` and one `MemberEnd` follow.
    Member(&'a [u8]),
    Bytes(&'a [u8]),
    /// The member's bytes end; false where its container could not read on.
    MemberEnd(bool),
    Unread(&'a [u8], Fault),
    Fact(Fact),
    Incomplete(Fault),
    /// What the child gave up: its first frame, before any object.
    Confined(Confinement),
    /// What the object has cost so far.
    Used(Used),
    /// The object ends.
    End {
        problem: Option<Fault>,
        /// What the object cost in all.
        used: Used,
        /// Whether the child asks to be replaced.
        tired: bool,
    },
    /// A page as a picture, with its number and the text that was told of it.
    Picture(u32, &'a str, &'a [u8]),
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) enum WireOrigin<'a> {
    Text(u64, u64),
    Page(u32),
    Part(&'a str),
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireField<'a> {
    id: u32,
    name: &'a str,
    sheet: Option<(&'a str, &'a str)>,
    numeric: bool,
}

/// Hands `piece` to `send`, in parts that fit into frames.
pub(super) fn send_piece(
    piece: Piece<'_>,
    send: &mut dyn FnMut(&Told<'_>) -> io::Result<()>,
) -> io::Result<()> {
    match piece.layout {
        Layout::Flow { origin, continues } => send_flow(piece.text, origin, continues, send),
        Layout::Cells { cells, fields } => {
            let cells = cells.iter().map(|c| (c.start, c.end, c.field, c.row));
            let fields = fields.iter().map(|field| WireField {
                id: field.id,
                name: &field.name,
                sheet: field.sheet.as_ref().map(|(a, b)| (a.as_ref(), b.as_ref())),
                numeric: field.numeric,
            });
            send(&Told::Cells(piece.text, cells.collect(), fields.collect()))
        }
    }
}

fn send_flow(
    text: &str,
    origin: Origin<'_>,
    mut continues: bool,
    send: &mut dyn FnMut(&Told<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut rest = text;
    let mut passed = (0_u64, 0_u64);
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.floor_char_boundary(PART_BYTES));
        let origin = match origin {
            Origin::Text { byte, line } => WireOrigin::Text(byte + passed.0, line + passed.1),
            Origin::Page(page) => WireOrigin::Page(page),
            Origin::Part(name) => WireOrigin::Part(name),
        };
        send(&Told::Flow(part, origin, continues))?;
        passed.0 += part.len() as u64;
        passed.1 += memchr::memchr_iter(b'\n', part.as_bytes()).count() as u64;
        continues = true;
        rest = after;
    }
    Ok(())
}

/// Hands running text that arrived to `take`.
pub(super) fn take_flow(
    text: &str,
    origin: WireOrigin<'_>,
    continues: bool,
    take: &mut dyn FnMut(Piece<'_>),
) {
    let origin = match origin {
        WireOrigin::Text(byte, line) => Origin::Text { byte, line },
        WireOrigin::Page(page) => Origin::Page(page),
        WireOrigin::Part(name) => Origin::Part(name),
    };
    take(Piece {
        text,
        layout: Layout::Flow { origin, continues },
    });
}

/// Hands cells that arrived to `take`; false where they break the rules of a piece, which only a
/// child that was taken over would do.
pub(super) fn take_cells(
    text: &str,
    cells: &[(u32, u32, u32, u64)],
    fields: &[WireField<'_>],
    take: &mut dyn FnMut(Piece<'_>),
) -> bool {
    let mut after = 0;
    for (start, end, field, _) in cells {
        let sound = *start >= after
            && start <= end
            && text.get(*start as usize..*end as usize).is_some()
            && (*field as usize) < fields.len();
        if !sound {
            return false;
        }
        after = *end;
    }
    let cells: Vec<Cell> = cells
        .iter()
        .map(|&(start, end, field, row)| Cell {
            start,
            end,
            field,
            row,
        })
        .collect();
    let fields: Vec<Field> = fields
        .iter()
        .map(|field| Field {
            id: field.id,
            name: field.name.into(),
            sheet: field
                .sheet
                .map(|(sheet, column)| (sheet.into(), column.into())),
            numeric: field.numeric,
        })
        .collect();
    take(Piece {
        text,
        layout: Layout::Cells {
            cells: &cells,
            fields: &fields,
        },
    });
    true
}

/// Writes one frame.
pub(super) fn write_frame<T: Serialize>(output: &mut dyn Write, message: &T) -> io::Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(|_| io::Error::other("unwritable frame"))?;
    let len = u32::try_from(bytes.len()).ok();
    let Some(len) = len.filter(|_| bytes.len() <= MAX_FRAME_BYTES) else {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "frame too long",
        ));
    };
    output.write_all(&len.to_le_bytes())?;
    output.write_all(&bytes)
}

/// Reads one frame into `frame`; false at the end of input.
pub(super) fn read_frame(input: &mut dyn Read, frame: &mut Vec<u8>) -> io::Result<bool> {
    let mut len = [0; 4];
    match input.read_exact(&mut len) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        Err(error) => return Err(error),
    }
    let len = u32::from_le_bytes(len) as usize;
    if len > MAX_FRAME_BYTES {
        return Err(io::Error::other("frame too long"));
    }
    frame.clear();
    frame.resize(len, 0);
    input.read_exact(frame)?;
    Ok(true)
}
