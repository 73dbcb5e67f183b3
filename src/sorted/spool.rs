//! Runs of numbers in a temporary file: written one behind another, then read from any of their places.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::{Mutex, PoisonError};

/// Numbers that are written or read at once.
const AT_ONCE: usize = 1024;

/// Bytes of a number.
const WIDTH: usize = size_of::<u64>();

/// Sorted numbers in a [`Spool`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// How many numbers lie before it.
    pub(super) from: u64,
    /// How many it has.
    pub(super) values: u64,
}

/// The file. It has no name, and is gone with the last who uses it.
#[derive(Debug)]
pub(super) struct Spool {
    file: Mutex<File>,
    values: u64,
}

impl Spool {
    pub(super) fn new(file: File) -> Self {
        let file = Mutex::new(file);
        Self { file, values: 0 }
    }

    /// Writes a run down.
    pub(super) fn add(&mut self, values: &[u64]) -> io::Result<Run> {
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        for some in values.chunks(AT_ONCE) {
            let bytes: Vec<u8> = some.iter().flat_map(|value| value.to_le_bytes()).collect();
            file.write_all(&bytes)?;
        }
        let run = Run {
            from: self.values,
            values: values.len() as u64,
        };
        self.values += run.values;
        Ok(run)
    }

    fn read(&self, from: u64, bytes: &mut [u8]) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(from * WIDTH as u64))?;
        file.read_exact(bytes)
    }
}

/// The numbers of a run, some at a time.
#[derive(Debug)]
pub(super) struct Cursor {
    left: Run,
    /// Those that were read, the next one last.
    near: Vec<u64>,
}

impl Cursor {
    pub(super) fn of(run: Run) -> Self {
        let near = Vec::new();
        Self { left: run, near }
    }

    /// Adds the numbers that are `last` at most to `values`.
    pub(super) fn take(
        &mut self,
        last: u64,
        spool: &Spool,
        values: &mut Vec<u64>,
    ) -> io::Result<()> {
        loop {
            while let Some(value) = self.near.pop_if(|value| *value <= last) {
                values.push(value);
            }
            if !self.near.is_empty() || self.left.values == 0 {
                return Ok(());
            }
            let next = usize::try_from(self.left.values).map_or(AT_ONCE, |left| left.min(AT_ONCE));
            let mut bytes = vec![[0; WIDTH]; next];
            spool.read(self.left.from, bytes.as_flattened_mut())?;
            let read = bytes.iter().rev();
            self.near
                .extend(read.map(|bytes| u64::from_le_bytes(*bytes)));
            self.left.from += next as u64;
            self.left.values -= next as u64;
        }
    }
}
