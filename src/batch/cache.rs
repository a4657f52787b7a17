//! The cache: what every result was made of, so that what did not change is not made again.
//!
//! A file of JSON Lines in the output folder, to which a line is added as soon as a result stands
//! in its place: a run that is killed has lost nothing that was finished. In memory only the place
//! of each line is kept. Broken lines and files of other versions are passed over with a note; the
//! cost is that results are made again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::naming::key;
use super::report::Note;
use super::{OWN_FOLDER, Shard, lock};
use crate::diagnostic::{Code, Diagnostic, Message, Outcome};
use crate::output::{unwritable, write_with};

/// Number of the form of cache files; another number is another version's file.
const FORM: u32 = 1;
/// Outdated lines that are never worth rewriting a file for.
const SPARE: usize = 100;
/// Longest line that is read, in bytes: far above any entry.
const MAX_LINE: u64 = 16 << 20;

/// First line of a cache file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    keben_cache: u32,
    version: String,
}

impl Header {
    fn own() -> Self {
        Self { keben_cache: FORM, version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// What is known of the results of one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Name of the results, without ending.
    pub name: String,
    /// Hash of everything that the results follow from, but for `files`.
    pub print: String,
    /// Hash of the arguments of the run.
    pub set: String,
    /// The file or folder the input was read from.
    pub source: PathBuf,
    /// Other files that were read, with the hashes of their content.
    pub files: Vec<(PathBuf, String)>,
    /// The results: path below the output folder, bytes, time of change in ns since 1970.
    pub outputs: Vec<(String, u64, u64)>,
    /// What the report says of them.
    pub pages: Option<u64>,
    /// Warnings.
    pub warnings: Vec<Note>,
}

/// Where an entry's line begins: number of the file, byte.
#[derive(Debug, Clone, Copy)]
struct Place {
    file: u16,
    start: u64,
}

/// The cache of an output folder.
pub(super) struct Cache {
    staging: PathBuf,
    places: HashMap<u128, Place>,
    /// Files that entries are read from, in the order of `Place::file`.
    files: Vec<Mutex<File>>,
    /// The file that entries are added to.
    out: Mutex<File>,
    _lock: Option<File>,
}

impl Cache {
    /// Opens the cache of an output folder for one shard, for this process alone.
    ///
    /// Entries of other shards are known too. Temporary files that a killed run left are removed.
    ///
    /// # Errors
    /// Another run at work in the folder; a folder that can't be written.
    pub(super) fn open(output: &Path, shard: Shard, notes: &mut Vec<Diagnostic>) -> Outcome<Self> {
        let folder = output.join(OWN_FOLDER);
        let fail = |e: io::Error| unwritable(&folder, &e);
        std::fs::create_dir_all(&folder).map_err(fail)?;
        let label = if shard.is_whole() { String::new() } else { format!("-{}", shard.label()) };
        let lock = take_lock(&folder.join(format!("lock{label}")), output)?;
        let staging = folder.join(format!("staging{label}"));
        if staging.exists() {
            std::fs::remove_dir_all(&staging).map_err(fail)?;
        }
        std::fs::create_dir_all(&staging).map_err(fail)?;

        let path = folder.join(format!("cache{label}.jsonl"));
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
            .map_err(fail)?
            .flatten()
            .map(|entry| entry.path())
            .filter(|p| *p != path && is_cache(p))
            .collect();
        paths.sort();
        paths.push(path.clone()); // last: its entries are the newest that this run knows of
        let mut places = HashMap::new();
        let mut files = Vec::new();
        for path in &paths {
            let before = places.len();
            let number = files.len() as u16;
            let mut found = read(path, number, &mut places);
            if let Ok(Some(known)) = &found
                && known.lines > 2 * (places.len() - before) + SPARE
                && *path == paths[paths.len() - 1]
            {
                tidy(path, number, &places)?;
                found = read(path, number, &mut places);
            }
            match found {
                Ok(Some(known)) => {
                    files.push(Mutex::new(known.file));
                    if known.broken > 0 {
                        notes.push(broken_lines(path, known.broken));
                    }
                }
                Ok(None) => {}
                Err(Unfit::Version) => {
                    notes.push(other_version(path));
                    std::fs::remove_file(path).map_err(fail)?;
                }
                Err(Unfit::Io(error)) => notes.push(unreadable(path, &error)),
            }
        }
        let out = begin(&path).map_err(fail)?;
        Ok(Self { staging, places, files, out: Mutex::new(out), _lock: lock })
    }

    /// Folder for files that are being written; on the file system of the results.
    pub(super) fn staging(&self) -> &Path {
        &self.staging
    }

    /// What is known of the results of a name.
    pub(super) fn get(&self, name: &str) -> Option<Entry> {
        let place = self.places.get(&key(name))?;
        let mut file = lock(self.files.get(usize::from(place.file))?);
        file.seek(SeekFrom::Start(place.start)).ok()?;
        let mut line = String::new();
        BufReader::new(Read::by_ref(&mut *file).take(MAX_LINE)).read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }

    /// Adds an entry, now that its results are in their places.
    ///
    /// A cache that can't be written costs time in the next run and nothing else.
    pub(super) fn add(&self, entry: &Entry) {
        let line = serde_json::to_string(entry).map_err(io::Error::from);
        let written =
            line.and_then(|line| lock(&self.out).write_all(format!("{line}\n").as_bytes()));
        if let Err(error) = written {
            tracing::warn!("the cache can't be written: {error}");
        }
    }
}

/// As much of an entry as finding it takes.
#[derive(Deserialize)]
struct Brief {
    name: String,
}

enum Unfit {
    Version,
    Io(io::Error),
}

fn is_cache(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with("cache") && name.ends_with(".jsonl")
}

/// A cache file as it was read.
struct Known {
    file: File,
    /// Whole entries, outdated ones too.
    lines: usize,
    broken: usize,
}

/// Notes the place of every entry of a file; `None` if there is no file.
fn read(
    path: &Path,
    number: u16,
    places: &mut HashMap<u128, Place>,
) -> Result<Option<Known>, Unfit> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Unfit::Io(error)),
    };
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let next = |reader: &mut BufReader<File>, line: &mut Vec<u8>| -> Result<u64, Unfit> {
        line.clear();
        let taken = reader.by_ref().take(MAX_LINE).read_until(b'\n', line).map_err(Unfit::Io)?;
        Ok(taken as u64)
    };
    let mut start = next(&mut reader, &mut line)?;
    if start == 0 {
        return Ok(None);
    }
    if serde_json::from_slice::<Header>(&line).ok() != Some(Header::own()) {
        return Err(Unfit::Version);
    }
    let (mut lines, mut broken) = (0, 0);
    loop {
        let taken = next(&mut reader, &mut line)?;
        if taken == 0 {
            break;
        }
        let text = line.trim_ascii();
        // The line a kill cut short is not a line.
        match serde_json::from_slice::<Brief>(text) {
            Ok(brief) if line.ends_with(b"\n") => {
                lines += 1;
                places.insert(key(&brief.name), Place { file: number, start });
            }
            _ if text.is_empty() => {}
            _ => broken += 1,
        }
        start += taken;
    }
    Ok(Some(Known { file: reader.into_inner(), lines, broken }))
}

