//! Elements → drafts.

use std::collections::BTreeMap;

use dom_query::{Document, NodeId, NodeRef};

use super::notes::Notes;
use super::{attr, inline, media, name, table, tokens};
use crate::import::draft::{Draft, Look};
use crate::import::evidence::{ends_sentence, width};
use crate::import::report::{PictureFate, Report};
use crate::model::{
    Block, Callout, CalloutKind, Code, Definition, Heading, Inline, List, ListItem, Numbering,
    Quote, Text,
};

/// Deepest nesting of blocks that is followed; what lies deeper is one paragraph.
const DEEPEST: usize = 120;

/// Words in classes and ids of parts of a page that belong to no article.
const FOREIGN: &[&str] = &[
    "share",
    "sharing",
    "bdsharebuttonbox",
    "social",
    "comment",
    "comments",
    "respond",
    "related",
    "recommend",
    "recommended",
    "sidebar",
    "breadcrumb",
    "breadcrumbs",
    "crumb",
    "crumbs",
    "pagination",
    "pager",
    "toolbar",
    "advert",
    "advertisement",
    "ads",
    "adsbygoogle",
    "qrcode",
    "ewm",
    "subscribe",
    "newsletter",
    "reward",
    "donate",
    "copyright",
    "footer",
    "nav",
    "navbar",
    "menu",
    "login",
    "modal",
    "popup",
    "cookie",
    "toc",
    "hotnews",
    "rank",
    "ranking",
    "prevnext",
    "prenext",
    "sns",
    "print",
    "fontsize",
    "backtop",
    "gotop",
    "friendlink",
    "reply",
    "vote",
    "avatar",
    "signature",
    "sign",
    "bdshare",
    "jiathis",
    "tags",
    "catalog",
    "authorcard",
    "profile",
];

/// A part of the page named like that is kept when it holds more than this share of all text.
const FOREIGN_SHARE: usize = 3;

/// A page being read.
pub(super) struct Page<'d> {
    document: &'d Document,
    pub(super) notes: Notes,
    base: Option<url::Parts>,
    all: usize,
}

/// Enough of addresses to resolve those of pictures and links.
mod url {
    /// Scheme and host, and the folder of the page.
    pub(super) struct Parts {
        pub(super) scheme: String,
        pub(super) host: String,
        pub(super) folder: String,
    }

    impl Parts {
        pub(super) fn of(address: &str) -> Option<Self> {
            let (scheme, rest) = address.split_once("://")?;
            if !matches!(scheme, "http" | "https") {
                return None;
            }
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            Some(Self {
                scheme: scheme.to_owned(),
                host: host.to_owned(),
                folder: folder.to_owned(),
            })
        }

        pub(super) fn join(&self, relative: &str) -> String {
            if let Some(rest) = relative.strip_prefix("//") {
                return format!("{}://{rest}", self.scheme);
            }
            if let Some(path) = relative.strip_prefix('/') {
                return format!("{}://{}/{path}", self.scheme, self.host);
            }
            let mut parts: Vec<&str> = self.folder.split('/').filter(|p| !p.is_empty()).collect();
            for part in relative.split('/') {
                match part {
                    "." | "" => {}
                    ".." => {
                        parts.pop();
                    }
                    part => parts.push(part),
                }
            }
            format!("{}://{}/{}", self.scheme, self.host, parts.join("/"))
        }
    }
}

/// What is passed down.
#[derive(Clone, Copy, Default)]
struct Place {
    depth: usize,
    centred: bool,
    inner: bool,
    /// Within the article's element.
    inside: bool,
}

/// What is being gathered.
struct Flow {
    out: Vec<(Draft, bool)>,
    line: Text,
    /// Elements read so far, which number the drafts.
    count: u32,
}

