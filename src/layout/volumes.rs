//! A book in volumes of at most so many pages: common contents, page numbers that run on.
//!
//! The book is set as a whole first. Where its sections begin decides where a volume ends; each
//! volume is then a book of its own that knows the page numbers of the whole.

use std::collections::BTreeMap;

use super::document::{Whole, lay_whole};
use crate::compose::{Anchor, Book, Element, Section, SectionKind, Volume};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::font::FontBook;
use crate::labels::Label;
use crate::model::Text;
use crate::numbering::chinese;
use crate::theme::Theme;

/// Divides a book as it asks for; `None` if it asks for nothing or fits into one volume.
///
/// A volume begins with a section, a part never stands without its first article, and a section
/// longer than a volume has one for itself and is reported.
pub fn volumes(
    book: &Book,
    theme: &Theme,
    fonts: &FontBook,
) -> Option<(Vec<Book>, Vec<Diagnostic>)> {
    let most = usize::from(book.volumes?);
    let whole = lay_whole(book, theme, fonts);
    if whole.pages <= most {
        return None;
    }
    let starts = starts(book, &whole);
    let first_body = starts.first().map(|(page, _)| *page)?;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut warnings = Vec::new();
    let mut used = 0;
    // Foreword pages stand in the first volume only; the others repeat the rest of the front.
    let mut at = 0;
    while at < starts.len() {
        let mut next = at + 1;
        if book.sections[starts[at].1].kind == SectionKind::Part && next < starts.len() {
            next += 1;
        }
        let end = starts.get(next).map_or(whole.pages, |(page, _)| *page);
        let pages = end.saturating_sub(starts[at].0);
        if groups.is_empty() || used + pages > most {
            used = first_body;
            groups.push(Vec::new());
        }
        if used + pages > most {
            warnings.push(too_long(&book.sections[starts[at].1], most));
        }
        used += pages;
        if let Some(group) = groups.last_mut() {
            group.extend(starts[at..next].iter().map(|(_, section)| *section));
        }
        at = next;
    }
    if groups.len() < 2 {
        return None;
    }
    let first_page = |group: &[usize]| {
        let first = group.first().and_then(|s| starts.iter().find(|(_, section)| section == s));
        first.map_or(0, |(page, _)| page.saturating_sub(first_body))
    };
    let made = groups
        .iter()
        .enumerate()
        .map(|(index, group)| volume(book, &whole.folios, index, group, first_page(group)))
        .collect();
    Some((made, warnings))
}

/// Pages that the sections of the body begin on, with their indices; sections that run on after
/// another on its page belong to it.
fn starts(book: &Book, whole: &Whole) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (index, section) in book.sections.iter().enumerate().filter(|(_, s)| !s.kind.is_front()) {
        let anchor = Anchor { section: section.id.clone(), element: None };
        let page = whole.places.get(&anchor).copied();
        let page = page.or(out.last().map(|(page, _)| *page)).unwrap_or(0);
        out.push((page, index));
    }
    out
}

fn volume(
    book: &Book,
    folios: &BTreeMap<Anchor, String>,
    index: usize,
    group: &[usize],
    first: usize,
) -> Book {
    let number = u32::try_from(index).unwrap_or(u32::MAX - 1) + 1;
    let name = match book.language.is_cjk() {
        true => format!("第{}{}", chinese(number), Label::Volume.text(&book.language)),
        false => format!("{} {number}", Label::Volume.text(&book.language)),
    };
    let front = book.sections.iter().filter(|s| s.kind.is_front());
    let mut sections: Vec<Section> =
        front.filter(|s| index == 0 || s.kind != SectionKind::Foreword).cloned().collect();
    for section in sections.iter_mut().filter(|s| s.kind == SectionKind::TitlePage) {
        let after = section.flow.iter().take_while(|e| is_title(e)).count();
        section.flow.insert(after, Element::Subtitle(Text::plain(name.as_str())));
    }
    sections.extend(group.iter().filter_map(|at| book.sections.get(*at)).cloned());
    let mut title = book.title.clone();
    title.0.push(crate::model::Inline::Plain(format!("（{name}）")));
    Book {
        title,
        sections,
        volumes: None,
        volume: Some(Volume {
            pages_before: u32::try_from(first).unwrap_or(u32::MAX),
            contents: book.contents(2),
            folios: folios.clone(),
        }),
        ..book.clone()
    }
}

fn is_title(element: &Element) -> bool {
    matches!(element, Element::Title(_) | Element::Subtitle(_))
}

fn too_long(section: &Section, most: usize) -> Diagnostic {
    let title = section.title.to_plain();
    let message = Message::new(
        format!("'{title}' does not fit into a volume of {most} pages; its volume is longer"),
        format!("“{title}”一册 {most} 页排不下，该册会更长"),
    );
    let mut out = Diagnostic::warning(Code::Overfull, message);
    out.file.clone_from(&section.origin);
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::compose::compose_packet;
    use crate::epub::sample::{bare_article, bare_packet};
    use crate::layout::layout;
    use crate::model::{Block, Contents, Cover, CoverDesign, Part};
    use crate::theme::builtin;

    #[test]
    fn volumes_keep_their_limit_share_contents_and_number_their_pages_on() {
        let article = |n: usize| {
            let mut article = bare_article(&format!("第{n}篇"));
            article.body = vec![Block::Paragraph("字里行间的网络。".repeat(200).as_str().into())];
            article
        };
        let part = |p: usize| {
            Contents::Part(Part {
                title: format!("部{p}").as_str().into(),
                intro: vec![],
                articles: (0..6).map(|n| article(p * 6 + n)).collect(),
            })
        };
        let mut packet = bare_packet("集", (0..3).map(part).collect());
        packet.cover = Cover::Drawn(CoverDesign::Frame);
        packet.study.volumes = Some(16);
        let book = compose_packet(&packet, Path::new("."), &mut Vec::new()).unwrap();
        let (theme, fonts) = (builtin("study").unwrap(), FontBook::new(&[], &mut Vec::new()));
        let (whole, _) = layout(&book, &theme, &fonts);
        let (volumes, warnings) = volumes(&book, &theme, &fonts).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        let made: Vec<_> = volumes.iter().map(|v| layout(v, &theme, &fonts).0).collect();
        assert!(made.len() >= 3);
        let body = |d: &crate::layout::Document| -> Vec<String> {
            let arabic = |l: &String| l.parse::<u32>().is_ok();
            d.pages.iter().map(|p| p.label.clone()).filter(arabic).collect()
        };
        assert!(made.iter().all(|d| d.pages.len() <= 16));
        assert_eq!(made.iter().flat_map(body).collect::<Vec<_>>(), body(&whole));
        assert!(volumes.iter().all(|v| v.volume.as_ref().unwrap().contents == book.contents(2)));
        // No volume ends with the opening page of a part.
        assert!(volumes.iter().all(|v| v.sections.last().unwrap().kind == SectionKind::Article));
    }
}
