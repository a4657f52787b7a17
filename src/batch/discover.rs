//! Finding inputs, one at a time and only when the next one is wanted.
//!
//! Folders are walked in the order of names, passing over what ignore files (`.gitignore`,
//! `.ignore`, `.kebenignore`) and hidden names exclude; files of JSON Lines are read a line at a
//! time. Nothing of what was found stays in memory.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use ignore::{Walk, WalkBuilder};
use serde::Deserialize;

use super::collections::Folders;
use super::{BatchOptions, Shard, slashed};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::input::is_article_name;

/// Longest line of JSON Lines or of a list, in bytes: an article with the text of ten novels.
const MAX_LINE: usize = 64 << 20;
/// Size of the buffer that lines are read through, in bytes.
const BUFFER: usize = 256 << 10;

/// One input.
#[derive(Debug)]
pub(super) struct Input {
    /// Its place among all inputs, from 0.
    pub index: u64,
    /// Whether it belongs to this run's shard.
    pub mine: bool,
    /// Its name in the report: the path, with the line for a record.
    pub shown: String,
    /// Its path below the folder it was found in, without ending, with `/`; the file's stem where
    /// it was named itself.
    pub relative: String,
    /// What it is.
    pub what: What,
}

/// What an input is.
#[derive(Debug)]
pub(super) enum What {
    /// A file with an article or a packet.
    File(PathBuf),
    /// A line of JSON Lines: its file, its number from 1, its bytes.
    Record(PathBuf, u32, Vec<u8>),
    /// A folder whose files make one book.
    Folder(PathBuf, Vec<PathBuf>),
    /// Something that could not even be opened.
    Broken(Box<Diagnostic>),
}

/// All inputs of a run, in order.
pub(super) struct Discovery {
    arguments: VecDeque<PathBuf>,
    open: Vec<Source>,
    count: u64,
    shard: Shard,
    rules: Rules,
}

/// What every walk keeps to.
struct Rules {
    each_folder: bool,
    /// The output folder and the report, which are never inputs.
    own: Vec<PathBuf>,
}

enum Source {
    Walk {
        root: PathBuf,
        walk: Walk,
        matcher: Option<GlobMatcher>,
    },
    Folders(Folders),
    Records(Lines),
    /// Paths, a line each; on standard input also records.
    List {
        lines: Lines,
        records: bool,
    },
}

impl Discovery {
    pub(super) fn new(options: &BatchOptions) -> Self {
        let own = std::iter::once(&options.output).chain(&options.report);
        let own = own.filter_map(|path| path.canonicalize().ok()).collect();
        Self {
            arguments: options.inputs.iter().cloned().collect(),
            open: Vec::new(),
            count: 0,
            shard: options.shard,
            rules: Rules { each_folder: options.each_folder, own },
        }
    }

    /// An input with its place, and its shard decided by its name.
    fn input(&mut self, shown: String, relative: String, name: &str, what: What) -> Input {
        let index = self.count;
        self.count += 1;
        Input { index, mine: self.shard.holds(name), shown, relative, what }
    }

    fn file(&mut self, root: &Path, path: PathBuf) -> Input {
        let below = path.strip_prefix(root).ok().filter(|below| !below.as_os_str().is_empty());
        let below = below.or(path.file_name().map(Path::new)).unwrap_or(&path);
        let (name, relative) = (slashed(below), slashed(&below.with_extension("")));
        self.input(slashed(&path), relative, &name, What::File(path))
    }

    fn record(&mut self, file: &Path, line: u32, bytes: Vec<u8>) -> Input {
        let shown = format!("{}:{line}", slashed(file));
        let name = match self.shard.is_whole() {
            true => String::new(),
            false => id_of(&bytes).unwrap_or_else(|| format!("{}:{line}", file_name(file))),
        };
        let stem = file.file_stem().map_or("record".into(), |s| s.to_string_lossy());
        let relative = match stem.as_ref() {
            "-" => format!("record-{line:06}"),
            stem => format!("{stem}-{line:06}"),
        };
        self.input(shown, relative, &name, What::Record(file.to_owned(), line, bytes))
    }

    fn broken(&mut self, path: &Path, diagnostic: Diagnostic) -> Input {
        let shown = slashed(path);
        let what = What::Broken(Box::new(diagnostic.in_file(path)));
        self.input(shown.clone(), String::new(), &shown, what)
    }

