//! The whole line: files → publication → Book → PDF, EPUB and pictures of pages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::compose::{Book, BookCover, compose_article, compose_packet};
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::epub::{self, CoverPicture, EpubOptions};
use crate::font::FontBook;
use crate::input::{self, Loaded, Publication};
use crate::layout::{self, Document};
use crate::model::At;
use crate::theme::{BUILTIN, Paper, Theme, builtin};
use crate::{pdf, raster};

/// What can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A typeset PDF.
    Pdf,
    /// An EPUB 3.
    Epub,
    /// A picture of every page.
    Png,
}

/// How a publication is made.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// Name of a built-in theme or path of a theme file; over the packet's own.
    pub theme: Option<String>,
    /// Paper, over the theme's.
    pub paper: Option<Paper>,
    /// Folders with more fonts.
    pub font_dirs: Vec<PathBuf>,
    /// Title of a publication made from several files.
    pub title: Option<String>,
    /// What to make.
    pub formats: BTreeSet<Format>,
    /// Pixels per inch of page pictures.
    pub dpi: f64,
    /// Date of making in seconds since 1970 (`SOURCE_DATE_EPOCH`); `None` states none.
    pub stamp: Option<i64>,
}

/// What was made.
#[derive(Debug)]
pub struct Exported {
    /// Files in memory: one for PDF and EPUB, one for each page for PNG, in order.
    pub outputs: Vec<(Format, Vec<u8>)>,
    /// Number of pages, where pages were made.
    pub pages: usize,
    /// What is worth knowing.
    pub warnings: Vec<Diagnostic>,
}

/// Makes one publication from all inputs.
///
/// # Errors
/// Everything that is wrong in the inputs; then nothing is made.
pub fn export(inputs: &[PathBuf], options: &ExportOptions) -> Outcome<Exported> {
    let Loaded { publication, root, mut warnings } = load(inputs, options.title.as_deref())?;
    let theme = theme_for(&publication, &root, options)?;
    let book = compose(&publication, &root, &mut warnings)?;
    let fonts = FontBook::new(&options.font_dirs, &mut warnings);
    let paged = options.formats.contains(&Format::Pdf) || options.formats.contains(&Format::Png);
    let document = paged.then(|| {
        let (document, found) = layout::layout(&book, &theme, &fonts);
        warnings.extend(found);
        document
    });
    let make = |format: &Format| make(*format, &book, document.as_ref(), &theme, &fonts, options);
    let mut outputs = Vec::new();
    for format in &options.formats {
        outputs.extend(make(format).map_err(Failure::from)?);
    }
    let pages = document.map_or(0, |d| d.pages.len());
    Ok(Exported { outputs, pages, warnings })
}

/// Reads the inputs and composes the book they make, without rendering it.
///
/// # Errors
/// Everything that is wrong in the inputs.
pub fn book(inputs: &[PathBuf], title: Option<&str>) -> Outcome<(Book, Vec<Diagnostic>)> {
    let Loaded { publication, root, mut warnings } = load(inputs, title)?;
    let book = compose(&publication, &root, &mut warnings)?;
    Ok((book, warnings))
}

fn load(inputs: &[PathBuf], title: Option<&str>) -> Outcome<Loaded> {
    match inputs {
        [one] if title.is_none() => input::load(one),
        several => input::load_all(several, title),
    }
}

fn compose(
    publication: &Publication,
    root: &Path,
    warnings: &mut Vec<Diagnostic>,
) -> Outcome<Book> {
    match publication {
        Publication::Article(article) => compose_article(article, root, warnings),
        Publication::Packet(packet) => compose_packet(packet, root, warnings),
    }
}

fn make(
    format: Format,
    book: &Book,
    document: Option<&Document>,
    theme: &Theme,
    fonts: &FontBook,
    options: &ExportOptions,
) -> Result<Vec<(Format, Vec<u8>)>, Diagnostic> {
    match (format, document) {
        (Format::Pdf, Some(document)) => {
            let bytes = pdf::write(document, book, fonts, options.stamp).map_err(internal)?;
            Ok(vec![(format, bytes)])
        }
        (Format::Png, Some(document)) => {
            let pages = raster::render_all(&document.pages, fonts, &book.pictures, options.dpi)
                .map_err(|e| e.to_diagnostic())?;
            Ok(pages.into_iter().map(|page| (format, page)).collect())
        }
        (Format::Epub, _) => {
            let cover = shelf_cover(book, theme, fonts)?;
            let options = EpubOptions { cover, modified: options.stamp, vertical: false };
            let bytes = epub::to_bytes(book, &options).map_err(internal)?;
            Ok(vec![(format, bytes)])
        }
        // Pages are laid out whenever one of the formats above wants them.
        (Format::Pdf | Format::Png, None) => Ok(Vec::new()),
    }
}

