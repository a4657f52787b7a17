//! Reads tagged PDF as assistive technology does: the structure tree with the text of its content,
//! taken from the finished file and nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

pub(crate) struct Tagged {
    pub(crate) pdf: Document,
    /// Text of marked content by page and number.
    content: BTreeMap<(ObjectId, i64), String>,
}

impl Tagged {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let pdf = Document::load_mem(bytes).unwrap();
        let mut content = BTreeMap::new();
        let mut fonts = BTreeMap::new();
        for page in pdf.get_pages().into_values() {
            read_page(&pdf, page, &mut fonts, &mut content);
        }
        Self { pdf, content }
    }

    pub(crate) fn catalog(&self) -> &Dictionary {
        self.pdf.catalog().unwrap()
    }

    /// A value, followed through its reference.
    pub(crate) fn get<'a>(&'a self, dict: &'a Dictionary, key: &str) -> Option<&'a Object> {
        let value = dict.get(key.as_bytes()).ok()?;
        Some(self.pdf.dereference(value).unwrap().1)
    }

    fn root(&self) -> &Dictionary {
        self.get(self.catalog(), "StructTreeRoot").unwrap().as_dict().unwrap()
    }

    /// The tree, an element a line, with its text and attributes.
    pub(crate) fn tree(&self) -> String {
        let mut out = String::new();
        self.element(self.get(self.root(), "K").unwrap().as_dict().unwrap(), 0, None, &mut out);
        out
    }

    /// All text in reading order, an element of block level a line.
    pub(crate) fn text(&self) -> String {
        let tree = self.tree();
        let lines = tree.lines().filter_map(|l| l.split_once('«'));
        lines.map(|(_, text)| text.trim_end_matches('»')).collect::<Vec<_>>().join("\n")
    }

    fn element(
        &self,
        element: &Dictionary,
        depth: usize,
        page: Option<ObjectId>,
        out: &mut String,
    ) {
        let role = element.get(b"S").unwrap().as_name().unwrap();
        let page = element.get(b"Pg").and_then(Object::as_reference).ok().or(page);
        let _ = write!(out, "{}{}", "  ".repeat(depth), String::from_utf8_lossy(role));
        for key in ["Lang", "Alt", "ActualText", "ID"] {
            if let Some(value) = self.get(element, key) {
                let _ = write!(out, " {key}={}", lopdf::decode_text_string(value).unwrap());
            }
        }
        if let Some(attributes) = self.get(element, "A").and_then(|a| a.as_dict().ok()) {
            for (key, value) in attributes.iter().filter(|(k, _)| !matches!(&k[..], b"O" | b"BBox"))
            {
                let value = match value {
                    Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
                    other => format!("{other:?}"),
                };
                let _ = write!(out, " {}={value}", String::from_utf8_lossy(key));
            }
        }
        out.push('\n');
        let kids = match self.get(element, "K") {
            None => return,
            Some(Object::Array(kids)) => kids.clone(),
            Some(_) => vec![element.get(b"K").unwrap().clone()],
        };
        let mut text: Option<String> = None;
        let indent = "  ".repeat(depth + 1);
        let flush = |text: &mut Option<String>, out: &mut String| {
            if let Some(text) = text.take() {
                let _ = writeln!(out, "{indent}«{text}»");
            }
        };
        for kid in kids {
            let kid = self.pdf.dereference(&kid).unwrap().1;
            match kid {
                Object::Integer(mcid) => {
                    let more = &self.content[&(page.unwrap(), *mcid)];
                    text.get_or_insert_default().push_str(more);
                }
                Object::Dictionary(kid) if kid.has_type(b"MCR") => {
                    let page = kid.get(b"Pg").unwrap().as_reference().unwrap();
                    let mcid = kid.get(b"MCID").unwrap().as_i64().unwrap();
                    text.get_or_insert_default().push_str(&self.content[&(page, mcid)]);
                }
                Object::Dictionary(kid) if kid.has_type(b"OBJR") => {
                    flush(&mut text, out);
                    let link = self.get(kid, "Obj").unwrap().as_dict().unwrap();
                    let said = lopdf::decode_text_string(link.get(b"Contents").unwrap()).unwrap();
                    let to = if link.has(b"A") { "web" } else { "place" };
                    let _ = writeln!(out, "{indent}→ {to}: {said}");
                }
                Object::Dictionary(kid) => {
                    flush(&mut text, out);
                    self.element(kid, depth + 1, page, out);
                }
                other => unreachable!("{other:?}"),
            }
        }
        flush(&mut text, out);
    }
}

