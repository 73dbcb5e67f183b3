//! The seekable bytes of one object.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use super::Passwords;
use crate::model::{Budget, Problem, ProblemKind, Stage};

/// The seekable bytes of one object: a file on disk, or a member that was spooled to memory or, when
/// it is large, to an unlinked temporary file.
///
/// A file is taken to be as long as it was said to be: bytes that are appended while it is read are
/// not seen, and a file that ends too soon is remembered as [short](Content::is_short).
#[derive(Debug)]
pub struct Content {
    source: Source,
    len: u64,
    /// The object's own file name; empty where there is none.
    name: String,
    /// What it is tried with where it is locked.
    passwords: Passwords,
}

/// A file up to this length is read at once: most are, and to go back in it costs nothing then.
const READ_AT_ONCE: u64 = 64 * 1024;

/// What [`Content::seekable`] gives.
#[derive(Debug)]
pub(super) enum Seekable {
    Memory(Cursor<Arc<[u8]>>),
    File(File),
}

impl Read for Seekable {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(buffer),
            Self::File(file) => file.read(buffer),
        }
    }
}

impl Seek for Seekable {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Memory(bytes) => bytes.seek(to),
            Self::File(file) => file.seek(to),
        }
    }
}

#[derive(Debug)]
enum Source {
    Memory {
        bytes: Cursor<Arc<[u8]>>,
        short: bool,
        /// The digest of the bytes, once it was asked for.
        digest: Option<[u8; 32]>,
    },
    File(Tracked),
}

impl Source {
    fn memory(bytes: Arc<[u8]>) -> Self {
        let bytes = Cursor::new(bytes);
        Self::Memory {
            bytes,
            short: false,
            digest: None,
        }
    }

    /// A short file, read. `None` where it is long, or where reading fails: whoever reads on meets
    /// the error then.
    fn at_once(file: &mut File, len: u64) -> Option<Self> {
        if len > READ_AT_ONCE {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or_default());
        if copy(&mut file.take(len), &mut bytes).is_err() {
            // Where this fails as well, reading will.
            let _ = file.rewind();
            return None;
        }
        let short = (bytes.len() as u64) < len;
        let bytes = Cursor::new(bytes.into());
        Some(Self::Memory {
            bytes,
            short,
            digest: None,
        })
    }
}

/// A file with what is known of its reading.
#[derive(Debug)]
struct Tracked {
    file: File,
    position: u64,
    short: bool,
    /// The digest of the first `hashed` bytes, fed by whoever reads on from there, so that a
    /// streaming format costs no second pass.
    digest: Option<Box<blake3::Hasher>>,
    hashed: u64,
}

impl Content {
    /// The bytes of an open file of `len` bytes, which stands at its beginning.
    #[must_use]
    pub fn from_file(mut file: File, len: u64) -> Self {
        let at_once = Source::at_once(&mut file, len);
        Self {
            source: at_once.unwrap_or(Source::File(Tracked {
                file,
                position: 0,
                short: false,
                digest: None,
                hashed: 0,
            })),
            len,
            name: String::new(),
            passwords: Passwords::default(),
        }
    }

    /// Bytes that are in memory.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        let len = bytes.len() as u64;
        Self {
            source: Source::memory(bytes),
            len,
            name: String::new(),
            passwords: Passwords::default(),
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
        match Self::spool_readable(member, budget)? {
            (content, None) => Ok(content),
            (_, Some(problem)) => Err(problem),
        }
    }

