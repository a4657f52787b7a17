//! Pictures of a page: their real address, and which are none of the article.

use dom_query::NodeRef;

use super::{attr, name};
use crate::model::{At, Block, Figure, Inline, InlineImage, Text};

/// Attributes that hold the address of a picture that loads when it comes into view, the more
/// telling first.
const LAZY: &[&str] = &[
    "data-src",
    "data-original",
    "data-actualsrc",
    "data-lazy-src",
    "data-lazyload",
    "data-lazy",
    "data-echo",
    "data-url",
    "data-original-src",
    "data-actual-src",
    "data-hi-res-src",
    "data-img",
    "_src",
    "original",
    "file",
    "zoomfile",
    "data-croporisrc",
];

/// Words in the address of a picture that only stands in until the real one is there.
const STAND_INS: &[&str] = &[
    "placeholder",
    "loading",
    "blank.gif",
    "blank.png",
    "spacer",
    "transparent",
    "lazy",
    "1x1",
    "grey.gif",
    "pixel.gif",
    "none.gif",
    "s.gif",
];

/// Words in the address of pictures that count visitors or share pages.
const TRACKERS: &[&str] = &[
    "/pixel",
    "beacon",
    "tracking",
    "/stat",
    "hm.baidu",
    "cnzz",
    "doubleclick",
    "google-analytics",
    "/count.",
    "counter.",
    "/share",
    "qrcode",
    "/qr_",
    "weibo_icon",
    "wechat_icon",
    "avatar",
    "/logo",
    "/icon",
    "favicon",
    "gravatar",
    "emoji/",
    "/face/",
    "btn_",
    "/ad/",
    "/ads/",
];

/// Smaller than this it decorates. In CSS pixels.
const SMALLEST: f32 = 32.0;

/// The address of a picture; `None` for one that shows nothing.
pub(super) fn source(node: &NodeRef<'_>) -> Option<String> {
    let stands_in = |src: &str| {
        let lower = src.to_ascii_lowercase();
        lower.starts_with("data:") && lower.len() < 400
            || STAND_INS.iter().any(|w| lower.rsplit('/').next().unwrap_or("").contains(w))
            || lower.starts_with("about:")
    };
    let direct = attr(node, "src");
    let lazy = LAZY.iter().find_map(|name| attr(node, name)).filter(|src| !src.starts_with('{'));
    let set = ["data-srcset", "srcset"]
        .iter()
        .find_map(|name| attr(node, name))
        .and_then(|set| largest(&set));
    let chosen = match (lazy, direct) {
        (Some(lazy), _) if looks_like_address(&lazy) => Some(lazy),
        (_, Some(direct)) if !stands_in(&direct) => Some(direct),
        _ => set,
    }?;
    Some(chosen)
}

fn looks_like_address(text: &str) -> bool {
    text.contains(['/', '.']) && !text.contains(char::is_whitespace)
}

/// The largest of a `srcset`.
fn largest(set: &str) -> Option<String> {
    set.split(", ")
        .filter_map(|entry| {
            let mut words = entry.trim().trim_end_matches(',').split_whitespace();
            let src = words.next()?;
            let size =
                words.next().and_then(|w| w.trim_end_matches(['w', 'x']).parse::<f32>().ok());
            Some((src.to_owned(), size.unwrap_or(1.0)))
        })
        .fold(None, |best: Option<(String, f32)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        })
        .map(|(src, _)| src)
}

fn size(node: &NodeRef<'_>, name: &str) -> Option<f32> {
    let own = attr(node, name).and_then(|v| v.trim_end_matches("px").parse().ok());
    own.or_else(|| {
        let style = attr(node, "style")?.replace(' ', "");
        let at = style
            .split(';')
            .find_map(|rule| rule.strip_prefix(&format!("{name}:")).map(str::to_owned))?;
        at.trim_end_matches("px").parse().ok()
    })
}

/// Whether a picture is a tracker, an icon or a button.
pub(super) fn decorates(node: &NodeRef<'_>, src: &str) -> bool {
    let small = |v: Option<f32>| v.is_some_and(|v| v > 0.0 && v < SMALLEST);
    let lower = src.to_ascii_lowercase();
    small(size(node, "width"))
        || small(size(node, "height"))
        || size(node, "width") == Some(0.0)
        || TRACKERS.iter().any(|w| lower.contains(w)) && !lower.starts_with("data:")
}

/// A picture among text: a character drawn as a picture is its alternative text.
pub(super) fn inline_image(node: &NodeRef<'_>) -> Option<Inline> {
    let src = source(node)?;
    let alt = attr(node, "alt").unwrap_or_default();
    if decorates(node, &src) {
        let is_sign = alt.chars().count() <= 4 && !alt.is_empty()
            || alt.starts_with('[') && alt.ends_with(']');
        return is_sign.then_some(Inline::Plain(alt));
    }
    Some(Inline::Image(InlineImage { src: At::from(src), alt }))
}

/// A picture by itself.
pub(super) fn figure(node: &NodeRef<'_>, caption: Option<Text>) -> Option<Block> {
    let src = source(node)?;
    if decorates(node, &src) && caption.is_none() {
        return None;
    }
    let says_nothing = |alt: &String| {
        let lower = alt.to_ascii_lowercase();
        ["图片", "image", "img", "photo", "picture", "在这里插入图片描述", "图", "pic"]
            .contains(&lower.as_str())
            || [".jpg", ".png", ".jpeg", ".gif", ".webp"].iter().any(|e| lower.ends_with(e))
            || alt.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)) && alt.len() > 8
    };
    let alt = attr(node, "alt").filter(|alt| !says_nothing(alt));
    Some(Block::Figure(Figure {
        src: Some(At::from(src)),
        alt,
        caption,
        credit: None,
        width: None,
        id: None,
    }))
}

/// The picture in a `<figure>` or `<picture>`, if there is one.
pub(super) fn find_image<'a>(node: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    node.descendants_it().filter(|n| name(n) == "img").collect()
}
