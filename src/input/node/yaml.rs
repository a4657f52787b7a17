//! YAML 1.2 (core schema) to [`Node`]s, from the parser's events, without recursion.

use std::collections::{BTreeMap, HashSet};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::json::duplicate;
use super::{Entry, MAX_DEPTH, Node, Str, Value};
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::model::{Origin, Pos};

/// Aliases may bring in this many nodes in all: enough for any hand-written file, far from the
/// exponential growth of nested anchors.
const MAX_ALIASED: usize = 100_000;

/// Reads one YAML document.
///
/// - `before`: lines of the file before `text` (front matter).
pub(crate) fn parse(text: &str, before: u32) -> Outcome<Node> {
    Builder { lines: text.split('\n').collect(), before, ..Builder::default() }.read(text)
}

#[derive(Default)]
struct Builder<'t> {
    lines: Vec<&'t str>,
    before: u32,
    stack: Vec<Open>,
    anchors: BTreeMap<usize, (Node, usize, usize)>,
    aliased: usize,
    root: Option<Node>,
    documents: usize,
}

/// A list or map that is still open.
struct Open {
    pos: Pos,
    anchor: usize,
    kind: Kind,
    /// Nodes in it and levels below it, for the limits on aliases.
    count: usize,
    height: usize,
}

enum Kind {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, seen: HashSet<String>, key: Option<(String, Pos)> },
}

fn fail(pos: Pos, en: impl Into<String>, zh: &str) -> Failure {
    let message =
        Message::new(format!("not valid YAML: {}", en.into()), format!("YAML 语法错误：{zh}"));
    Diagnostic::error(Code::Syntax, message).at(Some(pos)).into()
}