    /// Like [`spool`](Self::spool), but keeps what came before a problem, which is returned beside
    /// it: the first half of a damaged member is worth reading.
    ///
    /// # Errors
    /// `Io` where the temporary file cannot be written.
    pub fn spool_readable(
        member: &mut dyn Read,
        budget: &Budget,
    ) -> Result<(Self, Option<Problem>), Problem> {
        let bound = budget.limits().spool_memory_bytes;
        let mut metered = budget.meter(member);
        let mut head = Vec::new();
        if copy(&mut (&mut metered).take(bound), &mut head).is_err() {
            return Ok((
                Self::from_bytes(head),
                Some(spool_problem(metered.problem())),
            ));
        }
        if (head.len() as u64) < bound {
            return Ok((Self::from_bytes(head), None));
        }
        let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Extract);
        let mut file = tempfile::tempfile().map_err(io_problem)?;
        file.write_all(&head).map_err(io_problem)?;
        drop(head);
        let rest = copy(&mut metered, &mut file);
        let problem = rest.err().map(|()| spool_problem(metered.problem()));
        let len = file.stream_position().map_err(io_problem)?;
        file.rewind().map_err(io_problem)?;
        Ok((Self::from_file(file, len), problem))
    }

    /// Asks for the BLAKE3 digest of the bytes. Call it before reading: sequential reading then
    /// feeds the digest in passing.
    pub(super) fn keep_digest(&mut self) {
        if let Source::File(tracked) = &mut self.source {
            tracked.digest = Some(Box::default());
            tracked.hashed = 0;
        }
    }

    /// The BLAKE3 digest of all bytes, where they are in memory and whole.
    pub fn held_digest(&mut self) -> Option<[u8; 32]> {
        match &mut self.source {
            Source::Memory {
                bytes,
                short: false,
                digest,
            } => Some(*digest.get_or_insert_with(|| blake3::hash(bytes.get_ref()).into())),
            Source::Memory { .. } | Source::File(_) => None,
        }
    }

    /// The BLAKE3 digest of all bytes; what was not read in passing is read now. `None` where that
    /// fails, where the file was short, or where no digest was asked for.
    pub(super) fn finish_digest(&mut self, budget: &Budget) -> Option<[u8; 32]> {
        let hashed = match &self.source {
            Source::Memory { .. } => return self.held_digest(),
            Source::File(tracked) => tracked.digest.as_ref().map(|_| tracked.hashed)?,
        };
        if hashed < self.len {
            self.seek(SeekFrom::Start(hashed)).ok()?;
            let mut block = vec![0; 256 * 1024];
            while self.read(&mut block).ok()? > 0 {
                budget.check().ok()?;
            }
        }
        match &self.source {
            Source::File(Tracked {
                digest: Some(digest),
                hashed,
                ..
            }) if *hashed == self.len => Some(digest.finalize().into()),
            Source::File(_) | Source::Memory { .. } => None,
        }
    }

    /// Whether the file turned out to hold fewer bytes than it was said to.
    #[must_use]
    pub fn is_short(&self) -> bool {
        match &self.source {
            Source::Memory { short, .. } => *short,
            Source::File(tracked) => tracked.short,
        }
    }

    /// The object's own file name, for members that are named after it; empty where there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The passwords to try where the content is locked.
    pub(super) fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    pub(super) fn set_passwords(&mut self, passwords: Passwords) {
        self.passwords = passwords;
    }

    pub(super) fn set_name(&mut self, name: String) {
        self.name = name;
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

    /// How many bytes lie before the place that is read next.
    pub(super) fn position(&self) -> u64 {
        match &self.source {
            Source::Memory { bytes, .. } => bytes.position().min(self.len),
            Source::File(tracked) => tracked.position.min(self.len),
        }
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

    /// The content for a library that seeks in it and keeps it: its bytes in memory, or the open file.
    ///
    /// # Errors
    /// `Io` where the file cannot be read.
    pub(super) fn seekable(&mut self, budget: &Budget) -> Result<Seekable, Problem> {
        if self.len > budget.limits().max_held_bytes
            && let Some(file) = self.open_file()
        {
            return Ok(Seekable::File(file));
        }
        self.whole(budget)
            .map(|bytes| Seekable::Memory(Cursor::new(bytes)))
    }

    /// The open file below, from its first byte; `None` for content in memory.
    pub(super) fn open_file(&mut self) -> Option<File> {
        self.rewind().ok()?;
        match &self.source {
            Source::Memory { .. } => None,
            Source::File(tracked) => tracked.file.try_clone().ok(),
        }
    }

    /// The whole content in memory, for readers that cannot work on a stream.
    ///
    /// # Errors
    /// `LimitMemory` beyond [`Limits::max_held_bytes`](crate::model::Limits); `Io` where reading
    /// fails.
    pub fn whole(&mut self, budget: &Budget) -> Result<Arc<[u8]>, Problem> {
        if self.len > budget.limits().max_held_bytes {
            return Err(Problem::new(ProblemKind::LimitMemory, Stage::Read).at(self.len));
        }
        if let Source::Memory { bytes, .. } = &self.source {
            return Ok(Arc::clone(bytes.get_ref()));
        }
        self.rewind()?;
        let mut bytes = Vec::with_capacity(usize::try_from(self.len).unwrap_or_default());
        let bound = budget.limits().max_held_bytes;
        copy(&mut (&mut *self).take(bound), &mut bytes)
            .map_err(|()| Problem::new(ProblemKind::Io, Stage::Read))?;
        Ok(bytes.into())
    }

    /// Like [`head`](Self::head), without a copy of what is in memory and short.
    ///
    /// # Errors
    /// `Io` where reading fails.
    pub(super) fn first(&mut self, bound: u64) -> Result<Arc<[u8]>, Problem> {
        if let Source::Memory { bytes, .. } = &mut self.source
            && bytes.get_ref().len() as u64 <= bound
        {
            bytes.set_position(0);
            return Ok(Arc::clone(bytes.get_ref()));
        }
        Ok(self.head(bound)?.into())
    }

    /// All bytes of a short content, which is read with that; `None` where it is not in memory.
    pub(super) fn short(&mut self) -> Option<Arc<[u8]>> {
        match &mut self.source {
            Source::Memory { bytes, .. } if self.len <= READ_AT_ONCE => {
                bytes.set_position(self.len);
                Some(Arc::clone(bytes.get_ref()))
            }
            Source::Memory { .. } | Source::File(_) => None,
        }
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
            Source::Memory { bytes, .. } => bytes.read(buffer),
            Source::File(tracked) => tracked.read(buffer, self.len),
        }
    }
}

