//! Names inside the EPUB: files of pictures, ids of notes.

use std::collections::BTreeMap;

use crate::compose::Section;
use crate::picture::{PictureFormat, PictureId, Pictures};

/// Files of the book's pictures, relative to the package document.
#[derive(Debug)]
pub(super) struct PictureNames(BTreeMap<PictureId, String>);

impl PictureNames {
    /// Names `images/p1.jpg`, `images/p2.png`, … by their place in the book: short, and safe on
    /// every file system.
    pub(super) fn new(pictures: &Pictures) -> Self {
        let names = pictures.0.iter().zip(0..).map(|(picture, at)| {
            let ending = match picture.format {
                PictureFormat::Png => "png",
                PictureFormat::Jpeg => "jpg",
                PictureFormat::Gif => "gif",
                PictureFormat::WebP => "webp",
                PictureFormat::Svg => "svg",
            };
            (PictureId(at), format!("images/p{}.{ending}", at + 1))
        });
        Self(names.collect())
    }

    /// The file of a picture.
    pub(super) fn file(&self, id: PictureId) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }
}

/// Media type of a format (EPUB 3.3 §3.2, core media types).
pub(super) fn media_type(format: PictureFormat) -> &'static str {
    match format {
        PictureFormat::Png => "image/png",
        PictureFormat::Jpeg => "image/jpeg",
        PictureFormat::Gif => "image/gif",
        PictureFormat::WebP => "image/webp",
        PictureFormat::Svg => "image/svg+xml",
    }
}

/// Ids of notes and of references to them, free of the names that the author gave.
#[derive(Debug, Clone)]
pub(super) struct NoteNames<'s> {
    section: &'s Section,
}

impl<'s> NoteNames<'s> {
    pub(super) fn new(section: &'s Section) -> Self {
        Self { section }
    }

    /// The id of note `number`.
    pub(super) fn note(&self, number: usize) -> String {
        self.free(format!("fn{number}"))
    }

    /// The id of the `count`th reference to note `number` in its file.
    pub(super) fn reference(&self, number: usize, count: usize) -> String {
        match count {
            1 => self.free(format!("fnref{number}")),
            _ => self.free(format!("fnref{number}-{count}")),
        }
    }

    fn free(&self, mut id: String) -> String {
        while self.section.anchors.contains(&id) {
            id.push('_');
        }
        id
    }
}

/// An id as it stands after `#`: what is not ASCII percent-encoded (URL Standard, fragment set).
pub(super) fn encode_fragment(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
