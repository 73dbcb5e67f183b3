//! The text of one page, put together from its glyphs in the order in which they are drawn.
//!
//! It knows no columns and no tables: a jump is a line break, a gap is a space, and a wide gap a tab, as
//! between the cells of a row.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};
use super::wrapped::{Chunk, joined};
use kurbo::{Affine, BezPath, Point, Vec2};

/// A shift off the line by more than this part of the size begins a new line.
const LINE_SHIFT: f64 = 0.5;
/// A jump back by more than this part of the size begins a new line.
const BACK_JUMP: f64 = 1.0;
/// A gap wider than this part of the size is a space.
const SPACE_GAP: f64 = 0.18;
/// A gap wider than this part of the size is a tab: cells of tables have margins of 1.9 mm on either side,
/// as Word and LibreOffice make them, and words of justified text stand closer.
const CELL_GAP: f64 = 0.8;
/// The same behind a space that is drawn.
const CELL_GAP_AFTER_SPACE: f64 = 1.5;
/// Above this share of unknown characters (one in so many) a page is poor.
const POOR_SHARE: usize = 10;
/// Text of one page, in bytes, after which it is taken for a trap.
const MAX_PAGE_BYTES: usize = 64 * 1024 * 1024;

/// Runs of text on one page, after which it is taken for a drawing without tables.
const MAX_CHUNKS: usize = 100_000;

/// A page with fewer glyphs beside a picture that covers more than this part of it is a scan with a
/// stamp, a header or a page number.
const FEW_GLYPHS: usize = 100;
const COVERING: f64 = 0.6;
/// So many segments without a glyph are letters that were turned into curves; a frame and a logo have
/// hundreds.
const MANY_STROKES: usize = 4000;

/// Gathers the text of a page.
#[derive(Default)]
pub(super) struct PageText {
    pub(super) text: String,
    pub(super) glyphs: usize,
    pub(super) images: usize,
    /// Segments of drawn outlines: letters that were turned into curves have many.
    pub(super) strokes: usize,
    /// Area of the largest picture, in the square of the page's unit.
    pub(super) picture_area: f64,
    /// Points of the largest picture for each unit of the page.
    pub(super) picture_density: f64,
    unknown: usize,
    last: Option<Last>,
    /// The runs of the text that is written from left to right.
    chunks: Vec<Chunk>,
}

/// Where the last glyph ended.
struct Last {
    origin: Point,
    end: Point,
    size: f64,
    /// Direction of writing.
    along: Vec2,
}

