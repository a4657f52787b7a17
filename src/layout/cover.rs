//! The drawn cover: four designs in the theme's colour, each for titles of any length.

use super::inline::Flat;
use super::paragraph::{one_line, set};
use super::setter::Setter;
use super::style::{Align, ParagraphStyle, TextStyle};
use super::{
    Color, Content, Item, NodeId, Page, Rect, Role as Tagged, Segment, Shape, Stroke, Tag,
};
use crate::compose::BookCover;
use crate::model::{CoverDesign, Text};
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
        BookCover::Drawn(design) => draw(setter, &mut page, design),
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

/// Where the lines of a cover stand, and in what colours.
#[derive(Clone, Copy)]
struct Sheet {
    node: NodeId,
    left: Pt,
    measure: Pt,
    align: Align,
    color: Color,
}

/// Warm white, as uncoated paper.
const PAPER: Color = Color { r: 250, g: 247, b: 240 };
const WHITE: Color = Color { r: 255, g: 255, b: 255 };

fn draw(setter: &mut Setter<'_>, page: &mut Page, design: CoverDesign) {
    let node = setter.node(Tagged::Sect, NodeId(0));
    match design {
        CoverDesign::Frame => frame(setter, page, node),
        CoverDesign::Band => band(setter, page, node),
        CoverDesign::Plain => plain(setter, page, node),
        CoverDesign::Slip => match columns(&setter.book.title.to_plain()) {
            Some(columns) => slip(setter, page, node, &columns),
            None => plain(setter, page, node), // Latin words do not stand upright
        },
    }
}

/// A double frame, the title in its upper half.
fn frame(setter: &mut Setter<'_>, page: &mut Page, node: NodeId) {
    let (width, height) = (page.width, page.height);
    let accent = setter.theme.accent;
    ground(page, PAPER);
    let inset = width * 0.062;
    for (distance, line) in [(inset, 1.6), (inset + Pt(4.5), 0.5)] {
        let rect = Rect {
            x: distance,
            y: distance,
            width: width - distance * 2.0,
            height: height - distance * 2.0,
        };
        outline(page, rect, accent, Pt(line));
    }
    let measure = width * 0.72;
    let left = (width - measure) / 2.0;
    let sheet = Sheet { node, left, measure, align: Align::Center, color: Color::BLACK };
    let size = title_size(setter, measure, height * 0.42);
    let y = titles(setter, page, sheet, size, height * 0.27) + size * 0.5;
    ornament(page, width / 2.0, y, measure * 0.16, accent);
    foot(setter, page, sheet, height * 0.86);
}

/// A band of colour over the whole width, title and subtitle in it.
fn band(setter: &mut Setter<'_>, page: &mut Page, node: NodeId) {
    let (width, height) = (page.width, page.height);
    let accent = setter.theme.accent;
    ground(page, WHITE);
    let (top, bottom) = (height * 0.18, height * 0.58);
    let rect = Rect { x: Pt::ZERO, y: top, width, height: bottom - top };
    push_shape(page, Shape::filled_rect(rect, accent));
    for y in [top - Pt(6.0), bottom + Pt(5.0)] {
        let rect = Rect { x: Pt::ZERO, y, width, height: Pt(1.0) };
        push_shape(page, Shape::filled_rect(rect, accent));
    }
    let left = width * 0.12;
    let measure = width - left * 2.0;
    let sheet = Sheet { node, left, measure, align: Align::Left, color: WHITE };
    let size = title_size(setter, measure, height * 0.24);
    let start = page.items.len();
    let end = titles(setter, page, sheet, size, Pt::ZERO);
    // In the middle of the band, whatever the title's length.
    let down = top + (bottom - top - end) / 2.0;
    page.items[start..].iter_mut().for_each(|item| item.shift(Pt::ZERO, down));
    foot(setter, page, Sheet { color: Color::BLACK, ..sheet }, height * 0.88);
}

/// White, a short bar, the title at the left.
fn plain(setter: &mut Setter<'_>, page: &mut Page, node: NodeId) {
    let (width, height) = (page.width, page.height);
    ground(page, WHITE);
    let left = width * 0.14;
    let measure = width * 0.72;
    let bar = Rect { x: left, y: height * 0.2, width: width * 0.11, height: Pt(5.0) };
    push_shape(page, Shape::filled_rect(bar, setter.theme.accent));
    let sheet = Sheet { node, left, measure, align: Align::Left, color: Color::BLACK };
    let size = title_size(setter, measure, height * 0.42);
    titles(setter, page, sheet, size, height * 0.24);
    foot(setter, page, sheet, height * 0.88);
}

/// Most characters in a column of a slip, and most columns.
const SLIP: (usize, usize) = (11, 3);

/// The columns of a title on a slip, right to left; `None` if it has Latin letters or is too long.
fn columns(title: &str) -> Option<Vec<Vec<char>>> {
    let chars: Vec<char> = title.chars().filter(|c| !c.is_whitespace()).collect();
    let upright = chars.iter().all(|c| *c >= '\u{2E80}' || *c == '·');
    let columns = chars.len().div_ceil(SLIP.0);
    if !upright || chars.is_empty() || columns > SLIP.1 {
        return None;
    }
    let each = chars.len().div_ceil(columns);
    Some(chars.chunks(each).map(<[char]>::to_vec).collect())
}

