//! Strips: the unbreakable horizontal slices that pages are made up from.
//!
//! Everything in the column becomes strips — a line of text, a heading with its blank, a table row,
//! a figure with its caption. Page make-up only sees heights and where a page may end.

use std::rc::Rc;

use super::line::{Line, LineLink, LineNote};
use super::{Content, Item, NodeId, Rect, Shape, Tag};
use crate::compose::Anchor;
use crate::units::Pt;

/// A slice of the column. Its items count from its own top left corner.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strip {
    /// Height it takes in the column.
    pub height: Pt,
    /// What is drawn.
    pub items: Vec<Item>,
    /// Areas that lead somewhere.
    pub links: Vec<LineLink>,
    /// Footnote marks.
    pub notes: Vec<LineNote>,
    /// Places that links lead to.
    pub anchors: Vec<Anchor>,
    /// Whether a page may end before it.
    pub before: Break,
    /// A line of the body that line numbers count.
    pub counted: bool,
    /// Nothing but blank: dropped at the top of a page.
    pub blank: bool,
    /// May move to the next page while the text after it fills this one.
    pub floats: bool,
    /// Strips repeated above it when a page begins with it (heads of a table).
    pub repeat: Option<Rc<Vec<Strip>>>,
    /// What running heads show from here on.
    pub running: Option<Running>,
    /// What follows it goes on at a line of the grid.
    pub to_grid: bool,
}

/// What begins with a strip, as running heads show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Running {
    /// An article.
    Article(String),
    /// A heading of the first level.
    Heading(String),
}

/// Whether a page may end at a place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Break {
    /// It may.
    #[default]
    Allowed,
    /// It may not: what stands before and after belongs together.
    Forbidden,
    /// It must.
    Page,
}

/// Height of a Han character's frame above the baseline, in ems.
pub(crate) const FRAME_ASCENT: f64 = 0.88;

impl Strip {
    /// Blank of a height.
    pub(crate) fn space(height: Pt) -> Self {
        Self { height, blank: true, ..Self::default() }
    }

    /// A line of type of `size` in a strip `pitch` high: its frames stand at the strip's top.
    pub(crate) fn line(line: Line, size: Pt, pitch: Pt) -> Self {
        let mut strip = Self { height: pitch, ..Self::default() };
        strip.add_line(line, size * FRAME_ASCENT);
        strip
    }

    /// Adds a line with its baseline `y` below the strip's top.
    pub(crate) fn add_line(&mut self, mut line: Line, y: Pt) {
        line.shift(Pt::ZERO, y);
        self.items.append(&mut line.items);
        self.links.append(&mut line.links);
        self.notes.append(&mut line.notes);
    }

    /// Adds decoration.
    pub(crate) fn add_shape(&mut self, shape: Shape) {
        self.items.push(Item { tag: Tag::Artifact, content: Content::Shape(shape) });
    }

    /// Puts decoration behind everything else.
    pub(crate) fn add_ground(&mut self, shape: Shape) {
        self.items.insert(0, Item { tag: Tag::Artifact, content: Content::Shape(shape) });
    }

    /// Adds a picture.
    pub(crate) fn add_picture(
        &mut self,
        picture: crate::picture::PictureId,
        rect: Rect,
        node: NodeId,
    ) {
        self.items.push(Item { tag: Tag::Node(node), content: Content::Picture { picture, rect } });
    }

    /// Moves all that is drawn.
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

    /// Takes over what another strip draws, `dy` below this one's top.
    pub(crate) fn absorb(&mut self, mut other: Strip, dy: Pt) {
        other.shift(Pt::ZERO, dy);
        self.items.append(&mut other.items);
        self.links.append(&mut other.links);
        self.notes.append(&mut other.notes);
        self.anchors.append(&mut other.anchors);
    }
}

/// Lines of one paragraph as strips, held together so that no single line is left alone at the foot
/// or head of a page (孤行不成页; at least two lines of a paragraph stand together).
pub(crate) fn paragraph_strips(lines: Vec<Line>, size: Pt, pitch: Pt) -> Vec<Strip> {
    let count = lines.len();
    lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| {
            let mut strip = Strip::line(line, size, pitch);
            let alone = index == 1 || (index > 0 && index + 1 == count);
            if alone {
                strip.before = Break::Forbidden;
            }
            strip
        })
        .collect()
}

/// Rounds a height up to whole lines of the grid, so that facing pages keep their lines level.
pub(crate) fn whole_lines(height: Pt, pitch: Pt) -> Pt {
    pitch * ((height / pitch) - 1e-6).ceil().max(0.0)
}

/// Adds blank below strips so that together they take whole lines of the grid, however page breaks
/// divide them.
pub(crate) fn fill_to_grid(strips: &mut Vec<Strip>, pitch: Pt) {
    let height: Pt = strips.iter().map(|s| s.height).sum();
    let missing = whole_lines(height, pitch) - height;
    let mut space = Strip::space(missing.max(Pt::ZERO));
    space.before = Break::Forbidden;
    space.to_grid = true;
    strips.push(space);
}
