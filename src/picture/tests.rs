use std::io::Cursor;

use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{ImageEncoder as _, Rgb, RgbImage};

use super::*;

/// 4 × 2 pixels, the left half red, the right half blue.
fn flag() -> RgbImage {
    RgbImage::from_fn(4, 2, |x, _| if x < 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) })
}

fn encoded(format: image::ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    flag().write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A JPEG with a density and, where given, an EXIF orientation.
fn jpeg(density: u16, orientation: Option<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut out, 100);
    encoder.set_pixel_density(PixelDensity::dpi(density));
    if let Some(value) = orientation {
        let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        tiff.extend([value, 0, 0, 0, 0, 0, 0, 0]);
        encoder.set_exif_metadata(tiff).unwrap();
    }
    let picture = RgbImage::from_fn(32, 16, |x, _| Rgb(if x < 16 { [255; 3] } else { [0; 3] }));
    encoder.write_image(picture.as_raw(), 32, 16, image::ExtendedColorType::Rgb8).unwrap();
    out
}

/// A PNG with a pHYs chunk of so many pixels per metre.
fn png_with_density(per_metre: u32) -> Vec<u8> {
    let mut data = encoded(image::ImageFormat::Png);
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(per_metre.to_be_bytes());
    chunk.extend(per_metre.to_be_bytes());
    chunk.push(1);
    let sum = crc32fast::hash(&chunk).to_be_bytes();
    let after_header = 8 + 25;
    let whole = [&9_u32.to_be_bytes()[..], &chunk, &sum].concat();
    data.splice(after_header..after_header, whole);
    data
}

fn load(data: &[u8]) -> Result<Picture, PictureError> {
    let mut pictures = Pictures::default();
    let id = pictures.add(Path::new("a/picture"), data.to_vec())?;
    Ok(pictures.get(id).unwrap().clone())
}

fn size(picture: &Picture) -> (f64, f64) {
    let round = |length: Pt| (length.0 * 1000.0).round() / 1000.0;
    (round(picture.width), round(picture.height))
}

#[test]
fn content_tells_the_format_and_96_pixels_are_an_inch() {
    use image::ImageFormat as Codec;
    for (codec, format) in [
        (Codec::Png, PictureFormat::Png),
        (Codec::Gif, PictureFormat::Gif),
        (Codec::WebP, PictureFormat::WebP),
    ] {
        let picture = load(&encoded(codec)).unwrap();
        assert_eq!(picture.format, format);
        assert_eq!(size(&picture), (3.0, 1.5), "{format:?}");
        let pixels = picture.decode().unwrap();
        assert_eq!(pixels.get_pixel(0, 0).0, [255, 0, 0, 255], "{format:?}");
        assert_eq!(pixels.get_pixel(3, 1).0, [0, 0, 255, 255], "{format:?}");
    }
}

#[test]
fn stated_density_gives_the_natural_size() {
    assert_eq!(size(&load(&png_with_density(11_811)).unwrap()), (0.96, 0.48)); // 300 per inch
    assert_eq!(size(&load(&jpeg(144, None)).unwrap()), (16.0, 8.0));
    assert_eq!(size(&load(&jpeg(1, None)).unwrap()), (24.0, 12.0), "1 per inch says nothing");
}

#[test]
fn exif_density_counts_where_nothing_else_states_one() {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x1a\0\x05\0\0\0\x01\0\0\0\x26\x01\x28\0\x03\0\0\0\x01\0\x03\0\0");
    tiff.extend(b"\0\0\0\0\0\0\0\x64\0\0\0\x01"); // 100 per centimetre
    assert_eq!(exif::density(&tiff), Some((254.0, 254.0)));
    for end in 0..tiff.len() - 1 {
        assert!(exif::density(&tiff[..end]).is_none_or(|(x, _)| x > 0.0));
    }
}

#[test]
fn exif_orientation_turns_size_and_pixels() {
    let picture = load(&jpeg(96, Some(6))).unwrap(); // turned clockwise by a quarter
    assert_eq!(size(&picture), (12.0, 24.0));
    assert_eq!(picture.pixels, Some((16, 32)));
    let pixels = picture.decode().unwrap();
    assert_eq!(pixels.dimensions(), (16, 32));
    assert!(pixels.get_pixel(8, 2)[0] > 200 && pixels.get_pixel(8, 29)[0] < 50);
}

#[test]
fn same_bytes_are_one_picture_and_a_path_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("a.png"), folder.path().join("b.jpg"));
    for path in [&first, &second] {
        std::fs::write(path, encoded(image::ImageFormat::Png)).unwrap();
    }
    let mut pictures = Pictures::default();
    let id = pictures.load(&first).unwrap();
    assert_eq!(pictures.load(&second).unwrap(), id);
    std::fs::remove_file(&first).unwrap();
    assert_eq!(pictures.load(&first).unwrap(), id);
    assert_eq!(pictures.len(), 1);
}

