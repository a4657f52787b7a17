//! Places: where pages lie on sheets, as destinations of links and outline, by name too.

use std::collections::BTreeMap;

use lopdf::{Document as Lopdf, Object, ObjectId, StringFormat};

use super::trees::name_tree;
use crate::layout::{Document, Place, Rect};
use crate::pdf::sheet::{Placed, Sheet};
use crate::units::Pt;

/// Space kept above a destination when a reader jumps there, in points: half a line.
const HEADROOM: f64 = 6.0;

/// Where pages lie.
pub(super) struct Places {
    /// Page objects of the sheets.
    pub sheets: Vec<ObjectId>,
    /// By page: its sheet, its place there and the sheet's height.
    pages: BTreeMap<usize, (usize, Placed, Pt)>,
}

impl Places {
    pub(super) fn new(sheets: &[Sheet], ids: Vec<ObjectId>) -> Self {
        let pages = sheets
            .iter()
            .enumerate()
            .flat_map(|(index, sheet)| {
                sheet.placed.iter().map(move |p| (p.page, (index, *p, sheet.height)))
            })
            .collect();
        Self { sheets: ids, pages }
    }

    /// The sheet that a page lies on.
    pub(super) fn sheet(&self, page: usize) -> Option<usize> {
        self.pages.get(&page).map(|(sheet, ..)| *sheet)
    }

    /// An explicit destination (ISO 32000-1, 12.3.2.2): the place at the top of the window, the
    /// reader's own zoom.
    pub(super) fn destination(&self, place: Place) -> Option<Object> {
        let (sheet, placed, height) = self.pages.get(&place.page)?;
        let up = (*height - placed.y - place.y).0 + HEADROOM;
        let up = up.min(height.0).round() as i64;
        let page = *self.sheets.get(*sheet)?;
        Some(vec![page.into(), "XYZ".into(), Object::Null, up.into(), Object::Null].into())
    }

    /// A rectangle of a page on its sheet, as PDF writes it.
    pub(super) fn rect(&self, page: usize, rect: Rect) -> Option<Object> {
        let (_, placed, height) = self.pages.get(&page)?;
        let (x, y) = (rect.x + placed.x, rect.y + placed.y);
        Some(rectangle(Rect { x, y, ..rect }, *height))
    }
}

/// A rectangle from the top left corner of a sheet of `height` → left, bottom, right, top.
pub(super) fn rectangle(rect: Rect, height: Pt) -> Object {
    let (left, top) = (rect.x, height - rect.y);
    let corners = [left, top - rect.height, left + rect.width, top];
    Object::Array(corners.map(|c| Object::Real(((c.0 * 100.0).round() / 100.0) as f32)).to_vec())
}

/// The names of all places, for links from outside: `article-3`, `article-3/h2`
/// (ISO 32000-1, 12.3.2.3).
pub(super) fn names(pdf: &mut Lopdf, document: &Document, places: &Places) -> Option<ObjectId> {
    let mut named = BTreeMap::new();
    for (anchor, place) in &document.anchors {
        let name = match &anchor.element {
            Some(element) => format!("{}/{element}", anchor.section.0),
            None => anchor.section.0.clone(),
        };
        if let Some(destination) = places.destination(*place) {
            named.entry(name.into_bytes()).or_insert(destination);
        }
    }
    let named = named.into_iter().map(|(n, d)| (Object::String(n, StringFormat::Literal), d));
    name_tree(pdf, named.collect())
}
