//! Which element of a page holds the article.
//!
//! First the names that publishing systems give to it ([`CONTAINERS`]); they settle it when the
//! element holds text enough. Else Mozilla's readability (`dom_smoothie`) chooses: elements are
//! numbered, and what it keeps tells which element of the page is meant, so the article is read
//! from the page itself and not from what readability makes of it.

use std::collections::HashMap;

use dom_query::{Document, NodeId, NodeRef};
use dom_smoothie::{Config, Readability};

use super::name;

/// Ids and classes that publishing systems give to the element that holds the text and nothing
/// else, lower case. WordPress, Hexo, Hugo, Ghost, Medium-like; TRS, CMSTop, DedeCMS, Discuz!; the
/// large portals; 公众号, 知乎, 简书, CSDN, 掘金 and the like.
const CONTAINERS: &[&str] = &[
    "js_content",
    "rich_media_content",
    "artibody",
    "article-body",
    "article_body",
    "articlebody",
    "article-content",
    "article_content",
    "articlecontent",
    "article__content",
    "article__body",
    "article-text",
    "article-main",
    "trs_editor",
    "trs_uedit",
    "ucap-content",
    "pages_content",
    "zoom",
    "rm_txt_con",
    "rwb_zw",
    "detailcontent",
    "detail-content",
    "detail_content",
    "detail-article",
    "entry-content",
    "entry__content",
    "post-content",
    "post-body",
    "post_body",
    "post__content",
    "post__body",
    "post-entry",
    "blog-post-content",
    "cnblogs_post_body",
    "content_views",
    "markdown-body",
    "richtext",
    "richcontent-inner",
    "post-richtext",
    "postmessage",
    "t_f",
    "news-content",
    "news_content",
    "newscontent",
    "news-body",
    "newsbody",
    "newstext",
    "news_txt",
    "text-content",
    "textcontent",
    "contenttext",
    "content-text",
    "content_text",
    "main-content-text",
    "story-body",
    "story_body",
    "story-content",
    "view-content",
    "view_content",
    "wp_articlecontent",
    "v_news_content",
    "vsb_content",
    "vsb_content_2",
    "contentbody",
    "content-body",
    "content_body",
    "cont_text",
    "contents_text",
    "single-content",
    "e-content",
    "h-entry-content",
    "note-content",
    "show-content",
    "article-detail",
    "article_detail",
    "art_content",
    "art-content",
    "con_text",
    "conttxt",
    "left_zw",
    "epcontent",
    "ozoom",
    "articletext",
    "bodytext",
    "paragraph-content",
    "available-content",
    "gh-content",
    "prose",
    "htmlcontent",
    "editor-content",
    "ql-editor",
    "articlecont",
    "cms-content",
    "textarea-content",
    "text_con",
    "artcontent",
    "cnt_bd",
    "index_content",
    "blog-content",
    "post-text",
    "post-article",
    "posttext",
];

/// Least text that a named element must hold. In characters outside links.
const ENOUGH: usize = 60;

/// Deepest tree that is given to readability, which walks it by recursion.
const DEEPEST: usize = 300;

/// The element of the article; `None` when the page holds no text.
pub(super) fn main(document: &Document) -> Option<NodeId> {
    let body = document.body()?;
    let weights = Weights::of(&body);
    if let Some(found) = named(&body, &weights) {
        return Some(found);
    }
    readability(document, &weights).or_else(|| weights.densest(&body)).or(Some(body.id))
}

/// Text of every element, summed up once.
struct Weights {
    /// Characters of text below, and those of them in links.
    text: HashMap<NodeId, (usize, usize)>,
    deepest: usize,
}

impl Weights {
    fn of(body: &NodeRef<'_>) -> Self {
        let mut text: HashMap<NodeId, (usize, usize)> = HashMap::new();
        let mut deepest = 0;
        // (node, depth, in a link, hidden) without recursion
        let mut stack = vec![(*body, 0usize, false)];
        let mut order: Vec<(NodeId, Option<NodeId>)> = Vec::new();
        while let Some((node, depth, in_link)) = stack.pop() {
            deepest = deepest.max(depth);
            order.push((node.id, node.parent().map(|p| p.id)));
            if node.is_text() {
                let count = node.text().chars().filter(|c| !c.is_whitespace()).count();
                text.insert(node.id, (count, if in_link { count } else { 0 }));
                continue;
            }
            let tag = name(&node);
            if matches!(
                tag.as_str(),
                "script" | "style" | "noscript" | "template" | "svg" | "select" | "textarea"
            ) {
                continue;
            }
            let in_link = in_link || tag == "a";
            stack.extend(node.children_it(false).map(|child| (child, depth + 1, in_link)));
        }
        for (id, parent) in order.into_iter().rev() {
            let own = text.get(&id).copied().unwrap_or_default();
            if let Some(parent) = parent {
                let sum = text.entry(parent).or_default();
                sum.0 += own.0;
                sum.1 += own.1;
            }
        }
        Self { text, deepest }
    }

    /// Characters outside links.
    fn own(&self, id: NodeId) -> usize {
        self.text.get(&id).map_or(0, |(all, links)| all - links)
    }

