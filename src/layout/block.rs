//! Blocks → strips: paragraphs, headings, quotations, poems, lists, code, boxes.

use super::inline::Flat;
use super::paragraph::{label_role, set};
use super::setter::Setter;
use super::strip::{
    Break, FRAME_ASCENT, Running, Strip, fill_to_grid, paragraph_strips, whole_lines,
};
use super::style::{Align, ParagraphStyle, TextStyle};
use super::{Color, NodeId, Rect, Role as Tagged, Segment, Shape, decoration, figure, list, table};
use crate::compose::Anchor;
use crate::labels::Label;
use crate::model::{Block, Callout, Code, Heading, Poem, Quote, Text};
use crate::theme::{HeadAlign, HeadingStyle, Role};
use crate::units::{Em, Pt};

/// Where blocks are set and in what type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area {
    /// Left edge, from that of the column.
    pub left: Pt,
    /// Width of lines.
    pub measure: Pt,
    /// Face of running text.
    pub role: Role,
    /// Type size.
    pub size: Pt,
    /// Distance of baselines.
    pub pitch: Pt,
    /// Indent of first lines.
    pub indent: Em,
    /// Structure node that what is set belongs to.
    pub node: NodeId,
}

impl Area {
    /// The same area made narrower.
    pub(crate) fn inset(self, left: Pt, right: Pt) -> Self {
        // At least four characters: deeper nesting stays readable instead of vanishing.
        let floor = self.size * 4.0;
        let left = left.min((self.measure - right - floor).max(Pt::ZERO));
        Self { left: self.left + left, measure: (self.measure - left - right).max(floor), ..self }
    }

    fn paragraph(&self, setter: &Setter<'_>, align: Align, indent: Em) -> ParagraphStyle {
        ParagraphStyle {
            measure: self.measure,
            first_indent: indent.at(self.size),
            indent: Pt::ZERO,
            align,
            preset: setter.theme.punctuation,
            by_sense: false,
            han_space: Em(0.25),
        }
    }
}

/// Sets blocks one after the other.
pub(crate) fn blocks(setter: &mut Setter<'_>, blocks: &[Block], area: Area) -> Vec<Strip> {
    blocks_from(setter, blocks, area, &mut Vec::new())
}

/// Sets blocks one after the other, adding to `starts` the index of each one's first strip.
pub(crate) fn blocks_from(
    setter: &mut Setter<'_>,
    blocks: &[Block],
    area: Area,
    starts: &mut Vec<usize>,
) -> Vec<Strip> {
    let mut out: Vec<Strip> = Vec::new();
    let mut turn = false;
    let mut after_heading = false;
    // Height of what stands below the last heading, and how much of it stays with the heading.
    let (mut below, mut wanted) = (Pt::ZERO, Pt::ZERO);
    for block in blocks {
        starts.push(out.len());
        let is_text = matches!(block, Block::Paragraph(_) | Block::Poem(_));
        let mut strips = match block {
            Block::PageBreak => {
                turn = true;
                continue;
            }
            Block::Footnotes(_) => continue, // set where they are referred to
            Block::Heading(h) => heading(setter, h, area, after_heading),
            Block::Paragraph(text) => paragraph(setter, text, area),
            Block::Quote(q) => quote(setter, q, area),
            Block::Poem(p) => poem(setter, p, area),
            Block::List(l) => list::list(setter, l, area, 0),
            Block::Definitions(d) => list::definitions(setter, d, area),
            Block::Table(t) => table::table(setter, t, area),
            Block::Figure(f) => figure::figure(setter, f, area),
            Block::Code(c) => code(setter, c, area),
            Block::Callout(c) => callout(setter, c, area),
            Block::Divider => divider(setter, area),
        };
        if is_text {
            strips.iter_mut().for_each(|s| s.counted = !s.blank);
        }
        if std::mem::take(&mut turn)
            && let Some(first) = strips.first_mut()
        {
            first.before = Break::Page;
        }
        // 背题: a heading never ends a page; what follows it stays, enough lines of text at least, but
        // nothing beyond the next heading.
        if matches!(block, Block::Heading(_)) && !after_heading {
            wanted = Pt::ZERO;
        }
        for strip in strips.iter_mut().take_while(|s| s.before != Break::Page) {
            // A figure after the first text may leave it: the text behind fills the page.
            if below >= wanted || (strip.floats && below > Pt::ZERO) {
                wanted = Pt::ZERO;
                break;
            }
            strip.before = Break::Forbidden;
            strip.floats = false;
            below += strip.height;
        }
        if let Block::Heading(h) = block {
            below = Pt::ZERO;
            wanted = area.pitch * f64::from(lines_below(h.level));
        }
        after_heading = matches!(block, Block::Heading(_));
        out.append(&mut strips);
    }
    out
}

