//! Probing: size, density and orientation of a picture of pixels, and whether its file is whole.
//!
//! The structure of the file is walked from end to end (chunks, segments, blocks, and PNG's check
//! sums) but nothing is decompressed: a 12-megapixel JPEG takes a few milliseconds instead of a
//! hundred, and a file that is cut off or overwritten in the middle is still found. Damage inside
//! compressed data that no check sum guards shows when it is decoded, as an error.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat, ImageReader, Limits};

use super::{PictureError, PictureFormat, exif};

/// Most pixels a picture may have: a guard against decompression bombs, four times the largest
/// camera's.
const MAX_PIXELS: u64 = 200_000_000;
/// Most memory a decoder may take: [`MAX_PIXELS`] of four 16-bit samples.
const MAX_ALLOC: u64 = MAX_PIXELS * 8;
/// Densities outside this range, per inch, are fillers (1 × 1 is common) and say nothing.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 10.0..=10_000.0;

/// What the headers say, before rotation.
#[derive(Debug)]
pub(super) struct Probe {
    /// Width in pixels as stored.
    pub width: u32,
    /// Height in pixels as stored.
    pub height: u32,
    /// Pixels per inch across and down.
    pub density: Option<(f64, f64)>,
    /// How to turn the stored pixels upright.
    pub orientation: Orientation,
}

/// Reads the headers and walks the structure; see the module's header for what it finds.
pub(super) fn probe(format: PictureFormat, data: &[u8]) -> Result<Probe, PictureError> {
    let walked = match format {
        PictureFormat::Png => png(data),
        PictureFormat::Jpeg => jpeg(data),
        PictureFormat::Gif => gif(data).map(|()| None),
        PictureFormat::WebP => webp(data).map(|()| None),
        PictureFormat::Svg => return Err(PictureError::UnknownFormat),
    };
    let stated = walked.map_err(|fault| match fault {
        Fault::CutOff => PictureError::broken("it is cut off", "内容不完整"),
        Fault::Damaged(part) => {
            PictureError::broken(format!("its {part} is not valid"), format!("{part} 无效"))
        }
    })?;
    let codec = format.codec().ok_or(PictureError::UnknownFormat)?;
    let mut decoder = decoder(codec, data)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let tiff = decoder.exif_metadata().ok().flatten();
    let plausible = |(x, y): &(f64, f64)| PLAUSIBLE.contains(x) && PLAUSIBLE.contains(y);
    let density =
        stated.filter(plausible).or_else(|| exif::density(tiff.as_deref()?)).filter(plausible);
    let orientation =
        tiff.as_deref().and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    Ok(Probe { width, height, density, orientation })
}

/// A decoder that has read the headers, with limits set.
pub(super) fn decoder(
    codec: ImageFormat,
    data: &[u8],
) -> Result<impl ImageDecoder + '_, PictureError> {
    let mut reader = ImageReader::with_format(Cursor::new(data), codec);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    reader.into_decoder().map_err(PictureError::from)
}

/// Refuses empty pictures and those of more than 200 megapixels.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), PictureError> {
    match u64::from(width) * u64::from(height) {
        0 => Err(PictureError::broken("it has no pixels", "没有像素")),
        pixels if pixels > MAX_PIXELS => Err(PictureError::TooLarge),
        _ => Ok(()),
    }
}

/// What the walk found wrong.
enum Fault {
    CutOff,
    Damaged(&'static str),
}

/// Takes bytes from the front; runs out with [`Fault::CutOff`].
struct Walk<'a>(&'a [u8]);

impl<'a> Walk<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Fault::CutOff)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.take(N)?.try_into().map_err(|_| Fault::CutOff)
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        Ok(self.array::<1>()?[0])
    }

    /// Sub-blocks of a GIF up to the empty one.
    fn sub_blocks(&mut self) -> Result<(), Fault> {
        loop {
            match self.byte()? {
                0 => return Ok(()),
                length => self.take(usize::from(length))?,
            };
        }
    }
}

