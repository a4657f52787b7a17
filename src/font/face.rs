//! One face: glyphs of characters, advances and boxes of glyphs, outlines.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use harfrust::{Font, GlyphId};

use super::{FaceId, FontOrigin};
use crate::units::Em;

/// A face of a font file, ready to be asked.
pub struct Face {
    /// Its name in the font book.
    pub id: FaceId,
    /// The parsed face, for shaping and outlines.
    pub font: Font,
    /// The whole font file, for subsetting.
    pub data: Arc<dyn AsRef<[u8]> + Send + Sync>,
    /// Index of the face in its file.
    pub index: u32,
    /// Family name in English.
    pub family: String,
    /// PostScript name.
    pub post_script_name: String,
    /// Weight, 100–900.
    pub weight: u16,
    /// Whether it slants.
    pub italic: bool,
    /// Where it came from.
    pub origin: FontOrigin,
    /// Font units in an em.
    pub units_per_em: f64,
    /// Height of the face above the baseline.
    pub ascent: Em,
    /// Depth of the face below the baseline, positive.
    pub descent: Em,
    /// Height of capitals.
    pub cap_height: Em,
    /// Boxes of ink that were asked for: marks are few and asked for in every line.
    inks: RwLock<HashMap<u16, Option<GlyphBox>>>,
}

/// Extent of a glyph's ink around its origin on the baseline; y grows upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)] // the four names say it
pub struct GlyphBox {
    pub x_min: Em,
    pub y_min: Em,
    pub x_max: Em,
    pub y_max: Em,
}

impl Face {
    pub(super) fn new(id: FaceId, info: &fontdb::FaceInfo, origin: FontOrigin) -> Option<Self> {
        let data = match &info.source {
            fontdb::Source::Binary(data) | fontdb::Source::SharedFile(_, data) => data.clone(),
            fontdb::Source::File(_) => return None,
        };
        let font = Font::new(data.clone(), info.index)?;
        let units_per_em = f64::from(font.units_per_em().max(16));
        let metrics = font.metrics();
        let em = |units: f32| Em(f64::from(units) / units_per_em);
        let line = metrics.scaled_f32(units_per_em as f32);
        let (ascent, descent) = line
            .typo_line()
            .or_else(|| line.h_line())
            .map_or((Em(0.88), Em(0.12)), |l| (em(l.ascender), em(l.descender.abs())));
        let cap_height = line.cap_height().map_or(Em(0.7), em);
        Some(Self {
            id,
            index: info.index,
            family: info.families.first().map(|f| f.0.clone()).unwrap_or_default(),
            post_script_name: info.post_script_name.clone(),
            weight: info.weight.0,
            italic: info.style != fontdb::Style::Normal,
            origin,
            units_per_em,
            ascent,
            descent,
            cap_height,
            inks: RwLock::default(),
            font,
            data,
        })
    }

    /// The glyph of a character, or `None` if the face has none.
    pub fn glyph(&self, c: char) -> Option<u16> {
        let glyph = self.font.charmap().map_unicode(c)?;
        u16::try_from(glyph.to_u32()).ok().filter(|g| *g != 0)
    }

    /// Horizontal advance of a glyph.
    pub fn advance(&self, glyph: u16) -> Em {
        let units = self.font.glyph_metrics().h_advance(GlyphId::from(glyph));
        Em(f64::from(units) / self.units_per_em)
    }

    /// Extent of a glyph's ink, or `None` for a glyph without ink.
    pub fn ink(&self, glyph: u16) -> Option<GlyphBox> {
        if let Some(known) = self.inks.read().unwrap_or_else(PoisonError::into_inner).get(&glyph) {
            return *known;
        }
        let ink = self.measure_ink(glyph);
        self.inks.write().unwrap_or_else(PoisonError::into_inner).insert(glyph, ink);
        ink
    }

    fn measure_ink(&self, glyph: u16) -> Option<GlyphBox> {
        let e = self.font.glyph_metrics().extents(GlyphId::from(glyph))?;
        let em = |units: f32| Em(f64::from(units) / self.units_per_em);
        let ink = GlyphBox {
            x_min: em(e.x_bearing),
            y_min: em(e.y_bearing - e.height.abs()),
            x_max: em(e.x_bearing + e.width),
            y_max: em(e.y_bearing),
        };
        (ink.x_max > ink.x_min).then_some(ink)
    }
}