/// Lines of text that stand below a heading at the foot of a page: three below the first level,
/// which is the second after the title, two below smaller ones (typesetting.md §7).
fn lines_below(level: u8) -> u8 {
    if level <= 1 { 3 } else { 2 }
}

fn shifted(mut strips: Vec<Strip>, dx: Pt) -> Vec<Strip> {
    for strip in &mut strips {
        strip.shift(dx, Pt::ZERO);
    }
    strips
}

/// Sets rich text as one paragraph of an area.
pub(crate) fn paragraph(setter: &mut Setter<'_>, text: &Text, area: Area) -> Vec<Strip> {
    let node = setter.node(Tagged::P, area.node);
    let style = setter.style(area.role, area.size, node);
    let flat = Flat::new(setter, text, style);
    let paragraph = area.paragraph(setter, Align::Justify, area.indent);
    let lines = set(setter, &flat, &paragraph);
    shifted(paragraph_strips(lines, area.size, area.pitch), area.left)
}

/// Sets one paragraph without indent, aligned as asked.
pub(crate) fn aligned(
    setter: &mut Setter<'_>,
    text: &Text,
    area: Area,
    align: Align,
    color: Color,
) -> Vec<Strip> {
    let node = setter.node(Tagged::P, area.node);
    let plain = setter.style(area.role, area.size, node);
    let color = if color == Color::BLACK { plain.color } else { color };
    let style = TextStyle { color, ..plain };
    let flat = Flat::new(setter, text, style);
    let mut paragraph = area.paragraph(setter, align, Em::ZERO);
    paragraph.by_sense = align == Align::Center;
    let lines = set(setter, &flat, &paragraph);
    let mut strips = shifted(paragraph_strips(lines, area.size, area.pitch), area.left);
    strips.iter_mut().skip(1).for_each(|s| s.before = Break::Forbidden);
    strips
}

fn heading(setter: &mut Setter<'_>, heading: &Heading, area: Area, stacked: bool) -> Vec<Strip> {
    let theme = setter.theme;
    let style = theme.heading(heading.level);
    let node = setter.node(Tagged::H(heading.level.clamp(1, 5) + 1), area.node);
    let mut strips = titling(setter, &heading.text, style, area, node, if stacked { 1 } else { 0 });
    if let Some(first) = strips.first_mut().filter(|_| heading.level <= 1) {
        first.running = Some(Running::Heading(heading.text.to_plain()));
    }
    if let (Some(section), Some(id), Some(first)) =
        (setter.section, &heading.id, strips.first_mut())
    {
        first.anchors.push(Anchor { section: section.id.clone(), element: Some(id.value.clone()) });
    }
    strips
}

/// A heading as one strip of whole body lines (占行), its lines in the middle, a little low so that
/// it belongs to what follows. Stacked headings take `less` lines less. A heading that would fill
/// most of a page is a strip for each of its lines.
pub(crate) fn titling(
    setter: &mut Setter<'_>,
    text: &Text,
    style: &HeadingStyle,
    area: Area,
    node: NodeId,
    less: u16,
) -> Vec<Strip> {
    let page = &setter.theme.page;
    let (body, pitch) = (page.size, page.pitch);
    let align = match style.align {
        HeadAlign::Left => Align::Left,
        HeadAlign::Center => Align::Center,
    };
    let indent = style.indent.at(body);
    // No wider than four fifths of the measure when centred (typesetting.md §7).
    let (left, measure) = match align {
        Align::Center => (area.left + area.measure * 0.1, area.measure * 0.8),
        _ => (area.left + indent, area.measure - indent),
    };
    let mut text_style = setter.style(style.face, style.size, node);
    text_style.color = style.color.unwrap_or(text_style.color);
    let flat = Flat::new(setter, text, text_style);
    let paragraph = ParagraphStyle {
        measure,
        first_indent: Pt::ZERO,
        indent: Pt::ZERO,
        align,
        preset: setter.theme.punctuation,
        by_sense: true,
        han_space: Em(1.0),
    };
    let lines = set(setter, &flat, &paragraph);
    let own_pitch = style.size * 1.35;
    let extra = own_pitch * lines.len().saturating_sub(1) as f64;
    let one_line = pitch * f64::from(style.lines.saturating_sub(less).max(1));
    let height = whole_lines(one_line.max(style.size) + extra, pitch);
    let ink = style.size + extra;
    // The gap below the last body line of the strip belongs to the pitch, not to the heading.
    let free = height - (pitch - body) - ink;
    let top = (free * 0.55).max(Pt::ZERO);
    if height > page.height() * 0.6 {
        return shifted(paragraph_strips(lines, style.size, own_pitch), left);
    }
    let mut strip = Strip { height, ..Strip::default() };
    for (index, mut line) in lines.into_iter().enumerate() {
        line.shift(left, Pt::ZERO);
        strip.add_line(line, top + style.size * FRAME_ASCENT + own_pitch * index as f64);
    }
    vec![strip]
}

