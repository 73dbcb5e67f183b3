//! Compound files, [MS-CFB]: the container of Office documents before 2007 and of Outlook messages.
//!
//! Opening, bounded reading of streams, and the summary properties that all of them share. What the
//! streams mean is the formats' affair.

use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use cfb::CompoundFile;
use encoding_rs::Encoding;
use file_format::FileFormat;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::{Content, Head, Sink, difat, flow};
use crate::model::{Budget, DateInterval, DateSource, Fact, Problem, ProblemKind, Stage};

/// An open compound file.
pub(super) type Compound = CompoundFile<Cursor<Arc<[u8]>>>;

/// The streams of summary properties, [MS-OLEPS] 2.4.
const SUMMARIES: &[&str] = &["\u{5}SummaryInformation", "\u{5}DocumentSummaryInformation"];
/// Properties of either summary that stand in one table, as does the code page: [MS-OLEPS] 2.18.2.
const CODE_PAGE: u32 = 1;
const PROGRAM: u32 = 18;
const CREATED: u32 = 12;
const SAVED: u32 = 13;

/// Whether it is a compound file that does not name its kind, or none that is read or known.
pub(super) fn is_unnamed(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
        && !matches!(
            head.signature,
            FileFormat::MicrosoftWordDocument
                | FileFormat::MicrosoftPowerpointPresentation
                | FileFormat::MicrosoftExcelSpreadsheet
                | FileFormat::MicrosoftVisioDrawing
                | FileFormat::MicrosoftProjectPlan
                | FileFormat::MicrosoftPublisherDocument
                | FileFormat::MicrosoftSoftwareInstaller
        )
}

/// Whether the first bytes list a stream or storage of this name.
pub(super) fn lists(head: &Head<'_>, name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(head.bytes, &name).is_some()
}

/// Opens the file.
///
/// # Errors
/// `Malformed` where it is none, and what [`Content::whole`] says.
pub(super) fn open(content: &mut Content, budget: &Budget) -> Result<Compound, Problem> {
    let bytes = content.whole(budget)?;
    CompoundFile::open(Cursor::new(Arc::clone(&bytes))).or_else(|_| {
        let mended = difat::shortened(&bytes).ok_or_else(malformed)?;
        CompoundFile::open(Cursor::new(mended.into())).map_err(|_| malformed())
    })
}

/// The bytes of a stream, with the problem that ended it too soon, if one did. Streams may share
/// sectors, so each byte is charged.
///
/// # Errors
/// `Malformed` where there is no such stream, and limits.
pub(super) fn stream(
    file: &mut Compound,
    path: impl AsRef<Path>,
    budget: &Budget,
) -> Result<(Vec<u8>, Option<Problem>), Problem> {
    let stream = file.open_stream(path).map_err(|_| malformed())?;
    let bound = budget.limits().max_held_bytes;
    let mut metered = budget.meter(stream);
    let mut bytes = Vec::new();
    let copied = io::copy(&mut (&mut metered).take(bound), &mut bytes);
    match (copied, metered.problem()) {
        (_, Some(limit)) => Err(limit),
        (Ok(_), None) => Ok((bytes, None)),
        (Err(_), None) => Ok((bytes, Some(malformed()))),
    }
}

