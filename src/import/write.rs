//! Writes an article as a person would: YAML with plain scalars, a blank line between blocks, or
//! indented JSON.
//!
//! The fields and their order come from the model's own written form, so what is written here is
//! what `keben check` reads.

use crate::diagnostic::{Code, Diagnostic, Message};
use crate::input::node::{self, Node, Value};
use crate::model::Article;

/// The files an import can write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenFormat {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

impl WrittenFormat {
    /// Ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
        }
    }
}

/// An article in its written form.
///
/// # Errors
/// A fault of Keben's own: an article that can't be written.
pub fn article(article: &Article, format: WrittenFormat) -> Result<String, Diagnostic> {
    let json = serde_json::to_string_pretty(article).map_err(|e| fault(&e.to_string()))?;
    written(json, format)
}

/// Any value in its written form.
pub(super) fn written(json: String, format: WrittenFormat) -> Result<String, Diagnostic> {
    match format {
        WrittenFormat::Json => Ok(json + "\n"),
        WrittenFormat::Yaml => {
            let tree = node::parse_json(&json, 0)
                .map_err(|f| f.0.into_iter().next().unwrap_or_else(|| fault("no tree")))?;
            let mut out = String::new();
            map(&tree, 0, &mut out);
            Ok(out)
        }
    }
}

fn fault(cause: &str) -> Diagnostic {
    Diagnostic::error(Code::Internal, Message::same(cause))
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

/// The entries of a map, each on its own line.
fn map(tree: &Node, depth: usize, out: &mut String) {
    let Value::Map(entries) = &tree.value else { return };
    for entry in entries {
        indent(out, depth);
        key(&entry.key, out);
        value(&entry.node, depth, out);
    }
}

fn key(key: &str, out: &mut String) {
    scalar(key, out);
    out.push(':');
}

/// What stands after a key's colon.
fn value(node: &Node, depth: usize, out: &mut String) {
    match &node.value {
        Value::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
        Value::List(items) if items.is_empty() => out.push_str(" []\n"),
        Value::Map(_) => {
            out.push('\n');
            map(node, depth + 1, out);
        }
        Value::List(items) => {
            // short words on one line, blocks a line each
            let words: Option<Vec<&str>> = items
                .iter()
                .map(|i| match &i.value {
                    Value::String(s) if s.text.chars().count() <= 12 && !s.text.is_empty() => {
                        Some(s.text.as_str())
                    }
                    _ => None,
                })
                .collect();
            if let Some(words) = words.filter(|w| w.len() <= 8) {
                out.push_str(" [");
                for (i, word) in words.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    flow_scalar(word, out);
                }
                out.push_str("]\n");
                return;
            }
            out.push('\n');
            let is_body = depth == 0;
            for (i, item) in items.iter().enumerate() {
                if i > 0 && is_body {
                    out.push('\n');
                }
                list_item(item, depth + 1, out);
            }
        }
        _ => {
            leaf(node, depth + 1, out);
        }
    }
}

fn list_item(item: &Node, depth: usize, out: &mut String) {
    indent(out, depth);
    out.push('-');
    match &item.value {
        Value::Map(entries) if !entries.is_empty() => {
            for (i, entry) in entries.iter().enumerate() {
                if i == 0 {
                    out.push(' ');
                } else {
                    indent(out, depth + 1);
                }
                key(&entry.key, out);
                value(&entry.node, depth + 1, out);
            }
        }
        Value::List(items) if !items.is_empty() => {
            out.push('\n');
            for inner in items {
                list_item(inner, depth + 1, out);
            }
        }
        _ => leaf_or_empty(item, depth + 1, out),
    }
}

fn leaf_or_empty(node: &Node, depth: usize, out: &mut String) {
    match &node.value {
        Value::Map(_) => out.push_str(" {}\n"),
        Value::List(_) => out.push_str(" []\n"),
        _ => leaf(node, depth, out),
    }
}

