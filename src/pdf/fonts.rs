//! Embedding: one subset for each face of the document, and what its glyphs mean as text.

use std::collections::BTreeMap;

use printpdf::{FontId, ParsedFont, PdfFont};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::{PdfError, font_resource};
use crate::font::{Face, FaceId, FontBook};
use crate::layout::{Content, Document, GlyphRun};

/// All faces that a document shows.
pub(super) struct Embedded {
    pub faces: BTreeMap<FaceId, EmbeddedFace>,
}

/// A face as it is embedded.
pub(super) struct EmbeddedFace {
    /// Its name in the pages' resources.
    pub resource: FontId,
    /// Subset, as printpdf takes it.
    pub font: PdfFont,
    remapper: GlyphRemapper,
    /// Text that copying a glyph gives, by its number in the subset (the file's ToUnicode map).
    text: BTreeMap<u16, String>,
}

impl EmbeddedFace {
    /// Number of a glyph in the subset.
    pub(super) fn glyph(&self, id: u16) -> u16 {
        self.remapper.get(id).unwrap_or(0)
    }

    /// Text that the file gives for a glyph of the subset.
    pub(super) fn text(&self, glyph: u16) -> &str {
        self.text.get(&glyph).map_or("", String::as_str)
    }

    /// Advance of a glyph of the subset in thousandths of an em, as the file's `/W` states it: a
    /// whole number, cut as printpdf cuts it.
    pub(super) fn width(&self, glyph: u16) -> f64 {
        let font = &self.font.parsed_font;
        let units = f64::from(font.get_glyph_width(glyph).unwrap_or(0));
        (units * 1000.0 / f64::from(font.units_per_em.max(1))).trunc()
    }
}

/// Text of the glyph at `index` of a run: all of its cluster's for the first glyph of a cluster,
/// nothing for the others.
pub(super) fn glyph_text(run: &GlyphRun, index: usize) -> &str {
    let start = run.glyphs[index].text_start as usize;
    if index > 0 && run.glyphs[index - 1].text_start as usize == start {
        return "";
    }
    let end = run.glyphs[index..]
        .iter()
        .map(|g| g.text_start as usize)
        .find(|s| *s > start)
        .unwrap_or(run.text.len());
    run.text.get(start..end).unwrap_or("")
}

/// Subsets every face that the document uses, side by side.
pub(super) fn embed(document: &Document, fonts: &FontBook) -> Result<Embedded, PdfError> {
    let mut used: BTreeMap<FaceId, BTreeMap<u16, String>> = BTreeMap::new();
    for item in document.pages.iter().flat_map(|p| &p.items) {
        let Content::Glyphs(run) = &item.content else { continue };
        let glyphs = used.entry(run.face).or_default();
        for (index, glyph) in run.glyphs.iter().enumerate() {
            let text = glyph_text(run, index);
            // The first meaning of a glyph is the one the file states; other ones are written
            // beside it where they occur. A hyphen that ends a line is never the first meaning.
            let known = glyphs.entry(glyph.id).or_default();
            if known.is_empty() && text != "\u{AD}" {
                text.clone_into(known);
            }
        }
    }
    let used: Vec<_> = used.into_iter().enumerate().collect();
    let faces = used
        .into_par_iter()
        .filter_map(|(index, (id, glyphs))| {
            let face = fonts.face(id)?;
            Some(subset(face, index, &glyphs).map(|embedded| (id, embedded)))
        })
        .collect::<Result<BTreeMap<_, _>, _>>()?;
    Ok(Embedded { faces })
}

fn subset(
    face: &Face,
    index: usize,
    glyphs: &BTreeMap<u16, String>,
) -> Result<EmbeddedFace, PdfError> {
    let fail = |reason: String| PdfError::Font { face: face.post_script_name.clone(), reason };
    let remapper =
        GlyphRemapper::new_from_glyphs_sorted(&glyphs.keys().copied().collect::<Vec<_>>());
    let data: &[u8] = (*face.data).as_ref();
    let bytes = subsetter::subset(data, face.index, &remapper).map_err(|e| fail(e.to_string()))?;
    let mut warnings = Vec::new();
    let mut parsed = ParsedFont::from_bytes(&bytes, 0, &mut warnings)
        .ok_or_else(|| fail("its subset is not readable".to_owned()))?;
    parsed.font_name = Some(format!("{}+{}", tag(&bytes), face.post_script_name));
    let text =
        glyphs.iter().filter_map(|(id, text)| Some((remapper.get(*id)?, text.clone()))).collect();
    Ok(EmbeddedFace { resource: font_resource(index), font: PdfFont::new(parsed), remapper, text })
}

/// Tag of a subset: six capitals that follow from its content (ISO 32000-1, 9.6.4).
fn tag(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|b| char::from(b'A' + b % 26)).collect()
}
