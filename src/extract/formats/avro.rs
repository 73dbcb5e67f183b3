//! Avro files: every record, with the names of its fields. What is nested is told under names with
//! dots.
//!
//! The library unpacks a block at once and follows the schema of the file, so the format runs in a child
//! process; a file that is too large to be held is read where it lies. Names in a schema may be any: the
//! library would refuse those with æ, ø and å, and panics on some.

use apache_avro::error::Details;
use apache_avro::schema::Namespace;
use apache_avro::types::Value;
use apache_avro::validator::{
    EnumSymbolNameValidator, RecordFieldNameValidator, SchemaNameValidator,
    SchemaNamespaceValidator, set_enum_symbol_name_validator, set_record_field_name_validator,
    set_schema_name_validator, set_schema_namespace_validator,
};
use apache_avro::{AvroResult, Reader};
use jiff::civil::{Date, date};
use jiff::{Span, Timestamp};

use super::super::records::Records;
use super::super::walled::walled;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Avro = Avro;

/// Reads them.
pub(crate) struct Avro;

static INFO: FormatInfo = FormatInfo {
    id: "avro",
    title: "Avro records",
    extensions: &["avro"],
    version: 3,
    isolated: true,
    reads: "all records with the names of their fields, what is nested too, packed by deflate or Snappy; digits of decimal numbers without their point; no other packing",
};

const MAGIC: &[u8] = b"Obj\x01";
/// Records between two looks at the clock: there are records of no bytes.
const RECORDS_BETWEEN_CHECKS: u64 = 256;

impl Format for Avro {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.bytes.starts_with(MAGIC) {
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
        let held = budget.limits().max_held_bytes;
        apache_avro::util::max_allocation_bytes(usize::try_from(held).unwrap_or(usize::MAX));
        allow_any_name();
        let input = content.seekable(budget)?;
        let mut reader = walled(|| Reader::new(input).map_err(of))?;
        let mut records = Records::new();
        let mut ended = Ok(());
        for number in 0_u64.. {
            if number.is_multiple_of(RECORDS_BETWEEN_CHECKS) {
                budget.check()?;
            }
            match walled(|| reader.next().transpose().map_err(of)) {
                Ok(Some(record)) => {
                    records.begin();
                    value(&mut records, "", &record, 0, sink);
                    records.end(budget, sink)?;
                }
                Ok(None) => break,
                Err(problem) => {
                    ended = Err(problem);
                    break;
                }
            }
        }
        records.finish(sink);
        ended
    }
}

/// Takes names as they are. The library asks for this before the first schema, and once.
fn allow_any_name() {
    let _ = set_schema_name_validator(Box::new(AnyName));
    let _ = set_schema_namespace_validator(Box::new(AnyName));
    let _ = set_enum_symbol_name_validator(Box::new(AnyName));
    let _ = set_record_field_name_validator(Box::new(AnyName));
}

struct AnyName;

impl SchemaNameValidator for AnyName {
    fn validate(&self, name: &str) -> AvroResult<(String, Namespace)> {
        Ok(match name.rsplit_once('.') {
            Some((space, name)) => (name.to_owned(), Some(space.to_owned())),
            None => (name.to_owned(), None),
        })
    }
}

impl SchemaNamespaceValidator for AnyName {
    fn validate(&self, _: &str) -> AvroResult<()> {
        Ok(())
    }
}

impl EnumSymbolNameValidator for AnyName {
    fn validate(&self, _: &str) -> AvroResult<()> {
        Ok(())
    }
}

impl RecordFieldNameValidator for AnyName {
    fn validate(&self, _: &str) -> AvroResult<()> {
        Ok(())
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all other errors say that the file is damaged"
)]
fn of(error: apache_avro::Error) -> Problem {
    let kind = match error.into_details() {
        Details::CodecNotSupported(_) => ProblemKind::Unsupported,
        Details::MemoryAllocation { .. } => ProblemKind::LimitMemory,
        _ => ProblemKind::Malformed,
    };
    Problem::new(kind, Stage::Extract)
}

