//! Inline elements → inlines.

use dom_query::NodeRef;

use super::blocks::Page;
use super::{attr, media, name};
use crate::model::{At, Inline, Language, RubyPair, Text};

/// Deepest nesting of inline elements that is kept; what lies deeper is plain text.
const DEEPEST: usize = 40;

/// The inlines below a node.
pub(super) fn text(page: &Page<'_>, node: &NodeRef<'_>, depth: usize) -> Text {
    let mut out = Text::default();
    for child in node.children_it(false) {
        push(page, &child, depth, &mut out);
    }
    out
}

/// Adds one node.
pub(super) fn push(page: &Page<'_>, node: &NodeRef<'_>, depth: usize, out: &mut Text) {
    if node.is_text() {
        out.0.push(Inline::Plain(node.text().to_string()));
        return;
    }
    if !node.is_element() {
        return;
    }
    if depth > DEEPEST {
        out.0.push(Inline::Plain(node.text().to_string()));
        return;
    }
    let tag = name(node);
    let inner = || text(page, node, depth + 1);
    let inline = match tag.as_str() {
        "br" => Inline::LineBreak,
        "img" => {
            if let Some(image) = media::inline_image(node) {
                out.0.push(image);
            }
            return;
        }
        "strong" | "b" => Inline::Strong(inner()),
        "em" | "i" | "dfn" => {
            let text = inner();
            if text.to_plain().trim().is_empty() {
                return; // an icon
            }
            Inline::Emphasis(text)
        }
        "u" | "ins" => Inline::Underline(inner()),
        "s" | "del" | "strike" => Inline::Strike(inner()),
        "mark" => Inline::Highlight(inner()),
        "sup" | "sub" => {
            if let Some(label) = page.notes.reference(node) {
                out.0.push(Inline::NoteRef(At::from(label)));
                return;
            }
            let text = inner();
            if text.0.iter().all(|i| matches!(i, Inline::NoteRef(_))) {
                out.0.extend(text.0);
                return;
            }
            if tag == "sup" { Inline::Superscript(text) } else { Inline::Subscript(text) }
        }
        "code" | "kbd" | "samp" | "tt" | "var" => {
            let code = node.text().to_string();
            if code.trim().is_empty() {
                return;
            }
            Inline::Code(code)
        }
        "ruby" => {
            out.0.push(ruby(node));
            return;
        }
        "a" => {
            if let Some(label) = page.notes.reference(node) {
                out.0.push(Inline::NoteRef(At::from(label)));
                return;
            }
            if page.notes.is_back(node) {
                return;
            }
            let text = inner();
            match page
                .target(attr(node, "href").as_deref())
                .filter(|_| !text.to_plain().trim().is_empty())
            {
                Some(target) => Inline::Link { target: At::from(target), title: None, text },
                None => {
                    out.0.extend(text.0);
                    return;
                }
            }
        }
        "math" => {
            let formula = attr(node, "alttext").unwrap_or_else(|| node.text().trim().to_owned());
            out.0.push(Inline::Plain(formula));
            return;
        }
        "script" | "style" | "noscript" | "template" | "button" | "input" | "svg" | "iframe"
        | "object" | "select" | "textarea" | "rp" => return,
        _ => {
            let text = inner();
            let style =
                attr(node, "style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
            let bold =
                ["font-weight:bold", "font-weight:600", "font-weight:700", "font-weight:800"]
                    .iter()
                    .any(|b| style.contains(b));
            let dots = style.contains("text-emphasis");
            let lang = attr(node, "lang")
                .filter(|_| tag == "span")
                .and_then(|l| l.parse::<Language>().ok());
            match (bold, dots, lang) {
                (true, _, _) => Inline::Strong(text),
                (_, true, _) => Inline::Emphasis(text),
                (_, _, Some(language)) if !language.primary().starts_with("zh") => {
                    Inline::Foreign { language, text }
                }
                _ => {
                    out.0.extend(text.0);
                    return;
                }
            }
        }
    };
    out.0.push(inline);
}

/// Bases with their readings; `<rp>` and its brackets go.
fn ruby(node: &NodeRef<'_>) -> Inline {
    let mut pairs: Vec<RubyPair> = Vec::new();
    let mut base = String::new();
    // <rtc> and <rb> may wrap bases and readings
    let mut stack: Vec<NodeRef<'_>> = node.children_it(true).collect();
    let mut order = Vec::new();
    while let Some(child) = stack.pop() {
        if matches!(name(&child).as_str(), "rbc" | "rtc" | "span")
            && child.children_it(false).any(|c| matches!(name(&c).as_str(), "rt" | "rb"))
        {
            stack.extend(child.children_it(true));
        } else {
            order.push(child);
        }
    }
    for child in order {
        match name(&child).as_str() {
            "rt" => {
                let reading = child.text().trim().to_owned();
                let own = std::mem::take(&mut base).trim().to_owned();
                if !own.is_empty() {
                    pairs.push(RubyPair { base: own, reading });
                } else if let Some(last) = pairs.iter_mut().find(|p| p.reading.is_empty()) {
                    last.reading = reading;
                }
            }
            "rp" => {}
            "rb" => {
                if !base.trim().is_empty() {
                    pairs.push(RubyPair {
                        base: std::mem::take(&mut base).trim().to_owned(),
                        reading: String::new(),
                    });
                }
                base = child.text().to_string();
            }
            _ => base.push_str(&child.text()),
        }
    }
    if !base.trim().is_empty() {
        pairs.push(RubyPair { base: base.trim().to_owned(), reading: String::new() });
    }
    if pairs.iter().all(|p| p.reading.is_empty()) {
        return Inline::Plain(pairs.into_iter().map(|p| p.base).collect());
    }
    Inline::Ruby(pairs)
}

/// Makes one space of every run of white space, none of a line end between Han.
pub(super) fn tidy(mut text: Text) -> Text {
    text.normalise();
    let mut last = None;
    squeeze(&mut text, &mut last);
    text.normalise();
    trim_end(&mut text);
    text.normalise();
    text
}

/// - `last`: the character before; `None` at the beginning of a line.
fn squeeze(text: &mut Text, last: &mut Option<char>) {
    for inline in &mut text.0 {
        match inline {
            Inline::Plain(s) => {
                let mut out = String::with_capacity(s.len());
                let mut chars = s.chars().peekable();
                while let Some(c) = chars.next() {
                    if !matches!(c, ' ' | '\t' | '\n' | '\r') {
                        out.push(c);
                        *last = Some(c);
                        continue;
                    }
                    let mut wrapped = c == '\n' || c == '\r';
                    while let Some(next) = chars.next_if(|n| matches!(n, ' ' | '\t' | '\n' | '\r'))
                    {
                        wrapped |= next == '\n' || next == '\r';
                    }
                    let next = chars.peek().copied();
                    let joins = wrapped
                        && last.is_some_and(|l| {
                            next.is_some_and(|n| crate::model::joins_without_space(l, n))
                        });
                    if last.is_none_or(|l| l == ' ') || joins {
                        continue;
                    }
                    out.push(' ');
                    *last = Some(' ');
                }
                *s = out;
            }
            Inline::LineBreak => *last = None,
            Inline::Code(_) | Inline::Image(_) | Inline::NoteRef(_) | Inline::Ruby(_) => {
                *last = Some('\u{FFFC}');
            }
            other => {
                if let Some(inner) = other.children_mut() {
                    squeeze(inner, last);
                }
            }
        }
    }
}

fn trim_end(text: &mut Text) {
    while let Some(last) = text.0.last_mut() {
        match last {
            Inline::LineBreak => {
                text.0.pop();
            }
            Inline::Plain(s) => {
                let trimmed = s.trim_end_matches([' ', '\t', '\n', '\u{A0}', '\u{3000}']).len();
                s.truncate(trimmed);
                if !s.is_empty() {
                    return;
                }
                text.0.pop();
            }
            _ => return,
        }
    }
}
