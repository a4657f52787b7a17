//! Reading back the XHTML that [`super::content`] wrote: what page marks, faces and tests look at.
//!
//! Knows only what [`super::xml::Xml`] writes: elements, attributes in double quotes, text with the
//! four named entities, no comments and no CDATA sections.

use std::ops::Range;

/// One piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A start tag, or an empty element.
    Start {
        /// Name of the element.
        name: &'t str,
        /// What stands in the tag after the name.
        attributes: &'t str,
        /// Whether it closes itself.
        empty: bool,
    },
    /// An end tag.
    End,
    /// Text as it is written, with its entities.
    Text(&'t str),
}

/// The tokens of a document from its root element on, each with where it stands in bytes.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = (Range<usize>, Token<'_>)> {
    let mut at = text.find("<html").unwrap_or(text.len());
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let begin = at;
        let token = if let Some(tag) = rest.strip_prefix('<') {
            let end = tag.find('>').unwrap_or(tag.len());
            let inside = &tag[..end];
            at += 1 + (end + 1).min(tag.len());
            match inside.strip_prefix('/') {
                Some(_) => Token::End,
                None => {
                    let empty = inside.ends_with('/');
                    let inside = inside.strip_suffix('/').unwrap_or(inside);
                    let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
                    Token::Start { name, attributes, empty }
                }
            }
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            at += end;
            Token::Text(&rest[..end])
        };
        Some((begin..at, token))
    })
}

/// The value of an attribute as it is written.
pub(super) fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = attributes;
    while let Some((key, after)) = rest.split_once("=\"") {
        let (value, more) = after.split_once('"')?;
        if key.trim() == name {
            return Some(value);
        }
        rest = more;
    }
    None
}

/// Whether a class is among those of an element.
pub(super) fn has_class(attributes: &str, class: &str) -> bool {
    attribute(attributes, "class").is_some_and(|list| list.split(' ').any(|c| c == class))
}

/// The characters of written text, entities resolved, each with where it stands in bytes.
pub(super) fn chars(text: &str) -> impl Iterator<Item = (usize, char)> {
    const ENTITIES: [(&str, char); 4] =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"')];
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let begin = at;
        if let Some((entity, c)) = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)) {
            at += entity.len();
            return Some((begin, *c));
        }
        let c = rest.chars().next()?;
        at += c.len_utf8();
        Some((begin, c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_entities_are_told_apart() {
        let text = "<?xml?>\n<html lang=\"zh\"><br/>a&lt;&amp;b</html>";
        let got: Vec<Token<'_>> = tokens(text).map(|(_, token)| token).collect();
        assert_eq!(
            got,
            [
                Token::Start { name: "html", attributes: "lang=\"zh\"", empty: false },
                Token::Start { name: "br", attributes: "", empty: true },
                Token::Text("a&lt;&amp;b"),
                Token::End,
            ]
        );
        let read: String = chars("a&lt;&amp;b").map(|(_, c)| c).collect();
        assert_eq!(read, "a<&b");
        assert_eq!(attribute("class=\"a b\" id=\"x\"", "id"), Some("x"));
        assert!(has_class("class=\"a b\"", "b"));
    }
}
