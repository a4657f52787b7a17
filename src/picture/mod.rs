//! Pictures: reading, measuring and decoding, shared by every output.
//!
//! A picture is read once, told by its content (never by its name), and checked when it is loaded:
//! whatever comes out of [`Pictures::load`] has a natural size and a sound structure. Pixels are
//! only decoded when an output asks for them ([`Picture::decode`]), because a JPEG goes into PDF
//! and EPUB as it is. Knows nothing of pages.

mod error;
mod exif;
mod probe;
mod svg;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, RgbaImage};
use resvg::usvg;
use sha2::{Digest as _, Sha256};

pub use error::PictureError;

use crate::units::Pt;

/// Pixels in an inch where a file states no density (the CSS pixel, CSS Values 4 §6.2).
const DEFAULT_DENSITY: f64 = 96.0;
/// Pixels in an inch at which an SVG is drawn when an output wants pixels: print quality.
const SVG_DENSITY: f64 = 300.0;
/// Longest side, in pixels, of an SVG drawn as pixels: A3 at 300 per inch.
const SVG_MAX_SIDE: f64 = 4961.0;
/// Largest file read, in bytes: far above any scan that belongs in a book.
const MAX_BYTES: u64 = 512 << 20;

/// Index into [`Pictures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PictureId(pub u32);

/// The pictures of a book, each content once. Add with [`Pictures::load`] or [`Pictures::add`].
#[derive(Debug, Clone, Default)]
pub struct Pictures(pub Vec<Picture>, Index);

/// What has been loaded already.
#[derive(Debug, Clone, Default)]
struct Index {
    paths: BTreeMap<PathBuf, PictureId>,
    contents: BTreeMap<[u8; 32], PictureId>,
    svg_fonts: svg::Fonts,
}

/// One picture as it stands in its file.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Where it was read from first.
    pub path: PathBuf,
    /// The file's bytes, unchanged.
    pub data: Arc<[u8]>,
    /// What `data` is.
    pub format: PictureFormat,
    /// Natural width, after rotation by EXIF: pixels at their stated density, else at 96 per inch.
    pub width: Pt,
    /// Natural height.
    pub height: Pt,
    /// Width and height in pixels after rotation by EXIF; `None` for an SVG.
    pub pixels: Option<(u32, u32)>,
    /// How the stored pixels must be turned to stand upright (EXIF tag 0x0112).
    pub orientation: Orientation,
    /// SHA-256 of `data`.
    pub hash: [u8; 32],
    /// Addresses of other files that an SVG refers to. They are not loaded, so what they would
    /// show is missing; empty for other formats.
    pub unresolved: Vec<String>,
    tree: Option<Arc<usvg::Tree>>,
}

/// Formats that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // names of formats
pub enum PictureFormat {
    Png,
    Jpeg,
    Gif,
    WebP,
    Svg,
}

impl PictureFormat {
    /// Media type (IANA).
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Svg => "image/svg+xml",
        }
    }

    /// The usual ending of file names, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Svg => "svg",
        }
    }

    /// The format of a file's content, by its first bytes; `None` if it is none of these.
    fn of(data: &[u8]) -> Option<Self> {
        match data {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ if svg::looks_like_svg(data) => Some(Self::Svg),
            _ => None,
        }
    }

    /// The name of the format in the `image` crate; `None` for what it does not decode.
    fn codec(self) -> Option<image::ImageFormat> {
        match self {
            Self::Png => Some(image::ImageFormat::Png),
            Self::Jpeg => Some(image::ImageFormat::Jpeg),
            Self::Gif => Some(image::ImageFormat::Gif),
            Self::WebP => Some(image::ImageFormat::WebP),
            Self::Svg => None,
        }
    }
}

impl Pictures {
    /// Reads a picture file, or finds it among those already read.
    ///
    /// The same path is read once; the same bytes under two names are one picture.
    ///
    /// # Errors
    /// See [`PictureError`]: a missing, unreadable, unknown, damaged or oversized file. Nothing is
    /// added then.
    pub fn load(&mut self, path: &Path) -> Result<PictureId, PictureError> {
        if let Some(id) = self.1.paths.get(path) {
            return Ok(*id);
        }
        let data = read(path)?;
        self.add(path, data)
    }

