//! Rich text → flat characters with styles: the first step of setting a paragraph.

use std::collections::BTreeMap;

use super::setter::{Setter, hyphenation};
use super::style::TextStyle;
use super::upright::Stand;
use super::{NodeId, Role as Tagged};
use crate::compose::LinkTarget;
use crate::model::{Inline, Language, RubyPair, Text};
use crate::picture::PictureId;
use crate::text::{Class, OBJECT};
use crate::theme::Role;
use crate::units::{Em, Pt};

/// A paragraph's characters, each with its style.
#[derive(Debug, Default)]
pub(crate) struct Flat {
    /// Characters; [`OBJECT`] stands for an entry of `objects`, `\n` for a forced break.
    pub chars: Vec<char>,
    /// Index into `table` for every character.
    pub styles: Vec<usize>,
    /// The styles.
    pub table: Vec<TextStyle>,
    /// Objects by the index of their character.
    pub objects: BTreeMap<usize, Object>,
    /// Classes that do not follow from the characters (superscripts hold to what precedes).
    pub classes: BTreeMap<usize, Class>,
    /// Where links lead; [`TextStyle::link`] is an index into this.
    pub links: Vec<FlatLink>,
    /// How many names, titles and words with readings there are so far.
    names: u32,
}

/// A link in a paragraph.
#[derive(Debug, Clone)]
pub(crate) struct FlatLink {
    /// Where it leads.
    pub target: LinkTarget,
    /// Description for assistive technology.
    pub description: String,
}

/// What stands in a line besides characters.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    /// A picture.
    Picture { id: PictureId, width: Pt, height: Pt },
    /// Base characters under their reading; those of one word have its number.
    Ruby { base: String, reading: String, word: u32 },
    /// Western characters that stand upright in a vertical line.
    Upright { text: String, how: Stand },
    /// The mark of a footnote; its number is known when the page is made up.
    Note { label: String },
}

/// Size and raise of superscripts, and lowering of subscripts, in ems of the text around.
const SCRIPT: (Em, Em, Em) = (Em(0.62), Em(0.36), Em(0.14));
/// Height of a picture in a line, in ems: as high as Han characters stand.
const PICTURE_HEIGHT: Em = Em(1.05);

impl Flat {
    /// Flattens rich text set in `base`.
    pub(crate) fn new(setter: &mut Setter<'_>, text: &Text, base: TextStyle) -> Self {
        let mut flat = Self::default();
        flat.push_text(setter, text, &base);
        flat
    }

    /// Plain characters in one style.
    pub(crate) fn plain(text: &str, style: TextStyle) -> Self {
        let mut flat = Self::default();
        flat.push_str(text, &style);
        flat
    }

    /// The same styles and links without characters.
    pub(crate) fn emptied(&self) -> Self {
        let (table, links) = (self.table.clone(), self.links.clone());
        Self { table, links, names: self.names, ..Self::default() }
    }

    /// Appends characters of another paragraph with the same styles.
    pub(crate) fn append_from(&mut self, other: &Self, range: std::ops::Range<usize>) {
        for i in range {
            let at = self.chars.len();
            self.chars.push(other.chars[i]);
            self.styles.push(other.styles[i]);
            self.objects.extend(other.objects.get(&i).map(|object| (at, object.clone())));
            self.classes.extend(other.classes.get(&i).map(|class| (at, *class)));
        }
    }

    /// Appends an object in a style of the table.
    pub(crate) fn append_object(&mut self, object: Object, class: Class, style: usize) {
        let at = self.chars.len();
        self.chars.push(OBJECT);
        self.styles.push(style);
        self.objects.insert(at, object);
        self.classes.insert(at, class);
    }

    /// Appends plain characters.
    pub(crate) fn push_str(&mut self, text: &str, style: &TextStyle) {
        let index = self.style_index(style);
        for c in text.chars() {
            self.chars.push(c);
            self.styles.push(index);
        }
    }

    /// Appends rich text.
    pub(crate) fn push_text(&mut self, setter: &mut Setter<'_>, text: &Text, style: &TextStyle) {
        for inline in &text.0 {
            self.push(setter, inline, style);
        }
    }