impl<'d> Page<'d> {
    pub(super) fn new(document: &'d Document, url: Option<&str>) -> Self {
        let base = document.base_uri().map(|b| b.to_string()).filter(|b| b.contains("://"));
        let base = base.as_deref().or(url).and_then(url::Parts::of);
        let all = document.body().map_or(0, |b| b.normalized_char_count());
        Self { document, notes: Notes::of(document), base, all }
    }

    /// The blocks below a node, each with whether it lies in `main`.
    pub(super) fn drafts(
        &self,
        root: &NodeRef<'_>,
        main: Option<NodeId>,
        report: &mut Report,
    ) -> Vec<(Draft, bool)> {
        let mut flow = Flow { out: Vec::new(), line: Text::default(), count: 0 };
        let place = Place { inside: main.is_none() || main == Some(root.id), ..Place::default() };
        self.children(root, place, main, &mut flow, report);
        self.flush(&mut flow, place);
        let mut notes = BTreeMap::new();
        for (label, id) in &self.notes.targets {
            if let Some(node) = self.document.tree.get(id) {
                let mut inner = Flow { out: Vec::new(), line: Text::default(), count: 0 };
                self.children(
                    &node,
                    Place { inner: true, inside: true, ..Place::default() },
                    None,
                    &mut inner,
                    report,
                );
                self.flush(&mut inner, place);
                let body: Vec<Block> =
                    inner.out.into_iter().map(|(d, _)| d.block).map(trim_mark).collect();
                notes.insert(label.clone(), body);
            }
        }
        if !notes.is_empty() {
            flow.count += 1;
            let draft = Draft {
                look: Look { inner: true, ..Look::default() },
                ..Draft::new(Block::Footnotes(notes), flow.count)
            };
            let at =
                flow.out.iter().rposition(|(_, inside)| *inside).map_or(flow.out.len(), |p| p + 1);
            flow.out.insert(at, (draft, true));
        }
        flow.out
    }

    /// An address of a link, made whole; `None` for scripts and places in the page.
    pub(super) fn target(&self, href: Option<&str>) -> Option<String> {
        let href = href?.trim();
        let lower = href.to_ascii_lowercase();
        if href.is_empty()
            || href.starts_with('#')
            || ["javascript:", "data:", "about:", "file:"].iter().any(|s| lower.starts_with(s))
        {
            return None;
        }
        if lower.starts_with("http://")
            || lower.starts_with("https://")
            || lower.starts_with("mailto:")
        {
            return Some(href.to_owned());
        }
        if lower.contains(':') && !lower.contains('/') {
            return None;
        }
        self.base.as_ref().map(|base| base.join(href))
    }

    /// The address of a picture: made whole if the page has one and the file is not beside it.
    fn picture_address(&self, src: &str) -> String {
        if src.starts_with("//") {
            return self
                .base
                .as_ref()
                .map_or_else(|| format!("https:{src}"), |base| base.join(src));
        }
        match &self.base {
            Some(base) if src.starts_with('/') => base.join(src),
            _ => src.to_owned(),
        }
    }

    fn children(
        &self,
        node: &NodeRef<'_>,
        place: Place,
        main: Option<NodeId>,
        flow: &mut Flow,
        report: &mut Report,
    ) {
        for child in node.children_it(false) {
            self.node(&child, place, main, flow, report);
        }
    }

