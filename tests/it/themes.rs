//! Themes on real pages: pictures compared with references, and what stands around the text.
//!
//! After a change that is meant to move something, look at the new pictures and keep them:
//! `KEBEN_BLESS=1 cargo test --test it themes`.

use std::path::{Path, PathBuf};

use keben::font::FontBook;
use keben::layout::{self, Content, Document, GlyphRun};
use keben::theme::{BUILTIN, Opening, Theme, builtin};
use keben::{export, raster};

/// Pixels per inch of the references: enough to see every line, small enough to keep.
const DPI: f64 = 40.0;
/// Pages of each theme that are compared.
const PAGES: usize = 2;
/// Most that pictures may differ: on average, in levels of 255, and in the share of pixels that
/// differ by more than a fourth. Edges of glyphs vary a little between processors; a line that
/// moves by a pixel is far beyond both.
const ALIKE: (f64, f64) = (0.7, 0.004);

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/themes").join(name)
}

/// A built-in theme that asks for bundled faces only, so that every machine sets it alike.
fn theme(name: &str) -> Theme {
    let mut theme = builtin(name).unwrap();
    theme.faces.fangsong.clear();
    theme
}

fn set(input: &Path, theme: &Theme) -> (keben::compose::Book, FontBook, Document) {
    set_all(&[input.to_owned()], theme)
}

fn set_all(inputs: &[PathBuf], theme: &Theme) -> (keben::compose::Book, FontBook, Document) {
    let title = (inputs.len() > 1).then_some("集");
    let (book, _) = export::book(inputs, title).unwrap();
    let fonts = FontBook::bundled();
    let (document, _) = layout::layout(&book, theme, &fonts);
    (book, fonts, document)
}

fn packet() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("input/study-packet/packet.yaml")
}

fn runs(document: &Document, page: usize) -> impl Iterator<Item = &GlyphRun> {
    document.pages[page].items.iter().filter_map(|item| match &item.content {
        Content::Glyphs(run) => Some(run),
        _ => None,
    })
}

struct Grey {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

fn read(path: &Path) -> Option<Grey> {
    let file = std::io::BufReader::new(std::fs::File::open(path).ok()?);
    let mut reader = png::Decoder::new(file).read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut pixels).ok()?;
    assert_eq!(
        (info.color_type, info.bit_depth),
        (png::ColorType::Grayscale, png::BitDepth::Eight)
    );
    pixels.truncate(info.buffer_size());
    Some(Grey { width: info.width, height: info.height, pixels })
}

fn write(path: &Path, picture: &Grey) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut encoder = png::Encoder::new(file, picture.width, picture.height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.write_header().unwrap().write_image_data(&picture.pixels).unwrap();
}

/// Why two pictures are not alike.
fn difference(a: &Grey, b: &Grey) -> Option<String> {
    if (a.width, a.height) != (b.width, b.height) {
        return Some(format!("{}×{} and {}×{} pixels", a.width, a.height, b.width, b.height));
    }
    let pairs = || a.pixels.iter().zip(&b.pixels).map(|(a, b)| f64::from(a.abs_diff(*b)));
    let count = a.pixels.len() as f64;
    let average = pairs().sum::<f64>() / count;
    let far = pairs().filter(|d| *d > 64.0).count() as f64 / count;
    let alike = average <= ALIKE.0 && far <= ALIKE.1;
    (!alike).then(|| format!("differs by {average:.2} of 255, {:.2} % of it far", far * 100.0))
}

