//! A message of an Outlook data file → the file that Outlook writes for a single message,
//! [MS-OXMSG], so that one format reads both.

use std::io::{self, Cursor, Write as _};
use std::rc::Rc;

use cfb::CompoundFile;
use outlook_pst::ltp::prop_context::PropertyValue;
use outlook_pst::ltp::table_context::{TableContext, TableRowColumnValue};

use super::store::Opened;

type Saved = CompoundFile<Cursor<Vec<u8>>>;

// Types of values that lie in streams of their own, [MS-OXCDATA] 2.11.1.
const STRING8: u16 = 0x001E;
const UNICODE: u16 = 0x001F;
const BINARY: u16 = 0x0102;
const TIME: u16 = 0x0040;
const INTEGER: u16 = 0x0003;
/// How an attachment is stored, and that it is a message: [MS-OXCMSG] 2.2.2.9.
const METHOD: u16 = 0x3705;
const EMBEDDED: i32 = 5;
/// Room before the table of a message: [MS-OXMSG] 2.4.1.
const HEADER: usize = 32;

/// The file's bytes, and whether all of the message is in it.
///
/// # Errors
/// None that memory does not make.
pub(super) fn saved(opened: &Opened) -> io::Result<(Vec<u8>, bool)> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new()))?;
    let message = opened.message();
    let mut whole = true;
    properties(&mut file, "/", message.properties().iter(), HEADER)?;
    for (at, values) in (0..).zip(rows(message.recipient_table(), &mut whole)) {
        let folder = format!("/__recip_version1.0_#{at:08X}/");
        file.create_storage(&folder)?;
        properties(&mut file, &folder, values.iter().map(|(id, value)| (id, value)), 8)?;
    }
    let attached = message.attachment_table().map(attached).unwrap_or_default();
    for (at, (node, is_message)) in (0..).zip(attached) {
        let folder = format!("/__attach_version1.0_#{at:08X}/");
        file.create_storage(&folder)?;
        let attachment = (!is_message).then(|| opened.attachment(node));
        let Some(Ok(attachment)) = attachment else {
            whole = false;
            continue;
        };
        properties(&mut file, &folder, attachment.properties().iter(), 8)?;
    }
    file.flush()?;
    Ok((file.into_inner().into_inner(), whole))
}

/// The nodes of a message's attachments, and whether each is a message itself: the library waits for ever for a
/// lock of its own where it opens one of those.
fn attached(table: &Rc<dyn TableContext>) -> Vec<(u32, bool)> {
    let columns = table.context().columns();
    let method = columns.iter().position(|column| column.prop_id() == METHOD);
    let is_message = |values: &[Option<TableRowColumnValue>]| {
        let value = values.get(method?)?.as_ref()?;
        let value = table.read_column(value, columns.get(method?)?.prop_type());
        Some(matches!(value, Ok(PropertyValue::Integer32(EMBEDDED))))
    };
    let rows = table.rows_matrix().map(|row| {
        let values = row.columns(table.context()).unwrap_or_default();
        (row.id().into(), is_message(&values).unwrap_or(true))
    });
    rows.collect()
}

/// The values of each row of a table, with their ids.
fn rows(table: Option<&Rc<dyn TableContext>>, whole: &mut bool) -> Vec<Vec<(u16, PropertyValue)>> {
    let Some(table) = table else {
        return Vec::new();
    };
    let context = table.context();
    let mut all = Vec::new();
    for row in table.rows_matrix() {
        let Ok(columns) = row.columns(context) else {
            *whole = false;
            continue;
        };
        let mut values = Vec::new();
        for (column, value) in context.columns().iter().zip(columns) {
            let Some(value) = value else { continue };
            match table.read_column(&value, column.prop_type()) {
                Ok(value) => values.push((column.prop_id(), value)),
                Err(_) => *whole = false,
            }
        }
        all.push(values);
    }
    all
}

/// Streams of strings and bytes, and the table of values of fixed size.
fn properties<'v>(
    file: &mut Saved,
    folder: &str,
    values: impl Iterator<Item = (&'v u16, &'v PropertyValue)>,
    header: usize,
) -> io::Result<()> {
    let mut table = vec![0; header];
    let mut entry = |id: u16, kind: u16, value: [u8; 8]| {
        table.extend(kind.to_le_bytes());
        table.extend(id.to_le_bytes());
        table.extend([6, 0, 0, 0]);
        table.extend(value);
    };
    for (id, value) in values {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "flags, counts and ids of other kinds say nothing of people"
        )]
        let (kind, bytes) = match value {
            PropertyValue::String8(text) => (STRING8, text.buffer().to_vec()),
            PropertyValue::Unicode(text) => (UNICODE, wide(text.buffer())),
            PropertyValue::Binary(bytes) => (BINARY, bytes.buffer().to_vec()),
            PropertyValue::MultipleUnicode(texts) => {
                let lines: Vec<u16> = texts
                    .iter()
                    .flat_map(|text| text.buffer().iter().copied().chain([u16::from(b'\n')]))
                    .collect();
                (UNICODE, wide(&lines))
            }
            PropertyValue::MultipleString8(texts) => {
                let lines = texts.iter().flat_map(|text| text.buffer().iter().copied().chain([b'\n']));
                (STRING8, lines.collect())
            }
            PropertyValue::Time(ticks) => {
                entry(*id, TIME, ticks.to_le_bytes());
                continue;
            }
            PropertyValue::Integer32(number) => {
                entry(*id, INTEGER, i64::from(*number).to_le_bytes());
                continue;
            }
            _ => continue,
        };
        let mut stream = file.create_stream(format!("{folder}{}", named(*id, kind)))?;
        stream.write_all(&bytes)?;
    }
    let mut stream = file.create_stream(format!("{folder}__properties_version1.0"))?;
    stream.write_all(&table)
}

fn named(id: u16, kind: u16) -> String {
    format!("__substg1.0_{id:04X}{kind:04X}")
}

fn wide(text: &[u16]) -> Vec<u8> {
    text.iter().flat_map(|unit| unit.to_le_bytes()).collect()
}
