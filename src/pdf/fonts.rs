//! Embedding: one subset for each face of the document, and what its glyphs mean as text.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{FontId, ParsedFont, PdfFont};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::{PdfError, font_resource};
use crate::font::{Face, FaceId, FontBook};
use crate::layout::{Content, Document, GlyphRun};

/// Text of a glyph that never stands for text of its own: the second of a cluster, say.
const NO_TEXT: &str = "\u{FFFD}";

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
    /// Advance of every glyph of the subset in thousandths of an em, as `/W` states it.
    pub widths: Vec<f64>,
    remapper: GlyphRemapper,
    /// Text that copying a glyph gives (the file's ToUnicode map), by its number in the subset.
    text: Vec<String>,
}

impl EmbeddedFace {
    /// Number of a glyph in the subset; 0 is the glyph for what is missing.
    pub(super) fn glyph(&self, id: u16) -> u16 {
        self.remapper.get(id).unwrap_or(0)
    }

    /// Text that the file gives for a glyph of the subset.
    pub(super) fn text(&self, glyph: u16) -> &str {
        self.text.get(usize::from(glyph)).map_or("", String::as_str)
    }

    /// Advance of a glyph of the subset in thousandths of an em.
    pub(super) fn width(&self, glyph: u16) -> f64 {
        self.widths.get(usize::from(glyph)).copied().unwrap_or(0.0)
    }

    /// All glyphs of the subset with their text, without the one for what is missing.
    pub(super) fn glyphs(&self) -> impl Iterator<Item = (u16, &str)> {
        (1..).zip(self.text.iter().skip(1).map(String::as_str))
    }
}

/// The glyphs of a run cluster by cluster: their range, and the text they show together.
pub(super) fn clusters(run: &GlyphRun) -> impl Iterator<Item = (std::ops::Range<usize>, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let from = run.glyphs.get(start)?.text_start;
        let len = run.glyphs[start..].iter().take_while(|g| g.text_start == from).count();
        let range = start..start + len;
        let end = run.glyphs.get(range.end).map_or(run.text.len(), |g| g.text_start as usize);
        start = range.end;
        Some((range, run.text.get(from as usize..end).unwrap_or("")))
    })
}

/// Subsets every face that the document uses, side by side.
pub(super) fn embed(document: &Document, fonts: &FontBook) -> Result<Embedded, PdfError> {
    let mut used: BTreeMap<FaceId, BTreeMap<u16, String>> = BTreeMap::new();
    for item in document.pages.iter().flat_map(|p| &p.items) {
        let Content::Glyphs(run) = &item.content else { continue };
        if run.glyphs.is_empty() {
            continue;
        }
        let glyphs = used.entry(run.face).or_default();
        for (range, text) in clusters(run) {
            let alone = range.len() == 1;
            for glyph in &run.glyphs[range] {
                // The first meaning of a glyph is the one the file states; other ones are written
                // beside it where they occur. A hyphen that ends a line is never the first.
                let known = glyphs.entry(glyph.id).or_default();
                if known.is_empty() && alone && text != "\u{AD}" {
                    text.clone_into(known);
                }
            }
        }
    }
    let used: Vec<_> = used.into_iter().enumerate().collect();
    let faces = used
        .into_par_iter()
        .filter_map(|(index, (id, glyphs))| {
            let face = fonts.face(id)?;
            Some(subset(face, index, glyphs).map(|embedded| (id, embedded)))
        })
        .collect::<Result<BTreeMap<_, _>, _>>()?;
    Ok(Embedded { faces })
}

fn subset(
    face: &Face,
    index: usize,
    mut glyphs: BTreeMap<u16, String>,
) -> Result<EmbeddedFace, PdfError> {
    let fail = |reason: String| PdfError::Font { face: face.post_script_name.clone(), reason };
    glyphs.remove(&0); // always in the subset, never shown
    name_the_rest(face, &mut glyphs);
    let remapper =
        GlyphRemapper::new_from_glyphs_sorted(&glyphs.keys().copied().collect::<Vec<_>>());
    let data: &[u8] = (*face.data).as_ref();
    let bytes = subsetter::subset(data, face.index, &remapper).map_err(|e| fail(e.to_string()))?;
    let mut warnings = Vec::new();
    let mut parsed = ParsedFont::from_bytes(&bytes, 0, &mut warnings)
        .ok_or_else(|| fail("its subset is not readable".to_owned()))?;
    parsed.font_name = Some(format!("{}+{}", tag(&bytes), face.post_script_name));
    let text: Vec<String> = std::iter::once(String::new()).chain(glyphs.into_values()).collect();
    let per_em = f64::from(parsed.units_per_em.max(1));
    let count = u16::try_from(text.len()).map_err(|_| fail("it has too many glyphs".to_owned()))?;
    let widths = (0..count)
        .map(|glyph| f64::from(parsed.get_glyph_width(glyph).unwrap_or(0)) * 1000.0 / per_em)
        .collect();
    let font = PdfFont::new(parsed);
    Ok(EmbeddedFace { resource: font_resource(index), font, widths, remapper, text })
}

/// Gives a text to glyphs that have none of their own: the character that the face shows with them.
///
/// Every code has to map to something (ISO 19005-2, 6.2.11.7.2), though the text written beside the
/// cluster is what a reader takes.
fn name_the_rest(face: &Face, glyphs: &mut BTreeMap<u16, String>) {
    let nameless: BTreeSet<u16> =
        glyphs.iter().filter(|(_, text)| text.is_empty()).map(|(id, _)| *id).collect();
    if nameless.is_empty() {
        return;
    }
    for c in face.font.charmap().unicodes().filter_map(|(c, _)| char::from_u32(c)) {
        if let Some(id) = face.glyph(c).filter(|id| nameless.contains(id))
            && let Some(text) = glyphs.get_mut(&id).filter(|text| text.is_empty())
        {
            text.push(c);
        }
    }
    for text in glyphs.values_mut().filter(|text| text.is_empty()) {
        NO_TEXT.clone_into(text);
    }
}

/// Tag of a subset: six capitals that follow from its content (ISO 32000-1, 9.6.4).
fn tag(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|b| char::from(b'A' + b % 26)).collect()
}
