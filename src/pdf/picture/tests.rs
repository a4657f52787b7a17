use super::*;
use crate::picture::Pictures;

fn loaded(data: Vec<u8>) -> Picture {
    let mut pictures = Pictures::default();
    let id = pictures.add(std::path::Path::new("picture"), data).unwrap();
    pictures.get(id).unwrap().clone()
}

fn made(data: Vec<u8>, dpi: Option<f64>) -> ExternalStream {
    let XObject::External(object) = xobject(&loaded(data), (Pt(72.0), Pt(72.0)), dpi).unwrap()
    else {
        panic!()
    };
    object.stream
}

fn encoded(image: image::DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// 40 × 20 pixels of many colours.
fn photo() -> image::DynamicImage {
    image::RgbImage::from_fn(40, 20, |x, y| image::Rgb([x as u8 * 6, y as u8 * 12, (x * y) as u8]))
        .into()
}

fn entry(stream: &ExternalStream, key: &str) -> String {
    stream.dict.get(key).map_or(String::new(), |item| match item {
        DictItem::Name(name) => String::from_utf8_lossy(name).into_owned(),
        DictItem::Int(value) => value.to_string(),
        DictItem::Array(items) => format!("{} items", items.len()),
        DictItem::Stream { .. } => "stream".to_owned(),
        other => format!("{other:?}"),
    })
}

#[test]
fn jpeg_data_passes_through_untouched() {
    let data = encoded(photo(), image::ImageFormat::Jpeg);
    let stream = made(data.clone(), None);
    assert_eq!(stream.content, data);
    assert_eq!(entry(&stream, "Filter"), "DCTDecode");
    assert_eq!(entry(&stream, "ColorSpace"), "DeviceRGB");
    let grey = encoded(photo().into_luma8().into(), image::ImageFormat::Jpeg);
    assert_eq!(entry(&made(grey, None), "ColorSpace"), "DeviceGray");
}

#[test]
fn rows_of_a_png_pass_through_and_keep_their_depth() {
    let data = encoded(photo(), image::ImageFormat::Png);
    let stream = made(data.clone(), None);
    assert!(data.windows(stream.content.len()).any(|w| w == stream.content));
    let deep = encoded(photo().into_rgb16().into(), image::ImageFormat::Png);
    assert_eq!(entry(&made(deep, None), "BitsPerComponent"), "16");
    let deep = encoded(photo().into_rgba16().into(), image::ImageFormat::Png);
    assert_eq!(entry(&made(deep, None), "BitsPerComponent"), "16");
}

#[test]
fn transparency_is_a_soft_mask_and_only_where_there_is_any() {
    let opaque = encoded(photo().into_rgba8().into(), image::ImageFormat::Png);
    assert_eq!(entry(&made(opaque, None), "SMask"), "");
    let mut clear = photo().into_rgba8();
    clear.put_pixel(3, 3, image::Rgba([9, 9, 9, 100]));
    let stream = made(encoded(clear.into(), image::ImageFormat::Png), None);
    assert_eq!(entry(&stream, "SMask"), "stream");
}

#[test]
fn grey_and_few_colours_are_kept_small() {
    let grey = photo().into_luma8();
    let webp =
        encoded(image::DynamicImage::from(grey).into_rgb8().into(), image::ImageFormat::WebP);
    assert_eq!(entry(&made(webp, None), "ColorSpace"), "DeviceGray");
    let two =
        image::RgbImage::from_fn(30, 30, |x, _| image::Rgb([200, if x < 9 { 0 } else { 90 }, 7]));
    let stream = made(encoded(two.into(), image::ImageFormat::WebP), None);
    assert_eq!(entry(&stream, "ColorSpace"), "4 items"); // Indexed
}

#[test]
fn too_many_pixels_are_reduced_when_asked() {
    // 40 pixels in an inch: at 36 they are kept (not worth it), at 20 they are not.
    for format in [image::ImageFormat::Png, image::ImageFormat::Jpeg] {
        let data = encoded(photo(), format);
        assert_eq!(entry(&made(data.clone(), Some(36.0)), "Width"), "40");
        let stream = made(data, Some(10.0));
        // Shown an inch high, so its 20 rows decide.
        assert_eq!((entry(&stream, "Width"), entry(&stream, "Height")), ("20".into(), "10".into()));
    }
}

#[test]
fn an_svg_is_drawn_as_paths_unless_it_needs_a_filter() {
    let svg = |inside: &str| {
        let head = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>";
        format!("{head}{inside}</svg>").into_bytes()
    };
    let stream = made(svg("<rect width='9' height='9' fill='red'/>"), None);
    assert_eq!(entry(&stream, "Subtype"), "Form");
    let content = String::from_utf8(stream.content).unwrap();
    assert!(content.contains("1 0 0 rg") && content.contains("f\n"), "{content}");
    let gradient = "<linearGradient id='g'><stop offset='.2' stop-color='red'/>\
         <stop offset='1' stop-color='blue'/></linearGradient>\
         <rect width='9' height='9' fill='url(#g)' opacity='.5'/>";
    assert_eq!(entry(&made(svg(gradient), None), "Subtype"), "Form");
    let filter = "<filter id='f'><feGaussianBlur stdDeviation='2'/></filter>\
         <rect width='9' height='9' filter='url(#f)'/>";
    assert_eq!(entry(&made(svg(filter), None), "Subtype"), "Image");
}

#[test]
fn a_damaged_picture_is_a_warning_and_a_box() {
    let mut data = encoded(photo(), image::ImageFormat::Jpeg);
    let scan = data.windows(2).position(|w| w == [0xFF, 0xC4]).unwrap();
    data[scan + 5..scan + 12].fill(0xEE); // a Huffman table that is none
    let mut picture = loaded(encoded(photo(), image::ImageFormat::Png));
    let whole = picture.data.to_vec();
    let rows = whole.windows(4).position(|w| w == b"IDAT").unwrap();
    let mut broken = whole;
    broken[rows + 8..rows + 30].fill(0xAA);
    picture.data = broken.into();
    assert!(xobject(&picture, (Pt(1.0), Pt(1.0)), None).is_err());
    assert!(matches!(placeholder(), XObject::External(_)));
}

#[test]
fn every_orientation_maps_the_unit_square_onto_itself() {
    let mut picture = loaded(encoded(photo(), image::ImageFormat::Jpeg));
    for value in 2..=8 {
        picture.orientation = Orientation::from_exif(value).unwrap();
        let [a, b, c, d, e, f] = turned(&picture).unwrap();
        let mut corners: Vec<(i32, i32)> = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
            .iter()
            .map(|(x, y)| ((a * x + c * y + e) as i32, (b * x + d * y + f) as i32))
            .collect();
        // The stored top left corner is (0, 1).
        let top_left = corners[2];
        let expected = match value {
            2 => (1, 1),
            3 => (1, 0),
            4 => (0, 0),
            5 => (0, 1),
            6 => (1, 1),
            7 => (1, 0),
            _ => (0, 0),
        };
        assert_eq!(top_left, expected, "orientation {value}");
        corners.sort_unstable();
        assert_eq!(corners, [(0, 0), (0, 1), (1, 0), (1, 1)]);
    }
}
