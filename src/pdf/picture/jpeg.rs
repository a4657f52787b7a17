//! JPEG: its data as it is, with the colour space that it is in.
//!
//! Source: ITU T.81, B.2 (markers); ICC.1:2022, B.4 (profiles in JPEG); ISO 32000-1, 7.4.8.

use std::collections::BTreeMap;

use image::imageops::FilterType;
use printpdf::{DictItem, ExternalStream};

use super::{QUALITY, image_stream, name, pixels};
use crate::picture::{Picture, PictureError};

/// What the markers before the first scan say.
#[derive(Debug, Default)]
struct Header {
    /// Width and height as stored.
    size: (u32, u32),
    /// Components of a frame that every reader decodes: 8 bits, baseline to progressive.
    components: Option<u8>,
    /// Whether Adobe's marker is there: inks are stored inverted then.
    adobe: bool,
    /// Parts of the colour profile by their number.
    profile: BTreeMap<u8, Vec<u8>>,
}

/// The picture as an image object, untouched where PDF can show it, made smaller where `size` asks.
pub(super) fn stream(
    picture: &Picture,
    size: Option<(u32, u32)>,
) -> Result<ExternalStream, PictureError> {
    let header = Header::read(&picture.data);
    if size.is_none()
        && let Some(stream) = passed_through(picture, &header)
    {
        return Ok(stream);
    }
    // Drawn turned, like data that passes through: the pixels stay as they are stored.
    let mut upright = picture.clone();
    upright.orientation = image::metadata::Orientation::NoTransforms;
    let mut decoded = upright.decode()?;
    let Some((width, height)) = size else { return pixels::stream(&decoded) };
    let (width, height) = if picture.pixels == Some(decoded.dimensions()) {
        (width, height)
    } else {
        (height, width)
    };
    decoded = image::imageops::resize(&decoded, width, height, FilterType::Lanczos3);
    let mut data = Vec::new();
    let grey = header.components == Some(1);
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut data, QUALITY);
    let image = image::DynamicImage::ImageRgba8(decoded);
    let done = if grey {
        image.into_luma8().write_with_encoder(encoder)
    } else {
        image.into_rgb8().write_with_encoder(encoder)
    };
    done.map_err(PictureError::from)?;
    let space = if grey { "DeviceGray" } else { "DeviceRGB" };
    Ok(dct((width, height), name(space), data))
}

/// The data itself. Four inks need a profile to mean anything (ISO 19005-2, 6.2.4.3); without one
/// they are turned into sRGB.
fn passed_through(picture: &Picture, header: &Header) -> Option<ExternalStream> {
    let components = header.components?;
    let profile = header.profile(components);
    let space = match (components, profile) {
        (1, None) => name("DeviceGray"),
        (3, None) => name("DeviceRGB"),
        (_, Some(profile)) => icc_based(components, profile),
        (_, None) => return None,
    };
    let mut stream = dct(header.size, space, picture.data.to_vec());
    if components == 4 && header.adobe {
        let inverted = [1, 0, 1, 0, 1, 0, 1, 0].map(DictItem::Int);
        stream.dict.insert("Decode".to_owned(), DictItem::Array(inverted.to_vec()));
    }
    Some(stream)
}

fn dct(size: (u32, u32), space: DictItem, data: Vec<u8>) -> ExternalStream {
    let mut stream = image_stream(size, space, 8, data);
    stream.dict.insert("Filter".to_owned(), name("DCTDecode"));
    stream
}

/// A colour space by its profile (ISO 32000-1, 8.6.5.5).
fn icc_based(components: u8, profile: Vec<u8>) -> DictItem {
    let dict = BTreeMap::from([("N".to_owned(), DictItem::Int(i64::from(components)))]);
    let stream = ExternalStream { dict, content: profile, compress: true };
    DictItem::Array(vec![name("ICCBased"), DictItem::Stream { stream }])
}

impl Header {
    fn read(data: &[u8]) -> Self {
        let mut header = Self::default();
        let mut at = 2;
        while let (Some(0xFF), Some(marker)) = (data.get(at).copied(), data.get(at + 1).copied()) {
            if marker == 0xFF {
                at += 1; // fill byte
                continue;
            }
            if marker == 0xDA {
                break; // the scan
            }
            let length = data
                .get(at + 2..at + 4)
                .map_or(0, |l| usize::from(u16::from_be_bytes([l[0], l[1]])));
            let Some(segment) = data.get(at + 4..at + 2 + length.max(2)) else { break };
            header.segment(marker, segment);
            at += 2 + length.max(2);
        }
        header
    }

    fn segment(&mut self, marker: u8, segment: &[u8]) {
        match (marker, segment) {
            // SOF0–SOF2: baseline, extended and progressive, which every PDF reader decodes.
            (0xC0..=0xC2, [8, h1, h2, w1, w2, components, ..]) => {
                let side = |a: u8, b: u8| u32::from(u16::from_be_bytes([a, b]));
                self.size = (side(*w1, *w2), side(*h1, *h2));
                self.components = Some(*components);
            }
            (
                0xE2,
                [
                    b'I',
                    b'C',
                    b'C',
                    b'_',
                    b'P',
                    b'R',
                    b'O',
                    b'F',
                    b'I',
                    b'L',
                    b'E',
                    0,
                    part,
                    _,
                    profile @ ..,
                ],
            ) => {
                self.profile.insert(*part, profile.to_vec());
            }
            (0xEE, [b'A', b'd', b'o', b'b', b'e', ..]) => self.adobe = true,
            _ => {}
        }
    }

    /// The profile, if it is one that PDF takes: of a device or a colour space, for so many
    /// components, of version 4 at most (ISO 19005-2, 6.2.4.2).
    fn profile(&self, components: u8) -> Option<Vec<u8>> {
        let whole: Vec<u8> = self.profile.values().flatten().copied().collect();
        let space: &[u8] = match components {
            1 => b"GRAY",
            3 => b"RGB ",
            4 => b"CMYK",
            _ => return None,
        };
        let class = whole.get(12..16)?;
        let known = [&b"scnr"[..], b"mntr", b"prtr", b"spac"].contains(&class);
        let signed = whole.get(36..40)? == b"acsp" && whole.get(16..20)? == space;
        (known && signed && *whole.get(8)? <= 4).then_some(whole)
    }
}
