//! Folders as books: with `--each-folder` every folder that holds articles makes one.

use std::path::{Path, PathBuf};

use ignore::Walk;

use super::discover::{folder_name, is_lines, is_wanted, walk};
use crate::diagnostic::Outcome;
use crate::input::{self, Loaded};

/// Folders below a root that directly hold articles, in the order of names.
pub(super) struct Folders {
    root: PathBuf,
    walk: Walk,
    /// The output folder and the report, which are never inputs.
    own: Vec<PathBuf>,
}

impl Folders {
    pub(super) fn new(root: PathBuf, own: &[PathBuf]) -> Self {
        let walk = walk(&root, None, own);
        Self { root, walk, own: own.to_vec() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The next folder with its files.
    pub(super) fn next(&mut self) -> Option<Result<(PathBuf, Vec<PathBuf>), ignore::Error>> {
        loop {
            let entry = match self.walk.next()? {
                Ok(entry) => entry,
                Err(error) => return Some(Err(error)),
            };
            if entry.file_type().is_none_or(|kind| !kind.is_dir()) {
                continue;
            }
            let files = files(entry.path(), &self.own);
            if !files.is_empty() {
                return Some(Ok((entry.into_path(), files)));
            }
        }
    }
}

/// The articles that stand directly in a folder, in the order of names.
fn files(dir: &Path, own: &[PathBuf]) -> Vec<PathBuf> {
    let is_own = |path: &Path| path.canonicalize().is_ok_and(|path| own.contains(&path));
    walk(dir, Some(1), own)
        .flatten()
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .filter(|path| is_wanted(path) && !is_lines(path) && !is_own(path))
        .collect()
}

/// Reads a folder as one book: its packet's file where there is one, else its articles in the order
/// of names under the folder's own name.
pub(super) fn load(dir: &Path, files: &[PathBuf]) -> Outcome<Loaded> {
    let is_packet = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == "packet");
    match files.iter().find(is_packet) {
        Some(packet) => input::load(packet),
        None => input::load_all(files, Some(&title(&folder_name(dir)))),
    }
}

/// A folder's name as a title: without the number that keeps it in its place (`01-春` → `春`).
fn title(name: &str) -> String {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let bare = rest.trim_start_matches(['-', '_', '.', ' ', '、']);
    let numbered = rest.len() < name.len() && bare.len() < rest.len() && !bare.is_empty();
    if numbered { bare.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_keeps_a_folder_in_its_place_is_no_part_of_the_title() {
        for (name, expected) in
            [("01-春", "春"), ("2、夏", "夏"), ("1984", "1984"), ("3月", "3月"), ("秋", "秋")]
        {
            assert_eq!(title(name), expected);
        }
    }

    #[test]
    fn every_folder_with_articles_is_a_book() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b/2.md", "a/1.md", "a/x/3.md", "empty/photo.png"] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "# 题\n\n文").unwrap();
        }
        let mut folders = Folders::new(dir.path().to_owned(), &[]);
        let mut found = Vec::new();
        while let Some(Ok((folder, files))) = folders.next() {
            found.push((folder.strip_prefix(dir.path()).unwrap().to_owned(), files.len()));
        }
        let expected = ["a", "a/x", "b"].map(|name| (PathBuf::from(name), 1));
        assert_eq!(found, expected);
    }
}
