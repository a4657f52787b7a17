//! What a worker does with one input: read it, name it, make it unless nothing changed, write it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Instant, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use super::cache::{Cache, Entry};
use super::discover::{Input, What};
use super::naming::{Known, Names};
use super::queue::Line;
use super::report::{About, Note};
use super::{BatchOptions, Item, Status, collections};
use crate::compose::Book;
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::export::{Exported, Format, Press};
use crate::input::{self, Loaded, Publication};
use crate::model::{Article, Contents};
use crate::output::write_staged;

/// Folder of the small pictures of covers, in the output folder.
const COVERS: &str = "covers";

/// Everything that workers share.
pub(super) struct Workshop<'a> {
    options: &'a BatchOptions,
    press: &'a Press,
    cache: &'a Cache,
    names: Line<Names>,
    /// Hash of the run's arguments.
    set: String,
    /// Whether names given to other inputs of earlier runs must be asked of the cache even where
    /// the arguments are the same: those of standard input say nothing.
    streamed: bool,
    /// Hash of what every result follows from.
    base: Sha256,
}

/// An input that was read, with its name.
struct Named {
    loaded: Loaded,
    name: String,
    about: About,
    source: PathBuf,
    print: Sha256,
    entry: Option<Entry>,
}

/// Results in their places.
struct Made {
    status: Status,
    outputs: Vec<PathBuf>,
    pages: Option<u64>,
    warnings: Vec<Diagnostic>,
    about: About,
}

impl<'a> Workshop<'a> {
    pub(super) fn new(options: &'a BatchOptions, press: &'a Press, cache: &'a Cache) -> Self {
        let mut set = Sha256::new();
        for input in &options.inputs {
            set.update(absolute(input).as_os_str().as_encoded_bytes());
            set.update([0, u8::from(options.each_folder)]);
        }
        let streamed = options.inputs.iter().any(|input| input.as_os_str() == "-");
        let set = hex(set.finalize().as_slice());
        let base = base(options, press);
        Self { options, press, cache, names: Line::new(Names::default()), set, streamed, base }
    }

    /// Makes one input; `None` if it is another shard's. Whatever goes wrong, a fault of the
    /// program included, is this input's failure alone.
    pub(super) fn make(&self, input: Input) -> Option<Item> {
        let started = Instant::now();
        let (index, mine, shown) = (input.index, input.mine, input.shown.clone());
        let named = self.name(input);
        if !mine {
            return None;
        }
        let made = named.and_then(|named| guarded(|| self.finish(named)));
        let ms = started.elapsed().as_millis() as u64;
        let item = Item {
            index,
            input: shown,
            status: Status::Failed,
            outputs: Vec::new(),
            pages: None,
            warnings: Vec::new(),
            errors: Vec::new(),
            ms,
            about: About::default(),
        };
        Some(match made {
            Ok(Made { status, outputs, pages, warnings, about }) => {
                Item { status, outputs, pages, warnings, about, ..item }
            }
            Err(Failure(errors)) => Item { errors, ..item },
        })
    }

    /// Reads an input and gives it its name. Every input takes its place in the line of names,
    /// those of other shards and those that can't be read too, so that names are the same however
    /// the inputs are divided.
    fn name(&self, input: Input) -> Outcome<Named> {
        let index = input.index;
        let read = guarded(|| self.read(input));
        let claim = |names: &mut Names| {
            let (loaded, known, source, print) = read?;
            let wanted = self.options.name.name(&known);
            let mut entry = None;
            let name = names.claim(&wanted, &mut |name| {
                entry = self.cache.get(name);
                entry.as_ref().is_some_and(|entry| self.is_foreign(entry, &source))
            });
            let about = About {
                title: Some(known.title),
                authors: known.authors,
                date: known.date.map(|d| d.to_string()),
                language: Some(known.language),
                summary: None,
                cover: None,
            };
            Ok(Named { loaded, name, about, source, print, entry })
        };
        self.names.take(index, |names| guarded(|| claim(names)))
    }

    /// Whether results belong to an input of another run that is still there.
    fn is_foreign(&self, entry: &Entry, source: &Path) -> bool {
        entry.source != source && (entry.set != self.set || self.streamed) && entry.source.exists()
    }

