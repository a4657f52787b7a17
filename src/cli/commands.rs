//! What each command does, in terms of the library.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::{Cli, Export, Printer, SchemaKind};
use crate::diagnostic::{Code, Diagnostic, Failure, Locale, Message, Outcome};
use crate::export::{self, ExportOptions, Format};
use crate::font::{FontBook, FontOrigin};
use crate::input;
use crate::layout::{self, Content};
use crate::output::{unwritable, write_whole};
use crate::theme::{BUILTIN, builtin};

pub(super) fn export(args: &Export, printer: &Printer) -> Outcome<()> {
    make(args, printer).map(drop)
}

/// Makes the publication; returns the files written.
pub(super) fn make(args: &Export, printer: &Printer) -> Outcome<Vec<PathBuf>> {
    let targets = Targets::new(args)?;
    let options = ExportOptions {
        theme: args.theme.clone(),
        paper: args.paper.or_else(|| args.pdf.usual_paper()),
        font_dirs: args.font_dir.clone(),
        title: args.title.clone(),
        formats: targets.formats.clone(),
        dpi: args.dpi,
        stamp: source_date()?,
        pdf: args.pdf.options(source_date()?)?,
        script: args.script.map(Into::into),
        epub: args.epub.choices(),
    };
    if options.pdf.lock.is_some() && targets.formats.contains(&Format::Pdf) {
        printer.print(&Diagnostic::warning(
            Code::Usage,
            Message::new(
                "a PDF with a password is no PDF/A, and not the same bytes twice",
                "加密的 PDF 不符合 PDF/A，且每次生成的字节不同",
            ),
        ));
    }
    let made = export::export(&args.inputs, &options)?;
    for warning in &made.warnings {
        printer.print(warning);
    }
    let mut page = 0;
    // Volumes have numbers of their own.
    let pdfs = made.outputs.iter().filter(|(format, _)| *format == Format::Pdf).count();
    let mut volume = 0;
    let mut written = Vec::new();
    for (format, bytes) in &made.outputs {
        if *format == Format::Png {
            page += 1;
        }
        let path = targets.path(*format, page, made.pages);
        volume += usize::from(*format == Format::Pdf);
        match path
            .map(|p| if *format == Format::Pdf && pdfs > 1 { numbered(&p, volume) } else { p })
        {
            Some(path) => {
                write_whole(&path, bytes)?;
                printer.say(&path.display().to_string());
                written.push(path);
            }
            None if pdfs > 1 => {
                return Err(usage(
                    "standard output takes one file, and this makes several volumes",
                    "标准输出只能写一个文件，而本书分为多册",
                ));
            }
            None => to_stdout(bytes)?,
        }
    }
    Ok(written)
}

/// The file of a volume: `book-2.pdf`.
fn numbered(path: &Path, volume: usize) -> PathBuf {
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!("{stem}-{volume}.pdf"))
}

/// Where results go.
#[derive(Debug)]
struct Targets {
    formats: BTreeSet<Format>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Stdout,
    File(PathBuf),
    /// Folder and the name of files in it, without ending.
    Folder(PathBuf, String),
}

