//! A content document: a section, or a stretch of one, as XHTML.
//!
//! Semantic HTML with `epub:type` and the DPUB-ARIA role that belongs to it. One `h1`, the title
//! of the section; the headings below it have no gaps. Notes stand at the end of the file that
//! first refers to them, so that readers can show them as pop-ups (EPUB 3.3 §D.4).

use std::collections::{BTreeMap, BTreeSet};

use super::fonts::Rare;
use super::names::{NoteNames, PictureNames, encode_fragment};
use super::plan::{Document, Plan};
use super::xml::{Xml, one_line};
use crate::compose::{Anchor, Book, Element, HeadingDepths, LabelledRole, Section, SectionKind};
use crate::labels::{Label, colon};
use crate::model::{Language, Text};

/// What follows the XML declaration of every XHTML file.
pub(super) const DOCTYPE: &str = "<!DOCTYPE html>\n";

/// What all content documents of a book are written from.
pub(super) struct Shared<'b> {
    pub(super) book: &'b Book,
    pub(super) plan: &'b Plan,
    pub(super) pictures: &'b PictureNames,
    /// Characters that are marked for the faces that the book brings.
    pub(super) rare: &'b Rare,
}

/// The writer of one content document.
pub(super) struct Content<'b> {
    pub(super) xml: Xml,
    pub(super) book: &'b Book,
    pub(super) section: &'b Section,
    pub(super) names: NoteNames<'b>,
    /// How often each note was referred to so far, by its number.
    pub(super) referred: BTreeMap<usize, usize>,
    /// Whether a link is open.
    pub(super) in_link: bool,
    pub(super) depths: HeadingDepths,
    plan: &'b Plan,
    pictures: &'b PictureNames,
    rare: &'b Rare,
    /// Index in the plan.
    index: usize,
    document: &'b Document,
}

/// Opens an XHTML document down to its body, in the language given.
pub(super) fn shell(title: &str, language: &Language, stylesheet: &str) -> Xml {
    let mut xml = Xml::document(DOCTYPE);
    xml.open("html").attr("xmlns", "http://www.w3.org/1999/xhtml");
    xml.attr("xmlns:epub", "http://www.idpf.org/2007/ops");
    xml.attr("lang", language.tag()).attr("xml:lang", language.tag()).line();
    xml.open("head").line().open("meta").attr("charset", "utf-8").close().line();
    xml.leaf("title", title).line();
    xml.open("link").attr("rel", "stylesheet").attr("type", "text/css");
    xml.attr("href", stylesheet).close().line().close_full().line();
    xml
}

/// Writes document `index` of the plan.
pub(super) fn document(shared: &Shared<'_>, index: usize) -> String {
    let Shared { book, plan, pictures, rare } = *shared;
    let document = &plan.documents[index];
    let section = &book.sections[document.section];
    let mut content = Content {
        xml: shell(&title(&section.title, section), &section.language, "../stylesheet.css"),
        book,
        section,
        names: NoteNames::new(section),
        referred: BTreeMap::new(),
        in_link: false,
        depths: HeadingDepths::default(),
        plan,
        pictures,
        rare,
        index,
        document,
    };
    content.carry_on();
    content.body();
    content.xml.finish()
}

/// A title that is never empty.
pub(super) fn title(text: &Text, section: &Section) -> String {
    let title = one_line(&text.to_plain());
    if title.is_empty() { Label::Untitled.text(&section.language).to_owned() } else { title }
}

