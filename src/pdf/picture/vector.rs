//! SVG → drawing operators: sharp at any size, and small.
//!
//! Paths, plain colours, gradients, clipping by one path and opacity are drawn; a drawing with
//! anything else (masks, filters, patterns, blending, pictures inside) is left to the caller, who
//! draws it as pixels whole: half a drawing would be wrong.
//!
//! Source: ISO 32000-1, 8.5 (paths), 8.7.4 (shadings), 11.6.4.4 (constant opacity).

use std::collections::BTreeMap;

use printpdf::{DictItem, ExternalStream};
use resvg::usvg::tiny_skia_path::{PathSegment, Point};
use resvg::usvg::{
    self, FillRule, Group, LineCap, LineJoin, Node, Paint, PaintOrder, SpreadMethod, Stop, Stroke,
    Transform,
};

use super::name;
use crate::pdf::stream::Stream;

/// A drawing as a form that fills the unit square; `None` if it needs what is not drawn here.
pub(super) fn form(tree: &usvg::Tree) -> Option<ExternalStream> {
    let mut drawing = Drawing::default();
    drawing.group(tree.root())?;
    let (width, height) = (tree.size().width(), tree.size().height());
    // SVG counts from the top in its own units.
    let matrix = [1.0 / width, 0.0, 0.0, -1.0 / height, 0.0, 1.0];
    Some(drawing.into_form([0.0, 0.0, width, height], Some(matrix), false))
}

#[derive(Default)]
struct Drawing {
    out: Stream,
    /// Graphics states by their opacities of fill and stroke, in thousandths.
    states: BTreeMap<(u32, u32), String>,
    patterns: Vec<DictItem>,
    forms: Vec<ExternalStream>,
}

impl Drawing {
    fn into_form(
        self,
        bounds: [f32; 4],
        matrix: Option<[f32; 6]>,
        grouped: bool,
    ) -> ExternalStream {
        let mut resources = BTreeMap::new();
        let states: BTreeMap<String, DictItem> = self
            .states
            .into_iter()
            .map(|((fill, stroke), name)| {
                let part = |v: u32| DictItem::Real(v as f32 / 1000.0);
                let map = BTreeMap::from([
                    ("ca".to_owned(), part(fill)),
                    ("CA".to_owned(), part(stroke)),
                ]);
                (name, DictItem::Dict { map })
            })
            .collect();
        let numbered = |letter: char, items: Vec<DictItem>| -> BTreeMap<String, DictItem> {
            items.into_iter().enumerate().map(|(i, item)| (format!("{letter}{i}"), item)).collect()
        };
        let patterns = numbered('p', self.patterns);
        let forms = self.forms.into_iter().map(|stream| DictItem::Stream { stream }).collect();
        let forms = numbered('f', forms);
        for (kind, map) in [("ExtGState", states), ("Pattern", patterns), ("XObject", forms)] {
            if !map.is_empty() {
                resources.insert(kind.to_owned(), DictItem::Dict { map });
            }
        }
        let mut dict = BTreeMap::from([
            ("Type".to_owned(), name("XObject")),
            ("Subtype".to_owned(), name("Form")),
            ("BBox".to_owned(), reals(&bounds)),
            ("Resources".to_owned(), DictItem::Dict { map: resources }),
        ]);
        if let Some(matrix) = matrix {
            dict.insert("Matrix".to_owned(), reals(&matrix));
        }
        if grouped {
            let map = BTreeMap::from([("S".to_owned(), name("Transparency"))]);
            dict.insert("Group".to_owned(), DictItem::Dict { map });
        }
        ExternalStream { dict, content: self.out.into_bytes(), compress: true }
    }

    fn group(&mut self, group: &Group) -> Option<()> {
        if group.mask().is_some()
            || !group.filters().is_empty()
            || group.blend_mode() != usvg::BlendMode::Normal
        {
            return None;
        }
        self.out.raw("q\n");
        if let Some(clip) = group.clip_path() {
            self.clip(clip, group.abs_transform())?;
        }
        let opacity = group.opacity().get();
        if opacity < 1.0 {
            // Things that overlap in the group must not shine through each other.
            let mut inner = Self::default();
            inner.children(group)?;
            let bounds = group.abs_layer_bounding_box();
            let corners = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
            self.state(opacity, opacity);
            self.out.raw(&format!("/f{} Do\n", self.forms.len()));
            self.forms.push(inner.into_form(corners, None, true));
        } else {
            self.children(group)?;
        }
        self.out.raw("Q\n");
        Some(())
    }

    fn children(&mut self, group: &Group) -> Option<()> {
        for child in group.children() {
            match child {
                Node::Group(group) => self.group(group)?,
                Node::Path(path) => self.path(path)?,
                Node::Text(text) => self.group(text.flattened())?,
                Node::Image(image) if !image.is_visible() => {}
                Node::Image(_) => return None,
            }
        }
        Some(())
    }

