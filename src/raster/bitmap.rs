//! Pictures on the page: decoded once, reduced with a good filter, or drawn as vectors.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use image::imageops::{self, FilterType};
use image::{Rgba, RgbaImage};
use tiny_skia::{FilterQuality, IntSize, Pixmap, PixmapPaint, Transform};

use super::RasterError;
use crate::layout::Rect;
use crate::picture::{Picture, PictureId, Pictures};

/// A picture and the pixels it was reduced to.
type Key = (PictureId, u32, u32);

/// Pictures reduced to the size they are drawn in.
///
/// A picture that stands on many pages (an ornament) is decoded once; large pictures stand on one.
pub(super) struct Bitmaps<'a> {
    pictures: &'a Pictures,
    reduced: Mutex<HashMap<Key, Arc<Pixmap>>>,
}

impl<'a> Bitmaps<'a> {
    pub(super) fn new(pictures: &'a Pictures) -> Self {
        Self { pictures, reduced: Mutex::default() }
    }

    /// Draws a picture into `rect`, given in points; `scale` is pixels per point.
    pub(super) fn draw(
        &self,
        id: PictureId,
        rect: &Rect,
        scale: f64,
        canvas: &mut Pixmap,
    ) -> Result<(), RasterError> {
        let picture = self.pictures.get(id).ok_or(RasterError::Unknown("picture"))?;
        let [x, y, width, height] =
            [rect.x, rect.y, rect.width, rect.height].map(|length| length.0 * scale);
        if !(width > 0.0 && height > 0.0 && x.is_finite() && y.is_finite()) {
            return Ok(()); // no area
        }
        if let Some(tree) = picture.svg() {
            draw_vectors(tree, [x, y, width, height], canvas);
            return Ok(());
        }
        let pixmap = self.reduced(id, picture, (width, height))?;
        let place = Transform::from_row(
            (width / f64::from(pixmap.width())) as f32,
            0.0,
            0.0,
            (height / f64::from(pixmap.height())) as f32,
            x as f32,
            y as f32,
        );
        // Bilinear: the pixmap has the size of its place by now, up to a fraction of a pixel, or
        // is smaller and enlarged.
        let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
        canvas.draw_pixmap(0, 0, pixmap.as_ref().as_ref(), &paint, place, None);
        Ok(())
    }

    /// The picture in no more pixels than it is drawn in.
    fn reduced(
        &self,
        id: PictureId,
        picture: &Picture,
        drawn: (f64, f64),
    ) -> Result<Arc<Pixmap>, RasterError> {
        let stored = picture.pixels.unwrap_or((1, 1));
        let side = |drawn: f64, stored: u32| (drawn.round().max(1.0) as u32).min(stored);
        let (width, height) = (side(drawn.0, stored.0), side(drawn.1, stored.1));
        let key = (id, width, height);
        if let Some(known) = self.reduced.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let fail = |cause| RasterError::Picture { path: picture.path.clone(), cause };
        let mut pixels = picture.decode().map_err(fail)?;
        // Filters mix neighbours, and a transparent pixel's colour must not bleed: so multiply
        // first (Porter & Duff 1984).
        pixels.pixels_mut().for_each(multiply);
        if pixels.dimensions() != (width, height) {
            pixels = imageops::resize(&pixels, width, height, FilterType::CatmullRom);
            pixels.pixels_mut().for_each(bound);
        }
        let (width, height) = pixels.dimensions();
        let size = f64::from(width);
        let pixmap = into_pixmap(pixels)
            .ok_or(RasterError::Size { width: size, height: f64::from(height) })?;
        let pixmap = Arc::new(pixmap);
        let mut known = self.reduced.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, pixmap.clone());
        Ok(pixmap)
    }
}

fn into_pixmap(pixels: RgbaImage) -> Option<Pixmap> {
    let size = IntSize::from_wh(pixels.width(), pixels.height())?;
    Pixmap::from_vec(pixels.into_raw(), size)
}

/// Multiplies colours by alpha.
fn multiply(Rgba([r, g, b, a]): &mut Rgba<u8>) {
    for channel in [r, g, b] {
        *channel = ((u16::from(*channel) * u16::from(*a) + 127) / 255) as u8;
    }
}

/// Brings colours back under alpha where the filter overshot.
fn bound(Rgba([r, g, b, a]): &mut Rgba<u8>) {
    for channel in [r, g, b] {
        *channel = (*channel).min(*a);
    }
}

/// Draws an SVG into the part of its place that is on the canvas; place in pixels.
fn draw_vectors(tree: &resvg::usvg::Tree, [x, y, width, height]: [f64; 4], canvas: &mut Pixmap) {
    let (right, bottom) = (f64::from(canvas.width()), f64::from(canvas.height()));
    let (from_x, from_y) = (x.floor().clamp(0.0, right), y.floor().clamp(0.0, bottom));
    let to_x = (x + width).ceil().clamp(0.0, right);
    let to_y = (y + height).ceil().clamp(0.0, bottom);
    // What lies outside its own view box must not show: hence a layer of the size of its place.
    let layer = Pixmap::new((to_x - from_x) as u32, (to_y - from_y) as u32);
    let Some(mut layer) = layer else { return }; // wholly outside the page
    let place = Transform::from_row(
        (width / f64::from(tree.size().width())) as f32,
        0.0,
        0.0,
        (height / f64::from(tree.size().height())) as f32,
        (x - from_x) as f32,
        (y - from_y) as f32,
    );
    resvg::render(tree, place, &mut layer.as_mut());
    let at = (from_x as i32, from_y as i32);
    let paint = PixmapPaint::default();
    canvas.draw_pixmap(at.0, at.1, layer.as_ref(), &paint, Transform::identity(), None);
}
