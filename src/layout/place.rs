//! From the column to the page: one transform for lines in either direction.
//!
//! Everything in a column is set as if its lines ran across: x along the line, y from line to line.
//! For vertical text the column is turned clockwise by a quarter: x runs down the page, y runs from
//! its right edge to the left. Runs that lie in their line thereby stand turned on the page, and
//! runs that were *turned in the line* ([`GlyphRun::turned`] before this step) stand upright.

use super::{Content, GlyphRun, Item, Rect, Segment, Shape};
use crate::units::Pt;

/// Where a column stands on its page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placement {
    /// Left edge of the type area.
    pub left: Pt,
    /// Its top.
    pub top: Pt,
    /// Its width.
    pub width: Pt,
    /// Whether lines run down.
    pub vertical: bool,
}

impl Placement {
    /// A point of the column on the page.
    pub(super) fn point(&self, x: Pt, y: Pt) -> (Pt, Pt) {
        if self.vertical {
            (self.left + self.width - y, self.top + x)
        } else {
            (self.left + x, self.top + y)
        }
    }

    /// A rectangle of the column on the page.
    pub(super) fn rect(&self, rect: Rect) -> Rect {
        let (x, y) = self.point(rect.x, rect.y);
        if self.vertical {
            // Its lower edge becomes the left one.
            Rect { x: x - rect.height, y, width: rect.height, height: rect.width }
        } else {
            Rect { x, y, ..rect }
        }
    }

    /// What is drawn in a strip whose top stands `below` the column's.
    pub(super) fn item(&self, mut item: Item, below: Pt) -> Item {
        item.shift(Pt::ZERO, below);
        if !self.vertical {
            item.shift(self.left, self.top);
            return item;
        }
        item.content = match item.content {
            Content::Glyphs(run) => Content::Glyphs(self.run(run)),
            Content::Shape(shape) => Content::Shape(self.shape(shape)),
            Content::Picture { picture, rect } => {
                Content::Picture { picture, rect: self.rect(rect) }
            }
        };
        item
    }

    fn run(&self, mut run: GlyphRun) -> GlyphRun {
        (run.x, run.y) = self.point(run.x, run.y);
        if run.turned {
            for glyph in &mut run.glyphs {
                (glyph.dx, glyph.dy) = (-glyph.dy, glyph.dx);
            }
        }
        run.turned = !run.turned;
        run
    }

    fn shape(&self, mut shape: Shape) -> Shape {
        for segment in &mut shape.path {
            match segment {
                Segment::Move(x, y) | Segment::Line(x, y) => (*x, *y) = self.point(*x, *y),
                Segment::Curve(x1, y1, x2, y2, x, y) => {
                    (*x1, *y1) = self.point(*x1, *y1);
                    (*x2, *y2) = self.point(*x2, *y2);
                    (*x, *y) = self.point(*x, *y);
                }
                Segment::Close => {}
            }
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_vertical_column_stands_at_its_right() {
        let place = Placement { left: Pt(20.0), top: Pt(30.0), width: Pt(100.0), vertical: true };
        assert_eq!(place.point(Pt::ZERO, Pt::ZERO), (Pt(120.0), Pt(30.0)));
        let line = Rect { x: Pt(5.0), y: Pt(10.0), width: Pt(40.0), height: Pt(12.0) };
        let wanted = Rect { x: Pt(98.0), y: Pt(35.0), width: Pt(12.0), height: Pt(40.0) };
        assert_eq!(place.rect(line), wanted);
    }
}
