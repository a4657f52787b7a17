//! Shaping: characters → glyphs, face by face.
//!
//! A paragraph is cut into runs of one style, one face and one side (Chinese or Western); each run
//! goes through HarfRust whole, so that kerning, ligatures and the two-em dash come from the font.
//! The result is a list of clusters that cover every character exactly once.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use harfrust::{
    Buffer, Direction, Feature, Script, ShapeOptions, ShapePlan, ShaperFont, Tag, shape,
};

use super::Class;
use crate::font::{FaceId, FontBook};
use crate::model::Region;
use crate::units::Pt;

/// The character that stands for an inline object (picture, ruby group, note mark) in a
/// paragraph's text; it is never shaped.
pub(crate) const OBJECT: char = '\u{FFFC}';

/// Faces to try for a character, best first; one list for each side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaceStack {
    /// For Han characters and Chinese marks.
    pub han: Vec<FaceId>,
    /// For letters, digits and Western marks.
    pub western: Vec<FaceId>,
}

/// Type of one stretch of a paragraph, as far as shaping needs it.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'a> {
    /// Faces.
    pub faces: &'a FaceStack,
    /// Type size.
    pub size: Pt,
    /// Region that decides which face a missing character is taken from.
    pub region: Region,
    /// Whether ligatures and context forms are wanted (not in code).
    pub ligatures: bool,
    /// Whether the line runs down the page: Chinese characters stand upright in it.
    pub vertical: bool,
}

/// Characters that share glyphs: the smallest thing a line is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Characters, as indices into the paragraph.
    pub chars: Range<usize>,
    /// Glyphs, as indices into the list returned with the clusters; empty for an object.
    pub glyphs: Range<usize>,
    /// Face of the glyphs.
    pub face: FaceId,
    /// Index of the style that the caller gave for these characters.
    pub style: usize,
    /// Class of the first character.
    pub class: Class,
    /// Advance as shaped.
    pub advance: Pt,
    /// Whether it stands upright in a vertical line; everything else lies in its line.
    pub upright: bool,
}

/// One glyph of a cluster; offsets are from the cluster's own start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapedGlyph {
    /// Index in the face.
    pub id: u16,
    /// Distance from the cluster's start along the baseline.
    pub dx: Pt,
    /// Distance below the baseline.
    pub dy: Pt,
}

/// Shapes paragraphs; keeps plans and buffers between them.
pub struct Shaper<'f> {
    fonts: &'f FontBook,
    plans: HashMap<(FaceId, Side, bool, bool), ShapePlan>,
    chosen: HashMap<(FaceId, char, Region), FaceId>,
    buffer: Option<Buffer>,
    missing: BTreeMap<char, usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Side {
    Chinese,
    Western,
}

impl<'f> Shaper<'f> {
    /// A shaper over a font book.
    pub fn new(fonts: &'f FontBook) -> Self {
        Self {
            fonts,
            plans: HashMap::new(),
            chosen: HashMap::new(),
            buffer: None,
            missing: BTreeMap::new(),
        }
    }