impl Targets {
    fn new(args: &Export) -> Outcome<Self> {
        let mut formats: BTreeSet<Format> = args.to.iter().copied().map(Format::from).collect();
        let stem = stem(&args.inputs);
        let ending = |path: &Path| match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "pdf" => Some(Format::Pdf),
            "epub" => Some(Format::Epub),
            "png" => Some(Format::Png),
            _ => None,
        };
        let place = match &args.output {
            Some(path) if path.as_os_str() == "-" => Place::Stdout,
            Some(path) => match ending(path).filter(|_| !path.is_dir()) {
                Some(format) => {
                    if formats.is_empty() {
                        formats.insert(format);
                    }
                    if formats.iter().ne([&format]) {
                        return Err(usage(
                            "the ending of -o does not agree with --to",
                            "-o 的扩展名与 --to 不一致",
                        ));
                    }
                    Place::File(path.clone())
                }
                None => Place::Folder(path.clone(), stem),
            },
            None => {
                let beside = args.inputs.first().and_then(|p| p.parent()).unwrap_or(Path::new(""));
                Place::Folder(beside.to_owned(), stem)
            }
        };
        if formats.is_empty() {
            formats.extend([Format::Pdf, Format::Epub]);
        }
        let one_page_each = formats.contains(&Format::Png);
        if matches!(place, Place::Stdout) && (formats.len() != 1 || one_page_each) {
            return Err(usage(
                "standard output takes one file: name it with --to pdf or --to epub",
                "标准输出只能写一个文件：请用 --to pdf 或 --to epub 指明",
            ));
        }
        Ok(Self { formats, place })
    }

    /// The file for a result; `None` is standard output.
    fn path(&self, format: Format, page: usize, pages: usize) -> Option<PathBuf> {
        let digits = pages.to_string().len().max(3);
        match &self.place {
            Place::Stdout => None,
            Place::File(path) if format == Format::Png => {
                let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned());
                Some(
                    path.with_file_name(format!(
                        "{}-{page:0digits$}.png",
                        stem.unwrap_or_default()
                    )),
                )
            }
            Place::File(path) => Some(path.clone()),
            Place::Folder(folder, stem) => Some(folder.join(match format {
                Format::Pdf => format!("{stem}.pdf"),
                Format::Epub => format!("{stem}.epub"),
                Format::Png => format!("{stem}-{page:0digits$}.png"),
            })),
        }
    }
}

/// Name of results: the input's, or its folder's for a file called `packet`.
fn stem(inputs: &[PathBuf]) -> String {
    let first = inputs.first().map(PathBuf::as_path).unwrap_or(Path::new(""));
    let stem = first.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    if stem != "packet" {
        return stem;
    }
    let folder = std::path::absolute(first).ok().and_then(|p| {
        p.parent().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned())
    });
    folder.unwrap_or(stem)
}

pub(super) fn usage(en: &str, zh: &str) -> Failure {
    Diagnostic::error(Code::Usage, Message::new(en, zh)).into()
}

/// The date that reproducible builds state (<https://reproducible-builds.org/specs/source-date-epoch/>).
pub(super) fn source_date() -> Outcome<Option<i64>> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Err(_) => Ok(None),
        Ok(value) => value.trim().parse().map(Some).map_err(|_| {
            usage(
                "SOURCE_DATE_EPOCH is not a number of seconds",
                "SOURCE_DATE_EPOCH 不是以秒为单位的整数",
            )
        }),
    }
}

fn to_stdout(bytes: &[u8]) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|e| unwritable(Path::new("-"), &e).into())
}

pub(super) fn fonts(check: &[PathBuf], folders: &[PathBuf], printer: &Printer) -> Outcome<()> {
    let mut warnings = Vec::new();
    let book = FontBook::new(folders, &mut warnings);
    warnings.iter().for_each(|w| printer.print(w));
    let mut out = String::new();
    if check.is_empty() {
        for face in book.faces() {
            let origin = match &face.origin {
                FontOrigin::Bundled(name) => format!("fonts/{name}"),
                FontOrigin::Folder(path) | FontOrigin::System(path) => path.display().to_string(),
            };
            let count = face.font.charmap().unicodes().count();
            out.push_str(&format!(
                "{:<24} {:<28} {:>3} {:>6}  {origin}:{}\n",
                face.family, face.post_script_name, face.weight, count, face.index
            ));
        }
        return to_stdout(out.as_bytes());
    }
    let Some(theme) = builtin("study") else { return Ok(()) };
    let title = (check.len() > 1).then_some("fonts");
    let (publication, found) = export::book(check, title)?;
    found.iter().for_each(|w| printer.print(w));
    let (document, warnings) = layout::layout(&publication, &theme, &book);
    let mut by_face: BTreeMap<&str, BTreeSet<char>> = BTreeMap::new();
    for item in document.pages.iter().flat_map(|p| &p.items) {
        if let Content::Glyphs(run) = &item.content
            && let Some(face) = book.face(run.face)
        {
            let chars = by_face.entry(&face.post_script_name).or_default();
            chars.extend(run.text.chars().filter(|c| face.glyph(*c).is_some()));
        }
    }
    for (face, chars) in by_face {
        out.push_str(&format!("{face} ({}): {}\n", chars.len(), chars.iter().collect::<String>()));
    }
    to_stdout(out.as_bytes())?;
    let missing: Vec<Diagnostic> =
        warnings.into_iter().filter(|w| w.code == Code::MissingGlyph).collect();
    missing.iter().for_each(|w| printer.print(w));
    Ok(())
}

