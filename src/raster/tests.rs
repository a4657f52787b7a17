use std::path::Path;

use super::*;
use crate::layout::{Glyph, Item, Rect, Stroke, Tag};

const RED: Color = Color { r: 200, g: 0, b: 0 };

/// A page of 100 × 60 pt; at 72 dpi a point is a pixel.
fn page(items: Vec<Content>) -> Page {
    let items = items.into_iter().map(|content| Item { tag: Tag::Artifact, content }).collect();
    Page { width: Pt(100.0), height: Pt(60.0), items, ..Page::default() }
}

fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
    Rect { x: Pt(x), y: Pt(y), width: Pt(width), height: Pt(height) }
}

/// A run of one 一 (a bar across the em, near its middle) of 40 pt.
fn bar(fonts: &FontBook, x: f64, y: f64) -> GlyphRun {
    let face = fonts.find("Noto Sans CJK SC", 400, false).unwrap();
    let id = fonts.face(face).unwrap().glyph('一').unwrap();
    GlyphRun {
        face,
        size: Pt(40.0),
        x: Pt(x),
        y: Pt(y),
        stretch: 1.0,
        turned: false,
        color: Color::BLACK,
        text: "一".to_owned(),
        glyphs: vec![Glyph { id, dx: Pt::ZERO, dy: Pt::ZERO, text_start: 0 }],
    }
}

fn draw(fonts: &FontBook, items: Vec<Content>) -> Pixmap {
    render(&page(items), fonts, &Pictures::default(), 72.0).unwrap()
}

fn color(pixmap: &Pixmap, x: u32, y: u32) -> [u8; 3] {
    let p = pixmap.pixel(x, y).unwrap();
    [p.red(), p.green(), p.blue()]
}

/// Left, top, right and bottom of what is not white, the last two beyond the ink.
fn ink(pixmap: &Pixmap) -> Option<[u32; 4]> {
    let marked = (0..pixmap.height())
        .flat_map(|y| (0..pixmap.width()).map(move |x| (x, y)))
        .filter(|(x, y)| color(pixmap, *x, *y) != [255; 3]);
    marked.fold(None, |bounds, (x, y)| {
        let [l, t, r, b] = bounds.unwrap_or([x, y, x + 1, y + 1]);
        Some([l.min(x), t.min(y), r.max(x + 1), b.max(y + 1)])
    })
}

#[test]
fn a_rectangle_paints_its_pixels_and_no_others() {
    let shape = Shape::filled_rect(rect(10.0, 20.0, 30.0, 5.0), RED);
    let drawn = draw(&FontBook::bundled(), vec![Content::Shape(shape)]);
    assert_eq!((drawn.width(), drawn.height()), (100, 60));
    assert_eq!(ink(&drawn), Some([10, 20, 40, 25]));
    assert_eq!(color(&drawn, 10, 20), [200, 0, 0]);
    assert_eq!(color(&drawn, 39, 24), [200, 0, 0]);
}

#[test]
fn a_dashed_line_leaves_its_gaps_white() {
    let stroke = Stroke { color: RED, width: Pt(2.0), dash: vec![Pt(10.0), Pt(5.0)] };
    let path = vec![Segment::Move(Pt(0.0), Pt(10.0)), Segment::Line(Pt(100.0), Pt(10.0))];
    let line = Shape { path, fill: None, stroke: Some(stroke) };
    let drawn = draw(&FontBook::bundled(), vec![Content::Shape(line)]);
    assert_eq!(color(&drawn, 5, 10), [200, 0, 0]);
    assert_eq!(color(&drawn, 12, 10), [255; 3]);
    assert_eq!(color(&drawn, 17, 9), [200, 0, 0]);
    assert_eq!(color(&drawn, 5, 12), [255; 3]);
}

#[test]
fn a_glyph_stands_on_its_baseline_with_the_extent_its_face_states() {
    let fonts = FontBook::bundled();
    let run = bar(&fonts, 20.0, 50.0);
    let face = fonts.face(run.face).unwrap();
    let extent = face.ink(run.glyphs[0].id).unwrap();
    let drawn = draw(&fonts, vec![Content::Glyphs(run)]);
    let edge = |origin: f64, em: crate::units::Em| origin + em.at(Pt(40.0)).0;
    let stated = [
        edge(20.0, extent.x_min).floor(),
        edge(50.0, -extent.y_max).floor(),
        edge(20.0, extent.x_max).ceil(),
        edge(50.0, -extent.y_min).ceil(),
    ];
    let drawn = ink(&drawn).unwrap();
    for (drawn, stated) in drawn.into_iter().zip(stated) {
        // Less than a fiftieth of a pixel's coverage is no ink.
        assert!((f64::from(drawn) - stated).abs() <= 1.0, "{drawn} {stated}");
    }
}

