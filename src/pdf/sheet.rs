//! Sheets: which page stands where on what is printed.
//!
//! Usually a sheet is a page. With bleed it is a page with marks around it, in a booklet two pages
//! side by side in the order in which folded sheets lie.

use super::options::Sheets;
use crate::layout::{Color, Document, Rect, Segment, Shape, Stroke};
use crate::units::Pt;

/// Length of a crop mark: 5 mm.
const MARK: Pt = Pt(14.173);
/// Least distance of a crop mark from the trimmed page, so that no mark is left on it: 2 mm.
const CLEAR: Pt = Pt(5.669);
/// Width of a crop mark.
const MARK_WIDTH: Pt = Pt(0.25);

/// One side of a sheet of paper; origin at its top left corner.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub width: Pt,
    pub height: Pt,
    /// Pages on it.
    pub placed: Vec<Placed>,
    /// Marks for whoever cuts it.
    pub marks: Vec<Shape>,
    /// What is left of it when it is cut.
    pub trim: Rect,
}

/// A page on a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Index into [`Document::pages`].
    pub page: usize,
    /// Its left edge on the sheet.
    pub x: Pt,
    /// Its top edge on the sheet.
    pub y: Pt,
    /// How far its ground runs over its edges.
    pub bleed: Pt,
}

/// Arranges all pages.
pub(super) fn arrange(document: &Document, sheets: Sheets) -> Vec<Sheet> {
    match sheets {
        Sheets::Pages => (0..document.pages.len()).map(|page| single(document, page)).collect(),
        Sheets::Bleed(bleed) => {
            (0..document.pages.len()).map(|page| with_marks(document, page, bleed)).collect()
        }
        Sheets::Booklet => booklet(document),
    }
}

fn size(document: &Document, page: usize) -> (Pt, Pt) {
    document.pages.get(page).map_or((Pt::ZERO, Pt::ZERO), |p| (p.width, p.height))
}

/// The page alone, in its own size.
fn single(document: &Document, page: usize) -> Sheet {
    let (width, height) = size(document, page);
    let placed = vec![Placed { page, x: Pt::ZERO, y: Pt::ZERO, bleed: Pt::ZERO }];
    let trim = Rect { x: Pt::ZERO, y: Pt::ZERO, width, height };
    Sheet { width, height, placed, marks: Vec::new(), trim }
}

/// The page with room around it for its bleed and the marks that show where to cut.
fn with_marks(document: &Document, page: usize, bleed: Pt) -> Sheet {
    let (width, height) = size(document, page);
    let clear = bleed.max(CLEAR);
    let margin = clear + MARK;
    let (left, top) = (margin, margin);
    let (right, bottom) = (left + width, top + height);
    let mut marks = Vec::with_capacity(8);
    let mut line = |x1: Pt, y1: Pt, x2: Pt, y2: Pt| {
        marks.push(Shape {
            path: vec![Segment::Move(x1, y1), Segment::Line(x2, y2)],
            fill: None,
            stroke: Some(Stroke { color: Color::BLACK, width: MARK_WIDTH, dash: Vec::new() }),
        });
    };
    for y in [top, bottom] {
        line(left - margin, y, left - clear, y);
        line(right + clear, y, right + margin, y);
    }
    for x in [left, right] {
        line(x, top - margin, x, top - clear);
        line(x, bottom + clear, x, bottom + margin);
    }
    Sheet {
        width: width + margin * 2.0,
        height: height + margin * 2.0,
        placed: vec![Placed { page, x: left, y: top, bleed }],
        marks,
        trim: Rect { x: left, y: top, width, height },
    }
}

/// Two pages on each side of a sheet; the pages are filled up to a multiple of four with blanks.
///
/// Printed on both sides, turned over the short edge, folded in the middle and laid into each other,
/// the sheets are the book: the outermost holds the last and the first page on its outside.
fn booklet(document: &Document) -> Vec<Sheet> {
    let count = document.pages.len();
    let full = count.next_multiple_of(4);
    let (width, height) = (0..count)
        .map(|page| size(document, page))
        .fold((Pt::ZERO, Pt::ZERO), |(w, h), (pw, ph)| (w.max(pw), h.max(ph)));
    (0..full / 2)
        .map(|side| {
            let (early, late) = (side, full - 1 - side);
            // Outsides (0, 2, …) have the early page at the right where pages turn to the left.
            let early_right = side.is_multiple_of(2) != document.right_to_left;
            let (left, right) = if early_right { (late, early) } else { (early, late) };
            let placed = [(left, Pt::ZERO), (right, width)]
                .into_iter()
                .filter(|(page, _)| *page < count)
                .map(|(page, x)| Placed { page, x, y: Pt::ZERO, bleed: Pt::ZERO })
                .collect();
            let trim = Rect { x: Pt::ZERO, y: Pt::ZERO, width: width * 2.0, height };
            Sheet { width: width * 2.0, height, placed, marks: Vec::new(), trim }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Page;

    fn document(pages: usize, right_to_left: bool) -> Document {
        let page = Page { width: Pt(100.0), height: Pt(150.0), ..Page::default() };
        Document { pages: vec![page; pages], right_to_left, ..Document::default() }
    }

    fn order(sheets: &[Sheet]) -> Vec<Vec<(usize, f64)>> {
        sheets.iter().map(|s| s.placed.iter().map(|p| (p.page, p.x.0)).collect()).collect()
    }

    #[test]
    fn folded_sheets_of_a_booklet_read_in_order() {
        let sheets = arrange(&document(6, false), Sheets::Booklet);
        let expected = [
            vec![(0, 100.0)],           // back cover blank | 1
            vec![(1, 0.0)],             // 2 | blank
            vec![(5, 0.0), (2, 100.0)], // 6 | 3
            vec![(3, 0.0), (4, 100.0)], // 4 | 5
        ];
        assert_eq!(order(&sheets), expected);
        assert!(sheets.iter().all(|s| s.width == Pt(200.0) && s.height == Pt(150.0)));
    }

    #[test]
    fn a_booklet_of_vertical_text_opens_at_the_other_side() {
        let sheets = arrange(&document(4, true), Sheets::Booklet);
        assert_eq!(order(&sheets), [[(0, 0.0), (3, 100.0)], [(2, 0.0), (1, 100.0)]]);
    }

    #[test]
    fn crop_marks_stay_outside_the_bleed() {
        let bleed = Pt(8.5);
        let sheet = &arrange(&document(1, false), Sheets::Bleed(bleed))[0];
        assert_eq!(sheet.marks.len(), 8);
        let (x, y) = (sheet.trim.x - bleed, sheet.trim.y - bleed);
        let (right, bottom) = (sheet.width - x, sheet.height - y);
        for mark in &sheet.marks {
            for (px, py) in mark.points() {
                let inside = px > x && px < right && py > y && py < bottom;
                assert!(!inside, "{px:?} {py:?}");
                assert!(px >= Pt::ZERO && px <= sheet.width && py <= sheet.height);
            }
        }
    }
}
