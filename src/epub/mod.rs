//! EPUB: writes a [`Book`] as EPUB 3.3 with an EPUB 2 NCX.
//!
//! ```text
//! plan        which file holds what
//! content     each file as XHTML                   (block, inline, table)
//! pagelist    where the printed pages begin in it  (scan)
//! fonts       faces for what is shown              (stylesheet)
//! navigation, package   what holds the files together
//! container   packed by epub-builder, completed by a pass of ours
//! ```
//!
//! Knows nothing of how pages are made.

mod accessibility;
mod block;
mod container;
mod content;
mod fonts;
mod inline;
mod names;
mod navigation;
mod package;
mod pagelist;
mod picture;
mod plan;
mod scan;
mod study;
mod stylesheet;
mod table;
mod xml;

#[cfg(test)]
mod any;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Seek, Write};
use std::sync::Arc;

use rayon::prelude::*;

use crate::compose::{Book, BookCover, Section, SectionId};
use crate::diagnostic::Diagnostic;
use crate::font::FontBook;
use crate::labels::Label;
use crate::layout::{PrintedPage, PrintedPart};
use crate::model::WritingMode;
use crate::picture::PictureId;
use crate::theme::Theme;
use names::PictureNames;
pub(crate) use package::timestamp;
use pagelist::PageTarget;
use picture::Prepared;
use plan::Plan;

/// What a book and its theme do not say about the EPUB.
#[derive(Debug, Clone, Default)]
pub struct EpubOptions {
    /// The cover's picture. Without it a book whose cover is a picture takes that one.
    pub cover: Option<CoverPicture>,
    /// When the publication was last changed, in seconds since 1970-01-01T00:00:00Z
    /// (`SOURCE_DATE_EPOCH`); without it the book's own date is taken.
    pub modified: Option<i64>,
    /// Whether the theme's faces go into the file, cut down to what the book shows.
    pub embed_fonts: bool,
    /// The pages of the printed edition made in the same run, for the page list; empty for none.
    pub pages: Vec<PrintedPage>,
    /// Who vouches that the book conforms to EPUB Accessibility 1.1 at WCAG 2.1 level AA. No tool
    /// can prove that, so nothing is claimed without a name.
    pub certified_by: Option<String>,
}

/// A picture of the cover.
#[derive(Debug, Clone)]
pub struct CoverPicture {
    /// The file's bytes.
    pub data: Arc<[u8]>,
    /// `image/png`, `image/jpeg` or another of EPUB's core media types.
    pub media_type: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Why an EPUB can't be written.
#[derive(Debug, thiserror::Error)]
pub enum EpubError {
    /// A book without any section.
    #[error("the book is empty: an EPUB needs at least one section")]
    Empty,
    /// `epub-builder` refused or made something else than the finishing pass knows.
    #[error("epub-builder: {0}")]
    Builder(String),
    /// The container can't be read or written.
    #[error("zip: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The output can't be written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// One file of the EPUB that is no content document and no navigation.
struct Resource<'b> {
    /// Path relative to the package document.
    file: String,
    media_type: &'b str,
    /// Properties in the manifest, such as `cover-image`.
    properties: Option<&'static str>,
    data: Cow<'b, [u8]>,
}

/// Everything that package document and navigation are written from.
struct Publication<'b> {
    book: &'b Book,
    options: &'b EpubOptions,
    /// Whether lines run down and pages turn from right to left.
    vertical: bool,
    plan: Plan,
    resources: Vec<Resource<'b>>,
    /// Index of the cover's picture among the resources.
    cover: Option<usize>,
    /// Files of the text documents relative to the package document, in reading order but for the
    /// navigation document, and whether each holds a drawing.
    documents: Vec<(String, bool)>,
    pages: Vec<PageTarget>,
    rare: fonts::Rare,
    identifier: String,
}

/// Writes a book as an EPUB file.
///
/// The same book, theme, faces and options give the same bytes. Text goes to `out` as it is made,
/// so memory does not grow with the length of the book. What is wrong but written anyway is added
/// to `warnings`.
///
/// # Errors
///
/// See [`EpubError`]; `out` then holds a part of a file.
pub fn write(
    book: &Book,
    theme: &Theme,
    fonts: &FontBook,
    options: &EpubOptions,
    warnings: &mut Vec<Diagnostic>,
    out: impl Write + Seek,
) -> Result<(), EpubError> {
    Writer { book, theme, fonts, options, most: plan::MOST }.write(warnings, out)
}