    /// Clips by the one path of a clipping path: several would have to be joined first.
    fn clip(&mut self, clip: &usvg::ClipPath, around: Transform) -> Option<()> {
        let (None, [Node::Path(path)]) = (clip.clip_path(), clip.root().children()) else {
            return None;
        };
        let transform = around.pre_concat(clip.transform()).pre_concat(path.abs_transform());
        self.outline(path.data(), transform);
        let rule = path.fill().map_or(FillRule::NonZero, usvg::Fill::rule);
        self.out.raw(if rule == FillRule::EvenOdd { "W* n\n" } else { "W n\n" });
        Some(())
    }

    fn path(&mut self, path: &usvg::Path) -> Option<()> {
        if !path.is_visible() {
            return Some(());
        }
        let transform = path.abs_transform();
        for step in 0..2 {
            let strokes = (step == 1) == (path.paint_order() == PaintOrder::FillAndStroke);
            if strokes {
                if let Some(stroke) = path.stroke() {
                    self.stroke(path, stroke, transform)?;
                }
            } else if let Some(fill) = path.fill() {
                self.out.raw("q\n");
                self.state(fill.opacity().get(), 1.0);
                self.paint(fill.paint(), transform, false)?;
                self.outline(path.data(), transform);
                self.out.raw(if fill.rule() == FillRule::EvenOdd { "f*\nQ\n" } else { "f\nQ\n" });
            }
        }
        Some(())
    }

    /// A stroke is drawn in the path's own units: a transform may make it thicker one way.
    fn stroke(&mut self, path: &usvg::Path, stroke: &Stroke, transform: Transform) -> Option<()> {
        self.out.raw("q\n");
        self.state(1.0, stroke.opacity().get());
        self.paint(stroke.paint(), transform, true)?;
        self.numbers(&matrix(transform), "cm");
        self.numbers(&[stroke.width().get()], "w");
        let cap = match stroke.linecap() {
            LineCap::Butt => "0 J\n",
            LineCap::Round => "1 J\n",
            LineCap::Square => "2 J\n",
        };
        let join = match stroke.linejoin() {
            LineJoin::Miter | LineJoin::MiterClip => "0 j\n",
            LineJoin::Round => "1 j\n",
            LineJoin::Bevel => "2 j\n",
        };
        self.out.raw(cap);
        self.out.raw(join);
        self.numbers(&[stroke.miterlimit().get()], "M");
        if let Some(dashes) = stroke.dasharray() {
            self.out.raw("[");
            for dash in dashes {
                self.out.number(f64::from(*dash));
            }
            self.out.raw("]");
            self.numbers(&[stroke.dashoffset()], "d");
        }
        self.outline(path.data(), Transform::identity());
        self.out.raw("S\nQ\n");
        Some(())
    }

    fn paint(&mut self, paint: &Paint, transform: Transform, stroke: bool) -> Option<()> {
        let pattern = match paint {
            Paint::Color(color) => {
                let parts = [color.red, color.green, color.blue].map(|v| f32::from(v) / 255.0);
                self.numbers(&parts, if stroke { "RG" } else { "rg" });
                return Some(());
            }
            Paint::LinearGradient(gradient) => {
                let ends = [gradient.x1(), gradient.y1(), gradient.x2(), gradient.y2()];
                shading(2, &ends, gradient, transform)?
            }
            Paint::RadialGradient(gradient) => {
                let circles = [
                    gradient.fx(),
                    gradient.fy(),
                    gradient.fr().get(),
                    gradient.cx(),
                    gradient.cy(),
                    gradient.r().get(),
                ];
                shading(3, &circles, gradient, transform)?
            }
            Paint::Pattern(_) => return None,
        };
        let number = self.patterns.len();
        self.patterns.push(pattern);
        self.out.raw(&if stroke {
            format!("/Pattern CS /p{number} SCN\n")
        } else {
            format!("/Pattern cs /p{number} scn\n")
        });
        Some(())
    }

    fn state(&mut self, fill: f32, stroke: f32) {
        let part = |v: f32| (v.clamp(0.0, 1.0) * 1000.0).round() as u32;
        let key = (part(fill), part(stroke));
        if key == (1000, 1000) {
            return;
        }
        let next = format!("g{}", self.states.len());
        let name = self.states.entry(key).or_insert(next);
        self.out.raw(&format!("/{name} gs\n"));
    }

