//! Medical pictures (DICOM, PS3.5 and PS3.10): what is written beside the picture of the patient, the referrer
//! and the examination. The picture itself is not read.

use super::super::compound::{u16_at, u32_at};
use super::super::decode::decode_all;
use super::super::records::Records;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Dicom = Dicom;

/// Reads them.
pub(crate) struct Dicom;

static INFO: FormatInfo = FormatInfo {
    id: "dicom",
    title: "medical picture (DICOM)",
    extensions: &["dcm", "dicom"],
    version: 1,
    isolated: false,
    reads: "what is written of the patient, the referrer and the examination; not the picture, which is told, and \
        nothing of files in big-endian or deflated form",
};

/// Where the signature stands.
const PREAMBLE_BYTES: usize = 128;
const SIGNATURE: &[u8] = b"DICM";
/// The group that says how the rest is written, and the element that does.
const META: u16 = 2;
const SYNTAX: (u16, u16) = (2, 0x10);
/// Ways of writing that are other than explicit in little-endian.
const IMPLICIT: &str = "1.2.840.10008.1.2";
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
/// The picture, and what begins items of a sequence.
const PIXELS: (u16, u16) = (0x7FE0, 0x10);
const ITEMS: u16 = 0xFFFE;
/// The length of what ends with a mark.
const UNDEFINED: u32 = u32::MAX;
/// Kinds of values that are text, and those whose length has four bytes.
const TEXTS: &[&[u8]] = &[
    b"AE", b"AS", b"CS", b"DA", b"DS", b"DT", b"IS", b"LO", b"LT", b"PN", b"SH", b"ST", b"TM", b"UC", b"UR", b"UT",
];
const LONG: &[&[u8]] = &[
    b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV",
];
/// Names of elements, PS3.6; others are told by their numbers.
const NAMES: &[((u16, u16), &str)] = &[
    ((0x08, 0x80), "InstitutionName"),
    ((0x08, 0x81), "InstitutionAddress"),
    ((0x08, 0x90), "ReferringPhysicianName"),
    ((0x08, 0x94), "ReferringPhysicianTelephone"),
    ((0x08, 0x1030), "StudyDescription"),
    ((0x08, 0x1050), "PerformingPhysicianName"),
    ((0x08, 0x1060), "ReadingPhysicianName"),
    ((0x08, 0x1070), "OperatorsName"),
    ((0x10, 0x10), "PatientName"),
    ((0x10, 0x20), "PatientID"),
    ((0x10, 0x30), "PatientBirthDate"),
    ((0x10, 0x40), "PatientSex"),
    ((0x10, 0x1000), "OtherPatientIDs"),
    ((0x10, 0x1001), "OtherPatientNames"),
    ((0x10, 0x1005), "PatientBirthName"),
    ((0x10, 0x1040), "PatientAddress"),
    ((0x10, 0x1060), "PatientMotherBirthName"),
    ((0x10, 0x2154), "PatientTelephone"),
    ((0x10, 0x21B0), "PatientHistory"),
    ((0x10, 0x4000), "PatientComments"),
];

impl Format for Dicom {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.bytes.get(PREAMBLE_BYTES..).is_some_and(|own| own.starts_with(SIGNATURE)) {
            Match::Sure
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let bytes = content.whole(budget)?;
        let mut elements = Elements {
            rest: bytes.get(PREAMBLE_BYTES + SIGNATURE.len()..).unwrap_or_default(),
            syntax: String::new(),
        };
        let mut records = Records::new();
        records.begin();
        let mut result = Ok(());
        while !elements.rest.is_empty() {
            budget.check()?;
            let element = match elements.next() {
                Ok(element) => element,
                Err(problem) => {
                    result = Err(problem);
                    break;
                }
            };
            if element.tag == PIXELS {
                result = Err(Problem::new(ProblemKind::ImageWithoutText, Stage::Extract));
                break;
            }
            if element.is_text {
                let text = decode_all(element.value).replace('^', ", ");
                let text = text.trim_matches(|own: char| own.is_whitespace() || own == '\0' || own == ',');
                records.text(&name_of(element.tag), text, sink);
            }
        }
        records.end(budget, sink)?;
        records.finish(sink);
        result
    }
}

fn name_of(tag: (u16, u16)) -> String {
    let known = NAMES.iter().find(|(own, _)| *own == tag);
    known.map_or_else(|| format!("{:04X},{:04X}", tag.0, tag.1), |(_, name)| (*name).to_owned())
}

struct Element<'b> {
    tag: (u16, u16),
    is_text: bool,
    value: &'b [u8],
}

/// The elements one after the other; those inside of sequences follow their sequence.
struct Elements<'b> {
    rest: &'b [u8],
    /// How elements after the first group are written.
    syntax: String,
}