impl Seek for Content {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.source {
            Source::Memory { bytes, .. } => bytes.seek(to),
            Source::File(tracked) => tracked.seek(to, self.len),
        }
    }
}

impl Tracked {
    fn read(&mut self, buffer: &mut [u8], len: u64) -> io::Result<usize> {
        let left = usize::try_from(len.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let buffer = buffer.get_mut(..wanted).unwrap_or_default();
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.file.read(buffer)?;
        self.short |= read == 0;
        self.feed_digest(buffer.get(..read).unwrap_or_default());
        self.position += read as u64;
        Ok(read)
    }

    /// Hashes the part of `bytes`, read at the current position, that directly follows what is
    /// hashed already.
    fn feed_digest(&mut self, bytes: &[u8]) {
        let Some(digest) = &mut self.digest else {
            return;
        };
        let Some(known) = self.hashed.checked_sub(self.position) else {
            return;
        };
        let fresh = usize::try_from(known)
            .ok()
            .and_then(|known| bytes.get(known..))
            .unwrap_or_default();
        digest.update(fresh);
        self.hashed += fresh.len() as u64;
    }

    fn seek(&mut self, to: SeekFrom, len: u64) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(target) => Some(target),
            SeekFrom::End(offset) => len.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        let target = target.ok_or(io::ErrorKind::InvalidInput)?;
        if target != self.position {
            self.position = self.file.seek(SeekFrom::Start(target))?;
        }
        Ok(self.position)
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

    fn file_of(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        file
    }

    #[test]
    fn the_digest_is_the_same_however_the_file_was_read() {
        let budget = Budget::new(Limits::default(), Cancel::default(), 100);
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let expected: [u8; 32] = blake3::hash(&bytes).into();
        let reads: [&[(u64, u64)]; 4] = [
            &[],
            &[(0, 400_000)],
            &[(0, 1000), (0, 5000), (300_000, 50)],
            &[(10, 20), (0, 15), (5, 100_000)],
        ];
        for ranges in reads {
            let mut content = Content::from_file(file_of(&bytes), bytes.len() as u64);
            content.keep_digest();
            for (start, count) in ranges {
                content.seek(SeekFrom::Start(*start)).unwrap();
                copy(&mut (&mut content).take(*count), &mut io::sink()).unwrap();
            }
            assert_eq!(content.finish_digest(&budget), Some(expected), "{ranges:?}");
        }
    }

    #[test]
    fn a_file_that_grew_is_read_as_it_was_and_one_that_shrank_is_short() {
        let budget = Budget::new(Limits::default(), Cancel::default(), 100);
        let mut grown = Content::from_file(file_of(b"0123456789"), 4);
        assert_eq!(grown.whole(&budget).unwrap().as_ref(), b"0123");
        assert!(!grown.is_short());
        let mut shrunk = Content::from_file(file_of(b"0123456789"), 40);
        shrunk.keep_digest();
        assert_eq!(shrunk.whole(&budget).unwrap().as_ref(), b"0123456789");
        assert!(shrunk.is_short());
        assert_eq!(shrunk.finish_digest(&budget), None);
    }
}
