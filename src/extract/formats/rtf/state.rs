//! Where text of an RTF document goes: what the groups are for, and how their bytes are read.

use super::charsets::CodePage;

/// What is done with the text of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the document's running text.
    Body,
    /// It stands beside the running text: notes, comments, links, fields of forms.
    Aside,
    /// It describes the document: author, title, names of reviewers.
    Description,
    /// The list of fonts, which tells their character sets.
    Fonts,
    /// Bytes of a picture.
    Picture,
    /// Bytes of an embedded file.
    Embedded,
    /// It is for programs.
    Nothing,
}

/// What a group inherits and gives back at its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) place: Place,
    /// How bytes are read here.
    pub(super) page: CodePage,
    /// How many characters that stand for older programs follow each `\u`.
    pub(super) stand_ins: u32,
    /// Which date of the description is being told.
    pub(super) date: Option<Dated>,
}

/// A date of the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dated {
    Created,
    Revised,
    /// Printed or saved as a copy: not told.
    Other,
}

/// Destinations that hold nothing people wrote.
const NOTHING: &[&str] = &[
    "colortbl", "stylesheet", "filetbl", "nonshppict", "pntxtb", "pntxta", "sn", "sv", "fontemb",
    "fontfile", "panose", "falt", "ftncn", "objclass", "objname", "template", "bkmkstart", "bkmkend",
    "atrfstart", "atrfend", "listtext", "pnseclvl", "xe", "tc", "rxe",
];
/// Destinations that a program may pass over, by `\*`, and that hold text for people all the same.
const ASIDE: &[&str] = &[
    "annotation", "footnote", "fldinst", "ffdeftext", "ffhelptext", "ffstattext", "ffl", "datafield",
    "docvar", "txfieldtext", "mailmerge",
];
/// Parts of the description.
const DESCRIPTION: &[&str] = &[
    "info", "title", "subject", "author", "manager", "company", "operator", "category", "keywords",
    "comment", "doccomm", "hlinkbase", "userprops", "propname", "staticval", "linkval", "revtbl",
    "atnauthor", "atnid", "ud", "upr",
];
/// Groups around text that belongs to where they stand.
const TRANSPARENT: &[&str] = &["shppict", "shpinst", "shptxt", "do", "dptxbxtext", "formfield", "background"];

/// Where the text of a group goes that begins with this word; `None` where the word is no
/// destination that is known. A group marked `\*` is for programs unless it is known.
pub(super) fn place_of(word: &str, marked: bool, now: Place) -> Option<Place> {
    if now == Place::Nothing {
        return None;
    }
    Some(match word {
        "fonttbl" => Place::Fonts,
        "pict" => Place::Picture,
        "objdata" => Place::Embedded,
        word if NOTHING.contains(&word) => Place::Nothing,
        word if ASIDE.contains(&word) => Place::Aside,
        word if DESCRIPTION.contains(&word) => Place::Description,
        word if TRANSPARENT.contains(&word) => return None,
        _ if marked => Place::Nothing,
        _ => return None,
    })
}

/// Which date of the description the word begins.
pub(super) fn date_of(word: &str) -> Option<Dated> {
    match word {
        "creatim" => Some(Dated::Created),
        "revtim" => Some(Dated::Revised),
        "printim" | "buptim" => Some(Dated::Other),
        _ => None,
    }
}

/// What a control word puts into the text.
pub(super) fn text_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "par" | "line" | "row" | "nestrow" | "sect" | "page" | "column" | "softline" => "\n",
        "tab" | "cell" | "nestcell" => "\t",
        "emspace" | "enspace" | "qmspace" => " ",
        "emdash" => "\u{2014}",
        "endash" => "\u{2013}",
        "lquote" => "\u{2018}",
        "rquote" => "\u{2019}",
        "ldblquote" => "\u{201C}",
        "rdblquote" => "\u{201D}",
        "bullet" => "\u{2022}",
        _ => return None,
    })
}
