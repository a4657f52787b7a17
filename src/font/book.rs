//! The font book: every face that may be used, found by family or by character.
//!
//! Built on `fontdb`. Faces are searched in three tiers: bundled, then `--font-dir`, then the
//! system's. The system is only scanned when a family is asked for that no other tier has, or a
//! character has no glyph in them: a scan costs more than a whole export, and pages must not
//! depend on what a machine happens to have installed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use fontdb::{Database, Source};

use super::bundled::BUNDLED;
use super::face::Face;
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::Region;

/// Name of a face in its [`FontBook`]; the same in every run with the same font folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub u16);

/// Where a face came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FontOrigin {
    /// Inside the program; the name of the file in `fonts/`.
    Bundled(&'static str),
    /// From a folder given with `--font-dir`.
    Folder(PathBuf),
    /// Installed on the machine.
    System(PathBuf),
}

/// All faces, in the order of search.
pub struct FontBook {
    tiers: Vec<Slot>,
    system: OnceLock<Vec<Slot>>,
}

struct Slot {
    info: fontdb::FaceInfo,
    origin: FontOrigin,
    face: OnceLock<Option<Face>>,
}

impl FontBook {
    /// The bundled faces and those of `folders`.
    ///
    /// A folder that can't be read, or holds no usable font, is reported and passed over.
    pub fn new(folders: &[PathBuf], warnings: &mut Vec<Diagnostic>) -> Self {
        let mut tiers = Vec::new();
        for file in BUNDLED {
            let mut db = Database::new();
            db.load_font_source(Source::Binary(Arc::new(file.data)));
            tiers.extend(slots(db, |_| FontOrigin::Bundled(file.name)));
        }
        for folder in folders {
            let mut db = Database::new();
            db.load_fonts_dir(folder);
            let found = slots(db, FontOrigin::Folder);
            if found.is_empty() {
                warnings.push(
                    Diagnostic::warning(
                        Code::Font,
                        Message::new("no usable font in this folder", "此文件夹中没有可用的字体"),
                    )
                    .in_file(folder),
                );
            }
            tiers.extend(found);
        }
        Self { tiers, system: OnceLock::new() }
    }

    /// The bundled faces only.
    pub fn bundled() -> Self {
        Self::new(&[], &mut Vec::new())
    }

    /// A face by its name. Ids come from this book, so the face is there; a face whose file turns
    /// out to be unusable is never given an id by the searches below.
    pub fn face(&self, id: FaceId) -> Option<&Face> {
        let index = usize::from(id.0);
        match self.tiers.get(index) {
            Some(slot) => slot.face(id),
            None => self.system.get()?.get(index - self.tiers.len())?.face(id),
        }
    }

    /// The best face of a family: nearest weight, then upright or slanted as asked.
    ///
    /// - `family`: any of the face's family names, compared without regard to case;
    /// - `weight`: 100–900.
    ///
    /// Scans the system's fonts only when no other tier has the family.
    pub fn find(&self, family: &str, weight: u16, italic: bool) -> Option<FaceId> {
        self.find_in(&self.tiers, 0, family, weight, italic)
            .or_else(|| self.find_in(self.system(), self.tiers.len(), family, weight, italic))
    }

    fn find_in(
        &self,
        slots: &[Slot],
        base: usize,
        family: &str,
        weight: u16,
        italic: bool,
    ) -> Option<FaceId> {
        let rank = |slot: &Slot| {
            let slanted = slot.info.style != fontdb::Style::Normal;
            (slot.info.weight.0.abs_diff(weight), slanted != italic)
        };
        slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| {
                slot.info.families.iter().any(|(name, _)| name.eq_ignore_ascii_case(family))
            })
            .min_by_key(|(_, slot)| rank(slot))
            .map(|(index, _)| id_at(base + index))
            .filter(|id| self.face(*id).is_some())
    }

    /// A face that has a glyph for `c`: bundled ones of the region first, then any, then the
    /// system's. `None` when no face on this machine has it.
    pub fn fallback(&self, c: char, region: Region) -> Option<FaceId> {
        let covers = |id: &FaceId| self.face(*id).is_some_and(|f| f.glyph(c).is_some());
        let regional = |slot: &Slot| {
            region_suffix(region)
                .is_some_and(|suffix| slot.info.families.iter().any(|(n, _)| n.ends_with(suffix)))
        };
        let ids = |matching: bool| {
            self.tiers
                .iter()
                .enumerate()
                .filter(move |(_, slot)| regional(slot) == matching)
                .map(|(index, _)| id_at(index))
        };
        ids(true).find(covers).or_else(|| ids(false).find(covers)).or_else(|| {
            let base = self.tiers.len();
            (0..self.system().len()).map(|index| id_at(base + index)).find(covers)
        })
    }

    /// Every face of the bundled and folder tiers, in order of search.
    pub fn faces(&self) -> impl Iterator<Item = &Face> {
        (0..self.tiers.len()).filter_map(|index| self.face(id_at(index)))
    }

    fn system(&self) -> &[Slot] {
        self.system.get_or_init(|| {
            tracing::info!("scanning the system's fonts");
            let mut db = Database::new();
            db.load_system_fonts();
            slots(db, FontOrigin::System)
        })
    }
}