/// The title upright on a paper slip at the left, as on thread-bound books (题签).
fn slip(setter: &mut Setter<'_>, page: &mut Page, node: NodeId, columns: &[Vec<char>]) {
    let (width, height) = (page.width, page.height);
    let accent = setter.theme.accent;
    ground(page, accent);
    let most = columns.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let size = (height * 0.62 / (most * 1.16)).min(width * 0.105);
    let pitch = size * 1.16;
    let (pad, step) = (size * 0.7, size * 1.35);
    let (w, h) = (step * columns.len() as f64 + pad, pitch * most + pad * 2.0);
    let (x, y) = (width * 0.1, height * 0.09);
    push_shape(page, Shape::filled_rect(Rect { x, y, width: w, height: h }, PAPER));
    let inner = Rect { x: x + Pt(4.0), y: y + Pt(4.0), width: w - Pt(8.0), height: h - Pt(8.0) };
    outline(page, inner, accent, Pt(1.2));
    let title = setter.node(Tagged::Title, node);
    let style = setter.style(Role::Kai, size, title);
    for (at, column) in columns.iter().enumerate() {
        let left = x + w - (pad + step) / 2.0 - step * at as f64 - size / 2.0;
        for (row, c) in column.iter().enumerate() {
            let mut line = one_line(setter, &Flat::plain(&c.to_string(), style.clone()));
            let indent = (size - line.width) / 2.0;
            line.shift(left + indent, y + pad + pitch * row as f64 + size * 0.9);
            page.items.append(&mut line.items);
        }
    }
    let left = width * 0.45;
    let measure = width * 0.47;
    let sheet = Sheet { node, left, measure, align: Align::Right, color: PAPER };
    if let Some(subtitle) = &setter.book.subtitle {
        let node = setter.node(Tagged::P, node);
        let size = (width * 0.032).clamp_between(Pt(10.0), Pt(19.0));
        let style = TextStyle { color: PAPER, ..setter.style(Role::Kai, size, node) };
        lines(setter, page, subtitle, style, sheet, height * 0.1, 1.6);
    }
    foot(setter, page, sheet, height * 0.88);
}

/// As large as three lines of the title allow, and never more than `room` high in all.
fn title_size(setter: &Setter<'_>, measure: Pt, room: Pt) -> Pt {
    let chars = setter.book.title.to_plain().chars().count().max(1) as f64;
    let mut size = (measure * (2.6 / chars)).min(measure / 9.0).max(measure / 22.0);
    // A title of hundreds of characters is set as small as it must be.
    while size * 1.45 * (chars * (size / measure)).ceil() > room {
        size = size * 0.9;
    }
    size
}

/// Title and subtitle from `y` down; returns where the next may begin.
fn titles(setter: &mut Setter<'_>, page: &mut Page, sheet: Sheet, size: Pt, y: Pt) -> Pt {
    let book = setter.book;
    let node = setter.node(Tagged::Title, sheet.node);
    let style = TextStyle { color: sheet.color, ..setter.style(Role::Bold, size, node) };
    let mut y = lines(setter, page, &book.title, style, sheet, y, 1.45);
    if let Some(subtitle) = &book.subtitle {
        let node = setter.node(Tagged::P, sheet.node);
        // Readable from a shelf, however small a long title is.
        let size_below = (size * 0.56).max((page.width * 0.027).max(Pt(9.0)));
        let style = TextStyle { color: sheet.color, ..setter.style(Role::Kai, size_below, node) };
        y = lines(setter, page, subtitle, style, sheet, y + size * 0.35, 1.5);
    }
    y
}

/// Compiler, publisher and date, the last line at `y`.
fn foot(setter: &mut Setter<'_>, page: &mut Page, sheet: Sheet, y: Pt) {
    let book = setter.book;
    let small = (page.width * 0.72 / 27.0).clamp_between(Pt(9.0), Pt(15.0));
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
    let mut y = y - small * (1.8 * foot.len().saturating_sub(1) as f64);
    for text in foot {
        let node = setter.node(Tagged::P, sheet.node);
        let style = TextStyle { color: sheet.color, ..setter.style(Role::Kai, small, node) };
        y = lines(setter, page, &Text::plain(text), style, sheet, y, 1.8);
    }
}

fn ground(page: &mut Page, color: Color) {
    let rect = Rect { x: Pt::ZERO, y: Pt::ZERO, width: page.width, height: page.height };
    push_shape(page, Shape::filled_rect(rect, color));
}

fn outline(page: &mut Page, rect: Rect, color: Color, width: Pt) {
    let stroke = Stroke { color, width, dash: Vec::new() };
    push_shape(page, Shape { path: rect.outline(), fill: None, stroke: Some(stroke) });
}

/// Lines from `y` down; returns where the next may begin.
fn lines(
    setter: &mut Setter<'_>,
    page: &mut Page,
    text: &Text,
    style: TextStyle,
    sheet: Sheet,
    mut y: Pt,
    leading: f64,
) -> Pt {
    let size = style.size;
    let flat = Flat::new(setter, text, style);
    let paragraph = ParagraphStyle {
        measure: sheet.measure,
        first_indent: Pt::ZERO,
        indent: Pt::ZERO,
        align: sheet.align,
        preset: setter.theme.punctuation,
        by_sense: true,
        han_space: Em(1.0),
    };
    for mut line in set(setter, &flat, &paragraph) {
        line.shift(sheet.left, y + size * 0.88);
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
