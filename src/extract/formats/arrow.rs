//! Arrow files and streams (Feather of the second version is the same): every row, with the names of
//! the columns. What is nested is told under names with dots.
//!
//! The library allocates what a file declares, so the format runs in a child process; a file that is
//! too large to be held is read where it lies.

use std::io::BufReader;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{
    Array, ArrayRef, BinaryArray, FixedSizeBinaryArray, LargeBinaryArray, RecordBatch,
};
use arrow_array::types::{self, ArrowTemporalType};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, DataType, TimeUnit};

use super::super::records::Records;
use super::super::walled::walled;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Arrow = Arrow;

/// Reads them.
pub(crate) struct Arrow;

static INFO: FormatInfo = FormatInfo {
    id: "arrow",
    title: "Arrow table (Feather)",
    extensions: &["arrow", "arrows", "feather", "ipc"],
    version: 2,
    isolated: true,
    reads: "all rows with the names of their columns, what is nested too; columns of unions, run-end encoded ones and lists of views are told",
};

/// How a file begins; a stream has no mark of its own, only that of its first message.
const FILE: &[u8] = b"ARROW1\0\0";
const STREAM: &[u8] = b"\xFF\xFF\xFF\xFF";
/// Feather of the first version, which is another format.
const FIRST_FEATHER: &[u8] = b"FEA1";

impl Format for Arrow {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let stream = head.bytes.starts_with(STREAM) && head.has_extension(INFO.extensions);
        if head.bytes.starts_with(FILE) || head.bytes.starts_with(FIRST_FEATHER) || stream {
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
        let is_file = match content.head(FILE.len() as u64)?.as_slice() {
            head if head.starts_with(FIRST_FEATHER) => {
                return Err(problem(ProblemKind::Unsupported));
            }
            head => head.starts_with(FILE),
        };
        let source = BufReader::new(content.seekable(budget)?);
        if is_file {
            let batches = walled(|| FileReader::try_new(source, None).map_err(|error| of(&error)))?;
            tell(batches, budget, sink)
        } else {
            let batches = walled(|| StreamReader::try_new(source, None).map_err(|error| of(&error)))?;
            tell(batches, budget, sink)
        }
    }
}

fn problem(kind: ProblemKind) -> Problem {
    Problem::new(kind, Stage::Extract)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all other errors say that the file is damaged"
)]
fn of(error: &ArrowError) -> Problem {
    problem(match error {
        ArrowError::NotYetImplemented(_) => ProblemKind::Unsupported,
        ArrowError::MemoryError(_) => ProblemKind::LimitMemory,
        _ => ProblemKind::Malformed,
    })
}

/// Tells the rows of all batches, up to one that cannot be read.
fn tell(
    mut batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let mut rows = Rows {
        records: Records::new(),
        unread: false,
    };
    let mut ended = Ok(());
    loop {
        budget.check()?;
        match walled(|| batches.next().transpose().map_err(|error| of(&error))) {
            Ok(None) => break,
            Ok(Some(batch)) => rows.batch(&batch, budget, sink)?,
            Err(problem) => {
                ended = Err(problem);
                break;
            }
        }
    }
    if rows.unread {
        sink.incomplete(problem(ProblemKind::Unsupported));
    }
    rows.records.finish(sink);
    ended
}

/// Rows on their way to the sink.
struct Rows {
    records: Records,
    /// Whether a column is of a kind that is not read.
    unread: bool,
}

