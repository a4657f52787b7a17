//! The stylesheet: what every book has, and what comes from its theme.
//!
//! Colours of the theme are left to the printed page: on a black screen they would be hard to see.
//! The body's face is left to the reader unless faces are embedded; headings, quotations and code
//! name faces by the part they play, since the difference carries meaning in Chinese.

use std::fmt::Write as _;

use super::fonts::{EmbeddedFace, Use};
use crate::model::Region;
use crate::text::{Kinsoku, Preset};
use crate::theme::{HeadAlign, Role, Theme};

/// What holds for every book.
const BASE: &str = include_str!("stylesheet.css");
/// What is added to it for vertical setting.
const VERTICAL: &str = include_str!("vertical.css");

/// Elements that are set in another face than the body, with the face. The first that matches an
/// element decides; what matches none has its parent's. Headings are not here: themes choose theirs.
pub(super) const FACES: [(&str, Role); 14] = [
    ("strong", Role::Bold),
    ("b", Role::Bold),
    ("th", Role::Bold),
    ("dt", Role::Bold),
    ("caption", Role::Bold),
    (".callout-title", Role::Bold),
    (".poem-title", Role::Bold),
    (".byline", Role::Kai),
    (".editor-note", Role::Kai),
    ("blockquote", Role::Kai),
    (".poem", Role::Kai),
    (".attribution", Role::Kai),
    ("code", Role::Mono),
    ("pre", Role::Mono),
];

/// The face of a heading, `h1` to `h6`.
pub(super) fn heading_face(theme: &Theme, level: u8) -> Role {
    match level {
        0 | 1 => theme.title.face,
        _ => theme.heading(level - 1).face,
    }
}

/// Writes the stylesheet of a book in a theme.
///
/// - `region`: that of the book's language; other regions among the faces get rules of their own.
pub(super) fn stylesheet(
    theme: &Theme,
    vertical: bool,
    region: Region,
    faces: &[EmbeddedFace],
) -> String {
    let mut css = String::new();
    embedded(&mut css, faces);
    css.push_str(BASE);
    measures(&mut css, theme);
    families(&mut css, theme, region, None, faces);
    let mut others: Vec<Region> = faces.iter().filter_map(|f| f.region()).collect();
    others.sort_unstable();
    others.dedup();
    for other in others.into_iter().filter(|other| *other != region) {
        families(&mut css, theme, other, language(other), faces);
    }
    rare(&mut css, faces);
    if vertical {
        css.push_str(VERTICAL);
    }
    css
}

/// The faces that the book brings.
fn embedded(css: &mut String, faces: &[EmbeddedFace]) {
    for face in faces {
        let weight = if face.bold() { "bold" } else { "normal" };
        // Writing to a string can't fail.
        let _ = writeln!(
            css,
            "@font-face {{ font-family: \"{}\"; font-weight: {weight}; src: url(\"{}\"); }}",
            face.family, face.file
        );
    }
}

/// Indents, sizes and the house style of punctuation. Sizes are relative to the reader's own.
fn measures(css: &mut String, theme: &Theme) {
    let body = theme.page.size;
    let ems = |size: crate::units::Pt| round(size / body);
    let leading = round((theme.page.pitch / body).clamp(1.5, 1.8));
    // CSS Text 4 §8.6; what it can't say (pairs not tightened) comes nearest as `normal`.
    let trim = match theme.punctuation {
        Preset::Quanjiao | Preset::Hangmobanjiao | Preset::Kaiming | Preset::Cct => "normal",
        Preset::Banjiao => "trim-all",
        Preset::Plain => "space-all",
    };
    let breaks = if theme.kinsoku == Kinsoku::None { "loose" } else { "strict" };
    let _ = writeln!(css, "html {{ line-break: {breaks}; text-spacing-trim: {trim}; }}");
    let _ = writeln!(css, "body {{ line-height: {leading}; }}");
    let _ = writeln!(css, "p {{ text-indent: {}em; }}", round(theme.indent.0));
    let small = ems(theme.small).clamp(0.75, 1.0);
    let _ =
        writeln!(css, "table, figcaption, .notes, .dateline, .source {{ font-size: {small}em; }}");
    for level in 1..=4_u8 {
        let style = if level == 1 { &theme.title } else { theme.heading(level - 1) };
        let size = ems(style.size).clamp(1.0, 2.0);
        let align = match style.align {
            HeadAlign::Left => "left",
            HeadAlign::Center => "center",
        };
        let indent = round(style.indent.0);
        let _ = writeln!(
            css,
            "h{level} {{ font-size: {size}em; text-align: {align}; text-indent: {indent}em; }}"
        );
    }
}

