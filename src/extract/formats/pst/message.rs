//! A message of an Outlook data file → the file that Outlook writes for a single message,
//! [MS-OXMSG], so that one format reads both. A message that is attached lies inside of it, as it does
//! in such a file.

use std::io::{self, Cursor, Write as _};

use cfb::CompoundFile;

use super::blocks::{Blocks, Node};
use super::malformed;
use super::values::{Reading, Value, Values};
use crate::model::{Problem, ProblemKind, Stage};

type Saved = CompoundFile<Cursor<Vec<u8>>>;

// Types of values that lie in streams of their own, [MS-OXCDATA] 2.11.1.
const STRING8: u16 = 0x001E;
const UNICODE: u16 = 0x001F;
const BINARY: u16 = 0x0102;
const TIME: u16 = 0x0040;
const INTEGER: u16 = 0x0003;
/// The content of an attachment, and how it lies where it is a message: [MS-OXMSG] 2.2.2.2.
const DATA: u16 = 0x3701;
const EMBEDDED: &str = "__substg1.0_3701000D/";
/// Room before the table of a message and of one that is attached: [MS-OXMSG] 2.4.1.
const HEADER: usize = 32;
const INNER_HEADER: usize = 24;
const PART_HEADER: usize = 8;
/// Messages inside each other; they are read to the depth of any container.
const MAX_DEPTH: u32 = 16;

// Kinds of nodes, [MS-PST] 2.2.2.1.
const MESSAGE: u32 = 0x04;
const ATTACHMENT: u32 = 0x05;
const RECIPIENTS: u32 = 0x12;

/// The file's bytes, and what of the message is not in it.
///
/// # Errors
/// `Malformed` where the node is no message; limits.
pub(super) fn saved(
    blocks: &mut Blocks<'_>,
    node: &Node,
) -> Result<(Vec<u8>, Option<Problem>), Problem> {
    let mut saving = Saving {
        file: CompoundFile::create(Cursor::new(Vec::new())).map_err(unsaved)?,
        problem: None,
    };
    saving.message(&mut Reading::new(blocks, node)?, "/", 0)?;
    saving.file.flush().map_err(unsaved)?;
    Ok((saving.file.into_inner().into_inner(), saving.problem))
}

/// Writing to memory fails where a name is no name or a folder stands twice.
fn unsaved(_: io::Error) -> Problem {
    malformed()
}

struct Saving {
    file: Saved,
    problem: Option<Problem>,
}

impl Saving {
    fn message(
        &mut self,
        message: &mut Reading<'_, '_>,
        folder: &str,
        depth: u32,
    ) -> Result<(), Problem> {
        let values = message.properties()?;
        let header = if depth == 0 { HEADER } else { INNER_HEADER };
        self.values(folder, &values, header)?;
        let inner = message.nodes.clone();
        for node in inner.iter().filter(|own| own.kind() == RECIPIENTS) {
            let rows = message.other(node).and_then(|mut table| table.rows());
            for (at, values) in rows.or_else(|problem| self.told(problem))?.iter().enumerate() {
                let folder = format!("{folder}__recip_version1.0_#{at:08X}/");
                self.file.create_storage(&folder).map_err(unsaved)?;
                self.values(&folder, values, PART_HEADER)?;
            }
        }
        let attached = inner.iter().filter(|own| own.kind() == ATTACHMENT);
        for (at, node) in attached.enumerate() {
            let folder = format!("{folder}__attach_version1.0_#{at:08X}/");
            self.file.create_storage(&folder).map_err(unsaved)?;
            let attachment = message.other(node);
            let saved = attachment.and_then(|mut own| self.attachment(&mut own, &folder, depth));
            saved.or_else(|problem| self.told(problem))?;
        }
        self.take(message);
        Ok(())
    }

    fn attachment(
        &mut self,
        attachment: &mut Reading<'_, '_>,
        folder: &str,
        depth: u32,
    ) -> Result<(), Problem> {
        let mut values = attachment.properties()?;
        let mut nodes = values.iter().filter_map(|(id, value)| match value {
            Value::Node(node) => (*id == DATA).then_some(*node),
            Value::Text8(_) | Value::Text(_) | Value::Bytes(_) | Value::Time(_) | Value::Integer(_) => None,
        });
        let inner = nodes.next();
        let inner = inner.and_then(|id| attachment.inner(id));
        match inner {
            Some(inner) if inner.kind() == MESSAGE => {
                if depth >= MAX_DEPTH {
                    return Err(Problem::new(ProblemKind::LimitDepth, Stage::Extract));
                }
                let folder = format!("{folder}{EMBEDDED}");
                self.file.create_storage(&folder).map_err(unsaved)?;
                self.message(&mut attachment.other(&inner)?, &folder, depth + 1)?;
            }
            // An object that was put into the text, as a file of its own.
            Some(inner) => values.push((DATA, Value::Bytes(attachment.bytes(&inner)?))),
            None => {}
        }
        self.take(attachment);
        self.values(folder, &values, PART_HEADER)
    }

    /// Notes what a part could not tell.
    fn take(&mut self, part: &Reading<'_, '_>) {
        self.problem = self.problem.or(part.problem);
    }

    /// Notes that a part is missing, and goes on without it.
    fn told<T: Default>(&mut self, problem: Problem) -> Result<T, Problem> {
        let goes_on = [ProblemKind::Malformed, ProblemKind::LimitMemory, ProblemKind::LimitDepth];
        if !goes_on.contains(&problem.kind) {
            return Err(problem);
        }
        self.problem.get_or_insert(problem);
        Ok(T::default())
    }

    /// Streams of strings and bytes, and the table of values of fixed size.
    fn values(&mut self, folder: &str, values: &Values, header: usize) -> Result<(), Problem> {
        let mut table = vec![0; header];
        let mut entry = |id: u16, kind: u16, value: u64| {
            table.extend(kind.to_le_bytes());
            table.extend(id.to_le_bytes());
            table.extend([6, 0, 0, 0]);
            table.extend(value.to_le_bytes());
        };
        for (id, value) in values {
            let (kind, bytes) = match value {
                Value::Text8(text) => (STRING8, text),
                Value::Text(text) => (UNICODE, text),
                Value::Bytes(bytes) => (BINARY, bytes),
                Value::Time(ticks) => {
                    entry(*id, TIME, *ticks);
                    continue;
                }
                Value::Integer(number) => {
                    entry(*id, INTEGER, u64::from(*number));
                    continue;
                }
                Value::Node(_) => continue,
            };
            self.stream(&format!("{folder}__substg1.0_{id:04X}{kind:04X}"), bytes)?;
        }
        self.stream(&format!("{folder}__properties_version1.0"), &table)
    }

    fn stream(&mut self, path: &str, bytes: &[u8]) -> Result<(), Problem> {
        let mut stream = self.file.create_stream(path).map_err(unsaved)?;
        stream.write_all(bytes).map_err(unsaved)
    }
}
