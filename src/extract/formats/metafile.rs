//! Pictures that are recorded calls of Windows' drawing functions (EMF, [MS-EMF]; WMF, [MS-WMF]): the texts
//! that they draw. Diagrams and tables that were pasted into documents are often of this kind.
//!
//! A program may draw a word in several calls: what stands on one line and goes on where the last text ended
//! is one text. A bitmap among the calls may show text, which nobody reads: the picture is partial then.

use super::super::charset::guess_single_byte;
use super::super::compound::{u16_at, u32_at, utf16};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Metafile = Metafile;

/// Reads them.
pub(crate) struct Metafile;

static INFO: FormatInfo = FormatInfo {
    id: "metafile",
    title: "picture of drawing calls (EMF, WMF)",
    extensions: &["emf", "wmf"],
    version: 1,
    isolated: false,
    reads: "texts that are drawn as text; not bitmaps in it, which is told",
};

/// The first record of an EMF, and what stands in it at byte 40.
const EMF_HEADER: &[u8] = b"\x01\0\0\0";
const EMF_SIGNATURE: &[u8] = b" EMF";
/// What programs put before a WMF, and how many bytes of it.
const PLACEABLE: &[u8] = b"\xD7\xCD\xC6\x9A";
const PLACEABLE_BYTES: usize = 22;
const WMF_HEADER_BYTES: usize = 18;
/// The options of a text: its characters are numbers of glyphs; it has no bounds; its characters are bytes.
const GLYPHS: u32 = 0x10;
const NO_BOUNDS: u32 = 0x100;
const SMALL: u32 = 0x200;

impl Format for Metafile {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if is_emf(head.bytes) || wmf_records(head.bytes).is_some() { Match::Sure } else { Match::No }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let bytes = content.whole(budget)?;
        let mut drawn = Drawn::default();
        let whole = match wmf_records(&bytes) {
            Some(from) => of_wmf(bytes.get(from..).unwrap_or_default(), budget, &mut drawn)?,
            None => of_emf(&bytes, budget, &mut drawn)?,
        };
        flow::part("drawing", &drawn.text, sink);
        if drawn.glyphs {
            sink.incomplete(Problem::new(ProblemKind::Unsupported, Stage::Extract));
        }
        if !whole {
            sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
        }
        if drawn.bitmap || drawn.text.is_empty() {
            return Err(Problem::new(ProblemKind::ImageWithoutText, Stage::Extract));
        }
        Ok(())
    }
}

fn is_emf(bytes: &[u8]) -> bool {
    bytes.starts_with(EMF_HEADER) && bytes.get(40..44) == Some(EMF_SIGNATURE)
}

/// Where the records of a WMF begin; `None` where it is none.
fn wmf_records(bytes: &[u8]) -> Option<usize> {
    let from = if bytes.starts_with(PLACEABLE) { PLACEABLE_BYTES } else { 0 };
    let header = bytes.get(from..from + WMF_HEADER_BYTES)?;
    // In memory or on disk, the header's length in words, and one of two versions.
    matches!(header, [1 | 2, 0, 9, 0, 0, 1 | 3, ..]).then_some(from + WMF_HEADER_BYTES)
}

/// What was drawn so far.
#[derive(Default)]
struct Drawn {
    text: String,
    /// Where the last text ended, and the height of its line.
    end: Option<(i64, i64)>,
    /// A text of glyphs by their numbers was drawn.
    glyphs: bool,
    /// A bitmap was drawn.
    bitmap: bool,
}

/// A text on its way to the others.
struct Run {
    text: String,
    x: i64,
    y: i64,
    /// How far it goes along the line; `None` where that is not told.
    width: Option<i64>,
}

impl Drawn {
    fn add(&mut self, run: &Run) {
        let text = run.text.trim_end_matches('\0');
        if text.is_empty() {
            return;
        }
        let signs = i64::try_from(text.chars().count()).unwrap_or(i64::MAX).max(1);
        match self.end {
            None => {}
            Some((_, y)) if y != run.y => self.text.push('\n'),
            Some((x, _)) => {
                let sign = run.width.map_or(0, |width| width / signs);
                let gap = run.x - x;
                if gap > sign / 4 {
                    self.text.push(if gap > 3 * sign { '\t' } else { ' ' });
                } else if gap < -sign {
                    self.text.push('\n');
                }
            }
        }
        self.text.push_str(text);
        self.end = Some((run.x + run.width.unwrap_or_default(), run.y));
    }
}

