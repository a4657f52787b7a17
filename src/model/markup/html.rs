//! The few HTML tags that stand for inlines Markdown has no sign for.

use crate::model::{Inline, Language, RubyPair, Text};

/// One HTML tag as it stands in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Name, lower case.
    pub(crate) name: String,
    /// `</name>`
    pub(crate) closing: bool,
    /// Attributes in order, names lower case, values with entities resolved.
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    /// Reads one whole tag, `<…>`. `None` for comments, declarations and what is no tag.
    pub(crate) fn parse(source: &str) -> Option<Self> {
        let inner = source.strip_prefix('<')?.strip_suffix('>')?;
        let (closing, inner) = match inner.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, inner.strip_suffix('/').unwrap_or(inner)),
        };
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let (name, mut rest) = inner.split_at(end.unwrap_or(inner.len()));
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                break;
            }
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            let key = rest[..end].to_ascii_lowercase();
            rest = rest[end..].trim_start();
            let mut value = "";
            if let Some(after) = rest.strip_prefix('=') {
                let after = after.trim_start();
                let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
                if let Some(quote) = quote {
                    let body = &after[1..];
                    let close = body.find(quote)?;
                    value = &body[..close];
                    rest = &body[close + 1..];
                } else {
                    let end = after.find(char::is_whitespace).unwrap_or(after.len());
                    value = &after[..end];
                    rest = &after[end..];
                }
            } else if end == 0 {
                return None;
            }
            attributes.push((key, decode_entities(value)));
        }
        Some(Self { name: name.to_ascii_lowercase(), closing, attributes })
    }

    /// Value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Resolves the entities that occur in attribute values; unknown ones stay as they are.
fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let decoded = rest.find(';').filter(|end| *end <= 10).and_then(|end| {
            let name = &rest[1..end];
            let c = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => '\u{A0}',
                _ => {
                    let number = name.strip_prefix('#')?;
                    let code = match number.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                        None => number.parse().ok()?,
                    };
                    char::from_u32(code)?
                }
            };
            Some((c, end + 1))
        });
        match decoded {
            Some((c, length)) => {
                out.push(c);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// What an inline element does with its content.
#[derive(Debug, Clone)]
pub(super) enum Element {
    /// Encloses its content in an inline.
    Wrap(fn(Text) -> Inline),
    /// `<span lang>`
    Foreign(Language),
    /// `<code>`, `<kbd>`, `<samp>`, `<tt>`: its plain text
    Code,
    /// `<ruby>`
    Ruby,
    /// `<rt>`: reading of what stands before it
    Reading,
    /// `<rp>`: dropped
    RubyParenthesis,
    /// An element that only styles: its content stays.
    Transparent,
}

impl Element {
    /// The element that an opening tag begins; `None` for one that Keben does not know.
    pub(super) fn of(tag: &Tag) -> Option<Self> {
        Some(match tag.name.as_str() {
            "b" | "strong" => Self::Wrap(Inline::Strong),
            "i" | "em" => Self::Wrap(Inline::Emphasis),
            "u" | "ins" => Self::Wrap(Inline::Underline),
            "s" | "del" | "strike" => Self::Wrap(Inline::Strike),
            "mark" => Self::Wrap(Inline::Highlight),
            "sup" => Self::Wrap(Inline::Superscript),
            "sub" => Self::Wrap(Inline::Subscript),
            "name" => Self::Wrap(Inline::ProperName),
            "book" | "cite" => Self::Wrap(Inline::BookTitle),
            "code" | "kbd" | "samp" | "tt" => Self::Code,
            "ruby" => Self::Ruby,
            "rt" => Self::Reading,
            "rp" => Self::RubyParenthesis,
            "span" => match tag.attribute("lang").and_then(|lang| lang.parse().ok()) {
                Some(language) => Self::Foreign(language),
                None => Self::Transparent,
            },
            "rb" | "font" | "small" | "big" | "abbr" | "time" | "bdi" | "q" | "nobr" => {
                Self::Transparent
            }
            _ => return None,
        })
    }
}

/// What has been read of an element that is still open.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// An inline of its content.
    Inline(Inline),
    /// A reading inside `<ruby>`.
    Reading(String),
}

/// Puts the content of `<ruby>` together: each reading belongs to the base right before it.
pub(super) fn ruby(items: Vec<Item>) -> Vec<Inline> {
    let mut pairs: Vec<RubyPair> = Vec::new();
    let mut base = Text::default();
    for item in items {
        match item {
            Item::Inline(inline) => base.0.push(inline),
            Item::Reading(reading) => {
                let text = std::mem::take(&mut base).to_plain().trim().to_owned();
                if !text.is_empty() {
                    pairs.push(RubyPair { base: text, reading });
                }
            }
        }
    }
    let rest = base.to_plain();
    if !rest.trim().is_empty() {
        pairs.push(RubyPair { base: rest.trim().to_owned(), reading: String::new() });
    }
    if pairs.iter().any(|pair| !pair.reading.is_empty()) {
        vec![Inline::Ruby(pairs)]
    } else {
        vec![Inline::Plain(pairs.into_iter().map(|pair| pair.base).collect())]
    }
}