#[test]
fn a_turned_run_goes_down_with_its_foot_to_the_left() {
    let fonts = FontBook::bundled();
    let mut run = bar(&fonts, 30.0, 5.0);
    let [left, top, right, bottom] =
        ink(&draw(&fonts, vec![Content::Glyphs(GlyphRun { y: Pt(45.0), ..run.clone() })])).unwrap();
    run.turned = true;
    let turned = ink(&draw(&fonts, vec![Content::Glyphs(run)])).unwrap();
    assert_eq!(turned[3] - turned[1], right - left);
    assert_eq!(turned[1] - 5, left - 30, "begins as far below its start");
    assert_eq!(turned[0] - 30, 45 - bottom, "stands as far right as it stood above");
    assert_eq!(turned[2] - turned[0], bottom - top);
}

#[test]
fn stretch_widens_a_glyph_from_its_origin_and_not_its_height() {
    let fonts = FontBook::bundled();
    let run = GlyphRun { stretch: 2.0, ..bar(&fonts, 0.0, 50.0) };
    let [_, top, right, bottom] =
        ink(&draw(&fonts, vec![Content::Glyphs(bar(&fonts, 0.0, 50.0))])).unwrap();
    let wide = ink(&draw(&fonts, vec![Content::Glyphs(run)])).unwrap();
    assert!(wide[2].abs_diff(2 * right) <= 1);
    assert_eq!((wide[1], wide[3]), (top, bottom));
}

#[test]
fn pictures_fill_their_rectangle_at_any_scale() {
    let half = |x: u32| image::Rgba(if x < 200 { [200, 0, 0, 255] } else { [0, 0, 0, 0] });
    let mut png = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbaImage::from_fn(400, 200, |x, _| half(x));
    pixels.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='4' height='2'>\
               <rect width='2' height='2' fill='rgb(200,0,0)'/><rect x='9' width='9' height='2'/></svg>";
    for data in [png.into_inner(), svg.as_bytes().to_vec()] {
        let mut pictures = Pictures::default();
        let picture = pictures.add(Path::new("half"), data).unwrap();
        let at = rect(10.0, 10.0, 40.0, 20.0);
        let page = page(vec![Content::Picture { picture, rect: at }]);
        for dpi in [72.0, 144.0] {
            let drawn = render(&page, &FontBook::bundled(), &pictures, dpi).unwrap();
            let k = (dpi / 72.0) as u32;
            assert_eq!(color(&drawn, 15 * k, 15 * k), [200, 0, 0]);
            assert_eq!(color(&drawn, 35 * k, 15 * k), [255; 3], "transparent half");
            assert_eq!(color(&drawn, 60 * k, 15 * k), [255; 3], "outside");
            let [left, top, right, bottom] = ink(&drawn).unwrap();
            assert_eq!((left, top, bottom), (10 * k, 10 * k, 30 * k));
            assert!(right.abs_diff(30 * k) <= 1, "the edge is sharp: {right}");
        }
    }
}

#[test]
fn a_png_states_its_density_and_comes_out_the_same_twice() {
    let fonts = FontBook::bundled();
    let pages: Vec<Page> =
        (0..3).map(|n| page(vec![Content::Glyphs(bar(&fonts, f64::from(n), 50.0))])).collect();
    let first = render_all(&pages, &fonts, &Pictures::default(), 144.0).unwrap();
    assert_eq!(first, render_all(&pages, &fonts, &Pictures::default(), 144.0).unwrap());
    assert!(first[0] != first[1] && first[1] != first[2]);
    let mut pictures = Pictures::default();
    let id = pictures.add(Path::new("page.png"), first[0].clone()).unwrap();
    let read = pictures.get(id).unwrap();
    assert_eq!(read.pixels, Some((200, 120)));
    assert!((read.width.0 - 100.0).abs() < 0.01);
}

#[test]
fn what_cannot_be_drawn_is_an_error() {
    let fonts = FontBook::bundled();
    let draw = |page: &Page, dpi| render(page, &fonts, &Pictures::default(), dpi).unwrap_err();
    assert!(matches!(draw(&page(vec![]), f64::NAN), RasterError::Density(_)));
    assert!(matches!(draw(&page(vec![]), 0.0), RasterError::Density(_)));
    assert!(matches!(draw(&Page::default(), 72.0), RasterError::Size { .. }));
    let endless = Page { width: Pt(1e9), height: Pt(1e9), ..Page::default() };
    assert!(matches!(draw(&endless, 72.0), RasterError::Size { .. }));
    let picture = crate::picture::PictureId(7);
    let lost = page(vec![Content::Picture { picture, rect: rect(0.0, 0.0, 9.0, 9.0) }]);
    assert!(matches!(draw(&lost, 72.0), RasterError::Unknown(_)));
}
