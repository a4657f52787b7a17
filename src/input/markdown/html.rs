//! Blocks of raw HTML in Markdown: the few that people use for pictures and centring.

use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::{At, Block, Figure, Pos, Tag, Text};

/// Blocks of an HTML block. What holds other elements than [`is_block`] and inline ones is kept as
/// text, with a warning.
///
/// - `start`: where the block begins.
pub(super) fn blocks(html: &str, start: Option<Pos>, warnings: &mut Vec<Diagnostic>) -> Vec<Block> {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        reader.text(&rest[..at]);
        rest = &rest[at..];
        let length = if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("-->").map_or(rest.len(), |end| end + 7);
            if comment[..(end - 4).saturating_sub(3).min(comment.len())].trim() == "pagebreak" {
                reader.flush();
                reader.out.push(Block::PageBreak);
            }
            end
        } else {
            let end = tag_end(rest);
            let source = &rest[..end];
            let offset = html.len() - rest.len();
            match Tag::parse(source) {
                Some(tag) => reader.tag(&tag, source, place(html, offset, start)),
                None => reader.text(source),
            }
            end
        };
        rest = &rest[length..];
    }
    reader.text(rest);
    reader.flush();
    if let Some(name) = reader.unknown {
        let message = Message::new(
            format!("HTML element '{name}' is not understood: its text is kept"),
            format!("无法识别 HTML 元素“{name}”，保留其文字"),
        );
        warnings.push(Diagnostic::warning(Code::Syntax, message).at(start));
    }
    reader.out
}

/// Length of the tag at the beginning of `html`, quotes respected; 1 when it never ends.
fn tag_end(html: &str) -> usize {
    let mut quote = None;
    for (at, c) in html.char_indices() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(q)) if c == q => quote = None,
            ('>', None) => return at + 1,
            _ => {}
        }
    }
    html.chars().next().map_or(0, char::len_utf8)
}

/// Place in the file of an offset into the block.
fn place(html: &str, offset: usize, start: Option<Pos>) -> Option<Pos> {
    let before = &html[..offset];
    let lines = before.matches('\n').count() as u32;
    let columns = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32;
    start.map(|start| match lines {
        0 => Pos::new(start.line, start.column + columns),
        _ => Pos::new(start.line + lines, columns + 1),
    })
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "figure"
            | "picture"
            | "p"
            | "center"
            | "div"
            | "section"
            | "article"
            | "details"
            | "summary"
    )
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "big"
            | "book"
            | "cite"
            | "code"
            | "del"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "name"
            | "nobr"
            | "q"
            | "rb"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "wbr"
    )
}

#[derive(Default)]
struct Reader {
    out: Vec<Block>,
    /// Inline markup of the paragraph being read.
    inline: String,
    in_caption: bool,
    unknown: Option<String>,
}

impl Reader {
    /// Text between tags: HTML, so Markdown's signs mean nothing in it.
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if "\\`*_[]~^={!".contains(c) {
                self.inline.push('\\');
            }
            if c == '<' {
                self.inline.push_str("&lt;");
            } else {
                self.inline.push(c);
            }
        }
    }

    /// Ends the paragraph.
    fn flush(&mut self) {
        let source = std::mem::take(&mut self.inline);
        let source = source.trim();
        if source.is_empty() {
            return;
        }
        let text = Text::from_markup(source);
        if self.in_caption
            && let Some(Block::Figure(figure)) = self.out.last_mut()
            && figure.caption.is_none()
        {
            figure.caption = Some(text);
        } else {
            self.out.push(Block::Paragraph(text));
        }
    }

    fn tag(&mut self, tag: &Tag, source: &str, pos: Option<Pos>) {
        match tag.name.as_str() {
            "br" => self.inline.push_str("<br>"),
            "hr" => {
                self.flush();
                self.out.push(Block::Divider);
            }
            "img" if self.inline.trim().is_empty() => {
                let src = tag.attribute("src").or_else(|| tag.attribute("data-src"));
                let width = tag.attribute("width").and_then(|width| width.strip_suffix('%'));
                let some = |text: &&str| !text.is_empty();
                self.inline.clear();
                self.out.push(Block::Figure(Figure {
                    src: Some(At { value: src.unwrap_or_default().to_owned(), pos }),
                    alt: tag.attribute("alt").filter(some).map(str::to_owned),
                    caption: tag.attribute("title").filter(some).map(Text::plain),
                    credit: None,
                    width: width.and_then(|w| w.parse().ok()).filter(|w| (1..=100).contains(w)),
                    id: None,
                }));
            }
            "img" => self.inline.push_str(source),
            "figcaption" => {
                self.flush();
                if !tag.closing
                    && let Some(Block::Figure(figure)) = self.out.last_mut()
                {
                    figure.caption = None; // the caption proper, over the picture's title
                }
                self.in_caption = !tag.closing;
            }
            name if is_block(name) => self.flush(),
            name if is_inline(name) => self.inline.push_str(source),
            name => {
                self.flush();
                self.unknown.get_or_insert_with(|| name.to_owned());
            }
        }
    }
}