pub(super) fn themes(printer: &Printer) -> Outcome<()> {
    let mut out = String::new();
    for (name, _) in BUILTIN {
        if let Some(theme) = builtin(name) {
            let page = &theme.page;
            let text = match printer.locale {
                Locale::En => &theme.description.0,
                Locale::Zh => &theme.description.1,
            };
            out.push_str(&format!(
                "{name:<12} {:>3.0}×{:<3.0} mm  {}×{}  {} pt  {text}\n",
                page.paper.width.to_mm(),
                page.paper.height.to_mm(),
                page.chars,
                page.lines,
                page.size.0
            ));
        }
    }
    to_stdout(out.as_bytes())
}

pub(super) fn schema(kind: SchemaKind) -> Outcome<()> {
    let kind = match kind {
        SchemaKind::Article => input::SchemaKind::Article,
        SchemaKind::Packet => input::SchemaKind::Packet,
        SchemaKind::Theme => input::SchemaKind::Theme,
    };
    to_stdout(format!("{:#}\n", input::schema(kind)).as_bytes())
}

/// Files of a new packet.
const NEW: [(&str, &str); 3] = [
    ("packet.yaml", include_str!("new/packet.yaml")),
    ("articles/01-first.md", include_str!("new/articles/01-first.md")),
    ("articles/02-second.md", include_str!("new/articles/02-second.md")),
];

pub(super) fn new(dir: &Path, printer: &Printer) -> Outcome<()> {
    let taken = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if taken || dir.is_file() {
        let message = Message::new("is not an empty folder", "不是空文件夹");
        return Err(Diagnostic::error(Code::Unwritable, message).in_file(dir).into());
    }
    for (name, content) in NEW {
        let path = dir.join(name);
        write_whole(&path, content.as_bytes())?;
        printer.say(&path.display().to_string());
    }
    Ok(())
}

pub(super) fn completions(shell: clap_complete::Shell) -> Outcome<()> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "keben", &mut out);
    to_stdout(&out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn targets(args: &[&str]) -> Outcome<Targets> {
        let all = ["keben", "export"].iter().chain(args);
        match Cli::try_parse_from(all).unwrap().command {
            super::super::Command::Export(args) => Targets::new(&args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn results_go_where_the_contract_says() {
        let beside = targets(&["a/b.json"]).unwrap();
        assert_eq!(beside.path(Format::Pdf, 0, 1), Some("a/b.pdf".into()));
        assert_eq!(beside.path(Format::Epub, 0, 1), Some("a/b.epub".into()));
        let file = targets(&["b.json", "-o", "x/y.epub"]).unwrap();
        assert_eq!(file.formats, BTreeSet::from([Format::Epub]));
        assert_eq!(file.path(Format::Epub, 0, 1), Some("x/y.epub".into()));
        let folder = targets(&["in/study/packet.yaml", "-o", "out", "--to", "png"]).unwrap();
        assert_eq!(folder.path(Format::Png, 7, 12), Some("out/study-007.png".into()));
    }

    #[test]
    fn contradictions_are_wrong_usage() {
        for args in [&["a.md", "-o", "-"][..], &["a.md", "-o", "x.pdf", "--to", "epub"]] {
            assert_eq!(targets(args).unwrap_err().0[0].code, Code::Usage);
        }
    }
}
