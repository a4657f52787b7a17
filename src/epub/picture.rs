//! Pictures as they stand in an EPUB: as they came where readers can show them so, else redrawn.
//!
//! - Larger than any screen: made smaller ([`LONGEST`]).
//! - WebP, and JPEG in CMYK: old readers and Kindle show neither, so they become PNG or RGB.
//! - Turned by EXIF: readers disagree on whether to follow it, so the pixels are turned.
//! - SVG stays a drawing unless it could not stand in the container: scripts, foreign content,
//!   files it refers to (EPUB 3.3 §3.6), a document type.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops;
use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder as _, RgbaImage};
use quick_xml::events::{BytesStart, Event};

use crate::diagnostic::{Code, Diagnostic, Message};
use crate::picture::{Picture, PictureFormat};

/// Longest side in pixels: a page of the largest common e-readers (10.3 inches, 1404 × 1872), and a
/// square of it stays under the 5.6 megapixels that Apple Books takes.
pub(super) const LONGEST: u32 = 2048;
/// Quality of JPEG, of 100: no difference to be seen in photographs on a screen.
const QUALITY: u8 = 86;

/// A picture ready for the container.
#[derive(Debug)]
pub(super) struct Prepared<'p> {
    pub(super) format: PictureFormat,
    pub(super) data: Cow<'p, [u8]>,
    /// What has to be reported of it.
    pub(super) warning: Option<Diagnostic>,
}

/// Prepares a picture; what can't be decoded stays as it is and is reported.
pub(super) fn prepare(picture: &Picture) -> Prepared<'_> {
    let kept =
        |warning| Prepared { format: picture.format, data: Cow::Borrowed(&picture.data), warning };
    let reason = match picture.format {
        // An animation would stand still.
        PictureFormat::Gif => return kept(None),
        PictureFormat::Svg => match unfit(&picture.data) {
            None if picture.unresolved.is_empty() => return kept(None),
            None => Some("it refers to other files".to_owned()),
            Some(reason) => Some(reason),
        },
        _ => None,
    };
    let large = picture.pixels.is_some_and(|(w, h)| w.max(h) > LONGEST);
    let turned = picture.orientation != Orientation::NoTransforms;
    let cmyk = picture.format == PictureFormat::Jpeg && components(&picture.data) == Some(4);
    let foreign = matches!(picture.format, PictureFormat::WebP | PictureFormat::Svg);
    if !(large || turned || cmyk || foreign) {
        return kept(None);
    }
    let redrawn = picture.decode().map_err(|e| e.message()).and_then(|pixels| {
        let pixels = shrink(pixels);
        let opaque = pixels.pixels().all(|p| p.0[3] == 255);
        let photograph =
            matches!(picture.format, PictureFormat::Jpeg | PictureFormat::WebP) && opaque;
        let made = if photograph { jpeg(pixels) } else { png(pixels, opaque) };
        let format = if photograph { PictureFormat::Jpeg } else { PictureFormat::Png };
        made.map(|data| (format, data)).map_err(|e| Message::same(e.to_string()))
    });
    match redrawn {
        // A picture of few colours can grow when it is made smaller.
        Ok((_, data)) if !(turned || cmyk || foreign) && data.len() >= picture.data.len() => {
            kept(None)
        }
        Ok((format, data)) => {
            let warning = reason.map(|reason| redrawn_as_pixels(picture, &reason));
            Prepared { format, data: Cow::Owned(data), warning }
        }
        Err(reason) => {
            let warning = Diagnostic::warning(Code::BrokenPicture, reason).in_file(&picture.path);
            kept(Some(warning))
        }
    }
}

fn redrawn_as_pixels(picture: &Picture, reason: &str) -> Diagnostic {
    let message = Message::new(
        format!("the drawing can't stand in an EPUB as it is ({reason}); it was drawn as pixels"),
        format!("此矢量图不能直接放入 EPUB（{reason}），已转为位图"),
    );
    Diagnostic::warning(Code::BrokenPicture, message).in_file(&picture.path)
}

/// Makes a picture no longer than [`LONGEST`] on either side.
fn shrink(pixels: RgbaImage) -> RgbaImage {
    let (width, height) = pixels.dimensions();
    let longest = width.max(height);
    if longest <= LONGEST {
        return pixels;
    }
    let fit = |side: u32| {
        let scaled = u64::from(side) * u64::from(LONGEST) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(LONGEST).max(1)
    };
    imageops::resize(&pixels, fit(width), fit(height), imageops::FilterType::CatmullRom)
}

fn jpeg(pixels: RgbaImage) -> image::ImageResult<Vec<u8>> {
    let mut out = Vec::new();
    let rgb = DynamicImage::ImageRgba8(pixels).into_rgb8();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&rgb)?;
    Ok(out)
}

fn png(pixels: RgbaImage, opaque: bool) -> image::ImageResult<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    let encoder =
        PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive);
    let (width, height) = pixels.dimensions();
    if opaque {
        let rgb = DynamicImage::ImageRgba8(pixels).into_rgb8();
        encoder.write_image(&rgb, width, height, image::ExtendedColorType::Rgb8)?;
    } else {
        encoder.write_image(&pixels, width, height, image::ExtendedColorType::Rgba8)?;
    }
    Ok(out.into_inner())
}

/// Number of colour components of a JPEG, from its frame header (ITU-T T.81 §B.2.2).
fn components(data: &[u8]) -> Option<u8> {
    let mut rest = data.get(2..)?;
    loop {
        let [0xFF, kind, high, low, ..] = *rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        // SOF0 to SOF15, but for the tables DHT, JPG and DAC among them.
        if matches!(kind, 0xC0..=0xCF) && !matches!(kind, 0xC4 | 0xC8 | 0xCC) {
            return rest.get(9).copied();
        }
        rest = rest.get(2 + length.max(2)..)?;
    }
}

