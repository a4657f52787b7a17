//! Front matter: what stands before the text of a Markdown file about it.
//!
//! YAML between `---`, TOML between `+++`, or a JSON object, as Hexo, Hugo and Jekyll have them.
//! Field names are an article's; those of blogs are understood too ([`RENAMED`], [`IGNORED`]).

use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::input::file::without_controls;
use crate::input::node::{self, Entry, Node, Value};
use crate::input::written::{ArticleFile, BodySource};
use crate::model::{Article, Pos};

/// Names that blogs use, and the article's fields they mean.
const RENAMED: &[(&str, &str)] = &[
    ("author", "authors"),
    ("tags", "keywords"),
    ("description", "summary"),
    ("excerpt", "summary"),
    ("abstract", "summary"),
    ("lang", "language"),
    ("locale", "language"),
    ("pubDate", "date"),
    ("published", "date"),
    ("slug", "id"),
];

/// Fields that steer a web site and say nothing to a book: read over.
const IGNORED: &[&str] = &[
    "aliases",
    "bookComments",
    "categories_order",
    "comments",
    "cover",
    "date_modified",
    "disableComments",
    "draft",
    "hidden",
    "image",
    "images",
    "keep",
    "lastmod",
    "layout",
    "license",
    "math",
    "mathjax",
    "menu",
    "nav_order",
    "parent",
    "permalink",
    "pin",
    "placeholder",
    "publishDate",
    "sitemap",
    "sticky",
    "thumbnail",
    "toc",
    "top",
    "type",
    "updated",
    "url",
    "weight",
];

/// A Markdown file taken apart.
pub(super) struct Front<'t> {
    /// The article without its body; its title may be empty.
    pub(super) article: Article,
    /// Lines before the body.
    pub(super) lines: u32,
    /// The Markdown.
    pub(super) body: &'t str,
}

/// Reads the front matter, if there is any.
///
/// - `wild`: fields that no article has are read over, as an import wants it.
pub(super) fn read<'t>(
    text: &'t str,
    wild: bool,
    warnings: &mut Vec<Diagnostic>,
) -> Outcome<Front<'t>> {
    let none = || Front { article: crate::input::blank_article(), lines: 0, body: text };
    let Some((node, end)) = parse(text)? else { return Ok(none()) };
    let mut node = match node.value {
        Value::Map(_) => without_controls(node, warnings),
        Value::Null => Node { value: Value::Map(Vec::new()), pos: node.pos },
        // a text between two dividing lines
        _ => return Ok(none()),
    };
    rename(&mut node)?;
    if wild {
        drop_foreign(&mut node, warnings);
    }
    let file: ArticleFile = node::read(node).map_err(Failure)?;
    debug_assert!(file.body == BodySource::None, "body fields are refused by rename()");
    let lines = text[..end].matches('\n').count() as u32;
    Ok(Front { article: file.article, lines, body: &text[end..] })
}

/// The tree of the front matter and where it ends (in bytes, after its last line).
fn parse(text: &str) -> Outcome<Option<(Node, usize)>> {
    for (fence, closing) in [("---", ["---", "..."]), ("+++", ["+++", "+++"])] {
        let Some(first) = text.lines().next().filter(|line| line.trim_end() == fence) else {
            continue;
        };
        let start = first.len() + 1;
        let mut end = start;
        for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
            if closing.contains(&line.trim_end()) {
                let source = &text[start..end];
                let node = match fence {
                    "---" => node::parse_yaml(source, 1)?,
                    _ => node::parse_toml(source, 1)?,
                };
                return Ok(Some((node, end + line.len())));
            }
            end += line.len();
        }
    }
    match json_end(text) {
        Some(end) => {
            let node = node::parse_json(&text[..end], 0)?;
            let rest = &text[end..];
            let line = rest.find('\n').map_or(rest.len(), |at| at + 1);
            let skipped = if rest[..line].trim().is_empty() { line } else { 0 };
            Ok(Some((node, end + skipped)))
        }
        None => Ok(None),
    }
}

