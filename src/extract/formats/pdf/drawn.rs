//! The pictures of a page, put together as one, for the reader of pictures. Letters and lines are not
//! drawn: the letters are read as such.

use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::util::TransformExt as _;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
    InterpreterCache, InterpreterSettings, LumaData, Paint, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Point, Rect};

use crate::model::Budget;

/// Points of the picture for each unit of the page: from 150 to 400 an inch, as the scanner had it.
const MIN_DENSITY: f64 = 150.0 / 72.0;
const MAX_DENSITY: f64 = 400.0 / 72.0;
/// A larger page is drawn smaller: A4 with 300 points an inch has 8.7 million.
const MAX_POINTS: f64 = 9_000_000.0;
const WHITE: u8 = 255;

/// The page as a portable graymap, when its largest picture has `density` points for each unit.
/// What takes too long is left out.
pub(super) fn page(page: &Page<'_>, density: f64, budget: &Budget) -> Vec<u8> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let most = (MAX_POINTS / (width * height).max(1.0)).sqrt();
    let scale = density.clamp(MIN_DENSITY, MAX_DENSITY).min(most);
    let mut canvas = Canvas::new(width * scale, height * scale, budget);
    let placed = Affine::scale(scale) * page.initial_transform(true).to_kurbo();
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings::default();
    let mut context = Context::new(placed, canvas.bounds(), &cache, page.xref(), settings);
    interpret_page(page, &mut context, &mut canvas);
    let mut picture = format!("P5\n{} {}\n255\n", canvas.width, canvas.height).into_bytes();
    picture.append(&mut canvas.points);
    picture
}

/// A grey picture that begins white.
struct Canvas<'b> {
    width: usize,
    height: usize,
    points: Vec<u8>,
    budget: &'b Budget,
}

impl<'b> Canvas<'b> {
    fn new(width: f64, height: f64, budget: &'b Budget) -> Self {
        let (width, height) = (whole(width).max(1), whole(height).max(1));
        Self {
            width,
            height,
            points: vec![WHITE; width * height],
            budget,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "some thousand points")]
    fn bounds(&self) -> Rect {
        Rect::new(0.0, 0.0, self.width as f64, self.height as f64)
    }

    /// Puts a picture of `size` points on the canvas, of which `point` gives brightness and opacity.
    fn put(&mut self, size: (u32, u32), placed: Affine, point: impl Fn(usize) -> (u8, u8)) {
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        let covered = placed.transform_rect_bbox(Rect::new(0.0, 0.0, width, height));
        let covered = covered.intersect(self.bounds());
        let back = placed.inverse();
        if covered.is_zero_area() || !back.is_finite() {
            return;
        }
        // A point of the canvas that stands for several of the picture is their mean.
        let each = if back.determinant().abs() > 1.5 { 2 } else { 1 };
        let (left, right) = (whole(covered.x0), whole(covered.x1.ceil()));
        for y in whole(covered.y0)..whole(covered.y1.ceil()).min(self.height) {
            let row = y * self.width;
            for x in left..right.min(self.width) {
                let seen = samples(x, y, each).filter_map(|sample| {
                    let Point { x, y } = back * sample;
                    let inside = x >= 0.0 && y >= 0.0 && x < width && y < height;
                    inside.then(|| point(whole(y) * size.0 as usize + whole(x)))
                });
                let (sum, opaque) = seen.fold((0, 0), |(sum, opaque), (grey, own)| {
                    (sum + u32::from(grey) * u32::from(own), opaque + u32::from(own))
                });
                if let Some(old) = self.points.get_mut(row + x) {
                    let all = 255 * u32::from(each * each);
                    let mixed = (sum + u32::from(*old) * (all - opaque.min(all))) / all;
                    *old = u8::try_from(mixed).unwrap_or(WHITE);
                }
            }
            if self.budget.check().is_err() {
                return;
            }
        }
    }
}

/// The middles of the parts of a point that is cut into `each` × `each`.
#[expect(clippy::cast_precision_loss, reason = "some thousand points")]
fn samples(x: usize, y: usize, each: u8) -> impl Iterator<Item = Point> {
    let step = 1.0 / f64::from(each);
    let middle = move |at: u8| (f64::from(at) + 0.5) * step;
    (0..each * each).map(move |at| {
        Point::new(x as f64 + middle(at % each), y as f64 + middle(at / each))
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a picture; what lies before it counts as its edge"
)]
fn whole(value: f64) -> usize {
    value.max(0.0) as usize
}

/// Brightness, with the weights of ITU-R BT.601 in 256ths.
fn grey(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    u8::try_from(sum / 256).unwrap_or(WHITE)
}

/// The value of a mask over a picture of another size at a place of that picture.
fn masked(mask: &LumaData, size: (u32, u32), at: usize) -> u8 {
    let (width, height) = (size.0.max(1) as usize, size.1.max(1) as usize);
    let (x, y) = (at % width, at / width);
    let (own_width, own_height) = (mask.width as usize, mask.height as usize);
    let own = (y * own_height / height) * own_width + x * own_width / width;
    mask.data.get(own).copied().unwrap_or(255)
}

impl Device<'_> for Canvas<'_> {
    fn draw_image(&mut self, image: Image<'_, '_>, props: ImageDrawProps<'_>) {
        if self.budget.check().is_err() {
            return;
        }
        let scaled = |factors: (f32, f32)| {
            props.transform * Affine::scale_non_uniform(factors.0.into(), factors.1.into())
        };
        match image {
            Image::Stencil(stencil) => stencil.with_stencil(
                |mask, paint| {
                    let ink = match paint {
                        Paint::Color(color) => {
                            let [red, green, blue, _] = color.to_rgba().to_rgba8();
                            grey(red, green, blue)
                        }
                        Paint::Pattern(_) => 0,
                    };
                    let of = |at| (ink, mask.data.get(at).copied().unwrap_or(0));
                    self.put((mask.width, mask.height), scaled(mask.scale_factors), of);
                },
                None,
            ),
            Image::Raster(raster) => raster.with_rgba(
                |data, mask| {
                    let size = (data.width(), data.height());
                    let opaque = |at| mask.as_ref().map_or(255, |mask| masked(mask, size, at));
                    let of = |at| (brightness(&data, at), opaque(at));
                    self.put(size, scaled(data.scale_factors()), of);
                },
                None,
            ),
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, '_>, _: DrawProps<'_>, _: &DrawMode) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

fn brightness(data: &ImageData, at: usize) -> u8 {
    match data {
        ImageData::Luma(luma) => luma.data.get(at).copied().unwrap_or(WHITE),
        ImageData::Rgb(colour) => match colour.data.get(at * 3..at * 3 + 3) {
            Some(&[red, green, blue]) => grey(red, green, blue),
            Some(_) | None => WHITE,
        },
    }
}
