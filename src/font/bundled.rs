//! The faces that travel inside the program, so that it sets the same page on any machine.
//!
//! `fonts/README.md` names their origin, versions, checksums and licences (all OFL-1.1).

/// One bundled font file.
pub(super) struct Bundled {
    /// Name of the file in `fonts/`.
    pub name: &'static str,
    /// Its bytes, a part of the program's file.
    pub data: &'static [u8],
}

macro_rules! bundled {
    ($($name:literal),+ $(,)?) => {
        &[$(Bundled { name: $name, data: include_bytes!(concat!("../../fonts/", $name)) }),+]
    };
}

/// All bundled files, in the order in which they are searched.
pub(super) static BUNDLED: &[Bundled] = bundled![
    "NotoSerifCJK-Regular.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-Bold.ttc",
    "LXGWWenKai-Regular.ttf",
    "NotoSansMono-Regular.ttf",
];

/// The bundled faces as a plain `fontdb` database, for pictures that hold text (SVG).
///
/// CSS's generic families lead to the faces that pages are set in.
pub(crate) fn bundled_database() -> fontdb::Database {
    let mut db = fontdb::Database::new();
    for file in BUNDLED {
        db.load_font_source(fontdb::Source::Binary(std::sync::Arc::new(file.data)));
    }
    db.set_serif_family("Noto Serif CJK SC");
    db.set_sans_serif_family("Noto Sans CJK SC");
    db.set_cursive_family("LXGW WenKai");
    db.set_fantasy_family("Noto Sans CJK SC");
    db.set_monospace_family("Noto Sans Mono");
    db
}