    fn node(
        &self,
        node: &NodeRef<'_>,
        place: Place,
        main: Option<NodeId>,
        flow: &mut Flow,
        report: &mut Report,
    ) {
        if node.is_text() {
            flow.line.0.push(Inline::Plain(node.text().to_string()));
            return;
        }
        if !node.is_element() {
            return;
        }
        flow.count += 1;
        let tag = name(node);
        if is_silent(&tag) || is_hidden(node) {
            return;
        }
        let is_main = main == Some(node.id);
        let place = Place {
            depth: place.depth + 1,
            inside: place.inside || is_main,
            centred: place.centred || is_centred(node, &tag),
            ..place
        };
        if self.notes.is_target(node.id) && !is_main {
            return;
        }
        if place.inside && !is_main && self.is_foreign(node, &tag) {
            let text = node.text().trim().to_owned();
            if !text.is_empty() {
                report.removed(
                    flow.count,
                    &text.split_whitespace().collect::<Vec<_>>().join(" "),
                    crate::import::evidence::furniture::Reason::Control,
                );
            }
            return;
        }
        if place.depth > DEEPEST {
            let text = node.text().to_string();
            flow.line.0.push(Inline::Plain(text));
            return;
        }
        match tag.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush(flow, place);
                let level = tag.as_bytes()[1] - b'0';
                // pictures in headings are logos or the heading's text drawn
                let text = plain_heading(inline::tidy(inline::text(self, node, 0)));
                if text.is_empty() {
                    return;
                }
                let links = link_share(node);
                let draft = Draft::new(Block::Heading(Heading::new(level, text)), flow.count);
                let look =
                    Look { links, centred: place.centred, inner: place.inner, ..Look::default() };
                flow.out.push((Draft { look, ..draft }, place.inside));
            }
            "br" => flow.line.0.push(Inline::LineBreak),
            "hr" => {
                self.flush(flow, place);
                self.block(Block::Divider, place, flow);
            }
            "img" => self.image(node, place, flow, report),
            "noscript" => {
                // the picture that loads without scripts
                if let Some(image) = media::find_image(node).first() {
                    self.image(image, place, flow, report);
                }
            }
            "figure" => self.figure(node, place, main, flow, report),
            "ul" | "ol" => {
                self.flush(flow, place);
                if let Some(list) = self.list(node, &tag, place, report) {
                    let links = link_share(node);
                    flow.count += 1;
                    let draft = Draft::new(list, flow.count);
                    flow.out.push((
                        Draft {
                            look: Look { links, inner: place.inner, ..Look::default() },
                            ..draft
                        },
                        place.inside,
                    ));
                }
            }
            "dl" => {
                self.flush(flow, place);
                let list = self.definitions(node, place, report);
                if !list.is_empty() {
                    self.block(Block::Definitions(list), place, flow);
                }
            }
            "table" if !table::is_layout(node) => {
                self.flush(flow, place);
                if let Some(read) = table::read(self, node) {
                    self.block(Block::Table(read), place, flow);
                }
            }
            "blockquote" => {
                self.flush(flow, place);
                let body = self.inner_blocks(node, place, report);
                self.block(quote(body), place, flow);
            }
            "pre" => {
                self.flush(flow, place);
                if let Some(code) = code(node) {
                    self.block(code, place, flow);
                }
            }
            "details" => {
                self.flush(flow, place);
                let summary = node.children_it(false).find(|c| name(c) == "summary");
                let title = summary
                    .map(|s| inline::tidy(inline::text(self, &s, 0)))
                    .filter(|t| !t.is_empty());
                if let Some(title) = title {
                    self.block(Block::Paragraph(Text(vec![Inline::Strong(title)])), place, flow);
                }
                for child in node.children_it(false).filter(|c| name(c) != "summary") {
                    self.node(&child, place, main, flow, report);
                }
                self.flush(flow, place);
            }
            "rp" => {}
            _ if is_admonition(node) && !is_main => {
                self.flush(flow, place);
                let block = self.admonition(node, place, report);
                self.block(block, place, flow);
            }
            _ if is_block(&tag) => {
                self.flush(flow, place);
                self.children(node, place, main, flow, report);
                self.flush(flow, place);
            }
            _ if holds_blocks(node) => self.children(node, place, main, flow, report),
            _ => inline::push(self, node, 0, &mut flow.line),
        }
    }

    fn is_foreign(&self, node: &NodeRef<'_>, tag: &str) -> bool {
        if matches!(tag, "nav" | "footer" | "form" | "button")
            || tag == "aside" && !is_admonition(node)
        {
            return node.normalized_char_count() * FOREIGN_SHARE < self.all.max(1);
        }
        if !matches!(tag, "div" | "section" | "ul" | "ol" | "p" | "span" | "table" | "dl") {
            return false;
        }
        let words = tokens(node);
        let foreign = words.iter().any(|word| FOREIGN.contains(&word.as_str()));
        foreign
            && node.normalized_char_count() * FOREIGN_SHARE < self.all.max(1)
            && !words.iter().any(|w| {
                matches!(
                    w.as_str(),
                    "content" | "main" | "body" | "text" | "post" | "article" | "entry"
                )
            })
    }

    fn image(&self, node: &NodeRef<'_>, place: Place, flow: &mut Flow, report: &mut Report) {
        let Some(src) = media::source(node) else { return };
        if media::decorates(node, &src) {
            report.picture(&src, PictureFate::Dropped, "");
            if let Some(sign) = media::inline_image(node) {
                flow.line.0.push(sign);
            }
            return;
        }
        if flow.line.0.iter().any(|i| {
            !matches!(i, Inline::LineBreak) && !matches!(i, Inline::Plain(s) if s.trim().is_empty())
        }) && is_small(node)
        {
            inline::push(self, node, 0, &mut flow.line);
            return;
        }
        self.flush(flow, place);
        if let Some(block) = media::figure(node, None) {
            self.block(self.addressed(block), place, flow);
        }
    }

    fn addressed(&self, mut block: Block) -> Block {
        if let Block::Figure(figure) = &mut block
            && let Some(src) = &mut figure.src
        {
            src.value = self.picture_address(&src.value);
        }
        block
    }

    fn figure(
        &self,
        node: &NodeRef<'_>,
        place: Place,
        main: Option<NodeId>,
        flow: &mut Flow,
        report: &mut Report,
    ) {
        self.flush(flow, place);
        let images = media::find_image(node);
        let caption = node.descendants_it().find(|n| name(n) == "figcaption");
        let text = caption
            .map(|c| inline::tidy(inline::text(self, &c, 0)))
            .filter(|t| !t.to_plain().trim().is_empty());
        if images.is_empty() {
            // a table, a listing or a quotation with its caption
            for child in node.children_it(false).filter(|c| name(c) != "figcaption") {
                self.node(&child, place, main, flow, report);
            }
            self.flush(flow, place);
            if let Some(text) = text {
                match flow.out.last_mut().map(|(d, _)| &mut d.block) {
                    Some(Block::Table(table)) if table.caption.is_none() => {
                        table.caption = Some(text);
                    }
                    Some(Block::Code(code)) if code.caption.is_none() => code.caption = Some(text),
                    Some(Block::Quote(quote)) if quote.attribution.is_none() => {
                        quote.attribution = Some(text);
                    }
                    _ => self.block(Block::Paragraph(text), place, flow),
                }
            }
            return;
        }
        let last = images.len() - 1;
        for (i, image) in images.iter().enumerate() {
            let own = text.clone().filter(|_| i == last);
            if let Some(block) = media::figure(image, own) {
                self.block(self.addressed(block), place, flow);
            }
        }
    }

    fn block(&self, block: Block, place: Place, flow: &mut Flow) {
        flow.count += 1;
        let draft = Draft::new(block, flow.count);
        let look = Look { inner: place.inner, centred: place.centred, ..Look::default() };
        flow.out.push((Draft { look, ..draft }, place.inside));
    }

    /// Ends the paragraph being gathered.
    fn flush(&self, flow: &mut Flow, place: Place) {
        let line = std::mem::take(&mut flow.line);
        if line.0.is_empty() {
            return;
        }
        for text in paragraphs(line) {
            flow.count += 1;
            let block = Block::Paragraph(text);
            let draft = Draft::new(block, flow.count);
            let Block::Paragraph(text) = &draft.block else { continue };
            let look = Look {
                bold: is_bold(text),
                links: text_links(text),
                centred: place.centred,
                inner: place.inner,
            };
            flow.out.push((Draft { look, ..draft }, place.inside));
        }
    }

    /// The blocks of an element by themselves.
    fn inner_blocks(&self, node: &NodeRef<'_>, place: Place, report: &mut Report) -> Vec<Block> {
        let mut flow = Flow { out: Vec::new(), line: Text::default(), count: 0 };
        let place = Place { inner: true, inside: true, ..place };
        self.children(node, place, None, &mut flow, report);
        self.flush(&mut flow, place);
        flow.out.into_iter().map(|(draft, _)| draft.block).collect()
    }

    fn list(
        &self,
        node: &NodeRef<'_>,
        tag: &str,
        place: Place,
        report: &mut Report,
    ) -> Option<Block> {
        let mut items = Vec::new();
        for child in node.children_it(false) {
            match name(&child).as_str() {
                "li" => {
                    if self.notes.is_target(child.id) || is_hidden(&child) {
                        continue;
                    }
                    let box_ = child.descendants_it().find(|n| {
                        name(n) == "input" && attr(n, "type").as_deref() == Some("checkbox")
                    });
                    let checked = box_.map(|b| b.has_attr("checked"));
                    let body = self.inner_blocks(&child, place, report);
                    if !body.is_empty() {
                        items.push(ListItem { checked, body });
                    }
                }
                // a list in a list without its item
                "ul" | "ol" => {
                    if let Some(inner) = self
                        .list(
                            &child,
                            &name(&child),
                            Place { depth: place.depth + 1, ..place },
                            report,
                        )
                        .filter(|_| place.depth < DEEPEST)
                    {
                        match items.last_mut() {
                            Some(item) => item.body.push(inner),
                            None => items.push(ListItem { checked: None, body: vec![inner] }),
                        }
                    }
                }
                _ => {}
            }
        }
        if items.is_empty() {
            return None;
        }
        let numbering = (tag == "ol").then(|| match attr(node, "type").as_deref() {
            Some("a" | "A") => Numbering::Alpha,
            Some("i" | "I") => Numbering::Roman,
            _ if attr(node, "style")
                .is_some_and(|s| s.contains("chinese") || s.contains("cjk")) =>
            {
                Numbering::Chinese
            }
            _ => Numbering::Arabic,
        });
        let start = attr(node, "start").and_then(|s| s.parse().ok()).unwrap_or(1);
        Some(Block::List(List { numbering, start, items }))
    }

    fn definitions(
        &self,
        node: &NodeRef<'_>,
        place: Place,
        report: &mut Report,
    ) -> Vec<Definition> {
        let mut out: Vec<Definition> = Vec::new();
        let mut stack: Vec<NodeRef<'_>> = node.children_it(true).collect();
        while let Some(child) = stack.pop() {
            match name(&child).as_str() {
                "dt" => out.push(Definition {
                    term: inline::tidy(inline::text(self, &child, 0)),
                    details: Vec::new(),
                }),
                "dd" => {
                    let body = self.inner_blocks(&child, place, report);
                    if let Some(last) = out.last_mut().filter(|_| !body.is_empty()) {
                        last.details.push(body);
                    }
                }
                "div" => stack.extend(child.children_it(true)),
                _ => {}
            }
        }
        out.retain(|d| !d.term.is_empty() && !d.details.is_empty());
        out
    }

    fn admonition(&self, node: &NodeRef<'_>, place: Place, report: &mut Report) -> Block {
        let words = tokens(node);
        let says = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        let kind = if says(&["warning", "danger", "caution", "error"]) {
            CalloutKind::Warning
        } else if says(&["tip", "hint", "success"]) {
            CalloutKind::Tip
        } else if says(&["important", "attention"]) {
            CalloutKind::Important
        } else {
            CalloutKind::Note
        };
        let is_title = |n: &NodeRef<'_>| tokens(n).iter().any(|t| t == "title" || t == "heading");
        let title = node.children_it(false).find(|c| c.is_element() && is_title(c));
        let text = title
            .as_ref()
            .map(|t| inline::tidy(inline::text(self, t, 0)))
            .filter(|t| !t.is_empty());
        let mut body = self.inner_blocks(node, place, report);
        if let Some(text) = &text
            && body.first().is_some_and(|b| {
                crate::clean::plain_of(std::slice::from_ref(b)).trim() == text.to_plain().trim()
            })
        {
            body.remove(0);
        }
        Block::Callout(Callout { kind, title: text, body })
    }
}

