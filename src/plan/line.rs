//! One line of a plan: an object, why it is due, and what people decided about it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{Masked, Place};
use crate::policy::{DocumentDay, Ground, Verdict};
use crate::round::Matched;

/// How a line can be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A file that can be moved as a whole.
    File,
    /// Something that cannot go by moving a file; a person does it, see [`Line::task`].
    Manual,
    /// It may be about a person of the round: listed for a person to look at, never carried out.
    Possible,
}

/// What was decided about a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing yet.
    #[default]
    Open,
    /// It shall go.
    Approved,
    /// It stays, for a reason and until a day.
    Exempted,
    /// It is left as it is for now.
    Left,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// 16 hexadecimal digits of path and content: the same in every plan while both stay.
    pub id: String,
    /// How it can be carried out.
    pub kind: Kind,
    /// The whole path of the object, `LABEL:rel/path!/member`.
    pub object: String,
    /// The file it lies in, for a member of a container.
    pub container: Option<String>,
    /// Members that deleting the file deletes too, and what the rules say of each.
    pub also: Vec<Also>,
    /// BLAKE3 digest of the content, hexadecimal; none where it was not read whole.
    pub content: Option<String>,
    /// Size in bytes.
    pub bytes: u64,
    /// Modification time, nanoseconds since 1970; none for members.
    pub modified_ns: Option<i64>,
    /// Kind of document.
    pub class: String,
    /// What the rules say of it.
    pub verdict: Verdict,
    /// The day it is due.
    pub due: Option<Date>,
    /// The rules that decide.
    pub rules: Vec<Statement>,
    /// What the day was counted from.
    pub grounds: Vec<Ground>,
    /// When the document is from, and how that is known.
    pub document: Option<DocumentDay>,
    /// Why now, step by step.
    pub why: Vec<String>,
    /// Who looks after the place, as the site file says it.
    pub owner: Option<String>,
    /// Ids of the persons it is about, as far as path or applicant list tell.
    pub subjects: Vec<String>,
    /// How many persons seem to occur in it: the most different values of one kind that names a
    /// person.
    pub persons: u64,
    /// What was found, masked.
    pub found: Vec<Found>,
    /// How it was tied to a person of the round, where the place does not tell.
    pub matched: Option<Matched>,
    /// What a person has to do, where moving a file does not do it.
    pub task: Option<Task>,
    /// What was decided.
    #[serde(default)]
    pub state: State,
    /// Why it is exempted.
    #[serde(default)]
    pub reason: Option<String>,
    /// Until when it is exempted.
    #[serde(default)]
    pub until: Option<Date>,
    /// Who approved or exempted it.
    #[serde(default)]
    pub by: Option<Approval>,
    /// Who approved it as the second one.
    #[serde(default)]
    pub second: Option<Approval>,
}

/// A person's yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who, in the person's own words.
    pub name: String,
    /// The account of the operating system that wrote it; none where it was written by hand.
    #[serde(default)]
    pub account: Option<String>,
    /// The day.
    #[serde(default)]
    pub on: Option<Date>,
    /// Who signed it, as the allowed signers name them; see [`super::Signature`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
}

/// A member that goes with the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    /// Its whole path.
    pub object: String,
    /// What the rules say of it; none where it was not read.
    pub verdict: Option<Verdict>,
    /// Whether something personal was found in it.
    pub personal: bool,
}

/// A rule with the statement that it cites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Id of the rule.
    pub rule: String,
    /// What it says, in the plan's language.
    pub title: String,
    /// Section of the policy.
    pub section: Option<String>,
    /// Address of the statement.
    pub statement: Option<String>,
    /// First 16 hexadecimal digits of the statement's SHA-256.
    pub digest: Option<String>,
    /// The norm it rests on.
    pub norm: Option<String>,
}

/// What was found of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// `id` or `id:kind`.
    pub what: String,
    /// Hits.
    pub count: u64,
    /// The first one, masked.
    pub sample: Option<String>,
}

impl Found {
    /// The first sample's mask as text.
    pub(super) fn mask(masked: &Masked) -> String {
        masked.as_str().to_owned()
    }
}

/// What a person has to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Why the file cannot simply go.
    pub why: String,
    /// The file to open.
    pub file: String,
    /// What lies in it: the message, the member, the part.
    pub member: Option<String>,
    /// The date of the message.
    pub date: Option<Date>,
    /// The `Message-ID` of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Only passages of it are to go, not all of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passages: bool,
    /// Where the persons stand who have to go, by their ids: all places, as the file was read again
    /// when the plan was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<PersonPlace>,
    /// Cells, rows or pages of the first things that were found.
    pub places: Vec<Place>,
}

/// A place where something of a person stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonPlace {
    /// Id of the person.
    pub subject: String,
    /// The cell, row or line.
    pub place: Place,
}

/// The id of a line: 16 hexadecimal digits over path and content.
#[must_use]
pub fn line_id(object: &str, content: Option<&[u8; 32]>) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("sporhund plan line 1");
    hasher.update(object.as_bytes());
    hasher.update(&[0]);
    hasher.update(content.map_or(&[][..], |digest| &digest[..]));
    let hex = hasher.finalize().to_hex();
    hex.chars().take(16).collect()
}