    /// The font book.
    pub fn fonts(&self) -> &'f FontBook {
        self.fonts
    }

    /// Characters that no face has, with how often they were met.
    pub fn missing(&self) -> &BTreeMap<char, usize> {
        &self.missing
    }

    /// Shapes a paragraph.
    ///
    /// - `chars`, `classes`, `styles`: one entry for each character, equally long; `styles` holds
    ///   indices into `stretches`;
    /// - returns clusters in the order of the text, covering every character exactly once, and
    ///   their glyphs. Spaces and newlines are clusters without ink.
    pub fn shape(
        &mut self,
        chars: &[char],
        classes: &[Class],
        styles: &[usize],
        stretches: &[Stretch<'_>],
    ) -> (Vec<Cluster>, Vec<ShapedGlyph>) {
        let mut clusters = Vec::with_capacity(chars.len());
        let mut glyphs = Vec::with_capacity(chars.len());
        let mut start = 0;
        while start < chars.len() {
            let style = styles[start];
            let stretch = stretches[style];
            let side = side_of(chars[start], classes[start]);
            let face = self.face_for(chars[start], side, &stretch);
            let upright = stretch.vertical && stands_upright(chars[start], classes[start]);
            let mut end = start + 1;
            if chars[start] != OBJECT {
                while end < chars.len()
                    && chars[end] != OBJECT
                    && styles[end] == style
                    && (is_combining(chars[end])
                        || upright
                            == (stretch.vertical && stands_upright(chars[end], classes[end])))
                    && self.joins(chars[end], classes[end], side, face, &stretch)
                {
                    end += 1;
                }
            }
            self.shape_run(
                chars,
                classes,
                start..end,
                style,
                &stretch,
                side,
                upright,
                face,
                (&mut clusters, &mut glyphs),
            );
            start = end;
        }
        (clusters, glyphs)
    }

    /// Whether a character belongs to the run: same side (spaces and marks that combine with what
    /// stands before take any) and same face.
    fn joins(
        &mut self,
        c: char,
        class: Class,
        side: Side,
        face: FaceId,
        stretch: &Stretch<'_>,
    ) -> bool {
        if is_combining(c) {
            return true;
        }
        side_of(c, class) == side && self.face_for(c, side, stretch) == face
    }

    fn face_for(&mut self, c: char, side: Side, stretch: &Stretch<'_>) -> FaceId {
        let list = match side {
            Side::Chinese => &stretch.faces.han,
            Side::Western => &stretch.faces.western,
        };
        let first = list.first().copied().unwrap_or(FaceId(0));
        if c == OBJECT || c.is_whitespace() || is_ignorable(c) {
            return first;
        }
        if let Some(face) = self.chosen.get(&(first, c, stretch.region)) {
            return *face;
        }
        let has = |id: &FaceId| self.fonts.face(*id).is_some_and(|f| f.glyph(c).is_some());
        let other = match side {
            Side::Chinese => &stretch.faces.western,
            Side::Western => &stretch.faces.han,
        };
        let face = list
            .iter()
            .chain(other)
            .copied()
            .find(has)
            .or_else(|| self.fonts.fallback(c, stretch.region));
        if face.is_none() {
            *self.missing.entry(c).or_default() += 1;
            return first;
        }
        let face = face.unwrap_or(first);
        self.chosen.insert((first, c, stretch.region), face);
        face
    }

    #[allow(clippy::too_many_arguments)] // one call site; the parts of a run
    fn shape_run(
        &mut self,
        chars: &[char],
        classes: &[Class],
        run: Range<usize>,
        style: usize,
        stretch: &Stretch<'_>,
        side: Side,
        upright: bool,
        face_id: FaceId,
        out: (&mut Vec<Cluster>, &mut Vec<ShapedGlyph>),
    ) {
        let (clusters, glyphs) = out;
        let blank = |chars: Range<usize>, at: usize| Cluster {
            class: classes[chars.start],
            chars,
            glyphs: at..at,
            face: face_id,
            style,
            advance: Pt::ZERO,
            upright: false,
        };
        let Some(face) = self.fonts.face(face_id).filter(|_| chars[run.start] != OBJECT) else {
            clusters.extend(run.map(|i| blank(i..i + 1, glyphs.len())));
            return;
        };
        let key = (face_id, side, stretch.ligatures, upright);
        let direction = if upright { Direction::TopToBottom } else { Direction::LeftToRight };
        let features = features(side, stretch.ligatures);
        let plan = self.plans.entry(key).or_insert_with(|| {
            ShapePlan::new(&face.font, direction, Some(script(side)), None, &features)
        });
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.clear();
        for i in run.clone() {
            let c = if upright {
                vertical_form(chars[i], classes[i], stretch.region)
            } else {
                chars[i]
            };
            buffer.push(u32::from(c), i as u32);
        }
        buffer.set_direction(direction);
        buffer.set_script(Some(script(side)));
        let options = ShapeOptions::new().plan(Some(plan)).features(&features);
        if shape(&ShaperFont::new(&face.font), &mut buffer, options).is_err() {
            // The plan always matches its buffer; should that ever fail, nothing is lost: every
            // character becomes the face's "no glyph" box.
            tracing::error!("shaping failed for {}", face.post_script_name);
            clusters.extend(run.map(|i| blank(i..i + 1, glyphs.len())));
            self.buffer = Some(buffer);
            return;
        }
        let scale = stretch.size.0 / face.units_per_em;
        let infos = buffer.glyph_infos();
        let positions = buffer.glyph_positions();
        let mut i = 0;
        while i < infos.len() {
            let first = infos[i].cluster as usize;
            let from = glyphs.len();
            let mut pen = 0.0;
            let start_offset = positions[i].y_offset;
            while i < infos.len() && infos[i].cluster as usize == first {
                let p = positions[i];
                let (dx, dy) = if upright {
                    // Vertical origins differ between faces that have the same Han frame, or are
                    // missing: the frame decides, as it does in horizontal lines.
                    let below = f64::from(start_offset - p.y_offset) * scale;
                    let left = -f64::from(p.x_offset) * scale;
                    (FRAME.0 * stretch.size.0 + below, left - FRAME.1 * stretch.size.0)
                } else {
                    (pen + f64::from(p.x_offset) * scale, -f64::from(p.y_offset) * scale)
                };
                let id = u16::try_from(infos[i].glyph_id).unwrap_or(0);
                glyphs.push(ShapedGlyph { id, dx: Pt(dx), dy: Pt(dy) });
                pen += f64::from(p.x_advance) * scale;
                i += 1;
            }
            let end = infos.get(i).map_or(run.end, |next| next.cluster as usize);
            clusters.push(Cluster {
                chars: first..end,
                glyphs: from..glyphs.len(),
                face: face_id,
                style,
                class: classes[first],
                advance: if upright { stretch.size } else { Pt(pen) },
                upright,
            });
        }
        self.buffer = Some(buffer);
    }
}