impl Rows {
    fn batch(
        &mut self,
        batch: &RecordBatch,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            if row % 1024 == 0 {
                budget.check()?;
            }
            self.records.begin();
            for (field, column) in schema.fields().iter().zip(batch.columns()) {
                let value = Value {
                    column: column.as_ref(),
                    at: row,
                    depth: 0,
                };
                self.value(field.name(), value, sink);
            }
            self.records.end(budget, sink)?;
        }
        Ok(())
    }

    /// Tells one value of a column, and what is nested in it.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is left are numbers; a kind that is none of them is told"
    )]
    fn value(&mut self, name: &str, value: Value<'_>, sink: &mut dyn Sink) {
        let Value { column, at, .. } = value;
        if column.is_null(at) || !self.records.reaches(value.depth) {
            return;
        }
        match column.data_type() {
            // Of these none says anything of a person.
            DataType::Null
            | DataType::Boolean
            | DataType::Duration(_)
            | DataType::Interval(_)
            | DataType::Time32(_)
            | DataType::Time64(_) => {}
            DataType::Utf8 => self.text(name, column.as_string::<i32>().value(at), sink),
            DataType::LargeUtf8 => self.text(name, column.as_string::<i64>().value(at), sink),
            DataType::Utf8View => self.text(name, column.as_string_view().value(at), sink),
            DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_) => {
                let bytes = bytes(column, at).unwrap_or_default();
                self.records.bytes(name, bytes, sink);
            }
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => {
                let time = time(column, at).unwrap_or_default();
                self.text(name, &time, sink);
            }
            DataType::Struct(fields) => {
                for (field, inner) in fields.iter().zip(column.as_struct().columns()) {
                    let name = format!("{name}.{}", field.name());
                    self.value(&name, value.inner(inner.as_ref(), at), sink);
                }
            }
            DataType::List(_)
            | DataType::LargeList(_)
            | DataType::FixedSizeList(..)
            | DataType::Map(..) => {
                for list in lists(column, at) {
                    for at in 0..list.len() {
                        self.value(name, value.inner(list.as_ref(), at), sink);
                    }
                }
            }
            DataType::Dictionary(..) => match of_key(column, at) {
                Some((values, at)) => self.value(name, value.inner(values.as_ref(), at), sink),
                None => self.unread = true,
            },
            _ => match number(column, at) {
                Some(number) => self.records.number(name, &number, sink),
                None => self.unread = true,
            },
        }
    }

    fn text(&mut self, name: &str, text: &str, sink: &mut dyn Sink) {
        self.records.text(name, text, sink);
    }
}

/// A value of a column, and how deep it is nested.
#[derive(Clone, Copy)]
struct Value<'a> {
    column: &'a dyn Array,
    at: usize,
    depth: usize,
}

impl Value<'_> {
    fn inner<'b>(&self, column: &'b dyn Array, at: usize) -> Value<'b> {
        Value {
            column,
            at,
            depth: self.depth + 1,
        }
    }
}

/// What a list or map holds there: the elements, or the keys and the values.
fn lists(column: &dyn Array, at: usize) -> Vec<ArrayRef> {
    if let Some(list) = column.as_list_opt::<i32>() {
        vec![list.value(at)]
    } else if let Some(list) = column.as_list_opt::<i64>() {
        vec![list.value(at)]
    } else if let Some(list) = column.as_fixed_size_list_opt() {
        vec![list.value(at)]
    } else if let Some(map) = column.as_map_opt() {
        map.value(at).columns().to_vec()
    } else {
        Vec::new()
    }
}

/// The values of a column that holds each of them once, and which of them stands there.
fn of_key(column: &dyn Array, at: usize) -> Option<(ArrayRef, usize)> {
    let column = column.as_any_dictionary_opt()?;
    let keys = column.keys();
    let key = number(keys, at)?.parse().ok()?;
    (key < column.values().len()).then(|| (Arc::clone(column.values()), key))
}

fn bytes(column: &dyn Array, at: usize) -> Option<&[u8]> {
    let any = column.as_any();
    if let Some(own) = any.downcast_ref::<BinaryArray>() {
        Some(own.value(at))
    } else if let Some(own) = any.downcast_ref::<LargeBinaryArray>() {
        Some(own.value(at))
    } else if let Some(own) = any.downcast_ref::<FixedSizeBinaryArray>() {
        Some(own.value(at))
    } else {
        column.as_binary_view_opt().map(|own| own.value(at))
    }
}

/// A date or time as text.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whoever asks has looked at the kind"
)]
fn time(column: &dyn Array, at: usize) -> Option<String> {
    match column.data_type() {
        DataType::Date32 => day::<types::Date32Type>(column, at),
        DataType::Date64 => day::<types::Date64Type>(column, at),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => moment::<types::TimestampSecondType>(column, at),
            TimeUnit::Millisecond => moment::<types::TimestampMillisecondType>(column, at),
            TimeUnit::Microsecond => moment::<types::TimestampMicrosecondType>(column, at),
            TimeUnit::Nanosecond => moment::<types::TimestampNanosecondType>(column, at),
        },
        _ => None,
    }
}

fn day<T: ArrowTemporalType>(column: &dyn Array, at: usize) -> Option<String>
where
    i64: From<T::Native>,
{
    let day = column.as_primitive_opt::<T>()?.value_as_date(at)?;
    Some(day.to_string())
}

fn moment<T: ArrowTemporalType>(column: &dyn Array, at: usize) -> Option<String>
where
    i64: From<T::Native>,
{
    let moment = column.as_primitive_opt::<T>()?.value_as_datetime(at)?;
    Some(moment.to_string())
}

