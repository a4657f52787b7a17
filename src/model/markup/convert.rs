//! From comrak's tree to inlines.

use comrak::Node;
use comrak::nodes::{NodeValue, Sourcepos};

use super::html::{Element, Item, Tag, ruby};
use super::protect::{NOTE_CARET, NOTE_CLOSE, RUBY_BAR, RUBY_CLOSE, RUBY_OPEN, restore};
use super::{NOTE_OPEN, Origin, Protected, Remark, resolve_newlines, unprotect};
use crate::model::{At, Inline, InlineImage, Pos, RubyPair, Text};

/// Inlines may enclose one another this deep; what lies deeper loses its markup, not its text.
/// Far beyond what print can show, and shallow enough for recursion on any thread's stack.
const MAX_DEPTH: usize = 48;

/// Turns the inline children of comrak's nodes into [`Text`].
pub(crate) struct Converter<'p> {
    protected: &'p Protected,
    origin: Option<Origin>,
    guard: Option<char>,
    remarks: Vec<Remark>,
}

/// An HTML element whose end is still to come.
struct Open {
    element: Element,
    tag: String,
    name: String,
    pos: Option<Pos>,
    items: Vec<Item>,
    href: Option<(String, Option<String>)>,
}

impl<'p> Converter<'p> {
    /// - `protected`: what was given to comrak.
    /// - `origin`: where that stands in its file; `None` when places don't matter.
    /// - `guard`: the character before every line, if one was put there.
    pub(crate) fn new(
        protected: &'p Protected,
        origin: Option<Origin>,
        guard: Option<char>,
    ) -> Self {
        Self { protected, origin, guard, remarks: Vec::new() }
    }

    /// What could not be used.
    pub(crate) fn into_remarks(self) -> Vec<Remark> {
        self.remarks
    }

    /// Place in the file of a line and column (from 1) in the protected text.
    pub(crate) fn locate(&self, line: u32, column: u32) -> Option<Pos> {
        let column = if self.guard.is_some() { column.saturating_sub(1) } else { column };
        self.origin.map(|origin| origin.locate(line, column.max(1)))
    }

    /// Place in the file where a node begins.
    pub(crate) fn start(&self, at: Sourcepos) -> Option<Pos> {
        self.locate(at.start.line as u32, at.start.column as u32)
    }

