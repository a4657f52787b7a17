//! TOML 1.0 to [`Node`]s.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Lines, MAX_DEPTH, Node, Str, Value};
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};

/// Reads one TOML document.
///
/// - `before`: lines of the file before `text` (front matter).
pub(crate) fn parse(text: &str, before: u32) -> Outcome<Node> {
    let lines = Lines::new(text, before);
    let table = DeTable::parse(text).map_err(|error| {
        let message = error.message().replace('\n', " ");
        let offset = error.span().map_or(0, |span| span.start);
        let zh = if message.starts_with("duplicate key") {
            "键重复出现"
        } else {
            "此处无法解析，请检查引号、等号和括号"
        };
        let message =
            Message::new(format!("not valid TOML: {message}"), format!("TOML 语法错误：{zh}"));
        Failure::from(Diagnostic::error(Code::Syntax, message).at(Some(lines.pos(offset))))
    })?;
    let span = table.span();
    self::table(table.into_inner(), span, &lines, 0)
}

fn table(table: DeTable<'_>, span: Range<usize>, lines: &Lines<'_>, depth: usize) -> Outcome<Node> {
    // the map is sorted by key; the file's order is that of the keys' places
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let entries = entries.into_iter().map(|(key, value)| {
        let key_pos = lines.pos(key.span().start);
        Ok(Entry {
            key: key.into_inner().into_owned(),
            key_pos,
            node: convert(value, lines, depth + 1)?,
        })
    });
    let value = Value::Map(entries.collect::<Outcome<_>>()?);
    Ok(Node { value, pos: lines.pos(span.start) })
}

fn convert(value: Spanned<DeValue<'_>>, lines: &Lines<'_>, depth: usize) -> Outcome<Node> {
    let span = value.span();
    let pos = lines.pos(span.start);
    if depth > MAX_DEPTH {
        let message = Message::new("not valid TOML: nested too deeply", "TOML 语法错误：嵌套过深");
        return Err(Diagnostic::error(Code::Syntax, message).at(Some(pos)).into());
    }
    let value = match value.into_inner() {
        DeValue::String(text) => {
            let origin = lines.origin(span, &text);
            Value::String(Str { text: text.into_owned(), origin })
        }
        DeValue::Integer(integer) => Value::Number(match integer.radix() {
            10 => integer.as_str().to_owned(),
            radix => i64::from_str_radix(integer.as_str(), radix)
                .map_or_else(|_| integer.to_string(), |n| n.to_string()),
        }),
        DeValue::Float(float) => Value::Number(float.as_str().to_owned()),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(date) => {
            let text = date.to_string();
            let origin = lines.origin(span, &text);
            Value::String(Str { text, origin })
        }
        DeValue::Array(items) => {
            let items = items.into_iter().map(|item| convert(item, lines, depth + 1));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(inner) => return table(inner, span, lines, depth),
    };
    Ok(Node { value, pos })
}