    fn push(&mut self, setter: &mut Setter<'_>, inline: &Inline, style: &TextStyle) {
        let mut inner = style.clone();
        match inline {
            Inline::Plain(text) => return self.push_str(text, style),
            Inline::LineBreak => return self.push_str("\n", style),
            Inline::Code(text) => {
                inner.role = Role::Mono;
                inner.size = style.size * 0.9;
                inner.marks.code = true;
                inner.marks.tinted = true;
                inner.node = setter.node(Tagged::Code, style.node);
                return self.push_str(text, &inner);
            }
            Inline::Ruby(pairs) => return self.push_ruby(setter, pairs, style),
            Inline::NoteRef(label) => {
                let reference = setter.node(Tagged::Reference, style.node);
                setter.references.entry(label.value.clone()).or_insert(reference);
                inner.node = setter.node(Tagged::Link, reference);
                return self.push_object(
                    Object::Note { label: label.value.clone() },
                    Class::NoteMark,
                    &inner,
                );
            }
            Inline::Image(image) => {
                let id = setter.section.and_then(|s| s.pictures.get(&image.src.value)).copied();
                inner.node = setter.node(Tagged::Figure, style.node);
                if let Some(node) = setter.node_mut(inner.node) {
                    node.alt = Some(image.alt.clone());
                }
                match id.and_then(|id| setter.book.pictures.0.get(id.0 as usize).map(|p| (id, p))) {
                    Some((id, picture)) => {
                        let height = PICTURE_HEIGHT.at(style.size);
                        let width = height * (picture.width / picture.height.max(Pt(1e-3)));
                        self.push_object(Object::Picture { id, width, height }, Class::Han, &inner);
                    }
                    None => self.push_str(&image.alt, style),
                }
                return;
            }
            Inline::Strong(_) => inner.role = Role::Bold,
            Inline::Emphasis(_) => inner.marks.dots = true,
            Inline::ProperName(_) => inner.marks.proper_name = self.name(),
            Inline::BookTitle(_) => inner.marks.book_title = self.name(),
            Inline::Underline(_) => inner.marks.underline = true,
            Inline::Strike(_) => inner.marks.strike = true,
            Inline::Highlight(_) => inner.marks.highlight = true,
            Inline::Superscript(_) => {
                inner.size = SCRIPT.0.at(style.size);
                inner.raise = style.raise + SCRIPT.1.at(style.size);
            }
            Inline::Subscript(_) => {
                inner.size = SCRIPT.0.at(style.size);
                inner.raise = style.raise - SCRIPT.2.at(style.size);
            }
            Inline::Link { target, title, text } => {
                let leads = setter
                    .section
                    .map_or(LinkTarget::Dead, |s| setter.book.resolve(&s.id, &target.value));
                inner.node = setter.node(Tagged::Link, style.node);
                inner.link = Some(self.links.len());
                if matches!(leads, LinkTarget::External(_)) {
                    inner.color = setter.theme.accent;
                }
                let description = title.clone().unwrap_or_else(|| text.to_plain());
                self.links.push(FlatLink { target: leads, description });
            }
            Inline::Foreign { language, .. } => {
                inner.region = language.region();
                inner.hyphens = hyphenation(language);
                inner.node = setter.node(Tagged::Span, style.node);
                self.mark_language(setter, inner.node, language);
            }
        }
        let start = self.chars.len();
        if let Some(text) = inline.children() {
            self.push_text(setter, text, &inner);
        }
        // A link that says only 见 says where: on which page.
        if let (Inline::Link { target, text, .. }, Some(section)) = (inline, setter.section)
            && let Some(reference) = setter.book.reference(&section.id, &target.value, text)
        {
            let folio = setter.folio(&reference.anchor);
            self.push_str(&crate::labels::page(&folio, &setter.language), &inner);
        }
        if matches!(inline, Inline::Superscript(_) | Inline::Subscript(_)) {
            self.classes.extend((start..self.chars.len()).map(|i| (i, Class::NoteMark)));
        }
        if inner.marks.dots && !style.marks.dots {
            self.emphasise_letters(start);
        }
    }

    fn mark_language(&self, setter: &mut Setter<'_>, node: NodeId, language: &Language) {
        if let Some(node) = setter.node_mut(node) {
            node.language = Some(language.tag().to_owned());
        }
    }

    /// Stress on Latin letters is a change of face (Kai's letters), since dots go under Han only.
    fn emphasise_letters(&mut self, start: usize) {
        for i in start..self.chars.len() {
            if matches!(Class::of(self.chars[i]), Class::Latin | Class::Digit) {
                let mut style = self.table[self.styles[i]].clone();
                if style.role == Role::Song {
                    style.role = Role::Kai;
                    self.styles[i] = self.style_index(&style);
                }
            }
        }
    }

    fn push_ruby(&mut self, setter: &mut Setter<'_>, pairs: &[RubyPair], style: &TextStyle) {
        let word = self.name();
        for pair in pairs {
            if pair.reading.is_empty() {
                self.push_str(&pair.base, style);
            } else {
                // One element for each base with its reading (ISO 32000-1, table 338).
                let mut inner = style.clone();
                inner.node = setter.node(Tagged::Ruby, style.node);
                let (base, reading) = (pair.base.clone(), pair.reading.clone());
                let object = Object::Ruby { base, reading, word };
                self.push_object(object, Class::Han, &inner);
            }
        }
    }

    fn push_object(&mut self, object: Object, class: Class, style: &TextStyle) {
        let at = self.chars.len();
        self.push_str(&OBJECT.to_string(), style);
        self.objects.insert(at, object);
        self.classes.insert(at, class);
    }

    fn name(&mut self) -> u32 {
        self.names += 1;
        self.names
    }

    fn style_index(&mut self, style: &TextStyle) -> usize {
        // The style wanted is nearly always the last one used.
        if let Some(index) = self.table.iter().rposition(|s| s == style) {
            return index;
        }
        self.table.push(style.clone());
        self.table.len() - 1
    }
}
