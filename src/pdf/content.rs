//! One sheet: frames → a content stream, its marked content tied to the structure tree.
//!
//! The stream is written here, not through printpdf's operators: those keep a string for every
//! glyph and are turned into text object by object, one page after the other (docs/performance.md).

use std::io::Write as _;
use std::ops::Range;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::fonts::{Embedded, EmbeddedFace, clusters};
use super::picture::turned;
use super::picture_name;
use super::sheet::{Placed, Sheet};
use super::stream::Stream;
use super::structure::role_name;
use crate::compose::Book;
use crate::layout::{
    Color, Content, Document, Glyph, GlyphRun, Item, NodeId, Page, Rect, Role, Segment, Shape, Tag,
};
use crate::picture::PictureId;
use crate::units::Pt;

/// A drawn sheet.
pub(super) struct Drawn {
    /// The content stream, compressed.
    pub content: Vec<u8>,
    /// What every piece of marked content belongs to, by its number (MCID).
    pub marks: Vec<Mark>,
    /// Where pictures stand, from the sheet's top left corner.
    pub pictures: Vec<(NodeId, Rect)>,
}

/// A piece of marked content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// Structure.
    pub node: NodeId,
    /// The page it stands on, in reading order.
    pub page: usize,
}

/// Draws a sheet.
pub(super) fn sheet(sheet: &Sheet, document: &Document, book: &Book, embedded: &Embedded) -> Drawn {
    let mut writer = Writer {
        out: Stream::default(),
        document,
        book,
        embedded,
        page: 0,
        height: Pt::ZERO,
        bleed: None,
        state: State::default(),
        marks: Vec::new(),
        pictures: Vec::new(),
    };
    for placed in &sheet.placed {
        if let Some(page) = document.pages.get(placed.page) {
            writer.place(*placed, page, sheet);
        }
    }
    if !sheet.marks.is_empty() {
        writer.marks(sheet);
    }
    Drawn {
        content: compressed(&writer.out.into_bytes()),
        marks: writer.marks,
        pictures: writer.pictures,
    }
}

/// What a page draws, in stretches that belong to the same element: each is one piece of marked
/// content. What draws nothing is left out.
pub(super) fn groups(page: &Page) -> impl Iterator<Item = (Tag, Vec<&Item>)> {
    let draws = |item: &&Item| !matches!(&item.content, Content::Glyphs(r) if r.glyphs.is_empty());
    let mut items = page.items.iter().filter(draws).peekable();
    std::iter::from_fn(move || {
        let first = items.next()?;
        let mut group = vec![first];
        while let Some(next) = items.next_if(|item| item.tag == first.tag) {
            group.push(next);
        }
        Some((first.tag, group))
    })
}

/// Deflates a stream (ISO 32000-1, 7.4.4) at the level that most libraries take as their usual.
pub(super) fn compressed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(data.len() / 2), Compression::new(6));
    // Writing into memory can't fail.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}

/// What the graphics state was last set to.
#[derive(Default)]
struct State {
    fill: Option<Color>,
    font: Option<(crate::font::FaceId, Pt)>,
    /// Blank after every glyph, in ten-thousandths of a point.
    spacing: i64,
}

struct Writer<'e> {
    out: Stream,
    document: &'e Document,
    book: &'e Book,
    embedded: &'e Embedded,
    /// Page being drawn, its height and its bleed.
    page: usize,
    height: Pt,
    bleed: Option<(Pt, Pt, Pt)>,
    state: State,
    marks: Vec<Mark>,
    pictures: Vec<(NodeId, Rect)>,
}