    fn outline(&mut self, path: &usvg::tiny_skia_path::Path, transform: Transform) {
        let map = |point: Point| {
            let mut point = point;
            transform.map_point(&mut point);
            point
        };
        let mut last = Point::zero();
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(p) => {
                    self.numbers(&[map(p).x, map(p).y], "m");
                    last = p;
                }
                PathSegment::LineTo(p) => {
                    self.numbers(&[map(p).x, map(p).y], "l");
                    last = p;
                }
                PathSegment::QuadTo(c, p) => {
                    // A quadratic curve as a cubic one.
                    let toward = |a: Point| {
                        Point::from_xy(a.x + (c.x - a.x) * 2.0 / 3.0, a.y + (c.y - a.y) * 2.0 / 3.0)
                    };
                    let (a, b, p2) = (map(toward(last)), map(toward(p)), map(p));
                    self.numbers(&[a.x, a.y, b.x, b.y, p2.x, p2.y], "c");
                    last = p;
                }
                PathSegment::CubicTo(a, b, p) => {
                    let (a, b, p2) = (map(a), map(b), map(p));
                    self.numbers(&[a.x, a.y, b.x, b.y, p2.x, p2.y], "c");
                    last = p;
                }
                PathSegment::Close => self.out.name("h"),
            }
        }
    }

    fn numbers(&mut self, values: &[f32], operator: &str) {
        let values: Vec<f64> = values.iter().map(|v| f64::from(*v)).collect();
        self.out.operator(&values, operator);
    }
}

/// A gradient as a pattern (ISO 32000-1, 8.7.4). Transparent stops and repetition are not drawn.
fn shading(
    kind: i64,
    coordinates: &[f32],
    gradient: &usvg::BaseGradient,
    transform: Transform,
) -> Option<DictItem> {
    let stops = gradient.stops();
    if gradient.spread_method() != SpreadMethod::Pad
        || stops.len() < 2
        || stops.iter().any(|stop| stop.opacity().get() < 1.0)
    {
        return None;
    }
    let yes = || DictItem::Bool(true);
    let shading = BTreeMap::from([
        ("ShadingType".to_owned(), DictItem::Int(kind)),
        ("ColorSpace".to_owned(), name("DeviceRGB")),
        ("Coords".to_owned(), reals(coordinates)),
        ("Extend".to_owned(), DictItem::Array(vec![yes(), yes()])),
        ("Function".to_owned(), function(stops)),
    ]);
    let map = BTreeMap::from([
        ("PatternType".to_owned(), DictItem::Int(2)),
        ("Matrix".to_owned(), reals(&matrix(transform.pre_concat(gradient.transform())))),
        ("Shading".to_owned(), DictItem::Dict { map: shading }),
    ]);
    Some(DictItem::Dict { map })
}

/// Colours between stops: straight between neighbours, stitched together.
fn function(stops: &[Stop]) -> DictItem {
    let color = |stop: &Stop| {
        let c = stop.color();
        reals(&[c.red, c.green, c.blue].map(|v| f32::from(v) / 255.0))
    };
    let ramp = |from: &Stop, to: &Stop| DictItem::Dict {
        map: BTreeMap::from([
            ("FunctionType".to_owned(), DictItem::Int(2)),
            ("Domain".to_owned(), reals(&[0.0, 1.0])),
            ("C0".to_owned(), color(from)),
            ("C1".to_owned(), color(to)),
            ("N".to_owned(), DictItem::Int(1)),
        ]),
    };
    let (mut functions, mut bounds, mut encode) = (Vec::new(), Vec::new(), Vec::new());
    for pair in stops.windows(2) {
        functions.push(ramp(&pair[0], &pair[1]));
        bounds.push(pair[1].offset().get());
        encode.extend([0.0, 1.0]);
    }
    // Before the first stop and behind the last one, their colours go on.
    let first = stops.first().map_or(0.0, |s| s.offset().get());
    if first > 0.0
        && let Some(stop) = stops.first()
    {
        functions.insert(0, ramp(stop, stop));
        bounds.insert(0, first);
        encode.extend([0.0, 1.0]);
    }
    // The last function reaches to the end of the domain.
    bounds.pop();
    let last = stops.last().map_or(1.0, |s| s.offset().get());
    if last < 1.0
        && let Some(stop) = stops.last()
    {
        functions.push(ramp(stop, stop));
        bounds.push(last);
        encode.extend([0.0, 1.0]);
    }
    let map = BTreeMap::from([
        ("FunctionType".to_owned(), DictItem::Int(3)),
        ("Domain".to_owned(), reals(&[0.0, 1.0])),
        ("Functions".to_owned(), DictItem::Array(functions)),
        ("Bounds".to_owned(), reals(&bounds)),
        ("Encode".to_owned(), reals(&encode)),
    ]);
    DictItem::Dict { map }
}

fn matrix(t: Transform) -> [f32; 6] {
    [t.sx, t.ky, t.kx, t.sy, t.tx, t.ty]
}

fn reals(values: &[f32]) -> DictItem {
    DictItem::Array(values.iter().map(|v| DictItem::Real(*v)).collect())
}
