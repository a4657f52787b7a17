//! Headings by their shape: numbered, short, without a stop, followed by text.

use std::sync::LazyLock;

use regex::Regex;

use super::{ends_sentence, width};

/// How a heading is numbered; outer kinds first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Numbering {
    /// 第一编, 第一部分
    Part,
    /// 第一章
    Chapter,
    /// 第一节
    Section,
    /// 一、
    Han,
    /// （一）
    HanParen,
    /// 1. 1、
    Arabic,
    /// 1.1
    Decimal,
    /// （1）
    ArabicParen,
}

static KINDS: LazyLock<Vec<(Numbering, Regex)>> = LazyLock::new(|| {
    let han = "[〇零一二三四五六七八九十百]+";
    [
        (
            Numbering::Part,
            format!(r"^第(?:{han}|\d+)(?:编|编|部分|部|卷|篇)(?:[\s　:：、]|\p{{Han}}|$)"),
        ),
        (Numbering::Chapter, format!(r"^第(?:{han}|\d+)[章讲講回](?:[\s　:：、]|\p{{Han}}|$)")),
        (Numbering::Section, format!(r"^第(?:{han}|\d+)[节節](?:[\s　:：、]|\p{{Han}}|$)")),
        (Numbering::Han, format!(r"^(?:{han})[、.．，]\s*\S")),
        (Numbering::Han, format!(r"^其(?:{han})[：:、，]\s*\S")),
        (Numbering::HanParen, format!(r"^[（(](?:{han})[）)][、.]?\s*\S")),
        (Numbering::Decimal, r"^\d{1,2}\.\d{1,2}(?:\.\d{1,2})?[\s　、.]\s*\S".to_owned()),
        (
            Numbering::Arabic,
            r"^(?:\d{1,2}|0\d)(?:[、．]\s*\S|[.]\s*[^\d\s]|[\s　]+\p{Han}|\s*[|｜丨/]\s*\p{Han})"
                .to_owned(),
        ),
        (Numbering::ArabicParen, r"^[（(]\d{1,2}[）)]\s*\S".to_owned()),
    ]
    .into_iter()
    .filter_map(|(kind, form)| Regex::new(&form).ok().map(|form| (kind, form)))
    .collect()
});

/// The numbering that a line begins with.
pub(crate) fn numbering(line: &str) -> Option<Numbering> {
    let line = line.trim();
    KINDS.iter().find(|(_, form)| form.is_match(line)).map(|(kind, _)| *kind)
}

/// Widest unnumbered heading, in Han characters: two lines of a book page are too much.
const WIDEST: usize = 32;
/// Widest numbered heading.
const WIDEST_NUMBERED: usize = 42;

/// What stands around a line that may be a heading.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around {
    /// The whole line is bold or larger than the text.
    pub(crate) bold: bool,
    /// Centred.
    pub(crate) centred: bool,
    /// Width of the text that follows, up to the next short line.
    pub(crate) next: usize,
    /// Whether what follows is again a short line without stop.
    pub(crate) next_is_short: bool,
    /// Other lines of the same shape in the text.
    pub(crate) alike: usize,
    /// Whether it is the last line of the text.
    pub(crate) last: bool,
}

/// How likely a line is a heading, from 0 to 1.
pub(crate) fn likelihood(line: &str, around: Around) -> f32 {
    let line = line.trim();
    let wide = width(line);
    let numbered = numbering(line);
    let limit = if numbered.is_some() { WIDEST_NUMBERED } else { WIDEST };
    if wide < 1 || wide > limit || around.last {
        return 0.0;
    }
    if ends_sentence(line) && !line.ends_with(['？', '?', '！', '!'])
        || line.ends_with(['，', '、', '；', ',', '：', ':', '—'])
    {
        return 0.0;
    }
    // a sentence within: 一、坚持……。各地要……
    if line.contains('。') || line.matches(['，', ',']).count() > 2 || line.contains("://") {
        return 0.0;
    }
    let mut score: f32 = 0.0;
    score += match numbered {
        Some(Numbering::Part | Numbering::Chapter | Numbering::Section) => 0.6,
        Some(Numbering::Han | Numbering::HanParen) => 0.45,
        Some(_) => 0.3,
        None => 0.0,
    };
    if around.bold {
        score += 0.45;
    }
    if around.centred {
        score += 0.15;
    }
    if around.next >= 40 {
        score += 0.35;
    } else if around.next >= 20 && !around.next_is_short {
        score += 0.2;
    }
    if around.next_is_short && numbered.is_none() && !around.bold {
        score -= 0.35;
    }
    if around.alike >= 1 {
        score += 0.1;
    }
    if (3..=24).contains(&wide) {
        score += 0.1;
    }
    if line.ends_with(['？', '?', '！', '!']) && numbered.is_none() && !around.bold {
        score -= 0.25;
    }
    if line.starts_with(['“', '"', '「', '—', '（', '(', '《', '图', '圖', '表', '注', '*'])
        && numbered.is_none()
        && !around.bold
    {
        score -= 0.25;
    }
    score.clamp(0.0, 1.0)
}

/// Levels for a sequence of headings, from their numbering: each kind seen inside another lies one
/// level deeper; what has no numbering is on the level of the outermost kind.
pub(crate) fn levels(kinds: &[Option<Numbering>]) -> Vec<u8> {
    let mut order: Vec<Numbering> = kinds.iter().flatten().copied().collect();
    order.sort_unstable();
    order.dedup();
    kinds
        .iter()
        .map(|kind| {
            let at = kind.and_then(|kind| order.iter().position(|o| *o == kind)).unwrap_or(0);
            (at as u8 + 1).min(6)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbering_is_recognised() {
        for (line, kind) in [
            ("第一章 总则", Numbering::Chapter),
            ("第二节　范围", Numbering::Section),
            ("一、总体要求", Numbering::Han),
            ("（二）基本原则", Numbering::HanParen),
            ("3. 保障措施", Numbering::Arabic),
            ("1.2 方法", Numbering::Decimal),
            ("01 丨 缘起", Numbering::Arabic),
        ] {
            assert_eq!(numbering(line), Some(kind), "{line}");
        }
        for line in ["2022年的夏天", "3.5%的增长", "一个人", "十分重要"] {
            assert_eq!(numbering(line), None, "{line}");
        }
    }

    #[test]
    fn a_short_line_over_text_is_a_heading_and_a_sentence_is_not() {
        let over_text = Around { next: 120, alike: 3, ..Around::default() };
        assert!(likelihood("大变局时代全球互联网发展治理呼唤新平台", over_text) >= 0.5);
        assert!(likelihood("他走了。", over_text) < 0.5);
        assert!(likelihood("一、要坚持问题导向。各地各部门应当结合实际。", over_text) < 0.5);
        let among_short = Around { next_is_short: true, ..Around::default() };
        assert!(likelihood("床前明月光", among_short) < 0.5);
    }

    #[test]
    fn levels_follow_the_order_of_numbering() {
        let kinds = ["一、甲", "（一）乙", "（二）丙", "二、丁"].map(numbering);
        assert_eq!(levels(&kinds), [1, 2, 2, 1]);
    }
}
