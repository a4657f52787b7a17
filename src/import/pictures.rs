//! The pictures of imported articles: files beside the input, data in the input, addresses.
//!
//! An import gathers them all as files to be written; on the way to an export the files beside the
//! input stay where they are, and the others become `data:` addresses.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::ImportOptions;
use super::report::{PictureFate, Report};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::{Article, Block, Figure, Inline, Text};

/// Pictures by the names under which articles know them.
pub(crate) type Store = BTreeMap<String, Vec<u8>>;

/// Settles where the pictures of an article are.
pub(super) struct Settler<'s> {
    /// The input; local pictures lie in its folder.
    pub(super) input: &'s Path,
    /// Pictures inside the input, by their paths in it.
    pub(super) inner: &'s Store,
    pub(super) options: &'s ImportOptions,
    /// Pictures gathered, and the names they got by source.
    pub(super) gathered: &'s mut Store,
    pub(super) names: &'s mut BTreeMap<String, Option<String>>,
    pub(super) report: &'s mut Report,
}

impl Settler<'_> {
    /// Settles all pictures of an article; those that are nowhere leave their words.
    pub(super) fn article(&mut self, article: &mut Article) {
        let mut body = std::mem::take(&mut article.body);
        self.blocks(&mut body);
        article.body = body;
    }

    fn blocks(&mut self, blocks: &mut Vec<Block>) {
        for block in blocks.iter_mut() {
            match block {
                Block::Figure(figure) => self.figure(figure),
                Block::Paragraph(text) => self.text(text),
                Block::Heading(heading) => self.text(&mut heading.text),
                Block::Quote(quote) => self.blocks(&mut quote.body),
                Block::Callout(callout) => self.blocks(&mut callout.body),
                Block::List(list) => {
                    list.items.iter_mut().for_each(|item| self.blocks(&mut item.body));
                }
                Block::Definitions(list) => {
                    list.iter_mut().flat_map(|d| &mut d.details).for_each(|body| self.blocks(body));
                }
                Block::Footnotes(notes) => notes.values_mut().for_each(|body| self.blocks(body)),
                Block::Table(table) => {
                    let rows = table.head.iter_mut().chain(&mut table.rows);
                    rows.flat_map(|row| &mut row.cells).for_each(|cell| self.text(&mut cell.text));
                }
                Block::Poem(_) | Block::Code(_) | Block::Divider | Block::PageBreak => {}
            }
        }
        blocks.retain(|block| match block {
            Block::Figure(figure) => {
                figure.src.is_some() || figure.caption.is_some() || figure.alt.is_some()
            }
            Block::Paragraph(text) => !text.is_empty(),
            _ => true,
        });
    }

    fn figure(&mut self, figure: &mut Figure) {
        if let Some(src) = &mut figure.src {
            match self.place(&src.value) {
                Some(place) => src.value = place,
                None => figure.src = None,
            }
        }
    }

    fn text(&mut self, text: &mut Text) {
        for inline in &mut text.0 {
            if let Inline::Image(image) = inline {
                match self.place(&image.src.value) {
                    Some(place) => image.src.value = place,
                    None => *inline = Inline::Plain(std::mem::take(&mut image.alt)),
                }
            } else if let Some(inner) = inline.children_mut() {
                self.text(inner);
            }
        }
        text.normalise();
    }

    /// Where a picture is to be found; `None` if nowhere.
    fn place(&mut self, src: &str) -> Option<String> {
        if let Some(known) = self.names.get(src) {
            return known.clone();
        }
        let place = self.settle(src);
        self.names.insert(src.to_owned(), place.clone());
        place
    }

    fn settle(&mut self, src: &str) -> Option<String> {
        let lower = src.to_ascii_lowercase();
        if lower.starts_with("data:") {
            let Some(bytes) = data(src) else {
                self.report.picture(src, PictureFate::Missing, "not readable");
                return None;
            };
            return self.keep(src, bytes, PictureFate::Copied);
        }
        if let Some(bytes) = self.inner.get(src) {
            return self.keep(src, bytes.clone(), PictureFate::Copied);
        }
        if lower.starts_with("http://") || lower.starts_with("https://") {
            let Some(fetcher) = &self.options.fetch else {
                self.report.picture(src, PictureFate::Listed, "");
                return None;
            };
            return match fetcher.get(src) {
                Ok(bytes) => self.keep(src, bytes, PictureFate::Fetched),
                Err(why) => {
                    self.report.picture(src, PictureFate::Missing, why);
                    None
                }
            };
        }
        let Some((relative, path)) = self.local(src) else {
            self.report.picture(src, PictureFate::Missing, "no such file beside the input");
            return None;
        };
        if !self.options.gather {
            self.report.picture(src, PictureFate::Copied, relative.clone());
            return Some(relative);
        }
        match std::fs::read(&path) {
            Ok(bytes) => self.keep(src, bytes, PictureFate::Copied),
            Err(error) => {
                self.report.picture(src, PictureFate::Missing, error.to_string());
                None
            }
        }
    }

    /// A file in the input's folder or below it; addresses may be percent-encoded and have a query.
    fn local(&self, src: &str) -> Option<(String, std::path::PathBuf)> {
        let folder = match self.input.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let bare = src.split(['?', '#']).next().unwrap_or_default();
        let decoded = crate::import::percent_decode(bare);
        for name in [src, bare, decoded.as_str()] {
            let path = Path::new(name);
            let stays =
                path.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
            let whole = folder.join(path);
            if !name.is_empty() && stays && whole.is_file() {
                return Some((name.to_owned(), whole));
            }
        }
        None
    }

    /// Keeps a picture's bytes under a name of its own.
    fn keep(&mut self, src: &str, bytes: Vec<u8>, fate: PictureFate) -> Option<String> {
        let Some(ending) = ending(&bytes) else {
            self.report.picture(src, PictureFate::Missing, "no picture of a known format");
            return None;
        };
        if !self.options.gather {
            self.report.picture(src, fate, "");
            let kind = if ending == "svg" {
                "svg+xml"
            } else if ending == "jpg" {
                "jpeg"
            } else {
                ending
            };
            return Some(format!("data:image/{kind};base64,{}", BASE64.encode(bytes)));
        }
        let same =
            self.gathered.iter().find(|(_, known)| **known == bytes).map(|(name, _)| name.clone());
        let name =
            same.unwrap_or_else(|| format!("images/{:03}.{ending}", self.gathered.len() + 1));
        self.report.picture(src, fate, name.clone());
        self.gathered.insert(name.clone(), bytes);
        Some(name)
    }
}