    /// Opens what an argument, or a line of a list, names; an input if it is one itself.
    fn open(&mut self, argument: PathBuf, listed: bool) -> Option<Input> {
        let text = argument.to_string_lossy().into_owned();
        if !listed && text == "-" {
            let lines = Lines::new(Box::new(std::io::stdin()), argument);
            self.open.push(Source::List { lines, records: true });
            return None;
        }
        if argument.is_dir() {
            let source = if self.rules.each_folder {
                Source::Folders(Folders::new(argument, &self.rules.own))
            } else {
                let walk = walk(&argument, None, &self.rules.own);
                Source::Walk { root: argument, walk, matcher: None }
            };
            self.open.push(source);
            return None;
        }
        if argument.exists() {
            let root = argument.parent().unwrap_or(Path::new("")).to_owned();
            return self.found(&root, argument);
        }
        let list = text.strip_prefix('@').map(PathBuf::from).filter(|_| !listed);
        if let Some(list) = list {
            match File::open(&list) {
                Ok(file) => {
                    let lines = Lines::new(Box::new(file), list);
                    self.open.push(Source::List { lines, records: false });
                    return None;
                }
                Err(error) => return Some(self.broken(&list, unreadable(&error))),
            }
        }
        if text.contains(['*', '?', '[', '{']) {
            return self.pattern(&text, argument);
        }
        let error = std::io::Error::from(std::io::ErrorKind::NotFound);
        Some(self.broken(&argument, unreadable(&error)))
    }

    /// Walks the folder below which a pattern's files stand.
    fn pattern(&mut self, text: &str, argument: PathBuf) -> Option<Input> {
        let is_pattern =
            |part: &std::ffi::OsStr| part.to_string_lossy().contains(['*', '?', '[', '{']);
        let root: PathBuf = argument.iter().take_while(|part| !is_pattern(part)).collect();
        let below: PathBuf = argument.iter().skip_while(|part| !is_pattern(part)).collect();
        match GlobBuilder::new(&slashed(&below)).literal_separator(true).build() {
            Ok(glob) => {
                let top = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root };
                let deep = below.iter().any(|part| part == "**");
                let depth = (!deep).then(|| below.iter().count());
                let walk = walk(&top, depth, &self.rules.own);
                let matcher = Some(glob.compile_matcher());
                self.open.push(Source::Walk { root: top, walk, matcher });
                None
            }
            Err(error) => {
                let message = Message::new(
                    format!("'{text}' is not a valid pattern: {}", error.kind()),
                    format!("“{text}”不是有效的通配模式"),
                );
                Some(self.broken(&argument, Diagnostic::error(Code::InvalidValue, message)))
            }
        }
    }

    /// A file: an input, or opened if it holds many.
    fn found(&mut self, root: &Path, path: PathBuf) -> Option<Input> {
        if !is_lines(&path) {
            return Some(self.file(root, path));
        }
        match File::open(&path) {
            Ok(file) => {
                self.open.push(Source::Records(Lines::new(Box::new(file), path)));
                None
            }
            Err(error) => Some(self.broken(&path, unreadable(&error))),
        }
    }
}

impl Iterator for Discovery {
    type Item = Input;

    fn next(&mut self) -> Option<Input> {
        loop {
            // Taken out while it is asked, so that what it leads to can be opened above it.
            let Some(mut source) = self.open.pop() else {
                let argument = self.arguments.pop_front()?;
                match self.open(argument, false) {
                    Some(input) => return Some(input),
                    None => continue,
                }
            };
            let step = source.step(&self.rules);
            if !matches!(step, Step::End) {
                self.open.push(source);
            }
            let input = match step {
                Step::End => None,
                Step::File(root, path) => self.found(&root, path),
                Step::Listed(path) => self.open(path, true),
                Step::Record(file, line, bytes) => Some(self.record(&file, line, bytes)),
                Step::Folder(root, dir, files) => {
                    let relative = dir.strip_prefix(&root).map(slashed).unwrap_or_default();
                    let name = match relative.is_empty() {
                        true => folder_name(&dir),
                        false => relative,
                    };
                    Some(self.input(slashed(&dir), name.clone(), &name, What::Folder(dir, files)))
                }
                Step::Broken(path, diagnostic) => Some(self.broken(&path, *diagnostic)),
            };
            if input.is_some() {
                return input;
            }
        }
    }
}

