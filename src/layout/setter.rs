//! The setter: what all of layout shares while one book is set.
//!
//! Holds the shaper with its caches, the faces of each role, the structure tree under
//! construction, and what has to be reported. Passed down explicitly; there are no globals.

use std::collections::{BTreeMap, HashMap};

use super::style::{Marks, TextStyle};
use super::{NodeId, Role as Tagged, StructNode};
use crate::compose::{Anchor, Book, Section};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::font::{FaceId, FontBook};
use crate::model::{Language, Region, WritingMode};
use crate::text::{Class, FaceStack, Shaper, Stretch};
use crate::theme::{Role, Theme};
use crate::units::{Em, Pt};

/// One theme in the forms that sections take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Themes<'a> {
    /// As it is.
    pub usual: &'a Theme,
    /// With room for a note column.
    pub noted: &'a Theme,
    /// With its lines in the other direction.
    pub turned: &'a Theme,
}

/// State shared while one book is set.
pub(crate) struct Setter<'a> {
    /// The book.
    pub book: &'a Book,
    /// The theme.
    pub theme: &'a Theme,
    /// The forms of the theme that the book's sections take.
    pub themes: Themes<'a>,
    /// The section being set; decides language, pictures and what `#id` means.
    pub section: Option<&'a Section>,
    /// Whether the lines being set run down the page.
    pub vertical: bool,
    /// Language of the text being set.
    pub language: Language,
    /// The structure tree; node 0 is the document.
    pub structure: Vec<StructNode>,
    /// Node of the part that sections belong to.
    pub part: Option<NodeId>,
    /// The first reference to each footnote of the section being set, by label.
    pub references: HashMap<String, NodeId>,
    /// What has to be reported.
    pub warnings: Vec<Diagnostic>,
    /// Page numbers of the last pass, for references; empty in the first.
    pub folios: BTreeMap<Anchor, String>,
    /// Whether a page number was asked for while setting: then another pass is needed.
    pub asked: bool,
    shaper: Shaper<'a>,
    stacks: HashMap<(Role, Region), FaceStack>,
}

impl<'a> Setter<'a> {
    pub(crate) fn new(book: &'a Book, theme: &'a Theme, fonts: &'a FontBook) -> Self {
        let mut document = StructNode::new(Tagged::Document, None);
        document.language = Some(book.language.tag().to_owned());
        Self {
            book,
            theme,
            themes: Themes { usual: theme, noted: theme, turned: theme },
            section: None,
            vertical: false,
            language: book.language.clone(),
            structure: vec![document],
            part: None,
            references: HashMap::new(),
            warnings: Vec::new(),
            folios: BTreeMap::new(),
            asked: false,
            shaper: Shaper::new(fonts),
            stacks: HashMap::new(),
        }
    }

