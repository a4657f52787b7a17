//! A set line: glyph runs at their places, with the marks drawn under, over and behind them.

use std::ops::Range;

use super::decoration;
use super::inline::Flat;
use super::linebreak::{Adjustment, Piece};
use super::pieces::{ClusterInk, Ink, NOTE_MARK, Unit};
use super::setter::Setter;
use super::style::TextStyle;
use super::{Content, Glyph, GlyphRun, Item, NodeId, Rect, Tag};
use crate::compose::LinkTarget;
use crate::text::{Class, Cluster, Opportunity, ShapedGlyph};
use crate::units::Pt;

/// One line; its baseline is y = 0, x counts from the left edge of the column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    /// What is drawn.
    pub items: Vec<Item>,
    /// Areas that lead somewhere.
    pub links: Vec<LineLink>,
    /// Footnote marks, to be numbered when the page is made up.
    pub notes: Vec<LineNote>,
    /// Width from the start of the first piece to the end of the last.
    pub width: Pt,
    /// Height of what stands higher than a line of its type, if anything does (readings apart).
    pub ascent: Pt,
}

/// An area of a line that leads somewhere.
#[derive(Debug, Clone)]
pub(crate) struct LineLink {
    /// Where.
    pub rect: Rect,
    /// To what.
    pub target: LinkTarget,
    /// Description.
    pub description: String,
    /// Structure node.
    pub node: NodeId,
}

/// The place of a footnote mark.
#[derive(Debug, Clone)]
pub(crate) struct LineNote {
    /// Label of the note in its section.
    pub label: String,
    /// Left edge of the mark.
    pub x: Pt,
    /// Baseline of the mark.
    pub y: Pt,
    /// Type of the mark.
    pub style: TextStyle,
}

/// Keeps the place of a footnote mark among the items of a line: the mark is put there when its
/// number is known. Until then it draws nothing.
pub(crate) fn note_place(style: &TextStyle) -> Item {
    Item {
        tag: Tag::Node(style.node),
        content: Content::Glyphs(GlyphRun {
            face: crate::font::FaceId(0),
            size: style.size,
            x: Pt::ZERO,
            y: Pt::ZERO,
            stretch: 1.0,
            turned: false,
            color: style.color,
            text: String::new(),
            glyphs: Vec::new(),
        }),
    }
}

impl Line {
    /// Moves everything.
    pub(crate) fn shift(&mut self, dx: Pt, dy: Pt) {
        for item in &mut self.items {
            item.shift(dx, dy);
        }
        for link in &mut self.links {
            link.rect.x += dx;
            link.rect.y += dy;
        }
        for note in &mut self.notes {
            note.x += dx;
            note.y += dy;
        }
    }
}

/// Places the pieces of one line.
pub(super) struct Placer<'a> {
    flat: &'a Flat,
    clusters: &'a [Cluster],
    glyphs: &'a [ShapedGlyph],
    units: &'a [Unit],
    pieces: &'a [Piece],
    line: Line,
    /// Extents of what is placed, by style, for the marks drawn with it.
    extents: Vec<Extent>,
    /// Width and stretch of the run being filled; a run takes glyphs of one stretch only.
    open: Option<usize>,
}

/// Where a unit stands on its line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// Left edge.
    pub x: Pt,
    /// Right edge, without the gap that follows.
    pub end: Pt,
    /// Style.
    pub style: usize,
    /// Class.
    pub class: Class,
}

impl<'a> Placer<'a> {
    pub(super) fn new(
        flat: &'a Flat,
        clusters: &'a [Cluster],
        glyphs: &'a [ShapedGlyph],
        units: &'a [Unit],
        pieces: &'a [Piece],
    ) -> Self {
        Self {
            flat,
            clusters,
            glyphs,
            units,
            pieces,
            line: Line::default(),
            extents: Vec::new(),
            open: None,
        }
    }

    /// Places the units in `range` with their gaps adjusted.
    pub(super) fn place(
        &mut self,
        setter: &mut Setter<'_>,
        range: Range<usize>,
        adjustment: Adjustment,
    ) -> Line {
        let (start, end) = (range.start, range.end);
        let (head, tail) = (Pt(self.pieces[start].start_blank), Pt(self.pieces[end - 1].end_blank));
        // A mark keeps its blank outside. A reading that is wider than its base stands flush with it
        // at the line's edge, and reaches the further over its neighbour on the other side.
        let alone = start + 1 == end;
        let read = |unit: &Unit| matches!(&unit.ink, Ink::Box(made) if made.has_reading());
        let head_inside = read(&self.units[start]) && !alone;
        let tail_inside = read(&self.units[end - 1]) && !alone;
        let mut pen = if head_inside { Pt::ZERO } else { head };
        for i in range {
            let (unit, piece) = (&self.units[i], &self.pieces[i]);
            let (first, last) = (i == start, i + 1 == end);
            if last && tail_inside {
                pen += tail;
            }
            let body_end = pen + Pt(piece.body);
            let lean = match (first && head_inside, last && tail_inside) {
                (true, _) => head,
                (_, true) => -tail,
                _ => Pt::ZERO,
            };
            self.unit(unit, pen, lean);
            self.extents.push(Extent {
                x: pen,
                end: body_end,
                style: unit.style,
                class: unit.class,
            });
            if unit.spaced {
                self.space(setter, unit, body_end);
            }
            pen = if !last {
                let head = if first && head_inside { head } else { Pt::ZERO };
                body_end + head + Pt(adjustment.apply(&piece.gap))
            } else if piece.after == Opportunity::Hyphen && end < self.units.len() {
                self.hyphen(setter, unit, body_end);
                body_end + Pt(piece.hyphen)
            } else if adjustment.hung {
                body_end - Pt(piece.hang)
            } else if tail_inside {
                body_end
            } else {
                body_end + tail
            };
        }
        self.line.width = pen;
        self.links();
        let mut line = std::mem::take(&mut self.line);
        decoration::decorate(self.flat, &self.extents, setter.vertical, &mut line);
        line
    }