impl Writer<'_> {
    fn place(&mut self, placed: Placed, page: &Page, sheet: &Sheet) {
        self.page = placed.page;
        self.height = page.height;
        self.bleed = (placed.bleed > Pt::ZERO).then_some((page.width, page.height, placed.bleed));
        let whole = page.width == sheet.width && page.height == sheet.height;
        if !whole {
            self.out.raw("q\n");
            let up = sheet.height - placed.y - page.height;
            self.out.operator(&[1.0, 0.0, 0.0, 1.0, placed.x.0, up.0], "cm");
            let b = placed.bleed.0;
            self.out.operator(&[-b, -b, page.width.0 + 2.0 * b, page.height.0 + 2.0 * b], "re");
            self.out.raw("W n\n");
        }
        self.state = State::default();
        let before = self.pictures.len();
        for (tag, items) in groups(page) {
            self.open(tag);
            for item in items {
                self.item(item);
            }
            self.out.raw("EMC\n");
        }
        for (_, rect) in &mut self.pictures[before..] {
            rect.x += placed.x;
            rect.y += placed.y;
        }
        if !whole {
            self.out.raw("Q\n");
        }
    }

    /// Marks for whoever cuts the sheet.
    fn marks(&mut self, sheet: &Sheet) {
        (self.height, self.bleed, self.state) = (sheet.height, None, State::default());
        self.out.raw("/Artifact BMC\n");
        for mark in &sheet.marks {
            self.shape(mark);
        }
        self.out.raw("EMC\n");
    }

    fn item(&mut self, item: &Item) {
        match &item.content {
            Content::Glyphs(run) => self.glyphs(run),
            Content::Shape(shape) => self.shape(shape),
            Content::Picture { picture, rect } => {
                if let Tag::Node(node) = item.tag {
                    self.pictures.push((node, *rect));
                }
                self.picture(*picture, *rect);
            }
        }
    }

    /// Opens marked content (ISO 32000-1, 14.7.4.2).
    fn open(&mut self, tag: Tag) {
        let node = match tag {
            Tag::Node(id) => self.document.structure.get(id.0 as usize).map(|node| (id, node)),
            Tag::Artifact => None,
        };
        match node {
            Some((node, known)) => {
                self.out.raw("/");
                self.out.raw(role_name(known.role));
                self.out.raw(&format!("<</MCID {}>>BDC\n", self.marks.len()));
                self.marks.push(Mark { node, page: self.page });
            }
            None => self.out.raw("/Artifact BMC\n"),
        }
    }

    /// PDF counts from the foot of the page.
    fn up(&self, y: Pt) -> f64 {
        (self.height - y).0
    }

    fn color(&mut self, color: Color, rgb: &str, grey: &str) {
        let part = |v: u8| f64::from(v) / 255.0;
        if color.r == color.g && color.g == color.b {
            self.out.operator(&[part(color.r)], grey);
        } else {
            self.out.operator(&[part(color.r), part(color.g), part(color.b)], rgb);
        }
    }

    fn fill(&mut self, color: Color) {
        // Black is what a page begins with.
        if self.state.fill.unwrap_or(Color::BLACK) != color {
            self.color(color, "rg", "g");
        }
        self.state.fill = Some(color);
    }

    fn shape(&mut self, shape: &Shape) {
        if let Some(color) = shape.fill {
            self.fill(color);
        }
        if let Some(stroke) = &shape.stroke {
            self.out.raw("q\n");
            self.color(stroke.color, "RG", "G");
            self.out.operator(&[stroke.width.0], "w");
            if !stroke.dash.is_empty() {
                self.out.raw("[");
                for length in &stroke.dash {
                    self.out.number(length.0);
                }
                self.out.raw("]0 d\n");
            }
        }
        for segment in &shape.path {
            match *segment {
                Segment::Move(x, y) => self.point(x, y, "m"),
                Segment::Line(x, y) => self.point(x, y, "l"),
                Segment::Curve(x1, y1, x2, y2, x, y) => {
                    let points = [x1.0, self.up(y1), x2.0, self.up(y2), x.0, self.up(y)];
                    self.out.operator(&points, "c");
                }
                Segment::Close => self.out.name("h"),
            }
        }
        self.out.name(match (shape.fill, &shape.stroke) {
            (Some(_), Some(_)) => "B",
            (Some(_), None) => "f",
            (None, Some(_)) => "S",
            (None, None) => "n",
        });
        if shape.stroke.is_some() {
            self.out.raw("Q\n");
        }
    }

    /// A corner of a path. What reaches the edge of a page with bleed runs over it.
    fn point(&mut self, x: Pt, y: Pt, operator: &str) {
        let (x, y) = match self.bleed {
            Some((width, height, bleed)) => (over(x, width, bleed), over(y, height, bleed)),
            None => (x, y),
        };
        let up = self.up(y);
        self.out.operator(&[x.0, up], operator);
    }

    fn picture(&mut self, picture: PictureId, rect: Rect) {
        let mut rect = rect;
        if let Some((width, height, bleed)) = self.bleed
            && rect.x <= Pt(0.01)
            && rect.y <= Pt(0.01)
            && rect.x + rect.width >= width - Pt(0.01)
            && rect.y + rect.height >= height - Pt(0.01)
        {
            // Grown around its middle, so that it keeps its proportions.
            let grow =
                ((width + bleed * 2.0) / rect.width).max((height + bleed * 2.0) / rect.height);
            let grow = grow.max(1.0);
            rect.x -= rect.width * ((grow - 1.0) / 2.0);
            rect.y -= rect.height * ((grow - 1.0) / 2.0);
            rect.width = rect.width * grow;
            rect.height = rect.height * grow;
        }
        let up = self.up(rect.y + rect.height);
        self.out.raw("q\n");
        self.out.operator(&[rect.width.0, 0.0, 0.0, rect.height.0, rect.x.0, up], "cm");
        if let Some(turn) = self.book.pictures.get(picture).and_then(turned) {
            self.out.operator(&turn, "cm");
        }
        self.out.raw("/");
        self.out.raw(&picture_name(picture));
        self.out.raw(" Do\nQ\n");
    }

    fn glyphs(&mut self, run: &GlyphRun) {
        let Some(face) = self.embedded.faces.get(&run.face) else { return };
        let pieces = pieces(run, face);
        self.fill(run.color);
        let mut open = false;
        for piece in pieces {
            if piece.missing {
                if std::mem::take(&mut open) {
                    self.out.raw("ET\n");
                }
                self.missing(run, face, piece);
                continue;
            }
            if !std::mem::replace(&mut open, true) {
                self.out.raw("BT\n");
                self.font(run, face);
            }
            self.level(run, piece, face);
        }
        if open {
            self.out.raw("ET\n");
        }
    }

    fn font(&mut self, run: &GlyphRun, face: &EmbeddedFace) {
        if self.state.font != Some((run.face, run.size)) {
            self.out.raw("/");
            self.out.raw(&face.resource.0);
            self.out.operator(&[run.size.0], "Tf");
            self.state.font = Some((run.face, run.size));
        }
    }

    /// Shows glyphs of one height, without any missing one among them.
    fn level(&mut self, run: &GlyphRun, piece: Piece, face: &EmbeddedFace) {
        let glyphs = &run.glyphs[piece.glyphs.clone()];
        let Some(first) = glyphs.first() else { return };
        self.matrix(run, *first);
        let unit = run.size.0 * run.stretch / 1000.0; // a thousandth of an em in pt
        let spacing = if run.stretch == 1.0 { spacing(glyphs, face, unit) } else { 0 };
        if self.state.spacing != spacing {
            self.out.decimal(spacing as f64 / 10_000.0, 4);
            self.out.name("Tc");
            self.state.spacing = spacing;
        }
        let spacing = spacing as f64 / 10_000.0 / unit;
        let mut pen = 0.0; // thousandths of an em from the first glyph
        let mut show = Show::default();
        for (range, text) in clusters_within(run, &piece.glyphs) {
            let aside = needs_text_aside(run, &range, text, face);
            if aside {
                show.flush(&mut self.out);
                self.out.raw("/Span<</ActualText");
                self.out.text_string(text);
                self.out.raw(">>BDC\n");
            }
            for index in range {
                let wanted = (run.glyphs[index].dx - first.dx).0 / unit;
                // Thousandths of an em: whole ones are finer than any device.
                let correction = (pen - wanted).round();
                if correction.abs() > MOST_LEFT {
                    show.adjust(correction);
                    pen -= correction;
                }
                let glyph = face.glyph(run.glyphs[index].id);
                show.glyph(glyph);
                pen += face.width(glyph) + spacing;
            }
            if aside {
                show.flush(&mut self.out);
                self.out.raw("EMC\n");
            }
        }
        show.flush(&mut self.out);
    }

    fn matrix(&mut self, run: &GlyphRun, first: Glyph) {
        if run.turned {
            let (x, y) = (first.dx * run.stretch, first.dy);
            let place = [(run.x - y).0, self.up(run.y + x)];
            self.out.operator(&[0.0, -1.0, 1.0, 0.0, place[0], place[1]], "Tm");
        } else {
            let place = [(run.x + first.dx).0, self.up(run.y + first.dy)];
            self.out.operator(&[run.stretch, 0.0, 0.0, 1.0, place[0], place[1]], "Tm");
        }
    }

    /// A character without a glyph: a drawn box, because the glyph for what is missing must not be
    /// shown (ISO 19005-2, 6.2.11.8). Its text goes with a glyph that is not seen.
    fn missing(&mut self, run: &GlyphRun, face: &EmbeddedFace, piece: Piece) {
        let em = run.size;
        for (range, text) in clusters_within(run, &piece.glyphs) {
            let glyph = run.glyphs[range.start];
            let next = run.glyphs.get(range.end).map(|g| g.dx - glyph.dx);
            let width = next.unwrap_or(em).min(em).max(em * 0.3);
            let (x, base) = (run.x + glyph.dx, run.y + glyph.dy);
            self.out.raw("/Span<</ActualText");
            self.out.text_string(text);
            self.out.raw(">>BDC\nq\n");
            self.color(run.color, "RG", "G");
            self.out.operator(&[em.0 * 0.05], "w");
            let (left, bottom) = (x + width * 0.1, base + em * 0.04);
            let up = self.up(bottom);
            self.out.operator(&[left.0, up, width.0 * 0.8, em.0 * 0.8], "re");
            self.out.raw("S\nQ\n");
            if face.glyphs().next().is_some() {
                self.out.raw("BT\n");
                self.font(run, face);
                self.out.raw("3 Tr\n");
                let up = self.up(base);
                self.out.operator(&[1.0, 0.0, 0.0, 1.0, x.0, up], "Tm");
                self.out.string(1_u16.to_be_bytes());
                self.out.raw("Tj\n0 Tr\nET\n");
            }
            self.out.raw("EMC\n");
        }
    }
}

