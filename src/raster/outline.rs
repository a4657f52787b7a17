//! Outlines of glyphs as paths, each read from its font once.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use harfrust::GlyphId;
use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use tiny_skia::{Path, PathBuilder};

use crate::font::{Face, FaceId};

/// Paths in font units by face and glyph; `None` for a glyph without ink.
///
/// Shared by the threads that draw pages: a book has a few thousand glyphs, drawn a million times.
#[derive(Default)]
pub(super) struct Outlines(RwLock<HashMap<(FaceId, u16), Option<Arc<Path>>>>);

impl Outlines {
    /// The path of a glyph, y upwards.
    pub(super) fn get(&self, face: &Face, glyph: u16) -> Option<Arc<Path>> {
        let key = (face.id, glyph);
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let path = trace(face, glyph).map(Arc::new);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, path.clone());
        path
    }
}

fn trace(face: &Face, glyph: u16) -> Option<Path> {
    let outline = face.font.outline_glyphs().get(GlyphId::from(glyph))?;
    let mut pen = Pen(PathBuilder::new());
    outline.draw(&DrawOptions::new(), DrawMemory::default(), &mut pen).ok()?;
    pen.0.finish()
}

struct Pen(PathBuilder);

impl PathSink for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, cy, x, y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.cubic_to(cx0, cy0, cx1, cy1, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