    fn link_share(&self, id: NodeId) -> f32 {
        self.text.get(&id).map_or(0.0, |(all, links)| *links as f32 / (*all).max(1) as f32)
    }

    /// The deepest element that holds most of the text outside links.
    fn densest(&self, body: &NodeRef<'_>) -> Option<NodeId> {
        let mut at = *body;
        loop {
            let whole = self.own(at.id);
            let next =
                at.children_it(false).filter(NodeRef::is_element).max_by_key(|c| self.own(c.id))?;
            if self.own(next.id) * 10 < whole * 7
                || matches!(name(&next).as_str(), "p" | "table" | "ul" | "ol" | "pre")
            {
                return Some(at.id);
            }
            at = next;
        }
    }
}

fn named(body: &NodeRef<'_>, weights: &Weights) -> Option<NodeId> {
    let mut best: Option<(usize, NodeId)> = None;
    let all = weights.own(body.id);
    for node in body.descendants_it().filter(NodeRef::is_element) {
        if !is_container(&node) {
            continue;
        }
        let own = weights.own(node.id);
        if own < ENOUGH || weights.link_share(node.id) > 0.5 {
            continue;
        }
        // An inner container that holds nearly all of an outer one is the better one; of several
        // side by side (a thread's posts) the first, unless a later one is much longer.
        let better = match best {
            None => true,
            Some((known, outer)) => {
                if super::is_within(&node, outer) {
                    own * 10 >= known * 8
                } else {
                    own > known * 3
                }
            }
        };
        if better {
            best = Some((own, node.id));
        }
    }
    let (own, id) = best?;
    // A named scrap on a page of text is not the article.
    (own * 8 >= all || own >= 600).then_some(id)
}

fn is_container(node: &NodeRef<'_>) -> bool {
    if node.attr("itemprop").is_some_and(|p| &*p == "articleBody") {
        return true;
    }
    let Some(element) = node.element_ref() else { return false };
    let has = |value: &str| {
        value.split_ascii_whitespace().any(|word| {
            let word = word.to_ascii_lowercase();
            CONTAINERS.contains(&word.as_str()) || word.strip_prefix("postmessage_").is_some()
        })
    };
    element.attrs.iter().any(|a| matches!(&*a.name.local, "id" | "class") && has(&a.value))
}

/// Attribute that numbers the elements.
const MARK: &str = "data-keben";

fn readability(document: &Document, weights: &Weights) -> Option<NodeId> {
    if weights.deepest > DEEPEST {
        return None;
    }
    let copy = document.clone();
    let mut ids = Vec::new();
    for node in copy.body()?.descendants_it().filter(NodeRef::is_element) {
        if matches!(
            name(&node).as_str(),
            "p" | "div"
                | "section"
                | "article"
                | "td"
                | "li"
                | "blockquote"
                | "pre"
                | "h2"
                | "h3"
                | "h4"
                | "figure"
                | "main"
                | "center"
                | "span"
                | "font"
        ) {
            ids.push(node.id);
        }
    }
    for (number, id) in ids.iter().enumerate() {
        if let Some(node) = copy.tree.get(id) {
            node.set_attr(MARK, &number.to_string());
        }
    }
    // Chinese says in 150 characters what takes 500 in English, which the default is made for.
    let config = Config { char_threshold: 150, disable_json_ld: true, ..Config::default() };
    let mut readability = Readability::with_document(copy, None, Some(config)).ok()?;
    let article = readability.parse().ok()?;
    let content: &str = &article.content;
    let mut sums: HashMap<NodeId, usize> = HashMap::new();
    let mut all = 0;
    let marker = format!("{MARK}=\"");
    for part in content.split(marker.as_str()).skip(1) {
        let Some(number) = part.split('"').next().and_then(|n| n.parse::<usize>().ok()) else {
            continue;
        };
        // the copy was numbered in the order of the page: ids are the same in both
        let Some(node) = ids.get(number).and_then(|id| document.tree.get(id)) else { continue };
        let own: usize = node
            .children_it(false)
            .filter(|c| {
                c.is_text() || matches!(name(c).as_str(), "strong" | "b" | "em" | "a" | "i" | "u")
            })
            .map(|c| weights.own(c.id))
            .sum();
        if own == 0 {
            continue;
        }
        all += own;
        *sums.entry(node.id).or_default() += own;
        for ancestor in node.ancestors_it(None) {
            *sums.entry(ancestor.id).or_default() += own;
        }
    }
    if all < ENOUGH / 2 {
        return None;
    }
    // The deepest element that holds nearly all of what was kept.
    let mut at = document.body()?;
    loop {
        let next = at
            .children_it(false)
            .filter(|c| c.is_element())
            .find(|c| sums.get(&c.id).is_some_and(|sum| sum * 100 >= all * 88));
        match next {
            Some(next)
                if !matches!(
                    name(&next).as_str(),
                    "p" | "span" | "pre" | "ul" | "ol" | "table" | "tbody" | "tr"
                ) =>
            {
                at = next;
            }
            Some(next) if matches!(name(&next).as_str(), "table" | "tbody" | "tr") => at = next,
            _ => break,
        }
    }
    Some(at.id)
}
