//! Figures: a picture in the middle of the column, its caption below.

use super::block::{Area, aligned};
use super::setter::Setter;
use super::strip::{Break, Strip, fill_to_grid, whole_lines};
use super::style::Align;
use super::{Color, NodeId, Rect, Role as Tagged, Shape};
use crate::compose::Anchor;
use crate::labels::Label;
use crate::model::{Figure, Inline, Text};
use crate::theme::Role;
use crate::units::Pt;

/// Most of a page's height that a picture may take, so that some text stands beside it.
const TALLEST: f64 = 0.8;
/// A caption that takes more of a page than this is text: it runs on below the picture.
const LONG_CAPTION: f64 = 0.4;

/// Sets a figure as one strip of whole lines that may move to the next page.
///
/// A picture without `width` keeps its natural size up to the measure. A figure whose picture is
/// not known shows its caption between two rules, so that the reader knows of it.
pub(crate) fn figure(setter: &mut Setter<'_>, figure: &Figure, area: Area) -> Vec<Strip> {
    let grid = setter.theme.page.pitch;
    let node = setter.node(Tagged::Figure, area.node);
    if let Some(node) = setter.node_mut(node) {
        node.alt = figure.alt.clone();
    }
    let caption = caption(figure);
    let picture = figure.src.as_ref().and_then(|src| {
        let id = *setter.section?.pictures.get(&src.value)?;
        setter.book.pictures.0.get(id.0 as usize).map(|p| (id, p.width, p.height))
    });
    let mut strip = Strip { floats: true, ..Strip::default() };
    let mut y = grid * 0.4;
    let mut caption_lines =
        caption.as_ref().map_or(Vec::new(), |text| caption_strips(setter, text, area, node));
    let mut caption_height: Pt = caption_lines.iter().map(|s| s.height).sum();
    let mut after = Vec::new();
    if caption_height > setter.theme.page.height() * LONG_CAPTION {
        after = std::mem::take(&mut caption_lines);
        caption_height = Pt::ZERO;
        fill_to_grid(&mut after, grid);
    }
    let tight = Area {
        role: Role::Song,
        size: setter.theme.small,
        pitch: setter.theme.small_pitch,
        ..area
    };
    match picture {
        Some((id, width, height)) => {
            // Along the line and across it: pictures stand upright beside vertical lines too.
            let page = setter.theme.page.height();
            let (along, across, room) =
                if setter.vertical { (height, width, page) } else { (width, height, area.measure) };
            let share = figure.width.map(|percent| room * (f64::from(percent) / 100.0));
            let scale = share.map_or(1.0, |wanted| wanted / width.max(Pt(1e-3)));
            let tallest = (page * TALLEST).min(page - caption_height - grid);
            let most = (area.measure / along.max(Pt(1e-3))).min(tallest / across.max(Pt(1e-3)));
            let fit = scale.min(most);
            let (width, height) = (along * fit, across * fit);
            let x = area.left + (area.measure - width) / 2.0;
            strip.add_picture(id, Rect { x, y, width, height }, node);
            y += height + grid * 0.3;
        }
        None => {
            let label = format!("〔{}〕", Label::Figure.text(&setter.language));
            let text = match (&caption, &figure.alt) {
                (Some(_), _) | (None, None) => label,
                (None, Some(alt)) => format!("{label}{alt}"),
            };
            let inner = Area { role: Role::Hei, node, ..tight };
            let top = y;
            y += grid * 0.3;
            for line in aligned(setter, &Text::plain(text), inner, Align::Center, Color::grey(90)) {
                let height = line.height;
                strip.absorb(line, y);
                y += height;
            }
            for edge in [top, y] {
                let width = area.measure * 0.5;
                let rect = Rect { x: area.left + width / 2.0, y: edge, width, height: Pt(0.5) };
                strip.add_shape(Shape::filled_rect(rect, Color::grey(150)));
            }
            y += grid * 0.25;
        }
    }
    for line in caption_lines {
        let height = line.height;
        strip.absorb(line, y);
        y += height;
    }
    strip.height = whole_lines(y + grid * 0.2, grid);
    if let (Some(section), Some(id)) = (setter.section, &figure.id) {
        strip.anchors.push(Anchor { section: section.id.clone(), element: Some(id.value.clone()) });
    }
    if let Some(first) = after.first_mut() {
        first.before = Break::Forbidden;
        strip.floats = false;
    }
    let mut out = vec![strip];
    out.append(&mut after);
    out
}

fn caption_strips(setter: &mut Setter<'_>, text: &Text, area: Area, figure: NodeId) -> Vec<Strip> {
    let node = setter.node(Tagged::Caption, figure);
    let (size, pitch) = (setter.theme.small, setter.theme.small_pitch);
    let inner = Area {
        role: Role::Song,
        size,
        pitch,
        node,
        ..area.inset(area.size * 2.0, area.size * 2.0)
    };
    aligned(setter, text, inner, Align::Center, Color::BLACK)
}

/// The caption with the credit after it in brackets.
fn caption(figure: &Figure) -> Option<Text> {
    match (&figure.caption, &figure.credit) {
        (None, None) => None,
        (Some(caption), None) => Some(caption.clone()),
        (None, Some(credit)) => Some(credit.clone()),
        (Some(caption), Some(credit)) => {
            let mut text = caption.clone();
            text.0.push(Inline::Plain("（".to_owned()));
            text.0.extend(credit.0.iter().cloned());
            text.0.push(Inline::Plain("）".to_owned()));
            Some(text)
        }
    }
}
