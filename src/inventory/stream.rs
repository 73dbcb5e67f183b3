//! Two tables read side by side, in the order of the objects' numbers.

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator as _;
use rusqlite::{Row, Rows, Statement};

/// Rows in the order of their first column, a number, taken as far as that goes.
pub(super) struct Stream<'s> {
    rows: Rows<'s>,
    /// The number of the row at hand; `None` at the end.
    at: Option<i64>,
    /// Whether the row at hand was taken.
    taken: bool,
}

impl<'s> Stream<'s> {
    /// The rows of a statement without parameters.
    pub(super) fn new(statement: &'s mut Statement<'_>) -> rusqlite::Result<Self> {
        let mut stream = Self {
            rows: statement.query([])?,
            at: Some(i64::MIN),
            taken: true,
        };
        stream.advance()?;
        Ok(stream)
    }

    fn advance(&mut self) -> rusqlite::Result<()> {
        self.at = match self.rows.next()? {
            Some(row) => Some(row.get(0)?),
            None => None,
        };
        self.taken = false;
        Ok(())
    }

    /// The next row of `number`, where there is one more. Rows of smaller numbers are passed over.
    pub(super) fn of(&mut self, number: i64) -> rusqlite::Result<Option<&Row<'s>>> {
        while self
            .at
            .is_some_and(|at| at < number || (at == number && self.taken))
        {
            self.advance()?;
        }
        if self.at != Some(number) {
            return Ok(None);
        }
        self.taken = true;
        Ok(self.rows.get())
    }
}