fn is_silent(tag: &str) -> bool {
    matches!(
        tag,
        "script"
            | "style"
            | "template"
            | "input"
            | "select"
            | "textarea"
            | "svg"
            | "object"
            | "embed"
            | "iframe"
            | "head"
            | "video"
            | "audio"
            | "canvas"
            | "map"
            | "link"
            | "meta"
            | "option"
            | "dialog"
    )
}

fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.has_attr("hidden")
        || attr(node, "aria-hidden").as_deref() == Some("true") && name(node) != "math"
        || node.attr("style").is_some_and(|s| {
            let s = s.replace(' ', "").to_ascii_lowercase();
            s.contains("display:none")
        })
}

fn is_centred(node: &NodeRef<'_>, tag: &str) -> bool {
    tag == "center"
        || attr(node, "align").is_some_and(|a| a.eq_ignore_ascii_case("center"))
        || node.attr("style").is_some_and(|s| s.replace(' ', "").contains("text-align:center"))
}

fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "center"
            | "address"
            | "body"
            | "table"
            | "tbody"
            | "thead"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "li"
            | "dt"
            | "dd"
            | "fieldset"
            | "form"
            | "legend"
            | "figcaption"
            | "summary"
            | "hgroup"
            | "search"
            | "button"
            | "mp-common-profile"
            | "picture"
            | "dir"
            | "menu"
            | "isindex"
            | "listing"
            | "frameset"
            | "noframes"
            | "ul"
            | "ol"
    ) && tag != "picture"
}

