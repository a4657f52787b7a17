//! A packet's contents: paths and globs to articles, never outside the packet's folder.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::node::{self, Node};
use super::select;
use super::written::{ContentsFile, PacketFile, PartEntry, SelectFile, Sort};
use super::{File, folder};
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::model::{Article, At, Contents, Cover, Packet, Part, Pos};

/// Reads a packet and all its articles.
///
/// - `path`: the packet's file.
/// - `node`: its tree.
///
/// # Errors
///
/// Everything wrong in the packet and in every article that could be found.
pub(super) fn read(path: &Path, node: Node, warnings: &mut Vec<Diagnostic>) -> Outcome<Packet> {
    let named = |d: Diagnostic| d.in_file(path);
    let mut file: PacketFile =
        node::read(node).map_err(|errors| Failure(errors.into_iter().map(named).collect()))?;
    let sort = file.sort.unwrap_or_default();
    let mut reader = Reader { file: path, root: folder(path), sort, warnings, errors: Vec::new() };
    let mut contents = Vec::new();
    for entry in std::mem::take(&mut file.contents) {
        match entry {
            ContentsFile::Path(pattern) => {
                let articles = reader.follow(&pattern);
                contents.extend(articles.into_iter().map(|a| Contents::Article(Box::new(a))));
            }
            ContentsFile::Select(wanted) => {
                let articles = reader.select(&wanted);
                contents.extend(articles.into_iter().map(|a| Contents::Article(Box::new(a))));
            }
            ContentsFile::Article(article) => {
                let article = reader.inline(*article);
                contents.push(Contents::Article(Box::new(article)));
            }
            ContentsFile::Part(part) => {
                let articles = reader.entries(part.articles);
                let mut own = Vec::new();
                let intro = part.intro.map(|intro| intro.into_blocks(&mut own)).unwrap_or_default();
                reader.warnings.extend(own.into_iter().map(named));
                contents.push(Contents::Part(Part { title: part.part.0, intro, articles }));
            }
        }
    }
    let appendices = reader.entries(std::mem::take(&mut file.appendices));
    if let Cover::Picture(picture) = &file.cover {
        reader.inside(picture);
    }
    if let Some(theme) = file.theme.as_ref().filter(|theme| theme.contains(['/', '.'])) {
        reader.inside(theme);
    }
    let errors = std::mem::take(&mut reader.errors);
    let mut own = Vec::new();
    let mut packet = file.into_packet(contents, appendices, &mut own);
    warnings.extend(own.into_iter().map(named));
    if !errors.is_empty() {
        return Err(Failure(errors));
    }
    packet.origin = Some(path.to_owned());
    let language = packet.language.clone();
    let adopt = |articles: &mut [Article]| {
        for article in articles.iter_mut().filter(|article| !article.language_given) {
            article.language = language.clone();
        }
    };
    adopt(&mut packet.appendices);
    for entry in &mut packet.contents {
        let articles = match entry {
            Contents::Article(article) => std::slice::from_mut(&mut **article),
            Contents::Part(part) => part.articles.as_mut_slice(),
        };
        adopt(articles);
    }
    warnings.extend(select::duplicates(packet.articles()));
    Ok(packet)
}