    fn read(&self, input: Input) -> Outcome<(Loaded, Known, PathBuf, Sha256)> {
        let mut print = self.base.clone();
        let mut content = Sha256::new();
        let is_record = matches!(input.what, What::Record(..));
        let (loaded, source) = match input.what {
            What::Broken(diagnostic) => return Err((*diagnostic).into()),
            What::Record(file, line, bytes) => {
                content.update(&bytes);
                (input::load_record(&bytes, &file, line)?, absolute(&file))
            }
            What::File(path) => {
                let loaded = input::load(&path)?;
                add_file(&mut content, &path);
                (loaded, absolute(&path))
            }
            What::Folder(dir, files) => (collections::load(&dir, &files)?, absolute(&dir)),
        };
        if let Publication::Packet(packet) = &loaded.publication {
            for origin in packet.origin.iter().chain(articles(&packet.contents)) {
                content.update(origin.as_os_str().as_encoded_bytes());
                add_file(&mut content, origin);
            }
        }
        let content = content.finalize();
        print.update(content);
        print.update(source.as_os_str().as_encoded_bytes());
        let loaded = self.press.prepare(loaded)?;
        let known = known(&loaded.publication);
        let known = Known {
            relative: input.relative,
            is_record,
            number: input.index + 1,
            hash: hex(&content[..4]),
            ..known
        };
        Ok((loaded, known, source, print))
    }

    fn finish(&self, named: Named) -> Outcome<Made> {
        let Named { loaded, name, mut about, source, mut print, entry } = named;
        let output = &self.options.output;
        if self.options.index.is_some() {
            about.cover = Some(format!("{COVERS}/{name}.png"));
        }
        about.summary = summary(&loaded.publication);
        let theme = self.press.theme_of(&loaded)?;
        // A theme's fields are plain values: what it prints as is what it is.
        print.update(format!("{theme:?}"));
        let print = hex(print.finalize().as_slice());
        if let Some(entry) = entry.filter(|e| !self.options.force && self.is_current(e, &print)) {
            return Ok(Made {
                status: Status::Unchanged,
                outputs: listed(output, &entry),
                pages: entry.pages,
                warnings: entry.warnings.into_iter().map(Diagnostic::from).collect(),
                about,
            });
        }
        let composed = self.press.compose_in(loaded, theme)?;
        let files = pictures(&composed.book);
        let cover = match about.cover {
            Some(_) => self.press.thumbnail(&composed)?,
            None => None,
        };
        let Exported { outputs, pages, warnings } = self.press.print(composed)?;
        let paged = outputs.iter().any(|(format, _)| *format != Format::Epub);
        let pages = paged.then_some(pages as u64);
        let mut named = Vec::new();
        let mut page = 0;
        for (format, bytes) in outputs {
            if format == Format::Png {
                page += 1;
            }
            named.push((file_name(&name, format, page, pages.unwrap_or(0)), bytes));
        }
        if let (Some(file), Some(bytes)) = (&about.cover, cover) {
            named.push((file.clone(), bytes));
        }
        let mut outputs = Vec::new();
        for (file, bytes) in named {
            let path = output.join(&file);
            write_staged(self.cache.staging(), &path, &bytes)?;
            outputs.push((file, bytes.len() as u64, changed(&path)));
        }
        let entry = Entry {
            name,
            print,
            set: self.set.clone(),
            source,
            files,
            outputs,
            pages,
            warnings: warnings.iter().map(Note::from).collect(),
        };
        self.cache.add(&entry);
        let outputs = listed(output, &entry);
        Ok(Made { status: Status::Made, outputs, pages, warnings, about })
    }

    /// Whether results are there, untouched, and made of what there is now.
    fn is_current(&self, entry: &Entry, print: &str) -> bool {
        entry.print == print
            && entry.outputs.iter().all(|(file, bytes, time)| {
                let path = self.options.output.join(file);
                let length = std::fs::metadata(&path).map(|m| m.len()).ok();
                length == Some(*bytes) && changed(&path) == *time
            })
            && entry.files.iter().all(|(path, hash)| hash_of(path).as_ref() == Some(hash))
    }
}

/// Runs a step; a panic in it, which would be a fault of the program, becomes a diagnostic.
fn guarded<T>(step: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    // What the step shares with others is read-only or behind locks that know of panics.
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|cause| {
        let text = cause
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| cause.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let message = Message::new(
            format!("a fault in Keben itself: {text}"),
            format!("刻本程序内部错误：{text}"),
        );
        Err(Diagnostic::error(Code::Internal, message).into())
    })
}