/// Chunks up to IEND, check sums of the critical ones; density from pHYs (PNG 3rd ed. §11.3.4.3).
fn png(data: &[u8]) -> Result<Option<(f64, f64)>, Fault> {
    const METRES_PER_INCH: f64 = 0.0254;
    let mut walk = Walk(data);
    walk.take(8)?;
    let mut density = None;
    let mut has_pixels = false;
    loop {
        let length = u32::from_be_bytes(walk.array()?);
        let length = usize::try_from(length).map_err(|_| Fault::CutOff)?;
        let chunk = walk.take(length.checked_add(4).ok_or(Fault::CutOff)?)?;
        let sum = u32::from_be_bytes(walk.array()?);
        let (name, body) = chunk.split_at(4);
        // Upper case marks a critical chunk; decoders pass over damage in the others.
        if name[0].is_ascii_uppercase() && crc32fast::hash(chunk) != sum {
            return Err(Fault::Damaged("PNG check sum"));
        }
        match (name, body) {
            (b"pHYs", &[x0, x1, x2, x3, y0, y1, y2, y3, 1]) => {
                let per_inch = |bytes| f64::from(u32::from_be_bytes(bytes)) * METRES_PER_INCH;
                density = Some((per_inch([x0, x1, x2, x3]), per_inch([y0, y1, y2, y3])));
            }
            (b"IDAT", _) => has_pixels = true,
            (b"IEND", _) if has_pixels => return Ok(density),
            (b"IEND", _) => return Err(Fault::Damaged("PNG data")),
            _ => {}
        }
    }
}

/// Segments and scans up to EOI; density from JFIF (T.81 Annex B, T.871 §10.1).
fn jpeg(data: &[u8]) -> Result<Option<(f64, f64)>, Fault> {
    let mut walk = Walk(data);
    walk.take(2)?;
    let mut density = None;
    let mut has_scan = false;
    loop {
        if walk.byte()? != 0xff {
            return Err(Fault::Damaged("JPEG marker"));
        }
        let mut marker = walk.byte()?;
        while marker == 0xff {
            marker = walk.byte()?; // fill bytes
        }
        match marker {
            0x01 | 0xd0..=0xd8 => continue,
            0xd9 if has_scan => return Ok(density),
            0xd9 => return Err(Fault::Damaged("JPEG data")),
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(walk.array()?));
        let body = walk.take(length.checked_sub(2).ok_or(Fault::Damaged("JPEG segment"))?)?;
        match (marker, body) {
            (0xe0, &[b'J', b'F', b'I', b'F', 0, _, _, unit, x0, x1, y0, y1, ..]) => {
                let across = f64::from(u16::from_be_bytes([x0, x1]));
                let down = f64::from(u16::from_be_bytes([y0, y1]));
                density = match unit {
                    1 => Some((across, down)),
                    2 => Some((across * 2.54, down * 2.54)),
                    _ => None,
                };
            }
            (0xda, _) => {
                has_scan = true;
                skip_scan(&mut walk)?;
            }
            _ => {}
        }
    }
}

/// Passes over entropy-coded data: up to the next marker that is neither stuffing nor a restart.
fn skip_scan(walk: &mut Walk<'_>) -> Result<(), Fault> {
    let mut from = 0;
    loop {
        let rest = walk.0.get(from..).ok_or(Fault::CutOff)?;
        let at = from + rest.iter().position(|b| *b == 0xff).ok_or(Fault::CutOff)?;
        match walk.0.get(at + 1) {
            None => return Err(Fault::CutOff),
            Some(0x00 | 0xd0..=0xd7) => from = at + 2,
            Some(0xff) => from = at + 1,
            Some(_) => {
                walk.take(at)?;
                return Ok(());
            }
        }
    }
}

/// Blocks up to the trailer, or to the end of the file after at least one frame: many programs
/// leave the trailer out (GIF 89a §§17–27).
fn gif(data: &[u8]) -> Result<(), Fault> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut walk = Walk(data);
    walk.take(6)?;
    let screen: [u8; 7] = walk.array()?;
    walk.take(table(screen[4]))?;
    let mut frames = 0;
    while !walk.0.is_empty() || frames == 0 {
        match walk.byte()? {
            0x21 => {
                walk.byte()?;
                walk.sub_blocks()?;
            }
            0x2c => {
                let frame: [u8; 9] = walk.array()?;
                walk.take(table(frame[8]))?;
                walk.byte()?;
                walk.sub_blocks()?;
                frames += 1;
            }
            0x3b if frames > 0 => break,
            _ => return Err(Fault::Damaged("GIF block")),
        }
    }
    Ok(())
}

/// Chunks up to the length that the RIFF header states (RFC 9649 §2.3).
fn webp(data: &[u8]) -> Result<(), Fault> {
    let mut walk = Walk(data);
    walk.take(4)?;
    let length = usize::try_from(u32::from_le_bytes(walk.array()?)).map_err(|_| Fault::CutOff)?;
    let mut walk = Walk(walk.take(length)?);
    walk.take(4)?;
    while !walk.0.is_empty() {
        walk.take(4)?;
        let length = u32::from_le_bytes(walk.array()?);
        let length = usize::try_from(length).map_err(|_| Fault::CutOff)?;
        walk.take(length)?;
        if length % 2 == 1 && !walk.0.is_empty() {
            walk.byte()?; // padding
        }
    }
    Ok(())
}