/// Reads the records of an EMF; whether all of them were there.
fn of_emf(bytes: &[u8], budget: &Budget, drawn: &mut Drawn) -> Result<bool, Problem> {
    /// The last record.
    const END: u32 = 14;
    let mut rest = bytes;
    while let (Some(kind), Some(size)) = (u32_at(rest, 0), u32_at(rest, 4)) {
        budget.check()?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let Some(record) = rest.get(..size).filter(|_| size >= 8) else {
            return Ok(false);
        };
        match kind {
            END => return Ok(true),
            83 | 84 => emf_text(record, 36, kind == 84, drawn),
            96 | 97 => emf_texts(record, kind == 97, drawn),
            108 => emf_small_text(record, drawn),
            // Those that carry bitmaps: BitBlt to StretchDIBits, AlphaBlend, TransparentBlt.
            76..=81 | 114 | 116 if size > 100 => drawn.bitmap = true,
            _ => {}
        }
        rest = rest.get(size..).unwrap_or_default();
    }
    Ok(false)
}

/// Several texts, `PolyTextOut`.
fn emf_texts(record: &[u8], wide: bool, drawn: &mut Drawn) {
    const TEXT_BYTES: usize = 40;
    let count = u32_at(record, 36).and_then(|own| usize::try_from(own).ok()).unwrap_or_default();
    for number in 0..count.min(record.len() / TEXT_BYTES) {
        emf_text(record, 40 + number * TEXT_BYTES, wide, drawn);
    }
}

/// A text whose description stands at `at` in its record.
fn emf_text(record: &[u8], at: usize, wide: bool, drawn: &mut Drawn) {
    let number = |at| u32_at(record, at);
    let place = |at| number(at).and_then(|own| usize::try_from(own).ok());
    let (Some(x), Some(y), Some(count), Some(from), Some(options)) =
        (signed(record, at), signed(record, at + 4), place(at + 8), place(at + 12), number(at + 16))
    else {
        return;
    };
    let Some(bytes) = record.get(from..).and_then(|own| own.get(..count * if wide { 2 } else { 1 })) else {
        return;
    };
    if options & GLYPHS != 0 {
        drawn.glyphs |= count > 0;
        return;
    }
    let advances = place(at + 36).filter(|from| *from >= at).and_then(|from| record.get(from..));
    let width = advances.and_then(|own| own.get(..count * 4)).map(|own| {
        own.as_chunks::<4>().0.iter().map(|own| i64::from(i32::from_le_bytes(*own))).sum()
    });
    drawn.add(&Run { text: letters(bytes, wide), x, y, width });
}

