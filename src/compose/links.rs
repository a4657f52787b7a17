//! Where links lead: [`Book::resolve`], and the report of those that lead nowhere.

use std::path::{Path, PathBuf};

use super::pictures::normal;
use super::walk::{self, Node};
use super::{Anchor, Book, LinkTarget, Section, SectionId, percent_decode};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::{At, Block, Inline, Text};

/// What a link means that says no more than 见.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The place it leads to.
    pub anchor: Anchor,
    /// What the place is called, for readers without pages: `图 3`, or a title in marks.
    pub name: String,
}

/// Words by which a link asks for the place it leads to.
const SEE: [&str; 9] = ["见", "参见", "详见", "另见", "見", "參見", "詳見", "see", "See"];

impl Book {
    /// The reference that a link makes if its text is only 见 or a word like it and it leads to a
    /// place in the book; paged output then says on which page, others what the place is called.
    pub fn reference(&self, section: &SectionId, target: &str, text: &Text) -> Option<Reference> {
        if !SEE.contains(&text.to_plain().trim()) {
            return None;
        }
        let LinkTarget::Internal(anchor) = self.resolve(section, target) else { return None };
        let there = self.sections.iter().find(|s| s.id == anchor.section)?;
        let quoted = |title: &Text| match there.language.is_cjk() {
            true => format!("《{}》", title.to_plain()),
            false => format!(" “{}”", title.to_plain()),
        };
        let Some(id) = &anchor.element else {
            return Some(Reference { name: quoted(&there.title), anchor });
        };
        let mut name = there.labels.get(id).cloned();
        for element in &there.flow {
            walk::element(element, &mut |node| {
                if let Node::Block(Block::Heading(heading)) = node
                    && heading.id.as_ref().is_some_and(|i| i.value == *id)
                {
                    name.get_or_insert_with(|| match there.language.is_cjk() {
                        true => format!("“{}”", heading.text.to_plain()),
                        false => quoted(&heading.text),
                    });
                }
            });
        }
        let name = name.unwrap_or_else(|| quoted(&there.title));
        Some(Reference { name, anchor })
    }

    /// Where a link written in `section` leads.
    ///
    /// - `#id`: the element in the same section, else the only one of that name in the book, else
    ///   the section of that name;
    /// - `article-id`, `article-id#id`: by the name its author gave it, or its section's;
    /// - `file.md`, `file.md#id`: by the file it was read from, relative to `section`'s own;
    /// - `http:`, `https:`, `mailto:`, `tel:`, `ftp:`: outside, with everything that may not stand
    ///   in an address percent-encoded (RFC 3986 §2).
    ///
    /// Anything else is [`LinkTarget::Dead`].
    pub fn resolve(&self, section: &SectionId, target: &str) -> LinkTarget {
        let target = target.trim();
        if let Some(address) = external(target) {
            return LinkTarget::External(address);
        }
        let (place, element) = match target.split_once('#') {
            Some((place, element)) => (place, Some(element)),
            None => (target, None),
        };
        let here = self.sections.iter().find(|s| s.id == *section);
        let found = if place.is_empty() {
            element.and_then(|id| self.element(here, id))
        } else {
            self.place(here, place).and_then(|there| match element.filter(|id| !id.is_empty()) {
                None => Some(Anchor { section: there.id.clone(), element: None }),
                Some(id) => anchor_in(there, id),
            })
        };
        found.map_or(LinkTarget::Dead, LinkTarget::Internal)
    }

    /// The element `id`, sought from `here`.
    fn element(&self, here: Option<&Section>, id: &str) -> Option<Anchor> {
        if let Some(anchor) = here.and_then(|s| anchor_in(s, id)) {
            return Some(anchor);
        }
        let mut found = self.sections.iter().filter_map(|s| anchor_in(s, id));
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) => None, // ambiguous
            (None, _) => {
                let section = self.sections.iter().find(|s| is_called(s, id))?;
                Some(Anchor { section: section.id.clone(), element: None })
            }
        }
    }

    /// The section that `place` names, by name or by file.
    fn place(&self, here: Option<&Section>, place: &str) -> Option<&Section> {
        if let Some(section) = self.sections.iter().find(|s| is_called(s, place)) {
            return Some(section);
        }
        let folder = here.and_then(|s| s.origin.as_deref()).and_then(Path::parent);
        let wanted =
            |place: &str| -> PathBuf { normal(&folder.unwrap_or(Path::new("")).join(place)) };
        [place.to_owned(), percent_decode(place)].iter().find_map(|place| {
            let wanted = wanted(place);
            self.sections.iter().find(|s| {
                // The file's name first: it is cheap and tells most apart.
                s.origin.as_deref().is_some_and(|origin| {
                    origin.file_name() == wanted.file_name() && normal(origin) == wanted
                })
            })
        })
    }

    /// Every link that leads nowhere, in reading order, as warnings.
    pub(super) fn dead_links(&self) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        for section in &self.sections {
            let mut visit = |node: Node<'_>| {
                let Node::Text(text) = node else { return };
                text.visit(&mut |inline| {
                    if let Inline::Link { target, .. } = inline
                        && self.resolve(&section.id, target) == LinkTarget::Dead
                    {
                        out.push(dead(target, section));
                    }
                });
            };
            section.flow.iter().for_each(|element| walk::element(element, &mut visit));
            let notes = section.note_order.iter().filter_map(|label| section.notes.get(label));
            notes.for_each(|body| walk::blocks(body, &mut visit));
        }
        out
    }
}

