//! Raster: pages of frames → PNG.
//!
//! Draws what the PDF draws, from the same frames, so that pages can be looked at without a PDF
//! reader and the EPUB gets its cover. Anti-aliased on white; the same page gives the same bytes.
//! Knows nothing of books or blocks.

mod bitmap;
mod outline;

use std::io;
use std::path::PathBuf;

use rayon::prelude::*;
use tiny_skia::{FillRule, LineCap, LineJoin, Paint, PathBuilder, Pixmap, StrokeDash, Transform};

use crate::diagnostic::{Code, Diagnostic, Message};
use crate::font::FontBook;
use crate::layout::{Color, Content, GlyphRun, Page, Segment, Shape};
use crate::picture::{PictureError, Pictures};
use crate::units::Pt;

/// Densities that can be asked for, in pixels per inch: from a thumbnail to a platesetter.
pub const DPI: std::ops::RangeInclusive<f64> = 10.0..=2400.0;
/// Most pixels a page may have: A4 at 1,400 per inch, 800 MB of memory.
const MAX_PIXELS: f64 = 200e6;

/// Why a page can't be drawn.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    /// The density is outside [`DPI`].
    #[error("{0} pixels per inch is outside 10 to 2400")]
    Density(f64),
    /// The page has no area, or more than 200 megapixels.
    #[error("a page of {width:.0} × {height:.0} pixels can't be drawn (limit: 200 megapixels)")]
    Size {
        /// Width in pixels.
        width: f64,
        /// Height in pixels.
        height: f64,
    },
    /// A frame names a face or a picture that is not in the books given.
    #[error("the page refers to a {0} that is not there")]
    Unknown(&'static str),
    /// A picture can't be decoded.
    #[error("the picture {} can't be drawn: {cause}", .path.display())]
    Picture {
        /// Its file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: PictureError,
    },
    /// The PNG can't be put together.
    #[error("the PNG can't be encoded: {0}")]
    Encode(#[source] io::Error),
}

impl RasterError {
    /// As the person who runs the program is told.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let en = self.to_string();
        let (code, zh) = match self {
            Self::Density(dpi) => (Code::Usage, format!("分辨率 {dpi} 不在 10 至 2400 之间")),
            Self::Size { width, height } => {
                let zh = format!("无法绘制 {width:.0} × {height:.0} 像素的页面（上限 2 亿像素）");
                (Code::Usage, zh)
            }
            Self::Unknown(_) => (Code::Internal, "页面引用了不存在的字体或图片".to_owned()),
            Self::Picture { path, cause } => {
                let zh = format!("图片 {} 无法绘制：{}", path.display(), cause.message().zh);
                (cause.code(), zh)
            }
            Self::Encode(cause) => (Code::Internal, format!("无法生成 PNG：{cause}")),
        };
        Diagnostic::error(code, Message::new(en, zh))
    }
}

/// Draws one page on white.
///
/// - `dpi`: pixels per inch, within [`DPI`]; the page's size is rounded to whole pixels.
///
/// # Errors
/// See [`RasterError`]. To draw many pages use [`render_all`], which shares outlines and pictures.
pub fn render(
    page: &Page,
    fonts: &FontBook,
    pictures: &Pictures,
    dpi: f64,
) -> Result<Pixmap, RasterError> {
    Drawer::new(fonts, pictures, dpi)?.page(page)
}

/// Draws pages in parallel, each as a PNG file, in order.
///
/// # Errors
/// The first page's that can't be drawn; as [`render`].
pub fn render_all(
    pages: &[Page],
    fonts: &FontBook,
    pictures: &Pictures,
    dpi: f64,
) -> Result<Vec<Vec<u8>>, RasterError> {
    let drawer = Drawer::new(fonts, pictures, dpi)?;
    let drawn: Vec<_> = pages.par_iter().map(|page| encode_png(&drawer.page(page)?, dpi)).collect();
    drawn.into_iter().collect() // in order, so that the first page's error is the one returned
}

/// A drawn page as a PNG file: 8-bit RGB, with its density.
///
/// # Errors
/// [`RasterError::Encode`].
pub fn encode_png(pixmap: &Pixmap, dpi: f64) -> Result<Vec<u8>, RasterError> {
    let fail = |error: png::EncodingError| RasterError::Encode(io::Error::from(error));
    let per_metre = (dpi / 0.0254).round() as u32;
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(fail)?;
    // Pages are opaque: they are drawn on white.
    let rgb: Vec<u8> =
        pixmap.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    writer.write_image_data(&rgb).map_err(fail)?;
    writer.finish().map_err(fail)?;
    Ok(out)
}

