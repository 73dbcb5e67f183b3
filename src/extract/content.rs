//! The seekable bytes of one object.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use crate::model::{Budget, Problem, ProblemKind, Stage};

/// The seekable bytes of one object: a file on disk, or a member that was spooled to memory or, when
/// it is large, to an unlinked temporary file.
#[derive(Debug)]
pub struct Content {
    source: Source,
    len: u64,
}

#[derive(Debug)]
enum Source {
    Memory(Cursor<Arc<[u8]>>),
    File(File),
}

impl Content {
    /// The bytes of an open file of `len` bytes, from its beginning.
    #[must_use]
    pub fn from_file(file: File, len: u64) -> Self {
        Self {
            source: Source::File(file),
            len,
        }
    }

    /// Bytes that are in memory.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        let len = bytes.len() as u64;
        Self {
            source: Source::Memory(Cursor::new(bytes)),
            len,
        }
    }

    /// Reads a member to its end, each byte charged to `budget`. Beyond
    /// [`Limits::spool_memory_bytes`](crate::model::Limits) the bytes lie in an unlinked temporary
    /// file.
    ///
    /// # Errors
    /// The limit that struck, or `Malformed` where the container's reader fails; `Io` where the
    /// temporary file cannot be written.
    pub fn spool(member: &mut dyn Read, budget: &Budget) -> Result<Self, Problem> {
        let bound = budget.limits().spool_memory_bytes;
        let mut metered = budget.meter(member);
        let mut head = Vec::new();
        let read = copy(&mut (&mut metered).take(bound), &mut head);
        read.map_err(|()| spool_problem(metered.problem()))?;
        if (head.len() as u64) < bound {
            return Ok(Self::from_bytes(head));
        }
        let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Extract);
        let mut file = tempfile::tempfile().map_err(io_problem)?;
        file.write_all(&head).map_err(io_problem)?;
        drop(head);
        let rest = copy(&mut metered, &mut file);
        rest.map_err(|()| spool_problem(metered.problem()))?;
        let len = file.stream_position().map_err(io_problem)?;
        file.rewind().map_err(io_problem)?;
        Ok(Self::from_file(file, len))
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is not a single byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Goes back to the first byte.
    ///
    /// # Errors
    /// `Io` where the file cannot be sought.
    pub fn rewind(&mut self) -> Result<(), Problem> {
        self.seek(SeekFrom::Start(0))
            .map(drop)
            .map_err(|_| Problem::new(ProblemKind::Io, Stage::Read))
    }

    /// The whole content in memory, for readers that cannot work on a stream.
    ///
    /// # Errors
    /// `LimitMemory` beyond [`Limits::max_held_bytes`](crate::model::Limits); `Io` where reading
    /// fails.
    pub fn whole(&mut self, budget: &Budget) -> Result<Arc<[u8]>, Problem> {
        if let Source::Memory(cursor) = &self.source {
            return Ok(Arc::clone(cursor.get_ref()));
        }
        if self.len > budget.limits().max_held_bytes {
            return Err(Problem::new(ProblemKind::LimitMemory, Stage::Read).at(self.len));
        }
        self.rewind()?;
        let mut bytes = Vec::with_capacity(usize::try_from(self.len).unwrap_or_default());
        let bound = budget.limits().max_held_bytes;
        copy(&mut (&mut *self).take(bound), &mut bytes)
            .map_err(|()| Problem::new(ProblemKind::Io, Stage::Read))?;
        Ok(bytes.into())
    }

    /// Up to `bound` first bytes; the position is back at the beginning afterwards.
    ///
    /// # Errors
    /// `Io` where reading fails.
    pub fn head(&mut self, bound: u64) -> Result<Vec<u8>, Problem> {
        self.rewind()?;
        let mut head = Vec::new();
        copy(&mut (&mut *self).take(bound), &mut head)
            .map_err(|()| Problem::new(ProblemKind::Io, Stage::Read))?;
        self.rewind()?;
        Ok(head)
    }
}

/// Copies to the end, in blocks. The error of either side is dropped: it can quote a name.
fn copy(from: &mut dyn Read, to: &mut dyn Write) -> Result<(), ()> {
    io::copy(from, to).map(drop).map_err(drop)
}

fn spool_problem(limit: Option<Problem>) -> Problem {
    limit.unwrap_or(Problem::new(ProblemKind::Malformed, Stage::Extract))
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.source {
            Source::Memory(cursor) => cursor.read(buffer),
            Source::File(file) => file.read(buffer),
        }
    }
}

impl Seek for Content {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.source {
            Source::Memory(cursor) => cursor.seek(to),
            Source::File(file) => file.seek(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cancel, Limits};

    #[test]
    fn a_large_member_goes_to_a_file_and_reads_the_same() {
        let limits = Limits {
            spool_memory_bytes: 10,
            ..Limits::default()
        };
        let budget = Budget::new(limits, Cancel::default(), 100);
        for length in [0_usize, 9, 10, 11, 5000] {
            let bytes: Vec<u8> = (0..length)
                .map(|n| u8::try_from(n % 251).unwrap())
                .collect();
            let mut content = Content::spool(&mut bytes.as_slice(), &budget).unwrap();
            assert_eq!(content.len(), length as u64);
            assert_eq!(content.whole(&budget).unwrap().as_ref(), bytes);
            assert_eq!(
                content.head(4).unwrap(),
                bytes.get(..length.min(4)).unwrap()
            );
        }
    }
}