/// A glyph may stand this far from its place, in thousandths of an em: at 10.5 pt a hundredth of a
/// point, a fifth of the dot of a 1,200 dpi device.
const MOST_LEFT: f64 = 1.0;

/// A stretch of a run that one operator shows, or that is missing.
#[derive(Debug, Clone)]
struct Piece {
    glyphs: Range<usize>,
    missing: bool,
}

/// The clusters of a stretch of glyphs. Of a cluster that the stretch cuts (its marks stand higher
/// than its letter), the text goes with the first part.
fn clusters_within<'r>(
    run: &'r GlyphRun,
    within: &Range<usize>,
) -> impl Iterator<Item = (Range<usize>, &'r str)> {
    let (first, last) = (within.start, within.end);
    clusters(run)
        .skip_while(move |(range, _)| range.end <= first)
        .take_while(move |(range, _)| range.start < last)
        .map(move |(range, text)| {
            let text = if range.start < first { "" } else { text };
            (range.start.max(first)..range.end.min(last), text)
        })
}

/// Divides a run where the height changes and around what no face has.
fn pieces(run: &GlyphRun, face: &EmbeddedFace) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for (range, _) in clusters(run) {
        let missing = run.glyphs[range.clone()].iter().any(|g| face.glyph(g.id) == 0);
        let mut rest = range;
        while rest.start < rest.end {
            let level = run.glyphs[rest.start].dy;
            let len = if missing {
                rest.len()
            } else {
                run.glyphs[rest.clone()].iter().take_while(|g| g.dy == level).count()
            };
            let part = rest.start..rest.start + len;
            rest.start = part.end;
            match out.last_mut() {
                Some(last)
                    if last.missing == missing
                        && run.glyphs[last.glyphs.start].dy == level
                        && !missing =>
                {
                    last.glyphs.end = part.end;
                }
                _ => out.push(Piece { glyphs: part, missing }),
            }
        }
    }
    out
}