/// A single value with the space before and the line end after it.
fn leaf(node: &Node, depth: usize, out: &mut String) {
    out.push(' ');
    match &node.value {
        Value::Null => out.push('~'),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(n) => out.push_str(n),
        Value::String(s) if is_literal(&s.text) => {
            out.push_str("|-");
            for line in s.text.split('\n') {
                out.push('\n');
                if !line.is_empty() {
                    indent(out, depth);
                    out.push_str(line);
                }
            }
        }
        Value::String(s) => scalar(&s.text, out),
        Value::List(_) | Value::Map(_) => {}
    }
    out.push('\n');
}

/// Several lines that a literal block can hold.
fn is_literal(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with('\n')
        && !text.starts_with([' ', '\t'])
        && !text.ends_with('\n')
        && !text.chars().any(|c| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{FEFF}' | '\u{85}' | '\u{2028}' | '\u{2029}')
        })
}

/// Whether a scalar can stand without quotes (YAML 1.2, §7.3.3), with a margin for older readers.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"];
    let like_number = text.parse::<f64>().is_ok()
        || first.is_ascii_digit()
            && text.chars().all(|c| c.is_ascii_digit() || ".-:_+eExobT ".contains(c))
        || matches!(text, ".inf" | ".nan");
    // a date is a plain scalar to Keben and to people
    let is_date = text.parse::<crate::model::Date>().is_ok() && text.len() > 4;
    !"-?:,[]{}#&*!|>'\"%@`=.".contains(first)
        && !first.is_whitespace()
        && !text.ends_with(|c: char| c.is_whitespace() || c == ':')
        && !text.contains(": ")
        && !text.contains(":\t")
        && !text.contains(" #")
        && !text.contains("\t#")
        && !text.chars().any(|c| {
            c.is_control()
                || matches!(
                    c,
                    '\u{FEFF}' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}'
                )
        })
        && !words.contains(&text.to_ascii_lowercase().as_str())
        && (!like_number || is_date)
}

fn scalar(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        quoted(text, out);
    }
}

fn flow_scalar(text: &str, out: &mut String) {
    if is_plain(text) && !text.contains([',', '[', ']', '{', '}']) {
        out.push_str(text);
    } else {
        quoted(text, out);
    }
}

/// Single quotes where they can, double quotes where escapes are needed.
fn quoted(text: &str, out: &mut String) {
    let needs_escape = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{FEFF}' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}'
            )
    };
    if !text.contains(needs_escape) {
        out.push('\'');
        out.push_str(&text.replace('\'', "''"));
        out.push('\'');
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if needs_escape(c) => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round(value: &serde_json::Value) -> serde_json::Value {
        fn plain(node: &Node) -> serde_json::Value {
            match &node.value {
                Value::Null => serde_json::Value::Null,
                Value::Bool(b) => (*b).into(),
                Value::Number(n) => serde_json::from_str(n).unwrap_or_else(|_| n.clone().into()),
                Value::String(s) => s.text.clone().into(),
                Value::List(items) => items.iter().map(plain).collect(),
                Value::Map(entries) => serde_json::Value::Object(
                    entries.iter().map(|e| (e.key.clone(), plain(&e.node))).collect(),
                ),
            }
        }
        let yaml = written(value.to_string(), WrittenFormat::Yaml).unwrap();
        plain(&node::parse_yaml(&yaml, 0).unwrap_or_else(|f| panic!("{f}\n{yaml}")))
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_yaml(texts in prop::collection::vec("\\PC{0,12}|[ \\-:#'\"\\[\\]{}|>&*!%@`,.?a1\n\t中]{0,12}", 1..5)) {
            let value = serde_json::json!({"title": texts[0], "body": texts, "deep": [{"figure": {"alt": texts[0], "caption": texts}}]});
            prop_assert_eq!(round(&value), value);
        }
    }

    #[test]
    fn the_written_form_is_what_a_person_would_write() {
        let value = serde_json::json!({"a": "标题：副题", "date": "2022-11-26", "year": "2022", "code": "a\n  b"});
        let yaml = written(value.to_string(), WrittenFormat::Yaml).unwrap();
        assert_eq!(yaml, "a: 标题：副题\ncode: |-\n  a\n    b\ndate: 2022-11-26\nyear: '2022'\n");
    }
}