/// Tells a value, and what is nested in it.
fn value(records: &mut Records, name: &str, own: &Value, depth: usize, sink: &mut dyn Sink) {
    if !records.reaches(depth) {
        return;
    }
    match own {
        Value::Null | Value::Boolean(_) | Value::Duration(_) => {}
        Value::String(text) | Value::Enum(_, text) => records.text(name, text, sink),
        Value::Bytes(bytes) | Value::Fixed(_, bytes) => records.bytes(name, bytes, sink),
        Value::Union(_, own) => value(records, name, own, depth + 1, sink),
        Value::Array(list) => {
            for own in list {
                value(records, name, own, depth + 1, sink);
            }
        }
        Value::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|entry| entry.0);
            for (key, own) in entries {
                records.text(name, key, sink);
                value(records, &inner(name, key), own, depth + 1, sink);
            }
        }
        Value::Record(fields) => {
            for (key, own) in fields {
                value(records, &inner(name, key), own, depth + 1, sink);
            }
        }
        Value::Int(own) | Value::TimeMillis(own) => number(records, name, own, sink),
        Value::Long(own) | Value::TimeMicros(own) => number(records, name, own, sink),
        Value::Float(own) => number(records, name, own, sink),
        Value::Double(own) => number(records, name, own, sink),
        Value::BigDecimal(own) => number(records, name, own, sink),
        Value::Decimal(own) => {
            if let Some(own) = digits(own) {
                number(records, name, &own, sink);
            }
        }
        Value::Uuid(own) => records.text(name, &own.to_string(), sink),
        Value::Date(days) => {
            if let Some(day) = day(*days) {
                records.text(name, &day.to_string(), sink);
            }
        }
        Value::TimestampMillis(at) | Value::LocalTimestampMillis(at) => {
            time(records, name, Timestamp::from_millisecond(*at).ok(), sink);
        }
        Value::TimestampMicros(at) | Value::LocalTimestampMicros(at) => {
            time(records, name, Timestamp::from_microsecond(*at).ok(), sink);
        }
        Value::TimestampNanos(at) | Value::LocalTimestampNanos(at) => {
            let at = Timestamp::from_nanosecond(i128::from(*at));
            time(records, name, at.ok(), sink);
        }
    }
}

fn inner(name: &str, key: &str) -> String {
    if name.is_empty() {
        key.to_owned()
    } else {
        format!("{name}.{key}")
    }
}

fn number(records: &mut Records, name: &str, own: &dyn ToString, sink: &mut dyn Sink) {
    records.number(name, &own.to_string(), sink);
}

fn time(records: &mut Records, name: &str, at: Option<Timestamp>, sink: &mut dyn Sink) {
    if let Some(at) = at {
        records.text(name, &at.to_string(), sink);
    }
}

/// The day that lies so many days after the first of 1970.
fn day(days: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(Span::new().try_days(days).ok()?).ok()
}

/// The digits of a decimal number of up to 16 bytes. Where its point stands, only the schema says.
fn digits(own: &apache_avro::Decimal) -> Option<i128> {
    let bytes = Vec::<u8>::try_from(own).ok()?;
    let first = *bytes.first()?;
    let mut wide = [if first & 0x80 == 0 { 0 } else { 0xFF }; 16];
    let at = wide.len().checked_sub(bytes.len())?;
    wide.get_mut(at..)?.copy_from_slice(&bytes);
    Some(i128::from_be_bytes(wide))
}

#[cfg(test)]
mod tests {
    use apache_avro::types::{Record, Value};
    use apache_avro::{Codec, Schema, Writer};

    use super::super::super::recorder::read_one;

