//! From a file's bytes to clean text, and what format it is in. The one place that reads input.

use std::io::ErrorKind;
use std::path::Path;

use super::node::{Entry, Node, Value};
use crate::diagnostic::{Code, Diagnostic, Message, Outcome};
use crate::model::{Origin, Pos};

/// The formats of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Yaml,
    Toml,
    Markdown,
}

/// Endings of names that articles and packets have, as [`Format::of`] knows them.
const ENDINGS: &[&str] = &[
    "json", "yaml", "yml", "toml", "md", "markdown", "mdown", "mkd", "txt", "text", "html", "htm",
    "xhtml", "shtml", "epub", "docx",
];

/// Whether a file's name is one that articles and packets have.
pub fn is_article_name(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|e| ending.eq_ignore_ascii_case(e)))
}

impl Format {
    /// The format by the file's ending, else by how its content begins.
    pub(super) fn of(path: &Path, text: &str) -> Outcome<Self> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        let begins = text.trim_start();
        Ok(match ending.as_deref() {
            Some("json") => Self::Json,
            Some("yaml" | "yml") => Self::Yaml,
            Some("toml") => Self::Toml,
            Some("md" | "markdown" | "mdown" | "mkd") => Self::Markdown,
            _ if begins.starts_with('{') => Self::Json,
            _ if begins.starts_with("---\n") || begins.starts_with("+++\n") => Self::Markdown,
            _ if begins.starts_with("# ") => Self::Markdown,
            _ if begins.starts_with("title:") || begins.contains("\ntitle:") => Self::Yaml,
            _ => {
                let message = Message::new("the format can't be told", "无法判断文件格式");
                let hint = Message::new(
                    "name the file .json, .yaml, .toml, .md or .txt",
                    "请使用扩展名 .json、.yaml、.toml、.md 或 .txt",
                );
                return Err(Diagnostic::error(Code::UnknownFormat, message).hint(hint).into());
            }
        })
    }
}

/// Reads a file. The one place that does.
pub(crate) fn bytes(path: &Path) -> Outcome<Vec<u8>> {
    let unreadable =
        |en: String, zh: &str| Diagnostic::error(Code::Unreadable, Message::new(en, zh));
    if path.is_dir() {
        let hint = Message::new("give the file in it", "请给出其中的文件");
        return Err(unreadable("this is a folder, not a file".into(), "这是文件夹，不是文件")
            .hint(hint)
            .into());
    }
    std::fs::read(path).map_err(|error| {
        match error.kind() {
            ErrorKind::NotFound => unreadable("no such file".into(), "文件不存在"),
            ErrorKind::PermissionDenied => {
                unreadable("no permission to read".into(), "没有读取权限")
            }
            _ => unreadable(format!("can't be read: {error}"), "无法读取"),
        }
        .into()
    })
}

/// A structured file's text: UTF-8 without byte order mark, lines divided by `\n`, no control
/// characters but tabs; `before` is the number of lines of the file before them.
pub(super) fn text(bytes: &[u8], before: u32, warnings: &mut Vec<Diagnostic>) -> Outcome<String> {
    let text = decode(bytes, before)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let text = clean(text, before, warnings);
    if text.trim().is_empty() {
        let message = Message::new("the file is empty", "文件为空");
        return Err(Diagnostic::error(Code::InvalidValue, message).into());
    }
    Ok(text)
}

fn decode(bytes: &[u8], lines: u32) -> Outcome<&str> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let line = before.matches('\n').count() as u32 + lines + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
        let message = Message::new(
            format!("not UTF-8: broken byte 0x{:02X}", bytes[error.valid_up_to()]),
            format!("不是 UTF-8 编码：无效字节 0x{:02X}", bytes[error.valid_up_to()]),
        );
        let from = match bytes {
            [0xFF, 0xFE, ..] => "UTF-16LE",
            [0xFE, 0xFF, ..] => "UTF-16BE",
            _ => "GB18030",
        };
        let convert = format!("iconv -f {from} -t UTF-8 OLD > NEW");
        Diagnostic::error(Code::Encoding, message)
            .at(Some(Pos::new(line, column)))
            .hint(Message::new(
                format!("convert it first, for example: {convert}"),
                format!("请先转换编码，例如：{convert}"),
            ))
            .into()
    })
}

/// Characters that no text should hold: controls but tab and newline, and noncharacters.
fn is_rubbish(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// Unifies line ends and takes out control characters, which one warning reports.
fn clean(text: &str, before: u32, warnings: &mut Vec<Diagnostic>) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.contains(is_rubbish) {
        return text;
    }
    let (mut line, mut column) = (before + 1, 1);
    let (mut first, mut count) = (None, 0u32);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_rubbish(c) {
            first.get_or_insert((Pos::new(line, column), c));
            count += 1;
        } else {
            out.push(c);
        }
        column += 1;
        if c == '\n' {
            (line, column) = (line + 1, 1);
        }
    }
    if let Some((pos, c)) = first {
        warnings.push(removed(c, count, pos));
    }
    out
}

fn removed(c: char, count: u32, pos: Pos) -> Diagnostic {
    let code = c as u32;
    let message = Message::new(
        format!("{count} control character(s) removed, the first U+{code:04X}"),
        format!("已删除 {count} 个控制字符，首个为 U+{code:04X}"),
    );
    Diagnostic::warning(Code::Encoding, message).at(Some(pos))
}

/// Takes out control characters that escapes (`\u0001`) brought into strings.
pub(super) fn without_controls(mut node: Node, warnings: &mut Vec<Diagnostic>) -> Node {
    let pos = node.pos;
    match &mut node.value {
        Value::String(s) if s.text.contains(|c| is_rubbish(c) && c != '\r') => {
            let found: Vec<char> = s.text.chars().filter(|c| is_rubbish(*c)).collect();
            warnings.push(removed(found[0], found.len() as u32, pos));
            s.text.retain(|c| !is_rubbish(c));
            s.origin = Origin { start: pos, indent: None };
        }
        Value::String(s) if s.text.contains('\r') => {
            s.text = s.text.replace("\r\n", "\n").replace('\r', "\n");
            s.origin = Origin { start: pos, indent: None };
        }
        Value::List(items) => {
            for item in items {
                *item = without_controls(
                    std::mem::replace(item, Node { value: Value::Null, pos }),
                    warnings,
                );
            }
        }
        Value::Map(entries) => {
            for Entry { node, .. } in entries {
                *node = without_controls(
                    std::mem::replace(node, Node { value: Value::Null, pos }),
                    warnings,
                );
            }
        }
        _ => {}
    }
    node
}