    /// Draws a unit at `x`; a reading above it stands `lean` to the right of its middle.
    fn unit(&mut self, unit: &Unit, x: Pt, lean: Pt) {
        let style = &self.flat.table[unit.style];
        match &unit.ink {
            Ink::Cluster(ClusterInk { index, dx, dy, stretch }) => {
                let cluster = &self.clusters[*index];
                let text: String = self.flat.chars[unit.chars.clone()].iter().collect();
                let glyphs: Vec<(u16, Pt, Pt)> = self.glyphs[cluster.glyphs.clone()]
                    .iter()
                    .map(|g| (g.id, x + Pt(*dx) + g.dx, Pt(*dy) + g.dy))
                    .collect();
                self.show(cluster.face, style, *stretch, cluster.upright, &glyphs, &text);
            }
            Ink::Box(made) => {
                self.open = None;
                self.line.ascent = self.line.ascent.max(made.ascent);
                self.line.items.extend(made.placed(x, -style.raise, lean));
            }
            Ink::Note(label) => {
                self.open = None;
                let mut mark = style.clone();
                mark.size = style.size * NOTE_MARK;
                self.line.items.push(note_place(&mark));
                self.line.notes.push(LineNote {
                    label: label.clone(),
                    x,
                    y: -(style.raise + style.size * 0.34),
                    style: mark,
                });
            }
        }
    }

    /// A typed space keeps its place in the text, so that copying gives back the source.
    fn space(&mut self, setter: &mut Setter<'_>, unit: &Unit, x: Pt) {
        let style = self.flat.table[unit.style].clone();
        let face = match &unit.ink {
            Ink::Cluster(ink) => Some(self.clusters[ink.index].face),
            _ => None,
        };
        let found = face.and_then(|id| {
            setter.fonts().face(id).and_then(|f| f.glyph(' ')).map(|glyph| (id, glyph))
        });
        if let Some((face, glyph)) = found {
            self.show(face, &style, 1.0, false, &[(glyph, x, Pt::ZERO)], " ");
        }
    }

    fn hyphen(&mut self, setter: &mut Setter<'_>, unit: &Unit, x: Pt) {
        let style = self.flat.table[unit.style].clone();
        let (face, glyph, _) = setter.single('-', &style);
        self.open = None;
        // U+00AD tells a reader of the text that the hyphen is not part of the word.
        self.show(face, &style, 1.0, false, &[(glyph, x, Pt::ZERO)], "\u{AD}");
        self.open = None;
    }

    /// Appends glyphs, upright in a vertical line or lying in theirs, to the open run if they are alike, else opens a new one.
    #[allow(clippy::too_many_arguments)] // the parts of a run
    fn show(
        &mut self,
        face: crate::font::FaceId,
        style: &TextStyle,
        stretch: f64,
        upright: bool,
        glyphs: &[(u16, Pt, Pt)],
        text: &str,
    ) {
        let Some((_, first, _)) = glyphs.first().copied() else { return };
        let fits = self.open.is_some_and(|index| match &self.line.items[index] {
            Item { tag, content: Content::Glyphs(run) } => {
                run.face == face
                    && run.size == style.size
                    && run.color == style.color
                    && run.y == -style.raise
                    && run.stretch == stretch
                    && run.turned == upright
                    && stretch == 1.0
                    && *tag == Tag::Node(style.node)
            }
            _ => false,
        });
        if !fits {
            self.open = Some(self.line.items.len());
            self.line.items.push(Item {
                tag: Tag::Node(style.node),
                content: Content::Glyphs(GlyphRun {
                    face,
                    size: style.size,
                    x: first,
                    y: -style.raise,
                    stretch,
                    turned: upright,
                    color: style.color,
                    text: String::new(),
                    glyphs: Vec::new(),
                }),
            });
        }
        let item = self.open.and_then(|index| self.line.items.get_mut(index));
        if let Some(Item { content: Content::Glyphs(run), .. }) = item {
            let text_start = u32::try_from(run.text.len()).unwrap_or(u32::MAX);
            run.text.push_str(text);
            let origin = run.x;
            run.glyphs.extend(glyphs.iter().map(|(id, x, dy)| Glyph {
                id: *id,
                dx: *x - origin,
                dy: *dy,
                text_start,
            }));
        }
    }

    /// One area for each stretch of units of one link.
    fn links(&mut self) {
        let mut i = 0;
        while i < self.extents.len() {
            let style = &self.flat.table[self.extents[i].style];
            let Some(index) = style.link else {
                i += 1;
                continue;
            };
            let start = i;
            while i < self.extents.len()
                && self.flat.table[self.extents[i].style].link == Some(index)
            {
                i += 1;
            }
            let (x, end) = (self.extents[start].x, self.extents[i - 1].end);
            let link = &self.flat.links[index];
            let height = style.size * 1.3;
            self.line.links.push(LineLink {
                rect: Rect { x, y: style.size * 0.25 - height, width: end - x, height },
                target: link.target.clone(),
                description: link.description.clone(),
                node: style.node,
            });
        }
    }
}

impl Item {
    /// Moves the item.
    pub(crate) fn shift(&mut self, dx: Pt, dy: Pt) {
        match &mut self.content {
            Content::Glyphs(run) => {
                run.x += dx;
                run.y += dy;
            }
            Content::Picture { rect, .. } => {
                rect.x += dx;
                rect.y += dy;
            }
            Content::Shape(shape) => shape.shift(dx, dy),
        }
    }
}
