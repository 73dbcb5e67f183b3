//! Pictures that may show text: what a format hands on of them, and what is read of them.

use serde::{Deserialize, Serialize};

use crate::model::{Budget, Problem};

/// Which pictures are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pictures {
    /// None: they are told as unread.
    #[default]
    None,
    /// Pictures, and pages that have no text or hardly any beside a picture.
    Textless,
    /// All pictures and all pages with pictures, whether or not they have text as well.
    All,
}

/// A picture or a scanned page.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// The bytes of its file, in any format that the [`PictureReader`] knows.
    pub bytes: &'a [u8],
    /// The page of the document, from 1; for a picture of its own the pages are those of its file.
    pub page: Option<u32>,
    /// Text of it that was told already and is not told again.
    pub known: &'a str,
}

/// What was read of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureText {
    /// The text of each page, in order.
    pub pages: Vec<String>,
    /// How sure the reader is of its words, from 0 to 100; `None` where there is no word.
    pub certainty: Option<u8>,
}

/// Reads the text of pictures.
pub trait PictureReader: Send + Sync {
    /// Which pictures it is to be given.
    fn wanted(&self) -> Pictures;

    /// Reads one picture, under [`Limits::picture_time`](crate::model::Limits) and the like.
    ///
    /// # Errors
    /// `ImageWithoutText` where the kind of picture is not known, `Timeout`, `Crashed`, `Cancelled`.
    fn read(&self, bytes: &[u8], budget: &Budget) -> Result<PictureText, Problem>;
}