/// The bytes of a stream; where it ends too soon, the object is incomplete.
///
/// # Errors
/// `Malformed` where there is no such stream, and limits.
pub(super) fn stream_or_tell(
    file: &mut Compound,
    path: impl AsRef<Path>,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<Vec<u8>, Problem> {
    let (bytes, problem) = stream(file, path, budget)?;
    if let Some(problem) = problem {
        sink.incomplete(problem);
    }
    Ok(bytes)
}

pub(super) fn malformed() -> Problem {
    Problem::new(ProblemKind::Malformed, Stage::Extract)
}

/// Tells what the document says of itself: texts such as title and author, and its dates.
///
/// # Errors
/// Limits only: a summary that cannot be read makes the object incomplete.
pub(super) fn summaries(
    file: &mut Compound,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    for name in SUMMARIES {
        if !file.is_stream(name) {
            continue;
        }
        match stream(file, name, budget) {
            Ok((bytes, problem)) => {
                if summary(&bytes, sink).is_none() || problem.is_some() {
                    sink.incomplete(malformed());
                }
            }
            Err(problem) if problem.kind == ProblemKind::Malformed => sink.incomplete(problem),
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

/// Reads one property set; `None` where its header or table is cut off.
fn summary(bytes: &[u8], sink: &mut dyn Sink) -> Option<()> {
    let sections = u32_at(bytes, 24)?.min(2);
    let mut text = String::new();
    for section in 0..sections as usize {
        let start = usize::try_from(u32_at(bytes, 28 + section * 20 + 16)?).ok()?;
        let set = bytes.get(start..)?;
        let count = usize::try_from(u32_at(set, 4)?).ok()?.min(set.len() / 8);
        let property = |at: usize| {
            let id = u32_at(set, 8 + at * 8)?;
            let offset = usize::try_from(u32_at(set, 12 + at * 8)?).ok()?;
            Some((id, set.get(offset..)?))
        };
        let page = (0..count)
            .filter_map(property)
            .find(|(id, _)| *id == CODE_PAGE)
            .and_then(|(_, value)| Some(u32::from(u16_at(value, 4)?)));
        // The numbers of a second section are its own.
        let of_person = |(id, _): &(u32, &[u8])| section > 0 || *id != PROGRAM;
        for (id, value) in (0..count).filter_map(property).filter(of_person) {
            summary_value(id, value, page.unwrap_or(1252), &mut text, sink);
        }
    }
    flow::part("summary", &text, sink);
    Some(())
}

/// One typed value, [MS-OLEPS] 2.15: strings onto `text`, the two dates to the sink.
fn summary_value(id: u32, value: &[u8], page: u32, text: &mut String, sink: &mut dyn Sink) {
    const STRING: u32 = 0x1E;
    const WIDE_STRING: u32 = 0x1F;
    const FILETIME: u32 = 0x40;
    let sized = |width: usize| {
        let length = usize::try_from(u32_at(value, 4)?).ok()?;
        value.get(8..8_usize.saturating_add(length.saturating_mul(width)))
    };
    let string = match u32_at(value, 0) {
        Some(STRING) => sized(1).map(|bytes| decode(bytes, page)),
        Some(WIDE_STRING) => sized(2).map(utf16),
        Some(FILETIME) => {
            let source = match id {
                CREATED => DateSource::EmbeddedCreated,
                SAVED => DateSource::EmbeddedModified,
                _ => return,
            };
            if let Some(ticks) = u64_at(value, 4) {
                tell_date(ticks, source, sink);
            }
            return;
        }
        _ => return,
    };
    let string = string.unwrap_or_default();
    let shown = string.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    if !shown.is_empty() {
        text.push_str(shown);
        text.push('\n');
    }
}

/// Tells the day of a FILETIME: ticks of 100 ns since the year 1601, UTC.
pub(super) fn tell_date(ticks: u64, source: DateSource, sink: &mut dyn Sink) {
    if let Some(day) = day_of(ticks) {
        sink.fact(Fact::Date {
            source,
            interval: DateInterval::day(day),
        });
    }
}

fn day_of(ticks: u64) -> Option<Date> {
    const TICKS_PER_DAY: u64 = 24 * 60 * 60 * 10_000_000;
    /// Before this year there were no such files: what says so is a place-holder.
    const FIRST_YEAR: i16 = 1980;
    let days = i64::try_from(ticks / TICKS_PER_DAY).ok()?;
    let span = 0.days().try_days(days).ok()?;
    let day = date(1601, 1, 1).checked_add(span).ok()?;
    (day.year() >= FIRST_YEAR).then_some(day)
}

/// Bytes in a Windows code page as text; an unknown page is taken for Windows-1252.
pub(super) fn decode(bytes: &[u8], page: u32) -> String {
    if page == 1200 {
        return utf16(bytes);
    }
    let encoding = encoding_of(page).unwrap_or(encoding_rs::WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The encoding of a code page number, as far as the web knows it.
pub(super) fn encoding_of(page: u32) -> Option<&'static Encoding> {
    Some(match page {
        65001 => encoding_rs::UTF_8,
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 | 51949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        10000 => encoding_rs::MACINTOSH,
        20866 => encoding_rs::KOI8_R,
        21866 => encoding_rs::KOI8_U,
        50220..=50222 => encoding_rs::ISO_2022_JP,
        51932 => encoding_rs::EUC_JP,
        54936 => encoding_rs::GB18030,
        28591..=28605 => {
            return Encoding::for_label(format!("iso-8859-{}", page - 28590).as_bytes());
        }
        _ => return Encoding::for_label(format!("windows-{page}").as_bytes()),
    })
}

/// UTF-16, little-endian; an odd last byte is dropped.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks_exact(2)
        .map(|pair| u16_at(pair, 0).unwrap_or_default());
    char::decode_utf16(units)
        .map(|own| own.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let own = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_le_bytes(*own))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let own = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*own))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let own = bytes.get(at..)?.first_chunk::<8>()?;
    Some(u64::from_le_bytes(*own))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Write;

    /// A compound file of these streams; folders are made on the way.
    pub(crate) fn compound_of(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (path, bytes) in streams {
            if let Some((folder, _)) = path.rsplit_once('/') {
                file.create_storage_all(format!("/{folder}")).unwrap();
            }
            let mut stream = file.create_stream(path).unwrap();
            stream.write_all(bytes).unwrap();
        }
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    /// A property set of one section with these typed values.
    pub(crate) fn summary_of(values: &[(u32, &[u8])]) -> Vec<u8> {
        let mut set = vec![0; 28 + 16];
        set[24] = 1;
        set.extend(48_u32.to_le_bytes());
        let mut table = Vec::new();
        let mut data = Vec::new();
        for (id, value) in values {
            let offset = 8 + values.len() * 8 + data.len();
            table.extend(id.to_le_bytes());
            table.extend(u32::try_from(offset).unwrap().to_le_bytes());
            data.extend_from_slice(value);
        }
        set.extend([0; 4]);
        set.extend(u32::try_from(values.len()).unwrap().to_le_bytes());
        set.extend(table);
        set.extend(data);
        set
    }

    /// FILETIME of the day 2024-05-17.
    pub(crate) const DAY: u64 = 133_603_776_000_000_000;

    #[test]
    fn days_are_counted_from_1601_and_place_holders_left_out() {
        assert_eq!(day_of(DAY), Some(date(2024, 5, 17)));
        assert_eq!(day_of(DAY - 1), Some(date(2024, 5, 16)));
        assert_eq!(day_of(0), None);
        assert_eq!(day_of(u64::MAX), None);
    }

    #[test]
    fn code_pages_are_known_by_number() {
        assert_eq!(decode(b"\xE5", 1252), "å");
        assert_eq!(decode(b"\xCF\xF0", 1251), "Пр");
        assert_eq!(decode("æ".as_bytes(), 65001), "æ");
        assert_eq!(decode(b"\xF8", 28591), "ø");
        assert_eq!(decode(b"\xF8", 4_000_000), "ø");
        assert_eq!(decode(b"\xE5\0", 1200), "å");
    }
}