#[test]
fn pages_of_every_theme_look_like_their_references() {
    let bless = std::env::var_os("KEBEN_BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, _) in BUILTIN {
        let (book, fonts, document) = set(&here("sample.md"), &theme(name));
        for (index, page) in document.pages.iter().take(PAGES).enumerate() {
            let drawn = raster::render(page, &fonts, &book.pictures, DPI).unwrap();
            // Luma of sRGB (ITU-R BT.709), in whole numbers.
            let luma = |r: u8, g: u8, b: u8| {
                ((u32::from(r) * 2126 + u32::from(g) * 7152 + u32::from(b) * 722) / 10_000) as u8
            };
            let pixels = drawn.pixels().iter().map(|p| luma(p.red(), p.green(), p.blue()));
            let drawn =
                Grey { width: drawn.width(), height: drawn.height(), pixels: pixels.collect() };
            let file = format!("{name}-{}.png", index + 1);
            if bless {
                write(&here(&file), &drawn);
                continue;
            }
            let found = read(&here(&file))
                .map_or(Some("has no reference".to_owned()), |kept| difference(&kept, &drawn));
            if let Some(found) = found {
                let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("themes").join(&file);
                write(&made, &drawn);
                wrong.push(format!("{file} {found}: see {}", made.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\nIf that is meant: KEBEN_BLESS=1", wrong.join("\n"));
}

#[test]
fn pictures_of_other_pages_are_told_apart() {
    let (one, two) = (read(&here("study-1.png")).unwrap(), read(&here("study-2.png")).unwrap());
    assert!(difference(&one, &one).is_none());
    assert!(difference(&one, &two).is_some());
    let mut lower = Grey { pixels: one.pixels.clone(), ..one };
    lower.pixels.rotate_right(lower.width as usize);
    assert!(difference(&one, &lower).is_some(), "everything a pixel lower");
}

#[test]
fn parts_open_on_the_right_after_a_counted_page_that_shows_nothing() {
    let (book, _, document) = set(&packet(), &theme("book"));
    let parts: Vec<usize> = document
        .anchors
        .iter()
        .filter(|(anchor, _)| {
            anchor.element.is_none()
                && book
                    .sections
                    .iter()
                    .any(|s| s.id == anchor.section && s.kind == keben::compose::SectionKind::Part)
        })
        .map(|(_, place)| place.page)
        .collect();
    assert!(parts.len() >= 2);
    let number = |page: usize| document.pages[page].label.parse::<u32>().unwrap();
    assert!(parts.iter().all(|page| number(*page) % 2 == 1));
    let blank: Vec<usize> =
        (1..document.pages.len()).filter(|p| document.pages[*p].items.is_empty()).collect();
    for page in blank.iter().filter(|page| parts.contains(&(**page + 1))) {
        assert_eq!(number(*page) + 1, number(page + 1));
    }
}

#[test]
fn articles_that_run_on_share_pages_and_keep_their_notes() {
    let mut run_on = theme("study");
    run_on.articles = Opening::RunOn;
    let inputs = ["10-punctuation.md", "21-peach-blossom-spring.md", "23-humble-room.yaml"]
        .map(|name| packet().with_file_name("articles").join(name));
    let (book, _, apart) = set_all(&inputs, &theme("study"));
    let (_, _, together) = set_all(&inputs, &run_on);
    let last = &book.sections.last().unwrap().id;
    let top = |document: &Document| {
        let begins = |a: &keben::compose::Anchor| a.section == *last && a.element.is_none();
        document.anchors.iter().find(|(a, _)| begins(a)).unwrap().1.y
    };
    assert!(top(&together) > top(&apart) * 2.0, "the last article begins further down a page");
    let marks = |document: &Document| {
        let all = (0..document.pages.len()).flat_map(|page| runs(document, page));
        all.filter(|run| run.text == "①" || run.text == "②").count()
    };
    assert!(marks(&apart) >= 4);
    assert!(marks(&together) >= 4, "notes of several articles");
}

#[test]
fn vertical_pages_turn_from_right_to_left_and_keep_the_text_as_written() {
    let (_, _, document) = set(&here("sample.md"), &theme("vertical"));
    assert!(document.right_to_left);
    let all: Vec<&GlyphRun> =
        (0..document.pages.len()).flat_map(|page| runs(&document, page)).collect();
    let text: String = all.iter().map(|run| run.text.as_str()).collect();
    assert!(text.contains("“土地平旷，屋舍俨然”") && !text.contains('『'), "{text}");
    // The title stands at the right, the text after it further to the left.
    let title = all.iter().find(|run| run.text.contains("版式样张")).unwrap();
    let body = all.iter().find(|run| run.text.contains("桃花源里")).unwrap();
    assert!(title.x > body.x);
    // Upright characters stand one below the other; Latin words lie on their side.
    assert!(!body.turned && body.glyphs.windows(2).all(|g| g[1].dy > g[0].dy));
    assert!(all.iter().any(|run| run.turned && run.text.contains("Latin")));
    // Numbers of two digits stand across, no wider than a character.
    let twelve = all.iter().find(|run| run.text == "12").unwrap();
    assert_eq!(twelve.glyphs[0].dy, twelve.glyphs[1].dy);
    assert!((twelve.glyphs[1].dx - twelve.glyphs[0].dx) * 2.0 <= twelve.size * 1.01);
}

#[test]
fn an_article_can_ask_for_vertical_lines_in_any_theme() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    let source = std::fs::read_to_string(here("sample.md")).unwrap();
    std::fs::write(&path, source.replacen("---\n", "---\nwriting_mode: vertical\n", 1)).unwrap();
    let (_, _, document) = set(&path, &theme("study"));
    assert!(document.right_to_left);
    let body = runs(&document, 0).find(|run| run.text.contains("晋太元中")).unwrap();
    assert!(body.glyphs.windows(2).all(|g| g[1].dy > g[0].dy));
    let out = folder.path().join("a.epub");
    let made = super::keben(&["export", super::text(&path), "-o", super::text(&out)]);
    assert!(made.status.success());
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&out).unwrap()).unwrap();
    let opf = (0..archive.len())
        .map(|i| archive.by_index(i).unwrap().name().unwrap().into_owned())
        .find(|name| name.ends_with("content.opf"))
        .unwrap();
    let mut package = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(&opf).unwrap(), &mut package).unwrap();
    assert!(package.contains("page-progression-direction=\"rtl\""), "{package}");
}

#[test]
fn a_theme_file_with_a_slip_is_an_error_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let (_, source) = BUILTIN[0];
    std::fs::write(&path, source.replacen("small-pitch", "smal-pitch", 1)).unwrap();
    let sample = here("sample.md");
    let out = folder.path().join("out.pdf");
    let made = super::keben(&[
        "export",
        super::text(&sample),
        "-o",
        super::text(&out),
        "--theme",
        super::text(&path),
    ]);
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    assert_eq!(made.status.code(), Some(1), "{said}");
    assert!(said.contains("mine.toml:") && said.contains("did you mean 'small-pitch'?"), "{said}");
    assert!(!out.exists());
}