/// What all pages of one run share.
struct Drawer<'a> {
    fonts: &'a FontBook,
    outlines: outline::Outlines,
    bitmaps: bitmap::Bitmaps<'a>,
    /// Pixels in a point.
    scale: f64,
}

impl<'a> Drawer<'a> {
    fn new(fonts: &'a FontBook, pictures: &'a Pictures, dpi: f64) -> Result<Self, RasterError> {
        if !DPI.contains(&dpi) {
            return Err(RasterError::Density(dpi));
        }
        let bitmaps = bitmap::Bitmaps::new(pictures);
        Ok(Self { fonts, outlines: outline::Outlines::default(), bitmaps, scale: dpi / 72.0 })
    }

    fn page(&self, page: &Page) -> Result<Pixmap, RasterError> {
        let side = |length: Pt| (length.0 * self.scale).round();
        let (width, height) = (side(page.width), side(page.height));
        let fits = width >= 1.0 && height >= 1.0 && width * height <= MAX_PIXELS;
        let mut canvas = fits
            .then(|| Pixmap::new(width as u32, height as u32))
            .flatten()
            .ok_or(RasterError::Size { width, height })?;
        canvas.fill(tiny_skia::Color::WHITE);
        for item in &page.items {
            match &item.content {
                Content::Glyphs(run) => self.glyphs(run, &mut canvas)?,
                Content::Shape(shape) => self.shape(shape, &mut canvas),
                Content::Picture { picture, rect } => {
                    self.bitmaps.draw(*picture, rect, self.scale, &mut canvas)?;
                }
            }
        }
        Ok(canvas)
    }

    fn glyphs(&self, run: &GlyphRun, canvas: &mut Pixmap) -> Result<(), RasterError> {
        let face = self.fonts.face(run.face).ok_or(RasterError::Unknown("face"))?;
        let paint = paint(run.color);
        // Font units to points; glyph outlines have y upwards.
        let unit = run.size.0 / face.units_per_em;
        for glyph in &run.glyphs {
            let Some(path) = self.outlines.get(face, glyph.id) else { continue };
            let (along, below) = (glyph.dx.0, glyph.dy.0);
            let (x_unit, y_unit) = (unit * run.stretch, -unit);
            // Columns: where one font unit to the right leads, one upwards, and the origin.
            let [sx, ky, kx, sy, tx, ty] = if run.turned {
                [0.0, x_unit, -y_unit, 0.0, run.x.0 - below, run.y.0 + along]
            } else {
                [x_unit, 0.0, 0.0, y_unit, run.x.0 + along, run.y.0 + below]
            }
            .map(|length| (length * self.scale) as f32);
            let place = Transform::from_row(sx, ky, kx, sy, tx, ty);
            canvas.fill_path(&path, &paint, FillRule::Winding, place, None);
        }
        Ok(())
    }

    fn shape(&self, shape: &Shape, canvas: &mut Pixmap) {
        // A path without extent or with an infinite coordinate paints nothing.
        let Some(path) = build(&shape.path) else { return };
        let place = Transform::from_scale(self.scale as f32, self.scale as f32);
        if let Some(color) = shape.fill {
            canvas.fill_path(&path, &paint(color), FillRule::Winding, place, None);
        }
        if let Some(stroke) = &shape.stroke {
            let mut dash: Vec<f32> = stroke.dash.iter().map(|length| length.0 as f32).collect();
            if dash.len() % 2 == 1 {
                dash.extend_from_within(..); // PDF's rule for odd patterns (ISO 32000-1, 8.4.3.6)
            }
            let pen = tiny_skia::Stroke {
                width: stroke.width.0 as f32,
                miter_limit: 10.0, // PDF's default
                line_cap: LineCap::Butt,
                line_join: LineJoin::Miter,
                dash: StrokeDash::new(dash, 0.0),
            };
            canvas.stroke_path(&path, &paint(stroke.color), &pen, place, None);
        }
    }
}

fn paint(color: Color) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(color.r, color.g, color.b, 255);
    paint
}

fn build(segments: &[Segment]) -> Option<tiny_skia::Path> {
    let mut path = PathBuilder::new();
    let n = |length: Pt| length.0 as f32;
    for segment in segments {
        match *segment {
            Segment::Move(x, y) => path.move_to(n(x), n(y)),
            Segment::Line(x, y) => path.line_to(n(x), n(y)),
            Segment::Curve(x1, y1, x2, y2, x, y) => {
                path.cubic_to(n(x1), n(y1), n(x2), n(y2), n(x), n(y));
            }
            Segment::Close => path.close(),
        }
    }
    path.finish()
}

#[cfg(test)]
mod tests;