fn anchor_in(section: &Section, id: &str) -> Option<Anchor> {
    let decoded;
    let id = if section.anchors.contains(id) {
        id
    } else {
        decoded = percent_decode(id);
        section.anchors.get(&decoded)?
    };
    Some(Anchor { section: section.id.clone(), element: Some(id.to_owned()) })
}

fn is_called(section: &Section, name: &str) -> bool {
    section.name.as_deref() == Some(name) || section.id.0 == name
}

fn dead(target: &At<String>, section: &Section) -> Diagnostic {
    let message = Message::new(
        format!("the link '{}' leads nowhere; its text is set without it", target.value),
        format!("链接“{}”没有去处，只排文字", target.value),
    );
    let mut diagnostic = Diagnostic::warning(Code::DeadLink, message).at(target.pos);
    diagnostic.file.clone_from(&section.origin);
    if target.value.starts_with("www.") {
        return diagnostic.hint(Message::new(
            format!("write https://{}", target.value),
            format!("请写作 https://{}", target.value),
        ));
    }
    diagnostic
}

/// The address of a place outside the book, safe to stand in any file; `None` for what is none.
pub(super) fn external(target: &str) -> Option<String> {
    let (scheme, rest) = target.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let usable = match scheme.as_str() {
        "http" | "https" | "ftp" => rest.strip_prefix("//").is_some_and(has_host),
        "mailto" => rest.contains('@'),
        "tel" => rest.bytes().any(|b| b.is_ascii_digit()),
        _ => false,
    };
    usable.then(|| format!("{scheme}:{}", encode(rest)))
}

/// Whether an address begins with a host as RFC 3986 §3.2 has it (an internationalised one too).
fn has_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') && !port.ends_with(']') => (host, port),
        _ => (host, ""),
    };
    let inner = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let host_ok = match inner {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))
                && host.split('.').all(|label| !label.is_empty() || host.ends_with('.'))
        }
    };
    host_ok && (port.is_empty() || port.parse::<u16>().is_ok())
}

/// Percent-encodes what may not stand in an address; a `%` that begins no code is encoded too.
fn encode(rest: &str) -> String {
    let bytes = rest.as_bytes();
    let authority_end =
        rest.get(2..).and_then(|r| r.find(['/', '?', '#'])).map_or(rest.len(), |i| i + 2);
    let is_web = rest.starts_with("//");
    let mut out = String::with_capacity(rest.len());
    let mut fragment = false;
    for (at, c) in rest.char_indices() {
        let hex = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_hexdigit);
        let keep = match c {
            '%' => hex(at + 1) && hex(at + 2),
            '#' => !std::mem::replace(&mut fragment, true), // a second one may not stand there
            // A host keeps its letters: it is encoded by IDNA, not by percent signs.
            _ if is_web && at < authority_end => true,
            '[' | ']' => false,
            _ => c.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(c),
        };
        if keep {
            out.push(c);
        } else {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_so_that_they_can_stand_in_any_file() {
        let check = |from: &str, to: Option<&str>| {
            assert_eq!(external(from).as_deref(), to, "{from}");
        };
        check(
            "https://a.cn/路 径?q=一#节",
            Some("https://a.cn/%E8%B7%AF%20%E5%BE%84?q=%E4%B8%80#%E8%8A%82"),
        );
        check("HTTP://a.cn:80/%E8%8A?100%", Some("http://a.cn:80/%E8%8A?100%25"));
        check("https://[::1]/x[1]", Some("https://[::1]/x%5B1%5D"));
        check("https://例子.中国/", Some("https://例子.中国/"));
        check("mailto:a@b.c", Some("mailto:a@b.c"));
        for bad in [
            "http://",
            "https:///x",
            "http://a b/",
            "http://a:b/",
            "javascript:alert(1)",
            "file:///etc",
            "x",
        ] {
            check(bad, None);
        }
    }
}
