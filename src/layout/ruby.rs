//! Boxes that stand in a line as one character: ruby groups and pictures.

use super::setter::Setter;
use super::style::TextStyle;
use super::{Content, Glyph, GlyphRun, Item, Rect, Role as Tagged, Tag};
use crate::picture::PictureId;
use crate::text::classify;
use crate::theme::Role;
use crate::units::{Em, Pt};

/// Frames set beforehand that take a place in a line; baseline at y = 0, x from its start.
#[derive(Debug, Clone, Default)]
pub(crate) struct InlineBox {
    /// Width of the base.
    pub width: Pt,
    /// Height above the baseline.
    pub ascent: Pt,
    /// What is drawn.
    items: Vec<Item>,
    /// The reading above it, centred.
    reading: Option<Reading>,
}

#[derive(Debug, Clone)]
struct Reading {
    items: Vec<Item>,
    /// How far it stands out over the base on either side; nothing if it is the narrower.
    over: Pt,
}

/// Size of a reading, in ems of its base (CLREQ §positioning_of_romanization).
const READING: Em = Em(0.5);
/// How far a reading may stand out over a neighbour that has none, in ems of the base: two that
/// stand out over one character still keep a quarter of an em between them.
pub(super) const OVERHANG: Em = Em(0.375);
/// Height of the reading's baseline above that of the base, in ems of the base: clear of the
/// frame's top (0.88) by a hair.
const READING_RAISE: Em = Em(0.96);

/// Sets base characters under their reading, both centred. The height of the line does not change
/// (typesetting.md §10).
///
/// A reading that is wider than its base stands out over its neighbours; what it may not stand out
/// spreads the characters of the base evenly, if it has several, and else the gaps beside it (see
/// `pieces::part_readings`).
pub(crate) fn set(
    setter: &mut Setter<'_>,
    base: &str,
    reading: &str,
    style: &TextStyle,
) -> InlineBox {
    let mut base_style = style.clone();
    base_style.node = setter.node(Tagged::RubyBase, style.node);
    let mut reading_style = style.clone();
    reading_style.node = setter.node(Tagged::RubyText, style.node);
    reading_style.size = READING.at(style.size);
    reading_style.raise = style.raise + READING_RAISE.at(style.size);
    reading_style.role = Role::Kai;
    reading_style.marks = Default::default();
    let base_run = track(setter, base, &base_style);
    let reading_run = track(setter, reading, &reading_style);
    let reach = OVERHANG.at(style.size) * 2.0;
    let spread = match base_run.count {
        0 | 1 => Pt::ZERO,
        count => (reading_run.width - base_run.width - reach).max(Pt::ZERO) / count as f64,
    };
    let width = base_run.width + spread * base_run.count as f64;
    let over = ((reading_run.width - width) / 2.0).max(Pt::ZERO);
    let shift = (width - reading_run.width) / 2.0;
    InlineBox {
        width,
        ascent: READING_RAISE.at(style.size) + reading_style.size,
        items: base_run.items(spread, spread / 2.0),
        reading: Some(Reading { items: reading_run.items(Pt::ZERO, shift), over }),
    }
}

impl InlineBox {
    /// A picture standing on the baseline a little lowered, as Han characters do.
    pub(crate) fn picture(id: PictureId, width: Pt, height: Pt, style: &TextStyle) -> Self {
        let rect = Rect { x: Pt::ZERO, y: style.size * 0.12 - height, width, height };
        let item =
            Item { tag: Tag::Node(style.node), content: Content::Picture { picture: id, rect } };
        Self { width, ascent: height, items: vec![item], reading: None }
    }

    /// A box of what is given.
    pub(crate) fn of(width: Pt, ascent: Pt, items: Vec<Item>) -> Self {
        Self { width, ascent, items, reading: None }
    }

    /// Whether a reading stands above it.
    pub(crate) fn has_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// How far the reading stands out over the base to the left and to the right, in pt.
    pub(crate) fn over(&self) -> (f64, f64) {
        let over = self.reading.as_ref().map_or(0.0, |r| r.over.0);
        (over, over)
    }

    /// What is drawn, moved to its place; the reading stands `lean` to the right of its middle.
    pub(crate) fn placed(&self, x: Pt, y: Pt, lean: Pt) -> Vec<Item> {
        let move_by = |item: &Item, dx: Pt| {
            let mut item = item.clone();
            item.shift(dx, y);
            item
        };
        let reading = self.reading.iter().flat_map(|r| &r.items);
        self.items
            .iter()
            .map(|item| move_by(item, x))
            .chain(reading.map(|item| move_by(item, x + lean)))
            .collect()
    }
}

/// Shaped text before its characters are spread.
struct Tracked {
    width: Pt,
    count: usize,
    runs: Vec<GlyphRun>,
    tag: Tag,
    /// For every glyph of every run: the index of its cluster.
    clusters: Vec<Vec<usize>>,
}

fn track(setter: &mut Setter<'_>, text: &str, style: &TextStyle) -> Tracked {
    let chars: Vec<char> = text.chars().collect();
    let classes = classify(&chars, true);
    let (clusters, glyphs) =
        setter.shape(&chars, &classes, &vec![0; chars.len()], std::slice::from_ref(style));
    let mut out = Tracked {
        width: Pt::ZERO,
        count: clusters.len(),
        runs: Vec::new(),
        tag: Tag::Node(style.node),
        clusters: Vec::new(),
    };
    for (index, cluster) in clusters.iter().enumerate() {
        let joins = |run: &GlyphRun| run.face == cluster.face && run.turned == cluster.upright;
        if !out.runs.last().is_some_and(joins) {
            out.runs.push(GlyphRun {
                face: cluster.face,
                size: style.size,
                x: Pt::ZERO,
                y: -style.raise,
                stretch: 1.0,
                turned: cluster.upright,
                color: style.color,
                text: String::new(),
                glyphs: Vec::new(),
            });
            out.clusters.push(Vec::new());
        }
        if let (Some(run), Some(owners)) = (out.runs.last_mut(), out.clusters.last_mut()) {
            let text_start = run.text.len() as u32;
            for glyph in &glyphs[cluster.glyphs.clone()] {
                run.glyphs.push(Glyph {
                    id: glyph.id,
                    dx: out.width + glyph.dx,
                    dy: glyph.dy,
                    text_start,
                });
                owners.push(index);
            }
            run.text.extend(&chars[cluster.chars.clone()]);
        }
        out.width += cluster.advance;
    }
    out
}

impl Tracked {
    /// The frames, each cluster `spare` wider than it is, all moved right by `shift`.
    fn items(self, spare: Pt, shift: Pt) -> Vec<Item> {
        let tag = self.tag;
        self.runs
            .into_iter()
            .zip(self.clusters)
            .filter(|(run, _)| !run.glyphs.is_empty())
            .map(|(mut run, owners)| {
                for (glyph, owner) in run.glyphs.iter_mut().zip(owners) {
                    glyph.dx += shift + spare * owner as f64;
                }
                let first = run.glyphs.first().map_or(Pt::ZERO, |g| g.dx);
                run.x = first;
                run.glyphs.iter_mut().for_each(|g| g.dx -= first);
                Item { tag, content: Content::Glyphs(run) }
            })
            .collect()
    }
}