/// The blank after most glyphs, in ten-thousandths of a point: what a justified line has between
/// all its characters alike costs one number then, instead of one for each of them.
fn spacing(glyphs: &[Glyph], face: &EmbeddedFace, unit: f64) -> i64 {
    let mut found: Vec<i64> = glyphs
        .windows(2)
        .map(|pair| {
            let blank = (pair[1].dx - pair[0].dx).0 - face.width(face.glyph(pair[0].id)) * unit;
            (blank * 10_000.0).round() as i64
        })
        .collect();
    found.sort_unstable();
    // The arithmetic of layout leaves a few ten-thousandths between blanks that are alike.
    let middle = found.get(found.len() / 2).copied().unwrap_or(0);
    let alike = found.iter().filter(|f| (**f - middle).abs() <= 3).count();
    if alike * 2 > found.len() && middle.abs() > 3 { middle } else { 0 }
}

/// Whether the text of a cluster has to be written beside its glyphs: they mean something else in
/// the file, or are several, or stand for a character of private use (ISO 32000-1, 14.9.4;
/// ISO 19005-2, 6.2.11.7.3).
fn needs_text_aside(run: &GlyphRun, range: &Range<usize>, text: &str, face: &EmbeddedFace) -> bool {
    let private = |c: char| matches!(u32::from(c), 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF);
    let alone = range.len() == 1;
    !alone || text != face.text(face.glyph(run.glyphs[range.start].id)) || text.chars().any(private)
}

