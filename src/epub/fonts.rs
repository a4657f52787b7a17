//! Faces inside the EPUB: those of the theme when asked for, and in any case those of characters
//! that common readers lack.
//!
//! Subsets are made with `allsorts`, not with the `subsetter` that PDF uses: a browser wants a
//! character map and an OS/2 table. Its subsets carry no layout features; in vertical setting the
//! marks that need one are left to the reader's face.

use std::collections::{BTreeMap, BTreeSet};

use allsorts::binary::read::ReadScope;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};

use super::scan::{self, Token};
use super::stylesheet::{FACES, heading_face};
use crate::compose::Book;
use crate::compose::walk::{self, Node};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::font::{Face, FaceId, FontBook};
use crate::model::{Block, Inline, Language, Region, Text};
use crate::theme::{Role, Theme};

/// What a face is in the book for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// All text of a role in a region's forms.
    Role(Role, Region),
    /// Characters that readers lack.
    Rare,
}

/// A face as it stands in the EPUB.
#[derive(Debug, Clone)]
pub(super) struct EmbeddedFace {
    /// Its name in the stylesheet.
    pub(super) family: String,
    /// Path relative to the package document.
    pub(super) file: String,
    /// Media type of the file.
    pub(super) media_type: &'static str,
    /// The file.
    pub(super) data: Vec<u8>,
    /// What it is for.
    pub(super) used: Use,
}

impl EmbeddedFace {
    /// Whether it serves bold text.
    pub(super) fn bold(&self) -> bool {
        matches!(self.used, Use::Role(Role::Bold, _))
    }

    /// The region whose forms it has.
    pub(super) fn region(&self) -> Option<Region> {
        match self.used {
            Use::Role(_, region) => Some(region),
            Use::Rare => None,
        }
    }
}

/// Characters that common readers lack, with a face that has them.
pub(super) type Rare = BTreeMap<char, FaceId>;

/// Whether the faces that readers bring commonly lack a character.
///
/// They cover GBK (the Han of Unicode 1.1), most of them extension A. Later additions to the basic
/// block, the extensions from B on, supplements of compatibility, ideographic descriptions, and of
/// course private use are what shows as a box.
pub(super) fn readers_lack(c: char) -> bool {
    matches!(c,
        '\u{9FA6}'..='\u{9FFF}' | '\u{4DB6}'..='\u{4DBF}' | '\u{20000}'..='\u{3FFFF}'
        | '\u{2FF0}'..='\u{2FFF}' | '\u{31C0}'..='\u{31E3}' | '\u{E000}'..='\u{F8FF}'
        | '\u{F0000}'..='\u{10FFFD}')
}

/// The characters of a book that readers lack. Those that no face here has either are returned
/// with how often they stand in the book.
pub(super) fn rare(book: &Book, fonts: &FontBook) -> (Rare, BTreeMap<char, usize>) {
    let (mut found, mut missing) = (Rare::new(), BTreeMap::new());
    let mut see = |text: &str, region: Region| {
        for c in text.chars().filter(|c| readers_lack(*c)) {
            if found.contains_key(&c) {
                continue;
            }
            match fonts.fallback(c, region) {
                Some(face) => {
                    found.insert(c, face);
                }
                None => *missing.entry(c).or_insert(0) += 1,
            }
        }
    };
    for section in &book.sections {
        let region = section.language.region();
        each_text(&section.title, &mut |text| see(text, region));
        let visit = &mut |node: Node<'_>| match node {
            Node::Text(text) => each_text(text, &mut |text| see(text, region)),
            Node::Block(Block::Code(code)) => see(&code.text, region),
            Node::Block(_) => {}
        };
        section.flow.iter().for_each(|element| walk::element(element, visit));
        section.notes.values().for_each(|body| walk::blocks(body, visit));
    }
    (found, missing)
}

fn each_text(text: &Text, see: &mut dyn FnMut(&str)) {
    text.visit(&mut |inline| match inline {
        Inline::Plain(text) | Inline::Code(text) => see(text),
        Inline::Ruby(pairs) => pairs.iter().for_each(|pair| see(&pair.base)),
        _ => {}
    });
}