/// Whether an inline element holds blocks, as `<span>` around paragraphs does.
fn holds_blocks(node: &NodeRef<'_>) -> bool {
    node.descendants_it().take(400).any(|n| {
        n.is_element() && {
            let tag = name(&n);
            is_block(&tag)
                || matches!(
                    tag.as_str(),
                    "h1" | "h2"
                        | "h3"
                        | "h4"
                        | "h5"
                        | "h6"
                        | "blockquote"
                        | "pre"
                        | "figure"
                        | "hr"
                        | "dl"
                        | "img"
                )
        }
    })
}

fn is_admonition(node: &NodeRef<'_>) -> bool {
    matches!(name(node).as_str(), "div" | "aside" | "section")
        && tokens(node)
            .iter()
            .any(|w| matches!(w.as_str(), "admonition" | "callout" | "admonitionblock"))
}

fn is_small(node: &NodeRef<'_>) -> bool {
    ["width", "height"].iter().any(|n| {
        attr(node, n)
            .and_then(|v| v.trim_end_matches("px").parse::<f32>().ok())
            .is_some_and(|v| v <= 64.0)
    })
}

/// Share of an element's characters that stand in links.
fn link_share(node: &NodeRef<'_>) -> f32 {
    let all = node.normalized_char_count();
    let links: usize =
        node.descendants_it().filter(|n| name(n) == "a").map(|n| n.normalized_char_count()).sum();
    links as f32 / all.max(1) as f32
}