/// Families by the part they play.
fn families(
    css: &mut String,
    theme: &Theme,
    region: Region,
    language: Option<&str>,
    faces: &[EmbeddedFace],
) {
    let suffix = language.map_or(String::new(), |tag| format!(":lang({tag})"));
    let own = |wanted: Role| {
        faces
            .iter()
            .find(|f| matches!(f.used, Use::Role(role, r) if r == region && same(role, wanted)))
    };
    let body = own(theme.body).map(|f| format!("\"{}\", ", f.family)).unwrap_or_default();
    if !body.is_empty() {
        let selector = if suffix.is_empty() { "body" } else { suffix.as_str() };
        let _ = writeln!(css, "{selector} {{ font-family: {body}serif; }}");
    }
    let headings = (1..=6_u8).map(|level| (format!("h{level}"), heading_face(theme, level)));
    let others = FACES.iter().map(|(selector, role)| ((*selector).to_owned(), *role));
    let all: Vec<(String, Role)> = headings.chain(others).collect();
    for role in [Role::Song, Role::Bold, Role::Kai, Role::FangSong, Role::Mono] {
        let selectors: Vec<String> = all
            .iter()
            .filter(|(_, r)| same(*r, role))
            .map(|(selector, _)| format!("{selector}{suffix}"))
            .collect();
        // What has the body's face needs no rule.
        if selectors.is_empty() || role == theme.body {
            continue;
        }
        let embedded = own(role).map(|f| format!("\"{}\", ", f.family)).unwrap_or_default();
        let _ = writeln!(
            css,
            "{} {{ font-family: {embedded}{body}{}; }}",
            selectors.join(", "),
            names(role, region)
        );
    }
}

/// Hei regular and bold are one family in two weights.
fn same(a: Role, b: Role) -> bool {
    let family = |role| if role == Role::Hei { Role::Bold } else { role };
    family(a) == family(b)
}

/// Names that faces of a role have on the systems that people read on, the free ones first.
fn names(role: Role, region: Region) -> &'static str {
    match (role, region) {
        (Role::Kai, _) => {
            "\"LXGW WenKai\", \"Kaiti SC\", \"STKaiti\", \"KaiTi\", \"楷体\", \"BiauKai\", \
             \"DFKai-SB\", serif"
        }
        (Role::FangSong, _) => "\"FangSong\", \"STFangsong\", \"FangSong_GB2312\", \"仿宋\", serif",
        (Role::Song, _) => "\"Noto Serif CJK SC\", \"Songti SC\", \"SimSun\", \"宋体\", serif",
        (Role::Mono, _) => {
            "\"Noto Sans Mono CJK SC\", \"Sarasa Mono SC\", \"Menlo\", \"Consolas\", monospace"
        }
        (_, Region::Hant | Region::Hk) => {
            "\"Noto Sans CJK TC\", \"PingFang TC\", \"Microsoft JhengHei\", \"Heiti TC\", sans-serif"
        }
        (_, Region::Ja) => {
            "\"Noto Sans CJK JP\", \"Hiragino Sans\", \"Yu Gothic\", \"Meiryo\", sans-serif"
        }
        (_, Region::Ko) => {
            "\"Noto Sans CJK KR\", \"Apple SD Gothic Neo\", \"Malgun Gothic\", sans-serif"
        }
        (_, Region::Hans | Region::Western) => {
            "\"Noto Sans CJK SC\", \"PingFang SC\", \"Microsoft YaHei\", \"Heiti SC\", \"黑体\", \
             sans-serif"
        }
    }
}

/// The faces of characters that common readers lack; only these characters are marked so.
fn rare(css: &mut String, faces: &[EmbeddedFace]) {
    let families: Vec<String> =
        faces.iter().filter(|f| f.used == Use::Rare).map(|f| format!("\"{}\"", f.family)).collect();
    if !families.is_empty() {
        let _ = writeln!(css, ".rare {{ font-family: {}, serif; }}", families.join(", "));
    }
}

/// The language that stands for a region in a selector.
fn language(region: Region) -> Option<&'static str> {
    match region {
        Region::Hans => Some("zh-Hans"),
        Region::Hant => Some("zh-Hant"),
        Region::Hk => Some("zh-HK"),
        Region::Ja => Some("ja"),
        Region::Ko => Some("ko"),
        Region::Western => None,
    }
}

/// Two decimals: the finest that a reader's own size makes visible.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