fn side_of(c: char, class: Class) -> Side {
    match class {
        // Full-width forms are full width: ％ ￥ ＋.
        _ if matches!(c, '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}') => Side::Chinese,
        Class::Latin | Class::Digit | Class::Space | Class::Prefix | Class::Postfix => {
            Side::Western
        }
        _ => Side::Chinese,
    }
}

/// The top of a Han frame and its middle above the baseline, in ems.
const FRAME: (f64, f64) = (0.88, 0.38);

/// Whether a character stands upright in a vertical line (CLREQ §mixed_text…): Chinese ones do,
/// but dashes, ellipses and what connects run along the line.
fn stands_upright(c: char, class: Class) -> bool {
    let along = matches!(class, Class::Dash | Class::Ellipsis | Class::Solidus)
        || (class == Class::Connector && c != '～');
    side_of(c, class) == Side::Chinese && !along
}

/// The character whose glyph stands for another in vertical lines: curly quotation marks become
/// corner ones, outer ones double in Mainland text, single in Taiwan's and Hong Kong's (CLREQ
/// §indication_punctuation_marks). The text stays what it is.
fn vertical_form(c: char, class: Class, region: Region) -> char {
    if !matches!(class, Class::Open | Class::Close) {
        return c;
    }
    let mainland = matches!(region, Region::Hans | Region::Western);
    match (c, mainland) {
        ('“', true) | ('‘', false) => '『',
        ('”', true) | ('’', false) => '』',
        ('‘', true) | ('“', false) => '「',
        ('’', true) | ('”', false) => '」',
        _ => c,
    }
}

fn script(side: Side) -> Script {
    match side {
        Side::Chinese => Script::HAN,
        Side::Western => Script::LATIN,
    }
}

fn features(side: Side, ligatures: bool) -> Vec<Feature> {
    let mut features = Vec::new();
    if side == Side::Western {
        // Pan-CJK faces draw “ ” — full width unless asked (Adobe Source Han design notes).
        features.push(Feature::new(Tag::new(b"pwid"), 1, ..));
        if !ligatures {
            features.push(Feature::new(Tag::new(b"liga"), 0, ..));
            features.push(Feature::new(Tag::new(b"calt"), 0, ..));
        }
    }
    features
}

/// Marks that draw on what stands before them, joiners and variation selectors.
pub(crate) fn is_combining(c: char) -> bool {
    use icu_properties::{CodePointSetData, props::GraphemeExtend};
    !c.is_ascii()
        && (CodePointSetData::new::<GraphemeExtend>().contains(c) || matches!(c, '\u{200D}'))
}

