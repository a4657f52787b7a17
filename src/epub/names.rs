//! Names inside the EPUB: files of pictures, ids of notes.

use std::collections::BTreeMap;

use super::picture::Prepared;
use crate::compose::Section;
use crate::picture::PictureId;

/// Files of the book's pictures, relative to the package document.
#[derive(Debug)]
pub(super) struct PictureNames(BTreeMap<PictureId, String>);

impl PictureNames {
    /// Names `images/p1.jpg`, `images/p2.png`, … by their place in the book: short, and safe on
    /// every file system.
    pub(super) fn new(pictures: &BTreeMap<PictureId, Prepared<'_>>) -> Self {
        let name = |(id, picture): (&PictureId, &Prepared<'_>)| {
            (*id, format!("images/p{}.{}", id.0 + 1, picture.format.extension()))
        };
        Self(pictures.iter().map(name).collect())
    }

    /// The file of a picture.
    pub(super) fn file(&self, id: PictureId) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
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
