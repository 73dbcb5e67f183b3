//! Parquet tables: every row, with the names of the columns. What is nested is told under names with
//! dots.
//!
//! The library reads a column page by page and allocates what the file declares, so the format runs in
//! a child process; a file that is too large to be held is read where it lies.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, FileReader as _, Length, SerializedFileReader};
use parquet::record::Field;

use super::super::content::Seekable;
use super::super::records::Records;
use super::super::walled::walled;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Parquet = Parquet;

/// Reads them.
pub(crate) struct Parquet;

static INFO: FormatInfo = FormatInfo {
    id: "parquet",
    title: "Parquet table",
    extensions: &["parquet"],
    version: 2,
    isolated: true,
    reads: "all rows with the names of their columns, what is nested too; encrypted files are told",
};

const MAGIC: &[u8] = b"PAR1";

impl Format for Parquet {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.bytes.starts_with(MAGIC) || head.bytes.starts_with(b"PARE") {
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
        if content.head(4)? != MAGIC {
            return Err(problem(ProblemKind::Encrypted));
        }
        let source = Source {
            len: content.len(),
            file: Arc::new(Mutex::new(content.seekable(budget)?)),
        };
        let reader = walled(|| SerializedFileReader::new(source).map_err(|error| of(&error)))?;
        let mut rows = walled(|| reader.get_row_iter(None).map_err(|error| of(&error)))?;
        let mut records = Records::new();
        let mut ended = Ok(());
        loop {
            match walled(|| rows.next().transpose().map_err(|error| of(&error))) {
                Ok(None) => break,
                Ok(Some(row)) => {
                    records.begin();
                    for (name, value) in row.get_column_iter() {
                        field(&mut records, name, value, 0, sink);
                    }
                    records.end(budget, sink)?;
                }
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

fn problem(kind: ProblemKind) -> Problem {
    Problem::new(kind, Stage::Extract)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all other errors say that the file is damaged"
)]
fn of(error: &ParquetError) -> Problem {
    problem(match error {
        ParquetError::NYI(_) => ProblemKind::Unsupported,
        _ => ProblemKind::Malformed,
    })
}

/// Tells a value, and what is nested in it.
fn field(records: &mut Records, name: &str, value: &Field, depth: usize, sink: &mut dyn Sink) {
    if !records.reaches(depth) {
        return;
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "numbers and times of all kinds are told as the library writes them"
    )]
    match value {
        Field::Null | Field::Bool(_) => {}
        Field::Str(text) => records.text(name, text, sink),
        Field::Bytes(bytes) => records.bytes(name, bytes.data(), sink),
        Field::Group(group) => {
            for (own, value) in group.get_column_iter() {
                field(records, &format!("{name}.{own}"), value, depth + 1, sink);
            }
        }
        Field::ListInternal(list) => {
            for value in list.elements() {
                field(records, name, value, depth + 1, sink);
            }
        }
        Field::MapInternal(map) => {
            for (key, value) in map.entries() {
                field(records, name, key, depth + 1, sink);
                field(records, name, value, depth + 1, sink);
            }
        }
        Field::Date(_) | Field::TimestampMillis(_) | Field::TimestampMicros(_) => {
            records.text(name, &value.to_string(), sink);
        }
        _ => records.number(name, &value.to_string(), sink),
    }
}

/// The content as the library wants it: any part of it, at any time.
#[derive(Clone)]
struct Source {
    len: u64,
    file: Arc<Mutex<Seekable>>,
}

impl Source {
    fn at(&self, start: u64, into: &mut [u8]) -> std::io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        file.read(into)
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Source {
    type T = From;

    fn get_read(&self, start: u64) -> ParquetResult<From> {
        Ok(From {
            source: self.clone(),
            at: start,
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if start.saturating_add(length as u64) > self.len {
            return Err(ParquetError::EOF("beyond the end".to_owned()));
        }
        let mut bytes = vec![0; length];
        let mut from = self.get_read(start)?;
        from.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// Reads on from a place.
struct From {
    source: Source,
    at: u64,
}

impl std::io::Read for From {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.at(self.at, into)?;
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::super::super::recorder::read_one;

    fn table() -> Vec<u8> {
        let schema = "message kunder { required binary navn (UTF8); optional int64 fnr; }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let mut bytes = Vec::new();
        let properties = Arc::new(WriterProperties::builder().build());
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let names = ["Åse Ødegård", "Per"].map(ByteArray::from);
        column.typed::<ByteArrayType>().write_batch(&names, None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let numbers = [1_019_012_345];
        column.typed::<Int64Type>().write_batch(&numbers, Some(&[1, 0]), None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        bytes
    }

    #[test]
    fn rows_have_the_names_of_their_columns() {
        let seen = read_one("a.bin", &table());
        assert_eq!((seen.format, seen.ending().as_str()), (Some("parquet"), "scanned"));
        assert_eq!(seen.cell("navn", 1), Some("Åse Ødegård"));
        assert_eq!(seen.cell("fnr", 1), Some("1019012345"));
        assert_eq!((seen.cell("navn", 2), seen.cell("fnr", 2)), (Some("Per"), None));
    }

    #[test]
    fn no_damaged_byte_makes_the_library_end_the_reading() {
        let whole = table();
        for at in 0..whole.len() {
            for damage in [0x01, 0x40, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] ^= damage;
                let ending = read_one("a.parquet", &bytes).ending();
                assert!(!ending.contains("panic"), "{at} {damage}");
            }
        }
    }

    #[test]
    fn cut_and_encrypted_files_are_told() {
        let whole = table();
        for length in 4..whole.len() {
            let seen = read_one("a.parquet", &whole[..length]);
            assert_eq!(seen.ending(), "failed malformed", "{length}");
        }
        assert_eq!(read_one("a", b"PARE\x01\x02\x03\x04PARE").ending(), "failed encrypted");
    }
}
