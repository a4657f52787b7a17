//! How long an article is, and how long it takes to read.

use super::walk::{self, Node};
use crate::model::{Article, Block, Language, Region};

/// Chinese characters read in a minute, silently and with understanding; adults read 300 to 500.
const CHARACTERS_A_MINUTE: usize = 400;

/// Characters as Chinese editors count them (字数): every Han character and full-width mark, every
/// Western word and every number.
pub(crate) fn characters(text: &str) -> usize {
    let mut count = 0;
    let mut in_word = false;
    for c in text.chars() {
        let is_word = c.is_alphanumeric() && c < '\u{2E80}';
        let stands_alone = c >= '\u{2E80}' && !c.is_whitespace()
            || matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·');
        count += usize::from(stands_alone) + usize::from(is_word && !in_word);
        in_word = is_word || (in_word && matches!(c, '.' | ',' | '-' | '\''));
    }
    count
}

/// Characters of a body, notes and code included.
pub(super) fn of_blocks(body: &[Block]) -> usize {
    let mut count = 0;
    let mut visit = |node: Node<'_>| match node {
        Node::Text(text) => count += characters(&text.to_plain()),
        Node::Block(Block::Code(code)) => count += characters(&code.text),
        Node::Block(_) => {}
    };
    for block in body {
        walk::block(block, &mut visit);
        if let Block::Footnotes(notes) = block {
            notes.values().for_each(|note| walk::blocks(note, &mut visit));
        }
    }
    count
}

/// `约 3200 字　阅读约 8 分钟`.
pub(super) fn line(article: &Article, language: &Language) -> String {
    let count = of_blocks(&article.body);
    let minutes = count.div_ceil(CHARACTERS_A_MINUTE).max(1);
    // Two figures are as exact as anybody needs.
    let step = 10usize.pow((count.max(1).ilog10()).saturating_sub(1));
    let about = count.div_ceil(step) * step;
    match language.region() {
        Region::Hans => format!("约 {about} 字　阅读约 {minutes} 分钟"),
        Region::Hant | Region::Hk => format!("約 {about} 字　閱讀約 {minutes} 分鐘"),
        Region::Ja => format!("約{about}字　{minutes}分で読めます"),
        Region::Ko => format!("약 {about}자, 읽는 데 {minutes}분"),
        Region::Western => format!("about {about} words, {minutes} min to read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_as_editors_count_them() {
        assert_eq!(characters("他说：“走吧。”"), 8);
        assert_eq!(characters("GPT-4 模型约 3.5GB"), 5);
        assert_eq!(characters(" \n"), 0);
    }
}
