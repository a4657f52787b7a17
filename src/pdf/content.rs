//! One page: frames → operators.

use std::collections::BTreeMap;

use printpdf::{
    Actions, BorderArray, Codepoint, Color as PdfColor, ColorArray, CurTransMat, Destination,
    DictItem, LinkAnnotation, Op, PdfFontHandle, PdfPage, Pt as PdfPt, Rect as PdfRect, Rgb,
    TextItem, TextMatrix, XObjectTransform,
};

use super::fonts::{Embedded, EmbeddedFace, glyph_text};
use super::picture_resource;
use crate::layout::{
    AreaTarget, Color, Content, Document, GlyphRun, LinkArea, Page, Rect, Segment, Shape,
};
use crate::picture::PictureId;
use crate::units::Pt;

/// A page with its content and link areas.
pub(super) fn page(page: &Page, document: &Document, embedded: &Embedded) -> PdfPage {
    let mut writer = Writer { height: page.height, ops: Vec::new(), fill: Color::BLACK, embedded };
    for item in &page.items {
        match &item.content {
            Content::Glyphs(run) => writer.glyphs(run),
            Content::Shape(shape) => writer.shape(shape),
            Content::Picture { picture, rect } => writer.picture(*picture, *rect),
        }
    }
    for link in &page.links {
        writer.link(link, document);
    }
    let whole = PdfRect::from_wh(point(page.width), point(page.height));
    PdfPage { media_box: whole.clone(), trim_box: whole.clone(), crop_box: whole, ops: writer.ops }
}

fn point(length: Pt) -> PdfPt {
    PdfPt(number(length.0))
}

/// Numbers are written to a thousandth of a point: finer than any device, and short.
fn number(value: f64) -> f32 {
    ((value * 1000.0).round() / 1000.0) as f32
}

struct Writer<'e> {
    height: Pt,
    ops: Vec<Op>,
    fill: Color,
    embedded: &'e Embedded,
}