/// Writes a book as an EPUB file in memory.
///
/// # Errors
///
/// See [`write`].
pub fn to_bytes(
    book: &Book,
    theme: &Theme,
    fonts: &FontBook,
    options: &EpubOptions,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<u8>, EpubError> {
    let mut out = Cursor::new(Vec::new());
    write(book, theme, fonts, options, warnings, &mut out)?;
    Ok(out.into_inner())
}

/// What one EPUB is written from.
struct Writer<'b> {
    book: &'b Book,
    theme: &'b Theme,
    fonts: &'b FontBook,
    options: &'b EpubOptions,
    /// Size in bytes that sections are divided at.
    most: usize,
}

impl<'b> Writer<'b> {
    fn write(
        &self,
        warnings: &mut Vec<Diagnostic>,
        out: impl Write + Seek,
    ) -> Result<(), EpubError> {
        let Self { book, theme, options, .. } = *self;
        let vertical = book.writing_mode(theme.writing_mode) == WritingMode::Vertical;
        if book.sections.is_empty() {
            return Err(EpubError::Empty);
        }
        let plan = Plan::new(book, self.most);
        let (rare, missing) = fonts::rare(book, self.fonts);
        warnings.extend(fonts::report(&missing));
        let pictures = self.pictures(warnings);
        let names = PictureNames::new(&pictures);
        let (mut resources, cover) = self.resources(pictures, &names);

        let mut packer = container::Packer::new(book, out)?;
        let mut identity = package::Identity::new(book);
        let mut shown = fonts::Shown::default();
        let mut documents = Vec::with_capacity(plan.documents.len() + 1);
        let mut pack = |file: String, text: &str| {
            identity.add(&file, text.as_bytes());
            if options.embed_fonts {
                shown.add(text, theme);
            }
            packer.add(&file, text)?;
            documents.push((file, text.contains("<svg ")));
            Ok::<(), EpubError>(())
        };
        let mut pages = Vec::new();
        if let Some(cover) = cover {
            pack("cover.xhtml".to_owned(), &cover_page(book, &resources[cover]))?;
            pages.extend(pagelist::outside(&options.pages, &PrintedPart::Front, "cover.xhtml"));
        }
        // Some sections at a time: written on all cores, packed in order.
        let indices: Vec<usize> = (0..book.sections.len()).collect();
        let mut printed: BTreeMap<&SectionId, Vec<&PrintedPage>> = BTreeMap::new();
        for page in &options.pages {
            if let PrintedPart::Section(id) = &page.part {
                printed.entry(id).or_default().push(page);
            }
        }
        let contents = plan::contents_at(book);
        let listed = pagelist::outside(&options.pages, &PrintedPart::Contents, "nav.xhtml");
        for some in indices.chunks(TOGETHER) {
            let content = content::Shared { book, plan: &plan, pictures: &names, rare: &rare };
            let made: Vec<_> =
                some.par_iter().map(|index| section(&content, &printed, *index)).collect();
            for (index, (files, targets)) in some.iter().zip(made) {
                if *index == contents && book.has_contents {
                    pages.extend(listed.iter().cloned());
                }
                pages.extend(targets);
                for (file, text) in files {
                    pack(file, &text)?;
                }
            }
        }
        let mut faces = fonts::rescue(&rare, self.fonts, warnings);
        if options.embed_fonts {
            faces.extend(fonts::embed(&shown, theme, self.fonts, vertical, warnings));
        }
        let region = book.language.region();
        let stylesheet = stylesheet::stylesheet(theme, vertical, region, &faces);
        for face in faces {
            resources.push(Resource {
                file: face.file,
                media_type: face.media_type,
                properties: None,
                data: Cow::Owned(face.data),
            });
        }
        for resource in &resources {
            identity.add(&resource.file, &resource.data);
        }
        let identifier = identity.finish();
        let publication = Publication {
            book,
            options,
            vertical,
            plan,
            resources,
            cover,
            documents,
            pages,
            rare,
            identifier,
        };
        let ours = [
            package::opf(&publication),
            navigation::nav(&publication),
            navigation::ncx(&publication),
        ];
        packer.finish(&stylesheet, ours, &publication.resources)
    }