/// What is reported of characters that no face has.
pub(super) fn report(missing: &BTreeMap<char, usize>) -> Option<Diagnostic> {
    if missing.is_empty() {
        return None;
    }
    let list: Vec<String> =
        missing.iter().map(|(c, count)| format!("U+{:04X} {c} ×{count}", u32::from(*c))).collect();
    let list = list.join(", ");
    let message = Message::new(
        format!("no face here has {list}; readers of the EPUB may show a box"),
        format!("没有字体含有：{list}；EPUB 阅读器可能显示为方框"),
    );
    let hint = Message::new(
        "name a folder with a font that has them: --font-dir DIR",
        "请用 --font-dir 指定含有这些字符的字体文件夹",
    );
    Some(Diagnostic::warning(Code::MissingGlyph, message).hint(hint))
}

/// Characters by the role and region they are shown in.
#[derive(Debug, Default)]
pub(super) struct Shown(BTreeMap<(Role, Region), BTreeSet<char>>);

impl Shown {
    /// Adds what a document shows.
    pub(super) fn add(&mut self, document: &str, theme: &Theme) {
        let mut open: Vec<(Role, Region)> = vec![(theme.body, Region::Hans)];
        for (_, token) in scan::tokens(document) {
            // The stack never empties: every end tag has its start tag.
            let (role, region) = open.last().copied().unwrap_or((theme.body, Region::Hans));
            match token {
                Token::Start { name, attributes, empty: false } => {
                    open.push((
                        role_of(name, attributes, theme).unwrap_or(role),
                        language(attributes).unwrap_or(region),
                    ));
                }
                Token::Start { .. } => {}
                Token::End => {
                    open.pop();
                }
                Token::Text(text) => {
                    let shown = scan::chars(text).map(|(_, c)| c).filter(|c| !c.is_whitespace());
                    self.0.entry((role, region)).or_default().extend(shown);
                }
            }
        }
    }
}

/// The face that the stylesheet gives an element; `None` for its parent's.
fn role_of(name: &str, attributes: &str, theme: &Theme) -> Option<Role> {
    if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse().ok()) {
        return Some(heading_face(theme, level));
    }
    FACES
        .iter()
        .find(|(selector, _)| match selector.strip_prefix('.') {
            Some(class) => scan::has_class(attributes, class),
            None => *selector == name,
        })
        .map(|(_, role)| *role)
}

fn language(attributes: &str) -> Option<Region> {
    let language: Language = scan::attribute(attributes, "lang")?.parse().ok()?;
    Some(language.region()).filter(|region| *region != Region::Western)
}

/// Marks whose vertical form is another glyph, which a subset without features can't reach
/// (Unicode's Vertical_Orientation Tr and Tu, UAX #50).
fn has_vertical_form(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201F}' | '\u{2013}'..='\u{2016}' | '\u{2025}'..='\u{2026}'
        | '\u{3001}'..='\u{3002}' | '\u{3008}'..='\u{301F}' | '\u{3030}' | '\u{3041}'..='\u{30FC}'
        | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF1F}' | '\u{FF3B}'..='\u{FF60}'
        | '\u{FFE3}')
}

/// Makes the subsets of the theme's faces for what is shown. A character that the face of its role
/// lacks goes to the body's face, as the stylesheet's lists of families lead there.
pub(super) fn embed(
    shown: &Shown,
    theme: &Theme,
    fonts: &FontBook,
    vertical: bool,
    warnings: &mut Vec<Diagnostic>,
) -> Vec<EmbeddedFace> {
    let mut wanted: BTreeMap<(Role, Region), (FaceId, BTreeSet<char>)> = BTreeMap::new();
    for ((role, region), chars) in &shown.0 {
        let own = find(theme, fonts, *role, *region);
        let body = find(theme, fonts, theme.body, *region);
        for c in chars.iter().filter(|c| !(vertical && has_vertical_form(**c))) {
            let has = |id: &FaceId| fonts.face(*id).is_some_and(|f| f.glyph(*c).is_some());
            let place = match (own.filter(has), body.filter(has)) {
                (Some(face), _) => (*role, face),
                (None, Some(face)) => (theme.body, face),
                (None, None) => continue, // the reader's face, or a rescue
            };
            let entry = wanted.entry((place.0, *region)).or_insert((place.1, BTreeSet::new()));
            entry.1.insert(*c);
        }
    }
    let mut out = Vec::new();
    for ((role, region), (id, chars)) in wanted {
        let kind = match role {
            Role::Song => "Song",
            Role::Hei | Role::Bold => "Hei",
            Role::Kai => "Kai",
            Role::FangSong => "FangSong",
            Role::Mono => "Mono",
        };
        let place = crate::font::region_suffix(region).map_or("", str::trim);
        let weight = if role == Role::Bold { "-bold" } else { "" };
        let file = format!("fonts/{}-{}{weight}", kind.to_lowercase(), place.to_lowercase());
        let family = format!("Keben {kind} {place}");
        out.extend(make(fonts, id, &chars, family, &file, Use::Role(role, region), warnings));
    }
    out
}