/// What a source comes to next.
enum Step {
    /// A file, with the folder it was found in.
    File(PathBuf, PathBuf),
    Listed(PathBuf),
    Record(PathBuf, u32, Vec<u8>),
    Folder(PathBuf, PathBuf, Vec<PathBuf>),
    Broken(PathBuf, Box<Diagnostic>),
    End,
}

impl Source {
    fn step(&mut self, rules: &Rules) -> Step {
        match self {
            Self::Walk { root, walk, matcher } => loop {
                let entry = match walk.next() {
                    None => return Step::End,
                    Some(Ok(entry)) => entry,
                    Some(Err(error)) => match walk_error(root, &error) {
                        Some(step) => return step,
                        None => continue,
                    },
                };
                if entry.file_type().is_none_or(|kind| !kind.is_file()) {
                    continue;
                }
                let path = entry.into_path();
                let below = path.strip_prefix(&*root).unwrap_or(&path);
                let wanted = match matcher {
                    Some(matcher) => matcher.is_match(below),
                    None => is_wanted(&path),
                };
                if wanted && !rules.is_own(&path) {
                    // `./a.md` is what a pattern without a folder finds: people write `a.md`.
                    let path = path.strip_prefix(".").map_or(path.clone(), Path::to_owned);
                    let root = root.strip_prefix(".").unwrap_or(root).to_owned();
                    return Step::File(root, path);
                }
            },
            Self::Folders(folders) => match folders.next() {
                Some(Ok((dir, files))) => Step::Folder(folders.root().to_owned(), dir, files),
                Some(Err(error)) => walk_error(folders.root(), &error)
                    .unwrap_or_else(|| Step::Folder(PathBuf::new(), PathBuf::new(), Vec::new())),
                None => Step::End,
            },
            Self::Records(lines) => match lines.next(b"\n") {
                Some(Ok((line, bytes))) => Step::Record(lines.file.clone(), line, bytes),
                Some(Err(diagnostic)) => Step::Broken(lines.here(), diagnostic),
                None => Step::End,
            },
            Self::List { lines, records } => {
                let ends: &[u8] = if lines.begins_record() { b"\n" } else { b"\n\0" };
                match lines.next(ends) {
                    Some(Ok((line, bytes))) if *records && bytes.starts_with(b"{") => {
                        Step::Record(lines.file.clone(), line, bytes)
                    }
                    Some(Ok((_, bytes))) => Step::Listed(path_of(&bytes)),
                    Some(Err(diagnostic)) => Step::Broken(lines.here(), diagnostic),
                    None => Step::End,
                }
            }
        }
    }
}

impl Rules {
    fn is_own(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|path| self.own.contains(&path) || self.is_index(&path))
    }

    /// Whether a file is the index of an earlier run into a folder that is walked itself.
    fn is_index(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let named = name.starts_with("index") && name.ends_with(".html");
        named && path.parent().is_some_and(|dir| self.own.iter().any(|own| own == dir))
    }
}

/// What to make of an error of a walk; a link that leads back up is passed over.
fn walk_error(root: &Path, error: &ignore::Error) -> Option<Step> {
    fn inner(error: &ignore::Error) -> (Option<&Path>, bool) {
        match error {
            ignore::Error::WithPath { path, err } => (Some(path), inner(err).1),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                inner(err)
            }
            ignore::Error::Loop { .. } => (None, true),
            _ => (None, false),
        }
    }
    let (path, is_loop) = inner(error);
    if is_loop {
        tracing::info!("{error}");
        return None;
    }
    let message = Message::new(format!("can't be read: {error}"), "无法读取");
    let diagnostic = Diagnostic::error(Code::Unreadable, message);
    Some(Step::Broken(path.unwrap_or(root).to_owned(), Box::new(diagnostic)))
}

