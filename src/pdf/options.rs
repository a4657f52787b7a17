//! What can be chosen about a PDF besides what it shows.

use crate::units::Pt;

/// How a PDF is made.
#[derive(Debug, Clone, Default)]
pub struct PdfOptions {
    /// Date of creation in seconds since 1970 (UTC), or `None` to state none.
    pub stamp: Option<i64>,
    /// Whether the files that the publication was read from go into the PDF, too.
    pub attach_source: bool,
    /// How pages lie on sheets.
    pub sheets: Sheets,
    /// Most pixels per inch at which pictures are kept; `None` keeps them as they are.
    pub image_dpi: Option<f64>,
    /// Password protection.
    pub lock: Option<Lock>,
}

/// How pages lie on sheets.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Sheets {
    /// A page on each.
    #[default]
    Pages,
    /// A page on each, with crop marks around it and its ground running so far over its edges.
    Bleed(Pt),
    /// Two pages on each side, in the order in which folded and stitched sheets lie.
    Booklet,
}

/// Password protection: AES with 256 bits (ISO 32000-2, 7.6.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Opens the file. May be empty: then only permissions are restricted.
    pub user: String,
    /// Opens the file without restrictions; `None` for one that nobody knows.
    pub owner: Option<String>,
    /// Whether readers may print.
    pub print: bool,
    /// Whether readers may copy text. Screen readers always may.
    pub copy: bool,
}

/// A file that goes into the PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, unique in the PDF.
    pub name: String,
    /// Media type.
    pub media_type: &'static str,
    /// Content.
    pub data: Vec<u8>,
}

/// The standard for archives that a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Archive {
    /// None: an archive must be able to open the file without a password (ISO 19005-2, 6.1.3).
    None,
    /// PDF/A-2, level A.
    A2a,
    /// PDF/A-3, level A: PDF/A-2 with files of any kind attached.
    A3a,
}

impl PdfOptions {
    /// The standard that the file follows.
    pub(crate) fn archive(&self) -> Archive {
        match (&self.lock, self.attach_source) {
            (Some(_), _) => Archive::None,
            (None, true) => Archive::A3a,
            (None, false) => Archive::A2a,
        }
    }
}
