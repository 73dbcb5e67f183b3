//! A message of an Outlook data file → the file that Outlook writes for a single message,
//! [MS-OXMSG], so that one format reads both.

use std::io::{self, Cursor, Write as _};
use std::rc::Rc;

use cfb::CompoundFile;
use outlook_pst::ltp::prop_context::PropertyValue;
use outlook_pst::ltp::table_context::TableContext;
use outlook_pst::messaging::attachment::AttachmentData;
use outlook_pst::messaging::message::Message;

use super::store::Opened;

type Saved = CompoundFile<Cursor<Vec<u8>>>;

// Types of values that lie in streams of their own, [MS-OXCDATA] 2.11.1.
const STRING8: u16 = 0x001E;
const UNICODE: u16 = 0x001F;
const BINARY: u16 = 0x0102;
const TIME: u16 = 0x0040;
const INTEGER: u16 = 0x0003;
/// The data of an attachment, and the kind of one that is a message, [MS-OXPROPS].
const DATA: u16 = 0x3701;
const OBJECT: u16 = 0x000D;
/// Room before the table of a message, and of one inside another: [MS-OXMSG] 2.4.1.
const HEADER: usize = 32;
const INNER_HEADER: usize = 24;

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
    let attachments = message.attachment_table();
    let nodes = attachments.map(|table| table.rows_matrix().map(|row| row.id().into()).collect());
    let nodes: Vec<u32> = nodes.unwrap_or_default();
    for (at, node) in (0..).zip(nodes) {
        let folder = format!("/__attach_version1.0_#{at:08X}/");
        file.create_storage(&folder)?;
        let Ok(attachment) = opened.attachment(node) else {
            whole = false;
            continue;
        };
        properties(&mut file, &folder, attachment.properties().iter(), 8)?;
        if let Some(AttachmentData::Message(inner)) = attachment.data() {
            let folder = format!("{folder}{}/", named(DATA, OBJECT));
            file.create_storage(&folder)?;
            whole &= embedded(&mut file, &folder, &**inner)?;
        }
    }
    file.flush()?;
    Ok((file.into_inner().into_inner(), whole))
}

/// A message that is attached; what is attached to it in turn cannot be reached.
fn embedded(file: &mut Saved, folder: &str, message: &dyn Message) -> io::Result<bool> {
    let mut whole = message
        .attachment_table()
        .is_none_or(|table| table.rows_matrix().next().is_none());
    properties(file, folder, message.properties().iter(), INNER_HEADER)?;
    for (at, values) in (0..).zip(rows(message.recipient_table(), &mut whole)) {
        let folder = format!("{folder}__recip_version1.0_#{at:08X}/");
        file.create_storage(&folder)?;
        properties(file, &folder, values.iter().map(|(id, value)| (id, value)), 8)?;
    }
    Ok(whole)
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