impl Content<'_> {
    /// Writes characters of the text.
    pub(super) fn say(&mut self, text: &str) {
        say(&mut self.xml, self.rare, text);
    }

    /// Takes over from the documents of the same section before this one.
    fn carry_on(&mut self) {
        use crate::compose::walk::{self, Node};
        use crate::model::Block;
        for element in &self.section.flow[..self.document.elements.start] {
            walk::element(element, &mut |node| {
                if let Node::Block(Block::Heading(heading)) = node {
                    self.depths.next(heading.level);
                }
            });
        }
    }

    fn body(&mut self) {
        let (kind, role) = match self.section.kind {
            SectionKind::TitlePage => ("titlepage", None),
            SectionKind::Colophon => ("colophon", Some("doc-colophon")),
            SectionKind::Foreword => ("foreword", Some("doc-foreword")),
            SectionKind::Part => ("part", Some("doc-part")),
            SectionKind::Article => ("chapter", Some("doc-chapter")),
            SectionKind::Questions => ("qna", Some("doc-qna")),
            SectionKind::Appendix => ("appendix", Some("doc-appendix")),
            SectionKind::Glossary => ("glossary", Some("doc-glossary")),
            SectionKind::Bibliography => ("bibliography", Some("doc-bibliography")),
            SectionKind::Index => ("index", Some("doc-index")),
            SectionKind::Afterword => ("afterword", Some("doc-afterword")),
        };
        self.xml.open("body").line().open("section");
        self.xml.attr("epub:type", kind).attr_if("role", role);
        let label = title(&self.section.title, self.section);
        self.xml.attr("aria-label", &label).line();
        let section = self.section;
        let elements = &section.flow[self.document.elements.clone()];
        let head = elements.iter().take_while(|e| is_head(e)).count();
        if head > 0 {
            self.xml.open("header").line();
            elements[..head].iter().for_each(|e| self.element(e));
            self.xml.close_full().line();
        }
        for (at, element) in elements.iter().enumerate().skip(head) {
            self.marks(self.document.elements.start + at);
            self.element(element);
        }
        self.notes();
    }

    fn element(&mut self, element: &Element) {
        match element {
            Element::Title(text) => {
                self.xml.open("h1");
                if text.to_plain().trim().is_empty() {
                    self.xml.text(Label::Untitled.text(&self.section.language));
                }
                self.text(text);
                self.xml.close_full().line();
            }
            Element::Subtitle(text) => self.paragraph(Some("subtitle"), text),
            Element::Byline(text) => self.paragraph(Some("byline"), text),
            Element::Dateline(text) => self.paragraph(Some("dateline"), text),
            Element::Labelled { role, label, text } => {
                let class = match role {
                    LabelledRole::Summary => "summary",
                    LabelledRole::Keywords => "keywords",
                    LabelledRole::EditorNote => "editor-note",
                };
                self.xml.open("p").attr("class", class);
                self.xml.open("b").text(label).text(colon(&self.section.language).trim_end());
                self.xml.close();
                if colon(&self.section.language).ends_with(' ') {
                    self.xml.text(" ");
                }
                self.text(text);
                self.xml.close_full().line();
            }
            Element::Block(block) => self.block(block),
            Element::SourceLine(text) => self.paragraph(Some("source"), text),
            Element::Qr(qr) => self.qr(qr),
            Element::Answer(lines) => self.answer(*lines),
            Element::NotePage { .. } => {} // reading systems have notes of their own
            Element::Imprint(text) => self.paragraph(Some("imprint"), text),
            Element::Facts(facts) => self.facts(facts),
            Element::GroupLabel(label) => {
                self.xml.open("p").attr("class", "group").text(label).close().line();
            }
            Element::Index(groups) => self.index(groups),
        }
    }

    /// A paragraph of its own class.
    pub(super) fn paragraph(&mut self, class: Option<&str>, text: &Text) {
        self.xml.open("p").attr_if("class", class);
        self.text(text);
        self.xml.close_full().line();
    }

    /// The notes of this document, each with a link back to where it is first referred to.
    fn notes(&mut self) {
        if self.document.notes.is_empty() {
            return;
        }
        let section = self.section;
        // All references of the text are written by now: which notes have one is known, but for
        // those that only other notes refer to.
        // A list to Duokan and the readers that follow it, which know these classes on these
        // elements; to assistive technology there is no list. The footnote itself is an `aside`,
        // as Apple Books and Kobo want it.
        self.xml.open("ol").attr("class", "notes duokan-footnote-content").attr("role", "none");
        self.xml.line();
        let own: BTreeSet<usize> = self.document.notes.iter().copied().collect();
        let inside = self.referred_in_notes(&own);
        for number in &self.document.notes {
            let Some(body) = section.notes.get(&section.note_order[number - 1]) else { continue };
            let id = self.names.note(*number);
            self.xml.open("li").attr("class", "duokan-footnote-item").attr("role", "none").line();
            self.xml.open("aside").attr("epub:type", "footnote").attr("role", "doc-footnote");
            self.xml.attr("id", &id).line();
            let back = (self.referred.contains_key(number) || inside.contains(number))
                .then(|| self.names.reference(*number, 1));
            self.note_body(*number, back.as_deref(), body);
            self.xml.close_full().line().close_full().line();
        }
        self.xml.close_full().line();
    }

    /// The address of a place in the book, as seen from this file.
    pub(super) fn href(&self, anchor: &Anchor) -> Option<String> {
        let at = self.plan.locate(anchor)?;
        let fragment = anchor.element.as_deref().map(encode_fragment);
        let here = at == self.index;
        let file = &self.plan.documents[at].file;
        Some(match (here, fragment) {
            (true, Some(fragment)) => format!("#{fragment}"),
            (_, None) => file.clone(),
            (false, Some(fragment)) => format!("{file}#{fragment}"),
        })
    }

    /// The address of a note's text, as seen from this file.
    pub(super) fn note_href(&self, number: usize) -> Option<String> {
        let at = self.plan.note(self.section, number)?;
        let id = encode_fragment(&self.names.note(number));
        Some(if at == self.index {
            format!("#{id}")
        } else {
            format!("{}#{id}", self.plan.documents[at].file)
        })
    }

    /// The address of a picture of this section, as seen from this file.
    pub(super) fn picture(&self, src: &str) -> Option<String> {
        let id = self.section.pictures.get(src)?;
        self.pictures.file(*id).map(|file| format!("../{file}"))
    }

    /// Numbers of the notes that the notes `own` refer to.
    fn referred_in_notes(&self, own: &BTreeSet<usize>) -> BTreeSet<usize> {
        use crate::compose::walk;
        use crate::model::Inline;
        let section = self.section;
        let mut out = BTreeSet::new();
        for number in own {
            let Some(body) = section.notes.get(&section.note_order[number - 1]) else { continue };
            walk::inlines(body, &mut |inline| {
                if let Inline::NoteRef(label) = inline
                    && let Some(at) = section.note_order.iter().position(|l| *l == label.value)
                {
                    out.insert(at + 1);
                }
            });
        }
        out
    }
}

/// Writes text into the open element, characters that readers lack marked for the faces that the
/// book brings. Marked by themselves, they show whatever face the reader chose for the text.
pub(super) fn say(xml: &mut Xml, rare: &Rare, text: &str) {
    if rare.is_empty() {
        xml.text(text);
        return;
    }
    let chars: Vec<(usize, bool)> =
        text.char_indices().map(|(at, c)| (at, rare.contains_key(&c))).collect();
    for run in chars.chunk_by(|a, b| a.1 == b.1) {
        let Some((begin, marked)) = run.first().copied() else { continue };
        let end = run
            .last()
            .map_or(begin, |(at, _)| at + text[*at..].chars().next().map_or(0, char::len_utf8));
        if marked {
            xml.open("span").attr("class", "rare").text(&text[begin..end]).close();
        } else {
            xml.text(&text[begin..end]);
        }
    }
}

fn is_head(element: &Element) -> bool {
    matches!(
        element,
        Element::Title(_) | Element::Subtitle(_) | Element::Byline(_) | Element::Dateline(_)
    )
}
