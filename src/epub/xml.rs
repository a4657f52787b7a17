//! Writing XML that is well-formed whatever text it is given.

/// A writer that closes what it opened and escapes what it is told.
///
/// Elements without content are written as `<name/>`. Characters that XML 1.0 §2.2 does not allow,
/// other control characters and noncharacters are left out: no reader could show them.
#[derive(Debug, Default)]
pub(crate) struct Xml {
    out: String,
    /// Names of the open elements.
    open: Vec<&'static str>,
    /// Whether the last start tag still lacks its `>`.
    in_tag: bool,
}

impl Xml {
    /// A document that begins with the XML declaration and `prolog` as it stands.
    pub(crate) fn document(prolog: &str) -> Self {
        let out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{prolog}");
        Self { out, ..Self::default() }
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, name: &'static str) -> &mut Self {
        self.end_tag();
        self.out.push('<');
        self.out.push_str(name);
        self.open.push(name);
        self.in_tag = true;
        self
    }

    /// Adds an attribute to the element just opened; `name` must not stand there yet.
    pub(crate) fn attr(&mut self, name: &str, value: &str) -> &mut Self {
        debug_assert!(self.in_tag, "attribute {name} after content");
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, value, true);
        self.out.push('"');
        self
    }

    /// Adds an attribute if there is a value.
    pub(crate) fn attr_if(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.attr(name, value);
        }
        self
    }

    /// Closes the element opened last.
    pub(crate) fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            if self.in_tag {
                self.out.push_str("/>");
                self.in_tag = false;
            } else {
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
        }
        self
    }

    /// Closes the element opened last, never as `<name/>`: for HTML elements that are not void.
    pub(crate) fn close_full(&mut self) -> &mut Self {
        self.end_tag();
        self.close()
    }

    /// Writes text.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.end_tag();
        escape(&mut self.out, text, false);
        self
    }

    /// An element that holds only text.
    pub(crate) fn leaf(&mut self, name: &'static str, text: &str) -> &mut Self {
        self.open(name).text(text).close()
    }

    /// Begins a new line: only where white space means nothing.
    pub(crate) fn line(&mut self) -> &mut Self {
        self.end_tag();
        self.out.push('\n');
        self
    }

    /// The document, every element closed.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close_full();
        }
        self.out.push('\n');
        self.out
    }

    /// What was written, every element closed: a piece of a document.
    pub(crate) fn into_fragment(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn end_tag(&mut self) {
        if self.in_tag {
            self.out.push('>');
            self.in_tag = false;
        }
    }
}

/// Whether a character may stand in our files: what XML 1.0 §2.2 allows, without C1 controls and
/// noncharacters, which HTML checkers refuse.
pub(super) fn is_allowed(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}' => false,
        _ => u32::from(c) & 0xFFFE != 0xFFFE,
    }
}

fn escape(out: &mut String, text: &str, attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"), // `]]>` may not stand in text
            '"' if attribute => out.push_str("&quot;"),
            '\t' | '\n' if attribute => out.push(' '),
            c if is_allowed(c) => out.push(c),
            _ => {}
        }
    }
}

/// Text in one line without the characters that can't be written; for titles and metadata.
pub(crate) fn one_line(text: &str) -> String {
    let text: String = text.chars().filter(|c| is_allowed(*c)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_element_is_closed_and_escaped() {
        let mut xml = Xml::default();
        xml.open("a")
            .attr("x", "\"<&\n")
            .open("b")
            .close()
            .text("]]> & \u{1}\u{FFFE}")
            .open("i")
            .close_full();
        assert_eq!(xml.finish(), "<a x=\"&quot;&lt;&amp; \"><b/>]]&gt; &amp; <i></i></a>\n");
    }

    proptest! {
        #[test]
        fn any_text_comes_back_but_for_what_xml_forbids(text in any::<String>()) {
            let mut xml = Xml::default();
            xml.open("a").attr("t", &text).text(&text);
            let written = xml.finish();
            let tree = resvg::usvg::roxmltree::Document::parse(&written).unwrap();
            let kept: String = text.chars().filter(|c| is_allowed(*c)).collect();
            prop_assert_eq!(tree.root_element().text().unwrap_or(""), kept);
        }
    }
}