    /// Adds a picture from its bytes; `path` names it in diagnostics.
    ///
    /// # Errors
    /// As [`Pictures::load`], without those of reading.
    pub fn add(&mut self, path: &Path, data: Vec<u8>) -> Result<PictureId, PictureError> {
        let hash: [u8; 32] = Sha256::digest(&data).into();
        let id = match self.1.contents.get(&hash) {
            Some(id) => *id,
            None => {
                let picture = Picture::new(path, data, hash, &mut self.1.svg_fonts)?;
                let id = u32::try_from(self.0.len()).map_err(|_| PictureError::TooLarge)?;
                self.0.push(picture);
                self.1.contents.insert(hash, PictureId(id));
                PictureId(id)
            }
        };
        self.1.paths.insert(path.to_owned(), id);
        Ok(id)
    }

    /// A picture by its id; `None` if the id is another book's.
    pub fn get(&self, id: PictureId) -> Option<&Picture> {
        self.0.get(usize::try_from(id.0).ok()?)
    }

    /// All pictures with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (PictureId, &Picture)> {
        (0..).map(PictureId).zip(&self.0)
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Picture {
    fn new(
        path: &Path,
        data: Vec<u8>,
        hash: [u8; 32],
        fonts: &mut svg::Fonts,
    ) -> Result<Self, PictureError> {
        let format = PictureFormat::of(&data).ok_or(PictureError::UnknownFormat)?;
        let picture = |width, height| Self {
            path: path.to_owned(),
            data: Arc::default(),
            format,
            width: Pt(width),
            height: Pt(height),
            pixels: None,
            orientation: Orientation::NoTransforms,
            hash,
            unresolved: Vec::new(),
            tree: None,
        };
        let mut picture = if format == PictureFormat::Svg {
            let parsed = svg::parse(&data, fonts)?;
            let size = parsed.tree.size();
            let points = |px: f32| f64::from(px) * 72.0 / DEFAULT_DENSITY;
            Self {
                unresolved: parsed.unresolved,
                tree: Some(Arc::new(parsed.tree)),
                ..picture(points(size.width()), points(size.height()))
            }
        } else {
            let found = probe::probe(format, &data)?;
            let (across, down) = found.density.unwrap_or((DEFAULT_DENSITY, DEFAULT_DENSITY));
            let width = f64::from(found.width) * 72.0 / across;
            let height = f64::from(found.height) * 72.0 / down;
            let (size, pixels) = if on_its_side(found.orientation) {
                ((height, width), (found.height, found.width))
            } else {
                ((width, height), (found.width, found.height))
            };
            Self { pixels: Some(pixels), orientation: found.orientation, ..picture(size.0, size.1) }
        };
        picture.data = data.into();
        Ok(picture)
    }

    /// The pixels, upright, as 8-bit sRGB with straight alpha: the first frame of an animation, an
    /// SVG drawn at 300 pixels per inch of its natural size (at most 4,961 on a side).
    ///
    /// # Errors
    /// [`PictureError::Broken`] for compressed data that turns out damaged, and
    /// [`PictureError::TooLarge`] beyond the limit of 200 megapixels.
    pub fn decode(&self) -> Result<RgbaImage, PictureError> {
        let Some(codec) = self.format.codec() else {
            let fit = (SVG_MAX_SIDE / self.width.max(self.height).0).min(SVG_DENSITY / 72.0);
            let side = |length: Pt| (length.0 * fit).round().max(1.0) as u32;
            return self.draw_svg(side(self.width), side(self.height));
        };
        let decoder = probe::decoder(codec, &self.data)?;
        let (width, height) = decoder.dimensions();
        probe::check_size(width, height)?;
        let mut image = DynamicImage::from_decoder(decoder).map_err(PictureError::from)?;
        image.apply_orientation(self.orientation);
        Ok(image.into_rgba8())
    }

    /// The parsed drawing of an SVG, its text already turned into outlines; `None` for pixels.
    pub fn svg(&self) -> Option<&usvg::Tree> {
        self.tree.as_deref()
    }

    fn draw_svg(&self, width: u32, height: u32) -> Result<RgbaImage, PictureError> {
        let tree = self.svg().ok_or(PictureError::UnknownFormat)?;
        svg::draw(tree, width, height).ok_or(PictureError::TooLarge)
    }
}

/// Whether an orientation exchanges width and height.
fn on_its_side(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

fn read(path: &Path) -> Result<Vec<u8>, PictureError> {
    let file = std::fs::File::open(path).map_err(PictureError::from)?;
    let size = file.metadata().map_err(PictureError::from)?.len();
    if size > MAX_BYTES {
        return Err(PictureError::TooLarge);
    }
    let mut data = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // A device or a growing file has no honest size: the limit holds for what is read, too.
    file.take(MAX_BYTES + 1).read_to_end(&mut data).map_err(PictureError::from)?;
    if data.len() as u64 > MAX_BYTES { Err(PictureError::TooLarge) } else { Ok(data) }
}

#[cfg(test)]
mod tests;
