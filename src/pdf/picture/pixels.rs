//! Pictures without loss: rows filtered and deflated as PNG does it, which PDF reads as they are.
//!
//! Source: ISO 32000-1, 7.4.4.4 (predictors), 8.9.5 (images), 11.6.5.3 (soft masks); PNG 3rd ed.

use std::collections::BTreeMap;

use image::RgbaImage;
use png::{BitDepth, ColorType, Transformations};
use printpdf::{DictItem, ExternalStream};

use super::{image_stream, name};
use crate::picture::{Picture, PictureError};

/// Samples of a picture, rows from the top, 16-bit ones with the high byte first.
struct Samples {
    size: (u32, u32),
    color: ColorType,
    depth: BitDepth,
    data: Vec<u8>,
    /// Colours of an indexed picture.
    palette: Vec<u8>,
}

/// A PNG: its compressed rows as they are, unless they are interlaced or transparent.
pub(super) fn png(picture: &Picture) -> Result<ExternalStream, PictureError> {
    let file = Chunks::read(&picture.data);
    let mut decoder = png::Decoder::new(std::io::Cursor::new(&picture.data[..]));
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(broken)?;
    let info = reader.info();
    let (color, depth, size) = (info.color_type, info.bit_depth, (info.width, info.height));
    let plain = !info.interlaced && info.trns.is_none();
    let plain = plain && !matches!(color, ColorType::GrayscaleAlpha | ColorType::Rgba);
    let palette = info.palette.as_deref().unwrap_or_default().to_vec();
    // Decoded in any case: damage inside must show now, not in a reader's hands.
    let mut data = vec![0; reader.output_buffer_size().ok_or(PictureError::TooLarge)?];
    let frame = reader.next_frame(&mut data).map_err(broken)?;
    data.truncate(frame.buffer_size());
    if plain && (color != ColorType::Indexed || !palette.is_empty()) {
        return Ok(flate(size, color, depth, &palette, file.rows));
    }
    let samples = Samples {
        size,
        color: frame.color_type,
        depth: frame.bit_depth,
        data,
        palette: Vec::new(),
    };
    with_mask(samples)
}

/// Decoded pixels.
pub(super) fn stream(pixels: &RgbaImage) -> Result<ExternalStream, PictureError> {
    with_mask(Samples {
        size: pixels.dimensions(),
        color: ColorType::Rgba,
        depth: BitDepth::Eight,
        data: pixels.as_raw().clone(),
        palette: Vec::new(),
    })
}

/// Colour and alpha apart; the mask only where something is transparent.
fn with_mask(samples: Samples) -> Result<ExternalStream, PictureError> {
    let (colors, alpha) = match samples.color {
        ColorType::Rgba => (3, true),
        ColorType::GrayscaleAlpha => (1, true),
        ColorType::Rgb => (3, false),
        ColorType::Grayscale | ColorType::Indexed => (1, false),
    };
    if !alpha {
        return compressed(&reduced(samples));
    }
    let bytes = if samples.depth == BitDepth::Sixteen { 2 } else { 1 };
    let pixel = (colors + 1) * bytes;
    let split = colors * bytes;
    let pixels = || samples.data.chunks_exact(pixel);
    let opaque = pixels().all(|p| p[split..].iter().all(|b| *b == u8::MAX));
    let color = Samples {
        color: if colors == 3 { ColorType::Rgb } else { ColorType::Grayscale },
        data: pixels().flat_map(|p| &p[..split]).copied().collect(),
        palette: Vec::new(),
        ..samples
    };
    let mask = Samples {
        color: ColorType::Grayscale,
        data: pixels().flat_map(|p| &p[split..]).copied().collect(),
        palette: Vec::new(),
        ..color
    };
    let mut stream = compressed(&reduced(color))?;
    if !opaque {
        let mask = compressed(&mask)?;
        stream.dict.insert("SMask".to_owned(), DictItem::Stream { stream: mask });
    }
    Ok(stream)
}