/// Why an SVG can't stand in an EPUB as it is.
pub(super) fn unfit(data: &[u8]) -> Option<String> {
    let mut reader = quick_xml::Reader::from_reader(data);
    let mut buffer = Vec::new();
    let (mut depth, mut root, mut style) = (0_usize, false, false);
    loop {
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Some(format!("not well-formed: {error}")),
        };
        match &event {
            Event::DocType(_) => return Some("it has a document type".to_owned()),
            Event::Start(tag) | Event::Empty(tag) => {
                if depth == 0 && (root || tag.local_name().as_ref() != "svg") {
                    return Some("its root element is not 'svg'".to_owned());
                }
                root = true;
                style = tag.local_name().as_ref() == "style";
                if let Some(reason) = unfit_element(tag) {
                    return Some(reason);
                }
                depth += usize::from(matches!(event, Event::Start(_)));
            }
            Event::Text(text) if style && text.contains("@import") => {
                return Some("its style comes from another file".to_owned());
            }
            Event::End(_) => (depth, style) = (depth.saturating_sub(1), false),
            Event::Eof if depth > 0 || !root => return Some("it ends early".to_owned()),
            Event::Eof => return None,
            _ => {}
        }
        buffer.clear();
    }
}

fn unfit_element(tag: &BytesStart<'_>) -> Option<String> {
    let name = tag.local_name();
    if matches!(name.as_ref(), "script" | "foreignObject") {
        return Some(format!("it holds '{}'", name.as_ref()));
    }
    for attribute in tag.attributes() {
        let Ok(attribute) = attribute else { return Some("not well-formed".to_owned()) };
        let key = attribute.key.local_name();
        if key.as_ref().starts_with("on") {
            return Some("it holds a script".to_owned());
        }
        let value = attribute.value.trim();
        let inside = value.starts_with('#') || value.starts_with("data:");
        if key.as_ref() == "href" && !inside && name.as_ref() != "a" {
            return Some("it refers to other files".to_owned());
        }
        let linked = |rest: &str| !rest.trim_start_matches(['"', '\'', ' ']).starts_with('#');
        if value.match_indices("url(").any(|(at, _)| linked(&value[at + 4..])) {
            return Some("it refers to other files".to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Pictures;

    fn picture(data: Vec<u8>) -> Pictures {
        let mut pictures = Pictures::default();
        pictures.add(std::path::Path::new("p"), data).unwrap();
        pictures
    }

    fn photograph(width: u32, height: u32) -> RgbaImage {
        RgbaImage::from_fn(width, height, |x, y| {
            image::Rgba([(x % 251) as u8, (y % 241) as u8, ((x * y) % 239) as u8, 255])
        })
    }

    #[test]
    fn drawings_that_no_reader_could_show_are_drawn_as_pixels() {
        let ns = "xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"";
        let good = format!("<svg {ns}><a href=\"http://x/\"><rect fill=\"url(#a)\"/></a></svg>");
        assert_eq!(unfit(good.as_bytes()), None);
        for bad in [
            "<svg><script/></svg>",
            "<svg onload=\"x()\"/>",
            "<svg><image href=\"http://x/\"/></svg>",
            "<svg><use href=\"b.svg#a\"/></svg>",
            "<svg><rect style=\"fill: url('http://x/')\"/></svg>",
            "<svg><style>@import 'x.css';</style></svg>",
            "<!DOCTYPE svg><svg/>",
            "<svg><foreignObject/></svg>",
            "<svg>",
            "",
        ] {
            assert!(unfit(bad.as_bytes()).is_some(), "{bad}");
        }
        let script = format!("<svg {ns}><script/><rect width=\"5\" height=\"5\"/></svg>");
        let pictures = picture(script.into_bytes());
        let prepared = prepare(&pictures.0[0]);
        assert_eq!(prepared.format, PictureFormat::Png);
        assert!(prepared.warning.is_some());
    }

    #[test]
    fn pictures_larger_than_any_screen_are_made_smaller() {
        let large = jpeg(photograph(3000, 1000)).unwrap();
        let pictures = picture(large.clone());
        let prepared = prepare(&pictures.0[0]);
        assert_eq!(prepared.format, PictureFormat::Jpeg);
        assert!(prepared.data.len() < large.len());
        let read = image::load_from_memory(&prepared.data).unwrap();
        assert_eq!((read.width(), read.height()), (LONGEST, 682));
        let small = png(photograph(40, 30), true).unwrap();
        let pictures = picture(small.clone());
        assert_eq!(prepare(&pictures.0[0]).data, small, "untouched");
    }

    #[test]
    fn webp_becomes_what_every_reader_shows() {
        for (alpha, format) in [(255, PictureFormat::Jpeg), (100, PictureFormat::Png)] {
            let mut pixels = photograph(20, 20);
            pixels.get_pixel_mut(0, 0).0[3] = alpha;
            let mut webp = Vec::new();
            let encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut webp);
            encoder.encode(&pixels, 20, 20, image::ExtendedColorType::Rgba8).unwrap();
            let pictures = picture(webp);
            assert_eq!(prepare(&pictures.0[0]).format, format);
        }
    }

    #[test]
    fn components_are_read_from_the_frame_header() {
        assert_eq!(components(&jpeg(photograph(8, 8)).unwrap()), Some(3));
        assert_eq!(components(b"\xff\xd8\xff\xc2\x00\x14\x08\0\x01\0\x01\x04"), Some(4));
        assert_eq!(components(b"\xff\xd8\xff"), None);
    }
}