/// Pixels per inch of the cover picture: a page of A4 is 1,100 pixels wide, enough for any shelf.
const COVER_DPI: f64 = 133.0;

/// A picture of the drawn cover; `None` if the book brings its own, or is a packet that wants none.
/// A single article has no cover on paper, but a place on the reader's shelf.
fn shelf_cover(
    book: &Book,
    theme: &Theme,
    fonts: &FontBook,
) -> Result<Option<CoverPicture>, Diagnostic> {
    let wanted = match book.cover {
        BookCover::Drawn => true,
        BookCover::None => !book.has_contents,
        BookCover::Picture(_) => false,
    };
    if !wanted {
        return Ok(None);
    }
    let shelf =
        Book { cover: BookCover::Drawn, has_contents: false, sections: Vec::new(), ..book.clone() };
    let (document, _) = layout::layout(&shelf, theme, fonts);
    let Some(page) = document.pages.first() else { return Ok(None) };
    let drawn =
        raster::render(page, fonts, &book.pictures, COVER_DPI).map_err(|e| e.to_diagnostic())?;
    let data = raster::encode_png(&drawn, COVER_DPI).map_err(|e| e.to_diagnostic())?;
    Ok(Some(CoverPicture {
        data: data.into(),
        media_type: "image/png".to_owned(),
        width: drawn.width(),
        height: drawn.height(),
    }))
}

fn internal(error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Code::Internal, Message::same(error.to_string()))
}

fn theme_for(publication: &Publication, root: &Path, options: &ExportOptions) -> Outcome<Theme> {
    let own = match publication {
        Publication::Packet(packet) => packet.theme.clone().map(|t| (t, packet.origin.clone())),
        Publication::Article(_) => None,
    };
    let theme = match (&options.theme, own) {
        (Some(name), _) => theme(&At::from(name.clone()), Path::new(""), None)?,
        (None, Some((name, file))) => theme(&name, root, file.as_deref())?,
        (None, None) => theme(&At::from("study".to_owned()), Path::new(""), None)?,
    };
    Ok(match options.paper {
        Some(paper) => theme.on_paper(paper),
        None => theme,
    })
}

/// A theme by its name or by the path of its file, which is relative to `root`.
fn theme(name: &At<String>, root: &Path, named_in: Option<&Path>) -> Outcome<Theme> {
    if let Some(theme) = builtin(name) {
        return Ok(theme);
    }
    let path = root.join(name.as_str());
    if !name.ends_with(".toml") {
        let names: Vec<&str> = BUILTIN.iter().map(|(n, _)| *n).collect();
        let names = names.join(", ");
        let message = Message::new(
            format!("there is no theme '{}'", name.value),
            format!("没有名为“{}”的版式", name.value),
        );
        let hint = Message::new(
            format!("use {names}, or the path of a .toml file"),
            format!("可用：{names}，或 .toml 文件的路径"),
        );
        let mut diagnostic = Diagnostic::error(Code::Theme, message).hint(hint);
        if let Some(file) = named_in {
            diagnostic = diagnostic.in_file(file).at(name.pos);
        }
        return Err(diagnostic.into());
    }
    let source = std::fs::read_to_string(&path).map_err(|e| {
        let message = Message::new(format!("can't be read: {e}"), format!("无法读取：{e}"));
        Diagnostic::error(Code::Unreadable, message).in_file(&path)
    })?;
    toml::from_str(&source).map_err(|e| {
        let pos = e.span().map(|span| place(&source, span.start));
        let message = Message::same(e.message());
        Diagnostic::error(Code::Theme, message).in_file(&path).at(pos).into()
    })
}

fn place(source: &str, byte: usize) -> crate::model::Pos {
    let before = source.get(..byte).unwrap_or(source);
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) as u32 + 1;
    crate::model::Pos::new(line, column)
}