/// Moves a coordinate that reaches an edge of the page out by the bleed.
fn over(at: Pt, size: Pt, bleed: Pt) -> Pt {
    if at <= Pt(0.01) {
        Pt::ZERO - bleed
    } else if at >= size - Pt(0.01) {
        size + bleed
    } else {
        at
    }
}

/// Glyphs collected for one show operator.
#[derive(Default)]
struct Show {
    /// Strings, each after the adjustment before it.
    parts: Vec<(f64, Vec<u8>)>,
    /// Adjustment before the next glyph.
    adjust: f64,
}

impl Show {
    fn adjust(&mut self, by: f64) {
        self.adjust += by;
    }

    fn glyph(&mut self, glyph: u16) {
        let adjust = std::mem::take(&mut self.adjust);
        match self.parts.last_mut() {
            Some((_, codes)) if adjust == 0.0 => codes.extend(glyph.to_be_bytes()),
            _ => self.parts.push((adjust, glyph.to_be_bytes().to_vec())),
        }
    }

    fn flush(&mut self, out: &mut Stream) {
        match std::mem::take(&mut self.parts).as_slice() {
            [] => {}
            [(0.0, codes)] => {
                out.string(codes.iter().copied());
                out.raw("Tj\n");
            }
            parts => {
                out.raw("[");
                for (adjust, codes) in parts {
                    if *adjust != 0.0 {
                        out.number(*adjust);
                    }
                    out.string(codes.iter().copied());
                }
                out.raw("]TJ\n");
            }
        }
    }
}

/// The node of a figure that a picture's node belongs to.
pub(super) fn figure_of(document: &Document, node: NodeId) -> Option<NodeId> {
    let mut at = Some(node);
    while let Some(id) = at {
        let known = document.structure.get(id.0 as usize)?;
        if known.role == Role::Figure {
            return Some(id);
        }
        at = known.parent;
    }
    None
}