/// How families of pan-CJK fonts name the region (`Noto Serif CJK SC`).
pub(crate) fn region_suffix(region: Region) -> Option<&'static str> {
    match region {
        Region::Hans => Some(" SC"),
        Region::Hant => Some(" TC"),
        Region::Hk => Some(" HK"),
        Region::Ja => Some(" JP"),
        Region::Ko => Some(" KR"),
        Region::Western => None,
    }
}

// A book never holds 65,536 faces: fontdb of a machine with every Linux font package has 10,000.
fn id_at(index: usize) -> FaceId {
    FaceId(u16::try_from(index).unwrap_or(u16::MAX))
}

/// Faces of a database ordered by file and index, so that ids do not depend on directory order.
fn slots(db: Database, origin: impl Fn(PathBuf) -> FontOrigin) -> Vec<Slot> {
    let path = |info: &fontdb::FaceInfo| match &info.source {
        Source::File(path) | Source::SharedFile(path, _) => path.clone(),
        Source::Binary(_) => PathBuf::new(),
    };
    let mut infos: Vec<fontdb::FaceInfo> = db.faces().cloned().collect();
    infos.sort_by_key(|info| (path(info), info.index));
    infos
        .into_iter()
        .map(|info| Slot { origin: origin(path(&info)), info, face: OnceLock::new() })
        .collect()
}

impl Slot {
    fn face(&self, id: FaceId) -> Option<&Face> {
        self.face
            .get_or_init(|| {
                let mut info = self.info.clone();
                if let Source::File(path) = &info.source {
                    info.source = Source::SharedFile(path.clone(), map_file(path)?);
                }
                Face::new(id, &info, self.origin.clone())
            })
            .as_ref()
    }
}

/// Maps a font file through `fontdb`, which owns the one unsafe call this needs.
fn map_file(path: &Path) -> Option<Arc<dyn AsRef<[u8]> + Send + Sync>> {
    let mut db = Database::new();
    db.load_font_file(path).ok()?;
    match &db.faces().next()?.source {
        Source::SharedFile(_, data) | Source::Binary(data) => Some(data.clone()),
        Source::File(_) => {
            let bytes = std::fs::read(path).ok()?;
            Some(Arc::new(bytes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_has_its_own_song_and_hei() {
        let book = FontBook::bundled();
        for region in [Region::Hans, Region::Hant, Region::Hk, Region::Ja, Region::Ko] {
            let suffix = region_suffix(region).unwrap();
            for family in ["Noto Serif CJK", "Noto Sans CJK"] {
                let id = book.find(&format!("{family}{suffix}"), 400, false).unwrap();
                assert_eq!(book.face(id).unwrap().family, format!("{family}{suffix}"));
            }
        }
        let bold = book.find("Noto Sans CJK SC", 700, false).unwrap();
        assert_eq!(book.face(bold).unwrap().weight, 700);
    }

    #[test]
    fn regional_faces_draw_regional_forms() {
        let book = FontBook::bundled();
        let glyph = |family: &str| {
            book.face(book.find(family, 400, false).unwrap()).unwrap().glyph('骨').unwrap()
        };
        assert_ne!(glyph("Noto Serif CJK SC"), glyph("Noto Serif CJK TC"));
    }

    #[test]
    fn fallback_prefers_the_region() {
        let book = FontBook::bundled();
        let id = book.fallback('龘', Region::Hk).unwrap();
        assert!(book.face(id).unwrap().family.ends_with(" HK"));
    }
}