impl Writer<'_> {
    /// PDF counts from the foot of the page.
    fn up(&self, y: Pt) -> f64 {
        (self.height - y).0
    }

    fn fill(&mut self, color: Color) {
        if self.fill != color {
            self.fill = color;
            self.ops.push(Op::SetFillColor { col: rgb(color) });
        }
    }

    fn operator(&mut self, key: &str, operands: &[f64]) {
        let value = operands.iter().map(|v| DictItem::Real(number(*v))).collect();
        self.ops.push(Op::Unknown { key: key.to_owned(), value });
    }

    fn shape(&mut self, shape: &Shape) {
        if let Some(color) = shape.fill {
            self.fill(color);
        }
        if let Some(stroke) = &shape.stroke {
            self.ops.push(Op::SaveGraphicsState);
            self.ops.push(Op::SetOutlineColor { col: rgb(stroke.color) });
            self.operator("w", &[stroke.width.0]);
            if !stroke.dash.is_empty() {
                let dash = stroke.dash.iter().map(|d| DictItem::Real(number(d.0))).collect();
                let value = vec![DictItem::Array(dash), DictItem::Int(0)];
                self.ops.push(Op::Unknown { key: "d".to_owned(), value });
            }
        }
        for segment in &shape.path {
            match *segment {
                Segment::Move(x, y) => self.operator("m", &[x.0, self.up(y)]),
                Segment::Line(x, y) => self.operator("l", &[x.0, self.up(y)]),
                Segment::Curve(x1, y1, x2, y2, x, y) => {
                    let points = [x1.0, self.up(y1), x2.0, self.up(y2), x.0, self.up(y)];
                    self.operator("c", &points);
                }
                Segment::Close => self.operator("h", &[]),
            }
        }
        self.operator(
            match (shape.fill, &shape.stroke) {
                (Some(_), Some(_)) => "B",
                (Some(_), None) => "f",
                (None, Some(_)) => "S",
                (None, None) => "n",
            },
            &[],
        );
        if shape.stroke.is_some() {
            self.ops.push(Op::RestoreGraphicsState);
        }
    }

    fn picture(&mut self, picture: PictureId, rect: Rect) {
        let matrix = [
            number(rect.width.0),
            0.0,
            0.0,
            number(rect.height.0),
            number(rect.x.0),
            number(self.up(rect.y + rect.height)),
        ];
        self.ops.push(Op::SaveGraphicsState);
        self.ops.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw(matrix) });
        let transform = XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() };
        self.ops.push(Op::UseXobject { id: picture_resource(picture), transform });
        self.ops.push(Op::RestoreGraphicsState);
    }

    fn glyphs(&mut self, run: &GlyphRun) {
        let Some(face) = self.embedded.faces.get(&run.face) else { return };
        if run.glyphs.is_empty() {
            return;
        }
        self.fill(run.color);
        self.ops.push(Op::StartTextSection);
        let font = PdfFontHandle::External(face.resource.clone());
        self.ops.push(Op::SetFont { font, size: point(run.size) });
        // A stretch of glyphs at one height is one show operation.
        let mut start = 0;
        while start < run.glyphs.len() {
            let level = run.glyphs[start].dy;
            let len = run.glyphs[start..].iter().take_while(|g| g.dy == level).count();
            self.level(run, start..start + len, face);
            start += len;
        }
        self.ops.push(Op::EndTextSection);
    }

    /// Shows glyphs of one height. Where a glyph means another text here than the file states for
    /// it, the text is written beside it (ActualText, ISO 32000-1, 14.9.4).
    fn level(&mut self, run: &GlyphRun, range: std::ops::Range<usize>, face: &EmbeddedFace) {
        let first = run.glyphs[range.start];
        let (x, y) = (first.dx * run.stretch, first.dy);
        let matrix = if run.turned {
            let place = [(run.x - y).0, self.up(run.y + x)];
            [0.0, -1.0, 1.0, 0.0, number(place[0]), number(place[1])]
        } else {
            let place = [(run.x + first.dx).0, self.up(run.y + y)];
            [number(run.stretch), 0.0, 0.0, 1.0, number(place[0]), number(place[1])]
        };
        self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw(matrix) });
        let unit = run.size.0 * run.stretch / 1000.0; // a thousandth of an em in pt
        let mut shown: Vec<Codepoint> = Vec::new();
        let mut pen = 0.0; // thousandths of an em from the first glyph
        for index in range.clone() {
            let glyph = face.glyph(run.glyphs[index].id);
            let text = glyph_text(run, index);
            let aside = text != face.text(glyph);
            if aside && !shown.is_empty() {
                self.show(std::mem::take(&mut shown));
            }
            pen += face.width(glyph);
            let offset = if index + 1 < range.end {
                let wanted = (run.glyphs[index + 1].dx - first.dx).0 / unit;
                let offset = ((pen - wanted) * 10.0).round() / 10.0;
                pen -= offset;
                offset
            } else {
                0.0
            };
            // Hundredths of a thousandth would only be noise of the arithmetic.
            let offset = if offset.abs() < 0.15 {
                pen += offset;
                0.0
            } else {
                offset
            };
            let point = Codepoint::with_cid(glyph, offset as f32, face.text(glyph).to_owned());
            shown.push(point);
            if aside {
                let properties = DictItem::Dict {
                    map: BTreeMap::from([("ActualText".to_owned(), utf16(text))]),
                };
                let tag = "Span".to_owned();
                self.ops.push(Op::BeginMarkedContentWithProperties { tag, properties });
                self.show(std::mem::take(&mut shown));
                self.ops.push(Op::EndMarkedContent);
            }
        }
        if !shown.is_empty() {
            self.show(shown);
        }
    }

    fn show(&mut self, glyphs: Vec<Codepoint>) {
        self.ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(glyphs)] });
    }

    fn link(&mut self, link: &LinkArea, document: &Document) {
        let rect = PdfRect {
            x: point(link.rect.x),
            y: PdfPt(number(self.up(link.rect.y + link.rect.height))),
            width: point(link.rect.width),
            height: point(link.rect.height),
            mode: None,
            winding_order: None,
        };
        let actions = match &link.target {
            AreaTarget::Web(url) => Actions::Uri(percent_encoded(url)),
            AreaTarget::Place(place) => Actions::Goto(Destination::Xyz {
                page: place.page + 1,
                left: None,
                top: document.pages.get(place.page).map(|p| number((p.height - place.y).0 + 6.0)),
                zoom: None,
            }),
        };
        let link = LinkAnnotation::new(
            rect,
            actions,
            Some(BorderArray::Solid([0.0; 3])),
            Some(ColorArray::Transparent),
            None,
        );
        self.ops.push(Op::LinkAnnotation { link });
    }
}

fn rgb(color: Color) -> PdfColor {
    let part = |v: u8| number(f64::from(v) / 255.0);
    PdfColor::Rgb(Rgb { r: part(color.r), g: part(color.g), b: part(color.b), icc_profile: None })
}

/// A text string in UTF-16BE with its mark (ISO 32000-1, 7.9.2.2).
fn utf16(text: &str) -> DictItem {
    let mut data = vec![0xFE, 0xFF];
    data.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    DictItem::String { data, literal: false }
}

/// Addresses are ASCII in PDF (ISO 32000-1, 12.6.4.7): other characters are percent-encoded UTF-8.
fn percent_encoded(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic()
            && !matches!(byte, b'<' | b'>' | b'"' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
        {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