/// Opens a cache file for adding, with its header; a line that a kill cut short is closed.
fn begin(path: &Path) -> io::Result<File> {
    let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
    let length = file.metadata()?.len();
    if length == 0 {
        let header = serde_json::to_string(&Header::own()).map_err(io::Error::from)?;
        file.write_all(format!("{header}\n").as_bytes())?;
        return Ok(file);
    }
    file.seek(SeekFrom::Start(length - 1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    if last != *b"\n" {
        file.write_all(b"\n")?;
    }
    Ok(file)
}

/// Writes a file anew without the lines that newer ones have replaced.
fn tidy(path: &Path, number: u16, places: &HashMap<u128, Place>) -> Result<(), Diagnostic> {
    let fail = |e: io::Error| unwritable(path, &e);
    let mut starts: Vec<u64> =
        places.values().filter(|p| p.file == number).map(|p| p.start).collect();
    starts.sort_unstable();
    let mut from = BufReader::new(File::open(path).map_err(fail)?);
    write_with(path, &mut |out| {
        let header = serde_json::to_string(&Header::own()).map_err(io::Error::from)?;
        writeln!(out, "{header}")?;
        let mut line = Vec::new();
        for start in &starts {
            line.clear();
            from.seek(SeekFrom::Start(*start))?;
            from.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
            out.write_all(&line)?;
        }
        Ok(())
    })
}

/// Takes the lock of a folder, which ends with the process; `None` where the file system knows no
/// locks.
fn take_lock(path: &Path, output: &Path) -> Outcome<Option<File>> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|e| unwritable(output, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => {
            let message = Message::new(
                "another batch is at work in this folder",
                "另一个批处理正在写入此文件夹",
            );
            let hint = Message::new(
                "wait for it, choose another folder, or divide the inputs with --shard",
                "请等待其完成、换一个文件夹，或用 --shard 划分输入",
            );
            Err(Diagnostic::error(Code::Unwritable, message).in_file(output).hint(hint).into())
        }
        Err(std::fs::TryLockError::Error(error)) => {
            tracing::debug!("no lock: {error}");
            Ok(None)
        }
    }
}

fn other_version(path: &Path) -> Diagnostic {
    let message = Message::new(
        "the cache is broken or another version's: everything is made again",
        "缓存已损坏或来自其他版本，将全部重新生成",
    );
    Diagnostic::warning(Code::Unreadable, message).in_file(path)
}

fn broken_lines(path: &Path, count: usize) -> Diagnostic {
    let message = Message::new(
        format!("{count} broken line(s) of the cache are ignored"),
        format!("已忽略缓存中 {count} 行损坏的记录"),
    );
    Diagnostic::warning(Code::Unreadable, message).in_file(path)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = Message::new(
        format!("the cache can't be read and is ignored: {error}"),
        "缓存无法读取，已忽略",
    );
    Diagnostic::warning(Code::Unreadable, message).in_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, print: &str) -> Entry {
        Entry {
            name: name.to_owned(),
            print: print.to_owned(),
            set: String::new(),
            source: PathBuf::from("a.md"),
            files: Vec::new(),
            outputs: vec![(format!("{name}.pdf"), 3, 4)],
            pages: Some(2),
            warnings: Vec::new(),
        }
    }

    fn open(dir: &Path) -> (Cache, Vec<Diagnostic>) {
        let mut notes = Vec::new();
        let cache = Cache::open(dir, Shard::WHOLE, &mut notes).unwrap();
        (cache, notes)
    }

    #[test]
    fn the_last_entry_of_a_name_is_found_in_the_next_run() {
        let dir = tempfile::tempdir().unwrap();
        let (cache, _) = open(dir.path());
        cache.add(&entry("题", "1"));
        cache.add(&entry("文", "2"));
        cache.add(&entry("题", "3"));
        drop(cache);
        let (cache, notes) = open(dir.path());
        assert!(notes.is_empty());
        assert_eq!(cache.get("题"), Some(entry("题", "3")));
        assert_eq!(cache.get("文"), Some(entry("文", "2")));
        assert_eq!(cache.get("无"), None);
    }

    #[test]
    fn a_line_cut_short_is_noted_and_loses_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let (cache, _) = open(dir.path());
        cache.add(&entry("一", "1"));
        drop(cache);
        let path = dir.path().join(".keben/cache.jsonl");
        let mut text = std::fs::read(&path).unwrap();
        text.extend_from_slice(b"{\"name\": \"cut");
        std::fs::write(&path, text).unwrap();
        let (cache, notes) = open(dir.path());
        assert_eq!(notes.len(), 1);
        cache.add(&entry("二", "2"));
        drop(cache);
        let (cache, _) = open(dir.path());
        assert_eq!(cache.get("一"), Some(entry("一", "1")));
        assert_eq!(cache.get("二"), Some(entry("二", "2")));
    }

    #[test]
    fn a_file_of_another_version_is_ignored_with_a_note() {
        for text in
            ["{\"keben_cache\":1,\"version\":\"0.0.1\"}\n{\"name\":\"x\"}\n", "\u{0}\u{1}", "[]\n"]
        {
            let dir = tempfile::tempdir().unwrap();
            std::fs::create_dir(dir.path().join(".keben")).unwrap();
            std::fs::write(dir.path().join(".keben/cache.jsonl"), text).unwrap();
            let (cache, notes) = open(dir.path());
            assert_eq!(notes.len(), 1, "{text}");
            assert_eq!(cache.get("x"), None);
            cache.add(&entry("y", "1"));
            drop(cache);
            let (cache, notes) = open(dir.path());
            assert!(notes.is_empty(), "{text}");
            assert!(cache.get("y").is_some());
        }
    }

    #[test]
    fn two_runs_never_write_in_one_folder() {
        let dir = tempfile::tempdir().unwrap();
        let first = open(dir.path());
        assert!(Cache::open(dir.path(), Shard::WHOLE, &mut Vec::new()).is_err());
        assert!(Cache::open(dir.path(), "1/2".parse().unwrap(), &mut Vec::new()).is_ok());
        drop(first);
        assert!(Cache::open(dir.path(), Shard::WHOLE, &mut Vec::new()).is_ok());
    }

    #[test]
    fn outdated_lines_are_dropped_when_they_are_many() {
        let dir = tempfile::tempdir().unwrap();
        let (cache, _) = open(dir.path());
        for n in 0..150 {
            cache.add(&entry("题", &n.to_string()));
        }
        drop(cache);
        drop(open(dir.path()));
        let text = std::fs::read_to_string(dir.path().join(".keben/cache.jsonl")).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert_eq!(open(dir.path()).0.get("题"), Some(entry("题", "149")));
    }
}