/// End of a JSON object at the beginning of the text.
fn json_end(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('{')?.trim_start();
    if !inner.starts_with(['"', '}']) {
        return None; // ruby, or only a brace
    }
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '{' if !in_string => depth += 1,
            '}' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Gives blogs' fields the article's names.
fn rename(node: &mut Node) -> Outcome<()> {
    let Value::Map(entries) = &mut node.value else { return Ok(()) };
    let mut categories = Vec::new();
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    let mut errors = Vec::new();
    for mut entry in entries.drain(..) {
        if matches!(entry.key.as_str(), "body" | "markdown" | "text" | "html") {
            errors.push(body_in_front(&entry.key, entry.key_pos));
            continue;
        }
        if matches!(entry.key.as_str(), "categories" | "category") {
            words(entry.node, &mut categories);
            continue;
        }
        let name = RENAMED.iter().find(|(blog, _)| *blog == entry.key).map(|(_, name)| *name);
        if let Some(name) = name {
            // two names for one thing: the article's own name counts
            if entries_have(&kept, name) {
                continue;
            }
            entry.key = name.to_owned();
        } else if IGNORED.contains(&entry.key.as_str()) || entry.node.value == Value::Null {
            continue;
        } else {
            kept.retain(|other| other.key != entry.key);
        }
        kept.push(entry);
    }
    if !categories.is_empty() {
        match kept.iter_mut().find(|entry| entry.key == "keywords") {
            Some(keywords) => {
                let mut all = Vec::new();
                let pos = keywords.node.pos;
                words(
                    std::mem::replace(&mut keywords.node, Node { value: Value::Null, pos }),
                    &mut all,
                );
                for word in categories {
                    if !all.iter().any(|other| word_of(other) == word_of(&word)) {
                        all.push(word);
                    }
                }
                keywords.node = Node { value: Value::List(all), pos };
            }
            None => {
                let pos = categories[0].pos;
                let list = Node { value: Value::List(categories), pos };
                kept.push(Entry { key: "keywords".into(), key_pos: pos, node: list });
            }
        }
    }
    *entries = kept;
    if errors.is_empty() { Ok(()) } else { Err(Failure(errors)) }
}

/// An article's own fields, as the front matter may have them.
const OWN: &[&str] = &[
    "title",
    "subtitle",
    "authors",
    "source",
    "date",
    "language",
    "summary",
    "keywords",
    "editor_note",
    "id",
    "questions",
    "glossary",
    "body",
    "markdown",
    "text",
    "html",
];

/// Fields of a theme or generator that Keben has never heard of are read over with a warning. One
/// that is nearly the name of an article's field stays, and is an error: it is a slip of the pen.
fn drop_foreign(node: &mut Node, warnings: &mut Vec<Diagnostic>) {
    let Value::Map(entries) = &mut node.value else { return };
    entries.retain(|entry| {
        let key = entry.key.to_lowercase();
        let slip =
            OWN.iter().any(|own| strsim::damerau_levenshtein(&key, own) <= 1 + own.len() / 4);
        let known = slip || entry.key.starts_with('$');
        if !known {
            let message = Message::new(
                format!("field '{}' says nothing to a book and is read over", entry.key),
                format!("字段“{}”与出版无关，已忽略", entry.key),
            );
            warnings.push(Diagnostic::warning(Code::UnknownField, message).at(Some(entry.key_pos)));
        }
        known
    });
}

fn entries_have(entries: &[Entry], key: &str) -> bool {
    entries.iter().any(|entry| entry.key == key)
}

/// The single words of a text, a list, or lists in a list (Hexo's categories).
fn words(node: Node, out: &mut Vec<Node>) {
    match node.value {
        Value::List(items) => items.into_iter().for_each(|item| words(item, out)),
        Value::String(_) | Value::Number(_) => out.push(node),
        _ => {}
    }
}

fn word_of(node: &Node) -> &str {
    match &node.value {
        Value::String(s) => &s.text,
        Value::Number(text) => text,
        _ => "",
    }
}

fn body_in_front(key: &str, pos: Pos) -> Diagnostic {
    let message = Message::new(
        format!("'{key}' can't stand in front matter: the text follows after it"),
        format!("front matter 中不能有“{key}”：正文写在其后"),
    );
    Diagnostic::error(Code::UnknownField, message).at(Some(pos))
}
