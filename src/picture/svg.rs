//! SVG: parsing with our own faces, and drawing as pixels.
//!
//! Text is set in the bundled faces only, so that a drawing looks the same on every machine. Files
//! that a drawing refers to are not opened: a picture must not reach outside the publication's
//! folder. Pictures embedded as `data:` addresses are drawn.

use std::sync::{Arc, Mutex, PoisonError};

use image::RgbaImage;
use quick_xml::events::Event;
use resvg::{tiny_skia, usvg};

use super::PictureError;
use crate::diagnostic::Message;
use crate::font::bundled_database;

/// How far from the start of a file its `<svg` may stand: after comments and a document type.
const PROLOGUE: usize = 64 << 10;
/// Deepest nesting of elements: far beyond what drawing programs write, and what the parser's
/// recursion holds on a thread's stack of 2 MiB.
const MAX_DEPTH: usize = 200;

/// The bundled faces for text in SVG: loaded for the first drawing that has any.
#[derive(Debug, Clone, Default)]
pub(super) struct Fonts(Option<Arc<usvg::fontdb::Database>>);

impl Fonts {
    fn get(&mut self) -> Arc<usvg::fontdb::Database> {
        self.0.get_or_insert_with(|| Arc::new(bundled_database())).clone()
    }
}

/// A parsed drawing.
pub(super) struct Parsed {
    pub tree: usvg::Tree,
    /// Addresses of files it refers to, in order, each once.
    pub unresolved: Vec<String>,
}

/// Whether the content is XML with an `<svg` near its beginning.
pub(super) fn looks_like_svg(data: &[u8]) -> bool {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data).trim_ascii_start();
    let head = &data[..data.len().min(PROLOGUE)];
    head.starts_with(b"<") && head.windows(4).any(|w| w == b"<svg")
}

/// Parses a drawing.
///
/// # Errors
/// [`PictureError::Broken`] for text that is not UTF-8, not well-formed XML, nested more than 200
/// elements deep, or without a size.
pub(super) fn parse(data: &[u8], fonts: &mut Fonts) -> Result<Parsed, PictureError> {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let text = std::str::from_utf8(data)
        .map_err(|_| PictureError::broken("the SVG is not in UTF-8", "SVG 不是 UTF-8 编码"))?;
    if depth(text) > MAX_DEPTH {
        return Err(PictureError::broken("its elements are nested too deeply", "元素嵌套过深"));
    }
    let embedded = usvg::ImageHrefResolver::default_data_resolver();
    let unresolved = Arc::new(Mutex::new(Vec::new()));
    let seen = unresolved.clone();
    let mut options = usvg::Options {
        font_family: "Noto Serif CJK SC".to_owned(),
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(move |media_type, data, options| {
                let nested = std::str::from_utf8(&data).map_or(0, depth);
                if nested > MAX_DEPTH { None } else { embedded(media_type, data, options) }
            }),
            resolve_string: Box::new(move |address, _| {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                if !seen.iter().any(|known| known == address) {
                    seen.push(address.to_owned());
                }
                None
            }),
        },
        ..usvg::Options::default()
    };
    // A drawing inside a drawing may have text, too.
    if text.contains("text") || text.contains("data:image/svg") {
        options.fontdb = fonts.get();
    }
    let tree = usvg::Tree::from_str(text, &options).map_err(|error| match error {
        usvg::Error::InvalidSize => PictureError::broken("it has no size", "没有尺寸"),
        other => PictureError::Broken(Message::same(other.to_string())),
    })?;
    drop(options);
    let mut unresolved = unresolved.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Parsed { tree, unresolved: std::mem::take(&mut unresolved) })
}

/// How deep elements are nested, at most, up to the first fault of the XML.
///
/// An entity that holds markup could nest elements unseen; no drawing program writes one, so its
/// declaration counts as too deep.
fn depth(text: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut now, mut deepest) = (0_usize, 0);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                now += 1;
                deepest = deepest.max(now);
            }
            Ok(Event::End(_)) => now = now.saturating_sub(1),
            Ok(Event::DocType(declarations)) => {
                let written = declarations.as_bytes();
                let markup = |pair: &[u8]| pair[0] == b'<' && pair[1] != b'!' || pair == b"&#";
                if written.windows(2).any(markup) {
                    return usize::MAX;
                }
            }
            Ok(Event::Eof) | Err(_) => return deepest,
            Ok(_) => {}
        }
    }
}

/// Draws into `width` × `height` pixels; `None` if there is no memory for so many.
pub(super) fn draw(tree: &usvg::Tree, width: u32, height: u32) -> Option<RgbaImage> {
    let mut pixmap = tiny_skia::Pixmap::new(width, height)?;
    let scale = tiny_skia::Transform::from_scale(
        width as f32 / tree.size().width(),
        height as f32 / tree.size().height(),
    );
    resvg::render(tree, scale, &mut pixmap.as_mut());
    let straight = pixmap
        .pixels()
        .iter()
        .map(|pixel| pixel.demultiply())
        .flat_map(|c| [c.red(), c.green(), c.blue(), c.alpha()])
        .collect();
    RgbaImage::from_raw(width, height, straight)
}