    /// The pictures that the book shows, ready for the container.
    fn pictures(&self, warnings: &mut Vec<Diagnostic>) -> BTreeMap<PictureId, Prepared<'b>> {
        let book = self.book;
        let mut shown: Vec<PictureId> =
            book.sections.iter().flat_map(|s| s.pictures.values().copied()).collect();
        if let (BookCover::Picture(id), None) = (&book.cover, &self.options.cover) {
            shown.push(*id);
        }
        shown.sort_unstable();
        shown.dedup();
        let mut prepared: BTreeMap<PictureId, Prepared<'b>> = shown
            .into_par_iter()
            .filter_map(|id| Some((id, picture::prepare(book.pictures.get(id)?))))
            .collect();
        warnings.extend(prepared.values_mut().filter_map(|p| p.warning.take()));
        prepared
    }

    /// The pictures as files, and which of them is the cover.
    fn resources(
        &self,
        pictures: BTreeMap<PictureId, Prepared<'b>>,
        names: &PictureNames,
    ) -> (Vec<Resource<'b>>, Option<usize>) {
        let own = match (&self.book.cover, &self.options.cover) {
            (BookCover::Picture(id), None) => Some(*id),
            _ => None,
        };
        let (mut out, mut cover) = (Vec::new(), None);
        for (id, picture) in pictures {
            let Some(file) = names.file(id) else { continue };
            if own == Some(id) {
                cover = Some(out.len());
            }
            out.push(Resource {
                file: file.to_owned(),
                media_type: picture.format.media_type(),
                properties: (own == Some(id)).then_some("cover-image"),
                data: picture.data,
            });
        }
        if let Some(picture) = &self.options.cover {
            let ending = match picture.media_type.as_str() {
                "image/jpeg" => "jpg",
                "image/svg+xml" => "svg",
                "image/gif" => "gif",
                _ => "png",
            };
            cover = Some(out.len());
            out.push(Resource {
                file: format!("images/cover.{ending}"),
                media_type: &picture.media_type,
                properties: Some("cover-image"),
                data: Cow::Borrowed(&picture.data),
            });
        }
        (out, cover)
    }
}

/// Sections that are written before they are packed: enough for all cores, few for the memory.
const TOGETHER: usize = 64;

/// The documents of a section with their files, and its lines of the page list.
fn section(
    shared: &content::Shared<'_>,
    printed: &BTreeMap<&SectionId, Vec<&PrintedPage>>,
    index: usize,
) -> (Vec<(String, String)>, Vec<PageTarget>) {
    let section: &Section = &shared.book.sections[index];
    let own = |(_, document): &(usize, &plan::Document)| document.section == index;
    let mut documents: Vec<(String, String)> = shared
        .plan
        .documents
        .iter()
        .enumerate()
        .skip(shared.plan.first(section))
        .take_while(own)
        .map(|(at, document)| (format!("text/{}", document.file), content::document(shared, at)))
        .collect();
    let pages = printed.get(&section.id).map_or(&[][..], Vec::as_slice);
    let targets = pagelist::mark(section, pages, &mut documents);
    (documents, targets)
}

/// The page that shows the cover's picture.
fn cover_page(book: &Book, picture: &Resource<'_>) -> String {
    let label = Label::Cover.text(&book.language);
    let title = package::title(book);
    let mut xml = content::shell(label, &book.language, "stylesheet.css");
    xml.open("body").line().open("section").attr("class", "cover").attr("epub:type", "cover");
    xml.attr("aria-label", label).line();
    xml.open("img").attr("role", "doc-cover").attr("src", &picture.file);
    let colon = crate::labels::colon(&book.language);
    let mut alt = format!("{label}{colon}{title}");
    if let Some(subtitle) = &book.subtitle {
        alt.push(' ');
        alt.push_str(&subtitle.to_plain());
    }
    xml.attr("alt", &alt).close().line();
    xml.finish()
}