/// A number as its digits; `None` where it is none.
fn number(column: &dyn Array, at: usize) -> Option<String> {
    macro_rules! plain {
        ($($kind:pat => $type:ident),+ $(,)?) => {
            match column.data_type() {
                $($kind => Some(column.as_primitive_opt::<types::$type>()?.value(at).to_string()),)+
                DataType::Decimal32(..) => Some(column.as_primitive_opt::<types::Decimal32Type>()?.value_as_string(at)),
                DataType::Decimal64(..) => Some(column.as_primitive_opt::<types::Decimal64Type>()?.value_as_string(at)),
                DataType::Decimal128(..) => Some(column.as_primitive_opt::<types::Decimal128Type>()?.value_as_string(at)),
                DataType::Decimal256(..) => Some(column.as_primitive_opt::<types::Decimal256Type>()?.value_as_string(at)),
                _ => None,
            }
        };
    }
    plain! {
        DataType::Int8 => Int8Type,
        DataType::Int16 => Int16Type,
        DataType::Int32 => Int32Type,
        DataType::Int64 => Int64Type,
        DataType::UInt8 => UInt8Type,
        DataType::UInt16 => UInt16Type,
        DataType::UInt32 => UInt32Type,
        DataType::UInt64 => UInt64Type,
        DataType::Float16 => Float16Type,
        DataType::Float32 => Float32Type,
        DataType::Float64 => Float64Type,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::{ListBuilder, StringBuilder};
    use arrow_array::types::Int32Type;
    use arrow_array::{ArrayRef, Date32Array, DictionaryArray, Int64Array, RecordBatch, StringArray};
    use arrow_array::{Decimal128Array, StructArray};
    use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
    use arrow_schema::{DataType, Field};

    use super::super::super::recorder::read_one;

    fn rows() -> RecordBatch {
        let mut mails = ListBuilder::new(StringBuilder::new());
        mails.append_value([Some("a@example.no"), Some("b@example.no")]);
        mails.append_null();
        let place = Arc::new(Field::new("by", DataType::Utf8, true));
        let town: ArrayRef = Arc::new(StringArray::from(vec![None, Some("Moss")]));
        let kinds: DictionaryArray<Int32Type> = vec!["fast", "vikar"].into_iter().collect();
        let amount = Decimal128Array::from(vec![1250, 7]).with_precision_and_scale(10, 2).unwrap();
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("navn", Arc::new(StringArray::from(vec!["Åse Ødegård", "Per"]))),
            ("fnr", Arc::new(Int64Array::from(vec![Some(1_019_012_345), None]))),
            ("født", Arc::new(Date32Array::from(vec![20_487, 0]))),
            ("adresse", Arc::new(StructArray::from(vec![(place, town)]))),
            ("epost", Arc::new(mails.finish())),
            ("stilling", Arc::new(kinds)),
            ("lønn", Arc::new(amount)),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn file(options: IpcWriteOptions) -> Vec<u8> {
        let rows = rows();
        let mut writer = FileWriter::try_new_with_options(Vec::new(), &rows.schema(), options).unwrap();
        writer.write(&rows).unwrap();
        writer.into_inner().unwrap()
    }

    #[test]
    fn rows_have_the_names_of_their_columns() {
        let rows = rows();
        let mut stream = StreamWriter::try_new(Vec::new(), &rows.schema()).unwrap();
        stream.write(&rows).unwrap();
        let packed = IpcWriteOptions::default()
            .try_with_compression(Some(arrow_ipc::CompressionType::LZ4_FRAME))
            .unwrap();
        for (name, bytes) in [
            ("a.bin", file(IpcWriteOptions::default())),
            ("b.feather", file(packed)),
            ("c.arrows", stream.into_inner().unwrap()),
        ] {
            let seen = read_one(name, &bytes);
            assert_eq!((seen.format, seen.ending().as_str()), (Some("arrow"), "scanned"), "{name}");
            assert_eq!(seen.cell("navn", 1), Some("Åse Ødegård"));
            assert_eq!(seen.cell("fnr", 1), Some("1019012345"));
            assert_eq!((seen.cell("navn", 2), seen.cell("fnr", 2)), (Some("Per"), None));
            assert_eq!(seen.cell("født", 1), Some("2026-02-03"));
            assert_eq!(seen.cell("adresse.by", 2), Some("Moss"));
            assert_eq!(seen.cell("stilling", 2), Some("vikar"));
            assert_eq!(seen.cell("lønn", 1), Some("12.50"));
            assert!(seen.text.contains("b@example.no"));
        }
    }

    #[test]
    fn cut_files_and_the_first_feather_are_told() {
        let whole = file(IpcWriteOptions::default());
        for length in (8..whole.len()).step_by(7) {
            let ending = read_one("a", &whole[..length]).ending();
            assert!(ending.ends_with("malformed"), "{length}: {ending}");
        }
        assert_eq!(read_one("a", b"FEA1\0\0\0\0\0FEA1").ending(), "skipped unsupported");
    }
}
