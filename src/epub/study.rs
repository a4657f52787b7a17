//! What a study packet has besides its texts, as XHTML: QR codes, answers, facts, the index.

use super::content::Content;
use crate::compose::{IndexGroup, Qr};
use crate::labels::Label;
use crate::model::Text;

/// White around a code, in modules (ISO/IEC 18004 §6.3.8).
const QUIET: usize = 4;

impl Content<'_> {
    /// Places of the index at an element of the flow, before it.
    pub(super) fn marks(&mut self, element: usize) {
        for mark in self.section.marks.iter().filter(|m| m.element == element) {
            self.xml.open("span").attr("id", &mark.id).close_full();
        }
    }

    /// A QR code as a drawing in the text, a link to where it leads.
    pub(super) fn qr(&mut self, qr: &Qr) {
        let label = Label::SourceCode.text(&self.section.language);
        let side = qr.side + 2 * QUIET;
        let path: String = qr
            .runs()
            .into_iter()
            .map(|(row, column, length)| {
                format!("M{} {}h{length}v1h-{length}z", column + QUIET, row + QUIET)
            })
            .collect();
        self.xml.open("figure").attr("class", "qr");
        self.xml.open("a").attr("href", &qr.url);
        self.xml.open("svg").attr("xmlns", "http://www.w3.org/2000/svg");
        self.xml.attr("viewBox", &format!("0 0 {side} {side}"));
        self.xml.attr("role", "img").attr("aria-label", label);
        self.xml.open("path").attr("d", &path).attr("fill", "#000").close();
        self.xml.close().close().close().line();
    }

    /// Ruled lines, for readers with a pen; assistive technology passes over them.
    pub(super) fn answer(&mut self, lines: u16) {
        self.xml.open("div").attr("class", "answer").attr("aria-hidden", "true");
        for _ in 0..lines {
            self.xml.open("div").close_full();
        }
        self.xml.close_full().line();
    }

    pub(super) fn facts(&mut self, facts: &[(String, Text)]) {
        if facts.is_empty() {
            return;
        }
        self.xml.open("dl").attr("class", "facts").line();
        for (name, value) in facts {
            self.xml.leaf("dt", name).open("dd");
            self.text(value);
            self.xml.close_full().line();
        }
        self.xml.close_full().line();
    }

    /// Words with links to the articles they stand in, at the first place in each.
    pub(super) fn index(&mut self, groups: &[IndexGroup]) {
        for group in groups {
            self.xml.open("p").attr("class", "group").text(&group.label).close().line();
            self.xml.open("ul").attr("class", "index").line();
            for entry in &group.entries {
                self.xml.open("li");
                self.say(&entry.term);
                self.xml.text("　");
                let firsts = entry.places.chunk_by(|a, b| a.0.section == b.0.section);
                for (at, (anchor, title)) in firsts.filter_map(|run| run.first()).enumerate() {
                    if at > 0 {
                        self.xml.text("；");
                    }
                    let title = title.to_plain();
                    match self.href(anchor) {
                        Some(href) => self.xml.open("a").attr("href", &href).text(&title).close(),
                        None => self.xml.text(&title),
                    };
                }
                self.xml.close_full().line();
            }
            self.xml.close_full().line();
        }
    }
}
