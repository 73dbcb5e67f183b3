//! What a page shows, as it is drawn, under the file's budget: form objects that draw each other, or pages that
//! share their content, show any amount from a few bytes.

use std::panic::resume_unwind;

use hayro_interpret::font::GlyphRun;
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};
use kurbo::BezPath;

use super::page::PageText;
use crate::model::{Budget, Problem};

/// The budget is asked after so many bytes and segments.
const STEP: u64 = 1024;
/// So many bytes of a page's content count as one that it shows: most of what content says shows nothing.
const CONTENT_SHARE: u64 = 10;

/// Gathers the text of a page until the budget ends it.
pub(super) struct Bounded<'b> {
    text: PageText,
    budget: &'b Budget,
    /// What was shown and is not yet charged.
    shown: u64,
    limit: Option<Problem>,
}

impl<'b> Bounded<'b> {
    pub(super) fn new(budget: &'b Budget) -> Self {
        Self {
            text: PageText::default(),
            budget,
            shown: 0,
            limit: None,
        }
    }

    /// Charges the content that is to be drawn. To be called where unwinding is caught, as is drawing.
    pub(super) fn charge_content(&mut self, content: &[u8]) {
        self.show(content.len() as u64 / CONTENT_SHARE);
    }

    /// The text, and the limit that ended drawing, if one did.
    pub(super) fn end(mut self) -> (PageText, Result<(), Problem>) {
        let ended = match self.limit {
            Some(limit) => Err(limit),
            None => self.budget.draw(std::mem::take(&mut self.shown)),
        };
        (self.text, ended)
    }

    /// Charges what was shown. The engine knows no way to be stopped but unwinding.
    fn show(&mut self, amount: u64) {
        self.shown += amount;
        if self.shown < STEP {
            return;
        }
        if let Err(limit) = self.budget.draw(std::mem::take(&mut self.shown)) {
            self.limit = Some(limit);
            resume_unwind(Box::new(()));
        }
    }
}

impl<'a> Device<'a> for Bounded<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.text.draw_path(path, props, mode);
        self.show(path.elements().len() as u64);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.text.push_clip_path(clip);
        self.show(1);
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, mode: BlendMode) {
        self.text.push_transparency_group(opacity, mask, mode);
        self.show(1);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let before = self.text.text.len();
        self.text.draw_glyph_run(run, props, mode);
        self.show(1 + self.text.text.len().saturating_sub(before) as u64);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.text.draw_image(image, props);
        self.show(1);
    }

    fn pop_clip(&mut self) {
        self.text.pop_clip();
    }

    fn pop_transparency_group(&mut self) {
        self.text.pop_transparency_group();
    }
}