/// Hash of what every result follows from: version, options, fonts of the user's.
fn base(options: &BatchOptions, press: &Press) -> Sha256 {
    let export = press.options();
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    let dpi = export.formats.contains(&Format::Png).then_some(export.dpi);
    let cover = options.index.is_some();
    // Everything of the options but where they come from; themes are added with each input.
    let bare = crate::export::ExportOptions {
        theme: None,
        font_dirs: Vec::new(),
        dpi: dpi.unwrap_or(0.0),
        ..export.clone()
    };
    hash.update(format!("{bare:?} {cover}"));
    for dir in &export.font_dirs {
        let files = ignore::WalkBuilder::new(dir)
            .standard_filters(false)
            .follow_links(true)
            .sort_by_file_name(|a, b| a.cmp(b))
            .build();
        // Fonts are large and seldom change: size and time tell.
        for file in files.flatten().filter(|f| f.file_type().is_some_and(|t| t.is_file())) {
            let length = file.metadata().map_or(0, |m| m.len());
            hash.update(file.path().as_os_str().as_encoded_bytes());
            hash.update(length.to_be_bytes());
            hash.update(changed(file.path()).to_be_bytes());
        }
    }
    hash
}

fn add_file(hash: &mut Sha256, path: &Path) {
    // A file that went away since it was read is like one that changed.
    hash.update(std::fs::read(path).unwrap_or_default());
}

/// Files that articles of a packet were read from.
fn articles(contents: &[Contents]) -> impl Iterator<Item = &PathBuf> {
    let origins = contents.iter().flat_map(|entry| -> Vec<&Article> {
        match entry {
            Contents::Article(article) => vec![article],
            Contents::Part(part) => part.articles.iter().collect(),
        }
    });
    origins.filter_map(|article| article.origin.as_ref())
}

fn known(publication: &Publication) -> Known {
    match publication {
        Publication::Article(article) => Known {
            title: article.title.to_plain(),
            date: article.date,
            authors: article.authors.iter().map(|a| a.name.clone()).collect(),
            source: article.source.as_ref().and_then(|s| s.name.clone()),
            language: article.language.tag().to_owned(),
            id: article.id.as_ref().map(|id| id.value.clone()),
            ..Known::default()
        },
        Publication::Packet(packet) => Known {
            title: packet.title.to_plain(),
            date: packet.date,
            authors: packet.compiler.iter().cloned().collect(),
            source: packet.publisher.clone(),
            language: packet.language.tag().to_owned(),
            id: packet.identifier.clone(),
            ..Known::default()
        },
    }
}

fn summary(publication: &Publication) -> Option<String> {
    match publication {
        Publication::Article(article) => article.summary.as_ref().map(|s| s.to_plain()),
        Publication::Packet(packet) => packet.subtitle.as_ref().map(|s| s.to_plain()),
    }
}

/// Pictures of a book with the hashes of their content.
fn pictures(book: &Book) -> Vec<(PathBuf, String)> {
    book.pictures.iter().map(|(_, p)| (p.path.clone(), hex(&p.hash))).collect()
}

fn file_name(name: &str, format: Format, page: u64, pages: u64) -> String {
    let digits = pages.to_string().len().max(3);
    match format {
        Format::Pdf => format!("{name}.pdf"),
        Format::Epub => format!("{name}.epub"),
        Format::Png => format!("{name}-{page:0digits$}.png"),
    }
}

/// Results as the report lists them: without pictures of covers.
fn listed(output: &Path, entry: &Entry) -> Vec<PathBuf> {
    let covers = format!("{COVERS}/");
    let cover = format!("{covers}{}.png", entry.name);
    entry.outputs.iter().filter(|o| o.0 != cover).map(|o| output.join(&o.0)).collect()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Time of a file's last change in ns since 1970; 0 where the system tells none.
fn changed(path: &Path) -> u64 {
    let time = std::fs::metadata(path).and_then(|m| m.modified()).ok();
    let since = time.and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |d| d.as_nanos() as u64)
}

fn hash_of(path: &Path) -> Option<String> {
    Some(hex(Sha256::digest(std::fs::read(path).ok()?).as_slice()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::batch::{Shard, Template};
    use crate::diagnostic::Locale;
    use crate::export::ExportOptions;

    /// The usual options, for inputs in `dir`.
    pub(in crate::batch) fn options(dir: &Path) -> BatchOptions {
        BatchOptions {
            inputs: vec![dir.to_owned()],
            output: dir.join("out"),
            export: ExportOptions { dpi: 150.0, ..ExportOptions::default() },
            name: Template::default(),
            jobs: 0,
            report: None,
            force: false,
            shard: Shard::WHOLE,
            fail_fast: false,
            each_folder: false,
            index: None,
            locale: Locale::En,
        }
    }

    #[test]
    fn a_fault_of_the_program_is_one_inputs_failure() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let failure = guarded::<()>(|| panic!("broken invariant")).unwrap_err();
        std::panic::set_hook(hook);
        assert_eq!(failure.0[0].code, Code::Internal);
        assert!(failure.0[0].message.en.contains("broken invariant"));
    }
}
