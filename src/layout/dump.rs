//! A page as text, for golden tests: what stands where, in reading order.

use std::fmt::Write as _;

use super::{AreaTarget, Content, Document, Page, Tag};
use crate::font::FontBook;

/// Describes every page: text runs with place, size and face, shapes and pictures with their
/// extent, links with their targets. Lengths in pt, to a tenth.
pub fn dump(document: &Document, fonts: &FontBook) -> String {
    let mut out = String::new();
    for (index, page) in document.pages.iter().enumerate() {
        // Writing to a String can't fail.
        let _ = writeln!(
            out,
            "page {} «{}» {:.1}×{:.1}",
            index + 1,
            page.label,
            page.width.0,
            page.height.0
        );
        dump_page(page, fonts, &mut out);
    }
    for entry in &document.outline {
        let indent = "  ".repeat(usize::from(entry.level));
        let _ = writeln!(out, "outline{indent}{} → page {}", entry.title, entry.place.page + 1);
    }
    out
}

fn dump_page(page: &Page, fonts: &FontBook, out: &mut String) {
    for item in &page.items {
        let tag = if item.tag == Tag::Artifact { "~" } else { " " };
        let _ = match &item.content {
            Content::Glyphs(run) => {
                let face = fonts.face(run.face).map_or("?", |f| f.post_script_name.as_str());
                let last = run.glyphs.last().map_or(0.0, |g| g.dx.0);
                writeln!(
                    out,
                    "{tag}text {:6.1} {:6.1} +{:<6.1} {:4.1} {face} {}",
                    run.x.0, run.y.0, last, run.size.0, run.text
                )
            }
            Content::Picture { picture, rect } => writeln!(
                out,
                "{tag}picture {} at {:.1} {:.1}, {:.1}×{:.1}",
                picture.0, rect.x.0, rect.y.0, rect.width.0, rect.height.0
            ),
            Content::Shape(shape) => {
                let (mut x, mut y) = ((f64::MAX, f64::MIN), (f64::MAX, f64::MIN));
                for point in shape.points() {
                    x = (x.0.min(point.0.0), x.1.max(point.0.0));
                    y = (y.0.min(point.1.0), y.1.max(point.1.0));
                }
                writeln!(out, "{tag}shape {:.1}–{:.1} {:.1}–{:.1}", x.0, x.1, y.0, y.1)
            }
        };
    }
    for link in &page.links {
        let target = match &link.target {
            AreaTarget::Web(url) => url.clone(),
            AreaTarget::Place(place) => format!("page {}", place.page + 1),
        };
        let _ = writeln!(out, " link {:.1} {:.1} → {target}", link.rect.x.0, link.rect.y.0);
    }
}