/// A walk in the order of names that keeps to ignore files, but to nothing of the machine's own.
///
/// - `depth`: how many folders deep, 1 for the root's own files;
/// - `own`: folders that are passed over, as whole paths.
pub(super) fn walk(root: &Path, depth: Option<usize>, own: &[PathBuf]) -> Walk {
    let own = own.to_vec();
    WalkBuilder::new(root)
        .filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let whole = || entry.path().canonicalize();
            entry.depth() == 0 || !is_folder || !whole().is_ok_and(|path| own.contains(&path))
        })
        .follow_links(true)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .add_custom_ignore_filename(".kebenignore")
        .sort_by_file_name(|a, b| a.cmp(b))
        .max_depth(depth)
        .build()
}

/// Whether a walk takes a file that nobody named: EPUBs are what batches make, so an earlier run's
/// results would become the next one's inputs.
pub(super) fn is_wanted(path: &Path) -> bool {
    let is_result = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("epub"));
    (is_article_name(path) && !is_result) || is_lines(path)
}

/// Whether a file holds an article a line.
pub(super) fn is_lines(path: &Path) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("jsonl") || e.eq_ignore_ascii_case("ndjson"))
}

fn unreadable(error: &std::io::Error) -> Diagnostic {
    let message = match error.kind() {
        std::io::ErrorKind::NotFound => Message::new("no such file", "文件不存在"),
        std::io::ErrorKind::PermissionDenied => {
            Message::new("no permission to read", "没有读取权限")
        }
        _ => Message::new(format!("can't be read: {error}"), "无法读取"),
    };
    Diagnostic::error(Code::Unreadable, message)
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| slashed(path), |name| name.to_string_lossy().into_owned())
}

/// Name of a folder, also of `.`.
pub(super) fn folder_name(dir: &Path) -> String {
    let whole = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    file_name(&whole)
}

/// The id of a record, without reading the rest of it.
fn id_of(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: Option<String>,
    }
    serde_json::from_slice::<OnlyId>(bytes).ok()?.id
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Lines of a file or of standard input, blank ones passed over.
struct Lines {
    reader: BufReader<Box<dyn Read + Send>>,
    file: PathBuf,
    line: u32,
}

impl Lines {
    fn new(reader: Box<dyn Read + Send>, file: PathBuf) -> Self {
        Self { reader: BufReader::with_capacity(BUFFER, reader), file, line: 0 }
    }

    fn here(&self) -> PathBuf {
        PathBuf::from(format!("{}:{}", slashed(&self.file), self.line))
    }

    /// Whether what comes next begins like a record. A NUL may stand in a record's line by
    /// mistake, but never in a path, where it ends one (`find -print0`).
    fn begins_record(&mut self) -> bool {
        self.reader.fill_buf().is_ok_and(|bytes| bytes.first() == Some(&b'{'))
    }

    /// The next line that is not blank, with its number, trimmed of blanks around it.
    fn next(&mut self, ends: &[u8]) -> Option<Result<(u32, Vec<u8>), Box<Diagnostic>>> {
        loop {
            self.line = self.line.saturating_add(1);
            let mut line = Vec::new();
            match read_line(&mut self.reader, ends, &mut line) {
                Ok(0) => return None,
                Ok(length) if length > MAX_LINE => {
                    let message = Message::new(
                        format!("the line is longer than {} MB", MAX_LINE >> 20),
                        format!("该行超过 {} MB", MAX_LINE >> 20),
                    );
                    return Some(Err(Box::new(Diagnostic::error(Code::InvalidValue, message))));
                }
                Ok(_) => {}
                Err(error) => {
                    // Reading on would give the same error for ever.
                    self.reader = BufReader::new(Box::new(std::io::empty()));
                    return Some(Err(Box::new(unreadable(&error))));
                }
            }
            if self.line == 1 && line.starts_with("\u{FEFF}".as_bytes()) {
                line.drain(..3);
            }
            let trimmed = line.trim_ascii();
            if !trimmed.is_empty() {
                let trimmed = trimmed.to_vec();
                return Some(Ok((self.line, trimmed)));
            }
        }
    }
}

