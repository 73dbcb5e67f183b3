//! Pictures that stand in a text, written in base 64.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Sink;
use crate::model::{Problem, ProblemKind, Stage};

/// With or without padding. Line breaks have to be taken out before.
pub(super) const LETTERS: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What the picture of this number, from 1, is called.
pub(super) fn name(number: u32) -> String {
    format!("picture-{number}")
}

/// Tells a picture as a member: read, or malformed where the letters are none of base 64.
///
/// # Errors
/// What the sink says.
pub(super) fn member(number: u32, letters: &str, sink: &mut dyn Sink) -> Result<(), Problem> {
    let name = name(number);
    if let Ok(bytes) = LETTERS.decode(letters) {
        return sink.member(name.as_bytes(), &mut bytes.as_slice());
    }
    let problem = Problem::new(ProblemKind::Malformed, Stage::Extract);
    sink.unread_member(name.as_bytes(), problem);
    Ok(())
}
