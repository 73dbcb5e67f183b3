//! The two layouts of Outlook data files, of which the library has a type each.

use std::io;
use std::rc::Rc;

use outlook_pst::messaging::attachment::{AnsiAttachment, Attachment, UnicodeAttachment};
use outlook_pst::messaging::message::{AnsiMessage, Message, UnicodeMessage};
use outlook_pst::messaging::store::{AnsiStore, EntryId, Store, UnicodeStore};
use outlook_pst::ndb::node_id::NodeId;
use outlook_pst::{AnsiPstFile, UnicodePstFile};

use super::super::super::Content;
use super::malformed;
use crate::model::{Budget, Problem};

/// An open file: with Unicode and 64 bits since Outlook 2003, before that neither.
pub(super) enum Open {
    Unicode(Rc<UnicodeStore>),
    Ansi(Rc<AnsiStore>),
}

/// A message with what its type knows.
pub(super) enum Opened {
    Unicode(Rc<UnicodeMessage>),
    Ansi(Rc<AnsiMessage>),
}

impl Open {
    /// # Errors
    /// `Malformed` where it is neither.
    pub(super) fn new(content: &mut Content, budget: &Budget) -> Result<Self, Problem> {
        if let Ok(file) = UnicodePstFile::read_from(Box::new(content.seekable(budget)?)) {
            let store = UnicodeStore::read(Rc::new(file));
            return store.map(Self::Unicode).map_err(|_| malformed());
        }
        let file = AnsiPstFile::read_from(Box::new(content.seekable(budget)?));
        let store = file.and_then(|file| AnsiStore::read(Rc::new(file)));
        store.map(Self::Ansi).map_err(|_| malformed())
    }

    pub(super) fn store(&self) -> Rc<dyn Store> {
        match self {
            Self::Unicode(store) => Rc::clone(store) as _,
            Self::Ansi(store) => Rc::clone(store) as _,
        }
    }

    pub(super) fn message(&self, entry: &EntryId) -> io::Result<Opened> {
        match self {
            Self::Unicode(store) => {
                UnicodeMessage::read(Rc::clone(store), entry, None).map(Opened::Unicode)
            }
            Self::Ansi(store) => AnsiMessage::read(Rc::clone(store), entry, None).map(Opened::Ansi),
        }
    }
}

impl Opened {
    pub(super) fn message(&self) -> Rc<dyn Message> {
        match self {
            Self::Unicode(message) => Rc::clone(message) as _,
            Self::Ansi(message) => Rc::clone(message) as _,
        }
    }

    pub(super) fn attachment(&self, node: u32) -> io::Result<Rc<dyn Attachment>> {
        let node = NodeId::from(node);
        match self {
            Self::Unicode(message) => UnicodeAttachment::read(Rc::clone(message), node, None)
                .map(|attachment| attachment as _),
            Self::Ansi(message) => AnsiAttachment::read(Rc::clone(message), node, None)
                .map(|attachment| attachment as _),
        }
    }
}