/// Reads up to one of `ends`, which is left out; returns the number of bytes taken, 0 at the end.
/// What is longer than [`MAX_LINE`] is passed over but not kept.
fn read_line(reader: &mut impl BufRead, ends: &[u8], line: &mut Vec<u8>) -> std::io::Result<usize> {
    let mut taken = 0;
    loop {
        let available = match reader.fill_buf() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok(taken);
        }
        let end = available.iter().position(|byte| ends.contains(byte));
        let length = end.unwrap_or(available.len());
        if taken + length <= MAX_LINE {
            line.extend_from_slice(&available[..length]);
        }
        let used = length + usize::from(end.is_some());
        taken += used;
        reader.consume(used);
        if end.is_some() {
            return Ok(taken);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("b.md", "# 乙");
        write("a.yaml", "title: 甲");
        write("sub/c.json", "{}");
        write("sub/photo.png", "");
        write("skip/d.md", "");
        write(".kebenignore", "skip/\n");
        write(".hidden/e.md", "");
        write("out/f.md", "");
        write("sub/made.epub", "");
        write("out/index.html", "");
        write("z.jsonl", "\u{FEFF}{\"id\": \"一\"}\n\n  {\"id\": \"二\"}\r\n");
        dir
    }

    fn found(dir: &Path, inputs: &[&str]) -> Vec<(String, String)> {
        let options = BatchOptions {
            inputs: inputs.iter().map(|i| dir.join(i)).collect(),
            output: dir.join("out"),
            ..super::super::make::tests::options(dir)
        };
        let prefix = format!("{}/", slashed(dir));
        Discovery::new(&options)
            .map(|input| (input.shown.replace(&prefix, ""), input.relative))
            .collect()
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn a_folder_is_walked_by_name_without_what_is_ignored_and_without_the_output() {
        let dir = folder();
        let expected = [
            pair("a.yaml", "a"),
            pair("b.md", "b"),
            pair("sub/c.json", "sub/c"),
            pair("z.jsonl:1", "z-000001"),
            pair("z.jsonl:3", "z-000003"),
        ];
        assert_eq!(found(dir.path(), &[""]), expected);
    }

    #[test]
    fn results_among_the_inputs_are_not_made_again_into_results() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a.md", "a.epub", "a.pdf", "index.html", "index-2.html", "page.html"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        let options = BatchOptions {
            output: dir.path().to_owned(),
            ..super::super::make::tests::options(dir.path())
        };
        let found: Vec<String> = Discovery::new(&options).map(|i| i.relative).collect();
        assert_eq!(found, ["a", "page"]);
    }

    #[test]
    fn patterns_lists_and_files_are_followed_in_the_order_given() {
        let dir = folder();
        let list = format!("{0}/sub/c.json\n\n{0}/b.md\0{0}/a.yaml\n", dir.path().display());
        std::fs::write(dir.path().join("list.txt"), list).unwrap();
        let found = found(dir.path(), &["sub/*.json", "missing.md", "*.yaml", "**/c.*"]);
        let names: Vec<&str> = found.iter().map(|(shown, _)| shown.as_str()).collect();
        assert_eq!(names, ["sub/c.json", "missing.md", "a.yaml", "sub/c.json"]);
        let options = BatchOptions {
            inputs: vec![PathBuf::from(format!("@{}/list.txt", dir.path().display()))],
            ..super::super::make::tests::options(dir.path())
        };
        let listed: Vec<String> = Discovery::new(&options).map(|i| i.relative).collect();
        assert_eq!(listed, ["c", "b", "a"]);
    }

    #[test]
    fn a_shard_finds_every_input_and_takes_its_own() {
        let dir = folder();
        let mut taken = vec![0; 5];
        for n in 1..=3 {
            let options = BatchOptions {
                inputs: vec![dir.path().to_owned()],
                output: dir.path().join("out"),
                shard: format!("{n}/3").parse().unwrap(),
                ..super::super::make::tests::options(dir.path())
            };
            for input in Discovery::new(&options) {
                taken[input.index as usize] += u32::from(input.mine);
            }
        }
        assert_eq!(taken, [1; 5]);
    }

    #[test]
    fn lines_longer_than_the_limit_are_passed_over_without_keeping_them() {
        let text = [vec![b'x'; MAX_LINE + 5], b"\nnext\n".to_vec()].concat();
        let mut lines = Lines::new(Box::new(std::io::Cursor::new(text)), PathBuf::from("l"));
        assert!(lines.next(b"\n").unwrap().is_err());
        assert_eq!(lines.next(b"\n").unwrap().unwrap(), (2, b"next".to_vec()));
        assert!(lines.next(b"\n").is_none());
    }
}