type Meanings = BTreeMap<u16, String>;

/// Collects the text of a page's marked content. Everything shown has to be marked.
fn read_page(
    pdf: &Document,
    page: ObjectId,
    fonts: &mut BTreeMap<ObjectId, Meanings>,
    out: &mut BTreeMap<(ObjectId, i64), String>,
) {
    let known = pdf.get_page_fonts(page).unwrap();
    let mut font: Option<ObjectId> = None;
    let mut open: Vec<(Option<i64>, Option<String>)> = Vec::new();
    let content = Content::decode(&pdf.get_page_content(page)).unwrap();
    for operation in &content.operations {
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "BDC" => {
                let properties = operands[1].as_dict().unwrap();
                let mcid = properties.get(b"MCID").and_then(Object::as_i64).ok();
                let actual = properties.get(b"ActualText").ok();
                let actual = actual.map(|text| lopdf::decode_text_string(text).unwrap());
                if let Some(mcid) = mcid {
                    out.insert((page, mcid), String::new());
                }
                open.push((mcid, actual));
            }
            "BMC" => open.push((None, None)),
            "EMC" => {
                let (_, actual) = open.pop().unwrap();
                let mcid = open.iter().rev().find_map(|(mcid, _)| *mcid);
                if let (Some(text), Some(mcid)) = (actual, mcid) {
                    out.get_mut(&(page, mcid)).unwrap().push_str(&text);
                }
            }
            "Tf" => {
                let name = operands[0].as_name().unwrap();
                let dict = known[name];
                let unicode = dict.get(b"ToUnicode").unwrap().as_reference().unwrap();
                fonts.entry(unicode).or_insert_with(|| {
                    let stream = pdf.get_object(unicode).unwrap().as_stream().unwrap();
                    meanings(&stream.get_plain_content().unwrap())
                });
                font = Some(unicode);
            }
            "Tj" | "TJ" => {
                assert!(!open.is_empty(), "text outside of marked content");
                if open.iter().any(|(_, actual)| actual.is_some()) {
                    continue; // another text stands for it
                }
                let Some(mcid) = open.iter().rev().find_map(|(mcid, _)| *mcid) else { continue };
                let meanings = &fonts[&font.unwrap()];
                let strings: Vec<&[u8]> = match &operands[0] {
                    Object::Array(parts) => parts.iter().filter_map(|p| p.as_str().ok()).collect(),
                    one => vec![one.as_str().unwrap()],
                };
                let text = out.get_mut(&(page, mcid)).unwrap();
                for code in strings.concat().chunks(2) {
                    text.push_str(&meanings[&u16::from_be_bytes([code[0], code[1]])]);
                }
            }
            "f" | "S" | "B" | "Do" => {
                assert!(!open.is_empty(), "drawing outside of marked content");
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "marked content left open");
}

/// Reads a ToUnicode map (single characters and ranges).
fn meanings(map: &[u8]) -> Meanings {
    let map = String::from_utf8_lossy(map).into_owned();
    let hex = |word: &str| -> Vec<u16> {
        let word = word.trim_matches(['<', '>', '[', ']']);
        (0..word.len() / 4)
            .map(|i| u16::from_str_radix(&word[i * 4..i * 4 + 4], 16).unwrap())
            .collect()
    };
    let mut out = Meanings::new();
    let (mut chars, mut ranges) = (false, false);
    for line in map.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.last() {
            Some(&"beginbfchar") => chars = true,
            Some(&"beginbfrange") => ranges = true,
            Some(&("endbfchar" | "endbfrange")) => (chars, ranges) = (false, false),
            _ if chars => {
                let text = String::from_utf16(&hex(words[1])).unwrap();
                out.insert(hex(words[0])[0], text);
            }
            _ if ranges => {
                let (first, last) = (hex(words[0])[0], hex(words[1])[0]);
                let listed = words[2].starts_with('[');
                for code in first..=last {
                    let step = usize::from(code - first);
                    let text = if listed {
                        hex(words[2 + step])
                    } else {
                        let mut text = hex(words[2]);
                        *text.last_mut().unwrap() += code - first;
                        text
                    };
                    out.insert(code, String::from_utf16(&text).unwrap());
                }
            }
            _ => {}
        }
    }
    out
}