    fn file(codec: Codec) -> Vec<u8> {
        super::allow_any_name();
        let schema = Schema::parse_str(
            r#"{"type": "record", "name": "kunde", "fields": [
                {"name": "navn", "type": "string"},
                {"name": "fnr", "type": ["null", "long"]},
                {"name": "adresse", "type": {"type": "record", "name": "adr", "fields": [{"name": "by", "type": "string"}]}},
                {"name": "epost", "type": {"type": "array", "items": "string"}},
                {"name": "dato", "type": {"type": "int", "logicalType": "date"}}]}"#,
        )
        .unwrap();
        let mut writer = Writer::with_codec(&schema, Vec::new(), codec);
        for (name, number) in [("Åse Ødegård", Some(1_019_012_345)), ("Per", None)] {
            let mut record = Record::new(&schema).unwrap();
            record.put("navn", name);
            record.put("fnr", number);
            record.put("adresse", Value::Record(vec![("by".to_owned(), "Moss".into())]));
            record.put("epost", Value::Array(vec!["a@example.no".into(), "b@example.no".into()]));
            record.put("dato", Value::Date(20_487));
            writer.append(record).unwrap();
        }
        writer.into_inner().unwrap()
    }

    #[test]
    fn records_have_the_names_of_their_fields() {
        for codec in [Codec::Null, Codec::Deflate(apache_avro::DeflateSettings::default()), Codec::Snappy] {
            let seen = read_one("a.bin", &file(codec));
            assert_eq!((seen.format, seen.ending().as_str()), (Some("avro"), "scanned"));
            assert_eq!(seen.cell("navn", 1), Some("Åse Ødegård"));
            assert_eq!(seen.cell("fnr", 1), Some("1019012345"));
            assert_eq!((seen.cell("navn", 2), seen.cell("fnr", 2)), (Some("Per"), None));
            assert_eq!(seen.cell("adresse.by", 2), Some("Moss"));
            assert_eq!(seen.cell("dato", 1), Some("2026-02-03"));
            assert!(seen.text.contains("b@example.no"));
        }
    }

    #[test]
    fn cut_files_and_other_packings_are_told() {
        let whole = file(Codec::Null);
        for length in 4..whole.len() {
            let ending = read_one("a", &whole[..length]).ending();
            assert!(ending.ends_with("malformed") || ending == "scanned", "{length}: {ending}");
        }
        let at = memchr::memmem::find(&whole, b"null\x16avro.schema").or_else(|| memchr::memmem::find(&whole, b"\x08null")).unwrap();
        let mut other = whole.clone();
        let at = at + usize::from(whole[at] == 8);
        other[at..at + 4].copy_from_slice(b"zstd");
        assert_eq!(read_one("a", &other).ending(), "skipped unsupported");
    }

    /// A file with this schema and one record of two strings.
    fn with_schema(schema: &str) -> Vec<u8> {
        let length = u8::try_from(schema.len()).unwrap();
        let mut file = b"Obj\x01\x02\x16avro.schema".to_vec();
        file.extend([(length & 0x3F) << 1 | 0x80, length >> 6]);
        file.extend([schema.as_bytes(), b"\0", &[7; 16], b"\x02\x10\x06Per\x06Kai", &[7; 16]].concat());
        file
    }

    #[test]
    fn names_that_are_none_in_avro_are_read_as_they_are() {
        for (record, field) in [("ansatt", "fødselsnummer"), ("1 ansatt-æ", "f.1"), ("", "")] {
            let schema = format!(
                r#"{{"type":"record","name":"{record}","aliases":["ø å"],"fields":[{{"name":"{field}","type":"string"}},{{"name":"b","type":"string"}}]}}"#
            );
            let seen = read_one("a.avro", &with_schema(&schema));
            assert_eq!(seen.ending(), "scanned", "{schema}");
            assert_eq!((seen.cell(field, 1), seen.cell("b", 1)), (Some("Per"), Some("Kai")));
        }
    }

    #[test]
    fn days_beyond_the_calendar_are_left_out() {
        let schema = r#"{"type":"record","name":"a","fields":[{"name":"b","type":{"type":"int","logicalType":"date"}},{"name":"c","type":"string"}]}"#;
        let mut file = with_schema(schema);
        let at = memchr::memmem::find(&file, b"\x02\x10\x06Per").unwrap();
        file.splice(at..at + 10, *b"\x02\x12\xFE\xFF\xFF\xFF\x0F\x06Kai");
        let seen = read_one("a.avro", &file);
        assert_eq!((seen.cell("b", 1), seen.cell("c", 1)), (None, Some("Kai")), "{}", seen.ending());
    }

    #[test]
    fn schemas_that_are_none_are_malformed() {
        for schema in [
            r#"{"type":"record","name":"a","fields":[{"name":"b","type":"æ ø"},{"name":"c","type":"string"}]}"#,
            r#"{"type":"","name":"a","fields":[{"name":"b","type":"string"},{"name":"c","type":"string"}]}"#,
            r#"{"type":"record","name":"a","fields":[{"name":"b","type":"a"},{"name":"b","type":"string"}]} "#,
            r#"{"type":{"type":"fixed","name":"-","size":-1},"name":"a","fields":[{"name":"b","type":"int"}]}"#,
        ] {
            assert_eq!(read_one("a.avro", &with_schema(schema)).ending(), "failed malformed", "{schema}");
        }
    }

    #[test]
    fn records_of_no_bytes_end() {
        let mut file = b"Obj\x01\x02\x16avro.schema\x0C\"null\"\0".to_vec();
        file.extend([7; 16]);
        file.extend(b"\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\0");
        file.extend([7; 16]);
        let limits = crate::model::Limits { base_time: std::time::Duration::from_millis(200), ..Default::default() };
        let seen = super::super::super::recorder::read_within(limits, "a", &file);
        assert!(seen[0].ending().contains("timeout"), "{}", seen[0].ending());
    }
}