fn text_links(text: &Text) -> f32 {
    let (mut all, mut links) = (0usize, 0usize);
    fn count(text: &Text, linked: bool, all: &mut usize, links: &mut usize) {
        for inline in &text.0 {
            match inline {
                Inline::Plain(s) | Inline::Code(s) => {
                    let n = s.chars().filter(|c| !c.is_whitespace()).count();
                    *all += n;
                    *links += if linked { n } else { 0 };
                }
                Inline::Link { text, .. } => count(text, true, all, links),
                other => {
                    if let Some(inner) = other.children() {
                        count(inner, linked, all, links);
                    }
                }
            }
        }
    }
    count(text, false, &mut all, &mut links);
    links as f32 / all.max(1) as f32
}

/// Whether all of a text that can be seen is bold.
fn is_bold(text: &Text) -> bool {
    let mut any = false;
    text.0.iter().all(|inline| match inline {
        Inline::Strong(inner) => {
            any |= !inner.to_plain().trim().is_empty();
            true
        }
        Inline::Plain(s) => s.trim().is_empty(),
        Inline::LineBreak => true,
        other => other.children().is_some_and(is_bold),
    }) && (any || text.0.iter().any(|i| i.children().is_some_and(is_bold)))
}

/// A heading without pictures and bold marks.
fn plain_heading(mut text: Text) -> Text {
    text.0.retain(|i| !matches!(i, Inline::Image(_)));
    text.0 = text
        .0
        .into_iter()
        .flat_map(|i| match i {
            Inline::Strong(inner) => inner.0,
            Inline::LineBreak => vec![Inline::Plain(" ".to_owned())],
            // permalinks: ¶ and #
            Inline::Link { text, .. }
                if matches!(text.to_plain().trim(), "#" | "¶" | "§" | "🔗" | "") =>
            {
                Vec::new()
            }
            Inline::Plain(s) => vec![Inline::Plain(s.trim_end_matches('¶').to_owned())],
            other => vec![other],
        })
        .collect();
    inline::tidy(text)
}

