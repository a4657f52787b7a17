//! Sheets: which page stands where on what is printed.
//!
//! Usually a sheet is a page. A cover with bleed is a page with marks around it, a booklet two pages
//! side by side in the order in which folded sheets lie.

use crate::layout::{Document, Rect};
use crate::units::Pt;

/// One side of a sheet of paper; origin at its top left corner.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub width: Pt,
    pub height: Pt,
    /// Pages on it.
    pub placed: Vec<Placed>,
}

/// A page on a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Index into [`Document::pages`].
    pub page: usize,
    /// Its top left corner on the sheet.
    pub x: Pt,
    pub y: Pt,
    /// How far its ground runs over its edges.
    pub bleed: Pt,
}

impl Sheet {
    /// The page alone, in its own size.
    fn single(document: &Document, page: usize) -> Self {
        let (width, height) =
            document.pages.get(page).map_or_else(Default::default, |p| (p.width, p.height));
        let placed = vec![Placed { page, x: Pt::ZERO, y: Pt::ZERO, bleed: Pt::ZERO }];
        Self { width, height, placed }
    }

    /// Where a page is trimmed to.
    pub(super) fn trim(&self, document: &Document) -> Rect {
        match (self.placed.as_slice(), self.placed.first().and_then(|p| document.pages.get(p.page)))
        {
            ([placed], Some(page)) => {
                Rect { x: placed.x, y: placed.y, width: page.width, height: page.height }
            }
            _ => Rect { x: Pt::ZERO, y: Pt::ZERO, width: self.width, height: self.height },
        }
    }
}

/// Every page on a sheet of its own.
pub(super) fn single(document: &Document) -> Vec<Sheet> {
    (0..document.pages.len()).map(|page| Sheet::single(document, page)).collect()
}