impl<'b> Elements<'b> {
    fn next(&mut self) -> Result<Element<'b>, Problem> {
        let malformed = Problem::new(ProblemKind::Malformed, Stage::Extract);
        let (group, number) = u16_at(self.rest, 0).zip(u16_at(self.rest, 2)).ok_or(malformed)?;
        let tag = (group, number);
        if group != META && [BIG_ENDIAN, DEFLATED].contains(&self.syntax.as_str()) {
            return Err(Problem::new(ProblemKind::Unsupported, Stage::Extract));
        }
        let implicit = group == ITEMS || (group != META && self.syntax == IMPLICIT);
        let kind = self.rest.get(4..6).ok_or(malformed)?;
        let (from, length) = if implicit {
            (8, u32_at(self.rest, 4))
        } else if LONG.contains(&kind) {
            (12, u32_at(self.rest, 8))
        } else {
            (8, u16_at(self.rest, 6).map(u32::from))
        };
        let length = length.ok_or(malformed)?;
        let sequence = group == ITEMS || length == UNDEFINED || (!implicit && kind == b"SQ");
        let length = if sequence { 0 } else { usize::try_from(length).map_err(|_| malformed)? };
        if tag == PIXELS {
            self.rest = &[];
            return Ok(Element { tag, is_text: false, value: &[] });
        }
        let after = self.rest.get(from..).ok_or(malformed)?;
        let (value, rest) = after.split_at_checked(length).ok_or(malformed)?;
        self.rest = rest;
        // Without kinds, the elements that have names are text.
        let is_text = if implicit { NAMES.iter().any(|(own, _)| *own == tag) } else { TEXTS.contains(&kind) };
        if tag == SYNTAX {
            decode_all(value).trim_matches(['\0', ' ']).clone_into(&mut self.syntax);
        }
        Ok(Element { tag, is_text, value })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};

    fn explicit(group: u16, number: u16, kind: &[u8], value: &[u8]) -> Vec<u8> {
        let length = u16::try_from(value.len()).unwrap().to_le_bytes();
        [&group.to_le_bytes(), &number.to_le_bytes(), kind, &length, value].concat()
    }

    fn implicit(group: u16, number: u16, value: &[u8]) -> Vec<u8> {
        let length = u32::try_from(value.len()).unwrap().to_le_bytes();
        [group.to_le_bytes().as_slice(), &number.to_le_bytes(), &length, value].concat()
    }

    fn file(syntax: &[u8], elements: &[Vec<u8>]) -> Vec<u8> {
        [vec![0; 128], b"DICM".to_vec(), explicit(2, 0x10, b"UI", syntax), elements.concat()].concat()
    }

    #[test]
    fn what_is_written_of_the_patient_is_read() {
        let sequence = [0x08, 0, 0x15, 0x11, b'S', b'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF];
        let pixels = [0xE0, 0x7F, 0x10, 0, b'O', b'W', 0, 0, 2, 0, 0, 0, 1, 2];
        let elements = [
            sequence.to_vec(),
            explicit(0x10, 0x10, b"PN", "Ødegård^Åse^^^".as_bytes()),
            explicit(0x10, 0x20, b"LO", b"15888610046 "),
            explicit(0x28, 0x10, b"US", &[9, 0]),
            explicit(0x32, 0x1060, b"LO", b"Kontroll"),
            pixels.to_vec(),
        ];
        let seen = read_one("a.dcm", &file(b"1.2.840.10008.1.2.1\0", &elements));
        assert_eq!((seen.format, seen.ending().as_str()), (Some("dicom"), "partial image-without-text"));
        assert_eq!((seen.cell("PatientName", 1), seen.cell("PatientID", 1)), (Some("Ødegård, Åse"), Some("15888610046")));
        assert_eq!((seen.cell("0032,1060", 1), seen.cells.len()), (Some("Kontroll"), 3));
        let elements = [implicit(0x10, 0x20, b"15888610046"), implicit(0x28, 0x10, &[9, 0])];
        let seen = read_one("a.dcm", &file(b"1.2.840.10008.1.2\0", &elements));
        assert_eq!((seen.cell("PatientID", 1), seen.ending().as_str()), (Some("15888610046"), "scanned"));
        let seen = read_one("a.dcm", &file(b"1.2.840.10008.1.2.2\0", &elements));
        assert_eq!(seen.ending(), "skipped unsupported");
        let whole = file(b"1.2.840.10008.1.2\0", &elements);
        for length in 133..whole.len() {
            assert!(!read("a.dcm", &whole[..length])[0].ending().contains("panic"), "{length}");
        }
        assert_eq!(read_one("a.dcm", &whole[..whole.len() - 1]).ending(), "partial malformed");
    }
}