/// Parts a line at its breaks where these divide paragraphs and not verses.
fn paragraphs(line: Text) -> Vec<Text> {
    let mut parts: Vec<Text> = vec![Text::default()];
    let mut doubled = vec![false];
    split(&line, &mut |piece| match piece {
        Some(inline) => {
            if let Some(last) = parts.last_mut() {
                last.0.push(inline);
            }
        }
        None => {
            let empty = parts.last().is_some_and(|p| p.to_plain().trim().is_empty());
            if empty && parts.len() > 1 {
                if let Some(last) = doubled.last_mut() {
                    *last = true;
                }
            } else {
                parts.push(Text::default());
                doubled.push(false);
            }
        }
    });
    let parts: Vec<(Text, bool)> = parts
        .into_iter()
        .map(inline::tidy)
        .zip(doubled)
        .filter(|(p, _)| !p.0.is_empty() && (!p.to_plain().trim().is_empty() || has_picture(p)))
        .collect();
    if parts.len() < 2 {
        return parts.into_iter().map(|(p, _)| p).collect();
    }
    let plain: Vec<String> = parts.iter().map(|(p, _)| p.to_plain()).collect();
    let average = plain.iter().map(|p| width(p)).sum::<usize>() / plain.len();
    let indented =
        plain.iter().filter(|p| p.starts_with(['\u{3000}', '\u{A0}'])).count() * 2 > plain.len();
    let sentences = plain.iter().filter(|p| ends_sentence(p)).count();
    let are_verses = average <= 14 && plain.len() >= 3 && !indented;
    if average >= 22 || indented || sentences * 2 > plain.len() && !are_verses {
        return parts.into_iter().map(|(p, _)| p).collect();
    }
    // short lines: kept as lines, parted at blank ones
    let mut out: Vec<Text> = Vec::new();
    for (part, after_blank) in parts {
        match out.last_mut().filter(|_| !after_blank) {
            Some(last) => {
                last.0.push(Inline::LineBreak);
                last.0.extend(part.0);
            }
            None => out.push(part),
        }
    }
    out.into_iter().map(inline::tidy).collect()
}