/// Calls `visit` with the address of every picture in blocks.
pub(super) fn each_source(blocks: &mut [Block], visit: &mut dyn FnMut(&mut String)) {
    fn inlines(text: &mut Text, visit: &mut dyn FnMut(&mut String)) {
        for inline in &mut text.0 {
            if let Inline::Image(image) = inline {
                visit(&mut image.src.value);
            } else if let Some(inner) = inline.children_mut() {
                inlines(inner, visit);
            }
        }
    }
    for block in blocks {
        match block {
            Block::Figure(figure) => figure.src.iter_mut().for_each(|src| visit(&mut src.value)),
            Block::Paragraph(text) => inlines(text, visit),
            Block::Heading(heading) => inlines(&mut heading.text, visit),
            Block::Quote(quote) => each_source(&mut quote.body, visit),
            Block::Callout(callout) => each_source(&mut callout.body, visit),
            Block::List(list) => {
                list.items.iter_mut().for_each(|i| each_source(&mut i.body, visit));
            }
            Block::Definitions(list) => {
                list.iter_mut().flat_map(|d| &mut d.details).for_each(|b| each_source(b, visit));
            }
            Block::Footnotes(notes) => notes.values_mut().for_each(|b| each_source(b, visit)),
            Block::Table(table) => {
                let rows = table.head.iter_mut().chain(&mut table.rows);
                rows.flat_map(|row| &mut row.cells).for_each(|cell| inlines(&mut cell.text, visit));
            }
            Block::Poem(_) | Block::Code(_) | Block::Divider | Block::PageBreak => {}
        }
    }
}

/// The bytes of a `data:` address (RFC 2397).
pub(crate) fn data(src: &str) -> Option<Vec<u8>> {
    let (head, body) = src.get(5..)?.split_once(',')?;
    if head.to_ascii_lowercase().ends_with(";base64") {
        let body: String =
            crate::import::percent_decode(body).chars().filter(|c| !c.is_whitespace()).collect();
        return BASE64
            .decode(
                body.trim_end_matches('=').to_owned()
                    + &"=".repeat((4 - body.trim_end_matches('=').len() % 4) % 4),
            )
            .ok();
    }
    Some(crate::import::percent_decode(body).into_bytes())
}

/// Ending of a picture's file, by its first bytes.
fn ending(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("jpg"),
        [b'G', b'I', b'F', b'8', ..] => Some("gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("webp"),
        _ => {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]);
            head.contains("<svg").then_some("svg")
        }
    }
}

/// What keeps a picture from being had, as a warning; used where nobody reads reports.
pub(super) fn not_there(report: &Report) -> Option<Diagnostic> {
    let missing: Vec<&str> = report
        .pictures
        .iter()
        .filter(|p| p.fate == PictureFate::Missing)
        .map(|p| p.src.as_str())
        .collect();
    let first = missing.first()?;
    let message = Message::new(
        format!("{} picture(s) can't be had, the first '{first}'", missing.len()),
        format!("{} 张图片无法取得，首张为“{first}”", missing.len()),
    );
    Some(Diagnostic::warning(Code::MissingPicture, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_addresses_are_read_in_both_forms() {
        assert_eq!(
            data("data:image/png;base64,iVBORw0KGgo=").unwrap()[..4],
            [0x89, b'P', b'N', b'G']
        );
        assert_eq!(data("data:image/svg+xml,%3Csvg/%3E").unwrap(), b"<svg/>");
        assert_eq!(data("data:image/png;base64,###"), None);
        assert_eq!(data("data:"), None);
    }
}
