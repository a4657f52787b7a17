//! The drawn cover: a framed title page in the theme's colour, for titles of any length.

use super::inline::Flat;
use super::paragraph::{one_line, set};
use super::setter::Setter;
use super::style::{Align, ParagraphStyle, TextStyle};
use super::{
    Color, Content, Item, NodeId, Page, Rect, Role as Tagged, Segment, Shape, Stroke, Tag,
};
use crate::compose::BookCover;
use crate::model::Text;
use crate::theme::Role;
use crate::units::{Em, Pt};

/// The cover as a page; `None` if the book has none.
pub(crate) fn cover(setter: &mut Setter<'_>) -> Option<Page> {
    let paper = setter.theme.page.paper;
    let mut page = Page { width: paper.width, height: paper.height, ..Page::default() };
    match setter.book.cover {
        BookCover::None => return None,
        BookCover::Picture(id) => {
            let node = setter.node(Tagged::Figure, NodeId(0));
            let alt = setter.book.title.to_plain();
            if let Some(node) = setter.node_mut(node) {
                node.alt = Some(alt);
            }
            let rect = fill(setter, id, paper.width, paper.height);
            page.items.push(Item {
                tag: Tag::Node(node),
                content: Content::Picture { picture: id, rect },
            });
        }
        BookCover::Drawn(_) => draw(setter, &mut page),
    }
    Some(page)
}

/// Scales a picture to cover the page, cut evenly on both sides.
fn fill(setter: &Setter<'_>, id: crate::picture::PictureId, width: Pt, height: Pt) -> Rect {
    let (w, h) = setter
        .book
        .pictures
        .0
        .get(id.0 as usize)
        .map_or((width, height), |p| (p.width.max(Pt(1e-3)), p.height.max(Pt(1e-3))));
    let scale = (width / w).max(height / h);
    let (w, h) = (w * scale, h * scale);
    Rect { x: (width - w) / 2.0, y: (height - h) / 2.0, width: w, height: h }
}

fn draw(setter: &mut Setter<'_>, page: &mut Page) {
    let (width, height) = (page.width, page.height);
    let accent = setter.theme.accent;
    let node = setter.node(Tagged::Sect, NodeId(0));
    let ground = Rect { x: Pt::ZERO, y: Pt::ZERO, width, height };
    push_shape(page, Shape::filled_rect(ground, Color { r: 250, g: 247, b: 240 }));
    let inset = width * 0.062;
    for (distance, line) in [(inset, 1.6), (inset + Pt(4.5), 0.5)] {
        let rect = Rect {
            x: distance,
            y: distance,
            width: width - distance * 2.0,
            height: height - distance * 2.0,
        };
        let stroke = Stroke { color: accent, width: Pt(line), dash: Vec::new() };
        push_shape(page, Shape { path: rect.outline(), fill: None, stroke: Some(stroke) });
    }
    let measure = width * 0.72;
    let left = (width - measure) / 2.0;
    let book = setter.book;

    // Title: as large as three lines of it allow.
    let title_node = setter.node(Tagged::Title, node);
    let chars = book.title.to_plain().chars().count().max(1) as f64;
    let mut size = (measure * (2.6 / chars)).min(measure / 9.0).max(measure / 22.0);
    // A title of hundreds of characters is set as small as it must be to stay in its half.
    while size * 1.45 * (chars * (size / measure)).ceil() > height * 0.42 {
        size = size * 0.9;
    }
    let mut y = height * 0.27;
    let style = setter.style(Role::Bold, size, title_node);
    y = centred(setter, page, &book.title, style, (left, measure), y, 1.45);
    if let Some(subtitle) = &book.subtitle {
        let node = setter.node(Tagged::P, node);
        let style = setter.style(Role::Kai, (size * 0.56).max(Pt(11.0)), node);
        y = centred(setter, page, subtitle, style, (left, measure), y + size * 0.35, 1.5);
    }
    y += size * 0.5;
    ornament(page, width / 2.0, y, measure * 0.16, accent);

    let small = (measure / 27.0).clamp_between(Pt(9.0), Pt(15.0));
    let mut foot: Vec<String> = book
        .creators
        .iter()
        .map(|c| match &c.affiliation {
            Some(affiliation) => format!("{}　{}", c.name, affiliation),
            None => c.name.clone(),
        })
        .collect();
    foot.extend(book.publisher.clone());
    if let Some(date) = book.date {
        foot.push(crate::labels::date(date, &book.language));
    }
    let mut y = height * 0.86 - small * (1.8 * foot.len().saturating_sub(1) as f64);
    for text in foot {
        let node = setter.node(Tagged::P, node);
        let style = setter.style(Role::Kai, small, node);
        y = centred(setter, page, &Text::plain(text), style, (left, measure), y, 1.8);
    }
}

/// Centred lines from `y` down; returns where the next may begin.
fn centred(
    setter: &mut Setter<'_>,
    page: &mut Page,
    text: &Text,
    style: TextStyle,
    (left, measure): (Pt, Pt),
    mut y: Pt,
    leading: f64,
) -> Pt {
    let size = style.size;
    let flat = Flat::new(setter, text, style);
    let paragraph = ParagraphStyle {
        measure,
        first_indent: Pt::ZERO,
        indent: Pt::ZERO,
        align: Align::Center,
        preset: setter.theme.punctuation,
        by_sense: true,
        han_space: Em(1.0),
    };
    for mut line in set(setter, &flat, &paragraph) {
        line.shift(left, y + size * 0.88);
        page.items.append(&mut line.items);
        y += size * leading;
    }
    y
}

/// A short rule with a diamond in its middle.
fn ornament(page: &mut Page, x: Pt, y: Pt, half: Pt, color: Color) {
    for (from, width) in [(x - half, half - Pt(8.0)), (x + Pt(8.0), half - Pt(8.0))] {
        push_shape(page, Shape::filled_rect(Rect { x: from, y, width, height: Pt(0.7) }, color));
    }
    let r = Pt(3.2);
    let y = y + Pt(0.35);
    let path = vec![
        Segment::Move(x, y - r),
        Segment::Line(x + r, y),
        Segment::Line(x, y + r),
        Segment::Line(x - r, y),
        Segment::Close,
    ];
    push_shape(page, Shape { path, fill: Some(color), stroke: None });
}

fn push_shape(page: &mut Page, shape: Shape) {
    page.items.push(Item { tag: Tag::Artifact, content: Content::Shape(shape) });
}

impl Pt {
    fn clamp_between(self, low: Pt, high: Pt) -> Pt {
        self.max(low).min(high)
    }
}

/// Running head or folio: one line of small type, cut where it is too long.
pub(crate) fn margin_line(
    setter: &mut Setter<'_>,
    text: &str,
    style: &TextStyle,
    most: Pt,
) -> super::line::Line {
    let mut shown: String = text.to_owned();
    loop {
        let line = one_line(setter, &Flat::plain(&shown, style.clone()));
        let count = shown.chars().count();
        if line.width <= most || count <= 4 {
            return line;
        }
        let keep = ((count as f64 * (most / line.width)) as usize).clamp(2, count - 2) - 1;
        shown = shown.chars().take(keep).collect::<String>() + "……";
    }
}
