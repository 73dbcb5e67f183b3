//! Where in an object something stands, in the words of the object's own format.

use serde::{Deserialize, Serialize};

/// A place that a person can go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// Running text: byte offset into the text that was read (0-based) and line (1-based).
    Text {
        /// Offset in bytes, from 0.
        byte: u64,
        /// Line, from 1.
        line: u64,
    },
    /// A spreadsheet: sheet name and cell in A1 notation.
    Sheet {
        /// Name of the sheet.
        sheet: Box<str>,
        /// Cell, such as `B17`.
        cell: Box<str>,
    },
    /// A table: column name or key path, and row (1-based, header not counted).
    Column {
        /// Header, key path, or `table.column`.
        column: Box<str>,
        /// Row or record, from 1.
        row: u64,
    },
    /// A page, from 1.
    Page {
        /// Page number, from 1.
        page: u32,
    },
    /// A named part of a document, such as `word/comments.xml`.
    Part {
        /// The part's name.
        part: Box<str>,
    },
}

impl Place {
    /// The part that is the name of the object itself.
    pub const FILE_NAME: &str = "file name";
    /// The part that is the name of a folder which the object lies in.
    pub const FOLDER_NAME: &str = "folder name";
}