struct Reader<'p> {
    file: &'p Path,
    root: PathBuf,
    /// Order of the articles that one pattern names.
    sort: Sort,
    warnings: &'p mut Vec<Diagnostic>,
    errors: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn error(&mut self, code: Code, message: Message, pos: Option<Pos>) {
        self.errors.push(Diagnostic::error(code, message).in_file(self.file).at(pos));
    }

    fn inline(&mut self, article: super::ArticleFile) -> Article {
        let mut own = Vec::new();
        let mut article = article.into_article(&mut own);
        self.warnings.extend(own.into_iter().map(|d| d.in_file(self.file)));
        article.origin = Some(self.file.to_owned());
        article
    }

    /// The articles of a list of entries.
    fn entries(&mut self, entries: Vec<PartEntry>) -> Vec<Article> {
        let mut articles = Vec::new();
        for entry in entries {
            match entry {
                PartEntry::Path(pattern) => articles.extend(self.follow(&pattern)),
                PartEntry::Select(wanted) => articles.extend(self.select(&wanted)),
                PartEntry::Article(article) => articles.push(self.inline(*article)),
            }
        }
        articles
    }

    /// The articles that a selection takes.
    fn select(&mut self, wanted: &SelectFile) -> Vec<Article> {
        let mut found: Vec<Article> = Vec::new();
        for pattern in &wanted.from.0 {
            for article in self.read_all(pattern) {
                if !found.iter().any(|f| f.origin == article.origin) {
                    found.push(article);
                }
            }
        }
        let was_empty = found.is_empty();
        let taken = select::select(found, wanted, self.sort);
        if taken.is_empty() && !was_empty {
            let message = Message::new("the selection takes no article", "没有符合条件的文章");
            let pos = wanted.from.0.first().and_then(|p| p.pos);
            let warning = Diagnostic::warning(Code::InvalidValue, message);
            self.warnings.push(warning.in_file(self.file).at(pos));
        }
        taken
    }

    /// The articles that a path or pattern names, in the packet's order.
    fn follow(&mut self, pattern: &At<String>) -> Vec<Article> {
        let mut articles = self.read_all(pattern);
        select::sort(&mut articles, self.sort);
        articles
    }

    /// The articles that a path or pattern names, by path.
    fn read_all(&mut self, pattern: &At<String>) -> Vec<Article> {
        let mut articles = Vec::new();
        for path in self.resolve(pattern) {
            match super::read(&path, self.warnings) {
                Ok(File::Article(article)) => articles.push(*article),
                Ok(File::Packet(_) | File::Collection(_)) => {
                    let message = Message::new(
                        format!("'{}' is a packet: a packet holds articles only", pattern.value),
                        format!("“{}”是资料包；资料包只能包含文章", pattern.value),
                    );
                    self.error(Code::InvalidValue, message, pattern.pos);
                }
                // a missing file is the packet's fault: point at the path there
                Err(Failure(errors)) => {
                    for error in errors {
                        if error.code == Code::Unreadable && error.pos.is_none() {
                            let (en, zh) = (&error.message.en, &error.message.zh);
                            let message = Message::new(
                                format!("'{}': {en}", pattern.value),
                                format!("“{}”：{zh}", pattern.value),
                            );
                            self.error(Code::Unreadable, message, pattern.pos);
                        } else {
                            self.errors.push(error);
                        }
                    }
                }
            }
        }
        articles
    }

    /// The files that a path or pattern names, sorted by path; errors noted.
    fn resolve(&mut self, pattern: &At<String>) -> Vec<PathBuf> {
        if !self.inside(pattern) {
            return Vec::new();
        }
        let exact = self.root.join(pattern.as_str());
        if exact.exists() || !pattern.contains(['*', '?', '[', '{']) {
            return vec![exact];
        }
        let text = pattern.strip_prefix("./").unwrap_or(pattern);
        let matcher = match GlobBuilder::new(text).literal_separator(true).build() {
            Ok(glob) => glob.compile_matcher(),
            Err(error) => {
                let message = Message::new(
                    format!("'{text}' is not a valid pattern: {}", error.kind()),
                    format!("“{text}”不是有效的通配模式"),
                );
                self.error(Code::InvalidValue, message, pattern.pos);
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        self.walk(&matcher, &mut found, pattern.pos);
        found.sort();
        if found.is_empty() {
            let message = Message::new(
                format!("no file matches '{text}'"),
                format!("没有文件与“{text}”匹配"),
            );
            self.error(Code::Unreadable, message, pattern.pos);
        }
        found
    }

    /// Files below the root that match; folders reached by links are walked once, and only inside.
    fn walk(&mut self, matcher: &GlobMatcher, found: &mut Vec<PathBuf>, pos: Option<Pos>) {
        let own = self.file.canonicalize().ok();
        let root = self.root.canonicalize().ok();
        let mut seen = HashSet::new();
        let mut folders = vec![PathBuf::new()];
        while let Some(relative) = folders.pop() {
            let folder = self.root.join(&relative);
            let real = folder.canonicalize().ok();
            let is_inside = match (&real, &root) {
                (Some(real), Some(root)) => real.starts_with(root),
                _ => false,
            };
            if !is_inside || !real.is_some_and(|real| seen.insert(real)) {
                continue;
            }
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                let relative = relative.join(entry.file_name());
                let path = self.root.join(&relative);
                if path.is_dir() {
                    folders.push(relative);
                } else if matcher.is_match(&relative) && path.canonicalize().ok() != own {
                    if escapes(&path, root.as_deref()) {
                        self.outside(&relative.display().to_string(), pos);
                    } else {
                        found.push(path);
                    }
                }
            }
        }
    }

    /// Whether a path stays in the packet's folder, links followed; notes an error when not.
    fn inside(&mut self, path: &At<String>) -> bool {
        let relative = Path::new(path.as_str());
        let mut depth = 0i32;
        let mut leaves = path.contains('\\') || path.as_bytes().get(1) == Some(&b':');
        for component in relative.components() {
            match component {
                Component::Normal(_) => depth += 1,
                Component::CurDir => {}
                Component::ParentDir => depth -= 1,
                Component::RootDir | Component::Prefix(_) => leaves = true,
            }
            leaves |= depth < 0;
        }
        let root = self.root.canonicalize().ok();
        if leaves || escapes(&self.root.join(relative), root.as_deref()) {
            self.outside(&path.value, path.pos);
            return false;
        }
        true
    }

    fn outside(&mut self, path: &str, pos: Option<Pos>) {
        let message = Message::new(
            format!("'{path}' is outside the packet's folder"),
            format!("“{path}”在资料包文件夹之外"),
        );
        let hint = Message::new(
            "use a relative path with '/' to a file in the packet's folder",
            "请使用指向资料包文件夹内文件的相对路径，以“/”分隔",
        );
        let error = Diagnostic::error(Code::OutsideFolder, message).hint(hint);
        self.errors.push(error.in_file(self.file).at(pos));
    }
}

/// Whether an existing file really stands outside the root.
fn escapes(path: &Path, root: Option<&Path>) -> bool {
    match (path.canonicalize(), root) {
        (Ok(real), Some(root)) => !real.starts_with(root),
        _ => false,
    }
}