    /// The inlines below a paragraph, heading or cell, line ends resolved.
    pub(crate) fn inlines<'a>(&mut self, parent: Node<'a>) -> Text {
        let mut text = self.children(parent, 0);
        resolve_newlines(&mut text);
        text.normalise();
        text
    }

    /// The inlines of some nodes in a row, line ends resolved.
    pub(crate) fn inlines_of<'a>(&mut self, nodes: impl Iterator<Item = Node<'a>>) -> Text {
        let mut text = self.sequence(nodes, 0);
        resolve_newlines(&mut text);
        text.normalise();
        text
    }

    fn children<'a>(&mut self, parent: Node<'a>, depth: usize) -> Text {
        self.sequence(parent.children(), depth)
    }

    fn sequence<'a>(&mut self, nodes: impl Iterator<Item = Node<'a>>, depth: usize) -> Text {
        let mut open: Vec<Open> = Vec::new();
        let mut done: Vec<Item> = Vec::new();
        for node in nodes {
            let data = node.data();
            if let NodeValue::HtmlInline(source) = &data.value {
                let pos = self.start(data.sourcepos);
                let source = unprotect(&self.without_guard(source));
                self.tag(&source, pos, depth, &mut open, &mut done);
                continue;
            }
            let inlines = self.node(node, &data.value, data.sourcepos, depth);
            let target = open.last_mut().map_or(&mut done, |open| &mut open.items);
            target.extend(inlines.into_iter().map(Item::Inline));
        }
        while let Some(unclosed) = open.pop() {
            // never closed: the tag is text after all
            self.remarks.push(Remark { what: unclosed.tag.clone(), pos: unclosed.pos });
            let target = open.last_mut().map_or(&mut done, |open| &mut open.items);
            target.push(Item::Inline(Inline::Plain(unclosed.tag)));
            target.extend(unclosed.items);
        }
        let mut text = Text(done.into_iter().filter_map(Item::into_inline).collect());
        text.normalise();
        text
    }

    /// One inline HTML tag: begins or ends an element, or stands for an inline by itself.
    fn tag(
        &mut self,
        source: &str,
        pos: Option<Pos>,
        depth: usize,
        open: &mut Vec<Open>,
        done: &mut Vec<Item>,
    ) {
        if source.starts_with("<!--") {
            return;
        }
        let tag = Tag::parse(source);
        let level = depth + open.len();
        let is_open = tag.as_ref().is_some_and(|tag| open.iter().any(|o| o.name == tag.name));
        let target = open.last_mut().map_or(&mut *done, |open| &mut open.items);
        let Some(tag) = tag else {
            return self.unknown(source, pos, target);
        };
        match tag.name.as_str() {
            "br" => return target.push(Item::Inline(Inline::LineBreak)),
            "wbr" => return,
            "img" if !tag.closing => {
                let src = tag.attribute("src").unwrap_or_default().to_owned();
                let alt = tag.attribute("alt").unwrap_or_default().to_owned();
                let image = InlineImage { src: At { value: src, pos }, alt };
                return target.push(Item::Inline(Inline::Image(image)));
            }
            _ => {}
        }
        if !tag.closing {
            let href = (tag.name == "a")
                .then(|| tag.attribute("href").map(str::to_owned))
                .flatten()
                .map(|href| (href, tag.attribute("title").map(str::to_owned)));
            let element = if tag.name == "a" && level < MAX_DEPTH {
                Some(Element::Transparent)
            } else {
                Element::of(&tag).filter(|_| level < MAX_DEPTH)
            };
            let Some(element) = element else {
                return self.unknown(source, pos, target);
            };
            // HTML lets <rt>, <rp> and <rb> end where the next begins
            if matches!(tag.name.as_str(), "rt" | "rp" | "rb") {
                while open.last().is_some_and(|o| matches!(o.name.as_str(), "rt" | "rp" | "rb")) {
                    close(open, done);
                }
            }
            open.push(Open {
                element,
                tag: source.to_owned(),
                name: tag.name,
                pos,
                items: Vec::new(),
                href,
            });
            return;
        }
        if !is_open {
            return self.unknown(source, pos, target);
        }
        // elements left open inside end with this one
        while let Some(last) = open.last() {
            let is_it = last.name == tag.name;
            close(open, done);
            if is_it {
                break;
            }
        }
    }

    /// A tag without meaning here stays as text.
    fn unknown(&mut self, source: &str, pos: Option<Pos>, target: &mut Vec<Item>) {
        self.remarks.push(Remark { what: source.to_owned(), pos });
        target.push(Item::Inline(Inline::Plain(source.to_owned())));
    }

    fn node<'a>(
        &mut self,
        node: Node<'a>,
        value: &NodeValue,
        at: Sourcepos,
        depth: usize,
    ) -> Vec<Inline> {
        if depth >= MAX_DEPTH {
            return vec![Inline::Plain(plain_below(node, self.guard))];
        }
        let wrap = |this: &mut Self, kind: fn(Text) -> Inline| {
            let text = this.children(node, depth + 1);
            if text.is_empty() { Vec::new() } else { vec![kind(text)] }
        };
        match value {
            NodeValue::Text(literal) => self.text(literal, at),
            NodeValue::SoftBreak => vec![Inline::Plain("\n".to_owned())],
            NodeValue::LineBreak => vec![Inline::LineBreak],
            NodeValue::Code(code) => {
                vec![Inline::Code(unprotect(&self.without_guard(&code.literal)))]
            }
            NodeValue::Strong => wrap(self, Inline::Strong),
            NodeValue::Emph => wrap(self, Inline::Emphasis),
            NodeValue::Strikethrough => wrap(self, Inline::Strike),
            NodeValue::Highlight => wrap(self, Inline::Highlight),
            NodeValue::Superscript => wrap(self, Inline::Superscript),
            NodeValue::Subscript => wrap(self, Inline::Subscript),
            NodeValue::Underline | NodeValue::Insert => wrap(self, Inline::Underline),
            NodeValue::Link(link) => {
                let target = At { value: unprotect(&link.url), pos: self.start(at) };
                let title =
                    (!link.title.is_empty()).then(|| unprotect(&self.without_guard(&link.title)));
                vec![Inline::Link { target, title, text: self.children(node, depth + 1) }]
            }
            NodeValue::Image(link) => {
                let alt = self.children(node, depth + 1).to_plain().replace('\n', " ");
                let src = At { value: unprotect(&link.url), pos: self.start(at) };
                vec![Inline::Image(InlineImage { src, alt })]
            }
            _ => self.children(node, depth + 1).0,
        }
    }

    /// Text of comrak's, with ruby and note references found in it.
    fn text(&self, literal: &str, at: Sourcepos) -> Vec<Inline> {
        let literal = self.without_guard(literal);
        let mut out = Vec::new();
        let mut plain = String::new();
        let mut rest: &str = &literal;
        let mut note_index = 0;
        while let Some(c) = rest.chars().next() {
            let found = match c {
                RUBY_OPEN => read_ruby(rest),
                NOTE_OPEN => {
                    note_index += 1;
                    read_note(rest).map(|(label, length)| {
                        let pos = self.note_pos(at, note_index - 1);
                        (Inline::NoteRef(At { value: label, pos }), length)
                    })
                }
                _ => None,
            };
            match found {
                Some((inline, length)) => {
                    out.push(Inline::Plain(std::mem::take(&mut plain)));
                    out.push(inline);
                    rest = &rest[length..];
                }
                None => {
                    plain.push(restore(c));
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        out.push(Inline::Plain(plain));
        out
    }

    /// Place of the `index`-th note reference that begins inside a text node.
    fn note_pos(&self, at: Sourcepos, index: usize) -> Option<Pos> {
        let start = (at.start.line as u32, at.start.column as u32);
        let first = self.protected.notes.partition_point(|place| *place < start);
        let (line, column) = self.protected.notes.get(first + index)?;
        self.locate(*line, *column)
    }

    /// Takes away the guard before every line.
    fn without_guard(&self, text: &str) -> String {
        match self.guard {
            Some(guard) => text.replace(guard, ""),
            None => text.to_owned(),
        }
    }
}

/// Ends the innermost open element and hands its inlines to the one around it.
fn close(open: &mut Vec<Open>, done: &mut Vec<Item>) {
    let Some(closed) = open.pop() else { return };
    let target = open.last_mut().map_or(done, |open| &mut open.items);
    if let Element::Ruby = closed.element {
        target.extend(ruby(closed.items).into_iter().map(Item::Inline));
        return;
    }
    let mut text = Text(closed.items.into_iter().filter_map(Item::into_inline).collect());
    text.normalise();
    match closed.element {
        Element::Wrap(kind) if !text.is_empty() => target.push(Item::Inline(kind(text))),
        Element::Foreign(language) if !text.is_empty() => {
            target.push(Item::Inline(Inline::Foreign { language, text }));
        }
        Element::Code => target.push(Item::Inline(Inline::Code(text.to_plain()))),
        Element::Reading => target.push(Item::Reading(text.to_plain())),
        Element::Transparent => match closed.href {
            Some((href, title)) => {
                let link = At { value: href, pos: closed.pos };
                target.push(Item::Inline(Inline::Link { target: link, title, text }));
            }
            None => target.extend(text.0.into_iter().map(Item::Inline)),
        },
        Element::Wrap(_) | Element::Foreign(_) | Element::Ruby | Element::RubyParenthesis => {}
    }
}

impl Item {
    /// A reading outside `<ruby>` is only text.
    fn into_inline(self) -> Option<Inline> {
        match self {
            Item::Inline(inline) => Some(inline),
            Item::Reading(reading) => (!reading.is_empty()).then_some(Inline::Plain(reading)),
        }
    }
}

/// All text below a node, without recursion.
fn plain_below<'a>(node: Node<'a>, guard: Option<char>) -> String {
    let mut out = String::new();
    for below in node.descendants() {
        match &below.data().value {
            NodeValue::Text(text) => out.push_str(&unprotect(text)),
            NodeValue::Code(code) => out.push_str(&unprotect(&code.literal)),
            NodeValue::HtmlInline(source) => out.push_str(&unprotect(source)),
            NodeValue::SoftBreak | NodeValue::LineBreak => out.push('\n'),
            _ => {}
        }
    }
    guard.map_or(out.clone(), |guard| out.replace(guard, ""))
}

/// Protected ruby at the beginning of `text`, and its length in bytes.
fn read_ruby(text: &str) -> Option<(Inline, usize)> {
    let end = text.find(RUBY_CLOSE)?;
    let (base, reading) = text[RUBY_OPEN.len_utf8()..end].split_once(RUBY_BAR)?;
    let (base, reading) = (unprotect(base.trim()), unprotect(reading.trim()));
    let is_whole = !base.is_empty() && !reading.is_empty();
    is_whole.then(|| (Inline::Ruby(distribute(&base, &reading)), end + RUBY_CLOSE.len_utf8()))
}

/// Gives every character its reading when there are as many readings as characters; else one pair
/// for the whole (group ruby).
fn distribute(base: &str, reading: &str) -> Vec<RubyPair> {
    let mut bases: Vec<String> = Vec::new();
    for c in base.chars() {
        match bases.last_mut() {
            Some(last) if is_variation_selector(c) => last.push(c),
            _ => bases.push(c.to_string()),
        }
    }
    let readings: Vec<&str> = reading.split_whitespace().collect();
    if bases.len() == readings.len() && bases.len() > 1 {
        let pairs = bases.into_iter().zip(readings);
        return pairs.map(|(base, r)| RubyPair { base, reading: r.to_owned() }).collect();
    }
    vec![RubyPair { base: base.to_owned(), reading: reading.to_owned() }]
}

pub(super) fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Protected note reference at the beginning of `text`: its label and length in bytes.
fn read_note(text: &str) -> Option<(String, usize)> {
    let rest = text.strip_prefix(NOTE_OPEN)?.strip_prefix(NOTE_CARET)?;
    let end = rest.find(NOTE_CLOSE)?;
    let length = text.len() - rest.len() + end + NOTE_CLOSE.len_utf8();
    Some((unprotect(&rest[..end]), length))
}