/// Makes the subsets of characters that readers lack, one for each face that has some.
pub(super) fn rescue(
    rare: &Rare,
    fonts: &FontBook,
    warnings: &mut Vec<Diagnostic>,
) -> Vec<EmbeddedFace> {
    let mut by_face: BTreeMap<FaceId, BTreeSet<char>> = BTreeMap::new();
    for (c, face) in rare {
        by_face.entry(*face).or_default().insert(*c);
    }
    let numbered = by_face.into_iter().zip(1..);
    let made = numbered.filter_map(|((id, chars), number)| {
        let (family, file) = (format!("Keben Rare {number}"), format!("fonts/rare-{number}"));
        make(fonts, id, &chars, family, &file, Use::Rare, warnings)
    });
    made.collect()
}

fn find(theme: &Theme, fonts: &FontBook, role: Role, region: Region) -> Option<FaceId> {
    let suffix = crate::font::region_suffix(region).map_or("SC", str::trim);
    let (families, weight) = match role {
        Role::Song => (&theme.faces.song, 400),
        Role::Hei => (&theme.faces.hei, 400),
        Role::Bold => (&theme.faces.hei, 700),
        Role::Kai => (&theme.faces.kai, 400),
        Role::FangSong => (&theme.faces.fangsong, 400),
        Role::Mono => (&theme.faces.mono, 400),
    };
    let found = families
        .iter()
        .find_map(|name| fonts.find(&name.replace("{region}", suffix), weight, false));
    match (found, role) {
        // Song stands in for a FangSong that is nowhere, as on paper.
        (None, Role::FangSong) => find(theme, fonts, Role::Song, region),
        (found, _) => found,
    }
}

/// One face of the EPUB; a face that can't be subset is reported and left out.
fn make(
    fonts: &FontBook,
    id: FaceId,
    chars: &BTreeSet<char>,
    family: String,
    file: &str,
    used: Use,
    warnings: &mut Vec<Diagnostic>,
) -> Option<EmbeddedFace> {
    let face = fonts.face(id)?;
    match cut(face, chars) {
        Ok(data) => {
            let cff = data.starts_with(b"OTTO");
            let (ending, media_type) = if cff { ("otf", "font/otf") } else { ("ttf", "font/ttf") };
            Some(EmbeddedFace { family, file: format!("{file}.{ending}"), media_type, data, used })
        }
        Err(reason) => {
            let name = &face.post_script_name;
            let message = Message::new(
                format!("the face {name} can't be embedded in the EPUB: {reason}"),
                format!("字体 {name} 无法嵌入 EPUB：{reason}"),
            );
            warnings.push(Diagnostic::warning(Code::Font, message));
            None
        }
    }
}

/// The part of a face that these characters need, as a font file.
fn cut(face: &Face, chars: &BTreeSet<char>) -> Result<Vec<u8>, String> {
    let mut glyphs: BTreeSet<u16> = chars.iter().filter_map(|c| face.glyph(*c)).collect();
    glyphs.insert(0); // .notdef must be there (OpenType, 'maxp')
    let glyphs: Vec<u16> = glyphs.into_iter().collect();
    let data: &[u8] = face.data.as_ref().as_ref();
    let file = ReadScope::new(data).read::<FontData<'_>>().map_err(|e| e.to_string())?;
    let index = usize::try_from(face.index).map_err(|e| e.to_string())?;
    let tables = file.table_provider(index).map_err(|e| e.to_string())?;
    subset(&tables, &glyphs, &SubsetProfile::Minimal, CmapTarget::Unicode)
        .map_err(|e| e.to_string())
}