/// Characters that are never drawn.
fn is_ignorable(c: char) -> bool {
    use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
    !c.is_ascii() && CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::classify;

    fn shaped(text: &str) -> (Vec<Cluster>, Vec<ShapedGlyph>) {
        let fonts = FontBook::bundled();
        let song = fonts.find("Noto Serif CJK SC", 400, false).unwrap();
        let stack = FaceStack { han: vec![song], western: vec![song] };
        let chars: Vec<char> = text.chars().collect();
        let classes = classify(&chars, true);
        let stretch = Stretch {
            faces: &stack,
            size: Pt(10.0),
            region: Region::Hans,
            ligatures: true,
            vertical: false,
        };
        Shaper::new(&fonts).shape(&chars, &classes, &vec![0; chars.len()], &[stretch])
    }

    #[test]
    fn clusters_cover_every_character_once_and_in_order() {
        for text in ["中文abc，“x”——fi。", "e\u{301}中\u{E0100}国", "한글 ไทย", ""]
        {
            let (clusters, _) = shaped(text);
            let mut next = 0;
            for c in &clusters {
                assert_eq!(c.chars.start, next, "{text}");
                next = c.chars.end;
            }
            assert_eq!(next, text.chars().count(), "{text}");
        }
    }

    #[test]
    fn two_dashes_become_one_glyph() {
        let (clusters, _) = shaped("是——的");
        assert_eq!(clusters[1].chars, 1..3);
        assert_eq!(clusters[1].glyphs.len(), 1);
    }

    #[test]
    fn western_quotes_are_narrow_and_chinese_quotes_one_em() {
        let (western, _) = shaped("a “b” c");
        let (chinese, _) = shaped("甲“乙”丙");
        assert!(western[2].advance < Pt(6.0));
        assert_eq!(chinese[1].advance, Pt(10.0));
    }

    fn stood(text: &str, region: Region) -> (Vec<Cluster>, Vec<ShapedGlyph>, Vec<u16>) {
        let fonts = FontBook::bundled();
        let song = fonts.find("Noto Serif CJK SC", 400, false).unwrap();
        let stack = FaceStack { han: vec![song], western: vec![song] };
        let chars: Vec<char> = text.chars().collect();
        let classes = classify(&chars, true);
        let stretch =
            Stretch { faces: &stack, size: Pt(10.0), region, ligatures: true, vertical: true };
        let styles = vec![0; chars.len()];
        let (clusters, glyphs) = Shaper::new(&fonts).shape(&chars, &classes, &styles, &[stretch]);
        let ids = clusters.iter().map(|c| glyphs[c.glyphs.start].id).collect();
        (clusters, glyphs, ids)
    }

    #[test]
    fn in_vertical_lines_han_stands_and_latin_and_dashes_lie() {
        let (clusters, glyphs, _) = stood("汉，abc——（", Region::Hans);
        let upright: Vec<bool> = clusters.iter().map(|c| c.upright).collect();
        assert_eq!(upright, [true, true, false, false, false, false, true]);
        assert!(clusters.iter().filter(|c| c.upright).all(|c| c.advance == Pt(10.0)));
        // The glyph of a frame one em wide begins at the frame's left foot.
        let han = glyphs[clusters[0].glyphs.start];
        assert!((han.dx.0 - 8.8).abs() < 1e-6 && (han.dy.0 - 1.2).abs() < 0.01, "{han:?}");
    }

    #[test]
    fn marks_take_their_vertical_forms() {
        let (_, _, vertical) = stood("，（", Region::Hans);
        let (clusters, glyphs) = shaped("，（");
        let across: Vec<u16> = clusters.iter().map(|c| glyphs[c.glyphs.start].id).collect();
        assert!(vertical.iter().zip(&across).all(|(v, a)| v != a), "{vertical:?} {across:?}");
    }

    #[test]
    fn curly_quotes_become_corner_ones_double_outside_on_the_mainland() {
        for (region, same) in [(Region::Hans, "『甲「乙」』"), (Region::Hant, "「甲『乙』」")]
        {
            assert_eq!(stood("“甲‘乙’”", region).2, stood(same, region).2, "{region:?}");
        }
    }
}
