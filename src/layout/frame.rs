//! Frames: what layout hands to the drawers (PDF, raster, dump).
//!
//! Positions are final. Origin is the top left corner of the page, y grows downwards, lengths are
//! points. Nothing here knows of PDF.

use crate::compose::{Anchor, Book};
use crate::font::FaceId;
use crate::picture::PictureId;
use crate::units::Pt;

/// A laid-out publication.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Pages in reading order.
    pub pages: Vec<Page>,
    /// Outline (bookmarks) in reading order, each with its place.
    pub outline: Vec<OutlineEntry>,
    /// Every anchor that was set and where.
    pub anchors: Vec<(Anchor, Place)>,
    /// The structure tree (for tagged PDF), in reading order. Node 0 is the document.
    pub structure: Vec<StructNode>,
    /// Whether pages turn from right to left (vertical setting).
    pub right_to_left: bool,
}

/// A place on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Index into [`Document::pages`].
    pub page: usize,
    /// Distance from the left edge.
    pub x: Pt,
    /// Distance from the top edge.
    pub y: Pt,
}

/// One line of the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlineEntry {
    /// Depth from 1.
    pub level: u8,
    /// Title without markup.
    pub title: String,
    /// Where it leads.
    pub place: Place,
}

/// One page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Width.
    pub width: Pt,
    /// Height.
    pub height: Pt,
    /// Page number as shown or counted: `封面`, `ii`, `12`. Empty for pages without one.
    pub label: String,
    /// What is drawn, in painting order.
    pub items: Vec<Item>,
    /// Areas that lead somewhere.
    pub links: Vec<LinkArea>,
}

/// One thing drawn, and the part of the structure it belongs to.
#[derive(Debug, Clone)]
pub struct Item {
    /// Structure.
    pub tag: Tag,
    /// Drawing.
    pub content: Content,
}

/// Whether an item is content, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Decoration, running heads, folios, rules: no content.
    Artifact,
    /// Content of a node of [`Document::structure`].
    Node(NodeId),
}

/// Index into [`Document::structure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A node of the structure tree (ISO 32000-1, 14.7.2).
#[derive(Debug, Clone)]
pub struct StructNode {
    /// What it is.
    pub role: Role,
    /// Its parent; `None` for the document.
    pub parent: Option<NodeId>,
    /// Language, where it differs from its parent's (BCP 47).
    pub language: Option<String>,
    /// Alternative text of a figure.
    pub alt: Option<String>,
    /// Text that stands for what is drawn where drawing shows no characters: a bullet, a box to tick.
    pub actual: Option<String>,
    /// Columns and rows that a cell covers, where more than one.
    pub span: Option<(u16, u16)>,
    /// What a header cell heads.
    pub scope: Option<Scope>,
    /// How the items of a list are labelled.
    pub numbering: Option<ListNumbering>,
    /// A sibling made earlier that it stands behind: a note is read after the block that refers to
    /// it, wherever on the page it is set.
    pub follows: Option<NodeId>,
}

impl StructNode {
    /// A node that says nothing but what it is.
    pub(crate) fn new(role: Role, parent: Option<NodeId>) -> Self {
        Self {
            role,
            parent,
            language: None,
            alt: None,
            actual: None,
            span: None,
            scope: None,
            numbering: None,
            follows: None,
        }
    }
}

/// What a header cell heads (ISO 32000-1, table 349).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // named by the standard
pub enum Scope {
    Row,
    Column,
}

/// How items are labelled (ISO 32000-1, table 347).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListNumbering {
    /// Filled dots.
    Disc,
    /// Boxes to tick, or terms: what the standard has no word for.
    Unordered,
    /// Numbers of any script.
    Decimal,
    /// Small letters.
    LowerAlpha,
    /// Small Roman numbers.
    LowerRoman,
}

/// Standard structure types (ISO 32000-1, 14.8.4) that layout uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // named by the standard
pub enum Role {
    Document,
    Part,
    Art,
    Sect,
    Div,
    BlockQuote,
    Caption,
    Toc,
    TocItem,
    Title,
    P,
    H(u8),
    List,
    ListItem,
    Label,
    ListBody,
    Table,
    TableHead,
    TableBody,
    TableRow,
    HeaderCell,
    DataCell,
    Figure,
    Span,
    Note,
    Reference,
    Link,
    Code,
    Ruby,
    RubyBase,
    RubyText,
}

/// What is drawn.
#[derive(Debug, Clone)]
pub enum Content {
    /// Text.
    Glyphs(GlyphRun),
    /// A filled or stroked path: rules, boxes, dots, wavy lines.
    Shape(Shape),
    /// A picture scaled into a rectangle.
    Picture {
        /// Which picture.
        picture: PictureId,
        /// Where.
        rect: Rect,
    },
}