fn emf_small_text(record: &[u8], drawn: &mut Drawn) {
    let (Some(x), Some(y), Some(count), Some(options)) =
        (signed(record, 8), signed(record, 12), u32_at(record, 16), u32_at(record, 20))
    else {
        return;
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let from = if options & NO_BOUNDS == 0 { 52 } else { 36 };
    let wide = options & SMALL == 0;
    let length = count.saturating_mul(if wide { 2 } else { 1 });
    let Some(bytes) = record.get(from..).and_then(|own| own.get(..length)) else {
        return;
    };
    if options & GLYPHS != 0 {
        drawn.glyphs = true;
    } else {
        drawn.add(&Run { text: letters(bytes, wide), x, y, width: None });
    }
}

/// Reads the records of a WMF; whether all of them were there.
fn of_wmf(bytes: &[u8], budget: &Budget, drawn: &mut Drawn) -> Result<bool, Problem> {
    let mut rest = bytes;
    while let (Some(words), Some(function)) = (u32_at(rest, 0), u16_at(rest, 4)) {
        budget.check()?;
        let size = usize::try_from(words).unwrap_or(usize::MAX).saturating_mul(2);
        let Some(record) = rest.get(..size).filter(|_| size >= 6) else {
            return Ok(false);
        };
        let parameters = record.get(6..).unwrap_or_default();
        match function {
            0 => return Ok(true),
            0x0521 => wmf_text(parameters, drawn),
            0x0A32 => wmf_extended_text(parameters, drawn),
            // Those that carry bitmaps.
            0x0922 | 0x0940 | 0x0B23 | 0x0B41 | 0x0D33 | 0x0F43 if size > 60 => drawn.bitmap = true,
            _ => {}
        }
        rest = rest.get(size..).unwrap_or_default();
    }
    Ok(false)
}

fn wmf_text(parameters: &[u8], drawn: &mut Drawn) {
    let count = usize::from(u16_at(parameters, 0).unwrap_or_default());
    let after = 2 + count.next_multiple_of(2);
    if let Some(bytes) = parameters.get(2..2 + count)
        && let (Some(y), Some(x)) = (short(parameters, after), short(parameters, after + 2))
    {
        drawn.add(&Run { text: letters(bytes, false), x, y, width: None });
    }
}

fn wmf_extended_text(parameters: &[u8], drawn: &mut Drawn) {
    /// Options that say that a rectangle follows.
    const RECTANGLE: u16 = 0x06;
    let (Some(y), Some(x), Some(count), Some(options)) =
        (short(parameters, 0), short(parameters, 2), u16_at(parameters, 4), u16_at(parameters, 6))
    else {
        return;
    };
    let from = if options & RECTANGLE == 0 { 8 } else { 16 };
    let count = usize::from(count);
    let Some(bytes) = parameters.get(from..from + count) else {
        return;
    };
    if u32::from(options) & GLYPHS != 0 {
        drawn.glyphs |= count > 0;
        return;
    }
    let advances = parameters.get(from + count.next_multiple_of(2)..).and_then(|own| own.get(..count * 2));
    let width = advances.map(|own| {
        own.as_chunks::<2>().0.iter().map(|own| i64::from(i16::from_le_bytes(*own))).sum()
    });
    drawn.add(&Run { text: letters(bytes, false), x, y, width });
}

fn letters(bytes: &[u8], wide: bool) -> String {
    if wide {
        return utf16(bytes);
    }
    let mut text = String::new();
    guess_single_byte(bytes).decode_to(bytes, &mut text);
    text
}

fn signed(bytes: &[u8], at: usize) -> Option<i64> {
    Some(i64::from(u32_at(bytes, at)?.cast_signed()))
}

fn short(bytes: &[u8], at: usize) -> Option<i64> {
    Some(i64::from(u16_at(bytes, at)?.cast_signed()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::super::recorder::{read, read_one};

    /// An EMF that draws these texts, each at its place, ten units for each character.
    pub(crate) fn emf(runs: &[(i32, i32, &str)]) -> Vec<u8> {
        let mut out = vec![0; 88];
        out[..8].copy_from_slice(&[1, 0, 0, 0, 88, 0, 0, 0]);
        out[40..44].copy_from_slice(b" EMF");
        for (x, y, text) in runs {
            let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let count = letters.len() / 2;
            let padded = letters.len().next_multiple_of(4);
            let numbers = [0, 0, 0, 0, 1, 0, 0, *x, *y, i32::try_from(count).unwrap(), 76, 0, 0, 0, 0, 0];
            let mut record: Vec<u8> = numbers.iter().flat_map(|own: &i32| own.to_le_bytes()).collect();
            record.extend(i32::try_from(76 + padded).unwrap().to_le_bytes());
            record.extend(&letters);
            record.resize(68 + padded, 0);
            record.extend((0..count).flat_map(|_| 10_i32.to_le_bytes()));
            let size = u32::try_from(record.len() + 8).unwrap();
            out.extend([84_u32.to_le_bytes(), size.to_le_bytes()].concat());
            out.extend(record);
        }
        out.extend([14_u32, 20, 0, 0, 20].iter().flat_map(|own| own.to_le_bytes()));
        out
    }

    fn wmf(text: &str) -> Vec<u8> {
        let latin = encoding_rs::mem::encode_latin1_lossy(text);
        let mut parameters = [7_i16.to_le_bytes(), 9_i16.to_le_bytes()].concat();
        parameters.extend([u16::try_from(latin.len()).unwrap().to_le_bytes(), [0; 2]].concat());
        parameters.extend(&*latin);
        parameters.resize(parameters.len().next_multiple_of(2), 0);
        let words = u32::try_from(parameters.len() / 2 + 3).unwrap();
        let header = [b"\x01\0\x09\0\0\x03".as_slice(), &[0; 12]].concat();
        [header, words.to_le_bytes().to_vec(), vec![0x32, 0x0A], parameters, vec![3, 0, 0, 0, 0, 0]].concat()
    }

    #[test]
    fn texts_that_are_drawn_are_read_in_their_lines() {
        let drawn = emf(&[(0, 0, "fnr 158886"), (100, 0, "10046"), (160, 0, "Åse"), (400, 0, "x"), (0, 20, "slutt")]);
        let seen = read_one("a.emf", &drawn);
        assert_eq!((seen.format, seen.ending().as_str()), (Some("metafile"), "scanned"));
        assert_eq!(seen.text, "fnr 15888610046 Åse\tx\nslutt");
        let seen = read_one("a.wmf", &wmf("Åse 15888610046"));
        assert_eq!((seen.text.as_str(), seen.ending().as_str()), ("Åse 15888610046", "scanned"));
        let placed = [b"\xD7\xCD\xC6\x9A".as_slice(), &[0; 18], &wmf("Per")].concat();
        assert_eq!(read_one("a.wmf", &placed).text, "Per");
    }

    #[test]
    fn pictures_without_text_glyphs_and_damage_are_told() {
        assert_eq!(read_one("a.emf", &emf(&[])).ending(), "skipped image-without-text");
        let mut glyphs = emf(&[(0, 0, "Kari"), (0, 9, "Per")]);
        glyphs[88 + 52] = 0x10;
        let seen = read_one("a.emf", &glyphs);
        assert_eq!((seen.text.as_str(), seen.ending().as_str()), ("Per", "partial unsupported"));
        for whole in [emf(&[(0, 0, "Kari"), (0, 9, "Per")]), wmf("Åse 15888610046")] {
            for length in 0..whole.len() {
                assert!(read("a.emf", &whole[..length]).iter().all(|own| !own.ending().contains("panic")));
            }
        }
        let whole = emf(&[(0, 0, "Kari")]);
        assert_eq!(read_one("a.emf", &whole[..whole.len() - 20]).ending(), "partial malformed");
    }
}
