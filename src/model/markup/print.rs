//! From inlines back to markup.

use super::convert::is_variation_selector;
use crate::model::{Inline, RubyPair, Text};

pub(super) fn to_markup(text: &Text) -> String {
    let mut out = String::new();
    write_text(text, &mut out);
    // white space at the end would be dropped as insignificant
    let kept = out.trim_end_matches([' ', '\t']).len();
    if kept < out.len() {
        let blanks = out.split_off(kept);
        blanks.chars().for_each(|c| write_entity(c, &mut out));
    }
    out
}

fn write_text(text: &Text, out: &mut String) {
    for inline in &text.0 {
        write_inline(inline, out);
    }
}

fn write_inline(inline: &Inline, out: &mut String) {
    match inline {
        Inline::Plain(s) => s.chars().for_each(|c| write_char(c, out)),
        Inline::Strong(text) => write_marked("**", "strong", text, out),
        Inline::Emphasis(text) => write_marked("*", "em", text, out),
        Inline::Strike(text) => write_marked("~~", "s", text, out),
        Inline::Highlight(text) => write_marked("==", "mark", text, out),
        Inline::Superscript(text) => write_element("sup", "", text, out),
        Inline::Subscript(text) => write_element("sub", "", text, out),
        Inline::ProperName(text) => write_element("name", "", text, out),
        Inline::BookTitle(text) => write_element("book", "", text, out),
        Inline::Underline(text) => write_element("u", "", text, out),
        Inline::Foreign { language, text } => {
            write_element("span", &format!(" lang=\"{language}\""), text, out);
        }
        Inline::Link { target, title, text } => {
            out.push('[');
            write_text(text, out);
            out.push_str("](");
            write_address(target, out);
            if let Some(title) = title {
                out.push_str(" \"");
                title.chars().for_each(|c| write_char(c, out));
                out.push('"');
            }
            out.push(')');
        }
        Inline::Image(image) => {
            out.push_str("![");
            image.alt.chars().for_each(|c| write_char(c, out));
            out.push_str("](");
            write_address(&image.src, out);
            out.push(')');
        }
        Inline::Code(code) => write_code(code, out),
        Inline::Ruby(pairs) => write_ruby(pairs, out),
        Inline::NoteRef(label) => {
            out.push_str("[^");
            out.push_str(label);
            out.push(']');
        }
        Inline::LineBreak => out.push_str("<br>"),
    }
}

/// Signs on both sides where CommonMark's flanking rules are sure to see them, else HTML tags.
fn write_marked(sign: &str, tag: &str, text: &Text, out: &mut String) {
    let mut inner = String::new();
    write_text(text, &mut inner);
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mark = &sign[..1];
    if is_word(inner.chars().next())
        && is_word(inner.chars().next_back())
        && !inner.contains(mark)
        && !out.ends_with(mark)
    {
        out.push_str(sign);
        out.push_str(&inner);
        out.push_str(sign);
    } else {
        out.push_str(&format!("<{tag}>{inner}</{tag}>"));
    }
}

fn write_element(tag: &str, attributes: &str, text: &Text, out: &mut String) {
    out.push_str(&format!("<{tag}{attributes}>"));
    write_text(text, out);
    out.push_str(&format!("</{tag}>"));
}

fn write_char(c: char, out: &mut String) {
    match c {
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '~' | '^' | '=' | '{' | '"' | '!' => {
            out.push('\\');
            out.push(c);
        }
        '\n' | '\r' => write_entity(c, out),
        c => out.push(c),
    }
}

fn write_entity(c: char, out: &mut String) {
    out.push_str(&format!("&#{};", c as u32));
}

/// `<…>` around an address, with what would end it written as entities or escapes.
fn write_address(address: &str, out: &mut String) {
    let plain = |c: char| c.is_alphanumeric() || ":/?#.-%+,;@".contains(c);
    if !address.is_empty() && address.chars().all(plain) {
        out.push_str(address);
        return;
    }
    out.push('<');
    for c in address.chars() {
        match c {
            '<' | '>' | '\\' | '&' | '`' | '*' | '_' | '~' | '^' | '{' | '[' | ']' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => write_entity(c, out),
            c if c.is_whitespace() => write_entity(c, out),
            c => out.push(c),
        }
    }
    out.push('>');
}

/// A code span fenced by one backtick more than it holds in a row; what a span can't hold (line
/// ends, nothing at all) is written as an element.
fn write_code(code: &str, out: &mut String) {
    if code.is_empty() || code.contains(['\n', '\r']) || out.ends_with('`') {
        out.push_str("<code>");
        code.chars().for_each(|c| write_char(c, out));
        out.push_str("</code>");
        return;
    }
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let all_blank = code.chars().all(|c| c == ' ');
    let padded = code.starts_with('`')
        || code.ends_with('`')
        || (code.starts_with(' ') && code.ends_with(' ') && !all_blank);
    let pad = if padded { " " } else { "" };
    out.push_str(&format!("{fence}{pad}{code}{pad}{fence}"));
}

fn write_ruby(pairs: &[RubyPair], out: &mut String) {
    let is_single = |base: &str| {
        let mut chars = base.chars();
        chars.next().is_some() && chars.all(is_variation_selector)
    };
    let is_word = |pair: &RubyPair| {
        is_single(&pair.base)
            && !pair.reading.is_empty()
            && !pair.reading.contains(char::is_whitespace)
    };
    let plain = |c: char| !"{}|\\\n\r".contains(c);
    let all_plain = pairs.iter().all(|p| p.base.chars().chain(p.reading.chars()).all(plain));
    if all_plain && !pairs.is_empty() && pairs.iter().all(is_word) {
        out.push('{');
        pairs.iter().flat_map(|p| p.base.chars()).for_each(|c| write_char(c, out));
        out.push('|');
        for (i, pair) in pairs.iter().enumerate() {
            if i > 0 {
                out.push(' ');
            }
            pair.reading.chars().for_each(|c| write_char(c, out));
        }
        out.push('}');
        return;
    }
    out.push_str("<ruby>");
    for (i, pair) in pairs.iter().enumerate() {
        if i > 0 && pairs[i - 1].reading.is_empty() {
            out.push_str("<rt></rt>"); // keeps two bases without reading apart
        }
        pair.base.chars().for_each(|c| write_char(c, out));
        if !pair.reading.is_empty() {
            out.push_str("<rt>");
            pair.reading.chars().for_each(|c| write_char(c, out));
            out.push_str("</rt>");
        }
    }
    out.push_str("</ruby>");
}