impl PageText {
    /// Whether there is no text.
    pub(super) fn is_blank(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() || c == '\u{fffd}')
    }

    /// Whether another engine should try: no text, or too many unknown characters.
    pub(super) fn is_poor(&self) -> bool {
        self.is_blank() || self.unknown * POOR_SHARE > self.glyphs
    }

    /// Whether text is seen on a page of this area that is none to a reader: a scan, curves.
    pub(super) fn shows_more(&self, area: f64) -> bool {
        let covered = self.picture_area > COVERING * area && self.glyphs < FEW_GLYPHS;
        covered || (self.is_blank() && (self.images > 0 || self.strokes > MANY_STROKES))
    }

    /// Puts cells together whose text is broken over lines.
    pub(super) fn join_cells(&mut self) {
        let whole = self.chunks.len() < MAX_CHUNKS;
        if let Some(text) = whole.then(|| joined(&self.text, &self.chunks)).flatten() {
            self.text = text;
        }
    }

    fn glyph(&mut self, glyph: &Glyph<'_>, placed: Affine) {
        if self.text.len() > MAX_PAGE_BYTES {
            return;
        }
        self.glyphs += 1;
        let origin = placed * Point::ZERO;
        let unit = |x, y| placed * Point::new(x, y) - origin;
        let width = match glyph {
            Glyph::Outline(glyph) => glyph.advance_width().map_or(500.0, f64::from),
            Glyph::Type3(glyph) => glyph.advance_width().map_or(500.0, f64::from),
        };
        let size = unit(0.0, 1000.0).hypot().max(1e-6);
        let along = unit(1000.0, 0.0);
        let along = along / along.hypot().max(1e-6);
        let before = self.text.len();
        self.separate(origin, size, along);
        let begins = self.text.get(before..).is_none_or(|own| own.contains(['\n', '\t']));
        let end = origin + unit(width, 0.0);
        self.place(begins || self.last.is_none(), (origin, end), size, unit(0.0, 1000.0) / size);
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => self.text.push(c),
            Some(BfString::String(text)) => self.text.push_str(&text),
            None => {
                self.unknown += 1;
                self.text.push('\u{fffd}');
            }
        }
        self.last = Some(Last {
            origin,
            end,
            size,
            along,
        });
    }

    /// Keeps where the text stands that begins or goes on with this glyph.
    fn place(&mut self, begins: bool, (origin, end): (Point, Point), size: f64, up: Vec2) {
        // A page that is turned has no rows here: its columns are those of another direction.
        let upright = up.x.abs() < 0.1;
        let height = origin.y * up.y.signum();
        if begins && self.chunks.len() < MAX_CHUNKS {
            self.chunks.push(Chunk {
                start: self.text.len(),
                left: origin.x,
                right: end.x,
                height: if upright { height } else { f64::NAN },
                size,
            });
        } else if let Some(chunk) = self.chunks.last_mut() {
            chunk.right = chunk.right.max(end.x);
        }
    }

    fn separate(&mut self, origin: Point, size: f64, along: Vec2) {
        let Some(last) = &self.last else {
            return;
        };
        let em = size.max(last.size);
        let off = (origin - last.origin).cross(last.along).abs();
        let gap = (origin - last.end).dot(last.along);
        let turned = along.dot(last.along) < 0.9;
        if turned || off > LINE_SHIFT * em || gap < -BACK_JUMP * em {
            self.text.push('\n');
        } else if gap > self.cell_gap() * em {
            self.text.push('\t');
        } else if gap > SPACE_GAP * em && !self.text.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
    }

    /// The part of the size from which on a gap parts cells. Digits that stand alone are those of one number
    /// in the boxes of a form.
    fn cell_gap(&self) -> f64 {
        let mut before = self.text.chars().rev();
        match (before.next(), before.next()) {
            (Some(c), second) if c.is_ascii_digit() && second.is_none_or(char::is_whitespace) => f64::INFINITY,
            (Some(c), _) if c.is_whitespace() => CELL_GAP_AFTER_SPACE,
            _ => CELL_GAP,
        }
    }
}

impl<'a> Device<'a> for PageText {
    fn draw_path(&mut self, path: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.strokes += path.elements().len();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform * glyph.transform());
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.images += 1;
        let (width, height) = match &image {
            Image::Stencil(image) => (image.width(), image.height()),
            Image::Raster(image) => (image.width(), image.height()),
        };
        let point = props.transform.determinant().abs();
        let area = f64::from(width) * f64::from(height) * point;
        if area > self.picture_area {
            self.picture_area = area;
            self.picture_density = point.sqrt().recip();
        }
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands between `text` and a glyph so many sizes behind it.
    fn between(text: &str, gap: f64) -> String {
        let size = 10.0;
        let mut page = PageText {
            text: text.to_owned(),
            last: Some(Last {
                origin: Point::ZERO,
                end: Point::new(5.0, 0.0),
                size,
                along: Vec2::new(1.0, 0.0),
            }),
            ..PageText::default()
        };
        page.separate(Point::new(5.0 + gap * size, 0.0), size, Vec2::new(1.0, 0.0));
        page.text.split_off(text.len())
    }

    #[test]
    fn wide_gaps_are_tabs_and_boxes_of_digits_are_not() {
        assert_eq!(between("Kari", 0.1), "");
        assert_eq!(between("Kari", 0.3), " ");
        assert_eq!(between("Kari", 0.9), "\t");
        assert_eq!([between("og ", 0.9), between("Navn: ", 3.0)], ["", "\t"]);
        assert_eq!([between("fnr 1 5", 1.2), between("fnr 15", 1.2)], [" ", "\t"]);
        assert_eq!(between("Kari", -2.0), "\n");
    }
}