fn has_picture(text: &Text) -> bool {
    let mut found = false;
    text.visit(&mut |i| found |= matches!(i, Inline::Image(_) | Inline::NoteRef(_)));
    found
}

/// Calls `visit` with the pieces of a text; `None` is a line break, wherever it stood.
fn split(text: &Text, visit: &mut dyn FnMut(Option<Inline>)) {
    for inline in &text.0 {
        match inline {
            Inline::LineBreak => visit(None),
            other => {
                let Some(inner) = other.children().filter(|t| has_break(t)) else {
                    visit(Some(other.clone()));
                    continue;
                };
                // the mark goes on both sides of the break
                let mut pieces: Vec<Option<Inline>> = Vec::new();
                split(inner, &mut |piece| pieces.push(piece));
                for piece in pieces {
                    match piece {
                        None => visit(None),
                        Some(piece) => {
                            let mut shell = other.clone();
                            if let Some(inside) = shell.children_mut() {
                                *inside = Text(vec![piece]);
                            }
                            visit(Some(shell));
                        }
                    }
                }
            }
        }
    }
}

fn has_break(text: &Text) -> bool {
    let mut found = false;
    text.visit(&mut |i| found |= matches!(i, Inline::LineBreak));
    found
}

/// A quotation; its last line is its source when it begins with a dash.
fn quote(mut body: Vec<Block>) -> Block {
    let mut attribution = None;
    if body.len() > 1
        && let Some(Block::Paragraph(last)) = body.last()
    {
        let plain = last.to_plain();
        if plain.starts_with(['—', '―']) && width(&plain) <= 30 {
            attribution = Some(Text::plain(plain.trim_start_matches(['—', '―', ' ']).to_owned()));
            body.pop();
        }
    }
    Block::Quote(Quote { body, attribution })
}

/// Program text: lines kept, numbers of lines beside it dropped.
fn code(node: &NodeRef<'_>) -> Option<Block> {
    let inner = node.descendants_it().find(|n| name(n) == "code");
    let holder = inner.unwrap_or(*node);
    let language =
        [Some(holder), Some(*node), node.parent(), node.parent().and_then(|p| p.parent())]
            .into_iter()
            .flatten()
            .find_map(|n| {
                let own = attr(&n, "data-lang").or_else(|| attr(&n, "data-language"));
                own.or_else(|| {
                    let class = attr(&n, "class")?;
                    class.split_whitespace().find_map(|c| {
                        c.strip_prefix("language-")
                            .or_else(|| c.strip_prefix("lang-"))
                            .or_else(|| c.strip_prefix("brush:"))
                            .map(str::to_owned)
                    })
                })
            });
    let mut text = String::new();
    for n in holder.descendants_it() {
        if n.is_text() {
            text.push_str(&n.text());
        } else if name(&n) == "br" {
            text.push('\n');
        }
    }
    let text = text.replace("\r\n", "\n").replace('\u{A0}', " ");
    let text = text.trim_matches('\n').trim_end().to_owned();
    let language = language
        .map(|l| l.to_ascii_lowercase())
        .filter(|l| !matches!(l.as_str(), "none" | "text" | "plaintext" | "plain"));
    (!text.trim().is_empty()).then_some(Block::Code(Code { language, text, caption: None }))
}

/// A note without the number before it.
fn trim_mark(block: Block) -> Block {
    let Block::Paragraph(mut text) = block else { return block };
    if let Some(Inline::Plain(first)) = text.0.first_mut() {
        let rest = first.trim_start();
        let mark = rest
            .trim_start_matches(|c: char| c.is_ascii_digit() || "[]().、^↑ ①②③④⑤⑥⑦⑧⑨⑩".contains(c));
        if rest.len() - mark.len() <= 8 && !mark.is_empty() {
            *first = mark.to_owned();
        }
    }
    Block::Paragraph(text)
}