/// Grey instead of three equal parts, a palette instead of few colours: nothing is lost.
fn reduced(samples: Samples) -> Samples {
    if samples.color != ColorType::Rgb || samples.depth != BitDepth::Eight {
        return samples;
    }
    let pixels = || samples.data.chunks_exact(3);
    if pixels().all(|p| p[0] == p[1] && p[1] == p[2]) {
        let data = samples.data.iter().step_by(3).copied().collect();
        return Samples { color: ColorType::Grayscale, data, ..samples };
    }
    let mut places: BTreeMap<[u8; 3], u8> = BTreeMap::new();
    let mut data = Vec::with_capacity(samples.data.len() / 3);
    for pixel in pixels() {
        let next = places.len();
        let color = [pixel[0], pixel[1], pixel[2]];
        match places.get(&color) {
            Some(place) => data.push(*place),
            None => {
                let Ok(place) = u8::try_from(next) else { return samples }; // more than 256
                places.insert(color, place);
                data.push(place);
            }
        }
    }
    let mut palette = vec![[0; 3]; places.len()];
    for (color, place) in places {
        palette[usize::from(place)] = color;
    }
    let palette = palette.into_iter().flatten().collect();
    Samples { color: ColorType::Indexed, data, palette, ..samples }
}

fn compressed(samples: &Samples) -> Result<ExternalStream, PictureError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, samples.size.0, samples.size.1);
    encoder.set_color(samples.color);
    encoder.set_depth(samples.depth);
    if samples.color == ColorType::Indexed {
        encoder.set_palette(samples.palette.clone());
        encoder.set_filter(png::Filter::NoFilter); // neighbours' indices say nothing of each other
    } else {
        encoder.set_filter(png::Filter::Adaptive);
    }
    let mut writer = encoder.write_header().map_err(unwritten)?;
    writer.write_image_data(&samples.data).map_err(unwritten)?;
    writer.finish().map_err(unwritten)?;
    let rows = Chunks::read(&file).rows;
    Ok(flate(samples.size, samples.color, samples.depth, &samples.palette, rows))
}

/// An image object of rows that PNG filters were applied to.
fn flate(
    size: (u32, u32),
    color: ColorType,
    depth: BitDepth,
    palette: &[u8],
    rows: Vec<u8>,
) -> ExternalStream {
    let bits = depth as u8;
    let (space, colors) = match color {
        ColorType::Rgb | ColorType::Rgba => (name("DeviceRGB"), 3),
        ColorType::Grayscale | ColorType::GrayscaleAlpha => (name("DeviceGray"), 1),
        ColorType::Indexed => {
            let last = (palette.len() / 3).clamp(1, 256) - 1;
            let lookup = DictItem::String { data: palette.to_vec(), literal: false };
            let last = DictItem::Int(last as i64);
            (DictItem::Array(vec![name("Indexed"), name("DeviceRGB"), last, lookup]), 1)
        }
    };
    let mut stream = image_stream(size, space, bits, rows);
    let parameters = BTreeMap::from([
        ("Predictor".to_owned(), DictItem::Int(15)),
        ("Colors".to_owned(), DictItem::Int(colors)),
        ("BitsPerComponent".to_owned(), DictItem::Int(i64::from(bits))),
        ("Columns".to_owned(), DictItem::Int(i64::from(size.0))),
    ]);
    stream.dict.insert("Filter".to_owned(), name("FlateDecode"));
    stream.dict.insert("DecodeParms".to_owned(), DictItem::Dict { map: parameters });
    stream
}

/// The compressed rows of a PNG file.
struct Chunks {
    rows: Vec<u8>,
}

impl Chunks {
    fn read(file: &[u8]) -> Self {
        let mut rows = Vec::new();
        let mut rest = file.get(8..).unwrap_or_default();
        while let Some((head, after)) = rest.split_at_checked(8) {
            let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
            let Some(data) = after.get(..length) else { break };
            if &head[4..] == b"IDAT" {
                rows.extend_from_slice(data);
            }
            rest = after.get(length + 4..).unwrap_or_default(); // behind the check sum
        }
        Self { rows }
    }
}

fn broken(error: png::DecodingError) -> PictureError {
    match error {
        png::DecodingError::LimitsExceeded => PictureError::TooLarge,
        other => PictureError::Broken(crate::diagnostic::Message::same(other.to_string())),
    }
}

fn unwritten(error: png::EncodingError) -> PictureError {
    PictureError::Broken(crate::diagnostic::Message::same(error.to_string()))
}
