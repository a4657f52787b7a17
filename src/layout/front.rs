//! Title page and copyright page: set as one page each, their last lines at its foot.

use super::block::{Area, aligned, titling};
use super::inline::Flat;
use super::paragraph::{one_line, set};
use super::section::body_area;
use super::setter::Setter;
use super::strip::{Break, FRAME_ASCENT, Strip, fill_to_grid, paragraph_strips, whole_lines};
use super::style::{Align, ParagraphStyle};
use super::{Color, NodeId, Rect, Role as Tagged, Shape};
use crate::compose::{Anchor, Element, Section, SectionKind};
use crate::model::Text;
use crate::theme::{HeadingStyle, Role};
use crate::units::{Em, Pt};

/// Width of the column of names on a copyright page, in ems of its type.
const NAMES: Em = Em(5.0);

/// Sets a title page or a copyright page.
pub(crate) fn page(setter: &mut Setter<'_>, section: &Section, node: NodeId) -> Vec<Strip> {
    let area = body_area(setter, node);
    let capacity = area.pitch * f64::from(setter.theme.page.lines);
    let (mut head, mut foot) = match section.kind {
        SectionKind::TitlePage => title_page(setter, section, area),
        _ => copyright(setter, section, area),
    };
    fill_to_grid(&mut head, area.pitch);
    fill_to_grid(&mut foot, area.pitch);
    let used: Pt = head.iter().chain(&foot).map(|s| s.height).sum();
    let mut out = head;
    if used < capacity {
        // Not blank: what follows stays at the foot of the page.
        let filler = Strip { height: capacity - used, ..Strip::default() };
        out.push(filler);
    }
    out.append(&mut foot);
    let fits = used <= capacity;
    out.iter_mut().skip(1).filter(|_| fits).for_each(|s| s.before = Break::Forbidden);
    let anchor = Anchor { section: section.id.clone(), element: None };
    if out.is_empty() {
        out.push(Strip { height: area.pitch, ..Strip::default() });
    }
    out[0].anchors.insert(0, anchor);
    out
}

/// The title a fifth down the page, publisher and date at the foot.
fn title_page(setter: &mut Setter<'_>, section: &Section, area: Area) -> (Vec<Strip>, Vec<Strip>) {
    let drop = f64::from(setter.theme.page.lines / 5);
    let mut head = vec![Strip { height: area.pitch * drop, ..Strip::default() }];
    let mut foot = Vec::new();
    for element in &section.flow {
        match element {
            Element::Title(text) => {
                let style = setter.theme.title.clone();
                let style = HeadingStyle { size: style.size * 1.25, ..style };
                let node = setter.node(Tagged::H(1), area.node);
                head.extend(titling(setter, text, &style, area, node, 0));
            }
            Element::Subtitle(text) => {
                let inner = Area { role: Role::Kai, size: area.size * 1.25, ..area };
                head.extend(aligned(setter, text, inner, Align::Center, Color::BLACK));
                head.push(Strip { height: area.pitch * 2.0, ..Strip::default() });
            }
            Element::Byline(text) => {
                let inner = Area { role: Role::Kai, size: area.size * 1.1, ..area };
                head.extend(aligned(setter, text, inner, Align::Center, Color::BLACK));
            }
            Element::Imprint(text) => {
                let inner = Area { role: Role::Kai, ..area };
                foot.extend(aligned(setter, text, inner, Align::Center, Color::BLACK));
            }
            _ => {}
        }
    }
    (head, foot)
}

/// Everything in small type at the foot: title, facts between rules, statements.
fn copyright(setter: &mut Setter<'_>, section: &Section, area: Area) -> (Vec<Strip>, Vec<Strip>) {
    let (size, pitch) = (setter.theme.small, setter.theme.small_pitch);
    let small = Area { size, pitch, indent: Em::ZERO, ..area };
    let mut foot = Vec::new();
    for element in &section.flow {
        match element {
            Element::Title(text) => {
                let inner = Area { role: Role::Bold, size: size * 1.2, ..small };
                foot.extend(aligned(setter, text, inner, Align::Left, Color::BLACK));
            }
            Element::Subtitle(text) => {
                let inner = Area { role: Role::Kai, ..small };
                foot.extend(aligned(setter, text, inner, Align::Left, Color::BLACK));
            }
            Element::Facts(facts) => {
                foot.push(rule(small));
                for (name, value) in facts {
                    foot.extend(fact(setter, name, value, small));
                }
                foot.push(rule(small));
            }
            Element::Imprint(text) => {
                foot.extend(aligned(setter, text, small, Align::Justify, Color::BLACK));
            }
            _ => {}
        }
    }
    let height: Pt = foot.iter().map(|s| s.height).sum();
    // Blank above, so that the small leading ends on the page's last line.
    let blank = whole_lines(height, area.pitch) - height;
    foot.insert(0, Strip { height: blank, ..Strip::default() });
    (Vec::new(), foot)
}

/// A thin rule in half a line.
fn rule(area: Area) -> Strip {
    let height = area.pitch * 0.7;
    let mut strip = Strip { height, ..Strip::default() };
    let rect = Rect { x: area.left, y: height * 0.4, width: area.measure, height: Pt(0.5) };
    strip.add_shape(Shape::filled_rect(rect, Color::grey(120)));
    strip
}

/// A name in Hei and its value beside it.
fn fact(setter: &mut Setter<'_>, name: &str, value: &Text, area: Area) -> Vec<Strip> {
    let node = setter.node(Tagged::P, area.node);
    let column = NAMES.at(area.size);
    let label = setter.style(Role::Hei, area.size, node);
    let label = one_line(setter, &Flat::plain(name, label));
    let column = column.max(label.width + area.size);
    let style = setter.style(Role::Song, area.size, node);
    let flat = Flat::new(setter, value, style);
    let paragraph = ParagraphStyle {
        measure: (area.measure - column).max(area.size * 4.0),
        first_indent: Pt::ZERO,
        indent: Pt::ZERO,
        align: Align::Left,
        preset: setter.theme.punctuation,
        by_sense: false,
        han_space: Em(0.25),
    };
    let lines = set(setter, &flat, &paragraph);
    let mut strips = paragraph_strips(lines, area.size, area.pitch);
    strips.iter_mut().for_each(|s| s.shift(area.left + column, Pt::ZERO));
    if strips.is_empty() {
        strips.push(Strip { height: area.pitch, ..Strip::default() });
    }
    let mut first = label;
    first.shift(area.left, Pt::ZERO);
    let own = std::mem::take(&mut strips[0].items);
    strips[0].add_line(first, area.size * FRAME_ASCENT);
    strips[0].items.extend(own); // the name is read before its value
    strips
}