fn quote(setter: &mut Setter<'_>, quote: &Quote, area: Area) -> Vec<Strip> {
    let node = setter.node(Tagged::BlockQuote, area.node);
    let em = setter.theme.page.size;
    let inner = Area { role: Role::Kai, node, ..area.inset(em * 2.0, em * 2.0) };
    let mut strips = blocks(setter, &quote.body, inner);
    if let Some(attribution) = &quote.attribution {
        let mut text = Text::plain("——");
        text.0.extend(attribution.0.iter().cloned());
        let mut line = aligned(setter, &text, inner, Align::Right, Color::BLACK);
        line.iter_mut().for_each(|s| s.before = Break::Forbidden);
        strips.append(&mut line);
    }
    strips
}

fn poem(setter: &mut Setter<'_>, poem: &Poem, area: Area) -> Vec<Strip> {
    let node = setter.node(Tagged::Div, area.node);
    let area = Area { node, role: Role::Kai, ..area };
    let mut out = vec![Strip::space(area.pitch)];
    if let Some(title) = &poem.title {
        let inner = Area { role: label_role(Role::Song), ..area };
        out.extend(aligned(setter, title, inner, Align::Center, Color::BLACK));
    }
    if let Some(author) = &poem.author {
        let inner = Area { size: setter.theme.small.max(area.size * 0.85), ..area };
        out.extend(aligned(setter, author, inner, Align::Center, Color::BLACK));
    }
    // Lines share one left edge, placed so that the longest stands in the middle.
    let mut stanzas = Vec::new();
    let mut widest = Pt::ZERO;
    for stanza in &poem.stanzas {
        let mut lines = Vec::new();
        for text in stanza {
            let node = setter.node(Tagged::P, node);
            let style = setter.style(Role::Kai, area.size, node);
            let flat = Flat::new(setter, text, style);
            let mut paragraph = area.paragraph(setter, Align::Left, Em::ZERO);
            paragraph.indent = area.size * 2.0;
            paragraph.han_space = Em(1.0);
            for line in set(setter, &flat, &paragraph) {
                widest = widest.max(line.width);
                lines.push(line);
            }
        }
        stanzas.push(lines);
    }
    let left = area.left + ((area.measure - widest) / 2.0).max(Pt::ZERO);
    let count = stanzas.len();
    for (index, lines) in stanzas.into_iter().enumerate() {
        let mut strips = shifted(paragraph_strips(lines, area.size, area.pitch), left);
        // A stanza is kept whole if it is short: a quatrain on two pages is no quatrain.
        if strips.len() <= 8 {
            strips.iter_mut().skip(1).for_each(|s| s.before = Break::Forbidden);
        }
        out.append(&mut strips);
        if index + 1 < count {
            out.push(Strip::space(area.pitch));
        }
    }
    if poem.title.is_some() || poem.author.is_some() {
        let heads = usize::from(poem.title.is_some()) + usize::from(poem.author.is_some());
        out.iter_mut().skip(2).take(heads).for_each(|s| s.before = Break::Forbidden);
    }
    out.push(Strip::space(area.pitch));
    out
}

/// A listing of up to so many lines is never divided.
const WHOLE_CODE: usize = 5;