    /// The font book.
    pub(crate) fn fonts(&self) -> &'a FontBook {
        self.shaper.fonts()
    }

    /// Characters that no face has, with how often they were met.
    pub(crate) fn missing(&self) -> &std::collections::BTreeMap<char, usize> {
        self.shaper.missing()
    }

    /// Face, glyph and advance of a Western character.
    pub(crate) fn single_western(&mut self, c: char, style: &TextStyle) -> (FaceId, u16, Pt) {
        let ids = self.faces(style.role, style.region).western.clone();
        let found = ids.into_iter().find_map(|id| {
            let face = self.fonts().face(id)?;
            face.glyph(c).map(|glyph| (id, glyph, face.advance(glyph).at(style.size)))
        });
        found.unwrap_or_else(|| self.single(c, style))
    }

    /// Adds a node to the structure tree.
    pub(crate) fn node(&mut self, role: Tagged, parent: NodeId) -> NodeId {
        self.structure.push(StructNode::new(role, Some(parent)));
        // A book of 4 billion elements does not fit in memory.
        NodeId(u32::try_from(self.structure.len() - 1).unwrap_or(u32::MAX))
    }

    /// The node behind an id.
    pub(crate) fn node_mut(&mut self, id: NodeId) -> Option<&mut StructNode> {
        self.structure.get_mut(id.0 as usize)
    }

    /// The block that a node's content belongs to: the outermost node below what only groups.
    pub(crate) fn block_of(&self, node: NodeId) -> NodeId {
        let mut block = node;
        while let Some(parent) = self.structure.get(block.0 as usize).and_then(|n| n.parent) {
            let groups = self.structure.get(parent.0 as usize).is_none_or(|n| {
                matches!(
                    n.role,
                    Tagged::Document
                        | Tagged::Part
                        | Tagged::Art
                        | Tagged::Sect
                        | Tagged::Div
                        | Tagged::BlockQuote
                        | Tagged::ListBody
                )
            });
            if groups {
                break;
            }
            block = parent;
        }
        block
    }

    /// Body text in the face of a role.
    pub(crate) fn style(&self, role: Role, size: Pt, node: NodeId) -> TextStyle {
        TextStyle {
            role,
            size,
            color: self.theme.ink,
            raise: Pt::ZERO,
            region: self.region(),
            hyphens: hyphenation(&self.language),
            marks: Marks::default(),
            link: None,
            node,
        }
    }

    /// Takes the theme that a section is set in, for lines of a direction.
    pub(crate) fn take_theme(&mut self, section: Option<&Section>, mode: WritingMode) {
        let Themes { usual, noted, turned } = self.themes;
        self.vertical = mode == WritingMode::Vertical;
        self.theme = match section {
            _ if usual.writing_mode != mode => turned,
            // A note column stands beside lines that run across.
            Some(s) if s.kind.is_text() && !self.vertical => noted,
            _ => usual,
        };
    }

    /// The number of the page that an anchor stands on, as far as it is known.
    pub(crate) fn folio(&mut self, anchor: &Anchor) -> String {
        self.asked = true;
        let whole = || Anchor { section: anchor.section.clone(), element: None };
        let known = self.folios.get(anchor).or_else(|| self.folios.get(&whole()));
        // Two figures are what the number most likely has.
        known.cloned().unwrap_or_else(|| "00".to_owned())
    }

    /// Region of the language being set; Western text takes the book's own for its marks.
    pub(crate) fn region(&self) -> Region {
        self.language.region()
    }

    /// Faces of a role for a region.
    pub(crate) fn faces(&mut self, role: Role, region: Region) -> &FaceStack {
        if !self.stacks.contains_key(&(role, region)) {
            let stack = self.find_faces(role, region);
            if role == Role::FangSong && !self.has_fangsong() {
                self.warnings.extend(no_fangsong(&self.warnings));
            }
            self.stacks.insert((role, region), stack);
        }
        &self.stacks[&(role, region)]
    }

    /// Whether the theme's FangSong is anywhere.
    fn has_fangsong(&self) -> bool {
        let known = |name: &String| self.fonts().find(name, 400, false).is_some();
        self.theme.faces.fangsong.iter().any(known)
    }

    fn find_faces(&self, role: Role, region: Region) -> FaceStack {
        let faces = &self.theme.faces;
        // Western text borrows the forms of the book's language for the odd Han character.
        let home = if region == Region::Western { self.book.language.region() } else { region };
        let suffix = match home {
            Region::Hant => "TC",
            Region::Hk => "HK",
            Region::Ja => "JP",
            Region::Ko => "KR",
            Region::Hans | Region::Western => "SC",
        };
        let find = |families: &[String], weight: u16| -> Vec<FaceId> {
            families
                .iter()
                .filter_map(|name| {
                    self.fonts().find(&name.replace("{region}", suffix), weight, false)
                })
                .collect()
        };
        let song = find(&faces.song, 400);
        let (mut han, mut western) = match role {
            Role::Song => (song.clone(), song.clone()),
            Role::Hei => (find(&faces.hei, 400), find(&faces.hei, 400)),
            Role::Bold => (find(&faces.hei, 700), find(&faces.hei, 700)),
            Role::Kai => (find(&faces.kai, 400), find(&faces.kai, 400)),
            Role::FangSong => (find(&faces.fangsong, 400), find(&faces.fangsong, 400)),
            Role::Mono => (find(&faces.hei, 400), find(&faces.mono, 400)),
        };
        han.extend(&song);
        western.extend(&song);
        FaceStack { han, western }
    }

    /// Shapes characters in the styles of a table.
    pub(crate) fn shape(
        &mut self,
        chars: &[char],
        classes: &[Class],
        styles: &[usize],
        table: &[TextStyle],
    ) -> (Vec<crate::text::Cluster>, Vec<crate::text::ShapedGlyph>) {
        let stacks: Vec<FaceStack> =
            table.iter().map(|s| self.faces(s.role, s.region).clone()).collect();
        let stretches: Vec<Stretch<'_>> = table
            .iter()
            .zip(&stacks)
            .map(|(style, faces)| Stretch {
                faces,
                size: style.size,
                region: style.region,
                ligatures: !style.marks.code,
                vertical: self.vertical,
            })
            .collect();
        self.shaper.shape(chars, classes, styles, &stretches)
    }

    /// Advance of one character in a style, and its glyph and face; for marks set by hand.
    pub(crate) fn single(&mut self, c: char, style: &TextStyle) -> (FaceId, u16, Pt) {
        let stack = self.faces(style.role, style.region);
        let ids: Vec<FaceId> = stack.han.iter().chain(&stack.western).copied().collect();
        let fonts = self.fonts();
        let found = ids.iter().copied().chain(fonts.fallback(c, style.region)).find_map(|id| {
            let face = fonts.face(id)?;
            face.glyph(c).map(|glyph| (id, glyph, face.advance(glyph).at(style.size)))
        });
        found.unwrap_or((ids.first().copied().unwrap_or(FaceId(0)), 0, Em(1.0).at(style.size)))
    }
}

/// Language in which the Latin words of a text are hyphenated: its own, English in text written with
/// Han characters; `None` for languages without patterns.
pub(crate) fn hyphenation(language: &Language) -> Option<hypher::Lang> {
    if language.is_cjk() {
        return Some(hypher::Lang::English);
    }
    hypher::Lang::from_iso(language.primary().as_bytes().try_into().ok()?)
}

/// Says once that Song stands in for FangSong.
fn no_fangsong(said: &[Diagnostic]) -> Option<Diagnostic> {
    let message = Message::new(
        "the theme asks for a FangSong face and there is none: Song stands in for it",
        "版式要求仿宋体，但没有可用的仿宋字体，以宋体代替",
    );
    let said = said.iter().any(|d| d.message == message);
    let hint = Message::new(
        "name a folder with a FangSong font: --font-dir DIR",
        "请用 --font-dir 指定含有仿宋字体的文件夹",
    );
    (!said).then(|| Diagnostic::warning(Code::Font, message).hint(hint))
}
