//! The whole line: files → publication → Book → PDF, EPUB and pictures of pages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::compose::{Book, BookCover, compose_article, compose_packet};
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::epub::{self, CoverPicture, EpubOptions};
use crate::font::FontBook;
use crate::input::{self, Loaded, Publication};
use crate::layout::{self, Document, Page};
use crate::model::{Article, At, Contents, CoverDesign};
use crate::pdf::{Attachment, PdfOptions};
use crate::picture::Pictures;
use crate::script::{self, Script};
use crate::theme::{BUILTIN, Paper, Theme, builtin};
use crate::{pdf, raster, theme};

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
    /// What is chosen about the PDF.
    pub pdf: PdfOptions,
    /// Script that the whole publication is converted to.
    pub script: Option<Script>,
    /// What only concerns the EPUB.
    pub epub: EpubChoices,
}

/// How the EPUB is made.
#[derive(Debug, Clone, Default)]
pub struct EpubChoices {
    /// Whether the theme's faces go into the file.
    pub embed_fonts: bool,
    /// Who vouches for the book's accessibility; nothing is claimed without a name.
    pub certified_by: Option<String>,
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
    let loaded = load(inputs, options.title.as_deref())?;
    let mut warnings = Vec::new();
    let press = Press::new(options.clone(), &mut warnings)?;
    let mut composed = press.compose(loaded)?;
    composed.warnings.append(&mut warnings);
    press.print(composed)
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

/// What any number of publications are made with: options, faces and theme, read once.
///
/// Nothing in it changes, so that threads share one.
pub struct Press {
    options: ExportOptions,
    fonts: FontBook,
    /// The theme that the options name, or the usual one: packets may name their own.
    theme: Theme,
}

/// A publication ready to be rendered.
#[derive(Debug)]
pub struct Composed {
    /// What is rendered.
    pub book: Book,
    /// Theme it is set in.
    pub theme: Theme,
    /// What is worth knowing so far.
    pub warnings: Vec<Diagnostic>,
    /// Files it was read from.
    pub sources: Vec<PathBuf>,
}

impl Press {
    /// Opens the fonts and reads the theme.
    ///
    /// # Errors
    /// A theme that is not there or not usable.
    pub fn new(options: ExportOptions, warnings: &mut Vec<Diagnostic>) -> Outcome<Self> {
        let name = options.theme.clone().unwrap_or_else(|| USUAL_THEME.to_owned());
        let theme = theme(&At::from(name), Path::new(""), None)?;
        let fonts = FontBook::new(&options.font_dirs, warnings);
        Ok(Self { options, fonts, theme })
    }

    /// The options.
    pub fn options(&self) -> &ExportOptions {
        &self.options
    }

    /// The faces.
    pub fn fonts(&self) -> &FontBook {
        &self.fonts
    }

    /// The theme for publications that name none.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Composes what was read and finds its theme.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn compose(&self, loaded: Loaded) -> Outcome<Composed> {
        let loaded = self.prepare(loaded)?;
        let theme = self.theme_of(&loaded)?;
        self.compose_in(loaded, theme)
    }

    /// Does to what was read what the options ask for before anything is made of it.
    ///
    /// # Errors
    /// A script that can't be converted to.
    pub fn prepare(&self, mut loaded: Loaded) -> Outcome<Loaded> {
        if let Some(script) = self.options.script {
            script::convert(&mut loaded.publication, script)?;
        }
        Ok(loaded)
    }