fn code(setter: &mut Setter<'_>, code: &Code, area: Area) -> Vec<Strip> {
    let grid = setter.theme.page.pitch;
    let size = setter.theme.small;
    let pitch = setter.theme.small_pitch;
    // Code is inline to the standard: a paragraph holds it (ISO 32000-1, 14.8.4.4).
    let group = setter.node(Tagged::Div, area.node);
    let mut out = Vec::new();
    if let Some(caption) = &code.caption {
        let inner = Area { role: Role::Hei, size, pitch, node: group, ..area };
        out.extend(aligned(setter, caption, inner, Align::Left, Color::BLACK));
    }
    let node = setter.node(Tagged::P, group);
    let node = setter.node(Tagged::Code, node);
    let pad = size * 0.8;
    let inner = area.inset(pad, pad);
    let mut style = setter.style(Role::Mono, size, node);
    style.marks.code = true;
    let paragraph = ParagraphStyle {
        measure: inner.measure,
        first_indent: Pt::ZERO,
        indent: size * 2.0,
        align: Align::Left,
        preset: crate::text::Preset::Plain,
        by_sense: false,
        han_space: Em(0.25),
    };
    let mut rows = Vec::new();
    for text in code.text.split('\n') {
        // Tabs to the next multiple of four columns, as editors show them.
        let flat = Flat::plain(&expand_tabs(text), style.clone());
        let lines = set(setter, &flat, &paragraph);
        if lines.is_empty() {
            rows.push(Strip { height: pitch, ..Strip::default() });
        }
        rows.extend(lines.into_iter().map(|line| Strip::line(line, size, pitch)));
    }
    let mut rows = shifted(rows, inner.left);
    let count = rows.len();
    let half = pitch * 0.3;
    for (index, row) in rows.iter_mut().enumerate() {
        let (first, last) = (index == 0, index + 1 == count);
        if first {
            row.shift(Pt::ZERO, half);
            row.height += half;
        }
        if last {
            row.height += half - (pitch - size) * 0.3;
        }
        let rect =
            Rect { x: area.left, y: Pt(-0.3), width: area.measure, height: row.height + Pt(0.3) };
        row.add_ground(Shape::filled_rect(rect, Color::grey(245)));
        let alone = index == 1 || last || count <= WHOLE_CODE;
        if (alone && !first) || (first && code.caption.is_some()) {
            row.before = Break::Forbidden;
        }
    }
    out.append(&mut rows);
    framed_by_space(out, grid)
}

fn expand_tabs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        if c == '\t' {
            let spaces = 4 - column % 4;
            out.extend(std::iter::repeat_n(' ', spaces));
            column += spaces;
        } else {
            out.push(c);
            column += 1;
        }
    }
    out
}

/// A block in its own leading: half a line of blank above, and below what fills whole lines.
pub(crate) fn framed_by_space(mut strips: Vec<Strip>, grid: Pt) -> Vec<Strip> {
    let half = grid * 0.5;
    if let Some(first) = strips.first_mut() {
        first.shift(Pt::ZERO, half);
        first.height += half;
    }
    let last = strips.len().saturating_sub(1);
    if let Some(last) = strips.get_mut(last) {
        last.height += half * 0.5;
    }
    fill_to_grid(&mut strips, grid);
    strips
}

fn callout(setter: &mut Setter<'_>, callout: &Callout, area: Area) -> Vec<Strip> {
    let accent = setter.theme.accent;
    let node = setter.node(Tagged::Div, area.node);
    let em = area.size;
    let inner = Area { node, ..area.inset(em * 1.5, em * 0.5) };
    let title = callout
        .title
        .clone()
        .unwrap_or_else(|| Text::plain(Label::from(callout.kind).text(&setter.language)));
    let head = Area { role: Role::Bold, ..inner };
    let mut strips = aligned(setter, &title, head, Align::Left, accent);
    let mut body = blocks(setter, &callout.body, inner);
    if let Some(first) = body.first_mut() {
        first.before = Break::Forbidden;
    }
    strips.append(&mut body);
    // A bar at the left holds the box together over pages.
    let gap = area.pitch - area.size;
    let count = strips.len();
    for (index, strip) in strips.iter_mut().enumerate() {
        let bottom = if index + 1 == count { strip.height - gap } else { strip.height + Pt(0.2) };
        let rect = Rect { x: area.left + em * 0.5, y: Pt::ZERO, width: Pt(2.0), height: bottom };
        strip.add_ground(Shape::filled_rect(rect, accent));
        strip.blank = false;
    }
    strips.insert(0, Strip::space(area.pitch * 0.5));
    let mut end = Strip::space(area.pitch * 0.5);
    end.before = Break::Forbidden;
    end.to_grid = true;
    strips.push(end);
    strips
}

/// Three small diamonds in the middle of a line.
fn divider(_setter: &mut Setter<'_>, area: Area) -> Vec<Strip> {
    let mut strip = Strip { height: area.pitch, ..Strip::default() };
    let (middle, y, r) = (area.left + area.measure / 2.0, area.size * 0.5, area.size * 0.14);
    for k in [-1.0, 0.0, 1.0] {
        let x = middle + area.size * 2.0 * k;
        let path = vec![
            Segment::Move(x, y - r),
            Segment::Line(x + r, y),
            Segment::Line(x, y + r),
            Segment::Line(x - r, y),
            Segment::Close,
        ];
        strip.add_shape(Shape { path, fill: Some(Color::grey(110)), stroke: None });
    }
    strip.before = Break::Forbidden;
    vec![strip]
}

/// A filled dot, the mark of an unordered list.
pub(crate) fn bullet(x: Pt, y: Pt, radius: Pt) -> Shape {
    Shape { path: decoration::circle(x, y, radius), fill: Some(Color::BLACK), stroke: None }
}
