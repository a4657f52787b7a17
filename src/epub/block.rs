//! Blocks as XHTML.

use super::content::Content;
use crate::labels::Label;
use crate::model::{
    Block, Callout, CalloutKind, Code, Definition, Figure, Heading, List, ListItem, Numbering,
    Poem, Quote,
};
use crate::numbering::number;

impl Content<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    pub(super) fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => self.heading(heading),
            Block::Paragraph(text) => self.paragraph(None, text),
            Block::Quote(quote) => self.quote(quote),
            Block::Poem(poem) => self.poem(poem),
            Block::List(list) => self.list(list),
            Block::Definitions(definitions) => self.definitions(definitions),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
            Block::Code(code) => self.code(code),
            Block::Callout(callout) => self.callout(callout),
            Block::Divider => {
                self.xml.open("hr").close().line();
            }
            Block::PageBreak => {
                self.xml.open("div").attr("class", "page-break").close_full().line();
            }
            Block::Footnotes(_) => {} // lifted into the section's notes when composing
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let name = match self.depths.next(heading.level) {
            1 => "h2",
            2 => "h3",
            3 => "h4",
            4 => "h5",
            _ => "h6",
        };
        // An empty heading is none to assistive technology, but links may lead to it.
        let name = if heading.text.to_plain().trim().is_empty() { "p" } else { name };
        self.xml.open(name);
        self.xml.attr_if("id", heading.id.as_ref().map(|id| id.value.as_str()));
        self.text(&heading.text);
        self.xml.close_full().line();
    }

    fn quote(&mut self, quote: &Quote) {
        self.xml.open("blockquote").line();
        self.blocks(&quote.body);
        if let Some(attribution) = &quote.attribution {
            let dash = if self.section.language.is_cjk() { "——" } else { "— " };
            self.xml.open("p").attr("class", "attribution").text(dash);
            self.text(attribution);
            self.xml.close_full().line();
        }
        self.xml.close_full().line();
    }

    /// A stanza is a paragraph, its lines parted by breaks: that holds without any stylesheet.
    fn poem(&mut self, poem: &Poem) {
        self.xml.open("div").attr("class", "poem").line();
        if let Some(title) = &poem.title {
            self.paragraph(Some("poem-title"), title);
        }
        if let Some(author) = &poem.author {
            self.paragraph(Some("poem-author"), author);
        }
        for stanza in &poem.stanzas {
            self.xml.open("p").attr("class", "stanza");
            for (at, line) in stanza.iter().enumerate() {
                if at > 0 {
                    self.xml.open("br").close().line();
                }
                self.text(line);
            }
            self.xml.close_full().line();
        }
        self.xml.close_full().line();
    }

    /// Numberings that every reader knows are left to it; the others stand in the text, so that
    /// nothing depends on counters.
    fn list(&mut self, list: &List) {
        if list.items.is_empty() {
            return; // a list must have an item
        }
        let tasks = list.items.iter().any(|item| item.checked.is_some());
        let kind = match list.numbering {
            None | Some(Numbering::Arabic) => None,
            Some(Numbering::Alpha) => Some("a"),
            Some(Numbering::Roman) => Some("i"),
            Some(_) => Some(""),
        };
        let labelled = kind == Some("");
        self.xml.open(if list.numbering.is_some() { "ol" } else { "ul" });
        let class = match (labelled, tasks) {
            (true, _) => Some("labelled"),
            (false, true) => Some("tasks"),
            (false, false) => None,
        };
        self.xml.attr_if("class", class);
        self.xml.attr_if("type", kind.filter(|kind| !kind.is_empty()));
        if list.numbering.is_some() && list.start != 1 {
            // HTML's integers are signed in most engines.
            self.xml.attr("start", &list.start.min(i32::MAX as u32).to_string());
        }
        self.xml.line();
        for (at, item) in list.items.iter().enumerate() {
            let place = list.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            let label = list.numbering.filter(|_| labelled).map(|n| number(n, place));
            self.item(item, label.as_deref());
        }
        self.xml.close_full().line();
    }

    fn item(&mut self, item: &ListItem, label: Option<&str>) {
        self.xml.open("li");
        // The first paragraph runs on from label and box, so it stands in the item itself; the
        // item of one paragraph needs none at all.
        let (first, rest) = match item.body.as_slice() {
            [Block::Paragraph(text), rest @ ..] => (Some(text), rest),
            all => (None, all),
        };
        let wrapped = !rest.is_empty() && (first.is_some() || label.is_some());
        if wrapped {
            self.xml.open("p");
        }
        if let Some(label) = label {
            self.xml.open("span").attr("class", "label").text(label).close();
            if label.ends_with(']') {
                self.xml.text(" "); // brackets have no blank of their own, as 、 and ） have
            }
        }
        if let Some(done) = item.checked {
            let language = &self.section.language;
            let (sign, label) = if done { ("☑", Label::Done) } else { ("☐", Label::NotDone) };
            self.xml.open("span").attr("role", "img").attr("aria-label", label.text(language));
            self.xml.text(sign).close().text(" ");
        }
        if let Some(text) = first {
            self.text(text);
        }
        if wrapped {
            self.xml.close_full().line();
        }
        self.blocks(rest);
        self.xml.close_full().line();
    }

    fn definitions(&mut self, definitions: &[Definition]) {
        if definitions.is_empty() {
            return;
        }
        self.xml.open("dl").line();
        for definition in definitions {
            self.xml.open("dt");
            self.text(&definition.term);
            self.xml.close_full().line();
            if definition.details.is_empty() {
                self.xml.open("dd").close_full().line(); // a term must have one (HTML §4.4.9)
            }
            for detail in &definition.details {
                self.xml.open("dd");
                self.compact(detail);
                self.xml.close_full().line();
            }
        }
        self.xml.close_full().line();
    }

    /// Blocks inside an element of their own: a single paragraph needs no `p`.
    fn compact(&mut self, blocks: &[Block]) {
        match blocks {
            [Block::Paragraph(text)] => self.text(text),
            all => self.blocks(all),
        }
    }

    fn figure(&mut self, figure: &Figure) {
        let src = figure.src.as_ref().and_then(|src| self.picture(src));
        let caption = figure.caption.as_ref().filter(|t| !t.is_empty());
        let credit = figure.credit.as_ref().filter(|t| !t.is_empty());
        if src.is_none() && caption.is_none() && credit.is_none() {
            return;
        }
        self.xml.open("figure");
        self.xml.attr_if("id", figure.id.as_ref().map(|id| id.value.as_str()));
        if src.is_none() {
            self.xml.attr("class", "caption-only");
        }
        self.xml.line();
        if let Some(src) = src {
            self.xml.open("img").attr("src", &src);
            // Without a text of its own the picture goes by its caption.
            let alt = match (&figure.alt, caption) {
                (Some(alt), _) => alt.clone(),
                (None, Some(caption)) => caption.to_plain(),
                (None, None) => Label::Figure.text(&self.section.language).to_owned(),
            };
            self.xml.attr("alt", &alt);
            if let Some(width) = figure.width {
                self.xml.attr("style", &format!("width: {}%", width.clamp(1, 100)));
            }
            self.xml.close().line();
        }
        if caption.is_some() || credit.is_some() {
            self.xml.open("figcaption");
            if let Some(caption) = caption {
                self.text(caption);
            }
            if let Some(credit) = credit {
                if caption.is_some() {
                    self.xml.text(" ");
                }
                self.xml.open("span").attr("class", "credit");
                self.text(credit);
                self.xml.close_full();
            }
            self.xml.close_full().line();
        }
        self.xml.close_full().line();
    }

    fn code(&mut self, code: &Code) {
        if let Some(caption) = &code.caption {
            self.xml.open("figure").attr("class", "code").line().open("figcaption");
            self.text(caption);
            self.xml.close_full().line();
        }
        self.xml.open("pre").open("code");
        if let Some(language) = &code.language {
            let class: String = language.split_whitespace().collect::<Vec<_>>().join("-");
            if !class.is_empty() {
                self.xml.attr("class", &format!("language-{class}"));
            }
        }
        self.say(&code.text);
        self.xml.close_full().close_full().line();
        if code.caption.is_some() {
            self.xml.close_full().line();
        }
    }

    /// A box. `role="note"`: as a landmark (`aside` by itself) it could not stand inside others.
    fn callout(&mut self, callout: &Callout) {
        let class = match callout.kind {
            CalloutKind::Note => "callout note",
            CalloutKind::Tip => "callout tip",
            CalloutKind::Important => "callout important",
            CalloutKind::Warning => "callout warning",
            CalloutKind::KeyPoint => "callout key-point",
        };
        self.xml.open("aside").attr("class", class).attr("role", "note").line();
        self.xml.open("p").attr("class", "callout-title");
        match &callout.title {
            Some(title) => self.text(title),
            None => {
                let label = Label::from(callout.kind).text(&self.section.language);
                self.xml.text(label);
            }
        }
        self.xml.close_full().line();
        self.blocks(&callout.body);
        self.xml.close_full().line();
    }

    /// A note: its mark leads back to the text.
    pub(super) fn note_body(&mut self, number: usize, back: Option<&str>, body: &[Block]) {
        let (first, rest) = match body {
            [Block::Paragraph(text), rest @ ..] => (Some(text), rest),
            all => (None, all),
        };
        let mark = format!("[{number}]");
        self.xml.open("p");
        match back {
            Some(id) => {
                let label = Label::BackToText.text(&self.section.language);
                let href = format!("#{}", super::names::encode_fragment(id));
                self.xml.open("a").attr("role", "doc-backlink").attr("href", &href);
                self.xml.attr("aria-label", &format!("{mark} {label}")).text(&mark).close();
            }
            None => {
                self.xml.leaf("span", &mark);
            }
        }
        self.xml.text(" ");
        if let Some(text) = first {
            self.text(text);
        }
        self.xml.close_full().line();
        self.blocks(rest);
    }
}