/// Glyphs of one face, size and colour on one baseline.
#[derive(Debug, Clone)]
pub struct GlyphRun {
    /// The face.
    pub face: FaceId,
    /// Type size.
    pub size: Pt,
    /// Start of the baseline, from the left edge of the page.
    pub x: Pt,
    /// The baseline, from the top edge of the page.
    pub y: Pt,
    /// Horizontal scale of the glyphs, 1 for none (long dashes drawn to two ems).
    pub stretch: f64,
    /// Whether the run is turned clockwise by 90° around its start (Latin in vertical text).
    pub turned: bool,
    /// Colour.
    pub color: Color,
    /// The text shown, for extraction and search.
    pub text: String,
    /// The glyphs, in the order of `text`.
    pub glyphs: Vec<Glyph>,
}

/// One glyph of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Glyph index in the face.
    pub id: u16,
    /// Distance along the baseline from the run's start.
    pub dx: Pt,
    /// Distance below the baseline.
    pub dy: Pt,
    /// Where its text begins in [`GlyphRun::text`], in bytes; it ends where the next begins.
    /// Glyphs of one cluster share the start.
    pub text_start: u32,
}

/// A rectangle by its top left corner and extent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[allow(missing_docs)] // the four names say it
pub struct Rect {
    pub x: Pt,
    pub y: Pt,
    pub width: Pt,
    pub height: Pt,
}

/// A path with how it is painted.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Segments; a path begins with `Move`.
    pub path: Vec<Segment>,
    /// Inside, by the nonzero rule.
    pub fill: Option<Color>,
    /// Outline.
    pub stroke: Option<Stroke>,
}

/// A segment of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    /// Begin at a point.
    Move(Pt, Pt),
    /// Straight line to a point.
    Line(Pt, Pt),
    /// Cubic curve: two control points, then the end.
    Curve(Pt, Pt, Pt, Pt, Pt, Pt),
    /// Back to the beginning.
    Close,
}

/// How an outline is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub color: Color,
    /// Line width.
    pub width: Pt,
    /// Lengths of dash and gap; empty for a solid line.
    pub dash: Vec<Pt>,
}

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the three names say it
pub struct Color {
    pub r: u8,
    pub g: u8,
    pub b: u8,
}

/// An area of a page that leads somewhere when touched.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkArea {
    /// Where.
    pub rect: Rect,
    /// To what.
    pub target: AreaTarget,
    /// Structure node of the link.
    pub tag: Tag,
    /// Description for assistive technology.
    pub description: String,
}

/// Where a link area leads.
#[derive(Debug, Clone, PartialEq)]
pub enum AreaTarget {
    /// A web address.
    Web(String),
    /// A place in the document.
    Place(Place),
}

impl Color {
    /// Black.
    pub const BLACK: Self = Self { r: 0, g: 0, b: 0 };
    /// White.
    pub const WHITE: Self = Self { r: 255, g: 255, b: 255 };

    /// A grey, 0 black to 255 white.
    pub const fn grey(level: u8) -> Self {
        Self { r: level, g: level, b: level }
    }
}

impl Shape {
    /// A filled rectangle: also how rules are drawn.
    pub fn filled_rect(rect: Rect, color: Color) -> Self {
        Self { path: rect.outline(), fill: Some(color), stroke: None }
    }
}

impl Rect {
    /// The four sides as a closed path.
    pub fn outline(&self) -> Vec<Segment> {
        let (right, bottom) = (self.x + self.width, self.y + self.height);
        vec![
            Segment::Move(self.x, self.y),
            Segment::Line(right, self.y),
            Segment::Line(right, bottom),
            Segment::Line(self.x, bottom),
            Segment::Close,
        ]
    }
}

impl Document {
    /// The drawn cover alone, for an EPUB's shelf picture; `None` if the book's first page is none.
    pub fn cover_page(&self, book: &Book) -> Option<&Page> {
        (book.cover != crate::compose::BookCover::None).then(|| self.pages.first()).flatten()
    }
}

impl Shape {
    /// The points that segments end at.
    pub(crate) fn points(&self) -> impl Iterator<Item = (Pt, Pt)> {
        self.path.iter().filter_map(|segment| match *segment {
            Segment::Move(x, y) | Segment::Line(x, y) | Segment::Curve(_, _, _, _, x, y) => {
                Some((x, y))
            }
            Segment::Close => None,
        })
    }

    /// Moves the shape.
    pub(crate) fn shift(&mut self, dx: Pt, dy: Pt) {
        for segment in &mut self.path {
            match segment {
                Segment::Move(x, y) | Segment::Line(x, y) => {
                    *x += dx;
                    *y += dy;
                }
                Segment::Curve(x1, y1, x2, y2, x, y) => {
                    for x in [x1, x2, x] {
                        *x += dx;
                    }
                    for y in [y1, y2, y] {
                        *y += dy;
                    }
                }
                Segment::Close => {}
            }
        }
    }
}