    /// Composes what was read and prepared, for a theme that is known already.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn compose_in(&self, loaded: Loaded, theme: Theme) -> Outcome<Composed> {
        let Loaded { publication, root, mut warnings } = loaded;
        let book = compose(&publication, &root, &mut warnings)?;
        Ok(Composed { book, theme, warnings, sources: sources(&publication) })
    }

    /// Renders a book in every format that the options ask for, side by side.
    ///
    /// # Errors
    /// What keeps an output from being made; then none is.
    pub fn print(&self, composed: Composed) -> Outcome<Exported> {
        let Composed { book, theme, mut warnings, sources } = composed;
        let formats = &self.options.formats;
        let paged = formats.contains(&Format::Pdf) || formats.contains(&Format::Png);
        let epub = formats.contains(&Format::Epub);
        let (laid_out, cover) = rayon::join(
            || if paged { self.lay_out(&book, &theme) } else { (Vec::new(), Vec::new()) },
            || epub.then(|| self.shelf_cover(&book, &theme)).transpose(),
        );
        let cover = cover.map_err(Failure::from)?.flatten();
        let (documents, found) = laid_out;
        // The EPUB names the pages of the PDF that is made with it; those of several volumes have
        // numbers of their own, so one EPUB of them all names none.
        let (pages, epub) = rayon::join(
            || self.paged(&documents, &book, &sources),
            || {
                let whole = documents.first().filter(|d| d.0.is_none()).map(|d| &d.1);
                epub.then(|| self.epub(&book, &theme, cover, whole)).transpose()
            },
        );
        let (mut outputs, told) = pages.map_err(Failure::from)?;
        for diagnostic in found.into_iter().chain(told) {
            if !warnings.contains(&diagnostic) {
                warnings.push(diagnostic);
            }
        }
        let epub = epub.map_err(Failure::from)?;
        let count = documents.iter().map(|(_, d)| d.pages.len()).sum();
        if let Some((bytes, told)) = epub {
            outputs.push((Format::Epub, bytes));
            // A character that no face has is reported once.
            let known = |d: &Diagnostic| paged && d.code == Code::MissingGlyph;
            warnings.extend(told.into_iter().filter(|d| !known(d)));
        }
        outputs.sort_by_key(|(format, _)| *format);
        Ok(Exported { outputs, pages: count, warnings })
    }

    /// The pages of a book: of each of its volumes with the book it makes, or of the whole.
    fn lay_out(&self, book: &Book, theme: &Theme) -> (Vec<Volume>, Vec<Diagnostic>) {
        let Some((volumes, mut warnings)) = layout::volumes(book, theme, &self.fonts) else {
            let (document, warnings) = layout::layout(book, theme, &self.fonts);
            return (vec![(None, document)], warnings);
        };
        let mut out = Vec::new();
        for volume in volumes {
            let (document, found) = layout::layout(&volume, theme, &self.fonts);
            warnings.extend(found);
            out.push((Some(volume), document));
        }
        (out, warnings)
    }

    /// What is made of pages: the PDF, the pictures of pages.
    fn paged(
        &self,
        volumes: &[Volume],
        book: &Book,
        sources: &[PathBuf],
    ) -> Result<Made, Diagnostic> {
        let (mut outputs, mut warnings) = (Vec::new(), Vec::new());
        for (volume, document) in volumes {
            let book = volume.as_ref().unwrap_or(book);
            self.paged_one(document, book, sources, &mut outputs, &mut warnings)?;
        }
        Ok((outputs, warnings))
    }

    fn paged_one(
        &self,
        document: &Document,
        book: &Book,
        sources: &[PathBuf],
        outputs: &mut Vec<(Format, Vec<u8>)>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<(), Diagnostic> {
        if self.options.formats.contains(&Format::Pdf) {
            let options = &self.options.pdf;
            let attachments =
                if options.attach_source { attachments(sources)? } else { Vec::new() };
            let made =
                pdf::write(document, book, &self.fonts, options, &attachments).map_err(internal)?;
            warnings.extend(made.warnings);
            outputs.push((Format::Pdf, made.bytes));
        }
        if self.options.formats.contains(&Format::Png) {
            let (pages, dpi) = (&document.pages, self.options.dpi);
            let pages = raster::render_all(pages, &self.fonts, &book.pictures, dpi)
                .map_err(|e| e.to_diagnostic())?;
            outputs.extend(pages.into_iter().map(|page| (Format::Png, page)));
        }
        Ok(())
    }

    fn epub(
        &self,
        book: &Book,
        theme: &Theme,
        cover: Option<CoverPicture>,
        document: Option<&Document>,
    ) -> Result<(Vec<u8>, Vec<Diagnostic>), Diagnostic> {
        let EpubChoices { embed_fonts, certified_by } = self.options.epub.clone();
        let options = EpubOptions {
            cover,
            modified: self.options.stamp,
            embed_fonts,
            pages: document.map(Document::printed_pages).unwrap_or_default(),
            certified_by,
        };
        let mut warnings = Vec::new();
        let bytes = epub::to_bytes(book, theme, &self.fonts, &options, &mut warnings);
        Ok((bytes.map_err(internal)?, warnings))
    }

    /// A picture of the drawn cover; `None` if the book brings its own, or is a packet that wants
    /// none. A single article has no cover on paper, but a place on the reader's shelf.
    fn shelf_cover(&self, book: &Book, theme: &Theme) -> Result<Option<CoverPicture>, Diagnostic> {
        let wanted = match book.cover {
            BookCover::Drawn(_) => true,
            BookCover::None => !book.has_contents,
            BookCover::Picture(_) => false,
        };
        let Some(page) = wanted.then(|| self.cover_page(book, theme)).flatten() else {
            return Ok(None);
        };
        let pixels = if book.has_contents { COVER_WIDTH.0 } else { COVER_WIDTH.1 };
        let dpi = pixels * 72.0 / page.width.0.max(1.0);
        let drawn = raster::render(&page, &self.fonts, &book.pictures, dpi)
            .map_err(|e| e.to_diagnostic())?;
        let data = raster::encode_png(&drawn, dpi).map_err(|e| e.to_diagnostic())?;
        Ok(Some(CoverPicture {
            data: data.into(),
            media_type: "image/png".to_owned(),
            width: drawn.width(),
            height: drawn.height(),
        }))
    }

    /// The cover as a page: the book's own, or drawn.
    fn cover_page(&self, book: &Book, theme: &Theme) -> Option<Page> {
        let cover = match book.cover {
            BookCover::Picture(id) => BookCover::Picture(id),
            BookCover::Drawn(design) => BookCover::Drawn(design),
            BookCover::None => BookCover::Drawn(CoverDesign::default()),
        };
        let shelf = Book {
            title: book.title.clone(),
            subtitle: book.subtitle.clone(),
            creators: book.creators.clone(),
            publisher: book.publisher.clone(),
            date: book.date,
            language: book.language.clone(),
            identifier: None,
            series: None,
            description: None,
            subjects: Vec::new(),
            source: book.source.clone(),
            cover,
            has_contents: false,
            line_numbers: 0,
            note_column: false,
            questions: 0,
            volumes: None,
            volume: None,
            sections: Vec::new(),
            pictures: match book.cover {
                BookCover::Picture(_) => book.pictures.clone(),
                BookCover::Drawn(_) | BookCover::None => Pictures::default(),
            },
        };
        layout::layout(&shelf, theme, &self.fonts).0.pages.into_iter().next()
    }

    /// A small picture of the cover, for indexes: a PNG 360 pixels wide.
    ///
    /// # Errors
    /// A cover picture that can't be decoded.
    pub fn thumbnail(&self, composed: &Composed) -> Result<Option<Vec<u8>>, Diagnostic> {
        let Composed { book, theme, .. } = composed;
        let Some(page) = self.cover_page(book, theme) else { return Ok(None) };
        let dpi = THUMBNAIL_WIDTH * 72.0 / page.width.0.max(1.0);
        let drawn = raster::render(&page, &self.fonts, &book.pictures, dpi)
            .map_err(|e| e.to_diagnostic())?;
        raster::encode_png(&drawn, dpi).map(Some).map_err(|e| e.to_diagnostic())
    }

    /// The theme that a publication is set in.
    ///
    /// # Errors
    /// A packet's own theme that is not there or not usable.
    pub fn theme_of(&self, loaded: &Loaded) -> Outcome<Theme> {
        let Loaded { publication, root, .. } = loaded;
        let own = match publication {
            Publication::Packet(packet) => packet.theme.as_ref().zip(Some(&packet.origin)),
            Publication::Article(_) => None,
        };
        let theme = match own {
            Some((name, file)) if self.options.theme.is_none() => {
                theme(name, root, file.as_deref())?
            }
            _ => self.theme.clone(),
        };
        Ok(match self.options.paper {
            Some(paper) => theme.on_paper(paper),
            None => theme,
        })
    }
}

