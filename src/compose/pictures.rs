//! Finding and loading the pictures that a section names.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{Report, percent_decode};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::At;
use crate::picture::{PictureError, PictureId, Pictures};

/// Loads pictures for one book: each file once, none from outside the book's folder.
pub(crate) struct Loader {
    /// The folder that pictures may not leave, with links resolved.
    root: PathBuf,
    /// What was loaded so far, by resolved path.
    known: BTreeMap<PathBuf, PictureId>,
    /// The pictures themselves.
    pub(crate) pictures: Pictures,
}

impl Loader {
    /// A loader for the folder `root`.
    pub(crate) fn new(root: &Path) -> Self {
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        Self { root, known: BTreeMap::new(), pictures: Pictures::default() }
    }

    /// Loads the picture `src`, relative to the folder of `origin` or else to the root.
    ///
    /// What can't be loaded is reported as an error at the place of `src`.
    pub(crate) fn load(
        &mut self,
        src: &At<String>,
        origin: Option<&Path>,
        report: &mut Report<'_>,
    ) -> Option<PictureId> {
        match self.try_load(&src.value, origin) {
            Ok(id) => Some(id),
            Err(diagnostic) => {
                report.error(diagnostic.at(src.pos));
                None
            }
        }
    }

    fn try_load(&mut self, src: &str, origin: Option<&Path>) -> Result<PictureId, Diagnostic> {
        if src.starts_with("data:") {
            // what an import took out of a book, a document or a page
            let short: String = src.chars().take(32).collect();
            let bytes = crate::import::data_address(src)
                .ok_or_else(|| missing(&short, "is not readable"))?;
            let hash = crc32fast::hash(&bytes);
            let name = PathBuf::from(format!("data-{:08x}-{}", hash, bytes.len()));
            return self
                .pictures
                .add(&name, bytes)
                .map_err(|e: PictureError| broken(&short, &e.to_string()));
        }
        if src.contains("://") {
            let hint = Message::new(
                "save it beside the article and name that file",
                "请把图片存到文章旁边，再引用该文件",
            );
            return Err(missing(src, "is not a file").hint(hint));
        }
        let base = match origin.map(|o| o.parent().unwrap_or(Path::new(""))) {
            Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
            Some(folder) => folder.to_owned(),
            None => self.root.clone(),
        };
        let base = base.canonicalize().unwrap_or(base);
        // Markdown editors write spaces and Chinese in addresses as %20, %E5….
        let mut path = base.join(src);
        if !path.exists() && src.contains('%') {
            path = base.join(percent_decode(src));
        }
        if !normal(&path).starts_with(&self.root) {
            return Err(outside(src));
        }
        let path = path.canonicalize().map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => missing(src, "is not there"),
            _ => broken(src, &e.to_string()),
        })?;
        if !path.starts_with(&self.root) {
            return Err(outside(src));
        }
        if let Some(id) = self.known.get(&path) {
            return Ok(*id);
        }
        let id =
            self.pictures.load(&path).map_err(|e: PictureError| broken(src, &e.to_string()))?;
        self.known.insert(path, id);
        Ok(id)
    }
}

/// A path without `.` and `..`, by its letters alone.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(out.components().next_back(), Some(Component::Normal(_))) =>
            {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

fn missing(src: &str, why: &str) -> Diagnostic {
    let zh = if why == "is not a file" { "不是文件" } else { "不存在" };
    let message = Message::new(format!("the picture '{src}' {why}"), format!("图片“{src}”{zh}"));
    Diagnostic::error(Code::MissingPicture, message)
}

fn outside(src: &str) -> Diagnostic {
    let message = Message::new(
        format!("the picture '{src}' lies outside the publication's folder"),
        format!("图片“{src}”在出版物文件夹之外"),
    );
    let hint = Message::new("copy it into the folder", "请把它复制到文件夹内");
    Diagnostic::error(Code::OutsideFolder, message).hint(hint)
}

fn broken(src: &str, why: &str) -> Diagnostic {
    let message = Message::new(
        format!("the picture '{src}' can't be read: {why}"),
        format!("图片“{src}”无法读取：{why}"),
    );
    let hint = Message::new(
        "PNG, JPEG, GIF, WebP and SVG can be used",
        "可用 PNG、JPEG、GIF、WebP 和 SVG",
    );
    Diagnostic::error(Code::BrokenPicture, message).hint(hint)
}