#[test]
fn what_is_not_there_or_not_a_picture_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut pictures = Pictures::default();
    let missing = pictures.load(&folder.path().join("none.png")).unwrap_err();
    assert!(matches!(missing, PictureError::NotFound));
    assert!(matches!(pictures.load(folder.path()).unwrap_err(), PictureError::Unreadable(_)));
    for garbage in [&b""[..], b"hello", b"<html><p>404</p></html>", b"%PDF-1.7"] {
        assert!(matches!(load(garbage).unwrap_err(), PictureError::UnknownFormat));
    }
    assert!(pictures.is_empty());
}

#[test]
fn a_file_cut_off_anywhere_is_an_error() {
    use image::ImageFormat as Codec;
    let files = [Codec::Png, Codec::Gif, Codec::WebP].map(encoded);
    for data in files.iter().chain([&jpeg(96, Some(6)), &png_with_density(2835)]) {
        for end in 0..data.len() - 1 {
            assert!(load(&data[..end]).is_err(), "{:?} at {end}", PictureFormat::of(data));
        }
    }
}

#[test]
fn damage_in_a_png_is_found_by_its_check_sums() {
    let whole = encoded(image::ImageFormat::Png);
    for at in 8..whole.len() {
        let mut data = whole.clone();
        data[at] ^= 0x55;
        assert!(load(&data).is_err(), "byte {at}");
    }
}

#[test]
fn a_picture_of_more_than_200_megapixels_is_refused() {
    let mut data = encoded(image::ImageFormat::Png);
    data[16..24].copy_from_slice(&[0, 0, 0x80, 0, 0, 0, 0x80, 0]); // 32,768 × 32,768
    let sum = crc32fast::hash(&data[12..29]).to_be_bytes();
    data[29..33].copy_from_slice(&sum);
    assert!(matches!(load(&data).unwrap_err(), PictureError::TooLarge));
}

#[test]
fn svg_sizes_come_from_width_and_height_or_the_view_box() {
    let svg = |attributes: &str| {
        format!("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' {attributes}/>")
    };
    let of = |attributes: &str| size(&load(svg(attributes).as_bytes()).unwrap());
    assert_eq!(of("width='40' height='20'"), (30.0, 15.0));
    assert_eq!(of("width='1in' height='72pt'"), (72.0, 72.0));
    assert_eq!(of("viewBox='0 0 400 100'"), (300.0, 75.0));
    let none = load(svg("width='0' height='3'").as_bytes());
    assert!(matches!(none.unwrap_err(), PictureError::Broken(_)));
}

#[test]
fn text_in_an_svg_is_drawn_with_our_faces() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>\
               <text x='0' y='34' font-size='40'>国</text></svg>";
    let pixels = load(svg.as_bytes()).unwrap().decode().unwrap();
    let ink = pixels.pixels().filter(|p| p[3] > 128).count();
    assert!(ink > 500, "{ink} pixels of ink");
}

#[test]
fn an_svg_reaches_no_other_file_and_says_so() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>\
               <image href='/etc/hosts.png' width='9' height='9'/></svg>";
    assert_eq!(load(svg.as_bytes()).unwrap().unresolved, ["/etc/hosts.png"]);
}

#[test]
fn a_picture_embedded_in_an_svg_is_drawn() {
    let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>\
         <image href='data:image/png;base64,{dot}' width='9' height='9'/></svg>"
    );
    let pixels = load(svg.as_bytes()).unwrap().decode().unwrap();
    assert_eq!(pixels.get_pixel(10, 10).0, [255, 0, 0, 255]);
}

#[test]
fn an_svg_nested_without_end_is_refused_and_one_of_200_levels_is_drawn() {
    let nested = |levels: usize| {
        let (open, close) = ("<g>".repeat(levels), "</g>".repeat(levels));
        let dot = "<rect width='9' height='9'/>";
        let head = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>";
        load(format!("{head}{open}{dot}{close}</svg>").as_bytes())
    };
    assert!(nested(199).unwrap().decode().is_ok());
    assert!(matches!(nested(100_000).unwrap_err(), PictureError::Broken(_)));
    let entity = "<!DOCTYPE svg [<!ENTITY deep '<g><g/></g>'>]>\
                  <svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>&deep;</svg>";
    assert!(matches!(load(entity.as_bytes()).unwrap_err(), PictureError::Broken(_)));
}