impl Builder<'_> {
    fn pos(&self, mark: &Marker) -> Pos {
        Pos::new(mark.line() as u32 + self.before, mark.col() as u32 + 1)
    }

    fn read(mut self, text: &str) -> Outcome<Node> {
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| {
                let info = error.info().to_owned();
                fail(self.pos(error.marker()), info, "此处无法解析，请检查缩进、冒号和引号")
            })?;
            self.event(event, span)?;
        }
        let start = Pos::new(self.before + 1, 1);
        Ok(self.root.unwrap_or(Node { value: Value::Null, pos: start }))
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Outcome<()> {
        let pos = self.pos(&span.start);
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let zh = "一个文件只能有一个 YAML 文档（多余的 ---）";
                    return Err(fail(pos, "more than one document in a file (second '---')", zh));
                }
            }
            Event::SequenceStart(anchor, _) => self.open(pos, anchor, Kind::List(Vec::new()))?,
            Event::MappingStart(anchor, _) => {
                let kind = Kind::Map { entries: Vec::new(), seen: HashSet::new(), key: None };
                self.open(pos, anchor, kind)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.stack.pop() {
                    let value = match open.kind {
                        Kind::List(items) => Value::List(items),
                        Kind::Map { entries, .. } => Value::Map(entries),
                    };
                    let node = Node { value, pos: open.pos };
                    self.insert(node, open.anchor, open.count + 1, open.height + 1, None)?;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref();
                let source = text.clone().into_owned();
                let value = self.scalar(text.into_owned(), style, tag, pos, span)?;
                self.insert(Node { value, pos }, anchor, 1, 0, Some(source))?;
            }
            Event::Alias(id) => {
                let Some((node, count, height)) = self.anchors.get(&id).cloned() else {
                    let zh = "别名引用了自身或不存在的锚点";
                    return Err(fail(pos, "an alias to an anchor that is not complete", zh));
                };
                self.aliased += count;
                if self.aliased > MAX_ALIASED || height + self.stack.len() > MAX_DEPTH {
                    return Err(fail(pos, "aliases bring in too much", "别名展开后过大"));
                }
                let key = match &node.value {
                    Value::String(s) => Some(s.text.clone()),
                    _ => None,
                };
                self.insert(node, 0, count, height, key)?;
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn open(&mut self, pos: Pos, anchor: usize, kind: Kind) -> Outcome<()> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(fail(pos, "nested too deeply", "嵌套过深"));
        }
        let is_key =
            matches!(self.stack.last(), Some(Open { kind: Kind::Map { key: None, .. }, .. }));
        if is_key {
            return Err(fail(pos, "a list or map can't be a key", "列表或映射不能作键"));
        }
        self.stack.push(Open { pos, anchor, kind, count: 0, height: 0 });
        Ok(())
    }

    /// Puts a finished node where it belongs: into the open list, as key or value of the open map,
    /// or at the root. `as_key` is its text when it can be a key.
    fn insert(
        &mut self,
        node: Node,
        anchor: usize,
        count: usize,
        height: usize,
        as_key: Option<String>,
    ) -> Outcome<()> {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), count, height));
        }
        let Some(open) = self.stack.last_mut() else {
            self.root.get_or_insert(node);
            return Ok(());
        };
        open.count += count;
        open.height = open.height.max(height);
        match &mut open.kind {
            Kind::List(items) => items.push(node),
            Kind::Map { entries, seen, key } => match key.take() {
                Some((key, key_pos)) => entries.push(Entry { key, key_pos, node }),
                None => {
                    let Some(name) = as_key else {
                        return Err(fail(node.pos, "this can't be a key", "此值不能作键"));
                    };
                    if !seen.insert(name.clone()) {
                        return Err(duplicate(&name, node.pos));
                    }
                    *key = Some((name, node.pos));
                }
            },
        }
        Ok(())
    }

    fn scalar(
        &self,
        text: String,
        style: ScalarStyle,
        tag: Option<&Tag>,
        pos: Pos,
        span: Span,
    ) -> Outcome<Value> {
        let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema() && !tag.suffix.is_empty()) {
            let name = format!("{}{}", tag.handle, tag.suffix);
            return Err(fail(pos, format!("unknown tag '{name}'"), &format!("未知标签“{name}”")));
        }
        if style != ScalarStyle::Plain
            || core == Some("str")
            || tag.is_some_and(|t| t.suffix.is_empty())
        {
            let origin = self.origin(&text, style, pos, span);
            return Ok(Value::String(Str { text, origin }));
        }
        Ok(match text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Value::Null,
            "true" | "True" | "TRUE" => Value::Bool(true),
            "false" | "False" | "FALSE" => Value::Bool(false),
            _ if is_number(&text) => Value::Number(text),
            _ => {
                let origin = self.origin(&text, style, pos, span);
                Value::String(Str { text, origin })
            }
        })
    }

    /// Where the characters of a scalar stand: known for one-line scalars without escapes and for
    /// literal blocks (`|`).
    fn origin(&self, text: &str, style: ScalarStyle, pos: Pos, span: Span) -> Origin {
        let unknown = Origin { start: pos, indent: None };
        let line = |n: usize| self.lines.get(n.wrapping_sub(1)).copied().unwrap_or_default();
        let first = span.start.line();
        match style {
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let quote = usize::from(style != ScalarStyle::Plain);
                let source: String = line(first).chars().skip(span.start.col() + quote).collect();
                if source.starts_with(text) && !text.contains('\n') {
                    let start = Pos::new(pos.line, pos.column + quote as u32);
                    Origin { start, indent: Some(0) }
                } else {
                    unknown
                }
            }
            ScalarStyle::Literal => {
                // The marker stands at `|` or at the first line, as the parser's version has it.
                let Some((skipped, content)) =
                    text.split('\n').enumerate().find(|(_, l)| !l.trim().is_empty())
                else {
                    return unknown;
                };
                for offset in 0..=2 + skipped {
                    let number = first + offset;
                    let source = line(number).trim_end_matches('\r');
                    let Some(indent) = source.strip_suffix(content).filter(|i| i.trim().is_empty())
                    else {
                        continue;
                    };
                    if number <= skipped {
                        return unknown;
                    }
                    let indent = indent.chars().count() as u32;
                    let start = Pos::new((number - skipped) as u32 + self.before, indent + 1);
                    return Origin { start, indent: Some(indent) };
                }
                unknown
            }
            ScalarStyle::Folded => unknown,
        }
    }
}

/// Integers and floats of the core schema (YAML 1.2.2 §10.3.2), decimal only: `0x1F` and `.inf`
/// are text to an article.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let is_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let mantissa_ok = match mantissa.split_once('.') {
        Some((whole, part)) => {
            (is_digits(whole) && (part.is_empty() || is_digits(part)))
                || (whole.is_empty() && is_digits(part))
        }
        None => is_digits(mantissa),
    };
    let exponent_ok = exponent.is_none_or(|e| is_digits(e.strip_prefix(['-', '+']).unwrap_or(e)));
    mantissa_ok && exponent_ok
}
