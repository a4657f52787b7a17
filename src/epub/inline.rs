//! Inlines as XHTML.

use super::content::Content;
use crate::compose::LinkTarget;
use crate::model::{At, Inline, InlineImage, RubyPair, Text};

impl Content<'_> {
    /// Writes a run of rich text into the element that is open.
    pub(super) fn text(&mut self, text: &Text) {
        text.0.iter().for_each(|inline| self.inline(inline));
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Plain(text) => self.say(text),
            Inline::Strong(text) => self.wrap("strong", None, text),
            Inline::Emphasis(text) => {
                let class = if has_han(&text.to_plain()) { "dots" } else { "slanted" };
                self.wrap("em", Some(class), text);
            }
            Inline::Link { target, title, text } => self.link(target, title.as_deref(), text),
            Inline::Code(code) => {
                self.xml.open("code");
                self.say(code);
                self.xml.close_full();
            }
            Inline::Ruby(pairs) => self.ruby(pairs),
            Inline::Superscript(text) => self.wrap("sup", None, text),
            Inline::Subscript(text) => self.wrap("sub", None, text),
            Inline::NoteRef(label) => self.note_ref(label),
            // `u` is HTML's own element for Chinese proper names (HTML §4.5.22).
            Inline::ProperName(text) => self.wrap("u", Some("name"), text),
            Inline::BookTitle(text) => self.wrap("cite", Some("book"), text),
            Inline::Underline(text) => self.wrap("u", None, text),
            Inline::Strike(text) => self.wrap("s", None, text),
            Inline::Highlight(text) => self.wrap("mark", None, text),
            Inline::Foreign { language, text } => {
                self.xml.open("span").attr("lang", language.tag());
                self.xml.attr("xml:lang", language.tag());
                self.text(text);
                self.xml.close_full();
            }
            Inline::LineBreak => {
                self.xml.open("br").close();
            }
            Inline::Image(image) => self.image(image),
        }
    }

    fn wrap(&mut self, name: &'static str, class: Option<&str>, text: &Text) {
        self.xml.open(name).attr_if("class", class);
        self.text(text);
        self.xml.close_full();
    }

    /// A link; inside another link, and where it leads nowhere, only its text.
    fn link(&mut self, target: &At<String>, title: Option<&str>, text: &Text) {
        let href = match self.book.resolve(&self.section.id, target) {
            _ if self.in_link => None,
            LinkTarget::External(address) => Some(address),
            LinkTarget::Internal(anchor) => self.href(&anchor),
            LinkTarget::Dead => None,
        };
        let Some(href) = href else {
            self.text(text);
            return;
        };
        self.xml.open("a").attr("href", &href).attr_if("title", title);
        self.in_link = true;
        if text.to_plain().trim().is_empty() {
            self.xml.text(&href); // a link must have a name (WCAG 2.4.4)
        }
        self.text(text);
        // A link that says only 见 says what: the title, or the number of the figure.
        if let Some(reference) = self.book.reference(&self.section.id, target, text) {
            self.xml.text(&reference.name);
        }
        self.in_link = false;
        self.xml.close_full();
    }

    /// Characters with their readings; characters without one stand outside the ruby.
    fn ruby(&mut self, pairs: &[RubyPair]) {
        for run in pairs.chunk_by(|a, b| a.reading.is_empty() == b.reading.is_empty()) {
            if run.iter().all(|pair| pair.reading.is_empty()) {
                run.iter().for_each(|pair| self.say(&pair.base));
                continue;
            }
            self.xml.open("ruby");
            for pair in run {
                self.say(&pair.base);
                self.xml.leaf("rt", &pair.reading);
            }
            self.xml.close_full();
        }
    }

    /// A reference to a note: EPUB 3.3 §D.4 and DPUB-ARIA 1.1 have readers open it as a pop-up.
    fn note_ref(&mut self, label: &At<String>) {
        let order = &self.section.note_order;
        let Some(number) = order.iter().position(|l| *l == label.value).map(|i| i + 1) else {
            return; // composing has refused a reference without its note
        };
        let count = self.referred.entry(number).or_insert(0);
        *count += 1;
        let id = self.names.reference(number, *count);
        let mark = format!("[{number}]");
        self.xml.open("sup").attr("class", "noteref");
        let Some(href) = self.note_href(number).filter(|_| !self.in_link) else {
            // A link can't stand in a link: the mark stands alone, and leads back at least.
            self.xml.attr("id", &id).text(&mark).close();
            return;
        };
        self.xml.open("a").attr("class", "duokan-footnote");
        self.xml.attr("epub:type", "noteref").attr("role", "doc-noteref");
        self.xml.attr("id", &id).attr("href", &href).text(&mark).close();
        self.xml.close();
    }

    fn image(&mut self, image: &InlineImage) {
        let Some(src) = self.picture(&image.src) else {
            self.xml.text(&image.alt);
            return;
        };
        self.xml.open("img").attr("class", "inline").attr("src", &src);
        self.xml.attr("alt", &image.alt).close();
    }
}

/// Whether a text holds characters of Chinese, Japanese or Korean.
pub(super) fn has_han(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{2E80}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'
            | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
    })
}