/// Width of small pictures of covers in pixels: 180 CSS pixels on a display of twice the density.
const THUMBNAIL_WIDTH: f64 = 360.0;

/// The pages of a volume with the book that it is; `None` for the whole book in one.
type Volume = (Option<Book>, Document);

/// Files made, and what is worth knowing of them.
type Made = (Vec<(Format, Vec<u8>)>, Vec<Diagnostic>);

/// The theme of publications for which nobody names one.
const USUAL_THEME: &str = "study";

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

/// Width of a drawn cover in pixels, of a packet and of a single article: what Amazon advises for a
/// book that is sold, and twice the 500 that it asks for at least (Kindle Publishing Guidelines 4.2).
const COVER_WIDTH: (f64, f64) = (1600.0, 1000.0);

/// The files that a publication was read from, each once: the packet's own, then its articles'.
fn sources(publication: &Publication) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = Vec::new();
    let articles: Vec<&Article> = match publication {
        Publication::Article(article) => vec![article],
        Publication::Packet(packet) => {
            out.extend(packet.origin.clone());
            let articles = packet.contents.iter().flat_map(|entry| match entry {
                Contents::Article(article) => std::slice::from_ref(&**article),
                Contents::Part(part) => part.articles.as_slice(),
            });
            articles.collect()
        }
    };
    for origin in articles.into_iter().filter_map(|a| a.origin.clone()) {
        if !out.contains(&origin) {
            out.push(origin);
        }
    }
    out
}

/// Reads the files that go into the PDF. Names that come twice are numbered.
fn attachments(sources: &[PathBuf]) -> Result<Vec<Attachment>, Diagnostic> {
    let mut names = BTreeSet::new();
    let mut out = Vec::with_capacity(sources.len());
    for path in sources {
        let data = std::fs::read(path).map_err(|e| {
            let message = Message::new(format!("can't be read: {e}"), format!("无法读取：{e}"));
            Diagnostic::error(Code::Unreadable, message).in_file(path)
        })?;
        let own = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let mut name = own.clone();
        for n in 2.. {
            if names.insert(name.clone()) {
                break;
            }
            name = format!("{n}-{own}");
        }
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        let media_type = match ending.as_deref() {
            Some("json" | "jsonl") => "application/json",
            Some("yaml" | "yml") => "application/yaml",
            Some("toml") => "application/toml",
            Some("md" | "markdown") => "text/markdown",
            Some("html" | "htm") => "text/html",
            _ => "text/plain",
        };
        out.push(Attachment { name, media_type, data });
    }
    Ok(out)
}

fn internal(error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Code::Internal, Message::same(error.to_string()))
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
    theme::read(&source)
        .map_err(|failure| Failure(failure.0.into_iter().map(|d| d.in_file(&path)).collect()))
}
